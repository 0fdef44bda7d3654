"""Farmland along the waters, canals, weirs and pumps, and which parcel is watered by which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
import shapely.ops
from scipy.ndimage import binary_opening

from . import frame, tables
from .land import Land, scaled_to
from .places import require

if TYPE_CHECKING:
    from shapely.geometry import LineString, Point, Polygon

    from .frame import Array
    from .water import Water

FARMLAND_HA = 417.0
CANAL = "Kênh"
NOTHING = "Không"
_REACH_M = 800.0
_WORK_UNKNOWN = (17, 64, 121)
_USE_UNKNOWN = 40


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


def farmland(land: Land, water: Water, rng: np.random.Generator) -> list[Polygon]:
    """Cut the flat land along the waters into about 150 parcels, 417 hectares together."""
    rows, columns = np.indices(land.slope.shape)
    x = frame.GRID_X0 + (columns + 0.5) * frame.CELL_M
    y = frame.GRID_Y0 + (rows + 0.5) * frame.CELL_M
    waters = shapely.multilinestrings([water.river, *water.streams])
    near = shapely.distance(shapely.points(x, y), waters) < 620.0
    parcels: list[Polygon] = []
    for field in sorted(land.polygons(binary_opening((land.slope < 9.0) & near)), key=_size):
        if field.area < 9_000.0:
            continue
        seeds = shapely.multipoints(_scattered(field, 138.0, rng))
        cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=field, ordered=True))
        cut = [frame.largest(c.intersection(field)).buffer(-3.0).simplify(2.5) for c in cells]
        parcels += [frame.largest(c) for c in cut if c.area > 5_500.0]
    kept: list[Polygon] = []
    for parcel in sorted((p for p in parcels if not p.interiors), key=_size):
        if sum(frame.area_ha(p) for p in kept) < FARMLAND_HA + 1.0:
            kept.append(parcel)
    drawn = [frame.rounded(p) for p in scaled_to(kept, FARMLAND_HA)]
    return sorted(drawn, key=lambda p: (round(p.centroid.x, -3), p.centroid.y))


def _size(shape: Polygon) -> tuple[float, float]:
    """Sort the largest first."""
    return (-shape.area, shape.centroid.x)


def _scattered(field: Polygon, spacing: float, rng: np.random.Generator) -> Array:
    west, south, east, north = field.bounds
    gx, gy = np.meshgrid(
        np.arange(west, east + spacing, spacing), np.arange(south, north + spacing, spacing)
    )
    shift = rng.uniform(-0.33, 0.33, (gx.size, 2)) * spacing
    points = np.column_stack([gx.ravel(), gy.ravel()]) + shift
    inside = points[shapely.contains_xy(field, points[:, 0], points[:, 1])]
    return inside if len(inside) else np.array([field.representative_point().coords[0]])


def works(water: Water) -> list[Work]:
    """Draw canals beside the river, weirs on the streams and pumps at the river."""
    out: list[Work] = []
    for number, row in enumerate(tables.read("irrigation_works"), start=1):
        shape = _canal(water, row) if row["kind"] == CANAL else _head(water, row)
        listed = row["kind"] == CANAL and number % 4 == 2
        out.append(
            Work(
                id=f"TL{number:02d}",
                name=row["name"],
                kind=row["kind"],
                condition=row["condition"] or "",
                lined=row["lined"] or "",
                declared_m=round(shape.length / 10) * 10 if listed else None,
                shape=shape,
            )
        )
    return out


def _canal(water: Water, row: dict[str, Any]) -> LineString:
    """Draw a canal along a stretch of the river, just above the paddies."""
    end = row["at"] + row["span"]
    piece = shapely.ops.substring(water.river, row["at"], end, normalized=True)
    beside = piece.simplify(25.0).offset_curve(row["side"] * 95.0)
    line = max(shapely.get_parts(beside), key=lambda g: g.length)
    return frame.rounded(frame.smooth(shapely.get_coordinates(line.simplify(18.0)), 2, 1.5))


def _head(water: Water, row: dict[str, Any]) -> Point:
    """Put a weir on one of the longest streams (`side` counts them), a pump at the river."""
    streams = sorted(water.streams, key=lambda s: -s.length)
    line = water.river if row["side"] is None else streams[row["side"]]
    return frame.rounded(line.interpolate(row["at"], normalized=True), 2)


def parcels(shapes: list[Polygon], supply: list[Work]) -> list[Parcel]:
    """Let each parcel be watered by what is near, else by nothing; a few nobody knows."""
    lines = [w for w in supply if w.kind == CANAL]
    heads = [w for w in supply if w.kind != CANAL]
    out = []
    for k, shape in enumerate(shapes):
        to_line = [float(shape.distance(w.shape)) for w in lines]
        to_head = [float(shape.distance(w.shape)) for w in heads]
        work = lines[int(np.argmin(to_line))].id if min(to_line) < _REACH_M else NOTHING
        if min(to_head) < min(150.0, min(to_line) + 60.0):
            work = heads[int(np.argmin(to_head))].id
        dry = "HNK" if k % 3 else "LUK"
        use = dry if work == NOTHING else "LUC"
        unknown = k in _WORK_UNKNOWN
        drained = "Không" if k % 11 == 3 else "Có"
        out.append(
            Parcel(
                id=f"TD{k + 1:03d}",
                land_use="" if k == _USE_UNKNOWN else use,
                work="" if unknown else work,
                drained="" if k % 37 == 5 else drained,
                declared_ha=round(frame.area_ha(shape), 2),
                note="Chưa rõ nguồn tưới" if unknown else "",
                shape=shape,
            )
        )
    return out


def served_share(fields: list[Parcel], supply: list[Work]) -> tuple[float, float]:
    """Return the least and the greatest share of farmland that works in good condition serve."""
    good = {w.id for w in supply if w.condition == "Tốt"}
    unknown = {w.id for w in supply if not w.condition} | {""}
    total = sum(frame.area_ha(p.shape) for p in fields)
    low = sum(frame.area_ha(p.shape) for p in fields if p.work in good)
    high = low + sum(frame.area_ha(p.shape) for p in fields if p.work in unknown)
    require(total > 0, "there is farmland")
    return 100.0 * low / total, 100.0 * high / total
