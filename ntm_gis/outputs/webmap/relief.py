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
_WIDEST = 1100
_QUALITY = 55


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
    rgb = _tinted(brightness.heights, heights.heights if heights else None)
    picture = Image.fromarray(rgb)
    if picture.width > _WIDEST:
        height = round(picture.height * _WIDEST / picture.width)
        picture = picture.resize((_WIDEST, height), Image.Resampling.BILINEAR)
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=_QUALITY, method=4)
    west, south, east, north = brightness.bounds
    x, y = origin
    return {
        "src": f"data:image/webp;base64,{base64.b64encode(out.getvalue()).decode('ascii')}",
        "box": [round(west - x), round(south - y), round(east - x), round(north - y)],
    }


def _tinted(
    brightness: npt.NDArray[np.float32], heights: npt.NDArray[np.float32] | None
) -> npt.NDArray[np.uint8]:
    light = np.nan_to_num(np.clip(brightness, 0, 1), nan=1.0)
    if heights is not None and heights.shape == light.shape and np.isfinite(heights).any():
        low, high = np.nanpercentile(heights, (2, 98))
        share = np.nan_to_num((heights - low) / max(high - low, 1.0), nan=0.0).clip(0, 1)
    else:
        share = np.zeros_like(light)
    tint = _LOW + share[..., None] * (_HIGH - _LOW)
    # Grids are dark where they average: stretch what is there over the whole range of tones.
    dark, bright = np.percentile(light, (1, 99))
    tone = ((light - dark) / max(bright - dark, 1e-6)).clip(0, 1)
    shaded: npt.NDArray[np.float32] = tint * (_DARKEST + (1 - _DARKEST) * tone[..., None])
    return np.rint(shaded).astype(np.uint8)


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
