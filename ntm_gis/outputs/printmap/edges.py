"""Where the commune's edge is the province's: found from the units around, and its heavier sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.layers.outlines import province_key
from ntm_gis.outputs.printmap.units import is_foreign, is_itself

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from ntm_gis.outputs.printmap.page import Page, Shapes
    from ntm_gis.outputs.printmap.units import Unit
    from ntm_gis.outputs.printmap.view import View

_STEP_M = 50.0
_REACH_M = 250.0
"""Outlines of two offices part by as much along one boundary."""
_LEAST_REACH_M = 60.0
_SHORTEST_M = 300.0
_Z = 4.24
_WEIGHT = 1.2

INK, CASING, RIBBON = "#1d1d1b", "#ffffff", "#a34d9e"
WIDE_MM, CASING_MM, RIBBON_MM = 0.72, 1.15, 2.6
"""Against 0.42, 0.75 and 1.5 mm of the commune's own edge."""
DASH = (6.0, 1.3, 1.0, 1.3)
_OPACITY = 0.3


def provincial(ground: shapely.Geometry, own: str, units: Sequence[Unit]) -> shapely.Geometry:
    """Return the stretches of a commune's edge that are its province's edge, too.

    Parameters
    ----------
    ground : geometry
        The commune, metres.
    own : str
        Its province.
    units : sequence of Unit
        The communes around; those whose province is not known are of none.

    Returns
    -------
    MultiLineString
        Empty where no unit around is known to be of another province. Beyond a frontier no sign
        of a province is due: what stands there for a province is a country.

    Examples
    --------
    >>> from ntm_gis.outputs.printmap.units import Unit
    >>> east = Unit(shapely.box(9000, 0, 18_000, 9000), "Tả Van", "Lào Cai")
    >>> round(provincial(shapely.box(0, 0, 9000, 9000), "Lai Châu", [east]).length, -3)
    9000.0
    """
    key = province_key(own)
    shapely.prepare(ground)
    there = [one for one in units if not is_itself(one, ground)]
    keys = [province_key(one.province) for one in there]
    others = [
        one.shape
        for one, its in zip(there, keys, strict=True)
        if its not in ("", key) and not is_foreign(one.province)
    ]
    mine = [
        one.shape
        for one, its in zip(there, keys, strict=True)
        if its in ("", key) and not one.whole
    ]
    if not key or not others:
        return shapely.MultiLineString()
    found = [
        line
        for ring in shapely.get_parts(shapely.boundary(ground))
        for line in _stretches(ring, _array(others), _array(mine))
    ]
    return shapely.MultiLineString(found)


def _stretches(ring: shapely.LineString, others: Shapes, mine: Shapes) -> list[shapely.LineString]:
    """Return the stretches of a ring that lie nearest to another province."""
    # Corners stand where they are: the steps between them are short.
    xy = shapely.get_coordinates(shapely.segmentize(ring, _STEP_M))
    middle = shapely.points((xy[:-1] + xy[1:]) / 2)
    away, near = _nearest(others, middle), _nearest(mine, middle)
    is_edge = (away <= _reach(away)) & (away < near)
    long = np.hypot(*np.diff(xy, axis=0).T)
    is_edge = _smooth(_smooth(is_edge, long, value=False), long, value=True)
    if is_edge.all():
        return [shapely.linestrings(xy)]
    # The ring begins off the edge, so that no stretch is cut at its first vertex.
    first = int(np.flatnonzero(~is_edge)[0])
    is_edge = np.roll(is_edge, -first)
    xy = np.concatenate([xy[first:-1], xy[: first + 1]])
    ends = np.flatnonzero(np.diff(np.r_[False, is_edge, False].astype(int)))
    lines = [xy[a : b + 1] for a, b in zip(ends[::2], ends[1::2], strict=True)]
    return [shapely.simplify(shapely.linestrings(line), 0.0) for line in lines]


def _reach(away: npt.NDArray[np.float64]) -> float:
    """Return how far outlines may part: as far as they mostly do, or corners would reach round."""
    close = away[away <= _REACH_M]
    return float(min(2 * np.median(close) + _LEAST_REACH_M, _REACH_M)) if len(close) else 0.0


def _nearest(shapes: Shapes, points: Shapes) -> npt.NDArray[np.float64]:
    """Return how far points are from the nearest shape; no end where there is none."""
    out = np.full(len(points), np.inf)
    if len(shapes):
        (rows, _), far = shapely.STRtree(shapes).query_nearest(
            points, return_distance=True, all_matches=False
        )
        out[rows] = far
    return out


def _smooth(
    flags: npt.NDArray[np.bool_], long: npt.NDArray[np.float64], *, value: bool
) -> npt.NDArray[np.bool_]:
    """Turn short runs of a value round a ring into the other: slips of two outlines."""
    out = flags.copy()
    if flags.all() or not flags.any():
        return out
    first = int(np.flatnonzero(flags != np.roll(flags, 1))[0])
    turned, lengths = np.roll(out, -first), np.roll(long, -first)
    starts = np.flatnonzero(np.r_[True, turned[1:] != turned[:-1]])
    for a, b in zip(starts, [*starts[1:], len(turned)], strict=True):
        if turned[a] == value and lengths[a:b].sum() < _SHORTEST_M:
            turned[a:b] = not value
    return np.roll(turned, first)


def _array(shapes: Sequence[shapely.Geometry]) -> Shapes:
    out: Shapes = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return out


def draw(page: Page, view: View, edge: shapely.Geometry) -> None:
    """Draw the sign of the province over the commune's own."""
    lines = view.clipped(shapely.get_parts(shapely.line_merge(edge)))
    lines = lines[shapely.get_type_id(lines) == 1]
    if not len(lines):
        return
    k = view.format.k**0.7
    if not page.bw and view.commune is not None:
        near = shapely.buffer(shapely.union_all(lines), RIBBON_MM * k, cap_style="flat")
        page.area(shapely.intersection(near, view.commune), RIBBON, z=_Z - 0.06, opacity=_OPACITY)
    coords = [shapely.get_coordinates(line) for line in shapely.simplify(lines, 0.03)]
    page.line(coords, CASING_MM * k, CASING, z=_Z)
    page.line(coords, WIDE_MM * k, INK, DASH, z=_Z + 0.01)
    view.lines += [(line, _WEIGHT) for line in lines]


def sample(page: Page, ends: tuple[float, float], y: float, k: float, z: float) -> None:
    """Draw the sign in a legend, from one place to another of a line."""
    line = np.array([[ends[0], y], [ends[1], y]])
    if not page.bw:
        page.path_rect(
            (ends[0], y - RIBBON_MM * 0.6, ends[1] - ends[0], RIBBON_MM * 0.6), RIBBON, _OPACITY, z
        )
    page.line([line], CASING_MM * k, CASING, z=z + 0.1)
    page.line([line], WIDE_MM * k, INK, DASH, z=z + 0.2)
