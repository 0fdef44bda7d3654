"""Heights on a grid: what the file says of itself first, then only the cells that are needed."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from ntm_gis.sources import limits
from ntm_gis.sources.readers.parsed import Parsed, Refusal

if TYPE_CHECKING:
    from pathlib import Path

_DRIVERS = {"tif": "GTiff", "hgt": "SRTMHGT"}


def read(path: Path, question: dict[str, Any]) -> list[Parsed]:
    """Return what a raster says of itself, as hints of a table without rows.

    Hints: `width`, `height`, `bands`, `transform` (six numbers of the affine map from column and
    row to its coordinates), `kind` of numbers, `nodata`.

    Raises
    ------
    Refusal
        It is not georeferenced by a plain map, or holds no numbers.
    """
    with _opened(path, question["kind"]) as source:
        if source.transform.is_identity or source.transform.determinant == 0:
            raise Refusal("RASTER_WITHOUT_PLACE")
        if np.dtype(source.dtypes[0]).kind not in "iuf":
            raise Refusal("SOURCE_UNREADABLE", why=source.dtypes[0])
        crs = None if source.crs is None else _system(source.crs)
        hints = {
            "width": source.width, "height": source.height, "bands": source.count,
            "transform": list(source.transform)[:6], "kind": source.dtypes[0],
            "nodata": None if source.nodata is None else float(source.nodata),
        }  # fmt: skip
    if hints["nodata"] is not None and not np.isfinite(hints["nodata"]):
        hints["nodata"] = None  # NaN stands for itself
    return [Parsed(None, [], [], None, crs, hints=hints)]


def window(
    path: Path, kind: str, part: dict[str, int], shape: tuple[int, int]
) -> tuple[dict[str, Any], list[bytes]]:
    """Return the cells of a window, thinned to `shape` where that is smaller, as float32.

    Cells without a height are NaN.
    """
    rows, columns = shape
    if rows * columns > limits.PIXELS or min(rows, columns) < 1:
        raise Refusal("SOURCE_TOO_BIG")
    from rasterio.windows import Window

    with _opened(path, kind) as source:
        cells = source.read(
            1,
            window=Window(part["column"], part["row"], part["columns"], part["rows"]),
            out_shape=shape,
            masked=True,
        )
    heights = np.ma.filled(cells.astype("float32"), np.nan)
    return {"shape": [rows, columns]}, [np.ascontiguousarray(heights, "<f4").tobytes()]


def _opened(path: Path, kind: str) -> Any:
    import rasterio
    from rasterio.errors import NotGeoreferencedWarning, RasterioIOError

    warnings.simplefilter("ignore", NotGeoreferencedWarning)
    try:
        return rasterio.open(path, driver=_DRIVERS[kind])
    except RasterioIOError as cause:
        raise Refusal("SOURCE_UNREADABLE", why="GDAL") from cause


def _system(crs: Any) -> str:
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.to_wkt())
