"""Three lengths of a road, by their names: on the map, along the slope, by tape."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ntm_gis.analyses.columns import amounts, texts
from ntm_gis.analyses.places import at_row
from ntm_gis.results import Words, sentence

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ntm_gis.analyses.chainage.axis import Axis
    from ntm_gis.analyses.chainage.stakes import RoadLine
    from ntm_gis.analyses.columns import Floats
    from ntm_gis.layers.values import Grid, Layers
    from ntm_gis.results import Finding

DIFFERENCE = 0.005
"""Lengths of one road that differ by more are worth a finding: half a per cent."""

LEAST_STEP_M = 10.0
"""Heights nearer to each other than this say more about the grid than about the road."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """The three lengths of a road in metres; None where one is not known.

    Parameters
    ----------
    on_map : float
        Planar, in the commune's zone.
    slope : float or None
        Along the slope; None without heights all along the road.
    step_m : float or None
        Distance between the heights that went into `slope`.
    tape : float or None
        As measured in the field (`measured_length_m`).
    """

    on_map: float
    slope: float | None = None
    step_m: float | None = None
    tape: float | None = None

    @property
    def differ(self) -> bool:
        """Two of those known differ by more than half a per cent."""
        known = [x for x in (self.on_map, self.slope, self.tape) if x is not None]
        return max(known) > (1 + DIFFERENCE) * min(known)

    @property
    def words(self) -> tuple[Words, ...]:
        """Those known, each by its name."""
        out = [sentence("LENGTH_ON_MAP", {"metres": self.on_map})]
        if self.slope is not None:
            out.append(sentence("LENGTH_SLOPE", {"metres": self.slope, "step": self.step_m}))
        if self.tape is not None:
            out.append(sentence("LENGTH_TAPE", {"metres": self.tape}))
        return tuple(out)


def slope_length(axis: Axis, grid: Grid) -> tuple[float | None, float]:
    """Return the length along the slope, and the distance between the heights that it rests on.

    Parameters
    ----------
    axis : Axis
    grid : Grid
        Heights in the commune's zone.

    Returns
    -------
    length : float or None
        Metres; None where there is no height somewhere along the road.
    step : float
        Metres between heights: the grid's cell at least, fitted to the road's length.

    Notes
    -----
    Heights lie between the middles of four cells (bilinear). Finer steps than the grid has would
    climb its cells like stairs and make the road longer than it is.
    """
    count = max(1, round(axis.length_m / max(grid.cell, LEAST_STEP_M)))
    at = np.linspace(0.0, axis.length_m, count + 1)
    east, north = (np.interp(at, axis.at_m, axis.xy[:, k]) for k in (0, 1))
    z = heights_at(grid, east, north)
    step = axis.length_m / count
    if np.isnan(z).any():
        return None, step
    return float(np.hypot(step, np.diff(z)).sum()), step


def heights_at(grid: Grid, east_m: Floats, north_m: Floats) -> Floats:
    """Return heights at points, between the middles of cells; NaN where the grid has none.

    In the outer half of the outermost cells the height is that of their middles.
    """
    rows, columns = grid.heights.shape
    if rows == 0 or columns == 0:
        return np.full(len(east_m), np.nan)
    x = (np.asarray(east_m) - grid.west) / grid.cell - 0.5
    y = (grid.north - np.asarray(north_m)) / grid.cell - 0.5
    outside = (x < -0.5) | (y < -0.5) | (x > columns - 0.5) | (y > rows - 0.5)
    x, y = np.clip(x, 0, columns - 1), np.clip(y, 0, rows - 1)
    left, top = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    right, bottom = np.minimum(left + 1, columns - 1), np.minimum(top + 1, rows - 1)
    u, v = x - left, y - top
    z = grid.heights.astype(np.float64)
    out = np.zeros(len(x))
    for row, column, weight in (
        (top, left, (1 - u) * (1 - v)), (top, right, u * (1 - v)),
        (bottom, left, (1 - u) * v), (bottom, right, u * v),
    ):  # fmt: skip
        # A cell without weight may be without height.
        out += np.where(weight > 0, z[row, column] * np.where(weight > 0, weight, 1.0), 0.0)
    out[outside] = np.nan
    return out


def lengths(
    layers: Layers, lines: Mapping[str, RoadLine], wanted: Collection[str]
) -> dict[str, Lengths]:
    """Return the lengths of the roads wanted and of those measured by tape, by id."""
    used = layers["roads"].used
    out: dict[str, Lengths] = {}
    measured = amounts(used, "measured_length_m").tolist()
    for road_id, tape in zip(texts(used, "road_id"), measured, strict=True):
        line = lines.get(road_id or "")
        if line is None or road_id is None or (road_id not in wanted and math.isnan(tape)):
            continue
        slope, step = None, None
        if layers.elevation is not None:
            slope, step = slope_length(line.axis, layers.elevation)
        known_tape = None if math.isnan(tape) else tape
        out[road_id] = Lengths(line.axis.length_m, slope, step, known_tape)
    return out


def findings(layers: Layers, found: Mapping[str, Lengths]) -> Iterator[Finding]:
    """Yield the roads whose lengths differ, with all that are known."""
    layer = layers["roads"]
    for row, road_id in enumerate(texts(layer.used, "road_id")):
        mine = found.get(road_id or "")
        if mine is None or not mine.differ:
            continue
        known = [x for x in (mine.slope, mine.tape) if x is not None]
        difference = max(known, key=lambda x: abs(x - mine.on_map)) - mine.on_map
        yield at_row(
            "ROAD_LENGTHS_DIFFER", layer, row,
            field="measured_length_m" if mine.tape is not None else None,
            value=None if mine.tape is None else f"{mine.tape:.15g}",
            known=mine.words, difference=abs(difference),
        )  # fmt: skip
