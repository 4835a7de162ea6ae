/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The admin HTTP: /healthz (200 while every loop turns), /readyz (200 while articles are taken,
 * else 503), /metrics (Prometheus). It reads atomic numbers only and shares nothing else; its one
 * thread is libmicrohttpd's. At most 64 connections, ten seconds each without a word. Since 0.1.
 */
#ifndef WD_HTTP_H
#define WD_HTTP_H

#include <stddef.h>

#include "actors.h"
#include "metrics.h"

#define WD_STUCK_MS 30000 /* a loop that has not turned for so long is stuck */

typedef struct wd_http wd_http_t;

/* Listens on `address`, HOST:PORT with a port that may be * or 0; ret_bound gets it with the port
 * that was found. NULL: `message` says why. Keeps pointers to both blocks of numbers. */
wd_http_t *wd_http_new(const char *address, const wd_metrics_t *metrics,
                       const wd_writer_stats_t *writer, char *ret_bound, size_t bound_size,
                       char *message, size_t size);
void wd_http_destroy(wd_http_t **self_p);

/* Asks another winnowd's /healthz at `address`. 0: healthy; 1: not, or not reached, with the reason
 * in `message`. */
int wd_http_healthcheck(const char *address, char *message, size_t size);

#endif
