"""The page of contents: every page by name and number, each line a link in the PDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis import numbers
from ntm_gis.outputs.atlas.pen import HEAD, RULE, Pen
from ntm_gis.outputs.printmap.page import Page
from ntm_gis.outputs.printmap.standard import FORMATS, GREY, INK
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ntm_gis.outputs.printmap.printer import Printer

_EDGE, _TOP, _BOTTOM = 18.0, 52.0, 276.0
_ROW, _GAP, _COLUMNS = 5.6, 9.0, 2
_PT, _LEAST_PT = 9.0, 7.0
_APART = 3.0
"""What stands above a heading, beyond the row, mm."""

_PER = int((_BOTTOM - _TOP) / _ROW)
PER_PAGE = _PER * _COLUMNS


@dataclass(frozen=True, slots=True)
class Entry:
    """A line: what it says, its page from 1; a heading has none."""

    text: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A box on a page of contents (mm: left, bottom, right, top) that leads to a page."""

    part: int
    box: tuple[float, float, float, float]
    page: int


def pages(entries: Sequence[Entry]) -> int:
    """Return how many pages contents take.

    Examples
    --------
    >>> pages([Entry("x", 1)]), pages([Entry("x", 1)] * 81)
    (1, 2)
    """
    return max(-(-len(entries) // PER_PAGE), 1)


def draw(
    printer: Printer, entries: Sequence[Entry], part: int, page_of: str, *, bw: bool
) -> tuple[Page, list[Link]]:
    """Draw a page of contents, `part` counted from 0. To be called within `settings`."""
    page = Page(*FORMATS["A4"].upright.size, bw=bw)
    page.axes.set_autoscale_on(False)
    pen = Pen(page)
    who, lang = printer.library.context.commune.commune, printer.lang
    commune = say("print_map.commune", lang, name=who.name)
    above = say("print_map.authority", lang, unit=commune.upper())
    pen.text(_EDGE, 20, above, 9.5, "SemiBold", room=174)
    title = say("atlas.title_of", lang, commune=commune)
    pt = 24.0
    while pen.width(title, pt, "Bold") > 174 and pt > 12:
        pt -= 1.0
    pen.text(_EDGE, 33, title, pt, "Bold", HEAD, room=174)
    day = say("print_map.state_at", lang, day=numbers.format_date_vi(who.as_of))
    pen.text(_EDGE, 41, f"{say('atlas.contents', lang)} · {day}", 11, "Medium", room=174)
    pen.line(_EDGE, 44.5, page.w - _EDGE, 44.5, 0.5, HEAD)
    links = list(_lines(pen, entries, part))
    said = say("print_map.sample_note", lang) if who.sample else ""
    pen.text(_EDGE, 286, said, 7.5, "Italic", GREY, room=140)
    pen.text(page.w - _EDGE, 286, page_of, 7.5, ha="right")
    return page, links


def _lines(pen: Pen, entries: Sequence[Entry], part: int) -> list[Link]:
    shown = entries[part * PER_PAGE : (part + 1) * PER_PAGE]
    columns = _COLUMNS if len(shown) > _PER else 1
    wide = (pen.w - 2 * _EDGE - _GAP * (columns - 1)) / columns
    links = []
    for column, own in enumerate(_columns(shown, columns)):
        x, y = _EDGE + column * (wide + _GAP), _TOP
        # A heading stands a little apart from the lines above it, where there is room.
        apart = min(_APART, (_BOTTOM - _TOP - len(own) * _ROW) / 3)
        for n, entry in enumerate(own):
            y += _ROW
            if entry.page is not None:
                links.append(_line(pen, entry, entry.page, (x, y, wide), part))
                continue
            y += apart if n else 0.0
            pen.text(x, y, entry.text, _PT + 1.5, "Bold", HEAD, room=wide)
    return links


def _columns(shown: Sequence[Entry], columns: int) -> list[Sequence[Entry]]:
    """Return lines in columns alike in length; no heading stands at the foot of one."""
    per = -(-len(shown) // columns)
    if columns > 1 and shown[per - 1].page is None and len(shown) - per < _PER:
        per -= 1
    return [shown[k * per : (k + 1) * per if k < columns - 1 else None] for k in range(columns)]


def _line(
    pen: Pen, entry: Entry, number: int, place: tuple[float, float, float], part: int
) -> Link:  # fmt: skip
    x, y, wide = place
    end = pen.width(str(number), _PT, "SemiBold")
    pt = _PT
    while pen.width(entry.text, pt) > wide - end - 8 and pt > _LEAST_PT:
        pt -= 0.25
    long = pen.text(x + 2, y, entry.text, pt, room=wide - end - 8)
    pen.text(x + wide, y, str(number), _PT, "SemiBold", INK, ha="right")
    if x + 4 + long < x + wide - end - 2:
        pen.line(x + 4 + long, y, x + wide - end - 2, y, 0.2, RULE, (1, 4))
    return Link(part, pen.box(x, y - 4.2, wide, _ROW), number)
