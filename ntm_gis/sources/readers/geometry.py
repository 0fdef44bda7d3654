"""Geometry as it comes from a file, looked through before anything is computed with it.

Every geometry leaves as two-dimensional WKB written by GEOS, or as nothing with a reason. What a
file recorded but nobody can read is told apart from what it never recorded.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely

from ntm_gis.sources import limits
from ntm_gis.sources.readers.parsed import Parsed, Refusal, Told

if TYPE_CHECKING:
    from collections.abc import Sequence

_MULTI, _COLLECTION = 4, 7
_SRID = 0x20000000
_CURVES = frozenset(range(8, 18))


def settle(table: Parsed) -> Parsed:
    """Check the geometry of a table and refuse the rows where it cannot be read.

    Rows whose geometry is recorded but unreadable, not finite or nested without end leave the
    table: they are counted in `refused` and told one by one. Rows without geometry stay.
    """
    if table.wkb is None:
        return table
    checked, faults = check(table.wkb)
    table.wkb = checked
    if faults:
        refuse(table, faults)
    return table


def refuse(table: Parsed, faults: dict[int, Told]) -> None:
    """Take rows out of a table: counted and told, never just gone."""
    for i, told in sorted(faults.items()):
        told.row = table.numbers[i]
        table.told.append(told)
    table.keep([i for i in range(len(table.numbers)) if i not in faults])
    table.refused += len(faults)


def check(
    wkbs: Sequence[bytes | None],
) -> tuple[list[bytes | None], dict[int, Told]]:
    r"""Return clean WKB, and what is wrong at which position.

    Parameters
    ----------
    wkbs : sequence of bytes or None
        Geometry of each row as the file holds it, any dimension.

    Returns
    -------
    list of bytes or None, dict
        Two-dimensional WKB, None where nothing was recorded or it is empty or wrong; and the
        faults by position.

    Raises
    ------
    Refusal
        There are more vertices than any commune's map has.

    Examples
    --------
    >>> clean, faults = check([shapely.to_wkb(shapely.Point(1, 2, 3)), None, b"\x01\x02"])
    >>> shapely.from_wkb(clean[0]).wkt, clean[1], faults[2].code
    ('POINT (1 2)', None, 'GEOMETRY_UNREADABLE')
    """
    faults: dict[int, Told] = {}
    safe: list[bytes | None] = []
    for i, wkb in enumerate(wkbs):
        fault = None if wkb is None else _fault(wkb)
        if fault is not None:
            faults[i] = Told(fault)
        safe.append(None if fault is not None or wkb is None else wkb)
    shapes = shapely.from_wkb(np.array(safe, dtype=object), on_invalid="ignore")
    for i, (wkb, shape) in enumerate(zip(safe, shapes, strict=True)):
        if wkb is not None and shape is None:
            faults[i] = Told(_why_unread(wkb))
    if shapely.get_num_coordinates(shapes).sum() > limits.VERTICES:
        raise Refusal("SOURCE_TOO_BIG")
    for i in _not_finite(shapes):
        faults[i] = Told("VERTEX_NOT_FINITE")
        shapes[i] = None
    shapes[shapely.is_empty(shapes)] = None
    clean = shapely.to_wkb(shapely.force_2d(shapes), output_dimension=2, byte_order=1)
    return [None if wkb is None else bytes(wkb) for wkb in clean], faults


def _not_finite(shapes: npt.NDArray[np.object_]) -> list[int]:
    """Return the positions of geometries with a vertex that is NaN or infinite.

    GEOS takes a point at (NaN, NaN) for an empty one; it was recorded, and wrong.
    """
    points, of = shapely.get_coordinates(shapes, return_index=True)
    wrong = set(of[~np.isfinite(points).all(axis=1)].tolist())
    return sorted(wrong)


def _fault(wkb: bytes) -> str | None:
    """Look at nesting and type without recursion; GEOS would follow 100,000 levels and die."""
    if len(wkb) < 5:
        return "GEOMETRY_UNREADABLE"
    kind = _kind(wkb, 0)
    if kind in _CURVES or kind is None or kind == 0:
        return "GEOMETRY_UNREADABLE"
    if kind == 1 and _nan_point(wkb):
        return "VERTEX_NOT_FINITE"
    if kind != _COLLECTION:
        return None
    return _collection_fault(wkb)


def _nan_point(wkb: bytes) -> bool:
    """Whether a point has one ordinate that is no number (both: GEOS writes an empty point so)."""
    at = 9 if _flags(wkb, 0) & _SRID else 5
    if len(wkb) < at + 16:
        return False
    x, y = struct.unpack_from("<dd" if wkb[0] else ">dd", wkb, at)
    return not (np.isfinite(x) and np.isfinite(y)) and not (np.isnan(x) and np.isnan(y))


def _collection_fault(wkb: bytes) -> str | None:
    """Walk through a collection with a list of our own in place of the call stack."""
    left, at = [1], 0
    try:
        while left:
            if left[-1] == 0:
                left.pop()
                continue
            left[-1] -= 1
            kind = _kind(wkb, at)
            if kind is None or kind in _CURVES or kind == 0:
                return "GEOMETRY_UNREADABLE"
            if kind < _MULTI:
                at = _past(wkb, at, kind)
                continue
            start = at + (9 if _flags(wkb, at) & _SRID else 5)
            left.append(_count(wkb, at, start))
            at = start + 4
            if len(left) > limits.DEPTH:
                return "GEOMETRY_TOO_DEEP"
    except (struct.error, IndexError):
        return "GEOMETRY_UNREADABLE"
    return None


def _past(wkb: bytes, at: int, kind: int) -> int:
    """Return where a point, line or polygon ends."""
    flags = _flags(wkb, at)
    thousands = (flags & 0x0FFFFFFF) // 1000
    more = {0: 0, 1: 1, 2: 1, 3: 2}.get(thousands, 0)
    size = 8 * (2 + (more or bool(flags & 0x80000000) + bool(flags & 0x40000000)))
    start = at + (9 if flags & _SRID else 5)
    if kind == 1:
        return start + size
    if kind == 2:
        return start + 4 + size * _count(wkb, at, start)
    rings, end = _count(wkb, at, start), start + 4
    for _ in range(rings):
        end += 4 + size * _count(wkb, at, end)  # raises at the end of a file that lies
    return end


def _count(wkb: bytes, at: int, place: int) -> int:
    return int(struct.unpack_from("<I" if wkb[at] else ">I", wkb, place)[0])


def _flags(wkb: bytes, at: int) -> int:
    return _count(wkb, at, at + 1)


def _kind(wkb: bytes, at: int) -> int | None:
    """Return the plain type (1–17) at a place, None where there is no geometry."""
    if wkb[at] > 1:
        return None
    kind = (_flags(wkb, at) & 0x0FFFFFFF) % 1000
    return kind if kind <= 17 else None


def _why_unread(wkb: bytes) -> str:
    """Say more of a geometry that GEOS refuses, where it is the fault most often met."""
    plain_line = _kind(wkb, 0) == 2 and len(wkb) >= 9 and not _flags(wkb, 0) & _SRID
    if plain_line and _count(wkb, 0, 5) == 1:
        return "GEOMETRY_ONE_POINT"
    return "GEOMETRY_UNREADABLE"
