"""Where coordinates are: said by the file or commune.toml, doubted where they fall elsewhere."""

from __future__ import annotations

import json
import re

import commune_kit as kit
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from table_writers import write_shapefile

from ntm_gis.results import Severity
from ntm_gis.rules.commune import SourceEntry
from ntm_gis.sources import pairs
from ntm_gis.sources.placing import Ground, place
from ntm_gis.sources.readers.parsed import Column, Parsed


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sources").mkdir()
    return tmp_path


def _shp(folder, places, prj):
    rows = [(f"B{i}".encode(),) for i in range(len(places))]
    write_shapefile(folder / "sources/ban.shp", places, [(b"MA", "C", 5, 0)], rows, prj=prj)
    return SourceEntry(layer="villages", file="sources/ban.shp")


def _in(target):
    return [tuple(g.coords[0]) for g in kit.points(target=target).geometry]


def _unplaced(raw, code):
    """Every row is there, none has a place, and one finding blocks."""
    assert len(raw.frame) == 12
    assert raw.frame.geometry.isna().all()
    (finding,) = raw.findings
    assert (finding.code, finding.severity) == (code, Severity.BLOCK)
    return finding


@pytest.mark.parametrize("target", ["EPSG:9205", "EPSG:9208", "EPSG:3405", "EPSG:4326"])
def test_no_prj_asks_with_the_system_that_fits(folder, target):
    finding = _unplaced(kit.read_one(folder, _shp(folder, _in(target), None)), "CRS_NOT_SAID")
    meridian = {
        "EPSG:9205": "103°00'",
        "EPSG:9208": "104°45'",
        "EPSG:3405": "105°00'",
        "EPSG:4326": "WGS 84",
    }[target]
    assert meridian in finding.message.vi
    assert "100 % số điểm nằm trong xã" in finding.message.vi
    # The same meridian with another scale falls inside as well; then both are named.
    assert f"--crs {target}" in finding.repair.vi or "UTM múi 48" in finding.message.vi


def test_no_prj_and_an_answer(folder):
    entry = _shp(folder, _in("EPSG:9208"), None).model_copy(update={"crs": "VN-2000 104-45"})
    raw = kit.read_one(folder, entry)
    assert raw.frame.distance(kit.points()).max() < 0.001


@pytest.mark.parametrize(
    ("true", "said", "km"),
    [
        ("EPSG:9206", "EPSG:9205", 103),
        ("EPSG:9205", "EPSG:9208", 181),
        ("EPSG:9205", "EPSG:3405", 206),
        ("EPSG:5897", "EPSG:9205", 206),
    ],
)
def test_a_wrong_zone_is_contradicted_with_its_distance(folder, true, said, km):
    finding = _unplaced(kit.read_one(folder, _shp(folder, _in(true), said)), "CRS_CONTRADICTION")
    told = float(re.search(r"cách nhau ([\d.]+) km", finding.message.vi)[1])
    assert told == pytest.approx(km, abs=3)
    assert f"--crs {true}" in finding.repair.vi


def test_swapped_axes_are_seen_and_not_turned_in_silence(folder):
    places = [(north, east) for east, north in _in("EPSG:9205")]
    finding = _unplaced(
        kit.read_one(folder, _shp(folder, places, "EPSG:9205")), "CRS_CONTRADICTION"
    )
    assert "cột thứ nhất là X (Bắc)" in finding.message.vi
    assert "Xuất lại" in finding.repair.vi


def _geojson(folder, places):
    features = [
        {
            "type": "Feature",
            "properties": {"ma": i},
            "geometry": {"type": "Point", "coordinates": list(p)},
        }
        for i, p in enumerate(places)
    ]
    (folder / "sources/ban.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )
    return SourceEntry(layer="villages", file="sources/ban.geojson")


def test_metres_in_a_geojson(folder):
    finding = _unplaced(
        kit.read_one(folder, _geojson(folder, _in("EPSG:9205"))), "CRS_CONTRADICTION"
    )
    assert "không có trên mặt đất" in finding.message.vi
    assert "--crs EPSG:9205" in finding.repair.vi


def test_latitude_before_longitude(folder):
    places = [(lat, lon) for lon, lat in _in("EPSG:4326")]
    finding = _unplaced(kit.read_one(folder, _geojson(folder, places)), "CRS_CONTRADICTION")
    assert "cột thứ nhất là vĩ độ" in finding.message.vi


def test_degrees_that_a_metre_system_is_said_of(folder):
    finding = _unplaced(
        kit.read_one(folder, _shp(folder, _in("EPSG:4326"), "EPSG:9205")), "CRS_CONTRADICTION"
    )
    assert "WGS 84" in finding.message.vi


def test_one_impossible_feature_spoils_no_other(folder):
    places = _in("EPSG:4326")
    places[4] = (22.2, 103.7)
    raw = kit.read_one(folder, _geojson(folder, places))
    assert raw.frame.geometry.isna().tolist() == [i == 4 for i in range(12)]
    assert [(f.code, f.row) for f in raw.findings] == [("COORDINATE_IMPOSSIBLE", 5)]


def test_without_a_boundary_nothing_is_contradicted_and_nothing_guessed(folder):
    raw = kit.read_one(folder, _shp(folder, _in("EPSG:9206"), "EPSG:9205"), boundary=False)
    assert not raw.frame.geometry.isna().any()
    (folder / "sources/ban.prj").unlink()
    raw = kit.read_one(folder, _shp(folder, _in("EPSG:9206"), None), boundary=False)
    assert "Hỏi nơi lập tệp" in raw.findings[0].repair.vi


def test_mapinfo_numbers_of_vn2000_with_wgs84(folder):
    kit.points().to_file(folder / "sources/ban.tab", driver="MapInfo File")
    entry = SourceEntry(layer="villages", file="sources/ban.tab")
    finding = _unplaced(kit.read_one(folder, entry), "CRS_DATUM_DOUBTFUL")
    assert "223 m" in finding.message.vi
    told = entry.model_copy(update={"crs": "EPSG:9205"})
    raw = kit.read_one(folder, told)
    assert raw.frame.distance(kit.points()).max() < 0.03


def test_hn72_is_refused_with_its_reason(folder):
    finding = _unplaced(
        kit.read_one(folder, _shp(folder, _in("EPSG:9205"), "EPSG:2044")), "CRS_REFUSED"
    )
    assert "HN-72" in finding.message.vi


def test_an_entry_that_names_no_system(folder):
    entry = _shp(folder, _in("EPSG:9205"), None).model_copy(update={"crs": "VN-2000 109"})
    finding = _unplaced(kit.read_one(folder, entry), "CRS_ENTRY_REFUSED")
    assert "109" in finding.message.vi


def test_an_entry_overrules_the_file_and_says_so(folder):
    entry = _shp(folder, _in("EPSG:9205"), "EPSG:9208").model_copy(update={"crs": "EPSG:9205"})
    raw = kit.read_one(folder, entry)
    assert raw.frame.distance(kit.points()).max() < 1e-6
    assert [(f.code, f.severity.value) for f in raw.findings] == [("CRS_ENTRY_OTHER", "note")]


def test_neighbours_lie_outside_and_that_is_right(folder):
    ring = [shapely.box(x, 2_450_000, x + 5_000, 2_465_000) for x in (559_000, 581_000)]
    import geopandas as gpd

    gpd.GeoDataFrame({"ma_xa": ["a", "b"]}, geometry=ring, crs=kit.ZONE).to_file(
        folder / "sources/lan_can.gpkg", driver="GPKG"
    )
    raw = kit.read_one(folder, SourceEntry(layer="neighbours", file="sources/lan_can.gpkg"))
    assert (kit.codes(raw), raw.frame.geometry.isna().any()) == ([], False)


# --- Columns of coordinates -----------------------------------------------------------------------


def _csv(folder, header, rows, **more):
    lines = [";".join(header)] + [";".join(row) for row in rows]
    (folder / "sources/diem.csv").write_text("\n".join(lines), encoding="utf-8")
    return SourceEntry(layer="schools", file="sources/diem.csv", **more)


def _vi(number):
    return f"{number:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")


@pytest.mark.parametrize(
    ("header", "order"),
    [
        (("X (m)", "Y (m)"), "ne"),
        (("Tọa độ X", "Tọa độ Y"), "en"),
        (("Bắc", "Đông"), "ne"),
        (("Y", "X"), "ne"),
        (("Northing", "Easting"), "ne"),
        (("Hoành độ", "Tung độ"), "en"),
    ],
)
def test_which_is_north_is_told_by_the_numbers(folder, header, order):
    places = kit.INSIDE[:6]
    rows = [
        (f"T{i}", *((_vi(n), _vi(e)) if order == "ne" else (_vi(e), _vi(n))))
        for i, (e, n) in enumerate(places)
    ]
    raw = kit.read_one(folder, _csv(folder, ("Mã", *header), rows, crs="EPSG:9205"))
    assert [tuple(g.coords[0]) for g in raw.frame.geometry] == places
    assert set(raw.frame["located_by"]) == {"survey"}


def test_coordinates_without_a_system_are_asked_about(folder):
    rows = [(f"T{i}", _vi(n), _vi(e)) for i, (e, n) in enumerate(_in("EPSG:9208"))]
    raw = kit.read_one(folder, _csv(folder, ("Mã", "X", "Y"), rows))
    finding = _unplaced(raw, "CRS_NOT_SAID")
    assert "104°45'" in finding.message.vi


def test_a_heading_may_name_the_system(folder):
    rows = [(f"T{i}", f"{n:.2f}", f"{e:.2f}") for i, (e, n) in enumerate(_in("EPSG:9208"))]
    header = ("Mã", "Tọa độ X VN-2000 KTT 104-45", "Tọa độ Y VN-2000 KTT 104-45")
    raw = kit.read_one(folder, _csv(folder, header, rows))
    assert (raw.origin.crs, kit.codes(raw)) == ("EPSG:9208", [])
    assert raw.frame.distance(kit.points()).max() < 0.01


def test_degrees_are_those_of_phones(folder):
    rows = [
        (f"T{i}", f"{lat:.7f}".replace(".", ","), f"{lon:.7f}".replace(".", ","))
        for i, (lon, lat) in enumerate(_in("EPSG:4326"))
    ]
    raw = kit.read_one(folder, _csv(folder, ("Mã", "Vĩ độ", "Kinh độ"), rows))
    assert raw.frame.distance(kit.points()).max() < 0.02
    assert set(raw.frame["located_by"]) == {"phone"}


def test_degrees_minutes_seconds(folder):
    def angle(value, letter):
        minutes = value % 1 * 60
        return f"{int(value)}°{int(minutes)}'{minutes % 1 * 60:.3f}\"{letter}"

    rows = [
        (f"T{i}", angle(lat, "N").replace('"', "″"), angle(lon, "E").replace('"', "″"))
        for i, (lon, lat) in enumerate(_in("EPSG:4326"))
    ]
    raw = kit.read_one(folder, _csv(folder, ("Mã", "Lat", "Long"), rows))
    assert raw.frame.distance(kit.points()).max() < 0.05


def test_columns_may_be_named_in_commune_toml(folder):
    rows = [(f"T{i}", f"{e:.1f}", f"{n:.1f}") for i, (e, n) in enumerate(kit.INSIDE)]
    entry = _csv(
        folder,
        ("Mã", "cột một", "cột hai"),
        rows,
        crs="EPSG:9205",
        fields={"east": "cột một", "north": "Cot hai"},
    )
    raw = kit.read_one(folder, entry)
    assert raw.frame.distance(kit.points()).max() < 0.1


def test_half_a_position_is_told_and_none_is_not(folder):
    rows = [
        ("T1", "2455972,70", "571979,18"),
        ("T2", "2455972,70", ""),
        ("T3", "", ""),
        ("T4", "x", "571979,18"),
    ]
    raw = kit.read_one(folder, _csv(folder, ("Mã", "X", "Y"), rows, crs="EPSG:9205"))
    assert raw.frame.geometry.isna().tolist() == [False, True, True, True]
    told = [(f.code, f.row, f.field, f.value) for f in raw.findings]
    assert told == [("COORDINATE_UNREADABLE", 3, "Y", ""), ("COORDINATE_UNREADABLE", 5, "X", "x")]


def test_a_zone_number_before_the_easting(folder):
    rows = [(f"T{i}", f"{n:.2f}", f"{18e6 + e:.2f}") for i, (e, n) in enumerate(kit.INSIDE)]
    raw = kit.read_one(folder, _csv(folder, ("Mã", "X", "Y"), rows, crs="EPSG:9205"))
    assert raw.frame.distance(kit.points()).max() < 0.01
    assert kit.codes(raw) == ["ZONE_NUMBER_CUT"]


def test_x_and_y_that_are_no_coordinates(folder):
    rows = [("a", "1", "2"), ("b", "3", "4")]
    raw = kit.read_one(folder, _csv(folder, ("Mã", "X", "Y"), rows))
    assert (kit.codes(raw), raw.frame.geometry.isna().all()) == ([], True)


@given(
    st.lists(
        st.tuples(st.floats(565_000, 580_000), st.floats(2_450_000, 2_465_000)),
        min_size=1,
        max_size=20,
    ),
    st.booleans(),
    st.sampled_from([0, 18, 48]),
)
@settings(max_examples=60, deadline=None)
def test_numbers_written_the_vietnamese_way_come_back(places, swapped, prefix):
    east = [round(e, 2) for e, _ in places]
    north = [round(n, 2) for _, n in places]
    first, second = [_vi(n) for n in north], [_vi(e + prefix * 1e6) for e in east]
    names = ("Y", "X") if swapped else ("X", "Y")
    table = Parsed(
        None,
        [Column(names[0], list(first)), Column(names[1], list(second))],
        list(range(1, len(places) + 1)),
    )
    found = pairs.positions(table, {})
    assert found.pair == pairs.Pair(names[0], names[1], "grid", found.pair.heading)
    assert found.north.tolist() == pytest.approx(north)
    assert found.east.tolist() == pytest.approx(east)


@given(st.floats(103.4, 104.2), st.floats(21.9, 22.6))
@settings(max_examples=30, deadline=None)
def test_moving_to_the_zone_and_back_stays_within_two_millimetres(lon, lat):
    table = Parsed(None, [], [1], [shapely.to_wkb(shapely.Point(lon, lat))], "EPSG:4326")
    placed = place(table, "gpkg", None, Ground(kit.ZONE))
    back = kit.moved(placed.shapes[0], "EPSG:4326")
    assert np.hypot((back.x - lon) * 103_000, (back.y - lat) * 111_000) < 0.002
