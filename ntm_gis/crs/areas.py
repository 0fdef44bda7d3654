"""Areas on the ellipsoid, the ones that are published."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import Geod

from ntm_gis.crs.definitions import require_metric
from ntm_gis.crs.transform import to_zone
from ntm_gis.errors import CrsError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from ntm_gis.crs.zones import CrsLike

LONGEST_EDGE_M = 50.0
_M2_PER_HA = 10_000.0


def ellipsoidal_ha(geometries: ArrayLike, zone: CrsLike) -> NDArray[np.float64]:
    """Areas on the ellipsoid, in hectares.

    Parameters
    ----------
    geometries : array_like of shapely geometries, n
        In the commune's zone. Polygons, multi-polygons and the polygons within collections
        count; points and lines have no area.
    zone : zone, code or CRS
        The zone, in metres.

    Returns
    -------
    ndarray of float64, n
        Holes are taken off, the direction of rings does not matter. Empty: 0. None: NaN,
        because an area that nobody drew is unknown.

    Raises
    ------
    CrsError
        `zone` is not metric, or a vertex is not finite.

    Notes
    -----
    Edges are split at 50 m at most, brought to the zone's own geographic system (EPSG:4756,
    no datum shift) and summed as geodesics on the WGS 84 ellipsoid, which is VN-2000's.
    A ring that crosses itself has no area that means anything: check validity first.

    Examples
    --------
    >>> square = shapely.box(571_000, 2_455_000, 572_000, 2_456_000)
    >>> ellipsoidal_ha([square, None], "EPSG:9205").round(4).tolist()
    [100.0074, nan]
    """
    system = require_metric(zone, "geometry")
    geographic = system.geodetic_crs
    if geographic is None:
        raise CrsError("CRS_UNKNOWN", value=system.name)
    array = np.atleast_1d(np.asarray(geometries, dtype=object)).ravel()
    areas = np.where(shapely.is_missing(array), np.nan, 0.0)
    polygons, owner = _polygons(array)
    if not len(polygons):
        return areas
    rings, ring_polygon = shapely.get_rings(
        shapely.segmentize(polygons, LONGEST_EDGE_M), return_index=True
    )
    xy, vertex_ring = shapely.get_coordinates(rings, return_index=True)
    lon, lat = to_zone(xy[:, 0], xy[:, 1], system, geographic)
    starts = np.searchsorted(vertex_ring, np.arange(len(rings) + 1))
    # The first ring of a polygon is its shell, all others are holes.
    sign = np.where(np.diff(ring_polygon, prepend=-1) != 0, 1.0, -1.0)
    geod = _geod()
    square_metres = np.array(
        [abs(geod.polygon_area_perimeter(lon[a:b], lat[a:b])[0]) for a, b in pairwise(starts)]
    )
    np.add.at(areas, owner[ring_polygon], sign * square_metres / _M2_PER_HA)
    return areas


def _polygons(array: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """Take geometries apart into non-empty polygons, each with the place of its owner."""
    parts, owner = shapely.get_parts(array, return_index=True)
    while (shapely.get_type_id(parts) > shapely.GeometryType.POLYGON).any():
        parts, index = shapely.get_parts(parts, return_index=True)
        owner = owner[index]
    kept = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(parts)
    return parts[kept], owner[kept]


@lru_cache(maxsize=1)
def _geod() -> Geod:
    return Geod(ellps="WGS84")
