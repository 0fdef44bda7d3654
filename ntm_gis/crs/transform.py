"""Moving coordinates: one cached, strict transformer for each pair of systems, whole arrays."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.aoi import AreaOfInterest
from pyproj.exceptions import ProjError

from ntm_gis.crs.definitions import accepted
from ntm_gis.crs.zones import CrsLike, Zone, from_epsg, meridian_label, to_crs
from ntm_gis.errors import CrsError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

# The official seven parameters hold for the whole country. In the south PROJ would prefer a set
# of an oil company, 0.8 m away; asked for this place in the north-west, it has the official one
# alone, and keeps to it wherever the points lie.
_OFFICIAL = AreaOfInterest(103.6, 22.1, 103.8, 22.3)
_VN2000 = 4756


def transformer(source: CrsLike, target: CrsLike) -> Transformer:
    """Return the transformer between two systems, x (east, longitude) first, made once.

    Never a guess: only the best operation, no "ballpark". Between VN-2000 and WGS 84 it is the
    official set of 2007 everywhere in the country.

    Raises
    ------
    CrsError
        HN-72, or no operation of known accuracy between the two.

    Examples
    --------
    >>> lon, lat = transformer("EPSG:9205", "EPSG:4326").transform(571979.18, 2455972.70)
    >>> round(lon, 6), round(lat, 6)
    (103.7, 22.2)
    """
    return _transformer(_key(source), _key(target))


def lonlat(x: float, y: float, source: CrsLike) -> tuple[float, float] | None:
    """Return longitude and latitude (WGS 84) of one point, to a centimetre; None for nowhere.

    Examples
    --------
    >>> lonlat(571979.18, 2455972.70, "EPSG:9205")
    (103.7, 22.2)
    """
    lon, lat = transformer(source, "EPSG:4326").transform(x, y)
    there = np.isfinite(lon) and np.isfinite(lat)
    return (round(float(lon), 7), round(float(lat), 7)) if there else None


def to_zone(
    x: ArrayLike, y: ArrayLike, source: CrsLike, target: CrsLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Transform whole arrays of coordinates.

    Parameters
    ----------
    x, y : array_like of float, any equal shape
        East or longitude, north or latitude, in `source`.
    source, target : zone, code or CRS
        From where to where.

    Returns
    -------
    x, y : ndarray of float64
        In `target`, metres in a zone.

    Raises
    ------
    CrsError
        A coordinate is not finite, or has no place in `target`: axes swapped, metres taken
        for degrees. `params` name how many, and the first (from 1).

    Examples
    --------
    >>> east, north = to_zone([103.70], [22.20], "EPSG:4326", "EPSG:9205")
    >>> east.round(2).tolist(), north.round(2).tolist()
    ([571979.18], [2455972.7])
    """
    east = np.asarray(x, dtype=np.float64)
    north = np.asarray(y, dtype=np.float64)
    _require_finite(east, north, (east, north), source, target)
    out = transformer(source, target).transform(east, north)
    new_east, new_north = np.asarray(out[0]), np.asarray(out[1])
    _require_finite(new_east, new_north, (east, north), source, target)
    return new_east, new_north


def reproject(geometries: ArrayLike, source: CrsLike, target: CrsLike) -> NDArray[np.object_]:
    """Transform an array of shapely geometries; missing and empty ones stay; heights are kept.

    Raises
    ------
    CrsError
        As `to_zone`.

    Examples
    --------
    >>> point = shapely.Point(103.70, 22.20)
    >>> shapely.to_wkt(reproject([point], 4326, 9205)[0], rounding_precision=2)
    'POINT (571979.18 2455972.7)'
    """
    array = np.atleast_1d(np.asarray(geometries, dtype=object))

    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        east, north = to_zone(xy[:, 0], xy[:, 1], source, target)
        return np.column_stack([east, north, *xy[:, 2:].T])

    has_z = shapely.has_z(array)
    out: NDArray[np.object_] = array.copy()
    for kind in (False, True):
        here = has_z == kind
        if here.any():
            out[here] = shapely.transform(array[here], move, include_z=kind)
    return out


def _require_finite(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    read: tuple[NDArray[np.float64], NDArray[np.float64]],
    source: CrsLike,
    target: CrsLike,
) -> None:
    wrong = ~(np.isfinite(x) & np.isfinite(y))
    if wrong.any():
        first = int(np.flatnonzero(wrong)[0])
        raise CrsError(
            "CRS_NO_PLACE",
            count=int(wrong.sum()),
            first=first + 1,
            x=float(read[0].flat[first]),
            y=float(read[1].flat[first]),
            source=meridian_label(source),
            target=meridian_label(target),
        )


def _key(crs: CrsLike) -> str:
    if isinstance(crs, Zone):
        return crs.code
    system = to_crs(crs)
    return system.srs if system.srs.startswith("EPSG:") else system.to_wkt()


@lru_cache(maxsize=256)
def _transformer(source: str, target: str) -> Transformer:
    start, end = (accepted(CRS.from_user_input(text)) for text in (source, target))
    options: dict[str, Any] = {}
    if _on_vn2000(start) or _on_vn2000(end):
        options["area_of_interest"] = _OFFICIAL
    try:
        return Transformer.from_crs(
            start, end, always_xy=True, only_best=True, allow_ballpark=False, **options
        )
    except ProjError as cause:
        raise CrsError(
            "CRS_NO_OPERATION", source=meridian_label(start), target=meridian_label(end)
        ) from cause


def _on_vn2000(crs: CRS) -> bool:
    base = crs.geodetic_crs
    return base is not None and base.datum == from_epsg(_VN2000).datum
