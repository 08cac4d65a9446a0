/* arena/service_kv.h: arena.kv/1, a small durable map of the plugin's own. */
#ifndef ARENA_SERVICE_KV_H
#define ARENA_SERVICE_KV_H

#include "arena/call.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ARENA_KV_1 "arena.kv/1"

/* [KV-1] One namespace per plugin id; no plugin sees another's. Keys 1 to 256 bytes, values at most 1 MiB, 16 MiB in
   all (ARENA_RESOURCE_EXHAUSTED above). Not part of a job's commits: written at once. */
typedef struct arena_kv_service arena_kv_service;
struct arena_kv_service {
    uint32_t struct_size;
    uint32_t reserved;
    void *host_context;
    /* ARENA_NOT_FOUND when there is none. */
    arena_status (*get)(const arena_kv_service *self, const arena_call *call, arena_str key, const arena_sink *value);
    arena_status (*put)(const arena_kv_service *self, const arena_call *call, arena_str key, arena_bytes value);
    /* ARENA_OK also when there was none. */
    arena_status (*remove)(const arena_kv_service *self, const arena_call *call, arena_str key);
    /* Writes a JSON array of keys that begin with `prefix`, sorted by bytes, at most 1,000, greater than `after`. */
    arena_status (*keys)(const arena_kv_service *self, const arena_call *call, arena_str prefix, arena_str after,
                         const arena_sink *json);
};
#define ARENA_KV_SERVICE_MIN_SIZE 48u

#ifdef __cplusplus
}
#endif

#endif
