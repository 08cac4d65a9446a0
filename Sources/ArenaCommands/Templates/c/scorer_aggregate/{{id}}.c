/* {{id}}.c: one figure for a whole run: the share of its items that got a full score. Replace `add` and `finish`. */
#include "arena_kit/kit.h"

typedef struct run {
    uint64_t items;
    uint64_t full;
} run;

static arena_status open_run(const arena_call *call, arena_str config, void **self) {
    (void)config;
    run *made = calloc(1, sizeof *made);
    if (!made) return ak_fail_memory(call);
    *self = made;
    return ARENA_OK;
}

static arena_status add(void *self, const arena_call *call, uint64_t count, const void *in, uint64_t in_stride,
                        const void *scores, uint64_t score_stride) {
    (void)call, (void)in, (void)in_stride;
    run *run = self;
    for (uint64_t i = 0; i < count; i++) {
        const arena_score_output *score = (const void *)((const char *)scores + i * score_stride);
        if (score->status != ARENA_OK || score->flags & ARENA_SCORE_SKIPPED) continue;
        run->items++;
        if (score->value >= 1) run->full++;
    }
    return ARENA_OK;
}

static arena_status finish(void *self, const arena_call *call, const arena_sink *result) {
    (void)call;
    const run *run = self;
    ak_text json = {0};
    ak_putf(&json, "{\"value\":%.17g,\"n\":%llu}", run->items ? (double)run->full / (double)run->items : 0,
            (unsigned long long)run->items);
    arena_status status = ak_text_write(&json, result);
    ak_text_free(&json);
    return status;
}

static const arena_scorer_aggregate_v1 table = {
    .struct_size = sizeof table, .open = open_run, .add = add, .finish = finish, .close = free};

static const void *get_interface(arena_str interface_id, arena_str kind) {
    return ak_is(interface_id, ARENA_SCORER_AGGREGATE_1) && ak_is(kind, "{{id}}") ? &table : NULL;
}

const arena_entry *arena_plugin_entry_v1(void) {
    static const arena_entry entry = {
        .struct_size = sizeof entry,
        .abi_major = ARENA_ABI_MAJOR,
        .abi_minor = ARENA_ABI_MINOR,
        .id = AK_LITERAL("{{id}}"),
        .version = AK_LITERAL("0.1.0"),
        .get_interface = get_interface,
    };
    return &entry;
}
