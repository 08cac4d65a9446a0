#include "../{{id}}.c"
#include "fake_call.h"

static ak_text answer;
static int ends;

static arena_status take_delta(const arena_chat_sink *sink, const arena_chat_delta *delta) {
    (void)sink;
    ak_put(&answer, delta->text);
    return ARENA_OK;
}

static arena_status take_end(const arena_chat_sink *sink, const arena_chat_end *end) {
    (void)sink;
    CHECK(ak_is(end->finish_reason, "stop"));
    ends++;
    return ARENA_OK;
}

int main(void) {
    arena_chat_sink sink = {.struct_size = sizeof sink, .delta = take_delta, .end = take_end};
    const char *request = "{\"messages\": [{\"role\": \"user\", \"content\": \"two words\"}]}";
    CHECK(table.chat(NULL, &fake_call, ak_str(request), &sink) == ARENA_OK);
    CHECK(ak_is(ak_text_str(&answer), "TWO WORDS"));
    CHECK(ends == 1);
    CHECK(table.chat(NULL, &fake_call, ak_str("{\"messages\": []}"), &sink) == ARENA_INVALID_ARGUMENT);
    ak_text_free(&answer);
    puts("all right");
    return 0;
}
