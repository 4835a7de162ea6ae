/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is meant: names of the same thing become one entity, and short references find theirs. What
 * is not clear stays unresolved; in this order, precision first:
 *
 *   1. the same name; a name that begins a longer one (`Kestrel Rail`, `Kestrel`); initials
 *   2. family names of persons, which stand last, or first where names are written so
 *   3. `the company`, `the city`, `the new plant`: the last of that sort that was spoken of
 *   4. he, she: the last person; it, its: the last subject that is none
 *
 * Which nouns mean an organisation, a place or a facility is data: lists of the rules.
 */
#include "atom.h"
#include "clause.h"
#include "gazetteer.h"
#include "rule.h"
#include "stages.h"

typedef struct {
    wx_id_t word;    /* 0: empty */
    uint32_t entity; /* WX_NONE: two have it */
} s_slot_t;

/* Entities by the word that means them; built once, of all names. */
typedef struct {
    s_slot_t *slots;
    uint32_t mask;
} s_index_t;

/* A subject by common noun that a pronoun may take up. */
typedef struct {
    uint32_t phrase; /* WX_NONE: none */
    uint32_t entity; /* once one was made of it */
} s_heard_t;

typedef struct {
    wx_doc_t *doc;
    s_index_t called; /* organisations, by a word of their last name that has it */
    const wx_list_t *org, *place, *facility, *suffix, *company, *generic, *project, *title;
    const wx_list_t *saying, *people, *document;
    uint32_t last_person, last_org, last_place, last_thing; /* entities as last spoken of */
    uint32_t acting;                                        /* the last person as a subject */
    uint32_t main_org;                                      /* named most often */
    uint32_t last_built;                                    /* the last facility by common noun */
    s_heard_t group, document_said; /* `officials`, `the report`: who may be `they`, `it` */
} s_work_t;

/* The latest entities that a name or a noun can still mean: more are in no article, and the work
 * for a name has a bound. */
enum { S_RECENT = 400 };

static uint32_t s_oldest(const wx_doc_t *doc)
{
    return doc->entities.count > S_RECENT ? doc->entities.count - S_RECENT : 0;
}

static uint32_t s_mask(uint32_t count)
{
    uint32_t mask = 15;
    while (mask / 2 < count)
        mask = 2 * mask + 1;
    return mask;
}

static void s_index_open(wx_doc_t *doc, s_index_t *self, uint32_t count)
{
    self->mask = s_mask(count);
    self->slots = wx_new(doc->arena, s_slot_t, (size_t)self->mask + 1);
}

/* The slot of a word, or the empty one where it would stand. */
static uint32_t s_index_slot(const s_index_t *self, wx_id_t word)
{
    uint32_t slot = (word * 2654435761u >> 7) & self->mask;
    while (self->slots[slot].word && self->slots[slot].word != word)
        slot = (slot + 1) & self->mask;
    return slot;
}

static uint32_t s_index_find(const s_index_t *self, wx_id_t word)
{
    uint32_t slot = s_index_slot(self, word);
    return word && self->slots[slot].word ? self->slots[slot].entity : WX_NONE;
}

/* ---- Names ---------------------------------------------------------------------------------- */

static uint32_t s_words(winnow_str_t text, winnow_str_t *words, uint32_t most)
{
    uint32_t count = 0;
    size_t at = 0;
    while (at < text.size && count < most) {
        size_t end = at;
        while (end < text.size && text.data[end] != ' ')
            end++;
        if (end > at)
            words[count++] = (winnow_str_t){text.data + at, end - at};
        at = end + 1;
    }
    return count;
}

/* `FAO`, `S&N`: the capitals of the words, marks and small letters left out. */
static bool s_initials(winnow_str_t name, const winnow_str_t *words, uint32_t count)
{
    size_t at = 0, letters = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (words[i].data[0] < 'A' || words[i].data[0] > 'Z')
            continue;
        while (at < name.size && (name.data[at] == '&' || name.data[at] == '.'))
            at++;
        if (at >= name.size || name.data[at] != words[i].data[0])
            return false;
        at++;
        letters++;
    }
    return at == name.size && letters >= 2;
}

/* Does the shorter name mean the longer one? */
static bool s_short_of(const s_work_t *w, winnow_type_t type, winnow_str_t name, winnow_str_t full)
{
    winnow_str_t a[12], b[12];
    uint32_t n = s_words(name, a, 12), m = s_words(full, b, 12);
    if (n == 0 || n > m)
        return false;
    if (n == 1 && s_initials(name, b, m) && type != WINNOW_TYPE_PERSON)
        return true;
    if (n == m)
        return wx_str_equal(name, full);
    if (type == WINNOW_TYPE_PERSON) {
        if (n == 1)
            return wx_str_equal(a[0], b[m - 1]) || (m <= 3 && wx_str_equal(a[0], b[0]));
        if (wx_str_equal(a[0], b[0]) && wx_str_equal(a[n - 1], b[m - 1]))
            return true;
        for (uint32_t i = 0; i < n; i++) /* `bin Hamad`, `Al Noor` */
            if (!wx_str_equal(a[i], b[m - n + i]))
                return false;
        return true;
    }
    for (uint32_t i = 0; i < n; i++)
        if (!wx_str_equal(a[i], b[i]))
            return false;
    if (type != WINNOW_TYPE_PLACE)
        return true;
    if (m != n + 1 || !w->suffix)
        return false;
    wx_id_t id = wx_intern_find(w->doc->intern, wx_str_lower(w->doc->arena, b[m - 1]));
    for (uint32_t i = 0; i < w->suffix->count; i++)
        if (id && w->suffix->at[i].words[0] == id)
            return true;
    return false;
}

/* Cheap, and never wrong when it says no: can the one be a short form of the other? */
static bool s_may_be_short(winnow_str_t name, winnow_str_t full)
{
    return name.size == 0 || name.data[0] == '&' || name.data[0] == '.' || name.data[0] == ' ' ||
           memchr(full.data, name.data[0], full.size) != NULL;
}

static bool s_types_agree(winnow_type_t a, winnow_type_t b)
{
    return a == b || (a != WINNOW_TYPE_PERSON && b != WINNOW_TYPE_PERSON &&
                      a != WINNOW_TYPE_PLACE && b != WINNOW_TYPE_PLACE);
}

static uint32_t s_entity_new(s_work_t *w, winnow_str_t text, winnow_type_t type, uint32_t name)
{
    wx_doc_t *doc = w->doc;
    uint32_t index = doc->entities.count;
    wx_entity_t *entity = wx_push(doc->arena, &doc->entities);
    *entity = (wx_entity_t){.text = text, .type = type, .name_first = name, .part_of = WX_NONE};
    return index;
}

static uint32_t s_name_entity(s_work_t *w, uint32_t n)
{
    wx_doc_t *doc = w->doc;
    const wx_name_t *name = &doc->names.at[n];
    winnow_str_t text = wx_doc_words(doc, name->first, name->end);
    uint32_t found = WX_NONE, oldest = s_oldest(doc);
    for (uint32_t e = doc->entities.count; e-- > oldest;) {
        wx_entity_t *entity = &doc->entities.at[e];
        doc->steps++;
        if (wx_str_equal(entity->text, text) &&
            (entity->type == name->type || s_types_agree(entity->type, name->type)))
            return e;
        if (found != WX_NONE || !s_types_agree(entity->type, name->type))
            continue;
        if (s_may_be_short(text, entity->text) && s_short_of(w, name->type, text, entity->text)) {
            found = e;
        } else if (s_may_be_short(entity->text, text) &&
                   s_short_of(w, entity->type, entity->text, text)) {
            found = e;
            entity->text = text;
            entity->name_first = n;
        }
    }
    if (found == WX_NONE && name->end == name->first + 1 && name->type == WINNOW_TYPE_PERSON)
        for (uint32_t e = doc->entities.count; e-- > oldest;)
            if (doc->entities.at[e].type == WINNOW_TYPE_ORGANISATION &&
                s_may_be_short(text, doc->entities.at[e].text) &&
                s_short_of(w, WINNOW_TYPE_ORGANISATION, text, doc->entities.at[e].text))
                return e;
    return found != WX_NONE ? found : s_entity_new(w, text, name->type, n);
}

/* `port operator Weserkai`, `Nordhav, which`: no person, wherever the article names it. */
static bool s_company(const s_work_t *w, const wx_name_t *name)
{
    const wx_doc_t *doc = w->doc;
    const wx_sentence_t *sentence = &doc->sentences.at[doc->tokens.at[name->first].sentence];
    uint32_t before = name->first - 1;
    /* `farmer Ellen Roe` */
    if (name->end > name->first + 1 && (doc->atoms[name->first].lists & WX_LIST_FIRST_NAME))
        return false;
    if (name->first > sentence->first && !(doc->tokens.at[before].shape & WX_SHAPE_UPPER) &&
        w->company && wx_list_at(doc, w->company, before) == 1)
        return true;
    return name->end + 1 < sentence->end && wx_token_is(doc, name->end, ",") &&
           wx_token_is(doc, name->end + 1, "which");
}

static uint32_t s_name_hash(const wx_doc_t *doc, const wx_name_t *name)
{
    uint32_t hash = name->end - name->first;
    for (uint32_t t = name->first; t < name->end; t++)
        hash = (hash ^ doc->tokens.at[t].lower) * 2654435761u;
    return hash ^ hash >> 15;
}

static void s_retype(const s_work_t *w)
{
    wx_doc_t *doc = w->doc;
    /* Names of the same words hang together: heads by hash, then the one before (+ 1). */
    uint32_t mask = s_mask(doc->names.count);
    uint32_t *heads = wx_new(doc->arena, uint32_t, mask + 1);
    uint32_t *before = wx_new(doc->arena, uint32_t, doc->names.count + 1);
    for (uint32_t n = 0; n < doc->names.count; n++) {
        uint32_t *head = &heads[s_name_hash(doc, &doc->names.at[n]) & mask];
        before[n] = *head;
        *head = n + 1;
    }
    for (uint32_t n = 0; n < doc->names.count; n++) {
        const wx_name_t *name = &doc->names.at[n];
        if (name->type != WINNOW_TYPE_PERSON || !s_company(w, name))
            continue;
        winnow_str_t text = wx_doc_words(doc, name->first, name->end);
        for (uint32_t k = heads[s_name_hash(doc, name) & mask]; k; k = before[k - 1]) {
            wx_name_t *other = &doc->names.at[k - 1];
            doc->steps++;
            if (other->type == WINNOW_TYPE_PERSON &&
                wx_str_equal(wx_doc_words(doc, other->first, other->end), text))
                other->type = WINNOW_TYPE_ORGANISATION;
        }
    }
}

/* `Trade and Farming Office (TFO)`: the second name is the first one's. */
static bool s_beside(const wx_doc_t *doc, uint32_t n)
{
    const wx_name_t *name = &doc->names.at[n], *before = n ? &doc->names.at[n - 1] : NULL;
    return before && before->type != WINNOW_TYPE_PERSON && before->entity != WX_NONE &&
           name->first == before->end + 1 && wx_token_is(doc, before->end, "(") &&
           wx_token_is(doc, name->end, ")") && name->end == name->first + 1 &&
           (doc->tokens.at[name->first].shape & WX_SHAPE_ALLCAPS);
}

/* All names at once, longest first in effect: a short name that comes before its full one is led
 * to it in a second round. */
static void s_names(s_work_t *w)
{
    wx_doc_t *doc = w->doc;
    uint32_t *counts;
    for (uint32_t n = 0; n < doc->names.count; n++)
        if (wx_block_readable(
                (wx_block_class_t)doc->sentences.at[doc->tokens.at[doc->names.at[n].first].sentence]
                    .class))
            doc->names.at[n].entity =
                s_beside(doc, n) ? doc->names.at[n - 1].entity : s_name_entity(w, n);
    counts = wx_new(doc->arena, uint32_t, doc->entities.count + 1);
    uint32_t most = 0;
    for (uint32_t n = 0; n < doc->names.count; n++) {
        uint32_t e = doc->names.at[n].entity;
        if (e == WX_NONE)
            continue;
        doc->entities.at[e].mentions++;
        if (doc->entities.at[e].type == WINNOW_TYPE_ORGANISATION && ++counts[e] > most) {
            most = counts[e];
            w->main_org = e;
        }
    }
}

/* ---- Short references ------------------------------------------------------------------------ */

static void s_mention(s_work_t *w, uint32_t first, uint32_t end, uint32_t entity,
                      wx_mention_kind_t kind)
{
    wx_mention_t *mention = wx_push(w->doc->arena, &w->doc->mentions);
    *mention = (wx_mention_t){first, end, entity, kind};
}

static bool s_in(const s_work_t *w, const wx_list_t *list, uint32_t token)
{
    return list && wx_list_at(w->doc, list, token) > 0;
}

static void s_spoken(s_work_t *w, uint32_t e)
{
    switch (w->doc->entities.at[e].type) {
    case WINNOW_TYPE_PERSON:
        w->last_person = e;
        break;
    case WINNOW_TYPE_ORGANISATION:
        w->last_org = e;
        break;
    case WINNOW_TYPE_PLACE:
        w->last_place = e;
        break;
    default:
        w->last_thing = e;
        break;
    }
}

static bool s_definite(const wx_doc_t *doc, const wx_phrase_t *phrase)
{
    return wx_token_is(doc, phrase->first, "the") || wx_token_is(doc, phrase->first, "this") ||
           wx_token_is(doc, phrase->first, "that") || wx_token_is(doc, phrase->first, "its") ||
           wx_token_is(doc, phrase->first, "their");
}

/* The entity by common noun that was spoken of last with this head; else the last facility when
 * both heads are of that sort. */
static uint32_t s_known_by_noun(const s_work_t *w, wx_id_t noun)
{
    wx_doc_t *doc = w->doc;
    uint32_t oldest = s_oldest(doc);
    for (uint32_t e = doc->entities.count; e-- > oldest;) {
        doc->steps++;
        if (doc->entities.at[e].noun == noun)
            return e;
    }
    if (w->last_built != WX_NONE)
        return w->last_built;
    return w->last_thing != WX_NONE && doc->entities.at[w->last_thing].type == WINNOW_TYPE_FACILITY
               ? w->last_thing
               : WX_NONE;
}

/* The organisation whose name has the word: `the ministry`, the Ministry of Trade. The last of
 * them counts. */
static void s_index_called(s_work_t *w)
{
    wx_doc_t *doc = w->doc;
    uint32_t words = 0;
    for (uint32_t n = 0; n < doc->names.count; n++)
        words += doc->names.at[n].end - doc->names.at[n].first;
    s_index_open(doc, &w->called, words);
    for (uint32_t n = doc->names.count; n-- > 0;) {
        const wx_name_t *name = &doc->names.at[n];
        if (name->entity == WX_NONE ||
            doc->entities.at[name->entity].type != WINNOW_TYPE_ORGANISATION)
            continue;
        for (uint32_t t = name->first; t < name->end; t++) {
            uint32_t slot = s_index_slot(&w->called, doc->tokens.at[t].lower);
            if (w->called.slots[slot].word)
                continue;
            w->called.slots[slot].word = doc->tokens.at[t].lower;
            w->called.slots[slot].entity = name->entity;
        }
    }
}

/* Are all words before the head adjectives or places: `the Harlow-based company`? */
static bool s_plain(const wx_doc_t *doc, const wx_phrase_t *phrase)
{
    for (uint32_t t = phrase->first + 1; t < phrase->head; t++) {
        const wx_token_t *token = &doc->tokens.at[t];
        bool place = token->name != WX_NONE && doc->names.at[token->name].type == WINNOW_TYPE_PLACE;
        if (token->upos != WX_UPOS_ADJ && !place && !wx_token_is(doc, t, "-") &&
            !wx_token_is(doc, t, "based"))
            return false;
    }
    return true;
}

static bool s_one_of(const wx_doc_t *doc, uint32_t token, const char *const *words)
{
    for (; *words; words++)
        if (wx_token_is(doc, token, *words))
            return true;
    return false;
}

/* ---- Persons and their titles ---------------------------------------------------------------- */

/* What a word before a name says of its bearer: `Mr`, `Ms`, `spokeswoman`. */
static wx_gender_t s_word_gender(const wx_doc_t *doc, uint32_t token)
{
    static const char *const s_women[] = {"ms",   "ms.",  "mrs",   "mrs.",     "miss",     "madam",
                                          "lady", "dame", "queen", "princess", "baroness", NULL};
    static const char *const s_men[] = {"mr",   "mr.",    "sir",   "lord",
                                        "king", "prince", "baron", NULL};
    winnow_str_t word = wx_token_lower(doc, token);
    if (s_one_of(doc, token, s_women) || wx_str_ends(word, "woman"))
        return WX_GENDER_FEMALE;
    if (s_one_of(doc, token, s_men) || (wx_str_ends(word, "man") && word.size > 5))
        return WX_GENDER_MALE;
    return WX_GENDER_UNKNOWN;
}

/* The title beside a person's name: `President Jane Roe`, `Jane Roe, the president`; or WX_NONE. */
static uint32_t s_title_of(const s_work_t *w, const wx_name_t *name)
{
    const wx_doc_t *doc = w->doc;
    const wx_sentence_t *sentence = &doc->sentences.at[doc->tokens.at[name->first].sentence];
    if (name->first > sentence->first && wx_list_at(doc, w->title, name->first - 1) == 1)
        return name->first - 1;
    /* `the chairman, Jane Roe` */
    if (name->first > sentence->first + 1 && wx_token_is(doc, name->first - 1, ",") &&
        wx_list_at(doc, w->title, name->first - 2) == 1)
        return name->first - 2;
    uint32_t at = WX_NONE;
    if (wx_token_is(doc, name->end, ","))
        for (uint32_t t = name->end + 1;
             t < sentence->end && t < name->end + 8 && doc->reading->clause_at[t] == WX_NONE &&
             !(doc->tokens.at[t].shape & WX_SHAPE_PUNCT) &&
             (at == WX_NONE || doc->tokens.at[t].upos != WX_UPOS_ADP);
             t++)
            if (wx_list_at(doc, w->title, t) == 1)
                at = t;
    return at;
}

/* The organisation that a person is said to belong to: `Acme chairman Jane Roe`, `Jane Roe of
 * Acme`, `Jane Roe, who chairs Acme`, `Jane Roe, head of sales at Acme`; or WX_NONE. */
static uint32_t s_employer(const wx_doc_t *doc, const wx_name_t *name)
{
    static const char *const s_of[] = {"of", "at", "for", "with", "chairs", "heads", "runs", NULL};
    const wx_sentence_t *sentence = &doc->sentences.at[doc->tokens.at[name->first].sentence];
    for (uint32_t t = name->first; t-- > sentence->first && name->first - t < 8;) {
        uint32_t n = doc->tokens.at[t].name;
        if (doc->tokens.at[t].shape & WX_SHAPE_PUNCT || doc->reading->clause_at[t] != WX_NONE)
            break;
        if (n != WX_NONE && doc->names.at[n].type == WINNOW_TYPE_ORGANISATION)
            return doc->names.at[n].entity;
    }
    for (uint32_t t = name->end; t < sentence->end && t < name->end + 14; t++) {
        uint32_t n = doc->tokens.at[t].name;
        bool mark = (doc->tokens.at[t].shape & WX_SHAPE_PUNCT) && t > name->end;
        if (mark || (n != WX_NONE && doc->names.at[n].type == WINNOW_TYPE_PERSON))
            break;
        if (n == WX_NONE || doc->names.at[n].type != WINNOW_TYPE_ORGANISATION)
            continue;
        uint32_t before = doc->names.at[n].first - 1;
        if (wx_token_is(doc, before, "the"))
            before--;
        if (s_one_of(doc, before, s_of) || wx_token_is(doc, doc->names.at[n].end, "'s") ||
            wx_token_is(doc, doc->names.at[n].end, "’s"))
            return doc->names.at[n].entity;
    }
    return WX_NONE;
}

/* What stands beside the names of persons: title, organisation, gender. */
static void s_titles(const s_work_t *w)
{
    const wx_doc_t *doc = w->doc;
    for (uint32_t n = 0; n < doc->names.count && w->title; n++) {
        const wx_name_t *name = &doc->names.at[n];
        if (name->type != WINNOW_TYPE_PERSON || name->entity == WX_NONE)
            continue;
        wx_entity_t *entity = &doc->entities.at[name->entity];
        uint32_t at = s_title_of(w, name);
        if (at != WX_NONE && !entity->noun) {
            entity->noun = doc->tokens.at[at].lower;
            bool kind = at > 0 && doc->tokens.at[at - 1].sentence == doc->tokens.at[at].sentence &&
                        (doc->tokens.at[at - 1].upos == WX_UPOS_NOUN ||
                         doc->tokens.at[at - 1].upos == WX_UPOS_PROPN ||
                         doc->tokens.at[at - 1].upos == WX_UPOS_ADJ);
            entity->kind = kind ? doc->tokens.at[at - 1].lower : 0;
        }
        if (entity->part_of == WX_NONE)
            entity->part_of = s_employer(doc, name);
        for (uint32_t t = name->first; !entity->gender && t-- > 0 && name->first - t < 3;)
            if (doc->tokens.at[t].sentence == doc->tokens.at[name->first].sentence)
                entity->gender = s_word_gender(doc, t);
    }
}

/* `the president`, `the foreign minister`: the person of whom the article says that it is his post;
 * WX_NONE where two have it. */
static uint32_t s_titled(const s_work_t *w, const wx_phrase_t *phrase)
{
    wx_doc_t *doc = w->doc;
    wx_id_t noun = doc->tokens.at[phrase->head].lower, kind = 0;
    if (phrase->head > phrase->first + 1)
        kind = doc->tokens.at[phrase->head - 1].lower;
    uint32_t found = WX_NONE, oldest = s_oldest(doc);
    for (uint32_t e = oldest; e < doc->entities.count; e++) {
        const wx_entity_t *entity = &doc->entities.at[e];
        doc->steps++;
        if (entity->type != WINNOW_TYPE_PERSON || entity->noun != noun ||
            (kind && entity->kind != kind) ||
            doc->names.at[entity->name_first].first > phrase->first)
            continue;
        if (found != WX_NONE)
            return WX_NONE;
        found = e;
    }
    return found;
}

static void s_phrase_noun(s_work_t *w, uint32_t p)
{
    wx_doc_t *doc = w->doc;
    const wx_phrase_t *phrase = &doc->reading->phrases.at[p];
    uint32_t length = phrase->end - phrase->first;
    bool definite = s_definite(doc, phrase);
    bool bare = definite && phrase->of == WX_NONE && phrase->possessor_end == WX_NONE &&
                (length <= 3 || s_plain(doc, phrase));
    bool possessive =
        wx_token_is(doc, phrase->first, "its") || wx_token_is(doc, phrase->first, "their");
    if (bare && !possessive && s_in(w, w->project, phrase->head)) {
        uint32_t e = s_known_by_noun(w, doc->tokens.at[phrase->head].lemma);
        if (e != WX_NONE)
            s_mention(w, phrase->first, phrase->end, e, WX_MENTION_NOUN);
        return;
    }
    if (s_in(w, w->facility, phrase->head)) {
        bool of_name = phrase->of != WX_NONE;
        if (bare && !possessive) {
            uint32_t e = s_known_by_noun(w, doc->tokens.at[phrase->head].lemma);
            if (e != WX_NONE) {
                s_mention(w, phrase->first, phrase->end, e, WX_MENTION_NOUN);
                w->last_thing = e;
                return;
            }
        }
        if (of_name && definite)
            return;
        uint32_t bare_first = wx_phrase_bare(doc, p);
        if (bare_first < phrase->head || !definite) {
            uint32_t first =
                phrase->possessor_end != WX_NONE ? phrase->possessor_end + 1 : bare_first;
            uint32_t e = s_entity_new(w, wx_doc_words(doc, first, wx_phrase_full_end(doc, p)),
                                      WINNOW_TYPE_FACILITY, WX_NONE);
            doc->entities.at[e].noun = doc->tokens.at[phrase->head].lemma;
            w->last_thing = e;
            w->last_built = e;
        }
        return;
    }
    /* `the companies` are no one company */
    if (!bare || possessive || strcmp(wx_token_tag(doc, phrase->head), "NNS") == 0)
        return;
    uint32_t person = s_in(w, w->title, phrase->head) ? s_titled(w, phrase) : WX_NONE;
    if (person != WX_NONE) {
        s_mention(w, phrase->first, phrase->end, person, WX_MENTION_NOUN);
        return;
    }
    if (s_in(w, w->org, phrase->head)) {
        uint32_t e = s_index_find(&w->called, doc->tokens.at[phrase->head].lower);
        if (e == WX_NONE && s_in(w, w->generic, phrase->head))
            e = w->last_org != WX_NONE ? w->last_org : w->main_org;
        if (e != WX_NONE)
            s_mention(w, phrase->first, phrase->end, e, WX_MENTION_NOUN);
    } else if (s_in(w, w->place, phrase->head) && w->last_place != WX_NONE) {
        s_mention(w, phrase->first, phrase->end, w->last_place, WX_MENTION_NOUN);
    }
}

/* The entity of a subject by common noun. */
static uint32_t s_heard(s_work_t *w, s_heard_t *heard)
{
    if (heard->phrase == WX_NONE)
        return WX_NONE;
    if (heard->entity == WX_NONE) {
        wx_doc_t *doc = w->doc;
        winnow_str_t text = wx_doc_words(doc, wx_phrase_bare(doc, heard->phrase),
                                         wx_phrase_full_end(doc, heard->phrase));
        heard->entity = s_entity_new(w, text, WINNOW_TYPE_THING, WX_NONE);
    }
    return heard->entity;
}

/* he, she: who acted last, or who was named last, unless the article says that it is the other sort
 * of person. */
static uint32_t s_person(s_work_t *w, wx_gender_t gender)
{
    wx_doc_t *doc = w->doc;
    uint32_t candidates[] = {w->acting, w->last_person};
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
        uint32_t e = candidates[i];
        if (e == WX_NONE || (doc->entities.at[e].gender && doc->entities.at[e].gender != gender))
            continue;
        doc->entities.at[e].gender = gender;
        return e;
    }
    return WX_NONE;
}

/* I, we in a quotation: who speaks, or the organisation that he speaks for. */
static uint32_t s_own(const s_work_t *w, uint32_t t, bool many)
{
    const wx_doc_t *doc = w->doc;
    const wx_quote_t *quote = &doc->quotes.at[doc->tokens.at[t].quote];
    if (quote->scare || quote->speaker_end <= quote->speaker_first)
        return WX_NONE;
    uint32_t n = doc->tokens.at[quote->speaker_end - 1].name;
    uint32_t e = n != WX_NONE ? doc->names.at[n].entity : WX_NONE;
    if (e == WX_NONE && doc->tokens.at[quote->speaker_first].upos == WX_UPOS_PRON)
        e = w->last_person;
    if (e == WX_NONE || !many || doc->entities.at[e].type != WINNOW_TYPE_PERSON)
        return e;
    return doc->entities.at[e].part_of;
}

static void s_pronoun(s_work_t *w, uint32_t t, uint32_t subject)
{
    static const char *const s_male[] = {"he", "his", "him", NULL};
    static const char *const s_female[] = {"she", "her", NULL};
    static const char *const s_thing[] = {"it", "its", NULL};
    static const char *const s_one[] = {"i", "my", NULL};
    static const char *const s_many[] = {"we", "our", NULL};
    wx_doc_t *doc = w->doc;
    bool quoted = doc->tokens.at[t].quote != WX_NONE;
    uint32_t e = WX_NONE;
    if (s_one_of(doc, t, s_male))
        e = s_person(w, WX_GENDER_MALE);
    else if (s_one_of(doc, t, s_female))
        e = s_person(w, WX_GENDER_FEMALE);
    else if (quoted)
        e = s_one_of(doc, t, s_one) || s_one_of(doc, t, s_many)
                ? s_own(w, t, s_one_of(doc, t, s_many))
                : WX_NONE;
    else if (s_one_of(doc, t, s_thing))
        e = w->document_said.phrase != WX_NONE ? s_heard(w, &w->document_said) : subject;
    else if (wx_token_is(doc, t, "they"))
        e = s_heard(w, &w->group);
    if (e != WX_NONE)
        s_mention(w, t, t + 1, e, WX_MENTION_PRONOUN);
}

/* Remembers a subject by common noun that pronouns may take up, and forgets older ones. */
static void s_hear(s_work_t *w, uint32_t c, uint32_t p)
{
    const wx_doc_t *doc = w->doc;
    const wx_phrase_t *phrase = &doc->reading->phrases.at[p];
    if (phrase->pronoun || phrase->value != WX_NONE)
        return;
    bool says = w->saying && wx_list_at(doc, w->saying, doc->reading->clauses.at[c].verb);
    const char *tag = wx_token_tag(doc, phrase->head);
    bool many = strcmp(tag, "NNS") == 0 || wx_token_is(doc, phrase->head, "police");
    bool common = phrase->name == WX_NONE && phrase->next == WX_NONE && phrase->list == p;
    if (common && many && (says || s_in(w, w->people, phrase->head)))
        w->group = (s_heard_t){p, WX_NONE};
    else if (says)
        w->group = (s_heard_t){WX_NONE, WX_NONE};
    bool other = says && !s_in(w, w->title, phrase->head) && !s_in(w, w->people, phrase->head) &&
                 !s_in(w, w->org, phrase->head);
    if (common && !many && (other || s_in(w, w->document, phrase->head)))
        w->document_said = (s_heard_t){p, WX_NONE};
    else if (phrase->name != WX_NONE || s_in(w, w->org, phrase->head))
        w->document_said = (s_heard_t){WX_NONE, WX_NONE};
}

/* One round over the words, in which what was spoken of last is known at every point. */
static void s_references(s_work_t *w)
{
    wx_doc_t *doc = w->doc;
    const wx_reading_t *r = doc->reading;
    uint32_t subject = WX_NONE; /* the last one that is no person */
    for (uint32_t s = 0; s < doc->sentences.count; s++) {
        const wx_sentence_t *sentence = &doc->sentences.at[s];
        uint32_t before = w->last_org, acting = WX_NONE;
        bool title = sentence->class == WX_BLOCK_TITLE || sentence->class == WX_BLOCK_HEADING;
        for (uint32_t t = sentence->first; t < sentence->end; t++) {
            uint32_t n = doc->tokens.at[t].name;
            if (n != WX_NONE && doc->names.at[n].first == t && doc->names.at[n].entity != WX_NONE) {
                s_mention(w, t, doc->names.at[n].end, doc->names.at[n].entity, WX_MENTION_NAME);
                s_spoken(w, doc->names.at[n].entity);
            } else if (doc->tokens.at[t].upos == WX_UPOS_PRON) {
                s_pronoun(w, t, subject);
            }
            uint32_t p = r->phrase_at[t];
            if (p != WX_NONE && r->phrases.at[p].first == t && r->phrases.at[p].name == WX_NONE &&
                r->phrases.at[p].value == WX_NONE && !r->phrases.at[p].pronoun && !title)
                s_phrase_noun(w, p);
            uint32_t c = r->clause_at[t];
            if (c == WX_NONE || r->clauses.at[c].first != t ||
                r->clauses.at[c].subject == WX_NONE || title || doc->tokens.at[t].quote != WX_NONE)
                continue;
            const wx_phrase_t *phrase = &r->phrases.at[r->clauses.at[c].subject];
            if (!(r->clauses.at[c].flags & WX_CLAUSE_RELATIVE))
                s_hear(w, c, r->clauses.at[c].subject);
            uint32_t e = phrase->name != WX_NONE ? doc->names.at[phrase->name].entity : WX_NONE;
            for (uint32_t k = doc->mentions.count; e == WX_NONE && k-- > 0;)
                if (doc->mentions.at[k].first == phrase->first &&
                    doc->mentions.at[k].end == phrase->end)
                    e = doc->mentions.at[k].entity;
                else if (doc->mentions.at[k].first < phrase->first)
                    break;
            if (e == WX_NONE && phrase->value == WX_NONE && phrase->sentence == s)
                for (uint32_t k = doc->entities.count;
                     e == WX_NONE && k-- > 0 && doc->entities.count - k < 6;)
                    if (doc->entities.at[k].noun &&
                        doc->entities.at[k].noun == doc->tokens.at[phrase->head].lemma)
                        e = k;
            if (e == WX_NONE)
                continue;
            if (doc->entities.at[e].type != WINNOW_TYPE_PERSON)
                subject = e;
            else if (!(r->clauses.at[c].flags & WX_CLAUSE_RELATIVE) && acting == WX_NONE)
                acting = w->acting = e;
        }
        w->acting = acting;
        /* Of several organisations the subject is what the next sentence calls `the company`. */
        if (before != w->last_org && subject != WX_NONE &&
            doc->entities.at[subject].type == WINNOW_TYPE_ORGANISATION)
            w->last_org = subject;
    }
}

static void s_speakers(s_work_t *w)
{
    wx_doc_t *doc = w->doc;
    for (uint32_t q = 0; q < doc->quotes.count; q++) {
        wx_quote_t *quote = &doc->quotes.at[q];
        if (quote->speaker_end <= quote->speaker_first)
            continue;
        /* Mentions stand in the order of their first words. */
        uint32_t low = 0, high = doc->mentions.count;
        while (low < high) {
            uint32_t middle = low + (high - low) / 2;
            if (doc->mentions.at[middle].first < quote->speaker_first)
                low = middle + 1;
            else
                high = middle;
        }
        for (; low < doc->mentions.count && doc->mentions.at[low].first == quote->speaker_first;
             low++)
            if (doc->mentions.at[low].end == quote->speaker_end)
                quote->speaker = doc->mentions.at[low].entity;
    }
}

void wx_refer(wx_doc_t *doc)
{
    const wx_rules_t *rules = doc->model->rules;
    s_work_t w = {
        .doc = doc,
        .org = wx_rules_list(rules, "org-nouns"),
        .generic = wx_rules_list(rules, "org-generic"),
        .title = wx_rules_list(rules, "title-heads"),
        .project = wx_rules_list(rules, "facility-generic"),
        .place = wx_rules_list(rules, "place-nouns"),
        .facility = wx_rules_list(rules, "facility-nouns"),
        .company = wx_rules_list(rules, "company-cues"),
        .suffix = wx_rules_list(rules, "place-suffixes"),
        .last_person = WX_NONE,
        .last_org = WX_NONE,
        .last_place = WX_NONE,
        .last_thing = WX_NONE,
        .main_org = WX_NONE,
        .last_built = WX_NONE,
        .acting = WX_NONE,
        .saying = wx_rules_list(rules, "saying"),
        .people = wx_rules_list(rules, "people-nouns"),
        .document = wx_rules_list(rules, "document-nouns"),
        .group = {WX_NONE, WX_NONE},
        .document_said = {WX_NONE, WX_NONE},
    };
    s_retype(&w);
    s_names(&w);
    s_titles(&w);
    s_index_called(&w);
    s_references(&w);
    s_speakers(&w);
}
