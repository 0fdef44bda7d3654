"""Tea and other crops, drawn to the hectare that the plan names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from shapely.geometry import Point, Polygon

from . import frame, tables
from .land import Land, around, blob, scaled_to
from .places import Village, require

TEA_HA, HARVEST_HA = 1_282.2, 1_249.0
GINSENG, GINSENG_HA = "Sâm Lai Châu", 1.89
HARVEST = "Kinh doanh"
WRONG_VILLAGE = "MK15"

_WITHOUT_TEA = ("MK04", "MK12")
_OFF = (0.0, 0.05, -0.05, 0.1, 0.0, -0.1, 0.02, -0.02)  # declared less drawn, ha

if TYPE_CHECKING:
    Found = list[tuple[str, Polygon]]


@dataclass(frozen=True)
class Plot:
    """A polygon with what the office wrote about it; `kind` is the stage of tea or the crop."""

    id: str
    village: str
    kind: str
    declared_ha: float
    year: int | None
    shape: Polygon


def tea(land: Land, villages: list[Village], rng: np.random.Generator) -> list[Plot]:
    """Lay out about 160 plots on middle slopes: 1,282.2 ha of tea, 1,249.0 of it in harvest."""
    found: Found = []
    wanted = {v.id: 13 if v.former == "F2" else 7 for v in villages if v.id not in _WITHOUT_TEA}
    total = 0.0
    for lap in range(40):
        for village in villages:
            if wanted.get(village.id, 0) <= 0 or total > TEA_HA * 1.004:
                continue
            plot = _plot(land, village, rng, 700.0 + 45.0 * lap)
            if plot is not None:
                found.append((village.id, plot))
                land.take([plot], 8.0)
                total += frame.area_ha(plot)
                wanted[village.id] -= 1
        if lap == 20:
            wanted = {k: v + 5 for k, v in wanted.items()}
    require(total > TEA_HA, f"tea found {total:.1f} ha")
    return _with_wrong_village(_staged(found, rng))


def _plot(land: Land, village: Village, rng: np.random.Generator, reach: float) -> Polygon | None:
    """Look for a compact plot of 5 to 17 ha on a slope for tea."""
    hectares = rng.uniform(4.6, 17.0)
    for _ in range(60):
        away, angle = abs(rng.normal(0, reach)) + 200.0, rng.uniform(0, 2 * np.pi)
        x, y = village.x + away * np.cos(angle), village.y + away * np.sin(angle)
        if not land.commune.contains(Point(x, y)) or land.slope_at(x, y) > 27.0:
            continue
        if not 545.0 < float(land.ground.at(x, y)[0]) < 1_220.0:
            continue
        free = land.free_in(blob(rng, x, y, hectares))
        plot = frame.largest(free.buffer(-12.0).buffer(12.0, quad_segs=2)).simplify(5.0)
        whole = plot.area > 12_000.0 and not plot.interiors
        if whole and plot.area > 0.45 * plot.convex_hull.area and _roundness(plot) > 0.35:
            return plot
    return None


def _roundness(plot: Polygon) -> float:
    return float(4 * np.pi * plot.area / plot.length**2)


def _staged(found: Found, rng: np.random.Generator) -> list[Plot]:
    """Make some small plots young or abandoned; give both groups their published area."""
    young = _young(found)
    harvest = [k for k in range(len(found)) if k not in young]
    drawn: dict[int, Polygon] = {}
    for group, hectares in ((harvest, HARVEST_HA), (young, TEA_HA - HARVEST_HA)):
        shapes = scaled_to([found[k][1] for k in group], hectares)
        drawn |= dict(zip(group, shapes, strict=True))
    plots = []
    for number, k in enumerate(sorted(drawn, key=lambda i: (found[i][0], i)), start=1):
        stage, year = HARVEST, 1998 + int(rng.integers(0, 20))
        if k in young:
            abandoned = young.index(k) % 4 == 1
            stage = "Bỏ hoang" if abandoned else "Kiến thiết cơ bản"
            year = year if abandoned else 2022 + number % 3
        patch = frame.rounded(drawn[k], 2)
        declared = round(frame.area_ha(patch), 2)
        plots.append(Plot(f"C{number:03d}", found[k][0], stage, declared, year, patch))
    return _summing(plots)


def _young(found: Found) -> list[int]:
    """Choose plots not in harvest: a few of the small ones, the last so that the area fits."""
    wanted = TEA_HA - HARVEST_HA
    hectares = [plot.area / 1e4 for _, plot in found]
    order = sorted(range(len(found)), key=lambda k: hectares[k])
    chosen: list[int] = []
    for k in order[4:90:7]:
        if sum(hectares[i] for i in [*chosen, k]) < wanted * 1.03:
            chosen.append(k)
    while (area := sum(hectares[i] for i in chosen)) < wanted * 1.002:
        lack = wanted * 1.01 - area
        others = [k for k in order if k not in chosen]
        chosen.append(min(others, key=lambda k: abs(hectares[k] - lack)))
    return chosen


def _summing(plots: list[Plot]) -> list[Plot]:
    """Let declared areas differ a little from the drawn ones, yet sum to the published total."""
    declared = [
        round(p.declared_ha + (_OFF[k % len(_OFF)] if p.declared_ha > 2 else 0.0), 2)
        for k, p in enumerate(plots)
    ]
    largest = declared.index(max(declared))
    declared[largest] = round(declared[largest] + TEA_HA - sum(declared), 2)
    return [replace(p, declared_ha=ha) for p, ha in zip(plots, declared, strict=True)]


def _with_wrong_village(plots: list[Plot]) -> list[Plot]:
    """Let one plot name a village that there is not."""
    first = next(k for k, p in enumerate(plots) if p.village == "MK13")
    return [replace(p, village=WRONG_VILLAGE) if k == first else p for k, p in enumerate(plots)]


def others(land: Land, villages: list[Village], rng: np.random.Generator) -> list[Plot]:
    """Lay out macadamia, fruit, rice terraces and the ginseng garden of 1.89 ha at Hô Tra."""
    by_id = {v.id: v for v in villages}
    plots: list[Plot] = []
    for number, row in enumerate(tables.read("crops"), start=1):
        hectares = float(row["hectares"])
        patch = _room(land, by_id[row["village"]], rng, row).simplify(1.0)
        patch = frame.rounded(scaled_to([patch], hectares)[0], 2)
        land.take([patch], 6.0)
        declared = hectares if number % 4 else round(hectares * 1.04, 1)
        year = None if row["crop"] == "Lúa" else 2016 + number % 8
        plots.append(Plot(f"T{number:02d}", row["village"], row["crop"], declared, year, patch))
    return plots


def _room(land: Land, village: Village, rng: np.random.Generator, row: dict[str, Any]) -> Polygon:
    """Find room for a crop, turning round the village from the direction that the list gives."""
    hectares = float(row["hectares"])
    for turn in range(0, 360, 12):
        at = around(village, row["away"], row["direction"] + turn)
        patch = blob(rng, at.x, at.y, hectares * 1.05, 1.7 if row["crop"] == "Lúa" else 1.3)
        free = land.free_in(patch)
        if not free.is_empty and frame.area_ha(free) > hectares * 1.0005:
            return free
    message = f"no room for {row['crop']} at {village.name}"
    raise ValueError(message)
