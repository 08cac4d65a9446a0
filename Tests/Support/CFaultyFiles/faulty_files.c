#include "faulty_files.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <string.h>

/* What an operation is, as bits of what a kind of fault can strike. */
enum { OTHER = 1, WRITE = 2, SYNC = 4 };

static const int struck_by[] = {
    [FAULTY_IO] = OTHER | WRITE | SYNC,
    [FAULTY_SYNC] = SYNC,
    [FAULTY_FULL] = WRITE,
    [FAULTY_SHORT] = WRITE,
    [FAULTY_TORN] = WRITE,
};

static _Atomic int armed;
static _Atomic int kind_now;
static _Atomic int stays_now;
static _Atomic uint64_t first_to_fail;
static _Atomic uint64_t seen;

void faulty_arm(faulty_kind kind, uint64_t passing, int stays) {
    kind_now = (int)kind;
    stays_now = stays;
    first_to_fail = passing;
    seen = 0;
    armed = 1;
}

uint64_t faulty_disarm(void) {
    armed = 0;
    return seen;
}

/* Whether this operation fails. What fails for good fails in every way, once its time has come. */
static int fails(int operation) {
    if (!armed) return 0;
    if (operation & struck_by[kind_now]) {
        uint64_t number = seen++;
        return stays_now ? number >= first_to_fail : number == first_to_fail;
    }
    return stays_now && seen > first_to_fail && kind_now != FAULTY_FULL && kind_now != FAULTY_SHORT;
}

typedef struct faulty_file {
    sqlite3_file base;
    sqlite3_file *real; /* lies behind this struct */
} faulty_file;

static sqlite3_vfs *real_vfs;
static sqlite3_vfs faulty_vfs;

static sqlite3_file *real(sqlite3_file *file) { return ((faulty_file *)file)->real; }

static int faulty_close(sqlite3_file *file) { return real(file)->pMethods->xClose(real(file)); }
static int faulty_read(sqlite3_file *file, void *to, int count, sqlite3_int64 offset) {
    return fails(OTHER) ? SQLITE_IOERR_READ : real(file)->pMethods->xRead(real(file), to, count, offset);
}
static int faulty_write(sqlite3_file *file, const void *from, int count, sqlite3_int64 offset) {
    if (!fails(WRITE)) return real(file)->pMethods->xWrite(real(file), from, count, offset);
    int is_half = kind_now == FAULTY_SHORT || kind_now == FAULTY_TORN;
    if (is_half && count > 1) real(file)->pMethods->xWrite(real(file), from, count / 2, offset);
    return kind_now == FAULTY_FULL || kind_now == FAULTY_SHORT ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}
static int faulty_truncate(sqlite3_file *file, sqlite3_int64 size) {
    return fails(OTHER) ? SQLITE_IOERR_TRUNCATE : real(file)->pMethods->xTruncate(real(file), size);
}
static int faulty_sync(sqlite3_file *file, int flags) {
    return fails(SYNC) ? SQLITE_IOERR_FSYNC : real(file)->pMethods->xSync(real(file), flags);
}
static int faulty_size(sqlite3_file *file, sqlite3_int64 *size) {
    return real(file)->pMethods->xFileSize(real(file), size);
}
static int faulty_lock(sqlite3_file *file, int level) { return real(file)->pMethods->xLock(real(file), level); }
static int faulty_unlock(sqlite3_file *file, int level) { return real(file)->pMethods->xUnlock(real(file), level); }
static int faulty_check_lock(sqlite3_file *file, int *is_locked) {
    return real(file)->pMethods->xCheckReservedLock(real(file), is_locked);
}
static int faulty_control(sqlite3_file *file, int operation, void *argument) {
    return real(file)->pMethods->xFileControl(real(file), operation, argument);
}
static int faulty_sector_size(sqlite3_file *file) { return real(file)->pMethods->xSectorSize(real(file)); }
static int faulty_characteristics(sqlite3_file *file) {
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
static int faulty_map(sqlite3_file *file, int page, int size, int extends, void volatile **at) {
    return real(file)->pMethods->xShmMap(real(file), page, size, extends, at);
}
static int faulty_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
static void faulty_barrier(sqlite3_file *file) { real(file)->pMethods->xShmBarrier(real(file)); }
static int faulty_unmap(sqlite3_file *file, int deletes) {
    return real(file)->pMethods->xShmUnmap(real(file), deletes);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2, /* without memory mapping: what is read goes through here */
    .xClose = faulty_close,
    .xRead = faulty_read,
    .xWrite = faulty_write,
    .xTruncate = faulty_truncate,
    .xSync = faulty_sync,
    .xFileSize = faulty_size,
    .xLock = faulty_lock,
    .xUnlock = faulty_unlock,
    .xCheckReservedLock = faulty_check_lock,
    .xFileControl = faulty_control,
    .xSectorSize = faulty_sector_size,
    .xDeviceCharacteristics = faulty_characteristics,
    .xShmMap = faulty_map,
    .xShmLock = faulty_shm_lock,
    .xShmBarrier = faulty_barrier,
    .xShmUnmap = faulty_unmap,
};

static int faulty_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *flags_out) {
    (void)vfs;
    faulty_file *opened = (faulty_file *)file;
    opened->base.pMethods = NULL;
    if (fails(OTHER)) return SQLITE_CANTOPEN;
    opened->real = (sqlite3_file *)(opened + 1);
    int status = real_vfs->xOpen(real_vfs, name, opened->real, flags, flags_out);
    if (opened->real->pMethods) opened->base.pMethods = &methods;
    return status;
}

static int faulty_delete(sqlite3_vfs *vfs, const char *name, int syncs_folder) {
    (void)vfs;
    return fails(OTHER) ? SQLITE_IOERR_DELETE : real_vfs->xDelete(real_vfs, name, syncs_folder);
}

int faulty_register(void) {
    if (real_vfs) return SQLITE_OK;
    int status = sqlite3_initialize();
    if (status != SQLITE_OK) return status;
    real_vfs = sqlite3_vfs_find(NULL);
    if (!real_vfs) return SQLITE_ERROR;
    faulty_vfs = *real_vfs;
    faulty_vfs.zName = "faulty";
    faulty_vfs.pNext = NULL;
    faulty_vfs.szOsFile = (int)sizeof(faulty_file) + real_vfs->szOsFile;
    faulty_vfs.xOpen = faulty_open;
    faulty_vfs.xDelete = faulty_delete;
    return sqlite3_vfs_register(&faulty_vfs, 1);
}
