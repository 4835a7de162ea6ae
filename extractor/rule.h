/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules: how words become facts, as data. The language is described in rules/README.md; here is
 * what it is compiled into.
 *
 * A rule has a trigger (a verb, a surface pattern, a quotation), assignments that fill roles from
 * what stands around the trigger, and conditions. Rules are tried in the order of their priority,
 * then of their files and lines; a figure that one rule has used for an investment, a statistic, a
 * change or a target is not given to another.
 */
#ifndef WX_RULE_H
#define WX_RULE_H

#include "clause.h"
#include "embedded.h"
#include "model.h"

enum {
    WX_RULE_CAPTURES = 16,
    WX_RULE_ASSIGNS = 24,
    WX_RULE_MODALITY_AUTO = WINNOW_MODALITY_COUNT, /* from the clause */
    WX_RULE_MODALITY_OWN                           /* from the trigger's own verb */
};

/* A word as one of 256 bits. */
static inline uint32_t wx_first_bit(wx_id_t id)
{
    return (uint32_t)(id * 2654435761u) >> 24;
}

/* Words, some of several parts (`chief executive`). Compared with lemmas and with forms in small
 * letters. Sorted by the first word's id. */
typedef struct {
    winnow_str_t name;
    struct wx_entry {
        wx_id_t words[6]; /* 0 behind the last */
        uint32_t count;
    } * at;
    uint32_t count, capacity;
    uint64_t firsts[4]; /* the entries' first words: wx_first_bit() */
} wx_list_t;

/* Lists of rules/lists.rules that the program asks for often. */
typedef enum {
    WX_LIST_ADDRESSING,
    WX_LIST_AIM_NOUNS,
    WX_LIST_AIMING,
    WX_LIST_EXPECTING_THINGS,
    WX_LIST_FORECASTING,
    WX_LIST_LIKELY,
    WX_LIST_NAMING,
    WX_LIST_ORG_NOUNS,
    WX_LIST_PAST_ONLY,
    WX_LIST_PHRASAL,
    WX_LIST_PLAN_NOUNS,
    WX_LIST_PLANNING,
    WX_LIST_SAYING,
    WX_LIST_SCHEDULING,
    WX_LIST_SPEECH,
    WX_LIST_TITLE_HEADS,
    WX_LIST_KNOWN
} wx_known_list_t;

/* One step of a compiled pattern. */
typedef enum {
    WX_OP_WORD,    /* a word: `id` */
    WX_OP_LIST,    /* a word of list `a` */
    WX_OP_UPOS,    /* part of speech `a` */
    WX_OP_NAME,    /* a name whose type is in the mask `a` */
    WX_OP_VALUE,   /* a value whose type is in the mask `a` */
    WX_OP_PHRASE,  /* a whole noun phrase; `a`: with its `of` phrases */
    WX_OP_CAPITAL, /* a word with a capital */
    WX_OP_NATION,  /* what is called after a country: `French` */
    WX_OP_ANY,     /* any item but a mark; `a`: marks too */
    WX_OP_FIRST,   /* nothing; at the beginning of a sentence */
    WX_OP_LAST,    /* nothing; at its end */
    WX_OP_SPLIT,   /* goes on at `a`, and if that fails at `b` */
    WX_OP_JUMP,    /* goes on at `a` */
    WX_OP_OPEN,    /* capture `a` begins */
    WX_OP_CLOSE,   /* capture `a` ends */
    WX_OP_NOT,     /* what follows up to `a` must not match here; goes on at `a` */
    WX_OP_GATE,    /* nothing; where named pattern `a` cannot match, there is no use in going on */
    WX_OP_DONE
} wx_op_kind_t;

typedef struct {
    wx_op_kind_t kind;
    uint32_t a, b;
    wx_id_t id;
} wx_op_t;

/* Where a role gets its filler. */
typedef enum {
    WX_SOURCE_CAPTURE, /* capture `index` of the pattern */
    WX_SOURCE_SUBJECT, /* of the clause */
    WX_SOURCE_OBJECT,
    WX_SOURCE_ACTOR,      /* who does it: the subject, or the agent of a passive */
    WX_SOURCE_PATIENT,    /* what it is done to: the object, or the subject of a passive */
    WX_SOURCE_PP,         /* phrase behind one of the prepositions `list` in the clause */
    WX_SOURCE_COMPLEMENT, /* the clause that a verb of saying or aiming governs */
    WX_SOURCE_GOAL,       /* the infinitive behind the trigger */
    WX_SOURCE_DATE,       /* when the clause happens */
    WX_SOURCE_DEADLINE,   /* until when */
    WX_SOURCE_PLACE,      /* where */
    WX_SOURCE_OWNER,      /* of `of`: the possessor, or the name behind `of` */
    WX_SOURCE_MEASURE,    /* of `of`: the phrase without it */
    WX_SOURCE_COUNTED,    /* of `of`: what a quantity counts */
    WX_SOURCE_NAMED,      /* of `of`: the name that it is said of (`Acme, a maker of hats`) */
    WX_SOURCE_COMPLETE,   /* of `of`: the phrase with what stands behind it */
    WX_SOURCE_WITHIN,     /* of `of`: the first that stands in it */
    WX_SOURCE_COUNTRY,    /* of `of`: the country after which it is called */
    WX_SOURCE_FIGURE,     /* the first figure behind the verb that no record has yet */
    WX_SOURCE_SAID,       /* an entry of `list` behind the trigger, in its sentence */
    WX_SOURCE_BEFORE,     /* the sentence before the pattern's match, if it has a verb */
    WX_SOURCE_BEHIND,     /* the sentence behind it, likewise */
    WX_SOURCE_TOPIC,      /* what the article was speaking of */
    WX_SOURCE_HOME,       /* the country or province that the article names most */
    WX_SOURCE_SPEAKER,    /* of the quotation */
    WX_SOURCE_CONTENT,
    WX_SOURCE_VERB,   /* the verb, if it is in `list` */
    WX_SOURCE_PARENT, /* the governing verb, if it is in `list` */
    WX_SOURCE_FLAG,   /* the clause has one of the flags `mask` */
    WX_SOURCE_NEAR, /* an earlier fact's filler of role `word` in this sentence, of kind `index` */
    WX_SOURCE_NEXT, /* what stands behind an entry of `list`, behind the trigger */
    WX_SOURCE_ENUM  /* the word `word` */
} wx_source_kind_t;

enum {
    WX_IS_PERSON = 1u << 0,
    WX_IS_ORGANISATION = 1u << 1,
    WX_IS_PLACE = 1u << 2,
    WX_IS_FACILITY = 1u << 3,
    WX_IS_EVENT = 1u << 4,
    WX_IS_THING = 1u << 5,
    WX_IS_NAME = 63u,
    WX_IS_MONEY = 1u << 6,
    WX_IS_PERCENT = 1u << 7,
    WX_IS_QUANTITY = 1u << 8,
    WX_IS_NUMBER = 1u << 9,
    WX_IS_MULTIPLE = 1u << 10,
    WX_IS_DATE = 1u << 11,
    WX_IS_VALUE = 31u << 6,
    WX_IS_COMMON = 1u << 12, /* a common noun */
    WX_IS_PRONOUN = 1u << 13,
    WX_IS_SMALL = 1u << 14,    /* a count below ten */
    WX_IS_DURATION = 1u << 15, /* days, years */
    WX_IS_RATE = 1u << 16,     /* per day, a barrel */
    WX_IS_DEADLINE = 1u << 17, /* by 2030 */
    WX_IS_TOGETHER = 1u << 18  /* a list of several */
};

typedef struct wx_source {
    wx_source_kind_t kind;
    uint32_t index;             /* capture, kind */
    uint32_t mask;              /* flags */
    uint32_t only, never;       /* WX_IS_…: what the filler must, must not be; 0: no matter */
    uint32_t head_in, head_out; /* list + 1 that its head must, must not be in; 0: none */
    const wx_list_t *list;      /* words, prepositions */
    const struct wx_source *of; /* OWNER and so on: of what */
    winnow_str_t word;          /* enum, role; a constant */
    winnow_str_t instead;       /* when the source is there, this word fills the role */
    struct wx_source *next;     /* tried when this one gives nothing */
    winnow_str_t written;       /* as the rule writes it: `pp(in):place` */
} wx_source_t;

typedef struct {
    winnow_str_t role;   /* a constant */
    wx_source_t *source; /* alternatives */
    uint8_t required;
    uint8_t all;  /* every phrase of a list */
    uint8_t each; /* a record for every phrase of a list */
    uint8_t also; /* beside what an earlier assignment has found */
} wx_assign_t;

typedef struct {
    wx_source_t *source;
    uint8_t unless;
} wx_condition_t;

/* Bits of first_kinds above those of names and values (WX_IS_…). */
#define WX_FIRST_UPOS    16 /* and the part of speech */
#define WX_FIRST_PHRASE  ((uint64_t)1 << 40)
#define WX_FIRST_CAPITAL ((uint64_t)1 << 41)
#define WX_FIRST_WORD    ((uint64_t)1 << 42) /* any item but a mark */
#define WX_FIRST_ANY     ((uint64_t)1 << 43)

/* A sentence that a rule must match, or must not. */
typedef struct {
    winnow_str_t text;
    uint8_t must;
    winnow_str_t roles[8], fillers[8]; /* what is expected */
    uint32_t count;
    uint32_t line;
} wx_example_t;

typedef enum { WX_TRIGGER_VERB, WX_TRIGGER_MATCH, WX_TRIGGER_QUOTE } wx_trigger_t;

typedef struct wx_rule {
    winnow_str_t name;
    winnow_str_t file;
    uint32_t line;
    winnow_kind_t kind;
    int32_t priority; /* higher first */
    wx_trigger_t trigger;
    const wx_list_t *verbs; /* VERB */
    wx_op_t *ops;           /* MATCH */
    uint32_t op_count, op_capacity;
    winnow_str_t captures[WX_RULE_CAPTURES];
    uint32_t capture_count;
    uint64_t first_kinds;    /* MATCH: what its first item may be, WX_FIRST_… */
    uint64_t first_words[4]; /* likewise its word: one bit in 256 by wx_first_bit() */
    uint32_t modality;       /* winnow_modality_t, or WX_RULE_MODALITY_AUTO */
    struct {
        wx_assign_t *at;
        uint32_t count, capacity;
    } assigns;
    struct {
        wx_condition_t *at;
        uint32_t count, capacity;
    } conditions;
    struct {
        wx_example_t *at;
        uint32_t count, capacity;
    } examples;
    uint8_t titles; /* headlines too */
} wx_rule_t;

typedef struct wx_rules {
    struct {
        wx_rule_t *at;
        uint32_t count, capacity;
    } rules; /* sorted */
    struct {
        wx_list_t **at;
        uint32_t count, capacity;
    } lists;
    struct {
        struct wx_macro {
            winnow_str_t name, text;
            wx_op_t *ops; /* compiled by itself */
            uint32_t op_count;
        } * at;
        uint32_t count, capacity;
    } macros;
    const wx_list_t *known[WX_LIST_KNOWN];
    const struct wx_rule_index *index; /* rule_index.h; made when all are read */
} wx_rules_t;

/* Reads the rules that are built in and, unless NULL, the files `*.rules` of a folder behind them,
 * in the order of their names. 0, or a negative code with `err` filled: the file, the line, the
 * column and a caret. All is taken from the model's arena. */
int wx_rules_load(winnow_model_t *model, const char *folder, winnow_error_t *err);

/* Reads one text of rules; for tests. `file` is for messages. */
int wx_rules_parse(winnow_model_t *model, const char *file, winnow_str_t text, winnow_error_t *err);

/* The rules that are built in; the last one has no name. */
extern const wx_embedded_t wx_rule_files[];

/* A list by its name, or NULL. */
const wx_list_t *wx_rules_list(const wx_rules_t *rules, const char *name);

/* One of the lists above; an empty one where the rules do not have it. */
static inline const wx_list_t *wx_known(const wx_doc_t *doc, wx_known_list_t list)
{
    return doc->model->rules->known[list];
}

/* Is the word at `token` this one, by its lemma or its form in small letters? */
bool wx_word_is(const wx_doc_t *doc, uint32_t token, wx_id_t id);

/* Is the word at `token` (its lemma or its form) in the list, and how many words long is the
 * entry? 0: no. */
uint32_t wx_list_at(const wx_doc_t *doc, const wx_list_t *list, uint32_t token);

/* Is the verb of the clause in the list? Entries of two words ask for the particle, near by. */
bool wx_list_verb(const wx_doc_t *doc, const wx_list_t *list, const wx_clause_t *clause);

#endif
