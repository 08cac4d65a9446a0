/* arena/rubric.h: arena.rubric/1, weighted checks of one answer, each done by a scorer, a judge, or the rubric itself.
 * Pure: no I/O. The host has the steps done that `plan` asks for, and `combine` makes one score of their results. */
#ifndef ARENA_RUBRIC_H
#define ARENA_RUBRIC_H

#include "arena/scorer.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ARENA_RUBRIC_1 "arena.rubric/1"

typedef struct arena_rubric_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    /* [worker] `document`: the rubric's text as the folder holds it, empty for a rubric that is compiled in. [RUB-1] An
       error names line, column and the cure. A kind whose manifest says `reads` is given documents only. */
    arena_status (*load)(const arena_call *call, arena_bytes document, void **self);
    /* [worker] */
    void (*destroy)(void *self);
    /* [worker, reentrant] Writes {"id", "title", "description", "checks": [{"name", "kind", "weight", "why"}]}. [RUB-7]
       Each check has a name of its own and `why`, the reason for it and its weight, in a sentence. [RUB-2] A check that a
       scorer does has "scorer" and "config" too, one that a judge does has "judge": true: what `plan` asks
       for is among them, so that the host can say before the first item that a scorer is not there. A check read from a
       document may say where it stands: "line", "column", from 1. */
    arena_status (*describe)(void *self, const arena_call *call, const arena_sink *json);
    /* [worker, reentrant] Writes the steps for one item, an array of {"name", "scorer", "config", "references",
       "weight"} or {"name", "judge": [messages], "weight"}; at most 64, each name once. "references", if there, stand in
       for the item's own. An empty array: `combine` needs no help. [RUB-3] Weights are finite and not negative, and one
       is positive. */
    arena_status (*plan)(void *self, const arena_call *call, const arena_score_input *item,
                         const arena_sink *steps_json);
    /* [worker, reentrant] `item`: as it was given to plan. `results_json`: for each step of plan, in order, {"value",
       "pass", "reason", "explain", "skipped", "status"} of a scorer or {"text"} of a judge; {"skipped": true, "explain"}
       where there was nobody to ask. Writes {"total", "pass", "checks": [{"name", "kind", "ok", "why", "weight"}]}.
       [RUB-4] "total" is between 0 and 1, or null when no check applies; "ok" is null for a check that was left out.
       Each check of describe is there once; one that failed says why.
       "pass" may be missing: then a total of 1 passes. [RUB-5] The same item and results give the same score. */
    arena_status (*combine)(void *self, const arena_call *call, const arena_score_input *item, arena_str results_json,
                            const arena_sink *score_json);
    /* [worker, reentrant] May be NULL. [RUB-6] Writes everything that is wrong with a document, an array of {"line",
       "column", "message", "hint"}; empty exactly when load would take it. */
    arena_status (*check)(const arena_call *call, arena_bytes document, const arena_sink *faults_json);
} arena_rubric_v1;
#define ARENA_RUBRIC_V1_MIN_SIZE 48u

#ifdef __cplusplus
}
#endif
#endif
