"""Roads that may have been drawn twice: side by side within 5 m over 30 m or more."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from ntm_gis.analyses.columns import Floats, Ints
from ntm_gis.analyses.roads.segments import SAME_M, Pieces, along, near

NEAR_M = 5.0
OVER_M = 30.0

_ALONG = float(np.sin(np.pi / 4))
_NOTHING = 1e-6
_PARTED_M = 0.9 * NEAR_M
_JUNCTION_M = 30.0
"""What a junction or crossing explains on each side of where two roads meet: at 10 degrees they
are 5 m apart after 29 m."""


@dataclass(frozen=True)
class Double:
    """Two stretches that may be one road.

    Parameters
    ----------
    kept, dropped : tuple of int
        Numbers of the roads drawn along the stretch that stays and along the other.
    metres : float
        How far they run side by side.
    place : LineString
        The longest piece of the stretch that would go.
    """

    kept: tuple[int, ...]
    dropped: tuple[int, ...]
    metres: float
    place: shapely.LineString


@dataclass(frozen=True, slots=True)
class Span:
    """Part of a piece that belongs to a double: it goes, or gains the roads of the other."""

    start: float
    end: float
    double: int
    goes: bool
    gains: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Pairs:
    """Pairs of pieces side by side: piece and span (metres) on either side (0, 1)."""

    piece: Ints  # (2, p)
    start: Floats  # (2, p)
    end: Floats  # (2, p)

    def only(self, keep: Ints) -> _Pairs:
        return _Pairs(self.piece[:, keep], self.start[:, keep], self.end[:, keep])


def doubles(
    pieces: Pieces, near_ones: tuple[Ints, Ints] | None = None
) -> tuple[list[Double], dict[int, list[Span]]]:
    """Find suspected doubles.

    Parameters
    ----------
    pieces : Pieces
        Ground covered once.
    near_ones : (int array, int array), optional
        Pairs that may come within `NEAR_M` of each other, where they are known already.

    Returns
    -------
    list of Double
    dict of int to list of Span
        By number of the piece, what it has to do with which double.
    """
    pairs = _pairs(pieces, near_ones)
    found: list[Double] = []
    spans: dict[int, list[Span]] = defaultdict(list)
    if pairs.piece.shape[1] == 0:
        return found, spans
    for first, second in _chains(pieces, pairs):
        metres = min(_covered(pairs, *first), _covered(pairs, *second))
        if metres < _needed(pieces, pairs, first[0]) - _NOTHING:
            continue
        number = len(found)
        goes = _goes(pieces, pairs, first, second)
        found.append(_double(pieces, pairs, goes, metres))
        for pair, side in goes:
            keep, drop = 1 - side, side
            kept, gone = pairs.piece[keep, pair], pairs.piece[drop, pair]
            spans[int(gone)].append(
                Span(
                    float(pairs.start[drop, pair]), float(pairs.end[drop, pair]), number, goes=True
                )
            )
            spans[int(kept)].append(
                Span(
                    float(pairs.start[keep, pair]), float(pairs.end[keep, pair]), number,
                    goes=False, gains=pieces.members[int(gone)],
                )
            )  # fmt: skip
    return found, spans


def _pairs(pieces: Pieces, near_ones: tuple[Ints, Ints] | None) -> _Pairs:
    if not len(pieces.rank):
        nothing = np.empty((2, 0))
        return _Pairs(nothing.astype(np.int64), nothing, nothing)
    i, j = near(pieces, NEAR_M) if near_ones is None else near_ones
    i_from, i_to = along(pieces, i, j, NEAR_M, _ALONG)
    j_from, j_to = along(pieces, j, i, NEAR_M, _ALONG)
    every = _Pairs(np.stack([i, j]), np.stack([i_from, j_from]), np.stack([i_to, j_to]))
    return every.only(np.flatnonzero(((every.end - every.start) > _NOTHING).all(axis=0)))


_Side = tuple[Ints, Ints]  # numbers of pairs, and which side of each


def _chains(pieces: Pieces, pairs: _Pairs) -> list[tuple[_Side, _Side]]:
    """Return the stretches side by side: pairs that follow one another on both sides."""
    labels = _labels(pieces, pairs)
    low = np.minimum(labels[0], labels[1])
    high = np.maximum(labels[0], labels[1])
    length = (pairs.end - pairs.start).max(axis=0)
    _, chain = np.unique(np.stack([low, high]), axis=1, return_inverse=True)
    chain = chain.ravel()
    long_enough = np.bincount(chain, weights=length) >= OVER_M - _NOTHING
    out = []
    for number in np.flatnonzero(long_enough).tolist():
        members = np.flatnonzero(chain == number)
        side = (labels[0, members] > labels[1, members]).astype(np.int64)
        out.append(((members, side), (members, 1 - side)))
    return out


def _labels(pieces: Pieces, pairs: _Pairs) -> Ints:
    """Return for either side of each pair the number of its stretch, (2, p).

    Two pairs belong together if they touch on both sides: the same piece, or pieces that meet
    at a vertex which both spans reach. Which side is which may turn about from pair to pair.
    """
    count, total = pairs.piece.shape[1], len(pieces.rank)
    node = _nodes(pieces, np.unique(pairs.piece))
    length = pieces.length
    keys = np.full((2, 3, count), -1, np.int64)  # side, (piece, start vertex, end vertex), pair
    for side in (0, 1):
        piece = pairs.piece[side]
        keys[side, 0] = piece
        keys[side, 1] = np.where(pairs.start[side] <= NEAR_M, node[piece], -1)
        keys[side, 2] = np.where(length[piece] - pairs.end[side] <= NEAR_M, node[piece + total], -1)
    low, high, pair, turned = [], [], [], []
    for a in range(3):
        for b in range(3):
            one, two = keys[0, a], keys[1, b]
            good = np.flatnonzero((one >= 0) & (two >= 0) & (one != two))
            low.append(np.minimum(one, two)[good])
            high.append(np.maximum(one, two)[good])
            pair.append(good)
            turned.append((one > two)[good])
    lows, highs = np.concatenate(low), np.concatenate(high)
    of, flip = np.concatenate(pair), np.concatenate(turned).astype(np.int64)
    order = np.lexsort([of, highs, lows])
    lows, highs, of, flip = lows[order], highs[order], of[order], flip[order]
    linked = np.flatnonzero((lows[1:] == lows[:-1]) & (highs[1:] == highs[:-1]))
    here, there = of[linked], of[linked + 1]
    f, g = flip[linked], flip[linked + 1]
    rows = np.concatenate([here + count * f, here + count * (1 - f)])
    columns = np.concatenate([there + count * g, there + count * (1 - g)])
    graph = coo_array((np.ones(len(rows)), (rows, columns)), shape=(2 * count, 2 * count))
    _, labels = connected_components(graph, directed=False)
    return np.asarray(labels, np.int64).reshape(2, count)


def _nodes(pieces: Pieces, which: Ints) -> Ints:
    """Return numbers of the vertices at the starts and then the ends of all pieces.

    Ends of the pieces asked about that lie within twice `SAME_M` are one vertex: of roads drawn
    on each other now one and now the other keeps the ground. Numbers begin above those of the
    pieces; -1 for pieces not asked about.
    """
    total = len(pieces.rank)
    ends = np.vstack([pieces.start[which], pieces.end[which]])
    close = cKDTree(ends).query_pairs(2 * SAME_M, output_type="ndarray")
    joined = coo_array((np.ones(len(close)), close.T), shape=(len(ends), len(ends)))
    _, label = connected_components(joined, directed=False)
    out = np.full(2 * total, -1, np.int64)
    out[which], out[which + total] = np.split(label.astype(np.int64) + total, 2)
    return out


def _covered(pairs: _Pairs, members: Ints, side: Ints) -> float:
    """Return the metres that the spans of one side cover, ground counted once."""
    piece = pairs.piece[side, members]
    start, end = pairs.start[side, members], pairs.end[side, members]
    total, reached, last = 0.0, 0.0, -1
    for k in np.lexsort([start, piece]).tolist():
        if piece[k] != last:
            last, reached = piece[k], 0.0
        total += max(0.0, end[k] - max(start[k], reached))
        reached = max(reached, end[k])
    return float(total)


def _needed(pieces: Pieces, pairs: _Pairs, members: Ints) -> float:
    """Return over how many metres a stretch must run side by side to be suspected.

    Roads that meet once and part again are side by side for a while near their junction.
    """
    i, j = pairs.piece[0, members], pairs.piece[1, members]
    join = shapely.shortest_line(pieces.lines_of(i), pieces.lines_of(j))
    # Where roads meet, the stretch that they share has been taken off one of them.
    touching = shapely.get_coordinates(join[shapely.length(join) <= 2 * SAME_M])
    if not len(touching) or np.ptp(touching, axis=0).max() > NEAR_M:
        return OVER_M
    aside = _aside(pieces, pairs, members)
    parted = int(aside.max() >= _PARTED_M) + int(aside.min() <= -_PARTED_M)
    return OVER_M + _JUNCTION_M * parted


def _aside(pieces: Pieces, pairs: _Pairs, members: Ints) -> Floats:
    """Return how far to the left of the other piece the spans begin and end, in metres."""
    i, j = pairs.piece[0, members], pairs.piece[1, members]
    way, other = pieces.end[i] - pieces.start[i], pieces.end[j] - pieces.start[j]
    way /= np.hypot(*way.T)[:, None]
    other /= np.hypot(*other.T)[:, None]
    other *= np.where((way * other).sum(1) < 0, -1.0, 1.0)[:, None]
    out = []
    for at in (pairs.start[0, members], pairs.end[0, members]):
        offset = pieces.start[i] + way * at[:, None] - pieces.start[j]
        out.append(other[:, 0] * offset[:, 1] - other[:, 1] * offset[:, 0])
    return np.concatenate(out)


def _goes(pieces: Pieces, pairs: _Pairs, first: _Side, second: _Side) -> list[tuple[int, int]]:
    """Return for each pair the side that would go: the lower class, else the longer stretch.

    So the least length is the shorter of two drawings of one class.
    """
    longer_first = _covered(pairs, *first) > _covered(pairs, *second) + _NOTHING
    default = first[1] if longer_first else second[1]
    rank = pieces.rank[pairs.piece[:, first[0]]]
    side = np.where(rank[0] > rank[1], 0, np.where(rank[1] > rank[0], 1, default))
    return list(zip(first[0].tolist(), side.tolist(), strict=True))


def _double(pieces: Pieces, pairs: _Pairs, goes: list[tuple[int, int]], metres: float) -> Double:
    kept = {r for pair, side in goes for r in pieces.members[pairs.piece[1 - side, pair]]}
    dropped = {r for pair, side in goes for r in pieces.members[pairs.piece[side, pair]]}
    pair, side = max(goes, key=lambda g: float(pairs.end[g[1], g[0]] - pairs.start[g[1], g[0]]))
    piece = int(pairs.piece[side, pair])
    line = shapely.LineString([pieces.start[piece], pieces.end[piece]])
    return Double(tuple(sorted(kept)), tuple(sorted(dropped)), metres, line)
