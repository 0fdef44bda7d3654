"""Small maps as SVG: the commune in outline, and how each feature stands in an indicator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import geopandas as gpd
import numpy as np
import shapely

from ntm_gis.layers.values import Answer
from ntm_gis.outputs.gates import text_for_html
from ntm_gis.outputs.panel import Frame
from ntm_gis.outputs.scorecard.model import STATES, Drawn, Ground, Mark

WIDTH, _MARGIN = 560.0, 22.0
_BAR = 130.0
_MAIN = ("national", "provincial", "commune", "village")
"""Classes of roads that the outline shows; lanes and field roads are too many for it."""

MOST_MARKS = 400
_LETTER, _LINE = 4.9, 10.0
_KINDS = ("point", "line", "area")


class Sketcher:
    """Draws the small maps of a page on one ground.

    Parameters
    ----------
    answer : Answer
        Frames `boundary`, `roads`, `villages`, and those of the layers drawn.
    """

    def __init__(self, answer: Answer) -> None:
        self._frames = answer.frames
        # A village placed far away by mistake must not make the commune a dot.
        shapes = self._shapes("boundary") or self._shapes("villages")
        self._frame = Frame.of(shapes, WIDTH, _MARGIN) if shapes else None
        self._placed: dict[str, Mapping[str, shapely.Geometry]] = {}

    def _shapes(self, name: str) -> list[shapely.Geometry]:
        frame = self._frames.get(name)
        if frame is None:
            return []
        return [s for s in frame.geometry if s is not None and not s.is_empty]

    @property
    def ground(self) -> Ground | None:
        """What all maps share; None where the commune has no place."""
        frame = self._frame
        if frame is None:
            return None
        roads = self._frames.get("roads")
        lines = [] if roads is None else _of_classes(roads)
        bar, bar_m = frame.bar(_BAR)
        dots, names = _named(self._frames.get("villages"), frame)
        return Ground(
            frame.width, frame.height,
            "".join(frame.path(s) for s in self._shapes("boundary")),
            "".join(frame.path(s) for s in lines),
            dots, names, bar, bar_m,
        )  # fmt: skip

    def drawn(
        self,
        features: Sequence[tuple[str, str, str, str, str | None]],
        label: str,
        href: str | None,
    ) -> Drawn | None:
        """Return the map of some features; None where none of them has a place.

        Parameters
        ----------
        features : sequence of (layer, id, state, title, href)
        label : str
            What the map shows, for those who do not see it.
        href : str or None
            The large map.
        """
        frame = self._frame
        if frame is None:
            return None
        marks: list[Mark] = []
        unplaced = 0
        rank = {state: k for k, state in enumerate(reversed(STATES))}
        # What is to be looked at lies on top.
        for layer, key, state, title, link in sorted(features, key=lambda f: rank[f[2]]):
            shape = self._place(layer).get(key)
            if shape is None or len(marks) >= MOST_MARKS:
                unplaced += 1
                continue
            marks.append(_mark(frame, shape, state, title, link))
        if not marks:
            return None
        there = {mark.state for mark in marks}
        return Drawn(
            tuple(marks), tuple(s for s in reversed(STATES) if s in there), label,
            all(layer == "villages" for layer, *_ in features), href, unplaced,
        )  # fmt: skip

    def _place(self, layer: str) -> Mapping[str, shapely.Geometry]:
        if layer not in self._placed:
            frame = self._frames.get(layer)
            found = {}
            if frame is not None and "id" in frame:
                pairs = zip(frame["id"], frame.geometry, strict=True)
                found = {str(k): s for k, s in pairs if s is not None and not s.is_empty}
            self._placed[layer] = found
        return self._placed[layer]


def _of_classes(roads: gpd.GeoDataFrame) -> list[shapely.Geometry]:
    if "road_class" not in roads:
        return []
    pairs = zip(roads["road_class"], roads.geometry, strict=True)
    return [s for kind, s in pairs if kind in _MAIN and s is not None and not s.is_empty]


def _mark(frame: Frame, shape: shapely.Geometry, state: str, title: str, href: str | None) -> Mark:
    kind = _KINDS[int(shapely.get_dimensions(shape))]
    at = shapely.point_on_surface(shape)
    x, y = frame.at(at.x, at.y)
    path = "" if kind == "point" else frame.path(shape)
    return Mark(state, kind, path, round(x, 1), round(y, 1), title, href)


def _named(
    villages: gpd.GeoDataFrame | None, frame: Frame
) -> tuple[tuple[tuple[float, float], ...], tuple[tuple[float, float, str, str], ...]]:
    """Return the dots of villages, and names where there is room beside a dot."""
    if villages is None:
        return (), ()
    dots: list[tuple[float, float]] = []
    called: list[str] = []
    for name, shape in zip(villages["name"], villages.geometry, strict=True):
        if shape is None or shape.is_empty:
            continue
        at = shapely.point_on_surface(shape)
        x, y = frame.at(at.x, at.y)
        dots.append((round(x, 1), round(y, 1)))
        called.append(text_for_html(name) if isinstance(name, str) else "")
    taken = [np.array([x - 5, y - 5, x + 5, y + 5]) for x, y in dots]
    names = []
    for (x, y), text in zip(dots, called, strict=True):
        for tx, ty, anchor, box in _seats(x, y, text):
            inside = box[0] > 0 and box[2] < frame.width and box[1] > 0 and box[3] < frame.height
            if text and inside and not any(_meet(box, other, x, y) for other in taken):
                taken.append(box)
                names.append((round(tx, 1), round(ty, 1), anchor, text))
                break
    return tuple(dots), tuple(names)


def _seats(x: float, y: float, text: str) -> Iterator[tuple[float, float, str, np.ndarray]]:
    wide, up = _LETTER * len(text), _LINE / 2
    yield x + 8, y + 3, "start", np.array([x + 7, y - up, x + 8 + wide, y + up])
    yield x - 8, y + 3, "end", np.array([x - 8 - wide, y - up, x - 7, y + up])
    half = wide / 2
    yield x, y - 8, "middle", np.array([x - half, y - 8 - _LINE, x + half, y - 7])
    yield x, y + 15, "middle", np.array([x - half, y + 7, x + half, y + 7 + _LINE])


def _meet(box: np.ndarray, other: np.ndarray, x: float, y: float) -> bool:
    own = abs((other[0] + other[2]) / 2 - x) < 0.1 and abs((other[1] + other[3]) / 2 - y) < 0.1
    apart = box[0] > other[2] or other[0] > box[2] or box[1] > other[3] or other[1] > box[3]
    return not own and not apart
