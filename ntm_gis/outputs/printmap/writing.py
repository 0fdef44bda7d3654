"""Names are placed together, one place for each, and written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.outputs.printmap import naming, naming_lines, plates, points, solver
from ntm_gis.outputs.printmap.candidates import Label, around
from ntm_gis.outputs.printmap.leftover import Leftover
from ntm_gis.outputs.printmap.samples import peak
from ntm_gis.outputs.printmap.standard import INK, OUTSIDE, PAPER
from ntm_gis.outputs.printmap.type import size

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.content import Content
    from ntm_gis.outputs.printmap.ground import Ground
    from ntm_gis.outputs.printmap.page import Page
    from ntm_gis.outputs.printmap.points import Flag, Villages
    from ntm_gis.outputs.printmap.solver import Placed
    from ntm_gis.outputs.printmap.view import View

_HALO = 0.5
_TAKEN = -3
# In a crowd the way out may be narrow.
_DIRECTIONS = 48


class Names(Leftover):
    """The names of a sheet: placed, written, and what had no room."""

    def __init__(self, page: Page, content: Content, view: View, ground: Ground | None) -> None:
        super().__init__(page, content, view, ground)
        self.listed: list[tuple[int, str]] = []
        self.weighed = 0
        self.icon_pt = 0.0

    def write(
        self, villages: Villages, flags: Sequence[Flag], further: Sequence[Label] = ()
    ) -> None:
        """Place and write all names, and further labels with candidates of their own."""
        view, content = self.view, self.content
        spots = list(naming.spot_labels(view, self.ground))
        for _, (x, y) in spots:
            peak(self.page, x, y, 0.72 * view.format.kp, 13)
        others = [
            *naming.neighbour_labels(content, view),
            *naming_lines.road_labels(content, view),
            *naming_lines.river_labels(content, view),
            *naming.former_labels(content, view),
            *(label for label, _ in spots),
            *further,
        ]
        names = list(naming.village_labels(villages, view))
        self.icon_pt = villages.icon_pt(view.format)
        labels, placed = self._placed(names, others, villages)
        self._stand(labels, placed)
        # Flags come after the names: many codes at one place would push the names about.
        self._flags(list(naming.flag_labels(flags, view)))

    def _flags(self, flags: list[Label]) -> None:
        if not flags:
            return
        view = self.view
        placed = self._solved(flags, self.taken)
        self._stand(flags, placed)
        for i, flag in enumerate(flags):
            # What has no room for its number is there all the same.
            if i not in placed:
                plates.stub(self.page, flag.anchor[:2], flag.case, kp=view.format.kp)

    def _stand(self, labels: Sequence[Label], placed: Mapping[int, Placed]) -> None:
        for i, at in placed.items():
            self.taken.append(at.taken)
            self._draw(labels[i], at)

    def _placed(
        self, names: list[Label], others: list[Label], villages: Villages
    ) -> tuple[list[Label], dict[int, Placed]]:
        """Place the names; those without room further off, smaller, then as numbers of a list."""
        labels = [*names, *others]
        placed, self.weighed = solver.solve(labels, self.view, villages.at)
        steps = (self._further, self._smaller, self._numbered)
        # A figure has no list that a number would lead to.
        for step in steps[:2] if self.view.format.figure else steps:
            self._outside(labels, placed, villages)
            missing = [i for i in range(len(names)) if i not in placed]
            if not missing:
                break
            for i in missing:
                labels[i] = step(labels[i], villages)
            placed, self.weighed = solver.solve(labels, self.view, villages.at)
        self.listed += [
            (label.owner, label.text) for i, label in enumerate(names) if i not in placed
        ]
        return labels, placed

    def _outside(self, labels: list[Label], placed: dict[int, Placed], villages: Villages) -> None:
        """Lead names that have no room out of their crowd, where all others may stay."""
        left = [i for i, label in enumerate(labels)
                if i not in placed and label.kind == "village"]  # fmt: skip
        if not left:
            return
        tried = [self._set_round(labels[i].bare(), villages, _DIRECTIONS) for i in left]
        found = self._solved(tried, [at.taken for at in placed.values()])
        for n, at in found.items():
            labels[left[n]] = tried[n]
            placed[left[n]] = at

    def _solved(
        self, labels: Sequence[Label], taken: Sequence[shapely.Geometry]
    ) -> dict[int, Placed]:
        """Place labels on what others leave free."""
        view, own = self.view, self.view.symbols
        view.symbols = [*own, *((shape, _TAKEN) for shape in taken)]
        placed, _ = solver.solve(labels, view, {})
        view.symbols = own
        return placed

    def _further(self, label: Label, villages: Villages) -> Label:
        return self._set_round(label.bare(), villages)

    def _smaller(self, label: Label, villages: Villages) -> Label:
        made = label.bare()
        made.pt = max(label.pt * 0.9, 6.0 if self.page.bw else 4.8)
        return self._set_round(made, villages)

    def _numbered(self, label: Label, villages: Villages) -> Label:
        made = label.bare()
        self.listed.append((label.owner, label.text))
        made.lines, made.icons, made.strip = (f"({len(self.listed)})",), (), 0.0
        return self._set_round(made, villages)

    def _set_round(self, label: Label, villages: Villages, directions: int = 16) -> Label:
        at = villages.at[label.owner]
        radius = villages.radius[label.owner]
        around(label, at.x, at.y, radius, away=naming.FAR_MM, directions=directions)
        return label

    # --- drawing ----------------------------------------------------------------------------------

    def _draw(self, label: Label, at: Placed) -> None:
        page, kp = self.page, self.view.format.kp
        if at.line is not None:
            ends = shapely.get_coordinates(at.line)
            page.line([ends], 0.42, PAPER, z=15)
            page.line([ends], 0.15, INK, z=15.1)
        if label.kind in ("ql", "flag"):
            left, bottom, right, top = at.box.bounds
            plates.draw(page, label.text, label.pt, ((left + right) / 2, (bottom + top) / 2),
                        label.case, kp=kp, log=label.kind)  # fmt: skip
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
        middle = base + self.view.format.type["village"] * 0.127
        points.draw_strip(page, label.icons, left + wide, middle, self.icon_pt)

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
