/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A daemon for the tests of the client library: the three endpoints, a store in memory, and the
 * faults that a real one has only now and then, to order. It runs in a thread of its own; every
 * function here waits until the thread has done what it says.
 *
 * What it stores is simple: each new text of an article is an effect; events are made by the test.
 */
#ifndef TESTS_CLIENT_FAKE_H
#define TESTS_CLIENT_FAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct fake fake_t;

typedef struct {
    uint32_t credit;       /* messages in WELCOME */
    uint64_t credit_bytes; /* bytes */
    size_t page;           /* events in a page of REPLAY */
} fake_setup_t;

/* Starts one at ipc://FOLDER/d in a new folder. */
fake_t *fake_new(fake_setup_t setup);
void fake_destroy(fake_t **self_p);

/* "ipc://…/d", for options.endpoint. */
const char *fake_endpoint(const fake_t *self);

typedef enum {
    FAKE_PUBLISH, /* published once */
    FAKE_TWICE,   /* published twice */
    FAKE_DROP     /* stored, not published */
} fake_how_t;

/* Stores an event of a fact and publishes it as told. `name` is who was founded, say. */
void fake_fact(fake_t *self, const char *kind, const char *name, fake_how_t how);

/* The same for an event of an article. */
void fake_article(fake_t *self, fake_how_t how);

/* Publishes event `seq` once more. */
void fake_republish(fake_t *self, uint64_t seq);
void fake_heartbeat(fake_t *self);

/* Stops, forgets its sessions and connections, and starts as a new instance on the same store. */
void fake_restart(fake_t *self);

/* Cuts all connections; the instance stays the same. */
void fake_cut(fake_t *self);

/* Another store with another epoch, which is empty. */
void fake_new_epoch(fake_t *self);

/* The next `count` pushes are read and lost, as if the daemon died before it read them. */
void fake_lose_pushes(fake_t *self, unsigned count);

/* The next `count` answers are not sent, though the push has its effect. */
void fake_lose_answers(fake_t *self, unsigned count);

/* The next `count` pushes are refused with this code. */
void fake_refuse(fake_t *self, unsigned count, const char *code, bool retry);

/* From now on ACCEPTED, or STORED, waits until told otherwise; then all that waited is sent. */
void fake_hold_accepted(fake_t *self, bool hold);
void fake_hold_stored(fake_t *self, bool hold);

/* The next `count` questions are not answered. */
void fake_lose_questions(fake_t *self, unsigned count);

/* Sends CREDIT to all sessions. */
void fake_credit(fake_t *self, uint32_t messages, uint64_t bytes);

/* What happened. */
size_t fake_effects(fake_t *self);   /* texts stored */
size_t fake_pushes(fake_t *self);    /* PUSH messages read, again and again counted */
uint64_t fake_last(fake_t *self);    /* the newest event */
unsigned fake_replays(fake_t *self); /* REPLAY questions answered */
bool fake_last_text_is(fake_t *self, const char *id, const char *text); /* the newest revision */

#endif
