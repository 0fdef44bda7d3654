"""The main roads: the national one along the valley, roads to all villages, links between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
import shapely.ops
from shapely.geometry import LineString, Point, Polygon

from . import frame, lanes, routes, tables
from .network import Network, Road, with_vertex
from .places import Village, require

if TYPE_CHECKING:
    from .terrain import Terrain
    from .water import Water

HO_TRA_M = 7_000.0
HO_TRA_NAME = "Đường lên bản Hô Tra"

# Between villages; only what leaves the network so far is new.
_LINKS = [
    ("MK13", "MK06", "Đường liên bản Nậm Be - Nà Cóoc"),
    ("PK05", "MK10", "Đường liên bản Nà Khoang - Nậm Cung"),
    ("MK03", "MK12", "Đường liên bản Phiêng Hào - Hua Cần"),
    ("PK03", "PK06", "Đường liên bản Nậm Bon - Hô Bon"),
]
_STOPS_SHORT_M = {"MK12": 850.0}  # where the road ends before the village


def build(
    ground: Terrain,
    commune: Polygon,
    water: Water,
    villages: list[Village],
    rng: np.random.Generator,
) -> list[Road]:
    """Build the whole inventory; the road to Hô Tra is 7.00 km from Nà An."""
    net = Network(ground, commune, water)
    _national(net)
    by_id = {v.id: v for v in villages}
    _to_villages(net, by_id)
    _between_villages(net, by_id)
    lanes.add(net, villages, rng)
    net.node()
    lanes.declare(net)
    lanes.spoil(net)
    ho_tra = next(r for r in net.roads if r.name == HO_TRA_NAME)
    require(abs(ho_tra.line.length - HO_TRA_M) < 0.005, f"road of {ho_tra.line.length:.4f} m")
    return net.roads


def _national(net: Network) -> None:
    """Lead the national road from boundary to boundary along the valley."""
    river = net.water.river
    west, east = river.coords[-1], river.coords[0]
    inner = net.commune.buffer(-170.0)
    starts = (Point(west[0] - 60.0, west[1] + 150.0), Point(east[0] - 90.0, east[1] + 60.0))
    ends = [shapely.ops.nearest_points(inner, start)[0] for start in starts]
    way = net.gentle.way((ends[0].x, ends[0].y), [(ends[1].x, ends[1].y)])
    edge = [shapely.ops.nearest_points(net.commune.exterior, Point(way[k]))[0] for k in (0, -1)]
    points = np.vstack([[edge[0].x, edge[0].y], way, [edge[1].x, edge[1].y]])
    net.add(
        Road(
            name="Quốc lộ 32",
            road_class="QL",
            surface="Nhựa",
            width=7.5,
            all_year="Có",
            year=2010,
            start="Giáp xã Nậm Sỏ",
            end="Giáp xã Tân Uyên",
            line=frame.rounded(routes.drawn(points, 20.0)),
        )
    )


def _to_villages(net: Network, by_id: dict[str, Village]) -> None:
    """Lead each road of the list from the network so far to its village."""
    for row in tables.read("road_plans"):
        village = by_id[row["village"]]
        up = row["name"] == HO_TRA_NAME
        line = _to_ho_tra(net, by_id) if up else _to_village(net, village)
        net.add(
            Road(
                name=row["name"],
                road_class=row["road_class"],
                surface=row["surface"] or "",
                width=row["width"],
                all_year=row["all_year"] or "",
                year=row["year"],
                start="Bản Nà An" if up else _start(net, line),
                end=f"Bản {village.name}",
                line=line,
            )
        )


def _to_village(net: Network, village: Village) -> LineString:
    """Lead a road to a village, its first vertex being one of the network's."""
    host = min(range(len(net.roads)), key=lambda k: net.roads[k].line.distance(village.point))
    foot = frame.rounded(shapely.ops.nearest_points(net.roads[host].line, village.point)[0])
    if foot.distance(village.point) < 330.0:
        net.redraw(host, with_vertex(net.roads[host].line, foot))
        middle = [(foot.x + village.x) / 2 + 14.0, (foot.y + village.y) / 2 + 9.0]
        points = np.array([[foot.x, foot.y], middle, [village.x, village.y]])
        return frame.rounded(frame.smooth(points, 2, 0.5))
    way = net.gentle.way((village.x, village.y), net.vertices())[::-1]
    points = np.vstack([net.join(*way[0]), way[1:-1], [village.x, village.y]])
    line = frame.rounded(routes.drawn(points))
    short = _STOPS_SHORT_M.get(village.id, 0.0)
    return frame.rounded(shapely.ops.substring(line, 0.0, line.length - short)) if short else line


def _to_ho_tra(net: Network, by_id: dict[str, Village]) -> LineString:
    """Take the gentlest way under 7 km, then add bends up to 7 km."""
    top, foot = by_id["MK04"], net.join(by_id["MK05"].x, by_id["MK05"].y)
    for grade in (0.08, 0.09, 0.10, 0.11, 0.12, 0.135, 0.15, 0.17):
        steps = routes.Ground(net.ground, net.commune, net.water, grade)
        way = steps.way((top.x, top.y), [(float(foot[0]), float(foot[1]))])[::-1]
        line = routes.drawn(np.vstack([foot, way[1:-1], [top.x, top.y]]))
        if line.length < HO_TRA_M - 20.0:
            require(line.length > HO_TRA_M - 900.0, f"way to Hô Tra {line.length:.0f} m")
            return routes.to_length(line, HO_TRA_M)
    message = "no way to Hô Tra under 7 km"
    raise ValueError(message)


def _between_villages(net: Network, by_id: dict[str, Village]) -> None:
    """Link villages by the longest stretch of the way between them that no road follows yet."""
    for start, end, name in _LINKS:
        known = shapely.multilinestrings([r.line for r in net.roads])
        goal = (by_id[end].x, by_id[end].y)
        way = net.across.way((by_id[start].x, by_id[start].y), [goal])
        free = shapely.distance(shapely.points(way), known) > 75.0
        runs = np.flatnonzero(np.diff(np.r_[0, free.astype(int), 0])).reshape(-1, 2)
        first, last = max(runs.tolist(), key=lambda run: run[1] - run[0])
        inner = way[first:last]
        points = np.vstack([net.join(*inner[0]), inner, net.join(*inner[-1])])
        net.add(
            Road(
                name=name,
                road_class="ĐB",
                surface="Cấp phối",
                width=3.0,
                start=f"Bản {by_id[start].name}",
                end=f"Bản {by_id[end].name}",
                note="Liên bản",
                line=frame.rounded(routes.drawn(points)),
            )
        )


def _start(net: Network, line: LineString) -> str:
    """Say in words where a road begins."""
    first = Point(line.coords[0])
    host = min(net.roads, key=lambda r: r.line.distance(first))
    along = host.line.project(first)
    if host.road_class == "QL":
        return f"Km{along / 1000:.1f} quốc lộ 32".replace(".", ",")
    return host.end if along > 0.8 * host.line.length else host.name
