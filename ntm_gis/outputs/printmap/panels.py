"""Title, findings, location and stamp: the panels beside the legend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from ntm_gis import numbers
from ntm_gis.outputs.printmap import symbols
from ntm_gis.outputs.printmap.panel import BAND, LINE, Panel
from ntm_gis.outputs.printmap.standard import GREY, INK, MOST_PINS, PIN_MM, TITLE
from ntm_gis.outputs.printmap.type import clipped, width, wrapped
from ntm_gis.outputs.webmap.legend import measure_text
from ntm_gis.rules import maps
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ntm_gis.outputs.printmap.content import Content
    from ntm_gis.outputs.printmap.page import Page, Shapes
    from ntm_gis.outputs.printmap.standard import Format

_PAD = 2.5
_FACTS = ("commune.area_ha", "commune.population", "commune.households", "villages.count")
_MOST_FACTS = 9
_FINDING_MM_PER_PT = 16.4
_RED, _LAND, _STAMP = "#c4301a", "#fbf7e9", "#b3002d"


def title(content: Content, given: Format, part: str = "") -> Panel:
    """Return who made the sheet, what it shows, where and when."""
    who, lang = content.context.commune.commune, content.lang
    name = content.definition.title.words.of(lang)
    heading = say("print_map.title", lang, name=f"{name[:1].lower()}{name[1:]}")
    province = who.province.removeprefix("tỉnh ").removeprefix("Tỉnh ")
    commune = say("print_map.commune", lang, name=who.name)
    unit = say("print_map.unit", lang, name=who.name, province=province)
    day = say("print_map.state_at", lang, day=numbers.format_date_vi(who.as_of))
    pt, sub = given.type["title"], given.type["sub"]
    pad = sub * 0.36
    room = min(given.size[0] * 0.42, 11.2 * pt)
    lines = [
        (say("print_map.authority", lang, unit=commune.upper()), sub * 0.8, "SemiBold", 1.25, INK),
        *((one, pt, "Bold", 1.34, TITLE) for one in wrapped(heading.upper(), pt, room, "Bold")),
        (f"{unit} · {part}" if part else unit, sub * 1.12, "Medium", 1.6, INK),
        (day, max(sub * 0.86, 6.0), "Italic", 1.6, INK),
    ]
    panel = Panel("title", "NW")
    y = pad * 0.5
    for said, size, style, lead, colour in lines:
        y += size * BAND * lead * 0.97
        panel.text(pad, y, clipped(said, size, room * 1.15, style), size, style, colour)
    panel.pad(pad, pad * 0.9)
    return panel


def findings(content: Content, given: Format, listed: Sequence[dict[str, Any]]) -> Panel:
    """Return the pins in words, at most so many; the rest is counted."""
    panel = Panel("findings", "SE")
    t, kp, lang = given.type["text"], given.kp, content.lang
    lh = t * LINE
    y = lh * 0.4 + given.type["head"] * BAND
    panel.text(_PAD, y, say("print_map.findings", lang).upper(), given.type["head"], "Bold")
    left = 8.2 * kp
    least, room = 4.9 * kp, _FINDING_MM_PER_PT * t
    for finding in listed[:MOST_PINS]:
        lines = wrapped(finding["text"], t, room)
        lines = [*lines[:1], clipped(" ".join(lines[1:]), t, room)][: len(lines)]
        high = max(len(lines) * lh * 0.86 + lh * 0.3, least)
        y += lh * 0.22
        pin_sample(panel, given, finding, (4.1 * kp, y + high / 2 + 2.1 * kp))
        base = y + high / 2 + t * 0.127 - (len(lines) - 1) * lh * 0.43
        for i, line in enumerate(lines):
            panel.text(left, base + i * lh * 0.86, line, t)
        y += high
    more = len(listed) - MOST_PINS
    if more > 0:
        y += lh * 0.95
        panel.text(left, y, say("print_map.more_findings", lang, n=more), t, "Italic")
    y += lh * 1.25
    x = _PAD
    for severity in dict.fromkeys(f["severity"] for f in listed[:MOST_PINS]):
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


# --- where the commune lies -----------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """The commune and its neighbours on the ground, and the neighbours' names."""

    commune: shapely.Geometry
    neighbours: Shapes
    names: tuple[str, ...]


def inset(content: Content, given: Format, place: Place | None) -> Panel | None:
    """Return where the commune lies among its neighbours, and its card of figures.

    The boundaries of provinces and of the country are not among what the program bears: the
    panel says what it shows.
    """
    facts = [] if given.small else _facts(content)
    if place is None and not facts:
        return None
    panel = Panel("inset", "NW")
    t, kp, lang = given.type["text"], given.kp, content.lang
    small = max(t * 0.78, 6.0 if given.bw else 4.8)
    w, h = 56 * kp, 39 * kp
    for label, value in facts:
        w = max(w, width(label, t) + width(value, t, "SemiBold") + 3 * _PAD)
    y = 0.0
    if place is not None:
        _sketch(panel, given, place, (w, h), small)
        key = "print_map.inset" if len(place.neighbours) else "print_map.inset_alone"
        panel.text(1.2, h - 1.0, clipped(say(key, lang), small, w - 2.4, "Italic"), small,
                   "Italic", GREY)  # fmt: skip
        y = h
    panel.grow(w, y)
    for label, value in facts:
        y += t * LINE * 0.98
        panel.text(_PAD, y, label, t, colour="#444444")
        panel.text(w - _PAD, y, value, t, "SemiBold", ha="right")
    panel.w = w
    panel.h = y + (t * LINE * 0.55 if facts else 0.3)
    return panel


def _facts(content: Content) -> list[tuple[str, str]]:
    """Return the commune's figures and those of the map, with their titles, at most so many."""
    speech, lang = content.library.speech, content.lang
    facts = []
    for key in _FACTS:
        measure = speech.by_id.get(key)
        if measure is not None and measure.value is not None:
            facts.append((measure.title.of(lang), measure_text(measure, speech)))
    former = [one.name for one in content.context.commune.predecessors]
    if former:
        label = say("print_map.merged_from", lang)
        facts.append((label, ", ".join(name.removesuffix("(cũ)").strip() for name in former)))
    said = {key for key, _ in facts}
    for group in content.groups:
        for row in group["rows"]:
            own = not row.get("switch") and row.get("measure") and "/" not in row["key"]
            if own and row["title"] not in said and len(facts) < _MOST_FACTS:
                facts.append((row["title"], row["amount"]))
    return [(clipped(label, 10, 92), value) for label, value in facts]


def _sketch(
    panel: Panel, given: Format, place: Place, size: tuple[float, float], pt: float
) -> None:
    w, h = size
    bounds = shapely.total_bounds(np.array([place.commune, *place.neighbours], dtype=object))
    west, south, east, north = bounds
    inner_w, inner_h = w - 3.0, h - 6.2 * given.kp**0.5
    share = min(inner_w / max(east - west, 1.0), inner_h / max(north - south, 1.0))

    def op(page: Page, left: float, top: float) -> None:
        cx, cy = left + w / 2, top - 1.4 - inner_h / 2

        def put(shape: shapely.Geometry) -> shapely.Geometry:
            moved = shapely.affinity.affine_transform(
                shape,
                [share, 0, 0, share, cx - (west + east) / 2 * share,
                 cy - (south + north) / 2 * share],
            )  # fmt: skip
            return shapely.simplify(moved, 0.12)

        around = np.array([put(one) for one in place.neighbours], dtype=object)
        z = Panel.Z + 0.3
        page.area(around, _LAND, z=z)
        for ring in around:
            page.area(ring, "none", "#8a8a84", 0.16, z=z + 0.05)
        commune = put(place.commune)
        page.area(commune, "#000000" if page.bw else _RED, INK, 0.2, z=z + 0.1)
        for shape, name in zip(around, place.names, strict=True):
            at = _beside(shape, commune, width(name, pt) / 2, pt * 0.14,
                         (left + 0.8, top - h + 4, left + w - 0.8, top - 0.8))  # fmt: skip
            if at is None:
                continue
            page.text(at[0], at[1], name, pt, colour="#444444", ha="center", va="center", halo=0.25,
                      z=Panel.Z + 2)  # fmt: skip

    panel.add(op)


def _beside(
    shape: shapely.Geometry,
    commune: shapely.Geometry,
    half: float,
    rise: float,
    room: tuple[float, float, float, float],
) -> tuple[float, float] | None:
    """Return where a neighbour's name stands: on its ground, else outward of it, off the commune.

    `half` and `rise` are half the width and height of the name, `room` is the box it must keep to.
    """
    start = _inside(shape, commune)
    if start is None:
        return None
    away = np.array([start.x - commune.centroid.x, start.y - commune.centroid.y])
    away /= max(float(np.hypot(*away)), 1e-9)
    for step in np.arange(0.0, 12.0, 0.5):
        x, y = start.x + away[0] * step, start.y + away[1] * step
        x = min(max(x, room[0] + half), room[2] - half)
        y = min(max(y, room[1] + rise), room[3] - rise)
        if not shapely.box(x - half, y - rise, x + half, y + rise).intersects(commune):
            return float(x), float(y)
    return None


def _inside(shape: shapely.Geometry, commune: shapely.Geometry) -> shapely.Point | None:
    """Return the middle of the widest ground of a neighbour off the commune."""
    ground = shapely.difference(shapely.make_valid(shape), shapely.buffer(commune, 1.2))
    parts = [part for part in shapely.get_parts(ground) if part.area > 0]
    if not parts:
        return None
    widest = max(parts, key=shapely.area)
    return shapely.Point(shapely.maximum_inscribed_circle(widest, tolerance=0.3).coords[0])


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
