"""Road works by class, money, and the frames that maps, charts and sheets are made of."""

from __future__ import annotations

import datetime as dt
from typing import Any

import build as b
import pytest
from works import ROAD, WORK, answered, bounds, dispute, km, layers, report

from ntm_gis.analyses.affects import filled
from ntm_gis.analyses.progress import analysis as progress
from ntm_gis.analyses.question import Question
from ntm_gis.analyses.roads import analysis as roads
from ntm_gis.layers.decisions import Decisions
from ntm_gis.results import Finding, Measure, Severity
from ntm_gis.results.words import sentence
from ntm_gis.rules.schema import schema


def by_class(*reports: dict[str, Any], **more: Any) -> dict[str, Measure]:
    given = layers(*reports, **more)
    found = progress.answer(Question(given, measures=roads.answer(Question(given)).measures))
    b.check_evidence(found)
    return {m.id.removeprefix("progress.by_class."): m for m in found.measures
            if m.id.startswith("progress.by_class.")}  # fmt: skip


def test_share_by_class_and_for_the_commune() -> None:
    drawn = [ROAD, {**ROAD, "road_id": "D06", "geometry": b.line((900, 0), (900, 3000))},
             {**ROAD, "road_id": "X1", "road_class": "commune",
              "geometry": b.line((2000, 0), (2000, 10_000))}]  # fmt: skip
    works = [WORK, {**WORK, "work_id": "CT2", "road_id": "X1", "planned_length_m": 4000.0,
                    "to_m": 4000.0}]  # fmt: skip
    found = by_class(report("1", 0, 2000), report("2", 0, 1000, "accepted", work_id="CT2"),
                     roads=drawn, road_works=works)  # fmt: skip
    assert found["village.poured_km"].value == 2.0
    assert found["village.poured_share"].value == pytest.approx(20.0)
    assert found["village.accepted_share"].value == 0.0
    assert found["commune.accepted_share"].value == pytest.approx(10.0)
    assert found["all.planned_km"].value == 11.0
    assert found["all.poured_share"].value == pytest.approx(15.0)
    assert set(found) == {f"{c}.{x}" for c in ("village", "commune", "all") for x in (
        "planned_km", "poured_km", "poured_share", "accepted_km", "accepted_share")}  # fmt: skip


def test_a_road_of_unknown_class_may_be_of_any() -> None:
    drawn = [ROAD, {**ROAD, "road_id": "D06", "road_class": None,
                    "geometry": b.line((900, 0), (900, 3000))}]  # fmt: skip
    works = [WORK, {**WORK, "work_id": "CT2", "road_id": "D06", "planned_length_m": 3000.0,
                    "to_m": 3000.0}]  # fmt: skip
    found = by_class(report("1", 0, 2000), report("2", 0, 1000, work_id="CT2"), roads=drawn,
                     road_works=works)  # fmt: skip
    village = found["village.poured_km"]
    assert (village.value, village.low, village.high) == (2.0, 2.0, 3.0)
    assert found["all.poured_km"].value == 3.0


def test_the_state_of_each_stretch_on_each_day() -> None:
    rows = [
        report("BC1", 0, 1800, "base", "2025-04-20", photo="a.jpg"),
        report("BC2", 0, 1250, "accepted", "2025-06-30", verified_by="Phòng Kinh tế"),
        report("BC6", 1800, 2000, "poured", "2025-06-30", width_m=2.8),
    ]
    frame = answered(*rows, decisions=Decisions(disputes=(dispute(1000, 1100),))).frames[
        "road_progress"
    ]
    days = sorted(frame["on"].dt.date.unique())
    assert days == [dt.date(2025, *d) for d in ((4, 20), (6, 30), (11, 1), (12, 31))]
    for day in days:
        there = frame[frame["on"].dt.date == day]
        assert there["from_m"].tolist()[1:] == there["to_m"].tolist()[:-1]
        assert (there["from_m"].iloc[0], there["to_m"].iloc[-1]) == (0.0, 7000.0)
        assert there.geometry.length.to_numpy() == pytest.approx(there["to_m"] - there["from_m"])
    columns = ["from_m", "to_m", "state", "reports", "verified_by", "photo", "not_counted"]
    last = frame[frame["on"].dt.date == days[-1]][columns]
    assert last.to_numpy().tolist() == [
        [0, 1000, "accepted", "BC2, BC1", "Phòng Kinh tế", "a.jpg", None],
        [1000, 1100, "disputed", "BC2, BC1", "Phòng Kinh tế", "a.jpg", None],
        [1100, 1250, "accepted", "BC2, BC1", "Phòng Kinh tế", "a.jpg", None],
        [1250, 1800, "base", "BC1", "Phòng Kinh tế", "a.jpg", None],
        [1800, 2000, "none", None, None, None, "BC6"],
        [2000, 7000, "none", None, None, None, None],
    ]
    first = frame[frame["on"].dt.date == days[0]]
    assert first["state"].tolist() == ["base", "none"]


def test_of_very_many_days_the_last_of_each_month_is_shown() -> None:
    day = dt.date(2025, 1, 1)
    rows = [report(f"BC{k}", 50 * k, 50 * k + 50, on=f"{day + dt.timedelta(days=3 * k)}")
            for k in range(100)]  # fmt: skip
    found = answered(*rows)
    frame = found.frames["road_progress"]
    shown = sorted(frame["on"].dt.date.unique())
    assert len(shown) == 11
    assert shown[0] == dt.date(2025, 1, 31)
    assert shown[-1] == b.AS_OF
    january = frame[(frame["on"].dt.date == shown[0]) & (frame["state"] == "poured")]
    assert january["to_m"].max() == 550.0
    assert len(found.frames["road_history"]) == 101


def test_what_became_of_each_report() -> None:
    rows = [
        report("01", 0, 100), report("02", 3000, 2000), report("03", 6900, 7200),
        report("04", 0, 10, work_id="CT99"), report("05", 0, 10, on="2026-01-01"),
        report("06", 0, 10, on=None), report("07", 0, 10, width_m=2.0),
        report("08", 0, 10, width_m=None), report("09", 0, 10, "accepted", verified_by=None),
        report("10", 500, 600), report("11", None, 10), report("12", 0, 10, None),
        report("13", 900, 950),
    ]  # fmt: skip
    held = Decisions(
        disputes=(
            dispute(550, 560),
            dispute(900, 950, outcome="does_not_count", settled_on=dt.date(2025, 12, 1)),
        )
    )
    frame = answered(*rows, decisions=held).frames["road_reports"].sort_values("id")
    assert dict(zip(frame["id"], frame["state"], strict=True)) == {
        "01": "counted", "02": "reversed", "03": "beyond", "04": "unknown_work", "05": "future",
        "06": "undated", "07": "narrow", "08": "width_unknown", "09": "unverified",
        "10": "disputed", "11": "incomplete", "12": "incomplete", "13": "refused",
    }  # fmt: skip
    assert frame["@row"].tolist() == list(range(1, 14))
    assert frame["@file"].unique().tolist() == ["sources/road_reports.gpkg"]


def test_plan_against_fact() -> None:
    work = {**WORK, "start_on": "2025-01-01", "due_on": "2025-12-31"}
    rows = [report("1", 0, 3000, on="2025-03-31"), report("2", 3000, 3100, on="2025-12-01")]
    frame = answered(*rows, road_works=[work]).frames["road_history"]
    assert frame["state"].tolist() == ["ahead", "behind", "behind"]
    assert frame["poured_km"].tolist() == [3.0, 3.1, 3.1]
    assert frame["due_km"].iloc[-1] == 7.0
    assert frame["due_km"].iloc[0] == pytest.approx(7 * 89 / 364, abs=1e-5)


def test_payments_of_a_work_and_per_kilometre_poured() -> None:
    paid = [
        {"payment_id": "1", "fund_id": "A", "work_id": "CT01", "million_vnd": 300.0,
         "paid_on": "2025-06-01"},
        {"payment_id": "2", "fund_id": "A", "work_id": "CT01", "million_vnd": 100.0,
         "paid_on": "2026-06-01"},
        {"payment_id": "3", "fund_id": "A", "work_id": None, "million_vnd": 50.0,
         "paid_on": "2025-06-01"},
        {"payment_id": "4", "fund_id": "A", "work_id": "CT01", "million_vnd": 40.0, "paid_on": None},
    ]  # fmt: skip
    found = answered(report("1", 0, 2000), report("2", 2000, 2500, width_m=None), payments=paid)
    assert bounds(found, "paid_million") == (300.0, 300.0, 340.0)
    assert bounds(found, "paid_million_per_km") == (150.0, 120.0, 170.0)


def test_frames_have_what_maps_need_and_texts_are_texts() -> None:
    for given in (answered(), answered(report("1", 0, 10))):
        for name in ("road_progress", "road_reports", "road_overlaps", "road_history",
                     "road_carry_over"):  # fmt: skip
            frame = given.frames[name]
            assert {"id", "state", "geometry"} <= set(frame.columns)
            assert frame.crs.to_string() == b.CRS
            assert frame["id"].dtype == object


def test_every_measure_says_which_fields_it_reads() -> None:
    found = answered(report("1", 0, 10))
    for names in progress.READS.values():
        for layer, fields in names.items():
            assert set(fields) <= {*schema(layer).names, "geometry"}
    probes = [Finding("X", Severity.NOTE, sentence("STEP_LAYERS", {}), layer=layer)
              for layer in ("road_works", "road_reports", "roads", "tracks", "payments")]  # fmt: skip
    touched = {m for f in filled(probes, found.measures, progress.READS) for m in f.affects}
    assert touched == {measure.id for measure in found.measures}


def test_the_answer_does_not_hang_on_the_order_of_rows() -> None:
    rows = [report(f"BC{k}", 100 * k, 100 * k + 150, on=f"2025-0{1 + k}-01") for k in range(8)]
    one, other = answered(*rows), answered(*rows[::-1])
    assert one.measures == other.measures
    for name in ("road_progress", "road_history", "road_overlaps"):
        assert one.frames[name].equals(other.frames[name]), name


def test_a_work_without_road_is_figured_all_the_same() -> None:
    found = answered(report("1", 0, 500), roads=None)
    assert km(found) == (0.5, 0.5, 0.0)
    assert found.frames["road_progress"].geometry.isna().all()
