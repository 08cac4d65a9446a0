/* A scorer that does what its input says, from reading a file to spinning for ever: `output` is the act, `input` its
   object. The value is 1 when the act was allowed; the explanation says what the kernel answered. */
#define _GNU_SOURCE
#include "arena/plugin.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static arena_str text(const char *chars) { return (arena_str){chars, strlen(chars)}; }
static int is(arena_str a, const char *chars) { return a.len == strlen(chars) && !memcmp(a.ptr, chars, a.len); }

static int constructor_errno;
__attribute__((constructor)) static void constructed(void) {
    const char *secret = getenv("ARENA_TEST_SECRET");
    int file = secret ? open(secret, O_RDONLY) : -1;
    constructor_errno = file < 0 ? errno : 0;
    if (file >= 0) close(file);
#ifdef SPIN_IN_CONSTRUCTOR
    for (;;) __asm__ volatile("");
#endif
#ifdef CRASH_IN_CONSTRUCTOR
    __builtin_trap();
#endif
}

static void *idle(void *nothing) {
    pause();
    return nothing;
}
static void *finish(void *nothing) { return nothing; }

static int try_close(int descriptor) {
    if (descriptor < 0) return errno;
    close(descriptor);
    return 0;
}
static int try_fork(void) {
    pid_t child = fork();
    if (child < 0) return errno;
    if (child == 0) _exit(0);
    waitpid(child, NULL, 0);
    return 0;
}
static int try_thread(void) {
    pthread_t thread;
    int error = pthread_create(&thread, NULL, finish, NULL);
    if (!error) pthread_join(thread, NULL);
    return error;
}
static int try_big_file(const char *path) {
    static char piece[65536];
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600), error = 0;
    for (int i = 0; i < 1024 && !error; i++) error = write(file, piece, sizeof piece) < 0 ? errno : 0;
    close(file);
    unlink(path);
    return error;
}
static int try_memory(void) {
    for (int i = 0; i < 512; i++) {
        char *piece = malloc(16u << 20);
        __asm__ volatile("" ::"r"(piece) : "memory"); /* or the compiler leaves it out */
        if (!piece) return ENOMEM;
    }
    return 0;
}
static int try_escape(void) {
    for (int descriptor = 3; descriptor < 64; descriptor++) {
        int file = openat(descriptor, "../environ", O_RDONLY);
        if (file >= 0) return close(file), 0;
    }
    return EACCES;
}
static int of(long result) { return result < 0 ? errno : 0; }

static int act(arena_str what, const char *object) {
    struct rlimit limit = {1, 1};
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    int pair[2];
    if (is(what, "nothing")) return 0;
    if (is(what, "constructor")) return constructor_errno;
    if (is(what, "read")) return try_close(open(object, O_RDONLY));
    if (is(what, "write")) return try_close(open(object, O_WRONLY | O_CREAT, 0600));
    if (is(what, "empty")) return try_close(open(object, O_RDONLY | O_TRUNC));
    if (is(what, "list")) return try_close(open(object, O_RDONLY | O_DIRECTORY));
    if (is(what, "escape")) return try_escape();
    if (is(what, "truncate")) return of(truncate(object, 0));
    if (is(what, "unlink")) return of(unlink(object));
    if (is(what, "chmod")) return of(chmod(object, 0777));
    if (is(what, "setxattr")) return of(setxattr(object, "user.x", "y", 1, 0));
    if (is(what, "big file")) return try_big_file(object);
    if (is(what, "internet")) return try_close(socket(AF_INET, SOCK_STREAM, 0));
    if (is(what, "unix socket")) return try_close(socket(AF_UNIX, SOCK_STREAM, 0));
    if (is(what, "socket pair")) return of(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
    if (is(what, "fork")) return try_fork();
    if (is(what, "thread")) return try_thread();
    if (is(what, "exec")) return execl("/bin/true", "true", (char *)NULL), errno;
    if (is(what, "uring")) return of(syscall(SYS_io_uring_setup, 4, NULL));
    if (is(what, "ptrace parent")) return of(ptrace(PTRACE_ATTACH, getppid(), 0, 0));
    if (is(what, "signal parent")) return of(kill(getppid(), 0));
    if (is(what, "signal group")) return of(kill(0, 0));
    if (is(what, "limit parent")) return of(prlimit(getppid(), RLIMIT_CORE, &limit, NULL));
    if (is(what, "pin parent")) return of(sched_setaffinity(getppid(), sizeof one, &one));
    if (is(what, "outlive")) return of(prctl(PR_SET_PDEATHSIG, 0));
    if (is(what, "new session")) return of(setsid());
    if (is(what, "namespace")) return of(unshare(CLONE_NEWUSER));
    if (is(what, "memory")) return try_memory();
    if (is(what, "environment")) return getenv(object) ? 0 : ENOENT;
    if (is(what, "print")) return printf("printed by the plugin\n") < 0;
    if (is(what, "crash")) *(volatile int *)8 = 1;
    if (is(what, "abort")) abort();
    if (is(what, "exit")) exit(7);
    if (is(what, "spin"))
        for (;;) __asm__ volatile("");
    return ENOTSUP;
}

static arena_status create(const arena_call *call, arena_str config, void **self) {
    (void)call, (void)config, (void)self;
#ifdef SILENT_CREATE
    return ARENA_INTERNAL;
#endif
    return ARENA_OK;
}
static arena_status score(void *self, const arena_call *call, const arena_score_input *in, arena_score_output *out,
                          const arena_explain_sink *explain) {
    (void)self, (void)call;
    char object[1024] = "";
    memcpy(object, in->input.ptr, in->input.len < sizeof object ? in->input.len : sizeof object - 1);
    if (is(in->output, "descriptors")) { /* all that are open, as a list */
        char list[512] = "";
        for (int descriptor = 0, n = 0; descriptor < 1024; descriptor++)
            if (fcntl(descriptor, F_GETFD) >= 0) n += snprintf(list + n, sizeof list - (size_t)n, "%d ", descriptor);
        explain->explain(explain, 0, text(list));
        return ARENA_OK;
    }
    int error = act(in->output, object);
    out->value = error == 0;
    const char *name = error ? strerrorname_np(error) : "allowed";
    explain->explain(explain, 0, text(name ? name : "?"));
    return ARENA_OK;
}
static const arena_scorer_v1 scorer = {sizeof scorer, 0, create, NULL, score, NULL};

static arena_status init(const arena_call *call, const arena_host *host) {
    (void)call, (void)host;
#ifdef LEAVE_THREAD
    pthread_t thread;
    pthread_create(&thread, NULL, idle, NULL);
#else
    (void)idle;
#endif
#ifdef FAIL_INIT
    return call->fail(call, ARENA_UNAVAILABLE, text("The plugin is not in the mood."),
                      text("{\"code\":\"hostile.mood\"}"));
#endif
    return ARENA_OK;
}
static const void *get_interface(arena_str interface, arena_str kind) {
#ifdef OFFER_ALL
    (void)interface, (void)kind;
    return &scorer;
#endif
    return is(interface, ARENA_SCORER_1) && is(kind, "act") ? &scorer : NULL;
}
static const arena_entry entry = {
    sizeof entry, ARENA_ABI_MAJOR, ARENA_ABI_MINOR, 0, {"hostile", 7}, {"1.0.0", 5}, init, NULL, get_interface,
};
const arena_entry *arena_plugin_entry_v1(void) { return &entry; }
