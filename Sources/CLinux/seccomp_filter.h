/* Building blocks of a seccomp filter, for the two files that install one. */
#ifndef ARENA_LINUX_SECCOMP_FILTER_H
#define ARENA_LINUX_SECCOMP_FILTER_H

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>

struct filter {
    struct sock_filter code[512];
    size_t count;
};

#define LOAD(offset_) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(offset_))
#define AND(mask_) BPF_STMT(BPF_ALU | BPF_AND | BPF_K, (uint32_t)(mask_))
#define RETURN(value_) BPF_STMT(BPF_RET | BPF_K, (value_))
#define REFUSE(errno_) RETURN(SECCOMP_RET_ERRNO | ((errno_) & SECCOMP_RET_DATA))
#define ALLOW RETURN(SECCOMP_RET_ALLOW)
/* Skip `then_` instructions when equal (at least, any bit set), else `else_`. */
#define IF_EQUAL(value_, then_, else_) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value_), (then_), (else_))
#define IF_AT_LEAST(value_, then_, else_) BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (uint32_t)(value_), (then_), (else_))
#define IF_ANY_BIT(value_, then_, else_) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (uint32_t)(value_), (then_), (else_))

#define NUMBER offsetof(struct seccomp_data, nr)
#define ARCHITECTURE offsetof(struct seccomp_data, arch)
/* The low half of an argument: enough for numbers that are ints, in which the kernel ignores the high half. */
#define ARGUMENT(index_) (offsetof(struct seccomp_data, args) + 8 * (index_))

static inline void add(struct filter *filter, const struct sock_filter *code, size_t count) {
    /* Too long a filter must not be installed cut: count goes past the end, and install refuses it. */
    for (size_t i = 0; i < count; i++, filter->count++)
        if (filter->count < sizeof filter->code / sizeof *filter->code) filter->code[filter->count] = code[i];
}
#define ADD(filter_, ...)                                                                                              \
    do {                                                                                                               \
        const struct sock_filter code_[] = {__VA_ARGS__};                                                              \
        add((filter_), code_, sizeof code_ / sizeof *code_);                                                           \
    } while (0)

/* With the number of the system call loaded: refuses this one. */
static inline void refuse(struct filter *filter, long number, int error) {
    ADD(filter, IF_EQUAL(number, 0, 1), REFUSE(error));
}

static inline int install(struct filter *filter) {
    if (filter->count > sizeof filter->code / sizeof *filter->code) return E2BIG;
    struct sock_fprog program = {(unsigned short)filter->count, filter->code};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) ? errno : 0;
}

#endif
