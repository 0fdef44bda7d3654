"""A road network in the making: its lines share a vertex where they meet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon

from . import routes

if TYPE_CHECKING:
    from .frame import Array
    from .terrain import Terrain
    from .water import Water


@dataclass(frozen=True, kw_only=True)
class Road:
    """A row of the inventory, in the office's own words."""

    id: str = ""
    name: str
    road_class: str
    line: LineString
    surface: str = ""
    width: float | None = None
    all_year: str = ""
    clean: str = ""
    year: int | None = None
    start: str = ""
    end: str = ""
    declared: float | None = None
    note: str = ""


class Network:
    """Roads by the order of building; what meets shares a vertex."""

    def __init__(self, ground: Terrain, commune: Polygon, water: Water) -> None:
        self.ground, self.commune, self.water = ground, commune, water
        self.gentle = routes.Ground(ground, commune, water)
        self.across = routes.Ground(ground, commune, water, 0.16)
        self.roads: list[Road] = []

    def add(self, road: Road) -> None:
        """Give a road its id and take it in."""
        self.roads.append(replace(road, id=f"D{len(self.roads) + 1:02d}"))

    def vertices(self) -> list[tuple[float, float]]:
        """Return every vertex of every road."""
        return [(float(x), float(y)) for road in self.roads for x, y in road.line.coords]

    def join(self, x: float, y: float) -> Array:
        """Return the vertex of the network nearest to a point, as it stands in its road."""
        points = np.array(self.vertices())
        nearest = int(np.argmin(np.hypot(*(points - (x, y)).T)))
        return np.asarray(points[nearest])

    def redraw(self, k: int, line: LineString) -> None:
        """Replace the line of a road."""
        self.roads[k] = replace(self.roads[k], line=line)

    def node(self) -> None:
        """Put a vertex where two roads cross, so that a route can turn there."""
        for i in range(len(self.roads)):
            for j in range(i + 1, len(self.roads)):
                crossing = self.roads[i].line.intersection(self.roads[j].line)
                for where in shapely.get_parts(crossing):
                    if where.geom_type == "Point":
                        for k in (i, j):
                            self.redraw(k, with_vertex(self.roads[k].line, where))


def with_vertex(line: LineString, point: Point) -> LineString:
    """Give a line a vertex at a point that lies on it; leave it where it has one there."""
    points = shapely.get_coordinates(line)
    at = np.round([point.x, point.y], 4)
    if np.hypot(*(points - at).T).min() < 0.01:
        return line
    along = np.r_[0.0, np.cumsum(np.hypot(*np.diff(points, axis=0).T))]
    place = int(np.searchsorted(along, line.project(point)))
    return LineString(np.insert(points, place, at, axis=0))
