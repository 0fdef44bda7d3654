"""What a row says, as one comparable value: to know rows that stand twice, and to name rows."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely

from ntm_gis.layers.cells import plain
from ntm_gis.layers.fields import FORMER_COMMUNE
from ntm_gis.layers.remarks import shown
from ntm_gis.layers.values import LOCATED_BY, OWN, PERSONAL
from ntm_gis.rules.schema import LayerSchema, heading_key, public_fields

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

# Columns that number the rows of a file say nothing about the row.
_SERIAL = frozenset(
    ("stt", "tt", "sott", "sothutu", "so", "no", "id", "fid", "objectid", "ogcfid", "gid")
)
_CENTIMETRE = 2

Content = tuple[Hashable, ...]


def said_fields(frame: pd.DataFrame, schema: LayerSchema) -> list[str]:
    """Return the columns by which two rows of one key are compared: the layer's fields."""
    names = [name for name in schema.names if name not in (schema.key, LOCATED_BY)]
    if FORMER_COMMUNE in frame.columns and FORMER_COMMUNE not in names:
        names.append(FORMER_COMMUNE)
    return names


def said_columns(frame: pd.DataFrame, schema: LayerSchema) -> list[str]:
    """Return every column but serial numbers: what a row without a key says."""
    names = said_fields(frame, schema)
    own = {*schema.names, *names, *OWN, LOCATED_BY, "geometry"}
    # "@times" and the like are parts of the geometry; whose it is tells rows apart.
    further = (str(n) for n in frame.columns if n not in own)
    kept = [n for n in further if not n.startswith("@") or n.startswith(PERSONAL)]
    return names + sorted(name for name in kept if heading_key(name) not in _SERIAL)


def is_public(column: str, schema: LayerSchema) -> bool:
    """Whether a column of a frame may be seen outside the office."""
    if column in schema.names:
        return schema.field(column) in public_fields(schema)
    return not column.startswith(PERSONAL)


def contents(
    frame: gpd.GeoDataFrame, columns: Sequence[str], unread: Mapping[tuple[int, str], str]
) -> list[Content]:
    """Return what each row says in some columns, and its geometry to the centimetre.

    Parameters
    ----------
    unread : mapping of (row, field) to str
        What cells say that could not be read: "VL2" is another statement than a blank.
    """
    parts = [_said(frame, name, unread) for name in columns]
    return list(zip(*parts, shapes(frame), strict=True)) if len(frame) else []


def _said(
    frame: gpd.GeoDataFrame, name: str, unread: Mapping[tuple[int, str], str]
) -> list[object]:
    return [
        (unread.get((row, name)) or None) if value is None else value
        for row, value in zip(frame.index, plain(frame[name]), strict=True)
    ]


def shapes(frame: gpd.GeoDataFrame) -> list[bytes | None]:
    """Return each geometry as bytes, coordinates to the centimetre, None where there is none."""
    geometry = frame.geometry.to_numpy()
    if not len(geometry) or frame.geometry.isna().all():
        return [None] * len(geometry)

    def rounded(coordinates: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.round(coordinates, _CENTIMETRE) + 0.0

    # Heights of a drawing don't tell two features apart.
    with np.errstate(invalid="ignore", over="ignore"):  # wild coordinates are said later
        flat = shapely.transform(shapely.force_2d(geometry), rounded)
    return list(shapely.to_wkb(flat, byte_order=1))


def digest(content: Content) -> str:
    """Return a key that stands for what a row says: ten letters and digits behind a stroke.

    Sentences know it by that (`results.words.is_made_key`) and don't show it.

    Examples
    --------
    >>> digest(("Nà An", 2.0)) == digest(("Nà An", 2.0)), len(digest(()))
    (True, 11)
    """
    said = "\x1f".join(_letters(part) for part in content)
    raw = hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=6).digest()
    return "_" + base64.b32encode(raw).decode("ascii").rstrip("=").lower()


def numbered(rows: Mapping[int, Content]) -> dict[int, int]:
    """Return numbers from 1 for rows by what they say, in whatever order; alike ones share one.

    The place drawn decides first, which is least often put right.

    Examples
    --------
    >>> numbered({7: ("b", None), 8: ("a", None), 9: ("b", None)})
    {7: 2, 8: 1, 9: 2}
    """
    order = sorted(set(rows.values()), key=lambda said: [_letters(part) for part in _turned(said)])
    number = {said: n for n, said in enumerate(order, 1)}
    return {row: number[said] for row, said in rows.items()}


def _turned(said: Content) -> Content:
    return (*said[-1:], *said[:-1])


def _letters(part: Hashable) -> str:
    if part is None:
        return ""
    return part.hex() if isinstance(part, bytes) else shown(part)
