"""Overlay of two sets of zones: nothing lost, nothing twice, areas as GEOS and the house say."""

from __future__ import annotations

import itertools

import numpy as np
import planted as p
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_gis import crs
from ntm_gis.analyses.columns import Floats, Shapes
from ntm_gis.analyses.overlay.pairs import Matrix, matrix, pairs, pieces
from ntm_gis.errors import CrsError, NotComputable, UsageError

seeds = st.integers(0, 10_000)


def holed(shapes: Shapes) -> Shapes:
    """Cells of which every third has a hole, and two far apart are one."""
    out = shapes.copy()
    for k in range(0, len(out), 3):
        out[k] = out[k].difference(out[k].centroid.buffer(12))
    out[1] = shapely.union_all([out[1], out[-1]])
    return out[:-1]


def by_zone(numbers: np.ndarray, areas: Floats, count: int) -> Floats:
    known = numbers >= 0
    return np.bincount(numbers[known], areas[known], count)


@given(seeds, seeds, st.floats(-300, 300), st.floats(-300, 300))
def test_pieces_make_up_both_sets(one: int, other: int, east: float, north: float) -> None:
    a = holed(p.cells(25, one))
    b = np.array([p.shifted(cell, east, north) for cell in holed(p.cells(18, other))])
    cut = pieces(a, b)
    whole = shapely.area(a).sum() + shapely.area(b).sum()
    for numbers, zones in ((cut.left, a), (cut.right, b)):
        made = by_zone(numbers, cut.grid_m2, len(zones))
        assert np.abs(made - shapely.area(zones)).max() <= 1e-9 * whole
    united = shapely.union_all(np.concatenate([a, b])).area
    assert cut.grid_m2.sum() == pytest.approx(united, rel=1e-9)
    for i, j in itertools.pairwise(range(0, len(cut.left), 7)):
        assert shapely.intersection(cut.geometry[i], cut.geometry[j]).area < 1e-6
    assert set(shapely.get_type_id(cut.geometry).tolist()) <= {3, 6}
    assert shapely.is_valid(cut.geometry).all()


@given(seeds, seeds, st.floats(-300, 300), st.floats(-300, 300))
def test_areas_without_shapes_are_those_of_the_shapes(
    one: int, other: int, east: float, north: float
) -> None:
    a = holed(p.cells(25, one))
    b = np.array([p.shifted(cell, east, north) for cell in holed(p.cells(18, other))])
    told, cut = pairs(a, b, p.ZONE), pieces(a, b)
    kept = cut.grid_m2 > 1e-5
    assert told.left[told.grid_m2 > 1e-5].tolist() == cut.left[kept].tolist()
    assert told.right[told.grid_m2 > 1e-5].tolist() == cut.right[kept].tolist()
    assert told.grid_m2[told.grid_m2 > 1e-5] == pytest.approx(cut.grid_m2[kept], abs=1e-5)
    ellipsoid = cut.ellipsoid_m2(p.ZONE)[kept]
    assert told.ellipsoid_m2[told.grid_m2 > 1e-5] == pytest.approx(ellipsoid, abs=0.001)


@pytest.mark.parametrize("zone", ["EPSG:9205", "EPSG:32648"])
@pytest.mark.parametrize("side", [3.0, 400.0, 14_000.0, 120_000.0])
@pytest.mark.parametrize("east", [380_000.0, 500_000.0])
@pytest.mark.parametrize("around", [200_000.0, 1_500_000.0])
def test_ground_on_the_ellipsoid_is_the_house_s(
    zone: str, side: float, east: float, around: float
) -> None:
    chance = np.random.default_rng(1)
    turn = np.sort(chance.uniform(0, 2 * np.pi, 40))
    reach = side * chance.uniform(0.3, 0.5, 40)
    corners = np.column_stack([east + reach * np.cos(turn), 2.4e6 + reach * np.sin(turn)])
    shape = p.zones(shapely.Polygon(corners))
    told = pairs(shape, p.zones(shapely.Point(east, 2.4e6).buffer(around)), zone)
    assert told.grid_m2[0] == pytest.approx(shape[0].area, rel=1e-12, abs=1e-6)
    house = crs.ellipsoidal_ha(shape, zone)[0] * 1e4
    # Geodesics of 50 m bow out from straight lines of the grid by up to 0.4 micrometres.
    assert told.ellipsoid_m2[0] == pytest.approx(house, abs=0.001, rel=1e-10)


def told(before: Shapes, after: Shapes, a: list[str | None], b: list[str | None]) -> Matrix:
    return matrix(before, after, a, b, p.ZONE)


def test_a_change_by_code_closes_on_both_sides() -> None:
    change = told(
        p.parcels(4, 1), p.zones(p.box(50, 0, 150, 100), p.box(150, 0, 250, 100), p.box(390, 0, 410, 50)),
        ["LUC", "CLN", None, "LUC"], ["ONT", None, "ONT"],
    )  # fmt: skip
    assert (change.left, change.right) == (("CLN", "LUC", None), ("ONT", None))
    assert change.grid_m2.tolist() == pytest.approx(
        np.array([[5000, 5000, 0], [5500, 0, 14_500], [0, 5000, 5000], [500, 0, 0]])
    )
    house = crs.ellipsoidal_ha(p.parcels(4, 1), p.ZONE) * 1e4
    assert change.ellipsoid_m2[:3].sum(axis=1) == pytest.approx(
        [house[1], house[0] + house[3], house[2]], abs=1e-3
    )


@given(seeds, seeds)
def test_the_matrix_adds_up_whatever_the_codes(one: int, other: int) -> None:
    a, b = holed(p.cells(30, one)), p.cells(20, other)
    codes = [f"A{k % 4}" if k % 5 else None for k in range(len(a))]
    change = told(a, b, codes, [f"B{k % 3}" for k in range(len(b))])
    union = shapely.union_all(np.concatenate([a, b])).area
    assert change.grid_m2.sum() == pytest.approx(union, rel=1e-9)
    areas = shapely.area(a)
    for row, code in enumerate(change.left):
        of_it = [k for k, name in enumerate(codes) if name == code]
        assert change.grid_m2[row].sum() == pytest.approx(areas[of_it].sum(), rel=1e-9)
    turned = told(b, a, [f"B{k % 3}" for k in range(len(b))], codes)
    assert turned.grid_m2 == pytest.approx(change.grid_m2.T, abs=1e-6)
    assert turned.ellipsoid_m2 == pytest.approx(change.ellipsoid_m2.T, abs=1e-6)


def test_slivers_down_to_a_millimetre_have_their_area() -> None:
    for metres in (0.001, 0.01, 0.1, 1.0, 5.0):
        a, b = p.parcels(1, 1), p.zones(p.box(100 - metres, 0, 200, 100))
        cut, areas = pieces(a, b), pairs(a, b, p.ZONE)
        assert cut.grid_m2[0] == pytest.approx(100 * metres, abs=1e-4)
        assert areas.grid_m2[0] == pytest.approx(cut.grid_m2[0], abs=1e-6)
        assert len(cut.left) == len(areas.left) == 3


def test_a_zone_in_three_communes_is_in_three_pieces() -> None:
    communes = p.zones(p.box(0, 0, 100, 300), p.box(100, 0, 300, 150), p.box(100, 150, 300, 300))
    cut = pieces(p.zones(p.box(50, 100, 250, 200)), communes)
    inside = cut.left == 0
    assert cut.right[inside].tolist() == [0, 1, 2]
    assert cut.grid_m2[inside].tolist() == pytest.approx([5000, 7500, 7500])


def test_sets_that_only_touch_share_nothing() -> None:
    a, b = p.parcels(2, 2), p.zones(p.box(200, 0, 300, 200), p.box(200, 200, 300, 300))
    cut = pieces(a, b)
    assert ((cut.left < 0) | (cut.right < 0)).all()
    assert cut.geometry[0] is not None
    assert len(cut.left) == len(pairs(a, b, p.ZONE).left) == 6


def test_the_same_plan_twice_is_whole_zones() -> None:
    a = holed(p.cells(40, 3))
    for one in (pieces(a, a.copy()), pairs(a, a.copy(), p.ZONE)):
        assert one.left.tolist() == one.right.tolist() == list(range(len(a)))
        assert one.grid_m2 == pytest.approx(shapely.area(a), abs=1e-6)


def test_plans_given_in_two_meridians_come_out_as_in_one() -> None:
    a, b = p.cells(60, 1), p.cells(50, 2)
    codes_a, codes_b = [f"A{k % 5}" for k in range(60)], [f"B{k % 4}" for k in range(50)]

    def through(xy: Floats) -> Floats:
        east, north = crs.to_zone(xy[:, 0], xy[:, 1], p.ZONE, "EPSG:9217")
        return np.column_stack(crs.to_zone(east, north, "EPSG:9217", p.ZONE))

    other = shapely.transform(b, through)
    once, again = told(a, b, codes_a, codes_b), told(a, other, codes_a, codes_b)
    assert again.grid_m2 == pytest.approx(once.grid_m2, abs=0.001)
    assert again.ellipsoid_m2 == pytest.approx(once.ellipsoid_m2, abs=0.001)


def test_nothing_over_nothing() -> None:
    nothing, one = p.zones(None, shapely.Polygon()), p.parcels(1, 1)
    assert len(pieces(nothing, nothing).left) == len(pairs(nothing, nothing, p.ZONE).left) == 0
    for cut in (pieces(nothing, one), pairs(nothing, one, p.ZONE)):
        assert (cut.left.tolist(), cut.right.tolist()) == ([-1], [0])
    assert told(nothing, nothing, ["A", None], ["B", "B"]).grid_m2.tolist() == [[0, 0]] * 3


def test_what_cannot_be_laid_over_is_refused() -> None:
    bow = p.zones(p.polygon((0, 0), (9, 9), (9, 0), (0, 9)))
    one = p.parcels(1, 1)
    for call in (lambda: pieces(one, bow), lambda: pairs(bow, one, p.ZONE)):
        with pytest.raises(UsageError) as refused:
            call()
        assert refused.value.params["first"] == 1
        assert refused.value.params["east"] == pytest.approx(p.EAST + 4.5)
    with pytest.raises(NotComputable) as refused_sum:
        told(one, p.zones(p.box(0, 0, 60, 100), p.box(50, 0, 100, 100)), ["A"], ["B", "C"])
    assert refused_sum.value.params["area"] == pytest.approx(1000)
    with pytest.raises(CrsError):
        pairs(one, one, "EPSG:4756")


@settings(max_examples=settings.default.max_examples // 3)
@given(seeds)
def test_rings_may_run_either_way_and_have_heights(seed: int) -> None:
    a, b = holed(p.cells(20, seed)), p.cells(15, seed + 1)
    turned = shapely.force_3d(shapely.reverse(a), 800.0)
    assert pairs(turned, b, p.ZONE).grid_m2 == pytest.approx(pairs(a, b, p.ZONE).grid_m2, abs=1e-6)
    assert pieces(turned, b).grid_m2 == pytest.approx(pieces(a, b).grid_m2, abs=1e-6)
    assert not shapely.has_z(pieces(turned, b).geometry).any()
