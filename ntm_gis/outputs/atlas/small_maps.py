"""Maps as parts of a page: the engine of the printed sheets in a frame of any size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from ntm_gis import numbers
from ntm_gis.outputs.printmap import frame, layers, points, standard
from ntm_gis.outputs.printmap.content import ROADS
from ntm_gis.outputs.printmap.view import View
from ntm_gis.outputs.printmap.writing import Names
from ntm_gis.rules.maps import MapDefinition

if TYPE_CHECKING:
    from ntm_gis.outputs.atlas.pen import Pen
    from ntm_gis.outputs.printmap.content import Content
    from ntm_gis.outputs.printmap.ground import Ground
    from ntm_gis.outputs.printmap.page import Page, Points
    from ntm_gis.outputs.printmap.standard import Format

Box = tuple[float, float, float, float]

_BAND_MM, _BAND_BW_MM = 5.2, 6.2

_TYPE = {
    "village": 9.6, "seat": 11.5, "neighbour": 10.5, "former": 10.0, "river": 8.5, "road": 7.2,
    "spot": 0.0, "contour": 0.0, "grid": 7.1, "head": 9.6, "text": 8.6, "foot": 7.4, "pin": 8.0,
    "title": 12.0, "sub": 9.0,
}  # fmt: skip
_LEAST_BW_K = 1.0
"""Lines no thinner than on an A3: the two edges of a gravel road must live through a copier."""

_LEAST = {"river": 6.55}
"""Where a road leads to is written a little smaller than a river."""

_LEAST_BW = {**_LEAST, "text": 6.8}

_SIDE_MM, _NORTH_MM, _PLATE_MM = 8.0, 7.0, 7.2
_KM_FROM = 500.0
_HALF_MM, _HALF_NARROW_MM, _NARROW_MM = 9.0, 7.0, 60.0
_HALVES_M = (10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000, 10_000, 20_000, 50_000)


def paper(times: float, *, bw: bool, kp: float = 1.15, k: float = 0.95) -> Format:
    """Return how maps within a page look: as figures do, with type for reading at arm's length.

    Parameters
    ----------
    times : float
        The page against A3.
    bw : bool
        For a copier.
    kp, k : float
        Size of symbols and width of lines on A3.
    """
    least = _LEAST_BW if bw else _LEAST
    sizes = {name: max(pt * times, least.get(name, 6.0)) if pt else 0.0
             for name, pt in _TYPE.items()}  # fmt: skip
    return replace(
        standard.FIGURE, name="part", band=_BAND_BW_MM if bw else _BAND_MM,
        k=max(k * times, _LEAST_BW_K if bw else 0.75), kp=kp * times, ppi=150,
        type=MappingProxyType(sizes), optional=(), bw=bw, strips=True,
    )  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """A map that was drawn on a page: how the ground lies, its names."""

    view: View
    names: Names


def scale_for(extent: Box, width: float, height: float, pad: float, *, fine: bool = False) -> int:
    """Return the largest scale of the ladder at which ground fits a frame of so many mm.

    `fine` takes scales between those of the ladder too: every two figures, so that little of the
    frame is left empty.

    Examples
    --------
    >>> scale_for((0, 0, 26_000, 16_000), 246, 140, 3)
    120000
    >>> scale_for((0, 0, 26_000, 16_000), 170, 140, 3, fine=True)
    160000
    """
    west, south, east, north = extent
    need = max(
        (east - west) / max(width - 2 * pad, 1.0), (north - south) / max(height - 2 * pad, 1.0)
    )
    if fine and need > 0:
        step = 10.0 ** max(math.floor(math.log10(need * 1000)) - 1, 1)
        return int(math.ceil(need * 1000 / step) * step)
    ladder = [round(t * 1000) for t in standard.LADDER]
    return next((scale for scale in ladder if scale >= need * 1000), ladder[-1])


def frame_box(pen: Pen, given: Format, area: Box) -> Box:
    """Return the neatline of a map in an area, with room for the kilometres around it.

    Parameters
    ----------
    area : left, top, width, height
        Of a full-size sheet.
    """
    left, bottom, right, top = pen.box(*area)
    band = given.band
    return left + band, bottom + band, right - band, top - band


def view_of(
    content: Content, given: Format, box: Box, extent: Box, least: int = 2000, *, fine: bool = False
) -> View:
    """Return a view with the middle of an extent in the middle of a frame.

    Parameters
    ----------
    box : left, bottom, right, top
        The neatline, mm of the page.
    extent : west, south, east, north
        What must lie in it, metres.
    least : int
        No scale is larger.
    fine : bool
        Scales between those of the ladder will do (`scale_for`).
    """
    left, bottom, right, top = box
    scale = max(scale_for(extent, right - left, top - bottom, given.pad, fine=fine), least)
    west, south, east, north = extent
    e0 = (west + east) / 2 - (right - left) / 2 * scale / 1000
    n0 = (south + north) / 2 - (top - bottom) / 2 * scale / 1000
    return View(
        given, shapely.box(*box), scale, round(e0, 1), round(n0, 1), content.zone,
        content.context.ground, content.context.origin,
    )  # fmt: skip


def draw(
    page: Page,
    content: Content,
    view: View,
    ground: Ground | None = None,
    *,
    taken: Sequence[shapely.Polygon] = (),
    pins: Sequence[dict[str, Any]] = (),
    heights: bool = True,
    roads_named: bool = True,
) -> Drawn:
    """Draw a map in its frame.

    Parameters
    ----------
    taken : sequence of Polygon
        Boxes on the frame that names must leave free.
    pins : sequence of dict
        Numbered places: `number`, `severity` and `at`, metres on the ground.
    heights : bool
        Whether names of tops may stand where there is ground.
    roads_named : bool
        Whether the numbers of the office stand on roads.
    """
    boxes = [shapely.buffer(one, 0.6, join_style="mitre") for one in taken]
    view.free = shapely.difference(shapely.buffer(view.frame, -0.8), shapely.union_all(boxes))
    layers.lay_ground(page, view, ground)
    layers.draw(page, content, view)
    villages, flags = points.draw(page, content, view, _placed(pins, view))
    frame.draw(page, view)
    named = content if roads_named else _without_roads(content)
    names = Names(page, named, view, ground if heights else None)
    names.write(villages, flags)
    names.codes()
    return Drawn(view, names)


def _without_roads(content: Content) -> Content:
    """Return a content whose names are all but those of roads."""
    found = copy(content)
    found.layers = {name: layer for name, layer in content.layers.items() if name != ROADS}
    return found


def _placed(pins: Sequence[dict[str, Any]], view: View) -> list[dict[str, Any]]:
    """Return pins with their places on paper; several at one place stand side by side."""
    out: list[dict[str, Any]] = []
    step = 3.4 * view.format.kp
    for pin in pins:
        x, y = (float(v) for v in view.points([pin["at"]])[0])
        while any(np.hypot(x - o["paper"][0], y - o["paper"][1]) < step for o in out):
            x += step
        out.append({**pin, "paper": (x, y)})
    return out


def bar_box(view: View) -> shapely.Polygon:
    """Return the plate of scale bar and north, in the lower left corner of the frame."""
    left, bottom, _, _ = view.box
    size = max(view.format.kp, 0.8)
    wide = 2 * _half_m(view) * view.mm + (_SIDE_MM + _NORTH_MM) * size
    return shapely.box(left, bottom, left + wide, bottom + _PLATE_MM * size)


def _half_m(view: View) -> float:
    """Return the length of half the bar: round, and long enough for the figures over it."""
    left, _, right, _ = view.box
    size = max(view.format.kp, 0.8)
    least = (_HALF_MM if right - left > _NARROW_MM * size else _HALF_NARROW_MM) * size / view.mm
    return float(next((m for m in _HALVES_M if m >= least), _HALVES_M[-1]))


def bar(page: Page, view: View, lang: str) -> None:
    """Draw scale bar and north on their plate."""
    left, bottom, right, top = bar_box(view).bounds
    page.rect(left, bottom, right - left, top - bottom, standard.PAPER, standard.INK, 0.2, z=29)
    size, pt = max(view.format.kp, 0.8), view.format.type["foot"]
    half, y, x = _half_m(view), bottom + 1.5 * size, left + 4.0 * size
    long, km = half * view.mm, half >= _KM_FROM
    page.rect(x, y, long, 1.1 * size, standard.INK, standard.INK, 0.2, z=32)
    page.rect(x + long, y, long, 1.1 * size, standard.PAPER, standard.INK, 0.2, z=32)
    show = numbers.format_en if lang == "en" else numbers.format_vi
    for i in range(3):
        metres = half * i
        value = metres / 1000 if km else metres
        said = show(value, ("km" if km else "m") if i == 2 else "", 0 if value % 1 == 0 else 1)
        page.text(x + long * i, y + 1.9 * size, said, pt, ha="center", z=33, log="bar")
    high, x = (top - bottom) - 1.6 * size, right - 2.6 * size
    shaft: Points = np.array([[x, bottom + 0.8 * size], [x, bottom + 0.8 * size + high * 0.7]])
    page.line([shaft], 0.25 * size, standard.INK, z=32)
    tip = bottom + 0.8 * size + high
    head = [(x - high * 0.2, tip - high * 0.45), (x, tip), (x + high * 0.2, tip - high * 0.45)]
    page.area(shapely.Polygon(head), standard.INK, z=32)


def around(shape: shapely.Geometry, least_m: float, grow: float = 0.12) -> Box:
    """Return the extent of a shape, a little grown, at least so many metres each way.

    Examples
    --------
    >>> around(shapely.Point(500, 500), 1000)
    (0.0, 0.0, 1000.0, 1000.0)
    """
    west, south, east, north = shape.bounds
    half_x = max((east - west) * (0.5 + grow), least_m / 2)
    half_y = max((north - south) * (0.5 + grow), least_m / 2)
    x, y = (west + east) / 2, (south + north) / 2
    return x - half_x, y - half_y, x + half_x, y + half_y


def plain_definition(name: str, title: dict[str, str], styles: Sequence[tuple[str, object]]) -> (
    MapDefinition
):  # fmt: skip
    """Return a definition of a map that is only a part of a page.

    Examples
    --------
    >>> plain_definition("x", {"vi": "Bản", "en": "Village"}, [("villages", True)]).style_names
    ('villages',)
    """
    layers_ = [{"style": style, "show": show} for style, show in styles]
    group = {"title": title, "open": True, "layer": layers_}
    return MapDefinition.model_validate(
        {"name": name, "title": title, "order": 0, "findings": [], "group": [group]}
    )
