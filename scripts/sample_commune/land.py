"""The ground as users of land see it: what is taken, how steep it is, which patches are free."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import rasterio.features
import shapely
from affine import Affine
from scipy.ndimage import gaussian_filter
from shapely import affinity
from shapely.geometry import Point, Polygon, shape

from . import frame
from .places import Village, require

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .frame import Array
    from .network import Road
    from .terrain import Terrain
    from .water import Water

_NORTH = frame.GRID_Y0 + frame.GRID_ROWS * frame.CELL_M
FROM_NORTH = Affine(frame.CELL_M, 0.0, frame.GRID_X0, 0.0, -frame.CELL_M, _NORTH)
"""The grid's transform, row 0 in the north."""


class Land:
    """What is still free to be used, and how steep it is."""

    def __init__(
        self,
        ground: Terrain,
        commune: Polygon,
        water: Water,
        roads: list[Road],
        villages: list[Village],
    ) -> None:
        self.ground, self.commune = ground, commune
        calm = gaussian_filter(ground.z, 1.5)
        self.slope: Array = np.degrees(np.arctan(np.hypot(*np.gradient(calm, frame.CELL_M))))
        taken = [water.river.buffer(38.0), *(s.buffer(9.0) for s in water.streams)]
        taken += [r.line.buffer(14.0 if r.road_class == "QL" else 6.0) for r in roads]
        taken += [v.point.buffer(95.0 + 5.0 * v.households**0.5) for v in villages]
        self.taken = shapely.unary_union(taken)

    def take(self, plots: list[Polygon], gap: float) -> None:
        """Mark plots, and a margin around them, as used."""
        self.taken = shapely.unary_union([self.taken, *(p.buffer(gap) for p in plots)])

    def slope_at(self, x: float, y: float) -> float:
        """Return the slope in degrees."""
        row, column = (
            int((y - frame.GRID_Y0) / frame.CELL_M),
            int((x - frame.GRID_X0) / frame.CELL_M),
        )
        return float(self.slope[row, column])

    def free_in(self, patch: Polygon) -> Polygon:
        """Return the largest part of a patch that is inside the commune and not taken."""
        return frame.largest(patch.intersection(self.commune.buffer(-40.0)).difference(self.taken))

    def polygons(self, mask: NDArray[np.bool_]) -> list[Polygon]:
        """Outline a mask (row 0 in the south) inside the commune, clear of what is taken."""
        image = mask[::-1].astype(np.uint8)
        found = rasterio.features.shapes(image, mask=image == 1, transform=FROM_NORTH)
        region = shapely.unary_union([shape(g) for g, _ in found]).buffer(-14.0).buffer(14.0)
        region = region.intersection(self.commune.buffer(-25.0)).difference(self.taken)
        return [p for p in shapely.get_parts(region) if p.geom_type == "Polygon"]

    def beside(self, village: Village, away: float, direction: float) -> Point:
        """Find a spot near a village on gentle ground, turning round it until there is one."""
        spot = village.point
        for turn in range(0, 360, 24):
            spot = around(village, away, direction + turn)
            if self.slope_at(spot.x, spot.y) < 19.0 and self.commune.contains(spot):
                break
        return spot


def around(village: Village, away: float, direction: float) -> Point:
    """Return the point so far from a village, the direction in degrees from the east."""
    angle = np.radians(direction)
    x, y = village.x + away * np.cos(angle), village.y + away * np.sin(angle)
    return Point(round(x, 2), round(y, 2))


def scaled_to(plots: list[Polygon], hectares: float) -> list[Polygon]:
    """Shrink or grow plots a little about their middles until their area is the one wanted."""
    factor = (hectares / sum(frame.area_ha(p) for p in plots)) ** 0.5
    require(0.9 < factor < 1.0005, f"scale {factor:.4f}")
    return [affinity.scale(p, factor, factor, origin=p.centroid) for p in plots]


def blob(
    rng: np.random.Generator, x: float, y: float, hectares: float, long: float = 1.5
) -> Polygon:
    """Draw a rounded, irregular patch about a point."""
    corners = 13
    radius = 1.0 + 0.5 * gaussian_filter(rng.normal(size=corners), 0.9, mode="wrap")
    angle = np.linspace(0.0, 2 * np.pi, corners, endpoint=False)
    ring = np.column_stack([np.cos(angle) * radius * long, np.sin(angle) * radius])
    patch = affinity.rotate(frame.largest(shapely.make_valid(Polygon(ring))), rng.uniform(0, 180))
    size = (hectares * 10_000.0 / patch.area) ** 0.5
    middle = patch.centroid
    grown = affinity.scale(patch, size, size, origin=middle)
    return affinity.translate(grown, x - middle.x, y - middle.y)
