/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Questions to answers. Each s_answer_… reads the store and sends; a failure becomes a wp_error_t
 * and one REFUSED at the end. Rows and events go out without being copied.
 */
#include "reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <winnow/extract.h>

#include "endpoint.h"
#include "handover.h"
#include "log.h"
#include "proto/message.h"

typedef struct {
    wd_reader_args_t *args;
    wd_query_args_t *query;
    zsock_t *pipe;
    void *front; /* PAIR to the query actor */
    wd_reader_t *reader;
    wp_packet_t packet;
    wp_out_t *out; /* frames of the answer in hand */
    size_t out_capacity;
    wd_log_limit_t limit;
} s_reader_t;

wd_question_t *wd_question_new(wp_parts_t *parts)
{
    wd_question_t *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->parts = *parts;
    *parts = (wp_parts_t)WP_PARTS_INIT;
    return self;
}

void wd_question_destroy(wd_question_t **self_p)
{
    if (!*self_p)
        return;
    wp_parts_free(&(*self_p)->parts);
    free(*self_p);
    *self_p = NULL;
}

static void s_free(void *data, void *hint)
{
    (void)hint;
    wd_handover_take(data);
    free(data);
}

static void s_free_events(void *data, void *hint)
{
    wd_events_t *events = hint;
    (void)data;
    wd_events_unref(&events);
}

static wp_str_t s_str(const char *text)
{
    return (wp_str_t){text, text ? strlen(text) : 0};
}

static bool s_room(s_reader_t *self, size_t count)
{
    if (count <= self->out_capacity)
        return true;
    wp_out_t *out = realloc(self->out, count * sizeof *out);
    if (!out)
        return false;
    self->out = out;
    self->out_capacity = count;
    return true;
}

/* Routing id and the frames of `message` before its rest; there is room for `rest` more behind. The
 * number of frames, or 0 without memory. */
static size_t s_begin(s_reader_t *self, const wd_question_t *question, const wp_message_t *message,
                      size_t rest)
{
    if (wp_message_encode(message, &self->packet) != 0 ||
        !s_room(self, 1 + self->packet.count + rest))
        return 0;
    const wp_frame_t *peer = &question->parts.frames[0];
    self->out[0] = (wp_out_t){peer->data, peer->size, NULL, NULL};
    for (size_t i = 0; i < self->packet.count; i++)
        self->out[1 + i] =
            (wp_out_t){self->packet.frames[i].data, self->packet.frames[i].size, NULL, NULL};
    return 1 + self->packet.count;
}

static int s_memory(wp_error_t *err)
{
    return wp_fail(err, WP_INTERNAL, NULL, "the daemon has no memory left");
}

/* What the store says becomes what the wire says. */
static int s_fault(s_reader_t *self, wd_code_t code, wp_error_t *err)
{
    const char *message = wd_reader_message(self->reader);
    char field[24];
    switch (code) {
    case WD_E_NOT_FOUND:
        return wp_fail(err, WP_NOT_FOUND, NULL, "%s", message);
    case WD_E_FIELD:
        snprintf(field, sizeof field, "%.*s", (int)strcspn(message, ": "), message);
        return wp_fail(err, WP_BAD_FIELD, field, "%s", message);
    case WD_E_MEMORY:
        return s_memory(err);
    default:
        wd_log(WD_ERROR, "store cannot be read", "why=%s", message);
        return wp_fail(err, WP_INTERNAL, NULL, "a fault of the daemon; it is in its log");
    }
}

static int s_send_json(s_reader_t *self, const wd_question_t *question, uint64_t request,
                       char *json, size_t size, wp_error_t *err)
{
    wp_message_t answer;
    wp_message_init(&answer, WP_RESULT, request);
    answer.body.result.json = (wp_str_t){json, size};
    size_t count = s_begin(self, question, &answer, 0);
    if (count == 0) {
        free(json);
        return s_memory(err);
    }
    /* The last frame is the JSON: hand it over. */
    self->out[count - 1] = (wp_out_t){json, size, s_free, NULL};
    wd_handover_give(json);
    wp_send_frames(self->front, self->out, count, 0);
    return 0;
}

static int s_send_rows(s_reader_t *self, const wd_question_t *question, uint64_t request,
                       wd_rows_t *rows, wp_error_t *err)
{
    wp_message_t answer;
    wp_message_init(&answer, WP_ROWS, request);
    answer.body.rows.count = rows->count;
    answer.body.rows.next = s_str(rows->next);
    size_t count = s_begin(self, question, &answer, rows->count);
    if (count == 0)
        return s_memory(err);
    for (size_t i = 0; i < rows->count; i++) {
        self->out[count++] = (wp_out_t){rows->items[i], rows->sizes[i], s_free, NULL};
        wd_handover_give(rows->items[i]);
        rows->items[i] = NULL; /* it is the message's now */
    }
    wp_send_frames(self->front, self->out, count, 0);
    return 0;
}

static bool s_is_kind(const char *name)
{
    for (int i = 0; i < WINNOW_KIND_COUNT; i++)
        if (strcmp(winnow_kind_name((winnow_kind_t)i), name) == 0)
            return true;
    return false;
}

static int s_answer_query(s_reader_t *self, const wd_question_t *question,
                          const wp_message_t *message, wp_error_t *err)
{
    const wp_query_t *from = &message->body.query;
    wd_query_t query = {.kind = from->kind.data,
                        .entity = from->entity.data,
                        .place = from->place.data,
                        .since = from->since.data,
                        .until = from->until.data,
                        .min = from->min.data,
                        .unit = from->unit.data,
                        .text = from->text.data,
                        .article = from->article.data,
                        .status = from->status.data,
                        .source = from->source.data,
                        .modality = from->modality.data,
                        .retracted = from->retracted,
                        .limit = from->limit == WP_ABSENT ? 0 : (unsigned)from->limit,
                        .after = from->after.data};
    wd_rows_t rows = {0};
    if (query.kind && !s_is_kind(query.kind))
        return wp_fail(err, WP_BAD_FIELD, "kind", "there is no kind \"%s\"", query.kind);
    wd_code_t code = wd_reader_query(self->reader, &query, &rows);
    int rc = code == WD_OK ? s_send_rows(self, question, message->request, &rows, err)
                           : s_fault(self, code, err);
    wd_rows_clear(&rows);
    return rc;
}

static int s_answer_articles(s_reader_t *self, const wd_question_t *question,
                             const wp_message_t *message, wp_error_t *err)
{
    const wp_articles_t *from = &message->body.articles;
    wd_articles_query_t query = {.state = from->state.data,
                                 .source = from->source.data,
                                 .limit = from->limit == WP_ABSENT ? 0 : (unsigned)from->limit,
                                 .after = from->after.data};
    wd_rows_t rows = {0};
    wd_code_t code = wd_reader_articles(self->reader, &query, &rows);
    int rc = code == WD_OK ? s_send_rows(self, question, message->request, &rows, err)
                           : s_fault(self, code, err);
    wd_rows_clear(&rows);
    return rc;
}

/* `12.3` is a fact when there is one of that number, else perhaps an article that is called so. */
static int s_answer_show(s_reader_t *self, const wd_question_t *question,
                         const wp_message_t *message, wp_error_t *err)
{
    const wp_show_t *show = &message->body.show;
    char *json = NULL;
    wd_code_t code = WD_E_NOT_FOUND;
    if (show->fact.data)
        code = wd_reader_show_fact(self->reader, show->fact.data, &json);
    else if (show->article.data)
        code = wd_reader_show_article(self->reader, show->article.data, &json);
    if (show->id.data) {
        code = wd_reader_show_fact(self->reader, show->id.data, &json);
        if (code == WD_E_NOT_FOUND || code == WD_E_FIELD)
            code = wd_reader_show_article(self->reader, show->id.data, &json);
    }
    if (code == WD_E_NOT_FOUND && show->id.data)
        return wp_fail(err, WP_NOT_FOUND, "id", "there is no fact or article \"%.80s\"",
                       show->id.data);
    if (code != WD_OK)
        return s_fault(self, code, err);
    return s_send_json(self, question, message->request, json, strlen(json), err);
}

static int s_answer_replay(s_reader_t *self, const wd_question_t *question,
                           const wp_message_t *message, wp_error_t *err)
{
    const wp_replay_t *replay = &message->body.replay;
    const char *prefixes[WP_PREFIXES_MAX];
    wd_events_t *events = NULL;
    uint64_t complete = 0, last = 0;
    wp_message_t answer;
    for (size_t i = 0; i < replay->prefixes.count; i++)
        prefixes[i] = replay->prefixes.item[i].data;
    unsigned limit = replay->limit == WP_ABSENT ? WP_PAGE_MAX : (unsigned)replay->limit;
    wd_code_t code = wd_reader_replay(self->reader, replay->from, prefixes, replay->prefixes.count,
                                      limit, &events, &complete, &last);
    if (code != WD_OK)
        return s_fault(self, code, err);

    size_t events_count = events ? wd_events_count(events) : 0;
    wp_message_init(&answer, WP_EVENTS, message->request);
    answer.body.events.epoch = s_str(wd_reader_epoch(self->reader));
    answer.body.events.count = events_count;
    answer.body.events.complete = complete;
    answer.body.events.last = last;
    size_t count = s_begin(self, question, &answer, 3 * events_count);
    uint8_t(*numbers)[8] = malloc(events_count * 8 + 8);
    if (count == 0 || !numbers) {
        free(numbers);
        if (events)
            wd_events_unref(&events);
        return s_memory(err);
    }
    for (size_t i = 0; i < events_count; i++) {
        const wd_event_t *event = wd_events_at(events, i);
        wp_put_u64(numbers[i], event->seq);
        self->out[count++] = (wp_out_t){event->topic, event->topic_size, NULL, NULL};
        self->out[count++] = (wp_out_t){numbers[i], 8, NULL, NULL};
        self->out[count++] =
            (wp_out_t){event->body, event->body_size, s_free_events, wd_events_ref(events)};
    }
    wp_send_frames(self->front, self->out, count, 0);
    wd_count(self->query->metrics, WD_C_EVENTS_REPLAYED, events_count);
    free(numbers);
    if (events)
        wd_events_unref(&events);
    return 0;
}

static uint64_t s_load(const _Atomic uint64_t *value)
{
    return atomic_load_explicit(value, memory_order_relaxed);
}

static void s_write_status(s_reader_t *self, const wd_store_status_t *status, const char *streams,
                           wp_buf_t *buf)
{
    const wd_query_args_t *query = self->query;
    const wd_writer_stats_t *writer = query->writer;
    const wd_metrics_t *metrics = query->metrics;
    wp_writer_t json = wp_writer(buf);
    wp_write_object(&json, NULL);
    wp_write_string(&json, "server", "winnowd " WINNOW_VERSION);
    wp_write_string(&json, "version", WINNOW_VERSION);
    wp_write_string(&json, "instance", query->instance);
    wp_write_string(&json, "epoch", query->epoch);
    wp_write_uint(&json, "last", status->last);
    wp_write_uint(&json, "uptime", (uint64_t)(wd_now_ns() / 1000000 - query->started_ms) / 1000);
    wp_write_bool(&json, "ready", wd_gauge_get(metrics, WD_G_READY) != 0);
    wp_write_bool(&json, "draining", wd_gauge_get(metrics, WD_G_DRAINING) != 0);
    wp_write_string(&json, "model", query->model);
    wp_write_object(&json, "articles");
    for (int i = 0; i < WD_STATE_COUNT; i++)
        wp_write_uint(&json, wd_state_name((wd_state_t)i), status->articles[i]);
    wp_write_object_end(&json);
    wp_write_uint(&json, "facts", status->facts);
    wp_write_object(&json, "queue");
    wp_write_uint(&json, "backlog", s_load(&writer->backlog));
    wp_write_uint(&json, "waiting", s_load(&writer->ready));
    wp_write_uint(&json, "active", s_load(&writer->in_work));
    wp_write_uint(&json, "finished", s_load(&writer->pending));
    wp_write_uint(&json, "workers", (uint64_t)wd_gauge_get(metrics, WD_G_WORKERS));
    wp_write_bool(&json, "disk_full", s_load(&writer->full) != 0);
    wp_write_object_end(&json);
    wp_write_uint(&json, "sessions", (uint64_t)wd_gauge_get(metrics, WD_G_SESSIONS));
    wp_write_object(&json, "store");
    wp_write_string(&json, "path", query->config.data);
    wp_write_uint(&json, "bytes", status->bytes);
    wp_write_uint(&json, "wal_bytes", status->wal_bytes);
    wp_write_uint(&json, "schema", (uint64_t)status->schema);
    wp_write_object_end(&json);
    wp_write_raw(&json, "streams", streams, strlen(streams));
    wp_write_object_end(&json);
}

static int s_answer_status(s_reader_t *self, const wd_question_t *question,
                           const wp_message_t *message, wp_error_t *err)
{
    wd_store_status_t status;
    char *streams = NULL;
    wp_buf_t buf = WP_BUF_INIT;
    wd_code_t code = wd_reader_status(self->reader, &status);
    if (code == WD_OK)
        code = wd_reader_streams(self->reader, &streams);
    if (code != WD_OK)
        return s_fault(self, code, err);
    s_write_status(self, &status, streams, &buf);
    free(streams);
    if (buf.failed) {
        wp_buf_free(&buf);
        return s_memory(err);
    }
    return s_send_json(self, question, message->request, buf.data, buf.size, err);
}

static void s_refuse(s_reader_t *self, const wd_question_t *question, const wp_message_t *message,
                     const wp_error_t *err)
{
    wp_message_t answer;
    uint64_t suppressed;
    wd_count_refused(self->query->metrics, 1, (unsigned)err->code);
    if (err->code != WP_NOT_FOUND && wd_log_allow(&self->limit, &suppressed))
        wd_log(WD_WARNING, "refused", "endpoint=%s code=%s type=%s peer=%s why=%s suppressed=%llu",
               "query", wp_code_name(err->code), wp_type_name(message->type), "-", err->message,
               (unsigned long long)suppressed);
    wp_refused_from(err, message->request, &answer);
    size_t count = s_begin(self, question, &answer, 0);
    if (count > 0)
        wp_send_frames(self->front, self->out, count, 0);
    else /* an empty answer tells the front that this one is done */
        zmq_send(self->front, "", 0, 0);
}

static void s_answer(s_reader_t *self, wd_question_t *question)
{
    wp_message_t message;
    wp_error_t err;
    int64_t start = wd_now_ns();
    int rc = wp_message_decode(WP_AT_QUERY, question->parts.frames + 1, question->parts.count - 1,
                               &message, &err);
    if (rc == 0) {
        switch (message.type) {
        case WP_STATUS:
            rc = s_answer_status(self, question, &message, &err);
            break;
        case WP_QUERY:
            rc = s_answer_query(self, question, &message, &err);
            break;
        case WP_SHOW:
            rc = s_answer_show(self, question, &message, &err);
            break;
        case WP_ARTICLES:
            rc = s_answer_articles(self, question, &message, &err);
            break;
        case WP_REPLAY:
            rc = s_answer_replay(self, question, &message, &err);
            break;
        default: /* PING is answered by the front; decoding lets no other through */
            rc = wp_fail(&err, WP_BAD_MESSAGE, NULL, "not taken here");
            break;
        }
    }
    if (rc != 0)
        s_refuse(self, question, &message, &err);
    wp_message_clear(&message);
    wd_observe(self->query->metrics, WD_H_QUERY, wd_now_ns() - start);
}

static void s_sizes(s_reader_t *self)
{
    wd_store_status_t status;
    if (wd_reader_status(self->reader, &status) != WD_OK)
        return;
    wd_gauge_set(self->query->metrics, WD_G_STORE_BYTES, (int64_t)status.bytes);
    wd_gauge_set(self->query->metrics, WD_G_WAL_BYTES, (int64_t)status.wal_bytes);
}

static void s_take(s_reader_t *self)
{
    void *pointer = NULL;
    int size = zmq_recv(self->front, &pointer, sizeof pointer, ZMQ_DONTWAIT);
    if (size == 0) {
        s_sizes(self);
    } else if (size == sizeof pointer) {
        wd_question_t *question = pointer;
        wd_handover_take(question);
        s_answer(self, question);
        wd_question_destroy(&question);
    }
}

static bool s_start(s_reader_t *self)
{
    wd_reader_args_t *args = self->args;
    wd_code_t code;
    self->reader =
        wd_reader_open(self->query->config.data, &code, args->failure, sizeof args->failure);
    if (!self->reader)
        return false;
    self->front = wd_endpoint_inner(ZMQ_PAIR, args->address);
    if (!self->front)
        snprintf(args->failure, sizeof args->failure, "reader: %s", zmq_strerror(errno));
    return self->front != NULL;
}

void wd_reader_actor(zsock_t *pipe, void *args)
{
    s_reader_t self = {.args = args, .pipe = pipe};
    self.query = self.args->query;
    bool started = s_start(&self), ended = false;
    wd_actor_ready(pipe, args, started);
    zmq_pollitem_t items[] = {{zsock_resolve(pipe), 0, ZMQ_POLLIN, 0},
                              {self.front, 0, ZMQ_POLLIN, 0}};
    while (started && !ended) {
        if (zmq_poll(items, 2, -1) < 0) {
            if (errno == EINTR)
                continue;
            break;
        }
        if (items[0].revents & ZMQ_POLLIN) {
            char *word = zstr_recv_nowait(pipe);
            ended = word && strcmp(word, "$TERM") == 0;
            freen(word);
        } else if (items[1].revents & ZMQ_POLLIN) {
            s_take(&self);
        }
    }
    if (self.front) {
        void *pointer = NULL; /* what was not begun */
        while (zmq_recv(self.front, &pointer, sizeof pointer, ZMQ_DONTWAIT) == sizeof pointer) {
            wd_question_t *question = pointer;
            wd_question_destroy(&question);
        }
        int zero = 0;
        zmq_setsockopt(self.front, ZMQ_LINGER, &zero, sizeof zero);
        zmq_close(self.front);
    }
    wd_reader_close(&self.reader);
    wp_packet_free(&self.packet);
    free(self.out);
    wd_actor_end(args);
}
