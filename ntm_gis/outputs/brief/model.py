"""The brief as plain values: figures, parts of rows, a picture."""

from __future__ import annotations

from dataclasses import dataclass

FIGURES = 5
"""Figures at the head of the brief."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in large type; `below` says its last value, or what is certain of it."""

    title: str
    value: str
    unit: str
    below: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part under a head: sentences, then a table that may be cut.

    Parameters
    ----------
    notes : tuple of str
        Sentences above the table.
    heads : tuple of str
        Heads of the columns; none where there is no table.
    rows : tuple of tuple of str
        As long as `heads`, the weightiest first: the last ones go where there is no room.
    widths : tuple of float
        Shares of the width.
    right : frozenset of int
        Columns of numbers.
    empty : str
        What is said where there are no rows.
    """

    title: str
    notes: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    widths: tuple[float, ...] = ()
    right: frozenset[int] = frozenset()
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything on the two pages."""

    lang: str
    words: tuple[tuple[str, str], ...]
    figures: tuple[Figure, ...]
    parts: tuple[Part, ...]
    picture: bytes | None
    caption: str

    def word(self, name: str) -> str:
        """Return a single text."""
        return dict(self.words)[name]
