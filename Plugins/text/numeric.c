/* numeric.c: numeric_match, and which of an answer's numbers is the answer. */
#include "number.h"

#include <math.h>

/* The last number in from ..< to, rather one that is not weak. 0: none. */
static int last_number(arena_str plain, uint64_t from, uint64_t to, int decimal_comma, text_number *number) {
    arena_str region = ak_slice(plain, 0, to);
    text_number next;
    int found = 0;
    while (text_next_number(region, &from, decimal_comma, &next)) {
        if (found && next.weak && !number->weak) continue;
        *number = next;
        found = 1;
    }
    return found;
}

/* Lower-case ASCII word at `at`, bounded on both sides; returns its length, 0: another text stands there. */
static uint64_t word_at(arena_str text, uint64_t at, const char *word) {
    uint64_t length = strlen(word);
    if (text.len - at < length) return 0;
    for (uint64_t i = 0; i < length; i++)
        if ((text.ptr[at + i] | 32) != word[i]) return 0;
    return text_is_bounded(text, at, at + length) ? length : 0;
}

/* Whether there is a letter or digit in from ..< to. */
static int says_anything(arena_str text, uint64_t from, uint64_t to) {
    while (from < to)
        if (text_is_word(ak_next_scalar(text, &from, NULL))) return 1;
    return 0;
}

/* A statement is at most so long, so that many of them cost no more than the text is long. */
#define STATEMENT_BYTES 400

/* Where the statement that begins at `from` ends: with its sentence or line, once it has said anything. */
static uint64_t statement_end(arena_str text, uint64_t from) {
    text = ak_slice(text, 0, from + STATEMENT_BYTES);
    for (uint64_t at = from; at < text.len; at++) {
        char c = text.ptr[at];
        char next = at + 1 < text.len ? text.ptr[at + 1] : '\n';
        int ends = c == '\n' || c == ';' || ((c == '.' || c == '!' || c == '?') && (next == ' ' || next == '\n'));
        if (!ends) continue;
        if (says_anything(text, from, at)) return at;
        from = at;
    }
    return text.len;
}

/* Where in a statement the thing stated begins: behind a colon, an equals sign or a verb. 0: there is none of them. */
static uint64_t stated_from(arena_str text, uint64_t from, uint64_t to) {
    static const char *const verbs[] = {"is", "are", "was", "be", "equals"};
    uint64_t behind = 0;
    for (uint64_t at = from; at < to && !behind; at++) {
        if (text.ptr[at] == ':' || text.ptr[at] == '=') behind = at + 1;
        for (size_t i = 0; i < sizeof verbs / sizeof *verbs && !behind; i++)
            if ((text.ptr[at] | 32) == verbs[i][0] && word_at(text, at, verbs[i])) behind = at + strlen(verbs[i]);
    }
    for (uint64_t at = behind; behind && at < to; at++)
        if (text.ptr[at] == '=') behind = at + 1; /* "12 * 6 = 72": the result, not the first factor */
    return behind;
}

/* The number that a statement such as "The answer is 72." makes, where `from` is behind its word "answer". */
static int number_of_statement(arena_str plain, uint64_t from, int decimal_comma, text_number *number) {
    uint64_t to = statement_end(plain, from);
    uint64_t at = stated_from(plain, from, to);
    int adjacent = !at;
    if (adjacent) at = from;
    arena_str region = ak_slice(plain, 0, to);
    uint64_t begin = at;
    while (text_next_number(region, &at, decimal_comma, number)) {
        if (adjacent && says_anything(plain, begin, number->from)) return 0;
        int denied = number->from >= 4 && word_at(plain, number->from - 4, "not");
        if (!denied) return 1;
    }
    return 0;
}

/* The last statement about the answer that holds a number. */
static int last_statement(arena_str plain, int decimal_comma, text_number *number) {
    int found = 0;
    for (uint64_t at = 0; at < plain.len; at++) {
        text_number stated;
        if ((plain.ptr[at] | 32) != 'a') continue;
        uint64_t length = word_at(plain, at, "answer");
        if (!length || !number_of_statement(plain, at + length, decimal_comma, &stated)) continue;
        *number = stated;
        found = 1;
    }
    return found;
}

/* The last number inside the last \boxed{…}, or behind the last ####. */
static int marked_number(arena_str plain, int decimal_comma, text_number *number) {
    static const struct { const char *begin, *end; } marks[] = {{"\\boxed{", "}"}, {"####", "\n"}};
    for (size_t i = 0; i < 2; i++) {
        uint64_t last = AK_NOT_FOUND;
        for (uint64_t at = 0; (at = ak_find(plain, ak_str(marks[i].begin), at)) != AK_NOT_FOUND; at++) last = at;
        if (last == AK_NOT_FOUND) continue;
        uint64_t from = last + strlen(marks[i].begin);
        uint64_t to = ak_find(plain, ak_str(marks[i].end), from);
        if (last_number(plain, from, to == AK_NOT_FOUND ? plain.len : to, decimal_comma, number)) return 1;
    }
    return 0;
}

int text_stated_number(arena_str plain, int decimal_comma, text_number *number, int *clearly) {
    *clearly = marked_number(plain, decimal_comma, number) || last_statement(plain, decimal_comma, number);
    return *clearly || last_number(plain, 0, plain.len, decimal_comma, number);
}

static int agree(double given, double wanted, double tolerance) {
    double allowed = wanted == 0 ? tolerance : tolerance * fabs(wanted);
    /* The slack keeps the limit itself inside, whatever the rounding of decimal fractions. */
    return fabs(given - wanted) <= allowed + 1e-12 * (fabs(wanted) > 1 ? fabs(wanted) : 1);
}

/* A percentage agrees with the same number of percent, and with its hundredth part where the other has no sign. */
static int numbers_agree(const text_number *given, const text_number *wanted, double tolerance) {
    if (agree(given->value, wanted->value, tolerance)) return 1;
    if (given->percent == wanted->percent) return 0;
    return agree(given->percent ? given->value / 100 : given->value,
                 wanted->percent ? wanted->value / 100 : wanted->value, tolerance);
}

static void explain(text_verdict *verdict, arena_str plain, const text_number *given, const text_number *wanted,
                    int right, int clearly) {
    if (!verdict->explains) return;
    ak_puts(&verdict->why, clearly ? "The answer states " : "The last number of the answer is ");
    ak_put_quote(&verdict->why, ak_slice(plain, given->from, given->to), 40);
    ak_putf(&verdict->why, right ? ", which agrees with the reference %.10g." : ", and the reference is %.10g.",
            wanted->value);
}

/* Judges against each reference; the answer's number is `given`. Returns whether any reference could be used. */
static int judge_against(const text_config *config, const arena_score_input *in, arena_str plain,
                         const text_number *given, int clearly, text_verdict *verdict) {
    text_number wanted = {0}, first = {0};
    int usable = 0, right = 0, stated;
    for (uint32_t i = 0; i < in->reference_count && !right; i++) {
        ak_text reference = {0};
        text_plain(ak_trim(arena_score_reference(in, i)), &reference);
        int readable = text_stated_number(ak_text_str(&reference), config->decimal_comma, &wanted, &stated) &&
                       !wanted.unreadable;
        ak_text_free(&reference);
        if (!readable) continue;
        if (!usable++) first = wanted;
        right = given && numbers_agree(given, &wanted, config->relative_tolerance);
    }
    if (!usable || !given) return usable;
    verdict->reason = right ? ARENA_REASON_OK : ARENA_REASON_WRONG;
    explain(verdict, plain, given, right ? &wanted : &first, right, clearly);
    return 1;
}

void text_judge_number(const text_config *config, const text_answer *answer, const arena_score_input *in,
                       text_verdict *verdict) {
    ak_text buffer = {0};
    text_plain(answer->text, &buffer);
    arena_str plain = ak_text_str(&buffer);
    text_number given;
    int clearly = 0;
    int found = text_stated_number(plain, config->decimal_comma, &given, &clearly);
    /* In an answer that was cut, only a number that is stated and complete is its answer. */
    int cut = found && answer->was_cut && (!clearly || given.to == plain.len);
    int counts = found && !cut && !given.unreadable;
    if (!judge_against(config, in, plain, counts ? &given : NULL, clearly, verdict)) {
        text_judge_no_reference(in, verdict, "a number");
    } else if (!counts && !text_judge_empty(answer, verdict)) {
        int unreadable = found && !cut;
        text_judge_missing(answer, verdict, unreadable ? ARENA_REASON_UNPARSABLE : ARENA_REASON_NO_ANSWER,
                           unreadable ? "The answer's number cannot be read: " : "There is no number in the answer: ");
    }
    ak_text_free(&buffer);
}
