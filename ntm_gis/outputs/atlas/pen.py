"""A pen for pages of the atlas: millimetres of a full-size sheet from its upper left corner."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.outputs.printmap.page import Page
from ntm_gis.outputs.printmap.standard import BLACK, GREY, INK, PAPER
from ntm_gis.outputs.printmap.type import clipped, width, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

BAND = 0.3528
"""Height of type, mm for a point."""

LEAD = 1.28
LEAST_PT = 6.0
"""No type is smaller."""

LEAST_BW_PT, _STURDY_PT = 6.8, 8.5
"""On a page to be copied: the least type, and that below which thin strokes are set heavier."""

_STURDY = {"Regular": "Medium", "Italic": "MediumItalic", "Medium": "SemiBold"}
"""What stands for a style in small type: commas and marks over letters live through two copies."""

EDGE, TOP, FOOT = 9.0, 24.0, 200.6
"""Left rim, beginning and end of what stands on a page of a village (A4 across), mm."""

RULE, PALE, HEAD = "#8a8a84", "#f1efe8", "#7d1d0b"
_HATCH_MM = 1.1
_LEAST_BW_MM = 0.25


class Pen:
    """Writes and draws on a page that is `times` as large as what is said.

    Parameters
    ----------
    page : Page
    times : float
        Millimetres of the page for a millimetre said; type goes with it, down to `LEAST_PT`,
        on a page smaller than was said that is to be copied to `LEAST_BW_PT`.
    """

    def __init__(self, page: Page, times: float = 1.0) -> None:
        self.page, self.times = page, times
        self.w, self.h = page.w / times, page.h / times

    def size(self, pt: float) -> float:
        """Return the size that type is written in, points of paper."""
        small = self.page.bw and self.times < 1
        return max(pt * self.times, LEAST_BW_PT if small else LEAST_PT)

    def style(self, pt: float, style: str) -> str:
        """Return the style that type of a size is written in."""
        if self.page.bw and self.size(pt) < _STURDY_PT:
            return _STURDY.get(style, style)
        return style

    def lead(self, pt: float) -> float:
        """Return the distance of lines of type, as said."""
        return self.size(pt) * BAND * LEAD / self.times

    def width(self, text: str, pt: float, style: str = "Regular") -> float:
        """Return the width of a text, as said."""
        return width(text, self.size(pt), self.style(pt, style)) / self.times

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return a place as millimetres of the page, y upwards."""
        return x * self.times, self.page.h - y * self.times

    def box(self, x: float, y: float, w: float, h: float) -> tuple[float, float, float, float]:
        """Return a box as left, bottom, right, top of the page."""
        left, top = self.at(x, y)
        return left, top - h * self.times, left + w * self.times, top

    def text(
        self,
        x: float,
        y: float,
        said: str,
        pt: float,
        style: str = "Regular",
        colour: str = INK,
        *,
        room: float = 0.0,
        ha: str = "left",
        log: str = "block",
    ) -> float:
        """Write one line with its baseline at `y`, cut to `room`; return its width."""
        size, style = self.size(pt), self.style(pt, style)
        if room > 0:
            said = clipped(said, size, room * self.times, style)
        left, base = self.at(x, y)
        wide = self.page.text(left, base, said, size, style, colour, ha=ha, z=40, log=log)
        return wide / self.times

    def lines(
        self, said: str, pt: float, room: float, most: int, style: str = "Regular"
    ) -> list[str]:
        """Return a text in at most so many lines of `room`; the last one ends in an ellipsis."""
        size, style = self.size(pt), self.style(pt, style)
        found = wrapped(said, size, room * self.times, style)
        if len(found) <= most:
            return found
        last = clipped(f"{found[most - 1]} {found[most]}", size, room * self.times, style)
        last = last if last.endswith("…") else f"{last.rstrip()}…"
        while width(last, size, style) > room * self.times and len(last) > 1:
            last = f"{last[:-2].rstrip()}…"
        return [*found[: most - 1], last]

    def paragraph(
        self,
        x: float,
        y: float,
        said: str,
        pt: float,
        room: float,
        *,
        most: int = 99,
        style: str = "Regular",
        colour: str = INK,
    ) -> float:
        """Write lines from the baseline `y`; return the baseline of the line after them."""
        for line in self.lines(said, pt, room, most, style):
            self.text(x, y, line, pt, style, colour)
            y += self.lead(pt)
        return y

    def rect(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        fill: str = "none",
        edge: str = "none",
        mm: float = 0.2,
        *,
        z: float = 31,
    ) -> None:
        """Draw a rectangle from its upper left corner."""
        left, bottom, right, top = self.box(x, y, w, h)
        mm = max(mm, _LEAST_BW_MM) if self.page.bw else mm
        self.page.rect(left, bottom, right - left, top - bottom, fill, edge, mm, z=z)

    def line(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        mm: float = 0.2,
        colour: str = RULE,
        dash: Sequence[float] = (),
    ) -> None:
        """Draw a line."""
        if self.page.bw:
            mm, colour = max(mm, _LEAST_BW_MM), BLACK
        self.page.line([np.array([self.at(x0, y0), self.at(x1, y1)])], mm, colour, dash, z=33)

    def disc(self, x: float, y: float, r: float, said: str, colour: str = INK) -> None:
        """Draw a disc with a number on it."""
        at = shapely.Point(*self.at(x, y))
        fill = BLACK if self.page.bw else colour
        self.page.area(shapely.buffer(at, r * self.times), fill, z=34)
        pt = r * 3.6
        self.page.text(at.x, at.y, said, self.size(pt), "Bold", PAPER, ha="center", va="center",
                       z=41)  # fmt: skip

    def hatch(self, x: float, y: float, w: float, h: float, colour: str) -> None:
        """Fill a box with slanted lines."""
        left, bottom, right, top = self.box(x, y, w, h)
        box = shapely.box(left, bottom, right, top)
        rise = top - bottom
        starts = np.arange(left - rise, right, _HATCH_MM)
        lines = shapely.linestrings([[(s, bottom), (s + rise, top)] for s in starts])
        cut = shapely.get_parts(shapely.intersection(lines, box)) if len(lines) else lines
        found = [shapely.get_coordinates(c) for c in cut if shapely.get_type_id(c) == 1]
        self.page.line(found, 0.25, BLACK if self.page.bw else colour, z=32)

    def heading(self, x: float, y: float, said: str, w: float, pt: float = 11.5) -> float:
        """Write the head of a block with a rule under it; return where its content begins."""
        self.text(x, y + pt * BAND, said, pt, "Bold", HEAD, room=w)
        under = y + pt * BAND + 1.8
        self.line(x, under, x + w, under, 0.35, HEAD)
        return under + 1.2

    def state(self, x: float, y: float, r: float, state: str) -> None:
        """Draw whether something is there: a cross, a question mark, a small tick.

        Shapes differ, not colours alone. States: "no", "unknown", "yes".
        """
        page, t = self.page, self.times
        cx, cy = self.at(x, y)
        r *= t
        if state == "no":
            red = BLACK if page.bw else "#b3002d"
            arms = [np.array([(cx - r, cy + s * r), (cx + r, cy - s * r)]) for s in (1, -1)]
            page.line(arms, 0.55 * t, red, z=34)
        elif state == "unknown":
            page.text(cx, cy, "?", self.size(9.5), "Bold", BLACK if page.bw else "#8a5a00",
                      ha="center", va="center", z=40)  # fmt: skip
        else:
            tick = np.array([(cx - r * 0.8, cy), (cx - r * 0.2, cy - r * 0.7), (cx + r, cy + r)])
            page.line([tick], 0.3 * t, BLACK if page.bw else GREY, z=34)
