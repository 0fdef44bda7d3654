"""Areas in fractions: what polygons of floating-point corners cover and share, without rounding."""

from __future__ import annotations

import itertools
from fractions import Fraction

import shapely

Edge = tuple[Fraction, Fraction, Fraction, Fraction, int]


def edges(shape: shapely.Geometry) -> list[Edge]:
    """Edges from west to east, +1 where the ground below belongs to the shape, else -1."""
    out: list[Edge] = []
    for polygon in shapely.get_parts(shape):
        for number, ring in enumerate([polygon.exterior, *polygon.interiors]):
            xy = [(Fraction(x), Fraction(y)) for x, y in ring.coords]
            steps = list(itertools.pairwise(xy))
            clockwise = sum((b[0] - a[0]) * (a[1] + b[1]) for a, b in steps) > 0
            sign = 1 if clockwise == (number == 0) else -1
            for (x0, y0), (x1, y1) in steps:
                if x0 < x1:
                    out.append((x0, y0, x1, y1, sign))
                elif x0 > x1:
                    out.append((x1, y1, x0, y0, -sign))
    return out


def area(shape: shapely.Geometry) -> float:
    return float(sum(s * (x1 - x0) * (y0 + y1) / 2 for x0, y0, x1, y1, s in edges(shape)))


def shared(one: shapely.Geometry, other: shapely.Geometry) -> float:
    """The ground under an edge of one and an edge of the other, summed over all pairs."""
    total = Fraction(0)
    theirs = edges(other)
    for ax0, ay0, ax1, ay1, sign_a in edges(one):
        for bx0, by0, bx1, by1, sign_b in theirs:
            low, high = max(ax0, bx0), min(ax1, bx1)
            if low >= high:
                continue
            a = [ay0 + (x - ax0) * (ay1 - ay0) / (ax1 - ax0) for x in (low, high)]
            b = [by0 + (x - bx0) * (by1 - by0) / (bx1 - bx0) for x in (low, high)]
            heights = [min(a[0], b[0]), min(a[1], b[1])]
            apart = a[0] - b[0], a[1] - b[1]
            if apart[0] * apart[1] < 0:
                at = low + (high - low) * apart[0] / (apart[0] - apart[1])
                height = ay0 + (at - ax0) * (ay1 - ay0) / (ax1 - ax0)
                under = (at - low) * (heights[0] + height) + (high - at) * (height + heights[1])
            else:
                under = (high - low) * (heights[0] + heights[1])
            total += sign_a * sign_b * under / 2
    return float(total)
