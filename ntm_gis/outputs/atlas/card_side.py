"""Beside the map of a village: its figures, the roads by number, signs, room for notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.outputs.atlas import small_maps
from ntm_gis.outputs.atlas.pen import BAND, EDGE, FOOT, RULE, TOP, Pen
from ntm_gis.outputs.printmap import legend
from ntm_gis.outputs.printmap.panel import GAP, SAMPLE, Panel
from ntm_gis.outputs.printmap.standard import BLACK, GREY
from ntm_gis.outputs.printmap.type import width
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ntm_gis.outputs.atlas.card_map import Road
    from ntm_gis.outputs.atlas.cards import Village, Villages
    from ntm_gis.outputs.printmap.content import Content
    from ntm_gis.outputs.printmap.page import Page

_LIST_X = 211.0
_PT, _NOTE_MM = 8.0, 7.5
HOUSE_MM = 1.5
"""Side of the square that stands for a house."""

_LEAD, _APART = 4.3, 3.0
"""Between lines of signs, and between their columns, mm."""

_SIGNS = ("roads/", "cultural_houses/", "schools/", "loudspeakers/", "water/", "villages/")


def lists(
    pen: Pen,
    found: Villages,
    shared: Content,
    village: Village,
    roads: Sequence[Road],
    houses: tuple[int, int],
    extent: shapely.Polygon | None,
) -> None:
    """Write the facts, the roads and the signs beside the map; room for notes below."""
    lang, x, w = found.read.lang, _LIST_X, pen.w - EDGE - _LIST_X
    y = pen.heading(x, TOP, say("atlas.card_facts", lang), w, 9)
    for title, value in found.facts(village):
        y += 4.4
        wide = pen.width(value, _PT, "SemiBold")
        pen.text(x, y, title, _PT, room=w - wide - 2)
        pen.text(x + w, y, value, _PT, "SemiBold", ha="right")
    y += 2.0 if extent is None else 0.0
    if extent is not None:
        y = pen.heading(x, y + 4.5, say("atlas.card_roads", lang), w, 9)
        y = _road_list(pen, lang, roads, (x, y, w))
    count, unnumbered = houses
    key = "card_houses" if count else "card_no_houses"
    y = pen.paragraph(x, y + 4.5, say(f"atlas.{key}", lang, n=count), _PT, w, style="Medium")
    if unnumbered and count:
        said = say("atlas.card_unnumbered", lang, n=unnumbered)
        y = pen.paragraph(x, y, said, 7, w, style="Italic")
    if extent is not None:
        y = _signs(pen, shared, extent, (x, y, w))
    last = FOOT - 1.0
    if extent is not None:
        pen.text(x, last, say("atlas.card_correct", lang), _PT, "SemiBold", room=w)
    if last - 5 - y > 2.5 * _NOTE_MM:
        y = pen.heading(x, y + 2.5, say("atlas.card_notes", lang), w, 9)
        while y + _NOTE_MM < last - 4:
            y += _NOTE_MM
            pen.line(x, y, x + w, y, 0.25, RULE, (3, 2))


def _signs(
    pen: Pen, shared: Content, extent: shapely.Polygon, place: tuple[float, float, float]
) -> float:
    """Draw the legend in two columns; return where it ends."""
    x, y, w = place
    y = pen.heading(x, y + 1.5, say("atlas.card_legend", shared.lang), w, 9)
    given = small_maps.paper(0.84, bw=True, kp=1.1, k=1.7)
    there = _in_frame(shared, extent)
    items = [
        legend.Item(str(item.row["title"]), item.row)
        for item in legend.items_of(shared, 5000)
        if item.row is not None and item.row["key"] in there and item.row.get("by") == "case"
    ]
    panel = Panel("legend", "SE", frame_mm=0.0)
    half, indent = -(-(len(items) + 1) // 2), SAMPLE * given.kp + GAP
    if y + half * _LEAD > FOOT - 8:
        return y
    t, house = given.type["text"], say("atlas.card_house", shared.lang)
    panel.add(lambda page, left, top: _house_sign(page, left + indent / 2 - 1, top))
    panel.text(indent, _LEAD * 0.75, house, t)
    # The first column is as wide as its texts are; long ones of the second have the rest.
    texts = [house, *(item.text for item in items[: half - 1])]
    first = max(width(text, t) for text in texts) + indent + _APART
    first = min(max(first, w * 0.35), w * 0.6)
    for n, item in enumerate(items, 1):
        column, line = divmod(n, half)
        room = w - first if column else first - 1
        legend.line_of(
            panel, shared, given, item, (column * first, (line + 0.75) * _LEAD), room
        )  # fmt: skip
    left, top = pen.at(x, y)
    panel.draw(pen.page, left, top)
    return y + half * _LEAD + 1.5


def _in_frame(shared: Content, extent: shapely.Polygon) -> set[str]:
    """Return keys of the legend of which something lies on a map."""
    found: set[str] = set()
    for name, layer in shared.layers.items():
        if f"{name}/".startswith(_SIGNS):
            inside = np.unique(layer.case[shapely.intersects(layer.shapes, extent)])
            found |= {f"{name}/{layer.style.cases[i].code}" for i in inside}
    return found


def _house_sign(page: Page, left: float, top: float) -> None:
    half = HOUSE_MM / 2
    page.rect(left - half, top - 2.3 - half, 2 * half, 2 * half, BLACK, z=32)


def _road_list(
    pen: Pen, lang: str, roads: Sequence[Road], place: tuple[float, float, float]
) -> float:
    x, y, w = place
    if not roads:
        return pen.paragraph(x, y + 4, say("atlas.card_no_roads", lang), _PT, w, colour=GREY)
    limit = FOOT - 26
    for n, road in enumerate(roads):
        if y + 9 > limit and n < len(roads):
            left = len(roads) - n
            pen.text(x, y + 3.6, say("atlas.card_other", lang, n=left), 7, "Italic")
            return y + 4
        pen.text(x + 4.4, y + 3.6, str(road.number), _PT, "Bold", ha="right")
        named = road.name
        if road.id and road.id != road.name:
            named = say("atlas.card_road_row", lang, name=road.name, id=road.id)
        pen.text(x + 6.2, y + 3.6, named, _PT, "Medium", room=w - 6.2)
        pen.text(x + 6.2, y + 7.0, road.about, 7, room=w - 6.2)
        y += 8.4
    return y + BAND
