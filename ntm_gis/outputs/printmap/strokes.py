"""Lines on paper: casings of all classes first, then fills, so that junctions run together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.outputs.printmap import copier
from ntm_gis.outputs.printmap.standard import (
    BLACK,
    LEAST_BW_MM,
    PAPER,
    ROADS_BW,
    WORK,
    WORK_MM,
)

if TYPE_CHECKING:
    from ntm_gis.outputs.printmap.page import Page, Points, Shapes
    from ntm_gis.rules.maps import Case, Class, Stroke, Style

_FIVE = 5.0
_LEAST_DOUBLE_MM = 0.4
# Rivers for a copier: a double line reads as a gravel road, a dash-dot as a boundary.
_WAVE_HIGH, _WAVE_LONG = 0.34, 2.3


@dataclass(frozen=True, slots=True)
class Run:
    """Lines of one look: shapes on paper, their case and class."""

    shapes: Shapes
    case: Case
    wide: Class | None = None


def coords(shapes: Shapes) -> list[Points]:
    """Return the vertices of each line."""
    found, index = shapely.get_coordinates(shapes, return_index=True)
    return np.split(found, np.flatnonzero(np.diff(index)) + 1) if len(found) else []


def width_mm(stroke: Stroke, wide: Class | None, k: float) -> float:
    """Return the width of a stroke on a sheet: fills grow with `k`, casings more slowly."""
    if stroke.of is None or wide is None:
        return float(stroke.paper_mm(wide) * k)
    fill, total = wide.mm
    base = fill * k + ((total - fill) * k**0.6 if stroke.of == "total" else 0.0)
    plus, least = stroke.plus / _FIVE * k**0.5, stroke.least / _FIVE * k
    return float(max(base * stroke.times + plus, least))


def draw(page: Page, style: Style, runs: Sequence[Run], k: float, z: float) -> None:
    """Draw the lines of a style.

    Classes stand in the order of the style, the highest first: it is drawn last.
    """
    order = {wide.code: i for i, wide in enumerate(reversed(style.classes))}
    for run in runs:
        if not len(run.shapes):
            continue
        lines = coords(run.shapes)
        rank = 0.04 * order.get(run.wide.code, 0) if run.wide is not None else 0.0
        if page.bw and run.wide is not None and run.case.code in ROADS_BW:
            _copied(page, run, lines, k, z + rank)
            continue
        if page.bw and style.day_by and style.level == "roads":
            copier.sleeve(page, lines, run.case.code, k, z + rank)
            continue
        for i, stroke in enumerate(_strokes(run)):
            late = 0.0 if i == 0 else 0.5 + 0.005 * i
            page.line(
                lines, width_mm(stroke, run.wide, k), stroke.colour, stroke.dash, z=z + rank + late,
                cap=stroke.cap, opacity=stroke.opacity,
            )  # fmt: skip


def _strokes(run: Run) -> list[Stroke]:
    thin = run.wide is not None and run.wide.mm[0] == run.wide.mm[1]
    strokes = run.case.thin if thin and run.case.thin else run.case.strokes
    code = run.wide.code if run.wide is not None else ""
    return [stroke for stroke in strokes if not stroke.only or code in stroke.only]


def _copied(page: Page, run: Run, lines: list[Points], k: float, z: float) -> None:
    """Draw roads for a copier: solid, double, triple, dashes, dots."""
    kind, dash = ROADS_BW[run.case.code]
    fill, total = (mm * k for mm in run.wide.mm) if run.wide is not None else (0.5, 0.5)
    case = max((total - fill) / 2, LEAST_BW_MM) if total > fill else 0.0
    if not case and kind in ("core", "double") and fill >= _LEAST_DOUBLE_MM:
        case = LEAST_BW_MM  # wide enough to tell a lane of gravel from one of concrete
    if kind in ("dashed", "dots") or not case:
        page.line(lines, fill + 0.28 * k**0.5 + 0.1, PAPER, z=z)
    else:
        page.line(lines, fill + 2 * case, BLACK, z=z)
    late = z + 0.5
    if kind == "core" and case:
        page.line(lines, fill, PAPER, z=late)
        page.line(lines, fill * 0.3, BLACK, z=late + 0.01)
    elif kind == "double" and case:
        page.line(lines, fill, PAPER, z=late)
    elif kind == "dashed":
        page.line(lines, fill * (0.62 if case else 0.9), BLACK, dash, z=late)
    elif kind == "dots":
        page.line(lines, max(fill * 0.7, 0.5), BLACK, dash, z=late, cap="round")
    else:
        page.line(lines, fill, BLACK, z=late)
        if dash:
            page.line(lines, fill, PAPER, dash, z=late + 0.01)


def under_works(page: Page, lines: Sequence[Points], k: float, z: float) -> None:
    """Underlay roads on which a work is under way; a sleeve of two lines for a copier."""
    if page.bw:
        copier.sleeve(page, lines, "none", k, z, 0.01)
    else:
        page.line(lines, WORK_MM * k, WORK, z=z, cap="round")


def waves(line: Points, room: float = 0.18) -> Points:
    """Return a line that swings about another: a river for a copier."""
    shape = shapely.LineString(line)
    along = np.arange(0, shape.length, room)
    if len(along) < 4:
        return np.asarray(line)
    points = shapely.get_coordinates(shapely.line_interpolate_point(shape, along))
    slope = np.gradient(points, axis=0)
    length = np.maximum(np.hypot(*slope.T), 1e-9)
    normal = np.column_stack([-slope[:, 1], slope[:, 0]]) / length[:, None]
    swing = _WAVE_HIGH * np.sin(along * 2 * np.pi / _WAVE_LONG)
    found: Points = points + swing[:, None] * normal
    return found
