"""Thresholds confirmed by the office, entered into the record, and packs of them for others.

A confirmation bears document and page and is enough for the office's self-assessment. A pack is
a small UTF-8 file of confirmed thresholds: whoever gets it reads the text and enters them as its
own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ntm_gis import record
from ntm_gis.analyses.criteria.analysis import where_of
from ntm_gis.analyses.criteria.confirm import Proof, confirmation, require_line
from ntm_gis.analyses.criteria.law import COMPARATOR, DOCUMENT, PAGE, SINCE, VALUE
from ntm_gis.analyses.criteria.limits import Limit, limits, same
from ntm_gis.booking import login
from ntm_gis.confirming_taken import Entered
from ntm_gis.errors import UsageError
from ntm_gis.layers.decisions import Decision
from ntm_gis.results import Finding, Words
from ntm_gis.rules import commune as communes
from ntm_gis.rules.commune import Commune
from ntm_gis.rules.criteria import CriteriaSet, criteria_set

__all__ = ["Book", "Entered", "Proof", "confirm", "open_book"]


@dataclass(frozen=True)
class Book:
    """The thresholds of a commune's sets as its record has them.

    Parameters
    ----------
    sets : tuple of CriteriaSet
        The commune's set first, then those it is compared with.
    decided : tuple of Decision
        Decisions in force.
    """

    folder: Path
    commune: Commune
    sets: tuple[CriteriaSet, ...]
    decided: tuple[Decision, ...]
    check_code: str | None = None

    def set(self, name: str | None) -> CriteriaSet:
        """Return the commune's set, or another of its sets by name.

        Raises
        ------
        UsageError
            The commune names no set, or not this one.
        """
        if not self.sets:
            raise UsageError("CRITERIA_SET_NOT_NAMED")
        for one in self.sets:
            if name in (None, one.id):
                return one
        raise UsageError("CRITERIA_NO_SET", value=name, known=tuple(s.id for s in self.sets))

    def limits(self, of: CriteriaSet | None = None) -> tuple[Limit, ...]:
        """Return the thresholds of one set, or of all."""
        where = where_of(self.commune)
        wanted = self.sets if of is None else (of,)
        return tuple(x for one in wanted for x in limits(one, self.decided, where))


def open_book(folder: Path, *, latest: dt.date | None = None) -> Book:
    """Return the thresholds of a commune folder.

    Parameters
    ----------
    latest : date, optional
        The last day whose decisions count; the day of the figures where left out.

    Raises
    ------
    ConfigError
        The folder is no commune's.
    RecordError
        The record cannot be read.
    """
    commune = communes.read(folder)
    who = commune.commune
    state = record.state(
        folder / record.FILE_NAME, max(latest or who.as_of, who.as_of), commune=who.code
    )
    names = dict.fromkeys(n for n in (who.criteria_set, *who.compare_sets) if n is not None)
    sets = tuple(criteria_set(name) for name in names)
    return Book(folder, commune, sets, state.decided, state.check_code)


def confirm(
    folder: Path,
    code: str,
    value: str,
    proof: Proof,
    *,
    today: dt.date,
    name: str | None = None,
    by: str | None = None,
) -> Entered:
    """Enter a threshold that the office read in its own copy of the text.

    Parameters
    ----------
    value : str
        As an office writes it ("82,5", "≥ 65 %", "đạt").
    today : date
        A confirmation of a later day is refused.
    name : str, optional
        One of the sets that the commune is compared with; its own where left out.
    by : str, optional
        Who enters it, where that is somebody else than who read it.

    Raises
    ------
    UsageError
        No such line; no document, page or number; another unit; beyond 0 to 100 %; the day is
        still to come.
    RecordError
        The record cannot be written.
    """
    require_past(proof.on, today)
    book = open_book(folder, latest=today)
    found = book.set(name)
    line = require_line(found, code)
    made = confirmation(
        found, line.code, value, proof, where=where_of(book.commune),
        day=book.commune.commune.as_of,
    )  # fmt: skip
    known = next((d for d in reversed(book.decided) if d.subject == made.subject and same(d, made)),
                 None)  # fmt: skip
    return enter(book, [(line.title.words, known or made)], by=by)[0]


def require_past(day: dt.date, today: dt.date) -> None:
    """Refuse a day that is still to come."""
    if day > today:
        raise UsageError("LAW_DAY_FUTURE", day=day, today=today)


def enter(
    book: Book,
    made: Sequence[tuple[Words, Decision]],
    *,
    by: str | None,
    kept: Path | None = None,
    digest: str = "",
) -> tuple[Entered, ...]:
    """Write confirmations into the record, those that it has already not again.

    Parameters
    ----------
    kept : Path, optional
        The file that they came in; it is kept with the record.
    """
    if not made:
        return ()
    path = book.folder / record.FILE_NAME
    with record.writing(path, book.commune.commune.code) as ledger:
        files = () if kept is None else (ledger.keep(kept, digest),)
        done = ledger.append([record.decision(one, files) for _, one in made], by=by)
    return tuple(
        Entered(
            title, one, str(outcome.entry.n), outcome.state,
            str(outcome.undone_by[0].n) if outcome.undone_by else "",
        )
        for (title, one), outcome in zip(made, done, strict=True)
    )  # fmt: skip


def differs(book: Book, entered: Entered) -> tuple[Finding, ...]:
    """Return what is told of a confirmation that says otherwise than what was recalled."""
    from ntm_gis.analyses.criteria.law import confirmed

    found = book.set(entered.decision.subject.split(":")[1])
    day = max(book.commune.commune.as_of, found.head.effective_from)
    return tuple(confirmed(found, (entered.decision,), where_of(book.commune), day)[1])


def person(by: str | None) -> str:
    """Return who confirms: the one named, else whoever is logged in."""
    return (by or "").strip() or login()


def as_json(one: Limit) -> dict[str, Any]:
    """Return a threshold for `--json`."""
    used = one.used
    return {
        "criteria_set": one.set, "code": one.line.code, "title": one.line.title.words.as_json(),
        "unit": one.line.unit, "since": one.since.isoformat(),
        "comparator": None if used is None else used.comparator,
        "limit": None if used is None else used.limit,
        "citation": None if used is None else used.citation.text,
        "status": None if used is None else used.status,
        "confirmed": None if one.decision is None else {
            **{n: one.said(n) for n in (VALUE, COMPARATOR, DOCUMENT, PAGE, SINCE)},
            "by": one.decision.decided_by, "on": one.decision.decided_on.isoformat(),
        },
    }  # fmt: skip
