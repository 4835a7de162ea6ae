/* SPDX-License-Identifier: Apache-2.0 */
/* Messages over real sockets: whole, in order, with a limit on frames, freed when handed over. */
#include "proto/wire.h"

#include "cm.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    void *context;
    void *router;
    void *dealer;
} s_pair_t;

static int s_setup(void **state)
{
    s_pair_t *pair = calloc(1, sizeof *pair);
    pair->context = zmq_ctx_new();
    pair->router = zmq_socket(pair->context, ZMQ_ROUTER);
    pair->dealer = zmq_socket(pair->context, ZMQ_DEALER);
    int one = 1;
    zmq_setsockopt(pair->router, ZMQ_ROUTER_MANDATORY, &one, sizeof one);
    int rc = zmq_bind(pair->router, "inproc://wire") | zmq_connect(pair->dealer, "inproc://wire");
    *state = pair;
    return rc;
}

static int s_teardown(void **state)
{
    s_pair_t *pair = *state;
    zmq_close(pair->router);
    zmq_close(pair->dealer);
    zmq_ctx_term(pair->context);
    free(pair);
    return 0;
}

static void test_there_and_back(void **state)
{
    s_pair_t *pair = *state;
    wp_packet_t packet = WP_PACKET_INIT;
    wp_parts_t parts = WP_PARTS_INIT;
    wp_message_t message;
    wp_error_t err;

    wp_message_init(&message, WP_PUSH, 9);
    message.body.push.id = (wp_str_t){"a", 1};
    message.body.push.text = (wp_str_t){"It rained.", 10};
    assert_int_equal(wp_send_message(pair->dealer, NULL, &message, &packet, 0), 0);
    assert_int_equal(wp_parts_recv(&parts, pair->router, 1 + WP_REQUEST_PARTS, 0), 0);
    assert_int_equal(parts.count, 5);
    assert_false(parts.overflow);
    assert_int_equal(
        wp_message_decode(WP_AT_INTAKE, parts.frames + 1, parts.count - 1, &message, &err), 0);
    assert_string_equal(message.body.push.id.data, "a");
    wp_message_clear(&message);

    /* an answer with more rows than a first array holds */
    wp_frame_t rows[WP_PAGE_MAX];
    for (size_t i = 0; i < WP_PAGE_MAX; i++)
        rows[i] = (wp_frame_t){"{\"row\":1}", 9};
    wp_message_init(&message, WP_ROWS, 9);
    message.body.rows.count = WP_PAGE_MAX;
    message.rest = rows;
    message.rest_count = WP_PAGE_MAX;
    wp_frame_t peer = parts.frames[0];
    assert_int_equal(wp_send_message(pair->router, &peer, &message, &packet, 0), 0);
    assert_int_equal(wp_parts_recv(&parts, pair->dealer, WP_ANSWER_PARTS, 0), 0);
    assert_int_equal(
        wp_message_decode(WP_AT_QUERY_CLIENT, parts.frames, parts.count, &message, &err), 0);
    assert_int_equal(message.rest_count, WP_PAGE_MAX);
    for (size_t i = 0; i < WP_PAGE_MAX; i++)
        assert_memory_equal(message.rest[i].data, "{\"row\":1}", 9);
    wp_message_clear(&message);
    wp_parts_free(&parts);
    wp_packet_free(&packet);
}

static void test_overflow(void **state)
{
    s_pair_t *pair = *state;
    wp_parts_t parts = WP_PARTS_INIT;
    wp_out_t frames[100];

    for (size_t i = 0; i < 100; i++)
        frames[i] = (wp_out_t){"x", 1, NULL, NULL};
    assert_int_equal(wp_send_frames(pair->dealer, frames, 100, 0), 0);
    assert_int_equal(wp_send_frames(pair->dealer, frames, 2, 0), 0);
    assert_int_equal(wp_parts_recv(&parts, pair->router, 5, 0), 0);
    assert_int_equal(parts.count, 5);
    assert_true(parts.overflow);
    /* the rest of it is gone; the next message is whole */
    assert_int_equal(wp_parts_recv(&parts, pair->router, 5, 0), 0);
    assert_int_equal(parts.count, 3);
    assert_false(parts.overflow);
    assert_int_equal(wp_parts_recv(&parts, pair->router, 5, ZMQ_DONTWAIT), -1);
    assert_int_equal(errno, EAGAIN);
    assert_int_equal(parts.count, 0);
    wp_parts_free(&parts);
}

static void s_count_free(void *data, void *hint)
{
    free(data);
    ++*(int *)hint;
}

static void test_handed_over(void **state)
{
    s_pair_t *pair = *state;
    wp_parts_t parts = WP_PARTS_INIT;
    int freed = 0;

    /* nobody has this routing id: nothing is sent, and what was handed over is freed */
    wp_out_t lost[] = {{"nobody", 6, NULL, NULL},
                       {strdup("one"), 3, s_count_free, &freed},
                       {strdup("two"), 3, s_count_free, &freed}};
    assert_int_equal(wp_send_frames(pair->router, lost, 3, ZMQ_DONTWAIT), -1);
    assert_int_equal(errno, EHOSTUNREACH);
    assert_int_equal(freed, 2);

    char *big = malloc(100000);
    memset(big, 'x', 100000);
    wp_out_t sent[] = {{"a", 1, NULL, NULL}, {big, 100000, s_count_free, &freed}};
    assert_int_equal(wp_send_frames(pair->dealer, sent, 2, 0), 0);
    assert_int_equal(wp_parts_recv(&parts, pair->router, 8, 0), 0);
    assert_ptr_equal(parts.frames[2].data, big);
    wp_parts_free(&parts);
    assert_int_equal(freed, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_there_and_back, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown(test_overflow, s_setup, s_teardown),
        cmocka_unit_test_setup_teardown(test_handed_over, s_setup, s_teardown),
    };
    return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}
