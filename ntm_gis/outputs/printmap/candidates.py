"""Where names may stand: candidates round symbols, along lines, on rasters of ground."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely

from ntm_gis.outputs.printmap.standard import INK
from ntm_gis.outputs.printmap.type import size

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.page import Shapes

Floats = npt.NDArray[np.float64]

MUST = 1e4
"""What leaving out a name costs that has to stand."""

_EIGHT = (
    (1, 0, 0.0), (1, 1, 0.15), (1, -1, 0.25), (-1, 0, 0.35), (-1, 1, 0.45), (-1, -1, 0.5),
    (0, 1, 0.55), (0, -1, 0.65),
)  # fmt: skip
_RINGS = ((0.55, 0.0), (1.5, 0.9))
_AWAY = (3.6, 6.0, 9.5)
_OUTWARD_MM, _OUTWARD = (12.0, 15.0, 19.0, 24.0, 30.0), (-50, -30, -10, 10, 30, 50)
_LEAST_LEADER = 2.6
_PER_MM = 0.34
_LEAD = 0.3528 * 1.18
_MOST_BEND = 0.05


@dataclass
class Label:
    """A text to place, with its candidates.

    `lines` are written one under the other, `note` smaller below; `strip` is room for icons
    behind the last line, `rim` that of a plate round the text, mm. `owner` is the number of the
    symbol that it names, −1 for none.
    """

    kind: str
    lines: tuple[str, ...]
    pt: float
    style: str = "Regular"
    colour: str = INK
    worth: float = MUST
    owner: int = -1
    note: str = ""
    strip: float = 0.0
    icons: tuple[str, ...] = ()
    case: str = ""
    rim: float = 0.0
    cost: list[Floats] = field(default_factory=list)
    boxes: list[Shapes] = field(default_factory=list)
    rot: list[Floats] = field(default_factory=list)
    leader: list[npt.NDArray[np.bool_]] = field(default_factory=list)
    anchor: tuple[float, float, float] = (0.0, 0.0, 0.0)

    @property
    def text(self) -> str:
        """The whole text."""
        return " ".join(self.lines)

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height of the ink of all lines, mm."""
        sizes = [size(line, self.pt, self.style) for line in self.lines]
        wide = max(w for w, _, _ in sizes)
        last = sizes[-1][0] + self.strip
        high = sizes[0][1] + (len(sizes) - 1) * self.pt * _LEAD
        if self.note:
            wide = max(wide, size(self.note, self.pt * 0.72, "Italic")[0])
            high += self.pt * 0.42
        return max(wide, last) + 2 * self.rim, high + 2 * self.rim

    @property
    def lead(self) -> float:
        """From baseline to baseline, mm."""
        return self.pt * _LEAD

    def put(
        self,
        cost: npt.ArrayLike,
        boxes: Shapes,
        rot: npt.ArrayLike = 0.0,
        *,
        leader: npt.ArrayLike = False,
    ) -> None:
        """Add candidates: their costs, boxes on paper, degrees, whether a line leads to them."""
        n = len(boxes)
        if not n:
            return
        self.cost.append(np.broadcast_to(np.asarray(cost, dtype=np.float64), (n,)).copy())
        self.boxes.append(boxes)
        self.rot.append(np.broadcast_to(np.asarray(rot, dtype=np.float64), (n,)).copy())
        self.leader.append(np.broadcast_to(np.asarray(leader, dtype=np.bool_), (n,)).copy())

    def bare(self) -> Label:
        """Return the same label without candidates."""
        return Label(
            self.kind, self.lines, self.pt, self.style, self.colour, self.worth, self.owner,
            self.note, self.strip, self.icons, self.case, self.rim,
        )  # fmt: skip


def around(
    label: Label,
    x: float,
    y: float,
    r: float,
    *,
    away: tuple[float, ...] = _AWAY,
    directions: int = 16,
    outward: float | None = None,
) -> None:
    """Add places round a symbol: eight near, eight a little further, then those with a leader.

    `away` says at which distances leaders end, mm, and `directions` how many ways they go;
    where `outward` names one, radians, further ones go that way.
    """
    w, h = label.extent
    label.anchor = (x, y, r)
    places: list[tuple[float, float, float, bool]] = []
    for gap, extra in _RINGS:
        for sx, sy, cost in _EIGHT:
            g = r + gap * (0.72 if sx and sy else 1.0)
            left = x + sx * g - (w if sx < 0 else 0) if sx else x - w / 2
            low = y + sy * g * (0.62 if sx else 1.0) - (h if sy < 0 else 0) if sy else y - h / 2
            places.append((left, low, cost + extra, False))
    ways = [(far, a) for far in away for a in np.arange(directions) * (2 * np.pi / directions)]
    if outward is not None:
        ways += [(far, outward + np.radians(a)) for far in _OUTWARD_MM for a in _OUTWARD]
    for far, a in ways:
        cx, cy = x + (r + far) * np.cos(a), y + (r + far * 0.85) * np.sin(a)
        left = cx if np.cos(a) > 0.3 else cx - w if np.cos(a) < -0.3 else cx - w / 2
        places.append((left, cy - h / 2, _LEAST_LEADER + _PER_MM * far, True))
    at = np.array([p[:3] for p in places])
    boxes = shapely.box(at[:, 0], at[:, 1], at[:, 0] + w, at[:, 1] + h)
    label.put(at[:, 2], boxes, leader=np.array([p[3] for p in places]))


def on_line(label: Label, line: shapely.LineString, step: float = 1.5, prefer: float = 0.5) -> None:
    """Add upright places on a line, the middle first."""
    w, h = label.extent
    along = np.arange(w / 2 + 1, line.length - w / 2 - 1, step)
    if not len(along):
        return
    at = shapely.get_coordinates(shapely.line_interpolate_point(line, along))
    rim = label.pt * 0.075
    boxes = shapely.box(
        at[:, 0] - w / 2 - rim, at[:, 1] - h / 2 - rim, at[:, 0] + w / 2 + rim,
        at[:, 1] + h / 2 + rim,
    )  # fmt: skip
    label.put(np.abs(along / line.length - prefer) * 1.2, boxes)


def beside_line(label: Label, line: shapely.LineString, offset: float, step: float = 2.0) -> None:
    """Add places beside a line, turned with it, where it bends little."""
    w, h = label.extent
    along = np.arange(w / 2 + 1, line.length - w / 2 - 1, step)
    if not len(along):
        return
    ends = [
        shapely.get_coordinates(shapely.line_interpolate_point(line, along + d))
        for d in (-w / 2, 0.0, w / 2)
    ]
    chord = ends[2] - ends[0]
    straight = np.hypot(*chord.T)
    bend = (np.hypot(*(ends[1] - ends[0]).T) + np.hypot(*(ends[2] - ends[1]).T) - straight) / w
    rot = (np.degrees(np.arctan2(chord[:, 1], chord[:, 0])) + 90) % 180 - 90
    angle = np.radians(rot)
    normal = np.column_stack([-np.sin(angle), np.cos(angle)])
    cost = np.abs(along / line.length - 0.5) * 1.2 + 25 * bend
    fits = bend < _MOST_BEND
    for side, extra in ((1, 0.0), (-1, 0.2)):
        middle = (ends[0] + ends[2]) / 2 + side * (offset + h / 2) * normal
        boxes = np.array(
            [
                shapely.affinity.rotate(
                    shapely.box(mx - w / 2, my - h / 2, mx + w / 2, my + h / 2), turn
                )
                for (mx, my), turn in zip(middle[fits], rot[fits], strict=True)
            ],
            dtype=object,
        )
        label.put(cost[fits] + extra, boxes, rot[fits])


def raster(
    label: Label,
    middle: tuple[float, float],
    bounds: tuple[float, float, float, float],
    step: tuple[float, float],
    per_mm: float,
    ground: shapely.Geometry | None = None,
) -> None:
    """Add places on a raster within bounds, dearer with their distance from a middle.

    `ground` must hold the whole text.
    """
    w, h = label.extent
    x = middle[0] + _steps(bounds[0] - middle[0], bounds[2] - middle[0], step[0])
    y = middle[1] + _steps(bounds[1] - middle[1], bounds[3] - middle[1], step[1])
    at = np.stack(np.meshgrid(x, y), -1).reshape(-1, 2)
    boxes = shapely.box(at[:, 0] - w / 2, at[:, 1] - h / 2, at[:, 0] + w / 2, at[:, 1] + h / 2)
    far = np.hypot(*(at - middle).T)
    if ground is not None:
        shapely.prepare(ground)
        inside = shapely.covers(ground, boxes)
        boxes, far = boxes[inside], far[inside]
    label.put(far * per_mm, boxes)


def _steps(low: float, high: float, step: float) -> Floats:
    return np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step
