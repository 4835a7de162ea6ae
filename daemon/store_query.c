/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store on SQLite: looking facts up.
 *
 * Words name candidates, newest article first; the records of each decide. A call looks at a
 * bounded number of blocks, articles and facts and says where to go on, so that a rare answer in a
 * large store costs several short calls rather than a long one.
 *
 *   entity "BMW Brilliance", min 1e9, unit CNY, since 2022-05-30, until 2022-06-02: all of
 *   e:bmw   e:brilliance   a:cny:09 … a:cny:99   d:20220530 … d:20220602
 */
#define _GNU_SOURCE /* memmem */
#include "store_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decimal.h"
#include "identity.h"
#include "postings.h"
#include "record.h"
#include "words.h"

#define PAGE_ROWS     50
#define PAGE_ROWS_MAX 1000
#define PAGE_BYTES    (1024 * 1024)
#define LOOK_ARTICLES 20000 /* that one call looks at */
#define LOOK_FACTS    20000
#define LOOK_BLOCKS   2000
#define WANTS_MAX     200 /* three phrases of 64 words, a kind, an amount, days */
#define PHRASE_MAX    64

/* A word that an article must have: one of those from `low` to `high`. */
typedef struct {
    char low[WD_WORD_MAX + 16], high[WD_WORD_MAX + 16];
} s_want_t;

/* A query, understood. */
typedef struct {
    const wd_query_t *query;
    unsigned limit;
    int64_t rev;                                 /* go on at this revision, */
    uint32_t n;                                  /* behind this fact */
    char since[WD_DAY_SIZE], until[WD_DAY_SIZE]; /* empty: none */
    wd_phrase_t entity, place, text;
    bool has_min, money; /* money: facts with an amount only */
    int status;          /* of wd_fact_status_t; below 0: any */
    bool retracted;      /* what is no longer told, too */
    wd_decimal_t min;
    uint8_t article[WD_HASH_SIZE];
    s_want_t *wants; /* what is wanted; none: all articles are candidates */
    size_t want_count;
} s_plan_t;

static void s_plan_free(s_plan_t *self)
{
    wd_phrase_free(&self->entity);
    wd_phrase_free(&self->place);
    wd_phrase_free(&self->text);
    free(self->wants);
}

/* ---------------------------------------------------------------------------------- to words */

static s_want_t *s_want(s_plan_t *plan)
{
    return &plan->wants[plan->want_count++];
}

static void s_want_word(s_plan_t *plan, const char *prefix, const char *word)
{
    s_want_t *want = s_want(plan);
    snprintf(want->low, sizeof want->low, "%s%s", prefix, word);
    memcpy(want->high, want->low, sizeof want->low);
}

static void s_want_all(s_plan_t *plan, const char *prefix, const wd_phrase_t *phrase)
{
    const char *word = phrase->words.data;
    for (size_t i = 0; i < phrase->count; i++, word += strlen(word) + 1)
        s_want_word(plan, prefix, word);
}

/* "2022-06-23" → d:20220623 */
static void s_day_word(char *out, size_t size, const char *day)
{
    snprintf(out, size, "d:%.4s%.2s%.2s", day, day + 5, day + 8);
}

static void s_want_days(s_plan_t *plan)
{
    s_want_t *want = s_want(plan);
    s_day_word(want->low, sizeof want->low, plan->since[0] != '\0' ? plan->since : "0000-00-00");
    s_day_word(want->high, sizeof want->high, plan->until[0] != '\0' ? plan->until : "9999-99-99");
}

static void s_want_amount(s_plan_t *plan, const char *unit)
{
    s_want_t *want = s_want(plan);
    int power = plan->has_min ? wd_decimal_power(&plan->min) : 0;
    char currency[5] = "";
    for (size_t i = 0; unit != NULL && i < 3; i++)
        currency[i] = (char)(unit[i] | 0x20);
    if (unit != NULL)
        currency[3] = ':';
    snprintf(want->low, sizeof want->low, "a:%s%02d", currency, power);
    snprintf(want->high, sizeof want->high, "a:%s99", currency);
}

/* ---------------------------------------------------------------------------------- planning */

static unsigned s_number(const char *digits, size_t count)
{
    unsigned number = 0;
    for (size_t i = 0; i < count; i++)
        number = number * 10 + (unsigned)(digits[i] - '0');
    return number;
}

/* "2022", "2022-06" and "2022-06-23" become a whole day: the first or the last of the span. */
static bool s_parse_day(const char *text, bool last, char ret[WD_DAY_SIZE])
{
    static const char form[] = "dddd-dd-dd";
    size_t size = strlen(text);
    if (size != 4 && size != 7 && size != 10)
        return false;
    for (size_t i = 0; i < size; i++)
        if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
            return false;
    memcpy(ret, last ? "0000-12-31" : "0000-01-01", WD_DAY_SIZE);
    memcpy(ret, text, size);
    unsigned month = s_number(ret + 5, 2), day = s_number(ret + 8, 2);
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static wd_code_t s_parse_phrase(wd_reader_t *reader, const char *field, const char *text,
                                wd_phrase_t *ret)
{
    if (text == NULL)
        return WD_OK;
    if (!wd_phrase_parse(ret, text))
        return wd_reader_say(reader, WD_E_MEMORY, "out of memory");
    if (ret->count == 0)
        return wd_reader_say(reader, WD_E_FIELD, "%s: \"%.100s\" has no word in it", field, text);
    if (ret->count > PHRASE_MAX)
        return wd_reader_say(reader, WD_E_FIELD, "%s: more than %d words", field, PHRASE_MAX);
    return WD_OK;
}

static wd_code_t s_parse_amount(wd_reader_t *reader, s_plan_t *plan)
{
    const wd_query_t *query = plan->query;
    plan->money = query->min != NULL || query->unit != NULL;
    if (query->min != NULL) {
        plan->has_min = wd_decimal_parse(query->min, strlen(query->min), &plan->min);
        if (!plan->has_min)
            return wd_reader_say(reader, WD_E_FIELD, "min: \"%.100s\" is no decimal number",
                                 query->min);
    }
    for (size_t i = 0; query->unit != NULL && (i < 3 || query->unit[i] != '\0'); i++)
        if (i >= 3 || query->unit[i] < 'A' || query->unit[i] > 'Z')
            return wd_reader_say(reader, WD_E_FIELD, "unit: \"%.100s\" is no ISO 4217 code",
                                 query->unit);
    return WD_OK;
}

static wd_code_t s_parse_kind(wd_reader_t *reader, const char *kind)
{
    size_t size = kind != NULL ? strlen(kind) : 0;
    if (kind != NULL &&
        (size == 0 || size > 64 || strspn(kind, "abcdefghijklmnopqrstuvwxyz0123456789_") != size))
        return wd_reader_say(reader, WD_E_FIELD, "kind: \"%.100s\" is no kind of fact", kind);
    return WD_OK;
}

static wd_code_t s_parse_status(wd_reader_t *reader, s_plan_t *plan)
{
    const char *asked = plan->query->status;
    plan->status = -1;
    for (int i = 0; asked != NULL && i < WD_FACT_STATUS_COUNT; i++)
        if (strcmp(wd_fact_status_name(i), asked) == 0)
            plan->status = i;
    if (asked != NULL && plan->status < 0)
        return wd_reader_say(reader, WD_E_FIELD, "status: \"%.100s\" is no status of a fact",
                             asked);
    plan->retracted = plan->query->retracted || plan->status == WD_FACT_RETRACTED;
    return WD_OK;
}

static wd_code_t s_plan(wd_reader_t *reader, s_plan_t *plan)
{
    const wd_query_t *query = plan->query;
    plan->limit = query->limit > 0 ? query->limit : PAGE_ROWS;
    if (plan->limit > PAGE_ROWS_MAX)
        plan->limit = PAGE_ROWS_MAX;
    plan->rev = INT64_MAX;
    if (query->after != NULL && !wd_cursor_parse(query->after, &plan->rev, &plan->n))
        return wd_reader_say(reader, WD_E_FIELD, "after: \"%.100s\" is not the next of a page",
                             query->after);
    if (query->since != NULL && !s_parse_day(query->since, false, plan->since))
        return wd_reader_say(reader, WD_E_FIELD, "since: \"%.100s\" is no ISO date", query->since);
    if (query->until != NULL && !s_parse_day(query->until, true, plan->until))
        return wd_reader_say(reader, WD_E_FIELD, "until: \"%.100s\" is no ISO date", query->until);
    wd_code_t code = s_parse_kind(reader, query->kind);
    if (code == WD_OK)
        code = s_parse_status(reader, plan);
    if (code == WD_OK)
        code = s_parse_phrase(reader, "entity", query->entity, &plan->entity);
    if (code == WD_OK)
        code = s_parse_phrase(reader, "place", query->place, &plan->place);
    if (code == WD_OK)
        code = s_parse_phrase(reader, "text", query->text, &plan->text);
    if (code == WD_OK)
        code = s_parse_amount(reader, plan);
    if (code != WD_OK)
        return code;
    if (query->article != NULL) {
        wd_identity_hash(query->article, strlen(query->article), plan->article);
        return WD_OK;
    }
    plan->wants = calloc(WANTS_MAX, sizeof *plan->wants);
    if (plan->wants == NULL)
        return wd_reader_say(reader, WD_E_MEMORY, "out of memory");
    /* Those that are often rare come first: an empty set ends a block early. */
    s_want_all(plan, "e:", &plan->entity);
    s_want_all(plan, "", &plan->text);
    s_want_all(plan, "p:", &plan->place);
    if (plan->money)
        s_want_amount(plan, query->unit);
    if (query->kind != NULL)
        s_want_word(plan, "k:", query->kind);
    if (query->since != NULL || query->until != NULL)
        s_want_days(plan);
    return WD_OK;
}

/* ------------------------------------------------------------------------------ facts, exactly */

/* Which of the asked things a record has shown so far. */
typedef struct {
    const s_plan_t *plan;
    bool entity, place, money;
} s_seen_t;

static bool s_enough(const s_plan_t *plan, wd_slice_t number, wd_slice_t unit)
{
    const char *asked = plan->query->unit;
    if (number.size == 0 || unit.size != 3 || (asked != NULL && !wd_slice_is(unit, asked)))
        return false;
    wd_decimal_t value;
    return wd_decimal_parse(number.data, number.size, &value) &&
           (!plan->has_min || wd_decimal_compare(&value, &plan->min) >= 0);
}

static bool s_look(void *arg, const wd_filler_t *filler)
{
    s_seen_t *seen = arg;
    const s_plan_t *plan = seen->plan;
    if (!seen->entity && wd_filler_named(filler))
        seen->entity = wd_phrase_in(&plan->entity, filler->text.data, filler->text.size);
    if (!seen->place && wd_filler_place(filler))
        seen->place = wd_phrase_in(&plan->place, filler->text.data, filler->text.size);
    if (!seen->money && wd_slice_is(filler->type, "money")) {
        seen->money = s_enough(plan, filler->number, filler->unit);
        for (size_t i = 0; !seen->money && i < filler->equivalents; i++)
            seen->money = s_enough(plan, filler->numbers[i], filler->units[i]);
    }
    return !(seen->entity && seen->place && seen->money);
}

static bool s_fits(const s_plan_t *plan, const char *record, size_t size)
{
    s_seen_t seen = {.plan = plan,
                     .entity = plan->entity.count == 0,
                     .place = plan->place.count == 0,
                     .money = !plan->money};
    wd_slice_t modality;
    if (plan->query->modality != NULL && !(wd_record_word(record, size, "modality", &modality) &&
                                           wd_slice_is(modality, plan->query->modality)))
        return false;
    if (!(seen.entity && seen.place && seen.money))
        wd_record_fillers(record, size, s_look, &seen);
    return seen.entity && seen.place && seen.money;
}

/* ----------------------------------------------------------------------------------- articles */

static bool s_in_text(wd_reader_t *reader, const s_plan_t *plan, int64_t rev, wd_code_t *ret_code)
{
    sqlite3_stmt *statement = wd_sql_get(&reader->sql, R_TEXT);
    bool found = false;
    if (statement == NULL) {
        *ret_code = wd_sql_fail(&reader->sql, "reading a text");
        return false;
    }
    sqlite3_bind_int64(statement, 1, rev);
    int result = sqlite3_step(statement);
    if (result == SQLITE_ROW) {
        const char *text = wd_sql_text(statement, 0);
        found = text != NULL &&
                wd_phrase_all_in(&plan->text, text, (size_t)sqlite3_column_bytes(statement, 0));
    } else if (result != SQLITE_DONE) {
        *ret_code = wd_sql_fail(&reader->sql, "reading a text");
    }
    sqlite3_reset(statement);
    return found;
}

/* Whether the current revision may have facts that are asked for. */
static bool s_candidate(wd_reader_t *reader, const s_plan_t *plan, wd_code_t *ret_code)
{
    const wd_revision_t *r = &reader->revision;
    char day[WD_DAY_SIZE];
    if (r->facts == 0 || (r->state != WD_STORED && !plan->retracted))
        return false;
    if (plan->query->source != NULL &&
        (r->source == NULL || strcmp(r->source, plan->query->source) != 0))
        return false;
    wd_article_day(r->published, r->received, day);
    if ((plan->since[0] != '\0' && strcmp(day, plan->since) < 0) ||
        (plan->until[0] != '\0' && strcmp(day, plan->until) > 0))
        return false;
    /* With an article given, the words were not asked of the index. */
    return plan->query->article == NULL || plan->text.count == 0 ||
           s_in_text(reader, plan, r->rev, ret_code);
}

typedef struct {
    unsigned articles, facts; /* looked at */
    bool full;                /* the page is, or enough was looked at: go on at rev, n */
    int64_t rev;
    uint32_t n;
} s_progress_t;

/* Whether an observation fits, but for words of the text; its record, and its revision in the
 * reader. */
static bool s_read_fits(wd_reader_t *reader, const s_plan_t *plan, int64_t id, wd_buf_t *record,
                        wd_code_t *code)
{
    record->size = 0;
    *code = wd_reader_revision(reader, id >> 16);
    if (*code == WD_OK)
        *code = wd_reader_text(reader, R_OBSERVATION, id, record);
    return *code == WD_OK && s_candidate(reader, plan, code) &&
           s_fits(plan, record->data, record->size);
}

/* Whether a newer observation of the fact fits too: then it stands for the fact. */
static wd_code_t s_stands_newer(wd_reader_t *reader, const s_plan_t *plan, const wd_fact_t *fact,
                                int64_t observation, bool *ret)
{
    wd_code_t code = WD_OK;
    wd_buf_t record = {0};
    *ret = false;
    for (size_t i = 0; code == WD_OK && !*ret && i < fact->observations.count; i++) {
        int64_t id = fact->observations.ids[i];
        if (id <= observation || plan->query->article != NULL)
            continue;
        if (s_read_fits(reader, plan, id, &record, &code))
            *ret = plan->text.count == 0 || s_in_text(reader, plan, id >> 16, &code);
    }
    wd_buf_free(&record);
    return code == WD_OK ? wd_reader_revision(reader, observation >> 16) : code;
}

/* Adds the fact of an observation that fits, unless another stands for it. */
static wd_code_t s_give(wd_reader_t *reader, const s_plan_t *plan, int64_t observation,
                        const char *record, size_t size, wd_rows_t *rows)
{
    wd_fact_t fact;
    bool newer = false;
    wd_code_t code = wd_reader_fact(reader, observation, &fact);
    bool told = wd_ids_has(&fact.observations, observation) ||
                (fact.status == WD_FACT_RETRACTED && fact.lead == observation);
    if (code == WD_OK && ((plan->status >= 0 && (int)fact.status != plan->status) ||
                          (!told && plan->query->article == NULL)))
        newer = true; /* not asked for, or told by others now */
    else if (code == WD_OK && fact.observations.count > 1)
        code = s_stands_newer(reader, plan, &fact, observation, &newer);
    if (code == WD_OK && !newer) {
        wd_buf_t row = {0};
        wd_reader_row(reader, &row, &fact, observation, record, size);
        if (!wd_rows_add(rows, &row))
            code = wd_reader_say(reader, WD_E_MEMORY, "out of memory");
    }
    wd_fact_free(&fact);
    return code;
}

/* The facts of the current revision that fit, behind number `n`. */
static wd_code_t s_facts(wd_reader_t *reader, const s_plan_t *plan, uint32_t n, wd_rows_t *rows,
                         s_progress_t *progress)
{
    int64_t rev = reader->revision.rev;
    size_t kind = 0;
    for (size_t i = 1; plan->query->kind != NULL && kind == 0; i++) {
        const char *name = wd_reader_stream(reader, i);
        if (name == NULL)
            return WD_OK; /* no fact of that kind was ever stored */
        if (strcmp(name + strlen("fact."), plan->query->kind) == 0)
            kind = i;
    }
    sqlite3_stmt *statement = wd_sql_get(&reader->sql, R_OBSERVATIONS);
    if (statement == NULL)
        return wd_sql_fail(&reader->sql, "reading facts");
    sqlite3_bind_int64(statement, 1, rev * 65536 + n + 1);
    sqlite3_bind_int64(statement, 2, rev * 65536 + 65535);
    wd_code_t code = WD_OK;
    int result = SQLITE_DONE;
    while (code == WD_OK && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        if (rows->count >= plan->limit || rows->bytes >= PAGE_BYTES) {
            progress->full = true;
            break;
        }
        progress->facts++;
        uint32_t number = (uint32_t)(sqlite3_column_int64(statement, 0) & 65535);
        const char *record = wd_sql_text(statement, 2);
        size_t size = (size_t)sqlite3_column_bytes(statement, 2);
        progress->n = number;
        if (record == NULL || (kind != 0 && (size_t)sqlite3_column_int64(statement, 1) != kind) ||
            !s_fits(plan, record, size))
            continue;
        code = s_give(reader, plan, rev * 65536 + number, record, size, rows);
    }
    if (code == WD_OK && result != SQLITE_ROW && result != SQLITE_DONE)
        code = wd_sql_fail(&reader->sql, "reading facts");
    sqlite3_reset(statement);
    return code;
}

/* ---------------------------------------------------------------------------------- candidates */

/* Revisions to look at, newest first: those of the tail and those of the blocks, merged. */
typedef struct {
    const s_plan_t *plan;
    sqlite3_stmt *rows; /* gives revs by itself: the tail, one article's, or all */
    bool rows_end;      /* it has no more */
    bool words;         /* blocks count too, and the tail's words are looked at */
    bool all;           /* every revision with facts, one look-up each */
    int64_t below;      /* `all`: facts with an id below this are still to come */
    int64_t from_rows;  /* the next that it gives, 0: not known yet */
    int64_t block;      /* the one that `set` is of; below 0: none is left */
    wd_posting_t set;   /* members not given yet */
    unsigned blocks;    /* looked at */
    bool enough;        /* of them: go on later, at the end of `block` */
} s_candidates_t;

/* The highest member, or -1. */
static int s_highest(const wd_posting_t *set)
{
    for (int i = WD_BLOCK / 64 - 1; i >= 0; i--)
        if (set->bits[i] != 0)
            return i * 64 + 63 - __builtin_clzll(set->bits[i]);
    return -1;
}

/* The set of those in the block that have all wanted words. */
static wd_code_t s_load(wd_reader_t *reader, s_candidates_t *self)
{
    sqlite3_stmt *statement = wd_sql_get(&reader->sql, R_WORDS);
    if (statement == NULL)
        return wd_sql_fail(&reader->sql, "reading words");
    memset(&self->set, 0xff, sizeof self->set);
    for (size_t i = 0; i < self->plan->want_count; i++) {
        const s_want_t *want = &self->plan->wants[i];
        wd_posting_t one = {{0}};
        sqlite3_bind_int64(statement, 1, self->block);
        wd_sql_bind_text(statement, 2, want->low);
        wd_sql_bind_text(statement, 3, want->high);
        int result;
        while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
            const uint8_t *bytes = sqlite3_column_blob(statement, 0);
            if (bytes != NULL)
                wd_posting_add(&one, bytes, (size_t)sqlite3_column_bytes(statement, 0));
        }
        wd_code_t code = result == SQLITE_DONE ? WD_OK : wd_sql_fail(&reader->sql, "reading words");
        sqlite3_reset(statement);
        if (code != WD_OK)
            return code;
        for (size_t k = 0; k < WD_BLOCK / 64; k++)
            self->set.bits[k] &= one.bits[k];
        if (s_highest(&self->set) < 0)
            break;
    }
    /* What is above the page's beginning was given before. */
    for (int at;
         (at = s_highest(&self->set)) >= 0 && self->block * WD_BLOCK + at > self->plan->rev;)
        self->set.bits[at / 64] &= ~((uint64_t)1 << (at % 64));
    self->blocks++;
    return WD_OK;
}

/* Whether the words, joined by blanks and with one at each end, have one from low to high. */
static bool s_has(const char *words, size_t size, const s_want_t *want)
{
    char key[sizeof want->low + 2];
    if (strcmp(want->low, want->high) == 0) {
        int length = snprintf(key, sizeof key, " %s ", want->low);
        return memmem(words, size, key, (size_t)length) != NULL;
    }
    /* The words of a span begin alike: "a:" or "d:". */
    snprintf(key, sizeof key, " %.2s", want->low);
    const char *p = words, *end = words + size;
    while ((p = memmem(p, (size_t)(end - p), key, 3)) != NULL) {
        p++;
        const char *stop = memchr(p, ' ', (size_t)(end - p));
        char word[sizeof want->low];
        if (stop == NULL)
            return false;
        snprintf(word, sizeof word, "%.*s", (int)(stop - p), p);
        if (strcmp(word, want->low) >= 0 && strcmp(word, want->high) <= 0)
            return true;
        p = stop;
    }
    return false;
}

static bool s_has_all(const s_plan_t *plan, sqlite3_stmt *row)
{
    const char *words = wd_sql_text(row, 1);
    size_t size = (size_t)sqlite3_column_bytes(row, 1);
    for (size_t i = 0; words != NULL && i < plan->want_count; i++)
        if (!s_has(words, size, &plan->wants[i]))
            return false;
    return words != NULL;
}

static wd_code_t s_start(wd_reader_t *reader, const s_plan_t *plan, s_candidates_t *self)
{
    *self = (s_candidates_t){.plan = plan, .block = -1};
    self->words = plan->want_count > 0;
    size_t which = plan->query->article != NULL ? R_BY_ID : self->words ? R_TAIL : R_BY_REV;
    sqlite3_stmt *statement = wd_sql_get(&reader->sql, which);
    if (statement == NULL)
        return wd_sql_fail(&reader->sql, "looking for facts");
    if (which == R_BY_ID)
        sqlite3_bind_blob(statement, 1, plan->article, WD_HASH_SIZE, SQLITE_STATIC);
    self->all = which == R_BY_REV;
    self->below = plan->rev < INT64_MAX ? (plan->rev + 1) * 65536 : INT64_MAX;
    sqlite3_bind_int64(statement, 2, plan->rev);
    self->rows = statement;
    if (!self->words)
        return WD_OK;
    statement = wd_sql_get(&reader->sql, R_NEWEST_REV);
    if (statement == NULL || sqlite3_step(statement) != SQLITE_ROW)
        return wd_sql_fail(&reader->sql, "looking for facts");
    int64_t newest = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    self->block = (newest < plan->rev ? newest : plan->rev) / WD_BLOCK;
    return s_load(reader, self);
}

/* The next revision that has facts: those without, a long backlog say, are not even looked at. */
static wd_code_t s_next_with_facts(wd_reader_t *reader, s_candidates_t *self)
{
    if (self->rows_end || self->from_rows != 0)
        return WD_OK;
    sqlite3_bind_int64(self->rows, 2, self->below);
    int result = sqlite3_step(self->rows);
    wd_code_t code = WD_OK;
    if (result == SQLITE_ROW) {
        self->from_rows = sqlite3_column_int64(self->rows, 0);
        self->below = self->from_rows * 65536;
    } else if (result == SQLITE_DONE) {
        self->rows_end = true;
    } else {
        code = wd_sql_fail(&reader->sql, "looking for facts");
    }
    sqlite3_reset(self->rows);
    return code;
}

/* The next that the rows give: self->from_rows. */
static wd_code_t s_next_row(wd_reader_t *reader, s_candidates_t *self)
{
    if (self->all)
        return s_next_with_facts(reader, self);
    while (!self->rows_end && self->from_rows == 0) {
        int result = sqlite3_step(self->rows);
        if (result == SQLITE_DONE) {
            self->rows_end = true;
        } else if (result != SQLITE_ROW) {
            return wd_sql_fail(&reader->sql, "looking for facts");
        } else if (!self->words || s_has_all(self->plan, self->rows)) {
            self->from_rows = sqlite3_column_int64(self->rows, 0);
        }
    }
    return WD_OK;
}

/* The next that the blocks give: *ret_rev, 0 for none. */
static wd_code_t s_next_member(wd_reader_t *reader, s_candidates_t *self, int64_t *ret_rev)
{
    *ret_rev = 0;
    while (self->block >= 0) {
        int at = s_highest(&self->set);
        if (at >= 0) {
            *ret_rev = self->block * WD_BLOCK + at;
            return WD_OK;
        }
        /* The rows' next lies in this block or above: no need to look further yet. */
        if (self->from_rows > self->block * WD_BLOCK)
            return WD_OK;
        if (self->block > 0 && self->blocks >= LOOK_BLOCKS) {
            self->enough = true;
            return WD_OK;
        }
        self->block--;
        wd_code_t code = self->block >= 0 ? s_load(reader, self) : WD_OK;
        if (code != WD_OK)
            return code;
    }
    return WD_OK;
}

/* The next revision, 0: none is left, or self->enough. */
static wd_code_t s_next(wd_reader_t *reader, s_candidates_t *self, int64_t *ret_rev)
{
    int64_t member = 0;
    wd_code_t code = s_next_row(reader, self);
    if (code == WD_OK)
        code = s_next_member(reader, self, &member);
    if (code != WD_OK)
        return code;
    *ret_rev = self->from_rows > member ? self->from_rows : member;
    if (*ret_rev == self->from_rows)
        self->from_rows = 0;
    if (*ret_rev == member && member > 0)
        self->set.bits[member % WD_BLOCK / 64] &= ~((uint64_t)1 << (member % 64));
    return WD_OK;
}

/* The newest observation of a disputed fact that fits is given. */
static wd_code_t s_disputed(wd_reader_t *reader, const s_plan_t *plan, int64_t newest,
                            wd_rows_t *rows)
{
    wd_fact_t fact;
    wd_buf_t record = {0};
    int64_t best = 0;
    wd_code_t code = wd_reader_revision(reader, newest >> 16);
    if (code == WD_OK)
        code = wd_reader_fact(reader, newest, &fact);
    else
        fact = (wd_fact_t){.id = 0};
    for (size_t i = 0; code == WD_OK && i < fact.observations.count; i++) {
        int64_t id = fact.observations.ids[i];
        if (id < best)
            continue;
        if (s_read_fits(reader, plan, id, &record, &code) &&
            (plan->text.count == 0 || s_in_text(reader, plan, id >> 16, &code)))
            best = id;
    }
    record.size = 0;
    if (code == WD_OK && best > 0)
        code = wd_reader_revision(reader, best >> 16);
    if (code == WD_OK && best > 0)
        code = wd_reader_text(reader, R_OBSERVATION, best, &record);
    wd_slice_t kind;
    bool of_kind = plan->query->kind == NULL ||
                   (best > 0 && wd_record_word(record.data, record.size, "kind", &kind) &&
                    wd_slice_is(kind, plan->query->kind));
    if (code == WD_OK && best > 0 && of_kind) {
        wd_buf_t row = {0};
        wd_reader_row(reader, &row, &fact, best, record.data, record.size);
        if (!wd_rows_add(rows, &row))
            code = wd_reader_say(reader, WD_E_MEMORY, "out of memory");
    }
    wd_fact_free(&fact);
    wd_buf_free(&record);
    return code;
}

/* Disputed facts stand in an index of their own. */
static wd_code_t s_page_disputed(wd_reader_t *reader, const s_plan_t *plan, wd_rows_t *rows,
                                 s_progress_t *progress)
{
    int64_t below = plan->rev < INT64_MAX ? plan->rev * 65536 + plan->n : INT64_MAX;
    wd_code_t code = WD_OK;
    while (code == WD_OK) {
        sqlite3_stmt *statement = wd_sql_get(&reader->sql, R_DISPUTED);
        if (statement == NULL)
            return wd_sql_fail(&reader->sql, "looking for facts");
        sqlite3_bind_int64(statement, 1, below);
        int result = sqlite3_step(statement);
        int64_t newest = result == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
        sqlite3_reset(statement);
        if (result != SQLITE_ROW && result != SQLITE_DONE)
            return wd_sql_fail(&reader->sql, "looking for facts");
        if (result == SQLITE_DONE)
            break;
        if (rows->count >= plan->limit || rows->bytes >= PAGE_BYTES ||
            progress->facts++ >= LOOK_FACTS) {
            progress->full = true;
            progress->rev = below >> 16;
            progress->n = (uint32_t)(below & 65535);
            break;
        }
        code = s_disputed(reader, plan, newest, rows);
        below = newest;
    }
    return code;
}

static wd_code_t s_page(wd_reader_t *reader, const s_plan_t *plan, wd_rows_t *rows,
                        s_progress_t *progress)
{
    if (plan->status == WD_FACT_DISPUTED && plan->query->article == NULL)
        return s_page_disputed(reader, plan, rows, progress);
    s_candidates_t candidates;
    int64_t rev = 0;
    wd_code_t code = s_start(reader, plan, &candidates);
    while (code == WD_OK && !progress->full) {
        code = s_next(reader, &candidates, &rev);
        if (code != WD_OK || rev == 0)
            break;
        if (rows->count >= plan->limit || rows->bytes >= PAGE_BYTES ||
            progress->articles >= LOOK_ARTICLES || progress->facts >= LOOK_FACTS) {
            progress->full = true;
            break;
        }
        progress->articles++;
        progress->rev = rev;
        progress->n = rev == plan->rev ? plan->n : 0;
        code = wd_reader_revision(reader, rev);
        if (code == WD_E_NOT_FOUND)
            code = wd_reader_say(reader, WD_E_CORRUPT, WD_STORE_FILE ": revision %lld is lost",
                                 (long long)rev);
        if (code == WD_OK && s_candidate(reader, plan, &code))
            code = s_facts(reader, plan, progress->n, rows, progress);
        if (!progress->full)
            progress->n = 65535;
    }
    if (code == WD_OK && candidates.enough) {
        progress->full = true;
        progress->rev = candidates.block * WD_BLOCK;
        progress->n = 0;
    }
    if (candidates.rows != NULL)
        sqlite3_reset(candidates.rows);
    return code;
}

wd_code_t wd_reader_query(wd_reader_t *self, const wd_query_t *query, wd_rows_t *rows)
{
    s_plan_t plan = {.query = query};
    s_progress_t progress = {0};
    wd_rows_clear(rows);
    wd_code_t code = s_plan(self, &plan);
    if (code == WD_OK)
        code = wd_reader_begin(self);
    if (code == WD_OK) {
        code = s_page(self, &plan, rows, &progress);
        wd_reader_end(self);
    }
    if (code == WD_OK && progress.full) {
        wd_buf_t next = {0};
        wd_buf_u64(&next, (uint64_t)progress.rev);
        wd_buf_char(&next, '.');
        wd_buf_u64(&next, progress.n);
        rows->next = wd_buf_take(&next, NULL);
        if (rows->next == NULL)
            code = wd_reader_say(self, WD_E_MEMORY, "out of memory");
    }
    s_plan_free(&plan);
    if (code != WD_OK)
        wd_rows_clear(rows);
    return code;
}

/* ------------------------------------------------------------------------------ lists of articles
 */

/* {"id":…,"revision":…,…,"received":…,"state":…,"facts":…,"reason":…} out of a row of R_LIST. */
static void s_article_row(wd_buf_t *out, sqlite3_stmt *statement)
{
    const char *id = wd_sql_text(statement, 8);
    wd_events_article(out, id != NULL ? id : "", (uint32_t)sqlite3_column_int64(statement, 2),
                      wd_sql_text(statement, 9), wd_sql_text(statement, 10),
                      wd_sql_text(statement, 11), wd_sql_text(statement, 12));
    if (!out->failed)
        out->size--; /* its closing brace */
    wd_buf_str(out, ",\"received\":");
    wd_buf_time(out, sqlite3_column_int64(statement, 7));
    wd_buf_field(out, "state", wd_state_name((wd_state_t)sqlite3_column_int(statement, 1)));
    wd_buf_str(out, ",\"facts\":");
    wd_buf_u64(out, (uint64_t)sqlite3_column_int64(statement, 3));
    wd_buf_field(out, "reason", wd_sql_text(statement, 13));
    wd_buf_char(out, '}');
}

static wd_code_t s_list(wd_reader_t *self, const wd_articles_query_t *query, int state,
                        int64_t before, wd_rows_t *rows, int64_t *ret_next)
{
    unsigned limit = query->limit > 0 ? query->limit : PAGE_ROWS;
    if (limit > PAGE_ROWS_MAX)
        limit = PAGE_ROWS_MAX;
    bool aside = state == WD_FAILED || state == WD_SUPERSEDED || state == WD_RETRACTED;
    size_t which = aside ? R_LIST_ASIDE : state == WD_ACCEPTED ? R_LIST_OPEN : R_LIST;
    sqlite3_stmt *statement = wd_sql_get(&self->sql, which);
    if (statement == NULL)
        return wd_sql_fail(&self->sql, "listing articles");
    sqlite3_bind_int64(statement, 1, before);
    if (aside)
        sqlite3_bind_int(statement, 2, state);
    wd_code_t code = WD_OK;
    int result = SQLITE_DONE;
    unsigned looked = 0;
    int64_t rev = 0;
    while (code == WD_OK && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        if (rows->count >= limit || rows->bytes >= PAGE_BYTES || looked >= LOOK_ARTICLES)
            break;
        looked++;
        rev = sqlite3_column_int64(statement, 0);
        const char *source = wd_sql_text(statement, 9);
        bool fits =
            (state < 0 || sqlite3_column_int(statement, 1) == state) &&
            (query->source == NULL || (source != NULL && strcmp(source, query->source) == 0));
        if (!fits)
            continue;
        wd_buf_t row = {0};
        s_article_row(&row, statement);
        if (!wd_rows_add(rows, &row))
            code = wd_reader_say(self, WD_E_MEMORY, "out of memory");
    }
    if (code == WD_OK && result != SQLITE_ROW && result != SQLITE_DONE)
        code = wd_sql_fail(&self->sql, "listing articles");
    sqlite3_reset(statement);
    *ret_next = result == SQLITE_ROW ? rev : 0;
    return code;
}

wd_code_t wd_reader_articles(wd_reader_t *self, const wd_articles_query_t *query, wd_rows_t *rows)
{
    int64_t before = INT64_MAX, next = 0;
    int state = query->state != NULL ? wd_state_parse(query->state) : -1;
    wd_rows_clear(rows);
    if (query->state != NULL && state < 0)
        return wd_reader_say(self, WD_E_FIELD, "state: \"%.100s\" is no state of an article",
                             query->state);
    if (query->after != NULL && !wd_cursor_parse(query->after, &before, NULL))
        return wd_reader_say(self, WD_E_FIELD, "after: \"%.100s\" is not the next of a page",
                             query->after);
    wd_code_t code = wd_reader_begin(self);
    if (code == WD_OK) {
        code = s_list(self, query, state, before, rows, &next);
        wd_reader_end(self);
    }
    if (code == WD_OK && next > 0) {
        wd_buf_t cursor = {0};
        wd_buf_u64(&cursor, (uint64_t)next);
        rows->next = wd_buf_take(&cursor, NULL);
        if (rows->next == NULL)
            code = wd_reader_say(self, WD_E_MEMORY, "out of memory");
    }
    if (code != WD_OK)
        wd_rows_clear(rows);
    return code;
}
