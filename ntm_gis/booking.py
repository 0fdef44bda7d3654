"""The record of road works by hand: what is in it, undo, disputes and how they end."""

from __future__ import annotations

import datetime as dt
import getpass
from pathlib import Path

from ntm_gis import numbers, record, text
from ntm_gis.analyses.chainage import axis as chainage
from ntm_gis.analyses.progress.works import works_of
from ntm_gis.booked import Listed, entry, listed, own_day
from ntm_gis.errors import RecordError, UsageError
from ntm_gis.layers.decisions import Dispute
from ntm_gis.layers.values import Layers
from ntm_gis.record import Settlement
from ntm_gis.results import Words, sentence
from ntm_gis.rules import commune as communes
from ntm_gis.text import typed

__all__ = [
    "Listed", "dispute", "in_force", "listed", "login", "settle", "stretch_of", "undo",
]  # fmt: skip

OUTCOMES = {
    "được tính": "counts", "không được tính": "does_not_count",
    "counts": "counts", "does-not-count": "does_not_count", "không tính": "does_not_count",
}  # fmt: skip
"""How a dispute may end, as it is typed, and as the record holds it."""


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
        There is no such entry, or it is undone already.
    UsageError
        No reason is given.
    """
    why = _reason(why)
    code = communes.read(folder).commune.code
    path = folder / record.FILE_NAME
    _require(path, reference)
    with record.writing(path, code) as ledger:
        target = ledger.find(reference)
        made = record.undo(target, why=why, by=by or login(), on=day)
        (done,) = ledger.append([made], by=by)
    return entry(folder, target.hash), entry(folder, done.entry.hash)


def in_force(folder: Path, meant: Listed, on: dt.date) -> Words:
    """Say from which day an undo takes effect, and which figures change by it."""
    as_of = communes.read(folder).commune.as_of
    lines = record.history(folder / record.FILE_NAME)
    own = next(own_day(line) for line in lines if line.entry.short == meant.reference)
    said = {"on": on, "as_of": as_of, "own": own}
    if on > as_of:
        return sentence("UNDO_LATER", said)
    if own is not None and on <= own:
        return sentence("UNDO_BEFORE_ENTRY", said)
    return sentence("UNDO_FROM", said)


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
        The work, a chainage or the stretch is none, it is beyond the work, or no reason is given.
    """
    why = _reason(why)
    work_id, (start, end) = stretch_of(layers, work, since, until)
    _require_inside(layers, work_id, start, end)
    made = record.dispute(Dispute("", work_id, start, end, day, by or login(), why))
    return _entered(folder, layers, made, by)


def settle(
    folder: Path, reference: str, outcome: str, *, by: str | None, document: str | None,
    day: dt.date,
) -> Listed:  # fmt: skip
    """Enter how a dispute ended.

    Parameters
    ----------
    outcome : {"counts", "does-not-count", "được tính", "không được tính"}
        However its letters are written.

    Raises
    ------
    UsageError
        The outcome is another, or the dispute is settled already.
    RecordError
        There is no such dispute.
    """
    ends = {_key(typed): end for typed, end in OUTCOMES.items()}
    if _key(outcome) not in ends:
        raise UsageError("OUTCOME_UNKNOWN", value=outcome, known=tuple(OUTCOMES)[:4])
    code = communes.read(folder).commune.code
    path = folder / record.FILE_NAME
    _require(path, reference)
    with record.writing(path, code) as ledger:
        disputed = ledger.find(reference)
        if disputed.kind != "dispute":
            kind = record.kind_title(disputed.kind)
            said = {"n": str(disputed.n), "kind": kind, "folder": typed(folder)}
            raise RecordError("RECORD_NO_DISPUTE", **said)
        _require_open(folder, disputed)
        made = record.settlement(
            disputed, ends[_key(outcome)],
            settled_on=day, settled_by=by or login(), document=document,
        )  # fmt: skip
        (done,) = ledger.append([made], by=by)
    return entry(folder, done.entry.hash)


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
    return entry(folder, done.entry.hash)


def _require_inside(layers: Layers, work_id: str, start: int, end: int) -> None:
    """Refuse a stretch that reaches beyond its work, as far as is known where that ends."""
    work = next(work for work in works_of(layers) if work.id == work_id)
    if work.is_beyond((start, end)):
        ends = (work.start_cm, work.end_cm)
        span = " – ".join("?" if cm is None else chainage.written(cm) for cm in ends)
        where = f"{chainage.written(start)} – {chainage.written(end)}"
        raise UsageError("SHEET_BEYOND_WORK", where=where, work=work_id, span=span)


def _require_open(folder: Path, disputed: record.Entry) -> None:
    """Refuse to settle what is settled: what ended it has to be undone first."""
    lines = record.history(folder / record.FILE_NAME)
    same = {line.entry.hash for line in lines if line.entry.key == disputed.key}
    ends = [
        line.entry
        for line in lines
        if isinstance(line.value, Settlement) and line.value.dispute in same and not line.undone_by
    ]
    if ends:
        by = tuple(str(end.n) for end in ends)
        raise UsageError("DISPUTE_SETTLED_ALREADY", n=str(disputed.n), by=by, folder=typed(folder))


def _reason(why: str) -> str:
    if not why.strip():
        raise UsageError("REASON_MISSING")
    return why.strip()


def _require(path: Path, reference: str) -> None:
    """Refuse to make a record only to say that it is empty."""
    if not path.exists():
        raise RecordError("RECORD_ENTRY_NONE", value=reference, folder=typed(path.parent))


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
