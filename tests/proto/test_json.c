/* SPDX-License-Identifier: Apache-2.0 */
/* The strict reader: what it takes, what it refuses and where, and raw slices. And the writer. */
#include "proto/buf.h"
#include "proto/json.h"

#include "cm.h"

#include <stdio.h>
#include <string.h>

/* The linker sends the library's calls of malloc here (see CMakeLists.txt). */
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
static unsigned s_allocations; /* since the test began to count */
static unsigned s_fails_at;    /* which of them fails; 0: none */

void *__wrap_malloc(size_t size)
{
    return ++s_allocations == s_fails_at ? NULL : __real_malloc(size);
}

static wp_json_t *s_parse(const char *text)
{
    wp_error_t err = {.code = WP_OK};
    wp_json_t *json = wp_json_parse(text, strlen(text), &err);
    if (!json)
        fail_msg("%s: %s", text, err.message);
    return json;
}

static void s_raw(const wp_node_t *node, const char *expected)
{
    assert_non_null(node);
    assert_int_equal(node->raw_size, strlen(expected));
    assert_memory_equal(node->raw, expected, node->raw_size);
}

static void test_tree(void **state)
{
    (void)state;
    wp_json_t *json =
        s_parse(" {\"a\": \"x\\\"\\u00e9\\ud834\\udd1e\\\\\", \"n\":12, \"e\":\"\", \"list\":[1, "
                "{\"k\":true} ,null,\"\\\\\"], \"o\":{ } , \"f\":-1.5e3}\n");
    const wp_node_t *root = wp_json_root(json);
    uint64_t value = 0;

    assert_int_equal(root->type, WP_JSON_OBJECT);
    assert_int_equal(root->count, 6);
    assert_string_equal(wp_node_string(root, "a"), "x\"é𝄞\\");
    s_raw(wp_node_get(root, "a"), "\"x\\\"\\u00e9\\ud834\\udd1e\\\\\"");
    s_raw(wp_node_get(root, "e"), "\"\"");
    s_raw(wp_node_get(root, "n"), "12");
    s_raw(wp_node_get(root, "f"), "-1.5e3");
    s_raw(wp_node_get(root, "list"), "[1, {\"k\":true} ,null,\"\\\\\"]");
    s_raw(wp_node_get(root, "o"), "{ }");
    assert_true(wp_node_uint(wp_node_get(root, "n"), &value));
    assert_int_equal(value, 12);
    assert_false(wp_node_uint(wp_node_get(root, "f"), &value));
    const wp_node_t *item = wp_node_get(root, "list")->child->next;
    s_raw(item, "{\"k\":true}");
    assert_true(wp_node_get(item, "k")->boolean);
    s_raw(wp_node_get(item, "k"), "true");
    s_raw(item->next, "null");
    s_raw(item->next->next, "\"\\\\\"");
    assert_null(wp_node_get(root, "missing"));
    assert_null(wp_node_get(item->next, "k"));
    wp_json_destroy(&json);
    assert_null(json);
}

static void test_numbers(void **state)
{
    static const struct {
        const char *text;
        bool good;
        uint64_t value;
    } cases[] = {{"[0]", true, 0},
                 {"[9007199254740991]", true, WP_UINT_MAX},
                 {"[9007199254740992]", false, 0},
                 {"[99999999999999999999999999]", false, 0},
                 {"[-1]", false, 0},
                 {"[1.0]", false, 0},
                 {"[1e2]", false, 0},
                 {"[\"1\"]", false, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint64_t value = 7;
        wp_json_t *json = s_parse(cases[i].text);
        assert_int_equal(wp_node_uint(wp_json_root(json)->child, &value), cases[i].good);
        assert_int_equal(value, cases[i].good ? cases[i].value : 7);
        wp_json_destroy(&json);
    }
    wp_json_t *json = s_parse("17");
    uint64_t value = 0;
    assert_true(wp_node_uint(wp_json_root(json), &value));
    assert_int_equal(value, 17);
    wp_json_destroy(&json);
}

static void test_refused(void **state)
{
    static const char *texts[] = {"",
                                  " ",
                                  "{",
                                  "{\"a\":1",
                                  "{\"a\":1}}",
                                  "{\"a\":1} x",
                                  "{}{}",
                                  "{\"a\":1,\"a\":2}",
                                  "{\"a\":1,\"\\u0061\":2}",
                                  "{\"o\":{\"b\":1,\"c\":2,\"b\":3}}",
                                  "{a:1}",
                                  "{'a':1}",
                                  "{\"a\":01}",
                                  "{\"a\":1,}",
                                  "[1,]",
                                  "{\"a\":\"\\u0000\"}",
                                  "{\"\\u0000\":1}",
                                  "{\"a\":\"\\ud834\"}",
                                  "{\"a\":\"\\ud834\\u0041\"}",
                                  "{\"a\":\"\\udd1e\"}",
                                  "{\"a\":\"\\x\"}",
                                  "{\"a\":\"\xC0\xAF\"}",
                                  "{\"a\":\"\n\"}",
                                  "\xEF\xBB\xBF{}",
                                  "// comment\n{}",
                                  "nul",
                                  "{\"a\":NaN}"};
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        wp_error_t err = {.code = WP_OK};
        wp_json_t *json = wp_json_parse(texts[i], strlen(texts[i]), &err);
        if (json)
            fail_msg("taken: %s", texts[i]);
        assert_int_equal(err.code, WP_BAD_JSON);
        assert_true(err.offset <= strlen(texts[i]));
        assert_true(strlen(err.message) > 0);
    }
}

static void test_offset(void **state)
{
    wp_error_t err;
    (void)state;
    assert_null(wp_json_parse("{\"a\":\"\\\\ \\udd1e\"}", 17, &err));
    assert_int_equal(err.offset, 9);
    assert_null(wp_json_parse("{\"a\":1,\"a\":2}", 13, &err));
    assert_int_equal(err.offset, 10);
    assert_non_null(strstr(err.message, "repeated"));
}

static void test_depth(void **state)
{
    (void)state;
    for (size_t depth = WP_JSON_DEPTH - 1; depth <= WP_JSON_DEPTH + 1; depth++) {
        char text[64] = "";
        for (size_t i = 0; i < depth; i++)
            strcat(text, "[");
        for (size_t i = 0; i < depth; i++)
            strcat(text, "]");
        wp_error_t err;
        wp_json_t *json = wp_json_parse(text, strlen(text), &err);
        assert_int_equal(json != NULL, depth <= WP_JSON_DEPTH);
        wp_json_destroy(&json);
    }
}

static void test_keys(void **state)
{
    (void)state;
    for (int more = 0; more < 2; more++) {
        wp_buf_t buf = WP_BUF_INIT;
        wp_writer_t writer = wp_writer(&buf);
        wp_write_object(&writer, NULL);
        for (int i = 0; i < WP_JSON_KEYS + more; i++) {
            char key[16];
            snprintf(key, sizeof key, "k%d", i);
            wp_write_null(&writer, key);
        }
        wp_write_object_end(&writer);
        wp_json_t *json = wp_json_parse(buf.data, buf.size, NULL);
        assert_int_equal(json != NULL, !more);
        wp_json_destroy(&json);
        wp_buf_free(&buf);
    }
}

/* Every prefix of a document is refused, and reads no byte beyond it (the sanitizer watches). */
static void test_prefixes(void **state)
{
    static const char text[] = "{\"a\":[true,\"\\u00e9\\\\\",{\"b\":null}],\"c\":-1.5}";
    (void)state;
    for (size_t size = 0; size < sizeof text - 1; size++) {
        char *copy = test_malloc(size ? size : 1);
        memcpy(copy, text, size);
        assert_null(wp_json_parse(copy, size, NULL));
        test_free(copy);
    }
}

static void test_writer(void **state)
{
    static const char expected[] =
        "{\"s\":\"a\\\"b\\\\c\\n\\r\\t\\u0001é\",\"u\":18446744073709551615,\"l\":[1,\"x\",{},[]],"
        "\"t\":true,"
        "\"f\":false,\"z\":null,\"r\":{\"q\":1},\"o\":{\"p\":2},\"k\\\"\":0}";
    wp_buf_t buf = WP_BUF_INIT;
    (void)state;
    for (int twice = 0; twice < 2; twice++) {
        wp_buf_clear(&buf);
        wp_writer_t w = wp_writer(&buf);
        wp_write_object(&w, NULL);
        wp_write_string(&w, "s", "a\"b\\c\n\r\t\x01é");
        wp_write_uint(&w, "u", UINT64_MAX);
        wp_write_array(&w, "l");
        wp_write_uint(&w, NULL, 1);
        wp_write_bytes(&w, NULL, "xy", 1);
        wp_write_object(&w, NULL);
        wp_write_object_end(&w);
        wp_write_array(&w, NULL);
        wp_write_array_end(&w);
        wp_write_array_end(&w);
        wp_write_bool(&w, "t", true);
        wp_write_bool(&w, "f", false);
        wp_write_null(&w, "z");
        wp_write_raw(&w, "r", "{\"q\":1}", 7);
        wp_write_object(&w, "o");
        wp_write_uint(&w, "p", 2);
        wp_write_object_end(&w);
        wp_write_uint(&w, "k\"", 0);
        wp_write_object_end(&w);
        assert_int_equal(buf.size, strlen(expected));
        assert_memory_equal(buf.data, expected, buf.size);
        assert_false(buf.failed);
    }
    wp_json_t *json = wp_json_parse(buf.data, buf.size, NULL);
    assert_non_null(json);
    assert_string_equal(wp_node_string(wp_json_root(json), "s"), "a\"b\\c\n\r\t\x01é");
    wp_json_destroy(&json);
    wp_buf_free(&buf);
}

/* Whichever allocation fails, yajl's own included, the text is refused and nothing is lost. */
static void test_no_memory(void **state)
{
    wp_buf_t buf = WP_BUF_INIT;
    wp_writer_t w = wp_writer(&buf);
    unsigned failures = 0;
    (void)state;

    wp_write_array(&w, NULL);
    for (int i = 0; i < 2000; i++)
        wp_write_string(&w, NULL, "an \"escaped\" string, which yajl copies");
    for (int i = 0; i < 10; i++)
        wp_write_object(&w, i ? "within" : NULL);
    for (int i = 0; i < 10; i++)
        wp_write_object_end(&w);
    wp_write_array_end(&w);
    for (s_fails_at = 1;; s_fails_at++) {
        wp_error_t err = {.code = WP_OK};
        s_allocations = 0;
        wp_json_t *json = wp_json_parse(buf.data, buf.size, &err);
        if (json) {
            assert_true(s_allocations < s_fails_at);
            wp_json_destroy(&json);
            break;
        }
        assert_int_equal(err.code, WP_INTERNAL);
        failures++;
    }
    s_fails_at = 0;
    assert_true(failures > 2);
    wp_buf_free(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree),      cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_refused),   cmocka_unit_test(test_offset),
        cmocka_unit_test(test_depth),     cmocka_unit_test(test_keys),
        cmocka_unit_test(test_prefixes),  cmocka_unit_test(test_writer),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
