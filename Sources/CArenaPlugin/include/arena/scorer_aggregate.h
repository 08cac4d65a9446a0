/* arena/scorer_aggregate.h: arena.scorer.aggregate/1, one figure for a whole run that is no mean of its items
   (corpus BLEU, rank correlation, F1 over a run). */
#ifndef ARENA_SCORER_AGGREGATE_H
#define ARENA_SCORER_AGGREGATE_H

#include "arena/scorer.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ARENA_SCORER_AGGREGATE_1 "arena.scorer.aggregate/1"

/* [AGG-1] The result does not depend on how the items were split over calls of add. [AGG-3] The same items give the same
   result. */
typedef struct arena_scorer_aggregate_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    /* [worker] Begins one run. */
    arena_status (*open)(const arena_call *call, arena_str config_json, void **self);
    /* [worker] `count` items with their scores: in[i] is an arena_score_input, scores[i] an arena_score_output. */
    arena_status (*add)(void *self, const arena_call *call, uint64_t count, const void *in, uint64_t in_stride,
                        const void *scores, uint64_t score_stride);
    /* [worker] [AGG-2] Writes {"value": number or null, "n": integer, …}, where n is how many items count: 0 for a run
       without any. Called once, nothing but close follows. */
    arena_status (*finish)(void *self, const arena_call *call, const arena_sink *result_json);
    /* [worker] */
    void (*close)(void *self);
} arena_scorer_aggregate_v1;
#define ARENA_SCORER_AGGREGATE_V1_MIN_SIZE 40u

#ifdef __cplusplus
}
#endif
#endif
