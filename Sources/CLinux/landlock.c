#define _GNU_SOURCE
#include "arena_linux_landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The headers of Debian 12 know version 2 only: newer bits by value, used when the running kernel knows them. */
#define ACCESS_FS_VERSION_1 ((1ULL << 13) - 1)
#define ACCESS_FS_REFER (1ULL << 13)     /* version 2 */
#define ACCESS_FS_TRUNCATE (1ULL << 14)  /* version 3 */
#define ACCESS_NET_TCP 3ULL              /* version 4: bind and connect */
#define ACCESS_FS_IOCTL_DEV (1ULL << 15) /* version 5 */
#define SCOPES 3ULL                      /* version 6: abstract unix sockets and signals */

struct ruleset {
    uint64_t files, network, scopes;
};

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

int arena_linux_landlock_version(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return version < 0 ? -errno : (int)version;
}

static uint64_t handled_file_rights(int version) {
    uint64_t rights = ACCESS_FS_VERSION_1;
    if (version >= 2) rights |= ACCESS_FS_REFER;
    if (version >= 3) rights |= ACCESS_FS_TRUNCATE;
    if (version >= 5) rights |= ACCESS_FS_IOCTL_DEV;
    return rights;
}

static int allow(int ruleset, const arena_linux_path *path, uint64_t handled) {
    const uint64_t reading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
    const uint64_t writing = handled & ~(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                                         LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SOCK |
                                         ACCESS_FS_IOCTL_DEV);
    const uint64_t of_a_file = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | ACCESS_FS_TRUNCATE |
                               LANDLOCK_ACCESS_FS_EXECUTE;
    int descriptor = open(path->path, O_PATH | O_CLOEXEC);
    if (descriptor < 0) return errno;
    struct landlock_path_beneath_attr rule;
    memset(&rule, 0, sizeof rule);
    rule.parent_fd = descriptor;
    rule.allowed_access = (path->writable == 1 ? writing : reading) & handled;
    if (path->writable == 2) rule.allowed_access |= LANDLOCK_ACCESS_FS_EXECUTE;
    struct stat status;
    int error = fstat(descriptor, &status) ? errno : 0;
    if (!error && !S_ISDIR(status.st_mode)) rule.allowed_access &= of_a_file; /* EINVAL for rights of folders */
    if (!error && syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0)) error = errno;
    close(descriptor);
    return error;
}

int arena_linux_landlock(const arena_linux_path *paths, int32_t count, int32_t deny_network, int32_t *skipped) {
    *skipped = 0;
    int version = arena_linux_landlock_version();
    if (version < 0) return -version;
    struct ruleset attributes = {
        handled_file_rights(version),
        version >= 4 && deny_network ? ACCESS_NET_TCP : 0,
        version >= 6 ? SCOPES : 0,
    };
    size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attributes, size, 0);
    if (ruleset < 0) return errno;
    for (int32_t i = 0; i < count; i++) *skipped += allow(ruleset, &paths[i], attributes.files) != 0;
    int error = syscall(SYS_landlock_restrict_self, ruleset, 0) ? errno : 0;
    close(ruleset);
    return error;
}
