"""Tracks given as single points with times: one line for each track, in the order of time."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis import text
from ntm_gis.sources.readers.parsed import Cell, Column, Parsed, Told
from ntm_gis.sources.readers.times import VIETNAM, day, epoch
from ntm_gis.sources.readers.tracks import FASTEST_KMH, named

if TYPE_CHECKING:
    from ntm_gis.sources.placing import Shapes

_TIME = re.compile(r"(time|timestamp|datetime|thoi ?gian|thoi ?diem|ngay ?gio|gio)\b")
_TRACK = re.compile(r"(track( ?id)?|track ?name|ma ?(tuyen|vet)|(ten|ma) ?tuyen( do)?|tuyen|vet)$")
_HEIGHT = re.compile(r"(ele|elevation|alt|altitude|height|h|z|(do )?cao( do)?)( m)?$")


@dataclass(frozen=True)
class Lines:
    """Tracks, one a row: their table, their lines in the zone."""

    table: Parsed
    shapes: Shapes


def joined(table: Parsed, shapes: Shapes, stem: str) -> Lines | None:
    """Join the points of a table to tracks; None where it has no times, or other geometry.

    Parameters
    ----------
    table : Parsed
    shapes : array of points or None
        In the commune's zone.
    stem : str
        Names the track where no column does.
    """
    there = [i for i, s in enumerate(shapes) if s is not None]
    points = bool(there) and all(shapes[i].geom_type == "Point" for i in there)
    time = next((c for c in table.columns if _TIME.match(_key(c.name))), None)
    if not points or time is None:
        return None
    name = next((c for c in table.columns if _TRACK.match(_key(c.name))), None)
    height = next((c for c in table.columns if _HEIGHT.match(_key(c.name))), None)
    seconds = [_seconds(value) for value in time.cells]
    groups: dict[str, list[int]] = {}
    for i in there:
        label = stem if name is None or name.cells[i] is None else str(name.cells[i])
        groups.setdefault(label, []).append(i)
    out = Parsed(table.name, told=list(table.told), crs=table.crs)
    lines: list[shapely.Geometry | None] = []
    times, heights, days = [], [], []
    for number, rows in enumerate(groups.values(), 1):
        # Points without a time keep their place in the file; sorting must not move them.
        ordered = rows if any(seconds[i] is None for i in rows) else sorted(
            rows, key=lambda i: seconds[i] or 0.0
        )  # fmt: skip
        xy = shapely.get_coordinates(shapes[ordered])
        lines.append(shapely.LineString(xy) if len(xy) > 1 else None)
        times.append([seconds[i] for i in ordered])
        heights.append([_height(height, i) for i in ordered])
        days.append(day(next((seconds[i] for i in ordered if seconds[i] is not None), None)))
        out.told += _faults(xy, times[-1], number)
        out.numbers.append(number)
    out.columns = [Column("track_id", list(groups)), Column("recorded_on", list(days))]
    out.hints.update(times=times, heights=heights)
    return Lines(out, np.array(lines, dtype=object))


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", text.fold(name)).strip()


def _seconds(value: Cell) -> float | None:
    """Return the seconds of a time; without a zone it is Viet Nam's clock, as offices write."""
    if isinstance(value, dt.datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=VIETNAM)
        return moment.timestamp()
    if isinstance(value, int | float) and not isinstance(value, bool):
        if 9e8 < value < 4.2e9:
            return float(value)
        return float(value) / 1000 if 9e11 < value < 4.2e12 else None
    if not isinstance(value, str):
        return None
    written = value.strip()
    found = re.match(r"(\d{1,2})/(\d{1,2})/(\d{4})[ T](\d{1,2}:\d{2}(?::\d{2})?)$", written)
    if found:
        hours = found[4] if len(found[4]) > 4 else f"0{found[4]}"
        written = f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}T{hours:0>5}"
    if written.isdigit():
        return _seconds(int(written))
    zoned = re.search(r"(Z|[+-]\d{2}:?\d{2})$", written)
    return epoch(written if zoned else f"{written}+07:00")


def _height(column: Column | None, i: int) -> float | None:
    value = None if column is None else column.cells[i]
    try:
        return float(value) if isinstance(value, int | float | str) else None
    except ValueError:
        return None


def _faults(xy: np.ndarray, times: list[float | None], number: int) -> list[Told]:
    """Tell of leaps no vehicle makes, by the number of the point."""
    if len(xy) < 2:
        return [Told("TRACK_EMPTY", row=number)]
    metres = np.hypot(*np.diff(xy, axis=0).T)
    seconds = np.diff([np.nan if t is None else t for t in times])
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        fast = (3.6 * metres / np.abs(seconds) > FASTEST_KMH) & (metres > 500 * (seconds < 1))
    jumps = [int(i) + 2 for i in np.flatnonzero(fast)]
    if not jumps:
        return []
    params = {"points": named(jumps), "count": len(jumps)}
    return [Told("TRACK_JUMP", row=number, params=params)]
