/* arena_kit/json.h: a strict, bounded reader of JSON (RFC 8259). Copies nothing: values are places in the text. */
#ifndef ARENA_KIT_JSON_H
#define ARENA_KIT_JSON_H

#include "arena_kit/text.h"

/* Limits, beyond which text is refused. */
#define AK_JSON_MAX_BYTES (16u << 20)
#define AK_JSON_MAX_DEPTH 64u
#define AK_JSON_MAX_VALUES (1u << 20)
#define AK_JSON_MAX_MEMBERS 4096u

typedef enum ak_json_type {
    AK_JSON_NULL, AK_JSON_FALSE, AK_JSON_TRUE, AK_JSON_NUMBER, AK_JSON_STRING, AK_JSON_ARRAY, AK_JSON_OBJECT
} ak_json_type;

/* A value. The values of a document stand in one array, in the order of the text: the elements of an array follow it;
   in an object each key (a string) is followed by its value. */
typedef struct ak_json_value {
    ak_json_type type;
    uint32_t start; /* bytes start ..< end of the text, for a string without its quotes */
    uint32_t end;
    uint32_t count; /* elements of an array, members of an object; of a string: 1 if it holds escapes */
    uint32_t next;  /* index of the first value that is not inside this one */
} ak_json_value;

typedef struct ak_json {
    arena_str text;
    ak_json_value *values; /* values[0] is the whole document */
    uint32_t count;
    uint32_t capacity;
    const char *problem; /* what is wrong, in a few words, when ak_json_parse said 0 */
    uint64_t at;         /* and the byte where */
} ak_json;

#define AK_JSON_NONE UINT32_MAX

static inline void ak_json_free(ak_json *json) {
    free(json->values);
    memset(json, 0, sizeof *json);
}

static inline int ak_json_refuse(ak_json *json, const char *problem) {
    if (!json->problem) json->problem = problem;
    return 0;
}

static inline void ak_json_skip_space(ak_json *json) {
    while (json->at < json->text.len && memchr(" \t\n\r", json->text.ptr[json->at], 4)) json->at++;
}

/* The byte at the current place, or 0 at the end. */
static inline int ak_json_peek(const ak_json *json) {
    return json->at < json->text.len ? (unsigned char)json->text.ptr[json->at] : 0;
}

static inline int ak_json_add(ak_json *json, ak_json_type type, uint32_t *index) {
    if (json->count == json->capacity) {
        uint32_t capacity = json->capacity ? json->capacity * 2 : 32;
        ak_json_value *grown = json->count >= AK_JSON_MAX_VALUES
            ? NULL : (ak_json_value *)realloc(json->values, capacity * sizeof *grown);
        if (!grown) return ak_json_refuse(json, "too many values");
        json->values = grown;
        json->capacity = capacity;
    }
    *index = json->count++;
    ak_json_value value = {type, (uint32_t)json->at, 0, 0, 0};
    json->values[*index] = value;
    return 1;
}

static inline uint32_t ak_json_hex4(const ak_json *json, uint64_t at) {
    uint32_t value = 0;
    for (uint64_t i = at; i < at + 4; i++) {
        int c = i < json->text.len ? (unsigned char)json->text.ptr[i] : 0;
        int digit = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
        if (digit < 0) return UINT32_MAX;
        value = value << 4 | (uint32_t)digit;
    }
    return value;
}

/* Reads \uXXXX, for a pair of surrogates both, at *at (the backslash); gives UINT32_MAX when it is malformed. */
static inline uint32_t ak_json_escape(const ak_json *json, uint64_t *at) {
    uint32_t high = ak_json_hex4(json, *at + 2);
    *at += 6;
    if (high == UINT32_MAX || (high >= 0xDC00 && high <= 0xDFFF)) return UINT32_MAX;
    if (high < 0xD800 || high > 0xDBFF) return high;
    if (*at + 1 >= json->text.len || json->text.ptr[*at] != '\\' || json->text.ptr[*at + 1] != 'u') return UINT32_MAX;
    uint32_t low = ak_json_hex4(json, *at + 2);
    *at += 6;
    if (low < 0xDC00 || low > 0xDFFF) return UINT32_MAX;
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

static inline int ak_json_read_string(ak_json *json, uint32_t *index) {
    if (ak_json_peek(json) != '"') return ak_json_refuse(json, "expected a string");
    json->at++;
    if (!ak_json_add(json, AK_JSON_STRING, index)) return 0;
    while (json->at < json->text.len) {
        int c = ak_json_peek(json), valid = 1;
        if (c == '"') {
            json->values[*index].end = (uint32_t)json->at++;
            json->values[*index].next = json->count;
            return 1;
        }
        if (c == '\\') {
            json->values[*index].count = 1;
            int escape = json->at + 1 < json->text.len ? json->text.ptr[json->at + 1] : 0;
            if (escape == 'u') {
                uint64_t at = json->at;
                if (ak_json_escape(json, &at) == UINT32_MAX) return ak_json_refuse(json, "malformed \\u escape");
                json->at = at;
            } else if (escape && memchr("\"\\/bfnrt", escape, 8)) {
                json->at += 2;
            } else {
                return ak_json_refuse(json, "unknown escape");
            }
        } else if (c < 0x20) {
            return ak_json_refuse(json, "control character in a string");
        } else {
            ak_next_scalar(json->text, &json->at, &valid);
            if (!valid) return ak_json_refuse(json, "not UTF-8");
        }
    }
    return ak_json_refuse(json, "unfinished string");
}

static inline int ak_json_skip_digits(ak_json *json) {
    uint64_t start = json->at;
    while (ak_json_peek(json) >= '0' && ak_json_peek(json) <= '9') json->at++;
    return json->at > start;
}

static inline int ak_json_read_number(ak_json *json) {
    if (ak_json_peek(json) == '-') json->at++;
    int leading_zero = ak_json_peek(json) == '0';
    uint64_t start = json->at;
    if (!ak_json_skip_digits(json)) return ak_json_refuse(json, "expected a value");
    if (leading_zero && json->at - start > 1) return ak_json_refuse(json, "number with a leading zero");
    if (ak_json_peek(json) == '.') {
        json->at++;
        if (!ak_json_skip_digits(json)) return ak_json_refuse(json, "number without digits behind the point");
    }
    if ((ak_json_peek(json) | 32) == 'e') {
        json->at++;
        if (ak_json_peek(json) == '+' || ak_json_peek(json) == '-') json->at++;
        if (!ak_json_skip_digits(json)) return ak_json_refuse(json, "number without digits in the exponent");
    }
    return 1;
}

/* The text of a string value with its escapes resolved, added to `out`. */
static inline void ak_json_put_string(const ak_json *json, uint32_t index, ak_text *out) {
    static const char escapes[] = "b\bf\fn\nr\rt\t";
    const ak_json_value *value = &json->values[index];
    for (uint64_t at = value->start; at < value->end;) {
        uint64_t plain = at;
        while (at < value->end && json->text.ptr[at] != '\\') at++;
        ak_put(out, ak_slice(json->text, plain, at));
        if (at >= value->end) break;
        char escape = json->text.ptr[at + 1];
        if (escape == 'u') {
            ak_put_scalar(out, ak_json_escape(json, &at));
            continue;
        }
        for (const char *pair = escapes; *pair; pair += 2)
            if (*pair == json->text.ptr[at + 1]) escape = pair[1];
        ak_put_scalar(out, (unsigned char)escape);
        at += 2;
    }
}

/* The text of a string value as it stands, escapes included; of any other value its JSON. */
static inline arena_str ak_json_raw(const ak_json *json, uint32_t index) {
    return ak_slice(json->text, json->values[index].start, json->values[index].end);
}

/* Order of two string values by code points. Out of memory: they count as different. */
static inline int ak_json_compare_strings(const ak_json *json, uint32_t a, uint32_t b) {
    if (!json->values[a].count && !json->values[b].count) return ak_compare(ak_json_raw(json, a), ak_json_raw(json, b));
    ak_text first = {0}, second = {0};
    ak_json_put_string(json, a, &first);
    ak_json_put_string(json, b, &second);
    int order = ak_compare(ak_text_str(&first), ak_text_str(&second));
    ak_text_free(&first);
    ak_text_free(&second);
    return order;
}

static inline int ak_json_has_duplicate(const ak_json *json, uint32_t object, uint32_t key) {
    for (uint32_t i = object + 1; i < key; i = json->values[i + 1].next)
        if (ak_json_compare_strings(json, i, key) == 0) return 1;
    return 0;
}

static inline int ak_json_read_value(ak_json *json, uint32_t depth);

static inline int ak_json_read_container(ak_json *json, int is_object, uint32_t depth) {
    uint32_t index, key, members = 0;
    if (depth >= AK_JSON_MAX_DEPTH) return ak_json_refuse(json, "nested too deeply");
    if (!ak_json_add(json, is_object ? AK_JSON_OBJECT : AK_JSON_ARRAY, &index)) return 0;
    int close = is_object ? '}' : ']';
    json->at++;
    ak_json_skip_space(json);
    while (ak_json_peek(json) != close || members > 0) {
        if (is_object) {
            if (!ak_json_read_string(json, &key)) return 0;
            if (ak_json_has_duplicate(json, index, key)) return ak_json_refuse(json, "key occurs twice");
            if (members >= AK_JSON_MAX_MEMBERS) return ak_json_refuse(json, "object with too many members");
            ak_json_skip_space(json);
            if (ak_json_peek(json) != ':') return ak_json_refuse(json, "expected a colon");
            json->at++;
        }
        if (!ak_json_read_value(json, depth + 1)) return 0;
        members++;
        ak_json_skip_space(json);
        if (ak_json_peek(json) == close) break;
        if (ak_json_peek(json) != ',') return ak_json_refuse(json, "expected a comma or the end");
        json->at++;
        ak_json_skip_space(json);
    }
    json->at++;
    json->values[index].end = (uint32_t)json->at;
    json->values[index].count = members;
    json->values[index].next = json->count;
    return 1;
}

static inline int ak_json_read_value(ak_json *json, uint32_t depth) {
    static const struct { const char *word; ak_json_type type; } words[] = {
        {"null", AK_JSON_NULL}, {"false", AK_JSON_FALSE}, {"true", AK_JSON_TRUE}};
    uint32_t index;
    ak_json_skip_space(json);
    int c = ak_json_peek(json);
    if (c == '{' || c == '[') return ak_json_read_container(json, c == '{', depth);
    if (c == '"') return ak_json_read_string(json, &index);
    if (!ak_json_add(json, AK_JSON_NUMBER, &index)) return 0;
    arena_str rest = ak_slice(json->text, json->at, json->text.len);
    for (int i = 0; i < 3; i++) {
        if (!ak_starts_with(rest, ak_str(words[i].word))) continue;
        json->values[index].type = words[i].type;
        json->at += strlen(words[i].word);
    }
    if (json->values[index].type == AK_JSON_NUMBER && !ak_json_read_number(json)) return 0;
    json->values[index].end = (uint32_t)json->at;
    json->values[index].next = json->count;
    return 1;
}

/* Reads a document. Says 1, or 0 with json->problem and json->at. In both cases ak_json_free gives the memory back; the
   text must stay as long as the document. */
static inline int ak_json_parse(ak_json *json, arena_str text) {
    memset(json, 0, sizeof *json);
    json->text = text;
    if (text.len > AK_JSON_MAX_BYTES) return ak_json_refuse(json, "too long");
    if (!ak_json_read_value(json, 0)) return 0;
    ak_json_skip_space(json);
    return json->at == text.len ? 1 : ak_json_refuse(json, "text behind the end");
}

/* The value of a member of an object, or AK_JSON_NONE: no such member, or no object. `name` ends with a NUL. */
static inline uint32_t ak_json_member(const ak_json *json, uint32_t object, const char *name) {
    if (object == AK_JSON_NONE || json->values[object].type != AK_JSON_OBJECT) return AK_JSON_NONE;
    for (uint32_t key = object + 1; key < json->values[object].next; key = json->values[key + 1].next) {
        ak_text text = {0};
        if (json->values[key].count) ak_json_put_string(json, key, &text);
        int same = ak_is(json->values[key].count ? ak_text_str(&text) : ak_json_raw(json, key), name);
        ak_text_free(&text);
        if (same) return key + 1;
    }
    return AK_JSON_NONE;
}

/* Whether `index` names a value of this type. */
static inline int ak_json_is(const ak_json *json, uint32_t index, ak_json_type type) {
    return index != AK_JSON_NONE && json->values[index].type == type;
}

/* A number as double, or `otherwise` if it is none. Reads in the C locale, which plugins do not change [THR-2]. */
static inline double ak_json_double(const ak_json *json, uint32_t index, double otherwise) {
    char digits[64];
    if (!ak_json_is(json, index, AK_JSON_NUMBER)) return otherwise;
    arena_str raw = ak_json_raw(json, index);
    if (raw.len >= sizeof digits) return otherwise;
    memcpy(digits, raw.ptr, raw.len);
    digits[raw.len] = 0;
    return strtod(digits, NULL);
}

/* true or false as 1 or 0, or `otherwise` if it is neither. */
static inline int ak_json_bool(const ak_json *json, uint32_t index, int otherwise) {
    if (ak_json_is(json, index, AK_JSON_TRUE)) return 1;
    return ak_json_is(json, index, AK_JSON_FALSE) ? 0 : otherwise;
}

#endif
