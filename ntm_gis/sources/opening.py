"""One file through the door, the reading process, and into columns of Unicode text.

What `read` and `look` do alike is here: each file is taken in and parsed once, whatever number
of entries name it.
"""

from __future__ import annotations

import contextlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ntm_gis.sources import headings, letters, rowkinds
from ntm_gis.sources.child import Child
from ntm_gis.sources.intake import Taken, take
from ntm_gis.sources.readers.parsed import Column, Parsed, Refusal, from_wire

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    """

    def __init__(self, shelf: Path, child: Child, root: Path | None = None) -> None:
        self.child = child
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
        taken = take(path, self._shelf, name=name, root=self._root)
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
def opening(root: Path | None) -> Iterator[Opener]:
    """Start a reading process with a private folder; both are gone at the end.

    Parameters
    ----------
    root : Path or None
        The folder in which files must lie; None where a person names the file.
    """
    with (
        tempfile.TemporaryDirectory(prefix="ntm-gis-", ignore_cleanup_errors=True) as private,
        Child(Path(private)) as child,
    ):
        child.start()
        shelf = Path(private) / "copies"
        shelf.mkdir()
        yield Opener(shelf, child, root)


def settled(
    table: Parsed, kind: str, *, encoding: str | None = None
) -> tuple[Parsed, letters.Letters]:
    """Return a table with columns, Unicode texts and records alone; the input is not changed.

    Parameters
    ----------
    table : Parsed
        As it was parsed.
    kind : str
        The kind of file.
    encoding : str, optional
        The letter code that commune.toml names.
    """
    whole = table.copy() if table.sheet is None else headings.split(
        table, letters=kind == "xlsx"
    )  # fmt: skip
    found = letters.settle(whole, chosen=encoding)
    whole.told += found.told
    if table.sheet is not None:
        whole = rowkinds.records(whole)
    _separate_names(whole)
    return whole, found


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


def _separate_names(table: Parsed) -> None:
    """Keep names of columns apart, from each other and from ours."""
    seen: set[str] = {"geometry"}
    for column in table.columns:
        name, n = column.name.strip() or "–", 2
        if name.startswith("@"):
            name = f"({name})"
        while name in seen:
            name, n = f"{column.name} ({n})", n + 1
        column.name = name
        seen.add(name)
