/* {{id}}.c: a lane type that speaks a server's dialect of HTTP, here the plain one of /v1/chat/completions, whose answer
 * is one JSON document. It sends nothing itself: it writes requests and reads answers. Replace both by your server's. */
#include "arena_kit/kit.h"

/* In bytes. An answer is passed on once as text and once verbatim, which together must stay below 8 MiB [CODEC-8]. */
#define LARGEST_ANSWER (2u << 20)

static arena_status create(const arena_call *call, arena_str config, void **self) {
    (void)call, (void)config;
    *self = NULL;
    return ARENA_OK;
}

static void destroy(void *self) {
    (void)self;
}

static arena_status unsupported(const arena_call *call) {
    return ak_fail(call, ARENA_UNIMPLEMENTED, "lane.unsupported", ak_str("Lanes of type {{id}} do not do this."), NULL);
}

/* A value as it stood in the text that it was read from. */
static void put_value(ak_text *out, const ak_json *json, uint32_t value) {
    const char *quote = ak_json_is(json, value, AK_JSON_STRING) ? "\"" : "";
    ak_puts(out, quote);
    ak_put(out, ak_json_raw(json, value));
    ak_puts(out, quote);
}

/* A chat is asked for as Arena gives it, except that the answer shall be one document. */
static arena_status encode_chat(const arena_call *call, arena_str request, const arena_sink *http_request) {
    ak_json json;
    ak_text body = {0}, whole = {0};
    if (!ak_json_parse(&json, request) || !ak_json_is(&json, ak_json_member(&json, 0, "messages"), AK_JSON_ARRAY)) {
        ak_json_free(&json);
        return ak_fail(call, ARENA_INVALID_ARGUMENT, "lane.bad_request", ak_str("`messages` must be a list."), NULL);
    }
    uint32_t stream = ak_json_member(&json, 0, "stream"), options = ak_json_member(&json, 0, "stream_options");
    ak_puts(&body, "{\"stream\":false");
    for (uint32_t key = 1; key < json.count; key = json.values[key + 1].next) {
        if (key + 1 == stream || key + 1 == options) continue;
        ak_puts(&body, ",");
        put_value(&body, &json, key);
        ak_puts(&body, ":");
        put_value(&body, &json, key + 1);
    }
    ak_puts(&body, "}");
    ak_json_free(&json);
    ak_puts(&whole, "{\"method\":\"POST\",\"path\":\"/v1/chat/completions\","
                    "\"headers\":{\"Content-Type\":\"application/json\"},\"body\":");
    ak_put_json_string(&whole, ak_text_str(&body));
    ak_puts(&whole, "}");
    arena_status status = body.failed || whole.failed ? ak_fail_memory(call) : ak_text_write(&whole, http_request);
    ak_text_free(&body);
    ak_text_free(&whole);
    return status;
}

/* [CODEC-1] What is asked to know the server must not make it load a model: its list of models does not. */
static arena_status encode(void *self, const arena_call *call, uint32_t operation, arena_str request,
                           const arena_sink *http_request) {
    (void)self;
    arena_str list = ak_str("{\"method\":\"GET\",\"path\":\"/v1/models\",\"headers\":{},\"body\":\"\"}");
    switch (operation) {
    case ARENA_LANE_CHAT: return encode_chat(call, request, http_request);
    case ARENA_LANE_IDENTIFY:
    case ARENA_LANE_MODELS:
    case ARENA_LANE_HEALTH: return http_request->write(http_request, list.ptr, list.len);
    default: return unsupported(call);
    }
}

/* Reads one answer. It is collected, so that pieces of any size give the same [CODEC-4]. */
typedef struct decoder {
    uint32_t operation;
    ak_text body;
} decoder;

static arena_status decoder_create(void *self, const arena_call *call, uint32_t operation, arena_str request,
                                   void **out) {
    (void)self, (void)request;
    if (operation != ARENA_LANE_CHAT && operation != ARENA_LANE_IDENTIFY && operation != ARENA_LANE_MODELS &&
        operation != ARENA_LANE_HEALTH)
        return unsupported(call);
    decoder *made = calloc(1, sizeof *made);
    if (!made) return ak_fail_memory(call);
    made->operation = operation;
    *out = made;
    return ARENA_OK;
}

static void decoder_destroy(void *self) {
    if (!self) return;
    ak_text_free(&((decoder *)self)->body);
    free(self);
}

static arena_status bad_answer(const arena_call *call, const char *message) {
    return ak_fail(call, ARENA_INTERNAL, "lane.bad_answer", ak_str(message),
                   "Check that the lane's base_url is the address of such a server.");
}

/* The server's failure is the failure of the call [CODEC-7], with its own words. */
static arena_status server_failure(const arena_call *call, uint32_t http_status, arena_str body) {
    arena_status status = http_status == 401 || http_status == 403   ? ARENA_UNAUTHENTICATED
                          : http_status == 404                       ? ARENA_NOT_FOUND
                          : http_status == 429                       ? ARENA_RESOURCE_EXHAUSTED
                          : http_status >= 400 && http_status < 500  ? ARENA_INVALID_ARGUMENT
                                                                     : ARENA_UNAVAILABLE;
    ak_text message = {0};
    ak_putf(&message, "The server answered with status %u: ", (unsigned)http_status);
    ak_put_quote(&message, body, 200);
    status = ak_fail(call, status, "lane.server_error", ak_text_str(&message), "Look at the log of the server.");
    ak_text_free(&message);
    return status;
}

static arena_status read_chat(const arena_call *call, const ak_json *json, arena_bytes raw,
                              const arena_codec_sink *sink) {
    uint32_t choices = ak_json_member(json, 0, "choices");
    uint32_t choice = ak_json_is(json, choices, AK_JSON_ARRAY) && json->values[choices].count > 0 ? choices + 1
                                                                                                 : AK_JSON_NONE;
    uint32_t reason = ak_json_member(json, choice, "finish_reason");
    uint32_t content = ak_json_member(json, ak_json_member(json, choice, "message"), "content");
    if (!ak_json_is(json, reason, AK_JSON_STRING)) return bad_answer(call, "The answer has no choice that has ended.");
    ak_text text = {0}, finish = {0}, meta = {0};
    if (ak_json_is(json, content, AK_JSON_STRING)) ak_json_put_string(json, content, &text);
    ak_json_put_string(json, reason, &finish);
    uint32_t model = ak_json_member(json, 0, "model"), usage = ak_json_member(json, 0, "usage");
    if (ak_json_is(json, model, AK_JSON_STRING)) {
        ak_puts(&meta, "{\"model\":");
        put_value(&meta, json, model);
        ak_puts(&meta, "}");
    }
    arena_chat_delta delta = {.struct_size = sizeof delta, .channel = ARENA_CHANNEL_CONTENT,
                              .text = ak_text_str(&text), .raw = raw};
    arena_chat_end end = {.struct_size = sizeof end, .finish_reason = ak_text_str(&finish),
                          .meta_json = ak_text_str(&meta)};
    if (ak_json_is(json, usage, AK_JSON_OBJECT)) end.usage_json = ak_json_raw(json, usage);
    arena_status status =
        text.failed || finish.failed || meta.failed ? ak_fail_memory(call) : sink->delta(sink, &delta);
    if (status == ARENA_OK) status = sink->end(sink, &end);
    ak_text_free(&text);
    ak_text_free(&finish);
    ak_text_free(&meta);
    return status;
}

/* The list of models, for `identify` with what the server is. */
static arena_status read_models(const arena_call *call, const ak_json *json, uint32_t operation,
                                const arena_codec_sink *sink) {
    uint32_t data = ak_json_member(json, 0, "data");
    if (!ak_json_is(json, data, AK_JSON_ARRAY)) return bad_answer(call, "The list of models has no `data`.");
    ak_text out = {0};
    if (operation == ARENA_LANE_IDENTIFY)
        ak_puts(&out, "{\"server\":\"{{id}}\",\"title\":\"A server with /v1/chat/completions\",\"models\":");
    const char *comma = "[";
    for (uint32_t i = data + 1; i < json->values[data].next; i = json->values[i].next) {
        uint32_t id = ak_json_member(json, i, "id");
        if (!ak_json_is(json, id, AK_JSON_STRING)) continue;
        ak_putf(&out, "%s{\"id\":", comma);
        put_value(&out, json, id);
        ak_puts(&out, "}");
        comma = ",";
    }
    ak_puts(&out, *comma == '[' ? "[]" : "]");
    if (operation == ARENA_LANE_IDENTIFY) ak_puts(&out, "}");
    arena_status status = out.failed ? ak_fail_memory(call) : sink->value(sink, ak_text_str(&out));
    ak_text_free(&out);
    return status;
}

static arena_status feed(void *self, const arena_call *call, uint32_t http_status, arena_str headers, arena_bytes data,
                         uint32_t end_of_body, const arena_codec_sink *sink) {
    (void)headers;
    decoder *decoder = self;
    arena_str piece = {(const char *)data.ptr, data.len};
    if (piece.len > LARGEST_ANSWER - decoder->body.len) return bad_answer(call, "The answer has more than 2 MiB.");
    ak_put(&decoder->body, piece);
    if (decoder->body.failed) return ak_fail_memory(call);
    if (!end_of_body) return ARENA_OK;
    arena_str body = ak_text_str(&decoder->body);
    int is_well = http_status >= 200 && http_status < 300;
    if (decoder->operation == ARENA_LANE_HEALTH) {
        ak_text health = {0};
        ak_putf(&health, "{\"ok\":%s,\"reason\":\"", is_well ? "true" : "false");
        if (!is_well) ak_putf(&health, "The server answered with status %u.", (unsigned)http_status);
        ak_puts(&health, "\"}");
        arena_status status = health.failed ? ak_fail_memory(call) : sink->value(sink, ak_text_str(&health));
        ak_text_free(&health);
        return status;
    }
    if (!is_well) return server_failure(call, http_status, body);
    ak_json json;
    arena_bytes raw = {(const uint8_t *)body.ptr, body.len};
    arena_status status = !ak_json_parse(&json, body)               ? bad_answer(call, "The answer is not JSON.")
                          : decoder->operation == ARENA_LANE_CHAT ? read_chat(call, &json, raw, sink)
                                                                  : read_models(call, &json, decoder->operation, sink);
    ak_json_free(&json);
    return status;
}

static const arena_lane_codec_v1 table = {
    .struct_size = sizeof table, .create = create, .destroy = destroy, .encode = encode,
    .decoder_create = decoder_create, .feed = feed, .decoder_destroy = decoder_destroy};

static const void *get_interface(arena_str interface_id, arena_str kind) {
    return ak_is(interface_id, ARENA_LANE_CODEC_1) && ak_is(kind, "{{id}}") ? &table : NULL;
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
