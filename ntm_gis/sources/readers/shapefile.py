"""Shapefiles: geometry by GDAL, attributes by our own reader of dBASE tables.

The parts are counted against each other first, because a table that is shorter than its map
loses roads without a word. Attributes are read here because dBASE says neither how its letters
are coded nor that a number is one: every byte is kept, and a number that is none stays text.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ntm_gis.sources import limits
from ntm_gis.sources.readers import geometry
from ntm_gis.sources.readers.parsed import Cell, Column, Parsed, Refusal, Told
from ntm_gis.sources.readers.values import name_of, texts

if TYPE_CHECKING:
    from pathlib import Path

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    kind: str
    start: int
    length: int


def read(path: Path, _: dict[str, Any]) -> list[Parsed]:
    """Read a shapefile.

    Raises
    ------
    Refusal
        Its parts do not belong together (`SHP_COUNTS`), or are cut short (`SHP_CUT`).
    """
    shapes, null = _records(path.read_bytes())
    told = []
    shx = path.with_suffix(".shx")
    if shx.is_file():
        indexed = max(0, (shx.stat().st_size - 100) // 8)
    else:
        indexed = shapes
        told.append(Told("SHP_WITHOUT_INDEX"))
    dbf = path.with_suffix(".dbf")
    table = _table(dbf.read_bytes()) if dbf.is_file() else None
    if table is None:
        told.append(Told("SHP_WITHOUT_TABLE"))
    rows = shapes if table is None else table.rows
    if not shapes == indexed == rows:
        raise Refusal("SHP_COUNTS", shapes=shapes, indexed=indexed, rows=rows)
    wkb = _geometry(path, shapes) if shapes else []
    parsed = Parsed(None, [], list(range(1, shapes + 1)), wkb, _prj(path), told)
    if table is not None:
        parsed.columns = table.columns
        parsed.hints["letters"] = _cpg(path)
    _unread(parsed, null)
    return [_without_deleted(parsed, table)]


def read_dbf(path: Path, _: dict[str, Any]) -> list[Parsed]:
    """Read a dBASE table that stands alone."""
    table = _table(path.read_bytes())
    parsed = Parsed(None, table.columns, list(range(1, table.rows + 1)))
    parsed.hints["letters"] = _cpg(path)
    return [_without_deleted(parsed, table)]


def _records(content: bytes) -> tuple[int, set[int]]:
    """Count the shapes of a .shp by walking through it, and name those without geometry."""
    if len(content) < 100:
        raise Refusal("SHP_CUT", said=100, found=len(content))
    said = 2 * struct.unpack_from(">i", content, 24)[0]
    if said > len(content):
        raise Refusal("SHP_CUT", said=said, found=len(content))
    at, count, null = 100, 0, set()
    while at + 8 <= len(content):
        length = 2 * struct.unpack_from(">i", content, at + 4)[0]
        if length < 4:
            break  # padding after the last shape, or damage that the counts will show
        if at + 8 + length > len(content):
            raise Refusal("SHP_CUT", said=at + 8 + length, found=len(content))
        if _is_null(content[at + 8 : at + 8 + length]):
            null.add(count)
        count += 1
        at += 8 + length
        if count > limits.ROWS:
            raise Refusal("TOO_MANY_ROWS", limit=limits.ROWS)
    return count, null


def _is_null(shape: bytes) -> bool:
    """Whether a shape records no geometry: of type 0, or without a single part or point."""
    if shape[:4] == b"\0\0\0\0":
        return True
    points = struct.unpack_from("<i", shape)[0] % 10 == 1
    return not points and len(shape) >= 40 and shape[36:40] == b"\0\0\0\0"


def _put_beside(part: Path, target: Path) -> None:
    """Let a file stand in a second place as well; the copy that was taken in stays where it is."""
    try:
        target.hardlink_to(part)
    except OSError:  # a disk that knows no links
        shutil.copyfile(part, target)


def _geometry(path: Path, count: int) -> list[bytes | None]:
    """Return the geometry of every shape, read by GDAL without the table beside it."""
    import pyogrio.raw

    alone = path.parent / "shapes"
    alone.mkdir()
    for suffix in (".shp", ".shx"):
        part = path.with_suffix(suffix)
        if part.is_file():
            _put_beside(part, alone / f"input{suffix}")
    if not (alone / "input.shx").is_file():
        (alone / "input.shx").write_bytes(_index((alone / "input.shp").read_bytes()))
    info = pyogrio.read_info(alone / "input.shp")
    if info["driver"] != "ESRI Shapefile":
        raise Refusal("SOURCE_UNREADABLE", why=str(info["driver"]))
    _, _, wkbs, _ = pyogrio.raw.read(alone / "input.shp", columns=[], force_2d=True)
    if wkbs is None or len(wkbs) != count:
        raise Refusal("SHP_COUNTS", shapes=0 if wkbs is None else len(wkbs), indexed=count,
                      rows=count)  # fmt: skip
    return [None if wkb is None else bytes(wkb) for wkb in wkbs]


def _index(content: bytes) -> bytes:
    """Return the .shx that belongs to a .shp."""
    out, at = bytearray(), 100
    while at + 8 <= len(content):
        length = struct.unpack_from(">i", content, at + 4)[0]
        if length < 2:
            break
        out += struct.pack(">ii", at // 2, length)
        at += 8 + 2 * length
    return content[:24] + struct.pack(">i", (100 + len(out)) // 2) + content[28:100] + bytes(out)


def _unread(parsed: Parsed, null: set[int]) -> None:
    """Check the geometry; a shape that is there but came back as nothing is unreadable."""
    if parsed.wkb is None:
        return
    checked, faults = geometry.check(parsed.wkb)
    for i, wkb in enumerate(parsed.wkb):
        if wkb is None and i not in null:
            faults[i] = Told("GEOMETRY_UNREADABLE")
    parsed.wkb = checked
    if faults:
        geometry.refuse(parsed, faults)


def _without_deleted(parsed: Parsed, table: _Table | None) -> Parsed:
    """Leave out records that were deleted in the table: they are rows no more."""
    gone = set() if table is None else {i + 1 for i in table.deleted}
    kept = [i for i, number in enumerate(parsed.numbers) if number not in gone]
    if len(kept) < len(parsed.numbers):
        count = len(parsed.numbers) - len(kept)
        parsed.told.append(Told("ROWS_DELETED", params={"count": count}))
        parsed.keep(kept)
    return parsed


@dataclass(slots=True)
class _Table:
    rows: int
    columns: list[Column]
    deleted: list[int]


def _table(content: bytes) -> _Table:
    """Read a dBASE table; the rows that its header promises must be there."""
    if len(content) < 33:
        raise Refusal("DBF_CUT", said=1, found=0)
    said, start, width = struct.unpack_from("<IHH", content, 4)
    fields = _fields(content, start)
    if width < 1 or start > len(content):
        raise Refusal("SOURCE_UNREADABLE", why="dBASE")
    found = (len(content) - start) // width
    if found < said:
        raise Refusal("DBF_CUT", said=said, found=found)
    if said > limits.ROWS:
        raise Refusal("TOO_MANY_ROWS", limit=limits.ROWS)
    places = [start + width * i for i in range(said)]
    columns = [
        _column(f, [content[p + f.start : p + f.start + f.length] for p in places]) for f in fields
    ]
    deleted = [i for i, place in enumerate(places) if content[place : place + 1] == b"*"]
    return _Table(said, columns, deleted)


def _fields(content: bytes, start: int) -> list[_Field]:
    fields, at, place = [], 32, 1
    while at + 32 <= min(start, len(content)) and content[at] != 0x0D:
        name = content[at : at + 11].split(b"\0")[0].decode("latin-1").strip()
        kind, length = chr(content[at + 11]), content[at + 16]
        if kind == "C":
            length += 256 * content[at + 17]  # long texts use the place of the decimals
        fields.append(_Field(name_of(name), kind, place, length))
        place += length
        at += 32
    if len(fields) > limits.COLUMNS:
        raise Refusal("SOURCE_TOO_BIG")
    return fields


def _column(field: _Field, cells: list[bytes]) -> Column:
    values = [cell.decode("latin-1").rstrip(" \0").lstrip(" ") for cell in cells]
    if field.kind in "NFOI+":
        return Column(field.name, [_number(value) for value in values])
    if field.kind == "D":
        return Column(field.name, [_date(value) for value in values])
    if field.kind == "L":
        truth = {"T": True, "Y": True, "F": False, "N": False}
        return Column(field.name, [truth.get(value.upper()) for value in values])
    return texts(field.name, [value or None for value in values])


def _number(text: str) -> Cell:
    """Read a number; asterisks (too long for its field) and other text are kept as they are."""
    if not text:
        return None
    if not _NUMBER.match(text):
        return text
    return float(text) if set(text) & set(".eE") else int(text)


def _date(text: str) -> Cell:
    if not text.strip("0 "):
        return None
    try:
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return text


def _prj(path: Path) -> str | None:
    prj = path.with_suffix(".prj")
    if not prj.is_file():
        return None
    return prj.read_bytes().decode("utf-8-sig", errors="replace").strip() or None


def _cpg(path: Path) -> str:
    cpg = path.with_suffix(".cpg")
    if not cpg.is_file():
        return ""
    return cpg.read_bytes()[:64].decode("latin-1").strip().lower()
