/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the SQLite engine share. Nothing outside store*.c includes this.
 */
#ifndef WD_STORE_SQL_H
#define WD_STORE_SQL_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

#include "buf.h"
#include "events.h"
#include "postings.h"
#include "store.h"

#define WD_STORE_FILE   "winnow.db"
#define WD_STORE_LOCK   "winnow.lock"
#define WD_STREAMS_MAX  256 /* "article" and the kinds */
#define WD_ATTEMPTS_MAX 3   /* crashes after which an article is put aside */

/* event.change of a fact; of an article it is the state. */
typedef enum {
    WD_CHANGE_CREATED = 0,
    WD_CHANGE_RETRACTED = 1,
    WD_CHANGE_CORROBORATED = 2,
    WD_CHANGE_REVISED = 3,
    WD_CHANGE_DISPUTED = 4,
    WD_CHANGE_SUPERSEDED = 5,
    WD_CHANGE_COUNT
} wd_change_t;

/* fact.status */
typedef enum {
    WD_FACT_CURRENT = 0,
    WD_FACT_DISPUTED = 1,
    WD_FACT_SUPERSEDED = 2,
    WD_FACT_RETRACTED = 3,
    WD_FACT_STATUS_COUNT
} wd_fact_status_t;

/* A connection, its statements, and what went wrong last. */
typedef struct {
    sqlite3 *db;
    const char *const *sql;    /* texts of the statements */
    sqlite3_stmt **statements; /* prepared at first use */
    size_t count;
    char message[512];
} wd_sql_t;

/* Opens `dir`/winnow.db. `create`: make it when it is not there. */
wd_code_t wd_sql_open(wd_sql_t *self, const char *dir, bool create, const char *const *sql,
                      size_t count);
void wd_sql_close(wd_sql_t *self);
/* Maps SQLite's last error and writes the message; never WD_OK. */
wd_code_t wd_sql_fail(wd_sql_t *self, const char *doing);
/* Runs statements without results. */
wd_code_t wd_sql_run(wd_sql_t *self, const char *sql);
/* The statement, reset and ready for binding; NULL: wd_sql_fail says why. */
sqlite3_stmt *wd_sql_get(wd_sql_t *self, size_t which);
/* Steps a statement that gives no rows and resets it. */
wd_code_t wd_sql_done(wd_sql_t *self, sqlite3_stmt *statement, const char *doing);
/* NULL binds as NULL. The text must live until the statement is reset. */
void wd_sql_bind_text(sqlite3_stmt *statement, int index, const char *text);
const char *wd_sql_text(sqlite3_stmt *statement, int column); /* NULL for NULL */

/* A step from one version of the schema to the next: version i is reached by steps[i - 1]. */
wd_code_t wd_schema_upgrade(wd_sql_t *self, const char *const *steps, int version, int64_t now);
/* The schema of this program. */
extern const char *const wd_schema_steps[];
extern const int wd_schema_version;

/* The word of an event's change: of a fact's stream, or of stream 0, whose changes are states. */
const char *wd_change_name(size_t stream, int change);

/* The article's day, "YYYY-MM-DD": that of its date, else of its receipt. */
#define WD_DAY_SIZE 11
void wd_article_day(const char *published, int64_t received, char ret_day[WD_DAY_SIZE]);

/* ---------------------------------------------------------------- the writer, in three files */

/* What a transaction changes in memory, so that a rollback can put it back. */
typedef struct {
    uint64_t seq;                    /* newest event */
    int64_t rev;                     /* newest revision */
    uint64_t states[WD_STATE_COUNT]; /* tally */
    uint64_t facts;                  /* tally: current facts */
    int64_t searched;                /* tally: revision up to which texts are indexed */
    int64_t known;                   /* tally: revision up to which `known` is complete */
    size_t streams;                  /* how many there are */
    uint64_t last[WD_STREAMS_MAX];   /* of each stream */
} wd_counts_t;

/* Words on their way from the tail into a block (store_index.c). */
typedef struct {
    int phase;
    bool checked;       /* `due` is known */
    int64_t newest;     /* rev in the tail */
    int64_t due;        /* rev at which the tail's oldest block is due */
    int64_t block;      /* being moved */
    int64_t first, at;  /* its lowest rev; the one gathered last */
    int64_t *revs;      /* all that were gathered */
    size_t count, next; /* how many; how far WRITE or DELETE have come */
    wd_postings_t postings;
} wd_index_t;

/* Keys of observations (store_keys.h). */
#define WD_RUN_FAN  4  /* runs of a level that are merged */
#define WD_RUNS_MAX 96 /* that look-ups can go through */

typedef struct {
    int64_t key, id; /* of an observation */
} wd_pair_t;

typedef struct {
    wd_pair_t *pairs;
    uint32_t *next;        /* of each pair: the one before in its slot, plus 1; 0: none */
    uint32_t *heads;       /* 2 * capacity slots */
    uint32_t count, saved; /* saved: how many are in the file */
    size_t capacity, rows;
} wd_tail_keys_t;

/* Bits of which each key sets some: without them it is not there. */
typedef struct {
    uint8_t *bits;
    uint64_t mask; /* how many there are, less one: a power of 2 */
} wd_filter_t;

typedef struct {
    int64_t run;
    unsigned level;
    size_t pairs;
    wd_filter_t filter;
} wd_key_run_t;

typedef struct {
    int64_t run, row; /* row: of the chunk in `pairs`, 0: none yet */
    wd_pair_t *pairs;
    size_t at, count;
    bool end;
} wd_merge_input_t;

typedef struct {
    int64_t run; /* being written, 0: none */
    unsigned level;
    size_t pairs; /* written so far */
    wd_filter_t filter;
    wd_merge_input_t inputs[WD_RUN_FAN];
    wd_pair_t *out;
    size_t count, capacity;
} wd_merge_t;

typedef struct {
    bool loaded;
    wd_tail_keys_t tail;
    wd_key_run_t runs[WD_RUNS_MAX];
    size_t count;
    int64_t newest; /* run */
    int64_t dead;   /* a run to be deleted, 0: none */
    wd_merge_t merge;
} wd_key_index_t;

/* Forgets what is under way: it will be begun anew. */
void wd_index_reset(wd_index_t *self);
/* Adds a stored revision's words, joined by blanks and with one at each end, to the tail. */
wd_code_t wd_index_add(wd_store_t *store, int64_t rev, const char *words, size_t size);

/* A revision that may not be in `known` yet. */
typedef struct {
    uint8_t id_hash[WD_HASH_SIZE];
    uint64_t text; /* first bytes of the text's hash */
    uint32_t next; /* an older one in its chain, plus 1; 0: none */
} wd_known_item_t;

/* The newest revisions by the hashes of their ids (store_known.c). */
typedef struct {
    size_t gather; /* how many there are when they begin to move into the table */
    int64_t first; /* revision of items[0] */
    wd_known_item_t *items;
    size_t count, capacity;
    uint32_t *heads;      /* of chains: the newest, plus 1 */
    size_t head_count;    /* a power of two */
    uint32_t *order;      /* of those that move into the table; NULL: none do */
    size_t moving, moved; /* how many are to move, how many have */
} wd_known_t;

struct wd_store {
    wd_sql_t sql;
    int lock; /* file descriptor that holds the lock, -1: none */
    char epoch[37];
    char *names[WD_STREAMS_MAX]; /* of the streams; those over counts.streams are of a rollback,
                                    NULL */
    bool open;                   /* a transaction is */
    int64_t now;
    wd_counts_t counts, before; /* now, and at the transaction's begin */
    wd_index_t index;
    wd_key_index_t keys;
    struct wd_digest_cache *digests; /* of observations that were looked at (store_digest.c) */
    int64_t storing, ending;         /* revisions on their way: current already, current no more */
    int64_t caught, catch_to;        /* of catch_up: next and last */
    wd_known_t known;
    unsigned search_lag; /* of the options */
    bool unmerged;       /* the full-text index has segments that may be merged */
    wd_events_draft_t draft;
    wd_buf_t article; /* JSON of the article whose events are being made */
    wd_outcome_t *ended;
    size_t ended_count, ended_capacity;
    uint64_t written; /* transactions that reached the disk */
    unsigned wal_limit;
    unsigned wal_pages, wal_moved; /* pages in the log; of these, in the file too */
};

/* The writer's statements: store_write.c's come behind those of store_index.c and
 * store_search.c. */
enum {
    WD_S_ADD_TAIL,
    WD_S_TAIL_ENDS,
    WD_S_TAIL,
    WD_S_UNTAIL,
    WD_S_WORD,
    WD_S_SEARCH,
    WD_S_MERGE,
    WD_S_KEY_TAIL,
    WD_S_ADD_KEYS,
    WD_S_CUT_KEYS,
    WD_S_KEY_RUNS,
    WD_S_SET_RUN,
    WD_S_CUT_RUN,
    WD_S_DEAD_RUN,
    WD_S_CHUNK,
    WD_S_NEXT_CHUNK,
    WD_S_ADD_CHUNK,
    WD_S_CUT_CHUNKS,
    WD_S_OBSERVATIONS,
    WD_S_LOOK,
    WD_S_LIVE,
    WD_S_MEMBER,
    WD_S_SET_MEMBER,
    WD_S_CUT_MEMBER,
    WD_S_FACT,
    WD_S_SET_FACT,
    WD_S_CATCH_UP,
    WD_S_SET_CATCH_UP,
    WD_S_NEXT_STORED,
    WD_S_KNOW,
    WD_S_KNOWN,
    WD_S_SAME,
    WD_S_UNKNOWN,
    WD_S_COUNT
};

/* An event of a fact: the observation (rev, n, record) is the one that made the change. */
typedef struct {
    size_t stream;
    wd_change_t change;
    int64_t observation;
    const char *record;
    size_t size;
    int64_t fact;     /* 0: the observation's own */
    int64_t other;    /* 0: none */
    uint32_t sources; /* with a fact given */
    int status;       /* with a fact given */
} wd_told_t;

/* Makes the article of `rev` that of the events to come. */
wd_code_t wd_store_article(wd_store_t *store, int64_t rev);
/* Writes the event; the article in store->article is the observation's. */
wd_code_t wd_store_tell(wd_store_t *store, const wd_told_t *told);

/* The writer's statements, exposed for the test that looks at their plans. */
extern const char *const wd_store_statements[];
extern const size_t wd_store_statement_count;
extern const char *const wd_reader_statements[];
extern const size_t wd_reader_statement_count;

#endif
