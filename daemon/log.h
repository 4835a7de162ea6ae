/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The daemon's log: one line an event on standard error, in logfmt or JSON, with a syslog priority
 * in front where standard error is the journal.
 *
 *   wd_log(WD_INFO, "ready", "intake=%s workers=%d", endpoint, workers);
 *   time=2026-11-21T23:00:00.123Z level=info msg=ready intake=tcp://127.0.0.1:7710 workers=2
 *
 * The fields are a printf format of `key=%…` words, one space apart, so that the compiler checks
 * the arguments while the values are quoted as the form in use wants them. A field's conversion is
 * one of %s %.*s %d %u %ld %lu %lld %llu %zu %f (with a precision). Values are cut at 1,024 bytes.
 *
 * All functions may be called from any thread; a line is one write. Since 0.1.
 */
#ifndef WD_LOG_H
#define WD_LOG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef enum { WD_ERROR, WD_WARNING, WD_INFO, WD_DEBUG } wd_level_t;
typedef enum { WD_LOGFMT, WD_JSON } wd_log_format_t;

/* Sets what is written from now on. Before the first call: info, logfmt. */
void wd_log_set(wd_level_t level, wd_log_format_t format);

/* Whether lines of this level are written. */
bool wd_log_on(wd_level_t level);

/* Writes one line. `message` is constant, few words, no value in it: it names the event. */
void wd_log(wd_level_t level, const char *message, const char *fields, ...)
    __attribute__((format(printf, 3, 4)));

/* A limit for lines that a peer can cause: 20 at once, then 5 a second. Zeroed at start; one owner.
 */
typedef struct {
    int64_t last_ms;     /* when tokens were last added */
    int32_t tokens_m;    /* tokens left, in thousandths, less the 20 that it starts with */
    uint64_t suppressed; /* lines left out since the last one that was written */
} wd_log_limit_t;

/* Whether a line may be written now. When one was left out before, the caller says how many in a
 * field `suppressed`: *ret_suppressed, which starts anew. */
bool wd_log_allow(wd_log_limit_t *self, uint64_t *ret_suppressed);

#endif
