"""Putting another file in the place of a record: at every moment one of the two is there."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from ntm_gis.record import database, disk, schema


def settle(path: Path) -> None:
    """Bring all of a record into its one file; for whoever holds its lock.

    What lies in the log goes into the file, and the log goes away: beside another file it would
    be taken for that one's.

    Raises
    ------
    RecordError
        Another program has the record open, or it is damaged.
    """
    with disk.telling(path), contextlib.closing(database.connect(path)) as db:
        mode = db.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
        if mode != "delete":
            msg = f"journal mode {mode}"
            raise sqlite3.OperationalError(msg)


def set_aside(path: Path, name: str) -> Path:
    """Copy a settled record to a free name beside it."""
    aside = free(path.with_name(name))
    with disk.telling(aside):
        disk.copy(path, aside)
    return aside


def set_aside_damaged(path: Path, name: str) -> Path:
    """Copy a record that cannot be opened, with its log, and take the log away."""
    aside = free(path.with_name(name))
    with disk.telling(path):
        disk.copy(path, aside)
        log = path.with_name(f"{path.name}-wal")
        if log.exists():
            disk.copy(log, aside.with_name(f"{aside.name}-wal"))
        for end in disk.BESIDE:
            path.with_name(path.name + end).unlink(missing_ok=True)
        disk.sync_folder(path.parent)
    return aside


def ready(half: Path) -> None:
    """Make a copy of a record fit to be the record: through the log from the start."""
    with disk.telling(half), contextlib.closing(database.connect(half)) as db:
        database.durable(db)


def guard(path: Path) -> None:
    """Put guards back that are gone from a copy of a record, or are not what they were."""
    with disk.telling(path), contextlib.closing(database.connect(path)) as db:
        there = dict(db.execute("SELECT name, sql FROM sqlite_master").fetchall())
        for name, made in schema.GUARDS.items():
            if there.get(name) != made:
                db.execute(f"DROP TRIGGER IF EXISTS {name}")
                db.execute(made)


def free(path: Path) -> Path:
    """Return a path, or the first of `NAME-2`, `NAME-3` … under which nothing lies."""
    number = 1
    found = path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found
