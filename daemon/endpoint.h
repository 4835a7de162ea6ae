/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The daemon's listening sockets: made, limited and bound in one place, with raw calls that can
 * fail (czmq's setters assert). What is set on all of them: frames of at most `max_frame` bytes, a
 * handshake of at most three seconds, heartbeats of ZMTP, a bounded queue a peer. Since 0.1.
 */
#ifndef WD_ENDPOINT_H
#define WD_ENDPOINT_H

#include <stddef.h>
#include <stdint.h>

#include <czmq.h>

#include "config.h"

typedef struct {
    int type;          /* ZMQ_ROUTER, ZMQ_XPUB */
    int64_t max_frame; /* bytes of a frame from outside */
    int receive;       /* messages that may wait from a peer */
    int send;          /* messages that may wait for a peer */
    int linger_ms;     /* how long what was sent may take after the close */
} wd_endpoint_t;

/* A socket bound to `address`, in czmq's context; ret_bound gets the address with the port that was
 * found for `*`. NULL: `message` says what failed, for a person. Close it with zmq_close. */
void *wd_endpoint_bind(const wd_endpoint_t *self, const char *address,
                       char ret_bound[WD_ENDPOINT_MAX], char *message, size_t size);

/* A socket of `type` connected to an inproc address, without a bound of its own. NULL with errno.
 */
void *wd_endpoint_inner(int type, const char *address);

/* Destroys the parcels (actors.h) that still lie in the socket, closes it and sets it to NULL. An
 * actor that stops before the writer leaves its socket open for whoever stops the writer: what the
 * writer sent meanwhile would be lost memory else. Nothing happens with NULL. */
void wd_parcels_close(void **socket_p);

/* zactor_new and zactor_destroy, with what ThreadSanitizer must know: that `args` went over to the
 * actor and came back (handover.h). The actor's side is wd_actor_ready, which also signals, and
 * wd_actor_end, its last call. */
zactor_t *wd_actor_new(zactor_fn *run, void *args);
void wd_actor_destroy(zactor_t **self_p, void *args);
void wd_actor_ready(zsock_t *pipe, void *args, bool started);
void wd_actor_end(void *args);

#endif
