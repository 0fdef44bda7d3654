"""Cells that are not what they look like: merged, hidden, in error, without a result."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ntm_gis.sources.readers.parsed import Cell, Parsed, Sheet, Told

_NUMBER = re.compile(r"[-+]?[\d.,\s]+%?$")

ERRORS = frozenset({"#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#N/A", "#NULL!", "#SPILL!",
                    "#CALC!", "#GETTING_DATA"})  # fmt: skip


def fill_merges(sheet: Sheet, data: list[tuple[int, dict[int, Cell]]], last: int) -> list[Told]:
    """Give a text merged over several rows to each of them; a number belongs to the first alone."""
    told = []
    by_number = dict(data)
    for first, left, bottom, _ in sheet.merges:
        if bottom <= last or bottom == first:
            continue
        value = by_number.get(first, {}).get(left)
        below = [n for n in range(first + 1, min(bottom, first + 10_000) + 1) if n in by_number]
        if value is None or not below:
            continue
        if isinstance(value, str) and not _NUMBER.match(value):
            for number in below:
                by_number[number].setdefault(left, value)
        else:
            told.append(
                Told("MERGED_NUMBER", row=first, value=str(value),
                     params={"cell": f"{letters_of(left)}{first}", "last": bottom})
            )  # fmt: skip
    return told


def cell_faults(sheet: Sheet, table: Parsed, last: int, *, letters: bool) -> list[Told]:
    """Tell of hidden rows, errors and formulas without a result, by the names of their cells."""
    told = []
    there = set(table.numbers)
    columns = dict(zip(table.hints["places"], table.columns, strict=True))
    hidden = [n for n in sheet.hidden_rows if n in there]
    if hidden:
        told.append(Told("HIDDEN_ROWS", params={"rows": listed(hidden), "count": len(hidden)}))
    for row, place in sheet.uncached:
        if row > last and row in there and place in columns:
            cell = f"{letters_of(place)}{row}"
            told.append(
                Told("FORMULA_WITHOUT_VALUE", row=row, field=columns[place].name,
                     params={"cell": cell})
            )  # fmt: skip
    for place, column in columns.items():
        for i, value in enumerate(column.cells):
            if isinstance(value, str) and value.upper() in ERRORS:
                column.cells[i] = None
                row = table.numbers[i]
                cell = f"{letters_of(place)}{row}" if letters else str(place)
                told.append(
                    Told("CELL_ERROR", row=row, field=column.name, value=value,
                         params={"cell": cell})
                )  # fmt: skip
    return told


def letters_of(column: int) -> str:
    """Return the letters of a column, 1 "A".

    Examples
    --------
    >>> letters_of(1), letters_of(27), letters_of(16384)
    ('A', 'AA', 'XFD')
    """
    out = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        out = chr(65 + rest) + out
    return out


def listed(rows: Iterable[int], most: int = 12) -> str:
    """Write row numbers, runs as "5–9", not more than a sentence takes.

    Examples
    --------
    >>> listed([3, 5, 6, 7, 9])
    '3, 5–7, 9'
    """
    runs: list[list[int]] = []
    for row in sorted(rows):
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    shown = [str(a) if a == b else f"{a}–{b}" for a, b in runs[:most]]
    return ", ".join(shown) + (" …" if len(runs) > most else "")
