"""Labels of QGIS: names of places and units, codes of areas, numbers of roads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from ntm_gis.outputs.qgis import fonts, symbols
from ntm_gis.outputs.qgis.expressions import COUNTS, literal, one_of
from ntm_gis.rules.maps import Labels
from ntm_gis.rules.terms import say

# As QGIS numbers them: curved along a line, upright on a line or in an area, around a point.
_CURVED, _UPRIGHT, _AROUND = 3, 4, 6
_AREA_CODES_UP_TO = 120_000
_ROAD_NUMBERS_UP_TO = 120_000
_MAIN = ("national", "provincial")
_NUMBER = r"(?i)(?:quốc lộ|đường tỉnh|tỉnh lộ)\s*(\d+\w?)"
_LONGEST = 12
_RIVER_NAMES = ("TEN", "Ten", "ten", "Tên", "TÊN", "name", "NAME", "Name")
_SHIELD = "#0f6b45"


@dataclass(frozen=True)
class _Look:
    """How a kind of label is written; a higher rank is placed first."""

    colour: str
    points: float
    rank: int
    placement: int
    bold: bool = False
    italic: bool = False
    lines: bool = False
    on_line: bool = False
    up_to: int = 0
    """The smallest scale at which it stands; 0 for any."""


_LOOKS = {
    "place": _Look("#1d1d1b", 8.0, 10, _AROUND, bold=True),
    "area": _Look("#3f4b57", 6.5, 2, _UPRIGHT, up_to=_AREA_CODES_UP_TO),
    "neighbour": _Look("#55554f", 10.0, 6, _UPRIGHT),
    "former": _Look("#7a2a78", 9.0, 5, _UPRIGHT, italic=True),
}


def of_style(labels: Labels, lang: str) -> Element:
    """Return the labels that a style asks for."""
    look = _LOOKS[labels.kind]
    text = f'"{labels.column}"'
    if labels.kind == "neighbour":
        text = f"upper({_said('print_map.neighbour', text, lang)})"
    if labels.kind == "former" and lang == "vi":
        text = f"concat({text}, if({text} ILIKE '%cũ%', '', ' (cũ)'))"
    out = Element("labeling", type="simple")
    out.append(_settings(f"CASE WHEN {COUNTS} THEN {text} END", look))
    return out


def silence(style: Element, column: str, values: Iterable[str]) -> None:
    """Leave rows that hold one of some values without a label."""
    listed = sorted(set(values))
    for text in style.iter("text-style") if listed else ():
        said = text.get("fieldName", "''")
        text.set("fieldName", f"CASE WHEN {one_of(column, listed)} THEN '' ELSE {said} END")


def of_roads() -> Element:
    """Return the numbers of roads: shields of main ones, plain ones along others."""
    out = Element("labeling", type="rule-based")
    rules = SubElement(out, "rules", key="{labels}")
    where = f"{COUNTS} AND {one_of('road_class', _MAIN)}"
    rule = SubElement(rules, "rule", key="{labels/main}", filter=where)
    number = f'regexp_substr("name", {literal(_NUMBER)})'
    prefix = "if(\"road_class\" = 'national', 'QL.', 'ĐT.')"
    text = f"if({number} <> '', concat({prefix}, {number}), '')"
    shield = _settings(text, _Look("#ffffff", 6.6, 8, _UPRIGHT, bold=True, lines=True))
    _plate(shield)
    rule.append(shield)
    # Keys that the program made say nothing to people.
    said = f'length("road_id") <= {_LONGEST} AND left("road_id", 1) <> \'_\''
    where = f"{COUNTS} AND {said} AND {one_of('road_class', ('commune', 'village'))}"
    rule = SubElement(
        rules, "rule", key="{labels/others}", filter=where,
        scalemindenom="1", scalemaxdenom=str(_ROAD_NUMBERS_UP_TO),
    )  # fmt: skip
    rule.append(_settings('"road_id"', _Look("#5c1d06", 5.8, 3, _UPRIGHT, bold=True, lines=True)))
    return out


def of_water(columns: Iterable[str]) -> Element | None:
    """Return the names of rivers, along them; None where no column holds any."""
    present = set(columns)
    column = next((name for name in _RIVER_NAMES if name in present), None)
    if column is None:
        return None
    out = Element("labeling", type="simple")
    text = f'CASE WHEN {COUNTS} AND "kind" = \'river\' THEN "{column}" END'
    out.append(_settings(text, _Look("#16567f", 7.0, 4, _CURVED, italic=True, lines=True)))
    return out


def of_contours() -> Element:
    """Return the heights of index contours, along them."""
    out = Element("labeling", type="simple")
    text = 'CASE WHEN "state" = \'index\' THEN to_string("height") END'
    out.append(_settings(text, _Look("#7a5a38", 5.5, 1, _CURVED, lines=True, on_line=True)))
    return out


def _said(key: str, name: str, lang: str) -> str:
    """Return a term as an expression with a column in place of its name."""
    before, _, after = say(key, lang, name="\0").partition("\0")
    pieces: Iterable[str] = (literal(before), name, literal(after))
    return f"concat({', '.join(pieces)})"


def _settings(text: str, look: _Look) -> Element:
    settings = Element("settings", calloutType="simple")
    style = fonts.text_style(fonts.Type(look.points, look.colour, look.bold, look.italic))
    style.attrib |= {"fieldName": text, "isExpression": "1"}
    if look.colour != "#ffffff":
        fonts.halo(style, 0.6)
    settings.append(style)
    along, beside = look.lines, look.lines and look.placement == _CURVED and not look.on_line
    SubElement(
        settings, "placement",
        {
            "placement": str(look.placement), "dist": "0.2", "distUnits": "MM",
            "priority": str(look.rank),
            # Beside the symbol, not beside its middle; numbers on their road, names above water.
            "offsetType": "1", "placementFlags": "2" if beside else "1",
            "fitInPolygonOnly": str(int(bool(look.up_to) and not along)),
            "repeatDistance": "90" if along else "0", "repeatDistanceUnits": "MM",
        },
    )  # fmt: skip
    # An area with a name keeps no other name out of it.
    obstacle = "1" if look.placement == _AROUND else "0"
    attributes = {"obstacle": obstacle, "drawLabels": "1", "mergeLines": str(int(along))}
    if look.up_to:
        attributes |= {"scaleVisibility": "1", "scaleMin": "1", "scaleMax": str(look.up_to)}
    SubElement(settings, "rendering", attributes)
    return settings


def _plate(settings: Element) -> None:
    """Put a plate behind the text, as on a signpost."""
    style = settings.find("text-style")
    if style is None:
        return
    SubElement(
        style, "background",
        {
            "shapeDraw": "1", "shapeType": "0", "shapeSizeType": "0", "shapeSizeX": "0.6",
            "shapeSizeY": "0.4", "shapeSizeUnit": "MM", "shapeFillColor": symbols.colour(_SHIELD),
            "shapeBorderColor": symbols.colour("#ffffff"), "shapeBorderWidth": "0.2",
            "shapeBorderWidthUnit": "MM", "shapeOpacity": "1", "shapeRadiiX": "0.4",
            "shapeRadiiY": "0.4", "shapeRadiiUnit": "MM", "shapeJoinStyle": "128",
        },
    )  # fmt: skip
