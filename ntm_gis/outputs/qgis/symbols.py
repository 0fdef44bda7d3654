"""Symbols of QGIS from our strokes, patterns and marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement

from ntm_gis.outputs.qgis import pictures
from ntm_gis.outputs.qgis.pictures import BOX
from ntm_gis.rules.maps import PX_PER_MM, Case, Class, Letter, Pattern, Stroke, Styles, Symbol

_CAPS = {"butt": "flat", "round": "round"}
FAMILY = "Segoe UI"
"""The font of Windows, with every Vietnamese letter; `fonts` says what stands in for it."""


def options(values: Mapping[str, object]) -> Element:
    """Return `<Option type="Map">` of texts, the way QGIS keeps properties."""
    out = Element("Option", type="Map")
    for name in sorted(values):
        SubElement(out, "Option", name=name, type="QString", value=str(values[name]))
    return out


def colour(code: str, opacity: float = 1.0) -> str:
    """Return a colour as QGIS writes it.

    Examples
    --------
    >>> colour("#0b5c55", 0.5)
    '11,92,85,128'
    """
    red, green, blue = (int(code[i : i + 2], 16) for i in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"


def line(strokes: Sequence[Stroke], wide: Class | None = None) -> Element:
    """Return a line symbol of strokes, bottom to top."""
    symbol = Element("symbol", type="line", alpha="1", clip_to_extent="1", force_rhr="0")
    chosen = [s for s in strokes if not s.only or (wide is not None and wide.code in s.only)]
    for level, stroke in enumerate(chosen):
        layer = _stroke(stroke, wide)
        # Drawn level by level, so that edges of one road do not cut across another.
        layer.set("pass", str(level))
        symbol.append(layer)
    return symbol


def area(case: Case, styles: Styles, level: int = 0) -> Element:
    """Return a fill symbol: ground or pattern, then the strokes of the edge.

    Parameters
    ----------
    case : Case
    styles : Styles
        Where patterns stand.
    level : int
        The first level its parts are drawn at: edges that lie over the colours of other rules
        start above them.
    """
    symbol = Element("symbol", type="fill", alpha="1", clip_to_extent="1", force_rhr="0")
    fill = case.fill or (styles.patterns[case.pattern].ground if case.pattern else None)
    if fill is not None:
        symbol.append(_ground(fill, case.opacity))
    if case.pattern:
        symbol.append(_pattern(styles.patterns[case.pattern], case.opacity))
    for stroke in case.edge:
        symbol.append(_stroke(stroke, None))
    if not len(symbol):
        symbol.append(_layer("SimpleFill", {"style": "no", "outline_style": "no"}))
    for part in symbol:
        part.set("pass", str(level))
    return symbol


def marker(symbol: Symbol, styles: Styles, letter: str | None = None) -> Element:
    """Return a point symbol.

    Parameters
    ----------
    symbol : Symbol
    styles : Styles
        Where patterns stand.
    letter : str, optional
        An expression for the letter in the symbol.
    """
    out = Element("symbol", type="marker", alpha="1", clip_to_extent="1", force_rhr="0")
    size = BOX * symbol.size / PX_PER_MM
    # The seat stands on the ground: a drop pin is drawn upwards from its point.
    shift = [(BOX / 2 - at) / BOX * size for at in symbol.seat]
    offset = f"{shift[0]:.4g},{shift[1]:.4g}"
    out.append(
        _layer(
            "SvgMarker",
            {
                "name": pictures.embedded(pictures.picture(symbol.parts, styles.patterns)),
                "size": f"{size:.4g}", "size_unit": "MM", "offset": offset, "offset_unit": "MM",
                "scale_method": "diameter", "outline_style": "no",
            },
        )
    )  # fmt: skip
    if symbol.letter is not None and letter is not None:
        out.append(_letter(symbol.letter, size, shift, letter))
    return out


def along(symbol: Symbol, styles: Styles, every_m: float) -> Element:
    """Return a line symbol of point symbols every so many metres of ground, upright."""
    out = Element("symbol", type="line", alpha="1", clip_to_extent="1", force_rhr="0")
    layer = _layer(
        "MarkerLine",
        {
            "interval": f"{every_m:g}", "interval_unit": "MapUnit", "placement": "interval",
            "rotate": "0", "offset": "0", "offset_along_line": f"{every_m / 2:g}",
            "offset_along_line_unit": "MapUnit",
        },
    )  # fmt: skip
    layer.append(marker(symbol, styles))
    # Above the strokes of every road.
    layer.set("pass", "9")
    out.append(layer)
    return out


def _layer(kind: str, values: Mapping[str, object]) -> Element:
    out = Element("layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
    out.append(options(values))
    return out


def _stroke(stroke: Stroke, wide: Class | None) -> Element:
    width = stroke.paper_mm(wide)
    values: dict[str, object] = {
        "line_color": colour(stroke.colour, stroke.opacity),
        "line_width": f"{width:.4g}",
        "line_width_unit": "MM",
        "capstyle": _CAPS[stroke.cap],
        "joinstyle": "round",
        "line_style": "solid",
        "use_custom_dash": int(bool(stroke.dash)),
        # A ribbon lies within the area: half of its width beyond the edge is drawn off.
        "draw_inside_polygon": int(stroke.inside),
    }
    if stroke.dash:
        values["customdash"] = ";".join(f"{max(part * width, 0.01):.4g}" for part in stroke.dash)
        values["customdash_unit"] = "MM"
    return _layer("SimpleLine", values)


def _ground(fill: str, opacity: float) -> Element:
    values = {"color": colour(fill, opacity), "style": "solid", "outline_style": "no"}
    return _layer("SimpleFill", values)


def _pattern(pattern: Pattern, opacity: float) -> Element:
    """Return the marks of a pattern as an SVG tile; its ground is a layer below."""
    width, height = pattern.tile
    svg = pictures.canvas((width, height))
    if pattern.turn:
        # The only turned pattern is slanted lines: a tile of the diagonal repeats without seams.
        svg = pictures.canvas((width * 2**0.5, width * 2**0.5))
        for part in pattern.parts:
            svg.append(pictures.slant(part, width * 2**0.5))
    else:
        for part in pattern.parts:
            svg.append(pictures.path(part))
    svg.set("opacity", f"{opacity:.3g}")
    tile = float(svg.get("width", "1")) / PX_PER_MM
    return _layer(
        "SVGFill",
        {
            "svgFile": pictures.embedded(pictures.written(svg)), "width": f"{tile:.4g}",
            "pattern_width_unit": "MM", "outline_style": "no",
        },
    )  # fmt: skip


def _letter(letter: Letter, size: float, shift: Sequence[float], expression: str) -> Element:
    """Return the letter of a symbol as a marker of its own, centred on its capital."""
    scale = size / BOX
    # `y` is the base line; the middle of a capital lies 0.36 of the size above it.
    right = (letter.x - BOX / 2) * scale + shift[0]
    down = (letter.y - 0.36 * letter.size - BOX / 2) * scale + shift[1]
    layer = _layer(
        "FontMarker",
        {
            # A letter here would stand in the legend, as if it meant something.
            "chr": " ", "font": FAMILY, "font_style": "Bold",
            "size": f"{letter.size * scale * 1.1:.4g}", "size_unit": "MM",
            "color": colour(letter.colour), "outline_width": "0",
            "offset": f"{right:.4g},{down:.4g}", "offset_unit": "MM",
            "horizontal_anchor_point": "1", "vertical_anchor_point": "1",
        },
    )  # fmt: skip
    layer.append(data_defined({"char": expression}))
    return layer


def data_defined(expressions: Mapping[str, str]) -> Element:
    """Return properties that follow expressions."""
    out = Element("data_defined_properties")
    top = SubElement(out, "Option", type="Map")
    SubElement(top, "Option", name="name", type="QString", value="")
    properties = SubElement(top, "Option", name="properties", type="Map")
    for name, expression in expressions.items():
        one = SubElement(properties, "Option", name=name, type="Map")
        SubElement(one, "Option", name="active", type="bool", value="true")
        SubElement(one, "Option", name="expression", type="QString", value=expression)
        SubElement(one, "Option", name="type", type="int", value="3")
    SubElement(top, "Option", name="type", type="QString", value="collection")
    return out
