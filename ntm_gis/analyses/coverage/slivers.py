"""How wide a piece of ground is: slivers told apart from conflicts by a stated width."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses.overlay.threads import threaded

if TYPE_CHECKING:
    import numpy.typing as npt

    from ntm_gis.analyses.columns import Floats, Shapes

_CLOSE, _CLOSE_BEYOND, _BEYOND_M = 1.01, 1.1, 10.0
"""Factors between the bounds of a width at which halving ends, and where the second holds."""

_QUARTER = 12
"""Chords for a quarter of a circle about an inner corner: they lie within 0.3 % of its arc."""


def widths(polygons: Shapes) -> Floats:
    """Return how wide polygons are where they are widest.

    Parameters
    ----------
    polygons : object array, (n,)
        Valid polygons in a metric reference system; missing and empty ones have the width 0.

    Returns
    -------
    float array, (n,)
        Metres: the diameter of the widest disc that lies within, to one per cent, beyond ten
        metres to five per cent.

    Notes
    -----
    A disc of diameter d lies within where the polygon, taken in by d/2 all around, leaves
    anything; about inner corners it is taken in along an arc, as a disc rolls around them.

    Examples
    --------
    >>> strip, square = shapely.box(0, 0, 100, 0.001), shapely.box(0, 0, 5, 5)
    >>> widths(np.array([strip, square])).round(4).tolist()
    [0.001, 4.98...]
    """
    out = np.zeros(len(polygons))
    some = shapely.area(polygons) > 0
    if not some.any():
        return out
    near = _near(polygons[some])
    area, low = shapely.area(near), _least(near)
    high = np.sqrt(4 * area / np.pi)
    convex = shapely.area(shapely.convex_hull(near)) <= area * (1 + 1e-9)
    high = np.where(convex, np.minimum(high, 2 * low), high)
    while True:
        wide = np.flatnonzero(high > low * np.where(low > _BEYOND_M, _CLOSE_BEYOND, _CLOSE))
        if not len(wide):
            break
        middle = np.sqrt(low[wide] * high[wide])
        gone = _gone(near[wide], middle)
        high[wide[gone]] = middle[gone]
        low[wide[~gone]] = middle[~gone]
    out[some] = np.sqrt(low * high)
    return out


def thinner(polygons: Shapes, width_m: float) -> npt.NDArray[np.bool_]:
    """Return which polygons hold no disc of a width.

    Parameters
    ----------
    polygons : object array, (n,)
        Valid polygons in a metric reference system.
    width_m : float
        Metres; at 0 no polygon is thinner.

    Examples
    --------
    >>> strips = np.array([shapely.box(0, 0, 50, 1.9), shapely.box(0, 0, 50, 2.1)])
    >>> thinner(strips, 2.0).tolist()
    [True, False]
    """
    out = np.zeros(len(polygons), dtype=bool)
    area = shapely.area(polygons)
    out[area < np.pi / 4 * width_m**2] = True
    doubtful = np.flatnonzero(~out & (_least(polygons) < width_m))
    if len(doubtful):
        near = _near(polygons[doubtful])
        out[doubtful] = _gone(near, np.full(len(doubtful), width_m))
    return out


def _near(polygons: Shapes) -> Shapes:
    """Bring each polygon to the origin, where coordinates have the most digits."""
    xy, owner = shapely.get_coordinates(polygons, return_index=True)
    corner = shapely.bounds(polygons)[:, :2]
    near: Shapes = shapely.set_coordinates(shapely.force_2d(polygons), xy - corner[owner])
    return near


def _least(polygons: Shapes) -> Floats:
    """Return a width that polygons surely have: twice the area over the perimeter.

    Taken in by t all around, the perimeter is at most 2 pi t longer for each hole after the
    first; the area is the sum of those perimeters up to the widest disc.
    """
    area, perimeter = shapely.area(polygons), shapely.length(polygons)
    parts, of = shapely.get_parts(polygons, return_index=True)
    holes = np.bincount(of, shapely.get_num_interior_rings(parts), len(polygons))
    grows = np.pi * np.maximum(holes - 1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        out = 4 * area / (perimeter + np.sqrt(perimeter**2 + 4 * grows * area))
    return np.asarray(np.nan_to_num(out, nan=0.0), dtype=np.float64)


def _gone(polygons: Shapes, width: Floats) -> npt.NDArray[np.bool_]:
    """Return which polygons leave nothing when half a width is taken in all around."""
    inner = partial(shapely.buffer, quad_segs=_QUARTER)
    return np.asarray(shapely.is_empty(threaded(inner, polygons, -width / 2)), dtype=bool)
