#define _GNU_SOURCE
#include "arena_linux_seccomp.h"

#include "seccomp_filter.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define THIS_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

/* Newer than some headers; the same numbers everywhere. */
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif
#ifndef SYS_process_madvise
#define SYS_process_madvise 440
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
#define NUMBER_OF_fchmodat2 452
#define NUMBER_OF_setxattrat 463
#define NUMBER_OF_removexattrat 466
#define NUMBER_OF_open_tree_attr 467
#define NUMBER_OF_file_setattr 469

#ifdef THIS_ARCHITECTURE

/* Of other processes, and of the kernel. */
static const short administration[] = {
    SYS_execveat, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_process_madvise,
    SYS_pidfd_getfd, SYS_kcmp, SYS_migrate_pages, SYS_move_pages, SYS_setpgid, SYS_setsid, SYS_tkill,
    SYS_pidfd_send_signal, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo, SYS_setpriority, SYS_ioprio_set,
    SYS_unshare, SYS_setns, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_open_tree, SYS_move_mount,
    SYS_fsopen, SYS_fsmount, SYS_fspick, SYS_mount_setattr, NUMBER_OF_open_tree_attr, SYS_bpf, SYS_perf_event_open,
    SYS_userfaultfd, SYS_keyctl, SYS_add_key, SYS_request_key, SYS_init_module, SYS_finit_module, SYS_delete_module,
    SYS_kexec_load, SYS_kexec_file_load, SYS_reboot, SYS_swapon, SYS_swapoff, SYS_syslog, SYS_acct, SYS_quotactl,
    SYS_personality, SYS_open_by_handle_at, SYS_name_to_handle_at,
};

/* Of files, where Landlock does not look. */
static const short file_attributes[] = {
    SYS_fchmodat, NUMBER_OF_fchmodat2, SYS_fchownat, SYS_utimensat, SYS_truncate, SYS_setxattr, SYS_lsetxattr,
    SYS_removexattr, SYS_lremovexattr, NUMBER_OF_setxattrat, NUMBER_OF_removexattrat, NUMBER_OF_file_setattr,
    SYS_inotify_add_watch, SYS_fanotify_init,
#if defined(__x86_64__)
    SYS_chmod, SYS_chown, SYS_lchown, SYS_utime, SYS_utimes, SYS_futimesat,
#endif
};

/* Reported as missing: libraries then take another way. */
static const short missing[] = {
    SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register, SYS_clone3, SYS_openat2,
    SYS_shmget, SYS_semget, SYS_msgget, SYS_mq_open,
};

static void refuse_all(struct filter *filter, const short *numbers, size_t count, int error) {
    for (size_t i = 0; i < count; i++) refuse(filter, numbers[i], error);
}
#define REFUSE_ALL(filter_, numbers_, error_)                                                                          \
    refuse_all((filter_), (numbers_), sizeof(numbers_) / sizeof *(numbers_), (error_))

/* With the number loaded: allows `number` if its first argument is 0 or `self`. */
static void only_for_itself(struct filter *filter, long number, uint32_t self) {
    ADD(filter, IF_EQUAL(number, 0, 5), LOAD(ARGUMENT(0)), IF_EQUAL(0, 1, 0), IF_EQUAL(self, 0, 1), ALLOW,
        REFUSE(EPERM));
}

static void processes(struct filter *filter) {
    const uint32_t self = (uint32_t)getpid();
    /* abort and raise use tgkill; a pid of 0 would be the whole group. */
    ADD(filter, IF_EQUAL(SYS_kill, 1, 0), IF_EQUAL(SYS_tgkill, 0, 4), LOAD(ARGUMENT(0)), IF_EQUAL(self, 0, 1), ALLOW,
        REFUSE(EPERM));
    /* Another process of the same user could otherwise be given a CPU limit of 0, or be pinned to one core. */
    only_for_itself(filter, SYS_prlimit64, self);
    only_for_itself(filter, SYS_sched_setaffinity, self);
    only_for_itself(filter, SYS_sched_setscheduler, self);
    only_for_itself(filter, SYS_sched_setparam, self);
    only_for_itself(filter, SYS_sched_setattr, self);
    /* It dies with its host, whatever it would like. */
    ADD(filter, IF_EQUAL(SYS_prctl, 0, 4), LOAD(ARGUMENT(0)), IF_EQUAL(PR_SET_PDEATHSIG, 0, 1), REFUSE(EPERM), ALLOW);
#if defined(__x86_64__)
    refuse(filter, SYS_fork, EPERM);
    refuse(filter, SYS_vfork, EPERM);
#endif
    ADD(filter, IF_EQUAL(SYS_clone, 0, 4), LOAD(ARGUMENT(0)), IF_ANY_BIT(CLONE_THREAD, 0, 1), ALLOW, REFUSE(EPERM));
}

static void sockets(struct filter *filter, int internet) {
    if (!internet) {
        refuse(filter, SYS_socket, EPERM);
        return;
    }
    ADD(filter, IF_EQUAL(SYS_socket, 0, 6), LOAD(ARGUMENT(0)), IF_EQUAL(AF_INET, 2, 0), IF_EQUAL(AF_INET6, 1, 0),
        IF_EQUAL(AF_NETLINK, 0, 1), ALLOW, REFUSE(EPERM));
}

/* Opening for reading with O_TRUNC empties the file; before version 3 Landlock takes it for reading. */
static void truncation(struct filter *filter, long number, int flags) {
    ADD(filter, IF_EQUAL(number, 0, 5), LOAD(ARGUMENT(flags)), AND(O_TRUNC | O_ACCMODE),
        IF_EQUAL(O_TRUNC | O_RDONLY, 0, 1), REFUSE(EACCES), ALLOW);
}

/* Typing into the terminal that the host was started from. */
static void terminals(struct filter *filter) {
    ADD(filter, IF_EQUAL(SYS_ioctl, 0, 5), LOAD(ARGUMENT(1)), IF_EQUAL(TIOCSTI, 1, 0), IF_EQUAL(0x541C, 0, 1),
        REFUSE(EPERM), ALLOW);
}

int arena_linux_seccomp(int32_t internet, int32_t execute) {
    struct filter filter = {.count = 0};
    ADD(&filter, LOAD(ARCHITECTURE), IF_EQUAL(THIS_ARCHITECTURE, 1, 0), RETURN(SECCOMP_RET_KILL_PROCESS));
    ADD(&filter, LOAD(NUMBER));
#if defined(__x86_64__)
    ADD(&filter, IF_AT_LEAST(0x40000000u, 0, 1), REFUSE(ENOSYS)); /* the x32 numbers */
#endif
    if (!execute) refuse(&filter, SYS_execve, EPERM);
    REFUSE_ALL(&filter, administration, EPERM);
    REFUSE_ALL(&filter, file_attributes, EPERM);
    REFUSE_ALL(&filter, missing, ENOSYS);
    processes(&filter);
    sockets(&filter, internet);
    truncation(&filter, SYS_openat, 2);
#if defined(__x86_64__)
    truncation(&filter, SYS_open, 1);
#endif
    terminals(&filter);
    ADD(&filter, ALLOW);
    return install(&filter);
}

#else

int arena_linux_seccomp(int32_t internet, int32_t execute) {
    (void)internet;
    (void)execute;
    return ENOSYS;
}

#endif
