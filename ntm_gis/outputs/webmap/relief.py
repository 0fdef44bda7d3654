"""The ground under the map: shaded relief as a picture of its own, very light."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from PIL import Image

if TYPE_CHECKING:
    from ntm_gis.layers.values import Grid

# Near-white tints of the lowest and the highest ground, and the darkest that shade may make them:
# relief must not compete with what lies on it.
_LOW = np.array([0xF0, 0xF4, 0xEE], dtype=np.float32)
_HIGH = np.array([0xFC, 0xF9, 0xF3], dtype=np.float32)
_DARKEST = 0.72
_TONES, _TINTS = 64, 16
_WIDEST = 800
_QUALITY = 55
# Every how many cells are looked at to find the range of values.
_SAMPLE = 3


def shade(brightness: Grid, heights: Grid | None, origin: tuple[float, float]) -> dict[str, Any]:
    """Return the picture of the relief and the box of ground it covers.

    Parameters
    ----------
    brightness : Grid
        0 (dark) to 1 (light).
    heights : Grid or None
        Of the same cells; without them the ground has one tint.
    origin : (float, float)
        East and north of the corner that the page counts from.

    Returns
    -------
    dict
        `src`, a data address of a WebP picture, and `box`: west, south, east, north, metres
        from the origin.
    """
    same = heights is not None and heights.heights.shape == brightness.heights.shape
    rgb = _tinted(
        _narrowed(brightness.heights),
        _narrowed(heights.heights) if heights is not None and same else None,
    )
    out = io.BytesIO()
    Image.fromarray(rgb).save(out, "WEBP", quality=_QUALITY, method=2)
    west, south, east, north = brightness.bounds
    x, y = origin
    return {
        "src": f"data:image/webp;base64,{base64.b64encode(out.getvalue()).decode('ascii')}",
        "box": [round(west - x), round(south - y), round(east - x), round(north - y)],
    }


def _narrowed(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return a grid of at most so many columns: a screen shows no more of the whole commune."""
    rows, columns = values.shape
    if columns <= _WIDEST:
        return values
    size = (_WIDEST, max(round(rows * _WIDEST / columns), 1))
    picture = Image.fromarray(values.astype(np.float32)).resize(size, Image.Resampling.BILINEAR)
    return np.asarray(picture)


def _tinted(
    brightness: npt.NDArray[np.float32], heights: npt.NDArray[np.float32] | None
) -> npt.NDArray[np.uint8]:
    """Return the colour of each cell: one of so many tones of one of so many tints."""
    tone = _stretched(brightness, 1, _TONES)
    tint: npt.NDArray[np.intp] = np.zeros(tone.shape, dtype=np.intp)
    if heights is not None:
        tint = _stretched(heights, 2, _TINTS)
    share = np.linspace(0, 1, _TINTS, dtype=np.float32)[:, None, None]
    light = np.linspace(_DARKEST, 1, _TONES, dtype=np.float32)[None, :, None]
    colours = np.rint((_LOW + share * (_HIGH - _LOW)) * light).astype(np.uint8)
    found: npt.NDArray[np.uint8] = colours.reshape(-1, 3)[tint * _TONES + tone]
    return found


def _stretched(values: npt.NDArray[np.float32], tail: float, steps: int) -> npt.NDArray[np.intp]:
    """Return values as steps from 0, what lies between the tails spread over all of them.

    Grids are dark where they average: without this the relief would be a grey of one tone.
    Cells without a value are taken as the lightest.
    """
    some = values[::_SAMPLE, ::_SAMPLE]
    some = some[np.isfinite(some)]
    if not len(some):
        return np.full(values.shape, steps - 1, dtype=np.intp)
    low, high = np.percentile(some, (tail, 100 - tail))
    scaled = (values - np.float32(low)) * np.float32((steps - 1) / max(high - low, 1e-6))
    whole: npt.NDArray[np.intp] = (
        np.nan_to_num(scaled, nan=steps - 1).clip(0, steps - 1).astype(np.intp)
    )
    return whole


def height_at(
    heights: Grid | None, east: npt.NDArray[np.float64], north: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return the height of the cell that holds each place; NaN outside the grid.

    Parameters
    ----------
    east, north : float array, n
        Metres in the grid's zone; NaN for what has no place.
    """
    out = np.full(len(east), np.nan)
    if heights is None or not len(east):
        return out
    rows, columns = heights.heights.shape
    with np.errstate(invalid="ignore"):
        column = np.floor((east - heights.west) / heights.cell)
        row = np.floor((heights.north - north) / heights.cell)
        inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    found = heights.heights[row[inside].astype(int), column[inside].astype(int)]
    out[inside] = found
    return out
