/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When does a figure hold? A sentence may have several figures and several dates; which date is
 * whose is seen from where they stand.
 *
 *     In 2023 it made 400 cars, against 350 the year before, the firm said on Monday
 *        ^^^^-------- 400               350 ^^^^^^^^^^^^^^^                   nobody's
 */
#ifndef WX_FIGURE_DATE_H
#define WX_FIGURE_DATE_H

#include "doc.h"

/* The date of a figure: a value's index, or WX_NONE. `rise`: the figure is a rise or fall, so that
 * `on 2003` says what it is compared with. Needs phrases and clauses. */
uint32_t wx_figure_date(const wx_doc_t *doc, uint32_t figure, bool rise);

#endif
