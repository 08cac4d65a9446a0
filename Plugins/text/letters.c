/* letters.c: case folding and word boundaries by Unicode scalars. */
#include "text.h"

static const struct folding {
    uint32_t first, last, step;
    int32_t delta;
} foldings[] = {
#include "case_folding.inc"
};

uint32_t text_fold_scalar(uint32_t scalar) {
    if (scalar < 0x80) return scalar >= 'A' && scalar <= 'Z' ? scalar + 32 : scalar;
    size_t low = 0, high = sizeof foldings / sizeof *foldings;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct folding *range = &foldings[middle];
        if (scalar < range->first) {
            high = middle;
        } else if (scalar > range->last) {
            low = middle + 1;
        } else {
            return (scalar - range->first) % range->step == 0 ? scalar + (uint32_t)range->delta : scalar;
        }
    }
    return scalar;
}

void text_fold(arena_str text, int case_sensitive, ak_text *out) {
    if (case_sensitive) {
        ak_put(out, text);
        return;
    }
    for (uint64_t at = 0; at < text.len;) ak_put_scalar(out, text_fold_scalar(ak_next_scalar(text, &at, NULL)));
}

int text_is_word(uint32_t scalar) {
    if (scalar < 0x80)
        return (scalar >= '0' && scalar <= '9') || ((scalar | 32) >= 'a' && (scalar | 32) <= 'z') || scalar == '_';
    if (ak_is_space(scalar) || scalar == AK_REPLACEMENT || scalar == 0xD7 || scalar == 0xF7) return 0;
    if (scalar < 0xC0) return scalar == 0xAA || scalar == 0xB5 || scalar == 0xBA;
    static const uint32_t punctuation[][2] = {
        {0x2000, 0x206F}, {0x20A0, 0x20CF}, {0x2190, 0x2BFF}, {0x2E00, 0x2E7F}, {0x3000, 0x3004}, {0x3008, 0x3020},
        {0xFE10, 0xFE19}, {0xFE30, 0xFE6F}, {0xFF00, 0xFF0F}, {0xFF1A, 0xFF20}, {0xFF3B, 0xFF40}, {0xFF5B, 0xFF65},
        {0x1F000, 0x1FAFF}};
    for (size_t i = 0; i < sizeof punctuation / sizeof *punctuation; i++)
        if (scalar >= punctuation[i][0] && scalar <= punctuation[i][1]) return 0;
    return 1;
}

int text_is_bounded(arena_str text, uint64_t from, uint64_t to) {
    uint64_t before = from, after = to;
    if (before > 0 && text_is_word(ak_previous_scalar(text, &before))) return 0;
    return after >= text.len || !text_is_word(ak_next_scalar(text, &after, NULL));
}
