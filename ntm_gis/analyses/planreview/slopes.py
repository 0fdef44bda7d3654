"""The rule about steep ground: which cells of the elevation are too steep, and which unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses.coverage.covered import hectares
from ntm_gis.analyses.overlay.pieces import areal
from ntm_gis.analyses.planreview.ground import M2_PER_HA, array
from ntm_gis.analyses.planreview.hazards import no_layer, unjudged, uses, zone_outcome
from ntm_gis.rules.schema import schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ntm_gis.analyses.columns import Floats, Ints, Shapes
    from ntm_gis.analyses.coverage.places import Bools
    from ntm_gis.analyses.planreview.case import Case
    from ntm_gis.analyses.planreview.outcomes import Outcome
    from ntm_gis.layers.values import Grid
    from ntm_gis.rules.planning_cards import Rule


_LEAST_M2 = 1.0
"""Ground of unknown slope that is worth a word."""


def on_slope(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Yield planned settlement and works of which part is steeper than the rule allows.

    Notes
    -----
    Slope by Horn's formula over the 3 × 3 cells of the elevation. Ground of a zone in steep cells
    is too steep; ground beyond the elevation, or beside a height not known, cannot be judged.
    """
    zones = case.planned(uses(rule))
    if not zones:
        return
    grid = case.layers.elevation
    if grid is None:
        yield no_layer(rule, "elevation", schema("elevation").title.words)
        return
    most = float(str(rule.parameters.get("degrees", 90.0)))
    least = rule.tolerance.get("area_m2", 0.0)
    degrees = slope(np.asarray(grid.heights, dtype=np.float64), grid.cell)
    steep = _Cells(grid, degrees > most)
    for position in zones:
        shape = case.zones.shapes[position]
        rows, columns, squares = steep.on(shape)
        place = _ground(squares, shape)
        if place is None or place.area < least:
            continue
        worst = float(degrees[rows, columns].max())
        ground_m2 = float(hectares(array([place]), case.zone)[0]) * M2_PER_HA
        yield zone_outcome(
            case, rule, position, place, float(place.area), ground_m2, measured=worst,
            required=most, unit="°", ha=ground_m2 / M2_PER_HA, worst=worst, most=most,
        )  # fmt: skip
    yield from _unknown(case, rule, zones, grid, np.isnan(degrees))


def _unknown(
    case: Case, rule: Rule, zones: list[int], grid: Grid, blank: Bools
) -> Iterator[Outcome]:
    """Yield once the ground of zones of which no slope is known."""
    cells = _Cells(grid, blank)
    frame = shapely.box(*grid.bounds)
    rows, places = [], []
    for position in zones:
        shape = case.zones.shapes[position]
        beyond = areal(array([shapely.difference(shape, frame)]))[0]
        within = _ground(cells.on(shape)[-1], shape)
        there = [place for place in (beyond, within) if place is not None and not place.is_empty]
        if sum(place.area for place in there) > _LEAST_M2:
            rows.append(position)
            places += there
    if rows:
        yield unjudged(case, rule, rows, shapely.union_all(array(places)), "slope_unknown")


@dataclass(frozen=True)
class _Cells:
    """Cells of a grid that are marked."""

    grid: Grid
    marked: Bools

    def on(self, shape: shapely.Geometry) -> tuple[Ints, Ints, Shapes]:
        """Return rows, columns and squares of the marked cells that a zone reaches."""
        west, south, east, north = shape.bounds
        grid, (rows, columns) = self.grid, self.marked.shape
        top = min(max(int((grid.north - north) // grid.cell), 0), rows)
        left = min(max(int((west - grid.west) // grid.cell), 0), columns)
        bottom = max(int((grid.north - south) // grid.cell) + 1, top)
        right = max(int((east - grid.west) // grid.cell) + 1, left)
        row, column = np.nonzero(self.marked[top:bottom, left:right])
        row, column = row + top, column + left
        x, y = grid.west + column * grid.cell, grid.north - row * grid.cell
        squares = shapely.box(x, y - grid.cell, x + grid.cell, y)
        shapely.prepare(shape)
        # Cells that only touch the outline have no ground of the zone.
        reached = shapely.intersects(shape, squares) & ~shapely.touches(shape, squares)
        return row[reached], column[reached], squares[reached]


def _ground(squares: Shapes, shape: shapely.Geometry) -> shapely.Geometry | None:
    """Return what of a zone lies in cells; None where nothing does."""
    if not len(squares):
        return None
    place = areal(array([shapely.intersection(shapely.union_all(squares), shape)]))[0]
    return None if place.is_empty else place


def slope(heights: Floats, cell: float) -> Floats:
    """Return the slope of each cell in degrees; NaN at the edge and beside unknown heights.

    Examples
    --------
    >>> slope(np.tile([0.0, 10.0, 20.0], (3, 1)), 10.0)[1, 1].round(9)
    np.float64(45.0)
    """
    out = np.full(heights.shape, np.nan)
    a, b, c = heights[:-2, :-2], heights[:-2, 1:-1], heights[:-2, 2:]
    d, f = heights[1:-1, :-2], heights[1:-1, 2:]
    g, h, i = heights[2:, :-2], heights[2:, 1:-1], heights[2:, 2:]
    east = ((c + 2 * f + i) - (a + 2 * d + g)) / (8 * cell)
    south = ((g + 2 * h + i) - (a + 2 * b + c)) / (8 * cell)
    out[1:-1, 1:-1] = np.degrees(np.arctan(np.hypot(east, south)))
    # The formula does without the middle cell; of ground whose height is unknown so is the slope.
    out[np.isnan(heights)] = np.nan
    return out
