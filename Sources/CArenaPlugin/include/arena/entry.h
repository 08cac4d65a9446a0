/* arena/entry.h: the one exported symbol, and the host. */
#ifndef ARENA_ENTRY_H
#define ARENA_ENTRY_H

#include "arena/call.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The host as a plugin sees it. [HOST-1] Valid from `init` until `shutdown` returns. */
typedef struct arena_host arena_host;
struct arena_host {
    uint32_t struct_size;
    uint32_t abi_major;
    uint32_t abi_minor;
    uint32_t reserved;
    void *host_context;
    arena_str name;    /* "arena" */
    arena_str version; /* of the host, semantic versioning */
    /* [any-thread] The table of a service, such as "arena.lanes/1" (see arena/service_*.h). [HOST-2] NULL when this
       host does not know it, when the plugin's manifest does not ask for it, or when it was not granted; the host logs
       which of the three. [HOST-3] The table lives as long as the host. */
    const void *(*service)(const arena_host *host, arena_str id);
};
#define ARENA_HOST_MIN_SIZE 64u

/* What a library offers. [ENTRY-1] Static: the same pointer on every call, unchanged while the library is loaded. */
typedef struct arena_entry {
    uint32_t struct_size;
    uint32_t abi_major; /* ARENA_ABI_MAJOR at compile time; another major is refused */
    uint32_t abi_minor; /* ARENA_ABI_MINOR at compile time; a newer minor is accepted: both use what both know */
    uint32_t reserved;
    arena_str id;      /* [ENTRY-2] equal to `id` in the manifest */
    arena_str version; /* [ENTRY-3] equal to `version` in the manifest */
    /* [main] Called once per process, before anything else. May be NULL. [ENTRY-4] No other function of the library is
       called if it fails. */
    arena_status (*init)(const arena_call *call, const arena_host *host);
    /* [main] Called once, after every object was destroyed; not called when the process is killed. May be NULL. */
    void (*shutdown)(void);
    /* [any-thread] The table of interface `interface_id` (such as "arena.scorer/1") for the kind `kind` (an id of the
       manifest's `provides`). [ENTRY-5] NULL for anything that the manifest does not declare. [ENTRY-6] Not NULL for
       everything that it does. [ENTRY-7] The table is static. */
    const void *(*get_interface)(arena_str interface_id, arena_str kind);
} arena_entry;
#define ARENA_ENTRY_MIN_SIZE 72u

/* The one exported symbol. The major version is in its name. [ENTRY-8] Pure: returns the static table, does nothing. */
ARENA_EXPORT const arena_entry *arena_plugin_entry_v1(void);
#define ARENA_ENTRY_SYMBOL "arena_plugin_entry_v1"

#ifdef __cplusplus
}
#endif
#endif
