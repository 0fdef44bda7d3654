"""Works named for what the set and the funds have or lack, and indicators made of parts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import build as b
import pytest

from ntm_gis.analyses.criteria import analysis as criteria
from ntm_gis.analyses.funds import analysis as funds
from ntm_gis.analyses.priorities import analysis as priorities
from ntm_gis.analyses.question import Question
from ntm_gis.layers.values import Answer

DAY = dt.date(2025, 12, 31)


def candidate(id_: str, indicator: str, **more: Any) -> dict[str, Any]:
    return {
        "candidate_id": id_, "name": f"Việc {id_}", "cost_million_vnd": 10.0,
        "indicator": indicator, "adds_numerator": 1.0, "households": 5, **more,
    }  # fmt: skip


def figure(code: str, **values: Any) -> dict[str, Any]:
    return {"indicator": code, "as_of": DAY, "document": "88/BC", **values}


def proposed(works: list[dict[str, Any]], *figures: dict[str, Any], **more: Any) -> Answer:
    layers = b.layers(
        b.commune(criteria_set="vn-2021-2025"), candidates=works, figures=list(figures), **more
    )
    question = Question(layers)
    for module in (criteria, funds):
        found = module.answer(question)
        question = Question(layers, question.decisions, question.measures + found.measures)
    return priorities.propose(question, 100.0)


def criteria_met(answer: Answer) -> list[float]:
    frame = answer.frames["priority_choices"].set_index("id")
    return frame.loc[["now", "chosen"], "criteria"].tolist()


@pytest.mark.parametrize(
    "assessed",
    [[("7", False)], [("7.a", False), ("7.b", False)], []],
    ids=["as a whole", "part by part", "nobody knows"],
)
def test_a_market_makes_up_for_what_the_commune_lacks(assessed: list[tuple[str, bool]]) -> None:
    figures = [figure(code, passed=passed) for code, passed in assessed]
    answer = proposed([candidate("C", "7")], *figures)
    assert criteria_met(answer) == [0.0, 1.0]
    # Where there is a market already nothing is gained by another.
    there = proposed([candidate("C", "7")], figure("7.a", passed=True))
    assert criteria_met(there) == [1.0, 1.0]


def test_an_indicator_that_the_set_lacks_is_named() -> None:
    answer = proposed([candidate("C", "88.8"), candidate("D", "2.4"), candidate("E", "7.a")])
    said = [f for f in answer.findings if f.code == "CANDIDATE_LINE_UNKNOWN"]
    assert [(f.feature, f.value) for f in said] == [("C", "88.8")]


def test_a_fund_that_no_list_has_is_named() -> None:
    listed = [{"fund_id": "N1", "name": "Vốn", "million_vnd": 50.0}]
    works = [candidate("C", "7", fund_id="QQ"), candidate("D", "7", fund_id="N1")]
    said = [f for f in proposed(works, funds=listed).findings if f.code == "CANDIDATE_WITHOUT_FUND"]
    assert [(f.feature, f.value) for f in said] == [("C", "QQ")]
    # Without any list of funds there is nothing to look it up in.
    assert not [f for f in proposed(works).findings if f.code == "CANDIDATE_WITHOUT_FUND"]


def test_a_work_whose_worth_nobody_can_tell_is_no_work_that_is_not_there() -> None:
    answer = proposed([candidate("C", "14.2")], figure("14.2", value=69.0))
    lacking = answer.frames["priority_missing"].set_index("id").loc["14", "reasons_vi"]
    assert "Chỉ tiêu 14.2: danh mục có C" in lacking
    assert "Chỉ tiêu 14.1 chưa đạt" in lacking
    counted = proposed([candidate("C", "14.2")], figure("14.2", numerator=69.0, denominator=99.0))
    lacking = counted.frames["priority_missing"].set_index("id").loc["14", "reasons_vi"]
    assert "danh mục có C" not in lacking
