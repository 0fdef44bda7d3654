"""Files that entries rest on, kept byte for byte under the digest of their bytes."""

from __future__ import annotations

import hashlib
import re
import shutil
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ntm_gis.errors import RecordError
from ntm_gis.record import disk
from ntm_gis.record.entries import STORED, Entry

FOLDER = "store"

_CHUNK = 1 << 20
_ENDING = re.compile(r"\.[a-z0-9]{1,8}")


@dataclass(frozen=True, slots=True)
class StoreState:
    """Whether the files that entries rest on are there as they were.

    Parameters
    ----------
    whole, missing, changed : tuple of str
        Names in the store.
    """

    whole: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


def store_of(record: Path) -> Path:
    """Return the store that goes with a record: `store/` beside it."""
    return record.parent / FOLDER


def keep(store: Path, file: Path, sha256: str | None = None) -> str:
    """Copy a file into the store, once.

    Parameters
    ----------
    store : Path
        Made where it is missing.
    file : Path
    sha256 : str, optional
        The digest that its bytes must have: those that were read as data.

    Returns
    -------
    str
        Its name in the store, `SHA256.ext`.

    Raises
    ------
    RecordError
        It cannot be read or written, or its bytes are no longer those that were read.
    """
    with disk.telling(file):
        found = digest(file)
    if sha256 is not None and found != sha256:
        raise RecordError("RECORD_FILE_CHANGED", file=file.name)
    ending = file.suffix.lower()
    name = found + (ending if _ENDING.fullmatch(ending) else "")
    target = store / name
    with disk.telling(target):
        if target.is_file() and digest(target) == found:
            return name
        store.mkdir(parents=True, exist_ok=True)
        with disk.temporary(store, target.suffix) as half:
            shutil.copyfile(file, half)
            # Of the copy, not of what was there before it: somebody may be saving just now.
            if digest(half) != found:
                raise RecordError("RECORD_FILE_CHANGED", file=file.name)
            if target.exists():
                target.chmod(stat.S_IREAD | stat.S_IWRITE)
            disk.put(half, target)
        target.chmod(stat.S_IREAD | stat.S_IRGRP | stat.S_IROTH)
    return name


def check(store: Path, entries: Iterable[Entry]) -> StoreState:
    """Compare every file that entries rest on with the digest in its name."""
    names = sorted({name for entry in entries for name in entry.files})
    whole, missing, changed = [], [], []
    for name in names:
        path = store / name
        if not path.is_file():
            missing.append(name)
        elif _digest_or_none(path) != name[:64]:
            changed.append(name)
        else:
            whole.append(name)
    return StoreState(tuple(whole), tuple(missing), tuple(changed))


def fetch(store: Path, other: Path, entries: Iterable[Entry]) -> tuple[str, ...]:
    """Copy the files that entries rest on from another store where they are missing here.

    Returns
    -------
    tuple of str
        Names of the files copied. Those that the other store lacks, or has damaged, are not.
    """
    entries = tuple(entries)
    here = check(store, entries)
    wanted = {*here.missing, *here.changed}
    there = check(other, entries) if wanted and other.is_dir() else StoreState()
    names = tuple(sorted(wanted & set(there.whole)))
    for name in names:
        keep(store, other / name, name[:64])
    return names


def has_any(store: Path) -> bool:
    """Say whether the store holds a file that some record rests on."""
    return store.is_dir() and any(STORED.fullmatch(path.name) for path in store.iterdir())


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, 64 hexadecimal digits."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()


def _digest_or_none(path: Path) -> str | None:
    try:
        return digest(path)
    except OSError:  # unreadable is as good as changed: it proves nothing
        return None
