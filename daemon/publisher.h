/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The publisher: an XPUB that sends committed events in the order of their numbers, and a heartbeat
 * each second (PROTOCOL.md, section 4).
 *
 * It never waits for a subscriber: who does not take its events loses them here and fetches them
 * from the query endpoint. Bodies are sent without a copy, from the memory that the writer
 * composed; what a stalled subscriber holds back is at most WD_EVENTS_WAITING events, shared by all
 * who stall.
 *
 * libzmq gives no way to refuse a subscription, so their number is counted and warned about, and a
 * topic's length is limited. Since 0.1.
 */
#ifndef WD_PUBLISHER_H
#define WD_PUBLISHER_H

#include "actors.h"
#include "config.h"
#include "metrics.h"

#define WD_EVENTS_WAITING 20000 /* events in libzmq for one subscriber */
#define WD_TOPIC_MAX      128   /* bytes of a subscription */

typedef struct {
    wd_config_t config; /* a copy */
    wd_metrics_t *metrics;
    const char *epoch;
    char bound[WD_ENDPOINT_MAX]; /* out: where it listens */
    char failure[256];           /* out: why it could not start, or "" */
} wd_publisher_args_t;

/* zactor. Start it after the writer, stop it after the writer: on "$TERM" it publishes what the
 * writer has sent and ends. "CONFIG" and a frame that holds a wd_config_t: takes its limits. */
void wd_publisher_actor(zsock_t *pipe, void *args);

#endif
