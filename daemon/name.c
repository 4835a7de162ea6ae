/* SPDX-License-Identifier: Apache-2.0 */
/* Names in one form; see name.h. */
#include "name.h"

#include <stdio.h>
#include <string.h>

#include "name_words.h"
#include "words.h"

#define PARTS_MAX 24 /* words of a name that count */

typedef struct {
    char word[WD_WORD_MAX + 8];
    size_t at; /* where it ends in the text */
} s_part_t;

typedef struct {
    s_part_t parts[PARTS_MAX];
    size_t first, end; /* of those that are kept */
} s_parts_t;

uint64_t wd_mix2(uint64_t a, uint64_t b)
{
    uint64_t z = a * 0x9e3779b97f4a7c15u ^ (b + 0x7f4a7c159e3779b9u);
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

uint64_t wd_mix(uint64_t seed, const void *data, size_t size)
{
    const unsigned char *p = data;
    uint64_t hash = seed ^ 0xcbf29ce484222325u;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ p[i]) * 0x100000001b3u;
    return wd_mix2(hash, size);
}

wd_name_class_t wd_name_class(const char *type, size_t size)
{
    if (size == 6 && memcmp(type, "person", 6) == 0)
        return WD_NAME_PERSON;
    return size == 5 && memcmp(type, "place", 5) == 0 ? WD_NAME_PLACE : WD_NAME_OTHER;
}

/* "China FAW", "IMF": a letter that is a capital, a digit, or of a script without case. */
static bool s_proper(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0xE0)
            return true;
    }
    return false;
}

static void s_split(s_parts_t *self, const char *text, size_t size)
{
    wd_words_t words;
    self->first = self->end = 0;
    wd_words_start(&words, text, size);
    while (self->end < PARTS_MAX && wd_words_next(&words)) {
        s_part_t *part = &self->parts[self->end++];
        memcpy(part->word, words.word, words.size);
        part->word[words.size] = '\0';
        part->at = (size_t)(words.p - text);
        const char *spelling = wd_word_spelling(part->word);
        if (spelling != NULL)
            snprintf(part->word, sizeof part->word, "%s", spelling);
    }
}

/* "u", "s" become "us": what was written with points. */
static void s_join_letters(s_parts_t *self)
{
    size_t out = self->first;
    for (size_t i = self->first; i < self->end; i++) {
        char *before = out > self->first ? self->parts[out - 1].word : NULL;
        size_t length = before != NULL ? strlen(before) : 0;
        bool letter = self->parts[i].word[0] != '\0' && self->parts[i].word[1] == '\0';
        bool run = i > self->first && self->parts[i - 1].word[1] == '\0';
        if (letter && before != NULL && run && length < 8) {
            before[length] = self->parts[i].word[0];
            before[length + 1] = '\0';
            self->parts[out - 1].at = self->parts[i].at;
            continue;
        }
        if (out != i)
            self->parts[out] = self->parts[i];
        out++;
    }
    self->end = out;
}

static void s_drop(s_parts_t *self, size_t at)
{
    memmove(&self->parts[at], &self->parts[at + 1], (self->end - at - 1) * sizeof self->parts[0]);
    self->end--;
}

/* Whether the word that ends at text[at] is written in capitals alone, two or more. */
static bool s_acronym(const char *text, const s_part_t *part)
{
    size_t size = strlen(part->word);
    size_t end = part->at;
    while (end > 0 && !((text[end - 1] >= 'A' && text[end - 1] <= 'Z') ||
                        (text[end - 1] >= 'a' && text[end - 1] <= 'z')))
        end--;
    if (size < 2 || size > 6 || end < size)
        return false;
    for (size_t i = end - size; i < end; i++)
        if (text[i] < 'A' || text[i] > 'Z')
            return false;
    return true;
}

/*  China FAW Group Corp.     the Bank of England    Acme Widget Technologies Co., Ltd
 *  ^^^^^     ^^^^^ ^^^^      ^^^                                ^^^^^^^^^^^^ ^^   ^^^  */
static void s_firm(s_parts_t *self, const char *text)
{
    bool legal = false;
    if (self->end - self->first > 1 && strcmp(self->parts[self->first].word, "the") == 0)
        self->first++;
    while (self->end - self->first > 1 && wd_word_legal(self->parts[self->end - 1].word)) {
        self->end--;
        legal = true;
    }
    if (legal && self->end - self->first > 2 && wd_word_trade(self->parts[self->end - 1].word))
        self->end--;
    if (legal && self->end - self->first > 1 && wd_word_country(self->parts[self->first].word) &&
        s_acronym(text, &self->parts[self->first + 1]))
        self->first++;
    for (size_t i = self->first; i < self->end;)
        if (strcmp(self->parts[i].word, "and") == 0 && self->end - self->first > 1)
            s_drop(self, i);
        else
            i++;
}

/*  Dr. Jane Q. Public
 *  ^^^      ^^         and the rest sorted, since family names stand first or last */
static void s_person(s_parts_t *self)
{
    while (self->end - self->first > 1 && wd_word_title(self->parts[self->first].word))
        self->first++;
    for (size_t i = self->first + 1; i + 1 < self->end;)
        if (self->parts[i].word[1] == '\0')
            s_drop(self, i);
        else
            i++;
    for (size_t i = self->first + 1; i < self->end; i++) {
        s_part_t part = self->parts[i];
        size_t k = i;
        for (; k > self->first && strcmp(self->parts[k - 1].word, part.word) > 0; k--)
            self->parts[k] = self->parts[k - 1];
        self->parts[k] = part;
    }
}

void wd_name_make(wd_name_t *ret_name, wd_name_class_t class, const char *text, size_t size)
{
    s_parts_t parts;
    *ret_name = (wd_name_t){.proper = s_proper(text, size)};
    s_split(&parts, text, size);
    if (class == WD_NAME_PERSON) {
        s_person(&parts);
    } else {
        s_join_letters(&parts);
        s_firm(&parts, text);
    }
    for (size_t i = parts.first; i < parts.end; i++) {
        size_t length = strlen(parts.parts[i].word);
        if (ret_name->size + length + 2 > sizeof ret_name->form)
            break;
        if (ret_name->size > 0)
            ret_name->form[ret_name->size++] = ' ';
        memcpy(ret_name->form + ret_name->size, parts.parts[i].word, length + 1);
        ret_name->size += length;
        ret_name->words++;
    }
    ret_name->weak = class == WD_NAME_PERSON && ret_name->words < 2;
    if (ret_name->size == 0)
        ret_name->proper = false;
}

int64_t wd_name_key(const wd_name_t *self, wd_name_class_t class)
{
    int64_t key = (int64_t)wd_mix((uint64_t) class + 1, self->form, self->size);
    return key != 0 ? key : 1;
}
