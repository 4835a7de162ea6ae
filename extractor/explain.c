/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For people it looks like this, `<-` before words that refer to something:
 *
 *     ownership, actual: rule owns at ownership.rules:81
 *       evidence      The company owns two mills.
 *       because of    owns
 *       entity        two mills  by `object`
 *       owner         Kestrel Ltd  <- The company, a noun  by `subject`
 */
#include "explain.h"

#include "facts.h"
#include "json.h"
#include "rule.h"

/* ---- What is told of a fact ------------------------------------------------------------------ */

static winnow_str_t s_trigger(const wx_doc_t *doc, const wx_fact_t *fact)
{
    return wx_doc_words(doc, fact->trigger_first, fact->trigger_end);
}

/* The words of the article that a filler was read from; empty: it does not stand there. */
static winnow_str_t s_words(const wx_doc_t *doc, const wx_filler_t *filler)
{
    bool placed = filler->start != WX_NONE && filler->end > filler->start;
    return placed ? wx_doc_slice(doc, filler->start, filler->end) : WX_STR("");
}

static winnow_str_t s_source(const wx_filler_t *filler)
{
    return filler->source ? filler->source->written : WX_STR("");
}

/* How the words refer to the entity: name, pronoun, noun; NULL: they do not. */
static const char *s_reference(const wx_doc_t *doc, const wx_filler_t *filler)
{
    static const char *const s_kinds[] = {
        [WX_MENTION_NAME] = "name", [WX_MENTION_PRONOUN] = "pronoun", [WX_MENTION_NOUN] = "noun"};
    if (filler->entity == WX_NONE || filler->start == WX_NONE)
        return NULL;
    uint32_t low = 0, high = doc->mentions.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (doc->tokens.at[doc->mentions.at[middle].first].start < filler->start)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < doc->mentions.count; low++) {
        const wx_mention_t *mention = &doc->mentions.at[low];
        if (doc->tokens.at[mention->first].start != filler->start)
            break;
        if (mention->entity == filler->entity)
            return s_kinds[mention->kind];
    }
    return "name";
}

/* ---- For people ------------------------------------------------------------------------------ */

typedef struct {
    wx_arena_t *arena;
    struct {
        char *at;
        uint32_t count, capacity;
    } out;
} s_writer_t;

static void s_put(s_writer_t *to, winnow_str_t text)
{
    for (size_t i = 0; i < text.size; i++)
        *wx_push(to->arena, &to->out) = text.data[i];
}

static void s_put_word(s_writer_t *to, const char *word)
{
    s_put(to, wx_str_from(word));
}

/* Words on one line, the middle of long ones left out. */
static void s_put_line(s_writer_t *to, winnow_str_t text)
{
    enum { S_ENDS = 90 };
    bool cut = text.size > 2 * S_ENDS + 20;
    for (size_t i = 0; i < text.size; i++) {
        size_t behind = text.size - S_ENDS;
        bool boundary = ((unsigned char)text.data[i] & 0xC0) != 0x80;
        if (cut && i >= S_ENDS && i < behind && boundary) {
            s_put_word(to, " … ");
            i = behind;
            while (((unsigned char)text.data[i] & 0xC0) == 0x80)
                i++;
        }
        char c = text.data[i];
        *wx_push(to->arena, &to->out) = c == '\n' || c == '\t' || c == '\r' ? ' ' : c;
    }
}

static void s_label(s_writer_t *to, const char *label, size_t size)
{
    enum { S_COLUMN = 14 };
    s_put_word(to, "\n  ");
    s_put(to, (winnow_str_t){label, size});
    for (size_t i = size; i < S_COLUMN; i++)
        s_put_word(to, " ");
}

static void s_filler_text(s_writer_t *to, const wx_doc_t *doc, winnow_str_t role,
                          const wx_filler_t *filler)
{
    winnow_str_t text = wx_filler_public(doc, filler).text, words = s_words(doc, filler);
    const char *reference = s_reference(doc, filler);
    s_label(to, role.data, role.size);
    s_put_line(to, text);
    if (words.size && !wx_str_equal(words, text)) {
        s_put_word(to, "  <- ");
        s_put_line(to, words);
        if (reference) {
            s_put_word(to, ", a ");
            s_put_word(to, reference);
        }
    }
    if (s_source(filler).size) {
        s_put_word(to, "  by `");
        s_put_line(to, s_source(filler));
        s_put_word(to, "`");
    }
}

static void s_fact_text(s_writer_t *to, const wx_doc_t *doc, const wx_fact_t *fact)
{
    s_put_word(to, winnow_kind_name(fact->kind));
    s_put_word(to, ", ");
    s_put_word(to, winnow_modality_name(fact->modality));
    s_put_word(to, ": rule ");
    s_put(to, fact->rule);
    if (fact->made_by) {
        s_put_word(to, " at ");
        s_put(to, fact->made_by->file);
        s_put(to, wx_str_format(to->arena, ":%u", (unsigned)fact->made_by->line));
    }
    if (fact->confidence >= 0)
        s_put(to, wx_str_format(to->arena, ", confidence %d.%02d", (int)fact->confidence / 1000,
                                (int)fact->confidence / 10 % 100));
    s_label(to, "evidence", 8);
    s_put_line(to, wx_doc_slice(doc, fact->start, fact->end));
    if (fact->made_by) {
        s_label(to, "because of", 10);
        s_put_line(to, s_trigger(doc, fact));
    }
    for (uint32_t r = 0; r < fact->roles.count; r++)
        for (uint32_t i = 0; i < fact->roles.at[r].fillers.count; i++)
            s_filler_text(to, doc, fact->roles.at[r].name, &fact->roles.at[r].fillers.at[i]);
    if (fact->reported_by.size) {
        s_label(to, "reported by", 11);
        s_put(to, fact->reported_by);
    }
    s_put_word(to, "\n\n");
}

winnow_str_t wx_explain_text(wx_doc_t *doc)
{
    s_writer_t to = {.arena = doc->arena};
    for (uint32_t i = 0; i < doc->facts.count; i++)
        if (!doc->facts.at[i].dropped)
            s_fact_text(&to, doc, &doc->facts.at[i]);
    return (winnow_str_t){to.out.at ? to.out.at : "", to.out.count};
}

/* ---- For programs ---------------------------------------------------------------------------- */

static void s_filler_json(wx_json_t *json, const wx_doc_t *doc, const wx_filler_t *filler)
{
    const char *reference = s_reference(doc, filler);
    wx_json_open_map(json, NULL);
    wx_json_string(json, "text", wx_filler_public(doc, filler).text);
    if (s_words(doc, filler).size) {
        wx_json_string(json, "words", s_words(doc, filler));
        wx_json_integer(json, "start", filler->start);
        wx_json_integer(json, "end", filler->end);
    }
    if (reference)
        wx_json_string(json, "refers_by", wx_str_from(reference));
    if (s_source(filler).size)
        wx_json_string(json, "source", s_source(filler));
    wx_json_close_map(json);
}

static winnow_str_t s_fact_json(const wx_doc_t *doc, const wx_fact_t *fact)
{
    wx_json_t *json = wx_json_new(doc->arena);
    wx_json_open_map(json, NULL);
    wx_json_string(json, "kind", wx_str_from(winnow_kind_name(fact->kind)));
    wx_json_string(json, "modality", wx_str_from(winnow_modality_name(fact->modality)));
    wx_json_string(json, "rule", fact->rule);
    if (fact->made_by) {
        wx_json_string(json, "file", fact->made_by->file);
        wx_json_integer(json, "line", fact->made_by->line);
        wx_json_string(json, "trigger", s_trigger(doc, fact));
    }
    if (fact->confidence >= 0)
        wx_json_decimal(json, "confidence", (winnow_decimal_t){fact->confidence / 10, -2});
    wx_json_open_map(json, "roles");
    for (uint32_t r = 0; r < fact->roles.count; r++) {
        wx_json_open_list(json, fact->roles.at[r].name);
        for (uint32_t i = 0; i < fact->roles.at[r].fillers.count; i++)
            s_filler_json(json, doc, &fact->roles.at[r].fillers.at[i]);
        wx_json_close_list(json);
    }
    wx_json_close_map(json);
    wx_json_open_map(json, "evidence");
    wx_json_integer(json, "start", fact->start);
    wx_json_integer(json, "end", fact->end);
    wx_json_close_map(json);
    wx_json_close_map(json);
    return wx_json_text(json);
}

winnow_str_t wx_explain_json(wx_doc_t *doc)
{
    s_writer_t to = {.arena = doc->arena};
    for (uint32_t i = 0; i < doc->facts.count; i++) {
        if (doc->facts.at[i].dropped)
            continue;
        s_put(&to, s_fact_json(doc, &doc->facts.at[i]));
        s_put_word(&to, "\n");
    }
    return (winnow_str_t){to.out.at ? to.out.at : "", to.out.count};
}
