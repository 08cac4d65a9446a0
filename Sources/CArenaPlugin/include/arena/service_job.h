/* arena/service_job.h: arena.job/1, what a running job leaves behind.
 *
 * Every service function is [any-thread], takes its own table as first argument, blocks until the host has answered,
 * and returns ARENA_CANCELLED at once when its call is cancelled [SVC-1]. A service that the grant narrows answers
 * ARENA_PERMISSION_DENIED for what lies outside, and says through fail what to add to the manifest [SVC-2]. */
#ifndef ARENA_SERVICE_JOB_H
#define ARENA_SERVICE_JOB_H

#include "arena/call.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ARENA_JOB_1 "arena.job/1"

/* Only in arena.job_kind/1 run. [JOB-4] Rows and checkpoint of one commit are sealed in one transaction, fenced by job,
   attempt and lease; they become visible to others only when the job is done. */
typedef struct arena_job_service arena_job_service;
struct arena_job_service {
    uint32_t struct_size;
    uint32_t reserved;
    void *host_context;
    /* Adds a row to the next commit. `record_type`: of the manifest's `record_types` or one of the host's
       ("eval_run/1", "eval_score/1"). `key`: unique per job and type, 1 to 256 bytes; [JOB-5] a key that was sealed
       before is left as it was, ARENA_ALREADY_EXISTS. `json`: an object, at most 1 MiB, checked against the type's
       schema. ARENA_RESOURCE_EXHAUSTED above 64 MiB or 100,000 rows in one commit: commit more often. */
    arena_status (*put)(const arena_job_service *self, const arena_call *call, arena_str record_type, arena_str key,
                        arena_str json);
    /* Seals the rows that were put since the last commit, with `checkpoint` (at most 1 MiB). `expected_seq`: the number
       of commits sealed so far, else ARENA_ABORTED. Writes the new number to *seq. [JOB-6] ARENA_ABORTED, for good,
       when another attempt has taken over: stop. */
    arena_status (*commit)(const arena_job_service *self, const arena_call *call, arena_bytes checkpoint,
                           uint64_t expected_seq, uint64_t *seq);
};
#define ARENA_JOB_SERVICE_MIN_SIZE 32u

#ifdef __cplusplus
}
#endif

#endif
