/* plain.c: one way of writing for the many ways in which numbers are written. */
#include "number.h"

/* TeX, longest first. */
static const struct spelling {
    const char *from, *to;
} spellings[] = {
    {"\\times", "*"}, {"\\cdot", "*"}, {"{,}", ","}, {"\\,", "\x01"}, {"\\%", "%"}, {"\\$", "$"}, {"**", " "},
};

static uint32_t plain_scalar(uint32_t scalar) {
    static const uint32_t zeros[] = {0x0660, 0x06F0, 0x0966, 0xFF10};
    for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++)
        if (scalar >= zeros[i] && scalar <= zeros[i] + 9) return '0' + scalar - zeros[i];
    switch (scalar) {
    case 0x2212: case 0xFE63: case 0xFF0D: return '-'; /* minus signs */
    case 0xFF0B: return '+';
    case 0xFF0E: case 0x066B: return '.';
    case 0xFF0C: case 0x066C: return ',';
    case 0xFF05: case 0x066A: return '%';
    case 0x2044: return '/';
    case 0x2019: return '\'';
    case 0xD7: case 0xB7: case 0x22C5: return '*';
    case 0xA0: case 0x2009: case 0x202F: return TEXT_GROUP; /* no-break, thin and narrow no-break space */
    default: return scalar < 0x20 && scalar != '\n' ? ' ' : scalar;
    }
}

static const char *vulgar_fraction(uint32_t scalar) {
    static const char *const latin[] = {"1/4", "1/2", "3/4"};
    static const char *const forms[] = {"1/7", "1/9", "1/10", "1/3", "2/3", "1/5", "2/5", "3/5",
                                        "4/5", "1/6", "5/6",  "1/8", "3/8", "5/8", "7/8"};
    if (scalar >= 0xBC && scalar <= 0xBE) return latin[scalar - 0xBC];
    return scalar >= 0x2150 && scalar <= 0x215E ? forms[scalar - 0x2150] : NULL;
}

/* Reads digits in braces, as in \frac{3}{4}; returns where they end, 0: there are none. */
static uint64_t braced_digits(arena_str text, uint64_t at, arena_str *digits) {
    if (at >= text.len || text.ptr[at] != '{') return 0;
    uint64_t end = at + 1;
    while (end < text.len && text.ptr[end] >= '0' && text.ptr[end] <= '9') end++;
    *digits = ak_slice(text, at + 1, end);
    return digits->len > 0 && end < text.len && text.ptr[end] == '}' ? end + 1 : 0;
}

/* \frac{3}{4}, also \dfrac and \tfrac, at `at`; returns where it ends, 0: it is none. */
static uint64_t put_tex_fraction(arena_str text, uint64_t at, ak_text *out) {
    arena_str above, below, rest = ak_slice(text, at + 1, text.len);
    uint64_t skip = ak_starts_with(rest, ak_str("dfrac")) || ak_starts_with(rest, ak_str("tfrac")) ? 1 : 0;
    if (!ak_starts_with(ak_slice(rest, skip, rest.len), ak_str("frac"))) return 0;
    uint64_t middle = braced_digits(text, at + 1 + skip + 4, &above);
    uint64_t end = middle ? braced_digits(text, middle, &below) : 0;
    if (!end) return 0;
    ak_put_scalar(out, TEXT_FRACTION);
    ak_put(out, above);
    ak_puts(out, "/");
    ak_put(out, below);
    return end;
}

/* A spelling of TeX at `at`; returns where it ends, 0: there is none. */
static uint64_t put_spelling(arena_str text, uint64_t at, ak_text *out) {
    if (!memchr("\\{*", text.ptr[at], 3)) return 0;
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        if (!ak_starts_with(ak_slice(text, at, text.len), ak_str(spellings[i].from))) continue;
        ak_puts(out, spellings[i].to);
        return at + strlen(spellings[i].from);
    }
    return text.ptr[at] == '\\' ? put_tex_fraction(text, at, out) : 0;
}

void text_plain(arena_str text, ak_text *out) {
    for (uint64_t at = 0; at < text.len;) {
        uint64_t end = put_spelling(text, at, out);
        if (end) {
            at = end;
            continue;
        }
        uint32_t scalar = ak_next_scalar(text, &at, NULL);
        const char *fraction = vulgar_fraction(scalar);
        if (fraction) {
            ak_put_scalar(out, TEXT_FRACTION);
            ak_puts(out, fraction);
        } else {
            ak_put_scalar(out, plain_scalar(scalar));
        }
    }
}
