/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store: articles, their facts, and the log of events, in one place that survives anything.
 *
 * The interface is free of the engine's particulars; store*.c implement it on SQLite. It has two
 * halves:
 *
 *   wd_store_t    writes. One in a process, used by one thread (the writer), and it holds the lock
 *                 that keeps a second daemon out. Every change happens between wd_store_begin() and
 *                 wd_store_commit(); what a transaction did is undone by wd_store_rollback().
 *   wd_reader_t   reads. Any number, each used by one thread. Each call sees one state of the
 * store.
 *
 * Words: a *revision* is an article with one text; `rev` numbers all revisions of the store, in the
 * order of acceptance; `number` counts the revisions of one article id, 1, 2, 3 … A revision's
 * state moves so, and every move is made by the function beside it:
 *
 *   (new) ──accept──▶ ACCEPTED ──finish──▶ STORED ──────┐ finish of a later revision
 *                       │  ▲ │                ├─────────┴──▶ SUPERSEDED
 *                       │  │ └────────────────┘ retract
 *          finish, blame│  │retry             └───────────▶ RETRACTED ◀── retract (any state
 *                       ▼  │                                               but SUPERSEDED)
 *                      FAILED
 *
 * An unfinished (or failed) revision becomes SUPERSEDED too when a later one is stored first. The
 * facts of a revision are *current* while it is STORED, else they are retracted: nothing else marks
 * them.
 *
 * Strings are UTF-8. A `wd_code_t` that is not WD_OK comes with a message in wd_store_message().
 * Since 0.1.
 */
#ifndef WD_STORE_H
#define WD_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ------------------------------------------------------------------------------------ results */

typedef enum {
    WD_OK = 0,
    WD_E_MEMORY,  /* the system has no memory left */
    WD_E_FULL,    /* no room on the disk: the transaction must be rolled back, later it may work */
    WD_E_IO,      /* the disk failed: as WD_E_FULL, but it may stay so */
    WD_E_CORRUPT, /* the file is damaged or not a store */
    WD_E_NEWER,   /* the schema is newer than this program */
    WD_E_LOCKED,  /* another daemon holds the store */
    WD_E_NOT_FOUND,  /* no such article or fact */
    WD_E_NOT_FAILED, /* retry of an article that has not failed */
    WD_E_FIELD,      /* a filter's value is malformed; the message starts with the field's name */
    WD_E_INTERNAL    /* anything else: our mistake */
} wd_code_t;

typedef enum {
    WD_ACCEPTED = 0,
    WD_STORED = 1,
    WD_FAILED = 2,
    WD_SUPERSEDED = 3,
    WD_RETRACTED = 4,
    WD_STATE_COUNT
} wd_state_t;

/* "accepted", "stored" …: the words of PROTOCOL.md. */
const char *wd_state_name(wd_state_t state);
/* The state of that name, or -1. */
int wd_state_parse(const char *name);

/* ---------------------------------------------------------------------------------- articles */

#define WD_HASH_SIZE 16 /* bytes of BLAKE2b kept of an id and of a text (identity.h makes them) */

/* An article as it was pushed. Strings are owned, NUL-terminated; NULL where the push left it out.
 * Made by wd_article_new, freed by wd_article_destroy; it has one owner, who may hand it on. */
typedef struct {
    char *id; /* never NULL: the client's, or made of the content */
    char *source;
    char *url;
    char *title;
    char *published;               /* ISO 8601 as pushed */
    char *text;                    /* the exact bytes, with a NUL behind */
    size_t size;                   /* bytes of text */
    uint8_t id_hash[WD_HASH_SIZE]; /* set by wd_article_new */
    uint8_t text_hash[WD_HASH_SIZE];
} wd_article_t;

/* Copies everything, makes the id when it is NULL, and hashes. NULL: no memory. */
wd_article_t *wd_article_new(const char *id, const char *source, const char *url, const char *title,
                             const char *published, const char *text, size_t size);
void wd_article_destroy(wd_article_t **self_p);

/* What came of a revision: the answers ACCEPTED and STORED are made of it. */
typedef struct {
    int64_t rev;       /* the store's number of the revision */
    uint32_t revision; /* the article's */
    bool duplicate;    /* it was there before */
    wd_state_t state;
    uint32_t facts;       /* with STORED: how many; else 0 */
    uint64_t first, last; /* its events; 0 and 0: none */
    char *reason;         /* with FAILED, else NULL; owned */
    char *id;             /* the article's id; owned; NULL where the caller knows it */
} wd_outcome_t;

/* Frees what the outcome owns and clears it. */
void wd_outcome_clear(wd_outcome_t *self);

/* ----------------------------------------------------------------------------- finished work */

/* One article to extract. Owned by one thread at a time: the store or the writer makes it, a worker
 * reads it, the writer gets it back inside a wd_finished_t. */
typedef struct {
    int64_t rev;
    uint32_t revision;
    uint32_t attempts; /* crashes that it was in work at */
    wd_article_t *article;
} wd_job_t;

void wd_job_destroy(wd_job_t **self_p);

typedef struct {
    char *kind; /* the word of FACTS.md */
    char *json; /* the record, one line of JSON, NUL-terminated */
    size_t size;
} wd_record_t;

/* What a worker made of a job. Use: new, then add for each fact and seal; or fail. */
typedef struct {
    wd_job_t *job; /* owned */
    wd_record_t *records;
    size_t count, capacity;
    char *words;  /* what look-ups find the article by (words.h); made by wd_finished_seal */
    char *reason; /* not NULL: extraction failed, there are no records */
    size_t bytes; /* of all records */
} wd_finished_t;

/* Takes the job over (also when it returns NULL: no memory). */
wd_finished_t *wd_finished_new(wd_job_t **job_p);
/* Adds a fact, copying; the order is that of the evidence. False: no memory, or over 65,535 facts.
 */
bool wd_finished_add(wd_finished_t *self, const char *kind, const char *json, size_t size);
/* Makes the words for look-ups out of text and records. To be called last, in the worker's thread:
 * it is the dear part. False: no memory. */
bool wd_finished_seal(wd_finished_t *self);
/* Drops the records and marks the job as failed with a reason for people, copied. */
bool wd_finished_fail(wd_finished_t *self, const char *reason);
void wd_finished_destroy(wd_finished_t **self_p);

/* ------------------------------------------------------------------------------------- events */

/* An event as it is published and replayed: three frames. */
typedef struct {
    uint64_t seq;
    const char *topic; /* "fact.investment.created" */
    size_t topic_size;
    const char *body; /* JSON */
    size_t body_size;
} wd_event_t;

/* Consecutive events and the memory of their frames. Immutable once made; counted references, so
 * that frames can be sent without copies: give each frame a wd_events_ref, and its free function
 * wd_events_unref. Any thread may do either. */
typedef struct wd_events wd_events_t;

size_t wd_events_count(const wd_events_t *self);
const wd_event_t *wd_events_at(const wd_events_t *self, size_t index);
size_t wd_events_bytes(const wd_events_t *self);
wd_events_t *wd_events_ref(wd_events_t *self);
void wd_events_unref(wd_events_t **self_p);

/* ---------------------------------------------------------------------------------- the writer */

typedef struct wd_store wd_store_t;

typedef struct {
    unsigned
        search_lag;     /* revisions that the full-text index may be behind under load, 0: 20,000 */
    unsigned cache_kib; /* page cache of the writer, 0: 64 MiB */
    unsigned
        wal_pages;   /* a checkpoint is due at so many pages of write-ahead log, 0: the default */
    unsigned gather; /* revisions whose ids are kept in memory until they go into the file, 0:
                        65,536; some 50 bytes each */
    unsigned page_size; /* bytes of a page in a new store, a power of 2 from 512 to 65536, 0: the
                           default */
} wd_store_options_t;

/* Opens the store in the folder `dir`, makes it when there is none, brings an older schema up to
 * date. On failure NULL, *ret_code says what and `message` (size bytes) tells a person, naming the
 * file. `options` may be NULL. */
wd_store_t *wd_store_open(const char *dir, const wd_store_options_t *options, wd_code_t *ret_code,
                          char *message, size_t size);
/* Checkpoints all that can be and closes. An open transaction is rolled back. */
void wd_store_close(wd_store_t **self_p);

const char *wd_store_message(const wd_store_t *self); /* of the last failure */
const char *wd_store_epoch(const wd_store_t *self);   /* UUID text */
uint64_t wd_store_last(const wd_store_t *self);       /* number of the newest event */

/* How many streams there are, and the name and last event's number of each ("article",
 * "fact.investment" …). Committed values only while no transaction is open. */
size_t wd_store_streams(const wd_store_t *self);
const char *wd_store_stream(const wd_store_t *self, size_t index, uint64_t *ret_last);

/* Begins a transaction; `now` is the wall clock in milliseconds since 1970 and becomes the time of
 * all that happens in it. */
wd_code_t wd_store_begin(wd_store_t *self, int64_t now);

/* Accepts an article, or finds that it is a duplicate. */
wd_code_t wd_store_accept(wd_store_t *self, const wd_article_t *article, wd_outcome_t *ret_outcome);

/* Stores what a worker made (facts or failure) together with its events. Revisions that end by it
 * (this one, and earlier ones of the article that it supersedes) are told through
 * wd_store_take_ended(). A result that comes too late (superseded or retracted meanwhile, finished
 * before) changes nothing. */
wd_code_t wd_store_finish(wd_store_t *self, const wd_finished_t *finished);

/* Withdraws an article. WD_E_NOT_FOUND leaves the transaction usable. */
wd_code_t wd_store_retract(wd_store_t *self, const char *id, wd_outcome_t *ret_outcome);

/* Takes up a failed article again: state ACCEPTED. WD_E_NOT_FOUND, WD_E_NOT_FAILED leave the
 * transaction usable. */
wd_code_t wd_store_retry(wd_store_t *self, const char *id, wd_outcome_t *ret_outcome);

/* Counts a crash against unfinished revisions (others in the list are left alone); at the third the
 * revision fails. */
wd_code_t wd_store_blame(wd_store_t *self, const int64_t *revs, size_t count);

/* Goes on with what keeps look-ups fast, inside a transaction: `effort` is the number of articles
 * whose storing it may cost a third of. To be called after each wd_store_finish or a few. */
wd_code_t wd_store_tidy(wd_store_t *self, size_t effort);
/* Whether there is something to go on with. */
bool wd_store_untidy(const wd_store_t *self);

/* A step of the index that lets people search the texts in the file, inside a transaction: a few
 * milliseconds. To be made when there is nothing else to do, or when it has fallen WD_SEARCH_LAG
 * revisions behind. */
#define WD_SEARCH_LAG 20000
wd_code_t wd_store_search_step(wd_store_t *self);
/* Whether a step is worth while: work for a whole one, or `idle`, for any. */
bool wd_store_search_due(const wd_store_t *self, bool idle);
/* Whether it is further behind than the options allow. */
bool wd_store_search_late(const wd_store_t *self);
/* How many revisions the index is behind. */
uint64_t wd_store_search_lag(const wd_store_t *self);

/* Moves ids of articles from memory into the file, inside a transaction: `effort` as of
 * wd_store_tidy. Only to be made when there is nothing else to do: the store itself sees to it that
 * they do not become too many. */
wd_code_t wd_store_file(wd_store_t *self, size_t effort);
/* Whether enough wait for that to be worth while, or, `idle`, any. */
bool wd_store_unfiled(const wd_store_t *self, bool idle);

/* Makes all since wd_store_begin durable. After any failure but the two named above, and after a
 * failed commit, wd_store_rollback must follow; nothing of the transaction is left then. */
wd_code_t wd_store_commit(wd_store_t *self);
void wd_store_rollback(wd_store_t *self);

/* After a commit: the events of the transaction, in order (NULL: none, or no memory for them: they
 * are in the store), for the caller to unref. */
wd_events_t *wd_store_take_events(wd_store_t *self);
/* After a commit: the revisions that ended in the transaction, with their ids, for the caller to
 * clear and free(); NULL and 0: none. */
wd_outcome_t *wd_store_take_ended(wd_store_t *self, size_t *ret_count);

/* Loads unfinished articles: those without a crash and with a rev above `after`, in order, or
 * (`suspects`) those with one, fewest crashes first. At most `limit`, and no further one when
 * `max_bytes` of text are reached. Fills ret_jobs, which has room for `limit`; the jobs are the
 * caller's. *ret_more: there may be others. Outside transactions. */
wd_code_t wd_store_unfinished(wd_store_t *self, bool suspects, int64_t after, size_t limit,
                              size_t max_bytes, wd_job_t **ret_jobs, size_t *ret_count,
                              bool *ret_more);

/* The number of articles that are accepted and not finished. */
uint64_t wd_store_backlog(const wd_store_t *self);

/* Moves committed pages from the log into the file when enough have gathered (or `force`). Outside
 * transactions; a failure costs nothing but time. */
wd_code_t wd_store_checkpoint(wd_store_t *self, bool force);
/* How many transactions have written to the disk since the store was opened. */
uint64_t wd_store_written(const wd_store_t *self);
/* Whether enough pages have gathered. */
bool wd_store_checkpoint_due(const wd_store_t *self);
/* Writes some bytes for good, to see whether the disk takes them. Outside transactions. */
wd_code_t wd_store_probe(wd_store_t *self, int64_t now);
/* Pages in the write-ahead log after the last commit. */
unsigned wd_store_wal_pages(const wd_store_t *self);

/* ---------------------------------------------------------------------------------- the reader */

typedef struct wd_reader wd_reader_t;

/* Strings of JSON, each of its size, with a NUL behind. */
typedef struct {
    char **items;
    size_t *sizes;
    size_t count, capacity;
    size_t bytes;
    char *next; /* the cursor of the page behind; NULL: this is the last */
} wd_rows_t;

void wd_rows_clear(wd_rows_t *self); /* frees what it holds, leaves it empty */

/* QUERY's filters; NULL or 0 where none was given. A page may hold fewer rows than `limit`, or
 * none, and still have a `next`: a call looks at a bounded number of articles. */
typedef struct {
    const char *kind, *entity, *place, *since, *until, *min, *unit, *text, *article;
    const char *status, *source, *modality;
    bool retracted;
    unsigned limit; /* 1 to 1000; 0: 50 */
    const char *after;
} wd_query_t;

typedef struct {
    const char *state, *source;
    unsigned limit;
    const char *after;
} wd_articles_query_t;

typedef struct {
    uint64_t articles[WD_STATE_COUNT]; /* revisions in each state */
    uint64_t facts;                    /* current ones */
    uint64_t last;                     /* newest event */
    uint64_t bytes, wal_bytes;         /* of the files */
    int schema;
} wd_store_status_t;

/* A reader of the store in `dir`, which must exist (open the writer first). */
wd_reader_t *wd_reader_open(const char *dir, wd_code_t *ret_code, char *message, size_t size);
void wd_reader_close(wd_reader_t **self_p);
const char *wd_reader_message(const wd_reader_t *self);
const char *wd_reader_epoch(const wd_reader_t *self);

wd_code_t wd_reader_status(wd_reader_t *self, wd_store_status_t *ret_status);
/* Streams and their last numbers as the JSON object of HEARTBEAT and STATUS, for the caller to
 * free. */
wd_code_t wd_reader_streams(wd_reader_t *self, char **ret_json);
/* Rows of facts, of at most about 1 MiB. */
wd_code_t wd_reader_query(wd_reader_t *self, const wd_query_t *query, wd_rows_t *rows);
wd_code_t wd_reader_articles(wd_reader_t *self, const wd_articles_query_t *query, wd_rows_t *rows);
/* The JSON object of SHOW, for the caller to free. */
wd_code_t wd_reader_show_fact(wd_reader_t *self, const char *fact, char **ret_json);
wd_code_t wd_reader_show_article(wd_reader_t *self, const char *id, char **ret_json);
/* Events from `from` on whose topic starts with one of the prefixes (none: all). *ret_events may be
 * NULL (none matched). All that matches up to and with *ret_complete is there; *ret_last is the
 * newest number of the store. A page ends at `limit` events, at about 1 MiB, or when it has looked
 * at enough. */
wd_code_t wd_reader_replay(wd_reader_t *self, uint64_t from, const char *const *prefixes,
                           size_t prefix_count, unsigned limit, wd_events_t **ret_events,
                           uint64_t *ret_complete, uint64_t *ret_last);
/* Whether the pages that cannot be rebuilt are sound: a full check of the file, slow. */
wd_code_t wd_reader_verify(wd_reader_t *self);

#endif
