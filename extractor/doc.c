/* SPDX-License-Identifier: Apache-2.0 */
#include "doc.h"

bool wx_block_readable(wx_block_class_t class)
{
    return class <= WX_BLOCK_CAPTION;
}

winnow_str_t wx_doc_words(const wx_doc_t *doc, uint32_t first, uint32_t end)
{
    if (first >= end)
        return (winnow_str_t){"", 0};
    return wx_doc_slice(doc, doc->tokens.at[first].start, doc->tokens.at[end - 1].end);
}

winnow_str_t wx_token_form(const wx_doc_t *doc, uint32_t token)
{
    const wx_token_t *t = &doc->tokens.at[token];
    return wx_doc_slice(doc, t->start, t->end);
}

winnow_str_t wx_token_lower(const wx_doc_t *doc, uint32_t token)
{
    return wx_intern_text(doc->intern, doc->tokens.at[token].lower);
}

winnow_str_t wx_token_lemma(const wx_doc_t *doc, uint32_t token)
{
    return wx_intern_text(doc->intern, doc->tokens.at[token].lemma);
}

bool wx_token_is(const wx_doc_t *doc, uint32_t token, const char *lower)
{
    return token < doc->tokens.count && wx_str_is(wx_token_lower(doc, token), lower);
}
