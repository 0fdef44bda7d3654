"""Files that appear whole and lasting: written beside, brought to the disk, put in place."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ntm_gis import text
from ntm_gis.errors import RecordError

TEMPORARY = ".record-"
BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a database while it is open, or after it was killed."""

_RETRIES = 5
_WAIT_S = 0.2
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG}
_DENIED = {errno.EACCES, errno.EPERM, errno.EROFS}
_IN_USE = {32, 33}


def named(path: Path) -> dict[str, Any]:
    """Return what sentences about a whole record name: the file, its folder, how that is typed."""
    folder = path.parent
    return {"file": path.name, "folder": folder.name, "typed": text.typed(folder)}


@contextlib.contextmanager
def temporary(folder: Path, ending: str = "") -> Iterator[Path]:
    """Lend a path in a folder that does not exist yet; what is left there goes at the end."""
    path = folder / f"{TEMPORARY}{secrets.token_hex(6)}{ending}"
    try:
        yield path
    finally:
        remove(path)


def remove(path: Path) -> None:
    """Take a file away, and what SQLite put beside it."""
    for name in (path.name, *(path.name + end for end in BESIDE)):
        with contextlib.suppress(OSError):  # the first fault is the one to tell about
            path.with_name(name).unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Take away what a killed process left; only for whoever holds the lock."""
    for path in sorted(folder.glob(f"{TEMPORARY}*")):
        with contextlib.suppress(OSError):  # it harms nothing where it is
            path.unlink()


def put(temporary: Path, target: Path) -> None:
    """Bring a file to the disk and put it in place of another, in one step."""
    sync(temporary)
    for attempt in range(_RETRIES):
        try:
            os.replace(temporary, target)  # noqa: PTH105 - the system call that is meant
            break
        except PermissionError:
            # Windows: a virus scanner may hold the file for a moment.
            if os.name != "nt" or attempt == _RETRIES - 1:
                raise
            time.sleep(_WAIT_S)
    sync_folder(target.parent)


def copy(source: Path, target: Path) -> None:
    """Copy a file's bytes to a new name, whole or not at all."""
    with temporary(target.parent, target.suffix) as half:
        shutil.copyfile(source, half)
        put(half, target)


def sync(path: Path) -> None:
    """Bring a file's bytes to the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Bring a folder's names to the disk, where the system has a way to ask for that."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def shelf() -> Iterator[Path]:
    """Lend a folder for copies that nobody else sees."""
    with tempfile.TemporaryDirectory(prefix="ntm-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextlib.contextmanager
def telling(path: Path) -> Iterator[None]:
    """Say in a sentence what the system or SQLite refuses about a file.

    Raises
    ------
    RecordError
        Disk full, no right to write, in use, damaged, or what else was said.
    """
    try:
        yield
    except (OSError, sqlite3.Error) as cause:
        raise explained(cause, path) from cause


def explained(cause: OSError | sqlite3.Error, path: Path) -> RecordError:
    """Return the error whose sentence fits what the system or SQLite said."""
    place = {"file": path.name, "folder": path.parent.name}
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(cause, path, place)
    if cause.errno in _FULL:
        return RecordError("RECORD_NO_ROOM", **place)
    if getattr(cause, "winerror", None) in _IN_USE:
        return RecordError("RECORD_BUSY", **place)
    if cause.errno in _DENIED and _held(path):
        return RecordError("RECORD_BUSY", **place)
    if cause.errno in _DENIED:
        return RecordError("RECORD_READ_ONLY", **place)
    if cause.errno == errno.ENOENT:
        return RecordError("RECORD_FILE_NONE", **place)
    return RecordError("RECORD_FAILED", **place, why=cause.strerror or str(cause))


def is_full(cause: OSError) -> bool:
    """Say whether a disk has no room left."""
    return cause.errno in _FULL


def _held(path: Path) -> bool:
    """Say whether "no access" means that another program has the file open, as on Windows."""
    return os.name == "nt" and path.exists() and os.access(path.parent, os.W_OK)


def _of_sqlite(cause: sqlite3.Error, path: Path, place: dict[str, str]) -> RecordError:
    name = getattr(cause, "sqlite_errorname", "") or ""
    if name.startswith("SQLITE_FULL"):
        return RecordError("RECORD_NO_ROOM", **place)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL")):
        return RecordError("RECORD_BUSY", **place)
    if name.startswith("SQLITE_NOTADB"):
        return RecordError("RECORD_NOT_ONE", **place)
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_IOERR_SHORT_READ")):
        return RecordError("RECORD_DAMAGED", **place)
    if name.startswith(("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_CANTOPEN", "SQLITE_AUTH")):
        missing = not path.exists()
        return RecordError("RECORD_FILE_NONE" if missing else "RECORD_READ_ONLY", **place)
    return RecordError("RECORD_FAILED", **place, why=str(cause))
