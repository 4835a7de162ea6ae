/* SPDX-License-Identifier: Apache-2.0 */
/* Events: composed once into one block of memory, shared by counted references. */
#include "events.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct wd_event_place {
    uint64_t seq;
    size_t topic, topic_size, body, body_size;
};

struct wd_events {
    _Atomic size_t references;
    char *bytes;
    size_t size;
    size_t count;
    wd_event_t items[];
};

const char *wd_fact_status_name(int status)
{
    static const char *const names[] = {"current", "disputed", "superseded", "retracted"};
    return status >= 0 && (size_t)status < sizeof names / sizeof names[0] ? names[status] : NULL;
}

size_t wd_events_count(const wd_events_t *self)
{
    return self->count;
}

const wd_event_t *wd_events_at(const wd_events_t *self, size_t index)
{
    return &self->items[index];
}

size_t wd_events_bytes(const wd_events_t *self)
{
    return self->size;
}

wd_events_t *wd_events_ref(wd_events_t *self)
{
    atomic_fetch_add_explicit(&self->references, 1, memory_order_relaxed);
    return self;
}

void wd_events_unref(wd_events_t **self_p)
{
    wd_events_t *self = *self_p;
    *self_p = NULL;
    if (self == NULL || atomic_fetch_sub_explicit(&self->references, 1, memory_order_acq_rel) != 1)
        return;
    free(self->bytes);
    free(self);
}

void wd_events_article(wd_buf_t *out, const char *id, uint32_t revision, const char *source,
                       const char *url, const char *title, const char *published)
{
    wd_buf_str(out, "{\"id\":");
    wd_buf_json(out, id, strlen(id));
    wd_buf_str(out, ",\"revision\":");
    wd_buf_u64(out, revision);
    wd_buf_field(out, "source", source);
    wd_buf_field(out, "url", url);
    wd_buf_field(out, "title", title);
    wd_buf_field(out, "published", published);
    wd_buf_char(out, '}');
}

/* ,"name":"REV.N" */
static void s_fact_id(wd_buf_t *out, const char *name, int64_t id)
{
    wd_buf_str(out, ",\"");
    wd_buf_str(out, name);
    wd_buf_str(out, "\":\"");
    wd_buf_u64(out, (uint64_t)id >> 16);
    wd_buf_char(out, '.');
    wd_buf_u64(out, (uint64_t)id & 65535);
    wd_buf_char(out, '"');
}

void wd_events_body(wd_buf_t *out, const char *epoch, const wd_event_row_t *row)
{
    wd_buf_reserve(out, 256 + row->article_size + row->record_size);
    wd_buf_str(out, "{\"epoch\":\"");
    wd_buf_str(out, epoch);
    wd_buf_str(out, "\",\"seq\":");
    wd_buf_u64(out, row->seq);
    wd_buf_str(out, ",\"prev\":");
    wd_buf_u64(out, row->prev);
    wd_buf_str(out, ",\"time\":");
    wd_buf_time(out, row->time);
    wd_buf_field(out, row->record != NULL ? "change" : "state", row->change);
    if (row->record != NULL) {
        int64_t observation = row->rev * 65536 + row->n;
        s_fact_id(out, "fact", row->fact != 0 ? row->fact : observation);
        if (row->fact != 0) {
            s_fact_id(out, "observation", observation);
            wd_buf_field(out, "status", wd_fact_status_name(row->status));
            wd_buf_str(out, ",\"sources\":");
            wd_buf_u64(out, row->sources);
        }
        if (row->other != 0)
            s_fact_id(out, "other", row->other);
    } else {
        wd_buf_str(out, ",\"facts\":");
        wd_buf_u64(out, row->n);
        wd_buf_field(out, "reason", row->reason);
    }
    wd_buf_str(out, ",\"article\":");
    wd_buf_add(out, row->article, row->article_size);
    if (row->record != NULL) {
        wd_buf_str(out, ",\"record\":");
        wd_buf_add(out, row->record, row->record_size);
    }
    wd_buf_char(out, '}');
}

void wd_events_draft_add(wd_events_draft_t *self, const char *epoch, const wd_event_row_t *row)
{
    if (self->count == self->capacity) {
        size_t capacity = self->capacity > 0 ? self->capacity * 2 : 64;
        struct wd_event_place *places = realloc(self->places, capacity * sizeof *places);
        if (places == NULL) {
            self->bytes.failed = true;
            return;
        }
        self->places = places;
        self->capacity = capacity;
    }
    struct wd_event_place *place = &self->places[self->count++];
    place->seq = row->seq;
    place->topic = self->bytes.size;
    wd_buf_str(&self->bytes, row->stream);
    wd_buf_char(&self->bytes, '.');
    wd_buf_str(&self->bytes, row->change);
    place->topic_size = self->bytes.size - place->topic;
    place->body = self->bytes.size;
    wd_events_body(&self->bytes, epoch, row);
    place->body_size = self->bytes.size - place->body;
}

void wd_events_draft_clear(wd_events_draft_t *self)
{
    wd_buf_free(&self->bytes);
    free(self->places);
    *self = (wd_events_draft_t){0};
}

wd_events_t *wd_events_draft_close(wd_events_draft_t *self)
{
    if (self->count == 0 || self->bytes.failed)
        return NULL;
    wd_events_t *events = malloc(sizeof *events + self->count * sizeof events->items[0]);
    if (events == NULL) {
        self->bytes.failed = true;
        return NULL;
    }
    atomic_init(&events->references, 1);
    events->count = self->count;
    events->bytes = wd_buf_take(&self->bytes, &events->size);
    for (size_t i = 0; i < self->count; i++) {
        const struct wd_event_place *place = &self->places[i];
        events->items[i] = (wd_event_t){.seq = place->seq,
                                        .topic = events->bytes + place->topic,
                                        .topic_size = place->topic_size,
                                        .body = events->bytes + place->body,
                                        .body_size = place->body_size};
    }
    self->count = 0;
    return events;
}
