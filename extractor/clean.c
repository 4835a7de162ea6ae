/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Layout: lines become paragraphs, paragraphs become blocks with a class.
 *
 * Texts come with a paragraph a line, with blank lines between them, or wrapped at some width; a
 * wrapped one is known by lines that end where the next word would not have fitted. A class is
 * found by how the line begins (lexicon/layout.tsv), how long it is, and how it ends. Only what is
 * no article is taken away, so that in doubt a line is read.
 */
#include "stages.h"

#include "chars.h"
#include "day.h"
#include "words.h"

/* Lines up to this many bytes can be headings, by-lines and the like. */
enum { S_SHORT = 120, S_DATELINE = 110, S_HEADING_WORDS = 18 };

typedef struct {
    uint32_t start, end; /* bytes, trimmed; empty for a blank line */
} s_line_t;

typedef struct {
    s_line_t *at;
    uint32_t count, capacity;
} s_lines_t;

static winnow_str_t s_text(const wx_doc_t *doc, s_line_t line)
{
    return wx_doc_slice(doc, line.start, line.end);
}

static s_lines_t s_lines(wx_doc_t *doc)
{
    s_lines_t lines = {0};
    winnow_str_t text = doc->text;
    for (size_t at = 0; at < text.size;) {
        const char *newline = memchr(text.data + at, '\n', text.size - at);
        size_t end = newline ? (size_t)(newline - text.data) : text.size;
        winnow_str_t trimmed = wx_str_trim((winnow_str_t){text.data + at, end - at});
        s_line_t *line = wx_push(doc->arena, &lines);
        line->start = (uint32_t)(trimmed.data - text.data);
        line->end = line->start + (uint32_t)trimmed.size;
        at = end + 1;
    }
    doc->steps += lines.count;
    return lines;
}

/* Bytes of the first word of a line. */
static uint32_t s_word_size(const wx_doc_t *doc, s_line_t line)
{
    const char *text = doc->text.data + line.start;
    uint32_t size = 0;
    while (size < line.end - line.start && text[size] != ' ')
        size++;
    return size;
}

/* Would the next line's first word have gone over the width? Then this line was wrapped. */
static bool s_wraps(const wx_doc_t *doc, s_line_t line, s_line_t next, uint32_t width)
{
    return line.end - line.start + 1 + s_word_size(doc, next) > width;
}

/* The width at which the text was wrapped; 0: it was not. */
static uint32_t s_width(const wx_doc_t *doc, const s_lines_t *lines)
{
    uint32_t width = 0, pairs = 0, wrapped = 0;
    for (uint32_t i = 0; i < lines->count; i++) {
        uint32_t size = lines->at[i].end - lines->at[i].start;
        width = size > width ? size : width;
    }
    if (width > S_SHORT)
        return 0;
    for (uint32_t i = 0; i + 1 < lines->count; i++) {
        s_line_t line = lines->at[i], next = lines->at[i + 1];
        if (line.start == line.end || next.start == next.end)
            continue;
        pairs++;
        wrapped += s_wraps(doc, line, next, width - width / 10);
    }
    return pairs >= 3 && 10 * wrapped >= 7 * pairs ? width - width / 10 : 0;
}

/* The ids of the first words of a line, in small letters, without the marks between them. */
static uint32_t s_begin_ids(wx_doc_t *doc, winnow_str_t text, wx_id_t *ids, bool *ret_all)
{
    uint32_t count = 0;
    size_t at = 0;
    while (at < text.size && count < WX_WORD_LENGTH) {
        while (at < text.size && !wx_char_word(wx_char_at(text, at)))
            at = wx_char_end(text, at);
        size_t start = at;
        while (at < text.size && (wx_char_word(wx_char_at(text, at)) || text.data[at] == '\'' ||
                                  text.data[at] == '-'))
            at = wx_char_end(text, at);
        if (at > start) {
            size_t mark = wx_arena_mark(doc->arena);
            winnow_str_t word = {text.data + start, at - start};
            ids[count++] = wx_intern_find(doc->model->intern, wx_str_lower(doc->arena, word));
            wx_arena_release(doc->arena, mark);
        }
    }
    while (at < text.size && !wx_char_word(wx_char_at(text, at)))
        at = wx_char_end(text, at);
    *ret_all = at >= text.size;
    return count;
}

static const wx_word_t *s_begins(wx_doc_t *doc, winnow_str_t text, wx_word_class_t class)
{
    wx_id_t ids[WX_WORD_LENGTH];
    bool all;
    uint32_t count = s_begin_ids(doc, text, ids, &all);
    const wx_word_t *entry = wx_word_of(doc->model, ids, count, class);
    if (entry && wx_str_is(entry->text, "alone") && !(all && entry->length == count))
        return NULL;
    return entry;
}

static uint32_t s_count_words(winnow_str_t text)
{
    uint32_t words = 0;
    bool inside = false;
    for (size_t i = 0; i < text.size; i++) {
        bool blank = text.data[i] == ' ' || text.data[i] == '\t';
        words += !blank && !inside;
        inside = !blank;
    }
    return words;
}

/* Ends like a sentence, perhaps with closing marks behind. */
static bool s_ends_sentence(winnow_str_t text)
{
    size_t size = text.size;
    while (size) {
        wx_char_t class = wx_char_before(text, size);
        if (class == WX_CHAR_STOP)
            return true;
        if (class != WX_CHAR_CLOSE && class != WX_CHAR_QUOTE && class != WX_CHAR_APOSTROPHE)
            return false;
        do
            size--;
        while (size && ((unsigned char)text.data[size] & 0xC0) == 0x80);
    }
    return false;
}

/* `Home > Business > Cars`, `News | World | Asia` */
static bool s_breadcrumb(winnow_str_t text)
{
    if (text.size > S_SHORT)
        return false;
    uint32_t arrows = 0, bars = 0;
    for (size_t i = 0; i < text.size; i++) {
        arrows += text.data[i] == '>' ||
                  (text.size - i > 2 &&
                   (memcmp(text.data + i, "»", 2) == 0 || memcmp(text.data + i, "›", 3) == 0));
        bars += text.data[i] == '|';
    }
    return (arrows >= 1 && !s_ends_sentence(text)) || bars >= 2;
}

/* Only marks, digits without a word, or a bare link. */
static bool s_no_words(winnow_str_t text)
{
    if (wx_str_starts(text, "http://") || wx_str_starts(text, "https://") ||
        wx_str_starts(text, "www."))
        return memchr(text.data, ' ', text.size) == NULL;
    for (size_t at = 0; at < text.size; at = wx_char_end(text, at))
        if (wx_char_letter(wx_char_at(text, at)))
            return false;
    return true;
}

/* A date and at most a few words around it: `March 3, 2021, 10:15 am GMT`. */
static bool s_only_date(winnow_str_t text, wx_day_t *ret_day)
{
    return text.size <= 48 && s_count_words(text) <= 7 && !s_ends_sentence(text) &&
           wx_day_find(text, true, ret_day);
}

/* `By Jane Roe`, `Editor: …`: by no more than names and marks behind the first words. */
static bool s_byline(wx_doc_t *doc, winnow_str_t text)
{
    if (text.size && text.data[0] == '(' && text.data[text.size - 1] == ')')
        text = wx_str_trim((winnow_str_t){text.data + 1, text.size - 2});
    if (text.size > 2 * S_SHORT)
        return false;
    const wx_word_t *entry = s_begins(doc, text, WX_WORD_BYLINE);
    if (!entry)
        return false;
    /* A label has a colon; `By …` and `Reporting by …` have names behind. */
    if (text.size < S_SHORT && memchr(text.data, ':', text.size < 40 ? text.size : 40))
        return true;
    bool by = false;
    uint32_t small = 0;
    for (size_t at = 0; at < text.size;) {
        while (at < text.size && !wx_char_word(wx_char_at(text, at)))
            at = wx_char_end(text, at);
        size_t start = at;
        wx_char_t first = wx_char_at(text, at);
        while (at < text.size && wx_char_word(wx_char_at(text, at)))
            at = wx_char_end(text, at);
        winnow_str_t word = {text.data + start, at - start};
        by |= wx_str_is(word, "by") || wx_str_is(word, "By") || wx_str_is(word, "BY");
        small += first == WX_CHAR_LOWER && word.size > 3;
    }
    return by && small <= 2 + entry->length &&
           (!s_ends_sentence(text) || wx_str_ends(text, ")") || small <= entry->length) &&
           s_count_words(text) <= 24;
}

static bool s_boilerplate(wx_doc_t *doc, winnow_str_t text)
{
    if (s_no_words(text) || s_breadcrumb(text))
        return true;
    if (wx_str_starts(text, "©") ||
        (text.size < 4 * S_SHORT && wx_str_ends(text, "ll rights reserved.")))
        return true;
    const wx_word_t *entry = s_begins(doc, text, WX_WORD_BOILERPLATE);
    if (!entry)
        return false;
    /* `Share prices fell …` goes on as a sentence; `Share this:` does not. */
    return !s_ends_sentence(text) || entry->length >= 3 || s_count_words(text) <= 6;
}

/* `- item`, `* item`, `• item`, `3. item`, `(a) item`: bytes of the mark and the blanks behind it;
 * 0: no bullet. */
static uint32_t s_bullet(winnow_str_t text)
{
    size_t at = 0, digits = 0;
    static const char *const s_marks[] = {"- ", "* ", "• ", "· ", "– ", "— ",  "▪ ", "■ ",
                                          "● ", "‣ ", "> ", "✓ ", "◦ ", "•\t", "-- "};
    for (size_t i = 0; i < sizeof s_marks / sizeof *s_marks; i++)
        if (wx_str_starts(text, s_marks[i]))
            at = strlen(s_marks[i]);
    if (!at && wx_str_starts(text, "•"))
        at = strlen("•");
    if (!at) {
        size_t i = text.size && text.data[0] == '(';
        while (i < text.size && text.data[i] >= '0' && text.data[i] <= '9' && digits < 2) {
            digits++;
            i++;
        }
        if (digits == 0 && i + 1 < text.size && text.data[i] >= 'a' && text.data[i] <= 'h' &&
            text.data[i + 1] == ')') {
            digits = 1;
            i++;
        }
        if (digits && i + 1 < text.size &&
            (text.data[i] == ')' || (text.data[i] == '.' && i <= 2)) && text.data[i + 1] == ' ')
            at = i + 2;
    }
    while (at && at < text.size && wx_char_at(text, at) == WX_CHAR_SPACE)
        at = wx_char_end(text, at);
    return at < text.size ? (uint32_t)at : 0;
}

/* A word that may stand in a dateline: begins with a capital or digit, or is a small joining word.
 */
static bool s_dateline_word(winnow_str_t word)
{
    static const char *const s_joining[] = {"and", "of", "the", "de", "la",
                                            "am",  "pm", "on",  "al", "upon"};
    wx_char_t first = wx_char_at(word, 0);
    if (first == WX_CHAR_UPPER || first == WX_CHAR_DIGIT)
        return true;
    for (size_t i = 0; i < sizeof s_joining / sizeof *s_joining; i++)
        if (wx_str_is(word, s_joining[i]))
            return true;
    return false;
}

static bool s_all_capitals(winnow_str_t word)
{
    uint32_t upper = 0;
    for (size_t at = 0; at < word.size; at = wx_char_end(word, at)) {
        wx_char_t class = wx_char_at(word, at);
        if (class == WX_CHAR_LOWER)
            return false;
        upper += class == WX_CHAR_UPPER;
    }
    return upper >= 3;
}

/*
 * The dateline that a paragraph begins with: bytes of it with the dash behind, or 0.
 *
 *     BERLIN, March 3 (Agency) - The city …        Paris, 3 May 2020 (AFP) – Two …
 *     ^^^^^^^^^^^^^^^^^^^^^^^^^^                   ^^^^^^^^^^^^^^^^^^^^^^^^^
 *
 * All words of it begin with capitals, and one thing must prove it: a first word all in capitals,
 * a date, or an agency in parentheses. A colon ends it only behind a first word in capitals.
 */
static uint32_t s_dateline(winnow_str_t text)
{
    bool capitals = false, agency = false, month = false;
    uint32_t words = 0;
    for (size_t at = 0; at < text.size && at < S_DATELINE;) {
        wx_char_t class = wx_char_at(text, at);
        if (wx_char_word(class)) {
            size_t start = at;
            while (at < text.size && (wx_char_word(wx_char_at(text, at)) || text.data[at] == '.' ||
                                      text.data[at] == '\'' ||
                                      (text.data[at] == '-' && at + 1 < text.size &&
                                       wx_char_letter(wx_char_at(text, at + 1)))))
                at = wx_char_end(text, at);
            winnow_str_t word = {text.data + start, at - start};
            if (!s_dateline_word(word) || words++ > 14)
                return 0;
            capitals |= words == 1 && s_all_capitals(word);
            month |= wx_month_from(word) > 0;
            continue;
        }
        size_t next = wx_char_end(text, at);
        bool blank =
            wx_char_before(text, at) == WX_CHAR_SPACE || wx_char_before(text, at) == WX_CHAR_CLOSE;
        bool dash = class == WX_CHAR_DASH || (class == WX_CHAR_HYPHEN && blank);
        if (dash && wx_char_at(text, next) == WX_CHAR_HYPHEN)
            next = wx_char_end(text, next);
        bool colon = text.data[at] == ':' && capitals && words <= 5;
        if (words && (dash || colon) && (blank || colon || class == WX_CHAR_DASH) &&
            (wx_char_at(text, next) == WX_CHAR_SPACE || class == WX_CHAR_DASH)) {
            while (next < text.size && wx_char_at(text, next) == WX_CHAR_SPACE)
                next = wx_char_end(text, next);
            return next < text.size && (capitals || agency || month) ? (uint32_t)next : 0;
        }
        if (class == WX_CHAR_OPEN && text.data[at] == '(')
            agency = true;
        else if (class != WX_CHAR_SPACE && class != WX_CHAR_COMMA && class != WX_CHAR_CLOSE &&
                 text.data[at] != '/' && text.data[at] != '.')
            return 0;
        at = next;
    }
    return 0;
}

/* A credit in brackets at the end of a caption: where it begins, or the size when there is none.
 *     The bridge at night. [Photo by Jane Roe/Agency]
 *                          ^ */
static size_t s_credit(wx_doc_t *doc, winnow_str_t text)
{
    if (text.size < 4)
        return text.size;
    char last = text.data[text.size - 1];
    if (last != ']' && last != ')')
        return text.size;
    size_t at = text.size - 1;
    while (at > 0 && text.data[at] != '[' && text.data[at] != '(')
        at--;
    if (text.size - at > S_SHORT)
        return text.size;
    winnow_str_t inside = {text.data + at + 1, text.size - at - 2};
    return s_begins(doc, inside, WX_WORD_CREDIT) ? at : text.size;
}

static wx_block_t *s_push(wx_doc_t *doc, uint32_t start, uint32_t end, uint32_t paragraph,
                          wx_block_class_t class)
{
    winnow_str_t trimmed = wx_str_trim(wx_doc_slice(doc, start, end));
    if (trimmed.size == 0)
        return NULL;
    wx_block_t *block = wx_push(doc->arena, &doc->blocks);
    block->start = (uint32_t)(trimmed.data - doc->text.data);
    block->end = block->start + (uint32_t)trimmed.size;
    block->paragraph = paragraph;
    block->class = class;
    return block;
}

/* What the stage knows while it goes down the page. */
typedef struct {
    bool titled;          /* the headline has been seen */
    bool body;            /* running text has been seen */
    wx_day_t stamp, line; /* dates of a stamp and of a dateline */
    wx_intern_t *seen;    /* short paragraphs before: a second one is a repetition */
} s_page_t;

static void s_keep(wx_day_t *day, wx_day_t found)
{
    if (day->year == 0)
        *day = found;
}

/* Was the same said before? Remembers it. */
static bool s_repeated(s_page_t *page, winnow_str_t text)
{
    if (wx_intern_find(page->seen, text))
        return true;
    wx_intern(page->seen, text);
    return false;
}

/* A line that is no running text: its class, or BODY. */
static wx_block_class_t s_class(wx_doc_t *doc, s_page_t *page, winnow_str_t text)
{
    wx_day_t day;
    if (s_boilerplate(doc, text))
        return WX_BLOCK_NAVIGATION;
    bool stamp_word = text.size < S_SHORT && s_begins(doc, text, WX_WORD_STAMP) != NULL;
    if (text.size < S_SHORT && (stamp_word || s_only_date(text, &day)) &&
        wx_day_find(text, true, &day)) {
        s_keep(&page->stamp, day);
        return WX_BLOCK_STAMP;
    }
    if (s_byline(doc, text))
        return WX_BLOCK_BYLINE;
    if (text.size < S_SHORT && !s_ends_sentence(text) && s_begins(doc, text, WX_WORD_CREDIT))
        return WX_BLOCK_NAVIGATION;
    if (s_repeated(page, text))
        return WX_BLOCK_NAVIGATION;
    if (s_credit(doc, text) < text.size)
        return WX_BLOCK_CAPTION;
    if (s_bullet(text))
        return WX_BLOCK_BULLET;
    char last = text.data[text.size - 1];
    if (s_ends_sentence(text) || last == ':' || last == ';' || last == ',' ||
        s_count_words(text) > S_HEADING_WORDS)
        return WX_BLOCK_BODY;
    return page->titled || page->body ? WX_BLOCK_HEADING : WX_BLOCK_TITLE;
}

static void s_paragraph(wx_doc_t *doc, s_page_t *page, uint32_t start, uint32_t end,
                        uint32_t paragraph)
{
    winnow_str_t text = wx_doc_slice(doc, start, end);
    doc->steps += text.size;
    wx_block_class_t class = s_class(doc, page, text);
    uint32_t skip = 0;
    if (class == WX_BLOCK_BODY || class == WX_BLOCK_TITLE || class == WX_BLOCK_HEADING) {
        skip = s_dateline(text);
        wx_day_t day;
        if (skip) {
            if (wx_day_find((winnow_str_t){text.data, skip}, true, &day))
                s_keep(&page->line, day);
            s_push(doc, start, start + skip, paragraph, WX_BLOCK_DATELINE);
            class = WX_BLOCK_BODY;
        }
    } else if (class == WX_BLOCK_BULLET) {
        skip = s_bullet(text);
    } else if (class == WX_BLOCK_CAPTION) {
        uint32_t credit = start + (uint32_t)s_credit(doc, text);
        s_push(doc, start, credit, paragraph, WX_BLOCK_CAPTION);
        s_push(doc, credit, end, paragraph, WX_BLOCK_NAVIGATION);
        return;
    }
    page->titled |= class == WX_BLOCK_TITLE;
    page->body |= class == WX_BLOCK_BODY;
    s_push(doc, start + skip, end, paragraph, class);
}

void wx_clean(wx_doc_t *doc)
{
    s_lines_t lines = s_lines(doc);
    uint32_t width = s_width(doc, &lines), paragraph = 0;
    s_page_t page = {.seen = wx_intern_new(doc->arena, NULL, lines.count)};
    for (uint32_t i = 0; i < lines.count; i++) {
        s_line_t line = lines.at[i];
        if (line.start == line.end)
            continue;
        uint32_t end = line.end;
        while (width && i + 1 < lines.count && lines.at[i + 1].start < lines.at[i + 1].end &&
               s_wraps(doc, lines.at[i], lines.at[i + 1], width) &&
               !s_bullet(s_text(doc, lines.at[i + 1])))
            end = lines.at[++i].end;
        s_paragraph(doc, &page, line.start, end, paragraph++);
    }
    if (doc->published.year == 0)
        doc->published = page.stamp.year ? page.stamp : page.line;
}
