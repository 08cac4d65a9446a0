/* A rubric that is compiled in and does what an item's output asks for: the kind `obey`. */
#define _GNU_SOURCE
#include "arena/plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef WEIGHT
#define WEIGHT "1"
#endif
#ifndef TOTAL
#define TOTAL "0.5"
#endif
#define TEXT(chars_) ((arena_str){chars_, sizeof(chars_) - 1})

static int says(arena_str text, const char *act) { return memmem(text.ptr, text.len, act, strlen(act)) != NULL; }

static arena_status put(const arena_sink *sink, const char *text) { return sink->write(sink, text, strlen(text)); }

static arena_status load(const arena_call *call, arena_bytes document, void **self) {
    *self = NULL;
    if (document.len == 0) return ARENA_OK;
    return call->fail(call, ARENA_INVALID_ARGUMENT, TEXT("line 1, column 1: No document is read."),
                      TEXT("{\"code\":\"obey.document\",\"hint\":\"Leave it out.\"}"));
}

static int destroyed;
static void destroy(void *self) { (void)self, destroyed++; }

static arena_status describe(void *self, const arena_call *call, const arena_sink *json) {
    (void)self, (void)call;
    return put(json, "{\"id\":\"obey\",\"title\":\"Obey\",\"checks\":[{\"name\":\"a\",\"kind\":\"exact_match\","
                     "\"scorer\":\"exact_match\",\"config\":{},\"weight\":" WEIGHT "}]}");
}

static arena_status plan(void *self, const arena_call *call, const arena_score_input *item, const arena_sink *steps) {
    (void)self;
    if (says(item->output, "plan crash")) __builtin_trap();
    if (says(item->output, "plan loop")) for (;;) __asm__ volatile("");
    if (says(item->output, "plan silent")) return ARENA_INTERNAL;
    if (says(item->output, "plan fail")) return call->fail(call, ARENA_FAILED_PRECONDITION, TEXT("No plan."), TEXT(""));
    if (says(item->output, "plan huge"))
        for (;;) if (put(steps, "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[") != ARENA_OK) return ARENA_RESOURCE_EXHAUSTED;
    if (says(item->output, "plan text")) return put(steps, "no json");
    if (says(item->output, "plan bytes")) return put(steps, "\xff\xfe");
    if (says(item->output, "plan nan"))
        return put(steps, "[{\"name\":\"a\",\"scorer\":\"exact_match\",\"weight\":NaN}]");
    if (says(item->output, "plan infinite"))
        return put(steps, "[{\"name\":\"a\",\"scorer\":\"exact_match\",\"weight\":1e999}]");
    if (says(item->output, "plan negative"))
        return put(steps, "[{\"name\":\"a\",\"scorer\":\"exact_match\",\"weight\":-1}]");
    if (says(item->output, "plan nothing"))
        return put(steps, "[{\"name\":\"a\",\"scorer\":\"exact_match\",\"weight\":0}]");
    if (says(item->output, "plan stranger"))
        return put(steps, "[{\"name\":\"a\",\"scorer\":\"includes\",\"weight\":1}]");
    if (says(item->output, "plan judge"))
        return put(steps, "[{\"name\":\"a\",\"judge\":[{\"role\":\"user\",\"content\":\"?\"}],\"weight\":1}]");
    return put(steps, "[{\"name\":\"a\",\"scorer\":\"exact_match\",\"config\":{},\"weight\":1}]");
}

static arena_status combine(void *self, const arena_call *call, const arena_score_input *item, arena_str results,
                            const arena_sink *score) {
    (void)self, (void)call;
    if (says(item->output, "combine two")) return put(score, "{\"total\":2,\"checks\":[]}");
    if (says(item->output, "combine minus")) return put(score, "{\"total\":-0.1,\"checks\":[]}");
    if (says(item->output, "combine text")) return put(score, "{\"total\":\"1\",\"checks\":[]}");
    if (says(item->output, "combine empty")) return ARENA_OK;
    if (says(item->output, "combine null")) return put(score, "{\"total\":null,\"checks\":[]}");
    const char *ok = says(results, "\"pass\":true") ? "true" : "false";
    char text[256];
    snprintf(text, sizeof text,
             "{\"total\":" TOTAL ",\"pass\":%s,\"checks\":[{\"name\":\"a\",\"kind\":\"exact_match\",\"ok\":%s,"
             "\"why\":\"so\",\"weight\":1}]}", ok, ok);
    return put(score, text);
}

static const arena_rubric_v1 rubric = {sizeof rubric, 0, load, destroy, describe, plan, combine, NULL};

static const void *get_interface(arena_str interface, arena_str kind) {
    if (kind.len != 4 || !says(kind, "obey") || interface.len != sizeof ARENA_RUBRIC_1 - 1) return NULL;
    return says(interface, ARENA_RUBRIC_1) ? &rubric : NULL;
}

static const arena_entry entry = {sizeof entry, ARENA_ABI_MAJOR, ARENA_ABI_MINOR, 0, {"rubrics", 7}, {"1.0.0", 5},
                                  NULL,         NULL,            get_interface};
ARENA_EXPORT const arena_entry *arena_plugin_entry_v1(void) { return &entry; }
