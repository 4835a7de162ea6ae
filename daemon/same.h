/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When two observations tell the same fact, and when they cannot both hold. The table of kinds
 * stands in ARCHITECTURE.md, "When facts are the same".
 *
 * Both questions are answered of a pair alone and symmetrically. What they say of a set is
 * therefore the same in any order: a fact is what `same` connects.
 *
 * Keys make the pairs few: two observations of which anything can be said have a key in common
 * (one's among those that wd_keys_own gives, the other's among those of wd_keys_look).
 *
 * Pure; any thread.
 */
#ifndef WD_SAME_H
#define WD_SAME_H

#include "digest.h"

#define WD_KEYS_MAX 48

typedef struct {
    int64_t items[WD_KEYS_MAX];
    size_t count;
} wd_keys_t;

/* Under which keys the observation is filed. */
void wd_keys_own(const wd_digest_t *self, wd_keys_t *ret_keys);
/* Under which keys those are filed that may have to do with it. */
void wd_keys_look(const wd_digest_t *self, wd_keys_t *ret_keys);

/* Whether the two tell the same fact. */
bool wd_same(const wd_digest_t *x, const wd_digest_t *y);
/* Whether two that tell the same fact through others contradict each other. */
bool wd_clash(const wd_digest_t *x, const wd_digest_t *y);

typedef enum {
    WD_UNRELATED,
    WD_CONFLICT, /* one value at most can be true */
    WD_NEWER,    /* x is the newer figure of the same subject and metric */
    WD_OLDER
} wd_relation_t;

/* How two that are not the same stand to each other. */
wd_relation_t wd_relate(const wd_digest_t *x, const wd_digest_t *y);

/* How exactly it tells: the digits of its amount, a date, how many names. */
int wd_digest_exactness(const wd_digest_t *x);
/* Orders observations by what they say, not by when they came: the more exact first. Below, at or
 * above 0; 0 only for equal contents of one article. */
int wd_digest_compare(const wd_digest_t *x, const wd_digest_t *y);

#endif
