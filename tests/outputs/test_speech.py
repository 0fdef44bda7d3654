"""What is said of measures: bounds that hold at the digits shown, causes, fractions, marks."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ntm_gis.layers.values import Answer
from ntm_gis.outputs.speech import Speech, provisional
from ntm_gis.results import (
    Contribution,
    Evidence,
    Finding,
    Measure,
    Note,
    Severity,
    Words,
    shown,
)

NOTHING = Evidence(Words("cách tính", "method"))


def measure(name, unit="%", value=None, low=None, high=None, parts=(), **more):
    evidence = replace(NOTHING, features=tuple(parts))
    return Measure(name, Words(name, name), unit, value, low, high, evidence, **more)


def finding(code, layer, feature, field=None, *affects, severity=Severity.WARNING):
    return Finding(
        code, severity, Words(code, code), layer=layer, feature=feature, field=field,
        affects=affects,
    )  # fmt: skip


def plain(text):
    return text.replace("\u00a0", " ")


@given(
    st.floats(0, 1e6), st.floats(0, 1e6), st.sampled_from(["%", "km", "ha", "people"]),
)  # fmt: skip
def test_shown_bounds_never_promise_more_than_the_bounds(one, other, unit):
    low, high = min(one, other), max(one, other)
    found = measure("x", unit, None, low, high)
    shown_low, shown_high = shown.edges(found)
    slack = 1e-9 * max(1.0, high)
    assert shown_low <= low + slack
    assert shown_high >= high - slack
    step = 10.0 ** -shown.places(found)
    assert low - shown_low < step + slack
    assert shown_high - high < step + slack


def test_a_certain_number_stays_one_number():
    found = measure("x", "%", 66.6666, 66.6666, 66.6666)
    assert shown.edges(found) == (66.7, 66.7)
    assert shown.bounds(found, "vi") == ""
    assert shown.report_edge(found) == 66.7


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(69.96, 80.01, "69,9–80,1"), (0.1 + 0.2, 1.0, "0,3–1,0"), (5.0, None, "≥ 5,0")],
    ids=["away from each other", "a sum missed by its last bits", "no end"],
)
def test_bounds_are_rounded_outward(low, high, words):
    assert shown.bounds(measure("x", "%", None, low, high), "vi") == words


def test_each_cause_is_counted_for_itself():
    name = "roads.hardened_share.village"
    parts = [Contribution("roads", f"D{i}", 0.0, unknown=True, weight=1.5) for i in range(4)]
    found = measure(name, "%", 57.5, 50.1, 63.2, parts, numerator=20.19, denominator=35.09)
    told = [
        *(finding("ROAD_SURFACE_UNKNOWN", "roads", f"D{i}", "surface", name) for i in range(3)),
        finding("ROAD_SUSPECTED_DOUBLE", "roads", "D3", None, name),
        finding("ROAD_LENGTH_DIFFERS", "roads", "D9", None, name),
    ]
    speech = Speech(Answer((found,), tuple(told)), "vi")
    assert speech.reason(found) == ("3 đoạn đường chưa rõ mặt đường, 1 đoạn đường có thể vẽ trùng")
    # What may be drawn twice is no length that nobody knows.
    assert plain(speech.fraction(found)) == "20,19 trên 35,09 km đã rõ; chưa rõ 4,50 km"


def test_one_blank_campus_is_one_whatever_its_school_draws_in():
    name = "schools.facility_level_1_share"
    parts = [Contribution("schools", f"T{i}", 0.0, unknown=True, weight=1 / 3) for i in range(3)]
    found = measure(name, "%", 57.1, 50.0, 62.5, parts, numerator=4.0, denominator=7.0)
    told = finding("FACILITY_LEVEL_UNKNOWN", "schools", "T2", "facility_level", name)
    speech = Speech(Answer((found,), (told,)), "vi")
    assert speech.reason(found) == "1 điểm trường chưa ghi mức độ cơ sở vật chất"
    assert plain(speech.fraction(found)) == "4 trên 7 trường đã rõ; 1 trường chưa rõ"


def test_without_a_finding_the_family_of_the_measure_says_why():
    parts = [Contribution("roads", "D1", 0.0, unknown=True)]
    found = measure("roads.paved_share.village", "%", 50.0, 40.0, 60.0, parts)
    speech = Speech(Answer((found,)), "vi")
    assert speech.reason(found).startswith("1 đoạn đường chưa rõ mặt đường")


def test_provisional_follows_from_grave_findings_to_targets(answer, layers):
    told = finding("X", "funds", "NV01", None, "funds.total", severity=Severity.BLOCK)
    money = measure("funds.total", "million đồng", 3900.0, 3900.0, 3900.0)
    assert provisional(Answer((money,), (told,))) == {"funds.total"}
    assert provisional(Answer((money,), (replace(told, severity=Severity.NOTE),))) == frozenset()
    assert provisional(answer, layers) >= provisional(answer)


def test_a_class_that_the_commune_lacks_does_not_apply():
    share = measure("roads.paved_share.provincial", "%", None, 0.0, 100.0)
    none = measure("roads.length_km.provincial", "km", 0.0, 0.0, 0.0)
    some = measure("roads.length_km.village", "km", 4.0, 4.0, 4.0)
    speech = Speech(Answer((share, none, some)), "vi")
    assert speech.value(share) == "không áp dụng"
    assert speech.certainty(share) == "xã không có đường tỉnh"
    # Where no road is known at all, or one may be of the class, nothing is said.
    assert Speech(Answer((share, none)), "vi").value(share) == "chưa đủ căn cứ"
    perhaps = replace(none, high=2.0)
    assert Speech(Answer((share, perhaps, some)), "vi").value(share) == "chưa đủ căn cứ"


def test_a_target_that_waits_shows_no_id():
    waits = measure(
        "target.MT1.achieved_share", notes=(Note.of("TARGET_WITHOUT_MEASURE", measure="a.b"),)
    )
    speech = Speech(Answer((waits,)), "vi")
    told = " ".join((speech.value(waits), speech.method(waits), *speech.notes(waits)))
    assert "a.b" not in told
    assert "chưa tính trong bản này" in told
    misspelt = finding("TARGET_MEASURE_UNKNOWN", "targets", "MT1", "measure", waits.id)
    assert not Speech(Answer((waits,), (misspelt,)), "vi").pending(waits)


def test_shares_of_nothing_are_finite():
    assert not math.isnan(shown.edges(measure("x", "%", None, 0.0, 100.0))[1])
