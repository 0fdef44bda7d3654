"""Tracks from single fixes: what phones record, with what is wrong in it named by point."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ntm_gis.sources.readers.parsed import Told

if TYPE_CHECKING:
    from collections.abc import Sequence

FASTEST_KMH = 150.0
"""Nobody surveys a commune's road faster than this."""

_EARTH_M = 6_371_008.8


@dataclass(frozen=True, slots=True)
class Fix:
    """One recorded position; `number` counts the points of its track from 1."""

    lon: float
    lat: float
    height: float | None
    time: float | None
    number: int


@dataclass(frozen=True, slots=True)
class Track:
    """A track as one row: its line, and of each vertex the time and the height."""

    wkb: bytes | None
    times: list[float | None]
    heights: list[float | None]
    told: list[Told]


def assemble(segments: Sequence[Sequence[Fix]]) -> Track:
    """Make one track of its segments.

    Fixes at 0° 0′ or off the globe are no positions: they are left out of the line and named.
    Jumps faster than `FASTEST_KMH` stay in it and are named, as is time that runs backwards.

    Examples
    --------
    >>> fixes = [Fix(103.7, 22.0, None, 0.0, 1), Fix(0.0, 0.0, None, 5.0, 2),
    ...          Fix(103.7001, 22.0, None, 9.0, 3)]
    >>> track = assemble([fixes])
    >>> track.times, [(t.code, t.params["points"]) for t in track.told]
    ([0.0, 9.0], [('TRACK_JUMP', '2')])
    """
    good = [[fix for fix in part if _on_earth(fix)] for part in segments]
    lost = [fix.number for part in segments for fix in part if not _on_earth(fix)]
    jumps = [number for part in good for number in _jumps(part)]
    kept = [part for part in good if len(part) >= 2]
    fixes = [fix for part in kept for fix in part]
    told = []
    if lost or jumps:
        points = sorted({*lost, *jumps})
        told.append(Told("TRACK_JUMP", params={"points": named(points), "count": len(points)}))
    times = [fix.time for fix in fixes]
    back = _backwards(fixes)
    if back:
        told.append(Told("TRACK_TIME_BACKWARDS", params={"points": named(back)}))
    if not fixes:
        told.append(Told("TRACK_EMPTY"))
    return Track(_wkb(kept), times, [fix.height for fix in fixes], told)


def _on_earth(fix: Fix) -> bool:
    if not (math.isfinite(fix.lon) and math.isfinite(fix.lat)):
        return False
    if abs(fix.lon) < 1e-6 and abs(fix.lat) < 1e-6:
        return False
    return abs(fix.lon) <= 180 and abs(fix.lat) <= 90


def _jumps(part: Sequence[Fix]) -> list[int]:
    """Return the numbers of the fixes that were reached impossibly fast."""
    if len(part) < 2:
        return []
    lon, lat = np.radians([f.lon for f in part]), np.radians([f.lat for f in part])
    half = (
        np.sin(np.diff(lat) / 2) ** 2
        + np.cos(lat[:-1]) * np.cos(lat[1:]) * np.sin(np.diff(lon) / 2) ** 2
    )
    metres = 2 * _EARTH_M * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    time = np.array([math.nan if f.time is None else f.time for f in part])
    seconds = np.abs(np.diff(time))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        speed = np.where(metres > 0, 3.6 * metres / seconds, 0.0)
    # Several fixes within one second are rounding; a leap over 500 m in no time is not.
    fast = (speed > FASTEST_KMH) & (metres > 500 * (seconds < 1))
    return [part[i + 1].number for i in np.flatnonzero(fast).tolist()]


def _backwards(fixes: Sequence[Fix]) -> list[int]:
    out: list[int] = []
    last: float | None = None
    for fix in fixes:
        if fix.time is None:
            continue
        if last is not None and fix.time < last:
            out.append(fix.number)
        last = fix.time
    return out


def named(points: Sequence[int], most: int = 10) -> str:
    """Write point numbers, not more than a sentence takes."""
    shown = ", ".join(str(point) for point in points[:most])
    return f"{shown} …" if len(points) > most else shown


def _wkb(parts: Sequence[Sequence[Fix]]) -> bytes | None:
    lines = [
        struct.pack("<BII", 1, 2, len(part))
        + b"".join(struct.pack("<2d", fix.lon, fix.lat) for fix in part)
        for part in parts
    ]
    if len(lines) <= 1:
        return lines[0] if lines else None
    return struct.pack("<BII", 1, 5, len(lines)) + b"".join(lines)
