"""Networks and tracks of known truth for track_match.py: parallel roads, hairpins, the sample."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ntm_gis.analyses.columns import Floats, Ints
from ntm_gis.analyses.matching.network import network

ROOT = Path(__file__).resolve().parent.parent
Edges = list[tuple[Any, Any, Floats]]


@dataclass(frozen=True)
class Track:
    """Points along a network, and the edge that each is truly on."""

    network: str
    step: float
    sigma: float
    xy: Floats
    times: Floats
    edge: Ints


def ladder() -> Edges:
    """Lay out four parallel roads 30 m apart, with rungs."""

    def at(road: int, x: Floats) -> Floats:
        return np.column_stack([x, 30.0 * road + 25.0 * np.sin(x / 400.0)])

    edges: Edges = []
    for road in range(4):
        for i in range(10):
            x = np.linspace(300.0 * i, 300.0 * (i + 1), 13)
            edges.append(((road, i), (road, i + 1), at(road, x)))
    for road in range(3):
        for i in range(road % 2, 11, 2):
            x = np.array([300.0 * i])
            rung = np.concatenate([at(road, x), at(road + 1, x)])
            edges.append(((road, i), (road + 1, i), rung))
    return edges


def hairpins() -> Edges:
    """Lay out a mountain road with legs 36 m apart, and a lane at every 29th vertex."""
    line: list[tuple[float, float]] = []
    for i in range(14):
        y, side = 36.0 * i, 1 if i % 2 == 0 else -1
        xs = np.linspace(0, 220, 10)[::side]
        line += [(float(x), float(y + 6 * np.sin(x / 40) * np.sin(np.pi * x / 220))) for x in xs]
        turn = np.linspace(-np.pi / 2, np.pi / 2, 9)[1:-1]
        end = 220.0 if side == 1 else 0.0
        line += [(end + side * 18 * np.cos(t), y + 18 + 18 * np.sin(t)) for t in turn]
    xy = np.array(line)
    cuts = [*range(0, len(xy) - 1, 29), len(xy) - 1]
    edges: Edges = [(("road", a), ("road", b), xy[a : b + 1]) for a, b in pairwise(cuts)]
    for k in cuts[1:-1]:
        way = np.array([-60.0 if k % 2 else 60.0, 14.0])
        lane = np.array([xy[k], xy[k] + way / 2 + (3, -2), xy[k] + way])
        edges.append((("road", k), ("lane", k), lane))
    return edges


def sample() -> Edges:
    """Cut the roads of the sample commune where they meet."""
    import pyogrio

    drawn = pyogrio.read_dataframe(ROOT / "data/sample/sources/duong_giao_thong.shp")
    net = network(drawn.geometry.to_numpy())
    ends = [tuple(map(int, pair)) for pair in net.ends]
    lines = [net.xy[a:b] for a, b in pairwise(net.first.tolist())]
    return [(*pair, xy) for pair, xy in zip(ends, lines, strict=True)]


def metres(xy: Floats) -> Floats:
    """Return metres from the first vertex to each."""
    return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])


def route(edges: Edges, chance: np.random.Generator, length: float) -> list[tuple[int, bool]]:
    """Wander over edges, turning back only at dead ends."""
    at: dict[Any, list[tuple[int, bool]]] = defaultdict(list)
    for k, (a, b, _) in enumerate(edges):
        at[a].append((k, True))
        at[b].append((k, False))
    here, ahead = int(chance.integers(len(edges))), bool(chance.integers(2))
    gone, total = [(here, ahead)], metres(edges[here][2])[-1]
    while total < length:
        node = edges[here][1 if ahead else 0]
        onward = [step for step in at[node] if step[0] != here] or [(here, not ahead)]
        here, ahead = onward[int(chance.integers(len(onward)))]
        gone.append((here, ahead))
        total += metres(edges[here][2])[-1]
    return gone


def noise(n: int, sigma: float, memory: float, chance: np.random.Generator) -> Floats:
    """Return errors of a phone in metres, each with a share of the one before."""
    out = chance.normal(size=(n, 2))
    for k in range(1, n):
        out[k] = memory * out[k - 1] + np.sqrt(1 - memory**2) * out[k]
    return sigma * out


def places(end: float, step: float, chance: np.random.Generator, *, back: bool) -> Floats:
    """Return metres along a way at which points are recorded, there and perhaps back."""
    steps = chance.uniform(0.7, 1.3, int(2 * end / step)) * step
    there = np.concatenate([[0.0], np.cumsum(steps)])
    there = np.append(there[there < end], end)
    return np.concatenate([there, there[-2::-1]]) if back else there


def tracks(name: str, edges: Edges, seed: int) -> Iterator[Track]:
    """Yield tracks over a network: every step, noise and memory, there and back, with a gap."""
    chance = np.random.default_rng(seed)
    for step in (10.0, 30.0):
        for sigma in (5.0, 10.0, 15.0):
            for memory in (0.0, 0.8):
                for kind in range(4):
                    way = route(edges, chance, 4000.0)
                    lines = [edges[k][2] if ahead else edges[k][2][::-1] for k, ahead in way]
                    ends = np.cumsum([metres(xy)[-1] for xy in lines])
                    where = places(float(ends[-1]), step, chance, back=kind in (1, 3))
                    part = np.minimum(np.searchsorted(ends, where, side="right"), len(way) - 1)
                    begin = np.concatenate([[0.0], ends[:-1]])
                    true = np.array([
                        [np.interp(m - begin[p], metres(lines[p]), lines[p][:, axis])
                         for axis in range(2)]
                        for m, p in zip(where, part, strict=True)
                    ])  # fmt: skip
                    edge = np.array([way[p][0] for p in part])
                    keep = np.ones(len(where), bool)
                    if kind >= 2:
                        first = int(chance.integers(len(where)))
                        keep[first + 1 : first + int(300 / step)] = False
                    xy = true + noise(len(true), sigma, memory, chance)
                    times = 5.0 * np.arange(len(where))
                    yield Track(name, step, sigma, xy[keep], times[keep], edge[keep])
