/* refusal.c: the phrases with which models decline. */
#include "text.h"

/* A phrase: one of the first words, then one of the second (NULL: nothing more). Alternatives are set apart by `|`. */
static const struct phrase {
    const char *first, *second;
} phrases[] = {
    {"i don't|i do not", "know|have"},
    {"i cannot|i can't|i can not|i am not able to|i'm not able to|i am unable to|i'm unable to",
     "answer|provide|determine|find|help|assist|comply|fulfill|fulfil"},
    {"context does not|context doesn't|text does not|text doesn't|passage does not|passage doesn't",
     "contain|include|mention"},
    {"not", "specified|mentioned|provided|available|stated|given|directly|explicitly"},
    {"unable to|cannot|can't", "determine|verify"},
    {"no", "specific information|direct information|information"},
    {"insufficient", "information|context|data"},
    {"cannot be|can't be|could not be", "determined"},
    {"i must decline|i have to decline|i decline to|i won't|i will not", NULL},
    {"unclear", NULL},
};

/* Where, behind one of `alternatives` that begins at `at` and ends with a word, the text goes on; 0: none is there. */
static uint64_t behind(arena_str text, uint64_t at, const char *alternatives) {
    while (*alternatives) {
        uint64_t length = strcspn(alternatives, "|");
        arena_str words = {alternatives, length};
        if (ak_starts_with(ak_slice(text, at, text.len), words) && text_is_bounded(text, at, at + length))
            return at + length;
        alternatives += length + (alternatives[length] == '|');
    }
    return 0;
}

/* Folded, with straight apostrophes, and runs of white space as one space. */
static void normalize(arena_str text, ak_text *out) {
    int spaced = 1;
    for (uint64_t at = 0; at < text.len;) {
        uint32_t scalar = text_fold_scalar(ak_next_scalar(text, &at, NULL));
        int space = ak_is_space(scalar);
        if (!space || !spaced) ak_put_scalar(out, space ? ' ' : scalar == 0x2019 || scalar == 0x2BC ? '\'' : scalar);
        spaced = space;
    }
}

int text_is_refusal(arena_str text) {
    /* A refusal says so early; what follows 2,000 bytes of text is not one. */
    ak_text folded = {0};
    normalize(ak_slice(text, 0, 2000), &folded);
    arena_str words = ak_text_str(&folded);
    int found = 0;
    for (uint64_t at = 0; at < words.len && !found; at++) {
        if (at > 0 && words.ptr[at - 1] != ' ' && text_is_word((unsigned char)words.ptr[at - 1])) continue;
        for (size_t i = 0; i < sizeof phrases / sizeof *phrases && !found; i++) {
            uint64_t next = behind(words, at, phrases[i].first);
            found = next && (!phrases[i].second || (next < words.len && behind(words, next + 1, phrases[i].second)));
        }
    }
    ak_text_free(&folded);
    return found;
}
