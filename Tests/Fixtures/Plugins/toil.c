/* A job kind that works in steps, each sealed with a row that says which attempt made it, and that fails, crashes or
   turns a deaf ear as its payload asks. */
#define _GNU_SOURCE
#include "arena/plugin.h"
#include "arena_kit/kit.h"

#include <unistd.h>

static const arena_job_service *job_service;

typedef struct toil {
    uint32_t attempt;
    uint64_t seq;     /* commits sealed so far, and so the number of the next step */
    uint64_t steps;   /* all there are to make */
    uint64_t ms;      /* how long each takes */
    uint64_t fail;    /* attempts up to this one fail before their first step */
    uint64_t crash;   /* attempts up to this one crash there */
    int deaf;         /* neither sleeps in a way that can be cancelled nor looks whether it is */
} toil;

static uint64_t number(const ak_json *payload, const char *name, uint64_t otherwise) {
    return (uint64_t)ak_json_double(payload, ak_json_member(payload, 0, name), (double)otherwise);
}

static arena_status open_job(const arena_call *call, const arena_job_open *start, void **self) {
    ak_json payload;
    toil *job = malloc(sizeof *job);
    if (!job || !ak_json_parse(&payload, start->payload_json)) return ak_fail_memory(call);
    *job = (toil){
        .attempt = start->attempt,
        .seq = start->checkpoint_seq,
        .steps = number(&payload, "steps", 1),
        .ms = number(&payload, "ms", 10),
        .fail = number(&payload, "fail", 0),
        .crash = number(&payload, "crash", 0),
        .deaf = ak_json_bool(&payload, ak_json_member(&payload, 0, "deaf"), 0),
    };
    ak_json_free(&payload);
    *self = job;
    return ARENA_OK;
}

static arena_status say(const arena_call *call, const toil *job, const char *what) {
    ak_text line = {0};
    ak_putf(&line, "attempt %u, step %llu: %s", job->attempt, (unsigned long long)job->seq, what);
    call->log(call, ARENA_LOG_INFO, ak_text_str(&line), ak_str(""));
    ak_text_free(&line);
    return ARENA_OK;
}

static arena_status step(toil *job, const arena_call *call) {
    if (job->deaf) {
        for (;;) usleep((useconds_t)job->ms * 1000);
    }
    arena_status status = ak_sleep(call, job->ms * 1000000u);
    if (status != ARENA_OK) return status;
    ak_text key = {0}, row = {0};
    ak_putf(&key, "%llu", (unsigned long long)job->seq);
    ak_putf(&row, "{\"attempt\":%u}", job->attempt);
    status = job_service->put(job_service, call, ak_str("step/1"), ak_text_str(&key), ak_text_str(&row));
    ak_text_free(&key);
    ak_text_free(&row);
    if (status != ARENA_OK) return status;
    arena_bytes checkpoint = {(const uint8_t *)&job->seq, sizeof job->seq};
    status = job_service->commit(job_service, call, checkpoint, job->seq, &job->seq);
    if (status == ARENA_OK) call->progress(call, job->seq, job->steps, ak_str("toiling"), ak_str(""));
    return status;
}

static arena_status run_job(void *self, const arena_call *call, const arena_sink *result) {
    toil *job = self;
    say(call, job, "begins");
    if (job->attempt <= job->crash) {
        usleep(20000); /* or the line is lost with the process */
        __builtin_trap();
    }
    if (job->attempt <= job->fail)
        return ak_fail(call, ARENA_UNAVAILABLE, "toil.tired", ak_str("Too tired for this."), NULL);
    while (job->seq < job->steps) {
        arena_status status = step(job, call);
        if (status != ARENA_OK) return status;
    }
    return result->write(result, "{}", 2);
}

static const arena_job_kind_v1 kind = {
    .struct_size = sizeof kind, .open = open_job, .run = run_job, .close = free};

static arena_status init(const arena_call *call, const arena_host *host) {
    (void)call;
    job_service = host->service(host, ak_str(ARENA_JOB_1));
    return job_service ? ARENA_OK : ARENA_FAILED_PRECONDITION;
}
static const void *get_interface(arena_str interface, arena_str name) {
    return ak_is(interface, ARENA_JOB_KIND_1) && ak_is(name, "toil") ? &kind : NULL;
}
static const arena_entry entry = {
    .struct_size = sizeof entry,
    .abi_major = ARENA_ABI_MAJOR,
    .abi_minor = ARENA_ABI_MINOR,
    .id = AK_LITERAL("toil"),
    .version = AK_LITERAL("1.0.0"),
    .init = init,
    .get_interface = get_interface,
};
const arena_entry *arena_plugin_entry_v1(void) { return &entry; }
