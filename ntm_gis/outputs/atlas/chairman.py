"""The chairman's sheet: the whole commune on one A3, to be read at arm's length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ntm_gis import numbers
from ntm_gis.outputs.atlas import blocks, chairman_maps
from ntm_gis.outputs.atlas.facts import Fact, figures, problems
from ntm_gis.outputs.atlas.pen import BAND, HEAD, PALE, RULE, Pen
from ntm_gis.outputs.printmap import sources
from ntm_gis.outputs.printmap.page import Page
from ntm_gis.outputs.printmap.standard import FORMATS, GREY, INK, PAPER
from ntm_gis.outputs.progress.reading import works
from ntm_gis.outputs.report.telling import Teller
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ntm_gis.outputs.atlas.facts import Problem
    from ntm_gis.outputs.printmap.printer import Printer
    from ntm_gis.outputs.progress.model import Work

A3_W, A3_H = 420.0, 297.0
_EDGE = 9.0
_TOP, _FIGURES, _BODY, _FOOT = 31.0, 34.5, 64.0, 288.3
_FIGURE_H, _GAP = 26.0, 2.6
LEFT_W, RIGHT_X = 250.0, 264.0
RIGHT_W = A3_W - _EDGE - RIGHT_X
_STAMP = "#b3002d"


@dataclass(frozen=True)
class Told:
    """What the sheet says, read once for both its formats."""

    teller: Teller
    facts: Sequence[Fact]
    problems: Sequence[Problem]
    works: Sequence[Work]


def told(printer: Printer) -> Told:
    """Read what the sheet says.

    Raises
    ------
    ValueError
        The printer was made without layers.
    """
    if printer.layers is None:
        message = "the sheet needs the layers"
        raise ValueError(message)
    teller = Teller(printer.answer, printer.layers, printer.lang, {})
    return Told(
        teller, figures(teller), problems(teller, printer.library.context),
        works(printer.answer, printer.layers, printer.lang),
    )  # fmt: skip


def draw(printer: Printer, found: Told, *, bw: bool = False, page_of: str = "") -> Page:
    """Draw the sheet: A3 in colours, A4 for a copier. To be called within `settings`.

    `page_of` is its number within an atlas; a sheet alone has none.
    """
    size = FORMATS["A4" if bw else "A3"].size
    page = Page(*size, bw=bw)
    page.axes.set_autoscale_on(False)
    pen = Pen(page, size[0] / A3_W)
    _head(pen, printer)
    _figures(pen, found.facts)
    chairman_maps.draw(pen, printer, found, (_EDGE, _BODY, LEFT_W, _FOOT - 5.5 - _BODY))
    _right(pen, printer, found)
    _foot(pen, printer, page_of)
    return page


def _head(pen: Pen, printer: Printer) -> None:
    who, lang = printer.library.context.commune.commune, printer.lang
    commune = say("print_map.commune", lang, name=who.name)
    above = say("print_map.authority", lang, unit=commune.upper())
    pen.text(_EDGE, 14.5, above, 10.5, "SemiBold", room=230)
    name = say("atlas.chairman", lang, name=who.name).upper()
    pt = 27.0
    while pen.width(name, pt, "Bold") > 285 and pt > 14:
        pt -= 1.0
    pen.text(_EDGE, 27.5, name, pt, "Bold", HEAD, room=285)
    right = A3_W - _EDGE
    province = who.province.removeprefix("tỉnh ").removeprefix("Tỉnh ")
    day = numbers.format_date_vi(who.as_of)
    unit = say("atlas.unit", lang, province=province, day=day)
    pen.text(right, 27.0, unit, 11.5, "Medium", ha="right", room=150)
    origins = printer.setting.origins
    held = sources.reasons(chairman_maps.main_content(printer), origins)
    if who.sample or held:
        _stamp(pen, lang, sample=who.sample, right=right)
    pen.line(_EDGE, _TOP, right, _TOP, 0.5, HEAD)


def _stamp(pen: Pen, lang: str, *, sample: bool, right: float) -> None:
    said = say("print_map.draft_sample" if sample else "print_map.draft", lang).upper()
    w = pen.width(said, 10, "Bold") + 6
    pen.rect(right - w, 8.5, w, 8.0, PAPER, _STAMP, 0.5)
    pen.text(right - w / 2, 14.0, said, 10, "Bold", _STAMP, ha="center")


def _figures(pen: Pen, facts: Sequence[Fact]) -> None:
    """Draw the figures in a row of boxes."""
    n = max(len(facts), 1)
    w = (A3_W - 2 * _EDGE - (n - 1) * _GAP) / n
    for i, fact in enumerate(facts):
        x = _EDGE + i * (w + _GAP)
        pen.rect(x, _FIGURES, w, _FIGURE_H, PALE, "none" if not pen.page.bw else RULE)
        pen.rect(x, _FIGURES, 1.1, _FIGURE_H, HEAD)
        room = w - 5.5
        for k, line in enumerate(pen.lines(fact.title, 9, room, 2, "Medium")):
            pen.text(x + 3.4, _FIGURES + 5.0 + k * pen.lead(9), line, 9, "Medium", "#3a3a36")
        _value(pen, fact, x + 3.4, _FIGURES + 19.2, room)
        pen.text(x + 3.4, _FIGURES + 24.2, fact.note, 9, "Italic", GREY, room=room)


def _value(pen: Pen, fact: Fact, x: float, y: float, room: float) -> None:
    pt = 23.0
    wide = pen.width(f" {fact.unit}", 10.5) if fact.unit else 0.0
    while pen.width(fact.value, pt, "Bold") + wide > room and pt > 10:
        pt -= 1.0
    end = pen.text(x, y, fact.value, pt, "Bold", INK, room=room)
    if fact.unit:
        pen.text(x + end + 1.8, y, fact.unit, 10.5, "Medium", "#3a3a36", room=room - end)


def _right(pen: Pen, printer: Printer, found: Told) -> None:
    """Draw the column of lists; the villages take what the others leave."""
    x, w, y = RIGHT_X, RIGHT_W, _BODY
    few = len(found.works) < 2
    y = blocks.problems(pen, printer.lang, found.problems, (x, y, w), 3 if few else 2) + 3.2
    y = blocks.progress(pen, found.teller, found.works, (x, y, w)) + 3.2
    rows = 7 if few else 5
    y = blocks.money(pen, found.teller, printer.library.context, (x, y, w), rows) + 3.2
    blocks.lacking(pen, printer.lang, printer.library.context, (x, y, w), _FOOT - 4.5)


def _foot(pen: Pen, printer: Printer, page_of: str) -> None:
    lang, right = printer.lang, A3_W - _EDGE
    pen.line(_EDGE, _FOOT - 4.0, right, _FOOT - 4.0, 0.25, RULE)
    pt = 8.0
    given = "A4" if pen.page.bw else "A3"
    left = f"{say('atlas.foot', lang)} {say('atlas.paper', lang, name=given)}."
    if printer.library.context.commune.commune.sample:
        left = f"{left} {say('print_map.sample_note', lang)}"
    y = _FOOT - 4.0 + pt * BAND + 1.6
    code = ""
    if printer.record_head:
        code = say("print_map.record_code", lang, code=printer.record_head)
    code = " · ".join(part for part in (code[:1].upper() + code[1:], page_of) if part)
    room = right - _EDGE - (pen.width(code, pt) + 6 if code else 0)
    pen.text(_EDGE, y, left, pt, "Regular", "#444444", room=room)
    if code:
        pen.text(right, y, code, pt, "Medium", ha="right")
