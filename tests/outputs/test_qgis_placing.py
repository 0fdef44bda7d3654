"""Where the map and the legend stand on a sheet for QGIS, whatever the commune."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_gis.outputs.printmap.standard import LADDER
from ntm_gis.outputs.qgis import placing


@settings(deadline=None, max_examples=60)
@given(
    st.floats(500, 60_000),
    st.floats(500, 60_000),
    st.floats(-80, 80),
    st.tuples(st.floats(20, 190), st.floats(20, 240)),
)
def test_whatever_the_commune_its_legend_keeps_off_it(width, height, turn, legend):
    commune = shapely.affinity.rotate(shapely.box(0, 0, width, height), turn)
    found = placing.placed(commune, legend)
    assert shapely.box(*found.extent).buffer(1e-6).covers(commune)
    left, top, wide, high = placing.FRAME
    assert (found.extent[2] - found.extent[0]) == pytest.approx(wide * found.scale / 1000)
    assert (found.extent[3] - found.extent[1]) == pytest.approx(high * found.scale / 1000)
    x, y = found.legend_at
    right, down = found.corner % 3 // 2, found.corner // 6
    box = (x - right * legend[0], y - down * legend[1])
    ground = shapely.affinity.translate(commune, -found.extent[0], -found.extent[3])
    paper = shapely.affinity.affine_transform(
        ground, [1000 / found.scale, 0, 0, -1000 / found.scale, left, top]
    )
    assert not paper.intersects(shapely.box(*box, box[0] + legend[0], box[1] + legend[1]))


def test_a_commune_that_leaves_no_corner_is_moved_aside():
    wide = shapely.box(0, 0, 30_000, 23_000)
    found = placing.placed(wide, (90, 120))
    assert found.scale == 120_000, "at 1:100.000 there are 90 mm less two gaps beside it"
    middle = (found.extent[0] + found.extent[2]) / 2
    assert abs(middle - 15_000) > 1_000


def test_a_commune_too_large_for_every_scale_still_has_a_sheet():
    found = placing.placed(shapely.box(0, 0, 900_000, 900_000), (90, 120))
    assert found.scale == round(LADDER[-1] * 1000)


def test_no_larger_scale_would_do():
    """Tried by hand: 10 km by 10 km on 390 by 245 mm less 5 mm on each side."""
    found = placing.placed(shapely.box(0, 0, 10_000, 10_000), (60, 80))
    assert found.scale == 50_000
    assert 10_000 / 40_000 * 1000 > 245 - 10
