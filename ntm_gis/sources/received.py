"""All that one file holds, table by table, whatever it is: for lists handed back and packages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from ntm_gis.layers.received import Received
from ntm_gis.sources import frames, pairs, telling
from ntm_gis.sources.opening import RASTERS, Opener, opening, settled
from ntm_gis.sources.placing import Ground, place, written
from ntm_gis.sources.readers.parsed import Refusal

if TYPE_CHECKING:
    import numpy.typing as npt

    from ntm_gis.sources.intake import Copy
    from ntm_gis.sources.readers.parsed import Parsed


@dataclass(frozen=True)
class Contents:
    """The tables of a file, and the private copies of the bytes that were read.

    `copies` are of the file, first, and of what belongs to it; none where it could not be taken
    in, and only good until the next file is asked for.
    """

    tables: tuple[Received, ...]
    copies: tuple[Copy, ...] = ()


def contents(
    files: Sequence[Path],
    *,
    zone: str,
    boundary: shapely.Geometry | None = None,
    root: Path | None = None,
) -> Iterator[Contents]:
    """Yield what each file holds: every row of every table, as it is written.

    Parameters
    ----------
    files : sequence of Path
    zone : str
        Reference system of the commune, in metres: geometry is given in it.
    boundary : polygon, optional
        The commune, in `zone`.
    root : Path, optional
        The folder that files must lie in; tables are named by their place in it.

    Raises
    ------
    SourceError
        There is no place for private copies. A file that cannot be taken in is one table
        without rows, with its finding.
    """
    drawn = None if boundary is None else np.array([boundary], dtype=object)
    ground = Ground.of(zone, drawn)
    with opening(root, whole=True) as opener:
        for path in files:
            name = path.name if root is None else path.relative_to(root).as_posix()
            yield _of(opener, path, name, ground)


def _of(opener: Opener, path: Path, name: str, ground: Ground) -> Contents:
    try:
        opened = opener.open(path, name)
    except Refusal as refusal:
        nothing = frames.empty(ground.zone)
        told = (telling.refused(refusal, file=name),)
        return Contents((Received(name, None, "", (), nothing, findings=told),))
    taken = opened.taken
    if taken.kind in RASTERS:
        table = Received(name, None, taken.kind, (), frames.empty(ground.zone), taken.sha256)
        return Contents((table,), taken.copies)
    tables = tuple(_table(raw, taken.kind, name, taken.sha256, ground) for raw in opened.tables)
    return Contents(tables, taken.copies)


def _table(raw: Parsed, kind: str, name: str, sha256: str, ground: Ground) -> Received:
    table, _ = settled(raw, kind)
    positions = pairs.positions(table, {}) if table.wkb is None else None
    placed = place(table, kind, positions, ground, wide=True)
    told = [*table.told, *(positions.told if positions else []), *placed.told]
    as_written = written(table, positions)
    return Received(
        file=name, table=table.name, kind=kind,
        columns=tuple(column.name for column in table.columns),
        frame=frames.frame(table, placed.shapes, ground.zone), sha256=sha256, crs=placed.crs,
        geometry=_kinds(as_written), drawn=0 if as_written is None else sum(
            s is not None for s in as_written),
        refused=table.refused, findings=telling.findings(told, file=name, table=table.name),
    )  # fmt: skip


def _kinds(shapes: npt.NDArray[np.object_] | None) -> frozenset[str]:
    """Return what the features are: point, line, polygon."""
    if shapes is None:
        return frozenset()
    there = [shape for shape in shapes if shape is not None]
    names = {0: "point", 1: "line", 2: "polygon"}
    return frozenset(names[int(size)] for size in set(shapely.get_dimensions(there)) if size >= 0)
