"""Where the heading of a sheet ends and its rows begin, and what its columns are called.

Sheets of offices begin with titles, have headings of several rows with merged cells, and a row
"(1) (2) (3)" under them. Everything found here is found by the shape of the sheet, so that it
works before anybody knows in which letters the sheet is written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis.rules.columns import GROUPED, is_count
from ntm_gis.sources.cellfaults import cell_faults, fill_merges, letters_of
from ntm_gis.sources.readers.parsed import Cell, Column, Parsed, Sheet, Told

if TYPE_CHECKING:
    from collections.abc import Collection

_LOOKED_AT = 40
_SAMPLED = 300
_NUMBERING = re.compile(r"\(?\s*(\d{1,2}|[A-H])\s*\)?(\s*=.*)?$")
_NUMBER = re.compile(r"[-+]?[\d.,\s]+%?$")

Cells = dict[int, Cell]
Row = tuple[int, Cells]


@dataclass(frozen=True, slots=True)
class Heading:
    """The rows of a heading, and the names of the columns under it.

    `last` includes a row of column numbers. `names` are the lowest cell of each column where
    that is unique in the sheet, otherwise the cells joined from the top ("Dân số / Nam");
    `whole` are always the joined ones.
    """

    first: int
    last: int
    names: dict[int, str]
    whole: dict[int, str]


def split(table: Parsed, *, letters: bool) -> Parsed:
    """Turn the cells of a sheet into columns and rows below the heading.

    Parameters
    ----------
    table : Parsed
        With `sheet`.
    letters : bool
        Whether columns are called by letters (Excel) where they have no name, or by numbers.

    Returns
    -------
    Parsed
        With `columns` and `numbers`; hints `header_row`, `groups` (whole names by column name).
        Columns of one name keep it; an empty one of them is left out.
    """
    sheet = table.sheet
    if sheet is None or not sheet.rows:
        return Parsed(table.name, told=table.told, hints=table.hints)
    heading = find(sheet)
    last = heading.last if heading else 0
    data = [(number, dict(cells)) for number, cells in sheet.rows if number > last]
    told = list(table.told)
    if heading is None:
        told.append(Told("HEADER_MISSING"))
    told += fill_merges(sheet, data, last)
    used = sorted({c for _, cells in data for c in cells} | set(heading.names if heading else ()))
    names = {c: heading.names.get(c, "") if heading else "" for c in used}
    names = {c: name or f"Cột {letters_of(c) if letters else c}" for c, name in names.items()}
    filled = {c for _, cells in data for c in cells}
    out = Parsed(table.name, told=told, hints=dict(table.hints))
    out.hints["header_row"] = heading.first if heading else None
    keep = _kept(names, filled)
    out.columns = [Column(names[c], [cells.get(c) for _, cells in data], sheet.raw) for c in keep]
    out.numbers = [number for number, _ in data]
    out.hints["groups"] = {
        names[c]: heading.whole[c] for c in keep if heading and c in heading.whole
    }
    out.hints["places"] = keep
    out.told += cell_faults(sheet, out, last, letters=letters)
    return out


def _kept(names: dict[int, str], filled: set[int]) -> list[int]:
    """Return the columns of a table: an empty one goes where another of its name stands."""
    first = {name: c for c, name in sorted(names.items(), reverse=True)}
    there = {names[c] for c in filled}
    return [c for c in names if c in filled or (names[c] not in there and first[names[c]] == c)]


def say_whole(table: Parsed, named: Collection[str] = ()) -> None:
    """Name columns that only count by their group too: "Số hộ" under "Hộ nghèo" counts the poor.

    Done once the letters are known. Columns that commune.toml names (`named`) keep their names.
    """
    groups: dict[str, str] = table.hints.get("groups", {})
    for column in table.columns:
        whole = groups.get(column.name, column.name)
        if whole != column.name and is_count(column.name) and column.name not in named:
            groups[whole] = whole
            column.name = whole


def find(sheet: Sheet) -> Heading | None:
    """Find the heading of a sheet; None where no row looks like one."""
    rows = sheet.rows[:_LOOKED_AT]
    width = max((_cell_count(sheet, n, cells) for n, cells in sheet.rows[:_SAMPLED]), default=0)
    full = {n: _spread(sheet, n, cells) for n, cells in rows}
    place = _numbering(rows, width)
    last = rows[place][0] if place is not None else None
    leaf = _leaf(sheet, rows[:place] if place else rows, width) if place != 0 else None
    if leaf is None:
        return None
    below = _halved(rows, leaf)
    if below is not None:
        _spread_right(full[leaf], full[below])
    first, bottom = _up(sheet, rows, leaf, full), below or _down(sheet, rows, leaf)
    if last is not None and place is not None:
        bottom = max(bottom, rows[place - 1][0])
    whole, names = _names(rows, full, first, bottom)
    return Heading(first, max(bottom, last or 0), names, whole)


def _leaf(sheet: Sheet, rows: list[Row], width: int) -> int | None:
    """Return the first row that names most columns, or else the one that names the most."""
    best: tuple[int, int] | None = None
    for number, cells in rows:
        count = _cell_count(sheet, number, cells)
        texts = sum(_is_name(value) for value in cells.values())
        if texts < 0.75 * len(cells):
            continue
        if count >= max(0.6 * width, min(width, 3)):
            return number
        if best is None or count > best[0]:
            best = (count, number)
    if best is None or (best[0] < 2 and width > 1) or len(rows) < 1:
        return None
    return best[1]


def _numbering(rows: list[Row], width: int) -> int | None:
    """Return the place of the row "(1) (2) (3) …", where there is one."""
    for i, (_, cells) in enumerate(rows):
        if i == 0 or len(cells) < max(3, 0.5 * width):
            continue
        marks = [_mark(value) for _, value in sorted(cells.items())]
        if None in marks:
            continue
        digits = [m for m in marks if isinstance(m, int)]
        counted = digits == list(range(1, len(digits) + 1)) and len(digits) >= 2
        above = rows[i - 1][1].values()
        typed = all(isinstance(value, str) for value in cells.values())
        lettered = [m for m in marks if isinstance(m, str)][:2] == ["A", "B"]
        sure = typed or lettered or len(digits) >= 4
        if counted and sure and all(_is_name(v) for v in above):
            return i
    return None


def _mark(value: Cell) -> int | str | None:
    """Read "(3)", 3 or "A" in a row of column numbers."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    found = _NUMBERING.match(value.strip()) if isinstance(value, str) else None
    if found is None:
        return None
    return int(found[1]) if found[1].isdigit() else found[1]


def _up(sheet: Sheet, rows: list[Row], leaf: int, full: dict[int, Cells]) -> int:
    """Return the first row of the heading: rows right above that group columns belong to it."""
    first = leaf
    by_number = dict(rows)
    while first - 1 in by_number:
        above = by_number[first - 1]
        groups = [m for m in sheet.merges if m[0] <= first - 1 <= m[2] and _is_part(sheet, m)]
        reaches = any(m[2] >= first for m in groups)
        spans = any(m[3] > m[1] for m in groups)
        fills = len(above) >= 2 and bool(set(above) - set(full[first]))
        if not all(_is_name(v) for v in above.values()) or not (reaches or spans or fills):
            break
        first -= 1
    return first


def _down(sheet: Sheet, rows: list[Row], leaf: int) -> int:
    """Return the last row of the heading: rows below that a merged cell reaches or divides."""
    last = leaf
    by_number = dict(rows)
    while last + 1 in by_number:
        below = by_number[last + 1]
        reaching = any(m[0] <= last and m[2] > last and m[0] >= leaf - 3 for m in sheet.merges)
        wide = [m for m in sheet.merges if m[0] <= last <= m[2] and m[3] > m[1] and m[2] <= last]
        under = {c for m in wide for c in range(m[1], m[3] + 1)}
        divides = bool(wide) and bool(below) and set(below) <= under
        if not (reaching or divides) or not all(_is_name(v) for v in below.values()):
            break
        last += 1
    return last


def _halved(rows: list[Row], leaf: int) -> int | None:
    """Return the row that divides groups of a heading whose cells are not merged, if it is one.

    It names, side by side, what stands under "Hộ nghèo" and under the empty cells after it; the
    first column, which counts or names the rows, has no part in it.
    """
    by_number = dict(rows)
    named, below = by_number[leaf], by_number.get(leaf + 1, {})
    if len(below) < 2 or min(named) in below or not all(map(_is_name, below.values())):
        return None
    starts = {max((c for c in named if c <= column), default=0) for column in below}
    empty = set(below) - set(named)
    reached = all(set(range(start, max(below) + 1)) & empty for start in starts)
    divided = starts <= set(below) and any(start + 1 in empty for start in starts)
    return leaf + 1 if empty and reached and divided else None


def _spread_right(named: Cells, below: Cells) -> None:
    """Give the name of a group to the columns after it that the row below divides."""
    last = None
    for column in range(min(named), max(below) + 1):
        last = named.get(column, last)
        if column not in named and column in below:
            named[column] = last


def _is_part(sheet: Sheet, merge: tuple[int, int, int, int]) -> bool:
    """Whether a merged cell covers a part of the columns, as a group does and a title does not."""
    columns = {c for _, cells in sheet.rows[:_SAMPLED] for c in cells}
    covered = sum(merge[1] <= c <= merge[3] for c in columns)
    return covered < 0.6 * len(columns) or merge[2] > merge[0]


def _names(
    rows: list[Row], full: dict[int, Cells], first: int, last: int
) -> tuple[dict[int, str], dict[int, str]]:
    """Return the joined name and the short name of each column."""
    parts: dict[int, list[str]] = {}
    for number, _ in rows:
        if not first <= number <= last:
            continue
        for column, value in full[number].items():
            words = " ".join(str(value).split())
            mine = parts.setdefault(column, [])
            if words and (not mine or mine[-1] != words):
                mine.append(words)
    whole = {c: GROUPED.join(p) for c, p in sorted(parts.items()) if p}
    leaves = [p[-1] for p in parts.values() if p]
    short = {c: parts[c][-1] if leaves.count(parts[c][-1]) == 1 else whole[c] for c in whole}
    return whole, short


def _spread(sheet: Sheet, number: int, cells: Cells) -> Cells:
    """Return a row with merged cells filled over the whole of their range."""
    out = dict(cells)
    for first, left, last, right in sheet.merges:
        if first <= number <= last and right - left < _SAMPLED:
            value = next((c.get(left) for n, c in sheet.rows if n == first), None)
            if value is not None:
                out.update({c: value for c in range(left, right + 1) if c not in cells})
    return out


def _cell_count(sheet: Sheet, number: int, cells: Cells) -> int:
    """Count the cells of a row; one that is merged from above counts, wherever it began."""
    from_above = {m[1] for m in sheet.merges if m[0] < number <= m[2]}
    return len(set(cells) | from_above)


def _is_name(value: Cell) -> bool:
    """Whether a cell can be part of a heading: a text, or a year."""
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, int):
        return 1990 <= value <= 2100
    return isinstance(value, str) and not (_NUMBER.match(value) and not _is_year(value))


def _is_year(text: str) -> bool:
    return text.isdigit() and 1990 <= int(text) <= 2100
