"""Faults of zones that should lie side by side: ground covered twice or not at all, once each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses.coverage.chain import Unshared, enclosed, unshared
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
from ntm_gis.analyses.overlay.pieces import covers, in_both

if TYPE_CHECKING:
    from ntm_gis.analyses.columns import Floats, Ints, Shapes
    from ntm_gis.analyses.coverage.places import Bools


@dataclass(frozen=True)
class Overlaps(Places):
    """Ground that two zones share; where three meet, each two of them have a line.

    Parameters
    ----------
    first, second : int array, (n,)
        Numbers of the zones, first < second; ordered by both, then from west to east.
    """

    first: Ints
    second: Ints

    def ground(self) -> shapely.Geometry:
        """Return the ground of all overlaps, each piece once."""
        return shapely.union_all(self.geometry)


@dataclass(frozen=True)
class Gaps(Places):
    """Ground that no zone covers, from west to east.

    Parameters
    ----------
    touching : tuple of tuple of int
        Numbers of the zones along the edge of each.
    """

    touching: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Faults:
    """What keeps zones from being a coverage.

    Parameters
    ----------
    overlaps, gaps
        Wider than the tolerance.
    seam_overlaps, seam_gaps
        Those within the tolerance: the same seam drawn with other vertices, no faults.
    bad_rings : tuple of BadRing
        Zones left out because what they cover cannot be told. Gaps beside them are not judged.
    """

    overlaps: Overlaps
    gaps: Gaps
    seam_overlaps: Overlaps
    seam_gaps: Gaps
    bad_rings: tuple[BadRing, ...]


def faults(
    shapes: Shapes,
    zone: str,
    *,
    sliver_m: float,
    tolerance_m: float = TOLERANCE_M,
    frame: shapely.Geometry | None = None,
) -> Faults:
    """Find where zones cover ground twice, and the ground between them that none covers.

    Parameters
    ----------
    shapes : object array, (n,)
        Polygons in the zone; None and empty ones are passed over, invalid ones named.
    zone : str
        Reference system of the commune, in metres.
    sliver_m : float
        What is nowhere this wide is a sliver.
    tolerance_m : float
        What is nowhere this wide is no fault.
    frame : geometry, optional
        Ground that the zones should cover: gaps are then all that they leave of it. Without it
        gaps are what zones close in all around, if only corner to corner.

    Raises
    ------
    CrsError
        `zone` is not metric.
    UsageError
        `frame` is not valid.

    Examples
    --------
    >>> shapes = np.array([shapely.box(0, 0, 100, 100), shapely.box(99, 0, 200, 100)])
    >>> found = faults(shapes, "EPSG:9205", sliver_m=2.0)
    >>> found.overlaps.grid_m2.tolist(), found.overlaps.is_sliver.tolist(), len(found.gaps)
    ([100.0], [True], 0)
    """
    shapes = np.asarray(shapes, dtype=object)
    bad = bad_rings(shapes)
    whole = np.array([frame], dtype=object)
    require_valid(whole)
    sound = shapes.copy()
    sound[[ring.number for ring in bad]] = None
    origin = middle(sound, whole)
    sound = moved(sound, -origin)
    frame = moved(whole, -origin)[0]
    edges = unshared(sound, frame)
    faces = enclosed(edges)
    tree = shapely.STRtree(sound)
    count, within = _covering(faces, sound, tree, frame)
    first, second, shared = _shared(faces[count > 1], sound, tree)
    empty = faces[(count == 0) & within]
    touching = _touching(empty, edges, len(shapes))
    shared, of = _put_back(shared, origin)
    first, second = first[of], second[of]
    empty, of = _put_back(empty, origin)
    judged = _judged(empty, shapes[[ring.number for ring in bad]])
    empty, touching = empty[judged], tuple(touching[k] for k in of[judged].tolist())
    sizes = _Sizes(zone, sliver_m, tolerance_m)
    overlaps, same = sizes.split(shared)
    gaps, closed = sizes.split(empty)
    return Faults(
        Overlaps(*sizes.of(shared[overlaps]), first[overlaps], second[overlaps]),
        Gaps(*sizes.of(empty[gaps]), tuple(touching[k] for k in gaps.tolist())),
        Overlaps(*sizes.of(shared[same]), first[same], second[same]),
        Gaps(*sizes.of(empty[closed]), tuple(touching[k] for k in closed.tolist())),
        bad,
    )


@dataclass(frozen=True)
class _Sizes:
    zone: str
    sliver_m: float
    tolerance_m: float

    def split(self, places: Shapes) -> tuple[Ints, Ints]:
        """Return the numbers of faults and of what is within the tolerance."""
        same = thinner(places, self.tolerance_m)
        return np.flatnonzero(~same), np.flatnonzero(same)

    def of(self, places: Shapes) -> tuple[Shapes, Floats, Floats, Floats, Bools]:
        """Return what `Places` holds."""
        return measured(places, self.zone, thinner(places, self.sliver_m))


def _covering(
    faces: Shapes, shapes: Shapes, tree: shapely.STRtree, frame: shapely.Geometry | None
) -> tuple[Ints, Bools]:
    """Return how many zones cover each face, and whether it is ground that they should cover."""
    inner = shapely.point_on_surface(faces)
    face, zone = tree.query(inner, predicate="dwithin", distance=RESOLUTION_M)
    met, which = np.unique(zone, return_inverse=True)
    outline = shapely.boundary(shapes[met])
    on_edge = shapely.dwithin(outline[which], inner[face], RESOLUTION_M)
    count = np.bincount(face, minlength=len(faces))
    # A point on an edge, or as good as on it, tells nothing: their ground is measured instead.
    doubtful = np.unique(face[on_edge])
    near, zone = tree.query(faces[doubtful], predicate="intersects")
    ground = shapely.area(shapely.intersection(faces[doubtful[near]], shapes[zone]))
    covered = np.bincount(near, ground, minlength=len(doubtful))
    count[doubtful] = np.rint(covered / shapely.area(faces[doubtful]))
    within = np.ones(len(faces), dtype=bool)
    if frame is not None:
        shapely.prepare(frame)
        within = shapely.contains(frame, inner)
        ground = shapely.area(shapely.intersection(faces[doubtful], frame))
        within[doubtful] = 2 * ground > shapely.area(faces[doubtful])
    return count, within


def _shared(faces: Shapes, shapes: Shapes, tree: shapely.STRtree) -> tuple[Ints, Ints, Shapes]:
    """Return the pairs of zones that share ground within faces, and that ground by part."""
    shapely.prepare(faces)
    near, zone = tree.query(faces, predicate="intersects")
    meet = covers(faces[near], shapes[zone])
    meet[~meet] = ~shapely.touches(faces[near[~meet]], shapes[zone[~meet]])
    zone = np.unique(zone[meet])
    some = shapes[zone]
    shapely.prepare(some)
    first, second = shapely.STRtree(some).query(some)
    first, second = first[first < second], second[first < second]
    ground = in_both(some[first], some[second])
    parts, of = shapely.get_parts(ground, return_index=True)
    kept = is_wide(parts)
    parts, first, second = parts[kept], zone[first[of[kept]]], zone[second[of[kept]]]
    order = from_the_west(parts, first, second)
    return first[order], second[order], parts[order]


def _put_back(places: Shapes, origin: Floats) -> tuple[Shapes, Ints]:
    """Return places where they belong, part by part, and the number of each part's place."""
    parts, of = shapely.get_parts(back(places, origin), return_index=True)
    kept = is_wide(parts)
    return parts[kept], of[kept]


def _judged(gaps: Shapes, bad: Shapes) -> Ints:
    """Return gaps from west to east, but those beside zones whose ground cannot be told."""
    order = from_the_west(gaps)
    if len(gaps) and len(bad):
        hidden = shapely.union_all(shapely.convex_hull(bad))
        order = order[~shapely.dwithin(gaps[order], hidden, RESOLUTION_M)]
    return order


def _touching(gaps: Shapes, edges: Unshared, zones: int) -> tuple[tuple[int, ...], ...]:
    """Return the zones along each gap, by the edges that its own run along."""
    if not len(gaps):
        return ()
    rings, gap = shapely.get_rings(gaps, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    step = ring[1:] == ring[:-1]
    middle = shapely.points((xy[1:][step] + xy[:-1][step]) / 2)
    side, edge = shapely.STRtree(shapely.linestrings(edges.ends)).query(
        middle, predicate="dwithin", distance=RESOLUTION_M
    )
    of, owner = gap[ring[:-1][step][side]], edges.owner[edge]
    return groups(of[owner < zones], owner[owner < zones], len(gaps))
