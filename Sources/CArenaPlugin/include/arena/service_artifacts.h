/* arena/service_artifacts.h: arena.artifacts/1, named byte streams that a job leaves behind. */
#ifndef ARENA_SERVICE_ARTIFACTS_H
#define ARENA_SERVICE_ARTIFACTS_H

#include "arena/call.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ARENA_ARTIFACTS_1 "arena.artifacts/1"

typedef struct arena_artifacts_service arena_artifacts_service;
struct arena_artifacts_service {
    uint32_t struct_size;
    uint32_t reserved;
    void *host_context;
    /* Begins an artifact of the running job. `name`: a plain file name, unique per job. */
    arena_status (*create)(const arena_artifacts_service *self, const arena_call *call, arena_str name,
                           arena_str media_type, uint64_t *artifact);
    /* Appends. ARENA_RESOURCE_EXHAUSTED above 1 GiB. */
    arena_status (*write)(const arena_artifacts_service *self, const arena_call *call, uint64_t artifact,
                          arena_bytes data);
    /* Ends it and writes {"name", "sha256", "bytes", "media_type"}. [ART-1] Joins the rows of the next commit: visible
       when the job is done, gone if the attempt dies before. */
    arena_status (*finish)(const arena_artifacts_service *self, const arena_call *call, uint64_t artifact,
                           const arena_sink *json);
    /* Forgets one that was not finished. */
    arena_status (*discard)(const arena_artifacts_service *self, const arena_call *call, uint64_t artifact);
};
#define ARENA_ARTIFACTS_SERVICE_MIN_SIZE 48u

#ifdef __cplusplus
}
#endif

#endif
