"""A GeoPackage of ours that somebody edited: kept aside before a new one takes its place.

What stands under `out/` is made anew at each run. Who mends a value there, in QGIS say, would
lose it in silence.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from ntm_gis.errors import OutputError

EDITED = "da-sua"
"""Ending of the name of a file kept aside."""

_OURS = "%T00:00:00.000Z"
"""Tables of ours bear the day of the figures; whoever changes one stamps it with the hour."""


def keep(path: Path) -> Path | None:
    """Move a file aside if it was edited since it was made; return where it stands now.

    Raises
    ------
    OutputError
        Another program is editing it at this moment.
    """
    if not path.is_file():
        return None
    _settle(path)
    if not edited(path):
        return None
    kept = next(name for name in _names(path) if not name.exists())
    os.replace(path, kept)  # noqa: PTH105 - said as the other doors say it
    return kept


def edited(path: Path) -> bool:
    """Whether a table of a GeoPackage was changed after we wrote it; False for other files."""
    query = "SELECT count(*) FROM gpkg_contents WHERE last_change NOT LIKE ?"
    try:
        # Not read-only: QGIS leaves the file in a mode in which a reader that may not write
        # would leave a log behind.
        with contextlib.closing(sqlite3.connect(path)) as base:
            (count,) = base.execute(query, (_OURS,)).fetchone()
    except sqlite3.DatabaseError:
        return False
    return bool(count)


def _settle(path: Path) -> None:
    """Bring what SQLite still holds beside the file into it.

    A log left there by a program that ended badly would be laid over the new file and spoil it.
    """
    log = path.with_name(f"{path.name}-wal")
    if not log.exists():
        return
    opened = contextlib.closing(sqlite3.connect(path))
    with opened as base, contextlib.suppress(sqlite3.DatabaseError):
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    # The last one to close a file takes its log away: somebody else has it open.
    if log.exists():
        raise OutputError("OUTPUT_IN_USE", file=path.name)


def _names(path: Path) -> Iterator[Path]:
    yield path.with_name(f"{path.stem}-{EDITED}{path.suffix}")
    number = 2
    while True:
        yield path.with_name(f"{path.stem}-{EDITED}-{number}{path.suffix}")
        number += 1
