"""Items of a print layout of QGIS: page, map with grid, labels, scale bar, north."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement

from ntm_gis.outputs.printmap.standard import GREY, INK
from ntm_gis.outputs.qgis import fonts, pictures, symbols
from ntm_gis.rules.maps import Part, Stroke

Box = tuple[float, float, float, float]
"""Left, top, width and height in millimetres, or west, south, east and north in metres."""

_OURS = uuid.UUID("6f1d2a56-7a0e-5c0b-9b51-4e8f0a1d77c3")
"""Names of layouts and items become ids under it: the same project has the same ids."""

# Kinds of items as QGIS numbers them.
_PAGE, _MAP, _PICTURE, _LABEL, _LEGEND, _SCALE_BAR = 65638, 65639, 65640, 65641, 65642, 65646

_NORTH = (
    Part(path="M10 .8L15 19L10 15L5 19z", fill="#ffffff", stroke=INK, width=0.7),
    Part(path="M10 .8V15L5 19z", fill=INK),
)
_GRID = Stroke(colour="#8c979f", mm=0.1, opacity=0.8)
_HALIGN = {"left": "1", "right": "2", "centre": "4"}


def page(sheet: str, size: tuple[float, float]) -> Element:
    """Return the page of a sheet."""
    return _item(_PAGE, (sheet, "page"), (0, 0, *size), white=True)


def ground(sheet: str, theme: str, box: Box, extent: Box, step: float) -> Element:
    """Return the map of a sheet, which follows a theme, with its kilometre grid.

    Parameters
    ----------
    sheet, theme : str
    box : tuple
        On the paper.
    extent : tuple
        On the ground.
    step : float
        Metres between lines of the grid.
    """
    out = _item(_MAP, (sheet, "map"), box, white=True)
    out.attrib |= {
        "frame": "true", "outlineWidthM": "0.25,mm", "keepLayerSet": "false",
        "keepLayerStyles": "false", "followPreset": "true", "followPresetName": theme,
        "drawCanvasItems": "false", "mapRotation": "0", "labelMargin": "2,mm",
    }  # fmt: skip
    sides = ("xmin", "ymin", "xmax", "ymax")
    SubElement(out, "Extent", {side: f"{v:.3f}" for side, v in zip(sides, extent, strict=True)})
    out.append(_grid(sheet, step))
    # Names keep out of the legend.
    SubElement(SubElement(out, "labelBlockingItems"), "item", uuid=identifier(sheet, "legend"))
    return out


def label(
    sheet: str, item: str, box: Box, text: str, size: float, *, bold: bool = False,
    italic: bool = False, colour: str = INK, align: str = "left",
) -> Element:  # fmt: skip
    """Return a text that holds no expression, whatever a name of the office says."""
    kind = fonts.Type(size, colour, bold, italic)
    return _text(sheet, item, box, text.replace("[%", "[ %"), kind, align)


def reckoned(sheet: str, item: str, box: Box, text: str, size: float) -> Element:
    """Return a text of ours whose expressions QGIS works out: it follows the map."""
    return _text(sheet, item, box, text, fonts.Type(size, INK, bold=True), "left")


def stamp(sheet: str, box: Box, text: str, colour: str) -> Element:
    """Return a framed notice."""
    out = label(sheet, "stamp", box, text, 10, bold=True, colour=colour, align="centre")
    out.attrib |= {"frame": "true", "outlineWidthM": "0.5,mm", "background": "true"}
    SubElement(out, "FrameColor", _channels(colour))
    return out


def legend(
    sheet: str, corner: int, at: tuple[float, float], size: tuple[float, float], columns: int
) -> Element:
    """Return a legend that grows from a corner; the caller puts styles and tree in."""
    out = _item(_LEGEND, (sheet, "legend"), (*at, *size), white=True)
    out.attrib |= {
        "map_uuid": identifier(sheet, "map"), "resizeToContents": "1", "columnCount": str(columns),
        "splitLayer": "1", "equalColumnWidth": "0", "columnSpace": "4", "boxSpace": "2",
        "symbolWidth": "8", "symbolHeight": "3.4", "lineSpacing": "1", "titleAlignment": "1",
        "legendFilterByMap": "0", "legendFilterByAtlas": "0", "wmsLegendWidth": "50",
        "wmsLegendHeight": "25", "symbolAlignment": "1", "minSymbolSize": "0",
        "maxSymbolSize": "0", "rasterBorder": "0", "referencePoint": str(corner), "zValue": "3",
        "frame": "true", "outlineWidthM": "0.2,mm",
    }  # fmt: skip
    return out


def scale_bar(sheet: str, at: tuple[float, float], km: float) -> Element:
    """Return a scale bar of two pieces of so many kilometres."""
    out = _item(_SCALE_BAR, (sheet, "scale bar"), (*at, 70, 10))
    metres = km < 1
    out.attrib |= {
        "mapUuid": identifier(sheet, "map"), "style": "Single Box", "unitLabel":
        "m" if metres else "km", "unitType": "meters" if metres else "km",
        "numMapUnitsPerScaleBarUnit": "1", "numUnitsPerSegment": f"{km * 1000 if metres else km:g}",
        "numSegments": "2", "numSegmentsLeft": "0", "segmentSizeMode": "0", "height": "1.6",
        "alignment": "0", "labelBarSpace": "1", "boxContentSpace": "0", "outlineWidth": "0.2",
        "lineJoinStyle": "miter", "lineCapStyle": "square", "labelVerticalPlacement": "0",
        "labelHorizontalPlacement": "0", "numSubdivisions": "1", "subdivisionsHeight": "1.5",
        "minBarWidth": "40", "maxBarWidth": "120",
    }  # fmt: skip
    out.append(fonts.text_style(fonts.Type(7, INK)))
    for tag, value in (("fillColor", INK), ("fillColor2", "#ffffff"), ("strokeColor", INK)):
        SubElement(out, tag, _channels(value))
    return out


def north(sheet: str, box: Box) -> Element:
    """Return the arrow of grid north, drawn into the project itself."""
    out = _item(_PICTURE, (sheet, "north"), box)
    picture = pictures.embedded(pictures.picture(_NORTH, {}))
    out.attrib |= {"file": picture, "mode": "0", "anchorPoint": "0", "resizeMode": "0"}
    return out


def identifier(*named: str) -> str:
    """Return the id of an item or grid by its names."""
    return "{" + str(uuid.uuid5(_OURS, "/".join(named))) + "}"


def _item(kind: int, named: tuple[str, str], box: Box, *, white: bool = False) -> Element:
    left, top, width, height = box
    at = f"{left:g},{top:g},mm"
    number = identifier(*named)
    out = Element(
        "LayoutItem",
        {
            "type": str(kind), "id": named[1], "uuid": number, "templateUuid": number,
            "position": at, "positionOnPage": at, "size": f"{width:g},{height:g},mm",
            "referencePoint": "0", "visibility": "1", "opacity": "1", "zValue": "1",
            "background": str(white).lower(), "frame": "false", "itemRotation": "0",
            "excludeFromExports": "0", "positionLock": "false", "blendMode": "0",
            "frameJoinStyle": "miter", "groupUuid": "",
        },
    )  # fmt: skip
    if white:
        SubElement(out, "BackgroundColor", _channels("#ffffff"))
    return out


def _text(sheet: str, item: str, box: Box, text: str, kind: fonts.Type, align: str) -> Element:
    out = _item(_LABEL, (sheet, item), box)
    out.attrib |= {
        "labelText": text, "htmlState": "0", "halign": _HALIGN[align], "valign": "128",
        "marginX": "0", "marginY": "0",
    }  # fmt: skip
    # The first two until 3.22, the third since 3.24.
    out.append(fonts.font("LabelFont", kind))
    SubElement(out, "FontColor", _channels(kind.colour))
    out.append(fonts.text_style(kind))
    return out


def _grid(sheet: str, step: float) -> Element:
    out = Element(
        "ComposerMapGrid",
        {
            "name": "km", "uuid": identifier(sheet, "grid"), "show": "1", "unit": "0",
            "intervalX": f"{step:g}", "intervalY": f"{step:g}", "offsetX": "0", "offsetY": "0",
            "gridStyle": "0", "position": "3", "crossLength": "3", "blendMode": "0",
            "gridFrameStyle": "1", "gridFrameWidth": "1.2", "gridFrameMargin": "0",
            "gridFramePenThickness": "0.15", "gridFramePenColor": symbols.colour(INK),
            "frameFillColor1": symbols.colour("#ffffff"), "frameFillColor2": symbols.colour(INK),
            "gridFrameSideFlags": "15", "showAnnotation": "1", "annotationFormat": "8",
            "annotationExpression": "to_string(@grid_number / 1000)", "annotationPrecision": "1",
            "frameAnnotationDistance": "0.8", **_sides(),
        },
    )  # fmt: skip
    line = symbols.line([_GRID])
    line.set("name", "")
    SubElement(out, "lineStyle").append(line)
    out.append(fonts.text_style(fonts.Type(6.5, GREY)))
    return out


def _sides() -> Mapping[str, str]:
    """Return how figures stand on each side: outside, upright above and below, turned beside."""
    out: dict[str, str] = {}
    for side in ("left", "right", "top", "bottom"):
        turned = "1" if side in ("left", "right") else "0"
        out |= {
            f"{side}AnnotationDisplay": "0", f"{side}AnnotationPosition": "1",
            f"{side}AnnotationDirection": turned, f"{side}FrameDivisions": "0",
        }  # fmt: skip
    return out


def _channels(code: str) -> dict[str, str]:
    red, green, blue, alpha = symbols.colour(code).split(",")
    return {"red": red, "green": green, "blue": blue, "alpha": alpha}
