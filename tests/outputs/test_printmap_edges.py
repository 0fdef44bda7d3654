"""The provincial boundary: where the commune's edge is the province's, and only there."""

from __future__ import annotations

import os
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from ntm_gis.outputs.printmap.edges import provincial
from ntm_gis.outputs.printmap.units import Unit, units

REAL = os.environ.get("NTM_GIS_TEST_DATA")
COMMUNE = shapely.box(0, 0, 10_000, 10_000)
EAST = shapely.box(10_000, 0, 20_000, 10_000)
WEST = shapely.box(-10_000, 0, 0, 10_000)
NORTH = shapely.box(0, 10_000, 10_000, 20_000)


def found(*given, own="Lai Châu", ground=COMMUNE):
    return provincial(ground, own, [Unit(shape, name, of) for shape, name, of in given])


def test_the_side_towards_another_province_is_its_edge():
    line = found((EAST, "Tả Van", "Lào Cai"), (WEST, "Khun Há", "Tỉnh Lai Châu"))
    assert line.length == pytest.approx(10_000, abs=130)
    assert shapely.hausdorff_distance(line, shapely.LineString([(1e4, 0), (1e4, 1e4)])) < 80


def test_where_the_province_is_not_known_nothing_is_said():
    assert found((EAST, "Tả Van", ""), (WEST, "Khun Há", "")).is_empty
    assert found((EAST, "Tả Van", "Lào Cai"), own="").is_empty
    assert found((EAST, "Pắc Ta", "tỉnh LAI CHÂU")).is_empty


def test_a_frontier_is_no_edge_of_a_province():
    assert found((NORTH, "Kim Bình", "Trung Quốc")).is_empty
    assert found((NORTH, "Lào Cai", "Lào Cai")).length > 9_900


def test_outlines_that_do_not_meet_are_bridged_as_far_as_offices_differ():
    near = shapely.affinity.translate(EAST, 200, 0)
    far = shapely.affinity.translate(EAST, 400, 0)
    # The corners reach round by what the outlines part.
    assert found((near, "Tả Van", "Lào Cai")).length == pytest.approx(10_000, abs=700)
    assert found((far, "Tả Van", "Lào Cai")).is_empty


def test_a_list_of_the_whole_province_names_the_commune_too():
    """The commune itself, of its own province, must not hide its edge."""
    line = found((COMMUNE, "Mường Khoa", "Lai Châu"), (EAST, "Tả Van", "Lào Cai"))
    assert line.length == pytest.approx(10_000, abs=130)
    whole = Unit(shapely.box(-50_000, -50_000, 10_000, 50_000), "Lai Châu", "Lai Châu", whole=True)
    line = provincial(COMMUNE, "Lai Châu", [whole, Unit(EAST, "Lào Cai", "Lào Cai", whole=True)])
    assert line.length == pytest.approx(10_000, abs=130)


def test_short_slips_between_two_outlines_are_no_edge():
    sliver = shapely.box(10_000, 4_000, 10_300, 4_200)
    own = shapely.difference(EAST, sliver)
    line = found((own, "Pắc Ta", "Lai Châu"), (sliver, "Tả Van", "Lào Cai"))
    assert line.is_empty


def test_parts_of_a_commune_have_each_its_edge():
    island = shapely.box(15_000, 20_000, 16_000, 21_000)
    ground = shapely.MultiPolygon([COMMUNE, island])
    around = shapely.difference(shapely.box(12_000, 18_000, 20_000, 24_000), island)
    line = found((around, "Tả Van", "Lào Cai"), ground=ground)
    assert line.length == pytest.approx(4_000, abs=1)


@pytest.mark.skipif(not REAL, reason="NTM_GIS_TEST_DATA is not set")
def test_the_real_edge_of_a_commune_is_that_of_its_province():
    """Against the outer edge of the union of the province's communes."""
    given = gpd.read_file(
        Path(REAL) / "vietnam" / "national_3321_communes_2025_simplified60m.fgb",
        bbox=(103.0, 21.5, 104.6, 22.9),
    ).to_crs("EPSG:9205")
    mine = given[given["province"] == "Tỉnh Lai Châu"]
    ground = mine[mine["name"] == "Mường Khoa"].geometry.union_all()
    line = provincial(ground, "Lai Châu", units(given))
    outer = shapely.boundary(shapely.buffer(mine.geometry.union_all(), 100).buffer(-100))
    expected = shapely.intersection(shapely.boundary(ground), shapely.buffer(outer, 150))
    assert line.length == pytest.approx(expected.length, rel=0.1, abs=500)
    assert shapely.difference(line, shapely.buffer(outer, 300)).length < 300
