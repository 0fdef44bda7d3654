"""Decisions filled in as Excel (`plan_decisions.xlsx`), taken back into the record.

Rows are known by their key, whatever their order. A row without a decision is open and stays so;
one about something that changed since the sheet was made, or was decided otherwise meanwhile, is
told and not entered. The same file again changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ntm_gis import numbers, pipeline, record, sources, text
from ntm_gis.analyses.planreview.decided import ITEMS, item_of
from ntm_gis.booking import login
from ntm_gis.layers.decisions import CHOICES, FINDING, Decision
from ntm_gis.layers.received import Received
from ntm_gis.outputs.planreview import to_decide
from ntm_gis.outputs.planreview.model import FRAME
from ntm_gis.pipeline import Review
from ntm_gis.results import Finding, Words
from ntm_gis.rules.terms import term
from ntm_gis.taken_back import TakenBack, cell, rows, sheet

_LOOKED_AT = pipeline.PLANS | {"plan_tables"}
"""The analyses behind the sheet: what was decided of planned items stands in the tables."""

_NEEDED = ("subject", "choice", "why")


def add(
    folder: Path,
    file: Path,
    *,
    today: dt.date,
    by: str | None = None,
    day: dt.date | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> TakenBack:
    """Take the decisions of a filled-in sheet into the record.

    Parameters
    ----------
    today : date
        Days after it are still to come, and stay out.
    by : str, optional
        Who decided where a row does not say it.
    day : date, optional
        The day of decisions that name none; where left out that of the figures, at most today.

    Returns
    -------
    TakenBack
        The same file again adds nothing.

    Raises
    ------
    ConfigError
        The folder is no commune's.
    RecordError
        The record cannot be read or written; nothing was entered.
    """
    out = TakenBack(file.name, "DECISIONS_TAKEN")
    found = pipeline.review(folder, only=_LOOKED_AT, progress=progress)
    who = found.commune.commune
    day = day or min(today, who.as_of)
    progress(file.name)
    path = folder / record.FILE_NAME
    # Decisions dated after the day of the figures are decisions all the same.
    latest = max(today, who.as_of, day)
    newest = {one.subject: one for one in record.state(path, latest, commune=who.code).decided}
    for held in sources.contents([file], zone=who.crs):
        table = sheet(held.tables, to_decide.headings(), _NEEDED, out, "DECISIONS_NO_SHEET")
        if table is None:
            return out
        made = _Rows(found, table, _Days(day, latest), by or login(), out, newest).decisions()
        if made:
            with record.writing(path, who.code) as ledger:
                own = held.copies[0]
                kept = ledger.keep(own.path, own.sha256)
                done = ledger.append([record.decision(one, (kept,)) for one in made], by=by)
            out.new = sum(one.state == "new" for one in done)
            out.known += len(done) - out.new
    out.check_code = record.state(path, commune=who.code).check_code
    return out


@dataclass(frozen=True)
class _Days:
    """The day of decisions that name none, and the last one that is not still to come."""

    given: dt.date
    last: dt.date


class _Rows:
    """The rows of a sheet against the review as it is now."""

    def __init__(
        self, found: Review, table: Received, days: _Days, by: str, out: TakenBack,
        newest: Mapping[str, Decision],
    ) -> None:  # fmt: skip
        self.table, self.days, self.by, self.out = table, days, by, out
        self.now = {row.subject: row for row in to_decide.rows(found.answer, found.layers)}
        self.newest = newest
        frame = found.answer.frames[FRAME]
        self.items = {
            f"{FINDING}{subject}": item_of(subject)
            for subject, layer in zip(frame["subject"], frame["layer"], strict=True)
            if layer == ITEMS
        }
        self.choices = choices()

    def decisions(self) -> list[Decision]:
        """Return what is to be entered, in the order of the rows; a key twice is told."""
        made: dict[str, Decision] = {}
        for number, row in rows(self.table, to_decide.headings()):
            subject = cell(row.get("subject"))
            if cell(row.get("choice")) is None:
                self.out.open += 1
            elif subject in made:
                self._leave("DECISION_TWICE", number, row)
            else:
                one = self._decision(row, number, subject)
                if one is not None:
                    made[one.subject] = one
        return list(made.values())

    def _decision(
        self, row: Mapping[str, object], number: int, subject: str | None
    ) -> Decision | None:
        said = cell(row.get("choice")) or ""
        choice, why = self.choices.get(text.fold(said)), cell(row.get("why"))
        now = self.now.get(subject or "")
        if choice is None:
            self._leave("DECISION_CHOICE", number, row, value=said)
            return None
        if now is None or subject is None:
            self._leave("DECISION_GONE", number, row)
            return None
        if why is None:
            self._leave("DECISION_WITHOUT_REASON", number, row)
            return None
        on = self._day(row.get("decided_on"), number, row)
        if on is None:
            return None
        # A finding about a planned item bears what was decided of the item.
        before = self.newest.get(subject) or self.newest.get(self.items.get(subject, ""))
        made = Decision(
            "", subject, choice, on, cell(row.get("decided_by")) or self.by, why,
            cell(row.get("document")),
        )  # fmt: skip
        if before is not None and _same(before, made, row):
            self.out.known += 1
            return None
        told = cell(row.get("mark"))
        if told is not None and told != now.mark:
            # The words are those of the sheet: only the decision is another now.
            is_decided = told in {to_decide.mark(now.what, c) for c in (None, *CHOICES)}
            code = "DECISION_MEANWHILE" if is_decided else "DECISION_CHANGED"
            self._leave(code, number, row, now=now.what, said=_choice(before))
            return None
        return made

    def _day(self, value: object, number: int, row: Mapping[str, object]) -> dt.date | None:
        if value is None or cell(value) is None:
            return self.days.given
        on = numbers.parse_date(value, excel=True).value
        if on is None or on > self.days.last:
            self._leave("DECISION_DAY", number, row, value=cell(value))
            return None
        return on

    def _leave(self, code: str, number: int, row: Mapping[str, object], **params: Any) -> None:
        self.out.leave(
            Finding.of(code, file=self.out.file, table=self.table.table, row=number,
                       item=cell(row.get("item")) or "–", **params)
        )  # fmt: skip


def _same(before: Decision, made: Decision, row: Mapping[str, object]) -> bool:
    """Whether the record says it already; a blank day or name means no other one."""
    same = (before.choice, before.why, before.document) == (made.choice, made.why, made.document)
    dated, named = cell(row.get("decided_on")), cell(row.get("decided_by"))
    return (
        same
        and (dated is None or before.decided_on == made.decided_on)
        and (named is None or before.decided_by == made.decided_by)
    )


def _choice(before: Decision | None) -> Words:
    code = None if before is None else before.choice
    known = (*CHOICES, "waive")
    return term(f"decision_{code if code in known else 'open'}")


def choices() -> dict[str, str]:
    """Return codes by how a choice is written: in either language, or the code."""
    out = {code: code for code in CHOICES}
    for code in CHOICES:
        words = term(f"decision_{code}")
        out |= {text.fold(words.vi): code, text.fold(words.en): code}
    return out
