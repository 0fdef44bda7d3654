"""A folder of photos taken into the folder of a commune: pictures copied, none changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ntm_gis import sources, text
from ntm_gis.asking import Said
from ntm_gis.outputs import folders, received
from ntm_gis.results import Severity
from ntm_gis.rules.commune import Commune, SourceEntry
from ntm_gis.rules.schema import schema

PHOTOS = "photos"
ENDINGS = (".jpg", ".jpeg")
_SHOWN = 6


def add_photos(folder: Path, photos: Path, commune: Commune, out: Said) -> list[SourceEntry]:
    """Take the pictures of a folder in; those that are there already are not copied again.

    Each folder below it that holds pictures becomes a source of its own. Pictures that cannot be
    read are named and stay where they are.

    Parameters
    ----------
    photos : Path
        A folder.

    Returns
    -------
    list of SourceEntry
        The entries written to commune.toml; none where they are there, or there is no picture.

    Raises
    ------
    OutputError
        A picture cannot be copied.
    """
    found = [(place, files) for place in _places(photos) if (files := _pictures(place))]
    if not found:
        out.leave("ADD_FOLDER_WITHOUT_PHOTOS", folder=photos.name)
        return []
    title = schema(PHOTOS).title.words
    entries: list[SourceEntry] = []
    for place, files in found:
        good = _readable(files, commune, out)
        if not good:
            continue
        shown = " - ".join((photos.resolve().name, *place.relative_to(photos).parts))
        name, copied = received.take_photos(folder, place, good, shown)
        out.tell("ADD_PHOTOS", source=shown, title=title, count=len(good), copied=copied)
        if not any(entry.layer == PHOTOS and entry.file == name for entry in commune.sources):
            entries.append(SourceEntry(layer=PHOTOS, file=name))
    if entries:
        folders.write_sources(folder, entries)
    return entries


def holds_photos(place: Path) -> bool:
    """Whether a folder, or one below it, holds pictures."""
    return any(_pictures(below) for below in _places(place))


def _places(photos: Path) -> list[Path]:
    """Return a folder and those below it; hidden ones are no one's photos."""
    below = sorted(
        (path for path in photos.rglob("*") if path.is_dir() and not path.is_symlink()),
        key=lambda path: text.sort_key(path.relative_to(photos).as_posix()),
    )
    hidden = [p for p in below if any(part[:1] == "." for part in p.relative_to(photos).parts)]
    return [photos, *(path for path in below if path not in hidden)]


def _pictures(place: Path) -> list[Path]:
    return sorted(p for p in place.iterdir() if p.suffix.lower() in ENDINGS and p.is_file())


def _readable(files: Sequence[Path], commune: Commune, out: Said) -> list[Path]:
    """Return the pictures that can be read; say which cannot."""
    good: list[Path] = []
    broken: list[Path] = []
    held = sources.contents(files, zone=commune.commune.crs)
    for file, contents in zip(files, held, strict=True):
        stopped = any(
            finding.severity is Severity.STOP
            for table in contents.tables
            for finding in table.findings
        )
        (broken if stopped else good).append(file)
    if broken:
        names = ", ".join(file.name for file in broken[:_SHOWN])
        names += " …" if len(broken) > _SHOWN else ""
        out.leave("ADD_PHOTOS_BROKEN", folder=files[0].parent.name, count=len(broken), names=names)
    return good
