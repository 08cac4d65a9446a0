/* Resource limits of the process. */
#ifndef ARENA_LINUX_LIMITS_H
#define ARENA_LINUX_LIMITS_H

#include <stdint.h>

/* 0: leave as it is. A limit is never raised above the hard limit that was inherited. */
typedef struct arena_linux_limits {
    uint64_t address_space; /* bytes; beyond it malloc gives NULL */
    uint64_t cpu_seconds;   /* SIGXCPU then, SIGKILL one second later */
    uint64_t file_size;     /* bytes; a longer write gives EFBIG */
    uint64_t open_files;
    uint64_t processes;     /* of this user, threads included; the kernel does not apply it to root */
} arena_linux_limits;

/* Sets the limits, and that of core files to 0. Returns 0 or the first errno. */
int arena_linux_set_limits(const arena_linux_limits *limits);

#endif
