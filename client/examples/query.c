/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints the facts that name somebody, a line of JSON each.
 *
 *     cc query.c $(pkg-config --cflags --libs libwinnow-client) -o query
 *     ./query tcp://127.0.0.1:7710 "Acme"
 */
#include <winnow/client.h>

#include <stdio.h>

int main(int argc, char **argv)
{
    const char *json;
    size_t size;
    int code;

    if (argc != 3) {
        fprintf(stderr, "usage: query ENDPOINT NAME\n");
        return 2;
    }
    winnow_client_options_t options = {.endpoint = argv[1], .name = "example"};
    winnow_fact_filter_t filter = {.entity = argv[2]};
    winnow_client_error_t err;
    winnow_reader_t *reader = winnow_reader_new(&options, &err);
    if (!reader) {
        fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    code = winnow_reader_facts(reader, &filter);
    bool more = code == 0;
    while (more) {
        code = winnow_reader_next(reader, &json, &size);
        more = code == 1;
        if (more)
            puts(json);
    }
    if (code < 0)
        fprintf(stderr, "%s\n", winnow_reader_error(reader)->message);
    winnow_reader_destroy(&reader);
    return code < 0;
}
