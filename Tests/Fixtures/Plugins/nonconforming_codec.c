/* A lane codec that keeps every rule, unless a macro on the command line breaks one. It reads streams of events in which
   each line of data holds {"content":"…"}, {"finish_reason":"…"} or neither, by looking for those members alone; other
   operations are answered by documents, which it passes on. */
#define _GNU_SOURCE
#include "arena/plugin.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TEXT(chars_) ((arena_str){chars_, sizeof(chars_) - 1})
#define MOST (1u << 20)
static int is(arena_str a, const char *chars) { return a.len == strlen(chars) && !memcmp(a.ptr, chars, a.len); }
static arena_status put(const arena_sink *sink, const char *text) { return sink->write(sink, text, strlen(text)); }

/* The whole body is kept and read at its end: cuts cannot matter. */
struct decoder {
    uint32_t operation, asked, fed;
    char *body;
    uint64_t len;
};

#ifdef SHARES_STATE
static uint64_t shared_len;
#endif

static arena_status create(const arena_call *call, arena_str config, void **self) {
    (void)config;
    *self = calloc(1, 1);
    return *self ? ARENA_OK : call->fail(call, ARENA_RESOURCE_EXHAUSTED, TEXT("No memory."), TEXT(""));
}

static arena_status encode(void *self, const arena_call *call, uint32_t operation, arena_str request,
                           const arena_sink *sink) {
    (void)self;
    if (operation > ARENA_LANE_HEALTH) return call->fail(call, ARENA_UNIMPLEMENTED, TEXT("No such operation."), TEXT(""));
#ifdef CRASHES_ON_HOSTILE
    if (request.len < 3) __builtin_trap();
#endif
#ifdef SETS_KEY
    return put(sink, "{\"method\":\"POST\",\"path\":\"/x\",\"headers\":{\"Authorization\":\"Bearer x\"}}");
#endif
#ifdef BAD_PATH
    return put(sink, "{\"method\":\"POST\",\"path\":\"x\"}");
#endif
#ifdef IDENTIFIES_BY_WORK
    if (operation == ARENA_LANE_IDENTIFY) return put(sink, "{\"method\":\"POST\",\"path\":\"/chat\",\"body\":\"{}\"}");
#endif
    if (operation == ARENA_LANE_IDENTIFY || operation >= ARENA_LANE_MODELS)
        return put(sink, "{\"method\":\"GET\",\"path\":\"/x\"}");
    arena_status status = put(sink, "{\"method\":\"POST\",\"path\":\"/x\",\"body\":\"");
#ifndef DROPS_MEMBERS
    for (uint64_t i = 0; i < request.len && status == ARENA_OK; i++) {
        unsigned char c = (unsigned char)request.ptr[i];
        if (c < 0x20) continue;
        if (c == '"' || c == '\\') status = put(sink, "\\");
        if (status == ARENA_OK) status = sink->write(sink, &c, 1);
    }
#endif
    return status ? status : put(sink, "\"}");
}

static arena_status decoder_create(void *self, const arena_call *call, uint32_t operation, arena_str request,
                                   void **out) {
    (void)self, (void)request;
    struct decoder *decoder = calloc(1, sizeof *decoder);
    if (!decoder) return call->fail(call, ARENA_RESOURCE_EXHAUSTED, TEXT("No memory."), TEXT(""));
    decoder->operation = operation;
    *out = decoder;
    return ARENA_OK;
}
static void decoder_destroy(void *self) {
    struct decoder *decoder = self;
    free(decoder->body);
    free(decoder);
}

static arena_status end(const arena_codec_sink *sink, arena_str reason) {
    arena_chat_end one = {.struct_size = sizeof one, .finish_reason = reason};
    return sink->end(sink, &one);
}

static int is_utf8(const unsigned char *s, uint64_t n) {
    for (uint64_t i = 0; i < n;) {
        uint64_t more = s[i] < 0x80 ? 0 : s[i] >> 5 == 6 && s[i] > 0xC1 ? 1 : s[i] >> 4 == 14 ? 2 : s[i] >> 3 == 30 ? 3 : 9;
        if (more > n - i - 1 || more == 9) return 0;
        unsigned second = more ? s[i + 1] : 0x80;
        if ((s[i] == 0xE0 && second < 0xA0) || (s[i] == 0xED && second > 0x9F) || (s[i] == 0xF0 && second < 0x90) ||
            (s[i] == 0xF4 && second > 0x8F) || s[i] > 0xF4)
            return 0;
        for (uint64_t k = 1; k <= more; k++)
            if ((s[i + k] & 0xC0) != 0x80) return 0;
        i += more + 1;
    }
    return 1;
}

/* The text of a member of the line, as far as the next quote; not there: NULL. */
static const char *member(const char *line, uint64_t len, const char *name, uint64_t *size) {
    const char *at = memmem(line, len, name, strlen(name));
    if (!at) return NULL;
    at += strlen(name);
    const char *quote = memchr(at, '"', (size_t)(line + len - at));
    if (!quote) return NULL;
    *size = (uint64_t)(quote - at);
    return at;
}

static arena_status bad(const arena_call *call) {
    return call->fail(call, ARENA_INTERNAL, TEXT("The server's answer cannot be read."), TEXT(""));
}

static arena_status read_answer(const struct decoder *decoder, const arena_call *call, const arena_codec_sink *sink) {
    const char *at = decoder->body, *stop = decoder->body + decoder->len;
    arena_str reason = {0};
    while (at < stop) {
        const char *line = at;
        const char *feed = memchr(at, '\n', (size_t)(stop - at));
        uint64_t len = (uint64_t)((feed ? feed : stop) - at);
        at = feed ? feed + 1 : stop;
        if (!feed) break;
        uint64_t size;
        const char *text = member(line, len, "\"content\":\"", &size);
        if (text) {
            arena_chat_delta delta = {.struct_size = sizeof delta, .text = {text, size}};
            arena_status status = sink->delta(sink, &delta);
#ifndef TALKS_ON
            if (status) return status;
#endif
        }
        text = member(line, len, "\"finish_reason\":\"", &size);
        if (text) reason = (arena_str){text, size};
        if (memmem(line, len, "\"error\"", 7)) return bad(call);
    }
#ifdef TAKES_HALF
    return end(sink, TEXT("stop"));
#endif
#ifdef FORGETS_END
    return ARENA_OK;
#endif
    if (!reason.len) return bad(call);
#ifdef ENDS_TWICE
    end(sink, reason);
#endif
    return end(sink, reason);
}

static arena_status feed(void *self, const arena_call *call, uint32_t http_status, arena_str headers, arena_bytes data,
                         uint32_t is_last, const arena_codec_sink *sink) {
    (void)headers;
    struct decoder *decoder = self;
    decoder->fed++;
#ifdef NEVER_RETURNS
    if (decoder->len > 4000) for (;;) __asm__ volatile("");
#endif
#ifdef DEAF
    nanosleep(&(struct timespec){0, 300000000}, NULL);
#endif
#ifdef KEEPS_PIECES
    if (decoder->body && decoder->fed > 1 && data.len && decoder->body[decoder->len - 1] == 'y' && data.len == 7)
        __builtin_trap();
#endif
    if (decoder->len + data.len > MOST) return bad(call);
    char *body = realloc(decoder->body, decoder->len + data.len + 1);
    if (!body) return call->fail(call, ARENA_RESOURCE_EXHAUSTED, TEXT("No memory."), TEXT(""));
    decoder->body = body;
    if (data.len) memcpy(body + decoder->len, data.ptr, data.len);
    decoder->len += data.len;
#ifdef SHARES_STATE
    shared_len += data.len;
    if (is_last && shared_len != decoder->len) decoder->len = decoder->len / 2;
    if (is_last) shared_len = 0;
#endif
#ifdef PIECE_BY_PIECE
    if (decoder->operation == ARENA_LANE_CHAT && http_status == 200 && data.len && is_utf8(data.ptr, data.len)) {
        arena_chat_delta delta = {.struct_size = sizeof delta, .text = {(const char *)data.ptr, data.len}};
        arena_status status = sink->delta(sink, &delta);
        if (status) return status;
    }
#endif
    if (!is_last) return ARENA_OK;
#ifndef IGNORES_STATUS
    if (http_status < 200 || http_status > 299) return bad(call);
#endif
#ifdef BAD_TEXT
    if (decoder->operation <= ARENA_LANE_COMPLETE) return read_answer(decoder, call, sink);
#endif
    if (!is_utf8((const unsigned char *)decoder->body, decoder->len)) return bad(call);
    if (decoder->operation == ARENA_LANE_CHAT || decoder->operation == ARENA_LANE_COMPLETE)
        return read_answer(decoder, call, sink);
#ifdef ASKS_ON
    if (decoder->operation == ARENA_LANE_IDENTIFY) return sink->request(sink, TEXT("{\"method\":\"GET\",\"path\":\"/x\"}"));
#endif
    if (decoder->operation == ARENA_LANE_IDENTIFY && decoder->asked++ == 0) {
        decoder->len = 0;
        return sink->request(sink, TEXT("{\"method\":\"GET\",\"path\":\"/version\"}"));
    }
#ifdef BAD_VALUE
    return sink->value(sink, TEXT("{"));
#endif
    return sink->value(sink, TEXT("{\"ok\":true}"));
}

static const arena_lane_codec_v1 codec = {
    sizeof codec, 0, create, free, encode, decoder_create, feed, decoder_destroy,
};
static const void *get_interface(arena_str interface, arena_str kind) {
    return is(interface, ARENA_LANE_CODEC_1) && is(kind, "kind") ? &codec : NULL;
}
static const arena_entry entry = {
    sizeof entry, ARENA_ABI_MAJOR, ARENA_ABI_MINOR, 0, {"conforming", 10}, {"1.0.0", 5}, NULL, NULL, get_interface,
};
ARENA_EXPORT const arena_entry *arena_plugin_entry_v1(void) { return &entry; }
