"""The plan review of a very large commune: two plans of 50,000 zones, every rule, in one run.

    python benchmarks/plan_review.py [--zones N] [--over]

Two land-use plans side by side that reach 200 m into each other along the former seam (or, with
`--over`, lie over each other whole), with hazards, streams, roads, houses, facilities and planned
works. First the ground of all contradictions is held against one intersection of the strips'
areas; only then are seconds and the largest memory printed, against the limits of the project:
60 s and 2 GB for 100,000 zones.
"""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import sys
import time
from collections import Counter
from pathlib import Path
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ntm_gis.analyses.columns import Shapes
from ntm_gis.analyses.planreview import analysis as planreview
from ntm_gis.analyses.question import Question
from ntm_gis.layers.values import FILE, ROW, STATE, TABLE, USED, Account, Layer, Layers, dtype
from ntm_gis.rules.commune import Commune
from ntm_gis.rules.schema import schema

ZONE = "EPSG:9205"
WEST, SOUTH = 540_000.0, 2_430_000.0
BAND_M = 200.0
LIMIT_S, LIMIT_GB = 60.0, 2.0
USES = ("LUC", "ONT", "CLN", "RSX", "HNK", "DGD", "DGT", "NTD")
MERGED = dt.date(2025, 6, 30)


def layer(name: str, columns: dict[str, Any], shapes: Any) -> Layer:
    """Return a checked layer of columns and shapes."""
    found = schema(name)
    count = len(shapes)
    frame: dict[str, Any] = {
        field.name: pd.Series(columns.get(field.name, [None] * count), dtype=dtype(field))
        for field in found.fields
    }
    frame |= {
        ROW: np.arange(1, count + 1), FILE: [f"sources/{name}.gpkg"] * count,
        TABLE: pd.Series([None] * count, dtype=object), STATE: [USED] * count,
    }  # fmt: skip
    account = Account(f"sources/{name}.gpkg", None, "0" * 64, name, count, count, 0, 0)
    made = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(list(shapes), crs=ZONE), crs=ZONE)
    return Layer(found, made, (), (account,))


def cells(count: int, seed: int, extent: shapely.Polygon) -> Shapes:
    """Return zones by chance that fill a rectangle, with edges of at most 25 m."""
    chance = np.random.default_rng(seed)
    west, south, east, north = extent.bounds
    xy = np.column_stack([chance.uniform(west, east, count), chance.uniform(south, north, count)])
    whole = shapely.voronoi_polygons(shapely.multipoints(xy), extend_to=extent)
    cut = shapely.intersection(shapely.get_parts(whole), extent)
    return np.asarray(shapely.segmentize(cut, 25.0), dtype=object)


def scene(zones: int, *, over: bool) -> Layers:
    """Return the commune with its two plans."""
    half, chance = zones // 2, np.random.default_rng(1)
    side = 150.0 * half**0.5
    west = shapely.box(WEST, SOUTH, WEST + side, SOUTH + side)
    east = shapely.box(WEST + side, SOUTH, WEST + 2 * side, SOUTH + side)
    reach = side if over else BAND_M
    extents = [west, shapely.box(WEST + side - reach, SOUTH, WEST + 2 * side, SOUTH + side)]
    ground = np.concatenate([cells(half, 2, extents[0]), cells(zones - half, 3, extents[1])])
    names = ["P1"] * half + ["P2"] * (zones - half)
    xy = chance.uniform([WEST, SOUTH], [WEST + 2 * side, SOUTH + side], (4000, 2))
    lines = shapely.linestrings(np.stack([xy[:400], xy[:400] + chance.normal(0, 900, (400, 2))], 1))
    day = dt.date(2021, 6, 1)
    made = {
        "boundary": layer("boundary", {"unit_code": ["03601"]}, [shapely.union(west, east)]),
        "former_communes": layer(
            "former_communes", {"unit_code": ["03601", "03602"]}, [west, east]
        ),
        "plans": layer(
            "plans",
            {"plan_id": ["P1", "P2"], "kind": ["land_use"] * 2, "former_commune": ["F1", "F2"],
             "decision_no": ["1/QĐ", "2/QĐ"], "approved_on": [day] * 2,
             "valid_to": [dt.date(2030, 12, 31)] * 2, "code_list": ["tt23-2025"] * 2},
            extents,
        ),
        "plan_zones": layer(
            "plan_zones",
            {"zone_id": [f"Z{k}" for k in range(zones)], "plan_id": names,
             "land_use": [USES[k] for k in chance.integers(0, len(USES), zones)]},
            ground,
        ),
        "plan_items": layer(
            "plan_items",
            {"item_id": [f"H{k}" for k in range(400)], "plan_id": ["P1"] * 400,
             "kind": ["DGT"] * 400, "built": ["no"] * 400, "planned_year": [2024] * 400},
            lines,
        ),
        "hazards": layer(
            "hazards", {"hazard_id": [f"N{k}" for k in range(300)], "kind": ["flood"] * 300},
            shapely.buffer(shapely.points(xy[:300]), 150.0),
        ),
        "water": layer(
            "water", {"water_id": [f"S{k}" for k in range(400)], "kind": ["stream"] * 400}, lines
        ),
        "roads": layer(
            "roads", {"road_id": [f"D{k}" for k in range(400)], "road_class": ["village"] * 400},
            shapely.transform(lines, lambda xy: xy + 60.0),
        ),
        "buildings": layer(
            "buildings", {"building_id": [f"B{k}" for k in range(4000)]}, shapely.points(xy)
        ),
        "environment": layer(
            "environment",
            {"site_id": [f"M{k}" for k in range(60)], "kind": ["livestock_farm", "cemetery"] * 30,
             "size": ["small"] * 60},
            shapely.points(xy[:60] + 30.0),
        ),
    }  # fmt: skip
    commune = Commune.model_validate({
        "commune": {"code": "03601", "name": "Mường Khoa", "province": "Lai Châu", "crs": ZONE,
                    "as_of": dt.date(2025, 12, 31), "valid_from": dt.date(2025, 7, 1)},
        "predecessor": [{"id": f"F{k}", "code": f"0360{k}", "name": f"F{k}", "valid_to": MERGED}
                        for k in (1, 2)],
    })  # fmt: skip
    return Layers(commune, MappingProxyType(made))


def differing_m2(layers: Layers) -> float:
    """Return the ground that both plans have with another code, by cutting every two zones."""
    zones = layers["plan_zones"].used
    first, second = (zones[zones["plan_id"] == name] for name in ("P1", "P2"))
    a, b = first.geometry.to_numpy(), second.geometry.to_numpy()
    j, i = shapely.STRtree(a).query(b, predicate="intersects")[::-1]
    other = first["land_use"].to_numpy()[j] != second["land_use"].to_numpy()[i]
    return float(shapely.area(shapely.intersection(a[j[other]], b[i[other]])).sum())


def main() -> int:
    """Print figures; 1 where they are wrong or beyond the limits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--zones", type=int, default=100_000)
    parser.add_argument("--over", action="store_true")
    told = parser.parse_args()
    layers = scene(told.zones, over=told.over)
    begun = time.perf_counter()
    answer = planreview.answer(Question(layers))
    seconds = time.perf_counter() - begun
    memory_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    frame = answer.frames["plan_findings"]
    found = frame.loc[frame["rule"].isin(("QH07", "QH08")), "grid_ha"].sum() * 10_000
    wanted = differing_m2(layers)
    print("findings:", dict(sorted(Counter(frame["rule"]).items())))
    print(f"contradictions: {found:,.2f} m2, cut pair by pair {wanted:,.2f} m2")
    print(f"{told.zones:,} zones: {seconds:.1f} s (limit {LIMIT_S:.0f}), "
          f"{memory_gb:.2f} GB (limit {LIMIT_GB:.0f})")  # fmt: skip
    right = abs(found - wanted) < max(1.0, 1e-6 * wanted)
    return 0 if right and seconds <= LIMIT_S and memory_gb <= LIMIT_GB else 1


if __name__ == "__main__":
    sys.exit(main())
