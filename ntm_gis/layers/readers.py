"""How a cell is read as a value of its field: one reader for each kind of field."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ntm_gis import numbers, text
from ntm_gis.layers.cells import (
    BLANK,
    NO_HINT,
    Cell,
    Reader,
    Value,
    as_code,
    hint,
    is_unknown,
    meant,
)
from ntm_gis.layers.names import close
from ntm_gis.rules.schema import CodeList, Field, code_list

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from ntm_gis.results import Words

_SEVERAL = re.compile(r"\s*(?:[,;+/&|\n]|\s-\s|\svà\s)\s*")
_HYPHEN = re.compile(r"\s*[,;+/&|\n–-]\s*|\svà\s")
# What nearly every text consists of; only others are looked at letter by letter.
_ORDINARY = re.compile("[\t\n\r -~ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ²³°–—…]*")
# Letters that `text.clean` puts right by itself, without a word.
_PUT_RIGHT = frozenset("\u00d0\u200b\u200c\u200d\u2060\ufeff")


@dataclass(frozen=True, slots=True)
class Column:
    """What is known of a column beyond its values.

    `factor` turns values under its heading into the unit of the field; `codes` are the
    translations of commune.toml; `style` is how its numbers are written.
    """

    factor: float = 1.0
    codes: Mapping[str, str] | None = None
    style: numbers.parsing.Style | None = None
    excel: bool = False

    @classmethod
    def of(
        cls, file: str, values: list[object], factor: float, codes: Mapping[str, str] | None
    ) -> Column:
        """Gather what the whole column says about how it is written."""
        excel = PurePosixPath(file).suffix.lower() in (".xlsx", ".xlsm", ".xls")
        written = {value for value in values if isinstance(value, str)}
        return cls(factor, codes, numbers.column_style(written), excel)


def reader(field: Field, column: Column) -> Reader:
    """Return the function that reads one cell of a field.

    Examples
    --------
    >>> from ntm_gis.rules.schema import Title
    >>> width = Field(name="w", type="number", unit="m", title=Title(vi="Bề rộng", en="Width"))
    >>> read = reader(width, Column())
    >>> read("3,5 m").value, read("350 cm").value, read("rộng").fault
    (3.5, 3.5, 'VALUE_NOT_NUMBER')
    """
    makers: dict[str, Callable[[Field, Column], Reader]] = {
        "text": _text, "code": _code, "reference": _reference, "choice": _choice,
        "number": _number, "integer": _number, "chainage": _chainage,
        "boolean": _boolean, "date": _date, "place": _text,
    }  # fmt: skip
    return _translating(makers[field.type](field, column), column.codes)


def _translating(read: Reader, codes: Mapping[str, str] | None) -> Reader:
    """Put the translations of commune.toml before a reader: as written, then whatever case."""
    if not codes:
        return read
    exact = {text.clean(written): code for written, code in codes.items()}
    folded = {text.fold(written): code for written, code in codes.items()}

    def translated(value: object) -> Cell:
        written = as_code(value)
        return read(exact.get(written, folded.get(text.fold(written), value)))

    return translated


def _text(_: Field, __: Column) -> Reader:
    def read(value: object) -> Cell:
        return BLANK if numbers.is_blank(value) else _with_oddities(as_code(value), value)

    return read


def _code(_: Field, __: Column) -> Reader:
    def read(value: object) -> Cell:
        return BLANK if is_unknown(value) else _with_oddities(as_code(value), value)

    return read


def _reference(field: Field, _: Column) -> Reader:
    words = code_list(field.codes) if field.codes else None

    def one(written: str) -> str:
        # "không" says that there is none, where the field takes that for an answer.
        found = words.find(written) if words else None
        if found is None and text.fold(written) in field.also:
            found = text.fold(written)
        return found if found in field.also else written

    def read(value: object) -> Cell:
        written = as_code(value)
        if numbers.is_blank(value) or (is_unknown(value) and one(written) == written):
            return BLANK
        parts = [one(p) for p in _SEVERAL.split(written) if p] if field.many else [one(written)]
        return _with_oddities("+".join(dict.fromkeys(parts)), value)

    return read


def _with_oddities(value: str, raw: object) -> Cell:
    """Return a text with a remark where it was not written as it looks."""
    if not isinstance(raw, str) or _ORDINARY.fullmatch(raw):
        return Cell(value)
    for odd in text.oddities(text.nfc(raw)):
        if odd.char not in _PUT_RIGHT and odd.kind != "soft_hyphen":
            instead = hint("HINT_LETTER", letter=odd.instead) if odd.instead else NO_HINT
            params = {"letter": odd.code_point, "position": odd.at + 1, "hint": instead}
            return Cell(value, "TEXT_ODD", params)
    if text.nfc(raw) != raw:
        return Cell(value, "NAME_NOT_NFC")
    return Cell(value)


def _choice(field: Field, _: Column) -> Reader:
    codes = code_list(str(field.codes))

    def read(value: object) -> Cell:
        written = as_code(value)
        whole = codes.find(written) if written else None
        if whole is not None:
            return Cell(whole)
        if is_unknown(value):
            return BLANK
        if field.many:
            several = _several(written, codes)
            if several is not None:
                return Cell(several)
        return Cell(None, "CODE_UNKNOWN", {"hint": _meant_code(written, codes)})

    return read


def _several(written: str, codes: CodeList) -> str | None:
    """Return several codes joined by "+", in the order of their list, or None."""
    for cut in (_SEVERAL, _HYPHEN):
        found = {codes.find(part) for part in cut.split(written) if part}
        if found and None not in found:
            return "+".join(code for code in codes.keys if code in found)
    return None


def _meant_code(written: str, codes: CodeList) -> Words:
    spellings = tuple(name for c in codes.codes for name in (c.title.vi, *c.aliases))
    titles = tuple(code.title.vi for code in codes.codes)
    return meant(close(written, spellings), titles)


def _boolean(_: Field, __: Column) -> Reader:
    def read(value: object) -> Cell:
        if is_unknown(value):
            return BLANK
        parsed = numbers.parse_bool(value)
        if parsed.problem == "text":
            return Cell(None, "VALUE_NOT_YES_NO")
        return Cell(parsed.value)

    return read


def _date(_: Field, column: Column) -> Reader:
    def read(value: object) -> Cell:
        if is_unknown(value):
            return BLANK
        parsed = numbers.parse_date(value, excel=column.excel)
        if parsed.problem in (None, "blank"):
            return Cell(None if parsed.value is None else _midnight(parsed.value))
        return Cell(None, "VALUE_NOT_DATE", {"hint": hint(f"HINT_DATE_{parsed.problem.upper()}")})

    return read


def _midnight(day: dt.date) -> Value:
    # One kind of value for a column: pandas makes datetime64 of it.
    import pandas as pd

    return pd.Timestamp(day)


def _number(field: Field, column: Column) -> Reader:
    def read(value: object) -> Cell:
        if is_unknown(value):
            return BLANK
        parsed = numbers.parse_number(value, column.style)
        if parsed.problem == "blank":
            return BLANK
        number = parsed.value
        if parsed.problem == "ambiguous":
            whole = [r for r in parsed.readings if r.is_integer() and field.type == "integer"]
            if len(whole) != 1:
                return Cell(None, "VALUE_AMBIGUOUS", {"readings": parsed.readings})
            number = whole[0]  # a number of people has no decimals
        if parsed.problem == "unit":
            return Cell(None, "VALUE_UNIT", {"unit": parsed.unit, "expected": _unit(field)})
        if number is None:
            return Cell(None, "VALUE_NOT_NUMBER")
        return _measured(number, parsed.unit, field, column)

    return read


def _chainage(field: Field, column: Column) -> Reader:
    as_number = _number(field, column)

    def read(value: object) -> Cell:
        if is_unknown(value):
            return BLANK
        parsed = numbers.parse_chainage(value)
        if parsed.problem == "metres":
            return Cell(None, "VALUE_NOT_CHAINAGE")
        if parsed.metres is None:
            cell = as_number(value)
            return Cell(None, "VALUE_NO_CHAINAGE") if cell.fault == "VALUE_NOT_NUMBER" else cell
        cell = _checked(parsed.metres, field)
        if parsed.short and cell.fault is None and parsed.cm is not None:
            said = {"read": numbers.format_chainage(parsed.cm / 100)}
            return Cell(cell.value, "CHAINAGE_SHORT", said)
        return cell

    return read


def _measured(number: float, unit: str | None, field: Field, column: Column) -> Cell:
    """Bring a number into the unit of its field; a unit in the cell goes before the heading's."""
    if unit is None:
        return _checked(scaled(number, column.factor), field)
    if unit == "%" and field.unit is None and field.range is not None and field.range[1] <= 1:
        # A share of one, written as per cent.
        return _checked(scaled(number, 0.01), field)
    factor = field.factor(f"({unit})")
    if factor is None:
        return Cell(None, "VALUE_UNIT", {"unit": unit, "expected": _unit(field)})
    cell = _checked(scaled(number, factor), field)
    if cell.fault is not None or factor == 1.0:
        return cell
    return Cell(cell.value, "UNIT_CONVERTED", {"number": cell.value, "unit": _unit(field)})


def _checked(number: float, field: Field) -> Cell:
    if not math.isfinite(number):
        return Cell(None, "VALUE_NOT_NUMBER")
    if field.range is not None and not field.range[0] <= number <= field.range[1]:
        low, high = field.range
        params = {"low": low, "high": high, "unit": _unit(field), "hint": _slip(number, field)}
        return Cell(None, "VALUE_OUT_OF_RANGE", params)
    if field.type != "integer":
        return Cell(number)
    if not number.is_integer() or abs(number) >= 2**53:
        return Cell(None, "VALUE_NOT_WHOLE")
    return Cell(int(number))


def scaled(number: float, factor: float) -> float:
    """Multiply without the dust of binary fractions.

    Examples
    --------
    >>> scaled(1.1, 1000.0), scaled(7.0, 1.0)
    (1100.0, 7.0)
    """
    return number if factor == 1.0 else numbers.significant(number * factor, 15)


def _slip(number: float, field: Field) -> Words:
    """Say which other unit a number out of range was probably typed in."""
    if field.unit is None or field.range is None:
        return NO_HINT
    units = code_list("unit")
    home = units[field.unit]
    fits = []
    for other in units.codes:
        if other.flags.get("base") != home.flags.get("base") or other.code == field.unit:
            continue
        factor = float(other.flags["factor"]) / float(home.flags["factor"])
        if field.range[0] <= number * factor <= field.range[1]:
            fits.append((abs(math.log(factor)), scaled(number, factor), other))
    if not fits:
        return NO_HINT
    _, converted, other = min(fits, key=lambda fit: fit[0])
    return hint("HINT_UNIT", typed=other.title.words, number=converted, unit=_unit(field))


def _unit(field: Field) -> Words | str:
    """Return the unit of a field as it is written after a number."""
    if field.unit is None:
        return ""
    # "m²" is written alike everywhere; "households" is a word of ours.
    short = {"m2": "m²", "km2": "km²", "m3": "m³"}
    if len(field.unit) <= 3:
        return short.get(field.unit, field.unit)
    return code_list("unit")[field.unit].title.words
