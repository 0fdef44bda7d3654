"""Tracks of known truth on known roads: which road, how far along, what is credited and why."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
import walks
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_gis.analyses.matching.credit import covered, credit
from ntm_gis.analyses.matching.model import Settings, match
from ntm_gis.analyses.matching.network import network
from ntm_gis.analyses.matching.path import paths
from ntm_gis.analyses.matching.points import sound
from ntm_gis.results import spans

PLAIN = Settings()
REAL = os.environ.get("NTM_GIS_TEST_DATA")


def straight(*points: tuple[float, float]) -> np.ndarray:
    return np.array(points, dtype=float)


def given_to(road: np.ndarray, track: np.ndarray, *others: np.ndarray, times=None, **changes):
    """What a track credits of the first of some roads."""
    roads = network([walks.line(xy) for xy in (road, *others)])
    return credit(roads, 0, match(roads, track, times), Settings(**changes))


def reasons(found) -> list[tuple[int, int, str]]:
    return [(round(a / 100), round(b / 100), why) for a, b, why in found.not_credited]


# --- What is credited, and what is not -------------------------------------------------------------


def test_a_clean_track_credits_what_it_covers_to_the_centimetre():
    road = straight((0, 0), (500, 0))
    x = np.arange(20.0, 401.0, 10.0)
    found = given_to(road, np.column_stack([x, 0 * x]))
    assert found.credited == ((2000, 40000),)
    assert found.not_credited == ()


@pytest.mark.parametrize(("gap", "credited"), [(60.0, True), (150.0, False)])
def test_no_credit_for_gaps_larger_than_the_largest(gap, credited):
    road = straight((0, 0), (900, 0))
    x = np.r_[np.arange(20.0, 301.0, 10.0), np.arange(300.0 + gap, 801.0, 10.0)]
    found = given_to(road, np.column_stack([x, 0 * x]))
    if credited:
        assert found.credited == ((2000, 80000),)
        assert found.not_credited == ()
    else:
        assert found.credited == ((2000, 30000), (45000, 80000))
        assert found.not_credited == ((30000, 45000, "gap"),)


def test_the_gap_is_measured_along_the_road_and_not_across_it():
    """Two legs of a hairpin are 30 m apart; 330 m of road lie between."""
    road = straight((0, 0), (150, 0), (150, 30), (0, 30), (-200, 30))
    x = np.r_[np.arange(0.0, 1.0), np.arange(0.0, -200.0, -10.0)]
    track = np.column_stack([x, np.r_[0.0, np.full(20, 30.0)]])
    track = np.r_[np.column_stack([np.arange(-0.0, 1.0), [0.0]]), track]
    found = given_to(road, track)
    assert spans.length(spans.intersection(found.credited, [(500, 32500)])) == 0


def test_no_credit_for_a_piece_off_the_road():
    road = straight((0, 0), (1000, 0))
    x = np.arange(0.0, 1001.0, 10.0)
    y = np.where((x > 400) & (x < 700), 45.0, 2.0)
    found = given_to(road, np.column_stack([x, y]))
    assert [why for *_, why in found.not_credited] == ["off"]
    a, b, _ = found.not_credited[0]
    assert abs(a - 40_000) <= 2500
    assert abs(b - 70_000) <= 2500
    near = given_to(road, np.column_stack([x, y]), distance_m=50.0)
    assert near.not_credited == ()


def test_no_credit_where_the_track_leaves_all_roads():
    road = straight((0, 0), (1000, 0))
    x = np.arange(0.0, 1001.0, 10.0)
    y = np.where((x > 400) & (x < 700), 300.0, 0.0)
    found = given_to(road, np.column_stack([x, y]))
    assert reasons(found) == [(400, 700, "off")]


def test_one_stray_point_takes_nothing_away():
    road = straight((0, 0), (500, 0))
    x = np.arange(0.0, 501.0, 10.0)
    y = np.zeros(len(x))
    y[25] = 48.0
    assert given_to(road, np.column_stack([x, y])).credited == ((0, 50000),)


def test_no_credit_for_the_road_beside():
    """Roads 30 m apart; the track goes over to the other one at the second rung."""
    roads = [straight((0, 0), (1200, 0)), straight((0, 30), (1200, 30)),
             *(straight((x, 0), (x, 30)) for x in (100, 400, 900))]  # fmt: skip
    truth = straight((0, 0), (400, 0), (400, 30), (1200, 30))
    walk = walks.along(truth, np.random.default_rng(3), sigma=4.0)
    found = given_to(roads[0], walk.xy, *roads[1:], times=walk.times)
    assert reasons(found)[-1][2] == "beside"
    assert spans.length(found.credited) / 100 == pytest.approx(400, abs=15)
    other = given_to(roads[1], walk.xy, roads[0], *roads[2:], times=walk.times)
    assert spans.length(other.credited) / 100 == pytest.approx(800, abs=15)


def test_there_and_back_counts_once():
    road = walks.serpentine()
    walk = walks.along(road, np.random.default_rng(5), start=300, end=1500, back=True)
    found = given_to(road, walk.xy, times=walk.times)
    assert found.credited_m == pytest.approx(1200, rel=0.015)
    assert len(found.credited) == 1


def test_a_phone_that_lies_still_adds_no_length():
    road = straight((0, 0), (600, 0))
    rng = np.random.default_rng(8)
    x = np.r_[np.full(120, 100.0), np.arange(100.0, 500.0, 8.0), np.full(200, 500.0)]
    track = np.column_stack([x, 0 * x]) + 5.0 * rng.normal(size=(len(x), 2))
    found = given_to(road, track)
    ((a, b),) = found.credited
    assert abs(a / 100 - 100) < 4
    assert abs(b / 100 - 500) < 4


def test_points_that_leap_are_passed_over():
    road = straight((0, 0), (600, 0))
    x = np.arange(0.0, 601.0, 10.0)
    track = np.column_stack([x, 0 * x])
    track[20] = (90_000.0, -40_000.0)
    track[41:43] = (5000.0, 5000.0)
    roads = network([walks.line(road)])
    found = match(roads, track)
    assert np.flatnonzero(found.outlier).tolist() == [20, 41, 42]
    assert credit(roads, 0, found, PLAIN).credited == ((0, 60000),)


def test_a_speed_that_nobody_drives_is_a_leap():
    xy = np.column_stack([np.arange(10.0) * 5, np.zeros(10)])
    xy[4, 1] = 300.0
    times = np.arange(10.0)
    assert np.flatnonzero(~sound(xy, times, np.zeros(10, bool), 400.0)).tolist() == [4]
    assert sound(xy, 60 * times, np.zeros(10, bool), 400.0).all()


def test_roads_drawn_twice_are_one_on_the_ground():
    road = walks.serpentine(legs=4)
    beside = shapely.get_coordinates(shapely.offset_curve(walks.line(road), 2.0))
    roads = network([walks.line(road), walks.line(beside)])
    walk = walks.along(road, np.random.default_rng(2), sigma=3.0)
    found = [credit(roads, k, match(roads, walk.xy), PLAIN) for k in (0, 1)]
    whole = walks.lengths(road)[-1]
    assert all(f.credited_m > 0.95 * whole for f in found)


def test_no_track_and_no_road_credit_nothing():
    roads = network([walks.line(straight((0, 0), (100, 0)))])
    far = match(roads, straight((9000, 0), (9010, 0), (9020, 0)))
    assert (far.road == -1).all()
    assert credit(roads, 0, far, PLAIN).credited == ()
    none = match(network([]), straight((0, 0), (10, 0)))
    assert (none.road == -1).all()
    one = match(roads, straight((50, 1)))
    assert one.road.tolist() == [0]
    assert credit(roads, 0, one, PLAIN).credited == ()
    broken = match(roads, np.full((3, 2), np.nan))
    assert broken.outlier.all()


def test_the_way_over_the_roads_has_its_direction():
    roads = network(
        [walks.line(straight((0, 0), (300, 0))), walks.line(straight((300, 200), (300, 0)))]
    )
    track = np.r_[np.column_stack([np.arange(100.0, 300.0, 10), np.zeros(20)]),
                  np.column_stack([np.full(15, 300.0), np.arange(0.0, 150.0, 10)])]  # fmt: skip
    (path,) = paths(roads, match(roads, track))
    assert [(road, round(a), round(b)) for road, a, b in path.roads] == [
        (0, 100, 300),
        (1, 200, 60),
    ]
    assert path.line.length == pytest.approx(340, abs=0.5)


# --- How sure a length is --------------------------------------------------------------------------


@pytest.mark.parametrize("sigma", [5.0, 10.0, 15.0])
@pytest.mark.parametrize("step", [5.0, 12.0, 30.0])
def test_lengths_are_right_or_said_to_be_unsure(sigma, step):
    road = walks.serpentine(legs=16)
    lane = straight((300, 40), (420, 90))
    roads = network([walks.line(road), walks.line(lane)])
    rng = np.random.default_rng(int(100 * sigma + step))
    off = []
    for _ in range(12):
        start = rng.uniform(0, 800)
        walk = walks.along(road, rng, start=start, end=start + 2500, step=step, sigma=sigma)
        found = credit(roads, 0, match(roads, walk.xy, walk.times), PLAIN)
        truth = spans.length(walk.covered) / 100
        error = abs(found.credited_m / truth - 1)
        off.append(error)
        told = found.unsure_m > 0.03 * found.credited_m or found.not_credited
        assert error < 0.03 or told
    assert np.median(off) < 0.01


# --- What must always hold -------------------------------------------------------------------------


@st.composite
def scenes(draw: st.DrawFn):
    """A road with neighbours, and a noisy track along it."""
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    road = walks.serpentine(legs=draw(st.integers(2, 5)), apart=draw(st.sampled_from([25.0, 40.0])))
    road = road + np.array([570_000.0, 2_455_000.0])
    others = []
    for _ in range(draw(st.integers(0, 3))):
        at = road[rng.integers(len(road))]
        others.append(
            np.array([at, at + rng.uniform(-120, 120, 2), at + rng.uniform(-300, 300, 2)])
        )
    whole = walks.lengths(road)[-1]
    start = rng.uniform(0, 0.4) * whole
    walk = walks.along(
        road, rng, start=start, end=start + 0.55 * whole,
        step=draw(st.sampled_from([4.0, 12.0, 40.0])), sigma=draw(st.sampled_from([3.0, 9.0, 15.0])),
        back=draw(st.booleans()),
    )  # fmt: skip
    return road, others, walk, rng


@given(scenes())
@settings(max_examples=40, deadline=None)
def test_credit_never_exceeds_the_road_and_reasons_never_overlap_it(scene):
    road, others, walk, _ = scene
    found = given_to(road, walk.xy, *others, times=walk.times)
    whole = round(walks.lengths(road)[-1] * 100)
    assert 0 <= spans.length(found.credited) <= whole
    assert all(0 <= a < b <= whole for a, b, _ in found.not_credited)
    every = [*found.credited, *((a, b) for a, b, _ in found.not_credited)]
    assert spans.added_up(every) == spans.length(every)


@given(scenes())
@settings(max_examples=40, deadline=None)
def test_order_of_roads_and_their_pieces_change_nothing(scene):
    road, others, walk, rng = scene
    one = given_to(road, walk.xy, *others, times=walk.times)
    lines = [walks.line(road), *map(walks.line, others)]
    order = rng.permutation(len(lines))
    roads = network([lines[k] for k in order])
    again = credit(roads, int(np.argmax(order == 0)), match(roads, walk.xy, walk.times), PLAIN)
    assert again == one
    cut = int(rng.integers(1, len(road) - 1))
    halves = network([walks.line(road[: cut + 1]), walks.line(road[cut:]), *lines[1:]])
    found = match(halves, walk.xy, walk.times)
    parts = [credit(halves, k, found, PLAIN) for k in (0, 1)]
    at = round(walks.lengths(road)[cut] * 100)
    joined = spans.union([*parts[0].credited, *((a + at, b + at) for a, b in parts[1].credited)])
    assert abs(spans.length(joined) - spans.length(one.credited)) <= 3


@given(scenes())
@settings(max_examples=40, deadline=None)
def test_a_road_drawn_the_other_way_has_the_same_ground(scene):
    road, others, walk, _ = scene
    one = given_to(road, walk.xy, *others, times=walk.times)
    turned = given_to(road[::-1], walk.xy, *others, times=walk.times)
    whole = round(walks.lengths(road)[-1] * 100)
    back = spans.union((whole - b, whole - a) for a, b in turned.credited)
    apart = [*spans.difference(back, one.credited), *spans.difference(one.credited, back)]
    assert spans.length(apart) <= 2 * max(1, len(one.credited))


@given(scenes())
@settings(max_examples=40, deadline=None)
def test_more_tolerance_never_credits_less(scene):
    road, others, walk, _ = scene
    roads = network([walks.line(road), *map(walks.line, others)])
    found = match(roads, walk.xy, walk.times)
    last: spans.Spans = ()
    for distance, gap in ((5.0, 20.0), (15.0, 20.0), (15.0, 60.0), (40.0, 150.0), (60.0, 400.0)):
        given_ = credit(roads, 0, found, Settings(distance_m=distance, largest_gap_m=gap)).credited
        assert not spans.difference(last, given_)
        last = given_


@given(scenes())
@settings(max_examples=20, deadline=None)
def test_the_same_track_gives_the_same_centimetre(scene):
    road, others, walk, _ = scene
    found = {given_to(road, walk.xy, *others, times=walk.times).credited for _ in range(3)}
    assert len(found) == 1


# --- Real data -------------------------------------------------------------------------------------


@pytest.mark.real
@pytest.mark.skipif(REAL is None, reason="NTM_GIS_TEST_DATA is not set")
def test_the_published_result_of_the_toy_is_met_exactly():
    """fmm's example (k 4, radius 0.4, error 0.5), with its unit taken for a kilometre."""
    import pyogrio

    folder = Path(str(REAL)) / "map-matching"
    edges = pyogrio.read_dataframe(folder / "edges.shp")
    points = pd.read_csv(folder / "gps.csv", sep=";", encoding="utf-8")
    published = pd.read_csv(folder / "mr.txt", sep=";", encoding="utf-8")
    km = [shapely.transform(shape, lambda xy: 1000 * xy) for shape in edges.geometry]
    # Edges meet where they have a common node; the last four cross others without one.
    roads = network(km, levels=[0] * 26 + [1] * 4, join_m=0)
    as_there = Settings(sigma_m=500.0, radius_m=400.0, reach_m=3000.0, largest_gap_m=3000.0,
                        candidates=4, smoothing=0.0)  # fmt: skip
    for row in published.itertuples():
        track = points[points["id"] == row.id][["x", "y"]].to_numpy() * 1000
        (path,) = paths(roads, match(roads, track, settings=as_there))
        assert ",".join(str(edges["id"][road]) for road, *_ in path.roads) == row.cpath
        there = shapely.get_coordinates(shapely.from_wkt(row.mgeom))
        here = shapely.get_coordinates(path.line) / 1000
        assert here.shape == there.shape
        np.testing.assert_allclose(here, there, rtol=1e-11, atol=1e-11)


@pytest.mark.real
@pytest.mark.skipif(REAL is None, reason="NTM_GIS_TEST_DATA is not set")
def test_a_track_through_the_roads_of_andorra():
    """A route planned on these roads: its points lie on them, so nearly all of it must too."""
    import pyogrio

    folder = Path(str(REAL)) / "andorra"
    lines = pyogrio.read_dataframe(folder / "andorra.osm.pbf", layer="lines")
    drawn = lines[lines["highway"].notna()].to_crs(32631)
    bridge = drawn["other_tags"].fillna("").str.extract(r'"layer"=>"(-?\d+)"')[0]
    roads = network(drawn.geometry.to_numpy(), levels=bridge.fillna("0").astype(int).tolist())
    points = pyogrio.read_dataframe(folder / "andorra_for_map_matching.gpx", layer="track_points")
    track = shapely.get_coordinates(points.to_crs(32631).geometry.to_numpy())
    found = match(roads, track)
    assert (found.road >= 0).mean() > 0.97
    assert np.nanmedian(found.offset_m) < 5
    travelled = np.hypot(*np.diff(track, axis=0).T).sum()
    wide = Settings(largest_gap_m=150.0)
    gone = sum(spans.length(ground) for ground in covered(roads, found, wide).values()) / 100
    assert gone == pytest.approx(travelled, rel=0.05)
