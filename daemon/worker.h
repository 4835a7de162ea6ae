/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A worker: one thread with one extractor, the place where text becomes facts. It takes jobs from
 * the writer and gives back what it made of them; it never sees the database, nor a socket to
 * outside.
 *
 * A text that the extractor gives up on is not lost: the job comes back as failed, with the reason.
 * Since 0.1.
 */
#ifndef WD_WORKER_H
#define WD_WORKER_H

#include <winnow/extract.h>

#include "actors.h"
#include "metrics.h"
#include "workfile.h"

typedef struct {
    size_t index;                /* 0 to WD_WORKERS_MAX - 1 */
    const winnow_model_t *model; /* shared by all workers */
    wd_workfile_t *workfile;
    wd_metrics_t *metrics;
    void *writer_socket; /* out, after its end: for wd_parcels_close, after the writer's */
    char failure[128];   /* out: why it could not start, or "" */
} wd_worker_args_t;

/* zactor. Start it after the writer, stop it before. On "$TERM" it finishes the job in hand, gives
 * it back and ends. */
void wd_worker_actor(zsock_t *pipe, void *args);

#endif
