/* A job kind that uses every service of the host and reports what it was told. */
#include "arena/plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const arena_host *the_host;

static arena_str text(const char *chars) { return (arena_str){chars, strlen(chars)}; }
static int is(arena_str a, const char *chars) { return a.len == strlen(chars) && !memcmp(a.ptr, chars, a.len); }

struct buffer {
    char bytes[4096];
    uint64_t count;
};
static arena_status keep(const arena_sink *sink, const void *data, uint64_t len) {
    struct buffer *buffer = sink->host_context;
    if (len > sizeof buffer->bytes - 1 - buffer->count) return ARENA_RESOURCE_EXHAUSTED;
    memcpy(buffer->bytes + buffer->count, data, len);
    buffer->count += len;
    return ARENA_OK;
}

struct report {
    char line[32768];
    int length;
};
static void say(struct report *report, const char *name, arena_status status, const struct buffer *data) {
    report->length += snprintf(report->line + report->length, sizeof report->line - (size_t)report->length,
                               "%s\"%s\":\"%d %.*s\"", report->length > 1 ? "," : "", name, status,
                               data ? (int)data->count : 0, data ? data->bytes : "");
}
static void say_number(struct report *report, const char *name, arena_status status, uint64_t number) {
    struct buffer data;
    data.count = (uint64_t)snprintf(data.bytes, sizeof data.bytes, "%llu", (unsigned long long)number);
    say(report, name, status, &data);
}

static arena_status open_job(const arena_call *call, const arena_job_open *open, void **self) {
    (void)call;
    char *mode = calloc(1, open->payload_json.len + 1);
    memcpy(mode, open->payload_json.ptr, open->payload_json.len);
    *self = mode;
    return ARENA_OK;
}

static void use_queues(const arena_call *call, struct report *report) {
    const arena_lanes_service *lanes = the_host->service(the_host, text(ARENA_LANES_1));
    const arena_scoring_service *scoring = the_host->service(the_host, text(ARENA_SCORING_1));
    if (lanes) {
        struct buffer data = {.count = 0};
        arena_sink sink = {sizeof sink, 0, &data, keep};
        arena_completion event = {.struct_size = sizeof event};
        say(report, "lanes.submit", lanes->submit(lanes, call, 41, text("{\"lane\":\"a\"}")), NULL);
        arena_status status = lanes->next(lanes, call, 1000, &event, &sink);
        say(report, "lanes.next", status, &data);
        say_number(report, "lanes.event", event.status, event.kind * 1000 + event.tag);
        say(report, "lanes.abort", lanes->abort(lanes, call, 41), NULL);
        event.struct_size = 8;
        say(report, "lanes.next short", lanes->next(lanes, call, 1000, &event, &sink), NULL);
    }
    if (scoring) {
        struct wide {
            arena_str gold;
            uint64_t more;
        } golds[2] = {{text("x"), 0}, {text("yy"), 0}};
        arena_score_input items[2] = {
            {sizeof *items, 0, text("i1"), text("q"), text("x"), golds, 2, sizeof *golds, text("{}")},
            {sizeof *items, 0, text("i2"), text(""), text("y"), NULL, 0, 0, text("")},
        };
        arena_status status =
            scoring->submit(scoring, call, 7, text("text/exact_match"), text("{}"), 2, items, sizeof *items);
        say(report, "scoring.submit", status, NULL);
        struct buffer data = {.count = 0};
        arena_sink sink = {sizeof sink, 0, &data, keep};
        arena_completion event = {.struct_size = sizeof event};
        status = scoring->next(scoring, call, 5, &event, &sink);
        say(report, "scoring.next", status, &data);
        say(report, "scoring.abort", scoring->abort(scoring, call, 7), NULL);
        items[1].output = (arena_str){"\xFF", 1};
        status = scoring->submit(scoring, call, 8, text("s"), text(""), 2, items, sizeof *items);
        say(report, "scoring.submit bad text", status, NULL);
        status = scoring->submit(scoring, call, 8, text("s"), text(""), 5000, items, sizeof *items);
        say(report, "scoring.submit too many", status, NULL);
        status = scoring->submit(scoring, call, 8, text("s"), text(""), 1, items, 16);
        say(report, "scoring.submit bad stride", status, NULL);
    }
}

static void use_http(const arena_call *call, struct report *report) {
    const arena_http_service *http = the_host->service(the_host, text(ARENA_HTTP_1));
    if (!http) return;
    struct buffer data = {.count = 0};
    arena_sink sink = {sizeof sink, 0, &data, keep};
    arena_completion event = {.struct_size = sizeof event};
    say(report, "http.submit", http->submit(http, call, 12, text("{\"url\":\"http://a/\"}")), NULL);
    say(report, "http.submit bad text", http->submit(http, call, 13, (arena_str){"\xFF", 1}), NULL);
    say(report, "http.next", http->next(http, call, 1000, &event, &sink), &data);
    say_number(report, "http.event", event.status, event.kind * 1000 + event.tag);
    say(report, "http.abort", http->abort(http, call, 12), NULL);
}

static void use_job(const arena_call *call, struct report *report) {
    const arena_job_service *job = the_host->service(the_host, text(ARENA_JOB_1));
    const arena_views_service *views = the_host->service(the_host, text(ARENA_VIEWS_1));
    const arena_artifacts_service *artifacts = the_host->service(the_host, text(ARENA_ARTIFACTS_1));
    uint64_t number = 0;
    if (job) {
        say(report, "job.put", job->put(job, call, text("row/1"), text("k1"), text("{\"v\":1}")), NULL);
        say(report, "job.put bad text", job->put(job, call, text("row/1"), (arena_str){"\xC0", 1}, text("{}")), NULL);
        arena_status status = job->commit(job, call, (arena_bytes){(const uint8_t *)"cp", 2}, 3, &number);
        say_number(report, "job.commit", status, number);
        say(report, "job.commit nowhere", job->commit(job, call, (arena_bytes){NULL, 0}, 4, NULL), NULL);
    }
    if (views) {
        struct buffer data = {.count = 0};
        arena_sink sink = {sizeof sink, 0, &data, keep};
        say(report, "views.page", views->page(views, call, text("bench"), text("{}"), text(""), 10, &sink), &data);
        arena_status status = views->page(views, call, text("bench"), text("{}"), text(""), 10, NULL);
        say(report, "views.page no sink", status, NULL);
    }
    if (artifacts) {
        struct buffer data = {.count = 0};
        arena_sink sink = {sizeof sink, 0, &data, keep};
        arena_status status = artifacts->create(artifacts, call, text("a.txt"), text("text/plain"), &number);
        say_number(report, "artifacts.create", status, number);
        static uint8_t large[3000000];
        status = artifacts->write(artifacts, call, number, (arena_bytes){large, sizeof large});
        say(report, "artifacts.write", status, NULL);
        say(report, "artifacts.finish", artifacts->finish(artifacts, call, number, &sink), &data);
        say(report, "artifacts.discard", artifacts->discard(artifacts, call, number), NULL);
    }
}

static void use_small(const arena_call *call, struct report *report) {
    const arena_kv_service *kv = the_host->service(the_host, text(ARENA_KV_1));
    const arena_clock_service *clock = the_host->service(the_host, text(ARENA_CLOCK_1));
    const arena_random_service *random = the_host->service(the_host, text(ARENA_RANDOM_1));
    if (kv) {
        struct buffer data = {.count = 0}, list = {.count = 0};
        arena_sink sink = {sizeof sink, 0, &data, keep}, list_sink = {sizeof sink, 0, &list, keep};
        say(report, "kv.put", kv->put(kv, call, text("k"), (arena_bytes){(const uint8_t *)"v", 1}), NULL);
        say(report, "kv.get", kv->get(kv, call, text("k"), &sink), &data);
        say(report, "kv.remove", kv->remove(kv, call, text("k")), NULL);
        say(report, "kv.keys", kv->keys(kv, call, text("p"), text("a"), &list_sink), &list);
    }
    if (clock) {
        int64_t now = 0;
        uint64_t monotonic = 0;
        arena_status status = clock->unix_ms(clock, call, &now);
        say_number(report, "clock.unix_ms", status, (uint64_t)now);
        say(report, "clock.monotonic_ns", clock->monotonic_ns(clock, call, &monotonic) || monotonic == 0, NULL);
    }
    if (random) {
        uint64_t seed = 0;
        uint8_t bytes[11];
        arena_status status = random->seed(random, call, &seed);
        say_number(report, "random.seed", status, seed);
        struct buffer hex = {.count = 0};
        status = random->fill(random, call, 5, bytes, sizeof bytes);
        for (size_t i = 0; i < sizeof bytes; i++, hex.count += 2) sprintf(hex.bytes + hex.count, "%02x", bytes[i]);
        say(report, "random.fill", status, &hex);
        say(report, "random.fill too much", random->fill(random, call, 5, bytes, 70000), NULL);
        say(report, "random without a call", random->seed(random, NULL, &seed), NULL);
    }
}

static arena_status run(void *self, const arena_call *call, const arena_sink *result) {
    const char *mode = self;
    if (!strcmp(mode, "{\"kv\":true}")) { /* fails with what the service said */
        const arena_kv_service *kv = the_host->service(the_host, text(ARENA_KV_1));
        struct buffer data = {.count = 0};
        arena_sink sink = {sizeof sink, 0, &data, keep};
        return kv ? kv->get(kv, call, text("missing"), &sink) : ARENA_INTERNAL;
    }
    if (!strcmp(mode, "{\"ask\":true}")) { /* a service that the host does not know */
        return the_host->service(the_host, text("arena.telepathy/1")) ? ARENA_INTERNAL : result->write(result, "{}", 2);
    }
    struct report *report = calloc(1, sizeof *report);
    report->line[report->length++] = '{';
    use_job(call, report);
    use_queues(call, report);
    use_http(call, report);
    use_small(call, report);
    report->line[report->length++] = '}';
    arena_status status = result->write(result, report->line, (uint64_t)report->length);
    free(report);
    return status;
}
static void close_job(void *self) { free(self); }
static const arena_job_kind_v1 kind = {sizeof kind, 0, NULL, NULL, open_job, run, close_job};

static arena_status init(const arena_call *call, const arena_host *host) {
    the_host = host;
    if (host->abi_major != ARENA_ABI_MAJOR || !is(host->name, "arena"))
        return call->fail(call, ARENA_INTERNAL, text("strange host"), text(""));
    call->log(call, ARENA_LOG_INFO, text("hello from init"), text(""));
    return ARENA_OK;
}
static const void *get_interface(arena_str interface, arena_str name) {
    return is(interface, ARENA_JOB_KIND_1) && is(name, "services") ? &kind : NULL;
}
static const arena_entry entry = {
    sizeof entry, ARENA_ABI_MAJOR, ARENA_ABI_MINOR, 0, {"services", 8}, {"1.0.0", 5}, init, NULL, get_interface,
};
const arena_entry *arena_plugin_entry_v1(void) { return &entry; }
