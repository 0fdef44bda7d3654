"""What one file holds, before any entry of commune.toml names it: for `add` and for people."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.sources import frames, pairs, telling
from ntm_gis.sources.letters import LABELS, OLD
from ntm_gis.sources.opening import RASTERS, Opener, opening, settled
from ntm_gis.sources.placing import Ground, place, written
from ntm_gis.sources.readers.parsed import OF_ROWS, Cell, Column, Parsed, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import geopandas as gpd

    from ntm_gis.crs import Hypothesis
    from ntm_gis.results import Finding
    from ntm_gis.sources.intake import Copy
    from ntm_gis.sources.pairs import Pair
    from ntm_gis.sources.placing import Shapes

SAMPLED = 200
_GEOMETRIES = {1: "point", 4: "point", 2: "line", 5: "line", 3: "polygon", 6: "polygon"}


@dataclass(frozen=True)
class Table:
    """One table, layer or sheet of a file.

    Parameters
    ----------
    file : str
        Name of the file.
    table : str or None
        Its sheet or layer; None in a file of one.
    kind : str
        What kind of file it is ("shp", "xlsx", …); "" where it could not be taken in.
    columns : tuple of str
    sample : GeoDataFrame, at most 200 rows
        First rows, as `read` would give them; geometry in the zone asked for, where the system
        is known.
    rows : int
    geometry : {"point", "line", "polygon", "any", "raster", None}
    crs : str or None
        EPSG code of the system said by the file.
    candidates : tuple of Hypothesis
        Systems that would put it into the commune, best first, where the file says none.
    letters : mapping
        Old letter codes found, by column.
    header_row : int or None
        The row of the heading, as the user sees it.
    pairs : tuple of Pair
        Columns that hold coordinates.
    hidden : bool
        A sheet that Excel does not show.
    extent : (float, float, float, float) or None
        Least and greatest coordinates as the file writes them; None where it has none.
    """

    file: str
    table: str | None = None
    kind: str = ""
    columns: tuple[str, ...] = ()
    sample: gpd.GeoDataFrame = field(default_factory=lambda: frames.empty("EPSG:4326"))
    rows: int = 0
    geometry: str | None = None
    crs: str | None = None
    candidates: tuple[Hypothesis, ...] = ()
    letters: Mapping[str, str] = field(default_factory=dict)
    header_row: int | None = None
    pairs: tuple[Pair, ...] = ()
    hidden: bool = False
    extent: tuple[float, float, float, float] | None = None
    sha256: str | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def values(self) -> dict[str, list[Cell]]:
        """Values of each column in the sample."""
        return {name: self.sample[name].tolist() for name in self.columns}


def look(
    path: Path, *, zone: str = "EPSG:4326", boundary: shapely.Geometry | None = None
) -> tuple[Table, ...]:
    """Show what a file holds, each table, sheet or layer by itself.

    Parameters
    ----------
    path : Path
    zone : str, optional
        EPSG code of the commune's zone; samples are given in it.
    boundary : polygon, optional
        The commune, in `zone`: against it an unknown system is guessed.

    Returns
    -------
    tuple of Table
        At least one. A file that cannot be taken in gives one table without rows, with its
        finding; nothing is raised.
    """
    with opening(None) as opener:
        return look_with(opener, path, _ground(zone, boundary))


@dataclass(frozen=True)
class Held:
    """What a file holds, and the private copies of the bytes that were looked at.

    `copies` are of the file, first, and of what belongs to it; none where it could not be taken
    in.
    """

    tables: tuple[Table, ...]
    copies: tuple[Copy, ...] = ()


@contextlib.contextmanager
def held(
    path: Path, *, zone: str = "EPSG:4326", boundary: shapely.Geometry | None = None
) -> Iterator[Held]:
    """Show what a file holds as `look` does, and keep its copies until the end.

    Whoever takes the file over copies these bytes, and no others: the file itself may have
    changed since.

    Raises
    ------
    SourceError
        There is no place for private copies.
    """
    with opening(None, whole=True) as opener:
        tables = look_with(opener, path, _ground(zone, boundary))
        yield Held(tables, opener.open(path, path.name).taken.copies if tables[0].kind else ())


def _ground(zone: str, boundary: shapely.Geometry | None) -> Ground:
    return Ground.of(zone, None if boundary is None else np.array([boundary], dtype=object))


def look_with(opener: Opener, path: Path, ground: Ground) -> tuple[Table, ...]:
    """Show what a file holds, with a reading process that serves several files."""
    try:
        opened = opener.open(path, path.name)
    except Refusal as refusal:
        return (Table(path.name, findings=(telling.refused(refusal, file=path.name),)),)
    kind, sha256 = opened.taken.kind, opened.taken.sha256
    if kind in RASTERS:
        return (Table(path.name, kind=kind, rows=1, geometry="raster", sha256=sha256,
                      crs=opened.tables[0].crs),)  # fmt: skip
    return tuple(_seen(table, kind, path.name, sha256, ground) for table in opened.tables)


def _seen(raw: Parsed, kind: str, file: str, sha256: str, ground: Ground) -> Table:
    table, found = settled(raw, kind)
    positions = pairs.positions(table, {}) if table.wkb is None else None
    placed = place(table, kind, positions, ground, wide=True)
    geometry, columns_of = _geometry(table), pairs.pairs(table)
    told = [*table.told, *(positions.told if positions else []), *placed.told]
    few = Parsed(
        table.name,
        [Column(c.name, c.cells[:SAMPLED]) for c in table.columns],
        table.numbers[:SAMPLED],
        hints={k: v[:SAMPLED] for k, v in table.hints.items() if k in OF_ROWS},
    )
    return Table(
        file=file, table=table.name, kind=kind,
        columns=tuple(c.name for c in table.columns),
        sample=frames.frame(few, placed.shapes[:SAMPLED], ground.zone),
        rows=len(table.numbers) + table.refused,
        geometry=geometry, crs=placed.crs, candidates=placed.candidates,
        letters={c: LABELS[code] for c, code in found.codes.items() if code in OLD},
        header_row=table.hints.get("header_row"), pairs=columns_of,
        hidden=raw.sheet is not None and raw.sheet.hidden, sha256=sha256,
        extent=_extent(written(table, positions)),
        findings=telling.findings(told, file=file, table=table.name),
    )  # fmt: skip


def _extent(shapes: Shapes | None) -> tuple[float, float, float, float] | None:
    there = [] if shapes is None else [s for s in shapes if s is not None]
    bounds = shapely.total_bounds(there) if there else np.array([np.nan])
    if not np.isfinite(bounds).all():
        return None
    west, south, east, north = (float(v) for v in bounds)
    return west, south, east, north


def _geometry(table: Parsed) -> str | None:
    """Return what the features of a table are, "any" where they are several things."""
    if table.wkb is None:
        return None
    kinds = {_GEOMETRIES.get(wkb[1], "any") for wkb in table.wkb if wkb is not None}
    if not kinds:
        return None
    return kinds.pop() if len(kinds) == 1 else "any"
