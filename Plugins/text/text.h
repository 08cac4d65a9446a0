/* text.h: what the four scorers of this plugin share. */
#ifndef ARENA_TEXT_PLUGIN_H
#define ARENA_TEXT_PLUGIN_H

#include "arena_kit/kit.h"

/* The settings of one scorer object, from its config. Each scorer reads those that are its own. */
typedef struct text_config {
    int case_sensitive;        /* exact_match, includes */
    int whole_words;           /* includes */
    int decimal_comma;         /* numeric_match */
    double relative_tolerance; /* numeric_match; absolute where the reference is 0 */
    uint32_t choices;          /* mcq_letter, when the item does not list its own: letters A, B, … that count */
} text_config;

/* An answer, ready to be judged. */
typedef struct text_answer {
    arena_str text;   /* the output without thoughts and without white space at its ends */
    ak_text kept;     /* holds `text` when something was cut out of the middle */
    ak_json meta;     /* of the item; values is NULL when there is none */
    int was_cut;      /* finish_reason "length": the model was stopped at the token limit */
    int was_filtered; /* finish_reason "content_filter" */
    int in_thoughts;  /* the output ended before the thoughts did */
} text_answer;

/* What a scorer says of one answer. */
typedef struct text_verdict {
    arena_status status; /* other than ARENA_OK: the item cannot be judged */
    uint32_t reason;     /* ARENA_REASON_OK: the answer is right */
    int skipped;
    int explains; /* whether anyone reads `why` */
    ak_text why;  /* a sentence */
} text_verdict;

/* One of the four scorers. */
typedef struct text_scorer {
    text_config config;
    void (*judge)(const text_config *config, const text_answer *answer, const arena_score_input *in,
                  text_verdict *verdict);
} text_scorer;

void text_judge_exact(const text_config *, const text_answer *, const arena_score_input *, text_verdict *);
void text_judge_includes(const text_config *, const text_answer *, const arena_score_input *, text_verdict *);
void text_judge_number(const text_config *, const text_answer *, const arena_score_input *, text_verdict *);
void text_judge_letter(const text_config *, const text_answer *, const arena_score_input *, text_verdict *);

/* answer.c */
void text_answer_open(text_answer *answer, const arena_score_input *in);
void text_answer_close(text_answer *answer);
/* Says that there is nothing to judge, if so: an empty answer. Returns whether it did. */
int text_judge_empty(const text_answer *answer, text_verdict *verdict);
/* The verdict on an answer in which nothing was found that could count: refused, cut off, or `otherwise`. */
void text_judge_missing(const text_answer *answer, text_verdict *verdict, uint32_t otherwise, const char *missing);
/* Says that no reference of the item can be used. */
void text_judge_no_reference(const arena_score_input *in, text_verdict *verdict, const char *wanted);

/* refusal.c: whether the text declines to answer. Deliberately broad: it names a reason and never changes a value. */
int text_is_refusal(arena_str text);

/* letters.c */
/* Simple case folding (Unicode, statuses C and S): one scalar to one scalar. */
uint32_t text_fold_scalar(uint32_t scalar);
/* Adds the text, folded unless case_sensitive, to `out`. */
void text_fold(arena_str text, int case_sensitive, ak_text *out);
/* Whether a scalar is part of a word: letters, digits, marks and the underscore; what is not white space, ASCII or
   general punctuation counts. */
int text_is_word(uint32_t scalar);
/* Whether the byte range from ..< to of the text is bounded by something that is no part of a word. */
int text_is_bounded(arena_str text, uint64_t from, uint64_t to);

#endif
