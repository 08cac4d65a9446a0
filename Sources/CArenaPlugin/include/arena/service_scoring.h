/* arena/service_scoring.h: arena.scoring/1, has answers judged by any scorer that the host knows. The same completion
 * queue as arena.lanes/1. [SCORING-1] Refused to scorers. */
#ifndef ARENA_SERVICE_SCORING_H
#define ARENA_SERVICE_SCORING_H

#include "arena/scorer.h"
#include "arena/service_lanes.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ARENA_SCORING_1 "arena.scoring/1"

typedef struct arena_scoring_service arena_scoring_service;
struct arena_scoring_service {
    uint32_t struct_size;
    uint32_t reserved;
    void *host_context;
    /* Has `count` items (arena_score_input) judged by `scorer` ("exact_match", "text/exact_match"). At most 4,096 items
       and 8 MiB a request. ARENA_NOT_FOUND when no such scorer is ready. No items: only looks whether it is ready.
       [SCORING-2] "rubric:NAME" judges by a rubric: `value` is its total and each score has "checks" too. `config_json`
       is then {"judge_lane", "scorer", "scorer_config"}, each optional: who answers for a judge, and a scorer that gives
       value, pass and reason in the rubric's stead, whose total is then "rubric_total". */
    arena_status (*submit)(const arena_scoring_service *self, const arena_call *call, uint64_t tag, arena_str scorer,
                           arena_str config_json, uint64_t count, const void *in, uint64_t in_stride);
    /* As in arena.lanes/1; kinds NONE and DONE only. `data` of DONE with ARENA_OK: {"scorer": {"id", "plugin",
       "version", "sha256"}, "scores": [{"value", "pass", "reason", "explain", "skipped", "status"}]} in input order. */
    arena_status (*next)(const arena_scoring_service *self, const arena_call *call, uint64_t timeout_ns,
                         arena_completion *event, const arena_sink *data);
    arena_status (*abort)(const arena_scoring_service *self, const arena_call *call, uint64_t tag);
};
#define ARENA_SCORING_SERVICE_MIN_SIZE 40u

#ifdef __cplusplus
}
#endif

#endif
