"""KML: placemarks with names, fields and the colours of the map."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

import numpy as np
import numpy.typing as npt
import shapely

from ntm_gis import numbers
from ntm_gis.outputs import gates
from ntm_gis.results.words import is_made_key
from ntm_gis.rules import maps
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from ntm_gis.outputs.feature_tables import GpkgTable, TableColumn

DEGREES = 7
"""Digits of a degree: a centimetre on the ground."""

Cell = str | float | int | bool | None

_KML = "http://www.opengis.net/kml/2.2"
_PLACEMARK_NAME = ("name", "title")


def document(
    table: GpkgTable,
    shapes: npt.NDArray[np.object_],
    value: Callable[[TableColumn, int], Cell],
    lang: str,
) -> bytes:
    """Return a table as KML.

    Parameters
    ----------
    table : GpkgTable, n rows
    shapes : array of n shapes
        In longitude and latitude of WGS 84; points, lines and polygons, of one part or several.
    value : callable
        Column and row -> what stands there, None where it is blank.
    lang : str
        The language of titles.
    """
    root = Element("kml", xmlns=_KML)
    held = SubElement(root, "Document")
    SubElement(held, "name").text = _xml(table.title)
    known = _styles(held, table)
    states = next((c for c in table.columns if c.name == "state"), None)
    for i in range(table.rows):
        mark = SubElement(held, "Placemark")
        SubElement(mark, "name").text = _xml(_name(table, i))
        state = "" if states is None or states.missing[i] else str(states.values[i])
        # A state that the map does not draw in a way of its own has the plain look.
        SubElement(mark, "styleUrl").text = f"#{_id(state if state in known else '')}"
        data = SubElement(mark, "ExtendedData")
        for column in table.columns:
            said = value(column, i)
            if said is None or (isinstance(said, str) and is_made_key(said)):
                continue
            entry = SubElement(data, "Data", name=_xml(column.name))
            SubElement(entry, "displayName").text = _xml(column.title)
            SubElement(entry, "value").text = _xml(_shown(said, lang))
        mark.append(_shape(shapes[i]))
    head = b'<?xml version="1.0" encoding="UTF-8"?>\n'
    return head + bytes(tostring(root, encoding="utf-8"))


def _xml(text: str) -> str:
    return gates.text_for_html(text)


def _shown(value: str | float | bool, lang: str) -> str:
    if isinstance(value, bool):
        return say("yes" if value else "no", lang)
    if isinstance(value, int | float):
        show = numbers.format_en if lang == "en" else numbers.format_vi
        return show(numbers.significant(float(value)))
    return value


def _name(table: GpkgTable, i: int) -> str:
    """Return what a row is called: its name, else its first field."""
    by_name: Mapping[str, TableColumn] = {c.name: c for c in table.columns}
    for column in (*(by_name.get(n) for n in _PLACEMARK_NAME), table.columns[0]):
        if column is not None and not column.missing[i]:
            said = str(column.values[i])
            # A key that the program made says nothing to people.
            return table.title if is_made_key(said) else said
    return table.title


def _id(state: str) -> str:
    return "s-" + "".join(c if c.isascii() and c.isalnum() else "-" for c in state)


def _styles(held: Element, table: GpkgTable) -> frozenset[str]:
    """Write a style for each state of the map's, and return these; colours as aabbggrr."""
    found = maps.styles().of_frame(table.frame)
    cases = {case.code: case for style in found for case in style.cases}
    for state in ("", *cases):
        case = cases.get(state)
        strokes = (case.strokes or case.edge) if case else ()
        line = strokes[-1].colour if strokes else "#17212b"
        pattern = maps.styles().patterns.get(case.pattern or "") if case else None
        fill = (case.fill if case else None) or (pattern.ground if pattern else None)
        style = SubElement(held, "Style", id=_id(state))
        # In the order that the format asks for; pins bear the colour of the sign on the map.
        SubElement(SubElement(style, "IconStyle"), "color").text = _colour(fill or line, 1.0)
        edge = SubElement(style, "LineStyle")
        SubElement(edge, "color").text = _colour(line, 1.0)
        SubElement(edge, "width").text = "2"
        area = SubElement(style, "PolyStyle")
        SubElement(area, "color").text = _colour(fill or "#ffffff", 0.5 if fill else 0.1)
    return frozenset(cases)


def _colour(colour: str, opacity: float) -> str:
    red, green, blue = colour[1:3], colour[3:5], colour[5:7]
    return f"{round(opacity * 255):02x}{blue}{green}{red}"


def _shape(shape: shapely.Geometry) -> Element:
    parts = shapely.get_parts(shape)
    if len(parts) > 1:
        out = Element("MultiGeometry")
        out.extend(_shape(part) for part in parts)
        return out
    part = parts[0]
    if isinstance(part, shapely.Polygon):
        out = Element("Polygon")
        SubElement(out, "tessellate").text = "1"
        rings = [("outerBoundaryIs", part.exterior)]
        rings += [("innerBoundaryIs", ring) for ring in part.interiors]
        for name, ring in rings:
            held = SubElement(SubElement(out, name), "LinearRing")
            SubElement(held, "coordinates").text = _places(ring)
        return out
    out = Element("Point" if isinstance(part, shapely.Point) else "LineString")
    if out.tag == "LineString":
        # Lies on the ground also between its vertices, not beneath hills.
        SubElement(out, "tessellate").text = "1"
    SubElement(out, "coordinates").text = _places(part)
    return out


def _places(shape: shapely.Geometry) -> str:
    return " ".join(
        f"{x:.{DEGREES}f},{y:.{DEGREES}f}" for x, y in shapely.get_coordinates(shape).tolist()
    )
