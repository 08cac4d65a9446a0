#define _GNU_SOURCE
#include "arena_linux_gate.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct arena_linux_gate {
    pthread_mutex_t mutex;
    pthread_cond_t condition;
};

arena_linux_gate *arena_linux_gate_create(void) {
    arena_linux_gate *gate = malloc(sizeof *gate);
    if (!gate) abort();
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&gate->mutex, NULL);
    pthread_cond_init(&gate->condition, &attributes);
    pthread_condattr_destroy(&attributes);
    return gate;
}

void arena_linux_gate_destroy(arena_linux_gate *gate) {
    pthread_cond_destroy(&gate->condition);
    pthread_mutex_destroy(&gate->mutex);
    free(gate);
}

void arena_linux_gate_lock(arena_linux_gate *gate) { pthread_mutex_lock(&gate->mutex); }

void arena_linux_gate_unlock(arena_linux_gate *gate) { pthread_mutex_unlock(&gate->mutex); }

void arena_linux_gate_wait(arena_linux_gate *gate) { pthread_cond_wait(&gate->condition, &gate->mutex); }

void arena_linux_gate_wait_until(arena_linux_gate *gate, uint64_t monotonic_ns) {
    struct timespec until = {(time_t)(monotonic_ns / 1000000000u), (long)(monotonic_ns % 1000000000u)};
    pthread_cond_timedwait(&gate->condition, &gate->mutex, &until);
}

void arena_linux_gate_wake_one(arena_linux_gate *gate) { pthread_cond_signal(&gate->condition); }

void arena_linux_gate_wake_all(arena_linux_gate *gate) { pthread_cond_broadcast(&gate->condition); }
