"""The relief as a layer of pictures in the GeoPackage: what the web map lies on, in one tile."""

from __future__ import annotations

import base64
import io
import sqlite3

from PIL import Image

from ntm_gis.layers.values import Answer
from ntm_gis.outputs.feature_tables import GpkgTable, Picture
from ntm_gis.outputs.webmap import relief
from ntm_gis.rules.terms import say

NAME = "relief"
_QUALITY = 82

_TILES = """
CREATE TABLE "{name}" (
  id INTEGER PRIMARY KEY AUTOINCREMENT, zoom_level INTEGER NOT NULL, tile_column INTEGER NOT NULL,
  tile_row INTEGER NOT NULL, tile_data BLOB NOT NULL, UNIQUE (zoom_level, tile_column, tile_row)
)
"""
_SETS = """
CREATE TABLE IF NOT EXISTS gpkg_tile_matrix_set (
  table_name TEXT NOT NULL PRIMARY KEY, srs_id INTEGER NOT NULL, min_x DOUBLE NOT NULL,
  min_y DOUBLE NOT NULL, max_x DOUBLE NOT NULL, max_y DOUBLE NOT NULL,
  CONSTRAINT fk_gtms_table_name FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gtms_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id)
)
"""
_MATRICES = """
CREATE TABLE IF NOT EXISTS gpkg_tile_matrix (
  table_name TEXT NOT NULL, zoom_level INTEGER NOT NULL, matrix_width INTEGER NOT NULL,
  matrix_height INTEGER NOT NULL, tile_width INTEGER NOT NULL, tile_height INTEGER NOT NULL,
  pixel_x_size DOUBLE NOT NULL, pixel_y_size DOUBLE NOT NULL,
  CONSTRAINT pk_ttm PRIMARY KEY (table_name, zoom_level),
  CONSTRAINT fk_tmm_table_name FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name)
)
"""


def relief_table(answer: Answer, lang: str) -> GpkgTable | None:
    """Return the shaded relief as the web map shows it; None without heights."""
    brightness = answer.grids.get("shade")
    if brightness is None:
        return None
    made = relief.shade(brightness, answer.grids.get("heights"), (0.0, 0.0))
    drawn = Image.open(io.BytesIO(base64.b64decode(made["src"].partition(",")[2]))).convert("RGB")
    out = io.BytesIO()
    # GeoPackage 1.2 takes JPEG and PNG.
    drawn.save(out, "JPEG", quality=_QUALITY)
    picture = Picture(out.getvalue(), drawn.size, brightness.bounds)
    title = say("qgis_relief", lang)
    return GpkgTable(NAME, NAME, title, (), picture=picture)


def write(base: sqlite3.Connection, table: GpkgTable, srs: int, day: str) -> None:
    """Write a picture as a table of one tile into a GeoPackage."""
    picture = table.picture
    if picture is None:
        return
    box, (width, height) = picture.box, picture.size
    for text in (_SETS, _MATRICES, _TILES.format(name=table.name)):
        base.execute(text)
    base.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change, min_x, min_y,"
        " max_x, max_y, srs_id) VALUES (?, 'tiles', ?, ?, ?, ?, ?, ?, ?)",
        (table.name, table.title, day, *box, srs),
    )
    base.execute(
        "INSERT INTO gpkg_tile_matrix_set VALUES (?, ?, ?, ?, ?, ?)", (table.name, srs, *box)
    )
    sizes = ((box[2] - box[0]) / width, (box[3] - box[1]) / height)
    base.execute(
        "INSERT INTO gpkg_tile_matrix VALUES (?, 0, 1, 1, ?, ?, ?, ?)",
        (table.name, width, height, *sizes),
    )
    base.execute(
        f'INSERT INTO "{table.name}" (zoom_level, tile_column, tile_row, tile_data)'  # noqa: S608 - our own name
        " VALUES (0, 0, 0, ?)",
        (picture.jpeg,),
    )
