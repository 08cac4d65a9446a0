/* Files of SQLite that fail when a test wants them to: a VFS over the system's own. Once registered it is the default of
   the whole process, so that what opens a database need not know of it. Thread-safe, but for registering. */
#ifndef FAULTY_FILES_H
#define FAULTY_FILES_H

#include <stdint.h>

typedef enum faulty_kind {
    FAULTY_IO,    /* EIO, wherever: open, read, write, cut, sync, delete */
    FAULTY_SYNC,  /* EIO where what was written is to reach the disk */
    FAULTY_FULL,  /* ENOSPC where something is written */
    FAULTY_SHORT, /* half of what is written reaches the file, then ENOSPC */
    FAULTY_TORN   /* half of what is written reaches the file, then EIO */
} faulty_kind;

/* 0, or SQLite's code. */
int faulty_register(void);

/* The operation that comes after `passing` more of those that the kind can strike fails; with `stays`, so do all that
   come later. Begins to count. */
void faulty_arm(faulty_kind kind, uint64_t passing, int stays);

/* From here on nothing fails. Returns how many operations the kind could have struck since it was armed. */
uint64_t faulty_disarm(void);

#endif
