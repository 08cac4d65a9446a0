/* sleep.c: a whole job kind. It waits in equal steps, says how far it is, and seals each step in a commit, so that an
 * attempt that is killed goes on where the last commit left it. */
#include "arena_kit/kit.h"

static const arena_job_service *job_service;

/* One attempt. */
typedef struct sleep_job {
    double seconds;
    uint64_t steps;
    uint64_t done; /* steps that earlier attempts sealed */
    uint64_t seq;  /* commits sealed so far */
} sleep_job;

/* Takes what was asked for and, from the checkpoint, what is done: the number of finished steps. */
static arena_status open_job(const arena_call *call, const arena_job_open *start, void **self) {
    ak_json payload;
    if (!ak_json_parse(&payload, start->payload_json)) {
        ak_json_free(&payload);
        return ak_fail(call, ARENA_INVALID_ARGUMENT, "sleep.payload", ak_str("The payload is not JSON."), NULL);
    }
    double seconds = ak_json_double(&payload, ak_json_member(&payload, 0, "seconds"), 0);
    double steps = ak_json_double(&payload, ak_json_member(&payload, 0, "steps"), 10);
    ak_json_free(&payload);

    sleep_job *job = malloc(sizeof *job);
    if (!job) return ak_fail_memory(call);
    *job = (sleep_job){seconds, steps < 1 ? 1 : (uint64_t)steps, 0, start->checkpoint_seq};
    if (start->checkpoint.len == sizeof job->done) memcpy(&job->done, start->checkpoint.ptr, sizeof job->done);
    *self = job;
    return ARENA_OK;
}

static arena_status run_job(void *self, const arena_call *call, const arena_sink *result) {
    sleep_job *job = self;
    if (!job_service)
        return ak_fail(call, ARENA_FAILED_PRECONDITION, "sleep.no_job_service",
                       ak_str("The service arena.job/1 is not there."), "Grant it: arena plugin trust sleep");
    while (job->done < job->steps) {
        arena_status status = ak_sleep(call, (uint64_t)(job->seconds * 1e9 / (double)job->steps));
        if (status != ARENA_OK) return status; /* cancelled, or out of time */
        job->done++;
        arena_bytes checkpoint = {(const uint8_t *)&job->done, sizeof job->done};
        status = job_service->commit(job_service, call, checkpoint, job->seq, &job->seq);
        if (status != ARENA_OK) return status; /* the service has said why */
        call->progress(call, job->done, job->steps, ak_str("sleeping"), ak_str(""));
    }
    ak_text json = {0};
    ak_putf(&json, "{\"seconds\":%.10g,\"steps\":%llu}", job->seconds, (unsigned long long)job->steps);
    arena_status status = ak_text_write(&json, result);
    ak_text_free(&json);
    return status;
}

static const arena_job_kind_v1 sleep_kind = {
    .struct_size = sizeof sleep_kind,
    .open = open_job,
    .run = run_job,
    .close = free,
};

static arena_status init(const arena_call *call, const arena_host *host) {
    (void)call;
    job_service = host->service(host, ak_str(ARENA_JOB_1));
    return ARENA_OK;
}

static const void *get_interface(arena_str interface_id, arena_str kind) {
    return ak_is(interface_id, ARENA_JOB_KIND_1) && ak_is(kind, "sleep") ? &sleep_kind : NULL;
}

const arena_entry *arena_plugin_entry_v1(void) {
    static const arena_entry entry = {
        .struct_size = sizeof entry,
        .abi_major = ARENA_ABI_MAJOR,
        .abi_minor = ARENA_ABI_MINOR,
        .id = AK_LITERAL("sleep"),
        .version = AK_LITERAL("1.0.0"),
        .init = init,
        .get_interface = get_interface,
    };
    return &entry;
}
