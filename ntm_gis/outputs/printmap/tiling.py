"""Several sheets for a commune that one does not hold at a scale: where they lie, which way up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.errors import OutputError
from ntm_gis.outputs.printmap.fitting import Fit, frame_of, obstacle, placed

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.page import Shapes
    from ntm_gis.outputs.printmap.panel import Panel
    from ntm_gis.outputs.printmap.standard import Format

Box = tuple[float, float, float, float]
"""West, south, east, north on the ground, metres."""

MOST = 36
"""More sheets nobody joins."""
LEAST_OVERLAP_MM = 20.0
_ROUND_M = 100.0
_SHARES = (0.0, 0.5, 1.0)
_NEARLY = 0.75
"""Panels of a column that are nearly as wide as the widest are made as wide."""
_GAP_MM, _COLUMN_GAP_MM = 2.0, 3.0

PanelsOf = Callable[["Format", int, int], Sequence["Panel"]]
"""The panels of a format, of which sheet (from 0), of how many, in the order of placing."""


@dataclass(frozen=True)
class Tile:
    """A sheet of a set: its place in the grid of sheets, and the ground in its frame."""

    row: int
    column: int
    box: Box


@dataclass(frozen=True)
class Tiling:
    """Sheets that hold a commune together, numbered from north to south, west to east in a row."""

    format: Format
    frame: shapely.Polygon
    scale: int
    tiles: tuple[Tile, ...]
    columns: int
    rows: int

    @property
    def boxes(self) -> tuple[Box, ...]:
        """The ground of every sheet, in their order."""
        return tuple(tile.box for tile in self.tiles)


def tilings(
    given: Format, extent: Box, ground: shapely.Geometry | None, scale: int, column_mm: float = 0.0
) -> list[Tiling]:
    """Return how sheets may lie: upright or across, whichever needs fewer, moved in their slack.

    Parameters
    ----------
    given : Format
        Across.
    extent : west, south, east, north
        What the sheets must hold, metres.
    ground : geometry or None
        The commune: sheets without any of it are left out.
    column_mm : float
        Room beside the frame that panels take.

    Raises
    ------
    OutputError
        More sheets than anybody joins.
    """
    found: list[Tiling] = []
    for form in (given.upright, given):
        found += list(_of_format(form, extent, ground, scale, column_mm))
    fewest = min(len(one.tiles) for one in found)
    if fewest > MOST:
        raise OutputError("SHEETS_TOO_MANY", n=fewest, most=MOST, paper=given.name, scale=scale)
    return [one for one in found if len(one.tiles) == fewest]


def _of_format(
    form: Format, extent: Box, ground: shapely.Geometry | None, scale: int, column_mm: float
) -> Iterator[Tiling]:
    frame = frame_of(form)
    left, bottom, right, top = frame.bounds
    right -= column_mm
    if right - left < 2 * LEAST_OVERLAP_MM:
        return
    frame = shapely.box(left, bottom, right, top)
    across = _Axis(right - left, (extent[2] - extent[0]) * 1000 / scale + 2 * form.pad)
    along = _Axis(top - bottom, (extent[3] - extent[1]) * 1000 / scale + 2 * form.pad)
    middle = ((extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2)
    for xs in across.starts():
        for ys in along.starts():
            tiles = []
            for row, y in enumerate(reversed(ys)):
                for column, x in enumerate(xs):
                    west = _rounded(middle[0] + x * scale / 1000, scale)
                    south = _rounded(middle[1] + y * scale / 1000, scale)
                    box = (west, south, west + (right - left) * scale / 1000,
                           south + (top - bottom) * scale / 1000)  # fmt: skip
                    if ground is None or ground.intersects(shapely.box(*box)):
                        tiles.append(Tile(row, column, box))
            yield Tiling(form, frame, scale, tuple(tiles), len(xs), len(ys))


def _rounded(metres: float, scale: int) -> float:
    unit = _ROUND_M if scale >= 10_000 else 10.0
    return round(metres / unit) * unit


@dataclass(frozen=True)
class _Axis:
    """One direction: the length of a sheet's face, and what the sheets must hold, mm."""

    face: float
    need: float

    @property
    def n(self) -> int:
        step = self.face - LEAST_OVERLAP_MM
        return 1 if self.need <= self.face else ceil((self.need - LEAST_OVERLAP_MM) / step)

    def starts(self) -> list[list[float]]:
        """Return where the sheets may begin, from the middle, mm, without doubles."""
        n = self.n
        spare = n * self.face - (n - 1) * LEAST_OVERLAP_MM - self.need if n > 1 else (
            self.face - self.need
        )  # fmt: skip
        out: list[list[float]] = []
        for outside in _SHARES[1:] if n == 1 else _SHARES:
            # What is spare lies outside the commune, or makes the sheets overlap more.
            free = spare * (1.0 if n == 1 else outside)
            overlap = LEAST_OVERLAP_MM + (spare - free) / max(n - 1, 1)
            for share in (0.5, 0.0, 1.0):
                first = -self.need / 2 - free * share
                starts = [first + i * (self.face - overlap) for i in range(n)]
                if starts not in out:
                    out.append(starts)
        return out


def fitted(
    found: Sequence[Tiling],
    obstacles: tuple[shapely.Geometry | None, Shapes],
    panels_of: PanelsOf,
) -> tuple[Tiling, list[Fit]] | None:
    """Return the tiling whose panels lie best on free ground; None where none has room for them.

    Parameters
    ----------
    found : sequence of Tiling
    obstacles : geometry or None, array of lines
        The commune and the main roads, which no panel may cover.
    panels_of : callable
    """
    best: tuple[float, Tiling, list[Fit]] | None = None
    for tiling in found:
        total, fits = 0.0, []
        for i, tile in enumerate(tiling.tiles):
            panels = panels_of(tiling.format, i, len(tiling.tiles))
            one = _on_tile(tiling, tile, obstacles, panels)
            if one is None:
                break
            total += one[1]
            fits.append(one[0])
            if best is not None and total >= best[0]:
                break
        if len(fits) == len(tiling.tiles) and (best is None or total < best[0]):
            best = (total, tiling, fits)
    return None if best is None else best[1:]


def _on_tile(
    tiling: Tiling,
    tile: Tile,
    obstacles: tuple[shapely.Geometry | None, Shapes],
    panels: Sequence[Panel],
) -> tuple[Fit, float] | None:
    """Return a sheet with its panels on free ground, and what that costs."""
    west, south, east, north = tile.box
    mm = 1000 / tiling.scale
    middle = ((west + east) / 2, (south + north) / 2)
    window = shapely.box(*tile.box)
    commune, roads = obstacles
    near = (
        None if commune is None else shapely.intersection(commune, window),
        shapely.intersection(roads, window) if len(roads) else roads,
    )
    ground = obstacle(near, *middle, mm, tiling.format.pad)
    left, bottom, right, top = tiling.frame.bounds
    found = placed(tiling.frame, ground, ((left + right) / 2, (bottom + top) / 2), panels)
    if found is None:
        return None
    fit = Fit(tiling.format, tiling.frame, tiling.scale, west, south, tuple(panels), found[0])
    return fit, found[1]


def again(
    tiling: Tiling, i: int, obstacles: tuple[shapely.Geometry | None, Shapes],
    panels: Sequence[Panel],
) -> Fit | None:  # fmt: skip
    """Return a sheet of a tiling with other panels; None where they have no room."""
    found = _on_tile(tiling, tiling.tiles[i], obstacles, panels)
    return None if found is None else found[0]


def column_width(panels: Sequence[Panel]) -> float:
    """Return the room that panels take beside a frame."""
    return max(panel.w for panel in panels) + _COLUMN_GAP_MM


def in_column(tiling: Tiling, i: int, panels: Sequence[Panel]) -> Fit:
    """Return a sheet with its panels beside the frame, one below the other.

    Those that find no room at the end are left out.
    """
    form = tiling.format
    _, bottom, right, top = tiling.frame.bounds
    x = right + form.band + _COLUMN_GAP_MM
    y = top + form.band
    kept, at = [], {}
    wide = max(panel.w for panel in panels)
    for panel in panels:
        if panel.name == "title" or (panel.frame_mm and panel.w > _NEARLY * wide):
            panel.w = wide
        if y - panel.h < bottom - form.band:
            continue
        at[panel.name] = (x, y - panel.h)
        kept.append(panel)
        y -= panel.h + _GAP_MM
    west, south, _, _ = tiling.tiles[i].box
    return Fit(form, tiling.frame, tiling.scale, west, south, tuple(kept), at)


def overlap_mm(tiling: Tiling) -> float:
    """Return the least overlap of neighbouring sheets, mm of paper; 0 of a single one."""
    found = []
    by_place = {(tile.row, tile.column): tile.box for tile in tiling.tiles}
    for (row, column), box in by_place.items():
        east, south = by_place.get((row, column + 1)), by_place.get((row + 1, column))
        if east is not None:
            found.append((box[2] - east[0]) * 1000 / tiling.scale)
        if south is not None:
            found.append((south[3] - box[1]) * 1000 / tiling.scale)
    return float(min(found, default=0.0))


def neighbours_of(tiling_boxes: Sequence[Box], i: int) -> list[int]:
    """Return the sheets whose ground meets that of another."""
    boxes = shapely.box(*np.array(tiling_boxes).T)
    found = shapely.intersects(boxes, boxes[i])
    return [int(j) for j in np.flatnonzero(found) if j != i]
