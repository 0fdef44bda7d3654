"""Overlay where GEOS alone goes wrong: seams a micrometre apart, threads, areas in fractions."""

from __future__ import annotations

import exact
import numpy as np
import planted as p
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_gis.analyses.columns import Shapes
from ntm_gis.analyses.coverage.covered import faults
from ntm_gis.analyses.overlay.origin import back, middle, moved
from ntm_gis.analyses.overlay.pairs import pairs, pieces

few = settings(max_examples=max(6, settings.default.max_examples // 5))


def jittered(shapes: Shapes, metres: float, seed: int) -> Shapes:
    """The same seams drawn again, each vertex a little off, without overlaps."""
    chance = np.random.default_rng(seed)
    corners: dict[tuple[float, float], np.ndarray] = {}

    def off(xy: np.ndarray) -> np.ndarray:
        for corner in map(tuple, xy.tolist()):
            if corner not in corners:
                corners[corner] = np.array(corner) + chance.uniform(-metres, metres, 2)
        return np.array([corners[corner] for corner in map(tuple, xy.tolist())])

    return shapely.transform(shapes, off)


@few
@given(st.integers(0, 10_000), st.floats(-9, -2))
def test_pieces_of_seams_drawn_again_have_the_areas_of_fractions(seed: int, power: float) -> None:
    a = p.cells(14, seed, side=300.0)
    b = jittered(a, 10**power, seed)
    cut, told = pieces(a, b), pairs(a, b, p.ZONE)
    whole = shapely.area(a).sum() + shapely.area(b).sum()
    for numbers, zones in ((cut.left, a), (cut.right, b)):
        known = numbers >= 0
        made = np.bincount(numbers[known], cut.grid_m2[known], len(zones))
        assert np.abs(made - shapely.area(zones)).max() <= 1e-9 * whole
    assert shapely.is_valid(cut.geometry).all()
    found = {
        (i, j): m2
        for of in (cut, told)
        for i, j, m2 in zip(of.left.tolist(), of.right.tolist(), of.grid_m2.tolist(), strict=True)
    }
    near = zip(*shapely.STRtree(b).query(a, predicate="intersects"), strict=True)
    for i, j in near:
        assert found.get((i, j), 0.0) == pytest.approx(exact.shared(a[i], b[j]), abs=1e-4)


def test_a_zone_is_not_left_over_whole_where_its_double_lies_a_millimetre_off() -> None:
    # Taken off all at once at seven digits before the point, GEOS takes nothing off.
    for seed in range(40):
        a = p.cells(25, seed, side=600.0)
        b = jittered(a, 1e-3, seed)
        cut = pieces(a, b)
        alone = cut.grid_m2[(cut.left < 0) | (cut.right < 0)]
        assert alone.max(initial=0.0) < 1.5


def test_a_thread_of_a_micrometre_is_neither_lost_nor_made_wide() -> None:
    west = p.polygon((0, 0), (100, 0), (100 + 37.3, 611.9), (0, 611.9))
    east = p.polygon((100 + 2e-5, 0), (300, 0), (300, 611.9), (100 + 37.3 + 2e-5, 611.9))
    wide = p.box(-10, -10, 310, 620)
    cut = pieces(p.zones(wide), p.zones(west, east))
    left = wide.area - west.area - east.area
    assert cut.grid_m2[cut.right < 0].sum() == pytest.approx(left, abs=1e-5)


@few
@given(st.integers(0, 10_000), st.floats(-6, -1), st.integers(0, 11))
def test_overlaps_of_near_seams_have_the_areas_of_fractions(
    seed: int, power: float, number: int
) -> None:
    shapes = p.cells(12, seed, side=300.0)
    turn = seed % 7
    step = 10**power
    shapes[number % len(shapes)] = p.shifted(
        shapes[number % len(shapes)], step * np.cos(turn), step * np.sin(turn)
    )
    told = faults(shapes, p.ZONE, sliver_m=2.0, tolerance_m=0.0)
    found: dict[tuple[int, int], float] = {}
    overlaps = told.overlaps
    for i, j, m2 in zip(
        overlaps.first.tolist(), overlaps.second.tolist(), overlaps.grid_m2.tolist(), strict=True
    ):
        found[i, j] = found.get((i, j), 0.0) + m2
    tree = shapely.STRtree(shapes)
    for i, j in zip(*tree.query(shapes, predicate="intersects"), strict=True):
        if i < j:
            wanted = exact.shared(shapes[i], shapes[j])
            assert found.get((i, j), 0.0) == pytest.approx(wanted, abs=2e-3)


def test_an_overlap_that_tapers_to_nothing_is_found() -> None:
    # A point inside the face lies within rounding of an edge: it says nothing of who covers it.
    first = p.polygon(
        (55.9063770327, 453.7756633060), (131.7477709712, 328.3626074770), (0, 261.810150516),
        (0, 513.3056221013),
    )  # fmt: skip
    second = p.polygon(
        (209.1152063204, 412.6487347180), (216.1769353665, 373.0194245400),
        (175.7099742278, 322.4795680400), (131.7477709712, 328.3626074770),
        (127.0012660667, 328.9977866420), (131.7242283279, 328.4015381280),
        (55.9063770327, 453.7756633060),
    )  # fmt: skip
    told = faults(p.zones(first, second), p.ZONE, sliver_m=2.0, tolerance_m=0.0)
    assert (told.overlaps.first.tolist(), told.overlaps.second.tolist()) == ([0], [1])
    assert told.overlaps.grid_m2 == pytest.approx([exact.shared(first, second)], abs=1e-6)


def test_spikes_duplicates_and_corners_in_one_plan_are_told_once_each() -> None:
    blocks = p.parcels(4, 1)
    blocks[1] = p.polygon((200, 0), (200, 100), (100, 100), (100, 50.0002), (60, 50.0001),
                          (100, 50), (100, 0))  # fmt: skip
    touching = p.box(400, 100, 410, 110)
    shapes = p.zones(*blocks, blocks[3].reverse(), touching)
    told = faults(shapes, p.ZONE, sliver_m=2.0, tolerance_m=0.0)
    pairs_ = list(zip(told.overlaps.first.tolist(), told.overlaps.second.tolist(), strict=True))
    assert pairs_ == [(0, 1), (3, 4)]
    assert told.overlaps.grid_m2[1] == pytest.approx(10_000)
    assert told.overlaps.grid_m2[0] == pytest.approx(exact.shared(blocks[0], blocks[1]), abs=1e-6)
    assert not len(told.gaps)


def test_shapes_go_to_the_origin_and_back_as_they_were() -> None:
    shapes = p.zones(*p.cells(20, 3), None, shapely.Polygon())
    origin = middle(shapes)
    again = back(moved(shapes, -origin), origin)
    assert shapely.equals_exact(again[:20], shapes[:20], 1e-9).all()
    assert again[20] is None
    assert again[21].is_empty


def test_a_grid_that_shapes_bring_along_rounds_no_area() -> None:
    coarse = shapely.set_precision(p.parcels(1, 1), 0.001)
    cut = pieces(coarse, p.zones(p.box(33.33333, -5, 66.66667, 105)))
    assert cut.grid_m2[0] == pytest.approx(3333.334, abs=1e-6)
