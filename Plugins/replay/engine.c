/* engine.c: arena.lane_type.engine/1 over recordings. */
#include "recordings.h"

/* Pieces in which an answer is handed out: it ends with the first space behind so many bytes. */
#define PIECE_BYTES 16

static arena_status create(const arena_call *call, arena_str config, void **self) {
    ak_text path = {0};
    if (config.len > 0) {
        ak_json json;
        int parsed = ak_json_parse(&json, config);
        uint32_t recordings = parsed ? ak_json_member(&json, 0, "recordings") : AK_JSON_NONE;
        if (ak_json_is(&json, recordings, AK_JSON_STRING)) ak_json_put_string(&json, recordings, &path);
        ak_json_free(&json);
        if (!parsed)
            return ak_fail(call, ARENA_INVALID_ARGUMENT, "replay.config", ak_str("The config is not JSON."), NULL);
    }
    replay_set *set = calloc(1, sizeof *set);
    arena_status status = set && !path.failed ? replay_open(call, ak_text_str(&path), set) : ak_fail_memory(call);
    ak_text_free(&path);
    if (set && status != ARENA_OK) {
        replay_close(set);
        free(set);
        return status;
    }
    *self = set;
    return status;
}

static void destroy(void *self) {
    replay_close(self);
    free(self);
}

/* There is no model to load: the recordings are in memory from create to destroy. */
static arena_status start_or_stop(void *self, const arena_call *call) {
    (void)self, (void)call;
    return ARENA_OK;
}

/* Adds `"name":value` of an object to another, if it is there, and a comma before it if `out` holds a member. */
static void put_member(ak_text *out, const ak_json *json, const char *name) {
    uint32_t value = ak_json_member(json, 0, name);
    if (value == AK_JSON_NONE || out->failed) return;
    uint64_t quote = json->values[value].type == AK_JSON_STRING;
    ak_putf(out, "%s\"%s\":", out->ptr[out->len - 1] == '{' ? "" : ",", name);
    ak_put(out, ak_slice(json->text, json->values[value].start - quote, json->values[value].end + quote));
}

static arena_status write_and_free(ak_text *text, const arena_sink *sink) {
    arena_status status = ak_text_write(text, sink);
    ak_text_free(text);
    return status;
}

static arena_status health(void *self, const arena_call *call, const arena_sink *json) {
    const replay_set *set = self;
    ak_text text = {0};
    (void)call;
    ak_putf(&text, "{\"ok\":%s,\"reason\":\"%llu recorded answers of %u models\"}", set->count ? "true" : "false",
            (unsigned long long)set->count, set->model_count);
    return write_and_free(&text, json);
}

static arena_status models(void *self, const arena_call *call, const arena_sink *json) {
    static const char *const shown[] = {"title", "context_length", "file", "file_sha256", "source", "sampling",
                                        "recorded_at"};
    const replay_set *set = self;
    ak_text text = {0};
    (void)call;
    for (uint32_t i = 0; i < set->model_count; i++) {
        ak_puts(&text, i ? ",{\"id\":" : "[{\"id\":");
        ak_put_json_string(&text, ak_text_str(&set->models[i].id));
        for (size_t k = 0; k < sizeof shown / sizeof *shown; k++) put_member(&text, &set->models[i].header, shown[k]);
        ak_putf(&text, ",\"recordings\":%llu}", (unsigned long long)set->models[i].recordings);
    }
    ak_puts(&text, set->model_count ? "]" : "[]");
    return write_and_free(&text, json);
}

static arena_status refuse_model(const arena_call *call, const replay_set *set, arena_str id) {
    ak_text message = {0};
    ak_puts(&message, "There are no recordings of the model ");
    ak_put_quote(&message, id, 80);
    ak_puts(&message, ", only of ");
    for (uint32_t i = 0; i < set->model_count; i++) {
        if (i) ak_puts(&message, ", ");
        ak_put(&message, ak_text_str(&set->models[i].id));
    }
    ak_puts(&message, set->model_count ? "." : "none.");
    arena_status status = ak_fail(call, ARENA_NOT_FOUND, "replay.unknown_model", ak_text_str(&message),
                                  "Leave the model out to ask the first one.");
    ak_text_free(&message);
    return status;
}

/* Finds what the request asks for. Fails the call when it is malformed or was not recorded. */
static arena_status look_up(const arena_call *call, const replay_set *set, arena_str request,
                            const replay_recording **found) {
    ak_json json;
    ak_text id = {0};
    char key[65];
    int parsed = ak_json_parse(&json, request);
    uint32_t messages = parsed ? ak_json_member(&json, 0, "messages") : AK_JSON_NONE;
    uint32_t model = parsed ? ak_json_member(&json, 0, "model") : AK_JSON_NONE;
    if (ak_json_is(&json, model, AK_JSON_STRING)) ak_json_put_string(&json, model, &id);
    const replay_model *known = replay_model_named(set, ak_text_str(&id));
    arena_status status = ARENA_OK;
    if (!ak_json_is(&json, messages, AK_JSON_ARRAY)) {
        status = ak_fail(call, ARENA_INVALID_ARGUMENT, "replay.request",
                         ak_str("The request has no messages, or is not JSON."), NULL);
    } else if (!known) {
        status = refuse_model(call, set, ak_text_str(&id));
    } else if (!replay_key(ak_text_str(&known->id), &json, messages, key)) {
        status = ak_fail_memory(call);
    } else if (!(*found = replay_find(set, key))) {
        ak_text message = {0};
        ak_putf(&message, "There is no recording of this prompt (key %.12s…) by ", key);
        ak_put(&message, ak_text_str(&known->id));
        ak_puts(&message, ".");
        status = ak_fail(call, ARENA_NOT_FOUND, "replay.no_recording", ak_text_str(&message),
                         "Ask an item of a recorded bench, record it with script/record-replay, or use another lane.");
        ak_text_free(&message);
    }
    ak_text_free(&id);
    ak_json_free(&json);
    return status;
}

/* Hands the answer out in pieces that end at spaces. */
static arena_status send_content(const arena_call *call, arena_str content, const arena_chat_sink *sink) {
    for (uint64_t at = 0; at < content.len;) {
        arena_status status = ak_check_cancelled(call);
        if (status != ARENA_OK) return status;
        uint64_t end = ak_find(content, ak_str(" "), at + PIECE_BYTES);
        if (end == AK_NOT_FOUND) end = content.len;
        arena_chat_delta delta = {.struct_size = sizeof delta, .text = ak_slice(content, at, end)};
        status = sink->delta(sink, &delta);
        if (status != ARENA_OK) return status;
        at = end;
    }
    return ARENA_OK;
}

/* Ends the answer as the recorded one ended, with the recording's origin as meta. */
static arena_status send_end(const ak_json *row, const ak_json *header, const arena_chat_sink *sink) {
    static const char *const origin[] = {"model", "file", "file_sha256", "source", "sampling", "recorded_at"};
    static const char *const own[] = {"bench_id", "item_id", "max_tokens", "timings", "key"};
    ak_text meta = {0}, finish = {0};
    ak_puts(&meta, "{");
    for (size_t i = 0; meta.len && i < sizeof origin / sizeof *origin; i++) put_member(&meta, header, origin[i]);
    for (size_t i = 0; meta.len && i < sizeof own / sizeof *own; i++) put_member(&meta, row, own[i]);
    ak_puts(&meta, "}");
    ak_json_put_string(row, ak_json_member(row, 0, "finish_reason"), &finish);
    uint32_t usage = ak_json_member(row, 0, "usage");
    arena_chat_end end = {.struct_size = sizeof end, .finish_reason = ak_text_str(&finish)};
    if (ak_json_is(row, usage, AK_JSON_OBJECT)) end.usage_json = ak_json_raw(row, usage);
    if (!meta.failed) end.meta_json = ak_text_str(&meta);
    arena_status status = finish.failed ? ARENA_RESOURCE_EXHAUSTED : sink->end(sink, &end);
    ak_text_free(&meta);
    ak_text_free(&finish);
    return status;
}

static arena_status chat(void *self, const arena_call *call, arena_str request, const arena_chat_sink *sink) {
    const replay_set *set = self;
    const replay_recording *recording = NULL;
    arena_status status = ak_check_cancelled(call);
    if (status == ARENA_OK) status = look_up(call, set, request, &recording);
    if (status != ARENA_OK) return status;
    ak_json row;
    ak_text content = {0};
    if (!ak_json_parse(&row, recording->line)) {
        ak_json_free(&row);
        return ak_fail_memory(call); /* the line was read before: only memory can be missing */
    }
    ak_json_put_string(&row, ak_json_member(&row, 0, "content"), &content);
    status = content.failed ? ak_fail_memory(call) : send_content(call, ak_text_str(&content), sink);
    if (status == ARENA_OK) status = send_end(&row, &set->models[recording->model].header, sink);
    ak_text_free(&content);
    ak_json_free(&row);
    return status;
}

static const arena_lane_engine_v1 engine = {
    .struct_size = sizeof engine,
    .create = create,
    .destroy = destroy,
    .start = start_or_stop,
    .stop = start_or_stop,
    .health = health,
    .models = models,
    .chat = chat,
};

static const void *get_interface(arena_str interface_id, arena_str kind) {
    return ak_is(interface_id, ARENA_LANE_ENGINE_1) && ak_is(kind, "replay") ? &engine : NULL;
}

const arena_entry *arena_plugin_entry_v1(void) {
    static const arena_entry entry = {
        .struct_size = sizeof entry,
        .abi_major = ARENA_ABI_MAJOR,
        .abi_minor = ARENA_ABI_MINOR,
        .id = AK_LITERAL("replay"),
        .version = AK_LITERAL("1.0.0"),
        .get_interface = get_interface,
    };
    return &entry;
}
