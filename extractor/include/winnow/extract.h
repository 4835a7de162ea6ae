/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libwinnow-extract: article text in, facts out.
 *
 * Pure: no threads, clock, locale, environment or network. The same model, text and date give the
 * same facts, byte for byte, in the same order, on every machine.
 *
 * Four lifetimes. A model is made once, is constant and may be shared by threads. An extractor
 * belongs to one thread and is used for one article after another. What it works on is its own
 * affair. Facts are a result: whoever holds them destroys them, from any thread, also after the
 * extractor is gone (but before the model is).
 */
#ifndef WINNOW_EXTRACT_H
#define WINNOW_EXTRACT_H

#include <winnow/error.h>
#include <winnow/fact.h>

#if defined(__GNUC__)
#define WINNOW_API __attribute__((visibility("default")))
#else
#define WINNOW_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* The longest text that is read, in bytes: 1 MiB. */
#define WINNOW_TEXT_MAX ((size_t)1 << 20)

typedef struct winnow_model winnow_model_t;
typedef struct winnow_extractor winnow_extractor_t;
typedef struct winnow_facts winnow_facts_t;

/* Loads the built-in lexicons, rules and statistics; `rules_dir` (NULL: none) names a folder of
 * further rule files. NULL on failure with `err` filled. Since 0.1. */
WINNOW_API winnow_model_t *winnow_model_new(const char *rules_dir, winnow_error_t *err);

/* A short text that names what the model is made of, for logs and the store: two models with the
 * same text give the same facts. Owned by the model. Since 0.1. */
WINNOW_API const char *winnow_model_version(const winnow_model_t *self);

/* Destroys the model and sets *self_p to NULL. All extractors and facts must be gone. Since 0.1. */
WINNOW_API void winnow_model_destroy(winnow_model_t **self_p);

/* An extractor for one thread, which keeps a pointer to `model`. NULL: no memory. Since 0.1. */
WINNOW_API winnow_extractor_t *winnow_extractor_new(const winnow_model_t *model);

/* From now on gives only facts whose confidence is at least this, in thousandths; 0 gives all that
 * were found. A new extractor has the least confidence of its model, which leaves out what is more
 * likely wrong than it is worth. Since 0.1. */
WINNOW_API void winnow_extractor_set_min_confidence(winnow_extractor_t *self, int thousandths);

WINNOW_API void winnow_extractor_destroy(winnow_extractor_t **self_p);

/* Reads `size` bytes of UTF-8 `text`. `published` is the article's date, ISO 8601 (`YYYY-MM-DD`, a
 * time after it is ignored), or NULL: then the date line at its head counts. Returns 0 and puts the
 * facts, in the order of their evidence, into *ret_facts, for the caller to destroy; or a negative
 * winnow_code_t with `err` filled. Time is linear in `size`, memory has a ceiling. Since 0.1. */
WINNOW_API int winnow_extract(winnow_extractor_t *self, const char *text, size_t size,
                              const char *published, winnow_facts_t **ret_facts,
                              winnow_error_t *err);

WINNOW_API size_t winnow_facts_count(const winnow_facts_t *self);

/* The fact at `index`, which must be under the count; owned by `self`. Since 0.1. */
WINNOW_API const winnow_fact_t *winnow_facts_at(const winnow_facts_t *self, size_t index);
WINNOW_API void winnow_facts_destroy(winnow_facts_t **self_p);

/* The words of FACTS.md for the enums; constant strings. Since 0.1. */
WINNOW_API const char *winnow_kind_name(winnow_kind_t kind);
WINNOW_API const char *winnow_modality_name(winnow_modality_t modality);
WINNOW_API const char *winnow_type_name(winnow_type_t type);
WINNOW_API const char *winnow_bound_name(winnow_bound_t bound);

typedef enum {
    WINNOW_LAYER_FACTS,     /* JSON Lines: the facts */
    WINNOW_LAYER_VALUES,    /* JSON Lines: every number, quantity, money, percent, date, period */
    WINNOW_LAYER_ENTITIES,  /* JSON Lines: every name with its type */
    WINNOW_LAYER_CONLLU,    /* CoNLL-U */
    WINNOW_LAYER_EXPLAINED, /* text for people: each fact, its rule, and where its fillers are from
                             */
    WINNOW_LAYER_EXPLAINED_JSON /* the same as JSON Lines */
} winnow_layer_t;

/* Writes one layer of the reading of `text` as text for machines. Returns 0 and puts a string of
 * *ret_size bytes (and a NUL behind) into *ret_out, for the caller to free(); or a negative code as
 * winnow_extract does. Since 0.1. */
WINNOW_API int winnow_extract_layer(winnow_extractor_t *self, winnow_layer_t layer,
                                    const char *text, size_t size, const char *published,
                                    char **ret_out, size_t *ret_size, winnow_error_t *err);

#ifdef __cplusplus
}
#endif
#endif
