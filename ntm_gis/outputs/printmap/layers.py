"""Ground and layers of a map on paper: areas, lines, edges, in the levels of the styles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.outputs.printmap import areas, contours, copier, ground, points, standard, strokes
from ntm_gis.outputs.printmap.content import WATER, WORKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from ntm_gis.outputs.printmap.content import Content, Layer
    from ntm_gis.outputs.printmap.ground import Ground
    from ntm_gis.outputs.printmap.page import Page, Points
    from ntm_gis.outputs.printmap.view import View

# Where the levels of styles stand on paper, bottom first.
_Z = {"ground": 2.0, "zones": 2.3, "areas": 2.6, "hazards": 2.9, "water": 3.2, "roads": 6.0,
      "boundaries": 7.6, "points": 13.0}  # fmt: skip
_EDGES_Z = 4.2
_WORKS_Z = 5.8
_WEIGHT = {"national": 2.2, "provincial": 1.8, "commune": 1.1, "village": 0.8}
_OTHER_ROAD, _RIVER, _STREAM, _SEAM, _WORK = 0.25, 1.2, 0.3, 0.7, 1.6
_STREAM_BW = 0.2


def lay_ground(page: Page, view: View, heights: Ground | None) -> list[tuple[float, Points]]:
    """Lay relief and contours, or plain paper; return the index contours."""
    left, bottom, right, top = view.box
    page.set_clip((left, bottom, right - left, top - bottom))
    if page.bw:
        return []
    if heights is None:
        page.rect(left, bottom, right - left, top - bottom, standard.OUTSIDE, z=0.9)
        if view.commune is not None:
            page.area(view.commune, "#fbfaf2", z=1)
        return []
    ground.relief(page, view, heights)
    return contours.draw(page, view, heights)


def draw(page: Page, content: Content, view: View) -> None:
    """Draw areas, lines and edges of the map, in the levels of the styles."""
    _works(page, content, view)
    for name, layer in content.layers.items():
        if layer.style.level == "points":
            continue
        if name == WATER:
            _water(page, layer, view)
        elif layer.style.classes:
            _classes(page, layer, view)
        else:
            _cases(page, layer, view)
        points.crosses(page, layer, view)


def _works(page: Page, content: Content, view: View) -> None:
    """Underlay the roads on which a work is under way; in black and white its stages do it."""
    stages = content.layers.get(WORKS)
    if page.bw and stages is not None:
        return
    lines = view.clipped(content.works if stages is None else stages.shapes)
    lines = lines[shapely.get_type_id(lines) == 1]
    if len(lines):
        merged = shapely.get_parts(shapely.line_merge(shapely.union_all(lines)))
        strokes.under_works(page, strokes.coords(merged), view.format.k, _WORKS_Z)
        view.lines += [(line, _WORK) for line in merged]


def _classes(page: Page, layer: Layer, view: View) -> None:
    """Draw roads; at small scales without lanes and field tracks."""
    parts, rows = view.clipped_rows(layer.shapes)
    parts = shapely.simplify(parts, 0.03)
    is_line = shapely.get_type_id(parts) == 1
    parts, rows = parts[is_line], rows[is_line]
    runs = []
    for number, wide in enumerate(layer.style.classes):
        if wide.code in standard.LANES and not view.rules.lanes:
            continue
        of_class = layer.wide[rows] == number
        for index, case in enumerate(layer.style.cases):
            found = parts[of_class & (layer.case[rows] == index)]
            if len(found):
                runs.append(strokes.Run(found, case, wide))
        weight = _WEIGHT.get(wide.code, _OTHER_ROAD)
        view.lines += [(line, weight) for line in parts[of_class]]
    strokes.draw(page, layer.style, runs, view.format.k, _Z["roads"])


def _cases(page: Page, layer: Layer, view: View) -> None:
    """Draw lines and areas of a style without classes, case by case."""
    parts, rows = view.clipped_rows(layer.shapes)
    kinds = shapely.get_type_id(parts)
    z, k = _Z[layer.style.level], view.format.k
    for index, case in enumerate(layer.style.cases):
        mine = layer.case[rows] == index
        lines = parts[mine & (kinds == 1)]
        if case.strokes and len(lines):
            strokes.draw(page, layer.style, [strokes.Run(lines, case)], k, z)
            view.lines += [(line, 0.8) for line in lines]
        polygon = mine & (kinds == 3)
        if not polygon.any():
            continue
        if layer.style.level == "boundaries":
            _edges(page, layer, view, np.unique(rows[polygon]), index)
            continue
        large = polygon & (shapely.area(parts) >= view.rules.least_mm2)
        for found, colour, code in _uses(layer, rows, large, bw=page.bw):
            areas.draw(page, parts[found], case, k, z, colour=colour, code=code)


def _uses(
    layer: Layer, rows: npt.NDArray[np.intp], large: npt.NDArray[np.bool_], *, bw: bool
) -> Iterator[tuple[npt.NDArray[np.bool_], str | None, str]]:
    """Yield what is drawn alike: its parts, their colour, the use of the land.

    In colour that is one colour, in black and white one group of uses.
    """
    colours = layer.given("colour", None)
    shades = np.array([colours[row] or "" for row in rows], dtype=object)
    if layer.style.colours is None or layer.style.labels is None:
        yield large, None, ""
        return
    codes = layer.texts(layer.style.labels.column)
    uses = np.array([codes[row] for row in rows], dtype=object)
    alike = np.array([copier.group_of(use) for use in uses], dtype=object) if bw else shades
    for one in sorted({str(found) for found in alike[large]}):
        mine = large & (alike == one)
        yield mine, None if bw else one or None, str(uses[mine][0])


def _edges(page: Page, layer: Layer, view: View, rows: npt.NDArray[np.intp], index: int) -> None:
    """Draw the edges of units, cut to the frame as lines: the neatline is no boundary."""
    case, k = layer.style.cases[index], view.format.k
    shapes = shapely.make_valid(layer.shapes[rows])
    ring = shapely.union_all(shapely.boundary(shapes))
    if layer.style.frame == "former_communes" and view.commune_ground is not None:
        # The seam alone: the outer edge is the commune's own.
        ring = shapely.difference(ring, shapely.buffer(shapely.boundary(view.commune_ground), 60))
        if shapely.length(ring) < 200:
            return
    lines = view.clipped(shapely.get_parts(shapely.line_merge(ring)))
    lines = lines[shapely.get_type_id(lines) == 1]
    z = _EDGES_Z - (0.1 if layer.style.frame != "boundary" else 0.0)
    inside = shapely.intersection(shapely.union_all(view.put(shapes)), view.frame)
    for i, stroke in enumerate(case.edge):
        mm = strokes.width_mm(stroke, None, k**0.7)
        if not stroke.inside:
            page.line(strokes.coords(lines), mm, stroke.colour, stroke.dash, z=z + 0.01 * i,
                      cap=stroke.cap)  # fmt: skip
        elif not page.bw and len(lines):
            ribbon = shapely.intersection(shapely.buffer(shapely.union_all(lines), mm), inside)
            page.area(ribbon, stroke.colour, z=z + 0.01 * i, opacity=stroke.opacity)
    view.lines += [(line, _SEAM) for line in lines]


def _water(page: Page, layer: Layer, view: View) -> None:
    """Draw rivers and streams: paler outside the commune, waves for a copier."""
    parts, rows = view.clipped_rows(layer.shapes)
    kinds = shapely.get_type_id(parts)
    k = view.format.k**0.7
    for index, case in enumerate(layer.style.cases):
        mine = layer.case[rows] == index
        lines = shapely.get_parts(shapely.line_merge(shapely.union_all(parts[mine & (kinds == 1)])))
        river = len(case.strokes) > 1
        view.lines += [(line, _RIVER if river else _STREAM) for line in lines]
        polygons = parts[mine & (kinds == 3)]
        if len(polygons):
            areas.draw(page, polygons, case, view.format.k, _Z["water"])
        if not len(lines):
            continue
        if page.bw and river:
            waved = [strokes.waves(line) for line in strokes.coords(lines)]
            page.line(waved, _STREAM_BW, standard.BLACK, z=_Z["water"])
        elif page.bw:
            page.line(strokes.coords(lines), _STREAM_BW, standard.BLACK, z=_Z["water"])
        else:
            strokes.draw(page, layer.style, [strokes.Run(lines, case)], k, _Z["water"])
