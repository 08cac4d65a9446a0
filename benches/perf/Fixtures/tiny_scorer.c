/* tiny_scorer.c: the least that a scorer can be, so that what is measured is the way to it and not its work.
 *
 * PLUGIN_ID names the plugin. With PERF_FOREIGN the judging is done by `perf_judge`, which another language provides. */
#include "arena/plugin.h"

#include <string.h>

#ifndef PLUGIN_ID
#define PLUGIN_ID "tiny"
#endif

#ifdef PERF_FOREIGN
extern double perf_judge(const char *output, uint64_t length);
#endif

static arena_status create(const arena_call *call, arena_str config, void **self) {
    (void)call;
    (void)config;
    static int object;
    *self = &object;
    return ARENA_OK;
}

static void destroy(void *self) {
    (void)self;
}

static arena_status score(void *self, const arena_call *call, const arena_score_input *in, arena_score_output *out,
                          const arena_explain_sink *explain) {
    (void)self;
    (void)call;
    (void)explain;
#ifdef PERF_FOREIGN
    out->value = perf_judge(in->output.ptr, in->output.len);
#else
    const arena_str *reference = in->references;
    int right = in->reference_count > 0 && reference->len == in->output.len &&
                memcmp(reference->ptr, in->output.ptr, in->output.len) == 0;
    out->value = right ? 1 : 0;
#endif
    out->status = ARENA_OK;
    out->flags = 0;
    out->reason = out->value > 0 ? ARENA_REASON_OK : ARENA_REASON_WRONG;
    return ARENA_OK;
}

static arena_status score_batch(void *self, const arena_call *call, uint64_t count, const void *in, uint64_t in_stride,
                                void *out, uint64_t out_stride, const arena_explain_sink *explain) {
    for (uint64_t i = 0; i < count; i++)
        score(self, call, (const arena_score_input *)((const char *)in + i * in_stride),
              (arena_score_output *)((char *)out + i * out_stride), explain);
    return ARENA_OK;
}

static const arena_scorer_v1 scorer = {
    .struct_size = sizeof scorer, .create = create, .destroy = destroy, .score = score, .score_batch = score_batch};

static int is(arena_str text, const char *literal) {
    return text.len == strlen(literal) && memcmp(text.ptr, literal, text.len) == 0;
}

static const void *get_interface(arena_str interface_id, arena_str kind) {
    return is(interface_id, ARENA_SCORER_1) && is(kind, "tiny") ? &scorer : NULL;
}

__attribute__((visibility("default"))) const arena_entry *arena_plugin_entry_v1(void) {
    static const arena_entry entry = {
        .struct_size = sizeof entry,
        .abi_major = ARENA_ABI_MAJOR,
        .abi_minor = ARENA_ABI_MINOR,
        .id = {PLUGIN_ID, sizeof PLUGIN_ID - 1},
        .version = {"1.0.0", 5},
        .get_interface = get_interface,
    };
    return &entry;
}
