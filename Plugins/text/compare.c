/* compare.c: exact_match and includes. */
#define _GNU_SOURCE /* memmem, which is linear where ak_find is not */
#include "text.h"

/* Where the sentence about a wrong answer ends. */
static void explain_wrong(const arena_score_input *in, text_verdict *verdict) {
    if (!verdict->explains) return;
    if (in->reference_count == 1) {
        ak_put_quote(&verdict->why, arena_score_reference(in, 0), 80);
    } else {
        ak_putf(&verdict->why, "any of %u references, such as ", in->reference_count);
        ak_put_quote(&verdict->why, arena_score_reference(in, 0), 80);
    }
    ak_puts(&verdict->why, ".");
}

/* The verdict on an answer that is not right: WRONG, unless it was refused or cut. */
static void judge_wrong(const text_answer *answer, const arena_score_input *in, text_verdict *verdict,
                        const char *relation) {
    if (answer->was_filtered || answer->was_cut || text_is_refusal(answer->text)) {
        text_judge_missing(answer, verdict, ARENA_REASON_WRONG, "");
        return;
    }
    verdict->reason = ARENA_REASON_WRONG;
    if (verdict->explains) ak_put_quote(&verdict->why, answer->text, 80);
    ak_puts(&verdict->why, relation);
    explain_wrong(in, verdict);
}

static void judge_right(arena_str reference, text_verdict *verdict, const char *relation) {
    verdict->reason = ARENA_REASON_OK;
    ak_puts(&verdict->why, relation);
    if (verdict->explains) ak_put_quote(&verdict->why, reference, 80);
    ak_puts(&verdict->why, ".");
}

void text_judge_exact(const text_config *config, const text_answer *answer, const arena_score_input *in,
                      text_verdict *verdict) {
    if (in->reference_count == 0) {
        text_judge_no_reference(in, verdict, "");
        return;
    }
    ak_text given = {0}, wanted = {0};
    text_fold(answer->text, config->case_sensitive, &given);
    int right = 0;
    for (uint32_t i = 0; i < in->reference_count && !right; i++) {
        arena_str reference = ak_trim(arena_score_reference(in, i));
        wanted.len = 0;
        text_fold(reference, config->case_sensitive, &wanted);
        right = !wanted.failed && !given.failed && ak_equal(ak_text_str(&given), ak_text_str(&wanted));
        if (right) judge_right(reference, verdict, "The answer is the reference ");
    }
    ak_text_free(&given);
    ak_text_free(&wanted);
    if (!right && !text_judge_empty(answer, verdict)) judge_wrong(answer, in, verdict, " is not ");
}

static uint64_t find(arena_str text, arena_str part, uint64_t from) {
    const char *hit = from < text.len ? memmem(text.ptr + from, text.len - from, part.ptr, part.len) : NULL;
    return hit ? (uint64_t)(hit - text.ptr) : AK_NOT_FOUND;
}

/* Where the word that `at` is in ends; at + 1 where it is in none. */
static uint64_t skip_word(arena_str text, uint64_t at) {
    uint64_t next = at;
    int in_word = text_is_word(ak_next_scalar(text, &next, NULL));
    at = next;
    while (in_word && at < text.len) {
        in_word = text_is_word(ak_next_scalar(text, &next, NULL));
        if (in_word) at = next;
    }
    return at;
}

/* Whether `part` occurs in `text`, both folded: as whole words if asked for, and never as a letter that the following
   combining mark turns into another one. */
static int contains(arena_str text, arena_str part, int whole_words) {
    uint64_t next_start;
    for (uint64_t at = 0; (at = find(text, part, at)) != AK_NOT_FOUND; at = next_start) {
        next_start = whole_words ? skip_word(text, at) : at + 1;
        uint64_t end = at + part.len;
        uint64_t next = end;
        uint32_t follower = next < text.len ? ak_next_scalar(text, &next, NULL) : 0;
        if (follower >= 0x300 && follower <= 0x36F) continue;
        if (!whole_words || text_is_bounded(text, at, end)) return 1;
    }
    return 0;
}

void text_judge_includes(const text_config *config, const text_answer *answer, const arena_score_input *in,
                         text_verdict *verdict) {
    ak_text given = {0}, wanted = {0};
    text_fold(answer->text, config->case_sensitive, &given);
    int right = 0, usable = 0;
    for (uint32_t i = 0; i < in->reference_count && !right; i++) {
        arena_str reference = ak_trim(arena_score_reference(in, i));
        if (reference.len == 0) continue;
        usable = 1;
        wanted.len = 0;
        text_fold(reference, config->case_sensitive, &wanted);
        right = !wanted.failed && !given.failed &&
                contains(ak_text_str(&given), ak_text_str(&wanted), config->whole_words);
        if (right) judge_right(reference, verdict, "The answer contains ");
    }
    ak_text_free(&given);
    ak_text_free(&wanted);
    if (!usable) {
        text_judge_no_reference(in, verdict, "a text to look for");
    } else if (!right && !text_judge_empty(answer, verdict)) {
        judge_wrong(answer, in, verdict, " does not contain ");
    }
}
