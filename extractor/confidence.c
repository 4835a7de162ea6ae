/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From features to confidence: sums of weights, and the table from sums to shares of right facts.
 *
 * A line of confidence.tsv is one of
 *
 *     weight TAB feature TAB -37     what the feature adds
 *     point  TAB -120    TAB 412     of facts with this sum, 412 in 1000 are right; in rising order
 *     least  TAB 300                 facts below are not given unless asked for
 *
 * Between two points the share rises evenly. Weights are found by a hash of the feature's name;
 * names are not kept.
 */
#include "confidence.h"

#include "stages.h"

typedef struct {
    uint32_t hash;
    int32_t weight; /* never 0 in use */
} s_weight_t;

typedef struct {
    int32_t sum, share;
} s_point_t;

struct wx_confidence_table {
    s_weight_t *weights; /* open addressing */
    uint32_t mask, used;
    struct {
        s_point_t *at;
        uint32_t count, capacity;
    } points;
    int32_t least;
};

/* ---- Reading the table ---------------------------------------------------------------------- */

static winnow_str_t s_cut(winnow_str_t *rest, char mark)
{
    const char *at = rest->size ? memchr(rest->data, mark, rest->size) : NULL;
    winnow_str_t part = {rest->data, at ? (size_t)(at - rest->data) : rest->size};
    size_t taken = part.size + (at != NULL);
    rest->data += taken;
    rest->size -= taken;
    return part;
}

/* A whole number of at most six digits. */
static bool s_number(winnow_str_t text, int32_t *ret_number)
{
    bool minus = text.size && text.data[0] == '-';
    int32_t number = 0;
    if (text.size < 1u + minus || text.size > 6u + minus)
        return false;
    for (size_t i = minus; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        number = 10 * number + (text.data[i] - '0');
    }
    *ret_number = minus ? -number : number;
    return true;
}

static s_weight_t *s_slot(const wx_confidence_table_t *self, uint32_t hash)
{
    uint32_t at = hash & self->mask;
    while (self->weights[at].weight && self->weights[at].hash != hash)
        at = (at + 1) & self->mask;
    return &self->weights[at];
}

static bool s_add_weight(wx_confidence_table_t *self, winnow_str_t name, int32_t weight)
{
    uint32_t hash = wx_str_hash(name);
    s_weight_t *slot = s_slot(self, hash);
    if (weight == 0 || slot->weight || 2 * self->used > self->mask)
        return false;
    *slot = (s_weight_t){hash, weight};
    self->used++;
    return true;
}

static bool s_add_point(wx_arena_t *arena, wx_confidence_table_t *self, s_point_t point)
{
    const s_point_t *last = self->points.count ? &self->points.at[self->points.count - 1] : NULL;
    if (point.share < 0 || point.share > 1000 ||
        (last && (point.sum <= last->sum || point.share < last->share)))
        return false;
    *wx_push(arena, &self->points) = point;
    return true;
}

static bool s_line(wx_arena_t *arena, wx_confidence_table_t *self, winnow_str_t line)
{
    winnow_str_t word = s_cut(&line, '\t');
    winnow_str_t first = s_cut(&line, '\t'), second = s_cut(&line, '\t');
    int32_t a, b;
    if (wx_str_is(word, "weight"))
        return s_number(second, &b) && s_add_weight(self, first, b);
    if (wx_str_is(word, "point"))
        return s_number(first, &a) && s_number(second, &b) &&
               s_add_point(arena, self, (s_point_t){a, b});
    return wx_str_is(word, "least") && s_number(first, &self->least) && self->least >= 0 &&
           self->least <= 1000;
}

static uint32_t s_room(winnow_str_t text)
{
    uint32_t lines = 8, room = 16;
    for (size_t i = 0; i < text.size; i++)
        lines += text.data[i] == '\n';
    while (room < 2 * lines)
        room *= 2;
    return room;
}

int wx_confidence_parse(winnow_model_t *model, const char *file, winnow_str_t text,
                        winnow_error_t *err)
{
    wx_confidence_table_t *self = wx_new(&model->arena, wx_confidence_table_t, 1);
    uint32_t room = s_room(text);
    self->weights = wx_new(&model->arena, s_weight_t, room);
    self->mask = room - 1;
    winnow_str_t rest = text;
    for (unsigned number = 1; rest.size; number++) {
        winnow_str_t line = s_cut(&rest, '\n');
        if (line.size == 0 || line.data[0] == '#' || s_line(&model->arena, self, line))
            continue;
        wx_error(err, WINNOW_E_RULE, "%s:%u: no weight, no rising point, no least: %.*s", file,
                 number, line.size < 80 ? (int)line.size : 80, line.data);
        if (err)
            err->line = number;
        return WINNOW_E_RULE;
    }
    wx_model_mix(model, text.data, text.size);
    model->confidence = self;
    return 0;
}

int wx_confidence_load(winnow_model_t *model, winnow_error_t *err)
{
    const wx_embedded_t *file = &wx_confidence_files[0];
    return wx_confidence_parse(model, file->name, (winnow_str_t){file->text, file->size}, err);
}

/* ---- Use ------------------------------------------------------------------------------------ */

int wx_confidence_least(const winnow_model_t *model)
{
    return model->confidence->least;
}

/* The share of right facts at a sum: on the line between the points around it. */
static int32_t s_share(const wx_confidence_table_t *self, int32_t sum)
{
    uint32_t above = 0;
    while (above < self->points.count && self->points.at[above].sum < sum)
        above++;
    if (self->points.count == 0)
        return -1;
    if (above == 0)
        return self->points.at[0].share;
    const s_point_t *a = &self->points.at[above - 1];
    if (above == self->points.count)
        return a->share;
    const s_point_t *b = &self->points.at[above];
    return a->share + (b->share - a->share) * (sum - a->sum) / (b->sum - a->sum);
}

void wx_confidence(wx_doc_t *doc)
{
    const wx_confidence_table_t *table = doc->model->confidence;
    wx_confidence_features_t features;
    for (uint32_t i = 0; i < doc->facts.count; i++) {
        if (doc->facts.at[i].dropped)
            continue;
        features = (wx_confidence_features_t){.names = NULL};
        wx_confidence_features(doc, i, &features);
        int32_t sum = 0;
        for (uint32_t k = 0; k < features.count; k++)
            sum += s_slot(table, features.hash[k])->weight;
        doc->facts.at[i].confidence = s_share(table, sum);
        doc->steps++;
    }
}

void wx_confidence_drop(wx_doc_t *doc, int least)
{
    for (uint32_t i = 0; i < doc->facts.count; i++) {
        wx_fact_t *fact = &doc->facts.at[i];
        if (fact->confidence >= 0 && fact->confidence < least)
            fact->dropped = 1;
    }
}
