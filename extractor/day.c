/* SPDX-License-Identifier: Apache-2.0 */
#include "day.h"

#include "chars.h"

static bool s_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int wx_day_in_month(int year, int month)
{
    static const int s_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return s_days[month - 1] + (month == 2 && s_leap(year));
}

bool wx_day_valid(wx_day_t day)
{
    return day.year >= 1 && day.month >= 1 && day.month <= 12 && day.day >= 1 &&
           day.day <= wx_day_in_month(day.year, day.month);
}

/* The year begins in March here, so that the odd day of leap years comes last. */
int32_t wx_day_number(wx_day_t day)
{
    int32_t year = day.year - (day.month <= 2), month = day.month + (day.month <= 2 ? 9 : -3);
    return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day.day - 1;
}

wx_day_t wx_day_from_number(int32_t number)
{
    int32_t year = (int32_t)(((int64_t)10000 * number + 14780) / 3652425);
    int32_t rest = number - (365 * year + year / 4 - year / 100 + year / 400);
    if (rest < 0) {
        year--;
        rest = number - (365 * year + year / 4 - year / 100 + year / 400);
    }
    int32_t month = (100 * rest + 52) / 3060;
    wx_day_t day = {(int16_t)(year + (month >= 10)), (int8_t)((month + 2) % 12 + 1),
                    (int8_t)(rest - (month * 306 + 5) / 10 + 1)};
    return day;
}

int wx_day_weekday(wx_day_t day)
{
    return (wx_day_number(day) + 2) % 7 + 1;
}

int wx_month_from(winnow_str_t word)
{
    static const char *const s_months[] = {"january",   "february", "march",    "april",
                                           "may",       "june",     "july",     "august",
                                           "september", "october",  "november", "december"};
    char lower[12];
    if (word.size && word.data[word.size - 1] == '.')
        word.size--;
    if (word.size < 3 || word.size >= sizeof lower)
        return 0;
    for (size_t i = 0; i < word.size; i++)
        lower[i] = (char)(word.data[i] | 0x20);
    for (int m = 0; m < 12; m++) {
        size_t full = strlen(s_months[m]);
        bool short_form = word.size == 3 || (m == 8 && word.size == 4);
        if ((word.size == full || short_form) && memcmp(lower, s_months[m], word.size) == 0)
            return m + 1;
    }
    return 0;
}

/* A piece of a line: a number, a word, or another character. */
typedef struct {
    winnow_str_t text;
    int number; /* -1: no number */
    int month;  /* 0: no month */
} s_piece_t;

static s_piece_t s_piece(winnow_str_t text, size_t *at)
{
    size_t start = *at;
    wx_char_t first = wx_char_at(text, start);
    *at = wx_char_end(text, start);
    if (wx_char_word(first))
        while (*at < text.size && wx_char_word(wx_char_at(text, *at)) &&
               (wx_char_at(text, *at) == WX_CHAR_DIGIT) == (first == WX_CHAR_DIGIT))
            *at = wx_char_end(text, *at);
    s_piece_t piece = {{text.data + start, *at - start}, -1, 0};
    if (first == WX_CHAR_DIGIT && piece.text.size <= 4) {
        piece.number = 0;
        for (size_t i = 0; i < piece.text.size; i++)
            piece.number = 10 * piece.number + (piece.text.data[i] - '0');
    } else if (wx_char_letter(first)) {
        piece.month = wx_month_from(piece.text);
    }
    return piece;
}

static bool s_filler(const s_piece_t *piece)
{
    static const char *const s_between[] = {",",  ".",  " ", "st", "nd", "rd",
                                            "th", "of", "-", "/",  "\t"};
    for (size_t i = 0; i < sizeof s_between / sizeof *s_between; i++)
        if (wx_str_is(piece->text, s_between[i]))
            return true;
    return false;
}

/* Three numbers or two and a month, in any of the usual orders, with little between them. */
static bool s_make(const s_piece_t *p, int count, bool year_needed, wx_day_t *ret_day)
{
    int year = 0, month = 0, day = 0;
    if (p[0].month && p[1].number > 0) {
        month = p[0].month;
        day = p[1].number;
        year = count > 2 && p[2].text.size == 4 ? p[2].number : 0;
    } else if (p[0].number > 0 && p[0].text.size <= 2 && p[1].month) {
        day = p[0].number;
        month = p[1].month;
        year = count > 2 && p[2].text.size == 4 ? p[2].number : 0;
    } else if (count > 2 && p[0].text.size == 4 && p[0].number > 0 && p[1].number > 0 &&
               p[2].number > 0) {
        year = p[0].number;
        month = p[1].number;
        day = p[2].number;
    } else if (count > 2 && p[2].text.size == 4 && p[0].number > 0 && p[1].number > 0) {
        year = p[2].number;
        month = p[1].number;
        day = p[0].number;
        if (month > 12) {
            month = p[0].number;
            day = p[1].number;
        }
    }
    wx_day_t found = {(int16_t)(year ? year : 2000), (int8_t)(month < 100 ? month : 0),
                      (int8_t)(day < 100 ? day : 0)};
    if (!wx_day_valid(found) || (year_needed && !year) || (year && year < 1500))
        return false;
    found.year = (int16_t)year;
    *ret_day = found;
    return true;
}

bool wx_day_find(winnow_str_t text, bool year_needed, wx_day_t *ret_day)
{
    s_piece_t last[3];
    int count = 0;
    bool found = false;
    for (size_t at = 0; at < text.size;) {
        s_piece_t piece = s_piece(text, &at);
        if (piece.number >= 0 || piece.month) {
            if (count == 3) {
                last[0] = last[1];
                last[1] = last[2];
                count = 2;
            }
            last[count++] = piece;
            if (count == 3 && s_make(last, 3, true, ret_day))
                return true;
            if (!found && !year_needed && count >= 2)
                found = s_make(last + count - 2, 2, false, ret_day);
        } else if (!s_filler(&piece)) {
            count = 0;
        }
    }
    return found;
}
