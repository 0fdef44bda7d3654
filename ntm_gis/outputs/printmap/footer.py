"""Under the south frame: scale, north, system, sources, maker; the check code last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis import crs, numbers
from ntm_gis.outputs.printmap.panel import Panel
from ntm_gis.outputs.printmap.standard import INK, PAPER
from ntm_gis.outputs.printmap.type import width, wrapped
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ntm_gis.outputs.printmap.page import Page
    from ntm_gis.outputs.printmap.view import View

_UNITS_M = (10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000, 10_000, 20_000, 50_000)
_LEAN = np.radians(9.0)
_STAR = np.array(
    [
        (np.sin(a) * r, np.cos(a) * r)
        for a, r in zip(np.arange(10) * np.pi / 5, [1, 0.42] * 5, strict=True)
    ]
)


@dataclass(frozen=True)
class Words:
    """What the footer says that is not of the sheet itself."""

    lang: str
    commune: str
    sources: Sequence[str]
    titles: Sequence[str]
    """The sources without their files, where the room is small."""
    notes: Sequence[str]
    code: str
    record: str | None
    sheet: str = "1/1"
    heights: bool = True
    of_set: bool = False
    """It is one of several sheets at one scale."""


def scale_text(scale: int, lang: str) -> str:
    """Return a scale as it is written.

    Examples
    --------
    >>> scale_text(75_000, "vi"), scale_text(75_000, "en")
    ('1:75.000', '1:75,000')
    """
    return f"1:{_number(scale, lang)}"


def _number(value: float, lang: str, digits: int | None = None) -> str:
    show = numbers.format_en if lang == "en" else numbers.format_vi
    return show(value, "", digits)


def draw(page: Page, view: View, words: Words) -> None:
    """Draw the footer."""
    given, lang = view.format, words.lang
    t, head, kp = given.type["foot"], given.type["head"], given.kp
    lh = t * 0.3528 * 1.5
    left, bottom, _, _ = view.box
    top = bottom - given.band - 1.2 * kp
    # To the margin: panels may stand beside the frame.
    x, end = left - given.band, given.size[0] - given.margin
    room = _scale(page, view, (x, top), words)
    x += room + 5 * kp
    high = given.foot - kp * 4.2
    north(page, view, x + high * 0.62, top - high, high, lang)
    x += high * 1.1 + 3
    rows = _system(page, view, words)
    for i, row in enumerate(rows):
        page.text(x, top - lh * (i + 0.75), row, t)
    x += max(width(row, t) for row in rows) + 6 * kp
    signs = [
        say("print_map.keeper", lang, name=words.commune),
        say("print_map.maker", lang),
        say("print_map.checker", lang),
    ]
    widest = max(width(sign, t) for sign in signs)
    for i, sign in enumerate(signs):
        page.text(end - widest, top - lh * (i + 0.75) * 1.12, sign, t)
    _sources(page, (x, end - widest - 6 * kp), (top, lh, t), words, given.foot)
    _last_line(page, view, words, (left - given.band, end), max(t * 0.9, 6.0 if page.bw else 4.8))
    del head


def _scale(page: Page, view: View, at: tuple[float, float], words: Words) -> float:
    """Draw scale and bar; return how wide they are."""
    given, lang = view.format, words.lang
    t, head = given.type["foot"], given.type["head"]
    lh = t * 0.3528 * 1.5
    x, top = at
    y = top - head * 0.48
    page.text(x, y, say("print_map.scale", lang, scale=scale_text(view.scale, lang)), head * 1.25,
              "Bold")  # fmt: skip
    said = say("print_map.one_cm", lang, metres=_number(view.scale / 100, lang))
    page.text(x, y - lh * 1.15, said, t)
    bar = scale_bar(page, view, x + 0.2, y - lh * 3.2, lang)
    return max(bar + 6, width(said, t))


def scale_bar(
    page: Page, view: View, x: float, y: float, lang: str, z: float = Panel.Z + 2
) -> float:
    """Draw a bar of four parts, the first in halves; return its length, mm."""
    kp, t = view.format.kp, view.format.type["foot"]
    unit = next((u for u in _UNITS_M if u * view.mm >= 12 * kp), _UNITS_M[-1])
    mm, h = unit * view.mm, 0.95 * kp**0.7
    for i in range(-2, 3):
        a, w = (x + mm + i * mm / 2, mm / 2) if i < 0 else (x + mm + i * mm, mm)
        page.rect(a, y, w, h, INK if i % 2 == 0 else PAPER, INK, 0.2 if page.bw else 0.12, z=z)
    in_km = unit >= 1000
    for i, at in ((1, x), (0, x + mm), (1, x + 2 * mm), (2, x + 3 * mm), (3, x + 4 * mm)):
        value = unit * i / (1000 if in_km else 1)
        said = _number(value, lang, 1 if value % 1 else 0)
        if i == 3:
            said += " km" if in_km else " m"
        page.text(at, y + h + 0.7, said, t, ha="center", z=z)
    return 4 * mm


def north(page: Page, view: View, x: float, y: float, h: float, lang: str) -> None:
    """Draw grid north upright and true north leaning, more than it does; the value is written."""
    kp, t = view.format.kp, max(view.format.type["foot"] * 0.82, 6.0 if page.bw else 4.6)
    z = Panel.Z + 2
    page.line([np.array([[x, y], [x, y + h * 0.72]])], 0.22 * kp, INK, z=z)
    for side, fill in ((-1, INK), (1, PAPER)):
        wing = [(x + side * h * 0.06, y + h * 0.55), (x, y + h * 0.8), (x, y + h * 0.55)]
        page.area(shapely.Polygon(wing), fill, INK, 0.1, z=z)
    tilt = _LEAN * float(np.sign(view.convergence))
    tip_x, tip_y = x - np.sin(tilt) * h * 0.78, y + np.cos(tilt) * h * 0.78
    page.line([np.array([[x, y], [tip_x, tip_y]])], 0.14 * kp, INK, z=z)
    page.area(shapely.Polygon(_STAR * h * 0.05 + (tip_x, tip_y)), INK, z=z)
    grid_right = tilt >= 0
    page.text(
        x + h * (0.07 if grid_right else -0.07),
        y + h * 0.86,
        say("print_map.grid_north", lang),
        t,
        ha="left" if grid_right else "right",
        z=z,
    )
    page.text(tip_x + (-0.5 if grid_right else 0.5), tip_y + h * 0.05,
              say("print_map.true_north", lang), t, ha="right" if grid_right else "left",
              z=z)  # fmt: skip


def _system(page: Page, view: View, words: Words) -> list[str]:
    lang = words.lang
    system = crs.meridian_label(view.zone, lang)
    seconds = abs(view.convergence) * 3600
    angle = f"{int(seconds // 3600)}°{round(seconds % 3600 / 60):02d}'"
    turned = "print_map.north_east" if view.convergence >= 0 else "print_map.north_west"
    step = view.rules.grid / 1000
    rows = [
        say("print_map.system", lang, system=system, code=crs.zone(view.zone).code),
        say("print_map.grid", lang, step=_number(step, lang)),
        say(turned, lang, angle=angle),
    ]
    if not words.heights:
        rows.append(say("print_map.heights_none", lang))
    elif page.bw:
        rows.append(say("print_map.heights_spots", lang))
    else:
        rows.append(say("print_map.heights", lang, step=f"{view.rules.contour:g}"))
    return rows


def _sources(
    page: Page,
    span: tuple[float, float],
    line: tuple[float, float, float],
    words: Words,
    foot: float,
) -> None:
    """Write the sources, as many lines as there is room for."""
    top, lh, t = line
    room = span[1] - span[0]
    if room < 20:
        return
    notes = [row for note in words.notes for row in wrapped(note, t, room, "SemiBold")]
    most = max(int((foot - 3.4) / lh) - len(notes), 1)
    rows: list[str] = []
    for told in (words.sources, words.titles):
        said = say("print_map.sources", words.lang, what="; ".join(told))
        rows = wrapped(said, t, room) if told else []
        if len(rows) <= most:
            break
    if len(rows) > most:
        last = rows[most - 1]
        while width(f"{last}…", t) > room:
            last = last[:-1]
        rows = [*rows[: most - 1], f"{last}…"]
    for i, row in enumerate((*rows, *notes)):
        page.text(
            span[0], top - lh * (i + 0.75), row, t, "Regular" if i < len(rows) else "SemiBold"
        )


def _last_line(page: Page, view: View, words: Words, span: tuple[float, float], pt: float) -> None:
    given, lang = view.format, words.lang
    y = given.margin - pt * 0.3528 * 0.2
    w, h = given.size
    key = "print_map.paper_of_set" if words.of_set else "print_map.paper"
    said = say(key, lang, sheet=words.sheet, name=given.name, width=f"{w:g}", height=f"{h:g}")
    page.text(span[0], y, said, pt, colour="#444444")
    code = say("print_map.check_code", lang, code=words.code)
    if words.record:
        code = f"{code} · {say('print_map.record_code', lang, code=words.record)}"
    page.text(span[1], y, code, pt, "Medium", "#222222", ha="right")


def bar_panel(view_of: list[View], kp: float, lang: str) -> Panel:
    """Return scale bar and north for a figure, whose caption stands in the text.

    `view_of` gets the view when the sheet is laid out.
    """
    panel = Panel("bar", "NW")
    panel.w, panel.h = 78 * kp, 16.5 * kp

    def op(page: Page, left: float, top: float) -> None:
        view = view_of[0]
        scale_bar(page, view, left + 4 * kp, top - 10.5 * kp, lang)
        north(page, view, left + 68 * kp, top - 15.6 * kp, 14.4 * kp, lang)

    panel.add(op)
    return panel
