"""Finding out in which system coordinates really are, from where they fall."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.crs.transform import transformer
from ntm_gis.crs.zones import FALSE_EASTING_M, CrsLike, meridian_label, utm_zones, zones
from ntm_gis.numbers import coordinates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

_PROVINCIAL_MAPS_K0 = 0.9996
_MOST_POINTS = 1000


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One way to take coordinates, and how well it puts them into a commune.

    Attributes
    ----------
    source : str
        EPSG code of the system.
    swapped : bool
        The first column is north (or latitude).
    prefix : int or None
        The zone number that stands before the east coordinate (18 in 18 571 979).
    odd_scale : bool
        The zone's meridian with k₀ 0.9996, as on provincial administrative maps (no EPSG code).
    share : float
        Share of the points inside the area, 0 to 1.
    near_share : float or None
        Share inside the wider area, if one was given.
    points : int
        How many points were tried.
    """

    source: str
    swapped: bool = False
    prefix: int | None = None
    odd_scale: bool = False
    share: float = 0.0
    near_share: float | None = None
    points: int = 0

    def to_zone(
        self, x: ArrayLike, y: ArrayLike, zone: CrsLike
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the coordinates in a zone if the hypothesis is right; no place is infinite."""
        east, north = (
            np.asarray(v, dtype=np.float64) for v in ((y, x) if self.swapped else (x, y))
        )
        if self.prefix is not None:
            east = east - self.prefix * coordinates.ZONE_PREFIX
        if self.odd_scale:
            # With the origin on the equator a transverse Mercator grid grows with k₀ alone.
            factor = 0.9999 / _PROVINCIAL_MAPS_K0
            east, north = FALSE_EASTING_M + (east - FALSE_EASTING_M) * factor, north * factor
        out = transformer(self.source, zone).transform(east, north)
        return np.asarray(out[0]), np.asarray(out[1])

    def label(self, lang: str = "vi") -> str:
        """Return the hypothesis in words for an official.

        Examples
        --------
        >>> Hypothesis("EPSG:9208", swapped=True).label()
        "VN-2000, kinh tuyến trục 104°45', cột thứ nhất là X (Bắc)"
        """
        vietnamese = lang == "vi"
        words = [meridian_label(self.source, lang)]
        if self.odd_scale:
            words.append("k₀ = 0,9996" if vietnamese else "k₀ = 0.9996")
        if self.swapped:
            north = "cột thứ nhất là X (Bắc)" if vietnamese else "first column is north"
            latitude = "cột thứ nhất là vĩ độ" if vietnamese else "first column is latitude"
            words.append(latitude if self.source in ("EPSG:4326", "EPSG:4756") else north)
        if self.prefix is not None:
            before = "có số múi {} ở đầu" if vietnamese else "with zone number {} in front"
            words.append(before.format(self.prefix))
        return ", ".join(words)


def hypotheses(
    x: ArrayLike,
    y: ArrayLike,
    area: shapely.Geometry,
    near: shapely.Geometry | None = None,
    *,
    zone: CrsLike,
) -> list[Hypothesis]:
    """Try every system that the numbers allow and say how many points fall inside an area.

    Parameters
    ----------
    x, y : array_like of float, n
        Coordinates as read: first and second column, or x and y of a geometry. Values that are
        not finite are left out; of many points a thousand, evenly spread, are tried.
    area : polygon
        The commune, in `zone`. Not the province: wrong meridians fall inside it too.
    near : polygon, optional
        The commune with its neighbours, for data that reach beyond it.
    zone : zone, code or CRS
        The zone of `area`.

    Returns
    -------
    list of Hypothesis
        Best first; empty if the numbers are no coordinates in Viet Nam. Among equals plain
        readings come before swapped ones, VN-2000 in 3 degrees before others.

    Notes
    -----
    Points in a polygon show zone, axes and units. They cannot show the datum (223 m) or k₀
    (737 m at 22° N): WGS 84 and VN-2000 of the same grid score alike, and
    `datum_shift_fingerprint` or the user has to tell.

    Examples
    --------
    >>> commune = shapely.box(565_000, 2_450_000, 580_000, 2_465_000)
    >>> best, *rest = hypotheses([391_000, 395_000], [2_456_800, 2_457_500], commune, zone=9205)
    >>> best.source, best.share, max(other.share for other in rest if not other.odd_scale)
    ('EPSG:9208', 1.0, 0.0)
    """
    first, second = _sample(x, y)
    if not len(first):
        return []
    wider = near if near is not None else area
    for polygon in (area, wider):
        shapely.prepare(polygon)
    out = []
    for trial in _candidates(first, second):
        east, north = trial.to_zone(first, second, zone)
        placed = np.isfinite(east) & np.isfinite(north)
        inside, close = (
            float(np.mean(placed & shapely.contains_xy(p, np.where(placed, east, 0), north)))
            for p in (area, wider)
        )
        near_share = None if near is None else close
        out.append(replace(trial, share=inside, near_share=near_share, points=len(first)))
    return sorted(out, key=lambda h: (-h.share, -(h.near_share or 0.0)))


def _sample(x: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    first, second = (np.asarray(v, dtype=np.float64).ravel() for v in (x, y))
    finite = np.isfinite(first) & np.isfinite(second)
    first, second = first[finite], second[finite]
    if len(first) > _MOST_POINTS:
        chosen = np.linspace(0, len(first) - 1, _MOST_POINTS).round().astype(np.intp)
        first, second = first[chosen], second[chosen]
    return first, second


def _candidates(first: NDArray[np.float64], second: NDArray[np.float64]) -> Iterator[Hypothesis]:
    """Yield what the size of the numbers allows, the likelier first."""
    for swapped in (False, True):
        east, north = (second, first) if swapped else (first, second)
        if _mostly(east, coordinates.ANY_LONGITUDE) and _mostly(north, coordinates.ANY_LATITUDE):
            yield from (Hypothesis(code, swapped) for code in ("EPSG:4326", "EPSG:4756"))
            continue
        prefix = coordinates.zone_number(float(np.median(east)))
        shorter = east - (prefix or 0) * coordinates.ZONE_PREFIX
        if _mostly(shorter, coordinates.ANY_EASTING) and _mostly(north, coordinates.ANY_NORTHING):
            yield from _grids(prefix, swapped=swapped)


def _grids(prefix: int | None, *, swapped: bool) -> Iterator[Hypothesis]:
    for zone in (*zones(), *utm_zones()):
        yield Hypothesis(zone.code, swapped, prefix)
    for code in ("EPSG:32648", "EPSG:32649"):
        yield Hypothesis(code, swapped, prefix)
    for zone in zones():
        if zone.longitude != 105:  # there it is UTM
            yield Hypothesis(zone.code, swapped, prefix, odd_scale=True)


def _mostly(values: NDArray[np.float64], span: coordinates.Span) -> bool:
    return bool(np.mean((values >= span[0]) & (values <= span[1])) >= 0.5)
