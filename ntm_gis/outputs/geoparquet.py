"""Rows with shapes as GeoParquet, by geopandas and pyarrow."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from ntm_gis.errors import OutputError

Column = tuple[npt.NDArray[np.generic], npt.NDArray[np.bool_]]
"""Values, and where they are missing."""


def geoparquet(
    columns: Mapping[str, Column], geometry: npt.NDArray[np.object_], zone: str
) -> bytes:
    """Return rows as GeoParquet 1.1; whole numbers stay whole where some are missing.

    A column's type is that of its values' array, whatever is in it: the files of two communes go
    into one table.

    Parameters
    ----------
    columns : mapping of name to (values, missing), n rows
    geometry : array of n shapes
        In `zone`.
    zone : str
        An EPSG code.

    Raises
    ------
    OutputError
        pyarrow is not installed: it is large, and offices do without.
    """
    fields = {name: _series(values).mask(missing) for name, (values, missing) in columns.items()}
    frame = gpd.GeoDataFrame(fields, geometry=geometry, crs=zone)
    held = io.BytesIO()
    try:
        frame.to_parquet(held, index=False, schema_version="1.1.0", compression="zstd")
    except ImportError as cause:
        raise OutputError("EXPORT_NEEDS_PYARROW") from cause
    return held.getvalue()


_TYPES = {"f": "Float64", "i": "Int64", "u": "Int64", "b": "boolean"}


def _series(values: npt.NDArray[np.generic]) -> pd.Series[Any]:
    """Return values in a type that holds blanks: lengths that are all whole are no whole numbers.

    Examples
    --------
    >>> str(_series(np.array([1.0, 2.0])).dtype), str(_series(np.array([None], object)).dtype)
    ('Float64', 'string')
    """
    kind = values.dtype.kind
    if kind == "M":
        return pd.Series(values)
    if kind in _TYPES:
        return pd.Series(values, dtype=_TYPES[kind])
    return pd.Series([None if v is None else str(v) for v in values], dtype="string")
