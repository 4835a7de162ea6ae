/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lists of names (step `gazetteer`), from public tables and our own lexicon. Names that are
 * also ordinary words (a company called Target, a town called Nice) are left out where the raw text
 * knows them in small letters and they stand alone.
 */
#include "train.h"

#include "../gazetteer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CITY_POPULATION = 15000, CITY_POPULATION_CN = 2000, SURNAMES = 22000 };

typedef struct {
    wx_gazetteer_entry_t *at;
    size_t count, capacity;
    const wx_lexicon_t *lexicon;
} list_t;

static void s_put(list_t *self, uint32_t key, unsigned lists)
{
    if (self->count == self->capacity) {
        self->capacity = self->capacity ? 2 * self->capacity : 4096;
        self->at = wt_grow(self->at, self->capacity, sizeof *self->at);
    }
    self->at[self->count++] = (wx_gazetteer_entry_t){key, (uint16_t)lists};
}

static bool s_break(char c)
{
    return c == ' ' || c == '-' || c == ',' || c == '/' || c == '(' || c == ')' || c == '&';
}

/* Adds a name; one that is a common word in small letters only with `common`. */
static void s_name(list_t *self, const char *name, size_t size, unsigned lists, bool common)
{
    uint32_t key = 0, words = 0;
    wx_atom_t word = {0};
    for (size_t at = 0; at < size;) {
        size_t end = at;
        while (end < size && !s_break(name[end]))
            end++;
        if (end == at)
            end++;
        if (name[at] != ' ') {
            wx_atom_read(self->lexicon, (winnow_str_t){name + at, end - at}, false, false, &word);
            key = wx_gazetteer_key(key, word.lower);
            words++;
        }
        at = end;
    }
    if (words == 0 || words > WX_GAZETTEER_WORDS || size < 2)
        return;
    if (words == 1 && !common && wx_lexicon_find(self->lexicon, word.lower) &&
        word.lower != word.form)
        return;
    s_put(self, key, lists);
}

/* Calls back for each row of a table, its columns NUL-terminated; lines with # and the first line
 * (with `header`) are left out. */
enum { COLUMNS = 14 };
typedef void s_row_t(list_t *self, char **columns, int count, unsigned row);

static void s_table(list_t *self, const char *dir, const char *name, bool header, s_row_t *row)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    size_t size, before = self->count;
    char *bytes = wt_slurp(path, &size), *line = bytes;
    for (unsigned number = 0; *line;) {
        char *end = line + strcspn(line, "\n"), *next = *end ? end + 1 : end;
        *end = '\0';
        if (*line != '#' && *line && (number++ > 0 || !header)) {
            char *columns[COLUMNS] = {0};
            int count = 0;
            for (char *at = line; count < COLUMNS; at++) {
                columns[count++] = at;
                at += strcspn(at, "\t");
                if (!*at)
                    break;
                *at = '\0';
            }
            row(self, columns, count, number);
        }
        line = next;
    }
    free(bytes);
    fprintf(stderr, "%s: %zu names\n", name, self->count - before);
}

static void s_city(list_t *self, char **columns, int count, unsigned row)
{
    (void)row;
    long population = count > 4 ? atol(columns[4]) : 0;
    long least = strcmp(columns[1], "CN") == 0 ? CITY_POPULATION_CN : CITY_POPULATION;
    if (population >= least)
        s_name(self, columns[0], strlen(columns[0]), WX_LIST_PLACE, population > 500000);
}

static void s_division(list_t *self, char **columns, int count, unsigned row)
{
    (void)row;
    if (count > 2 && strcmp(columns[2], "1") == 0)
        s_name(self, columns[1], strlen(columns[1]), WX_LIST_PLACE | WX_LIST_COUNTRY, false);
}

static void s_list(list_t *self, char *names, unsigned lists)
{
    while (*names) {
        size_t size = strcspn(names, ",");
        s_name(self, names, size, lists, true);
        names += size + (names[size] == ',');
    }
}

static void s_country(list_t *self, char **columns, int count, unsigned row)
{
    (void)row;
    s_name(self, columns[0], strlen(columns[0]), WX_LIST_PLACE | WX_LIST_COUNTRY, true);
    if (count > 1)
        s_list(self, columns[1], WX_LIST_DEMONYM);
    if (count > 2)
        s_list(self, columns[2], WX_LIST_PLACE);
}

static void s_first_name(list_t *self, char **columns, int count, unsigned row)
{
    (void)row;
    (void)count;
    s_name(self, columns[0], strlen(columns[0]), WX_LIST_FIRST_NAME, false);
}

static void s_surname(list_t *self, char **columns, int count, unsigned row)
{
    (void)count;
    if (row <= SURNAMES)
        s_name(self, columns[0], strlen(columns[0]), WX_LIST_SURNAME, row < 200);
}

static void s_world_first_name(list_t *self, char **columns, int count, unsigned row)
{
    (void)row;
    if (count > 11)
        s_name(self, columns[11], strlen(columns[11]), WX_LIST_FIRST_NAME, false);
}

static void s_world_surname(list_t *self, char **columns, int count, unsigned row)
{
    (void)row;
    if (count > 5)
        s_name(self, columns[5], strlen(columns[5]), WX_LIST_SURNAME, false);
}

/* "NVIDIA CORP /DE/" is known as NVIDIA */
static void s_company(list_t *self, char **columns, int count, unsigned row)
{
    static const char *const endings[] = {
        " INC",  " INC.",    " CORP",  " CORP.",        " CO",          " CO.",
        " LTD",  " LTD.",    " PLC",   " LLC",          " L.P.",        " LP",
        " N.V.", " NV",      " AG",    " SE",           " S.A.",        " SA",
        " AB",   " COMPANY", " GROUP", " HOLDINGS",     " CORPORATION", ", INC.",
        ", INC", " LIMITED", " TRUST", " INCORPORATED", " & CO"};
    (void)row;
    (void)count;
    char *name = columns[0];
    size_t size = strcspn(name, "/\\(");
    s_name(self, name, size, WX_LIST_COMPANY, false);
    for (bool cut = true; cut;) {
        cut = false;
        for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
            size_t n = strlen(endings[i]);
            while (size > 0 && name[size - 1] == ' ')
                size--;
            bool same = size > n;
            for (size_t k = 0; same && k < n; k++) {
                char c = name[size - n + k];
                same = (c >= 'a' && c <= 'z' ? c - 32 : c) == endings[i][k];
            }
            if (same) {
                size -= n;
                cut = true;
            }
        }
    }
    s_name(self, name, size, WX_LIST_COMPANY, false);
}

static void s_politician(list_t *self, char **columns, int count, unsigned row)
{
    (void)row;
    if (count > 2) {
        s_name(self, columns[1], strlen(columns[1]), WX_LIST_FIRST_NAME, false);
        s_name(self, columns[2], strlen(columns[2]), WX_LIST_SURNAME, true);
    }
}

static void s_word(list_t *self, char **columns, int count, unsigned row)
{
    static const struct {
        const char *name;
        unsigned list;
    } lists[] = {{"org_suffix", WX_LIST_ORG_SUFFIX}, {"org_head", WX_LIST_ORG_HEAD},
                 {"facility", WX_LIST_FACILITY},     {"event", WX_LIST_EVENT},
                 {"place_head", WX_LIST_PLACE_HEAD}, {"title", WX_LIST_TITLE},
                 {"calendar", WX_LIST_CALENDAR}};
    (void)row;
    for (size_t i = 0; count > 1 && i < sizeof lists / sizeof *lists; i++) {
        if (strcmp(lists[i].name, columns[1]) == 0)
            s_name(self, columns[0], strlen(columns[0]), lists[i].list, true);
    }
}

static int s_by_key(const void *a, const void *b)
{
    uint32_t x = ((const wx_gazetteer_entry_t *)a)->key, y = ((const wx_gazetteer_entry_t *)b)->key;
    return x < y ? -1 : x > y;
}

int wt_step_gazetteer(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    wx_stats_t *stats = wt_model(argv[0]);
    list_t list = {.lexicon = &stats->lexicon};
    s_table(&list, argv[1], "geonames-cities.tsv", true, s_city);
    s_table(&list, argv[1], "geonames-admin.tsv", true, s_division);
    s_table(&list, argv[1], "us-census-1990-first-names.tsv", true, s_first_name);
    s_table(&list, argv[1], "us-census-1990-surnames.tsv", true, s_surname);
    s_table(&list, argv[1], "world-forenames.tsv", true, s_world_first_name);
    s_table(&list, argv[1], "world-surnames.tsv", true, s_world_surname);
    s_table(&list, argv[1], "us-politicians.tsv", true, s_politician);
    s_table(&list, argv[1], "sec-registrants.tsv", true, s_company);
    s_table(&list, argv[1], "sp500.tsv", true, s_company);
    s_table(&list, argv[2], "countries.tsv", false, s_country);
    s_table(&list, argv[2], "name_words.tsv", false, s_word);
    qsort(list.at, list.count, sizeof *list.at, s_by_key);
    size_t kept = 0;
    for (size_t i = 0; i < list.count; i++) {
        if (kept > 0 && list.at[kept - 1].key == list.at[i].key)
            list.at[kept - 1].lists |= list.at[i].lists;
        else
            list.at[kept++] = list.at[i];
    }
    wt_bytes_t out = {0};
    wt_bits_put(&out, (uint32_t)kept, 32);
    uint32_t key = 0;
    for (size_t i = 0; i < kept; i++) {
        wt_bits_golomb(&out, list.at[i].key - key - 1, 14);
        wt_bits_put(&out, list.at[i].lists, 16);
        key = list.at[i].key;
    }
    wt_bits_end(&out);
    fprintf(stderr, "%zu different names\n", kept);
    wt_pack_section(argv[0], "GAZE", out.at, out.size);
    free(out.at);
    free(list.at);
    wx_stats_destroy(&stats);
    return 0;
}
