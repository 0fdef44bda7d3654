"""Scale and panels are chosen together: the largest round scale at which everything fits."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.outputs.printmap.standard import LADDER, Format

if TYPE_CHECKING:
    import numpy.typing as npt

    from ntm_gis.outputs.printmap.page import Shapes
    from ntm_gis.outputs.printmap.panel import Panel

_STEP_MM, _GAP_MM = 4.0, 2.0
_EDGE_COST, _MOVE_COST = 12.0, 0.2
_SLACK = 0.95
_ROUND_M = 10.0
_GAIN = 0.7
"""Panels of a large sheet are left out only for a scale that is so much larger."""

PanelsAt = Callable[[Format, int], Sequence["Panel"] | None]
"""The panels of a format and a scale, in the order in which they are placed; None: not to try."""


@dataclass(frozen=True)
class Fit:
    """A sheet: its format, frame, scale, the ground at its lower left, its panels in place."""

    format: Format
    frame: shapely.Polygon
    scale: int
    east: float
    north: float
    panels: tuple[Panel, ...]
    at: Mapping[str, tuple[float, float]]
    """Lower left corner of each panel, mm."""
    forced: bool = False
    """There was no room for the panels beside the commune: they lie on it."""

    @property
    def boxes(self) -> list[shapely.Polygon]:
        """The ground that panels take."""
        return [
            shapely.box(x, y, x + panel.w, y + panel.h)
            for panel in self.panels
            for x, y in [self.at[panel.name]]
        ]


def frame_of(given: Format) -> shapely.Polygon:
    """Return the neatline of a format."""
    w, h = given.size
    rim = given.margin + given.band
    return shapely.box(rim, rim + given.foot, w - rim, h - rim)


def fit(
    formats: Sequence[Format],
    extent: tuple[float, float, float, float],
    obstacles: tuple[shapely.Geometry | None, Shapes],
    panels_at: PanelsAt,
    scales: Sequence[int] | None = None,
) -> Fit:
    """Return the largest scale of the ladder at which the commune and all panels find room.

    Parameters
    ----------
    formats : sequence of Format
        The sheet, and the sheet turned: the first that allows a scale is taken.
    extent : west, south, east, north
        What must lie in the frame, metres.
    obstacles : geometry or None, array of lines
        The commune and the main roads, which no panel may cover.
    panels_at : callable
    scales : sequence of int, optional
        Those to try, largest first; the ladder where left out.

    Notes
    -----
    Where nothing fits, the last scale is taken and panels lie where they cover least.
    """
    ladder = [round(t * 1000) for t in LADDER] if scales is None else list(scales)
    whole = next(_tried(formats, ladder, extent, obstacles, panels_at, 0), None)
    for n in (1, 2):
        rest = [scale for scale in ladder if whole is None or scale < whole.scale]
        shorter = next(
            _tried(formats, rest, extent, obstacles, _shorter(panels_at, n), 0), None
        )  # fmt: skip
        whole = shorter or whole
    gain = 0.99 if formats[0].small else _GAIN
    largest = 0.0 if whole is None else whole.scale * gain
    larger = [scale for scale in ladder if whole is None or scale <= largest < whole.scale]
    fewer = range(1, len(formats[0].optional) + 1)
    for left_out, n in itertools.product(fewer, range(3)):
        tried = _shorter(panels_at, n)
        found = next(_tried(formats, larger, extent, obstacles, tried, left_out), None)
        if found is not None and (whole is None or found.scale < whole.scale):
            whole = found
            larger = [scale for scale in larger if scale < found.scale]
    if whole is not None:
        return whole
    nothing = (None, np.empty(0, dtype=object))
    found = _at_scale(formats[0], ladder[-1], extent, nothing, panels_at, 0, forced=True)
    if found is None:
        found = _bare(formats[0], ladder[-1], extent)
    return replace(found, forced=True)


def _shorter(panels_at: PanelsAt, n: int) -> PanelsAt:
    """Return the panels of a sheet, those that may be shortened `n` times; None without any."""

    def at(form: Format, scale: int) -> list[Panel] | None:
        panels = list(panels_at(form, scale) or ())
        for _ in range(n):
            if all(panel.less is None for panel in panels):
                return None
            panels = [panel.less or panel for panel in panels]
        return panels

    return at


def _tried(
    formats: Sequence[Format],
    ladder: Sequence[int],
    extent: tuple[float, float, float, float],
    obstacles: tuple[shapely.Geometry | None, Shapes],
    panels_at: PanelsAt,
    left_out: int,
) -> Iterator[Fit]:
    """Yield what fits, the largest scale first."""
    for scale in ladder:
        for given in formats:
            found = _at_scale(given, scale, extent, obstacles, panels_at, left_out)
            if found is not None:
                yield found


def _bare(given: Format, scale: int, extent: tuple[float, float, float, float]) -> Fit:
    """Return a sheet without panels, its middle on the middle of the ground."""
    frame = frame_of(given)
    left, bottom, right, top = frame.bounds
    east = (extent[0] + extent[2]) / 2 - (right - left) / 2 * scale / 1000
    north = (extent[1] + extent[3]) / 2 - (top - bottom) / 2 * scale / 1000
    return Fit(given, frame, scale, east, north, (), {})


def _at_scale(
    given: Format,
    scale: int,
    extent: tuple[float, float, float, float],
    obstacles: tuple[shapely.Geometry | None, Shapes],
    panels_at: PanelsAt,
    left_out: int,
    *,
    forced: bool = False,
) -> Fit | None:
    frame = frame_of(given)
    left, bottom, right, top = frame.bounds
    mm = 1000 / scale
    west, south, east, north = extent
    slack_x = ((right - left) - (east - west) * mm) / 2 - given.pad
    slack_y = ((top - bottom) - (north - south) * mm) / 2 - given.pad
    if not forced and (slack_x < 0 or slack_y < 0):
        return None
    slack_x, slack_y = max(slack_x, 0.0), max(slack_y, 0.0)
    panels = panels_at(given, scale)
    if panels is None:
        return None
    ground = obstacle(obstacles, (west + east) / 2, (south + north) / 2, mm, given.pad)
    middle = ((left + right) / 2, (bottom + top) / 2)
    shifts = [
        (a * slack_x, b * slack_y) for a in (0, -_SLACK, _SLACK) for b in (0, -_SLACK, _SLACK)
    ]
    kept = [panel for panel in panels if panel.name not in given.optional[:left_out]]
    # Title, legend and stamp have their corners; of the others the largest chooses first.
    kept[2:] = sorted(kept[2:], key=lambda panel: (panel.name != "stamp", -panel.w * panel.h))
    best: tuple[float, tuple[float, float], dict[str, tuple[float, float]]] | None = None
    for dx, dy in shifts:
        # The commune moves by (dx, dy) on paper: panels are tested on the unmoved one.
        found = placed(frame, ground, (middle[0] + dx, middle[1] + dy), kept)
        if found is None:
            continue
        cost = found[1] + _MOVE_COST * float(np.hypot(dx, dy))
        if best is None or cost < best[0]:
            best = (cost, (dx, dy), found[0])
    if best is None:
        return None
    dx, dy = best[1]
    e0 = (west + east) / 2 - (middle[0] + dx - left) / mm
    n0 = (south + north) / 2 - (middle[1] + dy - bottom) / mm
    unit = _ROUND_M if scale >= 10_000 else 1.0
    e0, n0 = (round(v / unit) * unit for v in (e0, n0))
    return Fit(given, frame, scale, e0, n0, tuple(kept), best[2])


def obstacle(
    obstacles: tuple[shapely.Geometry | None, Shapes], x: float, y: float, mm: float, pad: float
) -> shapely.Geometry | None:
    """Return what no panel may touch, mm from the middle of the extent."""
    commune, roads = obstacles

    def put(shape: shapely.Geometry) -> shapely.Geometry:
        moved = shapely.affinity.affine_transform(shape, [mm, 0, 0, mm, -x * mm, -y * mm])
        return shapely.simplify(moved, 0.3)

    parts = [] if commune is None else [shapely.buffer(put(commune), pad * 0.9, quad_segs=3)]
    parts += [shapely.buffer(put(road), pad * 0.8, quad_segs=2) for road in roads]
    if not parts:
        return None
    ground = shapely.simplify(shapely.union_all(parts), 0.3)
    shapely.prepare(ground)
    return ground


def placed(
    frame: shapely.Polygon,
    ground: shapely.Geometry | None,
    origin: tuple[float, float],
    panels: Sequence[Panel],
) -> tuple[dict[str, tuple[float, float]], float] | None:
    """Return each panel at an edge of the frame, nearest to its corner; None if one finds none."""
    left, bottom, right, top = frame.bounds
    taken: list[tuple[float, float, float, float]] = []
    at: dict[str, tuple[float, float]] = {}
    total = 0.0
    for panel in panels:
        w, h = panel.w, panel.h
        if w > right - left or h > top - bottom:
            return None
        x, y = _raster(frame, (w, h), taken)
        touching = (np.minimum(x - left, right - x - w) < 0.1).astype(int) + (
            np.minimum(y - bottom, top - y - h) < 0.1
        )
        ok = touching > 0
        for x0, y0, x1, y1 in taken:
            gap = _GAP_MM - 0.1
            ok &= (x > x1 + gap) | (x + w < x0 - gap) | (y > y1 + gap) | (y + h < y0 - gap)
        x, y, touching = x[ok], y[ok], touching[ok]
        if ground is not None and len(x):
            sx, sy = x - origin[0], y - origin[1]
            free = ~shapely.intersects(ground, shapely.box(sx, sy, sx + w, sy + h))
            x, y, touching = x[free], y[free], touching[free]
        if not len(x):
            return None
        cx = np.abs(x - left) if "W" in panel.corner else np.abs(x + w - right)
        cy = np.abs(y + h - top) if "N" in panel.corner else np.abs(y - bottom)
        cost = np.hypot(cx, cy) + _EDGE_COST * (2 - touching)
        i = int(cost.argmin())
        at[panel.name] = (float(x[i]), float(y[i]))
        taken.append((float(x[i]), float(y[i]), float(x[i] + w), float(y[i] + h)))
        total += float(cost[i])
    return at, total


def _raster(
    frame: shapely.Polygon,
    size: tuple[float, float],
    taken: Sequence[tuple[float, float, float, float]],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return lower left corners that a panel is tried at: a raster, and beside those standing."""
    left, bottom, right, top = frame.bounds
    axes = []
    for low, high, side, i in ((left, right, size[0], 0), (bottom, top, size[1], 1)):
        beside = [box[i + 2] + _GAP_MM for box in taken]
        beside += [box[i] - side - _GAP_MM for box in taken]
        tried = np.concatenate([np.arange(low, high - side, _STEP_MM), [high - side], beside])
        axes.append(np.unique(tried[(tried > low - 0.01) & (tried + side < high + 0.01)]))
    x, y = np.meshgrid(*axes)
    x, y = x.ravel(), y.ravel()
    rim = (np.minimum(x - left, right - x - size[0]) < 0.1) | (
        np.minimum(y - bottom, top - y - size[1]) < 0.1
    )
    return x[rim], y[rim]
