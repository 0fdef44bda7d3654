"""Faults of zones: planted ones are found once each, none is invented, areas are right."""

from __future__ import annotations

import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import planted as p
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_gis import crs
from ntm_gis.analyses.columns import Shapes
from ntm_gis.analyses.coverage.covered import Faults, covered, faults

REAL = os.environ.get("NTM_GIS_TEST_DATA")


def found(shapes: Shapes, tolerance_m: float = 0.0, **more: object) -> Faults:
    return faults(shapes, p.ZONE, sliver_m=2.0, tolerance_m=tolerance_m, **more)  # type: ignore[arg-type]  # as faults takes them


def pairs(told: Faults) -> list[tuple[int, int, float]]:
    areas = [round(area, 3) for area in told.overlaps.grid_m2.tolist()]
    lines = zip(told.overlaps.first.tolist(), told.overlaps.second.tolist(), areas, strict=True)
    return sorted(lines)


def nothing(told: Faults) -> bool:
    return not (len(told.overlaps) or len(told.gaps) or told.bad_rings)


@pytest.mark.parametrize("metres", [0.001, 0.005, 0.02, 0.3, 1.9, 2.1, 5.0])
def test_a_parcel_shifted_overlaps_one_neighbour_and_leaves_the_other(metres: float) -> None:
    shapes = p.parcels(5, 5)
    shapes[12] = p.shifted(shapes[12], metres, 0)
    told = found(shapes)
    assert (told.overlaps.first.tolist(), told.overlaps.second.tolist()) == ([12], [13])
    assert told.gaps.touching == ((7, 11, 12, 17),)
    for places in (told.overlaps, told.gaps):
        assert places.grid_m2 == pytest.approx([100 * metres], abs=0.0002)
        assert places.width_m == pytest.approx([metres], rel=0.006)
        assert places.is_sliver.tolist() == [metres < 2.0]
        assert places.ellipsoid_m2 / 1e4 == pytest.approx(
            crs.ellipsoidal_ha(places.geometry, p.ZONE)
        )


def test_parcels_side_by_side_have_no_faults() -> None:
    assert nothing(found(p.parcels(9, 7)))
    assert nothing(found(p.cells(300, 5)))


def test_within_the_tolerance_it_is_the_same_seam_and_still_told_apart() -> None:
    shapes = p.parcels(3, 3)
    shapes[4] = p.shifted(shapes[4], 0.004, 0)
    told = found(shapes, tolerance_m=0.01)
    assert nothing(told)
    assert told.seam_overlaps.grid_m2 == pytest.approx([0.4], abs=1e-5)
    assert told.seam_gaps.grid_m2 == pytest.approx([0.4], abs=1e-5)


@pytest.mark.parametrize("off", [0.0, 0.0005, 0.004])
def test_a_seam_drawn_with_other_vertices_is_no_fault(off: float) -> None:
    chance = np.random.default_rng(3)
    ends = np.array([[0.0, 0.0], [37.3, 611.9]])
    share = np.sort(chance.uniform(0, 1, 9))[:, None]
    between = ends[0] + share * (ends[1] - ends[0]) + chance.uniform(-off, off, (9, 2))
    west = p.polygon((-300, 0), (0, 0), (37.3, 611.9), (-300, 611.9))
    east = p.polygon((300, 611.9), (37.3, 611.9), *between[::-1].tolist(), (0, 0), (300, 0))
    told = faults(p.zones(west, east), p.ZONE, sliver_m=2.0)
    assert nothing(told)
    assert bool(len(told.seam_overlaps) + len(told.seam_gaps)) == (off > 0)


def test_parcels_that_end_on_a_longer_neighbour_are_no_faults() -> None:
    long = p.box(0, -50, 300, 0)
    assert nothing(faults(p.zones(long, *p.parcels(3, 1)), p.ZONE, sliver_m=2.0))


def test_a_missing_parcel_and_a_hole_are_gaps() -> None:
    shapes = p.parcels(5, 5)
    shapes[12] = None
    shapes[0] = shapes[0].difference(p.box(10, 10, 30, 20))
    told = found(shapes)
    assert told.gaps.grid_m2.tolist() == pytest.approx([200, 10_000])
    assert told.gaps.touching == ((0,), (7, 11, 13, 17))
    assert not len(told.overlaps)


def test_zones_that_meet_corner_to_corner_close_a_gap_in() -> None:
    told = found(
        p.zones(p.box(0, 0, 1, 3), p.box(0, 0, 3, 2), p.box(0, 3, 3, 4), p.box(3, 2, 4, 3))
    )
    assert told.gaps.grid_m2.tolist() == pytest.approx([2])
    assert told.gaps.touching == ((0, 1, 2, 3),)


def test_an_island_in_a_gap_is_no_part_of_it() -> None:
    ring = p.box(0, 0, 100, 100).difference(p.box(20, 20, 80, 80))
    told = found(p.zones(ring, p.box(40, 40, 60, 60)))
    assert told.gaps.grid_m2.tolist() == [3200]
    assert told.gaps.touching == ((0, 1),)


def test_a_zone_in_the_hole_of_another_is_right_and_over_it_is_not() -> None:
    inner = p.box(20, 20, 80, 80)
    assert nothing(found(p.zones(p.box(0, 0, 100, 100).difference(inner), inner)))
    assert pairs(found(p.zones(p.box(0, 0, 100, 100), inner))) == [(0, 1, 3600.0)]


def test_zones_that_fit_one_another_still_overlap_what_lies_over_all_of_them() -> None:
    blocks = p.parcels(3, 3)
    assert pairs(found(p.zones(p.box(-50, -50, 350, 350), *blocks))) == [
        (0, k, 10_000.0) for k in range(1, 10)
    ]
    assert len(pairs(found(p.zones(p.box(0, 0, 300, 300), *blocks)))) == 9


def test_a_zone_drawn_twice_overlaps_itself_once() -> None:
    shapes = p.zones(*p.parcels(2, 2), p.parcels(2, 2)[1].reverse())
    assert pairs(found(shapes)) == [(1, 4, 10_000.0)]


def test_parts_of_a_zone_are_places_of_their_own() -> None:
    parts = shapely.multipolygons([p.box(90, 10, 110, 20), p.box(90, 60, 110, 80)])
    assert pairs(found(p.zones(p.box(0, 0, 100, 100), parts))) == [(0, 1, 100.0), (0, 1, 200.0)]


def test_where_three_meet_every_two_of_them_overlap() -> None:
    told = found(p.zones(p.box(0, 0, 10, 10), p.box(4, 0, 14, 10), p.box(8, 0, 18, 10)))
    assert pairs(told) == [(0, 1, 60.0), (0, 2, 20.0), (1, 2, 60.0)]
    assert told.overlaps.ground().area == pytest.approx(100)


def test_a_crossing_ring_is_named_and_nothing_is_told_of_its_ground() -> None:
    shapes = p.parcels(3, 3)
    bow = p.polygon((100, 100), (200, 200), (200, 100), (100, 200))
    shapes[4] = bow
    shapes[8] = p.shifted(shapes[8], -1, 0)
    told = found(shapes)
    assert [(ring.number, ring.reason) for ring in told.bad_rings] == [(4, "Self-intersection")]
    assert told.bad_rings[0].at == (p.EAST + 150, p.NORTH + 150)
    assert pairs(told) == [(7, 8, 100.0)]
    assert not len(told.gaps)
    assert shapes[4] is bow


def test_lines_points_and_wild_coordinates_are_named() -> None:
    with np.errstate(invalid="ignore"):
        wild = p.polygon((0, 0), (np.nan, 1), (1, 1), (1, 0))
    told = found(p.zones(shapely.Point(0, 0), wild, p.box(0, 0, 1, 1), None, shapely.Polygon()))
    assert [(ring.number, ring.reason) for ring in told.bad_rings] == [
        (0, "No polygon"), (1, "Not finite"),
    ]  # fmt: skip


def test_within_a_frame_open_ground_is_a_gap_too() -> None:
    shapes = p.parcels(4, 2)
    shapes[2] = p.shifted(shapes[2], 3, 0)
    assert not len(found(shapes).gaps)  # open to the south: not closed in
    told = found(shapes, frame=p.box(0, 0, 400, 250))
    assert told.gaps.grid_m2.tolist() == pytest.approx([20_000, 300])
    assert told.gaps.touching == ((4, 5, 6, 7), (1, 2, 6))
    assert pairs(told) == [(2, 3, 300.0)]


def test_what_lies_beyond_the_frame_is_no_gap() -> None:
    shapes = p.parcels(3, 3)
    shapes[4] = None
    assert not len(found(shapes, frame=p.box(0, 0, 300, 90)).gaps)


moves = st.lists(
    st.tuples(st.integers(0, 35), st.integers(-4000, 4000), st.integers(-4000, 4000)), max_size=6
)


@given(st.integers(0, 10_000), moves, st.sets(st.integers(0, 35), max_size=3))
def test_as_every_two_zones_cut_and_all_united(
    seed: int, moved: list[tuple[int, int, int]], lost: set[int]
) -> None:
    shapes = p.cells(36, seed)
    for k, east, north in moved:
        shapes[k] = p.shifted(shapes[k], east / 1000, north / 1000)
    for k in lost:
        shapes[k] = None
    told = found(shapes)
    assert [line for line in pairs(told) if line[2] > 0.001] == [
        line for line in p.overlaps(shapes) if line[2] > 0.001
    ]
    gaps = np.sort(told.gaps.grid_m2)
    assert gaps[gaps > 1e-3] == pytest.approx(p.holes(shapes, 1e-3), abs=1e-5)


places = st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(1, 5), st.integers(1, 5))
squares = st.lists(
    places.map(lambda at: (at[0], at[1], at[0] + at[2], at[1] + at[3])), min_size=1, max_size=9
)


@given(squares)
def test_zones_that_touch_coincide_and_nest_on_a_grid(corners: list[tuple[int, ...]]) -> None:
    shapes = p.zones(*(p.box(*corner) for corner in corners))
    told = found(shapes)
    assert pairs(told) == p.overlaps(shapes)
    assert np.sort(told.gaps.grid_m2) == pytest.approx(p.holes(shapes))
    frame = p.box(0, 0, 11, 11)
    gaps = found(shapes, frame=frame).gaps
    assert gaps.grid_m2.sum() == pytest.approx(frame.area - shapely.union_all(shapes).area)


@given(squares, st.randoms(use_true_random=False))
def test_order_and_direction_don_t_matter(corners: list[tuple[int, ...]], chance: object) -> None:
    shapes = p.zones(*(p.box(*corner) for corner in corners))
    order = list(range(len(shapes)))
    chance.shuffle(order)  # type: ignore[attr-defined]  # random.Random
    told, again = found(shapes), found(shapely.reverse(shapes[order]))
    named = [
        (min(order[i], order[j]), max(order[i], order[j]), area) for i, j, area in pairs(again)
    ]
    assert sorted(named) == pairs(told)
    assert np.sort(told.gaps.grid_m2).tolist() == np.sort(again.gaps.grid_m2).tolist()


@given(squares)
@settings(max_examples=settings.default.max_examples // 2)
def test_ground_is_shared_out_as_the_overlaps_say(corners: list[tuple[int, ...]]) -> None:
    shapes = p.zones(*(p.box(*corner) for corner in corners))
    told = found(shapes)
    shares = covered(shapes, [str(k) for k in range(len(shapes))], p.ZONE)
    assert {(o.first, o.second) for o in shares.overlaps} == {line[:2] for line in pairs(told)}
    once = shapely.area(shapely.union_all(shapes))
    twice = sum(shapely.area(shapes)) - once
    assert told.overlaps.ground().area <= twice + 1e-6


@pytest.mark.real
@pytest.mark.skipif(REAL is None, reason="NTM_GIS_TEST_DATA is not set")
@pytest.mark.parametrize(
    ("name", "zone", "slivers_m2"),
    [
        ("lai_chau_38_communes_2025.gpkg", "EPSG:9205", 1.3),
        ("national_3321_communes_2025_simplified60m.fgb", "EPSG:32648", None),
    ],
)
def test_communes_have_the_faults_that_areas_of_their_union_tell(
    name: str, zone: str, slivers_m2: float | None
) -> None:
    drawn = gpd.read_file(Path(REAL or "") / "vietnam" / name).to_crs(zone)
    shapes = drawn.geometry.to_numpy()
    told = found(shapes)
    union = shapely.union_all(shapes)
    rings = [shapely.Polygon(ring) for part in shapely.get_parts(union) for ring in part.interiors]
    assert told.gaps.grid_m2.sum() == pytest.approx(shapely.area(rings).sum(), abs=1e-3)
    ground = 2 * shapely.area(rings) > 1e-6 * shapely.length(rings)
    assert len(told.gaps) == ground.sum()
    # Ground n deep counts n - 1 times too often: overlaps n deep, cut by each other, say so too.
    once = told.overlaps.ground().area
    i, j = shapely.STRtree(shapes).query(shapes, predicate="overlaps")
    i, j = i[i < j], j[i < j]
    cut = shapely.area(shapely.intersection(shapes[i], shapes[j])) > 1e-4
    assert set(zip(i[cut].tolist(), j[cut].tolist(), strict=True)) <= {x[:2] for x in pairs(told)}
    assert once <= shapely.area(shapes).sum() - union.area + 1e-3
    if slivers_m2 is not None:
        assert len(shapes) == 38
        assert told.overlaps.grid_m2.max() < 1.0
        assert told.gaps.is_sliver.all()
        assert told.gaps.grid_m2.sum() == pytest.approx(slivers_m2, abs=0.05)
        assert told.overlaps.grid_m2.sum() == pytest.approx(
            shapely.area(shapes).sum() - union.area, abs=0.01
        )
