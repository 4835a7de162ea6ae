/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libwinnow-client: push articles to winnowd, follow its events, ask its store.
 *
 * Three objects, each for one job: a pusher sends articles and hears what became of them, a
 * subscriber hands out events, each once and in order, and a reader asks. All three find the daemon
 * again when it was away and lose nothing meanwhile.
 *
 * An object belongs to one thread at a time; objects share nothing, so a program may have as many
 * as it likes. The library has no globals, handles no signals, prints nothing and reads no
 * environment. It works only inside its calls: a pusher that nobody calls sends nothing.
 *
 * Functions that can fail return 0 or more on success and a negative winnow_client_code_t on
 * failure; the object's …_error then says more, until its next call. Text is UTF-8. Pointers that
 * are handed out are good until the next call on the same object, unless said otherwise.
 */
#ifndef WINNOW_CLIENT_H
#define WINNOW_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef WINNOW_API
#if defined(__GNUC__)
#define WINNOW_API __attribute__((visibility("default")))
#else
#define WINNOW_API
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define WINNOW_CLIENT_VERSION  "0.1.0"
#define WINNOW_CLIENT_ENDPOINT "tcp://127.0.0.1:7710"

typedef enum {
    WINNOW_CLIENT_OK = 0,
    WINNOW_CLIENT_UNREACHABLE = -1, /* nothing was heard from the daemon for the time allowed */
    WINNOW_CLIENT_TIMEOUT = -2,     /* the time given to this call is over; go on if you like */
    WINNOW_CLIENT_CANCELLED = -3,   /* the cancel descriptor became readable */
    WINNOW_CLIENT_REFUSED = -4,     /* the daemon refused; the error has its code */
    WINNOW_CLIENT_INVALID = -5,     /* an argument is not acceptable */
    WINNOW_CLIENT_PROTOCOL = -6,    /* what answers is no winnowd, or one of another version */
    WINNOW_CLIENT_MEMORY = -7,      /* the system has no memory or no sockets left */
    WINNOW_CLIENT_EPOCH = -8        /* subscriber: the store is another one; see there */
} winnow_client_code_t;

typedef struct {
    winnow_client_code_t code;
    bool retry;        /* the same may succeed later */
    char refused[24];  /* the daemon's status code, "not_found"; else "" */
    char message[320]; /* one line for a person */
} winnow_client_error_t;

/* Where the daemon is, and how patient to be. Zero everywhere is a good choice:
 * `winnow_client_options_t options = {0};` Strings are copied. */
typedef struct {
    /* The daemon's intake: `tcp://HOST:PORT`, with events at PORT + 1 and query at PORT + 2; or
     * `ipc://PATH`, for ipc://PATH.intake, .events and .query. NULL: WINNOW_CLIENT_ENDPOINT. */
    const char *endpoint;
    const char *intake; /* each endpoint can be given alone too, and then counts */
    const char *events;
    const char *query;
    const char *name; /* of the program, for the daemon's log. NULL: "libwinnow-client" */
    int connect_ms;   /* how long to wait for the first answer. 0: 5000. -1: for ever */
    int patience_ms;  /* how long to wait when the daemon went away. 0: 60000. -1: for ever */
    int cancel_fd; /* a descriptor above 0 that ends a waiting call when it is readable; 0: none */
    size_t window; /* pusher: unfinished pushes to hold at most. 0: 4096 */
    size_t window_bytes; /* pusher: bytes of their texts. 0: 64 MiB */
} winnow_client_options_t;

/* ------------------------------------------------------------------------------------------------
 * Pushing
 *
 * winnow_pusher_push takes a copy of the article, sends it as soon as the daemon gives credit, and
 * sends it again when a connection or the daemon was lost, until it was answered as asked. The
 * answers go to a function of the caller's, which is called inside winnow_pusher_push, _run and
 * _wait. */

typedef struct winnow_pusher winnow_pusher_t;

typedef struct {
    const char *id;        /* NULL: a hash of source and text */
    const char *source;    /* who published it, or NULL */
    const char *url;       /* where it stands, or NULL */
    const char *title;     /* its headline, or NULL */
    const char *published; /* ISO 8601 day or RFC 3339 time, or NULL */
    const char *text;      /* 1 byte to 1 MiB of UTF-8 */
    size_t text_size;
    bool accepted_only; /* the answer ACCEPTED is all that is wanted */
    void *context;      /* the caller's own: comes back in the answers */
} winnow_article_t;

typedef enum {
    WINNOW_ANSWER_ACCEPTED, /* the article is durable */
    WINNOW_ANSWER_STORED,   /* its facts are, or it failed, or it was retracted: see `state` */
    WINNOW_ANSWER_REFUSED   /* it was not taken: see `code` and `message` */
} winnow_answer_kind_t;

typedef struct {
    winnow_answer_kind_t kind;
    uint64_t ticket; /* which push, retract or retry this answers */
    bool final;      /* nothing more will come for this ticket */
    const char *id;  /* the article's id; of a refused push the one that was given, or NULL */
    const char
        *state; /* "accepted", "stored", "failed", "superseded", "retracted"; NULL if refused */
    const char *reason; /* of a failed article, else NULL */
    uint64_t revision;  /* from 1; 0 if refused */
    bool duplicate;     /* the daemon had this text under this id already */
    uint64_t facts;     /* STORED: how many facts it holds */
    uint64_t first;     /* STORED: the numbers of its events, 0: none */
    uint64_t last;
    const char *code;    /* REFUSED: the status code, "invalid_utf8"; else NULL */
    const char *message; /* REFUSED: one line for a person; else NULL */
    bool retry;          /* REFUSED: the same may succeed later */
    void *context;       /* of the article that was pushed; else NULL */
} winnow_answer_t;

typedef void(winnow_answer_fn)(const winnow_answer_t *answer, void *arg);

/* Connects and waits for the daemon. `on_answer` (may be NULL) hears every answer, with `arg`; it
 * must not call the pusher. NULL on failure, with `err` (may be NULL) filled. Since 0.1. */
WINNOW_API winnow_pusher_t *winnow_pusher_new(const winnow_client_options_t *options,
                                              winnow_answer_fn *on_answer, void *arg,
                                              winnow_client_error_t *err);

/* Pushes an article. Waits while the window is full. Gives its ticket to *ret_ticket (may be NULL).
 * Ids of one article are sent in the order of the calls. Since 0.1. */
WINNOW_API int winnow_pusher_push(winnow_pusher_t *self, const winnow_article_t *article,
                                  uint64_t *ret_ticket);

/* Withdraws an article; answered STORED with state "retracted". Since 0.1. */
WINNOW_API int winnow_pusher_retract(winnow_pusher_t *self, const char *id, uint64_t *ret_ticket);

/* Takes up again an article that failed; answered ACCEPTED, then STORED. Since 0.1. */
WINNOW_API int winnow_pusher_retry(winnow_pusher_t *self, const char *id, uint64_t *ret_ticket);

/* Sends and hears what there is for at most `timeout_ms` (0: without waiting, -1: until something
 * is unfinished no more). 0 when all is answered, else WINNOW_CLIENT_TIMEOUT or another code. Since
 * 0.1. */
WINNOW_API int winnow_pusher_run(winnow_pusher_t *self, int timeout_ms);

/* Waits until every push is answered as asked. Since 0.1. */
WINNOW_API int winnow_pusher_wait(winnow_pusher_t *self);

/* How many pushes, retracts and retries are not finished. Since 0.1. */
WINNOW_API size_t winnow_pusher_pending(const winnow_pusher_t *self);

/* Whether the daemon said that it is about to stop; unfinished work goes to its successor. Since
 * 0.1. */
WINNOW_API bool winnow_pusher_draining(const winnow_pusher_t *self);

/* The daemon's name and version, "winnowd 0.1.0". Since 0.1. */
WINNOW_API const char *winnow_pusher_server(const winnow_pusher_t *self);

/* What the last call that failed said. Since 0.1. */
WINNOW_API const winnow_client_error_t *winnow_pusher_error(const winnow_pusher_t *self);

/* Leaves. What is not finished may or may not have been taken. Sets *self_p to NULL. Since 0.1. */
WINNOW_API void winnow_pusher_destroy(winnow_pusher_t **self_p);

/* ------------------------------------------------------------------------------------------------
 * Events
 *
 * A subscriber gives every event that its filter lets through once, in the order of their numbers,
 * from where it was told to start. What the network or a stopped daemon made it miss it fetches
 * from the query endpoint before it goes on. To resume in a later run, keep `epoch` and `seq` of
 * the last event. */

typedef struct winnow_subscriber winnow_subscriber_t;

#define WINNOW_FROM_NOW   UINT64_MAX /* what happens after the subscriber is there */
#define WINNOW_FROM_START 1          /* everything that the store holds */

/* What to hear. Zero everywhere: everything. A list ends with NULL, or is NULL. All given must
 * hold. */
typedef struct {
    const char *const *kinds; /* facts of one of these kinds: {"investment", NULL} */
    const char *const
        *changes;       /* "created", "retracted" of facts; "stored", "failed" … of articles */
    const char *entity; /* facts with this name in a role or as source: whole words, without
                           regard to case and diacritics */
    uint64_t from;      /* first number wanted, WINNOW_FROM_START or _NOW. 0: now */
    const char *epoch;  /* the epoch that `from` was kept with, or NULL */
} winnow_event_filter_t;

typedef struct {
    const char *topic;  /* "fact.investment.created", "article.stored" */
    const char *epoch;  /* of the store: numbers mean something within one */
    uint64_t seq;       /* its number */
    const char *time;   /* when it was stored, RFC 3339 */
    const char *kind;   /* "investment"; NULL for an article's event */
    const char *change; /* "created"; of an article its state, "stored" */
    const char *fact;   /* the fact's id; NULL for an article's event */
    uint64_t facts;     /* of an article's event: how many facts it holds */
    const char *body;   /* the whole event as JSON, the bytes of the store, NUL-terminated */
    size_t body_size;
    const char *article; /* its "article", JSON within body */
    size_t article_size;
    const char
        *record; /* its "record", JSON in the form of FACTS.md; NULL for an article's event */
    size_t record_size;
} winnow_event_t;

/* Connects, and waits until the daemon answers. NULL on failure. Since 0.1. */
WINNOW_API winnow_subscriber_t *winnow_subscriber_new(const winnow_client_options_t *options,
                                                      const winnow_event_filter_t *filter,
                                                      winnow_client_error_t *err);

/* The next event, waiting at most `timeout_ms` for it (-1: for ever). WINNOW_CLIENT_EPOCH says once
 * that the daemon's store is another one than that of the events before (or of `epoch` in the
 * filter): the next calls give the events of the new one from its first. The daemon's absence is
 * waited out. Since 0.1. */
WINNOW_API int winnow_subscriber_next(winnow_subscriber_t *self, int timeout_ms,
                                      winnow_event_t *ret_event);

/* The number up to which everything wanted was given. Since 0.1. */
WINNOW_API uint64_t winnow_subscriber_position(const winnow_subscriber_t *self);

/* The epoch of the store that is followed, or "" before it is known. Since 0.1. */
WINNOW_API const char *winnow_subscriber_epoch(const winnow_subscriber_t *self);

/* Whether the daemon was heard of in the last three seconds. Since 0.1. */
WINNOW_API bool winnow_subscriber_alive(const winnow_subscriber_t *self);

/* How often events were found missing and fetched. Since 0.1. */
WINNOW_API uint64_t winnow_subscriber_gaps(const winnow_subscriber_t *self);

WINNOW_API const winnow_client_error_t *winnow_subscriber_error(const winnow_subscriber_t *self);
WINNOW_API void winnow_subscriber_destroy(winnow_subscriber_t **self_p);

/* ------------------------------------------------------------------------------------------------
 * Asking
 *
 * A reader asks one thing at a time. Answers are JSON as PROTOCOL.md, section 5, has it. */

typedef struct winnow_reader winnow_reader_t;

/* Which facts. NULL, 0 and false: no matter. */
typedef struct {
    const char *kind;
    const char *entity; /* a name that fills any role, or the source of the claim */
    const char *place;
    const char *since; /* ISO 8601 days */
    const char *until;
    const char *min;      /* a decimal: facts with a money amount of at least this */
    const char *unit;     /* ISO 4217, for min */
    const char *text;     /* words that all stand in the article */
    const char *article;  /* an article's id */
    bool retracted;       /* retracted facts too */
    uint64_t limit;       /* rows at most. 0: all */
    const char *status;   /* "current", "disputed", "superseded" or "retracted" */
    const char *source;   /* told by this source */
    const char *modality; /* "actual", "planned" … */
} winnow_fact_filter_t;

/* Which articles. NULL and 0: no matter. */
typedef struct {
    const char *state;
    const char *source;
    uint64_t limit; /* rows at most. 0: all */
} winnow_article_filter_t;

typedef enum { WINNOW_SHOW_ANY, WINNOW_SHOW_FACT, WINNOW_SHOW_ARTICLE } winnow_show_t;

/* Connects; the first question finds out whether somebody is there. NULL on failure. Since 0.1. */
WINNOW_API winnow_reader_t *winnow_reader_new(const winnow_client_options_t *options,
                                              winnow_client_error_t *err);

/* The daemon's status as JSON, NUL-terminated. Since 0.1. */
WINNOW_API int winnow_reader_status(winnow_reader_t *self, const char **ret_json, size_t *ret_size);

/* One fact with its evidence in context and history, or one article with its facts. Since 0.1. */
WINNOW_API int winnow_reader_show(winnow_reader_t *self, const char *id, winnow_show_t what,
                                  const char **ret_json, size_t *ret_size);

/* Asks for facts, or articles, newest article first. Their rows come from winnow_reader_next. Since
 * 0.1. */
WINNOW_API int winnow_reader_facts(winnow_reader_t *self, const winnow_fact_filter_t *filter);
WINNOW_API int winnow_reader_articles(winnow_reader_t *self, const winnow_article_filter_t *filter);

/* The next row as JSON, NUL-terminated; further pages are fetched as needed. 1: a row. 0: no more.
 * Since 0.1. */
WINNOW_API int winnow_reader_next(winnow_reader_t *self, const char **ret_json, size_t *ret_size);

WINNOW_API const winnow_client_error_t *winnow_reader_error(const winnow_reader_t *self);
WINNOW_API void winnow_reader_destroy(winnow_reader_t **self_p);

#ifdef __cplusplus
}
#endif

#endif
