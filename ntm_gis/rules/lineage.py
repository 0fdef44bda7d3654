"""What became of units, and what they were made of: dated changes followed both ways.

All changes of one day happen at once, and what is not named among the old units of a day goes
on as it was.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from ntm_gis.rules.changes import Bounds, Change, Label, Part, Unit, shares


class Lineage:
    """Changes of units, in any order.

    The changes are taken to be sound (`lineage_faults.faults` says whether they are).

    Examples
    --------
    >>> day = dt.date(2025, 7, 1)
    >>> old, other, new = Unit("1", "Mường Khoa"), Unit("2", "Phúc Khoa"), Unit("1", "Mường Khoa")
    >>> merger = Lineage([Change(old, new, day), Change(other, new, day)])
    >>> [part.unit.name for part in merger.made_of("1", day)]
    ['Mường Khoa', 'Phúc Khoa']
    >>> merger.became("2", day)[0].unit.code, merger.became("2", dt.date(2025, 6, 30))[0].unit.code
    ('1', '2')
    """

    def __init__(self, changes: Iterable[Change] = ()) -> None:
        self.changes = tuple(sorted(changes, key=lambda c: (c.on, c.old, c.new)))

    @cached_property
    def days(self) -> tuple[dt.date, ...]:
        """Days on which something changed, in order."""
        return tuple(sorted(self._out))

    @cached_property
    def codes(self) -> frozenset[str]:
        """Codes of all units, old and new."""
        return frozenset(unit.code for c in self.changes for unit in (c.old, c.new))

    def unit(self, code: str, on: dt.date) -> Unit | None:
        """Return the unit that bears a code on a day; None: none that is known.

        Examples
        --------
        >>> day = dt.date(2025, 7, 1)
        >>> renamed = Lineage([Change(Unit("1", "Cũ"), Unit("1", "Mới"), day)])
        >>> renamed.unit("1", day).name, renamed.unit("1", dt.date(2025, 1, 1)).name
        ('Mới', 'Cũ')
        """
        return next((lab.unit for lab in self._by_code.get(code, ()) if lab.on(on)), None)

    def labels(self, code: str | None = None) -> tuple[Label, ...]:
        """Return all units of a code (or of all codes), with their days, oldest first."""
        if code is not None:
            return tuple(self._by_code.get(code, ()))
        return tuple(label for key in sorted(self._by_code) for label in self._by_code[key])

    def became(self, code: str, on: dt.date, *, since: dt.date | None = None) -> tuple[Part, ...]:
        """Return what a unit has become on a day.

        Parameters
        ----------
        code : str
            The code of the unit on the day `since`.
        since : date, optional
            A day on which the unit bore the code; left out: the first time anything does.

        Returns
        -------
        tuple of Part
            The units with the share of the old one that they have, largest first; empty where
            the code is not known. Known shares add up to 1.

        Examples
        --------
        >>> day, a = dt.date(2024, 1, 1), Unit("A", "A")
        >>> split = Lineage([Change(a, Unit("B", "B"), day, 0.25), Change(a, a, day, None)])
        >>> [(part.unit.code, part.share) for part in split.became("A", day)]
        [('A', 0.75), ('B', 0.25)]
        """
        start = self._start(code, since)
        if start is None:
            return ()
        unit, day = start
        parts: dict[str, tuple[Unit, float, float]] = {code: (unit, 1.0, 1.0)}
        for event in self.days:
            if (day is None or event > day) and event <= on:
                parts = self._after(event, parts)
        found = [Part(u, low, min(1.0, high)) for u, low, high in parts.values() if high > 0]
        return tuple(sorted(found, key=lambda part: (-part.high, -part.low, part.unit)))

    def made_of(self, code: str, on: dt.date, *, since: dt.date | None = None) -> tuple[Part, ...]:
        """Return what a unit was made of.

        Parameters
        ----------
        code : str
            The code of the unit on the day `on`.
        since : date, optional
            Day of the old units; left out: the day before the change that made the unit.

        Returns
        -------
        tuple of Part
            Old units with the share of each that is in the new one; the unit itself where
            nothing changed; empty where the code is not known.
        """
        unit = self.unit(code, on)
        if unit is None:
            return ()
        made = [day for day in self.days if day <= on and code in self._in[day]]
        if not made or (since is not None and since >= made[-1]):
            return (Part(unit),)
        before = made[-1] - dt.timedelta(days=1) if since is None else since
        sources = {code}
        for day in reversed([event for event in self.days if before < event <= on]):
            born = {c for c in sources if c in self._in[day]}
            sources = (sources - born) | {
                change.old.code for c in born for change in self._in[day][c]
            }
        found = []
        for source in sorted(sources):
            for part in self.became(source, on, since=before):
                old = self.unit(source, before)
                if part.unit.code == code and old is not None:
                    found.append(Part(old, part.low, part.high))
        return tuple(sorted(found, key=lambda part: part.unit))

    def carried(
        self, amounts: Mapping[str, float | Bounds], on: dt.date, *, since: dt.date | None = None
    ) -> dict[str, Bounds]:
        """Return amounts of old units as amounts of the units they have become.

        Parameters
        ----------
        amounts : mapping of str to float or (low, high)
            Code on the day `since` -> an amount that adds up, not negative.

        Returns
        -------
        dict of str to (low, high)
            Code on the day `on` -> least and greatest amount. Nothing is lost: where all shares
            are known, the sum is that of `amounts`; else it lies between the sums of the bounds.
            A unit of which nothing is known keeps its amount under its code.
        """
        out: dict[str, list[Bounds]] = defaultdict(list)
        for code, amount in amounts.items():
            low, high = amount if isinstance(amount, tuple) else (amount, amount)
            parts = self.became(code, on, since=since) or (Part(Unit(code, code)),)
            for part in parts:
                out[part.unit.code].append((part.low * low, part.high * high))
        return {
            code: (math.fsum(low for low, _ in found), math.fsum(high for _, high in found))
            for code, found in sorted(out.items())
        }

    @cached_property
    def _out(self) -> dict[dt.date, dict[str, list[Change]]]:
        """Day -> code of the old unit -> its changes."""
        out: dict[dt.date, dict[str, list[Change]]] = defaultdict(lambda: defaultdict(list))
        for change in self.changes:
            out[change.on][change.old.code].append(change)
        return {day: dict(by_code) for day, by_code in out.items()}

    @cached_property
    def _in(self) -> dict[dt.date, dict[str, list[Change]]]:
        """Day -> code of the new unit -> the changes into it."""
        out: dict[dt.date, dict[str, list[Change]]] = defaultdict(lambda: defaultdict(list))
        for change in self.changes:
            out[change.on][change.new.code].append(change)
        return {day: dict(by_code) for day, by_code in out.items()}

    @cached_property
    def _by_code(self) -> dict[str, list[Label]]:
        """Code -> what it was called, and when."""
        found: dict[str, list[Label]] = defaultdict(list)
        eve = dt.timedelta(days=1)
        for day in self.days:
            for code, changes in self._out[day].items():
                last = found[code][-1] if found[code] else None
                if last is None or last.until is not None:
                    found[code].append(Label(changes[0].old, None, day - eve))
                else:
                    found[code][-1] = Label(last.unit, last.since, day - eve)
            for code, changes in self._in[day].items():
                if found[code] and found[code][-1].until is None:
                    found[code][-1] = Label(found[code][-1].unit, found[code][-1].since, day - eve)
                found[code].append(Label(changes[0].new, day))
        return dict(found)

    def _start(self, code: str, since: dt.date | None) -> tuple[Unit, dt.date | None] | None:
        """Return the unit to begin with and the day it stands on; None: not known."""
        labels = self._by_code.get(code, ())
        if since is not None:
            return next(((lab.unit, since) for lab in labels if lab.on(since)), None)
        return (labels[0].unit, labels[0].since) if labels else None

    def _after(
        self, day: dt.date, parts: Mapping[str, tuple[Unit, float, float]]
    ) -> dict[str, tuple[Unit, float, float]]:
        """Return the parts after the changes of a day."""
        out: dict[str, list[tuple[Unit, float, float]]] = defaultdict(list)
        for code, (unit, low, high) in parts.items():
            changes = self._out[day].get(code)
            if changes is None:
                named = self._in[day].get(code)
                out[code].append((named[0].new if named else unit, low, high))
                continue
            for change, (least, most) in zip(changes, shares(changes), strict=True):
                out[change.new.code].append((change.new, low * least, high * most))
        return {
            code: (found[0][0], math.fsum(p[1] for p in found), math.fsum(p[2] for p in found))
            for code, found in out.items()
        }
