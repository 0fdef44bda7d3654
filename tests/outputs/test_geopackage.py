"""commune.gpkg, read back with GDAL and with plain SQLite."""

from __future__ import annotations

import datetime as dt
import sqlite3
import time
from contextlib import closing
from dataclasses import replace

import pandas as pd
import pyogrio
import pytest
import shapely
from defusedxml import ElementTree

from ntm_gis.analyses.listing import listing
from ntm_gis.errors import OutputError
from ntm_gis.outputs import files, geopackage, geopackage_tables
from ntm_gis.outputs.feature_tables import column_of
from ntm_gis.outputs.qgis import project


def made(answer, layers, out):
    return geopackage.write(geopackage.all_tables(answer, layers, "vi"), layers, out)


@pytest.fixture
def path(answer, layers, tmp_path):
    return made(answer, layers, tmp_path)


def read(path, layer):
    return pyogrio.read_dataframe(path, layer=layer)


def ask(path, sql, *values):
    with closing(sqlite3.connect(path)) as base:
        return base.execute(sql, values).fetchall()


def parsed(qml):
    """Read a style; its document type is QGIS's own and names no entity."""
    return ElementTree.fromstring(qml, forbid_dtd=False)


def test_every_layer_and_result_has_its_table(path):
    tables = {str(name): kind for name, kind in pyogrio.list_layers(path)}
    assert tables["roads"] == "MultiLineString"
    assert (tables["irrigation"], tables["irrigation_point"]) == ("MultiLineString", "MultiPoint")
    assert tables["findings"] == "Point"
    assert {"measures", "evidence", "contributions"} <= {n for n, k in tables.items() if k is None}


def test_it_is_a_geopackage_that_is_whole(path):
    assert ask(path, "PRAGMA integrity_check") == [("ok",)]
    assert ask(path, "PRAGMA application_id") == [(int.from_bytes(b"GPKG", "big"),)]
    assert ask(path, "PRAGMA user_version") == [(10200,)]
    titles = dict(ask(path, "SELECT table_name, identifier FROM gpkg_contents"))
    assert titles["roads"] == "Đường giao thông"
    assert set(ask(path, "SELECT last_change FROM gpkg_contents")) == {
        ("2025-12-31T00:00:00.000Z",)
    }


def test_rows_keep_state_place_and_shape(path, layers):
    roads = read(path, "roads")
    assert list(roads["row_state"]) == ["used"] * 4 + ["set_aside"]
    assert list(roads["source_row"]) == [2, 3, 18, 5, 6]
    assert list(roads["state"].fillna("")) == ["concrete", "earth", "unknown", "unknown", ""]
    assert roads.crs.to_epsg() == 9205
    assert roads.geometry.isna().tolist() == [False, False, False, True, False]
    assert roads.geometry.length.sum() == pytest.approx(12000)
    assert roads["width_m"].isna().tolist() == [False, True, True, True, True]
    villages = read(path, "villages")
    assert villages["population"].tolist()[:2] == [402, 300]
    boundary = read(path, "boundary")
    assert boundary["valid_from"].iloc[0] == pd.Timestamp("2025-07-01")
    assert boundary.area.sum() == pytest.approx(layers.boundary.area)


def test_hostile_texts_are_texts(path):
    roads = read(path, "roads")
    assert roads["GHI_CHU"].iloc[0] == '=HYPERLINK("http://evil.example","x")'
    assert "\u202e" not in "".join(roads["name"])


def test_personal_fields_are_nowhere(path):
    assert b"L\xc3\xb2 V\xc4\x83n A" not in path.read_bytes()
    names = [row[1] for row in ask(path, "PRAGMA table_info(contributions)")]
    assert "village_id" in names
    assert not {"household", "parcel"} & set(names)


def test_evidence_holds_every_contribution_with_its_row(path, answer):
    rows = ask(
        path, "SELECT measure, feature, amount, unknown, source_file, source_row FROM evidence"
    )
    assert len(rows) == sum(len(m.evidence.features) for m in answer.measures)
    road = {r[1]: r for r in rows if r[0] == "roads.hardened_share.village"}
    assert road["V1"][2:] == (2.0, 0, "sources/duong_giao_thong.shp", 2)
    assert road["V3"][2:] == (0.0, 1, "sources/duong_giao_thong.shp", 18)
    sums = dict(ask(path, "SELECT measure, sum(amount) FROM evidence GROUP BY measure"))
    numerators = ask(path, "SELECT id, numerator FROM measures WHERE numerator IS NOT NULL")
    assert all(sums[name] == pytest.approx(value) for name, value in numerators)


def test_findings_are_numbered_points_in_the_zone(path):
    found = read(path, "findings")
    assert found["number"].tolist() == list(range(1, 13))
    assert found["severity"].tolist()[:3] == ["stop", "block", "warning"]
    placed = found[found.geometry.notna()]
    assert placed["code"].tolist() == ["ROAD_SURFACE_UNKNOWN", "SIMILAR_NAMES"]
    back = placed.to_crs("EPSG:4326").geometry.iloc[0]
    assert (back.x, back.y) == pytest.approx((103.71, 22.21), abs=1e-6)


def test_measures_keep_unknown_unknown(path):
    row = ask(path, "SELECT value, low, high FROM measures WHERE id = 'tea.area_ha'")
    assert row == [(None, None, None)]


def test_styles_are_where_qgis_looks_for_them(path):
    styles = ask(
        path, "SELECT f_table_name, f_geometry_column, useAsDefault, styleQML FROM layer_styles"
    )
    kinds = {str(n): kind for n, kind in pyogrio.list_layers(path) if n != "layer_styles"}
    assert {s[0] for s in styles} == set(kinds)
    assert {s[2] for s in styles} == {1}
    # QGIS asks for the style of a table without geometry by an empty name.
    assert {s[0] for s in styles if s[1] == "geom"} == {n for n, k in kinds.items() if k}
    assert {s[0] for s in styles if s[1] == ""} == {n for n, k in kinds.items() if not k}
    for _, _, _, qml in styles:
        assert "http://" not in qml.replace("http://mrcc.com/qgis.dtd", "")
        root = parsed(qml)
        symbols = {s.get("name") for s in root.iter("symbol")}
        assert {r.get("symbol") for r in root.iterfind("renderer-v2/rules/rule")} <= symbols
    roads = parsed(next(s[3] for s in styles if s[0] == "roads"))
    labels = [rule.get("label") for rule in roads.iterfind("renderer-v2/rules/rule")]
    assert "Đường bản, liên bản – Bê tông" in labels
    assert roads.find("aliases/alias[@field='width_m']").get("name") == "Bề rộng mặt đường (m)"


def test_a_list_without_any_place_is_a_table_of_attributes(layers, answer, tmp_path):
    listed = listing({"id": str, "million": float}, [("A", 1.5), ("B", None)], "EPSG:9205")
    frames = {**answer.frames, "funds_tree": listed}
    with_list = replace(answer, frames=frames)
    path = made(with_list, layers, tmp_path)
    tables = {str(name): kind for name, kind in pyogrio.list_layers(path)}
    assert tables["funds_tree"] is None
    assert ask(path, "SELECT id, million FROM funds_tree") == [("A", 1.5), ("B", None)]
    kinds = dict(ask(path, "SELECT table_name, data_type FROM gpkg_contents"))
    assert kinds["funds_tree"] == "attributes"
    ((style,),) = ask(path, "SELECT styleQML FROM layer_styles WHERE f_table_name = 'funds_tree'")
    assert parsed(style).find("renderer-v2") is None
    tables = geopackage.all_tables(with_list, layers, "vi")
    root = parsed(project.project(tables, layers, "vi"))
    (own,) = [m for m in root.iter("maplayer") if m.findtext("id") == "commune_gpkg_funds_tree"]
    assert own.get("geometry") == "No geometry"
    assert own.find("renderer-v2") is None
    assert own.find("srs") is None


def test_same_bytes_a_second_later(path, answer, layers, tmp_path):
    first = path.read_bytes()
    time.sleep(1.1)
    assert made(answer, layers, tmp_path / "again").read_bytes() == first
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None


def test_a_fault_half_way_leaves_the_old_file(path, answer, layers, tmp_path, monkeypatch):
    before = path.read_bytes()

    def broken(*_):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(geopackage_tables, "add_styles", broken)
    with pytest.raises(OutputError) as caught:
        made(answer, layers, tmp_path)
    assert caught.value.code == "OUTPUT_NO_ROOM"
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["commune.gpkg"]


def test_names_that_sqlite_takes_for_one_are_kept_apart(layers, answer, tmp_path):
    roads = layers["roads"]
    frame = roads.frame.assign(ROAD_ID="x", fid=7, Geom="y")
    changed = dict(layers.by_name) | {"roads": replace(roads, frame=frame)}
    path = made(answer, replace(layers, by_name=changed), tmp_path)
    names = [row[1] for row in ask(path, "PRAGMA table_info(roads)")]
    assert {"road_id", "ROAD_ID_2", "fid", "fid_2", "geom", "Geom_2"} <= set(names)


def test_shapes_of_every_kind_find_a_table(layers, answer, tmp_path):
    water = layers["irrigation"]
    shapes = [
        shapely.GeometryCollection([shapely.Point(1, 2)]),
        shapely.MultiPoint([(1, 2), (3, 4)]),
    ]
    frame = water.frame.set_geometry(shapes, crs=water.frame.crs)
    changed = dict(layers.by_name) | {"irrigation": replace(water, frame=frame)}
    path = made(answer, replace(layers, by_name=changed), tmp_path)
    assert sum(n for (n,) in ask(path, "SELECT count(*) FROM irrigation")) == 2
    assert len(read(path, "irrigation").geometry.dropna().iloc[0].geoms) == 2


@pytest.mark.parametrize(
    ("values", "kind", "dtype"),
    [
        ([None, None], "number", "f"),
        ([1, None], "", "i"),
        ([1, 2.5], "", "f"),
        ([True, None], "", "b"),
        ([dt.date(2025, 1, 1), None], "", "M"),
        ([dt.date(2025, 1, 1), "x"], "", "O"),
        ([1, "x"], "", "O"),
        ([None], "", "O"),
    ],
)
def test_columns_have_the_narrowest_type(values, kind, dtype):
    column = column_of("a", values, "A", kind)
    assert column.values.dtype.kind == dtype
    assert column.missing.tolist() == [v is None for v in values]


def test_temporary_files_of_sqlite_go_too(tmp_path):
    def fail(temporary):
        temporary.write_bytes(b"x")
        (tmp_path / f"{temporary.name}-journal").write_bytes(b"x")
        raise RuntimeError

    with pytest.raises(RuntimeError), files.replacing(tmp_path / "a.gpkg") as temporary:
        fail(temporary)
    assert list(tmp_path.iterdir()) == []
