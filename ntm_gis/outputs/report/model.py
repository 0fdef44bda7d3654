"""The report as plain values: sections of paragraphs, tables and pictures, in one language.

One model, two writers: Word and PDF print the same words in the same order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

BODY, ITEM, LEAD, REMARK, OPENER = "body", "item", "lead", "remark", "opener"
"""Kinds of paragraph: running text, an item of a list, a small head, a remark in italics, and the
words before a list, which stay on the page of its first item."""


SHORT = 12
"""Rows of a table that is kept on one page."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of plain text; `note` is the footnote that hangs on its end."""

    text: str
    bold: bool = False
    italic: bool = False
    note: str = ""


Line = tuple[Span, ...]
"""The text of a paragraph or a cell."""


def line(text: str, *, bold: bool = False, italic: bool = False, note: str = "") -> Line:
    """Return a line of one run.

    Examples
    --------
    >>> line("7,00 km", note="theo danh sách")[0].note
    'theo danh sách'
    """
    return (Span(text, bold, italic, note),)


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph of a kind."""

    spans: Line
    kind: str = BODY


@dataclass(frozen=True, slots=True)
class Grid:
    """A table.

    Parameters
    ----------
    caption : str
        Above it; blank where the annex's title says it.
    heads : tuple of str
    rows : tuple of tuple of Line
        As long as `heads`.
    widths : tuple of float
        Shares of the width, in any unit.
    right, middle : frozenset of int
        Columns of numbers, and those set in the middle.
    bold : frozenset of int
        Rows of totals and groups.
    unit : str
        The line above its right edge that says in what unit it is; blank where heads say it.
    """

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    widths: tuple[float, ...]
    right: frozenset[int] = frozenset()
    middle: frozenset[int] = frozenset()
    bold: frozenset[int] = frozenset()
    unit: str = ""

    def __post_init__(self) -> None:
        wide = {len(self.heads), len(self.widths), *(len(row) for row in self.rows)}
        if len(wide) > 1:
            message = f"columns do not agree: {sorted(wide)}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture (PNG) with its caption, set `width_mm` wide and `height_mm` high."""

    png: bytes
    caption: str
    width_mm: float = 160.0
    height_mm: float = 113.0


Block = Para | Grid | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A section under one of the plan's heads, or an annex.

    Parameters
    ----------
    key : str
        "II.2", or the number of an annex.
    title : str
        As it is printed, with its number.
    level : int
        1 for I, II, III; 2 for II.1 …
    """

    key: str
    title: str
    level: int
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Everything in the report.

    Parameters
    ----------
    words : mapping as tuple of (str, str)
        Single texts by the names that templates know: who, when, the line under the title.
    """

    lang: str
    words: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    annexes: tuple[Section, ...]

    def word(self, name: str) -> str:
        """Return a single text."""
        return dict(self.words)[name]

    @property
    def all_sections(self) -> Iterator[Section]:
        """Sections, then annexes."""
        yield from self.sections
        yield from self.annexes

    def lines(self) -> Iterator[Line]:
        """Yield every line of text in the order of print."""
        for section in self.all_sections:
            for block in section.blocks:
                if isinstance(block, Para):
                    yield block.spans
                elif isinstance(block, Grid):
                    for row in block.rows:
                        yield from row
