"""Ways over the invented ground as builders choose them: gentle grades, hairpins, few fords."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.ndimage import gaussian_filter
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from shapely.geometry import LineString, Polygon

from . import frame

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .frame import Array
    from .terrain import Terrain
    from .water import Water

_FACTOR = 2  # cells of the grid in a step: 60 m
_MOVES = [(0, 1), (1, 0), (1, 1), (1, -1), (1, 2), (2, 1), (1, -2), (2, -1)]


class Ground:
    """A graph of possible steps; their cost is length, made dear by grade, side slope and water."""

    def __init__(
        self, ground: Terrain, commune: Polygon, water: Water, grade: float = 0.085
    ) -> None:
        self.cell = _FACTOR * frame.CELL_M
        z = gaussian_filter(ground.z, 0.8)
        rows, columns = frame.GRID_ROWS // _FACTOR, frame.GRID_COLUMNS // _FACTOR
        blocks = z[: rows * _FACTOR, : columns * _FACTOR].reshape(rows, _FACTOR, columns, _FACTOR)
        self.z = blocks.mean((1, 3))
        gx = frame.GRID_X0 + (np.arange(columns) + 0.5) * self.cell
        gy = frame.GRID_Y0 + (np.arange(rows) + 0.5) * self.cell
        self.x, self.y = (a.ravel() for a in np.meshgrid(gx, gy))
        inside = shapely.contains_xy(commune.buffer(-110.0), self.x, self.y)
        steep = np.hypot(*np.gradient(self.z, self.cell)).ravel()
        dear = 1.0 + np.clip(steep - 0.30, 0.0, None) * 2.5
        points = shapely.points(self.x, self.y)
        dear += 5.0 * (shapely.distance(points, water.river) < 50.0)
        streams = shapely.multilinestrings(water.streams)
        shapely.prepare(streams)
        dear += 0.8 * shapely.dwithin(points, streams, 40.0)
        self.graph = self._graph(inside, dear, grade)

    def _graph(self, inside: NDArray[np.bool_], dear: Array, grade: float) -> csr_matrix:
        rows, columns = self.z.shape
        ids = np.arange(rows * columns).reshape(rows, columns)
        heads, tails, costs = [], [], []
        flat = self.z.ravel()
        for dy, dx in _MOVES:
            a = ids[: rows - dy, max(0, -dx) : columns - max(0, dx)].ravel()
            b = ids[dy:, max(0, dx) : columns - max(0, -dx)].ravel()
            both = inside[a] & inside[b]
            a, b = a[both], b[both]
            step = self.cell * float(np.hypot(dx, dy))
            slope = np.abs(flat[a] - flat[b]) / step
            steepness = 1.0 + (slope / grade) ** 2 + (slope / 0.16) ** 6
            cost = step * 0.5 * (dear[a] + dear[b]) * steepness
            heads += [a, b]
            tails += [b, a]
            costs += [cost, cost]
        links = (np.concatenate(heads), np.concatenate(tails))
        return csr_matrix((np.concatenate(costs), links), shape=(flat.size, flat.size))

    def _node(self, x: float, y: float) -> int:
        column = int((x - frame.GRID_X0) / self.cell)
        row = int((y - frame.GRID_Y0) / self.cell)
        return row * int(self.z.shape[1]) + column

    def way(self, start: tuple[float, float], ends: list[tuple[float, float]]) -> Array:
        """Return the vertices of the cheapest way from a point to the nearest of some others.

        Raises
        ------
        ValueError
            There is no way.
        """
        nodes = sorted({self._node(*end) for end in ends})
        total, before, _ = dijkstra(
            self.graph, indices=nodes, min_only=True, return_predecessors=True
        )
        here = self._node(*start)
        if not np.isfinite(total[here]):
            message = f"no way from {start}"
            raise ValueError(message)
        path = [here]
        while before[path[-1]] >= 0:
            path.append(int(before[path[-1]]))
        return np.column_stack([self.x[path], self.y[path]])


def drawn(points: Array, tolerance: float = 14.0) -> LineString:
    """Draw a way as a surveyor does: the grid's corners rounded off."""
    corners = shapely.get_coordinates(LineString(points).simplify(tolerance))
    return frame.smooth(corners, 2, 1.2)


def to_length(line: LineString, metres: float) -> LineString:
    """Add small bends until a line has that length, both ends kept.

    The last doubt, under a tenth of a millimetre, goes into the last vertex.
    """
    t = np.linspace(0.0, 1.0, int(line.length / 22.0))
    points = shapely.get_coordinates(line.interpolate(t, normalized=True))
    tangent = np.gradient(points, axis=0)
    normal = np.column_stack([-tangent[:, 1], tangent[:, 0]]) / np.hypot(*tangent.T)[:, None]
    turns = 2 * np.pi * line.length * t
    wave = np.sin(turns / 240.0) + 0.6 * np.sin(turns / 137.0 + 1.0)
    wave = wave * np.clip(np.minimum(t, 1 - t) * 18.0, 0.0, 1.0)
    low, high, tried = 0.0, 60.0, points
    for _ in range(80):
        middle = (low + high) / 2
        tried = points + normal * (wave * middle)[:, None]
        low, high = (middle, high) if LineString(tried).length < metres else (low, middle)
    bent = shapely.get_coordinates(frame.rounded(LineString(tried)))
    last = bent[-1] - bent[-2]
    span = float(np.hypot(*last))
    bent[-1] = bent[-2] + last / span * (span + metres - LineString(bent).length)
    return LineString(np.round(bent, 5))
