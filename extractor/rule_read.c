/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads rules: a lexer, a recursive descent over statements, and patterns compiled to steps as they
 * are read. The first mistake ends it, by a jump to the one place that reports it: a message with
 * file, line, column, the line and a caret under it.
 */
#include "rule.h"

#include "facts.h"
#include "rule_index.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

typedef enum { S_END, S_WORD, S_STRING, S_MARK } s_type_t;

/* Named patterns of so many steps are first tried by themselves: rules share what comes of it. */
enum { S_GATED = 24 };

typedef struct {
    winnow_model_t *model;
    wx_rules_t *rules;
    const char *file;
    winnow_str_t text;
    size_t at;    /* behind the current token */
    size_t start; /* where it begins */
    s_type_t type;
    winnow_str_t word; /* its text, without quotation marks */
    uint32_t depth;    /* of macros */
    size_t counted;    /* bytes of which the ends of lines are counted */
    uint32_t lines;    /* how many there are */
    jmp_buf wrong;
    winnow_error_t *err;
} s_reader_t;

/* ---- Mistakes ------------------------------------------------------------------------------- */

__attribute__((noreturn)) static void s_wrong(s_reader_t *self, const char *what)
{
    size_t begin = self->start, end = self->start;
    unsigned line = 1;
    while (begin > 0 && self->text.data[begin - 1] != '\n')
        begin--;
    while (end < self->text.size && self->text.data[end] != '\n')
        end++;
    for (size_t i = 0; i < begin; i++)
        line += self->text.data[i] == '\n';
    unsigned column = (unsigned)(self->start - begin) + 1;
    int shown = end - begin > 90 ? 90 : (int)(end - begin);
    wx_error(self->err, WINNOW_E_RULE, "%s:%u:%u: %s\n%.*s\n%*s", self->file, line, column, what,
             shown, self->text.data + begin, (int)(column > 90 ? 90 : column), "^");
    if (self->err) {
        self->err->line = line;
        self->err->column = column;
    }
    longjmp(self->wrong, 1);
}

/* ---- Words of the language ------------------------------------------------------------------ */

static bool s_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '\'' || (unsigned char)c >= 0x80;
}

static void s_next(s_reader_t *self)
{
    const char *text = self->text.data;
    size_t at = self->at, size = self->text.size;
    for (;;) {
        while (at < size &&
               (text[at] == ' ' || text[at] == '\n' || text[at] == '\t' || text[at] == '\r'))
            at++;
        if (at >= size || text[at] != '#')
            break;
        while (at < size && text[at] != '\n')
            at++;
    }
    self->start = at;
    if (at >= size) {
        self->type = S_END;
        self->word = WX_STR("");
    } else if (text[at] == '"') {
        size_t end = at + 1;
        while (end < size && text[end] != '"' && text[end] != '\n')
            end++;
        if (end >= size || text[end] != '"')
            s_wrong(self, "this string has no end on its line");
        self->type = S_STRING;
        self->word = (winnow_str_t){text + at + 1, end - at - 1};
        at = end + 1;
    } else if (text[at] == '-' && at + 1 < size && text[at + 1] == '>') {
        self->type = S_MARK;
        self->word = (winnow_str_t){text + at, 2};
        at += 2;
    } else if (size - at >= 3 && memcmp(text + at, "...", 3) == 0) {
        self->type = S_MARK;
        self->word = (winnow_str_t){text + at, 3};
        at += 3;
    } else if (s_letter(text[at])) {
        size_t end = at;
        while (end < size && s_letter(text[end]) &&
               !(text[end] == '-' && end + 1 < size && text[end + 1] == '>'))
            end++;
        self->type = S_WORD;
        self->word = (winnow_str_t){text + at, end - at};
        at = end;
    } else {
        self->type = S_MARK;
        self->word = (winnow_str_t){text + at, 1};
        at++;
    }
    self->at = at;
}

static bool s_at_mark(const s_reader_t *self, const char *mark)
{
    return self->type == S_MARK && wx_str_is(self->word, mark);
}

static bool s_take_mark(s_reader_t *self, const char *mark)
{
    bool here = s_at_mark(self, mark);
    if (here)
        s_next(self);
    return here;
}

static void s_want_mark(s_reader_t *self, const char *mark)
{
    if (!s_take_mark(self, mark))
        s_wrong(self, wx_str_format(&self->model->arena, "`%s` is missing here", mark).data);
}

static bool s_take_word(s_reader_t *self, const char *word)
{
    bool here = self->type == S_WORD && wx_str_is(self->word, word);
    if (here)
        s_next(self);
    return here;
}

static winnow_str_t s_want_word(s_reader_t *self, const char *what)
{
    if (self->type != S_WORD)
        s_wrong(self, what);
    winnow_str_t word = wx_str_copy(&self->model->arena, self->word);
    s_next(self);
    return word;
}

static wx_id_t s_id(s_reader_t *self, winnow_str_t word)
{
    return wx_intern(self->model->intern, word);
}

/* ---- Lists ---------------------------------------------------------------------------------- */

const wx_list_t *wx_rules_list(const wx_rules_t *rules, const char *name)
{
    for (uint32_t i = 0; i < rules->lists.count; i++)
        if (wx_str_is(rules->lists.at[i]->name, name))
            return rules->lists.at[i];
    return NULL;
}

static int s_entry_compare(const void *a, const void *b)
{
    const struct wx_entry *x = a, *y = b;
    if (x->words[0] != y->words[0])
        return x->words[0] < y->words[0] ? -1 : 1;
    if (x->count != y->count) /* longer entries first */
        return x->count > y->count ? -1 : 1;
    for (uint32_t i = 1; i < x->count; i++)
        if (x->words[i] != y->words[i])
            return x->words[i] < y->words[i] ? -1 : 1;
    return 0;
}

static void s_entry(s_reader_t *self, wx_list_t *list, winnow_str_t words)
{
    struct wx_entry *entry = wx_push(&self->model->arena, list);
    size_t at = 0;
    while (at < words.size) {
        size_t end = at;
        while (end < words.size && words.data[end] != ' ')
            end++;
        if (entry->count == 6)
            s_wrong(self, "an entry of a list has at most six words");
        if (end > at)
            entry->words[entry->count++] = s_id(self, (winnow_str_t){words.data + at, end - at});
        at = end + 1;
    }
    if (entry->count == 0)
        s_wrong(self, "an empty entry");
}

static const wx_list_t *s_named_list(s_reader_t *self)
{
    s_want_mark(self, "@");
    if (self->type != S_WORD)
        s_wrong(self, "the name of a list is missing behind `@`");
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)self->word.size, self->word.data);
    const wx_list_t *list = wx_rules_list(self->rules, name);
    if (!list)
        s_wrong(self, "there is no list of this name before this line");
    s_next(self);
    return list;
}

/* Words, strings and other lists, up to a mark that belongs to none of them. */
static wx_list_t *s_words(s_reader_t *self)
{
    wx_list_t *list = wx_new(&self->model->arena, wx_list_t, 1);
    for (;;) {
        if (s_at_mark(self, "@")) {
            const wx_list_t *other = s_named_list(self);
            for (uint32_t i = 0; i < other->count; i++)
                *wx_push(&self->model->arena, list) = other->at[i];
        } else if (self->type == S_WORD || self->type == S_STRING) {
            s_entry(self, list, self->word);
            s_next(self);
        } else if (!s_take_mark(self, "|")) {
            break;
        }
    }
    if (list->count == 0)
        s_wrong(self, "words are missing here");
    qsort(list->at, list->count, sizeof *list->at, s_entry_compare);
    for (uint32_t i = 0; i < list->count; i++) {
        uint32_t bit = wx_first_bit(list->at[i].words[0]);
        list->firsts[bit >> 6] |= (uint64_t)1 << (bit & 63);
    }
    return list;
}

static void s_list(s_reader_t *self)
{
    winnow_str_t name = s_want_word(self, "the name of the list is missing");
    s_want_mark(self, ":");
    wx_list_t *list = s_words(self);
    list->name = name;
    s_want_mark(self, ";");
    *wx_push(&self->model->arena, &self->rules->lists) = list;
}

/* ---- Patterns ------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    wx_op_kind_t kind;
    uint32_t mask;
} s_atoms[] = {
    {"PERSON", WX_OP_NAME, WX_IS_PERSON},
    {"ORG", WX_OP_NAME, WX_IS_ORGANISATION},
    {"PLACE", WX_OP_NAME, WX_IS_PLACE},
    {"FACILITY", WX_OP_NAME, WX_IS_FACILITY},
    {"EVENT", WX_OP_NAME, WX_IS_EVENT},
    {"NAME", WX_OP_NAME, WX_IS_NAME},
    {"MONEY", WX_OP_VALUE, WX_IS_MONEY},
    {"PERCENT", WX_OP_VALUE, WX_IS_PERCENT},
    {"QUANTITY", WX_OP_VALUE, WX_IS_QUANTITY},
    {"NUMBER", WX_OP_VALUE, WX_IS_NUMBER},
    {"MULTIPLE", WX_OP_VALUE, WX_IS_MULTIPLE},
    {"DATE", WX_OP_VALUE, WX_IS_DATE},
    {"VALUE", WX_OP_VALUE, WX_IS_VALUE},
    {"NP", WX_OP_PHRASE, 0},
    {"NPF", WX_OP_PHRASE, 1},
    {"CAP", WX_OP_CAPITAL, 0},
    {"NATION", WX_OP_NATION, 0},
};

static wx_op_t *s_emit(s_reader_t *self, wx_rule_t *rule, wx_op_kind_t kind, uint32_t a, uint32_t b)
{
    if (rule->op_count >= 4000)
        s_wrong(self, "this pattern is too long");
    if (rule->op_count == rule->op_capacity)
        rule->ops =
            wx_arena_grow(&self->model->arena, rule->ops, sizeof *rule->ops, &rule->op_capacity);
    wx_op_t *op = &rule->ops[rule->op_count++];
    *op = (wx_op_t){kind, a, b, 0};
    return op;
}

/* Moves the steps from `at` on by one, to put a split before them. */
static void s_insert(s_reader_t *self, wx_rule_t *rule, uint32_t at, wx_op_t op)
{
    s_emit(self, rule, WX_OP_DONE, 0, 0);
    for (uint32_t i = rule->op_count - 1; i > at; i--) {
        rule->ops[i] = rule->ops[i - 1];
        wx_op_t *moved = &rule->ops[i];
        bool jumps =
            moved->kind == WX_OP_SPLIT || moved->kind == WX_OP_JUMP || moved->kind == WX_OP_NOT;
        if (jumps && moved->a >= at)
            moved->a++;
        if (moved->kind == WX_OP_SPLIT && moved->b >= at)
            moved->b++;
    }
    rule->ops[at] = op;
}

static void s_alternatives(s_reader_t *self, wx_rule_t *rule);

static uint32_t s_capture(s_reader_t *self, wx_rule_t *rule, winnow_str_t name)
{
    for (uint32_t i = 0; i < rule->capture_count; i++)
        if (wx_str_equal(rule->captures[i], name))
            return i;
    if (rule->capture_count == WX_RULE_CAPTURES)
        s_wrong(self, "too many captures in one rule");
    rule->captures[rule->capture_count] = wx_str_copy(&self->model->arena, name);
    return rule->capture_count++;
}

static void s_macro(s_reader_t *self, wx_rule_t *rule, winnow_str_t name)
{
    for (uint32_t i = 0; i < self->rules->macros.count; i++) {
        if (!wx_str_equal(self->rules->macros.at[i].name, name))
            continue;
        if (self->depth >= 8)
            s_wrong(self, "patterns are nested too deeply");
        if (self->rules->macros.at[i].op_count >= S_GATED)
            s_emit(self, rule, WX_OP_GATE, i, 0);
        /* The pattern is read where it was written: a mistake is shown there. */
        size_t at = self->at, start = self->start;
        winnow_str_t text = self->text;
        self->text = self->rules->macros.at[i].text;
        self->at = 0;
        self->depth++;
        s_next(self);
        s_alternatives(self, rule);
        self->depth--;
        self->text = text;
        self->at = at;
        self->start = start;
        s_next(self);
        return;
    }
    s_wrong(self, "neither a type, a part of speech, nor a pattern of this name");
}

static void s_atom(s_reader_t *self, wx_rule_t *rule)
{
    if (s_take_mark(self, "(")) {
        s_alternatives(self, rule);
        s_want_mark(self, ")");
    } else if (s_take_mark(self, "!")) {
        uint32_t at = rule->op_count;
        s_emit(self, rule, WX_OP_NOT, 0, 0);
        s_atom(self, rule);
        s_emit(self, rule, WX_OP_DONE, 0, 0);
        rule->ops[at].a = rule->op_count;
    } else if (s_take_mark(self, ".")) {
        s_emit(self, rule, WX_OP_ANY, 0, 0);
    } else if (s_take_mark(self, "^")) {
        s_emit(self, rule, WX_OP_FIRST, 0, 0);
    } else if (s_take_mark(self, "$")) {
        s_emit(self, rule, WX_OP_LAST, 0, 0);
    } else if (s_take_mark(self, "...")) {
        uint32_t most = 4;
        if (self->type == S_WORD && self->word.data[0] >= '0' && self->word.data[0] <= '9') {
            most = (uint32_t)(self->word.data[0] - '0');
            s_next(self);
        }
        uint32_t splits[10];
        for (uint32_t i = 0; i < most; i++) {
            splits[i] = rule->op_count;
            s_emit(self, rule, WX_OP_SPLIT, 0, rule->op_count + 1);
            s_emit(self, rule, WX_OP_ANY, 1, 0);
        }
        for (uint32_t i = 0; i < most; i++)
            rule->ops[splits[i]].a = rule->op_count;
    } else if (s_at_mark(self, "@")) {
        const wx_list_t *list = s_named_list(self);
        uint32_t index = 0;
        while (self->rules->lists.at[index] != list)
            index++;
        s_emit(self, rule, WX_OP_LIST, index, 0);
    } else if (self->type == S_STRING) {
        if (self->word.size == 0)
            s_wrong(self, "an empty word");
        s_emit(self, rule, WX_OP_WORD, 0, 0)->id = s_id(self, self->word);
        s_next(self);
    } else if (self->type == S_WORD && self->word.data[0] >= 'A' && self->word.data[0] <= 'Z') {
        winnow_str_t word = wx_str_copy(&self->model->arena, self->word);
        for (size_t i = 0; i < sizeof s_atoms / sizeof *s_atoms; i++)
            if (wx_str_is(word, s_atoms[i].name)) {
                s_emit(self, rule, s_atoms[i].kind, s_atoms[i].mask, 0);
                s_next(self);
                return;
            }
        wx_upos_t upos = wx_upos_from(word.data);
        if (upos != WX_UPOS_NONE) {
            s_emit(self, rule, WX_OP_UPOS, upos, 0);
            s_next(self);
            return;
        }
        s_macro(self, rule, word);
    } else if (self->type == S_WORD) {
        s_emit(self, rule, WX_OP_WORD, 0, 0)->id = s_id(self, self->word);
        s_next(self);
    } else {
        s_wrong(self, "no step of a pattern");
    }
}

static void s_step(s_reader_t *self, wx_rule_t *rule)
{
    uint32_t at = rule->op_count;
    s_atom(self, rule);
    if (s_take_mark(self, "?")) {
        s_insert(self, rule, at, (wx_op_t){WX_OP_SPLIT, at + 1, rule->op_count + 1, 0});
    } else if (s_take_mark(self, "*")) {
        s_insert(self, rule, at, (wx_op_t){WX_OP_SPLIT, at + 1, rule->op_count + 2, 0});
        s_emit(self, rule, WX_OP_JUMP, at, 0);
    } else if (s_take_mark(self, "+")) {
        s_emit(self, rule, WX_OP_SPLIT, at, rule->op_count + 1);
    }
    if (s_take_mark(self, "=")) {
        winnow_str_t name = s_want_word(self, "the name of a capture is missing");
        uint32_t capture = s_capture(self, rule, name);
        s_insert(self, rule, at, (wx_op_t){WX_OP_OPEN, capture, 0, 0});
        s_emit(self, rule, WX_OP_CLOSE, capture, 0);
        if (s_take_mark(self, "?"))
            s_insert(self, rule, at, (wx_op_t){WX_OP_SPLIT, at + 1, rule->op_count + 1, 0});
    }
}

static bool s_pattern_ends(const s_reader_t *self)
{
    return self->type == S_END || s_at_mark(self, ";") || s_at_mark(self, ")") ||
           s_at_mark(self, "|") || s_at_mark(self, "}");
}

static void s_alternatives(s_reader_t *self, wx_rule_t *rule)
{
    uint32_t ends[32], count = 0;
    for (;;) {
        uint32_t at = rule->op_count;
        while (!s_pattern_ends(self))
            s_step(self, rule);
        if (!s_take_mark(self, "|"))
            break;
        if (count == 32)
            s_wrong(self, "too many alternatives");
        s_insert(self, rule, at, (wx_op_t){WX_OP_SPLIT, at + 1, rule->op_count + 2, 0});
        ends[count++] = rule->op_count;
        s_emit(self, rule, WX_OP_JUMP, 0, 0);
    }
    for (uint32_t i = 0; i < count; i++)
        rule->ops[ends[i]].a = rule->op_count;
}

static void s_let(s_reader_t *self)
{
    winnow_str_t name = s_want_word(self, "the name of the pattern is missing");
    if (!s_at_mark(self, "="))
        s_wrong(self, "`=` is missing here");
    size_t from = self->at, to = from;
    while (to < self->text.size && self->text.data[to] != ';')
        to++;
    struct wx_macro *macro = wx_push(&self->model->arena, &self->rules->macros);
    macro->name = name;
    macro->text =
        wx_str_copy(&self->model->arena, (winnow_str_t){self->text.data + from, to - from});
    /* Read it once, so that a mistake is found here. */
    s_next(self);
    wx_rule_t scratch = {0};
    s_alternatives(self, &scratch);
    s_emit(self, &scratch, WX_OP_DONE, 0, 0);
    macro->ops = scratch.ops;
    macro->op_count = scratch.op_count;
    s_want_mark(self, ";");
}

/* ---- Sources -------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    wx_source_kind_t kind;
} s_sources[] = {
    {"subject", WX_SOURCE_SUBJECT}, {"object", WX_SOURCE_OBJECT},
    {"actor", WX_SOURCE_ACTOR},     {"patient", WX_SOURCE_PATIENT},
    {"pp", WX_SOURCE_PP},           {"complement", WX_SOURCE_COMPLEMENT},
    {"goal", WX_SOURCE_GOAL},       {"when", WX_SOURCE_DATE},
    {"until", WX_SOURCE_DEADLINE},  {"where", WX_SOURCE_PLACE},
    {"owner", WX_SOURCE_OWNER},     {"measure", WX_SOURCE_MEASURE},
    {"counted", WX_SOURCE_COUNTED}, {"complete", WX_SOURCE_COMPLETE},
    {"named", WX_SOURCE_NAMED},     {"topic", WX_SOURCE_TOPIC},
    {"quoter", WX_SOURCE_SPEAKER},  {"quoted", WX_SOURCE_CONTENT},
    {"verb", WX_SOURCE_VERB},       {"parent", WX_SOURCE_PARENT},
    {"near", WX_SOURCE_NEAR},       {"within", WX_SOURCE_WITHIN},
    {"said", WX_SOURCE_SAID},       {"figure", WX_SOURCE_FIGURE},
    {"before", WX_SOURCE_BEFORE},   {"behind", WX_SOURCE_BEHIND},
    {"next", WX_SOURCE_NEXT},       {"country", WX_SOURCE_COUNTRY},
    {"home", WX_SOURCE_HOME},
};

static const struct {
    const char *name;
    uint32_t mask;
} s_flags[] = {
    {"passive", WX_CLAUSE_PASSIVE},         {"negated", WX_CLAUSE_NEGATED},
    {"future", WX_CLAUSE_FUTURE},           {"possible", WX_CLAUSE_POSSIBLE},
    {"should", WX_CLAUSE_SHOULD},           {"copula", WX_CLAUSE_COPULA},
    {"infinitive", WX_CLAUSE_INFINITIVE},   {"gerund", WX_CLAUSE_GERUND},
    {"participle", WX_CLAUSE_PARTICIPLE},   {"relative", WX_CLAUSE_RELATIVE},
    {"progressive", WX_CLAUSE_PROGRESSIVE}, {"perfect", WX_CLAUSE_PERFECT},
    {"quoting", WX_CLAUSE_QUOTING},
};

static const struct {
    const char *name;
    uint32_t mask;
} s_filters[] = {
    {"person", WX_IS_PERSON},     {"org", WX_IS_ORGANISATION},  {"place", WX_IS_PLACE},
    {"thing", WX_IS_THING},       {"facility", WX_IS_FACILITY}, {"event", WX_IS_EVENT},
    {"name", WX_IS_NAME},         {"money", WX_IS_MONEY},       {"percent", WX_IS_PERCENT},
    {"quantity", WX_IS_QUANTITY}, {"number", WX_IS_NUMBER},     {"multiple", WX_IS_MULTIPLE},
    {"date", WX_IS_DATE},         {"value", WX_IS_VALUE},       {"common", WX_IS_COMMON},
    {"pronoun", WX_IS_PRONOUN},   {"small", WX_IS_SMALL},       {"duration", WX_IS_DURATION},
    {"rate", WX_IS_RATE},         {"deadline", WX_IS_DEADLINE}, {"together", WX_IS_TOGETHER},
};

static uint32_t s_list_index(s_reader_t *self)
{
    const wx_list_t *list = s_named_list(self);
    uint32_t index = 0;
    while (self->rules->lists.at[index] != list)
        index++;
    return index + 1;
}

static void s_filter(s_reader_t *self, wx_source_t *source)
{
    do {
        bool never = s_take_mark(self, "!");
        if (s_at_mark(self, "@")) {
            *(never ? &source->head_out : &source->head_in) = s_list_index(self);
            continue;
        }
        uint32_t mask = 0;
        for (size_t i = 0; i < sizeof s_filters / sizeof *s_filters; i++)
            if (self->type == S_WORD && wx_str_is(self->word, s_filters[i].name))
                mask = s_filters[i].mask;
        if (!mask)
            s_wrong(self, "no type that a filler can be asked for");
        *(never ? &source->never : &source->only) |= mask;
        s_next(self);
    } while (s_take_mark(self, ","));
}

static wx_source_t *s_source(s_reader_t *self, wx_rule_t *rule);

static void s_near(s_reader_t *self, wx_source_t *source)
{
    winnow_str_t kind = s_want_word(self, "a kind is missing");
    for (int i = 0; i < WINNOW_KIND_COUNT; i++)
        if (wx_str_is(kind, winnow_kind_name((winnow_kind_t)i))) {
            source->index = (uint32_t)i;
            source->word = s_want_word(self, "a role is missing");
            return;
        }
    s_wrong(self, "no kind of fact");
}

static wx_source_t *s_one_source(s_reader_t *self, wx_rule_t *rule)
{
    wx_source_t *source = wx_new(&self->model->arena, wx_source_t, 1);
    if (self->type == S_STRING) {
        source->kind = WX_SOURCE_ENUM;
        source->word = wx_str_copy(&self->model->arena, self->word);
        s_next(self);
        return source;
    }
    if (self->type != S_WORD)
        s_wrong(self, "no source of a filler");
    winnow_str_t word = self->word;
    size_t start = self->start;
    s_next(self);
    bool captured = false; /* a capture goes before a source of the same name */
    for (uint32_t i = 0; i < rule->capture_count; i++)
        captured = captured || wx_str_equal(rule->captures[i], word);
    captured = captured && !s_at_mark(self, "(");
    for (size_t i = 0; i < sizeof s_flags / sizeof *s_flags && !captured; i++)
        if (wx_str_is(word, s_flags[i].name)) {
            source->kind = WX_SOURCE_FLAG;
            source->mask = s_flags[i].mask;
            if (s_take_mark(self, "?")) {
                source->instead = wx_str_copy(&self->model->arena, self->word);
                s_next(self);
            }
            return source;
        }
    bool known = false;
    for (size_t i = 0; i < sizeof s_sources / sizeof *s_sources && !known && !captured; i++)
        if (wx_str_is(word, s_sources[i].name)) {
            source->kind = s_sources[i].kind;
            known = true;
        }
    if (!known) {
        source->kind = WX_SOURCE_CAPTURE;
        source->index = UINT32_MAX;
        for (uint32_t i = 0; i < rule->capture_count; i++)
            if (wx_str_equal(rule->captures[i], word))
                source->index = i;
        if (source->index == UINT32_MAX) {
            self->start = start;
            s_wrong(self, "neither a source nor a capture of this rule's pattern");
        }
    }
    switch (source->kind) {
    case WX_SOURCE_PP:
    case WX_SOURCE_VERB:
    case WX_SOURCE_PARENT:
    case WX_SOURCE_SAID:
    case WX_SOURCE_NEXT:
        s_want_mark(self, "(");
        source->list = s_words(self);
        s_want_mark(self, ")");
        break;
    case WX_SOURCE_OWNER:
    case WX_SOURCE_MEASURE:
    case WX_SOURCE_COUNTED:
    case WX_SOURCE_COMPLETE:
    case WX_SOURCE_NAMED:
    case WX_SOURCE_WITHIN:
    case WX_SOURCE_COUNTRY:
        s_want_mark(self, "(");
        source->of = s_source(self, rule);
        s_want_mark(self, ")");
        break;
    case WX_SOURCE_NEAR:
        s_want_mark(self, "(");
        s_near(self, source);
        s_want_mark(self, ")");
        break;
    default:
        break;
    }
    if (s_take_mark(self, ":"))
        s_filter(self, source);
    if (s_take_mark(self, "?")) {
        if (self->type != S_STRING)
            s_wrong(self, "behind `?` stands the word to fill in, as a string");
        source->instead = wx_str_copy(&self->model->arena, self->word);
        s_next(self);
    }
    return source;
}

/* A source with its words, for those who ask which it was. */
static wx_source_t *s_written_source(s_reader_t *self, wx_rule_t *rule)
{
    size_t start = self->start;
    wx_source_t *source = s_one_source(self, rule);
    size_t end = self->start < self->text.size ? self->start : self->text.size;
    while (end > start && (self->text.data[end - 1] == ' ' || self->text.data[end - 1] == '\n'))
        end--;
    source->written = (winnow_str_t){self->text.data + start, end - start};
    return source;
}

static wx_source_t *s_source(s_reader_t *self, wx_rule_t *rule)
{
    wx_source_t *first = s_written_source(self, rule), *last = first;
    while (s_take_mark(self, "|"))
        last = last->next = s_written_source(self, rule);
    return first;
}

/* ---- Rules ---------------------------------------------------------------------------------- */

/* The line of the current token, counted on from the last one that was asked for. */
static uint32_t s_line(s_reader_t *self)
{
    for (; self->counted < self->start; self->counted++)
        self->lines += self->text.data[self->counted] == '\n';
    return self->lines + 1;
}

static void s_example(s_reader_t *self, wx_rule_t *rule, bool must)
{
    wx_example_t *example = wx_push(&self->model->arena, &rule->examples);
    example->must = must;
    if (self->type != S_STRING)
        s_wrong(self, "an example is a string");
    example->text = wx_str_copy(&self->model->arena, self->word);
    example->line = s_line(self);
    s_next(self);
    while (self->type == S_WORD) {
        if (example->count == 8)
            s_wrong(self, "an example names at most eight fillers");
        example->roles[example->count] = s_want_word(self, "a role is missing");
        if (self->type != S_STRING)
            s_wrong(self, "the filler that is expected is a string");
        example->fillers[example->count++] = wx_str_copy(&self->model->arena, self->word);
        s_next(self);
    }
}

static void s_modality(s_reader_t *self, wx_rule_t *rule)
{
    s_want_mark(self, "=");
    for (uint32_t i = 0; i < WINNOW_MODALITY_COUNT; i++)
        if (s_take_word(self, winnow_modality_name((winnow_modality_t)i))) {
            rule->modality = i;
            return;
        }
    if (s_take_word(self, "own")) {
        rule->modality = WX_RULE_MODALITY_OWN;
        return;
    }
    s_wrong(self, "no modality");
}

static void s_assign(s_reader_t *self, wx_rule_t *rule)
{
    wx_assign_t assign = {.role = s_want_word(self, "a statement of a rule begins with a word")};
    assign.required = s_take_mark(self, "!");
    assign.also = s_take_word(self, "also");
    assign.all = s_take_word(self, "all");
    assign.each = s_take_word(self, "each");
    s_want_mark(self, "=");
    assign.source = s_source(self, rule);
    *wx_push(&self->model->arena, &rule->assigns) = assign;
}

static void s_first_word(wx_rule_t *rule, wx_id_t id)
{
    uint32_t bit = wx_first_bit(id);
    rule->first_words[bit >> 6] |= (uint64_t)1 << (bit & 63);
}

/* Collects what the first item of a match may be, from step `pc` on. */
static void s_first(const s_reader_t *self, wx_rule_t *rule, uint32_t pc, uint8_t *seen)
{
    while (!seen[pc]) {
        const wx_op_t *op = &rule->ops[pc];
        seen[pc] = 1;
        switch (op->kind) {
        case WX_OP_WORD:
            s_first_word(rule, op->id);
            return;
        case WX_OP_LIST:
            for (uint32_t i = 0; i < self->rules->lists.at[op->a]->count; i++)
                s_first_word(rule, self->rules->lists.at[op->a]->at[i].words[0]);
            return;
        case WX_OP_UPOS:
            rule->first_kinds |= (uint64_t)1 << (WX_FIRST_UPOS + op->a);
            return;
        case WX_OP_NAME:
        case WX_OP_VALUE:
            rule->first_kinds |= op->a;
            return;
        case WX_OP_PHRASE:
            rule->first_kinds |= WX_FIRST_PHRASE;
            return;
        case WX_OP_CAPITAL:
        case WX_OP_NATION:
            rule->first_kinds |= WX_FIRST_CAPITAL;
            return;
        case WX_OP_ANY:
            rule->first_kinds |= op->a ? WX_FIRST_ANY : WX_FIRST_WORD;
            return;
        case WX_OP_SPLIT:
            s_first(self, rule, op->b, seen);
            pc = op->a;
            break;
        case WX_OP_JUMP:
        case WX_OP_NOT:
            pc = op->a;
            break;
        case WX_OP_DONE:
            rule->first_kinds |= WX_FIRST_ANY;
            return;
        default:
            pc++;
        }
    }
}

static void s_statement(s_reader_t *self, wx_rule_t *rule)
{
    if (s_take_word(self, "verb")) {
        rule->trigger = WX_TRIGGER_VERB;
        rule->verbs = s_words(self);
    } else if (s_take_word(self, "match")) {
        rule->trigger = WX_TRIGGER_MATCH;
        s_alternatives(self, rule);
        s_emit(self, rule, WX_OP_DONE, 0, 0);
        s_first(self, rule, 0, wx_new(&self->model->arena, uint8_t, rule->op_count));
    } else if (s_take_word(self, "quote")) {
        rule->trigger = WX_TRIGGER_QUOTE;
    } else if (s_take_word(self, "if")) {
        *wx_push(&self->model->arena, &rule->conditions) =
            (wx_condition_t){s_source(self, rule), 0};
    } else if (s_take_word(self, "unless")) {
        *wx_push(&self->model->arena, &rule->conditions) =
            (wx_condition_t){s_source(self, rule), 1};
    } else if (s_take_word(self, "modality")) {
        s_modality(self, rule);
    } else if (s_take_word(self, "titles")) {
        rule->titles = 1;
    } else if (s_take_word(self, "yes")) {
        s_example(self, rule, true);
    } else if (s_take_word(self, "no")) {
        s_example(self, rule, false);
    } else {
        s_assign(self, rule);
    }
    s_want_mark(self, ";");
}

static void s_rule(s_reader_t *self)
{
    wx_rule_t rule = {.modality = WX_RULE_MODALITY_AUTO, .file = wx_str_from(self->file)};
    size_t start = self->start;
    rule.line = s_line(self);
    rule.name = s_want_word(self, "the name of the rule is missing");
    s_want_mark(self, "->");
    bool known = false;
    for (int i = 0; i < WINNOW_KIND_COUNT && !known; i++)
        if (s_take_word(self, winnow_kind_name((winnow_kind_t)i))) {
            rule.kind = (winnow_kind_t)i;
            known = true;
        }
    if (!known)
        s_wrong(self, "no kind of fact");
    if (s_take_word(self, "priority")) {
        winnow_str_t number = s_want_word(self, "a number is missing");
        rule.priority = atoi(number.data);
    }
    s_want_mark(self, "{");
    bool trigger = false;
    while (!s_at_mark(self, "}")) {
        trigger = trigger || (self->type == S_WORD &&
                              (wx_str_is(self->word, "verb") || wx_str_is(self->word, "match") ||
                               wx_str_is(self->word, "quote")));
        s_statement(self, &rule);
    }
    s_next(self);
    if (!trigger || rule.assigns.count == 0) {
        self->start = start;
        s_wrong(self, "a rule has a trigger (verb, match or quote) and fills a role");
    }
    *wx_push(&self->model->arena, &self->rules->rules) = rule;
}

static void s_file(s_reader_t *self)
{
    s_next(self);
    while (self->type != S_END) {
        if (s_take_word(self, "list"))
            s_list(self);
        else if (s_take_word(self, "let"))
            s_let(self);
        else if (s_take_word(self, "rule"))
            s_rule(self);
        else
            s_wrong(self, "`list`, `let` or `rule` is expected here");
    }
}

/* The sort is stable: files and lines decide among equals. */
static void s_sort(wx_rules_t *rules)
{
    for (uint32_t i = 1; i < rules->rules.count; i++) {
        wx_rule_t rule = rules->rules.at[i];
        uint32_t j = i;
        while (j > 0 && rules->rules.at[j - 1].priority < rule.priority) {
            rules->rules.at[j] = rules->rules.at[j - 1];
            j--;
        }
        rules->rules.at[j] = rule;
    }
}

static void s_known(wx_rules_t *rules)
{
    static const wx_list_t s_empty = {0};
    static const char *const s_names[WX_LIST_KNOWN] = {
        [WX_LIST_ADDRESSING] = "addressing",   [WX_LIST_AIM_NOUNS] = "aim-nouns",
        [WX_LIST_AIMING] = "aiming",           [WX_LIST_EXPECTING_THINGS] = "expecting-things",
        [WX_LIST_FORECASTING] = "forecasting", [WX_LIST_LIKELY] = "likely",
        [WX_LIST_NAMING] = "naming",           [WX_LIST_PAST_ONLY] = "past-only",
        [WX_LIST_PHRASAL] = "phrasal",         [WX_LIST_PLAN_NOUNS] = "plan-nouns",
        [WX_LIST_PLANNING] = "planning",       [WX_LIST_SAYING] = "saying",
        [WX_LIST_SCHEDULING] = "scheduling",   [WX_LIST_SPEECH] = "speech",
        [WX_LIST_ORG_NOUNS] = "org-nouns",     [WX_LIST_TITLE_HEADS] = "title-heads",
    };
    for (unsigned i = 0; i < WX_LIST_KNOWN; i++) {
        const wx_list_t *list = wx_rules_list(rules, s_names[i]);
        rules->known[i] = list ? list : &s_empty;
    }
}

int wx_rules_parse(winnow_model_t *model, const char *file, winnow_str_t text, winnow_error_t *err)
{
    if (!model->rules)
        model->rules = wx_new(&model->arena, wx_rules_t, 1);
    size_t valid = wx_str_check_utf8(text);
    if (valid < text.size)
        return wx_error(err, WINNOW_E_RULE, "%s: invalid UTF-8 at byte %zu", file, valid);
    winnow_str_t copy = wx_str_copy(&model->arena, text);
    winnow_str_t name = wx_str_copy(&model->arena, wx_str_from(file));
    s_reader_t *self = wx_new(&model->arena, s_reader_t, 1);
    *self = (s_reader_t){
        .model = model, .rules = model->rules, .file = name.data, .text = copy, .err = err};
    if (setjmp(self->wrong))
        return WINNOW_E_RULE;
    s_file(self);
    s_sort(model->rules);
    s_known(model->rules);
    wx_model_mix(model, text.data, text.size);
    return 0;
}

/* ---- Folders -------------------------------------------------------------------------------- */

static int s_read_file(winnow_model_t *model, const char *path, winnow_error_t *err)
{
    enum { S_MOST = 4 << 20 };
    FILE *file = fopen(path, "rb");
    if (!file)
        return wx_error(err, WINNOW_E_IO, "%s: %s", path, strerror(errno));
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    rewind(file);
    if (size < 0 || size > S_MOST) {
        fclose(file);
        return wx_error(err, WINNOW_E_IO, "%s cannot be read, or is larger than 4 MiB", path);
    }
    /* The arena is asked before the file is held on to no longer. */
    char *text = malloc((size_t)size + 1);
    size_t got = text ? fread(text, 1, (size_t)size, file) : 0;
    bool bad = ferror(file) != 0;
    fclose(file);
    if (!text || bad) {
        free(text);
        return wx_error(err, text ? WINNOW_E_IO : WINNOW_E_MEMORY, "%s cannot be read", path);
    }
    int rc = wx_rules_parse(model, path, (winnow_str_t){text, got}, err);
    free(text);
    return rc;
}

static int s_rules_only(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && wx_str_ends(wx_str_from(entry->d_name), ".rules");
}

static int s_by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int s_folder(winnow_model_t *model, const char *folder, winnow_error_t *err)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, s_rules_only, s_by_name);
    if (count < 0)
        return wx_error(err, WINNOW_E_IO, "%s: %s", folder, strerror(errno));
    int rc = 0;
    for (int i = 0; i < count; i++) {
        char path[4096];
        if (rc == 0 &&
            snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name) < (int)sizeof path)
            rc = s_read_file(model, path, err);
        free(entries[i]);
    }
    free(entries);
    return rc;
}

int wx_rules_load(winnow_model_t *model, const char *folder, winnow_error_t *err)
{
    for (const wx_embedded_t *file = wx_rule_files; file->name; file++) {
        int rc = wx_rules_parse(model, file->name, (winnow_str_t){file->text, file->size}, err);
        if (rc)
            return rc;
    }
    int rc = folder ? s_folder(model, folder, err) : 0;
    if (rc == 0)
        wx_rules_index(model);
    return rc;
}
