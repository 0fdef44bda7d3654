"""Ground covered by very many reports: ours beside duckdb, in one run.

    python benchmarks/progress_union.py [--spans N] [--roads N] [--again N]

200,000 reports over 3,000 roads, in whole centimetres. The lengths of all roads are compared
first, to the centimetre; only then are times printed. duckdb gets the same columns in a table
of its own in memory, and the leanest query we know (one window, no self-join), with all its
threads and with one. Rounds alternate, so that all meet the same machine; of each the fastest
counts. Without duckdb (2.0.1, needed for nothing else) only ours are compared and timed.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ntm_gis.analyses.columns import Ints
from ntm_gis.analyses.progress.bulk import union_lengths
from ntm_gis.results import spans

OURS = "ntm_gis, columns"
LEAST_FACTOR = 2.0
QUERY = """
SELECT road, sum(greatest(0, b - greatest(a, coalesce(reached, a))))::BIGINT AS cm FROM (
    SELECT road, a, b, max(b) OVER (
        PARTITION BY road ORDER BY a ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS reached FROM reports
) GROUP BY road
"""


def reports(count: int, roads: int) -> tuple[Ints, Ints, Ints]:
    """Return reports of 1 to 400 m on roads of 10 km, overlapping as reports do."""
    chance = np.random.default_rng(20251231)
    road = chance.integers(0, roads, count)
    start = chance.integers(0, 1_000_000, count)
    return road, start, start + chance.integers(100, 40_000, count)


def best(works: dict[str, Callable[[], object]], again: int) -> dict[str, float]:
    """Return the least of several runs of each, in seconds, after one that is not timed."""
    for work in works.values():
        work()
    times = dict.fromkeys(works, float("inf"))
    for _ in range(again):
        for name, work in works.items():
            begun = time.perf_counter()
            work()
            times[name] = min(times[name], time.perf_counter() - begun)
    return times


def by_spans(road: Ints, start: Ints, end: Ints, roads: int) -> Ints:
    """Return the same by the plain way of the package, road by road."""
    of: list[list[tuple[int, int]]] = [[] for _ in range(roads)]
    for r, a, b in zip(road.tolist(), start.tolist(), end.tolist(), strict=True):
        of[r].append((a, b))
    return np.array([spans.length(mine) for mine in of], np.int64)


class Peer:
    """The same reports in a duckdb of its own; with all threads where no number is said."""

    def __init__(self, road: Ints, start: Ints, end: Ints, threads: int | None = None) -> None:
        duckdb = importlib.import_module("duckdb")  # has no types, and may be missing

        self.name = f"duckdb {duckdb.__version__}, threads: {threads or 'all'}"
        self._base = duckdb.connect(config={} if threads is None else {"threads": str(threads)})
        self._base.execute("CREATE TABLE reports (road BIGINT, a BIGINT, b BIGINT)")
        self._base.register("given", {"road": road, "a": start, "b": end})
        self._base.execute("INSERT INTO reports SELECT road, a, b FROM given")

    def lengths(self, roads: int) -> Ints:
        """Return the length of every road."""
        found = self._base.execute(QUERY).fetchnumpy()
        out = np.zeros(roads, np.int64)
        out[found["road"]] = found["cm"]
        return out


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--spans", type=int, default=200_000)
    parser.add_argument("--roads", type=int, default=3_000)
    parser.add_argument("--again", type=int, default=15)
    given = parser.parse_args()
    road, start, end = reports(given.spans, given.roads)
    works: dict[str, Callable[[], Ints]] = {
        OURS: lambda: union_lengths(road, start, end, given.roads),
        "ntm_gis, road by road": lambda: by_spans(road, start, end, given.roads),
    }
    try:
        peers = [Peer(road, start, end), Peer(road, start, end, threads=1)]
    except ImportError:
        peers = []
    for peer in peers:
        works[peer.name] = partial(peer.lengths, given.roads)

    ours = works[OURS]()
    differing = [name for name, work in works.items() if not np.array_equal(work(), ours)]
    if differing:
        print("lengths differ from ours:", "; ".join(differing))
        return 1
    print(
        f"{given.spans:,} spans on {given.roads:,} roads: {ours.sum() / 100_000:,.5f} km "
        f"of {(end - start).sum() / 100_000:,.5f} km added up; all {len(works)} alike "
        "to the centimetre"
    )
    times = best(dict(works), given.again)
    for name, seconds in times.items():
        print(f"{name:32s} {1000 * seconds:9.2f} ms")
    if not peers:
        print("duckdb is not installed, nothing to compare with: pip install duckdb==2.0.1")
        return 2
    factor = min(times[peer.name] for peer in peers) / times[OURS]
    print(f"{'factor':32s} {factor:9.1f}")
    return 0 if factor >= LEAST_FACTOR else 1


if __name__ == "__main__":
    raise SystemExit(main())
