"""Polygons as plain arrays of vertices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from ntm_gis.analyses.columns import Floats, Ints, Shapes


def rings(polygons: Shapes) -> tuple[Floats, Ints, Ints]:
    """Return the vertices of polygons, and where their rings begin.

    Parameters
    ----------
    polygons : object array, (n,)
        Polygons of one part; None and empty ones have no rings.

    Returns
    -------
    float array (v, 2), int array (r + 1,), int array (n + 1,)
        Vertices; ring k has those at `first[k]:first[k + 1]`; polygon i has the rings from the
        i-th number of the last array to before the next one, its shell first.

    Examples
    --------
    >>> square = shapely.box(0, 0, 1, 1)
    >>> _, ring_first, polygon_first = rings(np.array([square, None, square], dtype=object))
    >>> ring_first.tolist(), polygon_first.tolist()
    ([0, 5, 10], [0, 1, 1, 2])
    """
    xy, owner = shapely.get_coordinates(polygons, return_index=True)
    vertices = np.bincount(owner, minlength=len(polygons))
    inner = shapely.get_num_interior_rings(polygons)
    polygon_first = np.concatenate([[0], np.cumsum(np.where(vertices > 0, 1 + inner, 0))])
    # Rings as objects cost more than all the rest: only where there are several.
    several = inner > 0
    sizes = np.zeros(polygon_first[-1], dtype=np.int64)
    sizes[polygon_first[:-1][~several & (vertices > 0)]] = vertices[~several & (vertices > 0)]
    of_several = np.repeat(several, np.diff(polygon_first))
    sizes[of_several] = shapely.get_num_coordinates(shapely.get_rings(polygons[several]))
    return xy, np.concatenate([[0], np.cumsum(sizes)]), polygon_first
