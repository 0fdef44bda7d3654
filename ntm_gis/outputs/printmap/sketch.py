"""A sketch: ground to paper in a box of a panel, and names that keep off each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.outputs.printmap.panel import Panel
from ntm_gis.outputs.printmap.standard import INK
from ntm_gis.outputs.printmap.type import size

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.page import Page, Points, Shapes

Span = tuple[float, float, float]
"""Left edge in its panel, width and height of a sketch, mm."""

_RED, _NAME = "#c4301a", "#444444"
_SMALL_MM = 2.4
"""What is less is ringed: nobody would find it."""
_TRIED = 24


@dataclass
class Sketch:
    """A sketch in the drawing: ground to paper, and the room that its names have taken."""

    page: Page
    room: tuple[float, float, float, float]
    """Left, bottom, right, top, mm of paper."""
    share: float
    middle: tuple[float, float]
    pt: float
    taken: list[shapely.Geometry] = field(default_factory=list)

    @property
    def z(self) -> float:
        """Where the ground lies."""
        return Panel.Z + 0.3

    def floor(self, colour: str) -> None:
        """Lay what is not drawn."""
        left, bottom, right, top = self.room
        self.page.rect(left, bottom, right - left, top - bottom, fill=colour, z=self.z - 0.1)

    def put(self, shape: shapely.Geometry) -> shapely.Geometry:
        """Return a shape on paper, cut to the room."""
        left, bottom, right, top = self.room
        cx, cy = (left + right) / 2, (bottom + top) / 2
        moved = shapely.affinity.affine_transform(
            shape,
            [self.share, 0, 0, self.share, cx - self.middle[0] * self.share,
             cy - self.middle[1] * self.share],
        )  # fmt: skip
        return shapely.clip_by_rect(shapely.simplify(moved, 0.06), *self.room)

    def shapes(self, found: Iterable[shapely.Geometry]) -> Shapes:
        """Return shapes on paper."""
        out = [self.put(one) for one in found]
        kept: Shapes = np.empty(len(out), dtype=object)
        kept[:] = out
        return kept

    def lines(self, found: Iterable[shapely.Geometry]) -> list[Points]:
        """Return lines on paper; where they are cut is no line."""
        parts = shapely.get_parts(self.shapes(found))
        return [shapely.get_coordinates(one) for one in parts if shapely.get_type_id(one) == 1]

    def mark(self, shape: shapely.Geometry) -> shapely.Geometry:
        """Draw the commune, ringed where it is small; return what it takes on paper."""
        page, drawn = self.page, self.put(shape)
        page.area(drawn, "#000000" if page.bw else _RED, INK, 0.2, z=self.z + 0.4)
        west, south, east, north = drawn.bounds
        taken = drawn
        if max(east - west, north - south) < _SMALL_MM:
            ring = shapely.buffer(drawn.centroid, _SMALL_MM * 0.7)
            page.area(ring, "none", "#000000" if page.bw else _RED, 0.3, z=self.z + 0.4)
            taken = ring
        self.taken.append(shapely.buffer(taken, 0.4))
        return taken

    def name(
        self, lines: tuple[str, ...], places: Iterable[tuple[float, float]], pt: float,
        style: str = "Regular",
    ) -> bool:  # fmt: skip
        """Write a name at the first place where it covers nothing; say whether there is one."""
        sizes = [size(line, pt, style) for line in lines]
        lead = pt * 0.3528 * 1.22
        half_w = max(w for w, _, _ in sizes) / 2
        # From the marks over the first line to what hangs under the last.
        rise, fall = sizes[0][1] + sizes[0][2], sizes[-1][2] - lead * (len(lines) - 1)
        half_h = (rise - fall) / 2
        left, bottom, right, top = self.room
        tree = shapely.STRtree(self.taken)
        for x, y in places:
            box = shapely.box(x - half_w, y - half_h, x + half_w, y + half_h)
            if not (left + 0.3 <= x - half_w and x + half_w <= right - 0.3):
                continue
            if not (bottom + 0.3 <= y - half_h and y + half_h <= top - 0.3):
                continue
            if len(tree.query(box, "intersects")):
                continue
            base = y + half_h - rise
            for i, line in enumerate(lines):
                self.page.text(x, base - i * lead, line, pt, style, _NAME, ha="center", halo=0.35,
                               z=Panel.Z + 2, log="inset")  # fmt: skip
            self.taken.append(shapely.buffer(box, 0.3))
            return True
        return False


def within(
    page: Page, corner: tuple[float, float], span: Span,
    bounds: tuple[float, float, float, float], pt: float,
) -> Sketch:  # fmt: skip
    """Return a sketch of a ground in a box of a panel, as large as it has room for."""
    left, top = corner
    x, wide, high = span
    room = (left + x + 0.6, top - high, left + x + wide - 0.6, top - 0.6)
    west, south, east, north = bounds
    share = min(
        (room[2] - room[0] - 1.8) / max(east - west, 1.0),
        (room[3] - room[1] - 1.4) / max(north - south, 1.0),
    )
    return Sketch(page, room, share, ((west + east) / 2, (south + north) / 2), pt)


def middle(ground: shapely.Geometry) -> tuple[float, float] | None:
    """Return the middle of the widest part of a ground; None where there is none."""
    parts = [part for part in shapely.get_parts(ground) if part.area > 0]
    if not parts:
        return None
    widest = max(parts, key=shapely.area)
    x, y = shapely.maximum_inscribed_circle(widest, tolerance=0.3).coords[0]
    return float(x), float(y)


def spread(ground: shapely.Geometry) -> list[tuple[float, float]]:
    """Return places over a ground, its widest part first."""
    first = middle(ground)
    if first is None:
        return []
    west, south, east, north = ground.bounds
    columns, rows = np.meshgrid(np.linspace(west, east, _TRIED), np.linspace(south, north, _TRIED))
    x, y = columns.ravel(), rows.ravel()
    shapely.prepare(ground)
    inside = shapely.intersects_xy(ground, x, y)
    x, y = x[inside], y[inside]
    order = np.argsort(np.hypot(x - first[0], y - first[1]), kind="stable")
    return [first, *((float(x[i]), float(y[i])) for i in order)]
