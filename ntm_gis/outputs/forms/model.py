"""What a form is: headings of several rows, lines, footnotes; `grid` puts it on a sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Cell = str | float | int | dt.date | None
Look = Literal["row", "section", "sum", "part"]

HEAD_ROWS = 4
"""Rows above the headings: office and number, title, what it goes with, mark and unit."""


@dataclass(frozen=True, slots=True)
class Head:
    """A heading: of one column, or of several columns under it (`parts`)."""

    title: str
    width: float = 10.0
    kind: Literal["text", "number", "centre"] = "text"
    digits: int = 0
    parts: tuple[Head, ...] = ()

    @property
    def leaves(self) -> tuple[Head, ...]:
        """The columns under it, itself where it is one."""
        return tuple(leaf for part in self.parts for leaf in part.leaves) or (self,)

    @property
    def depth(self) -> int:
        """Rows of headings."""
        return 1 + max((part.depth for part in self.parts), default=0)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a form: a cell a column.

    `wanted` are columns whose missing number is marked as unknown; `digits` the decimals of
    single cells; `depth` moves the text of the second column in; `across`: the text of the
    second column takes the rest of the row.
    """

    cells: tuple[Cell, ...]
    look: Look = "row"
    wanted: frozenset[int] = frozenset()
    digits: Mapping[int, int] = field(default_factory=dict)
    depth: int = 0
    across: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One sheet: what it is called and numbered, its headings, rows and footnotes.

    Parameters
    ----------
    name : str
        Of the sheet.
    number : str
        "Biểu số 01", at the right above; may be empty.
    title, goes_with, mark, unit : str
        Headline; what it is annexed to and as of when; how far the form itself is proven;
        "Đơn vị tính: …".
    notes : sequence of str
        Footnotes; numbered ones say their number themselves.
    signed : bool
        Places for names below: a form that is handed in by itself.
    """

    name: str
    number: str
    title: str
    goes_with: str
    heads: tuple[Head, ...]
    lines: Sequence[Line]
    mark: str = ""
    unit: str = ""
    notes: Sequence[str] = ()
    signed: bool = False
    frozen: int = 2
    about: str = ""
    links: Mapping[int, str] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[Head, ...]:
        """The columns, from left to right."""
        return tuple(leaf for head in self.heads for leaf in head.leaves)

    @property
    def first_row(self) -> int:
        """Number from 0 of the row of the first line."""
        return HEAD_ROWS + max(head.depth for head in self.heads) + 1
