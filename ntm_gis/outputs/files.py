"""The one door out: every file appears whole under its name, or the old one stays.

A file is written under a temporary name in the folder it belongs to, brought to the disk and put
in place in one step. Whatever goes wrong on the way is an `OutputError` whose sentence names the
file and the next step, and the temporary file is gone.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import shutil
import sqlite3
import time
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from ntm_gis.errors import OutputError
from ntm_gis.outputs import leftovers

# The first day that a ZIP archive can bear: archives under out/ hold no clock.
EPOCH = (1980, 1, 1, 0, 0, 0)

_RETRIES = 5
_WAIT_S = 0.2
# A file of a few bytes still needs room for its temporary twin and the folder's own entry.
_ROOM = 65536

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_DENIED = {errno.EACCES, errno.EPERM, errno.EROFS}
# Windows: another program has the file open (sharing violation, lock violation).
_IN_USE = {32, 33}


def atomic_write(path: Path, content: bytes) -> Path:
    """Write a file whole: temporary file beside it, to the disk, then put in place.

    Parameters
    ----------
    path : Path
        Where the file goes. Its folder is made where it is missing.
    content : bytes

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    OutputError
        No room, no right to write, or the file is open in another program. What stood under
        the name before is unchanged.
    """
    with replacing(path, expected=len(content)) as temporary, temporary.open("wb") as file:
        file.write(content)
    return path


@contextlib.contextmanager
def replacing(path: Path, expected: int = 0) -> Iterator[Path]:
    """Lend a temporary path in the folder of `path`; put the file in place at the end.

    Parameters
    ----------
    path : Path
    expected : int
        Bytes about to be written, as far as known.

    Yields
    ------
    Path
        Does not exist yet; ends as `path` does.

    Raises
    ------
    OutputError
        As `atomic_write`.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        require_room(path, expected)
        temporary = leftovers.temporary_beside(path)
        try:
            yield temporary
            _to_disk(temporary)
            _put_in_place(temporary, path)
        finally:
            _remove(temporary)
    except OutputError:
        raise
    except (OSError, sqlite3.OperationalError) as cause:
        raise explained(cause, path) from cause


def require_folder(folder: Path) -> None:
    """Make a folder where it is missing; refuse one in which nothing can be written.

    Asked once before anything is drawn, so that it is said in one sentence and at once.

    Raises
    ------
    OutputError
        No right to write there, or a file has the folder's name.
    """
    probe = leftovers.temporary_beside(folder / "probe")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch(exist_ok=False)
        probe.unlink()
    except FileExistsError as cause:
        raise OutputError("OUTPUT_FOLDER_IS_FILE", folder=folder.name) from cause
    except OSError as cause:
        if cause.errno in _DENIED:
            raise OutputError("OUTPUT_FOLDER_NOT_ALLOWED", folder=folder.name) from cause
        raise explained(cause, folder) from cause


def require_room(path: Path, expected: int) -> None:
    """Refuse to begin where the disk has not twice the room that the file needs.

    Raises
    ------
    OutputError
        The disk is too full.
    """
    before = path.stat().st_size if path.is_file() else 0
    needed = 2 * max(expected, before) + _ROOM
    free = shutil.disk_usage(path.parent).free
    if free < needed:
        raise OutputError(
            "OUTPUT_NO_ROOM", file=path.name, needed_mb=needed / 1e6, free_mb=free / 1e6
        )


def explained(cause: Exception, path: Path) -> OutputError:
    """Return the error whose sentence fits what the operating system said."""
    number = getattr(cause, "errno", None)
    if number in _FULL or "disk is full" in str(cause):
        return OutputError("OUTPUT_NO_ROOM", file=path.name, needed_mb=None, free_mb=0.0)
    if getattr(cause, "winerror", None) in _IN_USE:
        return OutputError("OUTPUT_IN_USE", file=path.name)
    if number in _DENIED:
        # Windows says "no access" for a file that Excel holds; elsewhere the folder is meant.
        held = os.name == "nt" and path.exists() and os.access(path.parent, os.W_OK)
        if held:
            return OutputError("OUTPUT_IN_USE", file=path.name)
        return OutputError("OUTPUT_NOT_ALLOWED", file=path.name, folder=path.parent.name)
    return OutputError("OUTPUT_FAILED", file=path.name, why=getattr(cause, "strerror", "") or cause)


def zipped(members: Mapping[str, bytes], first: str | None = None) -> bytes:
    """Return a ZIP archive whose bytes depend on nothing but its members.

    Parameters
    ----------
    members : mapping of str to bytes
        Name in the archive -> content.
    first : str, optional
        A member that must stand first, as `[Content_Types].xml` does by custom; the others
        follow sorted by name. All are dated 1 January 1980.

    Examples
    --------
    >>> zipped({"b": b"2", "a": b"1"}) == zipped({"a": b"1", "b": b"2"})
    True
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(members, key=lambda name: (name != first, name)):
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0  # the archive says the same from Windows and from Linux
            info.external_attr = 0
            archive.writestr(info, members[name], compresslevel=6)
    return out.getvalue()


def deterministic_zip(archive: bytes, first: str | None = None) -> bytes:
    """Return an archive made by another library as `zipped` makes it."""
    with zipfile.ZipFile(io.BytesIO(archive)) as source:
        return zipped({name: source.read(name) for name in source.namelist()}, first)


def _to_disk(path: Path) -> None:
    with path.open("rb+") as file:
        file.flush()
        os.fsync(file.fileno())


def _put_in_place(temporary: Path, path: Path) -> None:
    """Replace `path`; on Windows a virus scanner may hold it for a moment."""
    for attempt in range(_RETRIES if os.name == "nt" else 1):
        try:
            os.replace(temporary, path)  # noqa: PTH105 - said as the contract says it
            break
        except PermissionError:
            if os.name != "nt" or attempt == _RETRIES - 1:
                raise
            time.sleep(_WAIT_S)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _remove(temporary: Path) -> None:
    """Take away the temporary file and what SQLite put beside it."""
    for name in (temporary.name, *(temporary.name + end for end in ("-journal", "-wal", "-shm"))):
        with contextlib.suppress(OSError):  # the first fault is the one to tell about
            (temporary.parent / name).unlink(missing_ok=True)
