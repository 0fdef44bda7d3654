"""Pieces that the sheets on road works are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ntm_gis import numbers
from ntm_gis.outputs.progress.model import Work
from ntm_gis.outputs.sheets import Cell, Column, Sheet
from ntm_gis.rules.terms import term


def sheet_of(key: str, columns: Sequence[Column], lang: str, **more: object) -> Sheet:
    """Return a sheet whose title and remark are terms; `more` are options of a sheet."""
    title = term(f"{key}_sheet").of(lang)
    about = term(f"{key}_about").of(lang)
    return Sheet(title, title, "", columns, about=about, **more)  # type: ignore[arg-type]  # options of a sheet


def text_of(key: str, cells: Sequence[Cell], lang: str, wide: int = 0) -> Column:
    """Return a column of texts under a term."""
    return Column(term(key).of(lang), cells, wide=wide)


def number_of(title: str, cells: Sequence[Cell], digits: int | Sequence[int]) -> Column:
    """Return a column of numbers under a title."""
    return Column(title, cells, "number", digits)


def unit_of(key: str, unit: str, lang: str) -> str:
    """Return a heading: a term and its unit."""
    return f"{term(key).of(lang)} ({unit})"


def chainage(at_m: float | None) -> str | None:
    """Return a chainage; nothing where there is none.

    Examples
    --------
    >>> chainage(1250.0), chainage(-5.0), chainage(None)
    ('Km1+250', '−Km0+005', None)
    """
    return None if at_m is None else numbers.format_chainage(at_m)


def pairs_of(found: Sequence[Work], of: Callable[[Work], Sequence[object]]) -> Iterator[Work]:
    """Yield each work as often as it has parts: one row a part."""
    for work in found:
        yield from [work] * len(of(work))


def who_of(found: Sequence[Work], lang: str) -> list[Column]:
    """Return the columns that say which work a row is of."""
    return [
        text_of("work_id_of", [w.id for w in found], lang),
        text_of("work_of", [w.name for w in found], lang, 30),
    ]
