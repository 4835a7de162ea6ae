/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every message is described by two tables: what frames a type has and where it is taken, and what
 * fields its JSON has. Decoding and encoding walk the same tables.
 *
 *   57 4E 01 02 | 00 00 00 00 00 00 00 07 | {"id":"a"} | It rained.
 *   "WN", version, type    request           JSON         text
 */
#include "message.h"

#include "utf8.h"

#include <stdio.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
/* clang-format off: a table a message */
#define TEXT(s, n, m, low, high)                                                                   \
    {                                                                                              \
        n, WP_F_STRING, false, offsetof(s, m), low, high, NULL                                     \
    }
#define NEED(s, n, m, low, high)                                                                   \
    {                                                                                              \
        n, WP_F_STRING, true, offsetof(s, m), low, high, NULL                                      \
    }
#define FORM(s, n, m, form, high)                                                                  \
    {                                                                                              \
        n, form, false, offsetof(s, m), 1, high, NULL                                              \
    }
#define LIKE(s, n, m, choice)                                                                      \
    {                                                                                              \
        n, WP_F_CHOICE, false, offsetof(s, m), 1, 16, choice                                       \
    }
#define UINT(s, n, m, low, high)                                                                   \
    {                                                                                              \
        n, WP_F_UINT, false, offsetof(s, m), low, high, NULL                                       \
    }
#define NUMB(s, n, m)                                                                              \
    {                                                                                              \
        n, WP_F_UINT, true, offsetof(s, m), 0, WP_UINT_MAX, NULL                                   \
    }
#define BOOL(s, n, m, need)                                                                        \
    {                                                                                              \
        n, WP_F_BOOL, need, offsetof(s, m), 0, 0, NULL                                             \
    }
#define JSON(s, n, m, need)                                                                        \
    {                                                                                              \
        n, WP_F_JSON, need, offsetof(s, m), 0, 0, NULL                                             \
    }
#define ANY WP_ANSWER_MAX

static const wp_field_t s_hello[] = {
    NEED(wp_hello_t, "client", client, 1, WP_CLIENT_MAX),
};
static const wp_field_t s_push[] = {
    TEXT(wp_push_t, "id", id, 1, WP_ID_MAX),
    TEXT(wp_push_t, "source", source, 1, WP_SOURCE_MAX),
    TEXT(wp_push_t, "url", url, 1, WP_URL_MAX),
    TEXT(wp_push_t, "title", title, 1, WP_TITLE_MAX),
    FORM(wp_push_t, "published", published, WP_F_DATE, 64),
    LIKE(wp_push_t, "answer", answer, "accepted stored"),
};
static const wp_field_t s_name[] = {
    NEED(wp_name_t, "id", id, 1, WP_ID_MAX),
};
static const wp_field_t s_query[] = {
    FORM(wp_query_t, "kind", kind, WP_F_WORD, 32),
    TEXT(wp_query_t, "entity", entity, 1, 1024),
    TEXT(wp_query_t, "place", place, 1, 1024),
    FORM(wp_query_t, "since", since, WP_F_DAY, 10),
    FORM(wp_query_t, "until", until, WP_F_DAY, 10),
    FORM(wp_query_t, "min", min, WP_F_DECIMAL, 40),
    FORM(wp_query_t, "unit", unit, WP_F_UNIT, 3),
    TEXT(wp_query_t, "text", text, 1, 1024),
    TEXT(wp_query_t, "article", article, 1, WP_ID_MAX),
    LIKE(wp_query_t, "status", status, "current disputed superseded retracted"),
    TEXT(wp_query_t, "source", source, 1, 256),
    FORM(wp_query_t, "modality", modality, WP_F_WORD, 32),
    TEXT(wp_query_t, "after", after, 1, 1024),
    BOOL(wp_query_t, "retracted", retracted, false),
    UINT(wp_query_t, "limit", limit, 1, WP_PAGE_MAX),
};
static const wp_field_t s_show[] = {
    TEXT(wp_show_t, "id", id, 1, WP_ID_MAX),
    TEXT(wp_show_t, "fact", fact, 1, 64),
    TEXT(wp_show_t, "article", article, 1, WP_ID_MAX),
};
static const wp_field_t s_articles[] = {
    FORM(wp_articles_t, "state", state, WP_F_WORD, 16),
    TEXT(wp_articles_t, "source", source, 1, WP_SOURCE_MAX),
    TEXT(wp_articles_t, "after", after, 1, 1024),
    UINT(wp_articles_t, "limit", limit, 1, WP_PAGE_MAX),
};
static const wp_field_t s_replay[] = {
    {"from", WP_F_UINT, true, offsetof(wp_replay_t, from), 1, WP_UINT_MAX, NULL},
    {"prefixes", WP_F_LIST, false, offsetof(wp_replay_t, prefixes), 0, WP_PREFIX_MAX, NULL},
    UINT(wp_replay_t, "limit", limit, 1, WP_PAGE_MAX),
};
static const wp_field_t s_welcome[] = {
    NEED(wp_welcome_t, "server", server, 1, ANY),
    JSON(wp_welcome_t, "versions", versions, true),
    NEED(wp_welcome_t, "epoch", epoch, 1, 64),
    NEED(wp_welcome_t, "instance", instance, 1, 64),
    NUMB(wp_welcome_t, "last", last),
    NUMB(wp_welcome_t, "credit.messages", credit_messages),
    NUMB(wp_welcome_t, "credit.bytes", credit_bytes),
    NUMB(wp_welcome_t, "limits.text", limit_text),
    NUMB(wp_welcome_t, "limits.id", limit_id),
    NUMB(wp_welcome_t, "limits.source", limit_source),
    NUMB(wp_welcome_t, "limits.url", limit_url),
    NUMB(wp_welcome_t, "limits.title", limit_title),
};
static const wp_field_t s_accepted[] = {
    NEED(wp_accepted_t, "id", id, 1, ANY),
    NUMB(wp_accepted_t, "revision", revision),
    BOOL(wp_accepted_t, "duplicate", duplicate, true),
    NEED(wp_accepted_t, "state", state, 1, 32),
};
static const wp_field_t s_stored[] = {
    NEED(wp_stored_t, "id", id, 1, ANY),
    NUMB(wp_stored_t, "revision", revision),
    BOOL(wp_stored_t, "duplicate", duplicate, true),
    NEED(wp_stored_t, "state", state, 1, 32),
    TEXT(wp_stored_t, "reason", reason, 0, ANY),
    NUMB(wp_stored_t, "facts", facts),
    NUMB(wp_stored_t, "first", first),
    NUMB(wp_stored_t, "last", last),
};
static const wp_field_t s_refused[] = {
    NEED(wp_refused_t, "code", code, 1, 32),
    NEED(wp_refused_t, "message", message, 0, ANY),
    TEXT(wp_refused_t, "field", field, 0, ANY),
    JSON(wp_refused_t, "versions", versions, false),
    UINT(wp_refused_t, "offset", offset, 0, WP_UINT_MAX),
    BOOL(wp_refused_t, "retry", retry, true),
    UINT(wp_refused_t, "retry_after", retry_after, 0, WP_UINT_MAX),
};
static const wp_field_t s_pong[] = {
    NEED(wp_pong_t, "epoch", epoch, 1, 64),
    NEED(wp_pong_t, "instance", instance, 1, 64),
    NUMB(wp_pong_t, "last", last),
    BOOL(wp_pong_t, "session", session, true),
};
static const wp_field_t s_rows[] = {
    NUMB(wp_rows_t, "count", count),
    {"next", WP_F_OR_NULL, true, offsetof(wp_rows_t, next), 1, 1024, NULL},
};
static const wp_field_t s_events[] = {
    NEED(wp_events_t, "epoch", epoch, 1, 64),
    NUMB(wp_events_t, "count", count),
    NUMB(wp_events_t, "complete", complete),
    NUMB(wp_events_t, "last", last),
};

typedef enum {
    S_NOTHING, /* header and request alone */
    S_JSON,    /* one JSON frame */
    S_TEXT,    /* JSON, text */
    S_CREDIT,  /* two binary frames */
    S_RESULT,  /* one JSON frame, kept as it is */
    S_ROWS,    /* JSON, then `count` frames */
    S_EVENTS   /* JSON, then three times `count` */
} s_shape_t;

#define REQUEST(t, n, at, shape, f)                                                                \
    {                                                                                              \
        t, n, at, shape, f, COUNT(f)                                                               \
    }
#define BARE(t, n, at, shape)                                                                      \
    {                                                                                              \
        t, n, at, shape, NULL, 0                                                                   \
    }
#define BOTH   (WP_AT_INTAKE | WP_AT_QUERY)
#define EITHER (WP_AT_INTAKE_CLIENT | WP_AT_QUERY_CLIENT)

static const struct s_type {
    wp_type_t type;
    const char *name;
    int at; /* wp_at_t, or-ed */
    s_shape_t shape;
    const wp_field_t *fields;
    size_t count;
} s_types[] = {
    REQUEST(WP_HELLO, "HELLO", WP_AT_INTAKE, S_JSON, s_hello),
    REQUEST(WP_PUSH, "PUSH", WP_AT_INTAKE, S_TEXT, s_push),
    REQUEST(WP_RETRACT, "RETRACT", WP_AT_INTAKE, S_JSON, s_name),
    REQUEST(WP_RETRY, "RETRY", WP_AT_INTAKE, S_JSON, s_name),
    BARE(WP_PING, "PING", BOTH, S_NOTHING),
    BARE(WP_BYE, "BYE", WP_AT_INTAKE, S_NOTHING),
    BARE(WP_STATUS, "STATUS", WP_AT_QUERY, S_NOTHING),
    REQUEST(WP_QUERY, "QUERY", WP_AT_QUERY, S_JSON, s_query),
    REQUEST(WP_SHOW, "SHOW", WP_AT_QUERY, S_JSON, s_show),
    REQUEST(WP_ARTICLES, "ARTICLES", WP_AT_QUERY, S_JSON, s_articles),
    REQUEST(WP_REPLAY, "REPLAY", WP_AT_QUERY, S_JSON, s_replay),
    REQUEST(WP_WELCOME, "WELCOME", WP_AT_INTAKE_CLIENT, S_JSON, s_welcome),
    REQUEST(WP_ACCEPTED, "ACCEPTED", WP_AT_INTAKE_CLIENT, S_JSON, s_accepted),
    REQUEST(WP_STORED, "STORED", WP_AT_INTAKE_CLIENT, S_JSON, s_stored),
    REQUEST(WP_REFUSED, "REFUSED", EITHER, S_JSON, s_refused),
    BARE(WP_CREDIT, "CREDIT", WP_AT_INTAKE_CLIENT, S_CREDIT),
    REQUEST(WP_PONG, "PONG", EITHER, S_JSON, s_pong),
    BARE(WP_DRAIN, "DRAIN", WP_AT_INTAKE_CLIENT, S_NOTHING),
    BARE(WP_RESULT, "RESULT", WP_AT_QUERY_CLIENT, S_RESULT),
    REQUEST(WP_ROWS, "ROWS", WP_AT_QUERY_CLIENT, S_ROWS, s_rows),
    REQUEST(WP_EVENTS, "EVENTS", WP_AT_QUERY_CLIENT, S_EVENTS, s_events),
};
/* clang-format on */

static const struct s_type *s_type_of(int type)
{
    for (size_t i = 0; i < COUNT(s_types); i++) {
        if ((int)s_types[i].type == type)
            return &s_types[i];
    }
    return NULL;
}

const char *wp_type_name(wp_type_t type)
{
    const struct s_type *entry = s_type_of((int)type);
    return entry ? entry->name : "?";
}

void wp_put_u32(uint8_t *out, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(value >> (24 - 8 * i));
}

void wp_put_u64(uint8_t *out, uint64_t value)
{
    for (int i = 0; i < 8; i++)
        out[i] = (uint8_t)(value >> (56 - 8 * i));
}

uint32_t wp_get_u32(const void *in)
{
    const uint8_t *bytes = in;
    uint32_t value = 0;
    for (int i = 0; i < 4; i++)
        value = value << 8 | bytes[i];
    return value;
}

uint64_t wp_get_u64(const void *in)
{
    const uint8_t *bytes = in;
    uint64_t value = 0;
    for (int i = 0; i < 8; i++)
        value = value << 8 | bytes[i];
    return value;
}

static bool s_is_request(int type)
{
    return type < 0x80;
}

/* Text is checked last, so that the answer can name the article. */
static int s_check_text(const wp_push_t *push, wp_error_t *err)
{
    char who[96] = "article";
    size_t at = 0;

    if (push->id.data)
        snprintf(who, sizeof who, "article \"%.80s\"", push->id.data);
    if (push->text.size == 0)
        return wp_fail(err, WP_EMPTY_TEXT, NULL, "%s: no text", who);
    if (push->text.size > WP_TEXT_MAX)
        return wp_fail(err, WP_TOO_LARGE, NULL, "%s: %zu bytes of text, more than %zu", who,
                       push->text.size, WP_TEXT_MAX);
    switch (wp_utf8_check(push->text.data, push->text.size, &at)) {
    case WP_UTF8_INVALID:
        return wp_fail_at(err, WP_INVALID_UTF8, NULL, at, "%s: invalid UTF-8 at byte %zu", who, at);
    case WP_UTF8_NUL:
        return wp_fail_at(err, WP_NUL_BYTE, NULL, at, "%s: U+0000 at byte %zu", who, at);
    default:
        return 0;
    }
}

static int s_decode_json(const struct s_type *type, const wp_frame_t *frame, wp_message_t *message,
                         wp_error_t *err)
{
    bool request = s_is_request((int)type->type);

    if (request && frame->size > WP_FRAME_MAX)
        return wp_fail(err, WP_BAD_MESSAGE, NULL, "%s: a frame of %zu bytes, more than %zu",
                       type->name, frame->size, WP_FRAME_MAX);
    message->json = wp_json_parse(frame->data, frame->size, err);
    if (!message->json)
        return -1;
    const wp_node_t *root = wp_json_root(message->json);
    if (root->type != WP_JSON_OBJECT)
        return wp_fail_at(err, WP_BAD_JSON, NULL, 0, "JSON: no object");
    if (type->shape == S_RESULT) {
        message->body.result.json = (wp_str_t){root->raw, root->raw_size};
        return 0;
    }
    return wp_fields_read(type->fields, type->count, root, request, &message->body, err);
}

/* The frames that a shape has before `rest`. */
static size_t s_parts(s_shape_t shape)
{
    switch (shape) {
    case S_NOTHING:
        return 2;
    case S_TEXT:
    case S_CREDIT:
        return 4;
    default:
        return 3;
    }
}

static int s_decode_rest(const struct s_type *type, const wp_frame_t *frames, size_t count,
                         wp_message_t *message, wp_error_t *err)
{
    size_t each = type->shape == S_ROWS ? 1 : 3;
    uint64_t rows = type->shape == S_ROWS ? message->body.rows.count : message->body.events.count;

    if (rows > WP_PAGE_MAX || rows * each != count - 3)
        return wp_fail(err, WP_BAD_MESSAGE, NULL, "%s: %zu frames do not fit its count", type->name,
                       count);
    message->rest = frames + 3;
    message->rest_count = count - 3;
    return 0;
}

static int s_decode_body(const struct s_type *type, const wp_frame_t *frames, size_t count,
                         wp_message_t *message, wp_error_t *err)
{
    if (type->shape == S_NOTHING)
        return 0;
    if (type->shape == S_CREDIT) {
        if (frames[2].size != 4 || frames[3].size != 8)
            return wp_fail(err, WP_BAD_MESSAGE, NULL, "CREDIT: frames of the wrong size");
        message->body.credit.messages = wp_get_u32(frames[2].data);
        message->body.credit.bytes = wp_get_u64(frames[3].data);
        return 0;
    }
    if (s_decode_json(type, &frames[2], message, err) != 0)
        return -1;
    switch (type->type) {
    case WP_PUSH:
        message->body.push.text = (wp_str_t){frames[3].data, frames[3].size};
        message->body.push.bytes = frames[2].size + frames[3].size;
        return s_check_text(&message->body.push, err);
    case WP_SHOW: {
        const wp_show_t *show = &message->body.show;
        if (!!show->id.data + !!show->fact.data + !!show->article.data != 1)
            return wp_fail(err, WP_BAD_FIELD, "id",
                           "SHOW: one of \"id\", \"fact\" and \"article\" is needed");
        return 0;
    }
    case WP_ROWS:
    case WP_EVENTS:
        return s_decode_rest(type, frames, count, message, err);
    default:
        return 0;
    }
}

/* The head of a message: fills type and request as far as they can be read. */
static int s_decode_head(const wp_frame_t *frames, size_t count, wp_message_t *message,
                         wp_error_t *err)
{
    if (count >= 2 && frames[1].size == 8)
        message->request = wp_get_u64(frames[1].data);
    if (count < 2 || frames[0].size != 4 || memcmp(frames[0].data, "WN", 2) != 0)
        return wp_fail(err, WP_BAD_MESSAGE, NULL, "no header of this protocol");
    const uint8_t *header = frames[0].data;
    if (header[2] != WP_VERSION)
        return wp_fail(err, WP_BAD_VERSION, NULL, "version %u is not spoken here", header[2]);
    if (frames[1].size != 8)
        return wp_fail(err, WP_BAD_MESSAGE, NULL, "a request number of %zu bytes, not 8",
                       frames[1].size);
    message->type = (wp_type_t)header[3];
    return 0;
}

int wp_message_decode(wp_at_t at, const wp_frame_t *frames, size_t count, wp_message_t *ret_message,
                      wp_error_t *err)
{
    memset(ret_message, 0, sizeof *ret_message);
    if (s_decode_head(frames, count, ret_message, err) != 0)
        return -1;
    const struct s_type *type = s_type_of((int)ret_message->type);
    if (!type || !(type->at & (int)at)) {
        int code = (int)ret_message->type;
        if (!type)
            ret_message->type = 0;
        return wp_fail(err, WP_BAD_MESSAGE, NULL, "type %02x is not taken here", (unsigned)code);
    }
    size_t parts = s_parts(type->shape);
    bool more = type->shape == S_ROWS || type->shape == S_EVENTS;
    if (more ? count < parts : count != parts)
        return wp_fail(err, WP_BAD_MESSAGE, NULL, "%s: %zu frames, not %zu", type->name, count,
                       parts);
    if (s_decode_body(type, frames, count, ret_message, err) == 0)
        return 0;
    wp_message_clear(ret_message);
    return -1;
}

void wp_message_init(wp_message_t *self, wp_type_t type, uint64_t request)
{
    const struct s_type *entry = s_type_of((int)type);

    memset(self, 0, sizeof *self);
    self->type = type;
    self->request = request;
    if (entry && entry->fields)
        wp_fields_clear(entry->fields, entry->count, &self->body);
}

void wp_message_clear(wp_message_t *self)
{
    wp_type_t type = self->type;
    uint64_t request = self->request;

    wp_json_destroy(&self->json);
    memset(self, 0, sizeof *self);
    self->type = type;
    self->request = request;
}

int wp_message_encode(const wp_message_t *message, wp_packet_t *packet)
{
    const struct s_type *type = s_type_of((int)message->type);

    if (!type)
        return -1;
    memcpy(packet->head, "WN", 2);
    packet->head[2] = WP_VERSION;
    packet->head[3] = (uint8_t)message->type;
    wp_put_u64(packet->head + 4, message->request);
    packet->frames[0] = (wp_frame_t){packet->head, 4};
    packet->frames[1] = (wp_frame_t){packet->head + 4, 8};
    packet->count = s_parts(type->shape);

    switch (type->shape) {
    case S_NOTHING:
        return 0;
    case S_CREDIT:
        wp_put_u32(packet->credit, message->body.credit.messages);
        wp_put_u64(packet->credit + 4, message->body.credit.bytes);
        packet->frames[2] = (wp_frame_t){packet->credit, 4};
        packet->frames[3] = (wp_frame_t){packet->credit + 4, 8};
        return 0;
    case S_RESULT:
        packet->frames[2] =
            (wp_frame_t){message->body.result.json.data, message->body.result.json.size};
        return 0;
    case S_TEXT:
        packet->frames[3] =
            (wp_frame_t){message->body.push.text.data, message->body.push.text.size};
        break;
    default:
        break;
    }
    wp_buf_clear(&packet->json);
    wp_fields_write(type->fields, type->count, &message->body, &packet->json);
    packet->frames[2] = (wp_frame_t){packet->json.data, packet->json.size};
    return packet->json.failed ? -1 : 0;
}

void wp_packet_free(wp_packet_t *self)
{
    wp_buf_free(&self->json);
}

void wp_refused_from(const wp_error_t *err, uint64_t request, wp_message_t *ret_message)
{
    wp_message_init(ret_message, WP_REFUSED, request);
    wp_refused_t *refused = &ret_message->body.refused;
    const char *code = wp_code_name(err->code);

    if (!code)
        code = wp_code_name(WP_INTERNAL);
    refused->code = (wp_str_t){code, strlen(code)};
    refused->message = (wp_str_t){err->message, strlen(err->message)};
    refused->retry = wp_code_retry(err->code);
    if (err->field[0])
        refused->field = (wp_str_t){err->field, strlen(err->field)};
    if (err->offset != WP_NO_OFFSET)
        refused->offset = err->offset;
    if (err->code == WP_BAD_VERSION)
        refused->versions = (wp_str_t){"[1]", 3};
}
