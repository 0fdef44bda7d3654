"""Rules about the ground of plans: every planted fault is found once, at its place, none other."""

from __future__ import annotations

import datetime as dt
from typing import Any

import build as b
import pytest
import reviews as r
import shapely

from ntm_gis.layers.values import SET_ASIDE, STATE

GROUND_RULES = ("QH01", "QH02", "QH03", "QH04", "QH05", "QH06", "QH07", "QH08", "QH41")


def none_but(answer: Any, *rules: str) -> None:
    """Nothing about ground is found but by these rules."""
    found = set(answer.frames["plan_findings"]["rule"]) & set(GROUND_RULES)
    assert found == set(rules)


def test_two_plans_that_fill_the_commune_have_no_fault() -> None:
    zones = [*r.squares(4, "P1", ["LUC", "ONT"]), *r.squares(5, "P2", ["LUC", "RSX"], x=1000)]
    none_but(r.asked(plan_zones=zones))


def test_a_seam_with_other_vertices_is_no_fault() -> None:
    y = [0, 137.5, 400, 612.25, 999, 1000]
    west = shapely.Polygon([(b.WEST, b.SOUTH), *((b.WEST + 1000, b.SOUTH + v) for v in y),
                            (b.WEST, b.SOUTH + 1000)])  # fmt: skip
    z = [0, 250.003, 500, 1000]
    east = shapely.Polygon([(b.WEST + 2000, b.SOUTH + 1000), (b.WEST + 2000, b.SOUTH),
                            *((b.WEST + 1000.004, b.SOUTH + v) for v in z)])  # fmt: skip
    plans = [r.plan("P1", geometry=west), r.plan("P2", "F2", geometry=east)]
    zones = [r.zone("A", "P1", "LUC", west), r.zone("B", "P2", "ONT", east)]
    none_but(r.asked(plans=plans, plan_zones=zones))


def test_ground_without_a_plan_is_found_place_by_place() -> None:
    west = r.WEST.difference(b.box(0, 0, 200, 100)).difference(b.box(900, 900, 950, 920))
    found = r.asked(plans=[r.plan("P1", geometry=west), r.plan("P2", "F2")])
    assert r.m2(found, "QH01") == pytest.approx([1000, 20_000], abs=0.01)
    assert r.rows(found, "QH01").geometry.area.sum() == pytest.approx(21_000, abs=0.01)
    none_but(found, "QH01")
    b_by = b.by_id(found)["plan.gap_ha"]
    assert b_by.value == pytest.approx(r.rows(found, "QH01")["ground_ha"].sum(), abs=1e-9)


def test_without_a_plan_in_force_or_a_boundary_gaps_are_not_judged() -> None:
    over = r.plan("P1", valid_to=dt.date(2020, 12, 31))
    assert r.verdicts(r.asked(plans=[over]), "QH01") == ["no_data"]
    assert r.verdicts(r.asked(boundary=None), "QH01") == ["no_data"]
    assert r.verdicts(r.asked(boundary=None), "QH02") == []


def test_a_plan_in_three_communes_is_told_by_each_once() -> None:
    neighbours = [
        {"unit_code": "1", "name": "Tân Uyên", "geometry": b.box(-500, -500, 0, 1500)},
        {"unit_code": "2", "name": "Bản Bo", "geometry": b.box(0, -500, 2000, 0)},
    ]
    # It reaches 50 m west, 40 m south in two places, and 30 m north where no commune is known.
    wide = shapely.union_all([
        r.WEST, b.box(-50, 100, 0, 900), b.box(100, -40, 200, 0), b.box(700, -40, 800, 0),
        b.box(400, 1000, 500, 1030),
    ])  # fmt: skip
    found = r.asked(plans=[r.plan("P1", geometry=wide), r.plan("P2", "F2")], neighbours=neighbours)
    assert r.subjects(found, "QH02") == ["P1>Bản Bo", "P1>Tân Uyên", "P1>–"]
    assert r.m2(found, "QH02") == pytest.approx([3000, 8000, 40_000], abs=0.01)
    none_but(found, "QH02")
    total = r.rows(found, "QH02")["ground_ha"].sum()
    assert b.by_id(found)["plan.outside_ha"].value == pytest.approx(total, abs=1e-9)


def test_a_line_between_neighbours_drawn_otherwise_makes_no_further_commune() -> None:
    neighbours = [{"unit_code": "1", "name": "Tân Uyên", "geometry": b.box(-500, 0, -0.3, 1000)}]
    wide = shapely.union(r.WEST, b.box(-50, 0, 0, 1000))
    found = r.asked(plans=[r.plan("P1", geometry=wide), r.plan("P2", "F2")], neighbours=neighbours)
    assert r.subjects(found, "QH02") == ["P1>Tân Uyên"]
    assert r.m2(found, "QH02") == pytest.approx([50_000], abs=0.01)


@pytest.mark.parametrize("width", [0.001, 0.005])
def test_overlaps_within_a_plan_below_the_tolerance_of_drawing_are_nothing(width: float) -> None:
    zones = [
        r.zone("A", "P1", "LUC", b.box(0, 0, 500 + width, 1000)),
        r.zone("B", "P1", "LUC", b.box(500, 0, 1000, 1000)),
    ]
    none_but(r.asked(plan_zones=zones))


@pytest.mark.parametrize("width", [0.02, 0.05, 0.09])
def test_thin_overlaps_within_a_plan_are_slivers(width: float) -> None:
    zones = [
        r.zone("A", "P1", "LUC", b.box(0, 0, 500 + width, 1000)),
        r.zone("B", "P1", "LUC", b.box(500, 0, 1000, 1000)),
    ]
    found = r.asked(plan_zones=zones)
    none_but(found, "QH08")
    assert r.m2(found, "QH08") == pytest.approx([1000 * width], abs=0.01)


@pytest.mark.parametrize("width", [0.11, 0.4, 1.0, 5.0])
def test_overlaps_within_a_plan_are_found_once_with_their_hectares(width: float) -> None:
    zones = [
        r.zone("A", "P1", "LUC", b.box(0, 0, 500 + width, 1000)),
        r.zone("B", "P1", "LUC", b.box(500, 0, 1000, 1000)),
    ]
    found = r.asked(plan_zones=zones)
    none_but(found, "QH03")
    assert r.subjects(found, "QH03") == ["P1/A+B"]
    assert r.m2(found, "QH03") == pytest.approx([1000 * width], abs=0.01)
    assert r.verdicts(found, "QH03") == ["fail"]


def test_shifted_parcels_overlap_each_with_its_neighbour_once() -> None:
    zones = r.squares(5, "P1")
    zones[12]["geometry"] = shapely.affinity.translate(zones[12]["geometry"], 3.0, 0.0)
    found = r.asked(plan_zones=zones)
    none_but(found, "QH03", "QH41")
    assert r.subjects(found, "QH03") == ["P1/P1-012+P1-013"]
    assert r.m2(found, "QH03") == pytest.approx([600.0], abs=0.01)
    assert r.m2(found, "QH41") == pytest.approx([600.0], abs=0.01)


def test_nested_zones_and_zones_of_many_parts() -> None:
    ring = b.box(0, 0, 1000, 1000).difference(b.box(400, 400, 600, 600))
    inner = r.zone("I", "P1", "ONT", b.box(400, 400, 600, 600))
    none_but(r.asked(plan_zones=[r.zone("R", "P1", "LUC", ring), inner]))
    # Not cut out: the whole of the inner zone lies in the outer.
    whole = r.asked(plan_zones=[r.zone("R", "P1", "LUC", r.WEST), inner])
    none_but(whole, "QH03")
    assert r.m2(whole, "QH03") == pytest.approx([40_000.0], abs=0.01)
    # Two places of one pair of zones are one finding.
    parts = shapely.union(b.box(0, 0, 110, 100), b.box(0, 500, 130, 600))
    many = [r.zone("M", "P1", "LUC", parts), r.zone("N", "P1", "LUC", b.box(100, 0, 300, 1000))]
    found = r.asked(plan_zones=many)
    assert r.subjects(found, "QH03") == ["P1/M+N"]
    assert r.m2(found, "QH03") == pytest.approx([4000.0], abs=0.01)


def test_zones_of_two_periods_may_cover_the_same_ground() -> None:
    zones = [
        r.zone("A", "P1", "LUC", r.WEST, period="existing"),
        r.zone("B", "P1", "ONT", r.WEST, period="planned"),
    ]
    none_but(r.asked(plan_zones=zones))


def test_a_hole_is_a_gap_but_where_the_existing_state_fills_it() -> None:
    hole = b.box(400, 400, 450, 420)
    around = [r.zone("A", "P1", "LUC", r.WEST.difference(hole))]
    found = r.asked(plan_zones=around)
    none_but(found, "QH41")
    assert r.m2(found, "QH41") == pytest.approx([1000.0], abs=0.01)
    assert r.rows(found, "QH41").geometry.iloc[0].equals(hole)
    stays = r.zone("S", "P1", "ONT", hole, period="existing")
    none_but(r.asked(plan_zones=[*around, stays]))


def test_plans_that_overlap_at_the_seam_are_told_apart_from_those_inside() -> None:
    east = shapely.union(r.EAST, b.box(990, 100, 1000, 300))
    found = r.asked(plans=[r.plan("P1"), r.plan("P2", "F2", geometry=east)])
    none_but(found, "QH04")
    assert r.m2(found, "QH04") == pytest.approx([2000.0], abs=0.01)
    far = r.asked(
        plans=[
            r.plan("P1"),
            r.plan("P2", "F2", geometry=shapely.union(r.EAST, b.box(100, 100, 150, 200))),
        ]
    )
    none_but(far, "QH05")
    assert r.m2(far, "QH05") == pytest.approx([5000.0], abs=0.01)
    assert b.by_id(far)["plan.overlap_ha"].value == pytest.approx(
        r.rows(far, "QH05")["ground_ha"].sum(), abs=1e-9
    )


def test_where_the_old_boundary_is_not_known_nobody_says_on_which_side() -> None:
    east = shapely.union(r.EAST, b.box(990, 100, 1000, 300))
    found = r.asked(plans=[r.plan("P1"), r.plan("P2", "F2", geometry=east)], former_communes=None)
    none_but(found, "QH05")
    assert r.verdicts(found, "QH05") == ["no_data"]
    assert r.m2(found, "QH05") == pytest.approx([2000.0], abs=0.01)
    assert "chưa phân biệt được" in r.words(found, "QH05")[0]


@pytest.mark.parametrize("former", ["F1", None])
def test_two_decisions_for_one_piece_of_ground_name_the_newer_first(former: str | None) -> None:
    other = r.plan(
        "P3", former, geometry=b.box(100, 100, 300, 200), approved_on=dt.date(2023, 1, 5)
    )
    found = r.asked(plans=[r.plan("P1"), other, r.plan("P2", "F2")])
    none_but(found, "QH06")
    assert r.m2(found, "QH06") == pytest.approx([20_000.0], abs=0.01)
    said = r.words(found, "QH06")[0]
    assert said.index("P3/QĐ-UBND") < said.index("P1/QĐ-UBND")


def test_plans_of_two_kinds_or_out_of_date_assign_nothing_twice() -> None:
    general = r.plan("P3", "F1", kind="general")
    late = r.plan("P4", "F1", valid_to=dt.date(2024, 1, 1))
    soon = r.plan("P5", "F1", approved_on=dt.date(2026, 2, 1))
    none_but(r.asked(plans=[r.plan("P1"), r.plan("P2", "F2"), general, late, soon]))


def conflict(use: str | None, **fields: Any) -> list[dict[str, Any]]:
    return [
        r.zone("A", "P1", "ONT", b.box(900, 0, 1010, 100)),
        r.zone("B", "P2", use, b.box(990, 0, 1100, 100), **fields),
    ]


def test_contradicting_land_use_is_found_once_with_both_uses() -> None:
    found = r.asked(plan_zones=conflict("CLN"))
    assert r.subjects(found, "QH07") == ["P1/A+P2/B"]
    assert r.m2(found, "QH07") == pytest.approx([2000.0], abs=0.01)
    (row,) = r.rows(found, "QH07").to_dict("records")
    assert (row["use"], row["other_use"], row["verdict"]) == ("ONT", "CLN", "fail")
    assert row["geometry"].equals(b.box(990, 0, 1010, 100))
    assert b.by_id(found)["plan.conflict_ha"].value == pytest.approx(row["ground_ha"], abs=1e-9)


def test_the_same_use_an_old_code_of_it_and_another_period_are_no_contradiction() -> None:
    for zones in (conflict("ONT"), conflict("CLN", period="existing")):
        found = r.asked(plan_zones=zones)
        assert r.subjects(found, "QH07") == []
        assert b.by_id(found)["plan.conflict_ha"].value == 0
    old = [r.zone("A", "P1", "BHK", r.WEST), r.zone("B", "P2", "NHK", r.WEST)]
    assert r.subjects(r.asked(plan_zones=old), "QH07") == []


def test_a_blank_land_use_leaves_a_contradiction_open() -> None:
    found = r.asked(plan_zones=conflict(None))
    assert r.verdicts(found, "QH07") == ["no_data"]
    measure = b.by_id(found)["plan.conflict_ha"]
    assert (measure.value, measure.low) == (0.0, 0.0)
    assert measure.high == pytest.approx(r.rows(found, "QH07")["ground_ha"].sum(), abs=1e-9)


@pytest.mark.parametrize(
    ("width", "rule"), [(0.004, None), (0.3, "QH08"), (0.6, "QH07"), (5, "QH07")]
)
def test_slivers_are_told_apart_from_contradictions_by_their_width(
    width: float, rule: str | None
) -> None:
    zones = [
        r.zone("A", "P1", "ONT", b.box(900, 0, 1000 + width, 100)),
        r.zone("B", "P2", "CLN", b.box(1000, 0, 1100, 100)),
    ]
    found = r.asked(plan_zones=zones)
    none_but(found, *([rule] if rule else []))
    if rule:
        assert r.m2(found, rule) == pytest.approx([100 * width], abs=0.01)
    conflict_ha = b.by_id(found)["plan.conflict_ha"].value
    assert (conflict_ha > 0) == (rule == "QH07")


def test_slivers_of_extents_leave_findings_and_no_hectares() -> None:
    plans = [
        r.plan("P1", geometry=b.box(0, 0.3, 1000.2, 1000)),
        r.plan("P2", "F2", geometry=b.box(1000, -0.4, 2000, 1000)),
    ]
    found = r.asked(plans=plans)
    none_but(found, "QH08")
    assert r.subjects(found, "QH08") == ["P1+P2", "gap:land_use", "outside:P2"]
    assert sorted(r.m2(found, "QH08")) == pytest.approx(sorted([199.94, 300.0, 400.0]), abs=0.01)
    for name in ("plan.gap_ha", "plan.outside_ha", "plan.overlap_ha"):
        assert b.by_id(found)[name].value == 0.0


def test_a_plan_given_by_its_zones_alone_covers_what_they_cover() -> None:
    bare = {**r.plan("P1"), "geometry": None}
    found = r.asked(plans=[bare, r.plan("P2", "F2")], plan_zones=r.squares(4, "P1"))
    none_but(found)
    assert b.by_id(found)["plan.covered_share"].value == pytest.approx(100.0)


def test_zones_far_from_their_plan_are_named_once_a_plan() -> None:
    zones = [
        *r.squares(2, "P1"),
        r.zone("F", "P1", "ONT", b.box(50_000, 0, 50_100, 100)),
        r.zone("G", "P1", "ONT", b.box(-20, 0, 0, 100)),
    ]
    found = r.asked(plan_zones=zones)
    assert r.subjects(found, "QH02") == ["P1/zones"]
    assert r.m2(found, "QH02") == pytest.approx([12_000.0], abs=0.01)
    said = r.words(found, "QH02")[0]
    assert "2 khu" in said
    assert "48,0 km" in said


def test_no_gap_is_told_where_an_outline_is_not_valid() -> None:
    zones = r.squares(3, "P1")
    west, south, east, north = zones[4]["geometry"].bounds
    bow = shapely.Polygon([(west, south), (east, north), (east, south), (west, north)])
    zones[4] |= {"geometry": bow, STATE: SET_ASIDE}
    none_but(r.asked(plan_zones=zones))
    # Taken out altogether, it is a gap.
    gone = r.asked(plan_zones=[*zones[:4], *zones[5:]])
    assert r.m2(gone, "QH41") == pytest.approx([1e6 / 9], abs=0.01)


def test_a_layer_without_a_row_says_nothing() -> None:
    found = r.asked(plan_zones=[], hazards=[])
    for name in ("plan.conflict_ha", "plan.hazard_ha"):
        measure = b.by_id(found)[name]
        assert (measure.value, measure.low, measure.high) == (None, 0.0, None)


def test_communes_far_away_change_nothing() -> None:
    near = {"unit_code": "1", "name": "Tân Uyên", "geometry": b.box(-500, 0, 0, 1000)}
    far = [
        {"unit_code": f"9{k}", "name": f"Xã {k}",
         "geometry": b.box(50_000 + 900 * k, 0, 50_800 + 900 * k, 900)}
        for k in range(40)
    ]  # fmt: skip
    plans = [r.plan("P1", geometry=b.box(-300, 0, 500, 1000)), r.plan("P2", "F2")]
    alone = r.asked(plans=plans, neighbours=[near])
    among = r.asked(plans=plans, neighbours=[*far[:20], near, *far[20:]])
    assert "Tân Uyên" in " ".join(found.message.vi for found in alone.findings)
    assert [found.message for found in among.findings] == [f.message for f in alone.findings]
    assert among.measures == alone.measures
