/* A mutex with one condition variable on CLOCK_MONOTONIC. Every function is safe in any thread. */
#ifndef ARENA_LINUX_GATE_H
#define ARENA_LINUX_GATE_H

#include <stdint.h>

#pragma clang assume_nonnull begin

typedef struct arena_linux_gate arena_linux_gate;

/* Ends the process when there is no memory. */
arena_linux_gate *arena_linux_gate_create(void);
/* Nobody holds it or waits on it. */
void arena_linux_gate_destroy(arena_linux_gate *gate);
void arena_linux_gate_lock(arena_linux_gate *gate);
void arena_linux_gate_unlock(arena_linux_gate *gate);
/* Locked by the caller: gives the lock up until woken, and takes it again. May wake for no reason. */
void arena_linux_gate_wait(arena_linux_gate *gate);
/* The same, at most until `monotonic_ns` of CLOCK_MONOTONIC. */
void arena_linux_gate_wait_until(arena_linux_gate *gate, uint64_t monotonic_ns);
void arena_linux_gate_wake_one(arena_linux_gate *gate);
void arena_linux_gate_wake_all(arena_linux_gate *gate);

#pragma clang assume_nonnull end

#endif
