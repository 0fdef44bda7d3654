"""Extents of plans against the boundary, and how wide what differs is."""

from __future__ import annotations

import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import planted as p
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis import crs
from ntm_gis.analyses.columns import Shapes
from ntm_gis.analyses.coverage.covered import Margins, margins
from ntm_gis.analyses.coverage.slivers import thinner, widths
from ntm_gis.errors import UsageError

REAL = os.environ.get("NTM_GIS_TEST_DATA")
COMMUNE = p.box(0, 0, 1000, 1000)
EAST, NORTH_EAST = p.box(1000, 0, 2000, 600), p.box(1000, 600, 2000, 1500)


def found(*extents: shapely.Geometry, neighbours: Shapes | None = None) -> Margins:
    around = p.zones(EAST, NORTH_EAST) if neighbours is None else neighbours
    return margins(p.zones(*extents), COMMUNE, around, p.ZONE, sliver_m=2.0)


def test_what_lies_outside_is_told_by_neighbour_and_what_is_bare() -> None:
    told = found(p.box(100, 0, 1050, 1000), p.box(900, 900, 1010, 1600))
    assert told.outside.neighbour.tolist() == [0, 1, -1]
    assert told.outside.grid_m2.tolist() == pytest.approx(
        [30_000, 20_000 + 10 * 500, 100 * 600 + 10 * 100]
    )
    assert told.outside.extents == ((0,), (0, 1), (1,))
    assert told.bare.grid_m2.tolist() == [100_000]
    assert told.bare.extents == ((0,),)
    assert told.covered_grid_m2 == pytest.approx(900_000)
    assert told.boundary_ellipsoid_m2 == crs.ellipsoidal_ha([COMMUNE], p.ZONE)[0] * 1e4
    assert not told.outside.is_sliver.any()


def test_an_extent_that_fits_leaves_nothing_however_its_vertices_are() -> None:
    told = found(shapely.segmentize(COMMUNE, 7.3))
    assert len(told.outside) == len(told.bare) == 0
    assert told.covered_grid_m2 == told.boundary_grid_m2 == 1e6
    shifted = found(p.shifted(COMMUNE, 0.004, 0))
    assert len(shifted.outside) == len(shifted.bare) == 0
    assert shifted.seam_outside.grid_m2 == pytest.approx([4.0], abs=1e-4)
    assert shifted.covered_grid_m2 == pytest.approx(1e6 - 4, abs=1e-4)


@pytest.mark.parametrize("metres", [0.02, 0.5, 1.9, 2.1, 5.0])
def test_slivers_are_told_apart_by_their_width(metres: float) -> None:
    told = found(p.shifted(COMMUNE, metres, 0))
    assert told.bare.grid_m2 == pytest.approx([1000 * metres], abs=1e-3)
    assert told.outside.grid_m2 == pytest.approx([600 * metres, 400 * metres], abs=1e-3)
    assert told.outside.is_sliver.tolist() == [metres < 2] * 2
    assert told.bare.is_sliver.tolist() == [metres < 2]
    assert told.outside.width_m == pytest.approx([metres] * 2, rel=0.006)


def test_a_wide_strip_is_no_sliver_where_a_neighbour_has_a_little_of_it() -> None:
    told = found(p.box(0, 0, 1000, 1000), p.box(990, 599, 1040, 700))
    assert told.outside.neighbour.tolist() == [0, 1]
    assert told.outside.grid_m2.tolist() == pytest.approx([40, 4000])
    assert told.outside.is_sliver.tolist() == [False, False]


def test_extents_that_cross_themselves_are_named_and_left_out() -> None:
    bow = p.polygon((0, 0), (1000, 1000), (1000, 0), (0, 1000))
    told = found(bow, p.box(0, 0, 1000, 400))
    assert [ring.number for ring in told.bad_rings] == [0]
    assert told.bare.grid_m2.tolist() == [600_000]
    with pytest.raises(UsageError):
        margins(p.zones(COMMUNE), bow, p.zones(EAST), p.ZONE, sliver_m=2.0)
    with pytest.raises(UsageError):
        margins(p.zones(COMMUNE), COMMUNE, p.zones(bow), p.ZONE, sliver_m=2.0)


def test_without_extents_all_is_bare_and_without_neighbours_outside_is_in_none() -> None:
    assert found(None, shapely.Polygon()).bare.grid_m2.tolist() == [1e6]
    alone = found(p.box(0, 0, 1100, 1000), neighbours=np.empty(0, dtype=object))
    assert alone.outside.neighbour.tolist() == [-1]


@given(st.integers(0, 10_000), st.integers(-300, 300), st.integers(-300, 300))
def test_margins_close_with_the_boundary(seed: int, east: int, north: int) -> None:
    cells = p.cells(12, seed)
    extents = [p.shifted(shapely.union_all(cells[:7]), east, north), shapely.union_all(cells[5:])]
    told = found(*extents)
    union = shapely.union_all(extents)
    assert told.covered_grid_m2 == pytest.approx(union.intersection(COMMUNE).area, abs=1e-4)
    outside = told.outside.grid_m2.sum() + told.seam_outside.grid_m2.sum()
    assert outside == pytest.approx(union.difference(COMMUNE).area, abs=1e-4)
    for k, unit in enumerate((EAST, NORTH_EAST)):
        there = told.outside.grid_m2[told.outside.neighbour == k].sum()
        assert there == pytest.approx(union.intersection(unit).area, abs=0.02)


@given(st.floats(0.001, 30), st.floats(0, 3.2), st.floats(30, 3000))
def test_widths_of_strips_turned_and_of_discs(metres: float, turn: float, length: float) -> None:
    strip = shapely.box(0, 0, length, metres)
    cos, sin = np.cos(turn), np.sin(turn)
    turned = shapely.transform(
        strip, lambda xy: xy @ np.array([[cos, sin], [-sin, cos]]) + np.array([p.EAST, p.NORTH])
    )
    disc = shapely.Point(p.EAST, p.NORTH).buffer(metres, quad_segs=64)
    rough = 0.055 if metres > 5 else 0.007
    assert widths(p.zones(turned, disc)) == pytest.approx([metres, 2 * metres], rel=rough)
    assert thinner(p.zones(turned, disc), metres * 1.02).tolist() == [True, False]
    assert not thinner(p.zones(turned), metres * 0.98).any()


def test_a_strip_round_a_corner_is_as_wide_as_the_disc_in_its_corner() -> None:
    # The disc in the corner touches both outer sides and the inner corner.
    for metres in (0.01, 1.5, 4.0):
        corner = p.box(0, 0, 300, 300).difference(p.box(metres, metres, 310, 310))
        disc = 2 * metres * (2 - 2**0.5)
        assert widths(p.zones(corner)) == pytest.approx([disc], rel=0.012)
        assert thinner(p.zones(corner), disc * 1.02).tolist() == [True]
        assert thinner(p.zones(corner), disc * 0.98).tolist() == [False]


def test_a_thin_tail_does_not_make_a_place_a_sliver_nor_holes_a_sieve_wide() -> None:
    tail = shapely.union_all([p.box(0, 0, 900, 0.5), p.box(0, 0, 30, 30)])
    sieve = p.box(0, 0, 100, 100).difference(
        shapely.union_all(
            [p.box(x, y, x + 8, y + 8) for x in range(1, 99, 9) for y in range(1, 99, 9)]
        )
    )
    assert thinner(p.zones(tail, sieve), 3.0).tolist() == [False, True]
    assert widths(p.zones(tail, sieve)) == pytest.approx([30, 2.0 * 2**0.5 - 1], rel=0.5)


@pytest.mark.real
@pytest.mark.skipif(REAL is None, reason="NTM_GIS_TEST_DATA is not set")
def test_a_real_commune_shifted_lies_in_its_neighbours() -> None:
    file = Path(REAL or "") / "vietnam" / "lai_chau_38_communes_2025.gpkg"
    drawn = gpd.read_file(file).to_crs("EPSG:9205").sort_values("code", ignore_index=True)
    shapes = drawn.geometry.to_numpy()
    own = int(np.flatnonzero(drawn["code"] == "03601")[0])
    others = np.delete(shapes, own)
    extent = p.shifted(shapes[own], 120, 35)
    told = margins(p.zones(extent), shapes[own], others, p.ZONE, sliver_m=2.0)
    outside = told.outside.grid_m2.sum() + told.seam_outside.grid_m2.sum()
    assert outside == pytest.approx(extent.area - extent.intersection(shapes[own]).area, abs=0.01)
    assert told.covered_grid_m2 == pytest.approx(extent.intersection(shapes[own]).area, abs=0.01)
    for k in np.unique(told.outside.neighbour[told.outside.neighbour >= 0]).tolist():
        there = told.outside.grid_m2[told.outside.neighbour == k].sum()
        assert there == pytest.approx(extent.intersection(others[k]).area, abs=1.0)
    # Its neighbour across the province's border is in another file.
    assert (told.outside.neighbour == -1).any()
