/* arena_kit/call.h: failing with words, and stopping when told to. */
#ifndef ARENA_KIT_CALL_H
#define ARENA_KIT_CALL_H

#include "arena_kit/text.h"

#include <time.h>

/* Fails the call: `code` is a stable dotted identifier, `hint` says what to do (NULL: nothing). Returns `status`. */
static inline arena_status ak_fail(const arena_call *call, arena_status status, const char *code, arena_str message,
                                   const char *hint) {
    ak_text detail = {0};
    ak_puts(&detail, "{\"code\":");
    ak_put_json_string(&detail, ak_str(code));
    if (hint) {
        ak_puts(&detail, ",\"hint\":");
        ak_put_json_string(&detail, ak_str(hint));
    }
    ak_puts(&detail, "}");
    arena_str none = {NULL, 0};
    call->fail(call, status, message, detail.failed ? none : ak_text_str(&detail));
    ak_text_free(&detail);
    return status;
}

static inline arena_status ak_fail_memory(const arena_call *call) {
    return ak_fail(call, ARENA_RESOURCE_EXHAUSTED, "plugin.out_of_memory", ak_str("Out of memory."), NULL);
}

/* CLOCK_MONOTONIC in nanoseconds, the scale of deadline_ns. */
static inline uint64_t ak_monotonic_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* ARENA_OK while the call is wanted; else fails it with the status to return [CALL-3]. */
static inline arena_status ak_check_cancelled(const arena_call *call) {
    if (!call->cancelled(call)) return ARENA_OK;
    if (call->deadline_ns && ak_monotonic_ns() >= call->deadline_ns)
        return ak_fail(call, ARENA_DEADLINE_EXCEEDED, "call.deadline", ak_str("The deadline passed."), NULL);
    return ak_fail(call, ARENA_CANCELLED, "call.cancelled", ak_str("The call was cancelled."), NULL);
}

/* Sleeps, looking every 20 ms whether the call is still wanted; returns as ak_check_cancelled. */
static inline arena_status ak_sleep(const arena_call *call, uint64_t nanoseconds) {
    uint64_t end = ak_monotonic_ns() + nanoseconds;
    for (;;) {
        arena_status status = ak_check_cancelled(call);
        uint64_t now = ak_monotonic_ns();
        if (status != ARENA_OK || now >= end) return status;
        uint64_t pause = end - now < 20000000u ? end - now : 20000000u;
        struct timespec time = {(time_t)(pause / 1000000000u), (long)(pause % 1000000000u)};
        nanosleep(&time, NULL);
    }
}

#endif
