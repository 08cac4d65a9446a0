/* An exporter that writes all rows of all tables into one file and keeps every rule, unless a macro on the command line
   breaks one. */
#define _GNU_SOURCE
#include "arena/plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEXT(chars_) ((arena_str){chars_, sizeof(chars_) - 1})
static int is(arena_str a, const char *chars) { return a.len == strlen(chars) && !memcmp(a.ptr, chars, a.len); }

struct text {
    char *ptr;
    uint64_t len, room;
};
static arena_status keep(const arena_sink *sink, const void *data, uint64_t len) {
    struct text *text = sink->host_context;
    if (text->len + len > text->room) {
        text->room = 2 * (text->len + len);
        char *more = realloc(text->ptr, text->room);
        if (!more) return ARENA_RESOURCE_EXHAUSTED;
        text->ptr = more;
    }
    memcpy(text->ptr + text->len, data, len);
    text->len += len;
    return ARENA_OK;
}

/* All rows of a table, a page at a time. */
static arena_status copy(const arena_call *call, const arena_record_reader *reader, arena_str table,
                         const arena_sink *file, uint64_t *rows) {
    uint64_t cursor = 0;
    arena_status status = reader->open(reader, call, table, &cursor);
    struct text page = {0};
    arena_sink sink = {.struct_size = sizeof sink, .host_context = &page, .write = keep};
    while (status == ARENA_OK) {
#ifndef DEAF
        if (call->cancelled(call)) status = ARENA_CANCELLED;
        if (status) break;
#endif
#ifndef KEEPS_ALL
        page.len = 0;
#endif
        uint64_t before = page.len;
#ifdef MANY_AT_ONCE
        status = reader->next(reader, call, cursor, 1000000, &sink);
#else
        status = reader->next(reader, call, cursor, 500, &sink);
#endif
#ifdef IGNORES_READER
        if (status) status = ARENA_OK, page.len = before;
#endif
        if (status || page.len == before) break;
        uint64_t had = *rows;
        for (uint64_t i = before; i < page.len; i++) *rows += page.ptr[i] == '\n';
#ifdef NO_NULL
        if (memmem(page.ptr, page.len, "null,\"n_scored\"", 15) || memmem(page.ptr, page.len, "\"n_scored\":null", 15))
            status = call->fail(call, ARENA_INTERNAL, TEXT("There is no count."), TEXT(""));
#endif
#ifdef CRASHES_ON_NUL
        if (memmem(page.ptr, page.len, "\\u0000", 6)) __builtin_trap();
#endif
        if (!status) status = file->write(file, page.ptr + before, page.len - before);
#ifdef IGNORES_FILE
        status = ARENA_OK;
#endif
#ifdef STOPS_EARLY
        if (*rows - had < 500) break;
#endif
        (void)had;
    }
    free(page.ptr);
    return status;
}

static arena_status export_records(const arena_call *call, arena_str params, const arena_record_reader *reader,
                                   const arena_file_writer *files) {
    (void)params;
    struct text list = {0};
    arena_sink sink = {.struct_size = sizeof sink, .host_context = &list, .write = keep};
    const arena_sink *file = NULL;
    uint64_t rows = 0;
    arena_status status = reader->tables(reader, call, &sink);
#ifdef BAD_NAME
    if (!status) status = files->create(files, call, TEXT("../all.jsonl"), TEXT("application/jsonl"), &file);
#endif
    if (!status) status = files->create(files, call, TEXT("all.jsonl"), TEXT("application/jsonl"), &file);
#ifdef REFUSES_NONE
    if (!status && list.len && memmem(list.ptr, list.len, "\"rows\":0", 8))
        status = call->fail(call, ARENA_INTERNAL, TEXT("There is nothing."), TEXT(""));
#endif
#ifdef STAMPS
    char stamp[32];
    static int number;
    snprintf(stamp, sizeof stamp, "%d\n", number++);
    if (!status) status = file->write(file, stamp, strlen(stamp));
#endif
    if (!status) status = copy(call, reader, TEXT("eval_runs"), file, &rows);
#ifndef FORGETS_FILE
    if (!status) status = files->finish(files, call, file, rows);
#endif
#ifdef ENDS_TWICE
    if (!status) files->finish(files, call, file, rows);
#endif
#ifdef WRITES_BEHIND
    if (!status) status = file->write(file, "x", 1);
#endif
    free(list.ptr);
    return status;
}

static const arena_exporter_v1 exporter = {.struct_size = sizeof exporter, .export_records = export_records};
static const void *get_interface(arena_str interface, arena_str kind) {
    return is(interface, ARENA_EXPORTER_1) && is(kind, "kind") ? &exporter : NULL;
}
static const arena_entry entry = {
    sizeof entry, ARENA_ABI_MAJOR, ARENA_ABI_MINOR, 0, {"conforming", 10}, {"1.0.0", 5}, NULL, NULL, get_interface,
};
ARENA_EXPORT const arena_entry *arena_plugin_entry_v1(void) { return &entry; }
