/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Articles out of files, folders and standard input: a text file is one article, a JSON Lines file
 * is one a line.
 */
#ifndef WC_INPUT_H
#define WC_INPUT_H

#include <stdbool.h>
#include <stddef.h>

/* The paths that are to be read, in order. */
typedef struct {
    char **path; /* "-" is standard input */
    size_t count;
    size_t capacity;
} wc_paths_t;

/* Adds a file, or what is in a folder: every *.txt and *.jsonl below it, by name. 0, or -1: that
 * has been told. */
int wc_paths_add(wc_paths_t *self, const char *path);
void wc_paths_free(wc_paths_t *self);

/* An article that was read: strings are NULL where the input says nothing. */
typedef struct {
    const char *id, *source, *url, *title, *published;
    const char *text;
    size_t text_size;
    const char *place; /* "news.jsonl:12" or the path, for messages */
} wc_input_t;

/* Takes an article; a negative number ends the reading. */
typedef int(wc_take_t)(const wc_input_t *input, void *arg);

/* Reads one path; `jsonl`: it is JSON Lines whatever it is called. Faults of files and lines are
 * told and counted in *faults. 0, or what `take` gave. */
int wc_input_read(const char *path, bool jsonl, wc_take_t *take, void *arg, size_t *faults);

/* The first line of a text that is one, without blanks around it and within `size` bytes, into
 * `room`: its title. "" if there is none, or if it is no UTF-8. */
void wc_input_title(const char *text, size_t text_size, char *room, size_t size);

#endif
