"""Temporary files of outputs: how they are named, and those of killed runs taken away.

The name says which process of which machine writes the file, so that a later run knows whether
anybody still does.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import re
import secrets
from functools import lru_cache
from pathlib import Path

TEMPORARY = ".ntm-"
"""How the name of every temporary file begins."""

STALE_S = 3600.0
"""So much older than the newest file there, a file that cannot be asked about is left over."""

_NAME = re.compile(rf"{re.escape(TEMPORARY)}([0-9a-f]{{8}})-([0-9]+)-")
_QUERY = 0x1000  # Windows: the right to ask whether a process is there
_NO_RIGHT = 5  # Windows: it is there, and another user's


def temporary_beside(path: Path) -> Path:
    """Return a name for a temporary file in the folder of `path`; it ends as `path` does."""
    token = secrets.token_hex(6)
    return path.parent / f"{TEMPORARY}{_machine()}-{os.getpid()}-{token}{path.suffix}"


def sweep(folder: Path) -> None:
    """Remove what killed runs left in a folder and those below it.

    Files of a process of this machine that is no more go at once; of others, those an hour
    older than the newest file there, so that a run at work elsewhere keeps its own.
    """
    if not folder.is_dir():
        return
    left = sorted(folder.rglob(f"{TEMPORARY}*"))
    newest = max((_changed(path) for path in folder.rglob("*")), default=0.0) if left else 0.0
    for path in left:
        if _writer_is_gone(path.name) or newest - _changed(path) > STALE_S:
            with contextlib.suppress(OSError):  # another run took it away, or still holds it
                path.unlink()


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # gone since the folder was listed
        return 0.0


def _writer_is_gone(name: str) -> bool:
    found = _NAME.match(name)
    return found is not None and found[1] == _machine() and not _runs(int(found[2]))


def _runs(pid: int) -> bool:
    """Whether a process of this machine is there."""
    if os.name == "nt":
        return _runs_on_windows(pid)
    try:
        os.kill(pid, 0)  # signal 0 asks and does nothing
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _runs_on_windows(pid: int) -> bool:
    import ctypes

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - is there on Windows alone
    handle = kernel.OpenProcess(_QUERY, 0, pid)
    if not handle:
        return bool(kernel.GetLastError() == _NO_RIGHT)
    kernel.CloseHandle(handle)
    return True


@lru_cache(maxsize=1)
def _machine() -> str:
    return hashlib.blake2b(platform.node().encode("utf-8"), digest_size=4).hexdigest()
