/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is seen of a fact when its confidence is asked for. A feature is a few words with blanks
 * between; most begin with the kind, as what is a good sign in one is none in another.
 *
 *     statistic value rule counted            the rule that made it
 *     statistic subject is pronoun            how a role was filled
 *     statistic far 40                        how far the figure stands from what it is of
 */
#include "confidence.h"

#include <winnow/extract.h>

/* The roles of figures, and those that say whose or what figure it is. */
static const char *const s_figures[] = {"amount", "value", "share", NULL};
static const char *const s_owners[] = {"subject", "metric", "recipient", "investor", "holder",
                                       "place",   "entity", "acquired",  NULL};

/* At most four words, joined by blanks. */
static void s_add(wx_doc_t *doc, wx_confidence_features_t *self, const winnow_str_t *words,
                  unsigned count)
{
    char name[160];
    size_t size = 0;
    for (unsigned i = 0; i < count; i++) {
        size_t room = sizeof name - size - 1, take = words[i].size < room ? words[i].size : room;
        memcpy(name + size, words[i].data, take);
        size += take;
        if (i + 1 < count && size + 1 < sizeof name)
            name[size++] = ' ';
    }
    if (self->count == WX_CONFIDENCE_FEATURES)
        return;
    winnow_str_t text = {name, size};
    if (self->names)
        self->names[self->count] = wx_str_copy(doc->arena, text);
    self->hash[self->count++] = wx_str_hash(text);
}

static void s_add2(wx_doc_t *doc, wx_confidence_features_t *self, winnow_str_t a, const char *b)
{
    s_add(doc, self, (winnow_str_t[]){a, wx_str_from(b)}, 2);
}

static void s_add3(wx_doc_t *doc, wx_confidence_features_t *self, winnow_str_t a, const char *b,
                   const char *c)
{
    s_add(doc, self, (winnow_str_t[]){a, wx_str_from(b), wx_str_from(c)}, 3);
}

static void s_add4(wx_doc_t *doc, wx_confidence_features_t *self, winnow_str_t a, winnow_str_t b,
                   const char *c, const char *d)
{
    s_add(doc, self, (winnow_str_t[]){a, b, wx_str_from(c), wx_str_from(d)}, 4);
}

/* The largest of a few steps that a number reaches, as a word. */
static const char *s_step(uint32_t number)
{
    static const struct {
        uint32_t from;
        const char *word;
    } s_steps[] = {{160, "160"}, {80, "80"}, {40, "40"}, {20, "20"}, {10, "10"},
                   {5, "5"},     {3, "3"},   {2, "2"},   {1, "1"}};
    for (size_t i = 0; i < sizeof s_steps / sizeof *s_steps; i++)
        if (number >= s_steps[i].from)
            return s_steps[i].word;
    return "0";
}

/* ---- Where it stands ------------------------------------------------------------------------ */

/* The last token that begins at `byte` or before it. */
static uint32_t s_token(const wx_doc_t *doc, uint32_t byte)
{
    uint32_t low = 0, high = doc->tokens.count;
    while (low + 1 < high) {
        uint32_t middle = low + (high - low) / 2;
        if (doc->tokens.at[middle].start <= byte)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static const wx_fillers_t *s_role(const wx_fact_t *fact, const char *const *names)
{
    for (const char *const *name = names; *name; name++)
        for (uint32_t i = 0; i < fact->roles.count; i++) {
            const wx_fillers_t *fillers = &fact->roles.at[i].fillers;
            if (wx_str_is(fact->roles.at[i].name, *name) && fillers->count &&
                fillers->at[0].start != WX_NONE)
                return fillers;
        }
    return NULL;
}

/* The token of the fact's first filler that stands in the article. */
static uint32_t s_anchor(const wx_doc_t *doc, const wx_fact_t *fact)
{
    for (uint32_t i = 0; i < fact->roles.count; i++)
        if (fact->roles.at[i].fillers.count && fact->roles.at[i].fillers.at[0].start != WX_NONE)
            return s_token(doc, fact->roles.at[i].fillers.at[0].start);
    return s_token(doc, fact->start);
}

/* How many facts begin in the same sentence, and how many of them are of the same kind. */
static void s_crowd(wx_doc_t *doc, uint32_t index, winnow_str_t kind,
                    wx_confidence_features_t *self)
{
    enum { S_LOOK = 12 };
    const wx_fact_t *fact = &doc->facts.at[index];
    uint32_t all = 0, alike = 0;
    uint32_t first = index > S_LOOK ? index - S_LOOK : 0;
    for (uint32_t i = first; i < doc->facts.count && i < index + S_LOOK; i++) {
        const wx_fact_t *other = &doc->facts.at[i];
        bool here = other->start < fact->end && fact->start < other->end;
        if (i == index || other->dropped || !here)
            continue;
        all++;
        alike += other->kind == fact->kind;
    }
    s_add3(doc, self, kind, "crowd", s_step(all));
    s_add3(doc, self, kind, "alike", s_step(alike));
}

static void s_sentence(wx_doc_t *doc, const wx_fact_t *fact, winnow_str_t kind,
                       wx_confidence_features_t *self)
{
    static const char *const s_classes[WX_BLOCK_COUNT] = {
        "body", "title", "heading", "bullet", "caption", "dateline", "byline", "stamp", "other"};
    if (doc->tokens.count == 0)
        return;
    uint32_t token = s_anchor(doc, fact);
    const wx_sentence_t *sentence = &doc->sentences.at[doc->tokens.at[token].sentence];
    s_add3(doc, self, kind, "in", s_classes[sentence->class]);
    s_add3(doc, self, kind, "words", s_step(sentence->end - sentence->first));
    s_add3(doc, self, fact->rule, "words", s_step(sentence->end - sentence->first));
    if (doc->tokens.at[token].quote != WX_NONE)
        s_add2(doc, self, kind, "quoted");
    if (doc->text.data[sentence->end_byte - 1] != '.')
        s_add2(doc, self, kind, "no stop");
    if (fact->reported_by.size)
        s_add2(doc, self, kind, "reported");
}

/* ---- Roles ---------------------------------------------------------------------------------- */

/* By what the filler's words name it: a name, one that is resolved, a pronoun, a noun … */
static const char *s_manner(const wx_doc_t *doc, const wx_filler_t *filler)
{
    if (filler->start == WX_NONE)
        return "enum";
    if (filler->value != WX_NONE)
        return "value";
    const wx_token_t *first = &doc->tokens.at[s_token(doc, filler->start)];
    if (first->upos == WX_UPOS_PRON)
        return filler->entity != WX_NONE ? "resolved pronoun" : "pronoun";
    if (first->name != WX_NONE)
        return doc->names.at[first->name].score == WX_NAME_GUESSED ? "guessed name" : "name";
    if (filler->entity != WX_NONE)
        return "resolved noun";
    return first->upos == WX_UPOS_PROPN ? "capital" : "noun";
}

static void s_name_features(wx_doc_t *doc, const wx_filler_t *filler, winnow_str_t kind,
                            winnow_str_t role, wx_confidence_features_t *self)
{
    const wx_token_t *first = &doc->tokens.at[s_token(doc, filler->start)];
    if (first->name == WX_NONE)
        return;
    const wx_name_t *name = &doc->names.at[first->name];
    if (name->score != WX_NAME_GUESSED)
        s_add4(doc, self, kind, role, "sure",
               name->score < 0 ? "no" : s_step((uint32_t)name->score / 16));
    uint32_t last = s_token(doc, filler->end - 1);
    if (name->end <= last)
        s_add4(doc, self, kind, role, "beyond", "name");
    if (doc->tokens.at[name->first].start < filler->start)
        s_add4(doc, self, kind, role, "inside", "name");
}

static void s_value_features(wx_doc_t *doc, const wx_fact_t *fact, const wx_filler_t *filler,
                             winnow_str_t kind, winnow_str_t role, wx_confidence_features_t *self)
{
    static const char *const s_types[WX_VALUE_COUNT] = {
        "number", "ordinal", "quantity", "money", "percent", "multiple", "date", "period"};
    static const struct {
        uint16_t flag;
        const char *word;
    } s_flags[] = {{WX_VALUE_FUZZY, "fuzzy"}, {WX_VALUE_DURATION, "duration"},
                   {WX_VALUE_RATE, "rate"},   {WX_VALUE_FRACTION, "fraction"},
                   {WX_VALUE_OPEN, "open"},   {WX_VALUE_PER, "per"},
                   {WX_VALUE_AGE, "age"},     {WX_VALUE_RELATIVE, "relative"}};
    const wx_value_t *value = &doc->values.at[filler->value];
    s_add4(doc, self, kind, role, "value", s_types[value->type]);
    for (size_t i = 0; i < sizeof s_flags / sizeof *s_flags; i++)
        if (value->flags & s_flags[i].flag)
            s_add4(doc, self, kind, role, "value", s_flags[i].word);
    if (value->type == WX_VALUE_DATE || value->type == WX_VALUE_PERIOD)
        return;
    s_add4(doc, self, fact->rule, role, "value", s_types[value->type]);
    bool small = value->number.exponent == 0 && value->number.digits < 10;
    if (small)
        s_add4(doc, self, kind, role, "small", s_types[value->type]);
    if (value->noun_end > value->noun_first)
        s_add4(doc, self, kind, role, "counts", s_step(value->noun_end - value->noun_first));
}

static void s_filler(wx_doc_t *doc, const wx_fact_t *fact, const wx_role_t *role, winnow_str_t kind,
                     wx_confidence_features_t *self)
{
    const wx_filler_t *filler = &role->fillers.at[0];
    const char *manner = s_manner(doc, filler);
    s_add4(doc, self, kind, role->name, "is", manner);
    s_add4(doc, self, kind, role->name, "type", winnow_type_name(filler->type));
    s_add4(doc, self, fact->rule, role->name, "is", manner);
    if (role->fillers.count > 1)
        s_add4(doc, self, kind, role->name, "several", "");
    if (filler->start == WX_NONE) {
        s_add(doc, self, (winnow_str_t[]){kind, role->name, filler->text}, 3);
        return;
    }
    uint32_t first = s_token(doc, filler->start), last = s_token(doc, filler->end - 1);
    s_add4(doc, self, kind, role->name, "long", s_step(last + 1 - first));
    if (doc->tokens.at[first].shape & WX_SHAPE_FIRST)
        s_add4(doc, self, kind, role->name, "first", "");
    if (filler->value != WX_NONE)
        s_value_features(doc, fact, filler, kind, role->name, self);
    else
        s_name_features(doc, filler, kind, role->name, self);
}

/* How far the figure stands from what it is of, and on which side. */
static void s_distance(wx_doc_t *doc, const wx_fact_t *fact, winnow_str_t kind,
                       wx_confidence_features_t *self)
{
    const wx_fillers_t *figure = s_role(fact, s_figures), *owner = s_role(fact, s_owners);
    if (!figure || !owner)
        return;
    const wx_filler_t *a = &figure->at[0], *b = &owner->at[0];
    uint32_t from = s_token(doc, a->start < b->start ? a->start : b->start);
    uint32_t to = s_token(doc, a->start < b->start ? b->start : a->start);
    s_add3(doc, self, kind, a->start < b->start ? "before" : "behind", s_step(to - from));
    if (a->start < b->end && b->start < a->end)
        s_add2(doc, self, kind, "overlap");
}

void wx_confidence_features(wx_doc_t *doc, uint32_t index, wx_confidence_features_t *self)
{
    const wx_fact_t *fact = &doc->facts.at[index];
    winnow_str_t kind = wx_str_from(winnow_kind_name(fact->kind));
    s_add(doc, self, (winnow_str_t[]){WX_STR("any")}, 1);
    s_add(doc, self, &kind, 1);
    s_add(doc, self, (winnow_str_t[]){kind, WX_STR("rule"), fact->rule}, 3);
    s_add3(doc, self, kind, "modality", winnow_modality_name(fact->modality));
    s_add3(doc, self, fact->rule, "modality", winnow_modality_name(fact->modality));
    s_add3(doc, self, kind, "roles", s_step(fact->roles.count));
    for (uint32_t i = 0; i < fact->roles.count; i++)
        if (fact->roles.at[i].fillers.count)
            s_filler(doc, fact, &fact->roles.at[i], kind, self);
    s_distance(doc, fact, kind, self);
    s_sentence(doc, fact, kind, self);
    s_crowd(doc, index, kind, self);
}
