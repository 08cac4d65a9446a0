/* units.c: numbers, and the spellings of units. */
#include "units.h"

#include <math.h>
#include <stdlib.h>

/* Spellings of one unit, in one row. Symbols keep their case: mW is not MW. */
static const char *const spellings[][8] = {
    {"m", "metre", "metres", "meter", "meters"},
    {"km", "kilometre", "kilometres", "kilometer", "kilometers"},
    {"cm", "centimetre", "centimetres", "centimeter", "centimeters"},
    {"mm", "millimetre", "millimetres", "millimeter", "millimeters"},
    {"g", "gram", "grams", "gramme", "grammes"},
    {"kg", "kilogram", "kilograms", "kilogramme", "kilogrammes"},
    {"L", "l", "litre", "litres", "liter", "liters"},
    {"s", "sec", "secs", "second", "seconds"},
    {"min", "mins", "minute", "minutes"},
    {"h", "hr", "hrs", "hour", "hours"},
    {"day", "days", "d"},
    {"km/h", "km/hr", "kph", "kilometres per hour", "kilometers per hour"},
    {"m/s", "metres per second", "meters per second"},
    {"%", "percent", "per cent", "\\%"},
    {"°C", "degrees Celsius", "degrees celsius", "Celsius"},
    {"°F", "degrees Fahrenheit", "degrees fahrenheit", "Fahrenheit"},
    {"$", "dollar", "dollars", "USD"},
    {"€", "euro", "euros", "EUR"},
    {"£", "pound", "pounds", "GBP"},
};

static int is_digit(char c) { return c >= '0' && c <= '9'; }

static int is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80; }

int quantity_next_number(arena_str text, uint64_t *at, quantity *number) {
    uint64_t from = *at;
    while (from < text.len && !is_digit(text.ptr[from])) from++;
    if (from == text.len) return 0;
    char digits[64];
    size_t count = 0;
    uint64_t to = from;
    while (to < text.len) {
        char c = text.ptr[to];
        int joins = (c == '.' || c == ',') && to + 1 < text.len && is_digit(text.ptr[to + 1]);
        if (!is_digit(c) && !joins) break;
        if (c != ',' && count + 1 < sizeof digits) digits[count++] = c;
        to++;
    }
    digits[count] = 0;
    number->value = strtod(digits, NULL);
    if (from > 0 && text.ptr[from - 1] == '-') number->value = -number->value;
    number->from = from;
    number->to = to;
    *at = to;
    return 1;
}

/* What stands round a number without saying anything: spaces, TeX's thin space, a no-break space. */
static uint64_t skip_space(arena_str text, uint64_t at) {
    for (;;) {
        if (at < text.len && strchr(" \t-~{", text.ptr[at]) && text.ptr[at]) at++;
        else if (ak_starts_with(ak_slice(text, at, text.len), ak_str("\\,"))) at += 2;
        else if (ak_starts_with(ak_slice(text, at, text.len), ak_str("\\text{"))) at += 6;
        else if (ak_starts_with(ak_slice(text, at, text.len), ak_str("\xC2\xA0"))) at += 2;
        else if (ak_starts_with(ak_slice(text, at, text.len), ak_str("\xE2\x80\xAF"))) at += 3;
        else return at;
    }
}

int quantity_of_reference(arena_str reference, quantity *wanted) {
    quantity next;
    uint64_t at = 0;
    int found = 0;
    while (quantity_next_number(reference, &at, &next)) {
        *wanted = next;
        found = 1;
    }
    if (!found) return 0;
    wanted->unit = ak_trim(ak_slice(reference, skip_space(reference, wanted->to), reference.len));
    if (wanted->unit.len > 0 && wanted->unit.ptr[wanted->unit.len - 1] == '.') wanted->unit.len--;
    if (wanted->unit.len == 0) {
        arena_str before = ak_trim(ak_slice(reference, 0, wanted->from));
        if (ak_is(before, "$") || ak_is(before, "€") || ak_is(before, "£")) wanted->unit = before;
    }
    return 1;
}

/* Whether a spelling stands at `at` and ends there. */
static int stands_at(arena_str text, uint64_t at, arena_str spelling) {
    if (spelling.len == 0 || !ak_starts_with(ak_slice(text, at, text.len), spelling)) return 0;
    uint64_t end = at + spelling.len;
    if (!is_letter(spelling.ptr[spelling.len - 1])) return 1;
    return end == text.len || !(is_letter(text.ptr[end]) || is_digit(text.ptr[end]) || text.ptr[end] == '/');
}

static int stands_before(arena_str text, uint64_t at, arena_str spelling) {
    if (spelling.len == 0 || is_letter(spelling.ptr[0]) > ((unsigned char)spelling.ptr[0] >= 0x80)) return 0;
    while (at > 0 && text.ptr[at - 1] == ' ') at--;
    return at >= spelling.len && ak_equal(ak_slice(text, at - spelling.len, at), spelling);
}

static int bears(arena_str text, const quantity *number, arena_str spelling) {
    return stands_at(text, skip_space(text, number->to), spelling) || stands_before(text, number->from, spelling);
}

static int bears_any_spelling(arena_str text, const quantity *number, arena_str unit) {
    if (bears(text, number, unit)) return 1;
    for (size_t row = 0; row < sizeof spellings / sizeof *spellings; row++) {
        int is_row = 0;
        for (size_t i = 0; i < 8 && spellings[row][i]; i++) is_row |= ak_is(unit, spellings[row][i]);
        for (size_t i = 0; is_row && i < 8 && spellings[row][i]; i++)
            if (bears(text, number, ak_str(spellings[row][i]))) return 1;
    }
    return 0;
}

int quantity_bears_unit(arena_str text, const quantity *wanted) {
    quantity number;
    uint64_t at = 0;
    double most = wanted->value == 0 ? 0.01 : fabs(wanted->value) * 0.01;
    while (quantity_next_number(text, &at, &number))
        if (fabs(number.value - wanted->value) <= most && bears_any_spelling(text, &number, wanted->unit)) return 1;
    return 0;
}
