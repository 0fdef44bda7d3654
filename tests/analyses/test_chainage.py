"""Chainage along an axis, by stakes, and the three lengths of a road: in closed form."""

from __future__ import annotations

import itertools
import math
from typing import Any

import build as b
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS

from ntm_gis.analyses.chainage import axis as chainage
from ntm_gis.analyses.chainage.axis import Axis, axis, fault
from ntm_gis.analyses.chainage.stakes import Calibration, RoadLine, road_lines

coordinate = st.integers(0, 200_000).map(lambda cm: cm / 100)
vertices = st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=12)


@st.composite
def axes(draw: st.DrawFn) -> Axis:
    found = axis(shapely.LineString([(570_000 + x, 2_455_000 + y) for x, y in draw(vertices)]))
    return found or Axis(np.array([[0.0, 0.0], [300.0, 400.0]]))


def drawn(road: Axis) -> shapely.LineString:
    """The same road as shapely has it."""
    return shapely.LineString(road.xy)


@given(axes())
def test_the_last_measure_is_the_rounded_length(road: Axis) -> None:
    assert road.at_m[0] == 0
    assert road.at_m.tolist() == sorted(road.at_m)
    assert road.length_cm == round(drawn(road).length * 100)
    assert road.point(0) == tuple(road.xy[0])
    assert road.point(road.length_cm) == tuple(road.xy[-1])


@given(axes(), st.data())
def test_a_point_of_the_road_is_where_shapely_has_it(road: Axis, data: st.DataObject) -> None:
    cm = data.draw(st.integers(0, road.length_cm - 1))
    there = shapely.line_interpolate_point(drawn(road), cm / 100)
    assert road.point(cm) == pytest.approx((there.x, there.y), abs=1e-6)


@given(axes(), st.lists(st.floats(0, 1), max_size=8))
def test_cutting_loses_nothing(road: Axis, cuts: list[float]) -> None:
    edges = sorted({0, road.length_cm, *(int(c * road.length_cm) for c in cuts)})
    parts = [road.cut(a, z) for a, z in itertools.pairwise(edges)]
    assert math.fsum(p.length for p in parts) == pytest.approx(
        drawn(road).length, rel=1e-9, abs=1e-6
    )
    for one, then in itertools.pairwise(parts):
        assert one.coords[-1] == then.coords[0]
    for (a, z), part in zip(itertools.pairwise(edges), parts, strict=True):
        assert part.length == pytest.approx((z - a) / 100, abs=0.0051)


@given(st.integers(0, 100_000), st.floats(-50, 50))
def test_out_and_back_on_a_straight_road(cm: int, offset: float) -> None:
    road = Axis(np.array([[570_000.0, 2_455_000.0], [570_600.0, 2_455_800.0]]))
    found = road.locate(*road.point(cm, offset_m=offset))
    assert found.cm == cm
    assert found.offset_m == pytest.approx(abs(offset), abs=1e-6)
    if abs(offset) > 1e-3:
        assert found.side == ("right" if offset > 0 else "left")


def test_sides_at_a_bend() -> None:
    road = axis(shapely.LineString([(0, 0), (0, 100), (100, 100)]))
    assert road is not None
    assert road.locate(-10, 110).side == "left"
    assert road.locate(20, 80).side == "right"
    assert road.locate(0, 50).side == "on"
    assert road.locate(0, -5) == chainage.Located(0, 5.0, "on")


@given(axes(), coordinate, coordinate)
def test_nearest_place_as_shapely_has_it(road: Axis, x: float, y: float) -> None:
    point = shapely.Point(570_000 + x, 2_455_000 + y)
    found = road.locate(point.x, point.y)
    assert found.offset_m == pytest.approx(point.distance(drawn(road)), abs=1e-6)
    there = shapely.Point(road.point(found.cm))
    assert there.distance(point) == pytest.approx(found.offset_m, abs=0.011)


LINE = [(0, 0), (0, 100)]
MORE = [(0, 100), (50, 100)]


@pytest.mark.parametrize(
    ("drawn", "expected", "length"),
    [
        (None, "none", None),
        (shapely.LineString(), "none", None),
        (shapely.LineString(LINE), None, 100),
        (shapely.MultiLineString([LINE, MORE]), None, 150),
        (shapely.MultiLineString([LINE, MORE[::-1]]), None, 150),
        (shapely.MultiLineString([MORE, LINE]), "parts", None),
        (shapely.MultiLineString([LINE, [(0, 200), (9, 200)]]), "parts", None),
        (shapely.LineString([(5, 5), (5, 5)]), "point", None),
        (shapely.LineString([(0, 0, 900), (30, 40, 990)]), None, 50),
        (shapely.Point(0, 0), "parts", None),
        (shapely.LineString([(0, 0), (9, 0), (9, 9), (0, 0)]), None, 18 + 9 * math.sqrt(2)),
    ],
    ids=["not drawn", "empty", "a line", "two parts that meet", "the second drawn backwards",
         "the first begins in the middle", "a gap", "no length", "heights", "no line", "a ring"],
)  # fmt: skip
def test_what_has_chainage_and_what_has_not(
    drawn: shapely.Geometry | None, expected: str | None, length: float | None
) -> None:
    assert fault(drawn) == expected
    found = axis(drawn)
    assert (None if found is None else found.length_m) == pytest.approx(length)


def test_a_ring_of_parts_starts_where_it_was_drawn_from() -> None:
    ring = shapely.MultiLineString([[(9, 9), (0, 9)], [(0, 9), (0, 0), (9, 0)], [(9, 0), (9, 9)]])
    found = axis(ring)
    assert found is not None
    assert found.is_ring
    assert found.xy[:2].tolist() == [[9, 9], [0, 9]]
    assert found.length_cm == 3600
    assert found.point(0) == found.point(3600)


def test_chainages_are_written_and_read() -> None:
    for cm, said in [(0, "Km0+000"), (125_000, "Km1+250"), (125_050, "Km1+250,5")]:
        assert (chainage.written(cm), chainage.read(said)) == (said, cm)
    assert chainage.read("Km1+1250") is None
    assert chainage.stretch(0, 700_000) == "Km0+000 – Km7+000"


def test_what_is_not_on_the_road_is_refused() -> None:
    road = Axis(np.array([[0.0, 0.0], [0.0, 10.0]]))
    for wrong in (-1, 1001):
        with pytest.raises(ValueError, match="not within"):
            road.point(wrong)
    with pytest.raises(ValueError, match="nothing"):
        road.cut(500, 500)


# --- Stakes --------------------------------------------------------------------------------------


def stake(road: str, cm: float, x: float, y: float) -> dict[str, Any]:
    return {"road_id": road, "chainage_m": cm, "geometry": b.at(x, y)}


def roads(*stakes: dict[str, Any]) -> tuple[RoadLine, list[str]]:
    """A road of 3 km to the north, with stakes."""
    drawn = [{"road_id": "D1", "road_class": "village", "geometry": b.line((0, 0), (0, 3000))}]
    lines, found = road_lines(b.layer("roads", drawn), b.layer("stakes", stakes))
    return lines["D1"], [f.code for f in found]


def test_official_chainage_follows_the_stakes() -> None:
    """Drawn 1 % short in its first kilometre and 2 % long in its second."""
    line, wrong = roads(stake("D1", 0, 1, 0), stake("D1", 1000, 0, 990), stake("D1", 2000, 0, 2010))
    assert wrong == []
    official = line.calibration.official_of
    assert [official(c) for c in (0, 49_500, 99_000, 150_000, 201_000)] == [
        0, 50_000, 100_000, 150_000, 200_000
    ]  # fmt: skip
    # Beyond the last stake at the rate of the last two.
    assert official(303_000) == 300_000
    assert line.point(50_000) == pytest.approx((b.WEST, b.SOUTH + 495))
    cut = line.cut(100_000, 200_000)
    assert cut is not None
    assert cut.length == pytest.approx(1020)


@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 10**6)), max_size=6),
    st.integers(-(10**6), 10**7),
)
def test_official_chainage_there_and_back(steps: list[tuple[int, int]], x: int) -> None:
    on_line = np.cumsum([1, *(a for a, _ in steps)]).tolist()
    official = np.cumsum([7, *(o for _, o in steps)]).tolist()
    found = Calibration(tuple(on_line), tuple(official))
    rates = [o / a for a, o in steps] or [1.0]
    assert abs(found.on_line_of(found.official_of(x)) - x) <= 1 + 1 / min(rates)
    assert [found.official_of(a) for a in on_line] == official
    backwards = Calibration(tuple(on_line), tuple(official[::-1]))
    assert [backwards.official_of(a) for a in on_line] == official[::-1]
    assert [backwards.on_line_of(o) for o in official] == on_line[::-1]
    if steps:
        assert backwards.backwards
        grown = found.official_of(x + 1) - found.official_of(x)
        assert grown >= 0


@pytest.mark.parametrize(("x", "expected"), [(0, 0), (1, 1), (2, 1), (3, 2), (-1, 0), (5, 3)])
def test_half_centimetres_go_up(x: int, expected: int) -> None:
    """A line drawn twice as long as the stakes say."""
    assert Calibration((0, 2, 4), (0, 1, 2)).official_of(x) == expected


def test_one_stake_moves_the_start() -> None:
    line, _ = roads(stake("D1", 0, 0, 40))
    assert line.calibration.official_of(104_000) == 100_000
    assert line.span == (-4000, 296_000)


@pytest.mark.parametrize(
    ("stakes", "codes", "kept"),
    [
        ([(0, 0, 0), (1000, 30, 1000), (2000, 0, 2000)], ["STAKE_OFF_ROAD"], 2),
        ([(0, 0, 0), (1000, 0, 1000), (1000, 0, 1400), (2000, 0, 2000)], ["STAKE_TWICE"] * 2, 2),
        ([(0, 0, 0), (1000, 0, 1000), (1000, 0.5, 1000.5)], [], 2),
        ([(0, 0, 0), (1000, 0, 2000), (2000, 0, 1000), (3000, 0, 3000)], ["STAKE_OUT_OF_ORDER"], 3),
        ([(0, 0, 0), (2500, 0, 1000), (2000, 0, 2000), (3000, 0, 3000)], ["STAKE_OUT_OF_ORDER"], 3),
        ([(None, 0, 0), (1000, 0, 1000)], [], 1),
    ],
    ids=["off the line", "twice", "twice at one place", "two swapped", "one wrong", "blank"],
)  # fmt: skip
def test_stakes_that_cannot_be_used_are_named(
    stakes: list[tuple[Any, float, float]], codes: list[str], kept: int
) -> None:
    line, found = roads(*(stake("D1", *s) for s in stakes))
    assert found == codes
    assert len(line.calibration.on_line) == kept


def test_findings_about_stakes_name_row_and_place() -> None:
    drawn = [{"road_id": "D1", "road_class": "village", "geometry": b.line((0, 0), (0, 3000))}]
    stakes = [stake("D1", 0, 0, 0), stake("D1", 1000, 40, 1000), stake("D9", 5, 0, 5)]
    _, (found,) = road_lines(b.layer("roads", drawn), b.layer("stakes", stakes))
    assert (found.row, found.field, found.value) == (2, "chainage_m", "Km1+000")
    assert "40 m" in found.message.vi
    assert found.at is not None


def test_a_road_drawn_from_its_far_end_has_its_stakes_all_the_same() -> None:
    line, found = roads(*(stake("D1", 3000 - y, 0, y) for y in (0, 1000, 2000, 3000)))
    assert found == []
    assert line.calibration.backwards
    assert line.span == (0, 300_000)
    assert line.point(0) == pytest.approx((b.WEST, b.SOUTH + 3000))
    cut = line.cut(0, 50_000)
    assert cut is not None
    assert cut.coords[0] == pytest.approx((b.WEST, b.SOUTH + 3000))
    # Looking from the north to the south, the west is to the right.
    found_at = line.locate(b.WEST - 5, b.SOUTH + 500)
    assert (found_at.cm, found_at.offset_m, found_at.side) == (250_000, 5.0, "right")


def test_a_stretch_beyond_the_line_is_cut_where_it_ends() -> None:
    line, _ = roads()
    cut = line.cut(250_000, 350_000)
    assert cut is not None
    assert cut.length == pytest.approx(500)
    assert line.cut(300_000, 350_000) is None


def test_the_zone_of_the_tests_is_metric() -> None:
    assert CRS(b.CRS).axis_info[0].unit_name == "metre"
