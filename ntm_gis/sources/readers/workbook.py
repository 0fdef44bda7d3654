"""Excel workbooks as cells: each sheet streamed once, with its merges and hidden rows.

Read by our own hand because what officials must be told stands between the lines of the file:
which rows are hidden, which cells are merged, which formula has no result stored. The size a
sheet claims is not believed; a single cell in its far corner costs nothing.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from ntm_gis.sources import limits
from ntm_gis.sources.readers.packed import Packed
from ntm_gis.sources.readers.parsed import Cell, Parsed, Refusal, Sheet
from ntm_gis.sources.readers.xmls import child, local, parse, require_plain

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

_SHEET_TYPE = "/worksheet"
_SHARED_TYPE = "/sharedStrings"
_STYLES_TYPE = "/styles"
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
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
        book = _Book(packed)
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


class _Book:
    """The parts that all sheets share: texts, which styles are dates, the calendar."""

    def __init__(self, packed: Packed) -> None:
        self._packed = packed
        self._names = {name.replace("\\", "/").lstrip("/").lower(): name for name in packed.names}
        roots = self._relations("")
        self.part = next(
            (target for kind, target in roots.values() if kind.endswith("/officeDocument")),
            "xl/workbook.xml",
        )
        self._parts = self._relations(self.part)
        self._root = parse(self.content(self.part))
        properties = child(self._root, "workbookPr")
        self.from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self.texts = self._shared()
        self.dates = self._date_styles()

    def content(self, part: str) -> bytes:
        """Return a part; its name is looked up, whatever its case."""
        name = self._names.get(part.lower())
        if name is None:
            raise Refusal("PACKED_DAMAGED")
        return self._packed.read(name)

    def sheets(self) -> list[tuple[str, str, bool]]:
        """Return name, part and whether hidden, of every sheet with cells."""
        listed = child(self._root, "sheets")
        out = []
        for sheet in listed if listed is not None else ():
            link = next((value for key, value in sheet.items() if key.endswith("}id")), "")
            kind, target = self._parts.get(link, ("", ""))
            if kind.endswith(_SHEET_TYPE):
                hidden = sheet.get("state", "visible") != "visible"
                out.append((str(sheet.get("name", "")), target, hidden))
        return out

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return id -> (type, part) of what a part refers to; the outside is left out."""
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        if path.lower() not in self._names:
            return {}
        out = {}
        for relation in parse(self.content(path)):
            if relation.get("TargetMode") == "External":
                continue
            target = str(relation.get("Target", "")).replace("\\", "/")
            whole = target[1:] if target.startswith("/") else posixpath.join(folder, target)
            out[str(relation.get("Id"))] = (
                str(relation.get("Type")), posixpath.normpath(whole),
            )  # fmt: skip
        return out

    def _of_type(self, ending: str) -> str | None:
        return next((t for kind, t in self._parts.values() if kind.endswith(ending)), None)

    def _shared(self) -> list[str]:
        part = self._of_type(_SHARED_TYPE)
        if part is None or part.lower() not in self._names:
            return []
        return [_rich(item) for item in parse(self.content(part)) if local(item) == "si"]

    def _date_styles(self) -> frozenset[int]:
        part = self._of_type(_STYLES_TYPE)
        if part is None or part.lower() not in self._names:
            return frozenset()
        root = parse(self.content(part))
        formats = child(root, "numFmts")
        own = {
            item.get("numFmtId"): item.get("formatCode", "")
            for item in (formats if formats is not None else ())
        }
        cells = child(root, "cellXfs")
        found = set()
        for i, style in enumerate(cells if cells is not None else ()):
            number = style.get("numFmtId", "0")
            code = own.get(number)
            if _is_date_format(code) if code is not None else _plain_int(number) in _DATE_FORMATS:
                found.add(i)
        return frozenset(found)


def _rich(item: Element) -> str:
    """Return the text of a shared string, without the reading aids of East Asian texts."""
    out = []
    for part in item:
        if local(part) == "t":
            out.append(part.text or "")
        elif local(part) == "r":
            out += [t.text or "" for t in part if local(t) == "t"]
    return "".join(out)


def _is_date_format(code: str) -> bool:
    """Whether a number format shows a date or time.

    Examples
    --------
    >>> _is_date_format("dd/mm/yyyy"), _is_date_format('#,##0" đồng"'), _is_date_format("[Red]0.0")
    (True, False, False)
    """
    bare = re.sub(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', "", code.lower())
    return bool(re.search(r"[ymdhs]", bare.split(";")[0])) and "general" not in bare


class _Reader:
    """One pass over the XML of a sheet; only what is there is kept."""

    def __init__(self, book: _Book) -> None:
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
            number = _plain_int(attributes.get("r", ""))
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
            place = _plain_int(text)
            if place is None or place >= len(self._book.texts):
                raise Refusal("PACKED_DAMAGED")
            return self._book.texts[place].strip()
        if kind == "b":
            return text.strip() in ("1", "true")
        if kind == "e":
            self._out.errors.append((self._row, self._column, text))
            return text
        if kind in ("str", "inlineStr"):
            return text.strip()
        if kind == "d":
            return _iso(text)
        return _number(text, dates=_plain_int(self._style or "0") in self._book.dates,
                       from_1904=self._book.from_1904)  # fmt: skip

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


def _plain_int(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 12 else None


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
