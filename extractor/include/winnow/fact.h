/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fact as the extractor gives it: one claim of an article, its roles, and the bytes that state
 * it. The model is FACTS.md; the words here are its words.
 *
 * Everything is owned by the winnow_facts_t that it came from, is constant, may be read from any
 * thread, and lives until winnow_facts_destroy(). Strings are UTF-8 slices, not NUL-terminated.
 */
#ifndef WINNOW_FACT_H
#define WINNOW_FACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    const char *data;
    size_t size;
} winnow_str_t;

typedef enum {
    WINNOW_KIND_INVESTMENT,
    WINNOW_KIND_STATISTIC,
    WINNOW_KIND_CHANGE,
    WINNOW_KIND_TARGET,
    WINNOW_KIND_STATEMENT,
    WINNOW_KIND_POSITION,
    WINNOW_KIND_FACILITY_EVENT,
    WINNOW_KIND_FOUNDING,
    WINNOW_KIND_AGREEMENT,
    WINNOW_KIND_OWNERSHIP,
    WINNOW_KIND_ACQUISITION,
    WINNOW_KIND_LOCATION,
    WINNOW_KIND_GATHERING,
    WINNOW_KIND_COUNT
} winnow_kind_t;

typedef enum {
    WINNOW_MODALITY_ACTUAL,
    WINNOW_MODALITY_PLANNED,
    WINNOW_MODALITY_TARGET,
    WINNOW_MODALITY_FORECAST,
    WINNOW_MODALITY_POSSIBLE,
    WINNOW_MODALITY_NEGATED,
    WINNOW_MODALITY_COUNT
} winnow_modality_t;

typedef enum {
    WINNOW_TYPE_PERSON,
    WINNOW_TYPE_ORGANISATION,
    WINNOW_TYPE_PLACE,
    WINNOW_TYPE_FACILITY,
    WINNOW_TYPE_EVENT,
    WINNOW_TYPE_THING,
    WINNOW_TYPE_QUANTITY,
    WINNOW_TYPE_MONEY,
    WINNOW_TYPE_PERCENT,
    WINNOW_TYPE_DATE,
    WINNOW_TYPE_ENUM,
    WINNOW_TYPE_TEXT,
    WINNOW_TYPE_COUNT
} winnow_type_t;

typedef enum {
    WINNOW_BOUND_EXACT,
    WINNOW_BOUND_ABOUT,
    WINNOW_BOUND_MORE_THAN,
    WINNOW_BOUND_LESS_THAN,
    WINNOW_BOUND_AT_LEAST,
    WINNOW_BOUND_AT_MOST,
    WINNOW_BOUND_RANGE,
    WINNOW_BOUND_COUNT
} winnow_bound_t;

/* An exact decimal: digits * 10^exponent. No binary floating point, so that every machine agrees.
 */
typedef struct {
    int64_t digits;
    int32_t exponent;
} winnow_decimal_t;

typedef struct {
    winnow_decimal_t number;
    winnow_str_t unit; /* ISO 4217 code, "%", "pp", SI symbol, or a singular noun phrase */
} winnow_equivalent_t;

/* start == end == WINNOW_NOWHERE: the filler does not stand in the article (an enum, say). */
#define WINNOW_NOWHERE SIZE_MAX

typedef struct {
    winnow_type_t type;
    winnow_str_t text; /* as FACTS.md wants it written: the resolved name, the words, the enum */
    size_t start, end; /* byte offsets into the article of the words it was read from */
    bool has_number, has_high;
    winnow_decimal_t number, high; /* quantity, money, percent; high only with WINNOW_BOUND_RANGE */
    winnow_bound_t bound;          /* meaningful when has_number */
    winnow_str_t unit;             /* meaningful when has_number */
    const winnow_equivalent_t *equivalents;
    size_t equivalent_count;
    winnow_str_t value; /* date: ISO 8601 date, "start/end", "2010/", or "XXXX-03-27"; else empty */
} winnow_filler_t;

typedef struct {
    winnow_str_t name; /* one of the words of FACTS.md's table: "investor", "amount" … */
    const winnow_filler_t *fillers;
    size_t filler_count;
} winnow_role_t;

typedef struct {
    winnow_kind_t kind;
    winnow_modality_t modality;
    winnow_str_t reported_by; /* empty: not attributed */
    const winnow_role_t *roles;
    size_t role_count;
    size_t start, end; /* evidence: byte offsets into the article */
    int confidence;    /* in thousandths, 0 to 1000; -1 when none was computed */
    winnow_str_t rule; /* name of the rule that made it */
    winnow_str_t json; /* the whole record as one line of JSON in FACTS.md's form, no newline */
} winnow_fact_t;

#endif
