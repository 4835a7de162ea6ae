/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the three objects of the library share: options made complete, one socket with its scratch
 * memory, waiting that can be cancelled, and errors.
 */
#ifndef WC_LINK_H
#define WC_LINK_H

#include <winnow/client.h>

#include "proto/message.h"
#include "proto/wire.h"

#define WC_ENDPOINT_MAX 512

/* Options with every default filled in. */
typedef struct {
    char intake[WC_ENDPOINT_MAX];
    char events[WC_ENDPOINT_MAX];
    char query[WC_ENDPOINT_MAX];
    char name[WP_CLIENT_MAX + 1];
    int connect_ms, patience_ms; /* -1: for ever */
    int cancel_fd;               /* 0: none */
    size_t window, window_bytes;
} wc_options_t;

/* Fills `ret_options` from `options`, which may be NULL. 0 or a negative code. */
int wc_options(const winnow_client_options_t *options, wc_options_t *ret_options,
               winnow_client_error_t *err);

/* A socket that can be made anew, and memory for what goes through it. */
typedef struct {
    void *context;
    void *socket;
    int type;                       /* ZMQ_DEALER or ZMQ_SUB */
    char endpoint[WC_ENDPOINT_MAX]; /* what it connects to */
    const char *const *topics;      /* of a SUB: what to subscribe to, ending with NULL */
    wp_packet_t packet;
    wp_parts_t parts;
} wc_link_t;

/* Opens a socket that connects. `topics` must live as long. 0 or a negative code. */
int wc_link_open(wc_link_t *self, void *context, int type, const char *endpoint,
                 const char *const *topics, winnow_client_error_t *err);

/* Closes the socket and opens a new one: what was under way is forgotten. */
int wc_link_reopen(wc_link_t *self, winnow_client_error_t *err);
void wc_link_close(wc_link_t *self);

/* Milliseconds of a clock that only goes forward. */
int64_t wc_now(void);

/* The earlier of two times, -1 standing for never. */
int64_t wc_earlier(int64_t one, int64_t other);

/* Waits until one of the links (NULLs are passed over) has a message, until `until` (-1: for ever),
 * or until `cancel_fd`. 0: a message or the time; WINNOW_CLIENT_CANCELLED. */
int wc_wait(wc_link_t *one, wc_link_t *other, int cancel_fd, int64_t until);

/* Fills an error, which may be NULL; gives its code back. */
int wc_fail(winnow_client_error_t *err, winnow_client_code_t code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same from a REFUSED. */
int wc_refused(winnow_client_error_t *err, const wp_refused_t *refused);

/* The usual words for a daemon that does not answer. */
int wc_unreachable(winnow_client_error_t *err, const char *endpoint);

/* NULL or a string as a field of a message. */
wp_str_t wc_str(const char *string);

#endif
