/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same fact, or not; see same.h.
 *
 * Every comparison of a part has four outcomes. What one of the two leaves out is OPEN and decides
 * nothing; a CLASH decides against; LIKE is a word in common, which needs something else beside it.
 */
#include "same.h"

#include <math.h>
#include <stdlib.h>

typedef enum { S_CLASH, S_OPEN, S_LIKE, S_MATCH } s_match_t;

/* ---------------------------------------------------------------------------------------- names */

static bool s_within(const uint32_t *few, size_t few_count, const uint32_t *many, size_t many_count)
{
    size_t at = 0;
    for (size_t i = 0; i < few_count; i++) {
        while (at < many_count && many[at] < few[i])
            at++;
        if (at == many_count || many[at] != few[i])
            return false;
    }
    return few_count > 0;
}

static s_match_t s_anchor(const wd_anchor_t *x, const wd_anchor_t *y)
{
    if (x->key == y->key)
        return x->proper && !x->weak ? S_MATCH : S_LIKE;
    if (s_within(x->parts, x->count, y->parts, y->count) ||
        s_within(y->parts, y->count, x->parts, x->count) || x->country != y->country)
        return S_LIKE;
    return x->proper && y->proper ? S_CLASH : S_OPEN;
}

/* The best of all pairs. */
static s_match_t s_names(const wd_anchors_t *x, const wd_anchors_t *y)
{
    s_match_t best = x->count == 0 || y->count == 0 ? S_OPEN : S_CLASH;
    for (size_t i = 0; i < x->count; i++) {
        for (size_t k = 0; k < y->count; k++) {
            s_match_t match = s_anchor(&x->items[i], &y->items[k]);
            best = match > best ? match : best;
        }
    }
    return best;
}

/* How many of x's names stand in y's, as well as `least` says. */
static size_t s_shared(const wd_anchors_t *x, const wd_anchors_t *y, s_match_t least)
{
    size_t count = 0;
    for (size_t i = 0; i < x->count; i++) {
        bool found = false;
        for (size_t k = 0; !found && k < y->count; k++)
            found = s_anchor(&x->items[i], &y->items[k]) >= least;
        count += found;
    }
    return count;
}

static bool s_proper(const wd_anchors_t *x)
{
    for (size_t i = 0; i < x->count; i++)
        if (x->items[i].proper)
            return true;
    return false;
}

/* ---------------------------------------------------------------------------------------- texts */

static size_t s_common(const wd_wordset_t *x, const wd_wordset_t *y)
{
    size_t i = 0, k = 0, common = 0;
    while (i < x->count && k < y->count) {
        if (x->items[i] == y->items[k]) {
            common++;
            i++;
            k++;
        } else if (x->items[i] < y->items[k]) {
            i++;
        } else {
            k++;
        }
    }
    return common;
}

static bool s_equal(const wd_wordset_t *x, const wd_wordset_t *y)
{
    return x->count == y->count && s_common(x, y) == x->count;
}

/* MATCH: the one says what the other says, more or less; LIKE: half of it; CLASH: nothing. */
static s_match_t s_text(const wd_wordset_t *x, const wd_wordset_t *y)
{
    if (x->count == 0 || y->count == 0)
        return S_OPEN;
    size_t common = s_common(x, y);
    size_t few = x->count < y->count ? x->count : y->count;
    size_t all = x->count + y->count - common;
    if (common == few || common * 10 >= all * 6)
        return S_MATCH;
    return common * 2 >= few ? S_LIKE : S_CLASH;
}

/* What people said, in nearly the same words: a few may be left out or put otherwise. */
static bool s_saying(const wd_wordset_t *x, const wd_wordset_t *y)
{
    size_t common = s_common(x, y);
    size_t few = x->count < y->count ? x->count : y->count;
    size_t all = x->count + y->count - common;
    return (few >= 5 && common * 10 >= few * 8 && common * 10 >= all * 4) ||
           (few >= 2 && common * 10 >= all * 7);
}

static s_match_t s_enum(uint32_t x, uint32_t y)
{
    return x == 0 || y == 0 ? S_OPEN : x == y ? S_MATCH : S_CLASH;
}

/* -------------------------------------------------------------------------------------- amounts */

static double s_round(double value, int digits)
{
    if (value == 0)
        return 0;
    double scale = pow(10, digits - 1 - floor(log10(fabs(value))));
    return floor(fabs(value) * scale + 0.5) / scale * (value < 0 ? -1 : 1);
}

static bool s_near(double x, double y, double part)
{
    return fabs(x - y) <= part * fmax(fabs(x), fabs(y));
}

/*  exact 2.69e9, exact 2.7e9: rounded                about 2.6e9, 2.69e9: within a twentieth
 *  more than 2.6e9, 2.69e9: a little above           more than 2e9, 2.69e9: says too little */
static s_match_t s_amount(const wd_amount_t *x, const wd_amount_t *y)
{
    if (x->bound == WD_BOUND_RANGE || y->bound == WD_BOUND_RANGE)
        return s_near(x->number, y->number, 1e-9) && s_near(x->high, y->high, 1e-9) ? S_MATCH
                                                                                    : S_CLASH;
    if (s_near(x->number, y->number, 1e-9))
        return S_MATCH;
    const wd_amount_t *rough = x->digits <= y->digits ? x : y;
    const wd_amount_t *fine = rough == x ? y : x;
    if (rough->digits >= 2 && rough->digits < fine->digits &&
        s_near(s_round(fine->number, rough->digits), rough->number, 1e-9))
        return S_MATCH;
    bool about = x->bound == WD_BOUND_ABOUT || y->bound == WD_BOUND_ABOUT;
    if (about && s_near(x->number, y->number, 0.05))
        return S_MATCH;
    for (int turn = 0; turn < 2; turn++, rough = x == rough ? y : x) {
        const wd_amount_t *other = rough == x ? y : x;
        double share = rough->number != 0 ? other->number / rough->number : 0;
        if ((rough->bound == WD_BOUND_MORE && share >= 1 && share <= 1.1) ||
            (rough->bound == WD_BOUND_LESS && share <= 1 && share >= 0.9))
            return S_MATCH;
    }
    return S_CLASH;
}

/* MATCH when a unit in common has the same amount, CLASH when it has not, OPEN without one. */
static s_match_t s_amounts(const wd_digest_t *x, const wd_digest_t *y)
{
    s_match_t result = S_OPEN;
    for (size_t i = 0; i < x->amount_count; i++) {
        for (size_t k = 0; k < y->amount_count; k++) {
            if (x->amounts[i].family != y->amounts[k].family)
                continue;
            if (s_amount(&x->amounts[i], &y->amounts[k]) == S_MATCH)
                return S_MATCH;
            if (x->amounts[i].unit == y->amounts[k].unit)
                result = S_CLASH;
        }
    }
    return result;
}

/* ---------------------------------------------------------------------------------------- times */

static void s_civil(int32_t days, int *ret_year, int *ret_month_day)
{
    int year = 1970 + (int)floor(days / 365.2425);
    while (wd_days(year + 1, 1, 1) <= days)
        year++;
    while (wd_days(year, 1, 1) > days)
        year--;
    int month = 1;
    while (month < 12 && wd_days(year, month + 1, 1) <= days)
        month++;
    *ret_year = year;
    *ret_month_day = month * 32 + (days - wd_days(year, month, 1)) + 1;
}

/* A day without a year, and a span with one. */
static bool s_falls(const wd_span_t *day, const wd_span_t *span)
{
    int from_year = 0, to_year = 0, from = 0, to = 0;
    if (span->from == INT32_MIN || span->to == INT32_MAX || span->to - span->from >= 364)
        return true;
    s_civil(span->from, &from_year, &from);
    s_civil(span->to, &to_year, &to);
    if (from_year == to_year)
        return day->from <= to && day->to >= from;
    return day->to >= from || day->from <= to;
}

/* Spans of very different length are compared by whether the long one holds the short one. */
static s_match_t s_dates(const wd_span_t *x, const wd_span_t *y)
{
    if (!x->given || !y->given)
        return S_OPEN;
    if (x->yearless != y->yearless)
        return (x->yearless ? s_falls(x, y) : s_falls(y, x)) ? S_LIKE : S_CLASH;
    if (x->from == y->from && x->to == y->to)
        return S_MATCH;
    bool x_in_y = x->from >= y->from && x->to <= y->to;
    bool y_in_x = y->from >= x->from && y->to <= x->to;
    return x_in_y || y_in_x ? S_LIKE : S_CLASH;
}

/* A period is one thing and its part another: "2022" is not "January to June 2022". */
static s_match_t s_periods(const wd_span_t *x, const wd_span_t *y)
{
    s_match_t match = s_dates(x, y);
    if (match != S_LIKE || x->yearless || y->yearless)
        return match;
    if (x->from == INT32_MIN || y->from == INT32_MIN || x->to == INT32_MAX || y->to == INT32_MAX)
        return x->from == y->from || x->to == y->to ? S_LIKE : S_CLASH;
    int32_t a = x->to - x->from + 1, b = y->to - y->from + 1;
    /* "on June 23" may well be told as "in June": a day of a period is no other period. */
    return a == b || (a < 2 && b < 32) || (b < 2 && a < 32) ? S_LIKE : S_CLASH;
}

static int32_t s_apart(const wd_digest_t *x, const wd_digest_t *y)
{
    return abs(x->day - y->day);
}

/* Whether the times allow one event: as told, or by the days of the articles. */
static bool s_timely(const wd_digest_t *x, const wd_digest_t *y, s_match_t dates, int32_t apart)
{
    if (dates == S_CLASH)
        return false;
    if (dates != S_OPEN)
        return true;
    const wd_digest_t *dated = x->date.given ? x : y;
    const wd_digest_t *other = dated == x ? y : x;
    if (!dated->date.given || dated->date.yearless || dated->date.to == INT32_MAX ||
        dated->date.from == INT32_MIN)
        return s_apart(x, y) <= apart;
    return other->day >= dated->date.from - apart && other->day <= dated->date.to + apart;
}

/* ------------------------------------------------------------------------------ kind by kind */

static bool s_against(s_match_t a, s_match_t b, s_match_t c)
{
    return a == S_CLASH || b == S_CLASH || c == S_CLASH;
}

static bool s_same_investment(const wd_digest_t *x, const wd_digest_t *y)
{
    s_match_t investor = s_names(&x->a, &y->a), recipient = s_names(&x->b, &y->b);
    s_match_t place = s_names(&x->place, &y->place);
    if (s_amounts(x, y) != S_MATCH || s_against(investor, recipient, place) ||
        !s_timely(x, y, s_dates(&x->date, &y->date), 120))
        return false;
    return investor == S_MATCH || recipient == S_MATCH ||
           (place == S_MATCH && (investor == S_LIKE || recipient == S_LIKE));
}

/* Whose figure it is: the subject, or the place where one of them has no subject of a name. */
static s_match_t s_subject(const wd_digest_t *x, const wd_digest_t *y)
{
    s_match_t subject = s_names(&x->a, &y->a);
    if (subject == S_CLASH || subject == S_MATCH)
        return subject;
    s_match_t place = s_names(&x->place, &y->place);
    if (place == S_MATCH && !(s_proper(&x->a) && s_proper(&y->a)))
        return S_MATCH;
    /* "Changchun's output" and "output in Changchun" */
    if (s_names(&x->a, &y->place) == S_MATCH || s_names(&x->place, &y->a) == S_MATCH)
        return S_LIKE;
    return subject;
}

static bool s_same_figure(const wd_digest_t *x, const wd_digest_t *y)
{
    s_match_t subject = s_subject(x, y), metric = s_text(&x->text, &y->text);
    s_match_t place = s_names(&x->place, &y->place), whole = s_names(&x->c, &y->c);
    s_match_t period = s_periods(&x->date, &y->date);
    if (s_amounts(x, y) != S_MATCH || s_against(subject, place, whole) || metric == S_CLASH ||
        s_enum(x->word, y->word) == S_CLASH || s_enum(x->word2, y->word2) == S_CLASH ||
        !s_timely(x, y, period, 200))
        return false;
    bool finely = x->amounts[0].digits >= 3 && y->amounts[0].digits >= 3;
    if (subject == S_MATCH)
        return metric >= S_LIKE || finely || period == S_MATCH;
    return subject == S_LIKE && metric == S_MATCH && (finely || period == S_MATCH);
}

static s_match_t s_holder(const wd_digest_t *x, const wd_digest_t *y)
{
    s_match_t subject = s_names(&x->a, &y->a), holder = s_names(&x->b, &y->b);
    if (subject == S_CLASH || (holder == S_CLASH && subject != S_MATCH))
        return S_CLASH;
    if (subject == S_MATCH || holder == S_MATCH)
        return S_MATCH;
    if (s_names(&x->a, &y->b) == S_MATCH || s_names(&x->b, &y->a) == S_MATCH)
        return S_MATCH;
    return subject > holder ? subject : holder;
}

static bool s_same_target(const wd_digest_t *x, const wd_digest_t *y)
{
    s_match_t amount = s_amounts(x, y), metric = s_text(&x->text, &y->text);
    s_match_t deadline = s_dates(&x->date, &y->date);
    if (amount == S_CLASH || metric == S_CLASH || s_holder(x, y) != S_MATCH ||
        s_names(&x->place, &y->place) == S_CLASH || !s_timely(x, y, deadline, 200))
        return false;
    if (x->date.given != y->date.given && s_apart(x, y) > 200)
        return false;
    return amount == S_MATCH || s_saying(&x->goal, &y->goal);
}

static bool s_same_position(const wd_digest_t *x, const wd_digest_t *y)
{
    return s_names(&x->a, &y->a) == S_MATCH && s_names(&x->b, &y->b) != S_CLASH &&
           s_text(&x->text, &y->text) == S_MATCH && s_enum(x->word, y->word) != S_CLASH;
}

static bool s_same_stage(const wd_digest_t *x, const wd_digest_t *y)
{
    s_match_t facility = s_names(&x->a, &y->a), place = s_names(&x->place, &y->place);
    s_match_t owner = s_names(&x->c, &y->c);
    if (s_enum(x->word, y->word) == S_CLASH || s_against(facility, place, owner) ||
        !s_timely(x, y, s_dates(&x->date, &y->date), 120))
        return false;
    return facility == S_MATCH || (facility == S_LIKE && (place == S_MATCH || owner == S_MATCH));
}

static bool s_same_agreement(const wd_digest_t *x, const wd_digest_t *y)
{
    size_t few = x->a.count < y->a.count ? x->a.count : y->a.count;
    size_t shared = s_shared(&x->a, &y->a, S_LIKE), back = s_shared(&y->a, &x->a, S_LIKE);
    size_t sure = s_shared(&x->a, &y->a, S_MATCH);
    s_match_t topic = s_text(&x->text, &y->text), amount = s_amounts(x, y);
    s_match_t form = s_enum(x->word, y->word), date = s_dates(&x->date, &y->date);
    shared = back < shared ? back : shared;
    if (few == 0 || shared < few || amount == S_CLASH || s_names(&x->place, &y->place) == S_CLASH ||
        !s_timely(x, y, date, 30))
        return false;
    if (few == 1 || sure < few)
        return sure > 0 && (topic == S_MATCH || amount == S_MATCH);
    return topic != S_CLASH && (topic >= S_LIKE || amount == S_MATCH || form == S_MATCH);
}

static bool s_same_ownership(const wd_digest_t *x, const wd_digest_t *y)
{
    return s_names(&x->a, &y->a) == S_MATCH && s_names(&x->b, &y->b) == S_MATCH &&
           s_enum(x->word, y->word) != S_CLASH && s_amounts(x, y) != S_CLASH;
}

static bool s_same_acquisition(const wd_digest_t *x, const wd_digest_t *y)
{
    return s_names(&x->a, &y->a) == S_MATCH && s_names(&x->b, &y->b) == S_MATCH &&
           s_amounts(x, y) != S_CLASH && s_timely(x, y, s_dates(&x->date, &y->date), 300);
}

static bool s_same_gathering(const wd_digest_t *x, const wd_digest_t *y)
{
    s_match_t dates = s_dates(&x->date, &y->date);
    return s_names(&x->a, &y->a) == S_MATCH && s_names(&x->place, &y->place) != S_CLASH &&
           s_names(&x->c, &y->c) != S_CLASH && s_timely(x, y, dates, 45);
}

bool wd_same(const wd_digest_t *x, const wd_digest_t *y)
{
    if (x->kind != y->kind || x->modality != y->modality)
        return false;
    switch (x->kind) {
    case WD_KIND_INVESTMENT:
        return s_same_investment(x, y);
    case WD_KIND_STATISTIC:
    case WD_KIND_CHANGE:
        return s_same_figure(x, y);
    case WD_KIND_TARGET:
        return s_same_target(x, y);
    case WD_KIND_STATEMENT:
        return s_names(&x->a, &y->a) == S_MATCH && s_saying(&x->text, &y->text) &&
               s_timely(x, y, s_dates(&x->date, &y->date), 14);
    case WD_KIND_POSITION:
        return s_same_position(x, y);
    case WD_KIND_FACILITY_EVENT:
        return s_same_stage(x, y);
    case WD_KIND_FOUNDING:
        return s_names(&x->a, &y->a) == S_MATCH && s_names(&x->place, &y->place) != S_CLASH &&
               s_dates(&x->date, &y->date) != S_CLASH;
    case WD_KIND_AGREEMENT:
        return s_same_agreement(x, y);
    case WD_KIND_OWNERSHIP:
        return s_same_ownership(x, y);
    case WD_KIND_ACQUISITION:
        return s_same_acquisition(x, y);
    case WD_KIND_LOCATION:
        return s_names(&x->a, &y->a) == S_MATCH && s_names(&x->b, &y->b) == S_MATCH &&
               s_enum(x->word, y->word) != S_CLASH;
    case WD_KIND_GATHERING:
        return s_same_gathering(x, y);
    default:
        return false;
    }
}

bool wd_clash(const wd_digest_t *x, const wd_digest_t *y)
{
    bool period = x->kind == WD_KIND_STATISTIC || x->kind == WD_KIND_CHANGE;
    s_match_t dates = period ? s_periods(&x->date, &y->date) : s_dates(&x->date, &y->date);
    return dates == S_CLASH || s_amounts(x, y) == S_CLASH || s_names(&x->a, &y->a) == S_CLASH ||
           (x->kind != WD_KIND_TARGET && s_names(&x->b, &y->b) == S_CLASH) ||
           s_names(&x->place, &y->place) == S_CLASH;
}

/* ------------------------------------------------------------------------------------ relations */

/* Which of two days of articles is the newer, for what has no time of its own. */
static wd_relation_t s_by_day(const wd_digest_t *x, const wd_digest_t *y)
{
    if (x->day == y->day)
        return x->article == y->article ? WD_UNRELATED : WD_CONFLICT;
    return x->day > y->day ? WD_NEWER : WD_OLDER;
}

static bool s_alike(int32_t x, int32_t y)
{
    return x - y <= y / 5 + 1 && y - x <= x / 5 + 1;
}

/* Two figures of one subject and metric: by their periods, else by their articles. */
static wd_relation_t s_by_period(const wd_digest_t *x, const wd_digest_t *y)
{
    const wd_span_t *a = &x->date, *b = &y->date;
    if (!a->given && !b->given)
        return s_by_day(x, y);
    if (!a->given || !b->given || a->yearless || b->yearless || a->from == INT32_MIN ||
        b->from == INT32_MIN || a->to == INT32_MAX || b->to == INT32_MAX)
        return WD_UNRELATED;
    if (a->from == b->from && a->to == b->to)
        return x->article == y->article ? WD_UNRELATED : WD_CONFLICT;
    if (!s_alike(a->to - a->from + 1, b->to - b->from + 1))
        return WD_UNRELATED;
    return a->from > b->to ? WD_NEWER : b->from > a->to ? WD_OLDER : WD_UNRELATED;
}

/* "the death toll of the Corrin Dam disaster" says itself what is counted. */
static bool s_telling(const wd_anchors_t *x)
{
    return x->count == 1 && x->items[0].proper && x->items[0].count >= 4;
}

/* Figures that stand in one series: the same subject, metric, whole and place. */
static bool s_series(const wd_digest_t *x, const wd_digest_t *y)
{
    return s_names(&x->a, &y->a) == S_MATCH && (x->text.count > 0 || s_telling(&x->a)) &&
           s_equal(&x->text, &y->text) && (x->c.count == 0) == (y->c.count == 0) &&
           s_names(&x->c, &y->c) != S_CLASH &&
           (x->place.count == 0 || y->place.count == 0 ||
            s_names(&x->place, &y->place) == S_MATCH) &&
           s_enum(x->word2, y->word2) != S_CLASH;
}

static wd_relation_t s_relate_figure(const wd_digest_t *x, const wd_digest_t *y)
{
    s_match_t amount = s_amounts(x, y);
    if (!s_series(x, y) || amount == S_OPEN)
        return WD_UNRELATED;
    wd_relation_t relation = s_by_period(x, y);
    if (x->kind == WD_KIND_CHANGE)
        return relation == WD_CONFLICT && x->date.given && amount == S_CLASH ? WD_CONFLICT
                                                                             : WD_UNRELATED;
    /* The same figure of another period is no contradiction, but it is newer. */
    return relation == WD_CONFLICT && amount != S_CLASH ? WD_UNRELATED : relation;
}

static wd_relation_t s_relate_target(const wd_digest_t *x, const wd_digest_t *y)
{
    if (s_holder(x, y) != S_MATCH || x->text.count == 0 || !s_equal(&x->text, &y->text) ||
        s_amounts(x, y) != S_CLASH || x->date.given != y->date.given ||
        (x->date.given && s_dates(&x->date, &y->date) != S_MATCH))
        return WD_UNRELATED;
    return s_by_day(x, y);
}

static wd_relation_t s_relate_stage(const wd_digest_t *x, const wd_digest_t *y)
{
    if (s_names(&x->a, &y->a) != S_MATCH || s_names(&x->place, &y->place) == S_CLASH ||
        x->stage == 0 || y->stage == 0)
        return WD_UNRELATED;
    if (x->stage == y->stage)
        return x->date.given && y->date.given && x->article != y->article && x->stage < 7 &&
                       s_apart(x, y) <= 120 && s_dates(&x->date, &y->date) == S_CLASH
                   ? WD_CONFLICT
                   : WD_UNRELATED;
    const wd_digest_t *late = x->stage > y->stage ? x : y;
    const wd_digest_t *early = late == x ? y : x;
    if (late->day < early->day)
        return WD_UNRELATED;
    return late == x ? WD_NEWER : WD_OLDER;
}

wd_relation_t wd_relate(const wd_digest_t *x, const wd_digest_t *y)
{
    if (x->kind != y->kind || (x->modality != y->modality && x->kind != WD_KIND_FACILITY_EVENT))
        return WD_UNRELATED;
    bool others = x->article != y->article;
    bool a = s_names(&x->a, &y->a) == S_MATCH, b = s_names(&x->b, &y->b) == S_MATCH;
    bool amounts = s_amounts(x, y) == S_CLASH;
    switch (x->kind) {
    case WD_KIND_INVESTMENT:
        return others && a && b && amounts && s_names(&x->place, &y->place) != S_CLASH &&
                       s_timely(x, y, s_dates(&x->date, &y->date), 30)
                   ? WD_CONFLICT
                   : WD_UNRELATED;
    case WD_KIND_STATISTIC:
    case WD_KIND_CHANGE:
        return s_relate_figure(x, y);
    case WD_KIND_TARGET:
        return s_relate_target(x, y);
    case WD_KIND_FACILITY_EVENT:
        return s_relate_stage(x, y);
    case WD_KIND_FOUNDING:
        return others && a && s_names(&x->place, &y->place) != S_CLASH &&
                       s_dates(&x->date, &y->date) == S_CLASH
                   ? WD_CONFLICT
                   : WD_UNRELATED;
    case WD_KIND_OWNERSHIP:
        if (!a || !b || !amounts || s_enum(x->word, y->word) == S_CLASH)
            return WD_UNRELATED;
        return s_apart(x, y) > 30 ? s_by_day(x, y) : others ? WD_CONFLICT : WD_UNRELATED;
    case WD_KIND_ACQUISITION:
        return others && a && b && amounts && s_timely(x, y, s_dates(&x->date, &y->date), 60)
                   ? WD_CONFLICT
                   : WD_UNRELATED;
    default:
        return WD_UNRELATED;
    }
}

/* ---------------------------------------------------------------------------------------- order */

int wd_digest_exactness(const wd_digest_t *x)
{
    int sum = x->amount_count > 0 ? x->amounts[0].digits * 2 + (x->amounts[0].bound == 0) : 0;
    return sum + (x->date.given ? 4 : 0) + (x->date.given && x->date.from == x->date.to ? 2 : 0) +
           (int)(x->a.count + x->b.count + x->c.count + x->place.count);
}

int wd_digest_compare(const wd_digest_t *x, const wd_digest_t *y)
{
    int exactness = wd_digest_exactness(y) - wd_digest_exactness(x);
    if (exactness != 0)
        return exactness;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    if (x->article != y->article)
        return x->article < y->article ? -1 : 1;
    return x->content < y->content ? -1 : x->content > y->content;
}

/* ----------------------------------------------------------------------------------------- keys */

static void s_key(wd_keys_t *keys, uint64_t key)
{
    for (size_t i = 0; i < keys->count; i++)
        if (keys->items[i] == (int64_t)key)
            return;
    if (keys->count < WD_KEYS_MAX)
        keys->items[keys->count++] = (int64_t)key;
}

static uint64_t s_base(const wd_digest_t *self, int which)
{
    return wd_mix2((uint64_t)self->kind + 1, (uint64_t)which);
}

/* The amount's first digit and power: 2.69e9 is filed under 3e9, and looked for under 2 and 3e9. */
static void s_amount_keys(wd_keys_t *keys, uint64_t base, const wd_amount_t *amount, bool look)
{
    double value = fabs(amount->number);
    base = wd_mix2(base, amount->family);
    if (value < 1e-300) {
        s_key(keys, wd_mix2(base, 0));
        return;
    }
    double power = pow(10, floor(log10(value)));
    double low = floor(value / power + 1e-9), near = floor(value / power + 0.5 + 1e-9);
    for (double digit = look ? low : near; digit <= (look ? low + 1 : near); digit++)
        s_key(keys, wd_mix2(base, (uint64_t)llround(log10(digit * power) * 1e6)));
}

static void s_figure_keys(const wd_digest_t *self, const wd_anchors_t *anchors, wd_keys_t *keys,
                          bool look)
{
    for (size_t i = 0; i < anchors->count; i++) {
        if (!anchors->items[i].proper)
            continue;
        uint64_t base = wd_mix2(s_base(self, 1), (uint64_t)anchors->items[i].key);
        for (size_t k = 0; k < self->amount_count; k++)
            s_amount_keys(keys, base, &self->amounts[k], look);
    }
}

/* Of a series: its subject and metric. */
static void s_series_keys(const wd_digest_t *self, const wd_anchors_t *anchors, wd_keys_t *keys)
{
    uint64_t text = wd_mix(1, self->text.items, self->text.count * sizeof self->text.items[0]);
    for (size_t i = 0; (self->text.count > 0 || s_telling(anchors)) && i < anchors->count; i++)
        if (anchors->items[i].proper)
            s_key(keys, wd_mix2(wd_mix2(s_base(self, 2), (uint64_t)anchors->items[i].key), text));
}

static void s_name_keys(const wd_digest_t *self, const wd_anchors_t *anchors, int which,
                        uint64_t more, wd_keys_t *keys)
{
    for (size_t i = 0; i < anchors->count; i++)
        if (anchors->items[i].proper && !anchors->items[i].weak)
            s_key(keys,
                  wd_mix2(wd_mix2(s_base(self, which), (uint64_t)anchors->items[i].key), more));
}

static void s_pair_keys(const wd_digest_t *self, wd_keys_t *keys)
{
    for (size_t i = 0; i < self->a.count; i++) {
        if (!self->a.items[i].proper)
            continue;
        for (size_t k = 0; k < self->b.count; k++)
            if (self->b.items[k].proper)
                s_key(keys, wd_mix2(wd_mix2(s_base(self, 4), (uint64_t)self->a.items[i].key),
                                    (uint64_t)self->b.items[k].key));
    }
}

/* Texts of which three fifths are equal have one of these in common, nearly always: the least of
 * their words in each of four shuffles. */
static void s_text_keys(const wd_digest_t *self, const wd_wordset_t *text,
                        const wd_anchors_t *anchors, wd_keys_t *keys)
{
    for (uint64_t turn = 0; text->count > 0 && turn < 4; turn++) {
        uint64_t least = UINT64_MAX;
        for (size_t i = 0; i < text->count; i++) {
            uint64_t hash = wd_mix2(turn + 1, text->items[i]);
            least = hash < least ? hash : least;
        }
        s_name_keys(self, anchors, 5, least, keys);
    }
}

/* Something built at a place, or by somebody, known by a part of its name. */
static void s_part_keys(const wd_digest_t *self, const wd_anchors_t *anchors, wd_keys_t *keys)
{
    for (size_t i = 0; i < self->a.count; i++)
        for (size_t k = 0; k < self->a.items[i].count; k++)
            s_name_keys(self, anchors, 6, wd_mix2(self->word, self->a.items[i].parts[k]), keys);
}

static void s_keys(const wd_digest_t *self, wd_keys_t *keys, bool look)
{
    keys->count = 0;
    switch (self->kind) {
    case WD_KIND_INVESTMENT:
        s_figure_keys(self, &self->a, keys, look);
        s_figure_keys(self, &self->b, keys, look);
        s_figure_keys(self, &self->place, keys, look);
        s_pair_keys(self, keys);
        break;
    case WD_KIND_STATISTIC:
    case WD_KIND_CHANGE:
        s_figure_keys(self, &self->a, keys, look);
        s_figure_keys(self, &self->place, keys, look);
        s_series_keys(self, &self->a, keys);
        break;
    case WD_KIND_TARGET:
        s_figure_keys(self, &self->a, keys, look);
        s_figure_keys(self, &self->b, keys, look);
        s_series_keys(self, &self->a, keys);
        s_series_keys(self, &self->b, keys);
        s_text_keys(self, &self->goal, &self->b, keys);
        s_text_keys(self, &self->goal, &self->a, keys);
        break;
    case WD_KIND_STATEMENT:
        s_text_keys(self, &self->text, &self->a, keys);
        break;
    case WD_KIND_OWNERSHIP:
    case WD_KIND_ACQUISITION:
    case WD_KIND_LOCATION:
        s_pair_keys(self, keys);
        break;
    case WD_KIND_FACILITY_EVENT:
        s_name_keys(self, &self->a, 3, 0, keys);
        s_part_keys(self, &self->place, keys);
        s_part_keys(self, &self->c, keys);
        break;
    case WD_KIND_POSITION:
    case WD_KIND_FOUNDING:
    case WD_KIND_AGREEMENT:
    case WD_KIND_GATHERING:
        s_name_keys(self, &self->a, 3, 0, keys);
        break;
    default:
        break;
    }
}

void wd_keys_own(const wd_digest_t *self, wd_keys_t *ret_keys)
{
    s_keys(self, ret_keys, false);
}

void wd_keys_look(const wd_digest_t *self, wd_keys_t *ret_keys)
{
    s_keys(self, ret_keys, true);
}
