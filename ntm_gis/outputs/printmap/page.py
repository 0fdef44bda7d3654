"""A page whose axes are millimetres of paper; everything on a sheet is drawn through it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from ntm_gis.outputs.printmap.embedding import lean
from ntm_gis.outputs.printmap.ink import Line, Picture
from ntm_gis.outputs.printmap.standard import INK, LEAST_BW_MM, MM, PAPER
from ntm_gis.outputs.printmap.type import face, outline, shown, sturdy

if TYPE_CHECKING:
    from matplotlib.typing import CapStyleType

Points = npt.NDArray[np.float64]
Shapes = npt.NDArray[np.object_]

# Text stays text and dashes stay as computed, in every format.
SETTINGS: dict[Any, Any] = {
    "pdf.fonttype": 42,
    "svg.fonttype": "none",
    "svg.hashsalt": "ntm-gis",
    "lines.scale_dashes": False,
    "path.simplify": False,
    "text.parse_math": False,
    "text.usetex": False,
    "pdf.compression": 6,
    "text.hinting": "no_hinting",
}
_LOCK = threading.Lock()
_CAP_HEIGHT, _MIDDLE = 0.73, 0.36


def black(colour: str) -> str:
    """Return what a colour is for a copier: black or white, never grey.

    Examples
    --------
    >>> black("#8cc3e6"), black("#8e1f5c")
    ('#ffffff', '#000000')
    """
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return PAPER if 0.299 * red + 0.587 * green + 0.114 * blue > 0.62 else "#000000"


class Page:
    """A sheet of paper, mm from its lower left corner.

    `texts` holds what was written on the map or in the band: kind, text and box of ink; no two
    of them may overlap.
    """

    def __init__(self, width_mm: float, height_mm: float, *, bw: bool = False) -> None:
        self.w, self.h, self.bw = width_mm, height_mm, bw
        self.figure = Figure(figsize=(width_mm / 25.4, height_mm / 25.4), facecolor=PAPER)
        self.canvas = FigureCanvasAgg(self.figure)
        self.axes = self.figure.add_axes((0, 0, 1, 1), xlim=(0, width_mm), ylim=(0, height_mm))
        self.axes.axis("off")
        self.texts: list[tuple[str, str, shapely.Polygon]] = []
        self.clip: Rectangle | None = None

    def close(self) -> None:
        """Let go of what was drawn: it hangs together in rings, and lies in memory for long."""
        self.figure.clear()
        self.canvas = FigureCanvasAgg(self.figure)

    def set_clip(self, box: tuple[float, float, float, float]) -> None:
        """Keep what lies on the ground (z under 10) within a box: left, bottom, width, height."""
        x, y, w, h = box
        self.clip = Rectangle((x, y), w, h, facecolor="none", edgecolor="none")
        self.axes.add_artist(self.clip)

    def colour(self, given: str) -> str:
        """Return a colour as this page prints it."""
        return black(given) if self.bw and given != "none" else given

    def line(
        self,
        lines: Iterable[Points],
        mm: float,
        colour: str = INK,
        dash: Sequence[float] = (),
        *,
        z: float = 5,
        cap: CapStyleType = "butt",
        opacity: float = 1.0,
    ) -> None:
        """Draw lines of a width in mm; dashes in widths of the line."""
        lines = list(lines)
        if not lines:
            return
        colour = self.colour(colour)
        if self.bw and colour != PAPER:
            mm, opacity = max(mm, LEAST_BW_MM), 1.0
        drawn = LineCollection(
            [np.asarray(one)[:, :2] for one in lines],
            linewidths=mm * MM,
            colors=colour,
            zorder=z,
            capstyle=cap,
            joinstyle="round",
            alpha=None if opacity == 1.0 else opacity,
            linestyles=[(0, tuple(d * mm * MM for d in dash))] if dash else "solid",
        )
        self.axes.add_collection(drawn, autolim=False)
        self._clip(drawn, z)

    def path(
        self,
        path: Path,
        fill: str = "none",
        edge: str = "none",
        mm: float = 0.0,
        *,
        z: float = 3,
        dash: Sequence[float] = (),
        cap: CapStyleType = "butt",
        opacity: float = 1.0,
    ) -> None:
        """Draw a path in mm, filled, stroked or both; colours as they print."""
        drawn = PathPatch(
            path,
            facecolor=fill,
            edgecolor=edge,
            linewidth=mm * MM if edge != "none" else 0.0,
            zorder=z,
            joinstyle="round",
            capstyle=cap,
            alpha=None if opacity == 1.0 else opacity,
            linestyle=(0, tuple(d * mm * MM for d in dash)) if dash else "solid",
        )
        self.axes.add_artist(drawn)  # not add_patch, which asks every path for its extent
        self._clip(drawn, z)

    def path_in(self, path: Path, edge: str, mm: float, within: Path, z: float) -> None:
        """Stroke a path cut to another."""
        drawn = PathPatch(path, facecolor="none", edgecolor=edge, linewidth=mm * MM, zorder=z)
        self.axes.add_artist(drawn)
        drawn.set_clip_path(within, self.axes.transData)

    def area(
        self,
        shapes: object,
        fill: str = "none",
        edge: str = "none",
        mm: float = 0.0,
        *,
        z: float = 3,
        opacity: float = 1.0,
    ) -> None:
        """Draw polygons, holes and all, as one path."""
        found = compound(shapes)
        if found is not None:
            self.path(
                found, self.colour(fill), self.colour(edge), mm, z=z,
                opacity=1.0 if self.bw else opacity,
            )  # fmt: skip

    def rect(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        fill: str = "none",
        edge: str = "none",
        mm: float = 0.15,
        *,
        z: float = 8,
    ) -> None:
        """Draw a rectangle."""
        self.axes.add_artist(
            Rectangle(
                (x, y), w, h, facecolor=self.colour(fill), edgecolor=self.colour(edge),
                linewidth=mm * MM if edge != "none" else 0.0, zorder=z,
            )
        )  # fmt: skip

    def path_rect(
        self, box: tuple[float, float, float, float], fill: str, opacity: float, z: float
    ) -> None:
        """Draw a rectangle (left, bottom, width, height) through which the ground is seen."""
        x, y, w, h = box
        self.area(shapely.box(x, y, x + w, y + h), fill, z=z, opacity=opacity)

    def picture(
        self, rgb: npt.NDArray[np.uint8], box: tuple[float, float, float, float], z: float = 1
    ) -> None:
        """Lay a picture, row 0 at the bottom, in a box (left, right, bottom, top)."""
        drawn = Picture(self.axes, extent=box, origin="lower", interpolation="none")
        drawn.set_data(rgb)
        drawn.set_zorder(z)
        self.axes.add_image(drawn)
        self._clip(drawn, z)

    def text(  # noqa: PLR0913 - of type
        self,
        x: float,
        y: float,
        said: str,
        pt: float,
        style: str = "Regular",
        colour: str = INK,
        *,
        ha: str = "left",
        va: str = "base",
        rot: float = 0.0,
        halo: float = 0.0,
        halo_colour: str = PAPER,
        z: float = 20,
        log: str | None = None,
    ) -> float:
        """Write one line; return the width of its ink, mm.

        The halo is a path of its own under the text: a path effect would turn the text into
        curves, and nobody could search or copy it.
        """
        said = shown(said)
        if not said:
            return 0.0
        path, (x0, y0, x1, y1) = outline(said, pt, style)
        dx = {"left": -x0, "center": -(x0 + x1) / 2, "right": -x1}[ha]
        dy = {"base": 0.0, "center": -pt * _MIDDLE / MM, "top": -pt * _CAP_HEIGHT / MM}[va]
        ox, oy = Affine2D().rotate_deg(rot).translate(x, y).transform((dx, dy))
        if halo:
            place = Affine2D().scale(1 / MM).rotate_deg(rot).translate(ox, oy)
            self.path(place.transform_path(path), halo_colour, halo_colour, 2 * halo, z=z - 0.5)
        self.axes.add_artist(
            Line(
                ox, oy, said, fontsize=pt, fontproperties=face(sturdy(style, pt)),
                color=colour if colour == PAPER else self.colour(colour), rotation=rot,
                rotation_mode="anchor", ha="left", va="baseline", zorder=z, parse_math=False,
                clip_on=False,
            )
        )  # fmt: skip
        if log is not None:
            box = shapely.affinity.rotate(shapely.box(x0, y0, x1, y1), rot, origin=(0, 0))
            self.texts.append((log, said, shapely.affinity.translate(box, ox, oy)))
        return x1 - x0

    def _clip(self, drawn: Any, z: float) -> None:
        """Keep what lies on the ground inside the neatline."""
        if self.clip is not None and z < 10:
            drawn.set_clip_path(self.clip)

    def overlaps(self, least_mm2: float = 0.02) -> list[tuple[str, str]]:
        """Return pairs of texts whose ink boxes share more than so much."""
        boxes = np.array([box for _, _, box in self.texts], dtype=object)
        if not len(boxes):
            return []
        a, b = shapely.STRtree(boxes).query(boxes, predicate="intersects")
        a, b = a[a < b], b[a < b]
        bad = shapely.area(shapely.intersection(boxes[a], boxes[b])) > least_mm2
        return [(self.texts[i][1], self.texts[j][1]) for i, j in zip(a[bad], b[bad], strict=True)]


def compound(shapes: object) -> Path | None:
    """Return polygons (a geometry or an array of them) as one path; None where there is none."""
    parts = shapely.get_parts(np.atleast_1d(np.asarray(shapes, dtype=object)))
    parts = parts[(shapely.get_type_id(parts) == 3) & ~shapely.is_empty(parts)]
    if not len(parts):
        return None
    # Outer rings one way, holes the other: every renderer then leaves the holes open.
    rings = shapely.get_rings(shapely.normalize(shapely.force_2d(parts)))
    coords, index = shapely.get_coordinates(rings, return_index=True)
    codes = np.full(len(coords), Path.LINETO, dtype=np.uint8)
    starts = np.flatnonzero(np.r_[True, index[1:] != index[:-1]])
    codes[starts] = Path.MOVETO
    codes[np.r_[starts[1:] - 1, len(codes) - 1]] = Path.CLOSEPOLY
    return Path(coords, codes)


@contextlib.contextmanager
def settings() -> Iterator[None]:
    """Let matplotlib behave as sheets need, whatever the user's file says.

    Its settings are one for the whole process: one sheet at a time is drawn.
    """
    with _LOCK, mpl.rc_context(), lean():
        mpl.rcdefaults()
        mpl.rcParams.update(SETTINGS)
        yield
