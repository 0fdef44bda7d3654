"""Where things stand on a print layout: the scale, the map's ground, a free place for the legend.

The legend stands in a corner that the commune leaves free, if need be by moving the commune aside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import shapely

from ntm_gis.outputs.printmap.standard import LADDER
from ntm_gis.outputs.qgis.items import Box

PAPER = (420.0, 297.0)
FRAME: Box = (15.0, 29.0, 390.0, 245.0)
"""Left, top, width and height of the map on an A3 sheet, within its figures of the grid."""

_CLEAR_MM = 5.0
_GAP_MM = 3.0

# Reference points of QGIS -> which side of the frame the legend keeps to, right and down.
_CORNERS = {8: (1, 1), 6: (0, 1), 2: (1, 0), 0: (0, 0)}


@dataclass(frozen=True, slots=True)
class Placed:
    """A sheet laid out: `extent` is west, south, east and north in metres."""

    scale: int
    extent: Box
    corner: int
    legend_at: tuple[float, float]


def placed(commune: shapely.Geometry, legend: tuple[float, float]) -> Placed:
    """Return the largest round scale at which the commune and the legend have room.

    Parameters
    ----------
    commune : Polygon or MultiPolygon
        In metres.
    legend : tuple of float
        Width and height of the legend in millimetres.

    Examples
    --------
    >>> square = shapely.box(0, 0, 10_000, 10_000)
    >>> found = placed(square, (60, 80))
    >>> found.scale, found.corner, round(found.extent[2] - found.extent[0])
    (50000, 8, 19500)
    """
    scales = [round(step * 1000) for step in LADDER]
    for scale in scales:
        for extent, corner in _candidates(commune, scale):
            if not _covered(commune, extent, scale, corner, legend):
                return Placed(scale, extent, corner, _seat(corner))
    extent, corner = next(_candidates(commune, scales[-1], always=True))
    return Placed(scales[-1], extent, corner, _seat(corner))


def _candidates(
    commune: shapely.Geometry, scale: int, *, always: bool = False
) -> Iterator[tuple[Box, int]]:
    """Yield grounds of the frame with a corner each: the commune in the middle, then shifted."""
    if not (always or _fits(commune, scale)):
        return
    for shift in (0.0, 1.0):
        for corner, (right, down) in _CORNERS.items():
            # The commune moves away from the legend: the ground moves towards it.
            away = (shift * (1 if right else -1), shift * (-1 if down else 1))
            yield _around(commune, scale, away), corner


def _fits(commune: shapely.Geometry, scale: int) -> bool:
    west, south, east, north = shapely.bounds(commune)
    wide, high = ((side - 2 * _CLEAR_MM) * scale / 1000 for side in FRAME[2:])
    return bool(east - west <= wide and north - south <= high)


def _around(commune: shapely.Geometry, scale: int, away: tuple[float, float]) -> Box:
    """Return the ground of the frame around the commune, shifted by the slack that there is."""
    west, south, east, north = shapely.bounds(commune)
    wide, high = (side * scale / 1000 for side in FRAME[2:])
    clear = _CLEAR_MM * scale / 1000
    right = max((wide - (east - west)) / 2 - clear, 0)
    up = max((high - (north - south)) / 2 - clear, 0)
    x = (west + east) / 2 + away[0] * right
    y = (south + north) / 2 + away[1] * up
    return (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)


def _covered(
    commune: shapely.Geometry, extent: Box, scale: int, corner: int, legend: tuple[float, float]
) -> bool:
    """Whether a legend in a corner of the map would lie on the commune."""
    west, south, east, north = extent
    wide, high = ((side + 2 * _GAP_MM) * scale / 1000 for side in legend)
    right, down = _CORNERS[corner]
    x = east - wide if right else west
    y = south if down else north - high
    return bool(shapely.intersects(commune, shapely.box(x, y, x + wide, y + high)))


def _seat(corner: int) -> tuple[float, float]:
    """Return where on the paper the corner of the legend stands."""
    left, top, width, height = FRAME
    right, down = _CORNERS[corner]
    x = left + width - _GAP_MM if right else left + _GAP_MM
    y = top + height - _GAP_MM if down else top + _GAP_MM
    return x, y
