"""Which machine this is: a name for its chain of entries, made once."""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import secrets
from pathlib import Path

import platformdirs

from ntm_gis import text
from ntm_gis.record import disk
from ntm_gis.record.entries import DEVICE

_FILE = "device.txt"
_HOST_LENGTH = 24
_NAMELESS = "may"
"""Stands for a host name without a letter or digit."""


def device(home: Path | None = None) -> str:
    """Return the name of this machine in records: its host name and eight random digits.

    Parameters
    ----------
    home : Path, optional
        Where the name is kept; the user's data folder where left out.

    Notes
    -----
    Made at the first call and kept. Where nothing can be kept, the digits are the digest of the
    host name: the same each time, though not proof against two machines of one name. That
    would harm no entry: chains may fork.
    """
    if home is None:
        home = platformdirs.user_data_path("ntm_gis", appauthor=False)
    path = home / _FILE
    known = _read(path)
    if known is not None:
        return known
    host = text.slug(platform.node())[:_HOST_LENGTH].strip("-_") or _NAMELESS
    digits = hashlib.sha256(platform.node().encode("utf-8", "surrogateescape")).hexdigest()[:8]
    alone = f"{host}-{digits}"
    try:
        home.mkdir(parents=True, exist_ok=True)
        with disk.temporary(home) as half:
            half.write_text(f"{host}-{secrets.token_hex(4)}\n", encoding="utf-8")
            _put_first(half, path)
    except OSError:
        return alone
    return _read(path) or alone


def _put_first(half: Path, path: Path) -> None:
    """Put the name in place unless another process was first."""
    disk.sync(half)
    if path.exists():  # it is there and says nothing of use
        disk.put(half, path)
        return
    if os.name == "posix":
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(half)
        return
    with contextlib.suppress(FileExistsError):
        half.rename(path)


def _read(path: Path) -> str | None:
    try:
        found = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return found if DEVICE.fullmatch(found) else None
