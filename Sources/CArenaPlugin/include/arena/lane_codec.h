/* arena/lane_codec.h: arena.lane_type.codec/1, speaks a server's dialect of HTTP. Pure: no I/O and no threads; the host
   sends the requests that it writes and feeds it what comes back. */
#ifndef ARENA_LANE_CODEC_H
#define ARENA_LANE_CODEC_H

#include "arena/lane_engine.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ARENA_LANE_CODEC_1 "arena.lane_type.codec/1"

/* What a request is for. Frozen numbers. */
#define ARENA_LANE_IDENTIFY 0u /* what answers at this address; [CODEC-1] never makes a server load a model */
#define ARENA_LANE_CHAT 1u
#define ARENA_LANE_COMPLETE 2u
#define ARENA_LANE_EMBED 3u
#define ARENA_LANE_RERANK 4u
#define ARENA_LANE_MODELS 5u
#define ARENA_LANE_HEALTH 6u
#define ARENA_LANE_LOAD 7u
#define ARENA_LANE_UNLOAD 8u

/* What a decoder has found. Owned by the plugin, valid until the sink returns. */
typedef struct arena_codec_sink arena_codec_sink;
struct arena_codec_sink {
    uint32_t struct_size;
    uint32_t reserved;
    void *host_context;
    arena_status (*delta)(const arena_codec_sink *sink, const arena_chat_delta *delta);
    /* [CODEC-2] Once per chat or complete that succeeds, after every delta; nothing of it follows. */
    arena_status (*end)(const arena_codec_sink *sink, const arena_chat_end *end);
    /* A JSON document: [CODEC-13] the answer of an operation other than chat and complete, once and last.
       identify {"server", "title", "version"?, "state"?, "models"?: as models}; embed {"model", "embeddings": [[…]],
       "usage"}; rerank {"model", "scores": in input order, "usage"}; models [{"id", "title"?, "context_length"?,
       "state"?}]; health {"ok", "reason"}. */
    arena_status (*value)(const arena_codec_sink *sink, arena_str json);
    /* A further HTTP request that this operation needs, in encode's form; its answer is fed to the same decoder once
       the present one has ended. [CODEC-5] At most 15 an operation. */
    arena_status (*request)(const arena_codec_sink *sink, arena_str http_request_json);
};
#define ARENA_CODEC_SINK_MIN_SIZE 48u

typedef struct arena_lane_codec_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    /* [worker] */
    arena_status (*create)(const arena_call *call, arena_str config_json, void **self);
    /* [worker] */
    void (*destroy)(void *self);
    /* [worker, reentrant] [CODEC-9] Writes {"method": "GET" | "POST", "path", "headers": {name: value}, "body": string}.
       `path` begins with one slash, is relative to the lane's base URL, and has no "..", whatever the request holds.
       [CODEC-3] A secret never appears: the host adds it. `request_json`: chat and complete an OpenAI body, [CODEC-10] of
       which unknown members are passed through; embed {"model", "input": [text]}; rerank {"model", "query",
       "documents": [text]}; others {"model"} or {}. */
    arena_status (*encode)(void *self, const arena_call *call, uint32_t operation, arena_str request_json,
                           const arena_sink *http_request_json);
    /* [worker, reentrant] One decoder per operation. [CODEC-11] Those of one codec are independent objects: several may be
       fed at once. [CODEC-6] A codec is destroyed after its decoders. */
    arena_status (*decoder_create)(void *self, const arena_call *call, uint32_t operation, arena_str request_json,
                                   void **decoder);
    /* [worker] Bytes of the answer, in order. `http_status` and `headers_json` are given with every piece;
       `end_of_body` is 1 with the last (whose `data` may be empty). [CODEC-4] The same events whatever the split.
       [CODEC-7] Once the body has ended there was an end or a value, there is a further request, or feed fails: a failure of
       the server is the failure of the call. [CODEC-12] So is a body that ends in the middle of an answer: a part is
       never taken for the whole. [CODEC-8] Pieces of one call hold at most 4,096 events and
       8 MiB of text beyond the size of `data`. */
    arena_status (*feed)(void *decoder, const arena_call *call, uint32_t http_status, arena_str headers_json,
                         arena_bytes data, uint32_t end_of_body, const arena_codec_sink *sink);
    /* [worker] */
    void (*decoder_destroy)(void *decoder);
} arena_lane_codec_v1;
#define ARENA_LANE_CODEC_V1_MIN_SIZE 56u

#ifdef __cplusplus
}
#endif
#endif
