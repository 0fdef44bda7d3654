"""How much a circle of given radius can hold, wherever it is put."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from ntm_gis.analyses.columns import Floats, Shapes


def most_within(points: Shapes, weights: Floats, radius: float) -> float:
    """Return the greatest weight that one circle of a radius can hold.

    Parameters
    ----------
    points : object array, (n,)
        In metres, none missing.
    weights : float array, (n,)
        Not negative.
    radius : float
        Metres; a point on the rim is held.

    Notes
    -----
    Exact: a best circle can be moved until some point it holds lies on its rim. For each point
    the circles through it are swept by angle, those that hold another point forming one arc.

    Examples
    --------
    >>> points = shapely.points([[0, 0], [100, 0], [500, 0]])
    >>> most_within(points, np.array([3.0, 4.0, 5.0]), 60)
    7.0
    """
    best = float(weights.max(initial=0.0))
    if radius <= 0 or len(points) < 2:
        return best
    xy = shapely.get_coordinates(points)
    one, other = shapely.STRtree(points).query(points, predicate="dwithin", distance=2 * radius)
    for point in range(len(points)):
        # Pairs come ordered by the first of the two.
        first, last = np.searchsorted(one, [point, point + 1])
        near = other[first:last]
        near = near[near != point]
        best = max(
            best, float(weights[point]) + _swept(xy[near] - xy[point], weights[near], radius)
        )
    return best


def _swept(offset: Floats, weights: Floats, radius: float) -> float:
    """Return the most that a circle through the origin holds of points at an offset."""
    distance = np.hypot(*offset.T)
    same = distance == 0
    always = float(weights[same].sum())
    distance, weights, offset = distance[~same], weights[~same], offset[~same]
    if not len(distance):
        return always
    middle = np.arctan2(offset[:, 1], offset[:, 0])
    half = np.arccos(np.clip(distance / (2 * radius), 0, 1))
    begin, end = (middle - half) % (2 * np.pi), (middle + half) % (2 * np.pi)
    at_zero = float(weights[begin > end].sum())
    angle = np.concatenate([begin, end])
    change = np.concatenate([weights, -weights])
    # At one angle, what begins to be held comes before what ceases to be.
    order = np.lexsort([np.repeat([0, 1], len(begin)), np.round(angle, 12)])
    return always + at_zero + max(0.0, float(np.cumsum(change[order]).max()))
