"""Title, findings and stamp: panels beside the legend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ntm_gis import numbers
from ntm_gis.outputs.printmap import symbols
from ntm_gis.outputs.printmap.panel import BAND, LINE, Panel
from ntm_gis.outputs.printmap.standard import INK, MOST_PINS, PIN_MM, TITLE
from ntm_gis.outputs.printmap.type import clipped, width, wrapped
from ntm_gis.rules import maps
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ntm_gis.outputs.printmap.content import Content
    from ntm_gis.outputs.printmap.page import Page
    from ntm_gis.outputs.printmap.standard import Format

_PAD = 2.5
_FINDING_MM_PER_PT = 16.4
_FEWER = (5, 3)
"""Pins of shorter panels, taken where the whole list would cost scale."""
_NARROW = 0.72
"""How much smaller a title is in a column beside the frame."""
_STAMP = "#b3002d"


def title(content: Content, given: Format, part: str = "", room: float = 0.0) -> Panel:
    """Return who made the sheet, what it shows, where and when.

    `part` is its number among the sheets of a set; `room` the width that it must keep to, mm.
    """
    who, lang = content.context.commune.commune, content.lang
    name = content.definition.title.words.of(lang)
    heading = say("print_map.title", lang, name=f"{name[:1].lower()}{name[1:]}")
    province = who.province.removeprefix("tỉnh ").removeprefix("Tỉnh ")
    commune = say("print_map.commune", lang, name=who.name)
    unit = say("print_map.unit", lang, name=who.name, province=province)
    day = say("print_map.state_at", lang, day=numbers.format_date_vi(who.as_of))
    pt, sub = given.type["title"], given.type["sub"]
    pad = sub * 0.36
    if room:
        pt *= _NARROW
        room -= 2 * pad
    room = room or min(given.size[0] * 0.42, 11.2 * pt)
    if part:
        unit = f"{unit} · {say('print_map.part', lang, sheet=part)}"
    lines = [
        (say("print_map.authority", lang, unit=commune.upper()), sub * 0.8, "SemiBold", 1.25, INK),
        *((one, pt, "Bold", 1.34, TITLE) for one in wrapped(heading.upper(), pt, room, "Bold")),
        *((one, sub * 1.12, "Medium", 1.6, INK) for one in _unit(unit, sub * 1.12, room)),
        (day, max(sub * 0.86, 6.0), "Italic", 1.6, INK),
    ]
    panel = Panel("title", "NW")
    y = pad * 0.5
    for said, size, style, lead, colour in lines:
        y += size * BAND * lead * 0.97
        panel.text(pad, y, clipped(said, size, room * 1.15, style), size, style, colour)
    panel.pad(pad, pad * 0.9)
    return panel


def _unit(unit: str, pt: float, room: float) -> list[str]:
    """Return the unit in a line where it has room, else in as many as it takes."""
    return [unit] if width(unit, pt, "Medium") <= room * 1.15 else wrapped(unit, pt, room, "Medium")


def findings_of_any(
    content: Content, given: Format, listed: Sequence[dict[str, Any]]
) -> Panel | None:
    """Return the pins in words, with shorter panels of fewer; None where there is none."""
    if not listed:
        return None
    panel = findings(content, given, listed)
    shorter = [findings(content, given, listed, n) for n in _FEWER if n < panel.pins]
    for longer, less in zip([panel, *shorter], shorter, strict=False):
        longer.less = less
    return panel


def findings(
    content: Content, given: Format, listed: Sequence[dict[str, Any]], most: int = MOST_PINS
) -> Panel:
    """Return the pins in words, at most so many; the rest is counted."""
    panel = Panel("findings", "SE")
    panel.pins = min(len(listed), most)
    t, kp, lang = given.type["text"], given.kp, content.lang
    lh = t * LINE
    y = lh * 0.4 + given.type["head"] * BAND
    panel.text(_PAD, y, say("print_map.findings", lang).upper(), given.type["head"], "Bold")
    left = 8.2 * kp
    least, room = 4.9 * kp, _FINDING_MM_PER_PT * t
    for finding in listed[:most]:
        lines = wrapped(finding["text"], t, room)
        lines = [*lines[:1], clipped(" ".join(lines[1:]), t, room)][: len(lines)]
        high = max(len(lines) * lh * 0.86 + lh * 0.3, least)
        y += lh * 0.22
        pin_sample(panel, given, finding, (4.1 * kp, y + high / 2 + 2.1 * kp))
        base = y + high / 2 + t * 0.127 - (len(lines) - 1) * lh * 0.43
        for i, line in enumerate(lines):
            panel.text(left, base + i * lh * 0.86, line, t)
        y += high
    more = len(listed) - most
    if more > 0:
        y += lh * 0.95
        panel.text(left, y, say("print_map.more_findings", lang, n=more), t, "Italic")
    y += lh * 1.25
    x = _PAD
    for severity in dict.fromkeys(f["severity"] for f in listed[:most]):
        words = say(f"severity.{severity}", lang)
        _square(panel, given, severity, (x, y))
        panel.text(x + 2.6 * kp, y, words, max(t * 0.88, 6.0 if given.bw else 4.8))
        x += 2.6 * kp + width(words, t * 0.92) + 3 * kp
    panel.pad(_PAD, lh * 0.6)
    return panel


def _square(panel: Panel, given: Format, severity: str, at: tuple[float, float]) -> None:
    side = 1.8 * given.kp

    def op(page: Page, left: float, top: float) -> None:
        colour = maps.styles().pins[severity].parts[0].fill or INK
        box = (left + at[0], top - at[1] - side * 0.05, side, side)
        if not page.bw:
            page.rect(*box, fill=colour, z=Panel.Z + 1)
            return
        filled = severity == "stop"
        heavy = 0.55 if severity == "block" else 0.2
        page.rect(*box, fill=INK if filled else "#ffffff", edge=INK, mm=heavy, z=Panel.Z + 1)

    panel.add(op)


def pin_sample(
    panel: Panel, given: Format, finding: dict[str, Any], at: tuple[float, float]
) -> None:
    """Draw a pin in a panel, its tip at a place."""

    def op(page: Page, left: float, top: float) -> None:
        draw_pin(page, given, finding, left + at[0], top - at[1], z=Panel.Z + 1)

    panel.add(op)


def draw_pin(
    page: Page,
    given: Format,
    finding: dict[str, Any],
    x: float,
    y: float,
    *,
    z: float = 17,
    turn: float = 0.0,
) -> None:
    """Draw the drop of a finding with its number, the tip on a place."""
    severity = finding["severity"]
    found = maps.styles().pins[severity]
    mm = PIN_MM * given.kp
    number = str(finding["number"])
    hollow = page.bw and severity != "stop"
    if hollow:
        heavy = 4.2 if severity == "block" else 1.6
        first = found.parts[0].model_copy(
            update={"fill": "#ffffff", "stroke": "#000000", "width": heavy}
        )
        found = found.model_copy(update={"parts": (first,)})
    symbols.draw(page, found, x, y, mm, z=z, turn=turn)
    up = 11.3 * mm * found.size
    angle = np.radians(turn)
    cx, cy = x - up * np.sin(angle), y + up * np.cos(angle)
    pt = given.type["pin"] * (1.0 if len(number) < 3 else 0.78)
    pt = max(pt, 4.8)
    page.text(cx, cy, number, pt, "Bold", INK if hollow else "#ffffff", ha="center", va="center",
              z=z + 0.6)  # fmt: skip


def stamp(content: Content, given: Format, reasons: Sequence[str]) -> Panel | None:
    """Return why the sheet is not final; None where nothing keeps it back."""
    sample = content.context.commune.commune.sample
    if not reasons and not sample:
        return None
    panel = Panel("stamp", "NE", frame_mm=0.0)
    t, lang = given.type["head"], content.lang
    small = max(t * 0.74, 6.0 if given.bw else 4.8)
    heading = say("print_map.draft_sample" if sample else "print_map.draft", lang).upper()
    w = max(width(heading, t, "Bold"), *(width(one, small) for one in reasons), 0.0) + 5
    y = t * BAND * 1.75
    lines = [(heading, t, "Bold", y)]
    for one in reasons:
        y += small * BAND * 1.5
        lines.append((one, small, "Regular", y))
    h = y + t * BAND * 0.9

    def op(page: Page, left: float, top: float) -> None:
        page.rect(left + 0.5, top - h + 0.5, w - 1, h - 1, "#ffffff", _STAMP, 0.45, z=Panel.Z + 1)

    panel.add(op)
    for said, size, style, at in lines:
        panel.text(w / 2, at, said, size, style, _STAMP, ha="center")
    panel.w, panel.h = w, h
    return panel


def empty_note(content: Content, given: Format) -> Panel:
    """Return what stands on a sheet whose own content has no feature."""
    panel = Panel("empty", "NE")
    t = given.type["head"]
    y = t * BAND * 1.5
    for key, style in (("no_features", "SemiBold"), ("no_features_2", "Regular")):
        panel.text(_PAD, y, say(f"print_map.{key}", content.lang), t * 0.95, style)
        y += t * BAND * 1.6
    panel.pad(_PAD, t * BAND * 0.9)
    return panel
