"""The commune as a whole: area, people, households."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ntm_gis.analyses import figures
from ntm_gis.analyses.catalogue import named
from ntm_gis.analyses.columns import amounts, ids, shapes
from ntm_gis.analyses.coverage import covered
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.results import Contribution, Measure

if TYPE_CHECKING:
    from ntm_gis.analyses.affects import Reads
    from ntm_gis.analyses.question import Question

READS: Reads = {
    "commune.area_ha": {"boundary": ("geometry",)},
    "commune.population": {"villages": ("population",)},
    "commune.households": {"villages": ("households",)},
}

BOUNDARY, VILLAGES = "boundary", "villages"


def answer(question: Question) -> Answer:
    """Return the measures `commune.*`."""
    layers = question.layers
    return Answer((_area(layers), _people(layers, "population"), _people(layers, "households")))


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
