/* How the allocator treats large blocks. */
#ifndef ARENA_LINUX_MEMORY_H
#define ARENA_LINUX_MEMORY_H

#include <stdint.h>

/* Blocks up to `bytes` come from memory that is kept, and so much free memory stays with the process. Without it, a
   message of half a megabyte is mapped, faulted in page by page and unmapped again each time. */
void arena_linux_keep_memory(uint32_t bytes);

#endif
