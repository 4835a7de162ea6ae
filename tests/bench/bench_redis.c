/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The load of bench_intake, put into a Redis stream: XADD of id and text, pipelined, --window of
 * them unanswered. With `appendfsync always` an answer means what ACCEPTED means. Prints the same
 * JSON.
 *
 *   bench_redis SOCKET-PATH [--count N] [--window N] [--size BYTES]
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <hiredis/hiredis.h>

#include "bench.h"

int main(int argc, char **argv)
{
    uint64_t count = 100000, window = 256, size = 5000;
    static const struct option names[] = {{"count", required_argument, NULL, 'n'},
                                          {"window", required_argument, NULL, 'w'},
                                          {"size", required_argument, NULL, 's'},
                                          {NULL, 0, NULL, 0}};
    int c;
    while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
        if (c == '?')
            return 2;
        uint64_t n = bench_number("option", optarg);
        *(c == 'n' ? &count : c == 'w' ? &window : &size) = n;
    }
    if (optind + 1 != argc || !count || !window)
        bench_die("usage: bench_redis SOCKET-PATH [--count N] [--window N] [--size BYTES]");
    redisContext *redis = redisConnectUnix(argv[optind]);
    if (!redis || redis->err)
        bench_die("%s: %s", argv[optind], redis ? redis->errstr : "no memory");

    bench_texts_t texts;
    bench_texts_fill(&texts, 64, size > 40 ? size - 20 : size);
    char *text = malloc(bench_texts_longest(&texts) + 32);
    uint64_t *at = calloc(count, sizeof *at);
    if (!text || !at)
        bench_die("no memory");
    bench_times_t times = {0};
    uint64_t sent = 0, answered = 0, begun = bench_now();
    while (answered < count) {
        while (sent < count && sent - answered < window) {
            char id[64];
            int n = snprintf(id, sizeof id, "bench:%" PRIu64, sent);
            size_t length = bench_texts_make(&texts, sent, text);
            at[sent] = bench_now();
            if (redisAppendCommand(redis, "XADD articles * id %b text %b", id, (size_t)n, text,
                                   length))
                bench_die("%s", redis->errstr);
            sent++;
        }
        /* One answer is waited for (which writes what is queued), those behind it are taken as
         * well. */
        void *reply = NULL;
        if (redisGetReply(redis, &reply) != REDIS_OK)
            bench_die("%s", redis->errstr);
        while (reply) {
            const redisReply *got = reply;
            if (got->type == REDIS_REPLY_ERROR)
                bench_die("%s", got->str);
            bench_times_add(&times, bench_now() - at[answered++]);
            freeReplyObject(reply);
            reply = NULL;
            if (redisReaderGetReply(redis->reader, &reply) != REDIS_OK)
                bench_die("%s", redis->errstr);
        }
    }
    double seconds = (double)(bench_now() - begun) / 1e9;
    printf("{\"count\":%" PRIu64 ",\"seconds\":%.3f,\"rate\":%.0f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,"
           "\"max_ms\":%.3f}\n",
           count, seconds, (double)count / seconds, bench_times_ms(&times, 0.5),
           bench_times_ms(&times, 0.99), bench_times_ms(&times, 1));
    redisFree(redis);
    bench_times_clear(&times);
    bench_texts_clear(&texts);
    free(text);
    free(at);
    return 0;
}
