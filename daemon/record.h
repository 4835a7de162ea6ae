/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looking into a stored record (FACTS.md, "As JSON") for what queries ask: fillers, their types,
 * amounts, and the evidence. Reads any bytes safely; allocates only for strings with escapes.
 */
#ifndef WD_RECORD_H
#define WD_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "decimal.h"

typedef struct {
    const char *data; /* NULL: not given */
    size_t size;
} wd_slice_t;

#define WD_EQUIVALENTS_MAX 8 /* further ones are not looked at */

typedef struct {
    wd_slice_t role;                        /* "reported_by" counts as one */
    wd_slice_t text;                        /* decoded */
    wd_slice_t type;                        /* empty for reported_by */
    wd_slice_t number, unit;                /* as written */
    wd_slice_t bound, high, value;          /* as written: "about", a range's end, a date */
    wd_slice_t numbers[WD_EQUIVALENTS_MAX]; /* of the equivalents */
    wd_slice_t units[WD_EQUIVALENTS_MAX];
    size_t equivalents;
} wd_filler_t;

/* Calls `visit` for each filler until it returns false. The filler lives during the call. False:
 * the record is malformed (what came before was visited), or no memory. */
bool wd_record_fillers(const char *json, size_t size,
                       bool (*visit)(void *arg, const wd_filler_t *filler), void *arg);

/* The string of a member at the top, "modality" say, as written; false: the record has none. */
bool wd_record_word(const char *json, size_t size, const char *name, wd_slice_t *ret);

/* The byte offsets of the evidence; false: the record has none. */
bool wd_record_evidence(const char *json, size_t size, size_t *ret_start, size_t *ret_end);

/* Whether the filler is a name (person, organisation, place, facility, event, thing, or who
 * reported). */
bool wd_filler_named(const wd_filler_t *self);
/* Whether it is a place, by its type or its role. */
bool wd_filler_place(const wd_filler_t *self);
bool wd_slice_is(wd_slice_t slice, const char *word);

#endif
