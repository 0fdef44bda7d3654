"""What the record says on a day: its entries folded into one frozen `Decisions`."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from ntm_gis.errors import RecordError
from ntm_gis.layers.decisions import (
    NOTHING,
    THRESHOLD,
    Centreline,
    Claim,
    Decision,
    Decisions,
    Dispute,
    Survey,
)
from ntm_gis.record import chain, database, disk, sound, store, undoing
from ntm_gis.record.bodies import Settlement, Value, value_of
from ntm_gis.record.entries import DECISION, KINDS, Entry, kind_title
from ntm_gis.record.head import head
from ntm_gis.results import Finding

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as a list of the record shows it.

    Parameters
    ----------
    value : Claim, Survey, … or None
        What it says; None where this version cannot read it.
    undone_by : tuple of Entry
        The undos in force against it.
    same_as : Entry or None
        An older entry that says the same; this one adds nothing to it.
    broken : Break or None
        Where the proof fails at this entry; one that does not prove what it says never counts.
    """

    entry: Entry
    value: Value | None
    undone_by: tuple[Entry, ...] = ()
    same_as: Entry | None = None
    broken: chain.Break | None = None


def state(path: Path, as_of: dt.date | None = None, *, commune: str | None = None) -> Decisions:
    """Return what the record says on a day.

    Parameters
    ----------
    path : Path
        `record.sqlite`; where there is none, nothing was entered yet.
    as_of : date, optional
        Undos, disputes, settlements and decisions that take effect later are left out. Claims,
        surveys and centrelines of any date are handed over: what a later date means is for the
        analyses to say; so are thresholds confirmed later, for they say what the text was. All
        is where it is left out.
    commune : str, optional
        Code of the commune that it must be the record of.

    Returns
    -------
    Decisions
        Head and check code are those of the whole record. What is undone is left out; what
        several entries say alike is there once. An entry that does not bear the digest of what
        it says is left out, with a finding.

    Raises
    ------
    RecordError
        The file is no record, damaged, of a newer version or of another commune.
    """
    if not path.exists():
        if sound.is_gone(path):
            gone = Finding.of("RECORD_GONE", **disk.named(path))
            return replace(NOTHING, findings=(gone,))
        return NOTHING
    book = database.load(path, commune)
    broken = chain.breaks(book.entries, book.commune)
    unproved = {b.entry.hash for b in broken if b.unproved and b.entry}
    decided = fold(book.entries, as_of, without=unproved)
    here = head(book.entries, book.commune)
    return replace(
        decided,
        head=here.digest,
        check_code=here.code,
        findings=(
            *sound.of_chain(broken, path),
            *sound.of_guards(book, path),
            *sound.compare(book, path).findings,
            *sound.of_files(store.check(store.store_of(path), book.entries), book.entries),
            *decided.findings,
        ),
    )


def fold(
    entries: Iterable[Entry], as_of: dt.date | None = None, without: Collection[str] = ()
) -> Decisions:
    """Return what entries say on a day, in whatever order they are given; without a head.

    Parameters
    ----------
    without : collection of str
        Digests of entries that are not to count.
    """
    ordered = sorted((e for e in entries if e.hash not in without), key=lambda e: e.order)
    undone = undoing.undone(ordered, as_of)
    values, unread = _values([e for e in ordered if e.hash not in undone])
    claims = [v for v in values if isinstance(v, Claim)]
    surveys = [v for v in values if isinstance(v, Survey)]
    lines = [v for v in values if isinstance(v, Centreline)]
    return Decisions(
        claims=_once(claims, lambda claim: claim.content),
        surveys=_newest(surveys),
        disputes=_disputes(values, as_of),
        centrelines=_once(lines, lambda line: (line.road_id, line.digest)),
        decided=(
            *(
                v
                for v in values
                if isinstance(v, Decision) and not _is_law(v) and _by(v.decided_on, as_of)
            ),
            *_law(ordered, undone if as_of is None else undoing.undone(ordered)),
        ),
        findings=(*unread, *_loose(ordered)),
    )


def history(path: Path, as_of: dt.date | None = None) -> tuple[Line, ...]:
    """Return every entry of a record with what became of it, oldest first.

    Raises
    ------
    RecordError
        As `state`.
    """
    if not path.exists():
        return ()
    book = database.load(path)
    broken = {b.entry.hash: b for b in chain.breaks(book.entries, book.commune) if b.entry}
    entries = sorted(book.entries, key=lambda entry: entry.order)
    proved = [e for e in entries if e.hash not in broken or not broken[e.hash].unproved]
    undone = undoing.undone(proved, as_of)
    first: dict[str, Entry] = {}
    for entry in proved:
        first.setdefault(entry.key or entry.hash, entry)
    out = []
    for entry in entries:
        same = first.get(entry.key or entry.hash, entry)
        out.append(
            Line(
                entry,
                _value(entry),
                undone.get(entry.hash, ()),
                same if same is not entry else None,
                broken.get(entry.hash),
            )
        )
    return tuple(out)


def _value(entry: Entry) -> Value | None:
    try:
        return value_of(entry)
    except RecordError:
        return None


def _values(entries: Sequence[Entry]) -> tuple[list[Value], list[Finding]]:
    """Return what entries say, and a finding for each kind of which some were not understood."""
    values, unread = [], Counter[str]()
    for entry in entries:
        value = _value(entry)
        if value is None:
            unread[entry.kind] += 1
        else:
            values.append(value)
    findings = [
        Finding.of(
            "RECORD_ENTRY_UNREAD" if kind in KINDS else "RECORD_KIND_UNKNOWN",
            count=count,
            kind=kind_title(kind) if kind in KINDS else kind,
        )
        for kind, count in sorted(unread.items())
    ]
    return values, findings


def _newest(surveys: Sequence[Survey]) -> tuple[Survey, ...]:
    """Keep the newest reading of each track: the same file matched again replaces the first."""
    out: dict[object, Survey] = {}
    for survey in surveys:
        file = survey.place.sha256 if survey.place else None
        key = (survey.work_id, survey.track_id, file or survey.recorded_on)
        out.pop(key, None)
        out[key] = survey
    return tuple(out.values())


def _disputes(values: Sequence[Value], as_of: dt.date | None) -> tuple[Dispute, ...]:
    raised = [v for v in values if isinstance(v, Dispute) and _by(v.raised_on, as_of)]
    once = _once(raised, _matter)
    # Settled is the matter, whichever machine's entry of it was named.
    matter_of = {dispute.entry: _matter(dispute) for dispute in raised}
    settled = {
        matter_of[v.dispute]: v
        for v in values
        if isinstance(v, Settlement) and v.dispute in matter_of and _by(v.settled_on, as_of)
    }
    return tuple(_settled(dispute, settled.get(_matter(dispute))) for dispute in once)


def _matter(dispute: Dispute) -> Dispute:
    return replace(dispute, entry="")


def _once(values: Iterable[_T], key: Callable[[_T], Hashable]) -> tuple[_T, ...]:
    """Keep the first of those that say the same."""
    out: dict[Hashable, _T] = {}
    for value in values:
        out.setdefault(key(value), value)
    return tuple(out.values())


def _settled(dispute: Dispute, end: Settlement | None) -> Dispute:
    if end is None:
        return dispute
    return replace(
        dispute,
        outcome=end.outcome,
        settled_on=end.settled_on,
        settled_by=end.settled_by,
        document=end.document,
    )


def _loose(entries: Sequence[Entry]) -> list[Finding]:
    return [Finding.of("RECORD_ENTRY_LOOSE", n=str(e.n)) for e in undoing.loose(entries)]


def _is_law(decision: Decision) -> bool:
    return decision.subject.startswith(THRESHOLD)


def _law(entries: Sequence[Entry], undone: Collection[str]) -> tuple[Decision, ...]:
    """Return the thresholds confirmed, of any day, but those that were ever withdrawn."""
    values, _ = _values([e for e in entries if e.kind == DECISION and e.hash not in undone])
    return tuple(v for v in values if isinstance(v, Decision) and _is_law(v))


def _by(day: dt.date, as_of: dt.date | None) -> bool:
    return as_of is None or day <= as_of
