"""Drawings in other units than metres, or from an origin of their own: asked about, never guessed.

CAD files name no system of coordinates and often not the unit either. Where millimetres would put
a drawing into the commune, the finding says so; commune.toml says whether they are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.rules.commune import UNITS
from ntm_gis.sources.readers.parsed import Told

if TYPE_CHECKING:
    import numpy.typing as npt

    from ntm_gis.crs import Hypothesis

    Shapes = npt.NDArray[np.object_]

KINDS = frozenset({"dxf", "dgn"})

_OWN_M = 100_000.0
"""East and north of a zone are beyond this; coordinates within it count from another origin."""

_FITS = 0.5


def in_metres(shapes: Shapes, unit: str | None, origin: tuple[float, float] | None) -> Shapes:
    """Return geometry in metres of its system, by what commune.toml says of a drawing.

    Parameters
    ----------
    shapes : object array, (n,)
        In the coordinates of the file.
    unit : str, optional
        One of `UNITS`; metres where left out.
    origin : (float, float), optional
        East and north, metres, of the drawing's own (0, 0).

    Examples
    --------
    >>> drawn = np.array([shapely.Point(1500, 2000)])
    >>> in_metres(drawn, "mm", (571_000.0, 2_455_000.0)).tolist()
    [<POINT (571001.5 2455002)>]
    """
    if unit is None and origin is None:
        return shapes
    scale, start = UNITS[unit or "m"], np.asarray(origin or (0.0, 0.0))
    out: Shapes = shapely.transform(shapes, lambda xy: xy * scale + start)
    return out


def asked(
    shapes: Shapes,
    rank: Callable[[Shapes], Sequence[Hypothesis]],
    score: Callable[[Hypothesis], float],
    label: Callable[[str], object],
) -> Told | None:
    """Tell in which unit a drawing would lie in the commune, or that its origin is its own.

    Parameters
    ----------
    shapes : object array, (n,)
        In the coordinates of the file; as metres of no system do they lie in the commune.
    rank, score, label : callable
        Systems by how well they fit, how well one does, and what it is called.
    """
    count = int(sum(shape is not None for shape in shapes))
    for unit, scale in UNITS.items():
        if unit == "m":
            continue
        best = next(iter(rank(in_metres(shapes, unit, None))), None)
        if best is not None and score(best) >= _FITS:
            return Told("DRAWING_UNITS", params={
                "count": count, "unit": unit, "by": 1 / scale, "system": label(best.source),
                "percent": 100 * score(best)})  # fmt: skip
    points = shapely.get_coordinates(shapes)
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return None
    # The middle half: a few strays far off do not make an origin.
    (west, south), (east, north) = np.quantile(points, [0.25, 0.75], axis=0).tolist()
    if max(map(abs, (west, south, east, north))) > _OWN_M:
        return None
    return Told("DRAWING_LOCAL", params={
        "count": count, "west": west, "east": east, "south": south, "north": north})  # fmt: skip
