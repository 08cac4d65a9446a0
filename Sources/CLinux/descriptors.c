#define _GNU_SOURCE
#include "arena_linux_descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

/* Below it are the standard descriptors and what libraries open early; the socket lives above. */
#define FIRST_PRIVATE_DESCRIPTOR 10

int arena_linux_close_range(uint32_t first, uint32_t last) {
    if (first > last) return 0;
    return syscall(SYS_close_range, first, last, 0u) ? errno : 0;
}

static int redirect_standard_streams(void) {
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0) return errno;
    int failed = dup2(null, 0) < 0;
    if (dup2(2, 1) < 0) failed |= dup2(null, 1) < 0 || dup2(null, 2) < 0; /* stderr was closed: nowhere to log to */
    int error = failed ? errno : 0;
    if (null > 2) close(null);
    return error;
}

int arena_linux_take_socket(int *descriptor) {
    int type = 0;
    socklen_t size = sizeof type;
    if (getsockopt(0, SOL_SOCKET, SO_TYPE, &type, &size)) return errno;
    if (type != SOCK_STREAM) return ENOTSOCK;
    int taken = fcntl(0, F_DUPFD_CLOEXEC, FIRST_PRIVATE_DESCRIPTOR);
    if (taken < 0) return errno;
    int error = arena_linux_set_nonblocking(taken, 0);
    if (!error) error = redirect_standard_streams();
    if (!error) error = arena_linux_close_range(3, (uint32_t)taken - 1);
    if (!error) error = arena_linux_close_range((uint32_t)taken + 1, ~0u);
    if (error && error != ENOSYS) return error; /* before Linux 5.9 the host's own close-on-exec has to do */
    setvbuf(stdout, NULL, _IOLBF, 0);
    *descriptor = taken;
    return 0;
}

int arena_linux_socket_pair(int sockets[2]) {
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) ? errno : 0;
}

int arena_linux_set_nonblocking(int descriptor, int nonblocking) {
    int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0) return errno;
    int wanted = nonblocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
    return wanted != flags && fcntl(descriptor, F_SETFL, wanted) < 0 ? errno : 0;
}

int arena_linux_send_all(int descriptor, const void *bytes, uint64_t count) {
    const char *next = bytes;
    while (count > 0) {
        ssize_t sent = send(descriptor, next, count, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return errno;
        next += sent;
        count -= (uint64_t)sent;
    }
    return 0;
}

int arena_linux_event_create(void) {
    int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return event < 0 ? -errno : event;
}

int arena_linux_event_signal(int event) {
    uint64_t one = 1;
    return write(event, &one, sizeof one) < 0 && errno != EAGAIN ? errno : 0;
}

int arena_linux_event_clear(int event) {
    uint64_t count;
    return read(event, &count, sizeof count) < 0 && errno != EAGAIN ? errno : 0;
}
