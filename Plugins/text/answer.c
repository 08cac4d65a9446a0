/* answer.c: from what a model put out to the answer that is judged. */
#include "text.h"

/* Names of the tags in which models think aloud. */
static const char *const thought_tags[] = {"think", "thinking", "thought"};

typedef struct tag {
    uint64_t from, to; /* bytes, from < to ..> */
    int name;          /* index in thought_tags */
    int closes;
} tag;

/* The next <think> or </think> at or after `from`. */
static int next_tag(arena_str text, uint64_t from, tag *found) {
    while ((from = ak_find(text, ak_str("<"), from)) != AK_NOT_FOUND) {
        uint64_t name_at = from + 1;
        int closes = name_at < text.len && text.ptr[name_at] == '/';
        name_at += (uint64_t)closes;
        for (int i = 0; i < (int)(sizeof thought_tags / sizeof *thought_tags); i++) {
            uint64_t length = strlen(thought_tags[i]);
            int same = name_at + length < text.len && text.ptr[name_at + length] == '>';
            for (uint64_t k = 0; same && k < length; k++) same = (text.ptr[name_at + k] | 32) == thought_tags[i][k];
            if (!same) continue;
            *found = (tag){from, name_at + length + 1, i, closes};
            return 1;
        }
        from++;
    }
    return 0;
}

/* Drops thoughts: from a tag to its end; to the end of the text when it is never closed; and everything before an end
   whose beginning was part of the prompt. */
static void drop_thoughts(text_answer *answer, arena_str output) {
    tag tag, end;
    answer->text = output;
    if (!next_tag(output, 0, &tag)) return;
    uint64_t at = 0;
    do {
        if (tag.closes) {
            answer->kept.len = 0;
            at = tag.to;
            continue;
        }
        ak_put(&answer->kept, ak_slice(output, at, tag.from));
        at = tag.to;
        int closed = 0;
        while (!closed && next_tag(output, at, &end)) {
            at = end.to;
            closed = end.closes && end.name == tag.name;
        }
        if (!closed) {
            answer->in_thoughts = 1;
            at = output.len;
        }
    } while (next_tag(output, at, &tag));
    ak_put(&answer->kept, ak_slice(output, at, output.len));
    answer->text = ak_text_str(&answer->kept);
}

void text_answer_open(text_answer *answer, const arena_score_input *in) {
    memset(answer, 0, sizeof *answer);
    drop_thoughts(answer, in->output);
    answer->text = ak_trim(answer->text);
    if (in->meta_json.len == 0 || !ak_json_parse(&answer->meta, in->meta_json)) {
        ak_json_free(&answer->meta);
        return;
    }
    uint32_t finish = ak_json_member(&answer->meta, 0, "finish_reason");
    if (!ak_json_is(&answer->meta, finish, AK_JSON_STRING)) return;
    answer->was_cut = ak_is(ak_json_raw(&answer->meta, finish), "length");
    answer->was_filtered = ak_is(ak_json_raw(&answer->meta, finish), "content_filter");
}

void text_answer_close(text_answer *answer) {
    ak_text_free(&answer->kept);
    ak_json_free(&answer->meta);
}

int text_judge_empty(const text_answer *answer, text_verdict *verdict) {
    if (answer->text.len > 0) return 0;
    if (answer->was_filtered) {
        verdict->reason = ARENA_REASON_REFUSED;
        ak_puts(&verdict->why, "The answer was withheld by a content filter.");
    } else if (answer->was_cut) {
        verdict->reason = ARENA_REASON_LENGTH;
        ak_puts(&verdict->why, answer->in_thoughts ? "The token limit was reached while the model was still thinking."
                                                   : "The token limit was reached before there was any text.");
    } else {
        verdict->reason = ARENA_REASON_NO_ANSWER;
        ak_puts(&verdict->why, answer->in_thoughts ? "The output ends inside the model's thoughts."
                                                   : "The answer is empty.");
    }
    return 1;
}

void text_judge_missing(const text_answer *answer, text_verdict *verdict, uint32_t otherwise, const char *missing) {
    if (answer->was_filtered || text_is_refusal(answer->text)) {
        verdict->reason = ARENA_REASON_REFUSED;
        ak_puts(&verdict->why, "The model declined to answer: ");
    } else if (answer->was_cut) {
        verdict->reason = ARENA_REASON_LENGTH;
        ak_puts(&verdict->why, "Cut at the token limit before an answer: ");
    } else {
        verdict->reason = otherwise;
        ak_puts(&verdict->why, missing);
    }
    if (verdict->explains) ak_put_quote(&verdict->why, answer->text, 80);
    ak_puts(&verdict->why, ".");
}

void text_judge_no_reference(const arena_score_input *in, text_verdict *verdict, const char *wanted) {
    verdict->reason = ARENA_REASON_OK;
    if (in->reference_count == 0) {
        verdict->skipped = 1;
        ak_puts(&verdict->why, "The item has no reference answer.");
        return;
    }
    verdict->status = ARENA_INVALID_ARGUMENT;
    verdict->reason = ARENA_REASON_INFRASTRUCTURE;
    ak_puts(&verdict->why, "The reference ");
    ak_put_quote(&verdict->why, arena_score_reference(in, 0), 80);
    ak_putf(&verdict->why, " is not %s.", wanted);
}
