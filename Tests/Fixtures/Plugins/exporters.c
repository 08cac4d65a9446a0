/* An exporter that does what its parameter `act` says: well, badly, or without end. */
#define _GNU_SOURCE
#include "arena/plugin.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEXT(chars_) ((arena_str){chars_, sizeof(chars_) - 1})

typedef struct run {
    const arena_call *call;
    const arena_file_writer *files;
} run;

static int says(arena_str text, const char *act) { return memmem(text.ptr, text.len, act, strlen(act)) != NULL; }

static arena_status create(const run *run, const char *name, const arena_sink **file) {
    arena_str text = {name, strlen(name)};
    return run->files->create(run->files, run->call, text, TEXT("text/plain"), file);
}

static arena_status write_whole(const run *run, const char *name, const char *content) {
    const arena_sink *file = NULL;
    arena_status status = create(run, name, &file);
    if (status == ARENA_OK) status = file->write(file, content, strlen(content));
    if (status == ARENA_OK) status = run->files->finish(run->files, run->call, file, 1);
    return status;
}

/* Ten gigabytes; `deaf`: whatever it is told. */
static arena_status flood(const run *run, int deaf) {
    const arena_sink *file = NULL;
    arena_status status = create(run, "flood.bin", &file);
    if (status != ARENA_OK) return status;
    char *piece = calloc(1, 1 << 20);
    for (int i = 0; i < 10240 && (status == ARENA_OK || deaf); i++) status = file->write(file, piece, 1 << 20);
    free(piece);
    return status == ARENA_OK || deaf ? run->files->finish(run->files, run->call, file, 1) : status;
}

static arena_status many_files(const run *run) {
    const arena_sink *file = NULL;
    arena_status status = ARENA_OK;
    for (int i = 0; i < 1100 && status == ARENA_OK; i++) {
        char name[16] = {(char)('a' + i / 676), (char)('a' + i / 26 % 26), (char)('a' + i % 26), 0};
        status = create(run, name, &file);
    }
    return status;
}

static arena_status export_records(const arena_call *call, arena_str params, const arena_record_reader *reader,
                                   const arena_file_writer *files) {
    const run run = {call, files};
    const arena_sink *file = NULL;
    uint64_t cursor;
    if (says(params, "nothing")) return ARENA_OK;
    if (says(params, "flood")) return flood(&run, says(params, "deaf"));
    if (says(params, "many files")) return many_files(&run);
    arena_status status = write_whole(&run, "first.txt", "new\n");
    if (status != ARENA_OK) return status;
    if (says(params, "pause")) for (;;) pause();
    if (says(params, "loop")) for (;;) __asm__ volatile("");
    if (says(params, "climb")) return write_whole(&run, "../x", "x");
    if (says(params, "hidden")) return write_whole(&run, ".x", "x");
    if (says(params, "unnamed")) return write_whole(&run, "", "x");
    if (says(params, "slash")) return write_whole(&run, "a/b", "x");
    if (says(params, "swallow")) return (void)write_whole(&run, "..", "x"), ARENA_OK;
    if (says(params, "twice")) return write_whole(&run, "FIRST.txt", "x");
    if (says(params, "fail")) return call->fail(call, ARENA_UNAVAILABLE, TEXT("It did not want to."), TEXT(""));
    if (says(params, "unknown table")) return reader->open(reader, call, TEXT("secrets"), &cursor);
    if (says(params, "no cursor")) return reader->next(reader, call, 77, 10, NULL);
    if (says(params, "good")) return write_whole(&run, "second.txt", "two\n");
    status = create(&run, "half.txt", &file);
    if (status == ARENA_OK) status = file->write(file, "half", 4);
    if (says(params, "crash")) __builtin_trap();
    if (says(params, "exit")) _exit(0);
    if (says(params, "late")) {
        files->finish(files, call, file, 1);
        return file->write(file, "late", 4);
    }
    return status; /* without the end of a file */
}

static const arena_exporter_v1 exporter = {.struct_size = sizeof exporter, .export_records = export_records};

static const void *get_interface(arena_str interface_id, arena_str kind) {
    return says(interface_id, ARENA_EXPORTER_1) && kind.len == 4 && says(kind, "obey") ? &exporter : NULL;
}

ARENA_EXPORT const arena_entry *arena_plugin_entry_v1(void);
const arena_entry *arena_plugin_entry_v1(void) {
    static const arena_entry entry = {
        .struct_size = sizeof entry,
        .abi_major = ARENA_ABI_MAJOR,
        .abi_minor = ARENA_ABI_MINOR,
        .id = {"exporters", 9},
        .version = {"1.0.0", 5},
        .get_interface = get_interface,
    };
    return &entry;
}
