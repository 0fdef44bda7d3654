"""The SQLite file: how it is made, opened for reading, opened for writing, and brought up to date.

Durable on purpose: write-ahead log, `synchronous=FULL`, one immediate transaction for each
append. Append-only on purpose: triggers refuse UPDATE and DELETE on every table.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ntm_gis.errors import RecordError
from ntm_gis.record import disk
from ntm_gis.record.entries import Entry
from ntm_gis.record.schema import APPLICATION_ID, FORMAT, GUARDS, SCHEMA, STEPS, TABLES

BUSY_MS = 2000

_COLUMNS = "device, n, kind, body, prev, hash"
_ROWS = f"SELECT {_COLUMNS} FROM entries ORDER BY arrival"  # noqa: S608 - constants alone
_INSERT = f"INSERT INTO entries({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)"  # noqa: S608 - as above


@dataclass(frozen=True, slots=True)
class Book:
    """All that a record holds, as it lies in the file.

    Parameters
    ----------
    entries : tuple of Entry
        In the order in which this file got them.
    unguarded : tuple of str
        Guards against change that are gone from the file.
    torn : bool
        The file is damaged and not all entries could be read.
    """

    commune: str
    format: int
    entries: tuple[Entry, ...]
    unguarded: tuple[str, ...] = ()
    torn: bool = False


def load(path: Path, commune: str | None = None, *, rescue: bool = False) -> Book:
    """Read a whole record. Nothing is written, and no writer is kept waiting.

    Parameters
    ----------
    commune : str, optional
        Code of the commune that it must be the record of.
    rescue : bool
        Read what can be read of a damaged file.

    Raises
    ------
    RecordError
        The file is missing, no record, damaged, of a newer version or of another commune.
    """
    with reading(path) as db:
        found = book(db, path, rescue=rescue)
    require_commune(found, commune, path)
    return found


def book(db: sqlite3.Connection, path: Path, *, rescue: bool = False) -> Book:
    """Return what an open record holds."""
    version = _format(db, path)
    with disk.telling(path):
        there = dict(db.execute("SELECT name, sql FROM sqlite_master").fetchall())
        # A file from elsewhere could hold a view by that name, and one without end.
        if any(there.get(table) != SCHEMA[table] for table in TABLES):
            raise RecordError("RECORD_NOT_ONE", **disk.named(path))
        facts = dict(db.execute("SELECT name, value FROM facts").fetchall())
        torn = _cut_short(db, path)
    if torn and not rescue:
        raise RecordError("RECORD_DAMAGED", **disk.named(path))
    entries: list[Entry] = []
    try:
        # One by one: of a damaged file, what stands before the damage is still to be had.
        for row in db.execute(_ROWS):
            entries.append(_entry(row))  # noqa: PERF401 - as said above
    except sqlite3.DatabaseError as cause:
        if not rescue:
            raise disk.explained(cause, path) from cause
        torn = True
    unguarded = tuple(sorted(name for name in GUARDS if there.get(name) != GUARDS[name]))
    return Book(str(facts.get("commune", "")), version, tuple(entries), unguarded, torn)


def require_commune(found: Book, commune: str | None, path: Path) -> None:
    """Refuse the record of another commune."""
    if commune is not None and found.commune != commune:
        raise RecordError(
            "RECORD_OTHER_COMMUNE", file=path.name, found=found.commune, wanted=commune
        )


@contextlib.contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a record for reading, in its state of this moment.

    Raises
    ------
    RecordError
        As `load`.
    """
    if not path.is_file():
        raise RecordError("RECORD_FILE_NONE", file=path.name, folder=path.parent.name)
    with contextlib.ExitStack() as stack:
        try:
            db = stack.enter_context(_snapshot(path))
        except sqlite3.OperationalError:
            # SQLite wants to write beside the file, and may not: a copy is read instead.
            with disk.telling(path):
                shelf = stack.enter_context(disk.shelf())
                db = stack.enter_context(_snapshot(_copied(path, shelf)))
        except sqlite3.Error as cause:
            raise disk.explained(cause, path) from cause
        with disk.telling(path):
            older = _format(db, path) < FORMAT
        if older:
            db = stack.enter_context(contextlib.closing(_advanced(db, path)))
        yield db


@contextlib.contextmanager
def appending(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a record for writing; for whoever holds its lock.

    Raises
    ------
    RecordError
        As `load`; or it cannot be written.
    """
    with contextlib.ExitStack() as stack:
        with disk.telling(path):
            db = stack.enter_context(contextlib.closing(connect(path)))
            if _format(db, path) != FORMAT:
                raise RecordError("RECORD_NOT_ONE", **disk.named(path))
            # Tells a file that is cut short, before anything is built on it.
            sound = db.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
            if not sound or _cut_short(db, path):
                raise RecordError("RECORD_DAMAGED", **disk.named(path))
            durable(db)
        yield db


def create(path: Path, commune: str) -> None:
    """Make an empty record, whole or not at all; for whoever holds its lock."""
    with disk.telling(path), disk.temporary(path.parent, ".sqlite") as half:
        with contextlib.closing(sqlite3.connect(half, isolation_level=None)) as db:
            db.execute("BEGIN IMMEDIATE")
            for statement in SCHEMA.values():
                db.execute(statement)
            db.execute("INSERT INTO facts VALUES ('commune', ?)", (commune,))
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {FORMAT}")
            db.execute("COMMIT")
            durable(db)
        disk.put(half, path)


def insert(db: sqlite3.Connection, entries: Iterable[Entry]) -> None:
    """Put entries into the file, in the transaction that is open."""
    db.executemany(_INSERT, ((e.device, e.n, e.kind, e.text, e.prev, e.hash) for e in entries))


@contextlib.contextmanager
def transaction(db: sqlite3.Connection, path: Path) -> Iterator[None]:
    """Do all that is inside or nothing; when it ends well, it is on the disk."""
    with disk.telling(path):
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
            db.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):  # the first fault is the one to tell about
                db.execute("ROLLBACK")
            raise


def connect(path: Path) -> sqlite3.Connection:
    """Open an existing file, with texts as they stand in it, whatever their bytes are."""
    uri = f"{path.resolve().as_uri()}?mode=rw"
    db = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=BUSY_MS / 1000)
    db.text_factory = _text
    db.execute("PRAGMA trusted_schema = OFF")
    return db


def durable(db: sqlite3.Connection) -> None:
    """Make every commit last: through the log, and to the disk before it is acknowledged."""
    mode = db.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        msg = f"journal mode {mode}"
        raise sqlite3.OperationalError(msg)
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA fullfsync = ON")
    db.execute("PRAGMA checkpoint_fullfsync = ON")


def copied(db: sqlite3.Connection, target: Path) -> None:
    """Copy an open record by SQLite's own means into a new file that stands alone."""
    with contextlib.closing(sqlite3.connect(target, isolation_level=None)) as twin:
        db.backup(twin)
        twin.execute("PRAGMA journal_mode = DELETE")


def advance(db: sqlite3.Connection, path: Path) -> None:
    """Bring a copy of an older file to this version's format, all steps in one transaction."""
    with transaction(db, path):
        for version in range(_format(db, path), FORMAT):
            STEPS[version](db)
        db.execute(f"PRAGMA user_version = {FORMAT}")


def format_of(path: Path) -> int:
    """Return the format of a record's file."""
    with disk.telling(path), contextlib.closing(connect(path)) as db:
        return _format(db, path)


def is_older(path: Path) -> bool:
    """Say whether a record is of an older format than this version writes."""
    return format_of(path) < FORMAT


def _format(db: sqlite3.Connection, path: Path) -> int:
    with disk.telling(path):
        application = db.execute("PRAGMA application_id").fetchone()[0]
        version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if application != APPLICATION_ID:
        raise RecordError("RECORD_NOT_ONE", **disk.named(path))
    if version > FORMAT:
        raise RecordError("RECORD_NEWER", file=path.name, found=str(version), known=str(FORMAT))
    return version


def _advanced(db: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    twin = sqlite3.connect(":memory:", isolation_level=None)
    twin.text_factory = _text
    with disk.telling(path):
        db.execute("ROLLBACK")
        db.backup(twin)
    advance(twin, path)
    return twin


def _cut_short(db: sqlite3.Connection, path: Path) -> bool:
    """Say whether the file ends inside a page: SQLite reads what is gone as noughts.

    With a log beside it, the page may be whole there.
    """
    page = int(db.execute("PRAGMA page_size").fetchone()[0])
    log = path.with_name(f"{path.name}-wal")
    if not path.is_file() or (log.exists() and log.stat().st_size > 0):
        return False
    return path.stat().st_size % page != 0


def _entry(row: tuple[object, ...]) -> Entry:
    """Make an entry of a row; what a damaged file has in place of text or number stays visible."""
    device, n, kind, body, prev, hash_ = (
        part if isinstance(part, str | int) else repr(part) for part in row
    )
    number = n if isinstance(n, int) else 0
    return Entry(str(device), number, str(kind), str(body), str(prev), str(hash_))


@contextlib.contextmanager
def _snapshot(path: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(connect(path)) as db:
        db.execute("PRAGMA query_only = ON")
        db.execute("BEGIN")
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        yield db


def _copied(path: Path, shelf: Path) -> Path:
    """Copy a record and its log while nobody changes them."""
    for _ in range(3):
        before = _stamps(path)
        for name in (path.name, f"{path.name}-wal"):
            if path.with_name(name).exists():
                shutil.copyfile(path.with_name(name), shelf / name)
        if _stamps(path) == before:
            return shelf / path.name
    raise RecordError("RECORD_BUSY", file=path.name, folder=path.parent.name)


def _stamps(path: Path) -> list[tuple[int, int] | None]:
    files = (path, path.with_name(f"{path.name}-wal"))
    found = (file.stat() if file.exists() else None for file in files)
    return [(s.st_mtime_ns, s.st_size) if s else None for s in found]


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
