/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Quotations and who speaks in them.
 *
 * A machine over the marks finds them: one that is open at the end of a paragraph goes on in the
 * next if that begins with a mark again. Then each is asked, in this order, for its speaker:
 *
 *     "We are growing," said Jane Roe, the chairwoman.      a verb of speech behind it
 *     Jane Roe said: "We are growing."                      one before it
 *     "We are growing," she said. "We hire."                the second belongs to the first
 *     "We hire."                                            a paragraph of its own: the last
 * speaker
 *
 * Words in marks that nobody says (`the "city brain"`) are set aside. Which verbs are verbs of
 * speech is data: the list `speech` of the rules.
 */
#include "clause.h"
#include "rule.h"
#include "stages.h"

typedef struct {
    wx_doc_t *doc;
    const wx_list_t *speech;  /* say, tell, add … */
    const wx_list_t *issuing; /* issue, release: a statement */
    const wx_list_t *naming;  /* call, describe: their quotations are words, not clauses */
} s_work_t;

static uint32_t s_shape(const wx_doc_t *doc, uint32_t token)
{
    return doc->tokens.at[token].shape;
}

static uint32_t s_paragraph(const wx_doc_t *doc, uint32_t token)
{
    return doc->sentences.at[doc->tokens.at[token].sentence].paragraph;
}

/* Single marks open inner quotations and terms; only double ones, or single ones where the article
 * has no others, open speech. */
static bool s_single(const wx_doc_t *doc, uint32_t token)
{
    return wx_token_is(doc, token, "'") || wx_token_is(doc, token, "‘") ||
           wx_token_is(doc, token, "’") || wx_token_is(doc, token, "`");
}

static void s_add(wx_doc_t *doc, uint32_t first, uint32_t end)
{
    while (end > first && (s_shape(doc, end - 1) & WX_SHAPE_CLOSE) && !s_single(doc, end - 1))
        end--;
    if (end <= first)
        return;
    uint32_t index = doc->quotes.count;
    wx_quote_t *quote = wx_push(doc->arena, &doc->quotes);
    *quote = (wx_quote_t){.first = first,
                          .end = end,
                          .start_byte = doc->tokens.at[first].start,
                          .end_byte = doc->tokens.at[end - 1].end,
                          .paragraph_first = s_paragraph(doc, first),
                          .paragraph_last = s_paragraph(doc, end - 1),
                          .speaker = WX_NONE,
                          .verb = WX_NONE,
                          .next = WX_NONE};
    for (uint32_t t = first; t < end; t++)
        doc->tokens.at[t].quote = index;
}

/* A mark is open at the end of its paragraph: does the next paragraph go on with it? */
static bool s_goes_on(const wx_doc_t *doc, uint32_t next, bool single)
{
    return next < doc->tokens.count && (s_shape(doc, next) & WX_SHAPE_OPEN) &&
           s_single(doc, next) == single;
}

static void s_marks(wx_doc_t *doc, bool single)
{
    uint32_t open = WX_NONE, count = doc->tokens.count;
    for (uint32_t t = 0; t < count; t++) {
        bool mark = s_single(doc, t) == single;
        if (open != WX_NONE && t > open && s_paragraph(doc, t) != s_paragraph(doc, t - 1)) {
            bool on = s_goes_on(doc, t, single);
            if (!on) {
                s_add(doc, open, t);
                open = WX_NONE;
            } else {
                continue;
            }
        }
        if (open == WX_NONE && mark && (s_shape(doc, t) & WX_SHAPE_OPEN)) {
            open = t + 1;
        } else if (open != WX_NONE && mark && (s_shape(doc, t) & WX_SHAPE_CLOSE)) {
            s_add(doc, open, t);
            open = WX_NONE;
        }
    }
    if (open != WX_NONE)
        s_add(doc, open, count);
}

/* ---- Speakers ------------------------------------------------------------------------------- */

static bool s_has_verb(const wx_doc_t *doc, const wx_quote_t *quote)
{
    for (uint32_t t = quote->first; t < quote->end; t++)
        if (doc->reading->clause_at[t] != WX_NONE)
            return true;
    return false;
}

/* `…, a chemical, said Jane Roe`: nobody says a person. */
static bool s_person_behind(const wx_doc_t *doc, const wx_clause_t *clause)
{
    uint32_t p = doc->reading->phrase_at[clause->end];
    if (p == WX_NONE || !wx_token_is(doc, clause->verb, "said"))
        return false;
    p = wx_phrase_apposed(doc, p);
    uint32_t n = doc->reading->phrases.at[p].name;
    uint32_t next = doc->reading->phrases.at[p].end;
    bool finite = next < doc->tokens.count && doc->reading->clause_at[next] != WX_NONE;
    return n != WX_NONE && doc->names.at[n].type == WINNOW_TYPE_PERSON && !finite;
}

/* The subject of a verb of speech; `said Jane Roe` has it behind the verb. */
static void s_invert(s_work_t *w, uint32_t c)
{
    wx_doc_t *doc = w->doc;
    wx_clause_t *clause = &doc->reading->clauses.at[c];
    if (clause->first == 0 || (clause->flags & WX_CLAUSE_PASSIVE))
        return;
    uint32_t before = clause->first - 1;
    uint32_t begin = doc->sentences.at[clause->sentence].first;
    bool comma = clause->first > begin &&
                 (wx_token_is(doc, before, ",") || (s_shape(doc, before) & WX_SHAPE_CLOSE));
    if (!comma && clause->first > begin)
        return;
    /* `S, reported X in Y`: another verb stands between what looks like the subject and this one.
     */
    bool other = false;
    for (uint32_t k = c;
         k-- > doc->reading->clause_of[clause->sentence] && clause->subject != WX_NONE;)
        other = other || (doc->reading->clauses.at[k].first >
                              doc->reading->phrases.at[clause->subject].first &&
                          !(doc->reading->clauses.at[k].flags &
                            (WX_CLAUSE_RELATIVE | WX_CLAUSE_PARTICIPLE | WX_CLAUSE_GERUND)));
    bool behind = (s_shape(doc, before) & WX_SHAPE_CLOSE) || clause->subject == WX_NONE || other ||
                  s_person_behind(doc, clause);
    uint32_t object = behind ? wx_clause_object(doc, c) : WX_NONE;
    if (object != WX_NONE) {
        clause->subject = wx_phrase_apposed(doc, object);
        clause->next_object = WX_NONE;
        clause->settled = 1;
    }
}

static bool s_speech(const s_work_t *w, uint32_t c)
{
    const wx_clause_t *clause = &w->doc->reading->clauses.at[c];
    return (w->speech && wx_list_verb(w->doc, w->speech, clause)) ||
           (w->naming && wx_list_verb(w->doc, w->naming, clause));
}

/* Pronouns that name no speaker to a reader: I, you, there. */
static bool s_nobody(const wx_doc_t *doc, uint32_t p)
{
    static const char *const s_words[] = {"i",    "you",   "we",  "there", "that", "this",
                                          "what", "which", "who", "those", NULL};
    const wx_phrase_t *phrase = &doc->reading->phrases.at[p];
    for (const char *const *word = s_words; *word && phrase->end == phrase->first + 1; word++)
        if (wx_token_is(doc, phrase->first, *word))
            return true;
    return false;
}

static bool s_take(s_work_t *w, wx_quote_t *quote, uint32_t c)
{
    wx_doc_t *doc = w->doc;
    wx_clause_t *clause = &doc->reading->clauses.at[c];
    uint32_t p = clause->flags & WX_CLAUSE_PASSIVE ? clause->agent : clause->subject;
    if (p == WX_NONE || s_nobody(doc, p))
        return false;
    const wx_phrase_t *phrase = &doc->reading->phrases.at[p];
    quote->verb = clause->verb;
    quote->speaker_first = phrase->first;
    quote->speaker_end = phrase->end;
    if (phrase->name != WX_NONE) {
        quote->speaker_first = doc->names.at[phrase->name].first;
        quote->speaker_end = doc->names.at[phrase->name].end;
    }
    clause->flags |= WX_CLAUSE_QUOTING;
    return true;
}

/* `"…," said X` / `"…," X said`: the first verb behind the marks. */
static bool s_behind(s_work_t *w, wx_quote_t *quote)
{
    const wx_doc_t *doc = w->doc;
    uint32_t from = quote->end;
    while (from < doc->tokens.count && (s_shape(doc, from) & (WX_SHAPE_CLOSE | WX_SHAPE_PUNCT)) &&
           !(s_shape(doc, from) & WX_SHAPE_OPEN))
        from++;
    if (from >= doc->tokens.count || s_paragraph(doc, from) != s_paragraph(doc, quote->end - 1))
        return false;
    /* The sentence that the mark closed in, or the rest of it cut off by the splitter. */
    uint32_t sentence = doc->tokens.at[from].sentence;
    if (sentence != doc->tokens.at[quote->end - 1].sentence &&
        (s_shape(doc, from) & WX_SHAPE_UPPER) && doc->tokens.at[from].quote == WX_NONE) {
        winnow_str_t last = wx_token_form(doc, quote->end - 1);
        if (wx_str_is(last, ".") && doc->tokens.at[from].name == WX_NONE)
            return false;
    }
    for (uint32_t c = doc->reading->clause_of[sentence]; c < doc->reading->clause_of[sentence + 1];
         c++) {
        const wx_clause_t *clause = &doc->reading->clauses.at[c];
        if (clause->first < from)
            continue;
        if (doc->tokens.at[clause->verb].quote != WX_NONE)
            return false;
        if (s_speech(w, c))
            return s_take(w, quote, c);
        if (!(clause->flags & WX_CLAUSE_RELATIVE))
            return false;
    }
    return false;
}

/* `X issued the following statement: "…"` */
static bool s_issues(const s_work_t *w, uint32_t c, uint32_t end)
{
    const wx_doc_t *doc = w->doc;
    const wx_clause_t *clause = &doc->reading->clauses.at[c];
    if (!w->issuing || !wx_list_verb(doc, w->issuing, clause) || end == 0 ||
        !wx_token_is(doc, end - 1, ":"))
        return false;
    for (uint32_t t = clause->end; t < end && t < clause->end + 8; t++)
        if (wx_token_is(doc, t, "statement") || wx_token_is(doc, t, "remarks") ||
            wx_token_is(doc, t, "comment") || wx_token_is(doc, t, "comments"))
            return true;
    return false;
}

/* `X said: "…"`: the last verb before the marks. */
static bool s_before(s_work_t *w, wx_quote_t *quote)
{
    const wx_doc_t *doc = w->doc;
    uint32_t sentence = doc->tokens.at[quote->first].sentence;
    if (quote->first > 0 && doc->tokens.at[quote->first - 1].sentence != sentence)
        sentence = doc->tokens.at[quote->first - 1].sentence;
    uint32_t end = quote->first > 0 ? quote->first - 1 : 0; /* the mark */
    for (uint32_t c = doc->reading->clause_of[sentence]; c < doc->reading->clause_of[sentence + 1];
         c++)
        if (doc->reading->clauses.at[c].first < quote->first && s_issues(w, c, end))
            return s_take(w, quote, c);
    for (uint32_t c = doc->reading->clause_of[sentence + 1];
         c-- > doc->reading->clause_of[sentence];) {
        const wx_clause_t *clause = &doc->reading->clauses.at[c];
        if (clause->first >= quote->first || doc->tokens.at[clause->verb].quote != WX_NONE)
            continue;
        if (s_speech(w, c))
            return s_take(w, quote, c);
        return false;
    }
    return false;
}

/* Is the quotation a part of a clause that goes on around it? */
static bool s_part(const s_work_t *w, const wx_quote_t *quote)
{
    const wx_doc_t *doc = w->doc;
    if (quote->first < 2)
        return false;
    uint32_t before = quote->first - 2; /* before the mark */
    if (doc->tokens.at[before].sentence != doc->tokens.at[quote->first].sentence &&
        s_paragraph(doc, before) != s_paragraph(doc, quote->first))
        return false;
    if (s_shape(doc, before) & WX_SHAPE_PUNCT)
        return false;
    uint32_t c = doc->reading->clause_at[before];
    if (c != WX_NONE && s_speech(w, c))
        return false;
    uint32_t p = doc->reading->phrase_at[before];
    uint32_t verb = wx_clause_around(doc, before);
    if (verb != WX_NONE && w->naming &&
        wx_list_verb(doc, w->naming, &doc->reading->clauses.at[verb]))
        return false;
    /* `told reporters "…"`, `called it "…"` */
    uint32_t around = wx_clause_around(doc, before);
    return !(p != WX_NONE && around != WX_NONE && s_speech(w, around) &&
             wx_clause_object(doc, around) == p) ||
           !s_has_verb(doc, quote);
}

/* How many clauses have their verb before a token. */
static uint32_t s_clauses_before(const wx_doc_t *doc, uint32_t token)
{
    uint32_t low = 0, high = doc->reading->clauses.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (doc->reading->clauses.at[middle].verb < token)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The subject of the last verb of speech before the quotation's paragraph, or its own sentence. */
static bool s_last_speaker(const s_work_t *w, uint32_t index, wx_quote_t *quote)
{
    const wx_doc_t *doc = w->doc;
    enum { S_CLAUSES_BACK = 256 }; /* more than three paragraphs have */
    uint32_t paragraph = s_paragraph(doc, quote->first), from = s_clauses_before(doc, quote->first);
    for (uint32_t c = from; c-- > 0 && c + S_CLAUSES_BACK >= from;) {
        const wx_clause_t *clause = &doc->reading->clauses.at[c];
        w->doc->steps++;
        if (s_paragraph(doc, clause->verb) + 2 < paragraph)
            break;
        if (!s_speech(w, c) || clause->subject == WX_NONE ||
            (clause->flags & (WX_CLAUSE_INFINITIVE | WX_CLAUSE_PASSIVE)) ||
            s_nobody(doc, clause->subject) || doc->tokens.at[clause->verb].quote != WX_NONE)
            continue;
        const wx_phrase_t *phrase = &doc->reading->phrases.at[clause->subject];
        quote->speaker_first =
            phrase->name != WX_NONE ? doc->names.at[phrase->name].first : phrase->first;
        quote->speaker_end =
            phrase->name != WX_NONE ? doc->names.at[phrase->name].end : phrase->end;
        return true;
    }
    if (index > 0) {
        const wx_quote_t *last = &doc->quotes.at[index - 1];
        quote->speaker_first = last->speaker_first;
        quote->speaker_end = last->speaker_end;
    }
    return quote->speaker_end > quote->speaker_first;
}

static void s_speaker(s_work_t *w, uint32_t index)
{
    wx_doc_t *doc = w->doc;
    wx_quote_t *quote = &doc->quotes.at[index];
    bool verb = s_has_verb(doc, quote);
    /* `a so-called "green mile," Jane Roe said` */
    bool word = !verb && quote->end - quote->first < 4 && wx_token_is(doc, quote->end - 1, ",") &&
                !(s_shape(doc, quote->first) & WX_SHAPE_UPPER);
    if (word || s_part(w, quote) ||
        (!verb && quote->end - quote->first < 4 &&
         !(s_shape(doc, quote->end - 1) & WX_SHAPE_PUNCT))) {
        quote->scare = 1;
        return;
    }
    if (s_behind(w, quote) || s_before(w, quote))
        return;
    wx_quote_t *last = index > 0 ? &doc->quotes.at[index - 1] : NULL;
    if (last && !last->scare && last->paragraph_last == quote->paragraph_first &&
        last->speaker_end > last->speaker_first) {
        last->next = index;
        quote->continued = 1;
        quote->speaker_first = last->speaker_first;
        quote->speaker_end = last->speaker_end;
        return;
    }
    if (!verb || !s_last_speaker(w, index, quote))
        quote->scare = 1;
}

/* `…," she said, adding that`: who adds is who said. */
static void s_adding(s_work_t *w, uint32_t c)
{
    wx_doc_t *doc = w->doc;
    wx_clause_t *clause = &doc->reading->clauses.at[c];
    if (!(clause->flags & WX_CLAUSE_GERUND) || clause->first == 0 ||
        !wx_token_is(doc, clause->first - 1, ","))
        return;
    for (uint32_t k = c; k-- > doc->reading->clause_of[clause->sentence];) {
        const wx_clause_t *before = &doc->reading->clauses.at[k];
        bool inside = doc->tokens.at[before->verb].quote != WX_NONE;
        if (inside || !s_speech(w, k) || before->subject == WX_NONE ||
            (before->flags & (WX_CLAUSE_RELATIVE | WX_CLAUSE_INFINITIVE | WX_CLAUSE_PASSIVE)))
            continue;
        clause->subject = before->subject;
        return;
    }
}

void wx_quote(wx_doc_t *doc)
{
    s_work_t w = {doc, wx_rules_list(doc->model->rules, "speech"),
                  wx_rules_list(doc->model->rules, "issuing"),
                  wx_rules_list(doc->model->rules, "naming")};
    for (uint32_t t = 0; t < doc->tokens.count; t++)
        doc->tokens.at[t].quote = WX_NONE;
    s_marks(doc, false);
    if (doc->quotes.count == 0)
        s_marks(doc, true);
    for (uint32_t c = 0; c < doc->reading->clauses.count; c++)
        if (s_speech(&w, c) && doc->tokens.at[doc->reading->clauses.at[c].verb].quote == WX_NONE)
            s_invert(&w, c);
    for (uint32_t c = 0; c < doc->reading->clauses.count; c++)
        if (s_speech(&w, c))
            s_adding(&w, c);
    for (uint32_t q = 0; q < doc->quotes.count; q++)
        s_speaker(&w, q);
}
