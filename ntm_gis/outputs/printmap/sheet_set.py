"""A commune at a scale on several sheets, each whole in itself and joined to the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import shapely

from ntm_gis.outputs.printmap import joins, panels, sheet, sources, tiling
from ntm_gis.outputs.printmap.inset import inset
from ntm_gis.outputs.printmap.joins import Part

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.content import Content
    from ntm_gis.outputs.printmap.fitting import Fit
    from ntm_gis.outputs.printmap.panel import Panel
    from ntm_gis.outputs.printmap.sheet import Setting, Sheet
    from ntm_gis.outputs.printmap.standard import Format
    from ntm_gis.outputs.printmap.tiling import Box


_ORDER = ("title", "stamp", "legend", "join")
"""Panels of a column, from the top."""


def draw(
    content: Content, given: Format, setting: Setting, scale: int
) -> tuple[int, Iterator[Sheet]]:
    """Return how many sheets hold a commune at a scale, and the sheets as they are drawn.

    From north to south, west to east in a row. Each is to be let go of before the next is asked
    for.

    Raises
    ------
    OutputError
        More sheets than anybody joins.
    """
    making = _Set(content, given, setting, scale)
    return len(making.fits), making.drawn()


class _Set:
    """The sheets of a set in the making: where they lie, with which panels."""

    def __init__(self, content: Content, given: Format, setting: Setting, scale: int) -> None:
        self.content, self.setting, self.scale = content, setting, scale
        context = content.context
        self.obstacles = (context.ground, content.main_roads())
        found = tiling.tilings(given, context.extent, context.ground, scale)
        on_ground = tiling.fitted(found, self.obstacles, self._least)
        if on_ground is not None:
            self.tiling, least = on_ground
            self.fits = [self._fuller(i, fit) for i, fit in enumerate(least)]
            return
        # Sheets in the midst of the commune have no free ground: panels stand beside the frame.
        form = given
        column = tiling.column_width([*self._beside(form, 0, 1)])
        found = tiling.tilings(given, context.extent, context.ground, scale, column)
        self.tiling = found[0]
        n = len(self.tiling.tiles)
        self.fits = [
            tiling.in_column(self.tiling, i, self._beside(self.tiling.format, i, n))
            for i in range(n)
        ]

    def drawn(self) -> Iterator[Sheet]:
        """Yield the sheets."""
        alone = len(self.fits) == 1
        for i, fit in enumerate(self.fits):
            part = None if alone else Part(i, self.tiling.boxes)
            yield sheet.compose(self.content, fit, self.setting, self.listed(fit), part=part)

    def listed(self, fit: Fit) -> list[dict[str, Any]]:
        """Return the findings that lie in the frame of a sheet."""
        west, south = self.content.context.origin
        left, bottom, right, top = fit.frame.bounds
        wide, high = ((b - a) * fit.scale / 1000 for a, b in ((left, right), (bottom, top)))
        return [
            f for f in sheet.pinned(self.content, fit.format)
            if 0 < west + f["at"][0] - fit.east < wide and 0 < south + f["at"][1] - fit.north < high
        ]  # fmt: skip

    # --- panels -----------------------------------------------------------------------------------

    def _part(self, i: int, n: int, boxes: tuple[Box, ...] | None = None) -> Part:
        """Return a part; while sheets are only tried, their ground is not told."""
        return Part(i, boxes if boxes is not None else ((0.0, 0.0, 1.0, 1.0),) * n)

    def _least(self, form: Format, i: int, n: int) -> list[Panel]:
        """Return the panels without which no sheet is: title, legend, diagram, stamp."""
        return self._panels(form, self._part(i, n), room=0.0)

    def _panels(self, form: Format, part: Part, room: float) -> list[Panel]:
        content, n = self.content, len(part.boxes)
        key = sheet.key_of(content, form, self.scale, self.setting)
        if n > 1:
            joins.note(content, key, form, n)
        found = [
            panels.title(content, form, part.mark if n > 1 else "", room),
            key,
            joins.diagram(content, form, part) if n > 1 else None,
            panels.stamp(content, form, sources.reasons(content, self.setting.origins)),
        ]
        return [panel for panel in found if panel is not None]

    def _fuller(self, i: int, least: Fit) -> Fit:
        """Return a sheet with the location and its own findings, as far as they have room."""
        form, boxes = self.tiling.format, self.tiling.boxes
        own = self._panels(form, Part(i, boxes), room=0.0)
        place = inset(self.content, form, self.setting.place)
        listed = self.listed(least)
        found = panels.findings(self.content, form, listed) if listed else None
        for extra in ([place, found], [place], [found]):
            kept = [panel for panel in extra if panel is not None]
            fit = tiling.again(self.tiling, i, self.obstacles, [*own, *kept])
            if fit is not None:
                return fit
        return replace(least, panels=tuple(own))

    def _beside(self, form: Format, i: int, n: int) -> list[Panel]:
        """Return the panels of a column beside the frame."""
        there = hasattr(self, "tiling")
        boxes = self.tiling.boxes if there and len(self.tiling.tiles) == n else None
        key = sheet.key_of(self.content, form, self.scale, self.setting)
        place = inset(self.content, form, self.setting.place)
        room = max(key.w, 0.0 if place is None else place.w)
        own = self._panels(form, self._part(i, n, boxes), room=room)
        # The stamp under the title: whatever finds no room further down, it stands.
        own.sort(key=lambda panel: _ORDER.index(panel.name))
        return [*own, *([] if place is None else [place])]


def box_of(fit: Fit) -> shapely.Polygon:
    """Return the ground in the frame of a sheet."""
    left, bottom, right, top = fit.frame.bounds
    wide, high = ((b - a) * fit.scale / 1000 for a, b in ((left, right), (bottom, top)))
    return shapely.box(fit.east, fit.north, fit.east + wide, fit.north + high)
