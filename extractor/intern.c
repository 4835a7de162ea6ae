/* SPDX-License-Identifier: Apache-2.0 */
/* Open addressing with linear steps; at most three quarters full. */
#include "intern.h"

static uint32_t s_slot(const wx_intern_t *self, winnow_str_t text, uint32_t hash)
{
    uint32_t mask = self->slot_count - 1;
    for (uint32_t i = hash & mask;; i = (i + 1) & mask) {
        uint32_t entry = self->slots[i];
        if (!entry ||
            (self->hashes[entry - 1] == hash && wx_str_equal(self->texts[entry - 1], text)))
            return i;
    }
}

static void s_resize(wx_intern_t *self, uint32_t slot_count)
{
    uint32_t *hashes = wx_new(self->arena, uint32_t, slot_count / 4 * 3 + 1);
    winnow_str_t *texts = wx_new(self->arena, winnow_str_t, slot_count / 4 * 3 + 1);
    if (self->count) {
        memcpy(hashes, self->hashes, self->count * sizeof *hashes);
        memcpy(texts, self->texts, self->count * sizeof *texts);
    }
    self->hashes = hashes;
    self->texts = texts;
    self->slots = wx_new(self->arena, uint32_t, slot_count);
    self->slot_count = slot_count;
    for (uint32_t i = 0; i < self->count; i++)
        self->slots[s_slot(self, texts[i], hashes[i])] = i + 1;
}

wx_intern_t *wx_intern_new(wx_arena_t *arena, const wx_intern_t *base, uint32_t expected)
{
    wx_intern_t *self = wx_new(arena, wx_intern_t, 1);
    uint32_t slot_count = 64;
    while (slot_count / 4 * 3 < expected && slot_count < UINT32_C(1) << 30)
        slot_count *= 2;
    self->arena = arena;
    self->base = base;
    self->first = base ? base->first + base->count : 0;
    s_resize(self, slot_count);
    if (!base)
        wx_intern(self, WX_STR(""));
    return self;
}

static wx_id_t s_find(const wx_intern_t *self, winnow_str_t text, uint32_t hash)
{
    uint32_t entry = self->slots[s_slot(self, text, hash)];
    if (entry)
        return self->first + entry - 1;
    return self->base ? s_find(self->base, text, hash) : 0;
}

wx_id_t wx_intern_find(const wx_intern_t *self, winnow_str_t text)
{
    return s_find(self, text, wx_str_hash(text));
}

wx_id_t wx_intern(wx_intern_t *self, winnow_str_t text)
{
    uint32_t hash = wx_str_hash(text);
    if (text.size == 0 && self->base)
        return 0;
    wx_id_t known = s_find(self, text, hash);
    if (known)
        return known;
    if (self->count >= self->slot_count / 4 * 3)
        s_resize(self, 2 * self->slot_count);
    uint32_t index = self->count++;
    self->texts[index] = wx_str_copy(self->arena, text);
    self->hashes[index] = hash;
    self->slots[s_slot(self, text, hash)] = index + 1;
    return self->first + index;
}

winnow_str_t wx_intern_text(const wx_intern_t *self, wx_id_t id)
{
    while (id < self->first)
        self = self->base;
    return self->texts[id - self->first];
}
