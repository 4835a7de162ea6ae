/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Phrases and clauses from the order of words, corrected by the tree.
 *
 * One pass cuts a sentence into items, one joins items into phrases, one finds verb groups, one
 * gives each group its subject and object. A subject is the nearest phrase to the left that has no
 * preposition and is nobody's object; behind a closing comma it is the first of its stretch, as an
 * apposition or a relative clause stands between:
 *
 *     Zhang, head of the office, said the plant would close.
 *     ^subject of `said`             ^subject of `would close`
 */
#include "clause.h"

#include "model.h"
#include "rule.h"
#include "stages.h"
#include "stats.h"
#include "tree.h"

typedef struct {
    wx_doc_t *doc;
    wx_reading_t *r;
    const uint32_t *value_at; /* by token: value + 1 whose words begin there, or 0 */
    const uint32_t *name_at;  /* likewise names */
} s_work_t;

static bool s_is(const wx_doc_t *doc, uint32_t token, const char *lower)
{
    return wx_token_is(doc, token, lower);
}

static bool s_any(const wx_doc_t *doc, uint32_t token, const char *const *words)
{
    for (; *words; words++)
        if (s_is(doc, token, *words))
            return true;
    return false;
}

static bool s_lemma_any(const wx_doc_t *doc, uint32_t token, const char *const *words)
{
    winnow_str_t lemma = wx_token_lemma(doc, token);
    for (; *words; words++)
        if (wx_str_is(lemma, *words))
            return true;
    return false;
}

static bool s_tag_is(const wx_doc_t *doc, uint32_t token, const char *tag)
{
    return strcmp(wx_token_tag(doc, token), tag) == 0;
}

/* ---- Items -------------------------------------------------------------------------------- */

/* Where the words of a value end: with its equivalents, or with what it counts. */
static uint32_t s_value_end(const wx_value_t *value)
{
    uint32_t end = value->outer_end > value->end ? value->outer_end : value->end;
    return value->noun_end > value->noun_first && value->noun_end > end ? value->noun_end : end;
}

static void s_items(s_work_t *w, const wx_sentence_t *sentence)
{
    wx_doc_t *doc = w->doc;
    uint32_t t = sentence->first;
    while (t < sentence->end) {
        const wx_token_t *token = &doc->tokens.at[t];
        uint32_t value = w->value_at[t], name = w->name_at[t];
        uint32_t value_end = value ? s_value_end(&doc->values.at[value - 1]) : 0;
        uint32_t name_end = name ? doc->names.at[name - 1].end : 0;
        wx_chunk_t *item = wx_push(doc->arena, &w->r->items);
        *item = (wx_chunk_t){t, t + 1, WX_NONE, WX_NONE, WX_CHUNK_WORD, token->upos};
        if (name && name_end >= value_end) {
            item->kind = WX_CHUNK_NAME;
            item->ref = name - 1;
            item->end = name_end;
            item->upos = WX_UPOS_PROPN;
        } else if (value) {
            item->kind = WX_CHUNK_VALUE;
            item->ref = value - 1;
            item->end = value_end;
            item->upos = WX_UPOS_NUM;
        } else if ((token->shape & WX_SHAPE_PUNCT) && token->upos != WX_UPOS_SYM) {
            item->kind = WX_CHUNK_PUNCT;
            item->upos = WX_UPOS_PUNCT;
        }
        if (item->end > sentence->end)
            item->end = sentence->end;
        t = item->end;
    }
}

/* ---- Phrases ------------------------------------------------------------------------------ */

static const wx_value_t *s_item_value(const wx_doc_t *doc, const wx_chunk_t *item)
{
    return item->kind == WX_CHUNK_VALUE ? &doc->values.at[item->ref] : NULL;
}

static bool s_is_date(const wx_doc_t *doc, const wx_chunk_t *item)
{
    const wx_value_t *value = s_item_value(doc, item);
    return value && value->type >= WX_VALUE_DATE;
}

static bool s_nominal(const wx_doc_t *doc, const wx_chunk_t *item)
{
    if (item->kind == WX_CHUNK_PUNCT || s_is_date(doc, item))
        return false;
    /* `Acme doubled its profit`: a verb, though it is a value. */
    const wx_value_t *value = s_item_value(doc, item);
    if (value && value->type == WX_VALUE_MULTIPLE &&
        doc->tokens.at[item->first].upos == WX_UPOS_VERB)
        return false;
    return item->kind != WX_CHUNK_WORD || item->upos == WX_UPOS_NOUN ||
           item->upos == WX_UPOS_PROPN || item->upos == WX_UPOS_NUM;
}

static bool s_possessive_pronoun(const wx_doc_t *doc, uint32_t token)
{
    static const char *const s_words[] = {"its", "his",  "her",   "their", "our",
                                          "my",  "your", "whose", NULL};
    return s_any(doc, token, s_words);
}

static bool s_hyphen(const wx_doc_t *doc, const wx_chunk_t *item)
{
    return item->end == item->first + 1 &&
           (s_is(doc, item->first, "-") || s_is(doc, item->first, "–"));
}

/* May the item stand inside a phrase, given those around it? */
static bool s_inside(const s_work_t *w, uint32_t i, uint32_t begin, uint32_t end)
{
    const wx_doc_t *doc = w->doc;
    const wx_chunk_t *at = w->r->items.at, *item = &at[i];
    const wx_chunk_t *next = i + 1 < end ? &at[i + 1] : NULL;
    if (s_nominal(doc, item))
        return true;
    if (s_is_date(doc, item))
        return i > begin && next && s_nominal(doc, next) &&
               (at[i - 1].upos == WX_UPOS_DET || s_possessive_pronoun(doc, at[i - 1].first));
    bool glued = i > begin && !doc->tokens.at[item->first - 1].space_after;
    if (s_hyphen(doc, item))
        return glued && next && !doc->tokens.at[item->end - 1].space_after;
    if (item->kind == WX_CHUNK_PUNCT)
        return false;
    if (s_is(doc, item->first, "'s") || s_is(doc, item->first, "’s") ||
        ((s_is(doc, item->first, "'") || s_is(doc, item->first, "’")) && glued))
        return i > begin && item->upos == WX_UPOS_PART && next;
    switch (item->upos) {
    case WX_UPOS_DET:
        return i == begin || at[i - 1].upos == WX_UPOS_DET || at[i - 1].upos == WX_UPOS_ADV;
    case WX_UPOS_ADJ:
        return true;
    case WX_UPOS_PRON:
        return i == begin && s_possessive_pronoun(doc, item->first);
    case WX_UPOS_ADV:
        return next && (next->upos == WX_UPOS_ADJ || (i > begin && next->upos == WX_UPOS_VERB)) &&
               s_inside(w, i + 1, begin, end);
    case WX_UPOS_VERB: {
        bool form = s_tag_is(doc, item->first, "VBG") || s_tag_is(doc, item->first, "VBN");
        bool before =
            i > begin &&
            (at[i - 1].upos == WX_UPOS_DET || at[i - 1].upos == WX_UPOS_ADJ ||
             at[i - 1].upos == WX_UPOS_ADV || s_hyphen(doc, &at[i - 1]) ||
             s_possessive_pronoun(doc, at[i - 1].first) || at[i - 1].upos == WX_UPOS_PART);
        bool pair = form && i + 3 < end && next->upos == WX_UPOS_CCONJ &&
                    at[i + 2].upos == WX_UPOS_VERB && s_tag_is(doc, at[i + 2].first, "VBN") &&
                    s_nominal(doc, &at[i + 3]) && i > 0 &&
                    (i == begin ? at[i - 1].upos == WX_UPOS_ADP : before);
        bool second = form && i >= begin + 2 && at[i - 1].upos == WX_UPOS_CCONJ &&
                      at[i - 2].upos == WX_UPOS_VERB && next && s_nominal(doc, next);
        if (pair || second)
            return true;
        bool hyphen = next && s_hyphen(doc, next) && !doc->tokens.at[item->end - 1].space_after;
        return (form && before && next && (s_nominal(doc, next) || next->upos == WX_UPOS_ADJ)) ||
               (i > begin && s_hyphen(doc, &at[i - 1]) && form) || hyphen;
    }
    case WX_UPOS_CCONJ:
        if (i > begin && i + 2 < end && at[i - 1].upos == WX_UPOS_VERB &&
            next->upos == WX_UPOS_VERB)
            return s_nominal(doc, &at[i + 2]);
        return i > begin && next && at[i - 1].upos == WX_UPOS_ADJ && next->upos == WX_UPOS_ADJ &&
               i + 2 < end && (s_nominal(doc, &at[i + 2]) || at[i + 2].upos == WX_UPOS_ADJ);
    case WX_UPOS_SYM:
        return i > begin && s_is(doc, item->first, "&");
    default:
        return false;
    }
}

/* An opening quotation mark inside a phrase (`the "city brain" project`): where it closes again,
 * all between being nominal; 0: it does not. */
static uint32_t s_quoted(const s_work_t *w, uint32_t i, uint32_t begin, uint32_t end)
{
    const wx_doc_t *doc = w->doc;
    const wx_chunk_t *at = w->r->items.at;
    if (!(doc->tokens.at[at[i].first].shape & WX_SHAPE_OPEN) || i == begin)
        return 0;
    for (uint32_t j = i + 1; j < end && j < i + 7; j++) {
        if (doc->tokens.at[at[j].first].shape & WX_SHAPE_CLOSE)
            return j > i + 1 ? j : 0;
        if (!s_nominal(doc, &at[j]) && at[j].upos != WX_UPOS_ADJ && at[j].upos != WX_UPOS_ADP &&
            !s_hyphen(doc, &at[j]))
            return 0;
    }
    return 0;
}

/* The phrase that begins at item `begin`: where it ends, and its last nominal item in *ret_head;
 * `begin` itself when there is none. */
static uint32_t s_phrase_end(const s_work_t *w, uint32_t begin, uint32_t end, uint32_t *ret_head)
{
    const wx_doc_t *doc = w->doc;
    const wx_chunk_t *at = w->r->items.at;
    uint32_t last = begin, i = begin;
    bool any = false;
    while (i < end) {
        uint32_t close = at[i].kind == WX_CHUNK_PUNCT ? s_quoted(w, i, begin, end) : 0;
        if (close) {
            for (uint32_t j = i + 1; j < close; j++)
                if (s_nominal(doc, &at[j])) {
                    *ret_head = j;
                    any = true;
                }
            i = close + 1;
            last = i;
            continue;
        }
        if (!s_inside(w, i, begin, end))
            break;
        /* Two names side by side are two phrases, unless one is a country's or the like. */
        if (any && at[i].kind == WX_CHUNK_NAME && at[*ret_head].kind == WX_CHUNK_NAME &&
            *ret_head + 1 == i && doc->names.at[at[i].ref].type == WINNOW_TYPE_PERSON &&
            doc->names.at[at[*ret_head].ref].type == WINNOW_TYPE_PERSON)
            break;
        if (s_nominal(doc, &at[i])) {
            *ret_head = i;
            any = true;
            last = i + 1;
        }
        i++;
    }
    /* `its chief executive`, `the poor`: an adjective is the head, where there is no noun. */
    if (!any && i > begin + 1 && at[i - 1].upos == WX_UPOS_ADJ &&
        (at[begin].upos == WX_UPOS_DET || at[begin].upos == WX_UPOS_PRON)) {
        *ret_head = i - 1;
        return i;
    }
    return any ? last : begin;
}

static void s_phrase_add(s_work_t *w, uint32_t sentence, uint32_t begin, uint32_t end,
                         uint32_t head)
{
    wx_doc_t *doc = w->doc;
    uint32_t index = w->r->phrases.count;
    wx_phrase_t *phrase = wx_push(doc->arena, &w->r->phrases);
    wx_chunk_t *at = w->r->items.at;
    *phrase = (wx_phrase_t){
        .first = at[begin].first,
        .end = at[end - 1].end,
        .item_first = begin,
        .item_end = end,
        .head = at[head].end - 1,
        .name = WX_NONE,
        .value = WX_NONE,
        .possessor_end = WX_NONE,
        .prep = WX_NONE,
        .of = WX_NONE,
        .next = WX_NONE,
        .list = index,
        .sentence = sentence,
        .pronoun = at[head].upos == WX_UPOS_PRON,
    };
    if (at[head].kind == WX_CHUNK_NAME)
        phrase->name = at[head].ref;
    if (at[head].kind == WX_CHUNK_VALUE) {
        phrase->value = at[head].ref;
        phrase->head = doc->values.at[at[head].ref].head;
        if (phrase->head < phrase->first || phrase->head >= phrase->end)
            phrase->head = at[head].end - 1;
    }
    for (uint32_t i = begin; i < end; i++) {
        at[i].phrase = index;
        if (i > begin && i < head && at[i].upos == WX_UPOS_PART)
            phrase->possessor_end = at[i].first;
        for (uint32_t t = at[i].first; t < at[i].end; t++)
            w->r->phrase_at[t] = index;
    }
    if (begin > 0 && at[begin - 1].upos == WX_UPOS_ADP &&
        at[begin - 1].first >= doc->sentences.at[sentence].first)
        phrase->prep = at[begin - 1].first;
}

static const char *const s_alone[] = {"this", "these", "those", "each", "all",
                                      "some", "both",  "half",  NULL};

static void s_phrases(s_work_t *w, uint32_t sentence, uint32_t first, uint32_t end)
{
    const wx_doc_t *doc = w->doc;
    uint32_t i = first;
    while (i < end) {
        const wx_chunk_t *item = &w->r->items.at[i];
        uint32_t head = i;
        uint32_t stop = s_phrase_end(w, i, end, &head);
        if (stop == i && item->upos == WX_UPOS_PRON && !s_possessive_pronoun(doc, item->first) &&
            !(s_is(doc, item->first, "that") && i + 1 < end &&
              w->r->items.at[i + 1].upos != WX_UPOS_AUX &&
              w->r->items.at[i + 1].upos != WX_UPOS_VERB))
            stop = i + 1;
        else if (stop == i && item->upos == WX_UPOS_DET && s_any(doc, item->first, s_alone))
            stop = i + 1; /* `this`, `each` alone */
        if (stop > i)
            s_phrase_add(w, sentence, i, stop, head);
        i = stop > i ? stop : i + 1;
    }
}

/* Behind words in parentheses that begin at the token: `Jane Roe (Harlow), John Doe`; else the
 * token itself. */
static uint32_t s_aside_end(const wx_doc_t *doc, uint32_t token)
{
    if (!s_is(doc, token, "("))
        return token;
    for (uint32_t t = token + 1; t < token + 9 && t < doc->tokens.count; t++)
        if (s_is(doc, t, ")"))
            return t + 1;
    return token;
}

/* A run of phrases with commas between, from phrase i on: a list if the last join has a
 * conjunction. */
static void s_list(const s_work_t *w, uint32_t i, uint32_t end)
{
    enum { S_MOST = 256 };
    const wx_doc_t *doc = w->doc;
    wx_phrase_t *at = w->r->phrases.at;
    uint32_t members[S_MOST], count = 1, closed = 0;
    members[0] = i;
    while (count < S_MOST && !closed) {
        uint32_t last = members[count - 1], gap = s_aside_end(doc, at[last].end), next = last + 1;
        while (next < end && at[next].first < gap)
            next++;
        if (next >= end)
            break;
        bool comma = s_is(doc, gap, ",");
        uint32_t word = gap + comma, to = at[next].first;
        bool conj =
            word < to && (s_is(doc, word, "and") || s_is(doc, word, "or") || s_is(doc, word, "&"));
        if (word + conj != to || (!comma && !conj) || at[next].pronoun || at[last].pronoun ||
            (conj && comma && count == 1))
            break;
        members[count++] = next;
        closed = conj ? count - 1 : 0;
    }
    /* `Zhang, director and …` is no list: a person and a role. */
    uint32_t from = 0;
    while (from < closed && at[members[from]].name != WX_NONE &&
           at[members[closed]].name == WX_NONE &&
           doc->names.at[at[members[from]].name].type == WINNOW_TYPE_PERSON)
        from++;
    for (uint32_t k = from; k < closed; k++) {
        at[members[k]].next = members[k + 1];
        at[members[k + 1]].list = members[from];
        at[members[k + 1]].prep = at[members[from]].prep;
    }
}

/* Joins `A of B`, and lists. */
static void s_phrase_links(s_work_t *w, uint32_t first, uint32_t end)
{
    const wx_doc_t *doc = w->doc;
    wx_phrase_t *at = w->r->phrases.at;
    for (uint32_t i = first; i + 1 < end; i++)
        if (at[i + 1].prep != WX_NONE && at[i + 1].prep == at[i].end &&
            s_is(doc, at[i + 1].prep, "of"))
            at[i].of = i + 1;
    for (uint32_t i = first; i + 1 < end; i++)
        if (at[i].list == i)
            s_list(w, i, end);
}

/* ---- Clauses ------------------------------------------------------------------------------ */

static const char *const s_be[] = {"be", "is",  "are", "was", "were", "been", "being",
                                   "'s", "'re", "’s",  "’re", "'m",   NULL};
static const char *const s_future[] = {"will", "would", "shall", "'ll", "’ll", "wo", NULL};
static const char *const s_possible[] = {"may", "might", "can", "could", "ca", NULL};
static const char *const s_should[] = {"should", "must", "ought", NULL};
static const char *const s_negative[] = {"not", "n't", "n’t", "never", "no", NULL};
static const char *const s_particles[] = {"up", "out", "off", "down", "over", "aside", NULL};
static const char *const s_relative[] = {"who", "which", "that", NULL};

static bool s_verbal(const wx_chunk_t *item)
{
    return item->kind == WX_CHUNK_WORD && item->phrase == WX_NONE &&
           (item->upos == WX_UPOS_VERB || item->upos == WX_UPOS_AUX);
}

/* Does a verb group begin at item i? */
static bool s_group_begins(const s_work_t *w, uint32_t i, uint32_t end)
{
    const wx_chunk_t *at = w->r->items.at;
    if (s_verbal(&at[i]))
        return true;
    if (at[i].upos != WX_UPOS_PART || !s_is(w->doc, at[i].first, "to"))
        return false;
    uint32_t j = i + 1;
    while (j < end && at[j].upos == WX_UPOS_ADV)
        j++;
    return j < end && s_verbal(&at[j]);
}

static void s_group_word(const s_work_t *w, wx_clause_t *clause, uint32_t token, bool *be)
{
    const wx_doc_t *doc = w->doc;
    if (s_any(doc, token, s_future))
        clause->flags |= WX_CLAUSE_FUTURE;
    else if (s_any(doc, token, s_possible))
        clause->flags |= WX_CLAUSE_POSSIBLE;
    else if (s_any(doc, token, s_should))
        clause->flags |= WX_CLAUSE_SHOULD;
    else if (s_any(doc, token, s_negative))
        clause->flags |= WX_CLAUSE_NEGATED;
    else if (wx_str_is(wx_token_lemma(doc, token), "have"))
        clause->flags |= WX_CLAUSE_PERFECT;
    *be = s_any(doc, token, s_be) || (*be && doc->tokens.at[token].upos == WX_UPOS_ADV);
}

/* Reads the verb group at item i into `clause`; returns the item behind it. */
static uint32_t s_group(const s_work_t *w, uint32_t i, uint32_t end, wx_clause_t *clause)
{
    const wx_doc_t *doc = w->doc;
    const wx_chunk_t *at = w->r->items.at;
    bool be = false, aux = false;
    clause->first = at[i].first;
    if (at[i].upos == WX_UPOS_PART) {
        clause->flags |= WX_CLAUSE_INFINITIVE;
        i++;
    }
    uint32_t main = WX_NONE, last_aux = WX_NONE, stop = i;
    for (; i < end; i++) {
        const wx_chunk_t *item = &at[i];
        if (item->kind != WX_CHUNK_WORD || (item->phrase != WX_NONE && item->upos != WX_UPOS_ADV))
            break;
        if (item->upos == WX_UPOS_VERB) {
            main = i;
            stop = i + 1;
            break;
        }
        if (item->upos == WX_UPOS_AUX) {
            s_group_word(w, clause, item->first, &be);
            aux = true;
            last_aux = i;
            stop = i + 1;
        } else if (item->upos == WX_UPOS_ADV || s_any(doc, item->first, s_negative)) {
            if (s_any(doc, item->first, s_negative))
                clause->flags |= WX_CLAUSE_NEGATED;
        } else if (item->upos == WX_UPOS_PART && s_is(doc, item->first, "to") && aux) {
            clause->flags |= be ? WX_CLAUSE_FUTURE : WX_CLAUSE_SHOULD;
            be = false;
        } else {
            break;
        }
    }
    if (main == WX_NONE) {
        main = last_aux == WX_NONE ? stop : last_aux;
        if (s_any(doc, at[main].first, s_be))
            clause->flags |= WX_CLAUSE_COPULA;
        stop = main + 1;
    } else {
        uint32_t verb = at[main].first;
        if (s_tag_is(doc, verb, "VBG"))
            clause->flags |= aux ? WX_CLAUSE_PROGRESSIVE : WX_CLAUSE_GERUND;
        else if (be)
            clause->flags |= WX_CLAUSE_PASSIVE;
        else if (!aux && s_tag_is(doc, verb, "VBN"))
            clause->flags |= WX_CLAUSE_PARTICIPLE | WX_CLAUSE_PASSIVE;
        if (clause->flags & WX_CLAUSE_INFINITIVE)
            clause->flags &= ~(uint32_t)(WX_CLAUSE_GERUND | WX_CLAUSE_PARTICIPLE);
    }
    clause->verb = at[main].first;
    bool particle = stop < end && stop + 1 < end && at[stop].kind == WX_CHUNK_WORD &&
                    s_any(doc, at[stop].first, s_particles);
    bool one_verb = particle && wx_list_at(doc, wx_known(doc, WX_LIST_PHRASAL), clause->verb) == 2;
    if (one_verb ||
        (particle && at[stop + 1].kind != WX_CHUNK_VALUE && !s_tag_is(doc, at[stop].first, "IN"))) {
        stop++;
        /* `set up a fund`: no preposition. */
        uint32_t p = at[stop].phrase;
        if (p != WX_NONE && w->r->phrases.at[p].prep == at[stop - 1].first)
            w->r->phrases.at[p].prep = WX_NONE;
    }
    clause->end = at[stop - 1].end;
    return stop;
}

static void s_groups(s_work_t *w, uint32_t sentence, uint32_t first, uint32_t end)
{
    uint32_t i = first;
    while (i < end) {
        if (!s_group_begins(w, i, end)) {
            i++;
            continue;
        }
        uint32_t index = w->r->clauses.count;
        wx_clause_t *clause = wx_push(w->doc->arena, &w->r->clauses);
        *clause = (wx_clause_t){.sentence = sentence,
                                .subject = WX_NONE,
                                .next_object = WX_NONE,
                                .agent = WX_NONE,
                                .parent = WX_NONE};
        i = s_group(w, i, end, clause);
        for (uint32_t t = clause->first; t < clause->end; t++)
            w->r->clause_at[t] = index;
    }
}

/* ---- Who belongs to a verb: the order of words --------------------------------------------- */

static bool s_mark(const wx_doc_t *doc, uint32_t token)
{
    return (doc->tokens.at[token].shape & WX_SHAPE_PUNCT) != 0;
}

/* Marks over which no subject or object is looked for. */
static bool s_wall(const wx_doc_t *doc, uint32_t token)
{
    static const char *const s_walls[] = {";", ":", "—", "--", NULL};
    return (s_mark(doc, token) && doc->tokens.at[token].upos != WX_UPOS_PART &&
            (doc->tokens.at[token].shape & (WX_SHAPE_OPEN | WX_SHAPE_CLOSE)) &&
            doc->reading->phrase_at[token] == WX_NONE) ||
           s_any(doc, token, s_walls);
}

static bool s_subordinator(const wx_doc_t *doc, uint32_t token)
{
    return doc->tokens.at[token].upos == WX_UPOS_SCONJ;
}

static bool s_finite(const wx_clause_t *clause)
{
    return !(clause->flags & (WX_CLAUSE_INFINITIVE | WX_CLAUSE_GERUND | WX_CLAUSE_PARTICIPLE));
}

/* Behind prepositions and what they govern, from `at` on, as far as `end`. */
static uint32_t s_behind_pps(const s_work_t *w, uint32_t at, uint32_t end)
{
    const wx_doc_t *doc = w->doc;
    while (at + 1 < end && doc->tokens.at[at].upos == WX_UPOS_ADP) {
        uint32_t p = w->r->phrase_at[at + 1], v = doc->tokens.at[at + 1].value;
        if (p != WX_NONE && w->r->phrases.at[p].first == at + 1)
            at = wx_phrase_full_end(doc, p);
        else if (v != WX_NONE && doc->values.at[v].type >= WX_VALUE_DATE &&
                 doc->values.at[v].end > at + 1)
            at = doc->values.at[v].end;
        else
            break;
    }
    return at;
}

static uint32_t s_object_of(const s_work_t *w, uint32_t index, uint32_t last)
{
    const wx_doc_t *doc = w->doc;
    const wx_clause_t *clause = &w->r->clauses.at[index];
    uint32_t next = index + 1 < last ? w->r->clauses.at[index + 1].first : WX_NONE;
    for (uint32_t t = clause->end; t < doc->sentences.at[clause->sentence].end && t < next; t++) {
        uint32_t p = w->r->phrase_at[t];
        if (p != WX_NONE) {
            const wx_phrase_t *phrase = &w->r->phrases.at[p];
            if (phrase->first < t || phrase->prep != WX_NONE)
                return WX_NONE;
            /* `said sales rose`, `said sales in May rose`: the subject of the next verb. */
            bool says =
                s_finite(clause) || wx_list_at(doc, wx_known(doc, WX_LIST_SAYING), clause->verb);
            bool taken = next != WX_NONE && says && s_finite(&w->r->clauses.at[index + 1]) &&
                         next == s_behind_pps(w, wx_phrase_full_end(doc, p), next);
            return taken ? WX_NONE : p;
        }
        const wx_token_t *token = &doc->tokens.at[t];
        if (token->upos != WX_UPOS_ADV && token->upos != WX_UPOS_PART &&
            !(token->value != WX_NONE && doc->values.at[token->value].type >= WX_VALUE_DATE))
            return WX_NONE;
    }
    return WX_NONE;
}

/* Is the phrase free to be a subject? */
static bool s_free(const s_work_t *w, uint32_t phrase, uint32_t from_clause, uint32_t before)
{
    if (w->r->phrases.at[phrase].prep != WX_NONE)
        return false;
    for (uint32_t c = from_clause; c < before; c++)
        if (w->r->clauses.at[c].next_object == phrase ||
            (w->r->clauses.at[c].next_object != WX_NONE &&
             w->r->phrases.at[phrase].list == w->r->clauses.at[c].next_object))
            return false;
    return true;
}

/* Where the stretch begins in which the subject of a finite verb is looked for. */
static uint32_t s_stretch(const s_work_t *w, const wx_clause_t *clause)
{
    const wx_doc_t *doc = w->doc;
    uint32_t begin = doc->sentences.at[clause->sentence].first;
    for (uint32_t t = clause->first; t-- > begin;) {
        if (s_wall(doc, t))
            return t + 1;
        if (s_subordinator(doc, t))
            return t + 1;
    }
    return begin;
}

static uint32_t s_phrase_ending(const s_work_t *w, uint32_t end, uint32_t begin)
{
    /* Over a closing mark: `Wang , who`, `the "four plates" , which`. */
    while (end > begin && s_mark(w->doc, end - 1) && w->r->phrase_at[end - 1] == WX_NONE)
        end--;
    return end > begin ? w->r->phrase_at[end - 1] : WX_NONE;
}

/* The parenthesis that opens before the token, not before `begin`; else the token itself. */
static uint32_t s_aside_begin(const wx_doc_t *doc, uint32_t token, uint32_t begin)
{
    for (uint32_t t = token; t-- > begin && token - t < 10;)
        if (s_is(doc, t, "("))
            return t;
    return token;
}

/* `Jane Roe, head of Acme said`: the person whose post stands before the verb. */
static uint32_t s_bearer(const s_work_t *w, uint32_t phrase, uint32_t begin)
{
    const wx_doc_t *doc = w->doc;
    const wx_phrase_t *p = &w->r->phrases.at[phrase];
    if (p->name != WX_NONE || p->pronoun || p->first < begin + 2 || !s_is(doc, p->first - 1, ",") ||
        !wx_list_at(doc, wx_known(doc, WX_LIST_TITLE_HEADS), p->head))
        return phrase;
    uint32_t before = w->r->phrase_at[p->first - 2];
    bool person = before != WX_NONE && w->r->phrases.at[before].name != WX_NONE &&
                  doc->names.at[w->r->phrases.at[before].name].type == WINNOW_TYPE_PERSON;
    return person ? before : phrase;
}

/* `A says that B left, but notes`: the clause before that shares its subject with this one. A verb
 * of saying goes on with one, over what that governs; others with the clause before, over a
 * relative one that a comma closes. */
static uint32_t s_conjunct(const s_work_t *w, uint32_t index, uint32_t first_clause)
{
    const wx_doc_t *doc = w->doc;
    const wx_clause_t *at = w->r->clauses.at;
    const wx_list_t *saying = wx_rules_list(doc->model->rules, "saying");
    bool says = saying && wx_list_at(doc, saying, at[index].verb);
    uint32_t c = index - 1;
    if (says)
        for (uint32_t k = index; k-- > first_clause;)
            if (s_finite(&at[k]) && !(at[k].flags & WX_CLAUSE_RELATIVE) &&
                at[k].subject != WX_NONE && wx_list_at(doc, saying, at[k].verb))
                return k;
    bool comma = at[index].first >= 2 && s_is(doc, at[index].first - 2, ",");
    while (c > first_clause && (at[c].flags & WX_CLAUSE_RELATIVE) && (comma || says))
        c--;
    return c;
}

static uint32_t s_finite_subject(const s_work_t *w, uint32_t index, uint32_t first_clause)
{
    const wx_doc_t *doc = w->doc;
    const wx_clause_t *clause = &w->r->clauses.at[index];
    uint32_t begin = s_stretch(w, clause);
    uint32_t before = clause->first;
    bool comma = before > begin && s_is(doc, before - 1, ",");
    if (before > begin && doc->tokens.at[before - 1].upos == WX_UPOS_CCONJ && index > first_clause)
        return w->r->clauses.at[s_conjunct(w, index, first_clause)].subject;
    uint32_t found = WX_NONE;
    for (uint32_t t = before; t-- > begin;) {
        uint32_t p = w->r->phrase_at[t];
        if (s_is(doc, t, ")")) { /* `Jane Roe (Harlow) said` */
            uint32_t open = s_aside_begin(doc, t, begin);
            t = open;
            continue;
        }
        if (p == WX_NONE) {
            /* Another finite verb: its clause ends our stretch, unless a comma closes it. */
            uint32_t c = w->r->clause_at[t];
            if (c != WX_NONE && s_finite(&w->r->clauses.at[c]) &&
                (!comma || (found != WX_NONE && !(w->r->clauses.at[c].flags & WX_CLAUSE_RELATIVE))))
                break;
            continue;
        }
        t = w->r->phrases.at[p].first;
        if (w->r->phrases.at[p].first < begin || !s_free(w, p, first_clause, index))
            continue;
        found = w->r->phrases.at[p].list;
        if (!comma)
            break;
    }
    return found == WX_NONE ? found : wx_phrase_apposed(doc, s_bearer(w, found, begin));
}

/* Verbs whose object is the subject of the infinitive behind it. */
static const char *const s_controls[] = {
    "expect", "want", "urge",   "ask",  "tell", "allow", "help",  "force",    "order", "require",
    "enable", "see",  "invite", "lead", "let",  "make",  "cause", "forecast", NULL};

/* The token before the verb and its adverb: `which` of `which already runs`. */
static uint32_t s_before_verb(const s_work_t *w, const wx_clause_t *clause)
{
    uint32_t begin = w->doc->sentences.at[clause->sentence].first;
    uint32_t before = clause->first > begin ? clause->first - 1 : begin;
    if (before > begin && w->doc->tokens.at[before].upos == WX_UPOS_ADV)
        before--;
    return before;
}

/* `will help build`, `helps Nepal build a dam`: an infinitive without `to`. */
static bool s_bare_infinitive(const s_work_t *w, uint32_t index, uint32_t first)
{
    static const char *const s_governs[] = {"help", "let", "make", NULL};
    const wx_doc_t *doc = w->doc;
    const wx_clause_t *clause = &w->r->clauses.at[index];
    if (index == first || clause->first != clause->verb ||
        !(s_tag_is(doc, clause->verb, "VB") || s_tag_is(doc, clause->verb, "VBP")))
        return false;
    const wx_clause_t *governor = &w->r->clauses.at[index - 1];
    if (!s_lemma_any(doc, governor->verb, s_governs))
        return false;
    uint32_t between = w->r->phrase_at[clause->first - 1];
    return governor->end == clause->first ||
           (between != WX_NONE && w->r->phrases.at[between].first == governor->end);
}

static void s_clause_kind(const s_work_t *w, uint32_t index, uint32_t first)
{
    wx_clause_t *clause = &w->r->clauses.at[index];
    const wx_doc_t *doc = w->doc;
    uint32_t begin = doc->sentences.at[clause->sentence].first;
    uint32_t before = s_before_verb(w, clause);
    if (s_bare_infinitive(w, index, first)) {
        clause->flags |= WX_CLAUSE_INFINITIVE;
        return;
    }
    if (before > begin && s_finite(clause) && s_any(doc, before, s_relative) &&
        doc->tokens.at[before].upos == WX_UPOS_PRON)
        clause->flags |= WX_CLAUSE_RELATIVE;
}

static void s_subject(const s_work_t *w, uint32_t index, uint32_t first_clause)
{
    wx_clause_t *clause = &w->r->clauses.at[index];
    const wx_doc_t *doc = w->doc;
    uint32_t begin = doc->sentences.at[clause->sentence].first;
    const wx_clause_t *parent = index > first_clause ? &w->r->clauses.at[index - 1] : NULL;
    if (clause->flags & WX_CLAUSE_RELATIVE) {
        clause->subject = s_phrase_ending(w, s_before_verb(w, clause), begin);
        if (clause->subject != WX_NONE)
            clause->subject = wx_phrase_named(doc, clause->subject);
        return;
    }
    bool and = clause->first > begin && doc->tokens.at[clause->first - 1].upos == WX_UPOS_CCONJ;
    if (clause->flags & WX_CLAUSE_PARTICIPLE) {
        uint32_t p = s_phrase_ending(w, clause->first, begin);
        /* `the Corporation of America, located in …` */
        if (p != WX_NONE && p > 0 && w->r->phrases.at[p - 1].of == p &&
            w->r->phrases.at[p - 1].name != WX_NONE)
            p--;
        if (and&&parent && (parent->flags & WX_CLAUSE_PASSIVE))
            p = parent->subject;
        clause->subject = p;
        if (p == WX_NONE) /* `Built by A in 1937, the wing …` */
            for (uint32_t t = clause->end; t < doc->sentences.at[clause->sentence].end; t++)
                if (s_is(doc, t, ",") && w->r->phrase_at[t + 1] != WX_NONE) {
                    clause->subject = w->r->phrase_at[t + 1];
                    break;
                }
        return;
    }
    if (clause->flags & (WX_CLAUSE_INFINITIVE | WX_CLAUSE_GERUND)) {
        if (!parent)
            return;
        clause->parent = index - 1;
        bool control = parent->next_object != WX_NONE && (clause->flags & WX_CLAUSE_INFINITIVE) &&
                       s_lemma_any(doc, parent->verb, s_controls);
        clause->subject = control ? parent->next_object : parent->subject;
        return;
    }
    clause->subject = s_finite_subject(w, index, first_clause);
    if (and&&parent)
        clause->parent = parent->parent;
}

/* `A and B said they would merge`: they are A and B. */
static void s_those_who_say(const s_work_t *w, uint32_t index, uint32_t first)
{
    const wx_doc_t *doc = w->doc;
    wx_clause_t *clause = &w->r->clauses.at[index];
    if (index == first || clause->subject == WX_NONE ||
        !s_is(doc, w->r->phrases.at[clause->subject].first, "they"))
        return;
    const wx_clause_t *says = &w->r->clauses.at[index - 1];
    const wx_list_t *saying = wx_rules_list(doc->model->rules, "saying");
    if (!s_finite(says) || says->subject == WX_NONE || !saying ||
        wx_list_at(doc, saying, says->verb) == 0)
        return;
    const wx_phrase_t *speaker = &w->r->phrases.at[says->subject];
    uint32_t they = w->r->phrases.at[clause->subject].first;
    if (!speaker->pronoun && speaker->next != WX_NONE && they >= says->end && they < clause->first)
        clause->subject = says->subject;
}

static void s_agent(const s_work_t *w, uint32_t index)
{
    wx_clause_t *clause = &w->r->clauses.at[index];
    const wx_doc_t *doc = w->doc;
    if (!(clause->flags & WX_CLAUSE_PASSIVE))
        return;
    for (uint32_t t = clause->end; t < clause->reach; t++) {
        uint32_t p = w->r->phrase_at[t];
        if (p != WX_NONE && w->r->phrases.at[p].prep != WX_NONE &&
            s_is(doc, w->r->phrases.at[p].prep, "by") && w->r->phrases.at[p].value == WX_NONE) {
            clause->agent = p;
            return;
        }
    }
}

/* ---- Who belongs to a verb: the tree -------------------------------------------------------- */

/* What the tree says of a verb: its subject and object, as phrases; WX_NONE: nothing. */
static void s_tree(const wx_doc_t *doc, const wx_clause_t *clause, uint32_t *ret_subject,
                   uint32_t *ret_object)
{
    const wx_sentence_t *sentence = &doc->sentences.at[clause->sentence];
    const wx_reading_t *r = doc->reading;
    uint32_t verb = clause->verb;
    *ret_subject = *ret_object = WX_NONE;
    wx_tree(doc, clause->sentence);
    if (!sentence->parsed)
        return;
    if (clause->flags & WX_CLAUSE_COPULA && doc->tokens.at[verb].head != WX_NONE)
        verb = doc->tokens.at[verb].head;
    for (uint32_t t = sentence->first; t < sentence->end; t++) {
        const wx_token_t *token = &doc->tokens.at[t];
        if (token->head != verb || r->phrase_at[t] == WX_NONE)
            continue;
        if (token->deprel == WX_DEPREL_NSUBJ || token->deprel == WX_DEPREL_NSUBJ_PASS)
            *ret_subject = r->phrase_at[t];
        else if (token->deprel == WX_DEPREL_OBJ)
            *ret_object = r->phrase_at[t];
    }
}

/* Fills from the tree what the order of words left open: all of it where the subject is wanting,
 * else only when somebody asks for the object. */
static void s_from_tree(const wx_doc_t *doc, wx_clause_t *clause)
{
    uint32_t subject, object;
    const wx_phrase_t *phrases = doc->reading->phrases.at;
    s_tree(doc, clause, &subject, &object);
    bool there = clause->subject != WX_NONE && s_is(doc, phrases[clause->subject].first, "there");
    if (subject != WX_NONE && (clause->subject == WX_NONE || there) &&
        !(clause->flags & (WX_CLAUSE_RELATIVE | WX_CLAUSE_PARTICIPLE)) &&
        phrases[subject].prep == WX_NONE)
        clause->subject = phrases[subject].list;
    if (object != WX_NONE && clause->next_object == WX_NONE && phrases[object].prep == WX_NONE &&
        object != clause->subject)
        clause->next_object = object;
    clause->settled = 1;
}

static bool s_no_subject(const wx_doc_t *doc, const wx_clause_t *clause)
{
    if (clause->flags & (WX_CLAUSE_RELATIVE | WX_CLAUSE_PARTICIPLE))
        return false;
    return clause->subject == WX_NONE ||
           s_is(doc, doc->reading->phrases.at[clause->subject].first, "there");
}

uint32_t wx_clause_object(const wx_doc_t *doc, uint32_t clause)
{
    wx_clause_t *self = &doc->reading->clauses.at[clause];
    if (self->next_object == WX_NONE && !self->settled)
        s_from_tree(doc, self);
    return self->next_object;
}

/* ---- The stage ------------------------------------------------------------------------------ */

/* Is it a tense by its place in the tree? `behind`: it stands behind a comma. */
static bool s_tense_by_tree(const wx_doc_t *doc, const wx_clause_t *clause, bool behind)
{
    uint8_t deprel = wx_tree_deprel(doc, clause->verb);
    return (!behind && deprel == WX_DEPREL_ROOT) ||
           deprel == WX_DEPREL_CCOMP; /* `said 26 women drowned` */
}

/* Past tense and participle look alike: `allocated` with an object, as the only verb or as the root
 * of the tree is a tense; `fell` always is. */
static void s_finite_after_all(const s_work_t *w, uint32_t index, uint32_t first, uint32_t end)
{
    const wx_doc_t *doc = w->doc;
    wx_clause_t *clause = &w->r->clauses.at[index];
    if (!(clause->flags & WX_CLAUSE_PARTICIPLE))
        return;
    bool other = false;
    for (uint32_t c = first; c < end; c++)
        other = other || (c != index && s_finite(&w->r->clauses.at[c]));
    bool object = clause->next_object != WX_NONE &&
                  !wx_list_at(doc, wx_known(doc, WX_LIST_NAMING), clause->verb);
    bool subject = clause->first > doc->sentences.at[clause->sentence].first;
    /* `The bank, based in Harlow, has grown`: whatever the tree says. */
    bool behind = subject && other && s_is(doc, clause->first - 1, ",");
    bool tense =
        object || !other || wx_list_at(doc, wx_known(doc, WX_LIST_PAST_ONLY), clause->verb);
    if (subject && (tense || s_tense_by_tree(doc, clause, behind)))
        clause->flags &= ~(uint32_t)(WX_CLAUSE_PARTICIPLE | WX_CLAUSE_PASSIVE);
}

static void s_clauses(s_work_t *w, uint32_t sentence, uint32_t first, uint32_t end)
{
    wx_doc_t *doc = w->doc;
    for (uint32_t c = first; c < end; c++) {
        wx_clause_t *clause = &w->r->clauses.at[c];
        clause->reach =
            c + 1 < end ? w->r->clauses.at[c + 1].first : doc->sentences.at[sentence].end;
        s_clause_kind(w, c, first);
    }
    /* What a verb form is depends on its object, and an object on the verb behind it. */
    for (unsigned round = 0; round < 2; round++)
        for (uint32_t c = first; c < end; c++) {
            w->r->clauses.at[c].next_object = s_object_of(w, c, end);
            s_finite_after_all(w, c, first, end);
        }
    for (uint32_t c = first; c < end; c++) {
        s_subject(w, c, first);
        s_those_who_say(w, c, first);
        s_agent(w, c);
    }
    for (uint32_t c = first; c < end; c++)
        if (s_no_subject(doc, &w->r->clauses.at[c]))
            s_from_tree(doc, &w->r->clauses.at[c]);
}

static const uint32_t *s_starts(wx_doc_t *doc, bool names)
{
    uint32_t *at = wx_new(doc->arena, uint32_t, doc->tokens.count + 1);
    if (names) {
        for (uint32_t i = doc->names.count; i-- > 0;)
            at[doc->names.at[i].first] = i + 1;
        return at;
    }
    for (uint32_t i = doc->values.count; i-- > 0;) {
        const wx_value_t *value = &doc->values.at[i];
        if (value->type != WX_VALUE_ORDINAL)
            at[value->outer_first < value->first ? value->outer_first : value->first] = i + 1;
    }
    return at;
}

/* `Acme Ltd plans to build`: behind a name and before an infinitive it is no noun. */
static void s_retag(wx_doc_t *doc)
{
    const wx_list_t *planning = wx_known(doc, WX_LIST_PLANNING);
    const wx_list_t *aiming = wx_known(doc, WX_LIST_AIMING);
    for (uint32_t t = 1; t + 2 < doc->tokens.count; t++) {
        wx_token_t *token = &doc->tokens.at[t];
        if (token->upos == WX_UPOS_NOUN && doc->tokens.at[t - 1].name != WX_NONE &&
            s_is(doc, t + 1, "to") && doc->tokens.at[t + 2].upos == WX_UPOS_VERB &&
            s_tag_is(doc, t, "NNS") && (wx_list_at(doc, planning, t) || wx_list_at(doc, aiming, t)))
            token->upos = WX_UPOS_VERB;
    }
}

void wx_clause(wx_doc_t *doc)
{
    s_retag(doc);
    wx_reading_t *r = wx_new(doc->arena, wx_reading_t, 1);
    uint32_t tokens = doc->tokens.count, sentences = doc->sentences.count;
    doc->reading = r;
    r->item_of = wx_new(doc->arena, uint32_t, sentences + 1);
    r->phrase_of = wx_new(doc->arena, uint32_t, sentences + 1);
    r->clause_of = wx_new(doc->arena, uint32_t, sentences + 1);
    r->phrase_at = wx_new(doc->arena, uint32_t, tokens + 2);
    r->clause_at = wx_new(doc->arena, uint32_t, tokens + 2);
    for (uint32_t i = 0; i < tokens + 2; i++)
        r->phrase_at[i] = r->clause_at[i] = WX_NONE;
    s_work_t w = {doc, r, s_starts(doc, false), s_starts(doc, true)};
    for (uint32_t i = 0; i < sentences; i++) {
        const wx_sentence_t *sentence = &doc->sentences.at[i];
        s_items(&w, sentence);
        r->item_of[i + 1] = r->items.count;
        s_phrases(&w, i, r->item_of[i], r->item_of[i + 1]);
        r->phrase_of[i + 1] = r->phrases.count;
        s_phrase_links(&w, r->phrase_of[i], r->phrase_of[i + 1]);
        s_groups(&w, i, r->item_of[i], r->item_of[i + 1]);
        r->clause_of[i + 1] = r->clauses.count;
        s_clauses(&w, i, r->clause_of[i], r->clause_of[i + 1]);
    }
}

uint32_t wx_clause_around(const wx_doc_t *doc, uint32_t token)
{
    const wx_reading_t *r = doc->reading;
    uint32_t sentence = doc->tokens.at[token].sentence;
    uint32_t first = r->clause_of[sentence], end = r->clause_of[sentence + 1];
    uint32_t found = WX_NONE;
    for (uint32_t c = first; c < end; c++) {
        const wx_clause_t *clause = &r->clauses.at[c];
        if (clause->first <= token)
            found = c;
        else if (found == WX_NONE ||
                 (clause->subject != WX_NONE && r->phrases.at[clause->subject].first <= token &&
                  r->phrases.at[clause->subject].first >= r->clauses.at[found].end &&
                  s_finite(clause)))
            return c;
        else
            break;
    }
    return found;
}

/* `the minister for jobs, Senator Jane Roe`, `Special Agent in Charge Jane Roe`: the person whose
 * post the phrase begins to name; WX_NONE: nobody. */
static uint32_t s_post_bearer(const wx_doc_t *doc, uint32_t phrase)
{
    const wx_reading_t *r = doc->reading;
    const wx_phrase_t *p = &r->phrases.at[phrase];
    if (!wx_list_at(doc, wx_known(doc, WX_LIST_TITLE_HEADS), p->head))
        return WX_NONE;
    uint32_t stop = doc->sentences.at[p->sentence].end, commas = 0;
    for (uint32_t t = p->end; t < stop && t < p->end + 16 && r->clause_at[t] == WX_NONE; t++) {
        uint32_t n = doc->tokens.at[t].name;
        if (n != WX_NONE && doc->names.at[n].type == WINNOW_TYPE_PERSON) {
            uint32_t q = r->phrase_at[t];
            return q != WX_NONE && r->phrases.at[q].name == n ? q : WX_NONE;
        }
        bool comma = s_is(doc, t, ",");
        commas += comma;
        if (((doc->tokens.at[t].shape & WX_SHAPE_PUNCT) && !comma) || commas > 1 ||
            (commas == 1 && !comma && !(doc->tokens.at[t].shape & WX_SHAPE_UPPER)))
            return WX_NONE;
    }
    return WX_NONE;
}

uint32_t wx_phrase_apposed(const wx_doc_t *doc, uint32_t phrase)
{
    const wx_reading_t *r = doc->reading;
    const wx_phrase_t *p = &r->phrases.at[phrase];
    uint32_t end = wx_phrase_full_end(doc, phrase);
    if (p->name != WX_NONE || p->value != WX_NONE || p->pronoun)
        return phrase;
    uint32_t bearer = s_post_bearer(doc, phrase);
    if (bearer != WX_NONE)
        return bearer;
    uint32_t stop = doc->sentences.at[p->sentence].end;
    if (!s_is(doc, end, ",") || end + 1 >= stop)
        return phrase;
    uint32_t next = r->phrase_at[end + 1];
    if (next == WX_NONE || r->phrases.at[next].first != end + 1 ||
        r->phrases.at[next].name == WX_NONE)
        return phrase;
    winnow_type_t type = doc->names.at[r->phrases.at[next].name].type;
    /* `the brewer, Acme Ltd,`: closed by a mark, so that it is no list. */
    bool closed = r->phrases.at[next].next == WX_NONE && r->phrases.at[next].list == next &&
                  s_mark(doc, r->phrases.at[next].end);
    bool company = (type == WINNOW_TYPE_ORGANISATION || type == WINNOW_TYPE_THING) && closed &&
                   wx_list_at(doc, wx_known(doc, WX_LIST_ORG_NOUNS), p->head);
    return type == WINNOW_TYPE_PERSON || company ? next : phrase;
}

uint32_t wx_phrase_named(const wx_doc_t *doc, uint32_t phrase)
{
    const wx_reading_t *r = doc->reading;
    const wx_phrase_t *p = &r->phrases.at[phrase];
    uint32_t begin = doc->sentences.at[p->sentence].first;
    if (p->name != WX_NONE || p->value != WX_NONE || p->pronoun || p->list != phrase ||
        p->next != WX_NONE || p->first < begin + 2 || !s_is(doc, p->first - 1, ",") ||
        doc->tokens.at[p->first].upos != WX_UPOS_DET)
        return phrase;
    uint32_t before = r->phrase_at[p->first - 2];
    if (before == WX_NONE || r->phrases.at[before].name == WX_NONE ||
        r->phrases.at[before].end != p->first - 1)
        return phrase;
    return before;
}

uint32_t wx_phrase_full_end(const wx_doc_t *doc, uint32_t phrase)
{
    const wx_phrase_t *at = doc->reading->phrases.at;
    while (at[phrase].of != WX_NONE)
        phrase = at[phrase].of;
    return at[phrase].end;
}

uint32_t wx_phrase_bare(const wx_doc_t *doc, uint32_t phrase)
{
    const wx_phrase_t *p = &doc->reading->phrases.at[phrase];
    uint32_t t = p->first;
    while (t + 1 < p->end &&
           (doc->tokens.at[t].upos == WX_UPOS_DET || doc->tokens.at[t].upos == WX_UPOS_ADV ||
            s_possessive_pronoun(doc, t)))
        t++;
    /* `the $5 million plant`: the sum is no part of its name. */
    for (uint32_t i = p->item_first; i < p->item_end && p->value == WX_NONE; i++) {
        const wx_chunk_t *item = &doc->reading->items.at[i];
        const wx_value_t *value = s_item_value(doc, item);
        if (item->first == t && value && value->type == WX_VALUE_MONEY && item->end < p->end)
            t = item->end + (wx_token_is(doc, item->end, "-") && item->end + 1 < p->end);
    }
    return t;
}

const char *wx_token_tag(const wx_doc_t *doc, uint32_t token)
{
    const wx_tagger_t *tagger = &doc->model->stats->tagger;
    uint8_t fine = doc->tokens.at[token].fine;
    return fine && fine < tagger->count && tagger->xpos[fine] ? tagger->xpos[fine] : "";
}
