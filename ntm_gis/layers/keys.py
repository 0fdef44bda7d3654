"""Keys: made where missing, and told apart where two former communes have the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from ntm_gis.layers import content
from ntm_gis.layers.cells import hint, plain
from ntm_gis.layers.doubles import set_aside_doubles
from ntm_gis.layers.fields import FORMER_COMMUNE
from ntm_gis.layers.remarks import Remarks, shown
from ntm_gis.rules.schema import LayerSchema, code_list

if TYPE_CHECKING:
    import geopandas as gpd

    from ntm_gis.layers.rows import Rows

_BETWEEN = " · "

Renamed = Mapping[str, Mapping[str, str]]
"""Key as written -> former commune -> the id it became there."""


def settle_keys(
    frame: gpd.GeoDataFrame,
    schema: LayerSchema,
    tables: Sequence[Rows],
    formers: frozenset[str],
    remarks: Remarks,
) -> Renamed:
    """Give every row its id and set aside what stands twice; `frame` is changed in place.

    Parameters
    ----------
    frame : GeoDataFrame
        All rows of the layer, of every source, index from 0.
    formers : frozenset of str
        Ids of the former communes.

    Returns
    -------
    mapping
        Which keys got a former commune before them; references need it.
    """
    if frame.empty:
        return {}
    made = np.zeros(len(frame), dtype=bool)
    renamed: Renamed = {}
    if schema.key is not None:
        keys = plain(frame[schema.key])
        made = np.array([key is None for key in keys])
        if made.any():
            new = _made_keys(frame[made], schema, remarks)
            for row, key in zip(np.flatnonzero(made), new, strict=True):
                keys[row] = key
            _remark_made(tables, schema, made, remarks)
        renamed = _tell_apart(frame, keys, schema, formers, remarks)
        _number_within(frame, keys, schema, tables, remarks)
        frame[schema.key] = pd.Series(keys, frame.index, dtype=object)
    set_aside_doubles(frame, schema, remarks)
    return renamed


def _made_keys(frame: gpd.GeoDataFrame, schema: LayerSchema, remarks: Remarks) -> list[str]:
    """Make keys of the fields the schema names, the same for the same list in any order.

    Only a name in its place (village and name, name from one end to the other) is one thing.
    Where a part of that is blank, what is there may stand for many ("Đường nội bản"): rows that
    say different things are numbered. So a cell put right changes no key, but perhaps the
    numbers of rows that have all else in common. Only rows of which none of these fields is
    known get letters made from all they say, but for what is personal.
    """
    parts = [_written(frame, schema, name) for name in schema.key_from]
    columns = content.said_columns(frame, schema)
    said = content.contents(frame, columns, remarks.cells)
    public = [content.is_public(name, schema) for name in columns]
    out: list[str] = []
    several: dict[str, list[int]] = defaultdict(list)
    for row, whole in enumerate(said):
        present = [part[row] for part in parts if part[row]]
        if present:
            out.append(_BETWEEN.join(present))
        else:
            shown_ones = [what for what, kept in zip(whole, public, strict=False) if kept]
            out.append(content.digest((*shown_ones, whole[-1])))
        if "name" not in schema.key_from or len(present) < len(parts):
            several[out[row]].append(row)
    for key, rows in several.items():
        for row, number in content.numbered({row: said[row] for row in rows}).items():
            if number > 1:
                out[row] = f"{key} ({number})"
    return out


def _written(frame: gpd.GeoDataFrame, schema: LayerSchema, name: str) -> list[str]:
    """Return a field as people write it: codes by their titles, dates by day."""
    column = schema.field(name)
    values = [shown(value) for value in plain(frame[name])]
    if column.type != "choice" or column.many:
        return values
    titles = {code.code: code.title.vi for code in code_list(str(column.codes)).codes}
    return [titles.get(value, value) for value in values]


def _remark_made(
    tables: Sequence[Rows], schema: LayerSchema, made: npt.NDArray[np.bool_], remarks: Remarks
) -> None:
    titles = tuple(schema.field(name).title.words for name in schema.key_from)
    made_from = titles or (hint("HINT_WHOLE_ROW"),)
    for table in tables:
        n = int(made[table.frame.index].sum())
        if n:
            remarks.table("KEY_MADE", table.raw.origin, field=schema.key, n=n, made_from=made_from)


def _number_within(
    frame: gpd.GeoDataFrame,
    keys: list[object],
    schema: LayerSchema,
    tables: Sequence[Rows],
    remarks: Remarks,
) -> None:
    """Put the plan before keys that two plans use: each numbers its zones from 1."""
    if schema.key_within is None:
        return
    within = plain(frame[schema.key_within])
    found: dict[str, set[object]] = defaultdict(set)
    for key, where in zip(keys, within, strict=True):
        found[str(key)].add(where)
    changed = np.zeros(len(keys), dtype=bool)
    for row, (key, where) in enumerate(zip(keys, within, strict=True)):
        if len(found[str(key)]) > 1 and where is not None:
            keys[row] = f"{where}/{key}"
            changed[row] = True
    field = schema.field(schema.key_within).title.words
    for table in tables:
        n = int(changed[table.frame.index].sum())
        if n:
            remarks.table("KEYS_WITHIN", table.raw.origin, field=schema.key, n=n, within=field)


def _tell_apart(
    frame: gpd.GeoDataFrame,
    keys: list[object],
    schema: LayerSchema,
    formers: frozenset[str],
    remarks: Remarks,
) -> Renamed:
    """Put the former commune before keys that stand in two of them."""
    if FORMER_COMMUNE not in frame.columns:
        return {}
    where = plain(frame[FORMER_COMMUNE])
    found: dict[str, set[str]] = defaultdict(set)
    for key, former in zip(keys, where, strict=True):
        if isinstance(former, str) and former in formers:
            found[str(key)].add(former)
    renamed = {
        key: {former: f"{former}/{key}" for former in sorted(there)}
        for key, there in found.items()
        if len(there) > 1
    }
    for row, (key, former) in enumerate(zip(keys, where, strict=True)):
        new = renamed.get(str(key), {}).get(str(former))
        if new is not None:
            keys[row] = new
            remarks.row("KEY_PREFIXED", row, field=schema.key, value=key, id=new)
    return renamed
