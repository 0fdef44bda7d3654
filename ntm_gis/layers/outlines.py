"""Outlines of provinces and of the country: how far they reach, and whether the country is whole.

A map of the whole country must show its archipelagos, Hoàng Sa and Trường Sa. Outlines that reach
over the country without them are told, and nobody draws the country from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis import crs, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    import numpy.typing as npt

    from ntm_gis.layers.remarks import Remarks
    from ntm_gis.layers.values import Origin

LAYER = "outlines"
_VN2000 = "EPSG:4756"
_PREFIXES = ("tinh", "thanh pho", "tp.", "tp")

_MAINLAND = (10.0, 22.5)
"""Latitudes that outlines of the whole country reach beyond, in the south and in the north."""
_GAP = 0.3
"""Degrees of latitude without any land: a province is missing."""
_OF_COUNTRY = 8.0
"""Outlines over so many degrees of latitude show the country, whole or not."""


@dataclass(frozen=True, slots=True)
class Archipelago:
    """An archipelago: its sea (west, south, east, north in degrees), and whose it is.

    Off the coast: no island of the mainland's shelf lies in the sea.
    """

    name: str
    province: str
    sea: tuple[float, float, float, float]


ARCHIPELAGOS: Mapping[str, Archipelago] = MappingProxyType({
    "hoang_sa": Archipelago("Hoàng Sa", "Đà Nẵng", (110.9, 15.2, 113.2, 17.5)),
    "truong_sa": Archipelago("Trường Sa", "Khánh Hòa", (111.0, 6.0, 118.2, 12.3)),
})  # fmt: skip
"""What a map of the country must bear, north first."""


@dataclass(frozen=True)
class Reach:
    """What outlines show of the country.

    Parameters
    ----------
    over_country : bool
        They are meant for the whole country: they reach over more than half of it.
    whole : bool
        The mainland is there from its south to its north.
    lacking : tuple of str
        Keys of `ARCHIPELAGOS` that are not there.
    misnamed : mapping of str to str
        Keys of those whose islands bear the name of something else -> that name.
    parts : mapping of str to tuple of int
        Keys -> rows with islands in the sea of each.
    """

    over_country: bool
    whole: bool
    lacking: tuple[str, ...]
    misnamed: Mapping[str, str]
    parts: Mapping[str, tuple[int, ...]]

    @property
    def national(self) -> bool:
        """Whether the country may be drawn from them."""
        return self.whole and not self.lacking and not self.misnamed

    def bears(self, province: str) -> bool:
        """Whether the archipelago of a province is there; true of provinces without one.

        Examples
        --------
        >>> reach = Reach(False, False, ("truong_sa",), {}, {})
        >>> reach.bears("tỉnh Khánh Hòa"), reach.bears("Lai Châu")
        (False, True)
        """
        own = province_key(province)
        keys = [key for key, one in ARCHIPELAGOS.items() if province_key(one.province) == own]
        return not any(key in self.lacking or key in self.misnamed for key in keys)


def province_key(name: str) -> str:
    """Return the key by which names of provinces are compared.

    Examples
    --------
    >>> province_key("Tỉnh Lai Châu") == province_key("LAI CHÂU")
    True
    >>> province_key("TP. Đà Nẵng") == province_key("Thành phố Đà Nẵng")
    True
    """
    folded = " ".join(text.fold(name).split())
    for prefix in _PREFIXES:
        rest = folded.removeprefix(prefix)
        if rest != folded and (prefix.endswith(".") or rest.startswith(" ")):
            return rest.strip()
    return folded


def reach(
    shapes: npt.NDArray[np.object_], names: Sequence[str], provinces: Sequence[str], zone: str
) -> Reach:
    """Say what outlines show of the country.

    Parameters
    ----------
    shapes : object array, (n,)
        Polygons in the zone, metres; None is passed over.
    names, provinces : sequence of str, (n,)
        Name of each and of its province, "" where there is none.
    zone : str
        Their reference system.
    """
    places, rows = _places(shapes, zone)
    if not len(places):
        return Reach(
            over_country=False, whole=False, lacking=tuple(ARCHIPELAGOS), misnamed={}, parts={}
        )
    lacking: list[str] = []
    misnamed: dict[str, str] = {}
    parts: dict[str, tuple[int, ...]] = {}
    at_sea = np.zeros(len(places), dtype=bool)
    for key, one in ARCHIPELAGOS.items():
        inside = _within(places, one.sea)
        at_sea |= inside
        found = tuple(np.unique(rows[inside]).tolist())
        if not found:
            lacking.append(key)
            continue
        parts[key] = found
        other = next((names[i] or provinces[i] for i in found
                      if not _is_named(one, names[i], provinces[i])), None)  # fmt: skip
        if other is not None:
            misnamed[key] = other
    low, high, gap = _latitudes(places[:, 1].reshape(3, -1)[:, ~at_sea.reshape(3, -1).any(axis=0)])
    return Reach(
        over_country=high - low >= _OF_COUNTRY,
        whole=low < _MAINLAND[0] and high > _MAINLAND[1] and gap < _GAP,
        lacking=tuple(lacking),
        misnamed=MappingProxyType(misnamed),
        parts=MappingProxyType(parts),
    )


def _places(
    shapes: npt.NDArray[np.object_], zone: str
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.intp]]:
    """Return longitude and latitude of the ends of every part, and the row of each."""
    parts, rows = shapely.get_parts(shapes, return_index=True)
    bounds = shapely.bounds(parts)
    there = np.isfinite(bounds).all(axis=1)
    bounds, rows = bounds[there], rows[there]
    middle = (bounds[:, 0] + bounds[:, 2]) / 2
    # South end, middle and north end of each part: islands are small, the mainland is long.
    ends = np.concatenate([
        np.column_stack([middle, bounds[:, 1]]),
        np.column_stack([middle, (bounds[:, 1] + bounds[:, 3]) / 2]),
        np.column_stack([middle, bounds[:, 3]]),
    ])  # fmt: skip
    lon, lat = crs.transformer(zone, _VN2000).transform(ends[:, 0], ends[:, 1])
    return np.column_stack([lon, lat]), np.tile(rows, 3)


def at_sea(parts: npt.NDArray[np.object_], key: str, zone: str) -> npt.NDArray[np.bool_]:
    """Return which parts lie in the sea of an archipelago; `zone` is their system."""
    middle = shapely.get_coordinates(shapely.centroid(parts))
    lon, lat = crs.transformer(zone, _VN2000).transform(middle[:, 0], middle[:, 1])
    return _within(np.column_stack([lon, lat]), ARCHIPELAGOS[key].sea)


def _latitudes(spans: npt.NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the lowest and highest latitude of parts, and the widest gap without any."""
    if not spans.size:
        return 0.0, 0.0, 0.0
    order = np.argsort(spans[0], kind="stable")
    south, north = spans[0][order], np.maximum.accumulate(spans[2][order])
    gaps = south[1:] - north[:-1]
    return float(south[0]), float(north[-1]), float(max(gaps.max(initial=0.0), 0.0))


def _within(
    places: npt.NDArray[np.float64], sea: tuple[float, float, float, float]
) -> npt.NDArray[np.bool_]:
    west, south, east, north = sea
    lon, lat = places.T
    found: npt.NDArray[np.bool_] = (west < lon) & (lon < east) & (south < lat) & (lat < north)
    return found


def _is_named(one: Archipelago, name: str, province: str) -> bool:
    """Whether an island bears the archipelago's name, its province's, or none at all."""
    if not name and not province:
        return True
    said = text.fold(f"{name} {province}")
    return text.fold(one.name) in said or text.fold(one.province) in said


def columns(frame: gpd.GeoDataFrame) -> tuple[list[str], list[str]]:
    """Return names and provinces of the rows of outlines; "" where there is none."""
    return _texts(frame, "name"), _texts(frame, "province")


def _texts(frame: gpd.GeoDataFrame, column: str) -> list[str]:
    if column not in frame:
        return [""] * len(frame)
    return [one.strip() if isinstance(one, str) else "" for one in frame[column]]


def inspect(frame: gpd.GeoDataFrame, origin: Origin, remarks: Remarks) -> None:
    """Remark on outlines of the country that do not show all of it."""
    if frame.empty or frame.crs is None:
        return
    names, provinces = columns(frame)
    found = reach(frame.geometry.to_numpy(), names, provinces, frame.crs.to_string())
    if not found.over_country or found.national:
        return
    if found.lacking:
        what = ", ".join(ARCHIPELAGOS[key].name for key in found.lacking)
        remarks.table("OUTLINES_LACK_ISLANDS", origin, what=what)
    elif found.misnamed:
        key, other = next(iter(found.misnamed.items()))
        remarks.table("OUTLINES_MISNAMED", origin, what=ARCHIPELAGOS[key].name, other=other)
    else:
        remarks.table("OUTLINES_NOT_WHOLE", origin)
