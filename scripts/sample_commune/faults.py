"""The faults put into the sample on purpose, read off the very data that were written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import crops, lanes, lists, office, tables, workbooks
from .irrigation import CANAL

if TYPE_CHECKING:
    from .commune import SampleCommune

_REGISTER = "sources/dang_ky_quy_hoach.gpkg, quy_hoach"
_SHEET_TOP = 5  # the first row of a sheet of the summary workbook
_WHOLE_FILE = "cả tệp"
_YEAR, _LEAD_POINTS = 2025, 10
_CHEAP = "DX12"


@dataclass(frozen=True)
class Fault:
    """A fault, the row as the user sees it, and the code of the finding that must name it."""

    file: str
    row: int | str
    what: str
    code: str


def find(sample: SampleCommune) -> list[Fault]:
    """List every fault by file."""
    return [
        *_roads(sample),
        *_villages(sample),
        *_schools(sample),
        *_halls(sample),
        *_places(sample),
        *_land(sample),
        *_summary(),
        *_drawings(),
        *_plans(),
        *_roadworks(),
        *_figures(),
        *_money(),
    ]


def _roads(sample: SampleCommune) -> list[Fault]:
    file, roads = "sources/duong_giao_thong.shp", sample.roads
    out = []
    for k, r in enumerate(roads, start=1):
        if r.road_class == "ĐB" and not r.surface:
            what = f"{r.id} {r.name}: chưa ghi KET_CAU"
            out.append(Fault(file, k, what, "ROAD_SURFACE_UNKNOWN"))
        if r.surface == lanes.ODD_SURFACE:
            what = f'{r.id} {r.name}: KET_CAU "{r.surface}" không có trong danh mục'
            out.append(Fault(file, k, what, "CODE_UNKNOWN"))
    again = next(k for k, r in enumerate(roads) if "đo lại" in r.name)
    host = next(k for k, r in enumerate(roads) if r.name == lanes.DOUBLED)
    what = f"{roads[again].id} chạy sát {roads[host].id} khoảng {roads[again].line.length:.0f} m"
    out.append(Fault(file, f"{host + 1} và {again + 1}", what, "ROAD_SUSPECTED_DOUBLE"))
    first = next(k for k, r in enumerate(roads, start=1) if r is roads[-1])
    what = f"{roads[-1].id}: ghi lại nguyên dòng {first}"
    out.append(Fault(file, len(roads), what, "DUPLICATE_ROW"))
    return out


def _villages(sample: SampleCommune) -> list[Fault]:
    file = "sources/ban.gpkg, ban"
    number = {v.id: k for k, v in enumerate(sample.villages, start=1)}
    name = sample.village(office.NFD_VILLAGE).name
    what = f"Tên bản {name} ghi bằng dấu rời (NFD)"
    out = [Fault(file, number[office.NFD_VILLAGE], what, "NAME_NOT_NFC")]
    alike = f"{number['MK04']} và {number['PK04']}"
    out.append(Fault(file, alike, "Hô Tra và Hô Ta là hai bản khác nhau", "SIMILAR_NAMES"))
    having = {h.village for h in sample.halls if h.status == lists.IN_USE}
    for v in sample.villages:
        if v.id not in having:
            what = f"Bản {v.name} chưa có nhà văn hóa"
            out.append(Fault(file, number[v.id], what, "VILLAGE_WITHOUT_HOUSE"))
    return out


def _schools(sample: SampleCommune) -> list[Fault]:
    file = "sources/truong_hoc.xlsx, Trường học"
    twice = workbooks.DUPLICATE_ROW
    again = sample.campuses[workbooks.DUPLICATED].id
    last = workbooks.FIRST_ROW + len(sample.campuses) + 1
    out = [
        Fault(file, twice, f"Dòng của {again} chép lại nguyên vẹn", "DUPLICATE_ROW"),
        Fault(file, last, "Dòng tổng cộng", "TOTAL_ROW"),
    ]
    for k, c in enumerate(sample.campuses, start=workbooks.FIRST_ROW):
        row, words = k + (k >= twice), f"{c.id} {c.name}"
        if c.status == lists.DISUSED:
            out.append(Fault(file, row, f"{words}: không còn sử dụng", "SCHOOL_DISUSED"))
        if c.point is None:
            out.append(Fault(file, row, f"{words}: chưa có tọa độ", "NOT_LOCATED"))
        if not c.facility:
            what = f"{words}: chưa ghi mức độ CSVC"
            out.append(Fault(file, row, what, "FACILITY_LEVEL_UNKNOWN"))
    return out


def _halls(sample: SampleCommune) -> list[Fault]:
    file = "sources/nha_van_hoa.xlsx, Nhà văn hóa"
    last = workbooks.FIRST_ROW + len(sample.halls)
    out = [Fault(file, last, "Dòng tổng cộng", "TOTAL_ROW")]
    for k, h in enumerate(sample.halls, start=workbooks.FIRST_ROW):
        if h.point is None:
            out.append(Fault(file, k, f"{h.id} {h.name}: chưa có tọa độ", "NOT_LOCATED"))
        if h.seats is None:
            what = f"{h.id} {h.name}: chưa ghi số chỗ ngồi"
            out.append(Fault(file, k, what, "HOUSE_SIZE_UNKNOWN"))
    return out


def _places(sample: SampleCommune) -> list[Fault]:
    out = []
    for k, row in enumerate(sample.facilities, start=2):
        if not row.place:
            what = f"{row.cells[0]} {row.cells[2]}: chưa ghi vị trí"
            out.append(Fault("sources/co_so_cong_cong.csv", k, what, "NOT_LOCATED"))
    file = "sources/loa_truyen_thanh.csv"
    for k, row in enumerate(sample.loudspeakers, start=2):
        words = f"{row.cells[0]} ({row.cells[1]})"
        if not row.cells[2]:
            out.append(Fault(file, k, f"{words}: chưa ghi tình trạng", "VALUE_MISSING"))
        if not row.cells[3]:
            out.append(Fault(file, k, f"{words}: chưa ghi bán kính", "RADIUS_UNKNOWN"))
    file = "sources/nen_dia_ly.gpkg, diem_moi_truong"
    for k, site in enumerate(sample.environment, start=1):
        if not sample.boundary.contains(site.point):
            what = f"{site.id} {site.name}: nằm ngoài ranh giới xã"
            out.append(Fault(file, k, what, "OUTSIDE_BOUNDARY"))
    return out


def _land(sample: SampleCommune) -> list[Fault]:
    out = []
    file = "sources/cong_trinh_thuy_loi.kml, Công trình đầu mối"
    canals_first = sorted(sample.works, key=lambda w: w.kind != CANAL)
    for k, work in enumerate(canals_first, start=1):
        if not work.condition:
            what = f"{work.id} {work.name}: chưa ghi tình trạng"
            out.append(Fault(file, k, what, "CONDITION_UNKNOWN"))
    for k, p in enumerate(sample.parcels, start=1):
        if not p.land_use:
            what = f"{p.id}: chưa ghi LOAI_DAT"
            out.append(Fault("sources/dat_nong_nghiep.gpkg, dat_nn", k, what, "VALUE_MISSING"))
    for k, plot in enumerate(sample.tea, start=1):
        if plot.village == crops.WRONG_VILLAGE:
            what = f"{plot.id}: không có bản {plot.village}"
            out.append(Fault("sources/che_2025.tab", k, what, "REFERENCE_UNKNOWN"))
    return out


def _summary() -> list[Fault]:
    file = f"sources/{office.SUMMARY}"
    out = []
    for k, cells in enumerate(tables.sheet("Nhiệm vụ"), start=_SHEET_TOP):
        if not cells[3]:
            what = f"{cells[0]}: chưa ghi đơn vị chủ trì"
            out.append(Fault(f"{file}, Nhiệm vụ", k, what, "VALUE_MISSING"))
    rows = tables.sheet("Nguồn vốn")
    for k, row in enumerate(rows, start=_SHEET_TOP):
        parts = [r[3] for r in rows if r[2] == row[0]]
        if parts and sum(parts) != row[3]:
            total = " + ".join(lists.vi(p, 0) for p in parts)
            said, found = lists.vi(row[3], 0), lists.vi(sum(parts), 0)
            what = f"{row[0]}: {said} không bằng {total} = {found}"
            out.append(Fault(f"{file}, Nguồn vốn", k, what, "FUNDS_SUM"))
    return out


def _figures() -> list[Fault]:
    """Two documents of one day that say different things of one indicator."""
    out = []
    seen: dict[tuple[str, ...], tuple[int, str]] = {}
    for k, row in enumerate(tables.sheet("Số liệu chỉ tiêu"), start=_SHEET_TOP):
        key = tuple(str(row[n]) for n in (0, 1, 2, 3, 8))
        first, document = seen.setdefault(key, (k, row[9]))
        if first != k:
            sources = " và ".join(name.partition(" (")[0] for name in (document, row[9]))
            what = f"Chỉ tiêu {row[0]}: {sources} ghi khác nhau"
            file = f"sources/{office.SUMMARY}, Số liệu chỉ tiêu"
            out.append(Fault(file, f"{first} và {k}", what, "FIGURE_CONFLICT"))
    return out


def _money() -> list[Fault]:
    """Money that leads its work, a payment of next year, a road far too cheap."""
    file = f"sources/{office.SUMMARY}"
    payments = tables.sheet("Giải ngân")
    out = []
    for k, row in enumerate(tables.sheet("Công trình"), start=_SHEET_TOP):
        paid = sum(p[3] for p in payments if p[2] == row[0] and p[4].year == _YEAR)
        share = 100 * paid / row[10]
        # CT01 stands by the kilometres poured, not by what its list says.
        if row[0] != "CT01" and share > row[11] + _LEAD_POINTS:
            told = f"đã chi {lists.vi(share, 1)} % kế hoạch, khối lượng {row[11]} %"
            out.append(Fault(f"{file}, Công trình", k, f"{row[0]}: {told}", "MONEY_LEADS"))
    for k, row in enumerate(payments, start=_SHEET_TOP):
        if row[4].year > _YEAR:
            what = f"{row[0]}: ngày {row[4]:%d/%m/%Y}, sau ngày số liệu"
            out.append(Fault(f"{file}, Giải ngân", k, what, "PAYMENT_LATER"))
    for k, row in enumerate(tables.sheet("Danh mục đề xuất"), start=_SHEET_TOP):
        if row[0] == _CHEAP:
            what = (
                f"{row[0]}: {row[6]} triệu đồng cho khoảng 2 km đường, thấp hơn hẳn các đường khác"
            )
            out.append(Fault(f"{file}, Danh mục đề xuất", k, what, "UNIT_COST_BELOW"))
    return out


def _drawings() -> list[Fault]:
    what = "Quy hoạch sử dụng đất Phúc Khoa: bản vẽ chỉ có nét và chữ, được ghép thành khu khi nhận"
    return [Fault("sources/qh_su_dung_dat_phuc_khoa.dxf", _WHOLE_FILE, what, "DRAWING_ASSEMBLED")]


def _plans() -> list[Fault]:
    plan = "sources/qh_su_dung_dat_muong_khoa_cu.gpkg"
    overlap = "P1 và P2 chồng nhau 18,3 ha dọc ranh giới cũ"
    clash = "18,3 ha ấy: khu Z114 của P1 là ONT, khu của P2 là CLN"
    gap = "P1 và P2 để trống khoảng 6,4 ha ở một chỗ dọc ranh giới cũ"
    return [
        Fault(f"{plan}, pham_vi", 1, overlap, "PLAN_OVERLAP_SEAM"),
        Fault(f"{plan}, khu_chuc_nang", 114, clash, "PLAN_LAND_USE_CONFLICT"),
        Fault(f"{plan}; {_REGISTER}", "–", gap, "PLAN_UNCOVERED"),
        Fault(_REGISTER, 1, "P2: chưa ghi số quyết định", "PLAN_WITHOUT_DECISION"),
        Fault(_REGISTER, 4, "P5 (trung tâm xã) hết hạn 31/12/2020", "PLAN_EXPIRED"),
    ]


def _roadworks() -> list[Fault]:
    track = "Điểm thứ 48 ở kinh độ 0, vĩ độ 0"
    beyond = "BC07: Km6+800 - Km7+200, quá cuối đường 7 km"
    reports = f"sources/{office.SUMMARY}, Báo cáo đường"
    return [
        Fault("sources/gpx/duong_ho_tra_3.gpx", 1, track, "TRACK_JUMP"),
        Fault(reports, _SHEET_TOP + 6, beyond, "REPORT_BEYOND_ROAD"),
    ]


_HEAD = """\
# Chỗ sai đặt sẵn trong xã mẫu

*Faults put into the sample commune on purpose.*

DỮ LIỆU MINH HỌA. Tệp này do `scripts/make_sample.py` ghi ra cùng với dữ liệu. Mỗi dòng là một chỗ
sai như cán bộ hay gặp, và mã của điểm cần kiểm tra phải nêu đúng chỗ đó. Số dòng là số dòng trong
Excel, số thứ tự đối tượng từ 1 (shapefile, GeoPackage, MapInfo; KML: thứ tự trong cả tệp), hoặc số
dòng của tệp CSV (dòng 1 là tiêu đề); bản vẽ thì nêu cả tệp.

*Each row is a fault as offices meet it, and the code of the finding that must name it. Rows are
counted as a user sees them: Excel rows, features from 1, lines of a CSV file; a drawing is named
as a whole.*

| số | tệp, bảng | dòng | chỗ sai | mã |
| --- | --- | --- | --- | --- |
"""

_TAIL = """
## Chỗ trống làm rộng khoảng giá trị, không phải chỗ sai riêng

*Blanks and traps without a row of their own above.*

- dat_nong_nghiep.gpkg: TD018, TD065, TD122 chưa ghi MA_CT (chưa rõ có được tưới hay không).
- duong_giao_thong.shp: một số dòng chưa ghi BE_RONG, MUA_LU, SACH, NAM.
- nen_dia_ly.gpkg, cau_ngam: một số ngầm chưa ghi MUA_LU.
- Báo cáo đường: BC06 rộng 2,8 m, hẹp hơn 3,0 m (chỉ tính là đã báo cáo); BC02 và BC03 chồng nhau
  150 m.
- gpx/duong_ho_tra_2.gpx: mất tín hiệu khoảng Km3+100 - Km3+950.
- Mục tiêu: "1.282,2" và "1.249" ghi bằng chữ; mã chỉ tiêu "17.1" khác "17.10".

## Số đã biết

*Known truths.*

- Diện tích xã 168,83 km²; dân số 12.529; 2.484 hộ; 20 bản.
- Chè vẽ trên bản đồ 1.282,2 ha, kinh doanh 1.249,0 ha; kê khai 1.282,2 ha; sâm 1,89 ha.
- Đường lên bản Hô Tra 7,00 km; nghiệm thu 2,60 km, đã đổ 3,90 km, đã báo cáo 4,10 km (31/12/2025).
- Nguồn vốn 3.900 = 1.304 (504 + 800) + 40 + 2.256 (602 + 1.954): mâu thuẫn giữ nguyên như kế hoạch.
- Còn 2.745 triệu đồng (31/12/2025): tốt nhất là 14 tiêu chí (thêm tiêu chí 6), 1.013 hộ; trong đó
  hai đường (DX01, DX16), một điểm trường (DX05). Thêm 500 triệu đồng: 15 tiêu chí (thêm 5).
- Quy hoạch: chồng 18,3 ha, trống 6,4 ha, ngoài ranh giới 0 ha.
- Năm dòng chưa có vị trí vẫn được đếm: 1 điểm trường, 2 nhà văn hóa, 2 cơ sở công cộng.
"""


def text(faults: list[Fault]) -> str:
    """Write FAULTS.md, numbered in the order given."""
    rows = [
        f"| {k} | {f.file} | {f.row} | {f.what} | `{f.code}` |\n"
        for k, f in enumerate(faults, start=1)
    ]
    return _HEAD + "".join(rows) + _TAIL
