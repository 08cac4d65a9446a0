/* arena/exporter.h: arena.exporter/1, writes records out in some format. */
#ifndef ARENA_EXPORTER_H
#define ARENA_EXPORTER_H

#include "arena/call.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ARENA_EXPORTER_1 "arena.exporter/1"

/* Rows to export: one consistent state, however long the export takes. Owned by the host, valid during
   export_records. */
typedef struct arena_record_reader arena_record_reader;
struct arena_record_reader {
    uint32_t struct_size;
    uint32_t reserved;
    void *host_context;
    /* [any-thread] Writes [{"name", "rows", "columns": [{"name", "type"}]}] of the tables granted for export. A type is
       "text", "integer", "number", "boolean", "time" (RFC 3339, UTC) or "json" (anything). */
    arena_status (*tables)(const arena_record_reader *reader, const arena_call *call, const arena_sink *json);
    /* [any-thread] Begins to read a table; *cursor identifies it, never 0. ARENA_NOT_FOUND when it is not granted. */
    arena_status (*open)(const arena_record_reader *reader, const arena_call *call, arena_str table, uint64_t *cursor);
    /* [any-thread] Writes the next rows as JSON lines, each an object with the members named in `columns` ([EXP-7] a
       member may be null or missing) and ended by a line feed. At most max_rows (1 to 10,000) of them; [EXP-1] fewer
       are no sign
       of the end, for rows can be large; nothing written is. */
    arena_status (*next)(const arena_record_reader *reader, const arena_call *call, uint64_t cursor, uint32_t max_rows,
                         const arena_sink *json_lines);
};
#define ARENA_RECORD_READER_MIN_SIZE 40u

/* Where files go. The exporter sees no path. [EXP-2] All files appear together, once export_records has returned
   ARENA_OK, or none does. */
typedef struct arena_file_writer arena_file_writer;
struct arena_file_writer {
    uint32_t struct_size;
    uint32_t reserved;
    void *host_context;
    /* [any-thread] Creates a file. [EXP-3] `name` is a plain file name: 1 to 120 of A-Z a-z 0-9 _ - . which does not
       begin with a dot, and differs from earlier ones in more than case; any other ends the export with
       ARENA_INVALID_ARGUMENT or ARENA_ALREADY_EXISTS. At most 200 files. What is written to *file joins it in that order; *file stays valid until
       export_records returns. */
    arena_status (*create)(const arena_file_writer *writer, const arena_call *call, arena_str name,
                           arena_str media_type, const arena_sink **file);
    /* [any-thread] Ends a file, which holds so many rows. [EXP-4] Every file is ended before export_records returns
       ARENA_OK, else the export fails; nothing is written to a file behind its end. */
    arena_status (*finish)(const arena_file_writer *writer, const arena_call *call, const arena_sink *file,
                           uint64_t rows);
};
#define ARENA_FILE_WRITER_MIN_SIZE 32u

typedef struct arena_exporter_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    /* [worker] `params_json`: an object that was checked against the manifest's schema. [EXP-5] Works for 0 to 10^6 rows
       in constant memory; where an empty export would do harm it may be refused with ARENA_FAILED_PRECONDITION.
       [EXP-6] Equal rows and parameters give equal files. */
    arena_status (*export_records)(const arena_call *call, arena_str params_json, const arena_record_reader *reader,
                                   const arena_file_writer *files);
} arena_exporter_v1;
#define ARENA_EXPORTER_V1_MIN_SIZE 16u

#ifdef __cplusplus
}
#endif
#endif
