"""Geometry as drawn, and against the boundary."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.csgraph import minimum_spanning_tree
from shapely import LineString, MultiLineString, MultiPoint, Point, Polygon, box

from ntm_gis import crs
from ntm_gis.layers.check import check
from ntm_gis.layers.geometry import _gap
from ntm_gis.layers.remarks import at_points

X, Y = 571_000.0, 2_455_000.0


def at(*pairs: tuple[float, float]) -> list[tuple[float, float]]:
    return [(X + x, Y + y) for x, y in pairs]


@pytest.fixture(scope="module")
def layer_of(make_schema):
    def make(*kinds):
        return make_schema(
            {"name": "id", "type": "code"}, {"name": "kind"}, key="id", geometry=list(kinds)
        )

    return make


def _check(raw, schema, *shapes):
    return check(raw("plots", {"id": [f"P{i}" for i in range(len(shapes))]}, list(shapes)), schema)


def _broken_line() -> LineString:
    with np.errstate(invalid="ignore"):
        return LineString([(X, Y), (X, np.nan)])


BOWTIE = Polygon(at((0, 0), (100, 100), (100, 0), (0, 100)))
HOLE_OUTSIDE = Polygon(at((0, 0), (100, 0), (100, 100), (0, 100)),
                       [at((200, 0), (250, 0), (250, 50), (200, 50))])  # fmt: skip


@pytest.mark.parametrize(
    ("shape", "kinds", "code"),
    [
        (Point(X, Y), ("polygon",), "GEOMETRY_TYPE"),
        (LineString(at((0, 0), (1, 1))), ("point",), "GEOMETRY_TYPE"),
        (MultiPoint(at((0, 0), (1, 1))), ("point",), "GEOMETRY_TYPE"),
        (shapely.GeometryCollection([Point(X, Y)]), ("point",), "GEOMETRY_TYPE"),
        (Polygon(), ("polygon",), "GEOMETRY_EMPTY"),
        (LineString(at((0, 0), (0, 0))), ("line",), "GEOMETRY_ZERO"),
        (Polygon(at((0, 0), (5, 5), (9, 9))), ("polygon",), "GEOMETRY_ZERO"),
        (_broken_line(), ("line",), "GEOMETRY_NOT_FINITE"),
        (Point(np.inf, Y), ("point",), "GEOMETRY_NOT_FINITE"),
        (Point(18_571_000, Y), ("point",), "GEOMETRY_IMPOSSIBLE"),
        (Point(Y, X), ("point",), "GEOMETRY_IMPOSSIBLE"),
        (LineString(at((0, 0), (90, 0), (90, -5e4))), ("line",), "GEOMETRY_IMPOSSIBLE"),
        (LineString(at((0, 0), (90, 0), (1e300, 0))), ("line",), "GEOMETRY_IMPOSSIBLE"),
        (Polygon(at((0, 0), (90, 0), (90, 90), (-9e4, 9e3))), ("polygon",), "GEOMETRY_IMPOSSIBLE"),
    ],
)
def test_what_cannot_be_used_is_left_out_and_the_row_counts(
    raw, layer_of, one, codes, shape, kinds, code
):
    layer = _check(raw, layer_of(*kinds), shape)
    assert codes(layer) == [code]
    assert one(layer, code).row == 1
    assert layer.frame.geometry.isna().all()
    assert layer.frame["@state"].tolist() == ["used"]


@pytest.mark.parametrize(
    ("shape", "kinds"),
    [
        (MultiPoint(at((0, 0))), ("point",)),
        (LineString(at((0, 0), (1, 1))), ("line", "point")),
        (MultiLineString([at((0, 0), (1, 1)), at((1, 1), (2, 0))]), ("line",)),
        (shapely.MultiPolygon([box(X, Y, X + 1, Y + 1)]), ("polygon",)),
        (shapely.GeometryCollection([Point(X, Y)]), ("any",)),
        (LineString(at((0, 0), (4e4, 2e4))), ("line",)),
        (MultiPoint(at((0, 0), (9e4, 0))), ("any",)),
        (None, ("point",)),
    ],
)
def test_what_can_be_used_is_kept(raw, layer_of, codes, shape, kinds):
    layer = _check(raw, layer_of(*kinds), shape)
    assert codes(layer) == []
    assert (layer.frame.geometry.iloc[0] is None) == (shape is None)


def test_a_point_in_a_collection_of_one_is_a_point(raw, layer_of):
    layer = _check(raw, layer_of("point"), MultiPoint(at((3, 4))))
    assert layer.frame.geometry.iloc[0].geom_type == "Point"


def test_a_bow_tie_is_quarantined_with_its_area_before_and_after(raw, layer_of, one):
    """Two triangles of 0.25 ha each, drawn so that they cancel out: 0 ha, mended 0.50."""
    layer = _check(raw, layer_of("polygon"), BOWTIE)
    finding = one(layer, "GEOMETRY_INVALID")
    assert finding.severity == "block"
    assert layer.frame["@state"].tolist() == ["set_aside"]
    assert layer.frame.geometry.iloc[0].equals(BOWTIE)  # nothing is repaired
    assert "0,00 ha" in finding.message.vi
    assert "0,50 ha" in finding.repair.vi
    east, north = crs.to_zone([finding.at[0]], [finding.at[1]], "EPSG:4326", "EPSG:9205")
    assert (east[0], north[0]) == pytest.approx((X + 50, Y + 50), abs=0.02)


def test_a_hole_outside_its_shell_is_quarantined(raw, layer_of, one):
    finding = one(_check(raw, layer_of("polygon"), HOLE_OUTSIDE), "GEOMETRY_INVALID")
    assert "phần khoét nằm ngoài vùng" in finding.message.vi
    assert "0,75 ha" in finding.message.vi
    assert "1,25 ha" in finding.repair.vi


def test_parts_that_do_not_meet(raw, layer_of, one):
    line = MultiLineString([at((0, 0), (100, 0)), at((130, 40), (200, 40)), at((100, 0), (100, 9))])
    finding = one(_check(raw, layer_of("line"), line), "GEOMETRY_GAP")
    # From (100, 9) to (130, 40); the third part meets the first.
    assert "2 đoạn" in finding.message.vi
    assert f"{np.hypot(30, 31):.1f}".replace(".", ",") in finding.message.vi


def test_branches_are_no_gap(raw, layer_of, codes):
    line = MultiLineString([at((0, 0), (9, 0)), at((9, 0), (9, 9)), at((9, 0), (18, 0))])
    assert codes(_check(raw, layer_of("line"), line)) == []


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=2, max_size=7, unique=True)
)
def test_gaps_are_the_least_that_joins_the_parts(corners):
    """Against scipy's minimum spanning tree over the same distances."""
    lines = [LineString([(x * 10, y * 10), (x * 10 + 4, y * 10 + 3)]) for x, y in corners]
    _, total, _ = _gap(MultiLineString(lines))
    distances = shapely.distance(np.array(lines)[:, None], np.array(lines)[None, :])
    assert total == pytest.approx(minimum_spanning_tree(distances).sum(), abs=1e-9)


def test_things_drawn_alike(raw, layer_of, codes):
    there = LineString(at((0, 0), (100, 0), (100, 50)))
    schema = layer_of("line")
    back = shapely.reverse(there)
    layer = _check(raw, schema, there, back, LineString(at((0, 0), (100, 0))))
    (finding,) = codes(layer, "GEOMETRY_TWICE")
    assert finding.feature == "P1"
    assert "'P0'" in finding.message.vi


def test_things_of_two_kinds_may_share_their_ground(raw, layer_of, codes):
    square = box(X, Y, X + 100, Y + 100)
    data = {"id": ["A", "B"], "kind": ["general", "land_use"]}
    assert codes(check(raw("plans", data, [square, square]), layer_of("polygon"))) == []


def test_rows_set_aside_are_drawn_alike_without_a_word(raw, layer_of, codes):
    square = box(X, Y, X + 100, Y + 100)
    layer = check(raw("plots", {"id": ["A", "A"]}, [square, square]), layer_of("polygon"))
    assert codes(layer) == ["DUPLICATE_ROW"]


CENTIMETRES = st.integers(-(10**7), 10**7).map(lambda n: n / 100)


@given(st.lists(st.tuples(CENTIMETRES, CENTIMETRES), min_size=2, max_size=6, unique=True))
def test_the_place_of_a_line_is_on_it(corners):
    line = LineString(corners)
    (place,) = at_points([line])
    assert shapely.distance(line, Point(place)) < 1e-6


# The commune of the tests: 560,000–580,000 E, 2,450,000–2,466,000 N.
EDGE = 580_000.0


@pytest.mark.parametrize(
    ("layer", "shape", "said"),
    [
        ("roads", LineString([(EDGE - 1000, Y), (EDGE + 500, Y)]), "500 m ở ngoài"),
        ("roads", LineString([(EDGE - 1000, Y), (EDGE + 1.9, Y)]), None),
        ("roads", LineString([(EDGE - 1000, Y), (EDGE + 3, Y)]), "3 m ở ngoài"),
        ("roads", LineString([(EDGE + 10, Y), (EDGE + 500, Y)]), "cách ranh giới 10 m"),
        ("schools", Point(EDGE + 223, Y), "cách ranh giới 223 m"),
        ("schools", Point(EDGE + 0.5, Y), None),
        ("tea_areas", box(EDGE - 100, Y, EDGE + 100, Y + 100), "1,00 ha ở ngoài"),
        ("tea_areas", box(EDGE - 199.5, Y, EDGE + 0.5, Y + 100), None),
        ("tea_areas", box(EDGE - 1000, Y, EDGE + 5, Y + 1000), "0,50 ha ở ngoài"),
        ("tea_areas", box(EDGE - 1000, Y, EDGE + 1.5, Y + 1000), None),
        ("hazards", box(EDGE - 100, Y, EDGE + 100, Y + 100), None),
    ],
    ids=[
        "road beyond", "within the tolerance", "just beyond it", "road outside",
        "point outside", "point on the edge",
        "half a plot", "sliver", "less than 1 % but half a hectare", "half a metre of a big plot",
        "expected beyond",
    ],
)  # fmt: skip
def test_what_lies_beyond_the_boundary(raw, gather, codes, layer, shape, said):
    found = gather(raw(layer, {"Mã": ["X1"]}, [shape]), boundary=True)
    outside = codes(found, "OUTSIDE_BOUNDARY")
    assert [said in finding.message.vi for finding in outside] == ([True] if said else [])
    assert found[layer].frame["@state"].tolist() == ["used"]


def test_without_a_boundary_nothing_is_beyond_it(raw, gather, codes):
    found = gather(raw("roads", {"Mã": ["D1"]}, [LineString([(EDGE, Y), (EDGE + 500, Y)])]))
    assert codes(found, "OUTSIDE_BOUNDARY") == []


def test_an_invalid_boundary_bounds_nothing(raw, gather, codes):
    boundary = raw("boundary", {"unit_code": ["1"], "name": ["x"]}, [BOWTIE])
    found = gather(boundary, raw("schools", {"Mã": ["S1"]}, [Point(EDGE + 9999, Y)]))
    assert codes(found, "OUTSIDE_BOUNDARY") == []
    assert len(codes(found, "GEOMETRY_INVALID")) == 1


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("x", [1e300, -1.7e308, 5e6, 18_571_000.0])
def test_where_a_drawing_that_cannot_be_is_said_to_stand_is_a_place(raw, gather, one, x):
    """At a vertex that may be right, in degrees, with nothing on the error stream."""
    road = LineString([*at((0, 0), (50, 0), (90, 0)), (x, Y)])
    found = one(gather(raw("roads", {"MA": ["D1"], "CAP": ["ĐX"]}, [road])), "GEOMETRY_IMPOSSIBLE")
    assert found.at == pytest.approx((103.69, 22.19), abs=0.01)
    lost = one(gather(raw("schools", {"Mã điểm": ["S"]}, [Point(x, Y)])), "GEOMETRY_IMPOSSIBLE")
    assert lost.at is None
    if abs(x) < 1e9:
        assert f"{x:,.0f}".replace(",", ".") in found.message.vi
