/* Threads that plugin code runs on. */
#ifndef ARENA_LINUX_THREAD_H
#define ARENA_LINUX_THREAD_H

#include <stdint.h>

/* Starts a detached thread with all signals blocked, so that they go to the process's own threads and never into plugin
   code. `name`: what tools show, cut at 15 bytes. `stack_bytes`: at least 64 KiB. Returns 0 or an errno; then `body` is
   not called. */
int arena_linux_thread_start(const char *name, uint64_t stack_bytes, void (*body)(void *context), void *context);

#endif
