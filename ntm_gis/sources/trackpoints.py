"""Tracks given as single points with times: one line for each track, in the order of time."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis import numbers, text
from ntm_gis.rules.schema import schema
from ntm_gis.sources import pairs
from ntm_gis.sources.cellfaults import listed
from ntm_gis.sources.readers.parsed import Cell, Column, Parsed, Told
from ntm_gis.sources.readers.times import VIETNAM, day, epoch
from ntm_gis.sources.readers.tracks import FASTEST_KMH, named

if TYPE_CHECKING:
    from ntm_gis.rules.commune import SourceEntry
    from ntm_gis.sources.pairs import Positions
    from ntm_gis.sources.placing import Shapes

_TIME = re.compile(r"(time|timestamp|datetime|thoi ?gian|thoi ?diem|ngay ?gio|gio)\b")
_TRACK = re.compile(r"(track( ?id)?|track ?name|ma ?(tuyen|vet)|(ten|ma) ?tuyen( do)?|tuyen|vet)$")
_HEIGHT = re.compile(r"(ele|elevation|alt|altitude|height|h|z|(do )?cao( do)?)( m)?$")


Groups = dict[str, list[int]]
"""Label of a track -> the places of its points in the table."""


@dataclass(frozen=True)
class Lines:
    """Tracks, one a row: their table, their lines in the zone, the day of each."""

    table: Parsed
    shapes: Shapes
    days: tuple[dt.date | None, ...]


@dataclass(frozen=True)
class _Roles:
    """What the columns of points are: their time, their track, their height, their position.

    `track_id` and `recorded_on` are the names under which commune.toml, or the layer, looks for
    what is made of the first two; `spent` are all names that say nothing of a track as a whole.
    """

    time: Column
    track: Column | None
    height: Column | None
    track_id: str
    recorded_on: str
    spent: frozenset[str]

    @classmethod
    def of(cls, table: Parsed, positions: Positions | None, entry: SourceEntry) -> _Roles | None:
        """Tell columns by their names, what commune.toml says first; None without times."""
        named = {text.fold(column): field for field, column in entry.fields.items()}
        by_entry = {named.get(text.fold(c.name)): c for c in table.columns}
        dated = by_entry.get("recorded_on")
        timed = dated is not None and any(_seconds(value) is not None for value in dated.cells)
        time, height = dated if timed else _column(table, _TIME), _column(table, _HEIGHT)
        if time is None:
            return None
        track = by_entry.get("track_id") or _column(table, _TRACK)
        spent = {c.name for c in (time, height, track) if c is not None}
        if positions is not None:
            spent |= {positions.pair.north, positions.pair.east}
        spent |= {c.name for c in table.columns if pairs.is_coordinate(c.name)}
        return cls(
            time, track, height,
            track.name if track is not None and "track_id" in by_entry else "track_id",
            time.name if dated is time else "recorded_on",
            frozenset(spent),
        )  # fmt: skip


def joined(
    table: Parsed, shapes: Shapes, positions: Positions | None, entry: SourceEntry, stem: str
) -> Lines | None:
    """Join the points of a table to tracks; None where it has no times, or other geometry.

    Parameters
    ----------
    table : Parsed
    shapes : array of points or None
        In the commune's zone.
    positions : Positions or None
        The columns that the points were read from, where they were.
    entry : SourceEntry
        What commune.toml says of the file.
    stem : str
        Names the track where no column does.

    Notes
    -----
    A track has the number of its first row. Columns that say one thing of a track stay with it;
    what says several is left out and told (`TRACK_COLUMN_DIFFERS`, `TRACK_COLUMNS_LEFT`). Points
    without a place are in no line and told (`TRACK_POINTS_LOST`).
    """
    there = np.array([s is not None for s in shapes], dtype=bool)
    roles = _Roles.of(table, positions, entry)
    if roles is None or not _are_points(table, shapes[there], positions):
        return None
    seconds = [_seconds(value) for value in roles.time.cells]
    groups = _groups(table, roles.track, stem)
    out = Parsed(table.name, told=list(table.told), crs=table.crs)
    lines: list[shapely.Geometry | None] = []
    times, heights, days = [], [], []
    for rows in groups.values():
        ordered = _ordered([i for i in rows if there[i]], seconds)
        xy = shapely.get_coordinates(shapes[ordered])
        vertices = ordered if len(xy) > 1 else []
        lines.append(shapely.LineString(xy) if vertices else None)
        times.append([seconds[i] for i in vertices])
        heights.append([_height(roles.height, i) for i in vertices])
        days.append(day(next((seconds[i] for i in rows if seconds[i] is not None), None)))
        number = table.numbers[rows[0]]
        out.numbers.append(number)
        if there.any():  # else the whole file has no place, which is told already
            out.told += _lost([table.numbers[i] for i in rows if not there[i]], number)
            out.told += _faults(xy, [seconds[i] for i in ordered], number)
    kept, told = _carried(table, roles, list(groups.values()), entry)
    out.columns = [Column(roles.track_id, list(groups)), *kept]
    if not any(_field(c.name, entry) == "recorded_on" for c in kept):
        out.columns.insert(1, Column(roles.recorded_on, list(days)))
    out.told += told
    out.hints.update(times=times, heights=heights)
    return Lines(out, np.array(lines, dtype=object), tuple(days))


def _are_points(table: Parsed, placed: Shapes, positions: Positions | None) -> bool:
    """Whether rows are points, also where nobody knows their system and none has a place."""
    if len(placed):
        return all(shape.geom_type == "Point" for shape in placed)
    if table.wkb is None:
        return positions is not None
    shapes = shapely.from_wkb(np.array(table.wkb, dtype=object))
    return bool((shapely.get_type_id(shapes[~shapely.is_missing(shapes)]) == 0).all())


def _column(table: Parsed, heading: re.Pattern[str]) -> Column | None:
    return next((c for c in table.columns if heading.match(_key(c.name))), None)


def _groups(table: Parsed, track: Column | None, stem: str) -> Groups:
    """Return the points of each track, with or without a place, in order of the file."""
    groups: Groups = {}
    for i in range(len(table.numbers)):
        label = None if track is None else track.cells[i]
        groups.setdefault(stem if numbers.is_blank(label) else str(label), []).append(i)
    return groups


def _ordered(rows: list[int], seconds: list[float | None]) -> list[int]:
    """Return points in order of their times; where one has none, all keep that of the file."""
    timed = [(moment, i) for i in rows if (moment := seconds[i]) is not None]
    return [i for _, i in sorted(timed)] if len(timed) == len(rows) else rows


def _lost(rows: list[int], number: int) -> list[Told]:
    """Tell of points without a place, by their rows."""
    if not rows:
        return []
    return [Told("TRACK_POINTS_LOST", row=number,
                 params={"rows": listed(rows), "count": len(rows)})]  # fmt: skip


def _carried(
    table: Parsed, roles: _Roles, groups: list[list[int]], entry: SourceEntry
) -> tuple[list[Column], list[Told]]:
    """Return what columns say of whole tracks, and tell of those that say several things.

    A blank says nothing: a work's number on the first point is that of its track.
    """
    kept: list[Column] = []
    told: list[Told] = []
    left: list[str] = []
    for column in table.columns:
        if column.name in roles.spent:
            continue
        said = [_said(column, rows) for rows in groups]
        if all(len(values) < 2 for values in said) or _field(column.name, entry) is not None:
            kept.append(Column(column.name, [v[0] if len(v) == 1 else None for v in said]))
        else:
            left.append(column.name)
        if _field(column.name, entry) is not None:
            told += [
                Told("TRACK_COLUMN_DIFFERS", row=table.numbers[rows[0]], field=column.name,
                     params={"count": len(values)})
                for rows, values in zip(groups, said, strict=True) if len(values) > 1
            ]  # fmt: skip
    if left:
        told.append(Told("TRACK_COLUMNS_LEFT", params={"columns": left}))
    return kept, told


def _said(column: Column, rows: list[int]) -> list[Cell]:
    """Return the different values of a column in some rows, blanks aside."""
    values = (column.cells[i] for i in rows)
    return list(dict.fromkeys(v for v in values if not numbers.is_blank(v)))


def _field(name: str, entry: SourceEntry) -> str | None:
    """Return the field of the layer that a column stands for."""
    named = {text.fold(column): field for field, column in entry.fields.items()}
    return named.get(text.fold(name)) or schema(entry.layer).known.meant(name)


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
