"""The door: a file is looked at, copied with what belongs to it, and only the copy is read.

In this order: is it a regular file, inside its folder; how big; what is it by its content, and
does its name say the same; copy and digest of exactly the bytes copied. Nothing is parsed here.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from ntm_gis import text
from ntm_gis.sources import kinds, limits
from ntm_gis.sources.paths import entries, native, not_opened
from ntm_gis.sources.readers.parsed import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CHUNK = 1 << 20
_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


@dataclass(frozen=True, slots=True)
class Copy:
    """A private copy of one file: the name it came under, where it lies, its digest."""

    name: str
    path: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that came in.

    Parameters
    ----------
    name : str
        As it is named to people, with forward slashes.
    kind : str
        A key of `kinds.KINDS` that has a reader.
    path : Path
        The private copy.
    sha256 : str
        Digest of the bytes copied (of all bytes, also where only the head was copied).
    members : tuple of (name, digest)
        Files that belong to it, by name.
    stem : str
        Its own name without ending, which is no longer the copy's.
    """

    name: str
    kind: str
    path: Path
    sha256: str
    members: tuple[tuple[str, str], ...]
    stem: str

    @property
    def copies(self) -> tuple[Copy, ...]:
        """The copies of the file and of what belongs to it, the file first."""
        members = (Copy(n, self.path.with_suffix(_end(n)), digest) for n, digest in self.members)
        own = Copy(PurePosixPath(self.name).name, self.path, self.sha256)
        return (own, *(copy for copy in members if copy.path.is_file()))

    def question(self) -> dict[str, Any]:
        """Return what the reading process is asked of it."""
        ask: dict[str, Any] = {"do": "read", "kind": self.kind, "path": str(self.path)}
        if any(name.endswith("-wal") for name, _ in self.members):
            ask["unfinished"] = True
        return ask


def main_of(part: str, names: Iterable[str]) -> str | None:
    """Return the file beside a part that it goes with; None where it stands for itself.

    Examples
    --------
    >>> beside = ["duong.cpg", "duong.dbf", "duong.shp", "ban.xlsx"]
    >>> main_of("duong.cpg", beside), main_of("DUONG.DBF", beside), main_of("ban.xlsx", beside)
    ('duong.shp', 'duong.shp', None)
    >>> main_of("von.dbf", ["von.dbf", "von.xlsx"]) is None
    True
    """
    stem, end = text.nfc(PurePosixPath(part).stem).casefold(), kinds.ending(part)
    for name in sorted(names, key=lambda n: (kinds.ending(n) == "dbf", n)):
        same = text.nfc(PurePosixPath(name).stem).casefold() == stem
        like = [kind for kind in kinds.KINDS.values() if kinds.ending(name) in kind.endings]
        found = {member for kind in like for member in kind.members}
        if same and found and end in found | kinds.MEMBER_ENDINGS and kinds.ending(name) != end:
            return name
    return None


def take(
    path: Path, shelf: Path, *, name: str, root: Path | None = None, whole: bool = False
) -> Taken:
    """Take one file in.

    Parameters
    ----------
    path : Path
        The file.
    shelf : Path
        Folder for private copies; the file gets a folder of its own in it.
    name : str
        How it is named to people.
    root : Path, optional
        The folder that it must lie in, also after links are followed.
    whole : bool
        Copy all of it, also where a part is enough for reading (photos).

    Raises
    ------
    Refusal
        It is no regular file, leads out of the folder, is too big, cannot be opened, is not
        what its name says, or is of a kind that is answered with advice; or there is no room
        for its copy.
    """
    real = _real(path, root)
    head, size = _head(real)
    kind = _kind(real, head, size)
    _require_allowed(kind, path.name, size)
    place = shelf / f"{len(list(shelf.iterdir())):05d}"
    copy = place / _copy_name(kind, path)
    most = limits.PHOTO_HEAD if kind == "jpg" and not whole else None
    try:
        place.mkdir()
        digest = _copy(real, copy, most)
        members = [
            (part.name, _copy(_real(part, root), copy.with_suffix(_end(part.name)), None))
            for part in _members(real, kinds.KINDS[kind].members)
        ]
    except OSError as cause:  # faults of the file are refusals: this is the disk of the copy
        shutil.rmtree(place, ignore_errors=True)
        raise _not_copied(cause, size) from cause
    if kind == "gpkg":
        members += _unfinished(real)
    return Taken(name, kind, copy, digest, tuple(members), path.stem)


def _end(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _not_copied(cause: OSError, size: int) -> Refusal:
    """Say why a copy could not be written: no room on the disk, or whatever the system says."""
    if cause.errno in _FULL:
        return Refusal("COPY_NO_ROOM", size=size / limits.MIB)
    return Refusal("COPY_FAILED", why=cause.strerror or type(cause).__name__)


def sha256(path: Path) -> str:
    """Return the digest of a file's bytes."""
    digest = hashlib.sha256()
    with _open(path) as source:
        for chunk in _chunks(source):
            digest.update(chunk)
    return digest.hexdigest()


def _real(path: Path, root: Path | None) -> Path:
    """Return where a file truly lies; a pipe is never opened, a link never leads outside."""
    try:
        mode = os.lstat(native(path)).st_mode
        if stat.S_ISLNK(mode):
            if root is None:
                path = path.resolve(strict=True)
                mode = path.stat().st_mode
            else:
                path = _inside(path, root)
                mode = os.lstat(native(path)).st_mode
        elif root is not None:
            _inside(path, root)
    except FileNotFoundError as cause:
        raise Refusal("SOURCE_MISSING") from cause
    except (OSError, RuntimeError) as cause:  # RuntimeError: links in a circle
        raise not_opened(cause) from cause
    if not stat.S_ISREG(mode):
        raise Refusal("SOURCE_NOT_A_FILE")
    return path


def _inside(path: Path, root: Path) -> Path:
    real = path.resolve(strict=True)
    if not real.is_relative_to(root.resolve()):
        raise Refusal("SOURCE_LEADS_OUT")
    return real


def _open(path: Path) -> Any:
    """Open for reading without waiting: what became a pipe since it was looked at cannot hang."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(native(path), flags)
    except OSError as cause:
        raise not_opened(cause) from cause
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise Refusal("SOURCE_NOT_A_FILE")
    return os.fdopen(handle, "rb")


def _head(path: Path) -> tuple[bytes, int]:
    with _open(path) as source:
        size = os.fstat(source.fileno()).st_size
        head: bytes = source.read(kinds.HEAD)
    return head, size


def _kind(path: Path, head: bytes, size: int) -> str:
    """Say what a file is; packed files are told apart by the list of what they hold."""
    kind = kinds.by_head(head, size, path.name)
    if kind == "ole":
        with _open(path) as source:
            start = source.read(4 * limits.MIB)
            source.seek(max(0, size - 2 * limits.MIB))
            return kinds.by_ole(start + source.read())
    if kind != "zip":
        return kind
    try:
        with _open(path) as source, zipfile.ZipFile(source) as packed:
            return kinds.by_members(packed.namelist()[: 10 * limits.PACKED_MEMBERS])
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as cause:
        raise Refusal("PACKED_DAMAGED") from cause


def _require_allowed(kind: str, name: str, size: int) -> None:
    """Refuse what has no reader with advice, and what is not what its name says."""
    found, end = kinds.KINDS[kind], kinds.ending(name)
    if end in kinds.MEMBER_ENDINGS:
        raise Refusal("FORMAT_MEMBER", ending=end)
    if found.advice:
        raise Refusal(found.advice, found=found.label, ending=end)
    if end not in found.endings:
        raise Refusal("CONTENT_MISMATCH", found=found.label, ending=end or "–",
                      right=found.endings[0])  # fmt: skip
    most = limits.BYTES[found.family]
    if size > most:
        raise Refusal("SOURCE_TOO_LARGE", size=size / limits.MIB, limit=most / limits.MIB)


def _copy_name(kind: str, path: Path) -> str:
    # The only name that a driver reads something from is that of an SRTM tile.
    return f"{path.stem.upper()}.hgt" if kind == "hgt" else f"input.{kinds.KINDS[kind].endings[0]}"


def _copy(source: Path, target: Path, most: int | None) -> str:
    """Copy a file (or its first `most` bytes) and return the digest of all its bytes."""
    digest, kept = hashlib.sha256(), 0
    with _open(source) as incoming, target.open("xb") as outgoing:
        for chunk in _chunks(incoming):
            digest.update(chunk)
            if most is None or kept < most:
                outgoing.write(chunk if most is None else chunk[: most - kept])
                kept += len(chunk)
    return digest.hexdigest()


def _chunks(source: Any) -> Iterator[bytes]:
    try:
        while chunk := source.read(_CHUNK):
            yield chunk
    except OSError as cause:  # a stick pulled out, a bad sector
        raise Refusal("SOURCE_NOT_OPENED") from cause


def _members(path: Path, endings: tuple[str, ...]) -> list[Path]:
    """Return the files that belong to one, whatever the case of their names, in order."""
    if not endings:
        return []
    stem = text.nfc(path.stem).casefold()
    found: dict[str, Path] = {}
    for entry in entries(path.parent):
        part = Path(entry)
        end = part.suffix[1:].lower()
        if end not in endings or text.nfc(part.stem).casefold() != stem:
            continue
        # "a.DBF" beside "a.dbf": the one spelled like the file itself.
        if end not in found or part.stem == path.stem:
            found[end] = path.parent / entry
    return [found[end] for end in endings if end in found]


def _unfinished(path: Path) -> list[tuple[str, str]]:
    """Name the journal of a GeoPackage that holds changes not yet written back."""
    journal = path.with_name(path.name + "-wal")
    if journal.is_file() and journal.stat().st_size > 0:
        return [(journal.name, sha256(journal))]
    return []
