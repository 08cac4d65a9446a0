#include "../{{id}}.c"
#include "fake_call.h"

/* A reader of one table with 600 rows, and a writer that keeps one file. */
static ak_text file;
static uint64_t read_rows, said_rows;

static arena_status tables(const arena_record_reader *reader, const arena_call *call, const arena_sink *json) {
    (void)reader, (void)call;
    arena_str list = ak_str("[{\"name\": \"eval_score/1\", \"rows\": 600, \"columns\": []}]");
    return json->write(json, list.ptr, list.len);
}

static arena_status open_table(const arena_record_reader *reader, const arena_call *call, arena_str name, uint64_t *cursor) {
    (void)reader, (void)call;
    CHECK(ak_is(name, "eval_score/1"));
    *cursor = 7;
    return ARENA_OK;
}

static arena_status next_rows(const arena_record_reader *reader, const arena_call *call, uint64_t cursor, uint32_t most,
                              const arena_sink *lines) {
    (void)reader, (void)call;
    CHECK(cursor == 7);
    for (uint32_t i = 0; i < most && read_rows < 600; i++, read_rows++) lines->write(lines, "{}\n", 3);
    return ARENA_OK;
}

static arena_status create_file(const arena_file_writer *writer, const arena_call *call, arena_str name, arena_str type,
                                const arena_sink **out) {
    (void)writer, (void)call, (void)type;
    static arena_sink sink;
    CHECK(ak_is(name, "eval_score-1.jsonl"));
    sink = ak_text_sink(&file);
    *out = &sink;
    return ARENA_OK;
}

static arena_status finish_file(const arena_file_writer *writer, const arena_call *call, const arena_sink *ended,
                                uint64_t rows) {
    (void)writer, (void)call;
    CHECK(ended->host_context == &file);
    said_rows = rows;
    return ARENA_OK;
}

int main(void) {
    arena_record_reader reader = {.struct_size = sizeof reader, .tables = tables, .open = open_table, .next = next_rows};
    arena_file_writer files = {.struct_size = sizeof files, .create = create_file, .finish = finish_file};
    CHECK(table.export_records(&fake_call, ak_str(""), &reader, &files) == ARENA_OK);
    CHECK(file.len == 600 * 3);
    CHECK(said_rows == 600);
    ak_text_free(&file);
    puts("all right");
    return 0;
}
