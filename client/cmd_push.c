/* SPDX-License-Identifier: Apache-2.0 */
/*
 * winnow push: articles from files, folders, standard input and JSON Lines to the daemon, many at
 * once, each until it is answered as asked.
 */
#include "cmd.h"

#include "input.h"
#include "link.h"
#include "term.h"

#include "proto/message.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { S_OPT_JSONL = 256, S_OPT_URL, S_OPT_TITLE };

static const wc_opt_t s_opts[] = {
    {'i', "id", "ID", "the article's id (default: a hash of source and text)"},
    {'s', "source", "SOURCE", "who published it"},
    {'p', "published", "DATE", "when: 2022-06-23, or with a time as in RFC 3339"},
    {S_OPT_URL, "url", "URL", "where it stands"},
    {S_OPT_TITLE, "title", "TITLE", "its headline (default: its first line)"},
    {S_OPT_JSONL, "jsonl", NULL,
     "PATHs are JSON Lines of id, source, url, title, published\nand text; files named *.jsonl are "
     "so anyway"},
    {'w', "wait", "accepted|stored",
     "until the articles are durable, or until their facts\nare, too (default)"},
    {'j', "json", NULL, "print what became of each article as a line of JSON"},
    WC_COMMON_OPTS};

static const wc_usage_t s_usage = {
    "push",
    "Sends articles to winnowd and waits for the answers.",
    "[OPTION]... PATH...|-",
    "  winnow push --source Example --published 2022-06-23 article.txt\n"
    "  winnow push --source Example news/\n"
    "  curl -s https://example.org/feed | winnow push --jsonl -\n",
    s_opts,
    "A folder stands for every *.txt and *.jsonl below it. The same article may be sent again: it\n"
    "counts once. Exit code 0: all were answered as asked; 75: what failed may succeed later.\n"};

/* The place of an article whose answer is awaited; a list, so that all can be freed in the end. */
typedef struct s_place {
    struct s_place *prev, *next;
    char name[];
} s_place_t;

typedef struct {
    const wc_cli_t *cli;
    winnow_article_t given; /* what the command line says */
    bool wait_stored, jsonl, json;
    wc_paths_t paths;
    size_t faults; /* inputs that could not be read, or were not taken at all */

    winnow_pusher_t *pusher;
    s_place_t *places;
    uint64_t pushed, done, stored, duplicates, facts;
    uint64_t refused, later, failed; /* later: of the refused, such as may succeed */
    size_t path;                     /* how many paths are read */
    wc_progress_t progress;
    int64_t started;
} s_push_t;

/* ---- telling ---- */

static void s_draw(s_push_t *self)
{
    char rest[64];
    double seconds = (double)(wc_now() - self->started) / 1000;
    bool lines = self->paths.count == 1 || self->pushed > self->paths.count;

    snprintf(rest, sizeof rest, "%.0f/s", seconds > 0 ? (double)self->done / seconds : 0);
    wc_progress_draw(&self->progress, "pushing", self->done, lines ? 0 : self->paths.count, rest);
}

static void s_complain(s_push_t *self, const s_place_t *place, const char *what)
{
    wc_progress_clear(&self->progress);
    fputs("winnow: ", stderr);
    if (place)
        fprintf(stderr, "%s: ", place->name);
    wc_print_clean(stderr, what, strlen(what), false);
    fputc('\n', stderr);
}

/* {"place":"a.txt","id":"...","state":"stored",...} */
static void s_print_json(const s_place_t *place, const winnow_answer_t *answer)
{
    wp_buf_t buf = WP_BUF_INIT;
    wp_writer_t json = wp_writer(&buf);

    wp_write_object(&json, NULL);
    if (place)
        wp_write_string(&json, "place", place->name);
    if (answer->id)
        wp_write_string(&json, "id", answer->id);
    if (answer->kind == WINNOW_ANSWER_REFUSED) {
        wp_write_string(&json, "state", "refused");
        wp_write_string(&json, "code", answer->code);
        wp_write_string(&json, "message", answer->message);
        wp_write_bool(&json, "retry", answer->retry);
    } else {
        wp_write_uint(&json, "revision", answer->revision);
        wp_write_bool(&json, "duplicate", answer->duplicate);
        wp_write_string(&json, "state", answer->state);
    }
    if (answer->kind == WINNOW_ANSWER_STORED) {
        if (answer->reason)
            wp_write_string(&json, "reason", answer->reason);
        wp_write_uint(&json, "facts", answer->facts);
        wp_write_uint(&json, "first", answer->first);
        wp_write_uint(&json, "last", answer->last);
    }
    wp_write_object_end(&json);
    if (!buf.failed) {
        fwrite(buf.data, 1, buf.size, stdout);
        putchar('\n');
    }
    wp_buf_free(&buf);
}

static void s_forget(s_push_t *self, s_place_t *place)
{
    *(place->prev ? &place->prev->next : &self->places) = place->next;
    if (place->next)
        place->next->prev = place->prev;
    free(place);
}

static void s_on_answer(const winnow_answer_t *answer, void *arg)
{
    s_push_t *self = arg;
    s_place_t *place = answer->context;

    if (!answer->final)
        return;
    self->done++;
    if (answer->kind == WINNOW_ANSWER_REFUSED) {
        self->refused++;
        self->later += answer->retry;
        s_complain(self, place, answer->message);
    } else if (strcmp(answer->state, "failed") == 0) {
        self->failed++;
        s_complain(self, place, answer->reason ? answer->reason : "failed");
    } else {
        self->stored++;
        self->duplicates += answer->duplicate;
        self->facts += answer->facts;
    }
    if (self->json)
        s_print_json(place, answer);
    if (place)
        s_forget(self, place);
    if (wc_progress_due(&self->progress))
        s_draw(self);
}

static void s_summary(const s_push_t *self)
{
    double seconds = (double)(wc_now() - self->started) / 1000;

    fprintf(stderr, "%" PRIu64 " article%s %s", self->stored, self->stored == 1 ? "" : "s",
            self->wait_stored ? "stored" : "accepted");
    if (self->duplicates > 0)
        fprintf(stderr, " (%" PRIu64 " known before)", self->duplicates);
    if (self->wait_stored)
        fprintf(stderr, ", %" PRIu64 " fact%s", self->facts, self->facts == 1 ? "" : "s");
    if (self->failed + self->refused + self->faults > 0)
        fprintf(stderr, ", %" PRIu64 " NOT", self->failed + self->refused + self->faults);
    fprintf(stderr, ", %.1f s\n", seconds);
}

/* ---- pushing ---- */

static int s_take(const wc_input_t *input, void *arg)
{
    s_push_t *self = arg;
    char title[WP_TITLE_MAX + 1];
    winnow_article_t article = self->given;

    article.text = input->text;
    article.text_size = input->text_size;
    article.accepted_only = !self->wait_stored;
    article.id = input->id ? input->id : article.id;
    article.source = input->source ? input->source : article.source;
    article.url = input->url ? input->url : article.url;
    article.published = input->published ? input->published : article.published;
    article.title = input->title ? input->title : article.title;
    if (!article.title) {
        wc_input_title(input->text, input->text_size, title, sizeof title);
        article.title = title[0] ? title : NULL;
    }
    size_t size = strlen(input->place) + 1;
    s_place_t *place = malloc(sizeof *place + size);
    if (!place)
        return WINNOW_CLIENT_MEMORY;
    memcpy(place->name, input->place, size);
    place->prev = NULL;
    place->next = self->places;
    if (self->places)
        self->places->prev = place;
    self->places = place;
    article.context = place;
    int code = winnow_pusher_push(self->pusher, &article, NULL);
    if (code == WINNOW_CLIENT_INVALID) { /* this article only */
        s_complain(self, place, winnow_pusher_error(self->pusher)->message);
        self->faults++;
        s_forget(self, place);
        return 0;
    }
    self->pushed++;
    if (wc_progress_due(&self->progress))
        s_draw(self);
    return code;
}

/* Waits for the answers; ten times a second for the progress. */
static int s_wait(s_push_t *self)
{
    int code;
    while ((code = winnow_pusher_run(self->pusher, self->progress.on ? 100 : -1)) ==
           WINNOW_CLIENT_TIMEOUT) {
        if (wc_progress_due(&self->progress))
            s_draw(self);
    }
    return code;
}

static int s_run(s_push_t *self)
{
    winnow_client_error_t err;
    winnow_client_options_t options = wc_cli_options(self->cli);
    int code = 0;

    self->pusher = winnow_pusher_new(&options, s_on_answer, self, &err);
    if (!self->pusher)
        return wc_report(&err);
    self->started = wc_now();
    for (; self->path < self->paths.count && code >= 0; self->path++)
        code =
            wc_input_read(self->paths.path[self->path], self->jsonl, s_take, self, &self->faults);
    if (code >= 0)
        code = s_wait(self);
    wc_progress_clear(&self->progress);
    int exit_code = code < 0 ? wc_report(winnow_pusher_error(self->pusher)) : WC_EXIT_OK;
    if (code < 0 && winnow_pusher_pending(self->pusher) > 0)
        fprintf(stderr, "winnow: %zu not answered; sending them again is safe\n",
                winnow_pusher_pending(self->pusher));
    s_summary(self);
    winnow_pusher_destroy(&self->pusher);
    if (exit_code == WC_EXIT_OK && self->refused + self->failed + self->faults > 0)
        exit_code = self->refused == self->later && self->failed + self->faults == 0
                        ? WC_EXIT_LATER
                        : WC_EXIT_FAILED;
    return exit_code;
}

/* ---- the command line ---- */

static bool s_parse(wc_cli_t *cli, wc_args_t *args, s_push_t *self, int *ret_exit)
{
    static const char *const waits[] = {"accepted", "stored", NULL};

    *ret_exit = WC_EXIT_USAGE;
    for (int id; (id = wc_args_next(args)) != WC_END;) {
        switch (id) {
        case 'i':
            self->given.id = args->value;
            break;
        case 's':
            self->given.source = args->value;
            break;
        case 'p':
            if (!wp_is_date(args->value, strlen(args->value))) {
                wc_wrong(&s_usage, "--published: \"%s\" is no date as in 2022-06-23", args->value);
                return false;
            }
            self->given.published = args->value;
            break;
        case S_OPT_URL:
            self->given.url = args->value;
            break;
        case S_OPT_TITLE:
            self->given.title = args->value;
            break;
        case S_OPT_JSONL:
            self->jsonl = true;
            break;
        case 'w':
            if (!wc_one_of(&s_usage, "answer", args->value, waits))
                return false;
            self->wait_stored = args->value[0] == 's';
            break;
        case 'j':
            self->json = true;
            break;
        case WC_ARG:
            if (wc_paths_add(&self->paths, args->value) != 0)
                self->faults++;
            break;
        default:
            if (wc_common(cli, &s_usage, id, args->value, ret_exit))
                return false;
        }
    }
    if (self->paths.count == 0) {
        if (self->faults == 0)
            wc_wrong(&s_usage, "which articles? (- is standard input)");
        *ret_exit = self->faults ? WC_EXIT_FAILED : WC_EXIT_USAGE;
        return false;
    }
    if ((self->given.id || self->given.title || self->given.url) &&
        (self->paths.count > 1 || self->jsonl)) {
        wc_wrong(&s_usage, "--id, --title and --url are for one article alone");
        return false;
    }
    return true;
}

int wc_cmd_push(wc_cli_t *cli, int argc, char **argv)
{
    wc_args_t args = {.usage = &s_usage, .argc = argc, .argv = argv};
    s_push_t self = {.cli = cli, .wait_stored = true, .progress = {.on = cli->progress}};
    int exit_code;

    if (s_parse(cli, &args, &self, &exit_code))
        exit_code = s_run(&self);
    while (self.places)
        s_forget(&self, self.places);
    wc_paths_free(&self.paths);
    return wc_finish(exit_code);
}
