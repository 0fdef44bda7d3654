"""Extents of plans against the boundary: what lies outside, in whose ground, what is left bare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis import crs
from ntm_gis.analyses.coverage.places import (
    RESOLUTION_M,
    TOLERANCE_M,
    Places,
    from_the_west,
    groups,
    is_wide,
    measured,
)
from ntm_gis.analyses.coverage.rings import BadRing, bad_rings, require_valid
from ntm_gis.analyses.coverage.slivers import thinner
from ntm_gis.analyses.overlay.origin import back, middle, moved
from ntm_gis.analyses.overlay.pieces import areal, pieces

if TYPE_CHECKING:
    from ntm_gis.analyses.columns import Floats, Ints, Shapes

_M2_PER_HA = 10_000.0


@dataclass(frozen=True)
class Outside(Places):
    """Ground of plans beyond the boundary, cut where neighbours begin.

    `width_m` is of the piece, `is_sliver` of all the ground outside that the piece is cut from:
    a wide strip does not become slivers because two neighbours have parts of it.

    Parameters
    ----------
    neighbour : int array, (n,)
        Number of the neighbour where the piece lies now; -1 in none of those known.
    extents : tuple of tuple of int
        Numbers of the extents that have ground in it.
    """

    neighbour: Ints
    extents: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Bare(Places):
    """Ground of the commune that no extent covers.

    Parameters
    ----------
    extents : tuple of tuple of int
        Numbers of the extents beside it.
    """

    extents: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Margins:
    """How extents fit the boundary.

    Parameters
    ----------
    outside : Outside
        By neighbour (those in none last), then from west to east.
    bare : Bare
        From west to east.
    seam_outside, seam_bare : Places
        Those nowhere wider than the tolerance: the same line drawn with other vertices.
    boundary_grid_m2, boundary_ellipsoid_m2 : float
        The whole commune.
    bad_rings : tuple of BadRing
        Extents left out because what they cover cannot be told.
    """

    outside: Outside
    bare: Bare
    seam_outside: Places
    seam_bare: Places
    boundary_grid_m2: float
    boundary_ellipsoid_m2: float
    bad_rings: tuple[BadRing, ...]

    @property
    def covered_grid_m2(self) -> float:
        """Ground of the commune that extents cover, in the plane of the zone."""
        left = self.bare.grid_m2.sum() + self.seam_bare.grid_m2.sum()
        return self.boundary_grid_m2 - float(left)


def margins(
    extents: Shapes,
    boundary: shapely.Geometry,
    neighbours: Shapes,
    zone: str,
    *,
    sliver_m: float,
    tolerance_m: float = TOLERANCE_M,
) -> Margins:
    """Compare the extents of plans with the boundary of the commune.

    Parameters
    ----------
    extents : object array, (n,)
        Polygons in the zone, which may overlap: their ground counts once. None and empty ones
        are passed over, invalid ones named and left out.
    boundary : geometry
        The commune, valid.
    neighbours : object array, (m,)
        The communes around it, valid; may be empty.
    zone : str
        Reference system of the commune, in metres.
    sliver_m : float
        What is nowhere this wide is a sliver.
    tolerance_m : float
        What is nowhere this wide is no difference.

    Raises
    ------
    UsageError
        The boundary or a neighbour is not valid.
    CrsError
        `zone` is not metric.

    Examples
    --------
    >>> commune, east = shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)
    >>> found = margins(
    ...     np.array([shapely.box(20, 0, 130, 100)]), commune, np.array([east]), "EPSG:9205",
    ...     sliver_m=2.0,
    ... )
    >>> found.outside.grid_m2.tolist(), found.outside.neighbour.tolist()
    ([3000.0], [0])
    >>> found.bare.grid_m2.tolist(), found.covered_grid_m2
    ([2000.0], 8000.0)
    """
    extents = np.asarray(extents, dtype=object)
    neighbours = np.asarray(neighbours, dtype=object)
    whole = np.array([boundary], dtype=object)
    require_valid(whole)
    require_valid(neighbours)
    bad = bad_rings(extents)
    sound = shapely.force_2d(extents)
    sound[[ring.number for ring in bad]] = None
    origin = middle(sound, whole)
    ground = shapely.union_all(moved(sound, -origin))
    commune = moved(whole, -origin)[0]
    beyond = _parts(shapely.difference(ground, commune), origin)
    left = _parts(shapely.difference(commune, ground), origin)
    tree = shapely.STRtree(sound)
    same, closed = thinner(beyond, tolerance_m), thinner(left, tolerance_m)
    bare = left[~closed]
    return Margins(
        _outside(beyond[~same], neighbours, tree, zone, sliver_m),
        Bare(*measured(bare, zone, thinner(bare, sliver_m)), _beside(bare, tree)),
        Places(*measured(beyond[same], zone, same[same])),
        Places(*measured(left[closed], zone, closed[closed])),
        float(shapely.area(boundary)),
        float(crs.ellipsoidal_ha(whole, zone)[0]) * _M2_PER_HA,
        bad,
    )


def _outside(
    beyond: Shapes, neighbours: Shapes, tree: shapely.STRtree, zone: str, sliver_m: float
) -> Outside:
    """Cut what lies outside by the neighbours."""
    sliver = thinner(beyond, sliver_m)
    cut = pieces(beyond, neighbours)
    ours = cut.left >= 0
    parts, of = shapely.get_parts(cut.geometry[ours], return_index=True)
    from_, neighbour = cut.left[ours][of], cut.right[ours][of]
    order = from_the_west(parts, (neighbour < 0).astype(np.int64), neighbour)
    parts, from_, neighbour = parts[order], from_[order], neighbour[order]
    return Outside(*measured(parts, zone, sliver[from_]), neighbour, _within(parts, tree))


def _parts(ground: shapely.Geometry, origin: Floats) -> Shapes:
    """Return the parts of ground from west to east, without what is only rounding."""
    parts = shapely.get_parts(back(areal(np.array([ground], dtype=object)), origin))
    parts = parts[is_wide(parts)]
    out: Shapes = parts[from_the_west(parts)]
    return out


def _within(places: Shapes, tree: shapely.STRtree) -> tuple[tuple[int, ...], ...]:
    """Return the extents that have ground in each place."""
    place, extent = tree.query(places, predicate="intersects")
    shared = shapely.intersection(places[place], tree.geometries[extent])
    some = shapely.area(shared) > RESOLUTION_M * shapely.length(places[place])
    return groups(place[some], extent[some], len(places))


def _beside(places: Shapes, tree: shapely.STRtree) -> tuple[tuple[int, ...], ...]:
    """Return the extents that touch each place."""
    place, extent = tree.query(places, predicate="dwithin", distance=RESOLUTION_M)
    return groups(place, extent, len(places))
