/* letter.c: mcq_letter, and which letter an answer chooses. */
#include "text.h"

/* How plainly an answer chooses a letter; the plainest use of a letter counts, of equally plain ones the last. */
enum { MENTIONED = 1, LEADING, NAMED, CHOSEN, STATED };

typedef struct choice {
    int rank;      /* 0: none */
    uint32_t at;   /* 0 is A */
    int several;   /* MENTIONED: another letter is mentioned too */
} choice;

/* Everything about one answer that the functions below need. */
typedef struct reading {
    arena_str text;
    uint32_t letters; /* how many count: A, B, … */
} reading;

/* Space, quotes, brackets and what Markdown and TeX put round a letter. */
static int is_wrapping(char c) {
    return c != 0 && strchr(" \t\r\n\"'`*_()[]{}$:-.,!=\\", c) != NULL;
}

static uint64_t skip_wrapping(arena_str text, uint64_t at) {
    while (at < text.len && is_wrapping(text.ptr[at])) at++;
    return at;
}

static int is_space_byte(arena_str text, uint64_t at) {
    return at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\t');
}

/* Whether an ASCII word stands at `at`, in any case, bounded; moves *at behind it. */
static int take_word(arena_str text, uint64_t *at, const char *word) {
    uint64_t length = strlen(word);
    if (*at > text.len || text.len - *at < length) return 0;
    for (uint64_t i = 0; i < length; i++)
        if ((text.ptr[*at + i] | 32) != (word[i] | 32)) return 0;
    if (!text_is_bounded(text, *at, *at + length)) return 0;
    *at += length;
    return 1;
}

/* Takes any of a NULL-terminated list of words. */
static int take_any(arena_str text, uint64_t *at, const char *const *words) {
    for (; *words; words++)
        if (take_word(text, at, *words)) return 1;
    return 0;
}

/* The bounded letter at `at`, upper or lower case; UINT32_MAX: none that counts. */
static uint32_t letter_at(const reading *r, uint64_t at) {
    if (at >= r->text.len) return UINT32_MAX;
    uint32_t letter = ((unsigned char)r->text.ptr[at] | 32u) - 'a';
    return letter < r->letters && text_is_bounded(r->text, at, at + 1) ? letter : UINT32_MAX;
}

static int is_lower(arena_str text, uint64_t at) {
    return (text.ptr[at] & 32) != 0;
}

/* Whether the letter is a word of the language: "a" and "A" before another word, "I", or "d'" and "c'est". What
   follows decides: "A is right" and "A because" are choices, "A dog" is not. */
static int is_word_of_language(const reading *r, uint64_t at) {
    static const char *const verbs[] = {"is", "because", "since", "as", "and", "or", "was", "would", "seems", NULL};
    uint64_t after = at + 1;
    if (after >= r->text.len) return 0;
    if (r->text.ptr[after] == '\'' || (unsigned char)r->text.ptr[after] == 0xE2) { /* I'm, d'accord, and with ’ */
        uint64_t next = after;
        uint32_t mark = ak_next_scalar(r->text, &next, NULL);
        int apostrophe = mark == '\'' || mark == 0x2019;
        if (apostrophe && next < r->text.len && text_is_word(ak_next_scalar(r->text, &next, NULL))) return 1;
    }
    char letter = r->text.ptr[at];
    if (!is_space_byte(r->text, after)) return 0;
    uint64_t word = after;
    while (is_space_byte(r->text, word)) word++;
    if (word >= r->text.len) return 0;
    uint64_t next = word;
    if (!text_is_word(ak_next_scalar(r->text, &next, NULL))) return 0;
    if (is_lower(r->text, at)) return 1;
    if (letter == 'I') return 1;
    return letter == 'A' && !take_any(r->text, &word, verbs);
}

/* Whether what stands round a letter takes it back: "B is wrong", "C isn't", "A cannot be", "not D". */
static int is_denied(const reading *r, uint64_t at) {
    static const char *const denials[] = {"wrong", "incorrect", "not", "false", "never", NULL};
    static const char *const directly[] = {"isn't", "isn’t", "cannot", "can't", "can’t", "wasn't", NULL};
    static const char *const verbs[] = {"is", "was", "must", "are", NULL};
    uint64_t before = at >= 4 ? at - 4 : 0;
    if (at >= 4 && take_word(r->text, &before, "not")) return 1;
    at = skip_wrapping(r->text, at + 1);
    if (take_any(r->text, &at, directly)) return 1;
    if (!take_any(r->text, &at, verbs)) return 0;
    at = skip_wrapping(r->text, at);
    return take_any(r->text, &at, denials);
}

/* Whether what follows a letter affirms it: "B is correct", "C is the right answer". */
static int is_affirmed(const reading *r, uint64_t at) {
    static const char *const praise[] = {"correct", "right", "best", "true", "answer", NULL};
    at = skip_wrapping(r->text, at + 1);
    if (!take_word(r->text, &at, "is")) return 0;
    at = skip_wrapping(r->text, at);
    if (take_word(r->text, &at, "the")) at = skip_wrapping(r->text, at);
    return take_any(r->text, &at, praise);
}

/* Where the last letter of a listing stands that begins with the one at `at`: "A, B, C or D", "A/B", "(A) and (B)". The
   letter itself, when it begins none: what follows a comma or an "and" may be a new thought, "A, B being too large". */
static uint64_t end_of_listing(const reading *r, uint64_t at) {
    static const char *const joining[] = {"or", "and", NULL}, *const before[] = {"option", "choice", "letter", NULL};
    static const char *const plural[] = {"are", "both", "all", "could", "can", "may", "might", NULL};
    uint64_t last = at, next;
    int is_loose = 0, differs = 0; /* is_loose: the last two are joined by what also joins sentences */
    for (next = at + 1;; next = last + 1) {
        int joined = 0;
        for (uint64_t word = 0;; joined = 1) {
            while (next < r->text.len && strchr(" \t\"'`*_()[]{}$\\", r->text.ptr[next])) next++;
            if (next >= r->text.len) break;
            word = next;
            if (strchr("/&|,", r->text.ptr[next])) is_loose = r->text.ptr[next++] == ',';
            else if (take_any(r->text, &next, joining)) is_loose = (r->text.ptr[word] | 32) == 'a';
            else break;
        }
        uint64_t named = next;
        if (joined && take_any(r->text, &named, before)) next = skip_wrapping(r->text, named);
        uint32_t letter = letter_at(r, next);
        if (!joined || letter == UINT32_MAX || is_word_of_language(r, next)) break;
        differs |= letter != letter_at(r, at);
        last = next;
    }
    next = last + 1;
    while (next < r->text.len && is_space_byte(r->text, next)) next++;
    uint64_t after = next;
    int goes_on = next < r->text.len && text_is_word(ak_next_scalar(r->text, &after, NULL));
    if (!differs || is_denied(r, last) || (is_loose && goes_on && !take_any(r->text, &next, plural))) return at;
    return last;
}

/* Behind the last letter of a listing that begins at `at`, else `listed`, which says so of the one before. */
static uint64_t behind_listing(const reading *r, uint64_t at, uint64_t listed) {
    if (at < listed || letter_at(r, at) == UINT32_MAX || is_word_of_language(r, at)) return listed;
    uint64_t last = end_of_listing(r, at);
    return last > at ? last + 1 : listed;
}

/* The letter that the words behind a cue lead to: "answer" [is | : | the correct option …] "B". */
static uint32_t letter_behind(const reading *r, uint64_t at, uint64_t *letter) {
    static const char *const fillers[] = {"is", "was", "are", "would", "be", "must", "should", "the", "correct",
                                          "right", "best", "letter", "option", "choice", "therefore", "thus",
                                          "clearly", "definitely", "most", "likely", "probably", "text", "boxed", NULL};
    for (int words = 0; words < 8; words++) {
        at = skip_wrapping(r->text, at);
        uint32_t found = letter_at(r, at);
        if (found != UINT32_MAX && !is_word_of_language(r, at)) {
            *letter = at;
            return found;
        }
        if (!take_any(r->text, &at, fillers)) break;
    }
    return UINT32_MAX;
}

static void consider(choice *best, int rank, uint32_t letter) {
    if (rank == MENTIONED && best->rank == MENTIONED && best->at != letter) best->several = 1;
    if (rank < best->rank) return;
    best->rank = rank;
    best->at = letter;
}

/* Letters behind words that announce one. */
static void read_cues(const reading *r, choice *best) {
    static const struct { const char *word; int rank; } cues[] = {
        {"answer", STATED}, {"boxed", STATED},  {"choose", CHOSEN}, {"pick", CHOSEN},    {"select", CHOSEN},
        {"chose", CHOSEN},  {"option", NAMED},  {"choice", NAMED},  {"letter", NAMED}};
    uint64_t listed = 0;
    for (uint64_t at = 0; at < r->text.len; at++) {
        listed = behind_listing(r, at, listed);
        for (size_t i = 0; i < sizeof cues / sizeof *cues; i++) {
            uint64_t next = at, letter = 0;
            if ((r->text.ptr[at] | 32) != cues[i].word[0] || !take_word(r->text, &next, cues[i].word)) continue;
            uint32_t found = letter_behind(r, next, &letter);
            if (found == UINT32_MAX || letter < behind_listing(r, letter, listed) || is_denied(r, letter)) continue;
            consider(best, cues[i].rank, found);
        }
    }
}

/* Whether a line begins with the label of another choice than `letter`: the answer repeats the question's choices. */
static int lists_others(const reading *r, uint32_t letter) {
    for (uint64_t at = 0; at < r->text.len; at++) {
        if (at > 0 && r->text.ptr[at - 1] != '\n') continue;
        uint64_t label = at;
        while (label < r->text.len && label < at + 8 && strchr(" \t*(-", r->text.ptr[label])) label++;
        uint32_t found = letter_at(r, label);
        if (found != UINT32_MAX && found != letter && label + 1 < r->text.len && strchr(".):", r->text.ptr[label + 1]))
            return 1;
    }
    return 0;
}

/* Letters that stand alone somewhere in the text. */
static void read_mentions(const reading *r, choice *best) {
    uint64_t first = skip_wrapping(r->text, 0), listed = 0;
    for (uint64_t at = 0; at < r->text.len; at++) {
        uint32_t letter = letter_at(r, at);
        listed = behind_listing(r, at, listed);
        if (letter == UINT32_MAX || is_word_of_language(r, at) || is_denied(r, at)) continue;
        char after = at + 1 < r->text.len ? r->text.ptr[at + 1] : '\n';
        int closed = after == ')' || (at > 0 && strchr("([*", r->text.ptr[at - 1]) && strchr(")]*", after));
        if (is_lower(r->text, at) && !closed) continue;
        if (at < listed) consider(best, MENTIONED, letter);
        else if (is_affirmed(r, at)) consider(best, CHOSEN, letter);
        else if (at == first && strchr(".):,;-\n", after) && !lists_others(r, letter)) consider(best, LEADING, letter);
        else consider(best, MENTIONED, letter);
    }
}

/* The letter if there is nothing else, in any case; UINT32_MAX: there is more. */
static uint32_t lone_letter(const reading *r, arena_str text) {
    uint64_t at = skip_wrapping(text, 0);
    reading whole = {text, r->letters};
    return at < text.len && skip_wrapping(text, at + 1) == text.len ? letter_at(&whole, at) : UINT32_MAX;
}

/* The number of the choice whose text is the whole of `text`, but for case and a full stop; UINT32_MAX: none. */
static uint32_t choice_with_text(const text_answer *answer, uint32_t list, arena_str text) {
    if (!ak_json_is(&answer->meta, list, AK_JSON_ARRAY)) return UINT32_MAX;
    text = ak_trim(text);
    if (text.len > 0 && text.ptr[text.len - 1] == '.') text.len--;
    ak_text given = {0}, choice = {0};
    text_fold(text, 0, &given);
    uint32_t found = UINT32_MAX, number = 0;
    for (uint32_t i = list + 1; i < answer->meta.values[list].next; i = answer->meta.values[i].next, number++) {
        ak_text raw = {0};
        choice.len = 0;
        if (ak_json_is(&answer->meta, i, AK_JSON_STRING)) ak_json_put_string(&answer->meta, i, &raw);
        text_fold(ak_trim(ak_text_str(&raw)), 0, &choice);
        if (choice.len > 0 && ak_equal(ak_text_str(&given), ak_text_str(&choice))) found = number;
        ak_text_free(&raw);
    }
    ak_text_free(&given);
    ak_text_free(&choice);
    return found;
}

/* What the answer chooses. */
static choice read_choice(const reading *r, const text_answer *answer, uint32_t list) {
    choice best = {0};
    uint32_t whole = lone_letter(r, r->text);
    if (whole == UINT32_MAX) whole = choice_with_text(answer, list, r->text);
    if (whole != UINT32_MAX) {
        consider(&best, STATED, whole);
        return best;
    }
    read_cues(r, &best);
    if (best.rank < NAMED) read_mentions(r, &best);
    return best;
}

static void explain(text_verdict *verdict, const choice *chosen, uint32_t wanted) {
    static const char *const how[] = {"", "mentions only", "begins with", "names", "chooses", "states"};
    ak_putf(&verdict->why, "The answer %s %c", how[chosen->rank], (char)('A' + chosen->at));
    if (verdict->reason == ARENA_REASON_OK) ak_puts(&verdict->why, ", which is right.");
    else ak_putf(&verdict->why, ", and %c is right.", (char)('A' + wanted));
}

void text_judge_letter(const text_config *config, const text_answer *answer, const arena_score_input *in,
                       text_verdict *verdict) {
    uint32_t list = answer->meta.values ? ak_json_member(&answer->meta, 0, "choices") : AK_JSON_NONE;
    uint32_t listed = ak_json_is(&answer->meta, list, AK_JSON_ARRAY) ? answer->meta.values[list].count : 0;
    reading r = {answer->text, listed >= 2 && listed <= 26 ? listed : config->choices};
    choice chosen = read_choice(&r, answer, list);
    int cut = answer->was_cut && chosen.rank <= LEADING && chosen.rank > 0;
    int counts = chosen.rank > 0 && !cut && !(chosen.rank == MENTIONED && chosen.several);
    uint32_t first = UINT32_MAX;
    verdict->reason = ARENA_REASON_WRONG;
    for (uint32_t i = 0; i < in->reference_count; i++) {
        arena_str reference = arena_score_reference(in, i);
        uint32_t wanted = lone_letter(&r, reference);
        if (wanted == UINT32_MAX) wanted = choice_with_text(answer, list, reference);
        if (first == UINT32_MAX) first = wanted;
        if (counts && wanted == chosen.at) verdict->reason = ARENA_REASON_OK;
    }
    if (first == UINT32_MAX) {
        text_judge_no_reference(in, verdict, "the letter of a choice");
    } else if (counts) {
        explain(verdict, &chosen, first);
    } else if (!text_judge_empty(answer, verdict)) {
        int several = chosen.rank > 0 && !cut;
        text_judge_missing(answer, verdict, several ? ARENA_REASON_UNPARSABLE : ARENA_REASON_NO_ANSWER,
                           several ? "The answer mentions several letters and chooses none: "
                                   : "There is no letter of a choice in the answer: ");
    }
}
