"""The commune's outline: invented, of the published area and extent, along invented ridges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.interpolate import splev, splprep
from scipy.ndimage import gaussian_filter
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from shapely import affinity
from shapely.geometry import Polygon

from . import frame, terrain

if TYPE_CHECKING:
    from .frame import Array

# A rough outline by hand, counter-clockwise from the western tip: hundreds of metres from the
# grid's corner. The line between follows the ridges.
_GUIDE = [
    (17, 39), (22, 66), (28, 92), (38, 120), (60, 136), (88, 137), (110, 136), (127, 130),
    (141, 125), (152, 133), (157, 151), (173, 165), (194, 176), (214, 183), (236, 191), (256, 190),
    (277, 191), (275, 176), (266, 159), (256, 145), (241, 134), (223, 126), (208, 112), (192, 97),
    (172, 86), (156, 80), (141, 68), (127, 56), (111, 44), (90, 42), (69, 26), (51, 21),
    (31, 27),
]  # fmt: skip
_OUTLINE_VERTICES = 400


def _ridge_path(ground: terrain.Terrain, guide: Polygon) -> Polygon:
    """Find the cheapest closed way round near the guide, ridges being cheap."""
    z = ground.z[::2, ::2]
    cell = 2 * frame.CELL_M
    ny, nx = z.shape
    above = z - gaussian_filter(z, 6)
    cost = np.exp(-np.clip(above, -80, 80) / 28.0)
    gx = frame.GRID_X0 + (np.arange(nx) * 2 + 0.5) * frame.CELL_M
    gy = frame.GRID_Y0 + (np.arange(ny) * 2 + 0.5) * frame.CELL_M
    xx, yy = np.meshgrid(gx, gy)
    away = shapely.distance(shapely.points(xx, yy), guide.exterior)
    cost = cost * (1.0 + (away / 300.0) ** 2)
    ids = np.arange(ny * nx).reshape(ny, nx)
    rows, columns, weights = [], [], []
    for dy, dx in ((0, 1), (1, 0), (1, 1), (1, -1)):
        a = ids[: ny - dy, max(0, -dx) : nx - max(0, dx)]
        b = ids[dy:, max(0, dx) : nx - max(0, -dx)]
        w = cell * np.hypot(dx, dy) * 0.5 * (cost.ravel()[a] + cost.ravel()[b])
        rows.append(a.ravel())
        columns.append(b.ravel())
        weights.append(w.ravel())
    links = (np.concatenate(rows), np.concatenate(columns))
    graph = csr_matrix((np.concatenate(weights), links), shape=(ids.size, ids.size))
    ring = shapely.get_coordinates(guide.exterior)
    stops = ring[np.linspace(0, len(ring) - 1, 13).astype(int)[:-1]]
    nodes = [_best_near(cost, xx, yy, x, y) for x, y in stops]
    path: list[int] = []
    for start, end in zip(nodes, [*nodes[1:], nodes[0]], strict=True):
        before = dijkstra(graph, directed=False, indices=end, return_predecessors=True)[1]
        here = start
        while here != end:
            path.append(here)
            here = int(before[here])
    around = Polygon(np.column_stack([xx.ravel()[path], yy.ravel()[path]]))
    return frame.largest(shapely.make_valid(around))


def _best_near(cost: Array, xx: Array, yy: Array, x: float, y: float) -> int:
    """Find the cheapest cell within 300 m of a stop."""
    near = np.hypot(xx - x, yy - y) < 300.0
    return int(np.argmin(np.where(near, cost, np.inf)))


def outline(ground: terrain.Terrain) -> Polygon:
    """Draw the commune of the published area: 168.83 km2 on the ellipsoid, some 400 vertices."""
    control = np.array([*_GUIDE, _GUIDE[0]], dtype=float) * 100.0 + (frame.GRID_X0, frame.GRID_Y0)
    spline, _ = splprep(control.T, per=True, s=0)
    guide = Polygon(np.column_stack(splev(np.linspace(0, 1, 600), spline)))
    low, high = 0.70, 1.10
    shape = guide
    for _ in range(14):
        share = (low + high) / 2
        shape = _ridge_path(ground, _narrowed(guide, share))
        low, high = (share, high) if frame.area_ha(shape) < frame.AREA_KM2 * 100 else (low, share)
        if abs(frame.area_ha(shape) / (frame.AREA_KM2 * 100) - 1) < 0.004:
            break
    rng = np.random.default_rng(frame.SEED + 2)
    ring = shapely.get_coordinates(shapely.segmentize(shape.simplify(70.0).exterior, 60.0))[:-1]
    ring = gaussian_filter(ring, (1.5, 0), mode="wrap") + gaussian_filter(
        rng.normal(size=ring.shape) * 22.0, (1.2, 0), mode="wrap"
    )
    shape = frame.largest(shapely.make_valid(Polygon(ring)))
    tolerance = 4.0
    while len(shape.simplify(tolerance).exterior.coords) > _OUTLINE_VERTICES:
        tolerance += 0.25
    shape = shape.simplify(tolerance)
    for _ in range(6):
        scale = (frame.AREA_KM2 * 100 / frame.area_ha(shape)) ** 0.5
        shape = affinity.scale(shape, scale, scale, origin="centroid")
    return shapely.geometry.polygon.orient(frame.rounded(shape))


def _narrowed(guide: Polygon, share: float) -> Polygon:
    """Multiply the guide's distance to the valley axis."""
    axis = terrain.axis()
    points = shapely.get_coordinates(guide.exterior)
    foot = shapely.get_coordinates(
        shapely.line_interpolate_point(
            axis, shapely.line_locate_point(axis, shapely.points(points))
        )
    )
    moved = foot + (points - foot) * share
    return frame.largest(shapely.make_valid(Polygon(moved)))
