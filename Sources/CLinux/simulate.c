#define _GNU_SOURCE
#include "arena_linux_simulate.h"

#include "arena_linux_process.h"
#include "seccomp_filter.h"

#include <sys/syscall.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#endif

int arena_linux_simulate(uint32_t refusals) {
    struct filter filter = {.count = 0};
    ADD(&filter, LOAD(NUMBER));
    if (refusals & ARENA_LINUX_REFUSE_NAMESPACES) refuse(&filter, SYS_unshare, EPERM);
    if (refusals & ARENA_LINUX_REFUSE_LANDLOCK) refuse(&filter, SYS_landlock_create_ruleset, ENOSYS);
    if (refusals & ARENA_LINUX_REFUSE_SECCOMP) {
        refuse(&filter, SYS_seccomp, EINVAL);
        ADD(&filter, IF_EQUAL(SYS_prctl, 0, 4), LOAD(ARGUMENT(0)), IF_EQUAL(PR_SET_SECCOMP, 0, 1), REFUSE(EINVAL),
            ALLOW);
    }
    ADD(&filter, ALLOW);
    int error = arena_linux_no_new_privileges();
    return error ? error : install(&filter);
}
