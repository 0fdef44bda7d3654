"""What has been undone: an entry counts unless an undo in force stands against what it says.

An undo of anything but an undo goes against all entries that say the same, so that a copy
entered on another machine does not come back when two records are joined. An undo of an undo
goes against that one alone: where two machines undid the same, both must be taken back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from ntm_gis.errors import RecordError
from ntm_gis.record.bodies import Settlement, Undo, Value, value_of
from ntm_gis.record.entries import SETTLEMENT, UNDO, Entry

Against = Mapping[str, tuple[Entry, ...]]


def undone(entries: Iterable[Entry], as_of: dt.date | None = None) -> Against:
    """Return the undos in force, by the digest of the entry they stand against.

    Parameters
    ----------
    entries : iterable of Entry
        In any order.
    as_of : date, optional
        Undos that take effect later are left out; none is where it is left out.
    """
    ordered = sorted(entries, key=lambda entry: entry.order)
    by_hash = {entry.hash: entry for entry in ordered}
    against_undo: dict[str, list[Entry]] = {}
    against_key: dict[str, list[Entry]] = {}
    # An undo is younger than its target: going back, each is settled before it is reached.
    for entry in reversed(ordered):
        if entry.kind != UNDO or entry.hash in against_undo:
            continue
        target = _target(entry, by_hash, as_of)
        if target is None:
            continue
        if target.kind == UNDO:
            against_undo.setdefault(target.hash, []).append(entry)
        elif target.key is not None:
            against_key.setdefault(target.key, []).append(entry)
    out = {}
    for entry in ordered:
        found = (
            against_undo.get(entry.hash) if entry.kind == UNDO else against_key.get(entry.key or "")
        )
        if found:
            out[entry.hash] = tuple(reversed(found))
    return out


def loose(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the undos and settlements that point at nothing older among the entries."""
    entries = tuple(entries)
    by_hash = {entry.hash: entry for entry in entries}
    return tuple(
        entry
        for entry in entries
        if (pointed := _points_at(entry)) is not None and not _older(by_hash, pointed, entry)
    )


def _target(entry: Entry, by_hash: Mapping[str, Entry], as_of: dt.date | None) -> Entry | None:
    undo = _read(entry)
    if not isinstance(undo, Undo) or (as_of is not None and undo.on > as_of):
        return None
    return _older(by_hash, undo.target, entry)


def _older(by_hash: Mapping[str, Entry], pointed: str, entry: Entry) -> Entry | None:
    target = by_hash.get(pointed)
    return target if target is not None and target.order < entry.order else None


def _points_at(entry: Entry) -> str | None:
    value = _read(entry) if entry.kind in (UNDO, SETTLEMENT) else None
    if isinstance(value, Undo):
        return value.target
    return value.dispute if isinstance(value, Settlement) else None


def _read(entry: Entry) -> Value | None:
    """Return what an entry says; None where it is not as its kind is (a finding of its own)."""
    try:
        return value_of(entry)
    except RecordError:
        return None
