"""Contours on paper: inside the commune, and paler around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.outputs.printmap import strokes

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.ground import Ground
    from ntm_gis.outputs.printmap.page import Page, Points, Shapes
    from ntm_gis.outputs.printmap.view import View

    Part = tuple[float, list[Points], list[Points]]
    """A height, and its contours on paper inside and outside the commune."""

_CONTOUR, _INDEX, _FAR_CONTOUR = "#b48a5e", "#a5784a", "#d3c9bb"


def draw(page: Page, view: View, ground: Ground) -> list[tuple[float, Points]]:
    """Draw the contours of a scale; return the index contours in the commune, on paper."""
    index_lines: list[tuple[float, Points]] = []
    thin = view.format.k**0.5
    for height, inner, outer in ground.once("contours", view, lambda: _contours(view, ground)):
        heavy = height % view.rules.index == 0
        mm, colour = (0.16, _INDEX) if heavy else (0.085, _CONTOUR)
        page.line(inner, mm * thin, colour, z=2)
        if heavy or view.scale <= 30_000:
            page.line(outer, mm * thin * 0.8, _FAR_CONTOUR, z=2)
        if heavy:
            index_lines += [(height, line) for line in inner if len(line) > 12]
    return index_lines


def _contours(view: View, ground: Ground) -> list[Part]:
    """Return the contours in a frame."""
    out = []
    for height, shapes in ground.contours(view.rules.contour):
        lines = shapely.simplify(view.clipped(shapes), 0.05)
        inner, outer = _parted(lines, view.commune)
        out.append((height, strokes.coords(inner), strokes.coords(outer)))
    return out


def _parted(lines: Shapes, commune: shapely.Geometry | None) -> tuple[Shapes, Shapes]:
    """Return lines inside and outside the commune; only those that cross its edge are cut."""
    if commune is None or not len(lines):
        return lines, lines[:0]
    whole, apart = shapely.contains(commune, lines), shapely.disjoint(commune, lines)
    across = lines[~whole & ~apart]
    inner = shapely.get_parts(shapely.intersection(across, commune))
    outer = shapely.get_parts(shapely.difference(across, commune))
    return (
        np.concatenate([lines[whole], inner[shapely.get_type_id(inner) == 1]]),
        np.concatenate([lines[apart], outer[shapely.get_type_id(outer) == 1]]),
    )
