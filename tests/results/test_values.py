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


@pytest.mark.parametrize(
    "parts",
    [
        {"value": 140.0, "low": 100.0, "high": 100.0},
        {"value": 57.0},
        {"value": 65.0},
        {"value": 57.0, "high": None},
        {"value": 65.0, "low": None},
    ],
    ids=["over all there is", "below", "above", "below, no end", "above, no end"],
)
def test_a_measure_refuses_a_value_outside_its_bounds(parts: dict[str, float | None]) -> None:
    with pytest.raises(NotComputable) as refused:
        measure(**parts)
    assert refused.value.code == "VALUE_OUTSIDE_BOUNDS"
    assert refused.value.params["value"] == parts["value"]


def test_the_last_digit_of_a_sum_is_no_fault() -> None:
    total = sum([0.1] * 10) * 1000
    assert total != 1000.0
    assert measure(value=total, low=1000.0, high=1000.0).value == total


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


# Numbers as offices write them: what differs by the last bits of a division is the same.
shown = st.floats(0, 100).map(lambda number: round(number, 6))
bounds = st.tuples(shown, shown).map(sorted)


@given(bounds, shown, st.booleans())
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


PLACE: dict[str, Any] = {
    "file": "a.csv", "table": None, "layer": "roads", "feature": "D1", "field": "surface",
    "title": "x",
}  # fmt: skip


def test_the_key_of_a_finding_does_not_hang_on_its_row() -> None:
    one, other = (Finding.of("VALUE_MISSING", row=row, **PLACE) for row in (3, 9))
    assert one.key == other.key
    assert one.affecting(("a.b",)).key == one.key
    assert one.key.startswith("VALUE_MISSING-")
    assert len(one.key) < 40


@pytest.mark.parametrize("part", ["file", "table", "layer", "feature", "field"])
def test_each_part_of_its_place_makes_the_key_of_a_finding(part: str) -> None:
    other = Finding.of("VALUE_MISSING", **{**PLACE, part: "y"})
    assert other.key != Finding.of("VALUE_MISSING", **PLACE).key
    assert Finding.of("NAME_NOT_NFC", **PLACE).key != Finding.of("VALUE_MISSING", **PLACE).key


def test_parts_of_a_key_do_not_run_into_each_other() -> None:
    one = Finding.of("VALUE_MISSING", **{**PLACE, "layer": "ab", "feature": "c"})
    other = Finding.of("VALUE_MISSING", **{**PLACE, "layer": "a", "feature": "bc"})
    assert one.key != other.key


def test_a_finding_on_a_personal_cell_keeps_it_to_itself() -> None:
    found = Finding.of(
        "TEXT_ODD", field="household", value="Lò Văn A", personal=True, title=Words("Hộ", "Hh"),
        letter="U+043E", position=2, hint=Words(" Có phải 'Lò Văn B'?", " 'Lò Văn B'?"),
    )  # fmt: skip
    assert found.value == ""
    assert "Lò" not in found.message.vi + found.message.en
    assert "'Hộ' ghi '(dữ liệu cá nhân)'" in found.message.vi
    assert "U+043E" in found.message.vi
    blank = Finding.of("VALUE_MISSING", field="household", personal=True, title="x")
    assert blank.value is None


def test_the_gravest_findings_come_first() -> None:
    places = {"file": "a", "row": 1}
    late = Finding("A", Severity.NOTE, Words("", ""), **places)
    early = Finding("Z", Severity.STOP, Words("", ""), **places)
    assert sorted([late, early], key=lambda f: f.order) == [early, late]
