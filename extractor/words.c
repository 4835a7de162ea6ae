/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries are chained by the id of their first token, longest first, so that a look-up costs a few
 * comparisons; a token whose id is not of the model's table begins no entry.
 */
#include "words.h"

#include "decimal.h"

static const struct {
    const char *word;
    bool exact;
} s_classes[WX_WORD_COUNT] = {{"", false},
#define WX_ONE(name, word, exact) {word, exact},
                              WX_WORD_TABLE(WX_ONE)
#undef WX_ONE
};

static wx_word_class_t s_class(winnow_str_t word)
{
    for (unsigned i = 1; i < WX_WORD_COUNT; i++)
        if (wx_str_is(word, s_classes[i].word))
            return (wx_word_class_t)i;
    return WX_WORD_NONE;
}

/* The part of `*rest` up to `mark`, which is taken away with it. */
static winnow_str_t s_cut(winnow_str_t *rest, char mark)
{
    const char *at = rest->size ? memchr(rest->data, mark, rest->size) : NULL;
    size_t size = at ? (size_t)(at - rest->data) : rest->size;
    winnow_str_t part = {rest->data, size};
    size_t taken = size + (at != NULL);
    rest->data += taken;
    rest->size -= taken;
    return part;
}

/* One line: `billion TAB scale TAB TAB 1000000000`. False when it is no entry. */
static bool s_entry(winnow_model_t *model, winnow_str_t line)
{
    wx_words_t *self = model->words;
    winnow_str_t phrase = s_cut(&line, '\t'), class = s_cut(&line, '\t');
    winnow_str_t text = s_cut(&line, '\t'), number = s_cut(&line, '\t');
    wx_word_t entry = {.class = s_class(class), .text = text};
    if (entry.class == WX_WORD_NONE || phrase.size == 0)
        return false;
    if (number.size && !wx_decimal_parse(number, &entry.number))
        return false;
    while (phrase.size) {
        winnow_str_t token = s_cut(&phrase, ' ');
        if (token.size == 0 || entry.length == WX_WORD_LENGTH)
            return false;
        entry.ids[entry.length++] = wx_intern(model->intern, token);
    }
    *wx_push(&model->arena, &self->entries) = entry;
    return true;
}

static int s_file(winnow_model_t *model, const wx_embedded_t *file, winnow_error_t *err)
{
    winnow_str_t rest = {file->text, file->size};
    for (unsigned number = 1; rest.size; number++) {
        winnow_str_t line = s_cut(&rest, '\n');
        if (line.size == 0 || line.data[0] == '#')
            continue;
        if (!s_entry(model, line)) {
            wx_error(err, WINNOW_E_RULE, "%s:%u: no such entry: %.*s", file->name, number,
                     line.size < 80 ? (int)line.size : 80, line.data);
            if (err)
                err->line = number;
            return WINNOW_E_RULE;
        }
    }
    wx_model_mix(model, file->text, file->size);
    return 0;
}

/* Puts an entry into the chain of its first token, before those that are shorter. */
static void s_chain(wx_words_t *self, uint32_t index)
{
    wx_word_t *entry = &self->entries.at[index];
    uint32_t *link = &self->first[entry->ids[0]];
    while (*link && self->entries.at[*link].length >= entry->length)
        link = &self->entries.at[*link].next;
    entry->next = *link;
    *link = index;
}

static unsigned s_begins(wx_word_class_t class)
{
    switch (class) {
    case WX_WORD_CARDINAL:
    case WX_WORD_ORDINAL:
        return WX_BEGINS_NUMBER | WX_BEGINS_DATE;
    case WX_WORD_FUZZY:
    case WX_WORD_FRACTION:
    case WX_WORD_TIMES:
    case WX_WORD_CURRENCY_MARK:
    case WX_WORD_NUMBER_OPEN:
        return WX_BEGINS_NUMBER;
    case WX_WORD_DATE_OPEN:
    case WX_WORD_MONTH:
    case WX_WORD_MONTH_MARK:
    case WX_WORD_WEEKDAY:
    case WX_WORD_SEASON:
    case WX_WORD_DAY_WORD:
    case WX_WORD_PERIOD:
        return WX_BEGINS_DATE;
    default:
        return 0;
    }
}

int wx_words_load(winnow_model_t *model, winnow_error_t *err)
{
    wx_words_t *self = wx_new(&model->arena, wx_words_t, 1);
    model->words = self;
    (void)wx_push(&model->arena, &self->entries);
    for (const wx_embedded_t *file = wx_lexicons; file->name; file++) {
        int rc = s_file(model, file, err);
        if (rc)
            return rc;
    }
    self->ids = model->intern->count;
    self->first = wx_new(&model->arena, uint32_t, self->ids);
    self->begins = wx_new(&model->arena, uint8_t, self->ids);
    for (uint32_t i = 1; i < self->entries.count; i++) {
        const wx_word_t *entry = &self->entries.at[i];
        self->begins[entry->ids[0]] |= (uint8_t)s_begins(entry->class);
        s_chain(self, i);
    }
    return 0;
}

/* Does the entry stand at this token, all of it? The first token is known to. */
static bool s_matches(const wx_doc_t *doc, uint32_t token, uint32_t end, const wx_word_t *entry)
{
    if (entry->length > end - token)
        return false;
    bool exact = s_classes[entry->class].exact;
    for (uint32_t i = 0; i < entry->length; i++) {
        const wx_token_t *t = &doc->tokens.at[token + i];
        if ((exact ? t->form : t->lower) != entry->ids[i])
            return false;
    }
    return true;
}

static const wx_word_t *s_best(const wx_doc_t *doc, uint32_t token, uint32_t end, wx_id_t id,
                               wx_word_class_t class)
{
    const wx_words_t *words = doc->model->words;
    if (id >= words->ids)
        return NULL;
    for (uint32_t i = words->first[id]; i; i = words->entries.at[i].next) {
        const wx_word_t *entry = &words->entries.at[i];
        if (entry->class == class && s_matches(doc, token, end, entry))
            return entry;
    }
    return NULL;
}

const wx_word_t *wx_word_at(const wx_doc_t *doc, uint32_t token, uint32_t end,
                            wx_word_class_t class)
{
    if (token >= end)
        return NULL;
    const wx_token_t *t = &doc->tokens.at[token];
    return s_best(doc, token, end, s_classes[class].exact ? t->form : t->lower, class);
}

const wx_word_t *wx_word_find(const winnow_model_t *model, winnow_str_t text, wx_word_class_t class)
{
    char lower[32];
    if (text.size == 0 || text.size > sizeof lower)
        return NULL;
    bool exact = s_classes[class].exact;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        lower[i] = (char)(!exact && c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
    wx_id_t id = wx_intern_find(model->intern, (winnow_str_t){lower, text.size});
    const wx_words_t *words = model->words;
    if (id == 0 || id >= words->ids)
        return NULL;
    for (uint32_t i = words->first[id]; i; i = words->entries.at[i].next)
        if (words->entries.at[i].class == class && words->entries.at[i].length == 1)
            return &words->entries.at[i];
    return NULL;
}

const wx_word_t *wx_word_of(const winnow_model_t *model, const wx_id_t *ids, uint32_t count,
                            wx_word_class_t class)
{
    const wx_words_t *words = model->words;
    if (count == 0 || ids[0] == 0 || ids[0] >= words->ids)
        return NULL;
    for (uint32_t i = words->first[ids[0]]; i; i = words->entries.at[i].next) {
        const wx_word_t *entry = &words->entries.at[i];
        if (entry->class == class && entry->length <= count &&
            memcmp(entry->ids, ids, entry->length * sizeof *ids) == 0)
            return entry;
    }
    return NULL;
}
