"""Outlines that stand off the commune's boundary by the shift between VN-2000 and WGS 84.

Points inside a polygon cannot show 223 m; two outlines of the same ground can. It is told only
where nothing else explains it, and nothing is moved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis import crs
from ntm_gis.results import Words, sentence
from ntm_gis.sources.placing_words import label
from ntm_gis.sources.readers.parsed import Told

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ntm_gis.crs import DatumShift
    from ntm_gis.sources.placing import Ground, Shapes

OUTLINES = frozenset({"former_communes", "neighbours", "plans"})
"""Layers whose areas end where the commune does, wholly or in part."""

_LINE, _AREA = 1, 2
_NEAR_M = 300.0
_ENOUGH_M = 3_000.0
_STEP_M = 50.0
_FIT_M = 30.0
_BESIDE_M = 100.0
# A system -> the one of the same numbers on the other datum; zones of 3 degrees have none.
_OTHER = {
    ("vn2000_as_wgs84", "EPSG:4326"): "EPSG:4756",
    ("vn2000_as_wgs84", "EPSG:32648"): "EPSG:3405",
    ("vn2000_as_wgs84", "EPSG:32649"): "EPSG:3406",
    ("wgs84_as_vn2000", "EPSG:4756"): "EPSG:4326",
    ("wgs84_as_vn2000", "EPSG:3405"): "EPSG:32648",
    ("wgs84_as_vn2000", "EPSG:3406"): "EPSG:32649",
}


def told(shapes: Shapes, said: str | None, ground: Ground) -> list[Told]:
    """Tell of outlines off the commune's boundary by the datum shift (`CRS_DATUM_SHIFT`).

    Parameters
    ----------
    shapes : array of geometry or None
        In the commune's zone, as they were placed.
    said : str or None
        EPSG code of the system that they were read in.
    ground : Ground
        The commune, which the outlines are held against.

    Notes
    -----
    Looked at is what lies within 300 m of the boundary, where it is 3 km at least: the common
    stretch of a neighbour, the rim of a plan. It must fit once the shift is undone, and must not
    fit 100 m from there: a straight stretch says nothing of the direction along it.
    """
    areas = shapes[shapely.get_dimensions(shapes) == _AREA]
    if said is None or ground.polygon is None or not len(areas):
        return []
    border = shapely.boundary(ground.polygon)
    rims = _near(shapely.boundary(areas), border)
    if rims.length < _ENOUGH_M:
        return []
    found = crs.datum_shift_fingerprint(border, rims, ground.zone)
    if found.kind in ("none", "other") or not _is_plain(border, rims, found):
        return []
    return [_shift(found, said)]


def _near(outlines: Shapes, border: shapely.Geometry) -> shapely.Geometry:
    """Return what of some outlines lies near a border, as lines alone."""
    cut = shapely.intersection(outlines, shapely.buffer(border, _NEAR_M))
    parts = shapely.get_parts(shapely.union_all(cut))
    return shapely.multilinestrings(parts[shapely.get_dimensions(parts) == _LINE])


def _is_plain(border: shapely.Geometry, rims: shapely.Geometry, found: DatumShift) -> bool:
    """Whether the outline fits once the shift is undone, and nowhere around there as well."""
    count = int(np.clip(rims.length / _STEP_M, 60, 1000))
    points = shapely.get_coordinates(
        shapely.line_interpolate_point(rims, np.linspace(0, rims.length, count))
    )
    turn = np.radians(found.azimuth_deg)
    back = points - found.distance_m * np.array([np.sin(turn), np.cos(turn)])
    around = np.radians(np.arange(0, 360, 45))
    beside = _BESIDE_M * np.column_stack([np.sin(around), np.cos(around)])
    return _misfit(border, back) <= _FIT_M and all(
        _misfit(border, back + by) > _FIT_M for by in beside
    )


def _misfit(border: shapely.Geometry, points: NDArray[np.float64]) -> float:
    """Return how near four points in five lie to the border; the rest may belong elsewhere."""
    return float(np.quantile(shapely.distance(border, shapely.points(points)), 0.8))


def _shift(found: DatumShift, said: str) -> Told:
    other = _OTHER.get((found.kind, said))
    vietnamese = found.kind == "vn2000_as_wgs84"
    if other is None:
        name = sentence("CRS_SAME_ON_VN2000" if vietnamese else "CRS_SAME_ON_WGS84", {})
        advice = sentence("CRS_ADVICE_ASK", {})
    else:
        name = label(other)
        advice = sentence("CRS_ADVICE_LINE", {"code": other, "system": name})
    side: Words = sentence("SIDE_NORTHWEST" if vietnamese else "SIDE_SOUTHEAST", {})
    return Told("CRS_DATUM_SHIFT", params={
        "distance": found.distance_m, "side": side, "said": label(said), "other": name,
        "now": found.misfit_m, "then": found.misfit_after_m, "advice": advice})  # fmt: skip
