"""Invented mountains: uplift cut by streams that drain to the commune's main valley."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.interpolate import PchipInterpolator
from scipy.ndimage import gaussian_filter, map_coordinates, zoom
from shapely.geometry import LineString

from . import frame, tables

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .frame import Array

    NDArrayBool = NDArray[np.bool_]
    NDArrayInt = NDArray[np.int64]

# The valley axis, from the river's way out in the south-west to its way in in the north-east.
_AXIS = [
    (545_000, 2_443_800), (552_000, 2_447_400), (557_500, 2_449_700), (561_500, 2_450_900),
    (564_800, 2_452_900), (567_300, 2_455_900), (570_600, 2_457_300), (573_600, 2_457_500),
    (576_300, 2_459_300), (578_700, 2_461_200), (581_600, 2_462_000), (584_300, 2_463_900),
    (586_600, 2_466_100), (590_500, 2_468_600), (596_500, 2_473_500), (602_000, 2_477_000),
]  # fmt: skip
# Height of the main river by distance along the axis, upstream.
_RIVER_HEIGHT = PchipInterpolator([0, 0.25, 0.5, 0.75, 1.0], [470, 532, 582, 668, 860])
_PAD = 4_800.0
HIGH = 1_550.0  # above it the summits are pressed together, so that none passes 2,030 m
_STEPS = [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)]


def axis() -> LineString:
    """Draw the axis of the main valley, upstream."""
    return frame.smooth(np.array(_AXIS, dtype=float), rounds=5)


@dataclass(frozen=True)
class Terrain:
    """Metres above sea level on the 30 m grid, row 0 in the south, at cell centres."""

    z: Array

    def at(self, x: Array | float, y: Array | float) -> Array:
        """Elevations at points, bilinear."""
        column = (np.asarray(x, dtype=float) - frame.GRID_X0) / frame.CELL_M - 0.5
        row = (np.asarray(y, dtype=float) - frame.GRID_Y0) / frame.CELL_M - 0.5
        return np.asarray(
            map_coordinates(
                self.z, [np.atleast_1d(row), np.atleast_1d(column)], order=1, mode="nearest"
            )
        )

    def along(self, line: LineString, step: float = 20.0) -> Array:
        """Elevations along a line, every `step` metres."""
        points = shapely.get_coordinates(shapely.segmentize(line, step))
        return self.at(points[:, 0], points[:, 1])


def _grid(cell: float) -> tuple[Array, Array]:
    wide = frame.GRID_COLUMNS * frame.CELL_M + 2 * _PAD
    high = frame.GRID_ROWS * frame.CELL_M + 2 * _PAD
    x = frame.GRID_X0 - _PAD + (np.arange(round(wide / cell)) + 0.5) * cell
    y = frame.GRID_Y0 - _PAD + (np.arange(round(high / cell)) + 0.5) * cell
    gx, gy = np.meshgrid(x, y)
    return gx, gy


def _receivers(z: Array, fixed: NDArrayBool, cell: float, rng: np.random.Generator) -> NDArrayInt:
    """Find the neighbour that each cell drains to; itself in pits and where the level is held.

    Among lower neighbours chance has a say, or valleys would follow the grid's eight directions.
    """
    ny, nx = z.shape
    index = np.arange(ny * nx).reshape(ny, nx)
    best, to = np.zeros((ny, nx)), index.copy()
    padded = np.pad(z, 1, constant_values=np.inf)
    ids = np.pad(index, 1, constant_values=-1)
    for dy, dx in _STEPS:
        there = padded[1 + dy : 1 + dy + ny, 1 + dx : 1 + dx + nx]
        drop = (z - there) / (cell * np.hypot(dy, dx)) * rng.uniform(0.35, 1.0, z.shape)
        better = drop > best
        best = np.where(better, drop, best)
        to = np.where(better, ids[1 + dy : 1 + dy + ny, 1 + dx : 1 + dx + nx], to)
    to[fixed] = index[fixed]
    return to.ravel()


def _erode(
    z: Array, fixed: NDArrayBool, uplift: Array, hard: Array, cell: float, rounds: int
) -> Array:
    """Implicit stream-power erosion with m = 0.45, a round being one step of uplift.

    No slope stands steeper than loose rock does; hillsides creep a little in every round.
    """
    shape, rng = z.shape, np.random.default_rng(frame.SEED + rounds)
    flat_uplift = np.where(fixed, 0.0, uplift).ravel()
    steepest = 0.66 * cell
    for k in range(rounds):
        if k % 4 == 0:
            z = filled(z)
        to = _receivers(z, fixed, cell, rng)
        order = np.argsort(z.ravel(), kind="stable")
        draining = [cell * cell] * z.size
        receiver = to.tolist()
        for i in order[::-1].tolist():
            if receiver[i] != i:
                draining[receiver[i]] += draining[i]
        factor = (hard.ravel() * np.asarray(draining) ** 0.45 / cell).tolist()
        height = (z.ravel() + flat_uplift).tolist()
        for i in order.tolist():
            down = receiver[i]
            if down != i:
                eroded = (height[i] + factor[i] * height[down]) / (1.0 + factor[i])
                height[i] = min(eroded, height[down] + steepest)
        z = np.asarray(height).reshape(shape)
        z = np.where(fixed, z, z + 0.25 * (gaussian_filter(z, 1.0) - z))
    return z


def _uplift(gx: Array, gy: Array, line: LineString, rng: np.random.Generator) -> Array:
    """Lift more in the north-west, where the high range stands, less along the valley."""
    points = shapely.points(gx.ravel(), gy.ravel())
    away = shapely.distance(points, line).reshape(gx.shape)
    spine = shapely.get_coordinates(shapely.segmentize(line, 400.0))
    nearest = shapely.STRtree(shapely.points(spine)).nearest(points).reshape(gx.shape)
    tangent = np.gradient(spine, axis=0)[nearest]
    side = np.sign(
        tangent[..., 0] * (gy - spine[nearest, 1]) - tangent[..., 1] * (gx - spine[nearest, 0])
    )
    side = gaussian_filter(side, 6)
    # Two ranges of their own, so that the map isn't a trough between even walls.
    peaks = np.zeros_like(away)
    for peak in tables.read("peaks"):
        apart = (gx - peak["x"]) ** 2 + (gy - peak["y"]) ** 2
        peaks += peak["high"] * np.exp(-apart / (2.0 * peak["wide"] ** 2))
    lift = 0.25 + 0.75 * np.clip(away / 3_200.0, 0.0, 1.0) + 0.16 * side + peaks
    fade = 0.35 + 0.65 * np.exp(-((np.clip(away - 5_500.0, 0.0, None) / 2_500.0) ** 2))
    uneven = lift * (1.0 + 0.16 * frame.fractal(rng, gx.shape, 3.0))
    return np.asarray(25.0 * fade * np.clip(uneven, 0.15, 2.2))


def _eroded(rng: np.random.Generator, line: LineString) -> Array:
    """Shape the landscape at 60 m over a frame wider than the grid, coarse valleys first."""
    z = np.zeros((0, 0))
    for cell, rounds in ((240.0, 70), (120.0, 40), (60.0, 12)):
        gx, gy = _grid(cell)
        points = shapely.points(gx.ravel(), gy.ravel())
        away = shapely.distance(points, line).reshape(gx.shape)
        along = shapely.line_locate_point(line, points, normalized=True).reshape(gx.shape)
        on_axis = away < cell * 0.75
        edge = np.zeros(gx.shape, dtype=bool)
        edge[[0, -1]] = edge[:, [0, -1]] = True
        base = _RIVER_HEIGHT(along)
        if z.size == 0:
            rim = np.minimum.reduce([gx - gx.min(), gx.max() - gx, gy - gy.min(), gy.max() - gy])
            z = 620.0 + 0.10 * np.minimum(away, rim)
            z = z + 90.0 * frame.fractal(rng, gx.shape, 2.9)
        else:
            z = zoom(z, (gx.shape[0] / z.shape[0], gx.shape[1] / z.shape[1]), order=1)
            z = z + cell * 0.06 * frame.fractal(rng, gx.shape, 1.6)
        z = np.where(edge & ~on_axis, 600.0 + 0.01 * away, z)
        z = np.where(on_axis, base, z)
        hard = 0.30 * np.exp(0.30 * frame.fractal(rng, gx.shape, 2.6))
        lift = _uplift(gx, gy, line, np.random.default_rng(frame.SEED + 1))
        z = _erode(z, edge | on_axis, lift, hard, cell, rounds)
    return z


def filled(z: Array, step: float = 0.02) -> Array:
    """Let every cell drain to the rim, by a few centimetres at least (priority flood)."""
    ny, nx = z.shape
    out = z.copy()
    done = np.zeros(z.shape, dtype=bool)
    heap: list[tuple[float, int]] = []
    for r in range(ny):
        for c in range(nx) if r in (0, ny - 1) else (0, nx - 1):
            heap.append((float(out[r, c]), r * nx + c))
            done[r, c] = True
    heapq.heapify(heap)
    level, seen = out.ravel().tolist(), done.ravel().tolist()
    while heap:
        height, i = heapq.heappop(heap)
        r, c = divmod(i, nx)
        for dr, dc in _STEPS:
            rr, cc = r + dr, c + dc
            if 0 <= rr < ny and 0 <= cc < nx and not seen[rr * nx + cc]:
                k = rr * nx + cc
                seen[k] = True
                level[k] = max(level[k], height + step)
                heapq.heappush(heap, (level[k], k))
    return np.asarray(level).reshape(z.shape)


def make() -> Terrain:
    """Make the elevation grid of the commune and its surroundings, without pits."""
    rng = np.random.default_rng(frame.SEED)
    line = axis()
    coarse = _eroded(rng, line)
    pad = round(_PAD / 60.0)
    # 60 m cells to 30 m cells, cubic, then the roughness of a real survey.
    x = (np.arange(frame.GRID_COLUMNS) + 0.5) / 2.0 - 0.5 + pad
    y = (np.arange(frame.GRID_ROWS) + 0.5) / 2.0 - 0.5 + pad
    yy, xx = np.meshgrid(y, x, indexing="ij")
    z = map_coordinates(gaussian_filter(coarse, 0.8), [yy, xx], order=3, mode="nearest")
    z = gaussian_filter(z, 1.4)
    z = 560.0 + 1.22 * (z - 560.0) + 2.2 * frame.fractal(rng, z.shape, 2.4)
    z = _valley_floor(z, line)
    z = np.where(z > HIGH, HIGH + 480.0 * np.tanh((z - HIGH) / 480.0), z)
    return Terrain(filled(z))


def _valley_floor(z: Array, line: LineString) -> Array:
    """Flatten a floor of varying width along the main river, where the paddies lie."""
    gx = frame.GRID_X0 + (np.arange(frame.GRID_COLUMNS) + 0.5) * frame.CELL_M
    gy = frame.GRID_Y0 + (np.arange(frame.GRID_ROWS) + 0.5) * frame.CELL_M
    xx, yy = np.meshgrid(gx, gy)
    points = shapely.points(xx.ravel(), yy.ravel())
    away = shapely.distance(points, line).reshape(z.shape)
    along = shapely.line_locate_point(line, points, normalized=True).reshape(z.shape)
    side = np.where(yy > np.interp(xx, *shapely.get_coordinates(line).T), 1.0, -1.0)
    width = 170.0 + 150.0 * np.sin(along * 61.0 + side) + 120.0 * np.sin(along * 149.0 + 2.0 * side)
    width = np.clip(gaussian_filter(width, 3.0), 45.0, None)
    floor = _RIVER_HEIGHT(along) + 0.012 * away
    share = np.clip((away - width) / 260.0, 0.0, 1.0)
    share = share * share * (3.0 - 2.0 * share)
    return np.asarray(np.minimum(z, floor * (1.0 - share) + np.maximum(z, floor) * share))
