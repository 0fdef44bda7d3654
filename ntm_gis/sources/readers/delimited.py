"""CSV and its relatives: the separator and the letters are found, the cells handed over as text."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from ntm_gis.sources import limits
from ntm_gis.sources.readers.parsed import Parsed, Refusal, Sheet, Told

if TYPE_CHECKING:
    from pathlib import Path

_SEPARATORS = ";,\t|"
_LOOKED_AT = 50
_LONGEST_CELL = 1 << 20
_LINES_IN_A_CELL = 40


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
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    line, cells_seen = 1, 0
    try:
        for record in reader:
            cells = {i: cell.strip() for i, cell in enumerate(record, 1) if cell.strip()}
            if cells:
                sheet.rows.append((line, dict(cells)))
                cells_seen += len(cells)
                told += _runaway(line, record)
            line = reader.line_num + 1
            if len(sheet.rows) > limits.ROWS:
                raise Refusal("TOO_MANY_ROWS", limit=limits.ROWS)
            if cells_seen > limits.CELLS or len(record) > 16 * limits.COLUMNS:
                raise Refusal("SOURCE_TOO_BIG")
    except csv.Error as cause:
        raise Refusal("CSV_BROKEN", line=line) from cause
    return [Parsed(None, told=told, sheet=sheet)]


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


def _runaway(line: int, record: list[str]) -> list[Told]:
    """Tell of a quotation mark that was opened and not closed: it swallows lines."""
    if any(cell.count("\n") > _LINES_IN_A_CELL for cell in record):
        return [Told("CSV_QUOTES", row=line)]
    return []
