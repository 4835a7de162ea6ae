/* SPDX-License-Identifier: Apache-2.0 */
/* Words as hashes; see atom.h. Only ASCII letters change case here: cheap, and the same anywhere.
 */
#include "atom.h"

#include "linear.h"
#include "model.h"
#include "stats.h"

enum { S_LENGTH = 48 }; /* longer words are known by their first and last bytes */

/* Copies at most S_LENGTH bytes of the form: digits as 0, curly marks and long dashes as ASCII. */
static size_t s_plain(winnow_str_t form, char *to)
{
    size_t n = 0;
    for (size_t i = 0; i < form.size; i++) {
        unsigned char c = (unsigned char)form.data[i];
        if (c == 0xE2 && i + 2 < form.size && (unsigned char)form.data[i + 1] == 0x80) {
            unsigned char last = (unsigned char)form.data[i + 2];
            char plain = last == 0x98 || last == 0x99   ? '\''
                         : last == 0x9C || last == 0x9D ? '"'
                         : last >= 0x90 && last <= 0x95 ? '-'
                                                        : 0;
            if (plain) {
                c = (unsigned char)plain;
                i += 2;
            }
        }
        if (n == S_LENGTH) /* keep the end: suffixes matter */
            memmove(to + S_LENGTH / 2, to + S_LENGTH / 2 + 1, --n - S_LENGTH / 2);
        to[n++] = (char)(c >= '0' && c <= '9' ? '0' : c);
    }
    return n;
}

static uint32_t s_hash(const char *at, size_t size)
{
    uint32_t hash = 2166136261u ^ (uint32_t)size;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)at[i]) * 16777619u;
    hash ^= hash >> 16;
    hash *= 0x85EBCA6Bu;
    hash ^= hash >> 13;
    return hash ? hash : 1;
}

uint32_t wx_atom_hash(winnow_str_t form)
{
    char plain[S_LENGTH];
    size_t size = s_plain(form, plain);
    return s_hash(plain, size);
}

const wx_lexeme_t *wx_lexicon_find(const wx_lexicon_t *self, uint32_t key)
{
    if (!self->slots)
        return NULL;
    uint32_t slot = key & self->mask;
    while (self->slots[slot].key) {
        if (self->slots[slot].key == key)
            return &self->slots[slot];
        slot = (slot + 1) & self->mask;
    }
    return NULL;
}

static char s_class(char c)
{
    if (c >= 'A' && c <= 'Z')
        return 'X';
    if ((c >= 'a' && c <= 'z') || (c & 0x80))
        return 'x';
    return c == '0' ? 'd' : c;
}

/* "U.S." X.X. ; "McKay" XxXx ; "2,000" d,d ; "Obama" Xx */
static uint32_t s_shape(const char *plain, size_t size)
{
    char shape[S_LENGTH];
    size_t n = 0;
    for (size_t i = 0; i < size && n < 10; i++) {
        char c = s_class(plain[i]);
        if (n == 0 || shape[n - 1] != c)
            shape[n++] = c;
    }
    return s_hash(shape, n);
}

static uint8_t s_flags(const char *plain, size_t size)
{
    bool small = false, big = false, digit = false;
    for (size_t i = 0; i < size; i++) {
        char c = s_class(plain[i]);
        small |= c == 'x';
        big |= c == 'X';
        digit |= c == 'd';
    }
    unsigned flags = size && s_class(plain[0]) == 'X' ? WX_ATOM_UPPER : 0;
    flags |= big && !small && size > 1 ? WX_ATOM_CAPS : 0;
    flags |= digit ? WX_ATOM_DIGIT : 0;
    flags |= !small && !big && !digit ? WX_ATOM_MARK : 0;
    return (uint8_t)flags;
}

void wx_atom_read(const wx_lexicon_t *lexicon, winnow_str_t form, bool first, bool shouted,
                  wx_atom_t *ret_atom)
{
    char plain[S_LENGTH], lower[S_LENGTH];
    size_t size = s_plain(form, plain);
    for (size_t i = 0; i < size; i++)
        lower[i] = (char)(plain[i] >= 'A' && plain[i] <= 'Z' ? plain[i] + 32 : plain[i]);
    if (shouted)
        memcpy(plain, lower, size);
    wx_atom_t *w = ret_atom;
    *w = (wx_atom_t){.form = s_hash(plain, size), .lower = s_hash(lower, size)};
    for (size_t n = 1; n <= 3; n++)
        w->prefix[n - 1] = s_hash(lower, n < size ? n : size);
    for (size_t n = 1; n <= 4; n++)
        w->suffix[n - 1] = n < size ? s_hash(lower + size - n, n) : s_hash(lower, size);
    w->shape = s_shape(plain, size);
    w->flags = (uint8_t)(s_flags(plain, size) | (first ? WX_ATOM_FIRST : 0));
    const wx_lexeme_t *lexeme = wx_lexicon_find(lexicon, w->form);
    if (!lexeme && w->form != w->lower)
        lexeme = wx_lexicon_find(lexicon, w->lower);
    if (lexeme) {
        w->cluster = lexeme->cluster;
        w->group = lexeme->group;
        w->usage = lexeme->usage;
    }
}

wx_atom_t *wx_doc_atoms(wx_doc_t *doc)
{
    if (!doc->atoms) {
        doc->atoms = wx_new(doc->arena, wx_atom_t, doc->tokens.count);
        const wx_lexicon_t *lexicon = &doc->model->stats->lexicon;
        for (uint32_t i = 0; i < doc->tokens.count; i++) {
            const wx_token_t *t = &doc->tokens.at[i];
            bool first = i == doc->sentences.at[t->sentence].first;
            wx_atom_read(lexicon, wx_token_form(doc, i), first, t->capital, &doc->atoms[i]);
        }
    }
    return doc->atoms;
}
