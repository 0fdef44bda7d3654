"""Ground that polygons cover, each piece once: whose it is, where they overlap, what is left."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis import crs
from ntm_gis.analyses.coverage.extent import Margins, margins
from ntm_gis.analyses.coverage.faults import Faults, faults
from ntm_gis.analyses.overlay.origin import back, middle, moved
from ntm_gis.analyses.overlay.pieces import areal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ntm_gis.analyses.columns import Floats, Shapes

__all__ = [
    "Coverage",
    "Faults",
    "Margins",
    "Overlap",
    "covered",
    "faults",
    "hectares",
    "margins",
]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Ground that two polygons share, by their numbers, first < second in the order given."""

    first: int
    second: int
    ground: shapely.Geometry
    area_ha: float


@dataclass(frozen=True)
class Coverage:
    """Polygons without what others before them cover.

    Parameters
    ----------
    own : object array, (n,)
        The ground counted with each polygon; None where it has none.
    own_ha : float array, (n,)
        On the ellipsoid; 0 where there is no ground.
    overlaps : tuple of Overlap
    """

    own: Shapes
    own_ha: Floats
    overlaps: tuple[Overlap, ...]


def covered(geometries: Shapes, order: Sequence[str], zone: str) -> Coverage:
    """Share the ground of polygons out, so that what several cover is counted once.

    Parameters
    ----------
    geometries : object array, (n,)
        Valid polygons in the zone; None and empty ones have no ground.
    order : sequence of str, (n,)
        Who keeps shared ground: the least. Sums do not depend on it.
    zone : str
        Reference system of the commune.

    Examples
    --------
    >>> squares = np.array([shapely.box(0, 0, 100, 100), shapely.box(50, 0, 150, 100)])
    >>> shares = covered(squares, ["B", "A"], "EPSG:9205")
    >>> [part.area for part in shares.own], len(shares.overlaps)
    ([5000.0, 10000.0], 1)
    """
    own = geometries.copy()
    position = np.empty(len(order), dtype=np.int64)
    position[sorted(range(len(order)), key=lambda k: (order[k], k))] = np.arange(len(order))
    pairs = _overlapping(geometries)
    before: dict[int, list[int]] = defaultdict(list)
    for i, j in pairs:
        first, second = (i, j) if position[i] < position[j] else (j, i)
        before[second].append(first)
    origin = middle(geometries)
    near = moved(geometries, -origin)
    if before:
        taken = np.array([shapely.union_all(near[firsts]) for firsts in before.values()])
        some = list(before)
        own[some] = back(areal(shapely.difference(near[some], taken)), origin)
    return Coverage(own, hectares(own, zone), _overlaps(near, origin, pairs, position, zone))


def _overlapping(geometries: Shapes) -> list[tuple[int, int]]:
    """Return pairs of polygons that share more than an edge, i < j."""
    tree = shapely.STRtree(geometries)
    i, j = tree.query(geometries, predicate="intersects")
    i, j = i[i < j], j[i < j]
    shared = ~shapely.touches(geometries[i], geometries[j])
    return list(zip(i[shared].tolist(), j[shared].tolist(), strict=True))


def _overlaps(
    near: Shapes, origin: Floats, pairs: Sequence[tuple[int, int]], position: np.ndarray, zone: str
) -> tuple[Overlap, ...]:
    if not pairs:
        return ()
    i, j = np.array(pairs).T
    ground = back(shapely.intersection(near[i], near[j]), origin)
    area = hectares(ground, zone)
    out = []
    for a, b, shared, ha in zip(i.tolist(), j.tolist(), ground, area.tolist(), strict=True):
        first, second = (a, b) if position[a] < position[b] else (b, a)
        out.append(Overlap(first, second, shared, ha))
    return tuple(sorted(out, key=lambda o: (position[o.first], position[o.second])))


def hectares(geometries: Shapes, zone: str) -> Floats:
    """Return areas on the ellipsoid in hectares; 0 for None."""
    return np.nan_to_num(crs.ellipsoidal_ha(geometries, zone), nan=0.0)
