/* number.c: one number in a plain text. */
#include "number.h"

#include <math.h>

static int byte_at(arena_str text, uint64_t at) {
    return at < text.len ? (unsigned char)text.ptr[at] : 0;
}

static int is_digit(int c) {
    return c >= '0' && c <= '9';
}

static uint64_t skip_digits(arena_str text, uint64_t at) {
    while (is_digit(byte_at(text, at))) at++;
    return at;
}

/* Whether a number that ends at `at` runs on into a word. */
static int word_follows(arena_str text, uint64_t at) {
    return at < text.len && text_is_word(ak_next_scalar(text, &at, NULL));
}

/* Behind a first group of one to three digits: the end of the groups of three that follow, all with one separator. */
static uint64_t skip_groups(arena_str text, uint64_t start, uint64_t at, int decimal_comma) {
    static const char separators[] = {',', TEXT_GROUP, '\'', '_', 0};
    int separator = byte_at(text, at);
    if (decimal_comma && separator == '.') separator = ',';
    else if (decimal_comma && separator == ',') return at;
    if (at - start > 3 || byte_at(text, start) == '0' || !separator || !strchr(separators, separator)) return at;
    int written = byte_at(text, at);
    while (byte_at(text, at) == written && skip_digits(text, at + 1) == at + 4) at += 4;
    return at;
}

/* The end of an unsigned decimal number that begins at `start`, and its value in *number. */
static uint64_t read_decimal(arena_str text, uint64_t start, int decimal_comma, text_number *number) {
    char digits[400];
    int point = decimal_comma ? ',' : '.';
    uint64_t whole = skip_groups(text, start, skip_digits(text, start), decimal_comma), end = whole;
    if (byte_at(text, end) == point && is_digit(byte_at(text, end + 1))) end = skip_digits(text, end + 1);
    if ((byte_at(text, end) | 32) == 'e') {
        uint64_t exponent = end + 1 + (byte_at(text, end + 1) == '-' || byte_at(text, end + 1) == '+');
        uint64_t after = skip_digits(text, exponent);
        if (after > exponent && !word_follows(text, after)) end = after;
    }
    size_t length = 0;
    for (uint64_t at = start; at < end && length < sizeof digits - 1; at++) {
        int c = byte_at(text, at);
        if (is_digit(c) || (c | 32) == 'e' || c == '-' || c == '+') digits[length++] = (char)c;
        else if (c == point && at >= whole) digits[length++] = '.';
    }
    digits[length] = 0;
    number->value = strtod(digits, NULL);
    number->unreadable = length == sizeof digits - 1 || !isfinite(number->value);
    return end;
}

/* Behind a number: "/4" makes it a fraction, "/4/2026" a date, which ends the number without a value. */
static uint64_t read_fraction(arena_str text, uint64_t at, text_number *number) {
    text_number below = {0};
    if (byte_at(text, at) != '/' || !is_digit(byte_at(text, at + 1))) return at;
    uint64_t end = read_decimal(text, at + 1, 0, &below);
    if (byte_at(text, end) == '/' && is_digit(byte_at(text, end + 1))) {
        number->unreadable = 1;
        return skip_digits(text, end + 1);
    }
    number->value /= below.value;
    number->unreadable = number->unreadable || below.unreadable || !isfinite(number->value);
    return end;
}

/* Behind a whole number: "1/2", after a space or as one sign, makes it a mixed number. */
static uint64_t read_mixed(arena_str text, uint64_t at, text_number *number) {
    text_number part = {0};
    if (byte_at(text, at) != ' ' && byte_at(text, at) != TEXT_FRACTION) return at;
    uint64_t slash = skip_digits(text, at + 1);
    if (slash == at + 1 || byte_at(text, slash) != '/') return at;
    uint64_t above = read_decimal(text, at + 1, 0, &part);
    uint64_t end = read_fraction(text, above, &part);
    if (end == above || part.unreadable || part.value >= 1 || word_follows(text, end)) return at;
    number->value += part.value;
    return end;
}

static uint64_t skip_space(arena_str text, uint64_t at) {
    return at + (byte_at(text, at) == ' ' || byte_at(text, at) == TEXT_GROUP);
}

/* Behind a number: "x 10^3" or "* 10^{3}" raises it. */
static uint64_t read_power(arena_str text, uint64_t at, text_number *number) {
    uint64_t sign = skip_space(text, at);
    if (byte_at(text, sign) != '*' && byte_at(text, sign) != 'x') return at;
    uint64_t ten = skip_space(text, sign + 1);
    if (!ak_starts_with(ak_slice(text, ten, text.len), ak_str("10^"))) return at;
    uint64_t exponent = ten + 3 + (byte_at(text, ten + 3) == '{');
    int negative = byte_at(text, exponent) == '-';
    uint64_t digits = exponent + (uint64_t)negative, end = skip_digits(text, digits);
    if (end == digits || end - digits > 4) return at;
    int power = 0;
    for (uint64_t i = digits; i < end; i++) power = power * 10 + (byte_at(text, i) - '0');
    double factor = 1; /* without pow, so that the plugin needs libc only */
    while (power-- > 0) factor *= 10;
    number->value = negative ? number->value / factor : number->value * factor;
    number->unreadable = number->unreadable || !isfinite(number->value);
    return end + (byte_at(text, end) == '}');
}

static uint64_t read_percent(arena_str text, uint64_t at, text_number *number) {
    uint64_t sign = skip_space(text, at);
    arena_str rest = ak_slice(text, sign, text.len);
    int word = ak_starts_with(rest, ak_str("percent")) || ak_starts_with(rest, ak_str("per cent"));
    number->percent = byte_at(text, sign) == '%' || word;
    return byte_at(text, sign) == '%' ? sign + 1 : at;
}

/* Before a number: an optional currency sign and an optional sign, which is a minus only where nothing stands before
   it that could be subtracted from. Returns where the number begins then. */
static uint64_t read_sign(arena_str text, uint64_t start, int *negative) {
    uint64_t at = start, before = start;
    uint32_t scalar = at > 0 ? ak_previous_scalar(text, &before) : 0;
    int currency = scalar == '$' || scalar == 0xA3 || scalar == 0xA5 || (scalar >= 0x20A0 && scalar <= 0x20CF);
    if (currency) at = before;
    int sign = at > 0 ? byte_at(text, at - 1) : 0;
    if (sign != '-' && sign != '+') return start;
    before = at - 1;
    scalar = before > 0 ? ak_previous_scalar(text, &before) : ' ';
    if (text_is_word(scalar) || strchr(")]}%.", (int)(scalar < 0x80 ? scalar : ')'))) return start;
    *negative = sign == '-';
    return at - 1;
}

/* Whether a number can begin at `at`: not inside a word, an exponent (m^2), or another number. */
static int begins(arena_str text, uint64_t at) {
    int c = byte_at(text, at), next = byte_at(text, at + 1);
    if (c == TEXT_FRACTION) return is_digit(next);
    if (!is_digit(c) && !(c == '.' && is_digit(next))) return 0;
    if (at == 0) return 1;
    uint64_t before = at;
    uint32_t scalar = ak_previous_scalar(text, &before);
    if (scalar == '{' && before > 0 && text.ptr[before - 1] == '^') return 0;
    return scalar != '^' && !text_is_word(scalar) && !(c == '.' && scalar == '.');
}

/* Whether the number is an ordinal, or labels an element of a list at the beginning of a line. */
static int is_weak(arena_str text, const text_number *number) {
    static const char *const endings[] = {"st", "nd", "rd", "th"};
    for (size_t i = 0; i < 4; i++)
        if (ak_starts_with(ak_slice(text, number->to, text.len), ak_str(endings[i])) &&
            text_is_bounded(text, number->from, number->to + 2)) return 1;
    int mark = byte_at(text, number->to), after = byte_at(text, number->to + 1);
    uint64_t line = number->from;
    while (line > 0 && (text.ptr[line - 1] == ' ' || text.ptr[line - 1] == '*')) line--;
    return (line == 0 || text.ptr[line - 1] == '\n') && (mark == '.' || mark == ')') && after == ' ';
}

int text_next_number(arena_str plain, uint64_t *at, int decimal_comma, text_number *number) {
    for (; *at < plain.len; (*at)++) {
        if (!begins(plain, *at)) {
            if (is_digit(byte_at(plain, *at))) *at = skip_digits(plain, *at) - 1;
            continue;
        }
        int negative = 0, vulgar = byte_at(plain, *at) == TEXT_FRACTION;
        memset(number, 0, sizeof *number);
        number->from = read_sign(plain, *at, &negative);
        uint64_t start = *at + (uint64_t)vulgar;
        uint64_t decimal = read_decimal(plain, start, decimal_comma, number);
        int whole = decimal == skip_digits(plain, start);
        uint64_t end = read_fraction(plain, decimal, number);
        if (end == decimal && whole) end = read_mixed(plain, decimal, number);
        if (byte_at(plain, end) == '.' && is_digit(byte_at(plain, end + 1))) { /* 1.2.3 is no number */
            while (byte_at(plain, end) == '.' || is_digit(byte_at(plain, end))) end++;
            *at = end - 1;
            continue;
        }
        end = read_power(plain, end, number);
        number->to = read_percent(plain, end, number);
        if (negative) number->value = -number->value;
        number->weak = is_weak(plain, number);
        *at = number->to;
        return 1;
    }
    return 0;
}
