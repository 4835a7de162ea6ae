/* SPDX-License-Identifier: Apache-2.0 */
/* What the threads around the writer hand to each other: sending, taking, destroying. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "actors.h"
#include "handover.h"

int wd_parcel_send(void *socket, wd_parcel_kind_t kind, void *data, int flags)
{
    wd_parcel_t parcel = {.kind = kind, .data = data};
    int result;
    if (data != NULL)
        wd_handover_give(data);
    do
        result = zmq_send(socket, &parcel, sizeof parcel, flags);
    while (result < 0 && errno == EINTR);
    return result < 0 ? -1 : 0;
}

int wd_parcel_recv(void *socket, wd_parcel_t *ret_parcel, int flags)
{
    wd_parcel_t parcel;
    int result;
    do
        result = zmq_recv(socket, &parcel, sizeof parcel, flags);
    while (result < 0 && errno == EINTR);
    if (result < 0)
        return -1;
    if (result != (int)sizeof parcel) {
        errno = EPROTO;
        return -1;
    }
    if (parcel.data != NULL)
        wd_handover_take(parcel.data);
    *ret_parcel = parcel;
    return 0;
}

wd_batch_t *wd_batch_new(size_t capacity)
{
    wd_batch_t *self = calloc(1, sizeof *self);
    if (self == NULL)
        return NULL;
    self->capacity = capacity > 0 ? capacity : 16;
    self->items = calloc(self->capacity, sizeof *self->items);
    if (self->items == NULL) {
        free(self);
        return NULL;
    }
    return self;
}

wd_request_t *wd_batch_add(wd_batch_t *self)
{
    if (self->count == self->capacity) {
        size_t capacity = self->capacity * 2;
        wd_request_t *items = realloc(self->items, capacity * sizeof *items);
        if (items == NULL)
            return NULL;
        self->items = items;
        self->capacity = capacity;
    }
    wd_request_t *request = &self->items[self->count++];
    memset(request, 0, sizeof *request);
    return request;
}

void wd_batch_destroy(wd_batch_t **self_p)
{
    wd_batch_t *self = *self_p;
    *self_p = NULL;
    if (self == NULL)
        return;
    for (size_t i = 0; i < self->count; i++) {
        free(self->items[i].id);
        wd_article_destroy(&self->items[i].article);
        wd_outcome_clear(&self->items[i].outcome);
    }
    free(self->items);
    free(self);
}

void wd_ends_destroy(wd_ends_t **self_p)
{
    wd_ends_t *self = *self_p;
    *self_p = NULL;
    if (self == NULL)
        return;
    for (size_t i = 0; i < self->count; i++)
        wd_outcome_clear(&self->items[i]);
    free(self->items);
    free(self);
}

void wd_publication_destroy(wd_publication_t **self_p)
{
    wd_publication_t *self = *self_p;
    *self_p = NULL;
    if (self == NULL)
        return;
    wd_events_unref(&self->events);
    for (size_t i = 0; i < self->stream_count; i++)
        free(self->streams[i].name);
    free(self->streams);
    free(self);
}
