"""The record of road works by hand: what is in it, undo, disputes and how they end."""

from __future__ import annotations

import datetime as dt
import getpass
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ntm_gis import numbers, record, text
from ntm_gis.analyses import chainage
from ntm_gis.errors import RecordError, UsageError
from ntm_gis.layers.decisions import Centreline, Claim, Decision, Dispute, Survey
from ntm_gis.layers.values import Layers
from ntm_gis.record import Settlement, Undo
from ntm_gis.results import Words, sentence
from ntm_gis.rules import commune as communes
from ntm_gis.rules.terms import term

REPORTS_COUNT = {"counts": "counts", "does-not-count": "does_not_count"}
"""How a dispute may end, as it is typed, and as the record holds it."""

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
        Whether it counts, and which entry speaks against it.
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

    def as_json(self) -> dict[str, Any]:
        """Return it for `--json`."""
        return {
            "n": self.n, "hash": self.reference, "device": self.device,
            "kind": self.kind.as_json(), "said": self.said.as_json(),
            "entered_on": None if self.entered_on is None else self.entered_on.isoformat(),
            "entered_by": self.entered_by, "undone_by": list(self.undone_by),
            "content": self.document,
        }  # fmt: skip


def listed(folder: Path) -> tuple[Listed, ...]:
    """Return every entry of a commune's record, oldest first.

    Raises
    ------
    ConfigError
        The folder is no commune's.
    RecordError
        The record cannot be read.
    """
    communes.read(folder)
    return tuple(_listed(line) for line in record.history(folder / record.FILE_NAME))


def undo(
    folder: Path, reference: str, *, why: str, by: str | None = None, day: dt.date
) -> tuple[Listed, Listed]:
    """Enter that an entry no longer counts; of an undo, that it counts again.

    Returns
    -------
    Listed, Listed
        The entry meant, as it stands now, and the undo.

    Raises
    ------
    RecordError
        There is no such entry, it is undone already, or no reason is given.
    """
    code = communes.read(folder).commune.code
    path = folder / record.FILE_NAME
    _require(path, reference)
    with record.writing(path, code) as ledger:
        target = ledger.find(reference)
        made = record.undo(target, why=why.strip(), by=by or login(), on=day)
        (done,) = ledger.append([made], by=by)
    lines = {line.entry.hash: _listed(line) for line in record.history(path)}
    return lines[target.hash], lines[done.entry.hash]


def dispute(
    folder: Path, layers: Layers, work: str, since: str, until: str, *,
    why: str, by: str | None, day: dt.date,
) -> Listed:  # fmt: skip
    """Enter that somebody contests a stretch: from now on it is in the upper bound only.

    Parameters
    ----------
    since, until : str
        "Km1+250", or metres.

    Raises
    ------
    UsageError
        The work, a chainage or the stretch is none.
    """
    work_id, (start, end) = stretch_of(layers, work, since, until)
    made = record.dispute(Dispute("", work_id, start, end, day, by or login(), why.strip()))
    return _entered(folder, layers, made, by)


def settle(
    folder: Path, reference: str, outcome: str, *, by: str | None, document: str | None,
    day: dt.date,
) -> Listed:  # fmt: skip
    """Enter how a dispute ended.

    Parameters
    ----------
    outcome : {"counts", "does-not-count"}

    Raises
    ------
    UsageError
        The outcome is another.
    RecordError
        There is no such dispute.
    """
    if outcome not in REPORTS_COUNT:
        raise UsageError("OUTCOME_UNKNOWN", value=outcome, known=tuple(REPORTS_COUNT))
    code = communes.read(folder).commune.code
    path = folder / record.FILE_NAME
    _require(path, reference)
    with record.writing(path, code) as ledger:
        made = record.settlement(
            ledger.find(reference), REPORTS_COUNT[outcome],
            settled_on=day, settled_by=by or login(), document=document,
        )  # fmt: skip
        (done,) = ledger.append([made], by=by)
    return next(
        _listed(line) for line in record.history(path) if line.entry.hash == done.entry.hash
    )


def stretch_of(layers: Layers, work: str, since: str, until: str) -> tuple[str, tuple[int, int]]:
    """Return the id of a work and a stretch of it in centimetres.

    Parameters
    ----------
    work : str
        Its id or its name, however its letters are written.

    Raises
    ------
    UsageError
        The work is not known, or the stretch is none.
    """
    work_id = _work(layers, work)
    ends = [_chainage(value) for value in (since, until)]
    if ends[0] >= ends[1]:
        raise UsageError("STRETCH_EMPTY", since=since, until=until)
    return work_id, (ends[0], ends[1])


def _work(layers: Layers, said: str) -> str:
    """Return the id of the one work that a person means by its id, its name or a part of it."""
    used = layers["road_works"].used
    names = {
        str(key): _key(str(name or key))
        for key, name in zip(used["work_id"], used["name"], strict=True)
    }
    wanted = _key(said)
    for fits in (
        [key for key in names if _key(key) == wanted],
        [key for key, name in names.items() if name == wanted],
        [key for key, name in names.items() if wanted and wanted in name],
    ):
        if len(fits) == 1:
            return fits[0]
    known = tuple(
        f"{key} ({name})" for key, name in zip(used["work_id"], used["name"], strict=True)
    )
    raise UsageError("WORK_UNKNOWN", value=said, known=known[:12])


def login() -> str:
    """Return the name that this machine knows its user by, where nobody says who acts."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a machine that has no such name
        return record.device()


def _entered(folder: Path, layers: Layers, made: record.Draft, by: str | None) -> Listed:
    path = folder / record.FILE_NAME
    with record.writing(path, layers.commune.commune.code) as ledger:
        (done,) = ledger.append([made], by=by)
    return next(
        _listed(line) for line in record.history(path) if line.entry.hash == done.entry.hash
    )


def _require(path: Path, reference: str) -> None:
    """Refuse to make a record only to say that it is empty."""
    if not path.exists():
        raise RecordError("RECORD_ENTRY_NONE", value=reference)


def _key(name: str) -> str:
    return text.fold(text.clean(name)).casefold()


def _chainage(value: str) -> int:
    found = chainage.read(value)
    if found is None:
        metres = numbers.parse_number(value).value
        found = None if metres is None else chainage.centimetres(float(metres))
    if found is None or found < 0:
        raise UsageError("CHAINAGE_UNREADABLE", value=value)
    return found


def _listed(line: record.Line) -> Listed:
    entry = line.entry
    by = tuple(against.n for against in line.undone_by)
    stands = sentence("ENTRY_COUNTS", {})
    if by:
        stands = sentence("ENTRY_UNDONE", {"by": tuple(map(str, by))})
    elif line.same_as is not None:
        stands = sentence("ENTRY_SAME", {"n": str(line.same_as.n)})
    at = entry.entered_at
    return Listed(
        entry.n, entry.short, entry.device, record.kind_title(entry.kind), _said(line.value),
        None if at is None else at.astimezone(numbers.VIET_NAM_TIME).date(), entry.entered_by,
        stands, by, dict(entry.content), isinstance(line.value, Undo),
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
            return sentence("ENTRY_DECISION", {
                "subject": value.subject, "choice": value.choice, "by": value.decided_by,
                "on": value.decided_on, "why": value.why,
            })  # fmt: skip
        case _:
            return sentence("ENTRY_UNREAD", {})


def _stretch(since: int | None, until: int | None) -> str | None:
    ends: Sequence[str] = [chainage.written(cm) for cm in (since, until) if cm is not None]
    return " – ".join(ends) or None
