/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lemmas. The rules undo the spelling of English endings:
 *
 *     studies -> study      boxes -> box       taxes -> tax       planned -> plan
 *     making -> make        agreed -> agree    bigger -> big      largest -> large
 *
 * Whether an `e` was dropped or a consonant doubled is guessed from the letters before the ending;
 * the words for which the guess is wrong are in the model's table, which the trainer fills from the
 * treebanks and from the words of raw text.
 */
#include "lemma.h"

#include "linear.h"
#include "model.h"
#include "stats.h"
#include "atom.h"

static bool s_vowel(char c)
{
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

static bool s_has_vowel(const char *at, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (s_vowel(at[i]) || at[i] == 'y')
            return true;
    }
    return false;
}

static bool s_ends(const char *at, size_t size, const char *with)
{
    size_t n = strlen(with);
    return size >= n && memcmp(at + size - n, with, n) == 0;
}

/* What stood before -ed, -ing, -er, -est: `plann` plan, `mak` make, `agre` agree, `play` play. */
static size_t s_stem(char *to, size_t size)
{
    if (size < 2)
        return size;
    char last = to[size - 1], before = to[size - 2];
    if (last == before && !s_vowel(last) && last != 's' && last != 'l' && last != 'f' &&
        last != 'z' && size > 3)
        return size - 1;
    if (last == before && last == 'l' && size > 5)
        return size - 1; /* travelled, controlled; but filled, called */
    bool drop = false;
    if (last == 'e' || last == 'u' || last == 'v' || last == 'c' || last == 'z')
        drop = !(last == 'z' && before == 'z');
    else if (last == 's')
        drop = before != 's';
    else if (last == 'g')
        drop = before == 'r' || before == 'n'
                   ? s_ends(to, size, "ang") || s_ends(to, size, "eng") ||
                         s_ends(to, size, "arg") || s_ends(to, size, "erg")
                   : s_vowel(before);
    else if (last == 't')
        drop = (before == 'a' && size > 3 && !s_vowel(to[size - 3])) || s_ends(to, size, "ibut") ||
               s_ends(to, size, "mot") || s_ends(to, size, "vit") || s_ends(to, size, "cit") ||
               s_ends(to, size, "ecut") || s_ends(to, size, "tut") || s_ends(to, size, "plet");
    else if (last == 'r')
        drop = s_ends(to, size, "ir") ? !s_ends(to, size, "air")
               : s_ends(to, size, "ur")
                   ? !s_ends(to, size, "our") && !s_ends(to, size, "cur")
                   : (before == 'a' || before == 'o') && !s_ends(to, size, "or") &&
                         !s_vowel(to[size - 3 < size ? size - 3 : 0]);
    else if (last == 'l')
        drop = !s_vowel(before) && before != 'l' && before != 'r' && before != 'w' ? true
               : s_ends(to, size, "ul") || s_ends(to, size, "il")
                   ? !s_ends(to, size, "ail") && !s_ends(to, size, "oil") && size < 4
                   : false;
    else if (last == 'd')
        drop = s_vowel(before) && before != 'o' && !(before == 'e') &&
               (size < 3 || !s_vowel(to[size - 3]));
    else if (last == 'k' || last == 'p' || last == 'm' || last == 'n' || last == 'b')
        drop = s_vowel(before) && before != 'e' && before != 'o' &&
               (size < 3 || !s_vowel(to[size - 3])) && !(last == 'n' && before == 'i' && size > 5);
    if (drop)
        to[size++] = 'e';
    return size;
}

static size_t s_plural(char *to, size_t size)
{
    if (size > 4 && s_ends(to, size, "ies")) {
        to[size - 3] = 'y';
        return size - 2;
    }
    if (s_ends(to, size, "sses") || s_ends(to, size, "shes") || s_ends(to, size, "ches") ||
        s_ends(to, size, "xes") || s_ends(to, size, "zzes") || s_ends(to, size, "oes"))
        return size > 4 ? size - 2 : size - 1;
    if (size > 3 && s_ends(to, size, "s") && !s_ends(to, size, "ss") && !s_ends(to, size, "us") &&
        !s_ends(to, size, "is"))
        return size - 1;
    if (size > 2 && size <= 3 && s_ends(to, size, "s"))
        return size - 1;
    return size;
}

static size_t s_past(char *to, size_t size)
{
    if (size > 4 && s_ends(to, size, "ied")) {
        to[size - 3] = 'y';
        return size - 2;
    }
    if (size > 3 && s_ends(to, size, "ed") && s_has_vowel(to, size - 2))
        return s_stem(to, size - 2);
    return size;
}

static size_t s_compared(char *to, size_t size, size_t ending)
{
    if (size < ending + 3)
        return size;
    size -= ending;
    if (to[size - 1] == 'i') {
        to[size - 1] = 'y';
        return size;
    }
    return s_stem(to, size);
}

size_t wx_lemma_rule(winnow_str_t lower, const char *xpos, char *to)
{
    size_t size = lower.size;
    if (size == 0 || size + 1 >= WX_LEMMA_SIZE)
        return 0;
    memcpy(to, lower.data, size);
    if (strcmp(xpos, "NNS") == 0 || strcmp(xpos, "NNPS") == 0 || strcmp(xpos, "VBZ") == 0)
        return s_plural(to, size);
    if (strcmp(xpos, "VBD") == 0 || strcmp(xpos, "VBN") == 0)
        return s_past(to, size);
    if (strcmp(xpos, "VBG") == 0 && size > 4 && s_ends(to, size, "ing") &&
        s_has_vowel(to, size - 3))
        return s_stem(to, size - 3);
    if ((strcmp(xpos, "JJR") == 0 || strcmp(xpos, "RBR") == 0) && s_ends(to, size, "er"))
        return s_compared(to, size, 2);
    if ((strcmp(xpos, "JJS") == 0 || strcmp(xpos, "RBS") == 0) && s_ends(to, size, "est"))
        return s_compared(to, size, 3);
    return size;
}

uint32_t wx_lemma_key(winnow_str_t lower, const char *xpos)
{
    uint32_t key = wx_atom_hash(lower);
    for (; *xpos; xpos++)
        key = wx_mix(key, (unsigned char)*xpos);
    return key;
}

static const char *s_find(const wx_lemmas_t *self, uint32_t key)
{
    uint32_t low = 0, high = self->count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (self->entries[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < self->count && self->entries[low].key == key;
    return found ? self->entries[low].lemma : NULL;
}

wx_id_t wx_lemma(wx_doc_t *doc, uint32_t token)
{
    const wx_token_t *t = &doc->tokens.at[token];
    const wx_stats_t *stats = doc->model->stats;
    const char *xpos = stats->tagger.xpos[t->fine];
    winnow_str_t lower = wx_token_lower(doc, token);
    bool proper = t->upos == WX_UPOS_PROPN;
    if (proper && strcmp(xpos, "NNPS") != 0)
        return t->form;
    const char *known = s_find(&stats->lemmas, wx_lemma_key(lower, xpos));
    if (known)
        return wx_intern(doc->intern, wx_str_from(known));
    char text[WX_LEMMA_SIZE];
    size_t size = wx_lemma_rule(proper ? wx_token_form(doc, token) : lower, xpos, text);
    if (size == 0)
        return proper ? t->form : t->lower;
    return wx_intern(doc->intern, (winnow_str_t){text, size});
}
