"""Ground on a small drawing of a page: from metres in the zone to units of an SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

_DETAIL = 0.35
_STEPS_M = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)
_TALLEST = 1.1
"""Height over width of the tallest drawing: it must not be longer than a screen."""


@dataclass(frozen=True, slots=True)
class Frame:
    """From metres in the zone to units of a panel, y downwards.

    Parameters
    ----------
    west, north : float
        The ground at the upper left corner, in metres.
    scale : float
        Units a metre.
    width, height : float
        Of the panel, in units: pixels on a desk.
    """

    west: float
    north: float
    scale: float
    width: float
    height: float

    @classmethod
    def of(cls, shapes: Sequence[shapely.Geometry], width: float, margin: float) -> Frame:
        """Return the panel that holds some shapes within a margin.

        Examples
        --------
        >>> frame = Frame.of([shapely.box(0, 0, 1000, 500)], 120.0, 10.0)
        >>> frame.scale, frame.height, frame.at(0, 500)
        (0.1, 70.0, (10.0, 10.0))
        """
        west, south, east, north = (float(v) for v in shapely.total_bounds(np.array(shapes)))
        across = max(east - west, 1.0)
        up = max(north - south, 1.0)
        scale = min((width - 2 * margin) / across, (_TALLEST * width - 2 * margin) / up)
        left = (width / scale - across) / 2
        height = round(up * scale + 2 * margin, 1)
        return cls(west - left, north + margin / scale, scale, width, height)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return the place of a point on the panel."""
        return (x - self.west) * self.scale, (self.north - y) * self.scale

    def path(self, shape: shapely.Geometry) -> str:
        """Return an outline with as many points as a panel can show."""
        simple = shapely.simplify(shape, _DETAIL / self.scale, preserve_topology=False)
        if simple.is_empty:
            simple = shape
        parts = []
        for ring in _rings(simple):
            xy = np.asarray(ring.coords)[:, :2]
            x, y = (xy[:, 0] - self.west) * self.scale, (self.north - xy[:, 1]) * self.scale
            points = [f"{a:.1f} {b:.1f}" for a, b in zip(x, y, strict=True)]
            kept = [p for k, p in enumerate(points) if k == 0 or p != points[k - 1]]
            closed = isinstance(ring, shapely.LinearRing)
            parts.append("M" + "L".join(kept[:-1] if closed and len(kept) > 1 else kept)
                         + ("Z" if closed else ""))  # fmt: skip
        return "".join(parts)

    def bar(self, longest: float) -> tuple[float, int]:
        """Return a scale bar no longer than so many units: its length, and what it is in metres.

        Examples
        --------
        >>> Frame(0.0, 0.0, 0.02, 560.0, 400.0).bar(150.0)
        (100.0, 5000)
        """
        step = max(
            (s for s in _STEPS_M if s * self.scale <= longest),
            default=10 ** math.floor(math.log10(longest / self.scale)),
        )
        return round(step * self.scale, 2), int(step)


def _rings(shape: shapely.Geometry) -> Iterator[shapely.Geometry]:
    for part in shapely.get_parts(shape):
        if isinstance(part, shapely.Polygon):
            yield part.exterior
            yield from part.interiors
        elif isinstance(part, shapely.LineString):
            yield part
        elif isinstance(part, shapely.GeometryCollection):
            yield from _rings(part)
