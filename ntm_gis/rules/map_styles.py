"""How maps are drawn, on screen, on paper and in QGIS: `maps/styles.toml`.

A style belongs to a frame of an answer; its cases are picked by the column `state` (or another),
its classes by a second column. Widths are given in pixels for the screen and in millimetres for
an A3 sheet; dashes are multiples of the width of their stroke. Strokes stand from bottom to top.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field as Key
from pydantic import StringConstraints, model_validator

from ntm_gis import shipped, text
from ntm_gis.errors import RuleError
from ntm_gis.rules.schema import Title
from ntm_gis.rules.toml import Strict, load

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

STYLES = "styles"
UNKNOWN = "unknown"

# A line of 1 mm on paper is about this wide on a screen; used where a style gives one of the two.
PX_PER_MM = 5.0

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
PathData = Annotated[str, StringConstraints(pattern=r"^[MmLlHhVvCcSsQqTtAaZz0-9 .,\-]+$")]
Level = Literal["ground", "zones", "areas", "hazards", "water", "roads", "boundaries", "points"]


class Stroke(Strict):
    """One stroke of a line.

    `of` takes the width from the class of the feature: its `fill` or its `total` with casing;
    `times` and `plus` change it. `only` keeps the stroke to some classes.
    """

    colour: Colour
    px: float | None = None
    mm: float | None = None
    of: Literal["fill", "total"] | None = None
    times: float = 1.0
    plus: float = 0.0
    least: float = 0.0
    dash: tuple[float, ...] = ()
    cap: Literal["butt", "round"] = "butt"
    opacity: float = Key(default=1.0, ge=0.0, le=1.0)
    inside: bool = False
    """A ribbon along the inner side of an area's edge."""
    only: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _has_width(self) -> Stroke:
        if self.of is None and self.px is None and self.mm is None:
            msg = "a stroke has a width: px, mm or of"
            raise ValueError(msg)
        return self

    def screen_px(self, wide: Class | None = None) -> float:
        """Width on the screen at middle zooms, in pixels."""
        if self.of is not None and wide is not None:
            base = wide.px[0] if self.of == "fill" else wide.px[1]
            return max(base * self.times + self.plus, self.least)
        if self.px is not None:
            return self.px
        return (self.mm or 0.0) * PX_PER_MM

    def paper_mm(self, wide: Class | None = None) -> float:
        """Width on an A3 sheet, in millimetres."""
        if self.of is not None and wide is not None:
            base = wide.mm[0] if self.of == "fill" else wide.mm[1]
            return max(base * self.times + self.plus / PX_PER_MM, self.least / PX_PER_MM)
        if self.mm is not None:
            return self.mm
        return (self.px or 0.0) / PX_PER_MM


class Part(Strict):
    """A piece of a symbol or pattern: a path, filled, stroked or both."""

    path: PathData
    fill: Colour | None = None
    pattern: str | None = None
    stroke: Colour | None = None
    width: float = 1.0
    dash: tuple[float, ...] = ()
    cap: Literal["butt", "round"] = "butt"


class Pattern(Strict):
    """What fills an area: a ground colour and marks in a tile of so many pixels.

    `turn` turns the tile by degrees; only the pattern of what is unknown is turned.
    """

    tile: tuple[float, float]
    ground: Colour | None = None
    turn: float = 0.0
    parts: tuple[Part, ...] = Key(default=(), alias="part")


class Letter(Strict):
    """Where the letter of a symbol stands, in its box of 20 × 20, and its colour."""

    x: float
    y: float
    size: float
    colour: Colour
    halo: Colour | None = None


class Symbol(Strict):
    """A point symbol in a box of 20 × 20 pixels, y downwards, `seat` on the ground."""

    parts: tuple[Part, ...] = Key(alias="part", min_length=1)
    letter: Letter | None = None
    seat: tuple[float, float] = (10.0, 10.0)
    size: float = 1.0
    """Relative to other symbols."""


class Class(Strict):
    """A class of lines: widths (fill, total with casing), measure of its length."""

    code: str
    title: Title | None = None
    px: tuple[float, float]
    mm: tuple[float, float]
    measure: str | None = None


class Case(Strict):
    """One look of a style: for lines strokes, for areas fill and edge, for points a symbol.

    `needs` says that the reader should look at it: such cases stay on a small screen at full
    extent when the others go.
    """

    code: str
    title: Title | None = None
    strokes: tuple[Stroke, ...] = ()
    thin: tuple[Stroke, ...] = ()
    """Strokes for classes without casing."""
    fill: Colour | None = None
    pattern: str | None = None
    opacity: float = 1.0
    edge: tuple[Stroke, ...] = ()
    symbol: str | None = None
    measure: str | None = None
    needs: bool = False


class Marks(Strict):
    """A symbol along lines whose truth value in a column is the one said."""

    column: str
    equals: bool
    symbol: str
    every_m: float
    title: Title


class Labels(Strict):
    """Names or codes on the map: of places (`name`) or of areas (`code`)."""

    column: str
    kind: Literal["place", "area", "neighbour", "former"]


class Style(Strict):
    """How a frame is drawn, listed and counted."""

    frame: str
    layer: str | None = None
    """The layer whose schema names its fields; the frame's name where left out."""
    level: Level
    title: Title
    one: Title
    """What one feature of it is called."""
    where: dict[str, tuple[str, ...]] = Key(default_factory=dict)
    case_by: str = "state"
    class_by: str | None = None
    day_by: str | None = None
    """The column with the day of a row: a page shows the rows of one day at a time."""
    since_by: str | None = None
    """The column with the day from which on a row is shown, where a page shows days."""
    letter_by: str | None = None
    letters: dict[str, str] = Key(default_factory=dict)
    colours: Literal["land_use"] | None = None
    """The column whose codes the palette of that name colours; cases give edge and opacity."""
    amount: Literal["count", "sum"] = "count"
    sum_of: str | None = None
    unit: str | None = None
    interactive: bool = True
    """A click on the map may be meant for it."""
    listed: bool = True
    """Its rows have names, fields and places in files."""
    beside_village: bool = False
    """Far out, its symbols stand in a row under the village."""
    classes: tuple[Class, ...] = Key(default=(), alias="class")
    cases: tuple[Case, ...] = Key(alias="case", min_length=1)
    marks: Marks | None = None
    labels: Labels | None = None

    @model_validator(mode="after")
    def _complete(self) -> Style:
        if self.classes and not self.class_by:
            msg = "classes need the column that picks them (class_by)"
            raise ValueError(msg)
        if self.amount == "sum" and not (self.sum_of and self.unit):
            msg = "a sum names its column and unit (sum_of, unit)"
            raise ValueError(msg)
        return self

    @property
    def schema_name(self) -> str:
        """The layer whose schema names the fields of the frame."""
        return self.layer or self.frame

    @property
    def primary(self) -> bool:
        """It draws the rows of its layer, not some that an analysis picked of them."""
        return self.frame == self.schema_name

    def case(self, code: str) -> Case:
        """Return the case of a code; that of what is unknown where there is none."""
        return next(
            (c for c in self.cases if c.code == code),
            next((c for c in self.cases if c.code == UNKNOWN), self.cases[0]),
        )


class Styles(Strict):
    """The whole of `maps/styles.toml`."""

    patterns: dict[str, Pattern] = Key(default={}, alias="pattern")
    symbols: dict[str, Symbol] = Key(default={}, alias="symbol")
    styles: dict[str, Style] = Key(alias="style")
    pins: dict[str, Symbol] = Key(default={}, alias="pin")
    """By severity of the finding."""
    land_use: dict[str, Colour] = Key(default_factory=dict)
    """Colour by land-use code."""

    def of_frame(self, frame: str) -> tuple[Style, ...]:
        """Return the styles that draw a frame, in order."""
        return tuple(style for style in self.styles.values() if style.frame == frame)


@lru_cache(maxsize=1)
def styles() -> Styles:
    """Return the styles that screen, paper and QGIS share.

    Raises
    ------
    RuleError
        The file is not well formed, or names a pattern or symbol that is not there.

    Examples
    --------
    >>> styles().styles["roads"].case("concrete").strokes[0].colour
    '#5c1d06'
    """
    found = load(shipped.path("maps", f"{STYLES}.toml"), Styles, RuleError)
    for name, style in found.styles.items():
        for case in style.cases:
            place = f"style.{name}.case.{case.code}"
            require_known([case.pattern], found.patterns, place)
            require_known([case.symbol], found.symbols, place)
        if style.marks:
            require_known([style.marks.symbol], found.symbols, f"style.{name}.marks")
    for name, symbol in (*found.symbols.items(), *found.pins.items()):
        require_known((part.pattern for part in symbol.parts), found.patterns, f"symbol.{name}")
    return found


def require_known(asked: Iterable[str | None], known: Collection[str], place: str) -> None:
    """Refuse names that `styles.toml` does not define.

    Raises
    ------
    RuleError
        With the place and the name that was probably meant.
    """
    for name in asked:
        if name is not None and name not in known:
            close = text.suggestions(name, tuple(known), 1)
            meant = close[0] if close else ", ".join(known)
            raise RuleError("STYLE_UNKNOWN", place=place, name=name, meant=meant)
