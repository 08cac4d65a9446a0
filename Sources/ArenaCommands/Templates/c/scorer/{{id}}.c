/* {{id}}.c: a scorer. An answer is right when it begins with one of its references. Replace `judge` by what you need. */
#include "arena_kit/kit.h"

#include <strings.h>

static int judge(const arena_score_input *in, int case_matters) {
    arena_str answer = ak_trim(in->output);
    for (uint32_t i = 0; i < in->reference_count; i++) {
        arena_str reference = arena_score_reference(in, i);
        if (reference.len == 0 || answer.len < reference.len) continue;
        arena_str start = ak_slice(answer, 0, reference.len);
        if (case_matters ? ak_equal(start, reference) : strncasecmp(start.ptr, reference.ptr, start.len) == 0) return 1;
    }
    return 0;
}

/* The settings of one scorer. The host has checked them against the schema in plugin.json. */
typedef struct settings {
    int case_matters;
} settings;

static arena_status create(const arena_call *call, arena_str config, void **self) {
    settings *made = calloc(1, sizeof *made);
    if (!made) return ak_fail_memory(call);
    ak_json json;
    if (config.len > 0 && ak_json_parse(&json, config)) {
        made->case_matters = ak_json_bool(&json, ak_json_member(&json, 0, "case_matters"), 0);
        ak_json_free(&json);
    }
    *self = made;
    return ARENA_OK;
}

static arena_status score(void *self, const arena_call *call, const arena_score_input *in, arena_score_output *out,
                          const arena_explain_sink *explain) {
    (void)call;
    const settings *settings = self;
    int right = judge(in, settings->case_matters);
    out->status = ARENA_OK;
    out->value = right ? 1 : 0;
    out->flags = ARENA_SCORE_PASS_KNOWN | (right ? ARENA_SCORE_PASS : 0u);
    out->reason = right ? ARENA_REASON_OK : ARENA_REASON_WRONG;
    if (in->reference_count == 0) out->flags = ARENA_SCORE_SKIPPED;
    if (explain && !right) explain->explain(explain, 0, ak_str("The answer begins with none of its references."));
    return ARENA_OK;
}

/* Without score_batch the host calls score for each item. */
static const arena_scorer_v1 table = {
    .struct_size = sizeof table, .create = create, .destroy = free, .score = score};

static const void *get_interface(arena_str interface_id, arena_str kind) {
    return ak_is(interface_id, ARENA_SCORER_1) && ak_is(kind, "{{id}}") ? &table : NULL;
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
