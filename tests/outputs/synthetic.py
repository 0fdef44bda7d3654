"""An invented commune of full size, made of formulas: every frame, every state, hostile texts.

Nothing is drawn at random: the same answer comes out on every machine.
"""

from __future__ import annotations

import datetime as dt
import math
from functools import cache
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from contourpy import contour_generator

from ntm_gis import crs
from ntm_gis.layers.values import FILE, LOCATED_BY, ROW, STATE, TABLE, Answer, Grid, Origin
from ntm_gis.results import Contribution, Evidence, Finding, Measure, Severity, Words
from ntm_gis.rules.commune import Commune, SourceEntry

CRS = "EPSG:9205"
WEST, SOUTH = 562_000.0, 2_448_000.0
CELL_M = 100.0
COLUMNS, ROWS = 260, 180

VILLAGES = (
    "Phiêng Tâm",
    "Nà Nghè",
    "Phiêng Hào",
    "Hô Tra",
    "Nà An",
    "Nà Cóoc",
    "Hô Be",
    "Phiêng Cúm",
    "Mường Khoa",
    "Nậm Cung",
    "Pá Kim",
    "Hua Cần",
    "Nậm Be",
    "Phai Cát",
    "Phúc Khoa",
    "Ngọc Lại",
    "Nậm Bon",
    "Hô Ta",
    "Nà Khoang",
    "Hô Bon",
)

HOSTILE = (
    "<script>window.hacked = 1</script>",
    '<img src=x onerror="window.hacked = 2">',
    "</script><script>window.hacked = 3</script>",
    "{{7*7}} {% raw %} ${window.hacked = 4}",
    "\u202eđảo ngược\u202c",
    '"><svg onload="window.hacked = 5">',
)

SURFACES = ("concrete", "asphalt", "gravel", "earth", "unknown", "bitumen", "block", "macadam")


def commune(**changes: Any) -> Commune:
    """Return who the commune is; `changes` go into its identity."""
    identity = {
        "code": "03601",
        "name": "Mường Khoa",
        "province": "Lai Châu",
        "crs": CRS,
        "as_of": dt.date(2025, 12, 31),
        "sample": True,
        **changes,
    }
    former = [
        {"id": "F1", "code": "03601", "name": "Mường Khoa (cũ)"},
        {"id": "F2", "code": "03604", "name": "Phúc Khoa"},
    ]
    return Commune.model_validate({"commune": identity, "predecessor": former, "source": []})


def heights() -> np.ndarray:
    """Metres above the sea, 500 to 2,000, a valley from south-west to north-east."""
    y, x = np.mgrid[0:ROWS, 0:COLUMNS]
    across = (x * 0.45 - (ROWS - y)) / 60
    ridge = np.sin(x / 9.0) * np.cos(y / 7.0) + 0.5 * np.sin((x + y) / 4.3)
    return np.clip(620 + 620 * np.abs(across) ** 1.2 + 130 * ridge, 480, 2050).astype(np.float32)


def brightness(metres: np.ndarray) -> np.ndarray:
    """Shade of one light from the north-west, 0 to 1."""
    dy, dx = np.gradient(metres.astype(float), CELL_M)
    slope, aspect = np.arctan(np.hypot(dx, dy) * 1.6), np.arctan2(-dx, dy)
    light = math.radians(315)
    lit = np.cos(slope) * math.sin(0.8) + np.sin(slope) * math.cos(0.8) * np.cos(light - aspect)
    return np.clip(lit, 0, 1).astype(np.float32)


def ground() -> shapely.Polygon:
    """The commune: a long band with a lively edge."""
    out = []
    for t in np.linspace(0, 2 * math.pi, 160, endpoint=False):
        wave = 1 + 0.06 * math.sin(7 * t) + 0.04 * math.sin(13 * t)
        a, b = 11_500 * math.cos(t) * wave, 4_300 * math.sin(t) * wave
        out.append((WEST + 13_000 + a * 0.91 - b * 0.41, SOUTH + 9_000 + a * 0.41 + b * 0.91))
    return shapely.Polygon(out)


def village_points() -> list[tuple[float, float]]:
    """Places of the twenty villages along the band."""
    out = []
    for i in range(len(VILLAGES)):
        along = -9_800 + 19_600 * i / (len(VILLAGES) - 1)
        off = 2_600 * math.sin(i * 2.4)
        east = WEST + 13_000 + along * 0.91 - off * 0.41
        out.append((east, SOUTH + 9_000 + along * 0.41 + off * 0.91))
    return out


def frame(
    rows: list[dict[str, Any]], file: str, table: str | None = None, first: int = 2
) -> gpd.GeoDataFrame:
    """Return rows as analyses hand them on: `id`, fields, own columns, `state`."""
    columns = list(dict.fromkeys(key for row in rows for key in row if key != "geometry"))
    data = {column: [row.get(column) for row in rows] for column in columns}
    data |= {
        ROW: list(range(first, first + len(rows))),
        FILE: [file] * len(rows),
        TABLE: [table] * len(rows),
        STATE: ["used"] * len(rows),
    }
    return gpd.GeoDataFrame(data, geometry=[row.get("geometry") for row in rows], crs=CRS)


def winding(a: tuple[float, float], b: tuple[float, float], waves: int) -> shapely.LineString:
    """A road between two places that turns as roads in mountains do."""
    t = np.linspace(0, 1, 40)
    dx, dy = b[0] - a[0], b[1] - a[1]
    swing = 0.06 * np.sin(t * math.pi) * np.sin(t * waves * math.pi)
    return shapely.LineString(np.c_[a[0] + dx * t - dy * swing, a[1] + dy * t + dx * swing])


def blob(x: float, y: float, radius: float, turn: float) -> shapely.Polygon:
    """A plot of land."""
    t = np.linspace(0, 2 * math.pi, 18, endpoint=False)
    r = radius * (1 + 0.25 * np.sin(3 * t + turn) + 0.1 * np.cos(5 * t))
    return shapely.Polygon(np.c_[x + r * np.cos(t), y + 0.7 * r * np.sin(t)])


def _roads(places: list[tuple[float, float]]) -> gpd.GeoDataFrame:
    rows: list[dict[str, Any]] = []

    def add(kind: str, surface: str, name: str, line: shapely.LineString | None) -> None:
        rows.append(
            {
                "id": f"D{len(rows) + 1:02d}",
                "road_id": f"D{len(rows) + 1:02d}",
                "name": name,
                "road_class": kind,
                "surface": None if surface == "unknown" else surface,
                "state": surface,
                "width_m": 3.5 if kind != "lane" else None,
                "passable_all_year": surface != "earth",
                "built_year": 2011 + len(rows) % 14,
                "length_km": line.length / 1000 if line is not None else 1.25,
                "declared_length_m": None if line is not None else 1250.0,
                "geometry": line,
            }
        )

    spine = winding((WEST + 3_000, SOUTH + 5_000), (WEST + 23_500, SOUTH + 13_500), 5)
    add("national", "asphalt", "Quốc lộ 32", spine)
    add("commune", "bitumen", "Đường xã số 1", winding(places[2], places[9], 4))
    for i, place in enumerate(places):
        foot = spine.interpolate(spine.project(shapely.Point(place)))
        surface = SURFACES[i % len(SURFACES)]
        add("village", surface, f"Đường vào bản {VILLAGES[i]}", winding((foot.x, foot.y), place, 7))
    for i in range(60):
        x, y = places[i % len(places)]
        turn = i * 0.9
        end = (x + 420 * math.cos(turn), y + 420 * math.sin(turn))
        kind = "lane" if i % 3 else "field"
        add(kind, SURFACES[i % 5], "", winding((x, y), end, 3))
    add("lane", "earth", HOSTILE[0], None)
    add("village", "unknown", HOSTILE[2], None)
    return frame(rows, "sources/duong_giao_thong.shp", first=1)


def _villages(places: list[tuple[float, float]]) -> gpd.GeoDataFrame:
    rows = [
        {
            "id": f"MK{i + 1:02d}",
            "village_id": f"MK{i + 1:02d}",
            "name": name,
            "former_commune": "F1" if i < 14 else "F2",
            "households": 60 + 7 * i,
            "population": 300 + 35 * i,
            "poor_households": i % 9,
            "cultural_standard": i % 5 != 0,
            "state": "village",
            "GHI_CHU": HOSTILE[i % 6] if i in (3, 4, 5) else None,
            LOCATED_BY: "survey",
            "geometry": shapely.Point(place),
        }
        for i, (name, place) in enumerate(zip(VILLAGES, places, strict=True))
    ]
    return frame(rows, "sources/ban.gpkg", "ban", first=1)


def _symbols(places: list[tuple[float, float]]) -> dict[str, gpd.GeoDataFrame]:
    def near(i: int, dx: float, dy: float) -> shapely.Point:
        x, y = places[i % len(places)]
        return shapely.Point(x + dx, y + dy)

    states = ("ok", "no", "unknown", "off", "ok", "ok", "no")
    schools = [
        {
            "id": f"T{i:02d}",
            "campus_id": f"T{i:02d}",
            "school_id": f"S{i % 8}",
            "name": HOSTILE[3] if i == 7 else f"Điểm trường {VILLAGES[i % 20]}",
            "level": ("kindergarten", "primary", "lower_secondary")[i % 3],
            "letter": "MTC"[i % 3],
            "status": "in_use",
            "pupils": 40 + i,
            "state": states[i % 7],
            LOCATED_BY: "none" if i == 21 else "survey",
            "geometry": None if i == 21 else near(i, 180, 140),
        }
        for i in range(22)
    ]
    houses = [
        {
            "id": f"NVH{i:02d}",
            "house_id": f"NVH{i:02d}",
            "village_id": f"MK{i + 1:02d}",
            "name": HOSTILE[5] if i == 1 else f"Nhà văn hóa bản {VILLAGES[i]}",
            "status": "in_use",
            "floor_m2": 120.5,
            "seats": 80,
            "state": ("ok", "ok", "poor", "ok", "unknown", "off")[i % 6],
            LOCATED_BY: "survey",
            "geometry": near(i, -160, 120),
        }
        for i in range(18)
    ]
    horns = [
        {
            "id": f"L{i:02d}",
            "cluster_id": f"L{i:02d}",
            "village_id": f"MK{i + 1:02d}",
            "status": "working",
            "radius_m": 300.0,
            "state": ("ok", "broken", "unknown")[i % 3],
            LOCATED_BY: "village" if i % 4 == 0 else "phone",
            "geometry": near(i, 0, 0 if i % 4 == 0 else 210),
        }
        for i in range(16)
    ]
    kinds = ("commune_office", "commune_office", "health_station", "market", "post", "police")
    facilities = [
        {
            "id": f"CS{i:02d}",
            "facility_id": f"CS{i:02d}",
            "kind": kind,
            "name": f"Công trình {i + 1}",
            "status": "in_use",
            "state": ("in_use", "surplus", "disused", "unknown")[i % 4],
            LOCATED_BY: "survey",
            "geometry": near(8 if i % 2 else 14, 90 * i, -120),
        }
        for i, kind in enumerate(kinds)
    ]
    crossings = [
        {
            "id": f"C{i}",
            "crossing_id": f"C{i}",
            "kind": kind,
            "state": kind,
            "geometry": near(i * 3, 500, -300),
        }
        for i, kind in enumerate(("bridge", "ford", "culvert"))
    ]
    none = [
        {
            "id": f"MK{i + 1:02d}",
            "name": VILLAGES[i],
            "state": "none" if i == 18 else "unknown",
            "geometry": near(i, 0, 0),
        }
        for i in (18, 19)
    ]
    return {
        "schools": frame(schools, "sources/truong_hoc.xlsx", "Trường học", first=8),
        "cultural_houses": frame(houses, "sources/nha_van_hoa.xlsx", "Nhà văn hóa", first=8),
        "villages_without_house": frame(none, "sources/ban.gpkg", "ban"),
        "loudspeakers": frame(horns, "sources/loa_truyen_thanh.csv"),
        "facilities": frame(facilities, "sources/co_so_cong_cong.csv"),
        "crossings": frame(crossings, "sources/nen_dia_ly.gpkg", "cau_ngam"),
    }


def _areas(
    places: list[tuple[float, float]], land: shapely.Polygon, parcels: int
) -> dict[str, gpd.GeoDataFrame]:
    def around(i: int, reach: float) -> tuple[float, float]:
        x, y = places[i % len(places)]
        turn = i * 2.399963
        r = reach * math.sqrt((i % 40 + 1) / 40)
        return x + r * math.cos(turn), y + r * math.sin(turn)

    def plots(n: int, radius: float, states: tuple[str, ...], **more: Any) -> list[dict[str, Any]]:
        out = []
        for i in range(n):
            shape = blob(*around(i, 1500), radius * (1 + 0.4 * math.sin(i)), i)
            if land.contains(shape):
                out.append(
                    {
                        "state": states[i % len(states)],
                        "geometry": shape,
                        "area_ha": shape.area / 1e4,
                        "village_id": f"MK{i % 20 + 1:02d}",
                        **more,
                    }
                )
        return out

    tea = plots(170, 130, ("harvest",) * 7 + ("establishment", "neglected", "unknown"))
    crops = plots(40, 90, ("macadamia", "ginseng", "fruit", "rice", "other", "unknown"))
    farmland = plots(parcels, 60, ("served", "not_served", "unknown"), land_use="LUC")
    hazards = plots(9, 300, ("landslide", "flash_flood", "flood"))
    zones = plots(30, 350, ("existing", "planned"), plan_id="P1")
    for name, rows, key in (
        ("L", tea, "plot_id"),
        ("C", crops, "plot_id"),
        ("N", farmland, "parcel_id"),
        ("H", hazards, "hazard_id"),
        ("Z", zones, "zone_id"),
    ):
        for i, row in enumerate(rows):
            row["id"] = row[key] = f"{name}{i + 1:03d}"
    for i, row in enumerate(zones):
        row["land_use"] = ("ONT", "CLN", "LUC", "RPH", "DGD")[i % 5]
        row["period"] = row["state"]
    for row in tea:
        row["stage"] = None if row["state"] == "unknown" else row["state"]
        row["declared_ha"] = round(row["area_ha"], 1)
    for row in crops:
        row["crop"] = None if row["state"] == "unknown" else row["state"]
    return {
        "tea_areas": frame(tea, "sources/che_2025.tab"),
        "crop_areas": frame(crops, "sources/cay_trong.tab"),
        "farmland": frame(farmland, "sources/dat_nong_nghiep.gpkg", "dat_nn"),
        "hazards": frame(hazards, "sources/nen_dia_ly.gpkg", "khu_nguy_co"),
        "plan_zones": frame(zones, "sources/qh_su_dung_dat_muong_khoa_cu.gpkg", "khu_chuc_nang"),
    }


def _water(places: list[tuple[float, float]]) -> dict[str, gpd.GeoDataFrame]:
    river = winding((WEST + 2_500, SOUTH + 4_200), (WEST + 23_900, SOUTH + 12_900), 6)
    streams = [
        {
            "id": f"S{i}",
            "water_id": f"S{i}",
            "kind": "stream",
            "state": "stream",
            "name": "",
            "geometry": winding(
                p, (river.interpolate(river.project(shapely.Point(p))).coords[0]), 4
            ),
        }
        for i, p in enumerate(places[::3])
    ]
    main = {
        "id": "S99",
        "water_id": "S99",
        "kind": "river",
        "state": "river",
        "name": "Nậm Mu",
        "geometry": river,
    }
    states = ("good", "repair", "broken", "unknown")
    canals = [
        {
            "id": f"K{i:02d}",
            "irrigation_id": f"K{i:02d}",
            "name": f"Kênh {VILLAGES[i]}",
            "kind": "canal",
            "state": states[i % 4],
            "condition": None if i % 4 == 3 else states[i % 4],
            "length_km": 1.4,
            "geometry": winding(places[i], (places[i][0] + 1200, places[i][1] - 500), 5),
        }
        for i in range(12)
    ]
    heads = [
        {
            "id": f"DM{i}",
            "irrigation_id": f"DM{i}",
            "name": f"Công trình {i}",
            "kind": kind,
            "state": states[i % 4],
            "condition": None,
            "geometry": shapely.Point(places[i * 2][0] - 300, places[i * 2][1] - 200),
        }
        for i, kind in enumerate(("weir", "reservoir", "pump", "pipe"))
    ]
    return {
        "water": frame([*streams, main], "sources/nen_dia_ly.gpkg", "song_suoi"),
        "irrigation": frame([*canals, *heads], "sources/cong_trinh_thuy_loi.kml", "Kênh mương"),
    }


def _units(land: shapely.Polygon) -> dict[str, gpd.GeoDataFrame]:
    x, y = land.centroid.x, land.centroid.y
    cut = shapely.box(x, y - 20_000, x + 40_000, y + 20_000)
    former = [
        {
            "id": "F1",
            "unit_code": "03601",
            "name": "Mường Khoa (cũ)",
            "state": "former",
            "geometry": land.difference(cut),
        },
        {
            "id": "F2",
            "unit_code": "03604",
            "name": "Phúc Khoa",
            "state": "former",
            "geometry": land.intersection(cut),
        },
    ]
    far = shapely.box(x - 40_000, y - 40_000, x + 40_000, y + 40_000).difference(land)
    names = ("Bản Bo", "Khun Há", "Tân Uyên", "Nậm Sỏ", "Nậm Cuổi", "Tả Van")
    neighbours = []
    for i, name in enumerate(names):
        a, b = (math.radians(360 * k / len(names)) for k in (i, i + 1))
        wedge = shapely.Polygon(
            [
                (x, y),
                (x + 9e4 * math.cos(a), y + 9e4 * math.sin(a)),
                (x + 9e4 * math.cos(b), y + 9e4 * math.sin(b)),
            ]
        )
        neighbours.append(
            {
                "id": f"X{i}",
                "unit_code": f"X{i}",
                "name": f"xã {name}",
                "state": "neighbour",
                "geometry": wedge.intersection(far),
            }
        )
    boundary = [
        {
            "id": "03601",
            "unit_code": "03601",
            "name": "Mường Khoa",
            "state": "commune",
            "geometry": land,
        }
    ]
    return {
        "boundary": frame(boundary, "sources/ranh_gioi_xa.geojson"),
        "former_communes": frame(former, "sources/xa_cu.geojson"),
        "neighbours": frame(neighbours, "sources/xa_lan_can.geojson"),
    }


def _contours(metres: np.ndarray) -> gpd.GeoDataFrame:
    x = WEST + (np.arange(COLUMNS) + 0.5) * CELL_M
    y = SOUTH + (ROWS - np.arange(ROWS) - 0.5) * CELL_M
    lines = contour_generator(x, y, metres)
    rows = [
        {
            "id": f"{level}/{k}",
            "height": float(level),
            "state": "index" if level % 500 == 0 else "plain",
            "geometry": shapely.LineString(line),
        }
        for level in range(500, 2050, 100)
        for k, line in enumerate(lines.lines(level))
        if len(line) > 3
    ]
    return frame(rows, "sources/do_cao_30m.tif")


def measure(
    key: str,
    title: str,
    unit: str,
    value: float | None,
    features: list[Contribution],
    spread: float = 0.0,
) -> Measure:
    """Return a measure with evidence, certain where `spread` is nothing."""
    method = Words(
        "đo trên bản đồ, mỗi đoạn tính một lần", "measured on the map, each stretch once"
    )
    high = None if value is None else value + spread
    return Measure(
        key,
        Words(title, f"{title} (en)"),
        unit,
        value,
        value,
        high,
        Evidence(method, tuple(features)),
    )


def _measures(frames: dict[str, gpd.GeoDataFrame]) -> tuple[Measure, ...]:
    out = []

    def add(
        key: str, title: str, unit: str, layer: str, column: str, mask: Any, spread: float = 0.0
    ) -> None:
        rows = frames[layer][mask]
        features = [
            Contribution(layer, i, float(v)) for i, v in zip(rows["id"], rows[column], strict=True)
        ]
        out.append(measure(key, title, unit, float(rows[column].sum()), features, spread))

    roads = frames["roads"]
    for code in sorted(set(roads["road_class"])):
        add(
            f"roads.length_km.{code}",
            f"Chiều dài {code}",
            "km",
            "roads",
            "length_km",
            roads["road_class"] == code,
            1.2 if code == "village" else 0,
        )
    for code in sorted(set(roads["state"])):
        add(
            f"roads.surface_km.{code}",
            f"Chiều dài mặt {code}",
            "km",
            "roads",
            "length_km",
            roads["state"] == code,
        )
    water = frames["irrigation"]
    for code in ("good", "repair", "broken", "unknown"):
        add(
            f"irrigation.length_km.{code}",
            f"Kênh {code}",
            "km",
            "irrigation",
            "length_km",
            (water["state"] == code) & water["length_km"].notna(),
        )
    tea = frames["tea_areas"]
    add("tea.area_ha", "Diện tích chè", "ha", "tea_areas", "area_ha", tea["area_ha"] > 0)
    add(
        "tea.harvest_ha",
        "Diện tích chè kinh doanh",
        "ha",
        "tea_areas",
        "area_ha",
        tea["state"] == "harvest",
        3.1,
    )
    add(
        "commune.population",
        "Dân số",
        "people",
        "villages",
        "population",
        frames["villages"]["population"] > 0,
    )
    out.append(
        measure(
            "commune.area_ha",
            "Diện tích tự nhiên",
            "ha",
            16883.1,
            [Contribution("boundary", "03601", 16883.1)],
        )
    )
    out.append(
        measure(
            "villages.count",
            "Số bản",
            "villages",
            20.0,
            [Contribution("villages", k, 1.0) for k in frames["villages"]["id"]],
        )
    )
    out.append(
        measure(
            "roads.hardened_share.village",
            "Tỷ lệ đường bản cứng hóa",
            "%",
            58.9,
            [Contribution("roads", "D03", 2.5), Contribution("roads", "D07", 0.0, unknown=True)],
            4.9,
        )
    )
    return tuple(out)


def _findings(places: list[tuple[float, float]]) -> tuple[Finding, ...]:
    to_degrees = crs.transformer(CRS, "EPSG:4326")

    def at(i: int) -> tuple[float, float]:
        lon, lat = to_degrees.transform(*places[i])
        return float(lon), float(lat)

    def words(text: str) -> Words:
        return Words(text, f"{text} (en)")

    road, village = "sources/duong_giao_thong.shp", "sources/ban.gpkg"
    out = [
        Finding(
            "FILE_UNREADABLE",
            Severity.STOP,
            words(f"Tệp {HOSTILE[1]} không đọc được."),
            words("Gửi lại tệp ở dạng DXF."),
            "sources/qh.dwg",
        ),
        Finding(
            "FUNDS_SUM",
            Severity.BLOCK,
            words("Tổng các nguồn con không bằng số ghi."),
            words("Đối chiếu với quyết định giao vốn."),
            "sources/Biểu tổng hợp 2025.xlsx",
            "Nguồn vốn",
            "funds",
            "NV02",
            6,
        ),
        Finding(
            "ROAD_SUSPECTED_DOUBLE",
            Severity.BLOCK,
            words("Hai đường vẽ cách nhau dưới 5 m."),
            words("Xác nhận đường nào còn dùng."),
            road,
            None,
            "roads",
            "D04",
            4,
            at=at(1),
        ),
        Finding(
            "SIMILAR_NAMES",
            Severity.NOTE,
            words("Tên “Hô Tra” và “Hô Ta” gần giống nhau: giữ là hai bản."),
            None,
            village,
            "ban",
            "villages",
            "MK18",
            18,
            at=at(17),
        ),
    ]
    out += [
        Finding(
            "ROAD_SURFACE_UNKNOWN",
            Severity.WARNING,
            words(f"Đường vào bản {VILLAGES[i]} chưa ghi kết cấu mặt đường."),
            words("Khảo sát rồi ghi vào cột KET_CAU."),
            road,
            None,
            "roads",
            f"D{i + 3:02d}",
            i + 3,
            "surface",
            at=at(i),
            affects=("roads.hardened_share.village",),
        )
        for i in (4, 12)
    ]
    out += [
        Finding(
            "VILLAGE_WITHOUT_HOUSE",
            Severity.WARNING,
            words(f"Bản {VILLAGES[i]} chưa có nhà văn hóa."),
            words("Đề xuất xây dựng hoặc ghi nhà dùng chung."),
            village,
            "ban",
            "villages",
            f"MK{i + 1:02d}",
            i + 1,
            at=at(i),
        )
        for i in (18, 19)
    ]
    return tuple(out)


@cache
def answer(parcels: int = 120) -> Answer:
    """Return the commune's answer; `parcels` says how many plots of farmland are tried."""
    metres, land, places = heights(), ground(), village_points()
    frames: dict[str, gpd.GeoDataFrame] = {
        **_units(land),
        "villages": _villages(places),
        "roads": _roads(places),
        **_symbols(places),
        **_water(places),
        **_areas(places, land, parcels),
        "contours": _contours(metres),
    }
    origin = Origin(
        "sources/do_cao_30m.tif",
        "elevation",
        SourceEntry(layer="elevation", file="sources/do_cao_30m.tif"),
    )
    north = SOUTH + ROWS * CELL_M
    grids = {
        "heights": Grid(metres, WEST, north, CELL_M, origin),
        "shade": Grid(brightness(metres), WEST, north, CELL_M, origin),
    }
    return Answer(
        _measures(frames), _findings(places), MappingProxyType(frames), MappingProxyType(grids)
    )
