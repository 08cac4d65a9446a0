/* plugin.c: the entry, and the one implementation of arena.scorer/1 that the four scorers share. */
#include "text.h"

#define PLUGIN_ID "text"
#define PLUGIN_VERSION "1.0.0"

static arena_status refuse_config(const arena_call *call, const char *name, const char *rule) {
    ak_text message = {0};
    ak_putf(&message, "The scorer's setting %s must be %s.", name, rule);
    arena_status status = ak_fail(call, ARENA_INVALID_ARGUMENT, "text.config", ak_text_str(&message), NULL);
    ak_text_free(&message);
    return status;
}

/* Reads the settings, all optional. The host has checked them against the manifest's schema; what is read here is
   checked again, since a wrong size would be harmful. */
static arena_status read_config(const arena_call *call, arena_str text, text_config *config) {
    *config = (text_config){.relative_tolerance = 0.01, .choices = 4};
    if (text.len == 0) return ARENA_OK;
    ak_json json;
    if (!ak_json_parse(&json, text) || json.values[0].type != AK_JSON_OBJECT) {
        ak_json_free(&json);
        return ak_fail(call, ARENA_INVALID_ARGUMENT, "text.config", ak_str("The scorer's config is no JSON object."),
                       NULL);
    }
    config->case_sensitive = ak_json_bool(&json, ak_json_member(&json, 0, "case_sensitive"), 0);
    config->whole_words = ak_json_bool(&json, ak_json_member(&json, 0, "whole_words"), 0);
    config->decimal_comma = ak_json_bool(&json, ak_json_member(&json, 0, "decimal_comma"), 0);
    config->relative_tolerance = ak_json_double(&json, ak_json_member(&json, 0, "relative_tolerance"), 0.01);
    double choices = ak_json_double(&json, ak_json_member(&json, 0, "choices"), 4);
    ak_json_free(&json);
    if (!(config->relative_tolerance >= 0 && config->relative_tolerance <= 1))
        return refuse_config(call, "relative_tolerance", "between 0 and 1");
    if (!(choices >= 2 && choices <= 26)) return refuse_config(call, "choices", "between 2 and 26");
    config->choices = (uint32_t)choices;
    return ARENA_OK;
}

static arena_status create(const arena_call *call, arena_str config, const text_scorer *kind, void **self) {
    text_scorer scorer = *kind;
    arena_status status = read_config(call, config, &scorer.config);
    if (status != ARENA_OK) return status;
    text_scorer *made = malloc(sizeof *made);
    if (!made) return ak_fail_memory(call);
    *made = scorer;
    *self = made;
    return ARENA_OK;
}

static void destroy(void *self) {
    free(self);
}

static void judge(const text_scorer *scorer, const arena_score_input *in, arena_score_output *out, uint64_t index,
                  const arena_explain_sink *explain) {
    text_answer answer;
    text_verdict verdict = {.explains = explain != NULL};
    text_answer_open(&answer, in);
    scorer->judge(&scorer->config, &answer, in, &verdict);
    int judged = verdict.status == ARENA_OK && !verdict.skipped;
    int right = judged && verdict.reason == ARENA_REASON_OK;
    out->status = verdict.status;
    out->value = right ? 1 : 0;
    out->reason = verdict.reason;
    out->flags = verdict.skipped ? ARENA_SCORE_SKIPPED : ARENA_SCORE_PASS_KNOWN | (right ? ARENA_SCORE_PASS : 0u);
    if (explain) explain->explain(explain, index, ak_text_str(&verdict.why));
    text_answer_close(&answer);
    ak_text_free(&verdict.why);
}

static arena_status score_batch(void *self, const arena_call *call, uint64_t count, const void *in, uint64_t in_stride,
                                void *out, uint64_t out_stride, const arena_explain_sink *explain) {
    for (uint64_t i = 0; i < count; i++) {
        arena_status status = i % 16 == 0 ? ak_check_cancelled(call) : ARENA_OK;
        if (status != ARENA_OK) return status;
        judge(self, (const arena_score_input *)((const char *)in + i * in_stride),
              (arena_score_output *)((char *)out + i * out_stride), i, explain);
    }
    return ARENA_OK;
}

static arena_status score(void *self, const arena_call *call, const arena_score_input *in, arena_score_output *out,
                          const arena_explain_sink *explain) {
    return score_batch(self, call, 1, in, sizeof *in, out, sizeof *out, explain);
}

/* One scorer: its create, which knows what it judges by, and its table. */
#define SCORER(name_, judge_)                                                                                          \
    static arena_status create_##name_(const arena_call *call, arena_str config, void **self) {                        \
        static const text_scorer kind = {.judge = judge_};                                                             \
        return create(call, config, &kind, self);                                                                      \
    }                                                                                                                  \
    static const arena_scorer_v1 name_ = {                                                                             \
        .struct_size = sizeof name_, .create = create_##name_, .destroy = destroy, .score = score,                     \
        .score_batch = score_batch};

SCORER(exact_match, text_judge_exact)
SCORER(includes, text_judge_includes)
SCORER(numeric_match, text_judge_number)
SCORER(mcq_letter, text_judge_letter)

static const void *get_interface(arena_str interface_id, arena_str kind) {
    if (!ak_is(interface_id, ARENA_SCORER_1)) return NULL;
    if (ak_is(kind, "exact_match")) return &exact_match;
    if (ak_is(kind, "includes") || ak_is(kind, "contains")) return &includes;
    if (ak_is(kind, "numeric_match")) return &numeric_match;
    if (ak_is(kind, "mcq_letter")) return &mcq_letter;
    return NULL;
}

static const arena_entry entry = {
    .struct_size = sizeof entry,
    .abi_major = ARENA_ABI_MAJOR,
    .abi_minor = ARENA_ABI_MINOR,
    .id = AK_LITERAL(PLUGIN_ID),
    .version = AK_LITERAL(PLUGIN_VERSION),
    .get_interface = get_interface,
};

const arena_entry *arena_plugin_entry_v1(void) {
    return &entry;
}
