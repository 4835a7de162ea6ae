/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of Universal Dependencies: parts of speech and relations, as numbers and as text.
 */
#ifndef WX_UD_H
#define WX_UD_H

#include <stdint.h>

#define WX_UPOS_TABLE(ONE)                                                                         \
    ONE(ADJ)                                                                                       \
    ONE(ADP)                                                                                       \
    ONE(ADV)                                                                                       \
    ONE(AUX)                                                                                       \
    ONE(CCONJ)                                                                                     \
    ONE(DET)                                                                                       \
    ONE(INTJ)                                                                                      \
    ONE(NOUN)                                                                                      \
    ONE(NUM)                                                                                       \
    ONE(PART)                                                                                      \
    ONE(PRON)                                                                                      \
    ONE(PROPN)                                                                                     \
    ONE(PUNCT)                                                                                     \
    ONE(SCONJ)                                                                                     \
    ONE(SYM)                                                                                       \
    ONE(VERB)                                                                                      \
    ONE(X)

/* WX_UPOS_NONE: not tagged (yet). */
typedef enum {
    WX_UPOS_NONE,
#define WX_ONE(name) WX_UPOS_##name,
    WX_UPOS_TABLE(WX_ONE)
#undef WX_ONE
        WX_UPOS_COUNT
} wx_upos_t;

#define WX_DEPREL_TABLE(X)                                                                         \
    X(ROOT, "root")                                                                                \
    X(ACL, "acl")                                                                                  \
    X(ACL_RELCL, "acl:relcl")                                                                      \
    X(ADVCL, "advcl")                                                                              \
    X(ADVCL_RELCL, "advcl:relcl")                                                                  \
    X(ADVMOD, "advmod")                                                                            \
    X(AMOD, "amod")                                                                                \
    X(APPOS, "appos")                                                                              \
    X(AUX, "aux")                                                                                  \
    X(AUX_PASS, "aux:pass")                                                                        \
    X(CASE, "case")                                                                                \
    X(CC, "cc")                                                                                    \
    X(CC_PRECONJ, "cc:preconj")                                                                    \
    X(CCOMP, "ccomp")                                                                              \
    X(COMPOUND, "compound")                                                                        \
    X(COMPOUND_PRT, "compound:prt")                                                                \
    X(CONJ, "conj")                                                                                \
    X(COP, "cop")                                                                                  \
    X(CSUBJ, "csubj")                                                                              \
    X(CSUBJ_OUTER, "csubj:outer")                                                                  \
    X(CSUBJ_PASS, "csubj:pass")                                                                    \
    X(DEP, "dep")                                                                                  \
    X(DET, "det")                                                                                  \
    X(DET_PREDET, "det:predet")                                                                    \
    X(DISCOURSE, "discourse")                                                                      \
    X(DISLOCATED, "dislocated")                                                                    \
    X(EXPL, "expl")                                                                                \
    X(FIXED, "fixed")                                                                              \
    X(FLAT, "flat")                                                                                \
    X(GOESWITH, "goeswith")                                                                        \
    X(IOBJ, "iobj")                                                                                \
    X(LIST, "list")                                                                                \
    X(MARK, "mark")                                                                                \
    X(NMOD, "nmod")                                                                                \
    X(NMOD_DESC, "nmod:desc")                                                                      \
    X(NMOD_POSS, "nmod:poss")                                                                      \
    X(NMOD_UNMARKED, "nmod:unmarked")                                                              \
    X(NSUBJ, "nsubj")                                                                              \
    X(NSUBJ_OUTER, "nsubj:outer")                                                                  \
    X(NSUBJ_PASS, "nsubj:pass")                                                                    \
    X(NUMMOD, "nummod")                                                                            \
    X(OBJ, "obj")                                                                                  \
    X(OBL, "obl")                                                                                  \
    X(OBL_AGENT, "obl:agent")                                                                      \
    X(OBL_UNMARKED, "obl:unmarked")                                                                \
    X(ORPHAN, "orphan")                                                                            \
    X(PARATAXIS, "parataxis")                                                                      \
    X(PUNCT, "punct")                                                                              \
    X(REPARANDUM, "reparandum")                                                                    \
    X(VOCATIVE, "vocative")                                                                        \
    X(XCOMP, "xcomp")

/* WX_DEPREL_NONE: not parsed. */
typedef enum {
    WX_DEPREL_NONE,
#define WX_ONE(name, text) WX_DEPREL_##name,
    WX_DEPREL_TABLE(WX_ONE)
#undef WX_ONE
        WX_DEPREL_COUNT
} wx_deprel_t;

/* `NOUN`, `nsubj:pass`; "_" for NONE. Constant strings. */
const char *wx_upos_name(wx_upos_t upos);
const char *wx_deprel_name(wx_deprel_t deprel);

/* The other way; NONE for an unknown word. */
wx_upos_t wx_upos_from(const char *name);
wx_deprel_t wx_deprel_from(const char *name);

#endif
