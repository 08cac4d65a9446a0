#include "../{{id}}.c"
#include "fake_call.h"

int main(void) {
    ak_text score = {0};
    arena_sink sink = ak_text_sink(&score);
    const char *results = "[{\"value\": 1, \"explain\": \"\"}, {\"value\": 0, \"explain\": \"longer\"}]";
    CHECK(table.combine(NULL, &fake_call, NULL, ak_str(results), &sink) == ARENA_OK);
    ak_json json;
    CHECK(ak_json_parse(&json, ak_text_str(&score)));
    CHECK(ak_json_double(&json, ak_json_member(&json, 0, "total"), -1) == 0.75);
    ak_json_free(&json);
    ak_text_free(&score);
    results = "[{\"skipped\": true}, {\"skipped\": true}]";
    CHECK(table.combine(NULL, &fake_call, NULL, ak_str(results), &sink) == ARENA_OK);
    CHECK(ak_find(ak_text_str(&score), ak_str("\"total\":null"), 0) != AK_NOT_FOUND);
    ak_text_free(&score);
    CHECK(table.combine(NULL, &fake_call, NULL, ak_str("no JSON"), &sink) == ARENA_INVALID_ARGUMENT);
    puts("all right");
    return 0;
}
