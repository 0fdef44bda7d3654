"""What contradicts itself in a table of changes: doubles, shares, rounds, units that were gone."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ntm_gis.rules.changes import ROUNDED, Change, Unit

Kind = Literal["twice", "share", "over", "open", "round", "gone", "named"]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that cannot be so.

    Parameters
    ----------
    kind : str
        "twice": one old and one new unit stand in two rows of one day. "share": a share is not
        above 0 and at most 1. "over", "open": the shares of one old unit add up to more, or to
        less, than 1. "round": whole units go into one another in a round on one day. "gone": a
        unit changes that had gone whole into others before. "named": a code bears two names on
        one side of a day, or changes its name without a row that says so.
    rows : tuple of int
        Positions in the changes given, in order.
    total : float or None
        What the shares add up to.
    """

    kind: Kind
    rows: tuple[int, ...]
    total: float | None = None


def faults(changes: Sequence[Change]) -> tuple[Fault, ...]:
    """Return what contradicts itself, each once, by the first row it is about.

    Examples
    --------
    >>> from datetime import date
    >>> a, b, day = Unit("A", "A"), Unit("B", "B"), date(2025, 7, 1)
    >>> [fault.kind for fault in faults([Change(a, b, day), Change(b, a, day)])]
    ['round']
    >>> faults([Change(a, b, day, 0.5), Change(a, a, day, 0.5)])
    ()
    """
    found = [
        *_twice(changes), *_shares(changes), *_rounds(changes), *_gone(changes), *_named(changes),
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda fault: (fault.rows, fault.kind)))


def _grouped(keys: Iterable[Hashable]) -> dict[Hashable, list[int]]:
    out: dict[Hashable, list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        out[key].append(row)
    return out


def _twice(changes: Sequence[Change]) -> Iterator[Fault]:
    for rows in _grouped((c.on, c.old.code, c.new.code) for c in changes).values():
        if len(rows) > 1:
            yield Fault("twice", tuple(rows))


def _shares(changes: Sequence[Change]) -> Iterator[Fault]:
    for row, change in enumerate(changes):
        if change.share is not None and not 0 < change.share <= 1:
            yield Fault("share", (row,), change.share)
    for rows in _grouped((c.on, c.old.code) for c in changes).values():
        known = [share for row in rows if (share := changes[row].share) is not None]
        # Read by people: 0.1 + 0.2 is 0.3.
        total, slack = round(math.fsum(known), 9), ROUNDED * len(known) + 1e-9
        if len(rows) == 1:
            slack = 1e-9
        if total > 1 + slack or (len(known) < len(rows) and total >= 1):
            yield Fault("over", tuple(rows), total)
        elif len(known) == len(rows) and total < 1 - slack:
            yield Fault("open", tuple(rows), total)


def _rounds(changes: Sequence[Change]) -> Iterator[Fault]:
    """Yield rounds of units that go whole into one another; a unit that stays itself is none."""
    for rows in _grouped(c.on for c in changes).values():
        by_old = _grouped(changes[row].old for row in rows)
        onward = {
            changes[rows[at[0]]].old: rows[at[0]]
            for at in by_old.values()
            if len(at) == 1 and changes[rows[at[0]]].share in (None, 1.0)
        }
        done: set[Unit] = set()
        for start in onward:
            path: list[Unit] = []
            unit = start
            while unit in onward and unit not in done and unit not in path:
                path.append(unit)
                unit = changes[onward[unit]].new
            if unit in path and len(path) - path.index(unit) > 1:
                yield Fault("round", tuple(sorted(onward[u] for u in path[path.index(unit) :])))
            done.update(path)


def _gone(changes: Sequence[Change]) -> Iterator[Fault]:
    gone: set[str] = set()
    for rows in _by_day(changes):
        for row in rows:
            if changes[row].old.code in gone:
                yield Fault("gone", (row,))
        gone |= {changes[row].old.code for row in rows}
        gone -= {changes[row].new.code for row in rows}


def _named(changes: Sequence[Change]) -> Iterator[Fault]:
    sides = [[(c.on, c.old) for c in changes], [(c.on, c.new) for c in changes]]
    for side in sides:
        for rows in _grouped((on, unit.code) for on, unit in side).values():
            if len({side[row][1] for row in rows}) > 1:
                yield Fault("named", tuple(rows))
    called: dict[str, tuple[Unit, int]] = {}
    for rows in _by_day(changes):
        for row in rows:
            old = changes[row].old
            before = called.get(old.code)
            if before is not None and before[0] != old:
                yield Fault("named", (before[1], row) if before[1] < row else (row, before[1]))
        for row in rows:
            called[changes[row].new.code] = (changes[row].new, row)


def _by_day(changes: Sequence[Change]) -> list[list[int]]:
    """Return the rows of each day, the days in order."""
    days = _grouped(c.on for c in changes)
    return [days[day] for day in sorted({c.on for c in changes})]
