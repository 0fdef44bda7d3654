"""Rows of a boundary that are of another commune, or that lie apart."""

from __future__ import annotations

import pytest
import shapely

from ntm_gis import analyses
from ntm_gis.layers.values import SET_ASIDE, STATE, USED
from ntm_gis.results import Severity

OWN = shapely.box(560_000, 2_450_000, 570_000, 2_460_000)
OTHER = shapely.box(600_000, 2_450_000, 610_000, 2_460_000)


def outline(raw, *rows, file="sources/ranh.geojson"):
    codes, names, shapes = zip(*rows, strict=True)
    return raw("boundary", {"unit_code": codes, "name": names}, shapes, file=file)


def test_a_second_boundary_of_another_commune_adds_nothing(raw, gather, one):
    first = outline(raw, ("03601", "Mường Khoa", OWN))
    second = outline(raw, ("03451", "Mù Cả", OTHER), file="sources/khac.geojson")
    layers = gather(second, first)
    assert sorted(layers["boundary"].frame[STATE]) == sorted([USED, SET_ASIDE])
    told = one(layers, "BOUNDARY_ROW_OTHER")
    assert (told.file, told.row) == ("sources/khac.geojson", 1)
    assert "Mù Cả (03451)" in told.message.vi
    area = {m.id: m for m in analyses.answer(layers).measures}["commune.area_ha"]
    assert area.value == pytest.approx(10_000, rel=2e-3)


def test_many_others_of_one_file_are_one_finding(raw, gather, one):
    rows = [("03601", "Mường Khoa", OWN), ("03451", "Mù Cả", OTHER), ("03452", "Tá Bạ", OTHER)]
    layers = gather(outline(raw, *rows))
    told = one(layers, "BOUNDARY_ROW_OTHER")
    assert told.row is None
    assert "2 dòng" in told.message.vi


@pytest.mark.parametrize(
    ("code", "name"),
    [("03451", "Mù Cả"), ("03601", "Mù Cả"), (None, "Xã Mù Cả"), ("03451", None)],
)
def test_the_only_boundary_of_another_commune_blocks(raw, gather, one, code, name):
    layers = gather(outline(raw, (code, name, OWN)))
    told = one(layers, "BOUNDARY_OTHER_COMMUNE")
    assert told.severity is Severity.BLOCK
    assert layers["boundary"].frame[STATE].tolist() == [USED]
    affected = [f for f in analyses.answer(layers).findings if f.code == told.code]
    assert "commune.area_ha" in affected[0].affects


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("03601", "Xã Mường Khoa"), ("3601", None), (None, "MUONG KHOA, huyện Tân Uyên"),
        ("1", "Ranh giới xã"), (None, "Polygon 12"), (None, None),
    ],
)  # fmt: skip
def test_what_may_be_the_commune_s_own_is_not_doubted(raw, gather, codes, code, name):
    layers = gather(outline(raw, (code, name, OWN)))
    assert not [c for c in codes(layers) if c.startswith("BOUNDARY_")]


def test_parts_far_from_each_other_block(raw, gather, one):
    layers = gather(outline(raw, ("1", None, OWN), ("2", None, OTHER)))
    told = one(layers, "BOUNDARY_APART")
    assert told.severity is Severity.BLOCK
    assert "30,0 km" in told.message.vi


@pytest.mark.parametrize("gap_m", [0, 900])
def test_parts_beside_each_other_are_one_commune(raw, gather, codes, gap_m):
    beside = shapely.box(570_000 + gap_m, 2_450_000, 575_000, 2_460_000)
    layers = gather(outline(raw, ("1", None, OWN), ("2", None, beside)))
    assert "BOUNDARY_APART" not in codes(layers)
