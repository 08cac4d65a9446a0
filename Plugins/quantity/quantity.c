/* quantity.c: the rubric `quantity`, compiled in: a scorer looks at the value, the rubric itself at the unit. */
#include "units.h"

#define PLUGIN_ID "quantity"
#define PLUGIN_VERSION "1.0.0"

#define VALUE_WEIGHT 3
#define UNIT_WEIGHT 1

static arena_status load(const arena_call *call, arena_bytes document, void **self) {
    *self = NULL;
    if (document.len == 0) return ARENA_OK;
    return ak_fail(call, ARENA_INVALID_ARGUMENT, "quantity.document",
                   ak_str("line 1, column 1: The rubric quantity is compiled in and reads no document."),
                   "Name the rubric in a file's stead.");
}

static void destroy(void *self) {
    (void)self;
}

static arena_status put(const arena_call *call, const arena_sink *sink, ak_text *text) {
    arena_status status = text->failed ? ak_fail_memory(call) : sink->write(sink, text->ptr, text->len);
    ak_text_free(text);
    return status;
}

#define SCORER "\"scorer\":\"numeric_match\",\"config\":{\"relative_tolerance\":0.01}"

static arena_status describe(void *self, const arena_call *call, const arena_sink *json) {
    (void)self;
    ak_text text = {0};
    ak_putf(&text,
            "{\"id\":\"quantity\",\"title\":\"Number with unit\",\"description\":\"Is the value right, and does it bear "
            "the reference's unit?\",\"checks\":["
            "{\"name\":\"value\",\"kind\":\"numeric_match\",\"weight\":%d," SCORER
            ",\"why\":\"The value is what was asked for.\"},"
            "{\"name\":\"unit\",\"kind\":\"unit\",\"weight\":%d,"
            "\"why\":\"A number without its unit can be read wrongly, but most of the work was done.\"}]}",
            VALUE_WEIGHT, UNIT_WEIGHT);
    return put(call, json, &text);
}

static arena_status plan(void *self, const arena_call *call, const arena_score_input *item,
                         const arena_sink *steps_json) {
    (void)self, (void)item;
    ak_text text = {0};
    ak_putf(&text, "[{\"name\":\"value\",\"weight\":%d," SCORER "}]", VALUE_WEIGHT);
    return put(call, steps_json, &text);
}

/* One of the checks. */
typedef struct check {
    int applies;
    int ok;
    ak_text why;
} check;

/* What the scorer said of the value. Returns 0 for results that are not those of `plan`. */
static int read_value(arena_str results, check *value) {
    ak_json json;
    int readable = ak_json_parse(&json, results) && json.values[0].type == AK_JSON_ARRAY && json.values[0].count == 1;
    if (readable) {
        value->applies = !ak_json_bool(&json, ak_json_member(&json, 1, "skipped"), 0) &&
                         ak_json_is(&json, ak_json_member(&json, 1, "value"), AK_JSON_NUMBER);
        value->ok = value->applies && ak_json_bool(&json, ak_json_member(&json, 1, "pass"), 0);
        uint32_t why = ak_json_member(&json, 1, "explain");
        if (ak_json_is(&json, why, AK_JSON_STRING)) ak_json_put_string(&json, why, &value->why);
    }
    ak_json_free(&json);
    return readable;
}

/* The answer behind the last block of thoughts. */
static arena_str without_thoughts(arena_str output) {
    static const char *const ends[] = {"</think>", "</thinking>", "</thought>"};
    uint64_t from = 0;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        for (uint64_t at = 0; (at = ak_find(output, ak_str(ends[i]), at)) != AK_NOT_FOUND;) {
            at += strlen(ends[i]);
            if (at > from) from = at;
        }
    return ak_slice(output, from, output.len);
}

static void read_unit(const arena_score_input *item, check *unit) {
    arena_str first = {0}, answer = without_thoughts(item->output);
    for (uint32_t i = 0; i < item->reference_count && !unit->ok; i++) {
        quantity wanted;
        if (!quantity_of_reference(arena_score_reference(item, i), &wanted) || wanted.unit.len == 0) continue;
        if (!unit->applies) first = wanted.unit;
        unit->applies = 1;
        unit->ok = quantity_bears_unit(answer, &wanted);
    }
    if (!unit->applies) ak_puts(&unit->why, "left out: the reference has no unit");
    else {
        ak_puts(&unit->why, unit->ok ? "The value bears the unit " : "No right value bears the unit ");
        ak_put_quote(&unit->why, first, 24);
        ak_puts(&unit->why, ".");
    }
}

static void put_check(ak_text *text, const char *name, const char *kind, const check *check, int weight) {
    ak_putf(text, "{\"name\":\"%s\",\"kind\":\"%s\",\"weight\":%d,\"ok\":%s,\"why\":", name, kind, weight,
            !check->applies ? "null" : check->ok ? "true" : "false");
    ak_put_json_string(text, ak_text_str(&check->why));
    ak_puts(text, "}");
}

static arena_status combine(void *self, const arena_call *call, const arena_score_input *item, arena_str results_json,
                            const arena_sink *score_json) {
    (void)self;
    check value = {0}, unit = {0};
    if (!read_value(results_json, &value)) {
        ak_text_free(&value.why);
        return ak_fail(call, ARENA_INVALID_ARGUMENT, "quantity.results",
                       ak_str("The results are not those of the steps that were planned."), NULL);
    }
    read_unit(item, &unit);
    /* Without a value there is nothing that could bear a unit. */
    unit.applies = unit.applies && value.applies;
    int possible = (value.applies ? VALUE_WEIGHT : 0) + (unit.applies ? UNIT_WEIGHT : 0);
    int earned = (value.ok ? VALUE_WEIGHT : 0) + (unit.applies && unit.ok ? UNIT_WEIGHT : 0);
    ak_text text = {0};
    ak_puts(&text, "{\"checks\":[");
    put_check(&text, "value", "numeric_match", &value, VALUE_WEIGHT);
    ak_puts(&text, ",");
    put_check(&text, "unit", "unit", &unit, UNIT_WEIGHT);
    if (possible == 0) ak_puts(&text, "],\"total\":null}");
    else ak_putf(&text, "],\"total\":%.4f,\"pass\":%s}", (double)earned / possible, earned == possible ? "true" : "false");
    ak_text_free(&value.why);
    ak_text_free(&unit.why);
    return put(call, score_json, &text);
}

static const arena_rubric_v1 rubric = {
    .struct_size = sizeof rubric,
    .load = load,
    .destroy = destroy,
    .describe = describe,
    .plan = plan,
    .combine = combine,
};

static const void *get_interface(arena_str interface_id, arena_str kind) {
    return ak_is(interface_id, ARENA_RUBRIC_1) && ak_is(kind, "quantity") ? &rubric : NULL;
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
