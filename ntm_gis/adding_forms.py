"""A folder of forms taken in as one source: many files of one sheet, `files = "sources/X/*.xlsx"`.

What the first form says of sheet, columns and codes holds for all; a form with other columns is
named and stays outside. A corrected form of the same name takes the place of the old one, which
is kept aside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ntm_gis import sources, text
from ntm_gis.adding_files import is_own_output
from ntm_gis.asking import Said, Wish
from ntm_gis.outputs import folders, received
from ntm_gis.questions import settle
from ntm_gis.rules.commune import Commune, SourceEntry
from ntm_gis.rules.schema import schema
from ntm_gis.sources import Held, Table

ENDING = ".xlsx"
_LOOKED_AT = 8
"""Forms looked at before one is taken for the pattern of all."""


def workbooks(place: Path) -> list[Path]:
    """Return the Excel files of a folder by name; those that Excel keeps beside an open one not."""
    found = (p for p in place.iterdir() if p.suffix.lower() == ENDING and p.is_file())
    return sorted(
        (path for path in found if not path.name.startswith((".", "~$"))),
        key=lambda path: text.sort_key(path.name),
    )


def _common_first(files: list[Path]) -> list[Path]:
    """Return forms in their order, but one that is like others before one that is not.

    What the first form says holds for all: a single odd one must not keep all others outside.
    """
    looked = {file: tuple(sources.look(file)[0].columns) for file in files[:_LOOKED_AT]}
    count = Counter(columns for columns in looked.values() if columns)
    if len(count) <= 1:
        return files
    most = max(count.values())
    first = next(file for file, columns in looked.items() if count.get(columns) == most)
    return [first, *(file for file in files if file != first)]


def add_forms(
    folder: Path, place: Path, commune: Commune, ground: Any, wish: Wish, out: Said
) -> list[SourceEntry]:
    """Take the forms of a folder in as one source.

    Parameters
    ----------
    place : Path
        A folder that holds Excel files.
    ground : polygon, optional
        The commune, in its zone.

    Returns
    -------
    list of SourceEntry
        The entry written to commune.toml; none where it is there, or no form could be taken in.

    Raises
    ------
    OutputError
        A form cannot be copied.
    """
    files, first, entry = _common_first(workbooks(place)), None, None
    needed: set[str] = set()
    called, taken, rows = place.resolve().name, 0, 0
    for file in files:
        with sources.held(file, zone=commune.commune.crs, boundary=ground) as held:
            table = _table(held, file, wish, first, out)
            if table is None:
                continue
            if first is None:
                entry = settle(table, commune, wish, out, several=_several(held))
                if entry is None:
                    return []
                first, called = table, _called(called, entry, table, commune)
                needed = _needed(entry, table)
            elif not needed <= set(table.columns):
                # Only columns that are read matter: somebody took "ĐVT" out of a form.
                lacking = ", ".join(n for n in first.columns if n in needed - set(table.columns))
                out.leave("ADD_FORM_OTHER", file=file.name, columns=lacking)
                continue
            kept = received.take_form(folder, called, held.copies[0])
        taken, rows = taken + 1, rows + table.rows
        if kept is not None:
            shown = kept.relative_to(folder).as_posix()
            out.tell("ADD_REPLACED", file=file.name, kept=shown)
    if entry is None:
        return []
    title = schema(entry.layer).title.words
    out.tell("ADD_FORMS", source=called, title=title, count=taken, of=len(files), rows=rows)
    pattern = _pattern(called)
    if any(e.layer == entry.layer and e.files == pattern for e in commune.sources):
        return []
    said = entry.model_dump(exclude_defaults=True) | {"file": None, "files": pattern}
    written = SourceEntry.model_validate(said)
    folders.write_sources(folder, [written])
    return [written]


def _needed(entry: SourceEntry, table: Table) -> set[str]:
    """Return the columns of a form that are read: named in the entry, or known by their heads."""
    rules = schema(entry.layer)
    named = set(entry.fields.values())
    return {
        column for column in table.columns
        if column in named or rules.known.meant(column) in rules.names
    }  # fmt: skip


def _table(held: Held, file: Path, wish: Wish, first: Table | None, out: Said) -> Table | None:
    """Return the sheet of a form that is meant: that of the first form, else the first filled."""
    if not held.copies:
        out.unreadable += 1
        out.lines += [f.message for f in held.tables[0].findings]
        return None
    if is_own_output(held.tables):
        out.refuse("ADD_OWN_OUTPUT", file=file.name)
        return None
    shown = [t for t in held.tables if t.rows and not t.hidden]
    named = wish.table if first is None else first.table if _several(held) else None
    if named is not None:
        shown = [t for t in shown if text.fold(t.table or "") == text.fold(named)]
    if not shown:
        out.leave("ADD_EMPTY", file=file.name)
        return None
    return shown[0]


def _several(held: Held) -> bool:
    return sum(1 for table in held.tables if table.rows) > 1


def _pattern(called: str) -> str:
    return f"{folders.SOURCES}/{called}/*{ENDING}"


def _called(name: str, entry: SourceEntry, table: Table, commune: Commune) -> str:
    """Return the folder in `sources/`: another one where forms of other columns lie already."""

    def clashes(called: str) -> bool:
        there: Sequence[SourceEntry] = [e for e in commune.sources if e.files == _pattern(called)]
        return any(
            e.layer != entry.layer or not set(e.fields.values()) <= set(table.columns)
            for e in there
        )

    number, called = 1, name
    while clashes(called):
        number += 1
        called = f"{name}_{number}"
    return called
