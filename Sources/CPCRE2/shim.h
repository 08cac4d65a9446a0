#ifndef ARENA_CPCRE2_SHIM_H
#define ARENA_CPCRE2_SHIM_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <time.h>

/* PCRE2_UNSET: macros with a cast do not reach Swift. */
static inline PCRE2_SIZE arena_pcre2_unset(void) { return PCRE2_UNSET; }

/* Ends the whole match once CLOCK_MONOTONIC has passed *deadline_ns. */
static inline int arena_pcre2_on_callout(pcre2_callout_block *block, void *deadline_ns) {
    (void)block;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    unsigned long long now_ns = (unsigned long long)now.tv_sec * 1000000000ull + (unsigned long long)now.tv_nsec;
    return now_ns > *(unsigned long long *)deadline_ns ? PCRE2_ERROR_CALLOUT : 0;
}

/* PCRE2 counts its match limit anew at every start position, so that limit times length is the real bound. A callout
   "(?C1)" in front of a pattern is reached at every start; with this it also ends the match at a deadline.
   deadline_ns is read during each match with the context and must outlive it. */
static inline void arena_pcre2_set_deadline(pcre2_match_context *context, unsigned long long *deadline_ns) {
    pcre2_set_callout(context, arena_pcre2_on_callout, deadline_ns);
}

#endif
