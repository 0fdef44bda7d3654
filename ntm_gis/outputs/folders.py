"""The folder of a commune: the sample written out, a new one made, a file taken in.

The only outputs that write outside `out/`; each is a command of its own. Files that are there
are never changed.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from ntm_gis import shipped
from ntm_gis.errors import OutputError
from ntm_gis.outputs.files import atomic_write
from ntm_gis.rules import commune_text
from ntm_gis.rules.commune import FILE_NAME, Identity, Predecessor, SourceEntry

SOURCES = "sources"
TEMPLATES = "templates"


def write_sample(folder: Path, *, overwrite: bool = False) -> tuple[Path, ...]:
    """Write the sample commune.

    Parameters
    ----------
    folder : Path
        Made where it is missing.
    overwrite : bool
        Replace files of the sample that differ from ours; other files are left alone always.

    Returns
    -------
    tuple of Path
        Every file of the sample, written or found equal.

    Raises
    ------
    OutputError
        A file of that name with other content is there, or nothing can be written.
    """
    origin = shipped.path("data", "sample")
    files = sorted(path for path in origin.rglob("*") if path.is_file())
    out = []
    for path in files:
        target = folder / path.relative_to(origin)
        content = path.read_bytes()
        if target.exists() and target.read_bytes() != content and not overwrite:
            raise OutputError("FOLDER_NOT_EMPTY", folder=folder.name, file=target.name)
        if not target.exists() or target.read_bytes() != content:
            atomic_write(target, content)
        out.append(target)
    return tuple(out)


def write_new(folder: Path, identity: Identity, predecessors: tuple[Predecessor, ...] = ()) -> Path:
    """Make the folder of a commune with its commune.toml and an empty `sources/`.

    Raises
    ------
    OutputError
        The folder has a commune.toml already.
    """
    target = folder / FILE_NAME
    if target.exists():
        raise OutputError("FOLDER_NOT_EMPTY", folder=folder.name, file=FILE_NAME)
    atomic_write(target, commune_text.commune(identity, predecessors).encode("utf-8"))
    (folder / SOURCES).mkdir(exist_ok=True)
    return target


def write_template(folder: Path, name: str, content: bytes) -> Path:
    """Write an Excel template into `templates/`; one that is there stays as it is."""
    target = folder / TEMPLATES / name
    if not target.exists():
        atomic_write(target, content)
    return target


def take_in(folder: Path, file: Path, members: tuple[Path, ...] = ()) -> str:
    """Copy a file and what belongs to it into `sources/`; return its name in commune.toml.

    A file that lies in the folder of the commune already stays where it is. Where another file
    of the same name is there, the new one gets a number: nothing is replaced.

    Raises
    ------
    OutputError
        It cannot be copied.
    """
    home = folder.resolve()
    if file.resolve().is_relative_to(home):
        return file.resolve().relative_to(home).as_posix()
    parts = (file, *members)
    stem = _free_stem(folder / SOURCES, file, parts)
    for part in parts:
        target = _renamed(folder / SOURCES, file, part, stem)
        if not target.exists():
            atomic_write(target, part.read_bytes())
    return f"{SOURCES}/{stem}{file.suffix}"


def _renamed(place: Path, file: Path, part: Path, stem: str) -> Path:
    return place / f"{stem}{part.name[len(file.stem) :]}"


def _free_stem(place: Path, file: Path, parts: tuple[Path, ...]) -> str:
    """Return a stem under which all parts are there already, or none is."""
    for number in range(1, 1000):
        stem = file.stem if number == 1 else f"{file.stem}_{number}"
        targets = [(_renamed(place, file, part, stem), part) for part in parts]
        there = [(target, part) for target, part in targets if target.exists()]
        if not there:
            return stem
        # Equal in every part: the lines of a shapefile may stay while its table changes.
        same = all(target.read_bytes() == part.read_bytes() for target, part in there)
        if len(there) == len(targets) and same:
            return stem
    raise OutputError("FOLDER_NOT_EMPTY", folder=place.name, file=file.name)


def append_sources(folder: Path, entries: tuple[SourceEntry, ...]) -> None:
    """Put `[[source]]` tables at the end of commune.toml; what stands there stays."""
    target = folder / FILE_NAME
    text = target.read_text(encoding="utf-8-sig").rstrip("\n")
    parts = [text, *(commune_text.source(entry).rstrip("\n") for entry in entries)]
    # The text before us is kept as it was received, so that a person's hand can be undone.
    shutil.copyfile(target, target.with_suffix(".toml.bak"))
    atomic_write(target, ("\n\n".join(parts) + "\n").encode("utf-8"))
