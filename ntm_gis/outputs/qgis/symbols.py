"""Symbols of QGIS from our strokes, patterns and marks.

Pictures are SVG written into the style itself: a style that leads to files would lose them.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from ntm_gis.rules.maps import PX_PER_MM, Case, Class, Letter, Part, Pattern, Stroke, Styles, Symbol

BOX = 20.0
"""Width of the box that a symbol is drawn in, in pixels."""

_CAPS = {"butt": "flat", "round": "round"}
_LETTER_FONT = "Arial"


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


def area(case: Case, styles: Styles, palette: str | None = None) -> Element:
    """Return a fill symbol: ground or pattern, then the strokes of the edge.

    Parameters
    ----------
    case : Case
    styles : Styles
        Where patterns stand.
    palette : str, optional
        An expression for the colour of each area, instead of the case's own.
    """
    symbol = Element("symbol", type="fill", alpha="1", clip_to_extent="1", force_rhr="0")
    fill = case.fill or (styles.patterns[case.pattern].ground if case.pattern else None)
    if fill is not None or palette is not None:
        symbol.append(_ground(fill or "#ffffff", case.opacity, palette))
    if case.pattern:
        symbol.append(_pattern(styles.patterns[case.pattern], case.opacity))
    for stroke in case.edge:
        symbol.append(_stroke(stroke, None))
    if not len(symbol):
        symbol.append(_layer("SimpleFill", {"style": "no", "outline_style": "no"}))
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
                "name": embedded(picture(symbol.parts, styles.patterns)),
                "size": f"{size:.4g}", "size_unit": "MM", "offset": offset, "offset_unit": "MM",
                "scale_method": "diameter", "outline_style": "no",
            },
        )
    )  # fmt: skip
    if symbol.letter is not None and letter is not None:
        out.append(_letter(symbol.letter, size, shift, letter))
    return out


def picture(parts: Sequence[Part], patterns: Mapping[str, Pattern]) -> str:
    """Return parts as an SVG of 20 × 20."""
    svg = _svg((BOX, BOX))
    names = [part.pattern for part in parts if part.pattern]
    for name in dict.fromkeys(names):
        svg.append(_definition(name, patterns[name]))
    for part in parts:
        svg.append(_path(part))
    return _written(svg)


def embedded(svg: str) -> str:
    """Return an SVG as QGIS takes it in place of a file."""
    return "base64:" + base64.b64encode(svg.encode("utf-8")).decode("ascii")


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


def _ground(fill: str, opacity: float, palette: str | None) -> Element:
    values = {"color": colour(fill, opacity), "style": "solid", "outline_style": "no"}
    layer = _layer("SimpleFill", values)
    if palette is not None:
        expression = f"set_color_part({palette}, 'alpha', {round(255 * opacity)})"
        layer.append(data_defined({"fillColor": expression}))
    return layer


def _pattern(pattern: Pattern, opacity: float) -> Element:
    """Return the marks of a pattern as an SVG tile; its ground is a layer below."""
    width, height = pattern.tile
    svg = _svg((width, height))
    if pattern.turn:
        # The only turned pattern is slanted lines: a tile of the diagonal repeats without seams.
        svg = _svg((width * 2**0.5, width * 2**0.5))
        for part in pattern.parts:
            svg.append(_slant(part, width * 2**0.5))
    else:
        for part in pattern.parts:
            svg.append(_path(part))
    svg.set("opacity", f"{opacity:.3g}")
    tile = float(svg.get("width", "1")) / PX_PER_MM
    return _layer(
        "SVGFill",
        {
            "svgFile": embedded(_written(svg)), "width": f"{tile:.4g}",
            "pattern_width_unit": "MM", "outline_style": "no",
        },
    )  # fmt: skip


def _slant(part: Part, side: float) -> Element:
    """Return a stroke of a turned pattern across the corners of its tile."""
    data = (
        f"M{-side / 2:.3f} {side / 2:.3f}L{side / 2:.3f} {-side / 2:.3f}"
        f"M0 {side:.3f}L{side:.3f} 0"
        f"M{side / 2:.3f} {1.5 * side:.3f}L{1.5 * side:.3f} {side / 2:.3f}"
    )
    stroke = {"stroke": part.stroke or "#000000", "stroke-width": f"{part.width:g}"}
    return Element("path", {"d": data, "fill": "none", **stroke})


def _definition(name: str, pattern: Pattern) -> Element:
    """Return a pattern as a definition within an SVG."""
    width, height = (f"{side:g}" for side in pattern.tile)
    out = Element(
        "pattern", id=name, width=width, height=height, patternUnits="userSpaceOnUse"
    )  # fmt: skip
    if pattern.turn:
        out.set("patternTransform", f"rotate({pattern.turn:g})")
    if pattern.ground:
        SubElement(out, "rect", width=width, height=height, fill=pattern.ground)
    for part in pattern.parts:
        out.append(_path(part))
    return out


def _path(part: Part) -> Element:
    fill = f"url(#{part.pattern})" if part.pattern else part.fill or "none"
    out = Element("path", d=part.path, fill=fill)
    if part.stroke:
        out.set("stroke", part.stroke)
        out.set("stroke-width", f"{part.width:g}")
        out.set("stroke-linecap", part.cap)
        if part.dash:
            out.set("stroke-dasharray", " ".join(f"{d * part.width:g}" for d in part.dash))
    return out


def _svg(size: tuple[float, float]) -> Element:
    width, height = (f"{side:g}" for side in size)
    return Element(
        "svg", xmlns="http://www.w3.org/2000/svg", width=width, height=height,
        viewBox=f"0 0 {width} {height}",
    )  # fmt: skip


def _written(svg: Element) -> str:
    return tostring(svg, encoding="unicode")


def _letter(letter: Letter, size: float, shift: Sequence[float], expression: str) -> Element:
    """Return the letter of a symbol as a marker of its own, centred on its capital."""
    scale = size / BOX
    # `y` is the base line; the middle of a capital lies 0.36 of the size above it.
    right = (letter.x - BOX / 2) * scale + shift[0]
    down = (letter.y - 0.36 * letter.size - BOX / 2) * scale + shift[1]
    layer = _layer(
        "FontMarker",
        {
            "chr": "A", "font": _LETTER_FONT, "font_style": "Bold",
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
