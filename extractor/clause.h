/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What rules stand on: items, noun phrases and clauses of every sentence.
 *
 * A noun phrase knows its preposition, a clause its subject, object and complements. They are read
 * from the order of words; where that is silent, the tree of the sentence answers. Trees are made
 * only of sentences of which one is asked for. Apposition, lists and titles, in which trees are
 * weak, always come from the order of words.
 *
 *     The company   plans   to invest   $5 million   in   a plant
 *     [phrase 0  ] (clause 0)(clause 1) [phrase 1]       [phrase 2, prep `in`]
 */
#ifndef WX_CLAUSE_H
#define WX_CLAUSE_H

#include "doc.h"

typedef enum {
    WX_CHUNK_WORD,  /* one token */
    WX_CHUNK_VALUE, /* a value, with its bound, equivalents and counted noun */
    WX_CHUNK_NAME,  /* a name */
    WX_CHUNK_PUNCT  /* a mark */
} wx_chunk_kind_t;

/* A step of a surface pattern. */
typedef struct {
    uint32_t first, end; /* tokens */
    uint32_t ref;        /* value or name, else WX_NONE */
    uint32_t phrase;     /* the phrase that covers it, or WX_NONE */
    uint8_t kind;        /* wx_chunk_kind_t */
    uint8_t upos;        /* wx_upos_t of its last token */
} wx_chunk_t;

/* A noun phrase without what follows its head. */
typedef struct {
    uint32_t first, end;           /* tokens, with determiner */
    uint32_t item_first, item_end; /* items */
    uint32_t head;                 /* token */
    uint32_t name;                 /* the name that is its head, or WX_NONE */
    uint32_t value;                /* the value that is its head, or WX_NONE */
    uint32_t possessor_end;        /* token of `'s`: the possessor is [first, it); else WX_NONE */
    uint32_t prep;                 /* token of the preposition before it, or WX_NONE */
    uint32_t of;                   /* phrase that follows with `of`, or WX_NONE */
    uint32_t next;                 /* next phrase of the same list (`A, B and C`), or WX_NONE */
    uint32_t list;                 /* first phrase of the list; itself when there is none */
    uint32_t sentence;
    uint8_t pronoun; /* a pronoun only */
} wx_phrase_t;

enum {
    WX_CLAUSE_PASSIVE = 1u << 0,
    WX_CLAUSE_NEGATED = 1u << 1,
    WX_CLAUSE_FUTURE = 1u << 2,   /* will, would, is to */
    WX_CLAUSE_POSSIBLE = 1u << 3, /* may, might, can, could */
    WX_CLAUSE_SHOULD = 1u << 4,
    WX_CLAUSE_COPULA = 1u << 5,
    WX_CLAUSE_INFINITIVE = 1u << 6,
    WX_CLAUSE_GERUND = 1u << 7,     /* -ing without an auxiliary */
    WX_CLAUSE_PARTICIPLE = 1u << 8, /* passive participle without one */
    WX_CLAUSE_RELATIVE = 1u << 9,
    WX_CLAUSE_PROGRESSIVE = 1u << 10, /* is building */
    WX_CLAUSE_PERFECT = 1u << 11,
    WX_CLAUSE_QUOTING = 1u << 12 /* reports a quotation (quote.c) */
};

/* A verb group and what belongs to it. */
typedef struct {
    uint32_t first, end; /* tokens of the group */
    uint32_t verb;       /* the main verb */
    uint32_t sentence;
    uint32_t subject;     /* phrase; of a passive: who suffers; WX_NONE: not found */
    uint32_t next_object; /* phrase, by the order of words; ask wx_clause_object() */
    uint32_t agent;       /* phrase with `by` of a passive */
    uint32_t parent;      /* the clause it depends on (infinitive, gerund), or WX_NONE */
    uint32_t reach;       /* token: where the next clause begins or the sentence ends */
    uint32_t fronted;     /* token: where what stands before its subject begins */
    uint32_t flags;       /* WX_CLAUSE_… */
    uint8_t settled;      /* the tree has nothing to add */
} wx_clause_t;

/* All of it, of a document; sentence i has items item_of[i] to item_of[i + 1], likewise phrases
 * and clauses. */
typedef struct wx_reading {
    struct {
        wx_chunk_t *at;
        uint32_t count, capacity;
    } items;
    struct {
        wx_phrase_t *at;
        uint32_t count, capacity;
    } phrases;
    struct {
        wx_clause_t *at;
        uint32_t count, capacity;
    } clauses;
    uint32_t *item_of, *phrase_of, *clause_of; /* by sentence, one more at the end */
    uint32_t *phrase_at;                       /* by token: its phrase, or WX_NONE */
    uint32_t *clause_at;                       /* by token: the clause whose verb group it is in */
} wx_reading_t;

/* The clause that a token belongs to: the nearest verb group, across no clause boundary if there is
 * a choice; WX_NONE in a sentence without verbs. */
uint32_t wx_clause_around(const wx_doc_t *doc, uint32_t token);

/* The object of a clause, a phrase; of a copula: the predicate noun; WX_NONE: it has none. Where
 * the order of words shows none, the tree is asked, and made if need be. */
uint32_t wx_clause_object(const wx_doc_t *doc, uint32_t clause);

/* Where a phrase ends with its `of` phrases: a token. */
uint32_t wx_phrase_full_end(const wx_doc_t *doc, uint32_t phrase);

/* `the general manager, Jane Roe`: the person's phrase; else the phrase itself. */
uint32_t wx_phrase_apposed(const wx_doc_t *doc, uint32_t phrase);

/* `Acme Ltd, a maker of hats`: of the phrase behind the comma the name's; else the phrase itself.
 */
uint32_t wx_phrase_named(const wx_doc_t *doc, uint32_t phrase);

/* Where the words of a phrase begin behind determiners. */
uint32_t wx_phrase_bare(const wx_doc_t *doc, uint32_t phrase);

/* How a verb stands: `VBG`, `VBN`, `VBD` …; "" when the tagger does not say. */
const char *wx_token_tag(const wx_doc_t *doc, uint32_t token);

#endif
