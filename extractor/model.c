/* SPDX-License-Identifier: Apache-2.0 */
#include "model.h"

#include "confidence.h"
#include "rule.h"
#include "stats.h"
#include "words.h"

#include <stdio.h>
#include <stdlib.h>

/* Words of lexicons and rules take a few MiB; memory that is not touched costs nothing. */
enum { S_ARENA_SIZE = 32 << 20 };

void wx_model_mix(winnow_model_t *self, const void *data, size_t size)
{
    winnow_str_t bytes = {data, size};
    self->checksum = (self->checksum ^ wx_str_hash(bytes)) * 16777619u;
}

winnow_model_t *winnow_model_new(const char *rules_dir, winnow_error_t *err)
{
    winnow_model_t *self = calloc(1, sizeof *self);
    if (!self || !wx_arena_reserve(&self->arena, S_ARENA_SIZE)) {
        free(self);
        wx_error(err, WINNOW_E_MEMORY, "no memory for the model");
        return NULL;
    }
    self->arena.full = &self->full;
    if (setjmp(self->full)) {
        wx_error(err, WINNOW_E_RULE, "the rules are too large");
        winnow_model_destroy(&self);
        return NULL;
    }
    self->intern = wx_intern_new(&self->arena, NULL, 1 << 14);
    size_t size;
    const void *bytes = wx_stats_embedded(&size);
    self->stats = wx_stats_new(bytes, size, err);
    if (!self->stats || wx_words_load(self, err) < 0 || wx_rules_load(self, rules_dir, err) < 0 ||
        wx_confidence_load(self, err) < 0) {
        winnow_model_destroy(&self);
        return NULL;
    }
    wx_model_mix(self, (const char *)bytes + 20, 4); /* its checksum */
    snprintf(self->version, sizeof self->version, "winnow %s-%08x", WX_VERSION, self->checksum);
    return self;
}

const char *winnow_model_version(const winnow_model_t *self)
{
    return self->version;
}

void winnow_model_destroy(winnow_model_t **self_p)
{
    winnow_model_t *self = *self_p;
    if (!self)
        return;
    wx_stats_destroy(&self->stats);
    wx_arena_destroy(&self->arena);
    free(self);
    *self_p = NULL;
}
