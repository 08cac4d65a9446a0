/* arena_kit/text.h: building text. */
#ifndef ARENA_KIT_TEXT_H
#define ARENA_KIT_TEXT_H

#include "arena_kit/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Text under construction. Begins as {0}; ak_text_free ends it. When memory runs out `failed` becomes 1 and what is
   added from then on is dropped, so that one look at the end is enough. */
typedef struct ak_text {
    char *ptr;
    uint64_t len;
    uint64_t capacity;
    int failed;
} ak_text;

static inline void ak_text_free(ak_text *text) {
    free(text->ptr);
    memset(text, 0, sizeof *text);
}

static inline arena_str ak_text_str(const ak_text *text) {
    arena_str str = {text->ptr, text->len};
    return str;
}

/* Makes room for `more` bytes and says whether there is. */
static inline int ak_text_reserve(ak_text *text, uint64_t more) {
    if (text->failed) return 0;
    if (more <= text->capacity - text->len) return 1;
    uint64_t capacity = text->capacity * 2 + more + 64;
    char *grown = capacity > text->capacity ? (char *)realloc(text->ptr, capacity) : NULL;
    if (!grown) {
        text->failed = 1;
        return 0;
    }
    text->ptr = grown;
    text->capacity = capacity;
    return 1;
}

static inline void ak_put(ak_text *text, arena_str part) {
    if (part.len == 0 || !ak_text_reserve(text, part.len)) return;
    memcpy(text->ptr + text->len, part.ptr, part.len);
    text->len += part.len;
}

static inline void ak_puts(ak_text *text, const char *part) {
    ak_put(text, ak_str(part));
}

static inline void ak_put_scalar(ak_text *text, uint32_t scalar) {
    arena_str part;
    char bytes[4];
    part.ptr = bytes;
    part.len = ak_encode_scalar(scalar, bytes);
    ak_put(text, part);
}

/* As printf. At most 1 KiB a call; for numbers and short names, not for text from outside. */
__attribute__((format(printf, 2, 3))) static inline void ak_putf(ak_text *text, const char *format, ...) {
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    arena_str part = {line, length < 0 ? 0 : (uint64_t)length < sizeof line ? (uint64_t)length : sizeof line - 1};
    ak_put(text, part);
}

/* A JSON string with its quotes. Escapes what JSON demands and nothing else; bytes that are not UTF-8 become U+FFFD. */
static inline void ak_put_json_string(ak_text *text, arena_str content) {
    static const char short_escapes[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    ak_puts(text, "\"");
    for (uint64_t at = 0; at < content.len;) {
        uint64_t start = at;
        int valid = 1;
        uint32_t scalar = ak_next_scalar(content, &at, &valid);
        const char *escape = NULL;
        for (const char *pair = short_escapes; *pair && !escape; pair += 2)
            if (scalar == (uint32_t)*pair) escape = pair + 1;
        if (escape) {
            ak_putf(text, "\\%c", *escape);
        } else if (scalar < 0x20) {
            ak_putf(text, "\\u%04x", (unsigned)scalar);
        } else if (valid) {
            ak_put(text, ak_slice(content, start, at));
        } else {
            ak_put_scalar(text, scalar);
        }
    }
    ak_puts(text, "\"");
}

/* At most `scalars` scalars of text from outside, on one line, in quotes, for a sentence that a person reads. */
static inline void ak_put_quote(ak_text *text, arena_str content, uint32_t scalars) {
    content = ak_trim(content);
    ak_puts(text, "\"");
    uint64_t at = 0;
    for (uint32_t count = 0; at < content.len && count < scalars; count++) {
        uint32_t scalar = ak_next_scalar(content, &at, NULL);
        ak_put_scalar(text, ak_is_space(scalar) || scalar < 0x20 || scalar == 0x7F ? ' ' : scalar);
    }
    ak_puts(text, at < content.len ? "…\"" : "\"");
}

static inline arena_status ak_text_append(const arena_sink *sink, const void *data, uint64_t len) {
    arena_str part = {(const char *)data, len};
    ak_put((ak_text *)sink->host_context, part);
    return ((ak_text *)sink->host_context)->failed ? ARENA_RESOURCE_EXHAUSTED : ARENA_OK;
}

/* A sink that appends to `text`: for what the host writes out, such as the rows of a table. */
static inline arena_sink ak_text_sink(ak_text *text) {
    arena_sink sink = {sizeof sink, 0, text, ak_text_append};
    return sink;
}

/* Hands the text to a sink. ARENA_RESOURCE_EXHAUSTED if memory ran out while it was built. */
static inline arena_status ak_text_write(const ak_text *text, const arena_sink *sink) {
    return text->failed ? ARENA_RESOURCE_EXHAUSTED : sink->write(sink, text->ptr, text->len);
}

#endif
