"""Telling by a line whether a layer was placed with the wrong datum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely
from pyproj import Geod

from ntm_gis.crs.transform import transformer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ntm_gis.crs.zones import CrsLike

_STEP_M = 25.0
_MOST_POINTS = 500
_FIT_M = 30.0
_APART_M = 50.0


@dataclass(frozen=True, slots=True)
class DatumShift:
    """How a line lies to a reference, and whether the datum explains it.

    `kind` is "none" (the line lies where it should), "vn2000_as_wgs84" (VN-2000 coordinates were
    taken for WGS 84), "wgs84_as_vn2000" (the other way round) or "other" (apart, but not by the
    datum: another zone, another k₀, another line). `distance_m` and `azimuth_deg` are those of
    the datum shift at this place, from where the line should be to where it is.
    """

    kind: Literal["none", "vn2000_as_wgs84", "wgs84_as_vn2000", "other"]
    misfit_m: float
    misfit_after_m: float
    distance_m: float
    azimuth_deg: float


def datum_shift_fingerprint(
    reference_line: shapely.Geometry, line: shapely.Geometry, zone: CrsLike
) -> DatumShift:
    """Compare a line with a reference, as it lies and moved back by the datum shift.

    Whether points fall inside a commune cannot show 223 m; a boundary or a road can.

    Parameters
    ----------
    reference_line : geometry
        The commune's boundary or a trusted road, in `zone`; of a polygon, its boundary.
    line : geometry
        The same thing, or a stretch of it, from the layer in question, in `zone` as it would
        be placed.
    zone : zone, code or CRS
        Metric VN-2000.

    Returns
    -------
    DatumShift
        Misfits are medians of the distance from the line to the reference, in metres.

    Examples
    --------
    >>> road = shapely.LineString([(571000, 2455000), (572500, 2455900), (572600, 2457000)])
    >>> moved = shapely.transform(road, lambda xy: xy + (-196.8, 104.6))
    >>> datum_shift_fingerprint(road, moved, "EPSG:9205").kind
    'vn2000_as_wgs84'
    """
    points = _along(line if shapely.get_dimensions(line) < 2 else shapely.boundary(line))
    if shapely.get_dimensions(reference_line) == 2:
        reference_line = shapely.boundary(reference_line)
    vector, distance, azimuth = _shift_at(points.mean(axis=0), zone)
    shapely.prepare(reference_line)
    as_is, forward, back = (
        float(np.median(shapely.distance(reference_line, shapely.points(points - offset))))
        for offset in (0 * vector, vector, -vector)
    )
    after = min(forward, back)
    kind: Literal["none", "vn2000_as_wgs84", "wgs84_as_vn2000", "other"]
    if as_is > _APART_M and after < min(_FIT_M, as_is / 4):
        kind = "vn2000_as_wgs84" if forward <= back else "wgs84_as_vn2000"
        turned = azimuth if kind == "vn2000_as_wgs84" else (azimuth + 180) % 360
        return DatumShift(kind, as_is, after, distance, turned)
    kind = "none" if as_is <= _APART_M else "other"
    return DatumShift(kind, as_is, after, distance, azimuth)


def _along(line: shapely.Geometry) -> NDArray[np.float64]:
    """Return points evenly spread along a line, at most a few hundred, whatever its length."""
    count = int(np.clip(line.length / _STEP_M, 10, _MOST_POINTS))
    places = np.linspace(0, line.length, count)
    return np.asarray(shapely.get_coordinates(shapely.line_interpolate_point(line, places)))


def _shift_at(
    place: NDArray[np.float64], zone: CrsLike
) -> tuple[NDArray[np.float64], float, float]:
    """Return where VN-2000 coordinates of a place land when taken for WGS 84."""
    lon, lat = transformer(zone, "EPSG:4756").transform(*place)
    wrong = np.array(transformer("EPSG:4326", zone).transform(lon, lat))
    far_lon, far_lat = transformer(zone, "EPSG:4756").transform(*wrong)
    azimuth, _, distance = Geod(ellps="WGS84").inv(lon, lat, far_lon, far_lat)
    return wrong - place, float(distance), float(azimuth % 360)
