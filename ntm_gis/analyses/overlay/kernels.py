"""Compiled loops of overlay: the ground that two polygons share, from their edges alone.

A polygon is the sum of the ground under its edges, taken with the sign of their direction; so
the ground that two polygons share is the sum, over pairs of edges, of the ground under both.
Nothing is noded and no point is classified: edges that touch, coincide or cross at a vertex
are no special cases, and the area changes with the vertices without jumps.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ntm_gis.analyses.compiled import compiled


@compiled
def _west(xy: Any, start: int) -> float:
    """Return the x of the western end of an edge; complements stand for themselves."""
    k = start if start >= 0 else ~start
    return float(min(xy[k, 0], xy[k + 1, 0]))


@compiled
def _from_the_west(xy: Any, starts: Any) -> None:
    """Put edges in order of their western ends."""
    if len(starts) > 64:
        key = np.empty(len(starts))
        for e in range(len(starts)):
            key[e] = _west(xy, starts[e])
        starts[:] = starts[np.argsort(key, kind="mergesort")]
        return
    for e in range(1, len(starts)):
        moved, key_moved, at = starts[e], _west(xy, starts[e]), e
        while at > 0 and _west(xy, starts[at - 1]) > key_moved:
            starts[at] = starts[at - 1]
            at -= 1
        starts[at] = moved


@compiled
def laid(xy: Any, ring_first: Any, polygon_first: Any) -> tuple[Any, Any]:
    """Lay out the edges of polygons from west to east.

    Parameters
    ----------
    xy : float array, (v, 2)
        Vertices of closed rings.
    ring_first : int array, (r + 1,)
        Vertices of ring k stand at `ring_first[k]:ring_first[k + 1]`.
    polygon_first : int array, (n + 1,)
        Rings of polygon i, its shell first.

    Returns
    -------
    float array (m, 6), int array (n + 1,)
        As `overlay_edges.Edges` holds them.
    """
    table = np.empty((len(xy), 6))
    first = np.zeros(len(polygon_first), np.int64)
    start = np.empty(len(xy), np.int64)
    m = 0
    for i in range(len(polygon_first) - 1):
        begin = m
        for ring in range(polygon_first[i], polygon_first[i + 1]):
            low, high = ring_first[ring], ring_first[ring + 1]
            turn = 0.0
            for k in range(low, high - 1):
                turn += (xy[k + 1, 0] - xy[k, 0]) * (xy[k, 1] + xy[k + 1, 1] - 2 * xy[low, 1])
            right = (turn > 0) == (ring == polygon_first[i])
            for k in range(low, high - 1):
                if xy[k, 0] != xy[k + 1, 0]:
                    # Complements stand for edges whose ground is above them.
                    start[m] = k if (xy[k, 0] < xy[k + 1, 0]) == right else ~k
                    m += 1
        _from_the_west(xy, start[begin:m])
        furthest = -np.inf
        for e in range(begin, m):
            k = start[e] if start[e] >= 0 else ~start[e]
            west, east = (k, k + 1) if xy[k, 0] < xy[k + 1, 0] else (k + 1, k)
            furthest = max(furthest, xy[east, 0])
            table[e, 0], table[e, 1] = xy[west, 0], xy[west, 1]
            table[e, 2], table[e, 3] = xy[east, 0], xy[east, 1]
            table[e, 4] = 1.0 if start[e] >= 0 else -1.0
            table[e, 5] = furthest
        first[i + 1] = m
    return table[:m], first


@compiled
def _at(x: float, x0: float, y0: float, x1: float, y1: float) -> float:
    """Return the height of an edge at `x`, from its nearer end."""
    slope = (y1 - y0) / (x1 - x0)
    return float(y0 + (x - x0) * slope if x - x0 < x1 - x else y1 - (x1 - x) * slope)


@compiled
def _under(x: float, h: float, weight: Any) -> float:
    """Return the ground on the ellipsoid under a height `h` at `x`.

    `weight`: powers 0 to 4 of x at the base, then 0 to 2 of its change to the north.
    """
    here = weight[4]
    for k in range(3, -1, -1):
        here = here * x + weight[k]
    rise = (weight[7] * x + weight[6]) * x + weight[5]
    return float(h * (here + 0.5 * h * rise))


@compiled
def _column(west: float, h_west: float, east: float, h_east: float, weight: Any) -> float:
    """Return the ground on the ellipsoid under a straight edge, by Gauss's rule of two points.

    The rule is exact to cubes of x, beyond what weights vary within an edge.
    """
    near = 0.5 - 0.5 / np.sqrt(3.0)
    span, rise = east - west, h_east - h_west
    first = _under(west + near * span, h_west + near * rise, weight)
    second = _under(east - near * span, h_east - near * rise, weight)
    return float(0.5 * span * (first + second))


@compiled
def _pair(a: Any, b: Any, a_south: float, b_south: float, near: Any) -> tuple[float, float]:
    """Return the area that polygons of edges `a` and `b` share, on the grid and the ellipsoid.

    An edge below all of the other polygon adds nothing: what it has under the edges there, which
    come in pairs of either sign, is taken off again. One of two at the same height has to stay.
    """
    east, base, weight = near[0], near[1], near[3:]
    grid = 0.0
    ellipsoid = 0.0
    begin = 0
    if len(b) == 0:
        return grid, ellipsoid
    b_west, b_east = b[0, 0], b[-1, 5]
    for i in range(len(a)):
        ax0, ay0, ax1, ay1 = a[i, 0], a[i, 1], a[i, 2], a[i, 3]
        if ax0 >= b_east:
            break
        if ax1 <= b_west or max(ay0, ay1) <= b_south:
            continue
        # Edges stand by their western end; column 5 is the furthest east that any so far reached.
        while begin < len(b) and b[begin, 5] <= ax0:
            begin += 1
        for j in range(begin, len(b)):
            bx0, by0, bx1, by1 = b[j, 0], b[j, 1], b[j, 2], b[j, 3]
            if bx0 >= ax1:
                break
            if bx1 <= ax0 or max(by0, by1) < a_south:
                continue
            low, high = max(ax0, bx0), min(ax1, bx1)
            a_low, a_high = _at(low, ax0, ay0, ax1, ay1), _at(high, ax0, ay0, ax1, ay1)
            b_low, b_high = _at(low, bx0, by0, bx1, by1), _at(high, bx0, by0, bx1, by1)
            sign = a[i, 4] * b[j, 4]
            h_low, h_high = min(a_low, b_low) - base, min(a_high, b_high) - base
            if (a_low - b_low) * (a_high - b_high) < 0.0:
                share = (a_low - b_low) / ((a_low - b_low) - (a_high - b_high))
                cross = low + share * (high - low)
                h_cross = a_low + share * (a_high - a_low) - base
                grid += sign * 0.5 * (cross - low) * (h_low + h_cross)
                ellipsoid += sign * _column(low - east, h_low, cross - east, h_cross, weight)
                low, h_low = cross, h_cross
            grid += sign * 0.5 * (high - low) * (h_low + h_high)
            ellipsoid += sign * _column(low - east, h_low, high - east, h_high, weight)
    return grid, ellipsoid


@compiled
def wholes(table: Any, first: Any, near: Any) -> Any:
    """Return the areas of polygons, on the grid and on the ellipsoid.

    Parameters
    ----------
    table, first
        As `laid` gives them.
    near : float array, (n, 11)
        As `shared` takes it.

    Returns
    -------
    float array, (n, 2)
        Square metres.
    """
    out = np.zeros((len(first) - 1, 2))
    for i in range(len(out)):
        east, base, weight = near[i, 0], near[i, 1], near[i, 3:]
        for k in range(first[i], first[i + 1]):
            west_x, east_x, sign = table[k, 0], table[k, 2], table[k, 4]
            low, high = table[k, 1] - base, table[k, 3] - base
            out[i, 0] += sign * 0.5 * (east_x - west_x) * (low + high)
            out[i, 1] += sign * _column(west_x - east, low, east_x - east, high, weight)
    return out


@compiled
def shared(
    a: Any, a_first: Any, b: Any, b_first: Any, left: Any, right: Any, at: Any, near: Any
) -> Any:
    """Return the areas that pairs of polygons share.

    Parameters
    ----------
    a, b : float array, (m, 6)
        Edges as `overlay_edges.edges` lays them out.
    a_first, b_first : int array, (n + 1,)
        Edges of polygon i stand at `first[i]:first[i + 1]`.
    left, right : int array, (p,)
        Numbers of the polygons of each pair.
    at : int array, (p,)
        Which row of `near` lies near each pair.
    near : float array, (n of a + n of b, 11)
        For each polygon of `a`, then of `b`: x and y of a place, the least y of the polygon, and
        ground on the ellipsoid for each square metre of the grid at the place (`Weights.about`).

    Returns
    -------
    float array, (p, 2)
        Square metres on the grid and on the ellipsoid.
    """
    out = np.empty((len(left), 2))
    for k in range(len(left)):
        i, j = left[k], right[k]
        out[k, 0], out[k, 1] = _pair(
            a[a_first[i] : a_first[i + 1]],
            b[b_first[j] : b_first[j + 1]],
            near[i, 2],
            near[len(a_first) - 1 + j, 2],
            near[at[k]],
        )
    return out
