/* {{id}}.c: a job kind. It counts the words of a text, line by line, and seals after each line how far it is, so that an
 * attempt that is killed goes on where the last commit left it. Replace what `run` does with a line. */
#include "arena_kit/kit.h"

static const arena_job_service *job_service;

/* What is sealed with every commit. Its bytes are the checkpoint. */
typedef struct progress {
    uint64_t at;    /* where the next line begins */
    uint64_t lines;
    uint64_t words;
} progress;

/* One attempt. */
typedef struct job {
    ak_text text;
    progress done;
    uint64_t seq; /* commits sealed so far */
} job;

static void close_job(void *self) {
    job *job = self;
    ak_text_free(&job->text);
    free(job);
}

static arena_status open_job(const arena_call *call, const arena_job_open *start, void **self) {
    job *made = calloc(1, sizeof *made);
    if (!made) return ak_fail_memory(call);
    made->seq = start->checkpoint_seq;
    if (start->checkpoint.len == sizeof made->done) memcpy(&made->done, start->checkpoint.ptr, sizeof made->done);
    ak_json payload;
    if (ak_json_parse(&payload, start->payload_json))
        ak_json_put_string(&payload, ak_json_member(&payload, 0, "text"), &made->text);
    ak_json_free(&payload);
    if (made->text.failed) {
        close_job(made);
        return ak_fail_memory(call);
    }
    *self = made;
    return ARENA_OK;
}

static uint64_t count_words(arena_str line) {
    uint64_t words = 0;
    for (uint64_t i = 0; i < line.len; i++)
        if (line.ptr[i] != ' ' && (i == 0 || line.ptr[i - 1] == ' ')) words++;
    return words;
}

static arena_status run_job(void *self, const arena_call *call, const arena_sink *result) {
    job *job = self;
    if (!job_service)
        return ak_fail(call, ARENA_FAILED_PRECONDITION, "{{id}}.no_job_service",
                       ak_str("The service arena.job/1 is not there."), "Grant it: arena plugin trust {{id}}");
    arena_str text = ak_text_str(&job->text);
    while (job->done.at < text.len) {
        arena_status status = ak_check_cancelled(call);
        if (status != ARENA_OK) return status;
        uint64_t end = ak_find(text, ak_str("\n"), job->done.at);
        if (end == AK_NOT_FOUND) end = text.len;
        job->done.words += count_words(ak_slice(text, job->done.at, end));
        job->done.lines++;
        job->done.at = end + 1;
        arena_bytes checkpoint = {(const uint8_t *)&job->done, sizeof job->done};
        status = job_service->commit(job_service, call, checkpoint, job->seq, &job->seq);
        if (status != ARENA_OK) return status; /* the service has said why */
        call->progress(call, end, text.len, ak_str("counting"), ak_str(""));
    }
    ak_text json = {0};
    ak_putf(&json, "{\"lines\":%llu,\"words\":%llu}", (unsigned long long)job->done.lines,
            (unsigned long long)job->done.words);
    arena_status status = ak_text_write(&json, result);
    ak_text_free(&json);
    return status;
}

static const arena_job_kind_v1 table = {
    .struct_size = sizeof table, .open = open_job, .run = run_job, .close = close_job};

static arena_status init(const arena_call *call, const arena_host *host) {
    (void)call;
    job_service = host->service(host, ak_str(ARENA_JOB_1));
    return ARENA_OK;
}

static const void *get_interface(arena_str interface_id, arena_str kind) {
    return ak_is(interface_id, ARENA_JOB_KIND_1) && ak_is(kind, "{{id}}") ? &table : NULL;
}

const arena_entry *arena_plugin_entry_v1(void) {
    static const arena_entry entry = {
        .struct_size = sizeof entry,
        .abi_major = ARENA_ABI_MAJOR,
        .abi_minor = ARENA_ABI_MINOR,
        .id = AK_LITERAL("{{id}}"),
        .version = AK_LITERAL("0.1.0"),
        .init = init,
        .get_interface = get_interface,
    };
    return &entry;
}
