/* arena_kit/utf8.h: UTF-8 by Unicode scalars. */
#ifndef ARENA_KIT_UTF8_H
#define ARENA_KIT_UTF8_H

#include "arena_kit/str.h"

/* Stands for bytes that are not UTF-8. */
#define AK_REPLACEMENT 0xFFFDu

/* Reads the scalar that begins at *at, which must be below text.len, and moves *at behind it. For bytes that are not
   UTF-8 (overlong, surrogate, above U+10FFFF, cut) it gives AK_REPLACEMENT and moves by one byte; *valid, unless NULL,
   is then set to 0 and is otherwise left alone. */
static inline uint32_t ak_next_scalar(arena_str text, uint64_t *at, int *valid) {
    const unsigned char *bytes = (const unsigned char *)text.ptr + *at;
    uint64_t left = text.len - *at;
    uint32_t first = bytes[0];
    uint32_t length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    uint32_t scalar = length <= 1 ? first : first & (0xFFu >> (length + 1));
    int good = length != 0 && length <= left;
    for (uint32_t i = 1; good && i < length; i++) {
        good = (bytes[i] & 0xC0) == 0x80;
        scalar = (scalar << 6) | (bytes[i] & 0x3Fu);
    }
    if (good && length == 3) good = scalar >= 0x800 && (scalar < 0xD800 || scalar > 0xDFFF);
    if (good && length == 4) good = scalar >= 0x10000 && scalar <= 0x10FFFF;
    *at += good ? length : 1;
    if (!good && valid) *valid = 0;
    return good ? scalar : AK_REPLACEMENT;
}

/* The scalar that ends right before *at, which must be above 0; moves *at to its beginning. */
static inline uint32_t ak_previous_scalar(arena_str text, uint64_t *at) {
    uint64_t end = *at;
    uint64_t start = end - 1;
    while (start > 0 && end - start < 4 && ((unsigned char)text.ptr[start] & 0xC0) == 0x80) start--;
    uint64_t next = start;
    uint32_t scalar = ak_next_scalar(text, &next, NULL);
    *at = next == end ? start : end - 1;
    return next == end ? scalar : AK_REPLACEMENT;
}

/* Writes a scalar's UTF-8 (1 to 4 bytes) to `out` and returns how many bytes. */
static inline uint32_t ak_encode_scalar(uint32_t scalar, char out[4]) {
    if (scalar < 0x80) {
        out[0] = (char)scalar;
        return 1;
    }
    uint32_t length = scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4;
    for (uint32_t i = length - 1; i > 0; i--, scalar >>= 6) out[i] = (char)(0x80 | (scalar & 0x3F));
    out[0] = (char)((0xF00u >> length & 0xFF) | scalar);
    return length;
}

static inline int ak_is_utf8(arena_str text) {
    int valid = 1;
    for (uint64_t at = 0; at < text.len && valid;) ak_next_scalar(text, &at, &valid);
    return valid;
}

/* Whether a scalar has Unicode's property White_Space. */
static inline int ak_is_space(uint32_t scalar) {
    return (scalar >= 0x09 && scalar <= 0x0D) || scalar == 0x20 || scalar == 0x85 || scalar == 0xA0 ||
           scalar == 0x1680 || (scalar >= 0x2000 && scalar <= 0x200A) || scalar == 0x2028 || scalar == 0x2029 ||
           scalar == 0x202F || scalar == 0x205F || scalar == 0x3000;
}

/* The text without white space at both ends. */
static inline arena_str ak_trim(arena_str text) {
    uint64_t from = 0, to = text.len;
    for (uint64_t at = 0; at < text.len && ak_is_space(ak_next_scalar(text, &at, NULL));) from = at;
    for (uint64_t at = to; at > from && ak_is_space(ak_previous_scalar(text, &at));) to = at;
    return ak_slice(text, from, to);
}

#endif
