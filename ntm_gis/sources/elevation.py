"""Heights brought onto a regular grid in the commune's zone.

The geometry of it is done here, by pyproj like all other; the reading process hands over plain
cells of the window that is needed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ntm_gis import crs
from ntm_gis.errors import CrsError
from ntm_gis.layers.values import Grid
from ntm_gis.results import Words
from ntm_gis.sources import frames, limits
from ntm_gis.sources.readers.parsed import Refusal, Told

if TYPE_CHECKING:
    from pyproj import CRS

    from ntm_gis.rules.commune import SourceEntry
    from ntm_gis.sources.child import Child
    from ntm_gis.sources.opening import Opened
    from ntm_gis.sources.placing import Ground

CELL_M = 30.0
_MARGIN_M = 3_000.0
_WIDEST_M = 400_000.0
_STEP = 16
_MOST_CELLS = 16_000_000
_LOWEST, _HIGHEST = -500.0, 9_000.0

Heights = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Source:
    """What a raster says of itself: its size, and the affine map from cells to coordinates."""

    width: int
    height: int
    map: tuple[float, float, float, float, float, float]
    system: CRS

    def cells(self, x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
        """Return column and row of places, 0.5 being the middle of the first cell."""
        a, b, c, d, e, f = self.map
        det = a * e - b * d
        return (e * (x - c) - b * (y - f)) / det, (a * (y - f) - d * (x - c)) / det


def grid(
    opened: Opened, entry: SourceEntry, ground: Ground, child: Child
) -> tuple[Grid, list[Told]]:
    """Return the heights of a raster in the commune's zone.

    Returns
    -------
    Grid, list of Told
        As it is, where the raster is in the zone already, north up and of a usable size;
        otherwise on cells of 30 m, bilinear, around the commune where that is known.

    Raises
    ------
    Refusal
        The raster names no system, or lies elsewhere than the commune.

    Notes
    -----
    A cell next to one without height has none: heights are never carried into a gap.
    """
    source = _source(opened, entry)
    told: list[Told] = []
    if opened.tables[0].hints["bands"] > 1:
        told.append(Told("RASTER_BANDS", params={"bands": opened.tables[0].hints["bands"]}))
    fits = _as_it_is(source, ground)
    heights, west, north, cell = (
        _whole(source, opened, child) if fits else _resampled(source, opened, ground, child)
    )
    heights = _cleaned(heights, told)
    if not np.isfinite(heights).any():
        raise Refusal("RASTER_ELSEWHERE")
    code = f"EPSG:{source.system.to_epsg()}"
    origin = frames.origin(opened.taken, entry, None, code)
    out = Grid(heights, west, north, cell, origin)
    told += _coverage(out, ground)
    return out, told


def _source(opened: Opened, entry: SourceEntry) -> _Source:
    table = opened.tables[0]
    try:
        system = crs.parse_crs(entry.crs) if entry.crs else crs.identify(table.crs or "")
    except CrsError as refused:
        why = Words(refused.say("vi"), refused.say("en"))
        raise Refusal("CRS_ENTRY_REFUSED" if entry.crs else "CRS_REFUSED", why=why) from refused
    if system is None:
        raise Refusal("RASTER_WITHOUT_CRS")
    hints = table.hints
    a, b, c, d, e, f = (float(v) for v in hints["transform"])
    return _Source(int(hints["width"]), int(hints["height"]), (a, b, c, d, e, f), system)


def _as_it_is(source: _Source, ground: Ground) -> bool:
    """Whether a raster needs no resampling: in the zone, north up, square cells of some metres."""
    a, b, _, d, e, _ = source.map
    return (
        f"EPSG:{source.system.to_epsg()}" == ground.zone
        and b == d == 0
        and a > 0
        and math.isclose(a, -e, rel_tol=1e-6)
        and 10 <= a <= 100
        and source.width * source.height <= _MOST_CELLS
    )


def _whole(source: _Source, opened: Opened, child: Child) -> tuple[Heights, float, float, float]:
    window = (0, 0, source.height, source.width)
    heights = _read(opened, child, window, (source.height, source.width))
    return heights, source.map[2], source.map[5], source.map[0]


def _read(
    opened: Opened, child: Child, window: tuple[int, int, int, int], shape: tuple[int, int]
) -> Heights:
    """Ask for the cells of a window: first row, first column, rows, columns."""
    row, column, rows, columns = window
    message, blocks = child.ask({
        "do": "window", "kind": opened.taken.kind, "path": str(opened.taken.path),
        "window": {"row": row, "column": column, "rows": rows, "columns": columns},
        "shape": list(shape),
    })  # fmt: skip
    if tuple(message["shape"]) != shape or len(blocks) != 1:
        raise Refusal("SOURCE_CRASHED")
    return np.frombuffer(blocks[0], "<f4").reshape(shape).astype(np.float32)


def _resampled(
    source: _Source, opened: Opened, ground: Ground, child: Child
) -> tuple[Heights, float, float, float]:
    """Return heights on a grid of the zone, interpolated between the cells of the raster."""
    west, south, east, north = _extent(source, ground)
    cell = CELL_M
    while (east - west) * (north - south) / cell**2 > _MOST_CELLS:
        cell *= 2
    columns, rows = math.ceil((east - west) / cell), math.ceil((north - south) / cell)
    x: Numbers = west + cell * (np.arange(columns, dtype=np.float64) + 0.5)
    y: Numbers = north - cell * (np.arange(rows, dtype=np.float64) + 0.5)
    column, row = _places(source, ground.zone, x, y)
    window, shape = _window(source, column, row)
    if window is None:
        raise Refusal("RASTER_ELSEWHERE")
    cells = _read(opened, child, window, shape)
    first_row, first_column, height, width = window
    heights = _bilinear(
        cells,
        (column - first_column) * shape[1] / width - 0.5,
        (row - first_row) * shape[0] / height - 0.5,
    )
    return heights, west, north, cell


def _extent(source: _Source, ground: Ground) -> tuple[float, float, float, float]:
    """Return the ground to cover, on whole cells: the commune with a margin, or the raster."""
    if ground.polygon is not None:
        west, south, east, north = ground.polygon.bounds
        west, south = west - _MARGIN_M, south - _MARGIN_M
        east, north = east + _MARGIN_M, north + _MARGIN_M
    else:
        edge = np.linspace(0, 1, 21)
        side, zero, one = edge, np.zeros(21), np.ones(21)
        u = source.width * np.concatenate([side, side, zero, one])
        v = source.height * np.concatenate([zero, one, side, side])
        a, b, c, d, e, f = source.map
        try:
            x, y = crs.to_zone(a * u + b * v + c, d * u + e * v + f, source.system, ground.zone)
        except CrsError as refused:
            raise Refusal("RASTER_ELSEWHERE") from refused
        west, east, south, north = x.min(), x.max(), y.min(), y.max()
        if max(east - west, north - south) > _WIDEST_M:
            raise Refusal("SOURCE_TOO_BIG")
    down, up = np.floor, np.ceil
    return (
        float(down(west / CELL_M) * CELL_M), float(down(south / CELL_M) * CELL_M),
        float(up(east / CELL_M) * CELL_M), float(up(north / CELL_M) * CELL_M),
    )  # fmt: skip


def _places(source: _Source, zone: str, x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """Return for each cell of the grid where it lies in the raster.

    Transformed exactly at every sixteenth cell and interpolated between: over half a kilometre
    a projection bends by less than a millimetre.
    """
    coarse_x, coarse_y = _knots(x), _knots(y)
    mesh_x, mesh_y = np.meshgrid(coarse_x, coarse_y)
    moved = crs.transformer(zone, source.system).transform(mesh_x, mesh_y)
    column, row = source.cells(np.asarray(moved[0]), np.asarray(moved[1]))
    return tuple(_between(part, coarse_x, coarse_y, x, y) for part in (column, row))  # type: ignore[return-value]  # two of them


def _knots(values: Numbers) -> Numbers:
    """Return every sixteenth value, and the last."""
    return np.unique(np.concatenate([values[::_STEP], values[-1:]]))


def _between(part: Numbers, xs: Numbers, ys: Numbers, x: Numbers, y: Numbers) -> Numbers:
    """Interpolate linearly from knots (ascending) to a full grid."""
    across = np.stack([np.interp(x, xs, line) for line in part])
    place = np.clip(np.searchsorted(ys, y) - 1, 0, max(len(ys) - 2, 0))
    if len(ys) == 1:
        return np.repeat(across, len(y), axis=0)
    share = ((y - ys[place]) / (ys[place + 1] - ys[place]))[:, None]
    out: Numbers = across[place] * (1 - share) + across[place + 1] * share
    return out


def _window(
    source: _Source, column: Numbers, row: Numbers
) -> tuple[tuple[int, int, int, int] | None, tuple[int, int]]:
    """Return the part of the raster that is needed, and how many cells to read of it."""
    finite = np.isfinite(column) & np.isfinite(row)
    inside = finite & (column >= -1) & (column <= source.width + 1)
    inside &= (row >= -1) & (row <= source.height + 1)
    if not inside.any():
        return None, (0, 0)
    left, right = _span(column[inside], source.width)
    top, bottom = _span(row[inside], source.height)
    rows, columns = bottom - top, right - left
    thin = max(1, math.ceil(math.sqrt(rows * columns / limits.PIXELS)))
    shape = (max(1, rows // thin), max(1, columns // thin))
    return (top, left, rows, columns), shape


def _span(values: Numbers, most: int) -> tuple[int, int]:
    first = max(0, math.floor(values.min()) - 2)
    last = min(most, math.ceil(values.max()) + 2)
    return first, max(last, first + 1)


def _bilinear(cells: Heights, column: Numbers, row: Numbers) -> Heights:
    """Interpolate between the middles of four cells; NaN where one of them has no height."""
    rows, columns = cells.shape
    # Half a cell at the edge of the raster is still its own.
    inside = (column >= -0.5) & (column <= columns - 0.5) & (row >= -0.5) & (row <= rows - 0.5)
    column, row = np.clip(column, 0, columns - 1), np.clip(row, 0, rows - 1)
    column, row = np.nan_to_num(column), np.nan_to_num(row)
    left = np.minimum(column.astype(np.int64), max(columns - 2, 0))
    top = np.minimum(row.astype(np.int64), max(rows - 2, 0))
    right, bottom = np.minimum(left + 1, columns - 1), np.minimum(top + 1, rows - 1)
    u, v = column - left, row - top
    upper = _mix(cells[top, left], cells[top, right], u)
    lower = _mix(cells[bottom, left], cells[bottom, right], u)
    return np.where(inside, _mix(upper, lower, v), np.nan).astype(np.float32)


def _mix(a: npt.NDArray[np.floating], b: npt.NDArray[np.floating], share: Numbers) -> Numbers:
    """Return what lies between two values; one with no share has no say, not even as NaN."""
    mixed = a * (1 - share) + b * share
    return np.where(share == 0, a, np.where(share == 1, b, mixed))


def _cleaned(heights: Heights, told: list[Told]) -> Heights:
    """Take out what is no height on Earth: voids that a file does not declare."""
    with np.errstate(invalid="ignore"):
        wrong = (heights < _LOWEST) | (heights > _HIGHEST)
    if wrong.any():
        told.append(Told("RASTER_VOIDS", params={"count": int(wrong.sum())}))
        return np.where(wrong, np.float32(np.nan), heights)
    return heights


def _coverage(grid: Grid, ground: Ground) -> list[Told]:
    """Tell when the heights do not cover the commune."""
    if ground.polygon is None:
        return []
    import shapely

    rows, columns = grid.heights.shape
    x = grid.west + grid.cell * (np.arange(columns) + 0.5)
    y = grid.north - grid.cell * (np.arange(rows) + 0.5)
    step = max(1, int(math.sqrt(rows * columns / 40_000)))
    mesh_x, mesh_y = np.meshgrid(x[::step], y[::step])
    known = np.isfinite(grid.heights[::step, ::step])
    inside = shapely.contains_xy(ground.polygon, mesh_x, mesh_y)
    covered = float((inside & known).sum()) * (grid.cell * step) ** 2 / ground.polygon.area
    if covered == 0:
        raise Refusal("RASTER_ELSEWHERE")
    share = 100 * min(covered, 1.0)
    return [Told("RASTER_PARTLY", params={"share": share})] if share < 98 else []
