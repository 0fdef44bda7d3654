"""Entries of commune.toml: what is settled of a file now, beside what is said of it already."""

from __future__ import annotations

from collections.abc import Sequence

from ntm_gis.adding_boundary import own_row
from ntm_gis.asking import Said, Wish, named
from ntm_gis.asking_constants import Keys
from ntm_gis.asking_systems import epsg
from ntm_gis.questions import settle
from ntm_gis.rules.commune import Commune, SourceEntry
from ntm_gis.sources import Held, Table


def of_table(known: Sequence[SourceEntry], table: Table) -> list[SourceEntry]:
    """Return the entries of a file that may be of one table of it."""
    return [e for e in known if e.table is None or e.table == table.table]


def wished(entry: SourceEntry, wish: Wish) -> SourceEntry:
    """Return an entry with what the caller said just now, and nothing else changed."""
    said = {"layer": wish.layer, "crs": None if wish.crs is None else epsg(wish.crs)}
    return entry.model_copy(update={k: v for k, v in said.items() if v is not None})


def same_table(known: SourceEntry, settled: SourceEntry, count: int) -> bool:
    """Whether an entry is of the table that was settled just now."""
    alone = count == 1 and (known.table is None or settled.table is None)
    return alone or known.table == settled.table


def updated(before: SourceEntry, settled: SourceEntry) -> SourceEntry:
    """Return an entry with what was settled now; what was said before and still holds stays."""
    if settled.layer != before.layer:
        keep = {"table": before.table, "encoding": before.encoding, "where": before.where}
        return settled.model_copy(update={k: v for k, v in keep.items() if v})
    said = {"file": settled.file, "crs": settled.crs, "fields": settled.fields,
            "codes": settled.codes, "where": settled.where, "values": settled.values,
            "former_commune": settled.former_commune}  # fmt: skip
    out = before.model_copy(update={k: v for k, v in said.items() if v})
    # The sheets of another file have names of their own.
    other = before.file != settled.file
    return out.model_copy(update={"table": settled.table}) if other else out


def are_several(held: Held) -> bool:
    """Whether more than one table of a file has rows."""
    return sum(1 for table in held.tables if table.rows) > 1


def settled_entries(
    tables: Sequence[Table],
    held: Held,
    commune: Commune,
    known: Sequence[SourceEntry],
    wish: Wish,
    out: Said,
    keys: Keys,
) -> list[SourceEntry]:
    """Settle the tables of a file, each by itself."""
    several = are_several(held)
    entries = []
    for table in tables:
        entry = settle(
            table, commune, wish, out, several=several, known=of_table(known, table), keys=keys
        )
        if entry is None:
            continue
        settled: SourceEntry | None = entry
        if entry.layer == "boundary" and _is_second(entry, table, commune, known, wish):
            out.leave("ADD_BOUNDARY_SECOND", source=named(table))
            settled = None
        elif entry.layer == "boundary":
            settled = own_row(entry, table, commune.commune, wish, out)
        if settled is not None:
            entries.append(settled)
    return entries


def _is_second(
    entry: SourceEntry, table: Table, commune: Commune, known: Sequence[SourceEntry], wish: Wish
) -> bool:
    """Whether nobody but a guess says that a file is the boundary, which is there already."""
    guessed = wish.accept and wish.layer is None and not of_table(known, table)
    return guessed and table.rows > 1 and bool(commune.of_layer(entry.layer))
