/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words. ASCII, nearly all of the news that we read, takes a short way; the rest goes through
 * utf8proc one character at a time.
 *
 * Each word of an article is written once: an index without positions has no use for more, and half
 * of a text's words are repeated.
 */
#include "words.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "decimal.h"
#include "record.h"

void wd_words_start(wd_words_t *self, const char *text, size_t size)
{
    self->p = text;
    self->end = text + size;
    self->size = 0;
}

static bool s_ideograph(utf8proc_int32_t code)
{
    return (code >= 0x3040 && code <= 0x30FF) || (code >= 0x3400 && code <= 0x9FFF) ||
           (code >= 0xF900 && code <= 0xFAFF) || (code >= 0x20000 && code <= 0x3FFFF);
}

static bool s_of_word(utf8proc_int32_t code)
{
    switch (utf8proc_category(code)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return true;
    default:
        return false;
    }
}

/* Appends what is left of a character when case and marks are gone. */
static void s_fold(wd_words_t *self, utf8proc_int32_t code)
{
    utf8proc_int32_t folded[16];
    int boundary = 0;
    utf8proc_ssize_t count = utf8proc_decompose_char(
        code, folded, 16,
        UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STRIPMARK | UTF8PROC_CASEFOLD, &boundary);
    for (utf8proc_ssize_t i = 0; i < count && i < 16; i++) {
        utf8proc_uint8_t bytes[4];
        utf8proc_ssize_t size = utf8proc_encode_char(folded[i], bytes);
        /* What a compatibility form holds beside letters ("㎞²" is "km2", "½" is "1⁄2") is left
         * out. */
        if (size <= 0 || !s_of_word(folded[i]) || self->size + (size_t)size > WD_WORD_MAX)
            continue;
        memcpy(self->word + self->size, bytes, (size_t)size);
        self->size += (size_t)size;
    }
}

bool wd_words_next(wd_words_t *self)
{
    const char *p = self->p, *end = self->end;
    self->size = 0;
    while (p < end) {
        unsigned char c = (unsigned char)*p;
        if (c < 0x80) {
            if (c >= 'A' && c <= 'Z')
                c = (unsigned char)(c + ('a' - 'A'));
            else if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
                c = 0;
            if (c != 0) {
                if (self->size < WD_WORD_MAX)
                    self->word[self->size++] = (char)c;
                p++;
                continue;
            }
            p++;
            if (self->size > 0)
                break;
            continue;
        }
        utf8proc_int32_t code = 0;
        utf8proc_ssize_t width = utf8proc_iterate((const utf8proc_uint8_t *)p, end - p, &code);
        bool letter = width > 0 && s_of_word(code);
        if (letter && s_ideograph(code)) {
            if (self->size > 0)
                break;
            p += width;
            s_fold(self, code);
            if (self->size > 0)
                break;
            continue;
        }
        p += width > 0 ? width : 1;
        if (letter)
            s_fold(self, code);
        else if (self->size > 0)
            break;
    }
    self->p = p;
    return self->size > 0;
}

/* --------------------------------------------------------------------------- sets of words */

/* Words already written: a table of their 64-bit hashes, 0 being empty. Two words of one hash would
 * lose the second from the set: at 2^-64 a pair, rarer than a fault of the machine. */
typedef struct {
    uint64_t *slots;
    size_t capacity, count; /* capacity: a power of 2, at least twice the count */
    wd_buf_t out;
    bool failed;
} s_set_t;

static uint64_t s_hash(char prefix, const char *word, size_t size)
{
    uint64_t hash = (0xcbf29ce484222325u ^ (unsigned char)prefix) * 0x100000001b3u;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)word[i]) * 0x100000001b3u;
    hash ^= hash >> 32;
    hash *= 0x9e3779b97f4a7c15u;
    hash ^= hash >> 29;
    return hash != 0 ? hash : 1;
}

static void s_grow(s_set_t *self)
{
    size_t capacity = self->capacity > 0 ? self->capacity * 2 : 2048;
    uint64_t *slots = calloc(capacity, sizeof *slots);
    if (slots == NULL) {
        self->failed = true;
        return;
    }
    for (size_t i = 0; i < self->capacity; i++) {
        if (self->slots[i] == 0)
            continue;
        size_t at = self->slots[i] & (capacity - 1);
        while (slots[at] != 0)
            at = (at + 1) & (capacity - 1);
        slots[at] = self->slots[i];
    }
    free(self->slots);
    self->slots = slots;
    self->capacity = capacity;
}

/* prefix 0: none. */
static void s_add(s_set_t *self, char prefix, const char *word, size_t size)
{
    if (self->count * 2 >= self->capacity)
        s_grow(self);
    if (self->failed)
        return;
    uint64_t hash = s_hash(prefix, word, size);
    size_t at = hash & (self->capacity - 1);
    while (self->slots[at] != 0) {
        if (self->slots[at] == hash)
            return;
        at = (at + 1) & (self->capacity - 1);
    }
    self->slots[at] = hash;
    self->count++;
    if (self->out.size > 0)
        wd_buf_char(&self->out, ' ');
    if (prefix != 0) {
        char head[2] = {prefix, ':'};
        wd_buf_add(&self->out, head, 2);
    }
    wd_buf_add(&self->out, word, size);
}

static void s_add_text(s_set_t *self, char prefix, const char *text, size_t size)
{
    wd_words_t words;
    wd_words_start(&words, text, size);
    while (wd_words_next(&words))
        s_add(self, prefix, words.word, words.size);
}

/* a:cny:09 and a:09 */
static void s_add_amount(s_set_t *self, wd_slice_t number, wd_slice_t unit)
{
    wd_decimal_t value;
    if (number.size == 0 || unit.size != 3 || !wd_decimal_parse(number.data, number.size, &value))
        return;
    int power = wd_decimal_power(&value);
    char word[6] = {0, 0, 0, ':', (char)('0' + power / 10), (char)('0' + power % 10)};
    for (size_t i = 0; i < 3; i++) {
        char c = (char)(unit.data[i] | 0x20);
        word[i] = c >= 'a' && c <= 'z' ? c : 'x';
    }
    s_add(self, 'a', word, 6);
    s_add(self, 'a', word + 4, 2);
}

static bool s_visit(void *arg, const wd_filler_t *filler)
{
    s_set_t *set = arg;
    if (wd_filler_named(filler))
        s_add_text(set, 'e', filler->text.data, filler->text.size);
    if (wd_filler_place(filler))
        s_add_text(set, 'p', filler->text.data, filler->text.size);
    if (wd_slice_is(filler->type, "money")) {
        s_add_amount(set, filler->number, filler->unit);
        for (size_t i = 0; i < filler->equivalents; i++)
            s_add_amount(set, filler->numbers[i], filler->units[i]);
    }
    return true;
}

char *wd_words_make(const wd_article_t *article, const wd_record_t *records, size_t count)
{
    s_set_t set = {0};
    wd_buf_reserve(&set.out, article->size / 2 + 1024);
    s_add_text(&set, 0, article->text, article->size);
    for (size_t i = 0; i < count; i++) {
        s_add(&set, 'k', records[i].kind, strlen(records[i].kind));
        /* A record that cannot be read is found by its kind and text. */
        wd_record_fillers(records[i].json, records[i].size, s_visit, &set);
    }
    free(set.slots);
    if (set.failed) {
        wd_buf_free(&set.out);
        return NULL;
    }
    return wd_buf_take(&set.out, NULL);
}

/* --------------------------------------------------------------------------------- phrases */

bool wd_phrase_parse(wd_phrase_t *ret, const char *text)
{
    *ret = (wd_phrase_t){0};
    wd_words_t words;
    wd_words_start(&words, text, strlen(text));
    while (wd_words_next(&words)) {
        wd_buf_add(&ret->words, words.word, words.size);
        wd_buf_char(&ret->words, '\0');
        ret->count++;
    }
    return !ret->words.failed;
}

void wd_phrase_free(wd_phrase_t *self)
{
    wd_buf_free(&self->words);
    self->count = 0;
}

static bool s_equal(const wd_words_t *words, const char *word)
{
    return strlen(word) == words->size && memcmp(words->word, word, words->size) == 0;
}

bool wd_phrase_in(const wd_phrase_t *self, const char *text, size_t size)
{
    if (self->count == 0)
        return false;
    wd_words_t words;
    wd_words_start(&words, text, size);
    while (wd_words_next(&words)) {
        if (!s_equal(&words, self->words.data))
            continue;
        /* The rest is tried from here on a copy, so that "a a b" is found in "a a a b". */
        wd_words_t rest = words;
        const char *word = self->words.data;
        size_t matched = 1;
        while (matched < self->count) {
            word += strlen(word) + 1;
            if (!wd_words_next(&rest) || !s_equal(&rest, word))
                break;
            matched++;
        }
        if (matched == self->count)
            return true;
    }
    return false;
}

bool wd_phrase_all_in(const wd_phrase_t *self, const char *text, size_t size)
{
    const char *word = self->words.data;
    for (size_t i = 0; i < self->count; i++, word += strlen(word) + 1) {
        wd_words_t words;
        wd_words_start(&words, text, size);
        bool found = false;
        while (!found && wd_words_next(&words))
            found = s_equal(&words, word);
        if (!found)
            return false;
    }
    return true;
}
