/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Step `facts`: of each fact that is found in articles, also of those that are too doubtful to be
 * given, its JSON, a tab, and its features with bars between. A line `# TEXT` comes before an
 * article. confidence.py learns from it.
 */
#include "train.h"

#include "../confidence.h"
#include "../extract.h"
#include "../facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void s_print(wx_doc_t *doc, uint32_t index, winnow_str_t json)
{
    wx_confidence_features_t features = {
        .names = wx_new(doc->arena, winnow_str_t, WX_CONFIDENCE_FEATURES)};
    wx_confidence_features(doc, index, &features);
    printf("%.*s\t", (int)json.size, json.data);
    for (uint32_t i = 0; i < features.count; i++)
        printf("%s%.*s", i ? "|" : "", (int)features.names[i].size, features.names[i].data);
    putchar('\n');
}

static int s_failed(const char *what, const winnow_error_t *err)
{
    fprintf(stderr, "winnow-train: %s: %s\n", what, err->message);
    return 1;
}

static int s_article(winnow_extractor_t *extractor, const char *path, const char *published)
{
    size_t size;
    char *text = wt_slurp(path, &size);
    winnow_error_t err = {0};
    winnow_facts_t *facts = NULL;
    const char *date = strcmp(published, "-") == 0 ? NULL : published;
    int rc = winnow_extract(extractor, text, size, date, &facts, &err);
    if (rc < 0)
        return s_failed(path, &err);
    wx_doc_t *doc = &extractor->doc;
    printf("# %s\n", path);
    for (uint32_t i = 0, given = 0; i < doc->facts.count; i++)
        if (!doc->facts.at[i].dropped)
            s_print(doc, i, winnow_facts_at(facts, given++)->json);
    winnow_facts_destroy(&facts);
    free(text);
    return 0;
}

/* facts [TEXT PUBLISHED|-]… */
int wt_step_facts(int argc, char **argv)
{
    if (argc == 0 || argc % 2)
        return 2;
    winnow_error_t err = {0};
    winnow_model_t *model = winnow_model_new(NULL, &err);
    if (!model)
        return s_failed("model", &err);
    winnow_extractor_t *extractor = winnow_extractor_new(model);
    if (!extractor)
        return s_failed("extractor", &(winnow_error_t){.message = "no memory"});
    winnow_extractor_set_min_confidence(extractor, 0);
    int rc = 0;
    for (int i = 0; i + 1 < argc && rc == 0; i += 2)
        rc = s_article(extractor, argv[i], argv[i + 1]);
    winnow_extractor_destroy(&extractor);
    winnow_model_destroy(&model);
    return rc;
}
