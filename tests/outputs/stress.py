"""Communes that are hard to draw, as folders of sources: made of formulas, the same everywhere."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import shapely
from rasterio.transform import Affine

GOLDEN = 2.399963
FIRST = ("Phiêng", "Nậm", "Huổi", "Nà", "Pá", "Hua", "Tả", "Sì", "Chiềng", "Mường", "Bản", "Co")
MIDDLE = ("Ngửi Lủng", "Khuổi Đẳng", "Chuổng Ỏm", "Lềng Phường", "Tẩu Ẩng", "Ỷ Tý", "Sủng")
LAST = ("Thượng", "Hạ", "Đường", "Ẩm Ướt", "Mới")
HAMLETS = ("Đông Thành", "Đông Thượng", "Trung Đồng", "Tây Lễ", "Nam Phúc", "Bắc Trạch", "Ấp Mới",
           "Tân Tiến", "Vĩnh Trà", "Quang Thịnh")  # fmt: skip
SURFACES = ("concrete", "asphalt", "gravel", "earth", None, "macadam")


def delta(folder: Path) -> Path:
    """Write a flat commune, long and thin: forty hamlets in two tight clusters, canals, rice."""
    west, south = 580_000.0, 2_260_000.0
    t = np.linspace(0, 1, 80)
    middle = np.column_stack([west + 13_000 * t, south + 3_000 + 700 * np.sin(5 * t)])
    half = 620 + 180 * np.sin(9 * t)
    edge = np.concatenate([middle + np.c_[0 * t, half], (middle - np.c_[0 * t, half])[::-1]])
    ground = shapely.Polygon(edge)
    rows: dict[str, list[dict[str, Any]]] = {"villages": [], "cultural_houses": [], "schools": []}
    for i in range(40):
        at = middle[18 if i % 2 else 60]
        far = 85 * np.sqrt(i // 2 + 0.5)
        place = shapely.Point(at + far * np.array([1.7, 1.0]) * _unit(GOLDEN * (i // 2)))
        rows["villages"].append({
            "village_id": f"T{i + 1:02d}", "name": f"{HAMLETS[i % 10]} {i // 10 + 1}",
            "households": 90 + i, "population": 320 + 3 * i, "geometry": place,
        })  # fmt: skip
        rows["cultural_houses"].append({
            "house_id": f"N{i + 1:02d}", "village_id": f"T{i + 1:02d}", "status": "in_use",
            "floor_m2": 60 + 30 * (i % 5), "seats": 80, "geometry": shapely.affinity.translate(
                place, 20, 12),
        })  # fmt: skip
    rows["roads"] = [
        _road("TL.39", "Đường tỉnh 396B", "provincial", "asphalt", shapely.LineString(middle)),
        *(
            _road(f"ĐX.{n:02d}", "", "commune", SURFACES[n % 5], _across(middle, half, 9 * n + 5))
            for n in range(8)
        ),
        *(
            _road(f"N{n:02d}", "", "lane" if n % 2 else "field", SURFACES[n % 6],
                  shapely.LineString([middle[14 + n] + (0, 60), middle[14 + n] + (150, 420)]))
            for n in range(40)
        ),
    ]  # fmt: skip
    rows["irrigation"] = [
        {"irrigation_id": f"K{n:02d}", "name": f"Kênh {n}", "kind": "canal",
         "condition": ("good", "repair", "broken", None)[n % 4],
         "geometry": _across(middle, half, 7 * n + 8)}
        for n in range(10)
    ]  # fmt: skip
    rows["irrigation"].append(
        {
            "irrigation_id": "B1",
            "name": "Trạm bơm",
            "kind": "pump",
            "condition": "good",
            "geometry": shapely.Point(middle[40]),
        }
    )
    rows["farmland"] = [
        {"parcel_id": f"R{n:03d}", "land_use": "LUC",
         "irrigation_id": (f"K{n % 10:02d}", "none", None)[n % 3 if n % 5 else 0],
         "geometry": shapely.box(*(middle[n + 5] + (0, 80)), *(middle[n + 5] + (150, 320)))}
        for n in range(70)
    ]  # fmt: skip
    rows["water"] = [
        {
            "water_id": "S1",
            "kind": "river",
            "geometry": shapely.LineString(middle - np.c_[0 * t, half * 0.8]),
        }
    ]
    heights = np.full((90, 460), 1.5) + 0.5 * np.sin(np.arange(460) / 40)
    return _written(
        folder, {"code": "12345", "name": "Đông Tiền Hải", "province": "Hưng Yên", "zone": 9209},
        ground, rows, (heights, west - 400, south + 4_300),
    )  # fmt: skip


def mountain(folder: Path, ground: shapely.Geometry | None = None) -> Path:
    """Write a mountain commune: sixty villages with long names of many marks, dense roads."""
    west, south = 560_000.0, 2_450_000.0
    if ground is None:
        t = np.linspace(0, 2 * np.pi, 240, endpoint=False)
        r = 1 + 0.16 * np.sin(3 * t) + 0.08 * np.sin(11 * t)
        across = np.c_[8_500 * r * np.cos(t), 5_000 * r * np.sin(t)]
        turned = across @ np.array([[0.9, 0.44], [-0.44, 0.9]])
        ground = shapely.Polygon(turned + np.array([west + 14_000, south + 9_000]))
    else:
        west, south = (float(v) - 4_000 for v in ground.bounds[:2])
    low_x, low_y, high_x, high_y = ground.bounds
    inner = shapely.buffer(ground, -350)
    places: list[shapely.Point] = []
    i = 0
    while len(places) < 60:
        i += 1
        at = shapely.Point(
            low_x + (high_x - low_x) * (i * 0.7548777 % 1),
            low_y + (high_y - low_y) * (i * 0.5698403 % 1),
        )
        if inner.contains(at) and all(at.distance(other) > 260 for other in places):
            places.append(at)
    names = [f"{FIRST[i % 12]} {MIDDLE[(i * 5 + i // 12) % 7]} {LAST[i // 12]}" for i in range(60)]
    rows: dict[str, list[dict[str, Any]]] = {
        "villages": [
            {"village_id": f"B{i + 1:02d}", "name": name, "households": 40 + i,
             "population": 190 + 5 * i, "geometry": at}
            for i, (name, at) in enumerate(zip(names, places, strict=True))
        ],
        "cultural_houses": [
            {"house_id": f"N{i + 1:02d}", "village_id": f"B{i + 1:02d}",
             "status": ("in_use", "in_use", "disused", "repair")[i % 4],
             "floor_m2": (60, 130, None)[i % 3], "seats": (100, 60)[i % 2],
             "geometry": shapely.affinity.translate(at, 30, 25)}
            for i, at in enumerate(places) if i % 5
        ],
        "schools": [
            {"campus_id": f"T{i + 1:02d}", "school_id": f"S{i % 6}", "name": f"Điểm trường {i}",
             "level": ("kindergarten", "primary", "lower_secondary")[i % 3], "status": "in_use",
             "facility_level": ("0", "1", None)[i % 3],
             "geometry": shapely.affinity.translate(at, -40, 10)}
            for i, at in enumerate(places) if i % 3 == 0
        ],
        "facilities": [
            {"facility_id": "C1", "kind": "commune_office", "name": "UBND xã", "status": "in_use",
             "geometry": shapely.affinity.translate(places[0], 10, 10)},
        ],
    }  # fmt: skip
    rows["roads"] = _network(places, ground)
    rows["tea_areas"] = [
        {"plot_id": f"L{i}", "village_id": f"B{i + 1:02d}",
         "stage": ("harvest", "establishment", "neglected", None)[i % 4],
         "geometry": shapely.intersection(
             shapely.buffer(shapely.affinity.translate(at, 260, -180), 190 + 9 * (i % 9)), inner)}
        for i, at in enumerate(places) if i % 2
    ]  # fmt: skip
    y, x = np.mgrid[0 : int((high_y - low_y + 8_000) / 60), 0 : int((high_x - low_x + 8_000) / 60)]
    heights = 900 + 320 * np.sin(x / 19) * np.cos(y / 15) + 90 * np.sin((x + y) / 7) + 2.2 * y
    north = low_y - 4_000 + 60 * y.shape[0]
    return _written(
        folder, {"code": "03601", "name": "Mường Khoa", "province": "Lai Châu", "zone": 9205},
        ground, rows, (heights[::-1], low_x - 4_000, north), cell=60.0,
    )  # fmt: skip


def _network(places: Sequence[shapely.Point], ground: shapely.Geometry) -> list[dict[str, Any]]:
    """Join each village to the three nearest: dense, of every class and surface."""
    at = np.array([(p.x, p.y) for p in places])
    far = np.hypot(*(at[:, None] - at[None]).T)
    roads, done = [], set()
    for i in range(len(at)):
        for j in np.argsort(far[i])[1:4]:
            pair = (min(i, int(j)), max(i, int(j)))
            if pair in done:
                continue
            done.add(pair)
            n = len(roads)
            a, b = at[pair[0]], at[pair[1]]
            side = np.array([b[1] - a[1], a[0] - b[0]]) * 0.12
            s = np.linspace(0, 1, 24)[:, None]
            line = shapely.LineString(a + (b - a) * s + side * np.sin(2 * np.pi * s))
            kind = ("commune", "village", "village", "lane")[n % 4]
            code = {"commune": "ĐX", "village": "ĐB", "lane": "N"}[kind]
            roads.append(_road(f"{code}.{n:02d}", "", kind, SURFACES[n % 6], line))
    low_x, low_y, high_x, high_y = ground.bounds
    s = np.linspace(0, 1, 120)
    main = shapely.LineString(np.c_[
        low_x + (high_x - low_x) * s, low_y + (high_y - low_y) * (0.2 + 0.6 * s + 0.03 * np.sin(30 * s))
    ])  # fmt: skip
    for part in shapely.get_parts(shapely.intersection(main, ground)):
        roads.append(_road(f"QL{len(roads)}", "Quốc lộ 32", "national", "asphalt", part))
    return roads


def _road(
    key: str, name: str, kind: str, surface: str | None, line: shapely.LineString
) -> dict[str, Any]:
    return {"road_id": key, "name": name, "road_class": kind, "surface": surface, "geometry": line}


def _across(middle: np.ndarray, half: np.ndarray, i: int) -> shapely.LineString:
    return shapely.LineString([middle[i] - (0, half[i] * 0.78), middle[i] + (40, half[i] * 0.9)])


def _unit(angle: float) -> np.ndarray:
    return np.array([np.cos(angle), np.sin(angle)])


def _written(
    folder: Path, who: dict[str, Any], ground: shapely.Geometry,
    rows: dict[str, list[dict[str, Any]]], dem: tuple[np.ndarray, float, float], cell: float = 30.0,
) -> Path:  # fmt: skip
    (folder / "sources").mkdir(parents=True)
    rows["boundary"] = [{"unit_code": who["code"], "name": who["name"], "geometry": ground}]
    near = shapely.difference(shapely.buffer(ground, 2_500), ground)
    x, y = ground.centroid.x, ground.centroid.y
    rows["neighbours"] = []
    for i, name in enumerate(("Nậm Cuổi", "Bản Bo", "Tả Van", "Tân Uyên")):
        a, b, c = (
            (x + 40_000 * np.cos(v), y + 40_000 * np.sin(v))
            for v in np.pi / 2 * i + np.array([0, np.pi / 4, np.pi / 2])
        )
        part = shapely.intersection(near, shapely.Polygon([(x, y), a, b, c]))
        rows["neighbours"].append({"unit_code": f"9{i}", "name": name, "geometry": part})
    zone = f"EPSG:{who['zone']}"
    head = {"code": who["code"], "name": who["name"], "province": who["province"], "crs": zone,
            "criteria_set": "vn-2021-2025"}  # fmt: skip
    lines = [f'{key} = "{value}"' for key, value in head.items()]
    entries = ["\n".join(["[commune]", *lines, "as_of = 2025-12-31", "sample = true", ""])]
    for name, found in rows.items():
        if not found:
            continue
        features = [
            {"type": "Feature", "geometry": json.loads(shapely.to_geojson(row["geometry"])),
             "properties": {k: v for k, v in row.items() if k != "geometry"}}
            for row in found
        ]  # fmt: skip
        text = json.dumps(
            {"type": "FeatureCollection", "features": features,
             "crs": {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{who['zone']}"}}},
            ensure_ascii=False,
        )  # fmt: skip
        (folder / "sources" / f"{name}.geojson").write_text(text, encoding="utf-8")
        entries.append(
            f'[[source]]\nlayer = "{name}"\nfile = "sources/{name}.geojson"\ncrs = "{zone}"\n'
        )
    heights, left, top = dem
    with rasterio.open(
        folder / "sources" / "dem.tif", "w", driver="GTiff", width=heights.shape[1],
        height=heights.shape[0], count=1, dtype="float32", crs=zone,
        transform=Affine(cell, 0, left, 0, -cell, top),
    ) as made:  # fmt: skip
        made.write(heights.astype(np.float32), 1)
    entries.append('[[source]]\nlayer = "elevation"\nfile = "sources/dem.tif"\n')
    (folder / "commune.toml").write_text("\n".join(entries), encoding="utf-8")
    return folder
