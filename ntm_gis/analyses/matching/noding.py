"""Road lines cut where they meet: the straight links between places, each once.

Roads meet where they share a vertex, cross at grade, lie on each other, or where one stops just
short of another. Nothing here depends on the order of the roads or on the way they were drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from ntm_gis.analyses.chainage import axis as chainage

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from ntm_gis.analyses.columns import Floats, Ints, Shapes

    Flags = npt.NDArray[np.bool_]

SAME_M = 0.01
"""Vertices closer than this are one place."""


@dataclass(frozen=True)
class Segments:
    """The straight pieces of all roads.

    Parameters
    ----------
    a, b : float array, (n, 2)
        Ends, metres.
    road, part : int array, (n,)
        Road, and the line of it (a road drawn in several lines has several).
    chain_a, chain_b : float array, (n,)
        Metres along the road from its first vertex, over all its lines.
    """

    a: Floats
    b: Floats
    road: Ints
    part: Ints
    chain_a: Floats
    chain_b: Floats

    @property
    def length(self) -> Floats:
        """Metres."""
        metres: Floats = np.hypot(*(self.b - self.a).T)
        return metres


@dataclass(frozen=True)
class Links:
    """Straight links between places, each pair of places once.

    Parameters
    ----------
    place : float array, (p, 2)
        Places, in the order of their coordinates.
    low, high : int array, (m,)
        The two places of a link, low < high.
    of, road, chain_low, chain_high : array, (k,)
        Which roads run over which link, with their chainage at its two places.
    """

    place: Floats
    low: Ints
    high: Ints
    of: Ints
    road: Ints
    chain_low: Floats
    chain_high: Floats


@dataclass(frozen=True)
class _Cuts:
    """Points inside segments at which they are cut: segment, share of its length, where."""

    segment: Ints
    share: Floats
    at: Floats

    def __add__(self, other: _Cuts) -> _Cuts:
        return _Cuts(
            np.concatenate([self.segment, other.segment]),
            np.concatenate([self.share, other.share]),
            np.concatenate([self.at, other.at]),
        )


def segments(lines: Shapes) -> Segments:
    """Take lines apart.

    Parameters
    ----------
    lines : object array of LineString, MultiLineString or None, (n,)
        In metres. Parts that make one line are joined (`chainage.axis`); where they don't, the
        chainage runs on from part to part.
    """
    parts = [_parts(line) for line in lines]
    road = np.repeat(np.arange(len(lines)), [len(p) for p in parts])
    flat = np.array([part for p in parts for part in p], dtype=object)
    xy, part = shapely.get_coordinates(flat, return_index=True)
    same = part[1:] == part[:-1] if len(part) else np.zeros(0, dtype=bool)
    length = np.hypot(*np.diff(xy, axis=0).T) if len(xy) else np.zeros(0)
    keep = same & (length > 0)
    run = np.where(same, length, 0.0)
    a, b = xy[:-1][keep], xy[1:][keep]
    of = road[part[:-1][keep]] if len(part) else np.zeros(0, dtype=np.int64)
    metres = np.zeros(len(a))
    # Summed road by road: so a chainage does not depend on the roads before it.
    for first, end in pairwise([0, *(np.flatnonzero(np.diff(of)) + 1).tolist(), len(of)]):
        metres[first:end] = np.cumsum(run[keep][first:end])
    return Segments(a, b, of, part[:-1][keep], metres - run[keep], metres)


def _parts(line: shapely.Geometry | None) -> list[shapely.LineString]:
    found = chainage.axis(line)
    if found is not None:
        return [found.line]
    if line is None or line.is_empty:
        return []
    return list(shapely.get_parts(line))


def links(lines: Shapes, join_m: float, levels: Sequence[int] | None = None) -> Links:
    """Cut roads where they meet.

    Parameters
    ----------
    lines : object array, (n,)
    join_m : float
        A road that stops this close to another meets it there; 0 for never.
    levels : sequence of int, optional
        Roads of different levels (a bridge over a road) meet only at common vertices.
    """
    found = segments(lines)
    level = np.zeros(len(lines), np.int64) if levels is None else np.asarray(levels, np.int64)
    if not len(found.a):
        none, real = np.zeros(0, np.int64), np.zeros(0)
        return Links(np.zeros((0, 2)), none, none, none, none, real, real)
    tree = shapely.STRtree(shapely.linestrings(np.stack([found.a, found.b], axis=1)))
    cuts = _meetings(found, tree, level)
    points, place = _places(found, cuts, np.zeros((0, 2), np.int64))
    if join_m > 0:
        more, loose = _joins(found, tree, place, join_m, level)
        cuts, n = cuts + more, 2 * len(found.a) + len(cuts.share)
        points, place = _places(found, cuts, np.column_stack([loose, n + np.arange(len(loose))]))
    return _linked(found, cuts, points, place)


def _meetings(found: Segments, tree: shapely.STRtree, level: Ints) -> _Cuts:
    """Cut segments where others touch or cross them.

    Where a road crosses itself there is no junction: bends of mountain roads are drawn so.
    """
    i, j = tree.query(tree.geometries, predicate="dwithin", distance=SAME_M)
    new = (i < j) & (found.road[i] != found.road[j])
    new &= level[found.road[i]] == level[found.road[j]]
    i, j = i[new], j[new]
    out = _touching(found, i, found.a[j]) + _touching(found, i, found.b[j])
    out += _touching(found, j, found.a[i]) + _touching(found, j, found.b[i])
    return out + _crossing(found, i, j)


def _touching(found: Segments, segment: Ints, point: Floats) -> _Cuts:
    """Cut segments at points that lie on them, away from their ends."""
    share, distance = project(found.a[segment], found.b[segment], point)
    along = share * found.length[segment]
    inside = (along > SAME_M) & (along < found.length[segment] - SAME_M) & (distance <= SAME_M)
    return _Cuts(segment[inside], share[inside], point[inside])


def _crossing(found: Segments, i: Ints, j: Ints) -> _Cuts:
    """Cut pairs of segments that cross inside both."""
    # Whichever of a pair comes first and whichever way it was drawn, the place is the same.
    turned = _turned(found.a, found.b)[:, None]
    start, end = np.where(turned, found.b, found.a), np.where(turned, found.a, found.b)
    p, q, r, s = start[i], start[j], (end - start)[i], (end - start)[j]
    across = r[:, 0] * s[:, 1] - r[:, 1] * s[:, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        d = q - p
        t = (d[:, 0] * s[:, 1] - d[:, 1] * s[:, 0]) / across
        u = (d[:, 0] * r[:, 1] - d[:, 1] * r[:, 0]) / across
    meet = np.ones(len(i), bool)
    for share, k in ((t, i), (u, j)):
        length = found.length[k]
        meet &= (share * length > SAME_M) & ((1 - share) * length > SAME_M)
    i, j, t, u = i[meet], j[meet], t[meet], u[meet]
    at = ((p[meet] + t[:, None] * r[meet]) + (q[meet] + u[:, None] * s[meet])) / 2
    share = [np.where(turned[k, 0], 1 - x, x) for k, x in ((i, t), (j, u))]
    return _Cuts(np.concatenate([i, j]), np.concatenate(share), np.concatenate([at, at]))


def _turned(a: Floats, b: Floats) -> Flags:
    """Return which segments run from the greater end (by its coordinates) to the lesser."""
    turned: Flags = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    return turned


def project(a: Floats, b: Floats, point: Floats) -> tuple[Floats, Floats]:
    """Return the share (0–1) at which points fall on segments, and how far off they are."""
    d = b - a
    share = np.clip(((point - a) * d).sum(axis=1) / (d * d).sum(axis=1), 0.0, 1.0)
    return share, np.hypot(*(a + share[:, None] * d - point).T)


def _places(found: Segments, cuts: _Cuts, moved: Ints) -> tuple[Floats, Ints]:
    """Give one number to points that are one place, in the order of their coordinates.

    Points are the first ends of the segments, their second ends, the cuts; `moved` are pairs of
    a point and the one to whose place it moves.
    """
    points = np.concatenate([found.a, found.b, cuts.at])
    pairs = np.concatenate([cKDTree(points).query_pairs(SAME_M, output_type="ndarray"), moved])
    n = len(points)
    graph = coo_array((np.ones(len(pairs), bool), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    _, label = connected_components(graph, directed=False)
    away = np.zeros(n, bool)
    away[moved[:, 0]] = True
    order = np.lexsort((points[:, 1], points[:, 0], away))
    _, first = np.unique(label[order], return_index=True)
    # Each place stands where the first of its points does; so no order of roads moves it.
    heads = order[first]
    rank = np.empty(len(heads), np.int64)
    rank[np.lexsort((points[heads, 1], points[heads, 0]))] = np.arange(len(heads))
    at = np.empty((len(heads), 2))
    at[rank] = points[heads]
    return at, rank[label]


def _joins(
    found: Segments, tree: shapely.STRtree, place: Ints, join_m: float, level: Ints
) -> tuple[_Cuts, Ints]:
    """Cut roads where a loose end of a line stops just beside them; return the ends too."""
    n = len(found.a)
    count = np.bincount(place, minlength=place.max() + 1)
    starts = np.flatnonzero(np.r_[True, found.part[1:] != found.part[:-1]])
    lasts = np.r_[starts[1:] - 1, n - 1]
    ends = np.concatenate([starts, n + lasts])
    ends = ends[count[place[ends]] == 1]
    own = np.where(ends < n, ends, ends - n)
    points = np.where((ends < n)[:, None], found.a[own], found.b[own])
    k, other = tree.query(shapely.points(points), predicate="dwithin", distance=join_m)
    chain = np.where(ends < n, found.chain_a[own], found.chain_b[own])[k]
    near = np.minimum(abs(found.chain_a[other] - chain), abs(found.chain_b[other] - chain))
    free = (found.road[other] != found.road[own[k]]) | (near > 10 * join_m)
    free &= level[found.road[other]] == level[found.road[own[k]]]
    k, other = k[free], other[free]
    turned = _turned(found.a[other], found.b[other])[:, None]
    a = np.where(turned, found.b[other], found.a[other])
    b = np.where(turned, found.a[other], found.b[other])
    share, distance = project(a, b, points[k])
    at = a + share[:, None] * (b - a)
    share = np.where(turned[:, 0], 1 - share, share)
    order = np.lexsort((at[:, 1], at[:, 0], distance, k))
    best = order[np.unique(k[order], return_index=True)[1]]
    return _Cuts(other[best], share[best], at[best]), ends[k[best]]


def _linked(found: Segments, cuts: _Cuts, at: Floats, place: Ints) -> Links:
    n = len(found.a)
    every = np.arange(n)
    segment = np.concatenate([every, every, cuts.segment])
    share = np.concatenate([np.zeros(n), np.ones(n), cuts.share])
    order = np.lexsort((place, share, segment))
    segment, share, place = segment[order], share[order], place[order]
    step = (segment[1:] == segment[:-1]) & (place[1:] != place[:-1])
    head, tail, of = place[:-1][step], place[1:][step], segment[:-1][step]
    run = found.chain_b - found.chain_a
    chain = [found.chain_a[of] + part[step] * run[of] for part in (share[:-1], share[1:])]
    forward = head < tail
    pair = np.where(forward[:, None], np.column_stack([head, tail]), np.column_stack([tail, head]))
    unique, link = np.unique(pair, axis=0, return_inverse=True)
    low = np.where(forward, chain[0], chain[1])
    high = np.where(forward, chain[1], chain[0])
    return Links(at, unique[:, 0], unique[:, 1], link.reshape(-1), found.road[of], low, high)
