"""Versions of a road's centreline: what was redrawn, turned round, and what that does to reports.

A claim keeps the chainages of the line that it was made on. Where the road has been drawn anew,
`carry_over` says which chainage each place has on the new line, and by how many metres it
differs; nothing is moved for it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.analyses.chainage import axis as chainage
from ntm_gis.analyses.chainage.axis import CM, Axis
from ntm_gis.layers.decisions import Centreline

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from ntm_gis.analyses.columns import Floats, Ints
    from ntm_gis.layers.decisions import Place

SAME_CM = 1
"""Vertices that differ by no more than rounding to a centimetre does are the same."""

STEP_M = 5.0
"""Places on the old line whose chainage on the new one is looked for."""

_MOST = 3000
"""Places at most on either line: longer roads are looked at in coarser steps."""


def vertices_cm(axis: Axis) -> tuple[tuple[int, int], ...]:
    """Return the vertices in whole centimetres, east and north, as the record keeps them."""
    return tuple((int(x), int(y)) for x, y in np.rint(axis.xy * CM).astype(np.int64))


def digest(zone: str, vertices: Iterable[tuple[int, int]]) -> str:
    """Return the digest that a centreline is known by: SHA-256 of its zone and vertices.

    Examples
    --------
    >>> digest("EPSG:9205", [(0, 0), (100, 0)])[:12]
    'f6518b26bf31'
    """
    lines = [zone, *(f"{east} {north}" for east, north in vertices)]
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()


def centreline(
    road_id: str,
    drawn: shapely.Geometry | None,
    zone: str,
    entered_on: dt.date,
    version: int = 1,
    place: Place | None = None,
) -> Centreline | None:
    """Return a road as drawn as a centreline for the record; None where it makes no one line.

    Parameters
    ----------
    drawn : geometry or None
        In the commune's zone, metres.
    zone : str
        "EPSG:9205".
    """
    axis = chainage.axis(drawn)
    if axis is None:
        return None
    vertices = vertices_cm(axis)
    return Centreline(digest(zone, vertices), road_id, version, zone, vertices, entered_on, place)


def axis_of(line: Centreline) -> Axis | None:
    """Return the axis of a centreline of the record."""
    if len(line.vertices_cm) < 2:
        return None
    return chainage.axis(shapely.LineString(np.array(line.vertices_cm, np.float64) / CM))


def latest(lines: Iterable[Centreline]) -> dict[str, Centreline]:
    """Return the newest version of each road."""
    out: dict[str, Centreline] = {}
    for line in sorted(lines, key=lambda c: (c.road_id, c.version, c.entered_on, c.digest)):
        out[line.road_id] = line
    return out


def is_same(old: Axis, new: Axis) -> bool:
    """Say whether two axes are one, to the centimetre that the record keeps."""
    if old.xy.shape != new.xy.shape:
        return False
    return bool(np.abs(np.rint(old.xy * CM) - np.rint(new.xy * CM)).max() <= SAME_CM)


@dataclass(frozen=True)
class CarryOver:
    """Chainages of an old line on a new one.

    Parameters
    ----------
    old_cm, new_cm : int array, (n,)
        Places along the old line, growing, and the new chainage of each, never falling.
    away_m : float array, (n,)
        How far the two lines are apart there.
    """

    old_cm: Ints
    new_cm: Ints
    away_m: Floats

    def new_of(self, old_cm: int) -> int:
        """Return the new chainage of an old one; beyond the ends it goes on one to one."""
        if old_cm < self.old_cm[0]:
            return int(old_cm - self.old_cm[0] + self.new_cm[0])
        if old_cm > self.old_cm[-1]:
            return int(old_cm - self.old_cm[-1] + self.new_cm[-1])
        return int(np.rint(np.interp(old_cm, self.old_cm, self.new_cm)))

    def difference_m(self, old_cm: int) -> float:
        """Return by how many metres the chainage of a place changes."""
        return (self.new_of(old_cm) - old_cm) / CM

    @property
    def largest_m(self) -> float:
        """Greatest change of a chainage anywhere along the road, with its sign."""
        change = self.new_cm - self.old_cm
        return float(change[np.argmax(np.abs(change))] / CM)

    @property
    def farthest_m(self) -> float:
        """Greatest distance between the two lines."""
        return float(self.away_m.max())


def carry_over(old: Axis, new: Axis) -> CarryOver:
    """Lead the chainages of an old line over to a new one.

    Notes
    -----
    Every place of the old line goes to a near place of the new one, such that none overtakes
    another and the squares of all distances are least together (dynamic programming over both
    lines in steps; then each to the nearest point within a step). So the two limbs of a hairpin
    are not mixed up, as the nearest point alone would do.
    """
    old_at = _steps(old)
    new_at = _steps(new)
    a, b = _points(old, old_at), _points(new, new_at)
    chosen = _monotone(a, b)
    step = float(np.diff(new_at).max())
    at, away = _refined(a, new, new_at[chosen], step)
    at = np.maximum.accumulate(at)
    old_cm = np.rint(old_at * CM).astype(np.int64)
    new_cm = np.minimum(np.rint(at * CM).astype(np.int64), new.length_cm)
    return CarryOver(old_cm, new_cm, away)


def _steps(axis: Axis) -> Floats:
    count = min(max(2, int(np.ceil(axis.length_m / STEP_M))), _MOST)
    return np.linspace(0.0, axis.length_m, count + 1)


def _points(axis: Axis, at_m: Floats) -> Floats:
    return np.column_stack([np.interp(at_m, axis.at_m, axis.xy[:, k]) for k in (0, 1)])


def _monotone(a: Floats, b: Floats) -> Ints:
    """Return for each point of `a` one of `b`, never going back, squares of distances least."""
    cost = np.zeros(len(b))
    came = np.zeros((len(a), len(b)), np.int32)
    for i, p in enumerate(a):
        best = np.minimum.accumulate(cost)
        # Where the running minimum was last set: the place the best way here came from.
        came[i] = np.maximum.accumulate(np.where(cost == best, np.arange(len(b)), 0))
        cost = best + ((b - p) ** 2).sum(1)
    out = np.empty(len(a), np.int64)
    k = int(np.argmin(cost))
    for i in range(len(a) - 1, -1, -1):
        out[i] = k
        k = int(came[i, k])
    return out


def _refined(points: Floats, axis: Axis, near_m: Floats, step: float) -> tuple[Floats, Floats]:
    """Return the nearest place of an axis within a step of a given one, and its distance."""
    at = np.empty(len(points))
    away = np.empty(len(points))
    for i, (p, m) in enumerate(zip(points, near_m, strict=True)):
        low, high = max(0.0, m - step), min(axis.length_m, m + step)
        first, last = np.searchsorted(axis.at_m, [low, high])
        where = np.concatenate(([low], axis.at_m[first:last], [high]))
        xy = _points(axis, where)
        start, along = xy[:-1], np.diff(xy, axis=0)
        squared = np.maximum((along**2).sum(1), 1e-12)
        t = np.clip(((p - start) * along).sum(1) / squared, 0.0, 1.0)
        distance = np.hypot(*(p - (start + t[:, None] * along)).T)
        k = int(np.argmin(distance))
        at[i] = where[k] + t[k] * (where[k + 1] - where[k])
        away[i] = distance[k]
    return at, away


def by_digest(lines: Iterable[Centreline]) -> Mapping[str, Centreline]:
    """Return centrelines by their digest."""
    return {line.digest: line for line in lines}
