/* arena/exporter.h: arena.exporter/1, writes records out in some format. */
#ifndef ARENA_EXPORTER_H
#define ARENA_EXPORTER_H

#include "arena/call.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ARENA_EXPORTER_1 "arena.exporter/1"

/* Rows to export. Owned by the host, valid during export_records. */
typedef struct arena_record_reader arena_record_reader;
struct arena_record_reader {
    uint32_t struct_size;
    uint32_t reserved;
    void *host_context;
    /* [any-thread] Writes [{"name", "rows", "columns": [{"name", "type"}]}] of the tables granted for export. */
    arena_status (*tables)(const arena_record_reader *reader, const arena_call *call, const arena_sink *json);
    /* [any-thread] Begins to read a table; *cursor identifies it. ARENA_NOT_FOUND when it is not granted. */
    arena_status (*open)(const arena_record_reader *reader, const arena_call *call, arena_str table, uint64_t *cursor);
    /* [any-thread] Writes the next at most max_rows rows as JSON lines; nothing written: the end. */
    arena_status (*next)(const arena_record_reader *reader, const arena_call *call, uint64_t cursor, uint32_t max_rows,
                         const arena_sink *json_lines);
};
#define ARENA_RECORD_READER_MIN_SIZE 40u

/* Where files go. The exporter sees no path. [EXP-1] All files appear together, or none. */
typedef struct arena_file_writer arena_file_writer;
struct arena_file_writer {
    uint32_t struct_size;
    uint32_t reserved;
    void *host_context;
    /* [any-thread] Creates a file; `name` is a plain file name. *file stays valid until export_records returns. */
    arena_status (*create)(const arena_file_writer *writer, const arena_call *call, arena_str name,
                           arena_str media_type, const arena_sink **file);
};
#define ARENA_FILE_WRITER_MIN_SIZE 24u

typedef struct arena_exporter_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    /* [worker] `params_json`: checked against the manifest's schema. [EXP-2] Works for 0 to 10^6 rows in constant
       memory. */
    arena_status (*export_records)(const arena_call *call, arena_str params_json, const arena_record_reader *reader,
                                   const arena_file_writer *files);
} arena_exporter_v1;
#define ARENA_EXPORTER_V1_MIN_SIZE 16u

#ifdef __cplusplus
}
#endif
#endif
