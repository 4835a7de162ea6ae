/* SPDX-License-Identifier: Apache-2.0 */
/* Questions and their answers, page by page. What was asked is kept, to ask for the next page. */
#include "link.h"
#include "rpc.h"

#include <stdlib.h>
#include <string.h>

struct winnow_reader {
    wc_options_t options;
    winnow_client_error_t error;
    void *context;
    wc_rpc_t rpc;

    wp_message_t question; /* QUERY or ARTICLES; its strings are in `memory` */
    char *memory;
    size_t memory_used;
    bool asking;     /* rows may be left */
    uint64_t left;   /* rows that the caller still wants; WP_ABSENT: all */
    size_t row;      /* the next of the page */
    char next[1025]; /* where the next page starts; "": there is none */
    wp_buf_t json;   /* what the caller was given */
};

winnow_reader_t *winnow_reader_new(const winnow_client_options_t *options,
                                   winnow_client_error_t *err)
{
    winnow_reader_t *self = calloc(1, sizeof *self);

    if (!self) {
        wc_fail(err, WINNOW_CLIENT_MEMORY, "no memory");
        return NULL;
    }
    int code = wc_options(options, &self->options, &self->error);
    if (code == 0 && !(self->context = zmq_ctx_new()))
        code = wc_fail(&self->error, WINNOW_CLIENT_MEMORY, "no ZeroMQ context");
    if (code == 0)
        code = wc_rpc_open(&self->rpc, self->context, self->options.query, &self->error);
    if (code != 0) {
        if (err)
            *err = self->error;
        winnow_reader_destroy(&self);
    }
    return self;
}

static int s_call(winnow_reader_t *self, const wp_message_t *question)
{
    return wc_rpc_call(&self->rpc, question, self->options.connect_ms, self->options.cancel_fd,
                       &self->error);
}

/* Gives JSON to the caller, NUL-terminated. */
static int s_give(winnow_reader_t *self, const void *data, size_t size, const char **ret_json,
                  size_t *ret_size)
{
    wp_buf_clear(&self->json);
    wp_buf_add(&self->json, data, size);
    wp_buf_add(&self->json, "", 1);
    if (self->json.failed)
        return wc_fail(&self->error, WINNOW_CLIENT_MEMORY, "no memory for the answer");
    *ret_json = self->json.data;
    if (ret_size)
        *ret_size = size;
    return 0;
}

static int s_result(winnow_reader_t *self, const wp_message_t *question, const char **ret_json,
                    size_t *ret_size)
{
    self->asking = false;
    int code = s_call(self, question);
    if (code != 0)
        return code;
    const wp_str_t *json = &self->rpc.answer.body.result.json;
    return s_give(self, json->data, json->size, ret_json, ret_size);
}

int winnow_reader_status(winnow_reader_t *self, const char **ret_json, size_t *ret_size)
{
    wp_message_t question;
    wp_message_init(&question, WP_STATUS, 0);
    return s_result(self, &question, ret_json, ret_size);
}

int winnow_reader_show(winnow_reader_t *self, const char *id, winnow_show_t what,
                       const char **ret_json, size_t *ret_size)
{
    wp_message_t question;
    wp_message_init(&question, WP_SHOW, 0);
    wp_show_t *show = &question.body.show;
    wp_str_t *field = what == WINNOW_SHOW_FACT      ? &show->fact
                      : what == WINNOW_SHOW_ARTICLE ? &show->article
                                                    : &show->id;
    *field = wc_str(id);
    return s_result(self, &question, ret_json, ret_size);
}

/* Copies a string of the filter: it is needed again for the next page. */
static wp_str_t s_keep(winnow_reader_t *self, const char *string)
{
    if (!string)
        return (wp_str_t){NULL, 0};
    size_t size = strlen(string);
    char *copy = self->memory + self->memory_used;
    memcpy(copy, string, size + 1);
    self->memory_used += size + 1;
    return (wp_str_t){copy, size};
}

static int s_make_room(winnow_reader_t *self, const char *const *strings, size_t count)
{
    size_t size = 1;
    for (size_t i = 0; i < count; i++)
        size += strings[i] ? strlen(strings[i]) + 1 : 0;
    self->asking = false;
    self->memory_used = 0;
    free(self->memory);
    self->memory = malloc(size);
    return self->memory ? 0 : wc_fail(&self->error, WINNOW_CLIENT_MEMORY, "no memory");
}

/* How many rows to ask for at once. */
static uint64_t s_page(uint64_t left)
{
    return left == WP_ABSENT || left > WP_PAGE_MAX ? WP_PAGE_MAX : left;
}

/* Asks for the first page or, with `next` set, for the one that follows. */
static int s_ask(winnow_reader_t *self)
{
    wp_message_t question = self->question;
    bool facts = question.type == WP_QUERY;
    wp_str_t after = wc_str(self->next[0] ? self->next : NULL);

    if (facts) {
        question.body.query.after = after;
        question.body.query.limit = s_page(self->left);
    } else {
        question.body.articles.after = after;
        question.body.articles.limit = s_page(self->left);
    }
    int code = s_call(self, &question);
    if (code != 0)
        return code;
    const wp_str_t *next = &self->rpc.answer.body.rows.next;
    self->next[0] = '\0';
    if (next->data)
        memcpy(self->next, next->data, next->size + 1);
    self->row = 0;
    self->asking = true;
    return 0;
}

static int s_begin(winnow_reader_t *self, uint64_t limit)
{
    self->left = limit == 0 ? WP_ABSENT : limit;
    self->next[0] = '\0';
    return s_ask(self);
}

int winnow_reader_facts(winnow_reader_t *self, const winnow_fact_filter_t *filter)
{
    static const winnow_fact_filter_t all = {0};
    const winnow_fact_filter_t *f = filter ? filter : &all;
    const char *strings[] = {f->kind, f->entity, f->place,   f->since,  f->until,  f->min,
                             f->unit, f->text,   f->article, f->status, f->source, f->modality};

    int code = s_make_room(self, strings, sizeof strings / sizeof strings[0]);
    if (code != 0)
        return code;
    wp_message_init(&self->question, WP_QUERY, 0);
    wp_query_t *query = &self->question.body.query;
    query->kind = s_keep(self, f->kind);
    query->entity = s_keep(self, f->entity);
    query->place = s_keep(self, f->place);
    query->since = s_keep(self, f->since);
    query->until = s_keep(self, f->until);
    query->min = s_keep(self, f->min);
    query->unit = s_keep(self, f->unit);
    query->text = s_keep(self, f->text);
    query->article = s_keep(self, f->article);
    query->status = s_keep(self, f->status);
    query->source = s_keep(self, f->source);
    query->modality = s_keep(self, f->modality);
    query->retracted = f->retracted;
    return s_begin(self, f->limit);
}

int winnow_reader_articles(winnow_reader_t *self, const winnow_article_filter_t *filter)
{
    static const winnow_article_filter_t all = {0};
    const winnow_article_filter_t *f = filter ? filter : &all;
    const char *strings[] = {f->state, f->source};

    int code = s_make_room(self, strings, sizeof strings / sizeof strings[0]);
    if (code != 0)
        return code;
    wp_message_init(&self->question, WP_ARTICLES, 0);
    self->question.body.articles.state = s_keep(self, f->state);
    self->question.body.articles.source = s_keep(self, f->source);
    return s_begin(self, f->limit);
}

int winnow_reader_next(winnow_reader_t *self, const char **ret_json, size_t *ret_size)
{
    while (self->asking && self->left > 0) {
        const wp_message_t *answer = &self->rpc.answer;
        if (self->row < answer->rest_count) {
            const wp_frame_t *row = &answer->rest[self->row++];
            if (self->left != WP_ABSENT)
                self->left--;
            int code = s_give(self, row->data, row->size, ret_json, ret_size);
            return code == 0 ? 1 : code;
        }
        if (!self->next[0])
            break;
        int code = s_ask(self);
        if (code != 0)
            return code;
    }
    self->asking = false;
    return 0;
}

const winnow_client_error_t *winnow_reader_error(const winnow_reader_t *self)
{
    return &self->error;
}

void winnow_reader_destroy(winnow_reader_t **self_p)
{
    winnow_reader_t *self = *self_p;

    if (!self)
        return;
    wc_rpc_close(&self->rpc);
    wp_buf_free(&self->json);
    free(self->memory);
    if (self->context)
        zmq_ctx_term(self->context);
    free(self);
    *self_p = NULL;
}
