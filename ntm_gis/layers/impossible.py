"""Drawings with a vertex where nothing of a commune can be: a digit too many, a spike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely

from ntm_gis.numbers.coordinates import ANY_EASTING, ANY_NORTHING

if TYPE_CHECKING:
    from ntm_gis.layers.remarks import Point

SPIKE_M = 50_000.0
"""No side of anything drawn for a commune is as long: a commune is not as wide."""

Shapes = npt.NDArray[np.object_]
Coordinates = npt.NDArray[np.float64]


def impossible(geometries: Shapes) -> dict[int, Point]:
    """Return the drawings that cannot be, with the coordinates of the worst vertex of each.

    Parameters
    ----------
    geometries : object array, (n,)
        In a zone of the country, in metres, coordinates finite; None is passed over.

    Returns
    -------
    dict of int to (east, north)
        Number of the drawing -> a vertex beyond any zone of the country, or at the end of a side
        of 50 km or more, whichever is farthest from the middle of the drawing.

    Examples
    --------
    >>> road = shapely.linestrings([(571_000, 2_455_000), (5_710_000, 2_455_010)])
    >>> impossible(np.array([road, shapely.points(571_000, 2_455_000), None]))
    {0: (5710000.0, 2455010.0)}
    """
    xy, owner = shapely.get_coordinates(geometries, return_index=True)
    found = set(owner[_beyond(xy)].tolist()) | _spiked(geometries)
    return {number: _sorted(geometries[number])[-1] for number in sorted(found)}


def likely(geometry: shapely.Geometry) -> Point | None:
    """Return the vertex of a drawing that is most likely where it should be, if any can be.

    Examples
    --------
    >>> likely(shapely.linestrings([(0, 0), (571_000, 2_455_000), (5_710_000, 2_455_010)]))
    (571000.0, 2455000.0)
    """
    first = _sorted(geometry)[0]
    return None if _beyond(np.array([first]))[0] else first


def _beyond(xy: Coordinates) -> npt.NDArray[np.bool_]:
    """Return which coordinates lie beyond every zone of the country."""
    spans = zip(xy.T, (ANY_EASTING, ANY_NORTHING), strict=True)
    east, north = ((low <= values) & (values <= high) for values, (low, high) in spans)
    return np.asarray(~(east & north), dtype=bool)


def _spiked(geometries: Shapes) -> set[int]:
    """Return the numbers of drawings with a side that is too long."""
    parts, whose = shapely.get_parts(geometries, return_index=True)
    areal = shapely.get_dimensions(parts) == 2
    rings, of_part = shapely.get_rings(parts[areal], return_index=True)
    lines = np.concatenate([parts[~areal], rings])
    owner = np.concatenate([whose[~areal], whose[areal][of_part]])
    xy, line = shapely.get_coordinates(lines, return_index=True)
    # Coordinates may be beyond what can be squared.
    with np.errstate(over="ignore"):
        side = np.hypot(*np.diff(xy, axis=0).T)
    long = (side >= SPIKE_M) & (line[1:] == line[:-1])
    return set(owner[line[1:][long]].tolist())


def _sorted(geometry: shapely.Geometry) -> list[Point]:
    """Return the vertices of a drawing, those beyond the country last, then by how far out."""
    xy = shapely.get_coordinates(geometry)
    away = np.abs(xy - np.median(xy, axis=0)).max(axis=1)
    order = np.lexsort([*xy.T, away, _beyond(xy)])
    return [(east, north) for east, north in xy[order].tolist()]
