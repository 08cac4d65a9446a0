#define _GNU_SOURCE
#include "arena_linux_rename.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

int arena_linux_rename_new(int directory, const char *from, const char *to) {
    if (renameat2(directory, from, directory, to, RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return errno;
    struct stat there;
    if (fstatat(directory, to, &there, AT_SYMLINK_NOFOLLOW) == 0) return EEXIST;
    return renameat(directory, from, directory, to) == 0 ? 0 : errno;
}

int arena_linux_rename_exchange(int directory, const char *a, const char *b) {
    return renameat2(directory, a, directory, b, RENAME_EXCHANGE) == 0 ? 0 : errno;
}
