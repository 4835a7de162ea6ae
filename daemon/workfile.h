/* SPDX-License-Identifier: Apache-2.0 */
/*
 * winnow.work: which article each worker has in hand, in a file that outlives a crash.
 *
 * A worker writes the number of its revision into its slot before it reads the text and clears it
 * after. The next start finds what was in work when the last run died. When the run died of a fatal
 * signal in a worker, the handler has marked that worker's slot, and its article alone is
 * suspected; when it died of one in another thread, none is; when it was killed (out of memory,
 * say), all are.
 *
 * The file is mapped shared: what was written is there after any end of the process. It lies beside
 * the store and is guarded by the store's lock. Since 0.1.
 */
#ifndef WD_WORKFILE_H
#define WD_WORKFILE_H

#include <stddef.h>
#include <stdint.h>

#include "actors.h"

typedef struct wd_workfile wd_workfile_t;

/* Opens or makes DIR/winnow.work, puts the revisions that are suspected into `suspects` (room for
 * WD_WORKERS_MAX) and their number into *ret_count, and clears all slots. NULL with errno. */
wd_workfile_t *wd_workfile_open(const char *dir, int64_t *suspects, size_t *ret_count);

/* Clears the slots (the end was in order) and closes. */
void wd_workfile_close(wd_workfile_t **self_p);

/* Writes into the slot of worker `index` that `rev` is in its hands; 0: nothing is. The calling
 * thread is that worker from now on, also to the signal handler. */
void wd_workfile_set(wd_workfile_t *self, size_t index, int64_t rev);

/* Marks the slot of worker `index`, from any thread: its article is at fault for what follows. */
void wd_workfile_mark(wd_workfile_t *self, size_t index);

/* Installs the handler for SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT, which marks the slot of its
 * thread and lets the signal take its course. */
void wd_workfile_guard(wd_workfile_t *self);

/* Clears the slots; may be called in a signal handler. */
void wd_workfile_clear(wd_workfile_t *self);

#endif
