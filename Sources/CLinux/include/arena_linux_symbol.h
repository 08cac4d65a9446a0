/* Where a symbol lives. */
#ifndef ARENA_LINUX_SYMBOL_H
#define ARENA_LINUX_SYMBOL_H

#include <stdint.h>

/* 1 when `address` lies in the library of `handle` (from dlopen) itself, 0 when in one that it depends on: dlsym finds
   both. */
int arena_linux_symbol_is_in(void *handle, const void *address);
/* The path of the loaded object that defines `symbol` for this process (such as "swift_retain"), written with its NUL
   to `path`. Returns 0, ENOENT when nothing defines it, ENAMETOOLONG when `size` is too small. */
int arena_linux_symbol_path(const char *symbol, char *path, uint64_t size);

#endif
