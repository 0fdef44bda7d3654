"""Lines that should be a network: where they meet without a node, where they nearly meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

NEAR_M = 1.0
"""An end this near to another line was meant to meet it."""

_SAME_M = 0.01
"""Two points this near are one."""


@dataclass(frozen=True)
class Faults:
    """Places of a network's faults.

    Parameters
    ----------
    crossings : tuple of Point
        Where two lines meet within one of them, each place once, from west to east.
    gaps : tuple of Point
        Ends that stop within a metre of another line.
    """

    crossings: tuple[shapely.Point, ...]
    gaps: tuple[shapely.Point, ...]


def faults(lines: Sequence[shapely.Geometry]) -> Faults:
    """Find where lines meet without a node, and ends that nearly meet a line.

    Parameters
    ----------
    lines : sequence of LineString or MultiLineString
        In metres. A node is where lines end: a crossing within a line is none.

    Examples
    --------
    >>> a = shapely.LineString([(0, 0), (100, 0)])
    >>> b = shapely.LineString([(50, -50), (50, 50)])
    >>> found = faults([a, b, shapely.LineString([(100, 0.4), (150, 40)])])
    >>> len(found.crossings), len(found.gaps)
    (1, 1)
    """
    parts = shapely.get_parts(np.array(list(lines), dtype=object))
    parts = parts[shapely.length(parts) > _SAME_M]
    if not len(parts):
        return Faults((), ())
    tree = shapely.STRtree(parts)
    i, j = tree.query(parts, predicate="intersects")
    kept = i < j
    i, j = i[kept], j[kept]
    met = shapely.get_parts(shapely.intersection(parts[i], parts[j]), return_index=True)
    points, pair = shapely.centroid(met[0]), met[1]
    within = ~(_at_end(points, parts[i][pair]) & _at_end(points, parts[j][pair]))
    return Faults(_once(points[within]), _gaps(parts, tree))


def _ends(parts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return shapely.get_point(parts, 0), shapely.get_point(parts, -1)


def _at_end(points: np.ndarray, lines: np.ndarray) -> np.ndarray:
    first, last = _ends(lines)
    near: np.ndarray = np.minimum(
        shapely.distance(points, first), shapely.distance(points, last)
    ) <= _SAME_M  # fmt: skip
    return near


def _gaps(parts: np.ndarray, tree: shapely.STRtree) -> tuple[shapely.Point, ...]:
    """Return ends that touch no other line, but come within a metre of one."""
    ends = np.concatenate(_ends(parts))
    own = np.tile(np.arange(len(parts)), 2)
    end, other = tree.query(ends, predicate="dwithin", distance=NEAR_M)
    foreign = own[end] != other
    end, other = end[foreign], other[foreign]
    far = shapely.distance(ends[end], parts[other])
    least = np.full(len(ends), np.inf)
    np.minimum.at(least, end, far)
    return _apart(_once(ends[np.isfinite(least) & (least > _SAME_M)]))


def _apart(points: tuple[shapely.Point, ...]) -> tuple[shapely.Point, ...]:
    """Return points such that none is near another: two ends that face each other are one gap."""
    if not points:
        return ()
    at = np.array(points, dtype=object)
    i, j = shapely.STRtree(at).query(at, predicate="dwithin", distance=NEAR_M)
    near: dict[int, list[int]] = {}
    for a, b in zip(i.tolist(), j.tolist(), strict=True):
        near.setdefault(a, []).append(b)
    kept: set[int] = set()
    for k in range(len(points)):
        if not kept.intersection(near[k]):
            kept.add(k)
    return tuple(points[k] for k in sorted(kept))


def _once(points: np.ndarray) -> tuple[shapely.Point, ...]:
    """Return points from west to east; those of one place once."""
    order = np.lexsort((shapely.get_y(points), shapely.get_x(points)))
    out: list[shapely.Point] = []
    seen: set[tuple[int, int]] = set()
    for point in points[order]:
        cell = (round(point.x / _SAME_M / 2), round(point.y / _SAME_M / 2))
        if cell not in seen:
            seen.add(cell)
            out.append(point)
    return tuple(out)
