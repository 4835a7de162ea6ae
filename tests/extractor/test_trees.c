/* SPDX-License-Identifier: Apache-2.0 */
/* The trees that the trainer learns from: turned round, written and read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "train/trees.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* `Shares rose , they said`: the mark stands behind the second word and before the third. */
static wt_tree_t *s_said(wt_trees_t *trees)
{
    static const int32_t heads[] = {1, 3, WT_UNKNOWN, 4};
    wt_tree_t *tree = wt_trees_add(trees, 4);
    for (uint32_t i = 0; i < 4; i++) {
        tree->items[i].lower = 100 + i;
        tree->head[i] = heads[i];
        tree->label[i] = (uint8_t)(10 + i);
    }
    tree->items[1].after = 7;
    tree->items[2].punct = 7;
    return tree;
}

static void s_free(wt_trees_t *trees)
{
    for (size_t t = 0; t < trees->count; t++) {
        free(trees->at[t].items);
        free(trees->at[t].head);
        free(trees->at[t].label);
    }
    free(trees->at);
}

static void s_same(const wt_tree_t *a, const wt_tree_t *b)
{
    assert_int_equal(a->count, b->count);
    assert_memory_equal(a->head, b->head, a->count * sizeof *a->head);
    assert_memory_equal(a->label, b->label, a->count);
    for (uint32_t i = 0; i < a->count; i++) {
        assert_int_equal(a->items[i].lower, b->items[i].lower);
        assert_int_equal(a->items[i].punct, b->items[i].punct);
        assert_int_equal(a->items[i].after, b->items[i].after);
    }
}

static void test_reverse_turns_heads_and_marks(void **state)
{
    (void)state;
    wt_trees_t trees = {0};
    wt_tree_t *tree = s_said(&trees);
    wt_tree_reverse(tree);
    static const int32_t heads[] = {4, WT_UNKNOWN, 0, 2};
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(tree->items[i].lower, 103 - i);
        assert_int_equal(tree->label[i], 13 - i);
        assert_int_equal(tree->head[i], heads[i]);
    }
    assert_int_equal(tree->items[1].after, 7);
    assert_int_equal(tree->items[1].punct, 0);
    assert_int_equal(tree->items[2].punct, 7);
    s_free(&trees);
}

static void test_reverse_twice_is_the_same(void **state)
{
    (void)state;
    wt_trees_t trees = {0}, turned = {0};
    s_said(&trees);
    wt_tree_reverse(s_said(&turned));
    wt_tree_reverse(&turned.at[0]);
    s_same(&trees.at[0], &turned.at[0]);
    /* an odd count has an item in the middle, whose marks change sides too */
    wt_tree_t *odd = wt_trees_add(&trees, 1);
    odd->items[0].punct = 3;
    odd->head[0] = 1;
    wt_tree_reverse(odd);
    assert_int_equal(odd->items[0].punct, 0);
    assert_int_equal(odd->items[0].after, 3);
    assert_int_equal(odd->head[0], 1);
    s_free(&trees);
    s_free(&turned);
}

static void test_written_trees_are_read(void **state)
{
    (void)state;
    char path[] = "/tmp/winnow-trees-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    close(file);
    wt_trees_t trees = {0}, read = {0};
    s_said(&trees);
    wt_tree_reverse(s_said(&trees));
    wt_trees_write(&trees, path);
    wt_trees_read(&read, path);
    remove(path);
    assert_int_equal(read.count, 2);
    s_same(&trees.at[0], &read.at[0]);
    s_same(&trees.at[1], &read.at[1]);
    s_free(&trees);
    s_free(&read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reverse_turns_heads_and_marks),
        cmocka_unit_test(test_reverse_twice_is_the_same),
        cmocka_unit_test(test_written_trees_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
