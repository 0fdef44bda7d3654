"""The board of forms: which village has sent its form in, which has not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ntm_gis import numbers
from ntm_gis.outputs import wording
from ntm_gis.outputs.atlas.card_map import foot
from ntm_gis.outputs.atlas.pen import EDGE, FOOT, HEAD, RULE, Pen
from ntm_gis.outputs.printmap.page import Page
from ntm_gis.outputs.printmap.standard import FORMATS, INK, PAPER
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ntm_gis.outputs.atlas.cards import Village, Villages

_TOP, _ROW, _TALL, _GAP = 40.0, 6.6, 11.0, 7.0
_ROOMY = 9.2
"""A row so high holds three lines of a long name, mm."""

_PT, _SMALL, _LEAD = 8.0, 6.4, 2.8
PER_PAGE = 2 * int((FOOT - _TOP - 9.0) / _ROW)
"""Villages that one page holds, in two columns; several pages hold alike."""

_COLUMNS = (("number", 8.0), ("village", 36.0), ("received", 20.0), ("rows", 12.0), ("day", 19.0),
            ("hand", 41.5))  # fmt: skip


def pages(found: Villages) -> int:
    """Return how many pages the board takes."""
    return max(-(-len(found.every) // PER_PAGE), 1)


def _of_page(found: Villages, part: int) -> Sequence[Village]:
    per = -(-len(found.every) // pages(found))
    return found.every[part * per : (part + 1) * per]


def draw(found: Villages, part: int, page_of: str) -> Page:
    """Draw a page of the board; `part` counts from 0. To be called within `settings`."""
    page = Page(*FORMATS["A4"].size, bw=True)
    page.axes.set_autoscale_on(False)
    pen = Pen(page)
    lang = found.read.lang
    pen.text(EDGE, 11.5, found.read.word("office", name=found.read.who.name.upper()), 8,
             "SemiBold", room=200)  # fmt: skip
    pen.text(EDGE, 20.5, say("atlas.board_title", lang), 17, "Bold", HEAD)
    known = [village for village in found.every if village.id in found.received]
    said = say("atlas.board_count", lang, n=len(known), all=len(found.every),
               missing=len(found.every) - len(known))  # fmt: skip
    pen.text(EDGE, 27.8, said, 11, "SemiBold")
    pen.text(EDGE, 33.2, say("atlas.board_source", lang), _PT, "Italic", room=pen.w - 2 * EDGE)
    shown = _of_page(found, part)
    per = -(-len(shown) // 2) if len(shown) > PER_PAGE // 4 else len(shown)
    row = min(max((FOOT - _TOP - 9.0) / max(per, 1), _ROW), _TALL)
    for column in range(2 if per < len(shown) else 1):
        _column(pen, found, shown[column * per : (column + 1) * per], column, row)
    foot(pen, found, page_of)
    return page


def _column(pen: Pen, found: Villages, shown: Sequence[Village], column: int, row: float) -> None:
    lang = found.read.lang
    wide = (pen.w - 2 * EDGE - _GAP) / 2
    left, y = EDGE + column * (wide + _GAP), _TOP
    x = left
    titles = {"number": "village_form.number", "village": "atlas.village",
              "received": "atlas.board_state"}  # fmt: skip
    for name, w in _COLUMNS:
        said = say(titles.get(name, f"atlas.board_{name}"), lang)
        pen.text(x + 0.6, y + 3.4, said, 7.2, "SemiBold", room=w - 0.8)
        x += w
    y += 5.0
    pen.line(left, y, left + wide, y, 0.4, INK)
    for village in shown:
        _row(pen, found, village, (left, y), row)
        y += row
        pen.line(left, y, left + wide, y, 0.2, RULE, (1, 2))


def _row(pen: Pen, found: Villages, village: Village, at: tuple[float, float], row: float) -> None:
    lang = found.read.lang
    x, y = at
    base = y + row / 2 + 1.0
    sent = found.received.get(village.id)
    cells = {
        "number": f"{village.number:02}",
        "village": village.name,
        "received": say("atlas.received" if sent else "atlas.missing", lang),
        "rows": "" if sent is None else str(sent.rows),
        "day": "" if sent is None or sent.day is None else numbers.format_date_vi(sent.day),
        "hand": ""
        if sent is None
        else ", ".join(wording.short_file(f).rpartition("/")[2] for f in sent.files),
    }
    for name, w in _COLUMNS:
        if name == "received":
            side = 2.6
            pen.rect(x + 0.6, base - 2.5, side, side, INK if sent else PAPER, INK, 0.3)
            pen.text(x + 4.4, base, cells[name], 7.0, "SemiBold" if sent else "Regular",
                     room=w - 4.6)  # fmt: skip
        elif name == "hand":
            pen.text(x + 0.6, base, cells[name], 6.4, "Italic", room=w - 1)
        elif name == "village":
            _name(pen, cells[name], (x + 0.6, base, w - 1.2), 3 if row > _ROOMY else 2)
        else:
            pen.text(x + 0.6, base, cells[name], _PT, room=w - 1.2)
        x += w


def _name(pen: Pen, said: str, place: tuple[float, float, float], most: int) -> None:
    """Write a village's name in its cell; a long one smaller, in several lines."""
    x, base, room = place
    if pen.width(said, _PT, "Medium") <= room:
        pen.text(x, base, said, _PT, "Medium")
        return
    lines = pen.lines(said, _SMALL, room, most, "Medium")
    y = base - 0.2 - (len(lines) - 1) * _LEAD / 2
    for line in lines:
        pen.text(x, y, line, _SMALL, "Medium", room=room)
        y += _LEAD
