/* arena/lane_engine.h: arena.lane_type.engine/1, a back end that holds a model (or recordings of one) itself. */
#ifndef ARENA_LANE_ENGINE_H
#define ARENA_LANE_ENGINE_H

#include "arena/call.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ARENA_LANE_ENGINE_1 "arena.lane_type.engine/1"

#define ARENA_CHANNEL_CONTENT 0u
#define ARENA_CHANNEL_REASONING 1u
#define ARENA_CHANNEL_TOOL 2u

/* One piece of an answer as it arrives. */
typedef struct arena_chat_delta {
    uint32_t struct_size;
    uint32_t channel;  /* ARENA_CHANNEL_* */
    uint32_t choice;   /* index of the choice, from 0 */
    uint32_t reserved;
    arena_str text;    /* the derived view: what was added to the channel */
    arena_bytes raw;   /* the upstream chunk verbatim, or empty where there is none */
} arena_chat_delta;
#define ARENA_CHAT_DELTA_MIN_SIZE 48u

/* The end of a successful answer. */
typedef struct arena_chat_end {
    uint32_t struct_size;
    uint32_t reserved;
    arena_str finish_reason; /* "stop", "length", "tool_calls", "content_filter": as the model's server said */
    arena_str usage_json;    /* {"prompt_tokens", "completion_tokens", …} as the server said, or empty */
    arena_str meta_json;     /* {"model", "recorded_at", "timings", …}, or empty */
} arena_chat_end;
#define ARENA_CHAT_END_MIN_SIZE 56u

/* Owned by the host, valid during chat. A status other than ARENA_OK means stop. */
typedef struct arena_chat_sink arena_chat_sink;
struct arena_chat_sink {
    uint32_t struct_size;
    uint32_t reserved;
    void *host_context;
    arena_status (*delta)(const arena_chat_sink *sink, const arena_chat_delta *delta);
    /* [ENGINE-1] Called exactly once when chat returns ARENA_OK, and after every delta. */
    arena_status (*end)(const arena_chat_sink *sink, const arena_chat_end *end);
};
#define ARENA_CHAT_SINK_MIN_SIZE 32u

/* [ENGINE-2] Calls may block; the host runs them in a child process of the lane's own. */
typedef struct arena_lane_engine_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    /* [worker] `config_json`: checked against the manifest's schema; paths in it are resolved below the plugin's own
       folder unless the grant says more. */
    arena_status (*create)(const arena_call *call, arena_str config_json, void **self);
    /* [worker] */
    void (*destroy)(void *self);
    /* [worker] Loads the model. [ENGINE-3] Idempotent; may follow stop. */
    arena_status (*start)(void *self, const arena_call *call);
    /* [worker] Gives the memory back. [ENGINE-4] Idempotent. */
    arena_status (*stop)(void *self, const arena_call *call);
    /* [worker, reentrant] Within 1 s and without side effect: {"ok": bool, "reason": string}. */
    arena_status (*health)(void *self, const arena_call *call, const arena_sink *json);
    /* [worker, reentrant] An array of {"id", "title", "context_length", …}. */
    arena_status (*models)(void *self, const arena_call *call, const arena_sink *json);
    /* [worker, reentrant] `request_json`: an OpenAI chat-completions request ({"model", "messages", "temperature",
       "max_tokens", "seed", …}); unknown members are passed through. */
    arena_status (*chat)(void *self, const arena_call *call, arena_str request_json, const arena_chat_sink *sink);
    /* [worker, reentrant] `texts`: count arena_str. Writes count rows of `*dims` little-endian f32. May be NULL. */
    arena_status (*embed)(void *self, const arena_call *call, arena_str model, uint64_t count, const arena_str *texts,
                          uint32_t *dims, const arena_sink *rows);
    /* [worker, reentrant] Writes count little-endian f64, in input order. May be NULL. */
    arena_status (*rerank)(void *self, const arena_call *call, arena_str model, arena_str query, uint64_t count,
                           const arena_str *documents, const arena_sink *scores);
} arena_lane_engine_v1;
#define ARENA_LANE_ENGINE_V1_MIN_SIZE 80u

#ifdef __cplusplus
}
#endif
#endif
