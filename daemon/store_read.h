/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the reading files of the SQLite engine share: store_read.c (the connection, rows as JSON),
 * store_query.c (looking facts up), store_replay.c (the log).
 */
#ifndef WD_STORE_READ_H
#define WD_STORE_READ_H

#include "store_fact.h"
#include "store_sql.h"

enum {
    R_BEGIN,
    R_END,
    R_REVISION,
    R_OBSERVATION,
    R_OBSERVATIONS,
    R_TEXT,
    R_TALLY,
    R_STREAMS,
    R_LAST,
    R_EVENTS,
    R_EVENT,
    R_NEWEST,
    R_BY_REV,
    R_NEWEST_REV,
    R_TAIL,
    R_WORDS,
    R_BY_ID,
    R_LIST,
    R_LIST_OPEN,
    R_LIST_ASIDE,
    R_REVISIONS,
    R_MEMBER,
    R_FACT,
    R_DISPUTED,
    R_STATEMENTS
};

/* A revision as readers see it. */
typedef struct {
    int64_t rev;
    wd_state_t state;
    uint32_t number, facts;
    uint64_t first_event, last_event, end_event;
    int64_t received;
    char *id, *source, *url, *title, *published, *reason; /* owned */
} wd_revision_t;

struct wd_reader {
    wd_sql_t sql;
    char *dir;
    char epoch[37];
    char *names[WD_STREAMS_MAX]; /* of the streams, as far as they were seen */
    size_t streams;
    wd_revision_t revision; /* the last one read: rows of one article follow each other */
    wd_buf_t article;       /* its JSON, as events show it */
};

/* Begins and ends one state of the store. */
wd_code_t wd_reader_begin(wd_reader_t *self);
void wd_reader_end(wd_reader_t *self);

/* Makes `rev` the current revision: self->revision, self->article. */
wd_code_t wd_reader_revision(wd_reader_t *self, int64_t rev);
/* The name of a stream, NULL: there is none. */
const char *wd_reader_stream(wd_reader_t *self, size_t index);
/* Sets the message; gives the code back. */
wd_code_t wd_reader_say(wd_reader_t *self, wd_code_t code, const char *form, ...)
    __attribute__((format(printf, 3, 4)));
/* The fact that an observation of the current revision tells; wd_fact_free follows. */
wd_code_t wd_reader_fact(wd_reader_t *self, int64_t observation, wd_fact_t *ret_fact);
/* {"fact":…,"status":…,"sources":…,"article":…,"record":…} of an observation of the current
 * revision. */
void wd_reader_row(wd_reader_t *self, wd_buf_t *out, const wd_fact_t *fact, int64_t observation,
                   const char *record, size_t size);
/* The whole of SHOW for the fact of an observation. */
wd_code_t wd_reader_show(wd_reader_t *self, int64_t observation, wd_buf_t *out);
/* ,"history":[…]: the events of a fact. */
wd_code_t wd_reader_history(wd_reader_t *self, wd_buf_t *out, const wd_fact_t *fact);
/* Appends a text column of one row, the key being `key`. */
wd_code_t wd_reader_text(wd_reader_t *self, size_t which, int64_t key, wd_buf_t *out);
/* Takes the string over. False: no memory. */
bool wd_rows_add(wd_rows_t *self, wd_buf_t *row);

/* "REV.N", or "REV" when n is NULL: strictly. */
bool wd_cursor_parse(const char *text, int64_t *ret_rev, uint32_t *ret_n);

#endif
