"""Zones out of a drawing: lines become areas, and the text inside says what each is.

Consultants deliver lines and texts. Lines are noded where they cross, ends that stop short of
another line by no more than the gap are joined, each join told; every face that the lines then
enclose is an area. Nothing else is changed, and no area gets a land use that no text gives it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

Geometries = npt.NDArray[np.object_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

GRID_M = 1e-3
"""Ends nearer than a millimetre are one: a drawing holds no finer place."""

LEAST_M2 = 0.01
"""Faces smaller than this are knots of lines, no areas."""


@dataclass(frozen=True)
class Gap:
    """An end of a line that was joined to another line.

    Parameters
    ----------
    at : (float, float)
        The end, in the commune's zone.
    width_m : float
        How far it stopped short.
    line : int
        Which of the lines given.
    """

    at: tuple[float, float]
    width_m: float
    line: int


@dataclass(frozen=True)
class Faces:
    """What lines enclose.

    Parameters
    ----------
    areas : object array of Polygon, (n,)
        By place: from the north-west, so that a drawing saved in another order gives the same.
    gaps : tuple of Gap
        Joined ends, widest first.
    loose : int array
        Numbers of lines no part of which bounds an area.
    """

    areas: Geometries
    gaps: tuple[Gap, ...]
    loose: Ints


def faces(lines: Geometries, gap_m: float) -> Faces:
    """Return the areas that lines enclose.

    Parameters
    ----------
    lines : object array of LineString or MultiLineString, (n,)
        In a metric system.
    gap_m : float
        Ends that stop short by no more are joined.

    Examples
    --------
    >>> from shapely import LineString
    >>> square = [LineString([(0, 0), (10, 0), (10, 10), (0, 10), (0, 0.03)])]
    >>> found = faces(np.array(square, dtype=object), gap_m=0.05)
    >>> round(found.areas[0].area), [round(gap.width_m, 3) for gap in found.gaps]
    (100, [0.03])
    >>> len(faces(np.array(square, dtype=object), gap_m=0.02).areas)
    0
    """
    parts, owner = shapely.get_parts(shapely.force_2d(lines), return_index=True)
    keep = ~shapely.is_empty(parts) & (shapely.length(parts) > 0)
    parts, owner = parts[keep], owner[keep]
    if not len(parts):
        return Faces(np.empty(0, dtype=object), (), np.arange(len(lines)))
    joined, gaps = _joined(parts, owner, gap_m)
    noded = shapely.union_all(joined, grid_size=GRID_M)
    found = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    found = found[shapely.area(found) >= LEAST_M2]
    found = found[_order(found)]
    return Faces(found, gaps, _loose(lines, found))


def _joined(parts: Geometries, owner: Ints, gap_m: float) -> tuple[Geometries, tuple[Gap, ...]]:
    """Return the lines and short pieces from their loose ends to what is near."""
    starts = shapely.get_coordinates(shapely.get_point(parts, 0))
    ends = shapely.get_coordinates(shapely.get_point(parts, -1))
    open_ = np.flatnonzero(~shapely.is_closed(parts))
    xy = np.concatenate([starts[open_], ends[open_]])
    of = np.concatenate([open_, open_])
    if gap_m <= 0 or not len(xy):
        return parts, ()
    tree = shapely.STRtree(parts)
    points = shapely.points(xy)
    end, line = tree.query(points, predicate="dwithin", distance=gap_m)
    # Its own line counts only at the other end: a ring that was not closed.
    targets = parts[line].copy()
    own = line == of[end]
    other = np.concatenate([ends[open_], starts[open_]])
    targets[own] = shapely.points(other[end[own]])
    away = shapely.distance(points[end], targets)
    near = away <= gap_m
    end, targets, away = end[near], targets[near], away[near]
    order = np.lexsort((away, end))
    end, targets, away = end[order], targets[order], away[order]
    first = np.unique(end, return_index=True)[1]
    loose = first[away[first] > 0]
    links = shapely.shortest_line(points[end[loose]], targets[loose])
    pairs: dict[tuple[float, ...], Gap] = {}
    for k, link in zip(loose, links, strict=True):
        if away[k] <= GRID_M:  # joined all the same, but no gap: the file has no finer place
            continue
        x, y = xy[end[k]]
        gap = Gap((float(x), float(y)), float(away[k]), int(owner[of[end[k]]]))
        # Two ends that miss each other are one gap, seen from both.
        pairs.setdefault(tuple(sorted(np.round(shapely.get_coordinates(link).ravel(), 4))), gap)
    gaps = sorted(pairs.values(), key=lambda gap: (-gap.width_m, gap.at))
    return np.concatenate([parts, links]), tuple(gaps)


def _order(areas: Geometries) -> Ints:
    places = shapely.get_coordinates(shapely.point_on_surface(areas))
    if not len(places):
        return np.empty(0, np.int64)
    return np.lexsort((np.round(places[:, 0], 2), -np.round(places[:, 1], 2)))


def _loose(lines: Geometries, areas: Geometries) -> Ints:
    """Return the lines that lie along no area's outline."""
    if not len(areas):
        return np.arange(len(lines))
    outlines = shapely.STRtree(shapely.boundary(areas))
    middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    touching = outlines.query(middle, predicate="dwithin", distance=GRID_M * 10)[0]
    return np.setdiff1d(np.arange(len(lines)), touching)


@dataclass(frozen=True)
class Texts:
    """Texts by the area that they stand in.

    Parameters
    ----------
    area_of : int array, (m,)
        Number of the area of each text; -1 where it stands in none.
    """

    area_of: Ints

    def within(self, count: int) -> list[list[int]]:
        """Return for each of `count` areas the texts in it."""
        out: list[list[int]] = [[] for _ in range(count)]
        for text, area in enumerate(self.area_of):
            if area >= 0:
                out[area].append(text)
        return out


def placed(points: Geometries, areas: Geometries) -> Texts:
    """Return which area each text stands in: the smallest that holds its point.

    Parameters
    ----------
    points : object array of Point, (m,)
    areas : object array of Polygon, (n,)
    """
    area_of = np.full(len(points), -1, np.int64)
    if len(areas) and len(points):
        text, area = shapely.STRtree(areas).query(points, predicate="intersects")
        order = np.argsort(-shapely.area(areas[area]), kind="stable")
        area_of[text[order]] = area[order]
    return Texts(area_of)


def far(shapes: Geometries, middle: Sequence[float], reach_m: float) -> npt.NDArray[np.bool_]:
    """Say which shapes lie beyond a distance of a point: title blocks, keys, stray objects."""
    bounds = shapely.bounds(shapes)
    centre = (bounds[:, :2] + bounds[:, 2:]) / 2
    away: npt.NDArray[np.bool_] = np.hypot(*(centre - np.array(middle)).T) > reach_m
    return away
