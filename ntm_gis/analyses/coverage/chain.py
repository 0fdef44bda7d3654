"""Edges that zones don't share with a neighbour, and the ground that they enclose.

Where two zones share an edge in opposite directions one ends and the other begins: how many
zones cover the ground does not change across it. So everything that is covered twice or not at
all lies within what the other edges enclose, and only those need to be looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses.coverage.places import is_wide
from ntm_gis.analyses.overlay.vertices import rings

if TYPE_CHECKING:
    import numpy.typing as npt

    from ntm_gis.analyses.columns import Floats, Ints, Shapes


@dataclass(frozen=True)
class Unshared:
    """Edges without one in the opposite direction.

    Parameters
    ----------
    chains : object array, (c,)
        Lines of those that follow one another in a ring.
    ends : float array, (k, 2, 2)
        Both ends of each.
    owner : int array, (k,)
        Number of the zone that has it.
    """

    chains: Shapes
    ends: Floats
    owner: Ints


def unshared(shapes: Shapes, frame: shapely.Geometry | None = None) -> Unshared:
    """Return the edges of zones that no neighbour has in the opposite direction.

    Parameters
    ----------
    shapes : object array, (n,)
        Valid polygons; None and empty ones have no edges.
    frame : geometry, optional
        Ground that they should cover: its edges stand as those of a neighbour all around,
        with the number n.

    Examples
    --------
    >>> pair = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)])
    >>> left = unshared(pair)
    >>> len(left.ends), np.bincount(left.owner).tolist(), shapely.length(left.chains).sum()
    (6, [3, 3], np.float64(6.0))
    """
    every = np.concatenate([shapes, np.array([frame], dtype=object)])
    ends, owner, ring, leftward = _edges(every)
    if frame is not None:
        leftward[owner == len(shapes)] *= -1  # what is around the frame lies on its other side
    run = ends[:, 1] - ends[:, 0]
    rises = (run[:, 0] > 0) | ((run[:, 0] == 0) & (run[:, 1] > 0))
    low, high = (np.where(rises[:, None], ends[:, one], ends[:, 1 - one]) for one in (0, 1))
    place = _places(np.column_stack([low, high]))
    net = np.bincount(place, np.where(rises, leftward, -leftward))
    alone = np.flatnonzero(net[place] != 0)
    return Unshared(_chains(ends[alone], ring[alone], alone), ends[alone], owner[alone])


def enclosed(edges: Unshared) -> Shapes:
    """Return the ground that edges enclose, in pieces that none of them crosses.

    Returns
    -------
    object array, (f,)
        Polygons wider than a micrometre; how many zones cover it is the same all over each.

    Examples
    --------
    >>> apart = np.array([shapely.box(0, 0, 2, 2), shapely.box(1, 0, 3, 2)])
    >>> sorted(shapely.area(enclosed(unshared(apart))).tolist())
    [2.0, 2.0, 2.0]
    """
    noded = shapely.get_parts(shapely.union_all(edges.chains))
    faces = shapely.get_parts(shapely.polygonize(noded))
    return np.asarray(faces[is_wide(faces)], dtype=object)


def _edges(shapes: Shapes) -> tuple[Floats, Ints, Ints, Floats]:
    """Return the ends of edges, their zones and rings, and +1 where the zone is on the left."""
    parts, of = shapely.get_parts(shapes, return_index=True)
    xy, ring_first, polygon_first = rings(parts)
    xy = xy + 0.0  # -0.0 is 0.0
    count = len(ring_first) - 1
    ring = np.repeat(np.arange(count), np.diff(ring_first))
    inner = np.flatnonzero(ring[1:] == ring[:-1])
    inner = inner[(xy[inner] != xy[inner + 1]).any(axis=1)]
    ends, ring = np.stack([xy[inner], xy[inner + 1]], axis=1), ring[inner]
    rise = ends[:, :, 1].sum(axis=1) - 2 * xy[ring_first[ring], 1]
    clockwise = np.bincount(ring, (ends[:, 1, 0] - ends[:, 0, 0]) * rise, count) > 0
    shell = np.zeros(count, dtype=bool)
    shell[polygon_first[:-1][np.diff(polygon_first) > 0]] = True
    owner = of[np.repeat(np.arange(len(parts)), np.diff(polygon_first))]
    return ends, owner[ring], ring, np.where(clockwise == shell, -1.0, 1.0)[ring]


def _chains(ends: Floats, ring: Ints, position: Ints) -> Shapes:
    """Return lines of edges that follow one another: fewer to node than edges one by one."""
    if not len(ends):
        return np.empty(0, dtype=object)
    new = (ring[1:] != ring[:-1]) | (position[1:] != position[:-1] + 1)
    chain = np.concatenate([[0], np.cumsum(new)])
    both = np.column_stack([np.ones(len(ends), dtype=bool), np.append(new, True)]).ravel()
    lines = shapely.linestrings(ends.reshape(-1, 2)[both], indices=np.repeat(chain, 2)[both])
    return np.asarray(lines, dtype=object)


def _places(rows: Floats) -> Ints:
    """Return a number for each row of coordinates, equal rows alike."""
    mixed = _mixed(np.ascontiguousarray(rows).view(np.uint64))
    order = np.argsort(mixed)
    same = mixed[order[1:]] == mixed[order[:-1]]
    # Different rows of one number are met by chance once in a hundred million runs.
    if not (rows[order[1:][same]] == rows[order[:-1][same]]).all():
        return np.unique(rows, axis=0, return_inverse=True)[1].ravel()
    place = np.empty(len(rows), dtype=np.int64)
    place[order] = np.cumsum(np.concatenate([[False], ~same])) if len(rows) else 0
    return place


def _mixed(bits: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Mix the bits of rows into one number each (the finish of splitmix64)."""
    out = np.zeros(len(bits), dtype=np.uint64)
    for column in bits.T:
        out = (out ^ column) * np.uint64(0x9E3779B97F4A7C15)
        out = (out ^ (out >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        out = (out ^ (out >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        out ^= out >> np.uint64(31)
    return out
