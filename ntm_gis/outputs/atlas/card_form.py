"""The back of a village's page: the form, its last values beside empty boxes.

Lines, numbers and columns are those of the workbook that the village gets by another way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ntm_gis import numbers
from ntm_gis.outputs.atlas.card_map import foot, head
from ntm_gis.outputs.atlas.pen import EDGE, FOOT, TOP, Pen
from ntm_gis.outputs.forms import village_sheets
from ntm_gis.outputs.printmap.page import Page
from ntm_gis.outputs.printmap.standard import FORMATS, INK, PAPER
from ntm_gis.results import shown
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from ntm_gis.outputs.atlas.cards import Last, Village, Villages
    from ntm_gis.outputs.forms.village_sheets import Line

_WIDTHS = {
    "number": 8.0, "village_id": 13.0, "indicator": 27.0, "content": 72.0, "unit": 16.0,
    "last": 20.0, "value": 20.0, "numerator": 16.0, "denominator": 16.0, "passed": 20.5,
    "as_of": 17.5, "document": 17.0, "remark": 16.0,
}  # fmt: skip
"""Columns of the workbook and, beside what is asked, what is known already; mm."""

_ALWAYS = ("as_of", "document", "remark")
LEAST, _MOST = 6.4, 10.5
_HEAD_H, _HOW_H, _SIGN_H, _NOTE_H = 9.5, 7.5, 23.0, 4.0
_PT, _SMALL, _CODE = 7.6, 6.4, 6.2
_ROOM = FOOT - TOP - _HEAD_H - _HOW_H


@dataclass(frozen=True, slots=True)
class Part:
    """What stands on one page: its lines with the number of the first, whether it is the last."""

    lines: Sequence[Line]
    first: int
    last: bool


def parts(asked: Sequence[Line]) -> list[Part]:
    """Return the lines page by page; as a rule all stand on one.

    Examples
    --------
    >>> line = village_sheets.Line("households", "Số hộ", "households", ("value",))
    >>> [len(part.lines) for part in parts([line] * 50)]
    [24, 24, 2]
    """
    whole, closing = int((_ROOM - _NOTE_H) / LEAST), int((_ROOM - _SIGN_H) / LEAST)
    out: list[Part] = []
    at = 0
    while len(asked) - at > closing:
        n = min(whole, len(asked) - at - 1)
        out.append(Part(asked[at : at + n], at + 1, last=False))
        at += n
    out.append(Part(asked[at:], at + 1, last=True))
    return out


def draw(found: Villages, village: Village, part: Part, side: str, page_of: str) -> Page:
    """Draw a page of the form. To be called within `settings`."""
    page = Page(*FORMATS["A4"].size, bw=True)
    page.axes.set_autoscale_on(False)
    pen = Pen(page)
    lang = found.read.lang
    head(pen, found, village, say("village_form.title", lang), side)
    day = numbers.format_date_vi(found.read.as_of)
    pen.text(EDGE, TOP + 3.2, say("atlas.form_how", lang, on=day), _PT, room=pen.w - 2 * EDGE)
    room = _ROOM - (_SIGN_H if part.last else _NOTE_H)
    row = min(max(room / max(len(part.lines), 1), LEAST), _MOST)
    y = _heads(pen, lang, TOP + _HOW_H)
    _grid(pen, part.lines, y, row)
    for n, line in enumerate(part.lines, part.first):
        _line(pen, found, village, (n, line), (y, row))
        y += row
    if part.last:
        _signatures(pen, lang, y + 4.5)
    said = say("atlas.form_excel", lang, file=f"{village_sheets.FOLDER}/{village.file}")
    pen.text(EDGE, FOOT - 0.6, said, _SMALL, "Italic", room=180)
    foot(pen, found, page_of)
    return page


def _heads(pen: Pen, lang: str, y: float) -> float:
    x = EDGE
    for name, w in _WIDTHS.items():
        key = "atlas.last_value" if name == "last" else f"village_form.{name}"
        heavy = 0.5 if name in village_sheets.FILLED else 0.2
        pen.rect(x, y, w, _HEAD_H, PAPER, INK, 0.2)
        if heavy > 0.2:
            pen.line(x, y + _HEAD_H - 0.4, x + w, y + _HEAD_H - 0.4, 0.8, INK)
        lines = pen.lines(say(key, lang), _SMALL + 0.6, w - 1.2, 2, "SemiBold")
        at = y + _HEAD_H / 2 + 1.0 - (len(lines) - 1) * 1.5
        for text in lines:
            pen.text(x + w / 2, at, text, _SMALL + 0.6, "SemiBold", ha="center")
            at += 3.0
        x += w
    return y + _HEAD_H


def _grid(pen: Pen, lines: Sequence[Line], y: float, high: float) -> None:
    """Draw all cells at once, and cross out the boxes that are not asked."""
    ends = np.cumsum([0.0, *_WIDTHS.values()]) + EDGE
    bottom = y + len(lines) * high
    found = [[(x, y), (x, bottom)] for x in ends]
    found += [[(ends[0], y + n * high), (ends[-1], y + n * high)] for n in range(len(lines) + 1)]
    for n, line in enumerate(lines):
        for (name, w), x in zip(_WIDTHS.items(), ends, strict=False):
            if name in village_sheets.FILLED and name not in (*line.wants, *_ALWAYS):
                found.append([(x, y + (n + 1) * high), (x + w, y + n * high)])
    pen.page.line([np.array([pen.at(*p) for p in one]) for one in found], 0.28, INK, z=33)


def _line(
    pen: Pen,
    found: Villages,
    village: Village,
    line: tuple[int, Line],
    place: tuple[float, float],
) -> None:
    number, asked = line
    y, high = place
    lang = found.read.lang
    unit = "" if asked.unit == "verdict" else shown.unit_name(asked.unit, lang)
    last = found.last(village, asked)
    x = EDGE
    for name, w in _WIDTHS.items():
        middle = y + high / 2 + 0.95
        if name == "number":
            pen.text(x + w / 2, middle, str(number), _PT, "Bold", ha="center")
        elif name == "village_id":
            pen.text(x + w / 2, middle, village.id, _SMALL, ha="center", room=w - 1)
        elif name == "indicator":
            _fitted(pen, asked.code, (x, y, w, high), _CODE)
        elif name == "content":
            _fitted(pen, asked.title, (x, y, w, high), _PT)
        elif name == "unit":
            _fitted(pen, unit, (x, y, w, high), _SMALL)
        elif name == "last":
            _last(pen, last, (x, y, w, high))
        elif name == "passed" and name in asked.wants:
            _ticks(pen, lang, (x, y, w, high))
        x += w


def _fitted(pen: Pen, text: str, box: tuple[float, float, float, float], pt: float) -> None:
    """Write a text in a cell: in one line, else in two a little smaller."""
    x, y, w, h = box
    lines = pen.lines(text, pt, w - 1.6, 1)
    if lines[0].endswith("…"):
        pt = max(pt * 0.86, 6.0)
        lines = pen.lines(text, pt, w - 1.6, 2)
    lead = pt * 0.3528 * 1.22
    base = y + h / 2 + pt * 0.125 - (len(lines) - 1) * lead / 2
    for line in lines:
        pen.text(x + 0.8, base, line, pt)
        base += lead


def _last(pen: Pen, last: Last | None, box: tuple[float, float, float, float]) -> None:
    """Write what is known already, and since when; a dash where nothing is."""
    x, y, w, h = box
    if last is None:
        pen.text(x + w / 2, y + h / 2 + 0.95, "–", _PT, ha="center")
        return
    pen.text(x + w / 2, y + h / 2 - 0.1, last.value, _PT, "SemiBold", ha="center", room=w - 1)
    pen.text(x + w / 2, y + h / 2 + 2.7, last.since, 6.0, ha="center", room=w - 1)


def _ticks(pen: Pen, lang: str, box: tuple[float, float, float, float]) -> None:
    """Draw the two boxes of a yes or no."""
    x, y, _, h = box
    side, middle = 2.9, y + h / 2
    for i, key in enumerate(("yes", "no")):
        left = x + 0.8 + i * 8.4
        pen.rect(left, middle - side / 2, side, side, PAPER, INK, 0.3)
        pen.text(left + side + 0.6, middle + 0.95, say(f"atlas.tick_{key}", lang), _SMALL)


def _signatures(pen: Pen, lang: str, y: float) -> None:
    right, left = pen.w - EDGE - 40, EDGE + 40
    pen.text(right, y, say("atlas.form_date", lang), _PT, "Italic", ha="center")
    pen.text(right, y + 4.2, say("village_form.signed", lang), _PT, "Bold", ha="center")
    pen.text(left, y + 4.2, say("atlas.receiver", lang), _PT, "Bold", ha="center")
