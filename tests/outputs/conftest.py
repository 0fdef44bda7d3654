"""A small commune by hand: known figures, hostile texts, rows of every state."""

from __future__ import annotations

import datetime as dt
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from ntm_gis.layers.values import (
    FILE,
    ROW,
    STATE,
    TABLE,
    Account,
    Answer,
    Grid,
    Layer,
    Layers,
    Origin,
)
from ntm_gis.results import Contribution, Evidence, Finding, Measure, Note, Severity, Words
from ntm_gis.rules.commune import Commune, SourceEntry
from ntm_gis.rules.schema import schema

CRS = "EPSG:9205"
X0, Y0 = 560_000.0, 2_450_000.0

HOSTILE = (
    '=HYPERLINK("http://evil.example","x")',
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "{{ 7*7 }}{% raw %}",
    "\u202eartH\u202c\x00\x07 bell",
    "@SUM(1;1)",
)


def commune(**changes: Any) -> Commune:
    identity = {
        "code": "03601", "name": "Mường Khoa", "province": "Lai Châu", "crs": CRS,
        "as_of": dt.date(2025, 12, 31), "valid_from": dt.date(2025, 7, 1),
        "criteria_set": "vn-2021-2025", "sample": True, **changes,
    }  # fmt: skip
    former = [
        {"id": "F1", "code": "03601", "name": "Mường Khoa (cũ)"},
        {"id": "F2", "code": "03604", "name": "Phúc Khoa"},
    ]
    return Commune.model_validate({"commune": identity, "predecessor": former, "source": []})


def layer(name: str, file: str, rows: list[dict[str, Any]], table: str | None = None) -> Layer:
    """Make a checked layer; `geometry`, `@row` and `@state` stand in the rows."""
    found = schema(name)
    further = [k for row in rows for k in row if k not in found.names and k != "geometry"]
    columns = list(dict.fromkeys([*found.names, "located_by", *further]))
    data = {column: [row.get(column) for row in rows] for column in columns}
    data[ROW] = [row.get("@row", i + 2) for i, row in enumerate(rows)]
    data[FILE] = [file] * len(rows)
    data[TABLE] = [table] * len(rows)
    data[STATE] = [row.get("@state", "used") for row in rows]
    frame = gpd.GeoDataFrame(data, geometry=[row.get("geometry") for row in rows], crs=CRS)
    for field in found.fields:
        kind = {"number": "float64", "integer": "Int64", "boolean": "boolean"}.get(field.type)
        if kind:
            frame[field.name] = pd.array(frame[field.name].to_list(), dtype=kind)
        elif field.type == "date":
            frame[field.name] = pd.to_datetime(pd.Series(frame[field.name].to_list()))
        else:
            frame[field.name] = (
                frame[field.name].astype(object).where(frame[field.name].notna(), None)
            )
    states = [row.get("@state", "used") for row in rows]
    account = Account(
        file, table, "ab" * 32, name, len(rows),
        states.count("used"), states.count("set_aside"), states.count("refused"),
    )  # fmt: skip
    origin = Origin(file, name, SourceEntry(layer=name, file=file), table, "ab" * 32, CRS)
    return Layer(found, frame, (origin,), (account,))


def point(x: float, y: float) -> shapely.Point:
    return shapely.Point(X0 + x, Y0 + y)


def line(*xy: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(X0 + x, Y0 + y) for x, y in xy])


def box(x: float, y: float, width: float, height: float) -> shapely.Polygon:
    return shapely.box(X0 + x, Y0 + y, X0 + x + width, Y0 + y + height)


def small_layers() -> Layers:
    roads = layer("roads", "sources/duong_giao_thong.shp", [
        {"road_id": "V1", "name": "Đường Hô Tra", "road_class": "village", "surface": "concrete",
         "width_m": 3.5, "built_year": 2019, "passable_all_year": True, "GHI_CHU": HOSTILE[0],
         "geometry": line((0, 0), (2000, 0))},
        {"road_id": "V2", "name": HOSTILE[1], "road_class": "village", "surface": "earth",
         "geometry": line((0, 100), (6500, 100))},
        {"road_id": "V3", "name": "Đường Nậm Be", "road_class": "village",
         "geometry": line((0, 200), (1500, 200)), "@row": 18},
        {"road_id": "V4", "name": HOSTILE[4], "road_class": "lane", "declared_length_m": 1250.5},
        {"road_id": "V1", "name": "Đường Hô Tra", "road_class": "village", "surface": "concrete",
         "geometry": line((0, 0), (2000, 0)), "@state": "set_aside"},
    ])  # fmt: skip
    villages = layer("villages", "sources/ban.gpkg", [
        {"village_id": "MK04", "name": "Hô Tra", "former_commune": "F1", "households": 71,
         "population": 402, "geometry": point(900, 900)},
        {"village_id": "PK04", "name": "Hô Ta", "former_commune": "F2", "households": 55,
         "population": 300, "geometry": point(2900, 1900)},
        {"village_id": "MK05", "name": HOSTILE[2], "former_commune": "F1"},
    ], "ban")  # fmt: skip
    boundary = layer("boundary", "sources/ranh_gioi_xa.geojson", [
        {"unit_code": "03601", "name": "Mường Khoa", "valid_from": dt.date(2025, 7, 1),
         "geometry": box(-500, -500, 8000, 6000)},
    ])  # fmt: skip
    irrigation = layer("irrigation", "sources/thuy_loi.kml", [
        {"irrigation_id": "K1", "name": "Kênh 1", "kind": "canal", "condition": "good",
         "geometry": line((0, 500), (900, 700))},
        {"irrigation_id": "D1", "name": "Đập 1", "geometry": point(0, 500)},
    ])  # fmt: skip
    schools = layer("schools", "sources/truong_hoc.xlsx", [
        {"campus_id": "T1", "school_id": "S1", "name": "Trường Hô Tra", "level": "kindergarten",
         "status": "in_use", "facility_level": "1", "geometry": point(950, 950)},
    ], "Trường học")  # fmt: skip
    contributions = layer("contributions", "sources/Biểu tổng hợp 2025.xlsx", [
        {"contribution_id": "G1", "work_id": "CT01", "village_id": "MK04", "kind": "land",
         "quantity": 120.0, "unit": "m2", "given_on": dt.date(2025, 3, 5),
         "household": "Lò Văn A", "parcel": "Thửa 12"},
    ], "Đóng góp")  # fmt: skip
    by_name = {x.name: x for x in (roads, villages, boundary, irrigation, schools, contributions)}
    accounts = tuple(account for x in by_name.values() for account in x.accounts)
    return Layers(commune(), MappingProxyType(by_name), accounts=accounts)


def words(text: str) -> Words:
    return Words(text, f"{text} (en)")


METHOD = Words("đo trên bản đồ, mỗi đoạn tính một lần", "measured, each stretch once")
ROADS = ("sources/duong_giao_thong.shp",)
BOOK = ("sources/Biểu tổng hợp 2025.xlsx",)
AREA = 16883.123456789


def evidence(*parts: Contribution, files: tuple[str, ...] = ()) -> Evidence:
    return Evidence(METHOD, parts, files)


def certain(name: str, title: Words, unit: str, value: float, proof: Evidence) -> Measure:
    return Measure(name, title, unit, value, value, value, proof)


def small_measures() -> tuple[Measure, ...]:
    area = evidence(
        Contribution("boundary", "03601", AREA), files=("sources/ranh_gioi_xa.geojson",)
    )
    people = evidence(
        Contribution("villages", "MK04", 402.0),
        Contribution("villages", "PK04", 300.0),
        Contribution("villages", "MK05", 0.0, unknown=True),
        files=("sources/ban.gpkg",),
    )
    roads = evidence(
        Contribution("roads", "V1", 2.0, weight=2.0),
        Contribution("roads", "V2", 0.0, weight=6.5),
        Contribution("roads", "V3", 0.0, unknown=True, weight=1.5),
        files=ROADS,
    )
    money = evidence(Contribution("funds", "NV01", 3900.0), files=BOOK)
    return (
        certain("commune.area_ha", words("Diện tích tự nhiên"), "ha", AREA, area),
        Measure("commune.population", words("Dân số"), "people", 702.0, 702.0, None, people),
        Measure(
            "roads.hardened_share.village", words("Tỷ lệ đường bản cứng hóa"), "%",
            100 * 2 / 8.5, 20.0, 35.0, roads, numerator=2.0, denominator=8.5,
            notes=(Note("X", words("Một đoạn chưa rõ mặt đường.")),),
        ),
        Measure("tea.area_ha", words("Diện tích chè"), "ha", None, None, None, evidence()),
        certain("funds.total", words("Tổng vốn"), "million đồng", 3900.0, money),
        certain("fund.v%E1%BB%91n%201", Words(*HOSTILE[1:3]), "million đồng", 40, evidence()),
        certain("target.T1.achieved_share", words("Mục tiêu 1"), "%", 118.5, evidence()),
    )  # fmt: skip


def small_findings() -> tuple[Finding, ...]:
    return (
        Finding(
            "ROAD_SURFACE_UNKNOWN", Severity.WARNING,
            words("Đường Nậm Be chưa ghi kết cấu mặt đường."), words("Khảo sát hoặc ghi kết cấu."),
            ROADS[0], None, "roads", "V3", 18, "surface", "",
            ("roads.hardened_share.village",), (103.71, 22.21),
        ),
        Finding(
            "FUNDS_SUM", Severity.BLOCK, words("Tổng các mục con không bằng số ghi."), None,
            BOOK[0], "Nguồn vốn", "funds", "NV01", 5, "million_vnd", HOSTILE[5], ("funds.total",),
        ),
        Finding("FILE_UNREADABLE", Severity.STOP, words(f"Không đọc {HOSTILE[2]}."), None, "x.dwg"),
        *(
            Finding(
                "NOT_LOCATED", Severity.NOTE, words(f"Dòng {n} chưa có vị trí."),
                words("Ghi vị trí."), ROADS[0], None, "roads", f"V{n}", n,
            )
            for n in range(4, 12)
        ),
        Finding(
            "SIMILAR_NAMES", Severity.NOTE, words("Tên Hô Tra và Hô Ta gần giống nhau."),
            words("Không gộp."), "sources/ban.gpkg", "ban", "villages", "PK04", 3, "name", "Hô Ta",
            (), (103.6, 22.15),
        ),
    )  # fmt: skip


def small_answer(layers: Layers) -> Answer:
    frames = {
        "boundary": _frame(layers["boundary"], "unit_code", ["commune"]),
        "roads": _frame(layers["roads"], "road_id", ["concrete", "earth", "unknown", "unknown"]),
        "villages": _frame(layers["villages"], "village_id", ["village"] * 3),
        "irrigation": _frame(layers["irrigation"], "irrigation_id", ["good", "unknown"]),
        "schools": _frame(layers["schools"], "campus_id", ["ok"]).assign(letter="M"),
    }
    heights = Grid(np.zeros((2, 2), np.float32), X0, Y0, 30.0, layers["roads"].origins[0])
    grids = {"heights": heights, "shade": heights}
    return Answer(
        small_measures(), small_findings(), MappingProxyType(frames), MappingProxyType(grids)
    )


def _frame(layer: Layer, key: str, states: list[str]) -> gpd.GeoDataFrame:
    frame = layer.used.copy()
    frame.insert(0, "id", frame[key])
    frame["state"] = states
    return frame


@pytest.fixture
def layers() -> Layers:
    return small_layers()


@pytest.fixture
def answer(layers: Layers) -> Answer:
    return small_answer(layers)
