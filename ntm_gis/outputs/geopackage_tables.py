"""What a GeoPackage says of its tables: styles, headings, value lists, metadata.

Headings and lists stand in the schema extension of the standard, metadata in its metadata
extension, where QGIS and others look; styles in the table that QGIS reads.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from ntm_gis.layers.values import Layers
from ntm_gis.outputs.feature_tables import GpkgTable
from ntm_gis.outputs.gates import text_for_sqlite
from ntm_gis.outputs.qgis import metadata, qml
from ntm_gis.outputs.qgis.fields import value_lists

GEOMETRY = "geom"

_SPEC = "http://www.geopackage.org/spec120/#extension_"
_QGIS = "http://mrcc.com/qgis.dtd"

_STYLES = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog TEXT(256), f_table_schema TEXT(256), f_table_name TEXT(256),
  f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME
)
"""
_COLUMNS = """
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
  mime_type TEXT, constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name)
)
"""
_CONSTRAINTS = """
CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC,
  min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value)
)
"""
_METADATA = """
CREATE TABLE gpkg_metadata (
  id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL,
  md_scope TEXT NOT NULL DEFAULT 'dataset', md_standard_uri TEXT NOT NULL,
  mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT ''
)
"""
_REFERENCES = """
CREATE TABLE gpkg_metadata_reference (
  reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id)
)
"""


def add_styles(base: sqlite3.Connection, tables: Sequence[GpkgTable], day: str) -> None:
    """Put the styles where QGIS looks for the default style of a table."""
    base.execute(_STYLES)
    base.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change)"
        " VALUES ('layer_styles', 'attributes', 'layer_styles', ?)",
        (day,),
    )
    for table in tables:
        if table.style is None:
            continue
        # QGIS asks for the styles of a table without geometry by an empty name.
        column = "" if table.geometry is None else GEOMETRY
        base.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name,"
            " f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description,"
            " owner, ui, update_time) VALUES ('', '', ?, ?, ?, ?, '', 1, ?, '', NULL, ?)",
            (table.name, column, table.name[:30], qml.written(table.style), table.title, day),
        )


def add_headings(base: sqlite3.Connection, tables: Sequence[GpkgTable], lang: str) -> None:
    """Write the headings of columns and the lists of their codes (schema extension)."""
    base.execute(_COLUMNS)
    base.execute(_CONSTRAINTS)
    _register(base, "schema", ("gpkg_data_columns", "gpkg_data_column_constraints"))
    base.executemany(
        "INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, NULL, NULL, ?)",
        [row for table in tables for row in _headings(table)],
    )
    lists = {
        codes.name: codes
        for table in tables
        for codes in value_lists(table.frame, (c.name for c in table.columns)).values()
    }
    base.executemany(
        "INSERT INTO gpkg_data_column_constraints VALUES (?, 'enum', ?, NULL, NULL, NULL, NULL, ?)",
        [
            (name, code.code, code.title.words.of(lang))
            for name, codes in sorted(lists.items())
            for code in codes.codes
        ],
    )


def add_metadata(
    base: sqlite3.Connection, tables: Sequence[GpkgTable], layers: Layers, lang: str, day: str
) -> None:
    """Write what each table says of itself (metadata extension)."""
    base.execute(_METADATA)
    base.execute(_REFERENCES)
    _register(base, "metadata", ("gpkg_metadata", "gpkg_metadata_reference"))
    for number, table in enumerate(tables, start=1):
        said = metadata.of_table(table, layers, lang)
        said.set("version", qml.VERSION)
        base.execute(
            "INSERT INTO gpkg_metadata VALUES (?, 'dataset', ?, 'text/xml', ?)",
            (number, _QGIS, qml.written(said)),
        )
        base.execute(
            "INSERT INTO gpkg_metadata_reference VALUES ('table', ?, NULL, NULL, ?, ?, NULL)",
            (table.name, day, number),
        )


def _headings(table: GpkgTable) -> Iterator[tuple[str, str, str, str, str | None]]:
    lists = value_lists(table.frame, (c.name for c in table.columns))
    taken: set[str] = set()
    for column in table.columns:
        title = text_for_sqlite(column.title).strip() or column.name
        # The short name tells columns apart within a table; the title need not.
        name = title if title not in taken else f"{title} ({column.name})"
        taken.add(name)
        codes = lists.get(column.name)
        yield table.name, column.name, name, title, None if codes is None else codes.name


def _register(base: sqlite3.Connection, extension: str, tables: Sequence[str]) -> None:
    base.execute(
        "CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT,"
        " extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,"
        " CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))"
    )
    base.executemany(
        "INSERT INTO gpkg_extensions VALUES (?, NULL, ?, ?, 'read-write')",
        [(name, f"gpkg_{extension}", f"{_SPEC}{extension}") for name in tables],
    )
