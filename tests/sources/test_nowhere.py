"""A layer that lies elsewhere is told once, and a boundary that is none is not used."""

from __future__ import annotations

import commune_kit as kit
import geopandas as gpd
import openpyxl
import pytest
import shapely
from pyproj import Geod

from ntm_gis.rules.commune import SourceEntry


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sources").mkdir()
    return tmp_path


def _write(folder, frame, name):
    frame.to_file(folder / "sources" / name)
    layer = "boundary" if name.startswith("ranh") else "roads"
    return SourceEntry(layer=layer, file=f"sources/{name}")


def _away(dx, dy):
    frame = kit.lines(4)
    return frame.set_geometry(frame.geometry.translate(dx, dy))


@pytest.mark.parametrize(("dx", "dy"), [(0, 90_000), (150_000, 0), (0, -1_200_000), (0, 19_000)])
def test_a_layer_elsewhere_is_one_finding_and_has_no_place(folder, dx, dy):
    raw = kit.read_one(folder, _write(folder, _away(dx, dy), "duong.gpkg"))
    assert kit.codes(raw) == ["CRS_NOWHERE"]
    (found,) = raw.findings
    assert found.severity.value == "block"
    assert raw.frame.geometry.isna().all()
    assert len(raw.frame) == 4


@pytest.mark.parametrize("dx", [0, 4_000, 9_000])
def test_a_layer_of_which_a_part_is_here_stays(folder, dx):
    raw = kit.read_one(folder, _write(folder, _away(dx, 0), "duong.gpkg"))
    assert kit.codes(raw) == []
    assert raw.frame.geometry.notna().all()


def test_a_line_through_the_commune_without_a_point_in_it_is_here(folder):
    line = shapely.LineString([(500_000, 2_455_000), (660_000, 2_456_000)])
    frame = gpd.GeoDataFrame({"MA": ["D1"]}, geometry=[line], crs=kit.ZONE)
    assert kit.codes(kit.read_one(folder, _write(folder, frame, "duong.gpkg"))) == []


def test_without_a_boundary_viet_nam_is_the_measure(folder):
    here = kit.read_one(folder, _write(folder, kit.lines(), "a.gpkg"), boundary=False)
    assert kit.codes(here) == []
    paris = gpd.GeoDataFrame({"MA": ["D1"]}, geometry=[shapely.Point(2.35, 48.85)], crs=4326)
    raw = kit.read_one(folder, _write(folder, paris, "b.geojson"), boundary=False)
    assert kit.codes(raw) == ["CRS_OUTSIDE_VIETNAM"]
    assert raw.frame.geometry.isna().all()


def _outline(*box, crs=4326):
    shape = shapely.box(*box)
    return gpd.GeoDataFrame({"ma_xa": ["1"], "ten_xa": ["Thử"]}, geometry=[shape], crs=crs)


@pytest.mark.parametrize(
    ("box", "words"),
    [
        ((103.70, 22.20, 103.7001, 22.2001), "nhỏ hơn mọi xã"),
        ((102.5, 21.5, 105.0, 23.0), "lớn hơn mọi xã"),
        ((107.2, 10.4, 107.3, 10.5), "quá xa kinh tuyến trục"),
        ((101.0, 22.0, 102.3, 22.4), "ngoài Việt Nam"),
    ],
)
def test_a_boundary_that_is_no_commune_is_not_used(folder, box, words):
    entry = _write(folder, _outline(*box), "ranh.geojson")
    roads = _write(folder, kit.lines(), "duong.gpkg")
    raws = kit.read(folder, entry, roads, boundary=False).raws
    assert kit.codes(raws[0]) == ["BOUNDARY_MISPLACED"]
    assert words in raws[0].findings[0].message.vi
    assert raws[0].frame.geometry.isna().all()
    # The roads are not held against a boundary that is none.
    assert kit.codes(raws[1]) == []
    assert raws[1].frame.geometry.notna().all()


@pytest.mark.parametrize("side_deg", [0.006, 0.3])
def test_a_commune_of_any_real_size_is_one(folder, side_deg):
    box = (103.7, 22.2, 103.7 + side_deg, 22.2 + side_deg)
    area = abs(Geod(ellps="WGS84").geometry_area_perimeter(shapely.box(*box))[0]) / 1e6
    assert 0.2 < area < 3000
    raw = kit.read_one(folder, _write(folder, _outline(*box), "ranh.geojson"), boundary=False)
    assert kit.codes(raw) == []


EMPTY = {
    "a.csv": "Mã bản;Tên bản;Số hộ\n",
    "b.csv": "\n  \n;;\n",
    "c.geojson": '{"type": "FeatureCollection", "features": []}',
    "d.kml": '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document/></kml>',
}


@pytest.mark.parametrize("name", [*EMPTY, "e.xlsx", "f.xlsx", "g.shp", "h.gpkg"])
def test_a_source_without_rows_is_one_finding(folder, name):
    path = folder / "sources" / name
    if name in EMPTY:
        path.write_text(EMPTY[name], encoding="utf-8")
    elif name.endswith("xlsx"):
        book = openpyxl.Workbook()
        if name == "f.xlsx":
            book.active.append(["Mã bản", "Tên bản", "Số hộ"])
        book.save(path)
    else:
        kit.points(2).iloc[:0].to_file(path, geometry_type="Point")
    raw = kit.read_one(folder, SourceEntry(layer="villages", file=f"sources/{name}"))
    assert kit.codes(raw) == ["SOURCE_EMPTY"]
    assert raw.frame.empty


def test_a_filter_that_keeps_nothing_is_not_an_empty_source(folder):
    (folder / "sources" / "a.csv").write_text("Mã bản;Loại\nB1;x\n", encoding="utf-8")
    entry = SourceEntry(layer="villages", file="sources/a.csv", where={"Loại": "y"})
    assert kit.codes(kit.read_one(folder, entry)) == ["WHERE_KEEPS_NOTHING"]
