"""Two sets of zones cut by each other into pieces that lie in the same zone of both."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis import crs
from ntm_gis.analyses.coverage.rings import require_valid
from ntm_gis.analyses.overlay.origin import back, middle, moved, thinnest
from ntm_gis.analyses.overlay.threads import threaded

if TYPE_CHECKING:
    import numpy.typing as npt

    from ntm_gis.analyses.columns import Floats, Ints, Shapes

    Bools = npt.NDArray[np.bool_]

_M2_PER_HA = 10_000.0
_CLOSES_M2 = 1e-5


@dataclass(frozen=True)
class Pieces:
    """Ground by the zone of either set that it lies in.

    Parameters
    ----------
    left, right : int array, (p,)
        Numbers of the zones; -1 where the ground is in none of that set. Pieces in both come
        first, ordered by both, then those in the left set alone, then in the right alone.
    geometry : object array, (p,)
        Polygons or multi-polygons, one for each pair; they don't overlap, and all those of one
        zone make up the zone.
    """

    left: Ints
    right: Ints
    geometry: Shapes

    @property
    def grid_m2(self) -> Floats:
        """Areas in the plane of the zone, square metres."""
        return np.asarray(shapely.area(self.geometry), dtype=np.float64)

    def ellipsoid_m2(self, zone: str) -> Floats:
        """Return areas on the ellipsoid, as published, in square metres."""
        return crs.ellipsoidal_ha(self.geometry, zone) * _M2_PER_HA


def pieces(a: Shapes, b: Shapes) -> Pieces:
    """Cut two coverages by each other.

    Parameters
    ----------
    a, b : object array, (n,) and (m,)
        Valid polygons in one metric reference system, each set without overlaps (where a set
        overlaps itself, ask `coverage.faults` first); None and empty ones have no ground.

    Returns
    -------
    Pieces
        They partition the ground of both sets, to rounding of the coordinates.

    Raises
    ------
    UsageError
        A polygon is not valid.

    Examples
    --------
    >>> a = np.array([shapely.box(0, 0, 100, 100)])
    >>> cut = pieces(a, np.array([shapely.box(50, 0, 150, 100)]))
    >>> cut.left.tolist(), cut.right.tolist(), cut.grid_m2.tolist()
    ([0, 0, -1], [0, -1, 0], [5000.0, 5000.0, 5000.0])
    """
    a, b = (np.asarray(shapes, dtype=object) for shapes in (a, b))
    require_valid(a)
    require_valid(b)
    origin, least = middle(a, b), thinnest(a, b)
    a, b = moved(a, -origin), moved(b, -origin)
    shapely.prepare(a)
    shapely.prepare(b)
    left, right = shapely.STRtree(b).query(a, predicate="intersects")
    order = np.lexsort((right, left))
    left, right = left[order], right[order]
    both = in_both(a[left], b[right])
    a_only, a_alone = _alone(a, b, left, right, both, least)
    b_only, b_alone = _alone(b, a, right, left, both, least)
    geometry = np.concatenate([both, a_alone, b_alone])
    lefts = np.concatenate([left, a_only, np.full(len(b_only), -1)])
    rights = np.concatenate([right, np.full(len(a_only), -1), b_only])
    kept = shapely.area(geometry) > least * shapely.length(geometry)
    return Pieces(lefts[kept], rights[kept], areal(back(geometry[kept], origin)))


def in_both(a: Shapes, b: Shapes) -> Shapes:
    """Return the ground that pairs of zones share, whole zones as they are.

    Parameters
    ----------
    a, b : object array, (n,)
        Valid polygons; faster where they are prepared (`shapely.prepare`).

    Returns
    -------
    object array, (n,)
        Polygons and multi-polygons; empty where two only touch.

    Examples
    --------
    >>> a, b = np.array([shapely.box(0, 0, 2, 2)]), np.array([shapely.box(1, 0, 3, 2)])
    >>> shapely.area(in_both(a, b)).tolist()
    [2.0]
    """
    out = np.empty(len(a), dtype=object)
    within, around = covers(b, a), covers(a, b)
    out[around], out[within] = b[around], a[within]
    cut = ~within & ~around
    out[cut] = areal(threaded(shapely.intersection, a[cut], b[cut]))
    return out


def covers(outer: Shapes, inner: Shapes) -> Bools:
    """Return which shapes cover others; only those are asked whose extent does.

    Notes
    -----
    In one thread alone: GEOS builds what a prepared shape needs at its first question.

    Examples
    --------
    >>> covers(np.array([shapely.box(0, 0, 2, 2)]), np.array([shapely.box(1, 0, 2, 2)])).tolist()
    [True]
    """
    low, high = np.hsplit(shapely.bounds(outer), 2)
    low_inner, high_inner = np.hsplit(shapely.bounds(inner), 2)
    out = np.asarray(((low <= low_inner) & (high >= high_inner)).all(axis=1), dtype=bool)
    out[out] = shapely.covers(outer[out], inner[out])
    return out


def _alone(
    of: Shapes, others: Shapes, number: Ints, other: Ints, both: Shapes, width: float
) -> tuple[Ints, Shapes]:
    """Return the zones that lie in the other set not at all or in part, and that part."""
    shared = np.bincount(number, shapely.area(both), len(of))
    least = width * shapely.length(of)
    left = shapely.area(of) - shared
    some = np.flatnonzero(left > least)
    met = np.isin(some, number)
    out = of[some]
    if met.any():
        ours = np.isin(number, some)
        order = np.argsort(number[ours], kind="stable")
        taken = others[other[ours][order]]
        group = np.searchsorted(some[met], number[ours][order])
        gathered = shapely.geometrycollections(taken, indices=group)
        united = threaded(partial(shapely.union_all, axis=1), gathered[:, None])
        rest = areal(threaded(shapely.difference, out[met], united))
        # Seams a micrometre apart are snapped, and with them what lies between: one by one then.
        off = np.abs(shapely.area(rest) - left[some[met]]) > _CLOSES_M2 + least[some[met]]
        for k in np.flatnonzero(off).tolist():
            rest[k] = _taken_off(out[met][k], taken[group == k])
        out[met] = rest
    return some, out


def _taken_off(shape: shapely.Geometry, others: Shapes) -> shapely.Geometry:
    """Return a shape without others, taken off one after the other."""
    for other in others:
        shape = areal(np.array([shapely.difference(shape, other)], dtype=object))[0]
    return shape


def areal(shapes: Shapes) -> Shapes:
    """Return polygons without the lines and points where shapes only touch.

    Examples
    --------
    >>> mixed = shapely.from_wkt("GEOMETRYCOLLECTION (POINT (0 0), POLYGON ((0 0, 1 0, 1 1, 0 0)))")
    >>> areal(np.array([mixed, shapely.Point(0, 0)])).tolist()
    [<POLYGON ((0 0, 1 0, 1 1, 0 0))>, <POLYGON EMPTY>]
    """
    kind = shapely.get_type_id(shapes)
    out = shapes.copy()
    mixed = kind == shapely.GeometryType.GEOMETRYCOLLECTION
    fine = (kind == shapely.GeometryType.POLYGON) | (kind == shapely.GeometryType.MULTIPOLYGON)
    out[~fine & (kind >= 0)] = shapely.Polygon()
    if mixed.any():
        parts, of = shapely.get_parts(shapes[mixed], return_index=True)
        flat = shapely.get_dimensions(parts) == 2
        polygons, inner = shapely.get_parts(parts[flat], return_index=True)
        of = of[flat][inner]
        whole = np.flatnonzero(mixed)
        has, first, count = np.unique(of, return_index=True, return_counts=True)
        gathered = shapely.multipolygons(polygons, indices=np.searchsorted(has, of))
        gathered = np.where(count == 1, polygons[first], gathered)
        out[whole[has]] = gathered
    return out
