/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names across articles: the form in which two ways of writing one name are equal.
 *
 *   "FAW", "FAW Group", "China FAW Group Corp."   → "faw"
 *   "Zefu Si", "Mr Si Zefu"                       → "si zefu"      (a person's words, sorted)
 *   "Centre for Defence", "Center for Defense"    → "center defense for"… as written, folded
 *
 * Pure and conservative: the form depends on the name and its class alone, never on what else the
 * store holds, so that it is the same in any order of arrival. What this cannot see (an
 * abbreviation and what it stands for, a name that changed) stays apart. Any thread.
 */
#ifndef WD_NAME_H
#define WD_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WD_NAME_SIZE 160 /* of a form, with its NUL; longer names are cut at a word */

/* What keeps namesakes apart: "Washington" the man, the place, the firm. */
typedef enum { WD_NAME_OTHER = 0, WD_NAME_PERSON, WD_NAME_PLACE } wd_name_class_t;

typedef struct {
    char form[WD_NAME_SIZE]; /* words joined by blanks; empty: no name */
    size_t size, words;
    bool proper; /* a name rather than a common noun: it has a capital, a digit or no case at all */
    bool weak;   /* a person's single word: many have it */
} wd_name_t;

/* The class of a filler's type ("organisation", "place" …); of an unknown one WD_NAME_OTHER. */
wd_name_class_t wd_name_class(const char *type, size_t size);

/* Fills *ret_name. */
void wd_name_make(wd_name_t *ret_name, wd_name_class_t class, const char *text, size_t size);

/* A number for the form within its class; never 0. */
int64_t wd_name_key(const wd_name_t *self, wd_name_class_t class);

/* 64 bits of a byte string, well mixed; chained through `seed`. */
uint64_t wd_mix(uint64_t seed, const void *data, size_t size);
/* Two numbers into one. */
uint64_t wd_mix2(uint64_t a, uint64_t b);

#endif
