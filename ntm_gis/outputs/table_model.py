"""A table of the GeoPackage before it is written: columns as arrays, geometry, style, a picture."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import numpy as np
import numpy.typing as npt

from ntm_gis.outputs import rows
from ntm_gis.outputs.gates import text_for_sqlite

_RESERVED = frozenset({"fid", "geom", "ogc_fid", "rowid"})


@dataclass(frozen=True)
class TableColumn:
    """One column: values of one type, and where they are missing."""

    name: str
    values: npt.NDArray[np.generic]
    missing: npt.NDArray[np.bool_]
    title: str


@dataclass(frozen=True)
class Picture:
    """A picture of ground: JPEG, width and height in pixels, west, south, east and north."""

    jpeg: bytes
    size: tuple[int, int]
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class GpkgTable:
    """A table with geometry or without, or one picture, ready to be written.

    `frame` is the layer or frame it comes from: `irrigation` for `irrigation_point`.
    """

    name: str
    frame: str
    title: str
    columns: tuple[TableColumn, ...]
    geometry: npt.NDArray[np.object_] | None = None
    geometry_type: str | None = None
    style: Element | None = None
    picture: Picture | None = None

    @property
    def drawn(self) -> bool:
        """It has something to draw."""
        return self.geometry_type is not None or self.picture is not None

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.columns[0].values) if self.columns else 0


def column_of(name: str, values: Sequence[rows.Value], title: str, kind: str = "") -> TableColumn:
    """Return a column in the type said, or the narrowest that holds all its values.

    Columns of the office's own may mix texts and numbers: then all are texts.

    Parameters
    ----------
    name : str
    values : sequence of str, number, bool, date or None
    title : str
    kind : {"date", "boolean", "integer", "number", "text", ""}
        A field's type; found from the values where left out.

    Examples
    --------
    >>> column_of("a", [1, None], "A").values.dtype.kind, column_of("b", [1, "x"], "B").values
    ('i', array(['1', 'x'], dtype=object))
    """
    missing = np.array([value is None for value in values], dtype=bool)
    given = [value for value in values if value is not None]
    if kind == "text":
        return TableColumn(name, _texts(values), missing, title)
    if kind == "date" or (given and all(isinstance(v, dt.date) for v in given)):
        dates = [v if isinstance(v, dt.date) else "NaT" for v in values]
        return TableColumn(name, np.array(dates, dtype="datetime64[D]"), missing, title)
    if kind == "boolean" or (given and all(isinstance(v, bool) for v in given)):
        return TableColumn(name, np.array([v is True for v in values], bool), missing, title)
    if kind == "integer" or (given and all(type(v) is int for v in given)):
        whole = [int(v) if isinstance(v, int | float) else 0 for v in values]
        return TableColumn(name, np.array(whole, dtype=np.int64), missing, title)
    if kind == "number" or (given and all(type(v) in {int, float} for v in given)):
        real = [float(v) if isinstance(v, int | float) else np.nan for v in values]
        return TableColumn(name, np.array(real, dtype=np.float64), missing, title)
    return TableColumn(name, _texts(values), missing, title)


def _texts(values: Sequence[rows.Value]) -> npt.NDArray[np.object_]:
    texts = [None if value is None else text_for_sqlite(str(value)) for value in values]
    return np.array(texts, dtype=object)


def once(columns: Iterable[TableColumn]) -> tuple[TableColumn, ...]:
    """Return columns with names that SQLite tells apart: it takes small and capital for one."""
    taken = set(_RESERVED)
    out = []
    for column in columns:
        clean = text_for_sqlite(column.name).strip() or "column"
        number, name = 1, clean
        while name.casefold() in taken:
            number += 1
            name = f"{clean}_{number}"
        taken.add(name.casefold())
        out.append(TableColumn(name, column.values, column.missing, column.title))
    return tuple(out)
