"""Frames without places: tables that an analysis makes for sheets, pages and the GeoPackage."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

LISTED = "listed"
"""State of the rows of a list that tells none."""


def listing(
    kinds: Mapping[str, type], rows: Iterable[Sequence[Any]], zone: str
) -> gpd.GeoDataFrame:
    """Return rows as a frame whose geometry is blank.

    Parameters
    ----------
    kinds : mapping of str to type
        Column -> `str`, `float` or `date`, in the order of each row. None in a row is missing.
        Where `state` is not among them, all rows are `LISTED`.
    rows : iterable of sequences
    zone : str
        The commune's zone; every frame bears it.

    Examples
    --------
    >>> frame = listing({"id": str, "million": float}, [("A", 2), ("B", None)], "EPSG:9205")
    >>> frame["million"].tolist(), len(frame.geometry.dropna())
    ([2.0, nan], 0)
    """
    rows = list(rows)
    columns = {
        name: _column([row[k] for row in rows], kind)
        for k, (name, kind) in enumerate(kinds.items())
    }
    # Every frame has a state by which it may be styled; a plain list has but one.
    columns.setdefault("state", _column([LISTED] * len(rows), str))
    geometry = gpd.GeoSeries([None] * len(rows), crs=zone)
    return gpd.GeoDataFrame(pd.DataFrame(columns), geometry=geometry)


def _column(values: list[Any], kind: type) -> Any:
    if kind is float:
        return np.array([np.nan if v is None else v for v in values], dtype=np.float64)
    if kind is dt.date:
        return pd.Series(pd.to_datetime(values), dtype="datetime64[us]")
    return pd.Series(values, dtype=object)
