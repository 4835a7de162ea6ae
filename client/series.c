/* SPDX-License-Identifier: Apache-2.0 */
/* Figures over time; see series.h. */
#include "series.h"

#include "fold.h"
#include "term.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BAR_WIDTH 24

typedef struct {
    char *json;
    wp_json_t *row;
    char *group; /* subject, metric and unit, folded: one series */
    const char *subject, *metric, *period, *unit, *status, *source, *fact;
    char number[40];
    double value;
} s_figure_t;

struct wc_series {
    s_figure_t *figures;
    size_t count, capacity;
};

wc_series_t *wc_series_new(void)
{
    return calloc(1, sizeof(wc_series_t));
}

static void s_free(s_figure_t *figure)
{
    wp_json_destroy(&figure->row);
    free(figure->json);
    free(figure->group);
}

void wc_series_destroy(wc_series_t **self_p)
{
    wc_series_t *self = *self_p;
    *self_p = NULL;
    if (!self)
        return;
    for (size_t i = 0; i < self->count; i++)
        s_free(&self->figures[i]);
    free(self->figures);
    free(self);
}

size_t wc_series_count(const wc_series_t *self)
{
    return self->count;
}

/* The first filler of the first of these roles that is filled. */
static const wp_node_t *s_filler(const wp_node_t *record, const char *const *roles)
{
    for (; *roles; roles++) {
        const wp_node_t *role = wp_node_get(wp_node_get(record, "roles"), *roles);
        if (role && role->child)
            return role->child;
    }
    return NULL;
}

/* The bytes of a name without what firms end with. */
static size_t s_name_size(const char *name)
{
    static const char *const ends[] = {" Inc",   " Inc.", " Ltd", " Ltd.",  " Corp",
                                       " Corp.", " PLC",  " AG",  " Group", " Co."};
    size_t size = strlen(name);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        size_t end = strlen(ends[i]);
        if (size > end && memcmp(name + size - end, ends[i], end) == 0)
            return size - end;
    }
    return size;
}

/* "the Orkla Tide" | "cars sold" | "car", folded */
static char *s_group(const s_figure_t *figure)
{
    wp_buf_t buf = WP_BUF_INIT;
    const char *const parts[] = {figure->subject, figure->metric, figure->unit};
    for (size_t i = 0; i < 3; i++) {
        wp_buf_add(&buf, parts[i], i == 0 ? s_name_size(parts[i]) : strlen(parts[i]));
        wp_buf_add(&buf, "|", i < 2 ? 1 : 0);
    }
    wp_buf_add(&buf, "", 1);
    char *folded = buf.failed ? NULL : wc_fold(buf.data);
    wp_buf_free(&buf);
    return folded;
}

/* A number of JSON; strtod would ask the locale for its point. */
static double s_number(const char *text)
{
    double value = 0, scale = 1;
    bool negative = *text == '-', point = false;
    for (text += negative; (*text >= '0' && *text <= '9') || *text == '.'; text++) {
        if (*text == '.') {
            point = true;
            continue;
        }
        value = value * 10 + (*text - '0');
        scale = point ? scale * 10 : scale;
    }
    long power = *text == 'e' || *text == 'E' ? strtol(text + 1, NULL, 10) : 0;
    value = value / scale * pow(10, (double)power);
    return negative ? -value : value;
}

/* Whether the row has a figure; then it is in *figure. */
static bool s_read(s_figure_t *figure)
{
    static const char *const subjects[] = {"subject", "holder", "place", NULL};
    static const char *const values[] = {"value", "amount", NULL};
    static const char *const periods[] = {"period", "deadline", "date", NULL};
    static const char *const metrics[] = {"metric", NULL};
    const wp_node_t *root = wp_json_root(figure->row);
    const wp_node_t *record = wp_node_get(root, "record");
    const wp_node_t *article = wp_node_get(root, "article");
    const wp_node_t *value = s_filler(record, values);
    const wp_node_t *number = wp_node_get(value, "number");
    if (!number || number->raw_size >= sizeof figure->number)
        return false;
    memcpy(figure->number, number->raw, number->raw_size);
    figure->number[number->raw_size] = '\0';
    figure->value = s_number(figure->number);
    figure->subject = wc_text_of(s_filler(record, subjects), "text");
    figure->metric = wc_text_of(s_filler(record, metrics), "text");
    figure->period = wc_text_of(s_filler(record, periods), "value");
    if (!figure->period[0])
        figure->period = wc_text_of(article, "published");
    figure->unit = wc_text_of(value, "unit");
    figure->status = wc_text_of(root, "status");
    figure->source = wc_text_of(article, "source");
    figure->fact = wc_text_of(root, "fact");
    return true;
}

int wc_series_add(wc_series_t *self, const char *json, size_t size)
{
    s_figure_t figure = {.json = malloc(size + 1)};
    if (self->count == self->capacity) {
        size_t capacity = self->capacity > 0 ? self->capacity * 2 : 64;
        s_figure_t *figures = realloc(self->figures, capacity * sizeof *figures);
        if (figures) {
            self->figures = figures;
            self->capacity = capacity;
        }
    }
    if (figure.json) {
        memcpy(figure.json, json, size);
        figure.json[size] = '\0';
        figure.row = wp_json_parse(figure.json, size, NULL);
    }
    if (self->count == self->capacity || !figure.row) {
        s_free(&figure);
        return -1;
    }
    if (!s_read(&figure)) {
        s_free(&figure);
        return 0;
    }
    figure.group = s_group(&figure);
    if (!figure.group) {
        s_free(&figure);
        return -1;
    }
    self->figures[self->count++] = figure;
    return 0;
}

static int s_compare(const void *a, const void *b)
{
    const s_figure_t *x = a, *y = b;
    int order = strcmp(x->group, y->group);
    if (order == 0)
        order = strcmp(x->period, y->period);
    if (order == 0)
        order = (x->value > y->value) - (x->value < y->value);
    return order != 0 ? order : strcmp(x->fact, y->fact);
}

/* A bar of the figure's part of the largest in its series. */
static void s_bar(const s_figure_t *figure, double most, char bar[BAR_WIDTH * 3 + 1])
{
    size_t width = most > 0 ? (size_t)lround(fabs(figure->value) / most * BAR_WIDTH) : 0;
    bar[0] = '\0';
    for (size_t i = 0; i < width && i < BAR_WIDTH; i++)
        memcpy(bar + i * 3, "\xE2\x96\x88", 4);
}

static double s_most(const wc_series_t *self, size_t at)
{
    double most = 0;
    for (size_t i = at; i < self->count; i++) {
        if (strcmp(self->figures[i].group, self->figures[at].group) != 0)
            break;
        most = fmax(most, fabs(self->figures[i].value));
    }
    return most;
}

static const wc_column_t s_columns[] = {
    {"subject", true, true, false}, {"metric", true, true, false},  {"period", true, false, false},
    {"value", true, false, true},   {"unit", true, false, false},   {"status", true, false, false},
    {"fact", true, false, false},   {"source", false, true, false}, {"plot", true, false, false}};

int wc_series_print(wc_series_t *self, wc_format_t format, bool color)
{
    size_t columns = sizeof s_columns / sizeof s_columns[0];
    if (self->count > 1)
        qsort(self->figures, self->count, sizeof self->figures[0], s_compare);
    if (format == WC_FORMAT_JSON) {
        for (size_t i = 0; i < self->count; i++)
            puts(self->figures[i].json);
        return 0;
    }
    /* The bars are for people. */
    wc_table_t *table =
        wc_table_new(format, s_columns, format == WC_FORMAT_CSV ? columns - 1 : columns, color);
    int rc = table ? 0 : -1;
    double most = 0;
    for (size_t i = 0; rc == 0 && i < self->count; i++) {
        const s_figure_t *figure = &self->figures[i];
        bool first = i == 0 || strcmp(figure->group, self->figures[i - 1].group) != 0;
        char bar[BAR_WIDTH * 3 + 1];
        most = first ? s_most(self, i) : most;
        s_bar(figure, most, bar);
        bool named = first || format == WC_FORMAT_CSV;
        const char *cells[] = {named ? figure->subject : "",
                               named ? figure->metric : "",
                               figure->period,
                               figure->number,
                               figure->unit,
                               figure->status,
                               figure->fact,
                               figure->source,
                               bar};
        rc = wc_table_add(table, cells);
    }
    return table && wc_table_print(&table) == 0 ? rc : -1;
}
