/* instant_stub.c: an HTTP server on loopback that answers every request at once with a short stream of events.
 *
 * Prints its port. A thread for each connection; ends with its standard input. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHUNK(text) text "\n\n"
static const char first[] = CHUNK("data: {\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,"
                                  "\"delta\":{\"role\":\"assistant\",\"content\":\"token\"},\"finish_reason\":null}]}");
static const char rest[] = CHUNK("data: {\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},"
                                 "\"finish_reason\":\"stop\"}]}") CHUNK("data: [DONE]");

static void *serve(void *argument) {
    int peer = (int)(intptr_t)argument;
    int on = 1;
    setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    char head[512];
    int head_length = snprintf(head, sizeof head,
                               "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                               "Transfer-Encoding: chunked\r\n\r\n%zx\r\n%s\r\n",
                               sizeof first - 1, first);
    char tail[512];
    int tail_length = snprintf(tail, sizeof tail, "%zx\r\n%s\r\n0\r\n\r\n", sizeof rest - 1, rest);
    char buffer[65536];
    size_t used = 0;
    for (;;) {
        ssize_t count = recv(peer, buffer + used, sizeof buffer - 1 - used, 0);
        if (count <= 0) break;
        used += (size_t)count;
        buffer[used] = 0;
        char *end = strstr(buffer, "\r\n\r\n");
        if (!end) continue;
        char *length = strcasestr(buffer, "content-length:");
        size_t body = length && length < end ? strtoul(length + 15, NULL, 10) : 0;
        if (used < (size_t)(end + 4 - buffer) + body) continue;
        used = 0;
        if (send(peer, head, (size_t)head_length, MSG_NOSIGNAL) < 0) break;
        if (send(peer, tail, (size_t)tail_length, MSG_NOSIGNAL) < 0) break;
    }
    close(peer);
    return NULL;
}

static void *accept_all(void *argument) {
    int listener = (int)(intptr_t)argument;
    for (;;) {
        int peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        pthread_t thread;
        if (peer < 0 || pthread_create(&thread, NULL, serve, (void *)(intptr_t)peer) != 0) return NULL;
        pthread_detach(thread);
    }
}

int main(void) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    pthread_t thread;
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, length) < 0 || listen(listener, 16) < 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) < 0 ||
        pthread_create(&thread, NULL, accept_all, (void *)(intptr_t)listener) != 0)
        return 1;
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    char byte;
    while (read(0, &byte, 1) > 0) {
    }
    return 0;
}
