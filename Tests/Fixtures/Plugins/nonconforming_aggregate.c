/* An aggregate, the mean of the values, that keeps every rule, unless a macro on the command line breaks one. */
#include "arena/plugin.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(chars_) ((arena_str){chars_, sizeof(chars_) - 1})
static int is(arena_str a, const char *chars) { return a.len == strlen(chars) && !memcmp(a.ptr, chars, a.len); }

struct run {
    double sum, first;
    unsigned long long n;
};
#ifdef STATIC_STATE
static struct run the_run;
#endif

static arena_status open_run(const arena_call *call, arena_str config, void **self) {
    (void)config;
    struct run *run = calloc(1, sizeof *run);
    *self = run;
    return run ? ARENA_OK : call->fail(call, ARENA_RESOURCE_EXHAUSTED, TEXT("No memory."), TEXT(""));
}
static arena_status add(void *self, const arena_call *call, uint64_t count, const void *in, uint64_t in_stride,
                        const void *scores, uint64_t score_stride) {
    (void)call, (void)in, (void)in_stride;
    struct run *run = self;
#ifdef STATIC_STATE
    run = &the_run;
#endif
#ifdef FIXED_STRIDE
    score_stride = sizeof(arena_score_output);
#endif
#ifdef EMPTY_CRASHES
    if (count == 0) __builtin_trap();
#endif
#ifdef LAST_PART
    run->sum = 0, run->n = 0;
#endif
    for (uint64_t i = 0; i < count; i++) {
        const arena_score_output *score = (const void *)((const char *)scores + i * score_stride);
        if (score->status || score->flags & ARENA_SCORE_SKIPPED) continue;
#ifndef BELIEVES
        if (!isfinite(score->value) || fabs(score->value) > 1e9) continue;
#endif
        if (run->n == 0) run->first = score->value;
        run->sum += score->value;
        run->n++;
    }
    return ARENA_OK;
}
static arena_status finish(void *self, const arena_call *call, const arena_sink *result) {
    (void)call;
    struct run *run = self;
#ifdef STATIC_STATE
    run = &the_run;
#endif
    char text[80];
    double value = run->n ? run->sum / (double)run->n : 0;
#ifdef FIRST
    value = run->first;
#endif
#ifdef COUNTS_NONE
    int length = snprintf(text, sizeof text, "{\"value\":%.17g}", value);
#else
    int length = snprintf(text, sizeof text, "{\"value\":%.17g,\"n\":%llu}", value, run->n);
#endif
#ifdef IGNORES_SINK
    result->write(result, text, 1);
    result->write(result, text + 1, (uint64_t)length - 1);
    return ARENA_OK;
#endif
    return result->write(result, text, (uint64_t)length);
}
static const arena_scorer_aggregate_v1 aggregate = {sizeof aggregate, 0, open_run, add, finish, free};
static const void *get_interface(arena_str interface, arena_str kind) {
    return is(interface, ARENA_SCORER_AGGREGATE_1) && is(kind, "kind") ? &aggregate : NULL;
}
static const arena_entry entry = {
    sizeof entry, ARENA_ABI_MAJOR, ARENA_ABI_MINOR, 0, {"conforming", 10}, {"1.0.0", 5}, NULL, NULL, get_interface,
};
ARENA_EXPORT const arena_entry *arena_plugin_entry_v1(void) { return &entry; }
