/* program: a program of another language as a child of this process. */
#ifndef ARENA_LINUX_PROGRAM_H
#define ARENA_LINUX_PROGRAM_H

#include <stdint.h>

/* A pipe whose ends close when a program is executed: ends[0] is read, ends[1] written. Returns 0 or an errno. */
int arena_linux_pipe(int ends[2]);

/* Only for a process with one thread. 0: in the child; else the child's pid, or a negative errno. */
int32_t arena_linux_fork(void);

/* Makes `input` and `output` descriptors 0 and 1, gives SIGPIPE its default action again, and becomes the program with
   the environment of this process. Returns only when that fails: an errno. */
int arena_linux_execute(const char *path, char *const arguments[], int input, int output);

/* Waits for a child to end. Its exit status, or the negative number of the signal that ended it. */
int32_t arena_linux_wait(int32_t pid);

/* As the above without waiting; INT32_MIN while it runs. */
int32_t arena_linux_look(int32_t pid);

/* Ends this process by a signal, as if it had met it itself. */
void arena_linux_end_by(int32_t signal);

#endif
