"""CSV and its relatives: the separator and the letters are found, the cells handed over as text."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from ntm_gis.sources import limits
from ntm_gis.sources.readers.parsed import Parsed, Refusal, Sheet, Told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SEPARATORS = ";,\t|"
_LOOKED_AT = 50
_LONGEST_CELL = 1 << 20


def read(path: Path, _: dict[str, Any]) -> list[Parsed]:
    """Read a CSV file as cells; row numbers are the lines of the file.

    Raises
    ------
    Refusal
        It holds bytes of no text, or is longer than any table.
    """
    text, raw = _text(path.read_bytes())
    csv.field_size_limit(_LONGEST_CELL)
    if not text.strip(f"{_SEPARATORS} \r\n\ufeff"):
        return [Parsed(None, sheet=Sheet())]
    separator = _separator(text)
    sheet, told = Sheet(raw=raw), []
    cells_seen = 0
    for line, record, stray in _records(list(io.StringIO(text, newline="")), separator):
        cells = {i: cell.strip() for i, cell in enumerate(record, 1) if cell.strip()}
        if cells:
            sheet.rows.append((line, dict(cells)))
            cells_seen += len(cells)
        if stray:
            told.append(Told("CSV_QUOTES", row=line))
        if len(sheet.rows) > limits.ROWS:
            raise Refusal("TOO_MANY_ROWS", limit=limits.ROWS)
        if cells_seen > limits.CELLS or len(record) > 16 * limits.COLUMNS:
            raise Refusal("SOURCE_TOO_BIG")
    return [Parsed(None, told=told, sheet=sheet)]


def _records(lines: list[str], separator: str) -> Iterator[tuple[int, list[str], bool]]:
    """Yield each record with its line, and whether a quotation mark is opened there in vain.

    A mark that is not closed swallows the lines below it: they are read one by one then.
    """
    usual = _usual(lines, separator)
    reader = csv.reader(iter(lines), delimiter=separator)
    at = 0
    while at < len(lines):
        try:
            record = next(reader, None)
        except csv.Error:  # a cell without end
            record, end = [], len(lines)
        else:
            end = reader.line_num
        if record is None:
            return
        if _swallows(lines[at:end], record, separator, usual):
            for number in range(at, end):
                yield number + 1, _one(lines[number], separator, at + 1), number == at
        elif record or end < len(lines):
            yield at + 1, record, False
        at = end


def _usual(lines: list[str], separator: str) -> int:
    """Return how many separators most lines have, of those that have any."""
    counts = [n for line in lines[:_LOOKED_AT] if (n := line.count(separator))]
    return max(set(counts), key=lambda n: (counts.count(n), n)) if counts else 0


def _swallows(lines: list[str], record: list[str], separator: str, usual: int) -> bool:
    """Whether the lines of one record are rows of their own, joined by a stray mark.

    So it is where the marks in them are not written as marks are, or where the lines inside a
    cell are divided as rows are.
    """
    if not usual or not any('"' in line for line in lines):
        return False
    marked = "".join(lines).count('"')
    if len(lines) == 1:
        return bool(marked % 2) and len(record) <= usual
    below = lines[1:] if len(record) != usual + 1 else lines[1:-1]
    rows = sum(line.count(separator) >= usual for line in below)
    if below and 2 * rows >= len(below) and (usual > 1 or rows > 2):
        return True
    return not _is_well_formed(lines, separator) and lines[-1].count(separator) >= usual


def _is_well_formed(lines: list[str], separator: str) -> bool:
    try:
        return len(list(csv.reader(lines, delimiter=separator, strict=True))) == 1
    except csv.Error:
        return False


def _one(line: str, separator: str, start: int) -> list[str]:
    """Read one line as a record, with its quotation marks where they are closed."""
    try:
        (record,) = csv.reader([line], delimiter=separator, strict=True)
    except (csv.Error, ValueError):
        try:
            found = list(csv.reader([line], delimiter=separator, quoting=csv.QUOTE_NONE))
        except csv.Error as cause:
            raise Refusal("CSV_BROKEN", line=start) from cause
        record = [cell.strip().strip('"') for cell in found[0]] if found else []
    return record


def _text(content: bytes) -> tuple[str, bool]:
    """Return the text, and whether its letters are still one character for each byte."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16"), False
        except UnicodeDecodeError as cause:
            raise Refusal("CSV_BROKEN", line=1) from cause
    if b"\0" in content:
        raise Refusal("CSV_BROKEN", line=content[: content.index(b"\0")].count(b"\n") + 1)
    try:
        return content.decode("utf-8-sig"), False
    except UnicodeDecodeError:
        return content.removeprefix(b"\xef\xbb\xbf").decode("latin-1"), True


def _separator(text: str) -> str:
    """Return the separator that cuts most of the first lines into the same number of cells.

    A decimal comma makes "," look regular too; ";" and tab win where they cut at all.
    """
    best, most = ",", 0.0
    start = text[: 1 << 18]
    for separator in _SEPARATORS:
        widths: list[int] = []
        try:
            for record in csv.reader(io.StringIO(start, newline=""), delimiter=separator):
                if any(cell.strip() for cell in record):
                    widths.append(len(record))
                if len(widths) >= _LOOKED_AT:
                    break
        except csv.Error:
            continue
        usual = max(set(widths), key=widths.count) if widths else 1
        if usual < 2:
            continue
        score = widths.count(usual) / len(widths) + min(usual, 20) / 1000
        if score > most + (0.15 if separator == "," and best != "," else 0.0):
            best, most = separator, score
    return best
