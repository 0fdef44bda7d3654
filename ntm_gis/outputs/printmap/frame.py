"""The frame: neatline, minute ladder, VN-2000 kilometre grid with figures on the four sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis import crs
from ntm_gis.outputs.printmap.standard import BLACK, INK, MM, PAPER
from ntm_gis.outputs.printmap.type import width

if TYPE_CHECKING:
    import numpy.typing as npt

    from ntm_gis.outputs.printmap.page import Page, Points
    from ntm_gis.outputs.printmap.view import View

_GRID, _DEGREES = "#7d97aa", "#444444"
_VN2000 = "EPSG:4756"
_SMALL = 0.68
_MIDDLE = 0.36
_CORNER_MM = 3.0


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the grid: 0 for an easting, 1 for a northing; where on paper; metres."""

    axis: int
    at: float
    metres: float


def draw(page: Page, view: View) -> None:
    """Draw the whole frame and the grid."""
    lines = _grid(page, view)
    rim = 0.0
    if not view.format.figure:
        rim = 0.9 * view.format.k**0.5
        _ladder(page, view, rim, lines)
    _borders(page, view, rim)
    _figures(page, view, rim, lines)


def _grid(page: Page, view: View) -> list[_Line]:
    left, bottom, right, top = view.box
    step = view.rules.grid
    out, drawn = [], []
    for axis, (low, high, origin) in enumerate(
        ((left, right, view.east), (bottom, top, view.north))
    ):
        first = np.ceil(origin / step) * step
        for metres in np.arange(first, origin + (high - low) / view.mm, step):
            at = float(low + (metres - origin) * view.mm)
            ends = [[at, bottom], [at, top]] if axis == 0 else [[left, at], [right, at]]
            drawn.append(np.array(ends))
            out.append(_Line(axis, at, float(metres)))
    if page.bw:
        page.line(drawn, 0.2, BLACK, (1, 14), z=4.6)
    else:
        page.line(drawn, 0.09, _GRID, z=4.6)
    return out


def _ladder(page: Page, view: View, rim: float, lines: list[_Line]) -> None:
    """Draw the ladder, alternate minutes black, and the degrees between the grid figures."""
    left, bottom, right, top = view.box
    outer = shapely.buffer(view.frame, rim, join_style="mitre")
    page.area(shapely.difference(outer, view.frame), PAPER, z=11)
    for axis, sides in ((0, (bottom, top)), (1, (left, right))):
        low, high = (left, right) if axis == 0 else (bottom, top)
        for far, side in enumerate(sides):
            minutes, at = _minutes(view, axis, side)
            stops = np.concatenate([[low], at, [high]])
            parity = int(minutes[0] - 1) % 2 if len(minutes) else 0
            offset = side - (0 if far else rim)
            for j in range(len(stops) - 1):
                if (j + parity) % 2 == 0:
                    a, long = float(stops[j]), float(stops[j + 1] - stops[j])
                    box = (a, offset, long, rim) if axis == 0 else (offset, a, rim, long)
                    page.rect(*box, fill=INK, z=12)
            for minute, place in zip(minutes, at, strict=True):
                if round(minute) % _degrees_step(view) == 0:
                    _degree(page, view, (axis, far, side), float(place), round(minute), rim, lines)


def _degrees_step(view: View) -> int:
    """Return every how many minutes a degree is written."""
    return 1 if view.scale <= 12_000 else 2 if view.scale <= 30_000 else 5


def _minutes(
    view: View, axis: int, side: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the whole minutes that meet a side, and where."""
    left, bottom, right, top = view.box
    low, high = (left, right) if axis == 0 else (bottom, top)
    along = np.linspace(low, high, 240)
    across = np.full_like(along, side)
    east, north = view.ground(*((along, across) if axis == 0 else (across, along)))
    lon, lat = crs.transformer(view.zone, _VN2000).transform(east, north)
    angle = np.asarray(lon if axis == 0 else lat) * 60
    minutes = np.arange(np.ceil(angle[0]), angle[-1])
    return minutes, np.interp(minutes, angle, along)


def _degree(
    page: Page,
    view: View,
    side: tuple[int, int, float],
    place: float,
    minute: int,
    rim: float,
    lines: list[_Line],
) -> None:
    axis, far, at = side
    said, pt = f"{minute // 60}°{minute % 60:02d}'", view.format.type["grid"] * 0.8
    pt = max(pt, 6.0) if page.bw else pt
    low, high = (view.box[0], view.box[2]) if axis == 0 else (view.box[1], view.box[3])
    room = width(said, pt, "Italic") / 2 + view.format.type["grid"] * (0.75 if axis == 0 else 0.4)
    if place - low < room or high - place < room:
        return
    if any(line.axis == axis and abs(line.at - place) < room for line in lines):
        return
    away = rim + (view.format.band - rim) / 2
    where = at + (away if far else -away)
    x, y = (place, where) if axis == 0 else (where, place)
    page.text(
        x, y, said, pt, "Italic", _DEGREES, ha="center", va="center", rot=0 if axis == 0 else 90,
        log="grid",
    )  # fmt: skip


def _borders(page: Page, view: View, rim: float) -> None:
    page.line([_ring(view, 0)], 0.25, INK, z=13, cap="projecting")
    if not view.format.figure:
        page.line([_ring(view, rim)], 0.12, INK, z=13, cap="projecting")
        page.line(
            [_ring(view, view.format.band)], 0.7 * view.format.k**0.5, INK, z=13, cap="projecting"
        )


def _ring(view: View, away: float) -> Points:
    left, bottom, right, top = view.box
    a, b, c, d = left - away, bottom - away, right + away, top + away
    return np.array([[a, b], [c, b], [c, d], [a, d], [a, b]])


def _figures(page: Page, view: View, rim: float, lines: list[_Line]) -> None:
    """Write the kilometres, the hundreds small before them."""
    left, bottom, right, top = view.box
    pt = view.format.type["grid"]
    small_pt = max(pt * _SMALL, 6.0 if page.bw else 0.0)
    away = rim + (view.format.band - rim) / 2
    for line in lines:
        low, high = (left, right) if line.axis == 0 else (bottom, top)
        if line.at - low < _CORNER_MM or high - line.at < _CORNER_MM or line.metres % 1000:
            continue
        hundreds, rest = divmod(round(line.metres / 1000), 100)
        small, large = str(hundreds), f"{rest:02d}"
        w_small, w_large = width(small, small_pt), width(large, pt, "SemiBold")
        half = (w_small + w_large + 0.25) / 2
        for side in (bottom - away, top + away) if line.axis == 0 else (left - away, right + away):
            x, y = (line.at, side) if line.axis == 0 else (side, line.at)
            y -= pt * _MIDDLE / MM
            page.text(x - half, y + pt * 0.07, small, small_pt, log="grid")
            page.text(x - half + w_small + 0.25, y, large, pt, "SemiBold", log="grid")
