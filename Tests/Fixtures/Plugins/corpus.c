/* A plugin with a fault that the compiler's command line chooses, or that its input asks for: the scorer `obey` does what
   an item's output says, the job kind `obey` what the payload says. */
#define _GNU_SOURCE
#include "arena/plugin.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef MINOR
#define MINOR ARENA_ABI_MINOR
#endif
#ifndef ID
#define ID "corpus"
#endif
#ifndef VALUE
#define VALUE 1.0
#endif
#ifndef ENTRY
#define ENTRY arena_plugin_entry_v1
#endif
#define TEXT(chars_) ((arena_str){chars_, sizeof(chars_) - 1})

static int says(arena_str text, const char *act) { return memmem(text.ptr, text.len, act, strlen(act)) != NULL; }

/* Writes to every socket that a worker could be holding. */
static void shout_on_the_wire(const void *bytes, size_t count) {
    for (int descriptor = 3; descriptor < 64; descriptor++) (void)!write(descriptor, bytes, count);
}

static void *idle(void *nothing) {
    pause();
    return nothing;
}

/* Calls itself until the stack has ended. */
static int dive(volatile char *above) {
    char frame[4096];
    memset(frame, above ? above[0] : 1, sizeof frame);
    __asm__ volatile("" ::"r"(frame) : "memory");
    return dive(frame) + frame[17];
}

/* Does what the text asks for; returns an errno where the kernel said no. */
static int obey(arena_str act) {
    if (says(act, "crash")) __builtin_trap();
    if (says(act, "abort")) abort();
    if (says(act, "exit")) _exit(7);
    if (says(act, "loop")) for (;;) __asm__ volatile("");
    if (says(act, "pause")) pause();
    if (says(act, "nap")) usleep(50000);
    if (says(act, "print")) puts("noise");
    if (says(act, "stack overflow")) return dive(NULL);
    if (says(act, "thread")) {
        pthread_t thread;
        return pthread_create(&thread, NULL, idle, NULL);
    }
    if (says(act, "wire")) shout_on_the_wire("\xff\xff\xff\xff garbage", 12);
    /* Frames as the wire has them, of a type that it does not have; a result without its fields; what was said before. */
    if (says(act, "strange frame")) shout_on_the_wire("\x0c\0\0\0\x2a\0\0\0\1\0\0\0\0\0\0\0", 16);
    if (says(act, "torn result")) shout_on_the_wire("\x10\0\0\0\x82\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0", 20);
    if (says(act, "second ready")) shout_on_the_wire("\x0e\0\0\0\x81\0\0\0\0\0\0\0\0\0\0\0{}", 18);
    if (says(act, "fork")) return fork() < 0 ? errno : 0;
    if (says(act, "socket")) return socket(AF_INET, SOCK_STREAM, 0) < 0 ? errno : 0;
    if (says(act, "read ")) {
        char path[512] = {0};
        const char *start = memmem(act.ptr, act.len, "read ", 5);
        uint64_t length = act.len - (uint64_t)(start - act.ptr) - 5;
        memcpy(path, start + 5, length < 511 ? length : 511);
        int descriptor = open(path, O_RDONLY);
        if (descriptor < 0) return errno;
        char byte;
        (void)!read(descriptor, &byte, 1);
        close(descriptor);
        return 0;
    }
    if (says(act, "memory")) {
        for (int i = 0; i < 256; i++) {
            char *piece = malloc(16u << 20);
            if (!piece) return ENOMEM;
            memset(piece, 1, 16u << 20);
            __asm__ volatile("" ::"r"(piece) : "memory");
        }
    }
    return 0;
}

static arena_status create(const arena_call *call, arena_str config, void **self) {
    (void)call, (void)config;
#ifdef ON_CREATE
    obey(TEXT(ON_CREATE));
#endif
    *self = NULL;
    return ARENA_OK;
}
static void destroy(void *self) { (void)self; }
static arena_status score(void *self, const arena_call *call, const arena_score_input *in, arena_score_output *out,
                          const arena_explain_sink *explain) {
    (void)self, (void)call;
    int refused = obey(in->output);
    if (refused && explain) {
        const char *text = strerror(refused);
        explain->explain(explain, 0, (arena_str){text, strlen(text)});
    }
    out->value = refused ? 0 : VALUE;
    if (says(in->output, "no number")) out->value = NAN;
    if (says(in->output, "no text") && explain) explain->explain(explain, 0, TEXT("\xff\xfe is wrong"));
    /* Past what the host gave for this item's score. */
    if (says(in->output, "overrun")) memset((void *)out, 0x5a, 64u << 20);
    return ARENA_OK;
}
static const arena_scorer_v1 scorer = {sizeof scorer, 0, create, destroy, score, NULL};

/* Nothing is ever wrong with a payload, but one may ask for an act "in validate". */
static arena_status validate(const arena_call *call, arena_str payload_json, const arena_sink *issues) {
    (void)call;
    if (says(payload_json, "in validate")) obey(payload_json);
    return issues->write(issues, "[]", 2);
}
static char payload[4096];
static uint64_t payload_length;
static arena_status open_job(const arena_call *call, const arena_job_open *job, void **self) {
    (void)call, (void)self;
    payload_length = job->payload_json.len < sizeof payload ? job->payload_json.len : sizeof payload;
    memcpy(payload, job->payload_json.ptr, payload_length);
    return ARENA_OK;
}
static arena_status run(void *self, const arena_call *call, const arena_sink *result) {
    (void)self, (void)call;
    int refused = obey((arena_str){payload, payload_length});
    char text[64];
    int length = snprintf(text, sizeof text, "{\"refused\": %d}", refused);
    return result->write(result, text, (uint64_t)length);
}
static void close_job(void *self) { (void)self; }
static const arena_job_kind_v1 job_kind = {sizeof job_kind, 0, validate, NULL, open_job, run, close_job};

static const void *get_interface(arena_str interface, arena_str kind) {
    if (!says(kind, "obey") || kind.len != 4) return NULL;
    if (says(interface, ARENA_SCORER_1) && interface.len == sizeof ARENA_SCORER_1 - 1) return &scorer;
    if (says(interface, ARENA_JOB_KIND_1) && interface.len == sizeof ARENA_JOB_KIND_1 - 1) return &job_kind;
    return NULL;
}

#ifdef ON_LOAD
__attribute__((constructor)) static void loaded(void) { obey(TEXT(ON_LOAD)); }
#endif

#ifdef ON_INIT
static arena_status init(const arena_call *call, const arena_host *host) {
    (void)host;
    if (says(TEXT(ON_INIT), "log")) call->log(call, ARENA_LOG_INFO, TEXT("a line"), TEXT(""));
    return obey(TEXT(ON_INIT)) ? ARENA_INTERNAL : ARENA_OK;
}
#else
#define init NULL
#endif

#ifdef ON_SHUTDOWN
static void end(void) { obey(TEXT(ON_SHUTDOWN)); }
#else
#define end NULL
#endif

static const arena_entry entry = {sizeof entry, ARENA_ABI_MAJOR, MINOR,      0, {ID, sizeof(ID) - 1}, {"1.0.0", 5},
                                  init,         end,             get_interface};
#ifndef NO_ENTRY
ARENA_EXPORT const arena_entry *ENTRY(void);
const arena_entry *ENTRY(void) { return &entry; }
#ifdef SECOND_ENTRY
ARENA_EXPORT const arena_entry *SECOND_ENTRY(void);
const arena_entry *SECOND_ENTRY(void) { return NULL; }
#endif
#endif
