"""A record of an older version: brought up to date on a copy, and the old file kept."""

from __future__ import annotations

import contextlib
from pathlib import Path

from ntm_gis.errors import RecordError
from ntm_gis.record import database, disk, exchange


def upgrade(path: Path) -> Path:
    """Bring a record to this version's format; for whoever holds its lock.

    Steps go forward only, all in one transaction on a copy. Bodies and digests stay as they
    are, so the check code does too.

    Returns
    -------
    Path
        The old file, kept beside the record.

    Raises
    ------
    RecordError
        The record cannot be written, or the copy does not hold what the record did.
    """
    old = database.format_of(path)
    exchange.settle(path)
    with disk.telling(path), disk.temporary(path.parent, path.suffix) as half:
        with contextlib.closing(database.connect(path)) as db:
            before = set(db.execute("SELECT hash FROM entries"))
            database.copied(db, half)
        with contextlib.closing(database.connect(half)) as db:
            database.advance(db, half)
        exchange.ready(half)
        after = database.load(half)
        if before != {(entry.hash,) for entry in after.entries}:
            raise RecordError("RECORD_COPY_DIFFERS", file=path.name)
        kept = exchange.set_aside(path, f"{path.stem}-v{old}{path.suffix}")
        disk.put(half, path)
    return kept
