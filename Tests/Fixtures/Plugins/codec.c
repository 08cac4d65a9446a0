/* A lane codec whose decoder does what the request says, well or badly. */
#include "arena/plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static arena_str text(const char *chars) { return (arena_str){chars, strlen(chars)}; }
static int is(arena_str a, const char *chars) { return a.len == strlen(chars) && !memcmp(a.ptr, chars, a.len); }

struct decoder {
    char what[64];
    uint32_t fed;
};

static arena_status create(const arena_call *call, arena_str config, void **self) {
    (void)call;
    (void)config;
    *self = calloc(1, 1);
    return ARENA_OK;
}

/* The request is {"do":"NAME"}. */
static void read_what(arena_str request, char *what) {
    const char *start = NULL;
    for (uint64_t i = 0; i + 6 <= request.len; i++)
        if (!memcmp(request.ptr + i, "\"do\":\"", 6)) start = request.ptr + i + 6;
    int n = 0;
    while (start && *start != '"' && n < 63) what[n++] = *start++;
    what[n] = 0;
}

static arena_status encode(void *self, const arena_call *call, uint32_t operation, arena_str request,
                           const arena_sink *sink) {
    (void)self;
    (void)call;
    (void)operation;
    char what[64];
    read_what(request, what);
    const char *answer = "{\"method\":\"GET\",\"path\":\"/x\"}";
    if (!strcmp(what, "no json")) answer = "GET /x";
    if (!strcmp(what, "bad method")) answer = "{\"method\":\"DELETE\",\"path\":\"/x\"}";
    if (!strcmp(what, "other host")) answer = "{\"method\":\"GET\",\"path\":\"//elsewhere/x\"}";
    if (!strcmp(what, "up")) answer = "{\"method\":\"GET\",\"path\":\"/a/../../x\"}";
    if (!strcmp(what, "second line")) answer = "{\"method\":\"GET\",\"path\":\"/x\",\"headers\":{\"A\":\"b\\r\\nC: d\"}}";
    if (!strcmp(what, "secret")) answer = "{\"method\":\"GET\",\"path\":\"/x\",\"headers\":{\"Authorization\":\"x\"}}";
    if (!strcmp(what, "huge request"))
        for (int i = 0; i < 1 << 20; i++)
            if (sink->write(sink, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 32) != ARENA_OK) return ARENA_RESOURCE_EXHAUSTED;
    return sink->write(sink, answer, strlen(answer));
}

static arena_status decoder_create(void *self, const arena_call *call, uint32_t operation, arena_str request,
                                   void **out) {
    (void)self;
    (void)call;
    (void)operation;
    struct decoder *decoder = calloc(1, sizeof *decoder);
    read_what(request, decoder->what);
    *out = decoder;
    return ARENA_OK;
}

static arena_status delta(const arena_codec_sink *sink, arena_str piece) {
    arena_chat_delta one = {.struct_size = sizeof one, .text = piece};
    return sink->delta(sink, &one);
}
static arena_status end(const arena_codec_sink *sink) {
    arena_chat_end one = {.struct_size = sizeof one, .finish_reason = text("stop")};
    return sink->end(sink, &one);
}

static arena_status feed(void *self, const arena_call *call, uint32_t status, arena_str headers, arena_bytes data,
                         uint32_t is_last, const arena_codec_sink *sink) {
    (void)status;
    (void)headers;
    struct decoder *decoder = self;
    arena_str what = text(decoder->what);
    decoder->fed++;
    if (is(what, "loop"))
        for (volatile int go = 1; go;) {}
    if (is(what, "crash")) abort();
    if (is(what, "fail")) return call->fail(call, ARENA_UNAVAILABLE, text("The kettle is cold."), text("{\"code\":\"lane.cold\"}"));
    if (is(what, "fail silently")) return ARENA_UNAVAILABLE;
    if (is(what, "events"))
        for (;;) {
            arena_status refused = delta(sink, text(""));
            if (refused != ARENA_OK) return ARENA_OK; /* as if nothing had been */
        }
    if (is(what, "giant")) {
        arena_str big = {calloc(1, 64 << 20), 64 << 20};
        memset((char *)big.ptr, 'x', big.len);
        arena_status refused = delta(sink, big);
        arena_status again = sink->value(sink, big);
        free((char *)big.ptr);
        return refused == ARENA_OK ? again : ARENA_OK;
    }
    if (is(what, "trickle")) {
        static char block[100000];
        memset(block, 'y', sizeof block);
        return delta(sink, (arena_str){block, sizeof block});
    }
    if (is(what, "requests") && is_last)
        return sink->request(sink, text("{\"method\":\"GET\",\"path\":\"/again\"}"));
    if (is(what, "after the end")) {
        end(sink);
        return delta(sink, text("more"));
    }
    if (is(what, "value")) return is_last ? sink->value(sink, text("{\"a\":1}")) : ARENA_OK;
    if (is(what, "bad value")) return sink->value(sink, text("{"));
    if (is(what, "bad text")) return delta(sink, text("\xff"));
    if (is(what, "nothing") || is(what, "requests")) return ARENA_OK;
    if (data.len > 0) {
        arena_status refused = delta(sink, (arena_str){(const char *)data.ptr, data.len});
        if (refused != ARENA_OK) return refused;
    }
    return is_last ? end(sink) : ARENA_OK;
}

static const arena_lane_codec_v1 codec = {
    sizeof codec, 0, create, free, encode, decoder_create, feed, free,
};

static const void *get_interface(arena_str interface, arena_str kind) {
    return is(interface, ARENA_LANE_CODEC_1) && is(kind, "obey") ? &codec : NULL;
}
static const arena_entry entry = {
    .struct_size = sizeof entry,
    .abi_major = ARENA_ABI_MAJOR,
    .id = {"codec", 5},
    .version = {"1.0.0", 5},
    .get_interface = get_interface,
};
ARENA_EXPORT const arena_entry *arena_plugin_entry_v1(void) { return &entry; }
