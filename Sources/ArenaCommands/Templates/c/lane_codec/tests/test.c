#include "../{{id}}.c"
#include "fake_call.h"

/* What the decoder said: the pieces of text, how it ended, or a value. */
static ak_text said;

static arena_status take_delta(const arena_codec_sink *sink, const arena_chat_delta *delta) {
    (void)sink;
    ak_put(&said, delta->text);
    return ARENA_OK;
}

static arena_status take_end(const arena_codec_sink *sink, const arena_chat_end *end) {
    (void)sink;
    ak_puts(&said, "|");
    ak_put(&said, end->finish_reason);
    ak_put(&said, end->usage_json);
    ak_put(&said, end->meta_json);
    return ARENA_OK;
}

static arena_status take_value(const arena_codec_sink *sink, arena_str json) {
    (void)sink;
    ak_put(&said, json);
    return ARENA_OK;
}

static const arena_codec_sink sink = {
    .struct_size = sizeof sink, .delta = take_delta, .end = take_end, .value = take_value};

/* Feeds an answer in pieces of so many bytes. */
static arena_status answer(uint32_t operation, uint32_t http_status, const char *body, uint64_t piece) {
    void *decoder = NULL;
    CHECK(table.decoder_create(NULL, &fake_call, operation, ak_str("{}"), &decoder) == ARENA_OK);
    ak_text_free(&said);
    arena_str whole = ak_str(body);
    arena_status status = ARENA_OK;
    for (uint64_t at = 0; status == ARENA_OK && (at < whole.len || at == 0); at += piece) {
        arena_str part = ak_slice(whole, at, at + piece);
        arena_bytes bytes = {(const uint8_t *)part.ptr, part.len};
        status = table.feed(decoder, &fake_call, http_status, ak_str("{}"), bytes, at + piece >= whole.len, &sink);
    }
    table.decoder_destroy(decoder);
    return status;
}

static void asks_for_one_document(void) {
    ak_text request = {0};
    arena_sink out = ak_text_sink(&request);
    const char *chat = "{\"messages\": [], \"stream\": true, \"stream_options\": {}, \"seed\": 7, \"user\": \"a\\\"b\"}";
    CHECK(table.encode(NULL, &fake_call, ARENA_LANE_CHAT, ak_str(chat), &out) == ARENA_OK);
    ak_json json, body;
    ak_text text = {0};
    CHECK(ak_json_parse(&json, ak_text_str(&request)));
    ak_json_put_string(&json, ak_json_member(&json, 0, "body"), &text);
    CHECK(ak_json_parse(&body, ak_text_str(&text)));
    CHECK(ak_json_bool(&body, ak_json_member(&body, 0, "stream"), 1) == 0);
    CHECK(ak_json_member(&body, 0, "stream_options") == AK_JSON_NONE);
    CHECK(ak_json_double(&body, ak_json_member(&body, 0, "seed"), 0) == 7);
    CHECK(ak_is(ak_json_raw(&body, ak_json_member(&body, 0, "user")), "a\\\"b"));
    ak_json_free(&body);
    ak_json_free(&json);
    ak_text_free(&text);
    ak_text_free(&request);
    CHECK(table.encode(NULL, &fake_call, ARENA_LANE_CHAT, ak_str("{}"), &out) == ARENA_INVALID_ARGUMENT);
    CHECK(table.encode(NULL, &fake_call, ARENA_LANE_EMBED, ak_str("{}"), &out) == ARENA_UNIMPLEMENTED);
    ak_text_free(&request);
}

static void reads_answers_in_pieces_of_any_size(void) {
    const char *chat = "{\"model\": \"m\", \"choices\": [{\"message\": {\"content\": \"Four \\u2713\"}, "
                       "\"finish_reason\": \"stop\"}], \"usage\": {\"prompt_tokens\": 1}}";
    const char *models = "{\"data\": [{\"id\": \"m\"}, {\"id\": \"n\"}]}";
    for (uint64_t piece = 1; piece < 200; piece += 7) {
        CHECK(answer(ARENA_LANE_CHAT, 200, chat, piece) == ARENA_OK);
        CHECK(ak_is(ak_text_str(&said), "Four \xE2\x9C\x93|stop{\"prompt_tokens\": 1}{\"model\":\"m\"}"));
        CHECK(answer(ARENA_LANE_MODELS, 200, models, piece) == ARENA_OK);
        CHECK(ak_is(ak_text_str(&said), "[{\"id\":\"m\"},{\"id\":\"n\"}]"));
    }
    CHECK(answer(ARENA_LANE_IDENTIFY, 200, "{\"data\": []}", 5) == ARENA_OK);
    CHECK(ak_is(ak_text_str(&said),
                "{\"server\":\"{{id}}\",\"title\":\"A server with /v1/chat/completions\",\"models\":[]}"));
}

static void says_why_the_server_failed(void) {
    CHECK(answer(ARENA_LANE_CHAT, 401, "no key", 3) == ARENA_UNAUTHENTICATED);
    CHECK(answer(ARENA_LANE_CHAT, 503, "", 3) == ARENA_UNAVAILABLE);
    CHECK(answer(ARENA_LANE_CHAT, 200, "<html>", 3) == ARENA_INTERNAL);
    CHECK(answer(ARENA_LANE_CHAT, 200, "{\"choices\": []}", 3) == ARENA_INTERNAL);
    CHECK(said.len == 0);
    CHECK(answer(ARENA_LANE_HEALTH, 503, "", 3) == ARENA_OK);
    CHECK(ak_is(ak_text_str(&said), "{\"ok\":false,\"reason\":\"The server answered with status 503.\"}"));
}

int main(void) {
    asks_for_one_document();
    reads_answers_in_pieces_of_any_size();
    says_why_the_server_failed();
    ak_text_free(&said);
    puts("all right");
    return 0;
}
