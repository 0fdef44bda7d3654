"""The table of roads in the legend: classes by surfaces in km, sums both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ntm_gis import numbers
from ntm_gis.outputs.printmap.content import ROADS
from ntm_gis.outputs.printmap.panel import BAND, GAP, LINE, PAD, SAMPLE, Panel
from ntm_gis.outputs.printmap.road_table import LEAST_KM
from ntm_gis.outputs.printmap.samples import of_class, road_sample
from ntm_gis.outputs.printmap.standard import LANES, rules
from ntm_gis.outputs.printmap.type import width, wrapped
from ntm_gis.results import shown
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ntm_gis.outputs.printmap.content import Content
    from ntm_gis.outputs.printmap.road_table import RoadTable
    from ntm_gis.outputs.printmap.standard import Format
    from ntm_gis.rules.maps import Case, Class


def wider(mm: float, given: Format) -> float:
    """Return a margin of the legend on a sheet: it grows with type and samples."""
    return mm * max(given.kp, 1.0)


def _drawn_classes(table: RoadTable, content: Content, scale: int) -> list[Class]:
    layer = content.layers[ROADS]
    there = {layer.style.classes[i].code for i in np.unique(layer.wide)}
    lanes = rules(scale).lanes
    return [one for one in table.classes if one.code in there and (lanes or one.code not in LANES)]


def table_of_roads(
    panel: Panel, content: Content, table: RoadTable, given: Format, scale: int
) -> None:
    """Write the table into the legend."""
    t, head, kp = given.type["text"], given.type["head"], given.kp
    pad, gap = wider(PAD, given), wider(GAP, given)
    lh, small, lang = t * LINE, max(t * 0.9, 6.0 if given.bw else 4.8), content.lang
    drawn = _drawn_classes(table, content, scale)
    style = content.layers[ROADS].style
    names = [_name(one, lang) for one in drawn]
    first = SAMPLE * kp + gap + max(width(name, t) for name in (*names, "Cộng")) + 2.5
    columns = [c for c in table.columns if any(table.cell(one, c) >= LEAST_KM for one in drawn)]
    cell = max([width("000,00", t) + 3.0, *(2.0 + _least(c, small, lang) for c in columns)])
    titles = [
        [
            line
            for case in column
            for line in wrapped(_name(case, lang), small, cell - 1.4, "Medium")
        ]
        for column in columns
    ]
    middle = [pad + first + cell * (i + 0.5) for i in range(len(titles) + 1)]
    wide = pad + first + cell * (len(titles) + 1)
    y = panel.h + head * BAND * 1.1
    panel.text(pad, y, f"{say('print_map.road_table', lang).upper()} (km)", head, "Bold")
    y += lh * 0.95
    lines = max((len(c) for c in titles), default=1)
    for i, column in enumerate(columns):
        road_sample(panel, column[0], drawn[-1] if drawn else None, given,
                     (middle[i] - cell * 0.36, middle[i] + cell * 0.36), y)  # fmt: skip
        for j, said in enumerate(titles[i]):
            panel.text(middle[i], y + lh * (0.95 + 0.82 * j), said, small, "Medium", ha="center")
    total = say("print_map.total", lang)
    panel.text(middle[-1], y + lh * 0.95, total, small, "Bold", ha="center")
    y += lh * (1.25 + 0.82 * (lines - 1))
    panel.rule(y, pad, lambda: wide)
    for one, name in zip(drawn, names, strict=True):
        y += lh
        road_sample(panel, of_class(style, bw=given.bw), one, given,
                     (pad, pad + SAMPLE * kp), y - lh * 0.3)  # fmt: skip
        panel.text(pad + SAMPLE * kp + gap, y, name, t)
        _figures(panel, [table.cell(one, c) for c in columns], middle, cell, y, t, lang)
        panel.text(middle[-1] + cell * 0.36, y, _km(table.sums[one.code], lang), t, "SemiBold",
                   ha="right")  # fmt: skip
    y += lh * 0.35
    panel.rule(y, pad, lambda: wide)
    y += lh * 0.92
    panel.text(pad + SAMPLE * kp + gap, y, total, t, "SemiBold")
    sums = [sum(table.cell(one, c) for one in drawn) for c in columns]
    _figures(panel, sums, middle, cell, y, t, lang, "SemiBold")
    whole = sum(table.sums[one.code] for one in drawn)
    panel.text(middle[-1] + cell * 0.36, y, _km(whole, lang), t, "Bold", ha="right")
    y = _notes(panel, table, drawn, (y, small, wide - pad), given, lang)
    panel.grow(wide, y + lh * 0.5)


def _least(column: tuple[Case, ...], pt: float, lang: str) -> float:
    """Return the least width at which the head of a column stands in two lines."""
    if len(column) > 1:
        return max(width(_name(case, lang), pt, "Medium") for case in column)
    text = _name(column[0], lang)
    words = text.split()
    splits = [
        max(width(" ".join(words[:i]), pt, "Medium"), width(" ".join(words[i:]), pt, "Medium"))
        for i in range(1, len(words))
    ]
    return min([*splits, width(text, pt, "Medium")])


def _figures(
    panel: Panel, km: list[float], middle: list[float], cell: float, y: float, pt: float,
    lang: str, style: str = "Regular",
) -> None:  # fmt: skip
    for at, value in zip(middle, km, strict=False):
        panel.text(
            at + cell * 0.36,
            y,
            _km(value, lang) if value >= LEAST_KM else "–",
            pt,
            style,
            ha="right",
        )


def _notes(
    panel: Panel,
    table: RoadTable,
    drawn: Sequence[Class],
    at: tuple[float, float, float],
    given: Format,
    lang: str,
) -> float:
    """Say which classes are not drawn, and what is not certain."""
    y, small, room = at
    style = "MediumItalic" if given.bw else "Italic"
    left_out = [
        f"{_name(one, lang).lower()} {_km(table.sums[one.code], lang)} km"
        for one in table.classes
        if one not in drawn
    ]
    notes = []
    if left_out:
        notes.append(say("print_map.not_drawn", lang, what=", ".join(left_out)))
    if table.uncertain:
        notes.append(say("print_map.not_certain", lang, what="; ".join(table.uncertain)))
    if not adds_up(table, drawn):
        notes.append(say("print_map.rounded", lang, least=_km(10 ** -shown.digits("km"), lang)))
    for note in notes:
        for line in wrapped(note, small, room, style):
            y += small * LINE * 0.95
            panel.text(wider(PAD, given), y, line, small, style)
    return y


def adds_up(table: RoadTable, drawn: Sequence[Class]) -> bool:
    """Whether the figures of the table, rounded as they are shown, add up both ways."""
    n = shown.digits("km")
    cells = np.array([[table.cell(one, column) for column in table.columns] for one in drawn])
    if not cells.size:
        return True
    seen = np.where(cells >= LEAST_KM, cells, 0.0).round(n)
    sums = np.array([table.sums[one.code] for one in drawn])
    columns, whole = cells.sum(axis=0).round(n), sums.sum().round(n)
    return bool(
        np.allclose(seen.sum(axis=1), sums.round(n), atol=1e-6)
        and np.allclose(seen.sum(axis=0), columns, atol=1e-6)
        and np.allclose([columns.sum(), sums.round(n).sum()], whole, atol=1e-6)
    )


def surfaces(panel: Panel, content: Content, table: RoadTable, given: Format, scale: int) -> None:
    """List the surfaces of a small figure, with the km of the classes that it draws."""
    t, kp, lang = given.type["text"], given.kp, content.lang
    drawn = _drawn_classes(table, content, scale)
    heaviest = drawn[min(1, len(drawn) - 1)] if drawn else None
    y, right = panel.h, 0.0
    rows = []
    for column in table.columns:
        long = sum(table.cell(one, column) for one in drawn)
        if long >= LEAST_KM:
            rows.append((column, joined([_name(case, lang) for case in column]), _km(long, lang)))
    left = 2 + 9 * kp + 1.5
    right = left + max(
        (width(name, t) + width(f"{km} km", t) + 3 for _, name, km in rows), default=0
    )
    for column, name, km in rows:
        y += t * LINE
        road_sample(panel, column[0], heaviest, given, (2, 2 + 9 * kp), y - t * LINE * 0.3)
        panel.text(left, y, name, t)
        panel.text(right, y, f"{km} km", t, ha="right")
    panel.grow(right, y)


def _km(value: float, lang: str) -> str:
    show = numbers.format_en if lang == "en" else numbers.format_vi
    return show(value, "", shown.digits("km"))


def _name(one: Case | Class, lang: str) -> str:
    return one.title.words.of(lang) if one.title is not None else one.code


def joined(titles: Sequence[str]) -> str:
    """Return titles as one, small letters after the first.

    Examples
    --------
    >>> joined(["Nhựa", "Láng nhựa"])
    'Nhựa, láng nhựa'
    """
    return ", ".join([*titles[:1], *(t[:1].lower() + t[1:] for t in titles[1:])])
