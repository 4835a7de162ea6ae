/* SPDX-License-Identifier: Apache-2.0 */
/* Events: three frames, of which the sequence number stands in two. */
#include "event.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define ANY      WP_ANSWER_MAX

/* clang-format off: two tables */
static const wp_field_t s_event[] = {
    {"epoch", WP_F_STRING, true, offsetof(wp_event_t, epoch), 1, 64, NULL},
    {"seq", WP_F_UINT, true, offsetof(wp_event_t, seq), 1, WP_UINT_MAX, NULL},
    {"prev", WP_F_UINT, true, offsetof(wp_event_t, prev), 0, WP_UINT_MAX, NULL},
    {"time", WP_F_STRING, true, offsetof(wp_event_t, time), 1, 64, NULL},
    {"change", WP_F_STRING, false, offsetof(wp_event_t, change), 1, 64, NULL},
    {"state", WP_F_STRING, false, offsetof(wp_event_t, state), 1, 64, NULL},
    {"fact", WP_F_STRING, false, offsetof(wp_event_t, fact), 1, 64, NULL},
    {"facts", WP_F_UINT, false, offsetof(wp_event_t, facts), 0, WP_UINT_MAX, NULL},
    {"article", WP_F_JSON, true, offsetof(wp_event_t, article), 0, ANY, NULL},
    {"record", WP_F_JSON, false, offsetof(wp_event_t, record), 0, ANY, NULL},
};
static const wp_field_t s_beat[] = {
    {"epoch", WP_F_STRING, true, offsetof(wp_heartbeat_t, epoch), 1, 64, NULL},
    {"seq", WP_F_UINT, true, offsetof(wp_heartbeat_t, seq), 0, WP_UINT_MAX, NULL},
    {"time", WP_F_STRING, true, offsetof(wp_heartbeat_t, time), 1, 64, NULL},
    {"streams", WP_F_JSON, true, offsetof(wp_heartbeat_t, streams), 0, ANY, NULL},
};
/* clang-format on */

/* A word of a topic: a to z, 0 to 9 and underscores, at least one. */
static size_t s_word(const char *at, const char *end)
{
    const char *from = at;
    while (at < end && ((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') || *at == '_'))
        at++;
    return (size_t)(at - from);
}

int wp_topic_parse(const void *topic, size_t size, wp_topic_t *ret_topic)
{
    const char *text = topic;
    const char *end = text + size;
    wp_str_t words[3];
    size_t count = 0;

    if (size == 0 || size > WP_TOPIC_MAX)
        return -1;
    for (const char *at = text;; at++) {
        size_t length = s_word(at, end);
        if (length == 0 || count == 3)
            return -1;
        words[count++] = (wp_str_t){at, length};
        at += length;
        if (at == end)
            break;
        if (*at != '.')
            return -1;
    }
    wp_topic_t result = {.class = WP_TOPIC_BEAT};
    if (size == strlen(WP_TOPIC_HEARTBEAT) && memcmp(text, WP_TOPIC_HEARTBEAT, size) == 0) {
        /* nothing more in it */
    } else if (count == 3 && words[0].size == 4 && memcmp(text, "fact", 4) == 0) {
        result.class = WP_TOPIC_FACT;
        result.kind = words[1];
        result.change = words[2];
        result.stream = (wp_str_t){text, 5 + words[1].size};
        if (result.stream.size > WP_STREAM_MAX)
            return -1;
    } else if (count == 2 && words[0].size == 7 && memcmp(text, "article", 7) == 0) {
        result.class = WP_TOPIC_ARTICLE;
        result.change = words[1];
        result.stream = words[0];
    } else {
        return -1;
    }
    *ret_topic = result;
    return 0;
}

/* The JSON of an event or heartbeat, whose second frame must say the number that `seq` then holds.
 */
static wp_json_t *s_body(const wp_frame_t frames[3], const wp_field_t *fields, size_t count,
                         const uint64_t *seq, void *ret_struct, wp_error_t *err)
{
    if (frames[1].size != 8) {
        wp_fail(err, WP_BAD_MESSAGE, NULL, "event: a sequence number of %zu bytes, not 8",
                frames[1].size);
        return NULL;
    }
    wp_json_t *json = wp_json_parse(frames[2].data, frames[2].size, err);
    if (!json)
        return NULL;
    if (wp_fields_read(fields, count, wp_json_root(json), false, ret_struct, err) != 0) {
        wp_json_destroy(&json);
    } else if (wp_get_u64(frames[1].data) != *seq) {
        wp_fail(err, WP_BAD_MESSAGE, NULL, "event: two sequence numbers");
        wp_json_destroy(&json);
    }
    return json;
}

int wp_event_decode(const wp_frame_t frames[3], wp_event_t *ret_event, wp_error_t *err)
{
    wp_event_t event = {.seq = 0};

    if (wp_topic_parse(frames[0].data, frames[0].size, &event.topic) != 0 ||
        event.topic.class == WP_TOPIC_BEAT)
        return wp_fail(err, WP_BAD_MESSAGE, NULL, "event: a topic of no known form");
    event.json = s_body(frames, s_event, COUNT(s_event), &event.seq, &event, err);
    if (!event.json)
        return -1;
    bool fact = event.topic.class == WP_TOPIC_FACT;
    const wp_str_t *change = fact ? &event.change : &event.state;
    if (!change->data || change->size != event.topic.change.size ||
        memcmp(change->data, event.topic.change.data, change->size) != 0 ||
        (fact && (!event.fact.data || !event.record.data)) || event.prev >= event.seq) {
        wp_json_destroy(&event.json);
        return wp_fail(err, WP_BAD_MESSAGE, NULL, "event: topic and body contradict each other");
    }
    *ret_event = event;
    return 0;
}

void wp_event_clear(wp_event_t *self)
{
    wp_json_destroy(&self->json);
    memset(self, 0, sizeof *self);
}

int wp_heartbeat_decode(const wp_frame_t frames[3], wp_heartbeat_t *ret_beat, wp_error_t *err)
{
    wp_heartbeat_t beat = {.seq = 0};

    if (frames[0].size != strlen(WP_TOPIC_HEARTBEAT) ||
        memcmp(frames[0].data, WP_TOPIC_HEARTBEAT, frames[0].size) != 0)
        return wp_fail(err, WP_BAD_MESSAGE, NULL, "heartbeat: another topic");
    beat.json = s_body(frames, s_beat, COUNT(s_beat), &beat.seq, &beat, err);
    if (!beat.json)
        return -1;
    *ret_beat = beat;
    return 0;
}

void wp_heartbeat_clear(wp_heartbeat_t *self)
{
    wp_json_destroy(&self->json);
    memset(self, 0, sizeof *self);
}

uint64_t wp_heartbeat_stream(const wp_heartbeat_t *self, const char *stream)
{
    uint64_t last = 0;
    const wp_node_t *streams = wp_node_get(wp_json_root(self->json), "streams");
    return wp_node_uint(wp_node_get(streams, stream), &last) ? last : 0;
}

void wp_heartbeat_write(wp_buf_t *buf, const char *epoch, uint64_t seq, const char *time,
                        wp_str_t streams)
{
    wp_heartbeat_t beat = {.epoch = {epoch, strlen(epoch)},
                           .time = {time, strlen(time)},
                           .streams = streams,
                           .seq = seq};
    wp_fields_write(s_beat, COUNT(s_beat), &beat, buf);
}
