/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases of values as data: a line of JSON each, with a text and the values that it holds.
 *
 *     {"text":"It closed in March 2019.","published":"2020-05-26",
 *      "values":[{"type":"date","text":"March 2019","value":"2019-03"}]}
 *
 * `values` are those of the layer of that name, without offsets, in their order; only dates and
 * periods of a case of dates, only the others of a case of quantities. A case with `gap` is one
 * that is known to fail, and why: it must go on failing, so that the mark goes when it is mended.
 */
#ifndef VALUE_CASE_H
#define VALUE_CASE_H

#include <stdbool.h>

/* Runs a file of cases under tests/extractor/cases; fails the test when one is not as it says. */
void value_case_run(const char *file, bool dates);

#endif
