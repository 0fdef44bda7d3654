"""Texts and pictures as sheets need them: put on paper without what the library weighs first.

A line of text stands at its baseline, so its extent, for which the library lays it out once more,
is not needed; a picture has the colours it has, so it need not go through numbers with a point.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.image import AxesImage
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Bbox

if TYPE_CHECKING:
    import numpy.typing as npt

    Pixels = npt.NDArray[np.uint8]


class Line(Text):
    """One line of text at its baseline, from its left end, turned about that."""

    def draw(self, renderer: Any) -> None:
        """Write the line."""
        said = self.get_text()
        if not self.get_visible() or not said:
            return
        renderer.open_group("text", self.get_gid())
        x, y = self.get_transform().transform(self.get_unitless_position())
        if renderer.flipy():
            y = renderer.get_canvas_width_height()[1] - y
        gc = renderer.new_gc()
        gc.set_foreground(to_rgba(self.get_color()), isRGBA=True)
        gc.set_alpha(self.get_alpha())
        gc.set_antialiased(self.get_antialiased())
        self._set_gc_clip(gc)  # type: ignore[attr-defined]  # the library's own
        renderer.draw_text(
            gc, x, y, said, self.get_fontproperties(), self.get_rotation(), mtext=self
        )
        gc.restore()
        renderer.close_group("text")
        self.stale = False


class Picture(AxesImage):
    """A picture of red, green and blue, row 0 at the bottom, over its extent."""

    def can_composite(self) -> bool:
        """Return that it is not put together with others: it has its own place and clip."""
        return False

    def draw(self, renderer: Any) -> None:
        """Lay the picture: as it is where the format can scale it, else pixel by pixel."""
        if not self.get_visible():
            return
        left, right, bottom, top = self.get_extent()
        corners = self.axes.transData.transform([[left, bottom], [right, top]])
        place = Bbox(corners)
        rgb = np.asarray(self.get_array(), dtype=np.uint8)
        gc = renderer.new_gc()
        self._set_gc_clip(gc)  # type: ignore[attr-defined]  # the library's own
        gc.set_alpha(1.0)
        if renderer.option_scale_image():
            size = Affine2D().scale(place.width, place.height)
            renderer.draw_image(gc, place.x0, place.y0, rgb, size)
        else:
            x, y, pixels = _pixels(rgb, place)
            renderer.draw_image(gc, x, y, pixels)
        gc.restore()
        self.stale = False


def _pixels(rgb: Pixels, place: Bbox) -> tuple[int, int, Pixels]:
    """Return the pixels of a place on the screen, each of the nearest colour, and their corner."""
    rows, bottom = _nearest(place.y0, place.y1, rgb.shape[0])
    columns, left = _nearest(place.x0, place.x1, rgb.shape[1])
    found = np.full((len(rows), len(columns), 4), 255, dtype=np.uint8)
    found[..., :3] = rgb[rows][:, columns]
    return left, bottom, found


def _nearest(low: float, high: float, n: int) -> tuple[npt.NDArray[np.intp], int]:
    """Return for each pixel of a stretch the row or column of a picture, and where it begins."""
    first, last = round(low), round(high)
    middle = np.arange(first, last) + 0.5
    at = np.floor((middle - low) / (high - low) * n).astype(np.intp)
    return np.clip(at, 0, n - 1), first
