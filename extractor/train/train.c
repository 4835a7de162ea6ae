/* SPDX-License-Identifier: Apache-2.0 */
/*
 * winnow-train: makes the statistical model, step by step; see README.md. `rebuild` calls it.
 */
#include "train.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

wx_stats_t *wt_model(const char *path)
{
    size_t size;
    char *bytes = wt_slurp(path, &size);
    winnow_error_t err;
    wx_stats_t *stats = wx_stats_new(bytes, size, &err);
    if (!stats) {
        fprintf(stderr, "winnow-train: %s: %s\n", path, err.message);
        exit(1);
    }
    return stats;
}

uint32_t *wt_shuffle(size_t count, uint32_t round)
{
    uint32_t *order = wt_alloc(count, sizeof *order);
    uint64_t state = 0x9E3779B97F4A7C15u * (round + 1);
    for (size_t i = 0; i < count; i++)
        order[i] = (uint32_t)i;
    for (size_t i = count; i > 1; i--) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        size_t j = (size_t)((state >> 33) % i);
        uint32_t t = order[i - 1];
        order[i - 1] = order[j];
        order[j] = t;
    }
    return order;
}

void wt_bits_text(wt_bytes_t *out, const char *text)
{
    do
        wt_bits_put(out, (uint8_t)*text, 8);
    while (*text++);
}

/* new MODEL TEXT: an empty model that says what it is. */
int wt_step_new(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    size_t size;
    char *text = wt_slurp(argv[1], &size);
    remove(argv[0]);
    wt_pack_section(argv[0], "TEXT", text, size);
    free(text);
    return 0;
}

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *arguments;
} s_steps[] = {
    {"new", wt_step_new, "MODEL TEXT"},
    {"lexicon", wt_step_lexicon, "MODEL WORDS CLASSES GROUPS ROUNDS RAW…"},
    {"usage", wt_step_usage, "MODEL RAW…"},
    {"tags", wt_step_tags, "MODEL JACK|- DEV PARTS TREEBANK…"},
    {"lemmas", wt_step_lemmas, "MODEL TREEBANK…"},
    {"gazetteer", wt_step_gazetteer, "MODEL NAMES_DIR LEXICON_DIR"},
    {"names", wt_step_names, "MODEL DATA_DIR"},
    {"pairs", wt_step_pairs, "MODEL WORDS RAW…"},
    {"facts", wt_step_facts, "[TEXT PUBLISHED|-]…"},
    {"parse", wt_step_parse, "MODEL JACK DEV PARTS ROUNDS TREEBANK|FILE.trees…"},
    {"reverse", wt_step_reverse, "MODEL JACK DEV PARTS ROUNDS TREEBANK…"},
    {"agree", wt_step_agree, "MODEL REVERSE_MODEL FILE.trees WORDS ONE_IN RAW…"},
};

int main(int argc, char **argv)
{
    size_t count = sizeof s_steps / sizeof *s_steps;
    for (size_t i = 0; argc > 1 && i < count; i++) {
        if (strcmp(argv[1], s_steps[i].name) == 0) {
            int rc = s_steps[i].run(argc - 2, argv + 2);
            if (rc != 2)
                return rc;
        }
    }
    for (size_t i = 0; i < count; i++)
        fprintf(stderr, "usage: winnow-train %s %s\n", s_steps[i].name, s_steps[i].arguments);
    return 2;
}
