"""Sketches of where the commune lies, each drawn into a box of a panel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.layers.outlines import ARCHIPELAGOS
from ntm_gis.outputs.printmap.panel import Op
from ntm_gis.outputs.printmap.sketch import Sketch, Span, middle, spread, within
from ntm_gis.outputs.printmap.standard import INK
from ntm_gis.outputs.printmap.type import size
from ntm_gis.outputs.printmap.units import bare
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.location import Place
    from ntm_gis.outputs.printmap.page import Page, Points, Shapes
    from ntm_gis.outputs.printmap.standard import Format

_LAND, _AROUND = "#fbf7e9", "#efeeea"
_OWN = 0.5
"""A name stands so much nearer to its own islands than to any other."""
_BELOW = 0.12
_EDGE, _FAINT = "#8a8a84", "#b9b7ae"


def around(place: Place, span: Span, pt: float) -> Op:
    """Return what draws the commune among the communes around it."""
    bounds = shapely.total_bounds(np.array([place.commune, *place.neighbours], dtype=object))

    def op(page: Page, left: float, top: float) -> None:
        sketch = within(page, (left, top), span, tuple(bounds), pt)
        shapes = sketch.shapes(place.neighbours)
        page.area(shapes, _LAND, z=sketch.z)
        for one in shapes:
            page.area(one, "none", _EDGE, 0.16, z=sketch.z + 0.05)
        commune = sketch.mark(place.commune)
        _beside(sketch, shapes, place.names, commune)

    return op


def _beside(
    sketch: Sketch, shapes: Shapes, names: Iterable[str], commune: shapely.Geometry
) -> None:
    """Name the communes around: each on its ground, else outward of it."""
    for shape, name in zip(shapes, names, strict=True):
        if not name:
            continue
        ground = shapely.difference(shapely.make_valid(shape), shapely.buffer(commune, 1.2))
        start = middle(ground)
        if start is not None:
            away = np.array([start[0] - commune.centroid.x, start[1] - commune.centroid.y])
            away /= max(float(np.hypot(*away)), 1e-9)
            sketch.name((name,), _outward(start, away, sketch, name), sketch.pt)


def _outward(
    start: tuple[float, float], away: Points, sketch: Sketch, name: str
) -> Iterable[tuple[float, float]]:
    """Yield places from a middle outward, each moved into the room."""
    half = size(name, sketch.pt, "Regular")[0] / 2 + 0.4
    rise = sketch.pt * 0.2
    left, bottom, right, top = sketch.room
    for step in np.arange(0.0, 12.0, 0.5):
        x, y = start[0] + away[0] * step, start[1] + away[1] * step
        yield min(max(x, left + half), right - half), min(max(y, bottom + rise), top - rise)


def province(place: Place, span: Span, pt: float) -> Op:
    """Return what draws the commune in its province, and names what lies around."""
    found = place.province
    if found is None:
        raise ValueError("no province")

    def op(page: Page, left: float, top: float) -> None:
        sketch = within(page, (left, top), span, found.shape.bounds, pt)
        if not page.bw:
            sketch.floor(_AROUND)
        outer = {name: sketch.put(shape) for name, shape in found.others.items()}
        if found.drawn:
            edges = [shapely.boundary(shape) for shape in found.others.values()]
            page.line(sketch.lines(edges), 0.16, _EDGE, z=sketch.z)
        whole = sketch.put(found.shape)
        page.area(whole, _LAND, z=sketch.z + 0.1)
        if not page.bw:
            for one in sketch.shapes(found.communes):
                page.area(one, "none", _FAINT, 0.1, z=sketch.z + 0.15)
        page.area(whole, "none", INK, 0.32, z=sketch.z + 0.2)
        commune = sketch.mark(place.commune)
        named = _others(sketch, outer, whole)
        if not named:
            _beside(sketch, sketch.shapes(place.neighbours), place.names, commune)

    return op


def _others(sketch: Sketch, outer: dict[str, shapely.Geometry], whole: shapely.Geometry) -> int:
    """Name the provinces around, on their ground; return how many were named."""
    n = 0
    off = shapely.buffer(whole, 0.3)
    sketch.taken.append(off)
    for name, shape in outer.items():
        ground = shapely.difference(shapely.make_valid(shape), off)
        n += sketch.name((bare(name).upper(),), spread(ground), sketch.pt)
    sketch.taken.remove(off)
    return n


def country(given: Format, place: Place, span: Span, pt: float, lang: str) -> Op:
    """Return what draws the province in the country, with its archipelagos named."""
    found = place.country
    if found is None:
        raise ValueError("no country")
    islands = np.concatenate([*found.islands.values()])
    points = shapely.multipoints(islands)
    bounds = shapely.total_bounds(np.array([found.shape, points], dtype=object))

    def op(page: Page, left: float, top: float) -> None:
        sketch = within(page, (left, top), span, tuple(bounds), pt)
        if not page.bw:
            sketch.floor(_AROUND)
        land = sketch.put(found.shape)
        page.area(land, _LAND, z=sketch.z)
        if not page.bw:
            page.line(sketch.lines(found.edges), 0.08, _FAINT, z=sketch.z + 0.1)
        page.area(land, "none", INK, 0.2, z=sketch.z + 0.2)
        if found.own is None:
            sketch.mark(place.commune)
        else:
            sketch.mark(found.own)
        sketch.taken.append(shapely.buffer(land, 0.2))
        _islands(sketch, found.islands, given, lang)

    return op


def _islands(sketch: Sketch, islands: Mapping[str, Points], given: Format, lang: str) -> None:
    """Draw the islands as dots and write the names of their archipelagos beside them."""
    page = sketch.page
    r = 0.2 * given.kp**0.5
    groups = {}
    for key, places in islands.items():
        dots = _apart(shapely.get_coordinates(sketch.put(shapely.multipoints(places))), 2.4 * r)
        drawn = shapely.buffer(shapely.points(dots), r, quad_segs=3)
        page.area(drawn, INK, z=sketch.z + 0.3)
        groups[key] = shapely.multipoints(dots)
        sketch.taken.extend(shapely.buffer(shapely.points(dots), r + 0.15))
    for key, dots in groups.items():
        one = ARCHIPELAGOS[key]
        lines = (say("print_map.islands", lang), one.name, f"({one.province})")
        for tried in (lines, lines[:2], (one.name,)):
            others = [one for other, one in groups.items() if other != key]
            if sketch.name(tried, _near(dots, others, sketch), sketch.pt):
                break


def _apart(dots: Points, least: float) -> Points:
    """Return dots without those that stand nearer to another than the eye tells apart."""
    kept: list[tuple[float, float]] = []
    for x, y in dots[np.lexsort(dots.T)]:
        if all(np.hypot(x - a, y - b) >= least for a, b in kept):
            kept.append((float(x), float(y)))
    return np.array(kept)


def _near(
    dots: shapely.Geometry, others: Sequence[shapely.Geometry], sketch: Sketch
) -> list[tuple[float, float]]:
    """Return places around islands, the nearest first; none that is near to other islands."""
    left, bottom, right, top = sketch.room
    columns, rows = np.meshgrid(np.arange(left, right, 0.6), np.arange(bottom, top, 0.6))
    x, y = columns.ravel(), rows.ravel()
    places = shapely.points(x, y)
    away = shapely.distance(places, dots)
    for other in others:
        away[away > _OWN * shapely.distance(places, other)] = np.inf
    middle = dots.centroid
    # Above them rather than below: what stands between two groups is read as either's.
    below = np.where(y < middle.y, _BELOW * (top - bottom), 0.0)
    cost = away + 0.2 * np.hypot(x - middle.x, y - middle.y) + below
    order = np.argsort(cost, kind="stable")
    return [(float(x[i]), float(y[i])) for i in order if np.isfinite(cost[i])]
