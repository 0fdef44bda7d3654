"""Excel workbooks as cells: each sheet streamed once, with its merges and hidden rows.

Read by our own hand because what officials must be told stands between the lines of the file:
which rows are hidden, which cells are merged, which formula has no result stored. The size a
sheet claims is not believed; a single cell in its far corner costs nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from ntm_gis.sources import limits
from ntm_gis.sources.readers.packed import Packed
from ntm_gis.sources.readers.parsed import Cell, Parsed, Refusal, Sheet
from ntm_gis.sources.readers.workbook_parts import Book, plain_int
from ntm_gis.sources.readers.xmls import require_plain

if TYPE_CHECKING:
    from pathlib import Path

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})$")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384


def read(path: Path, _: dict[str, Any]) -> list[Parsed]:
    """Read the sheets of a workbook in their order, as cells.

    Raises
    ------
    Refusal
        It is damaged, packed dishonestly, declares a document type, or is longer than any table.
    """
    with Packed(path) as packed:
        book = Book(packed)
        tables = []
        for name, part, hidden in book.sheets():
            sheet = _Reader(book).sheet(book.content(part))
            sheet.hidden = hidden
            tables.append(Parsed(name, sheet=sheet))
            if len(tables) > limits.TABLES:
                raise Refusal("SOURCE_TOO_BIG")
    if not tables:
        raise Refusal("PACKED_DAMAGED")
    return tables


class _Reader:
    """One pass over the XML of a sheet; only what is there is kept."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._out = Sheet()
        self._row = 0
        self._column = 0
        self._cells: dict[int, Cell] = {}
        self._kind = self._style = ""
        self._formula = False
        self._text: list[str] = []
        self._value: str | None = None
        self._inline: list[str] = []
        self._keep = False
        self._count = 0
        self._aid = 0

    def sheet(self, content: bytes) -> Sheet:
        """Return the cells of a sheet."""
        require_plain(content)
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.StartDoctypeDeclHandler = _no_doctype
        try:
            parser.Parse(content, True)  # noqa: FBT003 - expat takes it by place
        except expat.ExpatError as cause:
            raise Refusal("XML_BROKEN", line=cause.lineno) from cause
        return self._out

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rsplit(" ", 1)[-1]
        if tag == "c":
            found = _REFERENCE.match(attributes.get("r", ""))
            self._column = _column_number(found[1]) if found else self._column + 1
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._formula, self._value, self._inline = False, None, []
        elif tag == "row":
            number = plain_int(attributes.get("r", ""))
            self._row = number if number and number > self._row else self._row + 1
            self._column, self._cells = 0, {}
            if attributes.get("hidden") in ("1", "true"):
                self._out.hidden_rows.append(self._row)
        elif tag in ("v", "t"):
            self._text, self._keep = [], not self._aid
        elif tag == "f":
            self._formula = True
        elif tag == "rPh":
            self._aid += 1
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _data(self, text: str) -> None:
        if self._keep:
            self._text.append(text)

    def _end(self, name: str) -> None:
        tag = name.rsplit(" ", 1)[-1]
        if tag == "v" and self._keep:
            self._value, self._keep = "".join(self._text), False
        elif tag == "t" and self._keep:
            self._inline.append("".join(self._text))
            self._keep = False
        elif tag == "rPh":
            self._aid -= 1
        elif tag == "c":
            self._cell()
        elif tag == "row" and self._cells:
            self._out.rows.append((self._row, self._cells))
            self._count += len(self._cells)
            if len(self._out.rows) > limits.ROWS:
                raise Refusal("TOO_MANY_ROWS", limit=limits.ROWS)
            if self._count > limits.CELLS:
                raise Refusal("SOURCE_TOO_BIG")

    def _cell(self) -> None:
        if not (self._row <= _LAST_ROW and self._column <= _LAST_COLUMN):
            return
        if self._kind == "inlineStr":
            self._value = "".join(self._inline)
        if self._value is None or (self._value == "" and self._kind != "str"):
            if self._formula:
                self._out.uncached.append((self._row, self._column))
            return
        value = self._typed(self._value)
        if value is not None and value != "":
            self._cells[self._column] = value

    def _typed(self, text: str) -> Cell:
        kind = self._kind
        if kind == "s":
            place = plain_int(text)
            if place is None or place >= len(self._book.texts):
                raise Refusal("PACKED_DAMAGED")
            return self._book.texts[place].strip()
        if kind == "b":
            return text.strip() in ("1", "true")
        if kind in ("str", "inlineStr", "e"):
            return text.strip()
        if kind == "d":
            return _iso(text)
        style = plain_int(self._style or "0")
        if style in self._book.percents:
            return _per_cent(text)
        return _number(text, dates=style in self._book.dates, from_1904=self._book.from_1904)

    def _merge(self, reference: str) -> None:
        first, _, last = reference.upper().partition(":")
        a, b = _REFERENCE.match(first), _REFERENCE.match(last or first)
        if a and b:
            self._out.merges.append(
                (int(a[2]), _column_number(a[1]), int(b[2]), _column_number(b[1]))
            )


def _no_doctype(*_: object) -> None:
    raise Refusal("XML_DTD")


def _column_number(letters: str) -> int:
    """Return the number of a column, "A" 1.

    Examples
    --------
    >>> _column_number("A"), _column_number("AA"), _column_number("XFD")
    (1, 27, 16384)
    """
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


def _number(text: str, *, dates: bool, from_1904: bool) -> Cell:
    try:
        value = float(text)
    except ValueError:
        return text
    if dates:
        moment = _moment(value, from_1904=from_1904)
        if moment is not None:
            return moment
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def _per_cent(text: str) -> Cell:
    """Return a share as the sheet shows it: nobody who typed 85.5 % knows of 0.855.

    Examples
    --------
    >>> _per_cent("0.85499999999999998"), _per_cent("1"), _per_cent("x")
    ('85,5 %', '100 %', 'x')
    """
    try:
        share = Decimal(text) * 100
        shown = f"{float(share):.12g}"
    except (ArithmeticError, ValueError):
        return text
    return f"{shown.replace('.', ',')} %" if shown.replace(".", "").strip("-").isdigit() else text


def _moment(serial: float, *, from_1904: bool) -> Cell:
    """Return the day or time of Excel's count of days; None where it is beyond its calendar.

    Examples
    --------
    >>> str(_moment(46022.0, from_1904=False)), str(_moment(0.5, from_1904=False))
    ('2025-12-31', '12:00:00')
    """
    if not 0 <= serial < 2_958_466:
        return None
    days, part = divmod(serial, 1)
    seconds = round(part * 86_400)
    if days == 0 and not from_1904:
        return dt.time(seconds // 3600 % 24, seconds // 60 % 60, seconds % 60)
    if not from_1904 and days < 60:
        days += 1  # Excel believes in 29 February 1900
    start = dt.date(1904, 1, 1) if from_1904 else dt.date(1899, 12, 30)
    day = start + dt.timedelta(days=int(days) + seconds // 86_400)
    if seconds % 86_400 == 0:
        return day
    hour, minute, second = seconds // 3600, seconds // 60 % 60, seconds % 60
    return dt.datetime.combine(day, dt.time(hour, minute, second))


def _iso(text: str) -> Cell:
    for read in (dt.date.fromisoformat, dt.datetime.fromisoformat, dt.time.fromisoformat):
        try:
            return read(text.strip())
        except ValueError:
            continue
    return text
