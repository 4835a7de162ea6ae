/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The name model (step `names`): sets with different ideas of what a name is are brought to three
 * types. The set whose guidelines we follow (UNER) is learned once a round, as are the others.
 */
#include "train.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 8, PARTS = 4, ROWS_LOG2 = 19 };

static const char *const s_uner[] = {"PER", "PER", "ORG", "ORG", "LOC", "LOC", NULL};
static const char *const s_crossner[] = {
    "person",    "PER", "politician", "PER", "writer",       "PER", "musicalartist",  "PER",
    "scientist", "PER", "researcher", "PER", "organisation", "ORG", "politicalparty", "ORG",
    "band",      "ORG", "university", "ORG", "location",     "LOC", "country",        "LOC",
    NULL};
static const char *const s_wnut[] = {"person", "PER",      "corporation", "ORG", "group",
                                     "ORG",    "location", "LOC",         NULL};

static const struct {
    const char *file;
    int form, label;
    const char *const *map;
} s_sets[] = {
    {"crossner-politics.train.txt", 0, 1, s_crossner},
    {"crossner-politics.dev.txt", 0, 1, s_crossner},
    {"crossner-politics.test.txt", 0, 1, s_crossner},
    {"crossner-science.train.txt", 0, 1, s_crossner},
    {"crossner-science.dev.txt", 0, 1, s_crossner},
    {"crossner-science.test.txt", 0, 1, s_crossner},
    {"crossner-literature.train.txt", 0, 1, s_crossner},
    {"crossner-literature.dev.txt", 0, 1, s_crossner},
    {"crossner-literature.test.txt", 0, 1, s_crossner},
    {"crossner-music.train.txt", 0, 1, s_crossner},
    {"crossner-music.dev.txt", 0, 1, s_crossner},
    {"crossner-music.test.txt", 0, 1, s_crossner},
    {"crossner-ai.train.txt", 0, 1, s_crossner},
    {"crossner-ai.dev.txt", 0, 1, s_crossner},
    {"crossner-ai.test.txt", 0, 1, s_crossner},
    {"broad-twitter-g.conll", 0, 1, s_uner},
    {"broad-twitter-f.conll", 0, 1, s_uner},
    {"wnut17-train.conll", 0, 1, s_wnut},
    {"sec-FIN5.txt", 0, 3, s_uner},
};

static uint8_t s_type(const char *name)
{
    return strcmp(name, "PER") == 0   ? WX_NAME_PERSON
           : strcmp(name, "ORG") == 0 ? WX_NAME_ORGANISATION
                                      : WX_NAME_PLACE;
}

static void s_gold(wt_sentence_t *sentence)
{
    for (uint32_t i = 0; i < sentence->count;) {
        const wt_token_t *t = &sentence->tokens[i];
        uint32_t end = i + 1;
        if (!t->name) {
            sentence->gold[i++] = WX_LABEL_OUT;
            continue;
        }
        while (end < sentence->count && sentence->tokens[end].name &&
               !sentence->tokens[end].name_begins &&
               strcmp(sentence->tokens[end].name, t->name) == 0)
            end++;
        for (uint32_t k = i; k < end; k++)
            sentence->gold[k] = wx_label(s_type(t->name), end == i + 1  ? WX_PART_UNIT
                                                          : k == i      ? WX_PART_BEGIN
                                                          : k + 1 < end ? WX_PART_IN
                                                                        : WX_PART_LAST);
        i = end;
    }
}

static void s_prepare(wt_treebank_t *bank, const wx_stats_t *stats, bool tag)
{
    wt_treebank_words(bank, &stats->lexicon, &stats->gazetteer);
    for (size_t s = 0; s < bank->count; s++) {
        if (tag)
            wx_tag_sentence(&stats->tagger, bank->at[s].words, bank->at[s].count);
        s_gold(&bank->at[s]);
    }
}

static void s_learn_sentence(wt_perceptron_t *p, const wt_sentence_t *sentence,
                             const wx_name_memory_t *memory, uint8_t *labels)
{
    uint32_t rows[WX_NAME_FEATURES];
    int32_t score[WX_LINEAR_STRIDE_MAX];
    for (uint32_t i = 0; i < sentence->count; i++) {
        uint8_t before = i > 0 ? labels[i - 1] : WX_LABEL_OUT, best = UINT8_MAX;
        uint8_t gold = sentence->gold[i];
        unsigned n =
            wx_name_features(sentence->words, sentence->count, i, labels, memory, NULL, rows);
        wt_perceptron_score(p, rows, n, score);
        for (uint8_t c = 0; c < WX_LABEL_COUNT; c++) {
            if (wx_label_follows(before, c, i + 1 == sentence->count) &&
                (best == UINT8_MAX || score[c] > score[best]))
                best = c;
        }
        p->t++;
        bool possible = wx_label_follows(before, gold, i + 1 == sentence->count);
        if (best != gold && possible) {
            wt_perceptron_update(p, rows, n, gold, 1);
            wt_perceptron_update(p, rows, n, best, -1);
        }
        labels[i] = best;
    }
}

typedef struct {
    size_t found, right, gold;
} score_t;

static void s_compare(const wt_sentence_t *sentence, const uint8_t *labels, score_t *score)
{
    uint32_t n = sentence->count;
    for (uint32_t i = 0; i < n; i++) {
        for (int side = 0; side < 2; side++) {
            const uint8_t *a = side ? sentence->gold : labels, *b = side ? labels : sentence->gold;
            unsigned part = (a[i] - 1u) % 4;
            if (a[i] == WX_LABEL_OUT || part == WX_PART_IN || part == WX_PART_LAST)
                continue;
            uint32_t end = i;
            bool same = a[i] == b[i];
            while (part == WX_PART_BEGIN && end < n && (a[end] - 1u) % 4 != WX_PART_LAST) {
                end++;
                same &= end < n && a[end] == b[end];
            }
            score->gold += side;
            score->found += !side;
            score->right += !side && same;
        }
    }
}

static void s_evaluate(const wx_stats_t *stats, const wx_namer_t *namer, const char *dir,
                       const char *file)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", dir, file);
    wt_treebank_t bank = {0};
    wt_treebank_names(&bank, path, 1, 2, s_uner);
    s_prepare(&bank, stats, true);
    wx_name_memory_t memory;
    score_t score = {0};
    uint8_t labels[1024];
    for (size_t s = 0; s < bank.count; s++) {
        if (bank.at[s].document || s == 0)
            memset(&memory, 0, sizeof memory);
        wx_name_sentence(namer, bank.at[s].words, bank.at[s].count, &memory, labels, NULL);
        s_compare(&bank.at[s], labels, &score);
    }
    double p = (double)score.right / (double)(score.found ? score.found : 1);
    double r = (double)score.right / (double)(score.gold ? score.gold : 1);
    fprintf(stderr, "%s: names P %.1f R %.1f F1 %.1f\n", file, 100 * p, 100 * r,
            200 * p * r / (p + r + 1e-9));
}

/* Documents are shuffled as wholes, so that their memory holds. */
static size_t s_documents(const wt_treebank_t *bank, uint32_t *first)
{
    size_t n = 0;
    for (size_t s = 0; s < bank->count; s++) {
        if (s == 0 || bank->at[s].document)
            first[n++] = (uint32_t)s;
    }
    first[n] = (uint32_t)bank->count;
    return n;
}

static int8_t *s_learn(const wt_treebank_t *bank)
{
    wt_perceptron_t *p = NULL;
    int32_t *sum = wt_alloc((size_t)16 << ROWS_LOG2, sizeof *sum);
    uint32_t *first = wt_alloc(bank->count + 1, sizeof *first);
    size_t documents = s_documents(bank, first);
    static uint8_t labels[4096];
    for (uint32_t round = 0; round < ROUNDS * PARTS; round++) {
        if (round % ROUNDS == 0) {
            wt_perceptron_destroy(&p);
            p = wt_perceptron_new(ROWS_LOG2, 16, WX_LABEL_COUNT);
        }
        uint32_t *order = wt_shuffle(documents, round);
        for (size_t d = 0; d < documents; d++) {
            wx_name_memory_t memory = {{0}, {0}};
            for (uint32_t s = first[order[d]]; s < first[order[d] + 1]; s++) {
                const wt_sentence_t *sentence = &bank->at[s];
                s_learn_sentence(p, sentence, &memory, labels);
                for (uint32_t i = 0; i < sentence->count; i++)
                    wx_name_remember(&memory, &sentence->words[i], labels[i]);
            }
        }
        free(order);
        if (round % ROUNDS == ROUNDS - 1)
            wt_perceptron_add(p, sum);
    }
    free(first);
    int8_t *weights = wt_perceptron_pack(p, sum, PARTS, 0);
    free(sum);
    wt_perceptron_destroy(&p);
    return weights;
}

int wt_step_names(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    wx_stats_t *stats = wt_model(argv[0]);
    wt_treebank_t bank = {0};
    char path[1024];
    snprintf(path, sizeof path, "%s/uner-ewt-train.iob2", argv[1]);
    wt_treebank_names(&bank, path, 1, 2, s_uner);
    snprintf(path, sizeof path, "%s/uner-ewt-dev.iob2", argv[1]);
    wt_treebank_names(&bank, path, 1, 2, s_uner);
    for (size_t i = 0; i < sizeof s_sets / sizeof *s_sets; i++) {
        snprintf(path, sizeof path, "%s/%s", argv[1], s_sets[i].file);
        wt_treebank_names(&bank, path, s_sets[i].form, s_sets[i].label, s_sets[i].map);
    }
    s_prepare(&bank, stats, true);
    fprintf(stderr, "%zu sentences with names\n", bank.count);
    int8_t *weights = s_learn(&bank);
    wt_bytes_t packed = wt_pack_linear(weights, 1u << ROWS_LOG2, 16);
    wt_pack_section(argv[0], "NAMW", packed.at, packed.size);
    wt_perceptron_t shape = {.rows = 1u << ROWS_LOG2, .stride = 16};
    wx_namer_t namer = {wt_linear(&shape, weights)};
    s_evaluate(stats, &namer, argv[1], "uner-pud-test.iob2");
    free(packed.at);
    free(weights);
    wx_stats_destroy(&stats);
    return 0;
}
