/* arena/scorer.h: arena.scorer/1, judges one answer against its references. */
#ifndef ARENA_SCORER_H
#define ARENA_SCORER_H

#include "arena/call.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ARENA_SCORER_1 "arena.scorer/1"

/* One answer to judge. */
typedef struct arena_score_input {
    uint32_t struct_size;
    uint32_t reserved;
    arena_str item_id;
    arena_str input;            /* the question as it was put; may be empty */
    arena_str output;           /* the answer to judge */
    const void *references;     /* the gold answers: reference_count elements, each beginning with an arena_str */
    uint32_t reference_count;   /* may be 0 */
    uint32_t reference_stride;  /* bytes; at least 16 */
    arena_str meta_json;        /* a JSON object of the item, or empty: finish_reason, subject, choices, … */
} arena_score_input;
#define ARENA_SCORE_INPUT_MIN_SIZE 88u

/* The gold answer number i. */
static inline arena_str arena_score_reference(const arena_score_input *in, uint32_t i) {
    return *(const arena_str *)((const char *)in->references + (uint64_t)i * in->reference_stride);
}

/* Why a value is what it is. Frozen numbers; new ones are added at the end. */
#define ARENA_REASON_OK 0u             /* right, or scored without a fault to name */
#define ARENA_REASON_WRONG 1u          /* an answer, and not the right one */
#define ARENA_REASON_NO_ANSWER 2u      /* nothing in the output that could be an answer */
#define ARENA_REASON_LENGTH 3u         /* cut at the token limit before an answer */
#define ARENA_REASON_REFUSED 4u        /* the model declined */
#define ARENA_REASON_UNPARSABLE 5u     /* an answer in a form that cannot be read */
#define ARENA_REASON_TIMEOUT 6u        /* the model did not finish in time */
#define ARENA_REASON_INFRASTRUCTURE 7u /* the machinery failed: says nothing about the model, leaves the denominator */

#define ARENA_SCORE_SKIPPED 1u    /* the scorer does not apply to this item (no reference, say): leaves the denominator */
#define ARENA_SCORE_PASS_KNOWN 2u /* ARENA_SCORE_PASS says whether the item passed; else value >= 0.5 is the pass */
#define ARENA_SCORE_PASS 4u

typedef struct arena_score_output {
    uint32_t struct_size; /* set by the host */
    arena_status status;  /* of this item alone: ARENA_INVALID_ARGUMENT for a reference that cannot be used, say */
    double value;         /* [SCORER-1] finite, 0 (worst) to 1 (best) */
    uint32_t flags;       /* ARENA_SCORE_* */
    uint32_t reason;      /* ARENA_REASON_* */
} arena_score_output;
#define ARENA_SCORE_OUTPUT_MIN_SIZE 24u

/* Receives a sentence for a person that says why item `index` has its value. Copies; at most 1 KiB an item is kept. */
typedef struct arena_explain_sink arena_explain_sink;
struct arena_explain_sink {
    uint32_t struct_size;
    uint32_t reserved;
    void *host_context;
    void (*explain)(const arena_explain_sink *sink, uint64_t index, arena_str text);
};
#define ARENA_EXPLAIN_SINK_MIN_SIZE 24u

/* [SCORER-2] Deterministic and pure when the manifest says so: the same input gives the same output, bit for bit.
   [SCORER-3] score_batch gives what score gives for each element, in any split. [SCORER-4] Does no I/O.
   [SCORER-5] An item that cannot be judged fails alone: the process and the other items go on. */
typedef struct arena_scorer_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    /* [worker] `config_json`: an object that the host has checked against the manifest's schema, or empty. Writes the
       new object to *self; may write NULL for a scorer without state. */
    arena_status (*create)(const arena_call *call, arena_str config_json, void **self);
    /* [worker] May be NULL if create leaves nothing behind. */
    void (*destroy)(void *self);
    /* [worker; reentrant if the manifest says so] Judges one item. `explain` may be NULL; index is 0. A status other
       than ARENA_OK is for faults of the call as a whole; an item's own fault goes into out->status. */
    arena_status (*score)(void *self, const arena_call *call, const arena_score_input *in, arena_score_output *out,
                          const arena_explain_sink *explain);
    /* [worker; reentrant if the manifest says so] Judges `count` items. NULL: the host loops over score. */
    arena_status (*score_batch)(void *self, const arena_call *call, uint64_t count, const void *in, uint64_t in_stride,
                                void *out, uint64_t out_stride, const arena_explain_sink *explain);
} arena_scorer_v1;
#define ARENA_SCORER_V1_MIN_SIZE 40u

#ifdef __cplusplus
}
#endif
#endif
