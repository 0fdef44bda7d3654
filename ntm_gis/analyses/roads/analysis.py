"""Lengths of roads by class and surface, hardened and paved shares, roads drawn twice."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses import figures
from ntm_gis.analyses.affects import Entries
from ntm_gis.analyses.catalogue import Named, named
from ntm_gis.analyses.columns import Floats, texts
from ntm_gis.analyses.places import boundary_notes, drawn
from ntm_gis.analyses.roads.bounds import Asked, Tally, tally
from ntm_gis.analyses.roads.findings import findings
from ntm_gis.analyses.roads.network import Stretch
from ntm_gis.analyses.roads.survey import LAYER, M_PER_KM, Roads, survey
from ntm_gis.analyses.words import in_sentence
from ntm_gis.layers.values import Answer, Layers, Together
from ntm_gis.results import Contribution, Measure, Note
from ntm_gis.rules.schema import code_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ntm_gis.analyses.affects import Reads
    from ntm_gis.analyses.question import Question

READS: Reads = {
    "roads.length_km": {
        "roads": ("road_class", "declared_length_m", "geometry"),
        "boundary": ("geometry",),
    },
    "roads.surface_km": {
        "roads": ("surface", "declared_length_m", "geometry"),
        "boundary": ("geometry",),
    },
    "roads.": {
        "roads": ("road_class", "surface", "declared_length_m", "geometry"),
        "boundary": ("geometry",),
    },
}


def answer(question: Question) -> Answer:
    """Return the measures `roads.*`, their findings and the frame `roads`."""
    layers = question.layers
    roads = survey(layers)
    given = not figures.without_rows(layers, LAYER)
    measures = [
        *_of_classes(layers, roads, given=given),
        *_of_surfaces(layers, roads, given=given),
        *_of_unknown(layers, roads, given=given),
    ]
    entries = Entries(measures)
    frame = drawn(
        roads.layer,
        state=_or_unknown(roads.network.surfaces),
        road_class=_or_unknown(texts(roads.layer.used, "road_class")),
        length_km=_lengths_km(roads),
    )
    found = tuple(findings(roads, entries))
    return Answer(tuple(measures), found, {"roads": frame}, together=_together(roads))


def _together(roads: Roads) -> Together:
    """Return the roads that share ground with others, with these."""
    out: dict[tuple[str, str], set[str]] = defaultdict(set)
    for stretch in roads.network.stretches:
        others = (*stretch.roads, *(r for _, second in stretch.gains for r in second))
        for one, other in itertools.permutations(others, 2):
            out[LAYER, roads.ids[one]].add(roads.ids[other])
    return {road: tuple(sorted(others)) for road, others in sorted(out.items())}


def _of_classes(layers: Layers, roads: Roads, *, given: bool) -> Iterable[Measure]:
    surfaces = code_list("surface")
    every = frozenset(surfaces.keys)
    for rank, code in enumerate(code_list("road_class").codes):
        title = in_sentence(code.title.words)
        names = [
            named(f"roads.{what}.CLASS", CLASS=code.code, road_class=title)
            for what in ("length_km", "paved_share", "hardened_share")
        ]
        if not given:
            yield from (figures.not_given(name, layers, LAYER) for name in names)
            continue
        yield _sum(layers, roads, names[0], Asked(rank, every, every))
        for name, flag in zip(names[1:], ("paved", "hardened"), strict=True):
            good = surfaces.flagged(flag)
            yield _share(layers, roads, name, Asked(rank, good, every, part=True))


def _of_surfaces(layers: Layers, roads: Roads, *, given: bool) -> Iterable[Measure]:
    codes = code_list("surface")
    every = frozenset(codes.keys)
    for code in codes.codes:
        title = in_sentence(code.title.words)
        name = named("roads.surface_km.SURFACE", SURFACE=code.code, surface=title)
        if given:
            yield _sum(layers, roads, name, Asked(None, frozenset({code.code}), every))
        else:
            yield figures.not_given(name, layers, LAYER)


def _of_unknown(layers: Layers, roads: Roads, *, given: bool) -> Iterable[Measure]:
    network = roads.network

    def classless(stretch: Stretch) -> bool:
        ranks = {network.ranks[r] for r in stretch.roads}
        return None in ranks and 0 not in ranks  # nothing is higher than the highest class

    def faceless(stretch: Stretch) -> bool:
        surfaces = {network.surfaces[r] for r in stretch.roads}
        return None in surfaces or len(surfaces) > 1

    for what, test in (("length_km", classless), ("surface_km", faceless)):
        name = named(f"roads.{what}.unknown")
        if given:
            yield _unknown(layers, roads, name, test)
        else:
            yield figures.not_given(name, layers, LAYER)


def _sum(layers: Layers, roads: Roads, name: Named, asked: Asked) -> Measure:
    found = tally(roads.network, asked)
    known: dict[int, list[float]] = defaultdict(list)
    for stretch, amount, _ in found.known:
        known[roads.owner(stretch)].append(amount)
    features = [_part(roads, r, math.fsum(parts)) for r, parts in sorted(known.items())]
    features += _open(roads, found, which=1)
    high = found.high
    return figures.summed(
        name,
        features,
        (roads.layer, layers["boundary"]),
        low=found.low,
        more=None,
        high=None if math.isinf(high) else high,
        known=found.informed or not found.unknown,
        method=_method(roads, found),
        notes=_notes(layers, found),
    )


def _share(layers: Layers, roads: Roads, name: Named, asked: Asked) -> Measure:
    found = tally(roads.network, asked)
    known: dict[int, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    for stretch, amount, weight in found.known:
        entry = known[roads.owner(stretch)]
        entry[0].append(amount)
        entry[1].append(weight)
    features = [
        _part(roads, r, math.fsum(n), weight=math.fsum(d)) for r, (n, d) in sorted(known.items())
    ]
    features += _open(roads, found, which=2)
    return figures.shared(
        name,
        features,
        found.units,
        (roads.layer, layers["boundary"]),
        method=_method(roads, found),
        notes=_notes(layers, found),
    )


def _notes(layers: Layers, found: Tally) -> tuple[Note, ...]:
    return (*boundary_notes(layers), *(() if found.sharp else (Note.of("BOUNDS_NOT_SHARP"),)))


def _unknown(layers: Layers, roads: Roads, name: Named, test: Callable[[Stretch], bool]) -> Measure:
    """Return the length of what surely is there and passes a test for being unknown."""
    sure: dict[int, list[float]] = defaultdict(list)
    perhaps: dict[int, list[float]] = defaultdict(list)
    endless = False
    for stretch in roads.network.stretches:
        if stretch.goes or not test(stretch):
            continue
        if math.isinf(stretch.length_km):
            endless = True
        else:
            of_kind = perhaps if stretch.perhaps else sure
            of_kind[roads.owner(stretch)].append(stretch.length_km)
    features = [_part(roads, r, math.fsum(parts)) for r, parts in sorted(sure.items())]
    features += [
        _part(roads, r, 0.0, unknown=True, weight=math.fsum(parts))
        for r, parts in sorted(perhaps.items())
    ]
    return figures.summed(
        name,
        features,
        (roads.layer, layers["boundary"]),
        more=None if endless else math.fsum(x for parts in perhaps.values() for x in parts),
        notes=boundary_notes(layers),
    )


def _open(roads: Roads, found: Tally, which: int) -> list[Contribution]:
    """Return the contributions that are not known, each with the most it could be.

    `which`: 1 for the numerator, 2 for the denominator.
    """
    most: dict[int, list[float]] = defaultdict(list)
    for stretch, numerator, denominator in found.unknown:
        most[roads.owner(stretch)].append(numerator if which == 1 else denominator)
    out = []
    for road, parts in sorted(most.items()):
        weight = None if math.inf in parts else math.fsum(parts)
        out.append(_part(roads, road, 0.0, unknown=True, weight=weight))
    return out


def _part(
    roads: Roads, road: int, amount: float, *, unknown: bool = False, weight: float | None = None
) -> Contribution:
    return Contribution(LAYER, roads.ids[road], amount, unknown, weight)


def _method(roads: Roads, found: Tally) -> str:
    owners = {roads.owner(s) for s, _, _ in (*found.known, *found.unknown)}
    listed = {roads.lines[r] is None for r in owners}
    return figures.method_of(drawn=False in listed, listed=True in listed)


def _lengths_km(roads: Roads) -> Floats:
    length = shapely.length(roads.within) / M_PER_KM
    return np.where(roads.listed, roads.declared_m / M_PER_KM, length)


def _or_unknown(codes: Sequence[str | None]) -> list[str]:
    return [code or "unknown" for code in codes]
