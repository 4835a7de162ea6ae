/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words as the English treebanks of Universal Dependencies cut them.
 *
 * A sentence falls into chunks at blanks. From a chunk marks are taken off at both ends; what stays
 * is cut at hyphens (but behind prefixes), dashes and slashes, numbers from the signs and letters
 * around them, and contractions into their words:
 *
 *     "U.S.-based workers' don't-know €5bn/year (2021-25),
 *     ^ ^^^^ ^ ^^^^^ ...     do n't     € 5 bn / year ( 2021 - 25 ) ,
 */
#include "stages.h"

#include "chars.h"
#include "words.h"

/* What is being cut: a sentence, and the piece of it that is left. Offsets are the article's. */
typedef struct {
    wx_doc_t *doc;
    uint32_t sentence;
    uint32_t end;         /* of the sentence, in bytes */
    uint32_t first_token; /* of the sentence */
    bool capitals;        /* all of the sentence's letters are capitals */
    bool in_quote;        /* an odd number of " has been seen in this paragraph */
} s_cutter_t;

static wx_char_t s_at(const s_cutter_t *c, uint32_t at)
{
    return at < c->end ? wx_char_at(c->doc->text, at) : WX_CHAR_SPACE;
}

static char s_byte(const s_cutter_t *c, uint32_t at)
{
    return at < c->end ? c->doc->text.data[at] : ' ';
}

static uint32_t s_next(const s_cutter_t *c, uint32_t at)
{
    return (uint32_t)wx_char_end(c->doc->text, at);
}

static uint32_t s_previous(const s_cutter_t *c, uint32_t at)
{
    do
        at--;
    while (at > 0 && ((unsigned char)c->doc->text.data[at] & 0xC0) == 0x80);
    return at;
}

static uint16_t s_shape(winnow_str_t form)
{
    uint32_t upper = 0, lower = 0, digits = 0, other = 0, later_upper = 0, letters = 0;
    unsigned shape = 0;
    for (size_t at = 0; at < form.size;) {
        wx_char_t class = wx_char_at(form, at);
        if (class == WX_CHAR_UPPER) {
            upper++;
            later_upper += letters > 0;
        }
        lower += class == WX_CHAR_LOWER;
        digits += class == WX_CHAR_DIGIT;
        letters += wx_char_letter(class);
        if (!wx_char_word(class)) {
            char byte = form.data[at];
            other += !(byte == ',' || byte == '.' || byte == ':' || byte == '/');
            if (byte == '.')
                shape |= WX_SHAPE_PERIOD;
            if (class == WX_CHAR_HYPHEN)
                shape |= WX_SHAPE_HYPHEN;
        }
        if (wx_char_letter(class) && (unsigned char)form.data[at] >= 0x80)
            shape |= WX_SHAPE_NONASCII;
        at = wx_char_end(form, at);
    }
    if (digits)
        shape |= WX_SHAPE_DIGIT;
    if (digits && !letters && !other)
        shape |= WX_SHAPE_NUMBER;
    if (!digits && !letters)
        return (uint16_t)(shape | WX_SHAPE_PUNCT);
    if (wx_char_at(form, 0) == WX_CHAR_UPPER)
        shape |= WX_SHAPE_UPPER;
    if (upper >= 2 && lower == 0)
        shape |= WX_SHAPE_ALLCAPS;
    if (lower && !upper && !digits)
        shape |= WX_SHAPE_LOWER;
    if (later_upper && lower)
        shape |= WX_SHAPE_MIXED;
    return (uint16_t)shape;
}

/* Quotation marks: which side they are on. A straight one opens after a blank or an opening mark.
 */
static uint16_t s_quote_shape(s_cutter_t *c, uint32_t start, uint32_t end)
{
    wx_char_t class = s_at(c, start);
    winnow_str_t form = wx_doc_slice(c->doc, start, end);
    if (wx_str_is(form, "“") || wx_str_is(form, "«") || wx_str_is(form, "„") ||
        wx_str_is(form, "‘") || wx_str_is(form, "``") || wx_str_is(form, "`"))
        return WX_SHAPE_OPEN;
    if (wx_str_is(form, "”") || wx_str_is(form, "»") || wx_str_is(form, "''"))
        return WX_SHAPE_CLOSE;
    if (class != WX_CHAR_QUOTE && class != WX_CHAR_APOSTROPHE)
        return 0;
    if (wx_char_word(wx_char_before(c->doc->text, end)))
        return 0; /* `'s` */
    wx_char_t before = start > 0 ? wx_char_before(c->doc->text, start) : WX_CHAR_SPACE;
    wx_char_t after = s_at(c, end);
    bool left = before == WX_CHAR_SPACE || before == WX_CHAR_OPEN || before == WX_CHAR_DASH;
    bool right = after == WX_CHAR_SPACE || after == WX_CHAR_COMMA || after == WX_CHAR_STOP ||
                 after == WX_CHAR_CLOSE;
    bool opens = left != right ? left : !c->in_quote;
    if (class == WX_CHAR_QUOTE)
        c->in_quote = opens;
    return opens ? WX_SHAPE_OPEN : WX_SHAPE_CLOSE;
}

static void s_push(s_cutter_t *c, uint32_t start, uint32_t end, unsigned flags)
{
    if (start >= end)
        return;
    wx_doc_t *doc = c->doc;
    winnow_str_t form = wx_doc_slice(doc, start, end);
    size_t mark = wx_arena_mark(doc->arena);
    winnow_str_t lower = wx_str_lower(doc->arena, form);
    wx_id_t form_id, lower_id;
    /* Small letters first: most words are known by them, and then the copy can go. */
    lower_id = wx_intern_find(doc->intern, lower);
    if (lower_id)
        wx_arena_release(doc->arena, mark);
    else
        lower_id = wx_intern(doc->intern, lower);
    form_id = wx_str_equal(form, wx_intern_text(doc->intern, lower_id))
                  ? lower_id
                  : wx_intern(doc->intern, form);
    unsigned shape = s_shape(form) | flags;
    shape |= s_quote_shape(c, start, end);
    wx_token_t *token = wx_push(doc->arena, &doc->tokens);
    *token = (wx_token_t){.start = start,
                          .end = end,
                          .form = form_id,
                          .lower = lower_id,
                          .sentence = c->sentence,
                          .value = WX_NONE,
                          .name = WX_NONE,
                          .quote = WX_NONE,
                          .unit = WX_NONE,
                          .head = WX_NONE,
                          .shape = (uint16_t)shape,
                          .space_after = s_at(c, end) == WX_CHAR_SPACE,
                          .capital = c->capitals};
    doc->steps++;
}

static winnow_str_t s_slice(const s_cutter_t *c, uint32_t start, uint32_t end)
{
    return wx_doc_slice(c->doc, start, end);
}

static bool s_known(const s_cutter_t *c, uint32_t start, uint32_t end, wx_word_class_t class)
{
    return wx_word_find(c->doc->model, s_slice(c, start, end), class) != NULL;
}

/* Does an ASCII word stand at the end of the piece, in any case? */
static bool s_ends_with(const s_cutter_t *c, uint32_t start, uint32_t end, const char *word)
{
    size_t n = strlen(word);
    if (end - start < n)
        return false;
    const char *at = c->doc->text.data + end - n;
    for (size_t i = 0; i < n; i++)
        if ((at[i] | 0x20) != word[i])
            return false;
    return true;
}

/* Length of an apostrophe at a byte: ' is 1, ’ is 3; 0 for anything else. */
static uint32_t s_apostrophe(const s_cutter_t *c, uint32_t at)
{
    if (s_byte(c, at) == '\'' || s_byte(c, at) == '`')
        return 1;
    return at + 3 <= c->end && memcmp(c->doc->text.data + at, "’", 3) == 0 ? 3 : 0;
}

/* Has it an apostrophe, or the length of one of the words that are cut without? Few have. */
static bool s_may_contract(winnow_str_t word)
{
    for (size_t i = 0; i < word.size; i++)
        if (word.data[i] == '\'' || word.data[i] == '`' || (unsigned char)word.data[i] == 0xE2)
            return true;
    return word.size == 5 || word.size == 6;
}

/*
 * Where a contraction falls into two: the start of its second part, or `end`.
 *
 *     do|n't   company|'s   we|'ll   can|not   gon|na
 */
static uint32_t s_contraction(const s_cutter_t *c, uint32_t start, uint32_t end)
{
    if (!s_may_contract(s_slice(c, start, end)))
        return end;
    static const char *const s_tails[] = {"s", "re", "ve", "ll", "d", "m"};
    static const char *const s_plain[][2] = {{"cannot", "not"}, {"gonna", "na"}, {"wanna", "na"},
                                             {"gotta", "ta"},   {"gimme", "me"}, {"lemme", "me"}};
    for (size_t i = 0; i < sizeof s_tails / sizeof *s_tails; i++) {
        uint32_t tail = (uint32_t)strlen(s_tails[i]);
        if (!s_ends_with(c, start, end, s_tails[i]))
            continue;
        for (uint32_t mark = 1; mark <= 3; mark += 2)
            if (end - start > tail + mark && s_apostrophe(c, end - tail - mark) == mark)
                return end - tail - mark;
    }
    for (uint32_t mark = 1; mark <= 3; mark += 2) {
        uint32_t size = 2 + mark;
        if (end - start > size && s_ends_with(c, start, end, "t") &&
            s_apostrophe(c, end - 1 - mark) == mark && (s_byte(c, end - size) | 0x20) == 'n')
            return end - size;
    }
    for (size_t i = 0; i < sizeof s_plain / sizeof *s_plain; i++)
        if (end - start == strlen(s_plain[i][0]) && s_ends_with(c, start, end, s_plain[i][0]))
            return end - (uint32_t)strlen(s_plain[i][1]);
    return end;
}

static void s_contracted(s_cutter_t *c, uint32_t start, uint32_t end)
{
    uint32_t cut = s_contraction(c, start, end);
    if (cut < end && cut > start) {
        s_contracted(c, start, cut);
        s_push(c, cut, end, WX_SHAPE_JOINED);
    } else {
        s_push(c, start, end, 0);
    }
}

/* Digits with separators between them: the byte behind them. `1,200.5`, `9/11`, `6:30` */
static uint32_t s_number_end(const s_cutter_t *c, uint32_t at, uint32_t end)
{
    while (at < end) {
        if (s_at(c, at) == WX_CHAR_DIGIT) {
            at++;
            continue;
        }
        char byte = s_byte(c, at);
        bool separator = byte == ',' || byte == '.' || byte == ':' || byte == '/';
        if (!separator || at + 1 >= end || s_at(c, at + 1) != WX_CHAR_DIGIT)
            break;
        at++;
    }
    return at;
}

/* Behind digits: `th` of 20th, `s` of 1990s belong to them. */
static bool s_number_tail(const s_cutter_t *c, uint32_t start, uint32_t end)
{
    static const char *const s_tails[] = {"st", "nd", "rd", "th", "s"};
    for (size_t i = 0; i < sizeof s_tails / sizeof *s_tails; i++)
        if (end - start == strlen(s_tails[i]) && s_ends_with(c, start, end, s_tails[i]))
            return true;
    return false;
}

/* Are these letters, behind digits, a word of their own? `5bn`, `10am`, `430km`, `€20m`. */
static bool s_number_word(const s_cutter_t *c, uint32_t start, uint32_t end)
{
    static const wx_word_class_t s_classes[] = {
        WX_WORD_SCALE, WX_WORD_SCALE_MARK, WX_WORD_UNIT_MARK, WX_WORD_PERCENT,
        WX_WORD_CENT,  WX_WORD_CURRENCY,   WX_WORD_DURATION,  WX_WORD_CURRENCY_MARK};
    if (end - start == 2 && (s_ends_with(c, start, end, "am") || s_ends_with(c, start, end, "pm")))
        return true;
    if (end - start == 1 && (s_byte(c, start) == 'k' || s_byte(c, start) == 'm'))
        return true;
    for (size_t i = 0; i < sizeof s_classes / sizeof *s_classes; i++)
        if (s_known(c, start, end, s_classes[i]) &&
            !(end - start == 1 && s_at(c, start) == WX_CHAR_UPPER && s_byte(c, start) != 'M' &&
              s_byte(c, start) != 'W' && s_byte(c, start) != 'B'))
            return true;
    return false;
}

/* A piece without marks inside but those of numbers: letters and digits. */
static void s_alphanumeric(s_cutter_t *c, uint32_t start, uint32_t end)
{
    uint32_t at = start;
    /* RMB342.7: letters that are a currency, digits behind. */
    while (at < end && wx_char_letter(s_at(c, at)))
        at = s_next(c, at);
    if (at > start && at < end && s_at(c, at) == WX_CHAR_DIGIT &&
        s_known(c, start, at, WX_WORD_CURRENCY_MARK)) {
        s_push(c, start, at, 0);
        s_alphanumeric(c, at, end);
        return;
    }
    if (at == start && s_at(c, at) == WX_CHAR_DIGIT) {
        uint32_t digits = s_number_end(c, at, end);
        if (digits == end) {
            s_push(c, start, end, 0);
            return;
        }
        if (wx_char_letter(s_at(c, digits))) {
            uint32_t letters = digits;
            while (letters < end && (wx_char_letter(s_at(c, letters)) ||
                                     (s_byte(c, letters) == '/' && letters + 1 < end)))
                letters = s_next(c, letters);
            if (letters < end && letters + 1 == end && s_at(c, letters) == WX_CHAR_DIGIT &&
                (s_byte(c, letters) == '2' || s_byte(c, letters) == '3'))
                letters++; /* km2 */
            if (letters == end && !s_number_tail(c, digits, end) && s_number_word(c, digits, end)) {
                s_push(c, start, digits, 0);
                s_push(c, digits, end, 0);
                return;
            }
        } else {
            /* 5% 20+ 35°C */
            s_push(c, start, digits, 0);
            s_alphanumeric(c, digits, end);
            return;
        }
    }
    wx_char_t class = s_at(c, start);
    if (class == WX_CHAR_OTHER || class == WX_CHAR_MONEY) {
        uint32_t next = s_next(c, start);
        bool word_sign = s_byte(c, start) == '&' || s_byte(c, start) == '_' ||
                         s_byte(c, start) == '#' || s_byte(c, start) == '@';
        if (!word_sign && next < end) {
            s_push(c, start, next, 0);
            s_alphanumeric(c, next, end);
            return;
        }
    }
    /* US$3.4, HK$5: the letters and the sign are one mark. */
    for (at = start; at < end; at = s_next(c, at)) {
        wx_char_t here = s_at(c, at);
        if (here == WX_CHAR_MONEY && at > start) {
            uint32_t sign = s_next(c, at);
            if (sign <= end && at - start <= 4) {
                s_push(c, start, sign, 0);
                if (sign < end)
                    s_alphanumeric(c, sign, end);
                return;
            }
        }
        if (here == WX_CHAR_OTHER && s_byte(c, at) != '&' && s_byte(c, at) != '/' &&
            s_byte(c, at) != '_' && s_byte(c, at) != '@' && s_byte(c, at) != '#' && at > start) {
            s_contracted(c, start, at);
            s_alphanumeric(c, at, end);
            return;
        }
    }
    s_contracted(c, start, end);
}

/* Are the letters before a hyphen a prefix that stays with its word, as in `re-elected`? */
static bool s_prefix(const s_cutter_t *c, uint32_t start, uint32_t hyphen, uint32_t end)
{
    if (s_known(c, start, end, WX_WORD_WHOLE))
        return true;
    if (!s_known(c, start, hyphen, WX_WORD_PREFIX))
        return false;
    /* One hyphen only: a chain is cut everywhere. */
    for (uint32_t at = hyphen + 1; at < end; at = s_next(c, at))
        if (s_at(c, at) == WX_CHAR_HYPHEN)
            return false;
    return wx_char_word(s_at(c, s_next(c, hyphen)));
}

/* A code like F-16, B-29s, G-7: letters in capitals, a hyphen, digits. */
static bool s_code(const s_cutter_t *c, uint32_t start, uint32_t hyphen, uint32_t end)
{
    if (hyphen - start > 3 || hyphen + 1 >= end || s_at(c, hyphen + 1) != WX_CHAR_DIGIT ||
        s_known(c, start, hyphen, WX_WORD_CURRENCY_MARK))
        return false;
    for (uint32_t at = start; at < hyphen; at = s_next(c, at))
        if (s_at(c, at) != WX_CHAR_UPPER)
            return false;
    return true;
}

/* Letters on both sides of a slash make two words (and/or), but not of km/h or s/he. */
static bool s_slash_cuts(const s_cutter_t *c, uint32_t start, uint32_t slash, uint32_t end)
{
    if (slash - start < 2 || end - slash < 3)
        return false;
    return wx_char_letter(s_at(c, s_previous(c, slash))) || wx_char_letter(s_at(c, slash + 1));
}

/* Nothing but ASCII letters: the most common case by far. */
static bool s_plain_word(winnow_str_t piece)
{
    for (size_t i = 0; i < piece.size; i++) {
        char c = (char)(piece.data[i] | 0x20);
        if (c < 'a' || c > 'z')
            return false;
    }
    return true;
}

/* A piece between marks: cut at hyphens, dashes, slashes, commas and brackets inside. */
static void s_piece(s_cutter_t *c, uint32_t start, uint32_t end)
{
    if (s_plain_word(s_slice(c, start, end))) {
        s_contracted(c, start, end);
        return;
    }
    /* Marks like km/h and m³ are known as they stand. */
    if (s_known(c, start, end, WX_WORD_UNIT_MARK)) {
        s_push(c, start, end, 0);
        return;
    }
    for (uint32_t at = start; at < end; at = s_next(c, at)) {
        wx_char_t class = s_at(c, at);
        uint32_t next = s_next(c, at);
        bool cut = false;
        if (class == WX_CHAR_HYPHEN)
            cut = at > start && !s_prefix(c, start, at, end) && !s_code(c, start, at, end);
        else if (class == WX_CHAR_DASH || class == WX_CHAR_OPEN || class == WX_CHAR_CLOSE ||
                 class == WX_CHAR_QUOTE)
            cut = true;
        else if (s_byte(c, at) == '/')
            cut = s_slash_cuts(c, start, at, end);
        else if (class == WX_CHAR_COMMA)
            cut = !(at > start && next < end && s_at(c, s_previous(c, at)) == WX_CHAR_DIGIT &&
                    s_at(c, next) == WX_CHAR_DIGIT);
        else if (class == WX_CHAR_STOP && s_byte(c, at) != '.')
            cut = true;
        else if (s_byte(c, at) == '.' && s_byte(c, at + 1) == '.')
            cut = true;
        if (class == WX_CHAR_HYPHEN && at == start && next < end) {
            while (next < end && s_at(c, next) == WX_CHAR_HYPHEN)
                next = s_next(c, next);
            s_push(c, start, next, 0);
            s_piece(c, next, end);
            return;
        }
        if (!cut)
            continue;
        while (next < end && (class == WX_CHAR_HYPHEN || class == WX_CHAR_STOP) &&
               s_at(c, next) == class)
            next = s_next(c, next);
        if (at > start)
            s_alphanumeric(c, start, at);
        s_push(c, at, next, 0);
        if (next < end)
            s_piece(c, next, end);
        return;
    }
    s_alphanumeric(c, start, end);
}

/* Does the chunk's last stop belong to its word? `U.S.`, `Inc.`, `J.` */
static bool s_stop_belongs(const s_cutter_t *c, uint32_t start, uint32_t end, bool last)
{
    if (s_known(c, start, end, WX_WORD_NO_END) || s_known(c, start, end, WX_WORD_MAY_END))
        return true;
    uint32_t letters = 0, stops = 0, word = start;
    for (uint32_t at = start; at < end; at = s_next(c, at)) {
        wx_char_t class = s_at(c, at);
        if (class == WX_CHAR_HYPHEN) {
            word = s_next(c, at);
            letters = stops = 0;
        } else if (s_byte(c, at) == '.') {
            stops++;
        } else if (wx_char_letter(class)) {
            letters++;
        } else {
            return false;
        }
    }
    if (stops >= 2 && letters == stops)
        return true;
    if (word > start &&
        (s_known(c, word, end, WX_WORD_NO_END) || s_known(c, word, end, WX_WORD_MAY_END)))
        return true;
    if (last)
        return false;
    if (s_known(c, start, end, WX_WORD_NO_END_NUMBER))
        return true;
    return letters == 1 && stops == 1 && s_at(c, word) == WX_CHAR_UPPER;
}

/* A web or mail address, or a handle: kept whole. */
static bool s_address(const s_cutter_t *c, uint32_t start, uint32_t end)
{
    winnow_str_t text = s_slice(c, start, end);
    if (wx_str_starts(text, "http://") || wx_str_starts(text, "https://") ||
        wx_str_starts(text, "www."))
        return true;
    const char *at = memchr(text.data, '@', text.size);
    return at && text.size > 3 && memchr(at, '.', text.size - (size_t)(at - text.data));
}

/* Is the mark taken off an end of a chunk? */
static bool s_outer(const s_cutter_t *c, uint32_t at, bool left)
{
    wx_char_t class = s_at(c, at);
    switch (class) {
    case WX_CHAR_OPEN:
    case WX_CHAR_CLOSE:
    case WX_CHAR_QUOTE:
    case WX_CHAR_DASH:
    case WX_CHAR_COMMA:
        return true;
    case WX_CHAR_STOP:
        return true;
    case WX_CHAR_APOSTROPHE:
        return !left || wx_char_at(c->doc->text, s_next(c, at)) != WX_CHAR_DIGIT;
    case WX_CHAR_HYPHEN:
        return true;
    case WX_CHAR_OTHER:
        return left ? s_byte(c, at) == '*' || s_byte(c, at) == '~' || s_byte(c, at) == '<' ||
                          s_byte(c, at) == '>' || s_byte(c, at) == '+'
                    : s_byte(c, at) == '*';
    default:
        return false;
    }
}

/* The bytes of a run of the same mark from `at` on: `...`, `--`; else one character. */
static uint32_t s_run(const s_cutter_t *c, uint32_t at, uint32_t end)
{
    wx_char_t class = s_at(c, at);
    char byte = s_byte(c, at);
    uint32_t next = s_next(c, at);
    bool runs = class == WX_CHAR_STOP || class == WX_CHAR_HYPHEN || byte == '*';
    bool twins = byte == '\'' || byte == '`';
    while (next < end && ((runs && s_at(c, next) == class &&
                           (class != WX_CHAR_STOP || s_byte(c, next) == byte)) ||
                          (twins && next == at + 1 && s_byte(c, next) == byte)))
        next = s_next(c, next);
    return next;
}

/* A possessive apostrophe: `workers'` */
static bool s_possessive(const s_cutter_t *c, uint32_t start, uint32_t at)
{
    return at > start && (s_byte(c, at - 1) | 0x20) == 's' && s_apostrophe(c, at);
}

static void s_chunk(s_cutter_t *c, uint32_t start, uint32_t end)
{
    while (start < end && s_outer(c, start, true)) {
        uint32_t next = s_run(c, start, end);
        s_push(c, start, next, 0);
        start = next;
    }
    /* Take marks off the right end, and write them behind. */
    uint32_t stop = end;
    while (stop > start) {
        uint32_t last = s_previous(c, stop);
        if (!s_outer(c, last, false))
            break;
        wx_char_t class = s_at(c, last);
        if (s_byte(c, last) == '.' && s_byte(c, last - 1) != '.' &&
            s_stop_belongs(c, start, stop, stop == c->end || end == c->end))
            break;
        if ((class == WX_CHAR_CLOSE || class == WX_CHAR_OPEN) && s_address(c, start, stop))
            break;
        while (last > start && (class == WX_CHAR_STOP || class == WX_CHAR_HYPHEN) &&
               s_byte(c, last) == s_byte(c, s_previous(c, last)) && s_byte(c, last) > 0)
            last = s_previous(c, last);
        stop = last;
    }
    if (start < stop) {
        if (s_address(c, start, stop))
            s_push(c, start, stop, 0);
        else
            s_piece(c, start, stop);
    }
    for (uint32_t at = stop; at < end;) {
        uint32_t next = s_run(c, at, end);
        s_push(c, at, next, at == stop && s_possessive(c, start, at) ? WX_SHAPE_JOINED : 0);
        at = next;
    }
}

/* No small letter, but some capitals: case tells nothing here. */
static bool s_all_capitals(winnow_str_t text)
{
    uint32_t upper = 0, lower = 0;
    for (size_t at = 0; at < text.size; at = wx_char_end(text, at)) {
        wx_char_t class = wx_char_at(text, at);
        upper += class == WX_CHAR_UPPER;
        lower += class == WX_CHAR_LOWER;
    }
    return upper >= 8 && lower * 10 < upper;
}

static void s_sentence(wx_doc_t *doc, uint32_t index, bool in_quote, bool *ret_in_quote)
{
    wx_sentence_t *sentence = &doc->sentences.at[index];
    s_cutter_t c = {.doc = doc,
                    .sentence = index,
                    .end = sentence->end_byte,
                    .first_token = doc->tokens.count,
                    .in_quote = in_quote};
    c.capitals = s_all_capitals(wx_doc_slice(doc, sentence->start_byte, sentence->end_byte));
    for (uint32_t at = sentence->start_byte; at < c.end;) {
        while (at < c.end && s_at(&c, at) == WX_CHAR_SPACE)
            at = s_next(&c, at);
        uint32_t start = at;
        while (at < c.end && s_at(&c, at) != WX_CHAR_SPACE)
            at = s_next(&c, at);
        if (at > start)
            s_chunk(&c, start, at);
    }
    sentence = &doc->sentences.at[index];
    sentence->first = c.first_token;
    sentence->end = doc->tokens.count;
    for (uint32_t i = sentence->first; i < sentence->end; i++)
        if (!(doc->tokens.at[i].shape & WX_SHAPE_PUNCT)) {
            doc->tokens.at[i].shape |= WX_SHAPE_FIRST;
            break;
        }
    *ret_in_quote = c.in_quote;
}

void wx_tokenise(wx_doc_t *doc)
{
    bool in_quote = false;
    for (uint32_t i = 0; i < doc->sentences.count; i++) {
        if (i == 0 || doc->sentences.at[i].paragraph != doc->sentences.at[i - 1].paragraph)
            in_quote = false;
        s_sentence(doc, i, in_quote, &in_quote);
    }
}
