/* For tests only: a kernel or a container that refuses. */
#ifndef ARENA_LINUX_SIMULATE_H
#define ARENA_LINUX_SIMULATE_H

#include <stdint.h>

#define ARENA_LINUX_REFUSE_NAMESPACES 1u /* unshare gives EPERM, as under Docker's own profile */
#define ARENA_LINUX_REFUSE_LANDLOCK 2u   /* ENOSYS, as in a kernel without it */
#define ARENA_LINUX_REFUSE_SECCOMP 4u    /* a further filter gives EINVAL */

/* From now on the kernel answers this process as `refusals` say. Returns 0 or an errno. */
int arena_linux_simulate(uint32_t refusals);

#endif
