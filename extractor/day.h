/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Days of the calendar: reckoning, and reading them where there are no tokens yet.
 */
#ifndef WX_DAY_H
#define WX_DAY_H

#include "doc.h"

int wx_day_in_month(int year, int month);
bool wx_day_valid(wx_day_t day);

/* Days since a day long ago, and back. */
int32_t wx_day_number(wx_day_t day);
wx_day_t wx_day_from_number(int32_t number);

/* 1 (Monday) to 7. */
int wx_day_weekday(wx_day_t day);

/* The first date that stands in the text: 2020-05-26, 2020/5/26, 26.5.2020, May 26, 2020, 26th of
 * May 2020. With `year_needed` not set also May 26, with year 0. False: none. */
bool wx_day_find(winnow_str_t text, bool year_needed, wx_day_t *ret_day);

/* 1 to 12 for an English month in full or in its usual short form, any case; else 0. */
int wx_month_from(winnow_str_t word);

#endif
