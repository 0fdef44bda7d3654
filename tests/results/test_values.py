"""Measures refuse what is no number; findings speak and stand in order."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis.errors import NotComputable
from ntm_gis.results import Evidence, Finding, Measure, Severity, Threshold, Verdict, Words, judge

NOTHING = Evidence(Words("", ""))


def measure(**changes: Any) -> Measure:
    parts: dict[str, Any] = {"value": 60.0, "low": 58.0, "high": 64.0, **changes}
    return Measure("x.y", Words("x", "x"), "%", evidence=NOTHING, **parts)


@pytest.mark.parametrize("part", ["value", "low", "high", "numerator", "denominator"])
@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_measure_refuses_what_is_no_number(part: str, number: float) -> None:
    with pytest.raises(NotComputable) as refused:
        measure(**{part: number})
    assert refused.value.params == {"measure": "x.y", "part": part}
    assert isinstance(refused.value, ArithmeticError)


def test_a_measure_refuses_crossed_bounds() -> None:
    with pytest.raises(NotComputable):
        measure(low=2.0, high=1.0)


def test_bounds_may_have_no_end() -> None:
    assert measure(high=None).report_value == 58.0
    assert measure(low=None, more_is_better=False).report_value == 64.0


def test_what_is_confirmed_is_the_worse_end() -> None:
    assert measure().report_value == 58.0
    assert measure(more_is_better=False).report_value == 64.0


def test_certain_means_nothing_is_unknown() -> None:
    assert measure(low=60.0, high=60.0).certain
    assert not measure().certain
    assert not measure(value=None, low=None, high=None).certain


bounds = st.tuples(st.floats(0, 100), st.floats(0, 100)).map(sorted)


@given(bounds, st.floats(0, 100), st.booleans())
def test_a_verdict_holds_for_every_value_between_the_bounds(
    edges: list[float], limit: float, at_least: bool
) -> None:
    low, high = edges
    threshold = Threshold("–", "unverified", **{"at_least" if at_least else "at_most": limit})
    verdict = judge(measure(value=low, low=low, high=high), threshold)
    met = [value >= limit if at_least else value <= limit for value in (low, high)]
    if all(met):
        assert verdict is Verdict.MET
    elif not any(met):
        assert verdict is Verdict.NOT_MET
    else:
        assert verdict is Verdict.UNDETERMINED


def test_without_threshold_there_is_no_verdict_to_give() -> None:
    assert judge(measure(), None) is Verdict.NO_THRESHOLD


@pytest.mark.parametrize("threshold", [{"at_least": 10.0}, {"at_most": 10.0}])
def test_bounds_without_end_decide_nothing_they_do_not_hold(threshold: dict[str, float]) -> None:
    limit = Threshold("–", "unverified", **threshold)
    assert judge(measure(value=None, low=None, high=None), limit) is Verdict.UNDETERMINED


def test_a_finding_speaks_two_languages_and_names_its_place() -> None:
    found = Finding.of(
        "ROAD_LENGTH_DIFFERS", file="duong.shp", layer="roads", feature="V1", row=4,
        drawn=2000.0, declared=2500.0, difference=500.0,
    )  # fmt: skip
    assert "2.000 m" in found.message.vi
    assert "2,500 m" in found.message.en
    assert (found.severity, found.row, found.affects) == (Severity.NOTE, 4, ())
    assert found.repair is not None


def test_the_gravest_findings_come_first() -> None:
    places = {"file": "a", "row": 1}
    late = Finding("A", Severity.NOTE, Words("", ""), **places)
    early = Finding("Z", Severity.STOP, Words("", ""), **places)
    assert sorted([late, early], key=lambda f: f.order) == [early, late]
