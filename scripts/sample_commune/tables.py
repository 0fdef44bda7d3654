"""The sample's lists, kept as CSV files that anyone can read and correct."""

from __future__ import annotations

import csv
import datetime as dt
import re
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).resolve().parent / "tables"
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")

Sheet = tuple[str, str, list[str], list[list[Any]]]


def cell(written: str) -> Any:
    """Return what a cell holds: a number, a day, a text, or None where it is empty.

    A leading apostrophe keeps what follows as text, as in Excel.

    Examples
    --------
    >>> cell("1.89"), cell("'17.10"), cell("2025-12-31"), cell("")
    (1.89, '17.10', datetime.date(2025, 12, 31), None)
    """
    if written.startswith("'"):
        return written[1:]
    if _DAY.fullmatch(written):
        return dt.date.fromisoformat(written)
    if _NUMBER.fullmatch(written):
        return float(written) if "." in written else int(written)
    return written or None


def read(name: str) -> list[dict[str, Any]]:
    """Read the rows of a table by the names of its columns."""
    head, rows = _read(_FOLDER / f"{name}.csv")
    return [dict(zip(head, row, strict=True)) for row in rows]


def sheets() -> list[Sheet]:
    """Read the sheets of the summary workbook: name, title, headings, rows."""
    return [
        (entry["sheet"], entry["title"], *_read(_FOLDER / "sheets" / f"{entry['file']}.csv"))
        for entry in read("sheets")
    ]


def sheet(name: str) -> list[list[Any]]:
    """Return the rows of one sheet."""
    return next(rows for found, _, _, rows in sheets() if found == name)


def _read(path: Path) -> tuple[list[str], list[list[Any]]]:
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    return head, [[cell(written) for written in row] for row in rows]
