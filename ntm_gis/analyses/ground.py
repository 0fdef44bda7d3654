"""Frames of the layers that no other analysis draws: boundaries, waters, hazards, plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ntm_gis.analyses.columns import texts
from ntm_gis.analyses.places import drawn
from ntm_gis.layers.values import Answer

if TYPE_CHECKING:
    from ntm_gis.analyses.affects import Reads
    from ntm_gis.analyses.question import Question

READS: Reads = {}

ALIKE = {
    "boundary": "commune",
    "neighbours": "neighbour",
    "former_communes": "former",
    "buildings": "building",
    "stakes": "stake",
}
"""Layers whose features are drawn alike, with the word for it."""

BY_FIELD = {
    "facilities": "status",
    "water": "kind",
    "hazards": "kind",
    "forest": "kind",
    "crossings": "kind",
    "environment": "kind",
    "plans": "kind",
    "plan_zones": "period",
}
"""Layers drawn by a field of theirs."""


def answer(question: Question) -> Answer:
    """Return the frames."""
    layers = question.layers
    frames = {name: drawn(layers[name], state=state) for name, state in ALIKE.items()}
    for name, field in BY_FIELD.items():
        layer = layers[name]
        states = [code or "unknown" for code in texts(layer.used, field)]
        frames[name] = drawn(layer, state=np.array(states, dtype=object))
    return Answer(frames=frames)
