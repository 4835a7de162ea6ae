/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes are an article: the extractor reads them, or says what is wrong, and what it gives lies
 * inside the text.
 */
#include <winnow/extract.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void s_check(const winnow_facts_t *facts, size_t size)
{
    for (size_t i = 0; i < winnow_facts_count(facts); i++) {
        const winnow_fact_t *fact = winnow_facts_at(facts, i);
        if (fact->start >= fact->end || fact->end > size)
            abort();
        for (size_t r = 0; r < fact->role_count; r++)
            for (size_t f = 0; f < fact->roles[r].filler_count; f++) {
                const winnow_filler_t *filler = &fact->roles[r].fillers[f];
                if (filler->start != WINNOW_NOWHERE &&
                    (filler->start >= filler->end || filler->end > size))
                    abort();
            }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static winnow_model_t *model;
    static winnow_extractor_t *extractor;
    if (!model) {
        model = winnow_model_new(NULL, NULL);
        extractor = model ? winnow_extractor_new(model) : NULL;
        if (!extractor)
            abort();
    }
    const char *text = (const char *)data;
    const char *published = size % 2 ? "2020-05-26" : NULL;
    winnow_facts_t *facts = NULL;
    if (winnow_extract(extractor, text, size, published, &facts, NULL) == 0)
        s_check(facts, size);
    winnow_facts_destroy(&facts);
    char *out = NULL;
    size_t out_size = 0;
    if (winnow_extract_layer(extractor, (winnow_layer_t)(size % 4), text, size, published, &out,
                             &out_size, NULL) == 0 &&
        out[out_size] != '\0')
        abort();
    free(out);
    return 0;
}
