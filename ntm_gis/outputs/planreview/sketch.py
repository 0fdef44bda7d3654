"""Two maps at one scale, as SVG: the inherited plans, and the new boundary with what was found.

Both panels show the same ground over the same width, so that a place in one lies at the same spot
in the other. Zones bear their codes where there is room: colours alone do not tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from ntm_gis.layers.values import Layers
from ntm_gis.outputs.gates import text_for_html
from ntm_gis.outputs.panel import Frame
from ntm_gis.outputs.planreview.model import Pin
from ntm_gis.outputs.planreview.pills import HIGH, Pill, placed
from ntm_gis.rules.maps import styles

WIDTH = 560.0
"""Width of a panel in its own units: pixels on a desk."""

PAPER_MM = 150.0
"""Width of a panel on paper; print.css has the same."""

_MARGIN = 26.0
_LEAST_CODE = 22.0
"""A zone narrower than this bears no code."""

_LEAST_AREA = 6.0
"""Ground smaller than this many square units is seen by its pin alone."""
_MOST_SHARE = 0.1
"""Findings about more of the map than this are about a whole plan: their pin tells them."""

MOST_ZONES, MOST_PINS = 3000, 120
"""So many are drawn, the largest and the gravest; the page says how many are not."""

_PLAIN = "#e6e6e6"
_BAR = 150.0


@dataclass(frozen=True, slots=True)
class Shape:
    """An outline: its path, a class of the style sheet, its colour, its name."""

    path: str
    kind: str
    fill: str = "none"
    title: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A land-use code in the middle of its zone."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One map."""

    shapes: tuple[Shape, ...]
    codes: tuple[Code, ...]
    pills: tuple[Pill, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Both maps, their common size and scale bar (`bar` units are `bar_m` metres)."""

    before: Panel
    after: Panel
    width: float
    height: float
    bar: float
    bar_m: int
    per_mm: int
    """Scale on paper: 1 to so many."""
    unpinned: int
    """Pins with a place that are on the interactive map alone."""
    undrawn: int
    """Zones that are too many to be drawn here."""


def pair(layers: Layers, pins: Sequence[Pin], *, title: str) -> Pair | None:
    """Return the two maps; None where neither the commune nor a plan has a place.

    Parameters
    ----------
    layers : Layers
    pins : sequence of Pin
        Those of weight are drawn; notes and advisory ones are left to the interactive map.
    title : str
        What a zone is called to those who hear the page: "{code}, {plan}" stands behind it.
    """
    outlines = [
        shape
        for name in ("boundary", "former_communes", "plans")
        for shape in layers[name].places.shapes
        if shape is not None
    ]
    if not outlines:
        return None
    frame = Frame.of(outlines, WIDTH, _MARGIN)
    zones, codes, undrawn = _zones(layers, frame, title)
    extents = tuple(_outlines(layers, "plans", "extent", frame, "plan_id"))
    former = tuple(_outlines(layers, "former_communes", "former", frame, "name"))
    boundary = tuple(_outlines(layers, "boundary", "boundary", frame, "name"))
    order = {"stop": 0, "block": 1, "warning": 2}
    weighty = [p for p in pins if p.x is not None and p.severity in order]
    weighty = sorted(weighty, key=lambda p: order[p.severity])[:MOST_PINS]
    found = tuple(_found(weighty, frame))
    pills = placed([(p.id, p.state, *frame.at(p.x or 0, p.y or 0)) for p in weighty],
                   WIDTH, frame.height)  # fmt: skip
    bar, bar_m = frame.bar(_BAR)
    located = sum(p.x is not None for p in pins)
    return Pair(
        Panel((*zones, *extents, *former), codes),
        Panel((*_pale(zones), *found, *boundary), (), pills),
        WIDTH, frame.height, bar, bar_m,
        round(WIDTH / frame.scale / PAPER_MM) * 1000 or 1,
        located - len(weighty), undrawn,
    )  # fmt: skip


def _zones(
    layers: Layers, frame: Frame, title: str
) -> tuple[tuple[Shape, ...], tuple[Code, ...], int]:
    """Return zones in their colours, large ones first, the codes that fit in, and how many more."""
    layer = layers["plan_zones"]
    used, shapes = layer.used, layer.places.shapes
    colours = styles().land_use
    out: list[Shape] = []
    codes: list[Code] = []
    there = [
        k for k, s in enumerate(shapes)
        if s is not None and shapely.get_dimensions(s) == 2
    ]  # fmt: skip
    sizes = shapely.area(shapes[there]) if there else np.empty(0)
    uses, plans = used["land_use"].tolist(), used["plan_id"].tolist()
    largest = np.argsort(-sizes, kind="stable")[:MOST_ZONES]
    for k in (there[i] for i in largest):
        code, plan = (text_for_html(v) if isinstance(v, str) else "" for v in (uses[k], plans[k]))
        words = ", ".join(part for part in (code or "?", plan) if part)
        fill = colours.get(code, _PLAIN)
        out.append(Shape(frame.path(shapes[k]), "zone", fill, f"{title} {words}"))
        if code:
            codes += _code(shapes[k], code, frame)
    return tuple(out), tuple(codes), len(there) - len(largest)


def _code(shape: shapely.Geometry, code: str, frame: Frame) -> Iterator[Code]:
    west, south, east, north = shape.bounds
    if (east - west) * frame.scale < _LEAST_CODE or (north - south) * frame.scale < HIGH:
        return
    point = shapely.point_on_surface(shape)
    x, y = frame.at(point.x, point.y)
    yield Code(round(x, 1), round(y + 3, 1), code)


def _pale(zones: Sequence[Shape]) -> Iterator[Shape]:
    for zone in zones:
        yield Shape(zone.path, "zone pale", zone.fill, zone.title)


def _outlines(layers: Layers, name: str, kind: str, frame: Frame, called: str) -> Iterator[Shape]:
    layer = layers[name]
    names = layer.used[called].tolist()
    for title, shape in zip(names, layer.places.shapes, strict=True):
        if shape is not None:
            words = text_for_html(title) if isinstance(title, str) else ""
            yield Shape(frame.path(shape), kind, "none", words)


def _found(pins: Sequence[Pin], frame: Frame) -> Iterator[Shape]:
    """Yield the ground of findings that is large enough to be seen beside its pin."""
    for pin in pins:
        shape = pin.shape
        if shape is None or shapely.get_dimensions(shape) < 1:
            continue
        is_area = shapely.get_dimensions(shape) == 2
        seen = shape.area * frame.scale**2
        if is_area and not _LEAST_AREA <= seen <= _MOST_SHARE * WIDTH * frame.height:
            continue
        yield Shape(frame.path(shape), f"found {'area' if is_area else 'line'}", "none", pin.id)
