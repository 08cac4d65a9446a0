/* Renaming that decides and acts in one step. */
#ifndef ARENA_LINUX_RENAME_H
#define ARENA_LINUX_RENAME_H

#include <stdint.h>

/* Renames `from` to `to`, both in directory `directory`. Never replaces: EEXIST when there is a `to`. Returns 0 or an
   errno. A file system that cannot do it in one step is asked first whether there is a `to`. */
int arena_linux_rename_new(int directory, const char *from, const char *to);
/* Exchanges two names of one directory in one step, so that a reader sees one or the other. Returns 0 or an errno;
   EINVAL on a file system that cannot. */
int arena_linux_rename_exchange(int directory, const char *a, const char *b);

#endif
