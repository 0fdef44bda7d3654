"""The standard of printed sheets as data: formats, scales, type, ground, what is drawn when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

INK, PAPER, TITLE, GREY = "#1d1d1b", "#ffffff", "#7d1d0b", "#55554f"
OUTSIDE = "#f8f7f4"
"""The paper tone of the land around the commune."""

BLACK = "#000000"
MM = 72 / 25.4
"""Points in a millimetre."""

LADDER = (
    2, 2.5, 5, 7.5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 80, 100, 120, 150, 200, 250, 300, 400, 500,
    600, 750, 1000,
)  # fmt: skip
"""Scales that a sheet may have, in thousands, largest first."""

_TYPE_A3 = {
    "title": 21.0, "sub": 9.5, "village": 7.8, "seat": 9.2, "neighbour": 10.0, "former": 9.2,
    "river": 7.0, "road": 5.6, "spot": 5.6, "contour": 4.8, "grid": 6.2, "head": 7.6, "text": 6.5,
    "foot": 6.2, "pin": 6.0,
}  # fmt: skip
_TYPE_A1 = {
    "title": 46.0, "sub": 20.0, "village": 14.5, "seat": 17.0, "neighbour": 22.0, "former": 20.0,
    "river": 13.0, "road": 10.0, "spot": 9.5, "contour": 7.0, "grid": 11.0, "head": 15.5,
    "text": 13.0, "foot": 11.0, "pin": 11.0,
}  # fmt: skip
_TYPE_A4 = {
    "title": 14.0, "sub": 8.0, "village": 7.6, "seat": 8.8, "neighbour": 8.5, "former": 7.8,
    "river": 6.6, "road": 6.0, "spot": 6.0, "contour": 0.0, "grid": 6.0, "head": 7.2, "text": 6.6,
    "foot": 6.0, "pin": 6.0,
}  # fmt: skip
_TYPE_FIGURE = {
    "title": 0.0, "sub": 0.0, "village": 6.6, "seat": 7.4, "neighbour": 6.8, "former": 6.3,
    "river": 5.8, "road": 5.0, "spot": 0.0, "contour": 0.0, "grid": 5.2, "head": 6.2, "text": 5.8,
    "foot": 5.0, "pin": 5.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Format:
    """A sheet of paper and how large things stand on it; lengths in mm, type in points.

    `k` widens lines, `kp` symbols and panels, against A3; `pad` is the least clearance of the
    commune to the neatline; `foot` the strip under the frame; `ppi` is of the relief, `dpi` of
    the PNG; `optional` panels may be left out for a larger scale.
    """

    name: str
    size: tuple[float, float]
    margin: float
    band: float
    foot: float
    pad: float
    k: float
    kp: float
    ppi: int
    dpi: int
    type: Mapping[str, float]
    optional: tuple[str, ...] = ()
    figure: bool = False
    bw: bool = False
    strips: bool = True
    """Symbols of buildings stand behind the names of their villages at small scales."""

    @property
    def upright(self) -> Format:
        """The same sheet turned."""
        return replace(self, size=(self.size[1], self.size[0]))

    @property
    def small(self) -> bool:
        """There is no room for a card of figures."""
        return self.size[0] < 300 and self.size[1] < 300


def _scaled(types: Mapping[str, float], times: float) -> Mapping[str, float]:
    return MappingProxyType({name: round(size * times, 1) for name, size in types.items()})


FORMATS: Mapping[str, Format] = MappingProxyType({
    "A4": Format("A4", (297, 210), 6, 5.8, 18.5, 2.5, 0.85, 0.86, 150, 200,
                 MappingProxyType(_TYPE_A4), ("inset", "findings")),
    "A3": Format("A3", (420, 297), 7, 6.4, 18.5, 4, 1.0, 1.0, 150, 150,
                 MappingProxyType(_TYPE_A3), ("inset", "findings")),
    "A2": Format("A2", (594, 420), 9, 8.0, 25, 4.5, 1.3, 1.36, 130, 120,
                 _scaled(_TYPE_A1, 0.72), ("inset", "findings")),
    "A1": Format("A1", (841, 594), 12, 10, 34, 5, 1.75, 1.9, 110, 100,
                 MappingProxyType(_TYPE_A1), ("inset", "findings")),
    "A0": Format("A0", (1189, 841), 14, 13, 44, 6, 2.3, 2.6, 90, 72,
                 _scaled(_TYPE_A1, 1.36), ("inset", "findings")),
})  # fmt: skip
"""Sheets by name, as they lie across."""

FIGURE = Format(
    "160 × 113", (160, 113), 0.6, 4.6, 0, 2, 0.62, 0.72, 150, 300,
    MappingProxyType(_TYPE_FIGURE), ("bar",), figure=True, strips=False,
)  # fmt: skip
"""A figure in a report: as wide as its text, put in unscaled."""


def black_and_white(given: Format) -> Format:
    """Return a format for a copier: no relief, no contours, no type under 6 points.

    Examples
    --------
    >>> min(size for size in black_and_white(FORMATS["A3"]).type.values() if size)
    6.0
    """
    sizes = {name: max(size, 6.0) if size else 0.0 for name, size in given.type.items()}
    types = MappingProxyType({**sizes, "contour": 0.0})
    return replace(given, bw=True, band=max(given.band, 6.9), type=types)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a scale shows: contours every so many metres, every so many heavier, the grid in m."""

    contour: float
    index: float
    grid: float
    lanes: bool
    in_place: bool
    least_mm2: float
    spots: bool
    minor_numbers: bool
    houses: bool


_CONTOURS = (
    (12_000, 10, 50), (30_000, 20, 100), (60_000, 50, 250), (90_000, 100, 500),
    (10**9, 200, 1000),
)  # fmt: skip
_GRIDS = (
    (7_000, 250), (15_000, 500), (30_000, 1000), (60_000, 2000), (160_000, 5000),
    (400_000, 10_000), (10**9, 20_000),
)  # fmt: skip


def rules(scale: int) -> Rules:
    """Return what stands on a sheet of a scale.

    Examples
    --------
    >>> rules(75_000).contour, rules(75_000).grid, rules(25_000).lanes
    (100, 5000, True)
    """
    contour, index = next((a, b) for most, a, b in _CONTOURS if scale <= most)
    grid = next(step for most, step in _GRIDS if scale <= most)
    return Rules(
        contour=contour,
        index=index,
        grid=grid,
        lanes=scale <= 30_000,
        in_place=scale <= 30_000,
        least_mm2=0.0 if scale <= 60_000 else 0.5,
        spots=scale <= 160_000,
        minor_numbers=scale <= 120_000,
        houses=scale <= 15_000,
    )


LANES = ("lane", "field")
"""Road classes that only large scales draw."""

TINTS = (
    (450, "#dfe9d0"), (750, "#eef0d9"), (1100, "#f4ecd2"), (1500, "#ecdfc6"), (2100, "#dfd1c2"),
)  # fmt: skip
LIGHTS = ((315, 0.62), (275, 0.19), (355, 0.19))
"""Azimuth and weight of the lights."""

WORK, WORK_MM = "#ffe45c", 3.2
"""What underlies a road with a work under way."""

ROADS_BW = MappingProxyType({
    "asphalt": ("core", ()), "bitumen": ("core", ()),
    "concrete": ("solid", ()), "block": ("solid", (0.4, 1.6)),
    "gravel": ("double", ()), "macadam": ("double", ()),
    "earth": ("dashed", (2.6, 1.7)), "unknown": ("dots", (0.01, 2.2)),
})  # fmt: skip
"""How surfaces are drawn for a copier, by the code of the case."""

LEAST_BW_MM = 0.25
"""No thinner line survives being copied twice."""

SYMBOL_MM, PIN_MM = 0.168, 0.148
"""A pixel of symbols and pins on an A3 sheet, millimetres."""

PATTERN_MM, PATTERN_STROKE_MM = 0.27, 0.15
MOST_PINS = 9
