/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A reader: the thread that answers questions from the store. The query actor sends it one request
 * at a time and passes on what it says; see query.h. Since 0.1.
 */
#ifndef WD_READER_H
#define WD_READER_H

#include "proto/wire.h"
#include "query.h"

/* A request on its way to a reader; the reader owns it and frees it. */
typedef struct wd_question wd_question_t;
struct wd_question {
    wp_parts_t parts;    /* the message as it came, routing id first */
    wd_question_t *next; /* the front's: behind it in its peer's queue */
};

/* NULL: no memory. Takes over what `parts` holds and leaves it empty. */
wd_question_t *wd_question_new(wp_parts_t *parts);
void wd_question_destroy(wd_question_t **self_p);

typedef struct {
    wd_query_args_t *query;
    char address[64];  /* inproc, bound by the query actor: a PAIR */
    char failure[256]; /* out */
} wd_reader_args_t;

/* zactor. Receives a pointer to a wd_question_t on its PAIR and sends the answer there as frames,
 * the routing id first. An empty message asks it to bring the sizes in the metrics up to date. */
void wd_reader_actor(zsock_t *pipe, void *args);

#endif
