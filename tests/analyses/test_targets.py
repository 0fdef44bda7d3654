"""Targets against the measures they name."""

from __future__ import annotations

from typing import Any

import build as b
import pytest

from ntm_gis.analyses import targets
from ntm_gis.layers.values import Answer
from ntm_gis.results import Evidence, Measure, Words


def given(id_: str, value: float | None, low: float | None, high: float | None) -> Measure:
    evidence = Evidence(Words("", ""), (), ("sources/x.gpkg",))
    return Measure(id_, Words("Chỉ số", "Measure"), "%", value, low, high, evidence)


def target(**fields: Any) -> dict[str, Any]:
    return {
        "target_id": "MT1", "name": "Mục tiêu", "measure": "a.b", "direction": "at_least",
        "value": 50.0, "unit": "%", **fields,
    }  # fmt: skip


def answered(row: dict[str, Any], *measures: Measure) -> Answer:
    return b.ask(targets, targets=[row], measures=measures)


@pytest.mark.parametrize(
    ("fields", "measure", "expected"),
    [
        ({}, (25.0, 20.0, 30.0), (50.0, 40.0, 60.0)),
        ({}, (75.0, 75.0, 75.0), (150.0, 150.0, 150.0)),
        ({}, (None, 0.0, None), (None, 0.0, None)),
        ({"direction": "at_most", "value": 10.0, "baseline": 20.0}, (15.0, 12.0, 16.0),
         (50.0, 40.0, 80.0)),
        ({"direction": "at_most", "value": 10.0, "baseline": 20.0}, (22.0, 22.0, 22.0),
         (-20.0, -20.0, -20.0)),
        ({"direction": "at_most", "value": 10.0, "baseline": 20.0}, (15.0, 10.0, None),
         (50.0, None, 100.0)),
    ],
    ids=["with bounds", "more than asked", "without end", "brought down half way",
         "gone the wrong way", "brought down, without end"],
)  # fmt: skip
def test_what_is_achieved(
    fields: dict[str, Any],
    measure: tuple[float | None, ...],
    expected: tuple[float | None, ...],
) -> None:
    found = answered(target(**fields), given("a.b", *measure))
    (achieved,) = found.measures
    assert achieved.id == "target.MT1.achieved_share"
    assert (achieved.value, achieved.low, achieved.high) == pytest.approx(expected)
    if achieved.value is None:
        assert (achieved.numerator, achieved.denominator) == (None, None)
    else:
        assert achieved.numerator is not None
        assert achieved.denominator is not None
        assert 100 * achieved.numerator / achieved.denominator == pytest.approx(expected[0])
    b.check_evidence(found)
    assert achieved.evidence.inputs == ("sources/targets.gpkg", "sources/x.gpkg")
    assert not found.findings


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({"direction": "at_most", "value": 10.0}, "TARGET_WITHOUT_BASELINE"),
        ({"direction": "at_most", "value": 10.0, "baseline": 10.0}, "TARGET_BASELINE_WITHIN"),
        ({"direction": "at_most", "value": 10.0, "baseline": 8.0}, "TARGET_BASELINE_WITHIN"),
        ({"value": 0.0}, "TARGET_ZERO"),
        ({"value": None}, "TARGET_INCOMPLETE"),
        ({"direction": None}, "TARGET_INCOMPLETE"),
        ({"measure": "progress.CT01.accepted_km"}, "TARGET_WITHOUT_MEASURE"),
        ({"measure": "a.c"}, "TARGET_WITHOUT_MEASURE"),
        ({"measure": None}, "TARGET_WITHOUT_MEASURE"),
    ],
)
def test_where_there_is_no_share_a_note_says_why(fields: dict[str, Any], note: str) -> None:
    found = answered(target(**fields), given("a.b", 5.0, 5.0, 5.0))
    (achieved,) = found.measures
    assert (achieved.value, achieved.low, achieved.high) == (None, None, None)
    assert [n.code for n in achieved.notes] == [note]
    # Nothing of `progress` was worked out: the id may be right.
    unknown = fields.get("measure") == "a.c"
    assert b.codes(found) == (["TARGET_MEASURE_UNKNOWN"] if unknown else [])


@pytest.mark.parametrize(
    ("unit", "codes"),
    [("%", []), ("phần trăm", []), ("ha", ["TARGET_UNIT_DIFFERS"]), ("điểm", []), (None, [])],
    ids=["the same", "the same in words", "another", "one not known", "none"],
)
def test_a_unit_that_is_surely_another_is_found(unit: str | None, codes: list[str]) -> None:
    found = answered(target(unit=unit), given("a.b", 5.0, 5.0, 5.0))
    assert b.codes(found) == codes
    assert all(f.affects == ("target.MT1.achieved_share",) for f in found.findings)
    # Hectares of a share of per cent would be a number without meaning.
    assert (found.measures[0].value is None) == bool(codes)


def test_notes_of_the_measure_go_with_the_target() -> None:
    from ntm_gis.results import Note

    evidence = Evidence(Words("", ""))
    note = Note("X", Words("x", "x"))
    measure = Measure("a.b", Words("", ""), "%", 5.0, 5.0, 5.0, evidence, notes=(note,))
    (achieved,) = answered(target(), measure).measures
    assert achieved.notes == (note,)
