/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Questions to the query endpoint, one at a time. A question that is not answered in time is asked
 * again on a new socket: all of them can be repeated.
 */
#ifndef WC_RPC_H
#define WC_RPC_H

#include "link.h"

typedef struct {
    wc_link_t link;
    uint64_t request;    /* the number of the question that is open, or of the last one */
    bool open;           /* an answer is awaited */
    int64_t again;       /* when to ask again */
    wp_message_t asked;  /* the question; its strings are the caller's */
    wp_message_t answer; /* the last answer; points into link.parts */
} wc_rpc_t;

int wc_rpc_open(wc_rpc_t *self, void *context, const char *endpoint, winnow_client_error_t *err);
void wc_rpc_close(wc_rpc_t *self);

/* Asks. The strings of `question` must live until the answer is there. */
int wc_rpc_ask(wc_rpc_t *self, const wp_message_t *question, winnow_client_error_t *err);

/* Takes what has come and asks again if it is time. 1: self->answer is there (REFUSED too), good
 * until the next call; 0: not yet; else a negative code. */
int wc_rpc_poll(wc_rpc_t *self, winnow_client_error_t *err);

/* Asks and waits `patience_ms` (-1: for ever). 0 with self->answer of the type that was asked for,
 * or a negative code. A refusal that says to try again is tried again. */
int wc_rpc_call(wc_rpc_t *self, const wp_message_t *question, int patience_ms, int cancel_fd,
                winnow_client_error_t *err);

#endif
