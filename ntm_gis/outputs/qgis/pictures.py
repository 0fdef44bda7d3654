"""SVG of symbols and patterns for QGIS, written into the styles themselves.

A style that leads to files would lose them on the way to another machine.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, tostring

import numpy as np
import shapely
from fontTools.pens.basePen import BasePen
from fontTools.svgLib.path import parse_path

from ntm_gis.rules.maps import Part, Pattern

BOX = 20.0
"""Width of the box that a symbol is drawn in, in pixels."""


def picture(parts: Sequence[Part], patterns: Mapping[str, Pattern]) -> str:
    """Return parts as an SVG of 20 × 20.

    QGIS draws the small SVG of phones, which has no patterns: slanted lines within a part are
    drawn one by one, cut off at its outline.
    """
    svg = canvas((BOX, BOX))
    for part in parts:
        if part.pattern is None:
            svg.append(path(part))
            continue
        pattern = patterns[part.pattern]
        svg.append(path(part.model_copy(update={"fill": pattern.ground, "stroke": None})))
        svg.append(_slants(part, pattern))
        svg.append(path(part.model_copy(update={"fill": None})))
    return written(svg)


def embedded(svg: str) -> str:
    """Return an SVG as QGIS takes it in place of a file."""
    return "base64:" + base64.b64encode(svg.encode("utf-8")).decode("ascii")


def canvas(size: tuple[float, float]) -> Element:
    """Return an empty SVG of a size in pixels."""
    width, height = (f"{side:g}" for side in size)
    return Element(
        "svg", xmlns="http://www.w3.org/2000/svg", width=width, height=height,
        viewBox=f"0 0 {width} {height}",
    )  # fmt: skip


def written(svg: Element) -> str:
    """Return an SVG as text."""
    return tostring(svg, encoding="unicode")


def path(part: Part) -> Element:
    """Return a part as a path, filled, stroked or both; its pattern is drawn apart."""
    out = Element("path", d=part.path, fill=part.fill or "none")
    if part.stroke:
        out.set("stroke", part.stroke)
        out.set("stroke-width", f"{part.width:g}")
        out.set("stroke-linecap", part.cap)
        if part.dash:
            out.set("stroke-dasharray", " ".join(f"{d * part.width:g}" for d in part.dash))
    return out


def slant(part: Part, side: float) -> Element:
    """Return a stroke of a turned pattern across the corners of its tile."""
    data = (
        f"M{-side / 2:.3f} {side / 2:.3f}L{side / 2:.3f} {-side / 2:.3f}"
        f"M0 {side:.3f}L{side:.3f} 0"
        f"M{side / 2:.3f} {1.5 * side:.3f}L{1.5 * side:.3f} {side / 2:.3f}"
    )
    stroke = {"stroke": part.stroke or "#000000", "stroke-width": f"{part.width:g}"}
    return Element("path", {"d": data, "fill": "none", **stroke})


def _slants(part: Part, pattern: Pattern) -> Element:
    """Return the slanted lines of a pattern within the outline of a part."""
    step = pattern.tile[0] * 2**0.5
    lines = [
        shapely.LineString([(at - BOX, BOX), (at, 0.0)])
        for at in np.arange(step / 2, 2 * BOX, step)
    ]
    within = shapely.get_parts(shapely.intersection(lines, outline(part.path)))
    ends = [shapely.get_coordinates(line) for line in within if line.length > 0]
    data = "".join(f"M{a[0]:.2f} {a[1]:.2f}L{b[0]:.2f} {b[1]:.2f}" for a, *_, b in ends)
    mark = pattern.parts[0]
    stroke = {"stroke": mark.stroke or "#000000", "stroke-width": f"{mark.width:g}"}
    return Element("path", {"d": data, "fill": "none", **stroke})


def outline(path: str) -> shapely.Polygon:
    """Return the area within a path, its curves as short straight pieces.

    Examples
    --------
    >>> outline("M2 2H6V5H2z").area
    12.0
    >>> round(outline("M4 10a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z").area, 1)
    112.4
    """
    pen = _Outline()
    parse_path(path, pen)
    return shapely.make_valid(shapely.Polygon(pen.points))


class _Outline(BasePen):  # type: ignore[misc]  # fontTools has no types
    """Collects the points of one closed path."""

    def __init__(self) -> None:
        super().__init__(None)
        self.points: list[tuple[float, float]] = []

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802 - a pen's own names
        self.points.append(pt)

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self.points.append(pt)

    def _curveToOne(  # noqa: N802
        self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]
    ) -> None:
        start = self.points[-1]
        for t in np.linspace(0.125, 1.0, 8):
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
            knots = (start, pt1, pt2, pt3)
            x, y = (
                sum(w * k[axis] for w, k in zip(weights, knots, strict=True)) for axis in (0, 1)
            )
            self.points.append((float(x), float(y)))
