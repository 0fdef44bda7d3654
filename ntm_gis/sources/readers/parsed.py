"""What a reader hands over: plain rows, geometry as WKB, and codes of what it found.

Nothing here knows of layers, of the commune or of words: this is what crosses from the reading
process, written as JSON and blocks of bytes.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Cell = None | bool | int | float | str | dt.date | dt.datetime | dt.time
"""A value as a file holds it."""

Plain = dict[str, Any]

OF_ROWS = ("times", "heights")
"""Hints that have one entry for each row: of each vertex its time, its height."""


class Refusal(Exception):  # noqa: N818 - an answer that crosses processes, no error of ours
    """A file, or a part of it, cannot be taken in; the code is a heading of messages.toml."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


@dataclass(slots=True)
class Told:
    """Something found: a code, where, and what its sentence names."""

    code: str
    row: int | None = None
    field: str | None = None
    value: str | None = None
    params: Plain = dataclasses.field(default_factory=dict)

    def plain(self) -> Plain:
        """Return it as it crosses."""
        return {"code": self.code, "row": self.row, "field": self.field, "value": self.value,
                "params": self.params}  # fmt: skip


@dataclass(slots=True)
class Column:
    """One column: its name, its values, and whether they are bytes that wait for their letters.

    Where `raw`, texts hold one character for each byte of the file.
    """

    name: str
    cells: list[Cell]
    raw: bool = False


@dataclass(slots=True)
class Sheet:
    """The filled cells of a sheet or CSV, before anybody knows where its heading is.

    `rows` are (row number, {column number: value}), both as the user sees them, from 1.
    """

    rows: list[tuple[int, dict[int, Cell]]] = dataclasses.field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = dataclasses.field(default_factory=list)
    """First row, first column, last row, last column."""
    hidden_rows: list[int] = dataclasses.field(default_factory=list)
    uncached: list[tuple[int, int]] = dataclasses.field(default_factory=list)
    """Cells with a formula whose result the file does not hold."""
    hidden: bool = False
    raw: bool = False


@dataclass(slots=True)
class Parsed:
    """One table, layer or sheet of a file.

    Parameters
    ----------
    name : str or None
        As the file names it; None in a file of one table.
    columns : list of Column
    numbers : list of int
        The number of each row as the user sees it.
    wkb : list of bytes or None, or None
        Geometry of each row, two-dimensional; None where the table has no geometry at all.
    crs : str or None
        The system as the file names it: "EPSG:n" or WKT.
    told : list of Told
    refused : int
        Rows that could not be read; they are not among the rows.
    sheet : Sheet or None
        Cells of a sheet; then there are no columns yet.
    """

    name: str | None = None
    columns: list[Column] = dataclasses.field(default_factory=list)
    numbers: list[int] = dataclasses.field(default_factory=list)
    wkb: list[bytes | None] | None = None
    crs: str | None = None
    told: list[Told] = dataclasses.field(default_factory=list)
    refused: int = 0
    sheet: Sheet | None = None
    hints: Plain = dataclasses.field(default_factory=dict)

    def copy(self) -> Parsed:
        """Return a table that can be changed without this one noticing."""
        return dataclasses.replace(
            self,
            columns=[dataclasses.replace(c, cells=list(c.cells)) for c in self.columns],
            numbers=list(self.numbers),
            wkb=None if self.wkb is None else list(self.wkb),
            told=[dataclasses.replace(told) for told in self.told],
            hints=dict(self.hints),
        )

    def keep(self, places: Sequence[int]) -> None:
        """Leave only the rows at some places, in that order, with all that belongs to them.

        Examples
        --------
        >>> table = Parsed(columns=[Column("a", [5, 6, 7])], numbers=[1, 2, 3])
        >>> table.keep([0, 2])
        >>> table.columns[0].cells, table.numbers
        ([5, 7], [1, 3])
        """
        for column in self.columns:
            column.cells = [column.cells[i] for i in places]
        self.numbers = [self.numbers[i] for i in places]
        if self.wkb is not None:
            self.wkb = [self.wkb[i] for i in places]
        for key in OF_ROWS:
            if key in self.hints:
                self.hints[key] = [self.hints[key][i] for i in places]


def to_wire(tables: Sequence[Parsed]) -> tuple[list[Plain], list[bytes]]:
    """Return tables as JSON values and blocks of bytes."""
    plain, blocks = [], []
    for table in tables:
        out: Plain = {
            "name": table.name,
            "columns": [
                {"name": c.name, "raw": c.raw, "values": [_out(v) for v in c.cells]}
                for c in table.columns
            ],
            "numbers": table.numbers, "crs": table.crs, "refused": table.refused,
            "told": [t.plain() for t in table.told], "geometry": table.wkb is not None,
            "hints": table.hints, "sheet": None if table.sheet is None else _sheet_out(table.sheet),
        }  # fmt: skip
        if table.wkb is not None:
            lengths = array("q", (-1 if w is None else len(w) for w in table.wkb))
            blocks += [lengths.tobytes(), b"".join(w for w in table.wkb if w is not None)]
        plain.append(out)
    return plain, blocks


def from_wire(plain: Sequence[Plain], blocks: Sequence[bytes]) -> list[Parsed]:
    """Return the tables that `to_wire` wrote.

    Raises
    ------
    ValueError, KeyError, TypeError
        The reading process answered with something else.
    """
    parts = iter(blocks)
    return [_table_in(table, parts) for table in plain]


def _table_in(table: Plain, parts: Iterable[bytes]) -> Parsed:
    columns = [
        Column(str(c["name"]), [_in(v) for v in c["values"]], bool(c["raw"]))
        for c in table["columns"]
    ]
    numbers = [int(n) for n in table["numbers"]]
    wkb = None
    if table["geometry"]:
        blocks = iter(parts)
        wkb = _cut(next(blocks), next(blocks))
    if any(len(c.cells) != len(numbers) for c in columns) or (
        wkb is not None and len(wkb) != len(numbers)
    ):
        msg = "columns of unequal length"
        raise ValueError(msg)
    told = [Told(t["code"], t["row"], t["field"], t["value"], t["params"]) for t in table["told"]]
    sheet = None if table["sheet"] is None else _sheet_in(table["sheet"])
    return Parsed(table["name"], columns, numbers, wkb, table["crs"], told, int(table["refused"]),
                  sheet, table["hints"])  # fmt: skip


def _cut(lengths: bytes, content: bytes) -> list[bytes | None]:
    sizes = array("q")
    sizes.frombytes(lengths)
    out: list[bytes | None] = []
    at = 0
    for size in sizes:
        if size < 0:
            out.append(None)
            continue
        out.append(content[at : at + size])
        at += size
    if at != len(content):
        msg = "geometry of another length than said"
        raise ValueError(msg)
    return out


def _sheet_out(sheet: Sheet) -> Plain:
    return {
        "rows": [[n, [[c, _out(v)] for c, v in cells.items()]] for n, cells in sheet.rows],
        "merges": sheet.merges, "hidden_rows": sheet.hidden_rows,
        "uncached": sheet.uncached, "hidden": sheet.hidden, "raw": sheet.raw,
    }  # fmt: skip


def _sheet_in(plain: Plain) -> Sheet:
    return Sheet(
        rows=[(n, {c: _in(v) for c, v in cells}) for n, cells in plain["rows"]],
        merges=[(a, b, c, d) for a, b, c, d in plain["merges"]],
        hidden_rows=list(plain["hidden_rows"]),
        uncached=[(r, c) for r, c in plain["uncached"]],
        hidden=bool(plain["hidden"]),
        raw=bool(plain["raw"]),
    )


def _out(value: Cell) -> Any:
    """Dates cross as {"d": …}, numbers that JSON lacks as nothing."""
    if isinstance(value, dt.datetime):
        return {"t": value.isoformat()}
    if isinstance(value, dt.date):
        return {"d": value.isoformat()}
    if isinstance(value, dt.time):
        return {"h": value.isoformat()}
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _in(value: Any) -> Cell:
    if isinstance(value, dict):
        ((kind, text),) = value.items()
        if kind == "t":
            return dt.datetime.fromisoformat(text)
        return dt.date.fromisoformat(text) if kind == "d" else dt.time.fromisoformat(text)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    msg = f"no cell: {type(value).__name__}"
    raise TypeError(msg)
