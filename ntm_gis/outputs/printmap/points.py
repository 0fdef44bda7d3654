"""Symbols on the ground: villages, buildings in place or as a strip behind a name, pins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from ntm_gis.outputs.printmap import symbols
from ntm_gis.outputs.printmap.content import HOUSES, VILLAGES
from ntm_gis.outputs.printmap.panels import draw_pin
from ntm_gis.outputs.printmap.standard import MOST_PINS, PIN_MM, SYMBOL_MM
from ntm_gis.outputs.printmap.type import short_name
from ntm_gis.rules import maps

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.content import Content, Layer
    from ntm_gis.outputs.printmap.page import Page
    from ntm_gis.outputs.printmap.standard import Format
    from ntm_gis.outputs.printmap.view import View

_TURNS = (0, 40, -40, 80, -80, 125, -125, 180)
_IN_PLACE = 0.86
_STRIP_MM_PER_PT = 0.0128
"""A pixel of an icon behind a name, for a point of its type."""
_MOST_ICONS = 6
_SUBJECT = 1.4
_SEAT = "seat"
_RING_PX, _SEAT_PX = 4.6, 8.6
_WHOLE_CODE = 4
_NOBODY = -2
_CROSS_MM = 13.0
# What a house costs that a name stands on, as a line under it does.
_HOUSE = 4.0


@dataclass
class Villages:
    """Villages on the sheet: place, name, whether it is the seat, icons behind its name."""

    at: dict[int, shapely.Point] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    seats: set[int] = field(default_factory=set)
    radius: dict[int, float] = field(default_factory=dict)
    icons: dict[int, list[str]] = field(default_factory=dict)
    subject: bool = False
    """What the icons show is what the map is about."""

    def icon_pt(self, given: Format) -> float:
        """Return the type that icons behind names go with: larger where the map is about them."""
        return given.type["village"] * (_SUBJECT if self.subject else 1.0)


@dataclass
class Flag:
    """A symbol that bears a whole code and is placed like a name."""

    at: shapely.Point
    text: str
    symbol: str


def draw(
    page: Page, content: Content, view: View, listed: Sequence[dict[str, Any]]
) -> tuple[Villages, list[Flag]]:
    """Draw all symbols; return the villages to name and the flags to place."""
    found = _villages(content, view)
    found.subject = any(
        content.layers[one.style].style.beside_village
        for one in content.definition.groups[0].layers
        if one.style in content.layers
    )
    flags: list[Flag] = []
    for layer in content.layers.values():
        if layer.style.level == "points" and layer.style.frame != VILLAGES:
            flags += _layer(page, layer, view, found)
        elif layer.style.level != "points":
            _points_of(page, layer, view)
    px = SYMBOL_MM * view.format.kp
    known = maps.styles().symbols
    for number, at in found.at.items():
        seat = number in found.seats and _SEAT in known
        symbols.draw(page, known[_SEAT if seat else "village"], at.x, at.y, px * _IN_PLACE)
    _pins(page, view, listed)
    return found, flags


def _villages(content: Content, view: View) -> Villages:
    """Find the villages on the sheet; the seat is that of the office in use."""
    out = Villages()
    layer = next(
        (one for one in content.layers.values() if one.style.frame == VILLAGES and
         one.style.labels is not None),
        None,
    )  # fmt: skip
    if layer is None:
        return out
    seats = _seats(content)
    px = SYMBOL_MM * view.format.kp * _IN_PLACE
    inside = shapely.buffer(view.frame, -1.5)
    places = view.put(shapely.point_on_surface(layer.shapes))
    names = layer.given("short", "")
    full = layer.texts("name")
    for row, at in zip(layer.rows, places, strict=True):
        number = int(row)
        if at.is_empty or not np.isfinite(at.x) or not inside.contains(at):
            continue
        i = int(np.flatnonzero(layer.rows == row)[0])
        out.at[number] = at
        # "8" of "Thôn 8" is no name.
        short = names[i] if any(c.isalpha() for c in names[i]) else ""
        out.names[number] = short_name(short or full[i] or layer.texts("id")[i])
        if number in seats:
            out.seats.add(number)
        radius = (_SEAT_PX if number in seats else _RING_PX) * px
        out.radius[number] = radius
        view.symbols.append((shapely.buffer(at, radius), number))
    return out


def _seats(content: Content) -> set[int]:
    """Return the villages in which an office of the commune is in use, by number."""
    frame = content.context.answer.frames.get("facilities")
    if frame is None or "kind" not in frame:
        return set()
    used = frame[(frame["kind"] == "commune_office") & (frame["state"] == "in_use")]
    return {int(n) for n in content.context.village_of(used) if n >= 0} if len(used) else set()


def _layer(page: Page, layer: Layer, view: View, villages: Villages) -> list[Flag]:
    """Draw a layer of points in place, or hang it on the names of its villages."""
    beside = layer.style.beside_village and not view.rules.in_place
    crowd = layer.name == HOUSES
    if crowd and not view.rules.houses:
        return []
    known = maps.styles().symbols
    px = SYMBOL_MM * view.format.kp * (_IN_PLACE if layer.style.beside_village else 0.8)
    px = _legible(px, layer, bw=page.bw)
    inside = shapely.buffer(view.frame, -2.0)
    places = view.put(shapely.point_on_surface(layer.shapes))
    letters, owners = layer.given("letter", ""), layer.given("village", -1)
    flags: list[Flag] = []
    for i, at in enumerate(places):
        name = layer.style.cases[layer.case[i]].symbol
        if name is None:
            continue
        owner = int(owners[i])
        if beside and owner in villages.at:
            if not (name.startswith(_SEAT) and owner in villages.seats and name == _SEAT):
                villages.icons.setdefault(owner, []).append(name)
            continue
        if at.is_empty or not np.isfinite(at.x) or not inside.contains(at):
            continue
        if known[name].letter is not None and is_flag(layer, letters[i]):
            flags.append(Flag(at, letters[i], name))
            continue
        place = _aside(at, owner, villages, px) if layer.style.beside_village else at
        symbols.draw(page, known[name], place.x, place.y, px, letter=letters[i], z=13)
        half_w, half_h = symbols.extent(known[name], px)
        x, y = place.x, place.y
        if crowd:
            # Houses stand so close that a name must pass over some where there is no other way.
            line = shapely.LineString([(x - half_w, y), (x + half_w, y)])
            view.lines.append((line, _HOUSE))
            continue
        box = shapely.box(x - half_w, y - half_h, x + half_w, y + half_h)
        view.symbols.append((box, _NOBODY))
    return flags


def _legible(px: float, layer: Layer, *, bw: bool) -> float:
    """Return how large symbols are drawn: so that the letters in them can be read."""
    known = maps.styles().symbols
    if layer.style.letter_by is None or layer.style.labels is not None:
        return px
    found = [known[case.symbol] for case in layer.style.cases if case.symbol is not None]
    least = [symbols.least_px(one, bw=bw) for one in found if one.letter is not None]
    whole = any(is_flag(layer, letter) for letter in layer.given("letter", ""))
    return px if whole else max([px, *least])


def is_flag(layer: Layer, letter: str) -> bool:
    """Whether symbols of a layer bear whole codes: they are placed like names."""
    return layer.style.level == "points" and len(letter) >= _WHOLE_CODE


def _aside(at: shapely.Point, owner: int, villages: Villages, px: float) -> shapely.Point:
    """Move a symbol off the ring of its village, where it was put at the village itself."""
    ring = villages.at.get(owner)
    if ring is None or ring.distance(at) > 12 * px:
        return at
    n = len(villages.icons.setdefault(owner, []))
    villages.icons[owner].append("")
    angle = np.radians(-30 - 50 * n)
    reach = villages.radius[owner] + 13 * px
    return shapely.Point(ring.x + reach * np.cos(angle), ring.y + reach * np.sin(angle))


def strip(icons: Sequence[str], pt: float) -> tuple[tuple[str, ...], float]:
    """Return the icons behind a name, each kind once, and the room they take, mm.

    Examples
    --------
    >>> strip(["house-ok", "house-ok", "school-ok"], 7.8)[0]
    ('house-ok', 'school-ok')
    """
    kinds = tuple(dict.fromkeys(name for name in icons if name))[:_MOST_ICONS]
    return kinds, 0.5 + len(kinds) * icon_room(pt) if kinds else 0.0


def icon_room(pt: float) -> float:
    """Return how much an icon behind a name of so many points takes, mm."""
    return 22.5 * _STRIP_MM_PER_PT * pt


def draw_strip(page: Page, icons: Sequence[str], x: float, y: float, pt: float) -> None:
    """Draw icons behind a name: `x` where it ends, `y` the middle of its letters."""
    known = maps.styles().symbols
    px = _STRIP_MM_PER_PT * pt
    x += 0.5 + 10.5 * px
    for name in icons:
        found = known[name]
        mm = px / max(found.size, 1.0)
        symbols.draw(page, found, x, y, mm, z=19)
        x += icon_room(pt)


def _points_of(page: Page, layer: Layer, view: View) -> None:
    """Draw the points among lines or areas: heads of canals."""
    known = maps.styles().symbols
    px = _legible(SYMBOL_MM * view.format.kp * 0.8, layer, bw=page.bw)
    kinds = shapely.get_type_id(layer.shapes)
    letters = layer.given("letter", "")
    inside = shapely.buffer(view.frame, -2.0)
    for i in np.flatnonzero(np.isin(kinds, (0, 4))):
        name = layer.style.cases[layer.case[i]].symbol
        at = view.put(layer.shapes[i])[0]
        if name is None or at.is_empty or not inside.contains(at):
            continue
        point = shapely.point_on_surface(at)
        symbols.draw(page, known[name], point.x, point.y, px, letter=letters[i], z=13)
        view.symbols.append((shapely.buffer(point, 9 * px), _NOBODY))


def crosses(page: Page, layer: Layer, view: View) -> None:
    """Draw the marks along lines that a style asks for, at paces on paper."""
    marks = layer.style.marks
    marked = set(layer.sheet.given.get("marked", ()))
    if marks is None or not marked:
        return
    rows = [i for i, row in enumerate(layer.rows) if int(row) in marked]
    px = SYMBOL_MM * view.format.kp * 0.8
    symbol = maps.styles().symbols[marks.symbol]
    step = max(marks.every_m * view.mm, _CROSS_MM * view.format.kp)
    for line in view.clipped(layer.shapes[rows]):
        if shapely.get_type_id(line) != 1 or line.length < step / 3:
            continue
        along = np.arange(min(step, line.length) / 2, line.length, step)
        for at in shapely.line_interpolate_point(line, along):
            symbols.draw(page, symbol, at.x, at.y, px, z=12.5)
            view.lines.append((shapely.buffer(at, 6 * px), 2.0))


def _pins(page: Page, view: View, listed: Sequence[dict[str, Any]]) -> None:
    """Draw the weightiest findings that have a place, each turned to where it covers least."""
    mm = PIN_MM * view.format.kp * 1.75
    inside = shapely.buffer(view.frame, -4.0)
    for finding in listed[:MOST_PINS]:
        x, y = finding["paper"]
        tip = shapely.Point(x, y)
        if not inside.contains(tip):
            continue
        drop = shapely.union(
            shapely.buffer(shapely.Point(x, y + 11.3 * mm), 7.6 * mm), shapely.buffer(tip, 0.2)
        )
        shape, turn = _turned(drop, tip, view)
        draw_pin(page, view.format, finding, x, y, turn=turn)
        view.symbols.append((shape, _NOBODY))


def _turned(
    drop: shapely.Geometry, tip: shapely.Point, view: View
) -> tuple[shapely.Geometry, float]:
    others = np.array([shape for shape, _ in view.symbols], dtype=object)
    best, least = (drop, 0.0), np.inf
    for turn in _TURNS:
        shape = shapely.affinity.rotate(drop, turn, origin=tip)
        covered = float(shapely.area(shapely.intersection(others, shape)).sum())
        cost = covered + abs(turn) * 0.001 + 50 * (not view.free.contains(shape))
        if cost < least:
            best, least = (shape, float(turn)), cost
    return best
