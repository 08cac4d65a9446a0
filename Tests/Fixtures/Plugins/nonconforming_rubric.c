/* A rubric that keeps every rule, unless a macro on the command line breaks one. READS: it reads documents that are a
   line "check: NAME" each. */
#define _GNU_SOURCE
#include "arena/plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TEXT(chars_) ((arena_str){chars_, sizeof(chars_) - 1})
static int is(arena_str a, const char *chars) { return a.len == strlen(chars) && !memcmp(a.ptr, chars, a.len); }
static int holds(arena_str a, const char *part) { return a.len && memmem(a.ptr, a.len, part, strlen(part)) != NULL; }
static arena_status put(const arena_sink *sink, const char *text) { return sink->write(sink, text, strlen(text)); }

#ifndef WEIGHT
#define WEIGHT "1"
#endif
#ifndef WHY
#define WHY "It was asked for."
#endif
#ifndef SECOND
#define SECOND "short"
#endif

static int is_document(arena_bytes document) {
    return document.len > 8 && !memcmp(document.ptr, "id: plain", 9);
}
static arena_status load(const arena_call *call, arena_bytes document, void **self) {
    *self = NULL;
#ifdef READS
#ifdef NO_PLACE
    if (!is_document(document)) return call->fail(call, ARENA_INVALID_ARGUMENT, TEXT("That is no rubric."), TEXT(""));
#endif
    if (!is_document(document))
        return call->fail(call, ARENA_INVALID_ARGUMENT, TEXT("line 1, column 1: That is no rubric."), TEXT(""));
#endif
    (void)call, (void)document, (void)is_document;
    return ARENA_OK;
}
static void destroy(void *self) { (void)self; }

static arena_status describe(void *self, const arena_call *call, const arena_sink *json) {
    (void)self, (void)call;
    return put(json, "{\"id\":\"kind\",\"title\":\"Kind\",\"checks\":["
                     "{\"name\":\"right\",\"kind\":\"includes\",\"scorer\":\"includes\",\"weight\":" WEIGHT ",\"why\":\"" WHY
                     "\"},{\"name\":\"" SECOND "\",\"kind\":\"own\",\"weight\":1,\"why\":\"Few words.\"}]}");
}
static arena_status plan(void *self, const arena_call *call, const arena_score_input *item, const arena_sink *steps) {
    (void)self, (void)call, (void)item;
#ifdef DEAF
    nanosleep(&(struct timespec){0, 300000000}, NULL);
#endif
#ifdef CRASHES
    if (holds(item->output, "Straße")) __builtin_trap();
#endif
#ifdef PLANS_STRANGER
    return put(steps, "[{\"name\":\"stranger\",\"scorer\":\"includes\",\"weight\":1}]");
#endif
#ifdef PLANS_TWICE
    return put(steps, "[{\"name\":\"right\",\"scorer\":\"a\",\"weight\":1},{\"name\":\"right\",\"scorer\":\"a\",\"weight\":1}]");
#endif
#ifdef PLANS_NOTHING
    return put(steps, "[{\"name\":\"right\",\"weight\":1}]");
#endif
    return put(steps, "[{\"name\":\"right\",\"scorer\":\"includes\",\"config\":{},\"weight\":1}]");
}

/* The number behind `"value":`; -1: none. */
static double value_in(arena_str results) {
    const char *at = results.len ? memmem(results.ptr, results.len, "\"value\":", 8) : NULL;
    if (!at || holds(results, "\"skipped\":true")) return -1;
    char digits[32] = {0};
    uint64_t left = (uint64_t)(results.ptr + results.len - (at + 8));
    memcpy(digits, at + 8, left < 31 ? left : 31);
    char *stop;
    double value = strtod(digits, &stop);
    if (stop == digits || !(value >= 0 && value <= 1)) return -1;
    return value;
}
static arena_status combine(void *self, const arena_call *call, const arena_score_input *item, arena_str results,
                            const arena_sink *score) {
    (void)self, (void)call;
    static int calls;
    calls++;
    double value = value_in(results);
    int applies = value >= 0, isShort = item->output.len < 20;
    (void)calls;
#ifdef BELIEVES
    const char *at = results.len ? memmem(results.ptr, results.len, "\"value\":", 8) : NULL;
    if (at) value = strtod(at + 8, NULL), applies = 1;
#endif
#ifdef COUNTS_SKIPPED
    if (!applies) applies = 1, value = 0;
#endif
    double total = applies ? (value + isShort) / 2 : isShort;
#ifdef TOTAL_TWO
    total *= 2;
#endif
#ifdef RANDOM
    total = (double)(calls % 10) / 10;
#endif
#ifdef NO_REASON
#define REASON ""
#else
#define REASON "So it is."
#endif
    char text[400];
    snprintf(text, sizeof text,
             "{\"total\":%.6f,\"checks\":["
#ifndef FORGETS_CHECK
             "{\"name\":\"right\",\"kind\":\"includes\",\"ok\":%s,\"why\":\"" REASON "\",\"weight\":1},"
#endif
             "{\"name\":\"" SECOND "\",\"kind\":\"own\",\"ok\":%s,\"why\":\"" REASON "\",\"weight\":1}]}",
             total,
#ifndef FORGETS_CHECK
             !applies ? "null" : value >= 0.5 ? "true" : "false",
#endif
             isShort ? "true" : "false");
    return put(score, text);
}
#ifdef READS
static arena_status check(const arena_call *call, arena_bytes document, const arena_sink *faults) {
    (void)call;
#ifdef SEES_NOTHING
    return put(faults, "[]");
#endif
#ifdef LOST_PLACE
    return put(faults, is_document(document) ? "[]" : "[{\"message\":\"That is no rubric.\"}]");
#endif
    return put(faults, is_document(document)
                           ? "[]" : "[{\"line\":1,\"column\":1,\"message\":\"That is no rubric.\",\"hint\":\"Write one.\"}]");
}
#else
#define check NULL
#endif

static const arena_rubric_v1 rubric = {sizeof rubric, 0, load, destroy, describe, plan, combine, check};
static const void *get_interface(arena_str interface, arena_str kind) {
    return is(interface, ARENA_RUBRIC_1) && is(kind, "kind") ? &rubric : NULL;
}
static const arena_entry entry = {
    sizeof entry, ARENA_ABI_MAJOR, ARENA_ABI_MINOR, 0, {"conforming", 10}, {"1.0.0", 5}, NULL, NULL, get_interface,
};
ARENA_EXPORT const arena_entry *arena_plugin_entry_v1(void) { return &entry; }
