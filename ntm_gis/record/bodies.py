"""Kinds of entries: from the values of `layers.decisions` to bodies and back.

Every builder reads back what it wrote and refuses what does not come back the same, so that
nothing enters the record that a later run cannot read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ntm_gis.errors import RecordError
from ntm_gis.layers.decisions import Centreline, Claim, Decision, Dispute, Place, Survey
from ntm_gis.record import entries as kinds
from ntm_gis.record import fields
from ntm_gis.record.canonical import canonical
from ntm_gis.record.entries import Draft, Entry
from ntm_gis.record.fields import Reader, Unfit, written

COUNTS, DOES_NOT_COUNT = "counts", "does_not_count"

_CLAIM: dict[str, Reader] = {
    "report_id": fields.words, "work_id": fields.words, "from_cm": fields.whole,
    "to_cm": fields.whole, "stage": fields.words, "reported_on": fields.day,
    "reported_by": fields.words, "verified_by": fields.words, "minute_no": fields.words,
    "width_cm": fields.whole, "thickness_mm": fields.whole, "photo": fields.words,
}  # fmt: skip
_SURVEY: dict[str, Reader] = {
    "track_id": fields.words, "work_id": fields.words, "recorded_on": fields.day,
    "made_by": fields.words, "credited": fields.spans, "not_credited": fields.parts,
}  # fmt: skip
_DISPUTE: dict[str, Reader] = {
    "work_id": fields.words, "from_cm": fields.whole, "to_cm": fields.whole,
    "raised_on": fields.day, "raised_by": fields.words, "why": fields.words,
}  # fmt: skip
_SETTLEMENT: dict[str, Reader] = {
    "dispute": fields.sha256, "outcome": fields.words, "settled_on": fields.day,
    "settled_by": fields.words, "document": fields.words,
}  # fmt: skip
_UNDO: dict[str, Reader] = {
    "target": fields.sha256, "why": fields.words, "by": fields.words, "on": fields.day,
}  # fmt: skip
_CENTRELINE: dict[str, Reader] = {
    "digest": fields.words, "road_id": fields.words, "version": fields.whole,
    "zone": fields.words, "vertices_cm": fields.line,
}  # fmt: skip
_DECISION: dict[str, Reader] = {
    "subject": fields.words, "choice": fields.words, "decided_on": fields.day,
    "decided_by": fields.words, "why": fields.words, "document": fields.words,
    "details": fields.pairs,
}  # fmt: skip
_PLACE: dict[str, Reader] = {
    "file": fields.words, "sha256": fields.words, "table": fields.words, "row": fields.whole,
}  # fmt: skip
_UNSAID = dict.fromkeys(("work_id", "from_cm", "to_cm", "stage", "reported_on"))
_ACCEPTED = ("work_id", "from_cm", "to_cm", "reported_on", "verified_by")


@dataclass(frozen=True, slots=True)
class Undo:
    """A reversing entry: from `on` the target no longer counts."""

    entry: str
    target: str
    why: str
    by: str
    on: dt.date


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a dispute ended: the stretch counts, or does not."""

    entry: str
    dispute: str
    outcome: str
    settled_on: dt.date
    settled_by: str
    document: str | None = None


Value = Claim | Survey | Dispute | Settlement | Undo | Centreline | Decision


def report(claim: Claim, files: Sequence[str] = ()) -> Draft:
    """Make the entry of a report taken in; unknown parts of the claim stay unknown.

    Parameters
    ----------
    files : sequence of str
        Names in the store, as `Ledger.keep` returns them.
    """
    return _draft(kinds.REPORT, claim, files)


def acceptance(claim: Claim, files: Sequence[str] = ()) -> Draft:
    """Make the entry of an acceptance: stage accepted, with stretch, day and who verified it.

    Raises
    ------
    RecordError
        One of them is missing.
    """
    return _draft(kinds.ACCEPTANCE, replace(claim, stage="accepted"), files)


def survey(survey: Survey, files: Sequence[str] = ()) -> Draft:
    """Make the entry of a track taken in."""
    return _draft(kinds.SURVEY, survey, files)


def centreline(line: Centreline, files: Sequence[str] = ()) -> Draft:
    """Make the entry of a version of a road's centreline."""
    return _draft(kinds.CENTRELINE, line, files)


def dispute(dispute: Dispute, files: Sequence[str] = ()) -> Draft:
    """Make the entry of a dispute over a stretch; its outcome comes by `settlement`."""
    return _draft(kinds.DISPUTE, replace(dispute, outcome=None), files)


def decision(decision: Decision, files: Sequence[str] = ()) -> Draft:
    """Make the entry of a decision of the office."""
    return _draft(kinds.DECISION, decision, files)


def settlement(
    disputed: Entry,
    outcome: str,
    *,
    settled_on: dt.date,
    settled_by: str,
    document: str | None = None,
    files: Sequence[str] = (),
) -> Draft:
    """Make the entry that settles a dispute.

    Parameters
    ----------
    outcome : {"counts", "does_not_count"}

    Raises
    ------
    RecordError
        The entry is no dispute, or the outcome is another.
    """
    if disputed.kind != kinds.DISPUTE:
        title = kinds.kind_title(disputed.kind)
        raise RecordError("RECORD_NO_DISPUTE", n=str(disputed.n), kind=title, folder=kinds.FOLDER)
    value = Settlement("", disputed.hash, outcome, settled_on, settled_by, document)
    return _draft(kinds.SETTLEMENT, value, files)


def undo(target: Entry, *, why: str, by: str, on: dt.date) -> Draft:
    """Make the reversing entry of another; of an undo, it restores.

    Parameters
    ----------
    on : date
        From this day the target does not count; figures as of earlier days keep it.

    Raises
    ------
    RecordError
        No reason is given.
    """
    return _draft(kinds.UNDO, Undo("", target.hash, why, by, on), ())


def value_of(entry: Entry | Draft) -> Value | None:
    """Return what an entry says as a value; None where this version does not know its kind.

    Raises
    ------
    RecordError
        Its kind is known, but its body is not as that kind has it.
    """
    reader = _READERS.get(entry.kind)
    if reader is None:
        return None
    try:
        return reader(entry)
    except Unfit as cause:
        field, value = cause.args
        raise RecordError("RECORD_VALUE_UNFIT", field=field, value=value) from cause


def _draft(kind: str, value: Value, files: Sequence[str]) -> Draft:
    content = written(value, _CONTENT[kind])
    basis = written(value, _BASIS.get(kind, ()))
    place = getattr(value, "place", None)
    if place is not None:
        basis["place"] = written(place, _PLACE)
    draft = Draft(kind, content, basis, tuple(files))
    canonical({"content": content, "basis": basis})
    # Read as it will be read from the file: what cannot be read back must not get in.
    value_of(draft)
    return draft


def _claim(entry: Entry | Draft) -> Claim:
    given = fields.read(entry.content, _CLAIM, ("report_id",))
    return Claim(entry=_hash(entry), **{**_UNSAID, **given}, **_basis(entry))


def _acceptance(entry: Entry | Draft) -> Claim:
    given = fields.read(entry.content, _CLAIM, ("report_id", *_ACCEPTED))
    if given.get("stage") != "accepted":
        raise Unfit("stage", str(given.get("stage")))
    _require_stretch(given)
    return Claim(entry=_hash(entry), **given, **_basis(entry))


def _survey(entry: Entry | Draft) -> Survey:
    given = fields.read(entry.content, _SURVEY, ("track_id", "work_id"))
    given = {"recorded_on": None, "made_by": None, "credited": (), **given}
    return Survey(entry=_hash(entry), **given, **_basis(entry))


def _dispute(entry: Entry | Draft) -> Dispute:
    given = fields.read(entry.content, _DISPUTE, tuple(_DISPUTE))
    _require_stretch(given)
    return Dispute(entry=_hash(entry), **given)


def _settlement(entry: Entry | Draft) -> Settlement:
    needed = ("dispute", "outcome", "settled_on", "settled_by")
    given = fields.read(entry.content, _SETTLEMENT, needed)
    if given["outcome"] not in (COUNTS, DOES_NOT_COUNT):
        raise Unfit("outcome", given["outcome"])
    return Settlement(entry=_hash(entry), **given)


def _undo(entry: Entry | Draft) -> Undo:
    return Undo(entry=_hash(entry), **fields.read(entry.content, _UNDO, tuple(_UNDO)))


def _centreline(entry: Entry | Draft) -> Centreline:
    given = fields.read(entry.content, _CENTRELINE, tuple(_CENTRELINE))
    # The day and the file are no part of the line: drawn again the same, it is the same.
    on = fields.read(entry.basis, {"entered_on": fields.day}, ("entered_on",))
    return Centreline(**given, **on, place=_place(entry))


def _decision(entry: Entry | Draft) -> Decision:
    needed = ("subject", "choice", "decided_on", "decided_by", "why")
    return Decision(entry=_hash(entry), **fields.read(entry.content, _DECISION, needed))


def _require_stretch(given: Mapping[str, Any]) -> None:
    if given["from_cm"] >= given["to_cm"]:
        raise Unfit("from_cm", str(given["from_cm"]))


def _basis(entry: Entry | Draft) -> dict[str, Any]:
    return {**fields.read(entry.basis, {"centreline": fields.words}, ()), "place": _place(entry)}


def _place(entry: Entry | Draft) -> Place | None:
    found = entry.basis.get("place")
    return Place(**fields.read(found, _PLACE, ("file",))) if isinstance(found, Mapping) else None


def _hash(entry: Entry | Draft) -> str:
    return entry.hash if isinstance(entry, Entry) else ""


_CONTENT: dict[str, Mapping[str, Reader]] = {
    kinds.REPORT: _CLAIM, kinds.ACCEPTANCE: _CLAIM, kinds.SURVEY: _SURVEY,
    kinds.DISPUTE: _DISPUTE, kinds.SETTLEMENT: _SETTLEMENT, kinds.UNDO: _UNDO,
    kinds.CENTRELINE: _CENTRELINE, kinds.DECISION: _DECISION,
}  # fmt: skip
_BASIS = {
    kinds.REPORT: ("centreline",), kinds.ACCEPTANCE: ("centreline",),
    kinds.SURVEY: ("centreline",), kinds.CENTRELINE: ("entered_on",),
}  # fmt: skip
_READERS: dict[str, Callable[[Entry | Draft], Value]] = {
    kinds.REPORT: _claim, kinds.ACCEPTANCE: _acceptance, kinds.SURVEY: _survey,
    kinds.DISPUTE: _dispute, kinds.SETTLEMENT: _settlement, kinds.UNDO: _undo,
    kinds.CENTRELINE: _centreline, kinds.DECISION: _decision,
}  # fmt: skip
