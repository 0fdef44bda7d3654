"""Symbols of `maps/styles.toml` on paper: paths of a box of 20 by 20, y downwards."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from ntm_gis.outputs.printmap.page import black
from ntm_gis.outputs.printmap.standard import MM, PAPER
from ntm_gis.rules import maps

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.page import Page
    from ntm_gis.rules.maps import Part, Symbol

_TOKEN = re.compile(r"[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)")
_COUNT = {"M": 2, "L": 2, "H": 1, "V": 1, "Q": 4, "C": 6, "S": 4, "T": 2, "A": 7, "Z": 0}
# Smaller letters in symbols nobody can read on paper.
_LEAST_LETTER_PT, _LEAST_LETTER_BW_PT = 4.8, 6.0


@lru_cache(maxsize=512)
def parsed(data: str) -> Path:
    """Return an SVG path as a path of matplotlib, in its own units, y downwards.

    Examples
    --------
    >>> parsed("M0 0h2v1z").vertices.tolist()
    [[0.0, 0.0], [2.0, 0.0], [2.0, 1.0], [0.0, 0.0]]
    """
    pen = _Pen()
    tokens = _TOKEN.findall(data)
    command, i = "M", 0
    while i < len(tokens):
        if tokens[i].isalpha():
            command, i = tokens[i], i + 1
        n = _COUNT[command.upper()]
        pen.draw(command, [float(t) for t in tokens[i : i + n]])
        i += n
        if command in "Mm":
            command = "L" if command == "M" else "l"
        elif n == 0:
            command = "M"
    return Path(np.array(pen.points, dtype=np.float64).reshape(-1, 2), pen.codes)


class _Pen:
    """Follows the commands of an SVG path."""

    def __init__(self) -> None:
        self.points: list[tuple[float, float]] = []
        self.codes: list[np.uint8] = []
        self.at = self.start = self.control = (0.0, 0.0)

    def draw(self, command: str, numbers: list[float]) -> None:
        """Draw one command."""
        kind = command.upper()
        x, y = self.at if command.islower() else (0.0, 0.0)
        if kind == "Z":
            self._add(Path.CLOSEPOLY, [self.start])
        elif kind == "A":
            self._arc(numbers, (x + numbers[5], y + numbers[6]))
        elif kind in "HV":
            end = (x + numbers[0], self.at[1]) if kind == "H" else (self.at[0], y + numbers[0])
            self._add(Path.LINETO, [end])
        else:
            pairs = [(x + a, y + b) for a, b in zip(numbers[::2], numbers[1::2], strict=True)]
            self._pairs(kind, pairs)

    def _pairs(self, kind: str, pairs: list[tuple[float, float]]) -> None:
        mirrored = (2 * self.at[0] - self.control[0], 2 * self.at[1] - self.control[1])
        if kind == "M":
            self._add(Path.MOVETO, pairs)
            self.start = self.at
        elif kind == "L":
            self._add(Path.LINETO, pairs)
        elif kind in "QT":
            self._add(Path.CURVE3, pairs if kind == "Q" else [mirrored, *pairs])
            self.control = self.points[-2]
        else:
            self._add(Path.CURVE4, pairs if kind == "C" else [mirrored, *pairs])
            self.control = self.points[-2]

    def _add(self, code: np.uint8, pairs: list[tuple[float, float]]) -> None:
        self.points += pairs
        self.codes += [code] * len(pairs)
        self.at = self.control = pairs[-1]

    def _arc(self, numbers: list[float], end: tuple[float, float]) -> None:
        """Follow an arc of a circle; ellipses do not occur in symbols."""
        radius, large, sweep = numbers[0], bool(numbers[3]), bool(numbers[4])
        a, b = np.array(self.at), np.array(end)
        half = float(np.hypot(*(b - a))) / 2
        if half == 0 or radius == 0:
            self._add(Path.LINETO, [end])
            return
        radius = max(radius, half)
        along = (b - a) / (2 * half)
        lift = np.sqrt(radius**2 - half**2) * np.array([-along[1], along[0]])
        middle = (a + b) / 2 + (lift if large != sweep else -lift)
        first = float(np.degrees(np.arctan2(*(a - middle)[::-1])))
        last = float(np.degrees(np.arctan2(*(b - middle)[::-1])))
        if sweep:
            points = np.asarray(Path.arc(first, last + 360 * (last <= first)).vertices)
        else:
            points = np.asarray(Path.arc(last, first + 360 * (first <= last)).vertices)[::-1]
        points = points[1:] * radius + middle
        self._add(Path.CURVE4, [(float(x), float(y)) for x, y in points])


def draw(
    page: Page,
    symbol: Symbol,
    x: float,
    y: float,
    mm: float,
    *,
    letter: str = "",
    z: float = 14,
    turn: float = 0.0,
) -> None:
    """Draw a symbol with its seat on a place of the page.

    Parameters
    ----------
    mm : float
        Width of one pixel of its box.
    letter : str
        Left out where it would be too small to read.
    turn : float
        Degrees, about the seat.
    """
    px = mm * symbol.size
    seat_x, seat_y = symbol.seat
    place = Affine2D().translate(-seat_x, -seat_y).scale(px, -px).rotate_deg(turn).translate(x, y)
    for i, part in enumerate(symbol.parts):
        _part(page, part, place, px, z + i * 0.01)
    if symbol.letter is None or not letter:
        return
    own = symbol.letter
    pt = own.size * px * MM * (1.0 if len(letter) < 3 else 0.9) / max(len(letter) / 2.2, 1.0)
    if len(letter) > 4:
        pt = own.size * px * MM
    if pt < _least_pt(bw=page.bw) - 1e-6:
        return
    (at_x, at_y) = place.transform((own.x, own.y - own.size * 0.36))
    pale = page.bw and black(own.colour) == PAPER
    page.text(
        float(at_x), float(at_y), letter, pt, "Bold", PAPER if pale else own.colour, ha="center",
        va="center", z=z + 0.5,
    )  # fmt: skip


def _least_pt(*, bw: bool) -> float:
    return _LEAST_LETTER_BW_PT if bw else _LEAST_LETTER_PT


def least_px(symbol: Symbol, *, bw: bool = False) -> float:
    """Return how wide a pixel of a symbol is, mm, so that the letter in it can be read.

    Examples
    --------
    >>> round(20 * least_px(maps.styles().symbols["disc-ok"]), 1)
    3.4
    """
    if symbol.letter is None:
        return 0.0
    return _least_pt(bw=bw) / (symbol.letter.size * symbol.size * MM)


def _part(page: Page, part: Part, place: Affine2D, px: float, z: float) -> None:
    path = place.transform_path(parsed(part.path))
    fill = part.fill or "none"
    if part.pattern is not None:
        fill = maps.styles().patterns[part.pattern].ground or PAPER
    edge, mm = part.stroke or "none", part.width * px
    if page.bw:
        fill = page.colour(fill)
        edge = page.colour(edge)
        mm = max(mm, 0.2) if edge not in ("none", PAPER) else mm
    page.path(path, fill, edge, mm, z=z, dash=part.dash, cap=part.cap)
    if part.pattern is not None:
        _slanted(page, part, path, px, z)


def _slanted(page: Page, part: Part, path: Path, px: float, z: float) -> None:
    """Draw the slanted lines of what is not known, cut to a part of a symbol."""
    corners = np.asarray(path.vertices)
    low, high = corners.min(0), corners.max(0)
    step, reach = 3.4 * px, float(high[1] - low[1])
    starts = np.arange(low[0] - reach, high[0], step * np.sqrt(2))
    lines = [np.array([[x, low[1]], [x + reach, high[1]]]) for x in starts]
    colour = maps.styles().patterns[str(part.pattern)].parts[0].stroke or "#7a4e00"
    joined = Path.make_compound_path(*[Path(line) for line in lines])
    page.path_in(joined, page.colour(colour), 1.2 * px, path, z + 0.004)


def extent(symbol: Symbol, mm: float) -> tuple[float, float]:
    """Return half the width and half the height of a symbol on paper, mm.

    Examples
    --------
    >>> half = extent(maps.styles().symbols["village"], 0.168)
    >>> round(half[0], 2)
    0.89
    """
    half = [0.0, 0.0]
    for part in symbol.parts:
        points = np.asarray(parsed(part.path).vertices)
        grown = part.width / 2 if part.stroke and part.stroke != PAPER else 0.0
        for axis in (0, 1):
            span = float(np.ptp(points[:, axis])) / 2 + grown
            half[axis] = max(half[axis], span)
    return half[0] * mm * symbol.size, half[1] * mm * symbol.size
