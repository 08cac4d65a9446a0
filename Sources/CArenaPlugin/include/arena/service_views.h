/* arena/service_views.h: arena.views/1, named read-only views on what the host holds. */
#ifndef ARENA_SERVICE_VIEWS_H
#define ARENA_SERVICE_VIEWS_H

#include "arena/call.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ARENA_VIEWS_1 "arena.views/1"

typedef struct arena_views_service arena_views_service;
struct arena_views_service {
    uint32_t struct_size;
    uint32_t reserved;
    void *host_context;
    /* Reads a page of view `name` (granted by name in the manifest's services; "bench", "bench_items", "eval_scores",
       …). `params_json`: the view's parameters. `cursor`: empty for the first page, then `next` of the page before.
       `limit`: rows, 1 to 1,000. Writes {"rows": […], "next": string or null}. [VIEWS-1] Pages never repeat or skip a
       row that did not change. ARENA_NOT_FOUND: no such view, or no such thing in it. */
    arena_status (*page)(const arena_views_service *self, const arena_call *call, arena_str name, arena_str params_json,
                         arena_str cursor, uint32_t limit, const arena_sink *json);
};
#define ARENA_VIEWS_SERVICE_MIN_SIZE 24u

#ifdef __cplusplus
}
#endif

#endif
