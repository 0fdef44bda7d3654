"""A table of a file as it was received, before it is a layer of anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd

    from ntm_gis.results import Finding


@dataclass(frozen=True)
class Received:
    """One table, layer or sheet with all its rows.

    Parameters
    ----------
    file, table : str, str or None
        Name of the file, and of its sheet or layer.
    kind : str
        What kind of file it is ("xlsx", "gpkg", …); "" where it could not be taken in.
    columns : tuple of str
        As the file names them.
    frame : GeoDataFrame, n rows
        Values as read, `@row`, geometry in the commune's zone (None where it could not be
        placed).
    crs : str or None
        The system of its coordinates, where the file says it and it can be.
    geometry : frozenset of str
        What its features are as written: point, line, polygon.
    drawn : int
        Rows with a geometry as written, placed or not.
    refused : int
        Rows that could not be read.
    """

    file: str
    table: str | None
    kind: str
    columns: tuple[str, ...]
    frame: gpd.GeoDataFrame
    sha256: str | None = None
    crs: str | None = None
    geometry: frozenset[str] = frozenset()
    drawn: int = 0
    refused: int = 0
    findings: tuple[Finding, ...] = ()
