"""Stretches of road with the unknowns that decide whether and where they count."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Variable = tuple[str, int]  # ("class", road) or ("double", number)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Ground that roads cover, alike in all that matters.

    Parameters
    ----------
    length_km : float
        `math.inf` where a road by list has no declared length.
    roads : tuple of int
        Numbers of the roads drawn along it.
    goes : frozenset of int
        Suspected doubles of which it is the second drawing: if one is true, it is not counted.
    gains : tuple of (int, tuple of int)
        Suspected doubles of which it is the first drawing, with the roads of the second.
    perhaps : bool
        Nobody knows how much of it lies in the commune.
    """

    length_km: float
    roads: tuple[int, ...]
    goes: frozenset[int] = frozenset()
    gains: tuple[tuple[int, tuple[int, ...]], ...] = ()
    perhaps: bool = False


@dataclass(frozen=True)
class Network:
    """Stretches with the classes and surfaces of the roads.

    Parameters
    ----------
    ranks : sequence of int or None
        For each road its class: 0 the highest; None: not recorded.
    surfaces : sequence of str or None
    lowest : int
        Rank of the lowest class there is.
    """

    stretches: tuple[Stretch, ...]
    ranks: Sequence[int | None]
    surfaces: Sequence[str | None]
    lowest: int

    def variables(self, stretch: Stretch) -> frozenset[Variable]:
        """Return the unknowns that decide whether and where a stretch counts."""
        roads = (*stretch.roads, *(r for _, gained in stretch.gains for r in gained))
        doubles = (*stretch.goes, *(k for k, _ in stretch.gains))
        return frozenset(
            (*(("class", r) for r in roads if self.ranks[r] is None),
             *(("double", k) for k in doubles))
        )  # fmt: skip

    @cached_property
    def settled(self) -> dict[int, list[Stretch]]:
        """Stretches of known class and length that hang on no unknown but a surface, by rank."""
        out: dict[int, list[Stretch]] = defaultdict(list)
        for stretch in self.stretches:
            ranks = [r for r in (self.ranks[road] for road in stretch.roads) if r is not None]
            if math.isfinite(stretch.length_km) and not self.variables(stretch):
                out[min(ranks)].append(stretch)
        return dict(out)

    @cached_property
    def groups(self) -> tuple[tuple[tuple[Stretch, ...], tuple[Variable, ...]], ...]:
        """The other stretches as they hang together by their unknowns, with these."""
        parent: dict[Variable, Variable] = {}

        def root(v: Variable) -> Variable:
            while parent.setdefault(v, v) != v:
                v = parent[v]
            return v

        needs = [(s, sorted(self.variables(s))) for s in self.stretches]
        unsettled = [(s, n) for s, n in needs if n or math.isinf(s.length_km)]
        for _, need in unsettled:
            for other in need[1:]:
                parent[root(other)] = root(need[0])
        together: dict[Variable | int, list[int]] = defaultdict(list)
        for number, (_, need) in enumerate(unsettled):
            together[root(need[0]) if need else number].append(number)
        return tuple(
            (
                tuple(unsettled[n][0] for n in numbers),
                tuple(sorted({v for n in numbers for v in unsettled[n][1]})),
            )
            for numbers in together.values()
        )

    @cached_property
    def triangles(self) -> tuple[tuple[int, int, int], ...]:
        """Three doubles among three drawings side by side: if two of them are true, all are.

        They meet by two on a stretch of each drawing, and no road is in all three.
        """
        roads: dict[int, set[int]] = defaultdict(set)
        meeting: dict[int, set[int]] = defaultdict(set)
        for stretch in self.stretches:
            here = {*stretch.goes, *(k for k, _ in stretch.gains)}
            for k in here:
                roads[k].update(stretch.roads)
                meeting[k] |= here - {k}
        return tuple(
            (a, b, c)
            for a in sorted(meeting)
            for b in sorted(k for k in meeting[a] if k > a)
            for c in sorted(k for k in meeting[a] & meeting[b] if k > b)
            if not roads[a] & roads[b] & roads[c]
        )

    def surfaces_of(self, roads: Iterable[int], every: frozenset[str]) -> frozenset[str]:
        """Return the surfaces that ground drawn by some roads may have."""
        drawn = {self.surfaces[r] for r in roads}
        return every if None in drawn else frozenset(s for s in drawn if s)
