"""Where lines meet, or should meet, at the former seam of two communes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ntm_gis.analyses.columns import Floats, Shapes

_LOOK_M = 100.0
"""So far along a line from its end tells on which side of the seam it lies."""


@dataclass(frozen=True)
class End:
    """An end of a line.

    Parameters
    ----------
    side : str or None
        The former commune that the line comes from; None where it is in none.
    """

    line: int
    point: shapely.Point
    side: str | None


@dataclass(frozen=True)
class Joint:
    """What is at the end of a line near the seam.

    Parameters
    ----------
    other : int or None
        The one line that goes on there, on the other side; None where nothing does.
    gap_m : float or None
        How far the nearest end on the other side is, where nothing goes on and there is one.
    to_seam_m : float
    facing : int or None
        The line of that end.
    """

    end: End
    other: int | None
    gap_m: float | None
    to_seam_m: float
    facing: int | None = None


def joints(
    lines: Shapes, formers: Mapping[str, shapely.Geometry], seam: shapely.Geometry, *,
    near_m: float, slack_m: float,
) -> Iterator[Joint]:  # fmt: skip
    """Yield ends near the seam that go on as one other line, or as none.

    Parameters
    ----------
    lines : object array, (n,)
        Lines in the commune's zone; None has no ends.
    formers : mapping
        The former communes, by code.
    near_m, slack_m : float
        How near the seam an end is looked at, and how near each other two ends are one.

    Notes
    -----
    An end within the length of another line, and ends of three lines or more, are junctions: the
    road goes on there. An end of the same side goes on before the seam.
    """
    ends = _ends(lines, formers, seam, near_m)
    if not ends:
        return
    points = np.array([end.point for end in ends], dtype=object)
    there = np.flatnonzero(~shapely.is_missing(lines))
    tree, of_ends = shapely.STRtree(lines[there]), shapely.STRtree(points)
    loose = []
    for n, end in enumerate(ends):
        reached = there[tree.query(end.point, predicate="dwithin", distance=slack_m)]
        others = sorted({int(k) for k in reached} - {end.line})
        met = of_ends.query(end.point, predicate="dwithin", distance=slack_m)
        across = [ends[k] for k in met if ends[k].line != end.line and ends[k].side != end.side]
        if not others:
            loose.append(n)
        elif len(others) == 1 and across:
            yield Joint(end, others[0], None, float(shapely.distance(end.point, seam)))
    yield from _loose(ends, loose, seam, near_m)


def _loose(
    ends: Sequence[End], loose: Sequence[int], seam: shapely.Geometry, near_m: float
) -> Iterator[Joint]:
    """Yield ends at which nothing goes on; two that face each other across the seam once."""
    gaps = sorted((*_gap(ends, n, near_m), n) for n in loose)
    told: set[int] = set()
    for metres, other, n in gaps:
        if n in told:
            continue
        told |= {n, other}
        gap = None if math.isinf(metres) else metres
        yield Joint(
            ends[n], None, gap, float(shapely.distance(ends[n].point, seam)),
            None if gap is None else ends[other].line,
        )  # fmt: skip


def _gap(ends: Sequence[End], n: int, near_m: float) -> tuple[float, int]:
    """Return distance and number of the nearest end across the seam, within twice the distance."""
    end = ends[n]
    away = [
        (float(end.point.distance(other.point)), k)
        for k, other in enumerate(ends)
        if None not in (other.side, end.side) and other.side != end.side
    ]
    metres, other = min(away, default=(math.inf, n))
    return (metres, other) if metres <= 2 * near_m else (math.inf, n)


def _ends(
    lines: Shapes, formers: Mapping[str, shapely.Geometry], seam: shapely.Geometry, near_m: float
) -> list[End]:
    out = []
    for k, line in enumerate(lines):
        if line is None:
            continue
        for part in shapely.get_parts(shapely.line_merge(line)):
            if part.is_closed:
                continue
            look = min(_LOOK_M, part.length / 2)
            for at, back in ((0, look), (-1, -look)):
                point = shapely.get_point(part, at)
                if shapely.dwithin(point, seam, near_m):
                    inner = shapely.line_interpolate_point(part, back)
                    side = next(
                        (c for c, g in formers.items() if shapely.intersects(g, inner)), None
                    )
                    out.append(End(k, point, side))
    return out


def differ(first: float, second: float, by: float) -> bool:
    """Whether two widths differ by more than so much; one not recorded differs from nothing."""
    pair: Floats = np.array([first, second])
    return bool(np.isfinite(pair).all() and abs(first - second) > by)
