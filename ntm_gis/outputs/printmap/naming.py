"""The names of a sheet with their candidates: villages, neighbours, former communes, heights."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.layers.outlines import province_key
from ntm_gis.outputs.printmap.candidates import (
    MUST,
    Label,
    around,
    raster,
)
from ntm_gis.outputs.printmap.plates import rim
from ntm_gis.outputs.printmap.points import Flag, Villages, strip
from ntm_gis.outputs.printmap.standard import GREY
from ntm_gis.outputs.printmap.type import wrapped
from ntm_gis.outputs.printmap.units import (
    Unit,
    is_itself,
    province_column,
    province_words,
)
from ntm_gis.rules.terms import say

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.content import Content, Layer
    from ntm_gis.outputs.printmap.ground import Ground
    from ntm_gis.outputs.printmap.view import View

FAR_MM = (3.6, 6.0, 9.5, 14.0, 19.0, 25.0, 32.0)
"""How far names may stand from villages that lie in a crowd, mm; a line leads to each."""

_FLAG_MM = (4.5, 8.0, 12.0)
# A village with so many others so near lies in a crowd.
_CROWD_MM, _CROWD = 14.0, 5
_APART_MM = 0.2
_NAME_MM = 36.0
_FORMER, _SPOT = "#7a2a78", "#5e3d1b"
_OLD = re.compile(r"\bcũ\b|\bformer\b", re.IGNORECASE)
_WORTH = {"former": 14.0, "spot": 6.0, "flag": 40.0}
_MOST_SPOTS = 24


def village_labels(villages: Villages, view: View, times: float = 1.0) -> Iterator[Label]:
    """Yield the names of villages, which must stand."""
    types, kp = view.format.type, view.format.kp
    outward = _outward(villages, _CROWD_MM * kp)
    shown = (view.format.strips or villages.subject) and not view.rules.in_place
    for number, at in villages.at.items():
        seat = number in villages.seats
        pt = types["seat" if seat else "village"] * times
        style = "Bold" if seat else "SemiBold"
        icons, room = strip(villages.icons.get(number, []), villages.icon_pt(view.format))
        if not shown:
            icons, room = (), 0.0
        lines = tuple(wrapped(villages.names[number], pt, _NAME_MM * kp, style))
        label = Label("village", lines, pt, style, owner=number, strip=room, icons=icons)
        around(label, at.x, at.y, villages.radius[number], outward=outward.get(number))
        yield label


def _outward(villages: Villages, near: float) -> dict[int, float]:
    """Return which way leads out of the crowd, radians, for each village that lies in one."""
    numbers = list(villages.at)
    places = np.array([(at.x, at.y) for at in villages.at.values()]).reshape(-1, 2)
    away = places[:, None] - places[None]
    close = np.hypot(*away.transpose(2, 0, 1)) < near
    out = (away * close[..., None]).sum(axis=1)
    return {
        number: float(np.arctan2(out[i, 1], out[i, 0]))
        for i, number in enumerate(numbers)
        if close[i].sum() > _CROWD
    }


def flag_labels(flags: Sequence[Flag], view: View) -> Iterator[Label]:
    """Yield codes that stand on a plate of their own, beside their place."""
    pt = max(view.format.type["road"], 4.8)
    for flag in flags:
        label = Label("flag", (flag.text,), pt, "Bold", worth=_WORTH["flag"], case=flag.symbol)
        # Plates may touch, never lie on each other.
        label.rim = max(rim(flag.symbol, view.format.kp, bw=view.format.bw) - _APART_MM, 0.0)
        around(label, flag.at.x, flag.at.y, 0.7 * view.format.kp, away=_FLAG_MM)
        yield label


def neighbour_labels(content: Content, view: View) -> Iterator[Label]:
    """Yield the names of neighbours, in capitals, on their own ground."""
    layer = content.layers.get("neighbours")
    if layer is None:
        return
    kp, lang = view.format.kp, content.lang
    names, notes = layer.texts("name"), _provinces(layer, content)
    clear = None if view.commune is None else shapely.buffer(view.commune, 1.2 * kp)
    for shape, name, note, own in zip(
        layer.shapes, names, notes, itself(layer, content), strict=True
    ):
        if not name or shape.is_empty or own:
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
    own = province_key(content.context.commune.commune.province)
    column = province_column(layer.sheet.table.columns)
    if column is None:
        return [""] * len(layer.rows)
    return [
        f"({province_words(one, content.lang)})" if one and province_key(one) != own else ""
        for one in layer.texts(column)
    ]


def itself(layer: Layer, content: Content) -> list[bool]:
    """Return which of the neighbours is the commune: lists of a whole province name it, too."""
    ground = content.context.ground
    if ground is None:
        return [False] * len(layer.rows)
    return [is_itself(Unit(shape, "", ""), ground) for shape in layer.shapes]


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
