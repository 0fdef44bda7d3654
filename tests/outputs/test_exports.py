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


@pytest.mark.parametrize("names", [["shp"], ["geojson", ""], ["KML"]])
def test_formats_are_looked_at_before_anything_is_read(names):
    with pytest.raises(UsageError, match="parquet"):
        exports.require_formats(names)


def test_without_pyarrow_the_sentence_says_what_to_install(found, tmp_path, monkeypatch):
    def gone(*_: object, **__: object) -> None:
        raise ImportError

    monkeypatch.setattr(gpd.GeoDataFrame, "to_parquet", gone)
    with pytest.raises(OutputError, match="pyarrow"):
        exports.write(found.answer, found.layers, tmp_path, ["parquet"], ["roads"])


# VN-2000 in the zone of 103° to WGS 84 written out: the seven figures of EPSG:6960.
BY_HAND = (
    "+proj=pipeline +step +inv +proj=tmerc +lat_0=0 +lon_0=103 +k=0.9999 +x_0=500000 +y_0=0"
    " +ellps=WGS84 +step +proj=cart +ellps=WGS84 +step +proj=helmert +x=-191.90441429"
    " +y=-39.30318279 +z=-111.45032835 +rx=-0.00928836 +ry=0.01975479 +rz=-0.00427372"
    " +s=0.252906278 +convention=coordinate_frame +step +inv +proj=cart +ellps=WGS84"
    " +step +proj=unitconvert +xy_in=rad +xy_out=deg"
)
DEGREE_M = 111_320.0


def _from_json(path: Path) -> list[shapely.Geometry]:
    document = json.loads(path.read_text("utf-8"))
    return [shapely.geometry.shape(f["geometry"]) for f in document["features"]]


def test_the_shift_between_datums_is_the_official_one(found, written):
    from pyproj import Transformer

    there = Transformer.from_pipeline(BY_HAND)
    for name, table in _offered(found).items():
        wanted = np.column_stack(there.transform(*shapely.get_coordinates(table.geometry).T))
        # Whatever way rings are turned: the same places.
        shapes = _from_json(written / f"{name}.geojson")
        got = shapely.get_coordinates(shapes)
        assert len(got) == len(wanted), name
        away = np.abs(np.sort(got, axis=0) - np.sort(wanted, axis=0)).max() * DEGREE_M
        assert away < 0.0056, name  # half of the last digit
    # Without the shift everything would lie some 190 m away.
    plain = Transformer.from_crs("EPSG:9205", "EPSG:4756", always_xy=True)
    x, y = shapely.get_coordinates(table.geometry)[0]
    assert abs(plain.transform(x, y)[1] - there.transform(x, y)[1]) * DEGREE_M > 50


def test_geojson_is_as_its_standard_asks(written):
    """RFC 7946: no system named, rings by the right hand, seven digits, a place for each."""
    for path in written.glob("*.geojson"):
        document = json.loads(path.read_text("utf-8"), parse_float=str)
        assert "crs" not in document
        texts = json.dumps([f["geometry"]["coordinates"] for f in document["features"]])
        digits = [len(t.partition(".")[2].rstrip('"')) for t in texts.split(",") if "." in t]
        assert max(len(d.strip('" ]').partition(".")[2]) for d in texts.split(",")) <= 7, path.name
        assert digits
        for shape in _from_json(path):
            for part in shapely.get_parts(shape):
                if isinstance(part, shapely.Polygon):
                    assert part.exterior.is_ccw, path.name
                    assert not any(ring.is_ccw for ring in part.interiors), path.name


_ORDER = {
    "Placemark": ["name", "styleUrl", "ExtendedData", "geometry"],
    "Style": ["IconStyle", "LineStyle", "PolyStyle"],
    "LineString": ["tessellate", "coordinates"],
    "Polygon": ["tessellate", "outerBoundaryIs", "innerBoundaryIs"],
}
_SHAPES = {"Point", "LineString", "Polygon", "MultiGeometry"}


def test_kml_has_the_order_and_the_styles_that_its_standard_asks(written):
    for path in written.glob("*.kml"):
        root = ElementTree.parse(path).getroot()
        ids = {e.get("id") for e in root.iter() if e.tag.endswith("}Style")}
        for element in root.iter():
            tag = element.tag.rpartition("}")[2]
            inner = [e.tag.rpartition("}")[2] for e in element]
            inner = ["geometry" if one in _SHAPES else one for one in inner]
            if tag in _ORDER:
                places = [_ORDER[tag].index(one) for one in inner]
                assert places == sorted(places), (path.name, tag, inner)
            if tag == "styleUrl":
                assert element.text is not None
                assert element.text.removeprefix("#") in ids, path.name
            if tag == "coordinates":
                for place in (element.text or "").split():
                    x, y = map(float, place.split(","))
                    assert 102 < x < 110, path.name
                    assert 8 < y < 24, path.name


def test_geoparquet_says_what_it_is(found, written):
    from pyarrow import parquet

    for name, table in _offered(found).items():
        said = json.loads(parquet.read_schema(written / f"{name}.parquet").metadata[b"geo"])
        column = said["columns"][said["primary_column"]]
        assert said["version"] == "1.1.0"
        assert column["encoding"] == "WKB"
        assert column["crs"]["id"] == {"authority": "EPSG", "code": 9205}
        assert column["bbox"] == pytest.approx(list(shapely.total_bounds(table.geometry)))
        assert set(column["geometry_types"]) == {
            g.geom_type for g in table.geometry
        }, name  # fmt: skip


def test_geoparquet_has_the_types_of_the_fields_whatever_is_in_them(tmp_path):
    """Two communes' files go into one table: lengths all whole, texts and days all blank."""
    from pyarrow import parquet

    from ntm_gis.outputs.geoparquet import geoparquet

    def schema(length, text, day, count):
        missing = np.array([False, True])
        columns = {
            "length": (np.array(length), missing),
            "text": (np.array(text, dtype=object), np.array([t is None for t in text])),
            "day": (np.array(day, dtype="datetime64[D]"), missing),
            "count": (np.array(count, dtype=np.int64), missing),
            "good": (np.array([True, False]), missing),
        }
        points = np.array([shapely.Point(5e5, 2.4e6), shapely.Point(5.1e5, 2.4e6)])
        path = tmp_path / "a.parquet"
        path.write_bytes(geoparquet(columns, points, "EPSG:9205"))
        frame = gpd.read_parquet(path)
        assert frame.isna().any()["count"]
        return {f.name: str(f.type) for f in parquet.read_schema(path)}

    first = schema([1.0, 2.0], [None, None], ["NaT", "NaT"], [1, 0])
    second = schema([1.5, np.nan], ["a", None], ["2025-12-31", "NaT"], [7, 0])
    assert first == second
    assert (first["length"], first["count"], first["good"]) == ("double", "int64", "bool")
    assert first["text"] in ("string", "large_string")
    assert first["day"].startswith(("timestamp", "date"))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_note_names_the_zone_as_officials_know_it(found, tmp_path, lang):
    *_, note = exports.write(found.answer, found.layers, tmp_path, ["kml"], ["roads"], lang)
    text = note.read_text("utf-8-sig")
    assert "103°00" in text
    assert "EPSG" not in text


def test_a_key_that_the_program_made_is_shown_to_nobody(found, tmp_path):
    layer = found.layers.by_name["roads"]
    frame = layer.frame.copy()
    frame["road_id"], frame["name"] = "_hetenk4sda", None
    layers = replace(
        found.layers, by_name={**found.layers.by_name, "roads": replace(layer, frame=frame)}
    )
    exports.write(found.answer, layers, tmp_path, ["kml"], ["roads"])
    text = (tmp_path / exports.FOLDER / "roads.kml").read_text("utf-8")
    assert "_hetenk4sda" not in text
    names = [e.text for e in ElementTree.fromstring(text).iter() if e.tag.endswith("}name")]
    assert all(names)


def test_a_run_takes_away_what_was_exported_on_an_earlier_day(found, tmp_path):
    from ntm_gis.outputs import stale

    exports.write(found.answer, found.layers, tmp_path, ["geojson", "kml", "parquet"], ["roads"])
    own = tmp_path / exports.FOLDER / "ghi chú của xã.docx"
    own.write_bytes(b"x")
    stale.clear(tmp_path, (), set())
    assert list((tmp_path / exports.FOLDER).iterdir()) == [own]
