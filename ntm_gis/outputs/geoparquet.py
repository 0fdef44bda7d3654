"""Rows with shapes as GeoParquet, by geopandas and pyarrow."""

from __future__ import annotations

import io
from collections.abc import Mapping

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
    fields = {
        name: pd.Series(values).convert_dtypes().mask(missing)
        for name, (values, missing) in columns.items()
    }
    frame = gpd.GeoDataFrame(fields, geometry=geometry, crs=zone)
    held = io.BytesIO()
    try:
        frame.to_parquet(held, index=False, schema_version="1.1.0", compression="zstd")
    except ImportError as cause:
        raise OutputError("EXPORT_NEEDS_PYARROW") from cause
    return held.getvalue()
