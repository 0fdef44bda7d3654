"""Type: Be Vietnam Pro measured by the ink of its outlines, before anything is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from importlib.resources import files

import numpy as np
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.path import Path
from matplotlib.textpath import text_to_path

from ntm_gis.outputs.gates import plain
from ntm_gis.outputs.printmap.standard import MM


@lru_cache(maxsize=32)
def face(style: str) -> FontProperties:
    """Return a style of Be Vietnam Pro ("Regular", "SemiBold", "LightItalic" …)."""
    found = files("fontpkg_be_vietnam_pro") / "files" / f"BeVietnamPro-{style}.ttf"
    return FontProperties(fname=str(found))


STURDY_PT = 8.0
STURDY = {"Regular": "Medium", "Italic": "MediumItalic", "Medium": "SemiBold"}
"""What stands for a style in smaller type on a sheet to be copied: commas and the marks over
letters live through two copies."""

_copied: ContextVar[bool] = ContextVar("copied", default=False)


@contextmanager
def for_copies(copied: bool) -> Iterator[None]:
    """Measure and write small type heavier within: the sheet is black and white, to be copied."""
    before = _copied.set(copied)
    try:
        yield
    finally:
        _copied.reset(before)


def sturdy(style: str, pt: float) -> str:
    """Return the style that type of a size is written in.

    Examples
    --------
    >>> with for_copies(True):
    ...     sturdy("Regular", 6.0), sturdy("Regular", 9.0)
    ('Medium', 'Regular')
    >>> sturdy("Regular", 6.0)
    'Regular'
    """
    return STURDY.get(style, style) if _copied.get() and pt < STURDY_PT else style


_NAME_LETTERS = 80
_MOST_LETTERS = 2000
"""More than any line or paragraph of a sheet holds; what is longer costs minutes to measure."""


@lru_cache(maxsize=1)
def _letters() -> frozenset[int]:
    name = face("Regular").get_file()
    return frozenset(get_font(str(name)).get_charmap())


@lru_cache(maxsize=8192)
def shown(text: str) -> str:
    r"""Return a text in one line as the font can draw it; a sign that it lacks is a "?".

    Examples
    --------
    >>> shown("Hô\x00 Tra\n$x^2$ \u4e2d")
    'Hô Tra $x^2$ ?'
    """
    line = " ".join(plain(text[:_MOST_LETTERS]).split())
    return "".join(c if ord(c) in _letters() else "?" for c in line)


def short_name(text: str) -> str:
    """Return a name as sheets write it: one of hundreds of letters is cut, and says so.

    Examples
    --------
    >>> short_name("Hô Tra"), len(short_name("Dài " * 50))
    ('Hô Tra', 80)
    """
    return text if len(text) <= _NAME_LETTERS else f"{text[: _NAME_LETTERS - 1]}…"


Box = tuple[float, float, float, float]


@lru_cache(maxsize=8192)
def _drawn(text: str, style: str) -> tuple[Path, Box] | None:
    """Return the outline of a line of text and its box, of the size that all type is made from."""
    # Not TextPath, which takes what stands between two "$" for a formula.
    points, codes = text_to_path.get_text_path(face(style), text, ismath=False)
    if not len(points):
        return None
    path = Path(np.asarray(points, dtype=np.float64), codes)
    corners = np.asarray(path.vertices)[np.asarray(path.codes) != Path.CLOSEPOLY]
    (left, low), (right, high) = corners.min(0), corners.max(0)
    return path, (float(left), float(low), float(right), float(high))


def outline(text: str, pt: float, style: str) -> tuple[Path, Box]:
    """Return the outline of a line of text, points, and the box of its ink, mm.

    The box is that of the control points: a hair larger than the ink, and found at once.
    """
    found = _drawn(text, sturdy(style, pt))
    if found is None:
        return Path(np.empty((0, 2))), _box(text, pt, style)
    vertices = np.asarray(found[0].vertices) * (pt / text_to_path.FONT_SCALE)
    return Path(vertices, found[0].codes), _box(text, pt, style)


def _box(text: str, pt: float, style: str) -> Box:
    found = _drawn(text, sturdy(style, pt))
    if found is None:
        return 0.0, 0.0, pt * 0.25 / MM, pt * 0.5 / MM
    times = pt / text_to_path.FONT_SCALE / MM
    left, low, right, high = found[1]
    return left * times, low * times, right * times, high * times


def width(text: str, pt: float, style: str = "Regular") -> float:
    """Return the width of the ink of a text, mm."""
    left, _, right, _ = _box(shown(text), pt, style)
    return right - left


def size(text: str, pt: float, style: str) -> tuple[float, float, float]:
    """Return width and height of the ink, and where it ends below the baseline, mm."""
    left, low, right, high = _box(shown(text), pt, style)
    return right - left, high - low, low


def wrapped(text: str, pt: float, room: float, style: str = "Regular") -> list[str]:
    """Return a text in lines of at most `room` mm; a word longer than that is cut.

    Examples
    --------
    >>> wrapped("Bản Hô Tra và bản Hô Ta", 6.5, 14)
    ['Bản Hô Tra', 'và bản Hô', 'Ta']
    """
    parts = [part for word in shown(text).split() for part in _cut(word, pt, room, style)]
    lines = []
    while parts:
        n = _first_line(parts, pt, room, style)
        lines.append(" ".join(parts[:n]))
        parts = parts[n:]
    return lines or [""]


def _first_line(parts: Sequence[str], pt: float, room: float, style: str) -> int:
    """Return how many words stand in the first line: one at least."""
    return max(_most(lambda n: " ".join(parts[:n]), len(parts), pt, room, style), 1)


def _cut(word: str, pt: float, room: float, style: str) -> list[str]:
    parts = []
    while len(word) > 1 and width(word, pt, style) > room:
        n = max(int(len(word) * room / width(word, pt, style)), 1)
        while n > 1 and width(word[:n], pt, style) > room:
            n -= 1
        parts.append(word[:n])
        word = word[n:]
    return [*parts, word]


def clipped(text: str, pt: float, room: float, style: str = "Regular") -> str:
    """Return a text cut to `room` mm, with an ellipsis where it is."""
    text = shown(text)
    if width(text, pt, style) <= room:
        return text
    n = _most(lambda n: f"{text[:n]}…", len(text) - 1, pt, room, style)
    return f"{text[:n].rstrip()}…"


def _most(said: Callable[[int], str], n: int, pt: float, room: float, style: str) -> int:
    """Return the largest number up to `n` for which what is said finds room; 0 where none does.

    Measuring is dear, so the first guess is from the width of all of it, and steps are halved.
    """
    low, high = 0, n
    tried = n
    while low < high:
        wide = width(said(tried), pt, style)
        if wide <= room:
            low = tried
        else:
            high = tried - 1
        guess = int(tried * room / wide) if tried == n and wide > 0 else (low + high + 1) // 2
        tried = min(max(guess, low + 1), high)
    return low
