/* SPDX-License-Identifier: Apache-2.0 */
/* Words that name.c knows; each list is sorted and searched by halves. */
#include "name_words.h"

#include <stdlib.h>
#include <string.h>

static const char *const s_legal[] = {
    "ab",   "ag",        "aps",     "as",    "asa",         "asso",     "bhd",  "bv",
    "co",   "companies", "company", "corp",  "corporation", "cv",       "dd",   "doo",
    "eood", "fze",       "gmbh",    "group", "holding",     "holdings", "inc",  "incorporated",
    "jsc",  "kg",        "kgaa",    "kk",    "limited",     "llc",      "llp",  "lp",
    "ltd",  "ltda",      "nv",      "oao",   "ojsc",        "ooo",      "oy",   "oyj",
    "pjsc", "plc",       "psc",     "pte",   "pty",         "pvt",      "qpsc", "sa",
    "sab",  "sae",       "saog",    "sarl",  "sas",         "sdn",      "se",   "sl",
    "spa",  "spzoo",     "srl",     "sro",   "tbk",         "zao",      "zrt"};

static const char *const s_trade[] = {
    "automotive", "enterprises", "industries", "international", "pharmaceutical", "pharmaceuticals",
    "services",   "solutions",   "systems",    "technologies",  "technology"};

static const char *const s_country[] = {
    "algeria",    "america",    "american",    "angola",      "argentina", "australia", "austria",
    "bangladesh", "belgium",    "brazil",      "britain",     "british",   "bulgaria",  "canada",
    "chile",      "china",      "chinese",     "colombia",    "croatia",   "cuba",      "cyprus",
    "czech",      "denmark",    "egypt",       "ethiopia",    "europe",    "finland",   "france",
    "french",     "german",     "germany",     "ghana",       "greece",    "hungary",   "iceland",
    "india",      "indian",     "indonesia",   "iran",        "iraq",      "ireland",   "israel",
    "italy",      "japan",      "japanese",    "kazakhstan",  "kenya",     "korea",     "korean",
    "kuwait",     "laos",       "lebanon",     "libya",       "malaysia",  "mexico",    "mongolia",
    "morocco",    "myanmar",    "nepal",       "netherlands", "nigeria",   "norway",    "oman",
    "pakistan",   "peru",       "philippines", "poland",      "portugal",  "qatar",     "romania",
    "russia",     "russian",    "serbia",      "singapore",   "slovakia",  "slovenia",  "spain",
    "sweden",     "swiss",      "switzerland", "taiwan",      "tanzania",  "thailand",  "tunisia",
    "turkey",     "turkish",    "uae",         "uganda",      "uk",        "ukraine",   "us",
    "usa",        "uzbekistan", "venezuela",   "vietnam",     "zambia",    "zimbabwe"};

static const char *const s_title[] = {"capt",  "captain", "dame",   "dr",   "gen",  "hon",
                                      "judge", "justice", "lady",   "lord", "lt",   "madam",
                                      "miss",  "mr",      "mrs",    "ms",   "prof", "professor",
                                      "rev",   "sgt",     "sheikh", "sir"};

static const char *const s_stop[] = {
    "a",     "about", "after", "all",    "also",   "an",    "and",  "any",   "are",   "as",
    "at",    "be",    "been",  "before", "being",  "but",   "by",   "can",   "could", "did",
    "do",    "does",  "for",   "from",   "had",    "has",   "have", "he",    "her",   "his",
    "how",   "if",    "in",    "into",   "is",     "it",    "its",  "many",  "may",   "more",
    "most",  "much",  "must",  "no",     "not",    "of",    "on",   "or",    "other", "our",
    "out",   "over",  "shall", "she",    "should", "so",    "some", "such",  "than",  "that",
    "the",   "their", "them",  "then",   "there",  "these", "they", "this",  "those", "to",
    "under", "up",    "was",   "we",     "were",   "what",  "when", "where", "which", "while",
    "who",   "will",  "with",  "would",  "you"};

static const char *const s_plain[] = {
    "accumulative", "aggregate", "annual", "approximate", "combined", "cumulative", "current",
    "estimated",    "figure",    "full",   "global",      "gross",    "number",     "official",
    "overall",      "reported",  "some",   "sum",         "total",    "yearly"};

static const char *const s_spellings[][2] = {{"aeroplane", "airplane"},
                                             {"aluminium", "aluminum"},
                                             {"armour", "armor"},
                                             {"behaviour", "behavior"},
                                             {"centre", "center"},
                                             {"centres", "centers"},
                                             {"colour", "color"},
                                             {"colours", "colors"},
                                             {"defence", "defense"},
                                             {"dept", "department"},
                                             {"favour", "favor"},
                                             {"fibre", "fiber"},
                                             {"grey", "gray"},
                                             {"harbour", "harbor"},
                                             {"harbours", "harbors"},
                                             {"honour", "honor"},
                                             {"intl", "international"},
                                             {"jewellery", "jewelry"},
                                             {"labour", "labor"},
                                             {"licence", "license"},
                                             {"litre", "liter"},
                                             {"litres", "liters"},
                                             {"metre", "meter"},
                                             {"metres", "meters"},
                                             {"mould", "mold"},
                                             {"natl", "national"},
                                             {"neighbour", "neighbor"},
                                             {"neighbourhood", "neighborhood"},
                                             {"offence", "offense"},
                                             {"plough", "plow"},
                                             {"programme", "program"},
                                             {"programmes", "programs"},
                                             {"rumour", "rumor"},
                                             {"saint", "st"},
                                             {"sulphur", "sulfur"},
                                             {"theatre", "theater"},
                                             {"theatres", "theaters"},
                                             {"traveller", "traveler"},
                                             {"travellers", "travelers"},
                                             {"tyre", "tire"},
                                             {"tyres", "tires"},
                                             {"univ", "university"},
                                             {"vapour", "vapor"}};

static int s_compare(const void *key, const void *item)
{
    return strcmp(key, *(const char *const *)item);
}

static bool s_in(const char *word, const char *const *list, size_t count)
{
    return bsearch(word, list, count, sizeof list[0], s_compare) != NULL;
}

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

bool wd_word_legal(const char *word)
{
    return s_in(word, s_legal, COUNT(s_legal));
}

bool wd_word_trade(const char *word)
{
    return s_in(word, s_trade, COUNT(s_trade));
}

bool wd_word_country(const char *word)
{
    return s_in(word, s_country, COUNT(s_country));
}

bool wd_word_title(const char *word)
{
    return s_in(word, s_title, COUNT(s_title));
}

bool wd_word_stop(const char *word)
{
    return s_in(word, s_stop, COUNT(s_stop));
}

bool wd_word_plain(const char *word)
{
    return s_in(word, s_plain, COUNT(s_plain));
}

const char *wd_word_spelling(const char *word)
{
    const char *const *pair =
        bsearch(word, s_spellings, COUNT(s_spellings), sizeof s_spellings[0], s_compare);
    return pair != NULL ? pair[1] : NULL;
}
