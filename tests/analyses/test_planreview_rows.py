"""Rules about rows: outlines, blanks, codes, and the register of plans."""

from __future__ import annotations

import datetime as dt
from typing import Any

import build as b
import pytest
import reviews as r
import shapely

from ntm_gis.layers.values import SET_ASIDE, STATE
from ntm_gis.results import Finding

ROWS = ("QH09", "QH10", "QH11", "QH12", "QH13", "QH35", "QH36", "QH37", "QH38", "QH39")


def none_but(answer: Any, *rules: str) -> None:
    """Nothing about rows is found but by these rules; dossiers, told apart, are left out."""
    found = set(answer.frames["plan_findings"]["rule"]) & set(ROWS) - {"QH38"}
    assert found == set(rules)


def test_sound_rows_have_no_fault() -> None:
    none_but(r.asked(plan_zones=r.squares(3, "P1", ["LUC", "ONT"])))


def test_outlines_set_aside_when_the_file_was_checked_stand_in_the_review() -> None:
    bow = shapely.Polygon([(b.WEST, b.SOUTH), (b.WEST + 100, b.SOUTH + 100),
                           (b.WEST + 100, b.SOUTH), (b.WEST, b.SOUTH + 100)])  # fmt: skip
    told = Finding.of(
        "GEOMETRY_INVALID", file="sources/plan_zones.gpkg", layer="plan_zones", feature="B", row=2,
        why="tự cắt", before_ha=0.0, after_ha=0.5, change_ha=0.5,
    )  # fmt: skip
    zones = [r.zone("A", "P1", "LUC", r.WEST), r.zone("B", "P1", "ONT", bow) | {STATE: SET_ASIDE}]
    layers = r.given()
    by_name = {**layers.by_name, "plan_zones": b.layer("plan_zones", zones, [told])}
    found = r.asked(layers=type(layers)(layers.commune, by_name))
    none_but(found, "QH09")
    (row,) = r.rows(found, "QH09").to_dict("records")
    assert (row["verdict"], row["severity"]) == ("fail", "block")
    assert row["geometry"].distance(b.at(50, 50)) < 1e-6
    assert [f.affects for f in found.findings if f.code == "PLAN_INVALID_RING"] == [("plan.*",)]


def test_repeated_vertices_are_told_once_a_plan() -> None:
    def ring(x: float, *more: tuple[float, float]) -> shapely.Polygon:
        points = [(x, 0.0), (x + 100, 0.0), *more, (x + 100, 100.0), (x, 100.0)]
        return shapely.Polygon([(b.WEST + px, b.SOUTH + py) for px, py in points])

    zones = [
        r.zone("A", "P1", "LUC", ring(0, (100, 0.0004), (100, 0.0009))),
        r.zone("B", "P1", "LUC", ring(200, (300, 0.0005))),
        r.zone("C", "P1", "LUC", ring(400, (500, 0.002))),
    ]
    found = r.asked(plan_zones=zones)
    assert r.subjects(found, "QH10") == ["P1"]
    assert r.rows(found, "QH10")["measured"].tolist() == [3.0]
    none_but(found, "QH10")


def test_blank_land_uses_are_told_once_a_plan_with_how_many() -> None:
    zones = r.squares(4, "P1", ["LUC", None])
    found = r.asked(plan_zones=zones)
    assert r.subjects(found, "QH11") == ["P1/land_use"]
    assert r.rows(found, "QH11")["measured"].tolist() == [8.0]
    none_but(found, "QH11")


def test_a_way_of_writing_that_no_list_has_is_named_and_not_told_as_a_blank() -> None:
    zones = [
        r.zone("A", "P1", None, b.box(0, 0, 500, 1000)),
        r.zone("B", "P1", None, b.box(500, 0, 1000, 1000)),
    ]
    told = Finding.of(
        "CODE_UNKNOWN", file="sources/plan_zones.gpkg", layer="plan_zones", feature="A", row=1,
        field="land_use", value="ĐẤT Ở MỚI", title="x", known=(), hint="", layer_title="x",
    )  # fmt: skip
    layers = r.given()
    by_name = {**layers.by_name, "plan_zones": b.layer("plan_zones", zones, [told])}
    found = r.asked(layers=type(layers)(layers.commune, by_name))
    assert r.subjects(found, "QH12") == ["P1/ĐẤT Ở MỚI"]
    assert r.rows(found, "QH11")["measured"].tolist() == [1.0]
    assert "ĐẤT Ở MỚI" in r.words(found, "QH12")[0]


def test_codes_by_the_list_of_their_plan() -> None:
    # CNT came with circular 08/2024; BHK went with it and became HNK.
    zones = [
        r.zone("A", "P1", "CNT", b.box(0, 0, 500, 1000)),
        r.zone("B", "P1", "BHK", b.box(500, 0, 1000, 1000)),
    ]
    old = r.asked(plans=[r.plan("P1", code_list="tt27-2018")], plan_zones=zones)
    assert r.subjects(old, "QH12") == ["P1/CNT"]
    assert r.subjects(old, "QH13") == ["P1/BHK"]
    assert "HNK" in r.words(old, "QH13")[0]
    new = r.asked(plans=[r.plan("P1")], plan_zones=zones)
    assert r.subjects(new, "QH12") == ["P1/BHK"]
    unstated = r.asked(plans=[r.plan("P1", code_list=None)], plan_zones=zones)
    assert r.verdicts(unstated, "QH12") == ["no_data"]


def test_a_plan_without_a_decision_is_found_once_whatever_its_zones() -> None:
    plans = [r.plan("P1", decision_no=None), r.plan("P2", "F2", approved_on=None)]
    found = r.asked(plans=plans, plan_zones=[*r.squares(3, "P1"), *r.squares(3, "P2", x=1000)])
    assert r.subjects(found, "QH35") == ["P1", "P2"]
    assert r.verdicts(found, "QH35") == ["fail", "fail"]
    none_but(found, "QH35")


def test_terms_that_are_over_and_terms_that_are_blank() -> None:
    plans = [
        r.plan("P1", valid_to=dt.date(2025, 12, 31)), r.plan("P2", "F2", valid_to=None),
        r.plan("P3", None, kind="general", valid_to=dt.date(2025, 12, 30)),
    ]  # fmt: skip
    found = r.asked(plans=plans)
    assert dict(zip(r.subjects(found, "QH36"), r.verdicts(found, "QH36"), strict=True)) == {
        "P2": "no_data",
        "P3": "warn",
    }


@pytest.mark.parametrize(
    ("other", "verdict"),
    [
        ({"decision_no": "12 /qđ-ubnd"}, ["warn"]),
        ({"decision_no": "12/QĐ-UBND", "approved_on": dt.date(2022, 6, 1)}, []),
        ({"decision_no": "12/QĐ-UBND", "approved_on": None}, ["no_data"]),
        ({"decision_no": "13/QĐ-UBND"}, []),
    ],
)
def test_two_plans_of_one_number(other: dict[str, Any], verdict: list[str]) -> None:
    plans = [r.plan("P1", decision_no="12/QĐ-UBND"), r.plan("P2", "F2", **other)]
    assert r.verdicts(r.asked(plans=plans), "QH37") == verdict


def documents(**present: bool | None) -> list[dict[str, Any]]:
    return [{"plan_id": "P1", "kind": kind, "present": there} for kind, there in present.items()]


def test_dossiers_by_what_is_listed() -> None:
    whole = documents(decision=True, report=True, map_existing=True, map_planned=True, data=True)
    plans = [r.plan("P1")]
    assert r.subjects(r.asked(plans=plans, plan_documents=whole), "QH38") == []
    lacking = documents(decision=True, report=False, map_existing=None, map_planned=True, data=True)
    found = r.asked(plans=plans, plan_documents=lacking)
    assert r.verdicts(found, "QH38") == ["warn"]
    assert "Thuyết minh" in r.words(found, "QH38")[0]
    assert "hiện trạng" not in r.words(found, "QH38")[0]
    unsure = [*whole[:4], {"plan_id": "P1", "kind": "data", "present": None}]
    assert r.verdicts(r.asked(plans=plans, plan_documents=unsure), "QH38") == ["no_data"]
    assert r.verdicts(r.asked(plans=plans), "QH38") == ["no_data"]


def test_the_list_of_documents_was_not_read_and_fails_nobody() -> None:
    found = r.asked(plans=[r.plan("P1")], plan_documents=documents(decision=False))
    (row,) = r.rows(found, "QH38").to_dict("records")
    assert (row["verdict"], row["severity"], row["state"]) == ("warn", "note", "advisory")


def test_zones_that_lead_to_no_plan() -> None:
    zones = [
        r.zone("A", None, "LUC", b.box(0, 0, 100, 100)),
        r.zone("B", "P9", "LUC", b.box(200, 0, 300, 100)),
        r.zone("C", "P9", "LUC", b.box(400, 0, 500, 100)),
    ]
    found = r.asked(plan_zones=zones)
    assert r.subjects(found, "QH39") == ["P9", "–"]
    assert r.rows(found, "QH39")["measured"].tolist() == [2.0, 1.0]
    none_but(found, "QH39")
