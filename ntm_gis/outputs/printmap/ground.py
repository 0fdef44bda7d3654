"""Heights and relief, made once for all sheets of a commune."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt
import shapely
from contourpy import contour_generator
from scipy.ndimage import gaussian_filter, map_coordinates, maximum_filter

from ntm_gis.outputs.printmap.standard import LIGHTS, OUTSIDE, TINTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from ntm_gis.layers.values import Grid
    from ntm_gis.outputs.printmap.page import Page, Shapes
    from ntm_gis.outputs.printmap.view import View

Floats = npt.NDArray[np.float64]
Made = TypeVar("Made")

_ALTITUDE = np.radians(48.0)
_STEPS, _TONES = 11, 16
"""Tints by height, and tones of each: together fewer colours than a picture's palette holds."""
_DARK, _LIGHT, _FAR = 0.43, 0.12, 0.42
_SHORTEST = 8
_FADE = 30.0
"""Cells over which the relief fades out."""
PEAK_RISE_M = 20.0
"""A top rises so much above the ground around it."""
_PEAK_M = 900.0


@dataclass
class Ground:
    """The heights of a commune, and what is drawn of them.

    Parameters
    ----------
    grid : Grid
        In the commune's zone.
    """

    grid: Grid

    def __post_init__(self) -> None:
        self._shades: dict[int, Floats] = {}
        self._contours: dict[float, list[tuple[float, Shapes]]] = {}
        self._last: dict[str, tuple[object, Any, object]] = {}

    @cached_property
    def heights(self) -> Floats:
        """Heights, south first; what is not known is filled from its neighbourhood."""
        found = np.asarray(self.grid.heights[::-1], dtype=np.float64)
        there = np.isfinite(found)
        if there.all():
            return found
        low = float(np.nanmin(found)) if there.any() else 0.0
        weight = gaussian_filter(there.astype(np.float64), 4)
        spread = gaussian_filter(np.where(there, found, 0.0), 4)
        filled = np.where(weight > 1e-6, spread / np.maximum(weight, 1e-6), low)
        return np.where(there, found, filled)

    @cached_property
    def known(self) -> npt.NDArray[np.bool_]:
        """Where there is a height, south first."""
        return np.isfinite(self.grid.heights[::-1])

    def shade(self, scale: int) -> Floats:
        """Return the tone of every cell at a scale: 1 where level, darker on the shady side.

        Shaded on the cells of the heights: shading a picture that was made larger would show
        them as squares.
        """
        if scale not in self._shades:
            soft = gaussian_filter(self.heights, 0.8 + scale / 130_000)
            north, east = np.gradient(soft, self.grid.cell)
            times = 1.2 * (scale / 25_000) ** 0.15
            steep = np.sqrt(1 + (times * east) ** 2 + (times * north) ** 2)
            total = np.zeros_like(soft)
            for azimuth, weight in LIGHTS:
                angle = np.radians(azimuth)
                facing = times * (-east * np.sin(angle) - north * np.cos(angle))
                total += weight * (np.sin(_ALTITUDE) + np.cos(_ALTITUDE) * facing) / steep
            light = np.clip(total / np.sin(_ALTITUDE), 0.25, 1.35)
            self._shades[scale] = np.where(
                light < 1, 1 - _DARK * (1 - light), 1 + _LIGHT * (light - 1)
            )
        return self._shades[scale]

    def once(self, what: str, view: View, make: Callable[[], Made]) -> Made:
        """Return what is drawn of the heights in a frame, made once for sheets of the same frame.

        That of the last frame is kept: an atlas has most of its sheets in one.
        """
        given = view.format
        ground = view.commune_ground
        frame = (view.box, view.scale, view.east, view.north, given.ppi, given.k, id(ground))
        key, made, _ = self._last.get(what, (None, None, None))
        if key != frame:
            made = make()
            # The ground is kept with it: its number stays its own.
            self._last[what] = (frame, made, ground)
        found: Made = made
        return found

    def cells(self, east: npt.ArrayLike, north: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Return row and column of places, from the middle of the south-west cell."""
        west, south, _, _ = self.grid.bounds
        cell = self.grid.cell
        return (np.asarray(north) - south) / cell - 0.5, (np.asarray(east) - west) / cell - 0.5

    def height(self, east: npt.ArrayLike, north: npt.ArrayLike) -> Floats:
        """Return the height at places, the nearest where they lie outside."""
        rows, columns = self.cells(east, north)
        found: Floats = map_coordinates(
            self.heights, [np.atleast_1d(rows), np.atleast_1d(columns)], order=1, mode="nearest"
        )
        return found

    def contours(self, interval: float) -> list[tuple[float, Shapes]]:
        """Return contours on the ground by height, lowest first."""
        if interval not in self._contours:
            soft = gaussian_filter(self.heights, 1.4)
            rows, columns = soft.shape
            west, south, _, _ = self.grid.bounds
            x = west + (np.arange(columns) + 0.5) * self.grid.cell
            y = south + (np.arange(rows) + 0.5) * self.grid.cell
            drawn = contour_generator(x, y, np.ma.masked_array(soft, ~self.known))
            levels = np.arange(np.ceil(soft.min() / interval), np.floor(soft.max() / interval) + 1)
            self._contours[interval] = [
                (float(level * interval), lines)
                for level in levels
                if len(lines := _lines(drawn.lines(float(level * interval)), self.grid.cell))
            ]
        return self._contours[interval]

    @cached_property
    def peaks(self) -> list[tuple[float, float, float]]:
        """East, north and height of the tops that rise above all ground around, highest first."""
        reach = max(int(2 * _PEAK_M / self.grid.cell) | 1, 3)
        soft = gaussian_filter(self.heights, 1.0)
        top = (soft == maximum_filter(soft, reach)) & self.known
        top[:2] = top[-2:] = False
        top[:, :2] = top[:, -2:] = False
        rows, columns = np.nonzero(top)
        west, south, _, _ = self.grid.bounds
        found = [
            (
                float(west + (c + 0.5) * self.grid.cell),
                float(south + (r + 0.5) * self.grid.cell),
                float(self.heights[r, c]),
            )
            for r, c in zip(rows, columns, strict=True)
            if soft[r, c] - soft[max(r - reach, 0) : r + reach, max(c - reach, 0) : c + reach].min()
            > PEAK_RISE_M
        ]
        return sorted(found, key=lambda top: (-top[2], top[0], top[1]))


def _lines(found: object, cell: float) -> Shapes:
    lines = [np.asarray(points) for points in found if len(points) > _SHORTEST]  # type: ignore[attr-defined]  # the library says "any of its line types"; by default one array a line
    shapes = np.array([shapely.LineString(points) for points in lines], dtype=object)
    simple: Shapes = shapely.simplify(shapes, cell * 0.12) if len(shapes) else shapes
    return simple


def relief(page: Page, view: View, ground: Ground) -> None:
    """Lay the relief under a sheet: tinted by height in the commune, pale around it."""
    left, bottom, right, top = view.box
    rgb = ground.once("relief", view, lambda: _relief(view, ground))
    page.picture(rgb, (left, right, bottom, top))


def _relief(view: View, ground: Ground) -> npt.NDArray[np.uint8]:
    """Return the picture of the relief in a frame."""
    left, bottom, right, top = view.box
    w, h = (int(side / 25.4 * view.format.ppi) for side in (right - left, top - bottom))
    x = left + (np.arange(w) + 0.5) / w * (right - left)
    y = bottom + (np.arange(h) + 0.5) / h * (top - bottom)
    east, north = view.ground(x, y)
    rows, columns = ground.cells(east, north)
    # Towards the edge of the heights the relief fades, so that nobody sees where they end.
    n_rows, n_columns = ground.known.shape
    fade = np.minimum(_edge(rows, n_rows)[:, None], _edge(columns, n_columns)[None, :])
    tone = _resampled(ground.shade(view.scale), rows, columns)
    tone = 1 + (tone - 1) * fade.astype(np.float32)
    height = _resampled(ground.heights, rows, columns)
    rows_in, columns_in = (
        (v > -0.5) & (v < n - 0.5) for v, n in zip((rows, columns), ground.known.shape, strict=True)
    )
    there = rows_in[:, None] & columns_in[None, :]
    return _coloured(tone, height, _inside(view, x, y), there)


def _edge(at: Floats, n: int) -> Floats:
    """Return 0 outside the cells, 1 well inside."""
    return np.asarray(np.clip(np.minimum(at, n - 1 - at) / _FADE, 0, 1), dtype=np.float64)


def _resampled(values: Floats, rows: Floats, columns: Floats) -> npt.NDArray[np.float32]:
    """Return values at rows and columns of a picture: straight, so one way, then the other."""
    values = values.astype(np.float32)
    first, share = _between(rows, values.shape[0])
    part = values[first]
    part += (values[first + 1] - part) * share[:, None]
    # Columns are taken as rows, which lie together in memory.
    part = np.ascontiguousarray(part.T)
    first, share = _between(columns, values.shape[1])
    found = part[first]
    found += (part[first + 1] - found) * share[:, None]
    return np.asarray(found.T, dtype=np.float32)


def _between(at: Floats, n: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float32]]:
    at = np.clip(at, 0, n - 1.000001)
    first = np.floor(at).astype(np.intp)
    return first, (at - first).astype(np.float32)


def _inside(view: View, x: Floats, y: Floats) -> npt.NDArray[np.bool_]:
    """Return which cells of a picture lie in the commune."""
    if view.commune is None:
        return np.ones((len(y), len(x)), dtype=bool)
    found: npt.NDArray[np.bool_] = np.zeros((len(y), len(x)), dtype=bool)
    # Row by row, between the crossings of its middle with the commune's edge.
    rows = shapely.linestrings(np.stack([np.array([[x[0] - 1, v], [x[-1] + 1, v]]) for v in y]))
    cut = shapely.intersection(rows, view.commune)
    parts, index = shapely.get_parts(cut, return_index=True)
    bounds = shapely.bounds(parts)
    for row, (west, _, east, _) in zip(index, bounds, strict=True):
        if np.isfinite(west):
            found[row, np.searchsorted(x, west) : np.searchsorted(x, east)] = True
    return found


def _coloured(
    tone: npt.NDArray[np.float32],
    height: npt.NDArray[np.float32],
    inside: npt.NDArray[np.bool_],
    there: npt.NDArray[np.bool_],
) -> npt.NDArray[np.uint8]:
    """Return the colour of each cell, of fewer than 256: the picture is stored with a palette."""
    heights = np.array([height for height, _ in TINTS], dtype=np.float64)
    low, high = heights[0], heights[-1]
    levels = np.linspace(low, high, _STEPS)
    rgb = np.array([_rgb(colour) for _, colour in TINTS])
    tints = np.stack([np.interp(levels, heights, rgb[:, i]) for i in range(3)], -1)
    darkest, lightest = 1 - _DARK * 0.75, 1 + _LIGHT * 0.35
    tones = np.linspace(darkest, lightest, _TONES)
    table = (tints[:, None] * tones[None, :, None]).reshape(-1, 3)
    far_tones = np.linspace(darkest, lightest, 72)
    far = _rgb(OUTSIDE) * (1 - _FAR * (1 - far_tones))[:, None]
    palette = np.rint(np.clip(np.concatenate([table, far]), 0, 1) * 255).astype(np.uint8)
    share = (tone - darkest) / (lightest - darkest)
    step = np.clip(np.rint((height - low) / (high - low) * (_STEPS - 1)), 0, _STEPS - 1)
    near = step * _TONES + np.clip(np.rint(share * (_TONES - 1)), 0, _TONES - 1)
    away = len(table) + np.clip(np.rint(share * 71), 0, 71)
    level = len(table) + round((1 - darkest) / (lightest - darkest) * 71)
    number = np.where(inside, near, np.where(there, away, level)).astype(np.uint8)
    found: npt.NDArray[np.uint8] = palette[number]
    return found


def _rgb(colour: str) -> Floats:
    return np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
