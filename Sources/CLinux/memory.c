#include "arena_linux_memory.h"

#include <stdlib.h>

#if defined(__GLIBC__)
#include <malloc.h>

void arena_linux_keep_memory(uint32_t bytes) {
    mallopt(M_MMAP_THRESHOLD, (int)bytes);
    mallopt(M_TRIM_THRESHOLD, (int)bytes);
}

#else

void arena_linux_keep_memory(uint32_t bytes) { (void)bytes; }

#endif
