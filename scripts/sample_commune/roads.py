"""The road inventory: a national road, commune and village roads, lanes and field roads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
import shapely.ops
from shapely.geometry import LineString, Point, Polygon

from . import frame, routes
from .places import Village, require

if TYPE_CHECKING:
    from .frame import Array
    from .terrain import Terrain
    from .water import Water

HO_TRA_M = 7_000.0


@dataclass(frozen=True)
class Road:
    """A row of the inventory, in the office's own words."""

    id: str
    name: str
    road_class: str
    surface: str
    width: float | None
    all_year: str
    clean: str
    year: int | None
    start: str
    end: str
    declared: float | None
    note: str
    line: LineString


@dataclass(frozen=True)
class _Plan:
    village: str
    road_class: str
    name: str
    surface: str
    width: float | None
    all_year: str
    year: int | None


# In the order of building: each goes from the network so far to its village.
_PLANS = [
    _Plan("MK01", "ĐX", "Đường trung tâm xã Phiêng Tâm", "Nhựa", 5.5, "Có", 2014),
    _Plan("MK09", "ĐX", "Đường Phiêng Tâm - Mường Khoa", "BTXM", 4.0, "Có", 2018),
    _Plan("MK05", "ĐX", "Đường quốc lộ 32 - Nà An", "BTXM", 4.0, "Có", 2017),
    _Plan("MK04", "ĐB", "Đường lên bản Hô Tra", "Đất", 3.5, "Không", None),
    _Plan("PK01", "ĐX", "Đường trung tâm xã cũ Phúc Khoa", "Nhựa", 5.5, "Có", 2012),
    _Plan("PK02", "ĐX", "Đường vào Ngọc Lại", "BTXM", 4.0, "Có", 2016),
    _Plan("PK05", "ĐX", "Đường quốc lộ 32 - Nà Khoang", "Láng nhựa", 4.0, "Có", 2015),
    _Plan("PK04", "ĐX", "Đường Phúc Khoa - Hô Ta", "Cấp phối", 3.5, "Có", 2013),
    _Plan("MK14", "ĐB", "Đường bản Phai Cát", "BTXM", 3.5, "Có", 2019),
    _Plan("MK02", "ĐB", "Đường bản Nà Nghè", "BTXM", 3.5, "Có", 2020),
    _Plan("PK03", "ĐB", "Đường bản Nậm Bon", "BTXM", 3.5, "Có", 2018),
    _Plan("MK03", "ĐB", "Đường bản Phiêng Hào", "BTXM", 3.0, "Có", 2021),
    _Plan("MK08", "ĐB", "Đường bản Phiêng Cúm", "BTXM", 3.0, "Có", 2022),
    _Plan("MK11", "ĐB", "Đường bản Pá Kim", "Cấp phối", 3.0, "Có", 2016),
    _Plan("MK13", "ĐB", "Đường bản Nậm Be", "", 3.0, "Có", None),
    _Plan("MK06", "ĐB", "Đường bản Nà Cóoc", "", None, "", None),
    _Plan("MK10", "ĐB", "Đường bản Nậm Cung", "Đất", 2.5, "Không", None),
    _Plan("MK07", "ĐB", "Đường bản Hô Be", "Đất", 2.5, "Không", None),
    _Plan("MK12", "ĐB", "Đường bản Hua Cần", "Đất", 2.0, "Không", None),
    _Plan("PK06", "ĐB", "Đường bản Hô Bon", "", 3.0, "Có", None),
]
# Between villages; only what leaves the network so far is new.
_LINKS = [
    ("MK13", "MK06", "Đường liên bản Nậm Be - Nà Cóoc", "Cấp phối"),
    ("PK05", "MK10", "Đường liên bản Nà Khoang - Nậm Cung", "Đất"),
    ("MK03", "MK12", "Đường liên bản Phiêng Hào - Hua Cần", "Đất"),
    ("PK03", "PK06", "Đường liên bản Nậm Bon - Hô Bon", "Cấp phối"),
]
_UNREACHED = {"MK12": 850.0}  # metres that the road stops short of the village


class Network:
    """Roads in the making; what meets shares a vertex."""

    def __init__(self, ground: Terrain, commune: Polygon, water: Water) -> None:
        self.ground, self.commune, self.water = ground, commune, water
        self.gentle = routes.Ground(ground, commune, water)
        self.across = routes.Ground(ground, commune, water, 0.16)
        self.roads: list[Road] = []

    def add(self, road: Road) -> Road:
        self.roads.append(replace(road, id=f"D{len(self.roads) + 1:02d}"))
        return self.roads[-1]

    def vertices(self) -> list[tuple[float, float]]:
        return [tuple(c) for road in self.roads for c in road.line.coords]

    def join(self, x: float, y: float) -> Array:
        """The vertex of the network nearest to a point, as it stands in the host road."""
        points = np.array(self.vertices())
        return points[int(np.argmin(np.hypot(*(points - (x, y)).T)))]

    def lengthwise(self, k: int, line: LineString) -> None:
        self.roads[k] = replace(self.roads[k], line=line)


def build(
    ground: Terrain, commune: Polygon, water: Water, villages: list[Village], rng: np.random.Generator
) -> list[Road]:
    """The whole inventory; the road to Hô Tra is 7.00 km from Nà An."""
    net = Network(ground, commune, water)
    _national(net)
    by_id = {v.id: v for v in villages}
    for plan in _PLANS:
        village = by_id[plan.village]
        line = _to_ho_tra(net, by_id) if plan.village == "MK04" else _to_village(net, village)
        start = "Bản Nà An" if plan.village == "MK04" else _start(net, line)
        net.add(Road("", plan.name, plan.road_class, plan.surface, plan.width, plan.all_year, "",
                     plan.year, start, f"Bản {village.name}", None, "", line))  # fmt: skip
    for start, end, name, surface in _LINKS:
        line = _link(net, by_id[start], by_id[end])
        ends = by_id[start].name, by_id[end].name
        net.add(Road("", name, "ĐB", surface, 3.0, "Có" if surface == "BTXM" else "", "", None,
                     f"Bản {ends[0]}", f"Bản {ends[1]}", None, "Liên bản", line))  # fmt: skip
    _short_roads(net, villages, rng)
    _noded(net)
    _declared(net)
    _faults(net)
    ho_tra = next(r for r in net.roads if r.name.endswith("Hô Tra") and r.road_class == "ĐB")
    require(abs(ho_tra.line.length - HO_TRA_M) < 0.005, f"road to Hô Tra {ho_tra.line.length:.4f} m")
    return net.roads


def _national(net: Network) -> None:
    river = net.water.river
    west, east = river.coords[-1], river.coords[0]
    inner = net.commune.buffer(-170.0)
    ends = [shapely.ops.nearest_points(inner, Point(p[0] + dx, p[1] + dy))[0] for p, dx, dy in ((west, -60, 150), (east, -90, 60))]
    way = net.gentle.way((ends[0].x, ends[0].y), [(ends[1].x, ends[1].y)])
    edge = [shapely.ops.nearest_points(net.commune.exterior, Point(way[k]))[0] for k in (0, -1)]
    points = np.vstack([[edge[0].x, edge[0].y], way, [edge[1].x, edge[1].y]])
    line = frame.rounded(routes.drawn(points, 20.0))
    net.add(Road("", "Quốc lộ 32", "QL", "Nhựa", 7.5, "Có", "", 2010, "Giáp xã Nậm Sỏ", "Giáp xã Tân Uyên", None, "", line))


def _to_village(net: Network, village: Village) -> LineString:
    """From the network to a village, the first vertex being one of the network's."""
    host = min(range(len(net.roads)), key=lambda k: net.roads[k].line.distance(village.point))
    foot = frame.rounded(shapely.ops.nearest_points(net.roads[host].line, village.point)[0])
    if foot.distance(village.point) < 330.0:
        net.lengthwise(host, with_vertex(net.roads[host].line, foot))
        middle = [(foot.x + village.x) / 2 + 14.0, (foot.y + village.y) / 2 + 9.0]
        return frame.rounded(
            frame.smooth(np.array([[foot.x, foot.y], middle, [village.x, village.y]]), 2, 0.5)
        )
    way = net.gentle.way((village.x, village.y), net.vertices())[::-1]
    joint = net.join(*way[0])
    points = np.vstack([joint, way[1:-1], [village.x, village.y]])
    line = frame.rounded(routes.drawn(points))
    short = _UNREACHED.get(village.id)
    return frame.rounded(shapely.ops.substring(line, 0.0, line.length - short)) if short else line


def _link(net: Network, start: Village, end: Village) -> LineString:
    """The longest stretch of the way between two villages that no road follows yet."""
    known = shapely.multilinestrings([r.line for r in net.roads])
    way = net.across.way((start.x, start.y), [(end.x, end.y)])
    free = shapely.distance(shapely.points(way), known) > 75.0
    runs = np.flatnonzero(np.diff(np.r_[0, free.astype(int), 0])).reshape(-1, 2)
    first, last = max(runs.tolist(), key=lambda run: run[1] - run[0])
    inner = way[first:last]
    points = np.vstack([net.join(*inner[0]), inner, net.join(*inner[-1])])
    return frame.rounded(routes.drawn(points))


def _to_ho_tra(net: Network, by_id: dict[str, Village]) -> LineString:
    """The steepest rule that keeps the way under 7 km, then bends up to 7 km."""
    top, foot = by_id["MK04"], net.join(by_id["MK05"].x, by_id["MK05"].y)
    for grade in (0.08, 0.09, 0.10, 0.11, 0.12, 0.135, 0.15, 0.17):
        steps = routes.Ground(net.ground, net.commune, net.water, grade)
        way = steps.way((top.x, top.y), [(float(foot[0]), float(foot[1]))])[::-1]
        points = np.vstack([foot, way[1:-1], [top.x, top.y]])
        line = routes.drawn(points)
        if line.length < HO_TRA_M - 20.0:
            require(line.length > HO_TRA_M - 900.0, f"way to Hô Tra {line.length:.0f} m")
            return routes.to_length(line, HO_TRA_M)
    message = "no way to Hô Tra under 7 km"
    raise ValueError(message)


def _start(net: Network, line: LineString) -> str:
    first = Point(line.coords[0])
    host = min(net.roads, key=lambda r: r.line.distance(first))
    if host.road_class == "QL":
        return f"Km{host.line.project(first) / 1000:.1f} quốc lộ 32".replace(".", ",")
    return host.end if host.line.project(first) > 0.8 * host.line.length else host.name


def _short_roads(net: Network, villages: list[Village], rng: np.random.Generator) -> None:
    """Lanes at each village, field roads down to the paddies."""
    surfaces = ["BTXM", "BTXM", "Cấp phối", "Đất", "BTXM", "Đá dăm", "Gạch"]
    number = 0
    for village in villages:
        count = 2 if village.households > 90 or village.id in ("MK04", "MK13") else 1
        for k in range(count):
            line = _spur(net, village.point, rng, (170.0, 460.0), 420.0)
            if line is None:
                continue
            surface = surfaces[number % len(surfaces)]
            good = surface in ("BTXM", "Gạch")
            clean = "Có" if good or number % 3 else ("" if number % 9 == 0 else "Không")
            net.add(Road("", f"Ngõ {k + 1} bản {village.name}", "NX", surface, 2.0 if number % 4 else 2.5,
                         "Có" if good or number % 2 else "Không", clean, 2016 + number % 8 if good else None,
                         f"Bản {village.name}", "", None, "", line))  # fmt: skip
            number += 1
    for number, code in enumerate(["MK01", "MK02", "MK14", "MK06", "PK01", "PK02", "PK03", "PK05", "MK09", "PK01"]):
        village = next(v for v in villages if v.id == code)
        line = _spur(net, village.point, rng, (350.0, 900.0), 1_300.0)
        if line is not None:
            net.add(Road("", f"Đường nội đồng {village.name} {number // 9 + 1}", "NĐ",
                         ["Cấp phối", "Đất", "BTXM", "Đất"][number % 4], 2.5, ["Có", "Không", "Có", ""][number % 4],
                         "", None, f"Bản {village.name}", "Đồng ruộng", None, "", line))  # fmt: skip


def _spur(
    net: Network, around: Point, rng: np.random.Generator, reach: tuple[float, float], within: float
) -> LineString | None:
    """A dead end from a vertex of the network, gentle and clear of other roads and of water."""
    vertices = [v for v in net.vertices() if Point(v).distance(around) < within]
    if not vertices:
        vertices = [tuple(net.join(around.x, around.y))]
    others = shapely.multilinestrings([r.line for r in net.roads])
    wet = shapely.multilinestrings([net.water.river, *net.water.streams])
    best: tuple[float, LineString] | None = None
    for _ in range(60):
        start = np.array(vertices[int(rng.integers(len(vertices)))])
        length, heading = rng.uniform(*reach), rng.uniform(0, 2 * np.pi)
        turns = heading + np.cumsum(rng.normal(0, 0.45, 5))
        steps = np.column_stack([np.cos(turns), np.sin(turns)]) * length / 5
        line = frame.rounded(frame.smooth(np.vstack([start, start + np.cumsum(steps, axis=0)]), 2, 0.8))
        rest = shapely.ops.substring(line, 25.0, line.length)
        if rest.distance(others) < 18.0 or line.intersects(wet) or not line.within(net.commune.buffer(-60)):
            continue
        heights = net.ground.along(line, 15.0)
        rise = float(np.abs(np.diff(heights)).sum() / line.length)
        if best is None or rise < best[0]:
            best = (rise, line)
    return best[1] if best else None


def _noded(net: Network) -> None:
    """Put a vertex where two roads cross, so that a route can turn there."""
    for i in range(len(net.roads)):
        for j in range(i + 1, len(net.roads)):
            for where in shapely.get_parts(net.roads[i].line.intersection(net.roads[j].line)):
                if where.geom_type == "Point":
                    for k in (i, j):
                        net.lengthwise(k, with_vertex(net.roads[k].line, where))


def with_vertex(line: LineString, point: Point) -> LineString:
    """The line with a vertex at a point that lies on it; unchanged where it has one there."""
    points = shapely.get_coordinates(line)
    at = np.round([point.x, point.y], 4)
    if np.hypot(*(points - at).T).min() < 0.01:
        return line
    along = np.r_[0.0, np.cumsum(np.hypot(*np.diff(points, axis=0).T))]
    return LineString(np.insert(points, int(np.searchsorted(along, line.project(point))), at, axis=0))


def _declared(net: Network) -> None:
    """A few roads bear the length of an old list, which differs from what is drawn."""
    for k, factor in ((1, 1.0), (5, 1.06), (9, 0.93), (12, 1.11)):
        declared = round(net.roads[k].line.length * factor / 50.0) * 50.0
        net.roads[k] = replace(net.roads[k], declared=declared)


def _faults(net: Network) -> None:
    """An unknown surface code, a stretch digitised twice, an exact duplicate row."""
    lanes = [k for k, r in enumerate(net.roads) if r.road_class == "NX"]
    net.roads[lanes[4]] = replace(net.roads[lanes[4]], surface="VL2")
    host = next(r for r in net.roads if r.name == "Đường bản Phiêng Cúm")
    piece = shapely.ops.substring(host.line, 400.0, 620.0)
    beside = frame.rounded(shapely.segmentize(piece, 20.0).offset_curve(1.8))
    net.add(replace(host, name="Đường bản Phiêng Cúm (đo lại)", start="", end="", declared=None,
                    note="Đo bằng điện thoại", line=beside))  # fmt: skip
    net.roads.append(net.roads[lanes[7]])
