/* units.h: which unit a number bears. */
#ifndef ARENA_QUANTITY_UNITS_H
#define ARENA_QUANTITY_UNITS_H

#include "arena_kit/kit.h"

/* A number with what stands behind it. */
typedef struct quantity {
    double value;
    arena_str unit; /* of a reference; empty: none */
    uint64_t from;  /* where the number begins */
    uint64_t to;    /* where it ends */
} quantity;

/* The next number at or after *at; moves *at behind it. Returns 0 when there is none. */
int quantity_next_number(arena_str text, uint64_t *at, quantity *number);
/* The last number of a reference with its unit. Returns 0 when there is no number. */
int quantity_of_reference(arena_str reference, quantity *wanted);
/* Whether a number of the text has the wanted value, within 1 %, and bears the wanted unit. */
int quantity_bears_unit(arena_str text, const quantity *wanted);

#endif
