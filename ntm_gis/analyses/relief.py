"""Relief from the elevation: contours and shade, to lie under every map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from contourpy import ContourGenerator, contour_generator
from scipy.ndimage import gaussian_filter

from ntm_gis.layers.values import Answer, Grid, Layers

if TYPE_CHECKING:
    from ntm_gis.analyses.affects import Reads
    from ntm_gis.analyses.columns import Floats
    from ntm_gis.analyses.question import Question

READS: Reads = {}

INTERVAL_M, INDEX_M = 100.0, 500.0
MARGIN_M = 1500.0
"""Ground beyond the commune that maps show."""

MOST_CELLS = 1_200_000
LIGHTS = ((315.0, 0.55), (270.0, 0.15), (0.0, 0.15), (225.0, 0.15))
"""Azimuth and weight of the four lights, all 45 degrees high."""

_SMOOTH_CELLS = 2.0
_SIMPLIFY_CELLS = 0.5
_SHORTEST_CELLS = 20.0

Heights = npt.NDArray[np.float32]


def answer(question: Question) -> Answer:
    """Return the frame `contours` and the grids `heights` and `shade`.

    Without elevation the frame is empty and there are no grids.
    """
    layers = question.layers
    zone = layers.commune.commune.crs
    if layers.elevation is None:
        return Answer(frames={"contours": _frame([], [], zone)})
    grid = coarsened(clipped(layers.elevation, _bounds(layers, layers.elevation)), MOST_CELLS)
    if grid.heights.size == 0:
        return Answer(frames={"contours": _frame([], [], zone)})
    lines, heights = contours(grid)
    shade = Grid(hillshade(grid.heights, grid.cell), grid.west, grid.north, grid.cell, grid.origin)
    return Answer(
        frames={"contours": _frame(lines, heights, zone)}, grids={"heights": grid, "shade": shade}
    )


def _bounds(layers: Layers, elevation: Grid) -> tuple[float, float, float, float]:
    if layers.boundary is None:
        return elevation.bounds
    west, south, east, north = layers.boundary.bounds
    return west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M


def clipped(grid: Grid, bounds: tuple[float, float, float, float]) -> Grid:
    """Return the cells of a grid that touch a rectangle (west, south, east, north)."""
    west, south, east, north = bounds
    rows, columns = grid.heights.shape
    left = min(max(0, int((west - grid.west) // grid.cell)), columns)
    right = max(min(columns, int(-((grid.west - east) // grid.cell))), left)
    top = min(max(0, int((grid.north - north) // grid.cell)), rows)
    bottom = max(min(rows, int(-((south - grid.north) // grid.cell))), top)
    return Grid(
        grid.heights[top:bottom, left:right],
        grid.west + left * grid.cell,
        grid.north - top * grid.cell,
        grid.cell,
        grid.origin,
    )


def coarsened(grid: Grid, most: int) -> Grid:
    """Return a grid of at most so many cells: means of square blocks, NaN left out of them."""
    factor = 1
    while grid.heights.size / factor**2 > most:
        factor += 1
    if factor == 1:
        return grid
    rows, columns = (n // factor for n in grid.heights.shape)
    blocks = grid.heights[: rows * factor, : columns * factor].reshape(
        rows, factor, columns, factor
    )
    there = np.isfinite(blocks)
    count = there.sum(axis=(1, 3))
    total = np.where(there, blocks, 0).sum(axis=(1, 3), dtype=np.float64)
    mean = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return Grid(mean.astype(np.float32), grid.west, grid.north, grid.cell * factor, grid.origin)


def smoothed(heights: Heights, cells: float) -> Floats:
    """Return heights smoothed by a Gaussian; where there is none, there stays none."""
    there = np.isfinite(heights)
    filled = np.where(there, heights, 0).astype(np.float64)
    weight = gaussian_filter(there.astype(np.float64), cells, mode="nearest")
    total = gaussian_filter(filled, cells, mode="nearest")
    return np.where(there, total / np.maximum(weight, 1e-9), np.nan)


def contours(grid: Grid) -> tuple[list[shapely.LineString], list[float]]:
    """Return contours every 100 m, lowest first, with their heights.

    Lines run through the middles of cells, smoothed by two cells and simplified by half a
    cell; rings shorter than twenty cells are left out.
    """
    rows, columns = grid.heights.shape
    if min(rows, columns) < 2 or not np.isfinite(grid.heights).any():
        return [], []
    smooth = smoothed(grid.heights, _SMOOTH_CELLS)
    x = grid.west + (np.arange(columns) + 0.5) * grid.cell
    y = grid.north - (np.arange(rows) + 0.5) * grid.cell
    generator = contour_generator(x, y, np.ma.masked_invalid(smooth))
    lines: list[shapely.LineString] = []
    heights: list[float] = []
    low, high = np.nanmin(smooth), np.nanmax(smooth)
    for level in np.arange(np.ceil(low / INTERVAL_M), np.floor(high / INTERVAL_M) + 1):
        for points in _lines(generator, float(level * INTERVAL_M)):
            line = shapely.LineString(np.round(points, 1)) if len(points) > 1 else None
            if line is None or line.length < _SHORTEST_CELLS * grid.cell:
                continue
            lines.append(line.simplify(_SIMPLIFY_CELLS * grid.cell))
            heights.append(float(level * INTERVAL_M))
    return lines, heights


def _lines(generator: ContourGenerator, level: float) -> list[Floats]:
    # The default line type gives one array a line; the library's types say "any of them".
    return [np.asarray(points, np.float64) for points in generator.lines(level)]


def hillshade(heights: Heights, cell: float) -> Heights:
    """Return the brightness (0–1) of ground under four lights; NaN where there is no height.

    Examples
    --------
    >>> flat = np.zeros((3, 3), dtype=np.float32)
    >>> bool(np.allclose(hillshade(flat, 30.0), np.sin(np.radians(45.0))))
    True
    """
    if min(heights.shape) < 2:
        return np.where(np.isfinite(heights), np.sin(np.radians(45.0)), np.nan).astype(np.float32)
    # Rows run to the south: a height that grows with the row falls to the north.
    to_south, to_east = np.gradient(heights.astype(np.float64), cell)
    steep = np.sqrt(1 + to_east**2 + to_south**2)
    half = np.sqrt(0.5)
    shade = np.zeros(heights.shape)
    for azimuth, weight in LIGHTS:
        angle = np.radians(azimuth)
        facing = 1 - to_east * np.sin(angle) + to_south * np.cos(angle)
        shade += weight * np.clip(half * facing / steep, 0, 1)
    return shade.astype(np.float32)


def _frame(lines: list[shapely.LineString], heights: list[float], zone: str) -> gpd.GeoDataFrame:
    index = [height % INDEX_M == 0 for height in heights]
    return gpd.GeoDataFrame(
        {
            "id": np.array([f"{k}" for k in range(1, len(lines) + 1)], dtype=object),
            "height": np.array(heights, dtype=np.float64),
            "state": np.array(["index" if i else "plain" for i in index], dtype=object),
        },
        geometry=gpd.GeoSeries(lines, crs=zone),
        crs=zone,
    )
