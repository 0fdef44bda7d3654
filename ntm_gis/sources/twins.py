"""Names of columns: each once, and no guess where two of one name would be one field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ntm_gis import text
from ntm_gis.rules.schema import schema
from ntm_gis.sources import pairs
from ntm_gis.sources.readers.parsed import Parsed, Told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ntm_gis.rules.commune import SourceEntry


def separate(table: Parsed, entry: SourceEntry | None) -> Parsed:
    """Give every column of a table a name of its own; the first of several keeps it.

    Columns of one name are told (`HEADER_NUMBERED`). Where they would be one field of the layer,
    hold coordinates, or are named by the entry, which of them is right cannot be known: that is
    told (`HEADER_TWICE`) and every row is refused.

    Parameters
    ----------
    entry : SourceEntry or None
        None while nobody knows the layer: then nothing is refused.
    """
    told: list[Told] = []
    refused = False
    for column in table.columns:
        column.name = text.visible(column.name)
    for name in _twice(table):
        if entry is not None and _is_wanted(name, entry):
            told.append(Told("HEADER_TWICE", field=name))
            refused = True
    if refused:
        rows = len(table.numbers) + table.refused
        return Parsed(table.name, told=[*table.told, *told], refused=rows)
    table.told += _numbered(table)
    return table


def _twice(table: Parsed) -> list[str]:
    """Return the names that two columns have, each once."""
    names = [column.name.strip() for column in table.columns]
    return sorted({name for name in names if name and names.count(name) > 1})


def _is_wanted(name: str, entry: SourceEntry) -> bool:
    """Whether a column of this name means something to its layer.

    A field for which the entry has a constant, or names another column, is settled.
    """
    named = {text.fold(column) for column in (*entry.fields.values(), *entry.where)}
    field = schema(entry.layer).known.meant(name)
    if text.fold(name) in named or pairs.is_coordinate(name):
        return True
    return field is not None and field not in {*entry.fields, *entry.values}


def _numbered(table: Parsed) -> Iterator[Told]:
    """Name columns apart, from each other and from ours; tell of those that were of one name."""
    twins = _twice(table)
    seen: set[str] = {"geometry"}
    for column in table.columns:
        written = column.name.strip() or "–"
        name, n = f"({written})" if written.startswith("@") else written, 2
        while name in seen:
            name, n = f"{written} ({n})", n + 1
        if name != written and written in twins:
            yield Told("HEADER_NUMBERED", field=written, params={"name": name})
        column.name = name
        seen.add(name)
