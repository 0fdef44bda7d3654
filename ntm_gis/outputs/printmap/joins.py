"""What stands on sheets of a set: the join diagram, where roads go on, whose the figures are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.outputs.printmap.candidates import Label, raster
from ntm_gis.outputs.printmap.panel import BAND, LINE, PAD, Panel
from ntm_gis.outputs.printmap.sketch import within
from ntm_gis.outputs.printmap.standard import GREY, INK
from ntm_gis.outputs.printmap.type import wrapped
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.content import Content
    from ntm_gis.outputs.printmap.page import Page
    from ntm_gis.outputs.printmap.standard import Format
    from ntm_gis.outputs.printmap.tiling import Box
    from ntm_gis.outputs.printmap.view import View

_WIDE, _HIGH = 56.0, 40.0
_THIS, _OTHERS, _COMMUNE = "#e8d9a8", "#f7f6f2", "#e39a86"
_WORTH = 55.0
_REACH = (26.0, 12.0)


@dataclass(frozen=True)
class Part:
    """A sheet of a set: which (from 0), and the ground of all of them."""

    i: int
    boxes: tuple[Box, ...]

    @property
    def mark(self) -> str:
        """Its number among all.

        Examples
        --------
        >>> Part(0, ((0, 0, 1, 1), (1, 0, 2, 1))).mark
        '1/2'
        """
        return mark(self.i, len(self.boxes))


def mark(i: int, of: int) -> str:
    """Return the number of a sheet among so many."""
    return f"{i + 1}/{of}"


def diagram(content: Content, given: Format, part: Part) -> Panel:
    """Return how the sheets lie beside each other, this one filled."""
    panel = Panel("join", "NW")
    t, kp, lang = given.type["text"], given.kp, content.lang
    small = max(t * 0.86, 6.0 if given.bw else 4.8)
    wide, high = _WIDE * kp, _HIGH * kp
    y = small * BAND * 1.5
    panel.text(PAD, y, say("print_map.join", lang), given.type["head"], "Bold")
    bounds = shapely.total_bounds(shapely.box(*np.array(part.boxes).T))
    ground = content.context.ground

    def op(page: Page, left: float, top: float) -> None:
        sketch = within(page, (left, top - y), (0.0, wide, high - y - 1.4), tuple(bounds), small)
        frames = [sketch.put(shapely.box(*box)) for box in part.boxes]
        for i, frame in enumerate(frames):
            if i != part.i:
                page.area(frame, "#ffffff" if page.bw else _OTHERS, z=sketch.z)
        page.area(frames[part.i], "#ffffff" if page.bw else _THIS, z=sketch.z + 0.05)
        if ground is not None:
            commune = sketch.put(ground)
            page.area(commune, "#ffffff" if page.bw else _COMMUNE, INK, 0.2, z=sketch.z + 0.1)
        if page.bw:
            _hatched(page, frames[part.i], sketch.z + 0.15)
        for i, frame in enumerate(frames):
            mm = 0.5 if i == part.i else 0.2
            page.area(frame, "none", INK, mm * kp**0.5, z=sketch.z + 0.2 + 0.1 * (i == part.i))
        _numbers(page, frames, part, small, sketch.z + 1)

    panel.add(op)
    panel.w, panel.h = max(panel.w + PAD, wide), high
    return panel


def _hatched(page: Page, frame: shapely.Geometry, z: float) -> None:
    """Hatch this sheet for a copier, which knows no tint."""
    west, south, east, north = frame.bounds
    lines = [
        shapely.LineString([(x, south), (x + (north - south), north)])
        for x in np.arange(west - (north - south), east, 1.8)
    ]
    cut = shapely.get_parts(shapely.intersection(np.array(lines, dtype=object), frame))
    page.line(
        [shapely.get_coordinates(one) for one in cut if shapely.get_type_id(one) == 1],
        0.2, INK, z=z,
    )  # fmt: skip


def _numbers(
    page: Page, frames: Sequence[shapely.Geometry], part: Part, pt: float, z: float
) -> None:
    """Write the number of each sheet on ground that is no other's."""
    for i, frame in enumerate(frames):
        others = [other for j, other in enumerate(frames) if j != i]
        own = shapely.difference(frame, shapely.union_all(others))
        where = own if own.area > 0 else frame
        x, y = shapely.maximum_inscribed_circle(where, tolerance=0.2).coords[0]
        page.text(x, y, mark(i, len(frames)), pt, "Bold" if i == part.i else "Regular",
                  ha="center", va="center", halo=0.4, z=z)  # fmt: skip


def note(content: Content, legend: Panel, given: Format, of: int) -> None:
    """Say in the legend that its figures are the whole commune's, not this sheet's."""
    t = max(given.type["text"] * 0.9, 6.0 if given.bw else 4.8)
    said = say("print_map.whole_commune", content.lang, n=of)
    room, y = legend.w - 2 * PAD, legend.h
    for line in wrapped(said, t, room, "Italic"):
        y += t * LINE * 0.9
        legend.text(PAD, y, line, t, "Italic", GREY)
    legend.h = y + t * LINE * 0.6


def leads(content: Content, view: View, part: Part) -> Iterator[Label]:
    """Yield on which sheet a main road goes on, where it leaves this one."""
    roads = content.main_roads()
    if not len(roads):
        return
    box = shapely.box(*part.boxes[part.i])
    lines = shapely.get_parts(shapely.line_merge(shapely.union_all(roads)))
    crossed = shapely.get_coordinates(shapely.intersection(lines, shapely.boundary(box)))
    kp = view.format.kp
    for at in shapely.points(crossed):
        other = _next(part, at)
        if other is None:
            continue
        on = view.put(at)[0]
        said = say("print_map.goes_on", content.lang, sheet=mark(other, len(part.boxes)))
        label = Label("exit", (said,), view.format.type["river"] * 0.92, "Italic", worth=_WORTH)
        reach = (on.x - _REACH[0] * kp, on.y - _REACH[1] * kp,
                 on.x + _REACH[0] * kp, on.y + _REACH[1] * kp)  # fmt: skip
        raster(label, (on.x, on.y), reach, (2.0 * kp, 1.6 * kp), 0.3, view.free)
        yield label


def _next(part: Part, at: shapely.Point) -> int | None:
    """Return the sheet that holds most of the ground around a place at the edge of this one."""
    depths = []
    for i, (west, south, east, north) in enumerate(part.boxes):
        if i != part.i:
            depth = min(at.x - west, east - at.x, at.y - south, north - at.y)
            depths.append((depth, -i))
    best = max(depths, default=(0.0, 0))
    return -best[1] if best[0] > 0 else None
