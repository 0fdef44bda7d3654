"""Planned, allocated and paid beside what stands; double funding; unit costs; time left."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import build as b
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_gis.analyses import targets
from ntm_gis.analyses.funds import analysis as funds
from ntm_gis.analyses.money import analysis as money
from ntm_gis.analyses.progress import analysis as progress
from ntm_gis.layers.values import Answer
from ntm_gis.results import Evidence, Measure, Words

Row = dict[str, Any]


def work(id_: str, budget: float | None = 100.0, done: float | None = None, **more: Any) -> Row:
    return {"work_id": id_, "name": f"Công trình {id_}", "category": "x",
            "budget_million_vnd": budget, "physical_percent": done, **more}  # fmt: skip


def payment(id_: str, work_id: str | None, million: float | None, **more: Any) -> Row:
    return {"payment_id": id_, "fund_id": "A", "work_id": work_id, "million_vnd": million,
            "paid_on": "2025-05-01", **more}  # fmt: skip


def fund(id_: str, million: float | None, parent: str | None = None, **more: Any) -> Row:
    return {"fund_id": id_, "name": id_, "million_vnd": million, "parent_id": parent, **more}


def asked(measures: tuple[Measure, ...] = (), **rows: Any) -> Answer:
    found = b.ask(money, measures=measures, **rows)
    b.check_evidence(found)
    return found


def bounds(answer: Answer, name: str) -> tuple[float | None, ...]:
    measure = b.by_id(answer)[name]
    return measure.value, measure.low, measure.high


def test_planned_allocated_paid_and_done() -> None:
    found = asked(
        works=[work("W1", 100.0, 20.0), work("W2", 50.0, 90.0), work("W3", None, 10.0)],
        funds=[fund("A", 90.0, work_id="W1"), fund("B", 40.0, "A", work_id="W1"), fund("C", 9.0)],
        payments=[payment("1", "W1", 45.0), payment("2", "W2", 10.0, fund_id="C"),
                  payment("3", "W1", 7.0, paid_on="2026-01-05"), payment("4", None, 99.0),
                  payment("5", "W3", 5.0)],
    )  # fmt: skip
    assert bounds(found, "money.W1.planned_million") == (100.0,) * 3
    # B is a part of A: what is allocated to W1 is A alone.
    assert bounds(found, "money.W1.allocated_million") == (90.0,) * 3
    assert bounds(found, "money.W2.allocated_million") == (0.0,) * 3
    assert bounds(found, "money.W1.paid_million") == (45.0,) * 3
    assert bounds(found, "money.W1.paid_share") == (45.0,) * 3
    assert bounds(found, "money.W3.paid_share") == (None, 0.0, None)
    assert [(f.code, f.feature) for f in found.findings] == [("MONEY_LEADS", "W1")]
    assert "45,0 %" in found.findings[0].message.vi
    frame = found.frames["money_works"].set_index("id")
    assert frame["ahead_points"].loc["W1"] == 25.0
    assert frame["behind_points"].loc["W2"] == 70.0
    assert frame["state"].tolist() == ["money_leads", "work_leads", "unknown"]
    near = asked(works=[work("W1", 100.0, 42.0)], payments=[payment("1", "W1", 45.0)])
    assert near.frames["money_works"]["state"].tolist() == ["in_step"]
    pairs = found.frames["money_by_fund"].set_index("id")["paid_million"].to_dict()
    assert pairs == {"A W1": 45.0, "C W2": 10.0, "A W3": 5.0}
    (row, *_) = found.frames["money_by_fund"].to_dict("records")
    assert (row["planned_million"], row["allocated_million"], row["payments"]) == (100.0, 90.0, 1)


def test_what_may_be_paid_widens_and_never_accuses() -> None:
    found = asked(
        works=[work("W1", 100.0, 20.0)],
        payments=[payment("1", "W1", 25.0), payment("2", "W1", 50.0, paid_on=None),
                  payment("3", "missing", 5.0)],
    )  # fmt: skip
    assert bounds(found, "money.W1.paid_million") == (25.0, 25.0, 80.0)
    assert bounds(found, "money.W1.paid_share") == (25.0, 25.0, 80.0)
    assert not found.findings  # 25 may be all, and 5 points ahead are usual


def test_two_lists_with_two_budgets_leave_a_range() -> None:
    found = asked(
        works=[work("W1", 100.0, 50.0)],
        road_works=[{"work_id": "W1", "road_id": "D1", "planned_length_m": 2000.0, "budget_million_vnd": 80.0},
                    {"work_id": "W2", "road_id": "D1", "planned_length_m": None, "budget_million_vnd": 80.0}],
        payments=[payment("1", "W1", 40.0)],
    )  # fmt: skip
    assert bounds(found, "money.W1.planned_million") == (100.0, 80.0, 100.0)
    assert bounds(found, "money.W1.paid_share") == (40.0, 40.0, 50.0)
    assert bounds(found, "money.W1.planned_million_per_km") == (50.0, 40.0, 50.0)
    assert bounds(found, "money.W2.planned_million_per_km") == (None, 0.0, None)
    assert b.codes(found) == ["WORK_BUDGETS_DIFFER"]


def test_road_works_stand_by_the_length_poured() -> None:
    rows: dict[str, Any] = {
        "roads": [{"road_id": "D1", "road_class": "village", "geometry": b.line((0, 0), (1000, 0))}],
        "road_works": [{"work_id": "W", "road_id": "D1", "planned_length_m": 1000.0,
                        "from_m": 0.0, "to_m": 1000.0, "budget_million_vnd": 100.0}],
        "road_reports": [{"report_id": "1", "work_id": "W", "from_m": 0.0, "to_m": 300.0,
                          "stage": "poured", "reported_on": "2025-03-01", "width_m": 3.0}],
        "payments": [payment("1", "W", 55.0)],
    }  # fmt: skip
    found = asked(b.ask(progress, **rows).measures, **rows)
    (row,) = found.frames["money_works"].to_dict("records")
    assert (row["done_low"], row["done_high"], row["ahead_points"]) == (30.0, 30.0, 25.0)
    assert b.codes(found) == ["MONEY_LEADS"]
    paid = b.by_id(b.ask(progress, **rows))["progress.W.paid_million"]
    assert (paid.value, paid.low, paid.high) == bounds(found, "money.W.paid_million")


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ({"works": [work("W")], "payments": [payment("1", "W", 101.0)]}, ["WORK_OVERPAID"]),
        ({"works": [work("W")], "funds": [fund("A", 70.0, work_id="W", programme="P"), fund("B", 40.0, work_id="W", programme="Q")]},
         ["WORK_OVERFUNDED", "WORK_OF_SEVERAL_FUNDS"]),
        ({"works": [work("W")], "funds": [fund("A", 60.0, work_id="W"), fund("B", 40.0, work_id="W")]},
         ["WORK_OF_SEVERAL_FUNDS"]),
        ({"works": [work("W")], "payments": [payment("1", "W", 5.0), payment("2", "W", 5.0, fund_id="B")]},
         ["PAYMENT_OF_TWO_FUNDS"]),
        ({"works": [work("W")], "payments": [payment("1", "W", 5.0, document="UNC 01"), payment("2", "W", 5.0, document="unc 01", paid_on="2025-06-01")]},
         ["PAYMENT_ALIKE"]),
        ({"works": [work("W")], "payments": [payment("1", "W", 5.0, document="UNC 01"), payment("2", "W", 5.0, document="UNC 02")]}, []),
        ({"works": [work("W", name="Kênh Nà A"), work("V", name="kênh nà a")],
          "payments": [payment("1", "W", 5.0), payment("2", "V", 6.0)]}, ["WORK_FUNDED_TWICE"]),
        ({"works": [work("W", name="Kênh Nà A"), work("V", name="kênh nà a")],
          "payments": [payment("1", "W", 5.0)]}, []),
        ({"works": [work("W", name="Bê tông hóa đường Xóm Mới đi Đông Lâm"), work("V", name="Đường bê tông Đông Lâm – Xóm Mới")],
          "payments": [payment("1", "W", 5.0), payment("2", "V", 6.0)]}, ["WORK_FUNDED_TWICE"]),
        ({"works": [work("W", name="Đường bê tông Xóm Mới, đoạn 1"), work("V", name="Đường bê tông Xóm Mới, đoạn 2")],
          "payments": [payment("1", "W", 5.0), payment("2", "V", 6.0)]}, []),
        ({"works": [work("W", layer="irrigation", feature_id="K1")],
          "candidates": [{"candidate_id": "X", "name": "Sửa", "cost_million_vnd": 1.0, "layer": "irrigation", "feature_id": "K1"}]},
         ["CANDIDATE_IN_WORKS"]),
        ({"road_works": [{"work_id": "W", "road_id": "D", "planned_length_m": 100.0, "from_m": 0.0, "to_m": 100.0}],
          "candidates": [{"candidate_id": "X", "name": "a", "cost_million_vnd": 1.0, "layer": "roads", "feature_id": "D", "from_m": 100.0, "to_m": 200.0},
                         {"candidate_id": "Y", "name": "b", "cost_million_vnd": 1.0, "layer": "roads", "feature_id": "D", "from_m": 99.0, "to_m": 200.0}]},
         ["CANDIDATE_IN_WORKS"]),
    ],
    ids=["paid over plan", "allocated over plan", "two parts of one plan", "one bill, two funds",
         "one bill twice", "two bills", "one work, two ids", "one of them without money",
         "one work, two wordings", "two stretches",
         "proposed though planned", "the stretch after"],
)  # fmt: skip
def test_money_that_contradicts(rows: dict[str, Any], codes: list[str]) -> None:
    assert b.codes(asked(**rows)) == codes


def costs(*per: float) -> dict[str, Any]:
    return {
        "road_works": [
            {"work_id": f"W{k}", "road_id": f"D{k}", "planned_length_m": 2000.0, "budget_million_vnd": 2 * x}
            for k, x in enumerate(per)
        ]
    }  # fmt: skip


@pytest.mark.parametrize(
    ("per", "states"),
    [
        ((100.0, 110.0, 120.0, 500.0), ["within", "within", "within", "above"]),
        ((100.0, 110.0, 120.0, 60.0), ["within", "within", "within", "below"]),
        ((100.0, 110.0, 120.0, 170.0), ["within"] * 4),
        ((100.0, 110.0, 900.0), ["few"] * 3),
    ],
    ids=["one far above", "one far below", "dear, not far", "too few others"],
)  # fmt: skip
def test_unit_costs_against_the_others(per: tuple[float, ...], states: list[str]) -> None:
    found = asked(**costs(*per))
    frame = found.frames["unit_costs"]
    assert frame["state"].tolist() == states
    assert frame["million_per_unit"].tolist() == pytest.approx(per)
    assert [f.code for f in found.findings] == [
        f"UNIT_COST_{s.upper()}" for s in states if s in ("above", "below")
    ]


def test_sizes_are_those_of_lines_and_floors() -> None:
    found = asked(
        irrigation=[{"irrigation_id": "K1", "kind": "canal", "geometry": b.line((0, 0), (500, 0))},
                    {"irrigation_id": "K2", "kind": "canal", "declared_length_m": 250.0}],
        cultural_houses=[{"house_id": "N", "floor_m2": 100.0}],
        schools=[{"campus_id": "S", "floor_m2": 100.0}],
        works=[work("A", 50.0, layer="irrigation", feature_id="K1"),
               work("B", 50.0, layer="irrigation", feature_id="K2"),
               work("C", 50.0, layer="cultural_houses", feature_id="N"),
               work("D", 50.0, layer="schools", feature_id="S"),
               work("E", 50.0, layer="roads", feature_id="D9")],
    )  # fmt: skip
    frame = found.frames["unit_costs"]
    assert frame[["id", "unit", "million_per_unit"]].to_numpy().tolist() == [
        ["A", "km", 100.0], ["B", "km", 200.0], ["C", "m²", 0.5]
    ]  # fmt: skip


def reached(id_: str, low: float, high: float) -> Measure:
    return Measure(
        f"target.{id_}.achieved_share",
        Words("x", "y"),
        "%",
        low,
        low,
        high,
        Evidence(Words("x", "y")),
    )


def test_targets_with_the_time_left() -> None:
    def row(id_: str, due: str | None) -> Row:
        return {"target_id": id_, "name": id_, "measure": "m", "direction": "at_least",
                "value": 5.0, "unit": "km", "due_on": due}  # fmt: skip

    rows = [row("A", "2025-12-01"), row("B", "2025-12-30"), row("C", "2025-12-31"),
            row("D", "2026-01-30"), row("E", None), row("F", "2025-06-30"), row("G", "2025-06-30")]  # fmt: skip
    shares = (reached("A", 100.0, 100.0), reached("B", 40.0, 60.0), reached("C", 40.0, 60.0),
              reached("D", 40.0, 60.0), reached("E", 40.0, 60.0), reached("F", 40.0, 100.0))  # fmt: skip
    found = asked(shares, targets=rows)
    frame = found.frames["target_progress"].set_index("id")
    assert frame["state"].tolist() == [
        "reached", "missed", "due", "under_way", "under_way", "late_unknown", "late_unknown"
    ]  # fmt: skip
    assert frame["days_left"].tolist()[:4] == [-30, -1, 0, 30]
    assert [(f.code, f.feature) for f in found.findings] == [
        ("TARGET_MISSED", "B"), ("TARGET_LATE_UNKNOWN", "F")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"direction": "at_least", "value": 0.0}, "reached"),
        ({"direction": "at_most", "value": 12.0, "baseline": 12.0}, "reached"),
        ({"direction": "at_most", "value": 12.0}, "reached"),
        ({"direction": "at_most", "value": 7.0}, "due"),
        ({"direction": "at_most", "value": 7.0, "due_on": "2025-06-30"}, "missed"),
        ({"direction": None, "value": 7.0}, "unknown"),
        ({"direction": "at_least", "value": 7.0, "unit": "%"}, "unknown"),
    ],
    ids=["of nothing", "baseline within", "no baseline", "not yet", "past", "no way", "unit"],
)
def test_a_target_without_a_share_is_still_met_or_not(fields: dict[str, Any], state: str) -> None:
    row = {"target_id": "T", "name": "T", "measure": "funds.total", "unit": "triệu đồng",
           "due_on": "2025-12-31", **fields}  # fmt: skip
    measures = b.ask(funds, funds=[fund("A", 10.0)]).measures
    shares = b.ask(targets, measures=measures, targets=[row]).measures
    found = asked((*measures, *shares), funds=[fund("A", 10.0)], targets=[row])
    (told,) = found.frames["target_progress"].to_dict("records")
    assert (told["state"], math.isnan(told["share"])) == (state, True)
    # What is measured in another unit is not shown beside the target.
    assert math.isnan(told["value"]) == (fields.get("unit") == "%")


def test_the_tree_stands_in_its_order_with_sums_by_source() -> None:
    rows = [fund("B", 4.0, "A", source="central"), fund("A", 10.0), fund("C", 7.0, "A", source="commune"),
            fund("X", 1.0, "X"), fund("D", 4.0, "B", source="central")]  # fmt: skip
    found = asked(b.ask(funds, funds=rows).measures, funds=rows)
    frame = found.frames["funds_tree"]
    assert frame["id"].tolist() == ["A", "B", "D", "C", "X"]
    assert frame["depth"].tolist() == [0, 1, 2, 1, 0]
    assert frame["state"].tolist() == ["open", "closes", "single", "single", "circle"]
    groups = found.frames["funds_groups"].set_index("id")["declared_million"]
    assert groups.loc["source central"] == 4.0
    assert groups.loc["source commune"] == 7.0


def test_without_lists_there_are_no_rows_and_no_findings() -> None:
    found = b.ask(money)
    assert not found.measures
    assert not found.findings
    assert all(frame.empty for frame in found.frames.values())


amounts = st.one_of(st.none(), st.integers(0, 200).map(float))


@settings(max_examples=settings.default.max_examples // 2)
@given(
    st.lists(st.tuples(amounts, st.one_of(st.none(), st.integers(0, 100).map(float))), min_size=1, max_size=4),
    st.lists(st.tuples(st.sampled_from(["W0", "W1", "W9", None]), amounts,
                       st.sampled_from(["2025-05-01", "2026-05-01", None])), max_size=6),
    st.randoms(use_true_random=False),
)  # fmt: skip
def test_the_order_of_rows_changes_nothing_and_bounds_hold_the_truth(
    planned: list[Any], paid: list[Any], chance: Any
) -> None:
    works = [work(f"W{k}", budget, done) for k, (budget, done) in enumerate(planned)]
    bills = [payment(f"P{k}", w, million, paid_on=day) for k, (w, million, day) in enumerate(paid)]
    found = asked(works=works, payments=bills)
    other = asked(works=chance.sample(works, len(works)), payments=chance.sample(bills, len(bills)))
    for measure in found.measures:
        again = b.by_id(other)[measure.id]
        assert (measure.value, measure.low, measure.high) == (again.value, again.low, again.high)
    # Everything unknown falls due for the first work: its bounds hold that.
    whole = sum(
        m or 0.0 for w, m, day in paid if w is not None and day != "2026-05-01"
        and (w == "W0" or w not in {x["work_id"] for x in works})
    )  # fmt: skip
    most = b.by_id(found)["money.W0.paid_million"]
    if bills:
        assert most.high is None or most.high >= whole - 1e-9


def test_targets_read_the_shares_that_the_targets_analysis_gives() -> None:
    rows = [{"target_id": "T", "name": "T", "measure": "funds.total", "direction": "at_least",
             "value": 20.0, "unit": "triệu đồng", "due_on": "2025-06-30"}]  # fmt: skip
    given_ = b.ask(funds, funds=[fund("A", 10.0)]).measures
    shares = b.ask(targets, measures=given_, targets=rows).measures
    found = asked((*given_, *shares), funds=[fund("A", 10.0)], targets=rows)
    (row,) = found.frames["target_progress"].to_dict("records")
    assert (row["value"], row["share"], row["state"]) == (10.0, 50.0, "missed")
    assert row["due_on"].date() == dt.date(2025, 6, 30)
