"""Compiled loops of matching: the legs of the likeliest way, and points laid on them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ntm_gis.analyses.compiled import compiled
from ntm_gis.analyses.matching.kernels_way import Graph, Near


@compiled
def _visit(visits: Any, begins: Any, size: int, strand: int, way: int, leg: int) -> int:
    """Add a strand to the way; it begins where the strand before it in the leg ends."""
    visits[size, 0], visits[size, 1], visits[size, 2] = strand, way, leg
    begins[size] = 0.0
    return size + 1


@compiled
def _follow(
    visits: Any, begins: Any, size: int, graph: Graph, source: int, target: int, stack: Any
) -> int:
    """Add the strands of the shortest way between two junctions."""
    depth, node = 0, target
    while node != source:
        ways = graph.to[graph.first[source] : graph.first[source + 1]]
        at = graph.first[source] + np.searchsorted(ways, node)
        stack[depth] = graph.over[at]
        depth, node = depth + 1, graph.before[at]
    while depth > 0:
        depth -= 1
        e = stack[depth]
        way = 0 if graph.ends[e, 0] == node else 1
        begin = begins[size - 1] + graph.length[visits[size - 1, 0]]
        size = _visit(visits, begins, size, e, way, visits[size - 1, 2])
        begins[size - 1] = begin
        node = graph.ends[e, 1 - way]
    return size


@compiled
def traced(out: Any, near: Near, graph: Graph) -> tuple[Any, Any, Any, Any]:
    """Lay out the likeliest way as legs: from turn to turn, strand after strand.

    Parameters
    ----------
    out : int array, (n, 4)
        Of `likeliest`.

    Returns
    -------
    places : int array, (n, 2)
        Leg of each fix and its place among the visits, -1 where it is left out.
    metres : float array, (n, 2)
        Where the fix is along its leg, and the fix before it along the same leg (NaN at the
        start of a chain).
    visits : int array, (v, 3)
        Strand, direction (0 along it, 1 against it) and leg, in the order they are gone.
    begins : float array, (v,)
        Metres along the leg at which a visit enters its strand.
    """
    n, longest = len(out), len(graph.first) + 3
    places, metres = np.full((n, 2), -1), np.full((n, 2), np.nan)
    room = 2 * n + longest
    visits, begins = np.empty((room, 3), np.int64), np.empty(room, np.float64)
    stack = np.empty(longest, np.int64)
    size, leg = 0, -1
    for k in range(n):
        if out[k, 0] < 0:
            continue
        if size + longest > len(begins):
            visits = np.concatenate((visits, np.empty((room, 3), np.int64)))
            begins = np.concatenate((begins, np.empty(room, np.float64)))
        j, b, p, how = out[k, 0] >> 1, out[k, 0] & 1, out[k, 1], out[k, 2]
        here = near.strand[j]
        if p < 0:
            leg += 1
            size = _visit(visits, begins, size, here, b, leg)
        else:
            i, out_by = out[p, 0] >> 1, how if how < 2 else (how - 2) >> 1
            last = near.strand[i]
            metres[k, 1] = metres[p, 0]
            if out_by != out[p, 0] & 1:  # a turn: a new leg begins where the last fix is
                leg += 1
                size = _visit(visits, begins, size, last, out_by, leg)
                past = near.along[i]
                metres[k, 1] = past if out_by == 0 else graph.length[last] - past
            if how >= 2:
                enter = (how - 2) & 1
                source, target = graph.ends[last, 1 - out_by], graph.ends[here, enter]
                size = _follow(visits, begins, size, graph, source, target, stack)
                begin = begins[size - 1] + graph.length[visits[size - 1, 0]]
                size = _visit(visits, begins, size, here, enter, leg)
                begins[size - 1] = begin
        inside = near.along[j] if b == 0 else graph.length[here] - near.along[j]
        places[k, 0], places[k, 1] = leg, size - 1
        metres[k, 0] = begins[size - 1] + inside
    return places, metres, visits[:size].copy(), begins[:size].copy()


class Lines(NamedTuple):
    """The vertices of strands: those of strand s stand at `first[s]:first[s + 1]`."""

    xy: Any
    along: Any
    first: Any


@compiled
def _nearest(x: float, y: float, lines: Lines, s: int, a: float, b: float) -> tuple[float, float]:
    """Return the place of a strand, from a to b along it, that is nearest to a point.

    Returns metres along the strand, and the square of the distance.
    """
    begin, end = lines.first[s], lines.first[s + 1]
    i = begin + np.searchsorted(lines.along[begin:end], a, side="right") - 1
    i = min(max(i, begin), end - 2)
    best, place = np.inf, a
    while i + 1 < end and lines.along[i] <= b:
        run = lines.along[i + 1] - lines.along[i]
        if run > 0:
            dx, dy = lines.xy[i + 1, 0] - lines.xy[i, 0], lines.xy[i + 1, 1] - lines.xy[i, 1]
            px, py = x - lines.xy[i, 0], y - lines.xy[i, 1]
            at = lines.along[i] + (px * dx + py * dy) / run
            at = min(max(at, lines.along[i], a), lines.along[i + 1], b)
            share = (at - lines.along[i]) / run
            far = (px - share * dx) ** 2 + (py - share * dy) ** 2
            if far < best:
                best, place = far, at
        i += 1
    return place, best


@compiled
def laid(
    xy: Any, fix: Any, places: Any, metres: Any, visits: Any, begins: Any, lines: Lines,
    room: float,
) -> Any:  # fmt: skip
    """Lay points on the legs of their fixes, each where it is nearest near its fix.

    Parameters
    ----------
    xy : float array, (n, 2)
    fix : int array, (n,)
        The fix of each point; none of them left out.
    places, metres, visits, begins
        Of `traced`.
    room : float
        How far beyond the neighbours of its fix a point may come to lie.

    Returns
    -------
    float array, (n,)
        Metres along the leg.
    """
    out = np.empty(len(xy), np.float64)
    for r in range(len(xy)):
        k = fix[r]
        leg, v0, v1 = places[k, 0], places[k, 1], places[k, 1]
        low = high = metres[k, 0]
        if not np.isnan(metres[k, 1]):
            low, high = min(low, metres[k, 1]), max(high, metres[k, 1])
        if k + 1 < len(places) and places[k + 1, 0] == leg:
            low, high = min(low, metres[k + 1, 0]), max(high, metres[k + 1, 0])
            v1 = places[k + 1, 1]
        low, high = low - room, high + room
        while v0 > 0 and visits[v0 - 1, 2] == leg and begins[v0] > low:
            v0 -= 1
        while v1 + 1 < len(begins) and visits[v1 + 1, 2] == leg and begins[v1 + 1] < high:
            v1 += 1
        best, out[r] = np.inf, metres[k, 0]
        for v in range(v0, v1 + 1):
            s = visits[v, 0]
            whole = lines.along[lines.first[s + 1] - 1]
            a, b = max(low - begins[v], 0.0), min(high - begins[v], whole)
            if a > b:
                continue
            if visits[v, 1] == 1:
                a, b = whole - b, whole - a
            at, far = _nearest(xy[r, 0], xy[r, 1], lines, s, a, b)
            if far < best:
                best = far
                out[r] = begins[v] + (at if visits[v, 1] == 0 else whole - at)
    return out
