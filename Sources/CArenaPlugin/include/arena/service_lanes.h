/* arena/service_lanes.h: arena.lanes/1, asks models. A completion queue: one thread of a plugin drives many
 * requests at once. */
#ifndef ARENA_SERVICE_LANES_H
#define ARENA_SERVICE_LANES_H

#include "arena/call.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ARENA_LANES_1 "arena.lanes/1"

#define ARENA_COMPLETION_NONE 0u  /* the timeout passed */
#define ARENA_COMPLETION_DELTA 1u /* a part of an answer; more follows for this tag */
#define ARENA_COMPLETION_DONE 2u  /* the end of the request with this tag; `status` says how */

/* One event of a completion queue. Written by the host into the caller's struct. */
typedef struct arena_completion {
    uint32_t struct_size; /* set by the caller */
    uint32_t kind;        /* ARENA_COMPLETION_* */
    uint64_t tag;
    arena_status status;
    uint32_t reserved;
} arena_completion;
#define ARENA_COMPLETION_MIN_SIZE 24u

typedef struct arena_lanes_service arena_lanes_service;
struct arena_lanes_service {
    uint32_t struct_size;
    uint32_t reserved;
    void *host_context;
    /* Starts a request. `tag`: chosen by the caller, unique among its open ones, else ARENA_ALREADY_EXISTS.
       `request_json`: {"lane": id, "op": "health" | "models" | "chat" | "complete" | "embed" | "rerank", "request": {…},
       "stream": bool (default false), "timeout_ms": integer}; for chat and complete, `request` is an OpenAI body; for
       embed {"input": [text]}; for rerank {"query", "documents": [text]}. [LANES-1] Returns without waiting
       for the model. ARENA_RESOURCE_EXHAUSTED above 256 open requests: call next first. */
    arena_status (*submit)(const arena_lanes_service *self, const arena_call *call, uint64_t tag,
                           arena_str request_json);
    /* Waits at most timeout_ns for an event of any open request of this call and writes it to *event. `data` receives:
       for DELTA {"channel": "content" | "reasoning" | "tool", "text"}; for DONE with ARENA_OK the answer (chat:
       {"content", "reasoning", "tool"?, "finish_reason", "usage", "model", "latency_ms", "meta": with
       "first_token_ms"}); for DONE with another status
       {"code", "message", "hint"}. [LANES-2] Every submitted tag ends with exactly one DONE. */
    arena_status (*next)(const arena_lanes_service *self, const arena_call *call, uint64_t timeout_ns,
                         arena_completion *event, const arena_sink *data);
    /* Gives a request up. [LANES-3] Its DONE still comes, with ARENA_CANCELLED if it had not ended before. */
    arena_status (*abort)(const arena_lanes_service *self, const arena_call *call, uint64_t tag);
};
#define ARENA_LANES_SERVICE_MIN_SIZE 40u

#ifdef __cplusplus
}
#endif

#endif
