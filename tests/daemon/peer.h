/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A client of the daemon for tests: a DEALER that speaks the messages of PROTOCOL.md one by one. It
 * waits for an answer as long as a test may run at most (WAIT_MS) and fails the test then.
 */
#ifndef TEST_PEER_H
#define TEST_PEER_H

#include <stdbool.h>

#include "proto/message.h"
#include "proto/wire.h"

#define WAIT_MS 60000

typedef struct {
    void *socket;
    wp_at_t at;
    wp_parts_t parts;    /* of the answer in hand */
    wp_message_t answer; /* the answer in hand */
    wp_packet_t packet;
    uint64_t request; /* the last number used */
} peer_t;

/* Connects; `at` is WP_AT_INTAKE_CLIENT or WP_AT_QUERY_CLIENT. */
void peer_open(peer_t *self, const char *endpoint, wp_at_t at);
void peer_close(peer_t *self);

/* Sends a message and gives its request number. */
uint64_t peer_send(peer_t *self, wp_message_t *message);
uint64_t peer_send_push(peer_t *self, const char *id, const char *text, const char *answer);
uint64_t peer_send_name(peer_t *self, wp_type_t type, const char *id);
uint64_t peer_send_bare(peer_t *self, wp_type_t type);
/* Sends frames as they are. */
void peer_send_raw(peer_t *self, const wp_out_t *frames, size_t count);

/* Waits for the next message. */
const wp_message_t *peer_next(peer_t *self);
/* The next, which must be of this type and answer this request. */
const wp_message_t *peer_expect(peer_t *self, wp_type_t type, uint64_t request);
/* The next, which must be REFUSED with this code. */
const wp_message_t *peer_refused(peer_t *self, const char *code, uint64_t request);
/* HELLO, and the WELCOME that came. */
const wp_message_t *peer_hello(peer_t *self);

#endif
