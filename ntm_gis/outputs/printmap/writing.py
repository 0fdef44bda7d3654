"""Names are placed together and written; codes of zones and contour figures take what is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.patches import BoxStyle

from ntm_gis.outputs.printmap import naming, points, solver
from ntm_gis.outputs.printmap.candidates import Label, around
from ntm_gis.outputs.printmap.samples import peak
from ntm_gis.outputs.printmap.standard import INK, OUTSIDE, PAPER
from ntm_gis.outputs.printmap.type import size
from ntm_gis.rules import maps

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.content import Content
    from ntm_gis.outputs.printmap.ground import Ground
    from ntm_gis.outputs.printmap.page import Page, Points
    from ntm_gis.outputs.printmap.points import Flag, Villages
    from ntm_gis.outputs.printmap.solver import Placed
    from ntm_gis.outputs.printmap.view import View

_HALO = 0.5
_CONTOUR, _CONTOUR_HALO = "#8a5a2a", "#f1ead6"
_APART_MM, _SAME_APART_MM = 26.0, 70.0
_STEEP = 65.0
_LEAST_ZONE_MM2 = 14.0
_TAKEN = -3


class Names:
    """The names of a sheet: placed, written, and what had no room."""

    def __init__(self, page: Page, content: Content, view: View, ground: Ground | None) -> None:
        self.page, self.content, self.view, self.ground = page, content, view, ground
        self.taken: list[shapely.Geometry] = []
        self.listed: list[tuple[int, str]] = []
        self.weighed = 0

    def write(self, villages: Villages, flags: Sequence[Flag]) -> None:
        """Place and write all names."""
        view, content = self.view, self.content
        spots = list(naming.spot_labels(view, self.ground))
        for _, (x, y) in spots:
            peak(self.page, x, y, 0.72 * view.format.kp, 13)
        others = [
            *naming.neighbour_labels(content, view),
            *naming.road_labels(content, view),
            *naming.river_labels(content, view),
            *naming.former_labels(content, view),
            *(label for label, _ in spots),
        ]
        names = list(naming.village_labels(villages, view))
        labels, placed = self._placed(names, others, villages)
        self._stand(labels, placed)
        # Flags come after the names: many codes at one place would push the names about.
        self._flags(list(naming.flag_labels(flags, view)))

    def _flags(self, flags: list[Label]) -> None:
        if not flags:
            return
        view = self.view
        own = view.symbols
        view.symbols = [*own, *((shape, _TAKEN) for shape in self.taken)]
        placed, _ = solver.solve(flags, view, {})
        view.symbols = own
        self._stand(flags, placed)

    def _stand(self, labels: Sequence[Label], placed: Mapping[int, Placed]) -> None:
        for i, at in placed.items():
            self.taken.append(at.taken)
            self._draw(labels[i], at)

    def _placed(
        self, names: list[Label], others: list[Label], villages: Villages
    ) -> tuple[list[Label], dict[int, Placed]]:
        """Place the names; those without room a tenth smaller, then as numbers of a list."""
        labels = [*names, *others]
        placed, self.weighed = solver.solve(labels, self.view, villages.at)
        for smaller in (True, False):
            missing = [i for i in range(len(names)) if i not in placed]
            if not missing:
                break
            for i in missing:
                labels[i] = self._again(labels[i], villages, smaller=smaller)
            placed, self.weighed = solver.solve(labels, self.view, villages.at)
        self.listed += [
            (label.owner, label.text) for i, label in enumerate(names) if i not in placed
        ]
        return labels, placed

    def _again(self, label: Label, villages: Villages, *, smaller: bool) -> Label:
        made = label.bare()
        if smaller:
            made.pt = max(label.pt * 0.9, 4.8)
        else:
            self.listed.append((label.owner, label.text))
            made.lines, made.icons, made.strip = (f"({len(self.listed)})",), (), 0.0
        at = villages.at[label.owner]
        around(made, at.x, at.y, villages.radius[label.owner])
        return made

    # --- drawing ----------------------------------------------------------------------------------

    def _draw(self, label: Label, at: Placed) -> None:
        page, kp = self.page, self.view.format.kp
        if at.line is not None:
            ends = shapely.get_coordinates(at.line)
            page.line([ends], 0.42, PAPER, z=15)
            page.line([ends], 0.15, INK, z=15.1)
        if label.kind in ("ql", "flag"):
            self._plate(label, at)
        elif label.kind == "river":
            self._turned(label, at)
        elif label.kind == "neighbour":
            self._centred(label, at)
        else:
            self._lines(label, at, kp)

    def _lines(self, label: Label, at: Placed, kp: float) -> None:
        page = self.page
        left, bottom, right, _ = at.box.bounds
        _, _, low = size(label.lines[-1], label.pt, label.style)
        halo = _HALO * kp**0.5 * (0.7 if label.kind == "spot" else 1.0)
        base = bottom - low
        y = base + label.lead * (len(label.lines) - 1)
        x = left
        if label.kind == "road":
            x = (left + right) / 2
        for line in label.lines:
            page.text(
                x, y, line, label.pt, label.style, label.colour, halo=halo, log=label.kind,
                ha="center" if label.kind == "road" else "left",
                z=20 if label.kind == "village" else 19,
            )  # fmt: skip
            y -= label.lead
        if label.kind == "road":
            return
        wide = size(label.lines[-1], label.pt, label.style)[0]
        points.draw_strip(page, label.icons, left + wide, base,
                          self.view.format.type["village"])  # fmt: skip

    def _centred(self, label: Label, at: Placed) -> None:
        page, kp = self.page, self.view.format.kp
        left, bottom, right, top = at.box.bounds
        middle = (left + right) / 2
        _, h, low = size(label.text, label.pt, label.style)
        tone = PAPER if page.bw else OUTSIDE
        halo = _HALO * kp**0.5
        page.text(middle, top - h - low, label.text, label.pt, label.style, label.colour,
                  ha="center", halo=halo, halo_colour=tone, log=label.kind)  # fmt: skip
        if label.note:
            pt = max(label.pt * 0.72, 6.0 if page.bw else 4.8)
            page.text(middle, bottom + 0.2, label.note, pt, "Italic", label.colour, ha="center",
                      halo=halo * 0.8, halo_colour=tone, log="note")  # fmt: skip

    def _turned(self, label: Label, at: Placed) -> None:
        _, h, low = size(label.text, label.pt, label.style)
        middle, angle = at.box.centroid, np.radians(at.rot)
        off = -h / 2 - low
        self.page.text(
            middle.x - off * np.sin(angle), middle.y + off * np.cos(angle), label.text, label.pt,
            label.style, label.colour, ha="center", rot=at.rot,
            halo=_HALO * self.view.format.kp**0.5 * 0.8, log=label.kind,
        )  # fmt: skip

    def _plate(self, label: Label, at: Placed) -> None:
        """Write on a plate: shields of national roads, numbers of the plan review."""
        page = self.page
        w, h, low = size(label.text, label.pt, label.style)
        left, bottom, right, top = at.box.bounds
        cx, cy = (left + right) / 2, (bottom + top) / 2
        fill, edge, ink = "#1f5c3a", PAPER, PAPER
        heavy = 0.25 * self.view.format.kp**0.5
        if label.kind == "flag":
            symbol = maps.styles().symbols[label.case]
            part = symbol.parts[0]
            fill, edge = part.fill or "#fff6df", part.stroke or INK
            ink = symbol.letter.colour if symbol.letter is not None else INK
        if page.bw:
            # Of two pale plates the coloured one has the heavier edge.
            heavy *= 2.0 if page.colour(fill) == PAPER != fill else 1.0
            fill = page.colour(fill)
            ink = PAPER if fill != PAPER else "#000000"
            edge = PAPER if fill != PAPER else "#000000"
        grown = (0.28 if label.kind == "flag" else 0.45) * self.view.format.kp
        path = BoxStyle.Round(pad=0.0, rounding_size=0.45)(
            cx - w / 2 - grown, cy - h / 2 - grown, w + 2 * grown, h + 2 * grown,
            self.view.format.kp,
        )  # fmt: skip
        page.path(path, fill, edge, heavy, z=18)
        page.text(cx, cy - h / 2 - low, label.text, label.pt, label.style, ink, ha="center",
                  z=18.5, log=label.kind)  # fmt: skip

    # --- what takes the room that is left ---------------------------------------------------------

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
