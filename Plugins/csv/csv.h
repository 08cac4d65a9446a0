/* csv.h: one table as comma-separated values. */
#ifndef CSV_H
#define CSV_H

#include "arena_kit/kit.h"

/* How files look; see plugin.json. */
typedef struct csv_style {
    char delimiter;
    int guards_formulas;
    int has_bom;
} csv_style;

/* The columns of a table: names that end with a NUL. Owned by whoever filled it. */
typedef struct csv_columns {
    char **names;
    uint32_t count;
} csv_columns;

/* Takes the names out of `columns`, an array of {"name"}. 0: no memory, or a column without a name. csv_columns_free
   follows in both cases. */
int csv_columns_read(csv_columns *columns, const ak_json *json, uint32_t array);
void csv_columns_free(csv_columns *columns);

/* Adds the header row. */
void csv_put_header(ak_text *out, const csv_columns *columns, const csv_style *style);
/* Adds a row that is one JSON object. 0 with *problem when it is none. */
int csv_put_row(ak_text *out, const csv_columns *columns, const csv_style *style, arena_str line,
                const char **problem);

#endif
