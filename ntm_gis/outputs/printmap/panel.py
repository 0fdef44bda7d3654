"""Panels that lie on free ground of a sheet: laid out once, measured, then drawn in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from ntm_gis.outputs.printmap.standard import INK, PAPER
from ntm_gis.outputs.printmap.type import width

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.page import Page

Op = Callable[["Page", float, float], None]

LINE, BAND = 0.3528 * 1.72, 0.3528
"""Line spacing of panels and height of type, mm for a point."""

PAD = 2.5
"""From the edge of a panel to what stands in it, mm."""

SAMPLE, GAP = 7.2, 1.8
"""Length of a sample of the legend, and what lies between it and its words, mm."""


class Panel:
    """A panel of so many mm; what it holds is drawn from its upper left corner, y downwards.

    Parameters
    ----------
    name : str
    corner : str
        The corner of the frame that it belongs to: "NW", "NE", "SW", "SE".

    Attributes
    ----------
    pins : int
        Findings in it, which have pins on the map.
    less : Panel or None
        A shorter one in its stead, for where it finds no room.
    """

    Z = 30.0

    def __init__(self, name: str, corner: str, *, frame_mm: float = 0.18) -> None:
        self.name, self.corner, self.frame_mm = name, corner, frame_mm
        self.w = self.h = 0.0
        self.pins = 0
        self.less: Panel | None = None
        self._ops: list[Op] = []

    def add(self, op: Op) -> None:
        """Add something that is drawn: called with the page and the panel's upper left corner."""
        self._ops.append(op)

    def text(
        self,
        x: float,
        y: float,
        said: str,
        pt: float,
        style: str = "Regular",
        colour: str = INK,
        *,
        ha: str = "left",
        room: float = 0.0,
    ) -> None:
        """Write a line with its baseline `y` mm under the upper edge; it widens the panel.

        `room` keeps so much free to its right.
        """
        wide = width(said, pt, style)
        right = {"left": x + wide, "center": x + wide / 2, "right": x}[ha]
        self.grow(right + room, y)

        def op(page: Page, left: float, top: float) -> None:
            page.text(left + x, top - y, said, pt, style, colour, ha=ha, z=self.Z + 2)

        self.add(op)

    def rule(self, y: float, left: float, right: Callable[[], float], mm: float = 0.12) -> None:
        """Draw a line across; where it ends is known when the panel is laid out."""

        def op(page: Page, x: float, top: float) -> None:
            ends = np.array([[x + left, top - y], [x + right(), top - y]])
            page.line([ends], mm, INK, z=self.Z + 1)

        self.add(op)

    def grow(self, w: float, h: float) -> None:
        """Make the panel at least so large."""
        self.w, self.h = max(self.w, w), max(self.h, h)

    def pad(self, w: float, h: float) -> None:
        """Leave so much free on the right and below."""
        self.w += w
        self.h += h

    def draw(self, page: Page, x: float, top: float) -> None:
        """Draw the panel with its upper left corner at a place of the page."""
        if self.frame_mm:
            page.rect(x, top - self.h, self.w, self.h, PAPER, INK, self.frame_mm, z=self.Z)
        for op in self._ops:
            op(page, x, top)
