/* SPDX-License-Identifier: Apache-2.0 */
/* Observations in a form that can be compared; see digest.h. */
#include "digest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "name_words.h"
#include "record.h"
#include "words.h"

typedef struct {
    const char *name;
    const char *a, *b, *c, *place, *amount, *text, *goal, *word, *word2, *date;
} s_kind_t;

static const s_kind_t s_kinds[WD_KIND_COUNT] = {
    [WD_KIND_INVESTMENT] = {.name = "investment",
                            .a = "investor",
                            .b = "recipient",
                            .place = "place",
                            .amount = "amount",
                            .date = "date"},
    [WD_KIND_STATISTIC] = {.name = "statistic",
                           .a = "subject",
                           .c = "whole",
                           .place = "place",
                           .amount = "value",
                           .text = "metric",
                           .date = "period"},
    [WD_KIND_CHANGE] = {.name = "change",
                        .a = "subject",
                        .place = "place",
                        .amount = "amount",
                        .text = "metric",
                        .word = "direction",
                        .word2 = "basis",
                        .date = "period"},
    [WD_KIND_TARGET] = {.name = "target",
                        .a = "subject",
                        .b = "holder",
                        .place = "place",
                        .amount = "value",
                        .text = "metric",
                        .goal = "goal",
                        .date = "deadline"},
    [WD_KIND_STATEMENT] = {.name = "statement", .a = "speaker", .text = "content", .date = "date"},
    [WD_KIND_POSITION] = {.name = "position",
                          .a = "person",
                          .b = "organisation",
                          .text = "title",
                          .word = "status",
                          .date = "date"},
    [WD_KIND_FACILITY_EVENT] = {.name = "facility_event",
                                .a = "facility",
                                .c = "owner",
                                .place = "place",
                                .word = "event",
                                .date = "date"},
    [WD_KIND_FOUNDING] =
        {.name = "founding", .a = "entity", .c = "founder", .place = "place", .date = "date"},
    [WD_KIND_AGREEMENT] = {.name = "agreement",
                           .a = "party",
                           .place = "place",
                           .amount = "amount",
                           .text = "topic",
                           .word = "form",
                           .date = "date"},
    [WD_KIND_OWNERSHIP] =
        {.name = "ownership", .a = "entity", .b = "owner", .amount = "share", .word = "form"},
    [WD_KIND_ACQUISITION] = {.name = "acquisition",
                             .a = "acquirer",
                             .b = "acquired",
                             .amount = "amount",
                             .date = "date"},
    [WD_KIND_LOCATION] = {.name = "location", .a = "entity", .b = "place", .word = "relation"},
    [WD_KIND_GATHERING] =
        {.name = "gathering", .a = "event", .c = "organiser", .place = "place", .date = "date"},
};

/* The stages of something built, in their order. */
static const char *const s_stages[] = {"planned",
                                       "construction_started",
                                       "under_construction",
                                       "completed",
                                       "trial",
                                       "opened",
                                       "expanded",
                                       "closed"};

wd_kind_t wd_kind_parse(const char *name)
{
    for (size_t i = 0; i < WD_KIND_COUNT; i++)
        if (strcmp(s_kinds[i].name, name) == 0)
            return (wd_kind_t)i;
    return WD_KIND_COUNT;
}

/* ----------------------------------------------------------------------------------------- days */

int32_t wd_days(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year;
    int era = (y >= 0 ? y : y - 399) / 400;
    int of_era = y - era * 400;
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return (int32_t)(era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468);
}

static bool s_digits(const char *text, size_t size, size_t at, size_t count, int *ret)
{
    int value = 0;
    if (at + count > size)
        return false;
    for (size_t i = at; i < at + count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        value = value * 10 + text[i] - '0';
    }
    *ret = value;
    return true;
}

static int s_month_days(int year, int month)
{
    return month == 12 ? 31 : wd_days(year, month + 1, 1) - wd_days(year, month, 1);
}

/* One end of a span: "2022", "2022-06", "2022-06-23", with a time behind it or not. */
static bool s_one(const char *text, size_t size, wd_span_t *ret)
{
    int year = 0, month = 0, day = 0;
    bool yearless = size >= 4 && memcmp(text, "XXXX", 4) == 0;
    if (!yearless && !s_digits(text, size, 0, 4, &year))
        return false;
    bool has_month = size >= 7 && text[4] == '-' && s_digits(text, size, 5, 2, &month);
    bool has_day = has_month && size >= 10 && text[7] == '-' && s_digits(text, size, 8, 2, &day);
    if ((!has_month && size != 4) || (has_month && (month < 1 || month > 12)) ||
        (has_day && (day < 1 || day > 31)) || (has_month && !has_day && size != 7) ||
        (yearless && !has_month))
        return false;
    int first_month = has_month ? month : 1, last_month = has_month ? month : 12;
    int last_day = has_day ? day : yearless ? 31 : s_month_days(year, last_month);
    *ret = (wd_span_t){.given = true, .yearless = yearless};
    ret->from = yearless ? first_month * 32 + (has_day ? day : 1)
                         : wd_days(year, first_month, has_day ? day : 1);
    ret->to = yearless ? last_month * 32 + last_day : wd_days(year, last_month, last_day);
    return true;
}

wd_span_t wd_span_parse(const char *text, size_t size)
{
    wd_span_t none = {.given = false}, first = none, last = none;
    const char *slash = memchr(text, '/', size);
    if (slash == NULL)
        return s_one(text, size, &first) ? first : none;
    size_t at = (size_t)(slash - text);
    bool from = s_one(text, at, &first), to = s_one(slash + 1, size - at - 1, &last);
    if ((!from && at > 0) || (!to && at + 1 < size) || (!from && !to))
        return none;
    if (from && to && first.yearless == last.yearless)
        first.to = last.to;
    else if (from)
        first.to = first.yearless ? 12 * 32 + 31 : INT32_MAX;
    else
        first = (wd_span_t){true, last.yearless, INT32_MIN, last.to};
    return first.from <= first.to ? first : none;
}

/* ---------------------------------------------------------------------------------- words, names
 */

static uint32_t s_hash(const char *text, size_t size)
{
    uint32_t hash = (uint32_t)wd_mix(7, text, size);
    return hash != 0 ? hash : 1;
}

static int s_ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* Sorts and drops what is there twice. */
static size_t s_sort(uint32_t *items, size_t count)
{
    size_t out = 0;
    qsort(items, count, sizeof items[0], s_ascending);
    for (size_t i = 0; i < count; i++)
        if (out == 0 || items[out - 1] != items[i])
            items[out++] = items[i];
    return out;
}

/* Words in their plain form: without the plural's s, in one spelling. */
static uint32_t s_word(wd_words_t *words)
{
    words->word[words->size] = '\0';
    const char *spelling = wd_word_spelling(words->word);
    const char *word = spelling != NULL ? spelling : words->word;
    size_t size = strlen(word);
    if (size > 3 && word[size - 1] == 's' && word[size - 2] != 's')
        size--;
    return s_hash(word, size);
}

static void s_add_text(wd_wordset_t *set, wd_slice_t text)
{
    wd_words_t words;
    wd_words_start(&words, text.data, text.size);
    while (set->count < WD_SET_MAX && wd_words_next(&words)) {
        words.word[words.size] = '\0';
        if (wd_word_stop(words.word) || wd_word_plain(words.word))
            continue;
        set->items[set->count++] = s_word(&words);
    }
}

/* Roles that a person can fill; "person" for what was not recognised is common in all others. */
static bool s_personal(wd_slice_t role)
{
    static const char *const roles[] = {"person", "speaker",  "investor",    "owner",    "founder",
                                        "holder", "acquirer", "participant", "organiser"};
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++)
        if (wd_slice_is(role, roles[i]))
            return true;
    return false;
}

static wd_name_class_t s_class(const wd_filler_t *filler)
{
    wd_name_class_t class = wd_name_class(filler->type.data, filler->type.size);
    if (wd_slice_is(filler->role, "place"))
        return WD_NAME_PLACE;
    if (class != WD_NAME_PERSON || s_personal(filler->role))
        return class;
    /* A figure or a party may be a person's; one word in capitals is not. */
    bool may = wd_slice_is(filler->role, "subject") || wd_slice_is(filler->role, "party");
    for (size_t i = 0; may && i < filler->text.size; i++)
        if (filler->text.data[i] < 'A' || filler->text.data[i] > 'Z')
            return class;
    return WD_NAME_OTHER;
}

static void s_add_name(wd_anchors_t *anchors, const wd_filler_t *filler)
{
    if (anchors->count == WD_ANCHORS_MAX || filler->text.size == 0)
        return;
    wd_anchor_t *anchor = &anchors->items[anchors->count];
    wd_name_t name;
    wd_name_class_t class = s_class(filler);
    wd_name_make(&name, class, filler->text.data, filler->text.size);
    if (name.size == 0)
        return;
    *anchor = (wd_anchor_t){.key = wd_name_key(&name, class),
                            .proper = name.proper,
                            .weak = name.weak,
                            .country = class == WD_NAME_PLACE && wd_word_country(name.form)};
    for (const char *p = name.form; *p != '\0' && anchor->count < WD_PARTS_MAX;) {
        size_t size = strcspn(p, " ");
        anchor->parts[anchor->count++] = s_hash(p, size);
        p += size + (p[size] == ' ');
    }
    anchor->count = (uint8_t)s_sort(anchor->parts, anchor->count);
    anchors->count++;
}

/* -------------------------------------------------------------------------------------- amounts */

/* "2690000000" has 3 digits that count, "2.5e9" two. */
static int s_significant(wd_slice_t number)
{
    int count = 0, zeros = 0;
    for (size_t i = 0; i < number.size; i++) {
        char c = number.data[i];
        if (c == 'e' || c == 'E')
            break;
        if (c < '0' || c > '9' || (c == '0' && count == 0))
            continue;
        count++;
        zeros = c == '0' ? zeros + 1 : 0;
    }
    return count - zeros;
}

static double s_double(wd_slice_t number)
{
    char text[64];
    size_t size = number.size < sizeof text - 1 ? number.size : sizeof text - 1;
    memcpy(text, number.data, size);
    text[size] = '\0';
    double value = 0, scale = 1;
    const char *p = text;
    bool negative = *p == '-', point = false;
    /* strtod would ask the locale for its point. */
    for (p += negative; (*p >= '0' && *p <= '9') || (*p == '.' && !point); p++) {
        if (*p == '.') {
            point = true;
            continue;
        }
        value = value * 10 + (*p - '0');
        scale = point ? scale * 10 : scale;
    }
    int power = *p == 'e' || *p == 'E' ? atoi(p + 1) : 0;
    value = value / scale * (power != 0 && power > -300 && power < 300 ? pow(10, power) : 1);
    return negative ? -value : value;
}

static wd_bound_t s_bound(wd_slice_t bound)
{
    static const struct {
        const char *word;
        wd_bound_t bound;
    } bounds[] = {{"about", WD_BOUND_ABOUT},   {"more_than", WD_BOUND_MORE},
                  {"at_least", WD_BOUND_MORE}, {"less_than", WD_BOUND_LESS},
                  {"at_most", WD_BOUND_LESS},  {"range", WD_BOUND_RANGE}};
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++)
        if (wd_slice_is(bound, bounds[i].word))
            return bounds[i].bound;
    return WD_BOUND_EXACT;
}

/* "foreign-funded company" is counted in companies. */
static uint32_t s_unit(wd_slice_t unit)
{
    wd_words_t words;
    uint32_t hash = 0;
    if (unit.size == 0)
        return 0;
    wd_words_start(&words, unit.data, unit.size);
    while (wd_words_next(&words))
        hash = s_word(&words);
    return hash != 0 ? hash : s_hash(unit.data, unit.size); /* "%" has no word in it */
}

/* Which crown or dollar is meant is often a guess of whoever reads: the currencies of one word. */
static uint32_t s_family(wd_slice_t unit, uint32_t hash)
{
    static const char *const families[] = {
        "USD CAD AUD NZD HKD SGD TWD", "NOK SEK DKK ISK",     "GBP EGP LBP",
        "MXN ARS CLP COP PHP UYU DOP", "INR PKR LKR NPR MUR", "CHF XOF XAF XPF CDF RWF",
    };
    for (size_t i = 0; unit.size == 3 && i < sizeof families / sizeof families[0]; i++)
        for (const char *p = families[i]; *p != '\0'; p += p[3] == ' ' ? 4 : 3)
            if (memcmp(p, unit.data, 3) == 0)
                return s_hash(families[i], 3);
    return hash;
}

static void s_add_amount(wd_digest_t *self, wd_slice_t number, wd_slice_t high, wd_slice_t unit,
                         wd_slice_t bound)
{
    if (self->amount_count == WD_AMOUNTS_MAX || number.size == 0)
        return;
    wd_amount_t *amount = &self->amounts[self->amount_count++];
    *amount = (wd_amount_t){.number = s_double(number),
                            .digits = s_significant(number),
                            .unit = s_unit(unit),
                            .bound = s_bound(bound)};
    amount->family = s_family(unit, amount->unit);
    amount->high = high.size > 0 ? s_double(high) : amount->number;
}

/* --------------------------------------------------------------------------------------- a record
 */

static bool s_is(const wd_filler_t *filler, const char *role)
{
    return role != NULL && wd_slice_is(filler->role, role);
}

static void s_add_word(uint32_t *word, wd_slice_t text)
{
    if (*word == 0 && text.size > 0)
        *word = s_hash(text.data, text.size);
}

static void s_add_date(wd_digest_t *self, const wd_filler_t *filler)
{
    if (!self->date.given && filler->value.size > 0)
        self->date = wd_span_parse(filler->value.data, filler->value.size);
}

static void s_stage(wd_digest_t *self, wd_slice_t text)
{
    for (size_t i = 0; i < sizeof s_stages / sizeof s_stages[0]; i++)
        if (wd_slice_is(text, s_stages[i]))
            self->stage = (int)i + 1;
}

static bool s_visit(void *arg, const wd_filler_t *filler)
{
    wd_digest_t *self = arg;
    const s_kind_t *kind = &s_kinds[self->kind];
    wd_slice_t none = {NULL, 0};
    self->content = wd_mix(self->content, filler->role.data, filler->role.size);
    self->roles |= (uint32_t)1 << (s_hash(filler->role.data, filler->role.size) & 31);
    self->content = wd_mix(self->content, filler->text.data, filler->text.size);
    if (s_is(filler, kind->a))
        s_add_name(&self->a, filler);
    if (s_is(filler, kind->b))
        s_add_name(&self->b, filler);
    if (s_is(filler, kind->c))
        s_add_name(&self->c, filler);
    if (s_is(filler, kind->place))
        s_add_name(&self->place, filler);
    if (s_is(filler, kind->text))
        s_add_text(&self->text, filler->text);
    if (s_is(filler, kind->goal))
        s_add_text(&self->goal, filler->text);
    if (s_is(filler, kind->word)) {
        s_add_word(&self->word, filler->text);
        if (self->kind == WD_KIND_FACILITY_EVENT)
            s_stage(self, filler->text);
    }
    if (s_is(filler, kind->word2))
        s_add_word(&self->word2, filler->text);
    if (s_is(filler, kind->date))
        s_add_date(self, filler);
    if (s_is(filler, kind->amount) && self->amount_count == 0) {
        s_add_amount(self, filler->number, filler->high, filler->unit, filler->bound);
        for (size_t i = 0; i < filler->equivalents; i++)
            s_add_amount(self, filler->numbers[i], none, filler->units[i], filler->bound);
    }
    return true;
}

void wd_digest_make(wd_digest_t *ret, int64_t id, const char *kind, const char *record, size_t size,
                    uint64_t article, const char *day)
{
    memset(ret, 0, sizeof *ret);
    ret->id = id;
    ret->article = article;
    ret->kind = wd_kind_parse(kind);
    wd_span_t span = wd_span_parse(day, strlen(day));
    ret->day = span.given && !span.yearless ? span.from : 0;
    if (ret->kind == WD_KIND_COUNT)
        return;
    wd_slice_t modality = {"actual", 6};
    wd_record_word(record, size, "modality", &modality);
    if (ret->kind == WD_KIND_TARGET && wd_slice_is(modality, "planned"))
        modality = (wd_slice_t){"target", 6};
    ret->modality = s_hash(modality.data, modality.size);
    if (!wd_record_fillers(record, size, s_visit, ret)) {
        ret->kind = WD_KIND_COUNT;
        return;
    }
    ret->text.count = s_sort(ret->text.items, ret->text.count);
    ret->goal.count = s_sort(ret->goal.items, ret->goal.count);
}
