"""Chainage along the axis of a road: how far a point is from the start, and what stands where.

Distances along the road are whole centimetres from the named start, as reports and the record
have them; coordinates are metres in the commune's zone. "Right" and "left" are those of someone
who looks towards the end of the road.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely

from ntm_gis import numbers

if TYPE_CHECKING:
    from ntm_gis.analyses.columns import Floats

CM = 100
"""Centimetres in a metre."""

CM_PER_KM = 100_000

Fault = Literal["none", "parts", "point"]
"""Why a drawing is no axis: nothing drawn, several parts apart, no length."""


@dataclass(frozen=True, slots=True)
class Located:
    """A point as seen from a road.

    Parameters
    ----------
    cm : int
        Chainage of the nearest point of the axis.
    offset_m : float
        Distance from the axis, 0 or more.
    side : {"left", "right", "on"}
    """

    cm: int
    offset_m: float
    side: Literal["left", "right", "on"]


@dataclass(frozen=True)
class Axis:
    """The line of a road as drawn, measured from its first vertex.

    Parameters
    ----------
    xy : float array, (n, 2)
        Vertices in metres, n ≥ 2, no two neighbours alike. Make it with `axis`.
    """

    xy: Floats

    @cached_property
    def at_m(self) -> Floats:
        """Metres from the start to each vertex, shape (n,)."""
        steps = np.hypot(*np.diff(self.xy, axis=0).T)
        return np.concatenate(([0.0], np.cumsum(steps)))

    @property
    def length_m(self) -> float:
        """Planar length in metres."""
        return float(self.at_m[-1])

    @property
    def length_cm(self) -> int:
        """Length in whole centimetres, the greatest chainage there is."""
        return int(np.rint(self.at_m[-1] * CM))

    @cached_property
    def line(self) -> shapely.LineString:
        """The axis as a geometry."""
        return shapely.LineString(self.xy)

    @property
    def is_ring(self) -> bool:
        """It ends where it starts."""
        return bool((self.xy[0] == self.xy[-1]).all())

    def reversed(self) -> Axis:
        """Return the same road measured from its other end."""
        return Axis(self.xy[::-1].copy())

    def metres(self, cm: float) -> float:
        """Return a chainage as metres along the line: the last centimetre is its end.

        Raises
        ------
        ValueError
            The chainage is not on the road.
        """
        if not 0 <= cm <= self.length_cm:
            message = f"{cm} cm is not within 0 … {self.length_cm} cm"
            raise ValueError(message)
        return self.length_m if cm == self.length_cm else min(cm / CM, self.length_m)

    def point(self, cm: float, offset_m: float = 0.0) -> tuple[float, float]:
        """Return east and north of a chainage.

        Parameters
        ----------
        cm : float
            From 0 to `length_cm`.
        offset_m : float
            Metres to the right of the axis, negative to the left.

        Examples
        --------
        >>> road = axis(shapely.LineString([(0, 0), (0, 300), (400, 300)]))
        >>> road.point(50_000), road.point(10_000, offset_m=3.5)
        ((200.0, 300.0), (3.5, 100.0))
        """
        at = self.metres(cm)
        k = self._segment(at)
        along = self.xy[k + 1] - self.xy[k]
        step = self.at_m[k + 1] - self.at_m[k]
        t = (at - self.at_m[k]) / step
        # At its end the vertex itself, not what rounding makes of it.
        east, north = self.xy[k] + t * along if t < 1.0 else self.xy[k + 1]
        right = offset_m / step
        return float(east + right * along[1]), float(north - right * along[0])

    def locate(self, east_m: float, north_m: float) -> Located:
        """Return chainage, distance and side of a point; of equally near places the first.

        Examples
        --------
        >>> road = axis(shapely.LineString([(0, 0), (0, 300), (400, 300)]))
        >>> road.locate(5, 120.5)
        Located(cm=12050, offset_m=5.0, side='right')
        """
        p = np.array([east_m, north_m])
        start, along = self.xy[:-1], np.diff(self.xy, axis=0)
        squared = (along**2).sum(1)
        t = np.clip(((p - start) * along).sum(1) / squared, 0.0, 1.0)
        away = p - (start + t[:, None] * along)
        distance = np.hypot(away[:, 0], away[:, 1])
        k = int(np.argmin(distance))
        at = self.at_m[k] + t[k] * (self.at_m[k + 1] - self.at_m[k])
        cm = min(int(np.rint(at * CM)), self.length_cm)
        return Located(cm, float(distance[k]), self._side(p, k, float(t[k]), float(distance[k])))

    def cut(self, from_cm: float, to_cm: float) -> shapely.LineString:
        """Return the stretch between two chainages; stretches that touch share their end point.

        Raises
        ------
        ValueError
            A chainage is not on the road, or the stretch has no length.

        Examples
        --------
        >>> road = axis(shapely.LineString([(0, 0), (0, 300), (400, 300)]))
        >>> road.cut(25_000, 35_000).wkt
        'LINESTRING (0 250, 0 300, 50 300)'
        """
        if from_cm >= to_cm:
            message = f"from {from_cm} cm to {to_cm} cm there is nothing"
            raise ValueError(message)
        since, until = self.metres(from_cm), self.metres(to_cm)
        first = np.searchsorted(self.at_m, since, side="right")
        last = np.searchsorted(self.at_m, until, side="left")
        ends = [self.point(from_cm), self.point(to_cm)]
        return shapely.LineString([ends[0], *self.xy[first:last].tolist(), ends[1]])

    def _segment(self, at_m: float) -> int:
        k = int(np.searchsorted(self.at_m, at_m, side="right")) - 1
        return min(max(k, 0), len(self.at_m) - 2)

    def _side(self, p: Floats, k: int, t: float, distance: float) -> Literal["left", "right", "on"]:
        if distance == 0.0:
            return "on"
        # At a bend the sum of both directions tells the sides apart where one alone may not.
        along = np.diff(self.xy, axis=0)
        way = along[k] / np.hypot(*along[k])
        if t in (0.0, 1.0):
            other = k - 1 if t == 0.0 else k + 1
            if 0 <= other < len(along):
                way = way + along[other] / np.hypot(*along[other])
        away = p - (self.xy[k] if t == 0.0 else self.xy[k + 1] if t == 1.0 else self.xy[k])
        cross = float(way[0] * away[1] - way[1] * away[0])
        if cross == 0.0:
            return "on"
        return "left" if cross > 0 else "right"


def axis(drawn: shapely.Geometry | None) -> Axis | None:
    """Return the axis of a road as drawn; None where `fault` says why there is none.

    Parameters
    ----------
    drawn : geometry or None
        LineString, or MultiLineString whose parts make one line; heights are left aside.

    Notes
    -----
    Parts are joined where their ends meet. Chainage 0 is the first vertex as drawn; a ring
    starts and ends there.
    """
    line = None if drawn is None else _one_line(drawn)
    if line is None:
        return None
    xy = shapely.get_coordinates(line)
    apart = np.concatenate(([True], (np.diff(xy, axis=0) != 0).any(axis=1)))
    if apart.sum() < 2 or not np.isfinite(xy).all():
        return None
    found = Axis(xy[apart])
    return found if found.length_cm > 0 else None


def fault(drawn: shapely.Geometry | None) -> Fault | None:
    """Return why a drawing has no chainage; None where it has one.

    Examples
    --------
    >>> fault(None), fault(shapely.LineString([(0, 0), (1, 0)]))
    ('none', None)
    >>> fault(shapely.MultiLineString([[(0, 0), (1, 0)], [(5, 0), (6, 0)]]))
    'parts'
    """
    if drawn is None or drawn.is_empty:
        return "none"
    if axis(drawn) is not None:
        return None
    return "parts" if _one_line(drawn) is None else "point"


def _one_line(drawn: shapely.Geometry) -> shapely.LineString | None:
    if drawn.is_empty:
        return None
    if drawn.geom_type == "LineString":
        return drawn
    if drawn.geom_type != "MultiLineString":
        return None
    merged = shapely.line_merge(shapely.force_2d(drawn))
    if merged.geom_type != "LineString":
        return None
    xy = shapely.get_coordinates(merged)
    start = shapely.get_coordinates(drawn.geoms[0])
    if (xy[0] == xy[-1]).all():
        return shapely.LineString(_turned(xy, start))
    if (xy[0] == start[0]).all():
        return merged
    return shapely.reverse(merged) if (xy[-1] == start[0]).all() else None


def _turned(ring: Floats, first: Floats) -> Floats:
    """Return a ring from the first vertex drawn on, in the direction drawn."""
    open_ring = ring[:-1]
    k = int(np.flatnonzero((open_ring == first[0]).all(axis=1))[0])
    turned = np.vstack([open_ring[k:], open_ring[:k], open_ring[k : k + 1]])
    return turned if (turned[1] == first[1]).all() else turned[::-1]


def centimetres(metres: float) -> int | None:
    """Return metres as whole centimetres, None where they are not known.

    Examples
    --------
    >>> centimetres(1250.005), centimetres(float("nan"))
    (125001, None)
    """
    return None if math.isnan(metres) else math.floor(round(metres * CM, 6) + 0.5)


def written(cm: int) -> str:
    """Write a chainage as road people do.

    Examples
    --------
    >>> written(125_000), written(125_050), written(-500)
    ('Km1+250', 'Km1+250,5', '−Km0+005')
    """
    return numbers.format_chainage(cm / CM)


def read(value: object) -> int | None:
    """Read a chainage as road people write it; None where it is none.

    Examples
    --------
    >>> read("Km1+250"), read("Km1+1250")
    (125000, None)
    """
    return numbers.parse_chainage(value).cm


def stretch(from_cm: int, to_cm: int) -> str:
    """Write a stretch.

    Examples
    --------
    >>> stretch(110_000, 125_000)
    'Km1+100 – Km1+250'
    """
    return f"{written(from_cm)} – {written(to_cm)}"
