/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "reading.h"

#include "model.h"
#include "parse.h"
#include "stats.h"

/* dependent, head ("" the root), relation */
static const struct {
    const char *text;
    const char *arcs[5][3];
} s_cases[] = {
    {"The company built a new plant in the town.",
     {{"company", "built", "nsubj"}, {"plant", "built", "obj"}, {"built", "", "root"}}},
    {"The bridge was opened by the mayor on Monday.",
     {{"bridge", "opened", "nsubj:pass"}, {"was", "opened", "aux:pass"}, {"opened", "", "root"}}},
    {"The mayor said the school will close.",
     {{"mayor", "said", "nsubj"}, {"close", "said", "ccomp"}, {"school", "close", "nsubj"}}},
    {"The port handled 3.4 million tonnes of grain.",
     {{"tonnes", "handled", "obj"}, {"million", "tonnes", "nummod"}, {"grain", "tonnes", "nmod"}}},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof s_cases / sizeof *s_cases; i++) {
        const wx_doc_t *doc = reading(s_cases[i].text);
        for (size_t k = 0; k < 5 && s_cases[i].arcs[k][0]; k++) {
            const char *const *arc = s_cases[i].arcs[k];
            const wx_token_t *t = &doc->tokens.at[reading_token(doc, arc[0])];
            uint32_t head = *arc[1] ? reading_token(doc, arc[1]) : WX_NONE;
            assert_int_equal(t->head, head);
            assert_string_equal(wx_deprel_name((wx_deprel_t)t->deprel), arc[2]);
        }
    }
}

/* One root a sentence, no circles, heads in the sentence; the same of units. */
static void s_check_trees(const wx_doc_t *doc)
{
    for (uint32_t s = 0; s < doc->sentences.count; s++) {
        const wx_sentence_t *sentence = &doc->sentences.at[s];
        uint32_t roots = 0;
        for (uint32_t i = sentence->first; i < sentence->end; i++) {
            const wx_token_t *t = &doc->tokens.at[i];
            assert_in_range(t->deprel, 1, WX_DEPREL_COUNT - 1);
            assert_int_equal(t->head == WX_NONE, t->deprel == WX_DEPREL_ROOT);
            roots += t->head == WX_NONE;
            uint32_t at = i, steps = 0;
            while (doc->tokens.at[at].head != WX_NONE) {
                at = doc->tokens.at[at].head;
                assert_in_range(at, sentence->first, sentence->end - 1);
                assert_true(++steps <= sentence->end - sentence->first);
            }
        }
        assert_int_equal(roots, sentence->end > sentence->first);
        for (uint32_t u = sentence->unit_first; u < sentence->unit_end; u++) {
            const wx_unit_t *unit = &doc->units.at[u];
            assert_in_range(unit->token, unit->first, unit->end - 1);
            if (unit->head != WX_NONE)
                assert_in_range(unit->head, sentence->unit_first, sentence->unit_end - 1);
            uint32_t before = 0;
            for (uint32_t c = unit->child_first; c != WX_NONE; c = doc->units.at[c].sibling) {
                assert_int_equal(doc->units.at[c].head, u);
                assert_true(c >= before);
                before = c + 1;
            }
        }
    }
    for (uint32_t e = 0; e < doc->edges.count; e++) {
        assert_true(doc->edges.at[e].from < doc->units.count);
        assert_true(doc->edges.at[e].to < doc->units.count);
    }
}

static void test_trees_are_trees(void **state)
{
    (void)state;
    s_check_trees(reading("A"));
    s_check_trees(reading("..."));
    s_check_trees(reading("\"No,\" he said - \"never\" (not in 2020-21, 5% of $3 million)!"));
    s_check_trees(
        reading("Acme-Bell's state-of-the-art mill, built on March 27, 2020, by Ann Lee and "
                "Bob Roe, made 3.5 million tonnes; it, too, closed. And? And and and, of."));
    s_check_trees(
        reading("the the the the of of of and and and was was was , , , ( ( ) ) in in in"));
}

static bool s_edge(const wx_doc_t *doc, const char *from, const char *to, wx_deprel_t deprel)
{
    uint32_t a = doc->tokens.at[reading_token(doc, from)].unit;
    uint32_t b = doc->tokens.at[reading_token(doc, to)].unit;
    for (uint32_t e = 0; e < doc->edges.count; e++) {
        const wx_edge_t *edge = &doc->edges.at[e];
        if (edge->from == a && edge->to == b && edge->deprel == deprel)
            return true;
    }
    return false;
}

static void test_edges(void **state)
{
    (void)state;
    assert_true(s_edge(reading("The mill was built by the company in May."), "built", "mill",
                       WX_DEPREL_OBJ));
    assert_true(s_edge(reading("The mill was built by the company in May."), "built", "company",
                       WX_DEPREL_NSUBJ));
    assert_true(s_edge(reading("The company bought the mill and sold the farm."), "sold", "company",
                       WX_DEPREL_NSUBJ));
    assert_true(
        s_edge(reading("The company wants to build a mill."), "build", "company", WX_DEPREL_NSUBJ));
    assert_true(s_edge(reading("They praised the company that built the mill."), "built", "company",
                       WX_DEPREL_NSUBJ));
}

static void test_units(void **state)
{
    (void)state;
    const wx_doc_t *doc = reading("Sales rose 2.5 % to $ 3 million on March 27 , 2020 .");
    uint32_t number = reading_token(doc, "2.5"), dollar = reading_token(doc, "$");
    uint32_t month = reading_token(doc, "March");
    assert_int_equal(doc->tokens.at[number].unit, doc->tokens.at[number + 1].unit);
    assert_int_equal(doc->tokens.at[dollar].unit, doc->tokens.at[dollar + 2].unit);
    assert_int_equal(doc->tokens.at[month].unit, doc->tokens.at[month + 3].unit);
    assert_int_not_equal(doc->tokens.at[month].unit, doc->tokens.at[dollar].unit);
    assert_int_equal(doc->tokens.at[month + 4].unit, WX_NONE);
}

/* From any row of moves that are allowed comes a tree with one root, in 2 n moves. */
static void test_moves_end_in_trees(void **state)
{
    (void)state;
    jmp_buf full;
    wx_arena_t arena = {.full = &full};
    assert_true(wx_arena_reserve(&arena, 1 << 16));
    enum { COUNT = 9 };
    wx_item_t items[COUNT] = {{0}};
    wx_pairs_t pairs = {NULL, 0};
    wx_state_t self = wx_state_new(&arena, COUNT, &pairs);
    uint32_t seed = 7;
    for (int round = 0; round < 500; round++) {
        wx_state_begin(&self, items, COUNT);
        int moves = 0, roots = 0;
        for (unsigned allowed; (allowed = wx_state_moves(&self)) != 0; moves++) {
            unsigned move;
            do
                move = ((seed = seed * 1103515245u + 12345u) >> 16) % WX_MOVES;
            while (!(allowed >> move & 1));
            uint32_t rows[WX_PARSE_FEATURES];
            assert_in_range(wx_move_features(&self, NULL, rows), 1, WX_PARSE_FEATURES);
            if (move != WX_MOVE_SHIFT)
                assert_in_range(wx_label_features(&self, move, NULL, rows), 1, WX_PARSE_FEATURES);
            wx_state_move(&self, move, (uint8_t)(seed >> 20 & 31));
        }
        assert_int_equal(moves, 2 * COUNT);
        for (int i = 0; i < COUNT; i++) {
            roots += self.head[i] == COUNT;
            assert_in_range(self.head[i], 0, COUNT);
        }
        assert_int_equal(roots, 1);
    }
    wx_arena_destroy(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases),
                                       cmocka_unit_test(test_trees_are_trees),
                                       cmocka_unit_test(test_edges), cmocka_unit_test(test_units),
                                       cmocka_unit_test(test_moves_end_in_trees)};
    return cmocka_run_group_tests(tests, reading_open, reading_close);
}
