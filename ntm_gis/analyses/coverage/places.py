"""Places that zones should not have, with their size: what overlaps, gaps and margins are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis import crs
from ntm_gis.analyses.coverage.slivers import widths

if TYPE_CHECKING:
    import numpy.typing as npt

    from ntm_gis.analyses.columns import Floats, Ints, Shapes

    Bools = npt.NDArray[np.bool_]

TOLERANCE_M = 0.01
"""Seams whose sides lie this close are one, whatever their vertices."""

RESOLUTION_M = 1e-6
"""Ground thinner than a micrometre is how coordinates were rounded, and none."""

_M2_PER_HA = 10_000.0


@dataclass(frozen=True)
class Places:
    """Places with their size.

    Parameters
    ----------
    geometry : object array, (n,)
        Polygons of one part.
    grid_m2, ellipsoid_m2 : float array, (n,)
        Square metres in the plane of the zone, and on the ellipsoid as areas are published.
    width_m : float array, (n,)
        Where the place is widest, to half a per cent (beyond ten metres to five).
    is_sliver : bool array, (n,)
        It is nowhere as wide as was stated for slivers.
    """

    geometry: Shapes
    grid_m2: Floats
    ellipsoid_m2: Floats
    width_m: Floats
    is_sliver: Bools

    def __len__(self) -> int:
        return len(self.geometry)


def measured(
    places: Shapes, zone: str, is_sliver: Bools
) -> tuple[Shapes, Floats, Floats, Floats, Bools]:
    """Return what `Places` holds, in its order.

    Examples
    --------
    >>> square = np.array([shapely.box(0, 0, 5, 5)])
    >>> Places(*measured(square, "EPSG:9205", np.array([False]))).grid_m2.tolist()
    [25.0]
    """
    grid = np.asarray(shapely.area(places), dtype=np.float64)
    ellipsoid = crs.ellipsoidal_ha(places, zone) * _M2_PER_HA
    return places, grid, ellipsoid, widths(places), is_sliver


def is_wide(polygons: Shapes) -> Bools:
    """Return which polygons are more than rounding.

    Examples
    --------
    >>> is_wide(np.array([shapely.box(0, 0, 9, 1e-8), shapely.box(0, 0, 9, 1e-4)])).tolist()
    [False, True]
    """
    area, perimeter = shapely.area(polygons), shapely.length(polygons)
    return np.asarray(2 * area > RESOLUTION_M * perimeter, dtype=bool)


def from_the_west(places: Shapes, *groups: Ints) -> Ints:
    """Return the order of places by groups, the first foremost, then from west to east.

    Examples
    --------
    >>> squares = np.array([shapely.box(5, 0, 6, 1), shapely.box(0, 0, 1, 1)])
    >>> from_the_west(squares).tolist(), from_the_west(squares, np.array([0, 1])).tolist()
    ([1, 0], [0, 1])
    """
    bounds = shapely.bounds(places).reshape(-1, 4)
    return np.lexsort((bounds[:, 1], bounds[:, 0], *reversed(groups)))


def groups(keys: Ints, members: Ints, count: int) -> tuple[tuple[int, ...], ...]:
    """Return the members of keys 0 to `count` - 1, each once and in order.

    Examples
    --------
    >>> groups(np.array([2, 0, 2]), np.array([7, 5, 6]), 3)
    ((5,), (), (6, 7))
    """
    pair = np.unique(np.column_stack([keys, members]), axis=0)
    cuts = np.searchsorted(pair[:, 0], np.arange(1, count))
    split = np.split(pair[:, 1], cuts) if count else []
    return tuple(tuple(part.tolist()) for part in split)
