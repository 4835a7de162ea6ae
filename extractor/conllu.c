/* SPDX-License-Identifier: Apache-2.0 */
/* Writing CoNLL-U; see conllu.h. One growing buffer in the arena. */
#include "conllu.h"

#include "model.h"
#include "stats.h"

#include <inttypes.h>
#include <stdio.h>

typedef struct {
    char *at;
    uint32_t count, capacity;
} buffer_t;

static void s_put(wx_doc_t *doc, buffer_t *out, winnow_str_t text)
{
    for (size_t i = 0; i < text.size; i++)
        *wx_push(doc->arena, out) = text.data[i];
}

static void s_put_text(wx_doc_t *doc, buffer_t *out, const char *text)
{
    s_put(doc, out, wx_str_from(text));
}

static void s_put_number(wx_doc_t *doc, buffer_t *out, uint32_t number)
{
    char digits[16];
    snprintf(digits, sizeof digits, "%" PRIu32, number);
    s_put_text(doc, out, digits);
}

/* A form or lemma: white space would break the columns. */
static void s_put_cell(wx_doc_t *doc, buffer_t *out, winnow_str_t text)
{
    if (text.size == 0)
        s_put_text(doc, out, "_");
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        *wx_push(doc->arena, out) = c == '\t' || c == '\n' || c == '\r' ? ' ' : c;
    }
}

/* Where the contraction ends that begins at a word; `do` `n't` is one of two, others of one. */
static uint32_t s_contraction(const wx_doc_t *doc, const wx_sentence_t *sentence, uint32_t i)
{
    uint32_t end = i + 1;
    while (end < sentence->end && (doc->tokens.at[end].shape & WX_SHAPE_JOINED) &&
           !doc->tokens.at[end - 1].space_after)
        end++;
    return end;
}

static void s_put_space(wx_doc_t *doc, buffer_t *out, const wx_sentence_t *sentence, uint32_t i)
{
    bool space = doc->tokens.at[i].space_after || i + 1 == sentence->end;
    s_put_text(doc, out, space ? "\t_\t_\n" : "\t_\tSpaceAfter=No\n");
}

static void s_range(wx_doc_t *doc, buffer_t *out, const wx_sentence_t *sentence, uint32_t i,
                    uint32_t end)
{
    s_put_number(doc, out, i - sentence->first + 1);
    s_put_text(doc, out, "-");
    s_put_number(doc, out, end - sentence->first);
    s_put_text(doc, out, "\t");
    s_put_cell(doc, out, wx_doc_words(doc, i, end));
    s_put_text(doc, out, "\t_\t_\t_\t_\t_\t_");
    s_put_space(doc, out, sentence, end - 1);
}

static void s_word(wx_doc_t *doc, buffer_t *out, const wx_sentence_t *sentence, uint32_t i)
{
    const wx_token_t *t = &doc->tokens.at[i];
    const wx_tagger_t *tagger = &doc->model->stats->tagger;
    bool tagged = t->fine > 0 && t->fine < tagger->count;
    s_put_number(doc, out, i - sentence->first + 1);
    s_put_text(doc, out, "\t");
    s_put_cell(doc, out, wx_token_form(doc, i));
    s_put_text(doc, out, "\t");
    s_put_cell(doc, out, wx_token_lemma(doc, i));
    s_put_text(doc, out, "\t");
    s_put_text(doc, out, wx_upos_name((wx_upos_t)t->upos));
    s_put_text(doc, out, "\t");
    s_put_text(doc, out, tagged ? tagger->xpos[t->fine] : "_");
    s_put_text(doc, out, "\t");
    s_put_text(doc, out, tagged ? tagger->feats[t->fine] : "_");
    s_put_text(doc, out, "\t");
    if (t->deprel == WX_DEPREL_NONE)
        s_put_text(doc, out, "_");
    else
        s_put_number(doc, out, t->head == WX_NONE ? 0 : t->head - sentence->first + 1);
    s_put_text(doc, out, "\t");
    s_put_text(doc, out, wx_deprel_name((wx_deprel_t)t->deprel));
}

winnow_str_t wx_conllu(wx_doc_t *doc)
{
    buffer_t out = {0};
    for (uint32_t s = 0; s < doc->sentences.count; s++) {
        const wx_sentence_t *sentence = &doc->sentences.at[s];
        if (sentence->first >= sentence->end)
            continue;
        s_put_text(doc, &out, "# sent_id = ");
        s_put_number(doc, &out, s + 1);
        s_put_text(doc, &out, "\n# text = ");
        s_put_cell(doc, &out, wx_doc_words(doc, sentence->first, sentence->end));
        s_put_text(doc, &out, "\n");
        for (uint32_t i = sentence->first; i < sentence->end;) {
            uint32_t end = s_contraction(doc, sentence, i);
            bool alone = end == i + 1;
            if (!alone)
                s_range(doc, &out, sentence, i, end);
            for (; i < end; i++) {
                s_word(doc, &out, sentence, i);
                if (alone)
                    s_put_space(doc, &out, sentence, i);
                else
                    s_put_text(doc, &out, "\t_\t_\n");
            }
        }
        s_put_text(doc, &out, "\n");
    }
    return (winnow_str_t){out.at ? out.at : "", out.count};
}
