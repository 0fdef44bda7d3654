"""Layers for other programs, read back by GDAL and pyarrow."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from defusedxml import ElementTree

from ntm_gis import pipeline
from ntm_gis.errors import OutputError, UsageError
from ntm_gis.outputs import exports
from ntm_gis.outputs.folders import write_sample


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> pipeline.Review:
    folder = tmp_path_factory.mktemp("commune") / "xa"
    write_sample(folder)
    return pipeline.review(folder)


@pytest.fixture(scope="module")
def written(found, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("out")
    exports.write(found.answer, found.layers, out, ["geojson", "kml", "parquet"])
    return out / exports.FOLDER


def _offered(found) -> dict[str, exports.GpkgTable]:
    return exports.available(found.answer, found.layers, "vi")


@pytest.mark.parametrize("ending", ["geojson", "kml"])
def test_every_row_with_a_place_is_read_back_where_it_was(found, written, ending):
    zone = found.commune.commune.crs
    for name, table in _offered(found).items():
        back = gpd.read_file(written / f"{name}.{ending}")
        assert len(back) == table.rows, name
        moved = back.geometry.to_crs(zone).to_numpy()
        away = shapely.hausdorff_distance(moved, table.geometry)
        assert np.nanmax(away) < 0.02, name  # degrees are written to a centimetre


def test_parquet_keeps_the_zone_and_every_value(found, written):
    for name, table in _offered(found).items():
        back = gpd.read_parquet(written / f"{name}.parquet")
        assert back.crs.to_epsg() == int(found.commune.commune.crs.split(":")[1])
        assert (shapely.equals_exact(back.geometry.to_numpy(), table.geometry, 0)).all()
        for column in table.columns:
            assert back[column.name].isna().to_numpy().tolist() == column.missing.tolist()


def test_blanks_are_null_and_personal_fields_do_not_leave(found, written):
    roads = json.loads((written / "roads.geojson").read_text("utf-8"))
    surfaces = [f["properties"]["surface"] for f in roads["features"]]
    assert None in surfaces
    assert 0 not in surfaces
    for path in written.glob("*.geojson"):
        fields = {
            k for f in json.loads(path.read_text("utf-8"))["features"] for k in f["properties"]
        }
        assert not fields & {"household", "parcel"}, path.name


def test_the_same_files_twice(found, written, tmp_path):
    exports.write(found.answer, found.layers, tmp_path, ["geojson", "kml", "parquet"])
    for path in written.iterdir():
        assert (tmp_path / exports.FOLDER / path.name).read_bytes() == path.read_bytes(), path.name


@pytest.mark.parametrize(
    "text", ["<b>&]]>", "a\x00b\x1f", "\u202eabc", "</name>", "{{x}}", "ế" * 5000]
)
def test_hostile_names_come_back_as_text(found, tmp_path, text):
    layer = found.layers.by_name["villages"]
    frame = layer.frame.copy()
    frame["name"] = text
    layers = replace(
        found.layers, by_name={**found.layers.by_name, "villages": replace(layer, frame=frame)}
    )
    exports.write(found.answer, layers, tmp_path, ["geojson", "kml"], ["villages"])
    shown = text.replace("\x00", "").replace("\x1f", "").replace("\u202e", "")
    for ending in ("geojson", "kml"):
        path = tmp_path / exports.FOLDER / f"villages.{ending}"
        if ending == "kml":
            ElementTree.parse(path)
        back = pyogrio.read_dataframe(path)
        column = "name" if "name" in back else "Name"
        assert set(back[column]) == {shown}


def test_what_is_not_there_is_said(found, tmp_path):
    with pytest.raises(UsageError, match="kml"):
        exports.write(found.answer, found.layers, tmp_path, ["shp"])
    with pytest.raises(UsageError, match="roads"):
        exports.write(found.answer, found.layers, tmp_path, ["kml"], ["raods"])


def test_without_pyarrow_the_sentence_says_what_to_install(found, tmp_path, monkeypatch):
    def gone(*_: object, **__: object) -> None:
        raise ImportError

    monkeypatch.setattr(gpd.GeoDataFrame, "to_parquet", gone)
    with pytest.raises(OutputError, match="pyarrow"):
        exports.write(found.answer, found.layers, tmp_path, ["parquet"], ["roads"])
