/* arena/job_kind.h: arena.job_kind/1, work that the queue runs: durable, resumable, one child process an attempt. */
#ifndef ARENA_JOB_KIND_H
#define ARENA_JOB_KIND_H

#include "arena/call.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ARENA_JOB_KIND_1 "arena.job_kind/1"

/* What an attempt starts from. */
typedef struct arena_job_open {
    uint32_t struct_size;
    uint32_t attempt;         /* 1, 2, … */
    arena_str job_id;
    arena_str payload_json;   /* an object that the host has checked against the manifest's schema */
    arena_bytes checkpoint;   /* of the last sealed commit of any earlier attempt; empty: start at the beginning */
    uint64_t checkpoint_seq;  /* number of commits sealed so far; the next commit expects it */
} arena_job_open;
#define ARENA_JOB_OPEN_MIN_SIZE 64u

/* [JOB-1] Killed at any instant and run again from the last checkpoint, a job gives the same records and result.
   [JOB-2] Rows that were put after the last commit vanish with the attempt. */
typedef struct arena_job_kind_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    /* [worker, reentrant] Says what is wrong with a payload that the schema cannot see. Pure, no services, within 1 s.
       Writes a JSON array of {"pointer", "message", "hint"}; empty array: fine. May be NULL. */
    arena_status (*validate)(const arena_call *call, arena_str payload_json, const arena_sink *issues_json);
    /* [worker, reentrant] Writes {"units": integer, "seconds": number, "cost_usd": number}, each optional. May be NULL. */
    arena_status (*estimate)(const arena_call *call, arena_str payload_json, const arena_sink *plan_json);
    /* [worker] Begins an attempt. */
    arena_status (*open)(const arena_call *call, const arena_job_open *job, void **self);
    /* [worker] Does the work; blocks until done. Writes the result, one JSON object. [JOB-3] UNAVAILABLE,
       DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED and ABORTED are retried; any other failure ends the job, unless
       detail_json of fail holds "retry": true or false. */
    arena_status (*run)(void *self, const arena_call *call, const arena_sink *result_json);
    /* [worker] Ends the attempt, whatever run returned. Not called when the process is killed. */
    void (*close)(void *self);
} arena_job_kind_v1;
#define ARENA_JOB_KIND_V1_MIN_SIZE 48u

#ifdef __cplusplus
}
#endif
#endif
