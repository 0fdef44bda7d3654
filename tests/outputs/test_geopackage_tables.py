"""What commune.gpkg says of its tables, by the rules of GeoPackage 1.2; and copies kept aside."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
import rasterio
from defusedxml import ElementTree

from ntm_gis.errors import OutputError
from ntm_gis.layers.values import Grid
from ntm_gis.outputs import geopackage, geopackage_edited
from ntm_gis.rules.codes import code_list

from .conftest import X0, Y0


def made(answer, layers, out, lang="vi"):
    return geopackage.write(geopackage.all_tables(answer, layers, lang), layers, out, lang)


@pytest.fixture
def path(answer, layers, tmp_path):
    return made(answer, layers, tmp_path)


def ask(path, sql, *values):
    with closing(sqlite3.connect(path)) as base:
        return base.execute(sql, values).fetchall()


# --- the standard ---------------------------------------------------------------------------------


def test_tables_are_registered_and_lead_to_what_is_there(path):
    """Requirements 13, 16, 18, 22, 25, 26: contents, geometry columns, reference systems."""
    tables = {n for (n,) in ask(path, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    contents = ask(path, "SELECT table_name, data_type, srs_id FROM gpkg_contents")
    systems = {n for (n,) in ask(path, "SELECT srs_id FROM gpkg_spatial_ref_sys")}
    assert {-1, 0, 4326, 9205} <= systems
    assert {name for name, _, _ in contents} <= tables
    assert {srs for _, _, srs in contents if srs is not None} <= systems
    columns = ask(path, "SELECT table_name, column_name, srs_id, z, m FROM gpkg_geometry_columns")
    assert {row[0] for row in columns} == {n for n, kind, _ in contents if kind == "features"}
    assert {row[1:] for row in columns} == {("geom", 9205, 0, 0)}
    assert ask(path, "PRAGMA foreign_key_check") == []


def test_every_place_is_indexed_and_the_index_is_kept_up(path):
    """Extension F.3: an R-tree and its seven triggers for each table with geometry."""
    for (table,) in ask(path, "SELECT table_name FROM gpkg_geometry_columns"):
        index = f"rtree_{table}_geom"
        # Names of tables are ours: there is no way to put them in as values.
        (placed,) = ask(path, f'SELECT count(*) FROM "{table}" WHERE geom IS NOT NULL')  # noqa: S608
        assert ask(path, f'SELECT count(*) FROM "{index}"') == [placed]  # noqa: S608
        triggers = ask(path, "SELECT name FROM sqlite_master WHERE type = 'trigger'")
        names = {n.removeprefix(f"{index}_") for (n,) in triggers if n.startswith(index)}
        assert {"insert", "delete", "update1", "update2", "update3", "update4"} <= names


def test_extensions_are_declared(path):
    found = ask(path, "SELECT table_name, extension_name, definition, scope FROM gpkg_extensions")
    declared = {(table, name) for table, name, _, _ in found}
    assert {
        ("gpkg_data_columns", "gpkg_schema"),
        ("gpkg_data_column_constraints", "gpkg_schema"),
        ("gpkg_metadata", "gpkg_metadata"),
        ("gpkg_metadata_reference", "gpkg_metadata"),
        ("roads", "gpkg_rtree_index"),
    } <= declared
    assert {scope for _, name, _, scope in found if name != "gpkg_rtree_index"} == {"read-write"}
    assert all(where.startswith("http://www.geopackage.org/spec120/") for _, _, where, _ in found)


def test_columns_have_headings_and_lists_of_codes(path):
    rows = ask(
        path, "SELECT table_name, column_name, title, constraint_name FROM gpkg_data_columns"
    )
    headings = {(table, column): (title, codes) for table, column, title, codes in rows}
    assert headings["roads", "width_m"] == ("Bề rộng mặt đường (m)", None)
    assert headings["roads", "surface"] == ("Kết cấu mặt đường", "surface")
    assert headings["measures", "report_value"][0] == "Số dùng để báo cáo"
    for table, column in headings:
        assert column in {row[1] for row in ask(path, f'PRAGMA table_info("{table}")')}
    listed = ask(
        path,
        "SELECT value, description FROM gpkg_data_column_constraints WHERE constraint_name = ?"
        " ORDER BY rowid",
        "surface",
    )
    assert [value for value, _ in listed] == list(code_list("surface").keys)
    assert dict(listed)["concrete"] == "Bê tông xi măng"
    asked = {codes for _, codes in headings.values() if codes}
    known = ask(path, "SELECT DISTINCT constraint_name FROM gpkg_data_column_constraints")
    assert asked == {name for (name,) in known}


def test_short_names_tell_columns_apart(layers, answer, tmp_path):
    """Two columns of the office may bear one heading; the standard wants names once a table."""
    roads = layers["roads"]
    frame = roads.frame.assign(**{"Bề rộng mặt đường (m)": "x"})
    changed = dict(layers.by_name) | {"roads": replace(roads, frame=frame)}
    path = made(answer, replace(layers, by_name=changed), tmp_path)
    rows = ask(path, "SELECT name, title FROM gpkg_data_columns WHERE table_name = 'roads'")
    names = [name for name, _ in rows]
    assert len(set(names)) == len(names)
    assert [title for _, title in rows].count("Bề rộng mặt đường (m)") == 2


def test_each_table_says_what_it_is(path, layers):
    rows = ask(
        path,
        "SELECT r.table_name, m.md_standard_uri, m.mime_type, m.metadata, r.reference_scope,"
        " r.timestamp FROM gpkg_metadata m JOIN gpkg_metadata_reference r ON r.md_file_id = m.id",
    )
    contents = ask(path, "SELECT table_name FROM gpkg_contents WHERE table_name <> 'layer_styles'")
    assert {row[0] for row in rows} == {name for (name,) in contents}
    for table, uri, kind, text, scope, stamp in rows:
        # What QGIS asks for when it looks for the metadata of a table.
        assert (uri, kind, scope) == ("http://mrcc.com/qgis.dtd", "text/xml", "table")
        assert stamp == "2025-12-31T00:00:00.000Z"
        root = ElementTree.fromstring(text, forbid_dtd=False)
        assert root.findtext("identifier") == table
        assert "31/12/2025" in root.findtext("abstract")
    roads = ElementTree.fromstring(
        next(row[3] for row in rows if row[0] == "roads"), forbid_dtd=False
    )
    assert roads.findtext("title") == "Đường giao thông"
    assert "duong_giao_thong.shp" in roads.findtext("abstract")
    assert roads.findtext("crs/spatialrefsys/authid") == "EPSG:9205"


def test_headings_are_in_the_language_asked_for(answer, layers, tmp_path):
    path = made(answer, layers, tmp_path, "en")
    ((title,),) = ask(
        path,
        "SELECT title FROM gpkg_data_columns WHERE table_name = 'roads' AND column_name = 'name'",
    )
    assert title == "Name"
    ((text,),) = ask(
        path, "SELECT metadata FROM gpkg_metadata WHERE metadata LIKE '%<identifier>roads<%'"
    )
    assert "Commune of Mường Khoa" in text


# --- relief ---------------------------------------------------------------------------------------


def test_the_relief_is_a_picture_of_the_ground_it_covers(answer, layers, tmp_path):
    """Read back by GDAL: the slope lies where it lies in the grid, the right way up."""
    brightness = np.tile(np.linspace(0, 1, 60, dtype=np.float32), (40, 1))
    brightness[:10] = 1.0
    west, north = X0 - 1000, Y0 + 3000
    grid = Grid(brightness, west, north, 50.0, next(iter(layers.by_name.values())).origins[0])
    path = made(replace(answer, grids={"shade": grid}), layers, tmp_path)
    with rasterio.open(path) as found:
        assert found.bounds == (west, north - 2000, west + 3000, north)
        assert found.crs.to_epsg() == 9205
        picture = found.read(1).astype(int)
    assert picture.shape == (40, 60)
    assert picture[30, 2] < picture[30, 30] < picture[30, 57], "dark in the west, light in the east"
    assert picture[3].min() > picture[30, 2] + 40, "the light strip is in the north"
    contents = ask(path, "SELECT data_type, srs_id FROM gpkg_contents WHERE table_name = 'relief'")
    assert contents == [("tiles", 9205)]
    assert ask(path, "SELECT 1 FROM layer_styles WHERE f_table_name = 'relief'") == []


def test_without_heights_there_is_no_relief(answer, layers, tmp_path):
    path = made(replace(answer, grids={}), layers, tmp_path)
    assert ask(path, "SELECT 1 FROM gpkg_contents WHERE data_type = 'tiles'") == []


# --- edits ----------------------------------------------------------------------------------------


def edit(path, name="Bản đã sửa"):
    """Change a name as QGIS does: with the hour in gpkg_contents."""
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("UPDATE measures SET title = ?", (name,))
        base.execute(
            "UPDATE gpkg_contents SET last_change = '2026-01-05T08:30:12.401Z'"
            " WHERE table_name = 'measures'"
        )


def test_an_edited_file_is_kept_aside(path, answer, layers, tmp_path):
    first = path.read_bytes()
    edit(path)
    assert geopackage_edited.edited(path)
    assert made(answer, layers, tmp_path).read_bytes() == first
    kept = tmp_path / "commune-da-sua.gpkg"
    assert ("Bản đã sửa",) in ask(kept, "SELECT title FROM measures")
    edit(path, "Lần hai")
    made(answer, layers, tmp_path)
    assert ("Lần hai",) in ask(tmp_path / "commune-da-sua-2.gpkg", "SELECT title FROM measures")
    assert ("Bản đã sửa",) in ask(kept, "SELECT title FROM measures")


def test_a_file_that_nobody_edited_is_replaced(path, answer, layers, tmp_path):
    made(answer, layers, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["commune.gpkg"]
    path.write_bytes(b"no database")
    made(answer, layers, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["commune.gpkg"]


def test_a_log_left_by_a_program_that_died_is_taken_in(path, answer, layers, tmp_path):
    log, spare = tmp_path / "commune.gpkg-wal", tmp_path / "kept"
    base = sqlite3.connect(path)
    base.execute("PRAGMA journal_mode = WAL")
    base.execute("UPDATE measures SET title = 'Trong nhật ký'")
    base.execute("UPDATE gpkg_contents SET last_change = '2026-01-05T08:30:12.401Z'")
    base.commit()
    assert log.stat().st_size > 0
    spare.write_bytes(log.read_bytes())
    whole = path.read_bytes()
    base.close()
    path.write_bytes(whole)
    log.write_bytes(spare.read_bytes())
    spare.unlink()
    made(answer, layers, tmp_path)
    kept = tmp_path / "commune-da-sua.gpkg"
    assert ("Trong nhật ký",) in ask(kept, "SELECT title FROM measures")
    assert not log.exists(), "it would be laid over the new file"
    assert ("Trong nhật ký",) not in ask(path, "SELECT title FROM measures")


def test_a_file_being_edited_is_left_alone(path, answer, layers, tmp_path):
    before = path.read_bytes()
    with closing(sqlite3.connect(path)) as base:
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("UPDATE measures SET title = 'Đang sửa'")
        with pytest.raises(OutputError) as caught:
            made(answer, layers, tmp_path)
    assert caught.value.code == "OUTPUT_IN_USE"
    assert "QGIS" in str(caught.value)
    assert len(path.read_bytes()) == len(before)
