/* {{id}}.c: a lane type that answers by itself. Its only model gives back the last message in capital letters, word by
 * word. Replace `chat` by your model. */
#include "arena_kit/kit.h"

#include <ctype.h>

/* The content of the last message of a chat-completions request. */
static int last_message(arena_str request, ak_text *content) {
    ak_json json;
    int found = 0;
    if (ak_json_parse(&json, request)) {
        uint32_t messages = ak_json_member(&json, 0, "messages");
        if (ak_json_is(&json, messages, AK_JSON_ARRAY)) {
            for (uint32_t i = messages + 1; i < json.values[messages].next; i = json.values[i].next) {
                uint32_t text = ak_json_member(&json, i, "content");
                if (!ak_json_is(&json, text, AK_JSON_STRING)) continue;
                ak_text_free(content);
                ak_json_put_string(&json, text, content);
                found = 1;
            }
        }
    }
    ak_json_free(&json);
    return found && !content->failed;
}

static arena_status chat(void *self, const arena_call *call, arena_str request, const arena_chat_sink *sink) {
    (void)self;
    ak_text content = {0};
    if (!last_message(request, &content)) {
        ak_text_free(&content);
        return ak_fail(call, ARENA_INVALID_ARGUMENT, "{{id}}.request", ak_str("The request has no message with text."),
                       NULL);
    }
    for (uint64_t i = 0; i < content.len; i++) content.ptr[i] = (char)toupper((unsigned char)content.ptr[i]);
    arena_str text = ak_text_str(&content);
    arena_status status = ARENA_OK;
    for (uint64_t at = 0; at < text.len && status == ARENA_OK;) {
        uint64_t end = ak_find(text, ak_str(" "), at);
        end = end == AK_NOT_FOUND ? text.len : end + 1;
        arena_chat_delta delta = {.struct_size = sizeof delta, .channel = ARENA_CHANNEL_CONTENT,
                                  .text = ak_slice(text, at, end)};
        status = ak_check_cancelled(call);
        if (status == ARENA_OK) status = sink->delta(sink, &delta);
        at = end;
    }
    arena_chat_end end = {.struct_size = sizeof end, .finish_reason = AK_LITERAL("stop"),
                          .meta_json = AK_LITERAL("{\"model\":\"capitals\"}")};
    if (status == ARENA_OK) status = sink->end(sink, &end);
    ak_text_free(&content);
    return status;
}

static arena_status create(const arena_call *call, arena_str config, void **self) {
    (void)call, (void)config;
    *self = NULL;
    return ARENA_OK;
}

static void destroy(void *self) {
    (void)self;
}

/* Where a model would be loaded, and its memory given back. */
static arena_status start_or_stop(void *self, const arena_call *call) {
    (void)self, (void)call;
    return ARENA_OK;
}

static arena_status health(void *self, const arena_call *call, const arena_sink *json) {
    (void)self, (void)call;
    arena_str answer = ak_str("{\"ok\":true,\"reason\":\"\"}");
    return json->write(json, answer.ptr, answer.len);
}

static arena_status models(void *self, const arena_call *call, const arena_sink *json) {
    (void)self, (void)call;
    arena_str answer = ak_str("[{\"id\":\"capitals\"}]");
    return json->write(json, answer.ptr, answer.len);
}

static const arena_lane_engine_v1 table = {
    .struct_size = sizeof table, .create = create, .destroy = destroy, .start = start_or_stop, .stop = start_or_stop,
    .health = health, .models = models, .chat = chat};

static const void *get_interface(arena_str interface_id, arena_str kind) {
    return ak_is(interface_id, ARENA_LANE_ENGINE_1) && ak_is(kind, "{{id}}") ? &table : NULL;
}

const arena_entry *arena_plugin_entry_v1(void) {
    static const arena_entry entry = {
        .struct_size = sizeof entry,
        .abi_major = ARENA_ABI_MAJOR,
        .abi_minor = ARENA_ABI_MINOR,
        .id = AK_LITERAL("{{id}}"),
        .version = AK_LITERAL("0.1.0"),
        .get_interface = get_interface,
    };
    return &entry;
}
