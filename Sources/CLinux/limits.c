#define _GNU_SOURCE
#include "arena_linux_limits.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>

static int limit(int resource, uint64_t soft, uint64_t hard) {
    struct rlimit now;
    if (soft == 0) return 0;
    if (getrlimit((__typeof__(RLIMIT_CORE))resource, &now)) return errno;
    if (now.rlim_max != RLIM_INFINITY && hard > now.rlim_max) hard = now.rlim_max;
    now.rlim_cur = soft < hard ? soft : hard;
    now.rlim_max = hard;
    return setrlimit((__typeof__(RLIMIT_CORE))resource, &now) ? errno : 0;
}

int arena_linux_set_limits(const arena_linux_limits *limits) {
    struct rlimit none = {0, 0};
    int error = setrlimit(RLIMIT_CORE, &none) ? errno : 0;
    if (!error) error = limit(RLIMIT_AS, limits->address_space, limits->address_space);
    if (!error) error = limit(RLIMIT_CPU, limits->cpu_seconds, limits->cpu_seconds + 1);
    if (!error && limits->file_size) signal(SIGXFSZ, SIG_IGN); /* EFBIG instead of death */
    if (!error) error = limit(RLIMIT_FSIZE, limits->file_size, limits->file_size);
    if (!error) error = limit(RLIMIT_NOFILE, limits->open_files, limits->open_files);
    if (!error) error = limit(RLIMIT_NPROC, limits->processes, limits->processes);
    return error;
}
