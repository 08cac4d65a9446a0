#include "../{{id}}.c"
#include "fake_call.h"

static ak_text sealed;

static arena_status fake_commit(const arena_job_service *service, const arena_call *call, arena_bytes checkpoint,
                                uint64_t expected_seq, uint64_t *new_seq) {
    (void)service, (void)call;
    ak_text_free(&sealed);
    arena_str bytes = {(const char *)checkpoint.ptr, checkpoint.len};
    ak_put(&sealed, bytes);
    *new_seq = expected_seq + 1;
    return ARENA_OK;
}

/* Runs an attempt from a checkpoint and gives its result. */
static ak_text run(const char *payload, arena_bytes checkpoint) {
    arena_job_open start = {.struct_size = sizeof start, .payload_json = ak_str(payload), .checkpoint = checkpoint};
    void *self = NULL;
    CHECK(table.open(&fake_call, &start, &self) == ARENA_OK);
    ak_text result = {0};
    arena_sink sink = ak_text_sink(&result);
    CHECK(table.run(self, &fake_call, &sink) == ARENA_OK);
    table.close(self);
    return result;
}

int main(void) {
    static const arena_job_service service = {.struct_size = sizeof service, .commit = fake_commit};
    job_service = &service;
    arena_bytes none = {NULL, 0};

    ak_text whole = run("{\"text\": \"one two\\nthree\\n\\nfour  five\"}", none);
    CHECK(ak_is(ak_text_str(&whole), "{\"lines\":4,\"words\":5}"));

    /* From the checkpoint after the last line there is nothing left to do, and the result is the same. */
    ak_text last = sealed;
    sealed = (ak_text){0};
    arena_bytes checkpoint = {(const uint8_t *)last.ptr, last.len};
    ak_text again = run("{\"text\": \"one two\\nthree\\n\\nfour  five\"}", checkpoint);
    CHECK(ak_equal(ak_text_str(&whole), ak_text_str(&again)));
    ak_text_free(&last);
    ak_text_free(&whole);
    ak_text_free(&again);
    puts("all right");
    return 0;
}
