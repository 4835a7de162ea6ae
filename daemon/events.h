/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making of a wd_events_t (store.h): events are composed into one buffer, then closed for good.
 *
 * Composition is the one place where a body's bytes come from, for publishing and for replay: it
 * uses nothing but rows that never change.
 */
#ifndef WD_EVENTS_H
#define WD_EVENTS_H

#include "buf.h"
#include "store.h"

/* What an event's row says. */
typedef struct {
    uint64_t seq, prev;
    int64_t time;        /* milliseconds since 1970 */
    const char *stream;  /* "article", or "fact.<kind>" */
    const char *change;  /* "created", "retracted"; of an article: its state */
    int64_t rev;         /* revision */
    uint32_t n;          /* number of the fact within it; of an article: its facts */
    const char *article; /* JSON object, as wd_events_article writes it */
    size_t article_size;
    const char *record; /* of a fact: JSON; NULL: an article's event */
    size_t record_size;
    const char *reason; /* of article.failed; else NULL */
    int64_t fact;       /* of a fact whose id is not rev.n, or of which more is said; 0: no */
    int64_t other;      /* the fact that it is disputed with, or superseded by; 0: none */
    uint32_t sources;   /* with a fact: articles that tell it */
    int status;         /* with a fact: its status */
} wd_event_row_t;

/* "current", "disputed", "superseded", "retracted"; NULL for a number that is none of them. */
const char *wd_fact_status_name(int status);

/* Being made: zeroed at first. */
typedef struct {
    wd_buf_t bytes;
    struct wd_event_place *places; /* where each event's frames lie in `bytes` */
    size_t count, capacity;
} wd_events_draft_t;

/* {"id":…,"revision":…,"source":…}: the article as events and rows show it. */
void wd_events_article(wd_buf_t *out, const char *id, uint32_t revision, const char *source,
                       const char *url, const char *title, const char *published);

/* Writes the body alone. */
void wd_events_body(wd_buf_t *out, const char *epoch, const wd_event_row_t *row);

/* Adds an event; failure shows in bytes.failed. */
void wd_events_draft_add(wd_events_draft_t *self, const char *epoch, const wd_event_row_t *row);
void wd_events_draft_clear(wd_events_draft_t *self);
/* Closes the draft, which is empty then. NULL when it had no events, or no memory (bytes.failed
 * stays true in that case until the draft is cleared). */
wd_events_t *wd_events_draft_close(wd_events_draft_t *self);

#endif
