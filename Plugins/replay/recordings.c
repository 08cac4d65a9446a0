/* recordings.c: reads a recordings file and finds what is in it. */
#define _GNU_SOURCE /* dladdr */
#include "recordings.h"

#include <dlfcn.h>
#include <errno.h>

#pragma clang diagnostic ignored "-Wc23-extensions"

static const char bundled[] = {
#embed "recordings.jsonl"
};

#define MOST_FILE_BYTES (256u << 20)

static arena_status refuse_line(const arena_call *call, uint64_t line, const char *problem) {
    ak_text message = {0};
    ak_putf(&message, "Line %llu of the recordings: %s.", (unsigned long long)line, problem);
    arena_status status = ak_fail(call, ARENA_INVALID_ARGUMENT, "replay.recordings", ak_text_str(&message),
                                  "Plugins/replay/README.md says what a recordings file holds.");
    ak_text_free(&message);
    return status;
}

static arena_status refuse_file(const arena_call *call, const ak_text *path, const char *problem) {
    ak_text message = {0};
    ak_puts(&message, "The recordings file ");
    ak_put_quote(&message, ak_text_str(path), 200);
    ak_putf(&message, " cannot be read: %s.", problem);
    arena_status status = ak_fail(call, ARENA_FAILED_PRECONDITION, "replay.recordings", ak_text_str(&message),
                                  "Put the file into the plugin's folder and name it relative to that.");
    ak_text_free(&message);
    return status;
}

/* The path, relative ones below the folder of this library. */
static void resolve(arena_str path, ak_text *out) {
    Dl_info self;
    if (!ak_starts_with(path, ak_str("/")) && dladdr(bundled, &self) && self.dli_fname) {
        const char *slash = strrchr(self.dli_fname, '/');
        if (slash) ak_put(out, ak_slice(ak_str(self.dli_fname), 0, (uint64_t)(slash - self.dli_fname) + 1));
    }
    ak_put(out, path);
}

static arena_status read_file(const arena_call *call, arena_str path, ak_text *content) {
    ak_text full = {0};
    resolve(path, &full);
    ak_put(&full, (arena_str)AK_LITERAL("\0"));
    /* What ends the name for fopen is no part of it. */
    if (!full.failed) full.len--;
    FILE *file = full.failed ? NULL : fopen(full.ptr, "rbe");
    arena_status status = ARENA_OK;
    if (!file) status = refuse_file(call, &full, strerror(errno));
    while (file && status == ARENA_OK && !feof(file)) {
        if (!ak_text_reserve(content, 1 << 16)) status = ak_fail_memory(call);
        else content->len += fread(content->ptr + content->len, 1, 1 << 16, file);
        if (status == ARENA_OK && ferror(file)) status = refuse_file(call, &full, strerror(errno));
        if (status == ARENA_OK && content->len > MOST_FILE_BYTES) status = refuse_file(call, &full, "it is too long");
    }
    if (file) fclose(file);
    ak_text_free(&full);
    return status;
}

static arena_status add_model(const arena_call *call, replay_set *set, ak_json *header, uint64_t line) {
    uint32_t id = ak_json_member(header, 0, "model"), format = ak_json_member(header, 0, "format");
    int known = ak_json_is(header, format, AK_JSON_STRING) && ak_is(ak_json_raw(header, format), "arena.recordings/1");
    if (!known || !ak_json_is(header, id, AK_JSON_STRING)) {
        ak_json_free(header);
        return refuse_line(call, line, known ? "the header has no model" : "it is not of format arena.recordings/1");
    }
    replay_model *grown = realloc(set->models, (set->model_count + 1) * sizeof *grown);
    if (!grown) {
        ak_json_free(header);
        return ak_fail_memory(call);
    }
    set->models = grown;
    replay_model *model = &set->models[set->model_count++];
    *model = (replay_model){.header = *header};
    ak_json_put_string(&model->header, id, &model->id);
    return model->id.failed ? ak_fail_memory(call) : ARENA_OK;
}

static arena_status add_recording(const arena_call *call, replay_set *set, const ak_json *row, uint64_t line,
                                  uint64_t *capacity) {
    uint32_t key = ak_json_member(row, 0, "key");
    if (set->model_count == 0) return refuse_line(call, line, "a header must come first");
    if (!ak_json_is(row, key, AK_JSON_STRING) || ak_json_raw(row, key).len != 64 ||
        !ak_json_is(row, ak_json_member(row, 0, "content"), AK_JSON_STRING) ||
        !ak_json_is(row, ak_json_member(row, 0, "finish_reason"), AK_JSON_STRING))
        return refuse_line(call, line, "key, content or finish_reason is missing");
    if (set->count == *capacity) {
        *capacity = *capacity * 2 + 64;
        replay_recording *grown = realloc(set->recordings, *capacity * sizeof *grown);
        if (!grown) return ak_fail_memory(call);
        set->recordings = grown;
    }
    uint32_t model = set->model_count - 1;
    set->models[model].recordings++;
    set->recordings[set->count++] = (replay_recording){ak_json_raw(row, key), row->text, model};
    return ARENA_OK;
}

static arena_status add_line(const arena_call *call, replay_set *set, arena_str text, uint64_t line,
                             uint64_t *capacity) {
    ak_json json;
    if (!ak_json_parse(&json, text) || json.values[0].type != AK_JSON_OBJECT) {
        const char *problem = json.problem ? json.problem : "not an object";
        ak_json_free(&json);
        return refuse_line(call, line, problem);
    }
    if (ak_json_member(&json, 0, "format") != AK_JSON_NONE) return add_model(call, set, &json, line);
    arena_status status = add_recording(call, set, &json, line, capacity);
    ak_json_free(&json);
    return status;
}

static int by_key(const void *a, const void *b) {
    const replay_recording *first = a, *second = b;
    return ak_compare(first->key, second->key);
}

arena_status replay_open(const arena_call *call, arena_str path, replay_set *set) {
    memset(set, 0, sizeof *set);
    arena_status status = path.len ? read_file(call, path, &set->file) : ARENA_OK;
    arena_str text = path.len ? ak_text_str(&set->file) : (arena_str){bundled, sizeof bundled};
    uint64_t capacity = 0, line = 1;
    for (uint64_t at = 0; at < text.len && status == ARENA_OK; line++) {
        uint64_t end = ak_find(text, ak_str("\n"), at);
        if (end == AK_NOT_FOUND) end = text.len;
        arena_str content = ak_trim(ak_slice(text, at, end));
        if (content.len > 0) status = add_line(call, set, content, line, &capacity);
        at = end + 1;
    }
    if (set->count) qsort(set->recordings, set->count, sizeof *set->recordings, by_key);
    return status;
}

void replay_close(replay_set *set) {
    for (uint32_t i = 0; i < set->model_count; i++) {
        ak_json_free(&set->models[i].header);
        ak_text_free(&set->models[i].id);
    }
    free(set->models);
    free(set->recordings);
    ak_text_free(&set->file);
    memset(set, 0, sizeof *set);
}

const replay_recording *replay_find(const replay_set *set, const char key[65]) {
    replay_recording wanted = {.key = {key, 64}};
    return set->count ? bsearch(&wanted, set->recordings, set->count, sizeof wanted, by_key) : NULL;
}

const replay_model *replay_model_named(const replay_set *set, arena_str id) {
    if (id.len == 0) return set->model_count ? &set->models[0] : NULL;
    for (uint32_t i = 0; i < set->model_count; i++)
        if (ak_equal(ak_text_str(&set->models[i].id), id)) return &set->models[i];
    return NULL;
}
