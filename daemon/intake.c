/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One turn of the loop: commands, then what the writer has sent, then messages from outside, which
 * fill batches. A batch goes off at the end of the turn, or when it is large. So group commit
 * comes about by itself: while the writer commits, the next batch gathers.
 */
#include "intake.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "endpoint.h"
#include "log.h"
#include "proto/message.h"
#include "proto/wire.h"
#include "session.h"

#define S_TURN_MESSAGES 64         /* messages read in a turn: answers wait for its end */
#define S_TURN_BYTES    (4u << 20) /* or bytes */
#define S_BATCH         32         /* requests of a batch: the writer need not wait for the rest */
#define S_IDLE_MS       60000      /* a session that is silent for so long is looked after */
#define S_PARTS         (WP_REQUEST_PARTS + 2) /* routing id, message, and one that is too many */

/* wd_request_t.flags: bit 0, a STORED answer is wanted; above, when the push was read, in units of
 * 16 microseconds, wrapping. */
#define S_WANTS_STORED 1u

typedef struct {
    wd_intake_args_t *args;
    wd_config_t config;
    wd_metrics_t *metrics;
    zsock_t *pipe;
    void *router, *writer;
    wd_book_t *book;
    wd_batch_t *batch;    /* being filled; NULL: none */
    size_t under_way;     /* batches at the writer */
    uint64_t bytes;       /* of texts unanswered, all sessions */
    wp_parts_t parts;     /* the message in hand */
    wp_packet_t packet;   /* the answer in hand */
    wd_log_limit_t limit; /* of lines about peers */
    int64_t now_ms;       /* at the start of this turn */
    int64_t swept_ms;     /* when sessions were last looked after */
    bool draining, full, crowded;
    bool ended; /* $TERM came */
} s_intake_t;

/* ---- answers ---- */

static void s_drop_session(s_intake_t *self, const wp_frame_t *peer, const char *why)
{
    uint64_t suppressed;
    wd_session_t *session = wd_book_find_peer(self->book, peer->data, peer->size);
    if (!session)
        return;
    if (wd_log_allow(&self->limit, &suppressed))
        wd_log(WD_INFO, "session closed", "session=%llu why=%s suppressed=%llu",
               (unsigned long long)session->number, why, (unsigned long long)suppressed);
    else
        wd_count(self->metrics, WD_C_LOG_SUPPRESSED, 1);
    wd_book_close(self->book, session);
    wd_count(self->metrics, WD_C_SESSIONS_EXPIRED, 1);
    wd_gauge_set(self->metrics, WD_G_SESSIONS, (int64_t)wd_book_sessions(self->book));
}

/* Sends to a peer; when it cannot be reached or does not read, its session is closed: pointers to
 * it are void after this. */
static bool s_send(s_intake_t *self, const wp_frame_t *peer, const wp_message_t *message)
{
    if (wp_send_message(self->router, peer, message, &self->packet, ZMQ_DONTWAIT) == 0)
        return true;
    int error = errno;
    wd_count(self->metrics, WD_C_ANSWERS_DROPPED, 1);
    s_drop_session(self, peer, error == EAGAIN ? "it does not read its answers" : "it is gone");
    return false;
}

static bool s_send_session(s_intake_t *self, const wd_session_t *session,
                           const wp_message_t *message)
{
    uint8_t id[WD_ROUTING_MAX];
    wp_frame_t peer = {id, session->peer_size};
    memcpy(id, session->peer, session->peer_size);
    return s_send(self, &peer, message);
}

static void s_refuse(s_intake_t *self, const wp_frame_t *peer, const wp_message_t *about,
                     const wp_error_t *err, uint64_t retry_after)
{
    wp_message_t answer;
    uint64_t suppressed;
    wd_count_refused(self->metrics, 0, (unsigned)err->code);
    /* That the disk is full, or that we stop, is in the log already. */
    if (err->code != WP_DISK_FULL && err->code != WP_DRAINING) {
        if (wd_log_allow(&self->limit, &suppressed)) {
            const char *from =
                self->parts.count > 1 ? zmq_msg_gets(&self->parts.parts[1], "Peer-Address") : NULL;
            wd_log(WD_WARNING, "refused",
                   "endpoint=%s code=%s type=%s peer=%s why=%s suppressed=%llu", "intake",
                   wp_code_name(err->code), wp_type_name(about->type), from ? from : "-",
                   err->message, (unsigned long long)suppressed);
        } else {
            wd_count(self->metrics, WD_C_LOG_SUPPRESSED, 1);
        }
    }
    wp_refused_from(err, about->request, &answer);
    if (retry_after)
        answer.body.refused.retry_after = retry_after;
    s_send(self, peer, &answer);
}

static wp_str_t s_str(const char *text)
{
    return (wp_str_t){text, text ? strlen(text) : 0};
}

static void s_answer_accepted(s_intake_t *self, const wd_session_t *session, uint64_t request,
                              const char *id, const wd_outcome_t *outcome)
{
    wp_message_t answer;
    wp_message_init(&answer, WP_ACCEPTED, request);
    answer.body.accepted.id = s_str(id);
    answer.body.accepted.revision = outcome->revision;
    answer.body.accepted.duplicate = outcome->duplicate;
    answer.body.accepted.state = s_str(wd_state_name(outcome->state));
    s_send_session(self, session, &answer);
}

static void s_answer_stored(s_intake_t *self, const wd_session_t *session, uint64_t request,
                            const char *id, bool duplicate, const wd_outcome_t *outcome)
{
    wp_message_t answer;
    wp_message_init(&answer, WP_STORED, request);
    answer.body.stored.id = s_str(id);
    answer.body.stored.revision = outcome->revision;
    answer.body.stored.duplicate = duplicate;
    answer.body.stored.state = s_str(wd_state_name(outcome->state));
    answer.body.stored.facts = outcome->facts;
    answer.body.stored.first = outcome->first;
    answer.body.stored.last = outcome->last;
    if (outcome->state == WD_FAILED)
        answer.body.stored.reason = s_str(outcome->reason ? outcome->reason : "");
    s_send_session(self, session, &answer);
}

/* ---- credit ---- */

static wd_window_t s_window(const s_intake_t *self)
{
    if (self->draining || self->full || self->crowded)
        return (wd_window_t){0, 0};
    return wd_window_share(&self->config, wd_book_sessions(self->book));
}

static void s_send_credit(s_intake_t *self, const wd_session_t *session)
{
    wp_message_t message;
    wp_message_init(&message, WP_CREDIT, 0);
    message.body.credit.messages = session->window.messages;
    message.body.credit.bytes = session->window.bytes;
    s_send_session(self, session, &message);
}

static void s_regrant_one(void *arg, wd_session_t *session)
{
    s_intake_t *self = arg;
    if (wd_session_grant(session, s_window(self), self->now_ms))
        s_send_credit(self, session);
}

static void s_regrant(s_intake_t *self)
{
    wd_book_each(self->book, s_regrant_one, self);
}

/* Too many articles wait for extraction: no credit until a tenth of them is done. */
static void s_look_at_backlog(s_intake_t *self)
{
    uint64_t most = (uint64_t)self->config.max_backlog;
    uint64_t backlog = atomic_load_explicit(&self->args->writer->backlog, memory_order_relaxed);
    bool crowded = self->crowded ? backlog > most - (most + 9) / 10 : backlog >= most;
    if (crowded == self->crowded)
        return;
    self->crowded = crowded;
    wd_log(WD_WARNING, crowded ? "backlog full" : "backlog has room", "articles=%llu limit=%llu",
           (unsigned long long)backlog, (unsigned long long)most);
    s_regrant(self);
}

/* ---- what the writer sends ---- */

static void s_refuse_result(s_intake_t *self, const wd_session_t *session,
                            const wd_request_t *request)
{
    wp_message_t about;
    wp_error_t err;
    uint64_t later = 0;
    uint8_t id[WD_ROUTING_MAX];
    wp_frame_t peer = {id, session->peer_size};
    memcpy(id, session->peer, session->peer_size);
    memset(&about, 0, sizeof about);
    about.type = request->verb == WD_PUSH      ? WP_PUSH
                 : request->verb == WD_RETRACT ? WP_RETRACT
                                               : WP_RETRY;
    about.request = request->request;
    const char *name = request->id ? request->id : "";
    switch (request->code) {
    case WD_E_FULL:
    case WD_E_IO:
        later = 1000;
        wp_fail(&err, WP_DISK_FULL, NULL, "the store cannot be written now; nothing was lost");
        break;
    case WD_E_NOT_FOUND:
        wp_fail(&err, WP_NOT_FOUND, "id", "there is no article \"%.80s\"", name);
        break;
    case WD_E_NOT_FAILED:
        wp_fail(&err, WP_NOT_FAILED, "id", "article \"%.80s\" has not failed", name);
        break;
    default:
        wp_fail(&err, WP_INTERNAL, NULL, "a fault of the daemon; it is in its log");
        break;
    }
    wp_parts_clear(&self->parts);
    s_refuse(self, &peer, &about, &err, later);
}

static void s_result(s_intake_t *self, wd_request_t *request)
{
    wd_session_t *session = wd_book_find_number(self->book, request->session);
    if (request->verb == WD_PUSH) {
        uint32_t read = request->flags >> 1, now = (uint32_t)(wd_now_ns() / 16000) & 0x7FFFFFFF;
        self->bytes -= request->bytes;
        wd_observe(self->metrics, WD_H_ACCEPT, (int64_t)((now - read) & 0x7FFFFFFF) * 16000);
    }
    if (session) {
        session->requests--;
        if (request->verb == WD_PUSH) {
            session->messages--;
            session->bytes -= request->bytes;
        }
    }
    if (!session) {
        wd_count(self->metrics, WD_C_ANSWERS_DROPPED, 1);
        return;
    }
    if (request->code != WD_OK) {
        s_refuse_result(self, session, request);
        return;
    }
    const wd_outcome_t *outcome = &request->outcome;
    const char *id = request->id ? request->id : "";
    if (request->verb == WD_RETRACT) {
        s_answer_stored(self, session, request->request, id, outcome->duplicate, outcome);
        return;
    }
    s_answer_accepted(self, session, request->request, id, outcome);
    if (!(request->flags & S_WANTS_STORED))
        return;
    session = wd_book_find_number(self->book, request->session);
    if (!session)
        return;
    if (outcome->state != WD_ACCEPTED) {
        s_answer_stored(self, session, request->request, id, outcome->duplicate, outcome);
        return;
    }
    wd_waiter_t waiter = {request->session, request->request, outcome->revision,
                          outcome->duplicate};
    if (!wd_book_wait(self->book, outcome->rev, waiter))
        s_drop_session(self, &(wp_frame_t){session->peer, session->peer_size},
                       "no memory for what it waits for");
}

static void s_end(s_intake_t *self, const wd_outcome_t *outcome)
{
    wd_waiter_t waiter;
    while (wd_book_take(self->book, outcome->rev, &waiter)) {
        wd_session_t *session = wd_book_find_number(self->book, waiter.session);
        if (session)
            s_answer_stored(self, session, waiter.request, outcome->id ? outcome->id : "",
                            waiter.duplicate, outcome);
        else
            wd_count(self->metrics, WD_C_ANSWERS_DROPPED, 1);
    }
}

static void s_ends(s_intake_t *self, wd_ends_t *ends)
{
    for (size_t i = 0; i < ends->count; i++)
        s_end(self, &ends->items[i]);
    if (ends->full != self->full) {
        self->full = ends->full;
        wd_log(ends->full ? WD_ERROR : WD_INFO, ends->full ? "disk full" : "disk has room",
               "intake=%s", ends->full ? "stopped" : "open");
        s_regrant(self);
    }
}

static void s_from_writer(s_intake_t *self)
{
    wd_parcel_t parcel;
    while (wd_parcel_recv(self->writer, &parcel, ZMQ_DONTWAIT) == 0) {
        if (parcel.kind == WD_PARCEL_BATCH) {
            wd_batch_t *batch = parcel.data;
            for (size_t i = 0; i < batch->count; i++)
                s_result(self, &batch->items[i]);
            wd_gauge_add(self->metrics, WD_G_INTAKE_MESSAGES, -(int64_t)batch->count);
            self->under_way--;
            wd_batch_destroy(&batch);
        } else if (parcel.kind == WD_PARCEL_ENDS) {
            wd_ends_t *ends = parcel.data;
            s_ends(self, ends);
            wd_ends_destroy(&ends);
        }
    }
}

/* ---- what clients send ---- */

static void s_flush(s_intake_t *self)
{
    if (!self->batch || self->batch->count == 0)
        return;
    size_t count = self->batch->count;
    if (wd_parcel_send(self->writer, WD_PARCEL_BATCH, self->batch, 0) != 0) {
        /* The writer is gone: the daemon is coming down, and the clients will send again. */
        wd_log(WD_ERROR, "writer gone", "error=%s", zmq_strerror(errno));
        wd_batch_destroy(&self->batch);
        return;
    }
    wd_gauge_add(self->metrics, WD_G_INTAKE_MESSAGES, (int64_t)count);
    self->batch = NULL;
    self->under_way++;
}

/* A place in the batch, with what all requests carry; NULL: no memory. */
static wd_request_t *s_request(s_intake_t *self, wd_session_t *session, wd_verb_t verb,
                               uint64_t request)
{
    if (!self->batch)
        self->batch = wd_batch_new(64);
    wd_request_t *place = self->batch ? wd_batch_add(self->batch) : NULL;
    if (!place)
        return NULL;
    place->verb = verb;
    place->session = session->number;
    place->request = request;
    session->requests++;
    return place;
}

static void s_sweep_one(void *arg, wd_session_t *session)
{
    s_intake_t *self = arg;
    int64_t idle = self->now_ms - session->seen_ms;
    bool crowd = wd_book_sessions(self->book) >= (size_t)self->config.max_sessions;
    if (idle < (crowd ? 5000 : S_IDLE_MS))
        return;
    /* Credit told again does no harm, and shows whether anybody is there. */
    session->seen_ms = self->now_ms;
    s_send_credit(self, session);
}

static void s_hello(s_intake_t *self, const wp_frame_t *peer, const wp_message_t *message)
{
    wp_error_t err;
    wp_message_t answer;
    char server[64];
    bool known = wd_book_find_peer(self->book, peer->data, peer->size) != NULL;
    if (self->draining) {
        wp_fail(&err, WP_DRAINING, NULL, "the daemon is about to stop");
        s_refuse(self, peer, message, &err, 1000);
        return;
    }
    if (!known && wd_book_sessions(self->book) >= (size_t)self->config.max_sessions &&
        self->now_ms - self->swept_ms >= 1000) {
        self->swept_ms = self->now_ms;
        wd_book_each(self->book, s_sweep_one, self);
    }
    wd_session_t *session = NULL;
    if (known || wd_book_sessions(self->book) < (size_t)self->config.max_sessions)
        session = wd_book_open(self->book, peer->data, peer->size, self->now_ms);
    if (!session) {
        wp_fail(&err, WP_OVERLOADED, NULL, "there are %zu sessions already",
                wd_book_sessions(self->book));
        s_refuse(self, peer, message, &err, 5000);
        return;
    }
    wd_session_grant(session, s_window(self), self->now_ms);
    session->grace_ms = 0;
    wd_count(self->metrics, WD_C_SESSIONS_OPENED, 1);
    wd_gauge_set(self->metrics, WD_G_SESSIONS, (int64_t)wd_book_sessions(self->book));
    wd_log(WD_INFO, "session opened", "session=%llu client=%s", (unsigned long long)session->number,
           message->body.hello.client.data);

    snprintf(server, sizeof server, "winnowd %s", WINNOW_VERSION);
    wp_message_init(&answer, WP_WELCOME, message->request);
    wp_welcome_t *welcome = &answer.body.welcome;
    welcome->server = s_str(server);
    welcome->versions = s_str("[1]");
    welcome->epoch = s_str(self->args->epoch);
    welcome->instance = s_str(self->args->instance);
    welcome->last = atomic_load_explicit(&self->args->writer->last, memory_order_relaxed);
    welcome->credit_messages = session->window.messages;
    welcome->credit_bytes = session->window.bytes;
    welcome->limit_text = WP_TEXT_MAX;
    welcome->limit_id = WP_ID_MAX;
    welcome->limit_source = WP_SOURCE_MAX;
    welcome->limit_url = WP_URL_MAX;
    welcome->limit_title = WP_TITLE_MAX;
    if (s_send(self, peer, &answer))
        s_regrant(self); /* one session more may make the shares smaller */
}

static void s_ping(s_intake_t *self, const wp_frame_t *peer, const wp_message_t *message)
{
    wp_message_t answer;
    wp_message_init(&answer, WP_PONG, message->request);
    answer.body.pong.epoch = s_str(self->args->epoch);
    answer.body.pong.instance = s_str(self->args->instance);
    answer.body.pong.session = wd_book_find_peer(self->book, peer->data, peer->size) != NULL;
    answer.body.pong.last = atomic_load_explicit(&self->args->writer->last, memory_order_relaxed);
    s_send(self, peer, &answer);
}

/* Why a request of a session cannot be taken, in `err`; 0: it can. */
static int s_admit(const s_intake_t *self, const wd_session_t *session, const wp_message_t *message,
                   uint64_t *ret_later, wp_error_t *err)
{
    *ret_later = 0;
    if (!session)
        return wp_fail(err, WP_NO_SESSION, NULL, "say HELLO first");
    *ret_later = 1000;
    if (self->draining)
        return wp_fail(err, WP_DRAINING, NULL, "the daemon is about to stop");
    if (self->full && message->type == WP_PUSH)
        return wp_fail(err, WP_DISK_FULL, NULL,
                       "the store cannot be written now; nothing was lost");
    *ret_later = 50;
    if (session->requests >= WD_REQUESTS_MAX)
        return wp_fail(err, WP_OVERLOADED, NULL, "%llu requests are unanswered",
                       (unsigned long long)session->requests);
    if (message->type != WP_PUSH)
        return 0;
    size_t bytes = message->body.push.bytes;
    if (!wd_session_fits(session, bytes, self->now_ms)) {
        *ret_later = 0;
        return wp_fail(err, WP_NO_CREDIT, NULL,
                       "%llu messages and %llu bytes are unanswered; the credit is %u and %llu",
                       (unsigned long long)session->messages, (unsigned long long)session->bytes,
                       session->window.messages, (unsigned long long)session->window.bytes);
    }
    if (self->bytes > 0 && self->bytes + bytes > (uint64_t)self->config.intake_memory)
        return wp_fail(err, WP_OVERLOADED, NULL, "all senders together have %llu bytes unanswered",
                       (unsigned long long)self->bytes);
    if (wd_book_waiters(self->book) + WD_REQUESTS_MAX >= WD_WAITERS_MAX)
        return wp_fail(err, WP_OVERLOADED, NULL, "%zu answers are awaited",
                       wd_book_waiters(self->book));
    return 0;
}

static void s_push(s_intake_t *self, const wp_frame_t *peer, wd_session_t *session,
                   const wp_message_t *message)
{
    const wp_push_t *push = &message->body.push;
    wp_error_t err;
    wd_request_t *place = NULL;
    wd_article_t *article =
        wd_article_new(push->id.data, push->source.data, push->url.data, push->title.data,
                       push->published.data, push->text.data, push->text.size);
    if (article)
        place = s_request(self, session, WD_PUSH, message->request);
    if (!place) {
        wd_article_destroy(&article);
        wp_fail(&err, WP_INTERNAL, NULL, "the daemon has no memory left");
        s_refuse(self, peer, message, &err, 1000);
        return;
    }
    bool stored = !push->answer.data || strcmp(push->answer.data, "stored") == 0;
    place->article = article;
    place->bytes = (uint32_t)push->bytes;
    place->flags = (uint32_t)(wd_now_ns() / 16000) << 1 | (stored ? S_WANTS_STORED : 0);
    session->messages++;
    session->bytes += push->bytes;
    self->bytes += push->bytes;
}

static void s_name(s_intake_t *self, const wp_frame_t *peer, wd_session_t *session,
                   const wp_message_t *message)
{
    wp_error_t err;
    wd_verb_t verb = message->type == WP_RETRACT ? WD_RETRACT : WD_RETRY;
    char *id = strdup(message->body.name.id.data);
    wd_request_t *place = id ? s_request(self, session, verb, message->request) : NULL;
    if (!place) {
        free(id);
        wp_fail(&err, WP_INTERNAL, NULL, "the daemon has no memory left");
        s_refuse(self, peer, message, &err, 1000);
        return;
    }
    place->id = id;
    place->flags = S_WANTS_STORED;
}

static void s_message(s_intake_t *self, const wp_frame_t *peer, const wp_message_t *message)
{
    wp_error_t err;
    uint64_t later;
    if (message->type == WP_HELLO) {
        s_hello(self, peer, message);
        return;
    }
    wd_session_t *session = wd_book_find_peer(self->book, peer->data, peer->size);
    if (session)
        session->seen_ms = self->now_ms;
    switch (message->type) {
    case WP_PING:
        s_ping(self, peer, message);
        break;
    case WP_BYE:
        if (session)
            wd_book_close(self->book, session);
        wd_gauge_set(self->metrics, WD_G_SESSIONS, (int64_t)wd_book_sessions(self->book));
        break;
    case WP_PUSH:
        if (s_admit(self, session, message, &later, &err) != 0)
            s_refuse(self, peer, message, &err, later);
        else
            s_push(self, peer, session, message);
        break;
    case WP_RETRACT:
    case WP_RETRY:
        if (s_admit(self, session, message, &later, &err) != 0)
            s_refuse(self, peer, message, &err, later);
        else
            s_name(self, peer, session, message);
        break;
    default: /* decoding lets no other type through */
        break;
    }
}

static size_t s_bytes(const wp_parts_t *parts)
{
    size_t bytes = 0;
    for (size_t i = 0; i < parts->count; i++)
        bytes += parts->frames[i].size;
    return bytes;
}

static void s_from_outside(s_intake_t *self)
{
    size_t bytes = 0;
    for (int i = 0; i < S_TURN_MESSAGES && bytes < S_TURN_BYTES; i++) {
        wp_message_t message;
        wp_error_t err;
        if (wp_parts_recv(&self->parts, self->router, S_PARTS, ZMQ_DONTWAIT) != 0) {
            if (errno == ENOMEM || errno == EINTR)
                continue;
            break;
        }
        bytes += s_bytes(&self->parts);
        wp_frame_t peer = self->parts.frames[0];
        int rc = wp_message_decode(WP_AT_INTAKE, self->parts.frames + 1, self->parts.count - 1,
                                   &message, &err);
        if (message.type == WP_PUSH) {
            wd_count(self->metrics, WD_C_PUSHES, 1);
            wd_count(self->metrics, WD_C_PUSH_BYTES, s_bytes(&self->parts) - peer.size - 12);
        }
        if (rc == 0)
            s_message(self, &peer, &message);
        else
            s_refuse(self, &peer, &message, &err, 0);
        wp_message_clear(&message);
        if (self->batch && self->batch->count >= S_BATCH)
            s_flush(self);
    }
    wp_parts_clear(&self->parts);
    s_flush(self);
}

/* ---- life ---- */

static void s_drain_one(void *arg, wd_session_t *session)
{
    wp_message_t message;
    wp_message_init(&message, WP_DRAIN, 0);
    s_send_session(arg, session, &message);
}

static void s_command(s_intake_t *self)
{
    char *word = zstr_recv_nowait(self->pipe);
    if (!word)
        return;
    if (strcmp(word, "$TERM") == 0) {
        self->ended = true;
        self->draining = true;
    } else if (strcmp(word, "DRAIN") == 0 && !self->draining) {
        self->draining = true;
        wd_book_each(self->book, s_drain_one, self);
    } else if (strcmp(word, "CONFIG") == 0) {
        zframe_t *frame = zframe_recv(self->pipe);
        if (frame && zframe_size(frame) == sizeof self->config)
            memcpy(&self->config, zframe_data(frame), sizeof self->config);
        zframe_destroy(&frame);
        s_regrant(self);
    }
    freen(word);
}

static bool s_start(s_intake_t *self)
{
    static const wd_endpoint_t limits = {.type = ZMQ_ROUTER,
                                         .max_frame = 2 << 20,
                                         .receive = 256,
                                         .send = WD_ANSWERS_WAITING,
                                         .linger_ms = 1000};
    wd_intake_args_t *args = self->args;
    self->book = wd_book_new();
    self->writer = wd_endpoint_inner(ZMQ_PAIR, WD_WRITER_INTAKE);
    if (!self->book || !self->writer) {
        snprintf(args->failure, sizeof args->failure, "intake: %s", zmq_strerror(errno));
        return false;
    }
    self->router = wd_endpoint_bind(&limits, self->config.intake, args->bound, args->failure,
                                    sizeof args->failure);
    return self->router != NULL;
}

static void s_loop(s_intake_t *self)
{
    zmq_pollitem_t items[] = {{zsock_resolve(self->pipe), 0, ZMQ_POLLIN, 0},
                              {self->writer, 0, ZMQ_POLLIN, 0},
                              {self->router, 0, ZMQ_POLLIN, 0}};
    int64_t deadline = 0;
    while (!self->ended || (self->under_way > 0 && self->now_ms < deadline)) {
        int rc = zmq_poll(items, 3, self->ended ? 100 : 1000);
        if (rc < 0 && errno != EINTR)
            break; /* ETERM: the context goes down */
        self->now_ms = wd_now_ns() / 1000000;
        wd_tick(self->metrics, WD_TICK_INTAKE);
        if (rc < 0)
            continue;
        if (items[0].revents & ZMQ_POLLIN)
            s_command(self);
        if (items[1].revents & ZMQ_POLLIN)
            s_from_writer(self);
        if (items[2].revents & ZMQ_POLLIN)
            s_from_outside(self);
        if (self->ended && deadline == 0)
            deadline = self->now_ms + 3000;
        s_look_at_backlog(self);
        if (self->now_ms - self->swept_ms >= 10000) {
            self->swept_ms = self->now_ms;
            wd_book_each(self->book, s_sweep_one, self);
            s_regrant(self); /* who left has made room */
        }
        wd_gauge_set(self->metrics, WD_G_INTAKE_BYTES, (int64_t)self->bytes);
        wd_gauge_set(self->metrics, WD_G_WAITERS, (int64_t)wd_book_waiters(self->book));
    }
}

void wd_intake_actor(zsock_t *pipe, void *args)
{
    s_intake_t self = {.args = args, .pipe = pipe};
    self.config = self.args->config;
    self.metrics = self.args->metrics;
    self.now_ms = self.swept_ms = wd_now_ns() / 1000000;
    bool started = s_start(&self);
    wd_actor_ready(pipe, args, started);
    if (started)
        s_loop(&self);
    wd_batch_destroy(&self.batch);
    if (self.router)
        zmq_close(self.router);
    self.args->writer_socket = self.writer;
    wd_book_destroy(&self.book);
    wp_parts_free(&self.parts);
    wp_packet_free(&self.packet);
    wd_actor_end(args);
}
