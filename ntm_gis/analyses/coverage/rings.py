"""Rings that are not valid: named with their place, never mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses.overlay.threads import threaded
from ntm_gis.errors import UsageError

if TYPE_CHECKING:
    from ntm_gis.analyses.columns import Shapes


@dataclass(frozen=True, slots=True)
class BadRing:
    """A polygon whose rings enclose nothing that can be told.

    Parameters
    ----------
    number : int
        Its position among the shapes given.
    reason : str
        As GEOS names it: "Self-intersection", "Nested shells", ...; "No polygon" for lines and
        points, "Not finite" for coordinates that are no numbers.
    at : tuple of float or None
        The place, in the zone.
    """

    number: int
    reason: str
    at: tuple[float, float] | None


def bad_rings(shapes: Shapes) -> tuple[BadRing, ...]:
    """Return the polygons that are not valid, in their order.

    Parameters
    ----------
    shapes : object array, (n,)
        None and empty ones are passed over.

    Examples
    --------
    >>> bow_tie = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    >>> bad_rings(np.array([shapely.box(0, 0, 1, 1), bow_tie]))
    (BadRing(number=1, reason='Self-intersection', at=(1.0, 1.0)),)
    """
    given = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    areal = np.isin(
        shapely.get_type_id(shapes),
        (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON),
    )
    bad = given & (~areal | ~threaded(shapely.is_valid, shapes).astype(bool))
    return tuple(_named(number, shapes[number]) for number in np.flatnonzero(bad).tolist())


def require_valid(shapes: Shapes) -> None:
    """Refuse polygons that are not valid.

    Raises
    ------
    UsageError
        With their count, the number of the first one and its place.
    """
    bad = bad_rings(shapes)
    if bad:
        east, north = bad[0].at or (np.nan, np.nan)
        raise UsageError(
            "OVERLAY_INVALID", n=len(bad), first=bad[0].number + 1, east=east, north=north
        )  # fmt: skip


def _named(number: int, shape: shapely.Geometry) -> BadRing:
    coordinates = shapely.get_coordinates(shape)
    vertex = (float(coordinates[0, 0]), float(coordinates[0, 1]))
    if not np.isfinite(coordinates).all():
        return BadRing(number, "Not finite", None)
    if shapely.get_type_id(shape) not in {
        shapely.GeometryType.POLYGON,
        shapely.GeometryType.MULTIPOLYGON,
    }:
        return BadRing(number, "No polygon", vertex)
    reason, _, rest = str(shapely.is_valid_reason(shape)).partition("[")
    try:
        x, y = (float(part) for part in rest.rstrip("]").split()[:2])
    except ValueError:
        return BadRing(number, reason.strip(), vertex)
    return BadRing(number, reason.strip(), (x, y))
