"""The front of a village's page: a map with numbered roads and houses, to be corrected by pen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis import numbers
from ntm_gis.outputs.atlas import card_side, small_maps
from ntm_gis.outputs.atlas.card_side import HOUSE_MM
from ntm_gis.outputs.atlas.pen import EDGE, FOOT, RULE, TOP, Pen
from ntm_gis.outputs.printmap import solver
from ntm_gis.outputs.printmap.candidates import Label, around, on_line
from ntm_gis.outputs.printmap.content import ROADS, Content
from ntm_gis.outputs.printmap.footer import scale_text
from ntm_gis.outputs.printmap.page import Page
from ntm_gis.outputs.printmap.standard import BLACK, FORMATS, INK, PAPER
from ntm_gis.outputs.printmap.type import size
from ntm_gis.rules.schema import code_list
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from ntm_gis.outputs.atlas.cards import Village, Villages
    from ntm_gis.outputs.atlas.small_maps import Box
    from ntm_gis.outputs.printmap.page import Shapes
    from ntm_gis.outputs.printmap.view import View

_MAP_W = 196.0
_STYLES = (
    ("boundary", True), ("neighbours", True), ("villages", True), ("roads", True),
    ("cultural_houses", True), ("schools", True), ("loudspeakers", True), ("offices", True),
    ("water", True),
)  # fmt: skip
_LEAST_M, _MOST_M = 500.0, 3000.0
_NEAR_MM = 14.0
"""A road shorter than that on the map is not numbered."""

_HOUSE_PT, _MANY_PT, _MANY = 7.0, 6.0, 60
"""Numbers of houses; smaller where there are many, so that each finds room."""
_ROAD_PT = 7.0
_PT = 8.0
_NAME_PT, _LEAST_NAME_PT, _NAME_MM = 17.0, 10.0, 150.0
_GRID_MM = 10.0


@dataclass(frozen=True, slots=True)
class Road:
    """A road of the map: its number on it, what it is, its parts on paper."""

    number: int
    id: str
    name: str
    about: str
    line: shapely.LineString | None


def content(found: Villages) -> Content:
    """Return what the maps of villages show, once for all of them."""
    title = {"vi": "Sơ đồ bản", "en": "Map of a village"}
    styles = [one for one in _STYLES if one[0] != "offices"]
    made = small_maps.plain_definition("village", title, styles)
    return Content(made, found.printer.library)


def head(pen: Pen, found: Villages, village: Village, what: str, side: str) -> None:
    """Write the head that both sides of a village's page share."""
    lang, right = found.read.lang, pen.w - EDGE
    number = found.read.word("office", name=found.read.who.name.upper())
    pen.text(EDGE, 11.5, number, 8, "SemiBold", room=170)
    name, pt = village.called(lang), _NAME_PT
    while pen.width(name, pt, "Bold") > _NAME_MM and pt > _LEAST_NAME_PT:
        pt -= 0.5
    wide = pen.text(EDGE, 19.5, name, pt, "Bold", room=_NAME_MM)
    pen.text(EDGE + wide + 4, 19.5, what, 11, "Medium", room=right - EDGE - wide - 62)
    pen.text(right, 11.5, f"{village.number:02} · {village.id}", 10, "Bold", ha="right", room=60)
    pen.text(right, 17.0, side, _PT, ha="right")
    pen.line(EDGE, 21.6, right, 21.6, 0.4, INK)


def foot(pen: Pen, found: Villages, page_of: str) -> None:
    """Write the last line of a page."""
    who = found.read.who
    day = numbers.format_date_vi(who.as_of)
    said = say("print_map.state_at", found.read.lang, day=day)
    if who.sample:
        said = f"{said} · {say('print_map.sample_note', found.read.lang)}"
    pen.text(EDGE, 203.4, said, 6.5, room=pen.w - 2 * EDGE - 40)
    pen.text(pen.w - EDGE, 203.4, page_of, 6.5, ha="right")


def draw(found: Villages, shared: Content, village: Village, side: str, page_of: str) -> Page:
    """Draw the front of a village's page. To be called within `settings`."""
    page = Page(*FORMATS["A4"].size, bw=True)
    page.axes.set_autoscale_on(False)
    pen = Pen(page)
    lang = found.read.lang
    head(pen, found, village, say("atlas.card_map", lang), side)
    area = (EDGE, TOP, _MAP_W, FOOT - TOP)
    roads: Sequence[Road] = ()
    houses, unnumbered, extent = found.houses(village), 0, None
    if village.at is None:
        _sketch(pen, say("atlas.card_no_place", lang), area)
    else:
        roads, unnumbered, extent = _map(pen, found, shared, village, houses, area)
    card_side.lists(pen, found, shared, village, roads, (len(houses), unnumbered), extent)
    foot(pen, found, page_of)
    return page


def _sketch(pen: Pen, said: str, area: tuple[float, float, float, float]) -> None:
    """Draw an empty grid for a sketch by hand."""
    x, y, w, h = area
    pen.rect(x, y, w, h, PAPER, INK, 0.3)
    for k in range(1, int(w / _GRID_MM) + 1):
        pen.line(x + k * _GRID_MM, y, x + k * _GRID_MM, y + h, 0.2, RULE, (1, 8))
    for k in range(1, int(h / _GRID_MM) + 1):
        pen.line(x, y + k * _GRID_MM, x + w, y + k * _GRID_MM, 0.2, RULE, (1, 8))
    wide = pen.width(said, 9, "SemiBold") + 6
    pen.rect(x + 4, y + 4, min(wide, w - 8), 8, PAPER, INK, 0.2, z=35)
    pen.text(x + 7, y + 9.3, said, 9, "SemiBold", room=w - 14)


def _extent(village: Village, houses: Shapes) -> Box:
    """Return the ground of a map: the houses, but those that lie far off, and the village."""
    places = shapely.multipoints([village.at, *houses]) if len(houses) else village.at
    inner = shapely.intersection(places, shapely.buffer(village.at, _MOST_M))
    return small_maps.around(inner, _LEAST_M, 0.08)


def _map(
    pen: Pen,
    found: Villages,
    shared: Content,
    village: Village,
    houses: Shapes,
    area: tuple[float, float, float, float],
) -> tuple[list[Road], int, shapely.Polygon]:
    """Draw the map; return its roads, the houses without room for their number, its ground."""
    given = small_maps.paper(0.78, bw=True, kp=1.3, k=2.1)
    box = small_maps.frame_box(pen, given, area)
    view = small_maps.view_of(shared, given, box, _extent(village, houses), 1000)
    bar = small_maps.bar_box(view)
    scale = _scale_box(view)
    drawn = small_maps.draw(
        pen.page, shared, view, taken=[bar, scale], heights=False, roads_named=False
    )  # fmt: skip
    small_maps.bar(pen.page, view, found.read.lang)
    _scale(pen, view, scale, found.read.lang)
    view.symbols += [(taken, -3) for taken in drawn.names.taken]
    roads = _roads(found, shared, view)
    _number_roads(pen.page, view, roads)
    left, bottom, right, top = view.box
    east, north = view.ground([left, right], [bottom, top])
    extent = shapely.box(east[0], north[0], east[1], north[1])
    return roads, _number_houses(pen.page, view, houses), extent


def _scale_box(view: View) -> shapely.Polygon:
    _, _, right, top = view.box
    return shapely.box(right - 34, top - 6.4, right, top)


def _scale(pen: Pen, view: View, box: shapely.Polygon, lang: str) -> None:
    left, bottom, right, top = box.bounds
    pen.page.rect(left, bottom, right - left, top - bottom, PAPER, INK, 0.2, z=29)
    said = say("print_map.scale", lang, scale=scale_text(view.scale, lang))
    pen.page.text((left + right) / 2, bottom + 2.0, said, 9, "Bold", ha="center", z=40, log="bar")


# --- numbers on the map ---------------------------------------------------------------------------


def _roads(found: Villages, shared: Content, view: View) -> list[Road]:
    """Return the roads on the map by number, the longest part of each; main roads first."""
    layer = shared.layers.get(ROADS)
    if layer is None:
        return []
    parts, rows = view.clipped_rows(layer.shapes)
    lines = shapely.get_type_id(parts) == 1
    parts, rows = parts[lines], rows[lines]
    order = sorted(set(rows.tolist()), key=lambda i: (int(layer.wide[i]), i))
    ids, names = layer.texts("road_id"), layer.texts("name")
    lengths, widths = layer.texts("length_km"), layer.texts("width_m")
    titles = {c.code: c.title.words.of(found.read.lang) for c in code_list("surface").codes}
    out: list[Road] = []
    for i in order:
        own = parts[rows == i]
        longest = max(own, key=shapely.length)
        if longest.length < _NEAR_MM / 3:
            continue
        case = layer.style.cases[layer.case[i]]
        surface = titles.get(case.code, case.title.words.of(found.read.lang) if case.title else "")
        about = ", ".join(
            part
            for part in (
                surface,
                _amount(lengths[i], "km", found.read.lang, 2),
                _wide(widths[i], found.read.lang),
            )
            if part
        )
        out.append(Road(len(out) + 1, ids[i], names[i] or ids[i], about, longest))
    return out


def _wide(text: str, lang: str) -> str:
    said = _amount(text, "m", lang, 1)
    return say("atlas.card_wide", lang, width=said) if said else ""


def _amount(text: str, unit: str, lang: str, digits: int) -> str:
    try:
        value = float(text)
    except ValueError:
        return ""
    if not np.isfinite(value):
        return ""
    show = numbers.format_en if lang == "en" else numbers.format_vi
    return show(value, unit, digits)


def _number_roads(page: Page, view: View, roads: Sequence[Road]) -> None:
    """Write the numbers of roads in rings on them, where they find room."""
    labels = []
    for road in roads:
        label = Label("road", (f"{road.number:>2}",), _ROAD_PT, "Bold", BLACK)
        if road.line is not None:
            on_line(label, road.line, 1.2)
        labels.append(label)
    placed, _ = solver.solve(labels, view, {})
    for i, road in enumerate(roads):
        at = placed.get(i)
        if at is None and road.line is None:
            continue
        point = at.box.centroid if at is not None else _half(road)
        ring = shapely.buffer(point, 2.05)
        page.area(ring, PAPER, BLACK, 0.3, z=24)
        page.text(point.x, point.y, str(road.number), _ROAD_PT, "Bold", ha="center", va="center",
                  z=25, log="road")  # fmt: skip
        view.symbols.append((ring, -2))


def _half(road: Road) -> shapely.Point:
    line = road.line if road.line is not None else shapely.LineString()
    return shapely.line_interpolate_point(line, 0.5, normalized=True)


def _number_houses(page: Page, view: View, houses: Shapes) -> int:
    """Draw houses with their numbers; return how many numbers found no room."""
    if not len(houses):
        return 0
    places = view.put(houses)
    half = HOUSE_MM / 2
    inside = shapely.buffer(view.frame, -1.0)
    labels: list[Label] = []
    shown: list[int] = []
    pt = _HOUSE_PT if len(places) <= _MANY else _MANY_PT
    for i, at in enumerate(places):
        if not inside.contains(at):
            continue
        page.rect(at.x - half, at.y - half, 2 * half, 2 * half, BLACK, PAPER, 0.2, z=18)
        view.symbols.append((shapely.box(at.x - half, at.y - half, at.x + half, at.y + half),
                             20_000 + i))  # fmt: skip
        label = Label("house", (str(i + 1),), pt, "Medium", INK, worth=50, owner=20_000 + i)
        around(label, at.x, at.y, half * 1.15, away=(3.0,))
        labels.append(label)
        shown.append(i)
    placed, _ = solver.solve(labels, view, {})
    for n, at in placed.items():
        label = labels[n]
        left, bottom, _, _ = at.box.bounds
        if at.line is not None:
            page.line([shapely.get_coordinates(at.line)], 0.2, INK, z=17)
        _, _, low = size(label.lines[0], label.pt, label.style)
        page.text(left, bottom - low, label.lines[0], label.pt, label.style, halo=0.3, z=19,
                  log="house")  # fmt: skip
    return len(houses) - len(placed)
