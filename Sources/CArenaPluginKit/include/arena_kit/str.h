/* arena_kit/str.h: looking at borrowed text. */
#ifndef ARENA_KIT_STR_H
#define ARENA_KIT_STR_H

#include "arena/plugin.h"

#include <string.h>

/* A string literal as arena_str, also in static initialisers and with inner NULs. */
#define AK_LITERAL(text_) {(text_), sizeof(text_) - 1}

/* Text that ends with a NUL; NULL counts as empty. */
static inline arena_str ak_str(const char *text) {
    arena_str str = {text, text ? strlen(text) : 0};
    return str;
}

static inline int ak_equal(arena_str a, arena_str b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Whether the text is `literal`, which ends with a NUL. */
static inline int ak_is(arena_str text, const char *literal) {
    return ak_equal(text, ak_str(literal));
}

/* Order of bytes, which for UTF-8 is the order of code points: below, equal to or above 0. */
static inline int ak_compare(arena_str a, arena_str b) {
    uint64_t common = a.len < b.len ? a.len : b.len;
    int order = common ? memcmp(a.ptr, b.ptr, common) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

/* The bytes from `from` up to but without `to`; both are clamped to the text. */
static inline arena_str ak_slice(arena_str text, uint64_t from, uint64_t to) {
    if (to > text.len) to = text.len;
    if (from > to) from = to;
    arena_str part = {text.ptr ? text.ptr + from : text.ptr, to - from};
    return part;
}

static inline int ak_starts_with(arena_str text, arena_str prefix) {
    return text.len >= prefix.len && ak_equal(ak_slice(text, 0, prefix.len), prefix);
}

#define AK_NOT_FOUND UINT64_MAX

/* Where `part` first occurs at or after `from`, or AK_NOT_FOUND. An empty part occurs everywhere. Linear for the short
   and rare parts that plugins look for; quadratic at worst. */
static inline uint64_t ak_find(arena_str text, arena_str part, uint64_t from) {
    if (from > text.len || part.len > text.len - from) return AK_NOT_FOUND;
    if (part.len == 0) return from;
    uint64_t last = text.len - part.len;
    for (uint64_t at = from; at <= last; at++) {
        const char *hit = (const char *)memchr(text.ptr + at, part.ptr[0], last - at + 1);
        if (!hit) return AK_NOT_FOUND;
        at = (uint64_t)(hit - text.ptr);
        if (memcmp(hit, part.ptr, part.len) == 0) return at;
    }
    return AK_NOT_FOUND;
}

#endif
