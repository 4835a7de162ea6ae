/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events and heartbeats (PROTOCOL.md, section 4): topics, streams, and what surrounds a record. The
 * record itself is JSON to this layer, which never looks inside.
 */
#ifndef WP_EVENT_H
#define WP_EVENT_H

#include "field.h"
#include "json.h"
#include "message.h"

#define WP_TOPIC_MAX       128 /* bytes of a topic */
#define WP_STREAM_MAX      64  /* bytes of a stream's name */
#define WP_TOPIC_HEARTBEAT "winnow.heartbeat"

typedef enum { WP_TOPIC_FACT, WP_TOPIC_ARTICLE, WP_TOPIC_BEAT } wp_topic_class_t;

/* A topic taken apart; the strings point into it and are not NUL-terminated. */
typedef struct {
    wp_topic_class_t class;
    wp_str_t stream; /* "fact.investment" or "article"; absent for a heartbeat */
    wp_str_t kind;   /* "investment"; absent for others */
    wp_str_t change; /* "created" of a fact, "stored" of an article; absent for a heartbeat */
} wp_topic_t;

/* Takes a topic apart. 0, or -1 when it has none of the three forms. */
int wp_topic_parse(const void *topic, size_t size, wp_topic_t *ret_topic);

/* What an event's body says. Absent: change, fact, record of an article's event; state, facts of a
   fact's. article and record are JSON as it stands. */
typedef struct {
    wp_str_t epoch, time, change, state, fact, article, record;
    uint64_t seq, prev, facts;
    wp_topic_t topic;
    wp_json_t *json; /* owns the strings */
} wp_event_t;

/* Reads the three frames of an event. 0, or -1: a frame is malformed, or they contradict each
   other. The event is good until wp_event_clear and while the frames live. */
int wp_event_decode(const wp_frame_t frames[3], wp_event_t *ret_event, wp_error_t *err);
void wp_event_clear(wp_event_t *self);

typedef struct {
    wp_str_t epoch, time, streams; /* streams: JSON object, as it stands */
    uint64_t seq;                  /* the newest event */
    wp_json_t *json;               /* owns the strings */
} wp_heartbeat_t;

/* The same for a heartbeat. */
int wp_heartbeat_decode(const wp_frame_t frames[3], wp_heartbeat_t *ret_beat, wp_error_t *err);
void wp_heartbeat_clear(wp_heartbeat_t *self);

/* The last number of a stream as the heartbeat says; 0 when it names none. */
uint64_t wp_heartbeat_stream(const wp_heartbeat_t *self, const char *stream);

/* Writes the body of a heartbeat. `streams` is JSON. */
void wp_heartbeat_write(wp_buf_t *buf, const char *epoch, uint64_t seq, const char *time,
                        wp_str_t streams);

#endif
