"""Plans over each other: ours beside geopandas, in one run.

    python benchmarks/plan_overlay.py [--zones N] [--many N] [--faults N] [--again N]

Two plans of 5,000 and of 100,000 zones over the same ground: hectares by pair of codes. Then
the faults of 5,000 zones of which fifty were shifted by 1 mm to 5 m and ten taken out. Areas
are compared first, every pair of codes to 0.01 m2 and every fault to 0.001 m2; only then are
times printed. Rounds alternate, so that all meet the same machine; of each the fastest counts.

geopandas.overlay gets the same frames with nothing else in them, and is told not to mend what
is whole (`make_valid=False`), which is its leanest. Its matrix lacks what lies in one plan
alone; of its overlay of a plan with itself only pairs of two zones are kept, and their parts
counted apart. It finds no gaps: a union of all zones does that, and is timed with it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ntm_gis.analyses.columns import Floats, Shapes
from ntm_gis.analyses.coverage.covered import faults
from ntm_gis.analyses.overlay.pairs import matrix

ZONE = "EPSG:9205"
OURS = "ntm_gis"
LEAST_FACTORS = {"matrix": 4.0, "matrix of many": 5.0, "faults": 4.0}
Work = Callable[[], object]


def plan(count: int, seed: int) -> Shapes:
    """Return zones of about four hectares that fill a square, with edges of at most 25 m."""
    chance = np.random.default_rng(seed)
    side, corner = 200.0 * count**0.5, np.array([560_000.0, 2_440_000.0])
    square = shapely.box(*corner, *(corner + side))
    points = shapely.multipoints(chance.uniform(0, side, (count, 2)) + corner)
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=square))
    return np.asarray(shapely.segmentize(shapely.intersection(cells, square), 25.0), dtype=object)


def codes(count: int, kinds: int) -> list[str]:
    return [f"M{(k * 7919) % kinds:02d}" for k in range(count)]


def spoilt(zones: Shapes) -> Shapes:
    """Shift fifty zones, from a millimetre to five metres, and take ten out."""
    chance = np.random.default_rng(7)
    chosen = chance.choice(len(zones), 60, replace=False)
    out = zones.copy()
    for k, metres in zip(chosen[:50].tolist(), np.geomspace(0.001, 5, 50).tolist(), strict=True):
        step = np.array([metres, metres / 2])
        out[k] = shapely.transform(out[k], lambda xy, step=step: xy + step)
    return np.delete(out, chosen[50:])


def by_overlay(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> Floats:
    """Return the matrix of codes by geopandas."""
    cut = gpd.overlay(before, after, how="intersection", make_valid=False)
    cut["m2"] = cut.area
    table = cut.pivot_table("m2", "a", "b", "sum", fill_value=0.0)
    return np.asarray(table.to_numpy(), dtype=np.float64)


def by_self_join(zones: gpd.GeoDataFrame) -> tuple[Floats, Floats]:
    """Return areas of overlaps and gaps by geopandas, in order."""
    cut = gpd.overlay(zones, zones, how="intersection", make_valid=False)
    twice = cut[cut["k_1"] < cut["k_2"]]
    parts = shapely.area(shapely.get_parts(twice.geometry.to_numpy()))
    return np.sort(parts[parts > 1e-3]), _holes(zones.geometry.to_numpy())


def by_join_and_cut(zones: gpd.GeoDataFrame) -> tuple[Floats, Floats]:
    """Return the same by a join and the cut of every two zones that meet: the leanest we know."""
    met = gpd.sjoin(zones, zones, predicate="intersects")
    i, j = met["k_left"].to_numpy(), met["k_right"].to_numpy()
    shapes = zones.geometry.to_numpy()
    i, j = i[i < j], j[i < j]
    parts = shapely.area(shapely.get_parts(shapely.intersection(shapes[i], shapes[j])))
    return np.sort(parts[parts > 1e-3]), _holes(shapes)


def _holes(shapes: Shapes) -> Floats:
    ground = shapely.get_parts(shapely.union_all(shapes))
    rings = [ring for part in ground for ring in part.interiors]
    areas = shapely.area(shapely.polygons(rings)) if rings else np.empty(0)
    return np.sort(areas[areas > 1e-3])


def ours(zones: Shapes) -> tuple[Floats, Floats]:
    found = faults(zones, ZONE, sliver_m=2.0, tolerance_m=0.0)
    overlap, gap = found.overlaps.grid_m2, found.gaps.grid_m2
    return np.sort(overlap[overlap > 1e-3]), np.sort(gap[gap > 1e-3])


def best(works: dict[str, Work], again: int) -> dict[str, float]:
    """Return the least of several runs of each, in seconds."""
    times = dict.fromkeys(works, float("inf"))
    for _ in range(again):
        for name, work in works.items():
            begun = time.perf_counter()
            work()
            times[name] = min(times[name], time.perf_counter() - begun)
    return times


def timed(title: str, works: dict[str, Work], again: int) -> bool:
    """Print the times, and return whether ours are as much less as they should be."""
    times = best(works, again)
    for name, seconds in times.items():
        print(f"  {name:44s} {seconds:9.3f} s")
    factor = min(seconds for name, seconds in times.items() if name != OURS) / times[OURS]
    print(f"  {'factor':44s} {factor:9.1f}   (at least {LEAST_FACTORS[title]:.0f})")
    return factor >= LEAST_FACTORS[title]


def changed(title: str, count: int, again: int) -> bool:
    """Compare the matrices of two plans, then the times."""
    before, after = plan(count, 1), plan(count, 2)
    a, b = codes(len(before), 20), codes(len(after), 23)
    frames = (
        gpd.GeoDataFrame({"a": a}, geometry=before, crs=ZONE),
        gpd.GeoDataFrame({"b": b}, geometry=after, crs=ZONE),
    )
    work = partial(matrix, before, after, a, b, ZONE)
    found, theirs = work(), by_overlay(*frames)
    differ = float(np.abs(found.grid_m2[:-1, :-1] - theirs).max())
    closes = float(np.abs(found.grid_m2.sum() - shapely.area(before).sum()))
    print(f"{title}: {len(before):,} and {len(after):,} zones, {theirs.size} pairs of codes")
    print(f"  areas differ by {differ:.1e} m2 at most, the sum from the ground by {closes:.1e} m2")
    if max(differ, closes) > 0.01:
        return False
    return timed(title, {OURS: work, "geopandas.overlay": partial(by_overlay, *frames)}, again)


def faulty(count: int, again: int) -> bool:
    """Compare the faults of a plan, then the times."""
    zones = spoilt(plan(count, 1))
    frame = gpd.GeoDataFrame({"k": range(len(zones))}, geometry=zones, crs=ZONE)
    works: dict[str, Callable[[], tuple[Floats, Floats]]] = {
        OURS: partial(ours, zones),
        "geopandas.overlay with itself, and a union": partial(by_self_join, frame),
        "geopandas.sjoin, cuts, and a union": partial(by_join_and_cut, frame),
    }
    found = works[OURS]()
    print(f"faults: {len(zones):,} zones, {len(found[0])} overlaps, {len(found[1])} gaps")
    for name, work in works.items():
        theirs = work()
        alike = all(
            len(one) == len(other) and np.allclose(one, other, rtol=0, atol=1e-3)
            for one, other in zip(found, theirs, strict=True)
        )
        if not alike:
            print(f"  {name}: {len(theirs[0])} overlaps, {len(theirs[1])} gaps, not the same")
            return False
    print(
        f"  all {len(works)} alike to 0.001 m2: {found[0].sum():,.3f} and {found[1].sum():,.3f} m2"
    )
    return timed("faults", dict(works), again)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--zones", type=int, default=5_000)
    parser.add_argument("--many", type=int, default=100_000)
    parser.add_argument("--faults", type=int, default=5_000)
    parser.add_argument("--again", type=int, default=5)
    given = parser.parse_args()
    print(f"geopandas {gpd.__version__}, pandas {pd.__version__}, shapely {shapely.__version__}")
    done = [
        changed("matrix", given.zones, given.again),
        changed("matrix of many", given.many, max(3, given.again // 2)),
        faulty(given.faults, given.again),
    ]
    return 0 if all(done) else 1


if __name__ == "__main__":
    raise SystemExit(main())
