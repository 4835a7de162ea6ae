/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which words go together: for a head and a dependent, and for a head and the preposition of a
 * phrase that hangs from it, how much more often raw text has the pair than chance would. The
 * parser weighs it where the treebanks have never seen the words.
 */
#ifndef WX_PAIRS_H
#define WX_PAIRS_H

#include <stdint.h>

#include "linear.h"

typedef enum { WX_PAIR_WORDS, WX_PAIR_MARKER } wx_pair_t;

/* Open addressing; a slot is a key with its three lowest bits given to the strength, 1 to 7. */
typedef struct {
    const uint32_t *slots; /* 0: free; NULL: empty */
    uint32_t mask;
} wx_pairs_t;

/* The key of a pair of words (`lower` of wx_atom_t); its three lowest bits are 0. */
static inline uint32_t wx_pair_key(wx_pair_t kind, uint32_t head, uint32_t other)
{
    uint32_t key = wx_mix_end(wx_mix(wx_mix(0x510E527Fu + kind, head), other)) & ~7u;
    return key ? key : 8;
}

static inline uint32_t wx_pair_slot(uint32_t key, uint32_t mask)
{
    return (key >> 3) * 0x9E3779B1u >> 9 & mask;
}

/* How strongly they belong together: 0 (not known to) to 7. */
static inline uint32_t wx_pair_find(const wx_pairs_t *self, wx_pair_t kind, uint32_t head,
                                    uint32_t other)
{
    if (!self->slots)
        return 0;
    uint32_t key = wx_pair_key(kind, head, other), slot = wx_pair_slot(key, self->mask);
    while (self->slots[slot]) {
        if ((self->slots[slot] & ~7u) == key)
            return self->slots[slot] & 7;
        slot = (slot + 1) & self->mask;
    }
    return 0;
}

#endif
