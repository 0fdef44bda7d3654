"""One table of a file as rows of its layer: columns named, values typed, nothing left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from ntm_gis.errors import CrsError
from ntm_gis.layers import cells, fields, readers
from ntm_gis.layers.values import (
    FILE,
    LOCATED_BY,
    LOCATIONS,
    PERSONAL,
    ROW,
    STATE,
    TABLE,
    USED,
    Raw,
    dtype,
)
from ntm_gis.rules.schema import is_personal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ntm_gis.layers.cells import Value
    from ntm_gis.layers.remarks import Remarks
    from ntm_gis.rules.commune import SourceEntry
    from ntm_gis.rules.schema import Field, LayerSchema

FORMER_COMMUNE = fields.FORMER_COMMUNE


@dataclass(frozen=True)
class Rows:
    """Rows of one table under the names and types of their layer.

    `given` are the fields for which the file or commune.toml has something.
    """

    frame: gpd.GeoDataFrame
    raw: Raw
    given: frozenset[str]


def prepare(raw: Raw, schema: LayerSchema, start: int, zone: object, remarks: Remarks) -> Rows:
    """Name and type the columns of `raw`; every row stays, the input is not changed.

    Parameters
    ----------
    start : int
        Index of the first row in the layer.
    zone : CRS, code or None
        The system of the layer.

    Raises
    ------
    CrsError
        The rows have geometry in another system than the layer's.
    """
    source, entry = raw.frame, raw.origin.entry
    index = pd.RangeIndex(start, start + len(source))
    geometry = _geometry(raw, index, zone)
    others = [i for i, name in enumerate(source.columns) if _is_data(source, i, name)]
    headings = [str(source.columns[i]) for i in others]
    # A file that could not be read has nothing of which a column could be missing.
    if len(source) or headings:
        naming = fields.name_columns(headings, schema, raw.origin, remarks)
    else:
        naming = fields.Naming({}, {})
    lists = {i: cells.plain(source.iloc[:, others[i]]) for i in range(len(others))}
    data: dict[str, object] = {}
    for field in schema.fields:
        written, factor = _written(field, naming, lists, entry, len(index))
        fields.require_codes(field, written, raw.origin, remarks)
        column = readers.Column.of(raw.origin.file, written, factor, entry.codes.get(field.name))
        read = readers.reader(field, column)
        values = cells.column(written, index, field.name, read, remarks)
        data[field.name] = as_series(values, field, index)
    data.update(_former_commune(raw, data.get(FORMER_COMMUNE), index))
    used = set(naming.columns.values())
    for i, heading in enumerate(headings):
        if i in used or heading == LOCATED_BY:
            continue
        private = is_personal(heading, schema)
        if private:
            remarks.table("COLUMN_MAYBE_PERSONAL", raw.origin, field=heading)
        name = fields.free_name(
            f"{PERSONAL}{heading}" if private else heading,
            {*data, *schema.names, LOCATED_BY, "geometry"},
        )
        data[name] = _as_read(source.iloc[:, others[i]], index)
    data[LOCATED_BY] = _located_by(raw, data.get(LOCATED_BY), geometry, index)
    data[ROW] = _row_numbers(source, index)
    data[FILE] = pd.Series(raw.origin.file, index, dtype=object)
    data[TABLE] = pd.Series(raw.origin.table, index, dtype=object)
    data[STATE] = pd.Series(USED, index, dtype=object)
    frame = gpd.GeoDataFrame(pd.DataFrame(data, index=index), geometry=geometry)
    given = {*naming.columns, *dict(entry)["values"]}
    if entry.former_commune is not None:
        given.add(FORMER_COMMUNE)
    return Rows(frame, raw, frozenset(given))


def _is_data(frame: gpd.GeoDataFrame, place: int, name: object) -> bool:
    if name in (ROW, FILE, TABLE, STATE):
        return False
    return str(frame.dtypes.iloc[place]) != "geometry"


def _geometry(raw: Raw, index: pd.RangeIndex, zone: object) -> gpd.GeoSeries:
    if raw.frame.active_geometry_name is None:  # a table without places
        return gpd.GeoSeries(np.full(len(index), None), index, crs=zone)
    found = raw.frame.geometry
    if zone is not None and found.crs is not None and found.crs != CRS.from_user_input(zone):
        raise CrsError("CRS_NOT_ZONE", file=raw.origin.file, found=found.crs.name)
    return gpd.GeoSeries(found.to_numpy().copy(), index, crs=zone)


def _as_read(column: pd.Series, index: pd.RangeIndex) -> pd.Series:
    """Return a further column with its values untouched, blanks as None."""
    values = column.astype(object).where(column.notna(), None)
    return pd.Series(values.to_numpy(), index, dtype=object)


def _row_numbers(frame: gpd.GeoDataFrame, index: pd.RangeIndex) -> pd.Series:
    if ROW in frame.columns:
        return pd.Series(frame[ROW].to_numpy(), index, dtype="int64")
    return pd.Series(np.arange(1, len(index) + 1), index, dtype="int64")


def _written(
    field: Field,
    naming: fields.Naming,
    lists: Mapping[int, list[object]],
    entry: SourceEntry,
    n: int,
) -> tuple[list[object], float]:
    """Return what file or commune.toml say of a field, and the factor of its heading."""
    constants = dict(entry)["values"]
    if field.name in constants:
        return [constants[field.name]] * n, 1.0
    if field.name not in naming.columns:
        return [None] * n, 1.0
    factor = naming.factors[field.name]
    if factor is None:  # the wrong unit: said once for the whole column
        return [None] * n, 1.0
    return lists[naming.columns[field.name]], factor


def as_series(values: list[Value], field: Field, index: pd.Index) -> pd.Series:
    """Return values as a column of the type that `Layer` promises for the field."""
    kind = dtype(field)
    if kind == "float64":
        numbers = [np.nan if value is None else value for value in values]
        return pd.Series(np.array(numbers, dtype=kind), index)
    if kind == "datetime64[us]":
        return pd.Series(np.array(values, dtype=kind), index)
    out = pd.Series(values, index, dtype=object)
    return out if kind == "object" else out.astype(pd.api.types.pandas_dtype(kind))


def _former_commune(raw: Raw, typed: object, index: pd.RangeIndex) -> dict[str, pd.Series]:
    """Fill the former commune that commune.toml names where the row itself has none."""
    constant = raw.origin.entry.former_commune
    if constant is None:
        return {}
    if isinstance(typed, pd.Series):
        return {FORMER_COMMUNE: typed.where(typed.notna(), constant)}
    return {FORMER_COMMUNE: pd.Series(constant, index, dtype=object)}


def _located_by(
    raw: Raw, typed: object, geometry: gpd.GeoSeries, index: pd.RangeIndex
) -> pd.Series:
    """Say how each place came about: as the file says, else surveyed where there is one."""
    if isinstance(typed, pd.Series):
        said = typed
    elif LOCATED_BY in raw.frame.columns:
        said = pd.Series(cells.plain(raw.frame[LOCATED_BY]), index, dtype=object)
    else:
        said = pd.Series([None] * len(index), index, dtype=object)
    here = ~(geometry.isna() | geometry.is_empty)
    known = said.isin(LOCATIONS) & (said != "none")
    out = said.where(known, "survey")
    return out.where(here, "none").astype(object)
