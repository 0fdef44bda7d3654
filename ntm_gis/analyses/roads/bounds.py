"""Lengths of roads with sharp bounds: classes, surfaces and doubles that are not known.

A stretch drawn along by several roads has the highest of their classes and, where their
surfaces differ, one of these. A road without class may be of any; one without surface may have
any. A suspected double is one road or two. Each of these unknowns is set once for all the
stretches that depend on it. Where the boundary is not known, any part of what is drawn may lie in
the commune, or none.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ntm_gis.analyses.roads.network import Network, Stretch, Variable
from ntm_gis.results import Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_MOST_WAYS = 2048
_HIGHER, _LOWER = -1, 1_000


@dataclass
class Tally:
    """What stretches put into a figure: known parts, unknown parts, and the ways of these.

    `known` holds (stretch, numerator, denominator), `unknown` (stretch, greatest numerator,
    greatest denominator); `low` and `high` bound the numerator; `informed`: something is known,
    if only that a stretch does not belong here; `sharp`: every way was gone through.
    """

    known: list[tuple[Stretch, float, float]] = field(default_factory=list)
    unknown: list[tuple[Stretch, float, float]] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    lows: list[float] = field(default_factory=list)
    highs: list[float] = field(default_factory=list)
    informed: bool = False
    sharp: bool = True

    @property
    def low(self) -> float:
        """The least numerator."""
        return math.fsum(self.lows)

    @property
    def high(self) -> float:
        """The greatest numerator; infinite where nothing bounds it."""
        return math.inf if math.inf in self.highs else math.fsum(self.highs)


Outcome = tuple[float, float, float]  # least and greatest numerator, denominator


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the stretches.

    Parameters
    ----------
    rank : int or None
        The class asked about; None: all.
    good : frozenset of str
        Surfaces that count for the numerator.
    surfaces : frozenset of str
        All surfaces there are.
    part : bool
        A share is wanted: a stretch is known if numerator and denominator are. Otherwise the
        numerator alone matters.
    """

    rank: int | None
    good: frozenset[str]
    surfaces: frozenset[str]
    part: bool = False


def tally(network: Network, asked: Asked) -> Tally:
    """Add up the stretches of a class and of it those with a good surface."""
    settled = network.settled.values()
    out = Tally(informed=any(not s.perhaps for stretches in settled for s in stretches))
    rank = asked.rank

    def outcome(stretch: Stretch, setting: dict[Variable, int]) -> Outcome:
        return _outcome(network, stretch, setting, asked)

    for of_class, stretches in network.settled.items():
        if rank is None or rank == of_class:
            for stretch in stretches:
                _add(out, (stretch,), ({},), outcome, part=asked.part)
    for group, variables in network.groups:
        settings = list(_settings(network, variables, rank))
        if settings:
            _add(out, group, settings, outcome, part=asked.part)
            continue
        for stretch in group:  # too many ways together: each stretch by itself
            own = list(_settings(network, sorted(network.variables(stretch)), rank))
            out.sharp = False
            if own:
                _add(out, (stretch,), own, outcome, part=asked.part)
            else:
                _add_any(out, stretch)
    return out


def _settings(
    network: Network, variables: Iterable[Variable], rank: int | None
) -> Iterator[dict[Variable, int]]:
    """Yield every way the unknowns can turn out; none where there are too many.

    Of three drawings side by side, the first and the second cannot both be the third without
    being one road themselves.
    """
    wanted = [v for v in variables if v[0] == "double" or rank is not None]
    choices = []
    for kind, _ in wanted:
        if kind == "double":
            choices.append((0, 1))
        else:
            higher = (_HIGHER,) if rank else ()
            lower = (_LOWER,) if rank is not None and rank < network.lowest else ()
            choices.append((*higher, rank or 0, *lower))
    if math.prod(len(c) for c in choices) > _MOST_WAYS:
        return
    doubles = {number for kind, number in wanted if kind == "double"}
    triangles = [
        [("double", k) for k in three] for three in network.triangles if doubles.issuperset(three)
    ]
    for values in itertools.product(*choices):
        setting = dict(zip(wanted, values, strict=True))
        if all(sum(setting[double] for double in three) != 2 for three in triangles):
            yield setting


def _outcome(
    network: Network, stretch: Stretch, setting: dict[Variable, int], asked: Asked
) -> Outcome:
    rank = asked.rank
    if any(setting["double", k] for k in stretch.goes):
        return 0.0, 0.0, 0.0
    roads = list(stretch.roads)
    for k, gained in stretch.gains:
        if setting["double", k]:
            roads += gained
    if rank is not None:
        classes = (network.ranks[r] for r in roads)
        if rank != min(
            setting["class", r] if c is None else c for r, c in zip(roads, classes, strict=True)
        ):
            return 0.0, 0.0, 0.0
    may = network.surfaces_of(roads, asked.surfaces)
    length = stretch.length_km
    return (
        length if may <= asked.good else 0.0,
        length if may & asked.good else 0.0,
        length,
    )


def _add(
    out: Tally,
    stretches: Sequence[Stretch],
    settings: Sequence[dict[Variable, int]],
    outcome: Callable[[Stretch, dict[Variable, int]], Outcome],
    *,
    part: bool,
) -> None:
    open_ones: list[tuple[list[Outcome], bool]] = []
    for stretch in stretches:
        ways = [outcome(stretch, setting) for setting in settings]
        first = ways[0]
        same = all(way[:2] == first[:2] and (not part or way == first) for way in ways)
        if same and first[0] == first[1] and math.isfinite(first[2]) and not stretch.perhaps:
            out.informed = True
            if first[2] > 0 and (part or first[0] > 0):
                out.known.append((stretch, first[0], first[2]))
                out.lows.append(first[0])
                out.highs.append(first[0])
                out.units.append(Unit(((first[0], first[2]),)))
            continue
        greatest = max(way[1] for way in ways), max(way[2] for way in ways)
        if greatest[0] > 0 or (part and greatest[1] > 0):
            out.unknown.append((stretch, *greatest))
            open_ones.append((ways, stretch.perhaps))
    if not open_ones:
        return
    # By way of the unknowns, what surely lies in the commune and what perhaps does.
    sure, loose = (
        [[ways[k] for ways, perhaps in open_ones if perhaps is kind] for k in range(len(settings))]
        for kind in (False, True)
    )
    totals = [(_summed(a), _summed(b)) for a, b in zip(sure, loose, strict=True)]
    out.units.append(Unit(tuple(dict.fromkeys(way for pair in totals for way in _ways(*pair)))))
    # A length that nobody recorded may be as good as nothing.
    out.lows.append(min(math.fsum(x for x, _, _ in a if math.isfinite(x)) for a in sure))
    out.highs.append(max(firm[1] + free[1] for firm, free in totals))


def _summed(outcomes: Sequence[Outcome]) -> Outcome:
    low, high, length = (
        math.inf if math.inf in x else math.fsum(x)
        for x in (zip(*outcomes, strict=True) if outcomes else ((), (), ()))
    )
    return low, high, length


def _ways(firm: Outcome, free: Outcome) -> Iterator[tuple[float, float]]:
    """Yield the ways of some stretches together: numerator and denominator.

    Of what perhaps lies in the commune only the good part, only the rest, all or nothing may.
    """
    for firm_good, free_good in ((firm[0], free[0]), (firm[1], free[1])):
        for good in dict.fromkeys((0.0, free_good)):
            for rest in dict.fromkeys((0.0, free[2] - free_good)):
                yield firm_good + good, firm[2] + good + rest


def _add_any(out: Tally, stretch: Stretch) -> None:
    """Add a stretch of which nothing can be said but its length."""
    length = stretch.length_km
    out.unknown.append((stretch, length, length))
    out.units.append(Unit(((0.0, 0.0), (0.0, length), (length, length))))
    out.lows.append(0.0)
    out.highs.append(length)
