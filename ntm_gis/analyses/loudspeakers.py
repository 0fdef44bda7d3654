"""Loudspeakers: villages with a working cluster, households within hearing of one."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses import figures
from ntm_gis.analyses.catalogue import named
from ntm_gis.analyses.columns import Floats, Ints, Shapes, amounts, ids, shapes, texts
from ntm_gis.analyses.discs import most_within
from ntm_gis.analyses.having import evidence, having, per_cent, things
from ntm_gis.analyses.places import drawn
from ntm_gis.analyses.villages import VILLAGES
from ntm_gis.layers.values import Answer, Layer, Layers
from ntm_gis.results import Contribution, Measure, Note, Unit
from ntm_gis.rules.schema import schema

if TYPE_CHECKING:
    from ntm_gis.analyses.affects import Reads
    from ntm_gis.analyses.question import Question

READS: Reads = {
    "loudspeakers.villages_share": {
        "villages": (),
        "loudspeakers": ("village_id", "status"),
    },
    "loudspeakers.households_share": {
        "villages": ("households", "geometry"),
        "buildings": ("households", "village_id", "geometry"),
        "loudspeakers": ("status", "radius_m", "geometry"),
    },
}

LAYER, BUILDINGS = "loudspeakers", "buildings"

IN, OUT, MAYBE = 1, 0, -1


def farthest_m() -> float:
    """Return how far any loudspeaker reaches, in metres: the most its layer takes for a radius.

    Examples
    --------
    >>> farthest_m()
    5000.0
    """
    reach = schema(LAYER).field("radius_m").range
    return math.inf if reach is None else reach[1]


def answer(question: Question) -> Answer:
    """Return the measures `loudspeakers.*` and the frame `loudspeakers`."""
    layers = question.layers
    clusters = layers[LAYER]
    words = {"working": "ok", "broken": "broken"}
    statuses = texts(clusters.used, "status")
    frame = drawn(
        clusters,
        state=[words.get(status or "", "unknown") for status in statuses],
        radius_m=amounts(clusters.used, "radius_m"),
    )
    measures = _villages(layers), _households(layers)
    return Answer(measures, (), {"loudspeakers": frame})


def which_work(clusters: Layer) -> list[bool | None]:
    """Return for each cluster whether it works; None: not known."""
    words = {"working": True, None: None}
    return [words.get(status, False) for status in texts(clusters.used, "status")]


def _villages(layers: Layers) -> Measure:
    name = named("loudspeakers.villages_share")
    missing = figures.without_rows(layers, VILLAGES, LAYER)
    if missing:
        return figures.not_given(name, layers, *missing, inputs=(VILLAGES, LAYER))
    villages, clusters = layers[VILLAGES], layers[LAYER]
    every = ids(villages)
    found = having(every, things(clusters, villages, which_work(clusters)))
    return figures.shared_within(
        name,
        evidence(every, found, LAYER),
        found.known,
        per_cent((found.low, found.high), len(every)),
        (villages, clusters),
        method=figures.LIST,
    )


# --- Households ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Homes:
    """Where households live: dwellings, and villages of which no dwelling is mapped.

    Parameters
    ----------
    points : object array, (n,)
        None where nobody knows the place.
    households : float array, (n,)
        NaN where not recorded.
    rest : dict of str to float
        By village, the households it has beyond those recorded at its dwellings: the most that
        its homes without a number can have. Villages of which that is not known are not in it,
        nor are those with more households at their dwellings than their list has: one of the
        two numbers is wrong, so neither is an upper end.
    """

    layers: list[str]
    ids: list[str]
    points: Shapes
    households: Floats
    villages: list[str | None]
    rest: dict[str | None, float]


def _households(layers: Layers) -> Measure:
    name = named("loudspeakers.households_share")
    missing = list(figures.without_rows(layers, LAYER))
    if figures.without_rows(layers, BUILDINGS) and figures.without_rows(layers, VILLAGES):
        missing.append(VILLAGES)
    if missing:
        return figures.not_given(name, layers, *missing, inputs=(LAYER, BUILDINGS, VILLAGES))
    homes = homes_of(layers)
    heard = hearing(homes.points, layers[LAYER])
    unplaced = _anywhere(homes, heard, layers[LAYER])
    features = [*unplaced.features, *_open_clusters(layers[LAYER])]
    units = list(unplaced.units)
    for layer, id_, count, within in zip(
        homes.layers, homes.ids, homes.households.tolist(), heard.tolist(), strict=True
    ):
        if math.isnan(count):
            features.append(Contribution(layer, id_, 0.0, unknown=True))
        elif within == MAYBE:
            features.append(Contribution(layer, id_, 0.0, unknown=True, weight=count))
        else:
            features.append(Contribution(layer, id_, count * within, weight=count))
            units.append(Unit(((count * within, count),)))
    units += _open_units(homes, heard, anywhere=bool(unplaced.features))
    inputs = (layers[LAYER], layers[BUILDINGS], layers[VILLAGES])
    notes = () if unplaced.sharp else (Note.of("BOUNDS_NOT_SHARP"),)
    return figures.shared(name, features, units, inputs, notes=notes)


def homes_of(layers: Layers) -> Homes:
    """Return the dwellings, and the villages without any."""
    buildings, villages = layers[BUILDINGS], layers[VILLAGES]
    of_village = texts(buildings.used, "village_id")
    counts = amounts(buildings.used, "households")
    with_dwelling = {v for v in of_village if v}
    alone = [v not in with_dwelling for v in ids(villages)]
    totals = dict(zip(ids(villages), amounts(villages.used, "households").tolist(), strict=True))
    recorded: dict[str | None, float] = defaultdict(float)
    for village, count in zip(of_village, counts.tolist(), strict=True):
        recorded[village] += 0.0 if math.isnan(count) else count
    rest: dict[str | None, float] = {
        village: totals[village] - known
        for village, known in recorded.items()
        if village in totals and totals[village] >= known
    }
    village_ids = [v for v, a in zip(ids(villages), alone, strict=True) if a]
    return Homes(
        [BUILDINGS] * len(of_village) + [VILLAGES] * len(village_ids),
        [*ids(buildings), *village_ids],
        np.concatenate([_points(shapes(buildings.used)), _points(shapes(villages.used)[alone])]),
        np.concatenate([counts, amounts(villages.used, "households")[alone]]),
        [*of_village, *village_ids],
        rest,
    )


def _points(geometries: Shapes) -> Shapes:
    out = np.empty(len(geometries), dtype=object)
    out[:] = shapely.point_on_surface(geometries)
    return out


def hearing(points: Shapes, clusters: Layer) -> Ints:
    """Return for each point whether it is within the radius of a working cluster.

    Returns
    -------
    int array, (n,)
        `IN`, `OUT`, or `MAYBE`: the place of the point, the radius of the cluster, or whether
        it works, is not known. A cluster whose radius is not recorded may reach as far as
        `farthest_m`. Clusters without a place are left out here.
    """
    out = np.full(len(points), OUT)
    places, radii = shapes(clusters.used), amounts(clusters.used, "radius_m")
    for place, radius, working in zip(places, radii, which_work(clusters), strict=True):
        if working is False or place is None:
            continue
        known = not math.isnan(radius)
        within = shapely.distance(points, place) <= (radius if known else farthest_m())
        out[within & (out == OUT)] = MAYBE
        if working and known:
            out[within] = IN
    if any(w is not False for w in which_work(clusters)):
        out[shapely.is_missing(points)] = MAYBE
    return out


@dataclass(frozen=True)
class Anywhere:
    """What clusters may add whose place nobody recorded.

    Parameters
    ----------
    features : tuple of Contribution
        The clusters, each with the most it may add.
    units : tuple of Unit
        What they add together: nothing, or at most so many households.
    sharp : bool
        That most is one that can be.
    """

    features: tuple[Contribution, ...]
    units: tuple[Unit, ...]
    sharp: bool


def _anywhere(homes: Homes, heard: Ints, clusters: Layer) -> Anywhere:
    """Return what clusters without a place may add: what a circle can hold wherever it is.

    It is the cluster that is not known, not any one of the homes: these count as not reached,
    are in the denominator already, and the cluster adds to the numerator alone. One circle holds
    what it can, and one that holds all leaves nothing to others; what two hold, wherever they
    are, may be less than twice what one does, and homes without a number may lie apart from
    those that the circle holds.
    """
    numbered = ~np.isnan(homes.households)
    out_of_reach = np.flatnonzero((heard == OUT) & numbered)
    points, weights = homes.points[out_of_reach], homes.households[out_of_reach]
    every = float(weights.sum())
    features, most = [], list[float]()
    columns = shapes(clusters.used), amounts(clusters.used, "radius_m").tolist()
    for id_, place, radius, working in zip(
        ids(clusters), *columns, which_work(clusters), strict=True
    ):
        if working is not False and place is None:
            reach = farthest_m() if math.isnan(radius) else radius
            most.append(every if math.isinf(reach) else most_within(points, weights, reach))
            features.append(Contribution(LAYER, id_, 0.0, unknown=True, weight=most[-1]))
    added = min(math.fsum(most), every)
    units = (Unit(((0.0, 0.0), (added, 0.0))),) if added else ()
    sharp = not most or (numbered.all() and (len(most) == 1 or max(most) >= every))
    return Anywhere(tuple(features), units, bool(sharp))


def _open_clusters(clusters: Layer) -> list[Contribution]:
    """Return the clusters drawn of which the radius, or whether they work, is not known.

    The homes that they may reach are unknown for themselves; these say why.
    """
    columns = shapes(clusters.used), amounts(clusters.used, "radius_m").tolist()
    return [
        Contribution(LAYER, id_, 0.0, unknown=True)
        for id_, place, radius, working in zip(
            ids(clusters), *columns, which_work(clusters), strict=True
        )
        if place is not None and (working is None or (working and math.isnan(radius)))
    ]


def _open_units(homes: Homes, heard: Ints, *, anywhere: bool) -> list[Unit]:
    """Return the ways of all homes of which something is not known.

    Homes perhaps within hearing are unknown each, homes without a number of households by
    village; `anywhere`: some cluster without a place may reach any home.
    """
    units = []
    unnumbered: dict[str | None, list[int]] = defaultdict(list)
    for home, (count, within) in enumerate(zip(homes.households.tolist(), heard, strict=True)):
        if math.isnan(count):
            reach = MAYBE if anywhere and within == OUT else int(within)
            unnumbered[homes.villages[home]].append(reach)
        elif within == MAYBE:
            units.append(Unit(((0.0, count), (count, count))))
    for village, states in unnumbered.items():
        most = homes.rest.get(village, math.inf)
        ways = [(0.0, 0.0)]
        ways += [(most, most)] if {IN, MAYBE} & set(states) else []
        ways += [(0.0, most)] if {OUT, MAYBE} & set(states) else []
        units.append(Unit(tuple(ways)))
    return units
