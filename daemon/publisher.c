/* SPDX-License-Identifier: Apache-2.0 */
/* Events as they are committed; see publisher.h. */
#include "publisher.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "endpoint.h"
#include "log.h"
#include "proto/event.h"
#include "proto/wire.h"

#define S_BEAT_MS 1000

typedef struct {
    wd_publisher_args_t *args;
    wd_config_t config;
    wd_metrics_t *metrics;
    zsock_t *pipe;
    void *xpub, *writer;
    wd_publication_t *latest; /* without its events: where the streams stand */
    wp_buf_t streams, body;   /* of the heartbeat */
    int64_t beat_ms;          /* when the next one is due */
    int64_t subscriptions;
    bool warned, ended;
} s_publisher_t;

static void s_free_body(void *data, void *hint)
{
    wd_events_t *events = hint;
    (void)data;
    wd_events_unref(&events);
}

/* The three frames of an event; the first two are small enough to lie in libzmq's own memory. */
static void s_send_event(s_publisher_t *self, wd_events_t *events, const wd_event_t *event)
{
    uint8_t seq[8];
    wp_put_u64(seq, event->seq);
    const wp_out_t frames[3] = {
        {event->topic, event->topic_size, NULL, NULL},
        {seq, sizeof seq, NULL, NULL},
        {event->body, event->body_size, s_free_body, wd_events_ref(events)},
    };
    if (wp_send_frames(self->xpub, frames, 3, ZMQ_DONTWAIT) != 0)
        wd_log(WD_WARNING, "event not published", "seq=%llu error=%s",
               (unsigned long long)event->seq, zmq_strerror(errno));
}

static void s_publish(s_publisher_t *self, wd_publication_t *publication)
{
    wd_events_t *events = publication->events;
    size_t count = events ? wd_events_count(events) : 0;
    for (size_t i = 0; i < count; i++)
        s_send_event(self, events, wd_events_at(events, i));
    wd_count(self->metrics, WD_C_EVENTS, count);
    wd_gauge_set(self->metrics, WD_G_EVENT_SENT, (int64_t)publication->last);
    if (events)
        wd_events_unref(&publication->events);
    wd_publication_destroy(&self->latest);
    self->latest = publication;
}

static void s_from_writer(s_publisher_t *self)
{
    wd_parcel_t parcel;
    /* A few, then the heartbeat and the commands have their turn. */
    for (int i = 0; i < 64 && wd_parcel_recv(self->writer, &parcel, ZMQ_DONTWAIT) == 0; i++)
        if (parcel.kind == WD_PARCEL_PUBLICATION)
            s_publish(self, parcel.data);
}

static void s_heartbeat(s_publisher_t *self)
{
    char now[32];
    struct timespec ts;
    struct tm tm;
    uint8_t seq[8];
    if (!self->latest)
        return; /* the writer has not said yet where it stands */
    clock_gettime(CLOCK_REALTIME, &ts);
    gmtime_r(&ts.tv_sec, &tm);
    size_t n = strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(now + n, sizeof now - n, ".%03dZ", (int)(ts.tv_nsec / 1000000));

    wp_buf_clear(&self->streams);
    wp_buf_clear(&self->body);
    wp_writer_t writer = wp_writer(&self->streams);
    wp_write_object(&writer, NULL);
    for (size_t i = 0; i < self->latest->stream_count; i++)
        wp_write_uint(&writer, self->latest->streams[i].name, self->latest->streams[i].last);
    wp_write_object_end(&writer);
    wp_heartbeat_write(&self->body, self->args->epoch, self->latest->last, now,
                       (wp_str_t){self->streams.data, self->streams.size});
    if (self->streams.failed || self->body.failed)
        return;
    wp_put_u64(seq, self->latest->last);
    const wp_out_t frames[3] = {
        {WP_TOPIC_HEARTBEAT, sizeof WP_TOPIC_HEARTBEAT - 1, NULL, NULL},
        {seq, sizeof seq, NULL, NULL},
        {self->body.data, self->body.size, NULL, NULL},
    };
    if (wp_send_frames(self->xpub, frames, 3, ZMQ_DONTWAIT) == 0)
        wd_count(self->metrics, WD_C_HEARTBEATS, 1);
}

/* An XPUB receives a frame for each subscription: 1 or 0, then the topic. */
static void s_subscriptions(s_publisher_t *self)
{
    zmq_msg_t frame;
    zmq_msg_init(&frame);
    for (int i = 0; i < 10000 && zmq_msg_recv(&frame, self->xpub, ZMQ_DONTWAIT) >= 0; i++) {
        const unsigned char *data = zmq_msg_data(&frame);
        if (zmq_msg_size(&frame) == 0 || data[0] > 1)
            continue;
        self->subscriptions += data[0] == 1 ? 1 : -1;
    }
    zmq_msg_close(&frame);
    bool many = self->subscriptions > self->config.warn_subscriptions;
    if (many && !self->warned)
        wd_log(WD_WARNING, "many subscriptions", "count=%lld limit=%lld",
               (long long)self->subscriptions, (long long)self->config.warn_subscriptions);
    self->warned = many;
    wd_gauge_set(self->metrics, WD_G_SUBSCRIPTIONS, self->subscriptions);
}

static void s_command(s_publisher_t *self)
{
    char *word = zstr_recv_nowait(self->pipe);
    if (word && strcmp(word, "$TERM") == 0) {
        self->ended = true;
    } else if (word && strcmp(word, "CONFIG") == 0) {
        zframe_t *frame = zframe_recv(self->pipe);
        if (frame && zframe_size(frame) == sizeof self->config)
            memcpy(&self->config, zframe_data(frame), sizeof self->config);
        zframe_destroy(&frame);
    }
    freen(word);
}

static bool s_start(s_publisher_t *self)
{
    static const wd_endpoint_t limits = {.type = ZMQ_XPUB,
                                         .max_frame = WD_TOPIC_MAX,
                                         .receive = 10000,
                                         .send = WD_EVENTS_WAITING,
                                         .linger_ms = 1000};
    wd_publisher_args_t *args = self->args;
    self->writer = wd_endpoint_inner(ZMQ_PAIR, WD_WRITER_PUBLISH);
    if (!self->writer) {
        snprintf(args->failure, sizeof args->failure, "publisher: %s", zmq_strerror(errno));
        return false;
    }
    self->xpub = wd_endpoint_bind(&limits, self->config.events, args->bound, args->failure,
                                  sizeof args->failure);
    return self->xpub != NULL;
}

static void s_loop(s_publisher_t *self)
{
    zmq_pollitem_t items[] = {{zsock_resolve(self->pipe), 0, ZMQ_POLLIN, 0},
                              {self->writer, 0, ZMQ_POLLIN, 0},
                              {self->xpub, 0, ZMQ_POLLIN, 0}};
    while (!self->ended) {
        int64_t now = wd_now_ns() / 1000000;
        if (now >= self->beat_ms) {
            s_heartbeat(self);
            self->beat_ms = now + S_BEAT_MS;
        }
        int rc = zmq_poll(items, 3, (long)(self->beat_ms - now));
        wd_tick(self->metrics, WD_TICK_PUBLISHER);
        if (rc < 0) {
            if (errno == EINTR)
                continue;
            break;
        }
        if (items[0].revents & ZMQ_POLLIN)
            s_command(self);
        if (items[1].revents & ZMQ_POLLIN)
            s_from_writer(self);
        if (items[2].revents & ZMQ_POLLIN)
            s_subscriptions(self);
    }
}

void wd_publisher_actor(zsock_t *pipe, void *args)
{
    s_publisher_t self = {.args = args, .pipe = pipe};
    self.config = self.args->config;
    self.metrics = self.args->metrics;
    bool started = s_start(&self);
    wd_actor_ready(pipe, args, started);
    if (started)
        s_loop(&self);
    if (self.writer) {
        wd_parcel_t parcel; /* the last events */
        while (wd_parcel_recv(self.writer, &parcel, ZMQ_DONTWAIT) == 0)
            if (parcel.kind == WD_PARCEL_PUBLICATION)
                s_publish(&self, parcel.data);
        wd_parcels_close(&self.writer);
    }
    if (self.xpub)
        zmq_close(self.xpub);
    wd_publication_destroy(&self.latest);
    wp_buf_free(&self.streams);
    wp_buf_free(&self.body);
    wd_actor_end(args);
}
