"""Columns of a table that hold coordinates, found by their headings and by their numbers.

Surveyors in Viet Nam write X for north and Y for east, programs the other way round: which is
which is told by the size of the numbers, never by the letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from ntm_gis import numbers, text
from ntm_gis.numbers.coordinates import (
    EASTING,
    LATITUDE,
    LONGITUDE,
    NORTHING,
    ZONE_PREFIX,
    Span,
    within,
    zone_number,
)
from ntm_gis.sources.readers.parsed import Cell, Column, Parsed, Told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Kind = Literal["grid", "degrees"]

_NOISE = frozenset(
    ["toa", "do", "vn", "vn2000", "wgs", "wgs84", "m", "met", "gps", "he", "diem", "vi", "tri",
     "dd", "decimal", "ktt", "kinh", "tuyen", "truc", "mui", "zone"]
)  # fmt: skip
_ROLES = {
    "x": "x", "y": "y", "bac": "north", "dong": "east", "north": "north", "northing": "north",
    "east": "east", "easting": "east", "n": "north", "e": "east", "lat": "lat",
    "latitude": "lat", "lon": "lon", "long": "lon", "lng": "lon", "longitude": "lon",
    "vido": "lat", "kinhdo": "lon",
}  # fmt: skip
_WORDS = (("kinh do", "lon"), ("vi do", "lat"), ("tung do", "north"), ("hoanh do", "east"))
_OPPOSITE = {"x": "y", "north": "east", "lat": "lon"}
_ENTRY = (("north", "east"), ("lat", "lon"))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two columns that hold positions.

    Parameters
    ----------
    north, east : str
        The columns; latitude and longitude where `kind` is "degrees".
    kind : {"grid", "degrees"}
    heading : str
        What stands above both, which may name their system.
    """

    north: str
    east: str
    kind: Kind
    heading: str = ""


@dataclass(frozen=True)
class Positions:
    """Positions of rows: `east` and `north` as numbers, NaN where a row has none."""

    pair: Pair
    east: npt.NDArray[np.float64]
    north: npt.NDArray[np.float64]
    told: list[Told] = field(default_factory=list)


def positions(table: Parsed, fields: Mapping[str, str]) -> Positions | None:
    """Return the positions that two columns of a table hold, or None.

    Parameters
    ----------
    fields : mapping
        `north` and `east`, or `lat` and `lon`, as commune.toml names the columns; else the
        headings decide.

    Notes
    -----
    A row of which one coordinate is missing, or is no number, has no position and is told
    (`COORDINATE_UNREADABLE`); a row without both is not. A zone number before the easting
    (18 571 979) is taken off and told once.
    """
    named = _by_entry(table.columns, fields)
    found = [named] if named else candidates(table)
    for first, second, heading in found:
        read = _read(table, first, second, heading, trusted=named is not None)
        if read is not None:
            return read
    return None


def pairs(table: Parsed) -> tuple[Pair, ...]:
    """Return every pair of columns of a table that holds positions."""
    read = (_read(table, a, b, heading, trusted=False) for a, b, heading in candidates(table))
    return tuple(found.pair for found in read if found is not None)


def candidates(table: Parsed) -> list[tuple[Column, Column, str]]:
    """Return the pairs of columns whose headings go together, plain ones first."""
    roles: dict[tuple[str, str], list[Column]] = {}
    groups: Mapping[str, str] = table.hints.get("groups", {})
    for column in table.columns:
        role, rest = _role(column.name)
        if role:
            roles.setdefault((role, rest), []).append(column)
    out = []
    for (role, rest), columns in sorted(roles.items(), key=lambda item: len(item[0][1])):
        other = roles.get((_OPPOSITE.get(role, ""), rest))
        if other:
            whole = groups.get(columns[0].name, columns[0].name)
            out.append((columns[0], other[0], f"{whole} {groups.get(other[0].name, '')}"))
    return out


def is_coordinate(name: str) -> bool:
    """Whether a heading is that of a coordinate.

    Examples
    --------
    >>> is_coordinate("Tọa độ X (m)"), is_coordinate("Ghi chú")
    (True, False)
    """
    return bool(_role(name)[0])


def _role(name: str) -> tuple[str, str]:
    """Return what a heading says a column is, and what else it says.

    Examples
    --------
    >>> _role("Tọa độ X (m)"), _role("Kinh độ"), _role("Y_DAU"), _role("Tên")
    (('x', ''), ('lon', ''), ('y', 'dau'), ('', 'ten'))
    """
    key = re.sub(r"[^a-z0-9]+", " ", text.fold(name)).strip()
    for words, role in _WORDS:
        if re.search(rf"\b{words}\b", key):
            rest = re.sub(rf"\b{words}\b", " ", key).split()
            return role, " ".join(w for w in rest if w not in (*_NOISE, *_ROLES))
    rest = [word for word in key.split() if word not in _NOISE and not word.isdigit()]
    found = [_ROLES[word] for word in rest if word in _ROLES]
    if not found:
        return "", " ".join(rest)
    # "X (Bắc)" says both: the letter is the weaker word.
    role = next((r for r in found if r not in ("x", "y")), found[0])
    return role, " ".join(word for word in rest if word not in _ROLES)


def _by_entry(
    columns: Sequence[Column], fields: Mapping[str, str]
) -> tuple[Column, Column, str] | None:
    for first, second in _ENTRY:
        if first in fields and second in fields:
            a, b = (_column(columns, fields[name]) for name in (first, second))
            if a is not None and b is not None:
                return a, b, f"{a.name} {b.name}"
    return None


def _column(columns: Sequence[Column], name: str) -> Column | None:
    for key in (text.clean, text.fold):
        found = [c for c in columns if key(c.name) == key(name)]
        if found:
            return found[0]
    return None


def _read(
    table: Parsed, first: Column, second: Column, heading: str, *, trusted: bool
) -> Positions | None:
    """Read two columns as positions; None where their numbers are none."""
    a, b = (_numbers(column) for column in (first, second))
    kind, swapped = _kind(a, b)
    if kind is None:
        if not trusted or not (np.isfinite(a) & np.isfinite(b)).any():
            return None
        kind, swapped = "grid", False
    north, east = (b, a) if swapped else (a, b)
    north_column, east_column = (second, first) if swapped else (first, second)
    told = []
    prefix = _prefix(east)
    if kind == "grid" and prefix:
        east = east - prefix * ZONE_PREFIX
        told.append(Told("ZONE_NUMBER_CUT", field=east_column.name, params={"prefix": prefix}))
    told += _unread(table, (north_column, north), (east_column, east))
    alone = np.isfinite(north) ^ np.isfinite(east)
    north, east = np.where(alone, np.nan, north), np.where(alone, np.nan, east)
    return Positions(Pair(north_column.name, east_column.name, kind, heading), east, north, told)


def _kind(a: npt.NDArray[np.float64], b: npt.NDArray[np.float64]) -> tuple[Kind | None, bool]:
    """Say what two columns hold, and whether the second is the northern one."""
    both = np.isfinite(a) & np.isfinite(b)
    if not both.any():
        return None, False
    for swapped in (False, True):
        north, east = (b[both], a[both]) if swapped else (a[both], b[both])
        if _mostly(north, LATITUDE) and _mostly(east, LONGITUDE):
            return "degrees", swapped
        shorter = east - _prefix(east) * ZONE_PREFIX
        if _mostly(north, NORTHING) and _mostly(shorter, EASTING):
            return "grid", swapped
    return None, False


def _mostly(values: npt.NDArray[np.float64], span: Span) -> bool:
    return bool(np.mean((values >= span[0]) & (values <= span[1])) >= 0.5)


def _prefix(east: npt.NDArray[np.float64]) -> int:
    """Return the zone number that stands before eastings, 0 where there is none."""
    finite = east[np.isfinite(east)]
    return (zone_number(float(np.median(finite))) or 0) if len(finite) else 0


def _numbers(column: Column) -> npt.NDArray[np.float64]:
    """Read a column of coordinates; what has two readings has one that is a coordinate."""
    style = numbers.column_style({v for v in column.cells if isinstance(v, str)})
    read: dict[Cell, float] = {value: _number(value, style) for value in set(column.cells)}
    return np.array([read[value] for value in column.cells], dtype=np.float64)


def _number(value: Cell, style: numbers.parsing.Style | None) -> float:
    if value is None or isinstance(value, bool):
        return np.nan
    read = numbers.parse_number(value, style)
    if read.value is not None:
        return read.value
    for reading in read.readings:
        if any(within(reading, span) for span in (NORTHING, EASTING, LATITUDE, LONGITUDE)):
            return reading
    if isinstance(value, str) and ("°" in value or "'" in value or "′" in value):
        return _angle(value)
    return np.nan


def _angle(value: str) -> float:
    """Read degrees, minutes and seconds."""
    parts = [p.replace(",", ".") for p in re.findall(r"\d+(?:[.,]\d+)?", value)]
    if not 1 <= len(parts) <= 3 or any(float(p) >= 60 for p in parts[1:]):
        return np.nan
    return float(sum(float(p) / 60**i for i, p in enumerate(parts)))


def _unread(table: Parsed, *columns: tuple[Column, npt.NDArray[np.float64]]) -> list[Told]:
    """Tell of coordinates that are there but cannot be read, or stand alone."""
    told = []
    for i, number in enumerate(table.numbers):
        missing = [(c, v[i]) for c, v in columns if not np.isfinite(v[i])]
        written = [c for c, _ in missing if not numbers.is_blank(c.cells[i])]
        if written or len(missing) == 1:
            column = written[0] if written else missing[0][0]
            value = column.cells[i]
            told.append(Told("COORDINATE_UNREADABLE", row=number, field=column.name,
                             value="" if value is None else str(value)))  # fmt: skip
    return told
