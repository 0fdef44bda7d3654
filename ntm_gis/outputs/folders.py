"""The folder of a commune: the sample written out, a new one made, a file taken in.

The only outputs that write outside `out/`; each is a command of its own. Files that are there
are never changed.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from ntm_gis import shipped
from ntm_gis.errors import OutputError
from ntm_gis.outputs.files import atomic_write, replacing
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


class Part(Protocol):
    """A copy that was looked at: the name of its file, where it lies, the digest of its bytes."""

    @property
    def name(self) -> str:
        """Name of the file it is of."""

    @property
    def path(self) -> Path:
        """Where the copy lies."""

    @property
    def sha256(self) -> str:
        """Digest of its bytes."""


def take_in(folder: Path, file: Path, copies: Sequence[Part]) -> str:
    """Put a file and what belongs to it into `sources/`; return its name in commune.toml.

    A file that lies in the folder of the commune already stays where it is. Where another file
    of the same name is there, the new one gets a number: nothing is replaced.

    Parameters
    ----------
    file : Path
        The file as a person named it; it is not opened.
    copies : sequence of Part
        What was looked at: exactly these bytes go in.

    Raises
    ------
    OutputError
        A copy cannot be written, or is not what was looked at; then none of them is there.
    """
    home = folder.resolve()
    real = file.resolve()
    if real.is_relative_to(home):
        return real.relative_to(home).as_posix()
    place = folder / SOURCES
    stem = _free_stem(place, file, copies)
    put: list[Path] = []
    try:
        for part in copies:
            target = _renamed(place, part, stem)
            if not target.exists():
                _put(part, target)
                put.append(target)
    except OutputError:
        for target in put:
            target.unlink(missing_ok=True)
        raise
    return f"{SOURCES}/{stem}{file.suffix}"


def _renamed(place: Path, part: Part, stem: str) -> Path:
    return place / f"{stem}{Path(part.name).suffix}"


def _free_stem(place: Path, file: Path, copies: Sequence[Part]) -> str:
    """Return a stem under which all parts are there already, or none is."""
    for number in range(1, 1000):
        stem = file.stem if number == 1 else f"{file.stem}_{number}"
        there = [(t, part) for part in copies if (t := _renamed(place, part, stem)).exists()]
        if not there:
            return stem
        # Equal in every part: the lines of a shapefile may stay while its table changes.
        if len(there) == len(copies) and all(_digest(t) == part.sha256 for t, part in there):
            return stem
    raise OutputError("FOLDER_NOT_EMPTY", folder=place.name, file=file.name)


def _put(part: Part, target: Path) -> None:
    """Write the bytes of a copy under its new name, if they are still what was looked at."""
    with replacing(target, expected=part.path.stat().st_size) as temporary:
        shutil.copyfile(part.path, temporary)
        if _digest(temporary) != part.sha256:
            raise OutputError("TAKEN_IN_CHANGED", file=part.name)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def append_sources(folder: Path, entries: tuple[SourceEntry, ...]) -> None:
    """Put `[[source]]` tables at the end of commune.toml.

    Not one byte of what stands there changes, so that nothing needs a backup: who wants to undo
    it deletes the end.
    """
    target = folder / FILE_NAME
    before = target.read_bytes()
    line = "\r\n" if b"\r\n" in before else "\n"
    parts = [commune_text.source(entry).rstrip("\n") for entry in entries]
    text = "\n" * (2 if before and not before.endswith(b"\n") else 1) + "\n\n".join(parts) + "\n"
    atomic_write(target, before + text.replace("\n", line).encode("utf-8"))
