"""Tracks of known truth matched onto roads: ours beside leuvenmapmatching, in one run.

    python benchmarks/track_match.py [--points N] [--all N] [--seed N]

Points are walked along networks whose truth is known: parallel roads 30 m apart, hairpins with
lanes off them, the roads of the sample commune; steps of 10 and 30 m, noise of 5, 10 and 15 m
with and without memory, there and back, with gaps. Both get the same points and the same edges;
leuvenmapmatching is also told the noise, ours estimates it. First the share of points on the
true edge is compared, then how many points a second; then the length that a track gives of a
road, against what was walked. leuvenmapmatching (1.1.4, with rtree) is needed for nothing else;
it gets every n-th track so that it has about --points points, ours also gets --all of them.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ntm_gis.analyses.columns import Floats, Ints
from ntm_gis.analyses.matching import Settings, match
from ntm_gis.analyses.matching_credit import credit
from ntm_gis.analyses.matching_network import Network, network
from ntm_gis.results import spans

ROOT = Path(__file__).resolve().parent.parent
Edges = list[tuple[Any, Any, Floats]]
SETTINGS = Settings()


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


def ours(net: Network, track: Track) -> Ints:
    """Return the edge of each point, by our matching."""
    return match(net, track.xy, track.times, settings=SETTINGS).road


class Leuven:
    """The same edges as a map of leuvenmapmatching, straight piece by straight piece."""

    def __init__(self, edges: Edges) -> None:
        from leuvenmapmatching.map.inmem import InMemMap

        logging.getLogger("be.kuleuven.cs.dtai.mapmatching").setLevel(logging.ERROR)
        self.map = InMemMap("roads", use_latlon=False, use_rtree=True, index_edges=True)
        self.edge: dict[tuple[int, int], int] = {}
        node: dict[tuple[float, float], int] = {}
        for k, (_, _, xy) in enumerate(edges):
            ids = []
            for x, y in np.round(xy, 3).tolist():
                if (x, y) not in node:
                    node[x, y] = len(node)
                    self.map.add_node(node[x, y], (x, y))
                ids.append(node[x, y])
            for a, b in pairwise(ids):
                self.map.add_edge(a, b)
                self.map.add_edge(b, a)
                self.edge[a, b] = self.edge[b, a] = k

    def __call__(self, track: Track) -> Ints:
        """Return the edge of each point, by leuvenmapmatching; where it stops it starts anew."""
        out = np.full(len(track.xy), -1)
        begin = 0
        while begin < len(out):
            reached = begin
            for state in self._states(track, begin):
                reached = max(reached, begin + state.obs)
                if state.obs_ne == 0:
                    out[begin + state.obs] = self.edge.get(tuple(state.shortkey), -1)
            begin = reached + 1
        return out

    def _states(self, track: Track, begin: int) -> list[Any]:
        from leuvenmapmatching.matcher.distance import DistanceMatcher

        matcher = DistanceMatcher(
            self.map, max_dist=100, max_dist_init=100, min_prob_norm=1e-4, obs_noise=track.sigma,
            obs_noise_ne=2 * track.sigma, dist_noise=track.sigma, non_emitting_states=True,
            max_lattice_width=20,
        )  # fmt: skip
        matcher.match([tuple(point) for point in track.xy[begin:].tolist()])
        return list(matcher.lattice_best or ())


def shares(of: list[tuple[Track, Ints]]) -> dict[str, float]:
    """Return the per cent of points on the true edge: by network, by noise, of all."""
    right: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for track, edge in of:
        for group in (track.network, f"noise {track.sigma:.0f} m", f"step {track.step:.0f} m",
                      "all"):  # fmt: skip
            right[group][0] += int((edge == track.edge).sum())
            right[group][1] += len(edge)
    return {group: 100 * good / n for group, (good, n) in right.items()}


def lengths(count: int, seed: int) -> None:
    """Print how far the credited length of one road is from what was walked of it."""
    chance = np.random.default_rng(seed)
    for name, edges in (("ladder", ladder()), ("hairpins", hairpins()), ("sample", sample())):
        lines, road = [xy for *_, xy in edges], None
        if name == "sample":  # the longest strand, as a road of its own
            road = max(range(len(lines)), key=lambda k: metres(lines[k])[-1])
            roads = [lines[road], *(xy for k, xy in enumerate(lines) if k != road)]
        else:
            main = [xy for a, b, xy in edges if a[0] == b[0] and a[0] in (1, "road")]
            rest = [xy for a, b, xy in edges if not (a[0] == b[0] and a[0] in (1, "road"))]
            roads = [np.concatenate([main[0], *(xy[1:] for xy in main[1:])]), *rest]
        net = network([shapely.LineString(xy) for xy in roads])
        at = metres(roads[0])
        off, silent, said = [], 0, 0
        for k in range(count):
            sigma, step = (5.0, 10.0, 15.0)[k % 3], (5.0, 10.0, 30.0)[k // 3 % 3]
            start = chance.uniform(0, 0.3) * at[-1]
            where = start + places(0.6 * at[-1], step, chance, back=k % 4 == 0)
            true = np.column_stack([np.interp(where, at, roads[0][:, axis]) for axis in (0, 1)])
            xy = true + noise(len(true), sigma, float(chance.choice([0.0, 0.5, 0.8])), chance)
            found = credit(net, 0, match(net, xy, 5.0 * np.arange(len(xy))), SETTINGS)
            walked = (where.max() - where.min()) * 100
            off.append(abs(spans.length(found.credited) / walked - 1))
            told = bool(found.not_credited) or found.unsure_m > 0.03 * found.credited_m
            said += told
            silent += off[-1] > 0.03 and not told
        quiet = f"over 3 % without a finding: {silent} of {count}   with a finding: {said}"
        worst = f"median {100 * np.median(off):5.2f} %   worst {100 * max(off):6.2f} %"
        print(f"  {name:9} {worst}   {quiet}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=6_000, help="for leuvenmapmatching")
    parser.add_argument("--all", type=int, default=60_000, help="for ours")
    parser.add_argument("--seed", type=int, default=20251231)
    given = parser.parse_args()
    nets = {"ladder": ladder(), "hairpins": hairpins(), "sample": sample()}
    every = [t for k, (name, edges) in enumerate(nets.items())
             for t in tracks(name, edges, given.seed + k)]  # fmt: skip
    graphs = {name: network([shapely.LineString(xy) for *_, xy in edges], join_m=0)
              for name, edges in nets.items()}  # fmt: skip
    few = every[:: max(1, sum(len(t.xy) for t in every) // given.points)]
    for track in few[:3]:
        ours(graphs[track.network], track)  # compiled before the clock starts

    begun = time.perf_counter()
    mine = [(track, ours(graphs[track.network], track)) for track in few]
    seconds = {"ours": time.perf_counter() - begun}
    found = {"ours": shares(mine)}
    n = sum(len(track.xy) for track in few)
    try:
        maps = {name: Leuven(edges) for name, edges in nets.items()}
        begun = time.perf_counter()
        theirs = [(track, maps[track.network](track)) for track in few]
        seconds["leuvenmapmatching"] = time.perf_counter() - begun
        found["leuvenmapmatching"] = shares(theirs)
    except ImportError:
        print("leuvenmapmatching is not installed: pip install leuvenmapmatching rtree")
    print(f"points on the true edge, per cent ({n} points of {len(few)} tracks)")
    for group in found["ours"]:
        print(f"  {group:11}", "   ".join(f"{who} {of[group]:6.2f}" for who, of in found.items()))
    for who, taken in seconds.items():
        print(f"  {who}: {n / taken:,.0f} points a second")

    turns = max(1, given.all // sum(len(t.xy) for t in every))
    begun = time.perf_counter()
    for _ in range(turns):
        for track in every:
            ours(graphs[track.network], track)
    taken, n = time.perf_counter() - begun, turns * sum(len(t.xy) for t in every)
    print(f"ours, all tracks: {n:,} points, {n / taken:,.0f} points a second")
    print("length credited of one road against what was walked of it")
    lengths(108, given.seed)
    better = "leuvenmapmatching" not in found or (
        found["ours"]["all"] >= found["leuvenmapmatching"]["all"]
    )
    return 0 if better and n / taken >= 50_000 else 1


if __name__ == "__main__":
    raise SystemExit(main())
