"""Tracks of known truth matched onto roads: ours beside leuvenmapmatching, in one run.

    python benchmarks/track_match.py [--peer FOLDER] [--points N] [--all N] [--seed N]

Points are walked along networks whose truth is known: parallel roads 30 m apart, hairpins with
lanes off them, the roads of the sample commune; steps of 10 and 30 m, noise of 5, 10 and 15 m
with and without memory, there and back, with gaps. Both get the same points and the same edges;
leuvenmapmatching is also told the noise, ours estimates it. First the share of points on the
true edge is compared, then how many points a second; then the length that a track gives of a
road, against what was walked. leuvenmapmatching gets every n-th track so that it has about
--points points, ours also gets --all of them. Seconds are those of the processor: both use one
core, and other programs shall not count. leuvenmapmatching is needed for nothing else, so it may
lie in a folder of its own, which --peer names:

    pip install --no-deps --target FOLDER leuvenmapmatching==1.1.4 rtree

Exit status: 0 at least as accurate, 50,000 points a second, lengths off by less than 1 % in the
median and by more than 3 % never without a finding; 1 else; 2 compared with nothing.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from track_scenes import Edges, Track, hairpins, ladder, metres, noise, places, sample, tracks

from ntm_gis.analyses.columns import Ints
from ntm_gis.analyses.matching.credit import credit
from ntm_gis.analyses.matching.model import Settings, match
from ntm_gis.analyses.matching.network import Network, network
from ntm_gis.results import spans

SETTINGS = Settings()


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


def lengths(count: int, seed: int) -> bool:
    """Print how far the credited length of one road is from what was walked of it.

    Returns whether it is near enough, or said not to be.
    """
    chance = np.random.default_rng(seed)
    good = True
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
        good &= np.median(off) < 0.01 and silent == 0
        worst = f"median {100 * np.median(off):5.2f} %   worst {100 * max(off):6.2f} %"
        print(f"  {name:9} {worst}   {quiet}")
    return bool(good)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peer", type=Path, help="folder that holds leuvenmapmatching")
    parser.add_argument("--points", type=int, default=6_000, help="for leuvenmapmatching")
    parser.add_argument("--all", type=int, default=180_000, help="for ours")
    parser.add_argument("--seed", type=int, default=20251231)
    given = parser.parse_args()
    if given.peer is not None:
        sys.path.append(str(given.peer))
    nets = {"ladder": ladder(), "hairpins": hairpins(), "sample": sample()}
    every = [t for k, (name, edges) in enumerate(nets.items())
             for t in tracks(name, edges, given.seed + k)]  # fmt: skip
    graphs = {name: network([shapely.LineString(xy) for *_, xy in edges], join_m=0)
              for name, edges in nets.items()}  # fmt: skip
    few = every[:: max(1, sum(len(t.xy) for t in every) // given.points)]
    for track in few[:3]:
        ours(graphs[track.network], track)  # compiled before the clock starts

    begun = time.process_time()
    mine = [(track, ours(graphs[track.network], track)) for track in few]
    seconds = {"ours": time.process_time() - begun}
    found = {"ours": shares(mine)}
    n = sum(len(track.xy) for track in few)
    try:
        maps = {name: Leuven(edges) for name, edges in nets.items()}
        begun = time.process_time()
        theirs = [(track, maps[track.network](track)) for track in few]
        seconds["leuvenmapmatching"] = time.process_time() - begun
        found["leuvenmapmatching"] = shares(theirs)
    except ImportError:
        print("leuvenmapmatching is not there: ours stands beside nothing (see --help)")
    print(f"points on the true edge, per cent ({n} points of {len(few)} tracks)")
    for group in found["ours"]:
        print(f"  {group:11}", "   ".join(f"{who} {of[group]:6.2f}" for who, of in found.items()))
    for who, taken in seconds.items():
        print(f"  {who}: {n / taken:,.0f} points a second")

    seconds_of = []
    n = sum(len(t.xy) for t in every)
    for _ in range(max(1, given.all // n)):
        begun = time.process_time()
        for track in every:
            ours(graphs[track.network], track)
        seconds_of.append(time.process_time() - begun)
    speed = n / min(seconds_of)
    print(f"ours, all tracks: {n:,} points, {speed:,.0f} points a second")
    print("length credited of one road against what was walked of it")
    near = lengths(108, given.seed)
    if "leuvenmapmatching" not in found:
        return 2
    better = found["ours"]["all"] >= found["leuvenmapmatching"]["all"]
    return 0 if better and near and speed >= 50_000 else 1


if __name__ == "__main__":
    raise SystemExit(main())
