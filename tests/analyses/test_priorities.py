"""From the list of proposed works and the funds to a ranked choice with reasons."""

from __future__ import annotations

import importlib.util
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import build as b
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntm_gis.analyses.funds import analysis as funds
from ntm_gis.analyses.goals import Aim, Goal, Goals
from ntm_gis.analyses.priorities import analysis as priorities
from ntm_gis.analyses.priorities.ranking import frontier, proposal, why, why_not
from ntm_gis.analyses.priorities.reading import Read, read
from ntm_gis.analyses.priorities.reasons import missing
from ntm_gis.analyses.priorities.search import best
from ntm_gis.analyses.priorities.values import Limit, Problem, Work
from ntm_gis.analyses.question import Question
from ntm_gis.layers.values import Answer
from ntm_gis.results import Unit, Words

Row = dict[str, Any]
W = Words("x", "x")

ROADS = Goal("2.2", W, (Unit(((5.0, 10.0),)),), at_least=70.0)
HOUSES = Goal("6.3", W, (Unit(((8.0, 10.0),)), Unit(((0.0, 1.0), (1.0, 1.0)))), at_least=90.0)
GOALS = Goals(
    (ROADS, HOUSES),
    (
        Aim("2", W, ("2.2",)),
        Aim("6", W, ("6.1", "6.3"), met=frozenset({"6.1"})),
        Aim("7", W, ("7",)),
    ),
)


def candidate(id_: str, million: float | None, **more: Any) -> Row:
    return {"candidate_id": id_, "name": f"Việc {id_}", "cost_million_vnd": million, **more}


def fund(id_: str, million: float | None, parent: str | None = None, **more: Any) -> Row:
    return {
        "fund_id": id_,
        "name": f"Vốn {id_}",
        "million_vnd": million,
        "parent_id": parent,
        **more,
    }


def problem(
    rows: list[Row],
    goals: Goals = GOALS,
    budget: float | None = 1000.0,
    capital: Any = None,
    **more: Any,
) -> Read:
    layers = b.layers(candidates=rows, **more)
    measures = funds.answer(Question(layers)).measures
    return read(layers, goals, measures, budget=budget, capital=capital)


def proposed(rows: list[Row], budget: float | None, goals: Goals = GOALS, **more: Any) -> Answer:
    layers = b.layers(candidates=rows, **more)
    measures = funds.answer(Question(layers)).measures
    return priorities.propose(Question(layers, measures=measures), budget, goals=goals)


def test_criteria_come_before_households() -> None:
    rows = [
        candidate("A", 400.0, indicator="2.2", adds_numerator=2.0, households=5),
        candidate("B", 400.0, households=900),
        candidate("C", 400.0, indicator="6.3", adds_numerator=0.5, households=7),
    ]
    made = proposal(problem(rows, budget=650.0).problem)
    # 6.3 wants 9.9 of 11 at the worst: half a house is not enough.
    assert made.chosen == ("A",)
    assert (made.gain.criteria, made.gain.households, made.proven) == (("2",), 5, True)
    assert made.more is not None
    assert (made.more.added, made.more.gain.criteria) == (("B",), ("2",))
    assert [(s.criteria, s.million, s.chosen) for s in made.frontier] == [
        (0, 0.0, ()), (1, 400.0, ("A",))
    ]  # fmt: skip
    first, *others = made.ranked
    assert "tiêu chí 2" in first.reasons[0].vi
    assert "100 %" in first.reasons[1].vi
    assert [one.work.id for one in others] == ["C", "B"]
    assert others[1].forced is not None
    assert others[1].forced.gain is not None
    assert others[1].forced.gain.worth == (0, 900)


def test_why_not_the_other() -> None:
    rows = [
        candidate("A", 100.0, households=50), candidate("B", 100.0, households=40),
        candidate("C", 100.5, households=50), candidate("D", 10.0, requires="Z"),
        candidate("E", 10.0, households=1, excludes="A"), candidate("F", 5000.0, households=1),
    ]  # fmt: skip
    found = problem(rows, budget=100.5).problem
    made = proposal(found)
    assert made.chosen == ("A",)
    reasons = {one.work.id: " ".join(r.vi for r in one.reasons) for one in made.ranked}
    assert "tốt nhất cũng chỉ đạt 0 tiêu chí, 40 hộ" in reasons["B"]
    assert "kết quả không kém" in reasons["C"]
    assert "danh mục đề xuất không có mục này" in reasons["D"]
    assert "Không làm cùng A" in reasons["E"]
    assert "thiếu 4.999,5 triệu đồng" in reasons["F"]
    never = why_not(found, "F")
    assert never.gain is None
    with pytest.raises(KeyError):
        why_not(found, "Z")


def test_funds_bind_what_is_paid_from_them() -> None:
    rows = [candidate("A", 60.0, fund_id="B1", households=60), candidate("C", 60.0, fund_id="B2", households=50),
            candidate("D", 30.0, fund_id="B2", households=10)]  # fmt: skip
    money = [fund("T", 100.0), fund("B1", 70.0, "T"), fund("B2", 60.0, "T")]
    made = proposal(problem(rows, funds=money).problem)
    # T has 100 though its parts say 130.
    assert made.chosen == ("A", "D")
    paid = [{"payment_id": "1", "fund_id": "B2", "million_vnd": 35.0, "paid_on": "2025-05-01"}]
    made = proposal(problem(rows, funds=money, payments=paid).problem)
    assert made.chosen == ("A",)
    assert made.ranked[1].work.id == "C"
    assert "B2" in made.ranked[1].reasons[0].vi + made.ranked[1].reasons[1].vi
    # A payment that may be of any fund is taken off each of them.
    unsure = [{"payment_id": "1", "fund_id": None, "million_vnd": 35.0, "paid_on": "2025-05-01"}]
    assert proposal(problem(rows, funds=money, payments=unsure).problem).chosen == ()


def test_kinds_of_capital_bind_works_of_funds_of_that_kind() -> None:
    rows = [
        candidate("A", 60.0, fund_id="I", households=60),
        candidate("C", 60.0, fund_id="R", households=50),
    ]
    money = [fund("I", 100.0, capital="investment"), fund("R", 100.0, capital="recurrent")]
    found = problem(rows, funds=money, capital={"investment": 50.0})
    made = proposal(found.problem)
    assert made.chosen == ("C",)
    assert "Vốn đầu tư chỉ còn 50 triệu đồng, thiếu 10" in " ".join(
        r.vi for r in made.ranked[1].reasons
    )


def test_money_on_top_is_tied_to_no_fund() -> None:
    rows = [candidate("A", 60.0, fund_id="T", households=60)]
    made = proposal(problem(rows, budget=10.0, funds=[fund("T", 10.0)]).problem)
    assert made.chosen == ()
    assert made.more is not None
    assert made.more.added == ("A",)


def test_what_comes_first_stands_first() -> None:
    rows = [candidate("A", 10.0, households=90, requires="B"), candidate("B", 10.0, households=1),
            candidate("C", 10.0, households=50)]  # fmt: skip
    made = proposal(problem(rows).problem)
    assert made.chosen == ("C", "B", "A")
    assert "Phải làm trước A" in " ".join(r.vi for r in made.ranked[1].reasons)


def test_works_on_one_thing_serve_its_households_once() -> None:
    rows = [
        candidate(k, 10.0, households=n, layer="roads", feature_id="D5")
        for k, n in (("A", 90), ("B", 100))
    ]
    rows.append(candidate("C", 10.0, households=5))
    made = proposal(problem(rows, budget=20.0).problem)
    assert set(made.chosen) == {"B", "C"}
    assert made.gain.households == 105


def test_what_is_missing_is_said() -> None:
    def said(million: float, rows: list[Row], **more: Any) -> dict[str, str]:
        found = problem(rows, budget=million, **more).problem
        lacking = missing(found, frozenset(proposal(found).chosen))
        return {one.criterion: " ".join(r.vi for r in one.reasons) for one in lacking}

    road = candidate("A", 400.0, indicator="2.2", adds_numerator=2.0, fund_id="T")
    half = candidate("B", 100.0, indicator="2.2", adds_numerator=1.0)
    house = candidate("C", 1.0, indicator="6.3", adds_numerator=0.5)
    found = said(300.0, [road, house])
    assert "ít nhất 400 triệu đồng, nhiều hơn kinh phí 100" in found["2"]
    assert "cần thêm 1,90, mọi công trình đề xuất cộng lại chỉ được 0,50" in found["6"]
    assert "chỉ còn cần thêm 0,90" in found["6"]
    assert "7" in found
    assert "không công trình nào" in found["7"]
    assert (
        "cần thêm 2,00, mọi công trình đề xuất cộng lại chỉ được 1,00" in said(300.0, [half])["2"]
    )
    assert "vượt nguồn vốn được phép dùng: T" in said(900.0, [road], funds=[fund("T", 10.0)])["2"]
    # What excludes one another does not add up.
    apart = [{**half, "candidate_id": "X", "excludes": "Y"}, {**half, "candidate_id": "Y"}]
    assert "chỉ được 1,00" in said(900.0, apart)["2"]


def test_bad_input_is_named_and_the_rest_stands() -> None:
    rows = [
        candidate("A", None, households=5), candidate("B", 10.0, households=5, requires="B", excludes="B"),
        candidate("C", 10.0, indicator="2.2", households=5), candidate("D", 10.0, fund_id="U", households=None),
        candidate("E", 10.0, households=5, requires="A"),
    ]  # fmt: skip
    found = problem(rows, funds=[fund("U", None), fund("S", 5.0, "S")])
    assert [(f.code, f.feature) for f in found.findings] == [
        ("CANDIDATE_COST_UNKNOWN", "A"), ("CANDIDATE_SELF", "B"), ("CANDIDATE_SELF", "B"),
        ("CANDIDATE_EFFECT_UNKNOWN", "C"), ("CANDIDATE_FUND_UNKNOWN", "U"),
    ]  # fmt: skip
    assert found.aside == ("A",)
    assert set(proposal(found.problem).chosen) == {"B", "C"}


def test_why_of_one_work_is_what_the_whole_ranking_says_of_it() -> None:
    rows = [
        candidate("A", 400.0, indicator="2.2", adds_numerator=2.0, households=5),
        candidate("B", 400.0, households=900),
        candidate("C", 30.0, indicator="6.3", adds_numerator=0.0, households=7),
        candidate("D", 300.0, indicator="6.3", adds_numerator=0.5, households=1),
    ]
    found = problem(rows, budget=450.0).problem
    for one in proposal(found).ranked:
        reasons, chosen = why(found, one.work.id)
        assert (chosen, reasons) == (one.chosen, one.reasons)
    said = " ".join(line.vi for line in why(found, "C")[0])
    assert "không làm tăng chỉ tiêu 6.3" in said
    with pytest.raises(KeyError):
        why(found, "Z")


def test_works_that_require_what_they_exclude_can_never_be() -> None:
    rows = [candidate("A", 10.0, households=5, requires="B", excludes="B"), candidate("B", 10.0)]
    made = proposal(problem(rows).problem)
    assert made.chosen == ()
    assert "không thể chọn" in " ".join(r.vi for r in made.ranked[0].reasons)


def test_what_the_list_of_works_has_already_is_told_beside_the_reasons() -> None:
    works = [
        {
            "work_id": "CT1",
            "name": "Kênh",
            "category": "x",
            "layer": "irrigation",
            "feature_id": "K",
        }
    ]
    row = candidate("A", 10.0, households=5, layer="irrigation", feature_id="K")
    (said,) = proposed([row], 50.0, works=works).frames["priorities"]["reasons_vi"]
    assert "CT1" in said


def test_a_fund_that_contradicts_itself_is_said_to() -> None:
    money = [fund("T", 5.0), fund("P", 9.0, "T")]
    made = proposal(problem([candidate("A", 7.0, fund_id="P", households=5)], funds=money).problem)
    assert made.chosen == ()
    assert "không khớp với các phần" in " ".join(r.vi for r in made.ranked[0].reasons)


def test_counts_by_thresholds_that_nobody_confirmed_are_not_official() -> None:
    row = candidate("A", 400.0, indicator="2.2", adds_numerator=2.0)
    frame = proposed([row], 500.0).frames["priority_choices"]
    assert frame["official"].tolist() == ["no"] * 3
    sure = Goals(tuple(replace(goal, official=True) for goal in GOALS.goals), GOALS.aims)
    frame = proposed([row], 500.0, sure).frames["priority_choices"]
    assert frame["official"].tolist() == ["yes"] * 3


def test_two_hundred_works_are_chosen_from_to_the_proven_end() -> None:
    place = Path(__file__).parents[2] / "benchmarks" / "priorities.py"
    found = importlib.util.spec_from_file_location("benchmark_priorities", place)
    assert found is not None
    assert found.loader is not None
    benchmark = importlib.util.module_from_spec(found)
    found.loader.exec_module(benchmark)
    big = benchmark.commune(200, 1).with_budget(3900.0)
    begun = time.perf_counter()
    choice = best(big)
    assert time.perf_counter() - begun < 10.0
    assert choice is not None
    assert choice.proven
    assert not big.broken(choice.chosen)


def test_frames_say_it_all_and_are_there_without_works() -> None:
    found = proposed([candidate("A", 400.0, indicator="2.2", adds_numerator=2.0)], 500.0)
    assert found.frames["priorities"]["state"].tolist() == ["chosen"]
    assert found.frames["priority_choices"]["criteria"].tolist() == [0, 1, 1]
    assert found.frames["priority_frontier"]["budget_million"].tolist() == [0.0, 400.0]
    assert found.frames["priority_missing"]["criterion"].tolist() == ["6", "7"]
    for rows, budget in (([], 500.0), ([candidate("A", 1.0)], None)):
        assert all(frame.empty for frame in proposed(rows, budget).frames.values())


def test_the_budget_of_a_run_is_what_is_left_of_all_funds() -> None:
    layers = b.layers(
        b.commune(criteria_set=None),
        candidates=[candidate("A", 60.0, households=9), candidate("B", 50.0, households=8)],
        funds=[fund("T", 100.0)],
        payments=[
            {"payment_id": "1", "fund_id": "T", "million_vnd": 45.0, "paid_on": "2025-05-01"}
        ],
    )
    found = priorities.answer(Question(layers, measures=funds.answer(Question(layers)).measures))
    assert found.frames["priority_choices"]["budget_million"].tolist()[1] == 55.0
    assert found.frames["priorities"]["id"].tolist() == ["B", "A"]


@settings(max_examples=settings.default.max_examples // 3)
@given(
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 4), st.integers(0, 50)), max_size=6),
    st.integers(0, 200),
    st.randoms(use_true_random=False),
)
def test_the_answer_does_not_hang_on_the_order_of_rows(
    works: list[tuple[int, int, int]], budget: int, chance: Any
) -> None:
    rows = [
        candidate(f"W{k}", float(c), indicator="2.2", adds_numerator=float(n), households=h)
        for k, (c, n, h) in enumerate(works)
    ]
    one = proposed(rows, float(budget)).frames
    other = proposed(chance.sample(rows, len(rows)), float(budget)).frames
    for name, frame in one.items():
        assert frame.drop(columns="geometry").equals(other[name].drop(columns="geometry")), name


def test_the_frontier_grows_in_both() -> None:
    goals = Goals(
        tuple(Goal(str(k), W, (Unit(((0.0, 1.0),)),), at_least=100.0) for k in range(5)),
        tuple(Aim(str(k), W, (str(k),)) for k in range(5)),
    )
    works = tuple(Work(f"W{k}", "x", 10 * (k + 1), effects=((k, 100.0),)) for k in range(5))
    steps = frontier(Problem(works, (Limit("fund", "F", "F", frozenset({"W4"}), 20),), goals))
    assert [(s.criteria, s.thousand) for s in steps] == [
        (0, 0),
        (1, 10),
        (2, 30),
        (3, 60),
        (4, 100),
    ]
