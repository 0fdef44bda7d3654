"""Numbers as people in Viet Nam write them in tables.

The comma is the decimal sign, the full stop or a space groups thousands; machines and English
tables do it the other way round. What can be read in two ways is not guessed: "1.282" is
ambiguous unless other values of its column settle it.
"""

from __future__ import annotations

import math
import numbers
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from ntm_gis.numbers.blanks import is_blank

if TYPE_CHECKING:
    from collections.abc import Iterable

NumberProblem = Literal["blank", "ambiguous", "text", "error", "unit"]
Style = Literal["vi", "en"]

_ERRORS = ("#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#N/A", "#NULL!", "#SPILL!", "#CALC!")
NO_VALUE = frozenset(("n/a", "na", "nan", "none", "null"))
"""Words by which programs write an empty cell; a text may mean them, a number cannot."""

# Units as they are typed after a number, with the spelling the product uses.
_UNITS = {
    "km": "km", "m": "m", "cm": "cm", "mm": "mm", "mét": "m", "met": "m", "ki-lô-mét": "km",
    "m2": "m²", "m²": "m²", "m3": "m³", "m³": "m³", "km2": "km²", "km²": "km²", "ha": "ha",
    "héc-ta": "ha", "hecta": "ha", "%": "%", "‰": "‰", "kg": "kg", "tạ": "tạ", "tấn": "tấn",
    "đ": "đồng", "đồng": "đồng", "vnd": "đồng", "vnđ": "đồng", "nghìn đồng": "nghìn đồng",
    "triệu": "triệu đồng", "tr": "triệu đồng", "trđ": "triệu đồng", "tr.đ": "triệu đồng",
    "triệu đồng": "triệu đồng", "tỷ": "tỷ đồng", "tỉ": "tỷ đồng", "tỷ đồng": "tỷ đồng",
    "tỉ đồng": "tỷ đồng", "người": "người", "hộ": "hộ", "khẩu": "người", "phút": "phút",
    "giờ": "giờ", "ngày": "ngày", "công": "công", "cái": "cái", "phòng": "phòng",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a cell says as a number.

    `value` is None whenever there is a `problem`: "blank", "ambiguous" (thousands or decimals?),
    "text" (no number), "error" (a formula error, or infinite), "unit" (a number before a unit
    that is not known). `how` tells in English how the text was read; `readings` holds the two
    numbers of an ambiguous text, the Vietnamese one first.
    """

    value: float | None
    problem: NumberProblem | None
    unit: str | None
    how: str
    readings: tuple[float, ...] = ()


def parse_number(value: object, column_hint: Style | None = None) -> Parsed:
    """Read a number from a cell, as a number or as text.

    Parameters
    ----------
    value : object
        What the cell holds: a number, text, None.
    column_hint : "vi", "en" or None
        How the rest of the column is written (`column_style`). It decides "1.282" and
        "1,282", nothing else.

    Notes
    -----
    Three digits after a single sign are the doubtful case. A comma is the decimal sign in
    Viet Nam: "1,282" is 1.282 unless the column is English. A full stop may be either:
    "1.282" stays ambiguous without a hint. With a leading zero ("0.282") or more than three
    digits before it ("1234.567") it can only be the decimal sign.

    Examples
    --------
    >>> parse_number("1.282,2").value, parse_number("7.5").value, parse_number("3,5 m").unit
    (1282.2, 7.5, 'm')
    >>> parse_number("1.282").problem, parse_number("1.282", "vi").value
    ('ambiguous', 1282.0)
    >>> parse_number("#REF!").problem, parse_number("khoảng 7").problem
    ('error', 'text')
    """
    if isinstance(value, str):
        return _parse_text(value, column_hint)
    if is_blank(value):
        return Parsed(None, "blank", None, "empty cell")
    is_bool = isinstance(value, bool)  # an int to Python, never a number in a table
    if isinstance(value, (numbers.Real, Decimal)) and not is_bool:
        return _from_number(value)
    return Parsed(None, "text", None, f"a {type(value).__name__}, not a number")


def column_style(values: Iterable[object]) -> Style | None:
    """Say how numbers as text are written in a column, from its unambiguous values.

    Returns
    -------
    "vi", "en" or None
        None if no value tells, or if they contradict one another.

    Examples
    --------
    >>> column_style(["1.282", "7,5", "12"]), column_style(["1.282", "7.5"])
    ('vi', 'en')
    >>> column_style(["1.282"]) is None, column_style(["7,5", "7.5"]) is None
    (True, True)
    """
    found = {_style_of(value) for value in values if isinstance(value, str)} - {None}
    return found.pop() if len(found) == 1 else None


def _from_number(value: numbers.Real | Decimal) -> Parsed:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if math.isinf(number):
        return Parsed(None, "error", None, "infinite")
    return Parsed(number, None, None, "number")


def _parse_text(text: str, hint: Style | None) -> Parsed:
    s = normal(text).strip()
    if is_blank(s) or s.casefold() in NO_VALUE:
        return Parsed(None, "blank", None, "blank")
    if s.upper() in _ERRORS or re.fullmatch(r"#+", s):
        return Parsed(None, "error", None, "error of a spreadsheet")
    found = _number().fullmatch(s)
    if found is None:
        return Parsed(None, "text", None, "not a number")
    typed = " ".join((found["tail"] or "").split()).rstrip(".")
    unit = _UNITS.get(typed.casefold()) if typed else None
    if typed and unit is None:
        return Parsed(None, "unit", typed, "unit not known")
    power = found["power"] or ""
    readings, how = _readings(found["digits"], power, hint)
    values = tuple(float(f"{found['sign']}{reading}{power}") for reading in readings)
    problem = _problem(values)
    if problem:
        return Parsed(None, problem, unit, how, values if problem == "ambiguous" else ())
    return Parsed(values[0], None, unit, how)


def _problem(values: tuple[float, ...]) -> NumberProblem | None:
    if not values:
        return "text"
    if len(values) > 1:
        return "ambiguous"
    return "error" if math.isinf(values[0]) else None


def _readings(digits: str, power: str, hint: Style | None) -> tuple[tuple[str, ...], str]:
    """Return the number in machine spelling, once for each way it can be read."""
    marks = "".join(mark for mark in " .," if mark in digits)
    if " " in marks:
        return _spaced(digits)
    if marks == ".,":
        return _both_marks(digits, "vi" if digits.rfind(",") > digits.rfind(".") else "en")
    if not marks:
        return (digits,), "digits"
    if digits.count(marks) > 1:
        grouped = (digits.replace(marks, ""),) if _grouped(digits, marks) else ()
        return grouped, f"'{marks}' groups thousands"
    return _one_mark(digits, marks, power, hint)


def _spaced(digits: str) -> tuple[tuple[str, ...], str]:
    whole, mark, part = digits.replace(",", ".").partition(".")
    right = _grouped(whole, " ") and (part.isdigit() or not mark)
    return ((_join(whole.replace(" ", ""), part),) if right else ()), "spaces group thousands"


def _one_mark(
    digits: str, mark: str, power: str, hint: Style | None
) -> tuple[tuple[str, ...], str]:
    whole, part = digits.split(mark)
    if not _doubtful(whole, part) or power:
        return (_join(whole, part),), f"'{mark}' before decimals"
    return _three_digits(mark, whole + part, _join(whole, part), hint)


def _three_digits(
    mark: str, thousands: str, decimal: str, hint: Style | None
) -> tuple[tuple[str, ...], str]:
    if mark == ",":
        if hint == "en":
            return (thousands,), "',' groups thousands, as in its column"
        return (decimal,), "',' before decimals"
    if hint == "vi":
        return (thousands,), "'.' groups thousands, as in its column"
    if hint == "en":
        return (decimal,), "'.' before decimals, as in its column"
    return (thousands, decimal), "thousands or decimals"


def _both_marks(digits: str, style: Style) -> tuple[tuple[str, ...], str]:
    group, mark = (".", ",") if style == "vi" else (",", ".")
    whole, _, part = digits.rpartition(mark)
    if mark in whole or group in part or not _grouped(whole, group):
        return (), "marks in an order no number has"
    return (_join(whole.replace(group, ""), part),), f"'{group}' groups thousands"


def _grouped(whole: str, mark: str) -> bool:
    first, *rest = whole.split(mark)
    three = all(len(group) == 3 and group.isdigit() for group in rest)
    return first.isdigit() and 1 <= len(first) <= 3 and three and (first[0] != "0" or not rest)


def _doubtful(whole: str, part: str) -> bool:
    return len(part) == 3 and 1 <= len(whole) <= 3 and whole[0] != "0"


def _join(whole: str, part: str) -> str:
    return f"{whole or '0'}.{part}" if part else whole


def _style_of(value: str) -> Style | None:
    """Return how one text must have been written, None if it could be either or neither."""
    found = _number().fullmatch(normal(value).strip())
    if found is None or found["power"]:
        return None
    digits = found["digits"]
    dots, commas = digits.count("."), digits.count(",")
    if not _readings(digits, "", None)[0] or not (dots or commas):
        return None
    if dots and commas:
        return "vi" if digits.rfind(",") > digits.rfind(".") else "en"
    if dots > 1 or commas > 1:
        return "vi" if dots else "en"
    whole, _, part = digits.partition("." if dots else ",")
    if " " not in whole and _doubtful(whole, part):
        return None
    return "en" if dots else "vi"


def normal(text: str) -> str:
    """Return NFC with one kind of minus and one kind of space."""
    return unicodedata.normalize("NFC", text).translate(_SAME)


_SAME = dict.fromkeys((0x2212, 0x2013, 0x2014, 0xFE63, 0xFF0D), "-") | dict.fromkeys(
    (0x00A0, 0x2007, 0x2009, 0x202F, 0x2002, 0x2003), " "
)


@lru_cache(maxsize=1)
def _number() -> re.Pattern[str]:
    return re.compile(
        r"(?P<sign>[+-]?) ?"
        r"(?P<digits>[0-9]+(?:[ .,][0-9]+)*|[.,][0-9]+)"
        r"(?P<power>[eE][+-]?[0-9]+)?"
        r"(?P<tail>(?: ?[^\W\d_]| ?[%‰]).*)?",
        re.DOTALL,
    )
