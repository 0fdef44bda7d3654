"""Widths of columns and heights of rows of Excel sheets: not every program finds them itself."""

from __future__ import annotations

import datetime as dt
import math
from textwrap import wrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ntm_gis.outputs.sheets import Cell, Column, Sheet

LETTERS_PER_WIDTH = 1.05
"""Letters of the font to one unit of a column's width."""
_WIDTH_MIN, _WIDTH_MAX = 7, 36


def lines(sheet: Sheet) -> list[int]:
    """Return how many lines each row needs: not every program finds out by itself.

    What does not go to paper adds none: a long remark there would leave a printed page half empty.
    """
    out = [1] * sheet.rows
    for column in sheet.columns[: sheet.printed]:
        letters = int(width(column) * LETTERS_PER_WIDTH)
        for row, cell in enumerate(column.cells):
            if isinstance(cell, str) and (len(cell) > letters or "\n" in cell):
                parts = (len(wrap(part, letters)) or 1 for part in cell.split("\n"))
                out[row] = max(out[row], sum(parts) if wraps(column, cell) else 1)
    return out


def wraps(column: Column, cell: str) -> bool:
    """Whether a text goes on below in its cell."""
    return column.wide > 0 or (len(cell) > _WIDTH_MAX and " " in cell)


def width(column: Column) -> float:
    """Return a width that shows most cells whole, in characters."""
    if column.wide:
        return float(column.wide)
    lengths = sorted(_length(cell, column, row) for row, cell in enumerate(column.cells))
    usual = lengths[math.ceil(0.98 * len(lengths)) - 1] if lengths else 0
    words = max((len(word) for word in column.title.split()), default=0)
    return float(min(_WIDTH_MAX, max(_WIDTH_MIN, usual + 3, words + 2, len(column.title) / 2 + 2)))


def _length(cell: Cell, column: Column, row: int) -> int:
    if cell is None:
        return 0
    if isinstance(cell, str):
        return max(len(line) for line in cell.split("\n"))
    if isinstance(cell, dt.date):
        return 10
    return len(f"{cell:,.{column.digits_of(row)}f}")
