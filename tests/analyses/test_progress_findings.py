"""Findings about reports and works: each fault with its row, its place and what to do."""

from __future__ import annotations

import datetime as dt
from typing import Any

import build as b
import pytest
import shapely
from works import ROAD, WORK, answered, bounds, layers, report, told

from ntm_gis.analyses.progress import analysis as progress
from ntm_gis.analyses.question import Question
from ntm_gis.layers.decisions import Claim, Decisions, Place
from ntm_gis.layers.values import Layers
from ntm_gis.results import Finding, Severity
from ntm_gis.results.words import sentence


@pytest.mark.parametrize(
    ("rows", "code", "row", "field", "words"),
    [
        ([report("1", 6800, 7200)], "REPORT_BEYOND_ROAD", 1, "to_m", "Km6+800 – Km7+200"),
        ([report("1", 3000, 2000)], "REPORT_REVERSED", 1, "from_m", "Km3+000"),
        ([report("1", 2000, 2000)], "REPORT_EMPTY", 1, "from_m", "Km2+000"),
        ([report("1", 0, 10, work_id="CT99")], "REPORT_WORK_UNKNOWN", 1, "work_id", "CT99"),
        ([report("1", 0, 10, on="2026-02-01")], "REPORT_LATER", 1, "reported_on", "01/02/2026"),
        ([report("1", 0, 10, width_m=2.8)], "REPORT_NARROW", 1, "width_m", "2,80 m"),
        ([report("1", 0, 10, width_m=None)], "REPORT_WIDTH_UNKNOWN", 1, "width_m", "3,00 m"),
        ([report("1", 0, 10, "accepted", verified_by=None)], "ACCEPTANCE_UNVERIFIED", 1,
         "verified_by", "người xác nhận"),
        ([report("1", 0, 300, "accepted"), report("2", 200, 400, on="2025-07-01")],
         "ACCEPTED_BEFORE_POURED", 1, "reported_on", "Km0+200 – Km0+300"),
        ([report("1", 0, 300), report("2", 200, 400, on="2025-07-01")], "REPORTS_OVERLAP", 2,
         "from_m", "100 m"),
    ],
)  # fmt: skip
def test_each_fault_has_its_finding_with_row_and_repair(
    rows: list[dict[str, Any]], code: str, row: int, field: str, words: str
) -> None:
    good = report("9", 5000, 5100, on="2025-07-02")
    found = answered(*rows, good)
    (finding,) = told(found, code)
    assert (finding.file, finding.row, finding.field) == ("sources/road_reports.gpkg", row, field)
    assert finding.layer == "road_reports"
    assert words in finding.message.vi
    assert finding.repair is not None
    assert (bounds(found, "reported_km")[1] or 0) >= 0.1  # the good row counts all the same
    if code != "REPORT_WORK_UNKNOWN":
        assert "progress.CT01.accepted_km" in finding.affects
        assert finding.at is not None or code in ("REPORT_EMPTY", "REPORT_BEYOND_ROAD")


def test_a_report_beyond_the_work_but_on_the_road_is_said_so() -> None:
    work = {**WORK, "to_m": 5000.0, "planned_length_m": 5000.0}
    (finding,) = answered(report("1", 4900, 5200), road_works=[work]).findings
    assert finding.code == "REPORT_BEYOND_WORK"
    assert "Km5+000" in finding.message.vi


def test_day_and_month_swapped_before_the_start_of_work() -> None:
    work = {**WORK, "start_on": "2025-03-10"}
    (finding,) = told(answered(report("1", 0, 9, on="2025-03-05"), road_works=[work]),
                      "REPORT_BEFORE_START")  # fmt: skip
    assert "05/03/2025" in finding.message.vi
    assert "10/03/2025" in finding.message.vi


def test_a_work_the_checks_have_told_of_is_not_told_twice() -> None:
    known = Finding("REFERENCE_UNKNOWN", Severity.WARNING, sentence("STEP_LAYERS", {}),
                    layer="road_reports", feature="1", field="work_id")  # fmt: skip
    given = layers()
    rows = b.layer("road_reports", [report("1", 0, 10, work_id="CT99")], [known])
    found = progress.answer(
        Question(Layers(given.commune, {**given.by_name, "road_reports": rows}))
    )
    assert not found.findings
    assert found.frames["road_reports"]["state"].tolist() == ["unknown_work"]


def test_who_reported_the_same_ground_and_when() -> None:
    found = answered(
        report("BC2", 0, 1250, "accepted", "2025-06-30", reported_by="UBND xã"),
        report("BC3", 1100, 2750, "poured", "2025-08-15", reported_by="Đơn vị thi công"),
        report("BC4", 1250, 2600, "accepted", "2025-09-30"),
        report("BC5", 2600, 3900, "poured", "2025-10-31", reported_by="Bản Hô Tra"),
    )
    frame = found.frames["road_overlaps"]
    assert frame[["first", "second", "from_m", "to_m"]].to_numpy().tolist() == [
        ["BC2", "BC3", 1100.0, 1250.0], ["BC3", "BC5", 2600.0, 2750.0]
    ]  # fmt: skip
    assert frame.geometry.length.tolist() == pytest.approx([150, 150])
    first, second = told(found, "REPORTS_OVERLAP")
    for words in ("BC2", "UBND xã", "30/06/2025", "Đơn vị thi công", "150 m"):
        assert words in first.message.vi
    assert "Bản Hô Tra" in second.message.vi


@pytest.mark.parametrize(
    ("rows", "again"),
    [
        ([report("1", 0, 9, "base"), report("2", 0, 9, "poured", "2025-07-01")], 0),
        ([report("1", 0, 9, "poured"), report("2", 0, 9, "base", "2025-07-01")], 1),
        ([report("1", 0, 9, "poured"), report("2", 0, 9, "accepted")], 0),
        ([report("1", 0, 9), report("2", 0, 9)], 1),
        ([report("1", 0, 9), report("2", 9, 12)], 0),
        ([report("1", 0, 9, width_m=2.5), report("2", 0, 9, on="2025-07-01")], 0),
        ([report("1", 0, 9, on=None), report("2", 0, 9)], 1),
        ([report("1", 0, 9, on=None), report("2", 0, 9, "base")], 0),
        ([report("1", 0, 9), report("2", 0, 9, on="2026-07-01")], 0),
    ],
    ids=["up the ladder", "down the ladder", "accepted on the day", "twice", "side by side",
         "poured again, wide enough", "no day, one stage", "no day, two stages", "not yet"],
)  # fmt: skip
def test_what_is_a_repetition(rows: list[dict[str, Any]], again: int) -> None:
    assert len(answered(*rows).frames["road_overlaps"]) == again


def test_two_works_on_one_interval() -> None:
    works = [{**WORK, "to_m": 3000.0, "planned_length_m": 3000.0},
             {**WORK, "work_id": "CT02", "from_m": 2500.0, "to_m": 4000.0,
              "planned_length_m": 1500.0}]  # fmt: skip
    found = answered(report("1", 2000, 3000), report("2", 2500, 3500, work_id="CT02"),
                     road_works=works)  # fmt: skip
    (finding,) = told(found, "WORKS_OVERLAP")
    assert "Km2+500 – Km3+000" in finding.message.vi
    assert {"progress.CT01.poured_km", "progress.CT02.poured_km"} <= set(finding.affects)
    assert bounds(found, "poured_km")[0] == bounds(found, "poured_km", "CT02")[0] == 1.0
    # By class of road the half kilometre of both counts once.
    assert b.by_id(found)["progress.by_class.village.poured_km"].value == 1.5
    assert b.by_id(found)["progress.by_class.village.planned_km"].value == 4.0


@pytest.mark.parametrize(
    ("work", "codes"),
    [
        ({"planned_length_m": 7500.0, "to_m": 7500.0}, ["WORK_BEYOND_ROAD"]),
        ({"planned_length_m": 7020.0, "to_m": 7020.0}, []),
        ({"planned_length_m": 6000.0}, ["WORK_LENGTH_DIFFERS"]),
        ({"from_m": 100.0, "to_m": 50.0}, ["WORK_SPAN_REVERSED"]),
        ({"road_id": "D06"}, ["ROAD_WITHOUT_AXIS"]),
        ({"road_id": "D99"}, []),
    ],
    ids=["beyond the road", "within half a per cent", "length and span differ", "turned",
         "a road in parts", "an unknown road, told by the checks"],
)  # fmt: skip
def test_works_that_do_not_fit(work: dict[str, Any], codes: list[str]) -> None:
    parts = shapely.MultiLineString([b.line((500, 0), (500, 100)), b.line((500, 200), (500, 900))])
    drawn = [ROAD, {**ROAD, "road_id": "D06", "geometry": parts}]
    assert b.codes(answered(roads=drawn, road_works=[{**WORK, **work}])) == codes


def test_without_a_list_of_works_all_reports_are_told_together() -> None:
    found = answered(report("1", 0, 9), report("2", 9, 12), road_works=None)
    (finding,) = found.findings
    assert (finding.code, finding.layer) == ("REPORTS_WITHOUT_WORKS", "road_works")
    assert "2 báo cáo" in finding.message.vi
    assert found.frames["road_reports"]["state"].tolist() == ["unknown_work"] * 2


def test_a_record_claim_is_told_with_the_place_it_was_read_at() -> None:
    claim = Claim("e" * 64, "BC1", "CT01", 300_000, 200_000, "poured", dt.date(2025, 6, 1),
                  width_cm=350, place=Place("bao_cao.xlsx", "0" * 64, "Tháng 6", 12))  # fmt: skip
    (finding,) = answered(decisions=Decisions(claims=(claim,))).findings
    assert (finding.code, finding.file, finding.table, finding.row) == (
        "REPORT_REVERSED", "bao_cao.xlsx", "Tháng 6", 12
    )  # fmt: skip
