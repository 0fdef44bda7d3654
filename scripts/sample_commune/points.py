"""Houses, crossings, schools, village halls, loudspeakers, public places: the office's lists of points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
import shapely.ops
from shapely.geometry import Point

from . import frame
from .places import Village, require

if TYPE_CHECKING:
    from shapely.geometry import Polygon

    from .areas import Land, Plot
    from .roads import Road
    from .water import Water


@dataclass(frozen=True)
class Building:
    """A group of homes."""

    id: str
    village: str
    households: int
    point: Point


def buildings(villages: list[Village], land: Land, roads: list[Road], water: Water, rng: np.random.Generator) -> list[Building]:
    """About 600 groups of homes on the gentler ground of each village, their households adding up."""
    wet = shapely.unary_union([water.river.buffer(34.0), *(s.buffer(12.0) for s in water.streams)])
    carriageways = shapely.unary_union([r.line.buffer(5.0) for r in roads])
    out: list[Building] = []
    for village in villages:
        count = round(village.households / 4.14)
        sizes = np.full(count, village.households // count)
        sizes[: village.households - int(sizes.sum())] += 1
        for _ in range(count):  # some homes stand alone, some close together
            a, b = rng.integers(0, count, 2)
            if sizes[a] > 2 and sizes[b] < 8:
                sizes[a] -= 1
                sizes[b] += 1
        spread, spots = 70.0 + 9.0 * count**0.5, []
        while len(spots) < count:
            x, y = np.round(rng.normal((village.x, village.y), spread), 2)
            spot = Point(x, y)
            spread += 0.06
            clear = not wet.contains(spot) and not carriageways.contains(spot)
            apart = all(spot.distance(s) > 13.0 for s in spots)
            if clear and apart and land.slope_at(x, y) < 24.0 and land.commune.contains(spot):
                spots.append(spot)
        for spot, size in zip(spots, sizes.tolist(), strict=True):
            out.append(Building(f"N{len(out) + 1:04d}", village.id, size, spot))
    require(sum(b.households for b in out) == frame.HOUSEHOLDS, "households of buildings")
    return out


@dataclass(frozen=True)
class Crossing:
    """Where a road meets water."""

    id: str
    kind: str
    road: str
    wet: str
    name: str
    point: Point


def crossings(roads: list[Road], water: Water) -> list[Crossing]:
    """Bridges on the main roads, culverts and fords on the others."""
    out: list[Crossing] = []
    for road in dict((r.id, r) for r in roads).values():
        for stream in [water.river, *water.streams]:
            for spot in shapely.get_parts(road.line.intersection(stream)):
                if spot.geom_type != "Point" or any(c.point.distance(spot) < 45.0 for c in out):
                    continue
                if road.road_class == "QL" or (stream is water.river and road.road_class == "ĐX"):
                    kind = "Cầu" if stream is water.river or len(out) % 3 == 0 else "Cống"
                elif stream is water.river:
                    kind = "Cầu" if road.surface in ("BTXM", "Cấp phối") else "Ngầm"
                else:
                    kind = "Cống" if road.surface in ("BTXM", "Nhựa", "Láng nhựa") else "Ngầm"
                wet = "Có" if kind != "Ngầm" else ("" if len(out) % 7 == 6 else "Không")
                number = len(out) + 1
                out.append(Crossing(f"CN{number:02d}", kind, road.id, wet, f"{kind} {road.name}", frame.rounded(spot, 2)))
    return out


@dataclass(frozen=True)
class Campus:
    """A row of the list of schools."""

    id: str
    school: str
    name: str
    level: str
    campus: str
    status: str
    facility: str
    pupils: int
    rooms: int
    rooms_needed: int
    toilets_needed: int
    yard: int
    land: float
    floor: float
    owner: str
    paper: str
    state: str
    point: Point | None
    note: str = ""


# campus, school, name, level, main or satellite, facility level, village, pupils, rooms, lacks (rooms, toilets), state, paper
_CAMPUSES: list[tuple[str, str, str, str, str, str, str, int, int, int, int, str, str]] = [
    ("DT01", "S01", "Trường Mầm non Mường Khoa", "MN", "Điểm chính", "Mức độ 1", "MK01", 148, 7, 0, 0, "Tốt", "Có"),
    ("DT02", "S01", "Điểm trường mầm non Nà Nghè", "MN", "Điểm lẻ", "Mức độ 1", "MK02", 42, 2, 0, 0, "Tốt", "Có"),
    ("DT03", "S01", "Điểm trường mầm non Nà An", "MN", "Điểm lẻ", "Chưa đạt", "MK05", 51, 2, 1, 1, "Cần sửa", "Chưa có"),
    ("DT04", "S01", "Điểm trường mầm non Phiêng Cúm", "MN", "Điểm lẻ", "Chưa đạt", "MK08", 33, 1, 1, 1, "Cần sửa", "Có"),
    ("DT05", "S02", "Trường Tiểu học Mường Khoa", "TH", "Điểm chính", "Mức độ 1", "MK09", 276, 12, 0, 0, "Tốt", "Có"),
    ("DT06", "S02", "Điểm trường tiểu học Phiêng Hào", "TH", "Điểm lẻ", "Chưa đạt", "MK03", 47, 3, 1, 1, "Cần sửa", "Có"),
    ("DT07", "S02", "Điểm trường tiểu học Nậm Cung", "TH", "Điểm lẻ", "Chưa đạt", "MK10", 35, 2, 1, 1, "Xuống cấp", "Chưa có"),
    ("DT08", "S02", "Điểm trường tiểu học Nà Cóoc", "TH", "Điểm lẻ", "Mức độ 1", "MK06", 52, 3, 0, 0, "Tốt", "Có"),
    ("DT09", "S02", "Điểm trường tiểu học Hua Cần", "TH", "Điểm lẻ", "Chưa đạt", "MK12", 0, 2, 0, 0, "Xuống cấp", "Chưa có"),
    ("DT10", "S03", "Trường THCS Mường Khoa", "THCS", "Điểm chính", "Mức độ 1", "MK01", 312, 10, 0, 0, "Tốt", "Có"),
    ("DT11", "S04", "Trường Mầm non Phúc Khoa", "MN", "Điểm chính", "Mức độ 2", "PK01", 165, 8, 0, 0, "Tốt", "Có"),
    ("DT12", "S04", "Điểm trường mầm non Ngọc Lại", "MN", "Điểm lẻ", "Mức độ 1", "PK02", 74, 3, 0, 0, "Tốt", "Có"),
    ("DT13", "S04", "Điểm trường mầm non Nà Khoang", "MN", "Điểm lẻ", "Mức độ 1", "PK05", 63, 3, 0, 0, "Tốt", "Có"),
    ("DT14", "S05", "Trường Tiểu học Phúc Khoa", "TH", "Điểm chính", "Mức độ 2", "PK01", 298, 13, 0, 0, "Tốt", "Có"),
    ("DT15", "S05", "Điểm trường tiểu học Nậm Bon", "TH", "Điểm lẻ", "Mức độ 1", "PK03", 88, 5, 0, 0, "Tốt", "Có"),
    ("DT16", "S05", "Điểm trường tiểu học Hô Ta", "TH", "Điểm lẻ", "Mức độ 1", "PK04", 69, 4, 0, 0, "Cần sửa", "Có"),
    ("DT17", "S06", "Trường THCS Phúc Khoa", "THCS", "Điểm chính", "Mức độ 1", "PK02", 267, 9, 0, 0, "Tốt", "Có"),
    ("DT18", "S07", "Trường PTDTBT TH và THCS Hô Tra", "TH, THCS", "Điểm chính", "Chưa đạt", "MK04", 196, 8, 3, 2, "Cần sửa", "Chưa có"),
    ("DT19", "S07", "Điểm trường Hô Be", "TH", "Điểm lẻ", "Chưa đạt", "MK07", 0, 2, 0, 0, "Xuống cấp", "Có"),
    ("DT20", "S08", "Trường Mầm non Nậm Bon", "MN", "Điểm chính", "Mức độ 1", "PK03", 81, 4, 0, 0, "Tốt", "Có"),
    ("DT21", "S08", "Điểm trường mầm non Hô Bon", "MN", "Điểm lẻ", "Mức độ 1", "PK06", 38, 2, 0, 0, "Tốt", "Tranh chấp"),
    ("DT22", "S08", "Điểm trường mầm non Hô Ta", "MN", "Điểm lẻ", "", "PK04", 44, 2, 1, 1, "Cần sửa", "Có"),
]  # fmt: skip
_DISUSED = ("DT09", "DT19")
_CAMPUS_WITHOUT_PLACE = "DT07"


def campuses(villages: list[Village], land: Land) -> list[Campus]:
    """Twenty-two campuses of eight schools."""
    by_id = {v.id: v for v in villages}
    out = []
    for k, (code, school, name, level, main, facility, village, pupils, rooms, more, toilets, state, paper) in enumerate(_CAMPUSES):
        spot = beside(by_id[village], land, 150.0 + 23.0 * (k % 5), 40.0 + 77.0 * k)
        out.append(
            Campus(code, school, name, level, main, "Không sử dụng" if code in _DISUSED else "Đang sử dụng", facility,
                   pupils, rooms, more, toilets, 120 + 60 * rooms, round(640.0 + 315.5 * rooms, 1), round(58.5 * rooms, 1),
                   "UBND xã" if code in _DISUSED else "Nhà trường", paper, state,
                   None if code == _CAMPUS_WITHOUT_PLACE else spot,
                   "Không còn học sinh từ năm học 2022-2023" if code in _DISUSED else "")
        )  # fmt: skip
    return out


def beside(village: Village, land: Land, away: float, direction: float) -> Point:
    """A spot near a village on gentle ground, turned round until one is found."""
    spot = village.point
    for turn in range(0, 360, 24):
        angle = np.radians(direction + turn)
        spot = Point(round(village.x + away * np.cos(angle), 2), round(village.y + away * np.sin(angle), 2))
        if land.slope_at(spot.x, spot.y) < 19.0 and land.commune.contains(spot):
            break
    return spot


@dataclass(frozen=True)
class Hall:
    """A row of the list of village cultural houses."""

    id: str
    village: str
    name: str
    status: str
    floor: float
    seats: int | None
    land: float
    year: int
    point: Point | None
    note: str = ""


_WITHOUT_HALL = ("MK04", "MK12")
_SMALL = {"MK11": (86.0, 45), "MK10": (120.0, 40)}
_HALL_WITHOUT_PLACE = ("MK08", "PK05")


def halls(villages: list[Village], land: Land) -> list[Hall]:
    """Eighteen halls in use and a disused second one at Phúc Khoa."""
    out = []
    for k, village in enumerate(v for v in villages if v.id not in _WITHOUT_HALL):
        floor, seats = _SMALL.get(village.id, (108.0 + 9.0 * (k * 5 % 13), 55 + 5 * (k * 3 % 12)))
        place = None if village.id in _HALL_WITHOUT_PLACE else beside(village, land, 95.0, 200.0 + 41.0 * k)
        out.append(Hall(f"NVH{k + 1:02d}", village.id, f"Nhà văn hóa bản {village.name}", "Đang sử dụng", floor,
                        None if village.id == "MK13" else seats, 300.0 + 25.5 * (k % 7), 2006 + (k * 7) % 18, place))  # fmt: skip
    old = next(v for v in villages if v.id == "PK01")
    out.append(Hall("NVH19", "PK01", "Nhà văn hóa cũ bản Phúc Khoa", "Không sử dụng", 74.0, 40, 210.0, 1998,
                    beside(old, land, 210.0, 300.0), "Đã có nhà mới"))  # fmt: skip
    return out


@dataclass(frozen=True)
class Listed:
    """A row whose place is written in words: loudspeakers and public places."""

    cells: tuple[str, ...]
    place: str
    point: Point | None


def written(point: Point, way: int) -> str:
    """A place as people write it: decimal degrees, degrees-minutes-seconds, VN-2000, a map link."""
    at = frame.moved(point, frame.WORK_CRS, "EPSG:4326")
    if way == 0:
        return f"{at.y:.6f}, {at.x:.6f}"
    if way == 1:
        return f"{_dms(at.y)}N {_dms(at.x)}E"
    if way == 2:
        return f"X={vi(point.y)}; Y={vi(point.x)}"
    return f"https://www.google.com/maps?q={at.y:.6f},{at.x:.6f}"


def _dms(degrees: float) -> str:
    seconds = round(degrees * 3600, 1)
    whole, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{int(whole)}°{int(minutes):02d}'{rest:04.1f}\""



def vi(value: float, digits: int = 2) -> str:
    """A number the Vietnamese way: 2.455.972,70."""
    return f"{value:,.{digits}f}".replace(",", " ").replace(".", ",").replace(" ", ".")


_SILENT = ("MK04", "MK07", "MK12")


def loudspeakers(villages: list[Village], land: Land) -> list[Listed]:
    """Eighteen clusters in seventeen villages; columns: cluster, village, status, radius, note."""
    status = {"MK06": "Hỏng", "MK13": "", "MK14": ""}
    notes = {"MK06": "Hỏng bộ thu từ tháng 8", "MK13": "Chưa kiểm tra", "MK14": "Chưa kiểm tra"}
    rows: list[Listed] = []
    speaking = [v for v in villages if v.id not in _SILENT]
    for k, village in enumerate([*speaking, next(v for v in villages if v.id == "PK01")]):
        spot = beside(village, land, 60.0 if k < len(speaking) else 420.0, 90.0 + 53.0 * k)
        place = written(spot, k % 4)
        if village.id == "MK05":
            place = "Km0+150 đường lên bản Hô Tra"
        elif village.id in ("MK06", "PK04"):
            place = f"bản {village.name}"
        radius = "" if village.id == "PK06" else str(400 + 50 * (k % 4))
        rows.append(
            Listed((f"L{k + 1:02d}", village.id, status.get(village.id, "Hoạt động"), radius, notes.get(village.id, "")), place, spot)
        )
    return rows


# kind, name, status, former commune, land, floor, village, way the place is written (None: not at all, 9: the village's name)
_FACILITIES: list[tuple[str, str, str, str, str, str, str, int | None]] = [
    ("Trụ sở UBND", "Trụ sở UBND xã Mường Khoa", "Đang sử dụng", "Mường Khoa", "4200", "1150", "MK01", 0),
    ("Trụ sở UBND", "Trụ sở UBND xã Phúc Khoa cũ", "Dôi dư", "Phúc Khoa", "3800", "920", "PK01", 2),
    ("Hội trường xã", "Hội trường đa năng xã", "Đang sử dụng", "Mường Khoa", "1500", "420", "MK01", 1),
    ("Trạm y tế", "Trạm y tế xã Mường Khoa", "Đang sử dụng", "Mường Khoa", "1800", "510", "MK01", 3),
    ("Trạm y tế", "Điểm trạm y tế Phúc Khoa", "Đang sử dụng", "Phúc Khoa", "1650", "460", "PK01", 0),
    ("Chợ", "Chợ Phúc Khoa", "Đang sử dụng", "Phúc Khoa", "2600", "700", "PK01", 0),
    ("Bưu điện", "Bưu điện văn hóa xã", "Đang sử dụng", "Mường Khoa", "350", "120", "MK01", 2),
    ("Bưu điện", "Điểm bưu điện Phúc Khoa", "Đang sử dụng", "Phúc Khoa", "300", "95", "PK01", 1),
    ("Công an", "Trụ sở Công an xã", "Đang sử dụng", "Mường Khoa", "900", "260", "MK01", 0),
    ("Công an", "Trụ sở Công an xã Phúc Khoa cũ", "Dôi dư", "Phúc Khoa", "850", "180", "PK01", 2),
    ("Sân thể thao", "Sân thể thao trung tâm xã", "Đang sử dụng", "Mường Khoa", "6500", "", "MK01", 3),
    ("Sân thể thao", "Sân bóng bản Phúc Khoa", "Đang sử dụng", "Phúc Khoa", "4800", "", "PK01", 0),
    ("Sân thể thao", "Sân thể thao bản Mường Khoa", "Đang sử dụng", "Mường Khoa", "2100", "", "MK09", 9),
    ("Khu vui chơi", "Điểm vui chơi trẻ em và người cao tuổi", "Đang sử dụng", "Mường Khoa", "800", "", "MK01", 1),
    ("Khu vui chơi", "Điểm vui chơi bản Ngọc Lại", "Đang sử dụng", "Phúc Khoa", "600", "", "PK02", None),
    ("Nơi tránh trú", "Nơi tránh trú trường Hô Tra", "Đang sử dụng", "Mường Khoa", "", "210", "MK04", None),
    ("Nơi tránh trú", "Nơi tránh trú bản Hô Bon", "Đang sử dụng", "Phúc Khoa", "", "150", "PK06", 2),
    ("Kho", "Kho vật tư phòng chống thiên tai", "Đang sử dụng", "Mường Khoa", "240", "130", "MK01", 9),
]  # fmt: skip


def facilities(villages: list[Village], land: Land) -> list[Listed]:
    """Public places; columns: id, kind, name, status, former commune, land, floor."""
    by_id = {v.id: v for v in villages}
    rows = []
    for k, (kind, name, status, former, area, floor, village, way) in enumerate(_FACILITIES):
        spot = beside(by_id[village], land, 180.0 + 17.0 * (k % 6), 15.0 + 61.0 * k)
        place = "" if way is None else (f"bản {by_id[village].name}" if way == 9 else written(spot, way))
        cells = (f"CS{k + 1:02d}", kind, name, status, former, area, floor)
        rows.append(Listed(cells, place, None if way is None else spot))
    return rows


@dataclass(frozen=True)
class Site:
    """A place that matters to the environment criterion."""

    id: str
    kind: str
    size: str
    village: str
    name: str
    point: Point


def environment(villages: list[Village], plots: list[Plot], land: Land, commune: Polygon) -> list[Site]:
    """Waste places, bins for pesticide packaging by the tea, cemeteries, farms, springs; one outside."""
    by_id = {v.id: v for v in villages}
    rows: list[tuple[str, str, str, str, Point]] = []

    def put(kind: str, size: str, code: str, name: str, away: float, direction: float) -> None:
        rows.append((kind, size, code, name, beside(by_id[code], land, away, direction)))

    put("Bãi rác", "Vừa", "MK08", "Bãi rác tập trung", 900.0, 200.0)
    for k, code in enumerate(("MK01", "MK09", "PK01", "PK02", "PK03")):
        put("Điểm tập kết rác", "Nhỏ", code, f"Điểm tập kết rác {by_id[code].name}", 260.0, 60.0 * k)
    for k, code in enumerate(("MK02", "MK03", "MK13", "PK01", "PK02", "PK03", "PK04", "PK06")):
        plot = max((p for p in plots if p.village == code), key=lambda p: p.shape.area)
        corner = Point(np.round(plot.shape.exterior.coords[k], 2))
        rows.append(("Bể thu gom vỏ thuốc", "Nhỏ", code, f"Bể thu gom cạnh lô {plot.id}", corner))
    for code, away in (("MK05", 700.0), ("PK02", 650.0), ("MK11", 600.0)):
        put("Nghĩa trang", "Nhỏ", code, f"Nghĩa trang {by_id[code].name}", away, 130.0)
    for code, size in (("MK14", "Nhỏ"), ("PK05", "Vừa"), ("MK02", "Nhỏ")):
        put("Trang trại", size, code, f"Trang trại chăn nuôi {by_id[code].name}", 480.0, 260.0)
    for code in ("MK04", "MK12", "PK06"):
        put("Nguồn nước", "", code, f"Nguồn nước {by_id[code].name}", 520.0, 80.0)
    beyond = shapely.ops.nearest_points(commune.exterior, by_id["MK10"].point)[0]
    dx, dy = beyond.x - by_id["MK10"].x, beyond.y - by_id["MK10"].y
    far = 1.0 + 240.0 / float(np.hypot(dx, dy))
    outside = Point(round(by_id["MK10"].x + dx * far, 2), round(by_id["MK10"].y + dy * far, 2))
    require(not commune.contains(outside), "the spring of Nậm Cung lies outside")
    rows.append(("Nguồn nước", "", "MK10", "Nguồn nước Nậm Cung", outside))
    return [Site(f"MT{k:02d}", *row) for k, row in enumerate(rows, start=1)]
