"""The small plan of a stretch: the work by state, roads and villages about it, its two ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from shapely import ops

from ntm_gis.layers.values import Answer
from ntm_gis.outputs.rows import plain

WIDTH, HEIGHT = 330, 190
"""Of the drawing, in its own units."""

_AROUND = 0.45
_LEAST_M = 250.0
_MOST_NAMES = 6
_STEPS_M = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000)

XY = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Path:
    """A line as the data of an SVG path; `state` of a stretch, "road" of another road."""

    d: str
    state: str


@dataclass(frozen=True, slots=True)
class Name:
    """A village: where it stands and what it is called."""

    x: float
    y: float
    text: str
    anchor: str


@dataclass(frozen=True)
class Plan:
    """The drawing: other roads, the work, the stretch, ends, villages, scale bar."""

    roads: tuple[Path, ...]
    work: tuple[Path, ...]
    lit: str
    first: XY
    last: XY
    names: tuple[Name, ...]
    bar: float
    bar_m: int


@dataclass(frozen=True, slots=True)
class Ends:
    """East and north of both ends in the commune's zone, and the line between them."""

    first: XY
    last: XY
    line: shapely.Geometry


def ends(answer: Answer, work_id: str, from_m: float, to_m: float) -> Ends | None:
    """Return the ends of a stretch as the frame `road_progress` draws it; None where it does not.

    Within a drawn stretch places are in proportion: exact where the stretch ends, as it does
    at every end of a report or a dispute.
    """
    parts = list(_drawn(answer, work_id))
    first, last = _at(parts, from_m), _at(parts, to_m)
    if first is None or last is None:
        return None
    lines = [
        ops.substring(shape, (max(a, from_m) - a) / (b - a), (min(b, to_m) - a) / (b - a),
                              normalized=True)
        for a, b, _, shape in parts
        if shape is not None and a < to_m and b > from_m and shape.geom_type == "LineString"
    ]  # fmt: skip
    return Ends(first, last, shapely.union_all(lines))


Drawn = tuple[float, float, str, shapely.Geometry | None]


def _drawn(answer: Answer, work_id: str) -> Iterator[Drawn]:
    """Yield the stretches of a work on the last day: from, to, state, line."""
    frame = answer.frames.get("road_progress")
    if frame is None or not len(frame):
        return
    mine = frame[frame["work_id"] == work_id]
    mine = mine[mine["on"] == mine["on"].max()]
    columns = (plain(mine[name]) for name in ("from_m", "to_m", "state"))
    for from_m, to_m, state, shape in zip(*columns, mine.geometry, strict=True):
        if isinstance(from_m, float) and isinstance(to_m, float) and to_m > from_m:
            found = None if shape is None or shape.is_empty else shape
            yield from_m, to_m, str(state), found


def _at(parts: list[Drawn], at_m: float) -> XY | None:
    for from_m, to_m, _, shape in parts:
        if from_m <= at_m <= to_m and shape is not None and shape.geom_type == "LineString":
            share = (at_m - from_m) / (to_m - from_m)
            point = shapely.line_interpolate_point(shape, share, normalized=True)
            return float(point.x), float(point.y)
    return None


def plan(answer: Answer, work_id: str, found: Ends) -> Plan:
    """Return the drawing of a stretch.

    Parameters
    ----------
    answer : Answer
        Frames `road_progress`, `roads` and `villages`, in the commune's zone.
    work_id : str
    found : Ends
    """
    window = _window(found.line)
    west, _, east, north = window
    scale = WIDTH / (east - west)

    def xy(x: float, y: float) -> XY:
        return round((x - west) * scale, 1), round((north - y) * scale, 1)

    def data(shape: shapely.Geometry) -> str:
        lines = (np.asarray(part.coords)[:, :2] for part in shapely.get_parts(shape))
        return "".join("M" + "L".join("{} {}".format(*xy(x, y)) for x, y in line) for line in lines)

    frame = answer.frames.get("roads")
    roads = () if frame is None else tuple(_clipped(frame, window))
    bar_m = max((s for s in _STEPS_M if s * scale <= WIDTH / 3), default=_STEPS_M[0])
    return Plan(
        tuple(Path(data(shape), "road") for shape in roads),
        tuple(
            Path(data(part), state)
            for _, _, state, shape in _drawn(answer, work_id)
            if shape is not None and len(shapely.get_parts(part := _cut(shape, window)))
        ),
        data(_cut(found.line, window)),
        xy(*found.first),
        xy(*found.last),
        tuple(_villages(answer, window, xy)),
        round(bar_m * scale, 1),
        bar_m,
    )


Box = tuple[float, float, float, float]


def _window(line: shapely.Geometry) -> Box:
    """Return the ground that is drawn: the stretch and what lies about it, in the paper's shape."""
    west, south, east, north = line.bounds
    x, y = (west + east) / 2, (south + north) / 2
    reach = max(east - west, (north - south) * WIDTH / HEIGHT, _LEAST_M) * (0.5 + _AROUND)
    return x - reach, y - reach * HEIGHT / WIDTH, x + reach, y + reach * HEIGHT / WIDTH


def _cut(shape: shapely.Geometry, window: Box) -> shapely.Geometry:
    """Return the lines of a shape within a window."""
    inside = shapely.clip_by_rect(shape, *window)
    lines = [p for p in shapely.get_parts(inside) if p.geom_type == "LineString" and not p.is_empty]
    return shapely.MultiLineString(lines)


def _clipped(frame: gpd.GeoDataFrame, window: Box) -> Iterator[shapely.Geometry]:
    shapes = frame.geometry.to_numpy()
    known = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    for shape in known:
        inside = _cut(shape, window)
        if len(shapely.get_parts(inside)):
            yield inside


def _villages(answer: Answer, window: Box, xy: Callable[[float, float], XY]) -> Iterator[Name]:
    frame = answer.frames.get("villages")
    if frame is None or not len(frame):
        return
    west, south, east, north = window
    told = 0
    for name, shape in zip(plain(frame["name"]), frame.geometry, strict=True):
        if name is None or shape is None or shape.is_empty or told == _MOST_NAMES:
            continue
        point = shapely.point_on_surface(shape)
        if west <= point.x <= east and south <= point.y <= north:
            told += 1
            x, y = xy(point.x, point.y)
            yield Name(x, y, str(name)[:30], "end" if x > WIDTH / 2 else "start")
