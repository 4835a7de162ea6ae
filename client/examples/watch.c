/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints the events of investments from the first one on, until COUNT were there.
 *
 *     cc watch.c $(pkg-config --cflags --libs libwinnow-client) -o watch
 *     ./watch tcp://127.0.0.1:7710 10
 */
#include <winnow/client.h>

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    static const char *const kinds[] = {"investment", NULL};
    int code = 0;

    if (argc != 3) {
        fprintf(stderr, "usage: watch ENDPOINT COUNT\n");
        return 2;
    }
    winnow_client_options_t options = {.endpoint = argv[1], .name = "example"};
    winnow_event_filter_t filter = {.kinds = kinds, .from = WINNOW_FROM_START};
    winnow_client_error_t err;
    winnow_subscriber_t *subscriber = winnow_subscriber_new(&options, &filter, &err);
    if (!subscriber) {
        fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    for (long left = atol(argv[2]); left > 0 && code == 0; left--) {
        winnow_event_t event;
        code = winnow_subscriber_next(subscriber, -1, &event);
        if (code == 0)
            printf("%llu %s %.*s\n", (unsigned long long)event.seq, event.topic,
                   (int)event.record_size, event.record);
        else
            fprintf(stderr, "%s\n", winnow_subscriber_error(subscriber)->message);
    }
    winnow_subscriber_destroy(&subscriber);
    return code == 0 ? 0 : 1;
}
