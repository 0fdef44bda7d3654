"""Straight pieces of roads: which run along which, and the ground they cover once.

Everything works on the pieces between two vertices, whatever road they belong to. So it makes
no difference where an office cut a road in two, in which order the rows stand, or how often a
row was pasted.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ntm_gis.analyses.columns import Floats, Ints, Shapes

SAME_M = 0.05
"""Stretches this near to each other are one (contract)."""

_ALONG = 0.15
"""Sine of the angle up to which near pieces run along each other; a crossing does not."""

_NOTHING = 1e-6


@dataclass(frozen=True)
class Pieces:
    """Straight pieces, each piece of ground once.

    Parameters
    ----------
    start, end : float arrays, (n, 2)
        Metres, in the order that the arrays of the first use fixed.
    members : tuple of n tuples of int
        Numbers of the roads that were drawn along the piece.
    rank : int array, (n,)
        The least rank (highest class) among the members.
    """

    start: Floats
    end: Floats
    members: tuple[tuple[int, ...], ...]
    rank: Ints

    @property
    def length(self) -> Floats:
        """Metres of each piece."""
        along = self.end - self.start
        return np.asarray(np.hypot(along[:, 0], along[:, 1]), np.float64)

    def lines_of(self, which: Ints) -> Shapes:
        """Return some pieces as LineStrings."""
        ends = np.stack([self.start[which], self.end[which]], axis=1)
        return np.asarray(shapely.linestrings(ends), object)


def pieces_of(lines: Shapes, rank: Ints) -> Pieces:
    """Cut lines at their vertices; pieces with the same two ends become one.

    Parameters
    ----------
    lines : object array, (n,)
        Lines in metres; None and empty ones have no pieces.
    rank : int array, (n,)
        0 for the highest class.
    """
    # Parts of one road are apart: a piece must not join the end of a part with the next.
    parts, of_road = shapely.get_parts(lines, return_index=True)
    xy, part = shapely.get_coordinates(parts, return_index=True)
    road = of_road[part]
    same = part[1:] == part[:-1]
    start, end, road = xy[:-1][same], xy[1:][same], road[:-1][same]
    turned = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    start, end = np.where(turned[:, None], end, start), np.where(turned[:, None], start, end)
    some = np.hypot(*(end - start).T) > 0
    both, road = np.hstack([start, end])[some], road[some]
    if not len(both):
        nothing = np.empty((0, 2))
        return Pieces(nothing, nothing, (), np.empty(0, np.int64))
    unique, of = np.unique(both, axis=0, return_inverse=True)
    members = _members(of.ravel(), road, len(unique))
    best = np.full(len(unique), np.iinfo(np.int64).max)
    np.minimum.at(best, of.ravel(), rank[road])
    return Pieces(unique[:, :2], unique[:, 2:], members, best)


def _members(of: Ints, road: Ints, count: int) -> tuple[tuple[int, ...], ...]:
    pairs = np.unique(np.column_stack([of, road]), axis=0)
    starts = np.searchsorted(pairs[:, 0], np.arange(count + 1))
    roads = pairs[:, 1].tolist()
    return tuple(tuple(roads[a:b]) for a, b in itertools.pairwise(starts.tolist()))


def near(pieces: Pieces, distance: float) -> tuple[Ints, Ints]:
    """Return pairs i < j of pieces that may come within a distance of each other.

    Their boxes do; `along` measures.
    """
    low, high = np.minimum(pieces.start, pieces.end), np.maximum(pieces.start, pieces.end)
    reach = shapely.box(*(low - distance).T, *(high + distance).T)
    i, j = shapely.STRtree(pieces.lines_of(np.arange(len(pieces.rank)))).query(reach)
    keep = i < j
    return i[keep], j[keep]


def along(
    pieces: Pieces, which: Ints, other: Ints, width: float, limit: float
) -> tuple[Floats, Floats]:
    """Return from where to where each piece runs beside another.

    Parameters
    ----------
    pieces : Pieces
    which, other : int arrays, (k,)
    width : float
        Metres to each side of `other`.
    limit : float
        Sine of the greatest angle between the two.

    Returns
    -------
    start, end : float arrays, (k,)
        Metres along `which`; end is not beyond start where there is nothing.

    Notes
    -----
    The part meant projects onto `other` between its ends, so that the continuation of a road
    is not beside it.
    """
    origin, tip = pieces.start[other], pieces.end[other]
    reach = np.hypot(*(tip - origin).T)
    unit = (tip - origin) / reach[:, None]
    a, b = pieces.start[which] - origin, pieces.end[which] - origin
    length = np.hypot(*(b - a).T)
    u0, u1 = (a * unit).sum(1), (b * unit).sum(1)
    v0 = unit[:, 0] * a[:, 1] - unit[:, 1] * a[:, 0]
    v1 = unit[:, 0] * b[:, 1] - unit[:, 1] * b[:, 0]
    low_u, high_u = _between(u0, u1, np.zeros_like(reach), reach)
    low_v, high_v = _between(v0, v1, np.full_like(reach, -width), np.full_like(reach, width))
    low, high = np.maximum(low_u, low_v), np.minimum(high_u, high_v)
    high = np.where(np.abs(v1 - v0) <= limit * length, high, low)
    return low * length, high * length


def _between(x0: Floats, x1: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return the part of 0…1 in which x0 + t (x1 − x0) lies between low and high."""
    step = x1 - x0
    flat = np.abs(step) < 1e-12
    safe = np.where(flat, 1.0, step)
    t0, t1 = (low - x0) / safe, (high - x0) / safe
    first, last = np.minimum(t0, t1), np.maximum(t0, t1)
    held = (x0 >= low) & (x0 <= high)
    first = np.where(flat, np.where(held, 0.0, 1.0), first)
    last = np.where(flat, np.where(held, 1.0, 0.0), last)
    return np.clip(first, 0, 1), np.clip(last, 0, 1)


def once(pieces: Pieces, pairs: tuple[Ints, Ints] | None = None) -> Pieces:
    """Return the ground that pieces cover, each stretch once, with all who are drawn along it.

    Of pieces within `SAME_M` of each other the one of the higher class stays. `pairs` are those
    that may come as near (`near`), where they are known already.
    """
    i, j = near(pieces, SAME_M) if pairs is None else pairs
    which, other = np.concatenate([i, j]), np.concatenate([j, i])
    start, end = along(pieces, which, other, SAME_M, _ALONG)
    beside = end - start > _NOTHING
    which, other, start, end = which[beside], other[beside], start[beside], end[beside]
    if not len(which):
        return pieces
    # Pieces are sorted by their coordinates: rank, then place, decides who keeps the ground.
    order = np.empty(len(pieces.rank), np.int64)
    order[np.lexsort([np.arange(len(order)), pieces.rank])] = np.arange(len(order))
    beside_of: dict[int, list[tuple[float, float, int]]] = defaultdict(list)
    for w, o, a, b in zip(*(x.tolist() for x in (which, other, start, end)), strict=True):
        beside_of[w].append((a, b, o))
    untouched = np.setdiff1d(np.arange(len(pieces.rank)), which)
    cuts: list[tuple[int, float, float, tuple[int, ...]]] = []
    length = pieces.length
    for w, spans in beside_of.items():
        cuts += _left(w, float(length[w]), spans, order, pieces)
    return joined(pieces, untouched, cuts)


def _left(
    which: int,
    length: float,
    spans: Sequence[tuple[float, float, int]],
    order: Ints,
    pieces: Pieces,
) -> list[tuple[int, float, float, tuple[int, ...]]]:
    """Return what of a piece keeps its ground, with those who share it."""
    edges = breaks(length, [edge for a, b, _ in spans for edge in (a, b)])
    found, lost = [], []
    for a, b in itertools.pairwise(edges):
        middle = (a + b) / 2
        here = [o for s, e, o in spans if s <= middle <= e]
        lost.append(any(order[o] < order[which] for o in here))
        roads = {r for o in (which, *here) for r in pieces.members[o]}
        found.append((which, a, b, tuple(sorted(roads))))
    out = []
    for k, part in enumerate(found):
        # At a bend a drawing beside ours stops a little early: that rest is the same stretch.
        beside_lost = (k > 0 and lost[k - 1]) or (k + 1 < len(lost) and lost[k + 1])
        if not lost[k] and not (beside_lost and part[2] - part[1] <= SAME_M):
            out.append(part)
    return out


def breaks(length: float, edges: Sequence[float]) -> list[float]:
    """Return where to cut 0…length: the edges in order, those nearer than a micrometre once.

    Examples
    --------
    >>> breaks(10.0, [4.0, 0.0, 4.0000000001, 10.0])
    [0.0, 4.0, 10.0]
    """
    out = [0.0]
    for edge in sorted(edges):
        if edge - out[-1] > _NOTHING and length - edge > _NOTHING:
            out.append(edge)
    return [*out, length]


def joined(
    pieces: Pieces, whole: Ints, cuts: Sequence[tuple[int, float, float, tuple[int, ...]]]
) -> Pieces:
    """Return some pieces whole and parts of others, given as (piece, from, to, members)."""
    if not cuts:
        return Pieces(
            pieces.start[whole],
            pieces.end[whole],
            tuple(pieces.members[k] for k in whole.tolist()),
            pieces.rank[whole],
        )
    which = np.array([cut[0] for cut in cuts])
    length = pieces.length[which]
    way = (pieces.end[which] - pieces.start[which]) / length[:, None]
    low = np.array([cut[1] for cut in cuts])[:, None]
    high = np.array([cut[2] for cut in cuts])[:, None]
    start = pieces.start[which] + way * low
    # An end that is not cut keeps its coordinates: roads still meet there.
    whole_end = np.isclose(high[:, 0], length, rtol=0, atol=_NOTHING)[:, None]
    end = np.where(whole_end, pieces.end[which], pieces.start[which] + way * high)
    return Pieces(
        np.vstack([pieces.start[whole], start]),
        np.vstack([pieces.end[whole], end]),
        (*(pieces.members[k] for k in whole.tolist()), *(cut[3] for cut in cuts)),
        np.concatenate([pieces.rank[whole], pieces.rank[which]]),
    )
