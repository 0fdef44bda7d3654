"""Rows of a sheet that are no records: totals, headings of sections, notes under the table.

They leave the table, each with a note that names it; a total is checked against its rows first.
Where it is not plain that a row is none, it is a record, and a warning names it.
"""

from __future__ import annotations

import re
import statistics
from dataclasses import dataclass, field
from itertools import pairwise

from ntm_gis import numbers, text
from ntm_gis.sources import sections, sums, totals
from ntm_gis.sources.cellfaults import listed
from ntm_gis.sources.readers.parsed import Cell, Parsed, Told
from ntm_gis.sources.totals import Identity, Row

# Said by whoever signs, never by a record, wherever in the row it stands.
_SIGNED = re.compile(
    r"(tm|t/m|kt|tl|tuq)\.|tm\s+(ubnd|ủy|uỷ|ban|hđnd)|"
    r"người (lập|tổng hợp|báo cáo|kiểm tra|thẩm định)\b|"
    r"xác nhận của\b|\((đã )?ký|ký tên|ký, ghi|(.{0,40},\s*)?ngày\b.*\btháng\b.*\bnăm\b"
)
# Titles and notes: at the beginning of a row alone, for a record may speak of them too.
_OPENING = re.compile(
    r"(phó )?chủ tịch\b|kế toán\b|thủ trưởng\b|bí thư\b|trưởng (bản|thôn|ban)\b|nơi nhận\b|"
    r"(ghi chú|lưu ý|chú thích|nguồn( số liệu)?)\s*:|(ghi chú|\*+|\(\*+\))\s*$|\(?\*+\)?\s"
)

_OF_TOTALS = (
    "EXAMPLE_ROW", "TOTAL_ROW", "TOTAL_ROW_UNNAMED", "TOTAL_ROW_WRONG", "SECTION_TOTAL",
    "SECTION_TOTAL_WRONG", "MERGED_NUMBER",
)  # fmt: skip
"""What is told of rows that go, and stays."""

_EXAMPLE = "vi du:"
"""What the example row of a template begins with, folded; it stands right under the heading."""

_MOST_NOTES = 60
"""No table has more rows of notes under it."""


@dataclass(slots=True)
class _Sorted:
    totals: dict[int, str] = field(default_factory=dict)
    groups: dict[int, int] = field(default_factory=dict)
    sections: list[int] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)
    doubtful: list[int] = field(default_factory=list)

    def out(self) -> set[int]:
        return {*self.totals, *self.groups, *self.sections, *self.notes}


def records(table: Parsed, identity: Identity | None = None) -> Parsed:
    """Leave the records of a sheet in its table, and say what the other rows were.

    Told are `EXAMPLE_ROW` for the example of a template, `TOTAL_ROW` for each total,
    `SECTION_TOTAL` for each heading that bears the total of the rows below it,
    `TOTAL_ROW_WRONG` and `SECTION_TOTAL_WRONG` where it is not their sum, `SECTION_ROWS` and
    `NOTE_ROWS` with the numbers of the rows left out, and `ROW_DOUBTFUL` for each record that
    looks like one of them.

    Parameters
    ----------
    identity : Identity, optional
        Where keys and names stand, once the layer is known.
    """
    rows = [
        {j: c.cells[i] for j, c in enumerate(table.columns) if not numbers.is_blank(c.cells[i])}
        for i in range(len(table.numbers))
    ]
    example = _example(rows)
    if example is not None:
        table.told.append(Told("EXAMPLE_ROW", row=table.numbers[example]))
        _drop(table, {example})
        del rows[example]
    kinds = _sort(rows, table, identity)
    table.told += [
        Told("TOTAL_ROW" if label else "TOTAL_ROW_UNNAMED", row=table.numbers[i], value=label)
        for i, label in kinds.totals.items()
    ]
    table.told += [
        Told("SECTION_TOTAL", row=table.numbers[i], value=_heading(rows[i])) for i in kinds.groups
    ]
    parents = identity.parents if identity is not None else frozenset()
    parts = {i for i, row in enumerate(rows) if not parents.isdisjoint(row)}
    table.told += sums.wrong_totals(table, list(kinds.totals), kinds.out(), kinds.groups, parts)
    for code, places in (("SECTION_ROWS", kinds.sections), ("NOTE_ROWS", kinds.notes)):
        if places:
            named = listed(table.numbers[i] for i in places)
            table.told.append(Told(code, params={"rows": named, "count": len(places)}))
    table.told += [Told("ROW_DOUBTFUL", row=table.numbers[i]) for i in kinds.doubtful]
    _drop(table, kinds.out() | {i for i, row in enumerate(rows) if not row})
    return table


def _example(rows: list[Row]) -> int | None:
    """Return the place of the example row of a template: the first row, where it says so."""
    place = next((i for i, row in enumerate(rows) if row), None)
    first = None if place is None else next(iter(rows[place].values()))
    return place if isinstance(first, str) and text.fold(first).startswith(_EXAMPLE) else None


def _drop(table: Parsed, gone: set[int]) -> None:
    """Take rows out of the table; what was told of their cells goes with them."""
    numbers_gone = {table.numbers[i] for i in gone}
    table.told = [t for t in table.told if t.row not in numbers_gone or t.code in _OF_TOTALS]
    table.keep([i for i in range(len(table.numbers)) if i not in gone])


def _sort(rows: list[Row], table: Parsed, identity: Identity | None) -> _Sorted:
    names, width = [c.name for c in table.columns], len(table.columns)
    out = _Sorted(groups=sections.find(rows, names, identity))
    found, unsure = totals.find(rows, table, identity, frozenset(out.groups))
    out.notes, doubtful = _under(rows, width, table.numbers, set(found), identity)
    out.totals = {i: label for i, label in found.items() if i not in out.notes}
    out.doubtful = [i for i in unsure if i not in out.notes]
    if width < 4:
        return out
    gone = out.out()
    left = [i for i, row in enumerate(rows) if row and i not in gone]
    out.sections = [i for i in left if _repeats(rows[i], names)]
    headings, unsure = _sections(rows, left, names, identity)
    out.sections = sorted({*out.sections, *headings})
    doubtful += unsure
    usual = statistics.median_low([len(rows[i]) for i in left]) if left else 0
    few = {i for i in doubtful if 2 * len(rows[i]) <= usual} - set(out.sections)
    out.doubtful = sorted(few.union(out.doubtful) - gone)
    return out


def _heading(row: Row) -> str:
    """Return what a section is called."""
    words = [str(v).strip() for v in row.values() if isinstance(v, str) and not sections.is_mark(v)]
    return text.clean(next((w for w in words if len(w) > 2), ""))


def _looks_like_section(row: Row) -> bool:
    """Whether a row is a Roman number or capital and one text, as a heading in between is."""
    values = list(row.values())
    if len(values) != 2 or not all(isinstance(v, str) for v in values):
        return False
    first, second = (str(v).strip() for v in values)
    return bool(sections.MARK.match(first)) and len(second) > 2 and not second.isdigit()


def _sections(
    rows: list[Row], left: list[int], names: list[str], identity: Identity | None
) -> tuple[list[int], list[int]]:
    """Return the rows that are plainly headings in between, and those that only look like one.

    Under a heading "Mã" a single capital is a key like any other; only columns that count rows
    ("TT") bear the numbers of sections. There records are not numbered so, and one stands right
    below. Where most rows are numbered so, a capital or Roman number is nothing to wonder at.
    """
    headed = {i for i in left if _looks_like_section(rows[i])}
    marks = {next(iter(rows[i])) for i in headed}
    counting = {mark for mark in marks if sections.counts(names[mark])}
    counting -= identity.keys if identity is not None else frozenset()
    counting -= {
        m for m in marks if any(sections.is_mark(rows[j].get(m)) for j in left if j not in headed)
    }
    usual = {m for m in marks if _mostly_marks([rows[j][m] for j in left if m in rows[j]])}
    below = dict(pairwise(i for i, row in enumerate(rows) if row))
    records = set(left) - headed
    sure, unsure = [], []
    for i in sorted(headed):
        mark = next(iter(rows[i]))
        if mark in counting and below.get(i) in records:
            sure.append(i)
        elif mark not in usual:
            unsure.append(i)
    return sure, unsure


def _mostly_marks(values: list[Cell]) -> bool:
    return 2 * sum(map(sections.is_mark, values)) > len(values) + 1


def _repeats(row: Row, names: list[str]) -> bool:
    """Whether a row is the heading once more, as on each printed page."""
    same = sum(isinstance(v, str) and v.strip() == names[j] for j, v in row.items())
    return same >= 3 and same >= 0.8 * len(row)


def _under(
    rows: list[Row],
    width: int,
    numbers_of: list[int],
    sums: set[int],
    identity: Identity | None,
) -> tuple[list[int], list[int]]:
    """Return the notes and signatures under the table, and records that look like them.

    Under the table stand rows of few words, without any number, set off by a gap or a total.
    What bears a key or name is a record all the same, unless it is plainly a signature.
    """
    notes: list[int] = []
    doubtful: list[int] = []
    signed: set[int] = set()
    for i in _set_off(rows, width, numbers_of, sums):
        row = rows[i]
        plain = _is_remark(row, identity) or bool(signed and set(row) <= signed)
        if plain:
            signed |= set(row)
        unknown = width >= 4 and identity is not None and not identity.all & set(row)
        (notes if plain or unknown else doubtful).append(i)
    return notes, doubtful


def _set_off(rows: list[Row], width: int, numbers_of: list[int], sums: set[int]) -> list[int]:
    """Return the rows of few words at the end of a table that a gap or a total sets off."""
    filled = [i for i, row in enumerate(rows) if row][-_MOST_NOTES:]
    start = len(filled)
    while start > 1 and filled[start - 1] not in sums:
        row = rows[filled[start - 1]]
        if len(row) > max(2, width // 3) or not all(map(_is_words, row.values())):
            break
        start -= 1
    while start < len(filled):
        before, first = filled[start - 1], filled[start]
        if before in sums or numbers_of[first] > numbers_of[before] + 1:
            return filled[start:]
        start += 1
    return []


def _is_words(value: Cell) -> bool:
    """Whether a cell is text alone: no number, date or position, however it is written."""
    if not isinstance(value, str):
        return False
    number = numbers.parse_number(value)
    return (
        number.value is None
        and number.problem != "ambiguous"
        and numbers.parse_date(value).value is None
        and numbers.parse_place(value).kind in ("name", "none")
    )


def _is_remark(row: Row, identity: Identity | None) -> bool:
    """Whether a row is plainly a signature or a note; a row with a key of its own is none."""
    said = {j: text.clean(str(value)).casefold() for j, value in row.items()}
    remarks = {j for j, words in said.items() if _SIGNED.match(words)}
    first = next(iter(said))
    if _OPENING.match(said[first]):
        remarks.add(first)
    keys = set() if identity is None else identity.keys & set(row)
    return bool(remarks) and keys <= remarks
