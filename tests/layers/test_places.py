"""Where rows are, written any way."""

from __future__ import annotations

import pytest
import shapely
from shapely import LineString, MultiLineString, Point

from ntm_gis import crs

X, Y = 571_979.18, 2_455_972.70  # 103.70 E 22.20 N in EPSG:9205


@pytest.fixture(scope="module")
def village(raw):
    data = {"MA_BAN": ["MK04", "PK04", "MK10", "MK11", "MK12"],
            "TEN_BAN": ["Hô Tra", "Hô Ta", "Nậm Cung", "Nậm Cúng", "Nà An"]}  # fmt: skip
    points = [Point(571_000 + 100 * i, 2_455_000) for i in range(4)]
    return raw("villages", data, [*points, None])


@pytest.fixture(scope="module")
def roads(raw):
    parts = [
        [(561_000, 2_455_000), (562_000, 2_455_000)],
        [(563_000, 2_455_000), (564_000, 2_455_000)],
    ]
    bent = [
        [(571_000, 2_456_000), (571_000, 2_457_000)],
        [(571_000, 2_456_000), (574_000, 2_456_000)],
    ]
    data = {"MA": ["D1", "D2", "D3", "D4", "D5"], "CAP": ["ĐX"] * 5,
            "TEN": ["Đường Hô Tra", "Nà An", "Nà An", "Tuyến rời", "Tuyến gấp"]}  # fmt: skip
    lines = [
        LineString([(571_000, 2_455_000), (575_000, 2_455_000), (575_000, 2_458_000)]),
        LineString([(571_000, 2_459_000), (575_000, 2_459_000)]),
        None,
        MultiLineString(parts),
        MultiLineString(bent),
    ]
    return raw("roads", data, lines)


@pytest.fixture(scope="module")
def locate(raw, gather, village, roads):
    def run(written):
        table = raw("facilities", {"Mã": ["T1"], "Loại": ["Chợ"], "Vị trí": [written]})
        layers = gather(table, village, roads, boundary=True)
        row = layers["facilities"].frame.iloc[0]
        found = [f for f in layers["facilities"].findings if f.field == "place"]
        assert ("NOT_LOCATED" in {f.code for f in layers["facilities"].findings}) == (
            row.geometry is None
        )
        return row.geometry, row["located_by"], found

    return run


@pytest.mark.parametrize(
    ("written", "x", "y", "located_by"),
    [
        ("22,2; 103,7", X, Y, "phone"),
        ("22°12'00\"N 103°42'00\"E", X, Y, "phone"),
        ("https://maps.google.com/?q=22.2,103.7", X, Y, "phone"),
        ("X=2455972,70; Y=571979,18", X, Y, "survey"),
        ("571979.18 2455972.70", X, Y, "survey"),
        ("Km0+000 đường Hô Tra", 571_000, 2_455_000, "chainage"),
        ("Km4+500 đường Hô Tra", 575_000, 2_455_500, "chainage"),
        ("Km7 đường ho tra", 575_000, 2_458_000, "chainage"),
        ("Km1+500 D1", 572_500, 2_455_000, "chainage"),
        ("Hô Tra, Km1", 572_000, 2_455_000, "chainage"),
        ("bản Hô Tra", 571_000, 2_455_000, "village"),
        ("Ho Tra", 571_000, 2_455_000, "village"),
        ("Hô Ta", 571_100, 2_455_000, "village"),
        ("PK04", 571_100, 2_455_000, "village"),
        ("Nậm Cúng", 571_300, 2_455_000, "village"),
    ],
)
def test_places_that_are_found(locate, written, x, y, located_by):
    point, how, findings = locate(written)
    assert (point.x, point.y) == pytest.approx((x, y), abs=0.05)
    assert how == located_by
    assert findings == []


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("Km9+000 đường Hô Tra", "chỉ dài 7.000 m"),
        ("Km1+200", "chưa ghi tên đường"),
        ("Km1+1200 đường Hô Tra", "dưới 1.000 m"),
        ("Km1 đường Phúc Khoa", "không có đường nào tên"),
        ("Km1 Tuyến rời", "nhiều đoạn rời"),
        ("Nam Cung", "nhiều bản mang tên này"),
        ("gần suối", "không phải tọa độ"),
        ("Nà An", "không phải tọa độ"),
        ("X=1455972,70; Y=571979,18", "không nằm trong xã"),
        ("45,5; 12,3", "không phải tọa độ ở Việt Nam"),
        ("22°75'00\"N 103°42'00\"E", "từ 60 trở lên"),
        ("https://maps.app.goo.gl/abc", "không chứa tọa độ"),
    ],
)
def test_places_that_are_not(locate, written, why):
    point, how, (finding,) = locate(written)
    assert point is None
    assert how == "none"
    assert finding.code == "PLACE_NOT_FOUND"
    assert finding.severity == "warning"
    assert why in finding.message.vi


def test_two_drawn_roads_of_one_name_are_none(raw, gather, codes):
    lines = [LineString([(571_000, y), (575_000, y)]) for y in (2_455_000, 2_456_000)]
    roads = raw("roads", {"MA": ["D1", "D2"], "CAP": ["ĐX"] * 2, "TEN": ["Nà An"] * 2}, lines)
    table = raw("facilities", {"Mã": ["T1"], "Loại": ["Chợ"], "Vị trí": ["Km1 Nà An"]})
    (finding,) = codes(gather(table, roads), "PLACE_NOT_FOUND")
    assert "hãy ghi mã đường" in finding.message.vi


def test_a_road_not_drawn_is_not_in_the_way_of_one_that_is(locate):
    point, _, _ = locate("Km1 đường Nà An")
    assert (point.x, point.y) == (572_000, 2_459_000)


def test_parts_that_meet_are_one_road_from_its_first_vertex(locate):
    # The first vertex of the drawing is in the middle of the merged line: no chainage.
    point, _, (finding,) = locate("Km0+500 Tuyến gấp")
    assert point is None
    assert "đoạn rời" in finding.message.vi


def test_the_other_meridian_of_the_province_is_found_and_said(locate):
    east, north = crs.to_zone([X], [Y], "EPSG:9205", "EPSG:9208")
    point, how, (note,) = locate(f"{north[0]:.2f} {east[0]:.2f}")
    assert (point.x, point.y) == pytest.approx((X, Y), abs=0.02)
    assert how == "survey"
    assert (note.code, note.severity) == ("PLACE_OTHER_ZONE", "note")
    assert "104°45" in note.message.vi


def test_numbers_that_fit_two_zones_are_left(raw, gather, codes):
    """A wide commune lies on 380,600 m east both in 104°45' and in UTM."""
    boundary = raw("boundary", {"unit_code": ["1"], "name": ["x"]},
                   [shapely.box(555_000, 2_440_000, 592_000, 2_470_000)])  # fmt: skip
    table = raw("facilities", {"Mã": ["T1"], "Loại": ["Chợ"], "Vị trí": ["X=2456800; Y=380600"]})
    (finding,) = codes(gather(boundary, table), "PLACE_NOT_FOUND")
    assert "hai kinh tuyến trục" in finding.message.vi


def test_without_villages_and_roads_it_is_said(raw, gather, codes):
    data = {"Mã": ["A", "B"], "Loại": ["Chợ"] * 2, "Vị trí": ["Hô Tra", "Km1 D1"]}
    first, second = codes(gather(raw("facilities", data)), "PLACE_NOT_FOUND")
    assert "chưa có bản nào" in first.message.vi
    assert "chưa có đường nào" in second.message.vi


def test_coordinates_go_before_words(raw, gather, village):
    data = {"Mã": ["T1"], "Loại": ["Chợ"], "Vị trí": ["bản Hô Tra"]}
    layer = gather(raw("facilities", data, [Point(X, Y)]), village)["facilities"]
    assert layer.frame.geometry.iloc[0].equals(Point(X, Y))
    assert layer.frame["located_by"].tolist() == ["survey"]


def test_how_a_place_came_about_is_kept(raw, gather):
    data = {"Mã": ["A", "B", "C", "D"], "located_by": ["phone", "Điện thoại", "?", "phone"]}
    shapes = [Point(X, Y + i) for i in range(3)]
    layer = gather(raw("facilities", data, [*shapes, None]))["facilities"]
    assert layer.frame["located_by"].tolist() == ["phone", "phone", "survey", "none"]


def test_lines_and_polygons_without_geometry_are_said(raw, gather, codes):
    layers = gather(raw("tea_areas", {"Mã": ["L1"]}), raw("funds", {"Mã vốn": ["V1"]}))
    (finding,) = codes(layers, "NOT_LOCATED")
    assert (finding.layer, finding.severity, finding.at) == ("tea_areas", "note", None)


def test_villages_may_be_placed_by_coordinates_alone(raw, gather):
    data = {"MA_BAN": ["A", "B"], "TEN_BAN": ["x", "y"], "Vị trí": ["22.2, 103.7", "x"]}
    layer = gather(raw("villages", data))["villages"]
    assert layer.frame["located_by"].tolist() == ["phone", "none"]


def test_a_village_drawn_as_a_polygon_has_a_point_inside(raw, gather):
    shape = shapely.Polygon([(0, 0), (10, 0), (10, 10), (9, 1), (0, 1)])
    shape = shapely.transform(shape, lambda c: c * 100 + [571_000, 2_455_000])
    villages = raw("villages", {"MA_BAN": ["A"], "TEN_BAN": ["Hô Tra"]}, [shape])
    table = raw("facilities", {"Mã": ["T1"], "Loại": ["Chợ"], "Vị trí": ["Hô Tra"]})
    point = gather(table, villages)["facilities"].frame.geometry.iloc[0]
    assert shape.contains(point)
