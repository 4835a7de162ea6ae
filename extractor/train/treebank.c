/* SPDX-License-Identifier: Apache-2.0 */
/* Reading annotated sentences; see treebank.h. The bytes of a file are kept for the strings. */
#include "treebank.h"

#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 12 };

static wt_sentence_t *s_sentence(wt_treebank_t *self)
{
    if (self->count == self->capacity) {
        self->capacity = self->capacity ? 2 * self->capacity : 1024;
        self->at = wt_grow(self->at, self->capacity, sizeof *self->at);
    }
    self->at[self->count] = (wt_sentence_t){0};
    return &self->at[self->count++];
}

static wt_token_t *s_token(wt_sentence_t *sentence)
{
    if ((sentence->count & (sentence->count - 1)) == 0) {
        size_t capacity = sentence->count ? 2 * (size_t)sentence->count : 1;
        sentence->tokens = wt_grow(sentence->tokens, capacity, sizeof *sentence->tokens);
    }
    sentence->tokens[sentence->count] = (wt_token_t){
        .form = "_", .lemma = "_", .xpos = "_", .feats = "_", .head = -1, .space_after = true};
    return &sentence->tokens[sentence->count++];
}

/* Cuts a line in place at the separators. */
static int s_split(char *line, const char *separators, char **columns)
{
    int count = 0;
    char *at = line;
    while (count < COLUMNS) {
        columns[count++] = at;
        at += strcspn(at, separators);
        if (!*at)
            break;
        *at++ = '\0';
    }
    return count;
}

static uint8_t s_deprel(char *name)
{
    wx_deprel_t deprel = wx_deprel_from(name);
    if (deprel == WX_DEPREL_NONE) {
        name[strcspn(name, ":")] = '\0';
        deprel = wx_deprel_from(name);
    }
    return (uint8_t)(deprel == WX_DEPREL_NONE ? WX_DEPREL_DEP : deprel);
}

static char *s_line(char **at_p)
{
    char *line = *at_p;
    if (!*line)
        return NULL;
    char *end = line + strcspn(line, "\n");
    *at_p = *end ? end + 1 : end;
    *end = '\0';
    if (end > line && end[-1] == '\r')
        end[-1] = '\0';
    return line;
}

void wt_treebank_conllu(wt_treebank_t *self, const char *path)
{
    size_t size;
    char *at = wt_slurp(path, &size), *line, *columns[COLUMNS];
    wt_sentence_t *sentence = NULL;
    const char *text = NULL;
    bool document = false;
    for (int number = 1; (line = s_line(&at)); number++) {
        if (!*line) {
            sentence = NULL;
            text = NULL;
            continue;
        }
        if (*line == '#') {
            document |= strncmp(line, "# newdoc", 8) == 0;
            if (strncmp(line, "# text = ", 9) == 0)
                text = line + 9;
            continue;
        }
        if (s_split(line, "\t", columns) != 10) {
            fprintf(stderr, "winnow-train: %s:%d: not ten columns\n", path, number);
            exit(1);
        }
        if (strpbrk(columns[0], "-."))
            continue;
        if (!sentence) {
            sentence = s_sentence(self);
            sentence->text = text;
            sentence->document = document;
            document = false;
        }
        wt_token_t *token = s_token(sentence);
        token->form = columns[1];
        token->lemma = columns[2];
        token->upos = (uint8_t)wx_upos_from(columns[3]);
        token->xpos = columns[4];
        token->feats = columns[5];
        token->head = atoi(columns[6]) - 1;
        token->deprel = s_deprel(columns[7]);
        token->space_after = !strstr(columns[9], "SpaceAfter=No");
    }
}

static const char *s_translate(const char *label, const char *const *map)
{
    for (; *map; map += 2) {
        if (strcmp(map[0], label) == 0)
            return map[1];
    }
    return NULL;
}

void wt_treebank_names(wt_treebank_t *self, const char *path, int form, int label,
                       const char *const *map)
{
    size_t size;
    char *at = wt_slurp(path, &size), *line, *columns[COLUMNS];
    wt_sentence_t *sentence = NULL;
    bool document = true;
    while ((line = s_line(&at))) {
        if (!*line || *line == '#' || strncmp(line, "-DOCSTART-", 10) == 0) {
            bool comment = *line == '#' && strchr(line, '\t') == NULL;
            if (*line != '#' || comment)
                sentence = NULL;
            document |= strncmp(line, "# newdoc", 8) == 0 || *line == '-';
            if (!*line || comment || *line == '-')
                continue;
        }
        int count = s_split(line, strchr(line, '\t') ? "\t" : " ", columns);
        if (count <= form || count <= label)
            continue;
        if (!sentence) {
            sentence = s_sentence(self);
            sentence->document = document;
            document = false;
        }
        wt_token_t *token = s_token(sentence);
        token->form = columns[form];
        const char *tag = columns[label];
        if (tag[0] && tag[1] == '-') {
            token->name = s_translate(tag + 2, map);
            token->name_begins = tag[0] == 'B';
        }
    }
}

void wt_treebank_words(wt_treebank_t *self, const wx_lexicon_t *lexicon,
                       const wx_gazetteer_t *gazetteer)
{
    for (size_t s = 0; s < self->count; s++) {
        wt_sentence_t *sentence = &self->at[s];
        if (!sentence->words) {
            sentence->words = wt_alloc(sentence->count, sizeof *sentence->words);
            sentence->gold = wt_alloc(sentence->count, 1);
        }
        for (uint32_t i = 0; i < sentence->count; i++)
            wx_atom_read(lexicon, wx_str_from(sentence->tokens[i].form), i == 0, false,
                         &sentence->words[i]);
        wx_gazetteer_mark(gazetteer, sentence->words, sentence->count);
    }
}
