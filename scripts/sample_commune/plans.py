"""The two former communes' land-use plans: extents that don't fit at the seam, zones, planned works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import rasterio.features
import shapely
import shapely.ops
from scipy.ndimage import gaussian_filter, median_filter
from shapely.geometry import LineString, Point, Polygon, shape

from . import frame
from .areas import _FROM_NORTH, Land, Plot, blob
from .places import Village, require

if TYPE_CHECKING:
    from .frame import Array

OVERLAP_HA, GAP_HA = 18.3, 6.4
_CODES = ["RPH", "RSX", "CLN", "LUC", "ONT", "HNK", "BCS"]
_NAMES = {
    "RPH": "Rừng phòng hộ", "RSX": "Rừng sản xuất", "CLN": "Đất trồng cây lâu năm", "LUC": "Đất chuyên trồng lúa nước",
    "ONT": "Đất ở tại nông thôn", "HNK": "Đất trồng cây hằng năm khác", "BCS": "Đất bằng chưa sử dụng",
}  # fmt: skip


@dataclass(frozen=True)
class Zone:
    """A zone of a plan as drawn."""

    code: str
    period: str
    name: str
    shape: Polygon


@dataclass(frozen=True)
class Item:
    """A work that a plan announced."""

    id: str
    plan: str
    kind: str
    name: str
    year: int
    built: str
    point: Point


def extents(former: dict[str, Polygon], seam: LineString) -> dict[str, Polygon]:
    """The plans' extents: F1 reaches 18.3 ha over the old seam, F2 stops 6.4 ha short of it."""
    bulge = _lens(seam, 0.60, 0.74, OVERLAP_HA, former["F2"])
    hollow = _lens(seam, 0.24, 0.33, GAP_HA, former["F2"])
    first = frame.largest(shapely.union(former["F1"], bulge))
    second = frame.largest(shapely.difference(former["F2"], hollow))
    out = {k: shapely.geometry.polygon.orient(p) for k, p in (("F1", first), ("F2", second))}
    overlap = frame.area_ha(shapely.intersection(out["F1"], out["F2"]))
    require(abs(overlap - OVERLAP_HA) < 0.02, f"overlap {overlap:.3f} ha")
    return out


def _lens(seam: LineString, start: float, end: float, hectares: float, within: Polygon) -> Polygon:
    """A lens east of a stretch of the seam, of a given area, meeting the seam at two of its vertices.

    The seam runs from north to south, so what is moved due east never crosses it.
    """
    vertices = shapely.get_coordinates(seam)
    share = np.r_[0.0, np.cumsum(np.hypot(*np.diff(vertices, axis=0).T))] / seam.length
    first, last = (int(np.argmin(np.abs(share - s))) for s in (start, end))
    base = vertices[first : last + 1]
    fine = shapely.get_coordinates(shapely.segmentize(LineString(base), 40.0))
    t = np.linspace(0.0, 1.0, len(fine))
    rise = np.sin(np.pi * t) ** 0.8 * (1.0 + 0.18 * np.sin(9.0 * t))
    low, high = 0.0, 900.0
    lens = Polygon()
    for _ in range(60):
        middle = (low + high) / 2
        far = np.round(fine[1:-1] + np.column_stack([rise * middle, np.zeros_like(rise)])[1:-1], 3)
        lens = Polygon(np.vstack([base, far[::-1]]))
        low, high = (middle, high) if frame.area_ha(lens) < hectares else (low, middle)
    require(lens.is_valid and lens.within(within.buffer(0.01)), "the lens lies east of the seam")
    return lens


def zones(extent: Polygon, land: Land, villages: list[Village], plots: list[Plot], fields: list[Polygon]) -> list[Zone]:
    """Zones that cover the extent without gaps or overlaps, as what the ground is used for suggests."""
    classes = _classes(land, villages, plots, fields)
    image = classes[::-1].astype(np.uint8)
    mask = rasterio.features.rasterize([extent.buffer(90.0)], out_shape=image.shape, transform=_FROM_NORTH, fill=0) == 1
    found = [(shape(g), int(v)) for g, v in rasterio.features.shapes(image, mask=mask, transform=_FROM_NORTH)]
    parts = _without_specks(found, 35_000.0)
    simple = shapely.coverage_simplify(np.array([p for p, _ in parts]), 42.0)
    out: list[Zone] = []
    for polygon, (_, value) in zip(simple, parts, strict=True):
        for piece in shapely.get_parts(polygon.intersection(extent)):
            if piece.geom_type == "Polygon" and piece.area > 1.0:
                code = _CODES[value]
                out.append(Zone(code, "Quy hoạch", _NAMES[code], piece))
    return sorted(out, key=lambda z: (z.code, round(z.shape.centroid.x), round(z.shape.centroid.y)))


def _classes(land: Land, villages: list[Village], plots: list[Plot], fields: list[Polygon]) -> Array:
    z = gaussian_filter(land.ground.z, 6.0)
    value = np.where(z > 1_080.0, 0, 1)
    value = np.where((land.slope < 17.0) & (z < 900.0), 5, value)
    near_tea = shapely.unary_union([p.shape.buffer(95.0) for p in plots])
    for geometry, code in (
        (near_tea, 2),
        (shapely.unary_union([f.buffer(40.0) for f in fields]), 3),
        (shapely.unary_union([v.point.buffer(150.0 + 7.0 * v.households**0.5) for v in villages]), 4),
    ):
        burnt = rasterio.features.rasterize([geometry], out_shape=value.shape, transform=_FROM_NORTH)[::-1] == 1
        value = np.where(burnt, code, value)
    return median_filter(value, 9)


def _without_specks(found: list[tuple[Polygon, int]], smallest: float) -> list[tuple[Polygon, int]]:
    """Small pieces go to the neighbour with the longest common edge."""
    parts = sorted(found, key=lambda p: -p[0].area)
    while parts[-1][0].area < smallest:
        speck, value = parts.pop()
        tree = shapely.STRtree([p for p, _ in parts])
        shared = [(speck.intersection(parts[k][0]).length, k) for k in tree.query(speck, predicate="intersects").tolist()]
        if shared and max(shared)[0] > 0:
            k = max(shared)[1]
            parts[k] = (shapely.union(parts[k][0], speck), parts[k][1])
        parts.sort(key=lambda p: -p[0].area)
    return parts


def in_overlap(
    west: list[Zone], east: list[Zone], extent: dict[str, Polygon]
) -> tuple[list[Zone], list[Zone]]:
    """The contradiction at the seam: the western plan sees new homes where the eastern one has tea."""
    overlap = frame.largest(shapely.intersection(extent["F1"], extent["F2"]))
    homes = Zone("ONT", "Quy hoạch", "Khu dân cư mới Phai Cát - Nà Khoang", overlap)
    tea = Zone("CLN", "Quy hoạch", "Vùng chè Nà Khoang", frame.largest(frame.rounded(overlap.buffer(90.0, quad_segs=3)).intersection(extent["F2"])))
    return _put(west, homes), _put(east, tea)


def _put(base: list[Zone], new: Zone) -> list[Zone]:
    out = []
    for zone in base:
        for piece in shapely.get_parts(zone.shape.difference(new.shape)):
            if piece.geom_type == "Polygon" and piece.area > 1.0:
                out.append(Zone(zone.code, zone.period, zone.name, piece))
    return [*out, new]


# code, name, hectares, metres and direction from the seat
_CENTRE = [
    ("TSC", "Trụ sở cơ quan", 1.6, 150, 40), ("DVH", "Đất cơ sở văn hóa", 0.9, 220, 100), ("DGD", "Đất giáo dục", 3.4, 300, 160),
    ("DYT", "Đất y tế", 0.9, 260, 215), ("DCH", "Đất chợ", 1.2, 330, 280), ("TMD", "Đất thương mại, dịch vụ", 1.8, 420, 330),
    ("DTT", "Đất thể dục thể thao", 1.5, 380, 10), ("NTD", "Đất nghĩa trang", 2.6, 700, 130),
]  # fmt: skip


def with_centre(
    base: list[Zone], seat: Village, extent: Polygon, rng: np.random.Generator
) -> list[Zone]:
    """The commune's centre: public zones around the seat."""
    out, used = base, Polygon()
    for code, name, hectares, away, direction in _CENTRE:
        angle = np.radians(direction)
        patch = blob(rng, seat.x + away * np.cos(angle), seat.y + away * np.sin(angle), hectares, 1.25)
        patch = frame.largest(frame.rounded(patch.intersection(extent.buffer(-20.0)).difference(used), 2))
        used = shapely.union(used, patch.buffer(6.0))
        out = _put(out, Zone(code, "Quy hoạch", name, patch))
    return out


# kind, name, year, built, village, metres and direction
_ITEMS = [
    ("DGT", "Đường Nà An - Hô Tra", 2021, "Một phần", "MK05", 300, 20), ("DVH", "Nhà văn hóa bản Hô Tra", 2019, "Chưa xây", "MK04", 140, 190),
    ("DVH", "Nhà văn hóa bản Hua Cần", 2020, "Chưa xây", "MK12", 120, 240), ("DCH", "Chợ trung tâm Phiêng Tâm", 2017, "Chưa xây", "MK01", 330, 280),
    ("DGD", "Mở rộng trường tiểu học Mường Khoa", 2020, "Đã xây", "MK09", 180, 30), ("DTL", "Kênh Nà Nghè 2", 2019, "Một phần", "MK02", 260, 310),
    ("DTT", "Sân thể thao trung tâm", 2018, "Đã xây", "MK01", 380, 10), ("NTD", "Nghĩa trang Phiêng Tâm", 2018, "Chưa xây", "MK01", 700, 130),
    ("ONT", "Khu tái định cư Hô Be", 2016, "Chưa xây", "MK07", 260, 150), ("DYT", "Nâng cấp trạm y tế", 2022, "Đã xây", "MK01", 260, 215),
]  # fmt: skip


def items(villages: list[Village]) -> list[Item]:
    """Works that the western plan announced; some hang since years."""
    by_id = {v.id: v for v in villages}
    out = []
    for k, (kind, name, year, built, code, away, direction) in enumerate(_ITEMS, start=1):
        angle = np.radians(direction)
        village = by_id[code]
        spot = Point(round(village.x + away * np.cos(angle), 2), round(village.y + away * np.sin(angle), 2))
        out.append(Item(f"HM{k:02d}", "P1", kind, name, year, built, spot))
    return out


def edges(base: list[Zone], extent: Polygon) -> list[LineString]:
    """The zones' edges as a consultant's drawing has them: each once, open, meeting at their ends."""
    lines = shapely.unary_union([z.shape.boundary for z in base]).difference(extent.exterior.buffer(0.05))
    merged = shapely.line_merge(lines)
    drawn = [frame.rounded(g) for g in shapely.get_parts(merged) if g.length > 0.5]
    out = []
    for line in drawn:
        if line.is_ring:
            points = shapely.get_coordinates(line)
            half = len(points) // 2
            out += [LineString(points[: half + 1]), LineString(points[half:])]
        else:
            out.append(line)
    return sorted(out, key=lambda g: (round(g.coords[0][0]), round(g.coords[0][1]), round(g.length, 2)))
