"""Thresholds filled in as Excel (`thresholds.xlsx`), taken back into the record.

Rows are known by their key, whatever their order. A row without a threshold is open and stays
so; one that was confirmed otherwise since the sheet was made is told and not entered. The same
file again changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ntm_gis import numbers, sources
from ntm_gis.analyses.criteria.analysis import where_of
from ntm_gis.analyses.criteria.confirm import Proof, confirmation
from ntm_gis.analyses.criteria.law import DOCUMENT, PAGE, VALUE
from ntm_gis.analyses.criteria.limits import Limit, same
from ntm_gis.confirming import Book, enter, open_book, person
from ntm_gis.confirming_taken import entered, limit_words
from ntm_gis.errors import UsageError
from ntm_gis.layers.decisions import Decision
from ntm_gis.layers.received import Received
from ntm_gis.outputs import threshold_sheets
from ntm_gis.results import Finding, Words
from ntm_gis.taken_back import TakenBack, cell, rows, sheet

_NEEDED = ("key", "value", "document", "page")


def add(
    folder: Path, file: Path, *, today: dt.date, by: str | None = None, day: dt.date | None = None
) -> TakenBack:
    """Take the thresholds of a filled-in sheet into the record.

    Parameters
    ----------
    today : date
        Days after it are still to come, and stay out.
    by : str, optional
        Who read the text where a row does not say it.
    day : date, optional
        The day of rows that name none; today where left out.

    Raises
    ------
    ConfigError
        The folder is no commune's.
    RecordError
        The record cannot be read or written; nothing was entered.
    """
    out = TakenBack(file.name, "LAW_TAKEN")
    book = open_book(folder, latest=today)
    for held in sources.contents([file], zone=book.commune.commune.crs):
        table = sheet(held.tables, threshold_sheets.headings(), _NEEDED, out, "LAW_NO_SHEET")
        if table is None:
            return out
        made = _Rows(book, table, out, today, day or today, person(by)).confirmations()
        own = held.copies[0]
        entered(out, enter(book, made, by=by, kept=own.path, digest=own.sha256))
    out.check_code = open_book(folder, latest=today).check_code
    return out


class _Rows:
    """The rows of a sheet against the thresholds as they are now."""

    def __init__(
        self, book: Book, table: Received, out: TakenBack, today: dt.date, day: dt.date, by: str
    ) -> None:
        self.book, self.table, self.out = book, table, out
        self.today, self.day, self.by = today, day, by
        self.now = {one.key: one for one in book.limits()}

    def confirmations(self) -> list[tuple[Words, Decision]]:
        """Return what is to be entered, in the order of the rows; a key twice is told."""
        made: dict[str, tuple[Words, Decision]] = {}
        seen: set[str] = set()
        for number, row in rows(self.table, threshold_sheets.headings()):
            key = _text(row.get("key")) or ""
            if not any(_text(row.get(name)) for name in ("value", "document", "page")):
                self.out.open += 1
                continue
            now = self.now.get(key)
            if now is None:
                self._leave("LAW_ROW_STRANGE", number, value=key or "–")
            elif key in seen:
                self._leave("LAW_ROW_TWICE", number, indicator=now.line.code)
            else:
                seen.add(key)
                one = self._confirmation(now, row, number)
                if one is not None:
                    made[key] = (now.line.title.words, one)
        return list(made.values())

    def _confirmation(self, now: Limit, row: Mapping[str, Any], number: int) -> Decision | None:
        on = self._day(now, row, number)
        if on is None:
            return None
        proof = Proof(
            _text(row.get("document")) or "", _text(row.get("page")) or "",
            _text(row.get("by")) or self.by, on,
        )  # fmt: skip
        found = self.book.set(now.set)
        try:
            made = confirmation(
                found, now.line.code, _text(row.get("value")) or "", proof,
                where=where_of(self.book.commune), day=now.since,
            )  # fmt: skip
        except UsageError as fault:
            self._leave("LAW_ROW", number, why=Words(fault.say("vi"), fault.say("en")))
            return None
        if now.decision is not None and same(now.decision, made):
            self.out.known += 1
            return None
        told = _text(row.get("mark"))
        if told is not None and told != threshold_sheets.mark(_said(now)):
            said = {} if now.decision is None else dict(now.decision.details)
            self._leave(
                "LAW_ROW_MEANWHILE", number, indicator=now.line.code, said=limit_words(said)
            )
            return None
        return made

    def _day(self, now: Limit, row: Mapping[str, Any], number: int) -> dt.date | None:
        value = row.get("on")
        if _text(value) is None:
            return self.day
        on = numbers.parse_date(value, excel=True).value
        if on is None or on > self.today:
            self._leave("LAW_ROW_DAY", number, indicator=now.line.code, value=_text(value))
            return None
        return on

    def _leave(self, code: str, number: int, **params: Any) -> None:
        self.out.leave(
            Finding.of(code, file=self.out.file, table=self.table.table, row=number, **params)
        )


def _said(now: Limit) -> dict[str, str | None]:
    return {
        "confirmed_value": now.said(VALUE), "document": now.said(DOCUMENT), "page": now.said(PAGE),
    }  # fmt: skip


def _text(value: object) -> str | None:
    """Return a cell as an office would write it: a number with a comma."""
    known = cell(value)
    if known is not None and isinstance(value, int | float):
        return f"{value:.10g}".replace(".", ",")
    return known
