"""Areas on paper: a pale fill, marks of their own in it, an edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.path import Path

from ntm_gis.outputs.printmap import copier, strokes
from ntm_gis.outputs.printmap.standard import BLACK, PATTERN_MM, PATTERN_STROKE_MM
from ntm_gis.outputs.printmap.symbols import parsed
from ntm_gis.rules import maps

if TYPE_CHECKING:
    import numpy.typing as npt

    from ntm_gis.outputs.printmap.page import Page, Points, Shapes
    from ntm_gis.rules.maps import Case, Part, Pattern

_INSIDE_MM = 0.55
# A small plot bears one mark of its own where the raster of marks leaves it none.
_LEAST_RADIUS_MM, _LEAST_TIMES = 0.42, 0.6
# A legend shows so many marks side by side.
_SHOWN = 3
# A mark as wide as its tile is part of a line that goes on from tile to tile.
_WHOLE = 0.95


def draw(
    page: Page,
    shapes: Shapes,
    case: Case,
    k: float,
    z: float,
    *,
    colour: str | None = None,
    code: str = "",
) -> None:
    """Draw areas of one case, on paper.

    `colour` is that of a palette; `code` the use of the land, which marks show as well.
    """
    if not len(shapes):
        return
    pattern = _ground(page, case, colour, shapes, z)
    if code:
        pattern = copier.pattern_of(code, None if page.bw else colour)
    if pattern is not None:
        marks(page, pattern, shapes, k**0.6, z + 0.02)
    edges(page, shapes, case, k, z + 0.04)


def _ground(page: Page, case: Case, colour: str | None, shapes: Shapes, z: float) -> Pattern | None:
    """Lay the fill of areas; return the pattern that stands on it."""
    known = maps.styles().patterns
    pattern = known[case.pattern] if case.pattern is not None else None
    fill = colour or case.fill
    if pattern is not None and pattern.ground is not None:
        fill = pattern.ground
    if fill is not None and not page.bw:
        page.area(shapes, fill, z=z, opacity=case.opacity)
    if page.bw and pattern is None and case.fill is not None and page.colour(case.fill) == BLACK:
        return copier.pattern_of(copier.DARK)
    return pattern


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


def marks(page: Page, pattern: Pattern, shapes: Shapes, scale: float, z: float) -> None:
    """Fill ground with the marks of a pattern, drawn as lines.

    Hatches of the library change with the output; these are the same everywhere.
    """
    ground = shapely.union_all(shapes, grid_size=1e-4)
    if ground.is_empty:
        return
    px = PATTERN_MM * scale
    offsets = _tiles(pattern, ground, px)
    inner = shapely.buffer(ground, -_INSIDE_MM)
    for geometry in (ground, inner):
        shapely.prepare(geometry)
    there = []
    for part in pattern.parts:
        template = _template(part, px)
        if _spans(template, pattern, px):
            lines = _cut(template, pattern, offsets, ground, px)
        else:
            at = _places(template, pattern, offsets, inner, px)
            there.append(at)
            lines = _set(template, at)
        _stroke(page, part, lines, px, z)
    if there and not pattern.turn:
        template = _template(pattern.parts[0], px)
        at, times = _missed(ground, np.concatenate(there), template)
        own = [
            (line - _middle(template)) * size + place
            for line in template
            for place, size in zip(at, times, strict=True)
        ]
        _stroke(page, pattern.parts[0], own, px, z)


def _tiles(pattern: Pattern, ground: shapely.Geometry, px: float) -> Points:
    """Return the lower left corners of the tiles that cover ground, before they are turned.

    Part by part: small plots far apart have few tiles, the box round all of them very many.
    """
    side = np.array(pattern.tile) * px
    found = [_tiles_of(part, pattern, side) for part in shapely.get_parts(ground)]
    numbers = np.concatenate(found) if found else np.empty((0, 2), dtype=np.int64)
    if len(found) > 1:
        numbers = np.unique(numbers, axis=0)
    return np.asarray(numbers * side, dtype=np.float64)


def _tiles_of(part: shapely.Geometry, pattern: Pattern, side: Points) -> npt.NDArray[np.int64]:
    """Return the numbers of the tiles that cover one part."""
    left, bottom, right, top = part.bounds
    if pattern.turn:
        # A turned square that holds the box, about the corner of the page.
        corners = _turned(
            np.array([[left, bottom], [right, bottom], [right, top], [left, top]]), -pattern.turn
        )
        (left, bottom), (right, top) = corners.min(0), corners.max(0)
    first = np.floor(np.array([left, bottom]) / side).astype(np.int64)
    last = np.ceil(np.array([right, top]) / side).astype(np.int64)
    columns, rows = (np.arange(a, b) for a, b in zip(first, last, strict=True))
    return np.stack(np.meshgrid(columns, rows), -1).reshape(-1, 2)


def _turned(points: Points, degrees: float) -> Points:
    angle = np.radians(degrees)
    cos, sin = np.cos(angle), np.sin(angle)
    found: Points = points @ np.array([[cos, sin], [-sin, cos]])
    return found


def _template(part: Part, px: float) -> list[Points]:
    """Return the lines of a mark, mm, y upwards, from the lower left of its tile."""
    lines = (np.asarray(line) for line in parsed(part.path).to_polygons(closed_only=False))
    return [line * (px, -px) for line in lines if len(line) > 1]


def _spans(template: list[Points], pattern: Pattern, px: float) -> bool:
    """Whether a mark goes on from tile to tile."""
    if not template:
        return False
    size = np.ptp(np.concatenate(template), axis=0)
    return bool((size >= _WHOLE * np.array(pattern.tile) * px).any())


def _middle(template: list[Points]) -> Points:
    corners = np.concatenate(template)
    found: Points = (corners.min(0) + corners.max(0)) / 2
    return found


def _placed(line: Points, pattern: Pattern, offsets: Points, px: float) -> Points:
    """Return a line in each of the tiles, turned with them."""
    found: Points = line[None] + offsets[:, None] + (0, pattern.tile[1] * px)
    return _turned(found, pattern.turn) if pattern.turn else found


def _cut(
    template: list[Points], pattern: Pattern, offsets: Points, ground: shapely.Geometry, px: float
) -> list[Points]:
    """Return lines that go on from tile to tile, cut to the ground."""
    found: list[Points] = []
    if not len(offsets):
        return found
    for line in template:
        lines = shapely.linestrings(_placed(line, pattern, offsets, px))
        lines = lines[shapely.intersects(ground, lines)]
        whole = shapely.contains(ground, lines)
        cut = shapely.get_parts(shapely.intersection(lines[~whole], ground))
        found += strokes.coords(np.concatenate([lines[whole], cut[shapely.get_type_id(cut) == 1]]))
    return found


def _places(
    template: list[Points], pattern: Pattern, offsets: Points, inner: shapely.Geometry, px: float
) -> Points:
    """Return the middles of the marks that stand on the ground, whole."""
    if not len(offsets) or not template:
        return np.empty((0, 2))
    middles = _placed(_middle(template)[None], pattern, offsets, px)[:, 0]
    found: Points = middles[shapely.contains_xy(inner, middles[:, 0], middles[:, 1])]
    return found


def _set(template: list[Points], at: Points) -> list[Points]:
    """Return the lines of a mark with its middle on each of some places."""
    if not template:
        return []
    middle = _middle(template)
    return [line - middle + place for line in template for place in at]


def _missed(
    ground: shapely.Geometry, there: Points, template: list[Points]
) -> tuple[Points, Points]:
    """Return the middles of plots that no mark stands on, and how large one may be there."""
    parts = shapely.get_parts(ground)
    if len(there):
        stands = shapely.STRtree(shapely.points(there)).query(parts, "contains")[0]
        parts = np.delete(parts, np.unique(stands))
    parts = parts[shapely.area(parts) > np.pi * _LEAST_RADIUS_MM**2]
    if not len(parts) or not template:
        return np.empty((0, 2)), np.empty(0)
    circles = shapely.maximum_inscribed_circle(parts, tolerance=0.05)
    radius = shapely.length(circles)
    half = float(np.hypot(*np.ptp(np.concatenate(template), axis=0))) / 2
    times = np.minimum(radius * 1.15 / half, 1.0)
    room = (radius >= _LEAST_RADIUS_MM) & (times >= _LEAST_TIMES)
    at = shapely.get_coordinates(shapely.get_point(circles, 0))
    return at[room], times[room]


def _stroke(page: Page, part: Part, lines: list[Points], px: float, z: float) -> None:
    if not lines:
        return
    if part.fill is not None and part.stroke is None:
        page.path(
            Path.make_compound_path(*[Path(v, closed=True) for v in lines]),
            BLACK if page.bw else part.fill, z=z,
        )  # fmt: skip
    else:
        mm = part.width * PATTERN_STROKE_MM * (px / PATTERN_MM) ** 0.7
        page.line(lines, mm, BLACK if page.bw else part.stroke or BLACK, z=z)


def sample(
    page: Page,
    case: Case,
    box: tuple[float, float, float, float],
    k: float,
    z: float,
    colour: str | None = None,
    code: str = "",
) -> None:
    """Draw an area as a legend shows it, in a box: left, bottom, width, height."""
    x, y, w, h = box
    shape = np.array([shapely.box(x, y, x + w, y + h)], dtype=object)
    pattern = _ground(page, case, colour, shape, z)
    if code:
        pattern = copier.pattern_of(code, None if page.bw else colour)
    if pattern is not None:
        _shown_marks(page, pattern, shape, k**0.6, z + 0.02)
    thin = case.model_copy(update={"edge": tuple(s for s in case.edge if not s.inside)})
    edges(page, shape, thin, k, z + 0.04)
    if page.bw and not case.edge:
        page.rect(x, y, w, h, edge=BLACK, mm=0.2, z=z + 0.05)


def _shown_marks(page: Page, pattern: Pattern, shape: Shapes, scale: float, z: float) -> None:
    """Fill the box of a legend: marks that stand apart in one row, whole, whatever the raster."""
    px = PATTERN_MM * scale
    templates = [_template(part, px) for part in pattern.parts]
    if pattern.turn or any(_spans(one, pattern, px) for one in templates):
        marks(page, pattern, shape, scale, z)
        return
    left, bottom, right, top = shape[0].bounds
    first = pattern.parts[0]
    x = left + (np.arange(_SHOWN) + 0.5) / _SHOWN * (right - left)
    at = np.column_stack([x, np.full(_SHOWN, (bottom + top) / 2)])
    _stroke(page, first, _set(templates[0], at), px, z)
