/* Job kinds that make one request through the host, the payload itself, and report every event; a scorer whose value is
   whether the server answered the item's output, a request, at all. */
#include "arena/plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const arena_host *the_host;

static arena_str text(const char *chars) { return (arena_str){chars, strlen(chars)}; }
static int is(arena_str a, const char *chars) { return a.len == strlen(chars) && !memcmp(a.ptr, chars, a.len); }

struct job {
    char *payload;
    uint64_t length;
    int slow;
};

/* Grows; the bytes are kept as they came. */
struct buffer {
    char *bytes;
    uint64_t count, room;
};
static arena_status keep(const arena_sink *sink, const void *data, uint64_t len) {
    struct buffer *buffer = sink->host_context;
    if (buffer->count + len > buffer->room) {
        buffer->room = (buffer->count + len) * 2 + 64;
        char *bytes = realloc(buffer->bytes, buffer->room);
        if (!bytes) return ARENA_RESOURCE_EXHAUSTED;
        buffer->bytes = bytes;
    }
    if (len) memcpy(buffer->bytes + buffer->count, data, len);
    buffer->count += len;
    return ARENA_OK;
}

static arena_status write_text(const arena_sink *result, const char *chars) {
    return result->write(result, chars, strlen(chars));
}

/* The first kilobyte as the inside of a JSON string. */
static void write_escaped(const arena_sink *result, const struct buffer *data) {
    for (uint64_t i = 0; i < data->count && i < 1024; i++) {
        char escaped[8];
        unsigned char c = (unsigned char)data->bytes[i];
        int plain = c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
        snprintf(escaped, sizeof escaped, plain ? "%c" : "\\u%04x", c);
        write_text(result, escaped);
    }
}

static arena_status open_any(const arena_job_open *open, void **self, int slow) {
    struct job *job = calloc(1, sizeof *job);
    if (!job) return ARENA_RESOURCE_EXHAUSTED;
    job->payload = malloc(open->payload_json.len + 1);
    memcpy(job->payload, open->payload_json.ptr, open->payload_json.len);
    job->length = open->payload_json.len;
    job->slow = slow;
    *self = job;
    return ARENA_OK;
}
static arena_status open_fetch(const arena_call *call, const arena_job_open *open, void **self) {
    (void)call;
    return open_any(open, self, 0);
}
static arena_status open_give_up(const arena_call *call, const arena_job_open *open, void **self) {
    (void)call;
    return open_any(open, self, 1);
}

/* {"events": ["KIND STATUS DATA", …], "bytes": of all deltas}; give_up aborts at its first delta. */
static arena_status run(void *self, const arena_call *call, const arena_sink *result) {
    struct job *job = self;
    const arena_http_service *http = the_host->service(the_host, text(ARENA_HTTP_1));
    if (!http) return call->fail(call, ARENA_FAILED_PRECONDITION, text("no http service"), text(""));
    arena_status status = http->submit(http, call, 5, (arena_str){job->payload, job->length});
    if (status != ARENA_OK) return status;
    write_text(result, "{\"events\":[");
    unsigned long long bytes = 0;
    int events = 0;
    arena_completion event = {.struct_size = sizeof event};
    struct buffer data = {0};
    arena_sink sink = {sizeof sink, 0, &data, keep};
    do {
        data.count = 0;
        status = http->next(http, call, 1000000000, &event, &sink);
        if (status != ARENA_OK) break;
        if (event.kind == ARENA_COMPLETION_NONE) continue;
        if (event.kind == ARENA_COMPLETION_DELTA && events > 0) bytes += data.count;
        if (job->slow && event.kind == ARENA_COMPLETION_DELTA) http->abort(http, call, 5);
        if (events < 3 || event.kind == ARENA_COMPLETION_DONE) {
            char head[64];
            snprintf(head, sizeof head, "%s\"%u %d ", events ? "," : "", event.kind, event.status);
            write_text(result, head);
            write_escaped(result, &data);
            write_text(result, "\"");
        }
        events++;
    } while (event.kind != ARENA_COMPLETION_DONE);
    free(data.bytes);
    char end[64];
    snprintf(end, sizeof end, "],\"bytes\":%llu}", bytes);
    write_text(result, end);
    return status;
}
static void close_job(void *self) {
    struct job *job = self;
    free(job->payload);
    free(job);
}
static const arena_job_kind_v1 fetch = {sizeof fetch, 0, NULL, NULL, open_fetch, run, close_job};
static const arena_job_kind_v1 give_up = {sizeof give_up, 0, NULL, NULL, open_give_up, run, close_job};

static arena_status create(const arena_call *call, arena_str config, void **self) {
    (void)call, (void)config;
    *self = NULL;
    return ARENA_OK;
}
static void destroy(void *self) { (void)self; }
static arena_status score(void *self, const arena_call *call, const arena_score_input *in, arena_score_output *out,
                          const arena_explain_sink *explain) {
    (void)self;
    const arena_http_service *http = the_host->service(the_host, text(ARENA_HTTP_1));
    if (!http) return call->fail(call, ARENA_FAILED_PRECONDITION, text("no http service"), text(""));
    arena_status status = http->submit(http, call, 1, in->output);
    arena_completion event = {.struct_size = sizeof event};
    struct buffer data = {0};
    arena_sink sink = {sizeof sink, 0, &data, keep};
    while (status == ARENA_OK && event.kind != ARENA_COMPLETION_DONE)
        status = http->next(http, call, 1000000000, &event, &sink);
    out->value = status == ARENA_OK && event.status == ARENA_OK;
    if (explain) explain->explain(explain, 0, (arena_str){data.bytes, data.count});
    free(data.bytes);
    return status;
}
static const arena_scorer_v1 answered = {sizeof answered, 0, create, destroy, score, NULL};

static arena_status init(const arena_call *call, const arena_host *host) {
    (void)call;
    the_host = host;
    return ARENA_OK;
}
static const void *get_interface(arena_str interface, arena_str name) {
    if (is(interface, ARENA_SCORER_1)) return is(name, "answered") ? &answered : NULL;
    if (!is(interface, ARENA_JOB_KIND_1)) return NULL;
    return is(name, "fetch") ? &fetch : is(name, "give_up") ? &give_up : NULL;
}
static const arena_entry entry = {
    sizeof entry, ARENA_ABI_MAJOR, ARENA_ABI_MINOR, 0, {"http", 4}, {"1.0.0", 5}, init, NULL, get_interface,
};
const arena_entry *arena_plugin_entry_v1(void) { return &entry; }
