/* A scorer that says how many items came together, and takes its time, so that callers have to wait for it.
 *
 * An item whose output is "refuse" makes it refuse the whole batch. */
#include "arena/plugin.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static int is(arena_str text, const char *literal) {
    return text.len == strlen(literal) && memcmp(text.ptr, literal, text.len) == 0;
}

static arena_str text(const char *chars) { return (arena_str){chars, strlen(chars)}; }

static arena_status create(const arena_call *call, arena_str config, void **self) {
    (void)call, (void)config;
    static int object;
    *self = &object;
    return ARENA_OK;
}

static void destroy(void *self) { (void)self; }

static arena_status score_batch(void *self, const arena_call *call, uint64_t count, const void *in, uint64_t in_stride,
                                void *out, uint64_t out_stride, const arena_explain_sink *explain) {
    (void)self;
    struct timespec while_others_come = {0, 30 * 1000 * 1000};
    nanosleep(&while_others_come, NULL);
    for (uint64_t i = 0; i < count; i++) {
        const arena_score_input *item = (const void *)((const char *)in + i * in_stride);
        arena_score_output *result = (void *)((char *)out + i * out_stride);
        if (is(item->output, "refuse"))
            return call->fail(call, ARENA_INVALID_ARGUMENT, text("It was asked to refuse."), text(""));
        char why[96];
        int length = snprintf(why, sizeof why, "%.*s of %llu", (int)item->item_id.len, item->item_id.ptr,
                              (unsigned long long)count);
        explain->explain(explain, i, (arena_str){why, (uint64_t)length});
        result->value = 1;
        result->reason = ARENA_REASON_OK;
    }
    return ARENA_OK;
}

static arena_status score(void *self, const arena_call *call, const arena_score_input *in, arena_score_output *out,
                          const arena_explain_sink *explain) {
    return score_batch(self, call, 1, in, sizeof *in, out, sizeof *out, explain);
}

static const arena_scorer_v1 scorer = {sizeof scorer, 0, create, destroy, score, score_batch};

static const void *get_interface(arena_str interface, arena_str kind) {
    return is(interface, ARENA_SCORER_1) && is(kind, "count") ? &scorer : NULL;
}

static const arena_entry entry = {
    .struct_size = sizeof entry,
    .abi_major = ARENA_ABI_MAJOR,
    .abi_minor = ARENA_ABI_MINOR,
    .id = {"batch", 5},
    .version = {"1.0.0", 5},
    .get_interface = get_interface,
};

__attribute__((visibility("default"))) const arena_entry *arena_plugin_entry_v1(void) { return &entry; }
