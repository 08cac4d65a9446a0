#include "../{{id}}.c"
#include "fake_call.h"

int main(void) {
    void *self = NULL;
    CHECK(table.open(&fake_call, ak_str(""), &self) == ARENA_OK);
    arena_score_output scores[] = {{.value = 1}, {.value = 0.5}, {.flags = ARENA_SCORE_SKIPPED}};
    CHECK(table.add(self, &fake_call, 3, NULL, 0, scores, sizeof scores[0]) == ARENA_OK);
    ak_text result = {0};
    arena_sink sink = ak_text_sink(&result);
    CHECK(table.finish(self, &fake_call, &sink) == ARENA_OK);
    CHECK(ak_is(ak_text_str(&result), "{\"value\":0.5,\"n\":2}"));
    table.close(self);
    ak_text_free(&result);
    puts("all right");
    return 0;
}
