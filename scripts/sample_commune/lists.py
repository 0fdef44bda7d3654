"""The office's lists: schools, village halls, loudspeakers, public places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import frame, tables

if TYPE_CHECKING:
    from shapely.geometry import Point

    from .land import Land
    from .places import Village

IN_USE, DISUSED = "Đang sử dụng", "Không sử dụng"

_DISUSED_CAMPUSES = ("DT09", "DT19")
_CAMPUS_WITHOUT_PLACE = "DT07"
_VILLAGES_WITHOUT_HALL = ("MK04", "MK12")
_HALLS_WITHOUT_PLACE = ("MK08", "PK05")
_HALL_WITHOUT_SEATS = "MK13"
_SMALL_HALLS = {"MK11": (86.0, 45), "MK10": (120.0, 40)}
_SILENT = ("MK04", "MK07", "MK12")
_SPEAKER_STATUS = {"MK06": "Hỏng", "MK13": "", "MK14": ""}
_SPEAKER_NOTES = {
    "MK06": "Hỏng bộ thu từ tháng 8",
    "MK13": "Chưa kiểm tra",
    "MK14": "Chưa kiểm tra",
}
_SPEAKERS_BY_NAME = ("MK06", "PK04")
_SPEAKERS_WITHOUT_RADIUS = ("PK06",)
_BY_NAME = 9  # the place is the village's name


@dataclass(frozen=True, kw_only=True)
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
    owner: str
    paper: str
    state: str
    point: Point | None
    note: str

    @property
    def yard(self) -> int:
        """Square metres of yard."""
        return 120 + 60 * self.rooms

    @property
    def land(self) -> float:
        """Square metres of land."""
        return round(640.0 + 315.5 * self.rooms, 1)

    @property
    def floor(self) -> float:
        """Square metres of floor."""
        return round(58.5 * self.rooms, 1)


def campuses(villages: list[Village], land: Land) -> list[Campus]:
    """List twenty-two campuses of eight schools."""
    by_id = {v.id: v for v in villages}
    out = []
    for k, row in enumerate(tables.read("campuses")):
        spot = land.beside(by_id[row["village"]], 150.0 + 23.0 * (k % 5), 40.0 + 77.0 * k)
        disused = row["id"] in _DISUSED_CAMPUSES
        out.append(
            Campus(
                id=row["id"],
                school=row["school"],
                name=row["name"],
                level=row["level"],
                campus=row["campus"],
                status=DISUSED if disused else IN_USE,
                facility=row["facility"] or "",
                pupils=row["pupils"],
                rooms=row["rooms"],
                rooms_needed=row["rooms_needed"],
                toilets_needed=row["toilets_needed"],
                owner="UBND xã" if disused else "Nhà trường",
                paper=row["paper"],
                state=row["state"],
                point=None if row["id"] == _CAMPUS_WITHOUT_PLACE else spot,
                note="Không còn học sinh từ năm học 2022-2023" if disused else "",
            )
        )
    return out


@dataclass(frozen=True, kw_only=True)
class Hall:
    """A row of the list of village cultural houses."""

    id: str
    village: str
    name: str
    floor: float
    seats: int | None
    land: float
    year: int
    point: Point | None
    status: str = IN_USE
    note: str = ""


def halls(villages: list[Village], land: Land) -> list[Hall]:
    """List eighteen halls in use and a disused second one at Phúc Khoa."""
    out = []
    for k, village in enumerate(v for v in villages if v.id not in _VILLAGES_WITHOUT_HALL):
        usual = (108.0 + 9.0 * (k * 5 % 13), 55 + 5 * (k * 3 % 12))
        floor, seats = _SMALL_HALLS.get(village.id, usual)
        spot = land.beside(village, 95.0, 200.0 + 41.0 * k)
        out.append(
            Hall(
                id=f"NVH{k + 1:02d}",
                village=village.id,
                name=f"Nhà văn hóa bản {village.name}",
                floor=floor,
                seats=None if village.id == _HALL_WITHOUT_SEATS else seats,
                land=300.0 + 25.5 * (k % 7),
                year=2006 + (k * 7) % 18,
                point=None if village.id in _HALLS_WITHOUT_PLACE else spot,
            )
        )
    seat = next(v for v in villages if v.id == "PK01")
    old = Hall(
        id="NVH19",
        village=seat.id,
        name="Nhà văn hóa cũ bản Phúc Khoa",
        floor=74.0,
        seats=40,
        land=210.0,
        year=1998,
        point=land.beside(seat, 210.0, 300.0),
        status=DISUSED,
        note="Đã có nhà mới",
    )
    return [*out, old]


@dataclass(frozen=True)
class Listed:
    """A row whose place is written in words."""

    cells: tuple[str, ...]
    place: str


def loudspeakers(villages: list[Village], land: Land) -> list[Listed]:
    """List eighteen clusters in seventeen villages: id, village, status, radius, note."""
    out: list[Listed] = []
    speaking = [v for v in villages if v.id not in _SILENT]
    second = next(v for v in villages if v.id == "PK01")
    for k, village in enumerate([*speaking, second]):
        spot = land.beside(village, 60.0 if k < len(speaking) else 420.0, 90.0 + 53.0 * k)
        place = written(spot, k % 4)
        if village.id == "MK05":
            place = "Km0+150 đường lên bản Hô Tra"
        elif village.id in _SPEAKERS_BY_NAME:
            place = f"bản {village.name}"
        cells = (
            f"L{k + 1:02d}",
            village.id,
            _SPEAKER_STATUS.get(village.id, "Hoạt động"),
            "" if village.id in _SPEAKERS_WITHOUT_RADIUS else str(400 + 50 * (k % 4)),
            _SPEAKER_NOTES.get(village.id, ""),
        )
        out.append(Listed(cells, place))
    return out


def facilities(villages: list[Village], land: Land) -> list[Listed]:
    """List public places: id, kind, name, status, former commune, land, floor."""
    by_id = {v.id: v for v in villages}
    out = []
    for k, row in enumerate(tables.read("facilities")):
        village = by_id[row["village"]]
        spot = land.beside(village, 180.0 + 17.0 * (k % 6), 15.0 + 61.0 * k)
        sizes = [str(row[size] or "") for size in ("land", "floor")]
        cells = (f"CS{k + 1:02d}", row["kind"], row["name"], row["status"], row["former"], *sizes)
        place = ""
        if row["written"] == _BY_NAME:
            place = f"bản {village.name}"
        elif row["written"] is not None:
            place = written(spot, row["written"])
        out.append(Listed(cells, place))
    return out


def written(point: Point, way: int) -> str:
    """Write a place as people do: degrees, degrees-minutes-seconds, VN-2000, or a map link."""
    at = frame.moved(point, frame.WORK_CRS, "EPSG:4326")
    ways = (
        f"{at.y:.6f}, {at.x:.6f}",
        f"{_dms(at.y)}N {_dms(at.x)}E",
        f"X={vi(point.y)}; Y={vi(point.x)}",
        f"https://www.google.com/maps?q={at.y:.6f},{at.x:.6f}",
    )
    return ways[way]


def _dms(degrees: float) -> str:
    minutes, seconds = divmod(round(degrees * 3600, 1), 60)
    whole, minutes = divmod(minutes, 60)
    return f"{int(whole)}°{int(minutes):02d}'{seconds:04.1f}\""


def vi(value: float, digits: int = 2) -> str:
    """Write a number the Vietnamese way.

    Examples
    --------
    >>> vi(2455972.7)
    '2.455.972,70'
    """
    return f"{value:,.{digits}f}".translate(str.maketrans(",.", ".,"))
