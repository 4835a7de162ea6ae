/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The intake's book: who may send how much, and who waits for which article.
 *
 * A session is a connection that said HELLO. It is found by its routing id (frames come in) and by
 * its number (answers come back from the writer); the number is never used twice, so that an answer
 * meant for an earlier session of the same connection finds nobody. A waiter is the promise of a
 * STORED answer for a revision; it names its session by number and outlives it harmlessly.
 *
 * Credit: each session gets `session_bytes` and `session_messages`, or, with many sessions, its
 * share of `intake_memory`. The share moves in powers of two, so that it is told anew rarely. A
 * smaller window counts only after a grace, as the sender may not know of it yet.
 *
 * Memory: at most max_sessions sessions of about 500 bytes, at most `waiters_max` waiters of 32 to
 * 48 bytes. One thread (the intake) uses it. Since 0.1.
 */
#ifndef WD_SESSION_H
#define WD_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config.h"

#define WD_ROUTING_MAX 255  /* bytes of a routing id */
#define WD_GRACE_MS    5000 /* how long a wider window is still honoured */
#define WD_WAITERS_MAX 1000000

typedef struct {
    uint32_t messages;
    uint64_t bytes;
} wd_window_t;

typedef struct wd_session wd_session_t;
struct wd_session {
    uint64_t number;              /* 1, 2, 3 … */
    uint8_t peer[WD_ROUTING_MAX]; /* routing id */
    uint8_t peer_size;
    wd_window_t window;                /* as it was told last */
    wd_window_t before;                /* what counts until `grace` */
    int64_t grace_ms;                  /* monotonic */
    uint64_t messages, bytes;          /* pushes that are unanswered */
    uint64_t requests;                 /* those, RETRACT and RETRY */
    int64_t seen_ms;                   /* last sign of life */
    wd_session_t *by_peer, *by_number; /* private: the next in the tables */
};

typedef struct wd_book wd_book_t;

/* A waiter as it is handed out. */
typedef struct {
    uint64_t session, request;
    uint32_t revision;
    bool duplicate;
} wd_waiter_t;

/* NULL: no memory. */
wd_book_t *wd_book_new(void);
void wd_book_destroy(wd_book_t **self_p);

/* Opens a session, in the place of the one this peer had. NULL: no memory. */
wd_session_t *wd_book_open(wd_book_t *self, const void *peer, size_t peer_size, int64_t now_ms);
wd_session_t *wd_book_find_peer(wd_book_t *self, const void *peer, size_t peer_size);
wd_session_t *wd_book_find_number(wd_book_t *self, uint64_t number);
void wd_book_close(wd_book_t *self, wd_session_t *session);
size_t wd_book_sessions(const wd_book_t *self);

/* Calls `each` for every session; it may close the one that it is given. */
void wd_book_each(wd_book_t *self, void (*each)(void *arg, wd_session_t *session), void *arg);

/* The window that each of `sessions` sessions may have. */
wd_window_t wd_window_share(const wd_config_t *config, size_t sessions);
/* Sets a session's window; false: it is the same as before and need not be told. */
bool wd_session_grant(wd_session_t *self, wd_window_t window, int64_t now_ms);
/* Whether a push of `bytes` fits; a push that is alone always does while messages are granted. */
bool wd_session_fits(const wd_session_t *self, uint64_t bytes, int64_t now_ms);

/* Notes that `waiter` waits for the end of `rev`. False: WD_WAITERS_MAX wait already, or no memory.
 */
bool wd_book_wait(wd_book_t *self, int64_t rev, wd_waiter_t waiter);
/* Takes one of those who wait for `rev`, first come first; false: nobody does. */
bool wd_book_take(wd_book_t *self, int64_t rev, wd_waiter_t *ret_waiter);
size_t wd_book_waiters(const wd_book_t *self);

#endif
