/* File descriptors: what a child keeps of those it was given, and the pairs and counters that threads wait on.
   Functions that return int give 0 or a positive errno unless they say otherwise. */
#ifndef ARENA_LINUX_DESCRIPTORS_H
#define ARENA_LINUX_DESCRIPTORS_H

#include <stdint.h>

/* In a child, before anything else: moves the socket on descriptor 0 to a number of 10 or more (close on exec,
   blocking), puts /dev/null on 0 and stderr's file on 1, so that what a plugin prints goes to its log, and closes every
   other descriptor. Standard output becomes line buffered. ENOTSOCK when 0 is no stream socket: then nothing has
   changed. */
int arena_linux_take_socket(int *socket);

/* A connected pair of stream sockets, both close on exec and blocking. */
int arena_linux_socket_pair(int sockets[2]);
/* Sets or clears O_NONBLOCK of the open file, and so for every descriptor that shares it. */
int arena_linux_set_nonblocking(int descriptor, int nonblocking);
/* Writes all `count` bytes to a blocking socket without raising SIGPIPE. */
int arena_linux_send_all(int socket, const void *bytes, uint64_t count);
/* Closes every descriptor from `first` to `last`. */
int arena_linux_close_range(uint32_t first, uint32_t last);

/* A counter that poll can wait for: close on exec, not blocking. Returns a descriptor, or a negative errno. */
int arena_linux_event_create(void);
/* Makes the counter readable. Safe in any thread. */
int arena_linux_event_signal(int event);
/* Makes it unreadable again; no error when it was not readable. */
int arena_linux_event_clear(int event);

#endif
