"""Rows of a sheet that are no records: totals, headings of sections, notes under the table.

They leave the table, each with a note that names it; a total is checked against its rows first.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from ntm_gis import numbers, text
from ntm_gis.sources.cellfaults import listed
from ntm_gis.sources.readers.parsed import Cell, Parsed, Told

_TOTAL = re.compile(
    r"(tong cong|tong so|tong chung|cong chung|tong|cong)"
    r"( (toan xa|ca xa|chung|toan ban|cac ban|cac thon))?\s*(\([^)]*\)|[:.\d\s=]*)$"
)
# Shares and averages do not add up; what stands under them in a total is something else.
_NO_SUM = re.compile(r"%|\b(tỷ lệ|tỉ lệ|bình quân|trung bình|đơn giá|năm|stt|tt)\b")
_ORDINAL = re.compile(r"([IVXL]+|[A-H]|\d{1,4})[.)]?$")
_SECTION = re.compile(r"([IVXL]+|[A-H])[.)]?$")


@dataclass(slots=True)
class _Sorted:
    totals: list[int] = field(default_factory=list)
    sections: list[int] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)

    def all(self) -> set[int]:
        return {*self.totals, *self.sections, *self.notes}


def records(table: Parsed) -> Parsed:
    """Leave the records of a sheet in its table, and say what the other rows were.

    Told are `TOTAL_ROW` for each total, `TOTAL_ROW_WRONG` where it is not the sum of its rows,
    `SECTION_ROWS` and `NOTE_ROWS` with the numbers of the rows left out.
    """
    rows = [
        {j: c.cells[i] for j, c in enumerate(table.columns) if not _blank(c.cells[i])}
        for i in range(len(table.numbers))
    ]
    kinds = _sort(rows, len(table.columns), [c.name for c in table.columns], table.numbers)
    for i in kinds.totals:
        label = next(v for v in rows[i].values() if isinstance(v, str) and _is_total(v))
        table.told.append(Told("TOTAL_ROW", row=table.numbers[i], value=label))
    table.told += _wrong_totals(table, kinds)
    for code, places in (("SECTION_ROWS", kinds.sections), ("NOTE_ROWS", kinds.notes)):
        if places:
            named = listed(table.numbers[i] for i in places)
            table.told.append(Told(code, params={"rows": named, "count": len(places)}))
    gone = kinds.all()
    gone |= {i for i, row in enumerate(rows) if not row}
    _drop(table, gone)
    return table


def _drop(table: Parsed, gone: set[int]) -> None:
    """Take rows out of the table; what was told of their cells goes with them."""
    numbers_gone = {table.numbers[i] for i in gone}
    table.told = [
        t
        for t in table.told
        if t.row not in numbers_gone or t.code in ("TOTAL_ROW", "TOTAL_ROW_WRONG", "MERGED_NUMBER")
    ]
    table.keep([i for i in range(len(table.numbers)) if i not in gone])


def _sort(
    rows: list[dict[int, Cell]], width: int, names: list[str], numbers_of: list[int]
) -> _Sorted:
    out = _Sorted()
    for i, row in enumerate(rows):
        if _is_total_row(row):
            out.totals.append(i)
        elif width >= 4 and (_is_section(row) or _repeats(row, names)):
            out.sections.append(i)
    out.notes = _tail(rows, width, numbers_of, set(out.totals))
    out.sections = [i for i in out.sections if i not in out.notes]
    out.totals = [i for i in out.totals if i not in out.notes]
    return out


def _blank(value: Cell) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _is_total(value: Cell) -> bool:
    """Whether a cell says that its row is a total.

    Examples
    --------
    >>> _is_total("Tổng cộng:"), _is_total("Cộng Hòa"), _is_total("Tổng số hộ nghèo")
    (True, False, False)
    """
    if not isinstance(value, str) or value.lstrip()[:1] not in ("T", "t", "C", "c"):
        return False
    return _TOTAL.match(text.fold(value)) is not None


def _is_total_row(row: dict[int, Cell]) -> bool:
    """Whether a row is a total: it stands alone, with no other words in its row."""
    words = [v for v in row.values() if isinstance(v, str)]
    if sum(map(_is_total, words)) != 1:
        return False
    others = (v for v in words if not _is_total(v) and not _ORDINAL.match(v.strip()))
    return all(numbers.parse_number(v).value is not None for v in others)


def _is_section(row: dict[int, Cell]) -> bool:
    """Whether a row is a heading in between: a Roman number or capital, and one text."""
    values = list(row.values())
    if len(values) != 2 or not all(isinstance(v, str) for v in values):
        return False
    first, second = (str(v).strip() for v in values)
    return bool(_SECTION.match(first)) and len(second) > 2 and not second.isdigit()


def _repeats(row: dict[int, Cell], names: list[str]) -> bool:
    """Whether a row is the heading once more, as on each printed page."""
    same = sum(isinstance(v, str) and v.strip() == names[j] for j, v in row.items())
    return same >= 3 and same >= 0.8 * len(row)


def _tail(
    rows: list[dict[int, Cell]], width: int, numbers_of: list[int], totals: set[int]
) -> list[int]:
    """Return the rows under the table: few words, no number, after a gap or a total.

    Signatures and "Người lập biểu" stand there.
    """
    if width < 4:
        return []
    start = len(rows)
    for i in range(len(rows) - 1, 0, -1):
        row = rows[i]
        words = all(isinstance(v, str) for v in row.values())
        if i in totals or len(row) > max(2, width // 3) or not words:
            break
        start = i
    # The first of them has to be set off from the records above.
    while start < len(rows):
        if start - 1 in totals or numbers_of[start] > numbers_of[start - 1] + 1:
            return list(range(start, len(rows)))
        start += 1
    return []


def _wrong_totals(table: Parsed, kinds: _Sorted) -> list[Told]:
    """Compare each total with its rows: all above, or those since the total before it."""
    told: list[Told] = []
    if not kinds.totals:
        return told
    out = kinds.all()
    for column in table.columns:
        if _NO_SUM.search(text.clean(column.name).casefold()):
            continue
        style = numbers.column_style({v for v in column.cells if isinstance(v, str)})
        amounts = [_amount(value, style) for value in column.cells]
        if sum(a is not None for i, a in enumerate(amounts) if i not in out) < 1:
            continue
        before = 0
        for i in kinds.totals:
            total = amounts[i]
            if total is not None:
                sums = _sums(amounts, kinds.totals, out, before, i)
                if not any(_same(total, s) for s in sums):
                    told.append(
                        Told("TOTAL_ROW_WRONG", row=table.numbers[i], field=column.name,
                             value=str(column.cells[i]),
                             params={"total": total, "sum": sums[0]})
                    )  # fmt: skip
            before = i + 1
    return told


def _sums(
    amounts: list[float | None], totals: list[int], out: set[int], before: int, i: int
) -> list[float]:
    """Return the sums that a total at place `i` may stand for, the likeliest first."""

    def total(start: int, end: int) -> float:
        return math.fsum(
            a for j, a in enumerate(amounts[start:end], start) if a is not None and j not in out
        )

    sums = [total(0, i), total(before, i)]
    earlier = [j for j in totals if j < i]
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


def _amount(value: Cell, style: numbers.parsing.Style | None) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    return numbers.parse_number(value, style).value
