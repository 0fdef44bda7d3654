"""Farmland as parts of ground that are counted once, and what is known of who serves them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ntm_gis.analyses.columns import Floats, Shapes, ids, shapes, texts
from ntm_gis.analyses.coverage.covered import Coverage, covered, hectares
from ntm_gis.analyses.places import inside

if TYPE_CHECKING:
    from ntm_gis.layers.values import Layers

WORKS, FARMLAND = "irrigation", "farmland"


@dataclass(frozen=True)
class Farmland:
    """Farmland as parts of ground that are counted once.

    Ground that several parcels claim is served where any of them is; else it is not known,
    where any may be; else it is not served. Their overlap is a finding.

    Parameters
    ----------
    known_ha, unknown_ha : float arrays, (n,)
        By parcel, the ground counted with it: one or the other, by what it says.
    bounded : bool
        The boundary is known; without it any part of the ground may lie in the commune, or none.
    served : list of bool or None
        What the parcel says; None: not known.
    lost : list of int
        Parcels that are not drawn.
    room_ha : float or None
        The most that these can cover; None where the boundary is not known.
    """

    ids: list[str]
    within: Shapes
    served: list[bool | None]
    known_ha: Floats
    unknown_ha: Floats
    lost: list[int]
    room_ha: float | None
    coverage: Coverage
    bounded: bool


def farmland(layers: Layers) -> Farmland:
    """Return the farmland of the commune, whether served or not."""
    layer, zone = layers[FARMLAND], layers.commune.commune.crs
    whole = shapes(layer.used)
    within = inside(whole, layers.boundary, 2)
    keys = ids(layer)
    served = _states(layers)
    # Shared ground goes to a parcel that is served, then to one that may be.
    claims = {True: "0", None: "1", False: "2"}
    order = [claims[state] + key for state, key in zip(served, keys, strict=True)]
    coverage = covered(within, order, zone)
    open_ones = np.array([state is None for state in served], dtype=bool)
    room = None
    if layers.boundary is not None:
        commune = float(hectares(np.array([layers.boundary]), zone)[0])
        room = max(0.0, commune - math.fsum(coverage.own_ha))
    lost = [k for k, shape in enumerate(whole) if shape is None]
    known = np.where(open_ones, 0.0, coverage.own_ha)
    unknown = np.where(open_ones, coverage.own_ha, 0.0)
    bounded = layers.boundary is not None
    return Farmland(keys, within, served, known, unknown, lost, room, coverage, bounded)


def _states(layers: Layers) -> list[bool | None]:
    """Return for each parcel whether a work in good condition serves it."""
    works = layers[WORKS]
    conditions = dict(zip(ids(works), texts(works.used, "condition"), strict=True))
    out: list[bool | None] = []
    for work in texts(layers[FARMLAND].used, "irrigation_id"):
        condition = conditions.get(work or "")
        if work == "none":
            out.append(False)
        else:
            out.append(None if condition is None else condition == "good")
    return out
