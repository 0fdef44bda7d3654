"""Communes and provinces as outlines give them, with what their columns say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.layers import outlines
from ntm_gis.layers.outlines import province_key
from ntm_gis.rules.schema import heading_key, schema
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    import geopandas as gpd

_NEAR_M = 2000.0
_OWN_SHARE = 0.5
_FOREIGN = frozenset({"trung quoc", "lao", "campuchia", "china", "laos", "cambodia", "chdcnd lao"})
_PREFIXES = ("tỉnh ", "thành phố ", "tp. ", "tp ")


@dataclass(frozen=True)
class Unit:
    """A commune or province that outlines give; `province` is "" where nothing says it."""

    shape: shapely.Geometry
    name: str
    province: str
    whole: bool = False
    """It is the province itself."""


def province_column(columns: Iterable[str]) -> str | None:
    """Return the column that says of which province a commune is.

    Examples
    --------
    >>> province_column(["ma_xa", "ten_xa", "Tên tỉnh"])
    'Tên tỉnh'
    """
    known = {heading_key(one) for one in schema(outlines.LAYER).field("province").spellings}
    return next((c for c in columns if heading_key(str(c)) in known), None)


def units(frame: gpd.GeoDataFrame | None) -> list[Unit]:
    """Return the units of a frame that have a shape, as valid geometry."""
    if frame is None or not len(frame):
        return []
    column = province_column(frame.columns)
    names = _texts(frame, "name")
    provinces = _texts(frame, column)
    shapes = frame.geometry.to_numpy()
    there = np.isfinite(shapely.bounds(shapes)).all(axis=1)
    out = []
    for shape, name, province, known in zip(shapes, names, provinces, there, strict=True):
        if not known:
            continue
        whole = bool(name) and province_key(province or name) == province_key(name)
        out.append(Unit(shape, name, province or (name if whole else ""), whole))
    return out


def _texts(frame: gpd.GeoDataFrame, column: str | None) -> list[str]:
    if column is None or column not in frame:
        return [""] * len(frame)
    return [one.strip() if isinstance(one, str) else "" for one in frame[column]]


def is_foreign(province: str) -> bool:
    """Whether what stands for a province is a country.

    Examples
    --------
    >>> is_foreign("Trung Quốc"), is_foreign("Lào Cai")
    (True, False)
    """
    return province_key(province) in _FOREIGN


def bare(province: str) -> str:
    """Return the name of a province without the word for it.

    Examples
    --------
    >>> bare("Tỉnh Lào Cai"), bare("Thành phố Huế"), bare("Sơn La")
    ('Lào Cai', 'Huế', 'Sơn La')
    """
    low = province.casefold()
    for prefix in _PREFIXES:
        if low.startswith(prefix):
            return province[len(prefix) :].strip()
    return province


def province_words(province: str, lang: str) -> str:
    """Return a province with the word for it; a country as it is.

    Examples
    --------
    >>> province_words("Lai Châu", "vi"), province_words("TP. Huế", "vi")
    ('tỉnh Lai Châu', 'thành phố Huế')
    >>> province_words("Tỉnh Lào Cai", "vi"), province_words("Trung Quốc", "vi")
    ('tỉnh Lào Cai', 'Trung Quốc')
    """
    if is_foreign(province):
        return province
    is_city = province.casefold().startswith(("thành phố ", "tp. ", "tp "))
    return say("print_map.city" if is_city else "print_map.province", lang, name=bare(province))


def is_near(unit: Unit, ground: shapely.Geometry) -> bool:
    """Whether a unit lies beside the commune; `ground` is best prepared."""
    return bool(shapely.dwithin(ground, unit.shape, _NEAR_M))


def is_itself(unit: Unit, ground: shapely.Geometry) -> bool:
    """Whether a unit is the commune, which lists of a whole province name as well."""
    if not shapely.intersects(ground, unit.shape) or unit.shape.area > 4 * ground.area:
        return False
    shape = shapely.make_valid(unit.shape)
    return bool(shapely.intersection(shape, ground).area > _OWN_SHARE * shape.area)
