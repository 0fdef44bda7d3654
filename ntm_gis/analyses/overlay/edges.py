"""Polygons as plain arrays of edges, and what a square metre of the grid is on the ellipsoid."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial import chebyshev
from pyproj import Geod

from ntm_gis import crs
from ntm_gis.analyses.overlay.kernels import laid
from ntm_gis.analyses.overlay.vertices import rings
from ntm_gis.errors import CrsError

if TYPE_CHECKING:
    from ntm_gis.analyses.columns import Floats, Ints, Shapes

_LEAST_HALF_M, _EARTH_M = 500.0, 6_378_137.0
_NEGLIGIBLE = 1e-13
_HIGHEST = 16

ALONG, ACROSS = 5, 3
"""Powers of x for the weight at a place, and for its change to the north."""


@dataclass(frozen=True)
class Weights:
    """Ground on the ellipsoid for each square metre of the grid.

    Parameters
    ----------
    origin : tuple of float
        The midst of where it holds, in the zone, whole metres.
    half : float array, (2,)
        Half the extent of where it holds, metres.
    table : float array, (d + 1, d + 1)
        Coefficients of Chebyshev polynomials in x and y from the origin over `half`.
    """

    origin: tuple[float, float]
    half: Floats
    table: Floats

    def about(self, places: Floats) -> Floats:
        """Return the weights near places, as powers of metres to the east of each.

        Parameters
        ----------
        places : float array, (n, 2)
            Metres from the origin.

        Returns
        -------
        float array, (n, ALONG + ACROSS)
            Powers 0 to 4 of the weight, then 0 to 2 of its change for each metre to the north.
        """
        tables = []
        for north, powers in ((0, ALONG), (1, ACROSS)):
            risen = chebyshev.chebder(self.table, north, axis=1) / self.half[1] ** north
            wide = np.zeros_like(self.table)
            wide[:, : risen.shape[1]] = risen
            for power in range(powers):
                table = np.zeros_like(wide)
                slope = chebyshev.chebder(wide, power, axis=0)
                table[: len(slope)] = slope / self.half[0] ** power / math.factorial(power)
                tables.append(table)
        u, v = (places / self.half).T
        return np.ascontiguousarray(chebyshev.chebval2d(u, v, np.stack(tables, axis=2)).T)


@dataclass(frozen=True)
class Edges:
    """The edges of polygons that are not vertical, by polygon and from west to east.

    Parameters
    ----------
    table : float array, (m, 6)
        x and y of the western end, x and y of the eastern end, sign (+1: ground below the edge
        belongs to the polygon, -1: it is taken off), furthest x of this polygon's edges so far.
    first : int array, (n + 1,)
        Edges of polygon i stand at `first[i]:first[i + 1]`; none for missing and empty ones.
    """

    table: Floats
    first: Ints


def edges(polygons: Shapes, origin: tuple[float, float]) -> Edges:
    """Lay out the edges of polygons; the direction of their rings does not matter.

    Parameters
    ----------
    polygons : object array, (n,)
        Valid polygons of one part; None and empty ones have no edges.
    origin : tuple of float
        Taken off all coordinates.

    Examples
    --------
    >>> import shapely
    >>> laid = edges(np.array([shapely.box(10, 10, 12, 11)]), (10.0, 10.0))
    >>> laid.table[:, :5].tolist(), laid.first.tolist()
    ([[0.0, 1.0, 2.0, 1.0, 1.0], [0.0, 0.0, 2.0, 0.0, -1.0]], [0, 2])
    """
    xy, ring_first, polygon_first = rings(polygons)
    return Edges(*laid(xy - np.asarray(origin), ring_first, polygon_first))


def weights(bounds: tuple[float, float, float, float], zone: str) -> Weights:
    """Return ground on the ellipsoid for each square metre of the grid, as a polynomial.

    Parameters
    ----------
    bounds : tuple of float
        West, south, east, north in the zone, metres; where the polynomial holds.
    zone : str
        Reference system, in metres.

    Returns
    -------
    Weights

    Raises
    ------
    CrsError
        `zone` is not metric.

    Notes
    -----
    The grid is brought to an equal-area map of the ellipsoid at Chebyshev nodes; the weight is
    the determinant of the derivatives of the polynomials through them. Their degree grows with
    the extent, so that what is left out is beyond the twelfth digit.

    Examples
    --------
    >>> found = weights((571_000, 2_455_000, 572_000, 2_456_000), "EPSG:9205")
    >>> found.origin, f"{found.about(np.zeros((1, 2)))[0, 0]:.6f}"
    ((571500.0, 2455500.0), '1.000074')
    """
    system = crs.require_metric(zone, "geometry")
    geographic = system.geodetic_crs
    if geographic is None:
        raise CrsError("CRS_UNKNOWN", value=system.name)
    west, south, east, north = bounds
    origin = (float(np.rint((west + east) / 2)), float(np.rint((south + north) / 2)))
    half = np.maximum([(east - west) / 2, (north - south) / 2], _LEAST_HALF_M)
    degree = int(np.log(_NEGLIGIBLE) / np.log(min(half.max() / _EARTH_M, 0.2)))
    degree = min(max(degree, ALONG - 1), _HIGHEST)
    node = chebyshev.chebpts1(degree + 4)
    u, v = np.meshgrid(node, node, indexing="ij")
    x, y = (origin[0] + half[0] * u).ravel(), (origin[1] + half[1] * v).ravel()
    lon, lat = crs.to_zone(x, y, system, geographic)
    eastward, northward = _equal_area(lon, lat)
    e_u, e_v = _slopes(node, eastward.reshape(u.shape))
    n_u, n_v = _slopes(node, northward.reshape(u.shape))
    weight = (e_u * n_v - e_v * n_u) / half.prod()
    return Weights(origin, half, _through(node, weight, degree))


def _equal_area(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return coordinates, metres, whose plane area is the area on the ellipsoid."""
    geod = Geod(ellps="WGS84")  # the ellipsoid of published areas, and VN-2000's
    e = np.sqrt(geod.es)
    sine = np.sin(np.radians(lat))
    north = (1 - geod.es) * (sine / (1 - geod.es * sine**2) + np.arctanh(e * sine) / e)
    return geod.a * np.radians(lon - lon.mean()), geod.a / 2 * (north - north.mean())


def _slopes(node: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Return the derivatives of what has these values at pairs of nodes, there."""
    table = _through(node, values, len(node) - 1)
    first, second = (
        np.asarray(
            chebyshev.chebgrid2d(node, node, chebyshev.chebder(table, axis=axis)), dtype=np.float64
        )
        for axis in (0, 1)
    )
    return first, second


def _through(node: Floats, values: Floats, degree: int) -> Floats:
    """Return the Chebyshev coefficients of values at pairs of nodes, which are orthogonal there."""
    basis = chebyshev.chebvander(node, degree).T * (2 / len(node))
    basis[0] /= 2
    return np.asarray(basis @ values @ basis.T, dtype=np.float64)
