"""Cells: what one value of a file says as a value of a field, and what is wrong with it.

A cell is read once for each distinct value of a column (`column`); what cannot be read is
unknown, never a default, and keeps the name of the finding that says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ntm_gis import numbers, text
from ntm_gis.layers.remarks import Remarks, shown
from ntm_gis.results import Words, sentence

# Answers that say in words that nobody knows; the same as a blank, and said so by its finding.
_NOT_KNOWN = frozenset(
    ("?", "khong ro", "chua ro", "chua xac dinh", "chua biet", "chua co so lieu", "khong xac dinh")
)

_PLAIN = frozenset((str, float, int, bool, type(None)))

Value = str | float | int | bool | pd.Timestamp | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a field; `fault` is the finding where it could not be taken as it is.

    With a fault and a value, the value is used and the fault is a remark on it.
    """

    value: Value = None
    fault: str | None = None
    params: Mapping[str, object] = field(default_factory=dict)


BLANK = Cell()
Reader = Callable[[object], Cell]


def plain(values: pd.Series) -> list[object]:
    """Return a column as plain Python values: text, number, truth value, date or None.

    Examples
    --------
    >>> plain(pd.Series([1.5, None])), plain(pd.Series(["a", None]))
    ([1.5, None], ['a', None])
    """
    items = values.astype(object)
    missing = values.isna()
    if missing.any():
        items = items.where(~missing, None)
    if values.dtype != object:
        return list(items)
    return [value if type(value) in _PLAIN else _plain(value) for value in items]


def _plain(value: object) -> object:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, str | bool | int | float | dt.date):
        return value
    # A list out of GeoJSON, a time of day: kept as its text.
    return str(value)


def column(
    values: list[object], index: pd.Index, field_name: str, read: Reader, remarks: Remarks
) -> list[Value]:
    """Read a whole column, each distinct value once, and remark on the cells at fault."""
    memory: dict[tuple[type, Hashable], Cell] = {}
    out: list[Value] = []
    for row, value in zip(index, values, strict=True):
        # 1, 1.0 and True are equal and hash alike, but are not read alike.
        key = (type(value), value)
        cell = memory.get(key)
        if cell is None:
            cell = memory[key] = BLANK if value is None else read(value)
        out.append(cell.value)
        if cell.fault is not None:
            remarks.cell(cell.fault, row, field_name, value, cell.params)
    return out


def is_unknown(value: object) -> bool:
    """Whether a cell is blank or says in words that it is not known.

    Examples
    --------
    >>> is_unknown("chưa rõ"), is_unknown("không")
    (True, False)
    """
    if numbers.is_blank(value):
        return True
    return isinstance(value, str) and (text.clean(value) == "?" or text.fold(value) in _NOT_KNOWN)


def as_code(value: object) -> str:
    """Return a value as the text of a code: 1.0 out of Excel is "1".

    Examples
    --------
    >>> as_code(1.0), as_code(" 03601 "), as_code("Ð01")
    ('1', '03601', 'Đ01')
    """
    return text.clean(shown(value))


def hint(code: str, **params: object) -> Words:
    """Return a sentence to be put into that of a finding."""
    return sentence(code, params)


NO_HINT = Words("", "")


def meant(close: list[str], known: tuple[str, ...]) -> Words:
    """Return "did you mean …", or the values in use where nothing comes close."""
    if close:
        return hint("HINT_MEANT", meant=" / ".join(close))
    if not known:
        return NO_HINT
    few = known[:12]
    return hint("HINT_KNOWN", known="; ".join(few) + ("; …" if len(known) > len(few) else ""))
