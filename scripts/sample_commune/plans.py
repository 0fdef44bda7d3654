"""The two former communes' land-use plans: extents that don't fit at the seam, zones, works."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import rasterio.features
import shapely
import shapely.ops
from scipy.ndimage import gaussian_filter, median_filter
from shapely.geometry import LineString, Point, Polygon, shape

from . import frame, tables
from .land import FROM_NORTH, Land, around, blob
from .places import Village, require

if TYPE_CHECKING:
    from .crops import Plot
    from .frame import Array

OVERLAP_HA, GAP_HA = 18.3, 6.4
EXISTING, PLANNED = "Hiện trạng", "Quy hoạch"
_NAMES = {
    "RPH": "Rừng phòng hộ",
    "RSX": "Rừng sản xuất",
    "CLN": "Đất trồng cây lâu năm",
    "LUC": "Đất chuyên trồng lúa nước",
    "ONT": "Đất ở tại nông thôn",
    "HNK": "Đất trồng cây hằng năm khác",
}
_CODES = list(_NAMES)


@dataclass(frozen=True)
class Zone:
    """A zone of a plan as drawn."""

    code: str
    name: str
    shape: Polygon
    period: str = PLANNED


@dataclass(frozen=True)
class Item:
    """A work that a plan announced."""

    id: str
    kind: str
    name: str
    year: int
    built: str
    point: Point


def extents(former: dict[str, Polygon], seam: LineString) -> dict[str, Polygon]:
    """Draw the extents: F1 reaches 18.3 ha over the old seam, F2 stops 6.4 ha short of it."""
    bulge = _lens(seam, 0.60, 0.74, OVERLAP_HA, former["F2"])
    hollow = _lens(seam, 0.24, 0.33, GAP_HA, former["F2"])
    drawn = {
        "F1": frame.largest(shapely.union(former["F1"], bulge)),
        "F2": frame.largest(shapely.difference(former["F2"], hollow)),
    }
    overlap = frame.area_ha(shapely.intersection(drawn["F1"], drawn["F2"]))
    require(abs(overlap - OVERLAP_HA) < 0.02, f"overlap {overlap:.3f} ha")
    return {k: shapely.geometry.polygon.orient(p) for k, p in drawn.items()}


def _lens(seam: LineString, start: float, end: float, hectares: float, within: Polygon) -> Polygon:
    """Draw a lens of a given area east of a stretch of the seam, between two of its vertices.

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
        far = fine + np.column_stack([rise * middle, np.zeros_like(rise)])
        lens = Polygon(np.vstack([base, np.round(far[1:-1], 3)[::-1]]))
        low, high = (middle, high) if frame.area_ha(lens) < hectares else (low, middle)
    require(lens.is_valid and lens.within(within.buffer(0.01)), "the lens lies east of the seam")
    return lens


def zones(
    extent: Polygon,
    land: Land,
    villages: list[Village],
    tea: list[Plot],
    fields: list[Polygon],
) -> list[Zone]:
    """Cover an extent with zones, without gap or overlap, as the use of the ground suggests."""
    image = _classes(land, villages, tea, fields)[::-1].astype(np.uint8)
    mask = _burnt(extent.buffer(90.0), image.shape)
    found = rasterio.features.shapes(image, mask=mask, transform=FROM_NORTH)
    parts = _without_specks([(shape(g), int(v)) for g, v in found], 35_000.0)
    simple = shapely.coverage_simplify(np.array([p for p, _ in parts]), 42.0)
    out = []
    for polygon, (_, value) in zip(simple, parts, strict=True):
        code = _CODES[value]
        out += [Zone(code, _NAMES[code], p) for p in _polygons(polygon.intersection(extent))]
    return sorted(out, key=lambda z: (z.code, round(z.shape.centroid.x), round(z.shape.centroid.y)))


def _polygons(geometry: shapely.Geometry) -> list[Polygon]:
    parts = shapely.get_parts(geometry)
    return [g for g in parts if g.geom_type == "Polygon" and g.area > 1.0]


def _burnt(geometry: shapely.Geometry, size: tuple[int, ...]) -> Array:
    """Return a mask of the cells under a geometry, row 0 in the north."""
    burnt = rasterio.features.rasterize([geometry], out_shape=size, transform=FROM_NORTH)
    return np.asarray(burnt == 1)


def _classes(land: Land, villages: list[Village], tea: list[Plot], fields: list[Polygon]) -> Array:
    """Class the ground, row 0 in the south, by place in the list of codes."""
    z = gaussian_filter(land.ground.z, 6.0)
    value = np.where(z > 1_080.0, _CODES.index("RPH"), _CODES.index("RSX"))
    value = np.where((land.slope < 17.0) & (z < 900.0), _CODES.index("HNK"), value)
    homes = [v.point.buffer(150.0 + 7.0 * v.households**0.5) for v in villages]
    for shapes, code in (
        ([p.shape.buffer(95.0) for p in tea], "CLN"),
        ([f.buffer(40.0) for f in fields], "LUC"),
        (homes, "ONT"),
    ):
        burnt = _burnt(shapely.unary_union(shapes), value.shape)[::-1]
        value = np.where(burnt, _CODES.index(code), value)
    return np.asarray(median_filter(value, 9))


def _without_specks(found: list[tuple[Polygon, int]], smallest: float) -> list[tuple[Polygon, int]]:
    """Give small pieces to the neighbour with the longest common edge."""
    parts = sorted(found, key=lambda p: -p[0].area)
    while parts[-1][0].area < smallest:
        speck, _ = parts.pop()
        near = shapely.STRtree([p for p, _ in parts]).query(speck, predicate="intersects").tolist()
        shared = [(speck.intersection(parts[k][0]).length, k) for k in near]
        if shared and max(shared)[0] > 0:
            k = max(shared)[1]
            parts[k] = (shapely.union(parts[k][0], speck), parts[k][1])
        parts.sort(key=lambda p: -p[0].area)
    return parts


def with_overlap(
    west: list[Zone], east: list[Zone], extent: dict[str, Polygon]
) -> tuple[list[Zone], list[Zone]]:
    """Let the plans contradict each other: new homes in the west's, tea in the east's."""
    overlap = frame.largest(shapely.intersection(extent["F1"], extent["F2"]))
    homes = Zone("ONT", "Khu dân cư mới Phai Cát - Nà Khoang", overlap)
    wider = frame.rounded(overlap.buffer(90.0, quad_segs=3)).intersection(extent["F2"])
    tea = Zone("CLN", "Vùng chè Nà Khoang", frame.largest(wider))
    return _put(west, homes), _put(east, tea)


def _put(base: list[Zone], new: Zone) -> list[Zone]:
    """Make room for a zone among others."""
    out = []
    for zone in base:
        pieces = _polygons(zone.shape.difference(new.shape))
        out += [Zone(zone.code, zone.name, piece, zone.period) for piece in pieces]
    return [*out, new]


def with_centre(
    base: list[Zone], seat: Village, extent: Polygon, rng: np.random.Generator
) -> list[Zone]:
    """Put the public zones of a commune's centre around its seat; schools and offices stand."""
    out, used = base, Polygon()
    for row in tables.read("plan_centre"):
        at = around(seat, row["away"], row["direction"])
        patch = blob(rng, at.x, at.y, row["hectares"], 1.25)
        patch = frame.largest(patch.intersection(extent.buffer(-20.0)).difference(used))
        patch = frame.rounded(patch, 2)
        used = shapely.union(used, patch.buffer(6.0))
        period = EXISTING if row["code"] in ("TSC", "DGD", "DYT") else PLANNED
        out = _put(out, Zone(row["code"], row["name"], patch, period))
    return out


def items(villages: list[Village]) -> list[Item]:
    """List works that the western plan announced; some hang since years."""
    by_id = {v.id: v for v in villages}
    return [
        Item(
            id=f"HM{k:02d}",
            kind=row["kind"],
            name=row["name"],
            year=row["year"],
            built=row["built"],
            point=around(by_id[row["village"]], row["away"], row["direction"]),
        )
        for k, row in enumerate(tables.read("plan_items"), start=1)
    ]


def edges(base: list[Zone], extent: Polygon) -> list[LineString]:
    """Draw zones' edges as a consultant does: each once, open, meeting at their ends.

    What runs along the outline is left to the outline.
    """
    # On a grid of a centimetre edges that two zones share are one.
    noded = shapely.union_all([z.shape.boundary for z in base], grid_size=0.01)
    parts = [
        LineString(pair)
        for line in shapely.get_parts(noded)
        for pair in zip(line.coords[:-1], line.coords[1:], strict=True)
    ]
    outline = extent.exterior
    inner = [p for p in parts if p.interpolate(0.5, normalized=True).distance(outline) > 0.02]
    merged = shapely.line_merge(shapely.multilinestrings(inner))
    out = []
    for line in (frame.rounded(g) for g in shapely.get_parts(merged)):
        if line.is_ring:
            points = shapely.get_coordinates(line)
            half = len(points) // 2
            out += [LineString(points[: half + 1]), LineString(points[half:])]
        else:
            out.append(line)
    return sorted(out, key=lambda g: (*(round(c) for c in g.coords[0]), round(g.length, 2)))
