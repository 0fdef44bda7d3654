"""Texts on plates: shields of national roads, numbers of the plan review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.patches import BoxStyle

from ntm_gis.outputs.printmap import copier
from ntm_gis.outputs.printmap.standard import BLACK, INK, PAPER
from ntm_gis.outputs.printmap.type import size
from ntm_gis.rules import maps

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.page import Page

_SHIELD = "#1f5c3a"
_PLATE, _SHIELD_RIM, _HEAVY = 0.28, 0.45, 0.25


def draw(
    page: Page,
    said: str,
    pt: float,
    middle: tuple[float, float],
    symbol: str = "",
    *,
    kp: float,
    z: float = 18.0,
    log: str | None = None,
) -> None:
    """Write on a plate: that of a symbol, or the shield of a national road where none is named.

    Black and white tells the plates of the review apart by fill and edge: filled, heavy, heavy
    and dashed, thin, thin and dashed.
    """
    w, h, low = size(said, pt, "Bold")
    cx, cy = middle
    grown = (_PLATE if symbol else _SHIELD_RIM) * kp
    ink = _plate(page, middle, (w + 2 * grown, h + 2 * grown), symbol, kp, z)
    page.text(
        cx, cy - h / 2 - low, said, pt, "Bold", ink, ha="center", z=z + 0.5, log=log
    )  # fmt: skip


def stub(
    page: Page, middle: tuple[float, float], symbol: str, *, kp: float, z: float = 16.0
) -> None:
    """Draw a small plate without a text at its very place: there was no room for the text."""
    _plate(page, middle, (1.5 * kp, 0.8 * kp), symbol, kp, z)


def rim(symbol: str, kp: float, *, bw: bool) -> float:
    """Return how far a plate reaches beyond its text, mm."""
    heavy: float = _HEAVY * kp**0.5
    return _PLATE * kp + heavy * (max(copier.plate_edge(symbol)[0], 1.5) if bw else 0.5)


def _plate(
    page: Page,
    middle: tuple[float, float],
    extent: tuple[float, float],
    symbol: str,
    kp: float,
    z: float,
) -> str:
    """Draw a plate; return the colour of what is written on it."""
    fill, edge, ink = _SHIELD, PAPER, PAPER
    heavy = _HEAVY * kp**0.5
    dash: tuple[float, ...] = ()
    if symbol:
        found = maps.styles().symbols[symbol]
        part = found.parts[0]
        fill, edge = part.fill or "#fff6df", part.stroke or INK
        ink = found.letter.colour if found.letter is not None else INK
        dash = part.dash
    outer = 0.0
    if page.bw:
        fill = page.colour(fill)
        ink = edge = PAPER if fill != PAPER else BLACK
        # The white edge of a black plate takes from it.
        outer = heavy if fill != PAPER else 0.0
        if fill == PAPER:
            times, dash = copier.plate_edge(symbol)
            heavy *= times
            # A heavy edge grows outwards: it must leave the letters their white.
            outer = heavy / 2
    wide, high = (side + 2 * outer for side in extent)
    box = BoxStyle.Round(pad=0.0, rounding_size=0.45)
    path = box(middle[0] - wide / 2, middle[1] - high / 2, wide, high, kp)
    if dash:
        page.path(path, fill, PAPER, heavy + 0.2, z=z - 0.01)
    page.path(path, fill, edge, heavy, z=z, dash=dash)
    return ink
