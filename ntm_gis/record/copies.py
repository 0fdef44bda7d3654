"""Copies of a record: backup, proved at once, and restore, which loses nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from ntm_gis.errors import RecordError
from ntm_gis.record import chain, database, disk, exchange, locality, lock, store
from ntm_gis.record.entries import Entry
from ntm_gis.record.head import head
from ntm_gis.record.proof import Verified, verify
from ntm_gis.record.sound import BACKUPS, require_whole


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that was made, or was there already.

    Parameters
    ----------
    path : Path
        The copy: one file that stands alone.
    verified : Verified
        What was proved of it. The copy of a broken record is as broken, and says so.
    files : tuple of str
        Files of the store copied with it.
    """

    path: Path
    verified: Verified
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Restored:
    """A record brought back.

    Parameters
    ----------
    entries : int
        How many it holds.
    kept : Path or None
        Where the record that stood there before lies now; None where it held nothing more.
    beside : tuple of Entry
        Entries of the one before that this one lacks: `merge` with `kept` brings them in.
    damaged : bool
        The one before could not be read to the end; `beside` names only what could be.
    files : tuple of str
        Files of the store that were brought back with it.
    """

    path: Path
    check_code: str | None
    entries: int
    kept: Path | None
    beside: tuple[Entry, ...]
    damaged: bool
    files: tuple[str, ...] = ()


def backup(
    path: Path, day: dt.date, folder: Path | None = None, *, with_store: bool = False
) -> Backup:
    """Copy a record by SQLite's own means, prove the copy, and put it in its place.

    Parameters
    ----------
    day : date
        The day for the file's name: "record-2025-12-31-7K3MQ9TD.sqlite".
    folder : Path, optional
        Where to, also on a stick or a network disk; `backups/` beside the record where left
        out. Made where it is missing.
    with_store : bool
        Copy the files that entries rest on into `store/` there as well.

    Returns
    -------
    Backup
        The same record on the same day gives the same file, written once.

    Raises
    ------
    RecordError
        The record cannot be read, the copy cannot be written there, or it does not hold what
        the record does.
    """
    folder = folder or path.parent / BACKUPS
    with disk.telling(folder / path.name), disk.shelf() as shelf:
        # Made here and carried over whole: a stick or network disk need not keep SQLite's locks.
        twin = shelf / path.name
        with database.reading(path) as db:
            there = database.book(db, path)
            database.copied(db, twin)
        copied = database.load(twin)
        if (copied.commune, copied.entries) != (there.commune, there.entries):
            raise RecordError("RECORD_COPY_DIFFERS", file=path.name)
        code = (head(copied.entries, copied.commune).code or "0").replace("-", "")
        target = folder / f"{path.stem}-{day.isoformat()}-{code}{path.suffix}"
        wanted = store.digest(twin)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not (target.is_file() and store.digest(target) == wanted):
                disk.copy(twin, target)
        except OSError as cause:
            if disk.is_full(cause):
                raise
            raise RecordError("RECORD_BACKUP_UNWRITTEN", folder=str(folder)) from cause
        if store.digest(target) != wanted:
            raise RecordError("RECORD_COPY_DIFFERS", file=target.name)
    files: tuple[str, ...] = ()
    own = store.store_of(path)
    if with_store:
        files = store.fetch(folder / store.FOLDER, own, copied.entries)
        own = folder / store.FOLDER
    return Backup(target, verify(target, files_in=own, copy_of=path), files)


def restore(
    path: Path, backup: Path, commune: str, *, patience_s: float = lock.PATIENCE_S
) -> Restored:
    """Bring a backup back in the place of the record.

    Parameters
    ----------
    path : Path
        `record.sqlite` of the commune; may be missing or damaged.
    backup : Path
        A backup, or any whole record of the commune.

    Returns
    -------
    Restored
        A record that held anything that the backup does not, or could not be read, lies beside
        it under another name.

    Raises
    ------
    RecordError
        The backup is missing, damaged, broken, or of another commune: the record is as before.
        Another program has the record open.
    """
    found = database.load(backup, commune)
    require_whole(chain.breaks(found.entries, found.commune), backup, home=path.parent)
    locality.require_local(path.parent)
    if backup.resolve() == path.resolve():
        raise RecordError("RECORD_SAME_FILE", file=path.name)
    with lock.held(path, patience_s):
        disk.sweep(path.parent)
        with disk.telling(path), disk.temporary(path.parent, path.suffix) as half:
            with database.reading(backup) as db:
                database.copied(db, half)
            # The chain was proved above: what is to be the record again is guarded again.
            exchange.guard(half)
            exchange.ready(half)
            if database.load(half, commune).entries != found.entries:
                raise RecordError("RECORD_COPY_DIFFERS", file=backup.name)
            # Files first: an entry never stands in the record before what it rests on.
            files = store.fetch(store.store_of(path), store.store_of(backup), found.entries)
            kept, beside, damaged = _aside(path, found.entries)
            disk.put(half, path)
    code = head(found.entries, found.commune).code
    return Restored(path, code, len(found.entries), kept, beside, damaged, files)


def _aside(path: Path, coming: tuple[Entry, ...]) -> tuple[Path | None, tuple[Entry, ...], bool]:
    """Keep the record that stands there, unless all it holds comes with the other."""
    if not path.exists():
        # A log without its record would be taken for the new one's.
        for end in disk.BESIDE:
            path.with_name(path.name + end).unlink(missing_ok=True)
        return None, (), False
    hashes = {entry.hash for entry in coming}
    try:
        there = database.load(path, rescue=True)
        if not there.torn:
            exchange.settle(path)
    except RecordError as fault:
        if fault.code not in ("RECORD_DAMAGED", "RECORD_NOT_ONE", "RECORD_NEWER", "RECORD_FAILED"):
            raise
        return exchange.set_aside_damaged(path, f"{path.stem}-hong{path.suffix}"), (), True
    beside = tuple(entry for entry in there.entries if entry.hash not in hashes)
    if there.torn:
        kept = exchange.set_aside_damaged(path, f"{path.stem}-hong{path.suffix}")
        return kept, beside, True
    if not beside:
        return None, (), False
    code = (head(there.entries, there.commune).code or "0").replace("-", "")
    return exchange.set_aside(path, f"{path.stem}-{code}{path.suffix}"), beside, False
