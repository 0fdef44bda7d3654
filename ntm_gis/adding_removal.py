"""`add --remove`: a source taken out of commune.toml, its file kept aside."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ntm_gis import text
from ntm_gis.adding_again import parts
from ntm_gis.asking import Said
from ntm_gis.outputs import folders, received
from ntm_gis.rules import commune as communes
from ntm_gis.rules.commune import Commune, SourceEntry


def remove(folder: Path, files: Sequence[Path], out: Said) -> None:
    """Take sources out of the folder of a commune; no file is deleted.

    Parameters
    ----------
    files : sequence of Path
        Files or folders as commune.toml names them, or their names alone.

    Raises
    ------
    ConfigError
        The folder is no commune's.
    OutputError
        A file cannot be moved, or commune.toml is written in a way that only a person can change.
    """
    for file in files:
        commune = communes.read(folder)
        entries = _meant(folder, file, commune)
        if not entries:
            known = ", ".join(dict.fromkeys(_name(e) for e in commune.sources)) or "–"
            out.refuse("ADD_REMOVE_UNKNOWN", file=file.name, known=known)
            continue
        name = entries[0].file
        old = () if name is None else parts(folder, name)
        with received.taking_in(folder, name or "", (), old) as kept:
            folders.remove_sources(folder, entries)
        if kept:
            shown = kept[0].relative_to(folder).as_posix()
            out.tell("ADD_REMOVED", file=_name(entries[0]), kept=shown)
        else:
            out.tell("ADD_REMOVED_ENTRY", file=_name(entries[0]))


def _meant(folder: Path, file: Path, commune: Commune) -> list[SourceEntry]:
    """Return all entries of the one source that a person means, by its path, then by its name."""
    root, real = folder.resolve(), file.resolve()
    inside = real.relative_to(root).as_posix() if real.is_relative_to(root) else None
    there = [_said(entry) for entry in commune.sources]
    asked = text.fold(file.name)
    for names in (
        {said for said in there if said in (inside, file.as_posix())},
        {said for said in there if Path(said).name == file.name},
        {said for said in there if text.fold(Path(said).name) == asked},
        {_said(e) for e in commune.sources if text.fold(_name(e)) == asked},
    ):
        if len(names) == 1:
            return [e for e in commune.sources if _said(e) in names]
    return []


def _said(entry: SourceEntry) -> str:
    return entry.file or entry.files or ""


def _name(entry: SourceEntry) -> str:
    """Name a source as a person does: a folder of forms by the folder, not by "*.xlsx"."""
    said = Path(_said(entry))
    return said.parent.name if entry.files else said.name
