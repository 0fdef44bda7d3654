"""Rows of a layer ready to be shown: no personal fields, values plain, codes in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import geopandas as gpd
import pandas as pd

from ntm_gis.layers.values import LOCATED_BY, Layer
from ntm_gis.rules import schema
from ntm_gis.rules.schema import Field, code_list
from ntm_gis.rules.terms import term

Value = str | float | int | bool | dt.date | None

# How the checks join several codes or keys in one value.
_JOINT = "+"

SURVEY = "survey"


def public_fields(layer: Layer) -> tuple[Field, ...]:
    """Return the fields of a layer that may leave the office."""
    return schema.public_fields(layer.schema)


def further_columns(layer: Layer) -> tuple[str, ...]:
    """Return the columns of the office's own that the schema does not know, as received.

    Columns that begin with "@" are ours.
    """
    known = {*layer.schema.names, LOCATED_BY, layer.frame.geometry.name}
    names = (str(name) for name in layer.frame.columns if name not in known)
    return tuple(name for name in names if not name.startswith("@"))


def plain(values: Iterable[object]) -> list[Value]:
    """Return values as plain Python ones; whatever is missing is None.

    Examples
    --------
    >>> plain([1, float("nan"), pd.NA, pd.Timestamp("2025-07-01"), "x"])
    [1, None, None, datetime.date(2025, 7, 1), 'x']
    """
    return [_plain(value) for value in values]


def _plain(value: object) -> Value:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(str(part) for part in value)
    if pd.isna(value):  # type: ignore[call-overload]  # any scalar a frame can hold
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date | int | float):
        return value
    item = getattr(value, "item", None)  # a number or truth value of numpy's
    return item() if item is not None else str(value)


def shown(field: Field, values: Sequence[Value], lang: str) -> list[Value]:
    """Return values of a field as a person reads them: titles of codes, "Có" and "Không".

    Examples
    --------
    >>> from ntm_gis.rules.schema import schema
    >>> shown(schema("roads").field("surface"), ["concrete", None], "vi")
    ['Bê tông xi măng', None]
    """
    if field.type == "choice" and field.codes:
        titles = {code.code: code.title.words.of(lang) for code in code_list(field.codes).codes}
        return [None if v is None else _titles(v, titles, many=field.many) for v in values]
    if field.type == "reference":
        return [_keys(v, field, lang) for v in values]
    return [truth(v, lang) if isinstance(v, bool) else v for v in values]


def truth(value: bool, lang: str) -> str:
    """Return a truth value in words."""
    return term("yes" if value else "no").of(lang)


def _titles(value: Value, titles: dict[str, str], *, many: bool) -> str:
    parts = str(value).split(_JOINT) if many else [str(value)]
    return ", ".join(titles.get(part, part) for part in parts)


def _keys(value: Value, field: Field, lang: str) -> Value:
    if value is None:
        return None
    none = term("no").of(lang)
    parts = str(value).split(_JOINT) if field.many else [str(value)]
    return ", ".join(none if part == "none" and part in field.also else part for part in parts)


def located_by(frame: gpd.GeoDataFrame, lang: str) -> list[Value]:
    """Return how positions came about, in words.

    Lines and areas that came as such were drawn by somebody: that they were surveyed nobody said.
    """
    titles = {code.code: code.title.words.of(lang) for code in code_list(LOCATED_BY).codes}
    drawn = term("drawn_on_map").of(lang)
    is_point = frame.geometry.geom_type.isin(("Point", "MultiPoint")) | frame.geometry.isna()
    return [
        drawn if value == SURVEY and not point else titles.get(str(value))
        for value, point in zip(plain(frame[LOCATED_BY]), is_point, strict=True)
    ]


def coordinates(frame: gpd.GeoDataFrame) -> tuple[list[Value], list[Value]]:
    """Return north (X) and east (Y) of points in metres; None where a row has no point."""
    shapes = frame.geometry
    points = shapes.notna() & (shapes.geom_type == "Point") & ~shapes.is_empty
    north = shapes.where(points).y.round(2)
    east = shapes.where(points).x.round(2)
    return plain(north), plain(east)
