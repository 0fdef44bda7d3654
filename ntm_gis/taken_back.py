"""Sheets that were handed out, filled in and taken back into the record.

Rows are known by the headings and keys of the sheet, whatever their order; what stays out of the
record is told with its reason.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ntm_gis import numbers, text
from ntm_gis.layers.received import Received
from ntm_gis.layers.values import ROW
from ntm_gis.outputs.results_json import finding_entry
from ntm_gis.results import Finding, Severity, Words, sentence

Headings = Iterable[tuple[str, str]]
"""Every heading of a sheet, in either language, with the name of its column."""


@dataclass
class TakenBack:
    """What became of the rows of a file.

    Parameters
    ----------
    told : str
        The sentence at the end.
    new, known, open : int
        Rows entered now; in the record already; left blank.
    left_out : int
        Rows that stay out, each with its finding.
    findings : list of Finding
    """

    file: str
    told: str
    new: int = 0
    known: int = 0
    open: int = 0
    left_out: int = 0
    findings: list[Finding] = field(default_factory=list)
    check_code: str | None = None

    def leave(self, finding: Finding) -> None:
        """Keep a row out and say why."""
        self.left_out += 1
        self.findings.append(finding)

    @property
    def lines(self) -> tuple[Words, ...]:
        """What is told at the end."""
        return (sentence(self.told, {
            "file": self.file, "new": self.new, "known": self.known, "open": self.open,
            "left": self.left_out,
        }),)  # fmt: skip

    @property
    def status(self) -> int:
        """Return the exit status: 3 the file could not be read, 1 a row stays out, 0."""
        if any(f.severity is Severity.STOP for f in self.findings):
            return 3
        return 1 if self.left_out else 0

    def as_json(self) -> dict[str, Any]:
        """Return it for `--json`."""
        return {
            "file": self.file, "new": self.new, "known": self.known, "open": self.open,
            "left_out": self.left_out, "check_code": self.check_code,
            "findings": [finding_entry(f) for f in self.findings],
        }  # fmt: skip


def sheet(
    tables: Sequence[Received], headings: Headings, needed: Iterable[str], out: TakenBack, code: str
) -> Received | None:
    """Return the table that has the columns needed; where none has, the finding `code` says so."""
    known, wanted = tuple(headings), set(needed)
    for table in tables:
        if wanted <= set(_columns(table, known)):
            return table
    told = [f for table in tables for f in table.findings if f.severity is Severity.STOP]
    out.findings += told or [Finding.of(code, file=out.file)]
    return None


def rows(table: Received, headings: Headings) -> Iterator[tuple[int, dict[str, object]]]:
    """Yield the number of each row in its file, and its cells by the names of the columns."""
    columns = _columns(table, headings)
    cells = (table.frame[column].tolist() for column in columns.values())
    for number, *values in zip(table.frame[ROW].tolist(), *cells, strict=True):
        yield int(number), dict(zip(columns, values, strict=True))


def _columns(table: Received, headings: Headings) -> dict[str, str]:
    """Return the column of the file for each column of the sheet, by its heading."""
    known = {text.fold(heading): name for heading, name in headings}
    return {known[text.fold(c)]: c for c in table.columns if text.fold(c) in known}


def cell(value: object) -> str | None:
    """Return a cell as text, None where it is blank; a day as an office writes it.

    Examples
    --------
    >>> cell(" giữ "), cell(float("nan")), cell(dt.date(2025, 12, 5)), cell("")
    ('giữ', None, '05/12/2025', None)
    """
    if value is None or value != value:  # noqa: PLR0124 - NaN is not equal to itself
        return None
    if isinstance(value, dt.date):
        return numbers.format_date_vi(value)
    return str(value).strip() or None
