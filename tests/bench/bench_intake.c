/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pushes articles to a winnowd as fast as its credit and --window allow, or at --rate a second, and
 * prints what came of it as one line of JSON: how many a second, and how long the answers took.
 *
 *   bench_intake ENDPOINT [--count N] [--window N] [--size BYTES] [--texts FILE] [--rate N]
 *                         [--connections N] [--events ENDPOINT]
 *
 * An answer is ACCEPTED: the article is durable then. With --events it subscribes there too, and
 * measures each push until its article.stored event. It speaks the protocol by libzmq alone, so
 * what is measured is the daemon and a plain client.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#include "bench.h"

enum { S_HELLO = 0x01, S_PUSH = 0x02, S_WELCOME = 0x81, S_ACCEPTED, S_STORED, S_REFUSED, S_CREDIT };

typedef struct {
    uint64_t count, window, size, rate, connections;
    const char *endpoint, *events, *texts;
} s_options_t;

typedef struct {
    void *socket;
    uint64_t credit_messages, credit_bytes, used_messages, used_bytes;
    bool welcome;
} s_connection_t;

typedef struct {
    uint64_t at;    /* when it was sent */
    uint32_t bytes; /* of credit */
    uint32_t connection;
} s_push_t;

static void s_put64(unsigned char *p, uint64_t n)
{
    for (int i = 0; i < 8; i++)
        p[i] = (unsigned char)(n >> (56 - 8 * i));
}

static uint64_t s_get(const unsigned char *p, size_t size)
{
    uint64_t n = 0;
    for (size_t i = 0; i < size; i++)
        n = n << 8 | p[i];
    return n;
}

static void s_send(void *socket, const void *data, size_t size, int flags)
{
    if (zmq_send(socket, data, size, flags) < 0)
        bench_die("send: %s", zmq_strerror(errno));
}

static void s_head(void *socket, unsigned char type, uint64_t request)
{
    unsigned char head[4] = {'W', 'N', 1, type}, number[8];
    s_put64(number, request);
    s_send(socket, head, sizeof head, ZMQ_SNDMORE);
    s_send(socket, number, sizeof number, ZMQ_SNDMORE);
}

static void *s_socket(void *context, int type, const char *endpoint)
{
    void *socket = zmq_socket(context, type);
    int zero = 0;
    zmq_setsockopt(socket, ZMQ_LINGER, &zero, sizeof zero);
    zmq_setsockopt(socket, ZMQ_SNDHWM, &zero, sizeof zero);
    zmq_setsockopt(socket, ZMQ_RCVHWM, &zero, sizeof zero);
    if (!socket || zmq_connect(socket, endpoint) != 0)
        bench_die("%s: %s", endpoint, zmq_strerror(errno));
    return socket;
}

/* A number after `key` in a JSON text that we know the form of. */
static uint64_t s_find(const char *json, const char *key)
{
    const char *p = strstr(json, key);
    return p ? strtoull(p + strlen(key), NULL, 10) : 0;
}

/* Takes one whole message into `frames` (at most 4 kept, each a NUL behind); false: none there. */
typedef struct {
    char data[4][4096];
    size_t size[4];
    size_t count;
} s_message_t;

static bool s_receive(void *socket, s_message_t *message)
{
    message->count = 0;
    for (;;) {
        zmq_msg_t part;
        zmq_msg_init(&part);
        if (zmq_msg_recv(&part, socket, message->count ? 0 : ZMQ_DONTWAIT) < 0) {
            if (errno == EAGAIN || errno == EINTR)
                return false;
            bench_die("receive: %s", zmq_strerror(errno));
        }
        if (message->count < 4) {
            size_t n = zmq_msg_size(&part), keep = n < 4095 ? n : 4095;
            memcpy(message->data[message->count], zmq_msg_data(&part), keep);
            message->data[message->count][keep] = '\0';
            message->size[message->count++] = keep;
        }
        bool more = zmq_msg_more(&part);
        zmq_msg_close(&part);
        if (!more)
            return true;
    }
}

static s_options_t s_read_options(int argc, char **argv)
{
    s_options_t o = {.count = 100000, .window = 256, .size = 5000, .connections = 1};
    static const struct option names[] = {
        {"count", required_argument, NULL, 'n'},  {"window", required_argument, NULL, 'w'},
        {"size", required_argument, NULL, 's'},   {"texts", required_argument, NULL, 't'},
        {"rate", required_argument, NULL, 'r'},   {"connections", required_argument, NULL, 'c'},
        {"events", required_argument, NULL, 'e'}, {NULL, 0, NULL, 0}};
    int c;
    while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
        switch (c) {
        case 'n':
            o.count = bench_number("--count", optarg);
            break;
        case 'w':
            o.window = bench_number("--window", optarg);
            break;
        case 's':
            o.size = bench_number("--size", optarg);
            break;
        case 'r':
            o.rate = bench_number("--rate", optarg);
            break;
        case 'c':
            o.connections = bench_number("--connections", optarg);
            break;
        case 't':
            o.texts = optarg;
            break;
        case 'e':
            o.events = optarg;
            break;
        default:
            exit(2);
        }
    }
    if (optind + 1 != argc || !o.connections || !o.window || !o.count)
        bench_die(
            "usage: bench_intake ENDPOINT [--count N] [--window N] [--size BYTES] [--texts FILE] "
            "[--rate N] [--connections N] [--events ENDPOINT]");
    o.endpoint = argv[optind];
    return o;
}

int main(int argc, char **argv)
{
    s_options_t o = s_read_options(argc, argv);
    void *context = zmq_ctx_new();
    bench_texts_t texts;
    if (o.texts)
        bench_texts_read(&texts, o.texts);
    else
        bench_texts_fill(&texts, 64, o.size > 40 ? o.size - 20 : o.size);
    char *text = malloc(bench_texts_longest(&texts) + 32);
    s_push_t *push = calloc(o.count, sizeof *push);
    s_connection_t *connection = calloc(o.connections, sizeof *connection);
    zmq_pollitem_t *items = calloc(o.connections + 1, sizeof *items);
    s_message_t *message = malloc(sizeof *message);
    if (!text || !push || !connection || !items || !message)
        bench_die("no memory");

    static const char hello[] = "{\"client\":\"bench_intake\"}";
    for (size_t i = 0; i < o.connections; i++) {
        connection[i].socket = s_socket(context, ZMQ_DEALER, o.endpoint);
        s_head(connection[i].socket, S_HELLO, 0);
        s_send(connection[i].socket, hello, sizeof hello - 1, 0);
        items[i] = (zmq_pollitem_t){.socket = connection[i].socket, .events = ZMQ_POLLIN};
    }
    void *events = NULL;
    int item_count = (int)o.connections;
    char tag[32];
    int tag_size = snprintf(tag, sizeof tag, "bench:%x:", (unsigned)getpid());
    if (o.events) {
        events = s_socket(context, ZMQ_SUB, o.events);
        zmq_setsockopt(events, ZMQ_SUBSCRIBE, "article.", 8);
        /* A heartbeat proves that the subscription stands before the first push. */
        zmq_setsockopt(events, ZMQ_SUBSCRIBE, "winnow.heartbeat", 16);
        zmq_pollitem_t wait = {.socket = events, .events = ZMQ_POLLIN};
        if (zmq_poll(&wait, 1, 10000) != 1)
            bench_die("%s: no heartbeat in 10 s", o.events);
        items[item_count++] = wait;
    }

    bench_times_t accepted = {0}, stored = {0};
    uint64_t sent = 0, answered = 0, seen = 0, refused = 0, bytes = 0, begun = 0, ended = 0,
             welcomes = 0;
    uint64_t heard = bench_now();
    while (answered < o.count || (o.events && seen < o.count)) {
        /* Send what may be sent: by window, by credit, by rate. */
        bool stuck = welcomes < o.connections;
        while (!stuck && sent < o.count && sent - answered < o.window) {
            if (o.rate && sent >= (bench_now() - begun) * o.rate / 1000000000u)
                break;
            size_t at = 0;
            size_t size = bench_texts_make(&texts, sent, text);
            char meta[128];
            int m = snprintf(meta, sizeof meta,
                             "{\"id\":\"%s%" PRIu64 "\",\"answer\":\"accepted\"}", tag, sent);
            uint32_t cost = (uint32_t)(size + (size_t)m);
            while (at < o.connections &&
                   !(connection[at].used_messages < connection[at].credit_messages &&
                     connection[at].used_bytes + cost <= connection[at].credit_bytes))
                at++;
            if (at == o.connections)
                break;
            /* The least loaded of those that have credit. */
            for (size_t k = at + 1; k < o.connections; k++)
                if (connection[k].used_messages < connection[at].used_messages &&
                    connection[k].used_bytes + cost <= connection[k].credit_bytes)
                    at = k;
            push[sent] = (s_push_t){bench_now(), cost, (uint32_t)at};
            s_head(connection[at].socket, S_PUSH, sent + 1);
            s_send(connection[at].socket, meta, (size_t)m, ZMQ_SNDMORE);
            s_send(connection[at].socket, text, size, 0);
            connection[at].used_messages++;
            connection[at].used_bytes += cost;
            bytes += size;
            sent++;
        }
        zmq_poll(items, item_count, o.rate ? 1 : 1000);
        uint64_t now = bench_now();
        for (size_t i = 0; i < o.connections; i++) {
            while (s_receive(connection[i].socket, message)) {
                heard = now = bench_now();
                const unsigned char *head = (const unsigned char *)message->data[0];
                uint64_t request = s_get((const unsigned char *)message->data[1], 8);
                switch (head[3]) {
                case S_WELCOME:
                    connection[i].credit_messages = s_find(message->data[2], "\"messages\":");
                    connection[i].credit_bytes = s_find(message->data[2], "\"bytes\":");
                    if (++welcomes == o.connections)
                        begun = now;
                    break;
                case S_CREDIT:
                    connection[i].credit_messages =
                        s_get((const unsigned char *)message->data[2], 4);
                    connection[i].credit_bytes = s_get((const unsigned char *)message->data[3], 8);
                    break;
                case S_REFUSED:
                    if (!refused++)
                        fprintf(stderr, "bench: refused: %s\n", message->data[2]);
                    /* fall through */
                case S_ACCEPTED:
                    if (request < 1 || request > o.count)
                        bench_die("an answer to %" PRIu64, request);
                    bench_times_add(&accepted, now - push[request - 1].at);
                    connection[i].used_messages--;
                    connection[i].used_bytes -= push[request - 1].bytes;
                    if (++answered == o.count)
                        ended = now;
                    break;
                default:
                    bench_die("unexpected message %02x", head[3]);
                }
            }
        }
        while (events && s_receive(events, message)) {
            const char *p = message->count > 2 ? strstr(message->data[2], tag) : NULL;
            if (!p)
                continue;
            uint64_t n = strtoull(p + tag_size, NULL, 10);
            heard = now = bench_now();
            if (n < sent) {
                bench_times_add(&stored, now - push[n].at);
                seen++;
            }
        }
        if (bench_now() - heard > 30000000000u)
            bench_die("silence for 30 s: sent %" PRIu64 ", answered %" PRIu64 ", seen %" PRIu64,
                      sent, answered, seen);
    }
    double seconds = (double)(ended - begun) / 1e9;
    printf("{\"count\":%" PRIu64 ",\"refused\":%" PRIu64
           ",\"seconds\":%.3f,\"rate\":%.0f,\"mb_per_s\":%.1f,"
           "\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f",
           o.count, refused, seconds, (double)o.count / seconds, (double)bytes / 1e6 / seconds,
           bench_times_ms(&accepted, 0.5), bench_times_ms(&accepted, 0.99),
           bench_times_ms(&accepted, 1));
    if (o.events)
        printf(",\"event_p50_ms\":%.3f,\"event_p99_ms\":%.3f", bench_times_ms(&stored, 0.5),
               bench_times_ms(&stored, 0.99));
    puts("}");

    for (size_t i = 0; i < o.connections; i++)
        zmq_close(connection[i].socket);
    if (events)
        zmq_close(events);
    zmq_ctx_term(context);
    bench_times_clear(&accepted);
    bench_times_clear(&stored);
    bench_texts_clear(&texts);
    free(text);
    free(push);
    free(connection);
    free(items);
    free(message);
    return refused ? 1 : 0;
}
