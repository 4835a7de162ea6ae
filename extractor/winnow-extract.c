/* SPDX-License-Identifier: Apache-2.0 */
/*
 * winnow-extract: the extractor on files.
 *
 *     winnow-extract [--published DATE] [--layer LAYER] [--min-confidence SHARE] [--out DIR]
 *                    [--rules DIR] [--explain[=json]] [FILE…|-]
 *
 * Writes JSON Lines (CoNLL-U for that layer) to standard output, or to a file for each input.
 * Exits 0 when all went well, 1 when an input could not be read or a result not be written, 2 when
 * it was called wrongly.
 */
#include <winnow/extract.h>

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { S_OK = 0, S_FAILED = 1, S_USAGE = 2 };

typedef struct {
    const char *published; /* NULL: from the text */
    const char *out_dir;   /* NULL: standard output */
    const char *rules_dir; /* NULL: the built-in rules alone */
    winnow_layer_t layer;
    int least; /* confidence in thousandths; -1: the model's */
} s_options_t;

static const char s_help[] =
    "Usage: winnow-extract [OPTION]… [FILE…|-]\n"
    "Reads news articles (plain text, UTF-8) and writes the facts that they state.\n"
    "\n"
    "  winnow-extract --published 2020-05-26 article.txt\n"
    "  winnow-extract --explain --rules my-rules article.txt\n"
    "  winnow-extract --layer values --out /tmp/values articles/*.txt\n"
    "\n"
    "  -p, --published DATE  the articles' date, YYYY-MM-DD; without it the date line\n"
    "                        at an article's head counts\n"
    "  -l, --layer LAYER     what to write: facts (default), values, entities: JSON\n"
    "                        Lines; conllu: CoNLL-U\n"
    "  -m, --min-confidence SHARE\n"
    "                        give only facts that are right with at least this\n"
    "                        likelihood, 0 to 1 (0: all that are found)\n"
    "  -o, --out DIR         write DIR/STEM.jsonl (.conllu, .txt) for each FILE\n"
    "  -r, --rules DIR       read the rule files of DIR, too\n"
    "  -e, --explain[=json]  say of each fact which rule made it, from which words, and\n"
    "                        what they refer to; with =json as JSON Lines\n"
    "  -h, --help            show this help\n"
    "  -V, --version         show the version of program and model\n"
    "\n"
    "Without FILE, or with -, it reads standard input. Exit status: 0, 1 on a failure,\n"
    "2 on a wrong call.\n";

static int s_fail(const char *path, const char *what)
{
    fprintf(stderr, "winnow-extract: %s: %s\n", path, what);
    return S_FAILED;
}

static int s_usage(const char *what, const char *word)
{
    fprintf(stderr, "winnow-extract: %s%s\nTry `winnow-extract --help`.\n", what, word);
    return S_USAGE;
}

/* A file in memory, at most one byte more than may be read. NULL: errno says why. */
static char *s_read(FILE *file, size_t *ret_size)
{
    size_t capacity = 1 << 16, size = 0;
    char *text = malloc(capacity);
    while (text) {
        size += fread(text + size, 1, capacity - size, file);
        if (size < capacity || size > WINNOW_TEXT_MAX)
            break;
        capacity *= 2;
        char *larger = realloc(text, capacity);
        if (!larger)
            free(text);
        text = larger;
    }
    if (text && ferror(file)) {
        free(text);
        text = NULL;
    }
    *ret_size = size;
    return text;
}

/* DIR/STEM.SUFFIX of an input; "-" gives the stem `stdin`. For the caller to free. */
static char *s_out_path(const s_options_t *options, const char *path)
{
    const char *stem = strcmp(path, "-") == 0 ? "stdin" : path;
    const char *slash = strrchr(stem, '/');
    stem = slash ? slash + 1 : stem;
    const char *dot = strrchr(stem, '.');
    int length = (int)(dot && dot > stem ? (size_t)(dot - stem) : strlen(stem));
    const char *suffix = options->layer == WINNOW_LAYER_CONLLU      ? "conllu"
                         : options->layer == WINNOW_LAYER_EXPLAINED ? "txt"
                                                                    : "jsonl";
    size_t size = strlen(options->out_dir) + (size_t)length + strlen(suffix) + 3;
    char *out = malloc(size);
    if (out)
        snprintf(out, size, "%s/%.*s.%s", options->out_dir, length, stem, suffix);
    return out;
}

static int s_write(const s_options_t *options, const char *path, const char *text, size_t size)
{
    if (!options->out_dir)
        return fwrite(text, 1, size, stdout) == size ? S_OK
                                                     : s_fail("standard output", strerror(errno));
    char *out = s_out_path(options, path);
    if (!out)
        return s_fail(path, strerror(errno));
    FILE *file = fopen(out, "wb");
    bool good = file && fwrite(text, 1, size, file) == size;
    if (file)
        good = fclose(file) == 0 && good;
    int rc = good ? S_OK : s_fail(out, strerror(errno));
    free(out);
    return rc;
}

static int s_file(winnow_extractor_t *extractor, const s_options_t *options, const char *path)
{
    bool is_stdin = strcmp(path, "-") == 0;
    FILE *file = is_stdin ? stdin : fopen(path, "rb");
    if (!file)
        return s_fail(path, strerror(errno));
    size_t size = 0;
    char *text = s_read(file, &size);
    int cause = errno;
    if (!is_stdin)
        fclose(file);
    if (!text)
        return s_fail(path, strerror(cause));
    char *out = NULL;
    size_t out_size = 0;
    winnow_error_t err = {0};
    int rc = S_OK;
    if (winnow_extract_layer(extractor, options->layer, text, size, options->published, &out,
                             &out_size, &err) < 0)
        rc = err.code == WINNOW_E_DATE ? s_usage("--published: ", err.message)
                                       : s_fail(is_stdin ? "standard input" : path, err.message);
    else
        rc = s_write(options, path, out, out_size);
    free(out);
    free(text);
    return rc;
}

static bool s_layer(const char *word, winnow_layer_t *ret_layer)
{
    static const char *const s_layers[] = {"facts", "values", "entities", "conllu"};
    for (size_t i = 0; i < sizeof s_layers / sizeof *s_layers; i++)
        if (strcmp(word, s_layers[i]) == 0) {
            *ret_layer = (winnow_layer_t)i;
            return true;
        }
    return false;
}

/* A share of 0 to 1 in thousandths. */
static bool s_share(const char *word, int *ret_thousandths)
{
    char *end;
    double share = strtod(word, &end);
    if (end == word || *end || !(share >= 0 && share <= 1))
        return false;
    *ret_thousandths = (int)(share * 1000 + 0.5);
    return true;
}

static int s_version(const s_options_t *options)
{
    winnow_error_t err = {0};
    winnow_model_t *model = winnow_model_new(options->rules_dir, &err);
    if (!model)
        return s_fail("model", err.message);
    printf("winnow-extract (%s)\n", winnow_model_version(model));
    winnow_model_destroy(&model);
    return S_OK;
}

/* Reads the options; `*ret_done` when that was all there is to do. */
static int s_options(int argc, char **argv, s_options_t *options, bool *ret_done)
{
    static const struct option s_long[] = {{"published", required_argument, NULL, 'p'},
                                           {"layer", required_argument, NULL, 'l'},
                                           {"min-confidence", required_argument, NULL, 'm'},
                                           {"out", required_argument, NULL, 'o'},
                                           {"rules", required_argument, NULL, 'r'},
                                           {"explain", optional_argument, NULL, 'e'},
                                           {"help", no_argument, NULL, 'h'},
                                           {"version", no_argument, NULL, 'V'},
                                           {NULL, 0, NULL, 0}};
    int option;
    bool version = false;
    *ret_done = true;
    while ((option = getopt_long(argc, argv, "p:l:m:o:r:e::hV", s_long, NULL)) != -1) {
        switch (option) {
        case 'p':
            options->published = optarg;
            break;
        case 'l':
            if (!s_layer(optarg, &options->layer))
                return s_usage("no such layer: ", optarg);
            break;
        case 'm':
            if (!s_share(optarg, &options->least))
                return s_usage("no share of 0 to 1: ", optarg);
            break;
        case 'o':
            options->out_dir = optarg;
            break;
        case 'r':
            options->rules_dir = optarg;
            break;
        case 'e':
            if (optarg && strcmp(optarg, "json") != 0)
                return s_usage("--explain takes nothing or json, not: ", optarg);
            options->layer = optarg ? WINNOW_LAYER_EXPLAINED_JSON : WINNOW_LAYER_EXPLAINED;
            break;
        case 'h':
            fputs(s_help, stdout);
            return S_OK;
        case 'V':
            version = true;
            break;
        default:
            fputs("Try `winnow-extract --help`.\n", stderr);
            return S_USAGE;
        }
    }
    if (version)
        return s_version(options);
    *ret_done = false;
    return S_OK;
}

static int s_files(const s_options_t *options, char **paths, int count)
{
    char dash[] = "-";
    char *only_stdin[] = {dash};
    winnow_error_t err = {0};
    winnow_model_t *model = winnow_model_new(options->rules_dir, &err);
    if (!model)
        return s_fail("model", err.message);
    winnow_extractor_t *extractor = winnow_extractor_new(model);
    int rc = extractor ? S_OK : s_fail("extractor", "no memory");
    if (extractor && options->least >= 0)
        winnow_extractor_set_min_confidence(extractor, options->least);
    if (count == 0) {
        paths = only_stdin;
        count = 1;
    }
    for (int i = 0; i < count && extractor; i++) {
        int failed = s_file(extractor, options, paths[i]);
        rc = failed ? failed : rc;
        if (failed == S_USAGE)
            break;
    }
    if (fflush(stdout))
        rc = s_fail("standard output", strerror(errno));
    winnow_extractor_destroy(&extractor);
    winnow_model_destroy(&model);
    return rc;
}

int main(int argc, char **argv)
{
    s_options_t options = {.layer = WINNOW_LAYER_FACTS, .least = -1};
    bool done;
    int rc = s_options(argc, argv, &options, &done);
    if (rc || done)
        return rc;
    return s_files(&options, argv + optind, argc - optind);
}
