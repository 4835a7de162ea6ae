/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages to and from ZeroMQ sockets, frame by frame on zmq_msg_t.
 *
 * A socket belongs to one thread, and so do the parts read from it.
 */
#ifndef WP_WIRE_H
#define WP_WIRE_H

#include "message.h"

#include <zmq.h>

/* The frames of one message as they were received. The array is kept from message to message. */
typedef struct {
    wp_frame_t *frames; /* `count` of them, pointing into `parts` */
    zmq_msg_t *parts;
    size_t count;
    size_t capacity;
    bool overflow; /* the message had more frames than asked for; the others are dropped */
} wp_parts_t;

#define WP_PARTS_INIT                                                                              \
    {                                                                                              \
        NULL, NULL, 0, 0, false                                                                    \
    }

/* Receives one whole message, at most `max` frames of it, in the place of what the parts held. 0,
   or -1 with errno as zmq_msg_recv sets it (EAGAIN with ZMQ_DONTWAIT and nothing there), or ENOMEM.
 */
int wp_parts_recv(wp_parts_t *self, void *socket, size_t max, int flags);
void wp_parts_clear(wp_parts_t *self);
void wp_parts_free(wp_parts_t *self);

/* A frame to send. Without `free` it is copied; with it, `data` is handed over and freed by
   free (data, hint), in another thread perhaps, also when sending fails. */
typedef struct {
    const void *data;
    size_t size;
    zmq_free_fn *free;
    void *hint;
} wp_out_t;

/* Sends frames as one message. 0, or -1 with errno: EAGAIN or EHOSTUNREACH mean that nothing was
 * sent. */
int wp_send_frames(void *socket, const wp_out_t *frames, size_t count, int flags);

/* Encodes and sends a message with its `rest`, everything copied. `peer` is the routing id for a
   ROUTER, else NULL. `packet` is scratch memory to keep. 0, or -1 with errno. */
int wp_send_message(void *socket, const wp_frame_t *peer, const wp_message_t *message,
                    wp_packet_t *packet, int flags);

#endif
