/* seccomp: which system calls a child may make. */
#ifndef ARENA_LINUX_SECCOMP_H
#define ARENA_LINUX_SECCOMP_H

#include <stdint.h>

/* Installs the filter for the calling thread and what it starts from now on, for good:
   - no process is made (threads are), none is traced, signalled or altered but this one; no program is started in its
     place, but with `execute`: then Landlock decides which;
   - no socket is made; with `internet` those of IPv4 and IPv6 (and netlink, which name look-ups ask);
     socket pairs stay possible;
   - what Landlock does not see is refused: mode, owner, times and attributes of files by path, truncation by path or
     by opening for reading, watching folders, System V and POSIX queues;
   - the kernel's administrative and rarely used parts are shut: mounts, modules, bpf, perf, keys, userfaultfd;
   - io_uring is reported missing (it would do all of this behind the filter's back), clone3 too (its flags lie behind a
     pointer; the C library falls back to clone).
   Requires no_new_privileges. Returns 0, an errno, or ENOSYS on a processor other than x86-64 and arm64. */
int arena_linux_seccomp(int32_t internet, int32_t execute);

#endif
