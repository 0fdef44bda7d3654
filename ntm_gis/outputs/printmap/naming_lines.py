"""The names of what is a line: numbers of roads, where they lead, rivers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.outputs.printmap.candidates import Label, beside_line, on_line, raster
from ntm_gis.outputs.printmap.content import ROADS, WATER
from ntm_gis.outputs.printmap.naming import itself
from ntm_gis.outputs.printmap.standard import LANES, PAPER
from ntm_gis.outputs.printmap.type import width
from ntm_gis.results.words import is_made_key
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.content import Content
    from ntm_gis.outputs.printmap.page import Shapes
    from ntm_gis.outputs.printmap.view import View

_RIVER, _ROAD = "#16567f", "#5c1d06"
_NATIONAL = re.compile(r"quốc lộ\s*(\d+\w?)", re.IGNORECASE)
_PROVINCIAL = re.compile(r"(?:đường tỉnh|tỉnh lộ)\s*(\d+\w?)", re.IGNORECASE)
_WORTH = {"exit": 60.0, "ql": 30.0, "river": 12.0, "road": 9.0, "minor": 5.0}
_WATER_NAMES = ("TEN", "Ten", "ten", "Tên", "TÊN", "name", "NAME", "Name")
_EXIT_M = 200.0


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
    there = ~np.array(itself(layer, content), dtype=bool)
    names = [name for name, kept in zip(layer.texts("name"), there, strict=True) if kept]
    around = layer.shapes[there]
    for line in _merged(shapely.get_parts(shapes)):
        for end in (shapely.Point(line.coords[0]), shapely.Point(line.coords[-1])):
            far = shapely.distance(around, end)
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
