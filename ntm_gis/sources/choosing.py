"""Which table of a file an entry of commune.toml means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ntm_gis import text
from ntm_gis.rules.schema import schema
from ntm_gis.sources.opening import Opened, settled
from ntm_gis.sources.readers.parsed import OF_ROWS, Column, Parsed, Refusal

if TYPE_CHECKING:
    from ntm_gis.rules.commune import SourceEntry


def choose(opened: Opened, entry: SourceEntry, encoding: str | None) -> Parsed:
    """Return the table that an entry names, or the only one that it can mean.

    A KML without a name means all its folders; a GPX its tracks for a layer of lines, its
    waypoints for one of points; a file of several tables the one called as the layer.

    Raises
    ------
    Refusal
        `TABLE_UNKNOWN` or `TABLE_UNKNOWN_MEANT`; `TABLE_NOT_NAMED` where several may be meant.
    """
    kind = opened.taken.kind

    def settle(table: Parsed) -> Parsed:
        return settled(table, kind, entry=entry, encoding=encoding)[0]

    if entry.table is not None:
        return settle(_named(opened.tables, entry.table))
    candidates = _filled(opened.tables)
    if kind in ("kml", "kmz") and len(candidates) > 1:
        return merged([settle(t) for t in candidates])
    if kind == "gpx":
        wanted = "tracks" if "line" in schema(entry.layer).geometry else "waypoints"
        candidates = [t for t in candidates if t.name == wanted] or candidates[:1]
    if len(candidates) > 1:
        candidates = _by_layer(candidates, entry.layer) or candidates
    if len(candidates) > 1:
        raise Refusal("TABLE_NOT_NAMED", known=[str(t.name) for t in candidates])
    return settle(candidates[0])


def merged(tables: list[Parsed]) -> Parsed:
    """Return tables one below the other; a column that one of them lacks is empty there.

    Examples
    --------
    >>> a = Parsed("a", [Column("x", [1])], [1]); b = Parsed("b", [Column("y", [2])], [2])
    >>> [(c.name, c.cells) for c in merged([a, b]).columns]
    [('x', [1, None]), ('y', [None, 2])]
    """
    if len(tables) == 1:
        return replace(tables[0], name=None)
    names = list(dict.fromkeys(c.name for table in tables for c in table.columns))
    out = Parsed(None, [Column(name, []) for name in names], crs=tables[0].crs, wkb=[])
    for table in tables:
        own = {c.name: c for c in table.columns}
        for column in out.columns:
            column.cells += own[column.name].cells if column.name in own else [
                None
            ] * len(table.numbers)  # fmt: skip
        out.numbers += table.numbers
        out.told += table.told
        out.refused += table.refused
        if out.wkb is not None:
            out.wkb += table.wkb if table.wkb is not None else [None] * len(table.numbers)
    for key in OF_ROWS:
        if any(key in table.hints for table in tables):
            parts = [table.hints.get(key) or [None] * len(table.numbers) for table in tables]
            out.hints[key] = [entry for part in parts for entry in part]
    return out


def _filled(tables: tuple[Parsed, ...]) -> list[Parsed]:
    """Return the tables that can be meant where none is named: shown, with something in them."""
    filled = [t for t in tables if t.numbers or t.columns or (t.sheet is not None and t.sheet.rows)]
    shown = [t for t in filled if t.sheet is None or not t.sheet.hidden]
    with_rows = [t for t in shown or filled if t.numbers or t.sheet is not None]
    return with_rows or shown or filled or list(tables[:1])


def _named(tables: Sequence[Parsed], name: str) -> Parsed:
    """Return the table of a name, letter by letter first, then as people read it.

    Raises
    ------
    Refusal
        There is none; with the name that comes close, or all there are.
    """
    for key in (str, text.clean, text.fold):
        for table in tables:
            if table.name is not None and key(table.name) == key(name):
                return table
    known = [str(table.name) for table in tables if table.name is not None]
    if not known:
        return tables[0]  # a file of one table, whatever it is called
    close = text.suggestions(name, known, 1)
    if close:
        raise Refusal("TABLE_UNKNOWN_MEANT", meant=close[0], known=known)
    raise Refusal("TABLE_UNKNOWN", known=known)


def _by_layer(tables: list[Parsed], layer: str) -> list[Parsed]:
    """Return the one table that is called as the layer is, if there is just one."""
    known = schema(layer)
    names = {text.fold(name) for name in (known.name, known.title.vi, *known.aliases)}
    found = [table for table in tables if text.fold(table.name or "") in names]
    return found if len(found) == 1 else []
