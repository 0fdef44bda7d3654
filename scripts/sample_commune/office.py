"""The files of the sample commune's office, and the list of the faults put into them."""

from __future__ import annotations

import datetime as dt
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from . import formats, frame, places, plans, sheets, workbooks, writers
from .areas import GINSENG_HA, HARVEST_HA, TEA_HA, Plot
from .commune import WRONG_VILLAGE, SampleCommune
from .faults import Fault
from .points import vi

NFD_VILLAGE = "PK03"
SUMMARY = "Biểu tổng hợp 2025.xlsx"
ROAD_FIELDS = [
    ("MA_DUONG", "C", 8, 0), ("TEN", "C", 60, 0), ("CAP", "C", 4, 0), ("KET_CAU", "C", 12, 0), ("BE_RONG", "N", 5, 1), ("MUA_LU", "C", 6, 0),
    ("SACH", "C", 6, 0), ("NAM", "N", 4, 0), ("DIEM_DAU", "C", 40, 0), ("DIEM_CUOI", "C", 40, 0), ("DAI_KK", "N", 8, 1), ("GHI_CHU", "C", 40, 0),
]  # fmt: skip


def write(sample: SampleCommune, folder: Path) -> list[Fault]:
    """Write every source file under `folder`; the faults come back in the order of the list."""
    (folder / "gpx").mkdir(parents=True, exist_ok=True)
    (folder / "phieu_ban").mkdir(exist_ok=True)
    _borders(sample, folder)
    _villages(sample, folder)
    _roads(sample, folder)
    _irrigation(sample, folder)
    for name, plots, kind in (("che_2025", sample.tea, "GIAI_DOAN"), ("cay_trong", sample.crops, "CAY")):
        writers.tab(folder / f"{name}.tab", _plot_columns(plots, kind), [p.shape for p in plots])
    _points(sample, folder)
    _base(sample, folder)
    _plans(sample, folder)
    _tracks(sample, folder)
    duplicate = workbooks.schools(folder / "truong_hoc.xlsx", sample.campuses)
    workbooks.halls(folder / "nha_van_hoa.xlsx", sample.halls)
    workbooks.summary(folder / SUMMARY, sheets.sheets(sample.ho_tra.id))
    _forms(sample, folder)
    writers.geotiff(folder / "do_cao_30m.tif", sample.ground.z, _unmeasured(sample))
    return _faults(sample, duplicate)


def _borders(sample: SampleCommune, folder: Path) -> None:
    writers.geojson(folder / "ranh_gioi_xa.geojson", {"ma_xa": ["03601"], "ten_xa": ["Mường Khoa"], "tu_ngay": ["01/07/2025"]}, [sample.boundary])
    around = sample.neighbours
    writers.geojson(
        folder / "xa_lan_can.geojson",
        {"ma_xa": [n[0] for n in around], "ten_xa": [n[1] for n in around], "tinh": [n[2] for n in around]},
        [n[3] for n in around],
    )
    writers.geojson(
        folder / "xa_cu.geojson",
        {"ma_xa": ["03601", "03602"], "ten_xa": ["Mường Khoa", "Phúc Khoa"], "ma_xa_moi": ["03601"] * 2, "den_ngay": ["30/06/2025"] * 2},
        [sample.former["F1"], sample.former["F2"]],
    )


def _villages(sample: SampleCommune, folder: Path) -> None:
    names = [unicodedata.normalize("NFD", v.name) if v.id == NFD_VILLAGE else v.name for v in sample.villages]
    columns: dict[str, list[Any]] = {
        "MA_BAN": [v.id for v in sample.villages], "TEN_BAN": names, "XA_CU": [places.FORMER[v.former] for v in sample.villages],
        "SO_HO": [v.households for v in sample.villages], "DAN_SO": [v.people for v in sample.villages],
        "HO_NGHEO": [v.poor for v in sample.villages], "HO_CNGHEO": [v.near_poor for v in sample.villages],
        "BAN_VH": ["Đạt" if v.cultural else "Chưa đạt" for v in sample.villages], "HO_VH": [v.cultural_families for v in sample.villages],
        "DAN_TOC": [v.ethnic for v in sample.villages],
    }  # fmt: skip
    writers.geopackage(folder / "ban.gpkg", {"ban": (columns, [v.point for v in sample.villages])})


def _roads(sample: SampleCommune, folder: Path) -> None:
    rows = [
        [r.id, r.name, r.road_class, r.surface, r.width, r.all_year, r.clean, r.year, r.start, r.end, r.declared, r.note]
        for r in sample.roads
    ]
    writers.shapefile(folder / "duong_giao_thong.shp", ROAD_FIELDS, rows, [r.line for r in sample.roads])
    road = sample.ho_tra
    stakes = []
    for metres in range(0, 7_001, 1_000):
        spot = road.line.interpolate(metres)
        stakes.append([road.id, str(metres), vi(spot.y), vi(spot.x)])
    writers.csv(folder / "coc_km.csv", ["Mã đường", "Lý trình (m)", "X (m)", "Y (m)"], stakes, "utf-8")


def _irrigation(sample: SampleCommune, folder: Path) -> None:
    lines = [w for w in sample.works if w.kind == "Kênh"]
    heads = [w for w in sample.works if w.kind != "Kênh"]
    formats.kml(folder / "cong_trinh_thuy_loi.kml", "Công trình thủy lợi xã Mường Khoa", [("Kênh mương", lines), ("Công trình đầu mối", heads)])
    columns: dict[str, list[Any]] = {
        "MA_THUA": [p.id for p in sample.parcels], "LOAI_DAT": [p.land_use or None for p in sample.parcels],
        "MA_CT": [p.work or None for p in sample.parcels], "TIEU_NUOC": [p.drained or None for p in sample.parcels],
        "DT_HA": [p.declared_ha for p in sample.parcels], "GHI_CHU": [p.note or None for p in sample.parcels],
    }  # fmt: skip
    writers.geopackage(folder / "dat_nong_nghiep.gpkg", {"dat_nn": (columns, [p.shape for p in sample.parcels])}, frame.OTHER_CRS)


def _plot_columns(plots: list[Plot], kind: str) -> dict[str, list[Any]]:
    return {
        "MA_LO": [p.id for p in plots], "MA_BAN": [p.village for p in plots], kind: [p.kind for p in plots], "DT_KK": [p.declared_ha for p in plots],
        "NAM_TRONG": [str(p.year) if p.year else "" for p in plots],
    }  # fmt: skip


def _points(sample: SampleCommune, folder: Path) -> None:
    heads = ["STT", "Mã cụm", "Mã bản", "Tình trạng", "Bán kính (m)", "Vị trí", "Ghi chú"]
    rows = [[str(k), *row.cells[:4], row.place, row.cells[4]] for k, row in enumerate(sample.loudspeakers, start=1)]
    writers.csv(folder / "loa_truyen_thanh.csv", heads, rows, "utf-8-sig")
    heads = ["Mã", "Loại", "Tên", "Tình trạng", "Xã cũ", "Diện tích đất (m2)", "Diện tích sàn (m2)", "Vị trí"]
    writers.csv(folder / "co_so_cong_cong.csv", heads, [[*row.cells, row.place] for row in sample.facilities], "cp1258")


def _base(sample: SampleCommune, folder: Path) -> None:
    wet = [sample.water.river, *sample.water.streams]
    names = ["Nậm Khoa", *(f"Huổi {k}" for k in range(1, len(wet)))]
    crossings, hazards, sites = sample.crossings, sample.hazards, sample.environment
    writers.geopackage(
        folder / "nen_dia_ly.gpkg",
        {
            "song_suoi": ({"MA": [f"SS{k:02d}" for k in range(1, len(wet) + 1)], "LOAI": ["Sông"] + ["Suối"] * (len(wet) - 1), "TEN": names}, wet),
            "cau_ngam": ({"MA": [c.id for c in crossings], "LOAI": [c.kind for c in crossings], "MA_DUONG": [c.road for c in crossings],
                          "MUA_LU": [c.wet or None for c in crossings], "TEN": [c.name for c in crossings]}, [c.point for c in crossings]),
            "khu_nguy_co": ({"MA": [h.id for h in hazards], "LOAI": [h.kind for h in hazards], "CAP_DO": [h.level for h in hazards],
                             "GHI_CHU": [h.note or None for h in hazards]}, [h.shape for h in hazards]),
            "diem_moi_truong": ({"MA": [s.id for s in sites], "LOAI": [s.kind for s in sites], "QUY_MO": [s.size or None for s in sites],
                                 "MA_BAN": [s.village for s in sites], "TEN": [s.name for s in sites]}, [s.point for s in sites]),
        },
    )  # fmt: skip
    homes = sample.buildings
    writers.geopackage(
        folder / "nha_o.gpkg",
        {"nha_o": ({"MA_NHA": [b.id for b in homes], "MA_BAN": [b.village for b in homes], "SO_HO": [b.households for b in homes]}, [b.point for b in homes])},
    )


_PLAN_COLUMNS = ["MA_QH", "LOAI", "XA_CU", "SO_QD", "NGAY_PD", "HET_HAN", "TY_LE", "BO_MA", "DT_HA", "DAN_SO", "QH_CHA"]


def _plans(sample: SampleCommune, folder: Path) -> None:
    extents, zones, items = sample.extents, sample.zones["F1"], sample.items
    ha = {k: round(frame.area_ha(v), 1) for k, v in extents.items()}
    people = {k: sum(v.people for v in sample.villages if v.former == k) for k in extents}
    first = ["P1", "SDĐ", "Mường Khoa", "1482/QĐ-UBND", "29/12/2021", "31/12/2030", "1:10000", "TT27-2018", ha["F1"], people["F1"], None]
    writers.geopackage(
        folder / "qh_su_dung_dat_muong_khoa_cu.gpkg",
        {
            "pham_vi": (_columns(_PLAN_COLUMNS, [first]), [extents["F1"]]),
            "khu_chuc_nang": ({"MA_KHU": [f"Z{k:03d}" for k in range(1, len(zones) + 1)], "MA_QH": ["P1"] * len(zones), "MA_LOAI": [z.code for z in zones],
                               "THOI_KY": [z.period for z in zones], "TEN": [z.name for z in zones]}, [z.shape for z in zones]),
            "cong_trinh_qh": ({"MA_CT": [i.id for i in items], "MA_QH": [i.plan for i in items], "LOAI": [i.kind for i in items], "TEN": [i.name for i in items],
                               "NAM_QH": [i.year for i in items], "DA_XD": [i.built for i in items]}, [i.point for i in items]),
        },
    )  # fmt: skip
    others = [
        (["P2", "SDĐ", "Phúc Khoa", None, "30/12/2020", "31/12/2030", "1:10000", "TT27-2018", ha["F2"], people["F2"], None], extents["F2"]),
        (["P3", "QHC", "Mường Khoa", "905/QĐ-UBND", "18/06/2021", "31/12/2030", "1:10000", None, None, 7800, None], sample.former["F1"]),
        (["P4", "QHC", "Phúc Khoa", "911/QĐ-UBND", "22/06/2021", "31/12/2030", "1:10000", None, None, 5600, None], sample.former["F2"]),
        (["P5", "TTX", "Mường Khoa", "377/QĐ-UBND", "14/03/2016", "31/12/2020", "1:500", None, None, 900, "P3"], sample.centre),
        (["P6", "DCNT", "Phúc Khoa", "402/QĐ-UBND", "20/04/2022", "31/12/2030", "1:500", None, None, 650, "P4"], sample.settlement),
    ]  # fmt: skip
    table = (_columns(_PLAN_COLUMNS, [row for row, _ in others]), [shape for _, shape in others])
    writers.geopackage(folder / "dang_ky_quy_hoach.gpkg", {"quy_hoach": table})
    east = sample.zones["F2"]
    through = [g for r in sample.roads if r.road_class in ("QL", "ĐX") for g in shapely.get_parts(r.line.intersection(extents["F2"]))]
    formats.dxf(
        folder / "qh_su_dung_dat_phuc_khoa.dxf", "Bản đồ quy hoạch sử dụng đất xã Phúc Khoa", extents["F2"],
        plans.edges(east, extents["F2"]), east, [g for g in through if g.geom_type == "LineString"],
    )  # fmt: skip


def _columns(names: list[str], rows: list[list[Any]]) -> dict[str, list[Any]]:
    return {name: [row[k] for row in rows] for k, name in enumerate(names)}


def _tracks(sample: SampleCommune, folder: Path) -> None:
    line = sample.ho_tra.line
    gpx = folder / "gpx"
    day = dt.datetime(2025, 12, 18, 1, 5, tzinfo=dt.UTC)
    formats.gpx(gpx / "duong_ho_tra_1.gpx", "Đường Hô Tra lần 1", line, sample.ground, day, 6.0, 11)
    second = dt.datetime(2025, 12, 18, 3, 40, tzinfo=dt.UTC)
    formats.gpx(gpx / "duong_ho_tra_2.gpx", "Đường Hô Tra lần 2", line, sample.ground, second, 11.0, 12, gap=(3_100.0, 3_950.0))
    third = dt.datetime(2025, 12, 21, 2, 15, tzinfo=dt.UTC)
    formats.gpx(gpx / "duong_ho_tra_3.gpx", "Đường Hô Tra lần 3", line, sample.ground, third, 9.0, 13, zero_at=47)


_FORM_LINES = [
    ("new_houses", "Nhà xây mới trong năm", "nhà"), ("houses_to_repair", "Nhà ở còn thiếu, cần sửa", "nhà"), ("road_lacking_m", "Đường bản còn thiếu, chưa cứng hóa", "m"),
]  # fmt: skip


def _forms(sample: SampleCommune, folder: Path) -> None:
    wanted = {"MK04": ("Phiếu bản Hô Tra.xlsx", (4, 9, 7000)), "MK12": ("phieu_ban_hua_can.xlsx", (2, 7, 3000)), "PK01": ("phieu_ban_phuc_khoa.xlsx", (11, 3, 0))}
    for village in sample.villages:
        if village.id not in wanted:
            continue
        name, values = wanted[village.id]
        lines: list[tuple[str, str, str, float]] = [
            ("households", "Tổng số hộ", "hộ", village.households), ("poor_households", "Hộ nghèo", "hộ", village.poor),
            ("near_poor_households", "Hộ cận nghèo", "hộ", village.near_poor), ("cultural_families", "Hộ đạt gia đình văn hóa", "hộ", village.cultural_families),
            *((*line, value) for line, value in zip(_FORM_LINES, values, strict=True)),
        ]  # fmt: skip
        rows: list[list[Any]] = [[k, village.id, code, words, unit, value, "15/12/2025", ""] for k, (code, words, unit, value) in enumerate(lines, start=1)]
        workbooks.village_form(folder / "phieu_ban" / name, village.name, rows)


def _unmeasured(sample: SampleCommune) -> frame.Array:
    """Two patches outside the commune where the survey has no heights."""
    rows, columns = np.indices(sample.ground.z.shape)
    holes = ((rows - 640) ** 2 / 900 + (columns - 60) ** 2 / 2500 < 1) | ((rows - 45) ** 2 / 700 + (columns - 905) ** 2 / 3000 < 1)
    x, y = frame.GRID_X0 + (columns + 0.5) * frame.CELL_M, frame.GRID_Y0 + (rows + 0.5) * frame.CELL_M
    places.require(not shapely.contains_xy(sample.boundary, x[holes], y[holes]).any(), "no heights missing inside")
    return holes


def _faults(sample: SampleCommune, duplicate: int) -> list[Fault]:
    """The list, from the very data that were written."""
    roads, shp = sample.roads, "sources/duong_giao_thong.shp"
    number = {id(r): k for k, r in enumerate(roads, start=1)}
    out = [
        Fault(shp, str(number[id(r)]), f"{r.id} {r.name}: chưa ghi KET_CAU", "ROAD_SURFACE_UNKNOWN") for r in roads if r.road_class == "ĐB" and not r.surface
    ]
    odd = next(r for r in roads if r.surface == "VL2")
    out.append(Fault(shp, str(number[id(odd)]), f"{odd.id} {odd.name}: KET_CAU \"VL2\" không có trong danh mục", "CODE_UNKNOWN"))
    twice = next(k for k, r in enumerate(roads[:-1], start=1) if r is roads[-1])
    out.append(Fault(shp, str(len(roads)), f"{roads[-1].id} ghi lại nguyên dòng {twice}", "DUPLICATE_ROW"))
    double = next(r for r in roads if "đo lại" in r.name)
    host = next(r for r in roads if r.name == double.name.replace(" (đo lại)", ""))
    out.append(Fault(shp, f"{number[id(host)]} và {number[id(double)]}", f"{double.id} chạy sát {host.id} khoảng {double.line.length:.0f} m", "ROAD_SUSPECTED_DOUBLE"))
    k = next(k for k, v in enumerate(sample.villages, start=1) if v.id == NFD_VILLAGE)
    name = sample.villages[k - 1].name
    out.append(Fault("sources/ban.gpkg, ban", str(k), f"Tên bản {name} ghi bằng dấu rời (NFD)", "NAME_NOT_NFC"))
    alike = [k for k, v in enumerate(sample.villages, start=1) if v.name in ("Hô Tra", "Hô Ta")]
    out.append(Fault("sources/ban.gpkg, ban", " và ".join(map(str, alike)), "Hô Tra và Hô Ta là hai bản khác nhau", "SIMILAR_NAMES"))
    out += _school_faults(sample, duplicate) + _hall_faults(sample) + _list_faults(sample) + _area_faults(sample) + _later_faults(sample)
    return out


def _school_faults(sample: SampleCommune, duplicate: int) -> list[Fault]:
    file = "sources/truong_hoc.xlsx, Trường học"
    row = {c.id: 7 + k + (1 if 7 + k >= duplicate else 0) for k, c in enumerate(sample.campuses, start=1)}
    out = [Fault(file, str(duplicate), "Dòng của DT02 chép lại nguyên vẹn", "DUPLICATE_ROW"), Fault(file, str(8 + len(row) + 1), "Dòng tổng cộng", "TOTAL_ROW")]
    for c in sample.campuses:
        if c.status == "Không sử dụng":
            out.append(Fault(file, str(row[c.id]), f"{c.id} {c.name}: không còn sử dụng", "SCHOOL_DISUSED"))
        if c.point is None:
            out.append(Fault(file, str(row[c.id]), f"{c.id} {c.name}: chưa có tọa độ", "NOT_LOCATED"))
        if not c.facility:
            out.append(Fault(file, str(row[c.id]), f"{c.id} {c.name}: chưa ghi mức độ CSVC", "FACILITY_LEVEL_UNKNOWN"))
    return out


def _hall_faults(sample: SampleCommune) -> list[Fault]:
    file = "sources/nha_van_hoa.xlsx, Nhà văn hóa"
    out = [Fault(file, str(8 + len(sample.halls)), "Dòng tổng cộng", "TOTAL_ROW")]
    for k, h in enumerate(sample.halls, start=8):
        if h.point is None:
            out.append(Fault(file, str(k), f"{h.id} {h.name}: chưa có tọa độ", "NOT_LOCATED"))
        if h.seats is None:
            out.append(Fault(file, str(k), f"{h.id} {h.name}: chưa ghi số chỗ ngồi", "HOUSE_SIZE_UNKNOWN"))
    having = {h.village for h in sample.halls}
    for k, v in enumerate(sample.villages, start=1):
        if v.id not in having:
            out.append(Fault("sources/ban.gpkg, ban", str(k), f"Bản {v.name} chưa có nhà văn hóa", "VILLAGE_WITHOUT_HOUSE"))
    return out


def _list_faults(sample: SampleCommune) -> list[Fault]:
    out = []
    for k, row in enumerate(sample.facilities, start=2):
        if row.point is None:
            out.append(Fault("sources/co_so_cong_cong.csv", str(k), f"{row.cells[0]} {row.cells[2]}: chưa ghi vị trí", "NOT_LOCATED"))
    for k, row in enumerate(sample.loudspeakers, start=2):
        if not row.cells[2]:
            out.append(Fault("sources/loa_truyen_thanh.csv", str(k), f"{row.cells[0]} ({row.cells[1]}): chưa ghi tình trạng", "VALUE_MISSING"))
        if not row.cells[3]:
            out.append(Fault("sources/loa_truyen_thanh.csv", str(k), f"{row.cells[0]} ({row.cells[1]}): chưa ghi bán kính", "RADIUS_UNKNOWN"))
    heads = [w for w in sample.works if w.kind != "Kênh"]
    for k, work in enumerate(heads, start=1):
        if not work.condition:
            out.append(Fault("sources/cong_trinh_thuy_loi.kml, Công trình đầu mối", str(k), f"{work.id} {work.name}: chưa ghi tình trạng", "CONDITION_UNKNOWN"))
    rows = next(s for s in sheets.sheets(sample.ho_tra.id) if s[0] == "Nhiệm vụ")[3]
    for k, cells in enumerate(rows, start=5):
        if not cells[3]:
            out.append(Fault(f"sources/{SUMMARY}, Nhiệm vụ", str(k), f"{cells[0]}: chưa ghi đơn vị chủ trì", "VALUE_MISSING"))
    funds = f"sources/{SUMMARY}, Nguồn vốn"
    out.append(Fault(funds, "10", "NV06: 2.256 không bằng 602 + 1.954 = 2.556", "FUNDS_SUM"))
    out.append(Fault(funds, "5", "NV01: 3.900 không bằng 1.304 + 40 + 2.256 = 3.600", "FUNDS_SUM"))
    return out


def _area_faults(sample: SampleCommune) -> list[Fault]:
    out = []
    for k, p in enumerate(sample.parcels, start=1):
        if not p.land_use:
            out.append(Fault("sources/dat_nong_nghiep.gpkg, dat_nn", str(k), f"{p.id}: chưa ghi LOAI_DAT", "VALUE_MISSING"))
    for k, plot in enumerate(sample.tea, start=1):
        if plot.village == WRONG_VILLAGE:
            out.append(Fault("sources/che_2025.tab", str(k), f"{plot.id}: không có bản {WRONG_VILLAGE}", "REFERENCE_UNKNOWN"))
    for k, site in enumerate(sample.environment, start=1):
        if not sample.boundary.contains(site.point):
            out.append(Fault("sources/nen_dia_ly.gpkg, diem_moi_truong", str(k), f"{site.id} {site.name}: nằm ngoài ranh giới xã", "OUTSIDE_BOUNDARY"))
    return out


def _later_faults(sample: SampleCommune) -> list[Fault]:
    register = "sources/dang_ky_quy_hoach.gpkg, quy_hoach"
    return [
        Fault(f"sources/qh_su_dung_dat_muong_khoa_cu.gpkg, pham_vi; {register}", "1; 1",
              "P1 và P2 chồng nhau 18,3 ha dọc ranh giới cũ; P1 là ONT, P2 là CLN", "PLAN_OVERLAP", later=True),
        Fault(register, "1", "P2: chưa ghi số quyết định", "PLAN_DECISION_MISSING", later=True),
        Fault("sources/gpx/duong_ho_tra_3.gpx", "48", "Một điểm ở kinh độ 0, vĩ độ 0", "TRACK_JUMP", later=True),
        Fault(f"sources/{SUMMARY}, Báo cáo đường", "11", "BC07: Km6+800 - Km7+200, quá cuối đường 7 km", "REPORT_BEYOND_ROAD", later=True),
    ]  # fmt: skip


def blanks() -> list[str]:
    """What is left blank without being a fault of its own."""
    return [
        "dat_nong_nghiep.gpkg: TD018, TD065, TD122 chưa ghi MA_CT (chưa rõ có được tưới hay không).",
        "duong_giao_thong.shp: một số dòng chưa ghi BE_RONG, MUA_LU, SACH, NAM.",
        "cau_ngam: một số ngầm chưa ghi MUA_LU.",
        "Báo cáo đường: BC06 rộng 2,8 m, hẹp hơn 3,0 m (chỉ tính là đã báo cáo); BC02 và BC03 chồng nhau 150 m.",
        "gpx/duong_ho_tra_2.gpx: mất tín hiệu khoảng Km3+100 - Km3+950.",
        "Giải ngân: GN07 ngày 15/01/2026, sau ngày chốt số liệu.",
        "P5 (trung tâm xã) hết hạn 31/12/2020; P1 và P2 để trống khoảng 6,4 ha ở một chỗ dọc ranh giới cũ.",
    ]


def known(sample: SampleCommune) -> list[str]:
    """The truths that tests hold."""
    ginseng = sum(frame.area_ha(p.shape) for p in sample.crops if p.kind == "Sâm Lai Châu")
    places.require(abs(ginseng - GINSENG_HA) < 0.004, f"ginseng {ginseng:.4f}")
    return [
        f"Diện tích xã {vi(frame.AREA_KM2)} km²; dân số {vi(frame.PEOPLE, 0)}; {vi(frame.HOUSEHOLDS, 0)} hộ; 20 bản.",
        f"Chè vẽ trên bản đồ {vi(TEA_HA, 1)} ha, kinh doanh {vi(HARVEST_HA, 1)} ha; kê khai {vi(TEA_HA, 1)} ha; sâm {vi(GINSENG_HA)} ha.",
        "Đường lên bản Hô Tra 7,00 km; nghiệm thu 2,60 km, đã đổ 3,90 km, đã báo cáo 4,10 km (31/12/2025).",
        "Nguồn vốn 3.900 = 1.304 (504 + 800) + 40 + 2.256 (602 + 1.954), mâu thuẫn giữ nguyên như kế hoạch.",
        "Quy hoạch: chồng 18,3 ha, trống 6,4 ha, ngoài ranh giới 0 ha.",
        "Năm dòng chưa có vị trí vẫn được đếm: 1 điểm trường, 2 nhà văn hóa, 2 cơ sở công cộng.",
    ]
