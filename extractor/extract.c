/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pipeline, in order, and the one setjmp that the arena's ceiling jumps to.
 *
 * Between it and the end of the stages nothing is owned outside the arena, so that the jump loses
 * nothing. The ceiling grows with the text: work is linear in it, and a text that asks for more is
 * refused (WINNOW_E_EFFORT) rather than served slowly.
 */
#include "extract.h"

#include "confidence.h"
#include "conllu.h"
#include "entity_json.h"
#include "explain.h"
#include "facts.h"
#include "fact_json.h"
#include "model.h"
#include "stages.h"

#include <stdlib.h>

enum { S_BYTES_PER_BYTE = 512, S_BYTES_BASE = 8 << 20 };

winnow_extractor_t *winnow_extractor_new(const winnow_model_t *model)
{
    winnow_extractor_t *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->model = model;
    self->least = wx_confidence_least(model);
    self->arena.full = &self->full;
    return self;
}

void winnow_extractor_set_min_confidence(winnow_extractor_t *self, int thousandths)
{
    self->least = thousandths;
}

void winnow_extractor_destroy(winnow_extractor_t **self_p)
{
    if (!*self_p)
        return;
    wx_arena_destroy(&(*self_p)->arena);
    free(*self_p);
    *self_p = NULL;
}

static int s_digits(const char *text, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = 10 * value + (text[i] - '0');
    }
    return value;
}

/* YYYY-MM-DD, or YYYYMMDD, then nothing or a time: `2020-05-26T10:00:00Z`, `2020-05-26 10:00`. */
bool wx_day_parse(const char *text, wx_day_t *ret_day)
{
    static const int s_days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = s_digits(text, 4);
    if (year < 1)
        return false;
    text += 4;
    bool dash = *text == '-';
    text += dash;
    int month = s_digits(text, 2);
    if (month < 1 || month > 12)
        return false;
    text += 2;
    if (dash && *text++ != '-')
        return false;
    int day = s_digits(text, 2);
    if (day < 1 || day > s_days[month - 1])
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (month == 2 && day == 29 && !leap)
        return false;
    text += 2;
    if (*text && *text != 'T' && *text != 't' && *text != ' ')
        return false;
    *ret_day = (wx_day_t){(int16_t)year, (int8_t)month, (int8_t)day};
    return true;
}

static void s_stages(wx_doc_t *doc)
{
    doc->intern = wx_intern_new(doc->arena, doc->model->intern, (uint32_t)(doc->text.size / 12));
    wx_clean(doc);
    wx_segment(doc);
    wx_tokenise(doc);
    wx_date(doc);
    wx_quantity(doc);
    wx_tag(doc);
    wx_retag(doc);
    wx_count(doc);
    wx_name(doc);
    wx_parse(doc);
    wx_clause(doc);
    wx_count_left(doc);
    wx_quote(doc);
    wx_refer(doc);
    wx_rules(doc);
    wx_assemble(doc);
    wx_confidence(doc);
}

/* What is wrong with the input, before any work. */
static int s_check(winnow_str_t text, const char *published, wx_day_t *ret_day, winnow_error_t *err)
{
    if (text.size > WINNOW_TEXT_MAX)
        return wx_error(err, WINNOW_E_TOO_LARGE, "the text has %zu bytes, more than %zu", text.size,
                        WINNOW_TEXT_MAX);
    if (published && !wx_day_parse(published, ret_day))
        return wx_error(err, WINNOW_E_DATE, "`%.40s` is no date like 2020-05-26", published);
    size_t valid = wx_str_check_utf8(text);
    if (valid < text.size) {
        wx_error(err, WINNOW_E_UTF8, "invalid UTF-8 at byte %zu", valid);
        if (err)
            err->offset = valid;
        return WINNOW_E_UTF8;
    }
    return 0;
}

/* Empties the document and its arena for a new text. */
static int s_open(winnow_extractor_t *self, winnow_str_t text, wx_day_t published,
                  winnow_error_t *err)
{
    size_t ceiling = self->ceiling ? self->ceiling : S_BYTES_BASE + S_BYTES_PER_BYTE * text.size;
    self->doc = (wx_doc_t){.model = self->model, .text = text, .published = published};
    if (!wx_arena_reserve(&self->arena, ceiling))
        return wx_error(err, WINNOW_E_MEMORY, "no memory for an article of %zu bytes", text.size);
    self->doc.arena = &self->arena;
    return 0;
}

/* The one way out at the ceiling: the document is empty then. */
static int s_overflow(winnow_extractor_t *self, winnow_error_t *err)
{
    self->doc = (wx_doc_t){0};
    return wx_error(err, WINNOW_E_EFFORT, "the text asks for more than %zu bytes of work",
                    self->arena.limit);
}

typedef enum { S_READ, S_FACTS, S_LAYER } s_want_t;

typedef struct {
    s_want_t want;
    winnow_layer_t layer;
    winnow_facts_t *facts; /* S_FACTS */
    winnow_str_t text;     /* S_LAYER: in the arena */
} s_job_t;

static void s_produce(wx_doc_t *doc, s_job_t *job)
{
    switch (job->want) {
    case S_READ:
        break;
    case S_FACTS:
        job->facts = wx_facts_pack(doc);
        break;
    case S_LAYER:
        if (job->layer == WINNOW_LAYER_VALUES)
            job->text = wx_values_json(doc);
        else if (job->layer == WINNOW_LAYER_ENTITIES)
            job->text = wx_entities_json(doc);
        else if (job->layer == WINNOW_LAYER_CONLLU)
            job->text = wx_conllu(doc);
        else if (job->layer == WINNOW_LAYER_EXPLAINED)
            job->text = wx_explain_text(doc);
        else if (job->layer == WINNOW_LAYER_EXPLAINED_JSON)
            job->text = wx_explain_json(doc);
        break;
    }
}

static int s_run(winnow_extractor_t *self, winnow_str_t text, const char *published, s_job_t *job,
                 winnow_error_t *err)
{
    wx_day_t day = {0};
    int rc = s_check(text, published, &day, err);
    if (rc)
        return rc;
    rc = s_open(self, text, day, err);
    if (rc)
        return rc;
    self->doc.whole = job->want == S_LAYER && job->layer < WINNOW_LAYER_EXPLAINED;
    self->doc.all_trees =
        job->want == S_READ || (job->want == S_LAYER && job->layer == WINNOW_LAYER_CONLLU);
    if (setjmp(self->full))
        return s_overflow(self, err);
    s_stages(&self->doc);
    if (job->want != S_READ)
        wx_confidence_drop(&self->doc, self->least);
    s_produce(&self->doc, job);
    return 0;
}

int wx_read(winnow_extractor_t *self, const char *text, size_t size, const char *published,
            winnow_error_t *err)
{
    s_job_t job = {.want = S_READ};
    return s_run(self, (winnow_str_t){text, size}, published, &job, err);
}

int winnow_extract(winnow_extractor_t *self, const char *text, size_t size, const char *published,
                   winnow_facts_t **ret_facts, winnow_error_t *err)
{
    s_job_t job = {.want = S_FACTS};
    int rc = s_run(self, (winnow_str_t){text, size}, published, &job, err);
    if (rc)
        return rc;
    if (!job.facts)
        return wx_error(err, WINNOW_E_MEMORY, "no memory for the facts");
    *ret_facts = job.facts;
    return 0;
}

/* The layer of facts is their JSON, a line each. */
static int s_facts_layer(winnow_extractor_t *self, winnow_str_t text, const char *published,
                         char **ret_out, size_t *ret_size, winnow_error_t *err)
{
    winnow_facts_t *facts = NULL;
    int rc = winnow_extract(self, text.data, text.size, published, &facts, err);
    if (rc)
        return rc;
    size_t size = 0;
    for (size_t i = 0; i < winnow_facts_count(facts); i++)
        size += winnow_facts_at(facts, i)->json.size + 1;
    char *out = malloc(size + 1), *to = out;
    if (!out) {
        winnow_facts_destroy(&facts);
        return wx_error(err, WINNOW_E_MEMORY, "no memory for %zu bytes", size);
    }
    for (size_t i = 0; i < winnow_facts_count(facts); i++) {
        winnow_str_t line = winnow_facts_at(facts, i)->json;
        memcpy(to, line.data, line.size);
        to += line.size;
        *to++ = '\n';
    }
    *to = '\0';
    winnow_facts_destroy(&facts);
    *ret_out = out;
    *ret_size = size;
    return 0;
}

int winnow_extract_layer(winnow_extractor_t *self, winnow_layer_t layer, const char *text,
                         size_t size, const char *published, char **ret_out, size_t *ret_size,
                         winnow_error_t *err)
{
    winnow_str_t input = {text, size};
    if (layer == WINNOW_LAYER_FACTS)
        return s_facts_layer(self, input, published, ret_out, ret_size, err);
    s_job_t job = {.want = S_LAYER, .layer = layer};
    int rc = s_run(self, input, published, &job, err);
    if (rc)
        return rc;
    char *out = malloc(job.text.size + 1);
    if (!out)
        return wx_error(err, WINNOW_E_MEMORY, "no memory for %zu bytes", job.text.size);
    if (job.text.size)
        memcpy(out, job.text.data, job.text.size);
    out[job.text.size] = '\0';
    *ret_out = out;
    *ret_size = job.text.size;
    return 0;
}
