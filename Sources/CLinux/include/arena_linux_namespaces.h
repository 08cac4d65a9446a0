/* Namespaces and capabilities. */
#ifndef ARENA_LINUX_NAMESPACES_H
#define ARENA_LINUX_NAMESPACES_H

#include <stdint.h>

/* Moves the process into a user namespace of its own, in which no further one can be made, and into a network namespace
   without any interface that is up; user and group keep their numbers. The process has one thread. Returns 0 or an
   errno: EPERM in containers that forbid it, ENOSPC where user namespaces are switched off. */
int arena_linux_empty_network(void);

/* Gives up every capability of the calling thread. */
int arena_linux_drop_capabilities(void);

#endif
