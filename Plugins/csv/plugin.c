/* plugin.c: the exporter csv. A page of rows is in memory at a time, never more. */
#include "csv.h"

#define ROWS_A_PAGE 1000u

/* One run. */
typedef struct export_run {
    const arena_call *call;
    const arena_record_reader *reader;
    const arena_file_writer *files;
    csv_style style;
    ak_json params;
    ak_json tables;
    uint64_t done;
    uint64_t total;
} export_run;

/* A sink that keeps what it is given in an ak_text. */
static arena_status keep(const arena_sink *sink, const void *data, uint64_t len) {
    ak_text *text = sink->host_context;
    ak_put(text, (arena_str){data, len});
    return text->failed ? ARENA_RESOURCE_EXHAUSTED : ARENA_OK;
}

static arena_sink keeping(ak_text *text) {
    return (arena_sink){.struct_size = sizeof(arena_sink), .host_context = text, .write = keep};
}

static int is_wanted(const export_run *run, uint32_t name) {
    uint32_t wanted = ak_json_member(&run->params, 0, "tables");
    if (wanted == AK_JSON_NONE) return 1;
    ak_text text = {0};
    int found = 0;
    ak_json_put_string(&run->tables, name, &text);
    for (uint32_t i = wanted + 1; i < run->params.values[wanted].next && !found; i++) {
        ak_text other = {0};
        ak_json_put_string(&run->params, i, &other);
        found = !other.failed && ak_equal(ak_text_str(&text), ak_text_str(&other));
        ak_text_free(&other);
    }
    ak_text_free(&text);
    return found;
}

/* [EXP-3] The name of a table's file: what a file name may not hold becomes "_". */
static void put_file_name(ak_text *out, arena_str table) {
    for (uint64_t i = 0; i < table.len && i < 100; i++) {
        char c = table.ptr[i];
        int plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                    (c == '.' && i > 0);
        ak_put(out, plain ? ak_slice(table, i, i + 1) : ak_str("_"));
    }
    ak_puts(out, ".csv");
}

/* Adds the rows of a page to `out`. */
static arena_status put_page(export_run *run, const csv_columns *columns, arena_str page, ak_text *out,
                             uint64_t *rows) {
    for (uint64_t at = 0; at < page.len;) {
        uint64_t end = ak_find(page, ak_str("\n"), at);
        if (end == AK_NOT_FOUND) end = page.len;
        const char *problem;
        if (!csv_put_row(out, columns, &run->style, ak_slice(page, at, end), &problem)) {
            ak_text message = {0};
            ak_putf(&message, "The host gave a row that cannot be read: %s.", problem);
            arena_status status = ak_fail(run->call, ARENA_INTERNAL, "csv.bad_row", ak_text_str(&message), NULL);
            ak_text_free(&message);
            return status;
        }
        ++*rows;
        at = end + 1;
    }
    return out->failed ? ak_fail_memory(run->call) : ARENA_OK;
}

static arena_status write_rows(export_run *run, const csv_columns *columns, uint64_t cursor, const arena_sink *file,
                               ak_text *page, ak_text *out, uint64_t *rows) {
    arena_sink sink = keeping(page);
    csv_put_header(out, columns, &run->style);
    for (;;) {
        arena_status status = out->failed ? ak_fail_memory(run->call) : ak_text_write(out, file);
        if (status == ARENA_OK) status = ak_check_cancelled(run->call);
        if (status != ARENA_OK) return status;
        page->len = out->len = 0;
        status = run->reader->next(run->reader, run->call, cursor, ROWS_A_PAGE, &sink);
        if (status != ARENA_OK) return page->failed ? ak_fail_memory(run->call) : status;
        if (page->len == 0) return ARENA_OK;
        uint64_t before = *rows;
        status = put_page(run, columns, ak_text_str(page), out, rows);
        if (status != ARENA_OK) return status;
        run->done += *rows - before;
        run->call->progress(run->call, run->done, run->total, ak_str("writing"), ak_str(""));
    }
}

static arena_status write_table(export_run *run, uint32_t table, uint32_t name) {
    ak_text text = {0}, file_name = {0}, page = {0}, out = {0};
    csv_columns columns;
    uint64_t cursor = 0, rows = 0;
    const arena_sink *file = NULL;
    ak_json_put_string(&run->tables, name, &text);
    put_file_name(&file_name, ak_text_str(&text));
    arena_status status = ARENA_OK;
    if (!csv_columns_read(&columns, &run->tables, ak_json_member(&run->tables, table, "columns")))
        status = ak_fail(run->call, ARENA_INTERNAL, "csv.bad_table", ak_str("A table has no columns."), NULL);
    else if (text.failed || file_name.failed)
        status = ak_fail_memory(run->call);
    if (status == ARENA_OK) status = run->reader->open(run->reader, run->call, ak_text_str(&text), &cursor);
    if (status == ARENA_OK)
        status = run->files->create(run->files, run->call, ak_text_str(&file_name),
                                    ak_str("text/csv; charset=utf-8; header=present"), &file);
    if (status == ARENA_OK) status = write_rows(run, &columns, cursor, file, &page, &out, &rows);
    if (status == ARENA_OK) status = run->files->finish(run->files, run->call, file, rows);
    csv_columns_free(&columns);
    ak_text_free(&text);
    ak_text_free(&file_name);
    ak_text_free(&page);
    ak_text_free(&out);
    return status;
}

/* A table that was asked for and is not there is an error, not an export with a file less. */
static arena_status check_names(export_run *run) {
    uint32_t wanted = ak_json_member(&run->params, 0, "tables");
    if (wanted == AK_JSON_NONE) return ARENA_OK;
    for (uint32_t i = wanted + 1; i < run->params.values[wanted].next; i++) {
        ak_text name = {0};
        ak_json_put_string(&run->params, i, &name);
        int found = 0;
        for (uint32_t table = 1; table < run->tables.values[0].next; table = run->tables.values[table].next) {
            ak_text other = {0};
            uint32_t index = ak_json_member(&run->tables, table, "name");
            if (ak_json_is(&run->tables, index, AK_JSON_STRING)) ak_json_put_string(&run->tables, index, &other);
            found = found || ak_equal(ak_text_str(&name), ak_text_str(&other));
            ak_text_free(&other);
        }
        arena_status status = ARENA_OK;
        if (!found) {
            ak_text message = {0};
            ak_puts(&message, "There is no table ");
            ak_put_quote(&message, ak_text_str(&name), 100);
            ak_puts(&message, " to export.");
            status = ak_fail(run->call, ARENA_NOT_FOUND, "csv.unknown_table", ak_text_str(&message),
                             "Without `tables` every table is exported.");
            ak_text_free(&message);
        }
        ak_text_free(&name);
        if (status != ARENA_OK) return status;
    }
    return ARENA_OK;
}

static arena_status write_tables(export_run *run) {
    arena_status status = check_names(run);
    for (int counting = 1; counting >= 0; counting--) {
        for (uint32_t table = 1; table < run->tables.values[0].next && status == ARENA_OK;
             table = run->tables.values[table].next) {
            uint32_t name = ak_json_member(&run->tables, table, "name");
            if (!ak_json_is(&run->tables, name, AK_JSON_STRING) || !is_wanted(run, name)) continue;
            uint32_t rows = ak_json_member(&run->tables, table, "rows");
            if (counting)
                run->total += (uint64_t)ak_json_double(&run->tables, rows, 0);
            else
                status = write_table(run, table, name);
        }
    }
    return status;
}

static void read_style(export_run *run) {
    uint32_t delimiter = ak_json_member(&run->params, 0, "delimiter");
    ak_text text = {0};
    if (ak_json_is(&run->params, delimiter, AK_JSON_STRING)) ak_json_put_string(&run->params, delimiter, &text);
    run->style.delimiter = text.len == 1 ? text.ptr[0] : ',';
    run->style.guards_formulas = ak_json_bool(&run->params, ak_json_member(&run->params, 0, "guard_formulas"), 1);
    run->style.has_bom = ak_json_bool(&run->params, ak_json_member(&run->params, 0, "bom"), 0);
    ak_text_free(&text);
}

static arena_status export_records(const arena_call *call, arena_str params, const arena_record_reader *reader,
                                   const arena_file_writer *files) {
    export_run run = {.call = call, .reader = reader, .files = files};
    ak_text document = {0};
    arena_sink sink = keeping(&document);
    arena_status status = ARENA_OK;
    if (!ak_json_parse(&run.params, params.len ? params : ak_str("{}")))
        status = ak_fail(call, ARENA_INVALID_ARGUMENT, "csv.params", ak_str("The parameters are not JSON."), NULL);
    if (status == ARENA_OK) status = reader->tables(reader, call, &sink);
    if (status == ARENA_OK &&
        (!ak_json_parse(&run.tables, ak_text_str(&document)) || !ak_json_is(&run.tables, 0, AK_JSON_ARRAY)))
        status = ak_fail(call, ARENA_INTERNAL, "csv.bad_tables", ak_str("The host gave no list of tables."), NULL);
    if (status == ARENA_OK) {
        read_style(&run);
        status = write_tables(&run);
    }
    ak_json_free(&run.params);
    ak_json_free(&run.tables);
    ak_text_free(&document);
    return status;
}

static const arena_exporter_v1 csv_exporter = {
    .struct_size = sizeof csv_exporter,
    .export_records = export_records,
};

static const void *get_interface(arena_str interface_id, arena_str kind) {
    return ak_is(interface_id, ARENA_EXPORTER_1) && ak_is(kind, "csv") ? &csv_exporter : NULL;
}

const arena_entry *arena_plugin_entry_v1(void) {
    static const arena_entry entry = {
        .struct_size = sizeof entry,
        .abi_major = ARENA_ABI_MAJOR,
        .abi_minor = ARENA_ABI_MINOR,
        .id = AK_LITERAL("csv"),
        .version = AK_LITERAL("1.0.0"),
        .get_interface = get_interface,
    };
    return &entry;
}
