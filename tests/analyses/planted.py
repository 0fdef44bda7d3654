"""Zones made by hand or by chance, and their faults found the slow way, pair by pair."""

from __future__ import annotations

import itertools

import numpy as np
import shapely

from ntm_gis.analyses.columns import Floats, Shapes

ZONE = "EPSG:9205"
EAST, NORTH = 571_000.0, 2_455_000.0
Polygon = shapely.Polygon


def box(west: float, south: float, east: float, north: float) -> Polygon:
    """A rectangle, metres from a place in the sample commune."""
    return shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def polygon(*corners: tuple[float, float]) -> Polygon:
    return Polygon([(EAST + x, NORTH + y) for x, y in corners])


def zones(*shapes: shapely.Geometry | None) -> Shapes:
    out = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return out


def parcels(columns: int, rows: int, side: float = 100.0) -> Shapes:
    """Squares side by side, row by row from the south-west."""
    return zones(
        *(
            box(side * x, side * y, side * (x + 1), side * (y + 1))
            for y in range(rows)
            for x in range(columns)
        )
    )


def shifted(shape: shapely.Geometry, east: float, north: float) -> shapely.Geometry:
    return shapely.transform(shape, lambda xy: xy + np.array([east, north]))


def cells(count: int, seed: int, side: float = 1000.0, edge: float = 40.0) -> Shapes:
    """Cells about points by chance, which fill a square; edges cut to `edge` metres."""
    chance = np.random.default_rng(seed)
    points = shapely.multipoints(chance.uniform(0, side, (count, 2)) + np.array([EAST, NORTH]))
    square = box(0, 0, side, side)
    whole = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=square))
    return shapely.segmentize(shapely.intersection(whole, square), edge)


def overlaps(shapes: Shapes, least_m2: float = 1e-4) -> list[tuple[int, int, float]]:
    """Every two zones cut, and each part of what they share."""
    return sorted(
        (i, j, round(float(part.area), 3))
        for i, j in itertools.combinations(range(len(shapes)), 2)
        if shapes[i] is not None and shapes[j] is not None
        for part in shapely.get_parts(shapes[i].intersection(shapes[j]))
        if part.area > least_m2
    )


def holes(shapes: Shapes, least_m2: float = 1e-4) -> Floats:
    """Areas of what no zone covers and no way out leads from, in order."""
    union = shapely.union_all(shapes)
    if union.is_empty:
        return np.empty(0)
    around = shapely.box(*union.bounds).buffer(10, join_style="mitre")
    left = shapely.get_parts(around.difference(union))
    areas = shapely.area(left[~shapely.intersects(left, around.boundary)])
    return np.sort(areas[areas > least_m2])
