"""Findings about roads: drawn twice, perhaps drawn twice, declared otherwise than drawn."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses.places import at_row
from ntm_gis.analyses.roads.survey import LAYER, M_PER_KM, Roads
from ntm_gis.rules.schema import code_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ntm_gis.analyses.affects import Entries
    from ntm_gis.analyses.roads.doubles import Double
    from ntm_gis.results import Finding

_SHARE, _METRES = 0.01, 10.0
"""How far a declared length may be from the drawn one before it is worth a note."""

_LEAST_M = 5.0
"""Shared stretches shorter than this are roads that meet, not roads drawn twice."""


_LENGTHS = "roads.length_km.*"


def findings(roads: Roads, entries: Entries) -> Iterator[Finding]:
    """Yield what an official should know about the roads as drawn.

    Each touches the measures that the roads it names enter (`entries`).
    """
    yield from _doubles(roads, entries)
    yield from _drawn_twice(roads, entries)
    yield from _declared(roads, entries)


def _doubles(roads: Roads, entries: Entries) -> Iterator[Finding]:
    # Roads that weave about each other are several stretches and one matter.
    together: dict[frozenset[tuple[int, ...]], list[Double]] = defaultdict(list)
    for double in roads.doubles:
        together[frozenset({double.kept, double.dropped})].append(double)
    for found in together.values():
        longest = max(found, key=lambda double: double.metres)
        second = min(longest.dropped, key=lambda r: roads.ids[r])
        first_ids, second_ids = _names(roads, longest.kept), _names(roads, longest.dropped)
        code = "ROAD_SUSPECTED_DOUBLE" if first_ids != second_ids else "ROAD_DOUBLES_BACK"
        yield at_row(
            code, roads.layer, second, place=longest.place, first=first_ids, second=second_ids,
            metres=math.fsum(double.metres for double in found),
        ).affecting(entries.of(LAYER, *first_ids, *second_ids))  # fmt: skip


def _names(roads: Roads, which: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(sorted(roads.ids[r] for r in which))


def _drawn_twice(roads: Roads, entries: Entries) -> Iterator[Finding]:
    shared: dict[tuple[int, int], list[float]] = defaultdict(list)
    for stretch in roads.network.stretches:
        for pair in itertools.combinations(stretch.roads, 2):
            shared[pair].append(stretch.length_km * M_PER_KM)
    surfaces = code_list("surface")
    for (one, two), parts in sorted(shared.items()):
        metres = math.fsum(parts)
        if metres < _LEAST_M:
            continue
        first, second = sorted((one, two), key=lambda r: roads.ids[r])
        a, b = roads.network.surfaces[first], roads.network.surfaces[second]
        if a and b and a != b:
            yield at_row(
                "ROAD_SURFACE_DIFFERS", roads.layer, second, field="surface", value=b,
                first=roads.ids[first], metres=metres,
                first_surface=surfaces[a].title.words, second_surface=surfaces[b].title.words,
            ).affecting(
                entries.of(LAYER, roads.ids[first], roads.ids[second], but=_LENGTHS)
            )  # fmt: skip
        elif not shapely.equals(roads.lines[first], roads.lines[second]):
            # Of roads drawn exactly alike the checks have told already.
            yield at_row(
                "ROAD_DRAWN_TWICE", roads.layer, second, first=roads.ids[first], metres=metres
            ).affecting(entries.of(LAYER, roads.ids[first], roads.ids[second]))


def _declared(roads: Roads, entries: Entries) -> Iterator[Finding]:
    whole, within = shapely.length(roads.lines), shapely.length(roads.within)
    for road, declared in enumerate(roads.declared_m.tolist()):
        if math.isnan(declared):
            if roads.lines[road] is None:
                yield at_row(
                    "ROAD_LENGTH_UNKNOWN", roads.layer, road, field="declared_length_m"
                ).affecting(entries.of(LAYER, roads.ids[road]))
            continue
        if roads.lines[road] is None:
            continue
        # An office declares the whole road, or what of it lies in the commune: either will do.
        drawn = min((whole[road], within[road]), key=lambda m: abs(m - declared))
        if abs(drawn - declared) > max(_METRES, _SHARE * max(drawn, declared)):
            yield at_row(
                "ROAD_LENGTH_DIFFERS", roads.layer, road, field="declared_length_m",
                value=np.format_float_positional(declared, trim="-"),
                drawn=float(drawn), declared=declared, difference=abs(float(drawn) - declared),
            ).affecting(entries.of(LAYER, roads.ids[road]))  # fmt: skip
