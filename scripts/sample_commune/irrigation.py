"""Canals, weirs and pumps, and which parcel is watered by which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from . import frame
from .areas import canal_lines

if TYPE_CHECKING:
    from shapely.geometry import LineString, Point, Polygon

    from .areas import Land
    from .water import Water


@dataclass(frozen=True)
class Work:
    """A row of the list of irrigation works."""

    id: str
    name: str
    kind: str
    condition: str
    lined: str
    declared_m: int | None
    shape: LineString | Point


@dataclass(frozen=True)
class Parcel:
    """A parcel of farmland; `work` is an id, "Không" (none), or blank."""

    id: str
    land_use: str
    work: str
    drained: str
    declared_ha: float
    note: str
    shape: Polygon


# Names upstream; condition, lined
_CANALS = [
    ("Kênh Hô Bon", "Cần sửa", "Không"), ("Kênh Nậm Bon 2", "Tốt", "Có"), ("Kênh Nậm Bon 1", "Tốt", "Có"),
    ("Kênh Ngọc Lại", "Tốt", "Không"), ("Kênh Phúc Khoa 2", "Tốt", "Có"), ("Kênh Phúc Khoa 1", "Tốt", "Có"),
    ("Kênh Nà Khoang", "Tốt", "Có"), ("Kênh Phai Cát", "Tốt", "Có"), ("Kênh Phiêng Tâm", "Tốt", "Có"),
    ("Kênh Nà Nghè", "Tốt", "Có"), ("Kênh Nà Cóoc", "Tốt", "Không"),
]  # fmt: skip
_WEIRS = [
    ("Đập Nậm Cung", "Đập", "Tốt"), ("Đập Phiêng Cúm", "Đập", "Tốt"), ("Đập Nậm Be", "Đập", "Hỏng"),
    ("Đập Hô Ta", "Đập", "Tốt"), ("Đập Ngọc Lại", "Đập", "Tốt"),
]  # fmt: skip
_PUMPS = [("Trạm bơm Mường Khoa", ""), ("Trạm bơm Pá Kim", "Cần sửa")]
_REACH_M = 560.0


def works(water: Water, land: Land) -> list[Work]:
    """Eleven canals, five weirs, two pumps."""
    out: list[Work] = []
    for (name, condition, lined), line in zip(_CANALS, canal_lines(water, land), strict=True):
        declared = round(line.length, -1) if len(out) % 4 == 1 else None
        out.append(Work(f"TL{len(out) + 1:02d}", name, "Kênh", condition, lined, int(declared) if declared else None, line))
    streams = sorted(water.streams, key=lambda s: -s.length)
    for k, (name, kind, condition) in enumerate(_WEIRS):
        spot = frame.rounded(streams[2 * k].interpolate(0.72, normalized=True), 2)
        out.append(Work(f"TL{len(out) + 1:02d}", name, kind, condition, "", None, spot))
    for (name, condition), share in zip(_PUMPS, (0.58, 0.93), strict=True):
        spot = frame.rounded(water.river.interpolate(share, normalized=True), 2)
        out.append(Work(f"TL{len(out) + 1:02d}", name, "Trạm bơm", condition, "", None, spot))
    return out


def parcels(shapes: list[Polygon], supply: list[Work]) -> list[Parcel]:
    """Each parcel is watered by the nearest canal within reach, else by nothing; a few nobody knows."""
    lines = [w for w in supply if w.kind == "Kênh"]
    points = [w for w in supply if w.kind != "Kênh"]
    away = np.array([[shapely.distance(p, w.shape) for w in lines] for p in shapes])
    to_point = np.array([[shapely.distance(p, w.shape) for w in points] for p in shapes])
    out = []
    for k, shape in enumerate(shapes):
        work = lines[int(away[k].argmin())].id if away[k].min() < _REACH_M else "Không"
        if to_point[k].min() < min(150.0, float(away[k].min()) + 60.0):
            work = points[int(to_point[k].argmin())].id
        blank = k in (17, 64, 121)
        use = "" if k == 40 else ("LUC" if work not in ("Không",) else ("HNK" if k % 3 else "LUK"))
        out.append(
            Parcel(f"TD{k + 1:03d}", use, "" if blank else work, "" if k % 37 == 5 else ("Không" if k % 11 == 3 else "Có"),
                   round(frame.area_ha(shape), 2), "Chưa rõ nguồn tưới" if blank else "", shape)
        )  # fmt: skip
    return out
