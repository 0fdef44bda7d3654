"""Tracks of known truth along lines: positions, steps, noise, gaps."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely

from ntm_gis.results import spans


def lengths(xy: np.ndarray) -> np.ndarray:
    """Metres from the first vertex to each."""
    return np.r_[0.0, np.cumsum(np.hypot(*np.diff(xy, axis=0).T))]


def serpentine(legs: int = 12, leg: float = 260.0, apart: float = 34.0) -> np.ndarray:
    """A mountain road: straight legs with half circles between them."""
    out: list[tuple[float, float]] = []
    for i in range(legs):
        xs = np.linspace(0, leg, 8) if i % 2 == 0 else np.linspace(leg, 0, 8)
        out += [(float(x), i * apart) for x in xs]
        side = 1 if i % 2 == 0 else -1
        middle = leg if i % 2 == 0 else 0.0
        turn = np.linspace(-np.pi / 2, np.pi / 2, 9)[1:-1]
        out += [
            (middle + side * apart / 2 * np.cos(t), (i + 0.5 + 0.5 * np.sin(t)) * apart)
            for t in turn
        ]
    return np.array(out)


@dataclass(frozen=True)
class Walk:
    """Points along a line, where they truly are, and what they cover of it in centimetres."""

    xy: np.ndarray
    times: np.ndarray
    at_m: np.ndarray
    covered: spans.Spans


def along(
    line: np.ndarray,
    rng: np.random.Generator,
    *,
    start: float = 0.0,
    end: float | None = None,
    step: float = 10.0,
    sigma: float = 5.0,
    lag: float = 0.7,
    back: bool = False,
    gap: tuple[float, float] | None = None,
    largest_gap: float = 100.0,
) -> Walk:
    """Walk along a line in uneven steps, five seconds each, with noise that has a memory."""
    at = lengths(line)
    end = at[-1] if end is None else end
    places = [start]
    while places[-1] < end:
        places.append(min(end, places[-1] + step * rng.uniform(0.7, 1.3)))
    if back:
        places += places[-2::-1]
    where = np.array(places)
    times = np.arange(len(where)) * 5.0
    true = np.column_stack([np.interp(where, at, line[:, k]) for k in (0, 1)])
    noise = rng.normal(size=true.shape)
    for k in range(1, len(noise)):
        noise[k] = lag * noise[k - 1] + np.sqrt(1 - lag**2) * noise[k]
    keep = np.ones(len(where), bool)
    if gap is not None:
        keep = (where < gap[0]) | (where > gap[1])
    where, times = where[keep], times[keep]
    steps = [
        (round(100 * min(a, b)), round(100 * max(a, b)))
        for a, b in pairwise(where.tolist())
        if abs(a - b) <= largest_gap
    ]
    return Walk(true[keep] + sigma * noise[keep], times, where, spans.union(steps))


def line(xy: np.ndarray) -> shapely.LineString:
    """A line through vertices."""
    return shapely.LineString(xy)
