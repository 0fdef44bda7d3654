"""Ground covered by very many reports: ours beside duckdb, in one run.

    python benchmarks/progress_union.py [--spans N] [--roads N] [--again N]

200,000 reports over 3,000 roads, in whole centimetres. The lengths of all roads are compared
first, to the centimetre; only then are times printed. duckdb gets the same columns in a table
of its own in memory, and the leanest query we know (one window, no self-join), with all its
threads and with one. duckdb is not needed for anything but this comparison.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ntm_gis.analyses.columns import Ints
from ntm_gis.analyses.progress_bulk import union_lengths
from ntm_gis.results import spans

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


def best(work: Callable[[], object], again: int) -> float:
    """Return the least of several runs, in seconds, after one that is not timed."""
    work()
    times = []
    for _ in range(again):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times)


def by_spans(road: Ints, start: Ints, end: Ints, roads: int) -> Ints:
    """Return the same by the plain way of the package, road by road."""
    of: list[list[tuple[int, int]]] = [[] for _ in range(roads)]
    for r, a, b in zip(road.tolist(), start.tolist(), end.tolist(), strict=True):
        of[r].append((a, b))
    return np.array([spans.length(mine) for mine in of], np.int64)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--spans", type=int, default=200_000)
    parser.add_argument("--roads", type=int, default=3_000)
    parser.add_argument("--again", type=int, default=15)
    given = parser.parse_args()
    try:
        import duckdb
    except ImportError:
        print("duckdb is not installed: pip install duckdb")
        return 2
    road, start, end = reports(given.spans, given.roads)
    base = duckdb.connect()
    base.execute("CREATE TABLE reports (road BIGINT, a BIGINT, b BIGINT)")
    base.register("given", {"road": road, "a": start, "b": end})
    base.execute("INSERT INTO reports SELECT road, a, b FROM given")

    ours = union_lengths(road, start, end, given.roads)
    theirs = base.execute(QUERY).fetchnumpy()
    other = np.zeros(given.roads, np.int64)
    other[theirs["road"]] = theirs["cm"]
    plain = by_spans(road, start, end, given.roads)
    if not (np.array_equal(ours, other) and np.array_equal(ours, plain)):
        print("the lengths differ")
        return 1
    print(
        f"{given.spans:,} spans on {given.roads:,} roads: {ours.sum() / 100_000:,.5f} km "
        f"of {(end - start).sum() / 100_000:,.5f} km added up; all three alike to the centimetre"
    )

    def query() -> object:
        return base.execute(QUERY).fetchnumpy()

    times = {
        "ntm_gis, columns": best(lambda: union_lengths(road, start, end, given.roads), given.again),
        "ntm_gis, road by road": best(
            lambda: by_spans(road, start, end, given.roads), min(3, given.again)
        ),
        f"duckdb {duckdb.__version__}, all threads": best(query, given.again),
    }
    base.execute("SET threads TO 1")
    times[f"duckdb {duckdb.__version__}, one thread"] = best(query, given.again)
    for name, seconds in times.items():
        print(f"{name:32s} {1000 * seconds:9.2f} ms")
    fastest = min(seconds for name, seconds in times.items() if name.startswith("duckdb"))
    factor = fastest / times["ntm_gis, columns"]
    print(f"{'factor':32s} {factor:9.1f}")
    return 0 if factor >= 2 else 1


if __name__ == "__main__":
    raise SystemExit(main())
