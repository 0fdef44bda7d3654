"""The entries of the record of road works as a person reads them."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ntm_gis import numbers, record
from ntm_gis.analyses.chainage import axis as chainage
from ntm_gis.layers.decisions import THRESHOLD, Centreline, Claim, Decision, Dispute, Survey
from ntm_gis.record import Settlement, Undo
from ntm_gis.results import Words, sentence
from ntm_gis.results.words import messages
from ntm_gis.rules import commune as communes
from ntm_gis.rules.terms import sections, term

_CM_PER_M = 100


@dataclass(frozen=True)
class Listed:
    """One entry as a person reads it.

    Parameters
    ----------
    n : int
    reference : str
        What names it where two machines used one number: the start of its digest.
    said : Words
        What it says.
    stands : Words
        Whether it counts on the day of the figures, and which entry speaks against it.
    is_shared : bool
        Another machine's entry bears its number too.
    is_broken : bool
        The proof of the record fails at it.
    is_report : bool
        It is a report or an acceptance.
    key : str or None
        What it says, as a digest: the same for entries that say the same.
    """

    n: int
    reference: str
    device: str
    kind: Words
    said: Words
    entered_on: dt.date | None
    entered_by: str | None
    stands: Words
    undone_by: tuple[int, ...]
    document: dict[str, Any]
    is_undo: bool = False
    is_shared: bool = False
    is_broken: bool = False
    is_report: bool = False
    key: str | None = None

    @property
    def name(self) -> str:
        """What names it: its number, with its sign where two machines used one number."""
        return f"{self.n} ({self.reference})" if self.is_shared else str(self.n)

    @property
    def typed(self) -> str:
        """What names it after a command."""
        return self.reference if self.is_shared else str(self.n)

    def as_json(self) -> dict[str, Any]:
        """Return it for `--json`."""
        return {
            "n": self.n, "hash": self.reference, "device": self.device,
            "kind": self.kind.as_json(), "said": self.said.as_json(),
            "entered_on": None if self.entered_on is None else self.entered_on.isoformat(),
            "entered_by": self.entered_by, "undone_by": list(self.undone_by),
            "content": self.document, "broken": self.is_broken, "stands": self.stands.as_json(),
        }  # fmt: skip


def listed(folder: Path) -> tuple[Listed, ...]:
    """Return every entry of a commune's record, oldest first, as it stands on its figures' day.

    Raises
    ------
    ConfigError
        The folder is no commune's.
    RecordError
        The record cannot be read.
    """
    as_of = communes.read(folder).commune.as_of
    lines = record.history(folder / record.FILE_NAME, as_of)
    times = Counter(line.entry.n for line in lines)
    shared = {n for n, count in times.items() if count > 1}
    later = _later(lines, as_of)
    return tuple(_listed(line, later.get(line.entry.hash, ()), shared) for line in lines)


def entry(folder: Path, digest: str) -> Listed:
    """Return the one entry of this digest."""
    at = [line.entry.hash for line in record.history(folder / record.FILE_NAME)].index(digest)
    return listed(folder)[at]


def own_day(line: record.Line) -> dt.date | None:
    """Return the day that an entry speaks of itself, whenever it was written."""
    match line.value:
        case Claim():
            return line.value.reported_on
        case Survey():
            return line.value.recorded_on
        case Dispute():
            return line.value.raised_on
        case Settlement():
            return line.value.settled_on
        case Undo():
            return line.value.on
        case Centreline():
            return line.value.entered_on
        case Decision():
            return line.value.decided_on
        case _:
            return None


def _later(
    lines: Sequence[record.Line], as_of: dt.date
) -> dict[str, tuple[tuple[record.Entry, dt.date], ...]]:
    """Return by digest the undos against an entry that take effect after the day of the figures."""
    found: dict[str, list[tuple[record.Entry, dt.date]]] = defaultdict(list)
    for line in lines:
        undo = line.value
        if isinstance(undo, Undo) and undo.on > as_of and not line.undone_by:
            found[undo.target].append((line.entry, undo.on))
    return {digest: tuple(undos) for digest, undos in found.items()}


def _listed(
    line: record.Line,
    later: Sequence[tuple[record.Entry, dt.date]],
    shared: Collection[int],
) -> Listed:
    entry = line.entry

    def named(of: record.Entry) -> str:
        return f"{of.n} ({of.short})" if of.n in shared else str(of.n)

    by = tuple(against.n for against in line.undone_by)
    stands = sentence("ENTRY_COUNTS", {})
    if line.broken is not None and line.broken.unproved:
        stands = sentence("ENTRY_UNPROVED", {"what": line.broken.words})
    elif by:
        stands = sentence("ENTRY_UNDONE", {"by": tuple(map(named, line.undone_by))})
    elif line.same_as is not None:
        stands = sentence("ENTRY_SAME", {"n": named(line.same_as)})
    elif later:
        on = min(day for _, day in later)
        stands = sentence(
            "ENTRY_UNDONE_LATER", {"by": tuple(named(of) for of, _ in later), "on": on}
        )
    elif line.broken is not None:
        stands = sentence("ENTRY_AFTER_BREAK", {"what": line.broken.words})
    at = entry.entered_at
    return Listed(
        entry.n, entry.short, entry.device, record.kind_title(entry.kind), _said(line.value),
        None if at is None else at.astimezone(numbers.VIET_NAM_TIME).date(), entry.entered_by,
        stands, by, dict(entry.content), isinstance(line.value, Undo), entry.n in shared,
        line.broken is not None, isinstance(line.value, Claim), entry.key,
    )  # fmt: skip


def _said(value: record.Value | None) -> Words:
    """Say in one sentence what an entry holds."""
    match value:
        case Claim():
            return sentence("ENTRY_CLAIM", {
                "id": value.report_id, "work": value.work_id,
                "stretch": _stretch(value.from_cm, value.to_cm),
                "stage": None if value.stage is None else term(f"stage.{value.stage}"),
                "on": value.reported_on, "by": value.reported_by, "verified": value.verified_by,
            })  # fmt: skip
        case Survey():
            credited = sum(end - start for start, end in value.credited) / _CM_PER_M
            return sentence("ENTRY_SURVEY", {
                "track": value.track_id, "work": value.work_id, "on": value.recorded_on,
                "by": value.made_by, "credited": credited,
            })  # fmt: skip
        case Dispute():
            return sentence("ENTRY_DISPUTE", {
                "work": value.work_id, "stretch": _stretch(value.from_cm, value.to_cm),
                "by": value.raised_by, "on": value.raised_on, "why": value.why,
            })  # fmt: skip
        case Settlement():
            code = "ENTRY_COUNTS" if value.outcome == "counts" else "ENTRY_NOT_COUNTS"
            return sentence("ENTRY_SETTLEMENT", {
                "outcome": sentence(code, {}), "by": value.settled_by, "on": value.settled_on,
                "document": value.document,
            })  # fmt: skip
        case Undo():
            return sentence("ENTRY_UNDO", {"why": value.why, "by": value.by, "on": value.on})
        case Centreline():
            return sentence("ENTRY_CENTRELINE", {
                "road": value.road_id, "version": value.version, "on": value.entered_on,
            })  # fmt: skip
        case Decision():
            return _decided(value)
        case _:
            return sentence("ENTRY_UNREAD", {})


def _decided(value: Decision) -> Words:
    """Say what a decision of the office is about, and how it was decided."""
    if value.subject.startswith(THRESHOLD):
        criteria_set, _, code = value.subject.removeprefix(THRESHOLD).partition(":")
        details = dict(value.details)
        return sentence("ENTRY_THRESHOLD", {
            "indicator": code, "set": criteria_set, "value": details.get("value"),
            "document": value.document, "page": details.get("page"),
            "by": value.decided_by, "on": value.decided_on,
        })  # fmt: skip
    return sentence("ENTRY_DECISION", {
        "subject": _about(value.subject), "choice": _choice(value.choice),
        "by": value.decided_by, "on": value.decided_on, "why": value.why,
    })  # fmt: skip


def _about(subject: str) -> Words:
    """Say what a decision is about: "QH07:P1/Z114" is a finding, "2025-Q4" a period."""
    kind, _, name = subject.partition(":")
    code = f"ABOUT_{kind.upper()}"
    # What a later version of the program writes is shown as it stands.
    known = code in messages()
    return sentence(code, {"name": name.replace(":", " · ")}) if known else Words(subject, subject)


def _choice(choice: str) -> Words:
    """Say what was decided."""
    known = f"decision_{choice}" in sections()["decision"]
    return term(f"decision_{choice}") if known else Words(choice, choice)


def _stretch(since: int | None, until: int | None) -> str | None:
    ends: Sequence[str] = [chainage.written(cm) for cm in (since, until) if cm is not None]
    return " – ".join(ends) or None
