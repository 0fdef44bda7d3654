"""Areas on paper: a pale fill, marks of their own in it, an edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.path import Path

from ntm_gis.outputs.printmap import strokes
from ntm_gis.outputs.printmap.page import compound
from ntm_gis.outputs.printmap.standard import BLACK, PATTERN_MM, PATTERN_STROKE_MM
from ntm_gis.outputs.printmap.symbols import parsed
from ntm_gis.rules import maps

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.page import Page, Points, Shapes
    from ntm_gis.rules.maps import Case, Part, Pattern

_INSIDE_MM = 0.55
_MOST_TILES = 60_000
# A mark as wide as its tile is part of a line that goes on from tile to tile.
_WHOLE = 0.95


def draw(
    page: Page, shapes: Shapes, case: Case, k: float, z: float, *, colour: str | None = None
) -> None:
    """Draw areas of one case, on paper; `colour` is that of a palette."""
    if not len(shapes):
        return
    opacity = case.opacity
    fill = colour or case.fill
    pattern = maps.styles().patterns[case.pattern] if case.pattern is not None else None
    if pattern is not None and pattern.ground is not None:
        fill = pattern.ground
    if fill is not None and not page.bw:
        page.area(shapes, fill, z=z, opacity=opacity)
    if page.bw and pattern is None and case.fill is not None and page.colour(case.fill) == BLACK:
        pattern = maps.styles().patterns.get("unknown")
    if pattern is not None:
        marks(page, pattern, shapely.union_all(shapes, grid_size=1e-4), k**0.6, z + 0.02)
    edges(page, shapes, case, k, z + 0.04)


def edges(page: Page, shapes: Shapes, case: Case, k: float, z: float) -> None:
    """Draw the edges of areas; a ribbon on the inner side where a stroke asks for it."""
    if not case.edge or not len(shapes):
        return
    rings = shapely.boundary(shapes)
    lines = strokes.coords(shapely.get_parts(shapely.line_merge(rings)))
    for i, stroke in enumerate(case.edge):
        mm = strokes.width_mm(stroke, None, k**0.7)
        if not stroke.inside:
            page.line(
                lines, mm, stroke.colour, stroke.dash, z=z + 0.005 * i, cap=stroke.cap,
                opacity=stroke.opacity,
            )  # fmt: skip
        elif not page.bw:
            ribbon = shapely.intersection(shapely.buffer(rings, mm), shapes)
            page.area(ribbon, stroke.colour, z=z + 0.005 * i, opacity=stroke.opacity)


def marks(page: Page, pattern: Pattern, ground: shapely.Geometry, scale: float, z: float) -> None:
    """Fill ground with the marks of a pattern, drawn as lines.

    Hatches of the library change with the output; these are the same everywhere.
    """
    if ground.is_empty:
        return
    px = PATTERN_MM * scale
    offsets = _tiles(pattern, ground, px)
    inner = shapely.buffer(ground, -_INSIDE_MM)
    for geometry in (ground, inner):
        shapely.prepare(geometry)
    for part in pattern.parts:
        template = _template(part, px)
        for line in template:
            _repeat(page, pattern, part, (line, offsets), (ground, inner), px, z)


def _tiles(pattern: Pattern, ground: shapely.Geometry, px: float) -> Points:
    """Return the lower left corners of the tiles that cover ground, before they are turned."""
    w, h = (side * px for side in pattern.tile)
    left, bottom, right, top = ground.bounds
    if pattern.turn:
        # A turned square that holds the box, about the corner of the page.
        corners = _turned(
            np.array([[left, bottom], [right, bottom], [right, top], [left, top]]), -pattern.turn
        )
        (left, bottom), (right, top) = corners.min(0), corners.max(0)
    xs = np.arange(np.floor(left / w), np.ceil(right / w)) * w
    ys = np.arange(np.floor(bottom / h), np.ceil(top / h)) * h
    if len(xs) * len(ys) > _MOST_TILES:
        return np.empty((0, 2))
    return np.stack(np.meshgrid(xs, ys), -1).reshape(-1, 2)


def _turned(points: Points, degrees: float) -> Points:
    angle = np.radians(degrees)
    cos, sin = np.cos(angle), np.sin(angle)
    found: Points = points @ np.array([[cos, sin], [-sin, cos]])
    return found


def _template(part: Part, px: float) -> list[Points]:
    """Return the lines of a mark, mm, y upwards, from the lower left of its tile."""
    lines = (np.asarray(line) for line in parsed(part.path).to_polygons(closed_only=False))
    return [line * (px, -px) for line in lines if len(line) > 1]


def _repeat(
    page: Page,
    pattern: Pattern,
    part: Part,
    mark: tuple[Points, Points],
    grounds: tuple[shapely.Geometry, shapely.Geometry],
    px: float,
    z: float,
) -> None:
    line, offsets = mark
    if not len(offsets):
        return
    placed = line[None] + offsets[:, None] + (0, pattern.tile[1] * px)
    if pattern.turn:
        placed = _turned(placed, pattern.turn)
    ground, inner = grounds
    spans = np.ptp(line, axis=0) >= _WHOLE * np.array(pattern.tile) * px
    if spans.any():
        lines = shapely.linestrings(placed)
        lines = lines[shapely.intersects(ground, lines)]
        whole = shapely.contains(ground, lines)
        cut = shapely.get_parts(shapely.intersection(lines[~whole], ground))
        lines = np.concatenate([lines[whole], cut[shapely.get_type_id(cut) == 1]])
        vertices = strokes.coords(lines)
    else:
        middle = placed.mean(axis=1)
        vertices = list(placed[shapely.contains_xy(inner, middle[:, 0], middle[:, 1])])
    if not vertices:
        return
    if part.fill is not None and part.stroke is None:
        page.path(
            Path.make_compound_path(*[Path(v, closed=True) for v in vertices]),
            BLACK if page.bw else part.fill, z=z,
        )  # fmt: skip
    else:
        mm = part.width * PATTERN_STROKE_MM * (px / PATTERN_MM) ** 0.7
        page.line(vertices, mm, BLACK if page.bw else part.stroke or BLACK, z=z)


def sample(page: Page, case: Case, box: tuple[float, float, float, float], k: float, z: float,
           colour: str | None = None) -> None:  # fmt: skip
    """Draw an area as a legend shows it, in a box: left, bottom, width, height."""
    x, y, w, h = box
    shape = np.array([shapely.box(x, y, x + w, y + h)], dtype=object)
    thin = case.model_copy(update={"edge": tuple(s for s in case.edge if not s.inside)})
    draw(page, shape, thin, k, z, colour=colour)
    if page.bw and compound(shape) is not None and not case.edge:
        page.rect(x, y, w, h, edge="#000000", mm=0.2, z=z + 0.05)
