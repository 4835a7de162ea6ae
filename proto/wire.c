/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ZeroMQ takes or gives a message as a whole: once the first frame went through the others follow
 * without waiting. So only the first can say EAGAIN or EHOSTUNREACH.
 */
#include "wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int s_grow(wp_parts_t *self, size_t max)
{
    size_t capacity = self->capacity ? self->capacity * 4 : 8;

    if (capacity > max)
        capacity = max;
    zmq_msg_t *parts = malloc(capacity * sizeof *parts);
    wp_frame_t *frames = realloc(self->frames, capacity * sizeof *frames);
    if (frames)
        self->frames = frames;
    if (!parts || !frames) {
        free(parts);
        errno = ENOMEM;
        return -1;
    }
    /* a zmq_msg_t must be moved, not copied */
    for (size_t i = 0; i < self->count; i++) {
        zmq_msg_init(&parts[i]);
        zmq_msg_move(&parts[i], &self->parts[i]);
        zmq_msg_close(&self->parts[i]);
        frames[i].data = zmq_msg_data(&parts[i]);
    }
    free(self->parts);
    self->parts = parts;
    self->capacity = capacity;
    return 0;
}

static int s_recv(void *socket, zmq_msg_t *part, int flags)
{
    int rc;
    do
        rc = zmq_msg_recv(part, socket, flags);
    while (rc < 0 && errno == EINTR && !(flags & ZMQ_DONTWAIT));
    return rc < 0 ? -1 : 0;
}

int wp_parts_recv(wp_parts_t *self, void *socket, size_t max, int flags)
{
    bool lost = false; /* no memory for frames: read on to the end of the message */

    wp_parts_clear(self);
    for (;;) {
        zmq_msg_t part;
        zmq_msg_init(&part);
        if (s_recv(socket, &part, flags) != 0) {
            int error = errno;
            zmq_msg_close(&part);
            wp_parts_clear(self);
            errno = error;
            return -1;
        }
        flags = 0;
        int more = zmq_msg_more(&part);
        if (self->count == self->capacity && self->count < max && s_grow(self, max) != 0)
            lost = true;
        if (self->count < self->capacity && self->count < max && !lost) {
            zmq_msg_t *slot = &self->parts[self->count];
            zmq_msg_init(slot);
            zmq_msg_move(slot, &part);
            self->frames[self->count++] = (wp_frame_t){zmq_msg_data(slot), zmq_msg_size(slot)};
        } else {
            self->overflow = true;
        }
        zmq_msg_close(&part);
        if (!more)
            break;
    }
    if (lost) {
        wp_parts_clear(self);
        errno = ENOMEM;
        return -1;
    }
    return 0;
}

void wp_parts_clear(wp_parts_t *self)
{
    for (size_t i = 0; i < self->count; i++)
        zmq_msg_close(&self->parts[i]);
    self->count = 0;
    self->overflow = false;
}

void wp_parts_free(wp_parts_t *self)
{
    wp_parts_clear(self);
    free(self->parts);
    free(self->frames);
    *self = (wp_parts_t)WP_PARTS_INIT;
}

static void s_drop(const wp_out_t *frames, size_t from, size_t count)
{
    for (size_t i = from; i < count; i++) {
        if (frames[i].free) {
            union {
                const void *in;
                void *out;
            } data = {frames[i].data};
            frames[i].free(data.out, frames[i].hint);
        }
    }
}

static int s_out(zmq_msg_t *part, const wp_out_t *frame)
{
    if (frame->free) {
        union {
            const void *in;
            void *out;
        } data = {frame->data};
        if (zmq_msg_init_data(part, data.out, frame->size, frame->free, frame->hint) == 0)
            return 0;
        frame->free(data.out, frame->hint);
        return -1;
    }
    if (zmq_msg_init_size(part, frame->size) != 0)
        return -1;
    if (frame->size > 0)
        memcpy(zmq_msg_data(part), frame->data, frame->size);
    return 0;
}

int wp_send_frames(void *socket, const wp_out_t *frames, size_t count, int flags)
{
    for (size_t i = 0; i < count; i++) {
        zmq_msg_t part;
        int rc = s_out(&part, &frames[i]);
        if (rc == 0) {
            do
                rc = zmq_msg_send(&part, socket, flags | (i + 1 < count ? ZMQ_SNDMORE : 0));
            while (rc < 0 && errno == EINTR);
            if (rc < 0) {
                int error = errno;
                zmq_msg_close(&part);
                errno = error;
            }
        }
        if (rc < 0) {
            int error = errno;
            s_drop(frames, i + 1, count);
            errno = error;
            return -1;
        }
    }
    return 0;
}

int wp_send_message(void *socket, const wp_frame_t *peer, const wp_message_t *message,
                    wp_packet_t *packet, int flags)
{
    wp_out_t few[WP_REQUEST_PARTS + 1 + 3];
    wp_out_t *out = few;
    size_t count = 0;

    if (wp_message_encode(message, packet) != 0) {
        errno = ENOMEM;
        return -1;
    }
    size_t total = packet->count + message->rest_count + (peer ? 1 : 0);
    if (total > sizeof few / sizeof few[0]) {
        out = malloc(total * sizeof *out);
        if (!out) {
            errno = ENOMEM;
            return -1;
        }
    }
    if (peer)
        out[count++] = (wp_out_t){peer->data, peer->size, NULL, NULL};
    for (size_t i = 0; i < packet->count; i++)
        out[count++] = (wp_out_t){packet->frames[i].data, packet->frames[i].size, NULL, NULL};
    for (size_t i = 0; i < message->rest_count; i++)
        out[count++] = (wp_out_t){message->rest[i].data, message->rest[i].size, NULL, NULL};
    int rc = wp_send_frames(socket, out, count, flags);
    int error = errno;
    if (out != few)
        free(out);
    errno = error;
    return rc;
}
