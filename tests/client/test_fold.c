/* SPDX-License-Identifier: Apache-2.0 */
/* Names folded and found by whole words. */
#include "client/fold.h"

#include "tests/proto/cm.h"

#include <stdlib.h>

static bool s_holds(const char *text, const char *words)
{
    char *a = wc_fold(text);
    char *b = wc_fold(words);
    assert_non_null(a);
    assert_non_null(b);
    bool holds = wc_fold_holds(a, b);
    free(a);
    free(b);
    return holds;
}

static void test_folded(void **state)
{
    (void)state;
    assert_true(s_holds("BMW Brilliance Automotive", "bmw"));
    assert_true(s_holds("BMW Brilliance Automotive", "Brilliance automotive"));
    assert_true(s_holds("Société Générale", "societe generale"));
    assert_true(s_holds("Straße", "STRASSE"));
    assert_true(s_holds("\uFF22\uFF2D\uFF37", "bmw"));
    assert_true(s_holds("A-B (C)", "b"));
    assert_true(s_holds("a b, b c", "b c"));
}

static void test_whole_words(void **state)
{
    (void)state;
    assert_false(s_holds("BMWs", "bmw"));
    assert_false(s_holds("subBMW", "bmw"));
    assert_true(s_holds("BMWs BMW", "bmw"));
    assert_false(s_holds("Brilliance", "bmw"));
    assert_false(s_holds("anything", ""));
    assert_false(s_holds("", "x"));
    assert_false(s_holds("caféx", "cafe"));
}

static void test_no_text(void **state)
{
    (void)state;
    assert_null(wc_fold("\xFF"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_folded),
        cmocka_unit_test(test_whole_words),
        cmocka_unit_test(test_no_text),
    };
    return cmocka_run_group_tests_name("fold", tests, NULL, NULL);
}
