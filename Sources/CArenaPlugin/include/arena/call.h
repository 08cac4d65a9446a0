/* arena/call.h: the context that accompanies every call. */
#ifndef ARENA_CALL_H
#define ARENA_CALL_H

#include "arena/types.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ARENA_LOG_DEBUG 0
#define ARENA_LOG_INFO 1
#define ARENA_LOG_WARNING 2
#define ARENA_LOG_ERROR 3

/* One call from the host into a plugin. Owned by the host, valid until that call returns, never stored.
   [CALL-1] A plugin passes the call that it was given to every service that it uses on its behalf, also from threads
   that it started for that call and joins before it returns. */
typedef struct arena_call arena_call;
struct arena_call {
    uint32_t struct_size;
    uint32_t reserved;
    void *host_context;
    /* Time of CLOCK_MONOTONIC, in nanoseconds, when the caller stops waiting; 0: none. [CALL-2] Work that goes on after
       it is ended by force. */
    uint64_t deadline_ns;
    /* [any-thread] 1 when the caller no longer wants the result or the deadline has passed, else 0. [CALL-3] Polled at
       least every 100 ms; once it says 1 the plugin returns ARENA_CANCELLED (or ARENA_DEADLINE_EXCEEDED) at once.
       [CALL-4] Never goes back to 0. Costs a few nanoseconds. */
    int32_t (*cancelled)(const arena_call *call);
    /* [any-thread] Says why this call fails. Copies; the last one wins. `message`: one sentence for a person, naming
       the thing, without secrets or prompts, at most 4 KiB kept. `detail_json`: a JSON object or empty; the members
       "code" (stable dotted identifier) and "hint" (what to do) are shown. Returns `code`, so that
       `return call->fail(call, …)` reads well. */
    arena_status (*fail)(const arena_call *call, arena_status code, arena_str message, arena_str detail_json);
    /* [any-thread] How far the work is. `done` of `total` units; total 0: unknown. `phase`: a word or two, or empty.
       `fields_json`: a JSON object with more, or empty. Copies. The host may drop all but the newest. */
    void (*progress)(const arena_call *call, uint64_t done, uint64_t total, arena_str phase, arena_str fields_json);
    /* [any-thread] A line for the job's or plugin's log. `level`: ARENA_LOG_*. Copies; at most 16 KiB kept. */
    void (*log)(const arena_call *call, int32_t level, arena_str message, arena_str fields_json);
};
#define ARENA_CALL_MIN_SIZE 56u

#ifdef __cplusplus
}
#endif
#endif
