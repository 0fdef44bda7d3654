"""Shapes brought to the origin and back: GEOS cuts them more truly where coordinates are small.

Northings have seven digits before the point. There GEOS cannot tell lines a micrometre apart,
snaps, and may take nothing away at all; a thousand times nearer the origin it can.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses.overlay.threads import threaded

if TYPE_CHECKING:
    from collections.abc import Callable

    from ntm_gis.analyses.columns import Floats, Shapes

_ROUNDS, _AREAL = 4, 2
_GRID_M = 1e-9
"""As fine as coordinates of seven digits before the point are."""


def middle(*sets: Shapes) -> Floats:
    """Return the midst of shapes in whole metres: taken off, coordinates keep their digits.

    Examples
    --------
    >>> middle(np.array([shapely.box(550_000, 2_450_000, 550_003, 2_450_001)])).tolist()
    [550002.0, 2450000.0]
    >>> middle(np.array([None])).tolist()
    [0.0, 0.0]
    """
    bounds = np.concatenate([shapely.bounds(shapes).reshape(-1, 4) for shapes in sets])
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(bounds):
        return np.zeros(2)
    out: Floats = np.rint((bounds[:, :2].min(axis=0) + bounds[:, 2:].max(axis=0)) / 2)
    return out


def moved(shapes: Shapes, by: Floats) -> Shapes:
    """Return shapes moved, without heights and without a grid that cuts would be rounded to.

    Examples
    --------
    >>> moved(np.array([shapely.Point(3, 4, 9), None]), np.array([-3.0, -4.0])).tolist()
    [<POINT (0 0)>, None]
    """
    out: Shapes = shapely.transform(shapes, lambda xy: xy + by)
    return out


def back(polygons: Shapes, by: Floats) -> Shapes:
    """Return polygons moved to where coordinates have fewer digits, valid there too.

    Threads thinner than those digits fold over: their rings are built again.

    Examples
    --------
    >>> by = np.array([550_000.0, 2_450_000.0])
    >>> thread = shapely.Polygon([(0, 0), (9, 0), (9, 9), (9 - 3e-10, 9.5), (9 - 4e-10, 9), (0, 9)])
    >>> shapely.is_valid(back(np.array([thread]), by)).tolist()
    [True]
    """
    out = moved(polygons, by)
    folded = ~threaded(shapely.is_valid, out).astype(bool) & ~shapely.is_missing(out)
    for k in np.flatnonzero(folded).tolist():
        out[k] = _built(out[k])
    return out


def thinnest(*sets: Shapes) -> float:
    """Return the width below which ground is only how its corners were rounded, metres.

    Examples
    --------
    >>> 1e-9 < thinnest(np.array([shapely.box(550_000, 2_450_000, 550_003, 2_450_001)])) < 2e-9
    True
    """
    reach = [np.nan_to_num(np.abs(shapely.bounds(shapes))).max(initial=0.0) for shapes in sets]
    return 4 * float(np.spacing(max(reach)))


def _built(shape: shapely.Geometry) -> shapely.Geometry:
    """Build rings again, part by part: together they would lose parts beside a folded one."""
    parts = np.concatenate([_unfolded(part) for part in shapely.get_parts(shape)])
    parts = parts[shapely.area(parts) > thinnest(parts) * shapely.length(parts)]
    return parts[0] if len(parts) == 1 else shapely.union_all(parts)


def _unfolded(part: shapely.Polygon) -> Shapes:
    """Return valid polygons with the ground of a part: of three ways that which keeps its area."""
    ways = (
        partial(shapely.set_precision, grid_size=_GRID_M),
        partial(shapely.make_valid, method="structure"),
        partial(shapely.make_valid, method="linework"),
    )
    found = [_rounded(part, way) for way in ways]
    lost = [abs(float(shapely.area(polygons).sum()) - part.area) for polygons in found]
    return found[int(np.argmin(lost))]


def _rounded(part: shapely.Polygon, way: Callable[[Shapes], Shapes]) -> Shapes:
    """Build a ring again until it is valid: what is built is rounded, and may fold once more."""
    out = np.array([part], dtype=object)
    for _ in range(_ROUNDS):
        if shapely.is_valid(out).all():
            break
        try:
            built = way(out)
        except shapely.errors.GEOSException:  # this way cannot build it: it keeps no ground
            return out[:0]
        out = shapely.get_parts(shapely.get_parts(moved(built, np.zeros(2))))
        out = out[shapely.get_dimensions(out) == _AREAL]
    return out
