"""Print layouts and bookmarks of the QGIS project: the same sheets as `maps/*.toml`.

A layout is an A3 sheet of a theme, at a round scale that fits the commune, with title, legend,
scale bar, grid, north and sources.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement

import shapely

from ntm_gis import crs, numbers, text
from ntm_gis.layers.values import Layers
from ntm_gis.outputs.printmap.standard import GREY, TITLE
from ntm_gis.outputs.printmap.standard import rules as standard
from ntm_gis.outputs.qgis import items, legend, placing
from ntm_gis.outputs.qgis.items import Box
from ntm_gis.outputs.qgis.naming import shortened
from ntm_gis.outputs.qgis.reference import spatial
from ntm_gis.outputs.qgis.themes import Id, Theme
from ntm_gis.rules.terms import say

_STAMP = "#a3123a"
_LONGEST_NAME = 40
_BAR_MM = 30.0
"""The longest piece of a scale bar."""

_SCALE = (
    "replace(format_number(round(map_get(item_variables('map'), 'map_scale')), 0, 'en'), ',', '.')"
)


def layouts(found: Sequence[Theme], layers: Layers, lang: str, id_of: Id) -> Element:
    """Return a sheet for each theme.

    Parameters
    ----------
    found : sequence of Theme
    layers : Layers
        For the commune and its boundary, which must be there.
    lang : str
    id_of : callable
        The id of a table's layer in the project.
    """
    out = Element("Layouts")
    for theme in found:
        out.append(_layout(theme, layers, lang, id_of))
    return out


def bookmarks(layers: Layers, lang: str) -> Element:
    """Return places to go to: the commune, and each village."""
    out = Element("Bookmarks")
    zone = layers.commune.commune.crs
    whole = say("commune_of", lang, name=layers.commune.commune.name)
    out.append(_bookmark("commune", whole, "", shapely.bounds(layers.boundary), zone))
    villages = layers.by_name.get("villages")
    if villages is None:
        return out
    group = villages.schema.title.words.of(lang)
    used = villages.used
    rows = zip(used["village_id"], used["name"], used.geometry, strict=True)
    for key, name, shape in sorted(rows, key=lambda row: text.fold(str(row[1]))):
        if shape is None or shape.is_empty or not isinstance(name, str):
            continue
        west, south, east, north = shape.bounds
        box = (west - 600, south - 600, east + 600, north + 600)
        out.append(_bookmark(f"village-{key}", name, group, box, zone))
    return out


def _layout(theme: Theme, layers: Layers, lang: str, id_of: Id) -> Element:
    name, title = theme.name, theme.title(lang)
    out = Element("Layout", name=f"A3 – {title}", units="mm", printResolution="300")
    pages = SubElement(out, "PageCollection")
    pages.append(items.page(name, placing.PAPER))
    given, place = _placed(theme, layers, lang)
    step = standard(place.scale).grid
    out.append(items.ground(name, title, placing.FRAME, place.extent, step))
    out.extend(_head(name, title, layers, lang))
    out.append(legend.element(name, given, place, lang, id_of))
    out.extend(_foot(name, place.scale, step, layers, lang))
    return out


def _placed(theme: Theme, layers: Layers, lang: str) -> tuple[legend.Legend, placing.Placed]:
    """Return legend and places; a legend is only as long as its scale lets it."""
    scale = 0
    while True:
        given = legend.legend(theme, scale, lang)
        place = placing.placed(layers.boundary, given.size)
        again = legend.legend(theme, place.scale, lang)
        if again.size == given.size or scale == place.scale:
            return again, placing.placed(layers.boundary, again.size)
        scale = place.scale


def _head(name: str, title: str, layers: Layers, lang: str) -> Iterator[Element]:
    who = layers.commune.commune
    short = shortened(who.name, _LONGEST_NAME)
    unit = say("print_map.commune", lang, name=short)
    office = say("print_map.authority", lang, unit=unit.upper())
    yield items.label(name, "office", (15, 6, 250, 4), office, 8)
    heading = say("print_map.title", lang, name=title.lower() if lang == "vi" else title)
    yield items.label(name, "title", (15, 10, 280, 9), heading.upper(), 18, bold=True, colour=TITLE)
    day = say("print_map.state_at", lang, day=numbers.format_date_vi(who.as_of))
    where = say("print_map.unit", lang, name=short, province=who.province)
    yield items.label(
        name, "subtitle", (15, 19, 280, 5), f"{where} · {day}", 9, italic=True, colour=GREY
    )
    words = say("print_map.draft_sample" if who.sample else "print_map.draft", lang)
    yield items.stamp(name, (315, 8, 72, 8), words.upper(), _STAMP)
    yield items.north(name, (393, 6, 12, 13))
    north = say("print_map.grid_north", lang)
    yield items.label(name, "grid north", (389, 19.5, 20, 4), north, 7, align="centre")


def _foot(name: str, scale: int, step: float, layers: Layers, lang: str) -> Iterator[Element]:
    who = layers.commune.commune
    said = say("print_map.scale", lang, scale=f"1:[% {_SCALE} %]")
    yield items.reckoned(name, "scale", (15, 281, 60, 5), said, 10)
    longest = scale * _BAR_MM / 1e6
    yield items.scale_bar(name, (62, 281), _round_down(longest))
    zone = crs.zone(who.crs)
    system = say("qgis_sheet_foot", lang, zone=zone.meridian_plain, step=step / 1000)
    yield items.label(name, "system", (150, 280, 140, 12), system, 7)
    short = shortened(who.name, _LONGEST_NAME)
    keys = ("keeper", "maker", "checker")
    signs = "\n".join(say(f"print_map.{key}", lang, name=short) for key in keys)
    yield items.label(name, "signs", (300, 280, 105, 12), signs, 7)
    if who.sample:
        note = say("print_map.sample_note", lang)
        yield items.label(name, "note", (15, 289, 135, 4), note, 6.5, bold=True, colour=_STAMP)


def _round_down(km: float) -> float:
    """Return the round length that is not over a length.

    Examples
    --------
    >>> _round_down(2.25), _round_down(0.75), _round_down(15)
    (2.0, 0.5, 10.0)
    """
    power = 10.0 ** len(str(int(km))) if km >= 1 else 1.0
    while True:
        for step in (5.0, 2.0, 1.0):
            if step * power <= km * (1 + 1e-9):
                return step * power
        power /= 10


def _bookmark(key: str, name: str, group: str, box: Box, zone: str) -> Element:
    extent = shapely.to_wkt(shapely.box(*box), rounding_precision=2)
    out = Element("Bookmark", id=key, name=name, group=group, extent=extent)
    out.append(spatial(zone))
    return out
