"""Layers that lie nowhere near the commune, and boundaries that are no commune's.

One sentence about the whole file says more than one about each of its rows; and what lies
elsewhere has no place on the map rather than a wrong one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis import crs
from ntm_gis.errors import CrsError
from ntm_gis.results import Words, sentence
from ntm_gis.sources.placing_words import label
from ntm_gis.sources.readers.parsed import Told

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyproj import CRS

    from ntm_gis.sources.placing import Ground, Shapes

_VIET_NAM = shapely.box(102.0, 6.0, 118.0, 23.5)
"""Land and islands, longitude and latitude, with a margin at sea."""
_ZONE_DEGREES = {"tm3": 3.0, "utm": 4.5}
"""So far from its meridian a zone is still used for a commune, wrongly or rightly."""
_LEAST_KM2, _MOST_KM2 = 0.2, 3_000.0
"""No commune of Viet Nam is smaller than the one, or larger than the other."""
_POLYGON = 2


def told(shapes: Shapes, system: CRS, ground: Ground, *, wide: bool) -> Told | None:
    """Tell that a layer lies nowhere near the commune (`CRS_NOWHERE`), or outside Viet Nam.

    Parameters
    ----------
    shapes : array of geometry or None
        In the commune's zone, as the system said puts them.
    system : CRS
        That system.
    ground : Ground
        Where it knows no boundary, places are held against Viet Nam alone.
    wide : bool
        Features beyond the commune are expected.
    """
    points = shapely.get_coordinates(shapes[[s is not None for s in shapes]])
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return None
    count = int(sum(s is not None for s in shapes))
    area = ground.wide if wide else ground.near
    if area is None or ground.polygon is None:
        lon, lat = _degrees(points, ground.zone)
        if shapely.contains_xy(_VIET_NAM, lon, lat).any():
            return None
        return Told("CRS_OUTSIDE_VIETNAM", params={"count": count, "said": label(system)})
    if shapely.contains_xy(area, points).any() or shapely.intersects(area, shapes).any():
        return None
    away = shapely.distance(ground.polygon, shapely.points(points[:1000]))
    return Told("CRS_NOWHERE", params={
        "count": count, "said": label(system), "km": float(away.min()) / 1000})  # fmt: skip


def misplaced(shapes: Shapes, zone: str) -> Told | None:
    """Tell that a boundary can be no commune's (`BOUNDARY_MISPLACED`): by place, or by size.

    Parameters
    ----------
    shapes : array of geometry or None
        The rows of the boundary, in the commune's zone.
    """
    areas = shapes[shapely.get_dimensions(shapes) == _POLYGON]
    if not len(areas):
        return None
    whole = shapely.union_all(shapely.make_valid(areas))
    why = _elsewhere(whole, zone) or _wrong_size(whole, zone)
    return None if why is None else Told("BOUNDARY_MISPLACED", params={"why": why})


def _elsewhere(whole: shapely.Geometry, zone: str) -> Words | None:
    middle = shapely.get_coordinates(shapely.point_on_surface(whole))
    if not len(middle):
        return None
    lon, lat = (float(v[0]) for v in _degrees(middle, zone))
    if not np.isfinite([lon, lat]).all():
        return sentence("BOUNDARY_NO_PLACE", {})
    if not shapely.contains_xy(_VIET_NAM, lon, lat):
        return sentence("BOUNDARY_ABROAD", {"lon": lon, "lat": lat})
    work = crs.zone(zone)
    if abs(lon - work.longitude) > _ZONE_DEGREES[work.kind]:
        return sentence("BOUNDARY_FROM_ZONE", {"lon": lon, "lat": lat, "zone": label(zone)})
    return None


def _wrong_size(whole: shapely.Geometry, zone: str) -> Words | None:
    km2 = float(crs.ellipsoidal_ha(np.array([whole], dtype=object), crs.to_crs(zone))[0]) / 100
    if _LEAST_KM2 <= km2 <= _MOST_KM2:
        return None
    code = "BOUNDARY_TOO_SMALL" if km2 < _LEAST_KM2 else "BOUNDARY_TOO_LARGE"
    return sentence(code, {"km2": km2})


def _degrees(
    points: NDArray[np.float64], zone: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return longitude and latitude; infinite where a point has none."""
    try:
        lon, lat = crs.transformer(zone, "EPSG:4326").transform(points[:, 0], points[:, 1])
    except CrsError:
        nowhere = np.full(len(points), np.inf)
        return nowhere, nowhere
    return np.asarray(lon), np.asarray(lat)
