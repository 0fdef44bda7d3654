"""Dates as people in Viet Nam write them: the day first, always."""

from __future__ import annotations

import math
import numbers
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Literal

from ntm_gis.numbers.blanks import is_blank

DateProblem = Literal[
    "blank", "partial", "two_digit_year", "impossible", "out_of_range", "text", "error"
]

VIET_NAM_TIME = timezone(timedelta(hours=7))
"""UTC+7 without summer time, which the whole country has kept since 1975."""

_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_EXCEL_ZERO = date(1899, 12, 30)
_EXCEL_FIRST = (date(1990, 1, 1) - _EXCEL_ZERO).days
_EXCEL_LAST = (date(2100, 12, 31) - _EXCEL_ZERO).days


def today() -> date:
    """Return the day in Viet Nam: entries of the record are dated by it, figures never are."""
    return datetime.now(tz=VIET_NAM_TIME).date()


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """What a cell says as a date.

    `value` is None whenever there is a `problem`: "blank", "partial" (a year or month alone,
    kept in `year`, `month`, `quarter`), "two_digit_year", "impossible" (31 February),
    "out_of_range" (not within 1900–2100), "text", "error".
    """

    value: date | None
    problem: DateProblem | None
    year: int | None = None
    month: int | None = None
    quarter: int | None = None


def parse_date(value: object, *, excel: bool = False) -> ParsedDate:
    """Read a date from a cell; 05/03 is 5 March, never 3 May.

    Parameters
    ----------
    value : object
        A date or datetime, or text: `dd/mm/yyyy` (also with `-` or `.`), ISO `yyyy-mm-dd` with
        or without a time, "ngày 5 tháng 3 năm 2025". Nothing else is read.
    excel : bool
        Whether a bare number is a day number of Excel (1990 to 2100).

    Notes
    -----
    A datetime with a time zone becomes the date it was then in Viet Nam: 17:30 UTC on
    31 March is 1 April. Excel's day numbers are those of the 1900 system.

    Examples
    --------
    >>> parse_date("05/03/2026").value.isoformat(), parse_date("2026-03-05").value.isoformat()
    ('2026-03-05', '2026-03-05')
    >>> parse_date("tháng 3/2025").problem, parse_date("5/3/26").problem
    ('partial', 'two_digit_year')
    >>> parse_date(46086, excel=True).value.isoformat()
    '2026-03-05'
    """
    if is_blank(value):
        return ParsedDate(None, "blank")
    if isinstance(value, datetime):
        local = value.astimezone(VIET_NAM_TIME) if value.tzinfo is not None else value
        return _in_range(local.date())
    if isinstance(value, date):
        return _in_range(value)
    if isinstance(value, str):
        return _parse_text(unicodedata.normalize("NFC", value).replace("\u00a0", " ").strip())
    is_bool = isinstance(value, bool)  # an int to Python, never a day number
    if isinstance(value, numbers.Real) and not is_bool:
        return _parse_serial(float(value), excel=excel)
    return ParsedDate(None, "text")


def format_date_vi(day: date) -> str:
    """Return a date the Vietnamese way.

    Examples
    --------
    >>> format_date_vi(date(2026, 3, 5))
    '05/03/2026'
    """
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def _parse_serial(number: float, *, excel: bool) -> ParsedDate:
    if number.is_integer() and _FIRST_YEAR <= number <= _LAST_YEAR:
        return ParsedDate(None, "partial", year=int(number))
    if excel and _EXCEL_FIRST <= number < _EXCEL_LAST + 1:
        return ParsedDate(_EXCEL_ZERO + timedelta(days=math.floor(number)), None)
    return ParsedDate(None, "out_of_range" if excel else "text")


def _parse_text(s: str) -> ParsedDate:
    if s.startswith("#"):
        return ParsedDate(None, "error")
    for pattern in _patterns():
        found = pattern.fullmatch(s)
        if found:
            return _from_parts(found.groupdict())
    return ParsedDate(None, "text")


def _from_parts(parts: dict[str, str | None]) -> ParsedDate:
    year, month, day, quarter = (parts.get(k) for k in ("year", "month", "day", "quarter"))
    if year is None or len(year) != 4:
        return ParsedDate(None, "two_digit_year")
    if day is None or month is None:
        return _partial(int(year), month, quarter)
    try:
        return _in_range(date(int(year), int(month), int(day)))
    except ValueError:
        return ParsedDate(None, "impossible")


def _partial(year: int, month: str | None, quarter: str | None) -> ParsedDate:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return ParsedDate(None, "out_of_range")
    if month is not None and not 1 <= int(month) <= 12:
        return ParsedDate(None, "impossible")
    number = _QUARTERS.get((quarter or "").upper())
    return ParsedDate(None, "partial", year, None if month is None else int(month), number)


def _in_range(day: date) -> ParsedDate:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        return ParsedDate(None, "out_of_range")
    return ParsedDate(day, None)


_QUARTERS = {"1": 1, "2": 2, "3": 3, "4": 4, "I": 1, "II": 2, "III": 3, "IV": 4}


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    day, month, year = "(?P<day>[0-9]{1,2})", "(?P<month>[0-9]{1,2})", "(?P<year>[0-9]{4})"
    short_or_full = "(?P<year>[0-9]{4}|[0-9]{2})"
    time = r"(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
    texts = (
        rf"{day}(?P<mark>[/.\-]){month}(?P=mark){short_or_full}",
        rf"(?P<year>[0-9]{{4}})-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}}){time}",
        rf"ngày {day} tháng {month} năm {year}",
        rf"(?:tháng |t)?{month}[/.\-]{short_or_full}",
        rf"tháng {month} năm {year}",
        rf"{year}-{month}",
        rf"(?:quý|q) ?(?P<quarter>[1-4]|I{{1,3}}|IV)(?: ?[/.\-] ?| năm | ){year}",
        rf"(?:năm )?{year}",
    )
    return tuple(re.compile(text, re.IGNORECASE) for text in texts)
