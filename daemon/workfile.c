/* SPDX-License-Identifier: Apache-2.0 */
/*
 *   magic 8 | crashed elsewhere 8 | slot 0: rev 8, marked 8 | slot 1 … 255
 *
 * All words are in the machine's own order: the file is read by the machine that wrote it, and one
 * of another order has another magic and is started anew.
 */
#include "workfile.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define S_MAGIC UINT64_C(0x31304B524F574E57) /* "WNWORK01" */

typedef struct {
    volatile int64_t rev;
    volatile int64_t marked;
} s_slot_t;

typedef struct {
    uint64_t magic;
    volatile int64_t elsewhere;
    s_slot_t slot[WD_WORKERS_MAX];
} s_image_t;

struct wd_workfile {
    s_image_t *image;
};

/* For the signal handler alone: what the process has mapped, and which slot is the thread's. */
static s_image_t *volatile s_image;
static __thread s_slot_t *volatile s_own;
static __thread char s_stack[32768]; /* for the handler, should the thread's own be used up */

static const int s_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
#define S_SIGNALS (sizeof s_signals / sizeof *s_signals)
static struct sigaction s_old[S_SIGNALS];

static size_t s_suspects(const s_image_t *image, int64_t *suspects)
{
    size_t count = 0;
    bool marked = false;
    for (size_t i = 0; i < WD_WORKERS_MAX; i++)
        marked = marked || (image->slot[i].rev && image->slot[i].marked);
    if (image->elsewhere && !marked)
        return 0;
    for (size_t i = 0; i < WD_WORKERS_MAX; i++)
        if (image->slot[i].rev && (!marked || image->slot[i].marked))
            suspects[count++] = image->slot[i].rev;
    return count;
}

wd_workfile_t *wd_workfile_open(const char *dir, int64_t *suspects, size_t *ret_count)
{
    char path[4096];
    struct stat st;
    wd_workfile_t *self = calloc(1, sizeof *self);
    *ret_count = 0;
    if (!self)
        return NULL;
    snprintf(path, sizeof path, "%s/winnow.work", dir);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (fd < 0 || fstat(fd, &st) != 0)
        goto failed;
    /* Blocks are asked for now: a full disk must not become a SIGBUS later. */
    int rc = posix_fallocate(fd, 0, sizeof(s_image_t));
    if (rc != 0) {
        errno = rc;
        goto failed;
    }
    void *image = mmap(NULL, sizeof(s_image_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (image == MAP_FAILED)
        goto failed;
    close(fd);
    self->image = image;
    if (self->image->magic == S_MAGIC)
        *ret_count = s_suspects(self->image, suspects);
    wd_workfile_clear(self);
    self->image->magic = S_MAGIC;
    return self;

failed:
    rc = errno;
    if (fd >= 0)
        close(fd);
    free(self);
    errno = rc;
    return NULL;
}

void wd_workfile_clear(wd_workfile_t *self)
{
    self->image->elsewhere = 0;
    for (size_t i = 0; i < WD_WORKERS_MAX; i++) {
        self->image->slot[i].rev = 0;
        self->image->slot[i].marked = 0;
    }
}

void wd_workfile_close(wd_workfile_t **self_p)
{
    wd_workfile_t *self = *self_p;
    if (!self)
        return;
    wd_workfile_clear(self);
    if (s_image == self->image)
        s_image = NULL;
    munmap(self->image, sizeof *self->image);
    free(self);
    *self_p = NULL;
}

void wd_workfile_set(wd_workfile_t *self, size_t index, int64_t rev)
{
    if (!s_own) {
        stack_t stack = {.ss_sp = s_stack, .ss_size = sizeof s_stack}, old;
        if (sigaltstack(NULL, &old) == 0 && (old.ss_flags & SS_DISABLE))
            sigaltstack(&stack, NULL);
        s_own = &self->image->slot[index];
    }
    s_own->rev = rev;
}

/* One line on standard error, by what a handler may call. */
static void s_say(int signal_number, bool worker)
{
    char line[] = "winnowd: fatal signal 00 in a worker; its article is suspected\n";
    static const char other[] = "winnowd: fatal signal outside the workers\n";
    line[22] = (char)('0' + signal_number / 10);
    line[23] = (char)('0' + signal_number % 10);
    if (worker)
        (void)!write(STDERR_FILENO, line, sizeof line - 1);
    else
        (void)!write(STDERR_FILENO, other, sizeof other - 1);
}

void wd_workfile_mark(wd_workfile_t *self, size_t index)
{
    self->image->slot[index].marked = 1;
}

static void s_fatal(int signal_number)
{
    s_say(signal_number, s_own && s_own->rev);
    if (s_image) {
        if (s_own && s_own->rev)
            s_own->marked = 1;
        else
            s_image->elsewhere = 1;
    }
    /* What was installed before takes its course: at the latest when the signal comes again. */
    for (size_t i = 0; i < S_SIGNALS; i++)
        if (s_signals[i] == signal_number)
            sigaction(signal_number, &s_old[i], NULL);
    raise(signal_number);
}

void wd_workfile_guard(wd_workfile_t *self)
{
    struct sigaction action;
    s_image = self->image;
    memset(&action, 0, sizeof action);
    action.sa_handler = s_fatal;
    action.sa_flags = SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < S_SIGNALS; i++)
        sigaction(s_signals[i], &action, &s_old[i]);
}
