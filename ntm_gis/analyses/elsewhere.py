"""What lies in another place altogether: tracks and photos of another commune or province."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ntm_gis.analyses.columns import Floats
    from ntm_gis.layers.values import Layers

FAR_M = 2000.0
"""What lies this far from the commune and from all its roads is of somewhere else."""


def away_m(layers: Layers, found: Sequence[shapely.Geometry]) -> Floats:
    """Return how far shapes lie from the commune and its roads, metres.

    Returns
    -------
    float array, (n,)
        0 inside the boundary; NaN where neither boundary nor roads are drawn.
    """
    ground = [layers.boundary, *layers["roads"].places.shapes]
    near = [place for place in ground if place is not None and not place.is_empty]
    if not near or not len(found):
        return np.full(len(found), np.nan)
    tree = shapely.STRtree(near)
    wanted = np.array(found, dtype=object)
    (row, _), distance = tree.query_nearest(wanted, all_matches=False, return_distance=True)
    out = np.full(len(found), np.nan)
    out[row] = distance
    return out
