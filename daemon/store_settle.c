/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store on SQLite: which observations tell one fact.
 *
 * A fact is what wd_same connects: the observations that can be reached from each other. Where two
 * that were so connected contradict each other (2.68 and 2.74 billion, both told as 2.7), the group
 * is parted again: the most exact first, each joins the first part that it tells the same as and
 * that nothing in it contradicts. That order is of the contents, so the parts are the same whoever
 * came first.
 *
 *   a new observation ──no other tells it──────────────▶ created
 *                     ──one fact tells it, no clash────▶ joins it: corroborated
 *                     ──else──▶ regroup: gather all that is connected, part it, give each part the
 *                               id of the fact that was most of it, tell what changed
 *   one goes away     ──alone──▶ retracted     ──else──▶ regroup what is left
 *
 * Behind it, what relates to it is looked at: disputes name each other, and the newest of a series
 * is the current one. A new observation can only add relations, so those between it and what it was
 * compared with are enough; behind a regrouping, each fact concerned is looked at as a whole.
 *
 * Bounds: one is compared with WD_CANDIDATES_MAX others, the newest under its keys; a fact lists
 * WD_GROUP_MAX observations and then only counts. Up to these the outcome does not depend on the
 * order.
 */
#include <stdlib.h>
#include <string.h>

#include "store_fact.h"
#include "store_keys.h"

typedef struct {
    int64_t fact;
    wd_relation_t relation; /* of the observation at hand to it */
    int32_t day;            /* of a newer one: when */
} s_link_t;

/* What an observation has to do with others. */
typedef struct {
    wd_ids_t same; /* observations that tell the same */
    s_link_t links[WD_CANDIDATES_MAX];
    size_t count;
} s_view_t;

/* ------------------------------------------------------------------------------------ looking */

static void s_link(s_view_t *view, int64_t fact, wd_relation_t relation, int32_t day)
{
    for (size_t i = 0; i < view->count; i++) {
        s_link_t *link = &view->links[i];
        if (link->fact == fact && link->relation == relation) {
            link->day = day > link->day ? day : link->day;
            return;
        }
    }
    if (view->count < WD_CANDIDATES_MAX)
        view->links[view->count++] = (s_link_t){fact, relation, day};
}

static int32_t s_when(const wd_digest_t *digest)
{
    return digest->date.given && !digest->date.yearless && digest->date.from != INT32_MIN
               ? digest->date.from
               : digest->day;
}

/* Compares `digest` with all that may have to do with it. */
static wd_code_t s_view(wd_store_t *store, const wd_digest_t *digest, s_view_t *ret)
{
    int64_t ids[WD_CANDIDATES_MAX];
    size_t count = 0;
    ret->same.count = ret->count = 0;
    wd_code_t code = wd_digest_candidates(store, digest, ids, &count);
    for (size_t i = 0; code == WD_OK && i < count; i++) {
        const wd_digest_t *other = NULL;
        code = wd_digest_get(store, ids[i], &other);
        if (code != WD_OK || other == NULL)
            continue;
        if (wd_same(digest, other)) {
            wd_ids_add(&ret->same, ids[i]);
            continue;
        }
        wd_relation_t relation = wd_relate(digest, other);
        int32_t when = s_when(other);
        int64_t fact = 0;
        if (relation == WD_UNRELATED)
            continue;
        code = wd_fact_of(store, ids[i], &fact);
        if (code == WD_OK)
            s_link(ret, fact, relation, when);
    }
    return code;
}

/* A copy: what wd_digest_get gives lives until the next call. */
static wd_code_t s_copy(wd_store_t *store, int64_t id, wd_digest_t *ret, bool *ret_found)
{
    const wd_digest_t *digest = NULL;
    wd_code_t code = wd_digest_get(store, id, &digest);
    *ret_found = digest != NULL;
    if (digest != NULL)
        *ret = *digest;
    return code;
}

/* ---------------------------------------------------------------------------------- relations */

/* Sets status and others, and tells what is new of them. */
static wd_code_t s_set_status(wd_store_t *store, wd_fact_t *fact, wd_fact_status_t status,
                              const wd_ids_t *others, const wd_told_t *cause)
{
    wd_fact_status_t before = fact->status;
    wd_ids_t had = fact->others;
    bool lost = false;
    fact->status = status;
    fact->others = *others;
    for (size_t i = 0; i < had.count; i++)
        lost = lost || !wd_ids_has(others, had.ids[i]);
    wd_code_t code = WD_OK;
    if (status == WD_FACT_SUPERSEDED && before != WD_FACT_SUPERSEDED)
        return wd_fact_tell(store, fact, WD_CHANGE_SUPERSEDED, cause, others->ids[0]);
    if (status == WD_FACT_DISPUTED) {
        for (size_t i = 0; code == WD_OK && i < others->count; i++)
            if (before != WD_FACT_DISPUTED || !wd_ids_has(&had, others->ids[i]))
                code = wd_fact_tell(store, fact, WD_CHANGE_DISPUTED, cause, others->ids[i]);
    }
    if (code == WD_OK && before != status && status == WD_FACT_CURRENT)
        code = wd_fact_tell(store, fact, WD_CHANGE_REVISED, cause, 0);
    else if (code == WD_OK && before == status && status == WD_FACT_DISPUTED && lost)
        code = wd_fact_tell(store, fact, WD_CHANGE_REVISED, cause, 0);
    return code;
}

/* What `views` say of a fact as a whole. */
static void s_judge(const wd_fact_t *fact, const s_view_t *view, wd_fact_status_t *ret_status,
                    wd_ids_t *ret_others)
{
    wd_ids_t disputes = {.count = 0}, newer = {.count = 0};
    int64_t by = 0;
    int32_t day = INT32_MIN;
    for (size_t i = 0; i < view->count; i++) {
        const s_link_t *link = &view->links[i];
        if (link->fact == fact->id)
            continue;
        if (link->relation == WD_CONFLICT) {
            wd_ids_add(&disputes, link->fact);
        } else if (link->relation == WD_OLDER) {
            wd_ids_add(&newer, link->fact);
            if (link->day > day || (link->day == day && link->fact > by)) {
                day = link->day;
                by = link->fact;
            }
        }
    }
    *ret_others = disputes;
    *ret_status = disputes.count > 0 ? WD_FACT_DISPUTED : WD_FACT_CURRENT;
    if (newer.count == 0)
        return;
    /* It stays with whom it was superseded by, as long as that stands. */
    if (fact->status == WD_FACT_SUPERSEDED && fact->others.count > 0 &&
        wd_ids_has(&newer, fact->others.ids[0]))
        by = fact->others.ids[0];
    *ret_status = WD_FACT_SUPERSEDED;
    *ret_others = (wd_ids_t){.ids = {by}, .count = 1};
}

static bool s_equal_ids(const wd_ids_t *x, const wd_ids_t *y)
{
    for (size_t i = 0; i < x->count; i++)
        if (!wd_ids_has(y, x->ids[i]))
            return false;
    return x->count == y->count;
}

/* Looks at a fact as a whole: all of its observations against all that relates to them. */
static wd_code_t s_review(wd_store_t *store, int64_t id, const wd_told_t *cause)
{
    wd_fact_t fact;
    wd_fact_status_t status = WD_FACT_CURRENT;
    wd_ids_t others;
    s_view_t *all = calloc(1, sizeof *all), *one = calloc(1, sizeof *one);
    wd_code_t code = all == NULL || one == NULL ? WD_E_MEMORY : WD_OK;
    fact.events = (wd_buf_t){0};
    if (code == WD_OK)
        code = wd_fact_read(store, id, &fact);
    for (size_t i = 0; code == WD_OK && i < fact.observations.count; i++) {
        wd_digest_t digest;
        bool found = false;
        code = s_copy(store, fact.observations.ids[i], &digest, &found);
        if (code == WD_OK && found)
            code = s_view(store, &digest, one);
        for (size_t k = 0; code == WD_OK && found && k < one->count; k++)
            s_link(all, one->links[k].fact, one->links[k].relation, one->links[k].day);
    }
    if (code == WD_OK && fact.observations.count > 0) {
        s_judge(&fact, all, &status, &others);
        if (status != fact.status || !s_equal_ids(&others, &fact.others)) {
            code = s_set_status(store, &fact, status, &others, cause);
            if (code == WD_OK)
                code = wd_fact_write(store, &fact);
        }
    }
    wd_fact_free(&fact);
    free(all);
    free(one);
    return code;
}

/* The other side of a link, which can only gain by it. */
static wd_code_t s_gain(wd_store_t *store, int64_t id, wd_relation_t relation, int64_t by,
                        const wd_told_t *cause)
{
    wd_fact_t fact;
    wd_code_t code = wd_fact_read(store, id, &fact);
    wd_ids_t others = fact.others;
    wd_fact_status_t status = fact.status;
    if (relation == WD_NEWER && status != WD_FACT_SUPERSEDED) {
        status = WD_FACT_SUPERSEDED;
        others = (wd_ids_t){.ids = {by}, .count = 1};
    } else if (relation == WD_CONFLICT && status != WD_FACT_SUPERSEDED &&
               !wd_ids_has(&others, by) && wd_ids_add(&others, by)) {
        status = WD_FACT_DISPUTED;
    } else {
        relation = WD_UNRELATED;
    }
    if (code == WD_OK && relation != WD_UNRELATED && fact.observations.count > 0) {
        code = s_set_status(store, &fact, status, &others, cause);
        if (code == WD_OK)
            code = wd_fact_write(store, &fact);
    }
    wd_fact_free(&fact);
    return code;
}

/* The links of a new observation, whose fact is `id`. */
static wd_code_t s_relate(wd_store_t *store, int64_t id, const s_view_t *view,
                          const wd_told_t *cause)
{
    wd_fact_t fact;
    bool any = false;
    for (size_t i = 0; i < view->count; i++)
        any = any || view->links[i].fact != id;
    if (!any)
        return WD_OK;
    wd_code_t code = WD_OK;
    for (size_t i = 0; code == WD_OK && i < view->count; i++)
        if (view->links[i].fact != id && view->links[i].relation != WD_OLDER)
            code = s_gain(store, view->links[i].fact, view->links[i].relation, id, cause);
    if (code != WD_OK)
        return code;
    code = wd_fact_read(store, id, &fact);
    wd_fact_status_t status = WD_FACT_CURRENT;
    wd_ids_t others = {.count = 0};
    s_judge(&fact, view, &status, &others);
    if (fact.status == WD_FACT_SUPERSEDED) {
        status = fact.status;
        others = fact.others;
    } else if (status != WD_FACT_SUPERSEDED) {
        for (size_t i = 0; i < fact.others.count; i++)
            wd_ids_add(&others, fact.others.ids[i]);
        status = others.count > 0 ? WD_FACT_DISPUTED : WD_FACT_CURRENT;
    }
    if (code == WD_OK && (status != fact.status || !s_equal_ids(&others, &fact.others))) {
        code = s_set_status(store, &fact, status, &others, cause);
        if (code == WD_OK)
            code = wd_fact_write(store, &fact);
    }
    wd_fact_free(&fact);
    return code;
}

/* ----------------------------------------------------------------------------------- regrouping */

/* All that is connected, and what becomes of it. */
typedef struct {
    wd_digest_t digests[WD_GROUP_MAX];
    int64_t facts[WD_GROUP_MAX]; /* that each told before, 0: it is new */
    size_t parts[WD_GROUP_MAX];  /* which it belongs to now */
    int64_t ids[WD_GROUP_MAX];   /* of the parts' facts */
    size_t count, part_count;
    bool full;     /* there is more than fits */
    wd_ids_t near; /* facts that relate to one of them */
    s_view_t view;
} s_group_t;

static size_t s_find(const s_group_t *group, int64_t id)
{
    for (size_t i = 0; i < group->count; i++)
        if (group->digests[i].id == id)
            return i;
    return SIZE_MAX;
}

static wd_code_t s_gather_one(wd_store_t *store, s_group_t *group, int64_t id, int64_t new_id)
{
    bool live = false, found = false;
    if (s_find(group, id) != SIZE_MAX)
        return WD_OK;
    if (group->count == WD_GROUP_MAX) {
        group->full = true;
        return WD_OK;
    }
    wd_code_t code = wd_digest_live(store, id, &live);
    if (code != WD_OK || !live)
        return code;
    code = s_copy(store, id, &group->digests[group->count], &found);
    if (code == WD_OK && found && id != new_id)
        code = wd_fact_of(store, id, &group->facts[group->count]);
    if (code == WD_OK && found)
        group->count++;
    return code;
}

/* The seeds, and all that can be reached from them. */
static wd_code_t s_gather(wd_store_t *store, s_group_t *group, const wd_ids_t *seeds,
                          int64_t new_id)
{
    wd_code_t code = WD_OK;
    for (size_t i = 0; code == WD_OK && i < seeds->count; i++)
        code = s_gather_one(store, group, seeds->ids[i], new_id);
    for (size_t i = 0; code == WD_OK && i < group->count && !group->full; i++) {
        code = s_view(store, &group->digests[i], &group->view);
        for (size_t k = 0; code == WD_OK && k < group->view.same.count; k++)
            code = s_gather_one(store, group, group->view.same.ids[k], new_id);
        for (size_t k = 0; k < group->view.count; k++)
            wd_ids_add(&group->near, group->view.links[k].fact);
    }
    return code;
}

static int s_by_content(const void *a, const void *b)
{
    const wd_digest_t *x = a, *y = b;
    int order = wd_digest_compare(x, y);
    return order != 0 ? order : (x->id > y->id) - (x->id < y->id);
}

/* Sorts the digests, and the facts along with them. */
static void s_sort(s_group_t *group)
{
    int64_t ids[WD_GROUP_MAX], facts[WD_GROUP_MAX];
    for (size_t i = 0; i < group->count; i++) {
        ids[i] = group->digests[i].id;
        facts[i] = group->facts[i];
    }
    qsort(group->digests, group->count, sizeof group->digests[0], s_by_content);
    for (size_t i = 0; i < group->count; i++)
        for (size_t k = 0; k < group->count; k++)
            if (ids[k] == group->digests[i].id)
                group->facts[i] = facts[k];
}

/* Whether it may join the part: it tells the same as one in it, and contradicts none. */
static bool s_fits(const s_group_t *group, size_t at, size_t part)
{
    bool same = false;
    for (size_t i = 0; i < at; i++) {
        if (group->parts[i] != part)
            continue;
        if (wd_clash(&group->digests[i], &group->digests[at]))
            return false;
        same = same || wd_same(&group->digests[i], &group->digests[at]);
    }
    return same;
}

/* The connected pieces; parts[i] becomes the piece of i. False: two of a piece contradict. */
static bool s_pieces(s_group_t *group)
{
    bool peace = true;
    for (size_t i = 0; i < group->count; i++)
        group->parts[i] = i;
    for (size_t i = 0; i < group->count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (!wd_same(&group->digests[i], &group->digests[k]))
                continue;
            size_t from = group->parts[i], to = group->parts[k];
            for (size_t m = 0; m < group->count; m++)
                if (group->parts[m] == from)
                    group->parts[m] = to;
        }
    }
    for (size_t i = 0; i < group->count; i++)
        for (size_t k = 0; k < i; k++)
            if (group->parts[i] == group->parts[k] &&
                wd_clash(&group->digests[i], &group->digests[k]))
                peace = false;
    return peace;
}

/* Numbers the parts 0, 1, 2 … */
static void s_number(s_group_t *group)
{
    size_t numbers[WD_GROUP_MAX];
    group->part_count = 0;
    for (size_t i = 0; i < WD_GROUP_MAX; i++)
        numbers[i] = SIZE_MAX;
    for (size_t i = 0; i < group->count; i++) {
        if (numbers[group->parts[i]] == SIZE_MAX)
            numbers[group->parts[i]] = group->part_count++;
        group->parts[i] = numbers[group->parts[i]];
    }
}

static void s_part(s_group_t *group)
{
    s_sort(group);
    if (!s_pieces(group)) {
        for (size_t i = 0; i < group->count; i++) {
            group->parts[i] = i;
            for (size_t k = 0; k < i; k++)
                if (group->parts[k] == k && s_fits(group, i, k)) {
                    group->parts[i] = k;
                    break;
                }
        }
    }
    s_number(group);
}

static int64_t s_lowest(const s_group_t *group, size_t part)
{
    int64_t id = INT64_MAX;
    for (size_t i = 0; i < group->count; i++)
        if (group->parts[i] == part && group->digests[i].id < id)
            id = group->digests[i].id;
    return id;
}

/* Which part a fact of before goes on in: that of its own observation, else of its lowest. */
static size_t s_heir(const s_group_t *group, int64_t fact)
{
    size_t at = s_find(group, fact);
    if (at != SIZE_MAX && group->facts[at] == fact)
        return group->parts[at];
    size_t heir = SIZE_MAX;
    int64_t lowest = INT64_MAX;
    for (size_t i = 0; i < group->count; i++)
        if (group->facts[i] == fact && group->digests[i].id < lowest) {
            lowest = group->digests[i].id;
            heir = group->parts[i];
        }
    return heir;
}

/* Gives each part an id: the lowest of the facts that go on in it, else its lowest observation. */
static void s_name(s_group_t *group, wd_ids_t *ret_before)
{
    for (size_t i = 0; i < group->count; i++)
        if (group->facts[i] != 0)
            wd_ids_add(ret_before, group->facts[i]);
    for (size_t i = 0; i < group->part_count; i++)
        group->ids[i] = 0;
    for (size_t i = 0; i < ret_before->count; i++) {
        size_t heir = s_heir(group, ret_before->ids[i]);
        if (heir != SIZE_MAX && (group->ids[heir] == 0 || ret_before->ids[i] < group->ids[heir]))
            group->ids[heir] = ret_before->ids[i];
    }
    for (size_t i = 0; i < group->part_count; i++)
        if (group->ids[i] == 0)
            group->ids[i] = s_lowest(group, i);
}

static wd_code_t s_end_fact(wd_store_t *store, int64_t id, int64_t into, const wd_told_t *cause)
{
    wd_fact_t fact;
    wd_code_t code = wd_fact_read(store, id, &fact);
    fact.status = WD_FACT_RETRACTED;
    fact.sources = 0;
    fact.parted = false;
    fact.observations.count = fact.others.count = 0;
    if (code == WD_OK)
        code = wd_fact_tell(store, &fact, WD_CHANGE_RETRACTED, cause, into);
    if (code == WD_OK)
        code = wd_fact_write(store, &fact);
    wd_fact_free(&fact);
    return code;
}

static bool s_has_article(wd_store_t *store, const wd_ids_t *ids, const wd_digest_t *digest,
                          wd_code_t *code)
{
    for (size_t i = 0; *code == WD_OK && i < ids->count; i++) {
        const wd_digest_t *other = NULL;
        *code = wd_digest_get(store, ids->ids[i], &other);
        if (other != NULL && other->id != digest->id && other->article == digest->article)
            return true;
    }
    return false;
}

static uint32_t s_roles(wd_store_t *store, const wd_ids_t *ids, int64_t except, wd_code_t *code)
{
    uint32_t roles = 0;
    for (size_t i = 0; *code == WD_OK && i < ids->count; i++) {
        const wd_digest_t *other = NULL;
        if (ids->ids[i] == except)
            continue;
        *code = wd_digest_get(store, ids->ids[i], &other);
        if (other != NULL)
            roles |= other->roles;
    }
    return roles;
}

/* Tells that `digest` has joined a fact which others told before; `others` came along with it. */
static wd_code_t s_tell_joined(wd_store_t *store, wd_fact_t *fact, const wd_digest_t *digest,
                               int64_t lead_before, bool others, const wd_told_t *cause)
{
    wd_code_t code = WD_OK;
    bool known = s_has_article(store, &fact->observations, digest, &code);
    uint32_t roles = s_roles(store, &fact->observations, digest->id, &code);
    const wd_digest_t *lead = NULL;
    if (code == WD_OK)
        code = wd_digest_get(store, lead_before, &lead);
    bool gained = others || (digest->roles & ~roles) != 0 ||
                  (fact->lead == digest->id && lead != NULL &&
                   wd_digest_exactness(digest) > wd_digest_exactness(lead));
    if (code == WD_OK && !known)
        code = wd_fact_tell(store, fact, WD_CHANGE_CORROBORATED, cause, 0);
    if (code == WD_OK && gained)
        code = wd_fact_tell(store, fact, WD_CHANGE_REVISED, cause, 0);
    return code;
}

/* Writes a part as its fact. */
static wd_code_t s_write_part(wd_store_t *store, s_group_t *group, size_t part,
                              const wd_ids_t *before, int64_t new_id, const wd_told_t *cause)
{
    wd_fact_t fact;
    wd_code_t code = wd_fact_read(store, group->ids[part], &fact);
    wd_ids_t had = fact.observations;
    bool alive = wd_ids_has(before, fact.id);
    int64_t lead = fact.lead;
    size_t fresh = SIZE_MAX;
    fact.observations.count = 0;
    for (size_t i = 0; code == WD_OK && i < group->count; i++) {
        if (group->parts[i] != part)
            continue;
        wd_ids_add(&fact.observations, group->digests[i].id);
        if (group->digests[i].id == new_id)
            fresh = i;
        if (group->facts[i] != fact.id)
            code = wd_fact_join(store, group->digests[i].id, fact.id);
    }
    fact.parted = group->part_count > 1;
    if (!alive) {
        fact.status = WD_FACT_CURRENT;
        fact.others.count = 0;
        fact.sources = 0;
    }
    if (code == WD_OK)
        code = wd_fact_weigh(store, &fact);
    if (code == WD_OK && !alive && fact.id == new_id && fact.observations.count == 1) {
        wd_told_t told = *cause;
        told.change = WD_CHANGE_CREATED;
        fact.stream = cause->stream;
        code = wd_store_tell(store, &told);
    } else if (code == WD_OK && !alive) {
        code = wd_fact_tell(store, &fact, WD_CHANGE_CREATED, cause, 0);
    } else if (code == WD_OK && fresh != SIZE_MAX) {
        code = s_tell_joined(store, &fact, &group->digests[fresh], lead,
                             had.count + 1 != fact.observations.count, cause);
    } else if (code == WD_OK && !s_equal_ids(&had, &fact.observations)) {
        code = wd_fact_tell(store, &fact, WD_CHANGE_REVISED, cause, 0);
    }
    fact.stream = cause->stream;
    if (code == WD_OK)
        code = wd_fact_write(store, &fact);
    wd_fact_free(&fact);
    return code;
}

/* Regroups what the seeds are connected with. `new_id`: an observation that told nothing yet, 0:
 * none. *ret_full: it is too much, and nothing was done. */
static wd_code_t s_regroup(wd_store_t *store, const wd_ids_t *seeds, int64_t new_id,
                           const wd_told_t *cause, bool *ret_full)
{
    wd_ids_t before = {.count = 0};
    s_group_t *group = calloc(1, sizeof *group);
    wd_code_t code = group != NULL ? s_gather(store, group, seeds, new_id) : WD_E_MEMORY;
    *ret_full = code == WD_OK && group->full;
    if (code != WD_OK || group->full) {
        free(group);
        return code;
    }
    s_part(group);
    s_name(group, &before);
    for (size_t i = 0; code == WD_OK && i < group->part_count; i++)
        code = s_write_part(store, group, i, &before, new_id, cause);
    for (size_t i = 0; code == WD_OK && i < before.count; i++) {
        size_t heir = s_heir(group, before.ids[i]);
        if (heir != SIZE_MAX && group->ids[heir] != before.ids[i])
            code = s_end_fact(store, before.ids[i], group->ids[heir], cause);
    }
    for (size_t i = 0; code == WD_OK && i < group->part_count; i++)
        code = s_review(store, group->ids[i], cause);
    for (size_t i = 0; code == WD_OK && i < group->near.count; i++)
        code = s_review(store, group->near.ids[i], cause);
    free(group);
    return code;
}

/* --------------------------------------------------------------------------------------- adding */

/* Joins a fact that nothing stands against. */
static wd_code_t s_join(wd_store_t *store, wd_fact_t *fact, const wd_digest_t *digest,
                        const wd_told_t *cause)
{
    int64_t lead = fact->lead;
    wd_code_t code = wd_fact_join(store, digest->id, fact->id);
    if (code != WD_OK)
        return code;
    if (!wd_ids_add(&fact->observations, digest->id)) {
        bool known = s_has_article(store, &fact->observations, digest, &code);
        fact->sources += !known;
        if (code == WD_OK && !known)
            code = wd_fact_tell(store, fact, WD_CHANGE_CORROBORATED, cause, 0);
    } else {
        code = wd_fact_weigh(store, fact);
        if (code == WD_OK)
            code = s_tell_joined(store, fact, digest, lead, false, cause);
    }
    fact->stream = cause->stream;
    return code == WD_OK ? wd_fact_write(store, fact) : code;
}

/* Whether it contradicts one of the fact's observations. */
static wd_code_t s_clashes(wd_store_t *store, const wd_fact_t *fact, const wd_digest_t *digest,
                           bool *ret)
{
    *ret = false;
    for (size_t i = 0; !*ret && i < fact->observations.count; i++) {
        const wd_digest_t *other = NULL;
        wd_code_t code = wd_digest_get(store, fact->observations.ids[i], &other);
        if (code != WD_OK)
            return code;
        *ret = other != NULL && wd_clash(digest, other);
    }
    return WD_OK;
}

static wd_code_t s_facts_of(wd_store_t *store, const wd_ids_t *observations, wd_ids_t *ret)
{
    ret->count = 0;
    for (size_t i = 0; i < observations->count; i++) {
        int64_t fact = 0;
        wd_code_t code = wd_fact_of(store, observations->ids[i], &fact);
        if (code != WD_OK)
            return code;
        wd_ids_add(ret, fact);
    }
    return WD_OK;
}

/* Others tell the same: which fact, or is it one that joins several? *ret_regrouped: relations have
 * been looked at. */
static wd_code_t s_told_before(wd_store_t *store, const wd_digest_t *digest, bool known,
                               const s_view_t *view, const wd_told_t *cause, bool *ret_regrouped)
{
    wd_ids_t facts;
    wd_fact_t fact;
    bool clash = false, full = false;
    wd_code_t code = s_facts_of(store, &view->same, &facts);
    if (code != WD_OK)
        return code;
    code = wd_fact_read(store, facts.ids[0], &fact);
    if (code == WD_OK)
        code = s_clashes(store, &fact, digest, &clash);
    bool many = facts.count > 1 || fact.parted || clash || known;
    *ret_regrouped = false;
    if (code == WD_OK && many && fact.observations.count < WD_GROUP_MAX) {
        wd_ids_t seeds = view->same;
        wd_ids_add(&seeds, digest->id);
        code = s_regroup(store, &seeds, known ? 0 : digest->id, cause, &full);
        *ret_regrouped = !full;
    }
    if (code == WD_OK && !*ret_regrouped)
        code = s_join(store, &fact, digest, cause);
    if (code == WD_OK && !*ret_regrouped && known && fact.id != digest->id)
        code = s_end_fact(store, digest->id, fact.id, cause);
    wd_fact_free(&fact);
    return code;
}

/* `known`: it has been a fact of its own already. */
static wd_code_t s_take_up(wd_store_t *store, const wd_digest_t *digest, bool known,
                           const wd_told_t *cause)
{
    bool regrouped = false;
    int64_t fact = digest->id;
    s_view_t *view = calloc(1, sizeof *view);
    wd_code_t code = view != NULL ? s_view(store, digest, view) : WD_E_MEMORY;
    if (code == WD_OK && view->same.count > 0) {
        code = s_told_before(store, digest, known, view, cause, &regrouped);
        if (code == WD_OK)
            code = wd_fact_of(store, digest->id, &fact);
    } else if (code == WD_OK && !known) {
        code = wd_store_tell(store, cause);
    }
    if (code == WD_OK && !regrouped)
        code = s_relate(store, fact, view, cause);
    free(view);
    return code == WD_OK ? wd_digest_file(store, digest) : code;
}

wd_code_t wd_facts_add(wd_store_t *store, int64_t id, size_t stream, const wd_record_t *record,
                       uint64_t article, const char *day)
{
    const wd_digest_t *cached = NULL;
    wd_told_t told = {.stream = stream,
                      .change = WD_CHANGE_CREATED,
                      .observation = id,
                      .record = record->json,
                      .size = record->size};
    wd_code_t code = wd_digest_put(store, id, record, article, day, &cached);
    if (code != WD_OK)
        return code;
    wd_digest_t digest = *cached;
    return s_take_up(store, &digest, false, &told);
}

/* ------------------------------------------------------------------------------- taking away */

/* The fact without any observation of the revision that ends. */
static void s_strike(wd_fact_t *fact, int64_t rev)
{
    for (size_t i = fact->observations.count; i > 0; i--)
        if (fact->observations.ids[i - 1] >> 16 == rev)
            wd_ids_drop(&fact->observations, fact->observations.ids[i - 1]);
}

static wd_code_t s_retract(wd_store_t *store, wd_fact_t *fact, const wd_told_t *cause)
{
    bool plain = !fact->stored && fact->id == cause->observation;
    fact->status = WD_FACT_RETRACTED;
    fact->others.count = 0;
    fact->sources = 0;
    fact->parted = false;
    fact->stream = cause->stream;
    wd_told_t told = *cause;
    told.change = WD_CHANGE_RETRACTED;
    wd_code_t code = plain ? wd_store_tell(store, &told)
                           : wd_fact_tell(store, fact, WD_CHANGE_RETRACTED, cause, 0);
    if (code == WD_OK && plain) {
        wd_buf_u64(&fact->events, store->counts.seq);
        code = fact->events.failed ? WD_E_MEMORY : WD_OK;
    }
    return code == WD_OK ? wd_fact_write(store, fact) : code;
}

/* A fact that has lost observations: what is left of it stays together or not. */
static wd_code_t s_shrink(wd_store_t *store, wd_fact_t *fact, const wd_ids_t *same,
                          const wd_told_t *cause)
{
    bool full = false;
    wd_ids_t seeds = fact->observations;
    for (size_t i = 0; i < same->count; i++)
        wd_ids_add(&seeds, same->ids[i]);
    wd_code_t code = wd_fact_weigh(store, fact);
    if (code == WD_OK)
        code = wd_fact_tell(store, fact, WD_CHANGE_REVISED, cause, 0);
    if (code == WD_OK)
        code = wd_fact_write(store, fact);
    return code == WD_OK ? s_regroup(store, &seeds, 0, cause, &full) : code;
}

/* A full list was shortened: those that were only counted come back into it. */
static wd_code_t s_refill(wd_store_t *store, wd_fact_t *fact, const wd_ids_t *same)
{
    for (size_t i = 0; i < same->count; i++) {
        int64_t other = 0;
        wd_code_t code = wd_fact_of(store, same->ids[i], &other);
        if (code != WD_OK)
            return code;
        if (other == fact->id)
            wd_ids_add(&fact->observations, same->ids[i]);
    }
    return WD_OK;
}

static wd_code_t s_take_away(wd_store_t *store, const wd_digest_t *digest, const wd_told_t *cause)
{
    wd_fact_t fact;
    int64_t id = 0;
    s_view_t *view = calloc(1, sizeof *view);
    wd_code_t code = view != NULL ? s_view(store, digest, view) : WD_E_MEMORY;
    fact.events = (wd_buf_t){0};
    if (code == WD_OK)
        code = wd_fact_of(store, digest->id, &id);
    if (code == WD_OK)
        code = wd_fact_read(store, id, &fact);
    if (code == WD_OK && fact.status != WD_FACT_RETRACTED) {
        bool listed = !fact.stored || wd_ids_has(&fact.observations, digest->id);
        bool was_full = fact.observations.count == WD_GROUP_MAX;
        s_strike(&fact, digest->id >> 16);
        if (was_full)
            code = s_refill(store, &fact, &view->same);
        if (code != WD_OK || (!listed && !was_full)) {
            /* It went with another observation of its article. */
        } else if (fact.observations.count == 0) {
            code = s_retract(store, &fact, cause);
        } else {
            code = s_shrink(store, &fact, &view->same, cause);
        }
    } else if (code == WD_OK && !fact.stored) {
        code = s_retract(store, &fact, cause);
    }
    for (size_t i = 0; code == WD_OK && i < view->count; i++)
        code = s_review(store, view->links[i].fact, cause);
    wd_fact_free(&fact);
    free(view);
    return code;
}

typedef struct {
    int64_t id;
    wd_record_t record;
    size_t stream;
} s_row_t;

static void s_free_rows(s_row_t *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(rows[i].record.json);
    free(rows);
}

/* Copies of a revision's observations: their statement is needed meanwhile. */
static wd_code_t s_rows(wd_store_t *store, int64_t rev, s_row_t **ret_rows, size_t *ret_count)
{
    size_t capacity = 0;
    *ret_rows = NULL;
    *ret_count = 0;
    sqlite3_stmt *statement = wd_sql_get(&store->sql, WD_S_OBSERVATIONS);
    if (statement == NULL)
        return wd_sql_fail(&store->sql, "reading facts");
    sqlite3_bind_int64(statement, 1, rev * 65536);
    sqlite3_bind_int64(statement, 2, rev * 65536 + 65535);
    wd_code_t code = WD_OK;
    int result;
    while (code == WD_OK && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        if (*ret_count == capacity) {
            capacity = capacity > 0 ? capacity * 2 : 64;
            s_row_t *rows = realloc(*ret_rows, capacity * sizeof *rows);
            if (rows == NULL) {
                code = WD_E_MEMORY;
                break;
            }
            *ret_rows = rows;
        }
        s_row_t *row = &(*ret_rows)[*ret_count];
        const char *record = wd_sql_text(statement, 2);
        *row = (s_row_t){.id = sqlite3_column_int64(statement, 0),
                         .stream = (size_t)sqlite3_column_int64(statement, 1)};
        row->record.size = (size_t)sqlite3_column_bytes(statement, 2);
        row->record.json = record != NULL ? strdup(record) : NULL;
        if (record == NULL || row->stream == 0 || row->stream >= store->counts.streams)
            code = WD_E_CORRUPT;
        else if (row->record.json == NULL)
            code = WD_E_MEMORY;
        (*ret_count)++;
    }
    if (code == WD_OK && result != SQLITE_DONE)
        code = wd_sql_fail(&store->sql, "reading facts");
    sqlite3_reset(statement);
    return code;
}

/* Does `act` for each observation of a revision. */
static wd_code_t s_each(wd_store_t *store, int64_t rev, wd_change_t change,
                        wd_code_t (*act)(wd_store_t *, const wd_digest_t *, const wd_told_t *))
{
    s_row_t *rows = NULL;
    size_t count = 0;
    wd_code_t code = s_rows(store, rev, &rows, &count);
    for (size_t i = 0; code == WD_OK && i < count; i++) {
        wd_digest_t digest;
        bool found = false;
        wd_told_t told = {.stream = rows[i].stream,
                          .change = change,
                          .observation = rows[i].id,
                          .record = rows[i].record.json,
                          .size = rows[i].record.size};
        code = s_copy(store, rows[i].id, &digest, &found);
        if (code == WD_OK && found)
            code = act(store, &digest, &told);
    }
    s_free_rows(rows, count);
    return code;
}

wd_code_t wd_facts_withdraw(wd_store_t *store, int64_t rev)
{
    return s_each(store, rev, WD_CHANGE_RETRACTED, s_take_away);
}

/* ---------------------------------------------------------------------------------- catching up */

static wd_code_t s_take_up_known(wd_store_t *store, const wd_digest_t *digest,
                                 const wd_told_t *cause)
{
    return s_take_up(store, digest, true, cause);
}

static wd_code_t s_load_catch_up(wd_store_t *store)
{
    sqlite3_stmt *statement = wd_sql_get(&store->sql, WD_S_CATCH_UP);
    if (statement == NULL)
        return wd_sql_fail(&store->sql, "catching up");
    wd_code_t code = WD_OK;
    if (sqlite3_step(statement) == SQLITE_ROW) {
        store->caught = sqlite3_column_int64(statement, 0);
        store->catch_to = sqlite3_column_int64(statement, 1);
    } else {
        code = wd_sql_fail(&store->sql, "catching up");
    }
    sqlite3_reset(statement);
    return code;
}

bool wd_facts_behind(const wd_store_t *store)
{
    return store->caught == 0 || store->caught <= store->catch_to;
}

/* The next revision; *ret_rev 0: there is none. */
static wd_code_t s_next(wd_store_t *store, int64_t *ret_rev, bool *ret_stored)
{
    sqlite3_stmt *statement = wd_sql_get(&store->sql, WD_S_NEXT_STORED);
    if (statement == NULL)
        return wd_sql_fail(&store->sql, "catching up");
    sqlite3_bind_int64(statement, 1, store->caught);
    sqlite3_bind_int64(statement, 2, store->catch_to);
    int result = sqlite3_step(statement);
    *ret_rev = result == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
    *ret_stored = result == SQLITE_ROW && sqlite3_column_int(statement, 1) == WD_STORED;
    wd_code_t code = result == SQLITE_ROW || result == SQLITE_DONE
                         ? WD_OK
                         : wd_sql_fail(&store->sql, "catching up");
    sqlite3_reset(statement);
    return code;
}

static wd_code_t s_set_catch_up(wd_store_t *store)
{
    sqlite3_stmt *statement = wd_sql_get(&store->sql, WD_S_SET_CATCH_UP);
    if (statement == NULL)
        return wd_sql_fail(&store->sql, "catching up");
    sqlite3_bind_int64(statement, 1, store->caught);
    return wd_sql_done(&store->sql, statement, "catching up");
}

wd_code_t wd_facts_catch_up(wd_store_t *store, size_t effort)
{
    wd_code_t code = store->caught == 0 ? s_load_catch_up(store) : WD_OK;
    if (code != WD_OK || store->caught > store->catch_to)
        return code;
    for (size_t i = 0; code == WD_OK && i < effort && store->caught <= store->catch_to; i++) {
        int64_t rev = 0;
        bool stored = false;
        code = s_next(store, &rev, &stored);
        if (code == WD_OK && rev != 0 && stored)
            code = wd_store_article(store, rev);
        if (code == WD_OK && rev != 0 && stored)
            code = s_each(store, rev, WD_CHANGE_REVISED, s_take_up_known);
        if (code == WD_OK)
            code = wd_keys_save(store);
        store->caught = rev != 0 ? rev + 1 : store->catch_to + 1;
    }
    return code == WD_OK ? s_set_catch_up(store) : code;
}
