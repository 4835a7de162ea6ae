/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes a disk slower than it is: LD_PRELOADed, it adds WINNOW_SLOWSYNC_US microseconds (2,000 when
 * unset) to every fsync and fdatasync of a program, as an ordinary network disk would.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

typedef int s_sync_t(int);

static void s_delay(void)
{
    const char *value = getenv("WINNOW_SLOWSYNC_US");
    long us = value ? strtol(value, NULL, 10) : 2000;
    struct timespec left = {us / 1000000, us % 1000000 * 1000};
    int saved = errno;
    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        continue;
    errno = saved;
}

/* dlsym's void pointer is a function's here, as POSIX allows. */
static s_sync_t *s_next(const char *name)
{
    union {
        void *object;
        s_sync_t *function;
    } found = {dlsym(RTLD_NEXT, name)};
    if (!found.function)
        abort();
    return found.function;
}

__attribute__((visibility("default"))) int fsync(int fd)
{
    s_delay();
    return s_next("fsync")(fd);
}

__attribute__((visibility("default"))) int fdatasync(int fd)
{
    s_delay();
    return s_next("fdatasync")(fd);
}
