"""The measures `merger.*`: a figure of each former commune, their sum, their common ratio."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ntm_gis.analyses import figures
from ntm_gis.analyses.catalogue import Named, named
from ntm_gis.analyses.merger.formers import Former, carriage, carried
from ntm_gis.analyses.merger.pieces import NOTHING, NOTHING_KNOWN, VILLAGES, Piece, Pieces
from ntm_gis.analyses.merger.rows import LAYER, Declared
from ntm_gis.analyses.words import in_sentence
from ntm_gis.layers.values import Layer, Layers
from ntm_gis.results import Contribution, Evidence, Measure, Note, Unit

if TYPE_CHECKING:
    from ntm_gis.rules.carrying import Figure

BY_PEOPLE = frozenset(("population",))
"""Figures that the share of the people divides exactly."""


@dataclass(frozen=True)
class Merged:
    """One figure with all that is known of it.

    Parameters
    ----------
    rows : dict of str to Declared
        What is declared, by id of the former commune.
    """

    layers: Layers
    formers: tuple[Former, ...]
    figure: Figure
    rows: dict[str, Declared]
    pieces: Pieces

    @property
    def inputs(self) -> tuple[Layer, ...]:
        """The layers that the figure comes from."""
        sources = {piece.source for piece in (*self._given.values(), *self._here.values())}
        return tuple(self.layers[name] for name in (LAYER, VILLAGES) if name in sources)

    def measures(self) -> tuple[Measure, ...]:
        """Return the figure of each former commune, and what they make together."""
        each = [self._of(former) for former in self.formers if self._says_anything(former)]
        whole = {"add": self._sum, "ratio": self._ratio}.get(self.figure.carry)
        return tuple(each) if whole is None else (*each, whole())

    def _says_anything(self, former: Former) -> bool:
        """Whether there is a figure of a former commune: "passed" alone is none."""
        row = self.rows.get(former.id)
        verdict = self.figure.carry == "none" and row is not None and row.value is None
        return former.id in self._given and not verdict

    @property
    def _given(self) -> dict[str, Piece]:
        return self.pieces.by_former

    def _named(self, pattern: str, former: Former | None = None) -> Named:
        params = {} if former is None else {"FORMER": former.segment, "former": former.name}
        found = named(
            pattern, former.id if former else None, FIGURE=self.figure.figure,
            figure=self.figure.title, small=in_sentence(self.figure.title), **params,
        )  # fmt: skip
        return replace(found, unit=self.figure.unit, more_is_better=self.figure.more_is_better)

    # --- One former commune -----------------------------------------------------------------------

    def _of(self, former: Former) -> Measure:
        name = self._named("merger.FIGURE.FORMER", former)
        row, piece = self.rows.get(former.id), self._given[former.id]
        if row is not None and (self.figure.carry == "none" or self._share_alone(row, piece)):
            return self._as_written(name, row)
        if piece.source == VILLAGES:
            piece += self.pieces.homeless.perhaps()
        notes = () if row is None else self._of_day([row])
        if self.figure.carry == "ratio":
            return self._shared(name, piece, notes)
        return self._added(name, piece, piece.low, piece.high, notes)

    def _share_alone(self, row: Declared, piece: Piece) -> bool:
        """Whether of a ratio the outcome alone is known, and is one that can be."""
        if self.figure.carry != "ratio" or piece.units[0].known or row.value is None:
            return False
        return row.value >= 0 and (self.figure.unit != "%" or row.value <= 100)

    def _as_written(self, name: Named, row: Declared) -> Measure:
        """Return a figure that stands as it was declared, and takes no part in any sum."""
        value = row.value
        features = tuple(
            Contribution(LAYER, key, value or 0.0, unknown=value is None) for key in row.ids[:1]
        )
        why = self.figure.why
        note = Note.of("MERGER_NOT_CARRIED_NOTE", why=why) if why else Note.of("MERGER_SHARE_ALONE")
        found = figures.summed(
            name, features, self.inputs, more=None, low=value if value is not None else 0.0,
            high=value, known=value is not None, method=figures.LIST,
            notes=(note, *self._of_day([row])),
        )  # fmt: skip
        return replace(found, numerator=None)

    # --- All of them ------------------------------------------------------------------------------

    def _sum(self) -> Measure:
        by_people = self.figure.figure in BY_PEOPLE
        formers = tuple(self._as_it_came(former) for former in self.formers)
        lineage = carriage(self.layers.commune, formers, by_people=by_people)
        amounts: dict[str, tuple[float, float | None]] = {}
        piece = NOTHING
        for former in formers:
            own = self._here.get(former.id)
            amounts[former.id] = (0.0, None) if own is None else (own.low, own.high)
            if own is not None:
                piece += _came(own, former, by_people=by_people)
        low, high = carried(lineage, amounts, self.layers.commune)
        stray = self._homeless()
        high = None if high is None or stray.high is None else high + stray.high
        name = self._named("merger.FIGURE.sum")
        return self._added(name, piece + stray, low + stray.low, high, self._notes())

    def _ratio(self) -> Measure:
        piece, percent = NOTHING, self.figure.unit == "%"
        for former in (self._as_it_came(former) for former in self.formers):
            own = self._here.get(former.id)
            if own is None:
                piece += Piece((), (NOTHING_KNOWN,))
            else:
                piece += own if former.whole else _corners(own, percent=percent)
        name = self._named("merger.FIGURE.ratio")
        return self._shared(name, piece + self._homeless(), self._notes())

    @property
    def _here(self) -> dict[str, Piece]:
        return self.pieces.here

    def _as_it_came(self, former: Former) -> Former:
        """Return a former commune as its figure is: of villages all that came is counted."""
        if self._here.get(former.id, NOTHING).source == VILLAGES:
            return replace(former, low=1.0, high=1.0)
        return former

    def _homeless(self) -> Piece:
        """Return the villages of no known former commune: certain where all are of villages."""
        homeless = self.pieces.homeless
        sources = [self._here.get(former.id, NOTHING).source for former in self.formers]
        certain = all(source == VILLAGES for source in sources)
        return homeless if certain else homeless.perhaps()

    # --- How they are put together ----------------------------------------------------------------

    def _added(
        self, name: Named, piece: Piece, low: float, high: float | None, notes: Sequence[Note]
    ) -> Measure:
        return figures.summed(
            name, piece.features, self.inputs, more=None, low=low, high=high,
            known=any(not part.unknown for part in piece.features), method=figures.LIST,
            notes=notes,
        )  # fmt: skip

    def _shared(self, name: Named, piece: Piece, notes: Sequence[Note]) -> Measure:
        if self.figure.unit == "%":
            return figures.shared(
                name, piece.features, piece.units, self.inputs, method=figures.LIST, notes=notes
            )
        return _rate(name, piece, self.inputs, notes)

    def _notes(self) -> tuple[Note, ...]:
        missing = tuple(f.name for f in self.formers if f.id not in self._here)
        in_part = tuple(f.name for f in self.formers if not self._as_it_came(f).whole)
        counted = tuple(
            f.name for f in self.formers if self._here.get(f.id, NOTHING).source == VILLAGES
        )
        out = []
        if missing:
            out.append(Note.of("MERGER_FORMER_WITHOUT", formers=missing))
        if in_part:
            out.append(Note.of("MERGER_IN_PART", formers=in_part))
        if counted and len(counted) < len(self._here):
            out.append(Note.of("MERGER_FROM_VILLAGES", formers=counted))
        rows = [row for key, row in self.rows.items() if self._here[key].source == LAYER]
        return (*out, *self._of_day(rows))

    def _of_day(self, rows: Iterable[Declared]) -> tuple[Note, ...]:
        days = sorted({row.as_of for row in rows if row.as_of is not None})
        if not days:
            return ()
        if len(days) == 1:
            return (Note.of("MERGER_DAY", on=days[0]),)
        return (Note.of("MERGER_DAYS_DIFFER", days=tuple(days)),)


def _came(piece: Piece, former: Former, *, by_people: bool) -> Piece:
    """Return what a former commune brought: of one that came in part, its share if that is known.

    The units are left: the bounds are carried.
    """
    if former.whole:
        return Piece(piece.features, (), piece.source)
    known = by_people and former.low == former.high
    features = tuple(
        replace(part, amount=part.amount * former.low)
        if known
        else replace(part, amount=0.0, unknown=True, weight=part.amount)
        for part in piece.features
    )
    return Piece(features, (), piece.source)


def _corners(piece: Piece, *, percent: bool) -> Piece:
    """Return the ratio of a former commune that came in part: any part of either number.

    The extremes are where all or none of what counts, and of the rest, came along.
    """
    units = []
    for unit in piece.units:
        if not unit.known:
            units.append(NOTHING_KNOWN)
            continue
        (part, whole), ends = unit.ways[0], (0.0, 1.0)
        ways = (
            (part * a, part * a + (whole - part) * b if percent else whole * b)
            for a, b in itertools.product(ends, ends)
        )
        units.append(Unit(tuple(sorted(set(ways)))))
    features = tuple(replace(one, amount=0.0, unknown=True) for one in piece.features)
    return Piece(features, tuple(units), piece.source)


def _rate(name: Named, piece: Piece, inputs: Sequence[Layer], notes: Sequence[Note]) -> Measure:
    """Return a ratio that is no share: income per head, ground per person."""
    least = math.fsum(min(n for n, _ in unit.ways) for unit in piece.units)
    most = math.fsum(max(n for n, _ in unit.ways) for unit in piece.units)
    fewest = math.fsum(min(d for _, d in unit.ways) for unit in piece.units)
    all_of = math.fsum(max(d for _, d in unit.ways) for unit in piece.units)
    low = 0.0 if math.isinf(all_of) or all_of == 0 else least / all_of
    high = None if math.isinf(most) or fewest == 0 else most / fewest
    known = [part for part in piece.features if not part.unknown]
    part = math.fsum(one.amount for one in known)
    whole = math.fsum(one.weight or 0.0 for one in known)
    evidence = Evidence(name.method, piece.features, figures.files(inputs))
    return Measure(
        name.id, name.title, name.unit, part / whole if whole > 0 else None, low, high, evidence,
        subject=name.subject,
        numerator=part if whole > 0 else None,
        denominator=whole if whole > 0 else None,
        method=figures.LIST,
        more_is_better=name.more_is_better,
        notes=tuple(notes),
    )  # fmt: skip
