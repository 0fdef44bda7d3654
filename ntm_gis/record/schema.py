"""The tables of a record's file, the guards that keep them, and the way from older formats."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping

APPLICATION_ID = 0x4E544D31  # "NTM1"
FORMAT = 1

TABLES = ("facts", "entries")
GUARDS = {
    f"{table}_{name}": (
        f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'append-only'); END"
    )
    for table in TABLES
    for name, event in (("stay", "UPDATE"), ("keep", "DELETE"))
}
SCHEMA: Mapping[str, str] = {
    "facts": "CREATE TABLE facts(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    "entries": (
        "CREATE TABLE entries(arrival INTEGER PRIMARY KEY, device TEXT NOT NULL, "
        "n INTEGER NOT NULL CHECK (n > 0), kind TEXT NOT NULL, body TEXT NOT NULL, "
        "prev TEXT NOT NULL, hash TEXT NOT NULL UNIQUE) STRICT"
    ),
    **GUARDS,
}

Step = Callable[[sqlite3.Connection], None]
STEPS: dict[int, Step] = {}
"""What brings a file of a format to the next: format -> step. Bodies are never rewritten."""
