/* arena/rubric.h: arena.rubric/1, a document of weighted checks, each done by a scorer or a judge. Pure: no I/O. */
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
       error names line, column and the cure. */
    arena_status (*load)(const arena_call *call, arena_bytes document, void **self);
    /* [worker] */
    void (*destroy)(void *self);
    /* [worker, reentrant] Writes {"id", "title", "description", "checks": [{"name", "kind", "weight"}]}. */
    arena_status (*describe)(void *self, const arena_call *call, const arena_sink *json);
    /* [worker, reentrant] Writes the steps for one item, an array of {"scorer", "config", "weight", "name"} or
       {"judge": [messages], "weight", "name"}. [RUB-2] Weights are finite and not negative, and one is positive. */
    arena_status (*plan)(void *self, const arena_call *call, const arena_score_input *item,
                         const arena_sink *steps_json);
    /* [worker, reentrant] `results_json`: for each step of plan, in order, {"value", "pass", "reason", "explain"} or
       {"text"}. Writes {"total": 0…1, "checks": [{"name", "kind", "ok", "why", "weight"}]}. */
    arena_status (*combine)(void *self, const arena_call *call, arena_str results_json, const arena_sink *score_json);
} arena_rubric_v1;
#define ARENA_RUBRIC_V1_MIN_SIZE 48u

#ifdef __cplusplus
}
#endif
#endif
