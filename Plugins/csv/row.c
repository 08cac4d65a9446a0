/* row.c: fields and rows, as RFC 4180 quotes them. */
#include "csv.h"

int csv_columns_read(csv_columns *columns, const ak_json *json, uint32_t array) {
    memset(columns, 0, sizeof *columns);
    if (!ak_json_is(json, array, AK_JSON_ARRAY)) return 0;
    columns->names = calloc(json->values[array].count + 1u, sizeof *columns->names);
    if (!columns->names) return 0;
    for (uint32_t item = array + 1; item < json->values[array].next; item = json->values[item].next) {
        uint32_t name = ak_json_member(json, item, "name");
        if (!ak_json_is(json, name, AK_JSON_STRING)) return 0;
        ak_text text = {0};
        ak_json_put_string(json, name, &text);
        ak_put(&text, (arena_str){"", 1});
        if (text.failed) return 0;
        columns->names[columns->count++] = text.ptr;
    }
    return 1;
}

void csv_columns_free(csv_columns *columns) {
    for (uint32_t i = 0; i < columns->count; i++) free(columns->names[i]);
    free(columns->names);
    memset(columns, 0, sizeof *columns);
}

/* Whether a spreadsheet takes text that begins so for a formula. */
static int is_formula(arena_str text) {
    return text.len > 0 && strchr("=+-@\t\r", text.ptr[0]) != NULL && text.ptr[0] != 0;
}

/* A text: in quotes when it must be, and when it is empty, which tells it from nothing. */
static void put_text(ak_text *out, arena_str text, const csv_style *style) {
    int guarded = style->guards_formulas && is_formula(text);
    int quoted = guarded || text.len == 0;
    for (uint64_t i = 0; i < text.len && !quoted; i++) {
        char c = text.ptr[i];
        quoted = c == '"' || c == '\n' || c == '\r' || c == style->delimiter;
    }
    /* Blanks at the ends are lost by some readers. */
    quoted = quoted || text.ptr[0] == ' ' || text.ptr[text.len - 1] == ' ';
    if (!quoted) {
        ak_put(out, text);
        return;
    }
    ak_puts(out, guarded ? "\"'" : "\"");
    for (uint64_t at = 0; at < text.len;) {
        uint64_t quote = ak_find(text, ak_str("\""), at);
        uint64_t end = quote == AK_NOT_FOUND ? text.len : quote + 1;
        ak_put(out, ak_slice(text, at, end));
        if (quote != AK_NOT_FOUND) ak_puts(out, "\"");
        at = end;
    }
    ak_puts(out, "\"");
}

static void put_value(ak_text *out, const ak_json *json, uint32_t index, const csv_style *style) {
    if (index == AK_JSON_NONE || json->values[index].type == AK_JSON_NULL) return;
    switch (json->values[index].type) {
    case AK_JSON_STRING:
        if (json->values[index].count) {
            ak_text text = {0};
            ak_json_put_string(json, index, &text);
            if (text.failed) out->failed = 1;
            put_text(out, ak_text_str(&text), style);
            ak_text_free(&text);
        } else {
            put_text(out, ak_json_raw(json, index), style);
        }
        break;
    case AK_JSON_ARRAY:
    case AK_JSON_OBJECT: put_text(out, ak_json_raw(json, index), style); break;
    default: ak_put(out, ak_json_raw(json, index)); /* numbers, true and false are never formulas */
    }
}

void csv_put_header(ak_text *out, const csv_columns *columns, const csv_style *style) {
    if (style->has_bom) ak_puts(out, "\xEF\xBB\xBF");
    for (uint32_t i = 0; i < columns->count; i++) {
        if (i) ak_put(out, (arena_str){&style->delimiter, 1});
        put_text(out, ak_str(columns->names[i]), style);
    }
    ak_puts(out, "\r\n");
}

/* The value of a column. Rows have their members in the order of the columns: *key is where it is looked for first. */
static uint32_t find(const ak_json *json, const char *name, uint32_t *key) {
    if (*key < json->values[0].next && !json->values[*key].count && ak_is(ak_json_raw(json, *key), name)) {
        uint32_t value = *key + 1;
        *key = json->values[value].next;
        return value;
    }
    return ak_json_member(json, 0, name);
}

int csv_put_row(ak_text *out, const csv_columns *columns, const csv_style *style, arena_str line,
                const char **problem) {
    ak_json json;
    int is_object = ak_json_parse(&json, line) && ak_json_is(&json, 0, AK_JSON_OBJECT);
    *problem = is_object ? NULL : json.problem ? json.problem : "no object";
    uint32_t key = 1;
    for (uint32_t i = 0; is_object && i < columns->count; i++) {
        if (i) ak_put(out, (arena_str){&style->delimiter, 1});
        put_value(out, &json, find(&json, columns->names[i], &key), style);
    }
    if (is_object) ak_puts(out, "\r\n");
    ak_json_free(&json);
    return is_object;
}
