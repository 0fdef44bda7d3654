"""`add`: files taken into the folder of a commune; `new`, which makes it, is `ntm_gis.founding`.

Officials don't edit TOML: what a file is, is recognised or asked about (`ntm_gis.questions`).
Each file is settled, copied and written down before the next is looked at, so that whoever
stops half-way leaves nothing behind that no entry names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ntm_gis import adding_removal, sources, text
from ntm_gis.adding_again import instead_of, may_change
from ntm_gis.adding_entries import (
    are_several,
    of_table,
    same_table,
    settled_entries,
    updated,
    wished,
)
from ntm_gis.adding_files import (
    BESIDE,
    contents,
    is_own_output,
    main_files,
    may_be_boundary,
    of_forms,
)
from ntm_gis.adding_forms import add_forms, workbooks
from ntm_gis.adding_photos import add_photos, holds_photos
from ntm_gis.asking import Ask, Said, Wish
from ntm_gis.asking_constants import keys_of, said
from ntm_gis.asking_systems import epsg
from ntm_gis.corrections import Place, placed
from ntm_gis.outputs import folders, received
from ntm_gis.questions import NOT_A_LAYER, fits, layer_named
from ntm_gis.rules import commune as communes
from ntm_gis.rules.commune import Commune, SourceEntry
from ntm_gis.rules.schema import schema
from ntm_gis.sources import Held, Table

Progress = Callable[[str], None]


@dataclass
class Added(Said):
    """What `add` did: entries written, lines for a person, and what is left open."""

    entries: list[SourceEntry] = field(default_factory=list)

    @property
    def status(self) -> int:
        """Return the exit status: 3 a file could not be taken in, 1 something is open, 0."""
        return 3 if self.unreadable else 1 if self.open else 0

    def as_json(self) -> dict[str, Any]:
        """Return it for `--json`."""
        return {
            "sources": [e.model_dump(mode="json", exclude_defaults=True) for e in self.entries],
            "lines": [line.as_json() for line in self.lines],
            "open": self.open,
            "unreadable": self.unreadable,
        }


def add(  # noqa: PLR0913 - what a person may say of the files beforehand
    folder: Path,
    files: Sequence[Path],
    *,
    layer: str | None = None,
    table: str | None = None,
    crs: str | None = None,
    accept: bool = False,
    remove: bool = False,
    values: Sequence[str] = (),
    ask: Ask,
    progress: Progress = lambda _: None,
) -> Added:
    """Take files in: copy them into `sources/`, recognise them, write commune.toml.

    What commune.toml says of a file already is not asked again; what is said now (`layer`,
    `crs`) takes its place. A corrected file of the same name replaces the one that is there,
    which is kept aside.

    Parameters
    ----------
    layer, crs : str, optional
        What every file given is, where the caller knows; a layer by its name or its title.
    table : str, optional
        The sheet or layer of each file that is meant.
    accept : bool
        Take the best guess wherever a person would be asked.
    remove : bool
        The files are no sources any more: each is taken out of commune.toml and kept aside.
    values : sequence of str
        What holds for all rows, as `FIELD=VALUE`: `plan_id=P2`.
    ask : callable
        Asked with a question, answers (key, label) and the proposal; answers a key or None.

    Raises
    ------
    ConfigError, RuleError
        The folder is no commune's, or `layer` is no layer.
    CrsError
        `crs` is no system.
    """
    commune = communes.read(folder)
    if crs is not None:
        epsg(crs)  # what is no system is said before anything is copied
    asked = None if layer is None else layer_named(layer)
    wish = Wish(asked, crs, accept, ask, table, said(values))
    out = Added()
    if remove:
        adding_removal.remove(folder, files, out)
        return out
    ground: Any = None
    stale = True
    for file in main_files(folder, files, out):
        progress(file.name)
        if stale:
            ground = _ground(folder, commune)
        if file.is_dir():
            written = _add_folder(folder, file, commune, ground, wish, out)
        else:
            written = _add_file(folder, file, commune, ground, wish, out)
        out.entries += written
        if written:
            commune = communes.read(folder)
        stale = any(entry.layer == "boundary" for entry in written)
    if "ADD_COLUMN_OPEN" in out.codes:
        out.tell("ADD_LEFT_OPEN")
    if out.entries:
        params = {"folder": folder.resolve().name, "typed": text.typed(folder)}
        out.tell("ADD_DONE", count=len(out.entries), **params)
    return out


def _ground(folder: Path, commune: Commune) -> Any:
    """Return the boundary in the commune's zone where the folder has one."""
    if not commune.of_layer("boundary"):
        return None
    found = sources.read(folder, commune, only=frozenset({"boundary"}))
    shapes = [g for raw in found.raws for g in raw.frame.geometry if g is not None]
    return shapes[0] if shapes else None


def _add_folder(
    folder: Path, place: Path, commune: Commune, ground: Any, wish: Wish, out: Added
) -> list[SourceEntry]:
    """Take in what a folder holds: forms as one source, pictures as another, other files each."""
    files = [f for f in contents(place) if f.suffix.lower().lstrip(".") not in BESIDE]
    forms = bool(workbooks(place)) and (wish.layer is not None or of_forms(place))
    if files and not forms:
        return _add_mixed(folder, place, files, commune, ground, wish, out)
    written = add_forms(folder, place, commune, ground, wish, out) if forms else []
    if not forms or holds_photos(place):
        written = [*written, *add_photos(folder, place, commune, out)]
    return written


def _add_mixed(
    folder: Path,
    place: Path,
    files: Sequence[Path],
    commune: Commune,
    ground: Any,
    wish: Wish,
    out: Added,
) -> list[SourceEntry]:
    """Take in a folder of all sorts of files: a boundary first, then each by itself."""
    out.tell("ADD_FOLDER_MIXED", folder=place.name, count=len(files))
    written: list[SourceEntry] = []
    for file in sorted(files, key=lambda one: not may_be_boundary(one)):
        found = _add_file(folder, file, commune, ground, wish, out)
        if found:
            written += found
            commune = communes.read(folder)
        if any(entry.layer == "boundary" for entry in found):
            ground = _ground(folder, commune)
    if holds_photos(place):
        written += add_photos(folder, place, commune, out)
    below = [path.name for path in sorted(place.iterdir()) if path.is_dir() and any(path.iterdir())]
    if below:
        out.leave("ADD_FOLDER_BELOW", folder=place.name, names=tuple(below))
    return written


def _add_file(
    folder: Path, file: Path, commune: Commune, ground: Any, wish: Wish, out: Added
) -> list[SourceEntry]:
    """Look at a file, settle its tables, take in the very bytes that were looked at, write it."""
    with sources.held(file, zone=commune.commune.crs, boundary=ground) as held:
        if not held.copies:
            out.unreadable += 1
            out.lines += [f.message for f in held.tables[0].findings]
            out.lines += [f.repair for f in held.tables[0].findings if f.repair is not None]
            return []
        if is_own_output(held.tables):
            out.refuse("ADD_OWN_OUTPUT", file=file.name)
            return []
        tables = _tables(held.tables, file, wish, out)
        if not tables:
            return []
        place = placed(folder, file, held, tables, commune, wish)
        known = [e for e in commune.sources if e.file == place.name]
        tables = [t for t in tables if may_change(t, of_table(known, t), wish, out)]
        whole = [e for e in known if e.table is None and are_several(held) and tables]
        # An entry without a table means all that the file holds: then no part is another.
        entries = [wished(e, wish) for e in whole] or settled_entries(
            tables, held, commune, known, wish, out, keys_of(folder, commune)
        )
        if not entries:
            out.leave("ADD_NOTHING", file=file.name)
            return []
        # A file that was kept beside its namesake was asked about already.
        if not known and not place.renamed and len(entries) == 1:
            table = next((t for t in tables if t.table == entries[0].table), tables[0])
            instead = instead_of(folder, place, table, entries[0], commune, wish, out)
            if instead is None:
                return []
            place = instead
        return _written(folder, file, held, place, entries, known, out)


def _tables(tables: Sequence[Table], file: Path, wish: Wish, out: Added) -> list[Table]:
    """Return the tables of a file that may be meant: filled, shown, called as wished."""
    shown = [t for t in tables if t.rows and not t.hidden]
    if wish.table is not None:
        for key in (str, text.clean, text.fold):
            same = [t for t in tables if t.table is not None and key(t.table) == key(wish.table)]
            if same:
                return same
        known = ", ".join(str(t.table) for t in tables if t.table) or "–"
        out.leave("ADD_TABLE_UNKNOWN", file=file.name, table=wish.table, known=known)
        return []
    if not shown:
        out.leave("ADD_EMPTY", file=file.name)
    if wish.layer is None or len(shown) < 2:
        return shown
    scores = [fits(t, wish.layer, several=True) for t in shown]
    meant = [t for t, score in zip(shown, scores, strict=True) if score >= NOT_A_LAYER]
    if not meant:
        title = schema(wish.layer).title.words
        known = ", ".join(str(t.table) for t in shown)
        out.leave("ADD_TABLE_OPEN", file=file.name, title=title, known=known)
    return meant


def _written(
    folder: Path,
    file: Path,
    held: Held,
    place: Place,
    entries: Sequence[SourceEntry],
    known: Sequence[SourceEntry],
    out: Added,
) -> list[SourceEntry]:
    """Copy a file in and write its entries; when one of both fails, all is as it was."""
    new: list[SourceEntry] = []
    changed: list[tuple[SourceEntry, SourceEntry]] = []
    for entry in entries:
        settled = entry.model_copy(update={"file": place.name})
        same = (e for e in known if same_table(e, settled, len(entries)))
        before = place.instead or next(same, None)
        if before is None:
            new.append(settled)
        elif (after := updated(before, settled)) != before:
            changed.append((before, after))
        elif not place.old:
            out.tell("ADD_ALREADY", file=file.name, title=schema(entry.layer).title.words)
    if not (new or changed or place.old):
        return []
    with received.taking_in(
        folder, place.name, () if place.there else held.copies, place.old
    ) as kept:
        if new or changed:
            folders.write_sources(folder, new, changed)
    if place.old:
        shown = kept[0].relative_to(folder).as_posix()
        code = "ADD_REPLACED" if place.instead is None else "ADD_REPLACED_OTHER"
        out.tell(code, file=file.name, kept=shown, other=Path(place.old[0]).name)
    elif place.renamed:
        out.tell("ADD_KEPT_BOTH", file=file.name, name=place.name)
    for _, after in changed:
        out.tell("ADD_UPDATED", file=file.name, title=schema(after.layer).title.words)
    replaced = [e.model_copy(update={"file": place.name}) for e in entries] if place.old else []
    return [*new, *(after for _, after in changed)] or replaced
