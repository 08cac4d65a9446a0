/* {{id}}.c: a rubric that is compiled in. Two checks: the answer is short, and it holds a reference. Replace `plan`. */
#include "arena_kit/kit.h"

static arena_status load(const arena_call *call, arena_bytes document, void **self) {
    (void)call, (void)document;
    *self = NULL;
    return ARENA_OK;
}

static void destroy(void *self) {
    (void)self;
}

static arena_status answer(const arena_sink *sink, const char *json) {
    return sink->write(sink, json, strlen(json));
}

static arena_status describe(void *self, const arena_call *call, const arena_sink *json) {
    (void)self, (void)call;
    return answer(json, "{\"id\":\"{{id}}\",\"title\":\"{{id}}\",\"description\":\"Right, in few words.\",\"checks\":["
                        "{\"name\":\"right\",\"kind\":\"text/includes\",\"scorer\":\"text/includes\",\"config\":{},"
                        "\"weight\":3,\"why\":\"Being right matters most.\"},"
                        "{\"name\":\"exact\",\"kind\":\"text/exact_match\",\"scorer\":\"text/exact_match\","
                        "\"config\":{},\"weight\":1,\"why\":\"Few words are enough.\"}]}");
}

/* Which scorer judges what. */
static arena_status plan(void *self, const arena_call *call, const arena_score_input *item, const arena_sink *steps) {
    (void)self, (void)call, (void)item;
    return answer(steps, "[{\"name\":\"right\",\"scorer\":\"text/includes\",\"config\":{},\"weight\":3},"
                         "{\"name\":\"exact\",\"scorer\":\"text/exact_match\",\"config\":{},\"weight\":1}]");
}

static arena_status combine(void *self, const arena_call *call, const arena_score_input *item, arena_str results,
                            const arena_sink *score) {
    (void)self, (void)item;
    static const struct { const char *name, *kind; double weight; } checks[] = {
        {"right", "text/includes", 3}, {"exact", "text/exact_match", 1}};
    ak_json json;
    if (!ak_json_parse(&json, results)) {
        ak_json_free(&json);
        return ak_fail(call, ARENA_INVALID_ARGUMENT, "{{id}}.results", ak_str("The results are not JSON."), NULL);
    }
    ak_text text = {0};
    double sum = 0, weights = 0;
    ak_puts(&text, "{\"checks\":[");
    for (uint32_t i = 1, step = 0; i < json.count && step < 2; i = json.values[i].next, step++) {
        /* What nobody could be asked is left out, and what is no score. */
        double value = ak_json_double(&json, ak_json_member(&json, i, "value"), -1);
        int is_left_out = ak_json_bool(&json, ak_json_member(&json, i, "skipped"), 0) || !(value >= 0 && value <= 1);
        if (!is_left_out) {
            sum += value * checks[step].weight;
            weights += checks[step].weight;
        }
        ak_putf(&text, "%s{\"name\":\"%s\",\"kind\":\"%s\",\"ok\":%s,\"weight\":%g,\"why\":", step ? "," : "",
                checks[step].name, checks[step].kind, is_left_out ? "null" : value >= 0.5 ? "true" : "false",
                checks[step].weight);
        ak_text why = {0};
        uint32_t explain = ak_json_member(&json, i, "explain");
        if (ak_json_is(&json, explain, AK_JSON_STRING)) ak_json_put_string(&json, explain, &why);
        if (why.len == 0) ak_puts(&why, is_left_out ? "It was left out." : value >= 0.5 ? "It holds." : "It does not hold.");
        ak_put_json_string(&text, ak_text_str(&why));
        ak_text_free(&why);
        ak_puts(&text, "}");
    }
    ak_puts(&text, "],\"total\":");
    if (weights > 0) ak_putf(&text, "%.17g}", sum / weights);
    else ak_puts(&text, "null}");
    ak_json_free(&json);
    arena_status status = ak_text_write(&text, score);
    ak_text_free(&text);
    return status;
}

static const arena_rubric_v1 table = {
    .struct_size = sizeof table, .load = load, .destroy = destroy, .describe = describe, .plan = plan, .combine = combine};

static const void *get_interface(arena_str interface_id, arena_str kind) {
    return ak_is(interface_id, ARENA_RUBRIC_1) && ak_is(kind, "{{id}}") ? &table : NULL;
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
