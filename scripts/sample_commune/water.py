"""The main river and its streams, traced where the invented ground drains, always downhill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
import shapely.ops
from shapely.geometry import LineString, Point, Polygon

from . import frame, terrain

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .frame import Array

_STREAM_M2 = 1.3e6
_SHORTEST_STREAM_M = 1_500.0


@dataclass(frozen=True)
class Water:
    """Lines in the direction of flow, cut at the commune's boundary."""

    river: LineString
    streams: list[LineString]


def _river_line() -> LineString:
    """Draw the main river downstream: the axis with meanders of some tens of metres."""
    axis = terrain.axis()
    t = np.linspace(0.0, 1.0, 900)
    points = shapely.get_coordinates(axis.interpolate(t, normalized=True))
    tangent = np.gradient(points, axis=0)
    normal = np.column_stack([-tangent[:, 1], tangent[:, 0]]) / np.hypot(*tangent.T)[:, None]
    swing = 34.0 * np.sin(t * 290.0) + 26.0 * np.sin(t * 131.0 + 0.7) + 14.0 * np.sin(t * 613.0)
    return LineString((points + normal * swing[:, None])[::-1]).simplify(4.0)


def _drainage(z: Array) -> tuple[NDArray[np.int64], Array]:
    """Steepest receivers and drained area in square metres, on the whole grid."""
    rim = np.zeros(z.shape, dtype=bool)
    rim[[0, -1]] = rim[:, [0, -1]] = True
    ny, nx = z.shape
    index = np.arange(ny * nx).reshape(ny, nx)
    best, to = np.zeros((ny, nx)), index.copy()
    padded, ids = np.pad(z, 1, constant_values=np.inf), np.pad(index, 1, constant_values=-1)
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            if dy == dx == 0:
                continue
            window = (slice(1 + dy, 1 + dy + ny), slice(1 + dx, 1 + dx + nx))
            drop = (z - padded[window]) / np.hypot(dy, dx)
            better = drop > best
            best, to = np.where(better, drop, best), np.where(better, ids[window], to)
    to[rim] = index[rim]
    receiver = to.ravel()
    area = [frame.CELL_M**2] * z.size
    down = receiver.tolist()
    for i in np.argsort(z.ravel(), kind="stable")[::-1].tolist():
        if down[i] != i:
            area[down[i]] += area[i]
    return receiver, np.asarray(area)


def trace(ground: terrain.Terrain, commune: Polygon) -> tuple[terrain.Terrain, Water]:
    """River and streams, and the ground with their beds cut in so that they run downhill."""
    river = _river_line()
    z = carve(ground.z, river, 2.0)
    z = terrain.filled(z)
    receiver, area = _drainage(z)
    rows, columns = np.divmod(np.arange(z.size), frame.GRID_COLUMNS)
    x = frame.GRID_X0 + (columns + 0.5) * frame.CELL_M
    y = frame.GRID_Y0 + (rows + 0.5) * frame.CELL_M
    inside = shapely.contains_xy(commune.buffer(-60.0), x, y)
    to_river = shapely.distance(shapely.points(x, y), river)
    heads = np.flatnonzero(inside & (area >= _STREAM_M2) & (to_river > 120.0))
    has_upper = np.isin(heads, receiver[heads])
    taken: set[int] = set()
    streams: list[LineString] = []
    paths = [_down(int(h), receiver, to_river) for h in heads[~has_upper]]
    for path in sorted(paths, key=lambda p: (-len(p), p[0])):
        cut = next((k for k, cell in enumerate(path) if cell in taken), len(path) - 1)
        points = np.column_stack([x[path[: cut + 1]], y[path[: cut + 1]]])
        if len(points) < 3 or LineString(points).length < _SHORTEST_STREAM_M * 0.5:
            continue
        taken.update(path)
        if cut == len(path) - 1:
            mouth = shapely.ops.nearest_points(river, Point(points[-1]))[0]
            points = np.vstack([points, np.round([mouth.x, mouth.y], 3)])
        line = frame.smooth(shapely.get_coordinates(LineString(points).simplify(22.0)), 2, 3.0)
        if line.length >= _SHORTEST_STREAM_M:
            streams.append(line)
    for line in sorted(streams, key=lambda s: -s.length):
        z = carve(z, line, 0.0)
    z = carve(z, river, 0.0)
    inner = [frame.rounded(_inside(line, commune), 2) for line in streams]
    return terrain.Terrain(z), Water(frame.rounded(_inside(river, commune), 2), inner)


def _down(start: int, receiver: NDArray[np.int64], to_river: Array) -> list[int]:
    path = [start]
    while to_river[path[-1]] > 45.0 and receiver[path[-1]] != path[-1] and len(path) < 4_000:
        path.append(int(receiver[path[-1]]))
    return path


def _inside(line: LineString, commune: Polygon) -> LineString:
    """Return the longest part inside, its direction kept."""
    parts = shapely.get_parts(shapely.intersection(line, commune))
    part = max(parts, key=lambda g: g.length)
    first, last = (line.project(Point(part.coords[k])) for k in (0, -1))
    return part if first <= last else LineString(part.coords[::-1])


def carve(z: Array, line: LineString, depth: float) -> Array:
    """Lower the cells under a line to the least height met so far downstream, less `depth`."""
    points = shapely.get_coordinates(shapely.segmentize(line, 10.0))
    column = ((points[:, 0] - frame.GRID_X0) / frame.CELL_M).astype(int)
    row = ((points[:, 1] - frame.GRID_Y0) / frame.CELL_M).astype(int)
    ok = (column >= 0) & (column < z.shape[1]) & (row >= 0) & (row < z.shape[0])
    column, row = column[ok], row[ok]
    out = z.copy()
    level = np.minimum.accumulate(z[row, column]) - depth
    np.minimum.at(out, (row, column), level)
    return out
