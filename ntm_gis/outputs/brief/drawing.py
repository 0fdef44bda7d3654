"""Cards drawn as pictures 1080 pixels wide, readable on a phone held in the hand."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from ntm_gis.outputs.brief.card import counted
from ntm_gis.outputs.printmap.content import definition_of
from ntm_gis.outputs.printmap.page import Page, settings
from ntm_gis.outputs.printmap.printer import picture, pixels
from ntm_gis.outputs.printmap.standard import FIGURE, INK, PAPER, TITLE
from ntm_gis.outputs.printmap.type import clipped, width, wrapped
from ntm_gis.rules.terms import say, term

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ntm_gis.outputs.brief.card import Bar, Big, Card
    from ntm_gis.outputs.printmap.printer import Printer
    from ntm_gis.rules.commune import Commune

WIDE_PX, HIGH_PX = 1080, 1350
_DPI = 254
_W, _H = 108.0, 135.0
"""Millimetres: ten pixels each."""

_LEFT, _ROOM = 6.0, _W - 12.0
_HEAD, _FOOT = 25.0, 21.0
_GREY, _SOFT, _DONE, _HALF = "#4a4a45", "#e6e4de", "#0b6e6e", "#8cc3c3"
_BIG, _MIDDLE, _TEXT, _SMALL = 34.0, 22.0, 10.5, 9.0
_LINE = 5.0
_VERDICTS = {
    "met": ("#0b6e6e", PAPER), "not_met": ("#c8541b", PAPER), "undetermined": (PAPER, INK),
}  # fmt: skip
"""Ground and ink of tiles; others are grey."""

_TYPE = {
    "title": 0.0, "sub": 0.0, "village": 8.6, "seat": 9.6, "neighbour": 8.6, "former": 8.4,
    "river": 8.0, "road": 7.2, "spot": 0.0, "contour": 0.0, "grid": 7.0, "head": 8.0,
    "text": 7.4, "foot": 7.0, "pin": 7.0,
}  # fmt: skip
_MAP = replace(
    FIGURE, name="card", size=(_ROOM, 57.0), k=0.7, kp=0.86, ppi=_DPI, dpi=_DPI,
    type=MappingProxyType(_TYPE), optional=("bar", "legend"),
)  # fmt: skip


def drawn(card: Card, commune: Commune, lang: str, printer: Printer) -> bytes:
    """Return a card as PNG, 1080 pixels wide and 1350 high.

    Parameters
    ----------
    card : Card
    commune : Commune
        Whose it is, as of when.
    lang : str
        "vi" or "en".
    printer : Printer
        Draws the map of a card that has one.
    """
    with settings():
        ground = None
        if card.picture is not None:
            ground = pixels(printer.draw(definition_of(card.picture), _MAP).page, _DPI)
        page = Page(_W, _H)
        _head(page, card, commune, lang)
        y = _H - _HEAD - 6
        y = _bigs(page, card.bigs, y)
        if ground is not None:
            y = _ground(page, ground, y)
        y = _tiles(page, card, y, lang)
        for bar in card.bars:
            y = _bar(page, bar, y)
        _lines(page, card.lines, y)
        _foot(page, card, commune, lang)
        title = f"{card.title} – {commune.commune.name}"
        return picture(page, _DPI, title)


def _head(page: Page, card: Card, commune: Commune, lang: str) -> None:
    who = commune.commune
    page.rect(0, _H - _HEAD, _W, _HEAD, TITLE)
    name = f"{say('commune_of', lang, name=who.name)}, {who.province}"
    page.text(_LEFT, _H - 9, clipped(name, 11.5, _ROOM), 11.5, colour=PAPER)
    title = clipped(card.title, 18, _ROOM, "SemiBold")
    page.text(_LEFT, _H - 19, title, 18, "SemiBold", PAPER)


def _foot(page: Page, card: Card, commune: Commune, lang: str) -> None:
    page.line([_ends(_FOOT)], 0.3, _GREY)
    on = say("phone_card.as_of", lang, on=commune.commune.as_of)
    page.text(_LEFT, _FOOT - 6.5, on, 11, "SemiBold")
    for k, line in enumerate(wrapped(card.source, _SMALL, _ROOM)[:2]):
        page.text(_LEFT, _FOOT - 12 - 4.2 * k, line, _SMALL, colour=_GREY)
    if commune.commune.sample:
        stamp = term("sample").of(lang)
        wide = width(stamp, 10, "SemiBold") + 4
        page.rect(_W - _LEFT - wide, _FOOT - 8.6, wide, 6.2, PAPER, TITLE, 0.4)
        page.text(_W - _LEFT - 2, _FOOT - 7, stamp, 10, "SemiBold", TITLE, ha="right")


def _ends(y: float) -> npt.NDArray[np.float64]:
    import numpy as np

    return np.array([(_LEFT, y), (_W - _LEFT, y)])


def _bigs(page: Page, bigs: tuple[Big, ...], y: float) -> float:
    """Write large numbers: one in a line of its own, several side by side."""
    if not bigs:
        return y
    share = _ROOM / len(bigs)
    alone = len(bigs) == 1
    given = _BIG if alone else _MIDDLE
    # All of one size: the widest says which.
    while given > _TEXT and any(_wide(big, given) > share - 3 for big in bigs):
        given -= 1
    base, lowest = y - given * 0.27, y
    for k, big in enumerate(bigs):
        x = _LEFT + k * share
        value = clipped(big.value, given, share - 3, "SemiBold")
        wide = page.text(x, base, value, given, "SemiBold", TITLE)
        page.text(x + wide + 1.4, base, clipped(big.unit, _unit(given), share), _unit(given))
        lines = wrapped(big.label, _TEXT, share - 3)[:3]
        for n, line in enumerate(lines):
            page.text(x, base - 6 - _LINE * n, line, _TEXT, colour=_GREY)
        lowest = min(lowest, base - 6 - _LINE * len(lines))
    return lowest - 1


def _unit(pt: float) -> float:
    return max(pt * 0.45, _SMALL)


def _wide(big: Big, pt: float) -> float:
    return width(big.value, pt, "SemiBold") + 1.4 + width(big.unit, _unit(pt))


def _ground(page: Page, ground: npt.NDArray[np.uint8], y: float) -> float:
    high = _ROOM * float(ground.shape[0]) / float(ground.shape[1])
    page.picture(ground[::-1], (_LEFT, _LEFT + _ROOM, y - high, y), z=4)
    return y - high - 4


def _tiles(page: Page, card: Card, y: float, lang: str) -> float:
    """Draw a square a criterion, as many as needed in rows of seven."""
    tiles = card.tiles
    if not tiles:
        return y
    across = 7 if len(tiles) <= 28 else 10
    side = _ROOM / across
    for k, (code, verdict) in enumerate(tiles):
        row, column = divmod(k, across)
        ground, ink = _VERDICTS.get(verdict, (_SOFT, INK))
        x, top = _LEFT + column * side, y - row * side * 0.82
        page.rect(
            x + 0.7, top - side * 0.82 + 0.7, side - 1.4, side * 0.82 - 1.4, ground, _GREY, 0.3
        )
        page.text(
            x + side / 2, top - side * 0.41, clipped(code, 13, side - 2, "SemiBold"), 13,
            "SemiBold", ink, ha="center", va="center",
        )  # fmt: skip
    return _key(page, card, y - side * 0.82 * (-(-len(tiles) // across)) - 5, lang)


def _key(page: Page, card: Card, y: float, lang: str) -> float:
    """Write how many tiles there are of each colour, and what it says."""
    x = _LEFT
    for verdict, said in counted(card, lang).items():
        wide = 5.4 + width(said, _TEXT) + 5
        if x + wide > _W - _LEFT + 5 and x > _LEFT:
            x, y = _LEFT, y - _LINE - 1.5
        page.rect(x, y - 3.6, 3.8, 3.8, _VERDICTS.get(verdict, (_SOFT, INK))[0], _GREY, 0.3)
        page.text(x + 5.4, y - 3.2, said, _TEXT)
        x += wide
    return y - _LINE - 2


def _bar(page: Page, bar: Bar, y: float) -> float:
    high = 4.6
    page.text(_LEFT, y - 3.4, clipped(bar.label, _TEXT, _ROOM, "SemiBold"), _TEXT, "SemiBold")
    top = y - 5.4
    page.rect(_LEFT, top - high, _ROOM, high, _SOFT)
    for amount, colour in ((bar.half, _HALF), (bar.done, _DONE)):
        share = min(max(amount / bar.whole, 0.0), 1.0)
        page.rect(_LEFT, top - high, _ROOM * share, high, colour)
    said = clipped(bar.said, _SMALL, _ROOM)
    page.text(_LEFT, top - high - 4, said, _SMALL, colour=_GREY)
    return top - high - 7.4


def _lines(page: Page, lines: tuple[str, ...], y: float) -> None:
    """Write sentences as far down as there is room."""
    for text in lines:
        for line in wrapped(text, _TEXT, _ROOM):
            if y - 4 < _FOOT + 2:
                return
            page.text(_LEFT, y - 4, line, _TEXT)
            y -= _LINE
        y -= 1.5
