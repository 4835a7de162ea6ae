/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Days, months, years and periods: a grammar over tokens, and the calendar.
 *
 *     date   := deadline? part (joint part)?       by the end of 2025; March 30 to April 2
 *     part   := edge? (day | month | year | quarter | half | months | decade | season
 *                      | relative | span)          late May; the first half of last year
 *
 * What the text leaves open is filled in from the article's date: a year that is not said is the
 * one that makes the date lie behind it, or ahead where the sentence looks forward. Without an
 * article's date a day keeps its XXXX, and relative words have no value.
 */
#include "stages.h"

#include "chars.h"
#include "day.h"
#include "decimal.h"
#include "number.h"
#include "value.h"
#include "words.h"

#include <stdlib.h>

/* A year, month or day: month 0 is a year, day 0 is a month, year 0 is not known (yet). */
typedef struct {
    int year, month, day;
} s_point_t;

/* What was read, from one token to another. */
typedef struct {
    uint32_t first, end;
    s_point_t from, to; /* the same for a single date */
    bool period;
    bool year_said; /* or found from words like `last` */
    bool relative;  /* needed the article's date */
    bool open;      /* would have needed it */
    bool deadline;
    bool ahead; /* next, coming */
} s_span_t;

typedef struct {
    wx_doc_t *doc;
    uint32_t first, end; /* of the sentence */
    int year;            /* a past year that the paragraph speaks of; 0: none */
    s_point_t from, to;  /* the months that the sentence spoke of last; year 0: none */
} s_reader_t;

static bool s_is(const s_reader_t *r, uint32_t at, const char *word)
{
    return at < r->end && wx_token_is(r->doc, at, word);
}

static bool s_any(const s_reader_t *r, uint32_t at, const char *const *words)
{
    for (; *words; words++)
        if (s_is(r, at, *words))
            return true;
    return false;
}

static const wx_word_t *s_word(const s_reader_t *r, uint32_t at, wx_word_class_t class)
{
    return at < r->end ? wx_word_at(r->doc, at, r->end, class) : NULL;
}

static bool s_hyphen(const s_reader_t *r, uint32_t at)
{
    return at < r->end && wx_token_hyphen(r->doc, at);
}

static wx_day_t s_today(const s_reader_t *r)
{
    return r->doc->published;
}

/* ---- Small numbers ------------------------------------------------------------------------- */

/* Plain digits without separators, of so many characters; -1: none. */
static int s_plain(const s_reader_t *r, uint32_t at, size_t least, size_t most)
{
    if (at >= r->end)
        return -1;
    winnow_str_t form = wx_token_form(r->doc, at);
    int number = 0;
    if (form.size < least || form.size > most)
        return -1;
    for (size_t i = 0; i < form.size; i++) {
        if (form.data[i] < '0' || form.data[i] > '9')
            return -1;
        number = 10 * number + (form.data[i] - '0');
    }
    return number;
}

static int s_year_digits(const s_reader_t *r, uint32_t at)
{
    int year = s_plain(r, at, 4, 4);
    return year >= 1000 && year <= 2199 ? year : 0;
}

/* 1 to 31: `27`, `27th`. */
static int s_day_digits(const s_reader_t *r, uint32_t at, bool *ret_ordinal)
{
    *ret_ordinal = false;
    int day = s_plain(r, at, 1, 2);
    if (day < 0 && at < r->end) {
        winnow_str_t form = wx_token_form(r->doc, at);
        if (form.size < 3 || form.size > 4 ||
            !(wx_str_ends(form, "th") || wx_str_ends(form, "st") || wx_str_ends(form, "nd") ||
              wx_str_ends(form, "rd")))
            return 0;
        day = 0;
        for (size_t i = 0; i + 2 < form.size; i++) {
            if (form.data[i] < '0' || form.data[i] > '9')
                return 0;
            day = 10 * day + (form.data[i] - '0');
        }
        *ret_ordinal = true;
    }
    return day >= 1 && day <= 31 ? day : 0;
}

static int s_month(const s_reader_t *r, uint32_t at, uint32_t *ret_next)
{
    const wx_word_t *word = s_word(r, at, WX_WORD_MONTH);
    if (!word) {
        word = s_word(r, at, WX_WORD_MONTH_MARK);
        /* `mar`, `dec` need their capital. */
        if (!word || !(r->doc->tokens.at[at].shape & WX_SHAPE_UPPER))
            return 0;
    } else if (!(r->doc->tokens.at[at].shape & WX_SHAPE_UPPER)) {
        return 0;
    }
    *ret_next = at + word->length;
    return (int)wx_decimal_whole(word->number, 0);
}

/* ---- The calendar -------------------------------------------------------------------------- */

static s_point_t s_of_day(wx_day_t day)
{
    return (s_point_t){day.year, day.month, day.day};
}

/* The month that lies `months` after this one. */
static s_point_t s_add_months(s_point_t p, int months)
{
    int count = p.year * 12 + p.month - 1 + months;
    return (s_point_t){count / 12, count % 12 + 1, 0};
}

static void s_single(s_span_t *span, s_point_t p)
{
    span->from = span->to = p;
    span->period = false;
}

static void s_period(s_span_t *span, s_point_t from, s_point_t to)
{
    span->from = from;
    span->to = to;
    span->period = true;
}

/* Marks what needs the article's date; false when there is none. */
static bool s_needs_today(const s_reader_t *r, s_span_t *span)
{
    span->relative = true;
    span->year_said = true;
    if (s_today(r).year)
        return true;
    span->open = true;
    return false;
}

/* ---- Where a year is not said -------------------------------------------------------------- */

/* `said Wednesday`, `opened on March 3`: what is told is behind us. */
static bool s_told(const s_reader_t *r, uint32_t first)
{
    static const char *const s_to_come[] = {"scheduled", "expected", "planned",
                                            "slated",    "proposed", NULL};
    uint32_t at = first;
    at -= at > r->first &&
          (s_is(r, at - 1, "on") || s_is(r, at - 1, "late") || s_is(r, at - 1, "in"));
    if (at == r->first || (at > r->first + 1 && s_is(r, at - 2, "be")))
        return false;
    if (s_word(r, at - 1, WX_WORD_SPEECH))
        return true;
    winnow_str_t before = wx_token_lower(r->doc, at - 1);
    return before.size > 3 && wx_str_ends(before, "ed") && !s_any(r, at - 1, s_to_come);
}

/* Does the sentence look ahead, before this token? */
static bool s_ahead(const s_reader_t *r, uint32_t first)
{
    static const char *const s_words[] = {
        "will",     "plans",    "plan",        "planned", "scheduled", "expected", "expects",
        "due",      "upcoming", "set",         "'ll",     "shall",     "slated",   "aims",
        "intends",  "hopes",    "forthcoming", "would",   "deadline",  "starting", "begins",
        "planning", "proposed", "ahead",       NULL};
    if (s_told(r, first))
        return false;
    for (uint32_t t = first; t > r->first && t + 24 > first; t--) {
        if (s_word(r, t - 1, WX_WORD_SPEECH))
            return false; /* `will invest, he told reporters here on Tuesday` */
        if (s_any(r, t - 1, s_words) ||
            (s_is(r, t, "to") && (s_is(r, t - 1, "is") || s_is(r, t - 1, "are"))))
            return true;
    }
    /* `The vote on November 3 will …` */
    for (uint32_t t = first; t < r->end && t < first + 4; t++) {
        if (r->doc->tokens.at[t].shape & WX_SHAPE_PUNCT)
            break;
        if (s_is(r, t, "will"))
            return true;
    }
    static const char *const s_before[] = {"by", "until", "till", NULL};
    return first > r->first && s_any(r, first - 1, s_before);
}

/* The year for a month, or a month and day, without one. */
static int s_guess_year(const s_reader_t *r, uint32_t first, int month, int day)
{
    wx_day_t today = s_today(r);
    if (today.year == 0)
        return 0;
    if (r->year && r->year < today.year && !s_ahead(r, first))
        return r->year;
    int32_t now = wx_day_number(today);
    wx_day_t then = {today.year, (int8_t)month, (int8_t)(day ? day : 1)};
    int32_t distance = wx_day_number(then) - now;
    bool same_month = month == today.month;
    if (s_ahead(r, first)) {
        bool past = day ? distance < 0 : month < today.month;
        /* Long past only: `the exhibition, which opened on March 1, will …` */
        return past && distance < -150 ? today.year + 1 : today.year;
    }
    if (distance <= 0 || (!day && same_month))
        return distance < -330 ? today.year + 1 : today.year;
    return day && distance <= 40 ? today.year : today.year - 1;
}

/* ---- Parts --------------------------------------------------------------------------------- */

/* `, 2020`, ` 2020`, ` of 2020`, ` last year`, ` this year`, ` next year` behind a day or month. */
static uint32_t s_year_behind(const s_reader_t *r, uint32_t at, bool comma, s_span_t *span)
{
    uint32_t word = at;
    if (comma && s_is(r, word, ","))
        word++;
    if (s_is(r, word, "of") || s_is(r, word, "in"))
        word++;
    if (s_is(r, word, "the") && s_is(r, word + 1, "year"))
        return at;
    int year = s_year_digits(r, word);
    if (year >= 1500) {
        span->from.year = span->to.year = year;
        span->year_said = true;
        return word + 1;
    }
    if (word > at && s_is(r, at, "in"))
        return at;
    int shift = s_is(r, word, "last") ? -1 : s_is(r, word, "next") ? 1 : 0;
    bool named = shift || s_is(r, word, "this") || s_is(r, word, "same");
    if (named && s_is(r, word + 1, "year") && s_needs_today(r, span)) {
        span->from.year = span->to.year = s_today(r).year + shift;
        return word + 2;
    }
    return at;
}

static bool s_valid(int year, int month, int day)
{
    return day <= wx_day_in_month(year ? year : 2000, month);
}

/*
 * A day or month by name.
 *
 *     (Friday,)? March 27(th)?(-29)?(, 2020)?     27(th)? (of)? March (2020)?     March (2020)?
 */
static bool s_named(const s_reader_t *r, uint32_t at, s_span_t *ret)
{
    s_span_t span = {.first = at};
    uint32_t next = at;
    bool ordinal, weekday = false;
    const wx_word_t *word = s_word(r, at, WX_WORD_WEEKDAY);
    if (word) {
        weekday = true;
        at += word->length;
        at += s_is(r, at, ",");
        at += s_is(r, at, "the");
    }
    int month = s_month(r, at, &next), day;
    if (month) {
        uint32_t number = next + s_is(r, next, "the");
        day = s_day_digits(r, number, &ordinal);
        bool unit =
            day && !ordinal && number + 1 < r->end &&
            (s_word(r, number + 1, WX_WORD_PERCENT) || s_word(r, number + 1, WX_WORD_SCALE));
        if (day && !unit && s_valid(0, month, day)) {
            next = number + 1;
            s_single(&span, (s_point_t){0, month, day});
            /* March 3-5, March 3 to 5, May 3 and 4 */
            bool second_ordinal;
            bool joins = s_hyphen(r, next) ||
                         ((s_is(r, next, "to") || s_is(r, next, "through") || s_is(r, next, "–")) &&
                          !s_word(r, next + 2, WX_WORD_MONTH));
            int last = joins ? s_day_digits(r, next + 1, &second_ordinal) : 0;
            if (last > day && s_valid(0, month, last) && !s_word(r, next + 2, WX_WORD_MONTH)) {
                s_period(&span, span.from, (s_point_t){0, month, last});
                next += 2;
            }
            span.end = s_year_behind(r, next, true, &span);
            *ret = span;
            return true;
        }
        if (weekday)
            return false;
        s_single(&span, (s_point_t){0, month, 0});
        /* March '20 is not read; March, 2020 and March of 2020 are. */
        span.end = s_year_behind(r, next, true, &span);
        *ret = span;
        return true;
    }
    day = s_day_digits(r, at, &ordinal);
    if (!day)
        return false;
    next = at + 1;
    int last = 0;
    bool last_ordinal = false;
    if (s_hyphen(r, next) || s_is(r, next, "to") || s_is(r, next, "and") || s_is(r, next, "–")) {
        last = s_day_digits(r, next + 1, &last_ordinal);
        if (last > day)
            next += 2;
        else
            last = 0;
    }
    next += s_is(r, next, "of") && (ordinal || last_ordinal);
    next += s_hyphen(r, next);
    month = s_month(r, next, &next);
    if (!month || !s_valid(0, month, day) || (last && !s_valid(0, month, last)))
        return false;
    s_single(&span, (s_point_t){0, month, day});
    if (last)
        s_period(&span, span.from, (s_point_t){0, month, last});
    if (s_hyphen(r, next) && s_year_digits(r, next + 1))
        next++;
    span.end = s_year_behind(r, next, true, &span);
    *ret = span;
    return true;
}

/* 2020-03-27 (five tokens), 27/03/2020, 2020/3/27, 27.03.2020. */
static bool s_numeric(const s_reader_t *r, uint32_t at, s_span_t *ret)
{
    s_span_t span = {.first = at, .year_said = true};
    int year = s_year_digits(r, at);
    if (year && s_hyphen(r, at + 1) && s_hyphen(r, at + 3)) {
        int month = s_plain(r, at + 2, 2, 2), day = s_plain(r, at + 4, 2, 2);
        if (month >= 1 && month <= 12 && day >= 1 && s_valid(year, month, day)) {
            s_single(&span, (s_point_t){year, month, day});
            span.end = at + 5;
            *ret = span;
            return true;
        }
    }
    winnow_str_t form = wx_token_form(r->doc, at);
    size_t slashes = 0, stops = 0;
    for (size_t i = 0; i < form.size; i++) {
        slashes += form.data[i] == '/';
        stops += form.data[i] == '.';
    }
    wx_day_t day;
    if ((slashes == 2 || stops == 2) && form.size >= 8 && form.size <= 10 &&
        wx_day_find(form, true, &day)) {
        s_single(&span, s_of_day(day));
        span.end = at + 1;
        *ret = span;
        return true;
    }
    return false;
}

/* 2021-25, 2013-2015, 2013/14: the last year, given the first; 0: none. */
static int s_second_year(const s_reader_t *r, uint32_t at, int first)
{
    int year = s_year_digits(r, at);
    if (year > first && year - first < 500)
        return year;
    int two = s_plain(r, at, 2, 2);
    if (two < 0)
        return 0;
    year = first / 100 * 100 + two;
    return year > first ? year : 0;
}

/* Does something stand at `at` that makes the digits before it an amount and no year? */
static bool s_counts(const s_reader_t *r, uint32_t at)
{
    if (at >= r->end)
        return false;
    if (s_word(r, at, WX_WORD_PERCENT) || s_word(r, at, WX_WORD_SCALE) ||
        s_word(r, at, WX_WORD_CURRENCY) || s_word(r, at, WX_WORD_UNIT) ||
        s_word(r, at, WX_WORD_UNIT_MARK) || s_word(r, at, WX_WORD_DURATION))
        return !s_is(r, at, "second") && !s_is(r, at, "in");
    return false;
}

/* A lower-case plural behind digits that have no preposition: `1900 workers`. */
static bool s_counts_noun(const s_reader_t *r, uint32_t at)
{
    if (at >= r->end || !(r->doc->tokens.at[at].shape & WX_SHAPE_LOWER))
        return false;
    winnow_str_t lower = wx_token_lower(r->doc, at);
    return (lower.size > 3 && wx_str_ends(lower, "s") && !wx_str_ends(lower, "ss") &&
            !wx_str_ends(lower, "is") && !wx_str_ends(lower, "us")) ||
           s_is(r, at, "people") || s_is(r, at, "men") || s_is(r, at, "women") ||
           s_is(r, at, "children") || s_is(r, at, "staff") || s_is(r, at, "new");
}

/* A year by digits, `2021-25`, `2019/20`, `1990s`. */
static bool s_year(const s_reader_t *r, uint32_t at, s_span_t *ret)
{
    static const char *const s_before[] = {
        "in",     "since",   "by",      "from",  "until", "till",   "of",     "for",    "during",
        "before", "after",   "between", "early", "late",  "mid",    "end",    "year",   "fiscal",
        "fy",     "through", "around",  "than",  "the",   "season", "summer", "winter", "spring",
        "autumn", "fall",    "on",      "with",  "to",    "at",     "over",   NULL};
    s_span_t span = {.first = at, .year_said = true};
    winnow_str_t form = wx_token_form(r->doc, at);
    /* 1990s, 90s, mid-1980s */
    if (form.size >= 3 && form.size <= 5 && wx_str_ends(form, "s") &&
        form.data[form.size - 2] == '0') {
        int decade = 0;
        for (size_t i = 0; i + 1 < form.size; i++) {
            if (form.data[i] < '0' || form.data[i] > '9')
                return false;
            decade = 10 * decade + (form.data[i] - '0');
        }
        if (form.size == 3)
            decade += 1900;
        if (form.size == 4 || decade < 1000 || decade > 2190)
            return false;
        if (form.size == 3 && !s_is(r, at - 1, "the") && !s_hyphen(r, at - 1))
            return false;
        s_period(&span, (s_point_t){decade, 0, 0}, (s_point_t){decade + 9, 0, 0});
        span.end = at + 1;
        *ret = span;
        return true;
    }
    if (form.size == 7 || form.size == 9) {
        /* 2019/20, 2019/2020 */
        int first = 0, second = 0;
        for (size_t i = 0; i < form.size; i++) {
            char c = form.data[i];
            if (i == 4 ? c != '/' : c < '0' || c > '9')
                return false;
            if (i < 4)
                first = 10 * first + (c - '0');
            else if (i > 4)
                second = 10 * second + (c - '0');
        }
        if (form.size == 7)
            second += first / 100 * 100;
        if (second == first / 100 * 100)
            second += 100;
        if (first < 1000 || second - first != 1)
            return false;
        s_period(&span, (s_point_t){first, 0, 0}, (s_point_t){second, 0, 0});
        span.end = at + 1;
        *ret = span;
        return true;
    }
    int year = s_year_digits(r, at);
    if (!year)
        return false;
    bool mark = at > r->first && (r->doc->tokens.at[at - 1].shape & WX_SHAPE_PUNCT) &&
                wx_char_at(r->doc->text, r->doc->tokens.at[at - 1].start) == WX_CHAR_MONEY;
    if (mark || s_counts(r, at + 1) || (at > r->first && s_word(r, at - 1, WX_WORD_CURRENCY_MARK)))
        return false;
    bool said = at > r->first && s_any(r, at - 1, s_before);
    if (!said && (year < 1800 || year > 2100 || s_counts_noun(r, at + 1)))
        return false;
    bool weak = at > r->first &&
                (s_is(r, at - 1, "the") || s_is(r, at - 1, "to") || s_is(r, at - 1, "of") ||
                 s_is(r, at - 1, "for") || s_is(r, at - 1, "than") || s_is(r, at - 1, "with") ||
                 s_is(r, at - 1, "at") || s_is(r, at - 1, "over") || s_is(r, at - 1, "around") ||
                 s_is(r, at - 1, "from"));
    if (weak && (year < 1600 || year > 2150 || s_counts_noun(r, at + 1)))
        return false;
    if (said && !weak && s_counts_noun(r, at + 1) && (year < 1900 || year > 2060))
        return false;
    /* A part of something longer: 2020-nCoV, GB-2020, telephone numbers. */
    if (at > r->first && s_hyphen(r, at - 1) && !s_is(r, at - 2, "mid") &&
        !s_is(r, at - 2, "early") && !s_is(r, at - 2, "late") && !s_is(r, at - 2, "pre") &&
        !s_is(r, at - 2, "post") && !s_is(r, at - 2, "end") && !s_is(r, at - 2, "then"))
        return false;
    s_single(&span, (s_point_t){year, 0, 0});
    span.end = at + 1;
    if (s_hyphen(r, at + 1)) {
        int second = s_second_year(r, at + 2, year);
        if (second && !s_hyphen(r, at + 3)) {
            s_period(&span, span.from, (s_point_t){second, 0, 0});
            span.end = at + 3;
        } else if (s_plain(r, at + 2, 1, 9) >= 0) {
            return false;
        }
    }
    *ret = span;
    return true;
}

static bool s_relative(const s_reader_t *r, uint32_t at, s_span_t *ret);
static void s_resolve(const s_reader_t *r, s_span_t *span);

/* The year that a quarter or half belongs to: `of 2020`, `of last year`, `of the year`, `2020`,
 * `this year`, `fiscal 2020`. Returns the token behind, and the year (0: not said). */
static uint32_t s_of_year(const s_reader_t *r, uint32_t at, s_span_t *span, int *ret_year)
{
    uint32_t word = at;
    bool of = s_is(r, word, "of") || s_is(r, word, "in");
    word += of;
    word += s_is(r, word, ",") && (s_year_digits(r, word + 1) || s_is(r, word + 1, "2"));
    word += s_is(r, word, "the");
    uint32_t fiscal = word;
    if (s_is(r, word, "fiscal") || s_is(r, word, "financial") || s_is(r, word, "calendar"))
        word++;
    if (s_is(r, word, "year") && word > fiscal && s_year_digits(r, word + 1))
        word++;
    *ret_year = s_year_digits(r, word);
    if (*ret_year && (of || word >= at)) {
        span->year_said = true;
        return word + 1;
    }
    int shift = s_is(r, word, "last") || s_is(r, word, "previous") ? -1
                : s_is(r, word, "next")                            ? 1
                                                                   : 0;
    bool named = shift || s_is(r, word, "this") || s_is(r, word, "current");
    if (named && (s_is(r, word + 1, "year") || (s_is(r, word + 2, "year")))) {
        uint32_t behind = s_is(r, word + 1, "year") ? word + 2 : word + 3;
        if (s_needs_today(r, span))
            *ret_year = s_today(r).year + shift;
        return behind;
    }
    if (of && s_is(r, word, "year")) {
        if (s_needs_today(r, span))
            *ret_year = r->year ? r->year : s_today(r).year;
        return word + 1;
    }
    return at;
}

/* Months of a year as a period; with no year said the last time they had begun. */
static void s_months(const s_reader_t *r, s_span_t *span, int first, int last, int year)
{
    if (!year && !span->open) {
        if (s_needs_today(r, span)) {
            year = s_today(r).year;
            if (r->year && r->year < year)
                year = r->year;
            else if (!s_ahead(r, span->first) && first > s_today(r).month)
                year--;
        }
    }
    s_period(span, (s_point_t){year, first, 0}, (s_point_t){year, last, 0});
}

/* first, second, 1st, Q2's digit: 1 to 4; 0: none. */
static int s_rank(const s_reader_t *r, uint32_t at)
{
    const wx_word_t *word = s_word(r, at, WX_WORD_ORDINAL);
    int rank = word && word->length == 1 ? (int)wx_decimal_whole(word->number, 0) : 0;
    static const char *const s_digits[] = {"1st", "2nd", "3rd", "4th"};
    for (int i = 0; i < 4; i++)
        if (s_is(r, at, s_digits[i]))
            rank = i + 1;
    if (s_is(r, at, "final") || s_is(r, at, "last"))
        rank = 4;
    return rank >= 1 && rank <= 4 ? rank : 0;
}

/*
 * Quarters, halves, and the first months of a year.
 *
 *     Q2 2022   first quarter of last year   second half of 2020   first three quarters
 *     H1 2020   first 10 months of 2021      first-quarter         2022 Q2
 */
static bool s_quarter(const s_reader_t *r, uint32_t at, s_span_t *ret)
{
    s_span_t span = {.first = at};
    winnow_str_t lower = at < r->end ? wx_token_lower(r->doc, at) : WX_STR("");
    int first = 0, last = 0, year = 0;
    uint32_t next = at + 1;
    if (lower.size == 2 && (lower.data[0] == 'q' || lower.data[0] == 'h') && lower.data[1] >= '1' &&
        lower.data[1] <= (lower.data[0] == 'q' ? '4' : '2')) {
        int size = lower.data[0] == 'q' ? 3 : 6;
        first = (lower.data[1] - '1') * size + 1;
        last = first + size - 1;
    } else if (lower.size == 2 && (lower.data[1] == 'q' || lower.data[1] == 'h') &&
               lower.data[0] >= '1' && lower.data[0] <= (lower.data[1] == 'q' ? '4' : '2')) {
        int size = lower.data[1] == 'q' ? 3 : 6;
        first = (lower.data[0] - '1') * size + 1;
        last = first + size - 1;
    } else {
        int rank = s_rank(r, at);
        bool end_word = s_is(r, at, "last") || s_is(r, at, "final");
        if (!rank)
            return false;
        uint32_t word = at + 1 + s_hyphen(r, at + 1);
        bool fiscal =
            s_is(r, word, "fiscal") || s_is(r, word, "financial") || s_is(r, word, "calendar");
        word += fiscal;
        wx_number_t n;
        if (s_is(r, word, "quarter")) {
            if (s_is(r, at, "last"))
                return false; /* s_relative() */
            first = 3 * rank - 2;
            last = 3 * rank;
            next = word + 1;
        } else if (s_is(r, word, "half") && rank <= 2 && !end_word) {
            first = 6 * rank - 5;
            last = 6 * rank;
            next = word + 1;
            next += s_is(r, next, "year");
            if (s_hyphen(r, next) && s_is(r, next + 1, "year"))
                next += 2;
            /* The first half alone may be a game's. */
            uint32_t behind = next;
            int some = 0;
            s_span_t probe = span;
            behind = s_of_year(r, next, &probe, &some);
            if (behind == next && next == word + 1)
                return false;
        } else if (rank == 1 && !end_word && wx_number_at(r->doc, word, r->end, &n) &&
                   n.number.exponent >= 0) {
            int64_t count = wx_decimal_whole(n.number, 0);
            if (s_is(r, n.end, "quarters") && count >= 1 && count <= 4)
                last = (int)count * 3;
            else if (s_is(r, n.end, "months") && count >= 1 && count <= 12)
                last = (int)count;
            else
                return false;
            first = 1;
            next = n.end + 1;
        } else {
            return false;
        }
    }
    /* 2022 Q2 is found from its year. */
    span.end = s_of_year(r, next, &span, &year);
    if (span.end == next && (s_is(r, next, "ended") || s_is(r, next, "ending")) &&
        s_year_digits(r, next + 2))
        year = s_year_digits(r, next + 2);
    s_months(r, &span, first, last, year);
    *ret = span;
    return true;
}

/* Season with its year: `summer 2020`, `spring of last year`, `last winter` is s_relative()'s. */
static void s_season_months(s_span_t *span, int month, int year)
{
    s_point_t from = {year, month, 0}, to = {year, month + 2, 0};
    if (month == 12)
        to = (s_point_t){year ? year + 1 : 0, 2, 0};
    s_period(span, from, to);
}

static bool s_season(const s_reader_t *r, uint32_t at, s_span_t *ret)
{
    const wx_word_t *word = s_word(r, at, WX_WORD_SEASON);
    s_span_t span = {.first = at};
    int year = 0;
    if (!word)
        return false;
    int month = (int)wx_decimal_whole(word->number, 0);
    span.end = s_of_year(r, at + word->length, &span, &year);
    if (span.end == at + word->length) {
        static const char *const s_before[] = {"in", "by", "since", "until", "during", "the", NULL};
        if (at == r->first || !s_any(r, at - 1, s_before) ||
            (s_is(r, at - 1, "the") && (at < r->first + 2 || !s_any(r, at - 2, s_before))) ||
            (r->doc->tokens.at[at].shape & WX_SHAPE_UPPER))
            return false;
        if (s_needs_today(r, &span))
            year = s_today(r).year - (month > s_today(r).month && !s_ahead(r, at));
        if (s_ahead(r, at) && month + 2 < s_today(r).month)
            year++;
    }
    s_season_months(&span, month, year);
    *ret = span;
    return true;
}

/* Sets a span to the unit (a letter of the lexicon's PERIOD class) `shift` away from now. */
static bool s_unit(const s_reader_t *r, s_span_t *span, char unit, int shift)
{
    if (!s_needs_today(r, span))
        return true;
    wx_day_t today = s_today(r);
    s_point_t now = s_of_day(today);
    int32_t monday = wx_day_number(today) - (wx_day_weekday(today) - 1);
    switch (unit) {
    case 'y':
    case 'f':
        s_single(span, (s_point_t){now.year + shift, 0, 0});
        return true;
    case 'm':
        s_single(span, s_add_months(now, shift));
        return true;
    case 'q': {
        s_point_t from =
            s_add_months((s_point_t){now.year, (now.month - 1) / 3 * 3 + 1, 0}, 3 * shift);
        s_period(span, from, s_add_months(from, 2));
        return true;
    }
    case 'w':
        s_period(span, s_of_day(wx_day_from_number(monday + 7 * shift)),
                 s_of_day(wx_day_from_number(monday + 7 * shift + 6)));
        return true;
    case 'e': {
        /* last weekend is behind us, whatever day it is */
        int32_t saturday = monday + 5 + 7 * shift;
        s_period(span, s_of_day(wx_day_from_number(saturday)),
                 s_of_day(wx_day_from_number(saturday + 1)));
        return true;
    }
    case 'd':
        s_single(span, s_of_day(wx_day_from_number(wx_day_number(today) + shift)));
        return true;
    case 'c': {
        int decade = now.year / 10 * 10 + 10 * shift;
        s_period(span, (s_point_t){decade, 0, 0}, (s_point_t){decade + 9, 0, 0});
        return true;
    }
    default:
        return false;
    }
}

/* The letter of a unit of time at a token (`years` gives y), 0: none. */
static char s_letter(const s_reader_t *r, uint32_t at, uint32_t *ret_next)
{
    const wx_word_t *word = s_word(r, at, WX_WORD_PERIOD);
    if (!word)
        return 0;
    *ret_next = at + word->length;
    return word->text.data[0];
}

/* `count` units back from now (or ahead): the years, months or days there. */
static bool s_away(const s_reader_t *r, s_span_t *span, char unit, int count)
{
    if (abs(count) > 2000)
        return false;
    wx_day_t today = s_today(r);
    s_point_t now = s_of_day(today);
    if (!s_needs_today(r, span))
        return true;
    switch (unit) {
    case 'y':
    case 'f':
        s_single(span, (s_point_t){now.year + count, 0, 0});
        break;
    case 'c':
        s_single(span, (s_point_t){now.year + 10 * count, 0, 0});
        break;
    case 'k':
        s_single(span, (s_point_t){now.year + 100 * count, 0, 0});
        break;
    case 'm':
        s_single(span, s_add_months(now, count));
        break;
    case 'q':
        s_single(span, s_add_months(now, 3 * count));
        break;
    case 'w':
    case 'n':
        s_single(span, s_of_day(wx_day_from_number(wx_day_number(today) +
                                                   (unit == 'w' ? 7 : 14) * count)));
        break;
    case 'd':
        s_single(span, s_of_day(wx_day_from_number(wx_day_number(today) + count)));
        break;
    default:
        return false;
    }
    return span->from.year > 0 && span->from.year < 9999;
}

/* From now to `count` units away, in the order of time. */
static bool s_stretch(const s_reader_t *r, s_span_t *span, char unit, int low, int high)
{
    s_span_t a = *span, b = *span;
    if (!s_away(r, &b, unit, high) || !s_away(r, &a, unit, low))
        return false;
    if (a.open) {
        *span = a;
        return true;
    }
    if (high < 0)
        s_period(&b, b.from, a.from);
    else
        s_period(&b, a.from, b.from);
    *span = b;
    return true;
}

static int s_weekday_shift(wx_day_t today, int weekday, int direction)
{
    int shift = weekday - wx_day_weekday(today);
    if (direction < 0)
        return shift > 0 ? shift - 7 : shift;
    return shift <= 0 ? shift + 7 : shift;
}

/* `ago`, `earlier`, `before`, `later`, `from now` behind an amount of time: the sign; 0: none. */
static int s_direction(const s_reader_t *r, uint32_t at, uint32_t *ret_next)
{
    *ret_next = at + 1;
    if (s_is(r, at, "ago") || s_is(r, at, "earlier") || s_is(r, at, "previously"))
        return -1;
    if (s_is(r, at, "before") &&
        (at + 1 >= r->end || (r->doc->tokens.at[at + 1].shape & WX_SHAPE_PUNCT)))
        return -1;
    if (s_is(r, at, "from") && s_is(r, at + 1, "now")) {
        *ret_next = at + 2;
        return 1;
    }
    return 0;
}

/*
 * Words that are seen from now.
 *
 *     last year   this week   next Monday   the previous quarter   past five years   next 3 to 5
 * years two years ago   a year earlier   yesterday   Monday   the same period last year   earlier
 * this year
 */
static bool s_relative(const s_reader_t *r, uint32_t at, s_span_t *ret)
{
    s_span_t span = {.first = at};
    wx_day_t today = s_today(r);
    uint32_t next = at;
    const wx_word_t *word = s_word(r, at, WX_WORD_DAY_WORD);
    if (word) {
        bool yesterday = wx_str_is(word->text, "-1");
        if (!s_unit(r, &span, 'd', yesterday ? -1 : (int)wx_decimal_whole(word->number, 0)))
            return false;
        span.end = at + word->length;
        *ret = span;
        return true;
    }
    /* the same period (of) last year: the year is what can be known */
    bool period = s_is(r, at + 1, "period");
    if (s_is(r, at, "same") && (period || s_letter(r, at + 1, &next))) {
        next = period ? at + 2 : next;
        next += s_is(r, next, "of") || s_is(r, next, "in");
        s_span_t year;
        if ((s_is(r, next, "last") || s_is(r, next, "the") || s_is(r, next, "this")) &&
            s_relative(r, next + s_is(r, next, "the"), &year)) {
            year.first = at;
            *ret = year;
            return true;
        }
        if (s_year_digits(r, next)) {
            s_single(&span, (s_point_t){s_year_digits(r, next), 0, 0});
            span.end = next + 1;
            span.year_said = true;
            *ret = span;
            return true;
        }
        return false;
    }
    if (s_is(r, at, "earlier") || s_is(r, at, "later")) {
        if (!(s_is(r, at + 1, "this") || s_is(r, at + 1, "in")) || !s_relative(r, at + 1, &span))
            return false;
        span.first = at;
        *ret = span;
        return true;
    }
    word = s_word(r, at, WX_WORD_WEEKDAY);
    if (word && (r->doc->tokens.at[at].shape & WX_SHAPE_UPPER)) {
        span.end = at + word->length;
        if (s_needs_today(r, &span)) {
            bool ahead = s_ahead(r, at) && !(at > r->first && s_is(r, at - 1, "last"));
            int shift =
                s_weekday_shift(today, (int)wx_decimal_whole(word->number, 0), ahead ? 1 : -1);
            s_single(&span, s_of_day(wx_day_from_number(wx_day_number(today) + shift)));
        }
        *ret = span;
        return true;
    }
    int shift = 0;
    bool this_one = false, past = false;
    static const char *const s_last[] = {"last", "previous", "preceding", "past", NULL};
    static const char *const s_next[] = {"next", "coming", "following", "upcoming", NULL};
    if (s_any(r, at, s_last)) {
        shift = -1;
        past = s_is(r, at, "past");
    } else if (s_any(r, at, s_next)) {
        shift = 1;
    } else if (s_is(r, at, "this") || s_is(r, at, "current")) {
        this_one = true;
    }
    if (shift || this_one) {
        uint32_t behind = at + 1;
        span.ahead = shift > 0;
        char unit = s_letter(r, behind, &next);
        if (unit == 'd' && (s_is(r, behind, "night") || shift))
            unit = shift < 0 || s_is(r, behind, "night") ? 'd' : 0;
        if (unit && unit != 'h' && unit != 'k' && unit != 'n' && next == behind + 1 &&
            !s_is(r, behind, "years") && !s_is(r, behind, "months") && !s_is(r, behind, "weeks") &&
            !s_is(r, behind, "days") && !s_is(r, behind, "decades") &&
            !s_is(r, behind, "quarters")) {
            /* the past year, month: from then to now */
            if (past || (unit == 'c' && !this_one)) {
                if (!s_stretch(r, &span, unit, 0, shift))
                    return false;
            } else if (unit == 'y' && shift < 0 && !s_is(r, at, "last") && r->year > 1) {
                /* `the previous year` looks back from the year that is spoken of */
                s_single(&span, (s_point_t){r->year - 1, 0, 0});
                span.year_said = true;
            } else if (!s_unit(r, &span, unit, shift)) {
                return false;
            }
            span.end = next;
            *ret = span;
            return true;
        }
        int month = s_month(r, behind, &next);
        if (month) {
            s_single(&span, (s_point_t){0, month, 0});
            bool ordinal;
            int day = s_day_digits(r, next, &ordinal);
            if (day && s_valid(0, month, day) && !s_counts(r, next + 1)) {
                s_single(&span, (s_point_t){0, month, day});
                next++;
            }
            if (s_needs_today(r, &span)) {
                int year = today.year;
                if (shift < 0 && month >= today.month)
                    year--;
                if (shift > 0 && month <= today.month)
                    year++;
                span.from.year = span.to.year = year;
            }
            span.end = next;
            *ret = span;
            return true;
        }
        word = s_word(r, behind, WX_WORD_WEEKDAY);
        if (word) {
            if (s_needs_today(r, &span)) {
                int days = s_weekday_shift(today, (int)wx_decimal_whole(word->number, 0),
                                           shift < 0 ? -1 : 1);
                if (this_one)
                    days = (int)wx_decimal_whole(word->number, 0) - wx_day_weekday(today);
                else if (shift < 0 && days == 0)
                    days = -7;
                s_single(&span, s_of_day(wx_day_from_number(wx_day_number(today) + days)));
            }
            span.end = behind + word->length;
            *ret = span;
            return true;
        }
        word = s_word(r, behind, WX_WORD_SEASON);
        if (word) {
            int first = (int)wx_decimal_whole(word->number, 0);
            int year = 0;
            if (s_needs_today(r, &span)) {
                year = today.year;
                if (shift < 0 && first + 2 >= today.month)
                    year--;
                if (shift > 0 && first <= today.month)
                    year++;
            }
            s_season_months(&span, first, year);
            span.end = behind + word->length;
            *ret = span;
            return true;
        }
        /* the next five years, the past 10 months, the next three to five years */
        wx_number_t low, high;
        if (shift && wx_number_at(r->doc, behind, r->end, &low) && !low.fuzzy &&
            low.number.exponent >= 0) {
            uint32_t word_at = low.end;
            high = low;
            bool range =
                (s_is(r, word_at, "to") || s_is(r, word_at, "or") || s_hyphen(r, word_at)) &&
                wx_number_at(r->doc, word_at + 1, r->end, &high);
            word_at = range ? high.end : word_at;
            unit = s_letter(r, word_at, &next);
            int64_t few = wx_decimal_whole(low.number, 0), many = wx_decimal_whole(high.number, 0);
            if (!unit || unit == 'h' || unit == 'e' || few < 1 || many < few || many > 2000)
                return false;
            if (!s_stretch(r, &span, unit, range ? shift * (int)few : 0, shift * (int)many))
                return false;
            span.end = next;
            *ret = span;
            return true;
        }
        return false;
    }
    /* over the weekend: the last one that has begun */
    if (s_is(r, at, "weekend") && at > r->first && s_is(r, at - 1, "the")) {
        if (!s_unit(r, &span, 'e', today.year && wx_day_weekday(today) < 6 ? -1 : 0))
            return false;
        span.end = at + 1;
        *ret = span;
        return true;
    }
    /* two years ago, a year earlier, three months from now */
    wx_number_t n = {.end = at, .number = {1, 0}};
    char unit = s_letter(r, at, &next);
    if (unit && at > r->first && (s_is(r, at - 1, "a") || s_is(r, at - 1, "an"))) {
        n.end = at;
    } else if (!unit || s_is(r, at, "years")) {
        if (!wx_number_at(r->doc, at, r->end, &n) || n.number.exponent < 0 || n.fuzzy)
            return false;
        unit = s_letter(r, n.end, &next);
    } else {
        return false;
    }
    uint32_t behind = next;
    int direction = unit ? s_direction(r, next, &behind) : 0;
    int64_t count = wx_decimal_whole(n.number, 0);
    if (!direction || count < 1 || count > 500 || !s_away(r, &span, unit, direction * (int)count))
        return false;
    if (n.end == at)
        span.first = at - 1; /* a year ago */
    /* in the third quarter … a year earlier: the third quarter, a year before */
    if (unit == 'y' && direction < 0 && !s_is(r, next, "ago") && r->from.year > count) {
        s_period(&span, r->from, r->to);
        span.period = r->from.month != r->to.month || r->from.year != r->to.year;
        span.from.year -= (int)count;
        span.to.year -= (int)count;
    }
    span.end = behind;
    *ret = span;
    return true;
}

/* `mid-April`, `mid-2021`, `mid-1980s`: one token. */
static bool s_middle(const s_reader_t *r, uint32_t at, s_span_t *ret)
{
    winnow_str_t form = wx_token_lower(r->doc, at);
    if (!wx_str_starts(form, "mid-") || form.size > 16)
        return false;
    winnow_str_t rest = {form.data + 4, form.size - 4};
    s_span_t span = {.first = at, .end = at + 1};
    int month = wx_month_from(rest), year = 0;
    for (size_t i = 0; i < rest.size && i < 4 && rest.data[i] >= '0' && rest.data[i] <= '9'; i++)
        year = 10 * year + (rest.data[i] - '0');
    if (month) {
        s_single(&span, (s_point_t){0, month, 0});
        span.end = s_year_behind(r, at + 1, false, &span);
    } else if (year >= 1000 && rest.size == 4) {
        s_single(&span, (s_point_t){year, 0, 0});
        span.year_said = true;
    } else if (year >= 1000 && year % 10 == 0 && rest.size == 5 && rest.data[4] == 's') {
        s_period(&span, (s_point_t){year, 0, 0}, (s_point_t){year + 9, 0, 0});
        span.year_said = true;
    } else {
        return false;
    }
    *ret = span;
    return true;
}

/* `19th century`, `fiscal (year) 2020`, `FY2020`, `the 26th`. */
static bool s_other(const s_reader_t *r, uint32_t at, s_span_t *ret)
{
    s_span_t span = {.first = at, .year_said = true};
    winnow_str_t lower = wx_token_lower(r->doc, at);
    bool ordinal;
    int number = s_day_digits(r, at, &ordinal);
    uint32_t century = at + 1 + s_hyphen(r, at + 1);
    if (number && ordinal && s_is(r, century, "century")) {
        s_period(&span, (s_point_t){100 * number - 99, 0, 0}, (s_point_t){100 * number, 0, 0});
        span.end = century + 1;
        *ret = span;
        return true;
    }
    if (number && ordinal && at >= r->first + 2 && s_is(r, at - 1, "the")) {
        static const char *const s_before[] = {"on", "from", "until", "by", "since", "of", NULL};
        bool ends = at + 1 >= r->end || (r->doc->tokens.at[at + 1].shape & WX_SHAPE_PUNCT) ||
                    s_is(r, at + 1, "to") || s_is(r, at + 1, "and") || s_is(r, at + 1, "at");
        if (ends && s_any(r, at - 2, s_before)) {
            s_point_t day = s_of_day(s_today(r));
            span.year_said = true;
            if (s_needs_today(r, &span)) {
                if (number > day.day && !s_ahead(r, at))
                    day = s_add_months(day, -1);
                day.day = number;
                if (!s_valid(day.year, day.month, day.day))
                    return false;
                s_single(&span, day);
            }
            span.end = at + 1;
            *ret = span;
            return true;
        }
    }
    uint32_t digits = at + 1;
    if (s_is(r, at, "fiscal") || s_is(r, at, "financial") || s_is(r, at, "fy")) {
        digits += s_is(r, digits, "year");
        s_span_t year;
        if (digits < r->end && s_year_digits(r, digits) && s_year(r, digits, &year)) {
            year.first = at;
            *ret = year;
            return true;
        }
        return false;
    }
    if (lower.size == 6 && lower.data[0] == 'f' && lower.data[1] == 'y') {
        int year = 0;
        for (size_t i = 2; i < 6; i++) {
            if (lower.data[i] < '0' || lower.data[i] > '9')
                return false;
            year = 10 * year + (lower.data[i] - '0');
        }
        s_single(&span, (s_point_t){year, 0, 0});
        span.end = at + 1;
        *ret = span;
        return year > 1900;
    }
    return false;
}

/*
 * Time up to a date: `three months ended June 30`, `the year to March 2021`, `quarter ending in
 * May`.
 */
static bool s_ended(const s_reader_t *r, uint32_t at, s_span_t *ret)
{
    wx_number_t n = {.end = at, .number = {1, 0}};
    uint32_t next = at;
    char unit = s_letter(r, at, &next);
    if (!unit) {
        if (!wx_number_at(r->doc, at, r->end, &n) || n.fuzzy)
            return false;
        unit = s_letter(r, n.end, &next);
    }
    int64_t count = wx_decimal_whole(n.number, 0);
    if (!unit || !strchr("yfmqwh", unit) || count < 1 || count > 60)
        return false;
    bool to =
        s_is(r, next, "to") && at > r->first && (s_is(r, at - 1, "the") || s_is(r, at - 1, "half"));
    if (!to && !s_is(r, next, "ended") && !s_is(r, next, "ending"))
        return false;
    s_span_t last;
    next++;
    next += s_is(r, next, "on") || s_is(r, next, "in");
    if (!s_named(r, next, &last) || last.period)
        return false;
    s_resolve(r, &last);
    s_span_t span = last;
    span.first = at;
    span.year_said = true;
    span.period = true;
    s_point_t end = last.from;
    if (unit == 'w') {
        if (!end.day || !end.year)
            return false;
        span.from = s_of_day(wx_day_from_number(
            wx_day_number((wx_day_t){(int16_t)end.year, (int8_t)end.month, (int8_t)end.day}) -
            7 * (int32_t)count + 1));
        span.to = end;
    } else {
        int months = (int)count * (unit == 'm' ? 1 : unit == 'q' ? 3 : unit == 'h' ? 6 : 12);
        if (!end.year)
            return false;
        end.day = 0;
        span.from = s_add_months(end, 1 - months);
        span.to = end;
    }
    *ret = span;
    return true;
}

/* `the year`, where a deadline or an edge makes it the current one: `end of the year`, `year-end`.
 */
static bool s_the_year(const s_reader_t *r, uint32_t at, s_span_t *ret)
{
    s_span_t span = {.first = at};
    uint32_t next = at + s_is(r, at, "the");
    char unit = s_letter(r, next, &next);
    if ((unit != 'y' && unit != 'm' && unit != 'q' && unit != 'w' && unit != 'c' && unit != 'f') ||
        !s_unit(r, &span, unit, 0))
        return false;
    span.end = next;
    *ret = span;
    return true;
}

static bool s_part(const s_reader_t *r, uint32_t at, s_span_t *ret);

/* `early 2020`, `late last year`, `mid-March`, `end of 2025`, `the second half of May`. */
static bool s_edge(const s_reader_t *r, uint32_t at, s_span_t *ret)
{
    static const char *const s_near[] = {"early", "late", "mid", NULL};
    static const char *const s_ends[] = {"end", "beginning", "start", "middle", NULL};
    if (s_any(r, at, s_near)) {
        uint32_t next = at + 1 + s_hyphen(r, at + 1);
        next += s_is(r, next, "in");
        if (!s_part(r, next, ret))
            return false;
        ret->first = at;
        return true;
    }
    if (!s_any(r, at, s_ends))
        return false;
    uint32_t next = at + 1;
    if (s_hyphen(r, next)) {
        next++;
        if (!s_part(r, next, ret))
            return false;
    } else {
        if (!s_is(r, next, "of"))
            return false;
        next++;
        if (!s_part(r, next + s_is(r, next, "the"), ret) && !s_the_year(r, next, ret))
            return false;
    }
    ret->first = at;
    return true;
}

static bool s_part(const s_reader_t *r, uint32_t at, s_span_t *ret)
{
    if (at >= r->end)
        return false;
    return s_numeric(r, at, ret) || s_named(r, at, ret) || s_quarter(r, at, ret) ||
           s_other(r, at, ret) || s_ended(r, at, ret) || s_middle(r, at, ret) ||
           s_relative(r, at, ret) || s_season(r, at, ret) || s_year(r, at, ret) ||
           s_edge(r, at, ret);
}

/* Fills in a year that was not said. */
static void s_resolve(const s_reader_t *r, s_span_t *span)
{
    if (span->year_said || span->from.month == 0)
        return;
    int year = s_guess_year(r, span->first, span->from.month, span->from.day);
    span->from.year = span->to.year = year;
    if (span->to.month < span->from.month)
        span->from.year = year ? year - 1 : 0;
    span->relative = true;
    span->open = year == 0;
}

/* Both ends of a range with what one of them leaves unsaid taken from the other. */
static bool s_join(const s_reader_t *r, const s_span_t *a, const s_span_t *b, s_span_t *ret)
{
    s_span_t span = *a, low = *a, high = *b;
    if (!low.year_said && high.year_said && low.from.month) {
        low.from.year = high.to.year;
        if (low.from.month > high.to.month && high.to.month)
            low.from.year--;
    } else if (!high.year_said && low.year_said && high.from.month && low.from.year) {
        high.to.year = low.from.year + (high.to.month < low.from.month);
    } else if (!low.year_said && !high.year_said) {
        s_resolve(r, &high);
        low.from.year = high.to.year;
        if (high.to.year && low.from.month > high.to.month)
            low.from.year--;
        span.relative = true;
        span.open = high.to.year == 0;
    }
    if (low.open || high.open)
        span.open = true;
    span.relative |= low.relative || high.relative;
    /* A later part of the same kind only. */
    int first = low.from.year * 10000 + low.from.month * 100 + low.from.day;
    int last = high.to.year * 10000 + high.to.month * 100 + high.to.day;
    if (!span.open && low.from.year && high.to.year &&
        (high.to.year < low.from.year ||
         (high.to.year == low.from.year && low.from.month && high.to.month && last <= first)))
        return false;
    s_period(&span, low.from, high.to);
    span.year_said = true;
    span.end = b->end;
    *ret = span;
    return true;
}

static winnow_str_t s_text(wx_arena_t *arena, s_point_t p)
{
    winnow_str_t year = p.year ? wx_str_format(arena, "%04d", p.year) : WX_STR("XXXX");
    if (p.month)
        year = wx_str_join(arena, year, wx_str_format(arena, "-%02d", p.month));
    if (p.month && p.day)
        year = wx_str_join(arena, year, wx_str_format(arena, "-%02d", p.day));
    return year;
}

/* `14th Five-Year Plan (2021-25)`: the years in parentheses give the name its value. Returns the
 * first token of the name, or the parenthesis' content when there is none. */
static uint32_t s_plan(const s_reader_t *r, uint32_t first)
{
    if (first < r->first + 5 || !s_is(r, first - 1, "(") || !s_is(r, first - 2, "plan"))
        return first;
    uint32_t at = first - 2;
    for (int i = 0; i < 6 && at > r->first; i++) {
        if (s_is(r, at, "year") && s_hyphen(r, at - 1)) {
            at -= 2;
            bool ordinal;
            if (at > r->first &&
                (s_word(r, at - 1, WX_WORD_ORDINAL) || s_day_digits(r, at - 1, &ordinal)))
                at--;
            return at;
        }
        at--;
    }
    return first;
}

/* Writes the span down as a value. */
static uint32_t s_write(s_reader_t *r, const s_span_t *span)
{
    wx_doc_t *doc = r->doc;
    uint32_t first = span->first, end = span->end, outer = first;
    bool since = false, deadline = span->deadline;
    uint32_t plan = s_plan(r, first);
    if (plan < first && s_is(r, end, ")")) {
        first = outer = plan;
        end++;
    }
    uint32_t before = outer;
    if (before > r->first && s_is(r, before - 1, "the"))
        before--;
    if (before > r->first && s_is(r, before - 1, "since")) {
        since = true;
        outer = before - 1;
    } else if (before > r->first &&
               (s_is(r, before - 1, "by") || s_is(r, before - 1, "until") ||
                s_is(r, before - 1, "till") || s_is(r, before - 1, "before"))) {
        deadline = true;
        outer = before - 1;
    }
    bool period = span->period || since;
    wx_value_t *value = wx_value_push(doc, period ? WX_VALUE_PERIOD : WX_VALUE_DATE, first, end);
    value->outer_first = outer;
    value->flags =
        (uint16_t)((since ? WX_VALUE_SINCE : 0u) | (deadline ? WX_VALUE_DEADLINE : 0u) |
                   (span->relative ? WX_VALUE_RELATIVE : 0u) | (span->open ? WX_VALUE_OPEN : 0u));
    bool known = !span->open || span->from.month;
    winnow_str_t from = known ? s_text(doc->arena, span->from) : WX_STR("");
    if (!known)
        value->value = WX_STR("");
    else if (since)
        value->value = wx_str_join(doc->arena, from, WX_STR("/"));
    else if (span->period)
        value->value = wx_str_join(doc->arena, wx_str_join(doc->arena, from, WX_STR("/")),
                                   s_text(doc->arena, span->to));
    else
        value->value = from;
    if (!span->open && !since && span->from.year && span->from.month && !span->from.day) {
        r->from = span->from;
        r->to = span->to;
    }
    /* A past year as such is what later months of the paragraph belong to. */
    if (!span->period && span->from.year && span->from.month == 0 && !since && !deadline)
        r->year = span->from.year;
    return end;
}

/* Is the part, alone, worth taking? A month that may be a name or verb needs more. */
static bool s_sure(const s_reader_t *r, const s_span_t *span)
{
    static const char *const s_before[] = {
        "in",      "since", "by",  "until",  "till", "from",   "of",    "last", "next",    "this",
        "early",   "late",  "mid", "during", "for",  "before", "after", "to",   "through", "and",
        "between", "end",   "-",   "(",      "than", "late-",  "on",    NULL};
    const wx_doc_t *doc = r->doc;
    if (span->end != span->first + 1 || span->from.day || span->from.month == 0 ||
        span->year_said || span->relative)
        return true;
    bool doubtful = s_is(r, span->first, "may") || s_is(r, span->first, "march") ||
                    s_is(r, span->first, "mar") || s_is(r, span->first, "jan") ||
                    s_is(r, span->first, "jun") || s_is(r, span->first, "april") ||
                    s_is(r, span->first, "june") || s_is(r, span->first, "august");
    bool said = span->first > r->first && s_any(r, span->first - 1, s_before);
    if (doc->tokens.at[span->first].capital)
        return said;
    /* April Jones, Miss June: a capital beside it, and no preposition. */
    bool name_behind = span->end < r->end && (doc->tokens.at[span->end].shape & WX_SHAPE_UPPER);
    return said || (!doubtful) ||
           (!name_behind && !(doc->tokens.at[span->first].shape & WX_SHAPE_FIRST) &&
            !s_is(r, span->first, "may") && !s_is(r, span->first, "march"));
}

static uint32_t s_date(s_reader_t *r, uint32_t at)
{
    s_span_t a, b, span;
    if (!s_part(r, at, &a) || a.end > r->end)
        return at + 1;
    span = a;
    uint32_t next = a.end;
    bool between = at > r->first && (s_is(r, at - 1, "between") ||
                                     (at > r->first + 1 && s_is(r, at - 2, "between")));
    bool joint = s_is(r, next, "to") || s_is(r, next, "through") || s_is(r, next, "until") ||
                 s_is(r, next, "till") || (between && s_is(r, next, "and")) || s_hyphen(r, next) ||
                 (s_is(r, next, "–") || s_is(r, next, "—") ||
                  (s_is(r, next, "-") && !wx_token_tight(r->doc, next)));
    bool dash = joint && !s_is(r, next, "to") && !s_is(r, next, "through") &&
                !s_is(r, next, "and") && !s_is(r, next, "until") && !s_is(r, next, "till");
    bool joined = false;
    if (joint && !a.period) {
        uint32_t second = next + 1;
        second += s_is(r, second, "the");
        if (s_part(r, second, &b) && (!dash || (b.from.month != 0) == (a.from.month != 0))) {
            /* the January-March period of 2019 */
            uint32_t year = b.end + s_is(r, b.end, "period");
            if (!b.year_said && b.from.month)
                year = s_year_behind(r, year, false, &b);
            b.end = b.year_said && year > b.end ? year : b.end;
            joined = s_join(r, &a, &b, &span);
        }
    }
    if (!joined && !s_sure(r, &a))
        return at + 1;
    if (!joined)
        s_resolve(r, &span);
    if (joined && at > r->first && s_is(r, at - 1, "from"))
        span.deadline = false;
    return s_write(r, &span);
}

/* Can a date begin here? */
static bool s_may_begin(const s_reader_t *r, uint32_t at)
{
    const wx_token_t *t = &r->doc->tokens.at[at];
    return (t->shape & (WX_SHAPE_DIGIT | WX_SHAPE_HYPHEN)) ||
           wx_word_begins(r->doc, at, WX_BEGINS_DATE);
}

void wx_date(wx_doc_t *doc)
{
    s_reader_t r = {.doc = doc};
    for (uint32_t s = 0; s < doc->sentences.count; s++) {
        const wx_sentence_t *sentence = &doc->sentences.at[s];
        r.first = sentence->first;
        r.end = sentence->end;
        r.from = r.to = (s_point_t){0, 0, 0};
        /* A year holds for its sentence, and for those of its paragraph that begin with a month. */
        uint32_t next;
        bool goes_on = s > 0 && doc->sentences.at[s - 1].paragraph == sentence->paragraph &&
                       (s_is(&r, r.first, "in") || s_is(&r, r.first, "on")) &&
                       s_month(&r, r.first + 1, &next);
        if (!goes_on)
            r.year = 0;
        for (uint32_t at = sentence->first; at < sentence->end;) {
            doc->steps++;
            at = s_may_begin(&r, at) ? s_date(&r, at) : at + 1;
        }
    }
}
