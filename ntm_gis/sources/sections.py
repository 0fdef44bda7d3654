"""Headings of sections that bear the total of the rows below them: "I | Xã Pắc Ta cũ | 150"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ntm_gis import numbers, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ntm_gis.sources.readers.parsed import Cell
    from ntm_gis.sources.totals import Identity, Row

MARK = re.compile(r"([IVXL]+|[A-H])[.)]?$")
"""The number of a section: Roman, or a capital."""

_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV",
          "XV", "XVI", "XVII", "XVIII", "XIX", "XX")  # fmt: skip
_LETTERS = tuple("ABCDEFGH")
_NUMBER = re.compile(r"\d{1,4}([.)]\d{0,3})?$")
_COUNTING = frozenset(("stt", "tt", "so tt", "so thu tu", "no", "so"))


def counts(name: str) -> bool:
    """Whether a column only counts rows, by its heading.

    Examples
    --------
    >>> counts("STT"), counts("Số TT"), counts("Mã số")
    (True, True, False)
    """
    return " ".join(re.findall("[a-z]+", text.fold(name))) in _COUNTING


def is_mark(value: Cell) -> bool:
    """Whether a cell is the number of a section."""
    return isinstance(value, str) and MARK.match(value.strip()) is not None


def find(rows: Sequence[Row], names: Sequence[str], identity: Identity | None) -> dict[int, int]:
    """Return the headings with amounts, each with the place where its section ends.

    The column that counts rows numbers sections from the first row on, in order and apart from
    the records (I, 1, 2, II, 3 …; also A, I, 1 …). A row with a key of its own is a record.

    Parameters
    ----------
    rows : sequence of dict
        Filled cells by place.
    names : sequence of str
        Headings of the columns.
    """
    keys = identity.keys if identity is not None else frozenset()
    for column, name in enumerate(names):
        if column in keys or not counts(name):
            continue
        marked = [i for i, row in enumerate(rows) if is_mark(row.get(column))]
        if not marked or not _in_order(rows, column, marked):
            continue
        own = any(not keys.isdisjoint(rows[i]) for i in marked)
        if not own and all(_has_words(rows[i], column) for i in marked):
            ends = _ends(rows, column, marked)
            return {i: end for i, end in ends.items() if _has_amount(rows[i], column)}
    return {}


def _in_order(rows: Sequence[Row], column: int, marked: Sequence[int]) -> bool:
    """Whether sections begin the table, count on, and each has records that are numbered else."""
    filled = [i for i, row in enumerate(rows) if row]
    if filled[0] != marked[0]:
        return False
    within = [rows[i][column] for i in filled if i not in set(marked) and column in rows[i]]
    if not within or any(not _NUMBER.match(_said(value)) for value in within):
        return False
    top = _kind(rows[marked[0]][column])
    count = dict.fromkeys((_ROMAN, _LETTERS), 0)
    for i in marked:
        kind = _kind(rows[i][column])
        place = count[kind]
        if place >= len(kind) or _said(rows[i][column]).rstrip(".)") != kind[place]:
            return False
        count[kind] += 1
        if kind is top:  # sections within it count from the beginning again
            count = {k: (n if k is top else 0) for k, n in count.items()}
    ends = _ends(rows, column, marked)
    return all(any(rows[j] for j in range(i + 1, end)) for i, end in ends.items())


def _ends(rows: Sequence[Row], column: int, marked: Sequence[int]) -> dict[int, int]:
    """Return where each section ends: at the next of its kind, or of the kind above it."""
    top = _kind(rows[marked[0]][column])
    out = {}
    for n, i in enumerate(marked):
        inner = _kind(rows[i][column]) is not top
        later = [j for j in marked[n + 1 :] if inner or _kind(rows[j][column]) is top]
        out[i] = later[0] if later else len(rows)
    return out


def _kind(value: Cell) -> tuple[str, ...]:
    return _LETTERS if _said(value)[:1] in _LETTERS else _ROMAN


def _said(value: Cell) -> str:
    return str(value).strip().removesuffix(".0")


def _has_words(row: Row, column: int) -> bool:
    return any(
        isinstance(value, str)
        and len(value.strip()) > 2
        and numbers.parse_number(value).value is None
        for j, value in row.items()
        if j != column
    )


def _has_amount(row: Row, column: int) -> bool:
    return any(
        not isinstance(value, bool) and numbers.parse_number(value).value is not None
        for j, value in row.items()
        if j != column
    )
