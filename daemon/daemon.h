/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The daemon as an object: a list of actors, started in order and stopped in reverse. `winnowd`
 * wraps it in signals and a command line; a test can have one in its own process.
 *
 *   store, model, metrics, HTTP ─▶ writer ─▶ publisher ─▶ workers ─▶ query ─▶ intake
 *
 * Memory, beside the model: intake.h, query.h and publisher.h state what peers can take up; texts
 * in memory that wait for extraction are at most `work_memory` bytes; the writer's page cache is
 * `store_cache`, a reader's is the store's own; a worker takes up to 512 times the text that it
 * reads, and gives it back.
 *
 * One thread makes, drains and destroys it. Since 0.1.
 */
#ifndef WD_DAEMON_H
#define WD_DAEMON_H

#include "config.h"
#include "metrics.h"

typedef struct wd_daemon wd_daemon_t;

/* Starts everything. NULL: `message` says why, for a person; what was started is stopped again.
 * Returns when articles are taken. The folder is made when it is not there. */
wd_daemon_t *wd_daemon_new(const wd_config_t *config, char *message, size_t size);

/* Where it listens: "intake", "events", "query", "http"; with the ports that were found. NULL: not.
 */
const char *wd_daemon_endpoint(const wd_daemon_t *self, const char *name);

/* Gives the actors the limits of `config` that can change while they run. */
void wd_daemon_configure(wd_daemon_t *self, const wd_config_t *config);

/* Says that it stops: not ready any more, no further article is taken, what was accepted is worked
 * off. wd_daemon_drained() tells when that is so, `fd` of wd_daemon_drain_fd() becomes readable at
 * that moment. With workers = 0 nothing is worked off: it is drained at once. */
void wd_daemon_drain(wd_daemon_t *self);
bool wd_daemon_drained(wd_daemon_t *self);
int wd_daemon_drain_fd(wd_daemon_t *self);

/* Adds one to a counter. */
void wd_daemon_count(wd_daemon_t *self, wd_counter_t counter);

/* How long one text may be read: far beyond what the largest takes. */
#define WD_HUNG_MS 300000

/* Moves the tick of loops that only count their turns; call it each second. NULL: every loop turns;
 * else the name of one that does not. A worker that hangs in its text cannot be stopped: the
 * process is aborted then, with that article as the only suspect, to be started again by its
 * manager. */
const char *wd_daemon_watch(wd_daemon_t *self);

/* Stops everything. What was accepted and is not finished stays in the store. */
void wd_daemon_destroy(wd_daemon_t **self_p);

/* For an end in haste: a signal handler may call it before _exit. */
void wd_daemon_abandon(wd_daemon_t *self);

#endif
