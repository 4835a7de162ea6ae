/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names: where persons, organisations and places are named.
 *
 * A sequence model gives each word a label: outside, or of a type T the Beginning, Inside, Last
 * word or the Unit of a name. Rules that need no statistics come after it (name.c), and say which
 * organisations and places are facilities or events.
 */
#ifndef WX_NAME_H
#define WX_NAME_H

#include "gazetteer.h"
#include "linear.h"

typedef enum { WX_NAME_PERSON, WX_NAME_ORGANISATION, WX_NAME_PLACE, WX_NAME_TYPES } wx_name_type_t;

enum { WX_LABEL_OUT, WX_LABEL_COUNT = 1 + 4 * WX_NAME_TYPES, WX_NAME_FEATURES = 64 };
enum { WX_PART_BEGIN, WX_PART_IN, WX_PART_LAST, WX_PART_UNIT };

typedef struct {
    wx_linear_t linear;
} wx_namer_t;

static inline uint8_t wx_label(wx_name_type_t type, unsigned part)
{
    return (uint8_t)(1 + 4 * type + part);
}

/* May `label` stand behind `before`, and at a sentence's end if `last`? */
bool wx_label_follows(uint8_t before, uint8_t label, bool last);

/* What the words of a document were labelled as so far, so that a later mention may learn from an
 * earlier one. A small table by hash; an older entry gives way. */
enum { WX_NAME_MEMORY = 1024 };
typedef struct {
    uint32_t key[WX_NAME_MEMORY];
    uint8_t label[WX_NAME_MEMORY];
} wx_name_memory_t;

void wx_name_remember(wx_name_memory_t *memory, const wx_atom_t *word, uint8_t label);

/* The features of word `i`; `labels` holds those of the words before it. `rows` has room for
 * WX_NAME_FEATURES; returns how many there are. */
unsigned wx_name_features(const wx_atom_t *words, uint32_t count, uint32_t i, const uint8_t *labels,
                          const wx_name_memory_t *memory, const wx_linear_t *ahead, uint32_t *rows);

/* Labels a tagged sentence with its lists marked; `margins` (may be NULL) gets how far the best
 * label was ahead of none. Then remembers them. */
void wx_name_sentence(const wx_namer_t *self, const wx_atom_t *words, uint32_t count,
                      wx_name_memory_t *memory, uint8_t *labels, int32_t *margins);

#endif
