"""Numbered pins on a small map: each with its whole number, clear of the others."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

HIGH = 12.0
_LETTER, _PAD = 5.3, 7.0
_GAP = 1.0
_TURNS, _RINGS = 12, 14
_EDGE = 2.0
_SHORT = 9.0
"""A pin this near its place needs no line to it."""


@dataclass(frozen=True, slots=True)
class Pill:
    """A number in a box, and the place that it is about.

    Parameters
    ----------
    x, y : float
        Upper left corner.
    at_x, at_y : float
        The place.
    line : bool
        It stands away from its place: a line leads there.
    """

    id: str
    state: str
    x: float
    y: float
    width: float
    at_x: float
    at_y: float
    line: bool

    @property
    def middle(self) -> tuple[float, float]:
        """Middle of the box."""
        return round(self.x + self.width / 2, 1), round(self.y + HIGH / 2, 1)


def placed(
    pins: Sequence[tuple[str, str, float, float]], width: float, height: float
) -> tuple[Pill, ...]:
    """Give every pin a seat near its place, on the map, over no other where there is room.

    Parameters
    ----------
    pins : sequence of (id, state, x, y)
    width, height : float
        Of the map.

    Examples
    --------
    >>> a, b = placed([("QH01-1", "warn", 50, 50), ("QH02-1", "warn", 50, 50)], 200, 100)
    >>> abs(a.y - b.y) >= HIGH or abs(a.x - b.x) >= a.width
    True
    """
    taken: list[tuple[float, float, float, float]] = []
    out = []
    for name, state, x, y in pins:
        wide = len(name) * _LETTER + _PAD
        best, cost = (x - wide / 2, y - HIGH / 2), math.inf
        for left, top, far in _seats(x, y, wide):
            left = min(max(left, _EDGE), width - wide - _EDGE)  # noqa: PLW2901 - kept on the map
            top = min(max(top, _EDGE), height - HIGH - _EDGE)  # noqa: PLW2901
            over = _overlap((left, top, left + wide, top + HIGH), taken)
            if over * 8 + far < cost:
                best, cost = (left, top), over * 8 + far
            if not over:
                break
        left, top = best
        taken.append((left - _GAP, top - _GAP, left + wide + _GAP, top + HIGH + _GAP))
        away = math.hypot(left + wide / 2 - x, top + HIGH / 2 - y) > _SHORT
        out.append(
            Pill(name, state, round(left, 1), round(top, 1), round(wide, 1), round(x, 1),
                 round(y, 1), away)
        )  # fmt: skip
    return tuple(out)


def _seats(x: float, y: float, wide: float) -> Iterator[tuple[float, float, float]]:
    """Yield corners, the nearest first, with how far each is."""
    yield x - wide / 2, y - HIGH / 2, 0.0
    for ring in range(1, _RINGS + 1):
        far = ring * (HIGH + 2)
        for turn in range(_TURNS):
            angle = 2 * math.pi * turn / _TURNS
            dx, dy = math.cos(angle) * far * 1.6, math.sin(angle) * far
            yield x + dx - wide / 2, y + dy - HIGH / 2, far


def _overlap(
    box: tuple[float, float, float, float], taken: Sequence[tuple[float, float, float, float]]
) -> float:
    total = 0.0
    for other in taken:
        w = min(box[2], other[2]) - max(box[0], other[0])
        h = min(box[3], other[3]) - max(box[1], other[1])
        if w > 0 and h > 0:
            total += w * h
    return total
