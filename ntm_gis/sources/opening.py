"""One file through the door, the reading process, and into columns of Unicode text.

What `read` and `look` do alike is here: each file is taken in and parsed once, whatever number
of entries name it.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ntm_gis import text
from ntm_gis.rules.schema import schema
from ntm_gis.sources import headings, letters, rowkinds, twins
from ntm_gis.sources.child import Child
from ntm_gis.sources.intake import Taken, take
from ntm_gis.sources.readers.parsed import Column, Parsed, Refusal, from_wire
from ntm_gis.sources.sweeping import private_folder
from ntm_gis.sources.totals import Identity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ntm_gis.rules.commune import SourceEntry

_FIGURES = frozenset({"figures", "targets", "tasks"})
"""Layers whose records may be called as totals are."""

RASTERS = frozenset({"tif", "hgt"})


@dataclass(frozen=True)
class Opened:
    """A file taken in and parsed: its tables as the reading process gave them."""

    taken: Taken
    tables: tuple[Parsed, ...]


class Opener:
    """Takes files in and parses them, each once.

    Parameters
    ----------
    shelf : Path
        Folder for private copies.
    child : Child
        The reading process.
    root : Path, optional
        The folder in which files must lie.
    whole : bool
        Copy all of every file, to hand the copies on.
    """

    def __init__(
        self, shelf: Path, child: Child, root: Path | None = None, *, whole: bool = False
    ) -> None:
        self.child = child
        self._whole = whole
        self._shelf = shelf
        self._root = root
        self._known: dict[Path, Opened | Refusal] = {}

    def open(self, path: Path, name: str) -> Opened:
        """Return a file, parsed.

        Raises
        ------
        Refusal
            It cannot be taken in; the same answer whenever it is asked for again.
        """
        if path not in self._known:
            try:
                self._known[path] = self._parsed(path, name)
            except Refusal as refusal:
                self._known[path] = refusal
        found = self._known[path]
        if isinstance(found, Refusal):
            raise Refusal(found.code, **found.params)
        return found

    def _parsed(self, path: Path, name: str) -> Opened:
        taken = take(path, self._shelf, name=name, root=self._root, whole=self._whole)
        message, blocks = self.child.ask(taken.question())
        try:
            tables = from_wire(message["tables"], blocks)
        except (KeyError, TypeError, ValueError, StopIteration) as cause:
            raise Refusal("SOURCE_CRASHED") from cause
        if not tables:
            raise Refusal("SOURCE_WITHOUT_TABLES")
        if taken.kind == "jpg":
            tables[0].columns.insert(0, Column("photo", [path.name]))
        _name_tracks(tables, taken)
        return Opened(taken, tuple(tables))


@contextlib.contextmanager
def opening(root: Path | None, *, whole: bool = False) -> Iterator[Opener]:
    """Start a reading process with a private folder; both are gone at the end.

    Parameters
    ----------
    root : Path or None
        The folder in which files must lie; None where a person names the file.
    whole : bool
        Copy all of every file, to hand the copies on.

    Raises
    ------
    SourceError
        There is no place for private copies.
    """
    with private_folder() as private, Child(private) as child:
        child.start()
        shelf = private / "copies"
        shelf.mkdir()
        yield Opener(shelf, child, root, whole=whole)


def settled(
    table: Parsed, kind: str, *, entry: SourceEntry | None = None, encoding: str | None = None
) -> tuple[Parsed, letters.Letters]:
    """Return a table with columns, Unicode texts and records alone; the input is not changed.

    Parameters
    ----------
    table : Parsed
        As it was parsed.
    kind : str
        The kind of file.
    entry : SourceEntry, optional
        What commune.toml says of it, once the layer is known.
    encoding : str, optional
        The letter code that commune.toml names.
    """
    whole = table.copy() if table.sheet is None else headings.split(
        table, letters=kind == "xlsx"
    )  # fmt: skip
    found = letters.settle(whole, chosen=encoding)
    whole.told += found.told
    if table.sheet is not None:
        headings.say_whole(whole, () if entry is None else entry.fields.values())
        whole = rowkinds.records(whole, None if entry is None else _identity(whole, entry))
    return twins.separate(whole, entry), found


def _identity(table: Parsed, entry: SourceEntry) -> Identity:
    """Return the columns by which a record is known: as commune.toml names them, or by headings."""
    layer = schema(entry.layer)
    places: dict[str, set[int]] = {}
    named = {text.fold(column): name for name, column in entry.fields.items()}
    for i, column in enumerate(table.columns):
        field = named.get(text.fold(column.name)) or layer.known.meant(column.name)
        if field is not None:
            places.setdefault(field, set()).add(i)
    keys = places.get(layer.key or "", set())
    names = set().union(*(places.get(name, set()) for name in ("name", *layer.key_from)))
    others = [f for f in layer.fields if f.name not in ("name", layer.key)]
    fixed, linked = (
        frozenset().union(*(places.get(f.name, set()) for f in others if f.type == kind))
        for kind in ("choice", "reference")
    )
    return Identity(
        frozenset(keys), frozenset(names), fixed, linked,
        parents=frozenset(places.get("parent_id", ())), money="million_vnd" in layer.names,
        figures=layer.name in _FIGURES,
    )  # fmt: skip


def _name_tracks(tables: list[Parsed], taken: Taken) -> None:
    """Give each track of a GPX an id of its own: phones call all of theirs "Track 1"."""
    if taken.kind != "gpx":
        return
    for table in tables:
        if table.name not in ("tracks", "routes"):
            continue
        for column in table.columns:
            if column.name == "name":
                column.name = "recorded_name"
        count = len(table.numbers) + table.refused
        ids = [taken.stem if count == 1 else f"{taken.stem}/{n}" for n in table.numbers]
        table.columns.insert(0, Column("track_id", list(ids)))
