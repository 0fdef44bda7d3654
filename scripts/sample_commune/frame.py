"""Where the sample commune lies, and the published facts that its invented ground must fit.

Everything is worked out in EPSG:9205 (VN-2000, central meridian 103 degrees), in metres.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely
from shapely.geometry import LineString, Polygon

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Mask = NDArray[np.bool_]

SEED = 614
WORK_CRS = "EPSG:9205"
OTHER_CRS = "EPSG:9208"
AREA_KM2 = 168.83
PEOPLE = 12_529
HOUSEHOLDS = 2_484
WEST, EAST, SOUTH, NORTH = 103.589628, 103.845362, 22.140330, 22.303587

CELL_M = 30.0
# South-west corner and size of the elevation grid: the commune and 1.5 km around it.
GRID_X0, GRID_Y0 = 559_080.0, 2_447_370.0
GRID_COLUMNS, GRID_ROWS = 982, 714

_GEOD = pyproj.Geod(ellps="WGS84")
_TO_DEGREES = pyproj.Transformer.from_crs(WORK_CRS, "EPSG:4756", always_xy=True)


def transformer(source: str, target: str) -> pyproj.Transformer:
    """Return a transformer by EPSG codes alone that refuses to guess."""
    return pyproj.Transformer.from_crs(
        source, target, always_xy=True, only_best=True, allow_ballpark=False
    )


def moved(geometry: shapely.Geometry, source: str, target: str) -> shapely.Geometry:
    """Move a geometry to another reference system, vertex by vertex."""
    change = transformer(source, target)
    return shapely.transform(
        geometry, lambda c: np.column_stack(change.transform(c[:, 0], c[:, 1]))
    )


def area_ha(geometry: shapely.Geometry) -> float:
    """Hectares on the ellipsoid as the contract measures them: edges split at 50 m at most."""
    fine = shapely.segmentize(geometry, 50.0)
    degrees = shapely.transform(
        fine, lambda c: np.column_stack(_TO_DEGREES.transform(c[:, 0], c[:, 1]))
    )
    return abs(_GEOD.geometry_area_perimeter(degrees)[0]) / 10_000.0


def rounded(geometry: shapely.Geometry, digits: int = 3) -> shapely.Geometry:
    """Coordinates as a draughtsman stores them, to the millimetre unless told otherwise."""
    return shapely.transform(geometry, lambda c: np.round(c, digits))


def smooth(points: Array, rounds: int = 3, tolerance: float = 0.0) -> LineString:
    """Chaikin's corner cutting, both ends kept."""
    line = np.asarray(points, dtype=float)
    for _ in range(rounds):
        if len(line) < 3:
            break
        near, far = 0.75 * line[:-1] + 0.25 * line[1:], 0.25 * line[:-1] + 0.75 * line[1:]
        inner = np.stack([near, far], axis=1).reshape(-1, 2)[1:-1]
        line = np.vstack([line[:1], inner, line[-1:]])
    drawn = LineString(line)
    return drawn.simplify(tolerance) if tolerance else drawn


def largest(geometry: shapely.Geometry) -> Polygon:
    """Return the largest polygon of whatever an overlay left."""
    parts = [g for g in shapely.get_parts(geometry) if g.geom_type == "Polygon"]
    return max(parts, key=lambda g: g.area) if parts else Polygon()


def fractal(rng: np.random.Generator, shape: tuple[int, int], beta: float) -> Array:
    """Fractal noise, zero mean and unit spread; a greater `beta` is smoother."""
    fy, fx = np.fft.fftfreq(shape[0])[:, None], np.fft.rfftfreq(shape[1])[None, :]
    radius = np.hypot(fy, fx)
    radius[0, 0] = 1.0
    spectrum = rng.normal(size=radius.shape) + 1j * rng.normal(size=radius.shape)
    field = np.fft.irfft2(spectrum * radius ** (-beta / 2), s=shape)
    return np.asarray((field - field.mean()) / field.std())
