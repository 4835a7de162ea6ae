/* SPDX-License-Identifier: Apache-2.0 */
/* Names by the hashes of their words; see gazetteer.h. */
#include "gazetteer.h"

uint16_t wx_gazetteer_find(const wx_gazetteer_t *self, uint32_t key)
{
    if (!self->slots)
        return 0;
    uint32_t slot = wx_gazetteer_slot(key, self->mask);
    while (self->slots[slot].key) {
        if (self->slots[slot].key == key)
            return self->slots[slot].lists;
        slot = (slot + 1) & self->mask;
    }
    return 0;
}

/* Marks the words from `i` to `end` as a name of these lists. */
static void s_mark(wx_atom_t *words, uint32_t i, uint32_t end, unsigned lists)
{
    unsigned on = (lists & (WX_LIST_PLACE | WX_LIST_COUNTRY) ? WX_LIST_PLACE_ON : 0) |
                  (lists & WX_LIST_COMPANY ? WX_LIST_COMPANY_ON : 0);
    words[i].lists = (uint16_t)(words[i].lists | lists);
    for (uint32_t j = i + 1; j < end; j++)
        words[j].lists = (uint16_t)(words[j].lists | on);
}

void wx_gazetteer_mark(const wx_gazetteer_t *self, wx_atom_t *words, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        words[i].lists = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (!(words[i].flags & WX_ATOM_UPPER)) {
            /* small words may be titles ("president"), nothing else */
            unsigned lists = wx_gazetteer_find(self, wx_gazetteer_key(0, words[i].lower));
            words[i].lists = (uint16_t)(words[i].lists | (lists & WX_LIST_TITLE));
            continue;
        }
        uint32_t key = 0, longest = i;
        unsigned lists = 0;
        for (uint32_t n = 0; n < WX_GAZETTEER_WORDS && i + n < count; n++) {
            key = wx_gazetteer_key(key, words[i + n].lower);
            unsigned found = wx_gazetteer_find(self, key);
            if (n == 0)
                s_mark(words, i, i + 1, found);
            else if (found) {
                longest = i + n + 1;
                lists = found;
            }
        }
        if (longest > i)
            s_mark(words, i, longest, lists);
    }
}
