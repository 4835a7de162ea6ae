/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages: golden vectors as bytes, round trips, and what is refused with which code. Frames are
 * written as in PROTOCOL.md: a header, a request number, and then what the type has.
 */
#include "proto/message.h"

#include "cm.h"

#include <stdio.h>
#include <string.h>

#define REQUEST "\x00\x00\x00\x00\x00\x00\x01\x02"

/* The frames of a golden vector: each is a string, `json` and `text` may be NULL. */
typedef struct {
    wp_frame_t frames[8];
    size_t count;
    char header[4];
} s_frames_t;

static void s_frames(s_frames_t *ret, int type, const char *json, const char *text)
{
    memcpy(ret->header, "WN\x01", 3);
    ret->header[3] = (char)type;
    ret->frames[0] = (wp_frame_t){ret->header, 4};
    ret->frames[1] = (wp_frame_t){REQUEST, 8};
    ret->count = 2;
    if (json)
        ret->frames[ret->count++] = (wp_frame_t){json, strlen(json)};
    if (text)
        ret->frames[ret->count++] = (wp_frame_t){text, strlen(text)};
}

static const struct {
    wp_at_t at;
    int type;
    const char *json, *text;
} s_golden[] = {
    {WP_AT_INTAKE, WP_HELLO, "{\"client\":\"winnow 0.1.0\"}", NULL},
    {WP_AT_INTAKE, WP_PUSH, "{}", "It rained."},
    {WP_AT_INTAKE, WP_PUSH,
     "{\"id\":\"https://example.org/1\",\"source\":\"Example\",\"url\":\"https://example.org/1\","
     "\"title\":\"Rain, \\\"again\\\"\",\"published\":\"2022-06-23\",\"answer\":\"accepted\"}",
     "It rained – again."},
    {WP_AT_INTAKE, WP_RETRACT, "{\"id\":\"a\"}", NULL},
    {WP_AT_INTAKE, WP_RETRY, "{\"id\":\"a\"}", NULL},
    {WP_AT_INTAKE, WP_PING, NULL, NULL},
    {WP_AT_QUERY, WP_PING, NULL, NULL},
    {WP_AT_INTAKE, WP_BYE, NULL, NULL},
    {WP_AT_QUERY, WP_STATUS, NULL, NULL},
    {WP_AT_QUERY, WP_QUERY, "{}", NULL},
    {WP_AT_QUERY, WP_QUERY,
     "{\"kind\":\"investment\",\"entity\":\"BMW\",\"place\":\"Shenyang\",\"since\":\"2022-01\","
     "\"until\":\"2022-12-31\",\"min\":\"1000000000.5\",\"unit\":\"CNY\",\"text\":\"plant\","
     "\"article\":\"a\","
     "\"after\":\"x\",\"retracted\":true,\"limit\":1000}",
     NULL},
    {WP_AT_QUERY, WP_SHOW, "{\"id\":\"12.3\"}", NULL},
    {WP_AT_QUERY, WP_SHOW, "{\"fact\":\"12.3\"}", NULL},
    {WP_AT_QUERY, WP_SHOW, "{\"article\":\"a\"}", NULL},
    {WP_AT_QUERY, WP_ARTICLES,
     "{\"state\":\"failed\",\"source\":\"s\",\"after\":\"1\",\"limit\":1}", NULL},
    {WP_AT_QUERY, WP_REPLAY,
     "{\"from\":1,\"prefixes\":[\"fact.investment.\",\"article\"],\"limit\":1000}", NULL},
    {WP_AT_INTAKE_CLIENT, WP_WELCOME,
     "{\"server\":\"winnowd "
     "0.1.0\",\"versions\":[1],\"epoch\":\"e\",\"instance\":\"i\",\"last\":4711,"
     "\"credit\":{\"messages\":512,\"bytes\":8388608},"
     "\"limits\":{\"text\":1048576,\"id\":1024,\"source\":256,\"url\":2048,\"title\":1024}}",
     NULL},
    {WP_AT_INTAKE_CLIENT, WP_ACCEPTED,
     "{\"id\":\"a\",\"revision\":1,\"duplicate\":false,\"state\":\"accepted\"}", NULL},
    {WP_AT_INTAKE_CLIENT, WP_STORED,
     "{\"id\":\"a\",\"revision\":2,\"duplicate\":true,\"state\":\"failed\",\"reason\":\"too "
     "much\",\"facts\":0,"
     "\"first\":0,\"last\":9007199254740991}",
     NULL},
    {WP_AT_INTAKE_CLIENT, WP_REFUSED,
     "{\"code\":\"invalid_utf8\",\"message\":\"bad\",\"field\":\"id\",\"versions\":[1],\"offset\":"
     "0,"
     "\"retry\":false,\"retry_after\":1000}",
     NULL},
    {WP_AT_INTAKE_CLIENT, WP_PONG,
     "{\"epoch\":\"e\",\"instance\":\"i\",\"last\":0,\"session\":true}", NULL},
    {WP_AT_INTAKE_CLIENT, WP_DRAIN, NULL, NULL},
    {WP_AT_QUERY_CLIENT, WP_RESULT, "{\"any\":[{\"thing\":1}]}", NULL},
    {WP_AT_QUERY_CLIENT, WP_ROWS, "{\"count\":1,\"next\":\"n\"}", "{\"row\":1}"},
    {WP_AT_QUERY_CLIENT, WP_ROWS, "{\"count\":0,\"next\":null}", NULL},
    {WP_AT_QUERY_CLIENT, WP_EVENTS, "{\"epoch\":\"e\",\"count\":0,\"complete\":7,\"last\":9}",
     NULL},
};
#define GOLDEN (sizeof s_golden / sizeof s_golden[0])

static void s_golden_frames(size_t i, s_frames_t *ret)
{
    s_frames(ret, s_golden[i].type, s_golden[i].json, s_golden[i].text);
}

/* Decoding and encoding again gives the same bytes: the tables write what they read. */
static void test_golden(void **state)
{
    (void)state;
    for (size_t i = 0; i < GOLDEN; i++) {
        s_frames_t in;
        wp_message_t message;
        wp_error_t err;
        wp_packet_t packet = WP_PACKET_INIT;

        s_golden_frames(i, &in);
        if (wp_message_decode(s_golden[i].at, in.frames, in.count, &message, &err) != 0)
            fail_msg("%s: %s", wp_type_name((wp_type_t)s_golden[i].type), err.message);
        assert_int_equal(message.type, s_golden[i].type);
        assert_int_equal(message.request, 258);
        assert_int_equal(wp_message_encode(&message, &packet), 0);
        assert_int_equal(packet.count + message.rest_count, in.count);
        for (size_t k = 0; k < in.count; k++) {
            const wp_frame_t *out =
                k < packet.count ? &packet.frames[k] : &message.rest[k - packet.count];
            assert_int_equal(out->size, in.frames[k].size);
            assert_memory_equal(out->data, in.frames[k].data, out->size);
        }
        wp_packet_free(&packet);
        wp_message_clear(&message);
    }
}

/* Each message is taken at its own place only. */
static void test_places(void **state)
{
    static const wp_at_t places[] = {WP_AT_INTAKE, WP_AT_QUERY, WP_AT_INTAKE_CLIENT,
                                     WP_AT_QUERY_CLIENT};
    (void)state;
    for (size_t i = 0; i < GOLDEN; i++) {
        int taken = 0;
        for (size_t k = 0; k < 4; k++) {
            s_frames_t in;
            wp_message_t message;
            wp_error_t err;
            s_golden_frames(i, &in);
            if (wp_message_decode(places[k], in.frames, in.count, &message, &err) == 0)
                taken++;
            else
                assert_int_equal(err.code, WP_BAD_MESSAGE);
            wp_message_clear(&message);
        }
        int both = s_golden[i].type == WP_PING || s_golden[i].type == WP_PONG ||
                   s_golden[i].type == WP_REFUSED;
        assert_int_equal(taken, both ? 2 : 1);
    }
}

/* No message with a frame too few or too many, or with any frame but text cut short, is taken. */
static void test_truncated(void **state)
{
    (void)state;
    for (size_t i = 0; i < GOLDEN; i++) {
        s_frames_t in;
        wp_message_t message;
        wp_error_t err;
        s_golden_frames(i, &in);
        for (size_t count = 0; count <= in.count + 1; count++) {
            in.frames[in.count] = (wp_frame_t){"{}", 2};
            if (count == in.count)
                continue;
            assert_int_equal(wp_message_decode(s_golden[i].at, in.frames, count, &message, &err),
                             -1);
            assert_int_equal(err.code, WP_BAD_MESSAGE);
            wp_message_clear(&message);
        }
        for (size_t k = 0; k < in.count && k < 3; k++) {
            size_t full = in.frames[k].size;
            for (size_t size = 0; size < full; size++) {
                char *copy = test_malloc(size + 1);
                memcpy(copy, in.frames[k].data, size);
                wp_frame_t keep = in.frames[k];
                in.frames[k] = (wp_frame_t){copy, size};
                assert_int_equal(
                    wp_message_decode(s_golden[i].at, in.frames, in.count, &message, &err), -1);
                assert_int_equal(err.code, k < 2 ? WP_BAD_MESSAGE : WP_BAD_JSON);
                assert_int_equal(message.request, k == 1 ? 0 : 258);
                wp_message_clear(&message);
                in.frames[k] = keep;
                test_free(copy);
            }
        }
    }
}

static void s_refused(wp_at_t at, int type, const char *json, const char *text, wp_code_t code,
                      const char *field)
{
    s_frames_t in;
    wp_message_t message;
    wp_error_t err = {.code = WP_OK};
    s_frames(&in, type, json, text);
    if (wp_message_decode(at, in.frames, in.count, &message, &err) == 0)
        fail_msg("taken: %s", json);
    assert_string_equal(wp_code_name(err.code), wp_code_name(code));
    assert_string_equal(err.field, field);
    assert_int_equal(message.request, 258);
    assert_null(message.json);
    wp_message_clear(&message);
}

static void test_fields(void **state)
{
    (void)state;
    s_refused(WP_AT_INTAKE, WP_HELLO, "{}", NULL, WP_BAD_FIELD, "client");
    s_refused(WP_AT_INTAKE, WP_HELLO, "[]", NULL, WP_BAD_JSON, "");
    s_refused(WP_AT_INTAKE, WP_PUSH, "{\"id\":\"\"}", "x", WP_BAD_FIELD, "id");
    s_refused(WP_AT_INTAKE, WP_PUSH, "{\"id\":null}", "x", WP_BAD_FIELD, "id");
    s_refused(WP_AT_INTAKE, WP_PUSH, "{\"title\":\"a\\nb\"}", "x", WP_BAD_FIELD, "title");
    s_refused(WP_AT_INTAKE, WP_PUSH, "{\"published\":\"yesterday\"}", "x", WP_BAD_FIELD,
              "published");
    s_refused(WP_AT_INTAKE, WP_PUSH, "{\"answer\":\"never\"}", "x", WP_BAD_FIELD, "answer");
    s_refused(WP_AT_INTAKE, WP_PUSH, "{\"answer\":\"accepted stored\"}", "x", WP_BAD_FIELD,
              "answer");
    s_refused(WP_AT_INTAKE, WP_PUSH, "{\"extra\":1}", "x", WP_BAD_FIELD, "extra");
    s_refused(WP_AT_INTAKE, WP_PUSH, "{\"id\":\"a\",\"id\":\"b\"}", "x", WP_BAD_JSON, "");
    s_refused(WP_AT_QUERY, WP_QUERY, "{\"limit\":0}", NULL, WP_BAD_FIELD, "limit");
    s_refused(WP_AT_QUERY, WP_QUERY, "{\"limit\":1001}", NULL, WP_BAD_FIELD, "limit");
    s_refused(WP_AT_QUERY, WP_QUERY, "{\"min\":\"1e9\"}", NULL, WP_BAD_FIELD, "min");
    s_refused(WP_AT_QUERY, WP_QUERY, "{\"min\":\".5\"}", NULL, WP_BAD_FIELD, "min");
    s_refused(WP_AT_QUERY, WP_QUERY, "{\"unit\":\"usd\"}", NULL, WP_BAD_FIELD, "unit");
    s_refused(WP_AT_QUERY, WP_QUERY, "{\"since\":\"2022-02-30\"}", NULL, WP_BAD_FIELD, "since");
    s_refused(WP_AT_QUERY, WP_QUERY, "{\"since\":\"2022-\"}", NULL, WP_BAD_FIELD, "since");
    s_refused(WP_AT_QUERY, WP_QUERY, "{\"until\":\"2022-13\"}", NULL, WP_BAD_FIELD, "until");
    s_refused(WP_AT_QUERY, WP_QUERY, "{\"kind\":\"fact.x\"}", NULL, WP_BAD_FIELD, "kind");
    s_refused(WP_AT_QUERY, WP_SHOW, "{}", NULL, WP_BAD_FIELD, "id");
    s_refused(WP_AT_QUERY, WP_SHOW, "{\"id\":\"a\",\"fact\":\"b\"}", NULL, WP_BAD_FIELD, "id");
    s_refused(WP_AT_QUERY, WP_REPLAY, "{}", NULL, WP_BAD_FIELD, "from");
    s_refused(WP_AT_QUERY, WP_REPLAY, "{\"from\":0}", NULL, WP_BAD_FIELD, "from");
    s_refused(WP_AT_QUERY, WP_REPLAY, "{\"from\":1,\"prefixes\":[1]}", NULL, WP_BAD_FIELD,
              "prefixes");
}

static void test_text(void **state)
{
    s_frames_t in;
    wp_message_t message;
    wp_error_t err;
    (void)state;

    s_refused(WP_AT_INTAKE, WP_PUSH, "{\"id\":\"x\"}", "", WP_EMPTY_TEXT, "");
    s_frames(&in, WP_PUSH, "{\"id\":\"x\"}", "It was a caf\xE9.");
    assert_int_equal(wp_message_decode(WP_AT_INTAKE, in.frames, in.count, &message, &err), -1);
    assert_int_equal(err.code, WP_INVALID_UTF8);
    assert_int_equal(err.offset, 12);
    assert_string_equal(err.message, "article \"x\": invalid UTF-8 at byte 12");
    in.frames[3] = (wp_frame_t){"a\0b", 3};
    assert_int_equal(wp_message_decode(WP_AT_INTAKE, in.frames, in.count, &message, &err), -1);
    assert_int_equal(err.code, WP_NUL_BYTE);
    assert_int_equal(err.offset, 1);

    char *text = test_malloc(WP_TEXT_MAX + 1);
    memset(text, 'x', WP_TEXT_MAX + 1);
    in.frames[3] = (wp_frame_t){text, WP_TEXT_MAX};
    assert_int_equal(wp_message_decode(WP_AT_INTAKE, in.frames, in.count, &message, &err), 0);
    assert_ptr_equal(message.body.push.text.data, text);
    assert_int_equal(message.body.push.bytes, WP_TEXT_MAX + strlen("{\"id\":\"x\"}"));
    wp_message_clear(&message);
    in.frames[3].size++;
    assert_int_equal(wp_message_decode(WP_AT_INTAKE, in.frames, in.count, &message, &err), -1);
    assert_int_equal(err.code, WP_TOO_LARGE);

    /* a frame that is not text has a lower limit */
    in.frames[2] = (wp_frame_t){text, WP_FRAME_MAX + 1};
    in.frames[3].size = 1;
    assert_int_equal(wp_message_decode(WP_AT_INTAKE, in.frames, in.count, &message, &err), -1);
    assert_int_equal(err.code, WP_BAD_MESSAGE);
    in.frames[2].size--;
    assert_int_equal(wp_message_decode(WP_AT_INTAKE, in.frames, in.count, &message, &err), -1);
    assert_int_equal(err.code, WP_BAD_JSON);
    test_free(text);
}

static void test_limits(void **state)
{
    static const struct {
        const char *field;
        size_t max;
    } limits[] = {{"id", 1024}, {"source", 256}, {"url", 2048}, {"title", 1024}};
    (void)state;
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        char value[4096];
        char json[5000];
        s_frames_t in;
        wp_message_t message;
        wp_error_t err;
        memset(value, 'v', sizeof value);
        snprintf(json, sizeof json, "{\"%s\":\"%.*s\"}", limits[i].field, (int)limits[i].max,
                 value);
        s_frames(&in, WP_PUSH, json, "x");
        assert_int_equal(wp_message_decode(WP_AT_INTAKE, in.frames, in.count, &message, &err), 0);
        wp_message_clear(&message);
        snprintf(json, sizeof json, "{\"%s\":\"%.*s\"}", limits[i].field, (int)limits[i].max + 1,
                 value);
        s_refused(WP_AT_INTAKE, WP_PUSH, json, "x", WP_BAD_FIELD, limits[i].field);
    }
}

static void test_version(void **state)
{
    s_frames_t in;
    wp_message_t message;
    wp_message_t answer;
    wp_error_t err;
    wp_packet_t packet = WP_PACKET_INIT;
    static const char expected[] =
        "{\"code\":\"bad_version\",\"message\":\"version 2 is not spoken here\","
        "\"versions\":[1],\"retry\":false}";
    (void)state;

    s_frames(&in, WP_PING, NULL, NULL);
    in.header[2] = 2;
    assert_int_equal(wp_message_decode(WP_AT_INTAKE, in.frames, in.count, &message, &err), -1);
    assert_int_equal(err.code, WP_BAD_VERSION);
    assert_int_equal(message.request, 258);
    wp_refused_from(&err, message.request, &answer);
    assert_int_equal(wp_message_encode(&answer, &packet), 0);
    assert_memory_equal(packet.frames[0].data, "WN\x01\x84", 4);
    assert_memory_equal(packet.frames[1].data, REQUEST, 8);
    assert_int_equal(packet.frames[2].size, strlen(expected));
    assert_memory_equal(packet.frames[2].data, expected, strlen(expected));
    wp_packet_free(&packet);
}

static void test_credit(void **state)
{
    wp_message_t out;
    wp_message_t in;
    wp_error_t err;
    wp_packet_t packet = WP_PACKET_INIT;
    (void)state;

    wp_message_init(&out, WP_CREDIT, 0);
    out.body.credit.messages = 0x01020304;
    out.body.credit.bytes = UINT64_C(0x0102030405060708);
    assert_int_equal(wp_message_encode(&out, &packet), 0);
    assert_int_equal(packet.count, 4);
    assert_memory_equal(packet.frames[2].data, "\x01\x02\x03\x04", 4);
    assert_memory_equal(packet.frames[3].data, "\x01\x02\x03\x04\x05\x06\x07\x08", 8);
    assert_int_equal(wp_message_decode(WP_AT_INTAKE_CLIENT, packet.frames, 4, &in, &err), 0);
    assert_int_equal(in.body.credit.messages, 0x01020304);
    assert_int_equal(in.body.credit.bytes, UINT64_C(0x0102030405060708));
    packet.frames[3].size = 7;
    assert_int_equal(wp_message_decode(WP_AT_INTAKE_CLIENT, packet.frames, 4, &in, &err), -1);
    wp_packet_free(&packet);
}

static void test_counts(void **state)
{
    s_frames_t in;
    wp_message_t message;
    wp_error_t err;
    (void)state;

    s_frames(&in, WP_ROWS, "{\"count\":2,\"next\":null}", "{}");
    assert_int_equal(wp_message_decode(WP_AT_QUERY_CLIENT, in.frames, 4, &message, &err), -1);
    assert_int_equal(err.code, WP_BAD_MESSAGE);
    s_frames(&in, WP_ROWS, "{\"count\":9007199254740991,\"next\":null}", NULL);
    assert_int_equal(wp_message_decode(WP_AT_QUERY_CLIENT, in.frames, 3, &message, &err), -1);
    s_frames(&in, WP_EVENTS, "{\"epoch\":\"e\",\"count\":1,\"complete\":1,\"last\":1}",
             "article.stored");
    assert_int_equal(wp_message_decode(WP_AT_QUERY_CLIENT, in.frames, 4, &message, &err), -1);
    in.frames[4] = (wp_frame_t){REQUEST, 8};
    in.frames[5] = (wp_frame_t){"{}", 2};
    assert_int_equal(wp_message_decode(WP_AT_QUERY_CLIENT, in.frames, 6, &message, &err), 0);
    assert_int_equal(message.rest_count, 3);
    assert_ptr_equal(message.rest, in.frames + 3);
    wp_message_clear(&message);
}

static void test_codes(void **state)
{
    int retry = 0;
    (void)state;
    assert_null(wp_code_name(WP_OK));
    assert_null(wp_code_name(WP_CODES));
    for (int i = WP_BAD_MESSAGE; i < WP_CODES; i++) {
        const char *name = wp_code_name((wp_code_t)i);
        assert_int_equal(wp_code_of(name, strlen(name)), i);
        retry += wp_code_retry((wp_code_t)i);
    }
    assert_int_equal(retry, 6);
    assert_int_equal(wp_code_of("later", 5), WP_INTERNAL);
}

/* A message about hostile bytes can itself be sent. */
static void test_error_is_text(void **state)
{
    wp_error_t err;
    char long_id[400];
    (void)state;
    memset(long_id, 'x', sizeof long_id);
    long_id[sizeof long_id - 1] = '\0';
    wp_fail(&err, WP_BAD_FIELD, "f\xFF", "%s \xC3", "a\x80");
    assert_string_equal(err.field, "f?");
    assert_string_equal(err.message, "a? ?");
    wp_fail(&err, WP_BAD_FIELD,
            "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9", "%s",
            long_id);
    assert_string_equal(err.field,
                        "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9?");
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),        cmocka_unit_test(test_places),
        cmocka_unit_test(test_truncated),     cmocka_unit_test(test_fields),
        cmocka_unit_test(test_text),          cmocka_unit_test(test_limits),
        cmocka_unit_test(test_version),       cmocka_unit_test(test_credit),
        cmocka_unit_test(test_counts),        cmocka_unit_test(test_codes),
        cmocka_unit_test(test_error_is_text),
    };
    return cmocka_run_group_tests_name("message", tests, NULL, NULL);
}
