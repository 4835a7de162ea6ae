/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every event once, in order (PROTOCOL.md, "To miss nothing").
 *
 * `at` is the number up to which everything wanted was given. There are two ways to go on from it:
 *
 *     FETCHING  pages of REPLAY from at + 1, until one says that it is complete up to the newest
 * event LIVE      what is published, as long as each event follows on the one before
 *
 * A subscriber starts by FETCHING, and goes back to it whenever what it hears does not follow on
 * `at`: a number left out, a heartbeat that is ahead. Events that are published meanwhile wait in
 * the socket, or are dropped there, which is one more gap and is found like any other. So all that
 * the state consists of is `at`, and there is nothing to repair when a connection breaks.
 *
 * What follows on what depends on what is subscribed to. One stream: `prev` of an event must not be
 * beyond `at`. Otherwise everything is subscribed to, and the numbers must be consecutive; the
 * filter then leaves out the rest. REPLAY is asked for the wanted kinds alone in either case.
 */
#include "fold.h"
#include "link.h"
#include "rpc.h"

#include "proto/event.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define S_SILENCE_MS 10000 /* without a heartbeat: connect anew */
#define S_ALIVE_MS   3000
#define S_LATER_MS   200 /* after a refusal that says to try again */

struct winnow_subscriber {
    wc_options_t options;
    winnow_client_error_t error;
    void *context;
    wc_link_t link; /* SUB */
    wc_rpc_t rpc;   /* REPLAY */

    /* what is wanted */
    char **kinds;   /* ends with NULL; NULL: all, and events of articles */
    char **changes; /* ends with NULL; NULL: all */
    char *entity;   /* folded; NULL: all */
    bool one_stream;
    char stream[WP_STREAM_MAX + 1]; /* when one_stream */
    char topic[WP_STREAM_MAX + 2];
    const char *topics[3];
    wp_list_t prefixes; /* for REPLAY */
    char *prefix_memory;

    /* where we are */
    char epoch[65];
    uint64_t at;
    bool fetching;
    bool epoch_changed; /* to be told to the caller */
    uint64_t gaps;
    uint64_t page_end;  /* complete, of the page in rpc.answer */
    uint64_t page_last; /* last, of it */
    size_t page_next;   /* the next frame in rpc.answer.rest */
    bool page;          /* rpc.answer holds a page */
    int64_t later;      /* when to ask again after a refusal, or -1 */

    int64_t heard; /* when the daemon was last heard */

    wp_event_t event; /* the one given to the caller last */
    wp_buf_t body;    /* its JSON */
    char topic_given[WP_TOPIC_MAX + 1];
    char kind_given[WP_STREAM_MAX + 1];
};

/* ---- what is wanted ---- */

static char **s_copy_list(const char *const *list)
{
    size_t count = 0;
    while (list[count])
        count++;
    char **copy = calloc(count + 1, sizeof *copy);
    for (size_t i = 0; copy && i < count; i++) {
        copy[i] = strdup(list[i]);
        if (!copy[i]) {
            while (i > 0)
                free(copy[--i]);
            free(copy);
            return NULL;
        }
    }
    return copy;
}

static void s_free_list(char **list)
{
    for (char **item = list; item && *item; item++)
        free(*item);
    free(list);
}

static bool s_in_list(char **list, const char *word, size_t size)
{
    for (; *list; list++) {
        if (strlen(*list) == size && memcmp(*list, word, size) == 0)
            return true;
    }
    return false;
}

/* The prefixes of REPLAY: "fact.investment." for each kind. */
static int s_make_prefixes(winnow_subscriber_t *self)
{
    size_t count = 0;
    while (self->kinds[count])
        count++;
    if (count == 0 || count > WP_PREFIXES_MAX)
        return wc_fail(&self->error, WINNOW_CLIENT_INVALID, "%zu kinds, not 1 to %d", count,
                       WP_PREFIXES_MAX);
    self->prefix_memory = calloc(count, WP_PREFIX_MAX + 1);
    if (!self->prefix_memory)
        return wc_fail(&self->error, WINNOW_CLIENT_MEMORY, "no memory");
    for (size_t i = 0; i < count; i++) {
        char *prefix = self->prefix_memory + i * (WP_PREFIX_MAX + 1);
        int size = snprintf(prefix, WP_PREFIX_MAX + 1, "fact.%s.", self->kinds[i]);
        wp_topic_t topic;
        char whole[WP_TOPIC_MAX + 1];
        snprintf(whole, sizeof whole, "%sany", prefix);
        if (size > WP_PREFIX_MAX || wp_topic_parse(whole, strlen(whole), &topic) != 0)
            return wc_fail(&self->error, WINNOW_CLIENT_INVALID, "\"%.60s\" is no kind",
                           self->kinds[i]);
        self->prefixes.item[self->prefixes.count++] = (wp_str_t){prefix, (size_t)size};
    }
    return 0;
}

static int s_make_filter(winnow_subscriber_t *self, const winnow_event_filter_t *filter)
{
    if ((filter->kinds && !(self->kinds = s_copy_list(filter->kinds))) ||
        (filter->changes && !(self->changes = s_copy_list(filter->changes))))
        return wc_fail(&self->error, WINNOW_CLIENT_MEMORY, "no memory");
    if (filter->entity) {
        self->entity = wc_fold(filter->entity);
        if (!self->entity || !self->entity[0])
            return wc_fail(&self->error, WINNOW_CLIENT_INVALID, "the entity is no text");
    }
    if (filter->epoch && (!filter->epoch[0] || strlen(filter->epoch) >= sizeof self->epoch))
        return wc_fail(&self->error, WINNOW_CLIENT_INVALID, "the epoch is none");
    snprintf(self->epoch, sizeof self->epoch, "%s", filter->epoch ? filter->epoch : "");
    self->topics[0] = "";
    if (!self->kinds)
        return 0;
    int code = s_make_prefixes(self);
    if (code == 0 && self->prefixes.count == 1) {
        self->one_stream = true;
        snprintf(self->stream, sizeof self->stream, "fact.%s", self->kinds[0]);
        snprintf(self->topic, sizeof self->topic, "%s", self->prefixes.item[0].data);
        self->topics[0] = self->topic;
        self->topics[1] = WP_TOPIC_HEARTBEAT;
    }
    return code;
}

/* Whether a name of the record holds the words of the filter. */
static bool s_names(const char *text, const char *words)
{
    char *folded = text ? wc_fold(text) : NULL;
    bool holds = folded && wc_fold_holds(folded, words);
    free(folded);
    return holds;
}

static bool s_has_entity(const winnow_subscriber_t *self, const wp_event_t *event)
{
    const wp_node_t *record = wp_node_get(wp_json_root(event->json), "record");
    const wp_node_t *roles = wp_node_get(record, "roles");
    const wp_node_t *source = wp_node_get(record, "reported_by");

    if (source && source->type == WP_JSON_OBJECT)
        source = wp_node_get(source, "text");
    if (source && s_names(source->string, self->entity))
        return true;
    for (const wp_node_t *role = roles ? roles->child : NULL; role; role = role->next) {
        for (const wp_node_t *filler = role->child; filler; filler = filler->next) {
            if (s_names(wp_node_string(filler, "text"), self->entity))
                return true;
        }
    }
    return false;
}

static bool s_wanted(const winnow_subscriber_t *self, const wp_event_t *event)
{
    const wp_topic_t *topic = &event->topic;

    if (self->kinds && (topic->class != WP_TOPIC_FACT ||
                        !s_in_list(self->kinds, topic->kind.data, topic->kind.size)))
        return false;
    if (self->changes && !s_in_list(self->changes, topic->change.data, topic->change.size))
        return false;
    return !self->entity || s_has_entity(self, event);
}

/* ---- events ---- */

/* Another epoch: another store. Everything starts anew, and the caller is told. */
static void s_new_epoch(winnow_subscriber_t *self, const char *epoch)
{
    self->at = 0;
    self->epoch_changed = true;
    snprintf(self->epoch, sizeof self->epoch, "%s", epoch);
    self->fetching = true;
    self->rpc.open = false;
    self->page = false;
}

static void s_gap(winnow_subscriber_t *self)
{
    if (self->fetching)
        return;
    self->fetching = true;
    self->gaps++;
}

/* Keeps what the caller is given: the event, its topic and body. */
static int s_give(winnow_subscriber_t *self, const wp_frame_t frames[3], winnow_event_t *ret)
{
    wp_event_t *event = &self->event;
    bool fact = event->topic.class == WP_TOPIC_FACT;

    wp_buf_clear(&self->body);
    wp_buf_add(&self->body, frames[2].data, frames[2].size);
    wp_buf_add(&self->body, "", 1);
    if (self->body.failed)
        return wc_fail(&self->error, WINNOW_CLIENT_MEMORY, "no memory for an event");
    snprintf(self->topic_given, sizeof self->topic_given, "%.*s", (int)frames[0].size,
             (const char *)frames[0].data);
    snprintf(self->kind_given, sizeof self->kind_given, "%.*s", (int)event->topic.kind.size,
             fact ? event->topic.kind.data : "");
    const char *from = frames[2].data;
    const char *body = self->body.data;
    *ret = (winnow_event_t){
        .topic = self->topic_given,
        .epoch = self->epoch,
        .seq = event->seq,
        .time = event->time.data,
        .kind = fact ? self->kind_given : NULL,
        .change = fact ? event->change.data : event->state.data,
        .fact = event->fact.data,
        .facts = event->facts == WP_ABSENT ? 0 : event->facts,
        .body = body,
        .body_size = frames[2].size,
        .article = body + (event->article.data - from),
        .article_size = event->article.size,
        .record = event->record.data ? body + (event->record.data - from) : NULL,
        .record_size = event->record.size,
    };
    return 1;
}

static int s_bad_event(winnow_subscriber_t *self, const wp_error_t *fault)
{
    return wc_fail(&self->error, WINNOW_CLIENT_PROTOCOL, "%.150s sent what is no event: %s",
                   self->options.events, fault->message);
}

/* One published event. 1: it is in *ret; 0: it is none for the caller. */
static int s_on_event(winnow_subscriber_t *self, const wp_frame_t frames[3], winnow_event_t *ret)
{
    wp_error_t fault;

    wp_event_clear(&self->event);
    if (wp_event_decode(frames, &self->event, &fault) != 0)
        return s_bad_event(self, &fault);
    wp_event_t *event = &self->event;
    if (strcmp(event->epoch.data, self->epoch) != 0) {
        s_new_epoch(self, event->epoch.data);
        return 0;
    }
    if (event->seq <= self->at)
        return 0;
    if (self->one_stream ? event->prev > self->at : event->seq != self->at + 1) {
        s_gap(self);
        return 0;
    }
    self->at = event->seq;
    return s_wanted(self, event) ? s_give(self, frames, ret) : 0;
}

static int s_on_heartbeat(winnow_subscriber_t *self, const wp_frame_t frames[3])
{
    wp_heartbeat_t beat;
    wp_error_t fault;

    if (wp_heartbeat_decode(frames, &beat, &fault) != 0)
        return s_bad_event(self, &fault);
    if (strcmp(beat.epoch.data, self->epoch) != 0)
        s_new_epoch(self, beat.epoch.data);
    else if ((self->one_stream ? wp_heartbeat_stream(&beat, self->stream) : beat.seq) > self->at)
        s_gap(self);
    wp_heartbeat_clear(&beat);
    return 0;
}

/* Takes what was published until there is something for the caller, nothing more, or a gap. */
static int s_live(winnow_subscriber_t *self, winnow_event_t *ret)
{
    wc_link_t *link = &self->link;
    int code = 0;

    while (code == 0 && !self->fetching && !self->epoch_changed &&
           wp_parts_recv(&link->parts, link->socket, 3, ZMQ_DONTWAIT) == 0) {
        const wp_frame_t *frames = link->parts.frames;
        self->heard = wc_now();
        if (link->parts.count != 3 || link->parts.overflow)
            return wc_fail(&self->error, WINNOW_CLIENT_PROTOCOL, "%.150s sends no events",
                           self->options.events);
        bool beat = frames[0].size == strlen(WP_TOPIC_HEARTBEAT) &&
                    memcmp(frames[0].data, WP_TOPIC_HEARTBEAT, frames[0].size) == 0;
        code = beat ? s_on_heartbeat(self, frames) : s_on_event(self, frames, ret);
    }
    return code;
}

/* ---- fetching ---- */

static int s_ask(winnow_subscriber_t *self)
{
    wp_message_t question;
    wp_message_init(&question, WP_REPLAY, 0);
    question.body.replay.from = self->at + 1;
    question.body.replay.prefixes = self->prefixes;
    question.body.replay.limit = WP_PAGE_MAX;
    self->page = false;
    self->later = -1;
    return wc_rpc_ask(&self->rpc, &question, &self->error);
}

/* The answer to REPLAY: a page, another epoch, or a refusal. */
static int s_on_answer(winnow_subscriber_t *self)
{
    const wp_message_t *answer = &self->rpc.answer;

    self->heard = wc_now();
    if (answer->type == WP_REFUSED) {
        if (!answer->body.refused.retry)
            return wc_refused(&self->error, &answer->body.refused);
        self->later = wc_now() + S_LATER_MS;
        return 0;
    }
    if (answer->type != WP_EVENTS)
        return wc_fail(&self->error, WINNOW_CLIENT_PROTOCOL, "REPLAY was answered with %s",
                       wp_type_name(answer->type));
    const wp_events_t *events = &answer->body.events;
    if (strcmp(events->epoch.data, self->epoch) != 0) {
        s_new_epoch(self, events->epoch.data);
        return 0;
    }
    self->page = true;
    self->page_next = 0;
    self->page_end = events->complete;
    self->page_last = events->last;
    return 0;
}

/* Goes through the page. 1: an event is in *ret. At its end the next page is asked for, or it is
 * LIVE again. */
static int s_turn_page(winnow_subscriber_t *self, winnow_event_t *ret)
{
    const wp_message_t *answer = &self->rpc.answer;
    wp_error_t fault;

    while (self->page_next + 3 <= answer->rest_count) {
        const wp_frame_t *frames = answer->rest + self->page_next;
        self->page_next += 3;
        wp_event_clear(&self->event);
        if (wp_event_decode(frames, &self->event, &fault) != 0)
            return s_bad_event(self, &fault);
        if (self->event.seq <= self->at)
            continue;
        if (self->event.seq > self->page_end)
            return wc_fail(&self->error, WINNOW_CLIENT_PROTOCOL, "REPLAY gave more than it says");
        self->at = self->event.seq;
        if (s_wanted(self, &self->event))
            return s_give(self, frames, ret);
    }
    bool progress = self->page_end > self->at || answer->rest_count > 0;
    if (self->page_end > self->at)
        self->at = self->page_end;
    self->page = false;
    if (self->page_end >= self->page_last)
        self->fetching = false;
    else if (!progress)
        return wc_fail(&self->error, WINNOW_CLIENT_PROTOCOL, "REPLAY does not get on");
    return 0;
}

static int s_fetch(winnow_subscriber_t *self, winnow_event_t *ret)
{
    if (self->page)
        return s_turn_page(self, ret);
    if (!self->rpc.open && (self->later < 0 || wc_now() >= self->later))
        return s_ask(self);
    int got = wc_rpc_poll(&self->rpc, &self->error);
    return got == 1 ? s_on_answer(self) : got;
}

/* ---- the interface ---- */

/* Where to start: the daemon says what its epoch and its newest event are. */
static int s_start(winnow_subscriber_t *self, const winnow_event_filter_t *filter)
{
    wp_message_t ping;

    wp_message_init(&ping, WP_PING, 0);
    int code = wc_rpc_call(&self->rpc, &ping, self->options.connect_ms, self->options.cancel_fd,
                           &self->error);
    if (code != 0)
        return code;
    const wp_pong_t *pong = &self->rpc.answer.body.pong;
    bool now = filter->from == WINNOW_FROM_NOW || filter->from == 0;
    self->heard = wc_now();
    self->fetching = true;
    self->later = -1;
    if (self->epoch[0] && strcmp(self->epoch, pong->epoch.data) != 0) {
        s_new_epoch(self, pong->epoch.data);
        return 0;
    }
    snprintf(self->epoch, sizeof self->epoch, "%s", pong->epoch.data);
    self->at = now ? pong->last : filter->from - 1;
    if (self->at > WP_UINT_MAX - 1)
        return wc_fail(&self->error, WINNOW_CLIENT_INVALID, "no event can have such a number");
    if (self->at > pong->last)
        return wc_fail(&self->error, WINNOW_CLIENT_INVALID,
                       "there is no event %llu yet: the newest is %llu",
                       (unsigned long long)self->at, (unsigned long long)pong->last);
    return 0;
}

winnow_subscriber_t *winnow_subscriber_new(const winnow_client_options_t *options,
                                           const winnow_event_filter_t *filter,
                                           winnow_client_error_t *err)
{
    static const winnow_event_filter_t all = {0};
    winnow_subscriber_t *self = calloc(1, sizeof *self);

    if (!self) {
        wc_fail(err, WINNOW_CLIENT_MEMORY, "no memory");
        return NULL;
    }
    filter = filter ? filter : &all;
    int code = wc_options(options, &self->options, &self->error);
    if (code == 0)
        code = s_make_filter(self, filter);
    if (code == 0 && !(self->context = zmq_ctx_new()))
        code = wc_fail(&self->error, WINNOW_CLIENT_MEMORY, "no ZeroMQ context");
    if (code == 0)
        code = wc_link_open(&self->link, self->context, ZMQ_SUB, self->options.events, self->topics,
                            &self->error);
    if (code == 0)
        code = wc_rpc_open(&self->rpc, self->context, self->options.query, &self->error);
    if (code == 0)
        code = s_start(self, filter);
    if (code != 0) {
        if (err)
            *err = self->error;
        winnow_subscriber_destroy(&self);
    }
    return self;
}

/* Connections that say nothing are made anew: a peer that vanished without a word is not noticed
 * otherwise. */
static int s_check_silence(winnow_subscriber_t *self)
{
    int64_t now = wc_now();
    if (now - self->heard < S_SILENCE_MS)
        return 0;
    self->heard = now - S_ALIVE_MS;
    return wc_link_reopen(&self->link, &self->error);
}

int winnow_subscriber_next(winnow_subscriber_t *self, int timeout_ms, winnow_event_t *ret_event)
{
    int64_t until = timeout_ms < 0 ? -1 : wc_now() + timeout_ms;

    for (;;) {
        if (self->epoch_changed) {
            self->epoch_changed = false;
            return wc_fail(&self->error, WINNOW_CLIENT_EPOCH,
                           "the store is another one now (epoch %s): starting from its first event",
                           self->epoch);
        }
        bool was_fetching = self->fetching;
        int code = was_fetching ? s_fetch(self, ret_event) : s_live(self, ret_event);
        if (code != 0)
            return code == 1 ? 0 : code;
        if (self->epoch_changed || self->page || self->fetching != was_fetching)
            continue;
        if (self->fetching && !self->rpc.open && self->later < 0)
            continue;
        int64_t now = wc_now();
        if (until >= 0 && now >= until)
            return wc_fail(&self->error, WINNOW_CLIENT_TIMEOUT, "no event in time");
        int64_t due = self->heard + S_SILENCE_MS;
        if (self->fetching)
            due = wc_earlier(due, self->rpc.open ? self->rpc.again : self->later);
        code = wc_wait(self->fetching ? &self->rpc.link : &self->link, NULL,
                       self->options.cancel_fd, wc_earlier(until, due));
        if (code != 0)
            return wc_fail(&self->error, WINNOW_CLIENT_CANCELLED, "cancelled");
        code = s_check_silence(self);
        if (code != 0)
            return code;
    }
}

uint64_t winnow_subscriber_position(const winnow_subscriber_t *self)
{
    return self->at;
}

const char *winnow_subscriber_epoch(const winnow_subscriber_t *self)
{
    return self->epoch;
}

bool winnow_subscriber_alive(const winnow_subscriber_t *self)
{
    return wc_now() - self->heard < S_ALIVE_MS;
}

uint64_t winnow_subscriber_gaps(const winnow_subscriber_t *self)
{
    return self->gaps;
}

const winnow_client_error_t *winnow_subscriber_error(const winnow_subscriber_t *self)
{
    return &self->error;
}

void winnow_subscriber_destroy(winnow_subscriber_t **self_p)
{
    winnow_subscriber_t *self = *self_p;

    if (!self)
        return;
    wp_event_clear(&self->event);
    wp_buf_free(&self->body);
    s_free_list(self->kinds);
    s_free_list(self->changes);
    free(self->entity);
    free(self->prefix_memory);
    wc_rpc_close(&self->rpc);
    wc_link_close(&self->link);
    if (self->context)
        zmq_ctx_term(self->context);
    free(self);
    *self_p = NULL;
}
