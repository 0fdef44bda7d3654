"""A folder of photos: which of its files are pictures, and what is said of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ntm_gis import text
from ntm_gis.results import Finding
from ntm_gis.sources import limits, paths, telling
from ntm_gis.sources.readers.parsed import Refusal, Told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_PICTURES = (".jpg", ".jpeg")
_OF_SYSTEMS = frozenset({"thumbs.db", "desktop.ini", "picasa.ini"})
"""What Windows and albums put into a folder by themselves."""

_SHOWN = 6


def pictures(folder: Path) -> tuple[list[Path], list[Told]]:
    """Return the photos of a folder in order of their names, and what is told of other files.

    Raises
    ------
    Refusal
        There is no photo (`SOURCE_PATTERN_EMPTY`, `PHOTOS_NONE`), or too many.
    """
    try:
        files = paths.listed(folder, "*")
    except Refusal as refusal:
        if refusal.code != "SOURCE_PATTERN_EMPTY":
            raise
        files = []
    found = [file for file in files if file.suffix.lower() in _PICTURES]
    others = [f.name for f in files if f not in found and f.name.lower() not in _OF_SYSTEMS]
    others += [f"{path.name}/" for path in _folders(folder)]
    named = (*others[:_SHOWN], *(("…",) if len(others) > _SHOWN else ()))
    if not found and others:
        raise Refusal("PHOTOS_NONE", names=named)
    if not found:
        raise Refusal("SOURCE_PATTERN_EMPTY")
    if len(found) > limits.PHOTOS:
        raise Refusal("SOURCE_TOO_MANY_FILES", limit=limits.PHOTOS)
    told = [Told("PHOTOS_OTHER_FILES", params={"count": len(others), "names": named})]
    return found, told if others else []


def _folders(folder: Path) -> list[Path]:
    try:
        inside = [path for path in folder.iterdir() if path.is_dir()]
    except OSError:  # listing its files says so
        return []
    shown = (path for path in inside if not path.name.startswith("."))
    return sorted(shown, key=lambda path: text.sort_key(path.name))


def refused(refusal: Refusal, number: int) -> Told:
    """Return what is told of a file that is named as a photo and could not be taken in."""
    other = refusal.code.startswith("FORMAT_") and refusal.code != "FORMAT_EMPTY"
    if other:
        return Told("PHOTO_NOT_JPEG", row=number)
    return Told(refusal.code, row=number, params=refusal.params)


def unread(told: Mapping[str, Told]) -> Iterator[Finding]:
    """Yield a finding for each file that could not be taken in; of very many the rest in one.

    Parameters
    ----------
    told : mapping of str to Told
        By the name of the file.
    """
    out = [telling.finding(part, file=file, layer="photos") for file, part in told.items()]
    yield from out[: telling.MOST]
    if len(out) > telling.MOST:
        rest = out[telling.MOST :]
        yield Finding.of("AND_MORE", file=rest[0].file, layer="photos", count=len(rest),
                         like=rest[0].message)  # fmt: skip
