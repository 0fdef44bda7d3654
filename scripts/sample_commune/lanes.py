"""Lanes and field roads, and what is wrong with the inventory on purpose."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
import shapely.ops
from shapely.geometry import LineString, Point

from . import frame
from .network import Network, Road

if TYPE_CHECKING:
    from .places import Village

DOUBLED = "Đường bản Phiêng Cúm"
ODD_SURFACE = "VL2"

_SURFACES = ["BTXM", "BTXM", "Cấp phối", "Đất", "BTXM", "Đá dăm", "Gạch"]
_FIELD_SURFACES = [("Cấp phối", "Có"), ("Đất", "Không"), ("BTXM", "Có"), ("Đất", "")]
_FIELD_VILLAGES = [
    "MK01", "MK02", "MK14", "MK06", "PK01", "PK02", "PK03", "PK05", "MK09", "PK01",
]  # fmt: skip
# Roads whose length stands in an old list too: number in the inventory, listed / drawn
_LISTED = [(1, 1.0), (5, 1.06), (9, 0.93), (12, 1.11)]


def add(net: Network, villages: list[Village], rng: np.random.Generator) -> None:
    """Add one or two lanes at each village and roads down to the paddies."""
    number = 0
    for village in villages:
        twice = village.households > 90 or village.id in ("MK04", "MK13")
        for k in range(2 if twice else 1):
            line = _spur(net, village.point, rng, (170.0, 460.0), 420.0)
            if line is not None:
                net.add(_lane(f"Ngõ {k + 1} bản {village.name}", village, number, line))
                number += 1
    by_id = {v.id: v for v in villages}
    for number, code in enumerate(_FIELD_VILLAGES):
        village = by_id[code]
        line = _spur(net, village.point, rng, (350.0, 900.0), 1_300.0)
        if line is not None:
            surface, all_year = _FIELD_SURFACES[number % 4]
            net.add(
                Road(
                    name=f"Đường nội đồng {village.name} {number // 9 + 1}",
                    road_class="NĐ",
                    surface=surface,
                    width=2.5,
                    all_year=all_year,
                    start=f"Bản {village.name}",
                    end="Đồng ruộng",
                    line=line,
                )
            )


def _lane(name: str, village: Village, number: int, line: LineString) -> Road:
    surface = _SURFACES[number % len(_SURFACES)]
    firm = surface in ("BTXM", "Gạch")
    unclean = "" if number % 9 == 0 else "Không"
    return Road(
        name=name,
        road_class="NX",
        surface=surface,
        width=2.0 if number % 4 else 2.5,
        all_year="Có" if firm or number % 2 else "Không",
        clean="Có" if firm or number % 3 else unclean,
        year=2016 + number % 8 if firm else None,
        start=f"Bản {village.name}",
        line=line,
    )


def _spur(
    net: Network,
    around: Point,
    rng: np.random.Generator,
    reach: tuple[float, float],
    within: float,
) -> LineString | None:
    """Draw a gentle dead end from a vertex of the network, clear of other roads and of water."""
    vertices = [v for v in net.vertices() if Point(v).distance(around) < within]
    if not vertices:
        x, y = net.join(around.x, around.y)
        vertices = [(float(x), float(y))]
    others = shapely.multilinestrings([r.line for r in net.roads])
    wet = shapely.multilinestrings([net.water.river, *net.water.streams])
    room = net.commune.buffer(-60.0)
    best: tuple[float, LineString] | None = None
    for _ in range(60):
        start = np.array(vertices[int(rng.integers(len(vertices)))])
        length, heading = rng.uniform(*reach), rng.uniform(0, 2 * np.pi)
        turns = heading + np.cumsum(rng.normal(0, 0.45, 5))
        steps = np.column_stack([np.cos(turns), np.sin(turns)]) * length / 5
        points = np.vstack([start, start + np.cumsum(steps, axis=0)])
        line = frame.rounded(frame.smooth(points, 2, 0.8))
        rest = shapely.ops.substring(line, 25.0, line.length)
        if rest.distance(others) < 18.0 or line.intersects(wet) or not line.within(room):
            continue
        heights = net.ground.along(line, 15.0)
        rise = float(np.abs(np.diff(heights)).sum() / line.length)
        if best is None or rise < best[0]:
            best = (rise, line)
    return best[1] if best else None


def declare(net: Network) -> None:
    """Give a few roads the length of an old list, which differs from what is drawn."""
    for k, factor in _LISTED:
        declared = round(net.roads[k].line.length * factor / 50.0) * 50.0
        net.roads[k] = replace(net.roads[k], declared=declared)


def spoil(net: Network) -> None:
    """Put in a surface code that nobody knows, a stretch drawn twice and an exact duplicate row."""
    found = [k for k, r in enumerate(net.roads) if r.road_class == "NX"]
    net.roads[found[4]] = replace(net.roads[found[4]], surface=ODD_SURFACE)
    host = next(r for r in net.roads if r.name == DOUBLED)
    piece = shapely.ops.substring(host.line, 400.0, 620.0)
    beside = frame.rounded(shapely.segmentize(piece, 20.0).offset_curve(1.8))
    again = replace(
        host,
        name=f"{DOUBLED} (đo lại)",
        start="",
        end="",
        declared=None,
        note="Đo bằng điện thoại",
        line=beside,
    )
    net.add(again)
    net.roads.append(net.roads[found[7]])
