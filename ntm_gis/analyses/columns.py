"""Columns of checked layers as plain values: what is not recorded is None or NaN, nothing else."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from ntm_gis.layers.values import Layer

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Shapes = npt.NDArray[np.object_]


def texts(frame: pd.DataFrame, name: str) -> list[str | None]:
    """Return a column of texts, codes or references; blank and missing as None.

    Examples
    --------
    >>> texts(pd.DataFrame({"surface": ["earth", "", None, float("nan")]}), "surface")
    ['earth', None, None, None]
    """
    return [_text(value) for value in _column(frame, name)]


def several(frame: pd.DataFrame, name: str) -> list[tuple[str, ...]]:
    """Return a column that holds several codes at once ("primary+lower_secondary").

    Examples
    --------
    >>> several(pd.DataFrame({"level": ["primary+lower_secondary", None]}), "level")
    [('primary', 'lower_secondary'), ()]
    """
    return [
        tuple((_text(value) or "").split("+")) if _text(value) else ()
        for value in _column(frame, name)
    ]


def amounts(frame: pd.DataFrame, name: str) -> Floats:
    """Return a column of numbers as float64, missing as NaN.

    Examples
    --------
    >>> amounts(pd.DataFrame({"households": pd.array([12, None], "Int64")}), "households")
    array([12., nan])
    """
    if name not in frame:
        return np.full(len(frame), np.nan)
    numbers: Floats = pd.to_numeric(frame[name]).to_numpy(dtype=np.float64, na_value=np.nan)
    return numbers


def truths(frame: pd.DataFrame, name: str) -> list[bool | None]:
    """Return a column of truth values, missing as None.

    Examples
    --------
    >>> truths(pd.DataFrame({"clean": pd.array([True, None], "boolean")}), "clean")
    [True, None]
    """
    return [None if _missing(value) else bool(value) for value in _column(frame, name)]


def days(frame: pd.DataFrame, name: str) -> list[dt.date | None]:
    """Return a column of dates, missing as None.

    Examples
    --------
    >>> days(pd.DataFrame({"paid_on": pd.to_datetime(["2025-03-05", None])}), "paid_on")
    [datetime.date(2025, 3, 5), None]
    """
    out: list[dt.date | None] = []
    for value in _column(frame, name):
        if _missing(value):
            out.append(None)
        elif isinstance(value, dt.datetime):
            out.append(value.date())
        else:
            out.append(value if isinstance(value, dt.date) else pd.Timestamp(value).date())
    return out


def shapes(frame: gpd.GeoDataFrame) -> Shapes:
    """Return the geometries, with None for what has no place (missing or empty)."""
    out = np.array(frame.geometry.to_numpy(), dtype=object)
    out[shapely.is_missing(out) | shapely.is_empty(out)] = None
    return out


def ids(layer: Layer, positions: Sequence[int] | None = None) -> list[str]:
    """Return the ids of the used rows (or of some): the key, else the number of the row."""
    every = layer.places.ids
    return list(every) if positions is None else [every[position] for position in positions]


def _column(frame: pd.DataFrame, name: str) -> list[Any]:
    return frame[name].tolist() if name in frame else [None] * len(frame)


def _missing(value: Any) -> bool:
    return value is None or (not isinstance(value, list | tuple) and bool(pd.isna(value)))


def _text(value: Any) -> str | None:
    if _missing(value):
        return None
    return str(value).strip() or None
