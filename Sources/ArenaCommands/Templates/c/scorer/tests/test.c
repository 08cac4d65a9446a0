#include "../{{id}}.c"
#include "fake_call.h"

static double value_of(const char *config, const char *output, const char *reference) {
    void *self = NULL;
    CHECK(table.create(&fake_call, ak_str(config), &self) == ARENA_OK);
    arena_str references[] = {ak_str(reference)};
    arena_score_input in = {.struct_size = sizeof in, .output = ak_str(output), .references = references,
                            .reference_count = 1, .reference_stride = sizeof references[0]};
    arena_score_output out = {.struct_size = sizeof out};
    CHECK(table.score(self, &fake_call, &in, &out, NULL) == ARENA_OK);
    table.destroy(self);
    return out.value;
}

int main(void) {
    CHECK(value_of("", " Paris, of course.", "paris") == 1);
    CHECK(value_of("", "It is Paris.", "Paris") == 0);
    CHECK(value_of("{\"case_matters\": true}", "Paris", "paris") == 0);
    CHECK(value_of("", "", "Paris") == 0);
    puts("all right");
    return 0;
}
