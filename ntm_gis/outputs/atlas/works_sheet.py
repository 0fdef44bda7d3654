"""Maps of road works that the chairman's sheet has no room for: six on an A3."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ntm_gis.outputs.atlas import chairman_maps
from ntm_gis.outputs.atlas.pen import HEAD, Pen
from ntm_gis.outputs.printmap.page import Page
from ntm_gis.outputs.printmap.standard import FORMATS
from ntm_gis.outputs.progress.model import Work
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ntm_gis.outputs.printmap.printer import Printer

__all__ = ["PER_PAGE", "Work", "draw", "pages"]

PER_PAGE = 6
_EDGE, _TOP, _GAP, _ACROSS = 9.0, 28.0, 5.0, 3
_W, _H = 420.0, 297.0


def pages(works: Sequence[Work]) -> int:
    """Return how many sheets so many works take."""
    return -(-len(works) // PER_PAGE)


def draw(
    printer: Printer, works: Sequence[Work], part: int, page_of: str, *, bw: bool
) -> Page:  # fmt: skip
    """Draw a sheet of works, `part` counted from 0. To be called within `settings`."""
    size = FORMATS["A4" if bw else "A3"].size
    page = Page(*size, bw=bw)
    page.axes.set_autoscale_on(False)
    pen = Pen(page, size[0] / _W)
    who = printer.library.context.commune.commune
    head = f"{say('atlas.works_sheet', printer.lang)} · {who.name}"
    pen.text(_EDGE, 20, head, 22, "Bold", HEAD, room=_W - 2 * _EDGE)
    wide = (_W - 2 * _EDGE - (_ACROSS - 1) * _GAP) / _ACROSS
    rows = PER_PAGE // _ACROSS
    high = (_H - _TOP - 14 - (rows - 1) * _GAP) / rows
    for n, work in enumerate(works[part * PER_PAGE : (part + 1) * PER_PAGE]):
        row, column = divmod(n, _ACROSS)
        area = (_EDGE + column * (wide + _GAP), _TOP + row * (high + _GAP), wide, high)
        chairman_maps.work_inset(pen, printer, work, area)
    pen.text(_W - _EDGE, 290, page_of, 8, ha="right")
    return page
