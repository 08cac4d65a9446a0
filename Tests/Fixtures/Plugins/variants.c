/* A library whose entry and tables are bent by macros on the command line. */
#include "arena/plugin.h"

#include <string.h>

#ifndef ENTRY_NAME
#define ENTRY_NAME arena_plugin_entry_v1
#endif
#ifndef MAJOR
#define MAJOR ARENA_ABI_MAJOR
#endif
#ifndef MINOR
#define MINOR ARENA_ABI_MINOR
#endif
#ifndef ENTRY_SIZE
#define ENTRY_SIZE sizeof(struct long_entry)
#endif
#ifndef TABLE_SIZE
#define TABLE_SIZE sizeof(struct long_table)
#endif
#ifndef SCORE
#define SCORE score
#endif
#ifndef ENTRY_RESULT
#define ENTRY_RESULT (const arena_entry *)&entry
#endif

/* As a later minor version would have them: longer at the end. */
struct long_entry {
    arena_entry known;
    void *later;
};
struct long_table {
    arena_scorer_v1 known;
    void *later[3];
};

__attribute__((unused)) static arena_status create(const arena_call *call, arena_str config, void **self) {
    (void)call, (void)config, (void)self;
    return ARENA_OK;
}
__attribute__((unused)) static arena_status score(void *self, const arena_call *call, const arena_score_input *in,
                                                  arena_score_output *out, const arena_explain_sink *explain) {
    (void)self, (void)call, (void)in, (void)explain;
    out->value = 0.5;
    return ARENA_OK;
}
#ifdef NEEDS_MISSING
extern void function_of_no_library(void);
static void destroy(void *self) {
    (void)self;
    function_of_no_library();
}
#define DESTROY destroy
#else
#define DESTROY 0
#endif
static const struct long_table table = {
    {TABLE_SIZE, 0, create, DESTROY, SCORE, 0}, {(void *)0x1111, (void *)0x2222, (void *)0x3333}};

__attribute__((unused)) static const void *get_interface(arena_str interface, arena_str kind) {
    (void)kind;
    if (interface.len != strlen(ARENA_SCORER_1)) return 0;
    return memcmp(interface.ptr, ARENA_SCORER_1, interface.len) ? 0 : &table;
}
/* For every interface a table that has a size and nothing else. */
__attribute__((unused)) static const void *empty_interface(arena_str interface, arena_str kind) {
    static const struct {
        uint32_t size, reserved;
        void *functions[16];
    } empty = {sizeof empty, 0, {0}};
    (void)interface, (void)kind;
    return &empty;
}
#ifndef GET_INTERFACE
#define GET_INTERFACE get_interface
#endif

__attribute__((unused)) static const struct long_entry entry = {
    {ENTRY_SIZE, MAJOR, MINOR, 0, {"variants", 8}, {"0.1.0", 5}, 0, 0, GET_INTERFACE}, (void *)0x4444};
#ifndef NO_ENTRY
ARENA_EXPORT const arena_entry *ENTRY_NAME(void);
const arena_entry *ENTRY_NAME(void) { return ENTRY_RESULT; }
#endif
