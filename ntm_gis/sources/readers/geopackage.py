"""GeoPackages, read as the SQLite files they are: real tables only, nothing of theirs is run.

A view may be endless and a trigger may write; neither is ever touched. The file is opened as
unchangeable, its pages are checked first, and an authorizer allows plain reading alone.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import sqlite3
import time
from typing import TYPE_CHECKING, Any

from ntm_gis.sources import limits
from ntm_gis.sources.readers import geometry
from ntm_gis.sources.readers.parsed import Cell, Column, Parsed, Refusal, Told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_STEPS = 10_000
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_PRAGMA})
_PRAGMAS = frozenset({"quick_check", "table_info", "table_xinfo"})
_ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}


def read(path: Path, question: dict[str, Any]) -> list[Parsed]:
    """Read every table of a GeoPackage that it lists as features or attributes.

    Raises
    ------
    Refusal
        Its pages are damaged (`GPKG_DAMAGED`), it has changes that were not written back
        (`GPKG_UNFINISHED`), or it is no GeoPackage.
    """
    with _opened(path) as base:
        _require_sound(base)
        if question.get("unfinished"):
            raise Refusal("GPKG_UNFINISHED")
        real = {str(name).lower() for (name,) in base.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'")}  # fmt: skip
        told, tables = [], []
        for name, kind in _listed(base):
            if name.lower() not in real:
                told.append(Told("GPKG_VIEW", params={"name": name}))
            elif kind in ("features", "attributes", "aspatial"):
                tables.append(_table(base, name, path))
    if not tables:
        tables = [Parsed(None)]
    tables[0].told += told
    return tables


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file that cannot change, for reading, with a limit of time on every statement."""
    base = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        end = time.monotonic() + limits.QUERY_SECONDS
        base.set_progress_handler(lambda: int(time.monotonic() > end), _STEPS)
        base.set_authorizer(_authorize)
        base.text_factory = _text
        yield base
    except sqlite3.OperationalError as cause:
        if "interrupt" in str(cause):
            raise Refusal("SOURCE_TIMEOUT", seconds=limits.QUERY_SECONDS) from cause
        raise Refusal("GPKG_DAMAGED") from cause
    except sqlite3.DatabaseError as cause:
        raise Refusal("GPKG_DAMAGED") from cause
    finally:
        base.close()


def _authorize(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    if action == sqlite3.SQLITE_PRAGMA:
        return sqlite3.SQLITE_OK if first in _PRAGMAS else sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_FUNCTION:
        return sqlite3.SQLITE_OK if second == "lower" else sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY


def _text(content: bytes) -> str:
    """Texts should be UTF-8; where one is not, its bytes are kept one by one."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _require_sound(base: sqlite3.Connection) -> None:
    (answer,) = base.execute("PRAGMA quick_check(1)").fetchone()
    if answer != "ok":
        raise Refusal("GPKG_DAMAGED")


def _listed(base: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return the tables a GeoPackage lists, with their kind, in its order."""
    rows = base.execute("SELECT table_name, data_type FROM gpkg_contents").fetchall()
    if len(rows) > limits.TABLES:
        raise Refusal("SOURCE_TOO_BIG")
    return [(str(name), str(kind)) for name, kind in rows]


def _table(base: sqlite3.Connection, name: str, path: Path) -> Parsed:
    """Read one table: geometry as WKB, the other columns by the type they were declared with."""
    spatial = _geometry_column(base, name)
    columns = [
        (str(row[1]), str(row[2]).upper(), bool(row[5]))
        for row in base.execute(f"PRAGMA table_info({_quoted(name)})")
    ]
    if len(columns) > limits.COLUMNS:
        raise Refusal("SOURCE_TOO_BIG")
    wanted = [c for c, _, _ in columns]
    marks = ", ".join(_quoted(c) for c in wanted)
    rows = base.execute(
        f"SELECT {marks} FROM {_quoted(name)} LIMIT ?",  # noqa: S608 - names are quoted
        (limits.ROWS + 1,),
    ).fetchall()
    if len(rows) > limits.ROWS:
        raise Refusal("TOO_MANY_ROWS", limit=limits.ROWS)
    table = Parsed(name, numbers=list(range(1, len(rows) + 1)))
    for i, (column, kind, key) in enumerate(columns):
        if spatial is not None and column.lower() == spatial[0].lower():
            continue
        if key and kind == "INTEGER" and column.lower() in ("fid", "ogc_fid"):
            continue  # the number GDAL and QGIS give every feature says nothing of it
        table.columns.append(Column(column, [_cell(row[i], kind) for row in rows]))
    if spatial is None:
        return table
    at = next(i for i, c in enumerate(wanted) if c.lower() == spatial[0].lower())
    table.crs = _crs(base, spatial[1])
    return _with_geometry(table, [row[at] for row in rows], path)


def _with_geometry(table: Parsed, blobs: list[Any], path: Path) -> Parsed:
    """Take the WKB out of the blobs; curves, which GEOS does not know, are left to GDAL."""
    wkbs = [None if blob is None else _wkb(blob) for blob in blobs]
    if any(w is not None and len(w) > 5 and _is_curve(w) for w in wkbs):
        from ntm_gis.sources.readers import vector

        straight = vector.layer(path, str(table.name), "GPKG")
        if straight.wkb is not None and len(straight.wkb) == len(wkbs):
            wkbs = [b"" if w is not None and s is None else s
                    for w, s in zip(wkbs, straight.wkb, strict=True)]  # fmt: skip
    table.wkb = list(wkbs)
    return geometry.settle(table)


def _wkb(blob: Any) -> bytes | None:
    """Return the WKB in a GeoPackage geometry; "" (unreadable) where it is none."""
    if not isinstance(blob, bytes) or len(blob) < 8 or blob[:2] != b"GP":
        return b""
    flags = blob[3]
    if flags & 0x10:
        return None  # marked as empty
    return blob[8 + _ENVELOPES.get((flags >> 1) & 7, len(blob)) :]


def _is_curve(wkb: bytes) -> bool:
    kind = int.from_bytes(wkb[1:5], "little" if wkb[0] else "big")
    return 8 <= (kind & 0x0FFFFFFF) % 1000 <= 14


def _geometry_column(base: sqlite3.Connection, name: str) -> tuple[str, int] | None:
    row = base.execute(
        "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE lower(table_name) = lower(?)",
        (name,),
    ).fetchone() if _has(base, "gpkg_geometry_columns") else None  # fmt: skip
    return None if row is None else (str(row[0]), int(row[1] or 0))


def _has(base: sqlite3.Connection, name: str) -> bool:
    found = base.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (name,))
    return found.fetchone() is not None


def _crs(base: sqlite3.Connection, srs: int) -> str | None:
    """Return the system of a table: its EPSG code, else its definition; None if undefined."""
    if srs in (0, -1):
        return None
    row = base.execute(
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys"
        " WHERE srs_id = ?", (srs,)
    ).fetchone()  # fmt: skip
    if row is None:
        return f"EPSG:{srs}"
    if str(row[0]).upper() == "EPSG" and isinstance(row[1], int):
        return f"EPSG:{row[1]}"
    return str(row[2]) if row[2] else None


def _cell(value: Any, kind: str) -> Cell:
    if value is None or isinstance(value, int | float):
        return bool(value) if kind == "BOOLEAN" and isinstance(value, int) else value
    if isinstance(value, bytes):
        return value[:64].hex(" ")
    text = str(value)
    if kind in ("DATE", "DATETIME") and text:
        read = dt.date.fromisoformat if kind == "DATE" else dt.datetime.fromisoformat
        try:
            return read(text)
        except ValueError:
            return text
    return text


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
