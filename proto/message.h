/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The messages of `intake` and `query`: frames into a struct and back (PROTOCOL.md, sections 2 to
 * 7).
 *
 * Decoding is strict, and takes frames as they are: the text of a PUSH and the rows of an answer
 * are not copied. A decoded message points into the frames that it came from and into memory of its
 * own; it is good until wp_message_clear, and while the frames live. Nothing here knows a socket;
 * see wire.h for that.
 *
 * In every struct an absent string has `data` NULL and an absent number is WP_ABSENT. Strings are
 * NUL-terminated.
 */
#ifndef WP_MESSAGE_H
#define WP_MESSAGE_H

#include "buf.h"
#include "field.h"
#include "json.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WP_VERSION 1

#define WP_TEXT_MAX      ((size_t)1048576)  /* bytes of an article's text */
#define WP_FRAME_MAX     ((size_t)16384)    /* bytes of any other frame to the daemon */
#define WP_ANSWER_MAX    ((size_t)67108864) /* bytes of a frame from the daemon */
#define WP_ID_MAX        1024
#define WP_SOURCE_MAX    256
#define WP_URL_MAX       2048
#define WP_TITLE_MAX     1024
#define WP_CLIENT_MAX    128
#define WP_PREFIX_MAX    64
#define WP_PAGE_MAX      1000                  /* rows or events in an answer */
#define WP_REQUEST_PARTS 4                     /* frames of the longest message to the daemon */
#define WP_ANSWER_PARTS  (3 + 3 * WP_PAGE_MAX) /* frames of the longest answer */
#define WP_HEAD_SIZE     12                    /* header and request number together */

typedef enum {
    WP_HELLO = 0x01,
    WP_PUSH = 0x02,
    WP_RETRACT = 0x03,
    WP_RETRY = 0x04,
    WP_PING = 0x05,
    WP_BYE = 0x06,
    WP_STATUS = 0x10,
    WP_QUERY = 0x11,
    WP_SHOW = 0x12,
    WP_ARTICLES = 0x13,
    WP_REPLAY = 0x14,
    WP_WELCOME = 0x81,
    WP_ACCEPTED = 0x82,
    WP_STORED = 0x83,
    WP_REFUSED = 0x84,
    WP_CREDIT = 0x85,
    WP_PONG = 0x86,
    WP_DRAIN = 0x87,
    WP_RESULT = 0x90,
    WP_ROWS = 0x91,
    WP_EVENTS = 0x92
} wp_type_t;

/* Where a message is read: each end of each endpoint takes some types only. */
typedef enum {
    WP_AT_INTAKE = 1,        /* the daemon, on intake */
    WP_AT_QUERY = 2,         /* the daemon, on query */
    WP_AT_INTAKE_CLIENT = 4, /* a client of intake */
    WP_AT_QUERY_CLIENT = 8   /* a client of query */
} wp_at_t;

/* Bytes that somebody else owns. */
typedef struct {
    const void *data;
    size_t size;
} wp_frame_t;

typedef struct {
    wp_str_t client; /* the program's name */
} wp_hello_t;

typedef struct {
    wp_str_t id, source, url, title, published; /* as the table in section 3 */
    wp_str_t answer;                            /* "accepted", "stored" or absent */
    wp_str_t text;                              /* the article; not NUL-terminated */
    size_t bytes;                               /* JSON and text frames together, for the credit */
} wp_push_t;

typedef struct {
    wp_str_t id;
} wp_name_t; /* RETRACT, RETRY */

typedef struct {
    wp_str_t kind, entity, place, since, until, min, unit, text, article, after;
    wp_str_t status, source, modality;
    bool retracted;
    uint64_t limit; /* 1 to WP_PAGE_MAX, or absent */
} wp_query_t;

typedef struct {
    wp_str_t id, fact, article; /* exactly one is there */
} wp_show_t;

typedef struct {
    wp_str_t state, source, after;
    uint64_t limit; /* 1 to WP_PAGE_MAX, or absent */
} wp_articles_t;

typedef struct {
    uint64_t from;      /* 1 or more */
    wp_list_t prefixes; /* none: all */
    uint64_t limit;     /* 1 to WP_PAGE_MAX, or absent */
} wp_replay_t;

typedef struct {
    wp_str_t server, epoch, instance;
    wp_str_t versions; /* JSON list of numbers */
    uint64_t last;     /* the newest event */
    uint64_t credit_messages, credit_bytes;
    uint64_t limit_text, limit_id, limit_source, limit_url, limit_title;
} wp_welcome_t;

typedef struct {
    wp_str_t id, state;
    uint64_t revision;
    bool duplicate;
} wp_accepted_t;

typedef struct {
    wp_str_t id, state;
    wp_str_t reason; /* of a failed article */
    uint64_t revision;
    bool duplicate;
    uint64_t facts, first, last;
} wp_stored_t;

typedef struct {
    wp_str_t code, message;
    wp_str_t field;       /* the field at fault, or absent */
    wp_str_t versions;    /* JSON list, with bad_version */
    uint64_t offset;      /* the byte at fault, or absent */
    bool retry;           /* the same message may succeed later */
    uint64_t retry_after; /* milliseconds, or absent */
} wp_refused_t;

typedef struct {
    uint32_t messages;
    uint64_t bytes;
} wp_credit_t;

typedef struct {
    wp_str_t epoch, instance;
    uint64_t last; /* the newest event */
    bool session;  /* on intake: whether a session is open for this connection; on query false */
} wp_pong_t;

typedef struct {
    wp_str_t json; /* an object, as it stands */
} wp_result_t;

typedef struct {
    uint64_t count;
    wp_str_t next; /* absent on the last page */
} wp_rows_t;       /* the rows are wp_message_t.rest */

typedef struct {
    wp_str_t epoch;
    uint64_t count, complete, last;
} wp_events_t; /* three frames an event are wp_message_t.rest */

typedef struct {
    wp_type_t type;
    uint64_t request;
    union {
        wp_hello_t hello;
        wp_push_t push;
        wp_name_t name;
        wp_query_t query;
        wp_show_t show;
        wp_articles_t articles;
        wp_replay_t replay;
        wp_welcome_t welcome;
        wp_accepted_t accepted;
        wp_stored_t stored;
        wp_refused_t refused;
        wp_credit_t credit;
        wp_pong_t pong;
        wp_result_t result;
        wp_rows_t rows;
        wp_events_t events;
    } body;
    const wp_frame_t *rest; /* rows of ROWS, frames of EVENTS: the caller's array */
    size_t rest_count;
    wp_json_t *json; /* owns the strings of a decoded message */
} wp_message_t;

/* Reads a message. `frames` are those after the routing id, empty delimiters not included. 0, or -1
   with the code that REFUSED is to carry, and `ret_message` holding `type` (0 if unknown) and
   `request` (0 if it could not be read) alone. Clear the message in both cases. */
int wp_message_decode(wp_at_t at, const wp_frame_t *frames, size_t count, wp_message_t *ret_message,
                      wp_error_t *err);

/* Sets a message up to be filled and encoded: all of the body is absent. */
void wp_message_init(wp_message_t *self, wp_type_t type, uint64_t request);

/* Frees what a decoded message owns; it is then empty. */
void wp_message_clear(wp_message_t *self);

/* A message as it goes out, before `rest`. */
typedef struct {
    uint8_t head[WP_HEAD_SIZE]; /* header and request number */
    uint8_t credit[12];         /* the frames of CREDIT */
    wp_buf_t json;              /* kept from message to message */
    wp_frame_t frames[WP_REQUEST_PARTS];
    size_t count; /* frames in use */
} wp_packet_t;

#define WP_PACKET_INIT                                                                             \
    {                                                                                              \
        .json = WP_BUF_INIT                                                                        \
    }

/* Writes the frames of a message, `rest` excepted, which follows as it is. The frames point into
   the packet and, for text, to what the message points to; they are good until the next use of
   either. 0, or -1 without memory. */
int wp_message_encode(const wp_message_t *message, wp_packet_t *packet);
void wp_packet_free(wp_packet_t *self);

/* Fills REFUSED from an error. Its strings point into `err`. */
void wp_refused_from(const wp_error_t *err, uint64_t request, wp_message_t *ret_message);

/* "PUSH", or "?" for what is no type. */
const char *wp_type_name(wp_type_t type);

void wp_put_u32(uint8_t *out, uint32_t value);
void wp_put_u64(uint8_t *out, uint64_t value);
uint32_t wp_get_u32(const void *in);
uint64_t wp_get_u64(const void *in);

#endif
