/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The query endpoint: a ROUTER in front and readers behind, each a thread with a connection of its
 * own to the store (PROTOCOL.md, section 5).
 *
 * Fair: one request of a peer is in work at a time, peers take turns, and replays never hold all
 * readers, so that a subscriber that catches up with a million events does not keep others waiting
 * for longer than a page. Bounded: WD_QUERY_PEER requests of a peer and WD_QUERY_ALL of all may
 * wait, beyond that they are refused; a peer that does not read has at most WD_PAGES_WAITING pages
 * in libzmq, further answers to it are dropped and counted. Since 0.1.
 */
#ifndef WD_QUERY_H
#define WD_QUERY_H

#include "actors.h"
#include "config.h"
#include "metrics.h"

#define WD_QUERY_READERS 2    /* threads that read the store */
#define WD_QUERY_PEER    64   /* requests of one peer that may wait */
#define WD_QUERY_ALL     4096 /* and of all */
#define WD_PAGES_WAITING 64   /* answers in libzmq for one peer, of 1 MiB at most */

typedef struct {
    wd_config_t config; /* a copy */
    wd_metrics_t *metrics;
    const wd_writer_stats_t *writer;
    const char *epoch, *instance, *model;
    int64_t started_ms;          /* monotonic */
    char bound[WD_ENDPOINT_MAX]; /* out: where it listens */
    char failure[256];           /* out: why it could not start, or "" */
} wd_query_args_t;

/* zactor. The store must exist. Ends on "$TERM", when each reader has done what it has in hand. */
void wd_query_actor(zsock_t *pipe, void *args);

#endif
