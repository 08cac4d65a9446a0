/* number.h: reading numbers as people and models write them. README.md says which forms. */
#ifndef ARENA_TEXT_NUMBER_H
#define ARENA_TEXT_NUMBER_H

#include "text.h"

typedef struct text_number {
    uint64_t from, to; /* bytes of the plain text */
    double value;
    int percent;    /* written with a percent sign, which `value` does not take into account */
    int weak;       /* an ordinal (3rd) or the label of a list (2.): an answer only if there is no other number */
    int unreadable; /* has the form of a number and no value: too long, divided by zero */
} text_number;

/* Puts text into the plain form that the other functions read: ASCII digits, signs, points and commas for their
   relatives in Unicode and TeX, TEXT_GROUP for white space inside a number, TEXT_FRACTION before a vulgar fraction. */
void text_plain(arena_str text, ak_text *out);
#define TEXT_GROUP '\x01'
#define TEXT_FRACTION '\x02'

/* The next number that begins at or after *at and before the end of the plain text; moves *at behind it. 0: none. */
int text_next_number(arena_str plain, uint64_t *at, int decimal_comma, text_number *number);

/* The number that a plain text states as its answer, or 0: none. `clearly`: whether it stands where answers stand (in
   \boxed{}, behind ####, in "the answer is"), rather than being the last number of the text. */
int text_stated_number(arena_str plain, int decimal_comma, text_number *number, int *clearly);

#endif
