/* Processes: handles that cannot be confused with a later process of the same number, and what a child asks of the
   kernel for itself. Functions that return int give 0 or a positive errno unless they say otherwise. */
#ifndef ARENA_LINUX_PROCESS_H
#define ARENA_LINUX_PROCESS_H

#include <stdint.h>

/* A descriptor (close on exec) of the process, readable when it has ended; or a negative errno. */
int arena_linux_pidfd_open(int32_t pid);
/* ESRCH when it has ended. */
int arena_linux_pidfd_send_signal(int pidfd, int signal);

/* The kernel kills this process when the thread that started it ends. */
int arena_linux_die_with_parent(void);
/* No program that this process starts gains rights; what Landlock and seccomp require first. */
int arena_linux_no_new_privileges(void);
/* All signals to their default, none blocked; SIGPIPE ignored. What a child inherits is its parent's affair. */
void arena_linux_reset_signals(void);
/* The name of an error number, such as "EPERM", or "E" and the number. Static or thread-local text. */
const char *arena_linux_error_name(int error);

#endif
