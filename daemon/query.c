/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The front: takes requests in, lets peers take turns, hands one at a time to each reader, and
 * passes answers on frame by frame. A peer stands in the ring while it has a request that waits or
 * is in work; nothing is kept about it otherwise.
 */
#include "query.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "endpoint.h"
#include "handover.h"
#include "log.h"
#include "proto/message.h"
#include "proto/wire.h"
#include "reader.h"

#define S_PARTS         (WP_REQUEST_PARTS + 2)
#define S_TURN_MESSAGES 256
#define S_SIZES_MS      10000

typedef struct s_peer s_peer_t;
struct s_peer {
    uint8_t id[256];
    size_t id_size;
    wd_question_t *head, *tail; /* what waits */
    size_t count;
    bool busy;      /* one of its requests is with a reader */
    s_peer_t *next; /* in the ring, in the order of turns */
};

typedef struct {
    wd_reader_args_t args;
    zactor_t *actor;
    void *socket;   /* PAIR */
    s_peer_t *peer; /* whose request it has; NULL: none */
    bool replay;    /* that request is a REPLAY */
} s_slot_t;

typedef struct {
    wd_query_args_t *args;
    wd_metrics_t *metrics;
    zsock_t *pipe;
    void *router;
    s_slot_t slot[WD_QUERY_READERS];
    s_peer_t *first, *last; /* the ring */
    size_t waiting;
    int replays; /* in work */
    wp_parts_t parts;
    wp_packet_t packet;
    wd_log_limit_t limit;
    int64_t sizes_ms;
    bool ended;
} s_front_t;

/* ---- the ring ---- */

static s_peer_t *s_peer_find(s_front_t *self, const wp_frame_t *id)
{
    s_peer_t *peer = self->first;
    while (peer && (peer->id_size != id->size || memcmp(peer->id, id->data, id->size) != 0))
        peer = peer->next;
    return peer;
}

static void s_peer_append(s_front_t *self, s_peer_t *peer)
{
    peer->next = NULL;
    if (self->last)
        self->last->next = peer;
    else
        self->first = peer;
    self->last = peer;
}

static void s_peer_unlink(s_front_t *self, s_peer_t *peer)
{
    s_peer_t *before = NULL;
    for (s_peer_t *p = self->first; p != peer; p = p->next)
        before = p;
    if (before)
        before->next = peer->next;
    else
        self->first = peer->next;
    if (self->last == peer)
        self->last = before;
}

static s_peer_t *s_peer_new(s_front_t *self, const wp_frame_t *id)
{
    s_peer_t *peer = id->size <= sizeof peer->id ? calloc(1, sizeof *peer) : NULL;
    if (!peer)
        return NULL;
    memcpy(peer->id, id->data, id->size);
    peer->id_size = id->size;
    s_peer_append(self, peer);
    return peer;
}

static bool s_is_replay(const wd_question_t *question)
{
    const wp_parts_t *parts = &question->parts;
    return parts->count > 1 && parts->frames[1].size == 4 &&
           ((const uint8_t *)parts->frames[1].data)[3] == WP_REPLAY;
}

static void s_hand_out(s_front_t *self, s_slot_t *slot, s_peer_t *peer)
{
    wd_question_t *question = peer->head;
    peer->head = question->next;
    if (!peer->head)
        peer->tail = NULL;
    peer->count--;
    self->waiting--;
    peer->busy = true;
    slot->peer = peer;
    slot->replay = s_is_replay(question);
    self->replays += slot->replay;
    /* To the end of the ring: it has had its turn. */
    s_peer_unlink(self, peer);
    s_peer_append(self, peer);
    wd_handover_give(question);
    zmq_send(slot->socket, &question, sizeof question, 0);
}

/* Gives idle readers work. The last idle reader takes no replay. */
static void s_dispatch(s_front_t *self)
{
    for (int i = 0; i < WD_QUERY_READERS; i++) {
        s_slot_t *slot = &self->slot[i];
        if (slot->peer)
            continue;
        for (s_peer_t *peer = self->first; peer; peer = peer->next) {
            if (peer->busy || !peer->head)
                continue;
            if (s_is_replay(peer->head) && self->replays >= WD_QUERY_READERS - 1)
                continue;
            s_hand_out(self, slot, peer);
            break;
        }
    }
    wd_gauge_set(self->metrics, WD_G_QUERY_QUEUE, (int64_t)self->waiting);
}

/* ---- requests ---- */

static void s_send(s_front_t *self, const wp_frame_t *peer, const wp_message_t *message)
{
    if (wp_send_message(self->router, peer, message, &self->packet, ZMQ_DONTWAIT) != 0)
        wd_count(self->metrics, WD_C_ANSWERS_DROPPED, 1);
}

static void s_refuse(s_front_t *self, const wp_frame_t *peer, uint64_t request,
                     const wp_error_t *err)
{
    wp_message_t answer;
    uint64_t suppressed;
    wd_count_refused(self->metrics, 1, (unsigned)err->code);
    if (wd_log_allow(&self->limit, &suppressed)) {
        const char *from =
            self->parts.count > 1 ? zmq_msg_gets(&self->parts.parts[1], "Peer-Address") : NULL;
        wd_log(WD_WARNING, "refused", "endpoint=%s code=%s peer=%s why=%s suppressed=%llu", "query",
               wp_code_name(err->code), from ? from : "-", err->message,
               (unsigned long long)suppressed);
    } else {
        wd_count(self->metrics, WD_C_LOG_SUPPRESSED, 1);
    }
    wp_refused_from(err, request, &answer);
    answer.body.refused.retry_after = 100;
    s_send(self, peer, &answer);
}

static void s_queue(s_front_t *self, const wp_frame_t *id)
{
    wp_error_t err;
    s_peer_t *peer = s_peer_find(self, id);
    wd_question_t *question = NULL;
    uint64_t request = self->parts.count > 2 && self->parts.frames[2].size == 8
                           ? wp_get_u64(self->parts.frames[2].data)
                           : 0;
    if (self->waiting >= WD_QUERY_ALL || (peer && peer->count >= WD_QUERY_PEER)) {
        wp_fail(&err, WP_OVERLOADED, NULL, "%zu requests wait already",
                peer ? peer->count : self->waiting);
        s_refuse(self, id, request, &err);
        return;
    }
    if (!peer)
        peer = s_peer_new(self, id);
    if (peer)
        question = wd_question_new(&self->parts);
    if (!question) {
        wp_fail(&err, WP_INTERNAL, NULL, "the daemon has no memory left");
        s_refuse(self, id, request, &err);
        return;
    }
    if (peer->tail)
        peer->tail->next = question;
    else
        peer->head = question;
    peer->tail = question;
    peer->count++;
    self->waiting++;
}

/* PING is answered here, without a reader: it asks whether the daemon lives. */
static bool s_ping(s_front_t *self, const wp_frame_t *peer)
{
    wp_message_t message, answer;
    const wp_frame_t *head = &self->parts.frames[1];
    if (self->parts.count != 3 || head->size != 4 || ((const uint8_t *)head->data)[3] != WP_PING)
        return false;
    bool good = wp_message_decode(WP_AT_QUERY, head, self->parts.count - 1, &message, NULL) == 0;
    if (good) {
        wp_message_init(&answer, WP_PONG, message.request);
        answer.body.pong.epoch = (wp_str_t){self->args->epoch, strlen(self->args->epoch)};
        answer.body.pong.instance = (wp_str_t){self->args->instance, strlen(self->args->instance)};
        answer.body.pong.last =
            atomic_load_explicit(&self->args->writer->last, memory_order_relaxed);
        answer.body.pong.session = false;
        s_send(self, peer, &answer);
    }
    wp_message_clear(&message);
    return good;
}

static void s_from_outside(s_front_t *self)
{
    for (int i = 0; i < S_TURN_MESSAGES; i++) {
        if (wp_parts_recv(&self->parts, self->router, S_PARTS, ZMQ_DONTWAIT) != 0) {
            if (errno == ENOMEM || errno == EINTR)
                continue;
            break;
        }
        wd_count(self->metrics, WD_C_QUERIES, 1);
        wp_frame_t peer = self->parts.frames[0];
        if (!s_ping(self, &peer))
            s_queue(self, &peer);
    }
    wp_parts_clear(&self->parts);
}

/* ---- answers ---- */

/* Passes one answer on. The first frame says to whom; when that one cannot take it, it is dropped.
 */
static bool s_forward(s_front_t *self, void *from)
{
    zmq_msg_t part;
    bool first = true, dropped = false, more = true;
    zmq_msg_init(&part);
    while (more) {
        if (zmq_msg_recv(&part, from, first ? ZMQ_DONTWAIT : 0) < 0) {
            if (errno == EINTR)
                continue;
            zmq_msg_close(&part);
            return false;
        }
        more = zmq_msg_more(&part);
        dropped = dropped || (first && !more); /* the empty answer */
        if (!dropped &&
            zmq_msg_send(&part, self->router, ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0)) < 0) {
            dropped = true;
            wd_count(self->metrics, WD_C_ANSWERS_DROPPED, 1);
        }
        first = false;
    }
    zmq_msg_close(&part);
    return true;
}

static void s_from_reader(s_front_t *self, s_slot_t *slot)
{
    if (!s_forward(self, slot->socket) || !slot->peer)
        return;
    s_peer_t *peer = slot->peer;
    self->replays -= slot->replay;
    slot->peer = NULL;
    slot->replay = false;
    peer->busy = false;
    if (!peer->head) {
        s_peer_unlink(self, peer);
        free(peer);
    }
}

/* ---- life ---- */

static bool s_start_reader(s_front_t *self, int i)
{
    s_slot_t *slot = &self->slot[i];
    int zero = 0;
    slot->args.query = self->args;
    snprintf(slot->args.address, sizeof slot->args.address, "inproc://query-reader-%d", i);
    slot->socket = zmq_socket(zsys_init(), ZMQ_PAIR);
    if (!slot->socket || zmq_setsockopt(slot->socket, ZMQ_SNDHWM, &zero, sizeof zero) != 0 ||
        zmq_setsockopt(slot->socket, ZMQ_RCVHWM, &zero, sizeof zero) != 0 ||
        zmq_setsockopt(slot->socket, ZMQ_LINGER, &zero, sizeof zero) != 0 ||
        zmq_bind(slot->socket, slot->args.address) != 0) {
        snprintf(self->args->failure, sizeof self->args->failure, "query: %s", zmq_strerror(errno));
        return false;
    }
    slot->actor = wd_actor_new(wd_reader_actor, &slot->args);
    if (!slot->actor || slot->args.failure[0]) {
        snprintf(self->args->failure, sizeof self->args->failure, "%s",
                 slot->actor ? slot->args.failure : "query: no thread for a reader");
        return false;
    }
    return true;
}

static bool s_start(s_front_t *self)
{
    static const wd_endpoint_t limits = {.type = ZMQ_ROUTER,
                                         .max_frame = 65536,
                                         .receive = 256,
                                         .send = WD_PAGES_WAITING,
                                         .linger_ms = 500};
    for (int i = 0; i < WD_QUERY_READERS; i++)
        if (!s_start_reader(self, i))
            return false;
    self->router = wd_endpoint_bind(&limits, self->args->config.query, self->args->bound,
                                    self->args->failure, sizeof self->args->failure);
    return self->router != NULL;
}

/* Now and then an idle reader brings the sizes of the store up to date in the metrics. */
static void s_ask_sizes(s_front_t *self)
{
    int64_t now = wd_now_ns() / 1000000;
    if (self->slot[0].peer || (self->sizes_ms && now - self->sizes_ms < S_SIZES_MS))
        return;
    self->sizes_ms = now;
    zmq_send(self->slot[0].socket, "", 0, 0);
}

static void s_loop(s_front_t *self)
{
    zmq_pollitem_t items[2 + WD_QUERY_READERS] = {{zsock_resolve(self->pipe), 0, ZMQ_POLLIN, 0},
                                                  {self->router, 0, ZMQ_POLLIN, 0}};
    for (int i = 0; i < WD_QUERY_READERS; i++)
        items[2 + i] = (zmq_pollitem_t){self->slot[i].socket, 0, ZMQ_POLLIN, 0};
    while (!self->ended) {
        s_ask_sizes(self);
        int rc = zmq_poll(items, 2 + WD_QUERY_READERS, 1000);
        wd_tick(self->metrics, WD_TICK_QUERY);
        if (rc < 0) {
            if (errno == EINTR)
                continue;
            break;
        }
        if (items[0].revents & ZMQ_POLLIN) {
            char *word = zstr_recv_nowait(self->pipe);
            self->ended = word && strcmp(word, "$TERM") == 0;
            freen(word);
        }
        for (int i = 0; i < WD_QUERY_READERS; i++)
            if (items[2 + i].revents & ZMQ_POLLIN)
                s_from_reader(self, &self->slot[i]);
        if (items[1].revents & ZMQ_POLLIN)
            s_from_outside(self);
        s_dispatch(self);
    }
}

void wd_query_actor(zsock_t *pipe, void *args)
{
    s_front_t self = {.args = args, .pipe = pipe};
    self.metrics = self.args->metrics;
    bool started = s_start(&self);
    wd_actor_ready(pipe, args, started);
    if (started)
        s_loop(&self);
    for (int i = 0; i < WD_QUERY_READERS; i++) {
        wd_actor_destroy(&self.slot[i].actor, &self.slot[i].args);
        if (started)
            s_from_reader(&self, &self.slot[i]); /* the answer that was in work */
        if (self.slot[i].socket)
            zmq_close(self.slot[i].socket);
    }
    if (self.router)
        zmq_close(self.router);
    for (s_peer_t *peer = self.first, *next; peer; peer = next) {
        next = peer->next;
        for (wd_question_t *q = peer->head, *behind; q; q = behind) {
            behind = q->next;
            wd_question_destroy(&q);
        }
        free(peer);
    }
    wp_parts_free(&self.parts);
    wp_packet_free(&self.packet);
    wd_actor_end(args);
}
