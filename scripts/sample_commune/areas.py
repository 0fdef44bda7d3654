"""Tea, other crops, farmland and hazards: polygons that lie where such land lies, to the hectare."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import rasterio.features
import shapely
import shapely.ops
from affine import Affine
from scipy.ndimage import binary_opening, gaussian_filter
from shapely import affinity
from shapely.geometry import LineString, Point, Polygon, shape

from . import frame
from .places import Village, require

if TYPE_CHECKING:
    from .frame import Array
    from .roads import Road
    from .terrain import Terrain
    from .water import Water

TEA_HA, HARVEST_HA = 1_282.2, 1_249.0
GINSENG_HA = 1.89
FARMLAND_HA = 417.0
_FROM_NORTH = Affine(
    frame.CELL_M, 0.0, frame.GRID_X0, 0.0, -frame.CELL_M, frame.GRID_Y0 + frame.GRID_ROWS * frame.CELL_M
)


@dataclass(frozen=True)
class Plot:
    """A polygon with what the office wrote about it."""

    id: str
    village: str
    kind: str
    declared_ha: float | None
    year: int | None
    note: str
    shape: Polygon


class Land:
    """What is still free to be used, and how steep and high it is."""

    def __init__(
        self, ground: Terrain, commune: Polygon, water: Water, roads: list[Road], villages: list[Village]
    ) -> None:
        self.ground, self.commune = ground, commune
        self.slope = np.degrees(np.arctan(np.hypot(*np.gradient(gaussian_filter(ground.z, 1.5), frame.CELL_M))))
        taken = [water.river.buffer(38.0), *(s.buffer(9.0) for s in water.streams)]
        taken += [r.line.buffer(14.0 if r.road_class == "QL" else 6.0) for r in roads]
        taken += [v.point.buffer(95.0 + 5.0 * v.households**0.5) for v in villages]
        self.taken = shapely.unary_union(taken)

    def take(self, plots: list[Polygon], gap: float) -> None:
        self.taken = shapely.unary_union([self.taken, *(p.buffer(gap) for p in plots)])

    def slope_at(self, x: float, y: float) -> float:
        row, column = int((y - frame.GRID_Y0) / frame.CELL_M), int((x - frame.GRID_X0) / frame.CELL_M)
        return float(self.slope[row, column])

    def polygons(self, mask: Array) -> list[Polygon]:
        """The mask (row 0 in the south) as smooth polygons inside the commune, clear of what is taken."""
        image = mask[::-1].astype(np.uint8)
        found = rasterio.features.shapes(image, mask=image == 1, transform=_FROM_NORTH)
        region = shapely.unary_union([shape(g) for g, _ in found]).buffer(-14.0).buffer(14.0)
        region = region.intersection(self.commune.buffer(-25.0)).difference(self.taken)
        return [p for p in shapely.get_parts(region) if p.geom_type == "Polygon"]


def scaled_to(plots: list[Polygon], hectares: float) -> list[Polygon]:
    """Plots shrunk or grown a little about their middles until their area is the one wanted."""
    factor = (hectares / sum(frame.area_ha(p) for p in plots)) ** 0.5
    require(0.9 < factor < 1.0005, f"scale {factor:.4f}")
    return [affinity.scale(p, factor, factor, origin=p.centroid) for p in plots]


def blob(rng: np.random.Generator, x: float, y: float, hectares: float, long: float = 1.5) -> Polygon:
    """A rounded, irregular patch about a point."""
    corners = 13
    radius = 1.0 + 0.5 * gaussian_filter(rng.normal(size=corners), 0.9, mode="wrap")
    angle = np.linspace(0.0, 2 * np.pi, corners, endpoint=False)
    ring = np.column_stack([np.cos(angle) * radius * long, np.sin(angle) * radius])
    patch = affinity.rotate(frame.largest(shapely.make_valid(Polygon(ring))), rng.uniform(0, 180))
    size = (hectares * 10_000.0 / patch.area) ** 0.5
    middle = patch.centroid
    return affinity.translate(affinity.scale(patch, size, size, origin=middle), x - middle.x, y - middle.y)


def farmland(land: Land, water: Water, rng: np.random.Generator) -> list[Polygon]:
    """About 150 parcels of flat land along the waters, 417 hectares together."""
    rows, columns = np.indices(land.slope.shape)
    x = frame.GRID_X0 + (columns + 0.5) * frame.CELL_M
    y = frame.GRID_Y0 + (rows + 0.5) * frame.CELL_M
    near = shapely.distance(shapely.points(x, y), shapely.multilinestrings([water.river, *water.streams]))
    mask = binary_opening((land.slope < 9.0) & (near < 620.0), iterations=1)
    parcels: list[Polygon] = []
    for field in sorted(land.polygons(mask), key=lambda p: -p.area):
        if field.area < 9_000.0:
            continue
        seeds = _scattered(field, 138.0, rng)
        cells = shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=field, ordered=True)
        cut = [frame.largest(c.intersection(field)).buffer(-3.0).simplify(2.5) for c in shapely.get_parts(cells)]
        parcels += [frame.largest(c) for c in cut if c.area > 5_500.0]
    parcels = [p for p in parcels if not p.is_empty and len(p.interiors) == 0]
    kept: list[Polygon] = []
    for parcel in sorted(parcels, key=lambda p: (-p.area, p.centroid.x)):
        if sum(frame.area_ha(p) for p in kept) < FARMLAND_HA + 1.0:
            kept.append(parcel)
    kept = scaled_to(kept, FARMLAND_HA)
    return sorted((frame.rounded(p) for p in kept), key=lambda p: (round(p.centroid.x, -3), p.centroid.y))


def _scattered(field: Polygon, spacing: float, rng: np.random.Generator) -> Array:
    west, south, east, north = field.bounds
    gx, gy = np.meshgrid(np.arange(west, east + spacing, spacing), np.arange(south, north + spacing, spacing))
    points = np.column_stack([gx.ravel(), gy.ravel()]) + rng.uniform(-0.33, 0.33, (gx.size, 2)) * spacing
    inside = points[shapely.contains_xy(field, points[:, 0], points[:, 1])]
    return inside if len(inside) else np.array([field.representative_point().coords[0]])


def tea(land: Land, villages: list[Village], rng: np.random.Generator) -> list[Plot]:
    """About 160 plots on middle slopes near the villages: 1,282.2 ha, 1,249.0 of them in harvest."""
    found: list[tuple[str, Polygon]] = []
    wanted = {v.id: (13 if v.former == "F2" else 7) for v in villages if v.id not in ("MK04", "MK12")}
    total = 0.0
    for lap in range(40):
        for village in villages:
            if wanted.get(village.id, 0) <= 0 or total > TEA_HA * 1.004:
                continue
            plot = _plot(land, village, rng, 700.0 + 45.0 * lap, rng.uniform(4.6, 17.0))
            if plot is not None:
                found.append((village.id, plot))
                land.take([plot], 8.0)
                total += frame.area_ha(plot)
                wanted[village.id] -= 1
        if lap == 20:
            wanted = {k: v + 5 for k, v in wanted.items()}
    require(total > TEA_HA, f"tea found {total:.1f} ha")
    return _staged(found, rng)


def _plot(
    land: Land, village: Village, rng: np.random.Generator, reach: float, hectares: float
) -> Polygon | None:
    for _ in range(60):
        away, angle = abs(rng.normal(0, reach)) + 200.0, rng.uniform(0, 2 * np.pi)
        x, y = village.x + away * np.cos(angle), village.y + away * np.sin(angle)
        if not land.commune.contains(Point(x, y)) or land.slope_at(x, y) > 27.0:
            continue
        if not 545.0 < float(land.ground.at(x, y)[0]) < 1_220.0:
            continue
        raw = blob(rng, x, y, hectares).intersection(land.commune.buffer(-40.0)).difference(land.taken)
        plot = frame.largest(raw.buffer(-12.0).buffer(12.0, quad_segs=2)).simplify(5.0)
        whole = 12_000.0 < plot.area and not plot.interiors and plot.area > 0.45 * plot.convex_hull.area
        if whole and 4 * np.pi * plot.area / plot.length**2 > 0.35:
            return plot
    return None


def _staged(found: list[tuple[str, Polygon]], rng: np.random.Generator) -> list[Plot]:
    """Some small plots are young or abandoned; both groups get their published area."""
    order = sorted(range(len(found)), key=lambda k: found[k][1].area)
    rest: list[int] = []
    for k in order[4:90:7]:
        if sum(found[i][1].area for i in [*rest, k]) / 1e4 < (TEA_HA - HARVEST_HA) * 1.03:
            rest.append(k)
    areas = sum(found[i][1].area for i in rest) / 1e4
    extra = [k for k in order if k not in rest]
    while areas < (TEA_HA - HARVEST_HA) * 1.002:
        k = min(extra, key=lambda i: abs(found[i][1].area / 1e4 - ((TEA_HA - HARVEST_HA) * 1.01 - areas)))
        rest.append(k)
        extra.remove(k)
        areas = sum(found[i][1].area for i in rest) / 1e4
    harvest = [k for k in range(len(found)) if k not in rest]
    shapes = dict(zip(harvest, scaled_to([found[k][1] for k in harvest], HARVEST_HA), strict=True))
    shapes |= dict(zip(rest, scaled_to([found[k][1] for k in rest], TEA_HA - HARVEST_HA), strict=True))
    plots = []
    for number, k in enumerate(sorted(shapes, key=lambda i: (found[i][0], i)), start=1):
        stage = "Kinh doanh" if k in harvest else ("Bỏ hoang" if rest.index(k) % 4 == 1 else "Kiến thiết cơ bản")
        year = 2022 + number % 3 if stage == "Kiến thiết cơ bản" else 1998 + int(rng.integers(0, 20))
        patch = frame.rounded(shapes[k], 2)
        plots.append(Plot(f"C{number:03d}", found[k][0], stage, round(frame.area_ha(patch), 2), year, "", patch))
    return _summing(plots, TEA_HA)


def _summing(plots: list[Plot], total: float) -> list[Plot]:
    """Declared areas differ a little from the drawn ones, plot by plot, but add up to the published total."""
    shifted = []
    for k, plot in enumerate(plots):
        off = (0.0, 0.05, -0.05, 0.1, 0.0, -0.1, 0.02, -0.02)[k % 8] if plot.declared_ha and plot.declared_ha > 2 else 0.0
        shifted.append(replace(plot, declared_ha=round((plot.declared_ha or 0.0) + off, 2)))
    rest = round(total - sum(p.declared_ha or 0.0 for p in shifted), 2)
    big = max(range(len(shifted)), key=lambda k: shifted[k].declared_ha or 0.0)
    shifted[big] = replace(shifted[big], declared_ha=round((shifted[big].declared_ha or 0.0) + rest, 2))
    return shifted


# crop as written, village, hectares, distance and direction from the village
_CROPS = [
    ("Sâm Lai Châu", "MK04", GINSENG_HA, 430, 20), ("Mắc ca", "MK04", 12.4, 900, 250), ("Mắc ca", "MK12", 15.2, 700, 120),
    ("Mắc ca", "MK07", 11.8, 650, 60), ("Mắc ca", "MK10", 9.6, 620, 300), ("Mắc ca", "PK06", 14.1, 800, 200),
    ("Mắc ca", "PK04", 13.3, 760, 100), ("Mắc ca", "MK13", 8.7, 700, 330), ("Mắc ca", "MK06", 7.9, 750, 280),
    ("Cây ăn quả", "PK01", 6.2, 620, 140), ("Cây ăn quả", "MK09", 5.4, 560, 330), ("Cây ăn quả", "MK03", 4.8, 520, 40),
    ("Cây ăn quả", "PK05", 5.1, 600, 250), ("Cây ăn quả", "MK08", 4.2, 560, 200), ("Lúa", "MK11", 3.4, 420, 110),
    ("Lúa", "MK08", 3.9, 520, 100), ("Lúa", "MK05", 3.1, 430, 220), ("Lúa", "PK05", 2.8, 480, 20), ("Khác", "MK07", 2.2, 420, 200),
]  # fmt: skip


def crops(land: Land, villages: list[Village], rng: np.random.Generator) -> list[Plot]:
    """Macadamia, fruit, rice terraces and the ginseng garden of 1.89 ha at Hô Tra."""
    by_id = {v.id: v for v in villages}
    plots: list[Plot] = []
    for number, (crop, code, hectares, away, direction) in enumerate(_CROPS, start=1):
        village, patch = by_id[code], Polygon()
        for turn in range(0, 360, 12):
            angle = np.radians(direction + turn)
            x, y = village.x + away * np.cos(angle), village.y + away * np.sin(angle)
            free = blob(rng, x, y, hectares * 1.05, 1.7 if crop == "Lúa" else 1.3).intersection(
                land.commune.buffer(-40.0)
            ).difference(land.taken)
            patch = frame.largest(free)
            if frame.area_ha(patch) > hectares * 1.0005 if not patch.is_empty else False:
                break
        patch = frame.rounded(scaled_to([patch.simplify(1.0)], hectares)[0], 2)
        land.take([patch], 6.0)
        declared = hectares if number % 4 else round(hectares * 1.04, 1)
        year = None if crop == "Lúa" else 2016 + number % 8
        plots.append(Plot(f"T{number:02d}", code, crop, declared, year, "", patch))
    return plots


@dataclass(frozen=True)
class Hazard:
    """Ground that slides or floods."""

    id: str
    kind: str
    level: str
    note: str
    shape: Polygon


def hazards(land: Land, water: Water, villages: list[Village], rng: np.random.Generator) -> list[Hazard]:
    """Landslides on steep slopes above villages and roads, flash floods down three streams, one flood."""
    by_id = {v.id: v for v in villages}
    out: list[Hazard] = []
    for code, level in (("MK04", "Cao"), ("MK07", "Cao"), ("MK12", "Trung bình"), ("PK06", "Cao"), ("PK04", "Trung bình"), ("MK11", "Trung bình")):
        village = by_id[code]
        best = max(
            ((land.slope_at(village.x + r * np.cos(a), village.y + r * np.sin(a)), r, a)
             for r in (380.0, 520.0, 680.0) for a in np.linspace(0, 2 * np.pi, 24, endpoint=False)),
            key=lambda t: (round(t[0], 6), t[1], t[2]),
        )  # fmt: skip
        x, y = village.x + best[1] * np.cos(best[2]), village.y + best[1] * np.sin(best[2])
        patch = frame.largest(blob(rng, x, y, rng.uniform(14, 34), 1.8).intersection(land.commune)).simplify(3.0)
        out.append(Hazard("", "Sạt lở", level, f"Sườn dốc gần bản {village.name}", patch))
    for k, stream in enumerate(sorted(water.streams, key=lambda s: -s.length)[:3]):
        lower = shapely.ops.substring(stream, stream.length * 0.45, stream.length)
        strip = frame.largest(lower.buffer(42.0).intersection(land.commune)).simplify(3.0)
        out.append(Hazard("", "Lũ quét", "Cao" if k == 0 else "Trung bình", "", strip))
    piece = shapely.ops.substring(water.river, 0.62, 0.72, normalized=True)
    out.append(Hazard("", "Ngập lụt", "Trung bình", "Ngập khi mưa lớn kéo dài", frame.largest(piece.buffer(110.0)).simplify(4.0)))
    return [replace(h, id=f"NC{k:02d}", shape=frame.rounded(h.shape, 2)) for k, h in enumerate(out, start=1)]


def canal_lines(water: Water, land: Land) -> list[LineString]:
    """Canals beside the river and the larger streams, just above the paddies."""
    out = []
    for start, span, side in ((0.06, 0.055, 1), (0.13, 0.07, -1), (0.215, 0.06, 1), (0.30, 0.075, -1), (0.385, 0.06, 1),
                              (0.47, 0.07, 1), (0.555, 0.065, -1), (0.64, 0.07, 1), (0.725, 0.06, -1), (0.80, 0.065, 1), (0.88, 0.06, -1)):  # fmt: skip
        piece = shapely.ops.substring(water.river, start, start + span, normalized=True)
        beside = piece.simplify(25.0).offset_curve(side * 95.0)
        line = max(shapely.get_parts(beside), key=lambda g: g.length)
        out.append(frame.rounded(frame.smooth(shapely.get_coordinates(line.simplify(18.0)), 2, 1.5)))
    return [line for line in out if line.within(land.commune)]
