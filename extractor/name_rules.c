/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stage of names: what the model (name.c) says, put right by rules that need no statistics, and
 * by the article as a whole.
 *
 *     Ltd, AG, Inc at the end                   organisation, however it was read
 *     Bank of …, Ministry of Foreign Affairs    one name
 *     … University, … Committee                 organisation
 *     … Airport, … Summit                       facility, event
 *     President X                               person
 *     the same words elsewhere in the article   the type that most of them have
 *     Lee, where the article has Ann Lee        person
 *     other proper nouns in running text        organisation, or place behind `in`, `at`, `near`
 */
#include "name.h"

#include "model.h"
#include "rule.h"
#include "stages.h"
#include "stats.h"
#include "words.h"

#include <stdlib.h>

typedef struct {
    uint32_t first, end;
    winnow_type_t type;
    int32_t score;
    uint32_t sentence;
} span_t;

typedef struct {
    span_t *at;
    uint32_t count, capacity;
} spans_t;

typedef struct {
    wx_doc_t *doc;
    wx_atom_t *words;
    spans_t spans;
    uint32_t sentence;                       /* the one in work */
    uint32_t begin, end;                     /* its tokens */
    const wx_list_t *titles, *before_titles; /* director, agent; special, deputy */
    const wx_list_t *person_titles;          /* those that no organisation has */
    const wx_list_t *particles;              /* del, van: lower-case words inside names */
    const wx_list_t *behind_hyphen;          /* led, based: words that end no name */
} namer_t;

static const winnow_type_t s_types[WX_NAME_TYPES] = {WINNOW_TYPE_PERSON, WINNOW_TYPE_ORGANISATION,
                                                     WINNOW_TYPE_PLACE};

static bool s_in(const namer_t *self, uint32_t token, unsigned lists)
{
    return token >= self->begin && token < self->end && (self->words[token].lists & lists) != 0;
}

static bool s_capital(const namer_t *self, uint32_t token)
{
    return token >= self->begin && token < self->end &&
           (self->words[token].flags & WX_ATOM_UPPER) != 0;
}

static bool s_proper(const namer_t *self, uint32_t token)
{
    return s_capital(self, token) && self->words[token].upos == WX_UPOS_PROPN;
}

/* "Acme Homes" + "for £1.2m": a sum of money ends a name. */
static void s_money(const namer_t *self, span_t *span)
{
    for (uint32_t t = span->first + 1; t + 1 < span->end; t++) {
        if (!wx_word_at(self->doc, t, span->end, WX_WORD_CURRENCY_MARK) ||
            !(self->words[t + 1].flags & WX_ATOM_DIGIT))
            continue;
        for (span->end = t; span->end > span->first && !s_capital(self, span->end - 1);)
            span->end--;
    }
}

/* A word that is a title by itself: the list `title-heads` of the rules. */
static bool s_post(const namer_t *self, uint32_t token)
{
    return self->titles && wx_list_at(self->doc, self->titles, token) == 1;
}

/* Titles that are also first names or surnames, but hardly ever before another name. */
static bool s_rank(const namer_t *self, uint32_t token)
{
    static const char *const s_words[] = {"justice", "judge",   "major", "bishop",
                                          "general", "marshal", NULL};
    for (const char *const *word = s_words; *word; word++)
        if (wx_token_is(self->doc, token, *word))
            return true;
    return false;
}

/* "President of" | Kenya Jane Roe: where behind a post's `of` the bearer's own name begins; `first`
 * when nothing says so. */
static uint32_t s_bearer(const namer_t *self, uint32_t first, uint32_t end)
{
    bool place = end > first + 2 && s_in(self, first, WX_LIST_COUNTRY) &&
                 s_in(self, first + 1, WX_LIST_FIRST_NAME);
    if (first < self->begin + 2 || !wx_token_is(self->doc, first - 1, "of") ||
        (!s_post(self, first - 2) && !place) || end < first + 2)
        return first;
    if (wx_token_is(self->doc, first, "state") || wx_token_is(self->doc, first, "staff"))
        return first + 1;
    if (s_in(self, first, WX_LIST_FIRST_NAME) && !s_in(self, first, WX_LIST_COUNTRY))
        return first;
    for (uint32_t t = first + 1; t + 1 < end && t < first + 3; t++)
        if (s_in(self, t, WX_LIST_FIRST_NAME))
            return t;
    return first;
}

/* "Nevada" | Senator | "Harry Reid": where a title stands inside of a name; `end`: nowhere. */
static uint32_t s_title_inside(const namer_t *self, uint32_t first, uint32_t end)
{
    for (uint32_t t = first + 1; t + 2 < end; t++)
        if (s_post(self, t) && s_capital(self, t) && s_capital(self, t + 1) &&
            (s_in(self, t + 1, WX_LIST_FIRST_NAME) ||
             self->doc->tokens.at[t + 1].end - self->doc->tokens.at[t + 1].start <= 2) &&
            !s_in(self, end - 1, WX_LIST_ORG_HEAD | WX_LIST_ORG_SUFFIX | WX_LIST_FACILITY))
            return t;
    return end;
}

/* What stands before the title that is no part of it, as a name of its own. */
static void s_before_title(namer_t *self, uint32_t first, uint32_t title, int32_t score)
{
    while (title > first &&
           (s_post(self, title - 1) ||
            (self->before_titles && wx_list_at(self->doc, self->before_titles, title - 1) == 1)))
        title--;
    if (title == first)
        return;
    bool place = s_in(self, first, WX_LIST_PLACE | WX_LIST_COUNTRY);
    *wx_push(self->doc->arena, &self->spans) = (span_t){
        first, title, place ? WINNOW_TYPE_PLACE : WINNOW_TYPE_ORGANISATION, score, self->sentence};
}

/* From labels to spans. */
static void s_collect(namer_t *self, const uint8_t *labels, const int32_t *margins)
{
    for (uint32_t i = self->begin; i < self->end; i++) {
        unsigned label = labels[i - self->begin], part = (label - 1u) % 4;
        if (label == WX_LABEL_OUT || part == WX_PART_IN || part == WX_PART_LAST)
            continue;
        uint32_t end = i + 1, made = self->spans.count;
        int32_t score = margins[i - self->begin];
        while (part == WX_PART_BEGIN && end < self->end) {
            unsigned next = (labels[end - self->begin] - 1u) % 4;
            end++;
            if (next == WX_PART_LAST)
                break;
        }
        winnow_type_t type = s_types[(label - 1) / 4];
        uint32_t bearer = s_bearer(self, i, end), title = s_title_inside(self, i, end);
        if (title < end) {
            s_before_title(self, i, title, score);
            bearer = title + 1;
            type = WINNOW_TYPE_PERSON;
        } else if (bearer > i) {
            *wx_push(self->doc->arena, &self->spans) =
                (span_t){i, bearer, WINNOW_TYPE_PLACE, score, self->sentence};
            type = WINNOW_TYPE_PERSON;
        }
        span_t *span = wx_push(self->doc->arena, &self->spans);
        *span = (span_t){bearer, end, type, score, self->sentence};
        /* "Ann Mor" - "Yosef": one name */
        if (type == WINNOW_TYPE_PERSON && made > 0 && bearer == i &&
            span[-1].sentence == self->sentence && span[-1].end + 1 == i &&
            wx_token_is(self->doc, i - 1, "-") && span[-1].type == type) {
            span[-1].end = end;
            self->spans.count = made;
        }
        i = end - 1;
    }
}

/* "Mr Porter": whoever is so called is a person. */
static bool s_honoured(const namer_t *self, uint32_t first)
{
    static const char *const s_words[] = {"mr",   "mr.", "mrs", "mrs.", "ms",     "ms.",
                                          "miss", "dr",  "dr.", "sir",  "messrs", NULL};
    uint32_t begin = self->doc->sentences.at[self->doc->tokens.at[first].sentence].first;
    for (const char *const *word = s_words; *word && first > begin; word++)
        if (wx_token_is(self->doc, first - 1, *word))
            return true;
    return false;
}

/* "the World Bank 's": the name is World Bank. */
static void s_trim(const namer_t *self, span_t *span)
{
    while (span->first < span->end && !s_capital(self, span->first) &&
           !(self->words[span->first].flags & WX_ATOM_DIGIT) &&
           self->words[span->first].upos != WX_UPOS_PROPN)
        span->first++;
    if (span->end - span->first > 1 && wx_token_is(self->doc, span->first, "the"))
        span->first++;
    s_money(self, span);
    while (span->first < span->end) {
        const wx_atom_t *last = &self->words[span->end - 1];
        bool mark = (last->flags & WX_ATOM_MARK) || wx_token_is(self->doc, span->end - 1, "'s") ||
                    wx_token_is(self->doc, span->end - 1, "\xE2\x80\x99s");
        bool closes = wx_token_is(self->doc, span->end - 1, ")") ||
                      wx_token_is(self->doc, span->end - 1, "!");
        if (!mark || closes)
            break;
        span->end--;
    }
    /* "Hu Jintao" Thursday */
    while (span->end - span->first > 1 && s_in(self, span->end - 1, WX_LIST_CALENDAR) &&
           span->type == WINNOW_TYPE_PERSON && !s_in(self, span->end - 1, WX_LIST_FIRST_NAME))
        span->end--;
    /* "Acme Ltd for 1.2 billion pesos": a sum or a count is no part of it */
    for (uint32_t t = span->first + 1; t + 1 < span->end; t++)
        if (wx_token_is(self->doc, t, "for") && self->doc->tokens.at[t + 1].value != WX_NONE)
            span->end = t;
    /* "President Xi" : the title is no part of it, but "King George" keeps its own */
    while (span->type == WINNOW_TYPE_PERSON && span->end - span->first > 1 &&
           (s_in(self, span->first, WX_LIST_TITLE) || s_post(self, span->first)) &&
           (!s_in(self, span->first, WX_LIST_FIRST_NAME | WX_LIST_SURNAME) ||
            s_rank(self, span->first)))
        span->first++;
    /* "Special Agent" in Charge: a post, no name */
    bool post = span->first < span->end && s_post(self, span->end - 1) &&
                !s_in(self, span->end - 1, WX_LIST_ORG_HEAD | WX_LIST_SURNAME);
    for (uint32_t t = span->first; post && t < span->end; t++)
        post = s_post(self, t) ||
               (self->before_titles && wx_list_at(self->doc, self->before_titles, t) == 1);
    if (post)
        span->end = span->first;
}

/* "Casa" + "da Música", "Puerto" + "de la Cruz": where the name goes on behind particles that stand
 * at `end`, or `end`. */
static uint32_t s_behind_particles(const namer_t *self, uint32_t end)
{
    uint32_t at = end;
    while (at < self->end && at < end + 2 && self->particles && !s_capital(self, at) &&
           wx_list_at(self->doc, self->particles, at))
        at++;
    return at > end && s_capital(self, at) && self->words[at].upos != WX_UPOS_PRON ? at + 1 : end;
}

static void s_particles(const namer_t *self, span_t *span)
{
    for (uint32_t end; (end = s_behind_particles(self, span->end)) > span->end;)
        for (span->end = end; s_proper(self, span->end);)
            span->end++;
}

/* "Park Jin" + "-ho": the second half of a given name, but "Ann Mor" + "-led". */
static void s_syllable(const namer_t *self, span_t *span)
{
    const wx_doc_t *doc = self->doc;
    uint32_t at = span->end + 1;
    bool person = span->type == WINNOW_TYPE_PERSON || s_in(self, span->first, WX_LIST_SURNAME);
    if (!person || span->end - span->first < 2 || at >= self->end ||
        !wx_token_is(doc, span->end, "-") || doc->tokens.at[span->end - 1].space_after ||
        doc->tokens.at[span->end].space_after)
        return;
    const wx_token_t *token = &doc->tokens.at[at];
    bool word = self->behind_hyphen && wx_list_at(doc, self->behind_hyphen, at);
    if (!s_capital(self, at) && !(token->shape & (WX_SHAPE_PUNCT | WX_SHAPE_NUMBER)) && !word &&
        token->end - token->start <= 6)
        span->end = at + 1;
}

/* "Acme Widgets , Inc." and "Siemens AG": to the suffix. */
static void s_suffix(const namer_t *self, span_t *span)
{
    uint32_t next = span->end;
    if (next < self->end && wx_token_is(self->doc, next, ","))
        next++;
    if (s_in(self, next, WX_LIST_ORG_SUFFIX) && s_proper(self, next))
        span->end = next + 1;
    if (span->end - span->first > 1 && s_in(self, span->end - 1, WX_LIST_ORG_SUFFIX))
        span->type = WINNOW_TYPE_ORGANISATION;
}

/* "Academy" + "of" + "Governance": where does the name that goes on behind of/for end? */
static uint32_t s_complement(const namer_t *self, uint32_t end)
{
    uint32_t at = end;
    if (!wx_token_is(self->doc, at, "of") && !wx_token_is(self->doc, at, "for"))
        return end;
    at++;
    if (at < self->end && wx_token_is(self->doc, at, "the"))
        at++;
    if (!s_capital(self, at) || s_in(self, at, WX_LIST_CALENDAR))
        return end;
    while (at < self->end) {
        bool joint = wx_token_is(self->doc, at, "and") || wx_token_is(self->doc, at, "&") ||
                     wx_token_is(self->doc, at, "-");
        if (s_capital(self, at) && !s_in(self, at, WX_LIST_CALENDAR))
            at++;
        else if (joint && s_capital(self, at + 1) &&
                 !s_in(self, at + 1, WX_LIST_COUNTRY | WX_LIST_TITLE | WX_LIST_ORG_HEAD))
            at += 2;
        else
            break;
    }
    return at;
}

static void s_head(const namer_t *self, span_t *span)
{
    uint32_t last = span->end - 1, words = span->end - span->first;
    if (s_in(self, last, WX_LIST_ORG_HEAD) && !s_in(self, last, WX_LIST_SURNAME)) {
        uint32_t end = s_complement(self, span->end);
        if (end > span->end) {
            span->end = end;
            span->type = WINNOW_TYPE_ORGANISATION;
            return;
        }
    }
    unsigned lists = self->words[last].lists;
    bool person_word = (lists & (WX_LIST_SURNAME | WX_LIST_FIRST_NAME)) != 0;
    if (words < 2)
        return;
    if (span->type == WINNOW_TYPE_PERSON) {
        if ((lists & (WX_LIST_ORG_HEAD | WX_LIST_ORG_SUFFIX)) && !person_word)
            span->type = WINNOW_TYPE_ORGANISATION;
        return;
    }
    if ((lists & WX_LIST_EVENT) && !(lists & (WX_LIST_ORG_HEAD | WX_LIST_FACILITY)))
        span->type = WINNOW_TYPE_EVENT;
    else if ((lists & WX_LIST_FACILITY) && !(lists & (WX_LIST_ORG_HEAD | WX_LIST_PLACE_HEAD)))
        span->type = WINNOW_TYPE_FACILITY;
    else if ((lists & WX_LIST_FACILITY) && span->type == WINNOW_TYPE_PLACE &&
             !(lists & WX_LIST_PLACE_HEAD))
        span->type = WINNOW_TYPE_FACILITY;
}

/* "Mr. Porter" is a person, whatever else Porter is. */
static void s_title(const namer_t *self, span_t *span)
{
    uint32_t before = span->first - 1;
    if (span->type == WINNOW_TYPE_PERSON || span->first == self->begin ||
        !s_in(self, before, WX_LIST_TITLE) || !s_capital(self, before) ||
        span->end - span->first > 3)
        return;
    bool known = s_in(self, span->first, WX_LIST_FIRST_NAME) ||
                 s_in(self, span->end - 1, WX_LIST_SURNAME) || s_honoured(self, span->first);
    if (known && !s_in(self, span->end - 1, WX_LIST_ORG_HEAD | WX_LIST_ORG_SUFFIX))
        span->type = WINNOW_TYPE_PERSON;
}

/* Proper nouns that the model left out, but that end in a word that says what they are. */
static void s_missed(namer_t *self, uint32_t first, uint32_t end)
{
    uint32_t last = end - 1;
    while (first < end && (s_in(self, first, WX_LIST_CALENDAR | WX_LIST_DEMONYM)))
        first++;
    if (first >= last)
        return;
    unsigned lists = self->words[last].lists;
    winnow_type_t type = lists & WX_LIST_ORG_SUFFIX ? WINNOW_TYPE_ORGANISATION
                         : lists & WX_LIST_EVENT && !(lists & WX_LIST_ORG_HEAD) ? WINNOW_TYPE_EVENT
                                                                                : WINNOW_TYPE_THING;
    if (type == WINNOW_TYPE_THING)
        return;
    span_t *span = wx_push(self->doc->arena, &self->spans);
    *span = (span_t){first, end, type, 0, self->sentence};
}

static void s_sentence(namer_t *self, wx_name_memory_t *memory, uint8_t *labels, int32_t *margins)
{
    const wx_stats_t *stats = self->doc->model->stats;
    uint32_t count = self->end - self->begin, made = self->spans.count;
    wx_atom_t *words = self->words + self->begin;
    wx_name_sentence(&stats->namer, words, count, memory, labels, margins);
    s_collect(self, labels, margins);
    uint32_t kept = made, covered = self->begin;
    for (uint32_t i = made; i < self->spans.count; i++) {
        span_t span = self->spans.at[i];
        span.first = span.first < covered ? covered : span.first;
        if (span.first < span.end)
            s_trim(self, &span);
        if (span.first >= span.end)
            continue;
        s_particles(self, &span);
        s_syllable(self, &span);
        s_suffix(self, &span);
        s_head(self, &span);
        s_title(self, &span);
        covered = span.end;
        self->spans.at[kept++] = span;
    }
    self->spans.count = kept;
    uint32_t next = made;
    for (uint32_t i = self->begin; i < self->end;) {
        if (next < kept && self->spans.at[next].first <= i) {
            i = self->spans.at[next++].end;
            continue;
        }
        uint32_t end = i, stop = next < kept ? self->spans.at[next].first : self->end;
        while (end < stop && s_proper(self, end))
            end++;
        if (end - i > 1)
            s_missed(self, i, end);
        i = end > i ? end : i + 1;
    }
}

/* ---- The article as a whole --------------------------------------------------------------- */

typedef struct {
    uint32_t key;
    int32_t votes[3]; /* person, organisation, place */
    bool surname;     /* last word of a person's longer name */
    bool honoured;    /* the article says Mr or Ms */
    bool human;       /* it tells the bearer's post, or goes on with `who` */
} entry_t;

typedef struct {
    entry_t *at;
    uint32_t mask;
} table_t;

static entry_t *s_entry(table_t *self, uint32_t key)
{
    uint32_t slot = (key * 0x9E3779B1u >> 7) & self->mask;
    while (self->at[slot].key && self->at[slot].key != key)
        slot = (slot + 1) & self->mask;
    self->at[slot].key = key;
    return &self->at[slot];
}

static uint32_t s_key(const namer_t *self, uint32_t first, uint32_t end)
{
    uint32_t key = 0;
    for (uint32_t i = first; i < end; i++)
        key = wx_gazetteer_key(key, self->words[i].form);
    return key;
}

static int s_class(winnow_type_t type)
{
    return type == WINNOW_TYPE_PERSON         ? 0
           : type == WINNOW_TYPE_ORGANISATION ? 1
           : type == WINNOW_TYPE_PLACE        ? 2
                                              : -1;
}

static void s_vote(namer_t *self, table_t *table)
{
    for (uint32_t i = 0; i < self->spans.count; i++) {
        const span_t *span = &self->spans.at[i];
        int class = s_class(span->type);
        if (class < 0)
            continue;
        s_entry(table, s_key(self, span->first, span->end))->votes[class] +=
            16 + (span->score > 0 ? span->score : 0) / 8;
        if (class == 0 && s_honoured(self, span->first))
            s_entry(table, s_key(self, span->end - 1, span->end))->honoured = true;
        if (class == 0 && span->end - span->first > 1) {
            s_entry(table, s_key(self, span->end - 1, span->end))->surname = true;
            if (self->words[span->first].lists == 0 ||
                !(self->words[span->first].lists & WX_LIST_FIRST_NAME))
                s_entry(table, s_key(self, span->first, span->first + 1))->surname = true;
        }
    }
}

/* "Mr Mittal", and "Lakshmi Mittal" in the same article, but not "Mittal Steel". */
static bool s_is_honoured(const namer_t *self, table_t *table, const span_t *span)
{
    uint32_t words = span->end - span->first;
    if (words > 3 || (self->words[span->end - 1].lists & (WX_LIST_ORG_HEAD | WX_LIST_ORG_SUFFIX)))
        return false;
    if (s_honoured(self, span->first))
        return span->type == WINNOW_TYPE_PERSON;
    return words > 1 && s_entry(table, s_key(self, span->end - 1, span->end))->honoured;
}

static void s_settle(namer_t *self, table_t *table)
{
    for (uint32_t i = 0; i < self->spans.count; i++) {
        span_t *span = &self->spans.at[i];
        int class = s_class(span->type);
        if (class < 0)
            continue;
        if (s_is_honoured(self, table, span)) {
            span->type = WINNOW_TYPE_PERSON;
            continue;
        }
        const entry_t *entry = s_entry(table, s_key(self, span->first, span->end));
        if (span->end - span->first == 1 && entry->surname &&
            !(self->words[span->first].lists & (WX_LIST_COUNTRY | WX_LIST_ORG_HEAD))) {
            span->type = WINNOW_TYPE_PERSON;
            continue;
        }
        int best = class;
        for (int c = 0; c < 3; c++) {
            if (entry->votes[c] > entry->votes[best])
                best = c;
        }
        span->type = s_types[best];
    }
}

/* Capitals that no span covers, but that the article names elsewhere. */
static void s_spread(namer_t *self, table_t *table, const uint8_t *covered)
{
    wx_doc_t *doc = self->doc;
    for (uint32_t i = 0; i < doc->tokens.count; i++) {
        const wx_atom_t *word = &self->words[i];
        if (covered[i] || !(word->flags & WX_ATOM_UPPER) || word->upos != WX_UPOS_PROPN ||
            (word->lists & (WX_LIST_CALENDAR | WX_LIST_DEMONYM)))
            continue;
        uint32_t sentence_end = doc->sentences.at[doc->tokens.at[i].sentence].end;
        for (uint32_t n = 6; n > 0; n--) {
            if (i + n > sentence_end)
                continue;
            bool free_words = true;
            for (uint32_t k = i; k < i + n; k++)
                free_words &= !covered[k];
            bool alone = i + n >= sentence_end || covered[i + n] ||
                         !(self->words[i + n].flags & WX_ATOM_UPPER);
            if (!free_words || !alone)
                continue;
            const entry_t *entry = s_entry(table, s_key(self, i, i + n));
            int best = 0;
            for (int c = 1; c < 3; c++) {
                if (entry->votes[c] > entry->votes[best])
                    best = c;
            }
            bool person = n == 1 && entry->surname;
            if (entry->votes[best] == 0 && !person)
                continue;
            span_t *span = wx_push(doc->arena, &self->spans);
            *span = (span_t){i, i + n, person ? WINNOW_TYPE_PERSON : s_types[best], 0,
                             doc->tokens.at[i].sentence};
            i += n - 1;
            break;
        }
    }
}

/* How often a word stands in the article with a capital that does not only begin a sentence, and
 * without one; by the last bits of its id. */
typedef struct {
    uint8_t upper[1024], lower[1024];
} capitals_t;

static void s_capitals(const namer_t *self, capitals_t *ret)
{
    const wx_doc_t *doc = self->doc;
    for (uint32_t i = 0; i < doc->tokens.count; i++) {
        const wx_token_t *token = &doc->tokens.at[i];
        bool first = i == 0 || (token->shape & WX_SHAPE_FIRST) ||
                     (doc->tokens.at[i - 1].shape & (WX_SHAPE_OPEN | WX_SHAPE_PUNCT));
        uint8_t class = doc->sentences.at[token->sentence].class;
        uint8_t *count = NULL;
        if (!(token->shape & WX_SHAPE_UPPER))
            count = &ret->lower[token->lower & 1023];
        else if (!first && class != WX_BLOCK_TITLE && class != WX_BLOCK_HEADING)
            count = &ret->upper[token->lower & 1023];
        if (count && *count < UINT8_MAX)
            ++*count;
    }
}

/* May the word be a part of a name that the model does not know? */
static bool s_part(const namer_t *self, uint32_t token)
{
    const wx_token_t *t = &self->doc->tokens.at[token];
    if (!s_capital(self, token) || t->capital ||
        s_in(self, token, WX_LIST_CALENDAR | WX_LIST_DEMONYM | WX_LIST_TITLE))
        return false;
    if (t->upos == WX_UPOS_PROPN)
        return true;
    bool content = t->upos == WX_UPOS_NOUN || t->upos == WX_UPOS_ADJ || t->upos == WX_UPOS_VERB;
    bool opens =
        token > self->begin && (self->doc->tokens.at[token - 1].shape & WX_SHAPE_PUNCT) != 0;
    return content && !(t->shape & WX_SHAPE_FIRST) && !opens;
}

/* Proper nouns that nobody knows: in running text, where a capital says something. Returns their
 * end, or `at` when there are none. */
static uint32_t s_unknown(namer_t *self, uint32_t at, const uint8_t *covered,
                          const capitals_t *capitals)
{
    const wx_doc_t *doc = self->doc;
    const unsigned heads = WX_LIST_ORG_HEAD | WX_LIST_FACILITY | WX_LIST_EVENT | WX_LIST_PLACE_HEAD;
    uint32_t end = at, stop = s_bearer(self, at, self->end);
    bool proper = false, common = true;
    while (end < self->end && !covered[end] && s_part(self, end) && (end < stop || stop == at)) {
        const wx_token_t *token = &doc->tokens.at[end];
        proper |= token->upos == WX_UPOS_PROPN;
        common &= token->upos == WX_UPOS_NOUN && !(self->words[end].lists & heads) &&
                  capitals->upper[token->lower & 1023] > 0 &&
                  capitals->lower[token->lower & 1023] == 0;
        end++;
        uint32_t further = s_behind_particles(self, end);
        proper |= further > end;
        end = further;
    }
    /* `Energy Minister` */
    if (s_in(self, end, WX_LIST_TITLE) && s_capital(self, end))
        return at;
    if (end > at && s_post(self, end - 1))
        return at;
    if (end - at != 1)
        return proper ? end : at;
    /* A word by itself: no abbreviation, and no capital that only begins a sentence. */
    const wx_token_t *token = &doc->tokens.at[at];
    bool known = capitals->upper[token->lower & 1023] > 0;
    bool sure = proper ? known : common && known;
    bool tiny = token->end < token->start + 3;
    return sure && !tiny && !(self->words[at].flags & WX_ATOM_CAPS) ? end : at;
}

static winnow_type_t s_unknown_type(const namer_t *self, uint32_t first, uint32_t end)
{
    unsigned last = self->words[end - 1].lists;
    if (end - first > 1 && (last & WX_LIST_FACILITY))
        return WINNOW_TYPE_FACILITY;
    if (end - first > 1 && (last & WX_LIST_PLACE_HEAD))
        return WINNOW_TYPE_PLACE;
    bool person = end - first > 1 && end - first < 4 && s_in(self, first, WX_LIST_FIRST_NAME) &&
                  !(last & (WX_LIST_ORG_HEAD | WX_LIST_ORG_SUFFIX));
    return person ? WINNOW_TYPE_PERSON : WINNOW_TYPE_ORGANISATION;
}

/* What the model does not know, typed by what stands before it: the same words alike all over. */
static void s_unknowns(namer_t *self, table_t *table, const uint8_t *covered)
{
    wx_doc_t *doc = self->doc;
    capitals_t *capitals = wx_new(doc->arena, capitals_t, 1);
    s_capitals(self, capitals);
    uint32_t made = self->spans.count;
    for (uint32_t s = 0; s < doc->sentences.count; s++) {
        const wx_sentence_t *sentence = &doc->sentences.at[s];
        if (sentence->class == WX_BLOCK_TITLE || sentence->class == WX_BLOCK_HEADING)
            continue;
        self->begin = sentence->first;
        self->end = sentence->end;
        for (uint32_t i = self->begin; i < self->end;) {
            uint32_t end = s_unknown(self, i, covered, capitals);
            if (end == i) {
                i++;
                continue;
            }
            winnow_type_t type = s_unknown_type(self, i, end);
            bool stake = i > self->begin + 1 &&
                         (wx_token_is(doc, i - 2, "stake") || wx_token_is(doc, i - 2, "stakes") ||
                          wx_token_is(doc, i - 2, "shares") || wx_token_is(doc, i - 2, "share") ||
                          wx_token_is(doc, i - 2, "interest"));
            bool in = i > self->begin && !stake &&
                      (wx_token_is(doc, i - 1, "in") || wx_token_is(doc, i - 1, "at") ||
                       wx_token_is(doc, i - 1, "near"));
            if (type == WINNOW_TYPE_ORGANISATION)
                s_entry(table, s_key(self, i, end))->votes[in && end - i < 3 ? 2 : 1] += in ? 2 : 1;
            span_t *span = wx_push(doc->arena, &self->spans);
            int32_t score = type == WINNOW_TYPE_ORGANISATION ? WX_NAME_GUESSED : 0;
            *span = (span_t){i, end, type, score, s};
            s_syllable(self, span);
            end = span->end;
            for (uint32_t k = i; k < end; k++)
                doc->tokens.at[k].upos = WX_UPOS_PROPN;
            i = end;
        }
    }
    for (uint32_t i = made; i < self->spans.count; i++) {
        span_t *span = &self->spans.at[i];
        if (span->type != WINNOW_TYPE_ORGANISATION)
            continue;
        const entry_t *entry = s_entry(table, s_key(self, span->first, span->end));
        if (entry->votes[2] > entry->votes[1])
            span->type = WINNOW_TYPE_PLACE;
    }
}

/* "Pham Lan, vice chairwoman of", "director Pham Lan", "Pham Lan, who": only persons are spoken of
 * so. */
static bool s_human(const namer_t *self, const span_t *span)
{
    const wx_doc_t *doc = self->doc;
    const wx_list_t *posts = self->person_titles;
    const wx_sentence_t *sentence = &doc->sentences.at[span->sentence];
    uint32_t words = span->end - span->first;
    /* "Senator Dodd" */
    if (words == 1 && posts && span->first > sentence->first &&
        wx_list_at(doc, posts, span->first - 1) == 1 &&
        (doc->tokens.at[span->first - 1].shape & WX_SHAPE_UPPER) &&
        !(self->words[span->first].lists & (WX_LIST_COUNTRY | WX_LIST_ORG_HEAD)))
        return true;
    if (words < 2 || words > 4 || !posts || span->end >= sentence->end ||
        (self->words[span->end - 1].lists &
         (WX_LIST_ORG_HEAD | WX_LIST_ORG_SUFFIX | WX_LIST_FACILITY | WX_LIST_EVENT)))
        return false;
    if (span->first > sentence->first && wx_list_at(doc, posts, span->first - 1) == 1)
        return true;
    if (!wx_token_is(doc, span->end, ",") || span->end + 1 >= sentence->end)
        return false;
    if (wx_token_is(doc, span->end + 1, "who"))
        return true;
    for (uint32_t t = span->end + 1; t + 1 < sentence->end && t < span->end + 6; t++) {
        uint8_t upos = doc->tokens.at[t].upos;
        if (wx_list_at(doc, posts, t) == 1)
            return wx_token_is(doc, t + 1, "of") || wx_token_is(doc, t + 1, "at") ||
                   wx_token_is(doc, t + 1, ",") || wx_token_is(doc, t + 1, "for");
        if (upos != WX_UPOS_NOUN && upos != WX_UPOS_ADJ && upos != WX_UPOS_DET &&
            upos != WX_UPOS_PROPN)
            return false;
    }
    return false;
}

static void s_humans(namer_t *self, table_t *table)
{
    for (uint32_t i = 0; i < self->spans.count; i++)
        if (self->spans.at[i].type != WINNOW_TYPE_PERSON && s_human(self, &self->spans.at[i]))
            s_entry(table, s_key(self, self->spans.at[i].first, self->spans.at[i].end))->human =
                true;
    for (uint32_t i = 0; i < self->spans.count; i++) {
        span_t *span = &self->spans.at[i];
        if (span->type == WINNOW_TYPE_PERSON ||
            !s_entry(table, s_key(self, span->first, span->end))->human)
            continue;
        span->type = WINNOW_TYPE_PERSON;
        if (span->score == WX_NAME_GUESSED)
            span->score = 0;
    }
}

static int s_by_place(const void *a, const void *b)
{
    const span_t *x = a, *y = b;
    return x->first < y->first ? -1 : x->first > y->first;
}

static void s_fill(namer_t *self)
{
    wx_doc_t *doc = self->doc;
    if (self->spans.count > 1)
        qsort(self->spans.at, self->spans.count, sizeof *self->spans.at, s_by_place);
    uint32_t covered = 0;
    for (uint32_t i = 0; i < self->spans.count; i++) {
        span_t span = self->spans.at[i];
        span.first = span.first < covered ? covered : span.first;
        if (span.first >= span.end)
            continue;
        covered = span.end;
        wx_name_t *name = wx_push(doc->arena, &doc->names);
        *name = (wx_name_t){span.first, span.end, span.type, WX_NONE, span.score};
        for (uint32_t k = span.first; k < span.end; k++)
            doc->tokens.at[k].name = doc->names.count - 1;
    }
}

void wx_name(wx_doc_t *doc)
{
    namer_t self = {.doc = doc,
                    .words = wx_doc_atoms(doc),
                    .titles = wx_rules_list(doc->model->rules, "title-heads"),
                    .before_titles = wx_rules_list(doc->model->rules, "title-modifiers"),
                    .person_titles = wx_rules_list(doc->model->rules, "person-titles"),
                    .particles = wx_rules_list(doc->model->rules, "name-particles"),
                    .behind_hyphen = wx_rules_list(doc->model->rules, "behind-hyphen")};
    uint32_t longest = 1;
    for (uint32_t s = 0; s < doc->sentences.count; s++) {
        uint32_t count = doc->sentences.at[s].end - doc->sentences.at[s].first;
        longest = count > longest ? count : longest;
    }
    wx_name_memory_t *memory = wx_new(doc->arena, wx_name_memory_t, 1);
    uint8_t *labels = wx_new(doc->arena, uint8_t, longest);
    int32_t *margins = wx_new(doc->arena, int32_t, longest);
    for (uint32_t s = 0; s < doc->sentences.count; s++) {
        self.sentence = s;
        self.begin = doc->sentences.at[s].first;
        self.end = doc->sentences.at[s].end;
        s_sentence(&self, memory, labels, margins);
    }
    for (uint32_t i = 0; i < doc->tokens.count; i++)
        doc->tokens.at[i].name = WX_NONE;
    uint32_t slots = 64;
    while (slots < 8 * (self.spans.count + doc->tokens.count))
        slots *= 2;
    table_t table = {wx_new(doc->arena, entry_t, slots), slots - 1};
    s_vote(&self, &table);
    s_settle(&self, &table);
    uint8_t *covered = wx_new(doc->arena, uint8_t, doc->tokens.count + 1);
    for (uint32_t i = 0; i < self.spans.count; i++)
        memset(covered + self.spans.at[i].first, 1, self.spans.at[i].end - self.spans.at[i].first);
    s_spread(&self, &table, covered);
    for (uint32_t i = 0; i < self.spans.count; i++)
        memset(covered + self.spans.at[i].first, 1, self.spans.at[i].end - self.spans.at[i].first);
    s_unknowns(&self, &table, covered);
    s_humans(&self, &table);
    s_fill(&self);
}
