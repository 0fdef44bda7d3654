"""From a table to the frame that checks take: columns as named, values as read, geometry."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from ntm_gis import text
from ntm_gis.layers.values import LOCATED_BY, ROW, Origin
from ntm_gis.sources.readers.parsed import Cell, Parsed, Refusal, Told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ntm_gis.rules.commune import SourceEntry
    from ntm_gis.sources.intake import Taken
    from ntm_gis.sources.pairs import Positions
    from ntm_gis.sources.placing import Shapes

TIMES, HEIGHTS = "@times", "@heights"
"""Columns of tracks: of each vertex the second since 1970 (UTC) and the height, or None."""


def frame(
    table: Parsed, shapes: Shapes, zone: str, *, located_by: str | None = None
) -> gpd.GeoDataFrame:
    """Return the rows of a table as a frame.

    Parameters
    ----------
    shapes : array of geometry or None, n
        In the commune's zone.
    located_by : str, optional
        How the positions came about, where the reader knows.

    Returns
    -------
    GeoDataFrame, n rows
        The columns, of type object (text, number, truth value, date, None), `@row`; of tracks
        also `@times` and `@heights`, a tuple for each row.
    """
    index = pd.RangeIndex(len(table.numbers))
    data: dict[str, pd.Series] = {
        column.name: pd.Series(column.cells, index, dtype=object) for column in table.columns
    }
    for name, key in ((TIMES, "times"), (HEIGHTS, "heights")):
        if key in table.hints:
            data[name] = pd.Series(
                [None if part is None else tuple(part) for part in table.hints[key]],
                index, dtype=object,
            )  # fmt: skip
    if located_by is not None and LOCATED_BY not in data:
        where = [None if shape is None else located_by for shape in shapes]
        data[LOCATED_BY] = pd.Series(where, index, dtype=object)
    data[ROW] = pd.Series(np.asarray(table.numbers, dtype=np.int64), index)
    geometry = gpd.GeoSeries(shapes, index, crs=zone)
    return gpd.GeoDataFrame(pd.DataFrame(data, index=index), geometry=geometry)


def empty(zone: str) -> gpd.GeoDataFrame:
    """Return a frame without rows and without columns of a file."""
    return frame(Parsed(), np.array([], dtype=object), zone)


def origin(taken: Taken, entry: SourceEntry, table: str | None, crs: str | None) -> Origin:
    """Return where the rows of a table come from."""
    return Origin(
        taken.name, entry.layer, entry, table, taken.sha256, crs, taken.members
    )  # fmt: skip


def how_located(kind: str, positions: Positions | None) -> str | None:
    """Return how positions of a file came about: phones give degrees, surveys a grid."""
    if kind in ("gpx", "jpg"):
        return "phone"
    if positions is None:
        return None
    return "phone" if positions.pair.kind == "degrees" else "survey"


def keep(table: Parsed, where: Mapping[str, str | tuple[str, ...]]) -> None:
    """Leave in a table the rows that an entry wants; the others are no rows of its layer.

    Raises
    ------
    Refusal
        `WHERE_COLUMN_UNKNOWN`: the column does not exist, so nothing can be told apart.
    """
    kept = np.ones(len(table.numbers), dtype=bool)
    for name, wanted in where.items():
        column = next((c for c in table.columns if text.fold(c.name) == text.fold(name)), None)
        if column is None:
            known = [c.name for c in table.columns]
            close = text.suggestions(name, known, 1)
            raise Refusal("WHERE_COLUMN_UNKNOWN", column=name, known=close or known[:20])
        keys = {text.fold(w) for w in ((wanted,) if isinstance(wanted, str) else wanted)}
        kept &= np.array([text.fold(_written(value)) in keys for value in column.cells], dtype=bool)
    if not len(kept) or kept.all():
        return
    gone = {number for number, stays in zip(table.numbers, kept, strict=True) if not stays}
    table.told = [told for told in table.told if told.row not in gone]
    if not kept.any():
        table.told.append(Told("WHERE_KEEPS_NOTHING", params={"where": _said(where)}))
    table.keep(np.flatnonzero(kept).tolist())


def _written(value: Cell) -> str:
    """Return a value as it is compared: 1.0 is "1", nothing is ""."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.date):
        return value.strftime("%d/%m/%Y")
    return str(value)


def _said(where: Mapping[str, str | tuple[str, ...]]) -> str:
    return "; ".join(
        f"{name} = {wanted if isinstance(wanted, str) else ', '.join(wanted)}"
        for name, wanted in where.items()
    )
