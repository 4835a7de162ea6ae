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

typedef struct {
    wx_doc_t *doc;
    s_index_t called; /* organisations, by a word of their last name that has it */
    s_index_t titled; /* persons, by the noun of their title */
    const wx_list_t *org, *place, *facility, *suffix, *company, *generic, *project, *title;
    uint32_t last_person, last_org, last_place, last_thing; /* entities as last spoken of */
    uint32_t main_org;                                      /* named most often */
    uint32_t last_built;                                    /* the last facility by common noun */
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
        return wx_str_equal(a[0], b[0]) && wx_str_equal(a[n - 1], b[m - 1]);
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

/* The person whose title has the noun: `President Jane Roe`, `Jane Roe, the president`. Nobody
 * where two have it. */
static void s_index_titled(s_work_t *w)
{
    wx_doc_t *doc = w->doc;
    s_index_open(doc, &w->titled, doc->entities.count);
    for (uint32_t e = 0; e < doc->entities.count; e++) {
        wx_id_t noun = doc->entities.at[e].noun;
        if (doc->entities.at[e].type != WINNOW_TYPE_PERSON || !noun)
            continue;
        uint32_t slot = s_index_slot(&w->titled, noun);
        w->titled.slots[slot].entity = w->titled.slots[slot].word ? WX_NONE : e;
        w->titled.slots[slot].word = noun;
    }
}

/* What titles stand beside the names of persons. */
static void s_titles(const s_work_t *w)
{
    const wx_doc_t *doc = w->doc;
    for (uint32_t n = 0; n < doc->names.count && w->title; n++) {
        const wx_name_t *name = &doc->names.at[n];
        if (name->type != WINNOW_TYPE_PERSON || name->entity == WX_NONE)
            continue;
        const wx_sentence_t *sentence = &doc->sentences.at[doc->tokens.at[name->first].sentence];
        uint32_t at = WX_NONE;
        if (name->first > sentence->first && wx_list_at(doc, w->title, name->first - 1) == 1)
            at = name->first - 1;
        for (uint32_t t = name->end + 1;
             at == WX_NONE && wx_token_is(doc, name->end, ",") && t < sentence->end &&
             t < name->end + 6 && !(doc->tokens.at[t].shape & WX_SHAPE_PUNCT);
             t++)
            if (wx_list_at(doc, w->title, t) == 1)
                at = t;
        if (at != WX_NONE && !doc->entities.at[name->entity].noun)
            doc->entities.at[name->entity].noun = doc->tokens.at[at].lemma;
    }
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
    uint32_t person = s_in(w, w->title, phrase->head)
                          ? s_index_find(&w->titled, doc->tokens.at[phrase->head].lemma)
                          : WX_NONE;
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

static bool s_one_of(const wx_doc_t *doc, uint32_t token, const char *const *words)
{
    for (; *words; words++)
        if (wx_token_is(doc, token, *words))
            return true;
    return false;
}

static void s_pronoun(s_work_t *w, uint32_t t, uint32_t subject)
{
    static const char *const s_person[] = {"he", "she", "his", "him", "her", NULL};
    static const char *const s_thing[] = {"it", "its", NULL};
    static const char *const s_speaker[] = {"i", "my", NULL};
    wx_doc_t *doc = w->doc;
    if (doc->tokens.at[t].quote != WX_NONE && !s_one_of(doc, t, s_person))
        return;
    uint32_t e = WX_NONE;
    if (s_one_of(doc, t, s_person))
        e = w->last_person;
    else if (s_one_of(doc, t, s_thing))
        e = subject;
    else if (s_one_of(doc, t, s_speaker))
        e = WX_NONE;
    if (e != WX_NONE)
        s_mention(w, t, t + 1, e, WX_MENTION_PRONOUN);
}

/* One round over the words, in which what was spoken of last is known at every point. */
static void s_references(s_work_t *w)
{
    wx_doc_t *doc = w->doc;
    const wx_reading_t *r = doc->reading;
    uint32_t subject = WX_NONE; /* the last one that is no person */
    for (uint32_t s = 0; s < doc->sentences.count; s++) {
        const wx_sentence_t *sentence = &doc->sentences.at[s];
        uint32_t before = w->last_org;
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
            if (e != WX_NONE && doc->entities.at[e].type != WINNOW_TYPE_PERSON)
                subject = e;
        }
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
    };
    s_retype(&w);
    s_names(&w);
    s_titles(&w);
    s_index_called(&w);
    s_index_titled(&w);
    s_references(&w);
    s_speakers(&w);
}
