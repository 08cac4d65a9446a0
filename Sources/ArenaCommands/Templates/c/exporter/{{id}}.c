/* {{id}}.c: an exporter. It writes each table into a file of its own, a row a line, as JSON. Replace `export_table`. */
#include "arena_kit/kit.h"

/* One table, a page of rows at a time: memory does not grow with their number. */
static arena_status export_table(const arena_call *call, arena_str name, const arena_record_reader *reader,
                                 const arena_file_writer *files) {
    ak_text file_name = {0};
    ak_put(&file_name, name);
    for (uint64_t i = 0; i < file_name.len; i++)
        if (file_name.ptr[i] == '/') file_name.ptr[i] = '-';
    ak_puts(&file_name, ".jsonl");
    const arena_sink *file = NULL;
    arena_status status =
        file_name.failed ? ak_fail_memory(call)
                         : files->create(files, call, ak_text_str(&file_name), ak_str("application/jsonl"), &file);
    ak_text_free(&file_name);
    uint64_t cursor = 0, count = 0;
    if (status == ARENA_OK) status = reader->open(reader, call, name, &cursor);
    while (status == ARENA_OK) {
        ak_text rows = {0};
        arena_sink page = ak_text_sink(&rows);
        status = ak_check_cancelled(call);
        if (status == ARENA_OK) status = reader->next(reader, call, cursor, 256, &page);
        uint64_t length = rows.len;
        for (uint64_t i = 0; i < length; i++) count += rows.ptr[i] == '\n';
        if (status == ARENA_OK && length > 0) status = ak_text_write(&rows, file);
        ak_text_free(&rows);
        if (length == 0) break;
    }
    return status == ARENA_OK ? files->finish(files, call, file, count) : status; /* [EXP-4] */
}

static arena_status export_records(const arena_call *call, arena_str params, const arena_record_reader *reader,
                                   const arena_file_writer *files) {
    (void)params;
    ak_text list = {0};
    arena_sink sink = ak_text_sink(&list);
    arena_status status = reader->tables(reader, call, &sink);
    ak_json json = {0};
    if (status == ARENA_OK && !ak_json_parse(&json, ak_text_str(&list)))
        status = ak_fail(call, ARENA_INTERNAL, "{{id}}.tables", ak_str("The list of tables is not JSON."), NULL);
    for (uint32_t i = 1; status == ARENA_OK && i < json.count; i = json.values[i].next) {
        ak_text name = {0};
        ak_json_put_string(&json, ak_json_member(&json, i, "name"), &name);
        status = name.failed ? ak_fail_memory(call) : export_table(call, ak_text_str(&name), reader, files);
        ak_text_free(&name);
    }
    ak_json_free(&json);
    ak_text_free(&list);
    return status;
}

static const arena_exporter_v1 table = {.struct_size = sizeof table, .export_records = export_records};

static const void *get_interface(arena_str interface_id, arena_str kind) {
    return ak_is(interface_id, ARENA_EXPORTER_1) && ak_is(kind, "{{id}}") ? &table : NULL;
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
