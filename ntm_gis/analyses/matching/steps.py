"""The steps of a matched track from point to point, seen from one road."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses.matching.noding import project
from ntm_gis.results import spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy.typing as npt

    from ntm_gis.analyses.columns import Floats, Ints
    from ntm_gis.analyses.matching.model import Matched, Settings
    from ntm_gis.analyses.matching.network import Network
    from ntm_gis.results.spans import Spans

    Flags = npt.NDArray[np.bool_]
    Pairs = list[tuple[int, int]]

DOUBLE_M, DOUBLE_LENGTH_M = 5.0, 30.0
"""Roads drawn this close over this length are one and the same on the ground."""

CM = 100
_SAMPLE_M = 2.5
_PIECE_M = 100.0
"""A piece of a track this long is as far off the road as the median of its points."""
_LEAST_HALF, _MOST_HALF = 2, 100


class Steps:
    """What the steps of a track cover of a road.

    Parameters
    ----------
    network : Network
    road : int
    matched : Matched
        A track on the network.
    settings : Settings

    Attributes
    ----------
    then : int array, (k,)
        The later point of each step within a chain.
    good, wide, away : bool array, (k,)
        Steps that are credited, that are longer than the largest gap, that are too far off.
    """

    def __init__(self, network: Network, road: int, matched: Matched, settings: Settings) -> None:
        self.network, self.matched, self.settings = network, matched, settings
        self.pieces = np.flatnonzero(network.pieces.road == road)
        self.laid = np.flatnonzero(matched.leg >= 0)
        linked = np.flatnonzero(~np.isnan(matched.behind[self.laid]))
        self.then, before = self.laid[linked], self.laid[linked - 1]
        self.low = np.minimum(matched.behind[self.then], matched.ahead[self.then])
        self.high = np.maximum(matched.behind[self.then], matched.ahead[self.then])
        usual = float(np.median(self.high - self.low)) if len(self.then) else 0.0
        half = _PIECE_M / 2 / usual if usual > _PIECE_M / 2 / _MOST_HALF else _MOST_HALF
        offset = running_median(matched.offset_m[self.laid], max(_LEAST_HALF, round(half)))
        far = np.zeros(len(matched.xy), bool)
        far[self.laid] = offset > settings.distance_m
        self.away: Flags = far[self.then] | far[before]
        self.wide: Flags = (self.high - self.low > settings.largest_gap_m) & ~self.away
        self.good: Flags = ~self.away & ~self.wide

    @cached_property
    def line(self) -> RoadLine:
        """The road itself."""
        return RoadLine(self.network, self.pieces)

    @cached_property
    def chainage(self) -> Floats:
        """Metres along the road of each point laid on it, NaN off it."""
        p, m = self.network.pieces, self.matched
        out = np.full(len(m.xy), np.nan)
        for k in self.pieces[::-1]:
            here = (m.strand == p.strand[k]) & (m.along >= p.start[k]) & (m.along <= p.end[k])
            share = (m.along[here] - p.start[k]) / (p.end[k] - p.start[k])
            out[here] = p.chain_start[k] + share * (p.chain_end[k] - p.chain_start[k])
        return out

    def strands(self, steps: Flags) -> tuple[Ints, Floats, Floats]:
        """Return what some steps cover of strands: strand, from, to in metres along it."""
        leg, low, high = self.matched.leg[self.then[steps]], self.low[steps], self.high[steps]
        order = np.lexsort((high, low, leg))
        leg, low, high = leg[order], low[order], high[order]
        if not len(leg):
            return leg, low, high
        legs = self.matched.legs
        scale = 2.0 * (float(legs.begin.max() + self.network.length.max()) + 1.0)
        # Legs lie one after the other on one scale: join steps that touch, part them by strand.
        top = np.maximum.accumulate(leg * scale + high)
        head = np.flatnonzero(np.r_[True, leg[1:] * scale + low[1:] > top[:-1]])
        first, last = leg[head] * scale + low[head], top[np.r_[head[1:] - 1, len(top) - 1]]
        base = legs.leg * scale + legs.begin
        visit = np.searchsorted(base, first, side="right") - 1
        count = np.maximum(np.searchsorted(base, last, side="left") - visit, 1)
        part = np.repeat(np.arange(len(head)), count)
        visit = visit[part] + np.arange(len(part)) - np.repeat(np.cumsum(count) - count, count)
        length = self.network.length[legs.strand[visit]]
        a, b = (np.clip(x[part] - base[visit], 0.0, length) for x in (first, last))
        along = legs.way[visit] == 0
        return legs.strand[visit], np.where(along, a, length - b), np.where(along, b, length - a)

    def on_road(self, steps: Flags) -> Pairs:
        """Return what some steps cover of the road, centimetres."""
        strand, low, high = self.strands(steps)
        p = self.network.pieces
        out: Pairs = []
        for k in self.pieces:
            here = strand == p.strand[k]
            ends = np.clip(np.stack([low[here], high[here]]), p.start[k], p.end[k])
            rate = (p.chain_end[k] - p.chain_start[k]) / (p.end[k] - p.start[k])
            out += pairs(*(p.chain_start[k] + rate * (ends - p.start[k])))
        return out

    def gaps(self) -> Iterator[Pairs]:
        """Yield what each step that is too long covers of the road, centimetres."""
        for k in np.flatnonzero(self.wide):
            one = np.zeros(len(self.then), bool)
            one[k] = True
            yield self.on_road(one)

    def on_double(self, steps: Flags) -> Pairs:
        """Return the stretches of the road that some steps cover on a second drawing of it."""
        found: Pairs = []
        for s, a, b in self._elsewhere(steps):
            n = int((b - a) / _SAMPLE_M) + 2
            chain, distance = self.line.locate(
                self.network.points(np.full(n, s), np.linspace(a, b, n))
            )
            near = (distance[1:] <= DOUBLE_M) & (distance[:-1] <= DOUBLE_M)
            near &= np.abs(np.diff(chain)) <= 2 * (b - a) / (n - 1)
            found += pairs(chain[:-1][near], chain[1:][near])
        return list(at_least(closed(found), DOUBLE_LENGTH_M))

    def _elsewhere(self, steps: Flags) -> Iterator[tuple[int, float, float]]:
        """Yield what some steps cover of strands without the road: strand, from, to."""
        p = self.network.pieces
        for s, low, high in zip(*self.strands(steps), strict=True):
            here = low
            mine = self.pieces[p.strand[self.pieces] == s]
            for k in mine[np.argsort(p.start[mine])]:
                if here < min(p.start[k], high):
                    yield int(s), float(here), float(min(p.start[k], high))
                here = max(here, p.end[k])
            if here < high:
                yield int(s), float(here), float(high)

    def broken(self) -> tuple[Pairs, Pairs]:
        """Return stretches of the road from where the track breaks off to where it goes on.

        First those where points are missing, then those where there are points off the road.
        """
        m, chainage = self.matched, self.chainage
        ends = np.flatnonzero(m.chain[self.laid][1:] != m.chain[self.laid][:-1])
        missing: Pairs = []
        off: Pairs = []
        for i, j in zip(self.laid[ends], self.laid[ends + 1], strict=True):
            if np.isnan(chainage[i]) or np.isnan(chainage[j]):
                continue
            between = np.arange(i, j + 1)[~m.outlier[i : j + 1]]
            _, distance = self.line.locate(m.xy[between])
            into = off if (distance > self.settings.distance_m).any() else missing
            into += pairs(chainage[[i]], chainage[[j]])
        return missing, off

    def beside(self, points: Flags) -> Pairs:
        """Return stretches of the road that some points on other roads pass by."""
        m = self.matched
        there = self.laid[np.isnan(self.chainage[self.laid]) & points[self.laid]]
        chain, distance = self.line.locate(m.xy[there])
        near = distance <= max(self.settings.radius_m, self.settings.distance_m)
        linked = (np.diff(there) == 1) & near[1:] & near[:-1]
        linked &= np.abs(np.diff(chain)) <= 2 * self.settings.largest_gap_m
        return pairs(chain[:-1][linked], chain[1:][linked])


class RoadLine:
    """One road of a network as straight pieces with their chainage, metres."""

    def __init__(self, network: Network, pieces: Ints) -> None:
        p = network.pieces
        a, b, chain_a, chain_b = [], [], [], []
        for k in pieces:
            xy = network.cut(int(p.strand[k]), float(p.start[k]), float(p.end[k]))
            run = np.r_[0.0, np.cumsum(np.hypot(*np.diff(xy, axis=0).T))]
            chain = np.interp(run, [0.0, run[-1]], [p.chain_start[k], p.chain_end[k]])
            a.append(xy[:-1])
            b.append(xy[1:])
            chain_a.append(chain[:-1])
            chain_b.append(chain[1:])
        none = np.zeros((0, 2))
        self.a, self.b = np.concatenate([none, *a]), np.concatenate([none, *b])
        self.chain_a, self.chain_b = (np.concatenate([none[:, 0], *c]) for c in (chain_a, chain_b))
        self.tree = shapely.STRtree(shapely.linestrings(np.stack([self.a, self.b], axis=1)))

    def locate(self, xy: Floats) -> tuple[Floats, Floats]:
        """Return chainage and distance of the nearest place of the road, metres."""
        if not len(self.a):
            return np.full(len(xy), np.nan), np.full(len(xy), np.inf)
        point, segment = self.tree.query_nearest(shapely.points(xy))
        share, distance = project(self.a[segment], self.b[segment], xy[point])
        chain = self.chain_a[segment] + share * (self.chain_b - self.chain_a)[segment]
        # Of equally near places the first along the road, however the index found them.
        order = np.lexsort((chain, point))
        first = order[np.unique(point[order], return_index=True)[1]]
        return chain[first], distance[first]


def pairs(a: Floats, b: Floats) -> Pairs:
    """Return stretches between chainages in metres as whole centimetres, the lesser end first.

    Examples
    --------
    >>> pairs(np.array([12.504, 3.0]), np.array([10.0, 3.0]))
    [(1000, 1250)]
    """
    low = np.rint(np.minimum(a, b) * CM).astype(np.int64)
    high = np.rint(np.maximum(a, b) * CM).astype(np.int64)
    long = high > low
    return list(zip(low[long].tolist(), high[long].tolist(), strict=True))


def closed(found: Iterable[tuple[int, int]]) -> Spans:
    """Join stretches, also over the centimetre or two that rounding leaves between them.

    Examples
    --------
    >>> closed([(0, 100), (101, 200), (300, 400)])
    ((0, 200), (300, 400))
    """
    wide = spans.union((a - 1, b + 1) for a, b in found if b > a)
    return tuple((a + 1, b - 1) for a, b in wide)


def at_least(found: Iterable[tuple[int, int]], metres: float) -> Spans:
    """Return the stretches of a union that are at least so long."""
    return tuple((a, b) for a, b in spans.union(found) if b - a >= metres * CM)


def running_median(values: Floats, half: int) -> Floats:
    """Return the median of each value and its neighbours: one stray point is no piece.

    Parameters
    ----------
    values : float array, (n,)
    half : int
        Neighbours on each side; fewer near the ends, where the window is moved inwards.

    Examples
    --------
    >>> running_median(np.array([1.0, 2.0, 90.0, 2.0, 1.0, 3.0]), 1).tolist()
    [2.0, 2.0, 2.0, 2.0, 2.0, 2.0]
    """
    n = len(values)
    half = min(half, (n - 1) // 2)
    if half < 1:
        return values
    windows = np.lib.stride_tricks.sliding_window_view(values, 2 * half + 1)
    median: Floats = np.median(windows, axis=1)
    return median[np.clip(np.arange(n) - half, 0, len(median) - 1)]
