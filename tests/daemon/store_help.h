/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of the store share: a folder that goes away, stores in it, small articles and
 * records.
 */
#ifndef STORE_HELP_H
#define STORE_HELP_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/store.h"

#define HELP_NOW 1700000000123 /* 2023-11-14T22:13:20.123Z */

/* A new folder under the working folder; it and its files go with help_folder_remove. */
char *help_folder(void);
void help_folder_remove(char **folder_p);

wd_store_t *help_open(const char *folder);

/* Set-up and tear-down for cmocka: a store in a folder of its own; at the end what must hold of any
 * is looked at, unless the test has closed it. */
typedef struct {
    char *folder;
    wd_store_t *store;
} help_fixture_t;

int help_setup(void **state);
int help_teardown(void **state);

wd_reader_t *help_reader(const char *folder);

wd_article_t *help_article(const char *id, const char *text);
/* In a transaction of its own. */
wd_outcome_t help_accept(wd_store_t *store, const char *id, const char *text);

/* A record of that kind: `entity` invests `amount` `unit` in `place`. NULL leaves a role out. */
char *help_record(const char *kind, const char *entity, const char *place, const char *amount,
                  const char *unit);

/* The unfinished revision `rev`, finished: with `count` plain records, or with the records given.
 */
wd_finished_t *help_finished(wd_store_t *store, int64_t rev, size_t count);
void help_add(wd_finished_t *finished, const char *kind, char *record);
/* Stores it in a transaction of its own and destroys it. */
void help_store(wd_store_t *store, wd_finished_t *finished);

/* The first number that the SQL gives, run on the file beside the store. */
int64_t help_number(const char *folder, const char *sql);
/* Runs SQL on the file. */
void help_run(const char *folder, const char *sql);

/* Everything that must hold of any store: counts, states, events without a gap, their streams,
 * replay. */
void help_check(const char *folder);

/* Random numbers, the same in each run. */
uint64_t help_random(uint64_t *state, uint64_t below);

#endif
