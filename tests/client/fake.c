/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fake daemon. One thread owns the sockets; the test gives it functions to run, wakes it by an
 * eventfd, and waits for each.
 */
#include "fake.h"

#include "proto/event.h"
#include "proto/message.h"
#include "proto/wire.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "fake: %s:%d: %s\n", __FILE__, __LINE__, #condition);                  \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

#define MAX_SESSIONS 64

typedef struct {
    char topic[64];
    uint8_t seq[8];
    char body[512];
} s_event_t;

typedef struct {
    char *id;
    char *text;
    uint64_t revision;
    bool newest;
} s_text_t;

typedef struct {
    char peer[64]; /* routing id; none: not a session any more */
    size_t peer_size;
    uint64_t request;
    wp_type_t type;
    char *id;
    uint64_t revision;
    bool duplicate;
} s_held_t;

struct fake {
    fake_setup_t setup;
    pthread_t thread;
    void *context;
    pthread_mutex_t mutex; /* around the next two */
    pthread_cond_t done;   /* the order was carried out */
    void (*order)(fake_t *self, void *arg);
    void *order_arg;
    int wake; /* eventfd: there is an order */
    void *intake, *events, *query;
    char folder[64], endpoint[80];
    bool stop;

    unsigned instance;
    unsigned epoch;
    struct {
        char peer[64];
        size_t peer_size;
    } sessions[MAX_SESSIONS];
    size_t session_count;

    s_event_t *log;
    size_t log_count;
    uint64_t last_fact[2], last_article; /* by stream: founding, location */
    s_text_t *texts;
    size_t text_count;
    s_held_t *held;
    size_t held_count;

    unsigned lose_pushes, lose_answers, lose_questions, refuse, replays;
    const char *refuse_code;
    bool refuse_retry, hold_accepted, hold_stored;
    size_t pushes;
    wp_packet_t packet;
    wp_parts_t parts;
};

static wp_str_t s_str(const char *string)
{
    return (wp_str_t){string, strlen(string)};
}

/* ---- sockets ---- */

static void *s_bind(fake_t *self, int type, const char *suffix)
{
    char endpoint[128];
    int zero = 0;
    void *socket = zmq_socket(self->context, type);
    MUST(socket);
    zmq_setsockopt(socket, ZMQ_LINGER, &zero, sizeof zero);
    zmq_setsockopt(socket, ZMQ_SNDHWM, &zero, sizeof zero);
    snprintf(endpoint, sizeof endpoint, "%s.%s", self->endpoint, suffix);
    MUST(zmq_bind(socket, endpoint) == 0);
    return socket;
}

static void s_open(fake_t *self)
{
    self->intake = s_bind(self, ZMQ_ROUTER, "intake");
    self->events = s_bind(self, ZMQ_PUB, "events");
    self->query = s_bind(self, ZMQ_ROUTER, "query");
}

static void s_close(fake_t *self)
{
    zmq_close(self->intake);
    zmq_close(self->events);
    zmq_close(self->query);
    self->session_count = 0;
}

static void s_send(fake_t *self, void *socket, const void *peer, size_t peer_size,
                   const wp_message_t *message)
{
    wp_frame_t to = {peer, peer_size};
    MUST(wp_send_message(socket, &to, message, &self->packet, 0) == 0);
}

/* ---- intake ---- */

static bool s_has_session(const fake_t *self, wp_frame_t peer)
{
    for (size_t i = 0; i < self->session_count; i++) {
        if (self->sessions[i].peer_size == peer.size &&
            memcmp(self->sessions[i].peer, peer.data, peer.size) == 0)
            return true;
    }
    return false;
}

static char s_names[2][32];

static wp_str_t s_epoch(const fake_t *self)
{
    snprintf(s_names[0], sizeof s_names[0], "epoch-%u", self->epoch);
    return s_str(s_names[0]);
}

static wp_str_t s_instance(const fake_t *self)
{
    snprintf(s_names[1], sizeof s_names[1], "instance-%u", self->instance);
    return s_str(s_names[1]);
}

static void s_hello(fake_t *self, wp_frame_t peer, uint64_t request)
{
    wp_message_t answer;
    if (!s_has_session(self, peer)) {
        MUST(self->session_count < MAX_SESSIONS);
        memcpy(self->sessions[self->session_count].peer, peer.data, peer.size);
        self->sessions[self->session_count++].peer_size = peer.size;
    }
    wp_message_init(&answer, WP_WELCOME, request);
    answer.body.welcome = (wp_welcome_t){.server = s_str("fake 1"),
                                         .versions = s_str("[1]"),
                                         .epoch = s_epoch(self),
                                         .instance = s_instance(self),
                                         .last = self->log_count,
                                         .credit_messages = self->setup.credit,
                                         .credit_bytes = self->setup.credit_bytes,
                                         .limit_text = WP_TEXT_MAX};
    s_send(self, self->intake, peer.data, peer.size, &answer);
}

static void s_pong(fake_t *self, void *socket, wp_frame_t peer, uint64_t request)
{
    wp_message_t answer;
    wp_message_init(&answer, WP_PONG, request);
    answer.body.pong = (wp_pong_t){.epoch = s_epoch(self),
                                   .instance = s_instance(self),
                                   .last = self->log_count,
                                   .session = socket == self->intake && s_has_session(self, peer)};
    s_send(self, socket, peer.data, peer.size, &answer);
}

static void s_refuse(fake_t *self, wp_frame_t peer, uint64_t request, const char *code, bool retry)
{
    wp_message_t answer;
    wp_message_init(&answer, WP_REFUSED, request);
    answer.body.refused.code = s_str(code);
    answer.body.refused.message = s_str("as ordered");
    answer.body.refused.retry = retry;
    s_send(self, self->intake, peer.data, peer.size, &answer);
}

/* Gives the revision of the text, storing it when it is new. */
static uint64_t s_store(fake_t *self, const char *id, wp_str_t text, bool *ret_duplicate)
{
    uint64_t revision = 1;
    for (size_t i = 0; i < self->text_count; i++) {
        s_text_t *known = &self->texts[i];
        if (strcmp(known->id, id) != 0)
            continue;
        if (strlen(known->text) == text.size && memcmp(known->text, text.data, text.size) == 0) {
            *ret_duplicate = true;
            return known->revision;
        }
        revision = known->revision + 1;
    }
    for (size_t i = 0; i < self->text_count; i++) {
        if (strcmp(self->texts[i].id, id) == 0)
            self->texts[i].newest = false;
    }
    self->texts = realloc(self->texts, (self->text_count + 1) * sizeof *self->texts);
    MUST(self->texts);
    self->texts[self->text_count++] =
        (s_text_t){strdup(id), strndup(text.data, text.size), revision, true};
    *ret_duplicate = false;
    return revision;
}

static void s_answer(fake_t *self, s_held_t *held)
{
    wp_message_t answer;
    wp_message_init(&answer, held->type, held->request);
    if (held->type == WP_ACCEPTED) {
        answer.body.accepted = (wp_accepted_t){.id = s_str(held->id),
                                               .state = s_str("accepted"),
                                               .revision = held->revision,
                                               .duplicate = held->duplicate};
    } else {
        answer.body.stored = (wp_stored_t){.id = s_str(held->id),
                                           .state = s_str("stored"),
                                           .revision = held->revision,
                                           .duplicate = held->duplicate,
                                           .facts = 1,
                                           .first = 1,
                                           .last = 2};
    }
    s_send(self, self->intake, held->peer, held->peer_size, &answer);
}

/* Sends an answer, or holds it, or loses it. */
static void s_give(fake_t *self, s_held_t held, bool hold)
{
    if (hold) {
        self->held = realloc(self->held, (self->held_count + 1) * sizeof *self->held);
        MUST(self->held);
        self->held[self->held_count++] = held;
        return;
    }
    s_answer(self, &held);
    free(held.id);
}

static void s_push(fake_t *self, wp_frame_t peer, const wp_message_t *message)
{
    const wp_push_t *push = &message->body.push;
    bool duplicate;

    self->pushes++;
    if (self->lose_pushes > 0) {
        self->lose_pushes--;
        return;
    }
    if (self->refuse > 0) {
        self->refuse--;
        s_refuse(self, peer, message->request, self->refuse_code, self->refuse_retry);
        return;
    }
    const char *id = push->id.data ? push->id.data : "hash";
    uint64_t revision = s_store(self, id, push->text, &duplicate);
    if (self->lose_answers > 0) {
        self->lose_answers--;
        return;
    }
    s_held_t held = {.request = message->request,
                     .peer_size = peer.size,
                     .revision = revision,
                     .duplicate = duplicate,
                     .type = WP_ACCEPTED,
                     .id = strdup(id)};
    memcpy(held.peer, peer.data, peer.size);
    s_held_t stored = held;
    stored.type = WP_STORED;
    stored.id = strdup(id);
    s_give(self, held, self->hold_accepted);
    if (push->answer.data && strcmp(push->answer.data, "accepted") == 0)
        free(stored.id);
    else
        s_give(self, stored, self->hold_stored || self->hold_accepted);
}

static void s_on_intake(fake_t *self)
{
    wp_message_t message;
    wp_error_t err;

    MUST(wp_parts_recv(&self->parts, self->intake, 1 + WP_REQUEST_PARTS, 0) == 0);
    wp_frame_t peer = self->parts.frames[0];
    if (wp_message_decode(WP_AT_INTAKE, self->parts.frames + 1, self->parts.count - 1, &message,
                          &err) != 0) {
        s_refuse(self, peer, message.request, wp_code_name(err.code), false);
        return;
    }
    if (message.type == WP_HELLO)
        s_hello(self, peer, message.request);
    else if (message.type == WP_PING)
        s_pong(self, self->intake, peer, message.request);
    else if (message.type != WP_BYE && !s_has_session(self, peer))
        s_refuse(self, peer, message.request, "no_session", true);
    else if (message.type == WP_PUSH)
        s_push(self, peer, &message);
    wp_message_clear(&message);
}

/* ---- query ---- */

static bool s_matches(const s_event_t *event, const wp_list_t *prefixes)
{
    for (size_t i = 0; i < prefixes->count; i++) {
        if (strncmp(event->topic, prefixes->item[i].data, prefixes->item[i].size) == 0)
            return true;
    }
    return prefixes->count == 0;
}

static void s_replay(fake_t *self, wp_frame_t peer, const wp_message_t *message)
{
    const wp_replay_t *replay = &message->body.replay;
    wp_frame_t *rest = calloc(self->setup.page * 3, sizeof *rest);
    size_t count = 0;
    uint64_t complete = self->log_count;

    MUST(rest);
    for (size_t i = replay->from - 1; i < self->log_count; i++) {
        s_event_t *event = &self->log[i];
        if (!s_matches(event, &replay->prefixes))
            continue;
        if (count == self->setup.page) {
            complete = i;
            break;
        }
        rest[count * 3] = (wp_frame_t){event->topic, strlen(event->topic)};
        rest[count * 3 + 1] = (wp_frame_t){event->seq, 8};
        rest[count * 3 + 2] = (wp_frame_t){event->body, strlen(event->body)};
        count++;
    }
    wp_message_t answer;
    wp_message_init(&answer, WP_EVENTS, message->request);
    answer.body.events = (wp_events_t){s_epoch(self), count, complete, self->log_count};
    answer.rest = rest;
    answer.rest_count = count * 3;
    s_send(self, self->query, peer.data, peer.size, &answer);
    free(rest);
    self->replays++;
}

/* Rows are numbers, `after` is where to go on; SHOW gives back what it was asked. */
static void s_rows(fake_t *self, wp_frame_t peer, const wp_message_t *message)
{
    bool facts = message->type == WP_QUERY;
    wp_str_t after = facts ? message->body.query.after : message->body.articles.after;
    uint64_t limit = facts ? message->body.query.limit : message->body.articles.limit;
    uint64_t from = after.data ? strtoull(after.data, NULL, 10) : 0;
    char texts[WP_PAGE_MAX][24];
    wp_frame_t rest[WP_PAGE_MAX];
    char next[24] = "";
    size_t count = 0;

    for (; count < self->setup.page && count < limit && from + count < 10; count++) {
        snprintf(texts[count], sizeof texts[count], "{\"row\":%zu}", (size_t)from + count);
        rest[count] = (wp_frame_t){texts[count], strlen(texts[count])};
    }
    if (from + count < 10)
        snprintf(next, sizeof next, "%zu", (size_t)from + count);
    wp_message_t answer;
    wp_message_init(&answer, WP_ROWS, message->request);
    answer.body.rows.count = count;
    if (next[0])
        answer.body.rows.next = s_str(next);
    answer.rest = rest;
    answer.rest_count = count;
    s_send(self, self->query, peer.data, peer.size, &answer);
}

static void s_show(fake_t *self, wp_frame_t peer, const wp_message_t *message)
{
    const wp_show_t *show = &message->body.show;
    wp_message_t answer;
    char json[128];

    wp_message_init(&answer, WP_RESULT, message->request);
    if (show->fact.data)
        snprintf(json, sizeof json, "{\"fact\":\"%s\"}", show->fact.data);
    else
        snprintf(json, sizeof json, "{\"id\":\"%s\"}", show->id.data ? show->id.data : "");
    answer.body.result.json = s_str(json);
    if (show->article.data) {
        wp_message_init(&answer, WP_REFUSED, message->request);
        answer.body.refused.code = s_str("not_found");
        answer.body.refused.message = s_str("no such article");
    }
    s_send(self, self->query, peer.data, peer.size, &answer);
}

static void s_on_query(fake_t *self)
{
    wp_message_t message;
    wp_error_t err;

    MUST(wp_parts_recv(&self->parts, self->query, 1 + WP_REQUEST_PARTS, 0) == 0);
    wp_frame_t peer = self->parts.frames[0];
    MUST(wp_message_decode(WP_AT_QUERY, self->parts.frames + 1, self->parts.count - 1, &message,
                           &err) == 0);
    if (self->lose_questions > 0)
        self->lose_questions--;
    else if (message.type == WP_PING)
        s_pong(self, self->query, peer, message.request);
    else if (message.type == WP_REPLAY)
        s_replay(self, peer, &message);
    else if (message.type == WP_QUERY || message.type == WP_ARTICLES)
        s_rows(self, peer, &message);
    else
        s_show(self, peer, &message);
    wp_message_clear(&message);
}

/* ---- events ---- */

static void s_publish(fake_t *self, const s_event_t *event)
{
    const wp_out_t frames[] = {{event->topic, strlen(event->topic), NULL, NULL},
                               {event->seq, 8, NULL, NULL},
                               {event->body, strlen(event->body), NULL, NULL}};
    MUST(wp_send_frames(self->events, frames, 3, 0) == 0);
}

static uint64_t *s_stream(fake_t *self, const char *kind)
{
    return kind == NULL                    ? &self->last_article
           : strcmp(kind, "founding") == 0 ? &self->last_fact[0]
                                           : &self->last_fact[1];
}

static void s_new_event(fake_t *self, const char *kind, const char *name, fake_how_t how)
{
    uint64_t *last = s_stream(self, kind);
    uint64_t seq = self->log_count + 1;

    self->log = realloc(self->log, seq * sizeof *self->log);
    MUST(self->log);
    s_event_t *event = &self->log[self->log_count++];
    wp_put_u64(event->seq, seq);
    if (kind) {
        snprintf(event->topic, sizeof event->topic, "fact.%s.created", kind);
        snprintf(event->body, sizeof event->body,
                 "{\"epoch\":\"%s\",\"seq\":%zu,\"prev\":%zu,\"time\":\"t\",\"change\":\"created\","
                 "\"fact\":\"%zu.1\","
                 "\"article\":{\"id\":\"a\",\"revision\":1},\"record\":{\"kind\":\"%s\",\"roles\":{"
                 "\"entity\":"
                 "[{\"text\":\"%s\",\"type\":\"organisation\"}]},\"reported_by\":null}}",
                 s_epoch(self).data, (size_t)seq, (size_t)*last, (size_t)seq, kind, name);
    } else {
        snprintf(event->topic, sizeof event->topic, "article.stored");
        snprintf(event->body, sizeof event->body,
                 "{\"epoch\":\"%s\",\"seq\":%zu,\"prev\":%zu,\"time\":\"t\",\"state\":\"stored\","
                 "\"facts\":3,"
                 "\"article\":{\"id\":\"a\",\"revision\":1}}",
                 s_epoch(self).data, (size_t)seq, (size_t)*last);
    }
    *last = seq;
    if (how != FAKE_DROP)
        s_publish(self, event);
    if (how == FAKE_TWICE)
        s_publish(self, event);
}

/* ---- the thread ---- */

typedef void(s_order_t)(fake_t *self, void *arg);

static void s_on_order(fake_t *self)
{
    uint64_t count;
    MUST(read(self->wake, &count, sizeof count) == (ssize_t)sizeof count);
    pthread_mutex_lock(&self->mutex);
    self->order(self, self->order_arg);
    self->order = NULL;
    pthread_cond_signal(&self->done);
    pthread_mutex_unlock(&self->mutex);
}

static void *s_run(void *arg)
{
    fake_t *self = arg;
    while (!self->stop) {
        zmq_pollitem_t items[] = {{NULL, self->wake, ZMQ_POLLIN, 0},
                                  {self->intake, 0, ZMQ_POLLIN, 0},
                                  {self->query, 0, ZMQ_POLLIN, 0}};
        if (zmq_poll(items, 3, -1) < 0)
            continue;
        if (items[1].revents)
            s_on_intake(self);
        if (items[2].revents)
            s_on_query(self);
        if (items[0].revents)
            s_on_order(self);
    }
    return NULL;
}

static void s_order(fake_t *self, s_order_t *order, void *arg)
{
    uint64_t one = 1;
    pthread_mutex_lock(&self->mutex);
    self->order = order;
    self->order_arg = arg;
    MUST(write(self->wake, &one, sizeof one) == (ssize_t)sizeof one);
    while (self->order)
        pthread_cond_wait(&self->done, &self->mutex);
    pthread_mutex_unlock(&self->mutex);
}

fake_t *fake_new(fake_setup_t setup)
{
    fake_t *self = calloc(1, sizeof *self);
    MUST(self);
    self->setup = setup;
    snprintf(self->folder, sizeof self->folder, "/tmp/winnow-fake-XXXXXX");
    MUST(mkdtemp(self->folder));
    snprintf(self->endpoint, sizeof self->endpoint, "ipc://%s/d", self->folder);
    self->context = zmq_ctx_new();
    self->wake = eventfd(0, 0);
    MUST(self->wake >= 0);
    MUST(pthread_mutex_init(&self->mutex, NULL) == 0);
    MUST(pthread_cond_init(&self->done, NULL) == 0);
    s_open(self);
    MUST(pthread_create(&self->thread, NULL, s_run, self) == 0);
    return self;
}

static void s_do_stop(fake_t *self, void *arg)
{
    (void)arg;
    self->stop = true;
}

void fake_destroy(fake_t **self_p)
{
    fake_t *self = *self_p;
    s_order(self, s_do_stop, NULL);
    pthread_join(self->thread, NULL);
    s_close(self);
    close(self->wake);
    pthread_mutex_destroy(&self->mutex);
    pthread_cond_destroy(&self->done);
    zmq_ctx_term(self->context);
    for (size_t i = 0; i < self->text_count; i++) {
        free(self->texts[i].id);
        free(self->texts[i].text);
    }
    for (size_t i = 0; i < self->held_count; i++)
        free(self->held[i].id);
    free(self->held);
    free(self->texts);
    free(self->log);
    wp_parts_free(&self->parts);
    wp_packet_free(&self->packet);
    static const char *const names[] = {"intake", "events", "query"};
    for (size_t i = 0; i < 3; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/d.%s", self->folder, names[i]);
        unlink(path);
    }
    rmdir(self->folder);
    free(self);
    *self_p = NULL;
}

const char *fake_endpoint(const fake_t *self)
{
    return self->endpoint;
}

/* ---- orders: each public function packs its arguments and has them run in the thread ---- */

typedef struct {
    const char *kind, *name;
    fake_how_t how;
    uint64_t number;
    bool flag;
    bool *ret_flag;
} s_args_t;

static void s_do_event(fake_t *self, void *arg)
{
    const s_args_t *a = arg;
    s_new_event(self, a->kind, a->name, a->how);
}

void fake_fact(fake_t *self, const char *kind, const char *name, fake_how_t how)
{
    s_order(self, s_do_event, &(s_args_t){.kind = kind, .name = name, .how = how});
}

void fake_article(fake_t *self, fake_how_t how)
{
    s_order(self, s_do_event, &(s_args_t){.how = how});
}

static void s_do_republish(fake_t *self, void *arg)
{
    const s_args_t *a = arg;
    s_publish(self, &self->log[a->number - 1]);
}

void fake_republish(fake_t *self, uint64_t seq)
{
    s_order(self, s_do_republish, &(s_args_t){.number = seq});
}

static void s_do_heartbeat(fake_t *self, void *arg)
{
    s_event_t beat;
    wp_buf_t body = WP_BUF_INIT;
    char streams[128];
    (void)arg;

    snprintf(streams, sizeof streams,
             "{\"article\":%zu,\"fact.founding\":%zu,\"fact.location\":%zu}",
             (size_t)self->last_article, (size_t)self->last_fact[0], (size_t)self->last_fact[1]);
    wp_heartbeat_write(&body, s_epoch(self).data, self->log_count, "t", s_str(streams));
    snprintf(beat.topic, sizeof beat.topic, WP_TOPIC_HEARTBEAT);
    wp_put_u64(beat.seq, self->log_count);
    snprintf(beat.body, sizeof beat.body, "%.*s", (int)body.size, body.data);
    wp_buf_free(&body);
    s_publish(self, &beat);
}

void fake_heartbeat(fake_t *self)
{
    s_order(self, s_do_heartbeat, NULL);
}

static void s_do_restart(fake_t *self, void *arg)
{
    const s_args_t *a = arg;
    s_close(self);
    if (a->flag)
        self->instance++;
    s_open(self);
}

void fake_restart(fake_t *self)
{
    s_order(self, s_do_restart, &(s_args_t){.flag = true});
}

void fake_cut(fake_t *self)
{
    s_order(self, s_do_restart, &(s_args_t){.flag = false});
}

static void s_do_epoch(fake_t *self, void *arg)
{
    (void)arg;
    self->epoch++;
    self->instance++;
    self->log_count = 0;
    self->last_article = self->last_fact[0] = self->last_fact[1] = 0;
}

void fake_new_epoch(fake_t *self)
{
    s_order(self, s_do_epoch, NULL);
}

static void s_do_lose_pushes(fake_t *self, void *arg)
{
    self->lose_pushes = (unsigned)((const s_args_t *)arg)->number;
}

void fake_lose_pushes(fake_t *self, unsigned count)
{
    s_order(self, s_do_lose_pushes, &(s_args_t){.number = count});
}

static void s_do_lose_answers(fake_t *self, void *arg)
{
    self->lose_answers = (unsigned)((const s_args_t *)arg)->number;
}

void fake_lose_answers(fake_t *self, unsigned count)
{
    s_order(self, s_do_lose_answers, &(s_args_t){.number = count});
}

static void s_do_refuse(fake_t *self, void *arg)
{
    const s_args_t *a = arg;
    self->refuse = (unsigned)a->number;
    self->refuse_code = a->name;
    self->refuse_retry = a->flag;
}

void fake_refuse(fake_t *self, unsigned count, const char *code, bool retry)
{
    s_order(self, s_do_refuse, &(s_args_t){.number = count, .name = code, .flag = retry});
}

static void s_release(fake_t *self)
{
    for (size_t i = 0; i < self->held_count; i++) {
        s_answer(self, &self->held[i]);
        free(self->held[i].id);
    }
    self->held_count = 0;
}

static void s_do_hold_accepted(fake_t *self, void *arg)
{
    self->hold_accepted = ((const s_args_t *)arg)->flag;
    if (!self->hold_accepted)
        s_release(self);
}

void fake_hold_accepted(fake_t *self, bool hold)
{
    s_order(self, s_do_hold_accepted, &(s_args_t){.flag = hold});
}

static void s_do_hold_stored(fake_t *self, void *arg)
{
    self->hold_stored = ((const s_args_t *)arg)->flag;
    if (!self->hold_stored)
        s_release(self);
}

void fake_hold_stored(fake_t *self, bool hold)
{
    s_order(self, s_do_hold_stored, &(s_args_t){.flag = hold});
}

static void s_do_lose_questions(fake_t *self, void *arg)
{
    self->lose_questions = (unsigned)((const s_args_t *)arg)->number;
}

void fake_lose_questions(fake_t *self, unsigned count)
{
    s_order(self, s_do_lose_questions, &(s_args_t){.number = count});
}

static void s_do_credit(fake_t *self, void *arg)
{
    const wp_credit_t *credit = arg;
    for (size_t i = 0; i < self->session_count; i++) {
        wp_message_t message;
        wp_message_init(&message, WP_CREDIT, 0);
        message.body.credit = *credit;
        s_send(self, self->intake, self->sessions[i].peer, self->sessions[i].peer_size, &message);
    }
}

void fake_credit(fake_t *self, uint32_t messages, uint64_t bytes)
{
    s_order(self, s_do_credit, &(wp_credit_t){messages, bytes});
}

static void s_do_counts(fake_t *self, void *arg)
{
    uint64_t *counts = arg;
    counts[0] = self->text_count;
    counts[1] = self->pushes;
    counts[2] = self->log_count;
    counts[3] = self->replays;
}

static uint64_t s_count(fake_t *self, size_t which)
{
    uint64_t counts[4];
    s_order(self, s_do_counts, counts);
    return counts[which];
}

size_t fake_effects(fake_t *self)
{
    return (size_t)s_count(self, 0);
}

size_t fake_pushes(fake_t *self)
{
    return (size_t)s_count(self, 1);
}

uint64_t fake_last(fake_t *self)
{
    return s_count(self, 2);
}

unsigned fake_replays(fake_t *self)
{
    return (unsigned)s_count(self, 3);
}

static void s_do_newest(fake_t *self, void *arg)
{
    const s_args_t *a = arg;
    for (size_t i = 0; i < self->text_count; i++) {
        if (strcmp(self->texts[i].id, a->kind) == 0 && self->texts[i].newest)
            *a->ret_flag = strcmp(self->texts[i].text, a->name) == 0;
    }
}

bool fake_last_text_is(fake_t *self, const char *id, const char *text)
{
    bool is = false;
    s_order(self, s_do_newest, &(s_args_t){.kind = id, .name = text, .ret_flag = &is});
    return is;
}
