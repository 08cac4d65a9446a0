#define _GNU_SOURCE
#include "arena_linux_process.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

int arena_linux_pidfd_open(int32_t pid) {
    long descriptor = syscall(SYS_pidfd_open, pid, 0u); /* close on exec is the default */
    return descriptor < 0 ? -errno : (int)descriptor;
}

int arena_linux_pidfd_send_signal(int pidfd, int signal) {
    return syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0u) ? errno : 0;
}

int arena_linux_die_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL) ? errno : 0; }

int arena_linux_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? errno : 0; }

void arena_linux_reset_signals(void) {
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL); /* refused for some: they are default */
    signal(SIGPIPE, SIG_IGN);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

const char *arena_linux_error_name(int error) {
#if defined(__GLIBC__)
    const char *name = strerrorname_np(error);
    if (name) return name;
#endif
    static _Thread_local char text[16];
    snprintf(text, sizeof text, "E%d", error);
    return text;
}
