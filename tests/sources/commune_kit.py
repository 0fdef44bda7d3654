"""A commune folder made in a test, and files written by other programs than the ones tested."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from pyproj import Transformer

from ntm_gis import sources
from ntm_gis.layers.values import Raw
from ntm_gis.rules.commune import Commune, SourceEntry

ZONE = "EPSG:9205"
GROUND = shapely.box(565_000, 2_450_000, 580_000, 2_465_000)
"""The commune's ground in its zone."""

INSIDE = [(566_000.0 + 900 * i, 2_451_000.0 + 800 * i) for i in range(12)]
"""Places inside it."""

VILLAGES = [
    "Bản Hô Tra",
    "Bản Nậm Cung",
    "Bản Phiêng Hào",
    "Bản Mường Khoa",
    "Bản Hua Cần",
    "Bản Pá Kim",
    "Bản Ngọc Lại",
    "Bản Phúc Khoa",
    "Bản Nà Nghè",
    "Bản Nà Khoang",
    "Bản Hô Bon",
    "Bản Nậm Be",
]


def moved(shape: Any, target: str, source: str = ZONE) -> Any:
    """Return a geometry in another system, by pyproj directly."""
    change = Transformer.from_crs(source, target, always_xy=True, allow_ballpark=False)
    return shapely.transform(shape, lambda xy: _columns(change.transform(xy[:, 0], xy[:, 1])))


def _columns(pair: Any) -> Any:
    import numpy as np

    return np.column_stack(pair)


def points(n: int = 12, target: str = ZONE) -> gpd.GeoDataFrame:
    """Return villages as points inside the commune."""
    frame = gpd.GeoDataFrame(
        {
            "MA_BAN": [f"MK{i:02d}" for i in range(1, n + 1)],
            "TEN_BAN": VILLAGES[:n],
            "SO_HO": pd.array([100 + i for i in range(n)], dtype="int64"),
            "DT_HA": [10.5 * i for i in range(n)],
        },
        geometry=[shapely.Point(*place) for place in INSIDE[:n]],
        crs=ZONE,
    )
    return (
        frame
        if target == ZONE
        else frame.set_geometry([moved(g, target) for g in frame.geometry], crs=target)
    )


def lines(n: int = 4) -> gpd.GeoDataFrame:
    """Return roads as lines inside the commune."""
    shapes = [shapely.LineString([INSIDE[i], INSIDE[i + 1], INSIDE[i + 3]]) for i in range(n)]
    return gpd.GeoDataFrame(
        {"MA": [f"D{i}" for i in range(n)], "TEN": VILLAGES[:n]}, geometry=shapes, crs=ZONE
    )


def write_boundary(folder: Path) -> SourceEntry:
    """Write the boundary as GeoJSON, by hand."""
    ring = shapely.get_coordinates(moved(shapely.segmentize(GROUND, 1000), "EPSG:4326")).tolist()
    feature = {
        "type": "Feature",
        "properties": {"ma_xa": "03601", "ten_xa": "Mường Khoa"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    path = folder / "sources" / "ranh_gioi.geojson"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False),
        encoding="utf-8",
    )
    return SourceEntry(layer="boundary", file="sources/ranh_gioi.geojson")


def commune(*entries: SourceEntry) -> Commune:
    """Return a commune.toml with some sources."""
    identity = {
        "code": "03601",
        "name": "Mường Khoa",
        "province": "Lai Châu",
        "crs": ZONE,
        "as_of": dt.date(2025, 12, 31),
    }
    found = Commune.model_validate({"commune": identity})
    return found.model_copy(update={"sources": entries})


def read(folder: Path, *entries: SourceEntry, boundary: bool = True) -> sources.Inputs:
    """Read sources of a folder; the boundary is one of them unless told otherwise."""
    first = (write_boundary(folder),) if boundary else ()
    return sources.read(folder, commune(*first, *entries))


def read_one(folder: Path, entry: SourceEntry, *, boundary: bool = True) -> Raw:
    """Read one source and return its only table."""
    (raw,) = [r for r in read(folder, entry, boundary=boundary).raws if r.origin.entry is entry]
    return raw


def codes(raw: Raw) -> list[str]:
    """Return the codes of what was found in a table, in order."""
    return [finding.code for finding in raw.findings]
