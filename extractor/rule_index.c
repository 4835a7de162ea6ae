/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a match cannot be without. A pattern is a graph of steps; a set of steps that lies across
 * every way from its beginning to its end is found by walking it once, and of two such sets the one
 * is kept that is rarer in a text:
 *
 *     NP (buy | take over) NP        {buy, take} rather than {NP}
 *
 * How rare a step is need only be about right: it is weighed by its kind and the length of its
 * words, as short words are the frequent ones. Tried and dropped: a second set for each pattern,
 * which kept out one start in a thousand.
 */
#include "rule_index.h"

enum { S_NEVER = 1 << 20, S_UNSEEN = 1 << 30, S_SHORT = 3 };

typedef struct {
    winnow_model_t *model;
    const wx_rules_t *rules;
    uint32_t width;
    uint64_t *by_word, *by_kind, *always;
    uint32_t bit; /* of the rule that is at work, in sets of rules */
} s_index_t;

/* ---- How rare a step is --------------------------------------------------------------------- */

static uint32_t s_word_cost(const s_index_t *self, wx_id_t word)
{
    return wx_intern_text(self->model->intern, word).size <= S_SHORT ? 60 : 3;
}

static uint32_t s_mask_cost(uint32_t mask)
{
    static const struct {
        uint32_t bit, cost;
    } s_costs[] = {{WX_IS_PERSON, 30},   {WX_IS_ORGANISATION, 40}, {WX_IS_PLACE, 40},
                   {WX_IS_FACILITY, 10}, {WX_IS_EVENT, 5},         {WX_IS_THING, 30},
                   {WX_IS_MONEY, 10},    {WX_IS_PERCENT, 10},      {WX_IS_QUANTITY, 30},
                   {WX_IS_NUMBER, 25},   {WX_IS_MULTIPLE, 3},      {WX_IS_DATE, 40}};
    uint32_t cost = 0;
    for (size_t i = 0; i < sizeof s_costs / sizeof *s_costs; i++)
        cost += mask & s_costs[i].bit ? s_costs[i].cost : 0;
    return cost;
}

static uint32_t s_own_cost(const s_index_t *self, const wx_op_t *op)
{
    switch (op->kind) {
    case WX_OP_WORD:
        return s_word_cost(self, op->id);
    case WX_OP_LIST: {
        const wx_list_t *list = self->rules->lists.at[op->a];
        uint32_t cost = 0;
        for (uint32_t i = 0; i < list->count; i++)
            cost += s_word_cost(self, list->at[i].words[0]);
        return cost < 300 ? cost : 300;
    }
    case WX_OP_NAME:
    case WX_OP_VALUE:
        return s_mask_cost(op->a);
    case WX_OP_UPOS:
    case WX_OP_CAPITAL:
    case WX_OP_NATION:
        return 400;
    case WX_OP_PHRASE:
    case WX_OP_ANY:
        return 2000;
    default:
        return S_NEVER; /* takes nothing */
    }
}

/* ---- Sets across all ways ------------------------------------------------------------------- */

/* The walk over one pattern. Sets of its steps are bits. */
typedef struct {
    const s_index_t *index;
    const wx_op_t *ops;
    uint32_t count, width; /* steps; pieces of 64 bits in a set of them */
    uint32_t *own;         /* by step: its cost */
    uint32_t *costs;       /* by step: of the set across all ways behind it; S_UNSEEN */
    uint64_t *sets;        /* [count][width]: that set */
    uint8_t *seen;         /* by step, for s_meets() */
} s_walk_t;

static void s_take(s_walk_t *self, uint32_t pc, uint32_t from)
{
    memcpy(self->sets + (size_t)pc * self->width, self->sets + (size_t)from * self->width,
           self->width * sizeof *self->sets);
    self->costs[pc] = self->costs[from];
}

static uint32_t s_step_behind(const wx_op_t *op, uint32_t pc)
{
    bool jumps = op->kind == WX_OP_JUMP || op->kind == WX_OP_NOT || op->kind == WX_OP_SPLIT;
    return jumps ? op->a : pc + 1;
}

static bool s_in(const uint64_t *set, uint32_t op)
{
    return set[op >> 6] >> (op & 63) & 1;
}

/* Does every way from step `pc` to the end meet the set? `seen` is by step, all 0. */
static bool s_meets(const s_walk_t *self, uint32_t pc, const uint64_t *set, uint8_t *seen)
{
    while (!s_in(set, pc) && !seen[pc]) {
        seen[pc] = 1;
        if (self->ops[pc].kind == WX_OP_DONE)
            return false;
        if (self->ops[pc].kind == WX_OP_SPLIT && !s_meets(self, self->ops[pc].b, set, seen))
            return false;
        pc = s_step_behind(&self->ops[pc], pc);
    }
    return true;
}

/* Is the set behind step `other` one across all ways from `pc`, too? What is optional is passed by
 * in this way. */
static bool s_enough(s_walk_t *self, uint32_t pc, uint32_t other)
{
    memset(self->seen, 0, self->count);
    return self->costs[other] < S_NEVER && self->costs[other] > 0 &&
           s_meets(self, pc, self->sets + (size_t)other * self->width, self->seen);
}

/* The two ways of a split: the set of one if it is enough for both, else that of both. */
static void s_both(s_walk_t *self, uint32_t pc, uint32_t a, uint32_t b)
{
    bool by_b = s_enough(self, a, b), by_a = s_enough(self, b, a);
    if (by_a || by_b) {
        s_take(self, pc, by_b && (!by_a || self->costs[b] <= self->costs[a]) ? b : a);
        return;
    }
    uint64_t *set = self->sets + (size_t)pc * self->width;
    uint32_t cost = 0;
    for (uint32_t i = 0; i < self->width; i++)
        set[i] = self->sets[(size_t)a * self->width + i] | self->sets[(size_t)b * self->width + i];
    for (uint32_t op = 0; op < self->count; op++)
        cost += s_in(set, op) ? self->own[op] : 0;
    self->costs[pc] = self->costs[a] >= S_NEVER || self->costs[b] >= S_NEVER ? S_NEVER : cost;
}

/* Finds the rarest set across all ways from step `pc` to the end. A way that comes back to a step
 * that is still being weighed asks for nothing: what lies behind that step counts for it. */
static void s_weigh(s_walk_t *self, uint32_t pc)
{
    if (self->costs[pc] != S_UNSEEN)
        return;
    const wx_op_t *op = &self->ops[pc];
    uint32_t next =
        op->kind == WX_OP_JUMP || op->kind == WX_OP_NOT || op->kind == WX_OP_SPLIT ? op->a : pc + 1;
    self->costs[pc] = 0;
    if (op->kind == WX_OP_DONE) {
        self->costs[pc] = S_NEVER;
        return;
    }
    s_weigh(self, next);
    if (op->kind == WX_OP_SPLIT) {
        s_weigh(self, op->b);
        s_both(self, pc, op->a, op->b);
    } else if (self->own[pc] < self->costs[next]) {
        self->costs[pc] = self->own[pc];
        self->sets[(size_t)pc * self->width + (pc >> 6)] |= (uint64_t)1 << (pc & 63);
    } else {
        s_take(self, pc, next);
    }
}

static void s_set(const s_index_t *self, uint64_t *set)
{
    set[self->bit >> 6] |= (uint64_t)1 << (self->bit & 63);
}

static void s_word(const s_index_t *self, wx_id_t word)
{
    s_set(self, self->by_word + (size_t)word * self->width);
}

static void s_list(const s_index_t *self, const wx_list_t *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        s_word(self, list->at[i].words[0]);
}

static void s_kinds(const s_index_t *self, uint64_t kinds)
{
    for (; kinds; kinds &= kinds - 1)
        s_set(self, self->by_kind + (size_t)__builtin_ctzll(kinds) * self->width);
}

/* Enters the rule wherever the step can be found. */
static void s_enter(const s_index_t *self, const wx_op_t *op)
{
    switch (op->kind) {
    case WX_OP_WORD:
        s_word(self, op->id);
        break;
    case WX_OP_LIST:
        s_list(self, self->rules->lists.at[op->a]);
        break;
    case WX_OP_NAME:
    case WX_OP_VALUE:
        s_kinds(self, op->a);
        break;
    case WX_OP_UPOS:
        s_kinds(self, (uint64_t)1 << (WX_FIRST_UPOS + op->a));
        break;
    case WX_OP_PHRASE:
        s_kinds(self, WX_FIRST_PHRASE);
        break;
    case WX_OP_CAPITAL:
    case WX_OP_NATION:
        s_kinds(self, WX_FIRST_CAPITAL);
        break;
    default:
        s_kinds(self, op->a ? WX_FIRST_ANY : WX_FIRST_WORD);
        break;
    }
}

static void s_pattern(const s_index_t *self, const wx_rule_t *rule)
{
    wx_arena_t *arena = &self->model->arena;
    size_t mark = wx_arena_mark(arena);
    uint32_t count = rule->op_count, width = (count + 63) / 64;
    s_walk_t walk = {self,
                     rule->ops,
                     count,
                     width,
                     wx_new(arena, uint32_t, count),
                     wx_new(arena, uint32_t, count),
                     wx_new(arena, uint64_t, (size_t)count * width),
                     wx_new(arena, uint8_t, count)};
    for (uint32_t i = 0; i < count; i++) {
        walk.own[i] = s_own_cost(self, &rule->ops[i]);
        walk.costs[i] = S_UNSEEN;
    }
    s_weigh(&walk, 0);
    if (walk.costs[0] >= S_NEVER)
        s_set(self, self->always);
    for (uint32_t i = 0; i < count && walk.costs[0] < S_NEVER; i++)
        if (s_in(walk.sets, i))
            s_enter(self, &rule->ops[i]);
    wx_arena_release(arena, mark);
}

/* ---- The index ------------------------------------------------------------------------------ */

void wx_rules_index(winnow_model_t *model)
{
    const wx_rules_t *rules = model->rules;
    wx_arena_t *arena = &model->arena;
    s_index_t self = {.model = model, .rules = rules, .width = (rules->rules.count + 63) / 64};
    uint32_t words = model->intern->first + model->intern->count;
    self.by_word = wx_new(arena, uint64_t, (size_t)words * self.width);
    self.by_kind = wx_new(arena, uint64_t, (size_t)64 * self.width);
    self.always = wx_new(arena, uint64_t, self.width);
    for (uint32_t i = 0; i < rules->rules.count; i++) {
        const wx_rule_t *rule = &rules->rules.at[i];
        self.bit = i;
        if (rule->trigger == WX_TRIGGER_VERB)
            s_list(&self, rule->verbs);
        else if (rule->trigger == WX_TRIGGER_MATCH)
            s_pattern(&self, rule);
    }
    struct wx_rule_index *index = wx_new(arena, struct wx_rule_index, 1);
    *index = (struct wx_rule_index){self.width, words, self.by_word, self.by_kind, self.always};
    model->rules->index = index;
}
