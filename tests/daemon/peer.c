/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "peer.h"

#include <czmq.h>
#include <string.h>

void peer_open(peer_t *self, const char *endpoint, wp_at_t at)
{
    int wait = WAIT_MS, zero = 0;
    *self = (peer_t){.at = at, .parts = WP_PARTS_INIT, .packet = WP_PACKET_INIT};
    self->socket = zmq_socket(zsys_init(), ZMQ_DEALER);
    assert_non_null(self->socket);
    zmq_setsockopt(self->socket, ZMQ_RCVTIMEO, &wait, sizeof wait);
    zmq_setsockopt(self->socket, ZMQ_SNDTIMEO, &wait, sizeof wait);
    zmq_setsockopt(self->socket, ZMQ_LINGER, &zero, sizeof zero);
    zmq_setsockopt(self->socket, ZMQ_RCVHWM, &zero, sizeof zero);
    assert_int_equal(zmq_connect(self->socket, endpoint), 0);
}

void peer_close(peer_t *self)
{
    wp_message_clear(&self->answer);
    wp_parts_free(&self->parts);
    wp_packet_free(&self->packet);
    zmq_close(self->socket);
}

uint64_t peer_send(peer_t *self, wp_message_t *message)
{
    message->request = ++self->request;
    assert_int_equal(wp_send_message(self->socket, NULL, message, &self->packet, 0), 0);
    return message->request;
}

static wp_str_t s_str(const char *text)
{
    return (wp_str_t){text, text ? strlen(text) : 0};
}

uint64_t peer_send_push(peer_t *self, const char *id, const char *text, const char *answer)
{
    wp_message_t message;
    wp_message_init(&message, WP_PUSH, 0);
    message.body.push.id = s_str(id);
    message.body.push.answer = s_str(answer);
    message.body.push.text = s_str(text);
    return peer_send(self, &message);
}

uint64_t peer_send_name(peer_t *self, wp_type_t type, const char *id)
{
    wp_message_t message;
    wp_message_init(&message, type, 0);
    if (type == WP_SHOW)
        message.body.show.id = s_str(id);
    else
        message.body.name.id = s_str(id);
    return peer_send(self, &message);
}

uint64_t peer_send_bare(peer_t *self, wp_type_t type)
{
    wp_message_t message;
    wp_message_init(&message, type, 0);
    return peer_send(self, &message);
}

void peer_send_raw(peer_t *self, const wp_out_t *frames, size_t count)
{
    assert_int_equal(wp_send_frames(self->socket, frames, count, 0), 0);
}

const wp_message_t *peer_next(peer_t *self)
{
    wp_error_t err = {.message = ""};
    wp_message_clear(&self->answer);
    if (wp_parts_recv(&self->parts, self->socket, WP_ANSWER_PARTS, 0) != 0)
        fail_msg("no answer: %s", zmq_strerror(errno));
    if (wp_message_decode(self->at, self->parts.frames, self->parts.count, &self->answer, &err))
        fail_msg("bad answer: %s", err.message);
    return &self->answer;
}

const wp_message_t *peer_expect(peer_t *self, wp_type_t type, uint64_t request)
{
    const wp_message_t *answer = peer_next(self);
    if (answer->type != type)
        fail_msg("%s, not %s: %s", wp_type_name(answer->type), wp_type_name(type),
                 answer->type == WP_REFUSED ? answer->body.refused.message.data : "");
    assert_int_equal(answer->request, request);
    return answer;
}

const wp_message_t *peer_refused(peer_t *self, const char *code, uint64_t request)
{
    const wp_message_t *answer = peer_expect(self, WP_REFUSED, request);
    assert_string_equal(answer->body.refused.code.data, code);
    return answer;
}

const wp_message_t *peer_hello(peer_t *self)
{
    wp_message_t message;
    wp_message_init(&message, WP_HELLO, 0);
    message.body.hello.client = s_str("test 1");
    return peer_expect(self, WP_WELCOME, peer_send(self, &message));
}
