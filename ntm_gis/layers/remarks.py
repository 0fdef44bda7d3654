"""What checks notice, kept short until ids and places of rows are known, then put into words."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from ntm_gis import crs
from ntm_gis.layers.values import FILE, ROW, TABLE, Origin
from ntm_gis.numbers import format_date_vi
from ntm_gis.results import Finding
from ntm_gis.rules.schema import public_fields

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    import geopandas as gpd

    from ntm_gis.rules.schema import LayerSchema

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing noticed: the code of a finding, where, and what its sentence names.

    `row` is the index of the row in its layer, None for a whole table; `at` is a place in the
    commune's zone where it is not the feature's own.
    """

    code: str
    row: int | None
    origin: Origin | None
    field: str | None
    value: object
    at: Point | None
    params: Mapping[str, object]


@dataclass
class Remarks:
    """Remarks on one layer, in the order in which they were made."""

    entries: list[Remark] = field(default_factory=list)

    def row(
        self,
        code: str,
        row: int,
        *,
        field: str | None = None,
        value: object = None,
        at: Point | None = None,
        **params: object,
    ) -> None:
        """Remark on a row, by its index in the layer."""
        self.entries.append(Remark(code, int(row), None, field, value, at, params))

    def cell(
        self, code: str, row: int, field: str, value: object, params: Mapping[str, object]
    ) -> None:
        """Remark on a cell."""
        self.entries.append(Remark(code, int(row), None, field, value, None, params))

    def table(
        self,
        code: str,
        origin: Origin,
        *,
        field: str | None = None,
        value: object = None,
        **params: object,
    ) -> None:
        """Remark on a table as a whole."""
        self.entries.append(Remark(code, None, origin, field, value, None, params))

    def forget(self, rows: Collection[int]) -> None:
        """Take back what was said of rows that repeat others, which say it already."""
        if rows:
            self.entries = [e for e in self.entries if e.row is None or e.row not in rows]

    @property
    def cells(self) -> dict[tuple[int, str], str]:
        """What every cell remarked on says in the file, by row and field."""
        return {
            (e.row, e.field): shown(e.value)
            for e in self.entries
            if e.row is not None and e.field is not None
        }

    def findings(
        self, frame: gpd.GeoDataFrame, schema: LayerSchema, places: bool = True
    ) -> tuple[Finding, ...]:
        """Put the remarks into words, with file, row, id and place of the rows of `frame`.

        What a personal field says stays out of them.

        Parameters
        ----------
        frame : GeoDataFrame
            The layer as checked, its index that of the remarks, in a projected system.
        """
        rows = sorted({e.row for e in self.entries if e.row is not None})
        where = _places(frame, rows) if places else {}
        own = {name: frame[name].loc[rows].tolist() for name in (ROW, FILE, TABLE)} if rows else {}
        keys = frame[schema.key].loc[rows].tolist() if rows and schema.key else [None] * len(rows)
        order = {row: i for i, row in enumerate(rows)}
        titles = {f.name: f.title.words for f in schema.fields}
        personal = set(schema.names) - {f.name for f in public_fields(schema)}
        special = _lonlat(frame, [e.at for e in self.entries])
        out = []
        for entry, place in zip(self.entries, special, strict=True):
            i = order.get(entry.row) if entry.row is not None else None
            out.append(
                Finding.of(
                    entry.code,
                    file=_file(entry, own, i),
                    table=_table(entry, own, i),
                    layer=schema.name,
                    feature=None if i is None else _text(keys[i]),
                    row=None if i is None else _integer(own[ROW][i]),
                    field=entry.field,
                    value=None if entry.value is None else shown(entry.value),
                    at=place if place is not None or entry.row is None else where.get(entry.row),
                    title=titles.get(entry.field or "", entry.field),
                    # About a table as a whole only headings are said.
                    personal=entry.row is not None and entry.field in personal,
                    layer_title=schema.title.words,
                    **entry.params,
                )
            )
        return tuple(sorted(out, key=lambda finding: finding.order))


def shown(value: object) -> str:
    """Write a value as a person reads it in the file.

    Examples
    --------
    >>> shown(3.0), shown(dt.date(2025, 3, 5)), shown(float("nan"))
    ('3', '05/03/2025', '')
    """
    if value is None or value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.date):
        return format_date_vi(value)
    return str(value)


def at_points(geometry: Iterable[shapely.Geometry | None]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return a point on each geometry, shape (n, 2), NaN where there is none."""
    shapes = np.array(list(geometry), dtype=object)
    good = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    out = np.full((len(shapes), 2), np.nan)
    # The middle of a line is on it; a representative point of a bent line may be at its end.
    lines = good & np.isin(shapely.get_type_id(shapes), (1, 2))
    if lines.any():
        middle = shapely.line_interpolate_point(shapes[lines], 0.5, normalized=True)
        out[lines] = shapely.get_coordinates(middle)
    rest = good & ~lines
    if rest.any():
        point = shapely.point_on_surface(shapes[rest])
        found = ~shapely.is_empty(point)
        kept = np.flatnonzero(rest)[found]
        out[kept] = shapely.get_coordinates(point[found])
    return out


def _places(frame: gpd.GeoDataFrame, rows: list[int]) -> dict[int, Point | None]:
    if not rows:
        return {}
    points = at_points(frame.geometry.loc[rows].to_numpy())
    given = [None if np.isnan(x) or np.isnan(y) else (float(x), float(y)) for x, y in points]
    return dict(zip(rows, _lonlat(frame, given), strict=True))


def _lonlat(frame: gpd.GeoDataFrame, points: list[Point | None]) -> list[Point | None]:
    """Return points of the frame's system as longitude and latitude, to a centimetre."""
    out: list[Point | None] = [None] * len(points)
    given = [i for i, point in enumerate(points) if point is not None]
    if not given or frame.crs is None:
        return out
    coordinates = np.array([points[i] for i in given], dtype=float)
    lonlat = np.column_stack(crs.transformer(frame.crs, "EPSG:4326").transform(*coordinates.T))
    for i, (lon, lat) in zip(given, np.round(lonlat, 7).tolist(), strict=True):
        if math.isfinite(lon) and math.isfinite(lat):
            out[i] = (lon, lat)
    return out


def _file(entry: Remark, own: Mapping[str, list[object]], i: int | None) -> str | None:
    if i is not None:
        return _text(own[FILE][i])
    return entry.origin.file if entry.origin else None


def _table(entry: Remark, own: Mapping[str, list[object]], i: int | None) -> str | None:
    if i is not None:
        return _text(own[TABLE][i])
    return entry.origin.table if entry.origin else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _integer(value: object) -> int | None:
    return int(value) if isinstance(value, int | float | np.integer) and value == value else None  # noqa: PLR0124 - NaN
