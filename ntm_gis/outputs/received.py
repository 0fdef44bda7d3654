"""Files taken into the folder of a commune: where each goes, and how it gets there whole.

Files that are there are never changed: one that is replaced is moved aside and kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ntm_gis.errors import OutputError
from ntm_gis.outputs.files import explained, replacing
from ntm_gis.outputs.folders import SOURCES

REPLACED = "thay-the"
"""A folder in `sources/`, where nothing is read: files that later ones stand for."""


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


@dataclass(frozen=True)
class Home:
    """Where a file lies in the folder of a commune, or would lie.

    Parameters
    ----------
    name : str
        As commune.toml names it.
    state : {"inside", "same", "other", "free"}
        It lies in the folder itself; the same bytes lie there; another file of the name does;
        none does.
    free : str
        A name under which nothing lies.
    """

    name: str
    state: str
    free: str


def home(folder: Path, file: Path, copies: Sequence[Part]) -> Home:
    """Say where a file lies in the folder of the commune, or would lie.

    Parameters
    ----------
    file : Path
        The file as a person named it; it is not opened.
    copies : sequence of Part
        What was looked at.
    """
    root, real = folder.resolve(), file.resolve()
    if real.is_relative_to(root):
        name = real.relative_to(root).as_posix()
        return Home(name, "inside", name)
    place = folder / SOURCES
    taken = False
    for number in range(1, 1000):
        stem = file.stem if number == 1 else f"{file.stem}_{number}"
        name = f"{SOURCES}/{stem}{file.suffix}"
        there = [(t, part) for part in copies if (t := _renamed(place, part, stem)).exists()]
        if not there:
            first = f"{SOURCES}/{file.name}"
            return Home(first, "other", name) if taken else Home(name, "free", name)
        # Equal in every part: the lines of a shapefile may stay while its table changes.
        if len(there) == len(copies) and all(_digest(t) == part.sha256 for t, part in there):
            return Home(name, "same", name)
        taken = True
    raise OutputError("FOLDER_NOT_EMPTY", folder=place.name, file=file.name)


@contextlib.contextmanager
def taking_in(
    folder: Path, name: str, copies: Sequence[Part], old: Sequence[str] = ()
) -> Iterator[tuple[Path, ...]]:
    """Put a file and what belongs to it into `sources/`; take it back where what follows fails.

    Parameters
    ----------
    name : str
        As commune.toml names it.
    copies : sequence of Part
        What was looked at: exactly these bytes go in.
    old : sequence of str
        Names of files in `sources/` that it replaces: they are moved into `sources/thay-the/`,
        under a number, and kept.

    Yields
    ------
    tuple of Path
        Where the replaced files lie now.

    Raises
    ------
    OutputError
        A copy cannot be written, or is not what was looked at; then all is as it was.
    """
    place, stem = folder / SOURCES, Path(name).stem
    moves = _aside(place, old)
    done: list[tuple[Path, Path]] = []
    put: list[Path] = []
    try:
        for source, target in moves:
            _move(source, target)
            done.append((source, target))
        for part in copies:
            target = _renamed(place, part, stem)
            if not target.exists():
                _put(part, target)
                put.append(target)
        yield tuple(target for _, target in moves)
    except BaseException:  # also where a person stops the program
        for target in put:
            target.unlink(missing_ok=True)
        for source, target in done:
            _move(target, source)
        raise


def take_photos(
    folder: Path, photos: Path, files: Sequence[Path], called: str = ""
) -> tuple[str, int]:
    """Copy pictures into a folder of their own under `sources/`, each once.

    Parameters
    ----------
    photos : Path
        The folder that they lie in.
    files : sequence of Path
        The pictures.
    called : str
        What the folder is to be called; as it is called now where left out.

    Returns
    -------
    str, int
        The folder as commune.toml names it, and how many pictures were copied. A picture whose
        name is taken by another gets a number.

    Raises
    ------
    OutputError
        A picture cannot be read or written.
    """
    root, real = folder.resolve(), photos.resolve()
    if real.is_relative_to(root):
        return real.relative_to(root).as_posix(), 0
    place = folder / SOURCES / (called or photos.resolve().name)
    copied = 0
    for file in files:
        try:
            digest = _digest(file)
            target = _free(place, file, digest)
            if target is not None:
                with replacing(target, expected=file.stat().st_size) as temporary:
                    shutil.copyfile(file, temporary)
                copied += 1
        except OSError as cause:
            raise explained(cause, file) from cause
    return place.relative_to(folder).as_posix(), copied


def take_form(folder: Path, called: str, part: Part) -> Path | None:
    """Put one form of many into its folder under `sources/`.

    Parameters
    ----------
    called : str
        The folder of the forms.
    part : Part
        What was looked at: exactly these bytes go in.

    Returns
    -------
    Path or None
        Where an older form of the same name lies now; None where there was none, or the same.

    Raises
    ------
    OutputError
        It cannot be written, or is not what was looked at; then the older form is in its place.
    """
    target = folder / SOURCES / called / Path(part.name).name
    if target.exists() and _digest(target) == part.sha256:
        return None
    old = [f"{called}/{target.name}"] if target.exists() else []
    moves = _aside(folder / SOURCES, old) if old else []
    for source, aside in moves:
        _move(source, aside)
    try:
        _put(part, target)
    except BaseException:  # also where a person stops the program
        for source, aside in moves:
            _move(aside, source)
        raise
    return moves[0][1] if moves else None


def _free(place: Path, file: Path, digest: str) -> Path | None:
    """Return where a picture goes; None where these bytes lie there already."""
    for number in range(1, 10_000):
        stem = file.stem if number == 1 else f"{file.stem}_{number}"
        target = place / f"{stem}{file.suffix}"
        if not target.exists():
            return target
        if _digest(target) == digest:
            return None
    raise OutputError("FOLDER_NOT_EMPTY", folder=place.name, file=file.name)


def _aside(place: Path, old: Sequence[str]) -> list[tuple[Path, Path]]:
    """Say where replaced files go: under the first number that none of them has there."""
    for number in range(1, 10_000):
        moves = [
            (place / name, place / REPLACED / f"{Path(name).stem}_{number}{Path(name).suffix}")
            for name in old
        ]
        if not any(target.exists() for _, target in moves):
            return moves
    raise OutputError("FOLDER_NOT_EMPTY", folder=REPLACED, file=old[0])


def _move(source: Path, target: Path) -> None:
    try:
        target.parent.mkdir(exist_ok=True)
        source.replace(target)
    except OSError as cause:
        raise explained(cause, source) from cause


def _renamed(place: Path, part: Part, stem: str) -> Path:
    return place / f"{stem}{Path(part.name).suffix}"


def _put(part: Part, target: Path) -> None:
    """Write the bytes of a copy under its new name, if they are still what was looked at."""
    with replacing(target, expected=part.path.stat().st_size) as temporary:
        shutil.copyfile(part.path, temporary)
        if _digest(temporary) != part.sha256:
            raise OutputError("TAKEN_IN_CHANGED", file=part.name)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
