"""What passes between sources, checks and analyses: Raw, Origin, Layer, Layers, Answer.

Every frame of a layer is in the commune's zone and bears, beside the fields of its schema and
the further columns of its file, four columns of our own: `@row` (the row as the user sees it),
`@file`, `@table` and `@state` (one of `STATES`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely

from ntm_gis.rules.schema import LayerSchema, schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    import numpy.typing as npt
    from pyproj import CRS

    from ntm_gis.results import Finding, Measure
    from ntm_gis.rules.commune import Commune, SourceEntry
    from ntm_gis.rules.schema import Field

ROW, FILE, TABLE, STATE = "@row", "@file", "@table", "@state"
OWN = (ROW, FILE, TABLE, STATE)

PERSONAL = "@personal:"
"""What stands before the name of a further column that seems to be about a person. Outputs leave
every column out that begins with "@"."""

USED, SET_ASIDE, REFUSED = "used", "set_aside", "refused"
STATES = (USED, SET_ASIDE, REFUSED)

Together = Mapping[tuple[str, str], tuple[str, ...]]
"""(layer, id) of a feature whose ground is counted with others -> the ids of these."""

LOCATED_BY = "located_by"
LOCATIONS = ("survey", "phone", "chainage", "village", "none")


_DTYPES = {
    "number": "float64",
    "chainage": "float64",
    "integer": "Int64",
    "boolean": "boolean",
    "date": "datetime64[us]",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where rows come from: file, table, digest, and the `[[source]]` that named it.

    `file` is written as commune.toml has it, with forward slashes; `crs` is the system the
    coordinates were in; `members` are the further files that belong to it (`.dbf`, `.prj` …)
    with their digests.
    """

    file: str
    layer: str
    entry: SourceEntry
    table: str | None = None
    sha256: str | None = None
    crs: str | None = None
    members: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Raw:
    """Rows as read from one table of one file.

    Parameters
    ----------
    frame : GeoDataFrame, n rows
        Columns as the file names them, values as read (text, number, truth value, date, None),
        `@row`, and geometry in the commune's zone (None where a row has none). Where a reader
        knows how a position came about, a column `located_by`.
    origin : Origin
    findings : tuple of Finding
        What was found wrong in reading.
    refused : int
        Rows that could not be read at all; they are not in `frame`.
    set_aside : int
        Rows that were read and stay out before any check: strokes of a drawing.
    """

    frame: gpd.GeoDataFrame
    origin: Origin
    findings: tuple[Finding, ...] = ()
    refused: int = 0
    set_aside: int = 0


@dataclass(frozen=True)
class Grid:
    """Heights on a regular grid in the commune's zone.

    Parameters
    ----------
    heights : float32 array, (rows, columns)
        Metres above sea level, row 0 in the north; NaN where there is none.
    west, north : float
        Outer corner of the first cell, metres.
    cell : float
        Width of a cell, metres.
    """

    heights: npt.NDArray[np.float32]
    west: float
    north: float
    cell: float
    origin: Origin

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in metres."""
        rows, columns = self.heights.shape
        south = self.north - rows * self.cell
        return self.west, south, self.west + columns * self.cell, self.north


@dataclass(frozen=True, slots=True)
class Account:
    """How the rows of one table of one file were used: rows_in = used + set_aside + refused."""

    file: str
    table: str | None
    sha256: str | None
    layer: str
    rows_in: int
    used: int
    set_aside: int
    refused: int
    members: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Places:
    """Where the used rows of a layer stand, as plain columns: n of each.

    `ids` are keys, or the number of the row where it has none, with its file where several have
    that number; `shapes` geometries, None for what has no place, `zone` the system that they
    stand in.
    """

    ids: tuple[str, ...]
    files: tuple[str, ...]
    tables: tuple[str | None, ...]
    rows: tuple[int, ...]
    shapes: npt.NDArray[np.object_]
    zone: CRS | None


@dataclass(frozen=True)
class Layer:
    """A checked layer: all its rows, typed, each with its state, and what was found.

    Parameters
    ----------
    frame : GeoDataFrame
        One row a record, `RangeIndex`, the schema's fields under their names and types
        (text and codes `object` with None, numbers `float64` with NaN, integers `Int64`,
        truth values `boolean`, dates `datetime64`), further columns as read, the own columns.
        Further columns that seem to be about persons bear `@personal:` before their name: they
        tell rows apart, and no output shows them.
    """

    schema: LayerSchema
    frame: gpd.GeoDataFrame
    origins: tuple[Origin, ...] = ()
    accounts: tuple[Account, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def name(self) -> str:
        """The layer's name."""
        return self.schema.name

    @property
    def given(self) -> bool:
        """The commune has a source for it that could be read."""
        return any(account.sha256 is not None for account in self.accounts)

    @cached_property
    def used(self) -> gpd.GeoDataFrame:
        """Rows that count, with their index of `frame`."""
        return self.frame[self.frame[STATE] == USED]

    @cached_property
    def places(self) -> Places:
        """Where the used rows stand, in the order of `used`."""
        frame = self.used
        rows = tuple(int(row) for row in frame[ROW])
        keys: Sequence[object] = [None] * len(rows)
        if self.schema.key is not None:
            keys = frame[self.schema.key].tolist()
        shapes = frame.geometry.to_numpy().astype(object)
        shapes[shapely.is_missing(shapes) | shapely.is_empty(shapes)] = None
        files = tuple(frame[FILE])
        tables = tuple(table if isinstance(table, str) else None for table in frame[TABLE])
        return Places(
            tuple(
                _id(key, row)
                for key, row in zip(keys, _row_names(rows, files, tables), strict=True)
            ),
            files,
            tables,
            rows,
            shapes,
            frame.crs,
        )

    @property
    def files(self) -> tuple[str, ...]:
        """Files the rows came from, each once."""
        return tuple(dict.fromkeys(origin.file for origin in self.origins))


@dataclass(frozen=True)
class Layers:
    """All layers of a commune. A layer without a source is there, empty."""

    commune: Commune
    by_name: Mapping[str, Layer]
    elevation: Grid | None = None
    findings: tuple[Finding, ...] = ()
    accounts: tuple[Account, ...] = ()
    drawings: tuple[Raw, ...] = ()
    """CAD drawings given for layers of areas, as they were read."""

    def __getitem__(self, name: str) -> Layer:
        found = self.by_name.get(name)
        if found is None:
            found = self._absent.get(name)
        if found is None:
            # Asked for again and again; making it takes as long as reading a small file.
            found = self._absent[name] = empty(name, self.commune.commune.crs)
        return found

    @cached_property
    def _absent(self) -> dict[str, Layer]:
        """Layers without a source, as they were first asked for."""
        return {}

    @cached_property
    def boundary(self) -> shapely.Geometry | None:
        """The commune's ground as one valid geometry in its zone; None where unknown."""
        ground = self["boundary"].used.geometry.dropna()
        if ground.empty:
            return None
        return shapely.union_all(ground.to_numpy())


@dataclass(frozen=True)
class Answer:
    """What an analysis gives: measures, findings, and frames to draw.

    `together` says of features whose ground is counted with others which these are.
    `frames` are GeoDataFrames in the commune's zone with `id`, the columns of their layer, the
    own columns, and `state`, the word by which maps style them. `grids` are pictures and
    heights to lay under maps. `failures` are the tracebacks of analyses that failed, for whoever
    maintains the program; they stand in no output.
    """

    measures: tuple[Measure, ...] = ()
    findings: tuple[Finding, ...] = ()
    frames: Mapping[str, gpd.GeoDataFrame] = field(default_factory=lambda: MappingProxyType({}))
    grids: Mapping[str, Grid] = field(default_factory=lambda: MappingProxyType({}))
    failures: tuple[str, ...] = ()
    together: Together = field(default_factory=lambda: MappingProxyType({}))

    def __add__(self, other: Answer) -> Answer:
        """Join two answers; measures and frames of one name must not meet."""
        double = {m.id for m in self.measures} & {m.id for m in other.measures}
        double |= set(self.frames) & set(other.frames)
        if double:
            msg = f"given twice: {sorted(double)}"
            raise ValueError(msg)
        return Answer(
            self.measures + other.measures,
            self.findings + other.findings,
            MappingProxyType({**self.frames, **other.frames}),
            MappingProxyType({**self.grids, **other.grids}),
            self.failures + other.failures,
            MappingProxyType({**self.together, **other.together}),
        )


def _id(key: object, row: str) -> str:
    said = key.strip() if isinstance(key, str) else ""
    return said or row


def _row_names(
    rows: Sequence[int], files: Sequence[str], tables: Sequence[str | None]
) -> Iterator[str]:
    """Yield what tells rows without a key apart: number, then file, then table as far as needed.

    Examples
    --------
    >>> list(_row_names([7, 7, 8], ["a/T1.xlsx", "a/T2.xlsx", "a/T2.xlsx"], [None] * 3))
    ['7 · T1.xlsx', '7 · T2.xlsx', '8']
    """
    of_number, of_file = Counter(rows), Counter(zip(rows, files, strict=True))
    for row, file, table in zip(rows, files, tables, strict=True):
        if of_number[row] == 1:
            yield str(row)
        elif of_file[row, file] == 1:
            yield f"{row} · {file.rpartition('/')[2]}"
        else:
            yield f"{row} · {file.rpartition('/')[2]} · {table or ''}"


def empty(name: str, crs: str) -> Layer:
    """Return a layer without rows, with all its columns."""
    found = schema(name)
    types = {column.name: dtype(column) for column in found.fields}
    types |= {LOCATED_BY: "object", **dict.fromkeys(OWN, "object"), ROW: "int64"}
    columns = {column: pd.Series([], dtype=kind) for column, kind in types.items()}
    geometry = gpd.GeoSeries([], crs=crs)
    return Layer(found, gpd.GeoDataFrame(pd.DataFrame(columns), geometry=geometry))


def dtype(column: Field) -> str:
    """Return the pandas type in which a layer holds a field.

    Examples
    --------
    >>> roads = schema("roads")
    >>> dtype(roads.field("width_m")), dtype(roads.field("built_year"))
    ('float64', 'Int64')
    """
    return _DTYPES.get(column.type, "object")
