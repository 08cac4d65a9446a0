/* Scorers that judge well, and scorers that break a rule each; a job kind and a lane engine that echo. */
#include "arena/plugin.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static arena_str text(const char *chars) { return (arena_str){chars, strlen(chars)}; }
static int equal(arena_str a, arena_str b) { return a.len == b.len && (a.len == 0 || !memcmp(a.ptr, b.ptr, a.len)); }
static int is(arena_str a, const char *chars) { return equal(a, text(chars)); }

/* exact: 1 when the output equals a reference. Its object counts what is alive. */
static int alive;

static arena_status exact_create(const arena_call *call, arena_str config, void **self) {
    if (is(config, "{\"refuse\":true}"))
        return call->fail(call, ARENA_INVALID_ARGUMENT, text("The configuration is refused."),
                          text("{\"code\":\"exact.refused\",\"hint\":\"Leave it out.\"}"));
    if (is(config, "{\"silent\":true}")) return ARENA_INTERNAL;
    *self = malloc(1);
    alive++;
    return ARENA_OK;
}
static void exact_destroy(void *self) {
    free(self);
    alive--;
}
static arena_status exact_score(void *self, const arena_call *call, const arena_score_input *in,
                                arena_score_output *out, const arena_explain_sink *explain) {
    (void)self, (void)call;
    out->value = 0;
    out->reason = ARENA_REASON_WRONG;
    for (uint32_t i = 0; i < in->reference_count; i++)
        if (equal(in->output, arena_score_reference(in, i))) out->value = 1, out->reason = ARENA_REASON_OK;
    out->flags = ARENA_SCORE_PASS_KNOWN | (out->value == 1 ? ARENA_SCORE_PASS : 0);
    if (explain && out->value == 0) explain->explain(explain, 0, in->item_id);
    return ARENA_OK;
}
struct shifted {
    const arena_explain_sink *sink;
    uint64_t index;
};
static void explain_shifted(const arena_explain_sink *sink, uint64_t index, arena_str why) {
    const struct shifted *shifted = sink->host_context;
    shifted->sink->explain(shifted->sink, index + shifted->index, why);
}
static arena_status exact_score_batch(void *self, const arena_call *call, uint64_t count, const void *in,
                                      uint64_t in_stride, void *out, uint64_t out_stride,
                                      const arena_explain_sink *explain) {
    for (uint64_t i = 0; i < count; i++) {
        struct shifted shifted = {explain, i};
        arena_explain_sink sink = {sizeof sink, 0, &shifted, explain_shifted};
        exact_score(self, call, (const void *)((const char *)in + i * in_stride),
                    (void *)((char *)out + i * out_stride), explain ? &sink : NULL);
    }
    return ARENA_OK;
}
static const arena_scorer_v1 exact = {sizeof exact, 0, exact_create, exact_destroy, exact_score, exact_score_batch};
static const arena_scorer_v1 single = {sizeof single, 0, exact_create, exact_destroy, exact_score, NULL};

/* odd: does what the output says. */
static arena_status odd_score(void *self, const arena_call *call, const arena_score_input *in, arena_score_output *out,
                              const arena_explain_sink *explain) {
    (void)self;
    out->value = 1;
    if (is(in->output, "nan")) out->value = NAN;
    if (is(in->output, "infinite")) out->value = INFINITY;
    if (is(in->output, "two")) out->value = 2;
    if (is(in->output, "negative")) out->value = -0.25;
    if (is(in->output, "item error")) out->status = ARENA_NOT_FOUND;
    if (is(in->output, "item status 99")) out->status = 99;
    if (is(in->output, "skipped")) out->flags = ARENA_SCORE_SKIPPED, out->value = NAN;
    if (is(in->output, "unknown reason")) out->reason = 4711;
    if (is(in->output, "unknown flags")) out->flags = 0xFFFFFF00u;
    if (is(in->output, "bad text")) explain->explain(explain, 0, (arena_str){"\xFF\xFE", 2});
    if (is(in->output, "no text")) explain->explain(explain, 0, (arena_str){NULL, 7});
    if (is(in->output, "explains again")) {
        explain->explain(explain, 0, text("first"));
        explain->explain(explain, 0, text("2nd"));
    }
    if (is(in->output, "explains at length")) {
        static char bytes[3000];
        for (size_t i = 0; i + 1 < sizeof bytes; i += 2) memcpy(bytes + i, "\xC3\xA9", 2);
        explain->explain(explain, 0, (arena_str){bytes, sizeof bytes - 1});
        explain->explain(explain, 0, (arena_str){bytes, 2999 - 1});
    }
    if (is(in->output, "explains elsewhere")) explain->explain(explain, 1u << 30, text("x"));
    if (is(in->output, "silent failure")) return ARENA_INTERNAL;
    if (is(in->output, "status 99")) return call->fail(call, 99, text("ninety-nine"), text(""));
    if (is(in->output, "status -1")) return -1;
    if (is(in->output, "fails")) {
        call->fail(call, ARENA_INTERNAL, text("first"), text(""));
        return call->fail(call, ARENA_UNAVAILABLE, text("The table is away."),
                          text("{\"code\":\"odd.away\",\"hint\":\"Wait.\",\"retry\":false}"));
    }
    if (is(in->output, "fails in bad text")) return call->fail(call, ARENA_INTERNAL, (arena_str){"\xC3", 1}, text(""));
    if (is(in->output, "cancelled?") && call->cancelled(call)) return ARENA_CANCELLED;
    if (is(in->output, "reports")) {
        call->progress(call, 3, 9, text("middle"), text("{\"a\":1}"));
        call->log(call, ARENA_LOG_WARNING, text("a line"), text(""));
        call->log(call, 77, (arena_str){"\xFF", 1}, text(""));
        call->log(call, -5, text("below"), text(""));
    }
    return ARENA_OK;
}
static arena_status nothing_create(const arena_call *call, arena_str config, void **self) {
    (void)call, (void)config;
    *self = NULL;
    return ARENA_OK;
}
static const arena_scorer_v1 odd = {sizeof odd, 0, nothing_create, NULL, odd_score, NULL};

/* echo: a job kind that gives its payload back, after its checkpoint. */
struct job {
    arena_job_open open;
    char payload[4096];
    char checkpoint[64];
};
static arena_status echo_validate(const arena_call *call, arena_str payload, const arena_sink *issues) {
    (void)call, (void)payload;
    return issues->write(issues, "[]", 2);
}
static arena_status echo_open(const arena_call *call, const arena_job_open *open, void **self) {
    if (open->payload_json.len > 4096 || open->checkpoint.len > 64)
        return call->fail(call, ARENA_INVALID_ARGUMENT, text("too long"), text(""));
    struct job *job = calloc(1, sizeof *job);
    job->open = *open;
    memcpy(job->payload, open->payload_json.ptr, open->payload_json.len);
    memcpy(job->checkpoint, open->checkpoint.ptr, open->checkpoint.len);
    *self = job;
    alive++;
    return ARENA_OK;
}
static arena_status echo_run(void *self, const arena_call *call, const arena_sink *result) {
    struct job *job = self;
    arena_str payload = {job->payload, job->open.payload_json.len};
    if (is(payload, "{\"endless\":true}")) {
        static char piece[1 << 16];
        for (;;) {
            arena_status status = result->write(result, piece, sizeof piece);
            if (status) return status;
        }
    }
    if (is(payload, "{\"deaf\":true}")) {
        static char piece[16 << 20];
        result->write(result, piece, sizeof piece);
        return ARENA_OK;
    }
    if (is(payload, "{\"bytes\":true}")) return result->write(result, "\xFF\xFF", 2);
    if (is(payload, "{\"wait\":true}")) {
        while (!call->cancelled(call)) {}
        return ARENA_CANCELLED;
    }
    char line[8192];
    int length =
        snprintf(line, sizeof line, "{\"attempt\":%u,\"sequence\":%llu,\"checkpoint\":\"%.*s\",\"payload\":%.*s}",
                 job->open.attempt, (unsigned long long)job->open.checkpoint_seq, (int)job->open.checkpoint.len,
                 job->checkpoint, (int)payload.len, payload.ptr);
    return result->write(result, line, (uint64_t)length);
}
static void echo_close(void *self) {
    free(self);
    alive--;
}
static const arena_job_kind_v1 echo = {sizeof echo, 0, echo_validate, NULL, echo_open, echo_run, echo_close};

/* parrot: an engine that says the request again, in pieces of one byte. */
static arena_status nothing(void *self, const arena_call *call) {
    (void)self, (void)call;
    return ARENA_OK;
}
static void parrot_destroy(void *self) { (void)self; }
static arena_status parrot_health(void *self, const arena_call *call, const arena_sink *json) {
    (void)self, (void)call;
    char line[64];
    int length = snprintf(line, sizeof line, "{\"ok\":true,\"alive\":%d}", alive);
    return json->write(json, line, (uint64_t)length);
}
static arena_status parrot_chat(void *self, const arena_call *call, arena_str request, const arena_chat_sink *sink) {
    (void)self, (void)call;
    arena_chat_end end = {sizeof end, 0, text("stop"), text("{\"completion_tokens\":1}"), text("")};
    if (is(request, "no end")) return ARENA_OK;
    if (is(request, "two ends")) {
        sink->end(sink, &end);
        sink->end(sink, &end);
        return ARENA_OK;
    }
    if (is(request, "delta after end")) {
        arena_chat_delta late = {sizeof late, 0, 0, 0, text("late"), {NULL, 0}};
        sink->end(sink, &end);
        sink->delta(sink, &late);
        return ARENA_OK;
    }
    if (is(request, "channel 9")) {
        arena_chat_delta odd = {sizeof odd, 9, 0, 0, text("x"), {NULL, 0}};
        arena_status status = sink->delta(sink, &odd);
        if (status) return status;
    }
    for (uint64_t i = 0; i < request.len; i++) {
        arena_chat_delta delta = {sizeof delta, ARENA_CHANNEL_CONTENT, 0, 0, {request.ptr + i, 1}, {NULL, 0}};
        arena_status status = sink->delta(sink, &delta);
        if (status) return status;
    }
    return sink->end(sink, &end);
}
static arena_status parrot_embed(void *self, const arena_call *call, arena_str model, uint64_t count,
                                 const arena_str *texts, uint32_t *dims, const arena_sink *rows) {
    (void)self, (void)call, (void)model;
    *dims = 2;
    for (uint64_t i = 0; i < count; i++) {
        float row[2] = {(float)texts[i].len, (float)i};
        arena_status status = rows->write(rows, row, sizeof row);
        if (status) return status;
    }
    return ARENA_OK;
}
static arena_status parrot_rerank(void *self, const arena_call *call, arena_str model, arena_str query, uint64_t count,
                                  const arena_str *documents, const arena_sink *scores) {
    (void)self, (void)call, (void)model, (void)query;
    for (uint64_t i = 0; i < count; i++) {
        double score = is(documents[i], "nan") ? NAN : (double)documents[i].len;
        arena_status status = scores->write(scores, &score, sizeof score);
        if (status) return status;
    }
    return ARENA_OK;
}
static const arena_lane_engine_v1 parrot = {
    sizeof parrot, 0,           nothing_create, parrot_destroy, nothing,       nothing, parrot_health,
    parrot_health, parrot_chat, parrot_embed,   parrot_rerank,
};

static const void *get_interface(arena_str interface, arena_str kind) {
    if (is(interface, ARENA_SCORER_1) && is(kind, "exact")) return &exact;
    if (is(interface, ARENA_SCORER_1) && is(kind, "single")) return &single;
    if (is(interface, ARENA_SCORER_1) && is(kind, "odd")) return &odd;
    if (is(interface, ARENA_JOB_KIND_1) && is(kind, "echo")) return &echo;
    if (is(interface, ARENA_LANE_ENGINE_1) && is(kind, "parrot")) return &parrot;
    return NULL;
}

static const arena_entry entry = {
    sizeof entry, ARENA_ABI_MAJOR, ARENA_ABI_MINOR, 0, {"scorers", 7}, {"1.2.3", 5}, NULL, NULL, get_interface,
};
const arena_entry *arena_plugin_entry_v1(void) { return &entry; }
