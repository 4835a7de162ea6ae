/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replays a store's events, page by page, as a subscriber that joins late does, and prints how many
 * came a second. A page is asked for when the one before was read.
 *
 *   bench_replay QUERY-ENDPOINT
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "bench.h"

static void s_ask(void *socket, uint64_t from)
{
    unsigned char head[4] = {'W', 'N', 1, 0x14}, number[8];
    for (int i = 0; i < 8; i++)
        number[i] = (unsigned char)(from >> (56 - 8 * i));
    char json[64];
    int n = snprintf(json, sizeof json, "{\"from\":%" PRIu64 ",\"limit\":1000}", from);
    if (zmq_send(socket, head, 4, ZMQ_SNDMORE) < 0 ||
        zmq_send(socket, number, 8, ZMQ_SNDMORE) < 0 || zmq_send(socket, json, (size_t)n, 0) < 0)
        bench_die("send: %s", zmq_strerror(errno));
}

static uint64_t s_find(const char *json, const char *key)
{
    const char *p = strstr(json, key);
    if (!p)
        bench_die("no %s in %s", key, json);
    return strtoull(p + strlen(key), NULL, 10);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        bench_die("usage: bench_replay QUERY-ENDPOINT");
    void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_DEALER);
    int zero = 0, wait = 30000;
    zmq_setsockopt(socket, ZMQ_LINGER, &zero, sizeof zero);
    zmq_setsockopt(socket, ZMQ_RCVHWM, &zero, sizeof zero);
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &wait, sizeof wait);
    if (zmq_connect(socket, argv[1]) != 0)
        bench_die("%s: %s", argv[1], zmq_strerror(errno));

    uint64_t begun = bench_now(), events = 0, bytes = 0, next = 1, last = 1;
    while (next <= last) {
        s_ask(socket, next);
        char json[512] = "";
        size_t frame = 0;
        bool more = true;
        while (more) {
            zmq_msg_t part;
            zmq_msg_init(&part);
            if (zmq_msg_recv(&part, socket, 0) < 0)
                bench_die("receive: %s", zmq_strerror(errno));
            size_t size = zmq_msg_size(&part);
            const unsigned char *data = zmq_msg_data(&part);
            if (frame == 0 && (size != 4 || data[3] != 0x92))
                bench_die("no EVENTS");
            if (frame == 2)
                snprintf(json, sizeof json, "%.*s", (int)size, (const char *)data);
            if (frame > 2 && (frame - 3) % 3 == 1) {
                uint64_t seq = 0;
                for (int i = 0; i < 8; i++)
                    seq = seq << 8 | data[i];
                if (seq != next + (frame - 3) / 3)
                    bench_die("event %" PRIu64 " where %" PRIu64 " was due", seq,
                              next + (frame - 3) / 3);
            }
            bytes += size;
            frame++;
            more = zmq_msg_more(&part);
            zmq_msg_close(&part);
        }
        events += s_find(json, "\"count\":");
        last = s_find(json, "\"last\":");
        next = s_find(json, "\"complete\":") + 1;
    }
    double seconds = (double)(bench_now() - begun) / 1e9;
    printf("{\"events\":%" PRIu64 ",\"seconds\":%.3f,\"rate\":%.0f,\"mb_per_s\":%.1f}\n", events,
           seconds, (double)events / seconds, (double)bytes / 1e6 / seconds);
    zmq_close(socket);
    zmq_ctx_term(context);
    return 0;
}
