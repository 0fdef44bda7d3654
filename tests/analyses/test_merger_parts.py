"""Former communes that came in part, and who they are by the act."""

from __future__ import annotations

import datetime as dt

import build as b
import pytest
from mergers import FORMERS, asked, commune, figure, notes, numbers, split, village

from ntm_gis.analyses.merger import findings as merger_findings
from ntm_gis.analyses.merger.formers import ELSEWHERE, Former, carriage, carried, formers_of
from ntm_gis.rules.commune import Predecessor


def test_a_part_brings_its_share_of_the_people_and_an_unknown_part_of_the_rest():
    here = commune()
    formers = formers_of(here, split(0.25))
    assert [(f.id, f.low, f.high) for f in formers] == [("F1", 1.0, 1.0), ("F2", 0.25, 0.25)]
    amounts = {"F1": (100.0, 100.0), "F2": (200.0, 200.0)}
    people = carriage(here, formers, by_people=True)
    assert carried(people, amounts, here) == (150.0, 150.0)
    assert carried(carriage(here, formers, by_people=False), amounts, here) == (100.0, 300.0)
    open_end = {"F1": (100.0, None), "F2": (200.0, 200.0)}
    assert carried(people, open_end, here) == (150.0, None)
    everything = people.carried({"F1": 100.0, "F2": 200.0}, dt.date(2025, 7, 1))
    assert everything == {"03601": (150.0, 150.0), ELSEWHERE: (150.0, 150.0)}


def test_a_part_widens_sum_and_ratio(monkeypatch):
    monkeypatch.setattr("ntm_gis.analyses.merger.formers.units", lambda: split(None))
    answer = asked(
        figure("jobs", "F1", value=100.0), figure("jobs", "F2", value=40.0),
        figure("11", "F1", numerator=10.0, denominator=100.0),
        figure("11", "F2", numerator=20.0, denominator=100.0),
    )  # fmt: skip
    assert numbers(answer, "merger.jobs.sum") == (100.0, 100.0, 140.0)
    value, low, high = numbers(answer, "merger.11.ratio")
    # The part may bring 80 who do not count and none who do, or 20 who do and no other.
    assert (value, low, high) == pytest.approx((10.0, 100 * 10 / 180, 100 * 30 / 120))
    assert "MERGER_IN_PART" in notes(b.by_id(answer)["merger.jobs.sum"])


def test_of_a_part_the_villages_that_came_are_certain(monkeypatch):
    monkeypatch.setattr("ntm_gis.analyses.merger.formers.units", lambda: split(None))
    villages = [village("A", "F1", households=60), village("B", "F2", households=40)]
    answer = asked(villages=villages)
    assert numbers(answer, "merger.households.sum") == (100.0, 100.0, 100.0)
    # What all of the former commune had is its figure, and is not what came here.
    answer = asked(figure("households", "F2", value=300.0), villages=villages)
    assert numbers(answer, "merger.households.F2") == (300.0, 300.0, 300.0)
    assert numbers(answer, "merger.households.sum") == (100.0, 100.0, 100.0)
    assert not answer.findings


@pytest.mark.parametrize(
    ("formers", "expected"),
    [
        (FORMERS, []),
        (FORMERS[:1], ["MERGER_PREDECESSOR_MISSING"]),
        ((*FORMERS, Predecessor(id="F3", code="03604", name="Thân Thuộc")),
         ["MERGER_PREDECESSOR_OTHER"]),
    ],
    ids=["as the act says", "one is missing", "one too many"],
)  # fmt: skip
def test_former_communes_are_held_against_the_act(formers, expected):
    found = list(merger_findings.of_predecessors(commune(*formers)))
    assert [finding.code for finding in found] == expected
    for finding in found:
        assert "1670/NQ-UBTVQH15" in finding.message.vi
    assert not list(merger_findings.of_predecessors(b.commune()))
    other = commune(*formers, code="99999")
    assert not list(merger_findings.of_predecessors(other))


def test_figures_before_the_merger_are_held_against_the_new_commune():
    early = commune(as_of=dt.date(2025, 5, 31))
    assert not list(merger_findings.of_predecessors(early))


def test_a_former_commune_called_sum_takes_its_code():
    former = Former("sum", "03602", "Phúc Khoa", None)
    assert former.segment == "03602"
