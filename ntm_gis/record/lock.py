"""One writer at a time: a lock file that says who holds it.

The lock itself is the operating system's and goes with the process that holds it, however that
ends; what stands in the file is only for people. Readers need no lock.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import platform
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from ntm_gis.errors import RecordError
from ntm_gis.record import disk

PATIENCE_S = 2.0
_STEP_S = 0.05
# Windows keeps others from reading bytes that are locked: the one locked lies behind the text.
_BEHIND = 1 << 20


def lock_path(record: Path) -> Path:
    """Return where the lock of a record lies: `record.lock` beside `record.sqlite`."""
    return record.with_suffix(".lock")


@contextlib.contextmanager
def held(record: Path, patience_s: float = PATIENCE_S) -> Iterator[None]:
    """Hold the lock of a record.

    Parameters
    ----------
    record : Path
        The record; its folder must be there.
    patience_s : float
        How long to wait for another writer to end.

    Raises
    ------
    RecordError
        Another process is writing; the sentence names its machine, its number and since when.
    """
    path = lock_path(record)
    with disk.telling(record):
        handle = _acquire(path, patience_s)
    try:
        with disk.telling(record):
            _sign(handle)
        yield
    finally:
        # Away before it is let go: whoever opened it meanwhile sees that it is not the one there.
        # Windows takes no file away that is open, and none that the next writer has opened.
        if os.name == "posix" and _is_at(handle, path):
            _unlink(path)
        _release(handle)
        os.close(handle)
        if os.name != "posix":
            _unlink(path)


def _acquire(path: Path, patience_s: float) -> int:
    end = time.monotonic() + patience_s
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
        try:
            if _try(handle):
                if _is_at(handle, path):
                    return handle
                _release(handle)
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)
        if time.monotonic() >= end:
            raise _refusal(path)
        time.sleep(_STEP_S)


def _is_at(handle: int, path: Path) -> bool:
    """Say whether the file held is still the one under the name."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _unlink(path: Path) -> None:
    with contextlib.suppress(OSError):  # a file left behind locks nothing
        path.unlink()


def _sign(handle: int) -> None:
    """Write who holds the lock."""
    since = dt.datetime.now(dt.UTC).astimezone()
    holder = {
        "host": platform.node(),
        "pid": os.getpid(),
        "since": since.isoformat(timespec="seconds"),
    }
    os.ftruncate(handle, 0)
    os.lseek(handle, 0, os.SEEK_SET)
    os.write(handle, json.dumps(holder, ensure_ascii=False).encode("utf-8"))


def _refusal(path: Path) -> RecordError:
    """Say who holds the lock, as far as it can be read."""
    host = pid = since = None
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
        holder = json.loads(path.read_text(encoding="utf-8"))
        host, pid = str(holder["host"]), str(holder["pid"])
        since = dt.datetime.fromisoformat(holder["since"]).strftime("%H:%M %d/%m/%Y")
    folder = path.parent.name
    return RecordError("RECORD_LOCKED", folder=folder, host=host, pid=pid, since=since)


if sys.platform == "win32":
    import msvcrt

    def _try(handle: int) -> bool:
        os.lseek(handle, _BEHIND, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _release(handle: int) -> None:
        os.lseek(handle, _BEHIND, os.SEEK_SET)
        with contextlib.suppress(OSError):  # closing it lets it go as well
            msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _release(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
