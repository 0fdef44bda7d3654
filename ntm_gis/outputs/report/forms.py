"""Workbooks received from above: which cells wait for a figure, and what their heads say."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ntm_gis import text
from ntm_gis.errors import UsageError

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

LARGEST = 20_000_000
_LARGEST_ALL, _MOST_PARTS = 300_000_000, 2_000
_MOST_ROWS, _MOST_COLUMNS, _MOST_HEAD_ROWS = 3_000, 120, 40
_LEAST_HEADS = 3

EMPTY, NUMBER, TEXT, FORMULA = "empty", "number", "text", "formula"
"""What stands in a cell."""

_NAMES = (
    "noi dung", "chi tieu", "tieu chi", "cong trinh", "nguon von", "danh muc", "dien giai",
    "ten", "nhiem vu", "hang muc",
)  # fmt: skip
_LEFT_OUT = ("ghi chu", "dvt", "don vi tinh", "don vi")
_ORDINAL = re.compile(r"\(?([0-9]{1,2}|[A-Za-z])\)?(\s*=.*)?")


@dataclass(frozen=True, slots=True)
class Place:
    """A cell under a head of a column and beside a head of a row.

    Parameters
    ----------
    code : str
        What stands before the row's head: "2.2", "I".
    state : {"empty", "number", "text", "formula"}
    said : str
        What stands there as text; a formula with its sign.
    percent : bool
        The cell shows a fraction as per cent.
    """

    sheet: str
    at: str
    code: str
    row: str
    column: str
    state: str
    said: str = ""
    percent: bool = False


@dataclass(frozen=True)
class Form:
    """A workbook received.

    Parameters
    ----------
    places : mapping of (str, str) to Place
        (sheet, address) -> cell, in the order of sheets and rows.
    sheets : tuple of str
    remarks : tuple of str
        What of it a person should know: "macro", "signed", "links".
    """

    content: bytes
    places: Mapping[tuple[str, str], Place]
    sheets: tuple[str, ...]
    remarks: tuple[str, ...]
    numbers: Mapping[tuple[str, str], float]
    """Every plain number of it, by (sheet, address)."""
    formulas: Mapping[tuple[str, str], str]
    covered: frozenset[tuple[str, str]]
    """Cells that lie under another, merged with it."""


def read(name: str, content: bytes) -> Form:
    """Return what a workbook asks for.

    Raises
    ------
    UsageError
        It is no workbook of Excel's newer kind, or too large.
    """
    import openpyxl

    remarks = _looked_at(name, content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=False)
    # The library meets a damaged part with whatever breaks first in it.
    except Exception as cause:
        raise UsageError("FORM_NOT_XLSX", file=name) from cause
    places: dict[tuple[str, str], Place] = {}
    plain: dict[tuple[str, str], float] = {}
    formulas: dict[tuple[str, str], str] = {}
    covered: set[tuple[str, str]] = set()
    for sheet in book.worksheets:
        grid = _Grid(sheet)
        places.update(((one.sheet, one.at), one) for one in grid.places())
        plain.update(grid.numbers)
        formulas.update(grid.formulas)
        covered.update(grid.covered)
    names = tuple(sheet.title for sheet in book.worksheets)
    return Form(content, places, names, remarks, plain, formulas, frozenset(covered))


def _looked_at(name: str, content: bytes) -> tuple[str, ...]:
    """Refuse what is no workbook or unpacks to too much; say what is in it beside cells."""
    if len(content) > LARGEST:
        raise UsageError("FORM_TOO_BIG", file=name, largest_mb=LARGEST / 1e6)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = archive.infolist()
    except (zipfile.BadZipFile, ValueError, EOFError) as cause:
        raise UsageError("FORM_NOT_XLSX", file=name) from cause
    if len(found) > _MOST_PARTS or sum(info.file_size for info in found) > _LARGEST_ALL:
        raise UsageError("FORM_TOO_BIG", file=name, largest_mb=LARGEST / 1e6)
    names = [info.filename.casefold() for info in found]
    if "xl/workbook.xml" not in names:
        raise UsageError("FORM_NOT_XLSX", file=name)
    signs = {"macro": "vbaproject", "signed": "_xmlsignatures", "links": "externallinks"}
    return tuple(key for key, sign in signs.items() if any(sign in part for part in names))


class _Grid:
    """The cells of a sheet with what merging spreads over them."""

    def __init__(self, sheet: Worksheet) -> None:
        self.title = sheet.title
        self.cells: dict[tuple[int, int], Any] = {}
        self.anchor: dict[tuple[int, int], tuple[int, int]] = {}
        for found in sheet.merged_cells.ranges:
            first = (found.min_row, found.min_col)
            for row in range(found.min_row, min(found.max_row, _MOST_ROWS) + 1):
                for column in range(found.min_col, min(found.max_col, _MOST_COLUMNS) + 1):
                    self.anchor[row, column] = first
        self.rows = min(sheet.max_row or 0, _MOST_ROWS)
        self.columns = min(sheet.max_column or 0, _MOST_COLUMNS)
        for line in sheet.iter_rows(max_row=self.rows, max_col=self.columns):
            for cell in line:
                if cell.row and cell.column and (cell.value is not None or cell.has_style):
                    self.cells[cell.row, cell.column] = cell

    @property
    def covered(self) -> set[tuple[str, str]]:
        """Addresses that lie under another cell."""
        return {
            (self.title, _address(*where)) for where, first in self.anchor.items() if where != first
        }

    @property
    def numbers(self) -> dict[tuple[str, str], float]:
        """Plain numbers by address."""
        return {
            (self.title, cell.coordinate): float(cell.value)
            for cell in self.cells.values()
            if isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
        }

    @property
    def formulas(self) -> dict[tuple[str, str], str]:
        """Formulas by address."""
        return {
            (self.title, cell.coordinate): _said(cell)
            for cell in self.cells.values()
            if cell.data_type == "f"
        }

    def text(self, row: int, column: int) -> str:
        """Return the text that a person sees at a cell, also where it lies under another."""
        cell = self.cells.get(self.anchor.get((row, column), (row, column)))
        if cell is None or cell.data_type == "f" or cell.value is None:
            return ""
        return " ".join(str(cell.value).split())

    def places(self) -> Iterator[Place]:
        """Yield the cells under the heads of the sheet's table."""
        block = self._heads()
        if block is None:
            return
        top, bottom = block
        heads = {c: self._column_head(c, top, bottom) for c in range(1, self.columns + 1)}
        name = _name_column(heads)
        wanted = [
            c for c, head in heads.items()
            if c > name and head and not text.fold(head).startswith(_LEFT_OUT)
        ]  # fmt: skip
        for row in range(bottom + 1, self.rows + 1):
            head = self.text(row, name)
            if not any(char.isalpha() for char in head) or _ORDINAL.fullmatch(head):
                continue
            code = next((self.text(row, c) for c in range(1, name) if self.text(row, c)), "")
            for column in wanted:
                if self.anchor.get((row, column), (row, column)) == (row, column):
                    yield self._place(row, column, (code, head, heads[column]))

    def _place(self, row: int, column: int, heads: tuple[str, str, str]) -> Place:
        cell = self.cells.get((row, column))
        at = _address(row, column)
        if cell is None or cell.value is None or cell.value == "":
            percent = cell is not None and "%" in str(cell.number_format)
            return Place(self.title, at, *heads, EMPTY, "", percent)
        number = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
        state = FORMULA if cell.data_type == "f" else NUMBER if number else TEXT
        return Place(self.title, at, *heads, state, _said(cell), "%" in str(cell.number_format))

    def _heads(self) -> tuple[int, int] | None:
        """Return the first and last row of the heads: the row of most texts, and what it spans."""
        best, most = 0, _LEAST_HEADS - 1
        for row in range(1, min(self.rows, _MOST_HEAD_ROWS) + 1):
            count = sum(
                (row, c) == self.anchor.get((row, c), (row, c)) and self._is_head(row, c)
                for c in range(1, self.columns + 1)
            )
            if count > most:
                best, most = row, count
            # Below the heads every row has a name; the first good row is the one.
            elif best:
                break
        if not best:
            return None
        rows = [best]
        for column in range(1, self.columns + 1):
            first = self.anchor.get((best, column))
            if first is not None:
                rows += [r for (r, c), a in self.anchor.items() if a == first and c == column]
        top, bottom = min(rows), max(rows)
        while bottom < self.rows and self._is_numbering(bottom + 1):
            bottom += 1
        return top, bottom

    def _is_head(self, row: int, column: int) -> bool:
        said = self.text(row, column)
        return any(char.isalpha() for char in said) and not _ORDINAL.fullmatch(said)

    def _is_numbering(self, row: int) -> bool:
        said = [self.text(row, c) for c in range(1, self.columns + 1)]
        said = [one for one in said if one]
        return len(said) >= _LEAST_HEADS and all(_ORDINAL.fullmatch(one) for one in said)

    def _column_head(self, column: int, top: int, bottom: int) -> str:
        said = [self.text(row, column) for row in range(top, bottom + 1)]
        said = [one for one in dict.fromkeys(said) if one and not _ORDINAL.fullmatch(one)]
        return " / ".join(said)


def _name_column(heads: Mapping[int, str]) -> int:
    """Return the column of the rows' names: the first whose head says so, else the second."""
    for column, head in heads.items():
        if text.fold(head).startswith(_NAMES):
            return column
    given = [column for column, head in heads.items() if head]
    return given[1] if len(given) > 1 else 1


def _said(cell: Any) -> str:
    value = cell.value
    return str(getattr(value, "text", None) or value)


def _address(row: int, column: int) -> str:
    from openpyxl.utils import get_column_letter

    return f"{get_column_letter(column)}{row}"
