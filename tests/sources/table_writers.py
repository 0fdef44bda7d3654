"""Shapefile and dBASE written byte by byte, so that no library decides what stands in them."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

from pyproj import CRS

Field = tuple[bytes, str, int, int]


def dbf(
    path: Path,
    fields: Sequence[Field],
    rows: Sequence[Sequence[bytes]],
    *,
    ldid: int = 0,
    deleted: Sequence[int] = (),
) -> None:
    """Write a dBASE III table; `deleted` are numbers of rows, from 0."""
    width = 1 + sum(length for _, _, length, _ in fields)
    start = 32 + 32 * len(fields) + 1
    out = bytearray(struct.pack("<B3BIHH17xB2x", 3, 125, 12, 31, len(rows), start, width, ldid))
    for name, kind, length, decimals in fields:
        out += name[:10].ljust(11, b"\0") + kind.encode() + b"\0" * 4
        out += bytes([length, decimals]) + b"\0" * 14
    out += b"\r"
    for i, row in enumerate(rows):
        out += b"*" if i in deleted else b" "
        for value, (_, kind, length, _) in zip(row, fields, strict=True):
            cell = value[:length]
            out += cell.rjust(length) if kind == "N" else cell.ljust(length)
    path.write_bytes(bytes(out) + b"\x1a")


def write_shapefile(
    path: Path,
    places: Sequence[tuple[float, float] | None],
    fields: Sequence[Field],
    rows: Sequence[Sequence[bytes]],
    *,
    prj: str | None = "EPSG:9205",
    cpg: str | None = None,
    ldid: int = 0,
    deleted: Sequence[int] = (),
) -> None:
    """Write points with their table."""
    records = [
        struct.pack("<i", 0) if place is None else struct.pack("<i2d", 1, *place)
        for place in places
    ]
    body, index = bytearray(), bytearray()
    for i, record in enumerate(records, 1):
        index += struct.pack(">ii", (100 + len(body)) // 2, len(record) // 2)
        body += struct.pack(">ii", i, len(record) // 2) + record
    path.write_bytes(_head(100 + len(body)) + bytes(body))
    path.with_suffix(".shx").write_bytes(_head(100 + len(index)) + bytes(index))
    dbf(path.with_suffix(".dbf"), fields, rows, ldid=ldid, deleted=deleted)
    if prj is not None:
        path.with_suffix(".prj").write_text(CRS(prj).to_wkt("WKT1_ESRI"), encoding="utf-8")
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg, encoding="ascii")


def _head(size: int) -> bytes:
    return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, size // 2) + struct.pack(
        "<2i8d", 1000, 1, 0, 0, 1, 1, 0, 0, 0, 0
    )
