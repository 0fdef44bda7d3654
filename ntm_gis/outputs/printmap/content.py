"""What one map shows on paper: the layers of its definition, the rows of them that are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from ntm_gis.outputs.printmap.standard import LANES, rules
from ntm_gis.outputs.printmap.type import short_name
from ntm_gis.outputs.webmap import points
from ntm_gis.outputs.webmap.legend import legend
from ntm_gis.outputs.webmap.sheets import Sheet, sheet
from ntm_gis.results import Severity
from ntm_gis.rules import maps

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from ntm_gis.outputs.printmap.page import Shapes
    from ntm_gis.outputs.speech import Speech
    from ntm_gis.outputs.webmap.context import Context
    from ntm_gis.rules.maps import MapDefinition, Style

ROADS, WATER, VILLAGES, BOUNDARY = "roads", "water", "villages", "boundary"
WORKS = "road_progress"
HOUSES = "buildings"
_BESIDE_M = 30.0
# Of large grids every so many-th height is looked at.
_MOST_ROWS = 250
PINNED = (Severity.STOP, Severity.BLOCK, Severity.WARNING)


class Library:
    """Layers and words of an answer, made once for all its maps."""

    def __init__(self, context: Context, speech: Speech) -> None:
        self.context, self.speech = context, speech
        self._sheets: dict[str, Sheet | None] = {}

    def sheet(self, style: str) -> Sheet | None:
        """Return the layer of a style, None where the answer has no row for it."""
        if style not in self._sheets:
            self._sheets[style] = sheet(style, self.context)
        return self._sheets[style]

    @cached_property
    def told(self) -> list[points.Told]:
        """Findings with their numbers, in their order."""
        return points.told(self.context, self.speech.by_id)


@dataclass(frozen=True)
class Layer:
    """A layer of a map: the rows that are drawn, their shapes on the ground."""

    sheet: Sheet
    rows: npt.NDArray[np.intp]

    @property
    def name(self) -> str:
        """The name of its style."""
        return self.sheet.name

    @property
    def style(self) -> Style:
        """How it is drawn."""
        return self.sheet.style

    @cached_property
    def shapes(self) -> Shapes:
        """Shapes of the drawn rows, on the ground; empty where there is none."""
        found: Shapes = np.array(self.sheet.table.geometry[self.rows], dtype=object)
        found[shapely.is_missing(found)] = shapely.Point()
        return found

    @cached_property
    def case(self) -> npt.NDArray[np.intp]:
        """Number of the case of each drawn row."""
        return np.asarray(self.sheet.given["case"], dtype=np.intp)[self.rows]

    @cached_property
    def wide(self) -> npt.NDArray[np.intp]:
        """Number of the class of each drawn row; 0 where the style has none."""
        given = self.sheet.given.get("class")
        if given is None:
            return np.zeros(len(self.rows), dtype=np.intp)
        return np.asarray(given, dtype=np.intp)[self.rows]

    def texts(self, column: str) -> list[str]:
        """Return a column of the drawn rows, as fit for a page."""
        values = self.sheet.table.texts(column)
        return [short_name(values[i]) for i in self.rows]

    def given(self, key: str, blank: Any) -> list[Any]:
        """Return what the layer knows of the drawn rows."""
        values = self.sheet.given.get(key)
        return [blank if values is None else values[i] for i in self.rows]


class Content:
    """The content of one map.

    Parameters
    ----------
    definition : MapDefinition
    library : Library
    """

    def __init__(self, definition: MapDefinition, library: Library) -> None:
        self.definition, self.library = definition, library
        self.context = library.context
        self.lang = library.context.lang
        self.zone = library.context.commune.commune.crs
        self.sheets = [
            found for name in definition.style_names if (found := library.sheet(name)) is not None
        ]
        asked = {one.style: one.show for group in definition.groups for one in group.layers}
        self.layers = {
            found.name: Layer(found, rows)
            for found in self.sheets
            if len(rows := _drawn(found, asked[found.name], self.context))
        }

    @cached_property
    def groups(self) -> list[dict[str, Any]]:
        """The legend of the definition, with amounts from the very measures."""
        groups = legend(self.definition, self.sheets, self.library.speech, {}, self.zone)
        return groups[:-1]  # the last is of the screen: pins, grid

    def switched(self, key: str, scale: int, by: str | None = None) -> bool:
        """Whether a row of the legend stands for something that is on the sheet.

        `by` tells a class from a case of the same code: "class" or "case".
        """
        name, _, code = key.partition("/")
        layer = self.layers.get(name)
        if layer is None:
            return False
        style = layer.style
        if code in LANES and style.classes and not rules(scale).lanes:
            return False
        if name == HOUSES and not rules(scale).houses:
            return False
        classes = [one.code for one in style.classes]
        if code in classes and by != "case":
            return bool((layer.wide == classes.index(code)).any())
        cases = [one.code for one in style.cases]
        return bool((layer.case == cases.index(code)).any()) if code in cases else True

    @cached_property
    def findings(self) -> list[dict[str, Any]]:
        """The findings that the map lists, in the order of their numbers, notes left out."""
        found, _ = points.points(self.definition, self.library.told, self.sheets)
        grave = {severity.value for severity in PINNED}
        return [f for f in found if not f["aside"] and f["severity"] in grave]

    @cached_property
    def work_names(self) -> dict[str, str]:
        """Road works by id, with their names."""
        found = self.library.sheet(WORKS)
        if found is None:
            return {}
        ids, names = found.table.texts("work_id"), found.table.texts("name")
        return {key: name or key for key, name in zip(ids, names, strict=True)}

    @cached_property
    def works(self) -> Shapes:
        """Lines of the road works as they stand on the last day, on the ground."""
        found = self.library.sheet(WORKS)
        if found is None or "until" not in found.given:
            return np.empty(0, dtype=object)
        last = np.asarray(found.given["until"]) == len(self.context.days) - 1
        shapes = np.array(found.table.geometry[last], dtype=object)
        shapes = shapes[~shapely.is_missing(shapes)]
        layer = self.layers.get(ROADS)
        if layer is None or not len(shapes):
            return np.empty(0, dtype=object)
        # Only where the road itself is drawn.
        middle = shapely.line_interpolate_point(shapes, 0.5, normalized=True)
        near = shapely.STRtree(layer.shapes).query(middle, "dwithin", _BESIDE_M)[0]
        under_way: Shapes = shapes[np.unique(near)]
        return under_way

    @cached_property
    def heights(self) -> tuple[float, float]:
        """The lowest and highest of the commune's heights, metres; no end where not known."""
        grid, ground = self.context.answer.grids.get("heights"), self.context.ground
        if grid is None or not np.isfinite(grid.heights).any():
            return 0.0, np.inf
        every = max(max(grid.heights.shape) // _MOST_ROWS, 1)
        found = np.asarray(grid.heights[::-1][::every, ::every], dtype=np.float64)
        if ground is not None:
            west, south, _, _ = grid.bounds
            rows, columns = np.indices(found.shape) * every + 0.5
            inside = shapely.contains_xy(
                ground, west + columns * grid.cell, south + rows * grid.cell
            )
            found = found[inside] if np.isfinite(found[inside]).any() else found
        return float(np.nanmin(found)), float(np.nanmax(found))

    @property
    def empty(self) -> bool:
        """The first group of the map has nothing to draw."""
        first = self.definition.groups[0]
        return not any(layer.style in self.layers for layer in first.layers)

    def main_roads(self) -> Shapes:
        """Return the highest class of road there is, national or provincial, on the ground."""
        layer = self.layers.get(ROADS)
        if layer is None:
            return np.empty(0, dtype=object)
        codes = np.array([one.code for one in layer.style.classes])
        main: Shapes = layer.shapes[np.isin(codes[layer.wide], ("national", "provincial"))]
        return main


def _drawn(found: Sheet, show: bool | Sequence[str], context: Context) -> npt.NDArray[np.intp]:
    """Return the rows that a sheet draws: nobody can switch them on paper.

    Names of villages always stand, and of what changes from day to day the last day.
    """
    given, style = found.given, found.style
    rows = np.arange(len(found.table))
    place = style.labels is not None and style.labels.kind == "place"
    if show is False and not place:
        return rows[:0]
    if not isinstance(show, bool):
        codes = [one.code for one in style.classes or style.cases]
        numbers = np.asarray(given["class" if style.classes else "case"])
        rows = rows[np.isin(numbers, [i for i, code in enumerate(codes) if code in show])]
    if "until" in given:
        rows = rows[np.asarray(given["until"])[rows] == len(context.days) - 1]
    return rows


def definition_of(given: MapDefinition | str) -> MapDefinition:
    """Return a definition, by its name where a name is given.

    Raises
    ------
    RuleError
        There is no such map.
    """
    return maps.definition(given) if isinstance(given, str) else given
