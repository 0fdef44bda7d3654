"""Fonts in PDF: cut from what a glyph needs alone.

The library reads a whole font each time it puts some of its letters into a file, and most of the
time goes into the tables by which lines of text are laid out. These are not embedded: the lines
are laid out by then.
"""

from __future__ import annotations

import contextlib
import io
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from fontTools.ttLib import TTFont
from matplotlib.backends import _backend_pdf_ps as library

if TYPE_CHECKING:
    from collections.abc import Iterator

_LAYOUT = ("GPOS", "GSUB", "GDEF", "DSIG")
_NAME = "get_glyphs_subset"


class _Bare(io.BytesIO):
    """A font file in memory, as the library asks for one."""

    face_index = 0


@lru_cache(maxsize=32)
def _bare(file: str) -> bytes:
    out = io.BytesIO()
    with TTFont(file, recalcTimestamp=False) as font:
        for table in _LAYOUT:
            if table in font:
                del font[table]
        font.save(out)
    return out.getvalue()


@contextlib.contextmanager
def lean() -> Iterator[None]:
    """Let fonts be cut so, as long as this holds; one thread at a time."""
    own = getattr(library, _NAME, None)
    if own is None:  # pragma: no cover - another version of the library: as it does it itself
        yield
        return

    def cut(file: Any, glyphs: Any) -> Any:
        return own(_Bare(_bare(str(file))), glyphs)

    setattr(library, _NAME, cut)
    try:
        yield
    finally:
        setattr(library, _NAME, own)
