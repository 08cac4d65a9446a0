#define _GNU_SOURCE
#include "arena_linux_program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

int arena_linux_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) ? errno : 0; }

int32_t arena_linux_fork(void) {
    pid_t pid = fork();
    return pid < 0 ? -errno : pid;
}

int arena_linux_execute(const char *path, char *const arguments[], int input, int output) {
    if (dup2(input, 0) < 0 || dup2(output, 1) < 0) return errno;
    signal(SIGPIPE, SIG_DFL);
    execve(path, arguments, environ);
    return errno;
}

static int32_t result_of(int status) {
    return WIFSIGNALED(status) ? -(int32_t)WTERMSIG(status) : WEXITSTATUS(status);
}

int32_t arena_linux_wait(int32_t pid) {
    int status = 0;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return 0;
    return result_of(status);
}

int32_t arena_linux_look(int32_t pid) {
    int status = 0;
    return waitpid(pid, &status, WNOHANG) == pid ? result_of(status) : INT32_MIN;
}

void arena_linux_end_by(int32_t number) {
    signal(number, SIG_DFL);
    kill(getpid(), number);
    _exit(128 + number); /* a signal that does not end a process */
}
