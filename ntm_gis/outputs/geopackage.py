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
from ntm_gis.outputs.feature_tables import GpkgTable, feature_tables
from ntm_gis.outputs.files import explained, replacing
from ntm_gis.outputs.qgis import qml
from ntm_gis.outputs.result_tables import result_tables

FILE_NAME = "commune.gpkg"
VERSION = "1.2"
GEOMETRY = "geom"

# Bytes 96 to 99 of a SQLite file say which version of the library wrote last. That is no result
# of ours, and would differ between machines.
_WRITER_AT, _WRITER = 96, (3_040_000).to_bytes(4, "big")

_STYLES = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
  f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME
)
"""


def write(tables: Sequence[GpkgTable], layers: Layers, out: Path) -> Path:
    """Write `commune.gpkg` into the folder `out`.

    Parameters
    ----------
    tables : sequence of GpkgTable
        From `all_tables`.
    layers : Layers
        For the commune's zone and day.

    Raises
    ------
    OutputError
        It cannot be written, for instance because it is open in QGIS.
    """
    return write_to(out / FILE_NAME, tables, layers)


def write_to(path: Path, tables: Sequence[GpkgTable], layers: Layers) -> Path:
    """Write tables into a GeoPackage of any name, with the styles they have.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    day = f"{layers.commune.commune.as_of.isoformat()}T00:00:00.000Z"
    with replacing(path, expected=_expected(tables)) as temporary:
        with _settings(day), _explained(path):
            for table in tables:
                _write_table(temporary, table, layers.commune.commune.crs)
        if any(table.style is not None for table in tables):
            _add_styles(temporary, tables, day)
        with temporary.open("r+b") as file:
            file.seek(_WRITER_AT)
            file.write(_WRITER)
    return path


def all_tables(answer: Answer, layers: Layers, lang: str) -> list[GpkgTable]:
    """Return the tables of the GeoPackage: layers, frames, then results; no title twice."""
    out: list[GpkgTable] = []
    taken: set[str] = set()
    for table in (*feature_tables(answer, layers, lang), *result_tables(answer, layers, lang)):
        # GDAL refuses a second table of one title.
        title = table.title if table.title not in taken else f"{table.title} ({table.name})"
        taken.add(title)
        out.append(replace(table, title=title))
    return out


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


def _add_styles(path: Path, tables: Sequence[GpkgTable], day: str) -> None:
    """Put the styles where QGIS looks for the default style of a table."""
    with contextlib.closing(sqlite3.connect(path)) as base, base:
        base.execute(_STYLES)
        base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change)"
            " VALUES ('layer_styles', 'attributes', 'layer_styles', ?)",
            (day,),
        )
        for table in tables:
            if table.style is None:
                continue
            base.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name,"
                " f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description,"
                " owner, ui, update_time) VALUES ('', '', ?, ?, ?, ?, '', 1, ?, '', NULL, ?)",
                (table.name, GEOMETRY, table.name[:30], qml.written(table.style), table.title, day),
            )
