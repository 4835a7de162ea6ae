/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pushing, so that nothing is lost and nothing depends on when things break.
 *
 * Every push, retract and retry is an item of one list, in the order of the calls, until it is
 * answered as it asked. An item is
 *
 *     WAITING ──sent──▶ SENT ──ACCEPTED──▶ ACCEPTED ──STORED──▶ gone
 *        ▲               │ no_credit, draining │
 *        └───────────────┴───── new session ───┘        (REFUSED otherwise: gone)
 *
 * A session is opened by HELLO; WELCOME says that it is there, and puts every item back to WAITING:
 * to send again is always safe, the daemon knows what it has. A session is lost when PONG or
 * REFUSED says so. PING is sent when something is unfinished and nothing was heard for a second, so
 * silence has an end.
 *
 * Two items of one article id are never unanswered at the same time: sending one of them again
 * could otherwise turn their order, and with it which revision is the newest.
 */
#include "link.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define S_PING_MS  1000  /* silence after which PING asks for a sign of life */
#define S_HELLO_MS 1000  /* how often HELLO is said until it is answered */
#define S_STALL_MS 30000 /* without an answer, though the daemon lives: all is sent again */
#define S_PAUSE_MS 50    /* after a push beyond the credit */

typedef enum { S_WAITING, S_SENT, S_ACCEPTED } s_state_t;

typedef struct s_item {
    struct s_item *prev, *next; /* in the order of the calls */
    struct s_item *chain;       /* the next one of the same slot in the table */
    s_state_t state;
    uint64_t ticket;  /* also its request number */
    wp_type_t type;   /* PUSH, RETRACT or RETRY */
    uint64_t id_hash; /* 0: it has no id */
    size_t bytes;     /* what it takes of the credit: JSON and text */
    size_t json_size; /* the JSON frame, then the text, stand in `data` */
    size_t text_size;
    bool accepted_only;
    void *context; /* the caller's */
    bool told;     /* ACCEPTED was given to the caller */
    char *id;      /* for the answer, NULL: none */
    char data[];
} s_item_t;

#define S_SLOTS  1024
#define S_CROWDS 4096

struct winnow_pusher {
    wc_options_t options;
    void *context;
    wc_link_t link;
    winnow_answer_fn *on_answer;
    void *arg;
    winnow_client_error_t error;

    bool ready;      /* WELCOME came and the session is not known to be lost */
    bool draining;   /* the daemon said DRAIN, or refused with it */
    char server[64]; /* its name */
    char instance[64];
    uint32_t credit_messages;
    uint64_t credit_bytes;

    s_item_t *first, *last;   /* all items */
    s_item_t *next_waiting;   /* no item before this one is WAITING */
    s_item_t *slots[S_SLOTS]; /* all items by ticket */
    size_t count, bytes;      /* of all items */
    size_t sent, sent_bytes;  /* pushes that are SENT */
    size_t crowds[S_CROWDS];  /* items that are not ACCEPTED by hash of their id */
    uint64_t ticket;          /* of the last call */

    int64_t heard;    /* when the daemon was last heard, in the time spent in our calls */
    int64_t answered; /* when the last answer about an article came, likewise */
    int64_t left;     /* when the last call ended */
    int64_t hello;    /* when to say HELLO again, while not ready */
    int64_t ping;     /* when to say PING */
    int64_t pause;    /* when to push again after a push beyond the credit */
};

static uint64_t s_hash(const char *id)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    if (!id)
        return 0;
    for (; *id; id++)
        hash = (hash ^ (unsigned char)*id) * UINT64_C(1099511628211);
    return hash ? hash : 1;
}

/* ---- the list ---- */

static s_item_t *s_find(winnow_pusher_t *self, uint64_t ticket)
{
    s_item_t *item = self->slots[ticket % S_SLOTS];
    while (item && item->ticket != ticket)
        item = item->chain;
    return item;
}

/* Adds the item to what is counted by state, or takes it away. */
static void s_count(winnow_pusher_t *self, const s_item_t *item, int sign)
{
    if (item->state == S_SENT && item->type == WP_PUSH) {
        self->sent += (size_t)sign;
        self->sent_bytes += (size_t)sign * item->bytes;
    }
    if (item->state != S_ACCEPTED && item->id_hash)
        self->crowds[item->id_hash % S_CROWDS] += (size_t)sign;
}

static void s_append(winnow_pusher_t *self, s_item_t *item)
{
    s_item_t **slot = &self->slots[item->ticket % S_SLOTS];
    item->chain = *slot;
    *slot = item;
    item->prev = self->last;
    if (self->last)
        self->last->next = item;
    else
        self->first = item;
    self->last = item;
    if (!self->next_waiting)
        self->next_waiting = item;
    self->count++;
    self->bytes += item->bytes;
    s_count(self, item, 1);
}

static void s_set_state(winnow_pusher_t *self, s_item_t *item, s_state_t state)
{
    s_count(self, item, -1);
    item->state = state;
    s_count(self, item, 1);
}

static void s_wait_again(winnow_pusher_t *self, s_item_t *item)
{
    s_set_state(self, item, S_WAITING);
    if (!self->next_waiting || item->ticket < self->next_waiting->ticket)
        self->next_waiting = item;
}

static void s_remove(winnow_pusher_t *self, s_item_t *item)
{
    s_count(self, item, -1);
    s_item_t **slot = &self->slots[item->ticket % S_SLOTS];
    while (*slot != item)
        slot = &(*slot)->chain;
    *slot = item->chain;
    *(item->prev ? &item->prev->next : &self->first) = item->next;
    *(item->next ? &item->next->prev : &self->last) = item->prev;
    if (self->next_waiting == item)
        self->next_waiting = item->next;
    self->count--;
    self->bytes -= item->bytes;
    free(item);
}

/* ---- sending ---- */

static int s_send(winnow_pusher_t *self, const wp_message_t *message)
{
    if (wp_send_message(self->link.socket, NULL, message, &self->link.packet, ZMQ_DONTWAIT) == 0 ||
        errno == EAGAIN)
        return 0;
    return wc_fail(&self->error, WINNOW_CLIENT_MEMORY, "cannot send: %s", zmq_strerror(errno));
}

static int s_say_hello(winnow_pusher_t *self, int64_t now)
{
    wp_message_t message;
    wp_message_init(&message, WP_HELLO, ++self->ticket);
    message.body.hello.client = wc_str(self->options.name);
    self->ready = false;
    self->hello = now + S_HELLO_MS;
    return s_send(self, &message);
}

static int s_say_ping(winnow_pusher_t *self, int64_t now)
{
    wp_message_t message;
    wp_message_init(&message, WP_PING, ++self->ticket);
    self->ping = now + S_PING_MS;
    return s_send(self, &message);
}

/* Whether another item of the same article is unanswered. */
static bool s_id_is_busy(const winnow_pusher_t *self, const s_item_t *item)
{
    if (!item->id_hash || self->crowds[item->id_hash % S_CROWDS] < 2)
        return false;
    for (const s_item_t *other = self->first; other != item; other = other->next) {
        if (other->id_hash == item->id_hash && other->state != S_ACCEPTED)
            return true;
    }
    return false;
}

static bool s_has_credit(const winnow_pusher_t *self, const s_item_t *item)
{
    if (item->type != WP_PUSH)
        return true;
    if (self->sent >= self->credit_messages)
        return false;
    return self->sent == 0 || self->sent_bytes + item->bytes <= self->credit_bytes;
}

static int s_send_item(winnow_pusher_t *self, s_item_t *item)
{
    uint8_t head[WP_HEAD_SIZE] = {'W', 'N', WP_VERSION, (uint8_t)item->type};
    wp_put_u64(head + 4, item->ticket);
    const wp_out_t frames[] = {{head, 4, NULL, NULL},
                               {head + 4, 8, NULL, NULL},
                               {item->data, item->json_size, NULL, NULL},
                               {item->data + item->json_size, item->text_size, NULL, NULL}};

    if (wp_send_frames(self->link.socket, frames, item->type == WP_PUSH ? 4 : 3, ZMQ_DONTWAIT) != 0)
        return errno == EAGAIN ? 1
                               : wc_fail(&self->error, WINNOW_CLIENT_MEMORY, "cannot send: %s",
                                         zmq_strerror(errno));
    s_set_state(self, item, S_SENT);
    return 0;
}

/* Sends what waits, in order, as far as the credit goes. */
static int s_send_waiting(winnow_pusher_t *self)
{
    s_item_t *held = NULL; /* the first that had to stay */

    if (!self->next_waiting || !self->ready || self->draining || wc_now() < self->pause)
        return 0;
    for (s_item_t *item = self->next_waiting; item; item = item->next) {
        if (item->state != S_WAITING)
            continue;
        if (!s_has_credit(self, item)) {
            held = held ? held : item;
            break;
        }
        if (s_id_is_busy(self, item)) {
            held = held ? held : item;
            continue;
        }
        int code = s_send_item(self, item);
        if (code < 0)
            return code;
        if (code > 0) {
            held = held ? held : item;
            break;
        }
    }
    self->next_waiting = held;
    return 0;
}

/* ---- hearing ---- */

static void s_tell(winnow_pusher_t *self, const winnow_answer_t *answer)
{
    if (self->on_answer)
        self->on_answer(answer, self->arg);
}

static void s_on_welcome(winnow_pusher_t *self, const wp_welcome_t *welcome)
{
    snprintf(self->server, sizeof self->server, "%s", welcome->server.data);
    snprintf(self->instance, sizeof self->instance, "%s", welcome->instance.data);
    self->credit_messages =
        welcome->credit_messages > UINT32_MAX ? UINT32_MAX : (uint32_t)welcome->credit_messages;
    self->credit_bytes = welcome->credit_bytes;
    self->ready = true;
    self->draining = false;
    for (s_item_t *item = self->first; item; item = item->next)
        s_wait_again(self, item);
}

static void s_on_accepted(winnow_pusher_t *self, uint64_t request, const wp_accepted_t *accepted)
{
    s_item_t *item = s_find(self, request);
    if (!item || item->state == S_ACCEPTED)
        return;
    s_set_state(self, item, S_ACCEPTED);
    if (!item->told) {
        item->told = true;
        winnow_answer_t answer = {.kind = WINNOW_ANSWER_ACCEPTED,
                                  .ticket = request,
                                  .context = item->context,
                                  .final = item->accepted_only,
                                  .id = accepted->id.data,
                                  .state = accepted->state.data,
                                  .revision = accepted->revision,
                                  .duplicate = accepted->duplicate};
        s_tell(self, &answer);
    }
    if (item->accepted_only)
        s_remove(self, item);
}

static void s_on_stored(winnow_pusher_t *self, uint64_t request, const wp_stored_t *stored)
{
    s_item_t *item = s_find(self, request);
    if (!item)
        return;
    winnow_answer_t answer = {.kind = WINNOW_ANSWER_STORED,
                              .ticket = request,
                              .context = item->context,
                              .final = true,
                              .id = stored->id.data,
                              .state = stored->state.data,
                              .reason = stored->reason.data,
                              .revision = stored->revision,
                              .duplicate = stored->duplicate,
                              .facts = stored->facts,
                              .first = stored->first,
                              .last = stored->last};
    s_tell(self, &answer);
    s_remove(self, item);
}

static int s_on_refused(winnow_pusher_t *self, uint64_t request, const wp_refused_t *refused,
                        int64_t now)
{
    wp_code_t code = wp_code_of(refused->code.data, refused->code.size);
    s_item_t *item = s_find(self, request);

    if (code == WP_NO_SESSION) {
        if (item)
            s_wait_again(self, item);
        return self->ready ? s_say_hello(self, now) : 0;
    }
    if (code == WP_DRAINING) {
        if (item)
            s_wait_again(self, item);
        self->draining = true;
        return 0;
    }
    if (code == WP_NO_CREDIT && item) {
        /* What it was told crossed with this push; a new CREDIT comes. */
        s_wait_again(self, item);
        self->pause = now + S_PAUSE_MS;
        return 0;
    }
    if (!item) /* of HELLO, or of the connection */
        return self->ready || request == 0 ? 0 : wc_refused(&self->error, refused);

    winnow_answer_t answer = {.kind = WINNOW_ANSWER_REFUSED,
                              .ticket = request,
                              .context = item->context,
                              .final = true,
                              .id = item->id,
                              .code = refused->code.data,
                              .message = refused->message.data,
                              .retry = refused->retry};
    s_tell(self, &answer);
    s_remove(self, item);
    return 0;
}

static int s_on_pong(winnow_pusher_t *self, const wp_pong_t *pong, int64_t now)
{
    bool same = pong->session && strcmp(pong->instance.data, self->instance) == 0;
    return self->ready && !same ? s_say_hello(self, now) : 0;
}

static int s_on_message(winnow_pusher_t *self, const wp_message_t *message, int64_t now)
{
    switch (message->type) {
    case WP_WELCOME:
        s_on_welcome(self, &message->body.welcome);
        return 0;
    case WP_ACCEPTED:
        s_on_accepted(self, message->request, &message->body.accepted);
        return 0;
    case WP_STORED:
        s_on_stored(self, message->request, &message->body.stored);
        return 0;
    case WP_REFUSED:
        return s_on_refused(self, message->request, &message->body.refused, now);
    case WP_CREDIT:
        self->credit_messages = message->body.credit.messages;
        self->credit_bytes = message->body.credit.bytes;
        return 0;
    case WP_PONG:
        return s_on_pong(self, &message->body.pong, now);
    case WP_DRAIN:
        self->draining = true;
        return 0;
    default:
        return 0;
    }
}

/* Takes everything that has come. */
static int s_hear(winnow_pusher_t *self)
{
    wc_link_t *link = &self->link;
    int code = 0;

    while (code == 0 &&
           wp_parts_recv(&link->parts, link->socket, WP_REQUEST_PARTS, ZMQ_DONTWAIT) == 0) {
        wp_message_t message;
        wp_error_t fault;
        if (wp_message_decode(WP_AT_INTAKE_CLIENT, link->parts.frames, link->parts.count, &message,
                              &fault) != 0)
            return wc_fail(&self->error, WINNOW_CLIENT_PROTOCOL,
                           "what answers at %.150s is no winnowd: %s", link->endpoint,
                           fault.message);
        self->heard = wc_now();
        self->ping = self->heard + S_PING_MS;
        if (message.type != WP_PONG && message.type != WP_CREDIT)
            self->answered = self->heard;
        code = s_on_message(self, &message, self->heard);
        wp_message_clear(&message);
    }
    return code;
}

/* One round: says what is due, sends, and waits for at most `until`. A daemon that drains is asked
 * by PING until its successor answers, which knows no session. */
static int s_round(winnow_pusher_t *self, int64_t until, int patience_ms)
{
    int64_t now = wc_now();
    int64_t end = patience_ms < 0 ? -1 : self->heard + patience_ms;
    int code = 0;

    if (!self->ready && now >= self->hello)
        code = s_say_hello(self, now);
    else if (self->ready && self->count > 0 && now - self->answered >= S_STALL_MS)
        code = s_say_hello(self, now);
    else if (self->ready && now >= self->ping)
        code = s_say_ping(self, now);
    if (code == 0)
        code = s_send_waiting(self);
    if (code != 0)
        return code;
    if (end >= 0 && now >= end)
        return wc_unreachable(&self->error, self->options.intake);
    int64_t due = self->ready ? self->ping : self->hello;
    if (self->next_waiting && now < self->pause)
        due = wc_earlier(due, self->pause);
    if (wc_wait(&self->link, NULL, self->options.cancel_fd,
                wc_earlier(wc_earlier(until, end), due)) != 0)
        return wc_fail(&self->error, WINNOW_CLIENT_CANCELLED, "cancelled");
    return s_hear(self);
}

/* Silence counts only while somebody listens: the time since the last call is none. */
static void s_enter(winnow_pusher_t *self)
{
    int64_t away = wc_now() - self->left;
    self->heard += away;
    self->answered += away;
    self->ping += away;
}

static int s_leave(winnow_pusher_t *self, int code)
{
    self->left = wc_now();
    return code;
}

/* ---- the interface ---- */

winnow_pusher_t *winnow_pusher_new(const winnow_client_options_t *options,
                                   winnow_answer_fn *on_answer, void *arg,
                                   winnow_client_error_t *err)
{
    winnow_pusher_t *self = calloc(1, sizeof *self);

    if (!self) {
        wc_fail(err, WINNOW_CLIENT_MEMORY, "no memory");
        return NULL;
    }
    self->on_answer = on_answer;
    self->arg = arg;
    int code = wc_options(options, &self->options, &self->error);
    if (code == 0) {
        self->context = zmq_ctx_new();
        if (!self->context)
            code = wc_fail(&self->error, WINNOW_CLIENT_MEMORY, "no ZeroMQ context");
    }
    if (code == 0)
        code = wc_link_open(&self->link, self->context, ZMQ_DEALER, self->options.intake, NULL,
                            &self->error);
    int64_t end = self->options.connect_ms < 0 ? -1 : wc_now() + self->options.connect_ms;
    while (code == 0 && !self->ready) {
        self->heard = wc_now();
        code = s_round(self, end, -1);
        if (code == 0 && !self->ready && end >= 0 && wc_now() >= end)
            code = wc_unreachable(&self->error, self->options.intake);
    }
    if (code != 0) {
        if (err)
            *err = self->error;
        winnow_pusher_destroy(&self);
        return NULL;
    }
    s_leave(self, 0);
    return self;
}

/* An item with room for the frames, which are encoded into it. NULL: no memory. */
static s_item_t *s_item_new(winnow_pusher_t *self, const wp_message_t *message, const char *id)
{
    wp_packet_t *packet = &self->link.packet;

    if (wp_message_encode(message, packet) != 0)
        return NULL;
    size_t json = packet->frames[2].size;
    size_t text = message->type == WP_PUSH ? message->body.push.text.size : 0;
    size_t id_size = id ? strlen(id) + 1 : 0;
    s_item_t *item = malloc(sizeof *item + json + text + id_size);
    if (!item)
        return NULL;
    *item = (s_item_t){.ticket = message->request,
                       .type = message->type,
                       .id_hash = s_hash(id),
                       .bytes = json + text,
                       .json_size = json,
                       .text_size = text};
    memcpy(item->data, packet->frames[2].data, json);
    if (text)
        memcpy(item->data + json, message->body.push.text.data, text);
    if (id) {
        item->id = item->data + json + text;
        memcpy(item->id, id, id_size);
    }
    return item;
}

/* Waits until there is room in the window, and puts the item into the list. */
static int s_enqueue(winnow_pusher_t *self, s_item_t *item, uint64_t *ret_ticket)
{
    if (!item)
        return wc_fail(&self->error, WINNOW_CLIENT_MEMORY, "no memory for the article");
    s_enter(self);
    if (self->count == 0) /* nobody had a reason to say anything */
        self->heard = self->answered = wc_now();
    int code = s_hear(self);
    while (code == 0 && self->count > 0 &&
           (self->count >= self->options.window ||
            self->bytes + item->bytes > self->options.window_bytes))
        code = s_round(self, -1, self->options.patience_ms);
    if (code != 0) {
        free(item);
        return s_leave(self, code);
    }
    uint64_t ticket = item->ticket;
    s_append(self, item);
    code = s_send_waiting(self);
    if (code == 0 && ret_ticket)
        *ret_ticket = ticket;
    return s_leave(self, code);
}

int winnow_pusher_push(winnow_pusher_t *self, const winnow_article_t *article, uint64_t *ret_ticket)
{
    wp_message_t message;

    if (article->text_size > WP_TEXT_MAX)
        return wc_fail(&self->error, WINNOW_CLIENT_INVALID,
                       "%zu bytes of text, more than the %zu that an article may have",
                       article->text_size, WP_TEXT_MAX);
    wp_message_init(&message, WP_PUSH, ++self->ticket);
    wp_push_t *push = &message.body.push;
    push->id = wc_str(article->id);
    push->source = wc_str(article->source);
    push->url = wc_str(article->url);
    push->title = wc_str(article->title);
    push->published = wc_str(article->published);
    if (article->accepted_only)
        push->answer = wc_str("accepted");
    push->text = (wp_str_t){article->text, article->text_size};
    s_item_t *item = s_item_new(self, &message, article->id);
    if (item) {
        item->accepted_only = article->accepted_only;
        item->context = article->context;
    }
    return s_enqueue(self, item, ret_ticket);
}

static int s_name(winnow_pusher_t *self, wp_type_t type, const char *id, uint64_t *ret_ticket)
{
    wp_message_t message;
    wp_message_init(&message, type, ++self->ticket);
    message.body.name.id = wc_str(id);
    return s_enqueue(self, s_item_new(self, &message, id), ret_ticket);
}

int winnow_pusher_retract(winnow_pusher_t *self, const char *id, uint64_t *ret_ticket)
{
    return s_name(self, WP_RETRACT, id, ret_ticket);
}

int winnow_pusher_retry(winnow_pusher_t *self, const char *id, uint64_t *ret_ticket)
{
    return s_name(self, WP_RETRY, id, ret_ticket);
}

int winnow_pusher_run(winnow_pusher_t *self, int timeout_ms)
{
    int64_t until = timeout_ms < 0 ? -1 : wc_now() + timeout_ms;

    s_enter(self);
    int code = s_hear(self);
    if (code == 0)
        code = s_send_waiting(self);
    while (code == 0 && self->count > 0) {
        if (until >= 0 && wc_now() >= until)
            code =
                wc_fail(&self->error, WINNOW_CLIENT_TIMEOUT, "%zu not answered yet", self->count);
        else
            code = s_round(self, until, self->options.patience_ms);
    }
    return s_leave(self, code);
}

int winnow_pusher_wait(winnow_pusher_t *self)
{
    return winnow_pusher_run(self, -1);
}

size_t winnow_pusher_pending(const winnow_pusher_t *self)
{
    return self->count;
}

bool winnow_pusher_draining(const winnow_pusher_t *self)
{
    return self->draining;
}

const char *winnow_pusher_server(const winnow_pusher_t *self)
{
    return self->server;
}

const winnow_client_error_t *winnow_pusher_error(const winnow_pusher_t *self)
{
    return &self->error;
}

void winnow_pusher_destroy(winnow_pusher_t **self_p)
{
    winnow_pusher_t *self = *self_p;

    if (!self)
        return;
    if (self->ready) {
        wp_message_t bye;
        wp_message_init(&bye, WP_BYE, 0);
        s_send(self, &bye);
    }
    while (self->first)
        s_remove(self, self->first);
    wc_link_close(&self->link);
    if (self->context)
        zmq_ctx_term(self->context);
    free(self);
    *self_p = NULL;
}
