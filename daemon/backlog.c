/* SPDX-License-Identifier: Apache-2.0 */
/* Work in memory: a ring of jobs before the store's own order. */
#include "backlog.h"

#include <stdlib.h>

#define REFILL        32
#define SUSPECT_EVERY 64

bool wd_backlog_init(wd_backlog_t *self, size_t capacity, size_t max_bytes)
{
    *self = (wd_backlog_t){
        .capacity = capacity, .max_bytes = max_bytes, .behind = true, .suspects = true};
    self->jobs = calloc(capacity, sizeof(wd_job_t *));
    return self->jobs != NULL;
}

static wd_job_t *s_pop(wd_backlog_t *self)
{
    wd_job_t *job = self->jobs[self->head];
    self->jobs[self->head] = NULL;
    self->head = (self->head + 1) % self->capacity;
    self->count--;
    self->bytes -= job->article->size;
    return job;
}

static void s_push(wd_backlog_t *self, wd_job_t *job)
{
    self->jobs[(self->head + self->count) % self->capacity] = job;
    self->count++;
    self->bytes += job->article->size;
    self->cursor = job->rev;
}

void wd_backlog_free(wd_backlog_t *self)
{
    while (self->count > 0) {
        wd_job_t *job = s_pop(self);
        wd_job_destroy(&job);
    }
    free(self->jobs);
    *self = (wd_backlog_t){0};
}

void wd_backlog_offer(wd_backlog_t *self, int64_t rev, uint32_t revision, wd_article_t **article_p)
{
    bool room = self->count < self->capacity && self->bytes < self->max_bytes;
    wd_job_t *job = self->behind || !room ? NULL : calloc(1, sizeof *job);
    if (job == NULL) {
        self->behind = true;
        return;
    }
    *job = (wd_job_t){.rev = rev, .revision = revision, .article = *article_p};
    *article_p = NULL;
    s_push(self, job);
}

void wd_backlog_suspect(wd_backlog_t *self)
{
    self->suspects = true;
}

static wd_code_t s_refill(wd_backlog_t *self, wd_store_t *store)
{
    wd_job_t *jobs[REFILL];
    size_t count = 0, limit = self->capacity < REFILL ? self->capacity : REFILL;
    bool more = false;
    wd_code_t code = wd_store_unfinished(store, false, self->cursor, limit, self->max_bytes, jobs,
                                         &count, &more);
    if (code != WD_OK)
        return code;
    for (size_t i = 0; i < count; i++)
        s_push(self, jobs[i]);
    self->behind = more;
    return WD_OK;
}

static wd_job_t *s_take_suspect(wd_backlog_t *self, wd_store_t *store, wd_code_t *ret_code)
{
    wd_job_t *job = NULL;
    size_t count = 0;
    bool more = false;
    *ret_code = wd_store_unfinished(store, true, 0, 1, SIZE_MAX, &job, &count, &more);
    if (*ret_code != WD_OK)
        return NULL;
    self->since = 0;
    if (count == 0) {
        self->suspects = false;
        return NULL;
    }
    self->suspect = job->rev;
    return job;
}

wd_job_t *wd_backlog_take(wd_backlog_t *self, wd_store_t *store, wd_code_t *ret_code)
{
    *ret_code = WD_OK;
    if (self->count == 0 && self->behind)
        *ret_code = s_refill(self, store);
    if (*ret_code != WD_OK)
        return NULL;
    if (self->suspects && self->suspect == 0 &&
        (self->count == 0 || self->since >= SUSPECT_EVERY)) {
        wd_job_t *job = s_take_suspect(self, store, ret_code);
        if (job != NULL || *ret_code != WD_OK)
            return job;
    }
    if (self->count == 0)
        return NULL;
    self->since++;
    return s_pop(self);
}

void wd_backlog_done(wd_backlog_t *self, int64_t rev)
{
    if (self->suspect == rev)
        self->suspect = 0;
}

void wd_backlog_lost(wd_backlog_t *self, int64_t rev)
{
    if (self->suspect == rev) {
        self->suspect = 0;
        self->suspects = true;
        return;
    }
    /* What is held is dropped, so that nothing is held twice and the order stays. */
    while (self->count > 0) {
        wd_job_t *job = s_pop(self);
        wd_job_destroy(&job);
    }
    if (rev <= self->cursor)
        self->cursor = rev - 1;
    self->behind = true;
}
