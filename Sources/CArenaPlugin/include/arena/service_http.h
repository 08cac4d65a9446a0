/* arena/service_http.h: arena.http/1, requests that the host makes. The same completion queue as arena.lanes/1.
 *
 * [HTTP-1] The host does TLS, checks the resolved address against the grant, follows no redirect unless asked, and
 * ignores proxy variables. [HTTP-2] A secret is a reference: {"header": "Authorization", "secret": "name"}; its text
 * never enters a plugin and is sent only to the hosts granted with it. */
#ifndef ARENA_SERVICE_HTTP_H
#define ARENA_SERVICE_HTTP_H

#include "arena/service_lanes.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ARENA_HTTP_1 "arena.http/1"

typedef struct arena_http_service arena_http_service;
struct arena_http_service {
    uint32_t struct_size;
    uint32_t reserved;
    void *host_context;
    /* `request_json`: {"method", "url", "headers": {}, "body": string, "secret": {"header", "name"}, "timeout_ms",
       "max_bytes", "stream": bool}. ARENA_PERMISSION_DENIED for a host outside the grant. */
    arena_status (*submit)(const arena_http_service *self, const arena_call *call, uint64_t tag,
                           arena_str request_json);
    /* `data`: for DELTA a piece of the body; for DONE with ARENA_OK {"status", "headers", "bytes"} followed, when not
       streamed, by a newline and the body. */
    arena_status (*next)(const arena_http_service *self, const arena_call *call, uint64_t timeout_ns,
                         arena_completion *event, const arena_sink *data);
    arena_status (*abort)(const arena_http_service *self, const arena_call *call, uint64_t tag);
};
#define ARENA_HTTP_SERVICE_MIN_SIZE 40u

#ifdef __cplusplus
}
#endif

#endif
