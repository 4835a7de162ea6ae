/* SPDX-License-Identifier: Apache-2.0 */
#include "value.h"

wx_value_t *wx_value_push(wx_doc_t *doc, wx_value_type_t type, uint32_t first, uint32_t end)
{
    wx_value_t *value = wx_push(doc->arena, &doc->values);
    *value = (wx_value_t){.type = type,
                          .first = first,
                          .end = end,
                          .outer_first = first,
                          .outer_end = end,
                          .head = end - 1};
    for (uint32_t t = first; t < end; t++)
        doc->tokens.at[t].value = doc->values.count - 1;
    return value;
}

/* By counting: where each token's value goes is known from the tokens, in order. */
void wx_values_sort(wx_doc_t *doc)
{
    uint32_t count = doc->values.count, kept = 0;
    wx_value_t *sorted = wx_new(doc->arena, wx_value_t, count + 1);
    uint32_t *by_first = wx_new(doc->arena, uint32_t, doc->tokens.count + 1); /* index + 1 */
    for (uint32_t i = 0; i < count; i++)
        if (!(doc->values.at[i].flags & WX_VALUE_DROPPED))
            by_first[doc->values.at[i].first] = i + 1;
    for (uint32_t t = 0; t < doc->tokens.count; t++) {
        doc->tokens.at[t].value = WX_NONE;
        if (by_first[t])
            sorted[kept++] = doc->values.at[by_first[t] - 1];
    }
    for (uint32_t i = 0; i < kept; i++) {
        doc->values.at[i] = sorted[i];
        for (uint32_t t = sorted[i].first; t < sorted[i].end; t++)
            doc->tokens.at[t].value = i;
    }
    doc->values.count = kept;
    doc->steps += doc->tokens.count;
}
