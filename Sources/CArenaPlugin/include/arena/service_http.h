/* arena/service_http.h: arena.http/1, requests that the host makes, in calls of job kinds, scorers and lane engines.
 * The same completion queue as arena.lanes/1.
 *
 * [HTTP-1] The host does TLS, connects only to hosts and addresses of the grant, follows no redirect, and ignores proxy
 * variables. [HTTP-2] A secret is a reference in the value of a header, as in "Bearer ${secret:NAME}"; its text never
 * enters a plugin and is sent only to the hosts granted with it, over https unless the grant names addresses. */
#ifndef ARENA_SERVICE_HTTP_H
#define ARENA_SERVICE_HTTP_H

#include "arena/service_lanes.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ARENA_HTTP_1 "arena.http/1"

/* In the manifest: {"id": "arena.http/1", "hosts": ["api.example.org", "10.0.0.5:8080"], "secrets": ["NAME"],
 * "addresses": ["loopback", "private"]}. [HTTP-3] A host without a port stands for 80 and 443. Loopback and private
 * addresses need the word in "addresses"; link-local, metadata, multicast and reserved ones are never connected to. */

typedef struct arena_http_service arena_http_service;
struct arena_http_service {
    uint32_t struct_size;
    uint32_t reserved;
    void *host_context;
    /* Starts a request; returns without waiting for it. `request_json`: {"url", and optionally "method" (default "GET"),
       "headers": {name: value}, "body": string of at most 8 MiB, "timeout_ms": 1 to 600000 (default 30000, for the whole
       exchange), "max_bytes": the longest body taken (default 1 MiB; at most 8 MiB, streamed 1 GiB), "stream": bool}.
       A request outside of the grant ends with DONE and ARENA_PERMISSION_DENIED. ARENA_RESOURCE_EXHAUSTED above 32 open
       requests: call next first. */
    arena_status (*submit)(const arena_http_service *self, const arena_call *call, uint64_t tag,
                           arena_str request_json);
    /* Waits at most timeout_ns for an event. [HTTP-4] Any status of the server is an answer: `data` of DONE with
       ARENA_OK is {"status", "headers": {name in lower case: value}, "bytes"}, then a newline (no other is before it)
       and the body. [HTTP-5] Streamed, the first DELTA is {"status", "headers"} and each further one a piece of the
       body, whose bytes are not repeated in DONE; a plugin that does not call next slows the server down and loses
       nothing. `data` of DONE with another status is {"code", "message", "hint"}: ARENA_UNAVAILABLE (not reached, or
       the connection was lost), ARENA_DEADLINE_EXCEEDED, ARENA_PERMISSION_DENIED, ARENA_RESOURCE_EXHAUSTED (longer than
       max_bytes), ARENA_FAILED_PRECONDITION (TLS, or no HTTP), ARENA_INVALID_ARGUMENT. */
    arena_status (*next)(const arena_http_service *self, const arena_call *call, uint64_t timeout_ns,
                         arena_completion *event, const arena_sink *data);
    /* Gives a request up; its DONE still comes, with ARENA_CANCELLED if it had not ended before. */
    arena_status (*abort)(const arena_http_service *self, const arena_call *call, uint64_t tag);
};
#define ARENA_HTTP_SERVICE_MIN_SIZE 40u

#ifdef __cplusplus
}
#endif

#endif
