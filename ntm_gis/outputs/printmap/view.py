"""How the ground lies on one sheet: the transform, the free face, and what is already on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from math import atan, degrees, radians, sin, tan
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis import crs
from ntm_gis.outputs.printmap import standard

if TYPE_CHECKING:
    import numpy.typing as npt

    from ntm_gis.outputs.printmap.page import Points, Shapes
    from ntm_gis.outputs.printmap.standard import Format, Rules


@dataclass
class View:
    """A frame on paper and the ground in it.

    `frame` is the neatline, mm; `east` and `north` the ground at its lower left corner, metres.
    `lines` bears what costs a text that stands on it, with its weight; `symbols` what no text may
    cover, with the label that may touch it.
    """

    format: Format
    frame: shapely.Polygon
    scale: int
    east: float
    north: float
    zone: str
    commune_ground: shapely.Geometry | None
    corner: tuple[float, float] = (0.0, 0.0)
    """Where findings count their metres from."""
    free: shapely.Geometry = field(default_factory=shapely.Polygon)
    lines: list[tuple[shapely.Geometry, float]] = field(default_factory=list)
    symbols: list[tuple[shapely.Geometry, int]] = field(default_factory=list)

    @cached_property
    def rules(self) -> Rules:
        """What the scale shows."""
        return standard.rules(self.scale)

    @property
    def mm(self) -> float:
        """Millimetres of paper for a metre of ground."""
        return 1000 / self.scale

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top of the neatline."""
        left, bottom, right, top = self.frame.bounds
        return float(left), float(bottom), float(right), float(top)

    def points(self, metres: npt.ArrayLike) -> Points:
        """Return places on the ground as places on paper."""
        places = np.asarray(metres, dtype=np.float64)[:, :2]
        return (places - (self.east, self.north)) * self.mm + self.box[:2]

    def put(self, shapes: npt.ArrayLike) -> Shapes:
        """Return shapes on the ground as shapes on paper."""
        found = shapely.force_2d(np.atleast_1d(np.asarray(shapes, dtype=object)))
        moved: Shapes = shapely.transform(found, self.points)
        return moved

    def ground(self, x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Points, Points]:
        """Return places on paper as places on the ground."""
        return (
            self.east + (np.asarray(x, dtype=np.float64) - self.box[0]) / self.mm,
            self.north + (np.asarray(y, dtype=np.float64) - self.box[1]) / self.mm,
        )

    @cached_property
    def commune(self) -> shapely.Geometry | None:
        """The commune on paper, within the frame, as fine as the eye sees."""
        if self.commune_ground is None:
            return None
        inside = shapely.intersection(self.put(self.commune_ground)[0], self.frame)
        found = shapely.simplify(inside, 0.05)
        shapely.prepare(found)
        return found

    def clipped(self, shapes: npt.ArrayLike) -> Shapes:
        """Return shapes of the ground on paper, cut to the frame, parts apart, nothing empty."""
        return self.clipped_rows(shapes)[0]

    def clipped_rows(self, shapes: npt.ArrayLike) -> tuple[Shapes, npt.NDArray[np.intp]]:
        """Return clipped parts, and of which shape each is."""
        found = self.put(shapes)
        whole = np.isfinite(shapely.bounds(found)).all(axis=1)
        rows = np.flatnonzero(whole)
        cut = shapely.clip_by_rect(found[rows], *self.box)
        parts, index = shapely.get_parts(cut, return_index=True)
        there = ~shapely.is_empty(parts)
        return parts[there], rows[index[there]]

    @cached_property
    def convergence(self) -> float:
        """Degrees by which grid north lies east of true north in the middle of the sheet."""
        left, bottom, right, top = self.box
        middle = self.ground((left + right) / 2, (bottom + top) / 2)
        lon, lat = crs.transformer(self.zone, "EPSG:4756").transform(
            float(middle[0]), float(middle[1])
        )
        return convergence(lon - crs.zone(self.zone).longitude, lat)


def convergence(from_meridian: float, latitude: float) -> float:
    """Return the convergence of a transverse Mercator grid, degrees, on a sphere.

    Within a zone of three degrees that is true to a second of arc.

    Parameters
    ----------
    from_meridian, latitude : float
        Degrees of longitude east of the central meridian, and of latitude.

    Examples
    --------
    >>> round(convergence(0.7162, 22.2192) * 60, 1)
    16.3
    """
    return degrees(atan(tan(radians(from_meridian)) * sin(radians(latitude))))
