"""Villages: cultural houses, the cultural standard, poor households."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ntm_gis.analyses import figures
from ntm_gis.analyses.catalogue import Named, named
from ntm_gis.analyses.columns import amounts, ids, texts, truths
from ntm_gis.analyses.having import Thing, evidence, having, per_cent, things
from ntm_gis.analyses.places import at_row, drawn
from ntm_gis.analyses.sizes import Size, sizes_for
from ntm_gis.analyses.words import village as village_words
from ntm_gis.layers.values import Answer, Layer, Layers
from ntm_gis.results import Contribution, Finding, Measure, Note, Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from ntm_gis.analyses.affects import Reads
    from ntm_gis.analyses.question import Question

READS: Reads = {
    "villages.count": {"villages": ()},
    "villages.with_cultural_house_share": {
        "villages": (),
        "cultural_houses": ("village_id", "status", "floor_m2", "seats"),
    },
    "villages.cultural_standard_share": {"villages": ("cultural_standard",)},
    "villages.poor_share": {"villages": ("poor_households", "households")},
}

VILLAGES, HOUSES = "villages", "cultural_houses"
_LEAST_PEOPLE, _MOST_PEOPLE = 1.5, 10.0
"""People to a household; villages beyond have a digit too many, or columns swapped."""

HOUSE_SHARE = "villages.with_cultural_house_share"


def answer(question: Question) -> Answer:
    """Return the measures `villages.*`, the villages without a house, and their frames."""
    layers = question.layers
    villages, houses = layers[VILLAGES], layers[HOUSES]
    sizes = sizes_for(layers.commune.commune)
    good = _by_size(houses, sizes)
    agreed = _agreed(good)
    without = [] if figures.without_rows(layers, HOUSES) else _without(villages, houses)
    measures = (
        _count(layers),
        _with_house(layers, sizes, good, agreed),
        _standard(layers),
        _poor(layers),
    )
    frames = {
        "villages": drawn(villages, state="village"),
        "villages_without_house": _frame(villages, without),
        "cultural_houses": drawn(houses, state=_states(houses, agreed)),
    }
    found = (*_findings(villages, without), *_odd(villages))
    return Answer(measures, found, frames)


def _count(layers: Layers) -> Measure:
    name = named("villages.count")
    if figures.without_rows(layers, VILLAGES):
        return figures.not_given(name, layers, VILLAGES)
    villages = layers[VILLAGES]
    features = [Contribution(VILLAGES, v, 1.0) for v in ids(villages)]
    return figures.summed(name, features, (villages,), method=figures.LIST)


# --- Cultural houses -----------------------------------------------------------------------------


def large_and_used(layers: Layers) -> list[bool | None]:
    """Return for each house whether it counts by every size that may hold; None: not known."""
    houses = layers[HOUSES]
    return _agreed(_by_size(houses, sizes_for(layers.commune.commune)))


def _by_size(houses: Layer, sizes: Sequence[Size]) -> list[list[bool | None]]:
    return [_good(houses, size) for size in sizes] or [[None] * len(houses.used)]


def _agreed(good: Sequence[Sequence[bool | None]]) -> list[bool | None]:
    """Return what all sizes say of each house, None where they differ."""
    return [row[0] if len(set(row)) == 1 else None for row in zip(*good, strict=True)]


def _good(houses: Layer, size: Size) -> list[bool | None]:
    """Return for each house whether it is in use and large enough; None: not known."""
    frame = houses.used
    out: list[bool | None] = []
    columns = texts(frame, "status"), amounts(frame, "floor_m2"), amounts(frame, "seats")
    for status, floor_m2, seats in zip(*columns, strict=True):
        large = size.admits(float(floor_m2), float(seats))
        in_use = None if status is None else status == "in_use"
        # One "no" settles it, whatever the other is.
        known = False if False in (large, in_use) else None if None in (large, in_use) else True
        out.append(known)
    return out


def _with_house(
    layers: Layers,
    sizes: Sequence[Size],
    good: Sequence[Sequence[bool | None]],
    agreed: Sequence[bool | None],
) -> Measure:
    villages, houses = layers[VILLAGES], layers[HOUSES]
    name = _named_house(sizes)
    missing = figures.without_rows(layers, VILLAGES, HOUSES)
    if missing:
        return figures.not_given(name, layers, *missing, inputs=(VILLAGES, HOUSES))
    every = ids(villages)
    by_size = [having(every, things(houses, villages, row)) for row in good]
    found = having(every, things(houses, villages, agreed))
    notes = tuple(
        Note.of("HOUSE_SIZE_UNVERIFIED", citation=citation)
        for citation in dict.fromkeys(s.citation for s in sizes if s.status == "unverified")
    )
    if len(sizes) > 1:
        notes = (*notes, Note.of("HOUSE_SIZE_OPEN"))
    edges = min(h.low for h in by_size), max(h.high for h in by_size)
    return figures.shared_within(
        name,
        evidence(every, found, HOUSES),
        found.known,
        per_cent(edges, len(every)),
        (villages, houses),
        method=figures.LIST,
        notes=notes,
    )


def _named_house(sizes: Sequence[Size]) -> Named:
    return named(
        HOUSE_SHARE,
        floor_m2=tuple(s.floor_m2 for s in sizes) or None,
        seats=tuple(s.seats for s in sizes) or None,
        citation=tuple(dict.fromkeys(s.citation for s in sizes)) or None,
    )


def _states(houses: Layer, good: Sequence[bool | None]) -> list[str]:
    words = {True: "ok", False: "poor", None: "unknown"}
    statuses = texts(houses.used, "status")
    return [
        "off" if status == "disused" else words[counts]
        for status, counts in zip(statuses, good, strict=True)
    ]


def _without(villages: Layer, houses: Layer) -> list[tuple[int, str]]:
    """Return the villages without any house in use: position, and "none" or "unknown"."""
    use = {"in_use": True, None: None}
    in_use = [use.get(status, False) for status in texts(houses.used, "status")]
    found: list[Thing] = things(houses, villages, in_use)
    every = ids(villages)
    known = having(every, found)
    return [
        (position, "unknown" if village in known.maybe or known.free else "none")
        for position, village in enumerate(every)
        if village not in known.yes
    ]


def _frame(villages: Layer, without: Sequence[tuple[int, str]]) -> gpd.GeoDataFrame:
    frame = drawn(villages, state="none")
    chosen = frame.iloc[[position for position, _ in without]].copy()
    chosen["state"] = [state for _, state in without]
    return chosen.reset_index(drop=True)


def _findings(villages: Layer, without: Sequence[tuple[int, str]]) -> list[Finding]:
    names = texts(villages.used, "name")
    every = ids(villages)
    return [
        at_row(
            "VILLAGE_WITHOUT_HOUSE",
            villages,
            position,
            village=village_words(names[position] or every[position]),
        ).affecting((HOUSE_SHARE,))
        for position, state in without
        if state == "none"
    ]


# --- Cultural standard, poor households ----------------------------------------------------------


def _odd(villages: Layer) -> list[Finding]:
    """Return the villages whose people and households can hardly both be right."""
    names, every = texts(villages.used, "name"), ids(villages)
    people, households = (amounts(villages.used, c) for c in ("population", "households"))
    ratio = np.divide(people, households, out=np.full(len(people), np.nan), where=households > 0)
    return [
        at_row(
            "POPULATION_ODD", villages, k, field="population", value=f"{people[k]:.0f}",
            village=names[k] or every[k], population=int(people[k]), households=int(households[k]),
            ratio=float(ratio[k]),
        ).affecting(("commune.population", "commune.households", "villages.poor_share"))
        for k in np.flatnonzero((ratio < _LEAST_PEOPLE) | (ratio > _MOST_PEOPLE)).tolist()
    ]  # fmt: skip


def _standard(layers: Layers) -> Measure:
    name = named("villages.cultural_standard_share")
    if figures.without_rows(layers, VILLAGES):
        return figures.not_given(name, layers, VILLAGES)
    villages = layers[VILLAGES]
    features, units = [], []
    for village, reached in zip(
        ids(villages), truths(villages.used, "cultural_standard"), strict=True
    ):
        amount = float(bool(reached))
        features.append(Contribution(VILLAGES, village, amount, reached is None, 1.0))
        units.append(Unit(((0.0, 1.0), (1.0, 1.0)) if reached is None else ((amount, 1.0),)))
    return figures.shared(name, features, units, (villages,), method=figures.LIST)


def _poor(layers: Layers) -> Measure:
    name = named("villages.poor_share")
    if figures.without_rows(layers, VILLAGES):
        return figures.not_given(name, layers, VILLAGES)
    villages = layers[VILLAGES]
    columns = amounts(villages.used, "poor_households"), amounts(villages.used, "households")
    features, units = [], []
    for village, poor, households in zip(
        ids(villages), *(c.tolist() for c in columns), strict=True
    ):
        unit = _poor_unit(poor, households)
        units.append(unit)
        weight = None if math.isnan(households) else households
        amount = poor if unit.known else 0.0
        features.append(Contribution(VILLAGES, village, amount, not unit.known, weight))
    return figures.shared(name, features, units, (villages,), method=figures.LIST)


def _poor_unit(poor: float, households: float) -> Unit:
    """Return the ways a village's poor households and households can be.

    More poor households than households are no number to go by; the checks say so
    (`PART_OVER_WHOLE`).

    Examples
    --------
    >>> nan = float("nan")
    >>> _poor_unit(3.0, 60.0).ways, _poor_unit(nan, 60.0).ways, _poor_unit(3.0, nan).ways
    (((3.0, 60.0),), ((0.0, 60.0), (60.0, 60.0)), ((3.0, 3.0), (3.0, inf)))
    >>> _poor_unit(70.0, 50.0).ways
    ((0.0, 50.0), (50.0, 50.0))
    """
    if math.isnan(poor) and math.isnan(households):
        return Unit(((0.0, 0.0), (0.0, math.inf), (math.inf, math.inf)))
    if math.isnan(poor) or poor > households:
        return Unit(((0.0, households), (households, households)))
    if math.isnan(households):
        return Unit(((poor, poor), (poor, math.inf)))
    return Unit(((poor, households),))
