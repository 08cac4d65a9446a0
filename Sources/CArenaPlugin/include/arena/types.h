/* arena/types.h: the value types, and the rules that every table obeys.
 *
 * PLATFORM  [ABI-1] LP64, little-endian, fixed-width integers. Structs hold no bool, enum, long, bitfield or union.
 *
 * MEMORY    [MEM-1] Nobody frees the other side's memory.
 *           [MEM-2] An input (arena_str, arena_bytes, arrays, structs behind pointers) is borrowed: it is valid until
 *           the function returns, is read-only, and is copied by whoever wants to keep it.
 *           [MEM-3] Fixed-size output is written into the caller's struct. Variable-size output goes into a sink, which
 *           copies before it returns.
 *           [MEM-4] An object that create or open returned belongs to the plugin; the host gives it back exactly once,
 *           to destroy or close.
 *
 * GROWTH    [ABI-2] Every struct but the frozen value types starts with `uint32_t struct_size`, which its owner sets to
 *           the size that it was compiled with. Structs only ever grow at the end.
 *           [ABI-3] A reader touches a member only if struct_size covers it (ARENA_HAS); what is missing counts as zero.
 *           [ABI-4] struct_size is at least ARENA_MIN_SIZE of that struct (the members of its first release), else the
 *           struct is refused with ARENA_INVALID_ARGUMENT.
 *           [ABI-5] Arrays of growable structs travel with a stride in bytes; element i starts at base + i * stride.
 *           [ABI-6] New behaviour is a new id `arena.<name>/<revision>`. A revision never changes its meaning.
 *
 * THREADS   Each function is tagged. [main]: the thread that loaded the library, no other call in progress.
 *           [worker]: any one thread at a time per object; calls on one object are never concurrent and are ordered.
 *           [worker, reentrant]: several threads at once, also on one object. [any-thread]: at any time, concurrently.
 *           [THR-1] Threads that a plugin starts are joined before `shutdown` returns.
 *           [THR-2] A plugin installs no signal handler, does not change the working directory, locale or environment,
 *           does not call exit, and lets no exception or panic cross the boundary.
 *           [THR-3] A plugin does not write to descriptors 0, 1 and 2 as a protocol: what it prints goes to its log.
 *
 * ERRORS    [ERR-1] A function that can fail returns an arena_status; ARENA_OK is 0.
 *           [ERR-2] Before it returns another status, a plugin says why, once, through arena_call.fail. A non-zero
 *           status without it is reported as a fault of the plugin.
 *           [ERR-3] A status outside 0...16 is treated as ARENA_UNKNOWN.
 */
#ifndef ARENA_TYPES_H
#define ARENA_TYPES_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define ARENA_EXPORT __attribute__((visibility("default")))
#else
#define ARENA_EXPORT
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define ARENA_ABI_MAJOR 1u
#define ARENA_ABI_MINOR 0u

/* Text: UTF-8, `len` bytes. [STR-1] No terminating NUL is promised and inner NULs are allowed. [STR-2] ptr may be NULL
   only if len is 0. [STR-3] Both sides refuse text that is not valid UTF-8. Frozen for ever: 16 bytes. */
typedef struct arena_str {
    const char *ptr;
    uint64_t len;
} arena_str;

/* Bytes of any kind. [BYTES-1] ptr may be NULL only if len is 0. Frozen for ever: 16 bytes. */
typedef struct arena_bytes {
    const uint8_t *ptr;
    uint64_t len;
} arena_bytes;

/* Outcome of a call, with the numbers and meanings of gRPC. Frozen for ever. */
typedef int32_t arena_status;
#define ARENA_OK 0
#define ARENA_CANCELLED 1
#define ARENA_UNKNOWN 2
#define ARENA_INVALID_ARGUMENT 3
#define ARENA_DEADLINE_EXCEEDED 4
#define ARENA_NOT_FOUND 5
#define ARENA_ALREADY_EXISTS 6
#define ARENA_PERMISSION_DENIED 7
#define ARENA_RESOURCE_EXHAUSTED 8
#define ARENA_FAILED_PRECONDITION 9
#define ARENA_ABORTED 10
#define ARENA_OUT_OF_RANGE 11
#define ARENA_UNIMPLEMENTED 12
#define ARENA_INTERNAL 13
#define ARENA_UNAVAILABLE 14
#define ARENA_DATA_LOSS 15
#define ARENA_UNAUTHENTICATED 16

/* Whether the struct at p is long enough to hold member m of type T. */
#define ARENA_HAS(p, T, m) ((p)->struct_size >= offsetof(T, m) + sizeof(((T *)0)->m))

/* Where variable-size output goes. Owned by the host; valid during the call that received it. */
typedef struct arena_sink arena_sink;
struct arena_sink {
    uint32_t struct_size;
    uint32_t reserved;
    void *host_context;
    /* [any-thread, one at a time] Appends len bytes. [SINK-1] The host copies. [SINK-2] Any status but ARENA_OK means
       that nothing more is wanted: stop, and return that status. [SINK-3] Blocks while the reader is behind; returns
       ARENA_CANCELLED when the call is cancelled, ARENA_RESOURCE_EXHAUSTED past the limit of this output. */
    arena_status (*write)(const arena_sink *sink, const void *data, uint64_t len);
};
#define ARENA_SINK_MIN_SIZE 24u

#ifdef __cplusplus
}
#endif
#endif
