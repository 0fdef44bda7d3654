"""Road works by hand: three works, one hostile, one without a span; every state of a report."""

from __future__ import annotations

import datetime as dt
import importlib.util
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely import ops

from ntm_gis.layers.decisions import Decisions, Dispute
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.results import Contribution, Evidence, Finding, Measure, Note, Severity, Words


def _beside(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_small = _beside("conftest")
CRS, HOSTILE, X0, Y0 = _small.CRS, _small.HOSTILE, _small.X0, _small.Y0
commune, layer, line, point = _small.commune, _small.layer, _small.line, _small.point

AS_OF = dt.date(2025, 12, 31)
EVIL = f"CT/02 {HOSTILE[2]}"
BOOK = "sources/Biểu tổng hợp 2025.xlsx"
ROAD = shapely.LineString([(X0, Y0), (X0 + 3000, Y0), (X0 + 3000, Y0 + 4000)])
"""Seven kilometres: Km0+000 – Km7+000."""


def d(day: int, month: int, year: int = 2025) -> dt.date:
    return dt.date(year, month, day)


def frame(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Make a frame as analyses do: texts as objects, days and numbers typed."""
    data: dict[str, Any] = {}
    for name in columns:
        values = [row.get(name) for row in rows]
        if name == "on" or name.endswith("_on"):
            data[name] = pd.Series(pd.to_datetime(values), dtype="datetime64[us]")
        elif name.endswith(("_m", "_cm", "_km")):
            data[name] = pd.Series(values, dtype="float64")
        elif name == "@row":
            data[name] = pd.array(values, dtype="Int64")
        else:
            data[name] = pd.Series(values, dtype=object)
    return gpd.GeoDataFrame(data, geometry=[row.get("geometry") for row in rows], crs=CRS)


def cut(from_m: float, to_m: float) -> shapely.Geometry:
    return ops.substring(ROAD, from_m, to_m)


# --- stretches ------------------------------------------------------------------------------------

ON_DAY = {
    d(20, 4): [(0, 1800, "base", "B1", "", ""), (1800, 7000, "none", "", "", "")],
    d(30, 9): [
        (0, 1250, "accepted", "B2, B1", "", "A1.jpg"), (1250, 1800, "poured", "B3, B1", "", ""),
        (1800, 2600, "poured", "B3", "", ""), (2600, 7000, "none", "", "B5", ""),
    ],
    AS_OF: [
        (0, 1250, "accepted", "B2, B1", "", "A1.jpg"), (1250, 1800, "poured", "B3, B1", "", ""),
        (1800, 2100, "poured", "B3", "", ""), (2100, 2400, "disputed", "B3", "", ""),
        (2400, 2600, "poured", "B3", "", ""), (2600, 2800, "none", "", "B5", ""),
        (2800, 3600, "cleared", "B6", "", ""), (3600, 7000, "none", "", "", ""),
    ],
}  # fmt: skip
BY = {"accepted": ("UBND xã", "Phòng Kinh tế"), "base": ("Đơn vị thi công", None)}


def progress_rows() -> list[dict[str, Any]]:
    out = []
    for on, parts in ON_DAY.items():
        for from_m, to_m, state, reports, aside, photo in parts:
            by, checked = BY.get(state, ("Đơn vị thi công" if reports else None, None))
            out.append({
                "id": f"CT01 Km{from_m}–{to_m}", "work_id": "CT01", "name": "Đường lên bản Hô Tra",
                "road_id": "D05", "on": on, "from_m": from_m, "to_m": to_m, "state": state,
                "reports": reports or None, "not_counted": aside or None, "reported_by": by,
                "verified_by": checked, "photo": photo or None, "geometry": cut(from_m, to_m),
            })  # fmt: skip
        out.append({
            "id": f"{EVIL} 0–500", "work_id": EVIL, "name": HOSTILE[1], "road_id": HOSTILE[3],
            "on": on, "from_m": 0, "to_m": 500, "state": "poured", "reports": f"{EVIL}, 1",
            "reported_by": HOSTILE[4], "verified_by": HOSTILE[0], "photo": HOSTILE[5],
        })  # fmt: skip
    return out


PROGRESS = (
    "id", "work_id", "name", "road_id", "on", "from_m", "to_m", "state", "reports", "reported_by",
    "verified_by", "photo", "not_counted",
)  # fmt: skip


# --- reports --------------------------------------------------------------------------------------


def report(
    key: str, span: tuple[float | None, float | None], stage: str | None, on: dt.date | None,
    state: str = "counted", **more: Any,
) -> dict[str, Any]:  # fmt: skip
    from_m, to_m = span
    placed = from_m is not None and to_m is not None and 0 <= from_m < to_m <= 7000
    return {
        "id": key, "report_id": key, "work_id": "CT01", "road_id": "D05", "from_m": from_m,
        "to_m": to_m, "stage": stage, "reported_on": on, "state": state, "@file": BOOK,
        "@table": "Báo cáo đường", "@row": 5, "reported_by": "Đơn vị thi công",
        "geometry": cut(from_m, to_m) if placed else None, **more,
    }  # fmt: skip


REPORTS = [
    report("B1", (0, 1800), "base", d(20, 4), width_m=3.5, credited_m=1800),
    report("B2", (0, 1250), "accepted", d(30, 6), width_m=3.5, thickness_cm=16, minute_no="12/BB-NT",
           reported_by="UBND xã", verified_by="Phòng Kinh tế", photo="A1.jpg", credited_m=0),
    report("B3", (1250, 2600), "poured", d(30, 9), "disputed", width_m=3.4, credited_m=500),
    report("B5", (2600, 2800), "poured", d(20, 9), "narrow", width_m=2.8),
    report("B6", (2800, 3600), "cleared", d(1, 12), credited_m=800),
    report("B7", (6800, 7200), "cleared", d(22, 12), "beyond"),
    report("B8", (-50, 40), "base", d(22, 12), "beyond"),
    report("B9", (900, 400), "base", d(22, 12), "reversed"),
    report("B10", (None, 700), None, None, "incomplete"),
    report("B11", (100, 200), "accepted", None, "undated", entry="ab" * 32, **{"@file": None}),
    report("B12", (100, 200), "accepted", d(5, 3, 2026), "future"),
    report("B13", (300, 400), "accepted", d(5, 5), "unverified"),
    report("B14", (300, 400), "poured", d(5, 5), "width_unknown"),
    report("B15", (300, 400), "poured", d(5, 5), "refused"),
    report("B16", (0, 100), "poured", d(5, 5), "unknown_work", work_id="KHÔNG CÓ"),
    report(f"{EVIL}, 1", (0, 500), "poured", d(5, 5), work_id=EVIL, reported_by=HOSTILE[4],
           verified_by=HOSTILE[0], minute_no=HOSTILE[3], photo=HOSTILE[5],
           **{"@file": f"sources/{HOSTILE[1]}.xlsx"}),
]  # fmt: skip

REPORT_COLUMNS = (
    "id", "report_id", "work_id", "road_id", "from_m", "to_m", "stage", "reported_on",
    "reported_by", "verified_by", "minute_no", "width_m", "thickness_cm", "photo", "state",
    "credited_m", "entry", "@file", "@table", "@row",
)  # fmt: skip


# --- overlaps, tracks, photos, history ------------------------------------------------------------

OVERLAPS = [{
    "id": "B1 B2", "work_id": "CT01", "road_id": "D05", "from_m": 0, "to_m": 1250, "first": "B1",
    "second": "B2", "first_on": d(20, 4), "second_on": d(30, 6), "first_by": "Đơn vị thi công",
    "second_by": HOSTILE[1], "first_stage": "base", "second_stage": "accepted", "state": "overlap",
    "geometry": cut(0, 1250),
}]  # fmt: skip
OVERLAP_COLUMNS = tuple(k for k in OVERLAPS[0] if k != "geometry")


def track(
    key: str, span: tuple[float | None, float | None], state: str, why: str
) -> dict[str, Any]:
    from_m, to_m = span
    return {
        "id": f"{key} {from_m}", "track_id": key, "work_id": "CT01", "road_id": "D05",
        "recorded_on": d(18, 12), "made_by": "Lò Văn A", "from_m": from_m, "to_m": to_m,
        "length_m": None if from_m is None else to_m - from_m, "state": state, "why": why,
        "why_en": f"{why} (en)", "@file": "sources/gpx/1.gpx", "@table": "tracks", "@row": 1,
        "geometry": None if from_m is None else cut(from_m, to_m),
    }  # fmt: skip


TRACKS = [
    track("GPX1", (30, 2000), "credited", "Được tính theo tuyến đo."),
    track("GPX1", (2000, 2400), "gap", "Chưa tính: trống 400 m."),
    track("GPX1", (2400, 2500), "off", "Chưa tính: cách đường 42 m."),
    track("GPX2", (100, 300), "beside", f"Chưa tính: đi trên {HOSTILE[1]}."),
    track("GPX3", (None, None), "off", "Không gần công trình nào."),
]
TRACK_COLUMNS = tuple(k for k in TRACKS[0] if k != "geometry")


def photo(name: str, at_m: float | None, state: str, on: dt.date | None) -> dict[str, Any]:
    return {
        "id": name, "photo": name, "work_id": "CT01", "road_id": "D05", "at_m": at_m,
        "chainage": None if at_m is None else f"Km{int(at_m) // 1000}+{int(at_m) % 1000:03d}",
        "offset_m": 2.0 if state == "gps" else None, "side": "left", "stage": "poured",
        "recorded_on": on, "made_by": "Lò Văn A", "state": state, "how": f"cách đặt: {state}",
        "how_en": f"placed: {state}", "@sha256": "cd" * 32, "@file": f"sources/anh/{name}",
        "@table": None, "@row": 1,
        "geometry": None if at_m is None else cut(at_m, at_m + 0.01).interpolate(0),
    }  # fmt: skip


PHOTOS = [
    photo("A1.jpg", 620, "gps", d(28, 6)),
    photo("zalo.jpg", 2200, "told", d(1, 10)),
    photo(HOSTILE[1], 2300, "gps", None),
    photo("A4.jpg", None, "unplaced", d(1, 10)),
    photo("A5.jpg", None, "repeat", d(1, 10)),
    photo("A6.jpg", None, "missing", None),
]
PHOTO_COLUMNS = tuple(k for k in PHOTOS[0] if k != "geometry")


def history(on: dt.date, due: float, poured: float, accepted: float, state: str) -> dict[str, Any]:
    return {
        "id": f"CT01 {on:%d/%m/%Y}", "work_id": "CT01", "name": "Đường lên bản Hô Tra", "on": on,
        "planned_km": 7.0, "due_km": due, "reported_km": poured, "poured_km": poured,
        "accepted_km": accepted, "poured_high_km": None, "accepted_high_km": accepted,
        "state": state,
    }  # fmt: skip


HISTORY = [
    history(d(20, 4), 0.6, 0.0, 0.0, "behind"),
    history(d(30, 9), 3.0, 2.6, 1.25, "ahead"),
    history(AS_OF, 4.3, 2.3, 1.25, "behind"),
]
HISTORY_COLUMNS = tuple(k for k in HISTORY[0] if k != "geometry")

CARRIED = [{
    "id": "B1", "road_id": "D05", "version": 1, "report_id": "B1", "work_id": "CT01",
    "old_from_m": 0.0, "old_to_m": 1790.0, "new_from_m": 0.0, "new_to_m": 1800.0,
    "difference_m": 10.0, "state": "redrawn",
}]  # fmt: skip
CARRIED_COLUMNS = tuple(CARRIED[0])


# --- measures -------------------------------------------------------------------------------------


def measure(
    name: str, unit: str, value: float | None, high: float | None = None, subject: str = "CT01",
    title: str = "Đường lên bản Hô Tra", notes: tuple[Note, ...] = (),
) -> Measure:  # fmt: skip
    parts = (Contribution("road_reports", "B3", value or 0.0),)
    low = 0.0 if value is None else value
    return Measure(
        name, Words(f"Chỉ số: {title}", f"Figure: {title}"), unit, value, low,
        high if high is not None else value, Evidence(Words("hợp các đoạn", "union"), parts),
        subject=subject, notes=notes,
    )  # fmt: skip


SEGMENT = "CT%2F02%20%3C%2Fscript%3E%3Cscript%3Ealert%282%29%3C%2Fscript%3E"


def measures() -> tuple[Measure, ...]:
    added = Note("REPORTS_ADDED_UP", Words("Cộng thẳng sẽ ra 6,40 km.", "Adding up gives 6.40 km."))
    fate = Note("FORECAST", Words("Nếu làm đều thì xong khoảng 01/09/2026.", "About 01/09/2026."))
    lengths = [
        measure("progress.CT01.planned_km", "km", 7.0),
        measure("progress.CT01.reported_km", "km", 3.1, 3.4, notes=(added,)),
        measure("progress.CT01.poured_km", "km", 2.3, 2.6),
        measure("progress.CT01.accepted_km", "km", 1.25),
        measure("progress.CT01.surveyed_km", "km", 1.97),
        measure("progress.CT01.accepted_share", "%", 100 * 1.25 / 7),
        measure("progress.CT01.reported_added_km", "km", 6.4),
        measure("progress.CT01.paid_million", "million đồng", 390.0),
        measure("progress.CT01.paid_million_per_km", "million đồng/km", 390 / 2.3),
        measure("progress.CT01.days_left", "days", 200.0, 400.0, notes=(fate,)),
        measure("progress.by_class.village.planned_km", "km", 7.0, subject="village",
                title="đường bản"),
        measure("progress.by_class.village.accepted_share", "%", 20.0, subject="village",
                title="đường bản"),
        measure(f"progress.{SEGMENT}.planned_km", "km", 0.5, subject=EVIL, title=HOSTILE[1]),
        measure(f"progress.{SEGMENT}.accepted_km", "km", None, subject=EVIL, title=HOSTILE[1]),
        measure("progress.CT03.planned_km", "km", None, subject="CT03", title="Chưa rõ"),
        measure("contributions.land_m2", "m²", 120.0, subject=None),
        measure("contributions.work.CT01.land_m2", "m²", 120.0),
        measure("contributions.work.CT01.land_m2_per_km", "m²/km", 120 / 7),
        measure("contributions.work.CT01.labour_days", "labour days", 30.0),
        measure("contributions.village.MK04.land_m2", "m²", 120.0, subject="MK04",
                title="bản Hô Tra"),
    ]  # fmt: skip
    return tuple(lengths)


FINDINGS = (
    Finding("REPORT_NARROW", Severity.WARNING, Words("Báo cáo B5 hẹp.", "B5 is narrow."), None,
            BOOK, "Báo cáo đường", "road_reports", "B5", 9, "width_m", "2.8",
            ("progress.CT01.poured_km",), (103.6, 22.15)),
    Finding("REPORT_X", Severity.BLOCK, Words(f"Báo cáo {HOSTILE[1]}.", "x"), None, BOOK, None,
            "road_reports", f"{EVIL}, 1", 9, None, None, (f"progress.{SEGMENT}.planned_km",)),
)  # fmt: skip

DECISIONS = Decisions(
    head="ab" * 32, check_code="7K3M-Q9TD",
    disputes=(
        Dispute("e1", "CT01", 210_000, 240_000, d(10, 12), HOSTILE[1], f"rộng 2,9 m {HOSTILE[2]}"),
        Dispute("e2", "CT01", 50_000, 60_000, d(10, 10), "Bản Hô Tra", "trùng", "counts",
                d(2, 11), "Chủ tịch", "15/TB"),
    ),
)  # fmt: skip


def layers() -> Layers:
    works = layer("road_works", BOOK, [
        {"work_id": "CT01", "road_id": "D05", "planned_length_m": 7000.0, "min_width_m": 3.0,
         "name": "Đường lên bản Hô Tra", "start_on": d(10, 3), "due_on": d(30, 6, 2026),
         "budget_million_vnd": 3060.0},
        {"work_id": EVIL, "road_id": HOSTILE[3], "planned_length_m": 500.0, "name": HOSTILE[1]},
        {"work_id": "CT03", "road_id": "D09", "name": "Chưa rõ"},
    ], "Công trình đường")  # fmt: skip
    paid = layer("payments", BOOK, [
        {"payment_id": "GN1", "fund_id": "NV", "work_id": "CT01", "million_vnd": 210.0,
         "paid_on": d(10, 5), "document": "UNC 021"},
        {"payment_id": "GN2", "fund_id": "NV", "work_id": "CT01", "million_vnd": 180.0,
         "paid_on": d(25, 9), "document": HOSTILE[2]},
        {"payment_id": "GN3", "fund_id": "NV", "work_id": "CT01", "million_vnd": 60.0,
         "paid_on": d(15, 1, 2026), "document": "UNC 003"},
    ], "Giải ngân")  # fmt: skip
    roads = layer("roads", "sources/duong.shp", [
        {"road_id": "D05", "name": "Đường Hô Tra", "road_class": "village", "geometry": ROAD},
    ])  # fmt: skip
    gifts = layer("contributions", BOOK, [
        {"contribution_id": "G1", "work_id": "CT01", "village_id": "MK04", "kind": "land",
         "quantity": 120.0, "unit": "m2", "household": "Lò Văn Bí Mật", "parcel": "Thửa 12"},
    ], "Đóng góp")  # fmt: skip
    found = {x.name: x for x in (works, paid, roads, gifts)}
    accounts = tuple(account for x in found.values() for account in x.accounts)
    return Layers(commune(), MappingProxyType(found), accounts=accounts)


def answer() -> Answer:
    known = layers()
    roads = known["roads"].used.copy()
    roads.insert(0, "id", roads["road_id"])
    roads["state"] = "unknown"
    villages = gpd.GeoDataFrame(
        {"id": ["MK04"], "name": ["Hô Tra"], "state": ["village"], "village_id": ["MK04"],
         "@file": ["sources/ban.gpkg"], "@table": ["ban"], "@row": [3], "former_commune": ["F1"]},
        geometry=[point(3100, 3900)], crs=CRS,
    )  # fmt: skip
    boundary = gpd.GeoDataFrame(
        {"id": ["03601"], "name": ["Mường Khoa"], "state": ["commune"], "@file": ["a"],
         "@table": [None], "@row": [1]},
        geometry=[line((-500, -500), (4000, 5000)).envelope], crs=CRS,
    )  # fmt: skip
    frames = {
        "boundary": boundary, "roads": roads, "villages": villages,
        "road_progress": frame(progress_rows(), PROGRESS),
        "road_reports": frame(REPORTS, REPORT_COLUMNS),
        "road_overlaps": frame(OVERLAPS, OVERLAP_COLUMNS),
        "road_history": frame(HISTORY, HISTORY_COLUMNS),
        "road_carry_over": frame(CARRIED, CARRIED_COLUMNS),
        "tracks": frame(TRACKS, TRACK_COLUMNS),
        "photos": frame(PHOTOS, PHOTO_COLUMNS),
    }  # fmt: skip
    return Answer(measures(), FINDINGS, MappingProxyType(frames), MappingProxyType({}))
