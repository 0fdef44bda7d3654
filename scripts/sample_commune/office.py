"""The files of the sample commune's office, as they lie in `sources/`."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from . import drawings, frame, places, plans, tables, workbooks, writers
from .commune import inside_cells
from .irrigation import CANAL
from .land import around
from .lists import vi
from .places import FORMER, require

if TYPE_CHECKING:
    from pathlib import Path

    from .commune import SampleCommune
    from .crops import Plot

NFD_VILLAGE = "PK03"
SUMMARY = "Biểu tổng hợp 2025.xlsx"
_ROAD_FIELDS = [
    ("MA_DUONG", "C", 8, 0), ("TEN", "C", 60, 0), ("CAP", "C", 4, 0), ("KET_CAU", "C", 12, 0),
    ("BE_RONG", "N", 5, 1), ("MUA_LU", "C", 6, 0), ("SACH", "C", 6, 0), ("NAM", "N", 4, 0),
    ("DIEM_DAU", "C", 40, 0), ("DIEM_CUOI", "C", 40, 0), ("DAI_KK", "N", 8, 1),
    ("GHI_CHU", "C", 40, 0),
]  # fmt: skip
_SPEAKER_HEADS = [
    "STT", "Mã cụm", "Mã bản", "Tình trạng", "Bán kính (m)", "Vị trí", "Ghi chú",
]  # fmt: skip
_FACILITY_HEADS = [
    "Mã", "Loại", "Tên", "Tình trạng", "Xã cũ", "Diện tích đất (m2)", "Diện tích sàn (m2)",
    "Vị trí",
]  # fmt: skip
_PLAN_COLUMNS = [
    "MA_QH", "LOAI", "XA_CU", "SO_QD", "NGAY_PD", "HET_HAN", "TY_LE", "BO_MA", "DT_HA", "DAN_SO",
    "QH_CHA",
]  # fmt: skip
_FORMS = {
    "MK04": ("Phiếu bản Hô Tra.xlsx", (4, 9, 7000)),
    "MK12": ("phieu_ban_hua_can.xlsx", (2, 7, 3000)),
    "PK01": ("phieu_ban_phuc_khoa.xlsx", (11, 3, 0)),
}
_FORM_LINES = [
    ("new_houses", "Nhà xây mới trong năm", "nhà"),
    ("houses_to_repair", "Nhà ở còn thiếu, cần sửa", "nhà"),
    ("road_lacking_m", "Đường bản còn thiếu, chưa cứng hóa", "m"),
]

Columns = dict[str, list[Any]]


def write(sample: SampleCommune, folder: Path) -> None:
    """Write every source file under a folder."""
    (folder / "gpx").mkdir(parents=True, exist_ok=True)
    (folder / "phieu_ban").mkdir(exist_ok=True)
    _borders(sample, folder)
    _villages(sample, folder)
    _roads(sample, folder)
    _irrigation(sample, folder)
    for name, plots, kind in (
        ("che_2025", sample.tea, "GIAI_DOAN"),
        ("cay_trong", sample.crops, "CAY"),
    ):
        writers.tab(folder / f"{name}.tab", _plots(plots, kind), [p.shape for p in plots])
    _written_places(sample, folder)
    _base(sample, folder)
    _plans(sample, folder)
    _tracks(sample, folder)
    workbooks.schools(folder / "truong_hoc.xlsx", sample.campuses)
    workbooks.halls(folder / "nha_van_hoa.xlsx", sample.halls)
    workbooks.summary(folder / SUMMARY, tables.sheets())
    _forms(sample, folder)
    writers.geotiff(folder / "do_cao_30m.tif", sample.ground.z, _unmeasured(sample))


def _borders(sample: SampleCommune, folder: Path) -> None:
    commune = {"ma_xa": ["03601"], "ten_xa": ["Mường Khoa"], "tu_ngay": ["01/07/2025"]}
    writers.geojson(folder / "ranh_gioi_xa.geojson", commune, [sample.boundary])
    codes, names, provinces, shapes = zip(*sample.neighbours, strict=True)
    beside = {"ma_xa": list(codes), "ten_xa": list(names), "tinh": list(provinces)}
    writers.geojson(folder / "xa_lan_can.geojson", beside, shapes)
    former: Columns = {
        "ma_xa": ["03601", "03602"],
        "ten_xa": list(FORMER.values()),
        "ma_xa_moi": ["03601"] * 2,
        "den_ngay": ["30/06/2025"] * 2,
    }
    writers.geojson(folder / "xa_cu.geojson", former, [sample.former[k] for k in FORMER])


def _villages(sample: SampleCommune, folder: Path) -> None:
    rows = [
        {
            "MA_BAN": v.id,
            "TEN_BAN": unicodedata.normalize("NFD" if v.id == NFD_VILLAGE else "NFC", v.name),
            "XA_CU": FORMER[v.former],
            "SO_HO": v.households,
            "DAN_SO": v.people,
            "HO_NGHEO": v.poor,
            "HO_CNGHEO": v.near_poor,
            "BAN_VH": "Đạt" if v.cultural else "Chưa đạt",
            "HO_VH": v.cultural_families,
            "DAN_TOC": v.ethnic,
        }
        for v in sample.villages
    ]
    table = (_columns(rows), [v.point for v in sample.villages])
    writers.geopackage(folder / "ban.gpkg", {"ban": table})


def _columns(rows: list[dict[str, Any]]) -> Columns:
    """Turn rows into columns; empty texts become missing."""
    return {name: [None if row[name] == "" else row[name] for row in rows] for name in rows[0]}


def _roads(sample: SampleCommune, folder: Path) -> None:
    rows = [
        [
            r.id, r.name, r.road_class, r.surface, r.width, r.all_year, r.clean, r.year, r.start,
            r.end, r.declared, r.note,
        ]
        for r in sample.roads
    ]  # fmt: skip
    lines = [r.line for r in sample.roads]
    writers.shapefile(folder / "duong_giao_thong.shp", _ROAD_FIELDS, rows, lines)
    road, stakes = sample.ho_tra, []
    for metres in range(0, 7_001, 1_000):
        spot = road.line.interpolate(metres)
        stakes.append([road.id, str(metres), vi(spot.y), vi(spot.x)])
    heads = ["Mã đường", "Lý trình (m)", "X (m)", "Y (m)"]
    writers.csv(folder / "coc_km.csv", heads, stakes, "utf-8")


def _irrigation(sample: SampleCommune, folder: Path) -> None:
    lines = [w for w in sample.works if w.kind == CANAL]
    heads = [w for w in sample.works if w.kind != CANAL]
    drawings.kml(
        folder / "cong_trinh_thuy_loi.kml",
        "Công trình thủy lợi xã Mường Khoa",
        {"Kênh mương": lines, "Công trình đầu mối": heads},
    )
    rows = [
        {
            "MA_THUA": p.id,
            "LOAI_DAT": p.land_use,
            "MA_CT": p.work,
            "TIEU_NUOC": p.drained,
            "DT_HA": p.declared_ha,
            "GHI_CHU": p.note,
        }
        for p in sample.parcels
    ]
    table = (_columns(rows), [p.shape for p in sample.parcels])
    writers.geopackage(folder / "dat_nong_nghiep.gpkg", {"dat_nn": table}, frame.OTHER_CRS)


def _plots(plots: list[Plot], kind: str) -> Columns:
    return {
        "MA_LO": [p.id for p in plots],
        "MA_BAN": [p.village for p in plots],
        kind: [p.kind for p in plots],
        "DT_KK": [p.declared_ha for p in plots],
        "NAM_TRONG": [str(p.year) if p.year else "" for p in plots],
    }


def _written_places(sample: SampleCommune, folder: Path) -> None:
    rows = [
        [str(k), *row.cells[:4], row.place, row.cells[4]]
        for k, row in enumerate(sample.loudspeakers, start=1)
    ]
    writers.csv(folder / "loa_truyen_thanh.csv", _SPEAKER_HEADS, rows, "utf-8-sig")
    rows = [[*row.cells, row.place] for row in sample.facilities]
    writers.csv(folder / "co_so_cong_cong.csv", _FACILITY_HEADS, rows, "cp1258")


def _base(sample: SampleCommune, folder: Path) -> None:
    wet = [sample.water.river, *sample.water.streams]
    waters = [
        {
            "MA": f"SS{k + 1:02d}",
            "LOAI": "Suối" if k else "Sông",
            "TEN": f"Huổi {k}" if k else "Nậm Khoa",
        }
        for k in range(len(wet))
    ]
    crossings = [
        {"MA": c.id, "LOAI": c.kind, "MA_DUONG": c.road, "MUA_LU": c.wet, "TEN": c.name}
        for c in sample.crossings
    ]
    hazards = [
        {"MA": h.id, "LOAI": h.kind, "CAP_DO": h.level, "GHI_CHU": h.note} for h in sample.hazards
    ]
    sites = [
        {"MA": s.id, "LOAI": s.kind, "QUY_MO": s.size, "MA_BAN": s.village, "TEN": s.name}
        for s in sample.environment
    ]
    homes = [{"MA_NHA": b.id, "MA_BAN": b.village, "SO_HO": b.households} for b in sample.buildings]
    writers.geopackage(
        folder / "nen_dia_ly.gpkg",
        {
            "song_suoi": (_columns(waters), wet),
            "cau_ngam": (_columns(crossings), [c.point for c in sample.crossings]),
            "khu_nguy_co": (_columns(hazards), [h.shape for h in sample.hazards]),
            "diem_moi_truong": (_columns(sites), [s.point for s in sample.environment]),
        },
    )
    spots = [b.point for b in sample.buildings]
    writers.geopackage(folder / "nha_o.gpkg", {"nha_o": (_columns(homes), spots)})


def _plans(sample: SampleCommune, folder: Path) -> None:
    shapes = {
        "P1": sample.extents["F1"],
        "P2": sample.extents["F2"],
        "P3": sample.former["F1"],
        "P4": sample.former["F2"],
        "P5": _detailed(sample.village("MK01"), 420.0),
        "P6": _detailed(sample.village("PK01"), 200.0),
    }
    rows = []
    for listed in tables.read("plans"):
        row = dict(listed)
        if row["LOAI"] == "SDĐ":
            former = next(k for k, name in FORMER.items() if name == row["XA_CU"])
            row["DT_HA"] = round(frame.area_ha(shapes[row["MA_QH"]]), 1)
            row["DAN_SO"] = sum(v.people for v in sample.villages if v.former == former)
        rows.append({name: row[name] for name in _PLAN_COLUMNS})
    others = [shapes[row["MA_QH"]] for row in rows[1:]]
    register = {"quy_hoach": (_columns(rows[1:]), others)}
    writers.geopackage(folder / "dang_ky_quy_hoach.gpkg", register)
    zones = [
        {
            "MA_KHU": f"Z{k:03d}",
            "MA_QH": "P1",
            "MA_LOAI": z.code,
            "THOI_KY": z.period,
            "TEN": z.name,
        }
        for k, z in enumerate(sample.zones["F1"], start=1)
    ]
    items = [
        {
            "MA_CT": i.id,
            "MA_QH": "P1",
            "LOAI": i.kind,
            "TEN": i.name,
            "NAM_QH": i.year,
            "DA_XD": i.built,
        }
        for i in sample.items
    ]
    writers.geopackage(
        folder / "qh_su_dung_dat_muong_khoa_cu.gpkg",
        {
            "pham_vi": (_columns(rows[:1]), [shapes["P1"]]),
            "khu_chuc_nang": (_columns(zones), [z.shape for z in sample.zones["F1"]]),
            "cong_trinh_qh": (_columns(items), [i.point for i in sample.items]),
        },
    )
    _drawing(sample, folder)


def _detailed(village: places.Village, radius: float) -> shapely.Polygon:
    """Draw the extent of a detailed plan around a village."""
    corners = [around(village, radius * (1.0 + 0.15 * (k % 3)), 24.0 * k) for k in range(15)]
    return shapely.Polygon([(p.x, p.y) for p in corners])


def _drawing(sample: SampleCommune, folder: Path) -> None:
    extent, zones = sample.extents["F2"], sample.zones["F2"]
    main = [r.line.intersection(extent) for r in sample.roads if r.road_class in ("QL", "ĐX")]
    roads = [g for g in shapely.get_parts(np.array(main)) if g.geom_type == "LineString"]
    drawings.dxf(
        folder / "qh_su_dung_dat_phuc_khoa.dxf",
        "Bản đồ quy hoạch sử dụng đất xã Phúc Khoa",
        {"QH-SDD-RANH": plans.edges(zones, extent), "GIAO-THONG": roads},
        extent,
        zones,
    )


def _tracks(sample: SampleCommune, folder: Path) -> None:
    runs = [
        drawings.Run(1, dt.datetime(2025, 12, 18, 1, 5, tzinfo=dt.UTC), 6.0),
        drawings.Run(2, dt.datetime(2025, 12, 18, 3, 40, tzinfo=dt.UTC), 11.0, gap=(3100, 3950)),
        drawings.Run(3, dt.datetime(2025, 12, 21, 2, 15, tzinfo=dt.UTC), 9.0, zero_at=47),
    ]
    for run in runs:
        path = folder / "gpx" / f"duong_ho_tra_{run.number}.gpx"
        name = f"Đường Hô Tra lần {run.number}"
        drawings.gpx(path, name, sample.ho_tra.line, sample.ground, run)


def _forms(sample: SampleCommune, folder: Path) -> None:
    for code, (name, values) in _FORMS.items():
        village = sample.village(code)
        lines: list[tuple[str, str, str, int]] = [
            ("households", "Tổng số hộ", "hộ", village.households),
            ("poor_households", "Hộ nghèo", "hộ", village.poor),
            ("near_poor_households", "Hộ cận nghèo", "hộ", village.near_poor),
            ("cultural_families", "Hộ đạt gia đình văn hóa", "hộ", village.cultural_families),
            *((*line, value) for line, value in zip(_FORM_LINES, values, strict=True)),
        ]
        rows: list[list[Any]] = [
            [k, code, indicator, words, unit, value, "15/12/2025", ""]
            for k, (indicator, words, unit, value) in enumerate(lines, start=1)
        ]
        workbooks.village_form(folder / "phieu_ban" / name, village.name, rows)


def _unmeasured(sample: SampleCommune) -> frame.Mask:
    """Cut two corners off, as where two scenes of a survey leave a wedge."""
    high, wide = sample.ground.z.shape
    rows, columns = np.mgrid[0:high, 0:wide]
    north_west = columns + (high - rows) < 70
    south_east = (wide - columns) + rows < 95
    holes = np.asarray(north_west | south_east)
    require(not (holes & inside_cells(sample.boundary)).any(), "no heights missing inside")
    return holes
