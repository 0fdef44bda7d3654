"""Total rows of a sheet: what they are, and whether they are the sum of their rows."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from ntm_gis import numbers, text
from ntm_gis.sources.readers.parsed import Cell, Parsed, Told

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOTAL = re.compile(
    r"(tong cong|tong so|tong chung|cong chung|tong|cong)"
    r"( (toan xa|ca xa|chung|toan ban|cac ban|cac thon))?\s*(\([^)]*\)|[:.\d\s=]*)$"
)
# Shares and averages do not add up; what stands under them in a total is something else.
_NO_SUM = re.compile(r"%|\b(tỷ lệ|tỉ lệ|bình quân|trung bình|đơn giá|năm|stt|tt)\b")
_MOST = 200
"""So many totals of a column are checked; each is held against all its rows."""

_ORDINAL = re.compile(r"([IVXL]+|[A-H]|\d{1,4})[.)]?$")


def is_total(value: Cell) -> bool:
    """Whether a cell says that its row is a total.

    Examples
    --------
    >>> is_total("Tổng cộng:"), is_total("Cộng Hòa"), is_total("Tổng số hộ nghèo")
    (True, False, False)
    """
    if not isinstance(value, str) or value.lstrip()[:1] not in ("T", "t", "C", "c"):
        return False
    return _TOTAL.match(text.fold(value)) is not None


def is_total_row(row: dict[int, Cell]) -> bool:
    """Whether a row is a total: it stands alone, with no other words in its row."""
    words = [v for v in row.values() if isinstance(v, str)]
    if sum(map(is_total, words)) != 1:
        return False
    others = (v for v in words if not is_total(v) and not _ORDINAL.match(v.strip()))
    return all(numbers.parse_number(v).value is not None for v in others)


def wrong_totals(table: Parsed, totals: Sequence[int], out: set[int]) -> list[Told]:
    """Compare each total with its rows: all above, or those since the total before it.

    Parameters
    ----------
    totals : sequence of int
        Places of the totals in the table.
    out : set of int
        Places of all rows that are no records.
    """
    told: list[Told] = []
    for column in table.columns if totals else ():
        if _NO_SUM.search(text.clean(column.name).casefold()):
            continue
        style = numbers.column_style({v for v in column.cells if isinstance(v, str)})
        amounts = [_amount(value, style) for value in column.cells]
        if not any(a is not None for i, a in enumerate(amounts) if i not in out):
            continue
        before = 0
        for i in totals[:_MOST]:
            total = amounts[i]
            if total is not None:
                sums = _sums(amounts, totals, out, before, i)
                if not any(_same(total, s) for s in sums):
                    told.append(
                        Told("TOTAL_ROW_WRONG", row=table.numbers[i], field=column.name,
                             value=str(column.cells[i]),
                             params={"total": total, "sum": sums[0]})
                    )  # fmt: skip
            before = i + 1
    return told


def _sums(
    amounts: list[float | None], totals: Sequence[int], out: set[int], before: int, i: int
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
