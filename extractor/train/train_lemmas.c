/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of lemmas that spelling does not give (step `lemmas`): what the treebanks say, where
 * the rules (../lemma.c) say something else.
 */
#include "train.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    uint32_t key;
    const char *lemma;
    uint32_t count;
    bool plain; /* the rules say the same */
} entry_t;

static int s_by_key(const void *a, const void *b)
{
    const entry_t *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return strcmp(x->lemma, y->lemma);
}

static bool s_entry(const wt_token_t *token, entry_t *ret_entry)
{
    char lower[WX_LEMMA_SIZE], rule[WX_LEMMA_SIZE];
    size_t size = strlen(token->form);
    if (size == 0 || size + 1 >= sizeof lower || token->upos == WX_UPOS_PROPN ||
        token->upos == WX_UPOS_X || strcmp(token->lemma, "_") == 0 ||
        strcmp(token->xpos, "GW") == 0 || strpbrk(token->form, "0123456789"))
        return false;
    for (size_t i = 0; i <= size; i++)
        lower[i] = (char)(token->form[i] >= 'A' && token->form[i] <= 'Z' ? token->form[i] + 32
                                                                         : token->form[i]);
    winnow_str_t text = {lower, size};
    size_t n = wx_lemma_rule(text, token->xpos, rule);
    rule[n] = '\0';
    *ret_entry = (entry_t){wx_lemma_key(text, token->xpos), token->lemma, 1,
                           strcmp(rule, token->lemma) == 0};
    return true;
}

int wt_step_lemmas(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    wt_treebank_t bank = {0};
    for (int i = 1; i < argc; i++)
        wt_treebank_conllu(&bank, argv[i]);
    size_t count = 0, tokens = 0;
    for (size_t s = 0; s < bank.count; s++)
        tokens += bank.at[s].count;
    entry_t *entries = wt_alloc(tokens, sizeof *entries);
    for (size_t s = 0; s < bank.count; s++) {
        for (uint32_t i = 0; i < bank.at[s].count; i++)
            count += s_entry(&bank.at[s].tokens[i], &entries[count]);
    }
    qsort(entries, count, sizeof *entries, s_by_key);
    size_t kept = 0;
    for (size_t i = 0; i < count;) {
        size_t best = i, next = i;
        while (next < count && entries[next].key == entries[i].key) {
            size_t same = next;
            while (next < count && s_by_key(&entries[next], &entries[same]) == 0)
                next++;
            entries[same].count = (uint32_t)(next - same);
            if (entries[same].count > entries[best].count)
                best = same;
        }
        if (!entries[best].plain)
            entries[kept++] = entries[best];
        i = next;
    }
    wt_bytes_t out = {0};
    wt_bits_put(&out, (uint32_t)kept, 32);
    uint32_t key = 0;
    for (size_t i = 0; i < kept; i++) {
        wt_bits_golomb(&out, entries[i].key - key - 1, 18);
        wt_bits_text(&out, entries[i].lemma);
        key = entries[i].key;
    }
    wt_bits_end(&out);
    fprintf(stderr, "%zu lemmas\n", kept);
    wt_pack_section(argv[0], "LEMM", out.at, out.size);
    free(out.at);
    free(entries);
    return 0;
}
