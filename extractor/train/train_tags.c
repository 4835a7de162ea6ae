/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tagger (step `tags`): the fine tags are the pairs of part of speech and Penn tag that are
 * frequent enough; a rare pair counts as the most frequent one of its part of speech.
 *
 * The later models must learn from tags as wrong as those they will get, so the training sentences
 * are tagged by five taggers that have not seen them, and the result is written for the steps
 * behind.
 */
#include "train.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 8, ROWS_LOG2 = 18, LEAST = 12, FOLDS = 5, ODD_TAGS = 512, ODD_FEATS = 4096 };

typedef struct {
    uint8_t upos;
    const char *xpos;
    uint32_t count;
} pair_t;

static int s_by_count(const void *a, const void *b)
{
    const pair_t *x = a, *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return x->upos != y->upos ? x->upos - y->upos : strcmp(x->xpos, y->xpos);
}

static uint32_t s_pairs(const wt_treebank_t *bank, pair_t *pairs)
{
    uint32_t n = 0;
    for (size_t s = 0; s < bank->count; s++) {
        for (uint32_t i = 0; i < bank->at[s].count; i++) {
            const wt_token_t *t = &bank->at[s].tokens[i];
            uint32_t p = 0;
            while (p < n && (pairs[p].upos != t->upos || strcmp(pairs[p].xpos, t->xpos) != 0))
                p++;
            if (p == n && n < ODD_TAGS)
                pairs[n++] = (pair_t){t->upos, t->xpos, 0};
            if (p < n)
                pairs[p].count++;
        }
    }
    qsort(pairs, n, sizeof *pairs, s_by_count);
    while (n > 0 && (n > WX_TAG_MAX - 1 || pairs[n - 1].count < LEAST))
        n--;
    return n;
}

/* The most frequent features of a tag. */
static const char *s_feats(const wt_treebank_t *bank, uint8_t upos, const char *xpos)
{
    static const char *texts[ODD_FEATS];
    static uint32_t counts[ODD_FEATS];
    uint32_t n = 0, best = 0;
    memset(counts, 0, sizeof counts);
    for (size_t s = 0; s < bank->count; s++) {
        for (uint32_t i = 0; i < bank->at[s].count; i++) {
            const wt_token_t *t = &bank->at[s].tokens[i];
            if (t->upos != upos || strcmp(t->xpos, xpos) != 0)
                continue;
            uint32_t k = 0;
            while (k < n && strcmp(texts[k], t->feats) != 0)
                k++;
            if (k == n && n < ODD_FEATS)
                texts[n++] = t->feats;
            counts[k]++;
        }
    }
    for (uint32_t k = 1; k < n; k++) {
        if (counts[k] > counts[best])
            best = k;
    }
    return n ? texts[best] : "_";
}

static void s_make_tags(wx_tagger_t *tagger, const wt_treebank_t *bank)
{
    static pair_t pairs[ODD_TAGS];
    uint32_t n = s_pairs(bank, pairs);
    tagger->count = n + 1;
    for (uint32_t p = 0; p < n; p++) {
        tagger->upos[p + 1] = pairs[p].upos;
        tagger->xpos[p + 1] = pairs[p].xpos;
        tagger->feats[p + 1] = s_feats(bank, pairs[p].upos, pairs[p].xpos);
    }
}

static uint8_t s_tag_of(const wx_tagger_t *tagger, const wt_token_t *token)
{
    for (uint32_t c = 1; c < tagger->count; c++) {
        if (tagger->upos[c] == token->upos && strcmp(tagger->xpos[c], token->xpos) == 0)
            return (uint8_t)c;
    }
    for (uint32_t c = 1; c < tagger->count; c++) {
        if (tagger->upos[c] == token->upos)
            return (uint8_t)c;
    }
    return 1;
}

static void s_gold(const wx_tagger_t *tagger, wt_treebank_t *bank)
{
    for (size_t s = 0; s < bank->count; s++) {
        for (uint32_t i = 0; i < bank->at[s].count; i++)
            bank->at[s].gold[i] = s_tag_of(tagger, &bank->at[s].tokens[i]);
    }
}

static void s_learn_sentence(wt_perceptron_t *p, const wx_tagger_t *tagger, wt_sentence_t *sentence)
{
    uint32_t rows[WX_TAG_FEATURES];
    int32_t score[WX_LINEAR_STRIDE_MAX];
    for (uint32_t i = 0; i < sentence->count; i++) {
        unsigned n = wx_tag_features(sentence->words, sentence->count, i, NULL, rows);
        wt_perceptron_score(p, rows, n, score);
        uint32_t best = 1, gold = sentence->gold[i];
        for (uint32_t c = 2; c < tagger->count; c++) {
            if (score[c] > score[best])
                best = c;
        }
        p->t++;
        if (best != gold) {
            wt_perceptron_update(p, rows, n, gold, 1);
            wt_perceptron_update(p, rows, n, best, -1);
        }
        sentence->words[i].tag = (uint8_t)best;
        sentence->words[i].upos = tagger->upos[best];
    }
}

/* Leaves out the sentences of fold `without` (-1: none). */
static int8_t *s_learn(const wx_tagger_t *tagger, wt_treebank_t *bank, int without, int parts)
{
    wt_perceptron_t *p = NULL;
    int32_t *sum = wt_alloc((size_t)64 << ROWS_LOG2, sizeof *sum);
    for (int part = 0; part < parts; part++) {
        wt_perceptron_destroy(&p);
        p = wt_perceptron_new(ROWS_LOG2, 64, tagger->count);
        for (int round = 0; round < ROUNDS; round++) {
            uint32_t *order = wt_shuffle(bank->count, (uint32_t)(part * ROUNDS + round));
            for (size_t k = 0; k < bank->count; k++) {
                if ((int)(order[k] / 40 % FOLDS) != without)
                    s_learn_sentence(p, tagger, &bank->at[order[k]]);
            }
            free(order);
        }
        wt_perceptron_add(p, sum);
    }
    int8_t *weights = wt_perceptron_pack(p, sum, parts, 0);
    free(sum);
    wt_perceptron_destroy(&p);
    return weights;
}

static wx_linear_t s_linear(const int8_t *weights)
{
    wt_perceptron_t shape = {.rows = 1u << ROWS_LOG2, .stride = 64};
    return wt_linear(&shape, weights);
}

static void s_evaluate(const wx_tagger_t *tagger, const char *path, const wx_stats_t *stats)
{
    wt_treebank_t dev = {0};
    wt_treebank_conllu(&dev, path);
    wt_treebank_words(&dev, &stats->lexicon, &stats->gazetteer);
    size_t total = 0, upos = 0, xpos = 0;
    for (size_t s = 0; s < dev.count; s++) {
        wt_sentence_t *sentence = &dev.at[s];
        wx_tag_sentence(tagger, sentence->words, sentence->count);
        for (uint32_t i = 0; i < sentence->count; i++) {
            total++;
            upos += sentence->words[i].upos == sentence->tokens[i].upos;
            xpos += strcmp(tagger->xpos[sentence->words[i].tag], sentence->tokens[i].xpos) == 0;
        }
    }
    fprintf(stderr, "%s: UPOS %.2f XPOS %.2f\n", path, 100.0 * (double)upos / (double)total,
            100.0 * (double)xpos / (double)total);
}

static void s_jack(wx_tagger_t *tagger, wt_treebank_t *bank, const char *path)
{
    for (int fold = 0; fold < FOLDS; fold++) {
        int8_t *weights = s_learn(tagger, bank, fold, 1);
        tagger->linear = s_linear(weights);
        free(weights);
        for (size_t s = 0; s < bank->count; s++) {
            if ((int)(s / 40 % FOLDS) != fold)
                continue;
            wx_tag_sentence(tagger, bank->at[s].words, bank->at[s].count);
            for (uint32_t i = 0; i < bank->at[s].count; i++)
                bank->at[s].tokens[i].jack = bank->at[s].words[i].tag;
        }
        free((void *)(uintptr_t)tagger->linear.weights);
    }
    FILE *file = fopen(path, "w");
    for (size_t s = 0; file && s < bank->count; s++) {
        for (uint32_t i = 0; i < bank->at[s].count; i++)
            fprintf(file, "%d%c", bank->at[s].tokens[i].jack,
                    i + 1 < bank->at[s].count ? ' ' : '\n');
    }
    if (!file || fclose(file) != 0) {
        fprintf(stderr, "winnow-train: %s: cannot be written\n", path);
        exit(1);
    }
}

void wt_jack_read(const char *path, wt_treebank_t *bank, const wx_tagger_t *tagger)
{
    size_t size;
    char *bytes = wt_slurp(path, &size), *at = bytes;
    for (size_t s = 0; s < bank->count; s++) {
        for (uint32_t i = 0; i < bank->at[s].count; i++) {
            char *end;
            unsigned long tag = strtoul(at, &end, 10);
            if (end == at || tag == 0 || tag >= tagger->count) {
                fprintf(stderr, "winnow-train: %s: does not fit the treebank\n", path);
                exit(1);
            }
            at = end;
            bank->at[s].words[i].tag = (uint8_t)tag;
            bank->at[s].words[i].upos = tagger->upos[tag];
        }
    }
    free(bytes);
}

static void s_pack_tags(const char *path, const wx_tagger_t *tagger)
{
    wt_bytes_t out = {0};
    wt_bits_put(&out, tagger->count, 8);
    for (uint32_t c = 1; c < tagger->count; c++) {
        wt_bits_text(&out, wx_upos_name(tagger->upos[c]));
        wt_bits_text(&out, tagger->xpos[c]);
        wt_bits_text(&out, tagger->feats[c]);
    }
    wt_bits_end(&out);
    wt_pack_section(path, "TAGS", out.at, out.size);
    free(out.at);
}

int wt_step_tags(int argc, char **argv)
{
    if (argc < 5 || atoi(argv[3]) < 1)
        return 2;
    wx_stats_t *stats = wt_model(argv[0]);
    wt_treebank_t bank = {0};
    for (int i = 4; i < argc; i++)
        wt_treebank_conllu(&bank, argv[i]);
    wt_treebank_words(&bank, &stats->lexicon, &stats->gazetteer);
    wx_tagger_t tagger = {.count = 0};
    s_make_tags(&tagger, &bank);
    s_gold(&tagger, &bank);
    fprintf(stderr, "%zu sentences, %" PRIu32 " tags\n", bank.count, tagger.count - 1);
    int8_t *weights = s_learn(&tagger, &bank, -1, atoi(argv[3]));
    tagger.linear = s_linear(weights);
    s_pack_tags(argv[0], &tagger);
    wt_bytes_t packed = wt_pack_linear(weights, 1u << ROWS_LOG2, 64);
    wt_pack_section(argv[0], "TAGW", packed.at, packed.size);
    s_evaluate(&tagger, argv[2], stats);
    if (strcmp(argv[1], "-") != 0)
        s_jack(&tagger, &bank, argv[1]);
    free(packed.at);
    free(weights);
    wx_stats_destroy(&stats);
    return 0;
}
