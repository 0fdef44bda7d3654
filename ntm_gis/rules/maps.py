"""What a map shows: `maps/NAME.toml`. How it is drawn stands in `map_styles`."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Literal

from pydantic import Field as Key
from pydantic import field_validator, model_validator

from ntm_gis import shipped, text
from ntm_gis.errors import RuleError
from ntm_gis.rules.map_styles import (
    PX_PER_MM,
    STYLES,
    UNKNOWN,
    Case,
    Class,
    Colour,
    Labels,
    Letter,
    Marks,
    Part,
    Pattern,
    Stroke,
    Style,
    Styles,
    Symbol,
    require_known,
    styles,
)
from ntm_gis.rules.schema import Title, layer_names
from ntm_gis.rules.toml import Strict, load

__all__ = [
    "PX_PER_MM",
    "STYLES",
    "UNKNOWN",
    "Case",
    "Class",
    "Colour",
    "Group",
    "Labels",
    "Letter",
    "MapDefinition",
    "MapLayer",
    "Marks",
    "Part",
    "Pattern",
    "Side",
    "Stroke",
    "Style",
    "Styles",
    "Swipe",
    "Symbol",
    "definition",
    "names",
    "styles",
]


class MapLayer(Strict):
    """A style on a map, and which of its rows are on at first."""

    style: str
    show: bool | tuple[str, ...] = True


class Group(Strict):
    """A group of the legend, which is the tree of layers."""

    title: Title
    open: bool = False
    layers: tuple[MapLayer, ...] = Key(alias="layer", default=())
    figures: tuple[str, ...] = ()
    """Measures shown under the group; a name ending in `.*` stands for all that begin so."""


class Side(Strict):
    """One side of the line between before and after: what it is called, what it alone shows."""

    title: Title
    rows: tuple[str, ...] = Key(min_length=1)
    """Styles, or cases of one as `STYLE/CASE`."""


class Swipe(Strict):
    """What is compared by dragging a line over the map; all else stands on both sides."""

    before: Side
    after: Side


class MapDefinition(Strict):
    """One map: what it is called, what it shows, in which order it is told."""

    name: str = ""
    title: Title
    order: int
    findings: Literal["all"] | tuple[str, ...]
    """Layers whose findings the map shows, or all."""
    groups: tuple[Group, ...] = Key(alias="group", min_length=1)
    swipe: Swipe | None = None

    @field_validator("groups")
    @classmethod
    def _once(cls, groups: tuple[Group, ...]) -> tuple[Group, ...]:
        names = [layer.style for group in groups for layer in group.layers]
        if len(set(names)) != len(names):
            msg = "a style stands twice on a map"
            raise ValueError(msg)
        return groups

    @model_validator(mode="after")
    def _sides_stand_on_it(self) -> MapDefinition:
        sides = (self.swipe.before, self.swipe.after) if self.swipe else ()
        asked = [row for side in sides for row in side.rows]
        strange = {row.split("/", 1)[0] for row in asked} - set(self.style_names)
        if strange or len(set(asked)) != len(asked):
            msg = "swipe names a style that the map does not have, or one row on both sides"
            raise ValueError(msg)
        return self

    @property
    def style_names(self) -> tuple[str, ...]:
        """The styles of the map, in the order of its legend."""
        return tuple(layer.style for group in self.groups for layer in group.layers)


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """Return the names of all maps, in the order in which they are offered.

    Examples
    --------
    >>> names()[:2]
    ('overview', 'villages')
    """
    found = [p.stem for p in shipped.path("maps").glob("*.toml") if p.stem != STYLES]
    return tuple(sorted(found, key=lambda name: (_load(name).order, name)))


def definition(name: str) -> MapDefinition:
    """Return the definition of a map.

    Raises
    ------
    RuleError
        There is no such map (with the name that comes close), its file is not well formed, or
        it names a style that is not there.

    Examples
    --------
    >>> definition("roads").title.vi
    'Đường theo cấp, mặt đường'
    """
    if name not in names():
        close = text.suggestions(name, names(), 1)
        if close:
            raise RuleError("MAP_UNKNOWN_MEANT", name=name, meant=close[0])
        raise RuleError("MAP_UNKNOWN", name=name, known=", ".join(names()))
    return _load(name)


@cache
def _load(name: str) -> MapDefinition:
    found = load(shipped.path("maps", f"{name}.toml"), MapDefinition, RuleError)
    require_known(found.style_names, styles().styles, f"{name}.toml")
    if found.findings != "all":
        require_known(found.findings, layer_names(), f"{name}.toml, findings")
    return found.model_copy(update={"name": name})
