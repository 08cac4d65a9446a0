/* Landlock: which files a child may touch. */
#ifndef ARENA_LINUX_LANDLOCK_H
#define ARENA_LINUX_LANDLOCK_H

#include <stdint.h>

typedef struct arena_linux_path {
    const char *path; /* a file, or a folder with all below it */
    int32_t writable; /* 0: it may be read, which is all that dlopen needs; 1: written too; 2: read and executed */
} arena_linux_path;

/* The kernel's Landlock version, 1 or more, or a negative errno where there is none. */
int arena_linux_landlock_version(void);

/* Shuts all files but those of `paths` for the calling thread and what it starts from now on, for good; with
   `deny_network` TCP too (from version 4), and in any case signals and abstract sockets to processes outside (from 6).
   Open descriptors stay usable. A path that cannot be opened is counted in *skipped: that is less access, never more.
   Requires no_new_privileges. Returns 0 or an errno: ENOSYS and EOPNOTSUPP where the kernel has no Landlock. */
int arena_linux_landlock(const arena_linux_path *paths, int32_t count, int32_t deny_network, int32_t *skipped);

#endif
