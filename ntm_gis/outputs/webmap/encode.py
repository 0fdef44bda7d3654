"""Geometry as short lists of whole metres, for the page to draw.

A part of a shape is `[x, y, dx, dy, …]`: the first corner from the south-west corner of the
page's ground, then each step from the one before. Nothing is ever computed from these. A layer
goes to the page as three runs of small numbers of few bytes each: parts of each feature, corners
of each part, steps.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

NOWHERE, POINT, LINE, AREA = 0, 1, 2, 3

# GeoPandas/GEOS type ids -> what the page draws; a collection is drawn as its highest kind.
_KINDS = np.array([POINT, LINE, LINE, AREA, POINT, LINE, AREA, AREA], dtype=np.int64)
_POLYGON, _COLLECTION = 3, 7

Parts = list[list[int]]

# Shapes of fewer corners than this are drawn as they are: to look for what can go costs more.
_MANY = 16
_LOW, _MORE = 0x7F, 0x80
# The first numbers that take another byte.
_BYTES = np.array([1 << bits for bits in range(7, 63, 7)], dtype=np.int64)


@dataclass(frozen=True)
class Shapes:
    """Kinds and shapes of n features, in their order; a feature without a place has neither.

    Parameters
    ----------
    kinds : list of n int
    parts : int array, n
        How many parts each feature has.
    corners : int array, sum of `parts`
        How many corners each part has.
    steps : int array, twice the sum of `corners`
        x, y of each corner: of the first of a part from the origin, then from the one before.
    """

    kinds: list[int]
    parts: npt.NDArray[np.int64]
    corners: npt.NDArray[np.int64]
    steps: npt.NDArray[np.int64]

    @cached_property
    def shapes(self) -> list[Parts]:
        """The parts of each feature as lists."""
        return _cut(_cut(self.steps.tolist(), 2 * self.corners), self.parts)

    @cached_property
    def packed(self) -> dict[str, str]:
        """What the page reads: `parts`, `corners` and `steps` as base64 of their bytes."""
        return {
            "parts": packed(self.parts),
            "corners": packed(self.corners),
            "steps": packed(np.where(self.steps < 0, -2 * self.steps - 1, 2 * self.steps)),
        }


def _cut(items: list[Any], sizes: npt.NDArray[np.int64]) -> list[list[Any]]:
    """Return items in runs of so many each."""
    ends = np.cumsum(sizes).tolist()
    starts = (np.cumsum(sizes) - sizes).tolist()
    return [items[a:b] for a, b in zip(starts, ends, strict=True)]


def packed(numbers: npt.NDArray[np.int64]) -> str:
    """Return numbers from zero on as base64 of seven bits a byte, the lowest first.

    Every byte but the last of a number has its eighth bit set.

    Examples
    --------
    >>> base64.b64decode(packed(np.array([1, 300]))).hex(" ")
    '01 ac 02'
    """
    width = np.searchsorted(_BYTES, numbers, side="right") + 1
    ends = np.cumsum(width)
    out = np.zeros(int(ends[-1]) if len(ends) else 0, dtype=np.uint8)
    for k in range(int(width.max()) if len(width) else 0):
        some = width > k
        low = (numbers[some] >> (7 * k)) & _LOW
        out[ends[some] - width[some] + k] = np.where(width[some] > k + 1, low | _MORE, low)
    return base64.b64encode(out.tobytes()).decode("ascii")


def unpacked(given: dict[str, str]) -> list[Parts]:
    """Return the parts of each feature from what `Shapes.packed` gives: for who reads a page.

    Examples
    --------
    >>> point = gpd.GeoSeries([shapely.Point(7, -5)])
    >>> unpacked(shapes(point, (0, 0)).packed)
    [[[7, -5]]]
    """
    counts, corners, steps = (_numbers(given[key]) for key in ("parts", "corners", "steps"))
    signed = np.where(steps % 2 == 1, -(steps + 1) // 2, steps // 2)
    return Shapes([], counts, corners, signed).shapes


def _numbers(text: str) -> npt.NDArray[np.int64]:
    out, value, bits = [], 0, 0
    for byte in base64.b64decode(text):
        value |= (byte & _LOW) << bits
        bits += 7
        if byte < _MORE:
            out.append(value)
            value, bits = 0, 0
    return np.array(out, dtype=np.int64)


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
    >>> found = shapes(line, (500_000, 0))
    >>> found.kinds, found.shapes
    ([2, 0], [[[10, 20, 3, 4]], []])
    """
    shapely_array = np.asarray(geometry.to_numpy(), dtype=object)
    kinds = _kinds(shapely_array)
    owners, parts = [np.zeros(0, dtype=np.intp)], [np.zeros(0, dtype=object)]
    for kind in (POINT, LINE, AREA):
        where = np.flatnonzero(kinds == kind)
        if len(where):
            of_part, found = _parts(shapely_array[where], kind, tolerance_m)
            owners.append(where[of_part])
            parts.append(found)
    owner = np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    corners, steps = _steps(np.concatenate(parts)[order], origin)
    count = np.bincount(owner, minlength=len(kinds)).astype(np.int64)
    return Shapes(np.where(count > 0, kinds, NOWHERE).tolist(), count, corners, steps)


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
    flat = geometry
    if kind != POINT and tolerance_m > 0:
        # Areas must not tear; lines cannot, and are done many times faster.
        flat = _simplified(flat, tolerance_m, whole=kind == AREA)
    parts, owners = shapely.get_parts(flat, return_index=True)
    # A collection may hold another: twice is enough for anything that files bring.
    if (shapely.get_type_id(parts) > _POLYGON).any():
        parts, inner = shapely.get_parts(parts, return_index=True)
        owners = owners[inner]
    keep = (shapely.get_dimensions(parts) == kind - 1) & ~shapely.is_empty(parts)
    parts, owners = parts[keep], owners[keep]
    if kind == AREA:
        # Outer rings one way round, holes the other: areas that overlap stay filled.
        turned = shapely.orient_polygons(parts)
        found, of_part = shapely.get_rings(turned, return_index=True)
        return owners[of_part], found
    return owners, parts


def _simplified(
    geometry: npt.NDArray[np.object_], tolerance_m: float, *, whole: bool
) -> npt.NDArray[np.object_]:
    """Return geometry with fewer corners; what would vanish stays as it is."""
    out = geometry.copy()
    many = np.flatnonzero(shapely.get_num_coordinates(geometry) > _MANY)
    simple = shapely.simplify(geometry[many], tolerance_m, preserve_topology=whole)
    left = ~(shapely.is_empty(simple) | shapely.is_missing(simple))
    out[many[left]] = simple[left]
    return out


def _steps(
    parts: npt.NDArray[np.object_], origin: tuple[float, float]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return how many corners each part has, and all as whole metres, each from the one before."""
    coordinates, owner = shapely.get_coordinates(parts, return_index=True)
    metres = np.rint(coordinates - np.asarray(origin)).astype(np.int64)
    first = np.r_[True, owner[1:] != owner[:-1]] if len(owner) else np.zeros(0, dtype=bool)
    steps = np.diff(metres, axis=0, prepend=metres[:1])
    steps[first] = metres[first]
    # A step of nothing draws nothing; the first corner stays, even at the origin.
    moved = first | (steps != 0).any(axis=1)
    corners = np.bincount(owner[moved], minlength=len(parts)).astype(np.int64)
    return corners, steps[moved].ravel()
