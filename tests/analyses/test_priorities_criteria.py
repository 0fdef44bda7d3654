"""Goals made of the scorecard say what the scorecard says."""

from __future__ import annotations

import datetime as dt
from functools import cache

import pytest

from ntm_gis import pipeline, shipped
from ntm_gis.analyses.goals import MORE_UNKNOWN, Goals
from ntm_gis.analyses.priorities.criteria import goals_of
from ntm_gis.analyses.priorities.values import Problem
from ntm_gis.analyses.question import Question
from ntm_gis.pipeline import Review
from ntm_gis.results import Verdict

DAYS = (dt.date(2025, 9, 30), dt.date(2025, 12, 31))


@cache
def reviewed(day: dt.date) -> Review:
    return pipeline.review(shipped.path("data", "sample"), as_of=day)


def goals(day: dt.date) -> Goals:
    review = reviewed(day)
    return goals_of(Question(review.layers, review.decisions, review.answer.measures))


@pytest.mark.parametrize(("day", "met"), [(DAYS[0], 12), (DAYS[1], 13)])
def test_criteria_met_without_any_work_are_those_of_the_scorecard(day: dt.date, met: int) -> None:
    verdicts = {m.id: m.judged.verdict for m in reviewed(day).answer.measures if m.judged}
    found = Problem((), (), goals(day)).gain(()).criteria
    assert {f"criterion.{code}" for code in found} == {
        id_ for id_, verdict in verdicts.items()
        if id_.startswith("criterion.") and id_.count(".") == 1 and verdict == Verdict.MET
    }  # fmt: skip
    assert len(found) == met


@pytest.mark.parametrize("day", DAYS)
def test_each_goal_stands_as_its_indicator_does(day: dt.date) -> None:
    by_id = {m.id: m for m in reviewed(day).answer.measures}
    some = set()
    for goal in goals(day).goals:
        judged = by_id[f"indicator.{goal.indicator}"].judged
        assert judged is not None
        expected = Verdict.UNDETERMINED
        if goal.reached(goal.margin):
            expected = Verdict.MET
        elif not goal.reached(goal.best):
            expected = Verdict.NOT_MET
        assert judged.verdict == expected, goal.indicator
        some.add(expected)
    assert some >= {Verdict.MET, Verdict.NOT_MET}


@pytest.mark.parametrize("day", DAYS)
def test_what_somebody_assessed_for_the_province_makes_nothing_official(day: dt.date) -> None:
    by_id = {m.id: m for m in reviewed(day).answer.measures}
    found = goals(day)
    moved = {goal.indicator for goal in found.goals}
    stand = {aim.criterion: [by_id[f"indicator.{c}"].judged for c in aim.met - moved]
             for aim in found.aims}  # fmt: skip
    for aim in found.aims:
        judged = [one for one in stand[aim.criterion] if one and one.verdict == Verdict.MET]
        assert aim.official == all(one.official for one in judged), aim.criterion
    assert not all(aim.official for aim in found.aims)
    choices = reviewed(day).answer.frames["priority_choices"]
    assert set(choices["official"]) <= {"no"}


def test_shares_are_made_of_the_pieces_that_nobody_knows() -> None:
    by_code = {goal.indicator: goal for goal in goals(DAYS[1]).goals}
    # Fifteen villages have a house, one may, of twenty; two of the open clusters may work.
    assert by_code["6.3"].units[0].ways == ((15.0, 19.0),)
    assert len(by_code["6.3"].units) == 2
    assert len(by_code["8.3"].units) == 3


def test_a_set_of_which_not_all_is_known_is_never_met() -> None:
    review = reviewed(DAYS[1])
    identity = review.layers.commune.commune.model_copy(update={"criteria_set": "vn-2026-2030"})
    commune = review.layers.commune.model_copy(update={"commune": identity})
    layers = type(review.layers)(commune, review.layers.by_name)
    found = goals_of(Question(layers, review.decisions, review.answer.measures))
    assert len(found.aims) == 10
    assert all(MORE_UNKNOWN in aim.indicators for aim in found.aims)
    assert Problem((), (), found).gain(()).criteria == ()


def test_without_a_set_there_are_no_goals() -> None:
    review = reviewed(DAYS[1])
    identity = review.layers.commune.commune.model_copy(update={"criteria_set": None})
    commune = review.layers.commune.model_copy(update={"commune": identity})
    assert goals_of(Question(type(review.layers)(commune, review.layers.by_name))) == Goals()
