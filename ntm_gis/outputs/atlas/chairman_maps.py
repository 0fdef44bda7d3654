"""Maps of the chairman's sheet: the commune, its centre, each road work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import shapely

from ntm_gis.outputs.atlas import small_maps
from ntm_gis.outputs.atlas.pen import BAND, Pen
from ntm_gis.outputs.printmap import legend
from ntm_gis.outputs.printmap.content import Content, definition_of
from ntm_gis.outputs.printmap.footer import scale_text
from ntm_gis.outputs.printmap.panel import Panel
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from ntm_gis.outputs.atlas.chairman import Told
    from ntm_gis.outputs.atlas.small_maps import Box
    from ntm_gis.outputs.printmap.printer import Printer
    from ntm_gis.outputs.printmap.standard import Format
    from ntm_gis.outputs.progress.model import Work

Area = tuple[float, float, float, float]
"""Left, top, width, height of a full-size sheet, mm."""

Line = tuple[Content, legend.Item]
"""A line of a legend, and the content whose looks its sample has."""

MAIN, WORK = "overview", "road_progress"
INSETS = 2
"""Maps of works beside the centre; further ones stand on sheets of their own."""

_GROUND = ("boundary", "villages", "roads")
_INSETS_H, _HEAD, _GAP = 76.0, 6.4, 3.4
_CENTRE_M, _WORK_M = 1500.0, 900.0
_STRIP_H, _COLUMNS = 36.0, 2
"""Height and columns of a legend that stands alone below the map."""

_OF_THINGS = ("cultural_houses", "schools", "loudspeakers")
"""Whose lines say only a state: the first needs the name of the thing before it."""

_PIN = {"late": "warning"}
_FIRST = (
    WORK, "boundary", "roads", "villages", "offices/in_use", "villages_without_house",
    "cultural_houses/ok", "tea_areas/harvest", "cultural_houses/poor", "roads/marks",
    "water/river", "works",
)  # fmt: skip
_LEAD = 1.2


def main_content(printer: Printer) -> Content:
    """Return what the map of the whole commune shows."""
    return Content(definition_of(MAIN), printer.library)


def draw(pen: Pen, printer: Printer, found: Told, area: Area) -> None:
    """Draw the maps into an area of the sheet."""
    x, y, w, h = area
    given = small_maps.paper(pen.times, bw=pen.page.bw)
    content = main_content(printer)
    shown = [work for work in found.works if _line(printer, work) is not None][:INSETS]
    centre = centre_of(printer)
    cells = len(shown) + (centre is not None)
    low = _INSETS_H if cells else _STRIP_H
    high = h - low - 2
    scale = _main(pen, printer, content, found, (x, y, w, high), given)
    below = y + high + 2
    wide = min((w - _legend_room(cells)) / max(cells, 1) - _GAP, 120.0)
    left = x
    if centre is not None:
        name, at = centre
        what = say("atlas.centre" if name else "atlas.centre_plain", printer.lang, name=name)
        extent = small_maps.around(at, _CENTRE_M)
        inset(pen, content, (left, below, wide, _INSETS_H), extent, what)
        left += wide + _GAP
    for work in shown:
        work_inset(pen, printer, work, (left, below, wide, _INSETS_H))
        left += wide + _GAP
    if scale:
        items = _stages(printer, scale) if shown else []
        items += _chosen(content, scale)
        columns = 1 if cells else _COLUMNS
        _legend(pen, items, (left, below, x + w - left, low), columns)


def _legend_room(cells: int) -> float:
    return 72.0 if cells < 3 else 58.0


def _main(
    pen: Pen, printer: Printer, content: Content, found: Told, area: Area, given: Format
) -> int:
    """Draw the map of the commune; return its scale, 0 where there is nothing to draw."""
    x, y, w, h = area
    box = small_maps.frame_box(pen, given, area)
    if not any(name in content.layers for name in _GROUND):
        left, bottom, right, top = box
        pen.page.rect(left, bottom, right - left, top - bottom, "#ffffff", "#1d1d1b", 0.3, z=12)
        said = say("atlas.no_map", printer.lang)
        pen.text(x + w / 2, y + h / 2, said, 11, "Medium", ha="center", room=w - 20)
        return 0
    view = small_maps.view_of(content, given, box, content.context.extent, fine=True)
    bar = small_maps.bar_box(view)
    pins = [
        {"number": one.number, "severity": _PIN.get(one.severity, one.severity), "at": one.at}
        for one in found.problems
        if one.at is not None
    ]
    small_maps.draw(
        pen.page, content, view, printer.setting.ground, taken=[bar], pins=pins
    )  # fmt: skip
    small_maps.bar(pen.page, view, printer.lang)
    return view.scale


def centre_of(printer: Printer) -> tuple[str, shapely.Point] | None:
    """Return the name of the village of the office in use, and the office; None if unknown."""
    context = printer.library.context
    frame = context.answer.frames.get("facilities")
    if frame is None or "kind" not in frame:
        return None
    used = frame[(frame["kind"] == "commune_office") & (frame["state"] == "in_use")]
    used = used[used.geometry.notna()]
    if not len(used):
        return None
    at = shapely.point_on_surface(used.geometry.iloc[0])
    seat = int(context.village_of(used)[0])
    name = "" if seat < 0 or context.villages is None else context.villages["name"].iloc[seat]
    return (str(name) if isinstance(name, str) else ""), at


def _line(printer: Printer, work: Work) -> shapely.Geometry | None:
    """Return the stretches of a work on its last day; None where it has no place."""
    frame = printer.answer.frames.get(WORK)
    if frame is None or not len(frame):
        return None
    own = frame[(frame["work_id"] == work.id) & frame.geometry.notna()]
    if not len(own):
        return None
    last = own[own["on"] == own["on"].max()]
    return shapely.union_all(last.geometry.to_numpy())


def work_inset(pen: Pen, printer: Printer, work: Work, area: Area) -> None:
    """Draw the map of a road work; nothing where it has no place."""
    line = _line(printer, work)
    if line is None:
        return
    content = Content(definition_of(WORK), printer.library)
    inset(pen, content, area, small_maps.around(line, _WORK_M, 0.08), work.name)


def placed(printer: Printer, works: Sequence[Work]) -> list[Work]:
    """Return the works that have a place."""
    return [work for work in works if _line(printer, work) is not None]


def inset(pen: Pen, content: Content, area: Area, extent: Box, what: str) -> None:
    """Draw a map with a head over it."""
    x, y, w, h = area
    given = small_maps.paper(pen.times, bw=pen.page.bw)
    box = small_maps.frame_box(pen, given, (x, y + _HEAD, w, h - _HEAD))
    view = small_maps.view_of(content, given, box, extent)
    bar = small_maps.bar_box(view)
    small_maps.draw(pen.page, content, view, None, taken=[bar], heights=False)
    small_maps.bar(pen.page, view, content.lang)
    scale = scale_text(view.scale, content.lang)
    room = w - pen.width(scale, 9, "Italic") - 3
    pen.text(x, y + 10.5 * BAND, what, 10.5, "SemiBold", room=room)
    pen.text(x + w, y + 10.5 * BAND, scale, 9, "Italic", ha="right")


def _legend(pen: Pen, items: Sequence[Line], area: Area, columns: int) -> None:
    """Draw the legend of the maps, as much of it as there is room for."""
    x, y, w, h = area
    y = pen.heading(x, y, say("atlas.legend", items[0][0].lang), w, 10.5) + 0.5
    given = small_maps.paper(pen.times, bw=pen.page.bw)
    t = given.type["text"]
    lead = t * BAND * _LEAD / pen.times
    per = max(int((h - 8.0) / lead), 1)
    kept = _kept(items, per * columns)
    if columns > 1:
        per = max(min(per, -(-len(kept) // columns)), 1)
    panel = Panel("legend", "SE", frame_mm=0.0)
    wide = w / columns
    for i, (content, item) in enumerate(kept):
        column, line = divmod(i, per)
        place = (column * wide * pen.times, (line + 0.75) * lead * pen.times)
        legend.line_of(panel, content, given, item, place, (wide - 2.5) * pen.times)
    left, top = pen.at(x, y)
    panel.draw(pen.page, left, top)


def _chosen(content: Content, scale: int) -> list[Line]:
    """Return the lines of the legend without headings; the first of a kind says what it is of."""
    out: list[Line] = []
    head, named = "", set[str]()
    for item in legend.items_of(content, scale):
        if item.row is None and not item.own:
            head = item.text
            continue
        name = "" if item.row is None else str(item.row["key"]).partition("/")[0]
        first = name in _OF_THINGS and name not in named
        said = f"{head}: {item.text[:1].lower()}{item.text[1:]}" if first else item.text
        named.add(name)
        out.append((content, replace(item, text=said)))
    return out


def _stages(printer: Printer, scale: int) -> list[Line]:
    """Return the stages of works, as the maps of the works draw them."""
    content = Content(definition_of(WORK), printer.library)
    return [
        (content, item)
        for item in legend.items_of(content, scale)
        if item.row is not None and str(item.row["key"]).startswith(f"{WORK}/")
    ]


def _kept(items: Sequence[Line], most: int) -> list[Line]:
    """Return the lines that a short legend cannot do without; the sheet of the map has all."""
    keys = [item.row["key"] if item.row is not None else "works" for _, item in items]
    ranks = [
        next((i for i, first in enumerate(_FIRST)
              if key == first or (key.startswith(f"{first}/") and key not in _FIRST)), len(_FIRST))
        for key in keys
    ]  # fmt: skip
    kept = sorted(range(len(items)), key=lambda i: (ranks[i], i))[:most]
    return [items[i] for i in sorted(kept)]
