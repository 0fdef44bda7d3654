"""The lines of a legend: what each says and which of them stand on a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from ntm_gis.outputs.printmap.content import BOUNDARY, ROADS, WORKS
from ntm_gis.outputs.printmap.ground import PEAK_RISE_M
from ntm_gis.outputs.printmap.legend_roads import joined
from ntm_gis.outputs.printmap.standard import rules
from ntm_gis.outputs.printmap.type import clipped, width
from ntm_gis.outputs.webmap import texts
from ntm_gis.outputs.webmap.legend import measure_text
from ntm_gis.results import shown
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ntm_gis.outputs.printmap.content import Content, Layer
    from ntm_gis.outputs.printmap.standard import Format
    from ntm_gis.rules.maps import Case

_MOST_OF_FIGURE = 9


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the legend: what it says, and what is drawn before it; a heading has no row.

    `tail` is the amount at the end of the text, which stays whole where the text is cut.
    """

    text: str
    row: dict[str, Any] | None = None
    own: str = ""
    tail: str = ""

    def cut(self, pt: float, room: float) -> str:
        """Return the text cut to `room` mm."""
        style = "SemiBold" if self.row is None and not self.own else "Regular"
        if not self.tail or width(self.text, pt, style) <= room:
            return clipped(self.text, pt, room, style)
        said = clipped(self.text.removesuffix(self.tail), pt, room - width(self.tail, pt), style)
        return f"{said}{self.tail}"


def with_province(items: list[Item], content: Content) -> list[Item]:
    """Return the lines with that of the province's edge before the commune's own."""
    for at, item in enumerate(items):
        if item.row is not None and item.row["key"].startswith(f"{BOUNDARY}/"):
            said = Item(say("print_map.province_edge", content.lang), own="province")
            return [*items[:at], said, *items[at:]]
    return items


def of_relief(content: Content, given: Format, scale: int) -> list[Item]:
    """Return the lines of the relief; level land has neither contours nor tops."""
    step, lang = rules(scale), content.lang
    low, high = content.heights
    items = []
    if not given.bw and np.floor(high / step.contour) > np.floor(low / step.contour):
        said = say(
            "print_map.contours", lang, step=f"{step.contour:g}", index=f"{step.index:g}"
        )  # fmt: skip
        items.append(Item(said, own="contours"))
    if step.spots and high - low > PEAK_RISE_M:
        items.append(Item(say("print_map.spot_height", lang), own="spot"))
    return [Item(say("print_map.ground", lang)), *items] if items and not given.bw else items


def of_works(content: Content) -> Iterator[Item]:
    """Yield the road works that are underlaid, with km accepted of those planned."""
    if WORKS in content.layers or ROADS not in content.layers or not len(content.works):
        return
    speech, lang = content.library.speech, content.lang
    yield Item(say("print_map.works", lang))
    for key, name in content.work_names.items():
        planned = speech.by_id.get(f"progress.{key}.planned_km")
        accepted = speech.by_id.get(f"progress.{key}.accepted_km")
        if planned is None or accepted is None:
            yield Item(name, own="work")
            continue
        done = speech.value(accepted)
        said = say(
            "print_map.work", lang, name=name, done=done, planned=measure_text(planned, speech)
        )
        yield Item(said, own="work", tail=f": {done}/{measure_text(planned, speech)}")


def is_subject(content: Content) -> bool:
    """Whether roads stand in an open group of the definition: then they have a table."""
    return any(
        layer.style == ROADS
        for group in content.definition.groups
        if group.open
        for layer in group.layers
    )


def of_groups(content: Content, scale: int, *, roads: bool, brief: bool = False) -> Iterator[Item]:
    """Yield headings and lines of what is drawn, in the order of the definition.

    `roads` asks for classes and surfaces of roads among them: they have no table then; `brief`
    leaves out headings that a small sheet has no room for.
    """
    for group in content.groups:
        rows = [row for row in group["rows"] if _stands(content, row, scale, roads=roads)]
        if not rows:
            continue
        title, surfaces = group["title"], "" if brief else "print_map.road_surface"
        of_class = [row for row in rows if _of_roads(row, "class")]
        if of_class and of_class[0] is rows[0]:
            title = say("print_map.road_class", content.lang, title=title)
        if group["open"] or not brief:
            yield Item(title)
        for row in rows:
            text = row["title"]
            amount = _amount(content, row)
            if _of_roads(row, "case"):
                # Surfaces drawn alike stand together; their km are those of classes not drawn, too.
                alike = _alike(content, row, rows)
                if alike[0] is not row:
                    continue
                if surfaces:
                    yield Item(say(surfaces, content.lang))
                    surfaces = ""
                text, amount = joined([one["title"] for one in alike]), ""
            tail = f" – {amount}" if amount else ""
            yield Item(f"{text}{tail}", row, tail=tail)


def _of_roads(row: dict[str, Any], by: str) -> bool:
    return bool(row["key"].startswith(f"{ROADS}/")) and row.get("by") == by


def _amount(content: Content, row: dict[str, Any]) -> str:
    """Return the amount of a row; of the stages of works the km of the day that is drawn."""
    name, _, code = row["key"].partition("/")
    if name != WORKS or not code:
        return str(row["amount"])
    layer = content.layers[WORKS]
    mine = layer.rows[layer.case == [one.code for one in layer.style.cases].index(code)]
    table = layer.sheet.table
    if "from_m" not in table or "to_m" not in table:
        return ""
    ends = [np.array(table[column], dtype=np.float64)[mine] for column in ("to_m", "from_m")]
    return texts.amount(
        float((ends[0] - ends[1]).sum()) / 1000, "km", content.lang, shown.digits("km")
    )


def _alike(
    content: Content, row: dict[str, Any], rows: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the rows of surfaces that are drawn as this one is."""
    style = content.layers[ROADS].style
    look = style.case(row["code"]).strokes
    surfaces = [one for one in rows if one.get("by") == "case"]
    return [one for one in surfaces if style.case(one["code"]).strokes == look]


def _stands(content: Content, row: dict[str, Any], scale: int, *, roads: bool) -> bool:
    """Whether a row of the definition's legend has a place in that of a sheet."""
    name, slash, code = row["key"].partition("/")
    if not slash or name not in content.layers:
        return False
    style = content.layers[name].style
    if code == "marks":
        marked = content.layers[name].sheet.given.get("marked", ())
        return bool(np.isin(content.layers[name].rows, marked).any())
    if name == ROADS:
        return roads and content.switched(row["key"], scale, row.get("by"))
    if row.get("by") == "letter":
        if style.labels is not None and style.labels.kind == "area":
            return True
        if style.beside_village and not rules(scale).in_place:
            return False
        return _borne(content.layers[name], str(row["code"]))
    return _has_look(style.case(code)) and content.switched(row["key"], scale, row.get("by"))


def _borne(layer: Layer, letter: str) -> bool:
    """Whether a symbol on the ground bears a letter: lines have none."""
    points = np.isin(shapely.get_type_id(layer.shapes), (0, 4)) | (layer.style.level == "points")
    letters = np.array(layer.given("letter", ""), dtype=object)
    return bool((points & (letters == letter)).any())


def _has_look(case: Case) -> bool:
    return bool(case.strokes or case.edge or case.fill or case.pattern or case.symbol)


def fewest(items: list[Item], content: Content) -> list[Item]:
    """Return what a small figure needs to be understood: its own group, and villages."""
    own = {layer.style for layer in content.definition.groups[0].layers} | {"villages"}
    found = [
        item for item in items if item.row is not None and item.row["key"].partition("/")[0] in own
    ]
    # Of many codes those that take most of the ground, and what their edges mean.
    wide = np.array([_extent(content, item) for item in found])
    codes = np.flatnonzero(np.isfinite(wide))
    if len(codes):
        first = content.definition.groups[0].layers[0].style
        kept = [
            i
            for i, item in enumerate(found)
            if item.row and item.row["key"].startswith(f"{first}/") and not np.isfinite(wide[i])
        ]
        most = codes[np.argsort(-wide[codes], kind="stable")][: _MOST_OF_FIGURE - len(kept)]
        return [found[i] for i in sorted([*kept, *most])]
    return found[:_MOST_OF_FIGURE]


def _extent(content: Content, item: Item) -> float:
    """Return the ground that the zones of a code take; what is no code comes before all."""
    row = item.row or {}
    if row.get("by") != "letter" or not row.get("colour"):
        return np.inf
    layer = content.layers[row["key"].partition("/")[0]]
    mine = np.array(layer.given("letter", ""), dtype=object) == row["code"]
    return float(shapely.area(layer.shapes[mine]).sum())
