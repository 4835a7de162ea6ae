/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looked for behind the figure first, as far as the next figure that does not share its date, then
 * before it. Dates that say when somebody spoke, what a figure is compared with, or that belong to
 * a relative clause aside are passed over.
 */
#include "figure_date.h"

#include "clause.h"
#include "model.h"
#include "rule.h"

typedef struct {
    const wx_doc_t *doc;
    const wx_sentence_t *sentence;
    uint32_t figure; /* value */
    uint32_t clause; /* that the figure stands in, or WX_NONE */
    bool rise;
    bool compared; /* `from 352,000`, `against 350`: no date of the other figure's is its */
} s_look_t;

static bool s_any(const wx_doc_t *doc, uint32_t token, const char *const *words)
{
    for (; *words; words++)
        if (wx_token_is(doc, token, *words))
            return true;
    return false;
}

static uint32_t s_first(const wx_value_t *value)
{
    return value->outer_first < value->first ? value->outer_first : value->first;
}

static uint32_t s_end(const wx_value_t *value)
{
    uint32_t end = value->outer_end > value->end ? value->outer_end : value->end;
    return value->noun_end > end ? value->noun_end : end;
}

static bool s_figure(const wx_value_t *value)
{
    return value->type != WX_VALUE_ORDINAL && value->type < WX_VALUE_DATE &&
           !(value->flags & WX_VALUE_AGE);
}

/* Does it stand behind a word that compares: `from`, `than`, `compared with`? */
static bool s_compared(const s_look_t *l, uint32_t first)
{
    static const char *const s_words[] = {"from", "than", "against", "versus", NULL};
    static const char *const s_articles[] = {"the", "a", "just", "only", "about", "some", NULL};
    const wx_doc_t *doc = l->doc;
    uint32_t at = first;
    while (at > l->sentence->first && s_any(doc, at - 1, s_articles))
        at--;
    if (at <= l->sentence->first)
        return false;
    bool with = wx_token_is(doc, at - 1, "with") || wx_token_is(doc, at - 1, "to");
    if (with && at >= l->sentence->first + 2)
        return wx_token_is(doc, at - 2, "compared");
    return s_any(doc, at - 1, s_words);
}

/* `said on Tuesday`, `said late Monday` */
static bool s_spoken(const s_look_t *l, uint32_t first)
{
    static const char *const s_between[] = {"on", "in", "late", "early", "earlier", "last", NULL};
    while (first > l->sentence->first && s_any(l->doc, first - 1, s_between))
        first--;
    if (first == l->sentence->first)
        return false;
    uint32_t verb = first - 1;
    return l->doc->tokens.at[verb].upos == WX_UPOS_VERB &&
           wx_list_at(l->doc, wx_known(l->doc, WX_LIST_SPEECH), verb) > 0;
}

/* Does the date stand in a clause aside, in which the figure does not? */
static bool s_aside(const s_look_t *l, uint32_t token)
{
    uint32_t clause = wx_clause_around(l->doc, token);
    if (clause == WX_NONE || clause == l->clause)
        return false;
    const wx_clause_t *c = &l->doc->reading->clauses.at[clause];
    return token >= c->first && (c->flags & (WX_CLAUSE_RELATIVE | WX_CLAUSE_PARTICIPLE));
}

/* `January to October`: a stretch, which `from` begins. */
static bool s_stretch(const s_look_t *l, const wx_value_t *date)
{
    static const char *const s_joints[] = {"to", "until", "till", "through", "-", "–", NULL};
    for (uint32_t t = date->first; t < date->end; t++)
        if (date->type == WX_VALUE_PERIOD && s_any(l->doc, t, s_joints))
            return true;
    return false;
}

static bool s_usable(const s_look_t *l, uint32_t index)
{
    const wx_value_t *date = &l->doc->values.at[index];
    uint32_t first = s_first(date);
    bool compared = s_compared(l, first) && !s_stretch(l, date);
    if (date->flags & (WX_VALUE_RECUR | WX_VALUE_AGE))
        return false;
    /* `5 percent on 2003`, `7 percent over the year before` */
    bool against = l->rise && first > l->sentence->first &&
                   (wx_token_is(l->doc, first - 1, "over") ||
                    (wx_token_is(l->doc, first - 1, "on") && date->value.size == 4));
    return !against && !compared && !s_spoken(l, first) && !s_aside(l, first);
}

/* Do two figures share what follows: `rose 5 percent to $3m in May`, `12 cars and 9 vans in May`?
 */
static bool s_shares(const s_look_t *l, const wx_value_t *next)
{
    static const char *const s_links[] = {"to", "and", "or", ",", NULL};
    uint32_t first = s_first(next);
    return !l->compared && first > l->sentence->first && s_any(l->doc, first - 1, s_links);
}

/* Does a verb group that begins here end the stretch in which the figure's date may stand? */
static bool s_leaves(const s_look_t *l, uint32_t token)
{
    uint32_t index = l->doc->reading->clause_at[token];
    if (index == WX_NONE || index == l->clause)
        return false;
    const wx_clause_t *c = &l->doc->reading->clauses.at[index];
    bool same = l->clause != WX_NONE && c->subject != WX_NONE &&
                c->subject == l->doc->reading->clauses.at[l->clause].subject;
    bool and =
        c->first > l->sentence->first && l->doc->tokens.at[c->first - 1].upos == WX_UPOS_CCONJ;
    return !(same && and);
}

static uint32_t s_behind(const s_look_t *l)
{
    static const char *const s_stops[] = {";",       ":",     "compared", "against", "versus",
                                          "whereas", "while", "but",      "than",    NULL};
    const wx_doc_t *doc = l->doc;
    for (uint32_t t = s_end(&doc->values.at[l->figure]); t < l->sentence->end;) {
        uint32_t v = doc->tokens.at[t].value;
        if (v == WX_NONE) {
            if (s_any(doc, t, s_stops) || s_leaves(l, t))
                return WX_NONE;
            t++;
            continue;
        }
        const wx_value_t *value = &doc->values.at[v];
        if (value->type >= WX_VALUE_DATE && s_usable(l, v))
            return v;
        if (s_figure(value) && !s_shares(l, value))
            return WX_NONE;
        t = s_end(value) > t ? s_end(value) : t + 1;
    }
    return WX_NONE;
}

static uint32_t s_before(const s_look_t *l)
{
    const wx_doc_t *doc = l->doc;
    for (uint32_t t = s_first(&doc->values.at[l->figure]); t-- > l->sentence->first;) {
        uint32_t v = doc->tokens.at[t].value;
        if (wx_token_is(doc, t, ";"))
            return WX_NONE;
        if (v == WX_NONE)
            continue;
        const wx_value_t *value = &doc->values.at[v];
        if (value->type >= WX_VALUE_DATE && s_usable(l, v))
            return v;
        if (s_figure(value) && l->compared)
            return WX_NONE;
        if (value->first < t)
            t = value->first;
    }
    return WX_NONE;
}

uint32_t wx_figure_date(const wx_doc_t *doc, uint32_t figure, bool rise)
{
    const wx_value_t *value = &doc->values.at[figure];
    s_look_t look = {
        .doc = doc,
        .sentence = &doc->sentences.at[doc->tokens.at[value->first].sentence],
        .figure = figure,
        .clause = wx_clause_around(doc, value->first),
        .rise = rise,
    };
    look.compared = s_compared(&look, s_first(value));
    uint32_t found = s_behind(&look);
    return found == WX_NONE ? s_before(&look) : found;
}
