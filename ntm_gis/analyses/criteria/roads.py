"""Roads as criteria ask for them: a good surface that is also passable all year, clean lanes.

The same ground and the same unknowns as `roads.*`; a stretch counts where every condition holds,
and is unknown where one is and none fails.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ntm_gis.analyses.columns import texts, truths
from ntm_gis.analyses.criteria.survey import Open
from ntm_gis.analyses.roads.bounds import Asked, tally
from ntm_gis.analyses.roads.network import Network, Stretch
from ntm_gis.analyses.roads.survey import LAYER, Roads, survey
from ntm_gis.results import Contribution, Share, Unit, share
from ntm_gis.rules.schema import code_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ntm_gis.layers.values import Layers

_YES, _NO = "yes", "no"
_STATES = frozenset((_YES, _NO))


@dataclass(frozen=True, slots=True)
class Formula:
    """Of roads of a class: the flag of the surfaces that count (None: any), further conditions."""

    road_class: str
    flag: str | None
    fields: tuple[str, ...]


FORMULAS = {
    "F2.1": Formula("commune", "paved", ("passable_all_year",)),
    "F2.2": Formula("village", "hardened", ("passable_all_year",)),
    "F2.3": Formula("lane", None, ("clean", "passable_all_year")),
    "F2.4": Formula("field", None, ("passable_all_year",)),
}
"""By the ids that criteria sets name them with."""


@dataclass(frozen=True)
class RoadShare:
    """A share of roads with its evidence, and what a survey could settle."""

    share: Share
    features: tuple[Contribution, ...]
    open: tuple[Open, ...]
    sharp: bool
    listed: bool


def road_shares(layers: Layers, wanted: Sequence[str]) -> dict[str, RoadShare]:
    """Return the formulas asked for; none where there are no roads."""
    formulas = [name for name in wanted if name in FORMULAS]
    if not formulas or layers[LAYER].used.empty:
        return {}
    roads = survey(layers)
    return {name: _share(roads, FORMULAS[name]) for name in formulas}


def states(roads: Roads, formula: Formula) -> list[str | None]:
    """Return for each road whether every condition holds; None: not known."""
    frame = roads.layer.used
    columns: list[list[bool | None]] = [truths(frame, name) for name in formula.fields]
    if formula.flag is not None:
        good = code_list("surface").flagged(formula.flag)
        surfaces = texts(frame, "surface")
        columns.append([None if s is None else s in good for s in surfaces])
    return [_all_of(values) for values in zip(*columns, strict=True)]


def _all_of(values: Sequence[bool | None]) -> str | None:
    if False in values:
        return _NO
    return None if None in values else _YES


def _share(roads: Roads, formula: Formula) -> RoadShare:
    found = states(roads, formula)
    network = replace(roads.network, surfaces=found)
    rank = code_list("road_class").keys.index(formula.road_class)
    asked = Asked(rank, frozenset((_YES,)), _STATES, part=True)
    whole = tally(network, asked)
    known: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for stretch, amount, weight in whole.known:
        known[roads.owner(stretch)].append((amount, weight))
    features = [
        Contribution(LAYER, roads.ids[r], math.fsum(n for n, _ in parts),
                     weight=math.fsum(d for _, d in parts))
        for r, parts in sorted(known.items())
    ]  # fmt: skip
    most: dict[int, list[float]] = defaultdict(list)
    for stretch, _, weight in whole.unknown:
        most[roads.owner(stretch)].append(weight)
    features += [
        Contribution(LAYER, roads.ids[r], 0.0, unknown=True,
                     weight=None if math.inf in parts else math.fsum(parts))
        for r, parts in sorted(most.items())
    ]  # fmt: skip
    open_ones = _open(roads, network, asked, found)
    listed = any(roads.lines[r] is None for r in (*known, *most))
    return RoadShare(share(whole.units), tuple(features), open_ones, whole.sharp, listed)


def _open(
    roads: Roads, network: Network, asked: Asked, found: Sequence[str | None]
) -> tuple[Open, ...]:
    """Return what a survey could settle: roads of unknown state, and groups that hang together."""
    simple: dict[tuple[int, ...], list[float]] = defaultdict(list)
    for stretch in network.settled.get(asked.rank or 0, ()):
        drawn = {found[r] for r in stretch.roads}
        if None in drawn or len(drawn) > 1:
            simple[_unclear(stretch, found)].append(stretch.length_km)
    out = [
        _opened(roads, which, Unit(((0.0, km), (km, km))))
        for which, km in ((w, math.fsum(parts)) for w, parts in sorted(simple.items()))
    ]
    for group, _ in network.groups:
        alone = Network(group, network.ranks, network.surfaces, network.lowest)
        part = tally(alone, asked)
        which = tuple(sorted({r for s, _, _ in part.unknown for r in _unclear(s, found)}))
        out += [_opened(roads, which, unit) for unit in part.units if not unit.known]
    return tuple(out)


def _unclear(stretch: Stretch, found: Sequence[str | None]) -> tuple[int, ...]:
    """Return the roads of a stretch to look at: those of unknown state, else all."""
    roads = tuple(sorted(stretch.roads))
    return tuple(r for r in roads if found[r] is None) or roads


def _opened(roads: Roads, which: Sequence[int], unit: Unit) -> Open:
    lengths = [d for _, d in unit.ways if math.isfinite(d)]
    names = tuple(sorted(roads.ids[r] for r in which))
    return Open(LAYER, names, unit.ways, max(lengths, default=0.0), "km")
