/* SPDX-License-Identifier: Apache-2.0 */
/* The values that travel between the store and the rest: articles, jobs, finished work, outcomes.
 */
#include <stdlib.h>
#include <string.h>

#include "identity.h"
#include "store.h"
#include "words.h"

static const char *const s_states[WD_STATE_COUNT] = {"accepted", "stored", "failed", "superseded",
                                                     "retracted"};

const char *wd_state_name(wd_state_t state)
{
    return (unsigned)state < WD_STATE_COUNT ? s_states[state] : "unknown";
}

int wd_state_parse(const char *name)
{
    for (int i = 0; i < WD_STATE_COUNT; i++)
        if (strcmp(s_states[i], name) == 0)
            return i;
    return -1;
}

/* NULL stays NULL; *ok becomes false when there is no memory. */
static char *s_copy(const char *text, bool *ok)
{
    if (text == NULL)
        return NULL;
    char *copy = strdup(text);
    if (copy == NULL)
        *ok = false;
    return copy;
}

wd_article_t *wd_article_new(const char *id, const char *source, const char *url, const char *title,
                             const char *published, const char *text, size_t size)
{
    wd_article_t *self = calloc(1, sizeof *self);
    if (self == NULL)
        return NULL;
    char content[WD_CONTENT_ID_SIZE];
    if (id == NULL) {
        wd_identity_content(source, text, size, content);
        id = content;
    }
    bool ok = true;
    self->id = s_copy(id, &ok);
    self->source = s_copy(source, &ok);
    self->url = s_copy(url, &ok);
    self->title = s_copy(title, &ok);
    self->published = s_copy(published, &ok);
    self->text = malloc(size + 1);
    if (!ok || self->text == NULL) {
        wd_article_destroy(&self);
        return NULL;
    }
    if (size > 0)
        memcpy(self->text, text, size);
    self->text[size] = '\0';
    self->size = size;
    wd_identity_hash(self->id, strlen(self->id), self->id_hash);
    wd_identity_hash(self->text, size, self->text_hash);
    return self;
}

void wd_article_destroy(wd_article_t **self_p)
{
    wd_article_t *self = *self_p;
    if (self == NULL)
        return;
    free(self->id);
    free(self->source);
    free(self->url);
    free(self->title);
    free(self->published);
    free(self->text);
    free(self);
    *self_p = NULL;
}

void wd_outcome_clear(wd_outcome_t *self)
{
    free(self->reason);
    free(self->id);
    *self = (wd_outcome_t){0};
}

void wd_job_destroy(wd_job_t **self_p)
{
    wd_job_t *self = *self_p;
    if (self == NULL)
        return;
    wd_article_destroy(&self->article);
    free(self);
    *self_p = NULL;
}

wd_finished_t *wd_finished_new(wd_job_t **job_p)
{
    wd_finished_t *self = calloc(1, sizeof *self);
    if (self == NULL) {
        wd_job_destroy(job_p);
        return NULL;
    }
    self->job = *job_p;
    *job_p = NULL;
    return self;
}

bool wd_finished_add(wd_finished_t *self, const char *kind, const char *json, size_t size)
{
    if (self->count == UINT16_MAX)
        return false;
    if (self->count == self->capacity) {
        size_t capacity = self->capacity > 0 ? self->capacity * 2 : 32;
        wd_record_t *records = realloc(self->records, capacity * sizeof *records);
        if (records == NULL)
            return false;
        self->records = records;
        self->capacity = capacity;
    }
    size_t kind_size = strlen(kind);
    char *both = malloc(size + 1 + kind_size + 1);
    if (both == NULL)
        return false;
    memcpy(both, json, size);
    both[size] = '\0';
    memcpy(both + size + 1, kind, kind_size + 1);
    self->records[self->count++] =
        (wd_record_t){.kind = both + size + 1, .json = both, .size = size};
    self->bytes += size;
    return true;
}

bool wd_finished_seal(wd_finished_t *self)
{
    free(self->words);
    self->words = wd_words_make(self->job->article, self->records, self->count);
    return self->words != NULL;
}

static void s_drop_records(wd_finished_t *self)
{
    for (size_t i = 0; i < self->count; i++)
        free(self->records[i].json);
    free(self->records);
    self->records = NULL;
    self->count = self->capacity = self->bytes = 0;
}

bool wd_finished_fail(wd_finished_t *self, const char *reason)
{
    char *copy = strdup(reason);
    if (copy == NULL)
        return false;
    free(self->reason);
    self->reason = copy;
    s_drop_records(self);
    return true;
}

void wd_finished_destroy(wd_finished_t **self_p)
{
    wd_finished_t *self = *self_p;
    if (self == NULL)
        return;
    wd_job_destroy(&self->job);
    s_drop_records(self);
    free(self->words);
    free(self->reason);
    free(self);
    *self_p = NULL;
}
