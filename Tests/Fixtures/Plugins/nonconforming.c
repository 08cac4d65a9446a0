/* A scorer, a job kind and an engine that keep every rule, unless a macro on the command line breaks one. */
#define _GNU_SOURCE
#include "arena/plugin.h"

#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define TEXT(chars_) ((arena_str){chars_, sizeof(chars_) - 1})
static int is(arena_str a, const char *chars) { return a.len == strlen(chars) && !memcmp(a.ptr, chars, a.len); }
static int equal(arena_str a, arena_str b) { return a.len == b.len && (a.len == 0 || !memcmp(a.ptr, b.ptr, a.len)); }
__attribute__((unused)) static void sleep_ms(long ms) { nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL); }
__attribute__((unused)) static int has(arena_str text, const char *part) { return text.len && memmem(text.ptr, text.len, part, strlen(part)); }
static void ignore(int signal) { (void)signal; }

#ifdef EXTRA_EXPORT
ARENA_EXPORT int arena_other_symbol(void);
int arena_other_symbol(void) { return 1; }
#endif

/* The scorer: 1 when the output equals a reference. */
static arena_status create(const arena_call *call, arena_str config, void **self) {
    (void)config;
#ifdef SILENT
    (void)call;
    return ARENA_INTERNAL;
#endif
#ifdef STATUS_99
    return call->fail(call, 99, TEXT("ninety-nine"), TEXT(""));
#endif
#ifdef BAD_TEXT
    call->log(call, ARENA_LOG_INFO, TEXT("\xFF"), TEXT(""));
#endif
#ifdef EXACT_SIZE
    if (call->struct_size != sizeof *call)
        return call->fail(call, ARENA_INVALID_ARGUMENT, TEXT("The call has another size."), TEXT(""));
#endif
#ifdef PRINTS
    puts("created");
#endif
    (void)call;
    *self = calloc(1, 64);
    return ARENA_OK;
}
static int judgements;
static arena_str kept;
static void judge(const arena_score_input *in, arena_score_output *out, const arena_call *call) {
    out->value = 0;
    out->status = ARENA_OK;
    out->reason = ARENA_REASON_WRONG;
    for (uint32_t i = 0; i < in->reference_count; i++) {
#ifdef FIXED_STRIDE
        arena_str reference = ((const arena_str *)in->references)[i];
#else
        arena_str reference = arena_score_reference(in, i);
#endif
        if (equal(in->output, reference)) out->value = 1, out->reason = ARENA_REASON_OK;
    }
#ifdef READS_ON
    if (in->output.len && strlen(in->output.ptr) == 12345) out->value = 1;
#endif
#ifdef KEEPS_INPUT
    if (kept.len && kept.ptr[0] == 'z') out->value = 1;
    kept = in->output;
#endif
#ifdef WRITES_INPUT
    if (in->output.len) ((char *)(uintptr_t)in->output.ptr)[0] ^= 1, ((char *)(uintptr_t)in->output.ptr)[0] ^= 1;
#endif
#ifdef WRITES_BEYOND
    memset((char *)out + sizeof *out, 0, out->struct_size - sizeof *out);
#endif
#ifdef WRITES_BEFORE
    ((volatile char *)out)[-1] = 0;
#endif
#ifdef STATIC_STATE
    static char shared[4];
    shared[0] = (char)in->output.len;
    sleep_ms(1);
    if (shared[0] != (char)in->output.len) out->value = 0.25;
#endif
#ifdef DEAF
    sleep_ms(300);
#endif
#ifdef OUT_OF_RANGE
    out->value = 2;
#endif
#ifdef RANDOM
    out->value = (double)(getpid() % 1000) / 1000;
#endif
#ifdef REMEMBERS
    if (judgements++ % 5 == 4) out->value = 0.75;
#endif
#ifdef CRASHES_ALWAYS
    *(volatile int *)NULL = 1;
#endif
#ifdef HANGS_ALWAYS
    for (;;) sleep_ms(1000);
#endif
#ifdef CRASHES
    if (has(in->output, "1e309")) __builtin_trap();
#endif
    (void)call, (void)judgements, (void)kept;
}
static arena_status score(void *self, const arena_call *call, const arena_score_input *in, arena_score_output *out,
                          const arena_explain_sink *explain) {
    (void)self;
    judge(in, out, call);
    if (explain && out->value == 0) explain->explain(explain, 0, in->item_id);
    return ARENA_OK;
}
static arena_status score_batch(void *self, const arena_call *call, uint64_t count, const void *in, uint64_t in_stride,
                                void *out, uint64_t out_stride, const arena_explain_sink *explain) {
    (void)self;
#ifdef EMPTY_CRASHES
    if (count == 0) __builtin_trap();
#endif
    for (uint64_t i = 0; i < count; i++) {
        const arena_score_input *input = (const void *)((const char *)in + i * in_stride);
        arena_score_output *output = (void *)((char *)out + i * out_stride);
        judge(input, output, call);
#ifdef BATCH_DIFFERS
        if (count > 1) output->value = 0.5;
#endif
        if (explain && output->value == 0) explain->explain(explain, i, input->item_id);
    }
    return ARENA_OK;
}
static const arena_scorer_v1 scorer = {sizeof scorer, 0, create, free, score, score_batch};

/* The job kind: three rows and three commits; the result is how many items there were. */
static const arena_job_service *job_service;
struct job {
    uint64_t done, seq;
};
static arena_status validate(const arena_call *call, arena_str payload, const arena_sink *issues) {
    (void)call, (void)payload;
#ifdef BAD_ISSUES
    return issues->write(issues, "[{}]", 4);
#endif
#ifdef IGNORES_SINK
    for (int i = 0; i < 4; i++) issues->write(issues, &"[{}]"[i == 1 || i == 2 ? 0 : i], i == 1 || i == 2 ? 0 : 1);
    return ARENA_OK;
#endif
    arena_status status = issues->write(issues, "[", 1);
    return status ? status : issues->write(issues, "]", 1);
}
static arena_status estimate(const arena_call *call, arena_str payload, const arena_sink *plan) {
    (void)call, (void)payload;
#ifdef BAD_PLAN
    return plan->write(plan, "{\"units\":\"many\"}", 16);
#endif
    return plan->write(plan, "{\"units\":3}", 11);
}
static arena_status open_job(const arena_call *call, const arena_job_open *start, void **self) {
    struct job *job = calloc(1, sizeof *job);
    if (!job) return call->fail(call, ARENA_RESOURCE_EXHAUSTED, TEXT("No memory."), TEXT(""));
    if (start->checkpoint.len == sizeof job->done) memcpy(&job->done, start->checkpoint.ptr, sizeof job->done);
    job->seq = start->checkpoint_seq;
    *self = job;
    return ARENA_OK;
}
static arena_status run_job(void *self, const arena_call *call, const arena_sink *result) {
    struct job *job = self;
#ifndef NEEDS_SERVICE
    if (!job_service)
        return call->fail(call, ARENA_FAILED_PRECONDITION, TEXT("The service arena.job/1 is not there."), TEXT(""));
#endif
    uint64_t rows = 0;
    while (job->done < 3) {
        job->done++;
        rows++;
        char key[2] = {(char)('a' + job->done), 0};
        arena_status status =
            job_service->put(job_service, call, TEXT("row/1"), (arena_str){key, 1}, TEXT("{\"a\":1}"));
        arena_bytes checkpoint = {(const uint8_t *)&job->done, sizeof job->done};
        if (!status || status == ARENA_ALREADY_EXISTS)
            status = job_service->commit(job_service, call, checkpoint, job->seq, &job->seq);
#ifdef IGNORES_REFUSAL
        if (status) job->done = 0, sleep_ms(20);
#else
        if (status) return status;
#endif
    }
#ifdef FORGETS
    job->done = rows;
#endif
    char line[32];
    int length = snprintf(line, sizeof line, "{\"rows\":%d}", (int)job->done);
    return result->write(result, line, (uint64_t)length);
}
static const arena_job_kind_v1 job = {sizeof job, 0, validate, estimate, open_job, run_job, free};

/* The engine: says the request again, a byte a piece. */
static arena_status nothing(void *self, const arena_call *call) {
    (void)self, (void)call;
    return ARENA_OK;
}
static arena_status health(void *self, const arena_call *call, const arena_sink *json) {
    (void)self, (void)call;
#ifdef BAD_HEALTH
    return json->write(json, "fine", 4);
#endif
    return json->write(json, "{\"ok\":true}", 11);
}
static arena_status models(void *self, const arena_call *call, const arena_sink *json) {
    (void)self, (void)call;
#ifdef BAD_MODELS
    return json->write(json, "[{}]", 4);
#endif
    return json->write(json, "[{\"id\":\"echo\"}]", 15);
}
static arena_status chat(void *self, const arena_call *call, arena_str request, const arena_chat_sink *sink) {
    (void)self, (void)call;
    for (uint64_t i = 0; i < request.len && i < 20; i++) {
        arena_chat_delta delta = {sizeof delta, 0, 0, 0, {request.ptr + i, 1}, {NULL, 0}};
        arena_status status = sink->delta(sink, &delta);
#ifndef CHATTERS
        if (status) return status;
#endif
    }
    arena_chat_end end = {sizeof end, 0, TEXT("stop"), TEXT(""), TEXT("")};
#ifdef NO_END
    return ARENA_OK;
#endif
    return sink->end(sink, &end);
}
static const arena_lane_engine_v1 engine = {
    sizeof engine, 0, create, free, nothing, nothing, health, models, chat, NULL, NULL,
};

__attribute__((unused)) static void *idle(void *nothing) {
    pause();
    return nothing;
}
static arena_status init(const arena_call *call, const arena_host *host) {
    (void)call;
    job_service = host->service(host, TEXT(ARENA_JOB_1));
#ifdef FAILS_INIT
    return call->fail(call, ARENA_UNAVAILABLE, TEXT("Not today."), TEXT(""));
#endif
#ifdef LEAVES_THREAD
    pthread_t thread;
    pthread_create(&thread, NULL, idle, NULL);
#endif
#ifdef LEAVES_FILE
    (void)!open("/dev/null", O_RDONLY);
#endif
#ifdef CATCHES_SIGNALS
    signal(SIGUSR1, ignore);
#endif
#ifdef SETS_ENVIRONMENT
    setenv("ARENA_TEST_VARIABLE", "1", 1);
#endif
#ifdef CHANGES_DIRECTORY
    (void)!chdir("/usr/lib");
#endif
#ifdef CHANGES_UMASK
    umask(0123);
#endif
#ifdef CHANGES_LOCALE
    setlocale(LC_ALL, "C.UTF-8");
#endif
    (void)ignore;
    return ARENA_OK;
}
static void shut_down(void) {
#ifdef EXITS
    _exit(3);
#endif
}
static const void *get_interface(arena_str interface, arena_str kind) {
#ifdef OFFERS_PREFIXES
    if (is(interface, ARENA_SCORER_1)) return kind.len && kind.ptr[0] == 'k' ? &scorer : NULL;
#endif
    if (!is(kind, "kind")) return NULL;
    if (is(interface, ARENA_SCORER_1)) return &scorer;
    if (is(interface, ARENA_JOB_KIND_1)) return &job;
    return is(interface, ARENA_LANE_ENGINE_1) ? &engine : NULL;
}
static const arena_entry entry = {
    sizeof entry, ARENA_ABI_MAJOR, ARENA_ABI_MINOR, 0, {"conforming", 10}, {"1.0.0", 5}, init, shut_down, get_interface,
};
const arena_entry *arena_plugin_entry_v1(void) {
#ifdef CHANGING_ENTRY
    static arena_entry others[2];
    static int next;
    others[0] = others[1] = entry;
    return &others[next++ & 1];
#else
    return &entry;
#endif
}
