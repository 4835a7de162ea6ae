/* SPDX-License-Identifier: Apache-2.0 */
/* Topics, events and heartbeats; events whose three frames contradict each other are refused. */
#include "proto/event.h"

#include "cm.h"

#include <string.h>

static void s_is(wp_str_t string, const char *expected)
{
    assert_int_equal(string.size, strlen(expected));
    assert_memory_equal(string.data, expected, string.size);
}

static void test_topics(void **state)
{
    static const char *bad[] = {"",
                                "fact",
                                "fact.",
                                "fact.investment",
                                "fact.investment.",
                                "fact..created",
                                "fact.a.b.c",
                                "article",
                                "article.",
                                "article.a.b",
                                "winnow",
                                "winnow.other",
                                "fact.Investment.created",
                                "fact.a b.created",
                                ".fact.a.b",
                                "article.stored.",
                                "facts.a.b"};
    wp_topic_t topic;
    (void)state;

    assert_int_equal(wp_topic_parse("fact.facility_event.created", 27, &topic), 0);
    assert_int_equal(topic.class, WP_TOPIC_FACT);
    s_is(topic.stream, "fact.facility_event");
    s_is(topic.kind, "facility_event");
    s_is(topic.change, "created");
    assert_int_equal(wp_topic_parse("article.stored", 14, &topic), 0);
    assert_int_equal(topic.class, WP_TOPIC_ARTICLE);
    s_is(topic.stream, "article");
    s_is(topic.change, "stored");
    assert_null(topic.kind.data);
    assert_int_equal(wp_topic_parse("winnow.heartbeat", 16, &topic), 0);
    assert_int_equal(topic.class, WP_TOPIC_BEAT);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(wp_topic_parse(bad[i], strlen(bad[i]), &topic), -1);
}

#define BODY                                                                                       \
    "{\"epoch\":\"e\",\"seq\":101,\"prev\":97,\"time\":\"t\",\"change\":\"created\",\"fact\":"     \
    "\"12.3\","                                                                                    \
    "\"article\":{\"id\":\"a\"},\"record\":{\"kind\":\"investment\"},\"new\":1}"
#define SEQ "\0\0\0\0\0\0\0\x65"

static int s_decode(const char *topic, const char *seq, size_t seq_size, const char *body,
                    wp_event_t *ret_event)
{
    wp_frame_t frames[3] = {{topic, strlen(topic)}, {seq, seq_size}, {body, strlen(body)}};
    return wp_event_decode(frames, ret_event, NULL);
}

static void test_event(void **state)
{
    wp_event_t event;
    (void)state;
    assert_int_equal(s_decode("fact.investment.created", SEQ, 8, BODY, &event), 0);
    assert_int_equal(event.seq, 101);
    assert_int_equal(event.prev, 97);
    s_is(event.fact, "12.3");
    s_is(event.record, "{\"kind\":\"investment\"}");
    s_is(event.article, "{\"id\":\"a\"}");
    wp_event_clear(&event);
    assert_null(event.json);

    assert_int_equal(
        s_decode("article.stored", SEQ, 8,
                 "{\"epoch\":\"e\",\"seq\":101,\"prev\":0,\"time\":\"t\",\"state\":\"stored\","
                 "\"facts\":12,\"article\":{}}",
                 &event),
        0);
    assert_int_equal(event.facts, 12);
    wp_event_clear(&event);
}

static void test_contradictions(void **state)
{
    wp_event_t event = {.seq = 5};
    (void)state;
    assert_int_equal(s_decode("fact.investment.created", SEQ, 7, BODY, &event), -1);
    assert_int_equal(s_decode("fact.investment.created", "\0\0\0\0\0\0\0\x66", 8, BODY, &event),
                     -1);
    assert_int_equal(s_decode("fact.investment.retracted", SEQ, 8, BODY, &event), -1);
    assert_int_equal(s_decode("article.created", SEQ, 8, BODY, &event), -1);
    assert_int_equal(s_decode("winnow.heartbeat", SEQ, 8, BODY, &event), -1);
    assert_int_equal(s_decode("nothing", SEQ, 8, BODY, &event), -1);
    assert_int_equal(s_decode("fact.investment.created", SEQ, 8, "{}", &event), -1);
    assert_int_equal(
        s_decode("fact.investment.created", SEQ, 8,
                 "{\"epoch\":\"e\",\"seq\":101,\"prev\":101,\"time\":\"t\",\"change\":\"created\","
                 "\"fact\":\"1\",\"article\":{},\"record\":{}}",
                 &event),
        -1);
    assert_int_equal(event.seq, 5);
    static const char body[] = BODY;
    for (size_t size = 0; size < sizeof body - 1; size++) {
        wp_frame_t frames[3] = {{"fact.investment.created", 23}, {SEQ, 8}, {body, size}};
        assert_int_equal(wp_event_decode(frames, &event, NULL), -1);
    }
}

static void test_heartbeat(void **state)
{
    wp_buf_t buf = WP_BUF_INIT;
    wp_heartbeat_t beat;
    wp_str_t streams = {"{\"article\":112,\"fact.investment\":101}", 37};
    (void)state;

    wp_heartbeat_write(&buf, "e", 112, "2026-11-21T23:00:00.123Z", streams);
    wp_frame_t frames[3] = {
        {WP_TOPIC_HEARTBEAT, 16}, {"\0\0\0\0\0\0\0\x70", 8}, {buf.data, buf.size}};
    assert_int_equal(wp_heartbeat_decode(frames, &beat, NULL), 0);
    assert_int_equal(beat.seq, 112);
    s_is(beat.epoch, "e");
    assert_int_equal(wp_heartbeat_stream(&beat, "article"), 112);
    assert_int_equal(wp_heartbeat_stream(&beat, "fact.investment"), 101);
    assert_int_equal(wp_heartbeat_stream(&beat, "fact.other"), 0);
    wp_heartbeat_clear(&beat);
    frames[1].data = "\0\0\0\0\0\0\0\x71";
    assert_int_equal(wp_heartbeat_decode(frames, &beat, NULL), -1);
    frames[0].size = 15;
    assert_int_equal(wp_heartbeat_decode(frames, &beat, NULL), -1);
    wp_buf_free(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_topics),
        cmocka_unit_test(test_event),
        cmocka_unit_test(test_contradictions),
        cmocka_unit_test(test_heartbeat),
    };
    return cmocka_run_group_tests_name("event", tests, NULL, NULL);
}
