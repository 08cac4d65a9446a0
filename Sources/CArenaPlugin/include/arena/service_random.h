/* arena/service_random.h: arena.random/1, random bytes that a later run can repeat. */
#ifndef ARENA_SERVICE_RANDOM_H
#define ARENA_SERVICE_RANDOM_H

#include "arena/call.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ARENA_RANDOM_1 "arena.random/1"

typedef struct arena_random_service arena_random_service;
struct arena_random_service {
    uint32_t struct_size;
    uint32_t reserved;
    void *host_context;
    /* The seed of this job, recorded with it; the same for every attempt. 0 for a call outside a job. */
    arena_status (*seed)(const arena_random_service *self, const arena_call *call, uint64_t *seed);
    /* Fills `len` bytes (at most 64 KiB) at `out`. [RANDOM-1] Within a job: block number `block` of the stream of its
       seed, so that the same block gives the same bytes in every attempt. */
    arena_status (*fill)(const arena_random_service *self, const arena_call *call, uint64_t block, uint8_t *out,
                         uint64_t len);
};
#define ARENA_RANDOM_SERVICE_MIN_SIZE 32u

#ifdef __cplusplus
}
#endif

#endif
