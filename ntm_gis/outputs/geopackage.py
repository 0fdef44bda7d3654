"""commune.gpkg: every layer with the state of its rows, measures, evidence and findings, styled.

GeoPackage 1.2, so that old versions of QGIS open it. A layer of several kinds of geometry stands
in a table for each. The same results give the same bytes.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pyogrio
import pyogrio.raw
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError

from ntm_gis import crs
from ntm_gis.layers.values import Answer, Layers
from ntm_gis.outputs import geopackage_edited, geopackage_tables, relief_tables
from ntm_gis.outputs.feature_tables import GpkgTable, feature_tables
from ntm_gis.outputs.files import explained, replacing
from ntm_gis.outputs.geopackage_tables import GEOMETRY
from ntm_gis.outputs.result_tables import result_tables

FILE_NAME = "commune.gpkg"
VERSION = "1.2"

# Bytes 96 to 99 of a SQLite file say which version of the library wrote last. That is no result
# of ours, and would differ between machines.
_WRITER_AT, _WRITER = 96, (3_040_000).to_bytes(4, "big")


def write(tables: Sequence[GpkgTable], layers: Layers, out: Path, lang: str = "vi") -> Path:
    """Write `commune.gpkg` into the folder `out`.

    Parameters
    ----------
    tables : sequence of GpkgTable
        From `all_tables`.
    layers : Layers
        For the commune's zone and day.
    lang : str
        The language of headings and metadata.

    Raises
    ------
    OutputError
        It cannot be written, for instance because it is open in QGIS.
    """
    return write_to(out / FILE_NAME, tables, layers, lang)


def write_to(
    path: Path, tables: Sequence[GpkgTable], layers: Layers, lang: str | None = None
) -> Path:
    """Write tables into a GeoPackage of any name, with the styles they have.

    Parameters
    ----------
    path : Path
    tables : sequence of GpkgTable
    layers : Layers
    lang : str, optional
        Headings, value lists and metadata are added in this language; left out, there are none.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    day = f"{layers.commune.commune.as_of.isoformat()}T00:00:00.000Z"
    with replacing(path, expected=_expected(tables)) as temporary:
        with _settings(day), _explained(path):
            for table in tables:
                if table.picture is None:
                    _write_table(temporary, table, layers.commune.commune.crs)
        with contextlib.closing(sqlite3.connect(temporary)) as base, base:
            for table in tables:
                relief_tables.write(base, table, _number(layers), day)
            if any(table.style is not None for table in tables):
                geopackage_tables.add_styles(base, tables, day)
            if lang is not None:
                geopackage_tables.add_headings(base, tables, lang)
                geopackage_tables.add_metadata(base, tables, layers, lang, day)
        with temporary.open("r+b") as file:
            file.seek(_WRITER_AT)
            file.write(_WRITER)
        geopackage_edited.keep(path)
    return path


def all_tables(answer: Answer, layers: Layers, lang: str) -> list[GpkgTable]:
    """Return the tables of the GeoPackage: layers, frames, then results; no title twice."""
    out: list[GpkgTable] = []
    taken: set[str] = set()
    relief = relief_tables.relief_table(answer, lang)
    found = (*feature_tables(answer, layers, lang), *result_tables(answer, layers, lang))
    for table in (*found, *(() if relief is None else (relief,))):
        # GDAL refuses a second table of one title.
        title = table.title if table.title not in taken else f"{table.title} ({table.name})"
        taken.add(title)
        out.append(replace(table, title=title))
    return out


def _number(layers: Layers) -> int:
    """Return the number of the commune's reference system, as the GeoPackage has it."""
    return int(crs.to_crs(layers.commune.commune.crs).to_epsg() or 0)


def _expected(tables: Sequence[GpkgTable]) -> int:
    """Guess the size of the file, for the look at the room on the disk."""
    shapes = [table.geometry for table in tables if table.geometry is not None]
    points = sum(int(shapely.get_num_coordinates(shape).sum()) for shape in shapes)
    return 400_000 + 600 * sum(table.rows for table in tables) + 16 * points


@contextlib.contextmanager
def _settings(day: str) -> Iterator[None]:
    """Let GDAL write a given day where it would look at the clock, and not wait for the disk.

    The file is a temporary one, brought to the disk as a whole before it is put in place.
    """
    wanted = {
        "OGR_CURRENT_DATE": day,
        "OGR_SQLITE_SYNCHRONOUS": "OFF",
        "OGR_SQLITE_JOURNAL": "MEMORY",
    }
    before = {name: pyogrio.get_gdal_config_option(name) for name in wanted}
    pyogrio.set_gdal_config_options(wanted)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Say what GDAL says as a fault of the file that was to be written."""
    try:
        yield
    except (DataSourceError, DataLayerError, FeatureError, GeometryError) as cause:
        raise explained(cause, path) from cause


def _write_table(path: Path, table: GpkgTable, zone: str) -> None:
    first = not path.exists()
    spatial = table.geometry is not None
    pyogrio.raw.write(
        str(path),
        shapely.to_wkb(table.geometry) if spatial else None,
        [column.values for column in table.columns],
        [column.name for column in table.columns],
        field_mask=[column.missing for column in table.columns],
        layer=table.name,
        driver="GPKG",
        geometry_type=table.geometry_type,
        crs=crs.to_crs(zone).to_wkt() if spatial else None,
        encoding="UTF-8",
        dataset_options={"VERSION": VERSION} if first else None,
        layer_options={
            "IDENTIFIER": table.title,
            "FID": "fid",
            **({"GEOMETRY_NAME": GEOMETRY, "SPATIAL_INDEX": "YES"} if spatial else {}),
        },
    )
