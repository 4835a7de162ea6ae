/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words that the grammars of numbers, dates, sentences and layout know: the lexicons (.tsv
 * files), read once into the model.
 *
 * A line of a lexicon is
 *
 *     phrase TAB class TAB text TAB number
 *
 * The phrase is in small letters, one blank between tokens, cut as wx_tokenise() cuts (`year - on -
 * year`); classes marked exact below match the letters as they stand (MW is not mW). What text and
 * number mean is said with the class. `#` begins a comment, empty columns at the end may be
 * missing.
 */
#ifndef WX_WORDS_H
#define WX_WORDS_H

#include "doc.h"
#include "embedded.h"
#include "model.h"

/* X(enum, word in the lexicon, exact) */
#define WX_WORD_TABLE(X)                                                                           \
    X(CARDINAL, "cardinal", 0)       /* one, twelve, forty: number */                              \
    X(SCALE, "scale", 0)             /* hundred, million, crore: number */                         \
    X(SCALE_MARK, "scale_mark", 0)   /* bn, m, k: scale behind digits only: number */              \
    X(FUZZY, "fuzzy", 0)             /* dozens, thousands: number, bound at_least */               \
    X(NUMBER_OPEN, "number_open", 0) /* a, several: may begin a number with a scale */             \
    X(ORDINAL, "ordinal", 0)         /* first, twentieth: number */                                \
    X(FRACTION, "fraction", 0)       /* half, third, quarter, fifths: number is the divisor */     \
    X(TIMES, "times", 0)             /* doubled, twice: number is the multiple */                  \
    X(CURRENCY, "currency", 0)       /* yuan, U.S. dollars: text is the code, number units/code */ \
    X(CURRENCY_MARK, "currency_mark", 0)     /* $, rmb, a$: stands before or behind the digits */  \
    X(CURRENCY_FAMILY, "currency_family", 0) /* crowns: text is the codes that it may be */        \
    X(CURRENCY_OF, "currency_of", 0)         /* norway, oslo: text is the code used there */       \
    X(CENT, "cent", 0)                       /* cents, pence: text the code, number 0.01 */        \
    X(UNIT, "unit", 0)               /* square kilometers: text the symbol, number the factor */   \
    X(UNIT_MARK, "unit_mark", 1)     /* km, MW: exact */                                           \
    X(DURATION, "duration", 0)       /* days: text the symbol */                                   \
    X(PERCENT, "percent", 0)         /* %, per cent: text % or pp, number the factor */            \
    X(PER, "per", 0)                 /* per, a, an, each, every: joins a rate */                   \
    X(RATE, "rate", 0)               /* barrel, tonne, hour behind per: text the symbol */         \
    X(BOUND, "bound", 0)             /* before a number: text is a word of bounds */               \
    X(BOUND_AFTER, "bound_after", 0) /* behind it: or more, or so */                               \
    X(MONTH, "month", 0)             /* number 1 to 12 */                                          \
    X(MONTH_MARK, "month_mark", 0)   /* jan., sept: likewise */                                    \
    X(WEEKDAY, "weekday", 0)         /* number 1 (Monday) to 7 */                                  \
    X(SEASON, "season", 0)           /* number: first month of it, north */                        \
    X(PERIOD, "period", 0)           /* year, quarter, month: text y q m w d decade … */         \
    X(DAY_WORD, "day_word", 0)       /* today, yesterday: number is days from now */               \
    X(DAY_PART, "day_part", 0)       /* morning, evening */                                        \
    X(DATE_OPEN, "date_open", 0)     /* last, early, end: may begin a date */                      \
    X(NO_END, "no_end", 0)           /* abbreviation, no sentence ends there: mr. */               \
    X(NO_END_NUMBER, "no_end_number", 0) /* only before a number: no. 5 */                         \
    X(MAY_END, "may_end", 0)             /* abbreviation that may end one: inc. */                 \
    X(STARTER, "starter", 0)             /* begins sentences rather than names: the, but */        \
    X(SPEECH, "speech", 0)               /* said, told: behind a question in quotation marks */    \
    X(PREFIX, "prefix", 0)               /* of hyphened words that stay whole: re, non */          \
    X(WHOLE, "whole", 0)                 /* hyphened words that stay whole: e-mail */              \
    X(NOUN_STOP, "noun_stop", 0)         /* ends a counted noun phrase: of, which, have */         \
    X(NOUN_SKIP, "noun_skip", 0)         /* stands before it without being counted: of, the */     \
    X(NOT_COUNT, "not_count", 0)     /* a noun before a number that makes it a name: page, no. */  \
    X(COUNTED_AS, "counted_as", 0)   /* workforce: text is what a bare number of it counts */      \
    X(PLURAL, "plural", 0)           /* irregular: text is the singular */                         \
    X(DEMONYM, "demonym", 0)         /* french: text is the country */                             \
    X(STAMP, "stamp", 0)             /* begins a page's date: updated, published */                \
    X(BYLINE, "byline", 0)           /* begins a line about its makers: by, editor */              \
    X(BOILERPLATE, "boilerplate", 0) /* begins what belongs to the page: read more, share */       \
    X(CREDIT, "credit", 0)           /* names a picture's source: photo, image */

typedef enum {
    WX_WORD_NONE,
#define WX_ONE(name, word, exact) WX_WORD_##name,
    WX_WORD_TABLE(WX_ONE)
#undef WX_ONE
        WX_WORD_COUNT
} wx_word_class_t;

enum { WX_WORD_LENGTH = 6 };

/* An entry. Constant; lives in the model. */
typedef struct {
    wx_word_class_t class;
    uint32_t length;             /* tokens */
    wx_id_t ids[WX_WORD_LENGTH]; /* of the model's intern */
    winnow_str_t text;
    winnow_decimal_t number; /* digits 0: none */
    uint32_t next; /* the next entry with the same first token, shorter or as long; 0: none */
} wx_word_t;

/* What a word may be the first of: a quick answer for the many that begin nothing. */
enum { WX_BEGINS_NUMBER = 1u << 0, WX_BEGINS_DATE = 1u << 1 };

typedef struct wx_words {
    struct {
        wx_word_t *at;
        uint32_t count, capacity;
    } entries;       /* [0] is unused */
    uint32_t *first; /* by id of the first token: an entry, or 0 */
    uint8_t *begins; /* by the same id: WX_BEGINS_… */
    uint32_t ids;    /* how many ids `first` and `begins` cover */
} wx_words_t;

extern const wx_embedded_t wx_lexicons[];

/* Reads all lexicons into the model. 0, or WINNOW_E_RULE with the line of a faulty lexicon. */
int wx_words_load(winnow_model_t *model, winnow_error_t *err);

/* Can a number, or a date, begin with this token, by its word? Digits are not looked at. */
static inline bool wx_word_begins(const wx_doc_t *doc, uint32_t token, unsigned what)
{
    const wx_words_t *words = doc->model->words;
    wx_id_t lower = doc->tokens.at[token].lower;
    return lower < words->ids && (words->begins[lower] & what);
}

/* The longest entry of the class that begins at this token and ends before `end`; NULL: none. */
const wx_word_t *wx_word_at(const wx_doc_t *doc, uint32_t token, uint32_t end,
                            wx_word_class_t class);

/* The entry of the class for a single string of bytes, in any case; NULL: none. For the stages
 * before there are tokens. */
const wx_word_t *wx_word_find(const winnow_model_t *model, winnow_str_t text,
                              wx_word_class_t class);

/* The longest entry of the class that these ids, of the model's table, begin with; NULL: none. */
const wx_word_t *wx_word_of(const winnow_model_t *model, const wx_id_t *ids, uint32_t count,
                            wx_word_class_t class);

#endif
