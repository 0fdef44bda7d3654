"""Private folders of the reading process, and those that a program which died left behind.

A folder is named after its process, so that only those of dead ones are swept away: their
copies hold personal data, and fill the disk.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ntm_gis.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

_OURS = re.compile(r"ntm-gis-(?:(\d+)-)?[a-z0-9_]{6,12}")
_FRESH_S = 600.0
"""A folder this young is left alone, whatever its process seems to be."""
_OLD_S = 86_400.0
"""A folder this old is nobody's any more, where processes cannot be asked."""


@contextlib.contextmanager
def private_folder() -> Iterator[Path]:
    """Lend a folder of our own, and sweep away those of dead programs.

    Raises
    ------
    SourceError
        No folder can be made for private copies, or its disk is full.
    """
    sweep(Path(tempfile.gettempdir()), time.time())
    try:
        lent = tempfile.TemporaryDirectory(
            prefix=f"ntm-gis-{os.getpid()}-", ignore_cleanup_errors=True
        )
    except OSError as cause:
        raise SourceError("NO_PLACE_FOR_COPIES") from cause
    with lent as private:
        yield Path(private)


def sweep(place: Path, now: float) -> list[Path]:
    """Remove the private folders in a place whose programs died; return what was removed.

    Parameters
    ----------
    place : Path
        The system's folder for temporary files.
    now : float
        Seconds since 1970, against which the age of folders is held.
    """
    try:
        with os.scandir(place) as entries:
            names = [entry.name for entry in entries if _OURS.fullmatch(entry.name)]
    except OSError:
        return []  # it cannot be listed: nothing is lost but room on the disk
    gone = []
    for name in sorted(names):
        path = place / name
        if _is_left(path, now):
            shutil.rmtree(path, ignore_errors=True)
            gone.append(path)
    return gone


def _is_left(path: Path, now: float) -> bool:
    """Whether a folder is ours and its program is dead; a link is never followed."""
    try:
        found = path.lstat()
    except OSError:
        return False
    if not stat.S_ISDIR(found.st_mode) or not _is_own(found):
        return False
    age = now - found.st_mtime
    process = _OURS.fullmatch(path.name)
    number = process[1] if process is not None else None
    if number is None or not _can_ask():
        return age > _OLD_S
    return age > _FRESH_S and not _is_alive(int(number))


def _is_own(found: os.stat_result) -> bool:
    return not hasattr(os, "getuid") or found.st_uid == os.getuid()


def _can_ask() -> bool:
    """Whether a process can be asked without being ended, as it would be on Windows."""
    return os.name == "posix"


def _is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # it is somebody else's: that is enough
    return True
