/* jaro_winkler.c: how alike two short texts are. Knows nothing of Arena: the manifest tells how it is called. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Longer texts are compared by their beginnings: the work grows with the product of the lengths. */
#define MOST_SCALARS 4096
/* Of Winkler's bonus for a common beginning. */
#define LONGEST_PREFIX 4
#define PREFIX_WEIGHT 0.1

__attribute__((visibility("default"))) double jaro_winkler(const char *a, size_t a_length, const char *b,
                                                           size_t b_length);

/* The Unicode scalars of valid UTF-8; what is not valid counts byte by byte. */
static size_t decode(const char *text, size_t length, uint32_t *scalars) {
    const unsigned char *bytes = (const unsigned char *)text;
    size_t count = 0;
    for (size_t at = 0; at < length && count < MOST_SCALARS;) {
        size_t more = bytes[at] >= 0xF0 ? 3 : bytes[at] >= 0xE0 ? 2 : bytes[at] >= 0xC0 ? 1 : 0;
        if (more >= length - at) more = 0;
        uint32_t scalar = more ? bytes[at] & (0x3Fu >> more) : bytes[at];
        for (size_t i = 1; i <= more; i++) scalar = scalar << 6 | (bytes[at + i] & 0x3Fu);
        scalars[count++] = scalar;
        at += more + 1;
    }
    return count;
}

static double jaro(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count, unsigned char *taken) {
    size_t longer = a_count > b_count ? a_count : b_count;
    size_t window = longer / 2 > 0 ? longer / 2 - 1 : 0;
    unsigned char *in_a = taken, *in_b = taken + MOST_SCALARS;
    size_t matches = 0;
    for (size_t i = 0; i < a_count; i++) {
        size_t first = i > window ? i - window : 0;
        size_t end = i + window + 1 < b_count ? i + window + 1 : b_count;
        for (size_t j = first; j < end; j++) {
            if (in_b[j] || a[i] != b[j]) continue;
            in_a[i] = in_b[j] = 1;
            matches++;
            break;
        }
    }
    if (matches == 0) return 0;
    size_t displaced = 0;
    for (size_t i = 0, j = 0; i < a_count; i++) {
        if (!in_a[i]) continue;
        while (!in_b[j]) j++;
        displaced += a[i] != b[j++];
    }
    double m = (double)matches;
    return (m / (double)a_count + m / (double)b_count + (m - (double)displaced / 2) / m) / 3;
}

double jaro_winkler(const char *a, size_t a_length, const char *b, size_t b_length) {
    if (a_length == 0 || b_length == 0) return a_length == b_length ? 1 : 0;
    uint32_t *scalars = malloc(2 * MOST_SCALARS * sizeof *scalars);
    unsigned char *taken = calloc(2 * MOST_SCALARS, 1);
    double similarity = -1; /* no memory: outside of the range, so that the item fails */
    if (scalars && taken) {
        uint32_t *a_scalars = scalars, *b_scalars = scalars + MOST_SCALARS;
        size_t a_count = decode(a, a_length, a_scalars), b_count = decode(b, b_length, b_scalars);
        similarity = jaro(a_scalars, a_count, b_scalars, b_count, taken);
        size_t prefix = 0;
        while (prefix < LONGEST_PREFIX && prefix < a_count && prefix < b_count &&
               a_scalars[prefix] == b_scalars[prefix])
            prefix++;
        similarity += (double)prefix * PREFIX_WEIGHT * (1 - similarity);
        if (similarity > 1) similarity = 1;
    }
    free(scalars);
    free(taken);
    return similarity;
}
