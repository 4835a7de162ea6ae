/* SPDX-License-Identifier: Apache-2.0 */
/* Reading is as strict as the daemon is, but goes on after a fault: one bad line does not keep back
 * the others. */
#include "input.h"

#include "opt.h"

#include "proto/json.h"
#include "proto/message.h"
#include "proto/utf8.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- paths ---- */

static int s_append(wc_paths_t *self, const char *path)
{
    if (self->count == self->capacity) {
        size_t capacity = self->capacity ? self->capacity * 2 : 64;
        char **grown = realloc(self->path, capacity * sizeof *grown);
        if (!grown)
            return -1;
        self->path = grown;
        self->capacity = capacity;
    }
    self->path[self->count] = strdup(path);
    return self->path[self->count++] ? 0 : -1;
}

static bool s_ends_with(const char *name, const char *end)
{
    size_t size = strlen(name);
    return size > strlen(end) && strcmp(name + size - strlen(end), end) == 0;
}

static int s_add_folder(wc_paths_t *self, const char *folder)
{
    struct dirent **names;
    int count = scandir(folder, &names, NULL, alphasort);
    int rc = 0;

    if (count < 0) {
        fprintf(stderr, "winnow: %s: %s\n", folder, strerror(errno));
        return -1;
    }
    for (int i = 0; i < count; i++) {
        const char *name = names[i]->d_name;
        size_t size = strlen(folder) + strlen(name) + 2;
        char *path = malloc(size);
        struct stat info;
        if (path && name[0] != '.') {
            snprintf(path, size, "%s%s%s", folder, s_ends_with(folder, "/") ? "" : "/", name);
            /* links to folders are not followed: they may lead around in a circle */
            if (lstat(path, &info) == 0 && S_ISDIR(info.st_mode))
                rc |= s_add_folder(self, path);
            else if (s_ends_with(name, ".txt") || s_ends_with(name, ".jsonl"))
                rc |= s_append(self, path);
        }
        free(path);
        free(names[i]);
    }
    free(names);
    return rc;
}

int wc_paths_add(wc_paths_t *self, const char *path)
{
    struct stat info;

    if (strcmp(path, "-") == 0)
        return s_append(self, path);
    if (stat(path, &info) != 0) {
        fprintf(stderr, "winnow: %s: %s\n", path, strerror(errno));
        return -1;
    }
    return S_ISDIR(info.st_mode) ? s_add_folder(self, path) : s_append(self, path);
}

void wc_paths_free(wc_paths_t *self)
{
    for (size_t i = 0; i < self->count; i++)
        free(self->path[i]);
    free(self->path);
    *self = (wc_paths_t){NULL, 0, 0};
}

/* ---- text ---- */

void wc_input_title(const char *text, size_t text_size, char *room, size_t size)
{
    const char *end = text + text_size;
    const char *line = text;

    room[0] = '\0';
    if (text_size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        line += 3;
    while (line < end && strchr(" \t\r\n", *line))
        line++;
    const char *stop = line;
    while (stop < end && *stop != '\n' && *stop != '\r')
        stop++;
    while (stop > line && strchr(" \t", stop[-1]))
        stop--;
    size_t length = (size_t)(stop - line);
    if (length >= size) {
        length = size - 1;
        while (length > 0 && ((unsigned char)line[length] & 0xC0) == 0x80)
            length--;
    }
    if (wp_utf8_check(line, length, NULL) != WP_UTF8_VALID || wp_utf8_has_control(line, length))
        return;
    memcpy(room, line, length);
    room[length] = '\0';
}

/* The whole file, at most one byte more than an article may have: the library refuses that. */
static char *s_read_text(FILE *file, size_t *ret_size)
{
    size_t room = 65536;
    size_t size = 0;
    char *text = malloc(room);

    while (text) {
        size += fread(text + size, 1, room - size, file);
        if (size < room || size > WP_TEXT_MAX)
            break;
        char *grown = realloc(text, room * 2);
        if (!grown) {
            free(text);
            return NULL;
        }
        text = grown;
        room *= 2;
    }
    *ret_size = size;
    return text;
}

static int s_take_text(FILE *file, const char *name, wc_take_t *take, void *arg, size_t *faults)
{
    size_t size = 0;
    char *text = s_read_text(file, &size);
    int rc = 0;

    if (!text || ferror(file)) {
        fprintf(stderr, "winnow: %s: %s\n", name, strerror(errno));
        ++*faults;
    } else {
        wc_input_t input = {.text = text, .text_size = size, .place = name};
        rc = take(&input, arg);
    }
    free(text);
    return rc;
}

/* ---- JSON Lines ---- */

static const char *const s_fields[] = {"id", "source", "url", "title", "published", "text", NULL};

/* Where a field of an article goes. */
static const char **s_member(wc_input_t *input, const char *key)
{
    const char **members[] = {&input->id,    &input->source,    &input->url,
                              &input->title, &input->published, &input->text};
    for (size_t i = 0; s_fields[i]; i++) {
        if (strcmp(s_fields[i], key) == 0)
            return members[i];
    }
    return NULL;
}

/* An article out of an object. False: it is none, and that has been told. */
static bool s_article(const wp_node_t *object, wc_input_t *input)
{
    if (object->type != WP_JSON_OBJECT) {
        fprintf(stderr, "winnow: %s: no JSON object\n", input->place);
        return false;
    }
    for (const wp_node_t *node = object->child; node; node = node->next) {
        const char **member = s_member(input, node->key);
        if (!member) {
            const char *nearest = wc_nearest(node->key, s_fields);
            fprintf(stderr, "winnow: %s: unknown field \"%.60s\"%s%s%s\n", input->place, node->key,
                    nearest ? " (did you mean \"" : "", nearest ? nearest : "",
                    nearest ? "\"?)" : "");
            return false;
        }
        if (node->type == WP_JSON_NULL)
            continue;
        if (node->type != WP_JSON_STRING) {
            fprintf(stderr, "winnow: %s: field \"%s\" is no string\n", input->place, node->key);
            return false;
        }
        *member = node->string;
        if (member == &input->text)
            input->text_size = node->size;
    }
    if (!input->text) {
        fprintf(stderr, "winnow: %s: no field \"text\"\n", input->place);
        return false;
    }
    return true;
}

static int s_take_lines(FILE *file, const char *name, wc_take_t *take, void *arg, size_t *faults)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t size;
    int rc = 0;

    for (size_t number = 1; rc >= 0 && (size = getline(&line, &room, file)) >= 0; number++) {
        char place[4200];
        wp_error_t err;
        while (size > 0 && (line[size - 1] == '\n' || line[size - 1] == '\r'))
            size--;
        if (size == 0)
            continue;
        snprintf(place, sizeof place, "%s:%zu", name, number);
        wp_json_t *json = wp_json_parse(line, (size_t)size, &err);
        wc_input_t input = {.place = place};
        if (!json)
            fprintf(stderr, "winnow: %s: %s\n", place, err.message);
        if (json && s_article(wp_json_root(json), &input))
            rc = take(&input, arg);
        else
            ++*faults;
        wp_json_destroy(&json);
    }
    if (ferror(file)) {
        fprintf(stderr, "winnow: %s: %s\n", name, strerror(errno));
        ++*faults;
    }
    free(line);
    return rc;
}

int wc_input_read(const char *path, bool jsonl, wc_take_t *take, void *arg, size_t *faults)
{
    bool standard = strcmp(path, "-") == 0;
    const char *name = standard ? "standard input" : path;
    FILE *file = standard ? stdin : fopen(path, "rb");

    if (!file) {
        fprintf(stderr, "winnow: %s: %s\n", path, strerror(errno));
        ++*faults;
        return 0;
    }
    int rc = jsonl || s_ends_with(path, ".jsonl") ? s_take_lines(file, name, take, arg, faults)
                                                  : s_take_text(file, name, take, arg, faults);
    if (!standard)
        fclose(file);
    return rc;
}
