"""Ground that slides or floods, and where roads meet water."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
import shapely.ops

from . import frame, tables
from .land import Land, around, blob

if TYPE_CHECKING:
    from shapely.geometry import Point, Polygon

    from .network import Road
    from .places import Village
    from .water import Water


@dataclass(frozen=True)
class Hazard:
    """Ground that slides or floods."""

    kind: str
    level: str
    note: str
    shape: Polygon
    id: str = ""


def make(
    land: Land, water: Water, villages: list[Village], rng: np.random.Generator
) -> list[Hazard]:
    """Draw landslides above villages, flash floods down three streams, a flood by the river."""
    by_id = {v.id: v for v in villages}
    out: list[Hazard] = []
    for row in tables.read("hazards"):
        village = by_id[row["village"]]
        x, y = _steepest(land, village)
        patch = frame.largest(blob(rng, x, y, rng.uniform(14, 34), 1.8).intersection(land.commune))
        note = f"Sườn dốc gần bản {village.name}"
        out.append(Hazard("Sạt lở", row["level"], note, patch.simplify(3.0)))
    for k, stream in enumerate(sorted(water.streams, key=lambda s: -s.length)[:3]):
        lower = shapely.ops.substring(stream, stream.length * 0.45, stream.length)
        strip = frame.largest(lower.buffer(42.0).intersection(land.commune)).simplify(3.0)
        out.append(Hazard("Lũ quét", "Trung bình" if k else "Cao", "", strip))
    reach = shapely.ops.substring(water.river, 0.62, 0.72, normalized=True).buffer(110.0)
    flood = frame.largest(reach).simplify(4.0)
    out.append(Hazard("Ngập lụt", "Trung bình", "Ngập khi mưa lớn kéo dài", flood))
    return [
        replace(h, id=f"NC{k:02d}", shape=frame.rounded(h.shape, 2))
        for k, h in enumerate(out, start=1)
    ]


def _steepest(land: Land, village: Village) -> tuple[float, float]:
    """Find the steepest ground within some hundred metres of a village."""
    spots = [
        around(village, away, direction)
        for away in (380.0, 520.0, 680.0)
        for direction in range(0, 360, 15)
    ]
    best = max(spots, key=lambda p: round(land.slope_at(p.x, p.y), 6))
    return best.x, best.y


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
    """Put bridges on the main roads, culverts and fords on the others."""
    out: list[Crossing] = []
    for road in {r.id: r for r in roads}.values():
        for stream in [water.river, *water.streams]:
            for spot in shapely.get_parts(road.line.intersection(stream)):
                if spot.geom_type != "Point" or any(c.point.distance(spot) < 45.0 for c in out):
                    continue
                number = len(out) + 1
                kind = _kind(road, stream is water.river, number)
                wet = "Có" if kind != "Ngầm" else ("Không" if number % 7 else "")
                at = frame.rounded(spot, 2)
                name = f"{kind} {road.name}"
                out.append(Crossing(f"CN{number:02d}", kind, road.id, wet, name, at))
    return out


def _kind(road: Road, over_river: bool, number: int) -> str:
    main = road.road_class == "QL" or (over_river and road.road_class == "ĐX")
    if main:
        return "Cầu" if over_river or number % 3 == 1 else "Cống"
    if over_river:
        return "Cầu" if road.surface in ("BTXM", "Cấp phối") else "Ngầm"
    return "Cống" if road.surface in ("BTXM", "Nhựa", "Láng nhựa") else "Ngầm"
