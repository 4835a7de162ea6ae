/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An article while it is read: the data that the stages (stages.h) fill, one after the other.
 *
 * Everything lives in the article's arena and goes with it; nothing here is freed. Members refer to
 * each other by index, never by pointer, as arrays move while they grow; WX_NONE is no index.
 * Bytes: offsets into the article, end exclusive. Tokens, units: ranges of indices, `end`
 * exclusive.
 *
 * From text to facts:
 *
 *   text -> blocks -> sentences -> tokens -> values, names -> units -> tree, edges
 *                                                \-> entities <- mentions, quotes -> facts
 */
#ifndef WX_DOC_H
#define WX_DOC_H

#include "arena.h"
#include "intern.h"
#include "str.h"
#include "ud.h"

#include <winnow/fact.h>

#define WX_NONE UINT32_MAX

/* ---- Layout ------------------------------------------------------------------------------- */

typedef enum {
    WX_BLOCK_BODY,       /* running text */
    WX_BLOCK_TITLE,      /* the headline */
    WX_BLOCK_HEADING,    /* a heading between paragraphs, a subtitle */
    WX_BLOCK_BULLET,     /* an item of a list */
    WX_BLOCK_CAPTION,    /* what stands under a picture: states facts (FACTS.md, rule 12) */
    WX_BLOCK_DATELINE,   /* `BERLIN, March 3 (Agency) -`; also a line of its own */
    WX_BLOCK_BYLINE,     /* `By Jane Roe`, `Editor: …` */
    WX_BLOCK_STAMP,      /* `Updated : 2020-05-26`, `Published 3 March 2021` */
    WX_BLOCK_NAVIGATION, /* `Home > Business`, `Read more: …`, photo credits, shares, copyright */
    WX_BLOCK_COUNT
} wx_block_class_t;

/* A run of bytes of one class, inside one paragraph. A dateline and the text behind it are two
 * blocks of one paragraph. In the order of the text, without overlap. */
typedef struct {
    uint32_t start, end;     /* bytes, without blanks around */
    uint32_t paragraph;      /* counts from 0; every separate line or group of wrapped lines */
    wx_block_class_t class;  /* what it is */
    uint32_t sentence_first; /* sentences of this block */
    uint32_t sentence_end;
} wx_block_t;

/* Are there facts to be read from this class? Title, heading, bullet, caption and body: yes. */
bool wx_block_readable(wx_block_class_t class);

/* A day, a month or a year: what is unknown is 0. */
typedef struct {
    int16_t year; /* 1 to 9999 */
    int8_t month; /* 1 to 12 */
    int8_t day;   /* 1 to 31 */
} wx_day_t;

/* ---- Tokens ------------------------------------------------------------------------------- */

enum {
    WX_SHAPE_UPPER = 1u << 0,    /* begins with a capital */
    WX_SHAPE_ALLCAPS = 1u << 1,  /* two letters or more, all capitals */
    WX_SHAPE_LOWER = 1u << 2,    /* letters, all small */
    WX_SHAPE_MIXED = 1u << 3,    /* a capital after the first letter, but not all: iPhone, McKay */
    WX_SHAPE_DIGIT = 1u << 4,    /* has a digit */
    WX_SHAPE_NUMBER = 1u << 5,   /* digits, with separators only: 1,200.5 */
    WX_SHAPE_HYPHEN = 1u << 6,   /* has a hyphen inside */
    WX_SHAPE_PERIOD = 1u << 7,   /* has a full stop: U.S., Co. */
    WX_SHAPE_PUNCT = 1u << 8,    /* no letter, no digit */
    WX_SHAPE_OPEN = 1u << 9,     /* an opening quotation mark (also a straight one that opens) */
    WX_SHAPE_CLOSE = 1u << 10,   /* a closing one */
    WX_SHAPE_JOINED = 1u << 11,  /* second or later part of a contraction: n't, 's, 'll, not */
    WX_SHAPE_FIRST = 1u << 12,   /* first token of its sentence but for marks */
    WX_SHAPE_NONASCII = 1u << 13 /* has a letter outside ASCII */
};

/* A word as UD's English treebanks cut it. */
typedef struct {
    uint32_t start, end; /* bytes */
    wx_id_t form;        /* as written */
    wx_id_t lower;       /* in small letters */
    wx_id_t lemma;       /* 0 until tagged */
    uint32_t sentence;   /* index */
    uint32_t value;      /* the value whose core covers it, or WX_NONE */
    uint32_t name;       /* the name that covers it, or WX_NONE */
    uint32_t quote;      /* the innermost quotation that it is inside of, or WX_NONE */
    uint32_t unit;       /* the unit that it was collapsed into, or WX_NONE (punctuation) */
    uint32_t head;       /* token index; WX_NONE: root, or no tree yet (tree.h makes it) */
    uint16_t shape;      /* WX_SHAPE_… */
    uint8_t upos;        /* wx_upos_t */
    uint8_t fine;        /* fine tag of the tagger: UPOS and form, see tag.h; 0: none */
    uint8_t deprel;      /* wx_deprel_t */
    uint8_t space_after; /* white space follows */
    uint8_t capital;     /* tokens of an all-capitals line: case says nothing */
    uint8_t cluster;     /* free for the tagger's use */
} wx_token_t;

typedef struct {
    uint32_t first, end; /* tokens */
    uint32_t start_byte; /* bytes */
    uint32_t end_byte;
    uint32_t block;      /* index */
    uint32_t paragraph;  /* of the block */
    uint32_t unit_first; /* units, once collapsed */
    uint32_t unit_end;
    uint8_t class;  /* wx_block_class_t of the block */
    uint8_t parsed; /* there is a tree */
    uint8_t tried;  /* one was asked for (tree.h) */
} wx_sentence_t;

/* ---- Values ------------------------------------------------------------------------------- */

typedef enum {
    WX_VALUE_NUMBER,   /* a bare number: 214, forty-five */
    WX_VALUE_ORDINAL,  /* first, 10th: no fact of its own */
    WX_VALUE_QUANTITY, /* with a unit of measure, or a counted noun phrase; durations too */
    WX_VALUE_MONEY,    /* unit: ISO 4217 */
    WX_VALUE_PERCENT,  /* unit: % or pp; basis points come as pp */
    WX_VALUE_MULTIPLE, /* unit: x */
    WX_VALUE_DATE,     /* a day, month or year */
    WX_VALUE_PERIOD,   /* start/end */
    WX_VALUE_COUNT
} wx_value_type_t;

enum {
    WX_VALUE_FUZZY = 1u << 0,     /* dozens, hundreds of …: bound at_least */
    WX_VALUE_DEADLINE = 1u << 1,  /* by 2030, by the end of the year */
    WX_VALUE_SINCE = 1u << 2,     /* since 2010: value `2010/` */
    WX_VALUE_DURATION = 1u << 3,  /* unit s, min, h, day, week, month, year */
    WX_VALUE_RATE = 1u << 4,      /* unit holds a `/` */
    WX_VALUE_FRACTION = 1u << 5,  /* half, a third: percent in words */
    WX_VALUE_RELATIVE = 1u << 6,  /* a date that needed the article's */
    WX_VALUE_OPEN = 1u << 7,      /* unresolved: no date of the article is known */
    WX_VALUE_RECUR = 1u << 8,     /* each year, every Monday: no one date */
    WX_VALUE_PER = 1u << 9,       /* a year, per day stands behind a count */
    WX_VALUE_AGE = 1u << 10,      /* aged 57, 57-year-old */
    WX_VALUE_NEGATIVE = 1u << 11, /* written with a minus sign */
    WX_VALUE_DROPPED = 1u << 12   /* goes when values are sorted next */
};

typedef struct {
    wx_value_type_t type;
    uint16_t flags;       /* WX_VALUE_… */
    uint8_t bound;        /* winnow_bound_t */
    uint8_t has_high;     /* a range */
    uint32_t first, end;  /* tokens of the core: number, scale, unit of measure or currency */
    uint32_t outer_first; /* tokens with bound words and equivalents in parentheses around */
    uint32_t outer_end;
    uint32_t noun_first; /* the counted noun phrase, without the number; empty: none */
    uint32_t noun_end;
    uint32_t head;           /* the token that stands for it in a tree: unit, noun or number */
    winnow_decimal_t number; /* all but dates */
    winnow_decimal_t high;   /* with has_high */
    winnow_str_t unit;       /* as FACTS.md writes it; empty for bare numbers and dates */
    winnow_equivalent_t *equivalents;
    uint32_t equivalent_count;
    winnow_str_t value; /* dates and periods: `2020-03`, `2013/2021`, `2010/`, `XXXX-03-27` */
} wx_value_t;

/* ---- Names, entities, mentions ------------------------------------------------------------ */

#define WX_NAME_GUESSED INT32_MIN

/* A name where it stands. In the order of the text, without overlap. */
typedef struct {
    uint32_t first, end; /* tokens, without determiner, title or possessive */
    winnow_type_t type;  /* person, organisation, place, facility, event or thing */
    uint32_t entity;     /* index, once resolved; WX_NONE before */
    int32_t score;       /* how sure; WX_NAME_GUESSED: no model knows it, by its capitals only */
} wx_name_t;

typedef enum { WX_GENDER_UNKNOWN, WX_GENDER_FEMALE, WX_GENDER_MALE } wx_gender_t;

/* Who or what the article speaks of, under however many names. */
typedef struct {
    winnow_str_t text; /* the longest name */
    winnow_type_t type;
    uint32_t name_first; /* its first name; WX_NONE: known by a common noun only */
    uint32_t mentions;   /* how often it is named or referred to */
    wx_gender_t gender;  /* persons */
    wx_id_t noun;        /* a common noun that the article calls it by, or 0 */
    wx_id_t kind;        /* the word before that noun in a title: `prime` minister, or 0 */
    uint32_t part_of;    /* another entity: a person's organisation, a place's region; or none */
} wx_entity_t;

typedef enum {
    WX_MENTION_NAME,    /* by name */
    WX_MENTION_PRONOUN, /* he, its, they */
    WX_MENTION_NOUN     /* the company */
} wx_mention_kind_t;

/* Words that refer to an entity. Sorted by `first`. */
typedef struct {
    uint32_t first, end; /* tokens */
    uint32_t entity;     /* index */
    wx_mention_kind_t kind;
} wx_mention_t;

/* ---- Quotations --------------------------------------------------------------------------- */

typedef struct {
    uint32_t first, end; /* tokens inside the marks */
    uint32_t start_byte; /* bytes inside the marks */
    uint32_t end_byte;
    uint32_t paragraph_first; /* a quotation may run on over paragraphs */
    uint32_t paragraph_last;
    uint32_t speaker;       /* entity, or WX_NONE */
    uint32_t speaker_first; /* the words that name the speaker; empty: none */
    uint32_t speaker_end;
    uint32_t verb;     /* token of the speech verb, or WX_NONE */
    uint32_t next;     /* goes on in that quotation, of the same speaker; or WX_NONE */
    uint8_t continued; /* it goes on from an earlier one */
    uint8_t scare;     /* a term in marks, nobody speaks */
} wx_quote_t;

/* ---- Units, tree -------------------------------------------------------------------------- */

typedef enum {
    WX_UNIT_WORD,    /* one token */
    WX_UNIT_VALUE,   /* a value */
    WX_UNIT_NAME,    /* a name */
    WX_UNIT_COMPOUND /* a hyphened word, proper nouns in a row */
} wx_unit_kind_t;

enum {
    WX_PUNCT_COMMA = 1u << 0, /* stood between the unit before and this one */
    WX_PUNCT_DASH = 1u << 1,
    WX_PUNCT_COLON = 1u << 2, /* or semicolon */
    WX_PUNCT_OPEN = 1u << 3,  /* parenthesis or bracket */
    WX_PUNCT_CLOSE = 1u << 4,
    WX_PUNCT_QUOTE_OPEN = 1u << 5,
    WX_PUNCT_QUOTE_CLOSE = 1u << 6
};

/* What the parser sees: some tokens as one. Punctuation is no unit, only flags of the next. */
typedef struct {
    uint32_t first, end; /* tokens */
    uint32_t token;      /* the token that stands for it: carries upos, lemma and, after, head */
    wx_unit_kind_t kind;
    uint32_t ref;         /* value or name index for those kinds, else WX_NONE */
    uint32_t head;        /* unit index, WX_NONE: root */
    uint32_t child_first; /* leftmost child; WX_NONE: none */
    uint32_t sibling;     /* next child of the same head */
    uint8_t deprel;       /* wx_deprel_t */
    uint8_t upos;         /* wx_upos_t */
    uint8_t punct;        /* WX_PUNCT_…: what stood before it */
    uint8_t passive;      /* a verb in the passive */
} wx_unit_t;

/* A relation that the tree does not say but means: the subject of a second verb, the antecedent of
 * a relative clause, the agent of a passive. Between units. Sorted by `from`. */
typedef struct {
    uint32_t from, to; /* head, dependent */
    uint8_t deprel;    /* wx_deprel_t, in the active: obj for a passive's subject */
} wx_edge_t;

/* ---- Facts -------------------------------------------------------------------------------- */

/* What fills a role. Text and numbers are taken from `value` and `entity` where they are set, when
 * the fact is packed (facts.h); `text` set overrides. */
typedef struct {
    winnow_type_t type;
    winnow_str_t text;   /* empty: of the entity, else the article's bytes of start to end */
    uint32_t start, end; /* bytes of the words; start == end == WX_NONE: does not stand there */
    uint32_t value;      /* index, or WX_NONE */
    uint32_t entity;     /* index, or WX_NONE */
    const struct wx_source *source; /* that of the rule which gave it (rule.h), or NULL */
} wx_filler_t;

typedef struct {
    wx_filler_t *at;
    uint32_t count, capacity;
} wx_fillers_t;

typedef struct {
    winnow_str_t name; /* a constant: "investor" */
    wx_fillers_t fillers;
} wx_role_t;

typedef struct {
    wx_role_t *at;
    uint32_t count, capacity;
} wx_roles_t;

typedef struct {
    winnow_kind_t kind;
    winnow_modality_t modality;
    winnow_str_t reported_by;            /* empty: nobody */
    wx_roles_t roles;                    /* in the order in which they are to be written */
    uint32_t start, end;                 /* bytes: the evidence */
    int32_t confidence;                  /* thousandths; -1: none */
    winnow_str_t rule;                   /* what made it */
    const struct wx_rule *made_by;       /* the same (rule.h), or NULL */
    uint32_t trigger_first, trigger_end; /* tokens that it was tried for */
    uint8_t dropped;                     /* another record says it better: not packed */
} wx_fact_t;

/* ---- The document ------------------------------------------------------------------------- */

typedef struct wx_doc {
    const struct winnow_model *model; /* constant (model.h) */
    wx_arena_t *arena;                /* where all lives */
    wx_intern_t *intern;              /* over the model's */
    winnow_str_t text;                /* the article, as it was given */
    wx_day_t published;               /* all 0: unknown */
    bool whole;                       /* read all blocks, not only the readable ones */
    bool all_trees;         /* a tree of every sentence, not only where one is asked for */
    struct wx_trees *trees; /* what they are made with (tree.c) */
    struct wx_currencies *currencies; /* which crowns are meant (currency.h) */
    uint64_t steps;                   /* work done, for tests of linearity */
    struct wx_atom *atoms;            /* of each token, for the statistical stages (atom.h) */

    struct {
        wx_block_t *at;
        uint32_t count, capacity;
    } blocks;
    struct {
        wx_sentence_t *at;
        uint32_t count, capacity;
    } sentences;
    struct {
        wx_token_t *at;
        uint32_t count, capacity;
    } tokens;
    struct {
        wx_value_t *at;
        uint32_t count, capacity;
    } values; /* sorted by first */
    struct {
        wx_name_t *at;
        uint32_t count, capacity;
    } names; /* sorted by first */
    struct {
        wx_entity_t *at;
        uint32_t count, capacity;
    } entities;
    struct {
        wx_mention_t *at;
        uint32_t count, capacity;
    } mentions;
    struct {
        wx_quote_t *at;
        uint32_t count, capacity;
    } quotes; /* sorted by first */
    struct {
        wx_unit_t *at;
        uint32_t count, capacity;
    } units; /* in order, sentence by sentence as their trees were made */
    struct {
        wx_edge_t *at;
        uint32_t count, capacity;
    } edges;
    struct {
        wx_fact_t *at;
        uint32_t count, capacity;
    } facts;
    struct wx_reading *reading; /* phrases and clauses (clause.h); NULL before wx_clause() */
} wx_doc_t;

/* The article's bytes from start to end. */
static inline winnow_str_t wx_doc_slice(const wx_doc_t *doc, uint32_t start, uint32_t end)
{
    return (winnow_str_t){doc->text.data + start, end - start};
}

/* The article's bytes that a range of tokens covers; empty for an empty range. */
winnow_str_t wx_doc_words(const wx_doc_t *doc, uint32_t first, uint32_t end);

/* The token's form, its form in small letters, its lemma. */
winnow_str_t wx_token_form(const wx_doc_t *doc, uint32_t token);
winnow_str_t wx_token_lower(const wx_doc_t *doc, uint32_t token);
winnow_str_t wx_token_lemma(const wx_doc_t *doc, uint32_t token);

/* Is the token this word, in small letters? */
bool wx_token_is(const wx_doc_t *doc, uint32_t token, const char *lower);

#endif
