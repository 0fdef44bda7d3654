"""What takes the room that names leave: codes of zones, figures of contours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.outputs.printmap.standard import INK
from ntm_gis.outputs.printmap.type import size

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.content import Content
    from ntm_gis.outputs.printmap.ground import Ground
    from ntm_gis.outputs.printmap.page import Page, Points
    from ntm_gis.outputs.printmap.view import View

_CONTOUR, _CONTOUR_HALO = "#8a5a2a", "#f1ead6"
_APART_MM, _SAME_APART_MM = 26.0, 70.0
_STEEP = 65.0
_LEAST_ZONE_MM2 = 14.0


class Leftover:
    """The room of a sheet that is left: `taken` holds what already stands there."""

    def __init__(self, page: Page, content: Content, view: View, ground: Ground | None) -> None:
        self.page, self.content, self.view, self.ground = page, content, view, ground
        self.taken: list[shapely.Geometry] = []

    def codes(self) -> None:
        """Write the codes of zones, largest first, each within its own ground."""
        page, view = self.page, self.view
        pt = max(view.format.type["road"] * 0.95, 6.0 if page.bw else 4.8)
        for layer in self.content.layers.values():
            labels = layer.style.labels
            if labels is None or labels.kind != "area":
                continue
            parts, rows = view.clipped_rows(layer.shapes)
            texts = layer.texts(labels.column)
            area = shapely.area(parts)
            for i in np.argsort(-area, kind="stable"):
                if area[i] < _LEAST_ZONE_MM2 * view.format.kp:
                    break
                if texts[rows[i]]:
                    self._code(parts[i], texts[rows[i]], pt)

    def _code(self, zone: shapely.Geometry, text: str, pt: float) -> None:
        w, h, low = size(text, pt, "Medium")
        ground = shapely.intersection(zone, self.view.free)
        if ground.is_empty:
            return
        widest = max(shapely.get_parts(ground), key=shapely.area)
        if shapely.get_type_id(widest) != 3:
            return
        x, y = shapely.maximum_inscribed_circle(widest, tolerance=0.4).coords[0]
        box = shapely.box(x - w / 2, y - h / 2, x + w / 2, y + h / 2)
        symbols = [shape for shape, _ in self.view.symbols]
        near = shapely.STRtree(np.array([*self.taken, *symbols], dtype=object))
        if not ground.contains(box) or len(near.query(shapely.buffer(box, 0.4), "intersects")):
            return
        self.taken.append(box)
        self.page.text(x, y - h / 2 - low, text, pt, "Medium", INK, ha="center", halo=0.3, z=9.5,
                       log="code")  # fmt: skip

    def contour_figures(self, lines: Sequence[tuple[float, Points]]) -> None:
        """Write heights on index contours, tops uphill, as far as they can be read upright."""
        pt = self.view.format.type["contour"]
        if not pt or self.ground is None or not lines:
            return
        near = shapely.STRtree(
            np.array([*self.taken, *(shape for shape, _ in self.view.symbols)], dtype=object)
        )
        roads = np.array([line for line, w in self.view.lines if w > 0.5], dtype=object)
        crossed = shapely.STRtree(roads)
        done: list[tuple[float, float, float]] = []
        for height, vertices in sorted(lines, key=lambda one: (-len(one[1]), one[0])):
            self._figure(height, shapely.LineString(vertices), pt, (near, crossed), done)

    def _figure(
        self,
        height: float,
        line: shapely.LineString,
        pt: float,
        trees: tuple[shapely.STRtree, shapely.STRtree],
        done: list[tuple[float, float, float]],
    ) -> None:
        said = f"{height:g}"
        w, h, low = size(said, pt, "Regular")
        along = np.arange(8, line.length - 8, 4)
        if not len(along):
            return
        a, b = (
            shapely.get_coordinates(shapely.line_interpolate_point(line, along + d))
            for d in (-w / 2 - 0.3, w / 2 + 0.3)
        )
        chord = b - a
        rot = (np.degrees(np.arctan2(chord[:, 1], chord[:, 0])) + 90) % 180 - 90
        straight = np.hypot(*chord.T) > 0.93 * (w + 0.6)
        middle = (a + b) / 2
        angle = np.radians(rot)
        normal = np.column_stack([-np.sin(angle), np.cos(angle)])
        uphill = self._height(middle + 1.2 * normal) > self._height(middle)
        for i in np.flatnonzero(straight & (np.abs(rot) < _STEEP) & uphill):
            x, y = float(middle[i, 0]), float(middle[i, 1])
            if any(
                np.hypot(x - ox, y - oy) < (_SAME_APART_MM if oh == height else _APART_MM)
                for oh, ox, oy in done
            ):
                continue
            box = shapely.affinity.rotate(
                shapely.box(x - w / 2, y - h / 2, x + w / 2, y + h / 2), rot[i]
            )
            if not self.view.free.contains(shapely.buffer(box, 1)):
                continue
            if len(trees[0].query(shapely.buffer(box, 0.6), "intersects")):
                continue
            if len(trees[1].query(shapely.buffer(box, 0.4), "intersects")):
                continue
            off = -h / 2 - low
            self.page.text(
                x - off * np.sin(angle[i]), y + off * np.cos(angle[i]), said, pt, "Regular",
                _CONTOUR, ha="center", rot=float(rot[i]), halo=0.4, halo_colour=_CONTOUR_HALO,
                z=9, log="contour",
            )  # fmt: skip
            done.append((height, x, y))
            return

    def _height(self, places: Points) -> Points:
        if self.ground is None:
            return np.zeros(len(places))
        return self.ground.height(*self.view.ground(places[:, 0], places[:, 1]))
