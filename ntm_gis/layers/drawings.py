"""CAD drawings given for a layer of areas: lines and texts, kept as they are.

Consultants deliver lines and texts, not zones. Zones are assembled from them (`assembly_rows`);
a drawing that gives none is one source whose rows are set aside, with one note; not hundreds of
findings about each stroke.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

import numpy as np
import numpy.typing as npt
import shapely

from ntm_gis.layers.values import Account, Raw
from ntm_gis.results import Finding
from ntm_gis.rules.schema import schema

_CAD = (".dxf", ".dgn")
_TEXT, _LINE, _AREA = 0, 1, 2
_ZONES = "plan_zones"


def parted(raws: Sequence[Raw]) -> tuple[list[Raw], list[Raw]]:
    """Return the tables to check, and the drawings to keep.

    A drawing is a DXF or DGN file given for a layer of polygons that holds none. Polygons of a
    DXF are fills: with them too it is a drawing, unless the source says where its land use stands.
    """
    tables: list[Raw] = []
    drawings: list[Raw] = []
    for raw in raws:
        (drawings if _is_drawing(raw) else tables).append(raw)
    return tables, drawings


def outline(tables: Sequence[Raw]) -> shapely.Geometry | None:
    """Return the ground of the boundary as it was drawn; None where there is none."""
    shapes = [
        shape
        for raw in tables
        if raw.origin.layer == "boundary"
        for shape in raw.frame.geometry
        if shape is not None and not shape.is_empty
    ]
    return shapely.box(*shapely.total_bounds(np.array(shapes, dtype=object))) if shapes else None


def _is_drawing(raw: Raw) -> bool:
    wanted = schema(raw.origin.layer).geometry
    if PurePosixPath(raw.origin.file).suffix.lower() not in _CAD or wanted != ("polygon",):
        return False
    if raw.frame.active_geometry_name is None:
        return False
    entry = raw.origin.entry
    filled = (
        raw.origin.layer == _ZONES
        and PurePosixPath(raw.origin.file).suffix.lower() == ".dxf"
        and not (entry.fields.keys() | entry.values.keys()) & {"land_use"}
    )
    return filled or not areas(raw)


def areas(raw: Raw) -> bool:
    """Whether a table holds polygons."""
    return bool((_kinds(raw) == _AREA).any())


def _kinds(raw: Raw) -> npt.NDArray[np.int32]:
    kinds: npt.NDArray[np.int32] = shapely.get_dimensions(raw.frame.geometry.to_numpy())
    return kinds


def noted(raw: Raw) -> tuple[Account, Finding]:
    """Return how the rows of a drawing were used, and the note that goes with it."""
    origin, rows = raw.origin, len(raw.frame)
    account = Account(
        origin.file, origin.table, origin.sha256, origin.layer,
        rows_in=rows + raw.refused, used=0, set_aside=rows, refused=raw.refused,
        members=origin.members,
    )  # fmt: skip
    lines, texts = (int((_kinds(raw) == kind).sum()) for kind in (_LINE, _TEXT))
    finding = Finding.of(
        "DRAWING_NOT_ASSEMBLED", file=origin.file, table=origin.table, layer=origin.layer,
        lines=lines, texts=texts, title=schema(origin.layer).title.words,
    )  # fmt: skip
    return account, finding
