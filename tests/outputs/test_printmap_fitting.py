"""A long list of findings is shortened before a sheet gives up its scale."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from ntm_gis.outputs.printmap import fitting, standard
from ntm_gis.outputs.printmap.panel import Panel

A3 = standard.FORMATS["A3"]
EXTENT = (570_000.0, 2_450_000.0, 590_000.0, 2_466_000.0)
COMMUNE = shapely.box(*EXTENT)
NO_ROADS = np.empty(0, dtype=object)


def panel(name, w, h, pins=0, less=None):
    made = Panel(name, "SE")
    made.w, made.h, made.pins, made.less = w, h, pins, less
    return made


def fitted(panels, given=A3, ladder=None):
    return fitting.fit(
        [given], EXTENT, (COMMUNE, NO_ROADS), lambda _form, _scale: panels, ladder
    )  # fmt: skip


def pins(fit):
    return {one.name: one.pins for one in fit.panels}.get("findings", 0)


def test_fewer_findings_keep_the_scale():
    """At 1:75,000 the commune leaves some 115 mm beside it: room for five, not for nine."""
    three = panel("findings", 50, 40, 3)
    five = panel("findings", 90, 60, 5, three)
    nine = panel("findings", 150, 100, 9, five)
    title = panel("title", 50, 30)
    whole = fitted([title, nine])
    assert whole.scale == 75_000
    assert pins(whole) == 5
    nine.less = None
    assert fitted([title, nine]).scale > 75_000


def test_the_whole_list_stands_where_it_costs_nothing():
    nine = panel("findings", 55, 60, 9, panel("findings", 55, 40, 5))
    assert pins(fitted([panel("title", 50, 30), nine])) == 9


def test_a_small_sheet_shortens_before_it_leaves_out():
    given = replace(standard.FORMATS["A4"], optional=("inset", "findings"))
    three = panel("findings", 30, 30, 3)
    nine = panel("findings", 200, 160, 9, three)
    found = fitted([panel("title", 40, 20), panel("inset", 200, 160), nine], given)
    assert pins(found) == 3
    assert not any(one.name == "inset" for one in found.panels)


@pytest.mark.parametrize(("scale", "forced"), [(100_000, False), (60_000, True)])
def test_panels_that_lie_on_the_commune_are_told(scale, forced):
    found = fitted([panel("title", 50, 30), panel("legend", 150, 120)], A3, [scale])
    assert found.scale == scale
    assert found.forced is forced


def test_no_panel_touches_the_commune_or_another():
    found = fitted([panel("title", 50, 30), panel("legend", 60, 90), panel("stamp", 40, 10)])
    west, south, east, north = EXTENT
    mm = 1000 / found.scale
    left, bottom, _, _ = found.frame.bounds
    commune = shapely.box(
        left + (west - found.east) * mm, bottom + (south - found.north) * mm,
        left + (east - found.east) * mm, bottom + (north - found.north) * mm,
    )  # fmt: skip
    assert found.frame.contains(commune)
    for i, one in enumerate(found.boxes):
        assert found.frame.buffer(0.01).contains(one)
        assert not one.intersects(commune)
        assert all(not one.intersects(other) for other in found.boxes[:i])
