"""Whether a total of a sheet is the sum of its rows, however its numbers are written."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from ntm_gis import numbers, text
from ntm_gis.sources.readers.parsed import Cell, Column, Parsed, Told

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

# Shares and averages do not add up; what stands under them in a total is something else.
_NO_SUM = re.compile(r"%|\b(tỷ lệ|tỉ lệ|bình quân|trung bình|đơn giá|năm|stt|tt)\b")
_MOST = 200
"""So many totals of a column are checked; each is held against all its rows."""

Amounts = list[float | None]


def wrong_totals(
    table: Parsed,
    totals: Sequence[int],
    out: set[int],
    groups: Mapping[int, int],
    parts: Collection[int] = (),
) -> list[Told]:
    """Compare each total with its rows: all above, or those since the total before it.

    A heading of a section is compared with the rows below it, and with no others.

    Parameters
    ----------
    totals : sequence of int
        Places of the totals in the table.
    out : set of int
        Places of all rows that are no records.
    groups : mapping of int to int
        Headings with the total of their section: place, and where the section ends.
    parts : collection of int
        Records that are parts of others: a total may be of the wholes alone.
    """
    told: list[Told] = []
    marks = sorted({*totals, *groups})
    for column in summed(table) if marks else ():
        ways = amounts(column)
        if not any(a is not None for i, a in enumerate(ways[0]) if i not in out):
            continue
        for i in marks[:_MOST]:
            found = [(way[i], _own_sums(way, marks, out, i, groups)) for way in ways]
            if parts:  # of the wholes alone first: so the sum is told that was meant
                gone = out.union(parts)
                found = [(t, _own_sums(w, marks, gone, i, groups) + s)
                         for w, (t, s) in zip(ways, found, strict=True)]  # fmt: skip
            if any(t is None or any(_same(t, s) for s in sums) for t, sums in found):
                continue
            total, sums = found[0]
            code = "SECTION_TOTAL_WRONG" if i in groups else "TOTAL_ROW_WRONG"
            told.append(
                Told(code, row=table.numbers[i], field=column.name,
                     value=str(column.cells[i]), params={"total": total, "sum": sums[0]})
            )  # fmt: skip
    return told


def _own_sums(
    amounts: Amounts, marks: Sequence[int], out: set[int], i: int, groups: Mapping[int, int]
) -> list[float]:
    """Return the sums that a total may stand for; of a section the one of its rows."""
    if i not in groups:
        tops = [amounts[j] or 0.0 for j, end in groups.items() if not _inside(j, end, groups)]
        return [*_sums(amounts, marks, out, i), *([math.fsum(tops)] if tops else [])]
    below = range(i + 1, groups[i])
    return [math.fsum(a for j in below if (a := amounts[j]) is not None and j not in out)]


def _inside(place: int, end: int, groups: Mapping[int, int]) -> bool:
    """Whether a section lies within another."""
    return any(i < place and end <= groups[i] for i in groups)


def summed(table: Parsed) -> list[Column]:
    """Return the columns of a table that a total adds up."""
    return [c for c in table.columns if not _NO_SUM.search(text.clean(c.name).casefold())]


def amounts(column: Column) -> list[Amounts]:
    """Return a column as numbers; twice, the Vietnamese way first, where it can be read so."""
    texts = {v for v in column.cells if isinstance(v, str)}
    style = numbers.column_style(texts)
    unclear = style is None and any(numbers.parse_number(v).readings for v in texts)
    styles: tuple[numbers.parsing.Style | None, ...] = ("vi", "en") if unclear else (style,)
    return [_of_one_unit(column.cells, style) for style in styles]


def _of_one_unit(cells: Sequence[Cell], style: numbers.parsing.Style | None) -> Amounts:
    """Return cells as numbers; all None where they are of several units: such don't add up."""
    read = [
        None if isinstance(value, bool) or value is None else numbers.parse_number(value, style)
        for value in cells
    ]
    units = {one.unit for one in read if one is not None and one.value is not None}
    if len(units) > 1:
        return [None] * len(read)
    return [None if one is None else one.value for one in read]


def matches(
    columns: Sequence[tuple[Column, list[Amounts]]], totals: Sequence[int], i: int
) -> tuple[int, int]:
    """Count the columns in which a row is the sum of others, and those in which it is not."""
    right = wrong = 0
    out = set(totals)
    for _, ways in columns:
        found = [(way[i], _sums(way, totals, out, i)) for way in ways]
        if all(not total for total, _ in found):
            continue  # empty, or the sum of nothing
        same = any(
            total and any(_same(total, s) for s in sums if _adds(way, out, s))
            for way, (total, sums) in zip(ways, found, strict=True)
        )
        right, wrong = right + same, wrong + (not same)
    return right, wrong


def is_sum_below(
    columns: Sequence[tuple[Column, list[Amounts]]], totals: Sequence[int], i: int
) -> bool:
    """Whether a row is the sum of the rows from it to the next total, in two columns or more."""
    end = next((j for j in totals if j > i), None)
    found = 0
    for _, ways in columns:
        way = ways[0]
        if not way[i]:
            continue
        below = math.fsum(a for a in way[i + 1 : end] if a is not None)
        if not _same(float(way[i] or 0.0), below):
            return False
        found += 1
    return found > 1


def _adds(amounts: Amounts, out: set[int], total: float) -> bool:
    """Whether a sum is of two amounts at least: a lone amount equals itself."""
    return all(a != total for j, a in enumerate(amounts) if j not in out)


def _sums(amounts: Amounts, totals: Sequence[int], out: set[int], i: int) -> list[float]:
    """Return the sums that a total at place `i` may stand for, the likeliest first."""

    def total(start: int, end: int) -> float:
        return math.fsum(
            a for j, a in enumerate(amounts[start:end], start) if a is not None and j not in out
        )

    earlier = [j for j in totals if j < i]
    sums = [total(0, i), total(earlier[-1] + 1 if earlier else 0, i)]
    if earlier:
        sums.append(math.fsum(amounts[j] or 0.0 for j in earlier))
    end = next((j for j in totals if j > i), len(amounts))
    if end > i + 1:  # some offices write the total above its rows
        sums.append(total(i + 1, end))
    return sums


def _same(total: float, found: float) -> bool:
    """Equal as far as the total is written: "1282.2" is right for 1282.23."""
    shown = f"{total!r}".partition(".")[2]
    digits = 0 if "e" in shown or shown == "0" else len(shown)
    return (
        abs(total - found) <= 0.5000001 * 10.0**-digits
        if digits < 6
        else math.isclose(total, found, rel_tol=1e-9, abs_tol=1e-6)
    )
