"""Ways over the invented ground as road builders would choose them: gentle grades, hairpins, few fords."""

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
    from .frame import Array
    from .terrain import Terrain
    from .water import Water

_FACTOR = 2  # graph cells of 60 m
_MOVES = [(0, 1), (1, 0), (1, 1), (1, -1), (1, 2), (2, 1), (1, -2), (2, -1)]


class Ground:
    """A graph of possible steps; its cost is length, made dear by grade, side slope and water."""

    def __init__(self, ground: Terrain, commune: Polygon, water: Water, grade: float = 0.085) -> None:
        self.cell = _FACTOR * frame.CELL_M
        z = gaussian_filter(ground.z, 0.8)
        rows, columns = frame.GRID_ROWS // _FACTOR, frame.GRID_COLUMNS // _FACTOR
        self.z = z[: rows * _FACTOR, : columns * _FACTOR].reshape(rows, _FACTOR, columns, _FACTOR).mean((1, 3))
        self.shape = self.z.shape
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

    def _graph(self, inside: Array, dear: Array, grade: float) -> csr_matrix:
        rows, columns = self.shape
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
            cost = step * 0.5 * (dear[a] + dear[b]) * (1.0 + (slope / grade) ** 2 + (slope / 0.16) ** 6)
            heads += [a, b]
            tails += [b, a]
            costs += [cost, cost]
        links = (np.concatenate(heads), np.concatenate(tails))
        return csr_matrix((np.concatenate(costs), links), shape=(flat.size, flat.size))

    def node(self, x: float, y: float) -> int:
        """The node of the cell that a point lies in."""
        column = int((x - frame.GRID_X0) / self.cell)
        row = int((y - frame.GRID_Y0) / self.cell)
        return row * self.shape[1] + column

    def way(self, start: tuple[float, float], ends: list[tuple[float, float]]) -> Array:
        """Vertices of the cheapest way from a point to the nearest of some others, in this order."""
        nodes = sorted({self.node(*end) for end in ends})
        before, total = self._tree(tuple(nodes))
        here = self.node(*start)
        if not np.isfinite(total[here]):
            message = f"no way from {start}"
            raise ValueError(message)
        path = [here]
        while before[path[-1]] >= 0:
            path.append(int(before[path[-1]]))
        return np.column_stack([self.x[path], self.y[path]])

    def _tree(self, nodes: tuple[int, ...]) -> tuple[Array, Array]:
        found = dijkstra(self.graph, indices=list(nodes), min_only=True, return_predecessors=True)
        return found[1], found[0]


def drawn(points: Array, tolerance: float = 14.0) -> LineString:
    """A way as a surveyor's line: the grid's corners rounded off."""
    return frame.smooth(shapely.get_coordinates(LineString(points).simplify(tolerance)), 2, 1.2)


def to_length(line: LineString, metres: float) -> LineString:
    """The line with small bends added until it has that length, both ends kept.

    The last doubt, under a millimetre, goes into the last vertex but one.
    """
    t = np.linspace(0.0, 1.0, int(line.length / 22.0))
    points = shapely.get_coordinates(line.interpolate(t, normalized=True))
    tangent = np.gradient(points, axis=0)
    normal = np.column_stack([-tangent[:, 1], tangent[:, 0]]) / np.hypot(*tangent.T)[:, None]
    wave = np.sin(t * 2 * np.pi * line.length / 240.0) + 0.6 * np.sin(t * 2 * np.pi * line.length / 137.0 + 1.0)
    wave = wave * np.clip(np.minimum(t, 1 - t) * 18.0, 0.0, 1.0)
    low, high = 0.0, 60.0
    for _ in range(80):
        middle = (low + high) / 2
        tried = points + normal * (wave * middle)[:, None]
        low, high = (middle, high) if LineString(tried).length < metres else (low, middle)
    bent = frame.rounded(LineString(tried))
    return _trimmed(bent, metres)


def _trimmed(line: LineString, metres: float) -> LineString:
    """Move the end along its last stretch so that the length holds to the tenth of a millimetre."""
    points = shapely.get_coordinates(line)
    last = points[-1] - points[-2]
    span = float(np.hypot(*last))
    points[-1] = points[-2] + last / span * (span + metres - line.length)
    return LineString(np.round(points, 4))
