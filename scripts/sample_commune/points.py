"""Homes, and the places that the environment criterion asks about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
import shapely.ops
from shapely.geometry import Point

from . import frame, tables
from .places import Village, require

if TYPE_CHECKING:
    from shapely.geometry import Polygon

    from .crops import Plot
    from .land import Land
    from .network import Road
    from .water import Water

_BIN_VILLAGES = ("MK02", "MK03", "MK13", "PK01", "PK02", "PK03", "PK04", "PK06")


@dataclass(frozen=True)
class Building:
    """A group of homes."""

    id: str
    village: str
    households: int
    point: Point


def buildings(
    villages: list[Village],
    land: Land,
    roads: list[Road],
    water: Water,
    rng: np.random.Generator,
) -> list[Building]:
    """Scatter about 600 groups of homes over the gentler ground of the villages."""
    wet = [water.river.buffer(34.0), *(s.buffer(12.0) for s in water.streams)]
    closed = shapely.unary_union([*wet, *(r.line.buffer(5.0) for r in roads)])
    out: list[Building] = []
    for village in villages:
        sizes = _sizes(village.households, rng)
        spots = _spots(village, len(sizes), land, closed, rng)
        for spot, size in zip(spots, sizes, strict=True):
            out.append(Building(f"N{len(out) + 1:04d}", village.id, size, spot))
    require(sum(b.households for b in out) == frame.HOUSEHOLDS, "households of buildings")
    return out


def _sizes(households: int, rng: np.random.Generator) -> list[int]:
    """Split households into groups of one to eight: some homes stand alone, some together."""
    count = round(households / 4.14)
    sizes = np.full(count, households // count)
    sizes[: households - int(sizes.sum())] += 1
    for _ in range(count):
        a, b = rng.integers(0, count, 2)
        if sizes[a] > 2 and sizes[b] < 8:
            sizes[a] -= 1
            sizes[b] += 1
    return [int(size) for size in sizes]


def _spots(
    village: Village, count: int, land: Land, closed: Polygon, rng: np.random.Generator
) -> list[Point]:
    spread = 70.0 + 9.0 * count**0.5
    spots: list[Point] = []
    while len(spots) < count:
        x, y = np.round(rng.normal((village.x, village.y), spread), 2)
        spot = Point(x, y)
        spread += 0.06
        apart = all(spot.distance(s) > 13.0 for s in spots)
        if apart and not closed.contains(spot) and land.slope_at(x, y) < 24.0:
            spots.append(spot)
    return spots


@dataclass(frozen=True)
class Site:
    """A place that matters to the environment criterion."""

    id: str
    kind: str
    size: str
    village: str
    name: str
    point: Point


def environment(villages: list[Village], tea: list[Plot], land: Land) -> list[Site]:
    """Place waste sites, bins by the tea, cemeteries, farms, springs; one lies outside."""
    by_id = {v.id: v for v in villages}
    rows: list[tuple[str, str, str, str, Point]] = []
    for row in tables.read("environment"):
        spot = land.beside(by_id[row["village"]], row["away"], row["direction"])
        rows.append((row["kind"], row["size"] or "", row["village"], row["name"], spot))
    for k, code in enumerate(_BIN_VILLAGES):
        plot = max((p for p in tea if p.village == code), key=lambda p: p.shape.area)
        corner = Point(np.round(plot.shape.exterior.coords[k], 2))
        rows.append(("Bể thu gom vỏ thuốc", "Nhỏ", code, f"Bể thu gom cạnh lô {plot.id}", corner))
    spring = _beyond(by_id["MK10"], land.commune)
    rows.append(("Nguồn nước", "", "MK10", "Nguồn nước Nậm Cung", spring))
    return [Site(f"MT{k:02d}", *row) for k, row in enumerate(rows, start=1)]


def _beyond(village: Village, commune: Polygon) -> Point:
    """Return a point across the boundary from a village."""
    edge = shapely.ops.nearest_points(commune.exterior, village.point)[0]
    dx, dy = edge.x - village.x, edge.y - village.y
    far = 1.0 + 240.0 / float(np.hypot(dx, dy))
    spot = Point(round(village.x + dx * far, 2), round(village.y + dy * far, 2))
    require(not commune.contains(spot), "the spring lies outside")
    return spot
