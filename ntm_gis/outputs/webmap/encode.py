"""Geometry as short lists of whole metres, for the page to draw.

A part of a shape is `[x, y, dx, dy, …]`: the first corner from the south-west corner of the
page's ground, then each step from the one before. Nothing is ever computed from these.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

NOWHERE, POINT, LINE, AREA = 0, 1, 2, 3

# GeoPandas/GEOS type ids -> what the page draws; a collection is drawn as its highest kind.
_KINDS = np.array([POINT, LINE, LINE, AREA, POINT, LINE, AREA, AREA], dtype=np.int64)
_COLLECTION = 7

Parts = list[list[int]]


@dataclass(frozen=True, slots=True)
class Shapes:
    """Kinds and shapes of n features, in their order; a feature without a place has neither."""

    kinds: list[int]
    shapes: list[Parts]


def shapes(
    geometry: gpd.GeoSeries, origin: tuple[float, float], tolerance_m: float = 0.0
) -> Shapes:
    """Return features as the page draws them.

    Parameters
    ----------
    geometry : GeoSeries, n features
        In the commune's zone, metres; missing, empty and infinite ones have no place.
    origin : (float, float)
        East and north of the corner that the page counts from.
    tolerance_m : float
        Corners of lines and areas that lie within this of a straight line are left out.

    Examples
    --------
    >>> line = gpd.GeoSeries([shapely.LineString([(500_010, 20), (500_013, 24)]), None])
    >>> shapes(line, (500_000, 0))
    Shapes(kinds=[2, 0], shapes=[[[10, 20, 3, 4]], []])
    """
    shapely_array = np.asarray(geometry.to_numpy(), dtype=object)
    kinds = _kinds(shapely_array)
    out: list[Parts] = [[] for _ in kinds]
    for kind in (POINT, LINE, AREA):
        where = np.flatnonzero(kinds == kind)
        if len(where):
            owners, parts = _parts(shapely_array[where], kind, tolerance_m)
            for owner, steps in zip(where[owners].tolist(), _steps(parts, origin), strict=True):
                if steps:
                    out[owner].append(steps)
    return Shapes(
        [k if parts else NOWHERE for k, parts in zip(kinds.tolist(), out, strict=True)], out
    )


def rings(area: shapely.Geometry | None, origin: tuple[float, float], tolerance_m: float) -> Parts:
    """Return the rings of an area, all of one list; none where there is no area."""
    if area is None or area.is_empty:
        return []
    return shapes(gpd.GeoSeries([area]), origin, tolerance_m).shapes[0]


def _kinds(geometry: npt.NDArray[np.object_]) -> npt.NDArray[np.int64]:
    present = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    finite = np.isfinite(shapely.bounds(geometry)).all(axis=1)
    types = shapely.get_type_id(geometry)
    kinds = np.where(types == _COLLECTION, shapely.get_dimensions(geometry) + 1, _KINDS[types])
    return np.where(present & finite, kinds, NOWHERE)


def _parts(
    geometry: npt.NDArray[np.object_], kind: int, tolerance_m: float
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.object_]]:
    """Return single points, lines or rings, and which feature each belongs to."""
    flat = shapely.force_2d(geometry)
    if kind != POINT and tolerance_m > 0:
        flat = _simplified(flat, tolerance_m)
    parts, owners = shapely.get_parts(flat, return_index=True)
    # A collection may hold another: twice is enough for anything that files bring.
    parts, inner = shapely.get_parts(parts, return_index=True)
    owners = owners[inner]
    keep = shapely.get_dimensions(parts) == kind - 1
    parts, owners = parts[keep], owners[keep]
    if kind == AREA:
        # Outer rings one way round, holes the other: areas that overlap stay filled.
        turned = shapely.orient_polygons(parts)
        found, of_part = shapely.get_rings(turned, return_index=True)
        return owners[of_part], found
    return owners, parts


def _simplified(geometry: npt.NDArray[np.object_], tolerance_m: float) -> npt.NDArray[np.object_]:
    """Return geometry with fewer corners; what would vanish stays as it is."""
    simple = shapely.simplify(geometry, tolerance_m, preserve_topology=True)
    gone = shapely.is_empty(simple) | shapely.is_missing(simple)
    return np.where(gone, geometry, simple)


def _steps(parts: npt.NDArray[np.object_], origin: tuple[float, float]) -> list[list[int]]:
    """Return the corners of every part as whole metres, each from the one before."""
    coordinates, owner = shapely.get_coordinates(parts, return_index=True)
    metres = np.rint(coordinates - np.asarray(origin)).astype(np.int64)
    first = np.r_[True, owner[1:] != owner[:-1]] if len(owner) else np.zeros(0, dtype=bool)
    steps = np.diff(metres, axis=0, prepend=metres[:1])
    steps[first] = metres[first]
    # A step of nothing draws nothing; the first corner stays, even at the origin.
    moved = first | (steps != 0).any(axis=1)
    steps, owner = steps[moved], owner[moved]
    ends = np.cumsum(np.bincount(owner, minlength=len(parts)))
    flat = steps.ravel().tolist()
    starts = np.r_[0, ends[:-1]]
    return [flat[2 * a : 2 * b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
