"""The names of a sheet with their candidates: villages, neighbours, roads, water, heights."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.outputs.printmap.candidates import (
    MUST,
    Label,
    around,
    beside_line,
    on_line,
    raster,
)
from ntm_gis.outputs.printmap.content import ROADS, WATER
from ntm_gis.outputs.printmap.points import Flag, Villages, strip
from ntm_gis.outputs.printmap.standard import GREY, LANES, PAPER
from ntm_gis.outputs.printmap.type import width, wrapped
from ntm_gis.results.words import is_made_key
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.content import Content, Layer
    from ntm_gis.outputs.printmap.ground import Ground
    from ntm_gis.outputs.printmap.page import Shapes
    from ntm_gis.outputs.printmap.view import View

_NAME_MM = 36.0
_FORMER, _RIVER, _ROAD, _SPOT = "#7a2a78", "#16567f", "#5c1d06", "#5e3d1b"
_NATIONAL = re.compile(r"quốc lộ\s*(\d+\w?)", re.IGNORECASE)
_PROVINCIAL = re.compile(r"(?:đường tỉnh|tỉnh lộ)\s*(\d+\w?)", re.IGNORECASE)
_OLD = re.compile(r"\bcũ\b|\bformer\b", re.IGNORECASE)
_WORTH = {"exit": 60.0, "ql": 30.0, "former": 14.0, "river": 12.0, "road": 9.0, "minor": 5.0,
          "spot": 6.0, "flag": 40.0}  # fmt: skip
_WATER_NAMES = ("TEN", "Ten", "ten", "Tên", "TÊN", "name", "NAME", "Name")
_MOST_SPOTS = 24
_EXIT_M = 200.0


def village_labels(villages: Villages, view: View, times: float = 1.0) -> Iterator[Label]:
    """Yield the names of villages, which must stand."""
    types, kp = view.format.type, view.format.kp
    for number, at in villages.at.items():
        seat = number in villages.seats
        pt = types["seat" if seat else "village"] * times
        style = "Bold" if seat else "SemiBold"
        icons, room = strip(villages.icons.get(number, []), types["village"])
        if not view.format.strips or view.rules.in_place:
            icons, room = (), 0.0
        lines = tuple(wrapped(villages.names[number], pt, _NAME_MM * kp, style))
        label = Label("village", lines, pt, style, owner=number, strip=room, icons=icons)
        around(label, at.x, at.y, villages.radius[number])
        yield label


def flag_labels(flags: Sequence[Flag], view: View) -> Iterator[Label]:
    """Yield codes that stand on a plate of their own, beside their place."""
    pt = max(view.format.type["road"], 4.8)
    for flag in flags:
        label = Label("flag", (flag.text,), pt, "Bold", worth=_WORTH["flag"], case=flag.symbol)
        around(label, flag.at.x, flag.at.y, 0.7 * view.format.kp, away=(4.5,))
        yield label


def neighbour_labels(content: Content, view: View) -> Iterator[Label]:
    """Yield the names of neighbours, in capitals, on their own ground."""
    layer = content.layers.get("neighbours")
    if layer is None:
        return
    kp, lang = view.format.kp, content.lang
    names, notes = layer.texts("name"), _provinces(layer, content)
    clear = None if view.commune is None else shapely.buffer(view.commune, 1.2 * kp)
    for shape, name, note in zip(layer.shapes, names, notes, strict=True):
        if not name or shape.is_empty:
            continue
        said = say("print_map.neighbour", lang, name=name).upper()
        ground = shapely.intersection(shapely.make_valid(view.put(shape)[0]), view.free)
        if clear is not None:
            ground = shapely.difference(ground, clear)
        parts = [part for part in shapely.get_parts(ground) if part.area > 4]
        if not parts:
            continue
        label = Label(
            "neighbour", (said,), view.format.type["neighbour"], "Medium", GREY, note=note,
            worth=MUST if max(map(shapely.area, parts)) > 700 * kp**2 else 40.0,
        )  # fmt: skip
        widest = max(parts, key=shapely.area)
        circle = shapely.maximum_inscribed_circle(widest, tolerance=0.8)
        middle = (float(circle.coords[0][0]), float(circle.coords[0][1]))
        raster(label, middle, ground.bounds, (5.0 * kp, 4.0 * kp), 0.05, ground)
        yield label


def _provinces(layer: Layer, content: Content) -> list[str]:
    """Return a note for neighbours of another province, where a column says so."""
    own = content.context.commune.commune.province
    column = next((c for c in ("tinh", "TINH", "Tỉnh", "province") if c in layer.sheet.table), None)
    if column is None:
        return [""] * len(layer.rows)
    return [
        f"(tỉnh {one})" if one and one.casefold() != own.casefold() else ""
        for one in layer.texts(column)
    ]


def former_labels(content: Content, view: View) -> Iterator[Label]:
    """Yield the names of former communes, upright, within their own ground."""
    layer = content.layers.get("former_communes")
    if layer is None:
        return
    kp = view.format.kp
    for shape, name in zip(layer.shapes, layer.texts("name"), strict=True):
        if not name or shape.is_empty:
            continue
        said = name if _OLD.search(name) else f"{name} (cũ)" if content.lang == "vi" else name
        ground = shapely.intersection(
            shapely.buffer(shapely.make_valid(view.put(shape)[0]), -3 * kp), view.free
        )
        if ground.is_empty:
            continue
        label = Label("former", (said,), view.format.type["former"], "LightItalic", _FORMER,
                      worth=_WORTH["former"])  # fmt: skip
        middle = ground.centroid
        step = 3 * kp**1.3
        raster(label, (middle.x, middle.y), ground.bounds, (step, step), 0.03, ground)
        yield label


def road_labels(content: Content, view: View) -> Iterator[Label]:
    """Yield the numbers of roads, shields of national ones, and where they lead to."""
    layer = content.layers.get(ROADS)
    if layer is None:
        return
    classes = [layer.style.classes[i].code for i in layer.wide]
    by_number: dict[tuple[str, str], list[int]] = {}
    columns = layer.texts("name"), layer.texts("road_id"), layer.texts("id")
    for i, (code, name, road, key) in enumerate(zip(classes, *columns, strict=True)):
        number = _number(code, name, road or key)
        if number and code not in LANES:
            by_number.setdefault((code, number), []).append(i)
    for (code, number), rows in by_number.items():
        if code in ("village", "unknown") and not view.rules.minor_numbers:
            continue
        lines = _merged(view.clipped(layer.shapes[rows]))
        if not lines:
            continue
        main = code in ("national", "provincial")
        yield from _numbers(view, number, lines, code, main=main)
        if main:
            yield from _exits(content, view, layer.shapes[rows])


def _number(code: str, name: str, road: str) -> str:
    if code == "national" and (found := _NATIONAL.search(name)):
        return f"QL.{found[1]}"
    if code == "provincial" and (found := _PROVINCIAL.search(name)):
        return f"ĐT.{found[1]}"
    return "" if is_made_key(road) or len(road) > 12 else road


def _merged(parts: Shapes) -> list[shapely.LineString]:
    if not len(parts):
        return []
    whole = shapely.line_merge(shapely.union_all(parts))
    lines = [part for part in shapely.get_parts(whole) if shapely.get_type_id(part) == 1]
    return sorted(lines, key=lambda line: -line.length)


def _numbers(
    view: View, number: str, lines: list[shapely.LineString], code: str, *, main: bool
) -> Iterator[Label]:
    pt, bw = view.format.type["road"], view.format.bw
    stretches: list[shapely.LineString] = lines[:1]
    if main and lines[0].length > 200:
        thirds = ((0, 1 / 3), (1 / 3, 2 / 3), (2 / 3, 1))
        stretches = [shapely.ops.substring(lines[0], a, b, normalized=True) for a, b in thirds]
    for line in stretches:
        if main:
            label = Label("ql", (number,), pt * 1.18, "Bold", PAPER, worth=_WORTH["ql"])
        else:
            worth = _WORTH["minor" if code in ("village", "unknown") else "road"]
            colour = "#000000" if bw else _ROAD
            label = Label("road", (number,), pt, "SemiBold", colour, worth=worth)
        on_line(label, line)
        yield label


def _exits(content: Content, view: View, shapes: Shapes) -> Iterator[Label]:
    """Yield where main roads lead to: the neighbour at the end of the road."""
    layer = content.layers.get("neighbours")
    ground = content.context.ground
    if layer is None or ground is None:
        return
    edge = shapely.boundary(ground)
    names = layer.texts("name")
    for line in _merged(shapely.get_parts(shapes)):
        for end in (shapely.Point(line.coords[0]), shapely.Point(line.coords[-1])):
            far = shapely.distance(layer.shapes, end)
            if shapely.distance(edge, end) > _EXIT_M or not len(far):
                continue
            name = names[int(np.argmin(far))]
            if not name:
                continue
            at = view.put(end)[0]
            said = say("print_map.leads_to", content.lang, name=name)
            label = Label("exit", (said,), view.format.type["river"] * 0.92, "Italic",
                          worth=_WORTH["exit"])  # fmt: skip
            kp = view.format.kp
            reach = (at.x - 26 * kp, at.y - 12 * kp, at.x + 26 * kp, at.y + 12 * kp)
            outside = view.free
            if view.commune is not None:
                outside = shapely.difference(view.free, shapely.buffer(view.commune, 0.6))
            raster(label, (at.x, at.y), reach, (2.6 * kp, 2.0 * kp), 0.3, outside)
            yield label


def river_labels(content: Content, view: View) -> Iterator[Label]:
    """Yield the names of rivers, turned with the water."""
    layer = content.layers.get(WATER)
    if layer is None:
        return
    column = next((c for c in _WATER_NAMES if c in layer.sheet.table), None)
    if column is None:
        return
    by_name: dict[str, list[int]] = {}
    for i, name in enumerate(layer.texts(column)):
        if name and layer.style.cases[layer.case[i]].code == "river":
            by_name.setdefault(name, []).append(i)
    kp = view.format.kp
    for name, rows in by_name.items():
        for line in _merged(view.clipped(layer.shapes[rows]))[:1]:
            label = Label("river", (name,), view.format.type["river"], "MediumItalic", _RIVER,
                          worth=_WORTH["river"])  # fmt: skip
            if line.length > width(name, label.pt, label.style) + 4:
                beside_line(label, shapely.simplify(line, 0.25), 0.85 * kp)
                yield label


def spot_labels(view: View, ground: Ground | None) -> Iterator[tuple[Label, tuple[float, float]]]:
    """Yield the heights of tops in and near the commune, with their places."""
    if ground is None or not view.format.type["spot"] or not view.rules.spots:
        return
    kp = view.format.kp
    near = None if view.commune is None else shapely.buffer(view.commune, 12 * kp)
    face = shapely.buffer(view.frame, -3)
    shapely.prepare(view.free)
    found = 0
    taken: list[tuple[float, float]] = []
    for east, north, height in ground.peaks:
        x, y = (float(v) for v in view.points([[east, north]])[0])
        at = shapely.Point(x, y)
        if not (face.contains(at) and view.free.contains(at)):
            continue
        if near is not None and not near.contains(at):
            continue
        if any(np.hypot(x - a, y - b) < 22 * kp for a, b in taken):
            continue
        number = 10_000 + found
        label = Label("spot", (f"{height:.0f}",), view.format.type["spot"], "Medium", _SPOT,
                      worth=_WORTH["spot"], owner=number)  # fmt: skip
        around(label, x, y, 0.7 * kp, away=())
        view.symbols.append((shapely.buffer(at, 0.6 * kp), number))
        taken.append((x, y))
        found += 1
        yield label, (x, y)
        if found >= _MOST_SPOTS:
            return
