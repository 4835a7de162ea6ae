/* SPDX-License-Identifier: Apache-2.0 */
#include "fault.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static struct {
    long countdown; /* below 0: none */
    fault_kind_t kind;
    bool stays, happened;
    int64_t quota;
} s_fault = {.countdown = -1};

typedef struct {
    sqlite3_file base;
    sqlite3_file *real; /* behind this struct */
} s_file_t;

static sqlite3_vfs *s_real;
static int64_t s_sizes; /* of all files that were written, as far as known */

static int s_failure(int when_io)
{
    return s_fault.kind == FAULT_FULL ? SQLITE_FULL : when_io;
}

static bool s_fails(void)
{
    if (s_fault.happened && s_fault.stays)
        return true;
    if (s_fault.countdown < 0 || s_fault.countdown-- > 0)
        return false;
    s_fault.happened = true;
    return true;
}

static sqlite3_file *s_real_file(sqlite3_file *file)
{
    return ((s_file_t *)(void *)file)->real;
}

static int s_close(sqlite3_file *file)
{
    return s_real_file(file)->pMethods->xClose(s_real_file(file));
}

static int s_read(sqlite3_file *file, void *data, int size, sqlite3_int64 at)
{
    return s_real_file(file)->pMethods->xRead(s_real_file(file), data, size, at);
}

static int s_write(sqlite3_file *file, const void *data, int size, sqlite3_int64 at)
{
    sqlite3_int64 before = 0;
    if (s_fails())
        return s_failure(SQLITE_IOERR_WRITE);
    sqlite3_file *real = s_real_file(file);
    real->pMethods->xFileSize(real, &before);
    int64_t more = at + size > before ? at + size - before : 0;
    if (s_fault.quota > 0 && more > 0 && s_sizes + more > s_fault.quota) {
        s_fault.happened = true;
        return SQLITE_FULL;
    }
    int result = real->pMethods->xWrite(real, data, size, at);
    if (result == SQLITE_OK)
        s_sizes += more;
    return result;
}

static int s_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    sqlite3_int64 before = 0;
    if (s_fails())
        return s_failure(SQLITE_IOERR_TRUNCATE);
    sqlite3_file *real = s_real_file(file);
    real->pMethods->xFileSize(real, &before);
    s_sizes -= before > size ? before - size : 0;
    return real->pMethods->xTruncate(real, size);
}

static int s_sync(sqlite3_file *file, int flags)
{
    if (s_fails())
        return s_failure(SQLITE_IOERR_FSYNC);
    return s_real_file(file)->pMethods->xSync(s_real_file(file), flags);
}

static int s_file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return s_real_file(file)->pMethods->xFileSize(s_real_file(file), size);
}

static int s_lock(sqlite3_file *file, int lock)
{
    return s_real_file(file)->pMethods->xLock(s_real_file(file), lock);
}

static int s_unlock(sqlite3_file *file, int lock)
{
    return s_real_file(file)->pMethods->xUnlock(s_real_file(file), lock);
}

static int s_check(sqlite3_file *file, int *result)
{
    return s_real_file(file)->pMethods->xCheckReservedLock(s_real_file(file), result);
}

static int s_control(sqlite3_file *file, int op, void *arg)
{
    return s_real_file(file)->pMethods->xFileControl(s_real_file(file), op, arg);
}

static int s_sector(sqlite3_file *file)
{
    return s_real_file(file)->pMethods->xSectorSize(s_real_file(file));
}

static int s_traits(sqlite3_file *file)
{
    return s_real_file(file)->pMethods->xDeviceCharacteristics(s_real_file(file));
}

static int s_map(sqlite3_file *file, int page, int size, int extend, void volatile **at)
{
    return s_real_file(file)->pMethods->xShmMap(s_real_file(file), page, size, extend, at);
}

static int s_shm_lock(sqlite3_file *file, int at, int count, int flags)
{
    return s_real_file(file)->pMethods->xShmLock(s_real_file(file), at, count, flags);
}

static void s_barrier(sqlite3_file *file)
{
    s_real_file(file)->pMethods->xShmBarrier(s_real_file(file));
}

static int s_unmap(sqlite3_file *file, int delete_it)
{
    return s_real_file(file)->pMethods->xShmUnmap(s_real_file(file), delete_it);
}

static const sqlite3_io_methods s_methods = {
    .iVersion = 2,
    .xClose = s_close,
    .xRead = s_read,
    .xWrite = s_write,
    .xTruncate = s_truncate,
    .xSync = s_sync,
    .xFileSize = s_file_size,
    .xLock = s_lock,
    .xUnlock = s_unlock,
    .xCheckReservedLock = s_check,
    .xFileControl = s_control,
    .xSectorSize = s_sector,
    .xDeviceCharacteristics = s_traits,
    .xShmMap = s_map,
    .xShmLock = s_shm_lock,
    .xShmBarrier = s_barrier,
    .xShmUnmap = s_unmap,
};

static int s_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
    (void)vfs;
    s_file_t *self = (s_file_t *)(void *)file;
    self->base.pMethods = NULL;
    self->real = (sqlite3_file *)(void *)(self + 1);
    int result = s_real->xOpen(s_real, name, self->real, flags, ret_flags);
    if (result == SQLITE_OK)
        self->base.pMethods = &s_methods;
    return result;
}

void fault_install(void)
{
    static sqlite3_vfs vfs;
    if (s_real != NULL)
        return;
    s_real = sqlite3_vfs_find(NULL);
    vfs = *s_real;
    vfs.zName = "fault";
    vfs.szOsFile += (int)sizeof(s_file_t);
    vfs.xOpen = s_open;
    vfs.pNext = NULL;
    sqlite3_vfs_register(&vfs, 1);
}

void fault_after(long calls, fault_kind_t kind, bool stays)
{
    s_fault.countdown = calls;
    s_fault.kind = kind;
    s_fault.stays = stays;
    s_fault.happened = false;
}

void fault_clear(void)
{
    s_fault.countdown = -1;
    s_fault.stays = false;
    s_fault.happened = false;
    s_fault.quota = 0;
}

bool fault_happened(void)
{
    return s_fault.happened;
}

void fault_quota(int64_t bytes)
{
    s_fault.quota = bytes > 0 ? s_sizes + bytes : 0;
    s_fault.happened = false;
}
