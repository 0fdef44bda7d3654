"""Two sets of zones over each other: the hectares of every pair of codes, and the pieces."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses.coverage.rings import require_valid
from ntm_gis.analyses.overlay.edges import Edges, Weights, edges, weights
from ntm_gis.analyses.overlay.kernels import shared, wholes
from ntm_gis.analyses.overlay.pieces import Pieces, pieces
from ntm_gis.analyses.overlay.threads import threaded, together
from ntm_gis.errors import NotComputable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ntm_gis.analyses.columns import Floats, Ints, Shapes

__all__ = ["Matrix", "Pairs", "Pieces", "matrix", "pairs", "pieces"]

NO_GROUND_M2 = 1e-6
"""A square millimetre: less is how numbers are rounded."""

_CLOSES_M2 = 0.01


@dataclass(frozen=True)
class Pairs:
    """Ground shared by zones of one set and zones of another, without its shape.

    Parameters
    ----------
    left, right : int array, (p,)
        Numbers of the zones, ordered by both; -1 where the ground is in none of that set.
    grid_m2, ellipsoid_m2 : float array, (p,)
        Square metres in the plane of the zone, and on the ellipsoid as areas are published.
    """

    left: Ints
    right: Ints
    grid_m2: Floats
    ellipsoid_m2: Floats


@dataclass(frozen=True)
class Matrix:
    """Ground by the code it has in one set (rows) and in another (columns).

    Parameters
    ----------
    left, right : tuple of str or None
        Codes in order; None stands last, for ground whose code nobody gave.
    grid_m2, ellipsoid_m2 : float array, (rows + 1, columns + 1)
        Square metres in the plane of the zone, and on the ellipsoid. The last row holds what is
        in the right set alone, the last column what is in the left alone; their corner is 0.
        Rows and columns add up to the areas of the codes.
    """

    left: tuple[str | None, ...]
    right: tuple[str | None, ...]
    grid_m2: Floats
    ellipsoid_m2: Floats


def matrix(
    a: Shapes,
    b: Shapes,
    a_codes: Sequence[str | None],
    b_codes: Sequence[str | None],
    zone: str,
) -> Matrix:
    """Return the ground of every pair of codes of two plans: the change from one to the other.

    Parameters
    ----------
    a, b : object array, (n,) and (m,)
        Valid polygons in the zone, each set without overlaps; None and empty ones have no ground.
    a_codes, b_codes : sequence of str or None, (n,) and (m,)
        Their codes.
    zone : str
        Reference system of the commune, in metres.

    Raises
    ------
    UsageError
        A polygon is not valid.
    NotComputable
        Zones of one set overlap one another, so that their ground would count twice
        (`coverage.faults` says where, `coverage.covered` shares such ground out).
    CrsError
        `zone` is not metric.

    Examples
    --------
    >>> before = np.array([shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)])
    >>> after = np.array([shapely.box(50, 0, 150, 100)])
    >>> change = matrix(before, after, ["LUC", "CLN"], ["ONT"], "EPSG:9205")
    >>> change.left, change.right, change.grid_m2.tolist()
    (('CLN', 'LUC'), ('ONT',), [[5000.0, 5000.0], [5000.0, 5000.0], [0.0, 0.0]])
    """
    found = pairs(a, b, zone)
    rows, row = _codes(a_codes)
    columns, column = _codes(b_codes)
    # Position -1, in none, becomes the last row or column.
    at = np.append(row, len(rows))[found.left], np.append(column, len(columns))[found.right]
    shape = (len(rows) + 1, len(columns) + 1)
    cell = np.ravel_multi_index(at, shape)
    size = shape[0] * shape[1]
    return Matrix(
        rows,
        columns,
        _summed(cell, found.grid_m2, size).reshape(shape),
        _summed(cell, found.ellipsoid_m2, size).reshape(shape),
    )


def pairs(a: Shapes, b: Shapes, zone: str) -> Pairs:
    """Return the ground that zones of two sets share, and what is in one set alone.

    Parameters
    ----------
    a, b : object array, (n,) and (m,)
        Valid polygons in the zone, each set without overlaps; None and empty ones have no ground.
    zone : str
        Reference system of the commune, in metres.

    Returns
    -------
    Pairs
        Those of both sets first, then the left ones alone, then the right ones alone.

    Raises
    ------
    UsageError, NotComputable, CrsError
        As `matrix`.

    Notes
    -----
    Areas come from the edges (Green's theorem), exact to rounding: no shape is made. On the
    ellipsoid edges are straight lines of the grid; `crs.ellipsoidal_ha` takes geodesics of at
    most 50 m between their points, which differs by less than 0.001 m2 for each piece.

    Examples
    --------
    >>> a = np.array([shapely.box(0, 0, 100, 100)])
    >>> found = pairs(a, np.array([shapely.box(50, 0, 150, 100)]), "EPSG:9205")
    >>> found.left.tolist(), found.right.tolist(), found.grid_m2.tolist()
    ([0, 0, -1], [0, -1, 0], [5000.0, 5000.0, 5000.0])
    """
    a, b = (np.asarray(shapes, dtype=object) for shapes in (a, b))
    require_valid(a)
    require_valid(b)
    if not (_any_ground(a) or _any_ground(b)):
        nothing, none = np.empty(0), np.empty(0, dtype=np.int64)
        return Pairs(none, none, nothing, nothing)
    bounds = shapely.total_bounds(np.concatenate([a, b]))
    weight = weights(tuple(bounds.tolist()), zone)
    of_a, of_b = together(partial(_Zones.of, weight=weight), a, b)
    left, right, both = _summed_up(*_shared(of_a, of_b), len(b))
    a_alone, b_alone = _alone(of_a, left, both), _alone(of_b, right, both)
    a_only, b_only = (np.flatnonzero(alone[:, 0] > NO_GROUND_M2) for alone in (a_alone, b_alone))
    area = np.concatenate([both, a_alone[a_only], b_alone[b_only]])
    return Pairs(
        np.concatenate([left, a_only, np.full(len(b_only), -1)]),
        np.concatenate([right, np.full(len(a_only), -1), b_only]),
        area[:, 0].copy(),
        area[:, 1].copy(),
    )


@dataclass(frozen=True)
class _Zones:
    """The parts of zones: the zone of each, edges, extent, weights about it, areas."""

    parts: Shapes
    zone: Ints
    count: int
    edges: Edges
    reach: Floats
    near: Floats
    areas: Floats

    @classmethod
    def of(cls, shapes: Shapes, weight: Weights) -> _Zones:
        if (shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON).all():
            parts, zone = shapes, np.arange(len(shapes))
        else:
            parts, zone = shapely.get_parts(shapes, return_index=True)
        west, south, east, north = shapely.bounds(parts).reshape(-1, 4).T
        middle = np.column_stack([west + east, south + north]) / 2 - weight.origin
        near = np.column_stack([middle, south - weight.origin[1], weight.about(middle)])
        laid = edges(parts, weight.origin)
        reach = np.maximum(east - west, north - south)
        areas = wholes(laid.table, laid.first, near)
        return cls(parts, zone, len(shapes), laid, reach, near, areas)


def _shared(a: _Zones, b: _Zones) -> tuple[Ints, Ints, Floats]:
    """Return zones of both sets and the grid and ellipsoidal areas that their parts share."""
    left, right = shapely.STRtree(b.parts).query(a.parts)
    # Weights are those in the midst of the smaller of the two.
    at = np.where(a.reach[left] < b.reach[right], left, right + len(a.parts))
    on = (a.edges.table, a.edges.first, b.edges.table, b.edges.first)
    work = partial(shared, *on, near=np.concatenate([a.near, b.near]))
    return a.zone[left], b.zone[right], threaded(work, left, right, at)


def _summed_up(left: Ints, right: Ints, area: Floats, width: int) -> tuple[Ints, Ints, Floats]:
    """Return pairs of zones once each, in order, without those that share no ground."""
    pair, place = np.unique(left * width + right, return_inverse=True)
    both = np.column_stack([_summed(place, part, len(pair)) for part in area.T])
    kept = both[:, 0] > NO_GROUND_M2
    return pair[kept] // width, pair[kept] % width, both[kept]


def _alone(of: _Zones, number: Ints, both: Floats) -> Floats:
    """Return what of each zone lies in none of the other set."""
    columns = [
        _summed(of.zone, whole, of.count) - _summed(number, part, of.count)
        for whole, part in zip(of.areas.T, both.T, strict=True)
    ]
    alone = np.column_stack(columns)
    twice = np.flatnonzero(alone[:, 0] < -_CLOSES_M2)
    if len(twice):
        raise NotComputable(
            "OVERLAY_COUNTS_TWICE", n=len(twice), first=int(twice[0]) + 1,
            area=float(-alone[twice, 0].sum()),
        )  # fmt: skip
    return alone


def _summed(place: Ints, amount: Floats, count: int) -> Floats:
    return np.bincount(place, amount, count).astype(np.float64)


def _codes(codes: Sequence[str | None]) -> tuple[tuple[str | None, ...], Ints]:
    known: list[str | None] = [*sorted({code for code in codes if code is not None})]
    if None in codes:
        known.append(None)
    place = {code: k for k, code in enumerate(known)}
    return tuple(known), np.array([place[code] for code in codes], dtype=np.int64)


def _any_ground(shapes: Shapes) -> bool:
    return bool((~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)).any())
