/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pushes one article from standard input and waits until its facts are stored.
 *
 *     cc push.c $(pkg-config --cflags --libs libwinnow-client) -o push
 *     ./push tcp://127.0.0.1:7710 my-article < article.txt
 */
#include <winnow/client.h>

#include <stdio.h>
#include <stdlib.h>

static void on_answer(const winnow_answer_t *answer, void *arg)
{
    int *failed = arg;

    switch (answer->kind) {
    case WINNOW_ANSWER_ACCEPTED:
        printf("accepted %s, revision %llu\n", answer->id, (unsigned long long)answer->revision);
        break;
    case WINNOW_ANSWER_STORED:
        printf("%s %s: %llu facts\n", answer->state, answer->id, (unsigned long long)answer->facts);
        break;
    case WINNOW_ANSWER_REFUSED:
        fprintf(stderr, "refused: %s\n", answer->message);
        *failed = 1;
        break;
    }
}

int main(int argc, char **argv)
{
    static char text[1 << 20];
    int failed = 0;

    if (argc != 3) {
        fprintf(stderr, "usage: push ENDPOINT ID < TEXT\n");
        return 2;
    }
    winnow_client_options_t options = {.endpoint = argv[1], .name = "example"};
    winnow_client_error_t err;
    winnow_pusher_t *pusher = winnow_pusher_new(&options, on_answer, &failed, &err);
    if (!pusher) {
        fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    winnow_article_t article = {
        .id = argv[2], .text = text, .text_size = fread(text, 1, sizeof text, stdin)};
    if (winnow_pusher_push(pusher, &article, NULL) != 0 || winnow_pusher_wait(pusher) != 0) {
        fprintf(stderr, "%s\n", winnow_pusher_error(pusher)->message);
        failed = 1;
    }
    winnow_pusher_destroy(&pusher);
    return failed;
}
