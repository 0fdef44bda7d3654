"""The commune as a whole: area, people, households."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ntm_gis.analyses import figures
from ntm_gis.analyses.catalogue import named
from ntm_gis.analyses.columns import amounts, ids, shapes
from ntm_gis.analyses.coverage.covered import covered
from ntm_gis.analyses.sizes import sizes_for
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.results import Contribution, Finding, Measure
from ntm_gis.rules.commune import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ntm_gis.analyses.affects import Reads
    from ntm_gis.analyses.question import Question

READS: Reads = {
    "commune.area_ha": {"boundary": ("geometry",)},
    "commune.population": {"villages": ("population",)},
    "commune.households": {"villages": ("households",)},
}

BOUNDARY, VILLAGES, HOUSES = "boundary", "villages", "cultural_houses"
HOUSE_SHARE = "villages.with_cultural_house_share"


def answer(question: Question) -> Answer:
    """Return the measures `commune.*`, and what is not said of the commune and matters."""
    layers = question.layers
    measures = (_area(layers), _people(layers, "population"), _people(layers, "households"))
    return Answer(measures, tuple(_unsaid(layers)))


def _unsaid(layers: Layers) -> Iterator[Finding]:
    """Ask whether the commune is in special difficulty, where the size of a house hangs on it."""
    who = layers.commune.commune
    if who.special_difficulty is not None or figures.without_rows(layers, VILLAGES, HOUSES):
        return
    if len(sizes_for(who)) > 1:
        yield Finding.of("COMMUNE_SPECIAL_UNKNOWN", file=FILE_NAME).affecting((HOUSE_SHARE,))


def _area(layers: Layers) -> Measure:
    name = named("commune.area_ha")
    boundary = layers[BOUNDARY]
    if figures.without_rows(layers, BOUNDARY):
        return figures.not_given(name, layers, BOUNDARY)
    keys = ids(boundary)
    ground = shapes(boundary.used)
    parts = covered(ground, keys, layers.commune.commune.crs).own_ha.tolist()
    drawn = [shape is not None for shape in ground]
    features = [
        Contribution(BOUNDARY, key, ha if there else 0.0, unknown=not there)
        for key, ha, there in zip(keys, parts, drawn, strict=True)
    ]
    known = any(drawn)
    more = 0.0 if known and all(drawn) else None
    return figures.summed(name, features, (boundary,), more=more, known=known)


def _people(layers: Layers, column: str) -> Measure:
    name = named(f"commune.{column}")
    villages = layers[VILLAGES]
    if figures.without_rows(layers, VILLAGES):
        return figures.not_given(name, layers, VILLAGES)
    counts = amounts(villages.used, column)
    features = [
        Contribution(VILLAGES, key, 0.0 if math.isnan(count) else count, math.isnan(count))
        for key, count in zip(ids(villages), counts.tolist(), strict=True)
    ]
    more = None if np.isnan(counts).any() else 0.0
    return figures.summed(name, features, (villages,), more=more, method=figures.LIST)
