/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What of an observation decides whether it tells the same fact as another: kind, modality, the
 * names in its key roles in one form (name.h), amounts as numbers, times as spans of days, texts
 * as sets of words. Made of a record and its article alone, so it never changes.
 *
 * Kinds differ in the names of their roles, not in what a role does; a table in digest.c maps them:
 *
 *   kind         a         b             c      place  amount  text     goal  word       date
 *   investment   investor  recipient     -      place  amount  -        -     -          date
 *   statistic    subject   -             whole  place  value   metric   -     -          period
 *   position     person    organisation  -      -      -       title    -     status     date …
 *
 * Pure; any thread.
 */
#ifndef WD_DIGEST_H
#define WD_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "name.h"

#define WD_ANCHORS_MAX 6  /* fillers of a role that count */
#define WD_PARTS_MAX   8  /* words of a name that are compared */
#define WD_SET_MAX     48 /* words of a text */
#define WD_AMOUNTS_MAX 5  /* an amount and its equivalents */

typedef enum {
    WD_KIND_INVESTMENT,
    WD_KIND_STATISTIC,
    WD_KIND_CHANGE,
    WD_KIND_TARGET,
    WD_KIND_STATEMENT,
    WD_KIND_POSITION,
    WD_KIND_FACILITY_EVENT,
    WD_KIND_FOUNDING,
    WD_KIND_AGREEMENT,
    WD_KIND_OWNERSHIP,
    WD_KIND_ACQUISITION,
    WD_KIND_LOCATION,
    WD_KIND_GATHERING,
    WD_KIND_COUNT /* any other: each observation is a fact of its own */
} wd_kind_t;

/* A name that fills a role. */
typedef struct {
    int64_t key;
    uint32_t parts[WD_PARTS_MAX]; /* its words' hashes, sorted */
    uint8_t count;
    bool proper, weak; /* name.h */
    bool country;      /* a place that holds others */
} wd_anchor_t;

typedef struct {
    wd_anchor_t items[WD_ANCHORS_MAX];
    size_t count;
} wd_anchors_t;

/* The hashes of a text's words that mean something, sorted. */
typedef struct {
    uint32_t items[WD_SET_MAX];
    size_t count;
} wd_wordset_t;

typedef enum {
    WD_BOUND_EXACT,
    WD_BOUND_ABOUT,
    WD_BOUND_MORE, /* more_than, at_least */
    WD_BOUND_LESS, /* less_than, at_most */
    WD_BOUND_RANGE
} wd_bound_t;

typedef struct {
    double number, high; /* high: of a range, else number */
    int digits;          /* significant ones, zeros at the end left out */
    uint32_t unit;       /* hash of the unit's last word; 0: none */
    uint32_t family;     /* of currencies that share a word ("dollars", "kroner"), else the unit */
    wd_bound_t bound;
} wd_amount_t;

typedef struct {
    bool given;
    bool yearless;    /* from and to are month * 32 + day */
    int32_t from, to; /* days since 1970, both within */
} wd_span_t;

typedef struct {
    int64_t id;       /* of the observation */
    uint64_t article; /* hash of the article's id: its revisions are one source */
    int32_t day;      /* the article's, in days since 1970 */
    wd_kind_t kind;
    uint32_t modality; /* hash; planned and target are one for a target */
    wd_anchors_t a, b, c, place;
    wd_amount_t amounts[WD_AMOUNTS_MAX];
    size_t amount_count;
    wd_wordset_t text, goal;
    uint32_t word, word2; /* hashes of enums; 0: not given */
    int stage;            /* of a facility_event, 1 planned … 8 closed; 0: none */
    wd_span_t date;
    uint32_t roles;   /* which are filled: a bit each, by a hash of the name */
    uint64_t content; /* hash of the record without the places of its bytes: orders equals */
} wd_digest_t;

/* The kind of that name, or WD_KIND_COUNT. */
wd_kind_t wd_kind_parse(const char *name);

/* Fills *ret out of a record of an article published (or received) on `day`, "YYYY-MM-DD". A record
 * that cannot be read gives a digest that equals none. */
void wd_digest_make(wd_digest_t *ret, int64_t id, const char *kind, const char *record, size_t size,
                    uint64_t article, const char *day);

/* Days since 1970 of a civil day; any month and day are taken. */
int32_t wd_days(int year, int month, int day);
/* "2022", "2022-06", "2022-06-23", "2020-01/2020-06", "2010/", "XXXX-03-27" as a span; given stays
 * false for what is none of these. */
wd_span_t wd_span_parse(const char *text, size_t size);

#endif
