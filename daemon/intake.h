/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The intake: the ROUTER that articles come in by (PROTOCOL.md, section 3).
 *
 * It never stops reading. What it reads is answered at once (refused), or goes in a batch to the
 * writer and is answered when the writer has committed it. Senders are held by credit; what comes
 * beyond is refused. An answer that its peer does not take is dropped and counted, and the session
 * is closed: the peer says HELLO again and sends again what it does not know the end of.
 *
 * Memory: the texts between socket and commit are at most `intake_memory` bytes and one text a peer
 * that libzmq is reading; the answers that wait for a peer are at most WD_ANSWERS_WAITING of a few
 * hundred bytes; session.h says what the book may take. Since 0.1.
 */
#ifndef WD_INTAKE_H
#define WD_INTAKE_H

#include "actors.h"
#include "config.h"
#include "metrics.h"

#define WD_ANSWERS_WAITING 4096 /* answers in libzmq for one peer */
#define WD_REQUESTS_MAX    4096 /* requests of a session that are unanswered, RETRACT included */

typedef struct {
    wd_config_t config; /* a copy */
    wd_metrics_t *metrics;
    const wd_writer_stats_t *writer;
    const char *epoch, *instance; /* UUIDs */
    void *writer_socket;          /* out, after its end: for wd_parcels_close, after the writer's */
    char bound[WD_ENDPOINT_MAX];  /* out: where it listens */
    char failure[256];            /* out: why it could not start, or "" */
} wd_intake_args_t;

/* zactor. Start it after the writer. Commands on the pipe: "DRAIN": refuses further articles and
 * says so to all; "CONFIG" and a frame that holds a wd_config_t: takes its limits; "$TERM": waits
 * for what the writer has in hand (three seconds at most), answers it and ends. */
void wd_intake_actor(zsock_t *pipe, void *args);

#endif
