/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one file that knows yajl.
 *
 * yajl checks the grammar and UTF-8; depth, repeated keys, surrogates and memory are checked here.
 * yajl does not look at what its allocator returns, so it gets one that does not return on failure:
 * all memory of a tree, yajl's own included, comes from one pool, and when the pool cannot grow,
 * the one longjmp goes to the one setjmp in wp_json_parse. This is sound as nothing is owned
 * outside the pool.
 */
#include "json.h"

#include "utf8.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

typedef struct s_block {
    struct s_block *next;
    size_t used;
    size_t size;
    max_align_t data[];
} s_block_t;

struct wp_json {
    s_block_t *blocks; /* newest first; the oldest holds this struct */
    wp_node_t *root;
};

/* What is going on while a text is read. */
typedef struct {
    wp_json_t *json;
    jmp_buf no_memory;
    yajl_handle yajl;
    const char *text;
    size_t size;
    wp_node_t *open[WP_JSON_DEPTH]; /* the arrays and objects around the next value */
    wp_node_t *last[WP_JSON_DEPTH]; /* the newest member of each */
    size_t depth;                   /* how many are open */
    const char *key;                /* the key of the next value, or NULL */
    size_t key_size;
    const char *fault; /* why a callback stopped yajl, or NULL */
} s_reader_t;

static s_block_t *s_block_new(s_block_t *next, size_t size)
{
    s_block_t *self = malloc(sizeof *self + size);
    if (self)
        *self = (s_block_t){next, 0, size};
    return self;
}

static void *s_take(s_reader_t *reader, size_t size)
{
    s_block_t *block = reader->json->blocks;

    size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    if (block->size - block->used < size) {
        size_t room = block->size < 65536 ? block->size * 2 : block->size;
        block = s_block_new(block, room > size ? room : size);
        if (!block)
            longjmp(reader->no_memory, 1);
        reader->json->blocks = block;
    }
    void *memory = (char *)block->data + block->used;
    block->used += size;
    return memory;
}

/* yajl's allocations carry their size in front, for realloc. */
static void *s_yajl_malloc(void *ctx, size_t size)
{
    max_align_t *memory = s_take(ctx, sizeof(max_align_t) + size);
    memcpy(memory, &size, sizeof size);
    return memory + 1;
}

static void *s_yajl_realloc(void *ctx, void *old, size_t size)
{
    size_t old_size = 0;

    if (old) {
        memcpy(&old_size, (max_align_t *)old - 1, sizeof old_size);
        if (old_size >= size)
            return old;
    }
    void *memory = s_yajl_malloc(ctx, size);
    if (old)
        memcpy(memory, old, old_size);
    return memory;
}

static void s_yajl_free(void *ctx, void *memory)
{
    (void)ctx;
    (void)memory;
}

static char *s_copy(s_reader_t *reader, const void *string, size_t size)
{
    char *copy = s_take(reader, size + 1);
    memcpy(copy, string, size);
    copy[size] = '\0';
    return copy;
}

/* A new value at the end of what is open. `raw_size` bytes of it end where yajl stands. */
static wp_node_t *s_node(s_reader_t *reader, wp_json_type_t type, size_t raw_size)
{
    wp_node_t *self = s_take(reader, sizeof *self);
    size_t end = yajl_get_bytes_consumed(reader->yajl);

    *self = (wp_node_t){.type = type, .key = reader->key};
    self->raw = reader->text + end - raw_size;
    self->raw_size = raw_size;
    reader->key = NULL;
    if (reader->depth == 0) {
        reader->json->root = self;
    } else {
        size_t top = reader->depth - 1;
        if (reader->last[top])
            reader->last[top]->next = self;
        else
            reader->open[top]->child = self;
        reader->last[top] = self;
        reader->open[top]->count++;
    }
    return self;
}

static int s_on_null(void *ctx)
{
    s_node(ctx, WP_JSON_NULL, 4);
    return 1;
}

static int s_on_boolean(void *ctx, int value)
{
    s_node(ctx, WP_JSON_BOOL, value ? 4 : 5)->boolean = value;
    return 1;
}

static int s_on_number(void *ctx, const char *digits, size_t size)
{
    s_reader_t *reader = ctx;
    wp_node_t *self = s_node(reader, WP_JSON_NUMBER, 0);
    /* a number that ends the text is in yajl's own buffer, which is used again */
    bool inside = digits >= reader->text && digits < reader->text + reader->size;
    self->raw = inside ? digits : s_copy(reader, digits, size);
    self->raw_size = size;
    return 1;
}

static int s_on_string(void *ctx, const unsigned char *string, size_t size)
{
    s_reader_t *reader = ctx;

    if (memchr(string, 0, size)) {
        reader->fault = "U+0000 in a string";
        return 0;
    }
    wp_node_t *self = s_node(reader, WP_JSON_STRING, 0);
    self->string = s_copy(reader, string, size);
    self->size = size;
    /* Where a string is escaped its source is longer: look back for the quote that opens it. The
       closing one is the byte before `end`; a quote inside has an odd number of backslashes before
       it. */
    const char *end = reader->text + yajl_get_bytes_consumed(reader->yajl);
    const char *at = end - 2;
    for (;; at--) {
        if (*at != '"')
            continue;
        const char *slash = at;
        while (slash > reader->text && slash[-1] == '\\')
            slash--;
        if ((at - slash) % 2 == 0)
            break;
    }
    self->raw = at;
    self->raw_size = (size_t)(end - at);
    return 1;
}

static int s_open(s_reader_t *reader, wp_json_type_t type)
{
    if (reader->depth == WP_JSON_DEPTH) {
        reader->fault = "more levels than allowed";
        return 0;
    }
    wp_node_t *self = s_node(reader, type, 1);
    reader->open[reader->depth] = self;
    reader->last[reader->depth] = NULL;
    reader->depth++;
    return 1;
}

static int s_close(s_reader_t *reader)
{
    wp_node_t *self = reader->open[--reader->depth];
    size_t end = yajl_get_bytes_consumed(reader->yajl);
    self->raw_size = (size_t)(reader->text + end - self->raw);
    return 1;
}

static int s_on_object(void *ctx)
{
    return s_open(ctx, WP_JSON_OBJECT);
}

static int s_on_array(void *ctx)
{
    return s_open(ctx, WP_JSON_ARRAY);
}

static int s_on_close(void *ctx)
{
    return s_close(ctx);
}

static int s_on_key(void *ctx, const unsigned char *key, size_t size)
{
    s_reader_t *reader = ctx;
    const wp_node_t *object = reader->open[reader->depth - 1];

    if (memchr(key, 0, size)) {
        reader->fault = "U+0000 in a key";
        return 0;
    }
    if (object->count == WP_JSON_KEYS) {
        reader->fault = "too many keys in an object";
        return 0;
    }
    for (const wp_node_t *node = object->child; node; node = node->next) {
        if (strncmp(node->key, (const char *)key, size) == 0 && node->key[size] == '\0') {
            reader->fault = "a key is repeated";
            return 0;
        }
    }
    reader->key = s_copy(reader, key, size);
    return 1;
}

static const yajl_callbacks s_callbacks = {
    .yajl_null = s_on_null,
    .yajl_boolean = s_on_boolean,
    .yajl_number = s_on_number,
    .yajl_string = s_on_string,
    .yajl_start_map = s_on_object,
    .yajl_map_key = s_on_key,
    .yajl_end_map = s_on_close,
    .yajl_start_array = s_on_array,
    .yajl_end_array = s_on_close,
};

/* The code unit of \uXXXX at `at`, of which `left` bytes are there, or -1. */
static int s_unit(const char *at, size_t left)
{
    int unit = 0;

    if (left < 6 || at[0] != '\\' || at[1] != 'u')
        return -1;
    for (int i = 2; i < 6; i++) {
        char c = at[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

/* yajl puts a question mark for half of a surrogate pair; we refuse it. Gives the offset of the
   first one, or `size`. What is no JSON at all is left to yajl. */
static size_t s_lone_surrogate(const char *text, size_t size)
{
    const char *end = text + size;

    for (const char *at = text; (at = memchr(at, '\\', (size_t)(end - at))) != NULL;) {
        int unit = s_unit(at, (size_t)(end - at));
        if (unit >= 0xD800 && unit <= 0xDFFF) {
            int low = s_unit(at + 6, (size_t)(end - at) - 6);
            if (unit > 0xDBFF || low < 0xDC00 || low > 0xDFFF)
                return (size_t)(at - text);
            at += 12;
        } else {
            at += end - at >= 2 ? 2 : 1;
        }
        if (at >= end)
            break;
    }
    return size;
}

static void s_refuse(s_reader_t *reader, wp_error_t *err)
{
    size_t at = yajl_get_bytes_consumed(reader->yajl);
    if (at > reader->size)
        at = reader->size;
    wp_fail_at(err, WP_BAD_JSON, NULL, at, "JSON: %s at byte %zu",
               reader->fault ? reader->fault : "no valid value", at);
}

static bool s_parse(s_reader_t *reader, wp_error_t *err)
{
    yajl_alloc_funcs alloc = {s_yajl_malloc, s_yajl_realloc, s_yajl_free, reader};

    if (setjmp(reader->no_memory)) {
        wp_fail(err, WP_INTERNAL, NULL, "no memory to read JSON");
        return false;
    }
    reader->yajl = yajl_alloc(&s_callbacks, &alloc, reader);
    yajl_config(reader->yajl, yajl_dont_validate_strings, 1);
    if (yajl_parse(reader->yajl, (const unsigned char *)reader->text, reader->size) !=
            yajl_status_ok ||
        yajl_complete_parse(reader->yajl) != yajl_status_ok || !reader->json->root) {
        s_refuse(reader, err);
        return false;
    }
    return true;
}

wp_json_t *wp_json_parse(const char *text, size_t size, wp_error_t *err)
{
    if (size == 0) {
        wp_fail_at(err, WP_BAD_JSON, NULL, 0, "JSON: nothing there");
        return NULL;
    }
    size_t at = 0;
    if (wp_utf8_check(text, size, &at) != WP_UTF8_VALID) {
        wp_fail_at(err, WP_BAD_JSON, NULL, at, "JSON: no text in UTF-8 at byte %zu", at);
        return NULL;
    }
    at = s_lone_surrogate(text, size);
    if (at < size) {
        wp_fail_at(err, WP_BAD_JSON, NULL, at, "JSON: half of a surrogate pair at byte %zu", at);
        return NULL;
    }
    s_block_t *block = s_block_new(NULL, size < 1024 ? 4096 : size + 4096);
    if (!block) {
        wp_fail(err, WP_INTERNAL, NULL, "no memory to read JSON");
        return NULL;
    }
    wp_json_t *self = (wp_json_t *)block->data;
    block->used =
        (sizeof *self + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    *self = (wp_json_t){.blocks = block};

    s_reader_t reader = {.json = self, .text = text, .size = size};
    if (!s_parse(&reader, err))
        wp_json_destroy(&self);
    return self;
}

const wp_node_t *wp_json_root(const wp_json_t *self)
{
    return self->root;
}

const wp_node_t *wp_node_get(const wp_node_t *object, const char *key)
{
    if (!object || object->type != WP_JSON_OBJECT)
        return NULL;
    for (const wp_node_t *node = object->child; node; node = node->next) {
        if (strcmp(node->key, key) == 0)
            return node;
    }
    return NULL;
}

const char *wp_node_string(const wp_node_t *object, const char *key)
{
    const wp_node_t *node = wp_node_get(object, key);
    return node ? node->string : NULL;
}

bool wp_node_uint(const wp_node_t *node, uint64_t *ret_value)
{
    uint64_t value = 0;

    if (!node || node->type != WP_JSON_NUMBER || node->raw_size > 16)
        return false;
    for (size_t i = 0; i < node->raw_size; i++) {
        if (node->raw[i] < '0' || node->raw[i] > '9')
            return false;
        value = value * 10 + (uint64_t)(node->raw[i] - '0');
    }
    if (value > WP_UINT_MAX)
        return false;
    *ret_value = value;
    return true;
}

void wp_json_destroy(wp_json_t **self_p)
{
    if (!*self_p)
        return;
    s_block_t *block = (*self_p)->blocks;
    while (block) {
        s_block_t *next = block->next;
        free(block);
        block = next;
    }
    *self_p = NULL;
}
