/* What a process keeps in memory. */
#ifndef ARENA_LINUX_MEMORY_H
#define ARENA_LINUX_MEMORY_H

#include <stdint.h>

/* Blocks up to `bytes` come from memory that is kept, and so much free memory stays with the process. Without it, a
   message of half a megabyte is mapped, faulted in page by page and unmapped again each time. */
void arena_linux_keep_memory(uint32_t bytes);

/* Unmaps the pages of the program's own file that can be read again from it: its code and its constants. The kernel maps
   sixteen pages around each one that is used, so that a start leaves most of a program resident which is then idle; what
   is used again is mapped again, without reading the disk while the file is cached. Any thread, at any time. Does nothing
   for a program whose code was changed by relocations. */
void arena_linux_release_program(void);

#endif
