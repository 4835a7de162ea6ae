/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sentences: every run of full stops, question and exclamation marks is a candidate; what stands
 * before it (an abbreviation, an initial, a number) and behind it (blank, capital, a word that
 * begins sentences) decides. Sentences never cross blocks.
 *
 * What has no end for S_LONG marks and words is no sentence of a person: it is cut at the last
 * place that invites it, so that the work of a sentence has a bound whatever the text.
 */
#include "stages.h"

#include "chars.h"
#include "words.h"

/* The word that ends before `end`: back to a blank or an opening mark. Bytes of the block. */
static winnow_str_t s_word_before(winnow_str_t text, size_t end)
{
    size_t start = end;
    while (start > 0 && end - start < 40) {
        wx_char_t class = wx_char_before(text, start);
        if (class == WX_CHAR_SPACE || class == WX_CHAR_OPEN || class == WX_CHAR_QUOTE ||
            class == WX_CHAR_DASH || class == WX_CHAR_HYPHEN || text.data[start - 1] == '/')
            break;
        do
            start--;
        while (start > 0 && ((unsigned char)text.data[start] & 0xC0) == 0x80);
    }
    return (winnow_str_t){text.data + start, end - start};
}

/* The run of letters (and dots inside) at `at`. */
static winnow_str_t s_word_after(winnow_str_t text, size_t at)
{
    size_t end = at;
    while (end < text.size && wx_char_word(wx_char_at(text, end)))
        end = wx_char_end(text, end);
    return (winnow_str_t){text.data + at, end - at};
}

static bool s_has(const wx_doc_t *doc, winnow_str_t word, wx_word_class_t class)
{
    return wx_word_find(doc->model, word, class) != NULL;
}

/* `J.`, `U.S.`: letters that each have a stop. `letters` counts them; false for anything else. */
static bool s_initials(winnow_str_t word, uint32_t *ret_letters)
{
    uint32_t letters = 0;
    size_t at = 0;
    while (at < word.size) {
        if (!wx_char_letter(wx_char_at(word, at)))
            return false;
        at = wx_char_end(word, at);
        if (at >= word.size || word.data[at] != '.')
            return false;
        at++;
        letters++;
    }
    *ret_letters = letters;
    return letters > 0;
}

/* Can a single stop behind `word` (which holds it) end a sentence when `after` comes next? */
static bool s_stop_ends(const wx_doc_t *doc, winnow_str_t word, winnow_str_t after)
{
    wx_char_t next = wx_char_at(after, 0);
    bool starter = s_has(doc, after, WX_WORD_STARTER);
    uint32_t letters = 0;
    if (s_initials(word, &letters)) {
        bool capital = wx_char_at(word, 0) == WX_CHAR_UPPER;
        if (letters == 1)
            return !capital || (starter && after.size > 1);
        return starter && next == WX_CHAR_UPPER;
    }
    if (s_has(doc, word, WX_WORD_MAY_END))
        return starter && next == WX_CHAR_UPPER;
    if (s_has(doc, word, WX_WORD_NO_END))
        return false;
    if (s_has(doc, word, WX_WORD_NO_END_NUMBER))
        return next != WX_CHAR_DIGIT;
    return true;
}

/* `"Is it so?" the mayor asked`, `"Is it so?" Jane Roe said`: the question goes on. */
static bool s_speech_follows(const wx_doc_t *doc, winnow_str_t text, size_t at)
{
    for (int words = 0; words < 5; words++) {
        winnow_str_t word = s_word_after(text, at);
        if (word.size == 0)
            return false;
        if (s_has(doc, word, WX_WORD_SPEECH))
            return true;
        if (words == 0 && s_has(doc, word, WX_WORD_STARTER) && !wx_str_is(word, "the") &&
            !wx_str_is(word, "he") && !wx_str_is(word, "she"))
            return false;
        at = (size_t)(word.data - text.data) + word.size;
        if (at >= text.size || text.data[at] != ' ')
            return false;
        at++;
    }
    return false;
}

/*
 * Where the sentence ends whose stop begins at `at`: the byte behind its closing marks; or 0 when
 * this stop ends none. *ret_next: where to look on.
 */
static size_t s_end(const wx_doc_t *doc, winnow_str_t text, size_t start, size_t at,
                    size_t *ret_next)
{
    size_t stop_end = at;
    uint32_t stops = 0;
    while (stop_end < text.size && wx_char_at(text, stop_end) == WX_CHAR_STOP) {
        stop_end = wx_char_end(text, stop_end);
        stops++;
    }
    size_t close_end = stop_end;
    bool quoted = false;
    for (; close_end < text.size; close_end = wx_char_end(text, close_end)) {
        wx_char_t class = wx_char_at(text, close_end);
        if (class != WX_CHAR_CLOSE && class != WX_CHAR_QUOTE && class != WX_CHAR_APOSTROPHE)
            break;
        quoted |= class == WX_CHAR_QUOTE || class == WX_CHAR_APOSTROPHE ||
                  (unsigned char)text.data[close_end] >= 0x80;
    }
    *ret_next = close_end;
    size_t next = close_end;
    while (next < text.size && wx_char_at(text, next) == WX_CHAR_SPACE)
        next = wx_char_end(text, next);
    if (next >= text.size)
        return 0;
    bool plain_stop = stops == 1 && text.data[at] == '.';
    wx_char_t class = wx_char_at(text, next);
    winnow_str_t before = s_word_before(text, at), after = s_word_after(text, next);
    if (next == close_end) {
        /* No blank: only where `percent.The` or `it."The` has lost it. */
        bool lost = class == WX_CHAR_UPPER && after.size >= 2 && before.size >= 3 &&
                    wx_char_before(before, before.size) == WX_CHAR_LOWER &&
                    wx_char_at(after, 1) == WX_CHAR_LOWER &&
                    memchr(before.data, '.', before.size) == NULL &&
                    (quoted || s_has(doc, after, WX_WORD_STARTER));
        return lost ? close_end : 0;
    }
    if (class == WX_CHAR_LOWER || class == WX_CHAR_COMMA || class == WX_CHAR_CLOSE ||
        (class == WX_CHAR_OTHER && text.data[next] == '%'))
        return 0;
    if ((unsigned char)text.data[at] >= 0x80 || stops > 1) {
        /* … and ... */
        if (text.data[at] != '!' && text.data[at] != '?')
            return class == WX_CHAR_UPPER || class == WX_CHAR_OPEN || class == WX_CHAR_QUOTE
                       ? close_end
                       : 0;
    }
    if (plain_stop) {
        winnow_str_t word = {before.data, before.size + 1};
        if (close_end == stop_end && !s_stop_ends(doc, word, after))
            return 0;
        /* `3. Next` at the beginning is a number of a list. */
        if (before.data == text.data + start && before.size <= 2 &&
            wx_char_at(before, 0) == WX_CHAR_DIGIT)
            return 0;
    } else if (quoted && s_speech_follows(doc, text, next)) {
        return 0;
    }
    return close_end;
}

static void s_push(wx_doc_t *doc, uint32_t index, winnow_str_t text, size_t start, size_t end)
{
    const wx_block_t *block = &doc->blocks.at[index];
    winnow_str_t trimmed = wx_str_trim((winnow_str_t){text.data + start, end - start});
    if (trimmed.size == 0)
        return;
    uint32_t paragraph = block->paragraph;
    uint8_t class = (uint8_t)block->class;
    wx_sentence_t *sentence = wx_push(doc->arena, &doc->sentences);
    sentence->start_byte = (uint32_t)(trimmed.data - doc->text.data);
    sentence->end_byte = sentence->start_byte + (uint32_t)trimmed.size;
    sentence->block = index;
    sentence->paragraph = paragraph;
    sentence->class = class;
}

/*
 * A heading run into its paragraph by a dash: where it ends, behind the dash; or 0.
 *
 *     Growth comes first—Under the new plan the …
 *                       ^
 */
static size_t s_heading_end(winnow_str_t text, size_t at)
{
    size_t next = wx_char_end(text, at);
    bool tight = at > 0 && at < 140 && wx_char_letter(wx_char_before(text, at)) &&
                 wx_char_at(text, next) == WX_CHAR_UPPER && text.size - next > 40;
    return tight && memcmp(text.data + at, "—", next - at) == 0 ? next : 0;
}

/* The most words and marks in a sentence, and bytes in a word. */
enum { S_LONG = 400, S_LONG_WORD = 2000 };

/* How far a sentence has come, and where it could be cut: behind a semicolon, a comma, a blank. */
typedef struct {
    uint32_t items;     /* words and marks so far */
    size_t start, word; /* where the sentence and the current word begin */
    size_t stop, comma, blank;
} s_length_t;

static void s_length_open(s_length_t *self, size_t start)
{
    *self = (s_length_t){.start = start, .word = start};
}

/* Takes the character from `at` to `next` in. True when the sentence has become too long. */
static bool s_length_add(s_length_t *self, winnow_str_t text, wx_char_t class, size_t at,
                         size_t next)
{
    if (class == WX_CHAR_SPACE) {
        self->word = next;
        self->blank = next;
    } else if (!wx_char_word(class) || at == self->word ||
               !wx_char_word(wx_char_before(text, at))) {
        self->items++;
    }
    /* Only in its second half: pieces of some size are left. */
    if (class == WX_CHAR_COMMA && wx_char_at(text, next) == WX_CHAR_SPACE &&
        self->items > S_LONG / 2) {
        if (text.data[at] == ';')
            self->stop = next;
        else
            self->comma = next;
    }
    return self->items >= S_LONG || next - self->word >= S_LONG_WORD;
}

static size_t s_length_cut(const s_length_t *self, size_t next)
{
    return self->stop                  ? self->stop
           : self->comma               ? self->comma
           : self->blank > self->start ? self->blank
                                       : next;
}

static void s_block(wx_doc_t *doc, uint32_t index)
{
    const wx_block_t *block = &doc->blocks.at[index];
    winnow_str_t text = wx_doc_slice(doc, block->start, block->end);
    size_t start = 0;
    s_length_t length;
    s_length_open(&length, 0);
    for (size_t at = 0; at < text.size;) {
        doc->steps++;
        wx_char_t class = wx_char_at(text, at);
        if (length.start != start)
            s_length_open(&length, start);
        if (s_length_add(&length, text, class, at, wx_char_end(text, at))) {
            /* The characters behind the cut are counted again: at most half of them. */
            start = s_length_cut(&length, wx_char_end(text, at));
            s_push(doc, index, text, length.start, start);
            at = start;
            continue;
        }
        if (class == WX_CHAR_DASH && start == 0) {
            size_t heading = s_heading_end(text, at);
            s_push(doc, index, text, 0, heading);
            start = heading;
        }
        if (class != WX_CHAR_STOP) {
            at = wx_char_end(text, at);
            continue;
        }
        size_t next, end = s_end(doc, text, start, at, &next);
        if (end) {
            s_push(doc, index, text, start, end);
            start = end;
        }
        at = next;
    }
    s_push(doc, index, text, start, text.size);
}

void wx_segment(wx_doc_t *doc)
{
    for (uint32_t i = 0; i < doc->blocks.count; i++) {
        doc->blocks.at[i].sentence_first = doc->sentences.count;
        if (doc->whole || wx_block_readable(doc->blocks.at[i].class))
            s_block(doc, i);
        doc->blocks.at[i].sentence_end = doc->sentences.count;
    }
}
