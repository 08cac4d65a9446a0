/* key.c: the hash by which an answer is found. */
#include "recordings.h"

/* Keys of one object, to be sorted. */
typedef struct member {
    const ak_json *json;
    uint32_t key;
} member;

static int by_code_point(const void *a, const void *b) {
    const member *first = a, *second = b;
    return ak_json_compare_strings(first->json, first->key, second->key);
}

static void put_canonical(const ak_json *json, uint32_t index, ak_text *out);

static void put_canonical_string(const ak_json *json, uint32_t index, ak_text *out) {
    ak_text text = {0};
    ak_json_put_string(json, index, &text);
    ak_put_json_string(out, ak_text_str(&text));
    out->failed = out->failed || text.failed;
    ak_text_free(&text);
}

static void put_canonical_object(const ak_json *json, uint32_t index, ak_text *out) {
    uint32_t count = json->values[index].count;
    member *members = malloc((count + 1) * sizeof *members);
    if (!members) {
        out->failed = 1;
        return;
    }
    for (uint32_t i = 0, key = index + 1; i < count; i++, key = json->values[key + 1].next)
        members[i] = (member){json, key};
    qsort(members, count, sizeof *members, by_code_point);
    for (uint32_t i = 0; i < count; i++) {
        ak_puts(out, i ? "," : "{");
        put_canonical_string(json, members[i].key, out);
        ak_puts(out, ":");
        put_canonical(json, members[i].key + 1, out);
    }
    ak_puts(out, count ? "}" : "{}");
    free(members);
}

static void put_canonical(const ak_json *json, uint32_t index, ak_text *out) {
    const ak_json_value *value = &json->values[index];
    if (value->type == AK_JSON_OBJECT) {
        put_canonical_object(json, index, out);
    } else if (value->type == AK_JSON_STRING) {
        put_canonical_string(json, index, out);
    } else if (value->type == AK_JSON_ARRAY) {
        ak_puts(out, "[");
        for (uint32_t i = index + 1; i < value->next; i = json->values[i].next) {
            if (i > index + 1) ak_puts(out, ",");
            put_canonical(json, i, out);
        }
        ak_puts(out, "]");
    } else {
        ak_put(out, ak_json_raw(json, index));
    }
}

int replay_key(arena_str model, const ak_json *request, uint32_t messages, char key[65]) {
    ak_text text = {0};
    ak_puts(&text, "{\"messages\":");
    put_canonical(request, messages, &text);
    ak_puts(&text, ",\"model\":");
    ak_put_json_string(&text, model);
    ak_puts(&text, "}");
    ak_sha256 digest;
    ak_sha256_begin(&digest);
    ak_sha256_add(&digest, text.ptr, text.len);
    ak_sha256_hex(&digest, key);
    int made = !text.failed;
    ak_text_free(&text);
    return made;
}
