/* arena/service_clock.h: arena.clock/1, the time as the host sees it (tests set it). */
#ifndef ARENA_SERVICE_CLOCK_H
#define ARENA_SERVICE_CLOCK_H

#include "arena/call.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ARENA_CLOCK_1 "arena.clock/1"

typedef struct arena_clock_service arena_clock_service;
struct arena_clock_service {
    uint32_t struct_size;
    uint32_t reserved;
    void *host_context;
    /* Milliseconds since 1970-01-01T00:00:00Z. */
    arena_status (*unix_ms)(const arena_clock_service *self, const arena_call *call, int64_t *unix_ms);
    /* Nanoseconds of CLOCK_MONOTONIC, comparable with arena_call.deadline_ns. */
    arena_status (*monotonic_ns)(const arena_clock_service *self, const arena_call *call, uint64_t *monotonic_ns);
};
#define ARENA_CLOCK_SERVICE_MIN_SIZE 32u

#ifdef __cplusplus
}
#endif

#endif
