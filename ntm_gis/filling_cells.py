"""What stands at and around any cell of a form: also outside the table that its heads span."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ntm_gis import numbers

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

Where = tuple[str, str]
"""Sheet and address."""
Value = float | str

_LARGEST_MERGED = 50_000
"""Cells of one merged range whose places are kept; whole columns are merged by mistake."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What a cell takes, as the form's own rule says: the ends of a range, or a list."""

    low: float | None = None
    high: float | None = None
    names: tuple[str, ...] = ()

    def admits(self, value: Value) -> bool:
        """Whether a value may stand there; a list without names admits all."""
        if self.names:
            return isinstance(value, str) and value.strip() in self.names
        if isinstance(value, str):
            return self.low is None and self.high is None
        above = self.low is None or value >= self.low
        return above and (self.high is None or value <= self.high)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Say nothing of what the library does not know: it reads here and never writes."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\b")
        yield


class Cells:
    """The cells of a workbook by sheet and address.

    Parameters
    ----------
    content : bytes
        A workbook that `forms.read` has looked at.
    """

    def __init__(self, content: bytes) -> None:
        import openpyxl

        with quiet():
            book = openpyxl.load_workbook(io.BytesIO(content), data_only=False)
        self._sheets: dict[str, _Sheet] = {one.title: _Sheet(one) for one in book.worksheets}

    def said(self, where: Where) -> object:
        """Return what stands at a cell; None where it is blank or lies under another."""
        sheet, at = where
        held = self._sheets[sheet].sheet[at] if sheet in self._sheets else None
        value = getattr(held, "value", None)
        return None if value == "" else value

    def text(self, sheet: str, row: int, column: int) -> str:
        """Return the text that a person sees at a place, also where it lies under another."""
        found = self._sheets.get(sheet)
        return "" if found is None else found.text(row, column)

    def number_in_text(self, where: Where) -> float | None:
        """Return the number that a text says ("1.234,5"): Excel's own sums leave such cells out."""
        value = self.said(where)
        return numbers.parse_number(value, "vi").value if isinstance(value, str) else None

    def percent(self, where: Where) -> bool:
        """Whether a cell shows a fraction as per cent."""
        sheet, at = where
        return sheet in self._sheets and "%" in str(self._sheets[sheet].sheet[at].number_format)

    def hidden(self, where: Where) -> bool:
        """Whether nobody sees the cell: its row, its column or its whole sheet is hidden."""
        sheet, at = where
        return sheet in self._sheets and self._sheets[sheet].hidden(at)

    def in_array(self, where: Where) -> bool:
        """Whether a cell is part of what one formula fills: it has no value of its own."""
        sheet, at = where
        return sheet in self._sheets and at in self._sheets[sheet].arrays

    def limit(self, where: Where) -> Limit:
        """Return what the form's own rule lets stand at a cell."""
        sheet, at = where
        return self._sheets[sheet].limit(at) if sheet in self._sheets else Limit()

    @property
    def guarded(self) -> tuple[str, ...]:
        """Sheets that are locked."""
        return tuple(name for name, one in self._sheets.items() if one.sheet.protection.sheet)


class _Sheet:
    def __init__(self, sheet: Worksheet) -> None:
        self.sheet: Any = sheet

    @cached_property
    def _first(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Place under a merged cell -> the first of them."""
        return {
            place: (found.min_row, found.min_col)
            for found in self.sheet.merged_cells.ranges
            if found.size["rows"] * found.size["columns"] <= _LARGEST_MERGED
            for line in found.rows
            for place in line
        }

    def text(self, row: int, column: int) -> str:
        place = self._first.get((row, column), (row, column))
        # Not by `cell()`: asked about a place that is not there it would make one.
        cell = self.sheet._cells.get(place)  # noqa: SLF001 - no other way to look without making
        if cell is None or cell.value is None or cell.data_type == "f":
            return ""
        return " ".join(str(cell.value).split())

    def hidden(self, at: str) -> bool:
        cell = self.sheet[at]
        row = self.sheet.row_dimensions.get(cell.row)
        if self.sheet.sheet_state != "visible" or (row is not None and row.hidden):
            return True
        # One entry may stand for a stretch of columns.
        return any(
            one.hidden and (one.min or 0) <= cell.column <= (one.max or 0)
            for one in self.sheet.column_dimensions.values()
        )

    @cached_property
    def arrays(self) -> frozenset[str]:
        from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

        out: set[str] = set()
        for cell in self.sheet._cells.values():  # noqa: SLF001 - see `text`
            if isinstance(cell.value, ArrayFormula | DataTableFormula) and cell.value.ref:
                out |= set(_addresses(cell.value.ref))
        return frozenset(out)

    def limit(self, at: str) -> Limit:
        for rule in self.sheet.data_validations.dataValidation:
            if any(at in area for area in rule.sqref.ranges):
                return _limit(rule)
        return Limit()


def _limit(rule: Any) -> Limit:
    """Return a rule of the form that can be checked here: constants alone."""
    first, second = _constant(rule.formula1), _constant(rule.formula2)
    if rule.type == "list":
        said = str(rule.formula1 or "")
        # A list on another sheet is not looked up: what cannot be judged is no fault.
        quoted = said.startswith('"') and said.endswith('"')
        return (
            Limit(names=tuple(one.strip() for one in said[1:-1].split(","))) if quoted else Limit()
        )
    if rule.type not in ("decimal", "whole") or first is None:
        return Limit()
    ends = {
        "between": (first, second), None: (first, second), "greaterThanOrEqual": (first, None),
        "greaterThan": (first, None), "lessThanOrEqual": (None, first), "lessThan": (None, first),
    }  # fmt: skip
    low, high = ends.get(rule.operator, (None, None))
    return Limit(low, high)


def _constant(said: object) -> float | None:
    try:
        return None if said is None else float(str(said))
    except ValueError:
        return None


def _addresses(area: str) -> Iterable[str]:
    from openpyxl.utils import get_column_letter, range_boundaries

    left, top, right, bottom = (end or 0 for end in range_boundaries(area))
    if not left or not top or (right - left + 1) * (bottom - top + 1) > _LARGEST_MERGED:
        return
    for row in range(top, bottom + 1):
        yield from (f"{get_column_letter(column)}{row}" for column in range(left, right + 1))
