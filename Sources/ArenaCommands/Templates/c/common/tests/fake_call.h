/* fake_call.h: a call as the host would lend it, for tests. */
#ifndef FAKE_CALL_H
#define FAKE_CALL_H

#include "arena_kit/kit.h"

#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition);                                  \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)

static int32_t fake_cancelled(const arena_call *call) {
    (void)call;
    return 0;
}

static arena_status fake_fail(const arena_call *call, arena_status code, arena_str message, arena_str detail) {
    (void)call, (void)detail;
    fprintf(stderr, "failed with %d: %.*s\n", (int)code, (int)message.len, message.ptr);
    return code;
}

static void fake_progress(const arena_call *call, uint64_t done, uint64_t total, arena_str phase, arena_str fields) {
    (void)call, (void)done, (void)total, (void)phase, (void)fields;
}

static void fake_log(const arena_call *call, int32_t level, arena_str message, arena_str fields) {
    (void)call, (void)level, (void)message, (void)fields;
}

static const arena_call fake_call = {.struct_size = sizeof fake_call,
                                     .cancelled = fake_cancelled,
                                     .fail = fake_fail,
                                     .progress = fake_progress,
                                     .log = fake_log};

#endif
