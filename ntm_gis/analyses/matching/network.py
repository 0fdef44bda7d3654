"""A road network to match tracks on: strands between junctions, and which road runs over which.

A strand is everything between two junctions, however many roads and pieces it was drawn as. So
matching sees the same network in whatever order, direction and pieces the roads come.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses.matching.noding import links

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ntm_gis.analyses.columns import Floats, Ints, Shapes
    from ntm_gis.analyses.matching.noding import Links

JOIN_M = 5.0
"""A road drawn to stop this close to another is taken to meet it."""


@dataclass(frozen=True)
class Pieces:
    """Where roads run over strands, in order of road and chainage.

    Parameters
    ----------
    strand, road : int array, (k,)
    start, end : float array, (k,)
        Metres along the strand, start < end.
    chain_start, chain_end : float array, (k,)
        Metres along the road at these; falling where the strand runs against the road.
    """

    strand: Ints
    start: Floats
    end: Floats
    road: Ints
    chain_start: Floats
    chain_end: Floats


@dataclass(frozen=True)
class Table:
    """Shortest ways between junctions, up to a length.

    The junctions reached from junction i stand at `first[i]:first[i + 1]`, in their order:
    `to`, how far (`metres`), and over which strand (`over`) from which junction (`before`) the
    way comes in last.
    """

    first: Ints
    to: Ints
    metres: Floats
    over: Ints
    before: Ints


@dataclass(frozen=True)
class Network:
    """Strands, their vertices, and the roads on them.

    Parameters
    ----------
    xy : float array, (v, 2)
        Vertices of all strands, one strand after the other.
    along : float array, (v,)
        Metres from the first vertex of the strand.
    first : int array, (s + 1,)
        Where the vertices of each strand begin.
    ends : int array, (s, 2)
        Junctions (or dead ends) at the first and the last vertex.
    pieces : Pieces
    roads : int
        How many roads there are.
    """

    xy: Floats
    along: Floats
    first: Ints
    ends: Ints
    pieces: Pieces
    roads: int
    _tables: dict[float, Table] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def length(self) -> Floats:
        """Length of each strand, metres."""
        return self.along[self.first[1:] - 1] if len(self.ends) else np.zeros(0)

    @cached_property
    def segment_vertex(self) -> Ints:
        """The first vertex of each straight piece of a strand."""
        inner = np.ones(len(self.xy), dtype=bool)
        inner[self.first[1:] - 1] = False
        return np.flatnonzero(inner)

    @cached_property
    def strand_of_vertex(self) -> Ints:
        """The strand that each vertex belongs to."""
        return np.repeat(np.arange(len(self.ends)), np.diff(self.first))

    @cached_property
    def tree(self) -> shapely.STRtree:
        """An index of the straight pieces of all strands."""
        v = self.segment_vertex
        return shapely.STRtree(shapely.linestrings(np.stack([self.xy[v], self.xy[v + 1]], axis=1)))

    @cached_property
    def labels(self) -> Pieces:
        """Pieces that don't overlap: where roads lie on each other, the first of them."""
        p = self.pieces
        edge = np.unique(
            np.column_stack([np.r_[p.strand, p.strand], np.r_[p.start, p.end]]), axis=0
        )
        scale = 2 * self.along.max(initial=0.0) + 1.0
        key = edge[:, 0] * scale + edge[:, 1]
        first = np.searchsorted(key, p.strand * scale + p.start)
        count = np.searchsorted(key, p.strand * scale + p.end) - first
        piece = np.repeat(np.arange(len(count)), count)
        run = np.arange(len(piece)) - np.repeat(np.cumsum(count) - count, count)
        at = first[piece] + run
        # Pieces come in the order of their roads: the first to name a place has it.
        at, named = np.unique(at, return_index=True)
        piece = piece[named]
        start, end = edge[at, 1], edge[at + 1, 1]
        slope = (p.chain_end - p.chain_start)[piece] / (p.end - p.start)[piece]
        chain = [p.chain_start[piece] + slope * (x - p.start[piece]) for x in (start, end)]
        return Pieces(p.strand[piece], start, end, p.road[piece], *chain)

    def chainages(self, strand: Ints, along: Floats) -> tuple[Ints, Floats]:
        """Return the road at places on strands, and their chainage on it in metres."""
        p = self.labels
        scale = 2 * self.along.max(initial=0.0) + 1.0
        at = np.searchsorted(p.strand * scale + p.start, strand * scale + along, side="right") - 1
        at = np.maximum(at, np.searchsorted(p.strand, strand))
        share = np.clip((along - p.start[at]) / (p.end - p.start)[at], 0.0, 1.0)
        return p.road[at], p.chain_start[at] + share * (p.chain_end - p.chain_start)[at]

    def table(self, reach_m: float) -> Table:
        """Return the shortest ways between junctions up to a length; computed once."""
        if reach_m not in self._tables:
            from ntm_gis.analyses.matching import kernels as matching_kernels

            first, *found = matching_kernels.ways(self.ends, self.length, reach_m)
            order = np.lexsort((found[0], np.repeat(np.arange(len(first) - 1), np.diff(first))))
            self._tables[reach_m] = Table(first, *(column[order] for column in found))
        return self._tables[reach_m]

    def points(self, strand: Ints, along: Floats) -> Floats:
        """Return coordinates of places on strands, (n, 2)."""
        start = self.first[strand]
        # One scale on which all strands lie one after the other, to search in once.
        base = np.concatenate([[0.0], np.cumsum(self.length + 1.0)])
        scale = self.along + base[self.strand_of_vertex]
        at = np.searchsorted(scale, along + base[strand], side="right") - 1
        at = np.clip(at, start, self.first[strand + 1] - 2)
        run = self.along[at + 1] - self.along[at]
        share = np.clip((along - self.along[at]) / np.where(run > 0, run, 1.0), 0.0, 1.0)
        found: Floats = self.xy[at] + share[:, None] * (self.xy[at + 1] - self.xy[at])
        return found

    def cut(self, strand: int, start: float, end: float) -> Floats:
        """Return the vertices from one place of a strand to another, in that direction."""
        first, last = self.first[strand], self.first[strand + 1]
        low, high = min(start, end), max(start, end)
        along = self.along[first:last]
        inside = self.xy[first:last][(along > low + 1e-9) & (along < high - 1e-9)]
        edges = self.points(np.array([strand, strand]), np.array([low, high]))
        whole = np.concatenate([edges[:1], inside, edges[1:]])
        return whole if start <= end else whole[::-1]


def network(
    lines: Shapes | Sequence[shapely.Geometry | None],
    *,
    join_m: float = JOIN_M,
    levels: Sequence[int] | None = None,
) -> Network:
    """Make a network of road lines.

    Parameters
    ----------
    lines : sequence of LineString, MultiLineString or None, n
        Roads in a metric system; chainage 0 at the first vertex.
    join_m : float
        Roads that stop this close to another meet it; 0 for never.
    levels : sequence of int, optional
        Roads of different levels (a bridge over a road) meet only at common vertices.

    Returns
    -------
    Network
        The same strands in whatever order and direction the roads are, and whether a road is
        one line or several.

    Examples
    --------
    A road with a branch at half way:

    >>> main = shapely.LineString([(0, 0), (100, 0)])
    >>> branch = shapely.LineString([(50, 0), (50, 30)])
    >>> found = network([main, branch])
    >>> found.length.tolist(), found.pieces.road.tolist()
    ([50.0, 30.0, 50.0], [0, 0, 1])
    """
    shapes = np.array([*lines, None], dtype=object)[:-1]
    found = links(shapes, join_m, levels)
    return _strands(found, len(shapes)) if len(found.low) else _nothing(len(shapes))


def _nothing(roads: int) -> Network:
    none, real = np.zeros(0, np.int64), np.zeros(0)
    ends = np.zeros((0, 2), np.int64)
    pieces = Pieces(none, real, real, none, real, real)
    return Network(np.zeros((0, 2)), real, np.zeros(1, np.int64), ends, pieces, roads)


def _strands(found: Links, roads: int) -> Network:
    from ntm_gis.analyses.matching import kernels as matching_kernels

    order, strand = matching_kernels.walks(found.low, found.high, len(found.place))
    # `order` holds links with their direction: link, or -1 - link where run from high to low.
    link = np.where(order >= 0, order, -1 - order)
    head = np.where(order >= 0, found.low[link], found.high[link])
    tail = np.where(order >= 0, found.high[link], found.low[link])
    count = np.bincount(strand)
    first = np.concatenate([[0], np.cumsum(count + 1)]).astype(np.int64)
    vertex = np.arange(len(order)) + strand
    place = np.empty(int(first[-1]), np.int64)
    place[vertex], place[vertex + 1] = head, tail
    xy = found.place[place]
    along = np.zeros(len(place))
    for s in range(len(count)):
        a, b = first[s], first[s + 1]
        along[a + 1 : b] = np.cumsum(np.hypot(*np.diff(xy[a:b], axis=0).T))
    ends = place[np.column_stack([first[:-1], first[1:] - 1])]
    _, numbered = np.unique(ends, return_inverse=True)
    ends = numbered.reshape(-1, 2).astype(np.int64)
    pieces = _pieces(found, order, link, strand, along, vertex)
    return Network(xy, along, first, ends, pieces, roads)


def _pieces(
    found: Links, order: Ints, link: Ints, strand: Ints, along: Floats, vertex: Ints
) -> Pieces:
    """Put the links of a road one after the other to pieces as long as they are."""
    turn = np.empty(len(found.low), np.int64)
    turn[link] = np.arange(len(link))
    at = turn[found.of]
    ahead = order[at] >= 0
    c0 = np.where(ahead, found.chain_low, found.chain_high)
    c1 = np.where(ahead, found.chain_high, found.chain_low)
    rising = c1 > c0
    sort = np.lexsort((at, rising, strand[at], found.road))
    at, c0, c1, rising, road = at[sort], c0[sort], c1[sort], rising[sort], found.road[sort]
    # A link that was bent to a junction is no longer as long as its chainages say.
    exact = abs(along[vertex[at] + 1] - along[vertex[at]] - abs(c1 - c0)) < 1e-6
    joined = (
        (road[1:] == road[:-1])
        & (at[1:] == at[:-1] + 1)
        & (strand[at[1:]] == strand[at[:-1]])
        & (rising[1:] == rising[:-1])
        & (abs(c0[1:] - c1[:-1]) < 1e-6)
        & exact[1:]
        & exact[:-1]
    )
    head = np.flatnonzero(np.r_[True, ~joined])
    last = np.r_[head[1:] - 1, len(at) - 1]
    start, end = along[vertex[at[head]]], along[vertex[at[last]] + 1]
    low = np.minimum(c0[head], c1[last])
    by = np.lexsort((low, road[head]))
    return Pieces(
        strand[at[head]][by], start[by], end[by], road[head][by], c0[head][by], c1[last][by]
    )
