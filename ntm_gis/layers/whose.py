"""Whose boundary it is: rows that say they are of another commune, and rows that lie apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis import text
from ntm_gis.layers.cells import plain
from ntm_gis.layers.values import SET_ASIDE, STATE, USED

if TYPE_CHECKING:
    import geopandas as gpd

    from ntm_gis.layers.remarks import Remarks
    from ntm_gis.layers.rows import Rows
    from ntm_gis.rules.commune import Identity

APART_M = 1_000.0
"""Parts of one commune lie no farther from each other than this."""

_UNITS = ("xa ", "phuong ", "thi tran ", "dac khu ", "x. ", "p. ", "tt. ")
_SAY_NOTHING = frozenset((
    "ranh", "gioi", "boundary", "polygon", "vung", "path", "untitled", "layer", "feature",
    "shape", "hanh", "chinh", "dia",
))  # fmt: skip
_SHOWN = 6


@dataclass(frozen=True)
class Called:
    """The code and name of a commune, before more is known of it."""

    code: str
    name: str


def differs(code: object, name: object, who: Identity | Called) -> bool:
    """Whether a row of a boundary says that it is of another commune.

    Only what can be a commune's says so: a code of four or five digits, a name of words that is
    no "Ranh giới" or "Polygon 1".

    Examples
    --------
    >>> import datetime as dt
    >>> from ntm_gis.rules.commune import Identity
    >>> who = Identity(code="03616", name="Pắc Ta", province="Lai Châu", crs="EPSG:9205",
    ...                as_of=dt.date(2025, 12, 31))
    >>> differs("03616", "Xã Pắc Ta", who), differs(3616, None, who), differs(None, "Ranh", who)
    (False, False, False)
    >>> differs("03451", "Khoen On", who), differs(None, "Xã Khoen On", who)
    (True, True)
    """
    return _other_code(code, who.code) or _other_name(name, who.name)


def fits(code: object, name: object, who: Identity | Called) -> bool:
    """Whether a row of a boundary says that it is of the commune, by its code or its name."""
    if differs(code, name, who):
        return False
    own = _digits(code)
    return (own is not None and own == _digits(who.code)) or bool(
        _key(name) and _key(who.name) in _key(name)
    )


def shown(code: object, name: object) -> str:
    """Write a row of a boundary as a person knows it: "Khoen On (03451)"."""
    said, number = text.clean(str(name or "")), text.clean(str(code or ""))
    return f"{said} ({number})" if said and number else said or number


def listed(names: Sequence[str]) -> str:
    """Write names for a sentence, the first of very many alone."""
    return ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")


def settle_boundary(
    frame: gpd.GeoDataFrame, tables: Sequence[Rows], who: Identity, remarks: Remarks
) -> None:
    """Set rows of other communes aside where one is the commune's own; `frame` is changed in place.

    Where none is, they stay and block what rests on them (`BOUNDARY_OTHER_COMMUNE`); so do rows
    that lie more than a kilometre apart (`BOUNDARY_APART`).

    Parameters
    ----------
    frame : GeoDataFrame
        All rows of the boundary, in the commune's zone.
    who : Identity
        The table `[commune]`.
    """
    pairs = list(zip(plain(frame["unit_code"]), plain(frame["name"]), strict=True))
    there = ((frame[STATE] == USED) & frame.geometry.notna()).to_numpy()
    other = there & np.array([differs(*pair, who) for pair in pairs], dtype=bool)
    own = there & np.array([fits(*pair, who) for pair in pairs], dtype=bool)
    code = "BOUNDARY_ROW_OTHER" if own.any() else "BOUNDARY_OTHER_COMMUNE"
    for table in tables:
        rows = [row for row in table.frame.index if other[row]]
        said = listed([shown(*pairs[row]) for row in rows])
        count, name, unit = len(rows), who.name, who.code
        if count == 1:
            remarks.row(code, rows[0], said=said, count=count, name=name, unit=unit)
        elif rows:
            origin = table.raw.origin
            remarks.table(code, origin, said=said, count=count, name=name, unit=unit)
    if own.any():
        frame.loc[frame.index[other], STATE] = SET_ASIDE
        there = there & ~other
    _remark_apart(frame, np.flatnonzero(there), pairs, remarks)


def _remark_apart(
    frame: gpd.GeoDataFrame,
    rows: np.ndarray[tuple[int], np.dtype[np.intp]],
    pairs: Sequence[tuple[object, object]],
    remarks: Remarks,
) -> None:
    """Remark on the rows that lie apart from the largest of them and from what is near it."""
    shapes = frame.geometry.to_numpy()[rows]
    if len(rows) < 2:
        return
    near = np.arange(len(rows)) == np.argmax(shapely.area(shapes))
    while True:
        within = shapely.dwithin(shapes, shapely.union_all(shapes[near]), APART_M)
        if (within == near).all():
            break
        near = near | within
    main = shapely.union_all(shapes[near])
    for row, shape in zip(rows[~near], shapes[~near], strict=True):
        away = float(shapely.distance(shape, main)) / 1000
        said = shown(*pairs[row]) or str(row + 1)
        remarks.row("BOUNDARY_APART", row, said=said, km=away)


def _other_code(code: object, own: str) -> bool:
    said, right = _digits(code), _digits(own)
    return said is not None and right is not None and said != right and said >= 100


def _digits(code: object) -> int | None:
    """Return a code as its number: zeros before it are lost in many tables."""
    said = text.clean(str(code if code is not None else "")).removesuffix(".0")
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 5 else None


def _other_name(name: object, own: str) -> bool:
    said, right = _key(name), _key(own)
    words = set(said.split())
    if not said or not right or any(c.isdigit() for c in said) or words & _SAY_NOTHING:
        return False
    return right not in said and said not in right


def _key(name: object) -> str:
    """Return a name as a key, without "xã" before it."""
    key = text.fold(text.clean(str(name or "")))
    for unit in _UNITS:
        key = key.removeprefix(unit)
    return key.strip()
