"""Print layouts, map themes and bookmarks of the QGIS project: the same sheets as `maps/*.toml`.

A theme switches the layers of one map on; a layout is an A3 sheet of it, at a round scale that
fits the commune, with title, legend, scale bar, grid, north and sources.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from xml.etree.ElementTree import Element, SubElement

import shapely

from ntm_gis import crs, numbers
from ntm_gis.layers.values import Layers
from ntm_gis.outputs.feature_tables import GpkgTable
from ntm_gis.outputs.qgis import pictures
from ntm_gis.rules import maps
from ntm_gis.rules.maps import Part
from ntm_gis.rules.terms import say, term

_OURS = uuid.UUID("6f1d2a56-7a0e-5c0b-9b51-4e8f0a1d77c3")
"""Names of layouts and items become ids under it: the same project has the same ids."""

# Kinds of items as QGIS numbers them.
_PAGE, _MAP, _PICTURE, _LABEL, _LEGEND, _SCALE_BAR = 65638, 65639, 65640, 65641, 65642, 65646

_PAPER = (420.0, 297.0)
_FRAME = (10.0, 24.0, 400.0, 252.0)
"""Left, top, width, height of the map on the sheet, millimetres."""
_LADDER = (5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 80, 100, 120, 150, 200, 250, 300, 400, 500)
_CLEARANCE_MM = 6.0
_GRID_M = 5_000.0
_NORTH = Part(path="M10 1l5 16-5-3-5 3z", fill="#1d1d1b")
_FONT = "Be Vietnam Pro"

Box = tuple[float, float, float, float]
Layer = Callable[[GpkgTable], str]


def parts(
    tables: Sequence[GpkgTable], layers: Layers, lang: str, id_of: Layer
) -> Iterator[Element]:
    """Yield themes, layouts and bookmarks as elements of the project.

    Parameters
    ----------
    tables : sequence of GpkgTable
        As they stand in the GeoPackage, the topmost first.
    layers : Layers
        For the commune, its boundary and villages.
    lang : str
    id_of : callable
        The id of a table's layer in the project.
    """
    found = list(_maps(tables))
    yield _themes(found, lang, id_of)
    if layers.boundary is not None:
        yield _layouts([name for name, _ in found], layers, lang)
        yield _bookmarks(layers, lang)


def _maps(tables: Sequence[GpkgTable]) -> Iterator[tuple[str, list[GpkgTable]]]:
    """Yield each map whose first group has a table, with its tables from the top."""
    styles = maps.styles().styles
    present = {table.frame for table in tables if table.geometry_type is not None}
    for name in maps.names():
        definition = maps.definition(name)
        first = {styles[layer.style].frame for layer in definition.groups[0].layers}
        frames = {styles[layer.style].frame for layer in _on(definition)}
        if first & present:
            yield name, [table for table in tables if table.frame in frames]


def _on(definition: maps.MapDefinition) -> Iterator[maps.MapLayer]:
    """Yield the layers that a map shows at first."""
    for group in definition.groups:
        yield from (layer for layer in group.layers if layer.show is not False)


def _title(name: str, lang: str) -> str:
    return maps.definition(name).title.words.of(lang)


def _themes(found: Sequence[tuple[str, list[GpkgTable]]], lang: str, id_of: Layer) -> Element:
    out = Element("visibility-presets")
    for name, tables in found:
        preset = SubElement(out, "visibility-preset", name=_title(name, lang))
        for table in tables:
            SubElement(preset, "layer", id=id_of(table), visible="1", style="default", expanded="0")
    return out


def _layouts(names: Sequence[str], layers: Layers, lang: str) -> Element:
    out = Element("Layouts")
    for name in names:
        out.append(_layout(name, layers, lang))
    return out


def _layout(name: str, layers: Layers, lang: str) -> Element:
    """Return one sheet."""
    title = _title(name, lang)
    out = Element("Layout", name=f"A3 – {title}", units="mm", printResolution="300")
    pages = SubElement(out, "PageCollection")
    pages.append(_item(_PAGE, (name, "page"), (0, 0, *_PAPER)))
    scale, box = _fitted(layers)
    ground = _map_item(name, title, box, layers.commune.commune.crs)
    out.append(ground)
    linked = ground.get("uuid", "")
    out.append(_label(name, "title", (10, 6, 300, 9), title, 18, bold=True))
    out.append(_label(name, "subtitle", (10, 15, 300, 7), _subtitle(layers, lang), 10))
    out.append(_legend(name, linked, lang))
    out.append(_scale_bar(name, linked))
    out.append(_label(name, "scale", (10, 284, 60, 6), f"1 : {numbers.format_vi(scale, '', 0)}", 9))
    out.append(_label(name, "system", (150, 284, 260, 6), _footer(layers, lang), 8))
    out.append(_north(name))
    return out


def _fitted(layers: Layers) -> tuple[int, Box]:
    """Return the largest round scale at which the commune fits, and the ground of the frame."""
    west, south, east, north = shapely.bounds(layers.boundary)
    width, height = (side - 2 * _CLEARANCE_MM for side in _FRAME[2:])
    need = max((east - west) / width, (north - south) / height)
    scale = next((s * 1000 for s in _LADDER if s >= need), _LADDER[-1] * 1000)
    half = [side * scale / 2000 for side in _FRAME[2:]]
    x, y = (west + east) / 2, (south + north) / 2
    return scale, (x - half[0], y - half[1], x + half[0], y + half[1])


def _item(kind: int, named: tuple[str, str], box: Box) -> Element:
    """Return an item of a sheet at its place."""
    left, top, width, height = box
    at = f"{left:g},{top:g},mm"
    number = "{" + str(uuid.uuid5(_OURS, "/".join(named))) + "}"
    return Element(
        "LayoutItem",
        {
            "type": str(kind), "id": named[1], "uuid": number, "templateUuid": number,
            "position": at, "positionOnPage": at, "size": f"{width:g},{height:g},mm",
            "referencePoint": "0", "visibility": "1", "opacity": "1", "zValue": "1",
            "background": "false", "frame": "false",
        },
    )  # fmt: skip


def _map_item(name: str, title: str, box: Box, zone: str) -> Element:
    out = _item(_MAP, (name, "map"), _FRAME)
    out.attrib |= {
        "frame": "true", "outlineWidthM": "0.3,mm", "keepLayerSet": "false",
        "keepLayerStyles": "false", "followPreset": "true", "followPresetName": title,
        "drawCanvasItems": "false", "mapRotation": "0", "background": "true",
    }  # fmt: skip
    sides = ("xmin", "ymin", "xmax", "ymax")
    SubElement(out, "Extent", {side: f"{v:.3f}" for side, v in zip(sides, box, strict=True)})
    step = f"{_GRID_M:g}"
    SubElement(
        out, "ComposerMapGrid",
        {
            "name": zone, "uuid": "{" + str(uuid.uuid5(_OURS, f"{name}/grid")) + "}",
            "show": "1", "intervalX": step, "intervalY": step, "offsetX": "0", "offsetY": "0",
            "gridStyle": "0", "unit": "0", "showAnnotation": "1", "annotationFormat": "0",
            "annotationPrecision": "0", "frameAnnotationDistance": "1",
        },
    )  # fmt: skip
    return out


def _label(
    name: str, item: str, box: Box, text: str, size: float, *, bold: bool = False
) -> Element:
    out = _item(_LABEL, (name, item), box)
    out.attrib |= {
        "labelText": text, "htmlState": "0", "halign": "1", "valign": "32", "marginX": "0",
        "marginY": "0",
    }  # fmt: skip
    SubElement(
        out, "text-style",
        {
            "fontFamily": _FONT, "fontSize": f"{size:g}", "fontSizeUnit": "Point",
            "fontWeight": "75" if bold else "50", "namedStyle": "Bold" if bold else "Regular",
            "textColor": "29,29,27,255", "textOpacity": "1",
        },
    )  # fmt: skip
    return out


def _legend(name: str, linked: str, lang: str) -> Element:
    out = _item(_LEGEND, (name, "legend"), (320, 200, 88, 74))
    out.attrib |= {
        "title": term("legend").of(lang), "map_uuid": linked, "resizeToContents": "1",
        "legendFilterByAtlas": "0", "columnCount": "2", "splitLayer": "1", "background": "true",
        "frame": "true", "outlineWidthM": "0.2,mm", "referencePoint": "8",
        "position": "408,274,mm", "positionOnPage": "408,274,mm",
    }  # fmt: skip
    return out


def _scale_bar(name: str, linked: str) -> Element:
    out = _item(_SCALE_BAR, (name, "scale bar"), (70, 280, 70, 12))
    out.attrib |= {
        "mapUuid": linked, "style": "Single Box", "unitType": "km", "unitLabel": "km",
        "numMapUnitsPerScaleBarUnit": "1000", "numUnitsPerSegment": "2", "numSegments": "2",
        "numSegmentsLeft": "0", "segmentSizeMode": "0", "height": "2", "alignment": "0",
    }  # fmt: skip
    return out


def _north(name: str) -> Element:
    out = _item(_PICTURE, (name, "north"), (398, 6, 12, 16))
    out.set("file", pictures.embedded(pictures.picture([_NORTH], {})))
    return out


def _subtitle(layers: Layers, lang: str) -> str:
    who = layers.commune.commune
    day = numbers.format_date_vi(who.as_of)
    return (
        f"{say('commune_of', lang, name=who.name)}, {who.province} · {term('as_of').of(lang)} {day}"
    )


def _footer(layers: Layers, lang: str) -> str:
    meridian = crs.zone(layers.commune.commune.crs).meridian_plain
    return say("qgis_sheet_foot", lang, zone=meridian)


def _bookmarks(layers: Layers, lang: str) -> Element:
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
    for key, name, shape in zip(used["village_id"], used["name"], used.geometry, strict=True):
        if shape is None or shape.is_empty or not isinstance(name, str):
            continue
        west, south, east, north = shape.bounds
        box = (west - 600, south - 600, east + 600, north + 600)
        out.append(_bookmark(f"village-{key}", name, group, box, zone))
    return out


def _bookmark(key: str, name: str, group: str, box: Box, zone: str) -> Element:
    extent = shapely.to_wkt(shapely.box(*box), rounding_precision=2)
    out = Element("Bookmark", id=key, name=name, group=group, extent=extent)
    held = SubElement(out, "spatialrefsys", nativeFormat="Wkt")
    SubElement(held, "authid").text = zone
    return out
